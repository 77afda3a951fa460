"""What the judges of the probe make of lists and article pages that no replica has."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from crawler.probe.assumption import Seen
from tests.probes import PORTAL, judged, said, seen

REPORT = "Report it, with the bundle: "
NOTHING = "Nothing to mend: "


def rows(*each: str) -> str:
    return f'<html><body><div id="container"><div class="list_type"><ul>{"".join(each)}</ul></div></div></body></html>'


def row(number: int, day: str = "2026.03.02", source: str = "환경부", title: str = "수질을 살핀다") -> str:
    link = f"/briefing/pressReleaseView.do?newsId=1567820{number:02}"
    return (
        f'<li><a href="{link}"><span class="text"><strong>{title}</strong></span>'
        f'<span class="source"><span>{day}</span><span>{source}</span></span></a></li>'
    )


def listed(*each: str, section: str = "press-release", question: str = "list:{}", more: str = "", **given: Any) -> Seen:
    body = rows(*each).replace("<ul>", f"{more}<ul>")
    return seen(question.format(section), f"/{section}List.do", body, **given)


def test_a_list_is_judged_by_where_its_rows_lead():
    assert judged("list", listed(row(1), row(2)))[0].how == "2 rows"
    (one,) = said("list", listed('<li><a href="/x/otherView.do?id=1"><strong>다른 글</strong></a></li>'))
    assert one[:2] == ("differs", "None of its 1 rows leads to an article: /x/otherView.do?id=1")
    # Of photos nobody has seen the list, of briefings nobody has seen a second one, which is not asked for.
    for section, mend in (("press-release", REPORT), ("photo", NOTHING), ("briefing", REPORT)):
        for made, how in (
            (listed(section=section), "It is an empty list."),
            (seen(f"list:{section}", "/x", "<html><body>공사 중</body></html>"), "No row was found in it."),
            (listed(section=section, status=404), f"{PORTAL.base}/{section}List.do answers 404."),
        ):
            (one,) = said("list", made)
            assert one[:2] == ("differs", how)
            assert one[2].startswith(mend)


def test_what_cannot_be_told_of_one_list_says_nothing_of_the_next():
    for name in ("list", "total"):
        first, second = judged(name, listed(row(1), section="policy-news", status=500), listed(row(1)))
        assert (first.subject, first.said) == ("policy-news", "cannot tell")
        assert first.evidence is not None
        assert (second.subject, second.said) == ("press-release", "holds" if name == "list" else "differs")


def test_rows_without_title_or_date_are_told_of():
    assert said("row-fields", listed(row(1), row(2, "2026.03.01"))) == [("holds", "2026-03-02 to 2026-03-01", "")]
    (one,) = said("row-fields", listed(row(1), row(2, day="")))
    assert one[:2] == ("differs", "Some of its 2 rows have no date.")
    assert one[2].startswith(NOTHING)
    (one,) = said("row-fields", listed(row(1), row(2, title="")))
    assert one[1] == "Some of its 2 rows have no title."
    assert one[2].startswith(REPORT)
    (one,) = said("row-fields", listed(row(1, day="", title="")))
    assert one[1] == "Some of its 1 rows have no title and no date."
    assert one[2].startswith(REPORT)
    picture = '<ul><li><a href="/multi/policyPhotoView.do?bbsKey=1"><strong>사진</strong></a></li></ul>'
    grid = seen("list:photo", "/photo", f'<html><body><div id="container">{picture}</div></body></html>')
    assert said("row-fields", grid) == [("holds", "no date to no date", "")]


def test_the_shape_of_rows_is_told_where_it_is_another_than_reported():
    assert said("rows", listed(row(1))) == [("holds", "news", "")]
    (one,) = said("rows", listed(row(1), section="speech"))
    assert one[:2] == ("differs", "They are written as “news” rows, not as “table”.")
    assert said("rows", listed()) == [("cannot tell", "Nothing that was fetched shows it.", "")]


@pytest.mark.parametrize(
    ("section", "number", "total", "verdict", "how"),
    [
        ("press-release", 20, 1513, "holds", "20 rows"),
        ("press-release", 19, 1513, "differs", "19 rows a page."),
        ("press-release", 21, None, "differs", "21 rows a page."),
        ("press-release", 3, 3, "cannot tell", "It has no more than 3 articles."),
        ("press-release", 3, 4, "differs", "3 rows a page."),
        ("speech", 30, 31, "holds", "30 rows"),
        ("expert-document", 20, 21, "holds", "20 rows"),
    ],
)
def test_the_rows_of_a_page_are_held_against_what_was_reported(section, number, total, verdict, how):
    more = f'<p class="total">총 <em>{total}</em>건</p>' if total else ""
    made = listed(*(row(one) for one in range(number)), section=section, more=more)
    assert [one[:2] for one in said("page-size", made)] == [(verdict, how)]
    assert said("total", made)[0][1] == (f"{total:,}" if total else "It says no total.")


def test_a_list_of_which_no_page_size_was_reported_is_not_held_against_any():
    assert said("page-size", listed(row(1), section="policy-news")) == [
        ("cannot tell", "Nothing that was fetched shows it.", "")
    ]


@pytest.mark.parametrize(
    ("second", "post", "get"),
    [
        ((3, 4), ("holds", "2 other rows"), ("differs", "It works: 2 other rows.")),
        ((2, 3), ("differs", "1 of its 2 rows stood on page 1."), ("differs", "It works: 1 other rows.")),
        ((1, 2), ("differs", "2 of its 2 rows stood on page 1."), ("holds", "page 1 again")),
        ((1,), ("differs", "1 of its 1 rows stood on page 1."), ("holds", "page 1 again")),
        ((), ("differs", "It brought a page without rows."), ("differs", "It brought a page without rows.")),
    ],
)
def test_a_second_page_is_one_of_other_rows(second, post, get):
    first = listed(row(1), row(2))
    for method, wanted in (("post", post), ("get", get)):
        page = listed(*(row(one) for one in second), question=f"paging-{method}:{{}}")
        assert [one[:2] for one in said(f"paging-{method}", first, page)] == [wanted]
    assert said("paging-post", listed(row(1), section="speech"), page)[0][0] == "cannot tell"


def test_a_row_is_the_same_however_its_link_is_written():
    again = listed(row(1).replace("newsId", "pWise=sub&newsId"), question="paging-get:{}")
    assert said("paging-get", listed(row(1), row(2)), again)[0][1] == "page 1 again"


@pytest.mark.parametrize(
    ("name", "filter_", "other", "how"),
    [
        ("filter-ministry", "repCode", {"source": "외교부"}, "1 of 2 rows do not fit: 외교를 넓힌다"),
        ("filter-ministry", "repCode", {"source": ""}, "1 of 2 rows do not fit: 외교를 넓힌다"),
        ("filter-dates", "dates", {"day": "2026.03.03"}, "1 of 2 rows do not fit: 외교를 넓힌다"),
    ],
)
def test_a_filter_lets_through_what_fits_the_first_row(name, filter_, other, how):
    plain = listed(row(1), row(2), row(3))
    for method in ("POST", "GET"):
        question = f"filter-{filter_}:{method}"
        good, wrong, same, none = (
            listed(*each, question=question)
            for each in ((row(1), row(2)), (row(1), row(2, title="외교를 넓힌다", **other)),
                         (row(1), row(2), row(3)), ())
        )  # fmt: skip
        verdicts = [
            next(one for one in judged(name, plain, made) if one.subject == method)
            for made in (good, wrong, same, none)
        ]
        assert [(one.said, one.how) for one in verdicts] == [
            ("holds", "2 rows"), ("differs", how), ("differs", "It is ignored: the same rows as without."),
            ("differs", "It brought no rows."),
        ]  # fmt: skip
        assert [one.mend.partition(":")[0] for one in verdicts[1:3]] == ["Nothing to mend"] * 2
        assert verdicts[3].mend.startswith(REPORT)
    first, second = judged(name, plain)
    assert (first.subject, second.subject, first.said, second.said) == ("POST", "GET", "cannot tell", "cannot tell")
    (found,) = (one for one in judged("filter-word", plain, listed(row(2), question="filter-srchWord:GET"))
                if one.subject == "GET")  # fmt: skip
    assert (found.said, found.how) == ("holds", "1 rows")


URL = "/news/policyNewsView.do?newsId=148930011"
ADDRESS = f"https://www.korea.kr{URL}"


def page(
    *, head: str = "", title: str = "", subtitle: str = "", info: str = "<span>2026.03.02</span><span>환경부</span>",
    body: str = "<p>강물을 살핀다.</p>", above: str = "", told: str = "2026-03-02T09:00:00+09:00",
    clock: str = "2026-03-02T09:00:00Z", canonical: str = ADDRESS, shared: str = ADDRESS, **given: Any,
) -> Seen:  # fmt: skip
    """Make the answer with an article's page."""
    html = (
        f'<html><head><title>강물 | 대한민국 정책브리핑</title><link rel="canonical" href="{canonical}">'
        f'<meta property="og:url" content="{shared}"><meta property="article:published_time" content="{clock}">'
        f'<script type="application/ld+json">{{"datePublished": "{told}"}}</script>{head}</head><body>'
        f'<main><section id="container">{above}<div class="view_title"><h1>강물이 맑아진다</h1>{title}</div>'
        f'<div class="article_wrap"><div class="article_head">{subtitle}<div class="info">{info}</div></div>'
        f'<div class="article_body"><div class="view_cont">{body}</div></div></div></section></main></body></html>'
    )
    given = {"role": "article", "article": "148930011", **given}
    return seen("article:policy-news", URL, html, **given)


