"""Filing: every look is a check, only a difference is a version, and what was not read is no difference."""

from __future__ import annotations

import hashlib
import itertools
import re
import sqlite3
import tempfile
from contextlib import closing
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from diffing.detect import transitions
from storage import capture_rows, captures, changes, contents, filing, looks, page_captures, runs, versions
from storage.change_query import Query
from storage.errors import SettingsError
from storage.records import Article, Attachment, Block, Image, Outcome, Reading, canonical_json, completed, iso
from tests.makers import (
    RUN,
    archive_at,
    article,
    at,
    attachment,
    capture,
    db,
    file_readings,
    found_and_filed,
    reading,
    readings,
)

__all__ = ["db"]

ID = "148930267"
A, B, C = (article(text) for text in ("하나를 말한다.", "둘을 말한다.", "셋을 말한다."))


def filed(db: sqlite3.Connection, *states: Article | Outcome) -> list[tuple[int, Article]]:
    file_readings(db, ID, readings(db, states))
    return [(one.version, one.article) for one in versions.versions(db, ID)]


def rows(db: sqlite3.Connection) -> list[list[tuple[object, ...]]]:
    queries = (
        "SELECT * FROM articles ORDER BY article",
        "SELECT * FROM article_timeline ORDER BY article, checked_at",
        "SELECT * FROM version_detail ORDER BY article, version",
        "SELECT * FROM change_detail ORDER BY id",
    )
    return [[tuple(row) for row in db.execute(query)] for query in queries]


def test_the_first_reading_is_version_one(db):
    assert filed(db, A) == [(1, A)]
    (one,) = versions.versions(db, ID)
    assert (one.first_seen, one.last_seen) == (at(0), at(0))
    assert (one.layout, one.extractor) == ("MadeLayout", "made:1")
    assert one.evidence == capture(at(0)).evidence


def test_the_same_article_read_again_only_moves_the_last_sight(db):
    assert filed(db, A, A, A) == [(1, A)]
    (one,) = versions.versions(db, ID)
    assert (one.first_seen, one.last_seen) == (at(0), at(48))
    assert one.evidence == capture(at(0)).evidence


def test_an_article_that_differs_is_a_new_version(db):
    assert filed(db, A, A, B) == [(1, A), (2, B)]
    assert [(one.first_seen, one.last_seen) for one in versions.versions(db, ID)] == [(at(0), at(24)), (at(48), at(48))]


def test_a_state_that_comes_back_is_a_version_of_its_own(db):
    assert filed(db, A, B, A) == [(1, A), (2, B), (3, A)]


@pytest.mark.parametrize(
    "changed",
    [
        {"title": "마을 도서관 열세 곳이 새로 문을 연다"},
        {"subtitles": ("올해 안에",)},
        {"published": "2026-09-16"},
        {"source": "행정안전부"},
        {"source_code": None},
        {"author": "김하늘"},
        {"body": (Block("heading", "하나를 말한다."),)},
        {"images": (Image("https://www.example.kr/a.jpg", "", None),)},
        {"attachments": (attachment(),)},
        {"licence": None},
        {"url": "https://www.example.kr/briefing/pressReleaseView.do?newsId=148930267"},
        {"section": "press-release"},
    ],
)
def test_every_field_makes_a_version(db, changed):
    assert len(filed(db, A, replace(A, **changed))) == 2


@pytest.mark.parametrize(
    "changed", [{"viewer": "https://www.example.kr/docViewer/skin/doc.html"}, {"body_from": "viewer"}]
)
def test_where_the_text_was_read_makes_no_version(db, changed):
    assert filed(db, A, replace(A, **changed)) == [(1, A)]


def test_a_look_that_read_nothing_is_a_check_and_no_version(db):
    unread = [
        "blocked",
        "error",
        "unreachable",
        "unrecognised",
        "incomplete",
        "gone",
        "front-page",
        "other-article",
        "away",
    ]
    assert filed(db, A, *unread, A) == [(1, A)]
    found = versions.checks(db, ID)
    assert [one.outcome for one in found] == ["read", *unread, "read"]
    assert [one.version for one in found] == [1, *[None] * len(unread), 1]
    assert [one.checked_at for one in found] == [at(24 * day) for day in range(len(found))]


