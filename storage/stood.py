"""When each version of an article stood, as far as anyone looked: in stretches between which it was absent."""

from __future__ import annotations

import sqlite3
from collections.abc import Sequence
from datetime import datetime
from typing import NamedTuple


class Stretch(NamedTuple):
    """A time in which a version stood.

    Attributes:
        version: Its number.
        began_after: It began after this: the last look at what was there before, or at nothing; None where none was.
        first_seen: The first look that read it.
        last_seen: The last one.
        ended_before: It ended before this: the first look at the next version, or at nothing; None while it stands.
    """

    version: int
    began_after: datetime | None
    first_seen: datetime
    last_seen: datetime
    ended_before: datetime | None

    def was_seen(self, moment: datetime) -> bool:
        """Whether it was read at a moment or later; a look in the same second counts, for so times are told."""
        return moment.replace(microsecond=0) <= self.last_seen


def stretches(db: sqlite3.Connection, article: str) -> list[Stretch]:
    """Give the stretches of every version of an article, oldest first."""
    rows = db.execute(
        "SELECT version, began_after, first_seen, last_seen, ended_before FROM version_intervals WHERE article = ?"
        " ORDER BY first_seen, version",
        (article,),
    )
    return [
        Stretch(
            version,
            datetime.fromisoformat(began) if began else None,
            datetime.fromisoformat(first),
            datetime.fromisoformat(last),
            datetime.fromisoformat(ended) if ended else None,
        )
        for version, began, first, last, ended in rows
    ]


def at(stood: Sequence[Stretch], moment: datetime) -> Stretch | None:
    """Give the last stretch that began at or before a moment."""
    return next((one for one in reversed(stood) if one.first_seen <= moment), None)
