"""What the next fetch of an address builds on: the response that holds a payload already, validators to ask by."""

from __future__ import annotations

import sqlite3
from datetime import datetime
from typing import NamedTuple

from storage.page_captures import of_number
from storage.records import Capture
from storage.stored import moment_of, record_of
from storage.warc_exchange import Original


class Validators(NamedTuple):
    """What an answer said of its payload's state, None where it said nothing, and when it came."""

    etag: str | None
    last_modified: str | None
    captured_at: datetime


def by_payload(db: sqlite3.Connection, sha256: bytes) -> Original | None:
    """Find the first complete response with a payload, by its SHA-256: what a revisit record refers to.

    Of an article's pages only the newest payload of each address is known.
    """
    # Asked at every whole answer; the columns that a Capture has besides cost more than the search.
    row = db.execute(_FIRST_WHOLE, (sha256,)).fetchone()
    return Original(record_of(row["record_id"]), row["url"], moment_of(row["at"])) if row is not None else None


def holding(db: sqlite3.Connection, sha256: bytes) -> Capture | None:
    """Find the capture of that response, as :func:`by_payload` does."""
    row = db.execute(_FIRST_WHOLE, (sha256,)).fetchone()
    return of_number(db, row["id"]) if row is not None else None


_FIRST_WHOLE = (
    "SELECT k.id, k.record_id, u.url, k.id - k.later AS at FROM (SELECT id FROM capture_rows WHERE payload_sha256 = ?1"
    " UNION ALL SELECT capture FROM page_payloads WHERE payload_sha256 = ?1) f"
    " CROSS JOIN capture_rows k ON k.id = f.id JOIN answers a ON a.id = k.answer JOIN urls u ON u.id = k.url"
    " WHERE a.kind = 'response' AND a.truncated IS NULL ORDER BY at, k.id LIMIT 1"
)


NEWEST_WHOLE = (
    "FROM urls u JOIN capture_rows k ON k.url = u.id JOIN answers a ON a.id = k.answer"
    " LEFT JOIN capture_rows o ON o.id = k.original"
    " WHERE u.url = ? AND a.status = 200 AND a.truncated IS NULL AND a.failure IS NULL ORDER BY k.id DESC LIMIT 1"
)
"""The SQL of the newest capture of an address that was fetched whole with status 200."""


def unmodified(db: sqlite3.Connection, url: str) -> Original | None:
    """Find the response that a 304 answer for this address speaks of."""
    row = db.execute(
        f"SELECT coalesce(k.original, k.id) AS id, k.refers_to IS NOT NULL AS lost {NEWEST_WHOLE}",
        (url,),
    ).fetchone()
    found = of_number(db, row["id"]) if row is not None and not row["lost"] else None
    return Original.of(found) if found is not None else None


def validators(db: sqlite3.Connection, url: str) -> Validators | None:
    """Give what the newest whole answer of an address was said to be known by, None when there is none."""
    row = db.execute(
        "SELECT coalesce(k.etag, o.etag) AS etag, coalesce(k.last_modified, o.last_modified) AS modified,"
        f" k.id - k.later AS at {NEWEST_WHOLE}",
        (url,),
    ).fetchone()
    return Validators(row["etag"] or None, row["modified"] or None, moment_of(row["at"])) if row is not None else None
