"""Where the words of an article lead is watched: another address behind the same words is an edit, noise is none."""

from __future__ import annotations

import json
import sqlite3
from contextlib import closing
from dataclasses import replace
from datetime import UTC, datetime
from urllib.parse import urljoin

import pytest

from crawler.layouts import read_page
from crawler.links import MOST_LINKS, link_target
from crawler.portal import REAL, Portal
from diffing.labels import compare
from storage.records import Article, Block, Link
from tests.runs import Desk
from tests.shelf import NEWS, PICTURE, Shelf, archive, page, portal

__all__ = ["archive", "portal"]

TEXT = "도서관 이용 신청은 <a href='{}'>정부24</a>에서 한다."


def look(archive: Desk, portal: Shelf, *paragraphs: str) -> None:
    portal.shown = {NEWS: page(*paragraphs)}
    archive.ok("crawl", "--url", portal.url + NEWS, "--recheck", "none")


def test_another_address_behind_the_same_words_is_an_edit(archive: Desk, portal: Shelf):
    look(archive, portal, TEXT.format("https://www.gov.kr/apply?id=3"))
    look(archive, portal, TEXT.format("https://www.gov.kr/apply?id=4"))
    (change,) = archive.json("changes")
    assert (change["labels"], change["weight"], change["kind"]) == (["link"], "substance", "edited")
    (field,) = change["fields"]
    (op,) = field["ops"]
    assert (field["field"], op["old"], op["new"]) == (
        "links",
        "정부24\thttps://www.gov.kr/apply?id=3",
        "정부24\thttps://www.gov.kr/apply?id=4",
    )
    shown = archive.json("show", "148971810")
    assert shown["links"] == [{"text": "정부24", "address": "https://www.gov.kr/apply?id=4"}]
    assert shown["body"] == [{"kind": "paragraph", "text": "도서관 이용 신청은 정부24에서 한다."}]
    said = archive.ok("diff", "148971810")
    assert "https://www.gov.kr/apply?id=4" in said
    assert "링크 변경" in archive.ok("changes")
    report = archive.root / "reports" / "links.html"
    archive.ok("report", "-o", str(report))
    assert "https://www.gov.kr/apply?id=4" in report.read_text(encoding="utf-8")
    digest = archive.json("status")["content_digest"]
    archive.ok("rebuild")
    assert archive.json("status")["content_digest"] == digest
    archive.ok("verify")
    with closing(sqlite3.connect(archive.root / "versions.db")) as db:
        (links,) = db.execute("SELECT links FROM version_detail WHERE version = 2").fetchone()
    assert json.loads(links) == shown["links"]


def test_what_sessions_campaigns_and_menus_add_to_an_address_is_no_edit(archive: Desk, portal: Shelf):
    for noise in ("", "?utm_source=press&utm_medium=mail", "?pWise=sub&pWiseSub=J1", ";jsessionid=0A1B2C3D", "#top"):
        look(archive, portal, TEXT.format(f"/news/policyNewsView.do{noise}"))
    assert len(archive.json("history", "148971810")["versions"]) == 1


def test_what_makes_caches_fetch_a_picture_anew_is_no_edit(archive: Desk, portal: Shelf):
    shown = f"<a href='{PICTURE}?{{0}}'><img src='{PICTURE}?{{0}}' alt='도서관'></a>"
    for stamp in ("time=202611091010", "time=202611091011", "v=67", "_=1764385200", "ver=1.2", "0.8231"):
        look(archive, portal, "도서관을 연다.", shown.format(stamp))
    assert len(archive.json("history", "148971810")["versions"]) == 1
    look(archive, portal, "도서관을 연다.", shown.format("v=67").replace("library", "garden"))
    (change,) = archive.json("changes")
    assert set(change["labels"]) == {"link", "image"}


def test_a_link_that_comes_with_its_words_is_told_by_these(archive: Desk, portal: Shelf):
    look(archive, portal, "도서관을 연다.")
    look(archive, portal, "도서관을 연다.", TEXT.format("https://www.gov.kr/apply"))
    (change,) = archive.json("changes")
    assert change["labels"] == ["body", "paragraph-added"]
    assert [one["field"] for one in change["fields"]] == ["body"]


