"""Values against an evaluation of what is printed that knows nothing of the differ, and steps of many edits at once."""

from __future__ import annotations

from decimal import Decimal
from fractions import Fraction

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from diffing import scales
from diffing.labels import compare
from storage.records import Block, Comparison, Fact
from tests.makers import article
from tests.steps import apply

SCALES = {"조": 10**12, "억": 10**8, "만": 10**4}


def told(old: str, new: str) -> Comparison:
    return compare(*(article(body=(Block("paragraph", text),)) for text in (old, new)))


@st.composite
def amounts(draw: st.DrawFn) -> tuple[str, Fraction]:
    """Print an amount in one of the ways of releases and say what it is worth."""
    way = draw(st.sampled_from(["digits", "mixed", "decimal", "thousands"]))
    if way == "digits":
        value = draw(st.integers(1, 999_999_999))
        return draw(st.sampled_from([f"{value:,}", str(value)])), Fraction(value)
    if way == "decimal":
        scale = draw(st.sampled_from("조억만"))
        tenths = draw(st.integers(11, 999).filter(lambda one: one % 10))
        return f"{tenths // 10}.{tenths % 10}{scale}", Fraction(tenths, 10) * SCALES[scale]
    if way == "thousands":
        scale = draw(st.sampled_from("억만"))
        thousands, hundreds = draw(st.integers(1, 9)), draw(st.integers(0, 9))
        printed = f"{thousands}천" + (f"{hundreds}백" if hundreds else "")
        return printed + scale, Fraction((thousands * 1000 + hundreds * 100) * SCALES[scale])
    parts = {scale: draw(st.integers(1, 9999)) for scale in draw(st.sampled_from(["조억", "억만", "조억만", "만"]))}
    comma, gap = draw(st.booleans()), draw(st.sampled_from(["", " "]))
    printed = gap.join(f"{size:,}{scale}" if comma else f"{size}{scale}" for scale, size in parts.items())
    return printed, Fraction(sum(size * SCALES[scale] for scale, size in parts.items()))


AREAS = ["서울", "부산", "대구", "광주", "대전"]
UNITS = [
    ("원", "money"),
    (" 원", "money"),
    ("명", "quantity"),
    (" 가구", "quantity"),
    ("톤", "quantity"),
    ("건", "quantity"),
]
EDITED = st.tuples(st.sampled_from(UNITS), amounts(), amounts()).filter(
    # 조명 is lighting
    lambda edit: edit[0][1] == "money" or not any(printed.endswith("조") for printed, _ in edit[1:])
)
SENTENCES = [
    "올해 사업 규모는 {}으로 집계됐다.",
    "지난해 말 기준 {} 안팎에 그쳤으나 하반기부터 늘고 있다.",
    "정부는 관계 부처와 함께 {}을 목표로 삼았다.",
]


@given(st.sampled_from(SENTENCES), EDITED)
def test_the_values_of_an_edited_amount_are_those_printed_and_the_ratio_is_theirs(sentence, edit) -> None:
    unit, (printed, before), (reprinted, after) = edit
    found = told(sentence.format(printed + unit[0]), sentence.format(reprinted + unit[0]))
    if before == after:
        assert found.facts == ()
        return
    (fact,) = found.facts
    assert (fact.kind, fact.old, fact.new) == (unit[1], printed + unit[0], reprinted + unit[0])
    assert (Fraction(str(fact.old_value)), Fraction(str(fact.new_value))) == (before, after)
    assert fact.ratio == pytest.approx(float((after - before) / before), abs=1e-4)
    assert (found.labels, found.weight) == (("body", unit[1]), "substance")


@given(st.lists(st.tuples(EDITED, st.booleans()), min_size=2, max_size=5))
def test_of_several_amounts_each_that_changes_is_a_fact_and_no_other(edits) -> None:
    sides = [
        ", ".join(
            f"{area} {(new if side and changed else old)[0]}{unit[0]}"
            for area, ((unit, old, new), changed) in zip(AREAS, edits, strict=False)
        )
        + " 등으로 나타났다."
        for side in (0, 1)
    ]
    found = {(one.kind, Fraction(str(one.old_value)), Fraction(str(one.new_value))) for one in told(*sides).facts}
    assert found == {
        (unit[1], old[1], new[1]) for (unit, old, new), changed in edits if changed and old[1] != new[1]
    }  # fmt: skip


