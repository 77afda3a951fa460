"""A list page says which articles it lists, how to turn it, and which further lists it leads to."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from selectolax.lexbor import LexborNode

from crawler import list_page
from crawler.list_page import GRID_ROWS, ITEM_ROWS, SHAPES, TABLE_ROWS, ListPage, Row, RowShape
from crawler.portal import Portal
from crawler.sections import SECTIONS
from tests.test_layouts import BLOCKED, GONE


def rows(html: str) -> list[Row]:
    return ListPage(f"<html><body><main>{html}</main></body></html>").rows()


VIEW = "/briefing/pressReleaseView.do?newsId=156782518"


@pytest.mark.parametrize(
    ("html", "row"),
    [
        (
            f'<div class="list_type"><ul><li><a href="{VIEW}&amp;pWise=sub"><span class="thumb">'
            f'<img src="x"></span><span class="text">'
            '<strong>특화주택 <span class="highlight">공모</span></strong><span class="lead">2020.01.01 머리글</span>'
            '<span class="source"><span>2026.09.07</span><span>국토교통부</span></span></span></a></li></ul></div>',
            Row(f"{VIEW}&pWise=sub", "특화주택 공모", "2026-09-07", "국토교통부"),
        ),
        (
            f"<div class='list_type'><ul><li><a href='{VIEW}'><strong>제목</strong><span class='source'>"
            f"2026-07-08 국토교통부</span></a></li></ul></div>",
            Row(VIEW, "제목", "2026-07-08", "국토교통부"),
        ),
        (
            f"<table><tbody><tr><td>국토교통부</td>"
            f"<td><a href='{VIEW}'><strong>제목</strong></a></td><td>2026.09.07</td>"
            "<td>홍길동 장관</td></tr></tbody></table>",
            Row(VIEW, "제목", "2026-09-07", "국토교통부"),
        ),
        (
            "<div class='table_list'><table><tbody><tr><td>1,513</td><td><b>대통령</b></td>"
            "<td><a href='/briefing/speechView.do?newsId=132038000'>기념사</a></td>"
            "<td>2026.08.15</td></tr></tbody></table></div>",
            Row("/briefing/speechView.do?newsId=132038000", "기념사", "2026-08-15", "대통령"),
        ),
        (
            "<ul class='lst'><li><a href='#' onclick=\"goView('/briefing/stateCouncilView.do?newsId=148971000','')\">"
            "<strong>제40회 국무회의</strong><span class='source'><span>2026.09.01</span></span></a></li></ul>",
            Row("/briefing/stateCouncilView.do?newsId=148971000", "제40회 국무회의", "2026-09-01", None),
        ),
        (
            f"<div class='list_type type2'><ul><li><a onclick='goDetailView(\"{VIEW}\")'><img></a>"
            f"<a href='javascript:goDetailView(\"{VIEW}\")'>제목</a></li></ul></div>",
            Row(VIEW, "제목", None, None),
        ),
        (
            f"<div class='list_type'><ul><li><a href='{VIEW}'><img></a><a href='{VIEW}'>제목</a>"
            f"<a href='{VIEW}#file'>붙임 3개</a></li></ul></div>",
            Row(VIEW, "제목", None, None),
        ),
    ],
)
def test_a_row_is_read_from_every_markup_of_lists(html, row):
    assert rows(html) == [row]


def test_boxes_beside_a_list_are_no_rows():
    aside = f'<aside class="as_side"><ul class="lst"><li><a href="{VIEW}">옆 기사</a></li></ul></aside>'
    assert rows(f'<div class="list_type"><div class="no_data">검색결과가 없습니다.</div></div>{aside}') == []
    assert rows(aside) == []
    assert rows(f"<nav><ul><li><a href='{VIEW}'>x</a></li></ul></nav>") == []


def test_an_empty_list_is_still_a_list_and_a_notice_is_none():
    assert ListPage('<div class="list_type"><div class="no_data">검색결과가 없습니다.</div></div>').recognises()
    assert ListPage("<form id='mainForm'></form>").recognises()
    for text in (*BLOCKED, *GONE[:8], ""):
        assert not ListPage(text).recognises()
        assert ListPage(text).rows() == []


def test_a_hostile_row_is_no_article_of_the_portal():
    html = "".join(
        f'<li><a href="{href}"><strong>x</strong></a></li>'
        for href in (
            "javascript:alert('policyNewsView.do?newsId=1')",
            "https://evil.com/news/policyNewsView.do?newsId=1",
            "//evil.com/news/policyNewsView.do?newsId=1",
            "/news/policyNewsView.do?newsId=&lt;script&gt;",
            "https://www.korea.kr@evil.com/news/policyNewsView.do?newsId=1",
            "/news/policyNewsView.do",
        )
    )
    addresses = [
        Portal().address(row.link)
        for row in rows(f"<div class='list_type'><ul>{html}<li>no link</li><li><a></a></li></ul></div>")
    ]
    assert all(one is None or one.article is None for one in addresses)


def test_the_form_and_the_pager_say_how_to_go_on():
    listed = ListPage(
        '<form id="mainForm"><input type="hidden" name="pageIndex" value="1"><input name="srchWord" value="예산">'
        '<input type="hidden" name="period">'
        '<input type="checkbox" name="deptCode" value="A"><input type="submit" name="go">'
        '<input type="button" name="more" value="더"><input type="radio" name="sort" value="new">'
        '</form><div class="paging"><span class="num on"><a onclick="pageLink(1); return false;">1</a></span>'
        '<a onclick=\'pageLink( "2" )\'>2</a><a class="last" onclick="pageLink(1513); return false;">끝</a>'
        '<a onclick="pageLink(99999999999999999999)">x</a></div>'
    )
    assert listed.form() == {"pageIndex": "1", "srchWord": "예산", "period": ""}
    assert listed.last_page() == 1513
    assert ListPage("").last_page() is None
    assert ListPage("").form() == {}


# Shapes that nobody has shown


CARD = "/multi/visualNewsView.do?newsId=148971500&amp;cateId=cardnews"


@pytest.mark.parametrize(
    "html",
    [
        "<ul class='photo_list'><li><a href='{0}'><span class='thumb'><img src='x' alt='x'></span>"
        "<strong>제목</strong><span class='date'>2026.09.07</span></a></li></ul>",
        "<ul class='gallery'><li><div class='img'><a href='{0}'><img src='x' alt=''></a></div>"
        "<div class='text'><a href='{0}'>제목</a><span class='date'>2026.09.07</span></div></li></ul>",
        "<div class='cards'><dl><dt><a href='{0}'><strong>제목</strong></a></dt>"
        "<dd class='date'>2026.09.07</dd></dl></div>",
        "<figure><a href='{0}'><img src='x' alt='x'></a><figcaption>제목</figcaption><time>2026-09-07</time></figure>",
        "<ul><li><a href='javascript:;' onclick=\"goView('{0}','')\"><img src='x' alt='제목'></a>"
        "<em>2026.09.07</em></li></ul>",
    ],
)
@pytest.mark.parametrize("frame", ["<main>{}</main>", "<div id='container'>{}</div>"])
def test_a_grid_of_pictures_is_a_list(html, frame):
    listed = ListPage(frame.format(html.format(CARD)))
    assert listed.rows() == [Row(CARD.replace("&amp;", "&"), "제목", "2026-09-07", None)]
    assert listed.recognises()


@pytest.mark.parametrize(
    "box",
    [
        "<aside><ul><li><a href='{0}'>옆</a></li></ul></aside>",
        "<div class='as_side'><ul><li><a href='{0}'>옆</a></li></ul></div>",
        "<div class='side_row trend'><ol><li><a href='{0}'>실시간 인기뉴스</a></li></ol></div>",
        "<section class='area_banner'><ul><li><a href='{0}'>배너</a></li></ul></section>",
        "<section class='area_page'><ul><li><a onclick=\"goView('{0}')\">다음기사</a></li></ul></section>",
        "<div class='related'><div class='rbody'><ul class='rlst'><li><a href='{0}'>관련</a></li></ul></div></div>",
        "<ul><li><a href='/multi/visualNewsList.do'>목록</a></li></ul>",
    ],
)
def test_a_box_beside_a_grid_is_no_row_of_it(box):
    assert ListPage(f"<main>{box.format(CARD)}</main>").rows() == []
    with_row = f"<main><ul><li><a href='{CARD}'>제목</a></li></ul>{box.format(CARD.replace('148971500', '1'))}</main>"
    assert [row.title for row in ListPage(with_row).rows()] == ["제목"]


def test_a_film_is_linked_by_its_query_alone():
    html = "<main><ul><li><a href='/video/index.html?newsId=148971600'>짧은 영상</a></li></ul></main>"
    assert ListPage(html).rows() == [Row("/video/index.html?newsId=148971600", "짧은 영상", None, None)]
    assert ListPage(html.replace("?newsId=148971600", "")).rows() == []


def test_rows_printed_twice_and_named_by_their_key_are_each_one_row():
    row = (
        "<li><a href='#' onclick=\"goDetailView('393231'); return false;\"><strong>{}</strong>"
        "<span class='source'><span>2026.09.07</span><span>산업통상부</span></span></a></li>"
    )
    html = f"<main><div class='list_type type2'><ul>{row.format('')}{row.format('연구원 채용')}</ul></div></main>"
    section = SECTIONS["recruit"]
    rows = ListPage(html, section.rows, section.view_start()).rows()
    assert rows == [Row("/archive/recruitInfoView.do?dataId=393231", "연구원 채용", "2026-09-07", "산업통상부")]
    assert ListPage(html).rows() == []


@pytest.mark.parametrize(
    ("expected", "title"), [(None, "소식"), (TABLE_ROWS, "표"), (ITEM_ROWS, "소식"), (GRID_ROWS, "소식")]
)
def test_the_shape_expected_is_asked_first_and_the_others_after_it(expected, title):
    news = f"<div class='list_type'><ul><li><a href='{VIEW}'>소식</a></li></ul></div>"
    table = f"<table><tbody><tr><td><a href='{VIEW}'>표</a></td></tr></tbody></table>"
    assert [row.title for row in ListPage(f"<main>{news}{table}</main>", expected).rows()] == [title]
    for html in (news, table):
        assert len(ListPage(f"<main>{html}</main>", expected).rows()) == 1


def test_every_section_names_a_shape_of_rows():
    assert {section.rows for section in SECTIONS.values()} <= set(SHAPES)
    assert all(isinstance(one, RowShape) and one.where for one in SHAPES)


@pytest.mark.parametrize(
    ("html", "total"),
    [
        ("<div class='result'><strong>총 1,513 건</strong></div>", 1513),
        ("<p class='result'>총 <strong>30</strong>건</p>", 30),
        ("<div class='result'><strong>총 0 건</strong></div>", 0),
        ("<aside><div class='result'>총 5 건</div></aside>", None),
        ("<div class='result'>검색결과</div>", None),
        ("", None),
    ],
)
def test_a_list_says_how_many_articles_it_has(html, total):
    assert ListPage(f"<main>{html}</main>").total() == total


@pytest.mark.parametrize(
    "html",
    [
        "<ul><li><a href='/news/policyFocusList.do?pkgId=49500845&amp;pWise=sub'>묶음</a></li></ul>",
        '<a href="#" onclick="goList(\'/news/policyFocusList.do?1=1&pkgId=49500845\'); return false;">묶음</a>',
        "<a href='javascript:goPkgView(\"49500845\");'>묶음</a>",
        "<select name='pkgId'><option value=''>전체</option>"
        "<option value='/news/policyFocusList.do?pkgId=49500845'>묶음</option></select>",
    ],
)
def test_a_list_of_lists_leads_to_each_of_them_once(html):
    aside = "<aside><a href='/news/policyFocusList.do?pkgId=1'>옆</a></aside>"
    page = ListPage(f"<main>{html}{html}<a href='/news/policyFocusHome.do'>처음</a>{aside}</main>")
    assert page.sublists("/news/policyFocusList.do", "pkgId") == ["/news/policyFocusList.do?pkgId=49500845"]


def test_a_ministry_is_a_list_of_its_own_and_several_at_once_are_none():
    html = (
        "<a href='/news/ministryNewsList.do?repCode=A00015'>산업통상부</a>"
        "<a onclick=\"goDept('A00041')\">재정경제부</a>"
        "<a href='/news/ministryNewsList.do?repCode=A00009,D00020'>문체부</a>"
    )
    found = ListPage(f"<main>{html}</main>").sublists("/news/ministryNewsList.do", "repCode")
    assert found == ["/news/ministryNewsList.do?repCode=A00015", "/news/ministryNewsList.do?repCode=A00041"]


@given(st.text(alphabet=st.sampled_from("<>=\"'() /abliovewLsgVdq.?&;0123가"), max_size=200))
def test_no_markup_breaks_a_list(text):
    listed = ListPage(f"<main><ul><li><a href='x' onclick=\"{text}</a></li></ul></main>", GRID_ROWS, "/x?y=")
    assert isinstance(listed.rows(), list)
    assert listed.total() is None or listed.total() >= 0
    assert isinstance(listed.sublists("/news/policyFocusList.do", "pkgId"), list)


LONG = 1_000_000


@pytest.mark.parametrize("script", ["go" * (LONG // 2), "a" * LONG, f"data:image/png;base64,{'A' * LONG}"])
def test_an_attribute_as_long_as_a_picture_is_looked_through_once(script: str):
    page = ListPage(f'<div class="list_type"><ul><li><a onclick="{script}" href="{script}">소식</a></li></ul></div>')
    assert page.rows() == []
    assert page.sublists("/news/policyFocusList.do", "pkgId") == []


def test_of_a_row_with_many_links_only_as_many_titles_are_asked_for_as_are_needed(monkeypatch: pytest.MonkeyPatch):
    asked: list[str] = []

    def visible(node: LexborNode) -> str:
        asked.append(node.text())
        return node.text()

    monkeypatch.setattr(list_page, "visible", visible)
    links = [f"<a href='{VIEW}'>{title}</a>" for title in ("", "제목", "전체 보기", "내려받기")]
    assert [one.title for one in rows(f"<ul class='list_type'><li>{''.join(links)}</li></ul>")] == ["제목"]
    assert asked == ["", "제목"]
