"""What is filed of an article as a whole: where it stands, its newest title, its state, when it was last looked at."""

from __future__ import annotations

import sqlite3
from typing import NamedTuple


class Filed(NamedTuple):
    """An article that was read at least once; times are ISO 8601 in UTC.

    Attributes:
        url: Its filing address.
        title: That of its newest version.
        state: ``live``, ``suspect`` or ``removed``.
        last_checked: When it was last looked at.
        last_changed: When its newest version was first seen.
    """

    url: str
    title: str
    state: str
    last_checked: str
    last_changed: str


_FILED = f"SELECT {', '.join(Filed._fields)} FROM articles WHERE article = ?"  # noqa: S608  # made of constants


def filed(db: sqlite3.Connection, article: str | None) -> Filed | None:
    """Give what is filed of an article, None when it was never read."""
    row = db.execute(_FILED, (article,)).fetchone()
    return Filed(*row) if row is not None else None


def ministries(db: sqlite3.Connection) -> frozenset[tuple[str, str]]:
    """Give the ministries of which articles are filed, each as its ``repCode`` and its name as printed."""
    rows = db.execute(
        "SELECT DISTINCT source_code, source FROM articles WHERE source_code IS NOT NULL AND source IS NOT NULL"
    )
    return frozenset((row["source_code"], row["source"]) for row in rows)
