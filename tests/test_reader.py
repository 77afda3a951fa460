"""The reader: every page opens without a script, asks nobody else, fits, and shows hostile text as text."""

from __future__ import annotations

import asyncio
import csv
import html
import io
import re
import shutil
import socket
import sqlite3
import threading
from contextlib import closing
from dataclasses import replace
from datetime import timedelta
from importlib.resources import files
from urllib.parse import quote

import pytest
import uvicorn
from datasette.app import Datasette
from playwright.sync_api import sync_playwright

from crawler.portal import Portal
from reader import article_pages, change_pages, plugin
from reader.codes import OUTCOMES, TROUBLES
from reader.guard import OWN_POLICY
from reader.plugin import Reader
from reader.server import reader
from storage import capture_rows, captures, indexing, runs, versions
from storage.change_query import Query
from storage.changes import facets, page, total
from storage.records import KST, Article, Block
from tests.accessibility import faults
from tests.makers import PORTAL, RUN, archive_at, article, at, capture, file_readings, filed, found_and_filed, readings
from tests.report_samples import BAD_TITLE
from tests.test_site_changes import BADGE, Site

CHROMIUM = shutil.which("chromium")
URL = f"{PORTAL}/news/policyNewsView.do?newsId=148930267"
PAGES = (
    "/", "/?lang=en&weight=substance", "/?q=35", "/counts", "/removals", "/health", "/search", "/search?q=예산",
    "/articles/148930267", "/articles/148930267/versions/2", "/articles/148930267/diff",
    "/articles/148930267/diff?view=beside", "/articles/148930267?at=2030-01-01", "/articles/7",
    "/articles/7/versions/1", "/articles/none",
)  # fmt: skip

TORN = """() => [...document.querySelectorAll("thead th")].flatMap(cell => {
  const walker = document.createTreeWalker(cell, NodeFilter.SHOW_TEXT), torn = [];
  while (walker.nextNode()) for (const word of walker.currentNode.data.matchAll(/[^ \\n]+/g)) {
    const range = document.createRange();
    range.setStart(walker.currentNode, word.index);
    range.setEnd(walker.currentNode, word.index + word[0].length);
    if (new Set([...range.getClientRects()].map(one => one.top)).size > 1) torn.push(word[0]);
  }
  return torn;
})"""
"""The words in heads of tables that stand on two lines."""


@pytest.fixture(scope="module")
def made(tmp_path_factory):
    archive, db = archive_at(tmp_path_factory.mktemp("reader"))
    with closing(db):
        texts = ("예산은 30억 원이다.", "예산은 35억 원이다.")
        for name, states in (
            ("148930267", [article(one) for one in texts]),
            ("7", [article("<img src=x onerror=alert(1)>" + "가" * 400, "7", title=BAD_TITLE)]),
            ("8", [article(name="8", title="=도서관(1)"), "gone", "gone", "gone"]),
        ):
            with db:
                file_readings(db, name, readings(db, states, name))
                found_and_filed(db, name)
        indexing.complete(db)
        with db:  # as a capture that a revisit refers to
            db.execute("INSERT INTO originals SELECT zeroblob(16), min(id) FROM capture_rows")
        with closing(archive.database()) as other:
            assert total(other, Query(keyword="35억")) == 1
    return reader(archive, Portal(PORTAL), "127.0.0.1", "http://127.0.0.1:1")


DATA = (
    "/versions", "/versions/change_detail", "/versions/article_current?_facet=section",
    "/versions?sql=select+article,+title+from+articles+limit+3",
)  # fmt: skip


def pages(made: Reader) -> list[str]:
    """Give an address of every kind of page."""
    with closing(made.desk.archive.database()) as db:
        capture = captures.of_url(db, URL)[0].id
    return [*PAGES, f"/captures/{capture}", f"/captures/{capture}?lang=en"]


def ask(made: Datasette, path: str, **options):
    return asyncio.run(made.client.request(options.pop("method", "GET"), path, **options))


def test_datasette_takes_no_template_of_ours_for_its_own():
    """From Python 3.12 on it finds what stands beside a plugin's module; its own pages ended in 500 there."""
    beside = files(plugin.__name__.rpartition(".")[0])
    assert not beside.joinpath("templates").is_dir()
    assert not beside.joinpath("static").is_dir()


