"""What looks have shown of articles' lives: every bound belongs to one side, and nothing is counted twice."""

from __future__ import annotations

from datetime import datetime

from storage import lives, signals
from storage.records import iso
from tests.makers import (
    article,
    at,
    attachment,
    capture,
    db,
    file_readings,
    filed,
    found_and_filed,
    reading,
)

__all__ = ["db"]


def looked_at(db, name: str, *texts: str, every: float = 24, **said) -> None:
    """File looks at an article, which read these texts in turn."""
    with db:
        found = [reading(db, every * day, article(text, name, **said), name) for day, text in enumerate(texts)]
        file_readings(db, name, found)
        found_and_filed(db, name)


def hours(moment: datetime) -> float:
    return moment.timestamp() / 3600


def test_an_article_that_says_no_source_and_was_never_edited_has_an_empty_one_and_no_last_edit(db) -> None:
    looked_at(db, "3", "처음 글.", "처음 글.")
    looked_at(db, "1", "처음 글.", source=None, source_code=None)
    looked_at(db, "2", "처음 글.", "고친 글.", "고친 글.")
    found = list(lives.lives(db))
    assert [one.article for one in found] == ["1", "2", "3"]
    assert [(one.source, one.source_code) for one in found] == [("", ""), *[("문화체육관광부", "A00012")] * 2]
    assert [one.last_edit for one in found] == [None, hours(at(24)), None]
    assert [one.edits for one in found] == [0, 1, 0]
    assert [one.article for one in lives.lives(db, hours(at(9999)))] == ["1", "2", "3"]


def test_an_edit_without_a_source_has_an_empty_one_and_the_newest_edits_stand_by_article_and_time(db) -> None:
    looked_at(db, "2", "가", "나", "다", source=None)
    looked_at(db, "1", "가", "나", "다", every=10)
    found = [(one.article, one.source, one.before, one.seen) for one in lives.edits(db, 9)]
    assert found == [
        ("1", "문화체육관광부", hours(at(0)), hours(at(10))),
        ("1", "문화체육관광부", hours(at(10)), hours(at(20))),
        ("2", "", hours(at(0)), hours(at(24))),
        ("2", "", hours(at(24)), hours(at(48))),
    ]
    assert [(one.article, one.seen - hours(at(0))) for one in lives.edits(db, 3)] == [("1", 20), ("2", 24), ("2", 48)]


def test_the_publishers_word_counts_where_looks_stand_on_both_sides_of_it(db) -> None:
    looked_at(db, "1", "가", "가", "나", "나")
    told = [(2, 0), (2, 24), (2, 30), (2, 48), (2, 60), (2, 72), (1, 36)]
    with db:
        for asked in (80, 81):  # the same said twice is one word
            number = filed(db, capture(at(asked), role="list")).id
            signals.add(db, number, "r", [_signal(*one) for one in told])
    assert lives.publishers_record(db) == lives.TrackRecord(claims=4, confirmed=3)


def _signal(modify_id: int, after: float) -> signals.Signal:
    moment = iso(at(after))
    return signals.Signal("1", "1", None, modify_id, moment, None, None, "U", "policy", "글", None)


def test_the_parts_of_a_section_are_those_of_the_newest_articles_as_they_stand(db) -> None:
    many = tuple(attachment(str(number)) for number in range(4))
    looked_at(db, "1", "가", attachments=many[:3], published="2026-09-13T09:00:00+09:00")
    looked_at(db, "2", "가", attachments=many, published="2026-09-14T09:00:00+09:00")
    with db:
        file_readings(db, "2", [reading(db, 24, article("가", "2", attachments=many[:1]), "2")])
    assert lives.parts(db, "policy-news") == 2
    assert lives.parts(db, "policy-news", newest=1) == 1
    assert lives.parts(db, "speech") == 0


def test_a_request_made_at_that_very_time_is_counted(db) -> None:
    looked_at(db, "1", "가", "가")
    assert [lives.captures_since(db, hours(at(one))) for one in (0, 24, 24.001)] == [2, 1, 0]
