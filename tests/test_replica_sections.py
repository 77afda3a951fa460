"""Every section of the replica has its lists and articles, each in the form that is reported of the portal."""

from __future__ import annotations

import re
from collections.abc import Iterator

import pytest
from selectolax.lexbor import LexborHTMLParser

from replica import Portal, ReplicaError, RunningPortal, Switches, serve
from replica.lists import LISTS
from replica.sections import SECTIONS

SHOWN = [one for one in SECTIONS.values() if one.views]


@pytest.fixture
def running() -> Iterator[RunningPortal]:
    with serve(Portal.load()) as portal:
        yield portal


def numbers(portal: Portal, section: str) -> list[str]:
    shown = [portal.state.article(one) for one in portal.shown()]
    return [one.number for one in shown if section == one.section or section in one.also]


@pytest.mark.parametrize("section", SHOWN, ids=lambda one: one.name)
def test_a_section_has_at_least_three_articles_and_its_lists_show_them(running, client, section):
    there = numbers(running.portal, section.name)
    assert len(there) >= 3
    for path in (one for one in section.lists if not one.endswith("FocusHome.do")):
        found = client.rows(client.page(path))
        assert list(dict.fromkeys(found)) == there[: section.page_size]
        assert len(found) == len(there[: section.page_size]) * (2 if section.repeats else 1)


@pytest.mark.parametrize("section", SHOWN, ids=lambda one: one.name)
def test_the_canonical_address_and_the_breadcrumb_are_those_of_the_section(running, client, section):
    number = numbers(running.portal, section.name)[0]
    tree = client.page(f"{section.view}?{section.key}={number}")
    article = running.portal.state.article(section.prefix + number)
    canonical = tree.css_first("link[rel=canonical]").attributes["href"]
    assert canonical == f"https://www.korea.kr{article.address}"
    assert tree.css_first(".dep2").text().strip() == section.label


def test_rows_have_the_shapes_reported_of_each_list(client):
    speech = client.page("/briefing/speechList.do").css(".table_list tbody tr")[0].css("td")
    assert [one.text().strip() for one in speech] == [
        "해양수산부 나은안",
        "겨울 바다 안전 다짐 대회 격려사",
        "2026.11.07",
    ]
    assert speech[1].css_first("a[href*='speechView.do']")
    council = client.page("/briefing/stateCouncilList.do").css_first("li > a[onclick]")
    assert council.attributes["onclick"].startswith("goView('/briefing/stateCouncilView.do?newsId=148965011','')")
    assert council.css_first("strong").text() == "제48회 국무회의 결과"
    assert council.css_first(".source span").text() == "2026.11.10"
    mixed = client.page("/news/ministryNewsList.do").css(".list_type.type2 li a")
    assert mixed
    assert all("goDetailView(" in one.attributes["onclick"] for one in mixed)
    assert client.page("/multi/mediaNewsList.do").css("a[href*='policyPhotoView.do'], a[href*='video/index.html']")


def test_a_switch_gives_detail_calls_an_id_instead_of_an_address(running, client):
    running.portal.switches.detail_call = "id"
    calls = [one.attributes["onclick"] for one in client.page("/archive/recruitInfoList.do").css(".type2 a")]
    assert calls[0] == calls[1] == "goDetailView('393231','recruit');"


def test_a_switch_writes_every_list_in_one_form(running, client):
    running.portal.switches.rows = "council"
    for path in ("/news/policyNewsList.do", "/briefing/speechList.do"):
        assert client.page(path).css("li > a[onclick^='goView']")


def test_focuses_are_reached_through_their_packages(running, client):
    links = [one.attributes["href"] for one in client.page("/news/policyFocusHome.do").css(".focus_list a")]
    assert [re.findall(r"pkgId=(\d+)", one)[0] for one in links] == ["49500845", "49500851"]
    rows = client.rows(client.page("/news/policyFocusList.do?pkgId=49500851"))
    assert rows == ["148955021", "148955013"]
    form = {
        one.attributes["name"] for one in client.page("/news/policyFocusList.do?pkgId=49500845").css("#mainForm input")
    }
    assert "pkgId" in form


def test_one_number_may_stand_in_two_sections(running, client):
    for path, label in (("/news/policyFocusView.do", "정책포커스"), ("/news/policyNewsView.do", "정책뉴스")):
        tree = client.page(f"{path}?newsId=148955021")
        assert tree.css_first(".dep2").text().strip() == label
        canonical = tree.css_first("link[rel=canonical]").attributes["href"]
        assert canonical == "https://www.korea.kr/news/policyNewsView.do?newsId=148955021"
    running.portal.switches.shared_canonical = "own"
    canonical = (
        client.page("/news/policyFocusView.do?newsId=148955021").css_first("link[rel=canonical]").attributes["href"]
    )
    assert canonical == "https://www.korea.kr/news/policyFocusView.do?newsId=148955021"
    assert running.portal.truth("148955021")["section"] == "policy-news"


def test_the_news_of_a_ministry_come_from_several_sections(running, client):
    home = client.page("/news/ministryNewsHome.do")
    assert home.css("a[href*='repCode=A00019']")
    rows = client.rows(client.page("/news/ministryNewsList.do?repCode=A00019"))
    sections = {running.portal.state.article(one).section for one in rows}
    assert {"press-release", "card-news"} <= sections


