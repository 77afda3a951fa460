"""Changes found from looks: what is one, what never is, and over which interval each is stated."""

from __future__ import annotations

import itertools
from dataclasses import replace
from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from diffing import detect, labels
from diffing.detect import changes, transitions
from diffing.states import states
from storage.records import ABSENT, Attachment, Block, Check, Outcome
from tests.makers import article, at, attachment, evidence, look, looks, numbered

UNDECIDED: tuple[Outcome, ...] = (
    "blocked",
    "error",
    "unreachable",
    "unrecognised",
    "incomplete",
    "other-article",
    "away",
)
A, B, C = (article(text) for text in ("하나를 말한다.", "둘을 말한다.", "셋을 말한다."))


def steps(*states: int | Outcome) -> list[tuple[str, int, int | None, int, int, int]]:
    """Walk looks a day apart; give each step's name, versions, days of the old and the new look, looks between."""
    return [told(step) for step in transitions(looks(*states))]


def told(step: detect.Transition) -> tuple[str, int, int | None, int, int, int]:
    days = [round((one.checked_at - at(0)) / timedelta(days=1)) for one in (step.old, step.new)]
    return step.what, step.from_version, step.to_version, *days, step.between


def test_no_look_and_a_first_look_are_no_step():
    assert steps() == []
    assert steps(1) == []


def test_an_article_that_says_the_same_at_every_look_has_no_step():
    assert steps(1, 1, 1, 1) == []


def test_another_version_is_a_step_between_the_two_looks_around_it():
    assert steps(1, 1, 2, 2) == [("changed", 1, 2, 1, 2, 0)]


def test_each_version_is_a_step_of_its_own():
    assert steps(1, 2, 3) == [("changed", 1, 2, 0, 1, 0), ("changed", 2, 3, 1, 2, 0)]


@pytest.mark.parametrize("outcome", UNDECIDED)
def test_a_look_that_could_not_tell_widens_the_interval_and_is_no_step(outcome):
    assert steps(1, outcome, outcome, 1) == []
    assert steps(1, outcome, 1, outcome, outcome, 2) == [("changed", 1, 2, 2, 5, 2)]


@pytest.mark.parametrize("outcome", UNDECIDED)
def test_looks_that_could_not_tell_are_never_a_removal(outcome):
    assert steps(1, *[outcome] * 50) == []
    assert steps(1, "gone", "gone", *[outcome] * 50) == []


@pytest.mark.parametrize("outcome", sorted(ABSENT))
def test_absence_is_a_removal_after_enough_looks(outcome):
    assert steps(1, outcome, outcome) == []
    assert steps(1, outcome, outcome, outcome) == [("removed", 1, None, 0, 1, 0)]


def test_both_ways_of_being_absent_count_together():
    assert steps(1, "gone", "front-page", "gone") == [("removed", 1, None, 0, 1, 0)]


@pytest.mark.parametrize(
    ("hours", "removal_checks", "removal_days", "removed"),
    [
        ((24, 48, 71.9), 3, 2, False),
        ((24, 48, 72), 3, 2, True),
        ((24, 25, 26, 27, 28, 29), 3, 2, False),
        ((24, 25, 26, 27, 28, 29, 72), 3, 2, True),
        ((24, 200), 3, 2, False),
        ((24,), 1, 0, True),
        ((24, 24.01), 2, 0, True),
        ((24, 25, 26, 36), 4, 0.5, True),
        ((24, 25, 26, 35.9), 4, 0.5, False),
    ],
)
def test_a_removal_takes_enough_looks_over_enough_days(hours, removal_checks, removal_days, removed):
    rule = {"removal_checks": removal_checks, "removal_days": removal_days}
    checks = [look(0, 1, **rule), *(look(hour, "gone", **rule) for hour in hours)]
    assert [step.what for step in transitions(checks)] == (["removed"] if removed else [])


def test_the_rule_is_that_of_the_run_that_looked():
    strict = [look(24 * day, "gone", removal_checks=10, removal_days=10) for day in (1, 2, 3, 4)]
    assert list(transitions([look(0, 1), *strict])) == []
    assert [step.what for step in transitions([look(0, 1), *strict, look(24 * 5, "gone")])] == ["removed"]


def test_a_removal_is_stated_from_the_last_sight_to_the_first_absence():
    assert steps(1, 1, "error", "blocked", "gone", "error", "gone", "gone") == [("removed", 1, None, 1, 4, 2)]


