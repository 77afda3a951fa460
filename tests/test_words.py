"""The words inside an edited paragraph."""

from __future__ import annotations

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st
from rapidfuzz.distance import LCSseq

from diffing import words

prose = st.lists(
    st.sampled_from(
        [
            "정부는",
            "정부가",
            "예산을",
            "3조",
            "5000억",
            "못",
            "한다.",
            "한다",
            "“좋다”",
            " ",
            "  ",
            "\n",
            "\t",
            "\u00a0",
        ]
    ),
    max_size=30,
).map(" ".join)
anything = st.one_of(prose, st.text(max_size=40))


def marked(old: str, new: str) -> str:
    """Write the marks as ``[-gone-]`` and ``{+come+}``."""
    around = {"keep": ("", ""), "delete": ("[-", "-]"), "insert": ("{+", "+}")}
    return "".join(around[tag][0] + text + around[tag][1] for tag, text in words.diff(old, new))


@given(anything, anything)
def test_kept_and_deleted_words_join_to_the_old_text(old: str, new: str) -> None:
    assert "".join(text for tag, text in words.diff(old, new) if tag != "insert") == old


@given(anything, anything)
def test_kept_and_inserted_words_join_to_the_new_text(old: str, new: str) -> None:
    assert "".join(text for tag, text in words.diff(old, new) if tag != "delete") == new


@given(anything, anything)
def test_no_piece_is_empty_and_neighbours_differ_in_tag(old: str, new: str) -> None:
    pieces = words.diff(old, new)
    assert all(text for _, text in pieces)
    assert all(one[0] != other[0] for one, other in pairwise(pieces))


@given(anything)
def test_a_text_against_itself_is_kept_whole(text: str) -> None:
    assert words.diff(text, text) == ((("keep", text),) if text else ())


@given(st.lists(st.sampled_from("가나다라마바사아"), min_size=4, max_size=25), st.data())
def test_no_more_words_are_marked_than_a_longest_common_subsequence_leaves(old: list[str], data: st.DataObject) -> None:
    new = list(old)
    at = data.draw(st.integers(0, len(new) - 1))
    new[at : at + data.draw(st.integers(0, 2))] = data.draw(st.lists(st.sampled_from(["하늘", "바다"]), max_size=2))
    gone = sum(len(text.split()) for tag, text in words.diff(" ".join(old), " ".join(new)) if tag == "delete")
    assert gone <= len(old) - LCSseq.similarity(old, new)


def test_a_changed_particle_is_marked_alone() -> None:
    assert marked("정부는 지원한다.", "정부가 지원한다.") == "정부[-는-]{+가+} 지원한다."


def test_a_changed_figure_is_marked_whole() -> None:
    assert marked("3조 5000억 원", "3조 5500억 원") == "3조 [-5000-]{+5500+}억 원"


def test_a_lost_decimal_point_marks_the_whole_figure() -> None:
    assert marked("예산 1.5조 원", "예산 15조 원") == "예산 [-1.5-]{+15+}조 원"


def test_a_lost_space_is_marked_alone() -> None:
    assert marked("못 한다.", "못한다.") == "못[- -]한다."


def test_a_space_is_marked_alone_behind_a_word_that_changed() -> None:
    assert marked("9월 15일 산업재해 대책", "9월 16일 산업 재해 대책") == "9월 [-15-]{+16+}일 산업{+ +}재해 대책"


def test_a_removed_word_takes_one_space_with_it() -> None:
    assert marked("더욱 꼼꼼히 살핀다.", "꼼꼼히 살핀다.") == "[-더욱 -]꼼꼼히 살핀다."


def test_a_sentence_comes_in_whole_where_a_sentence_begins() -> None:
    old = "예산을 늘린다. 정부는 돕는다."
    new = "예산을 늘린다. 정부는 살핀다. 정부는 돕는다."
    assert marked(old, new) == "예산을 늘린다. {+정부는 살핀다. +}정부는 돕는다."


def test_two_words_for_two_are_refined_each_on_its_own() -> None:
    assert marked("서울에서 오늘은 연다", "부산에서 오늘도 연다") == "[-서울-]{+부산+}에서 오늘[-은-]{+도+} 연다"


def test_neighbouring_words_of_other_letters_are_marked_together() -> None:
    assert marked("도로 차량 단속을 한다", "철도 정비 인력을 한다") == "[-도로 차량 단속을-]{+철도 정비 인력을+} 한다"


