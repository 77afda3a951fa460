"""A year of cron runs in minutes: a moved clock, a portal in this process, and what grows while it runs by itself.

Each run is a process of its own, as under cron: it opens the archive, recovers, chooses who is due within its budget,
keeps every exchange as a crawl does, reads, files and compares. Articles are published through the whole time and
edited after it with a falling hazard; which edits there are is known, so that none can be invented unseen. Run
``make bench-haul``, or ``python -m benchmarks.haul ARTICLES DAYS BUDGET`` for another size.
"""

from __future__ import annotations

import json
import os
import random
import resource
import sqlite3
import tempfile
import time
from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from itertools import islice, pairwise
from pathlib import Path
from statistics import median
from types import SimpleNamespace
from typing import Any

from benchmarks.corpus import BASE, answered
from benchmarks.paired import ROOT, keep, numbers
from cli import database, passes
from crawler import archiving, watch
from crawler.archiving import Keeper
from crawler.outlook import Rules, look_ahead
from crawler.portal import Portal
from crawler.revisits import due, ranked
from crawler.sections import SECTIONS
from replica.exchange import Request
from replica.portal import Portal as Replica
from storage import changes, contents
from storage.archive import Archive
from storage.change_query import Query
from storage.records import Exchange

PORTAL = Portal(BASE)
BEGIN = datetime(2026, 1, 1, tzinfo=UTC)
EVERY = timedelta(hours=6)
PAGE = ROOT / "docs" / "scheduling.md"
USUAL = {"articles": 1_000, "days": 60, "budget": 100}
"""Articles, days, looks a run."""
SIZES = (10_000, 100_000, 1_000_000)
CHOSEN = 3_000
"""The looks of a run among very many articles."""


@dataclass(frozen=True, slots=True)
class Told:
    """One article's life: when it was published, and when it was edited."""

    number: int
    published: datetime
    edits: tuple[datetime, ...]

    def edition(self, now: datetime) -> int:
        """Give how often it was edited by then."""
        return sum(one <= now for one in self.edits)


def lives(articles: int, days: int) -> list[Told]:
    """Draw lives: a third are there at the beginning, others come day by day; every third is edited, soon or late."""
    draw = random.Random(6)
    found = []
    for number in range(articles):
        early = number < articles // 3
        published = (
            BEGIN - timedelta(days=draw.uniform(0, 300)) if early else BEGIN + timedelta(days=draw.uniform(0, days))
        )
        times = [published + timedelta(hours=draw.paretovariate(0.6)) for _ in range(draw.choice((0, 0, 0, 0, 1, 2)))]
        found.append(Told(number, published, tuple(sorted(times))))
    return found


class Pages:
    """Pages of the replica's policy news, each article's with its own number, day and edition."""

    def __init__(self) -> None:
        replica = Replica.load(sections=["policy-news"])
        self._pages = []
        for name in replica.shown():
            truth = replica.truth(name)
            target = "/" + truth["url"].split("/", 3)[3]
            answer = replica.answer(Request("GET", target, {}, origin=BASE))
            self._pages.append((name.encode(), target, answer.body, truth["title"].encode(), answer.media_type))

    def address(self, number: int) -> str:
        """Give an article's address."""
        name, target, *_ = self._pages[number % len(self._pages)]
        return BASE + target.replace(name.decode(), str(149_000_000 + number))

    def exchange(self, one: Told, now: datetime) -> Exchange:
        """Give what a look at an article brings."""
        name, target, body, title, media_type = self._pages[one.number % len(self._pages)]
        own = str(149_000_000 + one.number)
        body = body.replace(name, own.encode()).replace(title, title + f" ({one.edition(now)})".encode())
        target = target.replace(name.decode(), own)
        head = f"HTTP/1.1 200 OK\r\nContent-Type: {media_type}\r\nContent-Length: {len(body)}\r\n\r\n".encode()
        request = f"GET {target} HTTP/1.1\r\nHost: www.example.kr\r\n\r\n".encode()
        return answered(BASE + target, now, request, head, body)


