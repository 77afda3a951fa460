"""Sitemaps are read with bounds on everything, once a day, and their dates believed only while they are true."""

from __future__ import annotations

import gzip
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

import crawler.sitemaps as reading
from crawler.sitemaps import Entry, Sitemap, moment, named_in, read
from replica.exchange import Answer, Request
from replica.portal import Portal as Replica
from replica.server import RunningPortal, serve
from replica.state import Fault
from replica.switches import Switches
from storage.records import KST
from storage.state import State
from tests.crawls import crawl
from tests.runs import Desk, desk

NAMESPACE = 'xmlns="http://www.sitemaps.org/schemas/sitemap/0.9"'


def urlset(*entries: str) -> bytes:
    return f'<?xml version="1.0" encoding="UTF-8"?><urlset {NAMESPACE}>{"".join(entries)}</urlset>'.encode()


def url(loc: str, lastmod: str = "") -> str:
    return f"<url><loc>{loc}</loc>" + (f"<lastmod>{lastmod}</lastmod>" if lastmod else "") + "</url>"


def test_addresses_and_dates_are_read_and_an_index_leads_on():
    found = read(urlset(url("https://a/1", "2026-09-15"), url(" https://a/2 ")))
    assert found == Sitemap((Entry("https://a/1", datetime(2026, 9, 15, tzinfo=KST)), Entry("https://a/2")))
    index = read(f"<sitemapindex {NAMESPACE}><sitemap><loc>https://a/s.xml.gz</loc></sitemap></sitemapindex>".encode())
    assert index == Sitemap((), (Entry("https://a/s.xml.gz"),))


def test_a_gzipped_sitemap_is_the_same():
    plain = urlset(url("https://a/1"))
    assert read(gzip.compress(plain)) == read(plain)


def test_a_bomb_is_cut_off(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(reading, "LARGEST", 100_000)
    bomb = urlset(*(url(f"https://a/{n}") for n in range(20_000)))
    found = read(gzip.compress(bomb))
    assert found is not None
    assert not found.whole
    assert 0 < len(found.pages) < 20_000
    plain = read(bomb)
    assert plain is not None
    assert not plain.whole


def test_more_addresses_than_allowed_are_left_out(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(reading, "MOST", 5)
    found = read(urlset(*(url(f"https://a/{n}") for n in range(9))))
    assert found is not None
    assert (len(found.pages), found.whole) == (5, False)


@pytest.mark.parametrize("junk", ["<x/>" * 60, f"<x>{'<x/>' * 60}</x>"])
def test_what_is_no_entry_is_held_up_to_a_bound(monkeypatch: pytest.MonkeyPatch, junk: str):
    monkeypatch.setattr(reading, "MOST_BETWEEN", 50)
    first = Entry("https://a/1")
    assert read(urlset(url("https://a/1"), "<x/>" * 20, junk, url("https://a/2"))) == Sitemap((first,), whole=False)
    whole = read(urlset(url("https://a/1"), *(["<x/>" * 20 + url("https://a/2")] * 9)))
    assert whole is not None
    assert (len(whole.pages), whole.whole) == (10, True)


@pytest.mark.parametrize(
    "payload",
    [
        b"", b"<html><body>404</body></html>", b"not xml", b"\x1f\x8b\x08broken", gzip.compress(b"<html/>", mtime=0),
        b'<!DOCTYPE x [<!ENTITY a "b">]><urlset>&a;</urlset>', b"\xff\xfe<",
    ],
)  # fmt: skip
def test_what_is_no_sitemap_is_none(payload: bytes):
    assert read(payload) is None


@pytest.mark.parametrize("charset", ["utf-8", "euc-kr", "utf-16"])
def test_a_sitemap_may_have_bare_ampersands_and_a_korean_charset(charset: str):
    text = (
        f'<?xml version="1.0" encoding="{charset}"?><urlset><!-- 정책뉴스 -->'
        "<url><loc>https://www.korea.kr/news/policyNewsView.do?pWise=main{0}newsId=148930001</loc></url></urlset>"
    ).replace("{0}", "&amp;" if charset == "utf-16" else "&")
    found = read(text.encode(charset))
    assert found is not None
    assert [one.loc for one in found.pages] == [
        "https://www.korea.kr/news/policyNewsView.do?pWise=main&newsId=148930001"
    ]
    assert found.whole


def test_one_that_breaks_off_gives_what_it_has():
    found = read(urlset(url("https://a/1"), url("https://a/2"))[:-30])
    assert found is not None
    assert [one.loc for one in found.pages] == ["https://a/1"]
    assert not found.whole
    cut = gzip.compress(urlset(*(url(f"https://a/{n}") for n in range(999))))[:-200]
    assert read(cut) is None or not read(cut).whole


@given(payload=st.binary(max_size=300))
def test_no_bytes_make_the_reader_fail(payload: bytes):
    read(payload)
    read(urlset()[:-9] + payload)


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("2026-09-15", "2026-09-15T00:00:00+09:00"),
        ("2026-09", "2026-09-01T00:00:00+09:00"),
        ("2026-09-15T18:16:00+09:00", "2026-09-15T18:16:00+09:00"),
        ("2026-09-15T18:16:00Z", "2026-09-15T18:16:00+00:00"),
        ("2026-09-15T18:16", "2026-09-15T18:16:00+09:00"),
        ("2026-13-01", None),
        ("9999-12-31T23:59:59-05:00", None),
        ("0001-01-01T00:00:00+14:00", None),
        ("yesterday", None),
        ("", None),
    ],
)
def test_dates_are_read_as_sitemaps_write_them(text: str, said: str | None):
    found = moment(text)
    assert (found.isoformat() if found else None) == said