@given(st.integers(1, 10**9), st.sampled_from("천 만 백만 억".split()), st.integers(0, 2), st.sampled_from("명원톤"))
def test_a_figure_that_follows_its_tables_unit_is_no_fact_however_it_is_rounded(value, scale, digits, unit) -> None:
    size = {"천": 10**3, "만": 10**4, "백만": 10**6, "억": 10**8}[scale]
    rounded = f"{(Decimal(value) / size):,.{digits}f}"
    if not rounded.strip("0."):
        return  # Who reads 0 for 30 knows less.
    sides = [
        article(body=(Block("table", f"(단위: {counted})\n구분\t계\n시설\t{printed}\n{beside}"),))
        for counted, printed, beside in (
            (unit, f"{value:,}", f"기타\t{12 * size:,}"),
            (scale + unit, rounded, "기타\t12"),
        )
    ]
    for old, new in (sides, sides[::-1]):
        found = compare(old, new)
        assert (found.labels, found.weight, found.facts) == (("body", "wording"), "wording", ())


@pytest.mark.parametrize(
    ("old", "new", "kept"), [("명", "천 명", True), ("억 원", "백만 원", True), ("명", "건", False)]
)
def test_a_unit_in_anothers_place_is_a_value_only_where_both_are_sizes_of_one(old, new, kept) -> None:
    unit, beside = Fact("quantity", old, new), Fact("number", "12", "13", 12, 13)
    assert scales.replaced([unit, beside]) == ([unit, beside] if kept else [beside])


PARAGRAPHS = [
    "□ 국토교통부는 6월 12일부터 노후 주택 1만 2천 호를 고치는 사업을 시작한다고 밝혔다.",
    "○ 올해 예산은 1,250억 원이며, 지방비 30%를 더해 읍·면 120곳에 나누어 쓴다.",
    "○ 지난해에는 340건을 접수해 298건(87.6%)을 처리했다. 남은 42건은 올해 상반기에 마무리한다.",
    "□ 장관은 “현장의 목소리를 듣고 제도를 다듬겠다”라고 말했다. 이어 시설을 둘러봤다.",
    "- 신청은 읍·면·동 주민센터에서 받는다. 문의는 044-201-1234로 하면 된다.",
    "구분\t2024\t2025\n취업자\t28,576\t28,769\n실업자\t823\t811",
    "※ 자세한 내용은 누리집(www.korea.kr)에서 볼 수 있다.",
]
WORDS = ["정부는", "3조 5천억 원", "“확대하겠다”", "12.5%", "않는다.", "6월 13일(금)", " ", "\u00a0", "△2.1%", "○"]


@st.composite
def versions(draw: st.DrawFn) -> tuple[list[str], list[str]]:
    """Give paragraphs before and after words, splits, merges, moves, copies and removals, all at once."""
    old = draw(st.lists(st.sampled_from(PARAGRAPHS), min_size=1, max_size=9))
    new = list(old)
    for deed in draw(
        st.lists(st.sampled_from(["word", "cut", "split", "merge", "move", "copy", "remove"]), max_size=8)
    ):
        place = draw(st.integers(0, max(0, len(new) - 1)))
        at = draw(st.integers(0, 80))
        if not new:
            new = [draw(st.sampled_from(PARAGRAPHS))]
        elif deed == "word":
            new[place] = new[place][:at] + draw(st.sampled_from(WORDS)) + new[place][at:]
        elif deed == "cut":
            new[place] = new[place][:at] + new[place][at + draw(st.integers(1, 20)) :]
        elif deed == "split":
            new[place : place + 1] = [new[place][:at].rstrip(), new[place][at:].lstrip()]
        elif deed == "merge":
            new[place : place + 2] = [" ".join(new[place : place + 2])]
        elif deed == "move":
            new.insert(draw(st.integers(0, len(new) - 1)), new.pop(place))
        elif deed == "copy":
            new.insert(place, new[place])
        else:
            del new[place]
    return old, new


@settings(max_examples=150)
@given(versions())
def test_steps_and_words_lead_from_any_version_to_any_other_and_back(both) -> None:
    old, new = both
    before, after = (article(body=tuple(Block("paragraph", text) for text in side)) for side in both)
    found = compare(before, after)
    steps = [step for change in found.fields if change.field == "body" for step in change.ops]
    if before.body == after.body:
        assert found == Comparison()
        return
    assert apply(old, steps) == new
    for step in steps:
        assert "".join(text for tag, text in step.words if tag != "insert") == (step.old or "")
        assert "".join(text for tag, text in step.words if tag != "delete") == (step.new or "")
        assert step.op != "keep" or step.old == step.new
    moved = [step for step in steps if step.op == "move"]
    stayed = [step.old for step in steps if step.op not in {"move", "insert"}]
    for step in sorted(moved, key=lambda one: one.old_index or 0):
        stayed.insert(step.old_index or 0, step.old)
    assert stayed == old
    assert found.labels
    assert all(fact.old_value != fact.new_value or fact.old != fact.new for fact in found.facts)
