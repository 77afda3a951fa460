"""Captures and their checks read month by month, as other stores take them in: no view is asked, for there are many."""

from __future__ import annotations

import base64
import sqlite3
from datetime import UTC, datetime, timedelta

from storage.stored import ticks
from storage.views import FIRST_LOOK

_MONTH = (
    # A number stands for a time or for one a little later (storage/migrations, m005).
    "k.id >= :start AND k.id < :end + 1000000 AND k.id - k.later >= :start AND k.id - k.later < :end"
)
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


def months(db: sqlite3.Connection) -> list[str]:
    """List the months with captures (``2026-11``), oldest first."""
    row = db.execute("SELECT id - later FROM capture_rows ORDER BY id LIMIT 1").fetchone()
    found: list[str] = []
    while row is not None:
        found.append(f"{_EPOCH + timedelta(microseconds=row[0]):%Y-%m}")
        row = db.execute(
            "SELECT id - later FROM capture_rows WHERE id >= :end AND id - later >= :end ORDER BY id LIMIT 1",
            _bounds(found[-1]),
        ).fetchone()
    return found


def rows(db: sqlite3.Connection, month: str) -> sqlite3.Cursor:
    """Give the captures of a month in order of time, values as they are stored (``storage/stored.py``).

    The columns are those of the view ``captures`` with ``outcome`` and ``version`` of the check, without
    ``filed``. Of an article's page no SHA-256
    is given: only the newest is kept, so that an old row would change by a new one.
    """
    return db.execute(
        "SELECT k.id, f.run, k.id - k.later, u.url, a.method, a.kind, a.status, a.media_type, a.location, f.warc,"  # noqa: S608
        " k.offset, k.length, k.record_id, coalesce(k.payload_digest, o.payload_digest),"
        " coalesce(k.payload_sha256, o.payload_sha256), coalesce(k.payload_length, o.payload_length, 0), a.truncated,"
        " a.failure, a.failure_detail, coalesce(k.refers_to, o.record_id), nullif(coalesce(k.etag, o.etag), ''),"
        " nullif(coalesce(k.last_modified, o.last_modified), ''), a.retry, u.role, u.article,"
        f" CASE WHEN k.outcome >= {FIRST_LOOK} THEN w.outcome END, nullif(k.version, -1)"
        " FROM capture_rows k JOIN warc_files f ON f.id = k.file JOIN urls u ON u.id = k.url"
        " JOIN answers a ON a.id = k.answer JOIN outcomes w ON w.id = k.outcome"
        f" LEFT JOIN capture_rows o ON o.id = k.original WHERE {_MONTH} ORDER BY k.id",
        _bounds(month),
    )


def marks(db: sqlite3.Connection, month: str) -> sqlite3.Cursor:
    """Give for the same rows, in the same order, what differs whenever one of them does."""
    return db.execute(
        "SELECT k.id, k.later, f.warc, k.offset, k.length, k.original, k.refers_to, k.payload_length, w.outcome,"  # noqa: S608
        " k.version, u.role, u.article FROM capture_rows k JOIN warc_files f ON f.id = k.file"
        f" JOIN urls u ON u.id = k.url JOIN outcomes w ON w.id = k.outcome WHERE {_MONTH} ORDER BY k.id",
        _bounds(month),
    )


def record_text(stored: bytes | str) -> str:
    """Write a stored record id as its URN."""
    if isinstance(stored, str):
        return stored
    text = stored.hex()
    return f"urn:uuid:{text[:8]}-{text[8:12]}-{text[12:16]}-{text[16:20]}-{text[20:]}"


def digest_text(stored: bytes | str) -> str | None:
    """Write a stored payload digest with its algorithm, SHA-1 in Base32; None for the empty one, which is none."""
    return stored if isinstance(stored, str) else "sha1:" + base64.b32encode(stored).decode() if stored else None


def sha256_text(stored: bytes | str) -> str:
    """Write a stored SHA-256 in hex."""
    return stored if isinstance(stored, str) else stored.hex()


def _bounds(month: str) -> dict[str, int]:
    if not month:  # where there is no capture
        return {"start": 0, "end": 0}
    start = datetime.strptime(month, "%Y-%m").replace(tzinfo=UTC)
    return {"start": ticks(start), "end": ticks((start + timedelta(days=31)).replace(day=1))}
