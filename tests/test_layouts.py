"""Which layout reads a page, what a page is that none reads, and how the document viewer and lists are read."""

from __future__ import annotations

import json
import re
import sys
from datetime import UTC, date, datetime

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from selectolax.lexbor import LexborHTMLParser

from crawler.body import Body, read_body
from crawler.layouts import PageReading, extractor, read_document, read_page
from crawler.portal import Portal
from crawler.sections.policy_news import PolicyNews
from crawler.templates import EVERY, View2026, ViewClassic, ViewCont
from storage.charsets import text_of
from storage.records import Block
from tests.golden_cases import ROOT

URL = "https://www.korea.kr/news/policyNewsView.do?newsId=148930023"
NOW = datetime(2026, 10, 5, 2, 0, tzinfo=UTC)
GOLDEN = ROOT / "policy-news" / "View2026" / "photos-headings-author" / "page.html"


def read(text: str, at: datetime = NOW, url: str = URL) -> PageReading:
    return read_page(text, url, at, Portal())


def page(
    body: str, *, title: str = "예산안 설명", head: str = "<span>2026.09.15</span><span>정책브리핑 선경철</span>"
) -> str:
    """A page in the template of 2026 with nothing around the article."""
    return (
        f'<!DOCTYPE html><html lang="ko"><head><title>{title} - 정책뉴스</title></head><body><main id="main">'
        f'<div class="view_title"><h1>{title}</h1></div><div class="article_wrap"><div class="article_head">'
        f'<div class="info">{head}</div></div><div class="article_body"><div class="view_cont">{body}</div></div>'
        "</div></main></body></html>"
    )


def body_of(html: str, *, joined: bool = False) -> Body:
    node = LexborHTMLParser(f'<div id="b">{html}</div>').css_first("#b")
    assert node is not None
    return read_body(node, lambda link: Portal().local(link) or link, joined=joined)


def texts(html: str, *, joined: bool = False) -> list[tuple[str, str]]:
    return [(block.kind, block.text) for block in body_of(html, joined=joined).blocks]


def blocks_of(reading: PageReading) -> list[str]:
    assert reading.article is not None
    return [block.text for block in reading.article.body]


CHROME = (
    "<html><head><title>대한민국 정책브리핑</title></head><body>"
    '<header><nav>뉴스 브리핑룸</nav></header><main id="main">{}'
    '<aside class="as_side"><ol><li>불법 사이트 접속 차단 강화</li><li>삭제된 통계의 뒷이야기</li></ol></aside></main>'
    "<footer>정책브리핑 게시물 운영원칙에 따라 삭제 또는 계정이 차단 될 수 있습니다.</footer></body></html>"
)
GONE = [
    "<html><head><title>Error</title></head><body><h1>존재하지 않는 게시물입니다.</h1></body></html>",
    "<script>alert('삭제된 게시물입니다.'); history.back();</script>",
    '<script type="text/javascript">\nalert( "존재하지 않는 기사입니다." );location.href="/";</script><body></body>',
    "<body><p>요청하신 페이지를 찾을 수 없습니다. 주소가 정확한지 다시 한번 확인해 주시기 바랍니다.</p></body>",
    "<body><p>해당 기사는 작성 부처의 요청으로 비공개 처리되었습니다.</p></body>",
    "<body>해당 게시물이 없습니다.</body>",
    "<body>본 서비스는 게시 종료된 기사입니다.</body>",
    "<title>404 Not Found</title><body><h1>Not Found</h1></body>",
    CHROME.format('<section id="container"><p>삭제되었거나 존재하지 않는 기사입니다.</p></section>'),
    page("<p>해당 기사는 부처 요청으로 삭제되었습니다.</p>"),
    page("존재하지 않는 게시물입니다.", title="알림", head=""),
    page("<p>요청하신 기사를 찾을 수 없습니다.</p>", title="안내", head=""),
    page("<p>비공개 처리된 게시물입니다.</p>"),
    page("<p>비공개 게시물입니다.</p>"),
    page("<p>게시 기간이 만료된 게시물입니다.</p>"),
    page("<p>서비스가 중단된 콘텐츠입니다.</p>"),
]
BLOCKED = [
    "<title>접근 차단 안내</title><body>요청하신 페이지의 접근이 차단되었습니다. Support ID: 4710</body>",
    "<title>Request Rejected</title>The requested URL was rejected. Please consult with your administrator.",
    "<body>비정상적인 접근이 감지되었습니다.</body>",
    "<body>이용자가 많아 접속이 지연되고 있습니다. 잠시 후 다시 접속해 주세요.</body>",
    "<h1>Access Denied</h1>",
    "<h1>429 Too Many Requests</h1>",
    "<body><h1>서비스 점검 안내</h1><p>시스템 점검으로 서비스가 일시 중단되었습니다.</p></body>",
    "<body>보안 정책에 의해 삭제되었거나 차단된 페이지입니다.</body>",
    "<title>Web Application Firewall</title><body></body>",
    page("<p>시스템 점검 중입니다. 잠시 후 다시 이용해 주시기 바랍니다.</p>"),
    page("<p>비정상적인 요청으로 접근이 차단되었습니다.</p><p>Support ID: 4710</p>"),
]
UNKNOWN = [
    "",
    " \n ",
    "\x00\x00",
    "not html at all",
    "<html><body></body></html>",
    '<title>로그인</title><body><form action="/login.do"><input name="id"></form>로그인이 필요합니다.</body></html>',
    CHROME.format('<section id="container"><div class="new_view"><h1>새 틀의 기사</h1></div></section>'),
    CHROME.format("<p>" + "새 틀로 쓴 기사이다. 존재하지 않는 자료를 찾을 수 없다. " * 60 + "</p>"),
    "<body><p>자료를 옮겼습니다.</p><script>function f(){ if (gone) show('삭제된 댓글'); }</script></body></html>",
    page(""),
    page("<p>&nbsp;</p><p> </p><!-- 삭제된 글 -->"),
    page("<p>본문</p>", title=""),
    page("<script>document.write('본문')</script>"),
]


@pytest.mark.parametrize("text", GONE)
def test_a_page_that_says_the_article_is_gone_is_gone(text):
    assert read(text) == PageReading("gone")


@pytest.mark.parametrize("text", BLOCKED)
def test_a_firewall_or_maintenance_page_is_never_a_removal(text):
    assert read(text) == PageReading("blocked")


@pytest.mark.parametrize("text", UNKNOWN)
def test_a_page_nobody_knows_is_unrecognised_and_not_half_read(text):
    assert read(text) == PageReading("unrecognised")


FILE = '<div class="filedown"><a href="/common/download.do?fileId=1">보도자료.hwpx</a></div>'


@pytest.mark.parametrize("files", ["", FILE])
@pytest.mark.parametrize(
    "notice",
    [
        "문서 변환 중입니다.",
        "<b>변환에 실패했습니다.</b>",
        "시스템 오류가 발생하였습니다.",
        "HTTP Status 500",
        "일시적인 오류로 본문을 불러올 수 없습니다.",
        "서버 장애로 인해 요청을 처리하지 못했습니다.",
        "기사를 표시하지 못했습니다. 잠시 기다려 주세요.",
        "내용을 불러오는 중입니다.",
    ],
)
def test_a_notice_in_the_place_of_the_text_is_an_error_whatever_files_stand_beside_it(files, notice):
    text = page(f"<p>{notice}</p>").replace('<div class="article_body">', f'{files}<div class="article_body">')
    assert read(text) == PageReading("error")