def test_a_check_carries_its_evidence_and_the_removal_rule_of_its_run(db):
    lenient = replace(RUN, run="20260916T090000Z-made", removal_checks=5, removal_days=7.5)
    runs.add(db, lenient)
    capture_rows.add(db, [capture(at(30), run=lenient.run)])
    (later,) = [one for one in page_captures.of_article(db, ID, pending=True) if one.run == lenient.run]
    file_readings(db, ID, [reading(db, 0, A), Reading(later, "gone")])
    first, second = versions.checks(db, ID)
    assert (first.removal_checks, first.removal_days) == (3, 2.0)
    assert (second.removal_checks, second.removal_days) == (5, 7.5)
    assert second.evidence == capture(at(30)).evidence


@pytest.mark.parametrize(
    "hollow",
    [
        {"body": ()},
        {"body": (Block("paragraph", "파일이 말하는 것."),), "body_from": "attachment", "body_file": "197000001"},
    ],
)
@pytest.mark.parametrize("source", ["page", "viewer"])
def test_a_page_with_its_files_alone_is_no_edit_of_an_article_that_had_words_of_its_own(db, source, hollow):
    whole = replace(A, body_from=source, attachments=(attachment("197000001", "aa" * 32),))
    assert filed(db, whole, replace(whole, **hollow), whole) == [(1, whole)]
    assert [one.outcome for one in versions.checks(db, ID)] == ["read", "incomplete", "read"]


LINELESS = {"source": None, "source_code": None, "author": None}


@pytest.mark.parametrize("published", [A.published, None])
def test_a_page_without_its_line_of_ministry_and_author_is_no_edit_until_it_has_stood_so_for_a_week(db, published):
    lineless = replace(A, **LINELESS, published=published)
    assert filed(db, A, lineless, A, *[lineless] * 8) == [(1, A), (2, lineless)]
    outcomes = [one.outcome for one in versions.checks(db, ID)]
    assert outcomes == ["read", "incomplete", "read", *["incomplete"] * 7, "read"]


@pytest.mark.parametrize(
    ("before", "after"),
    [
        (A, replace(A, **LINELESS, title="다른 제목")),
        (A, replace(A, source_code=None, author=None)),
        (replace(A, source_code=None, author=None), replace(A, **LINELESS)),
    ],
    ids=["with another title", "with its ministry", "of one thing"],
)
def test_a_line_of_which_something_is_left_or_that_goes_with_other_words_is_edited(db, before, after):
    assert filed(db, before, after) == [(1, before), (2, after)]


@pytest.mark.parametrize("at_once", [True, False])
def test_an_article_without_words_of_its_own_for_a_week_has_lost_them(db, at_once):
    whole = replace(A, attachments=(attachment("197000001", "aa" * 32),))
    bare = replace(whole, body=())
    made = readings(db, [whole, "incomplete", whole, *[bare] * 8])
    for part in [made] if at_once else [[one] for one in made]:
        file_readings(db, ID, part)
    assert [one.article for one in versions.versions(db, ID)] == [whole, bare]
    assert [one.outcome for one in versions.checks(db, ID)] == [
        "read",
        "incomplete",
        "read",
        *["incomplete"] * 7,
        "read",
    ]


def test_two_looks_without_words_of_its_own_take_no_text_from_an_article_however_far_apart(db):
    whole = replace(A, attachments=(attachment("197000001", "aa" * 32),))
    bare = replace(whole, body=())
    far = [reading(db, 24 * day, state, ID) for day, state in ((0, whole), (10, bare), (30, bare))]
    for one in far:
        file_readings(db, ID, [one])
    assert [one.article for one in versions.versions(db, ID)] == [whole]


@pytest.mark.parametrize(("last", "lost"), [(24 * 17, True), (24 * 17 - 1, False)])
def test_the_third_look_without_words_takes_the_text_when_it_comes_a_week_after_the_first(db, last, lost):
    whole = replace(A, attachments=(attachment("197000001", "aa" * 32),))
    bare = replace(whole, body=())
    looks = ((0, whole), (24 * 10, bare), (24 * 11, bare), (last, bare))
    file_readings(db, ID, [reading(db, hours, state, ID) for hours, state in looks])
    assert [one.article for one in versions.versions(db, ID)] == [whole, bare][: 1 + lost]


