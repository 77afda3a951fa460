"""Politeness that acts: what the portal asks for is done, in this run and in the next."""

from __future__ import annotations

import itertools
import json
import re
import signal
import subprocess
import time
from collections.abc import Iterator
from contextlib import closing
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from pathlib import Path
from types import SimpleNamespace

import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from protego import Protego
from scrapy import Request as ScrapyRequest
from scrapy import Spider
from scrapy.crawler import Crawler
from scrapy.http import Response

from cli.unanswered import led_away
from crawler import politeness
from crawler import portal as addresses
from crawler.ongoing import NotAsked, ongoing
from crawler.pace import LONGEST_DELAY, LONGEST_RETRY, SLOWEST, Pace, not_before, retry_after
from crawler.politeness import FAILURES_IN_A_ROW, Patience
from crawler.robots import Allowed, with_paths
from crawler.sections import SECTIONS
from replica.exchange import Answer, Request
from replica.portal import Portal
from replica.server import RunningPortal, serve
from replica.state import Fault
from storage.archive import Archive
from storage.records import kst
from tests.crawls import crawl
from tests.runs import Desk, desk, few_articles
from tests.serving import free_port
from tests.shelf import NEWS, page, shelf

NOW = datetime(2026, 11, 2, 9, 0, tzinfo=UTC)
OBSERVED = """User-agent : Googlebot
Disallow: https://www.korea.kr/totalSearch.do

User-Agent: *
Allow: /
Disallow:

Sitemap: https://www.korea.kr/sitemapindex.xml
"""


def pace(delay: float = 1, **memory: object) -> Pace:
    return Pace(delay, dict(memory), lambda: NOW)


def test_trouble_doubles_the_wait_and_good_answers_bring_it_back_slowly():
    one = pace()
    assert one.interval == 1
    one.trouble("503")
    one.trouble("503")
    assert one.interval == 4
    one.good(0.1)
    assert 3 < one.interval < 4
    for _ in range(12):
        one.good(0.1)
    assert 1 < one.interval < 1.1
    one.good(0.1)
    assert one.interval == 1


def test_a_wait_has_a_limit():
    one = pace(10)
    for _ in range(50):
        one.trouble("refused")
    assert one.slowdown == SLOWEST
    assert one.interval == LONGEST_DELAY


def test_between_requests_lies_at_least_the_time_that_answers_take():
    one = pace()
    one.good(6)
    assert one.interval == 6
    for _ in range(40):
        one.good(0.2)
    assert one.interval == 1


@pytest.mark.parametrize(("asked", "waits"), [(None, 1), (0.2, 1), (7, 7), (9999, LONGEST_DELAY)])
def test_a_crawl_delay_counts_where_it_is_longer_than_the_delay(asked, waits):
    one = pace()
    one.obey(asked)
    assert one.interval == waits


def test_the_next_run_begins_as_slowly_as_the_last_one_ended():
    memory: dict[str, object] = {}
    first = Pace(1, memory, lambda: NOW)
    first.trouble("429")
    first.leave_alone(7200)
    again = Pace(1, json.loads(json.dumps(memory)), lambda: NOW + timedelta(hours=1))
    assert again.interval == 2
    assert again.not_before == NOW + timedelta(hours=2)
    assert Pace(1, memory, lambda: NOW + timedelta(hours=3)).not_before is None
    assert memory["last_trouble"] == {"what": "429", "at": "2026-11-02T09:00:00+00:00"}


def test_a_shorter_pause_does_not_end_a_longer_one():
    one = pace()
    one.leave_alone(600)
    one.leave_alone(5)
    assert one.not_before == NOW + timedelta(seconds=600)


@given(
    st.dictionaries(
        st.sampled_from(["slowdown", "not_before", "last_trouble"]),
        st.from_type(object) | st.text() | st.floats() | st.integers() | st.booleans() | st.none(),
    )
)
@example({"not_before": "2026-11-02T12:00:00"})
def test_whatever_a_memory_holds_the_wait_is_a_sound_one(memory):
    one = Pace(1, memory, lambda: NOW)
    assert 1 <= one.interval <= LONGEST_DELAY
    assert one.not_before is None or one.not_before > NOW
    one.leave_alone(5)
    assert not_before(memory, NOW) is not None


