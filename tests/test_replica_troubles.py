"""The replica differs where the switches say so, and goes through outages and redesigns in which nothing is edited."""

from __future__ import annotations

import gzip
import socket
from collections.abc import Iterator
from urllib.parse import urlsplit
from xml.etree import ElementTree

import pytest

from replica import Portal, RunningPortal, Switches, serve
from replica.actions import EditTitle
from replica.events import Move
from replica.script import Moment
from replica.switches import switch_table
from replica.troubles import SpoilFile, SwapImage, Turn, outage_script, redesign_script
from tests.replica_client import Client

NEWS = "/news/policyNewsView.do?newsId=148955021"
SOME = ("policy-news", "photo", "state-council", "video")


@pytest.fixture
def running() -> Iterator[RunningPortal]:
    with serve(Portal.load(sections=SOME)) as portal:
        yield portal


def scripted(*moments: Moment) -> RunningPortal:
    articles = list(Portal.load(sections=SOME).state.filed.values())
    return serve(Portal(articles, script=[Moment(0, "as filed"), *moments]))


@pytest.mark.parametrize(
    ("charset", "header", "meta", "codec"),
    [
        ("utf-8", "text/html;charset=UTF-8", b'charset="UTF-8"', "utf-8"),
        ("euc-kr", "text/html;charset=EUC-KR", b'charset="EUC-KR"', "cp949"),
        ("euc-kr-unsaid", "text/html", b"<html", "cp949"),
        ("euc-kr-said-utf-8", "text/html;charset=UTF-8", b'charset="UTF-8"', "cp949"),
        ("utf-8-said-euc-kr", "text/html;charset=EUC-KR", b'charset="EUC-KR"', "utf-8"),
    ],
)
def test_pages_are_encoded_as_the_switch_says(running, client, charset, header, meta, codec):
    running.portal.switches.charset = charset
    response, body = client.get(NEWS)
    assert response.getheader("Content-Type") == header
    assert meta in body
    assert "섬마을 배달 무인기" in body.decode(codec)
    assert (b"<meta charset" in body) == (charset != "euc-kr-unsaid")


def test_bodies_are_zipped_and_chunked_as_the_switches_say(running, client):
    response, body = client.get(NEWS, Accept_Encoding="gzip")
    assert gzip.decompress(body)
    running.portal.switches.compression = "none"
    running.portal.switches.framing = "chunked"
    response, body = client.get(NEWS, Accept_Encoding="gzip")
    assert (response.getheader("Content-Encoding"), response.getheader("Transfer-Encoding")) == (None, "chunked")
    running.portal.switches.framing = "length"
    response, _ = client.get("/news/policyNewsList.do")
    assert response.getheader("Content-Length")


def test_pages_with_lying_validators_never_seem_to_change(running, client):
    running.portal.switches.validators = "lying"
    running.portal.switches.validated = "everything"
    response, _ = client.get(NEWS)
    etag = response.getheader("ETag")
    assert client.get(NEWS, If_None_Match=etag)[0].status == 304
    running.portal.switches.validators = "honest"
    response, _ = client.get(NEWS)
    assert client.get(NEWS, If_None_Match=response.getheader("ETag"))[0].status == 200


@pytest.mark.parametrize(("manner", "after"), [("honest", 200), ("lying", 304)])
def test_last_modified_follows_the_bytes_or_lies(manner, after):
    swap = Moment(1, "a picture swapped", (SwapImage("photo:73412", 0),))
    with scripted(swap) as running:
        client = Client(running)
        running.portal.switches.last_modified = manner
        path = running.portal.state.article("photo:73412").photo
        first, body = client.get(path)
        since = first.getheader("Last-Modified")
        assert since.endswith("GMT")
        assert client.get(path, If_Modified_Since=since)[0].status == 304
        running.advance()
        response, now = client.get(path, If_Modified_Since=since)
        assert response.status == after
        assert now != body
        client.connection.close()


@pytest.mark.parametrize(
    ("said", "status", "line"),
    [
        ("observed", 200, "User-agent : Googlebot"),
        ("delay", 200, "Crawl-delay: 2"),
        ("forbidding", 200, "Disallow: /\n"),
        ("missing", 404, ""),
        ("error", 503, ""),
    ],
)
def test_robots_txt_comes_in_several_forms(running, client, said, status, line):
    running.portal.switches.robots = said
    response, body = client.get("/robots.txt")
    assert response.status == status
    assert line in body.decode()


