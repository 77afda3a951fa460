"""What may have been missed: the chance that an edit was seen, gaps in the watch, how often edits are seen."""

from __future__ import annotations

import json
import re
import sqlite3
from collections.abc import Iterable, Sequence
from contextlib import closing
from datetime import UTC, datetime, timedelta
from math import exp, factorial
from typing import Literal

import pytest
from click.testing import CliRunner
from hypothesis import given, settings
from hypothesis import strategies as st

from cli.missed import lasting, sentences
from cli.upkeep import status
from storage import capture_rows, captures, watched
from storage.ages import AGES, LIVED
from storage.archive import Archive
from storage.looks import file_looks
from storage.missed import Missed, SeenChance, missed, poisson_interval
from storage.records import Capture, Evidence, Outcome, iso

START = datetime(2026, 9, 1, tzinfo=UTC)


def at(hours: float) -> datetime:
    return START + timedelta(hours=hours)


@pytest.fixture(scope="module")
def opened(tmp_path_factory):
    archive = Archive(tmp_path_factory.mktemp("archive"))
    archive.create()
    with closing(archive.database()) as connection:
        yield connection


@pytest.fixture
def db(opened):
    opened.execute("SAVEPOINT test")
    yield opened
    opened.execute("ROLLBACK TO test")
    opened.execute("RELEASE test")


def run(
    db: sqlite3.Connection,
    hours: float,
    *,
    warc: str = "warc/gochim-1.warc.gz",
    status: int = 200,
    role: Literal["list", "robots"] = "list",
) -> None:
    """File a run that began then, with one capture of a list or of robots.txt."""
    name = f"run{hours}"
    db.execute(
        "INSERT INTO runs (run, started_at, portal, software, removal_checks, removal_days)"
        " VALUES (?, ?, 'p', 's', 3, 2)",
        (name, iso(at(hours))),
    )
    evidence = Evidence(warc.replace("-1", f"-{name}"), 0, 0, f"urn:{name}", None, at(hours))
    url = f"https://www.korea.kr/{'robots.txt' if role == 'robots' else 'news/policyNewsList.do'}"
    capture_rows.add(db, [Capture(evidence, name, url, "GET", "response", status, None, None, None, 0, role=role)])


def watch(
    db: sqlite3.Connection,
    article: str,
    published: float,
    looks: Sequence[float],
    *,
    failed: Iterable[float] = (),
    state: str = "live",
    source: str = "산림청",
) -> None:
    """File an article whose page was read at these hours, with looks that could not tell at others."""
    db.execute(
        "INSERT INTO articles (article, url, section, title, source, published, version, versions, state, first_seen,"
        " last_seen, last_checked, last_changed) VALUES (?, 'u', 'policy-news', 't', ?, ?, 1, 1, ?, ?, ?, ?, ?)",
        (
            article, source, iso(at(published)), state, iso(at(looks[0])), iso(at(looks[-1])), iso(at(looks[-1])),
            iso(at(looks[0])),
        ),
    )  # fmt: skip
    outcomes: dict[float, Outcome] = dict.fromkeys(failed, "error") | dict.fromkeys(looks, "read")
    for hours, outcome in outcomes.items():
        evidence = Evidence("warc/gochim-run0.warc.gz", 0, 0, f"urn:{article}:{hours}", None, at(hours))
        url = f"https://www.korea.kr/news/policyNewsView.do?newsId={article}"
        capture_rows.add(
            db,
            [Capture(evidence, "run0", url, "GET", "failure", None, None, None, 0, role="article", article=article)],
        )
        file_looks(db, [(captures.number_of(db, evidence), outcome, None)])
    watched.add_all(db, article)