@pytest.mark.parametrize(
    ("value", "factor"), [(10**400, SLOWEST), (float("inf"), SLOWEST), (float("nan"), 1), (-5, 1), (2.5, 2.5), ("8", 1)]
)
def test_a_memory_of_how_slow_the_portal_was_is_held_within_bounds(value, factor):
    assert Pace(1, {"slowdown": value}, lambda: NOW).slowdown == factor


@pytest.mark.parametrize(
    ("value", "seconds"),
    [
        (b"120", 120),
        (b" 0 ", 0),
        (format_datetime(NOW + timedelta(hours=1), usegmt=True).encode(), 3600),
        (format_datetime(NOW - timedelta(hours=1), usegmt=True).encode(), 0),
        (b"Mon, 02 Nov 2026 19:00:00 +0900", 3600),
        (b"Mon, 02 Nov 2026 10:00:00 -0000", 3600),
        (b"soon", None),
        (b"Mon, 02 Nov 2026 19:00:00 +99999999999999", None),
        (b"-5", None),
        ("²".encode("latin-1"), None),
        (b"9" * 400, LONGEST_RETRY),
        (b"\xff\xfe", None),
    ],
)  # fmt: skip
def test_retry_after_is_seconds_or_a_date(value, seconds):
    assert retry_after([value], NOW) == seconds


_HOUR = format_datetime(NOW + timedelta(hours=1), usegmt=True).encode()


@pytest.mark.parametrize(
    ("values", "seconds"),
    [
        ([b"1, 3"], 3),
        ([b"3,1", b"2"], 3),
        ([b"soon, 7"], 7),
        ([b"7, soon", b""], 7),
        ([b"5, " + _HOUR], 3600),
        ([_HOUR + b",5"], 3600),
        ([_HOUR, b"5"], 3600),
        ([b"Monday, 02-Nov-26 10:00:00 GMT, 5"], 3600),
        ([b",,", b"Mon,"], None),
        ([], None),
    ],
)
def test_of_several_retry_afters_joined_or_not_the_longest_holds(values, seconds):
    assert retry_after(values, NOW) == seconds


@pytest.mark.parametrize("told", ["120, soon, 3", "soon, 120", "3,120"])
def test_a_portal_that_asks_for_several_pauses_in_one_field_is_left_alone_for_the_longest(
    portal: RunningPortal, watched: Desk, monkeypatch, told: str
):
    usual = portal.portal.answer
    busy = Answer(b"", status=503, headers=(("Retry-After", told.replace("120", "7200")),))
    monkeypatch.setattr(
        portal.portal, "answer", lambda asked: busy if asked.path == "/news/policyNewsList.do" else usual(asked)
    )
    done = watched.run("crawl")
    assert done.code == 5
    assert "(KST)" in done.err
    assert str(remembered(watched)["not_before"]) > datetime.now(UTC).isoformat()


def allowed(text: str, path: str, agent: str = "gochim") -> bool:
    read = Protego.parse(with_paths(text, lambda origin: origin == "https://www.korea.kr"))
    return bool(read.can_fetch(f"https://www.korea.kr{path}", agent))


def test_the_observed_robots_txt_is_read_as_it_is_meant():
    assert allowed(OBSERVED, "/totalSearch.do?where=ALL")
    assert allowed(OBSERVED, "/news/policyNewsView.do?newsId=148971946")
    assert not allowed(OBSERVED, "/totalSearch.do?where=ALL", "Googlebot")
    assert allowed(OBSERVED, "/briefing/pressReleaseList.do", "Googlebot")


@pytest.mark.parametrize("ending", ["\n", "\r\n", "\r"])
@pytest.mark.parametrize("rule", ["Disallow: {}", "disallow :{}", "  Disallow:\t{}  ", "DISALLOW : {}*"])
def test_an_absolute_rule_is_obeyed_whatever_its_spacing(rule, ending):
    text = ending.join(["User-agent : *", rule.format("https://www.korea.kr/news/"), ""])
    assert not allowed(text, "/news/policyNewsView.do?newsId=1")
    assert allowed(text, "/briefing/pressReleaseList.do")


