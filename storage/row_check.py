"""Hold the captures that a WARC file holds against the rows that point into it."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from storage.archive import Archive
from storage.captures import in_file, is_filed, repeated
from storage.command_line import gochim
from storage.inspected import Inspected
from storage.records import Capture
from storage.revisited import named
from storage.strays import from_what_is_left


def rebuild() -> str:
    """Say what makes a database agree with its files."""
    return f"Make the database anew with: {gochim('rebuild')}"


@dataclass(slots=True)
class Compared:
    """How many captures were compared, what disagrees, what is only odd, what was known before.

    ``whole`` says that all files could be read to their ends and every capture of them is filed.
    """

    captures: int = 0
    whole: bool = True
    errors: list[str] = field(default_factory=list)
    warnings: list[str] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)


def compare(found: Compared, archive: Archive, db: sqlite3.Connection, path: Path, file: Inspected) -> None:
    """Compare the captures that a file holds with the rows that point into it."""
    name = path.relative_to(archive.root).as_posix()
    rows = {row.evidence.record_id: row for row in in_file(db, name)}
    missing: list[Capture] = []
    twice = alone = 0
    for capture in file.captures:
        found.captures += 1
        row = rows.pop(capture.evidence.record_id, None)
        where = f"{path} at byte {capture.evidence.offset}"
        if row is None and is_filed(db, capture.evidence):
            twice += 1
        elif row is None:
            missing.append(capture)
        elif difference := _difference(db, capture, row):
            found.errors.append(f"{where}: {capture.url}: the database says otherwise of its {difference}. {rebuild()}")
        elif capture.refers_to is not None and row.refers_to is None:
            alone += 1
    if missing:
        found.whole = False
        # An archive elsewhere has nothing to be repaired here: its database is made anew.
        file_it = gochim("rebuild") if archive.read_only else gochim("verify", "--repair")
        where, url = f"{path} at byte {missing[0].evidence.offset}", missing[0].url
        found.errors.append(f"{where}: {url} is not in the database. File it with: {file_it}{_more(missing)}")
    found.whole = found.whole and not file.fault
    if twice:
        found.notes.append(f"{path}: captures of it that stand in another file too, and are filed from there: {twice}.")
    if alone:
        found.warnings.append(
            f"{path}: captures of it that repeat records by address and date, which were not looked for in other files "
            f"when it was filed: {alone}. `{gochim('rebuild')}` looks for them."
        )
    found.errors += _without_records(path, list(rows.values()), file.fault)


def _without_records(path: Path, rows: Sequence[Capture], fault: str) -> Iterator[str]:
    """Say in one line what of the database a file lacks, or from where on nothing can be read of it."""
    if fault:
        first = f", the first at byte {rows[0].evidence.offset}: {rows[0].url}" if rows else ""
        behind = f"captures that the database has from there on: {len(rows):,}{first}"
        yield f"{path}: {fault}; {behind}. {from_what_is_left()}"
    elif rows:
        where = f"{path} at byte {rows[0].evidence.offset}"
        yield (
            f"{where}: no record {rows[0].evidence.record_id}, though the database has {rows[0].url}. "
            f"{rebuild()}{_more(rows)}"
        )


def _more(such: Sequence[Capture]) -> str:
    """Count all but the one that was named."""
    return f" (and {len(such) - 1:,} more such)" if len(such) > 1 else ""


def _difference(db: sqlite3.Connection, capture: Capture, row: Capture) -> str | None:
    """Name the first thing of which the record and its row say different things."""
    names = [
        "evidence",
        "run",
        "url",
        "method",
        "kind",
        "status",
        "media_type",
        "location",
        "truncated",
        "failure",
        "failure_detail",
    ]
    if capture.kind != "revisit" or capture.payload_sha256 is not None:
        names += ["payload_sha256", "payload_length"] if row.role != "article" else ["payload_length"]
    different = next((name for name in names if getattr(capture, name) != getattr(row, name)), None)
    return different or (None if _repeats_the_same(db, capture, row) else "refers_to")


def _repeats_the_same(db: sqlite3.Connection, capture: Capture, row: Capture) -> bool:
    """Say whether a row refers to what its record does, by whichever name; one filed of old may refer to nothing."""
    if capture.refers_to == row.refers_to:
        return True
    told = named(capture.refers_to or "")
    if told is None or row.refers_to is None:
        return told is not None
    original = repeated(db, row.refers_to)
    return original is not None and (
        original.url == told.url and told.fits(original.captured_at, original.evidence.payload_digest)
    )
