"""The outage drill: the portal fails in every way it can, comes back, and not one removal or edit is invented."""

from __future__ import annotations

import itertools
import json
import re
from collections.abc import Callable, Iterator
from contextlib import closing
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner

from cli.main import gochim
from crawler.sections import SECTIONS
from replica.actions import AddBlock
from replica.article import Block
from replica.events import Remove
from replica.exchange import Answer
from replica.portal import Portal
from replica.server import serve
from storage import captures
from storage.archive import Archive
from storage.judgements import WHOLE
from storage.records import iso
from tests.drill import BASE, Drill, page
from tests.runs import Desk, Done, desk, few_articles

numbers = itertools.count()
BOARD = """<!doctype html><html lang="ko"><head><meta charset="utf-8"><title>대한민국 정책브리핑</title></head><body>
<h1>서비스 이용 안내</h1><p>화재로 누리집을 쓸 수 없습니다. 급한 소식은 이 자리에 올립니다.</p><p>열람 {}회</p>
</body></html>"""
EMPTY = (
    '<!doctype html><html><body><div class="list_type"><p class="no_data">게시물이 없습니다.</p></div></body></html>'
)


def is_list(url: str) -> bool:
    return "List.do" in url


WEATHERS: dict[str, Callable[[str], Answer | str]] = {
    "503 everywhere": lambda url: page(503, "Service Unavailable"),
    "nobody listens": lambda url: "down",
    "a notice in every page's place": lambda url: page(200, BOARD.format(next(numbers))),
    "a notice that says not found": lambda url: page(
        200, "<html><body><p>페이지를 찾을 수 없습니다.</p></body></html>"
    ),
    "404 everywhere": lambda url: page(404, "<h1>404</h1>"),
    "410 everywhere": lambda url: page(410),
    "404 and empty lists": lambda url: page(200, EMPTY) if is_list(url) else page(404),
    "all lead to the front page": lambda url: page(302, headers=(("Location", f"{BASE}/main.do"),)),
    "all lead to the front page, by http again": lambda url: page(301, headers=(("Location", "/"),)),
}


@pytest.fixture(scope="module")
def begun(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Drill]:
    """Two looks at a portal that is well; each test goes on from them in a copy."""
    made = Drill(tmp_path_factory.mktemp("begun"))
    assert made.run() == []
    assert made.run() == []
    yield made
    made.db.close()


@pytest.fixture
def drill(begun: Drill, tmp_path: Path) -> Iterator[Drill]:
    made = begun.again(tmp_path)
    yield made
    made.db.close()


@pytest.mark.parametrize("weather", WEATHERS)
def test_an_outage_is_no_removal_and_is_told_from_its_first_look_on(drill: Drill, weather: str):
    well_until = drill.now
    drill.weather = WEATHERS[weather]
    assert [drill.run(hours=hours) for hours in (20, 30, 60)] == [[], [], []]
    (outage,) = drill.episodes()
    assert (outage["kind"], outage["section"], outage["runs"]) == ("outage", WHOLE, 3)
    assert outage["well_until"] <= iso(well_until) < outage["since"]
    assert outage["over_since"] is None
    assert {row[0] for row in drill.db.execute("SELECT state FROM articles")} == {"live"}
    drill.weather = lambda url: None
    assert drill.run() == []
    assert drill.episodes()[0]["over_since"] > outage["last_look"]
    assert drill.kinds() == []


@pytest.mark.parametrize("weather", WEATHERS)
def test_a_real_removal_is_found_after_the_outage(drill: Drill, weather: str):
    drill.weather = WEATHERS[weather]
    drill.run()
    drill.weather = lambda url: None
    drill.run()
    url = next(iter(drill.articles))
    Remove(drill.articles[url]).apply(drill.portal.state)
    (found,) = drill.run()
    assert (found.kind, found.article) == ("removed", drill.articles[url])
    assert [one["state"] for one in drill.states(url)] == ["live", "removed"]


