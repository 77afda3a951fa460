"""Keep what each run could tell of the portal as a whole: outages, silent lists, absences that do not count.

All of it is made from the captures and is made anew from a run on when captures of it turn up.
"""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Literal

from storage import about
from storage.records import Held
from storage.run_answers import IN_A_ROW, RUN_ANSWERS

Verdict = Literal["well", "outage", "site-change"]
WHOLE = "*"
"""The portal as a whole, where a section's name would stand."""


@dataclass(frozen=True, slots=True)
class Judgement:
    """What a run could tell of the portal or of a section: of so many looks at known articles so many failed."""

    section: str
    verdict: Verdict
    looks: int
    failed: int
    outcomes: dict[str, int]
    first_look: str
    last_look: str


@dataclass(frozen=True, slots=True)
class Listing:
    """What the pages of a section's list in one run came to."""

    section: str
    since: str
    pages: int
    rows: int


@dataclass(frozen=True, slots=True)
class Absence:
    """A look that found a known article absent: why it does not count, and whether its list still had it."""

    article: str
    checked_at: str
    capture: int
    held: Held
    listed: bool | None


def judge_from(db: sqlite3.Connection, run: str) -> None:
    """Have a run judged, and all after it, whose judgement builds on it; likewise look for site changes from it on."""
    db.execute(
        "INSERT INTO about SELECT name, started_at FROM runs, (SELECT 'judge-from' AS name UNION SELECT 'drift-from')"
        " WHERE run = ? ON CONFLICT (name) DO UPDATE SET value = min(value, excluded.value)",
        (run,),
    )


def to_judge(db: sqlite3.Connection) -> list[sqlite3.Row]:
    """List the runs that are to be judged, oldest first, with ``run`` and ``started_at``."""
    return db.execute(
        "SELECT run, started_at FROM runs WHERE started_at >="
        " coalesce((SELECT value FROM about WHERE name = 'judge-from'), '') ORDER BY started_at, run"
    ).fetchall()


def judged(db: sqlite3.Connection, started_at: str) -> None:
    """Note that every run which started then or before is judged."""
    # The value is an ISO time; with a tilde behind it stands after that time and before every later one.
    about.put(db, "judge-from", started_at + "~")


def before(db: sqlite3.Connection, started_at: str, since: str) -> list[sqlite3.Row]:
    """List the runs that started before a run and not before ``since``, oldest first."""
    return db.execute(
        "SELECT run, started_at FROM runs WHERE started_at < ? AND started_at >= ? ORDER BY started_at, run",
        (started_at, since),
    ).fetchall()


def put(
    db: sqlite3.Connection,
    run: str,
    judgements: Iterable[Judgement],
    listings: Iterable[Listing],
    absences: Iterable[Absence],
) -> None:
    """File what a run could tell in place of what is filed of it.

    Articles whose absence counts otherwise than before are compared anew.
    """
    for table in ("judgements", "listings"):
        db.execute(f"DELETE FROM {table} WHERE run = ?", (run,))  # noqa: S608
    db.executemany(
        "INSERT INTO judgements VALUES (?,?,?,?,?,?,?,?)",
        (
            (run, one.section, one.verdict, one.looks, one.failed, json.dumps(one.outcomes, sort_keys=True),
             one.first_look, one.last_look)
            for one in judgements
        ),
    )  # fmt: skip
    db.executemany(
        "INSERT INTO listings VALUES (?,?,?,?,?)",
        ((one.section, run, one.since, one.pages, one.rows) for one in listings),
    )
    _put_absences(db, run, absences)


def _put_absences(db: sqlite3.Connection, run: str, absences: Iterable[Absence]) -> None:
    query = "SELECT article, checked_at, capture, held FROM absences WHERE run = ? AND held <> ''"
    filed = {tuple(row) for row in db.execute(query, (run,))}
    db.execute("DELETE FROM absences WHERE run = ?", (run,))
    held: set[tuple[Any, ...]] = set()
    for one in absences:
        db.execute(
            "INSERT INTO absences VALUES (?,?,?,?,?,?)",
            (one.article, one.checked_at, one.capture, run, one.held, one.listed),
        )
        if one.held:
            held.add((one.article, one.checked_at, one.capture, one.held))
    for article in {article for article, *_ in filed ^ held}:
        compare(db, article, anew=True)


def compare(db: sqlite3.Connection, article: str, *, anew: bool = False) -> None:
    """Have an article compared, from its first version on or only what is new of it."""
    db.execute(
        "INSERT INTO to_compare VALUES (?, ?) ON CONFLICT (article) DO UPDATE SET anew = max(anew, excluded.anew)",
        (article, anew),
    )


def compare_all(db: sqlite3.Connection, differ: str) -> bool:
    """Have every article compared from its first version on, and site changes looked for from the first run on.

    Nothing is done when ``differ``, a digest of the code that compares, is the one that compared what is filed.

    Returns:
        Whether another differ compared what is filed.
    """
    if about.value(db, "differ") == differ:
        return False
    db.execute(
        "INSERT INTO to_compare SELECT article, 1 FROM articles WHERE true ON CONFLICT (article) DO UPDATE SET anew = 1"
    )
    db.execute("DELETE FROM agreements")
    db.execute(
        "INSERT OR REPLACE INTO about SELECT 'drift-from', min(started_at) FROM runs"
        " WHERE EXISTS (SELECT 1 FROM versions) HAVING min(started_at) IS NOT NULL"
    )
    about.put(db, "differ", differ)
    return True