def test_a_notice_of_the_portal_may_say_that_something_is_down():
    text = page("<p>회원 서비스가 느립니다. 잠시 후 다시 이용해 주시기 바랍니다.</p>", title="서비스 안내")
    assert read(text, url="https://www.korea.kr/etc/noticeView.do?newsId=132038885").outcome == "read"


FAILURES = (
    "<!doctype html><html lang='ko'><head><title>HTTP Status 500 – Internal Server Error</title></head>"
    "<body><h1>HTTP Status 500</h1><p>Type Exception Report</p></body></html>",
    "<!DOCTYPE html>\n<html><head><title>Error</title></head><body><div class='error_wrap'>"
    "<h1>서비스 이용에 불편을 드려 죄송합니다.</h1><p>잠시 후 다시 이용해 주시기 바랍니다.</p></div></body></html>",
    "<HTML><BODY><h2>페이지를 찾을 수 없습니다.</h2><p>주소가 바뀌었거나 없는 페이지입니다.</p></BODY></HTML>",
)


@pytest.mark.parametrize("pasted", FAILURES)
def test_an_error_page_pasted_whole_into_a_page_is_a_look_that_could_not_tell(pasted: str):
    text = page(f"<p>산림청은 산길 열두 곳을 연다.</p>{pasted}<p>쉼터 다섯 곳을 둔다.</p>")
    assert read(text) == PageReading("error")


@pytest.mark.parametrize(
    "pasted",
    [
        "<html><head><title>무제</title></head><body><p>예매 서비스 점검을 마치고 접속 차단을 푼다.</p></body></html>",
        "<html><body><p>‘잠시 후 다시 시도해 주십시오’라는 안내가 사라지도록 예매 누리집의 서버를 열두 대 늘린다.</p>"
        f"<p>{'산길을 걷는다. ' * 20}</p></body></html>",
        "<script>document.write('<html><body></body></html>');</script><p>잠시 후 다시 이용해 주시기 바랍니다.</p>",
    ],
)
def test_a_text_pasted_with_a_page_of_its_own_is_read(pasted: str):
    reading = read(page(f"<p>산림청은 산길 열두 곳을 연다.</p>{pasted}<p>쉼터 다섯 곳을 둔다.</p>"))
    assert (reading.outcome, len(reading.article.body) > 2) == ("read", True)


@pytest.mark.parametrize("said", ["일시적인 장애로 본문을 불러올 수 없습니다.", "본문을 불러오는 데 실패했습니다."])
def test_a_notice_of_the_portal_does_not_say_that_its_text_is_not_there(said: str):
    text = page(f"<p>{said}</p>", title="누리집 개편 안내")
    assert read(text, url="https://www.korea.kr/etc/noticeView.do?newsId=132038885") == PageReading("error")


def test_an_article_of_one_sentence_is_no_notice():
    for said in (
        "에너지 변환 중심 도시를 만든다.",
        "시스템 오류로 늦은 급여를 지급한다.",
        "전산 장애로 신청하지 못한 사람도 받을 수 있다.",
        "비공개 회의 결과를 알려드립니다.",
        "정부는 불법 사이트 300곳을 차단했다.",
        "게시 기간이 끝난 뒤에도 자료를 볼 수 있다.",
    ):
        assert read(page(f"<p>{said}</p>")).outcome == "read"


@pytest.mark.parametrize(
    ("title", "said"),
    [
        ("불법 도박 사이트 300곳 접속 차단", "문화체육관광부의 요청으로 도박 사이트 300곳의 접속이 차단되었습니다."),
        ("정부24 시스템 오류", "정부24에 시스템 오류가 발생했습니다. 복구하는 대로 알려 드리겠습니다."),
        ("설 승차권 예매 시작", "예매가 몰리면 잠시 후 다시 이용해 주시기 바랍니다."),
    ],
)
def test_a_short_article_that_speaks_of_its_headline_is_no_notice(title: str, said: str):
    assert blocks_of(read(page(f"<p>{said}</p>", title=title))) == [said]


@pytest.mark.parametrize(
    "title",
    [
        "홈페이지 시스템 점검 안내",
        "정부 정책브리핑 서비스 오류 처리 결과",
        "설 승차권 예매, 15일 오후 2시 시작",
        "국가정보자원관리원 화재 복구",
    ],
)
def test_a_notice_whose_words_stand_in_the_headline_too_is_one(title: str):
    said = (
        "15일 오후 2시까지 국가정보자원관리원 화재로 홈페이지 시스템을 점검합니다. 잠시 후 다시 이용해 주시기 바랍니다."
    )
    assert read(page(f"<p>{said}</p>", title=title)) == PageReading("blocked")
    assert read(page("<p>시스템 오류가 발생하였습니다.</p>", title=title)) == PageReading("error")


@pytest.mark.parametrize("beside", ['<img src="/a.jpg" alt="안내문">', "<p>둘째 문단이다.</p><p>셋째 문단이다.</p>"])
def test_the_words_of_a_notice_beside_a_picture_or_among_paragraphs_are_an_articles(beside):
    assert read(page(f"<p>시스템 오류가 발생하였습니다.</p>{beside}")).outcome == "read"


def test_an_address_that_is_no_article_is_unrecognised():
    text = GOLDEN.read_text(encoding="utf-8")
    for url in ("https://www.korea.kr/", "https://www.korea.kr/news/policyNewsList.do", "https://evil.com/"):
        assert read(text, url=url) == PageReading("unrecognised")


@pytest.mark.parametrize(
    "sentence",
    [
        "정부는 불법 사이트 접속을 차단하고 삭제된 기록을 되살린다.",
        "404 오류가 난 페이지를 찾을 수 없습니다. 라는 안내를 없앤다.",
        "존재하지 않는 예산이라는 보도는 사실이 아니다.",
        "해당 기사는 사실과 다릅니다.",
        "이 자료는 삭제된 적이 없다고 밝혔다.",
        "Access denied, blocked, not found.",
        "해당 기사에 나온 사업은 예산이 전액 삭제되었습니다. 다만 정부는 다시 반영하도록 설득하겠다고 했다.",
        "이 자료는 삭제된 적이 없습니다.",
    ],
)
@pytest.mark.parametrize("title", ["삭제된 통계를 되살린다", "404를 찾을 수 없습니다", "접근 차단 안내"])
def test_an_article_about_removals_and_firewalls_is_read(sentence, title):
    reading = read(page(f"<p>{sentence}</p>", title=title))
    assert reading.outcome == "read"
    assert blocks_of(reading) == [sentence]


def test_a_page_cut_off_anywhere_is_never_half_read():
    text = GOLDEN.read_text(encoding="utf-8")
    end = text.index("</body>")
    for at in range(0, end, 1499):
        assert read(text[:at]).outcome != "read"
    assert read(text[:end]).outcome != "read"
    assert read(text).outcome == "read"


def test_a_page_in_another_charset_than_it_says_is_read():
    text = page("<p>한글 기사 본문이다.</p>").replace("<head>", '<head><meta charset="UTF-8">')
    for payload in (text.encode(), text.encode("euc-kr"), b"\xef\xbb\xbf" + text.encode(), text.encode("utf-16")):
        assert blocks_of(read(text_of(payload, "text/html;charset=UTF-8"))) == ["한글 기사 본문이다."]
    for payload in (text.encode("utf-16-le"), f"\r\n\t{text}".encode("utf-16-be")):
        assert blocks_of(read(text_of(payload, "text/html"))) == ["한글 기사 본문이다."]
    assert blocks_of(read(text_of(text.encode(), "text/html;charset=EUC-KR"))) == ["한글 기사 본문이다."]


