"""The replica answers as the portal does, and every edit of its script can be seen in the pages it serves."""

from __future__ import annotations

import gzip
import hashlib
import http.client
import io
import json
import re
import socket
import subprocess
import sys
import zipfile
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, unquote, urlencode, urlsplit

import pytest
from selectolax.lexbor import LexborHTMLParser, LexborNode

from replica import Fault, Portal, ReplicaError, RunningPortal, Switches, rules, serve
from replica.noise import Noise
from tests.replica_client import Client

NEWS = """
id = "148000001"
section = "policy-news"
title = "바닷길 안전 점검 강화…여객선 120척 <특별> 점검"
subtitles = ["7월까지 3단계로", "점검 예산 45억 원"]
published = "2026-09-15T18:16:48"
source = "정책브리핑"
author = "한가람"
licence = 1
[[body]]
kind = "paragraph"
text = "정부는 올여름 여객선 점검에 45억 원을 쓴다. 대상은 120척이다."
[[body]]
kind = "heading"
text = "무엇을 보나"
[[body]]
kind = "list-item"
text = "구명조끼 · 소화기"
[[body]]
kind = "list-item"
text = "△ 항해 장비"
[[body]]
kind = "quote"
text = "“안전에는 여름도 없습니다.”"
[[body]]
kind = "photo"
src = "https://www.korea.kr/newsWeb/resources/attaches/2026.09/15/aa.jpg"
caption = "점검반이 구명조끼를 살펴보고 있다. (사진=항만청)"
[[body]]
kind = "table"
rows = [["구분", "척수"], ["연안", "80척"], ["원양", "40척"]]
[[body]]
kind = "paragraph"
text = "또한, 점검에서 모자란 곳을 찾으면 출항을 미루는 방안을 검토할 수 있다고 밝혔다."
[[body]]
kind = "paragraph"
text = "점검 결과는 10월에 누리집에 올라가며 지난해에는 결함 12%가 나왔다고 항만청은 설명했다."
"""

PRESS = """
id = "156000002"
section = "press-release"
title = "(보도자료) 마을 도서관 지원 확대"
published = "2026-09-14T11:00:00"
source = "산업통상부"
source_code = "A00015"
licence = 1
[[body]]
kind = "paragraph"
text = "□ 마을 도서관 300곳에 2조 원을 지원하는 방안을 검토한다고 13일 밝혔다."
[[body]]
kind = "table"
rows = [["지역", "곳"], ["동부", "140"], ["서부", "160"]]
[[body]]
kind = "paragraph"
text = "○ 서가와 책상을 새로 들이고 저녁 9시까지 문을 연다. 이용은 무료이다."
[[attachments]]
file_id = "198000001"
name = "(보도자료) 마을 도서관.pdf"
[[attachments]]
file_id = "198000002"
name = "(보도자료) 마을 도서관.hwpx"
[[attachments]]
file_id = "198000003"
name = "사진 & 표.zip"
"""

FACT = """
id = "148000003"
section = "fact-check"
title = "(설명자료) 우유값 인상은 정해진 바 없음"
subtitles = ["8월 3일 보도 설명"]
published = "2022-08-03T09:30:00"
source = "농림축산식품부"
source_code = "A00008"
template = "classic"
licence = 4
[[body]]
kind = "paragraph"
text = "교육부는 우유값을 올리기로 한 적이 없으며 3가지 방안을 검토하고 있다고 밝혔다."
[[body]]
kind = "photo"
src = "/newsWeb/resources/attaches/2022.08/03/bb.png"
alt = "우유"
caption = "매장의 우유. (사진=농촌청)"
[[body]]
kind = "paragraph"
text = "가격은 협의를 거쳐 정하며, 협의는 아직 시작하지 않았다고 덧붙였다."
"""

BRIEFING = """
id = "156000004"
section = "briefing"
title = "가을 축제 준비 브리핑"
published = "2020-08-20"
source = "문화체육관광부"
source_code = "A00009"
author = "정다운"
template = "viewcont"
licence = 0
[[body]]
kind = "paragraph"
text = "<정다운 문화체육관광부 실장>"
[[body]]
kind = "paragraph"
text = "안녕하십니까. 올가을 축제 준비를 말씀드리겠습니다. 축제는 열두 고을에서 차례로 열립니다."
[[body]]
kind = "paragraph"
text = "고을마다 안전 요원을 두고, 길목마다 구급차를 세워 두며, 밤에는 불을 밝히겠습니다."
[[body]]
kind = "paragraph"
text = "표는 받지 않습니다."
[[body]]
kind = "paragraph"
text = "질문 받겠습니다. 감사합니다."
"""

FOUR = (NEWS, PRESS, FACT, BRIEFING)


def write(folder: Path, *texts: str) -> Path:
    for text in texts:
        name = re.search(r'id = "(\d+)"', text)
        assert name is not None
        (folder / f"{name[1]}.toml").write_text(text, encoding="utf-8")
    return folder


def many(copies: int) -> list[str]:
    """Write the four articles several times over, each time with other ids and days."""
    return [copied(text, copy) for copy in range(copies) for text in FOUR]


