"""Keep the steps of each article's state; how many looks showed it is counted in the view ``article_states``."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable
from datetime import datetime
from itertools import zip_longest
from typing import Any

from storage import captures
from storage.records import Step, iso

_SUMMED = {"restored": "live", "moved": "live"}
"""What an article's row says of a state: where it came from is told by the steps."""


Row = tuple[int, str, str, str, int]
"""A step: its number, the state, since when, when it was reached, and the capture that shows it."""


def rows_of(db: sqlite3.Connection, steps: Iterable[Step]) -> list[Row]:
    """Give the rows that keep the steps of an article's state."""
    return [
        (number, one.state, iso(one.since.checked_at), iso(one.reached.checked_at),
         captures.number_of(db, one.reached.evidence))
        for number, one in enumerate(steps, start=1)
    ]  # fmt: skip


def put(db: sqlite3.Connection, article: str, found: list[Row]) -> None:
    """Replace the steps of an article's state, and let the article's row say the newest."""
    query = "SELECT step, state, since, reached, capture FROM state_steps WHERE article = ? ORDER BY step"
    if found != [tuple(row) for row in db.execute(query, (article,))]:
        db.execute("DELETE FROM state_steps WHERE article = ?", (article,))
        db.executemany("INSERT INTO state_steps VALUES (?,?,?,?,?,?)", ((article, *one) for one in found))
    state = found[-1][1] if found else "live"
    db.execute(
        "UPDATE articles SET state = ?2 WHERE article = ?1 AND state <> ?2", (article, _SUMMED.get(state, state))
    )


def told(db: sqlite3.Connection, article: str) -> list[dict[str, Any]]:
    """Tell an article's states, oldest first, each with the looks that showed it and where its evidence stands."""
    steps: list[dict[str, Any]] = []
    for row in db.execute("SELECT * FROM article_states WHERE article = ? ORDER BY step", (article,)):
        capture = captures.by_id(db, row["capture"])
        step = {name: row[name] for name in ("state", "since", "reached", "looks", "absent", "listed", "unlisted")}
        steps.append(step | {"evidence": capture.evidence.as_json()})
    return steps


def shortened(steps: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Leave out a suspicion that a removal since the same look confirms: to a reader it says the same once more."""
    return [
        one
        for one, after in zip_longest(steps, steps[1:])
        if after is None or (one["state"], after["state"], one["since"]) != ("suspect", "removed", after["since"])
    ]


def at(db: sqlite3.Connection, article: str, moment: datetime | None) -> dict[str, Any] | None:
    """Tell the state that an article was in at a moment, the newest for None; None before it was first seen."""
    steps = [one for one in told(db, article) if moment is None or one["since"] <= iso(moment)]
    return steps[-1] if steps else None


def last_checked(db: sqlite3.Connection, article: str) -> datetime:
    """Tell when an article was last looked at."""
    row = db.execute("SELECT last_checked FROM articles WHERE article = ?", (article,)).fetchone()
    return datetime.fromisoformat(row["last_checked"])


def absent(step: dict[str, Any] | None) -> bool:
    """Say whether an article was found absent in this state."""
    return step is not None and step["state"] in {"suspect", "removed"}


def summed(step: dict[str, Any] | None) -> str:
    """Give the state as an article's row says it: ``live``, ``suspect`` or ``removed``."""
    return "live" if step is None else _SUMMED.get(step["state"], step["state"])