def test_an_absolute_rule_of_another_host_is_none_of_ours():
    assert allowed("User-agent: *\nDisallow: https://gonggam.korea.kr/\n", "/news/policyNewsList.do")
    assert not allowed("User-agent: *\nDisallow: https://www.korea.kr\n", "/news/policyNewsList.do")


_FIELDS = st.sampled_from(["Allow", "Disallow", "allow ", " Disallow", "Disalow"])
_RULES = st.lists(st.tuples(_FIELDS, st.text("/ab.?=&*$%12 가-", max_size=8)), max_size=5)
_TARGETS = st.text("/ab.?=&$%0123456789٣ 가-", max_size=14)


@given(_RULES, st.lists(_TARGETS, min_size=1, max_size=6))
def test_what_is_remembered_of_robots_txt_is_what_the_parser_says(rules, targets):
    text = "\n".join(["User-agent: bot2", "Crawl-delay: 3", *(f"{name}: {value}" for name, value in rules)])
    parser, known = Protego.parse(text), Allowed(text)
    for target in targets:
        url = f"https://www.example.kr/{target}"
        said = parser.can_fetch(url, "bot2")
        assert said or url not in known
        if said:
            known.add(url)


def test_robots_txt_is_asked_again_only_for_an_address_that_differs_in_more_than_numbers():
    plain, numbered = Allowed("User-agent: bot2\nDisallow: /search\n# 2026\n"), Allowed("Disallow: /news/2019\n")
    for one in (plain, numbered):
        one.add("https://www.example.kr/news/view.do?newsId=148930267")
    assert "https://www.example.kr/news/view.do?newsId=1" in plain
    assert "https://www.example.kr/news/view.do?newsId=1" not in numbered
    assert "https://www.example.kr/news/list.do?newsId=1" not in plain
    assert "https://www.example.kr/news/view.do?newsId=148930267" in numbered


@pytest.fixture
def portal(tmp_path: Path) -> Iterator[RunningPortal]:
    with serve(Portal.load(few_articles(tmp_path / "articles", 3))) as running:
        yield running


@pytest.fixture
def watched(portal: RunningPortal, tmp_path: Path) -> Desk:
    return desk(tmp_path / "archive", portal.url, sections=["policy-news"])


def robots(portal: RunningPortal, monkeypatch: pytest.MonkeyPatch, answer: Answer) -> None:
    """Let the replica have another robots.txt."""
    usual = portal.portal.answer

    def answering(request: Request) -> Answer:
        said = usual(request)
        return answer if request.path == "/robots.txt" else said

    monkeypatch.setattr(portal.portal, "answer", answering)


def asked(portal: RunningPortal) -> list[str]:
    return [one.path for one in portal.portal.log if not one.path.startswith("/robots.txt")]


def remembered(watched: Desk) -> dict[str, object]:
    return json.loads((watched.root / "state.json").read_text())["parts"].get("politeness", {})


@pytest.mark.parametrize("status", [503, 403, 302])
def test_a_run_before_the_portals_pause_is_over_asks_nothing_and_says_until_when(
    portal: RunningPortal, watched: Desk, status: int
):
    portal.portal.fail("/news/policyNewsList.do", Fault("status", status=status, retry_after=7200))
    first = watched.run("crawl")
    assert first.code == 5
    assert "before" in first.err
    assert "(KST)" in first.err
    before = len(portal.portal.log)
    portal.portal.heal("/news/policyNewsList.do")
    second = watched.run("crawl")
    assert second.code == 5
    assert "left alone until" in second.err
    assert "(KST)" in second.err
    assert len(portal.portal.log) == before


def test_a_robots_txt_that_begins_to_forbid_is_obeyed_and_said(portal: RunningPortal, watched: Desk, monkeypatch):
    watched.ok("crawl")
    robots(portal, monkeypatch, Answer(f"User-agent: *\nDisallow: {portal.url}/news/\n".encode(), "text/plain"))
    portal.portal.log.clear()
    done = watched.run("crawl", "--recheck", "all")
    assert "Forbidden by robots.txt" in done.err
    assert done.err.count("forbidden by robots.txt; this and all else") == 1
    assert asked(portal) == []


