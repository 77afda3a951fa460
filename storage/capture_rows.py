"""File captures: one row of ``capture_rows`` each, what repeats in rows of its own.

The rows can be made again from the WARC files; one is written only after its records are. They are stored small
(``storage/migrations``, m005) and read through the views ``captures`` and ``checks``.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable
from dataclasses import dataclass, field
from operator import attrgetter

from storage import validators, watched
from storage.records import Capture
from storage.stored import stored_digest, stored_record, stored_sha256, ticks
from storage.views import NO_LOOK, UNREAD


def add(db: sqlite3.Connection, captures: Iterable[Capture]) -> int:
    """File captures and count them; one whose record is filed already is left as it is."""
    filed = 0
    met = _Met()
    for capture in captures:
        number = _free_number(db, capture)
        if number is not None:
            _insert(db, number, capture, met)
            filed += 1
    db.executemany(
        "UPDATE warc_files SET first = min(first, ?2), last = max(last, ?3) WHERE id = ?1",
        [(one, first, last) for one, first, last in met.files.values() if first < last],
    )
    return filed


@dataclass(slots=True)
class _Met:
    """What the captures that are filed together have in common: asked for once, and told once of all.

    Attributes:
        files: Number of a WARC file's row, first and last capture of it, by the file's name and the run.
        answers: Numbers of the rows that say what came of an exchange.
    """

    files: dict[tuple[str, str], tuple[int, int, int]] = field(default_factory=dict)
    answers: dict[tuple[object, ...], int] = field(default_factory=dict)


def _free_number(db: sqlite3.Connection, capture: Capture) -> int | None:
    """Give the number for a capture's row, its time or the next that is free; None when its record has one."""
    number, record = ticks(capture.captured_at), stored_record(capture.evidence.record_id)
    while row := db.execute("SELECT record_id FROM capture_rows WHERE id = ?", (number,)).fetchone():
        if row["record_id"] == record:
            return None
        number += 1
    return number


def _insert(db: sqlite3.Connection, number: int, capture: Capture, met: _Met) -> None:
    evidence = capture.evidence
    url, known = _url_number(db, capture)
    refers_to = stored_record(capture.refers_to) if capture.refers_to else None
    original = _original_number(db, capture, url, refers_to) if refers_to is not None else None
    own = (
        stored_digest(evidence.payload_digest),
        None if capture.role == "article" else stored_sha256(capture.payload_sha256),
        capture.payload_length,
        capture.etag,
        capture.last_modified,
    )
    db.execute(
        "INSERT INTO capture_rows VALUES (?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?)",
        (
            number, number - ticks(capture.captured_at), _file_number(db, capture, number, met), evidence.offset,
            evidence.length, url, _answer_number(db, capture, met), stored_record(evidence.record_id), original,
            None if original else refers_to, *(own if original is None else _own(db, original, url, own)),
            UNREAD if capture.role == "article" else NO_LOOK, -1,
        ),
    )  # fmt: skip
    if original is not None:
        db.execute("INSERT OR IGNORE INTO originals VALUES (?,?)", (refers_to, original))
    elif capture.role == "article" and _is_whole(capture) and capture.payload_sha256:
        db.execute(
            "INSERT INTO page_payloads VALUES (?,?,?) ON CONFLICT (url) DO UPDATE SET capture = excluded.capture,"
            " payload_sha256 = excluded.payload_sha256 WHERE excluded.capture > capture",
            (url, number, stored_sha256(capture.payload_sha256)),
        )
    # At a new address there is nothing to be held against.
    if known and capture.status == 200 and (capture.etag or capture.last_modified):
        validators.judge(db, number)


def _is_whole(capture: Capture) -> bool:
    return capture.kind == "response" and capture.status == 200 and capture.truncated is None


def _file_number(db: sqlite3.Connection, capture: Capture, number: int, met: _Met) -> int:
    """Give the number of a WARC file's row, which tells the first and last capture of it."""
    which = capture.evidence.warc, capture.run
    if (known := met.files.get(which)) is not None:
        file, first, last = known
    else:
        row = db.execute(
            "INSERT INTO warc_files (warc, run, first, last) VALUES (?1, ?2, ?3, ?3) ON CONFLICT (warc, run) DO UPDATE"
            " SET first = min(first, excluded.first), last = max(last, excluded.last) RETURNING id",
            (*which, number),
        ).fetchone()
        file, first, last = int(row["id"]), number, number
    met.files[which] = file, min(first, number), max(last, number)
    return file


def _url_number(db: sqlite3.Connection, capture: Capture) -> tuple[int, bool]:
    """Give the number of an address's row, and whether it was there.

    The row says what the address is: as the newest filing has it.
    """
    row = db.execute("SELECT * FROM urls WHERE url = ?", (capture.url,)).fetchone()
    if row is None:
        cursor = db.execute(
            "INSERT INTO urls (url, role, article) VALUES (?,?,?)", (capture.url, capture.role, capture.article)
        )
        return int(cursor.lastrowid or 0), False
    number = int(row["id"])
    if (row["role"], row["article"]) != (capture.role, capture.article):
        _become(db, number, row["article"], capture)
    return number, True


