"""What is worked out ahead of who may be due changes how long a choice takes, and never the choice."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from itertools import islice
from random import Random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from crawler import revisits
from crawler.hazard import PRIOR, Law
from crawler.outlook import Outlook, Rules, law_of, look_ahead
from crawler.revisits import due, ranked, upcoming
from crawler.sections import SECTIONS
from storage import lives
from storage.archive import Archive
from storage.records import iso

NOW = datetime(2026, 9, 20, 11, 7, tzinfo=UTC)
EVERY = tuple(SECTIONS)
HOUR, DAY = timedelta(hours=1), timedelta(days=1)


@pytest.fixture
def db(tmp_path):
    archive = Archive(tmp_path / "archive")
    archive.create()
    with closing(archive.database()) as connection:
        yield connection


def know(db: sqlite3.Connection, draw: Random, number: int, now: datetime = NOW) -> None:
    """File an article as some looks may have left it."""
    age = draw.choice((draw.uniform(0, 3), draw.uniform(0, 60), draw.uniform(0, 4000)))
    idle = min(age, draw.choice((0.0, draw.uniform(0, 0.2), draw.uniform(0, 5), draw.uniform(0, 80))))
    versions = draw.choice((1, 1, 1, 2, 5))
    edited = idle + draw.uniform(0, age - idle) if versions > 1 else age
    state = draw.choice(("live",) * 8 + ("suspect", "removed"))
    first, last, changed = (iso(now - DAY * days) for days in (age, idle, edited))
    db.execute(
        "INSERT OR REPLACE INTO articles (article, url, section, title, source, version, versions, state, first_seen,"
        " last_seen, last_checked, last_changed) VALUES (?, ?, ?, 't', ?, 1, ?, ?, ?, ?, ?, ?)",
        (str(number), f"https://www.korea.kr/news/policyNewsView.do?newsId={number}",
         draw.choice(("policy-news", "press-release")), f"부처{draw.randrange(5)}", versions, state, first, last, last,
         changed),
    )  # fmt: skip


def say(db: sqlite3.Connection, draw: Random, number: int, at: datetime) -> None:
    """Have the publisher say that an article was edited."""
    db.execute("INSERT OR IGNORE INTO api_answers VALUES (1, 'r')")
    db.execute(
        "INSERT OR REPLACE INTO publisher_signals (capture, position, news_item, article, modify_id, modify_date,"
        " title) VALUES (1, ?, '1', ?, 2, ?, 't')",
        (draw.randrange(10_000), str(number), iso(at)),
    )


def plainly(db: sqlite3.Connection, now: datetime, rules: Rules) -> list[revisits.Due]:
    """Choose as if nothing had been worked out ahead, with the same hazards."""
    law = law_of(db)
    known = lives.lives(db)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(revisits, "may_be_due", lambda *_: known)
        return list(ranked(db, now, "due", EVERY, rules, law))


@settings(max_examples=25, deadline=None)
@given(seed=st.integers(0, 10**6))
def test_the_choice_is_the_one_of_judging_all(tmp_path_factory, seed):
    archive = Archive(tmp_path_factory.mktemp("outlook"))
    archive.create()
    draw = Random(seed)
    rules = Rules(draw.choice((0.001, 0.01, 0.2, 1.0)), draw.choice((3, 60, 400)), (("policy-news", 2.0),))
    with closing(archive.database()) as db:
        for number in range(60):
            know(db, draw, number)
        look_ahead(db, rules)
        now = NOW
        for _ in range(4):
            for number in draw.sample(range(70), 6):
                know(db, draw, number, now)
            for number in draw.sample(range(70), 3):
                say(db, draw, number, now + draw.uniform(-50, 50) * HOUR)
            now += draw.choice((timedelta(0), HOUR, DAY, 30 * DAY))
            assert list(ranked(db, now, "due", EVERY, rules)) == plainly(db, now, rules)
            if draw.random() < 0.5:
                look_ahead(db, rules)
                assert list(ranked(db, now, "due", EVERY, rules)) == plainly(db, now, rules)


@settings(max_examples=15, deadline=None)
@given(seed=st.integers(0, 10**6))
def test_who_is_due_next_is_the_one_of_judging_all(tmp_path_factory, seed):
    archive = Archive(tmp_path_factory.mktemp("outlook"))
    archive.create()
    draw = Random(seed)
    rules = Rules(draw.choice((0.01, 0.2, 1.0)), draw.choice((90, 400)))
    with closing(archive.database()) as db:
        for number in range(30):
            know(db, draw, number)
        # It is asked only where nobody is due yet.
        for one in list(ranked(db, NOW, "due", EVERY, rules)):
            db.execute("DELETE FROM articles WHERE article = ?", (one.article,))
        # What is found must not hang on the hazards, which are learned anew from those that are left.
        look_ahead(db, rules)
        kept = upcoming(db, NOW, rules)
        db.execute("UPDATE outlooks SET due_from = 0")
        plain = upcoming(db, NOW, rules)
        assert (kept is None) == (plain is None)
        if kept is not None and plain is not None:
            assert abs(kept[0] - plain[0]) <= timedelta(seconds=1)
            assert (kept[1].article, kept[1].why) == (plain[1].article, plain[1].why)


def test_only_those_that_may_be_due_are_judged(db):
    draw = Random(1)
    for number in range(300):
        know(db, draw, number)
    db.execute(
        "UPDATE articles SET first_seen = ?, last_checked = ?, state = 'live', versions = 1",
        (iso(NOW - 900 * DAY), iso(NOW)),
    )
    assert len(list(lives.lives(db, NOW.timestamp() / 3600))) == 300
    look_ahead(db, Rules())
    assert list(lives.lives(db, NOW.timestamp() / 3600)) == []
    know(db, draw, 7)
    db.execute("UPDATE articles SET state = 'suspect' WHERE article = '8'")
    say(db, draw, 9, NOW)
    assert [one.article for one in lives.lives(db, NOW.timestamp() / 3600)] == ["7", "8", "9"]
    db.execute("DELETE FROM articles WHERE article = '8'")
    assert db.execute("SELECT count(*) FROM outlooks").fetchone()[0] == 299


def test_other_settings_are_worked_out_anew_and_hold_before_that(db):
    draw = Random(2)
    for number in range(100):
        know(db, draw, number)
    look_ahead(db, Rules())
    other = Rules(least_chance=0.0005, every_days=5)
    before = list(due(db, NOW, "due", EVERY, other))
    assert len(before) > len(list(due(db, NOW, "due", EVERY, Rules())))
    look_ahead(db, other)
    kept = Outlook.kept(db)
    assert kept is not None
    assert kept.serves(other, law_of(db))
    assert list(due(db, NOW, "due", EVERY, other)) == before


def test_hazards_are_kept_until_the_archive_has_grown_by_a_twentieth(db):
    draw = Random(3)
    for number in range(100):
        know(db, draw, number)
    look_ahead(db, Rules())
    learned = law_of(db)
    for number in range(100, 105):
        know(db, draw, number)
    look_ahead(db, Rules())
    assert law_of(db) == learned
    know(db, draw, 105)
    look_ahead(db, Rules())
    assert law_of(db) != learned
    assert law_of(db) == Outlook.kept(db).law


def test_what_is_kept_comes_back_as_it_was_and_what_cannot_be_read_is_nothing(db):
    law = Law.of([one * 1.1 for one in PRIOR], {"policy-news": 0.1 + 0.2}, {"부처": 1 / 3}, [0.1], [7.0])
    kept = Outlook(law, 0.01, 60, (1, 2, 3))
    kept.remember(db)
    assert Outlook.kept(db) == kept
    assert not kept.serves(replace(Rules(), every_days=61), law)
    for text in ("{", "[]", "{}", '{"rates": 1}', "null"):
        db.execute("UPDATE about SET value = ? WHERE name = 'outlook'", (text,))
        assert Outlook.kept(db) is None


def test_a_budget_takes_the_first_of_the_choice(db):
    draw = Random(4)
    for number in range(200):
        know(db, draw, number)
    look_ahead(db, Rules())
    whole = list(due(db, NOW, "due", EVERY))
    assert list(islice(due(db, NOW, "due", EVERY), 10)) == whole[:10]
    assert len(whole) > 10