@pytest.mark.parametrize("said", ["utf-16", "UTF16LE", "utf_16"])
def test_a_page_that_says_utf_16_in_bytes_of_ascii_is_in_utf_8(said: str):
    text = page("<p>한글 기사 본문이다.</p>").replace("<head>", f'<head><meta charset="{said}">')
    for end in ("", " "):  # Of an even number of bytes any would be UTF-16.
        assert text_of((text + end).encode(), "text/html") == text + end


@pytest.mark.parametrize("said", ["punycode", "raw_unicode_escape", "UTF-7", "idna"])
def test_what_python_can_decode_besides_charsets_is_no_charset_of_a_page(said: str):
    payload = rb"<p>\uac00+rAA-.xn--9d0b-" + b"a" * 100
    assert text_of(payload, f"text/html;charset={said}") == payload.decode()


def test_a_page_in_utf_8_is_read_as_its_text_is():
    text = GOLDEN.read_text(encoding="utf-8")
    assert read_page(text.encode(), URL, NOW, Portal()) == read(text)
    assert read_page(text.replace("</body>", "").replace("</html>", "").encode(), URL, NOW, Portal()).outcome != "read"


def test_class_names_count_in_another_case_where_html_lets_them():
    text = page("<p>본문</p>").replace('class="view_title"', 'class="View_Title"').replace("view_cont", "VIEW_CONT")
    assert read(text).outcome == "unrecognised"
    assert read(text.replace("<!DOCTYPE html>", "")) == read(page("<p>본문</p>"))


@pytest.mark.parametrize("blank", ["\x0b", "\u3000", "\xa0"])
def test_class_names_are_parted_only_by_what_html_parts_them_with(blank):
    licensed = page('<p>본문</p><div class="{}kogl"><img src="/open_type01.png" alt="공공누리 제1유형"></div>')
    assert read(licensed.format(blank)).article.licence is None
    assert read(licensed.format("wide\f\n")).article.licence == "KOGL-1"


def test_bytes_without_meaning_do_not_break_a_page():
    payload = page("<p>앞 \x00 뒤</p><p>가</p>").encode().replace("가".encode(), b"\xff\xfe\x80")
    read_blocks = blocks_of(read(text_of(payload, "text/html;charset=UTF-8")))
    assert read_blocks[0].startswith("앞")
    assert read_blocks[0].endswith("뒤")
    assert "\x00" not in "".join(read_blocks)


@pytest.mark.parametrize(
    "tag", ["div", "span", "b", "blockquote", "ul", "em", "section", "center", "figure", "details"]
)
def test_nine_thousand_nested_elements_lose_nothing(tag):
    depth = 9_000 if tag != "b" else 2_000  # the parser itself rebuilds formatting elements
    assert depth > sys.getrecursionlimit()
    reading = read(page(f"<p>앞</p>{f'<{tag}>' * depth}안{f'</{tag}>' * depth}<p>뒤</p>"))
    assert blocks_of(reading) == ["앞", "안", "뒤"]


def test_cells_and_rows_of_a_table_that_are_not_shown_say_nothing():
    """Sheets pasted from Excel end with such a row; merged cells may be hidden instead of left out."""
    table = (
        '<table><tr><td colspan="2">가</td><td style="display:none">숨</td><td>1</td></tr>'
        "<tr height=0 style='display:none'><td>너비</td><td>너비</td></tr>"
        "<tr><td>나</td><td hidden>숨</td><td>2</td></tr>"
        "<tbody hidden><tr><td>숨</td><td>숨</td></tr></tbody></table>"
    )
    assert texts(table) == [("table", "가\t1\n나\t2")]


def test_a_headline_for_screen_readers_alone_is_not_the_title():
    hidden = page("<p>글이다.</p>").replace("<h1>", '<h1 class="sr-only">본문 영역</h1><h1>')
    reading = read(hidden)
    assert reading.article is not None
    assert reading.article.title == "예산안 설명"


def test_nested_tables_and_lists_without_end_lose_nothing():
    nested = texts("<table><tr><td>칸" * 3000)
    assert nested[-1] == ("paragraph", "칸")
    assert len(nested) == 3000
    assert texts("<ul><li>줄" * 3000) == [("list-item", "줄")] * 3000


def test_a_page_far_larger_than_any_is_read_and_one_beyond_the_bounds_is_no_article():
    reading = read(page("<p>가나 <b>다</b><i></i></p>" * 40_000 + "<p>끝</p>"))
    assert blocks_of(reading)[-1] == "끝"
    assert len(blocks_of(reading)) == 40_001
    picture = f'<img src="data:image/png;base64,{"iVBORw0KGgo/" * 100_000}" alt="">'
    assert blocks_of(read(page(f"<p>앞</p>{picture}<p>끝</p>"))) == ["앞", "끝"]
    for much in ("<p>가</p>" * 200_000, f"<i{' a' * 400_000}>", "가" * 5_000_000):
        assert read(page(f"<p>앞</p>{much}<p>끝</p>")).outcome == "unrecognised"


# Parted by spaces alone: the tab stands in a tag.
MARKUP = (
    "<p> </p> <div> </div> <br> <table> <tr> <td> </table> <li> </ul> <img> <figure> <figcaption> <h3> <b> </b> "
    "<pre> <!-- --> <script> </script> <select> <svg> <math> <template> <plaintext> </body> <p <a\x00b> &#0; &nbsp; "
    "<img\tsrc=javascript:x> <img\tsrc=//[> <img\tsrc=/newsWeb/a.jpg> <p\tclass=img_desc> <caption> <tfoot> <li"
).split(" ")


@settings(max_examples=150)
@given(
    st.lists(
        st.one_of(
            st.sampled_from(MARKUP),
            st.text(max_size=5),
        ),
        max_size=30,
    )
)
def test_no_markup_breaks_the_reading(parts):
    html = "".join(parts)
    reading = read(page(html))
    assert (reading.article is not None) == (reading.outcome == "read")
    body = body_of(html)
    assert all(block.text.strip() for block in body.blocks)
    assert all(image.src.startswith("http") for image in body.images)


def test_hostile_markup_leaves_nothing_but_its_text():
    reading = read(
        page(
            '<p onclick="x()">앞<script>alert("삭제된 기사입니다.")</script><img src="javascript:alert(1)"></p>'
            '<img src="//[bad"><img src="file:///etc/passwd"><object data="x">속</object>'
            '<iframe src="https://evil.com/docViewer/x"></iframe><textarea><p>글</p></textarea><p>&lt;b&gt;뒤</p>'
        )
    )
    assert blocks_of(reading) == ["앞", "<b>뒤"]
    assert reading.article is not None
    assert reading.article.images == ()
    assert reading.article.viewer is None


def test_a_picture_elsewhere_keeps_its_own_address():
    reading = read(page('<img src="//cdn.example.org/a.jpg"><img src="/newsWeb/b.jpg"><p>글</p>'))
    assert reading.article is not None
    assert [one.src for one in reading.article.images] == [
        "https://cdn.example.org/a.jpg",
        "https://www.korea.kr/newsWeb/b.jpg",
    ]


# Layouts


def golden(*parts: str) -> tuple[str, str]:
    """A golden page and the address it was captured from."""
    case = ROOT.joinpath(*parts)
    capture = json.loads((case / "capture.json").read_text(encoding="utf-8"))
    return (case / "page.html").read_text(encoding="utf-8"), capture["url"]


@pytest.mark.parametrize("at", [datetime(2005, 1, 1, tzinfo=UTC), datetime(2022, 6, 1, tzinfo=UTC), NOW])
@pytest.mark.parametrize(
    ("case", "layout"),
    [
        (("policy-news", "View2026", "list"), "View2026"),
        (("policy-news", "ViewClassic", "photo-and-headings"), "ViewClassic"),
        (("policy-news", "ViewCont", "list"), "ViewCont"),
    ],
)
def test_a_page_is_read_by_the_layout_that_recognises_it_whenever_it_was_captured(case, layout, at):
    text, url = golden(*case)
    assert read(text, at, url).layout == layout


