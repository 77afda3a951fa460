"""Changes kept and found again, and the digest over all that the archive says."""

from __future__ import annotations

import random
from contextlib import closing
from dataclasses import replace
from datetime import timedelta, timezone
from itertools import product

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from storage import capture_rows, changes, contents, filing, looks, versions
from storage.change_query import Query
from storage.errors import SettingsError
from storage.records import (
    LABELS,
    Article,
    Attachment,
    Change,
    Comparison,
    Fact,
    FieldChange,
    Op,
)
from tests.makers import (
    archive_at,
    article,
    at,
    attachment,
    capture,
    evidence,
    file_readings,
    found_and_filed,
    reading,
    readings,
)

ID = "148930267"


def change(number: int = 1, name: str = ID, **changed: object) -> Change:
    """Make a change, last seen a day after the first moment for each number and first seen twelve hours later."""
    given_: dict[str, object] = {
        "id": f"{name}.{number}",
        "article": name,
        "url": article(name=name).url,
        "section": "policy-news",
        "title": article().title,
        "source": "문화체육관광부",
        "kind": "edited",
        "from_version": 1,
        "to_version": 2,
        "old_last_seen": at(24 * number),
        "new_first_seen": at(24 * number + 12),
        "checks_between": 0,
        "comparison": Comparison(labels=("title", "wording"), weight="wording"),
        "evidence_old": evidence(at(24 * number), name),
        "evidence_new": evidence(at(24 * number + 12), name),
    }
    return Change(**(given_ | changed))


@pytest.fixture
def db(tmp_path):
    _, opened = archive_at(tmp_path)
    with closing(opened):
        for name, day, half in product((ID, "148930268"), range(1, 12), (0, 12)):
            capture_rows.add(opened, [capture(at(24 * day + half), name)])
        yield opened


def ids(db, **wanted):
    return [one.id for one in changes.find(db, Query(**wanted))]


def test_a_change_is_found_as_it_was_filed(db):
    full = change(
        checks_between=4,
        kind="attachment-replaced",
        comparison=Comparison(
            fields=(
                FieldChange(
                    "body",
                    (
                        Op("keep", "첫째 문단", "첫째 문단", (), 0, 0),
                        Op(
                            "replace",
                            "3억 원",
                            "30억 원",
                            (("delete", "3"), ("insert", "30"), ("keep", "억 원")),
                            1,
                            1,
                        ),
                        Op("insert", None, "새 문단\x00\u202e", (), None, 2),
                    ),
                ),
                FieldChange("licence", ()),
            ),
            facts=(
                Fact("money", "3억 원", "30억 원", 300_000_000, 3_000_000_000, 10.0),
                Fact("percent", "▲2.5%", "2.5%", None, 2.5),
                Fact("date-value", "15일", "16일", "2026-09-15", "2026-09-16"),
            ),
            labels=("body", "attachment", "money"),
            weight="substance",
            disclosure="stamped",
        ),
    )
    changes.put(db, changes.rows_of(db, full))
    (found,) = changes.find(db, Query())
    assert found == full
    assert found.as_json() == full.as_json()


TEXT = st.text(st.characters(exclude_categories=["Cs"]), max_size=8)
NUMBERS = st.none() | TEXT | st.integers(-(10**18), 10**18) | st.floats(allow_nan=False, allow_infinity=False)
OPS = st.builds(
    lambda kinds, *told: Op(*told, *kinds),
    st.sampled_from([(None, None), ("paragraph", "heading")]),
    st.sampled_from(["keep", "insert", "delete", "replace", "move"]),
    st.none() | TEXT,
    st.none() | TEXT,
    st.lists(st.tuples(st.sampled_from(["keep", "insert", "delete"]), TEXT), max_size=3).map(tuple),
    st.none() | st.integers(0, 99),
    st.none() | st.integers(0, 99),
)
COMPARISONS = st.builds(
    Comparison,
    st.lists(st.builds(FieldChange, TEXT, st.lists(OPS, max_size=3).map(tuple)), max_size=2).map(tuple),
    st.lists(st.builds(Fact, TEXT, st.none() | TEXT, st.none() | TEXT, NUMBERS, NUMBERS), max_size=2).map(tuple),
    st.lists(st.sampled_from(LABELS), unique=True).map(tuple),
    st.sampled_from(["substance", "wording", "cosmetic"]),
    st.sampled_from(["silent", "stamped", "explained", "stamp-only", "unknown"]),
)