def test_an_article_that_never_had_words_of_its_own_is_compared_without_them(db):
    bare = replace(A, body=(), attachments=(attachment("197000001", "aa" * 32),))
    retitled = replace(bare, title="다른 제목")
    assert filed(db, bare, retitled) == [(1, bare), (2, retitled)]


def test_an_article_that_was_never_read_has_checks_and_no_row(db):
    assert filed(db, "gone", "blocked") == []
    assert len(versions.checks(db, ID)) == 2
    assert db.execute("SELECT * FROM articles").fetchall() == []
    assert versions.last_check(db, ID) == iso(at(24))


def test_nothing_filed_is_nothing_changed(db):
    file_readings(db, ID, [])
    assert versions.last_check(db, ID) is None
    filed(db, A)
    before = rows(db)
    file_readings(db, ID, [])
    assert rows(db) == before


def test_the_article_row_sums_up_versions_and_checks(db):
    filed(db, A, B, B, "gone")
    found_and_filed(db)
    (row,) = [dict(row) for row in db.execute("SELECT * FROM articles")]
    assert row == {
        "article": ID, "url": B.url, "section": "policy-news", "title": B.title, "source": B.source,
        "source_code": "A00012", "published": B.published, "version": 2, "versions": 2, "state": "suspect",
        "first_seen": iso(at(0)), "last_seen": iso(at(48)), "last_checked": iso(at(72)), "last_changed": iso(at(24)),
    }  # fmt: skip


@pytest.mark.parametrize(
    ("states", "expected"),
    [
        ((A,), "live"),
        ((A, "blocked"), "live"),
        ((A, "gone"), "suspect"),
        ((A, "front-page"), "suspect"),
        ((A, "gone", "blocked"), "suspect"),
        ((A, "gone", A), "live"),
        (("gone", A), "live"),
        ((A, "gone", "gone"), "suspect"),
        ((A, "gone", "gone", "gone"), "removed"),
        ((A, "gone", "gone", "gone", "error"), "removed"),
        ((A, "gone", "gone", "gone", "gone"), "removed"),
        ((A, "gone", "gone", "gone", A), "live"),
        ((A, "gone", "gone", "gone", A, "gone"), "suspect"),
    ],
)
@pytest.mark.parametrize("at_once", [True, False])
def test_the_state_follows_the_looks(db, states, expected, at_once):
    made = readings(db, states)
    for part in [made] if at_once else [[one] for one in made]:
        file_readings(db, ID, part)
        found_and_filed(db)
    assert db.execute("SELECT state FROM articles").fetchone()["state"] == expected


def test_a_removed_article_stays_removed_until_it_is_read_again(db):
    filed(db, A, "gone", "gone", "gone")
    found_and_filed(db)
    file_readings(db, ID, [reading(db, 24 * 9, "blocked"), reading(db, 24 * 10, "gone")])
    assert db.execute("SELECT state FROM articles").fetchone()["state"] == "removed"


F, G = "197000001", "197000002"


def with_files(*files: Attachment, text: str = "하나를 말한다.") -> Article:
    return article(text, attachments=files)


def test_a_file_that_was_not_fetched_today_is_taken_as_it_was_last_read(db):
    read, unread = with_files(attachment(F, "aa" * 32)), with_files(attachment(F))
    assert filed(db, read, unread, read) == [(1, read)]


def test_the_text_digest_is_carried_over_with_the_file(db):
    read = with_files(replace(attachment(F, "aa" * 32), text_sha256="bb" * 32))
    assert filed(db, read, with_files(attachment(F))) == [(1, read)]


def test_a_file_first_read_at_a_later_look_is_filled_in(db):
    read = with_files(replace(attachment(F, "aa" * 32), text_sha256="bb" * 32))
    unread = with_files(attachment(F))
    assert filed(db, unread, unread, read, unread) == [(1, read)]
    (row,) = db.execute("SELECT * FROM version_detail").fetchall()
    assert row["content_digest"] == read.content_digest
    assert (row["first_seen"], row["last_seen"]) == (iso(at(0)), iso(at(72)))


