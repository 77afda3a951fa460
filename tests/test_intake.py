"""Exchanges that end together are written and forced to the disk together, and none is told of before it is there."""

from __future__ import annotations

import asyncio
import errno
import os
from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path

import pytest
from scrapy import Request
from scrapy.downloadermiddlewares import cookies as scrapys_cookies
from scrapy.http import Response

from crawler import archiving, watch
from crawler.archiving import Keeper
from crawler.cookies import Cookies
from crawler.intake import Intake
from storage.archive import Archive
from storage.errors import RunEndedEarly
from storage.records import Capture, Exchange
from storage.warc_index import captures_in
from tests import crash_deeds as deeds
from tests.warc_samples import exchange

PAGE = f"{deeds.PORTAL.base}/news/policyNewsView.do?newsId=14893000"


@pytest.fixture
def archive(tmp_path: Path) -> Archive:
    return deeds.settings(tmp_path / "archive")


@pytest.fixture
def keeper(archive: Archive) -> Iterator[Keeper]:
    with closing(archive.database()) as db:
        yield Keeper(archive, db, deeds.PORTAL, watch.load(archive.settings_path))


def kept(keeper: Keeper, exchanges: list[Exchange]) -> list[Capture | BaseException]:
    """Hand exchanges over at the same time."""

    async def run() -> list[Capture | BaseException]:
        intake = Intake(keeper)
        found = await asyncio.gather(*(intake.keep(one) for one in exchanges), return_exceptions=True)
        await intake.close()
        return found

    return asyncio.run(run())


@pytest.fixture
def fsyncs(monkeypatch: pytest.MonkeyPatch) -> Callable[[Callable[[int], bool]], list[str]]:
    """Count what is forced to the disk, and let the disk refuse what is asked."""
    fsync = os.fsync

    def watched(refuses: Callable[[int], bool]) -> list[str]:
        seen: list[str] = []

        def forced(file: int) -> None:
            name = Path(f"/proc/self/fd/{file}").readlink().name
            if name.endswith(".open"):
                seen.append(name)
                if refuses(len(seen)):
                    raise OSError(errno.EIO, "Input/output error")
            fsync(file)

        monkeypatch.setattr(os, "fsync", forced)
        return seen

    return watched


def test_what_ends_at_the_same_time_is_forced_to_the_disk_once(keeper, archive, fsyncs):
    seen = fsyncs(lambda _: False)
    found = kept(keeper, [exchange(number, b"<p>%d" % number, url=f"{PAGE}{number}") for number in range(20)])
    assert len(seen) == 1
    keeper.close("finished")
    (path,) = archive.warcs.glob("*.warc.gz")
    assert [one.evidence for one in captures_in(path, archive.root)] == [one.evidence for one in found]
    with closing(archive.database()) as db:
        filed = {row["record_id"] for row in db.execute("SELECT record_id FROM captures")}
    assert filed == {one.evidence.record_id for one in found}


def test_a_payload_that_comes_twice_at_the_same_time_is_written_once(keeper):
    first, second = kept(keeper, [exchange(number, b"<p>same", url=f"{PAGE}{number}") for number in (1, 2)])
    assert (first.kind, second.kind, second.refers_to) == ("response", "revisit", first.evidence.record_id)


def test_when_the_disk_refuses_none_of_those_that_waited_for_it_is_kept(keeper, archive, fsyncs):
    fsyncs(lambda number: number == 1)
    found = kept(keeper, [exchange(number, b"<p>%d" % number, url=f"{PAGE}{number}") for number in range(3)])
    assert [type(one) for one in found] == [RunEndedEarly] * 3
    assert keeper.failed is found[0]
    with closing(archive.database()) as db:
        assert db.execute("SELECT count(*) FROM captures").fetchone()[0] == 0


def test_when_a_full_file_cannot_be_finished_what_was_written_to_it_is_not_kept(archive, keeper, fsyncs, monkeypatch):
    monkeypatch.setattr(keeper._writer, "_max_size", 1_500)
    seen = fsyncs(lambda number: number == 1)
    big = [exchange(number, os.urandom(2_000), url=f"{PAGE}{number}") for number in range(2)]
    found = kept(keeper, big)
    assert len(seen) == 1
    assert [type(one) for one in found] == [RunEndedEarly] * 2
    with closing(archive.database()) as db:
        assert db.execute("SELECT count(*) FROM captures").fetchone()[0] == 0


def test_an_exchange_that_cannot_be_written_spares_the_others(keeper):
    empty = exchange(2, url=f"{PAGE}2")
    empty.response, empty.response_length = None, 0
    found = kept(keeper, [exchange(1, b"<p>1", url=f"{PAGE}1"), empty, exchange(3, b"<p>3", url=f"{PAGE}3")])
    assert [type(one) for one in found] == [Capture, ValueError, Capture]
    assert keeper.kept == 2


def test_a_full_database_is_told_to_all_and_ends_the_run(keeper, monkeypatch):
    def full(*_: object) -> int:
        raise archiving.sqlite3.OperationalError("database or disk is full")

    monkeypatch.setattr(archiving.capture_rows, "add", full)
    found = kept(keeper, [exchange(number, b"<p>%d" % number, url=f"{PAGE}{number}") for number in range(2)])
    assert [type(one) for one in found] == [RunEndedEarly] * 2
    assert "The database cannot be written" in str(keeper.failed)


def test_cookies_that_the_portal_sets_come_back_to_it():
    cookies = Cookies()
    first, second = Request("https://www.example.kr/a"), Request("https://www.example.kr/b")
    cookies.process_request(first)
    cookies.process_response(first, Response(first.url))
    assert "Cookie" not in first.headers
    assert "_scrapys" not in vars(cookies)  # it takes an eighth of a second to load
    cookies.process_response(first, Response(first.url, headers={"Set-Cookie": "JSESSIONID=a1; Path=/"}))
    cookies.process_request(second)
    assert second.headers["Cookie"] == b"JSESSIONID=a1"
    # Nothing is kept outside the archive: a user of cron may have no place for it.
    assert not scrapys_cookies._split_domain._cache.enabled