def test_an_absence_that_a_sight_interrupts_begins_anew():
    assert steps(1, "gone", "gone", 1, "gone", "gone") == []
    assert steps(1, "gone", "gone", 1, "gone", "gone", "gone") == [("removed", 1, None, 3, 4, 0)]


def test_an_article_that_was_only_missed_for_a_while_has_not_changed():
    assert steps(1, "gone", "gone", 1) == []


def test_an_edit_seen_after_a_short_absence_counts_the_absent_looks_between():
    assert steps(1, "gone", "error", 2) == [("changed", 1, 2, 0, 3, 2)]


def test_more_absent_looks_after_a_removal_add_nothing():
    assert steps(1, *["gone"] * 20) == [("removed", 1, None, 0, 1, 0)]


def test_an_article_that_comes_back_is_restored_since_the_last_absent_look():
    found = steps(1, "gone", "gone", "gone", "gone", "blocked", "error", 1)
    assert found == [("removed", 1, None, 0, 1, 0), ("restored", 1, 1, 4, 7, 2)]


def test_an_article_may_come_back_with_other_words():
    assert steps(1, "gone", "gone", "gone", 2)[1:] == [("restored", 1, 2, 3, 4, 0)]


def test_an_article_may_be_removed_twice():
    found = steps(1, "gone", "gone", "gone", 2, 2, "front-page", "gone", "gone", 2)
    assert found == [
        ("removed", 1, None, 0, 1, 0),
        ("restored", 1, 2, 3, 4, 0),
        ("removed", 2, None, 5, 6, 0),
        ("restored", 2, 2, 8, 9, 0),
    ]


def test_an_article_first_looked_at_while_absent_has_not_changed_when_it_is_read():
    assert steps("gone", "gone", "gone", "gone", 1) == []
    assert steps("blocked", 1, 2) == [("changed", 1, 2, 1, 2, 0)]


def test_an_article_that_was_never_read_was_never_removed():
    assert steps(*["gone"] * 30) == []


def found(articles, *states):
    return list(changes(looks(*states), numbered(*articles)))


def test_a_change_says_what_both_states_said_and_where_that_is_written():
    (one,) = found([A, replace(B, title="고친 제목", source="행정안전부")], 1, "error", 2)
    assert (one.id, one.article, one.kind) == ("148930267.1", "148930267", "edited")
    assert (one.title, one.source, one.section) == ("고친 제목", "행정안전부", "policy-news")
    assert (one.from_version, one.to_version, one.checks_between) == (1, 2, 1)
    assert (one.old_last_seen, one.new_first_seen) == (at(0), at(48))
    assert (one.evidence_old, one.evidence_new) == (evidence(at(0)), evidence(at(48)))
    assert {field.field for field in one.comparison.fields} == {"title", "source", "body"}


@pytest.mark.parametrize(
    ("stamps", "states", "verdict"),
    [
        # said at every look to be modified: the page is made anew for each
        ((1, 2, 3, 4), (1, 1, 1, 2), "silent"),
        ((1, 2, 3, 4), (1, 1, "error", 2), "silent"),
        ((1, 2, 3, 4), (1, 1, 2, 3), "silent"),
        # it stood while the text stood, at one pair of looks at least
        ((1, 1, 1, 4), (1, 1, 1, 2), "stamped"),
        ((1, 2, 2, 4), (1, 1, 1, 2), "stamped"),
        # nobody can tell from one look
        ((1, 2), (1, 2), "stamped"),
    ],
)
def test_a_last_modified_that_moves_at_every_look_dates_no_edit(stamps, states, verdict):
    dated = [
        replace(one, last_modified=f"Tue, 0{stamp} Sep 2026 01:00:00 GMT")
        for stamp, one in zip(stamps, looks(*states), strict=True)
    ]
    told = list(changes(dated, numbered(A, B, C)))
    assert told[-1].comparison.disclosure == verdict
    assert all(one.last_modified for one in dated)


def test_a_removal_is_of_substance_and_leads_nowhere():
    (one,) = found([A], 1, "gone", "gone", "gone")
    assert (one.kind, one.from_version, one.to_version) == ("removed", 1, None)
    assert (one.title, one.url) == (A.title, A.url)
    assert (one.comparison.weight, one.comparison.fields, one.comparison.labels) == ("substance", (), ())


