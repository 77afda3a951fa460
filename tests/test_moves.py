"""An article under two addresses is watched at both when it must be, and its move is one change, live and rebuilt."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest

from tests.runs import Desk, desk

NEWS = "/news/policyNewsView.do?newsId=148971810"
FOCUS = "/news/policyFocusView.do?newsId=148971810"


class TwoAddresses(ThreadingHTTPServer):
    """A portal with one article, which each address of ``shown`` serves as its own; a redirect starts with ``>``."""

    daemon_threads = True

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), Handler)
        self.shown: dict[str, str] = {}
        self.asked: list[str] = []

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.server_port}"


class Handler(BaseHTTPRequestHandler):
    server: TwoAddresses
    protocol_version = "HTTP/1.1"

    def do_GET(self) -> None:
        self.server.asked.append(self.path)
        text = self.server.shown.get(self.path)
        if text is not None and text.startswith(">"):
            self.send_response(302)
            self.send_header("Location", text[1:])
            body = b""
        else:
            self.send_response(404 if text is None else 200)
            self.send_header("Content-Type", "text/html;charset=UTF-8")
            body = (text or "<h1>없습니다</h1>").encode()
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_: object) -> None:
        """Say nothing."""


@pytest.fixture
def portal() -> Iterator[TwoAddresses]:
    with TwoAddresses() as server:
        thread = threading.Thread(target=server.serve_forever, daemon=True)
        thread.start()
        yield server
        server.shutdown()
        thread.join()


def page(address: str) -> str:
    return (
        f'<html><head><link rel="canonical" href="https://www.korea.kr{address}"></head><body><main>'
        "<div class='view_title'><h1>작은 마을의 큰 도서관</h1></div><div class='article_wrap'>"
        "<div class='article_head'><div class='info'><span>2026.11.09</span><span>정책브리핑</span></div></div>"
        "<div class='article_body'>"
        "<div class='view_cont'><p>도서관 열두 곳이 문을 연다.</p></div></div></div></main></body></html>"
    )


def rebuilds_to_the_same(archive: Desk) -> None:
    before = archive.json("status")["content_digest"]
    archive.ok("rebuild")
    assert archive.json("status")["content_digest"] == before


@pytest.mark.parametrize("leaves", ["gone", "redirect"])
def test_an_article_at_two_addresses_moves_once_when_the_old_one_is_left(tmp_path, portal, leaves):
    archive = desk(tmp_path / "archive", portal.url)
    portal.shown = {NEWS: page(NEWS)}
    archive.ok("crawl", "--url", portal.url + NEWS, "--recheck", "none")
    portal.shown[FOCUS] = page(FOCUS)
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
        portal.shown[NEWS] = f">{FOCUS}"
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
    portal.shown = {NEWS: page(NEWS)}
    archive.ok("crawl", "--url", portal.url + NEWS)
    for canonical, there in ((FOCUS, None), (FOCUS, f">{NEWS}"), (NEWS, None), (FOCUS, None), (NEWS, None)):
        portal.shown = {NEWS: page(canonical)} | ({FOCUS: there} if there else {})
        archive.ok("crawl", "--url", portal.url + NEWS)
        assert archive.json("changes") == []
    portal.shown = {NEWS: page(FOCUS), FOCUS: page(FOCUS)}
    archive.ok("crawl", "--url", portal.url + NEWS)
    (change,) = archive.json("changes")
    assert (change["kind"], change["url"]) == ("moved", portal.url + FOCUS)
    rebuilds_to_the_same(archive)


@pytest.mark.parametrize("there", [None, f">{NEWS}"], ids=["nothing", "a redirect back"])
def test_an_article_first_met_on_a_page_that_names_a_dead_address_stands_where_it_was_met(tmp_path, portal, there):
    archive = desk(tmp_path / "archive", portal.url)
    for canonical in (FOCUS, FOCUS, NEWS, NEWS):
        portal.shown = {NEWS: page(canonical)} | ({FOCUS: there} if there else {})
        archive.ok("crawl", "--url", portal.url + NEWS)
        shown = archive.json("show", "148971810")
        assert (shown["version"], shown["url"], shown["section"]) == (1, portal.url + NEWS, "policy-news")
    assert archive.json("changes") == []
    rebuilds_to_the_same(archive)


def test_an_article_first_met_at_another_address_than_its_own_is_looked_at_there_once(tmp_path, portal):
    archive = desk(tmp_path / "archive", portal.url)
    portal.shown = {NEWS: page(FOCUS), FOCUS: page(FOCUS)}
    archive.ok("crawl", "--url", portal.url + NEWS)
    assert [one for one in portal.asked if "newsId" in one] == [NEWS, FOCUS]
    shown = archive.json("show", "148971810")
    assert (shown["version"], shown["url"], shown["section"]) == (1, portal.url + FOCUS, "policy-focus")


@pytest.mark.parametrize("there", [None, f">{NEWS}"], ids=["nothing", "a redirect back"])
def test_a_dead_address_that_a_look_cut_short_took_for_the_place_is_none_once_it_is_asked_for(tmp_path, portal, there):
    archive = desk(tmp_path / "archive", portal.url)
    portal.shown = {NEWS: page(FOCUS)} | ({FOCUS: there} if there else {})
    archive.ok("crawl", "--url", portal.url + NEWS, "--max-requests", "2")
    assert [one for one in portal.asked if "newsId" in one] == [NEWS]
    for _ in range(2):
        archive.ok("crawl", "--url", portal.url + FOCUS)
    shown = archive.json("show", "148971810")
    assert (shown["version"], shown["url"], shown["section"]) == (1, portal.url + NEWS, "policy-news")
    assert archive.json("changes") == []
    rebuilds_to_the_same(archive)
