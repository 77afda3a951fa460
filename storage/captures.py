"""Find captures: by record, address, article, run and file, and those that a reading needs.

The rows can be made again from the WARC files. They are written by :mod:`storage.capture_rows`, stored small
(``storage/migrations``, m005), and read here through the view ``captures``.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable
from datetime import datetime
from typing import NamedTuple

from storage.originals import NEWEST_WHOLE
from storage.page_captures import of_number
from storage.records import Capture, Evidence, iso
from storage.stored import moment_of, stored_record, ticks


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


_WHOLE = "(truncated IS NULL AND failure IS NULL AND (status = 200 OR (status = 304 AND kind = 'revisit')))"
"""A capture whose payload can be read: fetched whole, or the server's word that it is still the one before."""


def last_whole(db: sqlite3.Connection, url: str) -> Capture | None:
    """Find the newest capture of an address that was fetched whole with status 200."""
    row = db.execute(f"SELECT k.id {NEWEST_WHOLE}", (url,)).fetchone()
    return of_number(db, row["id"]) if row is not None else None


def by_record(db: sqlite3.Connection, record_id: str) -> Evidence | None:
    """Find where a record that a revisit repeats stands, by its WARC-Record-ID."""
    found = repeated(db, record_id)
    return found.evidence if found is not None else None


def repeated(db: sqlite3.Connection, record_id: str) -> Capture | None:
    """Find the capture that a revisit repeats, by its WARC-Record-ID."""
    row = db.execute("SELECT capture FROM originals WHERE record_id = ?", (stored_record(record_id),)).fetchone()
    return of_number(db, row["capture"]) if row is not None else None


def by_id(db: sqlite3.Connection, number: int) -> Capture:
    """Give a capture by its number.

    Raises:
        KeyError: There is none.
    """
    found = of_number(db, number)
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


def is_own_run(db: sqlite3.Connection, run: str) -> bool:
    """Say whether a run's captures are filed from a WARC file that was not imported."""
    row = db.execute("SELECT 1 FROM warc_files WHERE run = ? AND warc NOT LIKE 'warc/import-%'", (run,)).fetchone()
    return row is not None


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


def addresses(db: sqlite3.Connection, article: str) -> list[str]:
    """Give the addresses at which an article's page was ever fetched whole, the newest first."""
    rows = db.execute(
        "SELECT url, max(captured_at) AS newest FROM captures WHERE article = ? AND role = 'article'"  # noqa: S608
        f" AND {_WHOLE} GROUP BY url ORDER BY newest DESC",
        (article,),
    )
    return [row["url"] for row in rows]


OF_RUN = (
    "k.id BETWEEN (SELECT min(first) FROM warc_files WHERE run = ?1)"
    " AND (SELECT max(last) FROM warc_files WHERE run = ?1)"
    " AND k.file IN (SELECT id FROM warc_files WHERE run = ?1)"
)


def count_of_run(db: sqlite3.Connection, run: str) -> int:
    """Count the captures of a run, each of which was one request."""
    (count,) = db.execute(f"SELECT count(*) FROM capture_rows k WHERE {OF_RUN}", (run,)).fetchone()  # noqa: S608
    return int(count)


def last_failure(db: sqlite3.Connection, run: str) -> str | None:
    """Say why the newest request of ``run`` that nobody answered was not; what robots.txt held back was never asked."""
    row = db.execute(
        f"SELECT failure_detail FROM captures WHERE id IN (SELECT k.id FROM capture_rows k WHERE {OF_RUN})"  # noqa: S608
        " AND failure != 'robots' AND failure_detail IS NOT NULL ORDER BY id DESC LIMIT 1",
        (run,),
    ).fetchone()
    return None if row is None else str(row[0])


def robots_led(db: sqlite3.Connection, run: str) -> tuple[str, str] | None:
    """Give the address of robots.txt and where it led, if that is the last that a run came to."""
    row = db.execute(
        f"SELECT url, location, role FROM captures WHERE id IN (SELECT k.id FROM capture_rows k WHERE {OF_RUN})"  # noqa: S608
        " AND coalesce(failure, '') NOT IN ('robots', 'off-host') ORDER BY id DESC LIMIT 1",
        (run,),
    ).fetchone()
    return (row["url"], row["location"]) if row is not None and row["role"] == "robots" and row["location"] else None


def of_run(db: sqlite3.Connection, run: str) -> list[Capture]:
    """Give the captures of a run in order of time."""
    rows = db.execute(
        f"SELECT * FROM captures WHERE id IN (SELECT k.id FROM capture_rows k WHERE {OF_RUN})"  # noqa: S608
        " ORDER BY captured_at, warc, offset",
        (run,),
    )
    return [from_row(row) for row in rows]


def lists(db: sqlite3.Connection, run: str) -> list[Capture]:
    """Give a run's captures of list pages, in order of time."""
    rows = db.execute(
        "SELECT * FROM captures WHERE id IN (SELECT k.id FROM capture_rows k JOIN urls u ON u.id = k.url"  # noqa: S608
        f" WHERE u.role = 'list' AND {OF_RUN}) ORDER BY captured_at, warc, offset",
        (run,),
    )
    return [from_row(row) for row in rows]


class Moment(NamedTuple):
    """When an address was captured, and the number of the capture: of a list's page there are many thousands."""

    id: int
    url: str
    captured_at: datetime


