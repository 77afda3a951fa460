"""File captures, and find the captures that a reading needs.

The rows here can be made again from the WARC files; a row is written only after its records are. They are stored
small (``storage/schema.py``, m005) and read through the views ``captures`` and ``checks``; nothing outside this module
writes them.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any, NamedTuple

from storage.records import Capture, Evidence, Outcome, Run, iso
from storage.stored import stored_digest, stored_record, stored_sha256, ticks
from storage.views import FIRST_LOOK


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


UNREAD, NO_LOOK = 2, 3
"""What ``outcome`` says of a capture that no reading has used yet, and of one that is no look of its own."""


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


def begin_earlier(db: sqlite3.Connection, run: str, moment: datetime) -> None:
    """Let a run that only WARC files tell of begin no later than a capture of it: files come in any order."""
    db.execute(
        "UPDATE runs SET started_at = ?2 WHERE run = ?1 AND finish IS NULL AND ended_at IS NOT NULL"
        " AND started_at > ?2",
        (run, iso(moment)),
    )


def has_run(db: sqlite3.Connection, run: str) -> bool:
    """Say whether a run is filed."""
    return db.execute("SELECT 1 FROM runs WHERE run = ?", (run,)).fetchone() is not None


def last_run(db: sqlite3.Connection) -> datetime | None:
    """Give when the last run ended that went well, or whose files do not tell how it ended; None without any."""
    (ended,) = db.execute(
        "SELECT max(ended_at) FROM runs WHERE coalesce(finish, 'finished') IN ('finished', 'budget')"
    ).fetchone()
    return datetime.fromisoformat(ended) if ended else None


def endless_runs(db: sqlite3.Connection) -> set[str]:
    """Give the runs that nobody saw end."""
    return {row["run"] for row in db.execute("SELECT run FROM runs WHERE ended_at IS NULL")}


_LAST = (
    "(SELECT max(captured_at) FROM captures WHERE id IN (SELECT last FROM warc_files WHERE warc_files.run = runs.run))"
)


def end_killed(db: sqlite3.Connection, runs: Iterable[str]) -> None:
    """Give runs that nobody saw end the time of their last capture as their end."""
    db.executemany(
        "UPDATE runs SET finish = coalesce(finish, 'killed'),"  # noqa: S608  # made of constants
        f" ended_at = coalesce({_LAST}, started_at) WHERE run = ?",
        ((run,) for run in runs),
    )


def stretch_runs(db: sqlite3.Connection, warc: str) -> None:
    """Let the runs that only a WARC file tells of reach to their last capture: nobody knows how they ended."""
    db.execute(
        f"UPDATE runs SET ended_at = {_LAST} WHERE finish IS NULL AND ended_at IS NOT NULL"  # noqa: S608
        " AND run IN (SELECT run FROM warc_files WHERE warc = ?)",
        (warc,),
    )


def add(db: sqlite3.Connection, captures: Iterable[Capture]) -> int:
    """File captures and count them; one whose record is filed already is left as it is."""
    filed = 0
    for capture in captures:
        number = _free_number(db, capture)
        if number is not None:
            _insert(db, number, capture)
            filed += 1
    return filed


def _free_number(db: sqlite3.Connection, capture: Capture) -> int | None:
    """Give the number for a capture's row, its time or the next that is free; None when its record has one."""
    number, record = ticks(capture.captured_at), stored_record(capture.evidence.record_id)
    while row := db.execute("SELECT record_id FROM capture_rows WHERE id = ?", (number,)).fetchone():
        if row["record_id"] == record:
            return None
        number += 1
    return number


def _insert(db: sqlite3.Connection, number: int, capture: Capture) -> None:
    evidence = capture.evidence
    url = _url_number(db, capture)
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
            number, number - ticks(capture.captured_at), _file_number(db, capture, number), evidence.offset,
            evidence.length, url, _answer_number(db, capture), stored_record(evidence.record_id), original,
            None if original else refers_to, *(own if original is None else _own(db, original, own)),
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