def test_the_layout_of_the_day_is_asked_first():
    both = page("<p>새 틀의 글</p>").replace('<div class="info">', '<h1>옛 제목</h1><div class="info">')
    assert read(both, NOW).layout == "View2026"
    assert read(both, datetime(2025, 12, 30, tzinfo=UTC)).layout == "ViewClassic"
    reading = read(both, datetime(2022, 1, 1, tzinfo=UTC))
    assert reading.article is not None
    assert reading.article.title == "옛 제목"


def test_layouts_have_the_days_since_which_they_were_served():
    assert [one.since for one in EVERY] == sorted((one.since for one in EVERY), reverse=True)
    assert (View2026.since.year, ViewClassic.since.year, ViewCont.since) == (2026, 2021, date(2004, 1, 1))
    assert PolicyNews.layouts == EVERY


def test_the_page_may_state_its_address():
    link = '<link rel="canonical" href="https://www.korea.kr/briefing/actuallyView.do?newsId={}"/></head>'
    moved = read(page("<p>글</p>").replace("</head>", link.format("148930023")))
    assert moved.article is not None
    assert (moved.article.section, moved.article.article) == ("fact-check", "148930023")
    evil = read(page("<p>글</p>").replace("</head>", '<link rel="canonical" href="https://evil.com/"></head>'))
    assert evil.article is not None
    assert evil.article.url == URL


@pytest.mark.parametrize(
    "statement", ['<link rel="canonical" href="{}"/></head>', '<meta property="og:url" content="{}"></head>']
)
def test_a_page_that_says_it_is_another_articles_is_not_this_ones(statement):
    address = "https://www.korea.kr/news/policyNewsView.do?newsId=148999999"
    foreign = read(page("<p>글</p>").replace("</head>", statement.format(address)))
    assert (foreign.outcome, foreign.article) == ("unrecognised", None)
    keyed_otherwise = "https://www.korea.kr/multi/policyPhotoView.do?bbsKey=73389"
    own = read(page("<p>글</p>").replace("</head>", statement.format(keyed_otherwise)))
    assert own.article is not None
    assert own.article.url == URL


def test_the_extractor_is_named_by_its_code():
    assert re.fullmatch(r"[0-9a-f]{16}", extractor())


# Fields in other forms of the same template


@pytest.mark.parametrize(
    ("head", "expected"),
    [
        (
            '<span>2026.09.15</span><span><a class="gotosite" href="/news/ministryNewsList.do?repCode=A00015">\n'
            '산업통상부<i class="tooltip">부처별 뉴스 이동</i></a></span>',
            ("산업통상부", "A00015", None),
        ),
        (
            "<span>2026.09.15</span><span><a href='/news/ministryNewsList.do?repCodeType=&amp;repCode=A00015&1=1'>"
            "<b>산업통상부</b><i class='tooltip'>x</i></a></span><span>김나래 기자</span>",
            ("산업통상부", "A00015", "김나래"),
        ),
        (
            '<span>2026.09.15</span><span><a href="?repCode=A00015">산업통상부</a> 김나래</span><span>조회수 12</span>',
            ("산업통상부", "A00015", "김나래"),
        ),
        (
            '<span>2026.09.15</span><span><a href="?repCode=A00015">산업통상부</a></span><span>원전과</span>'
            '<span><a href="?repCode=A00001">고용노동부</a></span><span>수정 2026.09.16</span>',
            ("산업통상부", "A00015", None),
        ),
        (
            "<span>2026.09.15</span><span>문화체육관광부</span><span>국민소통실</span>",
            ("문화체육관광부 국민소통실", None, None),
        ),
        ("<span>2026.09.15</span><span>정책기자단 박세아</span>", ("정책기자단", None, "박세아")),
        (
            "<div><span>2026.09.15</span> <span>정책기자단</span> <span>박세아</span></div>",
            ("정책기자단", None, "박세아"),
        ),
        ("<span>2026.09.15</span><span>정책기자단 | 박세아</span>", ("정책기자단", None, "박세아")),
        ("<span>2026.09.15</span><span>정책브리핑 선경철 기자(news@korea.kr)</span>", ("정책브리핑", None, "선경철")),
        ("<span>등록일 : 2026.09.15</span><span>기관명 : 기상청</span>", ("기상청", None, None)),
        ("<span>마감일 : 2026.09.30</span><span>등록일 : 2026.09.15</span>", (None, None, None)),
        ("<p>발행기관: 교육부 | 작성자: 김나래 | 게시일: 2026.09.15</p>", ("교육부", None, "김나래")),
        ("<span>2026.09.15</span>", (None, None, None)),
        ("", (None, None, None)),
    ],
)
def test_the_line_under_the_headline_says_who_wrote(head, expected):
    article = read(page("<p>글</p>", head=head)).article
    assert article is not None
    assert (article.source, article.source_code, article.author) == expected
    assert article.published == ("2026-09-15" if head else None)


def test_a_headline_keeps_its_words_apart_and_drops_what_is_hidden():
    title = '<span class="sr-only">제목</span>예산안<br>설명&nbsp;자료 <em>전문</em>'
    article = read(page("<p>글</p>").replace("<h1>예산안 설명</h1>", f"<h1>{title}</h1>")).article
    assert article is not None
    assert article.title == "예산안 설명\u00a0자료 전문"


def test_a_headline_that_is_empty_is_taken_from_the_hidden_field_or_the_metadata():
    bare = page("<p>글</p>").replace("<h1>예산안 설명</h1>", "<h1> </h1>")
    hidden = read(bare.replace("</h1>", '</h1><input type="hidden" id="titleText" value=" 숨은 제목 ">')).article
    meta = read(bare.replace("</head>", '<meta property="og:title" content="메타 제목"></head>')).article
    assert hidden is not None
    assert meta is not None
    assert (hidden.title, meta.title) == ("숨은 제목", "메타 제목")


def test_the_time_is_that_of_the_structured_data_and_never_of_the_text():
    inside = '<p>"datePublished": "2001-01-01T00:00:00+09:00"</p>'
    data = (
        '<script type="application/ld+json">{"headline": "그는 "아니다"", '
        '"datePublished" : "2026-09-15T18:16:48+09:00"}</script>'
    )
    meta = '<meta property="article:published_time" content="2026-09-14T10:00:00Z">'
    for extra, expected in (
        ("", "2026-09-15"),
        (meta, "2026-09-14T10:00:00+09:00"),
        (meta + data, "2026-09-15T18:16:48+09:00"),
        (data.replace("2026-09-15T", "x"), "2026-09-15"),
    ):
        article = read(page(inside).replace("</head>", f"{extra}</head>")).article
        assert article is not None
        assert article.published == expected