@settings(deadline=None, max_examples=40, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(comparison=COMPARISONS, title=TEXT, source=st.none() | TEXT)
def test_any_change_comes_out_as_it_went_in(db, comparison, title, source):
    made = change(comparison=comparison, title=title, source=source)
    db.execute("SAVEPOINT one")
    changes.put(db, changes.rows_of(db, made))
    found = changes.find(db, Query())
    db.execute("ROLLBACK TO one")
    assert found == [made]


def test_a_change_whose_captures_are_not_filed_is_refused(db):
    with pytest.raises(KeyError, match="urn:uuid"):
        changes.put(db, changes.rows_of(db, change(30)))
    assert ids(db) == []


def test_changes_come_in_the_order_in_which_they_were_first_seen(db):
    made = [change(number) for number in (10, 2, 9, 1)]
    for one in made:
        changes.put(db, changes.rows_of(db, one))
    assert ids(db) == [f"{ID}.{number}" for number in (1, 2, 9, 10)]


def test_since_includes_its_moment_and_until_does_not(db):
    for number in (1, 2, 3):
        changes.put(db, changes.rows_of(db, change(number)))
    first, second, third = (f"{ID}.{number}" for number in (1, 2, 3))
    moment = at(24 * 2 + 12)
    tick = timedelta(microseconds=1)
    assert ids(db, since=moment) == [second, third]
    assert ids(db, since=moment + tick) == [third]
    assert ids(db, until=moment) == [first]
    assert ids(db, until=moment + tick) == [first, second]
    assert ids(db, since=moment, until=moment) == []


def test_a_time_with_another_offset_is_the_same_moment(db):
    changes.put(db, changes.rows_of(db, change()))
    korean = at(36).astimezone(timezone(timedelta(hours=9)))
    assert ids(db, since=korean) == [f"{ID}.1"]
    assert ids(db, until=korean) == []


def test_any_of_several_sections_and_kinds_will_do(db):
    changes.put(db, changes.rows_of(db, change(1)))
    changes.put(db, changes.rows_of(db, change(2, section="press-release", kind="removed", to_version=None)))
    changes.put(db, changes.rows_of(db, change(3, section="fact-check", kind="restored")))
    assert ids(db, sections=["press-release"]) == [f"{ID}.2"]
    assert ids(db, sections=("policy-news", "fact-check")) == [f"{ID}.1", f"{ID}.3"]
    assert ids(db, kinds=["edited"]) == [f"{ID}.1"]
    assert ids(db, kinds=["restored", "removed"]) == [f"{ID}.2", f"{ID}.3"]
    assert ids(db, sections=["fact-check"], kinds=["edited"]) == []


def test_an_article_has_its_own_changes_only(db):
    changes.put(db, changes.rows_of(db, change(1)))
    changes.put(db, changes.rows_of(db, change(2, "148930268")))
    assert ids(db, articles=[ID]) == [f"{ID}.1"]
    assert ids(db, articles=["14893026"]) == []
    assert changes.count_of(db, ID) == 1
    assert changes.count_of(db, "none") == 0


def test_a_change_must_bear_all_labels_asked_for(db):
    changes.put(db, changes.rows_of(db, change(1)))
    changes.put(db, changes.rows_of(db, change(2, comparison=Comparison(labels=("title", "money")))))
    assert ids(db, labels=["title"]) == [f"{ID}.1", f"{ID}.2"]
    assert ids(db, labels=["title", "money"]) == [f"{ID}.2"]
    assert ids(db, labels=["wording", "money"]) == []


def test_a_least_weight_leaves_out_the_lighter_ones(db):
    weights = ("cosmetic", "wording", "substance")
    for number, weight in enumerate(weights, start=1):
        changes.put(db, changes.rows_of(db, change(number, comparison=Comparison(weight=weight))))
    found = {weight: [one[-1] for one in ids(db, min_weight=weight)] for weight in weights}
    assert found == {"cosmetic": ["1", "2", "3"], "wording": ["2", "3"], "substance": ["3"]}


def test_changes_are_found_by_id_however_many_are_asked_for(db):
    for number in (1, 2, 3):
        changes.put(db, changes.rows_of(db, change(number)))
    assert ids(db, ids=[f"{ID}.3", f"{ID}.1", "no such change"]) == [f"{ID}.1", f"{ID}.3"]
    assert ids(db, ids=[f"{ID}.2", *(f"none.{number}" for number in range(40_000))]) == [f"{ID}.2"]


def test_nothing_that_a_user_writes_is_taken_for_sql(db):
    changes.put(db, changes.rows_of(db, change()))
    hostile = "x') OR 1=1 --"
    for wanted in ({name: [hostile]} for name in ("sections", "ministries", "articles", "kinds", "labels", "ids")):
        assert ids(db, **wanted) == []
    with pytest.raises(SettingsError):
        versions.article_id(db, hostile, None)
    assert ids(db) == [f"{ID}.1"]


def history(db, *states: Article | str, name: str = ID) -> None:
    """File an article's looks half a day apart, at captures that are there, and its changes."""
    made = [reading(db, 24 + 12 * look, state, name) for look, state in enumerate(states)]
    file_readings(db, name, made)
    found_and_filed(db, name)


def test_a_ministry_is_found_by_name_and_by_code_alike(db):
    culture = article("하나다.", source="문화체육관광부", source_code="A00012")
    interior = article("둘이다.", source="행정안전부", source_code="A00008")
    history(db, culture, replace(culture, title="다른 제목"), interior, "gone", "gone", "gone", "gone", "gone")
    by_name = {name: ids(db, ministries=[name]) for name in ("문화체육관광부", "행정안전부")}
    by_code = {code: ids(db, ministries=[code]) for code in ("A00012", "A00008")}
    assert by_name == {"문화체육관광부": [f"{ID}.1"], "행정안전부": [f"{ID}.2", f"{ID}.3"]}
    assert list(by_code.values()) == list(by_name.values())
    assert ids(db, ministries=["A00012", "행정안전부"]) == [f"{ID}.{number}" for number in (1, 2, 3)]
    assert ids(db, ministries=["A0001"]) == []


def test_one_change_is_given_once_though_name_and_code_are_both_asked_for(db):
    history(db, article("하나다."), article("둘이다."))
    assert ids(db, ministries=["문화체육관광부", "A00012", "A00012"]) == [f"{ID}.1"]


def test_counts_are_of_what_there_is(db):
    nothing = contents.counts(db)
    assert nothing == {"captures": 44, "articles": 0, "versions": 0, "changes": 0, "attachments": 0}
    files = (attachment("1", "aa" * 32), attachment("2", "aa" * 32), attachment("3"), attachment("4"))
    history(db, article("하나다.", attachments=files), article("둘이다.", attachments=files))
    history(db, article(name="148930268", attachments=(attachment("3"),)), "gone", name="148930268")
    found = contents.counts(db)
    assert found == {"captures": 44, "articles": 2, "versions": 3, "changes": 1, "attachments": 3}


STORIES = {
    ID: [article("하나다."), article("둘이다."), "blocked", article("하나다.", attachments=(attachment(),))],
    "148930268": [
        article("하나다.", "148930268"),
        "gone",
        "gone",
        "gone",
        "gone",
        "gone",
        article("셋이다.", "148930268"),
    ],
    "148930269": [article("하나다.", "148930269")],
}


def digest_of(root, order: random.Random | None) -> str:
    """File the stories, in another order of articles and with other capture ids when told, and digest them."""
    _, db = archive_at(root)
    with closing(db):
        found = [capture(at(12 * look), name) for name, story in STORIES.items() for look in range(len(story))]
        names = list(STORIES)
        if order:
            capture_rows.add(db, [capture(at(999), f"other {number}") for number in range(7)])
            order.shuffle(found)
            order.shuffle(names)
        capture_rows.add(db, found)
        for name in names:
            file_readings(db, name, [reading(db, 12 * look, state, name) for look, state in enumerate(STORIES[name])])
            found_and_filed(db, name)
        return contents.content_digest(db)


def test_the_digest_depends_on_neither_the_order_of_filing_nor_on_row_numbers(tmp_path):
    first = digest_of(tmp_path / "first", None)
    assert first.startswith("sha256:")
    for seed in range(3):
        assert digest_of(tmp_path / str(seed), random.Random(seed)) == first


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE versions SET content_digest = 'sha256:other' WHERE version = 1",
        "UPDATE versions SET last_seen = first_seen WHERE version = 1",
        "UPDATE changes SET title = '다른 제목'",
        "UPDATE changes SET weight = 'cosmetic'",
        "UPDATE changes SET fields = '[]'",
        "DELETE FROM change_labels WHERE position = 0",
        "DELETE FROM changes",
        "UPDATE capture_rows SET offset = offset + 1",
        "UPDATE capture_rows SET record_id = record_id || 'x'",
    ],
)
def test_the_digest_notices_whatever_is_said_otherwise(db, statement):
    history(db, article("예산은 3억 원이다."), article("예산은 3억 원이다."), article("예산은 5억 원이다."))
    before = contents.content_digest(db)
    db.execute(statement)
    assert contents.content_digest(db) != before