def of_url(db: sqlite3.Connection, url: str) -> list[Moment]:
    """Give when an address gave an answer, oldest first; failures are none."""
    rows = db.execute(
        "SELECT k.id, k.id - k.later AS at FROM urls u CROSS JOIN capture_rows k ON k.url = u.id"
        " JOIN answers a ON a.id = k.answer WHERE u.url = ? AND a.kind <> 'failure' ORDER BY at, k.id",
        (url,),
    )
    return [Moment(row["id"], url, moment_of(row["at"])) for row in rows]


def newest_of_url(db: sqlite3.Connection, url: str, most: int) -> list[Capture]:
    """Give so many of these, the newest first."""
    return _some_of_url(db, url, "true", "k.id DESC", most)


def nearest_of_url(db: sqlite3.Connection, url: str, moment: datetime) -> list[Capture]:
    """Give that of these which is nearest to a moment, the earlier of two; nothing where there is none."""
    before = _some_of_url(db, url, f"k.id <= {ticks(moment)}", "k.id DESC", 1)
    after = _some_of_url(db, url, f"k.id > {ticks(moment)}", "k.id", 1)
    return sorted([*before, *after], key=lambda one: abs(one.captured_at - moment))[:1]


def _some_of_url(db: sqlite3.Connection, url: str, where: str, order: str, most: int) -> list[Capture]:
    # Numbers are moments: what is wanted is found in the index, and only that is read.
    rows = db.execute(
        "SELECT k.id FROM urls u CROSS JOIN capture_rows k ON k.url = u.id JOIN answers a ON a.id = k.answer"  # noqa: S608
        f" WHERE u.url = ? AND a.kind <> 'failure' AND {where} ORDER BY {order} LIMIT ?",
        (url, most),
    ).fetchall()
    return [by_id(db, row["id"]) for row in rows]


def seen_at(db: sqlite3.Connection, article: str | None, url: str) -> bool:
    """Say whether an article was ever looked at under this address."""
    row = db.execute(
        "SELECT 1 FROM urls u JOIN capture_rows k ON k.url = u.id WHERE u.url = ? AND u.article = ?", (url, article)
    ).fetchone()
    return row is not None


def beside(db: sqlite3.Connection, page: Capture, url: str) -> Capture | None:
    """Find the capture of ``url`` that belongs to the look at ``page``: of the same run, whole, nearest after it.

    A file that two articles share is fetched once a run, so one from before the page will do; one from after
    comes first. Without a whole one, the failed one is given, so that its reason can be told.
    """
    if db.execute("SELECT 1 FROM urls WHERE url = ?", (url,)).fetchone() is None:
        return None  # Found out for a tenth of what the search below costs; most pictures are never fetched.
    row = db.execute(
        f"SELECT *, {_WHOLE} AS whole, captured_at >= ?1 AS after FROM captures WHERE id IN"  # noqa: S608
        " (SELECT k.id FROM urls u JOIN capture_rows k ON k.url = u.id WHERE u.url = ?3 AND k.id BETWEEN"
        " (SELECT min(first) FROM warc_files WHERE run = ?2) AND (SELECT max(last) FROM warc_files WHERE run = ?2))"
        " AND run = ?2 ORDER BY whole DESC, after DESC,"
        " CASE WHEN captured_at >= ?1 THEN captured_at END ASC, captured_at DESC, warc, offset LIMIT 1",
        (iso(page.captured_at), page.run, url),
    ).fetchone()
    return from_row(row) if row else None


def original_elsewhere(db: sqlite3.Connection, capture: Capture) -> str | None:
    """Give the address of the record that a capture repeats, None where it repeats none or one of its own address."""
    row = db.execute(
        "SELECT u.url FROM capture_rows k JOIN capture_rows o ON o.id = k.original JOIN urls u ON u.id = o.url"
        " WHERE k.id = ? AND o.url <> k.url",
        (capture.id or number_of(db, capture.evidence),),
    ).fetchone()
    return None if row is None else str(row["url"])


def later(db: sqlite3.Connection, first: Capture, url: str) -> Capture | None:
    """Find the first whole capture of ``url`` that the run of ``first`` made after it, a failed one without any."""
    row = db.execute(
        "SELECT * FROM captures WHERE id IN (SELECT k.id FROM urls u JOIN capture_rows k ON k.url = u.id"  # noqa: S608
        f" WHERE u.url = ? AND k.id > ?) AND run = ? ORDER BY {_WHOLE} DESC, captured_at, warc, offset LIMIT 1",
        (url, first.id, first.run),
    ).fetchone()
    return from_row(row) if row else None


def before(db: sqlite3.Connection, page: Capture, url: str) -> Capture | None:
    """Give the last capture of ``url`` before the look at ``page``."""
    row = db.execute(
        "SELECT * FROM captures WHERE id = (SELECT max(k.id) FROM urls u JOIN capture_rows k ON k.url = u.id"
        " WHERE u.url = ? AND k.id < ?)",
        (url, ticks(page.captured_at)),
    ).fetchone()
    return from_row(row) if row else None


def unread_answers(db: sqlite3.Connection) -> list[Capture]:
    """Give the open API's whole answers that are in no row of ``api_answers``, in order of time."""
    rows = db.execute(
        "SELECT * FROM captures WHERE id IN (SELECT k.id FROM urls u JOIN capture_rows k ON k.url = u.id"  # noqa: S608
        f" WHERE u.role = 'api') AND id NOT IN (SELECT capture FROM api_answers) AND {_WHOLE}"
        " ORDER BY captured_at, warc, offset"
    )
    return [from_row(row) for row in rows]


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
    return int(db.execute("SELECT sum(captures) FROM outcomes").fetchone()[0])