def test_captions_and_viewer_come_in_every_form(running, client):
    for form, selector in (
        ("figure", "figure > figcaption"),
        ("photo_caption", "p.photo_caption"),
        ("img_desc", ".img_desc"),
        ("inline", "p > img ~ br"),
    ):
        running.portal.switches.captions = form
        assert client.page(NEWS).css(f".view_cont {selector}"), form
    with serve(Portal.load(sections=["press-release"])) as press:
        other = Client(press)
        address = "/briefing/pressReleaseView.do?newsId=156782011"
        frame = other.page(address).css_first("#content_press").attributes["src"]
        press.portal.switches.viewer = "broken"
        inner = other.page(frame).css_first("iframe").attributes["src"]
        assert other.get(inner)[0].status == 404
        press.portal.switches.viewer = "none"
        assert other.page(address).css_first(".view_cont").text().strip() == ""
        assert other.page(address).css_first("#content_press") is None
        other.connection.close()


def test_the_firewall_may_stand_before_everything(running, client):
    running.portal.switches.blocked = True
    for target in ("/", NEWS, "/news/policyNewsList.do", "/robots.txt"):
        response, body = client.get(target)
        assert (response.status, b"Support ID" in body) == (200, True)


def test_an_unknown_article_may_lead_to_the_front_page(running, client):
    running.portal.switches.unknown = "redirect"
    response, _ = client.get("/news/policyNewsView.do?newsId=148000000")
    assert (response.status, response.getheader("Location")) == (302, f"{running.url}/")


def test_a_moved_article_leaves_a_way_or_nothing():
    moves = Moment(1, "moved", (Move("148955021", "policy-focus", "404"), Move("148930011", "policy-focus")))
    with scripted(moves) as running:
        client = Client(running)
        running.advance()
        assert client.get("/news/policyNewsView.do?newsId=148955021")[0].status == 404
        assert client.view("/news/policyNewsView.do?newsId=148930011")[0] == "/news/policyFocusView.do?newsId=148930011"
        client.connection.close()


def test_an_outage_is_gone_through_from_end_to_end():
    articles = list(Portal.load(sections=SOME).state.filed.values())
    with serve(Portal(articles, script=outage_script(articles))) as running:
        client = Client(running)
        port = urlsplit(running.url).port

        def look() -> tuple[int, bytes]:
            response, body = client.get(NEWS)
            return response.status, body

        good = look()[0]
        assert running.advance().name == "every page answers 503"
        assert (good, look()[0]) == (200, 503)
        running.advance()
        client.connection.close()
        with pytest.raises(ConnectionRefusedError):
            socket.create_connection(("127.0.0.1", port), timeout=2)
        running.advance()
        status, body = look()
        assert (status, "일시 중단 안내".encode() in body, b"article_wrap" in body) == (200, True, False)
        running.advance()
        assert look()[0] == 200
        assert (
            client.get("/video/index.html")[0].status
            == client.get("/video/index.html?newsId=148964011")[0].status
            == 404
        )
        running.advance()
        there = [running.portal.state.article(one) for one in running.portal.shown()]
        gone = sum(client.get(one.address)[0].status == 404 for one in there)
        assert 0.5 < gone / len(there) < 0.9
        running.advance()
        assert all(client.get(one.address)[0].status == 200 for one in there)
        client.connection.close()
        assert all(moment.expected == () for moment in running.portal.moments)


def test_new_templates_say_the_same_words():
    articles = list(Portal.load(sections=SOME).state.filed.values())
    with serve(Portal(articles, script=redesign_script(articles))) as running:
        client = Client(running)
        photo = "/multi/policyPhotoView.do?bbsKey=73412"
        assert client.page(photo).css_first(".view_title h1")
        running.advance()
        assert client.page(photo).css_first(".article_head > h1")
        assert client.page(NEWS).css_first(".view_title h1")
        running.advance()
        assert client.page(NEWS).css_first(".article_head > h1")
        running.advance()
        assert client.page(NEWS).css_first(".kr-story__txt")
        assert "하루 두 번, 한 번에 7㎏까지 싣고 뜬다" in client.page(NEWS).text()
        assert not client.page(NEWS).css_first(".article_wrap, .view_cont, .article_head")
        running.advance()
        assert client.page(NEWS).css_first(".view_title h1")
        client.connection.close()


def test_one_file_may_be_spoilt_and_mended():
    bad = Moment(1, "spoilt", (SpoilFile("148965011", "198580011", "empty"),))
    good = Moment(2, "mended", (SpoilFile("148965011", "198580011", "none"),))
    with scripted(bad, good) as running:
        client = Client(running)
        sizes = []
        for _ in range(3):
            sizes.append(len(client.get("/common/download.do?fileId=198580011")[1]))
            if len(sizes) < 3:
                running.advance()
        assert sizes[0] == sizes[2] > sizes[1] == 0
        client.connection.close()


