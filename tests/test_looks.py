"""A look that is answered "unchanged" although what it is unchanged since is not in the archive."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import closing
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from scrapy import Request
from scrapy.http import TextResponse
from scrapy.spidermiddlewares.httperror import HttpError
from twisted.python.failure import Failure

from crawler.answers import NothingToRepeat
from crawler.asked import Asked
from crawler.lists import Lists
from crawler.looks import Looks
from crawler.portal import Portal
from crawler.turning import LONG, Turned
from crawler.viewer import MAX_DOCUMENT_PAGES
from crawler.walks import Walk
from crawler.watch import load, written
from crawler.windows import Days
from storage.state import State
from tests.makers import PORTAL, archive_at, at, capture, evidence, filed

URL = f"{PORTAL}/news/policyNewsView.do?newsId=148930267"


class Looked:
    """Looks at one article of an archive that holds nothing, and whose page was settled how often."""

    def __init__(self, root: Path) -> None:
        self.archive, self.db = archive_at(root)
        self.archive.settings_path.write_text(written(url=PORTAL, contact="t@example.org"), encoding="utf-8")
        watch = load(self.archive.settings_path)
        self.looks = Looks(self.archive, self.db, Portal(PORTAL), watch, lambda: False)
        self.settled: list[str] = []
        self.looks.settled.append(self.settled.append)

    def unchanged(self, request: Request, **changed: Any) -> TextResponse:
        """Answer a request with 304, which is a revisit of a record that nobody has."""
        given: dict[str, Any] = {"kind": "revisit", "status": 304, "refers_to": "urn:uuid:gone", **changed}
        request.meta["capture"] = capture(at(0), **given)
        return TextResponse(request.url, status=304, request=request)


@pytest.fixture
def looked(tmp_path: Path) -> Iterator[Looked]:
    made = Looked(tmp_path)
    with closing(made.db):
        yield made


GONE_FILE = {"refers_to": None, "evidence": evidence(at(0))._replace(warc="warc/gone.warc.gz")}


@pytest.mark.parametrize("lost", [{}, GONE_FILE], ids=["its record", "its file"])
def test_a_page_said_to_be_unchanged_since_a_lost_one_is_asked_for_whole_once(looked: Looked, lost, caplog):
    headers = {"If-None-Match": '"a"', "If-Modified-Since": "Tue, 15 Sep 2026 09:00:00 GMT", "X-Other": "stays"}
    first = Request(URL, looked.looks.read, headers=headers, cb_kwargs={"article": "148930267"})
    (again,) = looked.looks.read(looked.unchanged(first, **lost), "148930267")
    assert (again.url, again.callback, again.cb_kwargs) == (URL, looked.looks.read, first.cb_kwargs)
    assert set(again.headers) == {b"X-Other"}
    assert again.dont_filter
    assert looked.settled == []
    assert list(looked.looks.read(looked.unchanged(again, **lost), "148930267")) == []
    assert looked.settled == ["148930267"]
    assert f"{URL}: said to be unchanged, though it was asked for whole." in caplog.text


def test_a_documents_skin_said_to_be_unchanged_since_a_lost_one_is_asked_for_whole(looked: Looked):
    skin = Request(f"{PORTAL}/docViewer/skin/doc.html", headers={"If-None-Match": '"a"'})
    (again,) = looked.looks._turning.skin(looked.unchanged(skin))
    assert (again.url, dict(again.headers)) == (skin.url, {})


VIEWER = f"{PORTAL}/docViewer/iframe_skin/doc.html?fn=ab12&rs=/docViewer/result/2026.09/15/ab12"


@pytest.mark.parametrize(
    ("text", "number", "turned"),
    [
        ("<p>첫 쪽</p>", 1, ["ab12.files/2.html"]),
        ("<main id='main'><h1>대한민국 정책브리핑</h1></main>", 1, []),
        ("<main id='main'><h1>대한민국 정책브리핑</h1></main>", 11, []),
        ("", 1, []),
        ("<p>시스템 오류가 발생하였습니다.</p>", 1, ["ab12.files/2.html"]),
        ("<p>시스템 오류가 발생하였습니다.</p>", 2, []),
        ("<p>열한째 쪽</p>", 11, ["ab12.files/12.html"]),
    ],
)
def test_a_documents_pages_are_turned_no_further_where_another_page_stands_in_their_place(looked, text, number, turned):
    url = f"{PORTAL}/docViewer/result/2026.09/15/ab12/ab12.files/{number}.html"
    request = Request(url, meta={"capture": capture(at(0))})
    came = TextResponse(request.url, body=text.encode(), request=request)
    further = looked.looks._turning.turn(came, Turned(capture(at(0)), VIEWER, number))
    assert [one.url.removeprefix(f"{PORTAL}/docViewer/result/2026.09/15/ab12/") for one in further] == turned


def test_a_document_of_which_a_page_was_cut_is_turned_no_further(looked: Looked):
    request = Request(f"{PORTAL}/docViewer/result/2026.09/15/ab12/ab12.files/1.html")
    came = TextResponse(request.url, body="<p>첫 쪽이".encode(), request=request, flags=["truncated"])
    assert list(looked.looks._turning.turn(came, Turned(capture(at(0)), VIEWER))) == []


def turned(looked: Looked, text: Callable[[int], str], end: int) -> list[int]:
    """Turn a document's pages as far as they are turned; give the numbers that were asked for."""
    page = Request(URL, meta={"capture": capture(at(0))})
    request = looked.looks._turning.begun(TextResponse(URL, request=page), VIEWER)
    asked = []
    while True:
        asked.append(int(request.url.rpartition("/")[2].removesuffix(".html")))
        here = asked[-1] <= end
        request.meta["capture"] = capture(at(0))
        came = TextResponse(request.url, 200 if here else 404, body=text(asked[-1]).encode(), request=request)
        assert request.callback is not None
        if not (further := request.callback(came, **request.cb_kwargs)):
            return asked
        (request,) = further


