"""Who is due another look: the young and the lately changed often, the old seldom, the unread always."""

from __future__ import annotations

import sqlite3
from datetime import UTC, datetime, timedelta, timezone
from itertools import count

import pytest

from crawler.outlook import Rules
from crawler.revisits import due, taking_turns, upcoming
from crawler.sections import SECTIONS
from storage import capture_rows
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
    capture_rows.add(
        db, [Capture(evidence, "r", url, "GET", "failure", None, None, None, 0, role=role, article=article)]
    )


def found(db: sqlite3.Connection, recheck: str = "due", sections: tuple[str, ...] = EVERY) -> list[str]:
    return [one.article for one in due(db, NOW, recheck, sections)]  # type: ignore[arg-type]


HOUR = timedelta(hours=1)
DAY = timedelta(days=1)


def test_the_pause_between_looks_grows_with_the_age(db):
    pauses = {"1": (HOUR, HOUR / 2), "2": (DAY, 9 * HOUR), "3": (6 * DAY, 4 * DAY), "4": (400 * DAY, 60 * DAY)}
    for article, (age, pause) in pauses.items():
        know(db, article, changed=age, checked=pause)
        know(db, f"{article}0", changed=age, checked=pause / 20)
    assert sorted(found(db)) == ["1", "2", "3", "4"]


def test_the_one_most_likely_edited_comes_first_and_ties_by_id(db):
    know(db, "1", changed=3 * DAY, checked=30 * HOUR)
    know(db, "2", changed=3 * HOUR, checked=3 * HOUR)
    know(db, "4", changed=3 * DAY, checked=40 * HOUR)
    know(db, "3", changed=3 * DAY, checked=40 * HOUR)
    looks = list(due(db, NOW, "due", EVERY))
    assert [one.article for one in looks] == ["2", "3", "4", "1"]
    assert [one.chance for one in looks] == sorted((one.chance for one in looks), reverse=True)
    assert looks[0].url == "https://www.korea.kr/news/policyNewsView.do?newsId=2"
    assert (looks[0].idle, looks[0].age, looks[0].why) == (3, 3, "edits")


def test_a_suspect_is_looked_at_again_within_hours_however_old(db):
    know(db, "1", changed=200 * DAY, checked=6 * HOUR, state="suspect")
    know(db, "2", changed=200 * DAY, checked=6 * HOUR)
    know(db, "3", changed=200 * DAY, checked=5 * HOUR, state="suspect")
    assert found(db) == ["1"]


def test_none_goes_longer_without_a_look_than_the_settings_promise(db):
    for article in ("1", "2", "3"):
        know(db, article, changed=5000 * DAY, checked=int(article) * 10 * DAY)
    rules = Rules(least_chance=1, every_days=20)
    assert [(one.article, one.why) for one in due(db, NOW, "due", EVERY, rules)] == [("3", "idle"), ("2", "idle")]


def test_the_promise_and_the_gain_take_turns(db):
    for article in range(1, 4):
        know(db, str(article), changed=5000 * DAY, checked=(100 + article) * DAY)
    for article in range(1, 6):
        know(db, f"{article}0", changed=DAY, checked=(14 - article) * HOUR)
    assert found(db) == ["3", "10", "20", "30", "2", "40", "50", "1"]


def test_who_takes_turns_is_named_once_and_in_order():
    assert list(taking_turns([], "abcde")) == list("abcde")
    assert list(taking_turns("ab", [])) == ["a", "b"]
    assert "".join(taking_turns("12", "abcdefg")) == "1abc2defg"


def test_what_counts_more_comes_first(db):
    know(db, "1", changed=DAY, checked=10 * HOUR, section="briefing")
    know(db, "2", changed=DAY, checked=11 * HOUR, section="speech")
    assert found(db) == ["2", "1"]
    ranked = [one.article for one in due(db, NOW, "due", EVERY, Rules(importance=(("briefing", 3.0),)))]
    assert ranked == ["1", "2"]
    db.execute("UPDATE articles SET title = '의대 정원' WHERE article = '1'")
    assert next(due(db, NOW, "due", EVERY, Rules(importance=(("의대", 3.0),)))).article == "1"