def change(db: sqlite3.Connection, article: str, hours: float, kind: str = "edited") -> None:
    """File a change that a look at this hour was the first to show."""
    number = db.execute("SELECT min(id) FROM capture_rows").fetchone()[0]
    db.execute(
        "INSERT INTO changes (id, article, url, section, title, kind, old_last_seen, new_first_seen, checks_between,"
        " weight, disclosure, fields, facts, old_capture, new_capture) VALUES (?, ?, 'u', 's', 't', ?, ?, ?, 0,"
        " 'wording', 'silent', '[]', '[]', ?, ?)",
        (f"{article}{hours}{kind}", article, kind, iso(at(hours - 1)), iso(at(hours)), number, number),
    )


def told(db: sqlite3.Connection) -> dict[tuple[float, float], tuple[float, float]]:
    found = missed(db, at(0)).chances
    return {(one.age_from, one.lived): (one.seen_hours, one.possible_hours) for one in found if one.chance is not None}


def test_the_chance_that_an_edit_was_seen_is_that_computed_by_hand(db):
    """Looks 0, 2, 10 and 40 hours after publication; what cannot tell at 30 hours is no look.

    An edit that lives 6 hours is seen when it comes from hour 0 to 2, 4 to 10, or 34 to 40; whether those from 34 on
    lived that long nobody knows yet.
    """
    run(db, 0)
    watch(db, "1", 0, [0, 2, 10, 40], failed=[30])
    assert told(db) == {
        band: pytest.approx(hours, abs=1e-6)
        for band, hours in {
            (0, 1): (0, 1), (0, 6): (1, 1), (0, 24): (1, 1),
            (1, 1): (1, 2), (1, 6): (1, 2), (1, 24): (2, 2),
            (3, 1): (1, 9), (3, 6): (6, 9), (3, 24): (7, 9),
            (12, 1): (0, 12), (12, 6): (0, 12), (12, 24): (0, 4),
            (24, 1): (0, 15), (24, 6): (0, 10),
        }.items()
    }  # fmt: skip
    rows = db.execute("SELECT age_from, age_until, lived, chance FROM seen_chances").fetchall()
    assert [tuple(row[:3]) for row in rows] == [
        (low, high, lived) for low, high in zip(AGES, (*AGES[1:], None), strict=True) for lived in LIVED
    ]
    assert rows[9]["chance"] == pytest.approx(6 / 9)
    assert rows[3]["chance"] is None


def test_what_came_before_the_first_look_at_an_article_was_missed_and_before_the_watch_does_not_count(db):
    run(db, 0)
    watch(db, "1", -10, [8, 20])
    # From hour 0, when the watch began, the article is 10 hours old: 2 hours of the band from 3 to 12 are left.
    assert told(db)[3, 6] == pytest.approx((0, 2), abs=1e-6)
    assert told(db)[12, 6] == pytest.approx((0, 12), abs=1e-6)
    watch(db, "2", -10, [1, 3], state="removed")
    # It was there until hour 3: what it was like afterwards could not be edited.
    assert told(db)[3, 1] == pytest.approx((0, 4), abs=1e-6)
    assert told(db)[12, 1] == pytest.approx((0, 12), abs=1e-6)


articles = st.tuples(
    st.integers(-60, 60), st.lists(st.integers(1, 90), min_size=1, max_size=8, unique=True), st.booleans()
)


@given(st.lists(articles, min_size=1, max_size=4))
@settings(max_examples=40, deadline=None)
def test_the_chance_is_what_counting_the_hours_gives(opened, drawn):
    """All times are whole hours, so an edit in the middle of an hour stands for all of that hour."""
    lives = [(born, sorted(looks), gone) for born, looks, gone in drawn]
    opened.execute("SAVEPOINT example")
    run(opened, 0)
    for number, (born, looks, gone) in enumerate(lives):
        watch(opened, str(number), born, looks, state="removed" if gone else "live")
    found = missed(opened, at(0)).chances
    opened.execute("ROLLBACK TO example")
    opened.execute("RELEASE example")
    ended = max(looks[-1] for _, looks, _ in lives)
    for one in found:
        until = float("inf") if one.age_until is None else one.age_until
        possible = seen = 0
        for born, looks, gone in lives:
            published = min(born, looks[0])
            for hour in range(ended):
                edit = hour + 0.5
                last = looks[-1] if gone else ended
                if one.age_from <= edit - published < until and edit + one.lived <= last:
                    possible += 1
                    seen += looks[0] < edit and any(edit < look <= edit + one.lived for look in looks)
        assert (one.seen_hours, one.possible_hours) == pytest.approx((seen, possible), abs=1e-5)


