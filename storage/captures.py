"""File captures, and find the captures that a reading needs.

The rows here can be made again from the WARC files; a row is written only after its records are.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime

from storage.records import Capture, Evidence, Outcome, Run, iso


@dataclass(frozen=True, slots=True)
class KnownLook:
    """One look at an article that had been read before, with what it was known to be then."""

    article: str
    checked_at: str
    capture: int
    outcome: Outcome
    section: str
    title: str
    published: str | None


_COLUMNS = (
    "run captured_at url method kind status media_type location warc offset length record_id payload_digest "
    "payload_sha256 payload_length truncated failure failure_detail refers_to etag last_modified retry role article"
).split()
_INSERT = (
    f"INSERT INTO captures ({', '.join(_COLUMNS)}) VALUES ({', '.join('?' * len(_COLUMNS))}) "  # noqa: S608
    "ON CONFLICT (record_id) DO NOTHING"
)


def add_run(db: sqlite3.Connection, run: Run) -> None:
    """File a run, or bring what is known of it up to date."""
    db.execute(
        "INSERT INTO runs (run, started_at, ended_at, finish, portal, software, removal_checks, removal_days, requests)"
        " VALUES (?,?,?,?,?,?,?,?,?) ON CONFLICT (run) DO UPDATE SET ended_at = excluded.ended_at,"
        " finish = excluded.finish, requests = excluded.requests",
        (
            run.run, iso(run.started_at), iso(run.ended_at) if run.ended_at else None, run.finish, run.portal,
            run.software, run.removal_checks, run.removal_days, run.requests,
        ),
    )  # fmt: skip


def add(db: sqlite3.Connection, captures: Iterable[Capture]) -> None:
    """File captures; one whose record is filed already is left as it is."""
    db.executemany(_INSERT, (_row(capture) for capture in captures))


def resolve_revisits(db: sqlite3.Connection) -> None:
    """Fill in what a revisit record does not say itself, from the capture it refers to, perhaps of another file."""
    db.execute(
        "UPDATE captures SET payload_sha256 = o.payload_sha256, payload_length = o.payload_length"
        " FROM (SELECT record_id, payload_sha256, payload_length FROM captures) AS o"
        " WHERE captures.kind = 'revisit' AND captures.payload_sha256 IS NULL AND o.record_id = captures.refers_to"
    )


def _row(capture: Capture) -> tuple[object, ...]:
    evidence = capture.evidence
    return (
        capture.run, iso(evidence.captured_at), capture.url, capture.method, capture.kind, capture.status,
        capture.media_type, capture.location, evidence.warc, evidence.offset, evidence.length, evidence.record_id,
        evidence.payload_digest, capture.payload_sha256, capture.payload_length, capture.truncated, capture.failure,
        capture.failure_detail, capture.refers_to, capture.etag, capture.last_modified, capture.retry, capture.role,
        capture.article,
    )  # fmt: skip


def evidence_of(row: sqlite3.Row, prefix: str = "") -> Evidence:
    """Read the evidence columns of a row, with ``prefix`` before their names."""
    return Evidence(
        warc=row[prefix + "warc"],
        offset=row[prefix + "offset"],
        length=row[prefix + "length"],
        record_id=row[prefix + "record_id"],
        payload_digest=row[prefix + "payload_digest"],
        captured_at=datetime.fromisoformat(row[prefix + "captured_at"]),
    )


def from_row(row: sqlite3.Row) -> Capture:
    """Read one row of ``captures``."""
    return Capture(
        evidence=evidence_of(row),
        run=row["run"],
        url=row["url"],
        method=row["method"],
        kind=row["kind"],
        status=row["status"],
        media_type=row["media_type"],
        payload_sha256=row["payload_sha256"],
        payload_length=row["payload_length"],
        location=row["location"],
        truncated=row["truncated"],
        failure=row["failure"],
        failure_detail=row["failure_detail"],
        refers_to=row["refers_to"],
        etag=row["etag"],
        last_modified=row["last_modified"],
        retry=row["retry"],
        role=row["role"],
        article=row["article"],
        id=row["id"],
    )


_WHOLE = "(truncated IS NULL AND (status = 200 OR (status = 304 AND kind = 'revisit')))"
"""A capture whose payload can be read: fetched whole, or the server's word that it is still the one before."""