def to_compare(db: sqlite3.Connection) -> list[tuple[str, bool]]:
    """List the articles to compare, and whether that is from their first version on."""
    rows = db.execute("SELECT article, anew FROM to_compare ORDER BY article")
    return [(row["article"], bool(row["anew"])) for row in rows]


def compared(db: sqlite3.Connection, article: str) -> None:
    """Note that an article has been compared."""
    db.execute("DELETE FROM to_compare WHERE article = ?", (article,))


def verdicts(db: sqlite3.Connection, started_at: str) -> dict[str, Verdict]:
    """Give the newest verdict on the portal and on each section of the runs before the one that started then."""
    rows = db.execute(
        "SELECT section, verdict FROM judgements j JOIN runs r USING (run) WHERE r.started_at < ?"
        " ORDER BY r.started_at, run",
        (started_at,),
    )
    return {row["section"]: row["verdict"] for row in rows}


def listed_rows(db: sqlite3.Connection, started_at: str) -> tuple[dict[str, int], set[str]]:
    """Give how many rows each section's list gave as last noted before a run, and which lists ever gave any."""
    rows = db.execute(
        "SELECT l.section, l.rows FROM listings l JOIN runs r USING (run) WHERE r.started_at < ?"
        " ORDER BY r.started_at, run",
        (started_at,),
    ).fetchall()
    return {row["section"]: row["rows"] for row in rows}, {row["section"] for row in rows if row["rows"]}


def blind(db: sqlite3.Connection) -> list[dict[str, Any]]:
    """List the sections whose list gives no rows now: since when, and whether it ever gave any."""
    rows = db.execute(
        "SELECT section, since, max(rows) OVER (PARTITION BY section) > 0 AS gave, rows,"
        " row_number() OVER (PARTITION BY section ORDER BY since DESC, run DESC) AS place FROM listings"
    )
    return [
        {"section": row["section"], "since": row["since"], "gave": bool(row["gave"])}
        for row in rows
        if row["place"] == 1 and not row["rows"]
    ]


def episodes(db: sqlite3.Connection) -> Iterator[dict[str, Any]]:
    """Tell each outage and site change, oldest first: which part, from when, until when, and what the looks came to.

    It was well at ``well_until`` (None when nobody had looked), not from ``since``, and again at ``over_since``, None
    while it lasts.
    """
    found = list(_judged(db))
    outages = [(one["since"], one["over_since"] or "~") for one in found if one["section"] == WHOLE]
    found += [one for one in _unanswered(db) if not any(since <= one["since"] < over for since, over in outages)]
    yield from sorted(found, key=lambda one: str(one["since"]))


def _unanswered(db: sqlite3.Connection) -> Iterator[dict[str, Any]]:
    """Tell when several runs in a row read nothing, for the portal answered none of them: they looked at no article."""
    current: dict[str, Any] | None = None
    well: str | None = None
    for row in db.execute(f"{RUN_ANSWERS} ORDER BY first_look, run").fetchall():
        if row["answered"]:
            if current is not None and current["runs"] >= IN_A_ROW:
                yield current | {"over_since": row["first_look"]}
            current, well = None, row["last_look"]
            continue
        current = current or _episode(dict(row) | {"verdict": "outage", "section": WHOLE}, well)
        current["runs"] += 1
        current["last_look"] = row["last_look"]
        name = row["outcome"]
        current["outcomes"][name] = current["outcomes"].get(name, 0) + row["asked"]
    if current is not None and current["runs"] >= IN_A_ROW:
        yield current


def _judged(db: sqlite3.Connection) -> Iterator[dict[str, Any]]:
    """Tell the outages and site changes that runs were judged to have met."""
    found: list[dict[str, Any]] = []
    open_ones: dict[str, dict[str, Any]] = {}
    well: dict[str, str] = {}
    for row in db.execute("SELECT j.* FROM judgements j JOIN runs r USING (run) ORDER BY r.started_at, run"):
        section = row["section"]
        current = open_ones.get(section)
        if current is not None and current["kind"] != row["verdict"]:
            current["over_since"] = row["first_look"]
            current = open_ones.pop(section, None) and None
        if row["verdict"] == "well":
            well[section] = row["last_look"]
            continue
        if current is None:
            known = well.get(section, well.get(WHOLE))
            current = open_ones[section] = _episode(row, known)
            found.append(current)
        current["runs"] += 1
        current["last_look"] = row["last_look"]
        for name, count in json.loads(row["outcomes"]).items():
            current["outcomes"][name] = current["outcomes"].get(name, 0) + count
    yield from found


def _episode(row: Mapping[str, Any] | sqlite3.Row, well_until: str | None) -> dict[str, Any]:
    return {
        "kind": row["verdict"],
        "section": row["section"],
        "well_until": well_until,
        "since": row["first_look"],
        "last_look": row["last_look"],
        "over_since": None,
        "runs": 0,
        "outcomes": {},
    }
