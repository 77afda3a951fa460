"""Join revisits to the captures that they repeat, in whichever file and order these come."""

from __future__ import annotations

import sqlite3
from collections.abc import Sequence

from storage import validators
from storage.records import Capture
from storage.revisited import Named, named
from storage.stored import digest_of, moment_of, stored_digest, stored_record, stored_sha256, ticks


def original_of(db: sqlite3.Connection, capture: Capture, url: int) -> int | None:
    """Find the capture that a revisit repeats: one repeated before, of the same address, or of the same payload.

    Args:
        db: The version database.
        capture: The revisit, which says what it refers to.
        url: The number of its address.
    """
    refers_to = capture.refers_to or ""
    if (told := named(refers_to)) is not None:
        return _meant(db, told, stored_digest(capture.evidence.payload_digest))
    row = db.execute(
        "SELECT capture AS id FROM originals WHERE record_id = ?1"
        " UNION ALL SELECT id FROM capture_rows WHERE url = ?2 AND record_id = ?1"
        " UNION ALL SELECT id FROM capture_rows WHERE payload_sha256 = ?3 AND record_id = ?1"
        " UNION ALL SELECT k.id FROM page_payloads p JOIN capture_rows k ON k.id = p.capture"
        " WHERE p.payload_sha256 = ?3 AND k.record_id = ?1 LIMIT 1",
        (stored_record(refers_to), url, stored_sha256(capture.payload_sha256)),
    ).fetchone()
    return int(row["id"]) if row else None


def _meant(db: sqlite3.Connection, told: Named, digest: bytes | str | None) -> int | None:
    """Find the capture that an address and a date, or a digest, can mean; the payload's own digest must not differ.

    One at the very moment goes before one that is the same but for the part of the second, and a response goes before
    what repeats one.
    """
    where: str = ""
    values: tuple[str | int, ...] = (told.url,)
    if told.span is not None:
        where, values = " AND k.id - k.later BETWEEN ? AND ?", (told.url, *map(ticks, told.span))
    rows = db.execute(
        "SELECT coalesce(k.original, k.id) AS id, k.original IS NOT NULL AS again, k.id - k.later AS at,"  # noqa: S608
        " coalesce(k.payload_digest, o.payload_digest) AS digest FROM urls u CROSS JOIN capture_rows k ON k.url = u.id"
        " JOIN answers a ON a.id = k.answer LEFT JOIN capture_rows o ON o.id = k.original"
        f" WHERE u.url = ?{where} AND (a.kind = 'response' OR k.original IS NOT NULL) AND a.truncated IS NULL",
        values,
    )
    fitting = [
        (told.moment is not None and moment_of(row["at"]) != told.moment, row["again"], row["at"], row["id"])
        for row in rows
        if told.fits(moment_of(row["at"]), digest_of(row["digest"])) and digest in {None, row["digest"]}
    ]
    return int(min(fitting)[-1]) if fitting else None


def own(db: sqlite3.Connection, original: int, url: int, values: Sequence[object]) -> tuple[object, ...]:
    """Leave out of a revisit's row what the row of its original says already, so that it is stored once.

    ETag and Last-Modified are left out only where the two stand at the same address and the original came whole: what
    one address says of its state is no word of another's, and an answer that was cut short says nothing
    (:mod:`storage.validators`). The SHA-256 of an article's page is never left out for one in ``page_payloads``, which
    keeps only the newest of each address.

    Args:
        db: The version database.
        original: The number of the capture that is repeated.
        url: The number of the revisit's address.
        values: The revisit's digest, SHA-256, length, ETag and Last-Modified.

    Returns:
        The same five; None where the original's is meant, and an empty value where the revisit has none of its own.
    """
    digest, sha256, length, etag, modified = values
    said = db.execute(
        "SELECT payload_digest, payload_sha256, payload_length, etag, last_modified, url,"
        " a.status = 200 AND a.truncated IS NULL AND a.method = 'GET' AS whole"
        " FROM capture_rows k JOIN answers a ON a.id = k.answer WHERE k.id = ?",
        (original,),
    ).fetchone()
    same_payload = sha256 is None or sha256 == said["payload_sha256"]
    told_alike = said["whole"] and url == said["url"] and digest in {None, said["payload_digest"]}
    told_alike = told_alike and (etag, modified) == (said["etag"], said["last_modified"])
    own_digest = b"" if digest is None else digest
    return (
        None if digest == said["payload_digest"] else own_digest,
        None if same_payload else sha256,
        None if same_payload and (sha256 is None or length == said["payload_length"]) else length,
        None if told_alike else etag or "",
        None if told_alike else modified or "",
    )


def note(db: sqlite3.Connection, original: int) -> None:
    """Note that a capture is repeated by others, so that it can be found by the id of its record."""
    db.execute(
        "INSERT OR IGNORE INTO originals SELECT record_id, id FROM capture_rows WHERE id = ?",
        (original,),
    )