def test_an_article_page_is_read_by_the_layout_in_force():
    assert said("layout", page()) == [("holds", "View2026", "")]
    (one,) = said("layout", seen("article:policy-news", URL, "<html><head><title> 새 틀 </title></head></html>"))
    assert one[1] == f"No layout recognises {ADDRESS}: “새 틀”"
    assert one[2].startswith("Write a layout, beginning with: gochim new-case ")
    (one,) = said("layout", seen("article:policy-news", URL, f"<html><head><title>{'가' * 61}</title></head></html>"))
    assert one[1].endswith(f"“{'가' * 60}”")
    (one,) = said("layout", seen("article:policy-news", URL, "<html><body>오늘의 날씨</body></html>"))
    assert one[1].endswith(": it has no title")
    (one,) = said("layout", seen("article:policy-news", URL, "<html><body>삭제된 게시물입니다.</body></html>"))
    assert one[:2] == ("cannot tell", f"{ADDRESS} is taken as gone.")


def test_sections_of_which_no_article_was_found_are_told_of_where_articles_were_asked_for():
    shown = {one.subject: one.how for one in judged("layout", page(), kinds=frozenset({"articles"}))}
    assert shown.pop("policy-news") == "View2026"
    assert set(shown.values()) == {"No list showed an article of it."}
    assert "press-release" in shown
    assert [one.subject for one in judged("layout", page(), kinds=frozenset({"lists"}))] == ["policy-news"]