def _is_whole(capture: Capture) -> bool:
    return capture.kind == "response" and capture.status == 200 and capture.truncated is None


def _file_number(db: sqlite3.Connection, capture: Capture, number: int) -> int:
    """Give the number of a WARC file's row, which tells the first and last capture of it."""
    row = db.execute(
        "INSERT INTO warc_files (warc, run, first, last) VALUES (?1, ?2, ?3, ?3) ON CONFLICT (warc, run) DO UPDATE SET"
        " first = min(first, excluded.first), last = max(last, excluded.last) RETURNING id",
        (capture.evidence.warc, capture.run, number),
    ).fetchone()
    return int(row["id"])


def _url_number(db: sqlite3.Connection, capture: Capture) -> int:
    """Give the number of an address's row, which says what the address is: as the newest filing has it."""
    row = db.execute("SELECT * FROM urls WHERE url = ?", (capture.url,)).fetchone()
    if row is None:
        cursor = db.execute(
            "INSERT INTO urls (url, role, article) VALUES (?,?,?)", (capture.url, capture.role, capture.article)
        )
        return int(cursor.lastrowid or 0)
    number = int(row["id"])
    if (row["role"], row["article"]) != (capture.role, capture.article):
        db.execute("UPDATE urls SET role = ?, article = ? WHERE id = ?", (capture.role, capture.article, number))
        outcome = UNREAD if capture.role == "article" else NO_LOOK
        db.execute("UPDATE capture_rows SET outcome = ?, version = -1 WHERE url = ?", (outcome, number))
    return number


_ANSWER = "method kind status media_type location truncated failure failure_detail retry".split()


def _answer_number(db: sqlite3.Connection, capture: Capture) -> int:
    """Give the number of the row that says what came of an exchange; few differ from each other."""
    values = [getattr(capture, name) for name in _ANSWER]
    row = db.execute(
        f"SELECT id FROM answers WHERE {' AND '.join(f'{name} IS ?' for name in _ANSWER)}",  # noqa: S608
        values,
    ).fetchone()
    if row is not None:
        return int(row["id"])
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


def _own(db: sqlite3.Connection, original: int, values: tuple[object, ...]) -> tuple[object, ...]:
    """Leave out of a revisit's digest, SHA-256, length, ETag and Last-Modified what its original says already."""
    digest, sha256, length, etag, modified = values
    o = db.execute(
        "SELECT payload_digest, coalesce(payload_sha256, (SELECT payload_sha256 FROM page_payloads WHERE capture = id))"
        " AS sha256, payload_length, etag, last_modified FROM capture_rows WHERE id = ?",
        (original,),
    ).fetchone()
    same_payload = sha256 is None or sha256 == o["sha256"]
    return (
        None if digest == o["payload_digest"] else b"" if digest is None else digest,
        None if same_payload else sha256,
        None if same_payload and (sha256 is None or length == o["payload_length"]) else length,
        None if etag == o["etag"] else etag or "",
        None if modified == o["last_modified"] else modified or "",
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
            (row["found"], *_own(db, row["found"], own), row["id"]),
        )
        db.execute("INSERT OR IGNORE INTO originals VALUES (?,?)", (row["refers_to"], row["found"]))
        # An answer of the open API that had no payload said nothing.
        db.execute("DELETE FROM api_answers WHERE capture = ?", (row["id"],))
    return {row["run"] for row in rows}


_OWN = ("payload_digest", "payload_sha256", "payload_length", "etag", "last_modified")


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


def _one(db: sqlite3.Connection, query: str, *values: object) -> Capture | None:
    row = db.execute(query, values).fetchone()
    return from_row(row) if row else None