SERVICE = "/1371000/policyNewsService2/policyNewsList2"
WINDOW = "startDate=20261026&endDate=20261028"
SECOND = "148930028"
KEYED = f"{SERVICE}?serviceKey=replica-service-key"


def told(client: Client, target: str) -> ElementTree.Element:
    response, body = client.get(target)
    assert response.status == 200
    return ElementTree.fromstring(body)


def test_the_open_api_gives_the_articles_of_three_days(client):
    answer = told(client, f"{KEYED}&{WINDOW}&numOfRows=1&pageNo=1")
    assert (answer.findtext("header/resultCode"), answer.findtext("header/resultMsg")) == ("0", "NORMAL_SERVICE")
    item = answer.find("body/NewsItem")
    assert item is not None
    texts = {one.tag: one.text for one in item}
    assert (texts["NewsItemId"], texts["ContentsStatus"], texts["ModifyId"]) == ("148955021", "I", "1")
    assert texts["ApproveDate"] == texts["EmbargoDate"] == "10/28/2026 09:20:00"
    assert (texts["GroupingCode"], texts["SubTitle1"]) == ("policy", "약과 편지 먼저, 겨울에는 생필품까지")
    assert texts["OriginalUrl"] == "https://www.korea.kr/news/policyNewsView.do?newsId=148955021&call_from=openData"
    assert "바람이 초속 12m를 넘으면" in (texts["DataContents"] or "")
    assert answer.findtext("body/totalCount") == "2"
    assert told(client, f"{KEYED}&{WINDOW}&numOfRows=1&pageNo=2").findtext("body/NewsItem/NewsItemId") == SECOND
    assert told(client, f"{KEYED}&{WINDOW}&numOfRows=1&pageNo=3").find("body/NewsItem") is None


@pytest.mark.parametrize(
    ("query", "code"),
    [
        ("startDate=20261026", "11"),
        ("", "11"),
        ("startDate=2026-10-26&endDate=20261028", "97"),
        ("startDate=20261326&endDate=20261328", "97"),
        ("startDate=20261026&endDate=20261029", "98"),
        ("startDate=20261028&endDate=20261026", "98"),
    ],
)
def test_the_open_api_says_what_is_wrong_with_the_dates(client, query, code):
    assert told(client, f"{KEYED}&{query}").findtext("header/resultCode") == code


def reason(client: Client, target: str) -> str | None:
    return told(client, target).findtext("cmmMsgHeader/returnReasonCode")


def test_the_gateway_refuses_with_status_200(running, client):
    assert reason(client, f"{SERVICE}?{WINDOW}") == reason(client, f"{SERVICE}?serviceKey=x&{WINDOW}") == "30"
    assert reason(client, f"/1371000/unknown/list?{WINDOW}") == "12"
    assert client.get("/1371000/policyNewsService/policyNewsList")[0].status == 400
    for said, code in (("no-service", "12"), ("denied", "20"), ("expired", "31")):
        running.portal.switches.api = said
        assert reason(client, f"{KEYED}&{WINDOW}") == code
    running.portal.switches.api = "down"
    assert client.get(f"{KEYED}&{WINDOW}")[0].status == 500


def test_the_calls_of_a_day_are_limited(running, client):
    running.portal.switches.api_limit = 2
    for _ in range(2):
        assert told(client, f"{KEYED}&{WINDOW}").findtext("header/resultCode") == "0"
    assert reason(client, f"{KEYED}&{WINDOW}") == "22"
    running.advance()
    assert told(client, f"{KEYED}&{WINDOW}").findtext("header/resultCode") == "0"


def test_an_edit_raises_the_number_of_modifications():
    edits = [Moment(number, "edited", (EditTitle("148955021", f"제목 {number}"),)) for number in (1, 2)]
    with scripted(*edits) as running:
        client = Client(running)
        running.advance()
        running.advance()
        item = told(client, f"{KEYED}&{WINDOW}").find("body/NewsItem")
        assert item is not None
        assert (item.findtext("ContentsStatus"), item.findtext("ModifyId")) == ("U", "3")
        assert item.findtext("ModifyDate", "") > item.findtext("ApproveDate", "")
        assert "2026-11-" in client.get("/sitemap/policy-news.xml")[1].decode()
        client.connection.close()


def test_every_switch_is_told_with_its_values():
    table = dict(switch_table())
    assert table["outage"] == "none|503|refused|substitute (none)"
    assert set(table) == set(Switches.__dataclass_fields__)
    with scripted(Moment(1, "turned", (Turn("robots", "missing"),))) as running:
        running.advance()
        assert running.portal.switches.robots == "missing"