@pytest.mark.parametrize("text", [
    "<p>같은 쪽</p>", "<p>첫 쪽이 다시 나온다.</p><input type='hidden' value='{0}'>",
    "<p>{0}쪽은 준비 중입니다 (14:05:{0}).</p>",
    "<img src='/newsWeb/resources/{0}.png'><p>그림 {0}</p>", "<p>- {0} -</p>",
    "<table>" + "<tr><td>서울 지역 소상공인 지원 금액</td><td>{0}</td></tr>" * 12 + "</table>",
])  # fmt: skip
def test_a_viewer_without_an_end_is_not_asked_for_hundreds_and_a_long_document_is_had_whole(looked: Looked, text: str):
    first = list(range(1, LONG + 1))
    assert turned(looked, text.format, MAX_DOCUMENT_PAGES) == [*first, MAX_DOCUMENT_PAGES]
    whole = turned(looked, text.format, MAX_DOCUMENT_PAGES - 1)
    assert whole == [*first, MAX_DOCUMENT_PAGES, *range(LONG + 1, MAX_DOCUMENT_PAGES + 1), MAX_DOCUMENT_PAGES]


def test_a_list_page_whose_original_is_lost_is_named_with_its_record(looked: Looked):
    """Lists are asked for without conditions; a portal that answers 304 all the same gives no list."""
    with pytest.raises(NothingToRepeat, match="urn:uuid:gone, which is not in the archive"):
        looked.looks.answers.text(looked.unchanged(Request(f"{PORTAL}/news/policyNewsList.do")))


OTHER = f"{PORTAL}/briefing/actuallyView.do?newsId=148930267"


def absent(looked: Looked, request: Request) -> list[Request]:
    """Answer a request for a page with 404."""
    response = TextResponse(request.url, status=404, request=request)
    failure = Failure(HttpError(response))
    failure.request = request  # type: ignore[attr-defined]  # Scrapy's failures have it
    return looked.looks._missed_page(failure)