def test_attachments_are_told_by_their_ids_in_any_order_of_links():
    files = (
        '<div class="filedown"><dl><dt>첨부파일</dt><dd><p>'
        '<a class="down" href="/common/download.do?fileId=2">내려받기</a>'
        '<a class="view" href="/common/docViewer.do?fileId=2">바로보기</a>'
        '<a href="/common/download.do?tblKey=GBD&amp;fileId=2">'
        '<img src="/images/i.gif" alt="PDF파일"/>둘 (수정).pdf</a></p><p>'
        "<a href='/common/download.do?fileId=1&tblKey=GMN'>\n하나&nbsp;자료.hwpx\n</a>"
        "<a href='/common/download.do?fileId=1&tblKey=GMN'>내려받기</a>"
        '<a href="#">없음</a><a href="javascript:;">없음</a><a href="http://[/common/download.do?fileId=3">없음</a>'
        "</p></dd></dl></div>"
    )
    reading = read(page("<p>글</p>").replace('<div class="article_body">', f'{files}<div class="article_body">'))
    assert reading.article is not None
    assert [(one.file_id, one.name) for one in reading.article.attachments] == [
        ("2", "둘 (수정).pdf"),
        ("1", "하나\u00a0자료.hwpx"),
    ]
    assert dict(reading.downloads) == {
        "2": "https://www.korea.kr/common/download.do?fileId=2",
        "1": "https://www.korea.kr/common/download.do?fileId=1&tblKey=GMN",
    }


# Bodies


@pytest.mark.parametrize(
    ("html", "expected"),
    [
        ("<P>가<BR>나<br/><br>다</P>", [("paragraph", "가\n나"), ("paragraph", "다")]),
        ("<li>가<br><br>나</li>", [("list-item", "가\n나")]),
        ("가<br>나<br>&nbsp;<br>다", [("paragraph", "가\n나"), ("paragraph", "다")]),
        ("<p>가\n  나\t다</p>", [("paragraph", "가 나 다")]),
        ("<p>&nbsp;가&nbsp; 나&nbsp;</p>", [("paragraph", "가\u00a0 나")]),
        ("<p>가<b>나</b><a href='x'>다</a><sup>1)</sup> <em>라</em></p>", [("paragraph", "가나다1) 라")]),
        ("가<p>나</p>다<div>라<div>마</div>바</div>", [("paragraph", one) for one in "가나다라마바"]),
        ("<h4>가</h4><h2 class='sr-only'>x</h2><p><strong>나</strong></p>", [("heading", "가"), ("paragraph", "나")]),
        ("<ol><li>가<ul><li><p>나</p></li></ul>다</li></ol>", [("list-item", one) for one in "가나다"]),
        ("<blockquote><p>가</p><p>나</p></blockquote>", [("quote", "가"), ("quote", "나")]),
        ("<dl><dt>가</dt><dd>나</dd></dl>", [("paragraph", "가"), ("paragraph", "나")]),
        ("<pre>가\n나\n\n다</pre>", [("paragraph", "가\n나"), ("paragraph", "다")]),
        ("<form><p>가</p><select><option>x</option></select><button>x</button></form>", [("paragraph", "가")]),
        (
            "<table><thead><tr><th>가</th><th>나</th></tr></thead><tr><td>1<br>2</td><td></td></tr><tr><td></td></tr></table>",
            [("table", "가\t나\n1 2\t")],
        ),
        (
            "<table><caption>표</caption><tr><td>가</td><td>나</td></tr></table>",
            [("caption", "표"), ("table", "가\t나")],
        ),
        ("<table><caption class='blind'>표</caption><tr><td>가</td><td>나</td></tr></table>", [("table", "가\t나")]),
        ("<table><tr><td><p>가</p><ul><li>나</li></ul></td></tr></table>", [("paragraph", "가"), ("list-item", "나")]),
        (
            "<table><tr><td>가</td><td><table><tr><td>1</td><td>2</td></tr></table></td></tr></table>",
            [("paragraph", "가"), ("table", "1\t2")],
        ),
        ("<div class='law_copy_wrap'>x</div><div class='filedown'>x</div><p>가</p>", [("paragraph", "가")]),
        ("<p>가</p><p hidden>x</p><p style='Display : none;'>x</p><template>x</template>", [("paragraph", "가")]),
        ("<p>문의: 산업통상부(044-000-0000)</p>", [("paragraph", "문의: 산업통상부(044-000-0000)")]),
        ("<p>다만, 사진의 경우는 다르다.</p>", [("paragraph", "다만, 사진의 경우는 다르다.")]),
        (
            "<p><홍길동 산업통상부 장관></p><p>네.</p>",
            [("paragraph", "<홍길동 산업통상부 장관>"), ("paragraph", "네.")],
        ),
        (
            "<p>가</p><div class='related'><div class='rbody'><ul><li>x</li></ul></div></div><p class='remark'>나</p>",
            [("paragraph", "가"), ("paragraph", "나")],
        ),
        (
            "<html><head><title>x</title></head><body><p>가</p><datalist><option>x</datalist><noembed>x</noembed></body></html>",
            [("paragraph", "가")],
        ),
        (
            "<p>가</p><div class='livere' id='lv-container'>x</div><aside class='as_side'>x</aside>",
            [("paragraph", "가")],
        ),
        (
            "<table><tr><td>가</td><td>나<table><tr><td>다</td></tr></table></td></tr></table>",
            [
                ("paragraph", "가"),
                ("paragraph", "나"),
                ("paragraph", "다"),
            ],
        ),
    ],
)
def test_a_body_is_its_blocks_in_order(html, expected):
    assert texts(html) == expected


FRAME = (
    '<!DOCTYPE html><html><head><title>예산안 설명</title></head><body><main id="main"><section id="container">'
    '<div class="view_title"><h1>예산안 설명</h1></div><div class="article_wrap"><div class="container">'
    '<div class="article_head"><div class="info"><span>2026.09.15</span></div></div>'
    '<div class="article_body"><div class="view_cont">{}</div></div>'
    '<div class="article_footer"><div class="kogl">공공누리 1유형</div><div class="view_opt">좋아요 7</div></div></div>'
    '</div><aside class="as_side">실시간 인기뉴스</aside></section>'
    '<section class="area_banner"><strong>다른 기사</strong></section>'
    '</main><footer class="footer"><div class="foot_notice">공지사항</div></footer></body></html>'
)


@pytest.mark.parametrize(
    "stray",
    [
        *("</div>" * times for times in range(1, 5)),
        *("</section>", "</main>", "</div></section>", "</article></td></span>"),
        *("<div>" * times for times in range(1, 5)),
        *("<table><tr><td>", "<section>", "<b>", "<article><ul><li>"),
    ],
)
def test_what_a_text_closes_or_leaves_open_takes_nothing_from_it_and_adds_nothing(stray):
    whole = ["가", "나", "다"]
    assert blocks_of(read(FRAME.format("<p>가</p><p>나</p><p>다</p>"))) == whole
    assert blocks_of(read(FRAME.format(f"<p>가</p>{stray}<p>나</p><p>다</p>"))) == whole
    assert blocks_of(read(FRAME.format(f"{stray}<p>가</p><p>나</p><p>다</p>"))) == whole


def test_what_a_template_puts_between_the_text_and_the_footer_is_no_text():
    between = '<div class="article_body"><div class="view_cont">{}</div></div>', "<div class='tags'>#예산</div>"
    beside = FRAME.replace(between[0], between[0] + between[1])
    within = FRAME.replace(between[0], between[0].removesuffix("</div>") + between[1] + "</div>")
    for frame in (beside, within):
        assert blocks_of(read(frame.format("<p>가</p><p>나</p>"))) == ["가", "나"]


IMG = '<img src="/newsWeb/{}.jpg" alt="">'


