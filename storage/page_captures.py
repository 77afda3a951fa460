"""Captures read from the rows themselves: those of one article's page, and one by its number.

The second pass asks for the former at every article, the crawl for the latter at every look at what it knows already.
The view ``captures`` says the same and writes each value as a text within SQL, which costs three times as much.
"""

from __future__ import annotations

import sqlite3

from storage.records import Capture, CaptureKind, Evidence, FailureKind, Truncation
from storage.stored import digest_of, hex_of, moment_of, record_of
from storage.views import UNREAD


def of_article(db: sqlite3.Connection, article: str, *, pending: bool) -> list[Capture]:
    """Give the captures of an article's page in order of time, all of them or only those not yet read."""
    # Captures of one instant stand in the order of their records, which no order of filing can alter. The number is
    # written out: SQLite uses an index of some rows alone only where it sees that these are the ones.
    rows = db.execute(
        f"{_STORED} WHERE u.article = ? AND u.role = 'article'{f' AND k.outcome = {UNREAD}' if pending else ''}",
        (article,),
    )
    found = [_from_stored(*row) for row in rows]
    found.sort(key=lambda one: (one.captured_at, one.evidence.warc, one.evidence.offset))
    return found


def of_number(db: sqlite3.Connection, number: int) -> Capture | None:
    """Give the capture that has a number, None when there is none."""
    row = db.execute(f"{_COLUMNS} FROM capture_rows k JOIN urls u ON u.id = k.url {_BESIDE} WHERE k.id = ?", (number,))
    return next((_from_stored(*one) for one in row), None)


_COLUMNS = (
    "SELECT k.id, k.id - k.later, f.run, f.warc, k.offset, k.length, k.record_id,"
    " coalesce(k.payload_digest, o.payload_digest), coalesce(k.payload_sha256, o.payload_sha256,"
    " (SELECT payload_sha256 FROM page_payloads WHERE capture IN (k.id, k.original))),"
    " coalesce(k.payload_length, o.payload_length, 0), coalesce(k.etag, o.etag),"
    " coalesce(k.last_modified, o.last_modified), coalesce(k.refers_to, o.record_id), u.url, u.role, u.article,"
    " a.method, a.kind, a.status, a.media_type, a.location, a.truncated, a.failure, a.failure_detail, a.retry"
)
_BESIDE = (
    "JOIN warc_files f ON f.id = k.file JOIN answers a ON a.id = k.answer LEFT JOIN capture_rows o ON o.id = k.original"
)
_STORED = f"{_COLUMNS} FROM urls u CROSS JOIN capture_rows k ON k.url = u.id {_BESIDE}"
"""The view ``captures`` before its values are written as texts."""


def _from_stored(  # noqa: PLR0913  # the columns of a row
    number: int, tick: int, run: str, warc: str, offset: int, length: int, record: bytes | str,
    digest: bytes | str | None, sha256: bytes | str | None, payload_length: int, etag: str | None,
    last_modified: str | None, refers_to: bytes | str | None, url: str, role: str, article: str | None, method: str,
    kind: CaptureKind, status: int | None, media_type: str | None, location: str | None,
    truncated: Truncation | None, failure: FailureKind | None, failure_detail: str, retry: int,
) -> Capture:  # fmt: skip
    evidence = Evidence(warc, offset, length, record_of(record), digest_of(digest), moment_of(tick))
    return Capture(
        evidence, run, url, method, kind, status, media_type, hex_of(sha256), payload_length, location, truncated,
        failure, failure_detail, None if refers_to is None else record_of(refers_to), etag or None,
        last_modified or None, retry, role, article, number,
    )  # fmt: skip