def test_robots_names_sitemaps_in_any_spelling():
    robots = "User-agent : x\nSitemap: https://a/1.xml\n sitemap : /2.xml\nSITEMAP:https://a/1.xml\n#Sitemap: /no\n"
    assert named_in(robots) == ["https://a/1.xml", "/2.xml"]


@pytest.fixture
def portal() -> Iterator[RunningPortal]:
    with serve(Replica.load(switches=Switches())) as running:
        running.portal.fail("/news/policyNewsList.do", Fault("status", status=404))
        yield running


@pytest.fixture
def watched(portal: RunningPortal, tmp_path: Path) -> Desk:
    return desk(tmp_path / "archive", portal.url, sections=["policy-news"], attachments=False, images=False)


def shown(portal: RunningPortal) -> set[str]:
    return {one.id for one in portal.portal.state.visible() if one.section == "policy-news"}


def test_articles_that_no_list_shows_are_found_once_a_day(portal: RunningPortal, watched: Desk):
    assert crawl(watched, portal).articles == []
    first = crawl(watched, portal, sitemap=True)
    assert {one.rpartition("=")[2] for one in first.articles} == shown(portal)
    again = crawl(watched, portal, sitemap=True)
    assert again.articles == []
    assert again.count("/sitemap") == 0


def test_a_run_cut_short_goes_on_from_the_sitemaps_in_the_archive(portal: RunningPortal, watched: Desk):
    first = crawl(watched, portal, sitemap=True, max_requests=12)
    second = crawl(watched, portal, sitemap=True)
    assert second.count("/sitemap") == 0
    assert {one.rpartition("=")[2] for one in first.articles + second.articles} == shown(portal)


def test_a_missing_sitemap_is_no_problem(portal: RunningPortal, watched: Desk):
    for path in ("/sitemapindex.xml", "/sitemap.xml"):
        portal.portal.fail(path, Fault("status", status=404))
    done = crawl(watched, portal, sitemap=True)
    assert not any("sitemap" in one for one in done.outcome.problems)
    assert crawl(watched, portal, sitemap=True).count("/sitemap") == 0


def test_dates_that_never_proved_true_are_not_followed(portal: RunningPortal, watched: Desk):
    state = State.load(watched.root / "state.json")
    state.part("sitemap").update({"tried": 100, "true": 1, "hinted": {"148999999": "2026-01-01"}})
    state.save()
    crawl(watched, portal, sitemap=True)
    part = State.load(watched.root / "state.json").part("sitemap")
    assert (part["tried"], part["true"]) == (100, 1)