def original(db: sqlite3.Connection, payload_sha256: str) -> Capture | None:
    """Find the first complete response with this payload: what a revisit record refers to."""
    row = db.execute(
        "SELECT * FROM captures WHERE payload_sha256 = ? AND kind = 'response'"
        " AND truncated IS NULL ORDER BY captured_at, id LIMIT 1",
        (payload_sha256,),
    ).fetchone()
    return from_row(row) if row else None


def last_whole(db: sqlite3.Connection, url: str) -> Capture | None:
    """Find the newest capture of an address that was fetched whole with status 200."""
    row = db.execute(
        "SELECT * FROM captures WHERE url = ? AND status = 200 AND truncated IS NULL ORDER BY captured_at DESC LIMIT 1",
        (url,),
    ).fetchone()
    return from_row(row) if row else None


def unmodified(db: sqlite3.Connection, url: str) -> Capture | None:
    """Find the response that a 304 answer for this address speaks of."""
    newest = last_whole(db, url)
    if newest is None or newest.refers_to is None:
        return newest
    row = db.execute("SELECT * FROM captures WHERE record_id = ?", (newest.refers_to,)).fetchone()
    return from_row(row) if row else None


def lied(db: sqlite3.Connection, url: str | None = None) -> list[str]:
    """List addresses whose strong ETag or Last-Modified stayed while their payload changed (all, or ``url`` alone)."""
    rows = db.execute(
        "SELECT DISTINCT url FROM captures WHERE status = 200 AND truncated IS NULL AND method = 'GET'"
        " AND payload_sha256 IS NOT NULL AND coalesce(etag, last_modified) IS NOT NULL"
        " AND coalesce(etag, '') NOT LIKE 'W/%' AND (?1 IS NULL OR url = ?1)"
        " GROUP BY url, coalesce(etag, last_modified) HAVING count(DISTINCT payload_sha256) > 1 ORDER BY url",
        (url,),
    )
    return [row["url"] for row in rows]


def is_captured(db: sqlite3.Connection, article: str, url: str) -> bool:
    """Say whether an article was asked for at this address, whatever came of it."""
    row = db.execute("SELECT 1 FROM captures WHERE article = ? AND url = ? LIMIT 1", (article, url)).fetchone()
    return row is not None


def by_record(db: sqlite3.Connection, record_id: str) -> Evidence | None:
    """Find where a record stands, by its WARC-Record-ID."""
    row = db.execute("SELECT * FROM captures WHERE record_id = ?", (record_id,)).fetchone()
    return evidence_of(row) if row else None


def by_id(db: sqlite3.Connection, number: int) -> Capture:
    """Give a capture by its row's number.

    Raises:
        KeyError: There is none.
    """
    row = db.execute("SELECT * FROM captures WHERE id = ?", (number,)).fetchone()
    if row is None:
        raise KeyError(number)
    return from_row(row)


def number_of(db: sqlite3.Connection, record_id: str) -> int:
    """Give the number of a capture's row, by its WARC-Record-ID.

    Raises:
        KeyError: There is none.
    """
    row = db.execute("SELECT id FROM captures WHERE record_id = ?", (record_id,)).fetchone()
    if row is None:
        raise KeyError(record_id)
    return int(row["id"])


def of_article(db: sqlite3.Connection, article: str, *, pending: bool) -> list[Capture]:
    """Give the captures of an article's page in order of time, all of them or only those not yet read."""
    # Captures of one instant stand in the order of their records, which no order of filing can alter.
    rows = db.execute(
        f"SELECT * FROM captures WHERE article = ? AND role = 'article'{' AND filed = 0' if pending else ''}"  # noqa: S608
        " ORDER BY captured_at, warc, offset",
        (article,),
    )
    return [from_row(row) for row in rows]