def test_files_are_filled_in_one_by_one(db):
    both = with_files(attachment(F, "aa" * 32), attachment(G, "bb" * 32))
    states = [
        with_files(attachment(F), attachment(G)),
        with_files(attachment(F), attachment(G, "bb" * 32)),
        with_files(attachment(F, "aa" * 32), attachment(G)),
    ]
    assert filed(db, *states) == [(1, both)]


def test_a_file_that_was_read_and_is_another_now_is_a_version(db):
    states = [with_files(attachment(F, digest * 32)) for digest in ("aa", "bb")]
    assert filed(db, *states) == list(enumerate(states, start=1))


def test_filling_in_does_not_hide_an_edit_of_the_text(db):
    unread, edited = with_files(attachment(F)), with_files(attachment(F, "aa" * 32), text="둘을 말한다.")
    assert filed(db, unread, edited) == [(1, unread), (2, edited)]


def test_filling_in_does_not_hide_another_file(db):
    unread, more = with_files(attachment(F)), with_files(attachment(F, "aa" * 32), attachment(G, "bb" * 32))
    assert filed(db, unread, more) == [(1, unread), (2, more)]


@pytest.mark.parametrize("kind", ["attachments", "images"])
def test_filling_in_does_not_hide_what_became_of_another_file(db, kind):
    def parts(first: str | None, second: str) -> Article:
        digests = first, second * 32
        if kind == "attachments":
            return with_files(*map(attachment, (F, G), digests))
        return article(
            images=tuple(Image(f"https://www.example.kr/{at}.jpg", "", None, one) for at, one in enumerate(digests))
        )

    before, after = parts(None, "bb"), parts("aa" * 32, "cc")
    assert filed(db, before, after) == [(1, before), (2, after)]


def test_a_file_of_another_name_is_a_version_though_it_was_not_read(db):
    renamed = with_files(attachment(F, name="보도자료(수정).hwpx"))
    assert [number for number, _ in filed(db, with_files(attachment(F, "aa" * 32)), renamed)] == [1, 2]
    assert versions.versions(db, ID)[1].article.attachments[0].sha256 == "aa" * 32


def test_a_type_told_without_the_bytes_does_not_stand_in_the_way_of_filling_in(db):
    guessed = with_files(Attachment(F, "보도자료.hwpx", "application/octet-stream"))
    read = with_files(attachment(F, "aa" * 32))
    assert filed(db, guessed, read) == [(1, read)]


def test_a_change_found_before_its_files_were_read_is_the_same_as_one_found_after(db):
    made = readings(db, [A, with_files(attachment(F)), with_files(attachment(F, "aa" * 32)), with_files(attachment(F))])
    for one in made:
        file_readings(db, ID, [one])
        found_and_filed(db)
    one_by_one, digest = rows(db), contents.content_digest(db)
    filing.forget(db, ID)
    file_readings(db, ID, made)
    found_and_filed(db)
    assert rows(db) == one_by_one
    assert contents.content_digest(db) == digest


def test_filling_in_leaves_the_changes_before_alone(db):
    made = readings(db, [A, B, with_files(attachment(F)), with_files(attachment(F, "aa" * 32))])
    file_readings(db, ID, made[:3])
    assert [one.id for one in found_and_filed(db)] == [f"{ID}.1", f"{ID}.2"]
    file_readings(db, ID, made[3:])
    assert [one.id for one in changes.find(db, Query())] == [f"{ID}.1"]
    assert [one.id for one in found_and_filed(db)] == [f"{ID}.2"]


def test_the_version_at_a_moment_is_the_last_one_first_seen_by_then(db):
    filed(db, A, A, B, "gone", A)
    moments = {at(-0.001): None, at(0): 1, at(24): 1, at(47.999): 1, at(48): 2, at(95): 2, at(96): 3, at(9999): 3}
    for moment, expected in moments.items():
        found = versions.version_at(db, ID, moment)
        assert (found.version if found else None) == expected, moment
    assert versions.version_at(db, "no such article", at(0)) is None