@pytest.mark.parametrize(
    ("html", "captions"),
    [
        (
            f"<figure>{IMG}<figcaption>가</figcaption></figure><figure>{IMG}<figcaption>나</figcaption></figure>",
            ["가", "나"],
        ),
        (
            f"<figure><figcaption>가</figcaption>{IMG}</figure><figure><figcaption>나</figcaption>{IMG}</figure>",
            ["가", "나"],
        ),
        (f"<figure>{IMG}가</figure><p>{IMG}</p><p class='x photo_caption'>나</p>", ["가", "나"]),
        (f"<p>{IMG}</p><p>회의를 열었다. (사진=연합뉴스)</p>", ["회의를 열었다. (사진=연합뉴스)"]),
        (f"<p>{IMG}</p><p>회의를 열었다.</p>", [None]),
        (f"<figure><iframe></iframe><figcaption>영상</figcaption></figure>{IMG}", [None]),
        (f"{IMG}<figure><iframe></iframe><figcaption>영상</figcaption></figure>", [None]),
        (f"<p>{IMG}</p><p>앞</p><table><caption>표</caption><tr><td>1</td><td>2</td></tr></table>", [None]),
        (f"<table><tr><td>{IMG}</td></tr><tr><td>가</td></tr></table>", ["가"]),
        (f"<table><tr><td>{IMG}</td><td>가</td></tr></table>", [None]),
        (f"<p>{IMG}<br>가</p><p>본문</p>", ["가"]),
        (f"<p>{IMG}<br>{'가' * 201}</p>", [None]),
        (f"<p>앞{IMG}<br>가</p>", [None]),
        (f"<p>{IMG}<br>가<br>나<br>다</p>", [None]),
        (f"<ul class='gallery'><li>{IMG}<p>가</p></li><li>{IMG}<span>나</span></li></ul><p>본문</p>", ["가", "나"]),
        (f"<dl><dt>{IMG}</dt><dd>가</dd></dl><p>본문</p>", ["가"]),
        (f"<div class='swiper-slide'><div>{IMG}</div><div class='desc'>가</div></div><p>본문</p>", ["가"]),
        (f"<div class='photo_caption_box'>{IMG}<p class='photo_caption'>가</p></div>", ["가"]),
        (f"<p>{IMG}</p><em class='imgCaption2'>가</em>", ["가"]),
        (f"<figure><p>{IMG}</p><figcaption><p>가</p></figcaption></figure>", ["가"]),
        (f"<p>{IMG}</p><p>▲ 회의에 앞서 인사하는 장관</p>", ["▲ 회의에 앞서 인사하는 장관"]),
        (f"<p>{IMG}</p><p>본문</p><p>▲ 3.2% 늘었다</p>", [None]),
        (f"<ul><li>가</li></ul>{IMG}<ul><li>나</li></ul>", [None]),
    ],
)
def test_a_caption_belongs_to_its_picture(html, captions):
    assert [one.caption for one in body_of(html).images] == captions


@pytest.mark.parametrize(
    ("image", "src"),
    [
        ('<img src="/newsWeb/a.jpg">', "https://www.korea.kr/newsWeb/a.jpg"),
        ('<IMG SRC=http://m.korea.kr/newsWeb/a.jpg ALT="">', "https://www.korea.kr/newsWeb/a.jpg"),
        ('<img src="data:image/gif;base64,R0" data-src="/newsWeb/a.jpg">', "https://www.korea.kr/newsWeb/a.jpg"),
        ('<img src="/newsWeb/a.jpg?time=202609151010">', "https://www.korea.kr/newsWeb/a.jpg"),
        ('<img src="/newsWeb/a.jpg?w=1&amp;time=202609151010&amp;h=2">', "https://www.korea.kr/newsWeb/a.jpg?w=1&h=2"),
        ('<img src="/newsWeb/a.jpg;JSESSIONID_KOREA=0A1.was2?w=1">', "https://www.korea.kr/newsWeb/a.jpg?w=1"),
        ('<img src="/newsWeb/a.jpg;jsessionid=0A1B">', "https://www.korea.kr/newsWeb/a.jpg"),
        ('<img src="/newsWeb/a.jpg?time=noon">', "https://www.korea.kr/newsWeb/a.jpg?time=noon"),
        ('<img src="/newsWeb/a.PNG?v=67">', "https://www.korea.kr/newsWeb/a.PNG"),
        ('<img src="/newsWeb/a.jpg?0.82315&amp;w=1">', "https://www.korea.kr/newsWeb/a.jpg?w=1"),
        ('<img src="/newsWeb/show.do?v=67&amp;time=202609151010">', "https://www.korea.kr/newsWeb/show.do?v=67"),
        ('<img src="/images/blank.gif" data-original="/newsWeb/a.jpg">', "https://www.korea.kr/newsWeb/a.jpg"),
        ('<img srcset="/newsWeb/a.jpg 1x, /newsWeb/b.jpg 2x">', "https://www.korea.kr/newsWeb/a.jpg"),
        (
            '<picture><source srcset="/newsWeb/b.webp"><img src="/newsWeb/a.jpg"></picture>',
            "https://www.korea.kr/newsWeb/a.jpg",
        ),
        ('<table><tr><td><img src="/newsWeb/a.jpg"></td><td>1</td></tr></table>', "https://www.korea.kr/newsWeb/a.jpg"),
        ('<img src="/images/common/icon/icon_ipdf.gif">', None),
        ('<img src="https://www.korea.kr/images/v5/x.png">', None),
        ('<img alt="x">', None),
        ('<noscript><img src="/newsWeb/a.jpg"></noscript>', None),
        ('<video poster="/newsWeb/a.jpg"><source src="/a.mp4"></video>', "https://www.korea.kr/newsWeb/a.jpg"),
        ('<video src="/a.mp4" style="display:none" poster="/newsWeb/a.jpg"></video>', None),
        ("<video src='/a.mp4'></video>", None),
    ],
)
def test_a_picture_is_found_where_its_address_stands_and_an_icon_is_none(image, src):
    assert [one.src for one in body_of(image).images] == ([src] if src else [])


LICENCE = "정책브리핑의 {}자료는 「공공누리 제1유형:출처표시」의 조건에 따라 자유롭게 이용이 가능합니다."
MORE = "다만, 사진의 경우 제3자에게 저작권이 있으므로 사용할 수 없습니다."
ORIGIN = "&lt;자료출처=정책브리핑 www.korea.kr&gt;"


@pytest.mark.parametrize(
    "html",
    [
        f"<p>끝.</p><p>{LICENCE.format('정책뉴스')} {MORE} {ORIGIN}</p>",
        f"<p>끝. {LICENCE.format('정책뉴스')} {MORE} {ORIGIN}</p>",
        f"<p>끝.<br>{LICENCE.format('')}<br>{MORE}<br>{ORIGIN}</p>",
        f"끝.<br><br>{LICENCE.format('(정책뉴스)')}<br>{MORE}<br><자료출처=정책브리핑 www.korea.kr>",
        f"<p>끝. {ORIGIN}</p><p>{LICENCE.format('정책기고 ')}</p>",
        "<p>끝.</p><p>본 공공저작물은 공공누리 “출처표시” 조건에 따라 이용할 수 있습니다.</p>",
        f"<p>끝.</p><div class='kogl'>{MORE}</div><p>이 자료는 공공누리 제1유형에 따라 이용할 수 있습니다.</p>",
    ],
)
def test_what_is_said_of_the_licence_is_no_part_of_the_text(html):
    body = body_of(html)
    assert [block.text for block in body.blocks] == ["끝."]
    assert body.licence_notes


@pytest.mark.parametrize(
    "text",
    [
        "정부는 공공누리 유형을 넓힌다. 정책브리핑의 자료는 누구나 이용한다.",
        "공공누리 제1유형의 조건에 따라 이용이 가능한 자료가 늘었다.",
        "자료 출처: 정책브리핑이 아닌 곳에서 왔다고 했다.",
        "<자료출처=통계청>",
    ],
)
def test_a_text_about_licences_is_kept(text):
    html = text.replace("<", "&lt;")
    assert texts(f"<p>{html}</p>") == [("paragraph", text)]