def article(*links: tuple[str, str], text: str = "신청은 정부24와 복지로에서 한다.") -> Article:
    made = tuple(Link(*one) for one in links)
    return Article("1", "https://www.korea.kr/1", "press-release", "제목", body=(Block("paragraph", text),), links=made)


GOV, CARE = ("정부24", "https://www.gov.kr/"), ("복지로", "https://www.bokjiro.go.kr/")


@pytest.mark.parametrize(
    ("old", "new", "weight"),
    [
        (article(GOV), article((GOV[0], "https://www.example.org/")), "substance"),
        (article(), article(GOV), "wording"),
        (article(GOV, CARE), article(CARE), "wording"),
        (article(GOV), article((GOV[0], "http://www.gov.kr")), "cosmetic"),
        (article(("", GOV[1])), article(("", CARE[1])), "substance"),
        (article(("", GOV[1])), article(), "cosmetic"),
        (article(GOV, CARE), article(CARE, GOV), "cosmetic"),
    ],
)
def test_a_link_weighs_by_where_it_leads(old: Article, new: Article, weight: str):
    told = compare(old, new)
    assert (told.labels, told.weight, [one.field for one in told.fields]) == (("link",), weight, ["links"])
    assert compare(new, old).weight == weight


def read(body: str) -> tuple[Link, ...]:
    found = read_page(page(body), "https://www.korea.kr" + NEWS, datetime(2026, 11, 9, tzinfo=UTC), Portal(REAL))
    assert found.article is not None
    return found.article.links


def test_links_without_end_or_within_one_another_cost_little():
    assert len(read("길 " + "<a href='/길'>안내</a> " * 3000)) == MOST_LINKS
    nested = "".join(f"<a href='/{number}'><marquee>길{number}" for number in range(1000))
    assert [one.text for one in read(nested)] == ["길999"]
    assert [one.text for one in read("<table><tr><td><a href='/1'>안내</a></td><td>글</td></tr></table>")] == ["안내"]


def test_of_several_links_that_say_the_same_those_that_stay_are_paired():
    rows = [(("바로가기", f"https://www.korea.kr/{one}"), f"{one}번 사업 바로가기") for one in range(4)]

    def made(*which: int) -> Article:
        body = tuple(Block("paragraph", rows[one][1]) for one in which)
        return replace(article(*(rows[one][0] for one in which)), body=body)

    assert compare(made(0, 1, 2, 3), made(0, 2, 3)).labels == ("body", "paragraph-removed")
    assert compare(made(0, 1, 3), made(0, 1, 2, 3)).labels == ("body", "paragraph-added")


def test_links_in_another_order_with_their_words_are_no_edit_of_their_own():
    old, new = article(GOV, CARE), article(CARE, GOV, text="신청은 복지로와 정부24에서 한다.")
    told = compare(old, new)
    assert "link" not in told.labels
    assert [one.field for one in told.fields] == ["body"]


@pytest.mark.parametrize(
    ("link", "target"),
    [
        ("https://WWW.gov.kr", "https://www.gov.kr/"),
        ("apply.do?a=1&fbclid=x&b=2", "https://www.korea.kr/news/apply.do?a=1&b=2"),
        ("https://a.kr/watch?v=0123456789&t=90", "https://a.kr/watch?v=0123456789&t=90"),
        ("/event.do?id=3&time=202611091010", "https://www.korea.kr/event.do?id=3"),
        ("/a.jpg?v=3&id=4", "https://www.korea.kr/a.jpg?id=4"),
        ("#content", None),
        ("", None),
        ("javascript:go()", None),
        ("mailto:desk@korea.kr", None),
        ("http://[", None),
        ("https://a.kr/" + "x" * 5000, "https://a.kr/" + "x" * 1987),
    ],
)
def test_where_a_link_leads(link: str, target: str | None):
    assert link_target(link, lambda one: urljoin("https://www.korea.kr/news/view.do", one)) == target