def test_articles_do_not_see_each_other(db):
    other = article("둘을 말한다.", "148930268")
    filed(db, A, B)
    file_readings(db, "148930268", readings(db, [other], "148930268"))
    filing.forget(db, ID)
    assert [one.article for one in versions.versions(db, "148930268")] == [other]
    assert versions.versions(db, ID) == []
    assert versions.last_check(db, ID) is None


def test_looks_of_one_instant_are_ordered_by_their_records_not_by_their_filing(tmp_path):
    found = []
    twins = [capture(at(1)), capture(at(1))]
    twins = [
        one._replace(evidence=one.evidence._replace(record_id=f"urn:uuid:twin-{number}", offset=10 * number))
        for number, one in enumerate(twins)
    ]
    for number, order in enumerate((twins, twins[::-1])):
        _, db = archive_at(tmp_path / str(number))
        with closing(db):
            capture_rows.add(db, order)
            pending = page_captures.of_article(db, ID, pending=True)
            file_readings(db, ID, [Reading(one, "gone") for one in pending])
            found.append(
                (
                    [one.evidence.record_id for one in pending],
                    [one.evidence.record_id for one in versions.checks(db, ID)],
                )
            )
    assert found == [(["urn:uuid:twin-0", "urn:uuid:twin-1"],) * 2] * 2


def test_captures_that_a_reading_has_used_are_not_pending(db):
    readings(db, [A, B])
    looks.file_looks(db, [(captures.number_of(db, capture(at(0)).evidence), "unreachable", None)])
    assert [one.captured_at for one in page_captures.of_article(db, ID, pending=True)] == [at(24)]
    assert [one.captured_at for one in page_captures.of_article(db, ID, pending=False)] == [at(0), at(24)]


STATES = st.lists(st.sampled_from([A, B, C, "gone", "blocked", "error", "incomplete"]), max_size=9)


@settings(max_examples=40, deadline=None)
@given(STATES)
def test_versions_are_exactly_the_runs_of_equal_content(states):
    with tempfile.TemporaryDirectory() as directory:
        _, db = archive_at(Path(directory))
        with closing(db):
            read = [one for one in states if isinstance(one, Article)]
            runs = [content for content, _ in itertools.groupby(read)]
            assert filed(db, *states) == list(enumerate(runs, start=1))
            seen = [one.version for one in versions.checks(db, ID) if one.outcome == "read"]
            lengths = [len(list(run)) for _, run in itertools.groupby(read)]
            assert seen == [number for number, length in enumerate(lengths, start=1) for _ in range(length)]
            for one in versions.versions(db, ID):
                times = [look.checked_at for look in versions.checks(db, ID) if look.version == one.version]
                assert (one.first_seen, one.last_seen) == (min(times), max(times))


@settings(max_examples=40, deadline=None)
@given(STATES)
def test_the_turning_looks_tell_the_same_changes_as_all_looks(states):
    with tempfile.TemporaryDirectory() as directory:
        _, db = archive_at(Path(directory))
        with closing(db):
            filed(db, *states)
            everything, turning = versions.checks(db, ID), versions.checks(db, ID, turning=True)
            assert list(transitions(turning)) == list(transitions(everything))
            assert [one for one in everything if one in turning] == turning


def test_years_of_looks_at_an_unchanged_article_turn_at_two(db):
    filed(db, *[A] * 300, "blocked", *[A] * 300, B)
    found = versions.checks(db, ID, turning=True)
    assert [(one.checked_at, one.version) for one in found] == [
        (at(24 * day), version) for day, version in ((0, 1), (299, 1), (300, None), (301, 1), (600, 1), (601, 2))
    ]


FILES = st.lists(
    st.sampled_from(
        [
            A,
            B,
            with_files(attachment(F)),
            with_files(attachment(F, "aa" * 32)),
            with_files(attachment(F, "bb" * 32)),
            with_files(attachment(F), attachment(G)),
            with_files(attachment(F, "aa" * 32), attachment(G, "cc" * 32)),
            with_files(attachment(F), text="둘을 말한다."),
            "gone",
            "blocked",
        ]
    ),
    max_size=9,
)