def test_one_common_syllable_at_the_end_does_not_part_a_word() -> None:
    assert marked("관리를 강화한다.", "관리를 늘린다.") == "관리를 [-강화한다-]{+늘린다+}."


@pytest.mark.parametrize(
    ("old", "new", "expected"),
    [
        ("검찰이 수사한다.", "경찰이 수사한다.", "[-검찰-]{+경찰+}이 수사한다."),
        ("서울 종로구에서 연다.", "서울 중구에서 연다.", "서울 [-종로구-]{+중구+}에서 연다."),
        ("행사를 개최했다.", "행사를 취소했다.", "행사를 [-개최-]{+취소+}했다."),
        ("전국으로 확산됐다.", "전국으로 확산되었다.", "전국으로 확산[-됐다-]{+되었다+}."),
        ("그는 위원이다.", "그는 위원장이다.", "그는 위원{+장+}이다."),
        ("보도는 사실과 다릅니다.", "보도는 사실입니다.", "보도는 사실[-과 다릅니다-]{+입니다+}."),
    ],
)
def test_of_a_word_that_changed_a_particle_or_ending_is_kept_whole_or_not_at_all(old, new, expected) -> None:
    assert marked(old, new) == expected


def test_texts_that_share_little_are_shown_whole() -> None:
    old = "봄 학기 등록금 고지서는 이 누리집에서만 그 출력이 됩니다"
    new = "올해 산불 감시원은 이 산림청에서부터 그 채용을 맡았습니다"
    assert marked(old, new) == f"[-{old}-]{{+{new}+}}"


def test_white_space_at_the_ends_is_told() -> None:
    assert marked(" 가 나", "가 나 ") == "[- -]가 나{+ +}"


def test_an_empty_text_gives_one_piece() -> None:
    assert words.diff("", "새 글") == (("insert", "새 글"),)
    assert words.diff("옛 글", "") == (("delete", "옛 글"),)


def test_a_middle_too_large_to_search_is_paired_by_its_anchors(monkeypatch) -> None:
    monkeypatch.setattr(words, "LARGEST_TABLE", 3)
    assert marked("첫 가 나 끝", "첫 나 다 끝") == "첫 [-가 -]나 {+다 +}끝"


@pytest.mark.parametrize(
    ("old", "new"),
    [
        (
            "정부는 지역 항만의 낡은 시설을 고치고 어선의 대피 공간을 늘리는 여러 해의 사업을 내년부터 추진한다.",
            "새 학기 급식에 쓸 국산 과일을 농가와 함께 고르고 학교마다 영양 수업을 여는 일도 온 나라에서 추진한다.",
        ),
        ("도서관 스무 곳에 120억 원을 지원한다.", "청년 농부를 위한 교육장 확충에 350억 달러를 운영한다."),
    ],
)
def test_a_sentence_that_shares_only_its_verb_or_a_unit_is_marked_as_a_whole(old: str, new: str):
    assert words.diff(old, new) == (("delete", old), ("insert", new))
    marked = words.diff(f"첫 문장은 그대로 둔다. {old}", f"첫 문장은 그대로 둔다. {new}")
    assert [text.strip() for tag, text in marked if tag == "keep" and text.strip()] == ["첫 문장은 그대로 둔다."]


@given(prose, prose, prose, prose)
def test_what_both_texts_begin_and_end_with_is_cut_off_without_another_outcome(
    head: str, old: str, new: str, tail: str
) -> None:
    sides = [f"{head} {side} {tail}" for side in (old, new)]
    with pytest.MonkeyPatch.context() as patch:
        quick = words.diff(*sides)
        patch.setattr(words, "_equal_ends", lambda *_: None)
        assert words.diff(*sides) == quick


@pytest.mark.parametrize(
    ("old", "new", "shown"),
    [
        ("예산\t3억 원\t5억 원", "예산\t5억 원\t3억 원", "예산\t[-3-]{+5+}억 원\t[-5-]{+3+}억 원"),
        ("도로\t공원 조성", "공원 조성\t도로", "[-도로-]{+공원 조성+}\t[-공원 조성-]{+도로+}"),
        ("서울\t공원\n부산\t도로", "부산\t도로\n서울\t공원", "{+부산\t도로\n+}서울\t공원[-\n부산\t도로-]"),
    ],
    ids=["figures", "words", "rows that changed places"],
)
def test_tables_of_one_shape_are_compared_cell_by_cell_unless_a_row_changed_its_place(old: str, new: str, shown: str):
    assert marked(old, new) == shown