def _become(db: sqlite3.Connection, number: int, before: str | None, capture: Capture) -> None:
    """Let an address be what a capture says: what its looks came to, as those at what it was before, is void."""
    shared = [one for one in (before, capture.article) if one is not None]
    for article in shared:
        watched.take_back(db, article)
    db.execute("UPDATE urls SET role = ?, article = ? WHERE id = ?", (capture.role, capture.article, number))
    outcome = UNREAD if capture.role == "article" else NO_LOOK
    db.execute("UPDATE capture_rows SET outcome = ?, version = -1 WHERE url = ?", (outcome, number))
    for article in shared:
        watched.add_all(db, article)


_ANSWER = "method kind status media_type location truncated failure failure_detail retry".split()
_answer_of = attrgetter(*_ANSWER)


def _answer_number(db: sqlite3.Connection, capture: Capture, met: _Met) -> int:
    """Give the number of the row that says what came of an exchange; few differ from each other."""
    values: tuple[object, ...] = _answer_of(capture)
    if values not in met.answers:
        row = db.execute(
            f"SELECT id FROM answers WHERE {' AND '.join(f'{name} IS ?' for name in _ANSWER)}",  # noqa: S608
            values,
        ).fetchone()
        met.answers[values] = int(row["id"]) if row is not None else _new_answer(db, values)
    return met.answers[values]


def _new_answer(db: sqlite3.Connection, values: tuple[object, ...]) -> int:
    columns = ", ".join(_ANSWER)
    cursor = db.execute(f"INSERT INTO answers ({columns}) VALUES (?,?,?,?,?,?,?,?,?)", values)  # noqa: S608
    return int(cursor.lastrowid or 0)


def _original_number(db: sqlite3.Connection, capture: Capture, url: int, refers_to: bytes | str) -> int | None:
    """Find the capture that a revisit repeats: one repeated before, of the same address, or of the same payload."""
    row = db.execute(
        "SELECT capture AS id FROM originals WHERE record_id = ?1"
        " UNION ALL SELECT id FROM capture_rows WHERE url = ?2 AND record_id = ?1"
        " UNION ALL SELECT id FROM capture_rows WHERE payload_sha256 = ?3 AND record_id = ?1"
        " UNION ALL SELECT k.id FROM page_payloads p JOIN capture_rows k ON k.id = p.capture"
        " WHERE p.payload_sha256 = ?3 AND k.record_id = ?1 LIMIT 1",
        (refers_to, url, stored_sha256(capture.payload_sha256)),
    ).fetchone()
    return int(row["id"]) if row else None


def _own(db: sqlite3.Connection, original: int, url: int, values: tuple[object, ...]) -> tuple[object, ...]:
    """Leave out of a revisit's digest, SHA-256, length, ETag and Last-Modified what its original says already.

    Its validators are left out where it stands at the same address: of two addresses each tells for itself. What
    ``page_payloads`` says of a page is no longer there once a newer one stands at its address, so nobody leans on it.
    """
    digest, sha256, length, etag, modified = values
    o = db.execute(
        "SELECT payload_digest, payload_sha256, payload_length, etag, last_modified, url FROM capture_rows"
        " WHERE id = ?",
        (original,),
    ).fetchone()
    same_payload = sha256 is None or sha256 == o["payload_sha256"]
    told_alike = url == o["url"] and digest in {None, o["payload_digest"]}
    told_alike = told_alike and (etag, modified) == (o["etag"], o["last_modified"])
    return (
        None if digest == o["payload_digest"] else b"" if digest is None else digest,
        None if same_payload else sha256,
        None if same_payload and (sha256 is None or length == o["payload_length"]) else length,
        None if told_alike else etag or "",
        None if told_alike else modified or "",
    )


def resolve_revisits(db: sqlite3.Connection) -> set[str]:
    """Join the revisits whose original was filed after them, or stands at another address, to that original.

    What a revisit record does not say itself is then read from there. Gives the runs of these revisits.
    """
    if db.execute("SELECT 1 FROM capture_rows WHERE refers_to IS NOT NULL LIMIT 1").fetchone() is None:
        return set()
    rows = db.execute(
        "SELECT r.*, o.id AS found, (SELECT run FROM warc_files WHERE id = r.file) AS run"
        " FROM capture_rows o CROSS JOIN capture_rows r WHERE r.refers_to IS NOT NULL AND r.refers_to = o.record_id"
        " AND r.id <> o.id"
    ).fetchall()
    for row in rows:
        own = tuple(row[name] for name in _OWN)
        db.execute(
            "UPDATE capture_rows SET original = ?, refers_to = NULL, payload_digest = ?, payload_sha256 = ?,"
            " payload_length = ?, etag = ?, last_modified = ? WHERE id = ?",
            (row["found"], *_own(db, row["found"], row["url"], own), row["id"]),
        )
        validators.judge(db, row["id"])
        db.execute("INSERT OR IGNORE INTO originals VALUES (?,?)", (row["refers_to"], row["found"]))
        # An answer of the open API that had no payload said nothing.
        db.execute("DELETE FROM api_answers WHERE capture = ?", (row["id"],))
    return {row["run"] for row in rows}


_OWN = ("payload_digest", "payload_sha256", "payload_length", "etag", "last_modified")