GARBLED = Answer(b"\x1f\x8bno gzip", "application/robots", headers=(("Content-Encoding", "gzip"),))


def led(location: str) -> Answer:
    return Answer(b"", status=302, headers=(("Location", location),))


@pytest.mark.parametrize(
    "answer",
    [
        *(Answer(b"", status=status) for status in (500, 503, 429)),
        GARBLED,
        led("https://example.org/robots.txt"),
        led("/robots.txt"),
    ],
)
def test_without_a_robots_txt_to_be_had_nothing_is_fetched(portal, watched: Desk, monkeypatch, answer: Answer):
    robots(portal, monkeypatch, answer)
    done = watched.run("crawl")
    assert done.code == 5
    assert "robots.txt could not be had" in done.err
    assert asked(portal) == []


@pytest.mark.parametrize(("hours", "times"), [(23.9, 1), (24.1, 2)])
def test_robots_txt_is_asked_for_again_after_a_day_of_one_run_and_then_obeyed(
    portal: RunningPortal, watched: Desk, monkeypatch: pytest.MonkeyPatch, hours: float, times: int
):
    forbids = Answer(f"User-agent: *\nDisallow: {portal.url}/news/\n".encode(), "text/plain")
    later, usual = [timedelta(0)], portal.portal.answer
    monkeypatch.setattr(politeness, "datetime", SimpleNamespace(now=lambda _: datetime.now(UTC) + later[0]))

    def answering(request: Request) -> Answer:
        said = usual(request)
        if "View.do" in request.path:
            later[0] = timedelta(hours=hours)
        return forbids if request.path == "/robots.txt" and later[0] else said

    monkeypatch.setattr(portal.portal, "answer", answering)
    urls = [portal.portal.truth(one)["url"] for one in portal.portal.shown()[:4]]
    done = crawl(watched, portal, urls=tuple(urls))
    assert [path for _, path in done.asked].count("/robots.txt") == times
    looked = [one for one in urls if any(one.endswith(path) for _, path in done.asked)]
    assert looked == (urls if times == 1 else [urls[0], *(one for one in urls[1:] if "/news/" not in one)])


def test_a_robots_txt_that_cannot_be_had_again_ends_the_run(
    portal: RunningPortal, watched: Desk, monkeypatch: pytest.MonkeyPatch
):
    later, usual = [timedelta(0)], portal.portal.answer
    monkeypatch.setattr(politeness, "datetime", SimpleNamespace(now=lambda _: datetime.now(UTC) + later[0]))

    def answering(request: Request) -> Answer:
        if "View.do" in request.path:
            later[0] = timedelta(hours=25)
        return Answer(b"", status=503) if request.path == "/robots.txt" and later[0] else usual(request)

    monkeypatch.setattr(portal.portal, "answer", answering)
    done = crawl(watched, portal, urls=tuple(portal.portal.truth(one)["url"] for one in portal.portal.shown()[:4]))
    assert done.outcome.finish == "robots-unreachable"
    assert len(done.articles) == 1


def test_of_a_robots_txt_that_breaks_off_nobody_knows_what_it_would_forbid(portal: RunningPortal, watched: Desk):
    portal.portal.fail("/robots.txt", Fault("drop"))
    done = watched.run("crawl")
    assert done.code == 5
    assert "robots.txt could not be had" in done.err
    assert asked(portal) == []


@pytest.mark.parametrize(
    "origin", ["https://127.0.0.1:{}", "http://127.0.0.1.:{}", "http://www.korea.kr", "https://m.korea.kr"]
)
def test_a_redirect_to_the_portal_under_another_name_is_followed_there(tmp_path: Path, origin: str):
    with shelf() as shown:
        there = f"{NEWS}&call_from=rsslink"
        shown.shown |= {
            "/robots.txt": "User-agent: *\nAllow: /\n",
            NEWS: (302, {"Location": origin.format(shown.server_port) + there}, b""),
            there: page("도서관이 문을 연다."),
        }
        watched = desk(tmp_path / "archive", shown.url)
        watched.ok("crawl", "--url", shown.url + NEWS)
        assert shown.asked == ["/robots.txt", NEWS, there]
    assert watched.json("status")["outcomes"] == {"read": 1}