def test_pauses_much_longer_than_usual_are_gaps_and_files_of_others_are_no_watch(db):
    for hours in (0, 6, 12, 18, 24, 60, 66, 84):
        run(db, hours)
    run(db, -9000, warc="warc/import-0123456789abcdef-1.warc.gz")
    found = missed(db, at(100)).gaps
    assert [(one.since, one.until, one.hours, one.usual_hours) for one in found] == [(at(24), at(60), 36, 6)]
    lasting = missed(db, at(108)).gaps[-1]
    assert (lasting.since, lasting.until, lasting.hours) == (at(84), None, 24)


def test_runs_that_the_portal_did_not_answer_are_no_watch(db):
    for hours in (0, 6, 12, 18, 24):
        run(db, hours)
    run(db, 30, status=503)
    run(db, 36, role="robots")
    run(db, 42)
    db.execute("INSERT INTO judgements VALUES ('run42', '*', 'outage', 9, 9, '{}', ?, ?)", (iso(at(42)), iso(at(42))))
    during = missed(db, at(46)).gaps
    assert [(one.since, one.until, one.hours) for one in during] == [(at(24), None, 22)]
    run(db, 48)
    db.execute("INSERT INTO judgements VALUES ('run48', '*', 'outage', 9, 5, '{}', ?, ?)", (iso(at(48)), iso(at(48))))
    after = missed(db, at(50)).gaps
    assert [(one.since, one.until, one.hours, one.usual_hours) for one in after] == [(at(24), at(48), 24, 6)]


def test_one_run_alone_makes_no_gap(db):
    run(db, 0)
    assert missed(db, at(5000)).gaps == ()


def test_edits_of_a_ministry_are_counted_once_a_look_for_the_days_its_articles_were_watched(db):
    run(db, 0)
    watch(db, "1", 0, [0, 24])
    watch(db, "2", 0, [0, 48])
    watch(db, "3", 0, [0, 24], source="국세청")
    change(db, "1", 2)
    change(db, "1", 2, "attachment-replaced")
    change(db, "2", 5)
    change(db, "3", 5, "removed")
    found = {one.source: one for one in missed(db, at(0)).rates}
    forest, tax = found["산림청"], found["국세청"]
    assert (forest.articles, forest.edits, forest.removals) == (2, 2, 0)
    assert forest.days_watched == pytest.approx(3)
    assert forest.of_thousand(forest.edits) == pytest.approx(2000 / 3)
    assert (tax.edits, tax.removals, tax.low) == (0, 1, 0)
    assert missed(db, at(0)).overall.days_watched == pytest.approx(4)


@pytest.mark.parametrize(
    ("count", "low", "high"),
    [(0, 0, 3.6889), (1, 0.0253, 5.5716), (5, 1.6235, 11.6683), (10, 4.7954, 18.3904), (100, 81.3640, 121.6268)],
)
def test_the_interval_is_that_of_garwoods_table(count, low, high):
    assert poisson_interval(count) == pytest.approx((low, high), abs=6e-5)


@given(st.integers(1, 60), st.floats(0.5, 0.999))
def test_at_the_limits_half_the_remaining_chance_is_left(count, confidence):
    low, high = poisson_interval(count, confidence)

    def below(number: int, mean: float) -> float:
        return sum(exp(-mean) * mean**k / factorial(k) for k in range(number))

    assert 1 - below(count, low) == pytest.approx((1 - confidence) / 2, abs=1e-9)
    assert below(count + 1, high) == pytest.approx((1 - confidence) / 2, abs=1e-9)


def test_the_interval_of_many_is_nearly_that_of_the_normal_distribution():
    assert poisson_interval(100_000) == pytest.approx((99_382, 100_622), abs=2)