def looked_at(db: sqlite3.Connection, article: str) -> list[tuple[str, Outcome]]:
    """Give the address and the outcome of every filed look at an article, oldest first."""
    rows = db.execute(
        "SELECT c.url, k.outcome FROM checks k JOIN captures c ON c.id = k.capture WHERE k.article = ?"
        " ORDER BY k.checked_at, c.warc, c.offset",
        (article,),
    )
    return [(row["url"], row["outcome"]) for row in rows]


def addresses(db: sqlite3.Connection, article: str) -> list[str]:
    """Give the addresses at which an article's page was ever fetched whole, the newest first."""
    rows = db.execute(
        "SELECT url, max(captured_at) AS newest FROM captures WHERE article = ? AND role = 'article'"  # noqa: S608
        f" AND {_WHOLE} GROUP BY url ORDER BY newest DESC",
        (article,),
    )
    return [row["url"] for row in rows]


def beside(db: sqlite3.Connection, page: Capture, url: str) -> Capture | None:
    """Find the capture of ``url`` that belongs to the look at ``page``: of the same run, whole, nearest after it.

    A file that two articles share is fetched once a run, so one from before the page will do; one from after
    comes first. Without a whole one, the failed one is given, so that its reason can be told.
    """
    row = db.execute(
        f"SELECT *, {_WHOLE} AS whole, captured_at >= ? AS after FROM captures"  # noqa: S608
        " WHERE run = ? AND url = ? ORDER BY whole DESC, after DESC,"
        " CASE WHEN captured_at >= ? THEN captured_at END ASC, captured_at DESC, warc, offset LIMIT 1",
        (iso(page.captured_at), page.run, url, iso(page.captured_at)),
    ).fetchone()
    return from_row(row) if row else None


def looks(db: sqlite3.Connection, run: str) -> list[KnownLook]:
    """Give a run's looks at articles that had been read before, in order of time."""
    rows = db.execute(
        "SELECT k.article, k.checked_at, k.capture, k.outcome, v.section, v.title, v.published FROM captures c"
        " JOIN checks k ON k.article = c.article AND k.checked_at = c.captured_at AND k.capture = c.id"
        " JOIN versions v ON v.id = (SELECT id FROM versions WHERE article = k.article AND first_seen < k.checked_at"
        " ORDER BY first_seen DESC LIMIT 1)"
        " WHERE c.run = ? AND c.role = 'article' ORDER BY k.checked_at, c.warc, c.offset",
        (run,),
    )
    return [KnownLook(*row) for row in rows]


def lists(db: sqlite3.Connection, run: str) -> list[Capture]:
    """Give a run's captures of list pages, in order of time."""
    rows = db.execute(
        "SELECT * FROM captures WHERE run = ? AND role = 'list' ORDER BY captured_at, warc, offset", (run,)
    )
    return [from_row(row) for row in rows]


def of_run(db: sqlite3.Connection, run: str) -> list[Capture]:
    """Give the captures of a run in order of time."""
    rows = db.execute("SELECT * FROM captures WHERE run = ? ORDER BY captured_at, warc, offset", (run,))
    return [from_row(row) for row in rows]


def unread_answers(db: sqlite3.Connection) -> list[Capture]:
    """Give the open API's whole answers that are in no row of ``api_answers``, in order of time."""
    rows = db.execute(
        "SELECT * FROM captures WHERE role = 'api' AND id NOT IN (SELECT capture FROM api_answers)"  # noqa: S608
        f" AND {_WHOLE} ORDER BY captured_at, warc, offset"
    )
    return [from_row(row) for row in rows]


def pending_articles(db: sqlite3.Connection) -> Iterator[str]:
    """Give the ids of articles with captures that no reading has used yet."""
    for row in db.execute(
        "SELECT DISTINCT article FROM captures WHERE filed = 0 AND role = 'article' ORDER BY article"
    ):
        yield row["article"]
