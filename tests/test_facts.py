"""Figures, dates and names read from text, and values replaced by values."""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal
from functools import partial

import pytest
from hypothesis import given
from hypothesis import strategies as st

from diffing import dates, facts, figures, names, passages, tokens
from storage.records import Fact

FIGURES = [
    ("1조 2천억 원", "money", 1_200_000_000_000, "원", ""),
    ("21억 4748만 3648원", "money", 2_147_483_648, "원", ""),
    ("1,234억 원", "money", 123_400_000_000, "원", ""),
    ("3조 5000억", "money", 3_500_000_000_000, "원", ""),
    ("1.5조원", "money", 1_500_000_000_000, "원", ""),
    ("300백만원", "money", 300_000_000, "원", ""),
    ("2천5백만 원", "money", 25_000_000, "원", ""),
    ("백이십삼만 원", "money", 1_230_000, "원", ""),
    ("30억 달러", "money", 3_000_000_000, "달러", ""),
    ("$3.5", "money", 3.5, "달러", ""),
    ("US$500 million", "money", 500_000_000, "달러", ""),
    ("5억 캐나다달러", "money", 500_000_000, "캐나다 달러", ""),
    ("5억 대만 달러", "money", 500_000_000, "대만 달러", ""),
    ("5억 루피", "money", 500_000_000, "루피", ""),
    ("3조 루피아", "money", 3_000_000_000_000, "루피아", ""),
    ("△3.1%", "percent", -3.1, "%", ""),
    ("-3%", "percent", -3, "%", ""),
    ("0.5%p", "percent", 0.5, "%p", ""),
    ("0.5퍼센트포인트", "percent", 0.5, "%p", ""),
    ("3배", "percent", 3, "배", ""),
    ("두 배", "percent", 2, "배", ""),
    ("3만5천 명", "quantity", 35_000, "명", ""),
    ("2만 3,000명", "quantity", 23_000, "명", ""),
    ("1,000여 개소", "quantity", 1000, "곳", "여"),
    ("약 100명 이상", "quantity", 100, "명", "약 이상"),
    ("19세 미만", "quantity", 19, "세", "미만"),
    ("3개월", "quantity", 3, "개월", ""),
    ("12시간", "quantity", 12, "시간", ""),
    ("5만 톤", "quantity", 50_000, "t", ""),
    ("1.2GW", "quantity", 1.2, "GW", ""),
    ("100㎡", "quantity", 100, "㎡", ""),
    ("세 곳", "quantity", 3, "곳", ""),
    ("80억 인구", "quantity", 8_000_000_000, "인구", ""),
    ("2억 화소", "quantity", 200_000_000, "화소", ""),
    ("105.2", "number", 105.2, "", ""),
]


@pytest.mark.parametrize(("text", "kind", "value", "unit", "bound"), FIGURES, ids=[row[0] for row in FIGURES])
def test_a_figure_is_read_whole(text, kind, value, unit, bound) -> None:
    (figure,) = figures.scan(text)
    assert (figure.text, figure.kind, facts.printed(figure.value), figure.unit, figure.bound) == (
        text, kind, value, unit, bound,
    )  # fmt: skip


def test_a_black_triangle_leaves_the_value_open() -> None:
    assert figures.scan("▲3.1%")[0].value is None


def test_a_bullet_or_a_hyphen_is_no_minus_sign() -> None:
    assert [one.value for text in ("- 3개 기관", "코로나-19", "A-3") for one in figures.scan(text)] == [3, 19, 3]


def test_a_range_lends_its_scale_to_the_lower_end() -> None:
    (figure,) = figures.scan("3~5억 원")
    assert (figure.value, figure.high) == (300_000_000, 500_000_000)


def test_the_lower_end_of_a_range_is_told_with_the_scale_that_it_borrows() -> None:
    found = list(passages.compare("예산은 10~20억 원이다.", "예산은 15~20억 원이다.").facts)
    assert found == [Fact("money", "10억 원", "15억 원", 1_000_000_000, 1_500_000_000, 0.5)]


