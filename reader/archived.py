"""Where an archived page is: in replay when that runs, else in its WARC record, never under our origin."""

from __future__ import annotations

import sqlite3
from dataclasses import dataclass
from datetime import UTC, datetime
from email.utils import format_datetime
from urllib.parse import quote

from reader.answers import Answer, Desk, Page, Saved
from reader.asking import Ask, Refused
from storage import captures
from storage.captures import Moment
from storage.command_line import gochim
from storage.errors import WarcError
from storage.records import Capture, Evidence, Version
from storage.warc_reader import located

_MOST = 64 << 20
"""Bytes of a record that are handed over; of a larger one the place in its WARC file is told."""
_OTHERS = 100
"""The newest captures of an address that its page lists."""
_GZIP = b"\x1f\x8b"


@dataclass(frozen=True, slots=True)
class Archived:
    """The addresses of an archived page; ``replay`` is None where no replay runs."""

    capture: str
    record: str
    replay: str | None


def archived(db: sqlite3.Connection, version: Version, desk: Desk) -> Archived:
    """Say where the page of a version is to be had."""
    return places(captures.by_id(db, captures.number_of(db, version.evidence)), desk)


def places(capture: Capture | Moment, desk: Desk) -> Archived:
    """Say where a capture is to be had."""
    return Archived(f"/captures/{capture.id}", f"/records/{capture.id}", replayed(capture, desk))


def replayed(capture: Capture | Moment, desk: Desk) -> str | None:
    """Write the address at which a capture is replayed, None where no replay runs."""
    if desk.replay is None:
        return None
    return f"{desk.replay}/{capture.captured_at.astimezone(UTC):%Y%m%d%H%M%S}/{capture.url}"


def capture(db: sqlite3.Connection, ask: Ask, desk: Desk) -> Answer:
    """Show what is known of a capture, where its page is to be had, and when else its address was captured."""
    one = _asked(db, ask)
    row = db.execute("SELECT version FROM checks WHERE capture = ?", (one.id,)).fetchone()
    return Page(
        "capture.html",
        {
            "capture": one,
            "places": places(one, desk),
            "serve": gochim("serve", "--replay"),
            "version": row["version"] if row else None,
            "others": captures.newest_of_url(db, one.url, _OTHERS),
        },
        headers=_memento(one, desk) | {"Vary": "Accept"},
    )


def _asked(db: sqlite3.Connection, ask: Ask) -> Capture:
    number = ask.parts["capture"]
    try:
        return captures.by_id(db, int(number))
    except KeyError as error:
        raise Refused(404, "no-capture", capture=number) from error


def _memento(one: Capture, desk: Desk) -> dict[str, str]:
    """Say whose state of which time this is (RFC 7089, 2.2.1 and 2.1.1)."""
    links = (
        f'<{one.url}>; rel="original"',
        f'<{desk.base}/timegate/{one.url}>; rel="timegate"',
        f'<{desk.base}/timemap/link/{one.url}>; rel="timemap"; type="application/link-format"',
        f'<{desk.base}/records/{one.id}>; rel="alternate"; type="application/warc"',
    )
    return {"Memento-Datetime": http_date(one.captured_at), "Link": ", ".join(map(header_safe, links))}


def http_date(moment: datetime) -> str:
    """Write a time as HTTP does, ``Tue, 15 Sep 2026 09:00:00 GMT``."""
    return format_datetime(moment.astimezone(UTC), usegmt=True)


def header_safe(text: str) -> str:
    """Write an address for a header: what is no ASCII is encoded, and no line can end in it."""
    return quote(text, safe=" !#$%&'()*+,/:;=?@[]~<>\"")


def record(db: sqlite3.Connection, ask: Ask, desk: Desk) -> Answer:
    """Hand over a capture's WARC record as it stands in its file, and the one that it repeats if it is a revisit."""
    one = _asked(db, ask)
    original = captures.by_record(db, one.refers_to) if one.refers_to else None
    data = b"".join(_bytes(desk, part) for part in (original, one.evidence) if part is not None)
    ending = "warc.gz" if data.startswith(_GZIP) else "warc"
    return Saved(f"capture-{one.id}.{ending}", data, "application/warc", _memento(one, desk))


def _bytes(desk: Desk, evidence: Evidence) -> bytes:
    if evidence.length > _MOST:
        raise Refused(413, "large-record", warc=evidence.warc, offset=evidence.offset, length=evidence.length)
    try:
        with located(desk.archive.root, evidence.warc).open("rb") as file:
            file.seek(evidence.offset)
            return file.read(evidence.length)
    except WarcError as error:
        raise Refused(404, "no-record", warc=evidence.warc) from error