def copied(text: str, copy: int) -> str:
    text = re.sub(r"1[459]\d00000\d", lambda found: str(int(found[0]) + copy * 10), text)
    return re.sub(r'published = "(\d{4}-\d\d)-\d\d', rf'published = "\1-{copy + 10}', text)


@pytest.fixture
def running(tmp_path: Path) -> Iterator[RunningPortal]:
    with serve(Portal.load(write(tmp_path, *FOUR))) as portal:
        yield portal


def scraped(node: LexborNode | None) -> str:
    assert node is not None
    return re.sub(r"[ \t\r\n]+", " ", node.text()).strip(" ")


def blocks(tree: LexborHTMLParser, selector: str) -> list[tuple[str, str]]:
    """Read the body's blocks as a scraper would that knows nothing of the replica's articles."""
    kinds = {"p": "paragraph", "h3": "heading", "blockquote": "quote", "li": "list-item", "figcaption": "caption"}
    found = []
    root = tree.css_first(selector)
    assert root is not None
    for node in root.traverse():
        inside = {up.tag for up in ancestors(node)}
        classes = node.attributes.get("class") or ""
        kind = "caption" if classes in ("photo_caption", "img_desc") else kinds.get(node.tag or "")
        if node.tag == "table":
            cells = [[scraped(cell) for cell in row.css("td")] for row in node.css("tr")]
            found.append(("table", "\n".join("\t".join(row) for row in cells)))
        elif kind and not {"table", "blockquote"} & inside and scraped(node):
            found.append((kind, scraped(node)))
    return [(kind, text) for kind, text in found if not text.startswith("정책브리핑의 정책뉴스자료는 「공공누리")]


def ancestors(node: LexborNode) -> Iterator[LexborNode]:
    up = node.parent
    while up is not None:
        yield up
        up = up.parent


def local(picture: LexborNode) -> str:
    """Give a picture's address on the replica."""
    return urlsplit(picture.attributes["src"] or "").path


def seen(client: Client, target: str) -> dict[str, Any] | None:
    """Scrape everything an article's page and documents say; None when there is no article to read."""
    path, status, tree = client.view(target)
    title = tree.css_first(".view_title h1, .article_head h1, .archive .article_head h2")
    if status != 200 or title is None:
        return None
    head = tree.css_first(".view_title h2, .view:not(.archive) .article_head h2")
    spans = [re.sub("부처별 뉴스 이동", "", scraped(one)) for one in tree.css(".article_head .info > span")]
    image = tree.css_first(".kogl .type img, .law_copy_wrap .type img")
    frame = tree.css_first("#content_press")
    time = re.search(r'(?:"datePublished": |published_time" content=)"([^"]*)"', tree.html or "")
    content = blocks(tree, ".view_cont, #viewCont") if frame is None else viewer(client, frame)
    files = {}
    office = tree.css_first(".archive .article_head h3")
    if office is not None:
        spans = [spans[0].removeprefix("등록일 : "), scraped(office).removeprefix("기관명 : ")]
    for link in tree.css(".filedown dd a:not(.view), .file ul li a"):
        file_id = parse_qs(urlsplit(link.attributes["href"] or "").query)["fileId"][0]
        if link.attributes.get("class") != "down":
            _, data = client.get(link.attributes["href"] or "")
            files[file_id] = (scraped(link), hashlib.sha256(data).hexdigest())
    pictures = tree.css(".view_cont img, #viewCont img")
    return {
        "url": path,
        "section": scraped(tree.css_first(".dep2")),
        "title": scraped(title),
        "subtitles": [] if head is None else re.sub("<[^b][^>]*>|</h2>", "", head.html or "").split("<br>"),
        "published": (time and time[1], spans[0]),
        "byline": spans[1:],
        "body": content,
        "images": [(one.attributes["src"], one.attributes["alt"]) for one in pictures],
        "pictures": [hashlib.sha256(client.get(local(one))[1]).hexdigest() for one in pictures],
        "attachments": files,
        "licence": image and image.attributes["alt"],
    }


def viewer(client: Client, frame: LexborNode) -> list[tuple[str, str]]:
    query = parse_qs(urlsplit(frame.attributes["src"] or "").query)
    found: list[tuple[str, str]] = []
    for number in range(1, 100):
        response, body = client.get(f"{query['rs'][0]}/{query['fn'][0]}.files/{number}.html")
        if response.status == 404:
            return found
        found += blocks(LexborHTMLParser(body.decode()), "body")
    raise AssertionError("the viewer has no last page")


def path_of(portal: Portal, article_id: str) -> str:
    return portal.state.article(article_id).address


