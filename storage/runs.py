"""The runs: when each began and how it ended, as far as anyone knows."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable, Mapping
from datetime import datetime, timedelta
from typing import Any, NamedTuple

from storage.captures import OF_RUN
from storage.records import Run, is_time, iso

SLIP = timedelta(minutes=2)
"""How far a clock may have been set back, as by a time server, for the next run to wait until it has caught up."""

ENDS: Mapping[str, str] = {
    "finished": "finished",
    "budget": "budget spent",
    "shutdown": "interrupted",
    "killed": "cut short",
    "failed": "failed",
    "not-kept": "what came could not be written",
    "unreachable": "the portal did not answer",
    "blocked": "the portal refused",
    "told-to-wait": "the portal asked to come back later",
    "robots-unreachable": "no robots.txt",
}
"""What the codes in ``runs.finish`` mean."""


def ending(finish: str) -> str:
    """Say in words how a run ended; a code of another gochim stands for itself."""
    return ENDS.get(finish, finish)


def add(db: sqlite3.Connection, run: Run) -> None:
    """File a run, or bring what is known of it up to date."""
    db.execute(
        "INSERT INTO runs (run, started_at, ended_at, finish, portal, software, removal_checks, removal_days, requests)"
        " VALUES (?,?,?,?,?,?,?,?,?) ON CONFLICT (run) DO UPDATE SET ended_at = excluded.ended_at,"
        " finish = excluded.finish, requests = excluded.requests",
        (
            run.run, iso(run.started_at), iso(run.ended_at) if run.ended_at else None, run.finish, run.portal,
            run.software, run.removal_checks, run.removal_days, run.requests,
        ),
    )  # fmt: skip


def reach(db: sqlite3.Connection, run: str, first: datetime, last: datetime) -> None:
    """Let a run that only WARC files tell of reach from its first capture to its last: files come in any order.

    Nobody knows how such a run ended. Captures count that were filed from another file, which holds them too.
    """
    db.execute(
        "UPDATE runs SET started_at = min(started_at, ?2), ended_at = max(ended_at, ?3)"
        " WHERE run = ?1 AND finish IS NULL AND ended_at IS NOT NULL",
        (run, iso(first), iso(last)),
    )


def as_logged(db: sqlite3.Connection, logged: Mapping[str, Mapping[str, Any]]) -> None:
    """Say of runs how they ended, which no WARC file tells: their manifests have it, by the run's id.

    What is not as this program writes it is left out; ``verify`` says so.
    """
    for run, told in logged.items():
        times = [told.get(name) for name in ("started_at", "ended_at")]
        finish, requests = told.get("finish"), told.get("requests")
        if all(map(is_time, times)) and type(finish) is str and type(requests) is int and 0 <= requests <= _MOST:
            db.execute(
                "UPDATE runs SET started_at = ?, ended_at = ?, finish = ?, requests = ? WHERE run = ?",
                (*times, finish, requests, run),
            )


_MOST = 2**63 - 1
"""The largest number that SQLite keeps."""


def known(db: sqlite3.Connection, run: str) -> bool:
    """Say whether a run is filed."""
    return db.execute("SELECT 1 FROM runs WHERE run = ?", (run,)).fetchone() is not None


def last_ended(db: sqlite3.Connection) -> datetime | None:
    """Give when the last run ended that went well, or whose files do not tell how it ended; None without any."""
    (ended,) = db.execute(
        "SELECT max(ended_at) FROM runs WHERE coalesce(finish, 'finished') IN ('finished', 'budget')"
    ).fetchone()
    return datetime.fromisoformat(ended) if ended else None


def first_begun(db: sqlite3.Connection) -> datetime | None:
    """Give when the first run of this program here began; imported files do not count."""
    (begun,) = db.execute("SELECT min(started_at) FROM runs WHERE software LIKE 'gochim/%'").fetchone()
    return datetime.fromisoformat(begun) if begun else None


def newest_capture(db: sqlite3.Connection) -> tuple[datetime, str] | None:
    """Give when this program last captured anything here, and in which run; imported files do not count."""
    row = db.execute(
        "SELECT captured_at, runs.run FROM warc_files JOIN runs USING (run) JOIN captures ON captures.id = last"
        " WHERE runs.software LIKE 'gochim/%' ORDER BY last DESC LIMIT 1"
    ).fetchone()
    return (datetime.fromisoformat(row[0]), str(row[1])) if row else None


def endless(db: sqlite3.Connection) -> set[str]:
    """Give the runs that nobody saw end."""
    return {row["run"] for row in db.execute("SELECT run FROM runs WHERE ended_at IS NULL")}


_LAST = (
    "(SELECT max(captured_at) FROM captures WHERE id IN (SELECT last FROM warc_files WHERE warc_files.run = runs.run))"
)


def end_killed(db: sqlite3.Connection, runs: Iterable[str]) -> None:
    """Give runs that nobody saw end the time of their last capture as their end."""
    db.executemany(
        "UPDATE runs SET finish = coalesce(finish, 'killed'),"  # noqa: S608  # made of constants
        f" ended_at = coalesce({_LAST}, started_at) WHERE run = ?",
        ((run,) for run in runs),
    )


NEVER_SENT = frozenset({"robots", "off-host"})
"""Failures of what was written down without asking for it."""


class Asked(NamedTuple):
    """How many exchanges of a run came to the same, and the bytes of their records."""

    kind: str
    status: int | None
    failure: str | None
    truncated: str | None
    number: int
    size: int


def asked(db: sqlite3.Connection, run: str) -> list[Asked]:
    """Sum up what came of all that a run asked for."""
    rows = db.execute(
        "SELECT a.kind, a.status, a.failure, a.truncated, count(*), sum(k.length) FROM capture_rows k"  # noqa: S608
        f" JOIN answers a ON a.id = k.answer WHERE {OF_RUN} GROUP BY 1, 2, 3, 4 ORDER BY 1, 2, 3, 4",
        (run,),
    )
    return [Asked(*row) for row in rows]
