"""What the database costs and how fast it answers as it grows, against whole files in git and NewsDiffs' way.

Run with ``make bench-database``, which puts the tables into ``docs/performance.md``, or with
``python -m benchmarks.database [VERSIONS]...``, which prints them.
"""

from __future__ import annotations

import base64
import hashlib
import json
import os
import platform
import random
import sqlite3
import statistics
import subprocess
import tempfile
import time
import uuid
from collections.abc import Callable, Iterable, Iterator
from contextlib import closing
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from functools import partial
from itertools import islice
from pathlib import Path

from benchmarks.keepers.git_store import GitStore
from benchmarks.keepers.like_newsdiffs import LikeNewsDiffs
from benchmarks.keepers.made import Made, disk
from benchmarks.keepers.made import versions as made_versions
from benchmarks.keepers.whole_in_git import WholeInGit
from benchmarks.paired import keep, parser
from storage import capture_rows, captures, contents, indexing, looks, runs, troubles, validators
from storage.archive import Archive
from storage.records import Capture, Evidence, Outcome, iso
from tests.makers import RUN, START, capture

_INSERT = (
    "INSERT INTO versions (article, version, first_seen, last_seen, url, section, title, subtitles, published, source,"
    " body, images, body_from, content_digest, layout, extractor, capture)"
    " VALUES (?,?,?,?,?,?,?,'[]',?,?,?,'[]','page',?,'MadeLayout','made:1',?)"
)
_AT = (
    "SELECT * FROM version_detail WHERE article = ?2 AND first_seen <= ?1"
    " ORDER BY first_seen DESC, version DESC LIMIT 1"
)
_OF = (
    "SELECT article, version, title FROM version_intervals WHERE section = 'press-release'"
    " AND source = ?2 AND first_seen <= ?1 AND coalesce(ended_before, '~') > ?1"
)
_HISTORY = "SELECT * FROM version_detail WHERE article = ?2 AND ?1 <> '' ORDER BY version"
SOURCE = "부처07"
MOST = {"gochim, text indexed": 100_000, WholeInGit: 100_000, LikeNewsDiffs: 10_000}
"""Up to so many versions a way is filled: beyond, it takes a quarter of an hour and more."""


def row(one: Made, one_capture: int) -> tuple[object, ...]:
    """Give the values that file a made version."""
    body = json.dumps([{"kind": "paragraph", "text": one.text}], ensure_ascii=False, separators=(",", ":"))
    return (
        one.article, one.version, iso(one.seen), iso(one.last_seen), f"https://www.example.kr/{one.article}",
        one.section, one.title, one.published, one.source, body,
        "sha256:" + hashlib.sha256(one.text.encode()).hexdigest(), one_capture,
    )  # fmt: skip


ARTICLES, ROUNDS = 4_000, 25
"""So many articles are looked at so many times again: 100,000 looks that find nothing new."""