def original(db: sqlite3.Connection, payload_sha256: str) -> Capture | None:
    """Find the first complete response with this payload: what a revisit record refers to.

    Of an article's pages only the newest payload of each address is known.
    """
    return _one(
        db,
        "SELECT * FROM captures WHERE id IN (SELECT id FROM capture_rows WHERE payload_sha256 = ?1"
        " UNION ALL SELECT capture FROM page_payloads WHERE payload_sha256 = ?1)"
        " AND kind = 'response' AND truncated IS NULL ORDER BY captured_at, id LIMIT 1",
        stored_sha256(payload_sha256),
    )


def last_whole(db: sqlite3.Connection, url: str) -> Capture | None:
    """Find the newest capture of an address that was fetched whole with status 200."""
    return _one(
        db,
        "SELECT * FROM captures WHERE id = (SELECT k.id FROM urls u JOIN capture_rows k ON k.url = u.id"
        " JOIN answers a ON a.id = k.answer WHERE u.url = ? AND a.status = 200 AND a.truncated IS NULL"
        " ORDER BY k.id DESC LIMIT 1)",
        url,
    )


def unmodified(db: sqlite3.Connection, url: str) -> Capture | None:
    """Find the response that a 304 answer for this address speaks of."""
    newest = last_whole(db, url)
    if newest is None or newest.refers_to is None:
        return newest
    return _one(
        db,
        "SELECT * FROM captures WHERE id = (SELECT original FROM capture_rows WHERE id = ?)",
        newest.id,
    )


def lied(db: sqlite3.Connection, url: str | None = None) -> list[str]:
    """List addresses whose strong ETag or Last-Modified stayed while their payload changed (all, or ``url`` alone)."""
    rows = db.execute(
        "WITH told AS (SELECT u.url, coalesce(nullif(coalesce(k.etag, o.etag), ''),"
        " nullif(coalesce(k.last_modified, o.last_modified), '')) AS validator,"
        " nullif(coalesce(k.payload_digest, o.payload_digest), x'') AS payload"
        " FROM urls u JOIN capture_rows k ON k.url = u.id JOIN answers a ON a.id = k.answer"
        " LEFT JOIN capture_rows o ON o.id = k.original"
        " WHERE a.status = 200 AND a.truncated IS NULL AND a.method = 'GET' AND (?1 IS NULL OR u.url = ?1))"
        " SELECT DISTINCT url FROM told WHERE payload IS NOT NULL AND validator IS NOT NULL"
        " AND validator NOT LIKE 'W/%' GROUP BY url, validator HAVING count(DISTINCT payload) > 1 ORDER BY url",
        (url,),
    )
    return [row["url"] for row in rows]


def by_record(db: sqlite3.Connection, record_id: str) -> Evidence | None:
    """Find where a record that a revisit repeats stands, by its WARC-Record-ID."""
    found = _one(
        db,
        "SELECT * FROM captures WHERE id = (SELECT capture FROM originals WHERE record_id = ?)",
        stored_record(record_id),
    )
    return found.evidence if found else None


def by_id(db: sqlite3.Connection, number: int) -> Capture:
    """Give a capture by its number.

    Raises:
        KeyError: There is none.
    """
    found = _one(db, "SELECT * FROM captures WHERE id = ?", number)
    if found is None:
        raise KeyError(number)
    return found


def number_of(db: sqlite3.Connection, evidence: Evidence) -> int:
    """Give the number of the capture that stands at some evidence.

    Raises:
        KeyError: It is not filed.
    """
    number, record = ticks(evidence.captured_at), stored_record(evidence.record_id)
    while row := db.execute("SELECT record_id FROM capture_rows WHERE id = ?", (number,)).fetchone():
        if row["record_id"] == record:
            return number
        number += 1
    raise KeyError(evidence.record_id)


def is_filed(db: sqlite3.Connection, evidence: Evidence) -> bool:
    """Say whether the record of some evidence is filed, in whichever file it was first found."""
    try:
        number_of(db, evidence)
    except KeyError:
        return False
    return True


