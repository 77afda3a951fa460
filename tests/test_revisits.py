"""Who is due another look: the young and the lately changed often, the old seldom, the unread always."""

from __future__ import annotations

import sqlite3
from datetime import UTC, datetime, timedelta
from itertools import count

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crawler.revisits import due, wait
from crawler.sections import SECTIONS
from storage import captures
from storage.archive import Archive
from storage.records import Capture, Evidence, iso

NOW = datetime(2026, 9, 20, 11, 7, tzinfo=UTC)
EVERY = tuple(SECTIONS)
numbers = count(1)


@pytest.fixture
def db(tmp_path):
    archive = Archive(tmp_path / "archive")
    archive.create()
    connection = archive.database()
    connection.execute(
        "INSERT INTO runs (run, started_at, portal, software, removal_checks, removal_days)"
        " VALUES ('r', ?, 'p', 's', 3, 2)",
        (iso(NOW),),
    )
    yield connection
    connection.close()


def know(
    db: sqlite3.Connection,
    article: str,
    *,
    changed: timedelta,
    checked: timedelta,
    section: str = "policy-news",
    state: str = "live",
) -> None:
    """File an article that last changed and was last checked so long ago."""
    db.execute(
        "INSERT INTO articles (article, url, section, title, version, versions, state, first_seen, last_seen,"
        " last_checked, last_changed) VALUES (?, ?, ?, 't', 1, 1, ?, ?, ?, ?, ?)",
        (
            article,
            f"https://www.korea.kr{SECTIONS[section].views[0]}?newsId={article}",
            section,
            state,
            iso(NOW - changed),
            iso(NOW - checked),
            iso(NOW - checked),
            iso(NOW - changed),
        ),
    )


def capture(
    db: sqlite3.Connection,
    article: str,
    ago: timedelta,
    *,
    path: str = "/news/policyNewsView.do",
    role: str = "article",
) -> None:
    """File a capture of an article's page taken so long ago."""
    number = next(numbers)
    evidence = Evidence("w", 0, 0, f"urn:{number}", None, NOW - ago)
    url = f"https://www.korea.kr{path}?newsId={article}"
    captures.add(db, [Capture(evidence, "r", url, "GET", "failure", None, None, None, 0, role=role, article=article)])


def found(db: sqlite3.Connection, recheck: str = "due", sections: tuple[str, ...] = EVERY) -> list[str]:
    return [one.article for one in due(db, NOW, recheck, sections)]  # type: ignore[arg-type]


HOUR = timedelta(hours=1)
DAY = timedelta(days=1)


@pytest.mark.parametrize(
    ("age", "pause"),
    [
        (timedelta(0), timedelta(minutes=15)),
        (-HOUR, timedelta(minutes=15)),
        (3 * HOUR - timedelta(seconds=1), timedelta(minutes=15)),
        (3 * HOUR, HOUR),
        (DAY, 6 * HOUR),
        (7 * DAY, DAY),
        (30 * DAY, 14 * DAY),
        (365 * DAY, 60 * DAY),
        (9999 * DAY, 60 * DAY),
    ],
)
def test_the_pause_grows_with_the_age(age, pause):
    assert wait(age) == pause


@given(st.timedeltas(timedelta(0), 4000 * DAY), st.timedeltas(timedelta(0), 4000 * DAY))
def test_an_older_article_never_waits_less(one, other):
    assert (wait(one) <= wait(other)) or one > other
    assert timedelta(minutes=15) <= wait(one) <= 60 * DAY


def test_an_article_is_due_when_its_pause_has_passed(db):
    know(db, "1", changed=2 * HOUR, checked=timedelta(minutes=15))
    know(db, "2", changed=2 * HOUR, checked=timedelta(minutes=14, seconds=59))
    know(db, "3", changed=3 * DAY, checked=6 * HOUR)
    know(db, "4", changed=3 * DAY, checked=5 * HOUR)
    assert found(db) == ["1", "3"]


def test_the_most_overdue_comes_first_and_ties_by_id(db):
    know(db, "1", changed=3 * DAY, checked=7 * HOUR)
    know(db, "2", changed=2 * HOUR, checked=HOUR)
    know(db, "4", changed=3 * DAY, checked=12 * HOUR)
    know(db, "3", changed=3 * DAY, checked=12 * HOUR)
    looks = list(due(db, NOW, "due", EVERY))
    assert [one.article for one in looks] == ["2", "3", "4", "1"]
    assert [one.overdue for one in looks] == pytest.approx([4, 2, 2, 7 / 6])
    assert looks[0].url == "https://www.korea.kr/news/policyNewsView.do?newsId=2"


def test_a_suspect_is_looked_at_again_within_hours_however_old(db):
    know(db, "1", changed=200 * DAY, checked=6 * HOUR, state="suspect")
    know(db, "2", changed=200 * DAY, checked=6 * HOUR)
    know(db, "3", changed=HOUR, checked=timedelta(minutes=20), state="suspect")
    assert found(db) == ["3", "1"]


def test_a_removed_article_is_still_looked_at(db):
    know(db, "1", changed=400 * DAY, checked=61 * DAY, state="removed")
    assert found(db) == ["1"]


def test_all_means_all_and_none_means_none(db):
    know(db, "1", changed=DAY, checked=timedelta(0))
    know(db, "2", changed=DAY, checked=-HOUR)
    capture(db, "3", HOUR)
    assert found(db, "all") == ["3", "1", "2"]
    assert found(db, "none") == []
    assert found(db) == ["3"]


def test_only_the_sections_asked_for_are_looked_at(db):
    know(db, "1", changed=DAY, checked=DAY)
    know(db, "2", changed=DAY, checked=DAY, section="briefing")
    capture(db, "3", HOUR)
    capture(db, "4", HOUR, path="/news/policyBriefingView.do")
    capture(db, "5", HOUR, path="/briefing/policyBriefingView.do;jsessionid=1")
    assert sorted(found(db, sections=("briefing",))) == ["2", "4", "5"]
    assert sorted(found(db, "all", sections=("policy-news",))) == ["1", "3"]
    assert found(db, "all", sections=()) == []


def test_what_was_never_read_is_looked_at_on_the_next_run(db):
    capture(db, "1", 2 * HOUR)
    capture(db, "1", timedelta(minutes=5))
    capture(db, "2", timedelta(seconds=59))
    capture(db, "3", -timedelta(seconds=1))
    capture(db, "4", HOUR, role="attachment")
    capture(db, "5", HOUR)
    know(db, "5", changed=200 * DAY, checked=HOUR)
    looks = list(due(db, NOW, "due", EVERY))
    assert [(one.article, one.overdue) for one in looks] == [("1", 1), ("2", 1)]


def test_what_was_never_read_does_not_come_before_all_others_for_good(db):
    capture(db, "1", 300 * DAY)
    capture(db, "1", DAY)
    know(db, "2", changed=HOUR, checked=HOUR)
    assert found(db) == ["2", "1"]


def test_an_empty_archive_has_nobody_due(db):
    assert found(db) == []
    assert found(db, "all") == []


def test_articles_that_a_watched_list_led_to_are_looked_at_again(db):
    for article, section in {"1": "press-release", "2": "card-news", "3": "photo", "4": "media-news"}.items():
        know(db, article, changed=timedelta(days=1), checked=timedelta(days=1), section=section)
    assert sorted(found(db, "all", sections=("ministry-news",))) == ["1", "2", "3", "4"]
    assert sorted(found(db, "all", sections=("media-news",))) == ["2", "3", "4"]
    assert sorted(found(db, "all", sections=("press-release",))) == ["1"]