@pytest.mark.parametrize(
    "text",
    [
        "4조 2,00억 원", "3만 5,00명", "5,억 원", "1.500원", "1조 12,000억 원", "1조 10억 20억 원", "3억 5조 원",
        "10~2,00억 원", "1.2.3", "6/12",
    ],
)  # fmt: skip
def test_of_what_is_no_one_amount_nobody_knows_the_value(text) -> None:
    (figure,) = figures.scan(text)
    assert (figure.text, figure.value, figure.high) == (text, None, None)
    edited = text[:-1].replace(text[0], "8" if text[0] != "8" else "7", 1) + text[-1]
    (fact,) = list(passages.compare(f"값은 {text} 이다.", f"값은 {edited} 이다.").facts)
    assert (fact.old, fact.old_value, fact.ratio) == (text, None, None)


@given(st.lists(st.tuples(st.integers(1, 99_999), st.sampled_from("조억만")), min_size=2, max_size=4))
def test_a_mixed_amount_has_a_value_only_while_each_part_stays_below_the_one_before(parts) -> None:
    scales = {"조": 10**12, "억": 10**8, "만": 10**4}
    (figure,) = figures.scan(" ".join(f"{digits:,}{scale}" for digits, scale in parts) + " 원")
    sizes = [digits * scales[scale] for digits, scale in parts]
    steps = all(size < scales[above[1]] for size, above in zip(sizes[1:], parts, strict=False))
    assert figure.value == (sum(sizes) if steps else None)


def test_a_fraction_is_no_two_numbers() -> None:
    found = list(passages.compare("예산의 1/3을 쓴다.", "예산의 1/2을 쓴다.").facts)
    assert found == [Fact("number", "1/3", "1/2", "1/3", "1/2", 0.5)]


@pytest.mark.parametrize("text", ["G7 회의에 간다", "코로나19 대응을 한다", "제주 3 분야 사업"])
def test_a_word_that_begins_like_a_counter_is_none(text) -> None:
    assert [one.kind for one in figures.scan(text)] == ["number"]


def test_a_telephone_number_is_one_number() -> None:
    assert [one.text for one in figures.scan("문의 044-200-1234")] == ["044-200-1234"]


@given(st.integers(0, 10**15))
def test_a_number_is_read_with_and_without_commas(value: int) -> None:
    assert figures.amount(f"{value:,}") == figures.amount(str(value)) == value


@given(st.integers(1, 9999), st.integers(1, 9999), st.integers(1, 9999))
def test_scales_add_up(jo: int, eok: int, man: int) -> None:
    text = f"{jo}조 {eok:,}억 {man}만"
    assert figures.amount(text) == jo * 10**12 + eok * 10**8 + man * 10**4
    (figure,) = figures.scan(text + " 원")
    assert (figure.value, figure.kind) == (figures.amount(text), "money")


DATES = [
    ("2024.06.12.", ["2024-06-12"]),
    ("2024년 6월 12일", ["2024-06-12"]),
    ("2024-06-12", ["2024-06-12"]),
    ("오는 12일", ["---12"]),
    ("12일(수)", ["---12 수"]),
    ("6월 12~14일", ["--06-12/--06-14"]),
    ("6.12.(수)", ["--06-12 수"]),
    ("6/12(수)", ["--06-12 수"]),
    ("26.3.1.부터", ["2026-03-01"]),
    ("6월 말", ["--06 말"]),
    ("2027년 상반기", ["2027", "H1"]),
    ("3분기", ["Q3"]),
    ("3/4분기", ["Q3"]),
    ("'25년", ["2025"]),
    ("오후 3시 30분", ["T15:30"]),
    ("오전 10시", ["T10:00"]),
    ("14:00", ["T14:00"]),
    ("오후 2시~4시", ["T14:00", "T16:00"]),
    ("지난해", ["last-year"]),
    ("작년", ["last-year"]),
    ("2026~2030년", ["2026", "2030"]),
    ("2026-2030년", ["2026", "2030"]),
    ("2024·2025·2026년", ["2024", "2025", "2026"]),
    ("2025~26년", ["2025", "2026"]),
    ("’26~’30년", ["2026", "2030"]),
    ("10~12월", ["--10", "--12"]),
    ("3·4월", ["--03", "--04"]),
    ("9~18시", ["T09:00", "T18:00"]),
    ("오후 2~4시", ["T14:00", "T16:00"]),
]