def told(portal: RunningPortal, monkeypatch: pytest.MonkeyPatch, lastmod: dict[str, str]) -> None:
    """Let the sitemap of policy news give these articles alone, each with its date."""
    usual = portal.portal.answer
    listed = urlset(*(url(f"{portal.url}/news/policyNewsView.do?newsId={one}", day) for one, day in lastmod.items()))

    def answering(request: Request) -> Answer:
        said = usual(request)
        return Answer(listed, "text/xml") if request.path == "/sitemap/policy-news.xml" else said

    monkeypatch.setattr(portal.portal, "answer", answering)


EDITED, UNEDITED, OLD = "148930012", "148930014", "148930016"
LATER = (datetime.now(UTC) + timedelta(days=3)).date().isoformat()


def ids(articles: list[str]) -> list[str]:
    return [one.rpartition("=")[2] for one in articles]


def test_an_article_that_a_sitemap_says_was_edited_is_looked_at_again_and_the_hint_is_judged(
    portal: RunningPortal, watched: Desk, monkeypatch: pytest.MonkeyPatch
):
    told(portal, monkeypatch, {EDITED: LATER, UNEDITED: LATER, OLD: "2026-01-02"})
    assert sorted(ids(crawl(watched, portal, sitemap=True).articles)) == [EDITED, UNEDITED, OLD]
    portal.portal.advance()
    assert sorted(ids(crawl(watched, portal, sitemap=True).articles)) == [EDITED, UNEDITED]
    crawl(watched, portal, sitemap=True)
    part = State.load(watched.root / "state.json").part("sitemap")
    assert (part["tried"], part["true"]) == (2, 1)


def test_hints_are_followed_while_few_were_tried_or_one_in_ten_was_true(
    portal: RunningPortal, watched: Desk, monkeypatch: pytest.MonkeyPatch
):
    told(portal, monkeypatch, {UNEDITED: LATER})
    crawl(watched, portal, sitemap=True)
    followed = {}
    for tried, true in ((19, 0), (20, 1), (20, 2), (30, 2), (30, 3)):
        state = State.load(watched.root / "state.json")
        state.part("sitemap").update({"tried": tried, "true": true, "hinted": {}})
        state.save()
        followed[tried, true] = bool(crawl(watched, portal, sitemap=True).articles)
    assert followed == {(19, 0): True, (20, 1): False, (20, 2): True, (30, 2): False, (30, 3): True}


def test_of_a_sitemap_only_what_is_dated_from_the_asked_day_on_or_not_at_all_is_looked_at_the_newest_first(
    portal: RunningPortal, watched: Desk, monkeypatch: pytest.MonkeyPatch
):
    days = {OLD: "2026-09-01", EDITED: "2026-09-02", "148930018": "", UNEDITED: "2026-09-03"}
    told(portal, monkeypatch, days)
    assert ids(crawl(watched, portal, sitemap=True, since="2026-09-02").articles) == [UNEDITED, EDITED, "148930018"]


@pytest.mark.parametrize(
    ("payload", "said"),
    [(b"<html><p>\xec\x95\x88\xeb\x82\xb4</html>", "not a sitemap"), (b"<urlset><url><loc>", "broke off")],
)
def test_what_stands_in_the_place_of_a_sitemap_is_said(
    portal: RunningPortal, watched: Desk, monkeypatch: pytest.MonkeyPatch, payload: bytes, said: str
):
    usual = portal.portal.answer

    def answering(request: Request) -> Answer:
        return Answer(payload, "text/html") if request.path == "/sitemapindex.xml" else usual(request)

    monkeypatch.setattr(portal.portal, "answer", answering)
    done = crawl(watched, portal, sitemap=True)
    (problem,) = [one for one in done.outcome.problems if "sitemap" in one]
    assert problem.startswith(f"{portal.url}/sitemapindex.xml: ")
    assert said in problem