def test_the_digest_leaves_out_what_a_rebuild_cannot_know(db):
    history(db, article("하나다."), article("둘이다."))
    before = contents.content_digest(db)
    db.execute("UPDATE runs SET finish = 'finished', requests = 9")
    db.execute("UPDATE versions SET extractor = 'made:2', viewer = 'elsewhere'")
    looks.mark_read(db, ID)
    assert contents.content_digest(db) == before


def test_the_digest_of_an_empty_archive_is_that_of_nothing(db):
    nothing = "sha256:e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"
    assert contents.content_digest(db) == nothing


def test_an_article_is_found_by_its_id_or_by_what_its_address_means(db):
    history(db, article())
    assert versions.article_id(db, ID, None) == ID
    assert versions.article_id(db, article().url, ID) == ID
    assert versions.article_id(db, ID, "another id that the address rules read") == ID


@pytest.mark.parametrize(("wanted", "addressed"), [("999", None), ("https://www.example.kr/x", "999")])
def test_an_article_that_is_not_here_is_named_with_what_to_do(db, wanted, addressed):
    history(db, article())
    with pytest.raises(SettingsError, match=r"No article .* in this archive\. .*gochim crawl --url") as refused:
        versions.article_id(db, wanted, addressed)
    assert wanted in str(refused.value)
    assert refused.value.exit_code == 2