def test_the_2026_page_has_the_structure_of_the_portal(client):
    tree = client.page("/news/policyNewsView.do?newsId=148000001")
    base = "main#main.sub.view > section#container.area_contents"
    for selector in (
        "main#main > div.breadcrumbs li.dep1 a span",
        "main#main > div.breadcrumbs li.dep2 a strong span",
        f"{base} > aside.as_sns",
        f"{base} > div.view_title > h1",
        f"{base} > div.article_wrap > div.container > div.article_head > input#titleText[type=hidden]",
        "div.article_head > div.variety > div.info > span",
        "div.article_head > div.variety > div.tool a.print",
        "div.container > div.article_body > div.view_cont > p",
        "div.article_footer .kogl_wrap .kogl .guide .type img[alt^='공공누리']",
        "div.article_footer .law_copy_wrap .law_copy .source",
        "div.article_footer > section.area_page > h2.sr-only",
        "div.article_footer > div.view_opt .livere_info li",
        "div.article_footer > div.related_wrap .rbody ul.rlst",
        f"{base} > aside.as_side .side_row.trend ol > li a",
        "main#main > section.area_banner .actually strong",
        "footer#footer",
    ):
        assert tree.css_first(selector), selector
    title = "바닷길 안전 점검 강화…여객선 120척 <특별> 점검"
    assert scraped(tree.css_first("title")) == f"{title} - 정책뉴스 | 뉴스 | 대한민국 정책브리핑"
    canonical = "https://www.korea.kr/news/policyNewsView.do?newsId=148000001"
    assert tree.css_first("link[rel=canonical]").attributes["href"] == canonical
    assert tree.css_first("meta[property='og:url']").attributes["content"] == canonical
    time = tree.css_first("meta[property='article:published_time']").attributes["content"]
    assert time == "2026-09-15T18:16:48Z"
    news, organization = (json.loads(one.text()) for one in tree.css("script[type='application/ld+json']"))
    assert (news["@type"], news["datePublished"]) == ("NewsArticle", "2026-09-15T18:16:48+09:00")
    assert (news["headline"], organization["@type"], "dateModified" in news) == (title, "Organization", False)
    assert tree.css_first("#titleText").attributes["value"] == title
    assert [scraped(one) for one in tree.css(".article_head .info > span")] == ["2026.09.15", "정책브리핑 한가람"]
    assert scraped(tree.css(".view_cont > p")[-1]).startswith(
        "정책브리핑의 정책뉴스자료는 「공공누리 제1유형:출처표시」"
    )


def test_subtitles_stand_where_the_switch_says(running, client):
    lines = "<h2>7월까지 3단계로<br>점검 예산 45억 원</h2>"
    assert client.page(path_of(running.portal, "148000001")).css_first(".article_head h2").html == lines
    running.portal.switches.subtitles_in = "view_title"
    tree = client.page(path_of(running.portal, "148000001"))
    assert tree.css_first(".view_title h2").html == lines
    assert tree.css_first(".article_head h2") is None


def test_a_press_release_shows_only_the_viewer(running, client):
    tree = client.page("/briefing/pressReleaseView.do?newsId=156000002")
    assert scraped(tree.css_first(".view_cont")) == ""
    src = tree.css_first(".view_cont > .docConversion#content > iframe#content_press").attributes["src"]
    query = parse_qs(urlsplit(src).query)
    assert re.fullmatch("[0-9a-f]{32}", query["fn"][0])
    assert query["rs"] == [f"/docViewer/result/2026.09/14/{query['fn'][0]}"]
    inner = client.page(src).css_first("iframe[name=innerWrap]").attributes["src"]
    page = client.page(inner)
    assert len(page.css("p")[0].css("span")) > 3
    assert page.css("p")[0].text() == "□ 마을 도서관 300곳에 2조 원을 지원하는 방안을 검토한다고 13일 밝혔다."
    assert client.get(inner.replace("/1.html", "/2.html"))[0].status == 404
    running.portal.switches.viewer = "view.xhtml"
    assert client.get(inner)[0].status == 404
    whole = client.page(inner.replace(".files/1.html", ".view.xhtml"))
    assert [scraped(one) for one in whole.css("td")] == ["지역", "곳", "동부", "140", "서부", "160"]


def test_a_long_document_has_several_text_pages(tmp_path):
    more = "".join(f'[[body]]\nkind = "paragraph"\ntext = "{number}번째 문단이다."\n' for number in range(30))
    with serve(Portal.load(write(tmp_path, PRESS.replace("[[attachments]]", more + "[[attachments]]", 1)))) as running:
        client = Client(running)
        frame = client.page("/briefing/pressReleaseView.do?newsId=156000002").css_first("#content_press")
        inner = client.page(frame.attributes["src"]).css_first("iframe").attributes["src"]
        status = [client.get(inner.replace("/1.html", f"/{n}.html"))[0].status for n in (1, 2, 3, 4)]
        assert status == [200, 200, 200, 404]
        assert len(viewer(client, frame)) == 33
        client.connection.close()


def test_every_page_says_what_truth_says(running, client):
    check_truth(running, client)


def test_every_shipped_page_says_what_truth_says():
    with serve(Portal.load()) as running:
        client = Client(running)
        check_truth(running, client)
        running.portal.switches.captions = "figure"
        running.portal.switches.template = "classic"
        check_truth(running, client)
        client.connection.close()


