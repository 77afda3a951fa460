"""Fill an archive's database with so many captures and time each stage: ``python -m benchmarks.growth.growing N DIR``.

A tenth as many articles are looked at ten times over, once a day, by runs of a thousand looks; every fifth is edited
once. With ``warc`` behind them it fills WARC files instead, and times what reads them.
"""

from __future__ import annotations

import hashlib
import random
import sqlite3
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass, field, replace
from datetime import timedelta
from itertools import islice
from pathlib import Path
from typing import Any

from benchmarks.corpus import BASE
from benchmarks.growth.filling import EDITED, LOOKS, RUN
from benchmarks.paired import peak, report
from benchmarks.search import text
from cli import comparing, database
from cli.main import gochim
from crawler import revisits
from crawler.layouts import extractor
from crawler.portal import Portal
from diffing.edition import differ
from storage import about, capture_rows, changes, indexing, judgements, originals, page_captures, runs, search
from storage.archive import Archive, fill_in_bulk
from storage.change_query import Query
from storage.checks import verify
from storage.letters import fold
from storage.missed import missed
from storage.records import Article, Block, Capture, Reading, Run
from tests.makers import PORTAL, START, capture, file_readings
from tests.makers import RUN as A_RUN

_AT_ONCE = 1_000
"""Articles that are read or compared in one transaction."""


@dataclass(slots=True)
class Stages:
    """Seconds of CPU and how many units each stage took."""

    spent: dict[str, tuple[float, int]] = field(default_factory=dict)

    @contextmanager
    def of(self, name: str, units: Callable[[], int]) -> Iterator[None]:
        """Time a stage; what it counts is asked for when it is done."""
        begun = time.process_time()
        yield
        self.spent[name] = (time.process_time() - begun, units())
        print(f"{name}: {self.spent[name][0]:.1f} s, {peak():.0f} MiB at most so far", file=sys.stderr)


def _article(number: int, *, edited: bool) -> Article:
    rng = random.Random(number)
    body = text(rng)
    name = str(149_000_001 + number)
    return Article(
        article=name,
        url=f"{PORTAL}/news/policyNewsView.do?newsId={name}",
        section="policy-news",
        title=" ".join(body.split()[:5]),
        published=f"{START + timedelta(minutes=number % 1440):%Y-%m-%dT%H:%M:%S}+09:00",
        source=f"부처{number % 50:02d}",
        body=(Block("paragraph", body + (" 3,000억 원을 더 쓴다." if edited else " 2,000억 원을 쓴다.")),),
        licence="KOGL-1",
    )


def _captures(articles: int) -> Iterator[Capture]:
    for day in range(LOOKS):
        for number in range(articles):
            edited = number % EDITED == 0 and day >= LOOKS // 2
            name = str(149_000_001 + number)
            moment = START + timedelta(days=day, seconds=number * 80_000 / articles)
            digest = hashlib.sha256(f"{name} {edited}".encode()).hexdigest()
            run = _run(day, number)
            made = capture(moment, name, payload_sha256=digest, run=run)
            evidence = made.evidence._replace(warc=f"warc/{run}.warc.gz", offset=number % RUN * 9_000)
            yield made._replace(evidence=evidence)


def _run(day: int, number: int) -> str:
    return f"made-{day:02d}-{number // RUN:05d}"


def _runs(articles: int) -> Iterator[Run]:
    for day in range(LOOKS):
        for number in range(0, articles, RUN):
            moment = START + timedelta(days=day, seconds=number * 80_000 / articles)
            yield replace(A_RUN, run=_run(day, number), started_at=moment)