def number_of_record(db: sqlite3.Connection, record_id: str) -> int:
    """Give the number of the capture of a record, by its WARC-Record-ID alone; every row is read for it.

    Raises:
        KeyError: It is not filed.
    """
    row = db.execute("SELECT id FROM capture_rows WHERE record_id = ?", (stored_record(record_id),)).fetchone()
    if row is None:
        raise KeyError(record_id)
    return int(row["id"])


def url_of(db: sqlite3.Connection, evidence: Evidence) -> str:
    """Give the address that was fetched, by the evidence of its capture."""
    (url,) = db.execute("SELECT url FROM captures WHERE id = ?", (number_of(db, evidence),)).fetchone()
    return str(url)


_OF_ARTICLE = "SELECT k.id FROM urls u JOIN capture_rows k ON k.url = u.id WHERE u.article = ? AND u.role = 'article'"


def of_article(db: sqlite3.Connection, article: str, *, pending: bool) -> list[Capture]:
    """Give the captures of an article's page in order of time, all of them or only those not yet read."""
    # Captures of one instant stand in the order of their records, which no order of filing can alter.
    rows = db.execute(
        f"SELECT * FROM captures WHERE id IN ({_OF_ARTICLE}{' AND k.outcome = ?' if pending else ''})"  # noqa: S608
        " ORDER BY captured_at, warc, offset",
        (article, UNREAD) if pending else (article,),
    )
    return [from_row(row) for row in rows]


