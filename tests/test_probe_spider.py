"""What the probe asks next, by what came before."""

from __future__ import annotations

from datetime import datetime
from types import SimpleNamespace
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
from scrapy import Request
from scrapy.http import TextResponse

from crawler.api_calls import CALL_META
from crawler.list_page import ListPage, Row
from crawler.open_api import LONGEST, REAL, SERVICES, OpenApi
from crawler.portal import Portal
from crawler.probe.lists import FILTERED
from crawler.probe.spider import MOBILE, ProbeSpider, WithMobile, mobile_of
from crawler.sections import SECTIONS
from storage.records import KST
from tests.probes import PORTAL
from tests.test_probe_articles import row, rows

BASE = PORTAL.base


def spider(*kinds: str, **lists: str) -> ProbeSpider:
    """Make one that has had these lists, by section, and is to ask these kinds of questions."""
    made = ProbeSpider(kinds=",".join(kinds))
    made.portal = PORTAL
    made.api = SimpleNamespace(key="")  # type: ignore[assignment]  # the settings hold none
    for name, html in lists.items():
        section = name.replace("_", "-")
        made.known.lists[section] = ListPage(html)
        made.known.urls[section] = f"{BASE}/{section}List.do"
    return made


def asked(requests: Any) -> dict[str, Request]:
    return {one.meta["question"]: one for one in requests}


def a_list(*each: str, total: int | None = None, pager: str = "") -> str:
    total_at = f'<p class="total">총 {total} 건</p>' if total is not None else ""
    form = '<form id="mainForm"><input type="hidden" name="pageIndex" value="1"><input name="key" value="a b"></form>'
    return rows(*each).replace("<ul>", f"{total_at}{pager}{form}<ul>")


PAGER = '<div class="paging"><a onclick="pageLink({})">{}</a></div>'


@pytest.mark.parametrize(
    ("html", "is_paged"),
    [
        (a_list(row(1), row(2), total=3), True),
        (a_list(row(1), row(2), total=2), False),
        (a_list(row(1), row(2)), False),
        (a_list(row(1), pager=PAGER.format(2, 2)), True),
        (a_list(row(1), pager=PAGER.format(1, 1)), False),
        (a_list(total=3), False),
    ],
)
def test_a_second_page_is_asked_for_by_both_ways_where_there_is_one(html, is_paged):
    found = asked(spider("paging", press_release=html)._later())
    assert sorted(found) == (["paging-get:press-release", "paging-post:press-release"] if is_paged else [])
    if is_paged:
        post, get = found["paging-post:press-release"], found["paging-get:press-release"]
        assert (post.method, post.url) == ("POST", f"{BASE}/press-releaseList.do")
        assert parse_qs(post.body.decode()) == {"pageIndex": ["2"], "key": ["a b"]}
        assert (get.method, get.url) == ("GET", f"{BASE}/press-releaseList.do?pageIndex=2")
    assert asked(spider("lists", press_release=html)._later()) == {}


def link(section: str, number: int) -> str:
    return row(number).replace("/briefing/pressReleaseView.do", section)


NEWS, PHOTO = "/news/policyNewsView.do", "/multi/policyPhotoView.do"


def test_an_article_of_each_section_is_the_first_of_its_own_list_else_of_any():
    lists = {
        "policy_news": rows(link("/guide/view.do", 1), row(2), link(NEWS, 3), link(NEWS, 4)),
        "press_release": rows(link(NEWS, 5), row(6), row(7)),
        "notice": rows(row(8), link("/briefing/speechView.do", 9), link("/briefing/speechView.do", 10)),
    }
    one = spider("articles", **lists)
    assert one._choose() == ["policy-news", "press-release", "speech"]
    chosen = {name: address.article for name, address in one.known.articles.items()}
    assert chosen == {"policy-news": "156782003", "press-release": "156782006", "speech": "156782009"}
    found = asked(one._later())
    assert sorted(found) == ["article:policy-news", "article:press-release", "article:speech"]
    assert found["article:press-release"].url.endswith("newsId=156782006")
    only_filters = spider("filters", **lists)
    assert only_filters._choose() == [FILTERED]
    assert sorted(asked(only_filters._later())) == [f"article:{FILTERED}"]


def a_row(title: str, published: str | None = "2026-03-02", source: str | None = "환경부") -> Row:
    return Row("/x", title, published, source)


def test_a_filter_is_tried_that_would_keep_some_rows_and_drop_others():
    one = spider("filters")
    mixed = [a_row("강물 수질을 살핀다"), a_row("외교 협력을 넓힌다", "2026-03-01 09:00", "외교부")]
    assert dict(one._filters_to_try(mixed)) == {
        "dates": {"startDate": "2026-03-01", "endDate": "2026-03-01", "period": "direct"},
        "srchWord": {"srchWord": "협력을"},
    }
    one.known.source_code = "A00020"
    assert dict(one._filters_to_try(mixed))["repCode"] == {"repCode": "A00020"}
    same = [a_row("수질을 살핀다"), a_row("수질을 살핀다", None)]
    assert dict(one._filters_to_try(same)) == {}
    assert dict(one._filters_to_try([a_row("물을 3천곳 가·나다"), a_row("물을")])) == {}