def test_a_restoration_is_of_substance_and_names_what_differs():
    _, same = found([A], 1, "gone", "gone", "gone", 1)
    assert (same.kind, same.from_version, same.to_version) == ("restored", 1, 1)
    assert (same.comparison.weight, same.comparison.fields, same.comparison.labels) == ("substance", (), ())
    _, other = found([A, B], 1, "gone", "gone", "gone", 2)
    assert (other.kind, other.comparison.weight) == ("restored", "substance")
    assert "body" in other.comparison.labels
    assert "revert" not in other.comparison.labels


def test_a_time_of_day_that_comes_to_a_known_day_is_no_change():
    day = replace(A, published="2026-09-15")
    assert found([day, A], 1, 2) == []
    (edited,) = found([day, replace(B, published=A.published)], 1, 2)
    assert [one.field for one in edited.comparison.fields] == ["body"]
    (moved,) = found([A, replace(A, published="2026-09-15T19:30:00+09:00")], 1, 2)
    assert [one.field for one in moved.comparison.fields] == ["published"]
    (other,) = found([day, replace(A, published="2026-09-16T08:00:00+09:00")], 1, 2)
    assert other.comparison.labels == ("date", "date-value")


def test_files_in_another_order_replace_nothing():
    files = (attachment("1", "aa" * 32), attachment("2", "bb" * 32, "붙임.hwpx"))
    (one,) = found([replace(A, attachments=files), replace(A, attachments=files[::-1])], 1, 2)
    assert (one.kind, one.comparison.labels) == ("edited", ("attachment",))


def test_changes_are_numbered_in_their_order():
    assert [one.id for one in found([A, B], 1, 2, "gone", "gone", "gone", 2)] == [f"148930267.{n}" for n in (1, 2, 3)]


def test_an_earlier_state_that_is_back_is_a_revert():
    there, back = found([A, B, A], 1, 2, 3)
    assert "revert" not in there.comparison.labels
    assert "revert" in back.comparison.labels
    assert back.comparison.labels[-1] == "revert"


def test_a_state_of_long_ago_that_is_back_is_a_revert():
    labels = [one.comparison.labels for one in found([A, B, C, A, B], 1, 2, 3, 4, 5)]
    assert ["revert" in one for one in labels] == [False, False, True, True]


@pytest.mark.parametrize(("digest", "reverted"), [("aa" * 32, True), ("bb" * 32, False)])
def test_a_file_put_up_again_under_a_new_number_is_the_same_state(digest, reverted):
    first = replace(A, attachments=(attachment("197000001", "aa" * 32),))
    again = replace(A, attachments=(attachment("197000009", digest),))
    back = found([first, replace(B, attachments=first.attachments), again], 1, 2, 3)[1]
    assert ("revert" in back.comparison.labels) is reverted


def test_a_file_put_up_again_and_again_reverts_nothing():
    states = [
        replace(A, attachments=(attachment(number, "aa" * 32),)) for number in ("197000001", "197000002", "197000003")
    ]
    assert ["revert" in one.comparison.labels for one in found(states, 1, 2, 3)] == [False, False]


def test_an_article_restored_to_an_earlier_state_is_a_revert():
    *_, back = found([A, B, A], 1, 2, "gone", "gone", "gone", 3)
    assert (back.kind, "revert" in back.comparison.labels) == ("restored", True)


def test_a_state_is_known_again_though_its_file_was_not_read_then():
    unread, read = (replace(A, attachments=(attachment(sha256=one),)) for one in (None, "aa" * 32))
    edited = replace(read, body=B.body)
    assert "revert" in found([unread, edited, read], 1, 2, 3)[1].comparison.labels


def test_another_file_under_the_old_words_is_no_revert():
    one, other = (replace(A, attachments=(attachment(sha256=one * 32),)) for one in ("aa", "bb"))
    assert "revert" not in found([one, replace(B, attachments=one.attachments), other], 1, 2, 3)[1].comparison.labels


def test_another_file_that_was_not_read_either_is_no_revert():
    one, other = (replace(A, attachments=(attachment(number),)) for number in ("197000001", "197000009"))
    assert "revert" not in found([one, replace(B, attachments=one.attachments), other], 1, 2, 3)[1].comparison.labels


def test_where_the_text_was_read_does_not_hide_a_revert():
    elsewhere = replace(A, viewer="https://www.example.kr/doc", body_from="viewer")
    assert "revert" in found([A, B, elsewhere], 1, 2, 3)[1].comparison.labels


PRESS = "https://www.example.kr/briefing/pressReleaseView.do?newsId=148930267"