def looked_at(db: sqlite3.Connection, article: str) -> list[tuple[str, Outcome]]:
    """Give the address and the outcome of every filed look at an article, oldest first."""
    rows = db.execute(
        "SELECT url, outcome FROM article_timeline WHERE article = ? ORDER BY checked_at, warc, offset",
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


_OF_RUN = (
    "k.id BETWEEN (SELECT min(first) FROM warc_files WHERE run = ?1)"
    " AND (SELECT max(last) FROM warc_files WHERE run = ?1)"
    " AND k.file IN (SELECT id FROM warc_files WHERE run = ?1)"
)


NEVER_SENT = frozenset({"robots", "off-host"})
"""Failures of what was written down without asking for it."""


class Asked(NamedTuple):
    """How many exchanges of a run came to the same, and the bytes of their records."""

    kind: str
    status: int | None
    failure: str | None
    truncated: str | None
    number: int
    size: int


def asked(db: sqlite3.Connection, run: str) -> list[Asked]:
    """Sum up what came of all that a run asked for."""
    rows = db.execute(
        "SELECT a.kind, a.status, a.failure, a.truncated, count(*), sum(k.length) FROM capture_rows k"  # noqa: S608
        f" JOIN answers a ON a.id = k.answer WHERE {_OF_RUN} GROUP BY 1, 2, 3, 4 ORDER BY 1, 2, 3, 4",
        (run,),
    )
    return [Asked(*row) for row in rows]


def looks(db: sqlite3.Connection, run: str) -> list[KnownLook]:
    """Give a run's looks at articles that had been read before, in order of time."""
    rows = db.execute(
        "SELECT t.article, t.checked_at, t.capture, t.outcome, v.section, v.title, v.published FROM checks t"  # noqa: S608
        f" JOIN capture_rows k ON k.id = t.capture AND {_OF_RUN} JOIN captures c ON c.id = k.id"
        " JOIN versions v ON v.id = (SELECT id FROM versions WHERE article = t.article AND first_seen < t.checked_at"
        " ORDER BY first_seen DESC LIMIT 1) ORDER BY t.checked_at, c.warc, c.offset",
        (run,),
    )
    return [KnownLook(*row) for row in rows]


def read_between(db: sqlite3.Connection, first: datetime, last: datetime) -> list[str]:
    """Give the articles that were read from one instant to another, both included, in the order of their names."""
    rows = db.execute(
        "SELECT DISTINCT u.article FROM capture_rows k JOIN urls u ON u.id = k.url"
        " WHERE k.id BETWEEN ? AND ? AND k.version >= 1 AND u.role = 'article' ORDER BY u.article",
        (ticks(first), ticks(last)),
    )
    return [row["article"] for row in rows]


def read_in(db: sqlite3.Connection, run: str, section: str) -> int:
    """Count the articles of a section that a run read."""
    (count,) = db.execute(
        "SELECT count(DISTINCT u.article) FROM capture_rows k JOIN urls u ON u.id = k.url"  # noqa: S608
        f" JOIN articles a ON a.article = u.article AND a.section = ?2 WHERE {_OF_RUN} AND k.version >= 1",
        (run, section),
    ).fetchone()
    return int(count)


def of_run(db: sqlite3.Connection, run: str) -> list[Capture]:
    """Give the captures of a run in order of time."""
    rows = db.execute(
        f"SELECT * FROM captures WHERE id IN (SELECT k.id FROM capture_rows k WHERE {_OF_RUN})"  # noqa: S608
        " ORDER BY captured_at, warc, offset",
        (run,),
    )
    return [from_row(row) for row in rows]


def lists(db: sqlite3.Connection, run: str) -> list[Capture]:
    """Give a run's captures of list pages, in order of time."""
    rows = db.execute(
        "SELECT * FROM captures WHERE id IN (SELECT k.id FROM capture_rows k JOIN urls u ON u.id = k.url"  # noqa: S608
        f" WHERE u.role = 'list' AND {_OF_RUN}) ORDER BY captured_at, warc, offset",
        (run,),
    )
    return [from_row(row) for row in rows]


def of_url(db: sqlite3.Connection, url: str) -> list[Capture]:
    """Give the answers that an address gave, oldest first; failures are none."""
    rows = db.execute("SELECT * FROM captures WHERE url = ? AND kind <> 'failure' ORDER BY captured_at, id", (url,))
    return [from_row(row) for row in rows]


def seen_at(db: sqlite3.Connection, article: str | None, url: str) -> bool:
    """Say whether an article was ever looked at under this address."""
    row = db.execute(
        "SELECT 1 FROM urls u JOIN capture_rows k ON k.url = u.id WHERE u.url = ? AND u.article = ?", (url, article)
    ).fetchone()
    return row is not None


def never_read(db: sqlite3.Connection, before: datetime) -> list[tuple[str, str, datetime, datetime]]:
    """Give article, address, first and newest look of what was looked at before an instant and never read."""
    rows = db.execute(
        "SELECT article, url, min(captured_at) AS first, max(captured_at) AS newest FROM captures"
        " WHERE id IN (SELECT k.id FROM urls u JOIN capture_rows k ON k.url = u.id WHERE u.role = 'article'"
        " AND u.article NOT IN (SELECT article FROM articles) AND k.id < ?) GROUP BY article",
        (ticks(before),),
    )
    return [
        (row["article"], row["url"], datetime.fromisoformat(row["first"]), datetime.fromisoformat(row["newest"]))
        for row in rows
    ]


def beside(db: sqlite3.Connection, page: Capture, url: str) -> Capture | None:
    """Find the capture of ``url`` that belongs to the look at ``page``: of the same run, whole, nearest after it.

    A file that two articles share is fetched once a run, so one from before the page will do; one from after
    comes first. Without a whole one, the failed one is given, so that its reason can be told.
    """
    row = db.execute(
        f"SELECT *, {_WHOLE} AS whole, captured_at >= ?1 AS after FROM captures WHERE id IN"  # noqa: S608
        " (SELECT k.id FROM urls u JOIN capture_rows k ON k.url = u.id WHERE u.url = ?3 AND k.id BETWEEN"
        " (SELECT min(first) FROM warc_files WHERE run = ?2) AND (SELECT max(last) FROM warc_files WHERE run = ?2))"
        " AND run = ?2 ORDER BY whole DESC, after DESC,"
        " CASE WHEN captured_at >= ?1 THEN captured_at END ASC, captured_at DESC, warc, offset LIMIT 1",
        (iso(page.captured_at), page.run, url),
    ).fetchone()
    return from_row(row) if row else None


_NEWEST = (
    "WITH looked AS (SELECT article, (SELECT k.id FROM capture_rows k WHERE k.url = u.id"  # noqa: S608
    f" AND k.outcome >= {FIRST_LOOK} ORDER BY k.id DESC LIMIT 1) AS capture FROM urls u WHERE u.role = 'article'),"
    " newest AS (SELECT article, max(capture) AS capture FROM looked WHERE capture IS NOT NULL GROUP BY article)"
)
"""The newest look at each article, found by index: as many rows are read as there are articles, not looks."""


def newest_outcomes(db: sqlite3.Connection) -> list[tuple[Outcome, int, str]]:
    """Count the articles by what their newest look came to, each with one of their addresses."""
    rows = db.execute(
        f"{_NEWEST} SELECT w.outcome, count(*), min(u.url) FROM newest n JOIN capture_rows k ON k.id = n.capture"  # noqa: S608
        " JOIN outcomes w ON w.id = k.outcome JOIN urls u ON u.id = k.url GROUP BY w.outcome ORDER BY w.outcome"
    )
    return [tuple(row) for row in rows]


def outcomes(db: sqlite3.Connection) -> dict[Outcome, int]:
    """Count the looks by what they came to."""
    rows = db.execute(
        "SELECT w.outcome, k.looks FROM (SELECT outcome, count(*) AS looks FROM capture_rows GROUP BY outcome) k"  # noqa: S608
        f" JOIN outcomes w ON w.id = k.outcome WHERE w.id >= {FIRST_LOOK} ORDER BY w.outcome"
    )
    return dict(tuple(row) for row in rows)


def unrecognised(db: sqlite3.Connection, examples: int = 3) -> list[dict[str, Any]]:
    """Count the articles whose newest look found a page that no layout recognises, by section, with some captures.

    An article that was never read has no section yet; it is counted under ``unknown``.
    """
    rows = db.execute(
        f"{_NEWEST} SELECT coalesce(a.section, 'unknown') AS section, n.capture FROM newest n"  # noqa: S608
        " JOIN capture_rows k ON k.id = n.capture LEFT JOIN articles a USING (article)"
        " WHERE k.outcome = (SELECT id FROM outcomes WHERE outcome = 'unrecognised') ORDER BY section, n.capture DESC"
    )
    found: dict[str, dict[str, Any]] = {}
    for row in rows:
        one = found.setdefault(row["section"], {"section": row["section"], "articles": 0, "captures": []})
        one["articles"] += 1
        if len(one["captures"]) < examples:
            one["captures"].append(row["capture"])
    return list(found.values())


def unread_answers(db: sqlite3.Connection) -> list[Capture]:
    """Give the open API's whole answers that are in no row of ``api_answers``, in order of time."""
    rows = db.execute(
        "SELECT * FROM captures WHERE id IN (SELECT k.id FROM urls u JOIN capture_rows k ON k.url = u.id"  # noqa: S608
        f" WHERE u.role = 'api') AND id NOT IN (SELECT capture FROM api_answers) AND {_WHOLE}"
        " ORDER BY captured_at, warc, offset"
    )
    return [from_row(row) for row in rows]


def pending_articles(db: sqlite3.Connection) -> Iterator[str]:
    """Give the ids of articles with captures that no reading has used yet, or that are to be read again."""
    for row in db.execute(
        "SELECT u.article FROM capture_rows k JOIN urls u ON u.id = k.url WHERE k.outcome = 2"
        " UNION SELECT article FROM rereads ORDER BY 1"
    ):
        yield row["article"]


def read_all_again(db: sqlite3.Connection) -> None:
    """Have every article read again from its first capture; what is filed of it stays until then."""
    db.execute("INSERT OR IGNORE INTO rereads SELECT DISTINCT article FROM urls WHERE role = 'article'")


def read_run_again(db: sqlite3.Connection, run: str) -> None:
    """Have the articles read again at which a run looked, as far as they were read: more of their looks turned up."""
    db.execute(
        "INSERT OR IGNORE INTO rereads SELECT DISTINCT u.article FROM capture_rows k JOIN urls u ON u.id = k.url"  # noqa: S608
        f" WHERE u.role = 'article' AND k.outcome <> {UNREAD} AND {_OF_RUN}",
        (run,),
    )


def to_be_read_again(db: sqlite3.Connection, article: str) -> bool:
    """Say whether an article is to be read again from its first capture."""
    return db.execute("SELECT 1 FROM rereads WHERE article = ?", (article,)).fetchone() is not None


_URLS = "(SELECT id FROM urls WHERE article = ? AND role = 'article')"


def mark_read(db: sqlite3.Connection, article: str) -> None:
    """Note that the captures of an article which became no look of their own were used by a reading too."""
    db.execute(
        f"UPDATE capture_rows SET outcome = ? WHERE outcome = ? AND url IN {_URLS}",  # noqa: S608
        (NO_LOOK, UNREAD, article),
    )
    db.execute("DELETE FROM rereads WHERE article = ?", (article,))


def file_look(db: sqlite3.Connection, capture: int, outcome: Outcome, version: int | None) -> None:
    """File what one look came to, with the number of the version that was read."""
    row = db.execute("SELECT id FROM outcomes WHERE outcome = ?", (outcome,)).fetchone()
    row = row or db.execute("INSERT INTO outcomes (outcome) VALUES (?) RETURNING id", (outcome,)).fetchone()
    db.execute(
        "UPDATE capture_rows SET outcome = ?, version = ? WHERE id = ?",
        (row["id"], -1 if version is None else version, capture),
    )


def forget_looks(db: sqlite3.Connection, article: str) -> None:
    """Take back what the looks at an article came to; its captures wait to be read again."""
    db.execute(
        f"UPDATE capture_rows SET outcome = ?, version = -1 WHERE outcome >= ? AND url IN {_URLS}",  # noqa: S608
        (UNREAD, FIRST_LOOK, article),
    )


def in_file(db: sqlite3.Connection, warc: str) -> list[Capture]:
    """Give the captures of a WARC file."""
    rows = db.execute(
        "SELECT c.* FROM captures c JOIN capture_rows k ON k.id = c.id JOIN warc_files f ON f.id = k.file"
        " WHERE f.warc = ? AND k.id BETWEEN f.first AND f.last ORDER BY c.offset",
        (warc,),
    )
    return [from_row(row) for row in rows]


def files(db: sqlite3.Connection, runs: Iterable[str] | None = None) -> set[str]:
    """Give the names of the WARC files that captures stand in: all, or those of some runs."""
    wanted = None if runs is None else set(runs)
    return {
        row["warc"] for row in db.execute("SELECT warc, run FROM warc_files") if wanted is None or row["run"] in wanted
    }


def held(db: sqlite3.Connection, warcs: Iterable[str]) -> int:
    """Count the captures that stand in some WARC files."""
    counted = (
        db.execute(
            "SELECT count(*) FROM warc_files f JOIN capture_rows k ON k.file = f.id AND k.id BETWEEN f.first AND f.last"
            " WHERE f.warc = ?",
            (warc,),
        ).fetchone()[0]
        for warc in warcs
    )
    return sum(map(int, counted))


def count(db: sqlite3.Connection) -> int:
    """Count the captures."""
    return int(db.execute("SELECT count(*) FROM capture_rows").fetchone()[0])
