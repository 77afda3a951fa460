"""Long and pathological texts: work grows with length, nothing is coarsened, and the steps still apply."""

from __future__ import annotations

import sys
import tracemalloc
from collections.abc import Callable, Sequence
from dataclasses import replace
from itertools import pairwise
from random import Random
from time import process_time
from types import FrameType

import pytest
from hypothesis import given
from hypothesis import strategies as st
from rapidfuzz.distance import LCSseq

from diffing import (
    align,
    anchors,
    dates,
    gaps,
    likeness,
    notices,
    passages,
    pointing,
    speakers,
    stems,
    subsequence,
    tables,
    tokens,
)
from diffing.labels import compare
from storage.records import Article, Block, Image
from tests.steps import apply

SYLLABLES = [chr(code) for code in range(0xAC00, 0xD7A4, 37)]


def paragraph(dice: Random, length: int = 25) -> str:
    return " ".join("".join(dice.choices(SYLLABLES, k=dice.randint(2, 5))) for _ in range(length)) + "."


def article(paragraphs: Sequence[str]) -> Article:
    return Article(
        "1", "https://www.korea.kr/1", "briefing", "제목", body=tuple(Block("paragraph", p) for p in paragraphs)
    )


@given(st.lists(st.sampled_from("가나다라마"), max_size=12), st.lists(st.sampled_from("가나다라마"), max_size=12))
def test_anchored_texts_are_equal_and_those_in_place_do_not_cross(old: list[str], new: list[str]) -> None:
    kept, crossed, left = anchors.anchored(old, new)
    assert all(old[i] == new[j] for i, j in [*kept, *crossed])
    assert sorted(kept) == sorted(kept, key=lambda pair: (pair[1], pair[0]))
    taken = [i for i, _ in [*kept, *crossed]] + [i for gap in left for i in gap.old]
    assert sorted(taken) == list(range(len(old)))


def test_the_work_of_a_full_rewriting_grows_with_its_length(monkeypatch) -> None:
    looked: list[int] = []
    plain_alike = likeness.alike
    monkeypatch.setattr(likeness, "alike", lambda *sides: looked.append(1) or plain_alike(*sides))
    counts = []
    for length in (400, 800, 1600):
        dice = Random(length)
        old, new = ([paragraph(dice) for _ in range(length)] for _ in range(2))
        looked.clear()
        assert apply(old, align.ops(old, new)) == new
        counts.append(len(looked))
    assert counts[1] <= 2.5 * counts[0]
    assert counts[2] <= 2.5 * counts[1]


@pytest.mark.parametrize("length", [100, 130, 400])
def test_a_long_list_edited_in_every_row_is_told_row_by_row(length) -> None:
    old, new = ([f"제{k}조 시설을 {k + more}개소 점검한다." for k in range(length)] for more in (0, 1000))
    found = compare(article(old), article(new))
    assert {step.op for step in found.fields[0].ops} == {"replace"}
    assert len(found.facts) == length


def test_a_block_of_a_long_list_that_moved_and_was_edited_is_told_as_moved() -> None:
    rows = [f"{'가나다라마바사'[k % 7]}구역 {k}번 시설을 관리소가 점검한다." for k in range(450)]
    edited = [row.replace("관리소", "사무소") for row in rows[150:300]]
    found = compare(article(rows), article([*edited, *rows[:150], *rows[300:]]))
    assert set(found.labels) == {"body", "paragraph-moved", "wording"}


def test_what_is_said_of_many_values_grows_with_their_number() -> None:
    def cost(length: int) -> float:
        old, new = ("\n".join(f"{k}호\t{k + more}명" for k in range(length)) for more in (0, 1))
        started = process_time()
        assert len(tables.compare(old, new).facts) == length
        return process_time() - started

    cost(200)
    assert cost(3200) < 8 * cost(800)


def test_the_parts_of_a_split_are_looked_up_and_not_searched_for() -> None:
    dice = Random(5)
    texts = {k: paragraph(dice).replace(" ", "") for k in range(3000)}
    starts = gaps._by_beginning(texts)
    whole = texts[7] + texts[8] + texts[9]
    assert list(gaps._parts_of(whole, texts, starts)) == [(7, 8, 9)]
    assert len(starts[whole[: gaps.BEGINNING]]) == 1