def test_articles_with_many_files_must_be_worth_their_requests(db):
    know(db, "1", changed=DAY, checked=11 * HOUR, section="briefing")
    know(db, "2", changed=DAY, checked=10 * HOUR, section="speech")
    assert found(db) == ["1", "2"]
    version = (
        "INSERT INTO versions (id, article, version, first_seen, last_seen, url, section, title, subtitles, body,"
        " images, body_from, content_digest, layout, extractor, capture) VALUES (1, '1', 1, '', '', '', 'briefing',"
        " '', '[]', '[]', '[\"a\", \"b\"]', 'page', '', '', '', ?)"
    )
    capture(db, "9", HOUR)
    db.execute(version, (db.execute("SELECT id FROM capture_rows").fetchone()[0],))
    assert [one for one in found(db) if one != "9"] == ["2", "1"]


def test_the_publishers_word_of_an_edit_makes_an_article_due(db):
    know(db, "1", changed=300 * DAY, checked=10 * HOUR)
    know(db, "2", changed=300 * DAY, checked=10 * HOUR)
    db.execute("INSERT INTO api_answers VALUES (1, 'r')")
    told = (NOW - HOUR).astimezone(timezone(9 * HOUR)).isoformat()
    db.execute(
        "INSERT INTO publisher_signals (capture, position, news_item, article, modify_id, modify_date, title)"
        " VALUES (1, 0, '1', '1', 2, ?, 't')",
        (told,),
    )
    assert [(one.article, one.why, one.chance) for one in due(db, NOW, "due", EVERY)] == [
        ("1", "told", pytest.approx(0.5, abs=0.01))
    ]
    # One that never meant anything is soon worth little.
    db.executemany(
        "INSERT INTO publisher_signals (capture, position, news_item, article, modify_id, modify_date, title)"
        " VALUES (1, ?, '2', '2', ?, ?, 't')",
        [(n, n + 1, iso(NOW - n * DAY)) for n in range(1, 50)],
    )
    assert next(due(db, NOW, "due", EVERY)).chance < 0.03


def test_the_choice_is_the_same_whenever_it_is_made(db):
    for number in range(1, 40):
        know(db, str(number), changed=number * HOUR * 7, checked=number * HOUR)
    assert list(due(db, NOW, "due", EVERY)) == list(due(db, NOW, "due", EVERY))


def test_a_removed_article_is_still_looked_at(db):
    know(db, "1", changed=400 * DAY, checked=61 * DAY, state="removed")
    assert found(db) == ["1"]


def test_all_means_all_and_none_means_none(db):
    know(db, "1", changed=DAY, checked=timedelta(0))
    know(db, "2", changed=DAY, checked=-HOUR)
    capture(db, "3", HOUR)
    assert sorted(found(db, "all")) == ["1", "2", "3"]
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
    assert [(one.article, one.why) for one in looks] == [("1", "unread"), ("2", "unread")]


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


def test_who_is_due_next_is_the_one_that_is_due_first_as_time_goes_on(db):
    for number, age in enumerate((3 * DAY, 20 * DAY, 400 * DAY), start=1):
        know(db, str(number), changed=age, checked=timedelta(0))
    moment, one = upcoming(db, NOW, Rules())
    assert (one.article, one.why) == ("1", "edits")
    assert one.url == "https://www.korea.kr/news/policyNewsView.do?newsId=1"
    assert one.chance == pytest.approx(0.01, abs=1e-4)
    second = timedelta(seconds=2)
    assert [due_then.article for due_then in due(db, moment + second, "due", EVERY)] == ["1"]
    assert list(due(db, moment - second, "due", EVERY)) == []


def test_who_waits_for_the_promise_or_is_suspect_is_due_when_that_says_so(db):
    know(db, "1", changed=5000 * DAY, checked=30 * HOUR)
    rules = Rules(least_chance=1, every_days=2)
    moment, one = upcoming(db, NOW, rules)
    assert (moment, one.article, one.why) == (NOW + 18 * HOUR, "1", "idle")
    know(db, "2", changed=5000 * DAY, checked=HOUR, state="suspect")
    moment, one = upcoming(db, NOW, rules)
    assert (moment, one.article, one.why, one.idle) == (NOW + 5 * HOUR, "2", "suspect", pytest.approx(6))


def test_nobody_is_due_next_in_an_empty_archive(db):
    assert upcoming(db, NOW, Rules()) is None
