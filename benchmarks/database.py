"""What a look costs in the database, and how long it takes to ask what stood on a day, as the archive grows.

Run with ``python -m benchmarks.database [VERSIONS]...``.
"""

from __future__ import annotations

import base64
import random
import sqlite3
import statistics
import sys
import tempfile
import time
import uuid
from collections.abc import Callable, Iterator
from contextlib import closing
from dataclasses import replace
from datetime import timedelta
from functools import partial
from pathlib import Path

from storage import captures, changes, checks
from storage.archive import Archive
from storage.records import Capture, Evidence, Outcome, iso
from tests.makers import RUN, START, capture

_BODY = '[{"kind":"paragraph","text":"' + "마을 도서관이 문을 연다. " * 20 + '"}]'
_INSERT = (
    "INSERT INTO versions (article, version, first_seen, last_seen, url, section, title, subtitles, published, source,"
    " body, images, body_from, content_digest, layout, extractor, capture)"
    " VALUES (?,?,?,?,?,?,?,'[]',?,?,?,'[]','page',?,'MadeLayout','made:1',?)"
)
_QUERIES = {
    "what one article said then": (
        "SELECT * FROM version_detail WHERE article = '148000007' AND first_seen <= ? ORDER BY version DESC LIMIT 1"
    ),
    "every press release of a ministry as it stood then": (
        "SELECT article, version, title FROM version_intervals WHERE section = 'press-release'"
        " AND source = '부처07' AND first_seen <= ?1 AND coalesce(ended_before, '~') > ?1"
    ),
    "those that it published on that day": (
        "SELECT article, version, title FROM version_intervals WHERE section = 'press-release' AND source = '부처07'"
        " AND published = substr(?1, 1, 10) AND first_seen <= ?1 AND coalesce(ended_before, '~') > ?1"
    ),
}


def rows(number: int, one_capture: int) -> Iterator[tuple[object, ...]]:
    """Give so many versions of articles that appear every two minutes and change up to three times, a month apart."""
    rng, made, article = random.Random(2), 0, 148_000_000
    while made < number:
        article += 1
        begin = START + timedelta(minutes=2 * (article - 148_000_000))
        section = rng.choice(("press-release", "press-release", "policy-news", "fact-check"))
        source = f"부처{rng.randrange(50):02d}"
        for version in range(1, rng.choice((1, 1, 1, 1, 2, 3)) + 1):
            seen = begin + timedelta(days=30 * (version - 1))
            made += 1
            yield (
                str(article), version, iso(seen), iso(seen + timedelta(days=20)), f"https://www.example.kr/{article}",
                section, f"제목 {made} 마을 도서관 열두 곳이 새로 문을 연다", iso(begin)[:10], source, _BODY,
                f"sha256:{made:064x}", one_capture,
            )  # fmt: skip


ARTICLES, ROUNDS = 4_000, 25
"""So many articles are looked at so many times again: 100,000 looks that find nothing new."""


_STATUS: dict[str, Callable[[sqlite3.Connection], object]] = {
    "addresses whose validators lied": captures.lied,
    "pages that no layout recognises": captures.unrecognised,
    "what is wrong, the lied included": checks.wrong,
    "looks by outcome": captures.outcomes,
    "counts": changes.counts,
}


def look_cost(what: str) -> tuple[float, dict[str, float]]:
    """Give the bytes by which the database grows with a look, indices counted, and how long ``status`` then asks."""
    rng = random.Random(1)
    with tempfile.TemporaryDirectory() as directory:
        archive = Archive(Path(directory))
        archive.create()
        with closing(archive.database()) as db:
            firsts: dict[str, Capture] = {}
            before = 0
            for number in range(ROUNDS + 1):
                with db:
                    _look_at_all(db, rng, firsts, number, what)
                before = before or _size(db)
            grown = (_size(db) - before) / (ARTICLES * ROUNDS)
            return grown, {name: _spent(partial(ask, db)) for name, ask in _STATUS.items()}


def _spent(ask: Callable[[], object]) -> float:
    """Give the median time of five calls in milliseconds."""
    times = []
    for _ in range(5):
        start = time.perf_counter()
        ask()
        times.append((time.perf_counter() - start) * 1000)
    return statistics.median(times)


