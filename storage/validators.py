"""Finds the addresses whose ETag or Last-Modified cannot be trusted: it stayed while the payload changed."""

from __future__ import annotations

import sqlite3

VALIDATOR = "coalesce(nullif(etag, ''), nullif(last_modified, ''))"
"""The SQL of the validator that a row of ``capture_rows`` says itself: its ETag, or its Last-Modified without one.

The index that m015 made (``storage/migrations``) is over this expression: another one needs another migration.
"""
STRONG = f"{VALIDATOR} IS NOT NULL AND substr({VALIDATOR}, 1, 2) <> 'W/'"
"""The SQL of whether there is a validator and it is a strong one: equal ones promise equal bytes (RFC 9110, 8.8.1)."""

_TOLD = (
    "SELECT k.url, k.validator, nullif(coalesce(k.payload_digest, o.payload_digest), x'') AS payload"  # noqa: S608
    f" FROM (SELECT *, {VALIDATOR} AS validator FROM capture_rows WHERE {{which}} AND {STRONG}) k"
    " JOIN answers a ON a.id = k.answer LEFT JOIN capture_rows o ON o.id = k.original"
    " WHERE a.status = 200 AND a.truncated IS NULL AND a.method = 'GET' AND payload IS NOT NULL"
)
"""The SQL of the strong validators that whole answers told, each with the digest of the payload it was told of.

A revisit that has no validators of its own told those of its original, of the same payload: it adds nothing."""

ALL_FALSE = (
    f"INSERT OR IGNORE INTO false_validators SELECT url FROM ({_TOLD.format(which='true')})"  # noqa: S608
    " GROUP BY url, validator HAVING count(DISTINCT payload) > 1"
)
"""The SQL that finds these addresses among all captures at once; m015 runs it. Later captures are judged when filed."""


def judge(db: sqlite3.Connection, capture: int) -> None:
    """Note the address of a capture, given by its number, if an earlier answer told the same of another payload."""
    told = db.execute(_TOLD.format(which="id = ?"), (capture,)).fetchone()
    if told is None or _is_false(db, told["url"]):
        return
    same = _TOLD.format(which=f"url = ?1 AND {VALIDATOR} = ?2")
    if db.execute(f"{same} AND payload <> ?3 LIMIT 1", tuple(told)).fetchone():
        db.execute("INSERT INTO false_validators VALUES (?)", (told["url"],))


def _is_false(db: sqlite3.Connection, number: int) -> bool:
    return db.execute("SELECT 1 FROM false_validators WHERE url = ?", (number,)).fetchone() is not None


def lied(db: sqlite3.Connection) -> list[str]:
    """List the addresses whose strong ETag or Last-Modified stayed while their payload changed."""
    rows = db.execute("SELECT u.url FROM false_validators f JOIN urls u ON u.id = f.url ORDER BY u.url")
    return [row["url"] for row in rows]


def has_lied(db: sqlite3.Connection, url: str) -> bool:
    """Say whether an address is one of those that :func:`lied` lists."""
    row = db.execute("SELECT id FROM urls WHERE url = ?", (url,)).fetchone()
    return row is not None and _is_false(db, row["id"])
