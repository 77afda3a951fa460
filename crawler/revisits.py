"""Who is due another look.

Edits come soon after publication and soon after another edit, so the younger an article or its last change, the
sooner it is looked at again. Whatever could not be read is looked at again on the next run.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Literal
from urllib.parse import urlsplit

from crawler.sections import SECTIONS
from storage.captures import never_read

Recheck = Literal["due", "all", "none"]

_BANDS: tuple[tuple[timedelta, timedelta], ...] = (
    (timedelta(hours=3), timedelta(minutes=15)),
    (timedelta(days=1), timedelta(hours=1)),
    (timedelta(days=7), timedelta(hours=6)),
    (timedelta(days=30), timedelta(days=1)),
    (timedelta(days=365), timedelta(days=14)),
)
_OLDEST = timedelta(days=60)


@dataclass(frozen=True, slots=True)
class Due:
    """An article to look at again, and how overdue it is (1 is just due)."""

    article: str
    url: str
    overdue: float


def wait(age: timedelta) -> timedelta:
    """Give the time between two looks at an article whose first sight or last change is ``age`` ago."""
    return next((pause for limit, pause in _BANDS if age < limit), _OLDEST)


def due(db: sqlite3.Connection, now: datetime, recheck: Recheck, sections: tuple[str, ...]) -> Iterator[Due]:
    """Yield the articles to look at again, the most overdue first.

    Args:
        db: The version database.
        now: The time of the run, aware.
        recheck: ``due``, ``all`` that are known, or ``none``.
        sections: Only articles of these sections, and of those that their lists show as well.
    """
    if recheck == "none":
        return
    further = {one for name in sections for one in SECTIONS[name].leads_to}
    sections = tuple(SECTIONS) if "*" in further else tuple({*sections, *further})
    found = [one for one in _known(db, now, sections) if recheck == "all" or one.overdue >= 1]
    yield from sorted(found, key=lambda one: (-one.overdue, one.article))


def _known(db: sqlite3.Connection, now: datetime, sections: tuple[str, ...]) -> Iterator[Due]:
    for row in db.execute("SELECT article, url, section, state, last_changed, last_checked FROM articles"):
        if row["section"] not in sections:
            continue
        pause = wait(now - datetime.fromisoformat(row["last_changed"]))
        if row["state"] == "suspect":
            pause = min(pause, timedelta(hours=6))
        passed = now - datetime.fromisoformat(row["last_checked"])
        yield Due(row["article"], row["url"], passed / pause)
    # Seen once but never read: blocked, unreachable, unrecognised or incomplete at every look so far.
    views = {path for name in sections for path in (*SECTIONS[name].views, *SECTIONS[name].own_views)}
    for article, url, first, newest in never_read(db, now):
        if urlsplit(url).path.partition(";")[0] in views:
            # Due at every run, but never before all others for good.
            yield Due(article, url, max(1.0, (now - newest) / wait(now - first)))