@pytest.mark.parametrize("away", ["http://example.org/", "/news/policyNewsList.do"])
def test_of_two_locations_a_crawl_follows_the_one_that_its_capture_keeps(tmp_path: Path, away: str):
    with shelf() as shown:
        there = f"{NEWS}&call_from=rsslink"
        shown.shown |= {
            "/robots.txt": "User-agent: *\nAllow: /\n",
            NEWS: (302, {"Location": shown.url + there, "location": away}, b""),
            there: page("도서관이 문을 연다."),
        }
        watched = desk(tmp_path / "archive", shown.url)
        watched.ok("crawl", "--url", shown.url + NEWS)
        assert shown.asked == ["/robots.txt", NEWS, there]
        with closing(Archive(watched.root).database()) as db:
            assert [one for (one,) in db.execute("SELECT location FROM captures") if one] == [shown.url + there]


def test_a_portal_that_moved_to_another_host_is_said_to_with_what_to_do(tmp_path: Path):
    with shelf() as shown, shelf() as moved:
        shown.shown |= {"/robots.txt": (301, {"Location": f"{moved.url}/robots.txt"}, b"")}
        done = desk(tmp_path / "archive", shown.url).run("crawl")
        assert moved.asked == []
    assert done.code == 5
    led = f"Why: {shown.url}/robots.txt leads to {moved.url}/robots.txt, and a run asks at {shown.url} alone. All that"
    assert led in done.err
    assert done.err.endswith(f"an archive of its own: gochim init --archive another --url {moved.url}\n")


@pytest.mark.parametrize(
    ("at", "location", "said"),
    [
        ("https://www.korea.kr", "https://korea.kr/robots.txt", "another name of the same portal, at which no setting"),
        ("http://replica.example", "/robots.txt", "leads to http://replica.example/robots.txt, and comes to no end."),
    ],
)
def test_where_no_setting_mends_a_move_none_is_named(at: str, location: str, said: str):
    why, then = led_away(addresses.Portal(at), f"{at}/robots.txt", location)
    assert (said in why, then) == (True, "")


def test_a_portal_that_nobody_answers_for_is_said_with_the_reason(tmp_path: Path):
    port = free_port()
    done = desk(tmp_path / "archive", f"http://127.0.0.1:{port}").run("crawl")
    assert done.code == 5
    assert (
        f"until it can, nothing may be fetched (RFC 9309). Why: 127.0.0.1:{port} (127.0.0.1) refused the connection"
        in done.err
    )


@pytest.mark.parametrize("status", [404, 403, 410])
def test_a_robots_txt_that_is_not_there_forbids_nothing(portal, watched: Desk, monkeypatch, status: int):
    robots(portal, monkeypatch, Answer(b"User-agent: *\nDisallow: /\n", status=status))
    watched.ok("crawl")
    assert len(asked(portal)) > 3


def test_firewall_pages_with_status_200_end_the_run_early(portal: RunningPortal, watched: Desk, monkeypatch):
    many = desk(watched.root.parent / "many", portal.url)
    many.ok("crawl")
    for article in portal.portal.shown():
        portal.portal.fail(article, Fault("firewall"))
    portal.portal.log.clear()
    done = many.run("crawl", "--recheck", "all")
    assert done.code == 5
    assert "refused" in done.err
    assert len([path for path in asked(portal) if "View.do" in path]) < len(portal.portal.shown())
    assert float(str(remembered(many)["slowdown"])) > 8


def test_firewall_pages_in_the_places_of_lists_end_the_run_early(portal: RunningPortal, tmp_path: Path):
    every = desk(tmp_path / "archive", portal.url, sections=list(SECTIONS))
    portal.portal.switches.blocked = True
    done = every.run("crawl")
    assert done.code == 5
    assert "refused several requests in a row" in done.err
    assert len(asked(portal)) == FAILURES_IN_A_ROW
    assert float(str(remembered(every)["slowdown"])) > 8