def test_our_pages_carry_no_script_and_a_policy_that_allows_none(made):
    for path in pages(made):
        answer = ask(made, path)
        assert answer.status_code == (404 if path == "/articles/none" else 200), (path, answer.text)
        assert answer.headers["content-security-policy"] == OWN_POLICY
        assert answer.headers["content-type"] == "text/html; charset=utf-8"
        assert answer.headers["x-content-type-options"] == "nosniff"
        assert "<script" not in answer.text
        assert "\u202e" not in answer.text
        # HTML takes no time that is finer than milliseconds.
        assert all(re.fullmatch(r"[^.]*(\.\d{1,3})?[+-]\d\d:\d\d", one) for one in _TIMES.findall(answer.text))


_TIMES = re.compile('<time datetime="([^"]*)"')
"""``<time datetime="2026-09-15T18:00:00.000+09:00"``"""


@pytest.mark.parametrize(
    ("filters", "number"),
    [
        ("", 2),
        ("since=2026-09-16&until=2026-09-16", 2),
        ("since=2026-09-17", 0),
        ("until=2026-09-15", 0),
        ("q=35억", 1),
        ("q='", 0),
        ("q=35 억원", 1),
        ("ministry=문화체육관광부", 2),
        ("ministry=A00012&ministry=none'", 2),
        ("ministry=none", 0),
        ("kind=removed&weight=substance&section=policy-news&lang=en", 1),
        ("weight=cosmetic", 0),
        ("section=photo", 0),
        ("disclosure=explained", 0),
        ("label=money&label=body", 1),
        ("label=money&label=name", 0),
    ],
)
def test_the_data_behind_a_list_are_the_changes_on_it(made, filters, number):
    told = ask(made, f"/?{filters}").text
    link = html.unescape(re.search(r'href="(/versions/change_detail\.json\?[^"]*)"', told)[1])
    assert len(ask(made, f"{link}&_shape=array").json()) == number
    assert told.count("<article") == number
    answer = ask(made, html.unescape(re.search(r'href="(/changes\.csv[^"]*)"', told)[1]))
    assert answer.headers["content-disposition"] == 'attachment; filename="changes.csv"'
    assert answer.content.startswith(b"\xef\xbb\xbfid,article,")
    rows = list(csv.DictReader(io.StringIO(answer.content.decode("utf-8-sig"), newline="")))
    assert len(rows) == number


def test_datasettes_pages_answer_too_under_a_policy(made):
    answer = ask(made, "/versions/change_detail.json?_shape=array")
    assert {one["kind"] for one in answer.json()} == {"edited", "removed"}
    assert "frame-ancestors 'none'" in answer.headers["content-security-policy"]


@pytest.mark.parametrize("host", ["evil.example", "127.0.0.1.evil.example:8001", "", "evil.example:80"])
def test_a_name_that_is_not_ours_is_refused(made, host):
    assert ask(made, "/", headers={"host": host}).status_code == 421


def test_nothing_but_reading_is_answered(made):
    assert ask(made, "/versions", method="POST").status_code == 405
    told = ask(made, "/versions.json?sql=delete+from+versions")
    assert told.status_code == 400
    assert not told.json()["ok"]


def test_a_query_that_takes_too_long_ends(made):
    endless = "with recursive n(i) as (select 1 union all select i+1 from n) select count(*) from n"
    made.sql_time_limit_ms = 50
    assert ask(made, "/versions.json", params={"sql": endless}).status_code == 400


def test_bad_values_are_refused_in_plain_words(made):
    asked = ("weight=x", "since=yesterday", "page=0", "page=x", "page=²")
    for path in (*(f"/?{one}" for one in asked), "/articles/148930267/diff?old=1&new=1"):
        assert ask(made, path).status_code == 400, path


@pytest.mark.parametrize(
    ("asked", "place"),
    [
        (f"/articles?article={quote(URL)}", "/articles/148930267"),
        ("/articles?article=7&lang=en", "/articles/7?lang=en"),
        ("/articles?article=", "/articles/-"),
        ("/articles/148930267/diff?old=2&new=1&lang=en", "/articles/148930267/diff?old=1&new=2&lang=en"),
    ],
)
def test_an_address_leads_to_its_article_and_two_versions_to_their_order(made, asked, place):
    answer = ask(made, asked)
    assert (answer.status_code, answer.headers["location"]) == (302, place)