def rows(captured: int, directory: Path) -> dict[str, Any]:
    """Fill a database, and time what fills it and what asks it."""
    articles, stages = captured // LOOKS, Stages()
    archive = Archive(directory)
    archive.create()
    archive.settings_path.write_text(f'[portal]\nurl = "{PORTAL}"\n', encoding="utf-8")
    with closing(archive.database()) as db:
        fill_in_bulk(db)
        with db:
            # What reads the archive would else read every page again, for which there are no WARC files, and compare
            # every article again.
            about.put(db, "extractor", extractor())
            judgements.compare_all(db, differ())
            for one in _runs(articles):
                runs.add(db, one)
        made = _captures(articles)
        with stages.of("filing captures", lambda: captured):
            while some := list(islice(made, _AT_ONCE)):
                with db:
                    capture_rows.add(db, some)
        names = [str(149_000_001 + number) for number in range(articles)]
        with stages.of("reading looks into versions", lambda: captured):
            _each(db, names, lambda name: file_readings(db, name, _readings(db, name)))
        with stages.of("comparing", lambda: articles):
            _each(db, names, lambda name: comparing.file(db, comparing.compared(db, name, anew=False)))
        found = changes.total(db, Query())
        if found != -(-articles // EDITED):
            raise RuntimeError(f"{found} changes were found of {articles} articles")
        with stages.of("indexing", lambda: articles + found):
            indexing.complete(db)
        _ask(db, stages, names)
    with stages.of("judging runs", lambda: captured):
        database.opened(archive, Portal(PORTAL)).close()
    with stages.of("a command that finds nothing new", lambda: 1):
        database.opened(archive, Portal(PORTAL)).close()
    with stages.of("a report of all changes (500 told)", lambda: found):
        asked = ["report", "--archive", str(directory), "-q", "-o", str(directory / "report.html")]
        gochim.main(asked, standalone_mode=False)
    with closing(archive.database()) as db:
        with stages.of("what may have been missed", lambda: articles):
            missed(db, START + timedelta(days=LOOKS))
        with stages.of("what verify asks of the database", lambda: captured):
            _verified(archive, db)
    return {"count": captured, "stages": stages.spent}


def _each(db: sqlite3.Connection, names: list[str], file: Callable[[str], object]) -> None:
    """File something of each article, many of them in one transaction."""
    for first in range(0, len(names), _AT_ONCE):
        with db:
            for name in names[first : first + _AT_ONCE]:
                file(name)


def _readings(db: Any, name: str) -> list[Reading]:
    number = int(name) - 149_000_001
    plain, edited = _article(number, edited=False), _article(number, edited=True)
    turned = number % EDITED == 0
    return [
        Reading(one, "read", edited if turned and at >= LOOKS // 2 else plain, "MadeLayout", "made:1")
        for at, one in enumerate(page_captures.of_article(db, name, pending=True))
    ]


def _ask(db: Any, stages: Stages, names: list[str]) -> None:
    rng = random.Random(1)
    asked = [hashlib.sha256(f"{rng.choice(names)} False".encode()).digest() for _ in range(500)]
    with stages.of("asking whether a payload is known", lambda: len(asked)):
        for digest in asked:
            originals.by_payload(db, digest)
    with stages.of("ranking who is due a look", lambda: len(names)):
        for _ in revisits.ranked(db, START + timedelta(days=LOOKS), "due", ()):
            pass
    # A day on which a fixed number of articles can be published, however many there are: a phrase of one of them.
    phrases = [
        " ".join(_article(int(rng.choice(names)) - 149_000_001, edited=False).body[0].text.split()[5:8])
        for _ in range(20)
    ]
    with stages.of("searching a phrase, 20 hits", lambda: len(phrases)):
        for one in phrases:
            if not list(search.find(db, search.SearchQuery((fold(one),)), 20)):
                raise RuntimeError(f"{one!r} is not found")


def _verified(archive: Archive, db: Any) -> None:
    said = verify(archive, db, lambda _: None).errors
    other = [one for one in said if "is gone, though" not in one]
    if other:
        raise RuntimeError(f"verify finds more than the missing WARC files: {other[:3]}")


def warcs(number: int, directory: Path) -> dict[str, Any]:
    """Fill WARC files, make the database anew from them, and verify."""
    stages = Stages()
    # In a process of its own: what it holds is no memory of those that read.
    subprocess.run([sys.executable, "-m", "benchmarks.growth.filling", str(number), str(directory)], check=True)
    archive = Archive(directory)
    with stages.of("rebuilding, one process", lambda: number):
        database.rebuild(archive, Portal(BASE), 1)
    archive.settings_path.write_text(f'[portal]\nurl = "{BASE}"\n', encoding="utf-8")
    with stages.of("verifying WARC files and database", lambda: number):
        gochim.main(["verify", "--archive", str(directory), "-q"], standalone_mode=False)
    with closing(archive.database()) as db:
        found = changes.total(db, Query())
    if found != -(-(number // LOOKS) // EDITED):
        raise RuntimeError(f"{found} changes were found of {number // LOOKS} articles")
    return {"count": number, "stages": stages.spent}


def main() -> None:
    """Fill, and print what each stage cost."""
    number, directory = int(sys.argv[1]), Path(sys.argv[2])
    report(lambda: (warcs if "warc" in sys.argv else rows)(number, directory))


if __name__ == "__main__":
    main()
