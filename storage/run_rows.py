"""Hold what the database says of runs against the WARC files and the run log, which alone knows how a run ended."""

from __future__ import annotations

import re
import sqlite3
from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Any

from storage import manifests
from storage.archive import Archive
from storage.row_check import rebuild

_LATE = timedelta(minutes=1)
"""How much later than the manifest the database may note the end of a run, as it once did in writing it."""
_UNTOLD = {"killed", "not-kept"}
"""Ends that no run tells of itself."""
_NO_WITNESS = {"ended_at", "finish", "requests"}
"""What nothing but the database says of a run that stands in no manifest: it was killed, or the disk took no more."""
_FROM_FILES = ("portal", "software", "removal_checks", "removal_days")
"""What the warcinfo records of a run tell of it."""
_FROM_LOG = ("started_at", "ended_at", "finish", "requests")
"""What its manifest tells, and what is made of its captures where there is none."""


def differences(archive: Archive, kept: sqlite3.Connection, anew: sqlite3.Connection) -> Iterator[str]:
    """Say in sentences which runs are not what the WARC files and the run log say.

    Args:
        archive: The archive, for its run log.
        kept: Its database.
        anew: One that was made anew from the WARC files.
    """
    told = manifests.read(archive).runs
    stored, made = _runs(kept), _runs(anew)
    for run in sorted(stored.keys() | made.keys()):
        wrong = list(_wrong(stored.get(run), made.get(run), told.get(run)))
        if wrong:
            yield f"versions.db: runs, run {run}: {'; '.join(wrong)}. {rebuild()}"


def _runs(db: sqlite3.Connection) -> dict[str, dict[str, Any]]:
    return {row["run"]: dict(row) for row in db.execute("SELECT * FROM runs")}


def _wrong(stored: dict[str, Any] | None, made: dict[str, Any] | None, told: dict[str, Any] | None) -> Iterator[str]:
    if stored is None:
        yield "the row is missing"
        return
    if made is None and told is None and stored["finish"] not in _UNTOLD:
        yield "neither a WARC file nor the run log tells of such a run"
        return
    for name in _FROM_FILES:
        if made is not None and stored[name] != made[name]:
            yield f"{name} is {stored[name]!r} and ought to be {made[name]!r}"
    for name in _FROM_LOG:
        true = [one[name] for one in (told, made) if one]
        if true and stored[name] not in true and not _may_be(name, stored, told):
            yield f"{name} is {stored[name]!r} and ought to be {true[0]!r}"


def _may_be(name: str, stored: dict[str, Any], told: dict[str, Any] | None) -> bool:
    """Say whether a run may have begun or ended so that neither its files nor its manifest say just that."""
    if name == "started_at":
        # Run "20261128T081949-e7ef2c00" began in the second that its name tells.
        return str(stored["run"]).startswith(re.sub(r"[-:]|[.].*", "", str(stored[name])))
    if name == "ended_at" and told is not None:
        return _soon_after(told[name], stored[name])
    return told is None and name in _NO_WITNESS


def _soon_after(told: str, stored: str | None) -> bool:
    try:
        after = datetime.fromisoformat(stored or "") - datetime.fromisoformat(told)
    except (ValueError, TypeError):
        return False
    return timedelta(0) <= after <= _LATE