def test_a_list_is_filtered_by_post_and_by_get_where_it_came():
    html = a_list(row(1), row(2, "2026.03.01", "외교부", "외교 협력을 넓힌다"))
    found = asked(spider("filters", press_release=html)._last())
    assert sorted(found) == ["filter-dates:GET", "filter-dates:POST", "filter-srchWord:GET", "filter-srchWord:POST"]
    get = parse_qs(urlsplit(found["filter-dates:GET"].url).query)
    assert get == {"pageIndex": ["1"], "startDate": ["2026-03-01"], "endDate": ["2026-03-01"], "period": ["direct"]}
    assert parse_qs(found["filter-dates:POST"].body.decode()) == get | {"key": ["a b"]}
    assert asked(spider("filters", policy_news=html)._last()) == {}
    assert asked(spider("lists", press_release=html)._last()) == {}


def answer(url: str, status: int = 200, body: bytes = b"", question: str = "", **headers: str) -> TextResponse:
    sent = {name.replace("_", "-"): value for name, value in headers.items()}
    request = Request(url, meta={"question": question})
    return TextResponse(url, status=status, headers=sent, body=body, request=request, encoding="utf-8")


FILE = f"{BASE}/common/download.do?fileId=198560001"


def test_the_first_file_that_carries_a_validator_is_asked_for_again():
    one = spider("again")
    assert asked(one._last()) == {}
    for response in (
        answer(FILE, 404, ETag='"a"'), answer(FILE), answer(f"{BASE}/news/policyNewsList.do", ETag='"a"'),
        answer("https://elsewhere.example/a.pdf", ETag='"a"'),
    ):  # fmt: skip
        one.part_came(response)
        assert one.known.file is None
    one.part_came(answer(FILE, Last_Modified="Mon, 02 Mar 2026 00:00:00 GMT"))
    one.part_came(answer(f"{FILE}2", ETag='"b"'))
    (again,) = asked(one._last()).values()
    assert again.url == FILE
    assert again.headers.get("If-Modified-Since") == b"Mon, 02 Mar 2026 00:00:00 GMT"
    assert again.headers.get("If-None-Match") is None
    other = spider("again")
    other.part_came(answer(FILE, ETag='"a"'))
    (again,) = asked(other._last()).values()
    assert again.headers.get("If-None-Match") == b'"a"'
    other.kinds = frozenset({"lists"})
    assert asked(other._last()) == {}


def test_the_first_sitemap_of_the_portal_is_asked_for():
    index = "<sitemapindex>{}</sitemapindex>".format(
        "".join(
            f"<sitemap><loc>{one}</loc></sitemap>" for one in ("https://x.example/a.xml", f"{BASE}/b.xml", f"{BASE}/c")
        )
    )
    one = spider("sitemap")
    one.sitemap_came(answer(f"{BASE}/sitemapindex.xml", 404, index.encode(), "sitemap-index"))
    assert asked(one._later()) == {}
    one.sitemap_came(answer(f"{BASE}/sitemapindex.xml", 200, index.encode(), "sitemap-index"))
    assert {name: made.url for name, made in asked(one._later()).items()} == {"sitemap": f"{BASE}/b.xml"}


def test_the_mobile_host_belongs_to_the_real_portal_alone():
    assert mobile_of(Portal()) == MOBILE
    assert mobile_of(Portal("http://127.0.0.1:8080")) is None
    both = WithMobile(BASE, MOBILE)
    assert both.allows(f"{MOBILE}/briefing/pressReleaseList.do")
    assert both.allows(f"{BASE}/briefing/pressReleaseList.do")
    assert not both.allows("https://m.korea.kr.example/a")
    assert not Portal().allows(f"{MOBILE}/briefing/pressReleaseList.do")


@pytest.mark.parametrize(
    ("kinds", "questions"),
    [
        (("robots",), {"robots"}), (("robots", "handshake"), {"robots"}), (("handshake",), {"robots"}),
        (("rss",), {"rss"}), (("unknown",), {"unknown"}), (("sitemap",), {"sitemap-index"}), (("mobile",), {"mobile"}),
        (("robots", "rss", "api"), {"rss"}),
    ],
)  # fmt: skip
def test_only_what_a_kind_needs_is_asked_first(kinds, questions):
    one = spider(*kinds)
    assert set(asked(one._first())) == questions
    for kind in ("lists", "paging", "filters", "articles"):
        found = [made.meta["question"] for made in spider(kind)._first()]
        assert sorted(found) == sorted(f"list:{name}" for name, section in SECTIONS.items() if section.entries())


def test_robots_txt_is_asked_for_whatever_it_says_and_an_unknown_article_without_following_where_it_leads():
    (robots,) = spider("robots")._first()
    assert robots.meta["dont_obey_robotstxt"] is True
    (unknown,) = spider("unknown")._first()
    assert unknown.meta["dont_redirect"] is True


def test_the_open_api_is_asked_once_for_its_last_days_by_its_own_rules_where_there_is_a_key():
    one = spider("api")
    assert asked(one._first()) == {}
    one.api = OpenApi(REAL, "abc%2Bdef")
    begun = datetime.now(KST).date()
    (call,) = one._first()
    address = urlsplit(call.url)
    fields = {name: value for name, (value,) in parse_qs(address.query).items()}
    first, last = (datetime.strptime(fields[name], "%Y%m%d").date() for name in ("startDate", "endDate"))  # noqa: DTZ007
    assert (call.meta["question"], f"{address.scheme}://{address.netloc}{address.path}") == (
        "api",
        f"{REAL}/{SERVICES[0]}",
    )
    assert begun <= last <= datetime.now(KST).date()
    assert ((last - first).days + 1, fields["pageNo"]) == (LONGEST, "1")
    assert "abc" not in call.url
    assert call.headers["Accept-Encoding"] == b"identity"
    assert {name: call.meta[name] for name in CALL_META} == CALL_META
    one.kinds = frozenset({"lists"})
    assert "api" not in asked(one._first())