def test_a_field_that_is_not_found_is_named():
    assert said("fields", page()) == [("holds", "2026-03-02T09:00:00+09:00, 환경부", "")]
    (one,) = said("fields", page(info=""))
    assert one[:2] == ("differs", f"{ADDRESS} is read without source.")
    assert one[2].startswith("gochim new-case ")
    (one,) = said("fields", page(info="", told="", clock=""))
    assert one[1].endswith(" is read without published and source.")
    assert said("fields", page(status=404))[0][:2] == ("cannot tell", "Nothing that was fetched shows it.")


@pytest.mark.parametrize(
    ("given", "verdict"),
    [
        ({"subtitle": "<h2>첫째 줄<br>둘째 줄</h2>"}, ("holds", "2 lines", "")),
        ({"title": "<h2>첫째 줄</h2>"}, ("differs", "They stand in .view_title h2, .view_title h3.", NOTHING)),
        ({"above": "<h3>위의 말</h3>"}, ("differs", "A heading that is not read: “위의 말”", "If it is a subtitle: ")),
        (
            {"above": f"<h3>{'가' * 41}</h3>"},
            ("differs", f"A heading that is not read: “{'가' * 40}”", "If it is a subtitle: "),
        ),
        ({"above": "<h3>강물이 맑아진다</h3>"}, None),
        ({"above": "<h3>환경부 소식</h3>"}, None),
        ({"above": "<aside><h3>인기</h3></aside>"}, None),
        ({"above": '<div class="related"><h3>인기</h3></div>'}, None),
        ({"above": '<div id="as_side"><div><h3>인기</h3></div></div>'}, None),
        ({"above": '<h3 style="display: none">숨은 말</h3>'}, None),
        ({"above": "<h3> </h3>"}, None),
        ({"body": "<h3>본문의 제목</h3><p>강물을 살핀다.</p>"}, None),
    ],
)
def test_where_subtitles_stand_is_told(given, verdict):
    (one,) = said("subtitles", page(**given))
    if verdict is None:
        assert one == ("cannot tell", "Nothing that was fetched shows it.", "")
    else:
        assert one[:2] == verdict[:2]
        assert one[2].startswith(verdict[2])


PICTURE = '<p><img src="/newsWeb/resources/attaches/2026.03/02/a.jpg" alt="강"></p>'