def test_a_removal_before_the_outage_stays_one_and_one_during_it_is_found_after_it(drill: Drill):
    before, during = list(drill.articles)[:2]
    Remove(drill.articles[before]).apply(drill.portal.state)
    assert [one.kind for one in drill.run()] == ["removed"]
    drill.weather = WEATHERS["404 everywhere"]
    Remove(drill.articles[during]).apply(drill.portal.state)
    assert drill.run() == drill.run() == []
    drill.weather = lambda url: None
    assert [(one.kind, one.article) for one in drill.run()] == [("removed", drill.articles[during])]


def test_absences_before_and_after_an_outage_are_of_one_count(tmp_path: Path):
    drill = Drill(tmp_path, removal_checks=3, removal_days=2)
    drill.run()
    url = next(iter(drill.articles))
    Remove(drill.articles[url]).apply(drill.portal.state)
    assert drill.run() == drill.run() == []
    drill.weather = WEATHERS["404 everywhere"]
    assert drill.run() == drill.run() == []
    (state,) = drill.states(url)[1:]
    assert (state["state"], state["looks"], state["absent"]) == ("suspect", 4, 2)
    drill.weather = lambda url: None
    (found,) = drill.run()
    assert found.kind == "removed"
    *_, state = drill.states(url)
    assert (state["state"], state["looks"], state["absent"]) == ("removed", 5, 3)


def test_the_history_says_which_absences_do_not_count_and_why(drill: Drill):
    name = next(iter(drill.articles.values()))
    drill.weather = WEATHERS["404 everywhere"]
    drill.run()
    asked = ["history", name, "--archive", str(drill.archive.root)]
    told = CliRunner().invoke(gochim, asked, catch_exceptions=False).output
    assert re.search(r"gone +404 +\(does not count: the portal was out\)", told)
    looks = json.loads(CliRunner().invoke(gochim, [*asked, "--format", "json"], catch_exceptions=False).output)
    assert [(one["outcome"], one["held"]) for one in looks["checks"]] == [
        ("read", None), ("read", None), ("gone", "outage"),
    ]  # fmt: skip


@pytest.mark.parametrize("status", [404, 410, 503])
@pytest.mark.parametrize("number", [6, 2])
def test_a_section_that_is_missing_after_the_return_is_no_removal(tmp_path: Path, status: int, number: int):
    drill = Drill(tmp_path, number)
    drill.run()
    gone = drill.section("briefing")
    drill.weather = lambda url: page(status) if url in gone or ("riefing" in url and "List" in url) else None
    assert [drill.run() for _ in range(3)] == [[], [], []]
    (outage,) = drill.episodes()
    assert (outage["section"], outage["kind"], outage["over_since"]) == ("briefing", "outage", None)
    drill.weather = lambda url: None
    assert drill.run() == []
    assert drill.episodes()[0]["over_since"] is not None


def test_a_run_of_few_looks_is_judged_by_the_day_before_it(drill: Drill):
    drill.weather = WEATHERS["404 everywhere"]
    drill.run(hours=1)
    for url in list(drill.articles)[:4]:
        assert drill.run(articles=[url], hours=3, lists=False) == []
    assert drill.kinds() == []


def test_few_looks_count_when_the_day_before_them_was_well(drill: Drill):
    url = next(iter(drill.articles))
    Remove(drill.articles[url]).apply(drill.portal.state)
    assert [one.kind for one in drill.run(articles=[url], hours=3)] == ["removed"]


def test_silent_lists_tell_of_an_outage_however_few_the_looks(tmp_path: Path):
    drill = Drill(tmp_path, 1)
    drill.run()
    drill.weather = WEATHERS["404 and empty lists"]
    assert drill.run(hours=48) == []
    assert [one["section"] for one in drill.episodes()] == [WHOLE]


def test_one_of_three_articles_may_be_removed(tmp_path: Path):
    drill = Drill(tmp_path, 1)
    drill.articles = dict(list(drill.articles.items())[:3])
    drill.run()
    url = next(iter(drill.articles))
    drill.weather = lambda asked: page(404) if asked == url else None
    assert [one.kind for one in drill.run()] == ["removed"]