@settings(max_examples=60, deadline=None)
@given(FILES, st.data())
def test_filing_at_once_in_parts_and_again_gives_the_same_rows(states, data):
    with tempfile.TemporaryDirectory() as directory:
        _, db = archive_at(Path(directory))
        with closing(db):
            made = readings(db, states)
            file_readings(db, ID, made)
            found_and_filed(db)
            at_once = rows(db), contents.content_digest(db)
            filing.forget(db, ID)
            assert all(not found for found in rows(db))
            cuts = sorted(data.draw(st.sets(st.integers(0, len(made)))))
            for start, end in itertools.pairwise([0, *cuts, len(made)]):
                file_readings(db, ID, made[start:end])
                found_and_filed(db)
            assert (rows(db), contents.content_digest(db)) == at_once
            assert db.execute("PRAGMA foreign_key_check").fetchall() == []


TEXT = st.text(st.characters(exclude_categories=["Cs"]), max_size=12)
MAYBE = st.none() | TEXT
ARTICLES = st.builds(
    Article,
    article=st.just(ID),
    url=TEXT,
    section=TEXT,
    title=TEXT,
    subtitles=st.lists(TEXT, max_size=3).map(tuple),
    published=MAYBE,
    source=MAYBE,
    source_code=MAYBE,
    author=MAYBE,
    body=st.lists(st.builds(Block, st.sampled_from(["paragraph", "table", "quote"]), TEXT), max_size=3).map(tuple),
    images=st.lists(st.builds(Image, TEXT, TEXT, MAYBE), max_size=2).map(tuple),
    attachments=st.lists(
        st.builds(Attachment, TEXT, TEXT, MAYBE, MAYBE, MAYBE), max_size=3, unique_by=lambda one: one.file_id
    ).map(tuple),
    licence=MAYBE,
    viewer=MAYBE,
    body_from=st.sampled_from(["page", "viewer"]),
)


@settings(max_examples=40, deadline=None)
@given(ARTICLES)
def test_an_article_comes_out_of_the_database_as_it_went_in(one):
    with tempfile.TemporaryDirectory() as directory:
        _, db = archive_at(Path(directory))
        with closing(db):
            assert filed(db, one, one) == [(1, one)]
            (row,) = db.execute("SELECT content_digest FROM versions").fetchall()
            assert row["content_digest"] == one.content_digest


@given(ARTICLES)
def test_an_article_is_written_as_any_value_is(one):
    content, written = one.content(), one.written()
    assert one.content_digest == "sha256:" + hashlib.sha256(canonical_json(content)).hexdigest()
    lists = (written.subtitles, written.body, written.images)
    assert [part.encode() for part in lists] == [canonical_json(content[n]) for n in ("subtitles", "body", "images")]


@given(ARTICLES)
def test_the_digest_survives_the_way_through_json(one):
    again = Article.from_content(one.content(), viewer=one.viewer, body_from=one.body_from, body_file=one.body_file)
    assert again == one
    assert again.content_digest == one.content_digest
    assert one.content_digest != replace(one, title=one.title + ".").content_digest


@given(ARTICLES, ARTICLES)
def test_what_was_read_is_never_overwritten_by_what_is_carried_over(one, known):
    done = completed(one, known)
    for before, after in zip(one.attachments, done.attachments, strict=True):
        assert after == before or before.sha256 is None
    assert completed(done, known) == done
    assert completed(one, None) == one


@pytest.mark.parametrize(
    ("now", "kept"),
    [
        ([("2", "bb"), ("1", "aa")], True),
        ([("2", "bb"), ("1", None)], True),
        ([("2", "bb"), ("1", "cc")], False),
        ([("2", "bb")], False),
    ],
    ids=["there", "unread", "replaced", "gone"],
)
def test_the_body_stays_that_of_its_file_while_the_file_stays(now, kept):
    """Another file that is better, or stands first by now, says the same in other paragraphs."""
    first = replace(A, body_from="attachment", body_file="1", attachments=(attachment("1", "aa"),))
    files = tuple(attachment(file_id, digest) for file_id, digest in now)
    look = replace(B, body_from="attachment", body_file="2", attachments=files)
    done = completed(look, first)
    assert (done.body, done.body_file) == ((first.body, "1") if kept else (look.body, "2"))
    assert completed(replace(look, body_from="page", body_file=None), first).body == look.body


