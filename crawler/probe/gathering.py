"""From the captures of a run to what judges see: each exchange's bytes, read back from the WARC files."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable, Mapping
from dataclasses import replace
from pathlib import Path

from crawler.documents.guard import Guard
from crawler.payloads import LARGE
from crawler.probe.assumption import Seen
from storage import captures
from storage.content_coding import ContentError
from storage.http_message import parse_head, split_message
from storage.records import Capture, Document, Evidence
from storage.warc_reader import payload_of, read_record, uncoded_start


def exchanges(
    root: Path, db: sqlite3.Connection, run: str, answered: Mapping[str, str], asked: Mapping[str, tuple[str, str]]
) -> tuple[Seen, ...]:
    """Read back every exchange of a run.

    Args:
        root: The archive's directory.
        db: The version database.
        run: The run.
        answered: By question, the record of the exchange that answered it.
        asked: By question, method and address, for those that no exchange is known to have answered (robots.txt is
            asked for by the crawler itself; what it forbids is noted and never sent).

    Raises:
        WarcError: A record is not where the database says.
    """
    questions = {record: question for question, record in answered.items()}
    places = {place: question for question, place in asked.items() if question not in answered}
    return tuple(
        _seen(root, db, capture, questions.get(capture.evidence.record_id) or places.get((capture.method, capture.url)))
        for capture in captures.of_run(db, run)
    )


def _seen(root: Path, db: sqlite3.Connection, capture: Capture, question: str | None) -> Seen:
    seen = Seen(question or "", capture)
    if capture.kind == "failure":
        return seen
    evidence = capture.evidence
    with read_record(root, evidence.warc, evidence.offset, evidence.length) as record:
        head, _ = split_message(record.block if record.block_length <= LARGE else record.stream.read(1 << 18))
        protocols = tuple(record.headers.all("WARC-Protocol"))
    parsed = parse_head(head)
    seen = replace(seen, version=parsed.version, fields=tuple(parsed.fields), protocols=protocols)
    try:
        return replace(seen, body=_body(root, db, capture))
    except ContentError as error:
        return replace(seen, unread=str(error))


def _body(root: Path, db: sqlite3.Connection, capture: Capture) -> bytes:
    if capture.status == 304:
        return b""

    def resolve(record: str) -> Evidence | None:
        return captures.by_record(db, record)

    if capture.payload_length > LARGE:
        start = uncoded_start(root, capture, resolve, LARGE)
        if start is not None:
            return start
    return payload_of(root, capture, resolve)


def documents(gathered: Iterable[Seen]) -> dict[str, Document]:
    """Read the files among the exchanges, in a guarded process; by the record of each."""
    files = [one for one in gathered if one.capture.role == "attachment" and one.status == 200 and not one.unread]
    with Guard() as guard:
        return {one.capture.evidence.record_id: guard.read(one.body) for one in files}