def test_speeches_know_dates_only_where_the_form_says_so(client):
    dates = {"startDate": "2026-10-01", "endDate": "2026-10-31"}
    assert len(client.rows(client.page("/briefing/speechList.do", "post", **dates))) == 4
    assert client.rows(client.page("/briefing/speechList.do", "post", period="direct", **dates)) == [
        "132040011",
        "132040014",
    ]


@pytest.mark.parametrize(("paging", "by_get", "by_post"), [("post", 1, 2), ("get", 2, 1), ("both", 2, 2)])
def test_a_switch_says_which_method_pages(running, client, paging, by_get, by_post):
    running.portal.switches.page_size = 2
    running.portal.switches.paging = paging
    there = numbers(running.portal, "policy-news")
    pages = {1: there[:2], 2: there[2:4]}
    assert client.rows(client.page("/news/policyNewsList.do?pageIndex=2")) == pages[by_get]
    assert client.rows(client.page("/news/policyNewsList.do", "post", pageIndex="2")) == pages[by_post]


def test_filters_may_be_ignored_and_unseen_lists_missing(running, client):
    running.portal.switches.filters = "ignored"
    assert client.rows(client.page("/etc/noticeList.do?srchWord=RSS")) == numbers(running.portal, "notice")
    running.portal.switches.unconfirmed_lists = "missing"
    status = {path: client.get(path)[0].status for path in LISTS}
    assert {path for path, one in status.items() if one == 404} == {
        "/multi/visualNewsList.do", "/multi/policyPhotoList.do", "/video/index.html", "/briefing/presidentList.do",
    }  # fmt: skip
    assert client.get("/video/index.html?newsId=148964011")[0].status == 200


def test_the_mobile_host_has_its_own_markup(client):
    response, body = client.get("/news/reporterView.do?newsId=148958011", Host="m.korea.kr")
    tree = LexborHTMLParser(body.decode())
    assert response.status == 200
    assert tree.css_first("#m_wrap .article_head > h1").text() == "우리 동네 작은 도서관에서 배운 점자 한 줄"
    assert tree.css_first(".article_head .info span").text().strip() == "2026.11.10"
    assert tree.css_first("link[rel=canonical]").attributes["href"].startswith("https://www.korea.kr/")


def test_old_paths_are_served_or_lead_on_or_are_unknown(running, client):
    target = "/policy/mainView.do;JSESSIONID_KOREA=9A?newsId=148930011"
    assert client.get(target)[0].status == 200
    running.portal.switches.old_views = "redirect"
    assert client.view(target)[0] == "/news/policyNewsView.do?newsId=148930011"
    running.portal.switches.old_views = "unknown"
    assert client.get(target)[0].status == 404
    assert client.get("/news/gigoView.do?newsId=148959011")[0].status == 200


def test_a_number_under_the_path_of_another_section_answers_as_the_switch_says(running, client):
    target = "/news/policyNewsView.do?newsId=156782011"
    assert client.get(target)[0].status == 404
    running.portal.switches.elsewhere = "redirect"
    assert client.view(target)[0] == "/briefing/pressReleaseView.do?newsId=156782011"
    running.portal.switches.elsewhere = "served"
    assert client.get(target)[0].status == 200


def test_archive_pages_print_office_days_and_files(client):
    tree = client.page("/archive/recruitInfoView.do?dataId=393231")
    assert tree.css_first(".article_head h2").text() == "2026년 하반기 국립산림치유원 공무직 채용 공고"
    assert tree.css_first(".article_head h3").text() == "기관명 : 산림청"
    assert [one.text().strip() for one in tree.css(".article_head .info span")] == [
        "등록일 : 2026.11.09",
        "마감일 : 2026.11.23",
    ]
    assert [one.attributes["href"] for one in tree.css(".file ul li a")] == [
        "/common/download.do?fileId=198580031&tblKey=GBD",
        "/common/download.do?fileId=198580032&tblKey=GBD",
    ]
    hrefs = [one.attributes["href"] for one in client.page("/archive/expDocView.do?docId=41730&group=S").css(".file a")]
    assert hrefs[0] == "/common/download.do?tblKey=GMN&fileId=198580021"


def test_a_portal_may_be_loaded_with_some_sections_only():
    portal = Portal.load(sections=["speech", "photo"])
    assert {portal.state.article(one).section for one in portal.shown()} == {"speech", "photo"}


def test_a_switch_takes_only_what_it_knows():
    switches = Switches()
    for said in ("page_size=7", "robots=delay", "blocked=yes", "missing_sections=photo,video", "delay=0.5"):
        switches.turn_as_said(said)
    assert (switches.page_size, switches.robots, switches.blocked, switches.delay) == (7, "delay", True, 0.5)
    assert switches.missing_sections == ("photo", "video")
    for said in ("robots=odd", "page_size=many", "nothing=1", "missing_sections=weather", "robots", "blocked=perhaps"):
        with pytest.raises(ReplicaError, match="switch"):
            switches.turn_as_said(said)
