"""Reads captures and their checks month by month for other stores, from the tables: views are slow for so many rows."""

from __future__ import annotations

import sqlite3
from datetime import UTC, datetime, timedelta

from storage.stored import moment_of, ticks
from storage.views import FIRST_LOOK

_MONTH = (
    # A number stands for a time or for one a little later (storage/migrations, m005).
    "k.id >= :start AND k.id < :end + 1000000 AND k.id - k.later >= :start AND k.id - k.later < :end"
)


def months(db: sqlite3.Connection) -> list[str]:
    """List the months with captures (``2026-11``), oldest first."""
    row = db.execute("SELECT id - later FROM capture_rows ORDER BY id LIMIT 1").fetchone()
    found: list[str] = []
    while row is not None:
        found.append(f"{moment_of(row[0]):%Y-%m}")
        row = db.execute(
            "SELECT id - later FROM capture_rows WHERE id >= :end AND id - later >= :end ORDER BY id LIMIT 1",
            _bounds(found[-1]),
        ).fetchone()
    return found


def rows(db: sqlite3.Connection, month: str) -> sqlite3.Cursor:
    """Give the captures of a month in order of time, values as they are stored (``storage/stored.py``).

    The columns are those of the view ``captures`` without ``filed``, then ``outcome`` and ``version`` of the check. Of
    an article's page no SHA-256 is given: the database keeps only the newest one of an address, so that a new capture
    would change the row of an old one.
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
    """Give, for the rows of :func:`rows` and in their order, a few cheap columns that differ whenever a row does."""
    return db.execute(
        "SELECT k.id, k.later, f.warc, k.offset, k.length, k.original, k.refers_to, k.payload_length, w.outcome,"  # noqa: S608
        " k.version, u.role, u.article FROM capture_rows k JOIN warc_files f ON f.id = k.file"
        f" JOIN urls u ON u.id = k.url JOIN outcomes w ON w.id = k.outcome WHERE {_MONTH} ORDER BY k.id",
        _bounds(month),
    )


def _bounds(month: str) -> dict[str, int]:
    if not month:  # where there is no capture
        return {"start": 0, "end": 0}
    start = datetime.strptime(month, "%Y-%m").replace(tzinfo=UTC)
    return {"start": ticks(start), "end": ticks((start + timedelta(days=31)).replace(day=1))}