def test_paragraphs_that_begin_alike_are_looked_up_by_their_length_and_not_one_by_one() -> None:
    texts = {k: f"정부는앞으로도꼭{k:04}을지원한다." for k in range(4000)}
    begun = gaps._by_beginning(texts)[texts[0][: gaps.BEGINNING]]
    assert [(size, len(those)) for size, those in begun.items()] == [(len(texts[0]), 4000)]
    assert list(gaps._parts_of(texts[5] + texts[6], texts, {texts[0][: gaps.BEGINNING]: begun})) == [(5, 6)]


def test_one_word_in_one_endless_paragraph_is_marked_alone() -> None:
    dice = Random(9)
    before = " ".join(paragraph(dice) for _ in range(800))
    middle = before.index(" ", len(before) // 2)
    after = before[:middle] + " 새로" + before[middle:]
    found = compare(article([before]), article([after]))
    assert found.labels == ("body", "wording")
    assert [text.strip() for tag, text in found.fields[0].ops[0].words if tag != "keep"] == ["새로"]


@pytest.mark.parametrize("limit", ["words.LARGEST_TABLE", "passages.LARGEST_TABLE", "subsequence.LARGEST_TABLE"])
def test_a_text_beyond_every_table_is_not_shown_coarser(monkeypatch, limit: str) -> None:
    monkeypatch.setattr(f"diffing.{limit}", 10)
    before = "정부는 올해 예산 3조 원을 청년 주택에 쓰고 내년에는 농촌 학교 시설을 새로 고친다."
    after = "정부는 올해 예산 5조 원을 청년 주택에 쓰고 내년에는 농촌 도서관 시설을 새로 고친다."
    found = compare(article([before]), article([after]))
    assert found.labels == ("body", "money", "wording")
    assert [(one.old_value, one.new_value) for one in found.facts] == [(3 * 10**12, 5 * 10**12)]
    assert [text for tag, text in found.fields[0].ops[0].words if tag == "insert"] == ["5", "도서관"]


def test_repeats_without_end_lose_one_and_nothing_else() -> None:
    one = paragraph(Random(1))
    found = compare(article([one] * 3000), article([one] * 2999))
    assert found.labels == ("body", "paragraph-removed")
    assert [step.op for step in found.fields[0].ops].count("delete") == 1


def test_a_long_text_decomposed_is_unicode_form_and_no_table_is_made_for_it(monkeypatch) -> None:
    import unicodedata

    from diffing import forms

    monkeypatch.setattr(forms, "LARGEST_TABLE", 10)
    text = "정부는 국민 안전을 지키고 예산 3조 원을 쓴다."
    new = unicodedata.normalize("NFD", text).replace("3", "5")
    found = compare(article([text]), article([new]))
    assert (found.labels, found.weight) == (("body", "money", "unicode-form"), "substance")


letters = st.lists(st.sampled_from("가나다라"), max_size=40)


@given(letters, letters)
def test_halving_finds_as_long_a_subsequence_as_one_table(old: list[str], new: list[str]) -> None:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(subsequence, "LARGEST_TABLE", 6)
        patch.setattr(subsequence, "WIDTH", 5)
        pairs = subsequence.common(old, new)
    assert all(old[i] == new[j] for i, j in pairs)
    assert all(one[0] < other[0] and one[1] < other[1] for one, other in pairwise(pairs))
    assert len(pairs) == LCSseq.similarity(old, new)


def test_two_letters_without_end_shifted_by_one_lose_one_and_gain_one() -> None:
    found = compare(article([" ".join(["가", "나"] * 7_500)]), article([" ".join(["나", "가"] * 7_500)]))
    assert found.labels == ("body", "wording")
    assert sum(len(text.split()) for tag, text in found.fields[0].ops[0].words if tag != "keep") == 2


def test_one_endless_word_is_compared_at_once() -> None:
    old, new = "가" * 100_000, "가" * 50_000 + "나" + "가" * 50_000
    start = process_time()
    found = compare(article([old]), article([new]))
    assert process_time() - start < 20
    assert found.labels == ("body", "wording")
    assert [text for tag, text in found.fields[0].ops[0].words if tag == "insert"] == ["나"]


@pytest.mark.torture
@pytest.mark.parametrize("shape", ["paragraphs", "one paragraph", "four words", "sentence"])
def test_two_megabytes_are_compared_exactly_and_in_bounded_memory(shape: str) -> None:
    dice = Random(3)
    if shape == "four words":
        old, new = ([" ".join(dice.choices("가나다라", k=30_000))] for _ in range(2))
    elif shape == "sentence":
        old, new = ([" ".join(["같은 문장이 되풀이된다."] * count)] for count in (5_000, 4_999))
    else:
        old = [paragraph(dice) for _ in range(9_000)]
        new = [*old[:100], old[100].replace(" ", " 새로 ", 1), *old[101:4_000], *old[4_001:]]
        if shape == "one paragraph":
            old, new = [" ".join(old)], [" ".join(new)]
    tracemalloc.start()
    start = process_time()
    found = compare(article(old), article(new))
    took, (_, peak) = process_time() - start, tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert apply(old, found.fields[0].ops) == new
    assert "body" in found.labels
    assert len(found.labels) > 1
    assert took < 120
    assert peak < 600e6


class Counted(list[tuple[int, int]]):
    """Quotations, and how often they were gone through."""

    times = 0

    def __iter__(self):
        self.times += 1
        return super().__iter__()


def test_quotations_are_gone_through_once_and_not_for_every_word() -> None:
    text = "“가 ‘나’ 다” 라 " * 50
    quoted = Counted(tokens.quotations(text))
    read = tokens.read(text, quoted)
    assert quoted.times <= 3
    assert all(one.quoted == any(low <= one.start < high for low, high in list(quoted)) for one in read)


def test_thousands_of_words_in_another_order_are_not_each_held_against_all_others(monkeypatch) -> None:
    held: list[int] = []
    plain_same = stems.same_stem
    monkeypatch.setattr(stems, "same_stem", lambda *pair: held.append(1) or plain_same(*pair))
    words = [f"가{one}{other}" for one in SYLLABLES[:60] for other in SYLLABLES[:10]]
    shuffled = Random(1).sample(words, len(words))
    found = compare(article([" ".join(words)]), article([" ".join(shuffled)]))
    assert "wording" in found.labels
    assert held == []


def test_whether_a_sentence_reports_a_quotation_is_asked_once_and_not_for_every_name(monkeypatch) -> None:
    asked: list[int] = []
    plain_reports = speakers.reports
    monkeypatch.setattr(speakers, "reports", lambda side: asked.append(1) or plain_reports(side))
    found = passages.compare("기획재정부·산림청·" * 50, "재정경제부·산림청·" * 50)
    assert "name" in found.labels
    assert len(asked) == 2


@pytest.mark.parametrize(("one", "unit"), [("10", "월"), ("2026", "년")])
def test_no_list_of_months_or_years_is_read_to_its_end_from_each_of_them(one: str, unit: str) -> None:
    assert len(dates.scan("·".join([one] * 3) + unit)) == 3
    assert len(dates.scan("·".join([one] * 200) + unit)) == 13


def calls(work: Callable[[], object]) -> int:
    """Count how often a function is entered or a generator goes on while ``work`` is done."""
    counted = [0]

    def note(_frame: FrameType, event: str, _: object) -> None:
        counted[0] += event == "call"

    before = sys.getprofile()
    sys.setprofile(note)
    try:
        work()
    finally:
        sys.setprofile(before)
    return counted[0]


def quoting(length: int, more: int) -> Article:
    return article([" ".join(f"주민 {k}번은 “{k + more}호가 낡았다. 고쳐 달라”고 말했다." for k in range(length))])


def picturing(length: int, more: int) -> Article:
    pictures = tuple(Image(f"https://www.korea.kr/{k + more}.jpg", f"{k}번 사진", sha256="ab") for k in range(length))
    return replace(article(["사진을 싣는다."]), images=pictures)


@pytest.mark.parametrize("states", [quoting, picturing])
def test_thousands_of_quotations_or_pictures_are_not_each_held_against_all_others(states) -> None:
    compare(states(2, 0), states(2, 1))
    few, many = (
        calls(lambda length=length: compare(states(length, 0), states(length, 10_000))) for length in (100, 400)
    )
    assert many < 5 * few


def test_a_mark_of_an_update_without_an_end_is_read_once() -> None:
    assert notices.stamps("(updated " + "1 " * 300_000) == []
    assert pointing.unstarred("가" * 300_000 + " *", "나*") == ("가" * 300_000 + " *", "나*", set())


def test_laws_in_other_brackets_are_written_alike_while_they_are_not_too_many() -> None:
    names = [f"제{chr(ord('가') + k)}법" for k in range(101)]
    old, new = (" ".join(f"{mark[0]}{name}{mark[1]}" for name in names) for mark in ("「」", "『』"))
    assert pointing.titled_alike(old[:-6], new[:-6]) == (old[:-6], old[:-6], {"punctuation"})
    assert pointing.titled_alike(old, new) == (old, new, set())
