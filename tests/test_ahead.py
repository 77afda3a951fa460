"""Pages read beside the crawl: what they lead to comes back, their looks are filed, and a rebuild makes the same."""

from __future__ import annotations

import asyncio
import gzip
import os
import shutil
import signal
import sqlite3
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import closing
from dataclasses import replace
from datetime import UTC, datetime
from multiprocessing import active_children
from pathlib import Path
from typing import Any

import pytest

from benchmarks import corpus
from benchmarks.rebuild.corpus import fill
from cli import database, passes
from cli.workers import Desk, Workers
from crawler import extract
from crawler import pages as pages_module
from crawler.ahead import Ahead, Page
from crawler.extract import Extractor
from crawler.layouts import PageReading, read_page
from crawler.payloads import Payloads
from crawler.portal import Portal
from replica.exchange import Answer, Request
from storage import contents, filing, looks, page_captures, search
from storage.archive import Archive
from storage.charsets import text_of
from storage.indexing import Entry
from storage.records import Capture
from tests.drill import BASE, Drill

PORTAL = Portal(BASE)


@pytest.fixture(scope="module")
def captured(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Capture two runs of articles with documents, files and pictures, and read nothing."""
    drill = Drill(tmp_path_factory.mktemp("captured"), 2, files=True)
    drill.capture()
    drill.portal.advance()
    drill.capture()
    drill.db.close()
    return drill.archive.root


@pytest.fixture
def archive(captured: Path, tmp_path: Path) -> Archive:
    shutil.copytree(captured, tmp_path / "archive")
    return Archive(tmp_path / "archive")


@pytest.fixture
def beside(archive: Archive) -> Iterator[Workers]:
    with Workers(Desk(archive, PORTAL, archive.database_path), apart=True) as workers:
        yield workers


def pages(archive: Archive) -> list[tuple[Capture, bytes]]:
    """Give the captures of articles' pages with status 200, and what each holds."""
    with closing(archive.database()) as db:
        waiting = list(looks.pending_articles(db))
        found = [one for article in waiting for one in page_captures.of_article(db, article, pending=True)]
        return [(one, Payloads(archive, db).payload(one)) for one in found if one.status == 200]


def coded(number: int, capture: Capture, body: bytes) -> Page:
    """Give every other page as it is without a coding, the others as gzip."""
    return Page(capture, gzip.compress(body), "gzip") if number % 2 else Page(capture, body)


def ahead(archive: Archive, workers: Workers | None, *, kill: bool = False) -> list[PageReading]:
    """Read all pages and look at all articles as a crawl would, and hold the readings against the pages."""
    with closing(archive.database()) as db:
        extractor = Extractor(archive, db, PORTAL)
        extractor.pending()
        found = pages(archive)
        failures: list[Exception] = []

        async def run() -> list[PageReading]:
            reading = Ahead(db, extractor, workers, failures.append)
            if kill:
                (child,) = active_children()
                os.kill(child.pid or 0, signal.SIGKILL)
            read = await asyncio.gather(*(reading.read(coded(number, *page)) for number, page in enumerate(found)))
            for article in {one.article: None for one, _ in found}:
                reading.look(article or "")
            await reading.close()
            return list(read)

        read = asyncio.run(run())
        assert failures == []
        for (one, body), got in zip(found, read, strict=True):
            whole = read_page(text_of(body, one.media_type or ""), one.url, one.captured_at, PORTAL)
            assert got == replace(whole, article=whole.article and replace(whole.article, body=()))
        assert any(got.article for got in read)
        return read


def digest(archive: Archive) -> str:
    """Bring an archive up to date and give the digest of all that it says."""
    with closing(archive.database()) as db:
        passes.catch_up(archive, db, PORTAL)
        return contents.content_digest(db)


def left(archive: Archive) -> list[str]:
    with closing(archive.database()) as db:
        return list(looks.pending_articles(db))


@pytest.mark.parametrize("kill", [False, True], ids=["beside", "the process beside is killed"])
def test_looks_filed_while_the_crawl_goes_on_come_to_what_a_rebuild_makes(archive, beside, kill):
    assert left(archive)
    ahead(archive, beside, kill=kill)
    assert left(archive) == [] or kill
    made = digest(archive)
    with archive.locked():
        database.rebuild(archive, PORTAL, 1)
    assert digest(archive) == made


def test_without_a_process_beside_pages_are_read_here_and_looks_are_left_to_the_second_pass(archive):
    waiting = left(archive)
    ahead(archive, None)
    assert left(archive) == waiting


class OneByOne:
    """Does one task at each turn of the event loop, in the order in which they were asked for."""

    def __init__(self, desk: Desk) -> None:
        self._desk = desk
        self._asked: list[tuple[asyncio.Future[Any], Callable[[Any, Any], Any], Any]] = []

    async def ask(self, task: Callable[[Any, Any], Any], item: Any) -> Any:
        done = asyncio.get_running_loop().create_future()
        self._asked.append((done, task, item))
        asyncio.get_running_loop().call_soon(self._do)
        return await done

    def rest(self) -> None:
        assert not self._asked

    def _do(self) -> None:
        done, task, item = self._asked.pop(0)
        done.set_result(task(self._desk, item))


def test_looks_keep_up_with_pages_so_that_no_page_is_read_twice(tmp_path, monkeypatch):
    read: list[str] = []
    failures: list[Exception] = []

    def reading_page(text: str, url: str, *rest: object) -> PageReading:
        read.append(url)
        return read_page(text, url, *rest)

    archive, portal = fill(tmp_path / "many", 240), Portal(corpus.BASE)
    with closing(archive.database()) as db, closing(Desk(archive, portal, archive.database_path)) as desk:
        database.recover(archive, db, portal)
        monkeypatch.setattr(pages_module, "read_page", reading_page)
        monkeypatch.setattr(pages_module, "AHEAD", 60)
        monkeypatch.setattr("crawler.ahead._LOOKS", 8)
        monkeypatch.setattr("crawler.ahead._INDEXED", 10)
        desk.db = db
        of: dict[str | None, list[Page]] = {}
        for one, body in pages(archive):
            of.setdefault(one.article, []).append(Page(one, body))

        async def run() -> None:
            ahead = Ahead(db, desk.extractor, OneByOne(desk), failures.append)
            waiting = iter(of.items())

            async def fetch() -> None:
                for article, its in waiting:
                    for one in its:
                        await ahead.read(one)
                    ahead.look(article or "")

            await asyncio.gather(*(fetch() for _ in range(16)))
            await ahead.close()

        asyncio.run(run())
    assert failures == []
    assert len(read) == sum(map(len, of.values())) == 240
    assert left(archive) == []


def test_looks_read_while_others_are_filed_are_of_other_articles(archive, monkeypatch):
    monkeypatch.setattr("crawler.ahead._LOOKS", 1)
    monkeypatch.setattr("crawler.ahead._MOST_LOOKS", 2)
    failures: list[Exception] = []
    filed: list[str] = []
    with closing(archive.database()) as db, closing(Desk(archive, PORTAL, archive.database_path)) as desk:
        desk.db = db
        desk.extractor.pending()
        articles = list(looks.pending_articles(db))
        reading = Ahead(db, desk.extractor, OneByOne(desk), failures.append)
        file = extract.file

        def filing(db: sqlite3.Connection, found: list[extract.LooksRead]) -> list[Entry]:
            filed.extend(one.filing.article for one in found)
            for one in found:
                reading.look(one.filing.article)  # It is heard of again while it is filed.
            return file(db, found)

        async def run() -> None:
            for one in [articles[0], *articles]:
                reading.look(one)
            await reading.close()

        with monkeypatch.context() as heard:
            heard.setattr(extract, "file", filing)
            asyncio.run(run())
    assert failures == []
    assert sorted(filed) == sorted(articles)
    made = digest(archive)
    with archive.locked():
        database.rebuild(archive, PORTAL, 1)
    assert digest(archive) == made


@pytest.mark.parametrize("room", [1, 1 << 30], ids=["unpacked one by one", "unpacked together"])
def test_a_page_that_cannot_be_read_fails_alone(archive, monkeypatch, room):
    found = [Page(*one) for one in pages(archive)]

    def reading_page(text: bytes, url: str, *rest: Any) -> PageReading:
        if url == found[1].capture.url:
            raise RecursionError(url)
        return read_page(text, url, *rest)

    monkeypatch.setattr(pages_module, "ROOM", room)
    monkeypatch.setattr(pages_module, "read_page", reading_page)
    with closing(archive.database()) as db, closing(Desk(archive, PORTAL, archive.database_path)) as desk:
        desk.db = db

        async def run() -> list[PageReading | BaseException]:
            reading = Ahead(db, desk.extractor, OneByOne(desk), pytest.fail)
            return await asyncio.gather(*map(reading.read, found), return_exceptions=True)

        read = asyncio.run(run())
    for page, got in zip(found, read, strict=True):
        assert isinstance(got, RecursionError if page.capture.url == found[1].capture.url else PageReading)


@pytest.mark.parametrize(("body", "coding"), [(b"\x1f\x8b rubbish", "gzip"), (b"", "")], ids=["damaged", "too large"])
def test_why_nothing_is_in_a_page_that_came_is_left_to_its_look(archive, beside, body, coding):
    with closing(archive.database()) as db:
        extractor = Extractor(archive, db, PORTAL)
        extractor.pending()
        capture, _ = pages(archive)[0]

        async def run() -> PageReading:
            reading = Ahead(db, extractor, beside, pytest.fail)
            read = await reading.read(Page(capture, body, coding))
            reading.look(capture.article or "")
            await reading.close()
            return read

        assert asyncio.run(run()) == PageReading("unrecognised")
        assert ("unrecognised" in looks.outcomes(db)) is False
    made = digest(archive)
    with archive.locked():
        database.rebuild(archive, PORTAL, 1)
    assert digest(archive) == made


def test_pages_that_wait_count_as_held_until_they_are_read(archive, monkeypatch):
    with closing(archive.database()) as db, closing(Desk(archive, PORTAL, archive.database_path)) as desk:
        desk.db = db
        found = pages(archive)
        monkeypatch.setattr("crawler.ahead._MOST_HELD", len(found[0][1]))

        async def run() -> list[bool]:
            reading = Ahead(db, desk.extractor, OneByOne(desk), pytest.fail)
            seen = [reading.is_full]
            waiting = asyncio.create_task(reading.read(Page(*found[0])))
            await asyncio.sleep(0)
            seen.append(reading.is_full)
            await waiting
            return [*seen, reading.is_full]

        assert asyncio.run(run()) == [False, True, False]


def test_what_is_filed_anew_before_it_is_indexed_is_indexed_by_what_it_says_then(archive, monkeypatch):
    monkeypatch.setattr("crawler.ahead._LOOKS", 1)
    with closing(archive.database()) as db, closing(Desk(archive, PORTAL, archive.database_path)) as desk:
        desk.db = db
        desk.extractor.pending()
        articles = list(looks.pending_articles(db))
        failures: list[Exception] = []

        async def run() -> None:
            ahead = Ahead(db, desk.extractor, OneByOne(desk), failures.append)
            for article in articles:
                ahead.look(article)
            while left(archive):
                await asyncio.sleep(0.01)
            assert 1 < left_to_index(db) < 100
            with db:
                for article in articles:
                    filing.forget(db, article)
            # In another order, so that versions have the numbers of others that are gone.
            for article in reversed(articles):
                ahead.look(article)
            await ahead.close()

        asyncio.run(run())
        assert failures == []
        assert left_to_index(db) == 0
        for article, version, title in db.execute("SELECT article, version, title FROM versions").fetchall():
            query = search.SearchQuery(search.terms_of(f'"{title}"'))
            assert (article, version) in {(hit.article, hit.version) for hit in search.find(db, query)}
    assert left(archive) == []


def left_to_index(db: sqlite3.Connection) -> int:
    (counted,) = db.execute("SELECT count(*) FROM search_waiting").fetchone()
    return int(counted)


@pytest.fixture(scope="module")
def looked_twice(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Drill]:
    """Look at articles of four sections, some with documents and files: some are edited, some edited back.

    Tests ask what would be made of the newest looks; one that files them does so in a copy.
    """
    drill = Drill(tmp_path_factory.mktemp("drill"), 3, files=True)
    shown: dict[str, Answer] = {}

    def same(url: str) -> Answer:
        """Answer an address byte for byte as before; the replica counts its readers."""
        if url not in shown:
            shown[url] = drill.portal.answer(Request("GET", url.removeprefix(BASE), {}, origin=BASE))
        return shown[url]

    drill.weather = same
    drill.run(lists=False)
    drill.portal.advance()
    edited = {url: shown.pop(url) for name in ("briefing", "press-release") for url in drill.section(name)[:2]}
    drill.run(lists=False)
    shown.update(list(edited.items())[:2])
    drill.run(lists=False)
    drill.capture(lists=False)
    yield drill
    drill.db.close()


def revisits(drill: Drill) -> list[Capture]:
    every = [
        one
        for article in looks.pending_articles(drill.db)
        for one in page_captures.of_article(drill.db, article, pending=True)
    ]
    return [one for one in every if one.kind == "revisit"]


def test_what_repeats_the_bytes_of_the_newest_version_is_known_as_parsing_them_would_find(looked_twice):
    extractor = Extractor(looked_twice.archive, looked_twice.db, PORTAL)
    known = {one.url: extractor.pages.repeated(one) for one in revisits(looked_twice)}
    assert sum(one is not None for one in known.values()) >= 3
    for one in revisits(looked_twice):
        text = Payloads(looked_twice.archive, looked_twice.db).text(one)
        whole = read_page(text, one.url, one.captured_at, PORTAL)
        assert known[one.url] in (None, whole)
        assert whole.article is not None
        alone = not (whole.article.attachments or whole.article.viewer)
        assert alone or known[one.url] is None


def test_an_unchanged_page_is_not_parsed_again_and_comes_to_what_a_rebuild_makes(looked_twice, tmp_path, monkeypatch):
    copied = looked_twice.again(tmp_path)
    parsed = []

    def read(text: str, url: str, *rest: object) -> PageReading:
        parsed.append(url)
        return read_page(text, url, *rest)

    alone = [one.url for one in revisits(copied) if Extractor(copied.archive, copied.db, PORTAL).pages.repeated(one)]
    monkeypatch.setattr(pages_module, "read_page", read)
    assert copied.catch_up() == []
    assert parsed
    assert not set(parsed) & set(alone)
    made = digest(copied.archive)
    with copied.archive.locked():
        database.rebuild(copied.archive, PORTAL, 1)
    assert digest(copied.archive) == made
    copied.db.close()


@pytest.mark.parametrize(
    "other",
    [
        {"media_type": "text/html;charset=EUC-KR"},
        {"url": f"{BASE}/news/policyNewsView.do?newsId=1"},
        {"refers_to": "urn:uuid:00000000-0000-0000-0000-000000000000"},
        {"refers_to": None},
        {"article": "1"},
    ],
    ids=lambda one: next(iter(one)),
)
def test_a_page_that_differs_in_anything_is_parsed(looked_twice, other):
    extractor = Extractor(looked_twice.archive, looked_twice.db, PORTAL)
    known = [one for one in revisits(looked_twice) if extractor.pages.repeated(one)]
    assert known
    assert not [one for one in known if extractor.pages.repeated(one._replace(**other))]


def test_a_page_is_parsed_where_other_layouts_were_in_force_or_another_extractor_read_it(looked_twice, monkeypatch):
    extractor = Extractor(looked_twice.archive, looked_twice.db, PORTAL)
    known = [one for one in revisits(looked_twice) if extractor.pages.repeated(one)]
    then = [one._replace(evidence=one.evidence._replace(captured_at=datetime(1999, 1, 1, tzinfo=UTC))) for one in known]
    assert not [one for one in then if extractor.pages.repeated(one)]
    monkeypatch.setattr(pages_module, "extractor", lambda: "another")
    assert not [one for one in known if extractor.pages.repeated(one)]


def test_an_article_of_which_nothing_waits_is_passed_by(archive, beside):
    ahead(archive, beside)
    before = digest(archive)
    failures: list[Exception] = []
    assert left(archive) == []
    with closing(archive.database()) as db:
        (known,) = db.execute("SELECT article FROM articles LIMIT 1").fetchone()

        async def run() -> None:
            reading = Ahead(db, Extractor(archive, db, PORTAL), beside, failures.append)
            reading.look(known)
            await reading.close()

        asyncio.run(run())
    assert failures == []
    assert digest(archive) == before


_PRIORITIES = """
import os, sys
from multiprocessing import active_children
from pathlib import Path
from cli.options import Place
from cli.running import beside
from storage.archive import Archive

with beside(Place(Archive(Path(sys.argv[1])))):
    (child,) = active_children()
    print(os.getpriority(os.PRIO_PROCESS, child.pid), os.getpriority(os.PRIO_PROCESS, 0))
"""


def test_where_both_want_the_same_core_the_process_that_reads_goes_before_the_crawl(tmp_path):
    known = os.getpriority(os.PRIO_PROCESS, 0)
    told = subprocess.check_output([sys.executable, "-c", _PRIORITIES, str(tmp_path)], text=True, cwd=Path.cwd())
    reads, crawls = map(int, told.split())
    assert (reads, crawls) == (known, max(known, 5))