def check_truth(running: RunningPortal, client: Client) -> None:
    for article_id in running.portal.shown():
        truth = running.portal.truth(article_id)
        page = seen(client, path_of(running.portal, article_id))
        assert page["body"] == [(one["kind"], one["text"]) for one in truth["body"]]
        assert (page["title"], running.url + page["url"]) == (truth["title"], truth["url"])
        assert page["images"] == [(one["src"], one["alt"]) for one in truth["images"]]
        files = {one["file_id"]: (one["name"], one["sha256"]) for one in truth["attachments"]}
        assert page["attachments"] == files
        byline = [truth["source"], truth["author"] or ""]
        assert " ".join(page["byline"]).strip() == " ".join(byline).strip()
        assert (page["licence"] is None) == (truth["licence"] is None)
        if truth["licence"]:
            assert f"{truth['licence'][-1]}유형" in page["licence"]


def test_truth_is_what_was_filed(running):
    news, fact = running.portal.truth("148000001"), running.portal.truth("148000003")
    assert news["published"] == "2026-09-15T18:16:48+09:00"
    assert (news["source"], news["source_code"], news["author"], news["licence"]) == (
        "정책브리핑", None, "한가람", "KOGL-1",
    )  # fmt: skip
    kinds = ["paragraph", "heading", "list-item", "list-item", "quote", "caption", "table", "paragraph", "paragraph"]
    assert [one["kind"] for one in news["body"]] == kinds
    assert news["body"][6]["text"] == "구분\t척수\n연안\t80척\n원양\t40척"
    assert news["images"] == [
        {
            "src": f"{running.url}/newsWeb/resources/attaches/2026.09/15/aa.jpg",
            "alt": "점검반이 구명조끼를 살펴보고 있다. (사진=항만청)",
            "caption": "점검반이 구명조끼를 살펴보고 있다. (사진=항만청)",
        }
    ]
    assert (fact["licence"], fact["images"][0]["alt"]) == ("KOGL-4", "우유")
    assert running.portal.truth("156000004")["published"] == "2020-08-20"
    with pytest.raises(ReplicaError, match="no article 1"):
        running.portal.truth("1")


def test_truth_is_the_same_in_every_process(tmp_path):
    write(tmp_path, *FOUR)
    code = (
        "import json,sys;from replica import Portal;p=Portal.load(sys.argv[1]);"
        "print(json.dumps([p.truth(i) for i in p.shown()],ensure_ascii=True))"
    )
    root = Path(__file__).parents[1]
    runs = [
        subprocess.run(
            [sys.executable, "-c", code, tmp_path],
            cwd=root,
            env={"PYTHONHASHSEED": seed},
            capture_output=True,
            check=True,
        ).stdout
        for seed in ("1", "2")
    ]
    assert runs[0] == runs[1]
    assert len(json.loads(runs[0])) == 4


def test_two_renderings_differ_and_a_new_portal_repeats_them(tmp_path):
    write(tmp_path, *FOUR)
    series = []
    for _ in range(2):
        with serve(Portal.load(tmp_path)) as running:
            client = Client(running)
            target = path_of(running.portal, "148000001")
            pages = [client.get(target)[1].decode().replace(running.url, "") for _ in range(8)]
            client.connection.close()
        assert len(set(pages)) == 8
        for volatile in (r"\?time=(\d{12})", r"<i>(\d\d\.\d\d\. \d\d:\d\d) 기준", r"side_row trend.*?newsId=(\d+)"):
            assert len({found for page in pages for found in re.findall(volatile, page, re.DOTALL)[:1]}) > 1
        series.append(pages)
    assert series[0] == series[1]


def test_a_list_is_paged_by_post_alone(tmp_path):
    with serve(Portal.load(write(tmp_path, *many(6)), switches=Switches(page_size=2))) as running:
        client = Client(running)
        target = "/briefing/pressReleaseList.do"
        first = client.page(target)
        assert len(client.rows(first)) == 2
        assert client.rows(client.page(f"{target}?pageIndex=2")) == client.rows(first)
        form = {one.attributes["name"]: one.attributes["value"] or "" for one in first.css("#mainForm input")}
        assert set(form) == {
            "pageIndex", "repCodeType", "repCode", "startDate", "endDate", "srchWord", "cateId", "period",
        }  # fmt: skip
        found = client.rows(first)
        for number in ("2", "3"):
            found += client.rows(client.page(target, "post", **{**form, "pageIndex": number}))
        press = [one for one in running.portal.shown() if running.portal.state.article(one).section == "press-release"]
        assert found == press
        assert scraped(first.css_first(".result strong")) == "총 5 건"
        assert first.css_first(".paging a.last").attributes["onclick"] == "pageLink(3); return false;"
        second = client.page(target, "post", **{**form, "pageIndex": "2"})
        assert second.css_first(".paging span.num.on a").attributes["onclick"] == "pageLink(2); return false;"
        assert client.rows(client.page(target, "post", **{**form, "pageIndex": "9"})) == []
        client.connection.close()