_STATUS: dict[str, Callable[[sqlite3.Connection], object]] = {
    "addresses whose validators lied": validators.lied,
    "pages that no layout recognises": looks.unrecognised,
    "what is wrong, the lied included": troubles.wrong,
    "looks by outcome": looks.outcomes,
    "counts": contents.counts,
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
                    look_at_all(db, rng, firsts, number, what)
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


def look_at_all(db: sqlite3.Connection, rng: random.Random, firsts: dict[str, Capture], number: int, what: str) -> None:
    """File one look at each article, found as ``what`` says; ``firsts`` keeps what each was found as at first."""
    moment = START + timedelta(days=number)
    run = replace(RUN, run=f"{moment:%Y%m%dT%H%M%S}-{number:08x}", started_at=moment)
    runs.add(db, run)
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
        one = one._replace(payload_length=rng.randrange(80_000, 300_000))
        outcome: Outcome = "read"
        if name not in firsts:
            firsts[name] = one
        elif what == "revisit":
            first = firsts[name]
            seen = evidence._replace(payload_digest=first.evidence.payload_digest)
            one = one._replace(kind="revisit", refers_to=first.evidence.record_id, evidence=seen)
            one = one._replace(payload_sha256=first.payload_sha256, payload_length=first.payload_length)
        elif what == "time-out":
            one = one._replace(kind="failure", status=None, evidence=evidence._replace(payload_digest=None))
            one = one._replace(payload_sha256=None, payload_length=0, failure="timeout")
            outcome = "unreachable"
        capture_rows.add(db, [one])
        looks.file_looks(db, [(captures.number_of(db, one.evidence), outcome, 1 if outcome == "read" else None)])


class Ours:
    """The version database."""

    name = "gochim"

    def __init__(self, directory: Path) -> None:
        archive = Archive(directory)
        archive.create()
        self.db = archive.database()

    def keep(self, made: Iterable[Made]) -> None:
        """File versions, and leave the index of their text for later."""
        with self.db:
            runs.add(self.db, RUN)
            capture_rows.add(self.db, [capture(START)])
            one_capture = captures.number_of(self.db, capture(START).evidence)
            self.db.executemany(_INSERT, (row(one, one_capture) for one in made))

    def at(self, article: str, moment: datetime) -> int:
        """Read an article as it stood."""
        return self._read(_AT, moment, article)

    def of(self, source: str, moment: datetime) -> int:
        """Read the titles of all press releases of a ministry as they stood."""
        return self._read(_OF, moment, source)

    def history(self, article: str) -> int:
        """Read every version of an article."""
        return self._read(_HISTORY, START, article)

    def _read(self, query: str, moment: datetime, what: str) -> int:
        return len(self.db.execute(query, (iso(moment), what)).fetchall())


Keeper = Ours | WholeInGit | LikeNewsDiffs


def asked(keeper: Keeper, one: Made) -> tuple[list[float], int]:
    """Ask for an article at a moment, a ministry's at that moment, a history: milliseconds, and the ministry's rows."""
    moment = one.seen + timedelta(days=1)  # In git a day's versions stand from the end of its run on.
    spent = [
        _spent(partial(keeper.at, one.article, moment)),
        _spent(partial(keeper.of, SOURCE, moment)),
        _spent(partial(keeper.history, one.article)),
    ]
    return spent, keeper.of(SOURCE, moment)


def compared(number: int) -> Iterator[str]:
    """Fill every keeper with so many versions and ask; give the lines of a table in Markdown."""
    made = sorted(made_versions(number), key=lambda one: one.seen) if number <= MOST[WholeInGit] else []
    middle = made[number * 3 // 4] if made else next(islice(made_versions(number), number * 3 // 4, None))
    with tempfile.TemporaryDirectory() as directory:
        ours = Ours(Path(directory))
        with closing(ours.db):
            if number > MOST["gochim, text indexed"]:
                ours.db.execute("DROP TRIGGER search_waiting_new")
            start = time.perf_counter()
            ours.keep(made or made_versions(number))
            spent = time.perf_counter() - start
            own = _size(ours.db) / number
            times, rows = asked(ours, middle)
            yield _line(number, "gochim", own, own, spent, times, rows)
            if number <= MOST["gochim, text indexed"]:
                start = time.perf_counter()
                indexing.complete(ours.db)
                spent += time.perf_counter() - start
                size = _size(ours.db) / number
                yield _line(number, "gochim, text indexed", size, own, spent, times, rows)
    for maker in [one for one in (WholeInGit, LikeNewsDiffs) if number <= MOST[one]]:
        with tempfile.TemporaryDirectory() as directory:
            keeper = maker(Path(directory))
            start = time.perf_counter()
            keeper.keep(made)
            spent = time.perf_counter() - start
            yield _line(number, f"{keeper.name}, loose", disk(*keeper.places) / number, own, spent, None, 0)
            spent += keeper.gc()
            size = disk(*keeper.places) / number
            yield _line(number, f"{keeper.name}, packed", size, own, spent, *asked(keeper, middle), times)


def _line(  # noqa: PLR0913  # a line of the table has so many cells
    number: int, name: str, size: float, own: float, spent: float, times: list[float] | None, rows: int,
    ours: list[float] | None = None,
) -> str:  # fmt: skip
    """Write a line; times are followed by how many times ours they are."""
    cells = ["", "", ""]
    if times:
        cells = [f"{one:.2f}" for one in times]
        if ours:
            cells = [f"{cell} ({one / our:.1f}x)" for cell, one, our in zip(cells, times, ours, strict=True)]
        cells[1] += f", {rows:,} rows"
    told = " | ".join(cells)
    return f"| {number:,} | {name} | {size:,.0f} | {size / own:.2f} | {number / spent:,.0f} | {told} |"


def look_cost_in_git() -> tuple[float, float]:
    """Give the bytes a look takes as a line of text in git, one file and one commit a run: loose, packed."""
    rng = random.Random(1)
    with tempfile.TemporaryDirectory() as directory:
        store = GitStore(Path(directory) / "looks.git")
        empty = disk(store.path)
        runs = [(START + timedelta(days=one), one) for one in range(ROUNDS)]
        store.commit_all((moment, {f"{one}.tsv": _lines(rng, moment)}) for moment, one in runs)
        loose = disk(store.path) - empty
        store.gc()
        return loose / (ARTICLES * ROUNDS), (disk(store.path) - empty) / (ARTICLES * ROUNDS)


def _lines(rng: random.Random, moment: datetime) -> bytes:
    """Write what our row of a look says: when, which article, what came, where its record is, its digests."""
    lines, offset = [], 0
    for article in rng.sample(range(ARTICLES), ARTICLES):
        moment += timedelta(microseconds=rng.randrange(300_000, 1_500_000))
        offset += rng.randrange(15_000, 60_000)
        digest = base64.b32encode(rng.randbytes(20)).decode()
        record = uuid.UUID(int=rng.getrandbits(128), version=4)
        cells = (iso(moment), 148_000_000 + article, 200, offset, rng.randrange(12_000, 50_000), record, digest)
        lines.append("\t".join(map(str, cells)) + f"\t{rng.randbytes(32).hex()}\n")
    return "".join(lines).encode()


def tables(numbers: list[int]) -> Iterator[str]:
    """Measure everything and give Markdown, line by line."""
    git = subprocess.run(["git", "--version"], check=True, capture_output=True, text=True).stdout.split()[-1]
    yield (
        f"Machine: {os.cpu_count()} cores, {platform.machine()}, {platform.system()} {platform.release()}, Python "
        f"{platform.python_version()}, SQLite {sqlite3.sqlite_version}, git {git}; {datetime.now(UTC):%Y-%m-%d}."
    )
    yield from ("", f"| a look, {ARTICLES * ROUNDS:,} times | bytes | of ours |", "|---|---|---|")
    status: dict[str, float] = {}
    own = 0.0
    for what in ("page made anew", "revisit", "time-out"):
        grown, asked_then = look_cost(what)
        status, own = status or asked_then, own or grown
        yield f"| gochim: {what} | {grown:.1f} | {grown / own:.2f} |"
    for what, grown in zip(("loose", "packed"), look_cost_in_git(), strict=True):
        yield f"| git: page made anew, a line of text, {what} | {grown:.1f} | {grown / own:.2f} |"
    yield from (
        "| NewsDiffs' way | not kept | |",
        "",
        "| asked by status, after the first of these | ms |",
        "|---|---|",
    )
    yield from (f"| {name} | {spent:.1f} |" for name, spent in status.items())
    yield from (
        "",
        "| versions | kept as | bytes a version | of ours | versions filed a second | an article on a day, ms"
        " | a ministry's on a day, ms | a history, ms |",
        "|---|---|---|---|---|---|---|---|",
    )
    for number in numbers:
        yield from compared(number)


def main() -> None:
    """Measure and print; with ``--write`` into the page as well."""
    reader = parser(__doc__)
    reader.add_argument("versions", type=int, nargs="*", default=[1_000, 10_000, 100_000, 1_000_000])
    keep("database", tables(reader.parse_args().versions))


if __name__ == "__main__":
    main()
