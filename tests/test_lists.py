"""Lists are walked to their end, once: newest first, then back month by month, whatever the portal makes of filters."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import closing
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest

import replica.listing
from crawler.asked import Asked, Ministries
from crawler.list_page import Row
from replica.portal import Portal
from replica.server import RunningPortal, serve
from replica.state import Fault
from replica.switches import Switches
from storage import judgements
from storage.archive import Archive
from storage.state import State
from tests.crawls import Crawled, crawl
from tests.runs import Desk, desk

SECTIONS = ["press-release", "policy-news"]


@pytest.fixture
def portal() -> Iterator[RunningPortal]:
    with serve(Portal.load(switches=Switches(page_size=3))) as running:
        yield running


@pytest.fixture
def watched(portal: RunningPortal, tmp_path: Path) -> Desk:
    return desk(tmp_path / "archive", portal.url, sections=SECTIONS, attachments=False, images=False)


def of_sections(portal: RunningPortal, since: str = "") -> set[str]:
    return {one.id for one in portal.portal.state.visible() if one.section in SECTIONS and one.day.isoformat() >= since}


def held(archive: Desk) -> set[str]:
    db = Archive(archive.root).database()
    found = {row["article"] for row in db.execute("SELECT article FROM articles")}
    db.close()
    return found


def walks(archive: Desk) -> dict:
    return State.load(archive.root / "state.json").part("walks")


def test_the_second_run_turns_only_the_first_pages(portal: RunningPortal, watched: Desk):
    first = crawl(watched, portal)
    assert held(watched) == of_sections(portal)
    second = crawl(watched, portal)
    assert second.articles == []
    assert second.count("/briefing/pressReleaseList.do") < first.count("/briefing/pressReleaseList.do")


def test_a_walk_cut_short_goes_on_where_it_stopped_and_fetches_nothing_twice(portal: RunningPortal, watched: Desk):
    fetched: list[str] = []
    runs = 0
    while (held(watched) if runs else set()) != of_sections(portal):
        done = crawl(watched, portal, max_requests=25)
        fetched += done.articles
        runs += 1
        assert runs < 30
    assert runs > 3
    # Only the look that the budget cut in the middle is begun anew.
    assert len(fetched) - len(set(fetched)) <= runs


def back(archive: Desk, portal: RunningPortal, **given) -> list[Crawled]:
    """Crawl with a small budget until a run has nothing left to do."""
    runs: list[Crawled] = []
    while not runs or runs[-1].outcome.finish == "budget":
        runs.append(crawl(archive, portal, **given))
        assert len(runs) < 60
    return runs


def test_old_articles_are_reached_by_walking_dates_back(portal: RunningPortal, watched: Desk):
    runs = back(watched, portal, since="2015-01-01", max_requests=40)
    assert held(watched) == of_sections(portal, "2015-01-01")
    fetched = [one for run in runs for one in run.articles]
    assert len(fetched) - len(set(fetched)) <= len(runs)
    assert len(runs) > 2
    last = crawl(watched, portal, since="2015-01-01")
    assert last.articles == []
    assert len(last.asked) < 10


def test_a_list_that_ignores_dates_is_walked_back_by_its_pages(portal: RunningPortal, watched: Desk):
    portal.portal.switches.filters = "ignored"
    runs = back(watched, portal, since="2026-09-01", max_requests=60)
    assert held(watched) == of_sections(portal, "2026-09-01")
    fetched = [one for run in runs for one in run.articles]
    assert len(fetched) - len(set(fetched)) <= len(runs)
    assert walks(watched)["/briefing/pressReleaseList.do"]["dates"] == "ignored"
    assert crawl(watched, portal, since="2026-09-01").articles == []


def test_a_list_that_ignores_page_numbers_is_said(
    portal: RunningPortal, watched: Desk, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr(replica.listing, "_number", lambda text: 1)
    done = crawl(watched, portal)
    assert len(held(watched)) == 6
    assert any("pressReleaseList.do" in one and "seen before" in one for one in done.outcome.problems)
    assert done.count("/briefing/pressReleaseList.do") <= 4


def test_a_list_that_turns_pages_by_get_alone_is_walked_so(portal: RunningPortal, watched: Desk):
    portal.portal.switches.paging = "get"
    done = crawl(watched, portal)
    assert held(watched) == of_sections(portal)
    assert done.outcome.problems == ()
    assert walks(watched)["/briefing/pressReleaseList.do"]["paging"] == "get"


def test_between_two_days_only_these_are_looked_at(portal: RunningPortal, watched: Desk):
    runs = back(watched, portal, since="2026-10-01", until="2026-10-31")
    wanted = {
        one for one in of_sections(portal, "2026-10-01") if portal.portal.state.articles[one].day <= date(2026, 10, 31)
    }
    assert held(watched) == wanted != set()
    assert len(crawl(watched, portal, since="2026-10-01", until="2026-10-31").asked) < 6
    assert len(runs) == 1


def test_up_to_a_day_all_that_lists_show_is_looked_at_however_old(portal: RunningPortal, watched: Desk):
    """The form of a list comes with a first day, a year ago: posted back as it is, it would hide what is older."""
    crawl(watched, portal, until="2026-10-31")
    days = {one: portal.portal.state.articles[one].day for one in of_sections(portal)}
    wanted = {one for one, day in days.items() if day <= date(2026, 10, 31)}
    assert held(watched) == wanted != set()
    assert min(days.values()) < date(2025, 10, 31)


def test_an_article_published_while_old_ones_are_walked_is_found_in_the_next_run(portal: RunningPortal, watched: Desk):
    hidden = next(one for one in portal.portal.state.visible() if one.section == "press-release")
    portal.portal.state.hidden.add(hidden.id)
    crawl(watched, portal, since="2020-01-01", max_requests=40)
    assert hidden.id not in held(watched)
    portal.portal.state.hidden.discard(hidden.id)
    done = crawl(watched, portal, since="2020-01-01", max_requests=12)
    assert hidden.id in held(watched)
    assert hidden.id in done.articles[0]


def test_a_ministry_is_asked_for_by_its_code_and_rows_are_held_to_it(portal: RunningPortal, watched: Desk):
    crawl(watched, portal)
    articles = portal.portal.state.articles
    one = next(articles[each] for each in of_sections(portal) if articles[each].source_code)
    narrow = desk(watched.root.parent / "narrow", portal.url, sections=SECTIONS, attachments=False, images=False)
    crawl(narrow, portal, ministries=(one.source_code,))
    same = {each for each in of_sections(portal) if articles[each].source_code == one.source_code}
    assert held(narrow) == same
    # Now that its name is known, it stands for the code, and a portal that ignores the filter changes nothing.
    portal.portal.switches.filters = "ignored"
    assert crawl(narrow, portal, ministries=(one.source,)).articles == []
    assert held(narrow) == same


MINISTRIES = frozenset({("A00015", "산업통상부"), ("A00009", "문화체육관광부")})


@pytest.mark.parametrize(
    ("wanted", "codes", "may_be", "is_not"),
    [
        ((), (), ["국세청", "산업통상부"], []),
        (("A00015",), ("A00015",), ["산업통상부", "국세청"], ["문화체육관광부"]),  # a name never met may have the code
        (("산업통상부",), ("A00015",), ["산업통상부"], ["국세청", "문화체육관광부"]),
        (("산업통상부", "A00015"), ("A00015",), ["산업통상부", "국세청"], ["문화체육관광부"]),
        (("산업통상부", "국세청"), (), ["산업통상부", "국세청"], ["문화체육관광부"]),  # the portal knows no such code
    ],
)
def test_rows_of_other_ministries_are_passed_over_and_those_that_may_be_meant_are_not(
    wanted: tuple[str, ...], codes: tuple[str, ...], may_be: list[str], is_not: list[str]
):
    ministries = Ministries(wanted, MINISTRIES)
    assert ministries.codes == codes
    assert all(ministries.holds(one) for one in (None, "", *may_be))
    assert not any(ministries.holds(one) for one in is_not)


def test_a_row_is_wanted_unless_it_says_that_it_is_not():
    asked = Asked(("policy-news",), date(2026, 9, 1), date(2026, 9, 30), Ministries(("국세청",)), ("예산", "도서관"))
    row = Row("/news/policyNewsView.do?newsId=1", "작은 마을의 도서관", "2026-09-01 09:00", "국세청")
    unsaid = replace(row, published=None, source=None, title="새해 예산안")
    assert all(asked.wants(one) for one in (row, unsaid, replace(row, published="2026-09-30 23:59")))
    assert Asked(("policy-news",)).wants(row)
    early, late = replace(row, published="2026-08-31 23:59"), replace(row, published="2026-10-01")
    others = [early, late, replace(row, source="관세청"), replace(row, title="작은 마을의 큰 꿈")]
    assert [one for one in others if asked.wants(one)] == []


def test_a_walk_is_remembered_for_its_own_filter_alone():
    plain = Asked(("policy-news",))
    assert (plain.narrowing, replace(plain, since=date(2026, 9, 1)).narrowing) == ("", "")
    filters = [
        {"ministries": Ministries(("국세청",))}, {"ministries": Ministries(("국세청", "관세청"))},
        {"keywords": ("국세청",)}, {"keywords": ("예산", "도서관")}, {"query": "국세청"},
        {"keywords": ("국세청",), "query": "예산"},
    ]  # fmt: skip
    assert len({replace(plain, **one).narrowing for one in filters} - {""}) == len(filters)
    assert replace(plain, keywords=("도서관", "예산")).narrowing == replace(plain, **filters[3]).narrowing


def test_the_portals_own_search_is_asked_for_a_word(portal: RunningPortal, watched: Desk):
    articles = portal.portal.state.articles
    word = next(articles[each] for each in sorted(of_sections(portal))).title.split()[0]
    crawl(watched, portal, query=word)
    found = held(watched)
    assert found
    assert found == {
        each
        for each in of_sections(portal)
        if any(word in text for text in (
            articles[each].title, *articles[each].subtitles, *(block.plain for block in articles[each].body)
        ))
    }  # fmt: skip


def test_a_broken_memory_costs_only_asking_again(portal: RunningPortal, watched: Desk):
    crawl(watched, portal)
    for part in ("nonsense", [1, 2], {"covered": "x", "page": "y", "top": 7, "window": [1, 2, 3], "ended": "no"}):
        state = State.load(watched.root / "state.json")
        state.part("walks").update(dict.fromkeys(state.part("walks"), part))
        state.save()
        assert crawl(watched, portal).articles == []
    assert held(watched) == of_sections(portal)


def test_a_run_cut_short_says_where_it_is_and_estimates_what_is_left(portal: RunningPortal, watched: Desk):
    assert crawl(watched, portal).outcome.standing is None
    fresh = desk(watched.root.parent / "fresh", portal.url, sections=SECTIONS, attachments=False, images=False)
    said: list[str | None] = []
    while not said or said[-1] is not None or len(said) < 3:
        said.append(crawl(fresh, portal, since="2015-01-01", max_requests=40).outcome.standing)
        assert len(said) < 30
    told = [one for one in said if one]
    assert any("walking back: p" in one for one in told)
    assert any("articles left by the lists' totals: an estimated" in one for one in told)


def silent(archive: Desk) -> list[str]:
    with closing(Archive(archive.root).database()) as db:
        return [one["section"] for one in judgements.blind(db)]


@pytest.fixture
def focus(portal: RunningPortal, tmp_path: Path) -> Desk:
    watched = desk(tmp_path / "focus", portal.url, sections=["policy-focus"], attachments=False, images=False)
    crawl(watched, portal)
    return watched


def test_a_run_cut_short_before_the_lists_that_a_page_leads_to_calls_none_silent(portal: RunningPortal, focus: Desk):
    cut = crawl(focus, portal, max_requests=2)
    assert cut.count("/news/policyFocusHome.do") == 1
    assert cut.count("/news/policyFocusList.do") == 0
    assert silent(focus) == []


def test_a_list_that_was_not_asked_for_want_of_robots_txt_is_not_called_silent(portal: RunningPortal, focus: Desk):
    portal.portal.fail("/robots.txt", Fault("status", status=503))
    assert crawl(focus, portal).outcome.finish == "robots-unreachable"
    assert silent(focus) == []


def test_lists_that_were_asked_and_gave_nothing_are_silent(
    portal: RunningPortal, focus: Desk, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr(replica.listing, "_wanted", lambda *_: False)
    assert crawl(focus, portal).count("/news/policyFocusList.do") > 0
    assert silent(focus) == ["policy-focus"]


def test_a_page_that_leads_to_lists_is_no_trouble_where_a_word_finds_nothing_in_it(portal: RunningPortal, focus: Desk):
    done = crawl(focus, portal, query="없는낱말이다")
    assert done.count("/news/policyFocusHome.do") > 0
    assert done.outcome.problems == ()


def test_a_run_cut_short_counts_the_articles_that_it_looked_at(portal: RunningPortal, watched: Desk):
    cut = crawl(watched, portal, max_requests=4)
    assert cut.outcome.looked == len(cut.articles) < 3


def test_a_list_that_is_answered_with_an_error_is_said_with_its_status(portal: RunningPortal, watched: Desk):
    portal.portal.switches.missing_sections = ("press-release",)
    problems = crawl(watched, portal).outcome.problems
    assert f"{portal.url}/briefing/pressReleaseList.do: no list (it was answered with 404)." in problems