def test_a_file_name_with_every_kind_of_character_is_kept(db):
    name = '보도\x00자료 "인용" \\ \n\t\u202e 😀.hwpx'
    history(db, article(attachments=(Attachment("1", name),)))
    assert versions.versions(db, ID)[0].article.attachments[0].name == name


DEEDS = [
    "UPDATE versions SET last_seen = last_seen",
    "DELETE FROM changes",
    "UPDATE changes SET weight = 'cosmetic'",
    "DELETE FROM change_labels",
    "UPDATE capture_rows SET offset = offset + 1",
    "UPDATE warc_files SET warc = warc || 'x'",
    "INSERT INTO change_reasons VALUES ((SELECT id FROM changes LIMIT 1), 99, 'notice', 'x')",
    "INSERT INTO change_documents VALUES ((SELECT id FROM changes LIMIT 1), 99, '1', '2', 'a', 'b', '[]')",
]


@pytest.mark.parametrize("deed", [*DEEDS, "UPDATE about SET value = 'of-other-code ' || value"])
def test_the_digest_is_worked_out_once_until_something_that_goes_into_it_is_touched(tmp_path, monkeypatch, deed):
    _, db = archive_at(tmp_path)
    with closing(db):
        states = [article("첫 글이다."), article("고친 글이다.")]
        file_readings(db, "148930267", readings(db, states))
        found_and_filed(db)
        assert contents.remembered_digest(db) is None
        worked_out = contents.digest_anew(db)
        contents.remember_digest(db)
        with monkeypatch.context() as once:
            once.setattr(contents, "_own_digests", None)
            contents.remember_digest(db)
            assert contents.content_digest(db) == worked_out
        db.execute(deed)
        assert contents.remembered_digest(db) is None
        assert contents.content_digest(db) == contents.digest_anew(db)


def test_those_articles_alone_are_read_for_the_digest_that_were_touched(tmp_path, monkeypatch):
    _, db = archive_at(tmp_path)
    with closing(db):
        for name in ("148930267", "148930268", "148930269"):
            file_readings(db, name, readings(db, [article("첫 글이다.", name), article("고친 글이다.", name)], name))
            found_and_filed(db, name)
        contents.remember_digest(db)
        read: list[str] = []
        plain = contents._own_digests

        def reading(db, articles):
            read.extend(articles or ["all"])
            return plain(db, articles)

        with monkeypatch.context() as watched:
            watched.setattr(contents, "_own_digests", reading)
            with db:
                db.execute("UPDATE changes SET title = 'x' WHERE article = '148930268'")
                filing.forget(db, "148930269")
            told = contents.content_digest(db)
            contents.remember_digest(db)
            assert read[:2] == ["148930268", "148930269"]
            assert "all" not in read
        assert told == contents.remembered_digest(db) == contents.digest_anew(db)
        known = {row["article"] for row in db.execute("SELECT article FROM article_digests WHERE digest IS NOT NULL")}
        assert known == {"148930267", "148930268"}
        db.execute("DELETE FROM about")
        db.execute("UPDATE article_digests SET digest = x'00'")
        assert contents.content_digest(db) == told
        contents.remember_digest(db)
        assert contents.content_digest(db) == told