@pytest.mark.parametrize(
    ("path", "said"),
    [
        ("/articles/7/versions/9", "9"), ("/articles/148930267/diff?old=1&new=3", "3"), ("/articles/7/diff", "7"),
        ("/articles/7?at=2001-01-01", "2026-09-15"), (f"/files/{'0' * 64}", "0" * 64),
    ],
)  # fmt: skip
def test_what_is_not_there_is_named(made, path, said):
    answer = ask(made, path)
    assert answer.status_code == 404
    assert said in answer.text.partition("<main")[2]


def test_versions_between_which_no_change_is_filed_are_compared(tmp_path):
    archive, db = archive_at(tmp_path / "archive")
    with closing(db), db:
        states = [article(f"예산은 {number}억 원이다.", "9") for number in (30, 31, 35)]
        file_readings(db, "9", readings(db, [states[0], "gone", *states[1:]], "9"))
        found_and_filed(db, "9")
    made = reader(archive, Portal(PORTAL), "127.0.0.1", "http://127.0.0.1:1")
    told = ask(made, "/articles/9/diff?old=1&new=3&lang=en").text.partition("<main")[2]
    assert ">30억 원<" in told
    assert ">35억 원<" in told
    assert "31억" not in told


def test_pages_of_an_archive_without_anything_say_that_there_is_nothing(tmp_path):
    archive, db = archive_at(tmp_path)
    with closing(db), db:
        db.execute("DELETE FROM runs")
    empty = reader(archive, Portal(PORTAL), "127.0.0.1", "http://127.0.0.1:1")
    # What needs a look, looks, outages, site changes, silent lists, runs: nothing stands under a head without a word.
    told = {path: ask(empty, path).text.count('class="empty-line"') for path in ("/", "/removals", "/health")}
    assert told == {"/": 1, "/removals": 1, "/health": 6}
    assert "<table" not in ask(empty, "/health").text
    assert "조건에 맞는" not in ask(empty, "/").text  # no condition was given


def test_what_the_site_did_is_said_beside_the_versions_and_is_no_silent_edit(tmp_path):
    site = Site(tmp_path / "archive")
    site.all(lambda one: replace(one, body=(*one.body, Block("paragraph", BADGE))))
    site.look()
    site.edit(3, "넓혀", "줄여")
    site.look()
    made = reader(site.archive, Portal(PORTAL), "127.0.0.1", "http://127.0.0.1:1")
    told = {pair: ask(made, "/articles/148000003/diff?old={}&new={}".format(*pair)).text for pair in ("12", "23", "13")}
    held = "글별 고침으로 세지 않음"
    assert {pair: (held in text, "notice-silent" in text) for pair, text in told.items()} == {
        "12": (True, False),
        "23": (False, True),
        "13": (True, False),
    }
    assert ask(made, "/articles/148000003").text.count(held) == 1
    site.db.close()


@pytest.mark.parametrize("path", ["/", "/none", "/articles/148930267"])
def test_a_language_that_is_none_is_passed_over(made, path):
    long = ask(made, f"{path}?lang={'x' * 300}")
    assert (long.status_code, 'lang="ko"' in long.text) == (404 if path == "/none" else 200, True)


def test_an_address_with_the_search_that_led_to_it_opens_the_article(made):
    led = ask(made, "/articles", params={"article": f"{URL}&srchWord={'%EC%82%B0' * 60}"})
    assert (led.status_code, led.headers["location"]) == (302, "/articles/148930267")
    other = ask(made, "/articles", params={"article": f"https://elsewhere.example/{'x' * 300}"})
    assert (other.status_code, "없는 글입니다: https://elsewhere.example/" in other.text) == (404, True)


def test_no_cell_of_the_table_is_a_formula(made):
    assert ",'=도서관(1)," in ask(made, "/changes.csv?kind=removed").text


def test_a_table_of_too_many_changes_is_refused_with_the_command_for_it(made, monkeypatch):
    monkeypatch.setattr(change_pages, "_MOST_ROWS", 1)
    answer = ask(made, "/changes.csv")
    assert (answer.status_code, "gochim report --format csv" in answer.text) == (413, True)


def test_a_period_that_ends_before_it_begins_is_refused(made):
    for path in ("/?", "/counts?", "/search?q=예산&"):
        for until in ("2026-11-01", "2026-11-27"):
            answer = ask(made, f"{path}since=2026-11-28&until={until}")
            assert (answer.status_code, "두 날짜를 바꾸십시오" in answer.text) == (400, True)


