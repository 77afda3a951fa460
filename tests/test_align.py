"""Paragraphs to paragraphs: the steps from one body to the other."""

from __future__ import annotations

import random
import unicodedata
from collections.abc import Sequence

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from diffing import align
from diffing.gaps import Match
from storage.records import Op
from tests.steps import apply

FIRST = "가로등을 밝은 것으로 모두 바꾼다."
SECOND = "동네 공원을 새로 꾸민다."
THIRD = "주민 쉼터도 함께 연다."

texts = st.lists(
    st.one_of(
        st.sampled_from([FIRST, SECOND, THIRD, FIRST + " " + SECOND, "가", "나", "다", ""]),
        st.text(alphabet="가나다라 0123.\t\n", max_size=12),
    ),
    max_size=9,
)


def kinds(old: list[str], new: list[str]) -> list[str]:
    return [step.op for step in align.ops(old, new)]


def old_side(steps: list[Op]) -> list[str]:
    """Put the old texts in order: those in place as they come, each move where it stood."""
    result = [step.old or "" for step in steps if step.op in {"keep", "delete", "replace"}]
    for step in sorted((one for one in steps if one.op == "move"), key=lambda one: one.old_index or 0):
        result.insert(step.old_index or 0, step.old or "")
    return result


def matches_of(old: Sequence[str], new: Sequence[str]) -> list[Match]:
    """Give what :func:`align.aligned` finds as matches alone, those kept among them, by first new index."""
    found = align.aligned(old, new)
    return sorted([*found.matches, *(Match((i,), (j,)) for i, j in found.kept)], key=lambda one: one.new)


@given(texts, texts)
def test_applying_the_steps_to_the_old_paragraphs_gives_the_new_ones(old: list[str], new: list[str]) -> None:
    assert apply(old, align.ops(old, new)) == new


@given(texts, texts)
def test_the_old_texts_of_the_steps_are_the_old_paragraphs(old: list[str], new: list[str]) -> None:
    assert old_side(align.ops(old, new)) == old


@given(texts, texts)
def test_indices_point_at_the_texts_and_words_join_to_them(old: list[str], new: list[str]) -> None:
    for step in align.ops(old, new):
        if step.old_index is not None:
            assert old[step.old_index] == step.old
        if step.new_index is not None:
            assert new[step.new_index] == step.new
        assert "".join(text for tag, text in step.words if tag != "insert") == (step.old or "")
        assert "".join(text for tag, text in step.words if tag != "delete") == (step.new or "")
        assert step.op != "move" or None not in {step.old_index, step.new_index}


@given(texts)
def test_equal_bodies_are_all_kept(old: list[str]) -> None:
    assert kinds(old, old) == ["keep"] * len(old)


@given(texts, texts)
@example(
    ["예산은 3억 원이며 내년까지 나누어 쓴다.", "예산은 5억 원이며 내년까지 나누어 쓴다."],
    ["예산은 9억 원이며 내년까지 나누어 쓴다.", "가로등도 바꾼다."],
)
def test_no_paragraph_is_matched_twice(old: list[str], new: list[str]) -> None:
    matches = matches_of(old, new)
    for side in ([i for one in matches for i in one.old], [j for one in matches for j in one.new]):
        assert len(side) == len(set(side))


@given(st.permutations([FIRST, SECOND, THIRD, "마을 버스를 늘린다.", "도서관은 밤에도 연다."]))
def test_a_new_order_is_told_in_keeps_and_moves_alone(new: list[str]) -> None:
    old = [FIRST, SECOND, THIRD, "마을 버스를 늘린다.", "도서관은 밤에도 연다."]
    assert set(kinds(old, new)) <= {"keep", "move"}


def test_an_edited_paragraph_is_one_replace() -> None:
    assert kinds([FIRST, SECOND, THIRD], [FIRST, SECOND.replace("새로", "다시"), THIRD]) == ["keep", "replace", "keep"]


def test_a_moved_paragraph_is_one_move() -> None:
    steps = align.ops([FIRST, SECOND, THIRD], [SECOND, THIRD, FIRST])
    assert [(step.op, step.old_index, step.new_index) for step in steps] == [
        ("keep", 1, 0),
        ("keep", 2, 1),
        ("move", 0, 2),
    ]


def test_repeated_lines_that_differ_in_a_figure_alone_and_change_places_keep_their_figures() -> None:
    five, six = "동네 공원에 5억 원을 쓴다.", "동네 공원에 6억 원을 쓴다."
    steps = align.ops([five, five, six, six, FIRST, SECOND, THIRD], [FIRST, SECOND, THIRD, six, six, five, five])
    assert [(step.op, step.old, step.new) for step in steps[3:]] == [
        ("move", one, one) for one in (six, six, five, five)
    ]


def test_a_moved_and_edited_paragraph_is_one_move_with_words() -> None:
    steps = align.ops([FIRST, SECOND, THIRD], [SECOND, THIRD, FIRST.replace("모두", "차례로")])
    assert [step.op for step in steps] == ["keep", "keep", "move"]
    assert ("delete", "모두") in steps[2].words
    assert ("insert", "차례로") in steps[2].words


def test_an_unrelated_paragraph_in_its_place_is_a_delete_and_an_insert() -> None:
    assert kinds([FIRST, SECOND, THIRD], [FIRST, "수출이 크게 늘었다는 통계가 나왔다.", THIRD]) == [
        "keep",
        "delete",
        "insert",
        "keep",
    ]