def once(archive: Archive, pages: Pages, told: list[Told], at: datetime, budget: int) -> dict[str, Any]:
    """Do one run and give what its parts took, in seconds of the processor."""
    clock = [at]
    archiving.datetime = SimpleNamespace(now=lambda _: clock[0])  # type: ignore[misc,assignment]
    by_name = {str(149_000_000 + one.number): one for one in told}
    marks = [time.process_time()]

    def mark() -> None:
        marks.append(time.process_time())

    with closing(archive.database()) as db, archive.locked():
        database.recover(archive, db, PORTAL)
        mark()
        look_ahead(db, Rules())
        fresh = [one for one in told if at - EVERY < one.published <= at or (at == BEGIN and one.published <= at)]
        chosen = [by_name[one.article] for one in islice(due(db, at, "due", tuple(SECTIONS)), budget)]
        mark()
        keeper = Keeper(archive, db, PORTAL, watch.load(archive.settings_path))
        for one in [*fresh, *(one for one in chosen if one not in fresh)]:
            clock[0] += timedelta(seconds=1)
            keeper.keep(pages.exchange(one, clock[0]))
        keeper.close("finished")
        mark()
        passes.catch_up(archive, db, PORTAL)
        mark()
    parts = [later - earlier for earlier, later in pairwise(marks)]
    return {"looks": keeper.kept, **dict(zip(("recover", "choose", "keep", "read"), parts, strict=True))}


def forked(archive: Archive, pages: Pages, told: list[Told], at: datetime, budget: int) -> dict[str, Any]:
    """Do one run in a process of its own; give, too, its processor time and the most memory it held."""
    reading, writing = os.pipe()
    child = os.fork()
    if not child:
        os.close(reading)
        os.write(writing, json.dumps(once(archive, pages, told, at, budget)).encode())
        os._exit(0)
    os.close(writing)
    with os.fdopen(reading) as pipe:
        result = pipe.read()
    _, status, used = os.wait4(child, 0)
    if status:
        raise RuntimeError(f"the run of {at} ended with {os.waitstatus_to_exitcode(status)}")
    return {**json.loads(result), "cpu": used.ru_utime + used.ru_stime, "memory": used.ru_maxrss / 1024}