@pytest.mark.parametrize("path", ["/?page=99", "/removals?page=99", "/search?q=도서관&page=99", "/articles/8?page=99"])
def test_past_the_last_page_is_the_last_page(made, path):
    answer, first = ask(made, path), ask(made, path.replace("page=99", "page=1"))
    assert answer.status_code == 200
    assert answer.text.partition("<main")[2].count("<li") == first.text.partition("<main")[2].count("<li")
    assert answer.text.count("<article") == first.text.count("<article")


def test_a_version_is_shown_as_it_stood(made):
    answer = ask(made, "/articles/148930267", params={"at": at(12).isoformat()})
    assert "30억" in answer.text
    assert "35억" not in answer.text


def test_an_article_that_was_absent_is_not_said_to_have_stood(made):
    gone, there = (ask(made, "/articles/8", params={"at": at(hours).isoformat()}).text for hours in (50, 0))
    assert "이 글은 없었습니다" in gone
    assert "게시돼 있었습니다" not in gone
    assert "게시돼 있었습니다" in there


def test_between_two_looks_an_article_is_not_said_to_have_stood(made):
    told = ask(made, "/articles/8", params={"at": at(10).isoformat()}).text
    assert "게시돼 있었습니다" not in told
    assert re.search(r"에는 아무도 보지 않았습니다.*에는 이 글이 없었습니다", told)


def test_nobody_says_that_an_article_was_absent_after_the_last_look(made):
    told = ask(made, "/articles/8?at=2030-01-01").text
    assert re.search(rf"{at(72).astimezone(KST):%Y-%m-%d %H:%M:%S} \(KST\)</time>에 이 글은 없었습니다", told)
    assert "2030-01-01" not in told.partition("</form>")[2].partition("이 글은 없었습니다")[0]


def test_a_search_says_which_hits_are_gone_and_when_filters_left_nothing(made):
    assert 'class="kind-removed">삭제됨' in ask(made, "/search?q=도서관").text
    assert "어느 판에도 없습니다" in ask(made, "/search?q=없는말").text
    assert "쓴 그대로 찾습니다" in ask(made, "/search?q=예산 OR 없는말").text
    narrowed = ask(made, "/search?q=35억&until=2020-01-01").text
    assert "어느 판에도 없습니다" not in narrowed
    assert "고른 조건에 맞는 판에는 없습니다" in narrowed


@pytest.mark.parametrize("path", ["/search?q=도서관", "/articles/8", "/articles/7/versions/1"])
def test_what_was_seen_once_was_not_seen_from_then_till_then(made, path):
    told = ask(made, path).text
    assert "</time>에 한 번 확인" in told
    assert "까지 확인" not in told


def test_what_narrows_a_search_is_folded_until_it_is_used(made):
    fold = r'<details class="filters broad"( open)?>'
    assert re.search(fold, ask(made, "/search?q=예산").text)[1] is None
    assert re.search(fold, ask(made, "/search?q=예산&in=current").text)[1] == " open"


def test_one_look_is_no_looks_and_a_verdict_says_what_it_rests_on(made):
    states = [
        ask(made, f"/articles/{name}?lang=en").text.split("States</h2>")[1].split("<h2>")[0] for name in ("7", "8")
    ]
    assert any(re.search(r"\b1 look\b", one) for one in states)
    assert not any(re.search(r"\b1 looks\b", one) for one in states)
    told = ask(made, "/articles/148930267/diff?lang=en").text
    assert ">Edited without notice: <bdi>no word of it in " in told


def test_a_capture_says_where_it_begins_and_how_long_it_is_apart(made):
    with closing(made.desk.archive.database()) as db:
        one = captures.by_id(db, captures.of_url(db, URL)[0].id)
    told = ask(made, f"/captures/{one.id}").text
    assert f"<dt>위치</dt><dd>{one.evidence.offset:,}바이트</dd>" in told
    assert f"<dt>길이</dt><dd>{one.evidence.length:,}바이트</dd>" in told
    assert f'href="/captures/{one.id}" aria-current="true"' in told


def test_english_words_that_stand_alone_begin_with_a_capital(made):
    told = ask(made, "/counts?lang=en").text
    rows = re.findall(r'<th scope="row"><a [^>]*><bdi>([^<]*)</bdi>', told)
    assert {"Edited", "Removed", "Body", "Money", "Changed in substance", "Edited without notice"} <= set(rows)