def test_a_list_is_filtered_by_get_and_post(client):
    target = "/briefing/actuallyList.do"
    for method in ("get", "post"):

        def rows(method=method, **form: str) -> list[str]:
            query = "" if method == "post" else "?" + urlencode(form)
            return client.rows(client.page(target + query, method, **form))

        assert rows(repCode="A00015,A00008") == ["148000003"]
        assert rows(repCode="A00015") == []
        assert rows(srchWord="우유값") == ["148000003"]
        assert rows(srchWord="두부") == []
        assert rows(startDate="2022-08-03", endDate="2022-08-03") == ["148000003"]
        assert rows(startDate="2022-08-04", endDate="2026-01-01") == []
    assert scraped(client.page(f"{target}?srchWord=%EC%9A%B0%EC%9C%A0").css_first("strong .highlight")) == "우유"
    assert client.page(f"{target}?repCode=A00015").css_first(".list_type .no_data")


def test_the_default_dates_of_the_form_show_old_articles_too(client):
    first = client.page("/briefing/actuallyList.do")
    form = {one.attributes["name"]: one.attributes["value"] or "" for one in first.css("#mainForm input")}
    assert form["startDate"][:4] == "2025"
    assert client.rows(client.page("/briefing/actuallyList.do", "post", **form)) == ["148000003"]


def test_the_rows_of_lists_are_those_of_the_portal(client):
    row = client.page("/briefing/pressReleaseList.do").css_first("div.list_type > ul > li > a[href]")
    assert scraped(row.css_first("span.text > strong")) == "(보도자료) 마을 도서관 지원 확대"
    assert [scraped(one) for one in row.css("span.source > span")] == ["2026-09-14", "산업통상부"]
    assert row.css_first("span.text > span.lead")
    cells = client.page("/briefing/policyBriefingList.do").css("tbody tr td")
    assert [scraped(one) for one in cells] == ["문화체육관광부", "가을 축제 준비 브리핑", "2020.08.20", "정다운"]
    assert cells[1].css_first("a[href*='policyBriefingView.do'] strong")


def test_the_links_of_lists_are_written_in_several_ways(tmp_path):
    with serve(Portal.load(write(tmp_path, *many(6)))) as running:
        client = Client(running)
        text = client.get("/news/policyNewsList.do")[1].decode()
        rows = re.findall(r"<li>\s*<a (href=.*?)>", text[text.index('class="list_type"') : text.index("paging")])
        assert {one[5] for one in rows} == {"'", '"'}
        assert any("&amp;" in one for one in rows)
        assert any(re.search("&(?!amp;)", one) for one in rows)
        assert any("View.do?newsId" not in one for one in rows)
        client.connection.close()


def test_robots_sitemaps_and_feeds_answer_as_observed(running, client):
    response, body = client.get("/robots.txt")
    assert response.getheader("Content-Type") == "text/plain;charset=UTF-8"
    assert body.decode().startswith(
        "User-agent : Googlebot\nDisallow: https://www.korea.kr/totalSearch.do\n\nUser-Agent: *"
    )
    index = client.get("/sitemapindex.xml")[1].decode()
    assert re.findall(r"<loc>.*?(/sitemap.*?)</loc>", index) == [
        f"/sitemap/{one}.xml" for one in ("policy-news", "press-release", "fact-check", "briefing")
    ]
    page = client.get("/sitemap/fact-check.xml")[1].decode()
    address = f"{running.url}/briefing/actuallyView.do?newsId=148000003"
    assert f"<url><loc>{address}</loc><lastmod>2022-08-03</lastmod></url>" in page
    assert page.count("<loc>") == 1
    assert client.get("/sitemap.xml")[0].status == 404
    running.portal.switches.sitemap = "single"
    assert client.get("/sitemap.xml")[1].decode().count("<loc>") == 4
    running.portal.switches.sitemap = "missing"
    assert client.get("/sitemapindex.xml")[0].status == 404
    response, body = client.get("/rss/policy.xml")
    assert (response.status, response.getheader("Content-Type")) == (404, "text/html;charset=UTF-8")
    assert client.get("/")[0].status == 200
    assert client.page("/").css_first(".main_list a[href*='newsId']")


def test_downloads_are_real_files_that_do_not_change(running, client):
    response, pdf = client.get("/common/download.do?fileId=198000001&tblKey=GMN")
    assert response.getheader("Content-Type") == "application/x-download"
    name = re.fullmatch('attachment; filename="(.*)"', response.getheader("Content-Disposition") or "")
    assert unquote(name[1]) == "(보도자료) 마을 도서관.pdf"
    assert pdf.startswith(b"%PDF-1.4")
    start = int(pdf.split(b"startxref\n")[1].split()[0])
    assert pdf[start:].startswith(b"xref")
    _, hwpx = client.get("/common/download.do?tblKey=GMN&fileId=198000002")
    with zipfile.ZipFile(io.BytesIO(hwpx)) as archive:
        assert archive.namelist()[0] == "mimetype"
        assert archive.read("mimetype") == b"application/hwp+zip"
        assert "마을 도서관 300곳에 2조 원" in archive.read("Contents/section0.xml").decode()
    assert client.get("/common/download.do?fileId=198000002")[1] == hwpx
    response, body = client.get("/common/download.do?fileId=1")
    assert (response.status, body) == (200, b"")
    assert client.page("/common/docViewer.do?fileId=198000001").css_first("iframe[name=innerWrap]")
    tree = client.page("/briefing/pressReleaseView.do?newsId=156000002")
    hrefs = [one.attributes["href"] for one in tree.css(".filedown dd p")[0].css("a")]
    assert hrefs == [
        "/common/download.do?fileId=198000001&tblKey=GMN",
        "/common/docViewer.do?fileId=198000001&tblKey=GMN",
        "/common/download.do?fileId=198000001&tblKey=GMN",
    ]
    assert [one.attributes["alt"] for one in tree.css(".filedown img")] == ["PDF파일", "한글파일", "첨부파일"]


