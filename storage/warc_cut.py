"""Cut the records of one run out of the archive into a small WARC file of their own, byte for byte.

What must not leave the machine stays behind: the file's own warcinfo (it names the machine and its operator), and every
record that holds one of the given secrets.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import BinaryIO
from urllib.parse import unquote, unquote_to_bytes

from storage import captures
from storage.content_coding import ContentError, decode_content
from storage.http_message import content_encoding, entity_body
from storage.warc_member import packed
from storage.warc_parser import Record
from storage.warc_planned import new_record_id
from storage.warc_reader import iter_records, located, read_record
from storage.warc_record import WARC_FIELDS, field_lines, header, sha1, sha1_label, warc_date
from storage.warc_writer import CONFORMS_TO

LARGEST = 10 * 1024 * 1024
"""Bytes of a record in its file; a larger one (a film among the attachments) is left out."""


@dataclass(frozen=True, slots=True)
class LeftOut:
    """A record that was not copied, and why."""

    record_id: str
    kind: str
    url: str
    why: str


def cut_run(root: Path, db: sqlite3.Connection, run: str, target: BinaryIO, secrets: Iterable[str]) -> list[LeftOut]:
    """Copy a run's records, and those of earlier runs that its revisits refer to, behind a warcinfo of their own.

    Args:
        root: The archive's directory.
        db: The version database.
        run: The run.
        target: Where to; gzip members, one a record.
        secrets: Texts that no copied record may hold, plain or percent-encoded.

    Returns:
        What was left out.

    Raises:
        WarcError: A record of the run cannot be read.
    """
    hidden = _spellings(secrets)
    target.write(_warcinfo(db, run))
    left: list[LeftOut] = []
    for place, record in _records(root, db, run):
        why = _objection(record, hidden)
        if why:
            url = record.headers.get("WARC-Target-URI") or ""
            left.append(LeftOut(record.record_id, record.type, "" if _holds(url.encode(), hidden) else url, why))
            continue
        with place.open("rb") as file:
            file.seek(record.offset)
            target.write(file.read(record.length))
    return left


def _records(root: Path, db: sqlite3.Connection, run: str) -> Iterator[tuple[Path, Record]]:
    """Give every record of the run, each open until the next is asked for."""
    filed = captures.of_run(db, run)
    own = {one.evidence.record_id for one in filed}
    for name in dict.fromkeys(one.evidence.warc for one in filed):
        path = located(root, name)
        for record in iter_records(path):
            if record.type != "warcinfo":
                yield path, record
    for wanted in dict.fromkeys(one.refers_to for one in filed if one.refers_to is not None):
        evidence = captures.by_record(db, wanted) if wanted not in own else None
        if evidence is not None:
            with read_record(root, evidence.warc, evidence.offset, evidence.length) as record:
                yield located(root, evidence.warc), record


def _objection(record: Record, hidden: tuple[bytes, ...]) -> str:
    """Say why a record is not copied, nothing when it is."""
    if record.length > LARGEST:
        return f"it takes {record.length:,} bytes"
    block = record.block
    if _holds(record.raw_header + block, hidden):
        return "it holds the contact or the service key of the settings"
    if record.type == "response" and hidden:
        try:
            head, body = entity_body(block)
            if _holds(decode_content(body, content_encoding(head.fields), LARGEST * 10, whole=False), hidden):
                return "its page holds the contact or the service key of the settings"
        except ContentError:
            return "its content cannot be decoded, so that nobody can say what it holds"
    return ""


def _spellings(secrets: Iterable[str]) -> tuple[bytes, ...]:
    """The forms in which a secret may stand in a request or an address, per cent signs undone."""
    plain = {form for one in secrets if one for form in (one, unquote(one))}
    return tuple({form.encode() for one in plain for form in (one, one.replace(" ", "+"))})


def _holds(data: bytes, hidden: tuple[bytes, ...]) -> bool:
    """Say whether a secret stands there; of its signs all, some or none may be percent-encoded."""
    return bool(hidden) and any(one in form for form in (data, unquote_to_bytes(data)) for one in hidden)


def _warcinfo(db: sqlite3.Connection, run: str) -> bytes:
    """The first record (WARC/1.1, 6.2), which says of the machine nothing."""
    (software,) = db.execute("SELECT software FROM runs WHERE run = ?", (run,)).fetchone()
    lines = {
        "software": software,
        "format": "WARC File Format 1.1",
        "conformsTo": CONFORMS_TO,
        "description": "The records of one probe of the portal, cut out of its archive byte for byte.",
        "isPartOf": run,
    }
    block = field_lines(lines.items())
    head = header(
        [
            ("WARC-Type", "warcinfo"),
            ("WARC-Record-ID", f"<{new_record_id()}>"),
            ("WARC-Date", warc_date(datetime.now(UTC))),
            ("Content-Type", WARC_FIELDS),
            ("WARC-Block-Digest", sha1_label(sha1(block))),
            ("Content-Length", str(len(block))),
        ]
    )
    return bytes(packed(head, block))