def test_sentences_say_it_in_both_languages(db):
    for hours in (0, 6, 12, 60):
        run(db, hours)
    for number in range(520):
        watch(db, str(number), 0, [0, 48])
    change(db, "1", 2)
    found = missed(db, at(60))
    assert list(sentences(found, "en")) == [
        "Chance that an edit of an article younger than a day was seen, by how long it stood: 1 h 0%, 6 h 0%, 24 h 0%.",
        "Chance that an edit of an article a day to a month old was seen, by how long it stood: 1 h 0%, 6 h 0%.",
        "The watch paused much longer than its usual 6 h once, 2 days in all; the last time from "
        "2026-09-01 21:00:00 until 2026-09-03 21:00:00 (KST).",
        "Edits seen for each 1,000 articles watched for a day, with 95% intervals: 0.96 (0.02 to 5.36); "
        "산림청 0.96 (0.02 to 5.36).",
    ]
    assert list(sentences(found, "ko"))[2:] == [
        "평소 간격(6시간)보다 훨씬 오래 살피지 못한 때가 1번, 모두 2일 있었습니다. "
        "마지막은 2026-09-01 21:00:00부터 2026-09-03 21:00:00까지입니다(한국 시각).",
        "글 1,000건을 하루 지켜볼 때 보인 수정의 평균 건수(괄호는 95% 신뢰구간): 0.96 (0.02~5.36); "
        "산림청 0.96 (0.02~5.36).",
    ]


def test_a_chance_is_rounded_down_and_silence_is_kept_where_nothing_is_known():
    nearly = Missed((SeenChance(0.0, 1.0, 1.0, 1000.0, 999.9),), (), ())
    assert list(sentences(nearly, "ko")) == [
        "나온 지 하루가 안 된 글의 수정을 놓치지 않았을 확률은, 고친 내용이 그대로 있던 시간이 1시간이면 99%입니다."
    ]
    assert list(sentences(Missed((), (), ()), "en")) == []


def test_what_lasts_for_days_is_told_in_days():
    assert [lasting(hours, "en") for hours in (0.01, 0.5, 1, 6.26, 36, 48, 72, 1004.6)] == [
        "1 min", "30 min", "1 h", "6.3 h", "36 h", "2 days", "3 days", "41.9 days"
    ]  # fmt: skip
    assert [lasting(hours, "ko") for hours in (0.5, 1, 72, 1004.6)] == ["30분", "1시간", "3일", "41.9일"]


def test_an_empty_archive_has_missed_nothing_that_is_known(db):
    found = missed(db, at(0))
    assert (found.gaps, found.rates) == ((), ())
    assert all(one.chance is None for one in found.chances)
    assert found.as_json()["seen_chances"][0]["chance"] is None


def test_status_tells_it_and_names_who_is_looked_at_next(tmp_path):
    archive = Archive(tmp_path)
    archive.create()
    with closing(archive.database()) as connection, connection:
        run(connection, 0)
        run(connection, 6)
        watch(connection, "1", 0, [0, 2, 10, 40])
    at_root = ["--archive", str(tmp_path)]
    # As while a run is under way: what is filed is what there is to read.
    with archive.locked():
        told = json.loads(CliRunner().invoke(status, [*at_root, "--format", "json"], catch_exceptions=False).output)
        text = CliRunner().invoke(status, at_root, catch_exceptions=False).output
    with closing(archive.database()) as connection:
        expected = missed(connection, datetime.now(UTC)).as_json()
    assert told["missed"]["seen_chances"] == expected["seen_chances"]
    assert told["missed"]["edit_rates"] == expected["edit_rates"]
    assert [(one["article"], one["edits"]) for one in told["next_looks"]] == [("1", 0)]
    assert "Chance that an edit of an article younger than a day was seen, by how long it stood: 1 h 8%" in text
    assert re.search(
        r"^    1 .*; last look [0-9]{2,}(?:\.[0-9])? days before, edited since with a chance of [0-9.]+%",
        text,
        re.MULTILINE,
    )