def test_pictures_are_made_from_their_paths(client):
    folder = "/newsWeb/resources/attaches/2026.09/15"
    assert client.get(f"{folder}/aa.jpg")[1].startswith(b"\xff\xd8\xff")
    response, png = client.get(f"{folder}/aa.png")
    assert (response.getheader("Content-Type"), png[:8]) == ("image/png", b"\x89PNG\r\n\x1a\n")
    assert client.get(f"{folder}/aa.png")[1] == png
    assert client.get(f"{folder}/ab.png")[1] != png


def test_old_addresses_and_posts_give_the_same_page(client):
    for target in ("/briefing/pressReleaseView.do", "/news/pressReleaseView.do"):
        assert (
            scraped(client.page(f"{target}?newsId=156000002").css_first("h1:not(.logo)"))
            == "(보도자료) 마을 도서관 지원 확대"
        )
    tree = client.page("/news/actuallyView.do?newsId=148000003", "post", pageIndex="1")
    assert scraped(tree.css_first(".article_head h1")) == "(설명자료) 우유값 인상은 정해진 바 없음"


def test_an_unknown_article_is_404_or_an_alert(running, client):
    for target in (
        "/news/policyNewsView.do?newsId=1",
        "/news/policyNewsView.do",
        "/news/policyNewsView.do?newsId=156000002",
    ):
        assert client.get(target)[0].status == 404
    running.portal.switches.unknown = "alert"
    response, body = client.get("/news/policyNewsView.do?newsId=1")
    assert response.status == 200
    assert 'alert("존재하지 않는 게시물입니다.")' in body.decode()


def test_connections_are_kept_and_the_session_is_named_once(running, client):
    response, _ = client.get("/")
    cookie = (response.getheader("Set-Cookie") or "").split(";")[0]
    assert cookie.startswith("JSESSIONID_KOREA=")
    before = client.connection.sock
    response, _ = client.get("/", Cookie=cookie)
    assert response.getheader("Set-Cookie") is None
    assert client.connection.sock is before
    assert response.version == 11


def test_pages_are_zipped_where_that_is_accepted_and_lists_come_in_chunks(client):
    response, body = client.get("/news/policyNewsView.do?newsId=148000001", Accept_Encoding="gzip")
    assert response.getheader("Content-Encoding") == "gzip"
    assert int(response.getheader("Content-Length") or 0) == len(body)
    assert "바닷길" in gzip.decompress(body).decode()
    response, body = client.get("/news/policyNewsList.do", Accept_Encoding="gzip")
    assert (response.getheader("Transfer-Encoding"), response.getheader("Content-Length")) == ("chunked", None)
    assert "바닷길" in gzip.decompress(body).decode()
    response, body = client.ask("HEAD", "/news/policyNewsView.do?newsId=148000001", None, {})
    assert (response.status, body) == (200, b"")


def test_raw_requests_are_answered_one_after_the_other(running):
    with socket.create_connection(("127.0.0.1", urlsplit(running.url).port), timeout=60) as wire:
        wire.sendall(b"GET /robots.txt HTTP/1.1\r\nHost: x\r\n\r\nGET /sitemapindex.xml HTTP/1.0\r\nHost: x\r\n\r\n")
        got = b""
        while part := wire.recv(65536):
            got += part
    assert got.count(b"HTTP/1.1 200") == 2
    assert b"Sitemap: http://x/sitemapindex.xml" in got


def test_faults_come_as_ordered(running, client):
    portal, target = running.portal, path_of(running.portal, "148000001")
    portal.fail("148000001", Fault("status", status=503, retry_after=7, times=1))
    response, _ = client.get(target)
    assert (response.status, response.getheader("Retry-After")) == (503, "7")
    assert client.get(target)[0].status == 200
    portal.fail("148000001", Fault("status", status=403))
    assert [client.get(target)[0].status, client.get(path_of(portal, "148000003"))[0].status] == [403, 200]
    portal.fail("148000001", Fault("firewall"))
    response, body = client.get(target)
    assert (response.status, b"Support ID: " in body, b"article_wrap" in body) == (200, True, False)
    portal.fail("148000001", Fault("redirect", location="/"))
    response, _ = client.get(target)
    assert (response.status, response.getheader("Location")) == (302, f"{running.url}/")
    portal.heal("148000001")
    assert client.get(target)[0].status == 200
    portal.fail("/news/policyNewsList.do", Fault("status", status=500))
    assert client.get("/news/policyNewsList.do")[0].status == 500