def test_a_split_paragraph_is_a_replace_and_an_insert() -> None:
    old, new = [FIRST + " " + SECOND, THIRD], [FIRST, SECOND, THIRD]
    assert [(one.old, one.new) for one in matches_of(old, new)] == [((0,), (0, 1)), ((1,), (2,))]
    assert kinds(old, new) == ["replace", "insert", "keep"]


def test_a_split_in_three_is_one_match() -> None:
    assert matches_of([f"{FIRST} {SECOND} {THIRD}"], [FIRST, SECOND, THIRD])[0].new == (0, 1, 2)


def test_a_list_cut_into_its_items_is_one_match_though_every_figure_was_edited() -> None:
    items = ["학교 14곳.", "급식소 48곳.", "쉼터 54곳.", "밝은 길 80곳.", "병원 59곳.", "함께 쓰는 회의실은 19곳이다."]
    edited = [one.replace("4", "7").replace("9", "2") for one in items[:3]] + items[3:]
    assert align.aligned([" ".join(items)], edited).matches == [Match((0,), (0, 1, 2, 3, 4, 5))]
    assert align.aligned(edited, [" ".join(items)]).matches == [Match((0, 1, 2, 3, 4, 5), (0,))]


def test_a_short_line_is_not_a_paragraph_that_happens_to_begin_and_end_as_it_does() -> None:
    long = (
        "어린이와 어르신이 함께 쓰는 운동 기구를 놓고 밤에도 다닐 수 있게 등을 달며 비가 와도 젖지 않는 길을 내고 "
        "물을 마실 곳과 앉을 곳을 마련한 다음 이웃이 스스로 돌보는 모임을 꾸려 그 모임마다"
    )
    assert kinds(["예산 5억 원을 쓴다."], [f"예산 7억 원과 {long} 원을 쓴다."]) == ["delete", "insert"]


def test_merged_paragraphs_are_a_replace_and_a_delete() -> None:
    old, new = [FIRST, SECOND, THIRD], [FIRST + " " + SECOND, THIRD]
    assert [(one.old, one.new) for one in matches_of(old, new)] == [((0, 1), (0,)), ((2,), (1,))]
    assert kinds(old, new) == ["replace", "delete", "keep"]


def test_a_split_with_an_edit_is_still_a_split() -> None:
    old = ["낡은 가로등 300개를 밝은 것으로 바꾼다. 동네 공원을 새로 꾸민다."]
    new = ["낡은 가로등 500개를 밝은 것으로 바꾼다.", "동네 공원을 새로 꾸민다."]
    assert [(one.old, one.new) for one in matches_of(old, new)] == [((0,), (0, 1))]


def test_a_line_of_figures_is_paired_with_its_edited_self() -> None:
    assert kinds(["구분", "1,200", "비고 없음"], ["구분", "1,800", "비고 없음"]) == ["keep", "replace", "keep"]


def test_decomposed_hangul_is_paired_with_its_composed_self() -> None:
    assert kinds([FIRST, SECOND], [FIRST, unicodedata.normalize("NFD", SECOND)]) == ["keep", "replace"]


def test_one_of_five_hundred_repeats_goes_as_one_delete() -> None:
    steps = kinds(["같은 문단."] * 500, ["같은 문단."] * 499)
    assert (steps.count("keep"), steps.count("delete")) == (499, 1)


def test_a_paragraph_between_repeats_comes_as_one_insert() -> None:
    steps = kinds(["같은 문단."] * 500, ["같은 문단."] * 250 + [FIRST] + ["같은 문단."] * 250)
    assert (steps.count("keep"), steps.count("insert")) == (500, 1)


def test_five_edits_in_a_long_transcript_are_five_steps() -> None:
    dice = random.Random(7)
    nouns = (
        "예산 지원 청년 사업 국민 정책 계획 시설 교통 안전 환경 산업 농촌 바다 학교 병원 도서관 하천 항만 철도".split()
    )
    old = [
        f"질문 {number}: " + " ".join(dice.choice(nouns) + dice.choice("은는이가을를") for _ in range(20))
        for number in range(400)
    ]
    new = list(old)
    new[10] += " 덧붙인다."
    new[200] = new[200].replace("질문", "답변")
    new[300] = "회의는 여기서 잠시 쉬었다."
    new.insert(350, "사회자가 순서를 바꾸었다.")
    del new[20]
    steps = align.ops(old, new)
    assert apply(old, steps) == new
    changed = [step.op for step in steps if step.op != "keep"]
    assert sorted(changed) == ["delete", "delete", "insert", "insert", "replace", "replace"]


@pytest.mark.parametrize(("old", "new", "expected"), [([], ["가"], ["insert"]), (["가"], [], ["delete"]), ([], [], [])])
def test_an_empty_body_is_filled_or_emptied(old: list[str], new: list[str], expected: list[str]) -> None:
    assert kinds(old, new) == expected


def test_steps_for_another_text_are_refused() -> None:
    with pytest.raises(ValueError, match="not in its place"):
        apply([THIRD], align.ops([FIRST], [SECOND]))


def test_steps_that_end_too_early_are_refused() -> None:
    with pytest.raises(ValueError, match="end before"):
        apply([FIRST, SECOND], align.ops([FIRST], [FIRST]))