@pytest.mark.parametrize(("text", "values"), DATES, ids=[row[0] for row in DATES])
def test_a_date_is_read(text, values) -> None:
    assert [one.value for one in dates.scan(text)] == values


@pytest.mark.parametrize(
    "text",
    [
        "30일 이내", "3일간", "최대 5일", "주 4일제", "5년간", "3시간", "3개월", "5분", "1.5",
        "2~4시간", "5~10개월", "3~5년",
    ],
)  # fmt: skip
def test_a_length_of_time_is_no_date(text) -> None:
    assert dates.scan(text) == []


def test_of_a_range_whose_unit_stands_behind_the_last_both_are_told_with_it() -> None:
    found = passages.compare("2026~2030년, 10~12월, 9~18시에 연다.", "2027~2031년, 11~12월, 10~18시에 연다.").facts
    assert [(one.old, one.new) for one in found] == [
        ("2026년", "2027년"), ("2030년", "2031년"), ("10월", "11월"), ("9시", "10시"),
    ]  # fmt: skip


def test_persons_posts_and_bodies_are_found_each_on_its_own() -> None:
    found = names.scan("<홍길동 기획재정부 장관> 신임 국토교통부 차관과 정책과장 김철수(044-200-1234)")
    assert [one.text for one in found] == ["홍길동", "기획재정부", "장관", "국토교통부", "차관", "정책과장", "김철수"]


def test_common_words_with_the_endings_of_bodies_are_no_names() -> None:
    assert names.scan("정부는 일부 지원 신청을 내부에서 처리하고 제도를 다시 실시한다") == []


def test_money_is_in_won_with_its_ratio() -> None:
    found = list(passages.compare("총 1조 5,000억 원을 쓴다.", "총 1조 2,000억 원을 쓴다.").facts)
    assert found == [Fact("money", "1조 5,000억 원", "1조 2,000억 원", 1_500_000_000_000, 1_200_000_000_000, -0.2)]


def test_figures_are_paired_by_unit_before_order() -> None:
    found = list(passages.compare("지원은 3명에게 5억 원이다.", "지원은 6억 원을 4명에게 준다.").facts)
    assert {(one.old, one.new) for one in found} == {("3명", "4명"), ("5억 원", "6억 원")}


def test_figures_that_only_change_places_are_no_facts() -> None:
    assert list(passages.compare("국비 3억 원, 시비 5억 원", "시비 5억 원, 국비 3억 원").facts) == []


def test_figures_that_are_exchanged_in_the_same_words_are_told_each_by_its_place() -> None:
    found = passages.compare("참여율은 30%에서 50%로 변했다.", "참여율은 50%에서 30%로 변했다.")
    assert (found.labels, found.said) == ({"percent"}, False)
    assert [(one.old, one.new, one.ratio) for one in found.facts] == [("30%", "50%", 0.6667), ("50%", "30%", -0.4)]


@given(st.lists(st.integers(1, 99), min_size=2, max_size=6), st.data())
def test_in_the_same_words_every_figure_is_paired_by_its_place(values: list[int], data: st.DataObject) -> None:
    others = data.draw(st.one_of(st.permutations(values), st.lists(st.integers(1, 99), max_size=6)))
    others = [*others, *values][: len(values)]
    text = ", ".join("{}월 {}명".format(month, "{}") for month in range(1, len(values) + 1)) + "이다."
    found = list(passages.compare(text.format(*values), text.format(*others)).facts)
    wanted = [(one, other) for one, other in zip(values, others, strict=True) if one != other]
    assert [(one.old_value, one.new_value) for one in found] == list(dict.fromkeys(wanted))