@pytest.mark.parametrize("target", ["/news/policyNewsView.do?newsId=148000001", "/news/policyNewsList.do"])
def test_a_dropped_connection_cuts_the_body(running, client, target):
    running.portal.fail(urlsplit(target).path, Fault("drop", times=1))
    with pytest.raises(http.client.IncompleteRead):
        client.get(target)
    client.connection.close()
    assert client.get(target)[0].status == 200


def test_a_stalled_answer_never_comes(running):
    running.portal.fail("/", Fault("stall", seconds=30))
    connection = http.client.HTTPConnection(urlsplit(running.url).netloc, timeout=0.2)
    connection.request("GET", "/")
    with pytest.raises(TimeoutError):
        connection.getresponse()
    connection.close()


def test_the_log_says_who_came(running, client):
    client.get("/robots.txt?x=1", User_Agent="gochim-test")
    visit = running.portal.log[-1]
    assert (visit.method, visit.path, visit.user_agent) == ("GET", "/robots.txt?x=1", "gochim-test")
    assert visit.at.tzinfo is not None


@pytest.mark.parametrize(
    ("old", "new", "key"),
    [
        ('kind = "heading"', 'kind = "header"', r"body\[2\]\.kind"),
        ('title = "바닷길', 'tilte = "바닷길', "tilte"),
        ('"2026-09-15T18:16:48"', '"2026-13-15T18:16:48"', "published"),
        ('"2026-09-15T18:16:48"', "2026-09-15T18:16:48", "published"),
        ("licence = 1", "licence = 5", "licence"),
        ('rows = [["구분", "척수"]', 'rows = [["구분", 3]', r"body\[7\]\.rows"),
        ('section = "policy-news"', 'section = "news"', "section"),
    ],
)
def test_a_bad_article_file_is_named_with_its_key(tmp_path, old, new, key):
    write(tmp_path, NEWS.replace(old, new))
    with pytest.raises(ReplicaError, match=rf"148000001\.toml: key {key}"):
        Portal.load(tmp_path)


def test_files_that_clash_or_are_no_toml_are_named(tmp_path):
    with pytest.raises(ReplicaError, match="no article files"):
        Portal.load(tmp_path)
    write(tmp_path, NEWS)
    (tmp_path / "again.toml").write_text(NEWS, encoding="utf-8")
    with pytest.raises(ReplicaError, match=r"again\.toml: 148000001 is already used by .*148000001\.toml"):
        Portal.load(tmp_path)
    (tmp_path / "again.toml").write_text("id = ", encoding="utf-8")
    with pytest.raises(ReplicaError, match=r"again\.toml: cannot be read as TOML"):
        Portal.load(tmp_path)


@pytest.mark.parametrize(
    ("text", "names_one"), [("2026~2027년", True), ("2030년", True), ("3,200억 원", False), ("2,026명", False)]
)
def test_a_cell_that_names_a_year_is_known(text, names_one):
    assert rules.names_year(text) is names_one


@pytest.mark.parametrize(
    ("rule", "old", "new"),
    [
        (rules.change_money, "저작권법 제37조에 따라 1조 2,000억 원", "저작권법 제37조에 따라 2조 2,000억 원"),
        (rules.change_money, "예산 9,500만 원", "예산 1,500만 원"),
        (rules.change_money, "제37조에 따라 120명", None),
        (rules.change_percent, "3개 12.5%", "3개 22.5%"),
        (rules.change_particle, "이에 정부는 오늘", "이에 정부가 오늘"),
        (rules.change_particle, "산림청은 오늘", "산림청이 오늘"),
        (rules.change_particle, "그는 오늘", None),
        (rules.change_spacing, "갈 수 있다", "갈 수있다"),
        (rules.change_punctuation, "또한, 올해", "또한 올해"),
        (rules.remove_sentence, "하나다. 둘이다. 셋이다.", "하나다. 셋이다."),
        (rules.remove_sentence, "하나다.", None),
        (rules.firm_up, "방안을 검토한다", "방안을 추진한다"),
        (rules.change_form, "3%와 4%", "3％와 4%"),
    ],
)
def test_the_rules_edit_as_they_say(rule, old, new):
    assert rule(old) == new