@pytest.mark.parametrize(
    ("body", "verdict"),
    [
        (f"<figure>{PICTURE}<figcaption>맑은 강</figcaption></figure>", ("holds", "figcaption")),
        (f'{PICTURE}<p class="photo_caption">맑은 강</p>', ("holds", "p.photo_caption")),
        (f"{PICTURE}<p>강이 맑다. (사진=환경부)</p>", ("differs", "It stands in the text: (사진=환경부)")),
        (f"{PICTURE}<p>강이 맑다.</p>", None),
        (f"<figure>{PICTURE}<figcaption class='img_caption'>맑은 강</figcaption></figure>", ("holds", "figcaption")),
        (f"{PICTURE}<p class>강이 맑다.</p><div class='desc'>물고기가 산다.</div>", None),
        (f"{PICTURE}<div class='desc'><p>강이 맑다.</p><p>물고기가 산다.</p></div>", None),
        (f"{PICTURE}<p class='desc'>강이 맑다.<br>물고기가 산다.</p>", None),
        ("<p>강이 맑다. (사진=환경부)</p>", None),
    ],
)
def test_how_captions_are_marked_is_told(body, verdict):
    (one,) = said("captions", page(body=body))
    assert one[:2] == (verdict or ("cannot tell", "Nothing that was fetched shows it."))


def test_a_caption_that_stands_where_nothing_is_read_is_quoted():
    above = f'<div id="viewCont"><p class="photo-desc">{"가" * 41}</p></div>'
    (one,) = said("captions", page(body=PICTURE + "<p>강이 맑다.</p>", above=above))
    assert one[:2] == ("differs", f"“{'가' * 40}” in .photo-desc is not read.")
    assert one[2].startswith("gochim new-case ")


@pytest.mark.parametrize(
    ("given", "verdict"),
    [
        ({}, ("holds", URL)),
        ({"canonical": ""}, ("differs", f"canonical is missing on {ADDRESS}.")),
        ({"shared": "https://www.korea.kr/"}, ("differs", f"og:url is https://www.korea.kr/ on {ADDRESS}.")),
        ({"canonical": "", "shared": ""}, ("differs", f"canonical is missing; og:url is missing on {ADDRESS}.")),
    ],
)
def test_what_a_page_says_of_its_address_is_compared(given, verdict):
    assert said("canonical", page(**given))[0][:2] == verdict


@pytest.mark.parametrize(
    ("told", "clock", "verdict", "mend"),
    [
        ("2026-03-02T09:00:00+09:00", "2026-03-02T09:00:00Z", "holds", ""),
        ("2026-03-02", "", "holds", ""),
        ("2026-03-02T09:00:00+09:00", "2026-03-02T09:00:00+09:00", "differs", NOTHING),
        ("2026-03-02T09:00:00+09:00", "2026-03-02T10:00:00Z", "differs", REPORT),
        ("2026-03-02T00:00:00Z", "2026-03-02T00:00:00Z", "differs", NOTHING),
        ("2026-03-02T09:00:00+09:00", "", "differs", NOTHING),
        ("", "2026-03-02T09:00:00Z", "differs", NOTHING),
        ("", "", "differs", NOTHING),
        ("어제", "2026-03-02T09:00:00Z", "differs", REPORT),
        ("2026-13-45", "", "differs", REPORT),
    ],
)
def test_the_two_times_of_a_page_are_compared(told, clock, verdict, mend):
    (one,) = said("published", page(told=told, clock=clock))
    assert one[0] == verdict, one
    assert one[2].startswith(mend)
    assert bool(one[2]) is bool(mend)


def test_what_each_of_the_two_times_says_is_quoted():
    clock = "2026-03-02T09:00:00Z"
    for told, printed, how in (
        ("2026-03-02T00:00:00Z", clock, f"JSON-LD says 2026-03-02T00:00:00Z, the meta element {clock}."),
        ("2026-03-02T00:00:00Z", "", "JSON-LD says 2026-03-02T00:00:00Z, the meta element nothing."),
        ("", clock, f"JSON-LD says nothing, the meta element {clock}."),
        ("어제", "", "JSON-LD says 어제, the meta element nothing."),
    ):
        assert said("published", page(told=told, clock=printed))[0][1] == how


def test_a_page_of_the_archive_may_say_no_time_of_either_kind():
    for told, clock, verdict in (
        ("", "", "cannot tell"), ("2026-03-02", "", "holds"), ("2026-03-02T09:00:00+09:00", "", "differs"),
        ("", "2026-03-02T09:00:00Z", "differs"),
    ):  # fmt: skip
        assert said("published", replace(page(told=told, clock=clock), question="article:photo"))[0][0] == verdict