def test_a_page_is_titled_and_a_version_s_evidence_named_in_the_language_asked_for(made):
    for lang, brand, named in (
        ("ko", "고침", ["확인", "내용 다이제스트", "WARC 파일"]),
        ("en", "gochim", ["Seen", "Content digest", "WARC file"]),
    ):
        told = ask(made, f"/articles/148930267/versions/2?lang={lang}").text
        assert re.search(rf"<title>[^<]* · {brand}</title>", told)
        assert re.findall("<dt>([^<]*)</dt>", told) == named
        allowed = "공공누리 제1유형(출처표시)" if lang == "ko" else "KOGL type 1 (attribution)"
        assert f" · {allowed}</p>" in told


def test_a_version_that_one_look_saw_is_not_said_to_have_stood(made):
    told = ask(made, "/articles/148930267?lang=en").text
    assert "seen once, at" in told
    one, two = (
        ask(made, f"/?lang=en&{filters}").text for filters in ("label=money&label=body", "ministry=문화체육관광부")
    )
    assert ">1 change<" in one
    assert ">2 changes<" in two
    assert "under a minute" not in told.split("<h2>")[1]


def test_of_an_address_the_captures_that_are_wanted_are_found_without_reading_all(tmp_path):
    _, db = archive_at(tmp_path)
    with closing(db):
        for day in range(1, 31):
            filed(db, capture(at(24 * day), "148930267"))
        every = [captures.by_id(db, one.id) for one in captures.of_url(db, URL)]
        assert len(every) == 30
        assert captures.newest_of_url(db, URL, 4) == every[:-5:-1]
        for moment, nearest in (
            (at(0), 0), (at(24 * 9), 8), (at(24 * 9 + 12), 8), (at(24 * 9 + 13), 9), (at(24 * 400), 29),
        ):  # fmt: skip
            assert captures.nearest_of_url(db, URL, moment) == [every[nearest]]
        assert captures.nearest_of_url(db, URL + "0", at(0)) == []


def test_captures_of_one_instant_are_filed_at_a_cost_that_grows_with_them(tmp_path):
    """A program that dated all it wrote alike had 4,000 captures filed in a minute, and 100,000 in half a day."""
    _, db = archive_at(tmp_path)
    with closing(db):
        crowd = [capture(at(1), str(148930000 + number)) for number in range(80)]
        crowd.append(
            crowd[0]._replace(evidence=crowd[0].evidence._replace(captured_at=at(1) + timedelta(microseconds=9)))
        )
        runs.add(db, RUN)
        asked = list[str]()
        db.set_trace_callback(asked.append)
        capture_rows.add(db, crowd)
        assert capture_rows.add(db, reversed(crowd)) == set()
        db.set_trace_callback(None)
        assert len(asked) < 30 * len(crowd)
        last = capture(at(1), "148939999")
        assert capture_rows.add(db, [*crowd, last]) == {RUN.run}
        numbers = [captures.number_of(db, one.evidence) for one in (*crowd, last)]
        assert numbers == list(range(numbers[0], numbers[0] + 82))


def test_a_timemap_reads_no_more_of_captures_than_it_lists(tmp_path):
    _, db = archive_at(tmp_path)
    with closing(db):
        for day in range(1, 4):
            filed(db, capture(at(24 * day), "148930267"))
        read = set[str | None]()

        def allowed(_: int, table: str | None, column: str | None, name: str | None, of: str | None) -> int:
            read.add(of)
            return sqlite3.SQLITE_OK

        db.set_authorizer(allowed)
        assert [one.captured_at for one in captures.of_url(db, URL)] == [at(24), at(48), at(72)]
        assert "captures" not in read


def test_a_timeline_digests_each_version_once(made, monkeypatch):
    digested: list[int] = []
    digest = Article.content_digest

    def counted(self: Article) -> str:
        digested.append(id(self))
        return str(digest.fget(self))  # type: ignore[misc]

    monkeypatch.setattr(Article, "content_digest", property(counted))
    with closing(made.desk.archive.database()) as db:
        found = versions.versions(db, "148930267")
    digested.clear()
    assert article_pages._same_as(found)[1] is None
    assert len(digested) == len(found) > 1