@pytest.mark.parametrize(
    ("old", "new", "label"),
    [
        ("사업을 미실시했다.", "사업을 실시했다.", "negation"),
        ("모든 학교에 적용한다.", "일부 학교에 적용한다.", "wording"),
    ],
)
def test_what_turns_what_is_said_is_no_mere_wording(old: str, new: str, label: str) -> None:
    found = passages.compare(old, new)
    assert (found.labels, found.said or label == "negation") == ({label}, True)


def test_the_same_value_printed_otherwise_is_no_fact() -> None:
    for one, other in [("3천억 원", "3,000억원"), ("50%", "50퍼센트"), ("2024.06.12.", "2024년 6월 12일")]:
        assert list(passages.compare(f"값은 {one} 이다.", f"값은 {other} 이다.").facts) == []


def test_a_figure_that_only_comes_is_no_fact() -> None:
    assert list(passages.compare("쉼터를 늘린다.", "쉼터를 100개소 늘린다.").facts) == []


def test_a_changed_bound_alone_is_no_fact_but_is_named() -> None:
    found = passages.compare("30명 이상이 낸다.", "30명 초과가 낸다.")
    assert (found.labels, list(found.facts)) == ({"quantity"}, [])


@given(st.decimals(-1000, 1000, places=2), st.decimals(-1000, 1000, places=2))
def test_a_ratio_is_the_change_over_the_old_value(old: Decimal, new: Decimal) -> None:
    found = facts.ratio(old, new)
    if old == 0:
        assert found is None
    else:
        assert found == pytest.approx(float((new - old) / old), abs=1e-4)


@given(st.integers(1, 999), st.integers(1, 999))
def test_every_figure_that_differs_is_a_fact_and_no_other(old: int, new: int) -> None:
    found = list(passages.compare(f"교육생 {old}명이 참여했다.", f"교육생 {new}명이 참여했다.").facts)
    assert [(one.old_value, one.new_value) for one in found] == ([] if old == new else [(old, new)])


@pytest.mark.parametrize(
    "text", ["두 대학이", "세 건물을", "두 장관은", "한 주민은", "두 권역에", "한 팀장은", "한 명단에"]
)
def test_a_word_that_begins_like_a_counter_counts_nothing(text: str) -> None:
    assert not [one for one in tokens.read(text) if one.kind == "figure"]


@pytest.mark.parametrize(
    "text", ["두 명입니다.", "두 명에게는", "세 번째로", "두 명뿐이다", "세 배로", "열 명까지", "두 해째", "두 주 동안"]
)
def test_a_counter_counts_whatever_particle_it_bears(text: str) -> None:
    assert tokens.read(text)[0].kind == "figure"


def test_whether_figures_fit_is_asked_once_for_all_of_a_sort(monkeypatch: pytest.MonkeyPatch):
    asked: list[str] = []
    same_unit, comparable = facts._same_unit, facts._comparable

    def noted(old: tokens.Token, new: tokens.Token, fits: Callable[[tokens.Token, tokens.Token], bool]) -> bool:
        asked.append(old.text)
        return fits(old, new)

    monkeypatch.setattr(facts, "_same_unit", partial(noted, fits=same_unit))
    monkeypatch.setattr(facts, "_comparable", partial(noted, fits=comparable))
    old, new = (
        [one for one in tokens.read(" ".join(f"{n}{unit}" for n in range(1, count))) if one.kind == "figure"]
        for unit, count in (("명", 40), ("원", 41))
    )
    pairs, alone = facts.paired(old, new)
    assert (pairs, alone) == ([], [*old, *new])
    assert len(asked) == 2
