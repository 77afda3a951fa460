"""File captures: one row of ``capture_rows`` each, what repeats in rows of its own.

The rows can be made again from the WARC files; one is written only after its records are. They are stored small
(``storage/migrations``, m005) and read through the views ``captures`` and ``checks``.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable
from dataclasses import dataclass, field
from operator import attrgetter

from storage import repeats, validators, watched
from storage.records import Capture
from storage.stored import stored_digest, stored_record, stored_sha256, ticks
from storage.views import NO_LOOK, UNREAD


def add(db: sqlite3.Connection, captures: Iterable[Capture]) -> set[str]:
    """File captures; give the runs that have others than before.

    A record that stands in several files (one that grew was imported twice) is filed from the first of them by name,
    in whichever order they come.
    """
    touched: set[str] = set()
    met = _Met()
    for capture in captures:
        number, held = _number(db, capture, met)
        if held is None:
            _insert(db, number, capture, met)
        elif capture.evidence.warc < held["warc"]:
            _move(db, number, capture, met)
            touched.add(held["run"])
        else:
            continue
        touched.add(capture.run)
    db.executemany(
        "UPDATE warc_files SET first = min(first, ?2), last = max(last, ?3) WHERE id = ?1",
        [(one, first, last) for one, first, last in met.files.values() if first < last],
    )
    return touched


@dataclass(slots=True)
class _Crowd:
    """Rows one behind the other: the first of each record, and the number behind all that were met."""

    end: int
    rows: dict[bytes | str, int] = field(default_factory=dict)


@dataclass(slots=True)
class _Met:
    """What captures that are filed together have in common, so that the database is asked for it once.

    Attributes:
        files: Number of a WARC file's row, first and last capture of it, by the file's name and the run.
        answers: Numbers of the rows that say what came of an exchange.
        crowds: What is known of the rows that stand one behind the other from an instant on.
    """

    files: dict[tuple[str, str], tuple[int, int, int]] = field(default_factory=dict)
    answers: dict[tuple[object, ...], int] = field(default_factory=dict)
    crowds: dict[int, _Crowd] = field(default_factory=dict)


def _number(db: sqlite3.Connection, capture: Capture, met: _Met) -> tuple[int, sqlite3.Row | None]:
    """Give the number of a capture's row, its time or the next that is free, and where its record is filed if it is."""
    number, record = ticks(capture.captured_at), stored_record(capture.evidence.record_id)
    if (there := _record_at(db, number)) is None:
        return number, None
    if there != record:
        # Programs that date all they write alike make a crowd: no one of it walks past all others.
        crowd = met.crowds.setdefault(number, _Crowd(number))
        while record not in crowd.rows and (one := _record_at(db, crowd.end)) is not None:
            crowd.rows.setdefault(one, crowd.end)
            crowd.end += 1
        if record not in crowd.rows:
            return crowd.end, None
        number = crowd.rows[record]
    return number, db.execute(
        "SELECT warc, run FROM warc_files WHERE id = (SELECT file FROM capture_rows WHERE id = ?)", (number,)
    ).fetchone()


def _record_at(db: sqlite3.Connection, number: int) -> bytes | str | None:
    row = db.execute("SELECT record_id FROM capture_rows WHERE id = ?", (number,)).fetchone()
    return row["record_id"] if row is not None else None


def _move(db: sqlite3.Connection, number: int, capture: Capture, met: _Met) -> None:
    """Let a row point at the record's place in another file."""
    evidence = capture.evidence
    db.execute(
        "UPDATE capture_rows SET file = ?, offset = ?, length = ? WHERE id = ?",
        (_file_number(db, capture, number, met), evidence.offset, evidence.length, number),
    )


def _insert(db: sqlite3.Connection, number: int, capture: Capture, met: _Met) -> None:
    evidence = capture.evidence
    url, known = _url_number(db, capture)
    refers_to = stored_record(capture.refers_to) if capture.refers_to else None
    original = repeats.original_of(db, capture, url) if refers_to is not None else None
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
            None if original else refers_to, *(own if original is None else repeats.own(db, original, url, own)),
            UNREAD if capture.role == "article" else NO_LOOK, -1,
        ),
    )  # fmt: skip
    if original is not None:
        repeats.note(db, original)
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
    """Change what an address is to what a capture says; what looks at it came to so far is void."""
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