def test_the_timemap_lists_captures_and_the_timegate_leads_to_the_nearest(made):
    told = ask(made, f"/timemap/link/{URL}")
    assert told.headers["content-type"].startswith("application/link-format")
    assert re.findall(r'rel="([a-z ]*memento)"', told.text) == ["first memento", "last memento"]
    oldest, newest = re.findall(r'<([^>]*)>; rel="[a-z]* memento"', told.text)
    for wanted, place in (
        ({}, newest), ({"accept-datetime": "Tue, 15 Sep 2026 10:00:00 -0000"}, oldest),
        ({"accept-datetime": "Fri, 18 Sep 2026 10:00:00 GMT"}, newest),
    ):  # fmt: skip
        assert ask(made, f"/timegate/{URL}", headers=wanted).headers["location"] == place
    assert ask(made, f"/timegate/{URL}", headers={"accept-datetime": "soon"}).status_code == 400
    gate = ask(made, f"/timegate/{URL}", headers={"accept-datetime": "Tue, 15 Sep 2026 10:00:00 GMT"})
    assert gate.status_code == 302
    place = gate.headers["location"]
    assert place in told.text.partition('rel="first memento"')[0]
    shown = ask(made, place.removeprefix("http://127.0.0.1:1"))
    assert shown.headers["memento-datetime"] == "Tue, 15 Sep 2026 09:00:00 GMT"
    assert "gochim serve --replay" in shown.text
    assert ask(made, f"/timegate/{PORTAL}/never").status_code == 404
    for date in ("some day", "Tue, 15 Sep 2026 10:00:00 +99999999999999"):
        assert ask(made, f"/timegate/{URL}", headers={"accept-datetime": date}).status_code == 400


def test_what_is_wrong_is_said_in_the_language_of_the_page(made):
    with closing(made.desk.archive.database()) as db, db:
        db.execute("UPDATE runs SET finish = 'unreachable', ended_at = started_at")
    korean, english = (ask(made, path).text for path in ("/health", "/health?lang=en"))
    assert "ended early" not in korean
    assert "이 일찍 끝났습니다: 포털이 응답하지 않음." in korean
    assert "ended early: the portal did not answer." in english
    assert set(TROUBLES) >= {"ended-early", "lied", "recomparing", *(set(OUTCOMES) - {"read", "gone", "front-page"})}


def test_changes_are_counted_and_paged(made):
    with closing(made.desk.archive.database()) as db:
        counted = facets(db, Query())
        assert counted["kind"] == [("edited", 1), ("removed", 1)]
        edited = page(db, Query(kinds=("edited",)), 1)[0]
        assert counted["label"] == [(one, 1) for one in sorted(edited.comparison.labels)]
        assert [sum(n for _, n in counted[name]) for name in ("weight", "disclosure", "section", "source")] == [2] * 4
        for name, n in facets(db, Query())["weight"]:
            assert total(db, Query(weights=(str(name),))) == n, "a count leads to as many changes"
        assert total(db, Query(disclosures=("explained",))) == 0
        db.execute("UPDATE changes SET weight = 'cosmetic' WHERE kind = 'edited'")
        assert facets(db, Query())["weight"] == [("substance", 1), ("cosmetic", 1)]
        db.rollback()
        assert {page(db, Query(), 1, at)[0].article for at in (0, 1)} == {"8", "148930267"}


@pytest.mark.browser
@pytest.mark.enable_socket
@pytest.mark.skipif(CHROMIUM is None, reason="Debian's chromium is not installed")
@pytest.mark.parametrize("lang", ["ko", "en"])
def test_on_the_narrowest_screen_counts_fit_and_no_head_of_a_table_is_torn(made, lang):
    with closing(made.desk.archive.database()) as db, db:
        db.execute("UPDATE runs SET finish = NULL, ended_at = started_at")
    shown, style = ask(made, f"/health?lang={lang}").text, ask(made, "/-/reader.css").text
    with sync_playwright() as player:
        chromium = player.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox", "--disable-gpu"])
        narrow = chromium.new_page(viewport={"width": 320, "height": 900})
        narrow.set_content(shown)
        narrow.add_style_tag(content=style)
        assert narrow.evaluate("document.documentElement.scrollWidth <= innerWidth")
        assert narrow.evaluate(TORN) == []
        chromium.close()