def test_half_of_the_articles_may_be_removed_and_not_more(drill: Drill):
    sections = {drill.addresses.address(url).section for url in drill.articles}
    half = [url for name in sections for url in drill.section(name)[: len(drill.section(name)) // 2]]
    drill.weather = lambda url: page(404) if url in half else None
    assert len(drill.run()) == len(half)
    assert drill.episodes() == []


def watching(root: Path, articles: int, **settings: Any) -> Drill:
    """Two looks at so many articles of a portal that is well, as near as can be the same number of each section."""
    drill = Drill(root, **settings)
    one_each = [drill.section(name) for name in SECTIONS]
    dealt = [url for row in itertools.zip_longest(*one_each) for url in row if url]
    drill.articles = {url: drill.articles[url] for url in dealt[:articles]}
    assert len(drill.articles) == articles
    assert drill.run() == drill.run() == []
    return drill


@pytest.mark.parametrize(("looks", "removed"), [(4, 4), (5, 0)])
def test_of_four_looks_that_fail_each_counts_and_of_five_none(tmp_path: Path, looks: int, removed: int):
    drill = watching(tmp_path, looks)
    drill.weather = lambda url: page(404) if url in drill.articles else None
    assert len(drill.run()) == removed
    assert len(drill.episodes()) == (not removed)


@pytest.mark.parametrize(("failed", "removed"), [(4, 4), (5, 0)])
def test_half_of_all_looks_may_fail_and_one_more_may_not(tmp_path: Path, failed: int, removed: int):
    drill = watching(tmp_path, 8)
    gone = list(drill.articles)[:failed]
    drill.weather = lambda url: page(404) if url in gone else None
    assert len(drill.run()) == removed
    assert len(drill.episodes()) == (not removed)


@pytest.mark.parametrize(("failed", "removed"), [(4, 4), (5, 0)])
def test_four_in_five_looks_at_a_section_may_fail_and_all_five_may_not(tmp_path: Path, failed: int, removed: int):
    drill = Drill(tmp_path, 9)
    section = drill.section("policy-news")[:5]
    others = [url for url in drill.articles if url not in drill.section("policy-news")][:6]
    drill.articles = {url: drill.articles[url] for url in (*section, *others)}
    assert (len(section), len(others), drill.run(), drill.run()) == (5, 6, [], [])
    drill.weather = lambda url: page(404) if url in section[:failed] else None
    assert len(drill.run()) == removed
    assert [one["section"] for one in drill.episodes()] == ([] if removed else ["policy-news"])


def test_an_outage_is_over_with_the_first_run_of_whose_own_looks_no_more_than_half_fail(drill: Drill):
    drill.weather = WEATHERS["404 everywhere"]
    drill.run()
    well, gone = list(drill.articles)[:2]
    drill.weather = lambda url: page(404) if url == gone else None
    assert [one.article for one in drill.run(articles=[well, gone], hours=1, lists=False)] == [drill.articles[gone]]
    (outage,) = drill.episodes()
    assert (outage["runs"], outage["over_since"] is not None) == (1, True)


def test_an_article_that_one_of_its_addresses_shows_is_not_out(tmp_path: Path):
    drill = watching(tmp_path, 6, removal_checks=3, removal_days=2)
    others = [f"{url}&call_from=rsslink" for url in drill.articles]
    drill.weather = lambda url: page(404) if url in others else None
    assert drill.run(articles=[*drill.articles, *others]) == []
    assert drill.episodes() == []


def test_one_silent_list_among_others_makes_no_outage_of_a_removal(tmp_path: Path):
    drill = watching(tmp_path, 4)
    gone = next(url for url in drill.articles if url not in drill.section("briefing"))
    lists = [BASE + one.path for one in SECTIONS["briefing"].entries()]
    drill.weather = lambda url: page(404) if url == gone else page(200, EMPTY) if url in lists else None
    assert [one.kind for one in drill.run(articles=[gone], hours=48)] == ["removed"]
    assert drill.episodes() == []


def test_of_lists_that_were_not_asked_it_is_not_said_that_they_are_silent(begun: Drill):
    listed = {row["section"]: row["rows"] for row in begun.db.execute("SELECT section, rows FROM listings")}
    assert listed["briefing"] > 0
    assert listed["speech"] == 0
    assert "ministry-news" not in listed  # Its page leads to the ministries' lists, of which the drill asks none.


def test_a_run_cut_short_by_a_firewall_claims_nothing(drill: Drill):
    urls = list(drill.articles)
    drill.weather = lambda url: page(404) if url in urls[:2] else page(403, "Access Denied")
    assert drill.run(articles=urls[:6]) == []
    assert drill.episodes()[0]["outcomes"] == {"gone": 2, "blocked": 4}


def test_pages_all_of_a_new_shape_are_a_site_change_and_no_outage(drill: Drill):
    def redesigned(url: str) -> Answer | None:
        if url not in drill.articles:
            return None
        title = drill.portal.truth(drill.articles[url])["title"]
        return page(
            200, f"<html><body><x-page><x-title>{title}</x-title><x-text>글이다.</x-text></x-page></body></html>"
        )

    drill.weather = redesigned
    assert drill.run() == drill.run() == []
    (change,) = drill.episodes()
    assert (change["kind"], change["section"], change["runs"]) == ("site-change", WHOLE, 2)


@pytest.mark.parametrize("other", [page(404), page(200, BOARD.format(1))], ids=["gone", "a notice"])
@pytest.mark.parametrize(("titled", "kind"), [(3, "outage"), (4, "site-change")])
def test_more_than_half_of_the_pages_bear_their_titles_where_they_are_only_of_a_new_shape(
    tmp_path: Path, other: Answer, titled: int, kind: str
):
    drill = watching(tmp_path, 6)
    shown = list(drill.articles)[:titled]
    title = {url: drill.portal.truth(name)["title"] for url, name in drill.articles.items()}
    drill.weather = lambda url: (
        page(200, f"<html><body><x-page>{title[url]}</x-page></body></html>")
        if url in shown
        else other
        if url in title
        else None
    )
    assert drill.run() == []
    assert [one["kind"] for one in drill.episodes()] == [kind]


def test_whether_its_list_still_has_an_absent_article_is_noted(drill: Drill):
    gone, still = drill.section("fact-check")[:2]
    Remove(drill.articles[gone]).apply(drill.portal.state)
    drill.weather = lambda url: page(404) if url == still else None
    drill.run()
    listed = {row["article"]: row["listed"] for row in drill.db.execute("SELECT article, listed FROM absences")}
    assert listed == {drill.articles[still]: 1, drill.articles[gone]: 0}


@pytest.mark.parametrize(("lowest", "listed"), [("2026.08.25", 0), ("2026.08.31", 0), ("2026.09.01", None)], ids=str)
def test_an_article_is_off_its_list_where_the_list_goes_back_beyond_its_day(
    drill: Drill, lowest: str, listed: int | None
):
    """On the last day that a list shows it may have rows which did not fit."""
    day = {url: drill.portal.truth(drill.articles[url])["published"][:10] for url in drill.section("briefing")}
    newest, gone, oldest = sorted(day, key=day.__getitem__, reverse=True)
    assert (day[newest], day[gone], day[oldest]) == ("2026-09-08", "2026-09-01", "2026-08-25")
    Remove(drill.articles[gone]).apply(drill.portal.state)
    first, home = (BASE + one.path for one in SECTIONS["briefing"].entries())
    shown = drill._answer(first)
    further_back = replace(shown, body=re.sub(rb"2026\.08\.\d\d", lowest.encode(), shown.body))
    drill.weather = {first: further_back, home: page(200, EMPTY)}.get
    drill.run()
    ((article, said),) = drill.db.execute("SELECT article, listed FROM absences")
    assert (article, said) == (drill.articles[gone], listed)


def stormy(drill: Drill) -> None:
    """Let runs of every kind happen: edits, removals, outages of the whole and of a part, few looks and many."""
    urls = list(drill.articles)
    for number, (weather, some) in enumerate(
        [(None, None), ("404 everywhere", urls[:3]), ("404 everywhere", None), (None, urls[4:6]), (None, None),
         ("nobody listens", None), ("404 and empty lists", urls[2:4]), (None, None)]
    ):  # fmt: skip
        drill.weather = WEATHERS[weather] if weather else lambda url: None
        if number in {2, 4}:
            Remove(drill.articles[urls[number]]).apply(drill.portal.state)
        drill.capture(articles=some, hours=5)


def test_a_rebuild_ends_in_the_same_judgements_states_and_changes(tmp_path: Path):
    drill = Drill(tmp_path, 3)
    drill.capture()
    drill.catch_up()
    stormy(drill)
    drill.catch_up()
    made = drill.all_that_is_made()
    assert made["judgements"]
    assert made["absences"]
    assert drill.kinds().count("removed") == 2
    assert drill.rebuilt() == made


def test_judging_after_every_run_ends_as_judging_once(tmp_path: Path):
    made = []
    for number in range(2):
        drill = Drill(tmp_path / str(number), 3)
        drill.capture()
        whole = drill.capture
        drill.capture = lambda whole=whole, drill=drill, number=number, **given: (  # type: ignore[method-assign]
            whole(**given),
            drill.catch_up() if number else None,
        )
        stormy(drill)
        drill.catch_up()
        made.append({name: len(rows) for name, rows in drill.all_that_is_made().items()})
    assert made[0] == made[1]


def told(drill: Drill, *words: str) -> str:
    """Run a command in this process."""
    drill.db.commit()
    done = CliRunner().invoke(gochim, [*words, "--archive", str(drill.archive.root)])
    assert done.exit_code == 0, done.output
    return done.output


def test_status_says_the_outage_from_when_and_when_it_is_over(drill: Drill):
    drill.weather = WEATHERS["404 everywhere"]
    drill.run()
    status = json.loads(told(drill, "status", "--format", "json"))
    (outage,) = status["outages"]
    assert outage == drill.episodes()[0]
    assert any(line.startswith("Outage since ") and "the whole portal" in line for line in status["wrong"])
    assert any("policy-news gives no article" in line for line in status["wrong"])
    drill.weather = lambda url: None
    drill.run()
    status = json.loads(told(drill, "status", "--format", "json"))
    assert not any("Outage" in line or "policy-news" in line for line in status["wrong"])
    assert "policy-news" not in {one["section"] for one in status["blind_sections"]}
    text = told(drill, "status")
    assert "over since" in text
    assert f"  {status['unread_attachments']} attachments are unread\n" in text


def test_under_cron_a_run_says_what_it_met_at_many_articles_and_says_it_once(tmp_path: Path):
    with serve(Portal.load(few_articles(tmp_path / "articles", 6))) as portal:
        watched = desk(tmp_path / "archive", portal.url, attachments=False, images=False)
        look = ("crawl", "-q", "--recheck", "all")
        assert watched.run(*look) == Done(0, "", "")
        for one in portal.portal.state.visible():
            if one.section == "briefing":
                AddBlock(one.id, 0, Block("paragraph", "이 글은 새 누리집으로 옮겨 실은 것이다.")).apply(
                    portal.portal.state
                )
        held = watched.run(*look)
        assert (held.code, held.out, held.err.count("\n")) == (0, "", 1)
        assert re.match(r"gochim: \d articles of briefing changed in the same way at .*: held, not told as", held.err)
        portal.portal.switches.template = "next"
        met = watched.run(*look)
        assert (met.code, met.out, met.err.count("\n")) == (0, "", 1)
        assert met.err.startswith("gochim: Site change since ")
        assert watched.run(*look) == Done(0, "", "")
        # What a run says, the state of the archive says for as long as it lasts.
        wrong = watched.json("status")["wrong"]
        assert all(any(line.startswith(one.err[8:60]) for line in wrong) for one in (held, met))


def out_by_sql(archive: Desk) -> list[tuple[Any, ...]]:
    with closing(Archive(archive.root).database()) as db:
        query = "SELECT run, section, verdict, looks, outcomes FROM outages ORDER BY first_look, section"
        return [tuple(row) for row in db.execute(query)]


@pytest.mark.parametrize(("turned", "seen"), [({"outage": "503"}, "unreachable"), ({"blocked": True}, "blocked")])
def test_a_portal_that_answers_no_run_is_out_from_the_first_of_them_on(tmp_path: Path, turned, seen: str):
    with serve(Portal.load(few_articles(tmp_path / "articles", 1))) as portal:
        watched = desk(tmp_path / "archive", portal.url, sections=list(SECTIONS))
        watched.ok("crawl", "--section", "policy-news")
        for name, value in turned.items():
            portal.portal.switches.turn(name, value)
        assert watched.run("crawl").code == 5
        assert watched.json("status")["outages"] == out_by_sql(watched) == []
        assert watched.run("crawl").code == 5
        status = watched.json("status")
        (outage,) = status["outages"]
        second, first, well = status["runs"]
        assert (outage["section"], outage["since"], outage["runs"]) == (WHOLE, first["started_at"], 2)
        assert outage["well_until"] == well["ended_at"]
        assert outage["outcomes"] == {seen: first["requests"] + second["requests"]}
        assert out_by_sql(watched) == [
            (one["run"], WHOLE, "outage", 0, json.dumps({seen: one["requests"]}, separators=(",", ":")))
            for one in (first, second)
        ]
        before = out_by_sql(watched)
        assert any(line.startswith("Outage since ") for line in status["wrong"])
        portal.portal.switches.outage, portal.portal.switches.blocked = "none", False
        watched.ok("crawl", "--section", "policy-news")
    status = watched.json("status")
    assert [one["over_since"] for one in status["outages"]] == [status["runs"][0]["started_at"]]
    assert out_by_sql(watched) == before
    assert not any("Outage" in line for line in status["wrong"])
    watched.ok("rebuild")
    assert out_by_sql(watched) == before
    anew = watched.json("status")
    assert (anew["runs"], anew["outages"]) == (status["runs"], status["outages"])
    watched.ok("verify")


def test_status_counts_the_pages_that_no_layout_recognises(drill: Drill):
    drill.weather = lambda url: (
        page(200, "<html><body><p>새 모양의 쪽이다.</p></body></html>") if "View.do" in url else None
    )
    drill.run()
    status = json.loads(told(drill, "status", "--format", "json"))
    assert sum(one["articles"] for one in status["unrecognised"]) == len(drill.articles)
    (capture, *_) = status["unrecognised"][0]["captures"]
    assert captures.by_id(drill.db, capture).status == 200
    assert any(str(capture) in line and "no layout recognises" in line for line in status["wrong"])


def test_history_says_each_state_as_it_was_seen(drill: Drill):
    url = next(iter(drill.articles))
    Remove(drill.articles[url]).apply(drill.portal.state)
    drill.run()
    drill.run()
    said = told(drill, "history", drill.articles[url])
    assert "removed: absent in 2 of 2 looks since " in said
    assert said.splitlines()[2].endswith(" (KST), off its list in 2 of these")
    states = json.loads(told(drill, "history", drill.articles[url], "--format", "json"))["states"]
    assert [(one["state"], one["listed"], one["unlisted"]) for one in states] == [("live", 0, 0), ("removed", 0, 2)]
    assert states[-1]["evidence"]["captured_at"] == states[-1]["reached"]


def test_a_suspicion_that_a_removal_confirms_is_told_to_a_reader_once(tmp_path: Path):
    drill = Drill(tmp_path, removal_checks=2, removal_days=0)
    drill.run()
    url = next(iter(drill.articles))
    Remove(drill.articles[url]).apply(drill.portal.state)
    drill.run()
    assert "suspect: absent in 1 of 1 look since " in told(drill, "history", drill.articles[url])
    drill.run()
    said = told(drill, "history", drill.articles[url])
    assert "suspect" not in said
    assert "removed: absent in 2 of 2 looks since " in said
    states = json.loads(told(drill, "history", drill.articles[url], "--format", "json"))["states"]
    assert [one["state"] for one in states] == ["live", "suspect", "removed"]
    drill.db.close()