@pytest.mark.parametrize(
    ("looked", "lived"),
    [
        ((1, 2), [("live", 0, 0)]),
        ((1, 3), [("live", 0, 0), ("moved", 1, 1)]),
        (("gone", 1), [("live", 1, 1)]),
        ((1, "gone", 1), [("live", 0, 0), ("suspect", 1, 1), ("live", 2, 2)]),
        (
            (1, "gone", "blocked", "gone", "gone", 1),
            [("live", 0, 0), ("suspect", 1, 1), ("removed", 1, 4), ("restored", 5, 5)],
        ),
    ],
    ids=["edited", "moved", "absent before it was read", "back", "removed and restored"],
)
def test_a_state_begins_with_the_look_that_first_showed_it(looked, lived):
    found = states(looks(*looked), numbered(A, B, replace(A, url=PRESS)))
    days = [(one.state, *((look.checked_at - at(0)).days for look in (one.since, one.reached))) for one in found]
    assert days == lived


@pytest.mark.parametrize(
    ("moved", "fields"),
    [
        (replace(A, url=PRESS), {"url"}),
        (replace(A, section="press-release"), {"section"}),
        (replace(A, url=PRESS, section="press-release"), {"url", "section"}),
        (replace(B, url=PRESS, section="press-release"), {"url", "section", "body"}),
    ],
)
def test_an_article_at_another_address_or_in_another_section_has_moved(moved, fields):
    (one,) = found([A, moved], 1, 2)
    assert one.kind == "moved"
    assert (one.url, one.section) == (moved.url, moved.section)
    assert {field.field for field in one.comparison.fields} == fields


def test_an_article_that_comes_back_elsewhere_is_restored():
    assert [one.kind for one in found([A, replace(A, url=PRESS)], 1, "gone", "gone", "gone", 2)] == [
        "removed",
        "restored",
    ]


def with_file(file_id: str, sha256: str | None, name: str = "보도자료.hwpx"):
    return replace(A, attachments=(Attachment(file_id, name, None, sha256),))


@pytest.mark.parametrize(
    "after", [with_file("1", "bb" * 32), with_file("2", "bb" * 32), with_file("2", "aa" * 32, "보도자료(수정).hwpx")]
)
def test_a_change_of_attachments_alone_is_a_replacement(after):
    (one,) = found([with_file("1", "aa" * 32), after], 1, 2)
    assert one.kind == "attachment-replaced"
    assert "attachment" in one.comparison.labels


def test_a_file_that_is_only_named_otherwise_is_not_replaced():
    (one,) = found([with_file("1", "aa" * 32), with_file("1", "aa" * 32, "보도자료(수정).hwpx")], 1, 2)
    assert (one.kind, "attachment" in one.comparison.labels) == ("edited", True)
    (unread,) = found([with_file("1", None), with_file("1", None, "보도자료(수정).hwpx")], 1, 2)
    assert unread.kind == "attachment-replaced"


def test_an_attachment_replaced_along_with_an_edit_is_an_edit():
    before, after = with_file("1", "aa" * 32), replace(with_file("1", "bb" * 32), body=B.body)
    (one,) = found([before, after], 1, 2)
    assert one.kind == "edited"
    assert {"attachment", "body"} <= set(one.comparison.labels)


def test_changes_that_are_known_are_not_compared_again(monkeypatch):
    compared = []

    def comparing(old, new, **rest):
        compared.append((old, new))
        return real(old, new, **rest)

    monkeypatch.setattr(labels, "compare", comparing)
    versions = numbered(A, B, C)
    (one,) = changes(looks(1, 2, 3), versions, 1)
    assert one.id == "148930267.2"
    assert compared == [(B, C)]


real = labels.compare


@st.composite
def walks(draw, *, largest_gap: int = 60) -> list[Check]:
    """Draw looks at one article: versions numbered as filing would, between looks that read none."""
    states = draw(st.lists(st.sampled_from(["same", "new", "gone", "front-page", *UNDECIDED]), max_size=24))
    rule = {"removal_checks": draw(st.integers(1, 4)), "removal_days": draw(st.sampled_from([0, 0.5, 2]))}
    version, hours, checks = 0, 0, []
    for state in states:
        hours += draw(st.integers(1, largest_gap))
        if state in {"same", "new"}:
            version = max(1, version + (state == "new"))
        checks.append(look(hours, version if state in {"same", "new"} else state, **rule))
    return checks


