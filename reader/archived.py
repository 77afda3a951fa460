"""Where a version's archived page is: in replay when that runs, else its WARC record, never under our origin."""

from __future__ import annotations

import sqlite3
from dataclasses import dataclass
from datetime import UTC

from reader.answers import Answer, Desk, Saved
from reader.asking import Ask, Refused
from storage import captures
from storage.errors import WarcError
from storage.records import Capture, Evidence, Version
from storage.warc_reader import located

_MOST = 64 << 20
"""Bytes of a record that are handed over; of a larger one the place in its WARC file is told."""
_GZIP = b"\x1f\x8b"


@dataclass(frozen=True, slots=True)
class Archived:
    """The addresses of a version's archived page; ``replay`` is None where no replay runs."""

    record: str
    replay: str | None


def archived(db: sqlite3.Connection, version: Version, desk: Desk) -> Archived:
    """Say where the page of a version is to be had."""
    capture = captures.by_id(db, captures.number_of(db, version.evidence))
    return Archived(f"/records/{capture.id}", replayed(capture, desk))


def replayed(capture: Capture, desk: Desk) -> str | None:
    """Write the address at which a capture is replayed, None where no replay runs."""
    if desk.replay is None:
        return None
    return f"{desk.replay}/{capture.captured_at.astimezone(UTC):%Y%m%d%H%M%S}/{capture.url}"


def record(db: sqlite3.Connection, ask: Ask, desk: Desk) -> Answer:
    """Hand over a capture's WARC record as it stands in its file, and the one that it repeats if it is a revisit."""
    number = ask.parts["capture"]
    try:
        capture = captures.by_id(db, int(number))
    except KeyError as error:
        raise Refused(404, "no-capture", capture=number) from error
    original = captures.by_record(db, capture.refers_to) if capture.refers_to else None
    data = b"".join(_bytes(desk, one) for one in (original, capture.evidence) if one is not None)
    ending = "warc.gz" if data.startswith(_GZIP) else "warc"
    return Saved(f"capture-{capture.id}.{ending}", data, "application/warc")


def _bytes(desk: Desk, evidence: Evidence) -> bytes:
    if evidence.length > _MOST:
        raise Refused(413, "large-record", warc=evidence.warc, offset=evidence.offset, length=evidence.length)
    try:
        with located(desk.archive.root, evidence.warc).open("rb") as file:
            file.seek(evidence.offset)
            return file.read(evidence.length)
    except WarcError as error:
        raise Refused(404, "no-record", warc=evidence.warc) from error