# Sections whose pages differ


def archive(head: str, body: str = "<p>글</p>") -> str:
    return (
        "<html><body><main><div class='article_wrap'><div class='article_head'>" + head + "</div>"
        "<div class='article_body'><div class='view_cont'>" + body + "</div></div></div></main></body></html>"
    )


RECRUIT = "https://www.korea.kr/archive/recruitInfoView.do?dataId=393231"
HEAD = (
    "<h2>연구원 채용</h2><h3>기관명 : 기상청</h3><div class='info'><span>마감일 : 2026.10.19</span>"
    "<span>등록일 : 2026.10.05</span></div><div class='file'><ul><li>"
    "<a href='/common/download.do?tblKey=GBD&amp;fileId=7'>공고.hwp</a></li></ul></div>"
)


def test_a_recruit_notice_is_read_from_its_labels():
    reading = read(archive(HEAD), url=RECRUIT)
    assert reading.article is not None
    one = reading.article
    assert (reading.layout, one.article, one.section, one.url) == ("ViewArchive", "recruit:393231", "recruit", RECRUIT)
    assert (one.title, one.source, one.published) == ("연구원 채용", "기상청", "2026-10-05")
    assert one.subtitles == ("마감일 : 2026.10.19",)
    assert [(file.file_id, file.name) for file in one.attachments] == [("7", "공고.hwp")]
    assert dict(reading.downloads) == {"7": "https://www.korea.kr/common/download.do?tblKey=GBD&fileId=7"}


@pytest.mark.parametrize(
    ("line", "said"),
    [
        ("<span>마감일 : 2026.10.26</span><span>조회수 : 1,204</span>", ("마감일 : 2026.10.26",)),
        ("접수기간 : 2026.10.05 ~ 2026.10.19 18:00 | 조회 12", ("접수기간 : 2026.10.05 ~ 2026.10.19 18:00",)),
        ("<p>마감일: 2026. 10. 19.(월) 18시까지</p>", ("마감일 : 2026. 10. 19.(월) 18시",)),
        ("<span>마감일 : 채용 시까지</span><span>분류 : 연구</span>", ("마감일 : 채용 시까지",)),
        ("<span>수정일 : 2026.10.06</span><span>마감일 :</span>", ()),
    ],
)
def test_the_last_day_to_apply_is_a_line_under_the_headline(line, said):
    article = read(archive(f"<h2>연구원 채용</h2><div class='info'>{line}</div>"), url=RECRUIT).article
    assert article is not None
    assert article.subtitles == said


@pytest.mark.parametrize(
    "line", ["접수기간 : 10월 5일부터 누리집에서", "민원 조회: 한 해 12만 건", "마감일 : 2026.10.19", "출처: 기상청"]
)
def test_a_subtitle_may_have_a_label_but_none_of_the_byline(line):
    article = read(page("<p>글</p>").replace("</h1>", f"</h1><h2>{line}</h2><h3>{line}</h3>")).article
    assert article is not None
    assert article.subtitles == (() if "기상청" in line else (line,))


def test_a_recruit_notice_in_another_template_is_read_too():
    inside = '<h3>기관명 : 기상청</h3><div class="info"><span>등록일 : 2026.10.05</span></div>'
    for text in (
        page("<p>글</p>", head="<span>등록일 : 2026.10.05</span><span>기관명 : 기상청</span>"),
        page("<p>글</p>").replace(
            '<div class="info"><span>2026.09.15</span><span>정책브리핑 선경철</span></div>', inside
        ),
        archive(f"<h1>예산안 설명</h1>{inside}"),
    ):
        article = read(text, url=RECRUIT).article
        assert article is not None
        assert (article.title, article.source, article.published, article.subtitles) == (
            "예산안 설명", "기상청", "2026-10-05", (),
        )  # fmt: skip


def test_a_document_of_files_alone_is_an_article():
    url = "https://www.korea.kr/archive/expDocView.do?docId=41730"
    article = read(archive(HEAD, ""), url=url).article
    assert article is not None
    assert (article.article, article.body, len(article.attachments)) == ("expdoc:41730", (), 1)
    assert read(archive("<h2>연구원 채용</h2>", ""), url=url) == PageReading("unrecognised")


def test_an_h2_under_an_h1_is_never_taken_for_the_headline():
    text = archive("<h1>제목</h1><h2>부제</h2>")
    for at in (datetime(2019, 1, 1, tzinfo=UTC), NOW):
        article = read(text, at, url=RECRUIT).article
        assert article is not None
        assert (article.title, article.subtitles) == ("제목", ("부제",))


PHOTO = "https://www.korea.kr/multi/policyPhotoView.do?bbsKey=73389"


@pytest.mark.parametrize(
    "body",
    [
        "<div class='view_cont'><p><img src='/newsWeb/attaches/1.jpg'><br>하나</p><p>글</p></div>",
        "<div class='photo_slide'><ul><li><img src='/newsWeb/attaches/1.jpg'><p>하나</p></li></ul></div>"
        "<div class='view_cont'><p>글</p></div>",
        "<div class='gallery'><img src='/newsWeb/attaches/1.jpg'><div>하나</div></div><p>글</p>",
    ],
)
def test_a_gallery_is_read_where_its_pictures_stand(body):
    text = page("").replace('<div class="view_cont"></div>', body)
    article = read(text, url=PHOTO).article
    assert article is not None
    assert (article.article, article.section) == ("photo:73389", "photo")
    assert [(image.src, image.caption) for image in article.images] == [
        ("https://www.korea.kr/newsWeb/attaches/1.jpg", "하나")
    ]
    assert article.body == (Block("caption", "하나"), Block("paragraph", "글"))


def test_a_film_without_words_is_an_article_with_its_thumbnail():
    url = "https://www.korea.kr/video/index.html?newsId=148971600"
    film = page("<iframe src='https://www.youtube.com/embed/x'></iframe>")
    share = (
        '<meta property="og:image" content="https://www.korea.kr/newsWeb/resources/attaches/2026.09/15/a.jpg"></head>'
    )
    article = read(film.replace("</head>", share), url=url).article
    assert article is not None
    assert (article.body, [image.src for image in article.images]) == (
        (), ["https://www.korea.kr/newsWeb/resources/attaches/2026.09/15/a.jpg"],
    )  # fmt: skip
    bare = read(film.replace("</head>", share.replace("newsWeb/resources/attaches", "images")), url=url).article
    assert bare is not None
    assert (bare.title, bare.images) == ("예산안 설명", ())
    assert read(page(""), url=url) == PageReading("unrecognised")


def test_a_body_in_several_parts_is_read_whole():
    text = page("<p>가</p><div class='view_cont'><p>나</p></div>").replace(
        "</div></div></main>", "</div><div class='view_cont'><p>다</p></div></div></main>"
    )
    assert blocks_of(read(text)) == ["가", "나", "다"]


# The document viewer


@pytest.mark.parametrize(
    "html",
    [
        "<p><span>고용노</span><span>동부 장</span><span>관은</span></p>",
        "<p>\n<span>고용노</span>\n<span>동부 장</span>\n<span>관은</span>\n</p>",
        "<p>\n  <span>고용노</span>\r\n\t<span>동부 </span>\n  <span>장관은</span>\n</p>",
        "<p><span>\n고용노\n</span><span>\n동부</span><span> </span><span>장관은\n</span></p>",
        "<div><span><span>고용노</span>\n<span>동부</span></span> <span>장관은</span></div>",
        "<p><b><span>고용노동부</span></b> 장관은</p>",
    ],
)
def test_words_split_over_spans_are_joined(html):
    assert texts(html, joined=True) == [("paragraph", "고용노동부 장관은")]