@given(walks())
def test_every_interval_is_ordered_and_bounded_by_the_looks_it_names(checks):
    for step in transitions(checks):
        assert step.old.checked_at < step.new.checked_at
        between = [one for one in checks if step.old.checked_at < one.checked_at < step.new.checked_at]
        assert len(between) == step.between
        assert all(one.outcome != "read" for one in between)
        if step.what != "changed":
            assert not any(one.outcome in ABSENT for one in between)


@given(walks())
def test_steps_follow_one_another_in_versions_and_time(checks):
    found = list(transitions(checks))
    for one, other in itertools.pairwise(found):
        assert one.new.checked_at <= other.old.checked_at
        assert other.from_version == (one.to_version or one.from_version)
        assert (one.what == "removed") == (other.what == "restored")


@given(walks())
def test_the_steps_to_other_versions_are_exactly_the_reads_that_differ_from_the_one_before(checks):
    read = [one.version for one in checks if one.version is not None]
    differing = [(one, other) for one, other in itertools.pairwise(read) if one != other]
    steps = [(one.from_version, one.to_version) for one in transitions(checks)]
    assert [one for one in steps if one[1] is not None and one[0] != one[1]] == differing


@given(walks())
def test_looks_that_read_one_version_or_could_not_tell_have_no_step(checks):
    calm = [
        replace(one, version=1)
        if one.version
        else replace(one, outcome="error" if one.outcome in ABSENT else one.outcome)
        for one in checks
    ]
    assert list(transitions(calm)) == []


@given(walks())
def test_nothing_is_removed_without_enough_absent_looks_over_enough_time(checks):
    for step in transitions(checks):
        if step.what != "removed":
            continue
        after = [one for one in checks if one.checked_at > step.old.checked_at]
        absent = []
        for one in after:
            if one.outcome == "read":
                break
            absent += [one] if one.outcome in ABSENT else []
        assert absent[0] == step.new
        assert len(absent) >= step.new.removal_checks
        assert absent[-1].checked_at - absent[0].checked_at >= timedelta(days=step.new.removal_days)


@given(walks())
def test_every_absence_that_fulfils_the_rule_is_a_removal(checks):
    absences, absent, seen = 0, [], False
    for one in [*checks, look(10**6, 1)]:
        if one.outcome in ABSENT and seen:
            absent.append(one)
        elif one.outcome == "read":
            rule = absent and len(absent) >= absent[0].removal_checks
            absences += bool(
                rule and absent[-1].checked_at - absent[0].checked_at >= timedelta(days=absent[0].removal_days)
            )
            absent, seen = [], True
    assert sum(step.what == "removed" for step in transitions(checks)) == absences


@given(walks(), st.integers(0, 24))
def test_looks_to_come_never_alter_the_steps_that_were_found(checks, length):
    before, after = list(transitions(checks[:length])), list(transitions(checks))
    assert after[: len(before)] == before


TEXTS = st.sampled_from(["하나를 말한다.", "둘을 말한다.", "예산은 3억 원이다.", "예산은 30억 원이다.", ""])
ARTICLES = st.builds(
    lambda text, title, files, section: article(
        title=title,
        section=section,
        body=(Block("paragraph", text), Block("paragraph", "끝 문단은 그대로다.")),
        attachments=tuple(attachment(str(number), one) for number, one in enumerate(files)),
    ),
    TEXTS,
    st.sampled_from(["제목 하나", "제목 둘"]),
    st.lists(st.sampled_from([None, "aa" * 32, "bb" * 32]), max_size=2),
    st.sampled_from(["policy-news", "press-release"]),
)


@given(walks(), st.lists(ARTICLES, min_size=24, max_size=24), st.integers(0, 8))
def test_leaving_out_known_changes_leaves_the_others_as_they_are(checks, articles, known):
    versions = numbered(*articles)
    everything = list(changes(checks, versions))
    assert list(changes(checks, versions, known)) == everything[known:]
    assert [one.id for one in everything] == [f"148930267.{number}" for number in range(1, len(everything) + 1)]


@given(walks(), st.lists(ARTICLES, min_size=24, max_size=24))
def test_a_change_between_versions_is_the_comparison_of_those_versions(checks, articles):
    versions = numbered(*articles)
    for one in changes(checks, versions):
        if one.to_version is None:
            assert one.comparison.fields == ()
            continue
        expected = labels.compare(versions[one.from_version].article, versions[one.to_version].article)
        assert one.comparison.fields == expected.fields
        assert set(one.comparison.labels) - {"revert"} == set(expected.labels)