def haul(articles: int, days: int, budget: int) -> Iterator[str]:
    """Run for so many days, four runs each; give a table in Markdown, a line for each tenth of the time.

    Raises:
        RuntimeError: An edit was told that was never made.
    """
    told, pages = lives(articles, days), Pages()
    size = pages.exchange(told[0], BEGIN).response_length // 1000
    yield (
        f"{articles:,} articles, {days} days, {days * 4} runs of at most {budget} looks at known articles; pages of "
        f"{size} kB; medians of each tenth, seconds are the processor's."
    )
    yield from (
        "",
        "| day | articles | captures | WARC, MB | database, MB | bytes of database a capture | looks a run | choose, s"
        " | keep, s | read and compare, s | processor of a run, s | memory, MB |",
        "|---|---|---|---|---|---|---|---|---|---|---|---|",
    )
    with tempfile.TemporaryDirectory(dir="/dev/shm" if Path("/dev/shm").is_dir() else None) as directory:
        archive = Archive(Path(directory))
        archive.create()
        archive.settings_path.write_text(watch.written(url=BASE, contact="a@example.kr"), encoding="utf-8")
        archive.database().close()
        runs: list[dict[str, Any]] = []
        for number in range(days * 4):
            runs.append(forked(archive, pages, told, BEGIN + number * EVERY, budget))
            if (number + 1) % (days * 4 // 10) == 0:
                yield _line(archive, (number + 1) // 4, runs)
                runs = []
        yield from ("", _judged(archive, told, BEGIN + timedelta(days=days)))


def _line(archive: Archive, day: int, runs: list[dict[str, Any]]) -> str:
    with closing(archive.database()) as db:
        counts = contents.counts(db)
        db.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    warc = sum(one.stat().st_size for one in archive.warcs.iterdir())
    size = archive.database_path.stat().st_size
    middle = {name: median(one[name] for one in runs) for name in runs[0]}
    spent = " | ".join(f"{middle[name]:.2f}" for name in ("choose", "keep", "read", "cpu"))
    return (
        f"| {day} | {counts['articles']:,} | {counts['captures']:,} | {warc / 1e6:.1f} | {size / 1e6:.1f} |"
        f" {size / counts['captures']:.0f} | {middle['looks']:.0f} | {spent} | {middle['memory']:.0f} |"
    )


def _judged(archive: Archive, told: list[Told], end: datetime) -> str:
    """Hold the changes told against the edits made."""
    first = {str(149_000_000 + one.number): one for one in told}
    with closing(archive.database()) as db:
        seen = [(one.article, one.old_last_seen, one.new_first_seen, one.kind) for one in changes.each(db, Query())]
    for article, before, after, kind in seen:
        if kind != "edited" or not any(before < one <= after for one in first[article].edits):
            raise RuntimeError(f"told of {article}, {kind} between {before} and {after}: there was no such edit")
    made = sum(BEGIN < edit <= end and edit > max(one.published, BEGIN) for one in told for edit in one.edits)
    return f"{made} edits were made while the archive ran, {len(seen)} changes told, none of them invented."


def choosing(number: int) -> str:
    """Measure the choice of who is due among so many articles, twice in turn; give a line of a table."""
    at = BEGIN + timedelta(days=400)
    with tempfile.TemporaryDirectory() as directory:
        archive = Archive(Path(directory))
        archive.create()
        with closing(archive.database()) as db:
            _fill(db, number)
        cells, most = [], 0
        for moment in (at, at + EVERY):
            used = _chosen(archive, moment)
            most = max(most, used.ru_maxrss)
            cells.append((archive.root / "spent").read_text())
        return f"| {number:,} | {' | '.join(cells)} | {most / 1024:.0f} |"


def _chosen(archive: Archive, at: datetime) -> resource.struct_rusage:
    """Choose in a process of its own, note what it took, and file the looks at those chosen."""
    child = os.fork()
    if not child:
        with closing(archive.database()) as db:
            begun, cpu = time.perf_counter(), time.process_time()
            look_ahead(db, Rules())
            ahead = time.process_time() - cpu
            first = list(islice(ranked(db, at, "due", tuple(SECTIONS)), CHOSEN))
            wall, spent = time.perf_counter() - begun, time.process_time() - cpu - ahead
            (archive.root / "spent").write_text(f"{ahead:.2f} | {spent:.2f} | {wall:.2f}")
            looked = f"{at:%Y-%m-%dT%H:%M:%S}+00:00"
            with db:
                db.executemany(
                    "UPDATE articles SET last_checked = ? WHERE article = ?", ((looked, one.article) for one in first)
                )
        os._exit(0)
    _, status, used = os.wait4(child, 0)
    if status:
        raise RuntimeError("the choice failed")
    return used


def _fill(db: sqlite3.Connection, number: int) -> None:
    """Fill in articles as the looks of years leave them, and nothing else."""
    draw = random.Random(7)
    sections = ("press-release", "policy-news", "fact-check")

    def rows() -> Iterator[tuple[object, ...]]:
        for one in range(number):
            name = str(140_000_000 + one)
            seen = BEGIN + timedelta(days=draw.uniform(-3000, 395))
            looked = max(seen, BEGIN + timedelta(days=400 - draw.expovariate(1 / 20)))
            url = f"{BASE}/news/policyNewsView.do?newsId={name}"
            times = (f"{seen:%Y-%m-%dT%H:%M:%S}+00:00", *[f"{looked:%Y-%m-%dT%H:%M:%S}+00:00"] * 2)
            yield (
                name, url, draw.choice(sections), f"제목 {one}", f"부처{one % 50:02d}", None, f"{seen:%Y-%m-%d}", 1, 1,
                "live", *times, times[0],
            )  # fmt: skip

    db.execute("PRAGMA foreign_keys = OFF")
    with db:
        db.executemany("INSERT INTO articles VALUES (?,?,?,?,?,?,?,?,?,?,?,?,?,?)", rows())


def tables(articles: int, days: int, budget: int, sizes: tuple[int, ...]) -> Iterator[str]:
    """Measure everything and give Markdown, line by line."""
    yield from haul(articles, days, budget)
    yield from (
        "",
        "| articles known | first run: look ahead, s | choose, s | both, s on the clock | next run: look ahead, s |"
        " choose, s | both, s on the clock | memory, MB |",
        "|---|---|---|---|---|---|---|---|",
    )
    for number in sizes:
        yield choosing(number)


def main() -> None:
    """Measure and print; with ``--write`` into the page as well."""
    articles, days, budget = numbers(__doc__, **USUAL)
    keep("haul", tables(articles, days, budget, SIZES), PAGE)


if __name__ == "__main__":
    main()
