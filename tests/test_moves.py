"""An article under two addresses is watched at both when it must be, and its move is one change, live and rebuilt."""

from __future__ import annotations

import pytest

from tests.runs import Desk, desk
from tests.shelf import NEWS, page, portal

__all__ = ["portal"]

FOCUS = "/news/policyFocusView.do?newsId=148971810"


def article(address: str) -> str:
    """Write the article's page, which names an address as its own."""
    return page("도서관 열두 곳이 문을 연다.", own=address)


def led_to(address: str) -> tuple[int, dict[str, str], bytes]:
    return 302, {"Location": address}, b""


def rebuilds_to_the_same(archive: Desk) -> None:
    before = archive.json("status")["content_digest"]
    archive.ok("rebuild")
    assert archive.json("status")["content_digest"] == before


@pytest.mark.parametrize("leaves", ["gone", "redirect"])
def test_an_article_at_two_addresses_moves_once_when_the_old_one_is_left(tmp_path, portal, leaves):
    archive = desk(tmp_path / "archive", portal.url)
    portal.shown = {NEWS: article(NEWS)}
    archive.ok("crawl", "--url", portal.url + NEWS, "--recheck", "none")
    portal.shown[FOCUS] = article(FOCUS)
    portal.asked.clear()
    archive.ok("crawl", "--url", portal.url + FOCUS, "--recheck", "none")
    # Which of the two is its place is only told by looking at the other as well.
    assert [one for one in portal.asked if "newsId" in one] == [FOCUS, NEWS]
    assert archive.json("changes") == []
    shown = archive.json("show", "148971810")
    assert (shown["version"], shown["url"], shown["section"]) == (1, portal.url + NEWS, "policy-news")
    if leaves == "gone":
        del portal.shown[NEWS]
    else:
        portal.shown[NEWS] = led_to(FOCUS)
    portal.asked.clear()
    archive.ok("crawl", "--url", portal.url + NEWS, "--recheck", "none")
    assert [one for one in portal.asked if "newsId" in one] == [NEWS, FOCUS]
    (change,) = archive.json("changes")
    assert (change["kind"], change["url"], change["section"]) == ("moved", portal.url + FOCUS, "policy-focus")
    before = archive.json("status")["content_digest"]
    archive.ok("rebuild")
    assert archive.json("changes") == [change]
    assert archive.json("status")["content_digest"] == before


def test_a_page_that_names_a_dead_address_as_its_own_has_not_moved_until_something_stands_there(tmp_path, portal):
    archive = desk(tmp_path / "archive", portal.url)
    portal.shown = {NEWS: article(NEWS)}
    archive.ok("crawl", "--url", portal.url + NEWS)
    for canonical, there in ((FOCUS, None), (FOCUS, led_to(NEWS)), (NEWS, None), (FOCUS, None), (NEWS, None)):
        portal.shown = {NEWS: article(canonical)} | ({FOCUS: there} if there else {})
        archive.ok("crawl", "--url", portal.url + NEWS)
        assert archive.json("changes") == []
    portal.shown = {NEWS: article(FOCUS), FOCUS: article(FOCUS)}
    archive.ok("crawl", "--url", portal.url + NEWS)
    (change,) = archive.json("changes")
    assert (change["kind"], change["url"]) == ("moved", portal.url + FOCUS)
    rebuilds_to_the_same(archive)


@pytest.mark.parametrize("there", [None, led_to(NEWS)], ids=["nothing", "a redirect back"])
def test_an_article_first_met_on_a_page_that_names_a_dead_address_stands_where_it_was_met(tmp_path, portal, there):
    archive = desk(tmp_path / "archive", portal.url)
    for canonical in (FOCUS, FOCUS, NEWS, NEWS):
        portal.shown = {NEWS: article(canonical)} | ({FOCUS: there} if there else {})
        archive.ok("crawl", "--url", portal.url + NEWS)
        shown = archive.json("show", "148971810")
        assert (shown["version"], shown["url"], shown["section"]) == (1, portal.url + NEWS, "policy-news")
    assert archive.json("changes") == []
    rebuilds_to_the_same(archive)


def test_an_article_first_met_at_another_address_than_its_own_is_looked_at_there_once(tmp_path, portal):
    archive = desk(tmp_path / "archive", portal.url)
    portal.shown = {NEWS: article(FOCUS), FOCUS: article(FOCUS)}
    archive.ok("crawl", "--url", portal.url + NEWS)
    assert [one for one in portal.asked if "newsId" in one] == [NEWS, FOCUS]
    shown = archive.json("show", "148971810")
    assert (shown["version"], shown["url"], shown["section"]) == (1, portal.url + FOCUS, "policy-focus")


@pytest.mark.parametrize("there", [None, led_to(NEWS)], ids=["nothing", "a redirect back"])
def test_a_dead_address_that_a_look_cut_short_took_for_the_place_is_none_once_it_is_asked_for(tmp_path, portal, there):
    archive = desk(tmp_path / "archive", portal.url)
    portal.shown = {NEWS: article(FOCUS)} | ({FOCUS: there} if there else {})
    archive.ok("crawl", "--url", portal.url + NEWS, "--max-requests", "2")
    assert [one for one in portal.asked if "newsId" in one] == [NEWS]
    for _ in range(2):
        archive.ok("crawl", "--url", portal.url + FOCUS)
    shown = archive.json("show", "148971810")
    assert (shown["version"], shown["url"], shown["section"]) == (1, portal.url + NEWS, "policy-news")
    assert archive.json("changes") == []
    rebuilds_to_the_same(archive)