@pytest.mark.browser
@pytest.mark.enable_socket
@pytest.mark.skipif(CHROMIUM is None, reason="Debian's chromium is not installed")
def test_every_page_fits_and_is_accessible_in_a_browser(made):
    with socket.create_server(("127.0.0.1", 0)) as taken:
        base = f"http://127.0.0.1:{taken.getsockname()[1]}"
        server = uvicorn.Server(uvicorn.Config(made.app(), log_level="warning", lifespan="on"))
        thread = threading.Thread(target=server.run, kwargs={"sockets": [taken]})
        thread.start()
        try:
            with sync_playwright() as player:
                chromium = player.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox", "--disable-gpu"])
                for width, scheme in ((360, "light"), (1280, "dark")):
                    walk(chromium, base, pages(made), width, scheme)
                    data(chromium, base, width, scheme)
                    without_scripts(chromium, base, pages(made), width, scheme)
                chromium.close()
        finally:
            server.should_exit = True
            thread.join()


def walk(chromium, base: str, paths: list[str], width: int, scheme: str) -> None:
    shown = chromium.new_page(viewport={"width": width, "height": 900}, color_scheme=scheme)
    asked, talk = [], []
    shown.on("request", lambda request: asked.append(request.url))
    shown.on("console", lambda message: talk.append(message.text))
    shown.on("dialog", lambda dialog: talk.append(dialog.message))
    judged = paths[::2] if scheme == "light" else paths[1::2]
    for path in paths:
        shown.goto(base + path)
        assert shown.evaluate("document.documentElement.scrollWidth <= innerWidth"), (width, path)
        if path not in judged:
            continue
        assert faults(shown) == [], (width, path)
    assert [url for url in asked if not url.startswith((base, "data:"))] == []
    assert [line for line in talk if "404" not in line] == []
    shown.close()


def data(chromium, base: str, width: int, scheme: str) -> None:
    """Open Datasette's own pages, which need scripts: they fit, are accessible and ask nobody else."""
    shown = chromium.new_page(viewport={"width": width, "height": 900}, color_scheme=scheme)
    asked, talk = [], []
    shown.on("request", lambda request: asked.append(request.url))
    shown.on("console", lambda message: talk.append(message.text))
    shown.on("pageerror", lambda error: talk.append(str(error)))
    for path in DATA:
        assert shown.goto(base + path).status == 200
        assert shown.get_by_role("main").count() == 1, path
        # a table of many columns scrolls within itself; on a phone its rows are cards
        assert width > 360 or shown.evaluate("document.documentElement.scrollWidth <= innerWidth"), path
        assert faults(shown) == [], (width, path)
    shown.goto(f"{base}/versions/originals")
    assert shown.locator("td.type-pk").count() > 0
    assert shown.locator("td.type-pk a").count() == 0  # the keys are bytes, by which Datasette finds no row
    assert [url for url in asked if not url.startswith((base, "data:"))] == []
    assert talk == []
    shown.close()


def without_scripts(chromium, base: str, paths: list[str], width: int, scheme: str) -> None:
    """Read every page, follow a link and use a form with scripts switched off."""
    context = chromium.new_context(
        viewport={"width": width, "height": 900}, color_scheme=scheme, java_script_enabled=False
    )
    shown = context.new_page()
    asked, talk = [], []
    shown.on("request", lambda request: asked.append(request.url))
    shown.on("console", lambda message: talk.append(message.text))
    for path in paths:
        answer = shown.goto(base + path)
        assert answer.status == (404 if path == "/articles/none" else 200)
        assert shown.locator("main h1").count() == 1, path
        assert shown.locator("main h1").is_visible(), path
    shown.goto(base)
    shown.locator("details.filters summary").click()
    shown.get_by_label("비중").select_option("substance")
    shown.get_by_role("button", name="적용").click()
    assert "weight=substance" in shown.url
    shown.emulate_media(media="print")
    assert not shown.locator("form.single").is_visible()
    assert not shown.locator("details.filters").is_visible()
    shown.emulate_media(media="screen")
    shown.locator("article.card a").first.click()
    assert "/articles/" in shown.url
    hostile = shown.goto(f"{base}/articles/7/versions/1")
    assert hostile.ok
    assert shown.locator("main img, main script").count() == 0
    assert "<img src=x onerror=alert(1)>" in shown.locator("article.paper").inner_text()
    assert [url for url in asked if not url.startswith((base, "data:"))] == []
    assert [line for line in talk if "404" not in line] == []
    context.close()