@pytest.mark.parametrize("named_before", [True, False], ids=["before the 404", "after it"])
def test_an_article_absent_from_one_address_is_looked_for_at_the_other_that_the_run_names(looked: Looked, named_before):
    here, there = looked.looks._portal.address(URL), looked.looks._portal.address(OTHER)
    assert here is not None
    assert there is not None
    first = looked.looks.look(here)
    assert first is not None
    if named_before:
        assert looked.looks.look(there) is None
        (again,) = absent(looked, first)
    else:
        assert absent(looked, first) == []
        found = looked.looks.look(there)
        assert found is not None
        again = found
    assert again.url == OTHER
    assert absent(looked, again) == []
    assert (looked.looks.look(here), looked.looks.look(there)) == (None, None)


def test_a_look_at_two_addresses_is_whole_once_both_have_answered(looked: Looked):
    here, there = looked.looks._portal.address(URL), looked.looks._portal.address(OTHER)
    assert here is not None
    assert there is not None
    whole: list[str] = []
    looked.looks.whole = whole.append
    first = looked.looks.look(here)
    assert first is not None
    assert looked.looks.look(there) is None
    (again,) = absent(looked, first)
    assert whole == []
    assert absent(looked, again) == []
    assert whole == ["148930267"]


def test_an_address_that_leads_to_another_article_which_is_absent_has_that_one_looked_for_elsewhere(looked: Looked):
    led_to, elsewhere = URL.replace("148930267", "148930300"), OTHER.replace("148930267", "148930300")
    with looked.db:
        filed(looked.db, capture(at(0), "148930300", url=elsewhere))
    here = looked.looks._portal.address(URL)
    assert here is not None
    whole: list[str] = []
    looked.looks.whole = whole.append
    first = looked.looks.look(here)
    assert first is not None
    (again,) = absent(looked, first.replace(url=led_to))
    assert again.url == elsewhere
    assert (looked.settled, whole) == (["148930267"], ["148930267"])
    assert absent(looked, again) == []
    assert whole == ["148930267", "148930300"]


def test_an_article_that_was_read_is_not_looked_for_elsewhere(looked: Looked):
    here, there = looked.looks._portal.address(URL), looked.looks._portal.address(OTHER)
    assert here is not None
    assert there is not None
    assert looked.looks.look(here) is not None
    assert looked.looks.look(there) is None


def listed(looked: Looked, root: Path) -> tuple[Lists, Walk, Request]:
    """Begin to walk the list of policy news, which has come to its third page."""
    state = State.load(root / "state.json")
    lists = Lists(
        asked=Asked(("policy-news",)), looks=looked.looks, portal=Portal(PORTAL), db=looked.db, state=state,
        today=at(0).date(), again=False,
    )  # fmt: skip
    request = next(lists.newest())
    walk: Walk = request.cb_kwargs["walk"]
    walk.page, walk.rows, walk.by_get = 3, 40, True
    return lists, walk, request


def test_a_list_page_that_could_not_be_had_is_named_by_its_number(looked: Looked, tmp_path: Path):
    lists, _, request = listed(looked, tmp_path)
    failure = Failure(HttpError(TextResponse(request.url, status=500, request=request)))
    failure.request = request  # type: ignore[attr-defined]  # Scrapy's failures have it
    lists._missed(failure)
    assert lists.problems == [f"{PORTAL}/news/policyNewsList.do, page 3: no list (it was answered with 500)."]


def test_an_empty_list_page_before_the_last_is_not_called_one_seen_before(looked: Looked, tmp_path: Path):
    lists, walk, request = listed(looked, tmp_path)
    page = (
        '<form id="mainForm"></form><div class="list_type"><div class="no_data">없음</div></div><div class="paging">'
        '<a class="last" onclick="pageLink(500)">끝</a></div>'
    )
    assert list(lists._turned(TextResponse(request.url, body=page.encode(), request=request), walk)) == []
    assert lists.problems == [f"{request.url}: page 3 of the list is empty; what follows is not reached."]