def resolve(db: sqlite3.Connection, warc: str) -> set[str]:
    """Join revisits to originals that were filed after them, or stand at another address, once a file is filed.

    What a revisit record does not say itself is read from its original from then on. Call it after each file.

    Args:
        db: The version database.
        warc: The file that was filed last.

    Returns:
        The runs of the revisits that were joined.
    """
    if db.execute("SELECT 1 FROM capture_rows WHERE refers_to IS NOT NULL LIMIT 1").fetchone() is None:
        return set()
    joined = [*_found_by_id(db, warc), *_found_by_name(db, warc)]
    for row, found in joined:
        _join(db, row, found)
    return {row["run"] for row, _ in joined}


_OWN = ("payload_digest", "payload_sha256", "payload_length", "etag", "last_modified")
_REVISIT = (
    "SELECT r.id, r.url, r.refers_to, r.payload_digest, r.payload_sha256, r.payload_length, r.etag, r.last_modified,"
    " (SELECT run FROM warc_files WHERE id = r.file) AS run"
)
_NAMED = "typeof(r.refers_to) = 'text' AND instr(r.refers_to, ' ')"
"""Text with a space in it is no id: what it names is looked for among what stands at its address."""


def _of_file(row: str) -> str:
    """Give the SQL of the rows of one file, ``:warc``."""
    return (
        f"{row}.id BETWEEN (SELECT min(first) FROM warc_files WHERE warc = :warc)"  # noqa: S608
        f" AND (SELECT max(last) FROM warc_files WHERE warc = :warc)"
        f" AND {row}.file IN (SELECT id FROM warc_files WHERE warc = :warc)"
    )


_Found = tuple[sqlite3.Row, int]


def _found_by_id(db: sqlite3.Connection, warc: str) -> list[_Found]:
    """Find what revisits name by record, among all captures only where one of this file waits for it."""
    waits = f"SELECT 1 FROM capture_rows r WHERE {_of_file('r')} AND r.refers_to IS NOT NULL AND NOT ({_NAMED}) LIMIT 1"  # noqa: S608
    among = "true" if db.execute(waits, {"warc": warc}).fetchone() else _of_file("o")
    rows = db.execute(
        f"{_REVISIT}, o.id AS found FROM capture_rows o CROSS JOIN capture_rows r WHERE {among}"
        " AND r.refers_to IS NOT NULL AND r.refers_to = o.record_id AND r.id <> o.id",
        {"warc": warc},
    )
    return [(row, row["found"]) for row in rows.fetchall()]


def _found_by_name(db: sqlite3.Connection, warc: str) -> list[_Found]:
    """Find what revisits of this file name otherwise, and what is named so in this file."""
    rows = db.execute(
        f"{_REVISIT} FROM capture_rows r WHERE {_of_file('r')} AND r.refers_to IS NOT NULL AND {_NAMED}",
        {"warc": warc},
    ).fetchall()
    if db.execute(f"SELECT 1 FROM capture_rows r WHERE r.refers_to IS NOT NULL AND {_NAMED} LIMIT 1").fetchone():  # noqa: S608
        here = db.execute(
            "SELECT o.id - o.later AS at, o.payload_digest AS digest, u.url FROM capture_rows o"  # noqa: S608
            f" JOIN urls u ON u.id = o.url WHERE {_of_file('o')} AND o.refers_to IS NULL",
            {"warc": warc},
        ).fetchall()
        for one in here:
            second = moment_of(one["at"]).isoformat()[:19]
            # Names sort by their dates: "2026-09-15T09:16:48.123456+00:00 https://..."
            rows += db.execute(
                f"{_REVISIT} FROM capture_rows r WHERE r.refers_to >= ? AND r.refers_to < ?",
                (second, second + "~"),
            ).fetchall()
            if one["digest"] is not None:
                name = f"{digest_of(one['digest'])} {one['url']}"
                rows += db.execute(f"{_REVISIT} FROM capture_rows r WHERE r.refers_to = ?", (name,)).fetchall()
    found: dict[int, _Found] = {}
    for row in sorted(rows, key=lambda one: int(one["id"])):
        told = named(row["refers_to"])
        if row["id"] not in found and told and (original := _meant(db, told, row["payload_digest"])) is not None:
            found[row["id"]] = row, original
    return list(found.values())


def _join(db: sqlite3.Connection, row: sqlite3.Row, found: int) -> None:
    """Let the row of a revisit lean on its original's."""
    db.execute(
        "UPDATE capture_rows SET original = ?, refers_to = NULL, payload_digest = ?, payload_sha256 = ?,"
        " payload_length = ?, etag = ?, last_modified = ? WHERE id = ?",
        (found, *own(db, found, row["url"], [row[name] for name in _OWN]), row["id"]),
    )
    validators.judge(db, row["id"])
    note(db, found)
    # An answer of the open API that had no payload said nothing.
    db.execute("DELETE FROM api_answers WHERE capture = ?", (row["id"],))