def test_a_look_that_says_the_day_alone_says_nothing_else_of_the_time(db):
    day, later = replace(A, published="2026-09-15"), replace(A, published="2026-09-15T19:30:00+09:00")
    filed(db, A, day, replace(day, body=B.body), later, replace(A, published="2026-09-14"))
    said = [row["published"] for row in db.execute("SELECT published FROM version_detail ORDER BY version")]
    assert said == [A.published, A.published, later.published, "2026-09-14"]


def test_a_state_that_came_back_is_one_content_seen_twice_with_its_days(db):
    filed(db, A, A, B, A)
    contents = [dict(row) for row in db.execute("SELECT * FROM article_contents ORDER BY version")]
    assert [(one["versions"], one["times_seen"], one["days_seen"]) for one in contents] == [
        ("[1,3]", 2, 1.0),
        ("[2]", 1, 0.0),
    ]


def test_a_version_stood_somewhere_between_the_looks_that_bound_it(db):
    filed(db, A, A, B, C)
    rows = db.execute("SELECT began_after, first_seen, last_seen, ended_before FROM version_intervals ORDER BY version")
    assert [tuple(row) for row in rows] == [
        (None, iso(at(0)), iso(at(24)), iso(at(48))),
        (iso(at(24)), iso(at(48)), iso(at(48)), iso(at(72))),
        (iso(at(48)), iso(at(72)), iso(at(72)), None),
    ]


def test_an_article_on_a_day_is_one_query_by_index(db):
    """``show --at`` asks it: rows are read from the wanted one on, and sorted only where two were seen at once."""
    filed(db, A, B, C)
    asked: list[str] = []
    db.set_trace_callback(asked.append)
    found = versions.version_at(db, ID, at(30))
    db.set_trace_callback(None)
    assert (found.version, len(asked)) == (2, 1)
    plan = [row["detail"] for row in db.execute(f"EXPLAIN QUERY PLAN {asked[0]}")]
    assert plan[0] == "SEARCH v USING INDEX versions_seen (article=? AND first_seen<?)"
    (sorted_by,) = (one for one in plan if "B-TREE" in one)
    assert re.fullmatch("USE TEMP B-TREE FOR (RIGHT PART|LAST TERM) OF ORDER BY", sorted_by)


AS_THEY_STOOD = (
    "SELECT article, version, title FROM version_intervals WHERE section = 'policy-news' AND source = '문화체육관광부'"
    " AND first_seen <= ?1 AND coalesce(ended_before, '~') > ?1"
)


def test_what_a_ministry_said_on_a_day_is_one_query_by_index(db):
    filed(db, A, B, C)
    assert [row["version"] for row in db.execute(AS_THEY_STOOD, (iso(at(30)),))] == [2]
    plan = " ".join(row["detail"] for row in db.execute("EXPLAIN QUERY PLAN " + AS_THEY_STOOD, (iso(at(30)),)))
    assert "versions_ministry (section=? AND source=?)" in plan
    assert "SCAN" not in plan


def test_an_article_that_is_named_without_its_prefix_is_suggested_with_it(db):
    file_readings(db, "photo:73389", readings(db, [article(name="photo:73389")], "photo:73389"))
    with pytest.raises(SettingsError, match=r"No article 73389 in this archive; did you mean photo:73389\? Look"):
        versions.article_id(db, "73389", None)
    file_readings(db, "expdoc:AB12", readings(db, [article(name="expdoc:AB12")], "expdoc:AB12"))
    with pytest.raises(SettingsError, match=r"did you mean expdoc:AB12\?"):
        versions.article_id(db, "AB12", None)
    with pytest.raises(SettingsError, match=r"No article 7338\* in this archive\. Look"):
        versions.article_id(db, "7338*", None)
    with pytest.raises(SettingsError, match="No article is named"):
        versions.article_id(db, "", None)