@pytest.mark.parametrize("articles", ["own", "shipped"])
def test_every_moment_shows_exactly_what_it_expects(tmp_path, articles):
    """Scrape everything before and after each moment: the fields that differ are the expected ones and no others."""
    directory = write(tmp_path, *many(8)) if articles == "own" else None
    merged = {"source": "byline", "author": "byline"}
    with serve(Portal.load(directory)) as running:
        client = Client(running)
        portal = running.portal
        first = {one.id: one.address for one in portal.state.filed.values()}
        before = {one: seen(client, target) for one, target in first.items()}
        assert running.expected() == ()
        while portal.moment + 1 < len(portal.moments):
            hidden = set(portal.state.hidden)
            moment = running.advance()
            expected = {one.article: one for one in running.expected()}
            assert moment.expected == running.expected()
            for article_id, target in first.items():
                now, was = seen(client, target), before[article_id]
                one = expected.get(article_id)
                if now is None:
                    blocked = article_id in portal.state.faults
                    gone = article_id in portal.state.hidden or article_id in portal.state.removed
                    assert blocked or gone
                    assert (one is not None and one.kind == "removed") == (was is not None and gone)
                    if gone:
                        before[article_id] = None
                    continue
                if was is None:
                    assert article_id in hidden or (one is not None and one.kind == "restored")
                else:
                    differing = {
                        "images" if field == "pictures" else field for field in now if now[field] != was[field]
                    }
                    fields = {merged.get(field, field) for field in one.fields} if one else set()
                    assert differing == fields, (moment.number, article_id, one)
                before[article_id] = now
        client.connection.close()


def test_the_standard_script_has_every_kind_of_happening():
    portal = Portal.load()
    actions = {type(one).__name__ for moment in portal.moments for one in moment.actions}
    assert actions == {
        "AddBlock", "Appear", "BlockByFirewall", "EditAuthor", "EditCaption", "EditCell", "EditLicence",
        "EditPublished", "EditSource", "EditSubtitles", "EditText", "EditTitle", "Hide", "Move", "MoveParagraph",
        "Remove", "RemoveBlock", "ReplaceAttachment", "Restore", "Revert", "ServerError", "SwapImage", "Unblock",
    }  # fmt: skip
    expected = [one for moment in portal.moments for one in moment.expected]
    assert {one.kind for one in expected} == {"edited", "removed", "restored", "moved", "attachment-replaced"}
    assert {label for one in expected for label in one.what} >= {
        "money", "percent", "particle", "spacing", "punctuation", "unicode-form", "hedge", "revert", "date-value",
        "paragraph-added", "paragraph-removed", "paragraph-moved", "wording",
    }  # fmt: skip
    assert portal.moments == Portal.load().moments


def test_a_changed_text_gives_another_document_and_a_swapped_file_does_not(tmp_path):
    portal = Portal.load(write(tmp_path, *many(8)))
    documents = {one.id: one.document for one in portal.state.articles.values()}
    swaps = edits = 0
    while portal.moment + 1 < len(portal.moments):
        moment = portal.advance()
        for one in moment.expected:
            article = portal.state.article(one.article)
            same = documents[one.article] == article.document
            if one.kind == "attachment-replaced":
                renamed = any(file.name.endswith("(수정).pdf") for file in article.attachments)
                assert same != renamed
                swaps += same
            elif article.uses_viewer and one.fields & {"body", "title"}:
                assert not same
                edits += 1
            documents[one.article] = article.document
    assert swaps == 1
    assert edits > 0


def test_a_portal_without_further_moments_says_so(tmp_path):
    portal = Portal.load(write(tmp_path, *FOUR))
    for _ in portal.moments[1:]:
        portal.advance()
    with pytest.raises(ReplicaError, match="the script ends with moment 5"):
        portal.advance()


def test_a_removed_article_stays_away_until_restored(tmp_path):
    portal = Portal.load(write(tmp_path, *many(8)))
    gone: set[str] = set()
    while portal.moment + 1 < len(portal.moments):
        for one in portal.advance().expected:
            if one.kind == "removed":
                gone.add(one.article)
            elif one.kind == "restored":
                assert one.article in gone
                gone.discard(one.article)
        assert gone == set(portal.state.removed)
        assert not gone & set(portal.shown())
    assert gone


def test_closing_frees_the_port(tmp_path):
    portal = Portal.load(write(tmp_path, *FOUR))
    first = serve(portal)
    port = urlsplit(first.url).port
    first.close()
    with serve(portal, port) as again:
        assert again.url == first.url


def test_a_leap_day_has_a_day_a_year_before():
    noise = Noise(1, datetime(2028, 2, 29))  # noqa: DTZ001 KST wall time, as the replica's clock
    assert noise.start.isoformat() == "2027-02-28"


def test_the_command_says_where_it_serves_and_what_is_wrong(tmp_path):
    root = Path(__file__).parents[1]
    command = [sys.executable, "-m", "replica", "--port", "0", "--articles", str(write(tmp_path, *FOUR))]
    with subprocess.Popen(
        [*command, "--moment", "1"], cwd=root, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL
    ) as process:
        address = process.stdout.readline().decode().strip()
        connection = http.client.HTTPConnection(urlsplit(address).netloc, timeout=60)
        connection.request("GET", "/")
        assert connection.getresponse().status == 200
        connection.close()
        process.kill()
    wrong = subprocess.run([*command, "--moment", "99"], cwd=root, capture_output=True, check=False)
    assert wrong.returncode == 2
    assert "the script ends with moment 5" in wrong.stderr.decode()