EMPTY = '<div class="list_type"><div class="no_data">없음</div></div>'
STRANGE = "<main><p>시스템을 점검하고 있습니다.</p></main>"


def rows(*days: str) -> str:
    """Write a list page with one article a day; all in all the list has 70."""
    items = "".join(
        f'<li><a href="/news/policyNewsView.do?newsId=14893000{n}"><span class="text"><strong>제목 {n}</strong>'
        f'<span class="source"><span>{day}</span><span>국토교통부</span></span></span></a></li>'
        for n, day in enumerate(days)
    )
    return f'<div class="result">총 <strong>70</strong> 건</div><div class="list_type"><ul>{items}</ul></div>'


@pytest.mark.parametrize(
    ("page", "problem", "over"),
    [
        (STRANGE, "not recognised as a list; no article was found in it.", "missed"),
        (EMPTY, "an empty list.", "end"),
    ],
    ids=["no list", "empty"],
)
def test_a_first_page_without_articles_is_said(looked: Looked, tmp_path: Path, page: str, problem: str, over: str):
    lists, walk, request = listed(looked, tmp_path)
    walk.page, walk.rows, walk.by_get = 1, 0, False
    assert list(lists._opened(TextResponse(request.url, body=page.encode(), request=request), walk)) == []
    assert lists.problems == [f"{request.url}: {problem}"]
    assert walk.over == over


@pytest.mark.parametrize(("page", "problems"), [(EMPTY, 0), ('<div class="list_type"><ul></ul></div>', 1)])
def test_a_ministry_may_have_no_news_when_its_list_says_so(looked: Looked, tmp_path: Path, page: str, problems: int):
    lists = Lists(
        asked=Asked(("ministry-news",)), looks=looked.looks, portal=Portal(PORTAL), db=looked.db,
        state=State.load(tmp_path / "state.json"), today=at(0).date(), again=False,
    )  # fmt: skip
    home = next(lists.newest())
    ministries = b'<div class="list_type"><a href="/news/ministryNewsList.do?repCode=A00015">x</a></div>'
    [request] = lists._opened(TextResponse(home.url, body=ministries, request=home), home.cb_kwargs["walk"])
    answer = TextResponse(request.url, body=page.encode(), request=request)
    assert list(lists._opened(answer, request.cb_kwargs["walk"])) == []
    assert lists.problems == [f"{request.url}: an empty list."] * problems


FIRST, LAST = date(2026, 1, 1), date(2026, 6, 30)
ALL = [Days(FIRST, LAST)]


@pytest.mark.parametrize(
    ("page", "left", "missing", "ignores"),
    [
        (STRANGE, None, ALL, False),
        (EMPTY, 0, [], False),
        (rows("2026-09-07", "2025-11-30"), None, ALL, True),
        (rows("2026.05.10", "2026.04.02"), 70, [Days(FIRST, date(2026, 5, 10))], False),
        (rows("2026.06.30", "2026.04.02"), 70, ALL, False),
        (rows("", ""), 70, ALL, False),
    ],
    ids=["no list", "empty", "other days", "the newest days have none", "all days", "without days"],
)
def test_the_first_look_back_tells_how_much_is_left_and_which_days_have_nothing(
    looked: Looked, tmp_path: Path, page: str, left: int | None, missing: list[Days], ignores: bool
):
    lists, walk, request = listed(looked, tmp_path)
    one = lists._lists[walk.url]
    peek = lists._window(one, ALL[0])
    lists._peeked(TextResponse(request.url, body=page.encode(), request=request), peek, one)
    assert (one.left, one.memory.covered.missing(ALL[0]), one.memory.dates_ignored) == (left, missing, ignores)
    strange = page == STRANGE
    said = f"{request.url}: not recognised as a list; older articles were not asked for."
    assert lists.problems == [said] * strange
    assert (peek.over == "missed") is strange