def test_one_blocked_article_among_good_ones_does_not_end_the_run(portal: RunningPortal, watched: Desk):
    watched.ok("crawl")
    articles = [one for one in portal.portal.shown() if any(f"={one}" in path for path in asked(portal))]
    portal.portal.fail(articles[0], Fault("firewall"))
    portal.portal.log.clear()
    watched.ok("crawl", "--recheck", "all")
    looked = [one for one in articles if any(f"={one}" in path for path in asked(portal))]
    assert len(articles) > 1
    assert looked == articles
    checks = {one: watched.json("history", one)["checks"][-1]["outcome"] for one in articles}
    assert checks == {one: "blocked" if one == articles[0] else "read" for one in articles}
    assert watched.json("changes") == []
    assert remembered(watched)["last_trouble"]["what"] == "firewall"


@pytest.mark.parametrize(("between", "ends"), [(404, None), (301, None), (None, "blocked")])
def test_a_page_that_is_not_there_shows_that_the_portal_answers(between: int | None, ends: str | None):
    crawler = Crawler(Spider)
    patience, page = Patience(crawler), ScrapyRequest("http://127.0.0.1/news/policyNewsView.do?newsId=1")
    row = [503] * (FAILURES_IN_A_ROW - 1)
    for status in (*row, *([between] if between else []), *row):
        patience.process_response(page, Response(page.url, status=status))
    assert ongoing(crawler).ending == ends


def test_of_several_pauses_asked_for_the_longest_is_kept():
    crawler = Crawler(Spider)
    page = ScrapyRequest("http://127.0.0.1/news/policyNewsView.do?newsId=1")
    answer = Response(page.url, status=503, headers={"Retry-After": ["120", "soon", "3"]})
    Patience(crawler).process_response(page, answer)
    assert ongoing(crawler).pause() > 100


def test_a_pause_too_long_to_wait_for_is_told_in_korean_time():
    crawler = Crawler(Spider)
    page = ScrapyRequest("http://127.0.0.1/news/policyNewsView.do?newsId=1")
    Patience(crawler).process_response(page, Response(page.url, status=503, headers={"Retry-After": "86400"}))
    until = ongoing(crawler).pace.not_before
    assert until is not None
    with pytest.raises(NotAsked, match=re.escape(f"left alone until {kst(until)}.")):
        ongoing(crawler).pause()


def test_a_pause_that_comes_with_a_page_is_none():
    crawler = Crawler(Spider)
    page = ScrapyRequest("http://127.0.0.1/news/policyNewsView.do?newsId=1")
    Patience(crawler).process_response(page, Response(page.url, status=200, headers={"Retry-After": "280"}))
    assert ongoing(crawler).pause() == 0


def test_what_another_host_answers_says_nothing_of_the_portal():
    crawler = Crawler(Spider)
    patience, api = Patience(crawler), ScrapyRequest("http://127.0.0.1:1/api", meta={"aside": True})
    for _ in range(FAILURES_IN_A_ROW):
        patience.process_response(api, Response(api.url, status=503, headers={"Retry-After": "280"}))
        patience.process_exception(api, ConnectionError())
    assert (ongoing(crawler).ending, ongoing(crawler).pause(), ongoing(crawler).pace.slowdown) == (None, 0, 1)


@pytest.mark.parametrize("fault", [Fault("status", status=500), Fault("stall", seconds=0)], ids=["an error", "hung up"])
def test_two_articles_whose_pages_are_broken_for_good_do_not_end_the_run(
    portal: RunningPortal, watched: Desk, fault: Fault
):
    watched.ok("crawl")
    articles = [one for one in portal.portal.shown() if any(f"={one}" in path for path in asked(portal))]
    for article in articles:
        portal.portal.fail(article, fault)
    portal.portal.log.clear()
    watched.ok("crawl", "--recheck", "all")
    looked = [sum(f"={article}" in path for path in asked(portal) if "View.do" in path) for article in articles]
    # A connection that was kept and is hung up asks once more on a new one.
    assert min(looked) == 3
    assert max(looked) <= 4