def _size(db: sqlite3.Connection) -> int:
    free, used = (int(db.execute(f"PRAGMA {one}_count").fetchone()[0]) for one in ("freelist", "page"))
    return (used - free) * int(db.execute("PRAGMA page_size").fetchone()[0])


def _look_at_all(
    db: sqlite3.Connection, rng: random.Random, firsts: dict[str, Capture], number: int, what: str
) -> None:
    moment = START + timedelta(days=number)
    run = replace(RUN, run=f"{moment:%Y%m%dT%H%M%S}-{number:08x}", started_at=moment)
    captures.add_run(db, run)
    names, offset = [str(148_000_000 + one * 37 % 1_000_003) for one in range(ARTICLES)], 0
    for name in rng.sample(names, len(names)):
        moment += timedelta(microseconds=rng.randrange(300_000, 1_500_000))
        offset += rng.randrange(15_000, 60_000)
        digest = "sha1:" + base64.b32encode(rng.randbytes(20)).decode()
        record = f"urn:uuid:{uuid.UUID(int=rng.getrandbits(128), version=4)}"
        evidence = Evidence(
            f"warc/{run.run}-00000.warc.gz", offset, rng.randrange(12_000, 50_000), record, digest, moment
        )
        one = capture(moment, name, evidence=evidence, run=run.run, payload_sha256=rng.randbytes(32).hex())
        one = replace(one, payload_length=rng.randrange(80_000, 300_000))
        outcome: Outcome = "read"
        if name not in firsts:
            firsts[name] = one
        elif what == "revisit":
            first = firsts[name]
            seen = replace(evidence, payload_digest=first.evidence.payload_digest)
            one = replace(one, kind="revisit", refers_to=first.evidence.record_id, evidence=seen)
            one = replace(one, payload_sha256=first.payload_sha256, payload_length=first.payload_length)
        elif what == "time-out":
            one = replace(one, kind="failure", status=None, evidence=replace(evidence, payload_digest=None))
            one = replace(one, payload_sha256=None, payload_length=0, failure="timeout")
            outcome = "unreachable"
        captures.add(db, [one])
        captures.file_look(db, captures.number_of(db, one.evidence), outcome, 1 if outcome == "read" else None)


def latency(db: sqlite3.Connection, query: str, moment: str) -> tuple[float, int]:
    """Give the median time of a query in milliseconds, and its rows."""
    found = len(db.execute(query, (moment,)).fetchall())
    return _spent(lambda: db.execute(query, (moment,)).fetchall()), found


def asked(number: int) -> Iterator[str]:
    """Fill an archive with so many versions, ask, and give lines of a table in Markdown."""
    with tempfile.TemporaryDirectory() as directory:
        archive = Archive(Path(directory))
        archive.create()
        with closing(archive.database()) as db:
            # What is measured here needs no index of the text.
            db.execute("DROP TRIGGER search_waiting_new")
            with db:
                captures.add_run(db, RUN)
                captures.add(db, [capture(START)])
                db.executemany(_INSERT, rows(number, captures.number_of(db, capture(START).evidence)))
            noon = "SELECT published || 'T12:00' FROM versions WHERE id = ?"
            (moment,) = db.execute(noon, (number * 3 // 4,)).fetchone()
            size = archive.database_path.stat().st_size / 1e6
            for name, query in _QUERIES.items():
                spent, found = latency(db, query, moment)
                yield f"| {number:,} | {size:.0f} | {name} | {found:,} | {spent:.2f} |"


def main() -> None:
    """Measure, and print tables in Markdown."""
    print(f"| look, {ARTICLES * ROUNDS:,} times | bytes |\n|---|---|")
    status: dict[str, float] = {}
    for what in ("page made anew", "revisit", "time-out"):
        grown, asked_then = look_cost(what)
        status = status or asked_then
        print(f"| {what} | {grown:.1f} |", flush=True)
    print("\n| asked by status, after the first of these | ms |\n|---|---|")
    for name, spent in status.items():
        print(f"| {name} | {spent:.1f} |")
    print("\n| versions | MB | query | rows | ms |\n|---|---|---|---|---|")
    for number in [int(one) for one in sys.argv[1:]] or [10_000, 100_000, 1_000_000]:
        for line in asked(number):
            print(line, flush=True)


if __name__ == "__main__":
    main()