def test_a_document_of_several_pages_is_one_body():
    document = (
        '<?xml version="1.0" encoding="UTF-8"?>'
        "<!DOCTYPE html><html><head><title>x</title><style>p{}</style></head><body>"
        "<div class='page'><h1><span>보도</span>\n<span>자료</span></h1>"
        "<ul><li><span>가</span><ol><li>나</li></ol></li></ul>"
        "<table><tbody><tr><td><p><span>구</span>\n<span>분</span></p></td><td><p>1</p>\n<p>2</p></td></tr></tbody></table>"
        "</div></body></html>"
    )
    body = read_document([document, "<p>접근을 차단했다.</p>", "<p>끝<br/>줄</p>"], Portal())
    assert body.blocks == [
        Block("heading", "보도자료"),
        Block("list-item", "가"),
        Block("list-item", "나"),
        Block("table", "구분\t1 2"),
        Block("paragraph", "접근을 차단했다."),
        Block("paragraph", "끝\n줄"),
    ]


@pytest.mark.parametrize(
    ("pages", "said"),
    [
        (["<p>가</p><p>- 1 -</p>", "<p>나</p><p>- 2 -</p>"], ["가", "나"]),
        (["<p>가</p><p>3</p>", "<p>4</p><p>나</p>", "<p>다</p><p>5</p>"], ["가", "4", "나", "다"]),
        (["<p>가</p><p>- 1 -</p>"], ["가"]),
        (["<p>가</p><p>1</p>"], ["가", "1"]),
        (["<p>가</p><p>- 7 -</p>", "<p>나</p><p>- 7 -</p>"], ["가", "- 7 -", "나", "- 7 -"]),
    ],
)
def test_page_numbers_are_no_words_of_a_document(pages, said):
    assert [block.text for block in read_document(pages, Portal()).blocks] == said


@pytest.mark.parametrize(
    "opening",
    [
        '<?xml version="1.0" encoding="UTF-8"?>\n<html>',
        '<!DOCTYPE html PUBLIC "-//W3C//DTD XHTML 1.0 Strict//EN" "xhtml1-strict.dtd">\n'
        '<html xmlns="http://www.w3.org/1999/xhtml" lang="ko">',
    ],
)
def test_an_xhtml_page_of_a_document_may_close_what_it_opens_at_once(opening):
    page = (
        f'{opening}<head><title/><style type="text/css"/></head><body><p class="t"/><p>첫 <a name="t1"/>줄<br/>둘째</p>'
        "<table><tr><td>가</td><td/><td>나</td></tr></table></body></html>"
    )
    body = read_document([page], Portal())
    assert body.blocks == [Block("paragraph", "첫 줄\n둘째"), Block("table", "가\t\t나")]


@pytest.mark.parametrize("notice", [*BLOCKED[:2], "<title>404</title><h1>문서를 찾을 수 없습니다.</h1>"])
def test_a_firewall_page_in_the_place_of_a_document_is_no_text(notice):
    assert read_document(["<p>첫 쪽</p>", notice], Portal()) == Body()


FRONT = (
    "<header id='header'>정책브리핑</header><main id='main' class='main'><h1>대한민국 정책브리핑</h1>"
    "<ul><li><a href='/news/policyNewsList.do'>정책뉴스</a></li></ul></main><footer id='footer'>저작권 정책</footer>"
)


@pytest.mark.parametrize("foreign", [FRONT, page("<p>다른 글이다.</p>"), "<form id='mainForm'></form><p>목록</p>"])
def test_a_page_of_the_portal_in_the_place_of_a_documents_page_is_no_text(foreign):
    assert read_document([foreign], Portal()) == Body()
    assert read_document(["<p>첫 쪽</p>", foreign], Portal()) == Body()


@pytest.mark.parametrize(
    "notice",
    ["시스템 오류가 발생하였습니다.", "문서 변환 중입니다.", "문서를 변환할 수 없습니다.", "HTTP Status 500"],
)
def test_a_notice_that_something_is_broken_is_no_document_but_may_stand_in_one(notice):
    assert read_document([f"<html><body><p>{notice}</p></body></html>"], Portal()) == Body()
    release = ["<p>행정안전부는 통신망 장애에 대비한 훈련을 연다.</p>" * 5, f"<p>화면에 “{notice}”가 뜹니다.</p>"]
    assert len(read_document(release, Portal()).blocks) == 6
    release[1:] = [f"<p>{notice} 대국민 서비스의 이 안내를 쉬운 말로 고친다.</p>"]
    assert len(read_document(release, Portal()).blocks) == 6


@pytest.mark.parametrize(
    "notice",
    [
        "변환 중입니다. 잠시만 기다려 주세요.",
        "문서를 변환하는 중입니다.",
        "일시적인 오류로 문서를 불러올 수 없습니다.",
        "HTTP Status 500 - Internal Server Error",
    ],
)
@pytest.mark.parametrize("at", [0, 1, 2])
def test_a_notice_in_the_place_of_one_page_leaves_the_document_unread(notice: str, at: int):
    pages = ["<p>첫째 문단.</p>", "<p>둘째 문단.</p>"]
    pages.insert(at, f"<html><body><p>{notice}</p></body></html>")
    assert read_document(pages, Portal()) == Body()


def test_a_blank_page_of_a_document_is_one_of_its_pages():
    pages = ["<p>첫째 문단.</p>", "<html><body><div class='page'><p></p></div></body></html>", "<p>둘째 문단.</p>"]
    assert [one.text for one in read_document(pages, Portal()).blocks] == ["첫째 문단.", "둘째 문단."]


@pytest.mark.parametrize("sentences", [6, 20])
def test_a_document_that_quotes_a_firewall_is_a_document(sentences):
    quoted = "<p>가짜 누리집은 ‘요청하신 페이지를 찾을 수 없습니다’라는 화면만 보여 준다고 경찰은 설명했다.</p>"
    told = "<p>경찰청은 정부 누리집을 흉내 낸 가짜 누리집 열두 곳을 찾아 접속을 막았다고 밝혔다.</p>" * sentences
    assert len(read_document([told + quoted], Portal()).blocks) == sentences + 1


@pytest.mark.parametrize("around", ["{}", "<title>안내</title><p>{}</p><p>주소를 다시 확인해 주십시오.</p>"])
def test_a_notice_within_quotation_marks_is_a_notice(around):
    assert not read_document([around.format("‘요청하신 페이지를 찾을 수 없습니다’")], Portal()).blocks


@pytest.mark.parametrize("nothing", ["", "  \r\n", "<html><body> <!-- x --> </body></html>", "<!-- nothing -->"])
@pytest.mark.parametrize("at", [0, 1, 2])
def test_a_document_page_without_content_leaves_the_document_unread(nothing: str, at: int):
    pages = ["<p><span>첫째 문단.</span></p>", "<p><span>둘째 문단.</span></p>"]
    portal = Portal("http://127.0.0.1:1")
    assert len(read_document(pages, portal).blocks) == 2
    pages.insert(at, nothing)
    assert read_document(pages, portal).blocks == []


def test_two_pictures_with_the_same_caption_have_it_both():
    one = '<figure><img src="/newsWeb/resources/attaches/2026.09/15/{}.jpg"><figcaption>현장 점검</figcaption></figure>'
    body = body_of(one.format("a") + one.format("b"))
    assert [image.caption for image in body.images] == ["현장 점검", "현장 점검"]
    assert [(block.kind, block.text) for block in body.blocks] == [("caption", "현장 점검")] * 2