def test_a_crawl_delay_holds_for_all_requests(portal: RunningPortal, watched: Desk, monkeypatch):
    robots(portal, monkeypatch, Answer(b"User-agent: *\nCrawl-delay: 0.3\n", "text/plain"))
    watched.ok("crawl", "--max-requests", "5")
    with closing(Archive(watched.root).database()) as db:
        asked_at = db.execute("SELECT captured_at FROM captures ORDER BY captured_at").fetchall()
    times = [datetime.fromisoformat(at) for (at,) in asked_at]
    assert len(times) == len(portal.portal.log) == 5
    gaps = [(after - before).total_seconds() for before, after in itertools.pairwise(times)]
    assert min(gaps[1:]) >= 0.28


@pytest.mark.parametrize(("status", "times"), [(503, 1), (500, 2)])
def test_what_waits_for_its_turn_when_the_portal_asks_to_be_left_alone_waits_with_all_others(
    portal: RunningPortal, tmp_path: Path, status: int, times: int
):
    busy, *others = portal.portal.shown()[:5]
    portal.portal.fail(busy, Fault("status", status=status, retry_after=1, times=times))
    watched = desk(tmp_path / "archive", portal.url, delay=0.1, concurrency=4, attachments=False, images=False)
    urls = [portal.portal.truth(one)["url"] for one in (busy, *others)]
    watched.ok("crawl", *itertools.chain.from_iterable(("--url", one) for one in urls))
    log = portal.portal.log
    last = [number for number, one in enumerate(log) if busy in one.path][times - 1]
    # One may have been on its way.
    assert all((one.at - log[last].at).total_seconds() > 0.9 for one in log[last + 2 :])
    assert log[last + 2 :]


def settled(process: subprocess.Popen[str]) -> None:
    """Wait until a process has done what it can and sleeps: for half a second it asks for no time of the processor."""
    calm, before = 0, ""
    while calm < 10:
        assert process.poll() is None
        state, *rest = Path(f"/proc/{process.pid}/stat").read_text(encoding="utf-8").rpartition(") ")[2].split()
        used = f"{rest[10]} {rest[11]}"
        calm = calm + 1 if (state, used) == ("S", before) else 0
        before = used
        time.sleep(0.05)


def test_a_run_that_waits_to_ask_for_robots_txt_ends_at_once_when_it_is_interrupted(portal, watched: Desk):
    watched.ok("crawl", "--max-requests", "3")
    path = watched.root / "state.json"
    state = json.loads(path.read_text())
    until = datetime.now(UTC) + timedelta(seconds=280)
    state["parts"]["politeness"] = {"not_before": until.isoformat(timespec="seconds")}
    path.write_text(json.dumps(state))
    portal.portal.log.clear()
    process = watched.start("crawl")
    settled(process)
    process.send_signal(signal.SIGTERM)
    _, err = process.communicate(timeout=120)
    assert (process.returncode, portal.portal.log) == (5, [])
    assert "interrupted" in err
    watched.ok("verify")


@pytest.mark.parametrize("wait", ["Crawl-delay", "Retry-After"])
@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_a_run_that_waits_for_its_time_ends_at_once_when_it_is_interrupted(
    portal: RunningPortal, watched: Desk, monkeypatch, wait: str, number: signal.Signals
):
    whole, waiting = portal.portal.shown()[:2]
    if wait == "Retry-After":
        portal.portal.fail(waiting, Fault("status", status=503, retry_after=280))
    urls = [portal.portal.truth(one)["url"] for one in (whole, waiting)]
    if wait == "Crawl-delay":
        watched.ok("crawl", "--url", urls[0])
        robots(portal, monkeypatch, Answer(b"User-agent: *\nCrawl-delay: 280\n", "text/plain"))
    portal.portal.log.clear()
    process = watched.start("crawl", *itertools.chain.from_iterable(("--url", one) for one in urls))
    awaited = "/robots.txt" if wait == "Crawl-delay" else waiting
    while not any(awaited in one.path for one in portal.portal.log):
        time.sleep(0.05)
    settled(process)
    process.send_signal(number)
    _, err = process.communicate(timeout=120)
    assert (process.returncode, "Traceback" in err) == (5, False)
    assert "interrupted" in err
    assert not list((watched.root / "warc").glob("*.open"))
    assert watched.json("status")["counts"]["articles"] == 1
    watched.ok("verify")
