"""Keeps from when on each article may be due another look, and by which hazards that was worked out.

What is kept here follows from the rest of the database and from the settings, and is worked out anew wherever it is
missing (:mod:`crawler.outlook`). A ``due_from`` of 0 says that it is not known yet: triggers (``storage/migrations``)
set it with every look at an article, and whenever the publisher says that it was edited.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable

from storage import about
from storage.views import FIRST_LOOK

TABLE = (
    "CREATE TABLE outlooks (article TEXT PRIMARY KEY, due_from INTEGER NOT NULL) STRICT, WITHOUT ROWID",
    "CREATE INDEX outlooks_due ON outlooks (due_from)",
    "INSERT INTO outlooks SELECT article, 0 FROM articles",
    """CREATE TRIGGER outlooks_new AFTER INSERT ON articles BEGIN
        INSERT OR REPLACE INTO outlooks VALUES (NEW.article, 0);
    END""",
    """CREATE TRIGGER outlooks_other AFTER UPDATE ON articles BEGIN
        UPDATE outlooks SET due_from = 0 WHERE article = NEW.article;
    END""",
    """CREATE TRIGGER outlooks_gone AFTER DELETE ON articles BEGIN
        DELETE FROM outlooks WHERE article = OLD.article;
    END""",
    """CREATE TRIGGER outlooks_told AFTER INSERT ON publisher_signals WHEN NEW.article IS NOT NULL BEGIN
        UPDATE outlooks SET due_from = 0 WHERE article = NEW.article;
    END""",
)


def remembered(db: sqlite3.Connection) -> str | None:
    """Give what the outlooks were worked out by, as it was remembered."""
    return about.value(db, "outlook")


def remember(db: sqlite3.Connection, by: str) -> None:
    """Remember what outlooks are worked out by from now on, and forget them all."""
    with db:
        about.put(db, "outlook", by)
        db.execute("UPDATE outlooks SET due_from = 0")


def put(db: sqlite3.Connection, found: Iterable[tuple[str, float]]) -> None:
    """Keep from when on articles may be due, in hours since 1970; rounded down to the second."""
    with db:
        db.executemany(
            "UPDATE outlooks SET due_from = ?2 WHERE article = ?1",
            ((article, max(1, int(from_when * 3600) - 1)) for article, from_when in found),
        )


def grown_to(db: sqlite3.Connection) -> tuple[int, int, int]:
    """Count articles, changes and looks, of which hazards are learned."""
    row = db.execute(
        "SELECT (SELECT count(*) FROM articles), (SELECT count(*) FROM changes),"
        " (SELECT coalesce(sum(captures), 0) FROM outcomes WHERE id >= ?)",
        (FIRST_LOOK,),
    ).fetchone()
    return int(row[0]), int(row[1]), int(row[2])
