"""An article stands at one place: two live addresses are no change, and a move is told once, by its own addresses."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable
from contextlib import closing
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from crawler.extract import Extractor, _led_nowhere
from crawler.places import TOGETHER, Look, Whereabouts
from crawler.portal import Portal
from diffing.detect import changes
from storage import filing, runs, versions
from storage.records import Outcome, Reading, Run
from tests.makers import PORTAL, archive_at, article, at, capture, file_readings, filed

NAME = "148930267"
A = f"{PORTAL}/news/policyNewsView.do?newsId={NAME}"
B = f"{PORTAL}/news/policyFocusView.do?newsId={NAME}"
C = f"{PORTAL}/news/customizedNewsView.do?newsId={NAME}"
SECTION = {A: "policy-news", B: "policy-focus", C: "keyword-news"}

# One look: the run, the address fetched, and what came: an address is that which the page read says of itself,
# "> address" a redirect to it.
Seen = tuple[int, str, str]


def look(number: int, seen: Seen, text: str = "글") -> Look:
    run, fetched, came = seen
    one = capture(at(run * 24 + number / 60), url=fetched, run=f"run-{run:03}")
    if came.startswith(">"):
        return Look(one._replace(status=302, location=came[2:]), fetched, None, came[2:], SECTION[fetched])
    if came in SECTION:
        state = article(text, url=came, section=SECTION[came])
        return Look(one, fetched, Reading(one, "read", state, "MadeLayout", "made:1"), section=SECTION[fetched])
    outcome: Outcome = came  # type: ignore[assignment]
    return Look(one, fetched, Reading(one, outcome), section=SECTION[fetched])


def looks(seen: Iterable[Seen]) -> list[Look]:
    return [look(number, one) for number, one in enumerate(seen)]


def told(*seen: Seen) -> list[str]:
    """Where each look that counts is filed, the outcome for one that read nothing; read at once and run by run."""
    names = {(A, SECTION[A]): "A", (B, SECTION[B]): "B", (C, SECTION[C]): "C"}
    at_once, by_run = (
        [names[one.article.url, one.article.section] if one.article else one.outcome for one in settled]
        for settled in (list(Whereabouts().settled(looks(seen))), settled_by_run(looks(seen)))
    )
    assert at_once == by_run
    return at_once


def settled_by_run(every: list[Look]) -> list[Reading]:
    """Settle the looks of each run with what those before have left, as :meth:`Extractor.looks_at` does."""
    settled: list[Reading] = []
    for run in dict.fromkeys(one.capture.run for one in every):
        places = [(one.article.url, one.article.section) for one in settled if one.article is not None]
        url, section = places[-1] if places else (None, None)
        left = {one for one, _ in places} - {url}
        seen = [(one.capture.url, one.outcome) for one in settled]
        where = Whereabouts(url, section, left, lambda seen=seen: seen)
        found = list(where.settled([one for one in every if one.capture.run == run]))
        if where.unsure:
            settled = list(Whereabouts().settled([one for one in every if one.capture.run <= run]))
        else:
            settled += found
    return settled


def test_an_article_seen_alternately_at_two_live_addresses_never_moves():
    assert told((1, A, A), (2, B, B), (3, A, A), (3, B, B), (4, B, B), (5, A, A)) == ["A"] * 6


def test_the_first_place_is_the_one_that_the_page_states():
    assert told((1, B, A), (2, A, A), (3, B, A), (4, B, B)) == ["A"] * 4


def test_a_redirect_from_the_old_address_is_one_move():
    assert told((1, A, A), (2, A, f"> {B}"), (2, B, B), (3, A, f"> {B}"), (3, B, B), (4, B, B)) == ["A", "B", "B", "B"]


def test_a_redirect_to_the_address_an_article_is_filed_under_is_no_move():
    assert told((1, B, f"> {A}"), (1, A, A), (2, A, A), (3, B, f"> {A}"), (3, A, A)) == ["A"] * 3


def test_the_old_page_naming_another_address_is_one_move():
    assert told((1, A, A), (2, A, B), (3, A, B), (4, B, B), (5, A, B)) == ["A", "B", "B", "B", "B"]


def test_the_new_place_looked_at_before_the_old_one_of_a_run_is_the_new_place():
    # Filed under the old one, the article would be said to have stood there after it had moved.
    assert told((1, A, A), (2, B, B), (2, A, B)) == ["A", "B", "B"]


def test_two_pages_that_name_each_other_move_once_and_not_to_and_fro():
    assert told((1, A, A), *((run, *one) for run in range(2, 8) for one in ((A, B), (B, A)))) == ["A", *["B"] * 12]


@pytest.mark.parametrize("first", [0, 1])
def test_an_address_gone_while_a_new_one_reads_is_a_move_and_no_removal(first):
    both = [(2, A, "gone"), (2, B, B)]
    assert told((1, A, A), both[first], both[1 - first], (3, B, B)) == ["A", "B", "B"]


def test_an_address_gone_before_the_new_one_was_found_is_left_when_it_reads():
    assert told((1, A, A), (2, A, "gone"), (3, A, "error"), (4, A, "gone"), (5, B, B)) == [
        "A",
        "gone",
        "error",
        "gone",
        "B",
    ]


def test_an_article_has_not_left_where_it_was_never_seen():
    """Its page named an address at which nobody looked in that run, and at which nothing stands."""
    met = [(1, A, B), (2, B, "gone"), (2, A, B), (3, B, "gone"), (3, A, A)]
    assert told(*met) == ["A"] * 3
    assert told((1, A, A), (2, A, B), (3, B, "gone"), (3, A, B)) == ["A"] * 3
    assert told((1, A, B), (1, B, "gone"), (2, A, A), (3, A, B), (3, B, B)) == ["A", "A", "B", "B"]
    assert told((1, C, A), (2, A, "gone"), (3, B, B)) == ["A", "gone", "A"]


def test_an_address_gone_and_back_is_no_reason_to_move():
    assert told((1, A, A), (2, A, "gone"), (3, A, A), (4, B, B)) == ["A", "gone", "A", "A"]


@pytest.mark.parametrize("came", ["gone", f"> {A}"])
def test_where_nothing_stands_at_the_address_that_a_first_page_names_the_article_is_where_it_was_met(came):
    assert told((1, A, B), (1, B, came)) == ["A"]
    assert told((1, B, came), (1, A, B)) == ["A"]
    # Looked at in a run of its own that address says nothing yet: the page that names it may be gone as well.
    assert told((1, A, B), (2, B, "gone"))[0] == "B"


@pytest.mark.parametrize("came", ["error", f"> {B}"])
def test_a_look_that_could_not_tell_is_no_reason_to_doubt_the_address_that_a_first_page_names(came):
    assert told((1, A, B), (1, B, came))[0] == "B"


def test_a_run_that_finds_nothing_at_a_place_where_the_article_was_never_read_reads_all_its_looks_again():
    assert told((1, A, C), (2, C, f"> {A}"), (2, B, B)) == ["A", "A"]
    assert told((1, A, C), (2, A, A), (2, C, f"> {A}")) == ["A", "A"]
    # Where it was read, the place was one.
    assert told((1, B, C), (2, C, B), (3, C, "gone"), (3, A, A)) == ["C", "B", "B"]


def test_an_address_that_led_elsewhere_and_was_read_in_one_run_is_no_move():
    assert told((1, A, B), (1, B, f"> {A}"), (1, B, B)) == ["B", "B"]


def test_an_address_that_leads_to_itself_first_leads_nowhere_else():
    """A portal that sets a cookie sends everyone back to the same address."""
    assert told((1, A, A), (2, A, B), (3, B, f"> {B}"), (3, B, A)) == ["A", "B", "B"]


def test_an_address_at_which_nothing_stood_before_a_page_names_it_never_was_a_place():
    assert told((1, A, A), (1, B, "gone"), (2, A, B)) == ["A", "A"]


def test_of_an_address_read_and_then_gone_a_run_says_only_that_it_was_read_where_another_reads():
    assert told((1, A, A), (1, A, "gone"), (1, B, B)) == ["A", "A"]
    assert told((1, A, A), (1, A, "gone"), (2, B, B)) == ["A", "gone", "B"]


@pytest.mark.parametrize("came", ["error", "unreachable", "blocked", "unrecognised"])
def test_an_address_that_could_not_tell_is_not_left(came):
    assert told((1, A, A), (2, A, came), (2, B, B)) == ["A", came, "A"]


def test_an_absence_at_another_address_is_no_absence():
    assert told((1, A, A), (2, B, "gone"), (3, B, "gone"), (3, A, A), (4, B, "front-page"), (5, A, "gone")) == [
        "A", "A", "gone",
    ]  # fmt: skip


def test_an_article_moved_back_by_redirects_has_moved_twice():
    assert told((1, A, A), (2, A, f"> {B}"), (2, B, B), (3, B, f"> {A}"), (3, A, A)) == ["A", "B", "A"]


def test_an_article_never_read_is_absent_wherever_it_was_looked_for():
    assert told((1, A, "gone"), (1, B, "gone"), (2, B, B)) == ["gone", "gone", "B"]


def test_a_way_that_leads_round_in_a_circle_is_a_look_that_could_not_tell():
    """A portal that sets a cookie may send everyone back to the same address for ever."""
    read = _led_nowhere(looks([(1, A, A), (2, A, f"> {A}"), (2, A, f"> {A}"), (3, A, f"> {B}"), (3, B, B)]))
    assert [one.reading.outcome if one.reading else None for one in read] == ["read", None, "error", None, "read"]


def test_an_empty_location_leads_to_the_same_page(tmp_path):
    archive, db = archive_at(tmp_path)
    with closing(db):
        extractor = Extractor(archive, db, Portal(PORTAL))
        assert extractor.read(capture(at(0), status=302, location="")) is None
        found = extractor.read(capture(at(0), status=302, location=None))
        assert found is not None
        assert found.outcome == "error"


def test_looks_far_apart_say_nothing_of_each_other_though_they_are_of_one_run():
    near, far = looks([(1, A, A), (1, B, B)]), looks([(1, A, A), (1, B, B), (1, A, "gone")])
    late = far[2].capture._replace(evidence=far[2].capture.evidence._replace(captured_at=at(24) + 3 * TOGETHER))
    far[2] = replace(far[2], capture=late, reading=Reading(late, "gone"))
    assert [one.outcome for one in Whereabouts().settled(near)] == ["read", "read"]
    assert [one.outcome for one in Whereabouts().settled(far)] == ["read", "read", "gone"]
    assert timedelta(hours=12) < TOGETHER


# What the fold says over a database, run by run and at once


def file_all(db: sqlite3.Connection, extractor: Extractor, parts: Iterable[list[Look]]) -> None:
    every: list[Look] = []
    for part in parts:
        with db:
            for run in {one.capture.run for one in part}:
                runs.add(db, Run(run, at(0), PORTAL, "gochim/0.1", removal_checks=1, removal_days=0))
            stored = []
            for one in part:
                kept = filed(db, one.capture)
                stored.append(replace(one, capture=kept, reading=one.reading and replace(one.reading, capture=kept)))
            every += stored
            where = extractor._whereabouts(NAME)
            settled = list(where.settled(stored))
            if where.unsure:  # as Extractor.looks_at
                filing.forget(db, NAME)
                settled = list(Whereabouts().settled(every))
            file_readings(db, NAME, settled)


def kinds(db: sqlite3.Connection) -> list[str]:
    checks = versions.checks(db, NAME)
    return [one.kind for one in changes(checks, {one.version: one for one in versions.versions(db, NAME)})]


def filed_at_once_and_run_by_run(seen: list[Seen]) -> list[list[object]]:
    results: list[list[object]] = []
    for part_by_run in (False, True):
        with TemporaryDirectory() as place:
            archive, db = archive_at(Path(place))
            every = looks(seen)
            runs = sorted({one.capture.run for one in every})
            parts = [[one for one in every if one.capture.run == run] for run in runs] if part_by_run else [every]
            file_all(db, Extractor(archive, db, Portal(PORTAL)), parts)
            checked = [(one.checked_at, one.outcome, one.version) for one in versions.checks(db, NAME)]
            results.append([versions.places(db, NAME), checked, kinds(db)])
            db.close()
    return results


def test_a_move_is_one_change_and_a_second_address_none():
    for seen, expected in (
        ([(1, A, A), (2, B, B), (3, A, A), (4, B, B)], []),
        ([(1, A, A), (2, A, f"> {B}"), (2, B, B), (3, B, B)], ["moved"]),
        ([(1, A, A), (2, A, "gone"), (2, B, B), (3, B, B)], ["moved"]),
        ([(1, A, A), (2, B, B), (2, A, "gone"), (3, B, B)], ["moved"]),
        ([(1, A, A), (2, B, B), (3, A, "gone"), (3, B, B)], ["moved"]),
        ([(1, A, A), (2, A, B), (3, A, B)], ["moved"]),
        ([(1, A, A), (2, A, "gone"), (3, A, A)], ["removed", "restored"]),
    ):
        for result in filed_at_once_and_run_by_run(seen):
            assert result[2] == expected, seen


steps = st.tuples(
    st.integers(0, 1), st.sampled_from([A, B, C]), st.sampled_from([A, B, C, "gone", "error", f"> {A}", f"> {B}"])
)


@settings(max_examples=60, deadline=None)
@given(st.lists(steps, max_size=9))
@example([(0, A, "gone"), (0, B, A), (1, B, B)])
def test_a_rebuild_files_an_article_where_the_runs_filed_it(drawn):
    run, seen = 0, []
    for ahead, fetched, came in drawn:
        run += ahead
        seen.append((run, fetched, came))
    at_once, by_run = filed_at_once_and_run_by_run(seen)
    assert at_once == by_run
    assert [one for one, _ in at_once[0]] == [
        one for number, (one, _) in enumerate(at_once[0]) if number == 0 or at_once[0][number - 1][0] != one
    ]
