"""What a change is called, how it weighs, how it is disclosed."""

from __future__ import annotations

import tomllib
import unicodedata
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from diffing import passages
from diffing.labels import compare
from storage.records import LABELS, Article, Attachment, Block, Comparison, Image
from tests.steps import apply

PAIRS = tomllib.loads((Path(__file__).parent / "golden" / "changes" / "pairs.toml").read_text(encoding="utf-8"))["pair"]
BASE = Article(
    article="148900001",
    url="https://www.korea.kr/news/policyNewsView.do?newsId=148900001",
    section="policy-news",
    title="동네 공원을 새로 꾸민다",
    published="2024-06-12",
    source="국토교통부",
    body=(Block("paragraph", "가로등을 밝은 것으로 바꾼다."), Block("paragraph", "주민 쉼터도 함께 연다.")),
    attachments=(Attachment("1", "보도자료.hwpx", None, "aa", "ta"),),
    licence="KOGL-1",
)


def article(*paragraphs: str, **fields: object) -> Article:
    return replace(BASE, body=tuple(Block("paragraph", text) for text in paragraphs), **fields)


def named(old: Article, new: Article) -> tuple[set[str], str]:
    found = compare(old, new)
    return set(found.labels), found.weight


@pytest.mark.parametrize("pair", PAIRS, ids=[pair["name"] for pair in PAIRS])
def test_a_hand_made_edit_is_named_weighed_and_read(pair) -> None:
    found = compare(article(*pair["old"]), article(*pair["new"]))
    told = [{key: value for key, value in fact.as_json().items() if value is not None} for fact in found.facts]
    assert (list(found.labels), found.weight, told) == (pair["labels"], pair["weight"], pair.get("facts", []))


TURNED = {
    "paragraph-added": "paragraph-removed",
    "paragraph-removed": "paragraph-added",
    "paragraph-split": "paragraph-merged",
    "paragraph-merged": "paragraph-split",
}


@pytest.mark.parametrize("pair", PAIRS, ids=[pair["name"] for pair in PAIRS])
def test_the_edit_taken_back_has_the_same_name(pair) -> None:
    forth, back = (compare(article(*pair[a]), article(*pair[b])) for a, b in (("old", "new"), ("new", "old")))
    assert {TURNED.get(label, label) for label in forth.labels} == set(back.labels)
    assert forth.weight == back.weight
    assert [(one.old_value, one.new_value) for one in forth.facts] == [
        (one.new_value, one.old_value) for one in back.facts
    ]


paragraphs = st.lists(
    st.one_of(st.sampled_from([text for pair in PAIRS for text in pair["old"] + pair["new"]]), st.text(max_size=30)),
    max_size=5,
)


@given(paragraphs)
def test_an_article_against_itself_has_nothing_to_tell(texts: list[str]) -> None:
    assert compare(article(*texts), article(*texts)) == Comparison()


@given(paragraphs, paragraphs)
def test_whatever_differs_is_told_and_applies(old: list[str], new: list[str]) -> None:
    found = compare(article(*old), article(*new))
    assert bool(found.fields) == (old != new) == bool(found.labels)
    assert list(found.labels) == [label for label in LABELS if label in found.labels]
    for change in found.fields:
        assert apply(old, change.ops) == new


@given(paragraphs, paragraphs)
def test_comparing_twice_gives_the_same(old: list[str], new: list[str]) -> None:
    assert compare(article(*old), article(*new)) == compare(article(*old), article(*new))


@pytest.mark.parametrize(
    ("old", "new", "expected"),
    [
        ("by 2030, 30 billion US dollars", "by 2035, 50 billion US dollars",
         [("money", "30000000000 USD", "50000000000 USD"), ("date-value", "2030", "2035")]),
        ("KRW 3 trillion", "KRW 5 trillion", [("money", 3 * 10**12, 5 * 10**12)]),
        ("2-3 million euros", "2-4 million euros", [("money", "3000000 EUR", "4000000 EUR")]),
        ("up 2.1 percent", "up 2.4 per cent", [("percent", 2.1, 2.4)]),
        ("signed on June 12, 2026", "signed on 15 June 2026", [("date-value", "2026-06-12", "2026-06-15")]),
        ("signed in Dec. 2026", "signed in Nov. 2026", [("date-value", "2026-12", "2026-11")]),
        ("signed on February 30, 2026", "signed on February 20, 2026", [("date-value", None, "2026-02-20")]),
        ("at 2 p.m. today", "at 3:30 p.m. today", [("date-value", "T14:00", "T15:30")]),
        ("제2호가목에 따른다.", "제2호나목에 따른다.", [("number", "가", "나")]),
        ("三個 부처가 나선다.", "五個 부처가 나선다.", [("quantity", 3, 5)]),
        ("90 billion dollars", "90 million dollars", [("money", "90000000000 USD", "90000000 USD")]),
        ("쌀값은 1만 5천 환이었다.", "쌀값은 1만 8천 환이었다.", [("money", "15000 환", "18000 환")]),
        ("중증 5 환자 사례", "중증 7 환자 사례", [("number", 5, 7)]),
    ],
)  # fmt: skip
def test_values_in_english_and_in_the_money_of_old_are_read(old: str, new: str, expected: object) -> None:
    found = compare(article(old), article(new))
    assert sorted((one.kind, one.old_value, one.new_value) for one in found.facts) == sorted(expected)
    assert set(found.labels) == {"body", *(kind for kind, *_ in expected)}


@pytest.mark.parametrize(
    ("old", "new", "expected"),
    [
        ("It shall be lifted.", "It shall not be lifted.", ({"body", "negation"}, "substance")),
        ("It is not only safe.", "It is safe.", ({"body", "wording"}, "wording")),
        ("Each Party shall report.", "Each Party may report.", ({"body", "hedge"}, "substance")),
        ("공동성명은 June 12, 2026 나왔다.", "공동성명은 2026년 6월 12일 나왔다.", ({"body", "wording"}, "wording")),
        ("It doesn't affect it.", "It does not affect it.", ({"body", "wording"}, "wording")),
        ("It doesn't affect it.", "It doesn’t affect it.", ({"body", "punctuation"}, "cosmetic")),
        ("The waiver is in effect.", "The waiver is no longer in effect.", ({"body", "negation"}, "substance")),
        ("more than 1.4 GW", "less than 1.4 GW", ({"body", "wording"}, "substance")),
        ("약 500명이 왔다.", "500명가량이 왔다.", ({"body", "wording"}, "wording")),
        ("약 500명이 왔다.", "500여 명이 왔다.", ({"body", "quantity"}, "substance")),
        ("장례식장 1호실", "장례식장 3호실", ({"body", "number"}, "substance")),
        ("주민 대피 진행 중", "주민 대피 완료", ({"body", "hedge", "wording"}, "substance")),
        ("내주에 발표한다.", "다음 주에 발표한다.", ({"body", "wording"}, "wording")),
        ("자리를 내주는 일", "자리를 차지하는 일", ({"body", "wording"}, "wording")),
        ("이행할 것을 촉구한다.", "이행할 것을 기대한다.", ({"body", "wording"}, "substance")),
        ("당첨자: 정XX", "당첨자: 장XX", ({"body", "name"}, "substance")),
        (
            "▲ 재난과장 단정우 ▲ 개선과장 경수빈",
            "▲ 개선과장 경수빈 ▲ 재난과장 단정우",
            ({"body", "wording"}, "wording"),
        ),
        ("두 번째 회의다.", "제2차 회의다.", ({"body", "wording"}, "wording")),
        ("고(故) 임윤택 선생", "고(故) 임윤백 선생", ({"body", "name"}, "substance")),
        ("“하겠다”고 이야기도 했다.", "“하겠다”고 다짐도 했다.", ({"body", "wording"}, "wording")),
        ("당첨자: 김*수", "당첨자: 김*주", ({"body", "name"}, "substance")),
        ("당첨자: 김*수", "당첨자: 김○수", ({"body", "punctuation"}, "cosmetic")),
        ("합의를 지지하며 살핀다.", "합의를 우려하며 살핀다.", ({"body", "wording"}, "substance")),
        ("작업자의 실수로 났다.", "관리자의 실수로 났다.", ({"body", "wording"}, "substance")),
        ("작업자의 실수로 났다.", "근로자의 실수로 났다.", ({"body", "wording"}, "wording")),
    ],
)
def test_edits_in_registers_of_their_own(old: str, new: str, expected: object) -> None:
    assert named(article(old), article(new)) == named(article(new), article(old)) == expected


def test_decomposed_hangul_is_unicode_form_only() -> None:
    text = "정부는 국민 안전을 지킨다."
    assert named(article(text), article(unicodedata.normalize("NFD", text))) == ({"body", "unicode-form"}, "cosmetic")


def test_a_figure_changed_in_decomposed_text_is_named_beside_the_form() -> None:
    labels, weight = named(article("예산 3조 원을 쓴다."), article(unicodedata.normalize("NFD", "예산 5조 원을 쓴다.")))
    assert (labels, weight) == ({"body", "money", "unicode-form"}, "substance")


@pytest.mark.parametrize("space", ["\u00a0", "\u2003", "\u3000", "\u202f"])
def test_a_space_of_another_width_is_unicode_form(space) -> None:
    assert named(article("국민 안전"), article(f"국민{space}안전"))[0] == {"body", "unicode-form"}


def test_an_invisible_character_is_unicode_form() -> None:
    assert named(article("국민 안전"), article("국민\u200b 안전"))[0] == {"body", "unicode-form"}


def test_a_superscript_lost_is_no_mere_form() -> None:
    assert "unicode-form" not in named(article("면적은 10² 이다."), article("면적은 102 이다."))[0]


def test_a_table_cell_is_a_figure() -> None:
    old = replace(BASE, body=(Block("table", "구분\t2023\t2024\n예산\t1,200\t1,500"),))
    new = replace(BASE, body=(Block("table", "구분\t2023\t2024\n예산\t1,200\t1,800"),))
    found = compare(old, new)
    assert (found.labels, found.weight) == (("body", "number"), "substance")
    assert [(one.old_value, one.new_value) for one in found.facts] == [(1500, 1800)]


@pytest.mark.parametrize(
    ("old", "new", "expected"),
    [
        ("부서|인원¶시설과|12명", "부서|인원|¶시설과|12명|", (("body",), "cosmetic")),
        ("부서|인원|비고¶시설과|12명|신규", "부서|비고|인원¶시설과|신규|12명", (("body", "wording"), "wording")),
        ("시설과|12명|45명¶홍보과|30명|20명", "시설과|45명|12명¶홍보과|20명|30명", (("body", "quantity"), "substance")),
        ("부서|작년|올해¶시설과|12명|", "부서|작년|올해¶시설과||12명", (("body", "quantity"), "substance")),
    ],
    ids=["an empty column comes", "columns change places", "figures change places", "a figure in the next column"],
)
def test_columns_of_a_table_are_told_as_columns(old: str, new: str, expected: object) -> None:
    sides = [replace(BASE, body=(Block("table", one.replace("|", "\t").replace("¶", "\n")),)) for one in (old, new)]
    found = compare(*sides)
    assert (found.labels, found.weight) == expected


@pytest.mark.parametrize(
    ("old", "new", "labels", "weight", "facts"),
    [
        ("구분|방송¶가람|○¶나래|○", "구분|방송¶가람|×¶나래|○", "punctuation", "substance", 0),
        ("구분|방송¶가람|◯¶나래|×", "구분|방송¶가람|○¶나래|×", "punctuation", "cosmetic", 0),
        ("구분|방송¶가람|-¶나래|○", "구분|방송¶가람|―¶나래|○", "punctuation", "cosmetic", 0),
        ("구분|인원¶가람|-¶나래|2명", "구분|인원¶가람|1명¶나래|2명", "quantity", "substance", 0),
        ("구분|값¶가|1¶나|2", "구분|-|값¶가|-|1¶나|-|2", "punctuation", "cosmetic", 0),
        ("구분|단위|값¶가|개|12¶나|명|15", "구분|단위|값¶가||12¶나|명|15", "wording", "substance", 0),
        ("직위|이름¶과장|홍길동¶국장|김하늘", "직위|이름¶과장|이서연¶국장|김하늘", "name", "substance", 1),
        ("직위|할 일¶과장|방문¶국장|출석", "직위|할 일¶과장|현장 점검¶국장|출석", "wording", "wording", 0),
        ("순위|기관¶1|가람¶2|나래¶3|다솜", "순위|기관¶1|나래¶2|가람¶3|다솜", "number wording", "substance", 2),
        ("연번|기관¶1.|가람 1명¶2.|나래 2명", "연번|기관¶1.|나래 2명¶2.|가람 1명", "number wording", "substance", 0),
        (
            "연번|기관¶1|가람¶2|나래¶3|다솜¶순위 없음|가나다",
            "연번|기관¶1|나래¶2|가람¶3|다솜¶순위 없음|가나다",
            "number wording",
            "substance",
            0,
        ),
    ],
    ids=[
        "yes becomes no",
        "a circle of another form",
        "a dash of another form",
        "a value comes",
        "a column of dashes comes",
        "a unit goes",
        "another holds a post",
        "what a post is to do",
        "ranks",
        "counts with points",
        "a word of ranks below counts",
    ],
)
def test_what_a_cell_says_decides_what_its_edit_is(old: str, new: str, labels: str, weight: str, facts: int) -> None:
    sides = [replace(BASE, body=(Block("table", one.replace("|", "\t").replace("¶", "\n")),)) for one in (old, new)]
    found = compare(*sides)
    assert (" ".join(found.labels[1:]), found.weight, len(found.facts)) == (labels, weight, facts)


def test_tables_that_become_one_are_compared_row_by_row() -> None:
    old = replace(BASE, body=(Block("table", "부서\t인원\n시설과\t12명"), Block("table", "부서\t인원\n홍보과\t30명")))
    new = replace(BASE, body=(Block("table", "부서\t인원\n시설과\t12명\n부서\t인원\n홍보과\t33명"),))
    assert named(old, new) == ({"body", "paragraph-merged", "quantity"}, "substance")


@pytest.mark.parametrize(
    ("marks", "labels", "weight"),
    [
        (("가.", "나."), {"body", "wording"}, "wording"),
        (("①", "②"), {"body", "wording", "punctuation"}, "wording"),
        (("첫째,", "둘째,"), {"body", "wording", "punctuation"}, "wording"),
        (("나.", "다."), {"body", "number", "wording", "punctuation"}, "substance"),
    ],
)
def test_a_list_counted_in_other_signs_is_the_same_list(marks: tuple[str, str], labels: set[str], weight: str) -> None:
    texts = "나무를 심는다.", "길을 넓힌다."
    old, new = (article(*(f"{m} {t}" for m, t in zip(one, texts, strict=True))) for one in (("1.", "2."), marks))
    assert named(old, new) == (labels, weight)


def test_a_line_that_went_from_under_the_headline_to_the_body_is_still_said() -> None:
    line = "주차장은 두 배로 넓히기로 했다"
    above = replace(BASE, subtitles=("봄에 완공", line))
    below = replace(BASE, subtitles=("봄에 완공",), body=(Block("paragraph", line), *BASE.body))
    assert named(above, below) == ({"subtitle", "body", "paragraph-added", "wording"}, "wording")
    assert named(below, above) == ({"subtitle", "body", "paragraph-removed", "wording"}, "wording")
    assert named(above, replace(above, subtitles=("봄에 완공",))) == ({"subtitle", "wording"}, "substance")


def test_a_caption_block_is_a_caption_and_not_the_body() -> None:
    old = replace(BASE, body=(*BASE.body, Block("caption", "홍길동 장관이 인사하고 있다.")))
    new = replace(BASE, body=(*BASE.body, Block("caption", "김철수 장관이 인사하고 있다.")))
    assert named(old, new) == ({"caption", "name"}, "substance")


def test_a_picture_s_caption_is_a_caption() -> None:
    old = replace(BASE, images=(Image("https://www.korea.kr/a.jpg", "", "공원 전경"),))
    new = replace(BASE, images=(Image("https://www.korea.kr/a.jpg", "", "공원의 전경"),))
    assert named(old, new) == ({"caption", "particle"}, "wording")


@pytest.mark.parametrize(
    ("here", "alt", "weight"),
    [
        ("aa", "공원", "cosmetic"),
        ("aa", "공원 3곳", "substance"),
        ("aa", "공원, 시민이 지나간다", "substance"),
        ("aa", "공원 전경", "wording"),
        ("bb", "공원", "substance"),
        (None, "공원", "substance"),
    ],
)
def test_the_same_picture_at_another_address_is_cosmetic(here: str | None, alt: str, weight: str) -> None:
    old = replace(BASE, images=(Image("https://www.korea.kr/a.jpg", "공원", None, "aa"),))
    new = replace(BASE, images=(Image("https://www.korea.kr/b.jpg", alt, None, here),))
    assert named(old, new) == ({"image"}, weight)


def test_a_block_of_another_kind_is_a_replace_by_the_same_text() -> None:
    new = replace(BASE, body=(Block("heading", BASE.body[0].text), BASE.body[1]))
    found = compare(BASE, new)
    assert (found.labels, found.weight) == (("body",), "cosmetic")
    assert [(step.op, step.words) for step in found.fields[0].ops] == [
        ("replace", (("keep", BASE.body[0].text),)),
        ("keep", (("keep", BASE.body[1].text),)),
    ]
    told = [step.as_json() for step in found.fields[0].ops]
    assert [(one.get("old_kind"), one.get("new_kind")) for one in told] == [("paragraph", "heading"), (None, None)]
    assert "old_kind" not in told[1]


def test_a_block_that_was_edited_too_says_its_kinds() -> None:
    new = replace(BASE, body=(Block("heading", f"{BASE.body[0].text} 그렇다."), BASE.body[1]))
    (step, _) = compare(BASE, new).fields[0].ops
    assert (step.op, step.old_kind, step.new_kind) == ("replace", "paragraph", "heading")


@pytest.mark.parametrize(
    ("changed", "labels", "weight"),
    [
        ({"title": "동네 공원을 모두 새로 꾸민다"}, {"title", "wording"}, "wording"),
        ({"title": "동네 공원 3곳을 새로 꾸민다"}, {"title", "quantity"}, "substance"),
        ({"title": "동네  공원을 새로 꾸민다"}, {"title", "spacing"}, "cosmetic"),
        ({"subtitles": ("가로등도 바꾼다",)}, {"subtitle", "wording"}, "substance"),
        ({"published": "2024-06-13"}, {"date", "date-value"}, "substance"),
        ({"source": "행정안전부"}, {"source", "name"}, "substance"),
        ({"source": "국토 교통부"}, {"source", "spacing"}, "cosmetic"),
        ({"source": "국토·교통부"}, {"source", "punctuation"}, "cosmetic"),
        ({"author": "홍길동"}, {"byline", "name"}, "substance"),
        ({"source_code": "A00012"}, {"source"}, "cosmetic"),
        ({"licence": "KOGL-4"}, {"licence"}, "substance"),
        ({"section": "press-release"}, {"link"}, "cosmetic"),
        ({"images": (Image("https://www.korea.kr/a.jpg", ""),)}, {"image"}, "substance"),
        ({"attachments": ()}, {"attachment"}, "substance"),
        ({"attachments": (Attachment("1", "보도자료.hwpx", None, "bb", "tb"),)}, {"attachment"}, "substance"),
        ({"attachments": (Attachment("1", "보도자료.hwpx", None, "bb", "ta"),)}, {"attachment"}, "cosmetic"),
        ({"attachments": (Attachment("9", "보도자료.hwpx", None, "aa", "ta"),)}, {"attachment"}, "cosmetic"),
        ({"attachments": (Attachment("1", "참고자료.hwpx", None, "aa", "ta"),)}, {"attachment"}, "wording"),
    ],
    ids=lambda value: str(sorted(value)) if isinstance(value, set) else None,
)
def test_a_small_field_is_named_where_it_stands(changed, labels, weight) -> None:
    assert named(BASE, replace(BASE, **changed)) == (labels, weight)


def test_a_changed_source_and_date_are_facts() -> None:
    found = compare(BASE, replace(BASE, source="행정안전부", published="2024-06-13"))
    assert [(one.kind, one.old, one.new) for one in found.facts] == [
        ("name", "국토교통부", "행정안전부"),
        ("date-value", "2024-06-12", "2024-06-13"),
    ]


def test_a_date_that_was_not_there_before_is_named_and_replaces_no_value() -> None:
    old, new = replace(BASE, published=None), BASE
    assert named(old, new) == ({"date", "date-value"}, "substance")
    assert compare(old, new).facts == ()


def test_a_paragraph_s_number_is_a_fact_where_no_paragraph_came_went_or_moved() -> None:
    found = compare(
        article("1. 도로를 고친다.", "2. 철도를 놓는다."), article("1. 도로를 고친다.", "3. 철도를 놓는다.")
    )
    assert [(one.kind, one.old, one.new) for one in found.facts] == [("number", "2", "3")]


def test_a_fact_in_title_and_body_is_told_once() -> None:
    old = article("예산 3조 원을 쓴다.", title="예산 3조 원 편성")
    new = article("예산 5조 원을 쓴다.", title="예산 5조 원 편성")
    found = compare(old, new)
    assert set(found.labels) == {"title", "body", "money"}
    assert [(one.old, one.new) for one in found.facts] == [("3조 원", "5조 원")]


def test_five_edits_in_a_long_transcript_are_named() -> None:
    texts = [
        f"질문 {'가나다라마바사아자차'[n % 10]}{n}: 도로와 철도와 항만의 {n}번 사업은 어떻게 되는가?"
        for n in range(400)
    ]
    new = list(texts)
    new[10] = new[10].replace("항만의", "항만과")
    new[200] = new[200].replace("200번", "201번")
    new.insert(350, "사회자가 순서를 바꾸었다.")
    del new[20]
    labels, weight = named(article(*texts), article(*new))
    assert (labels, weight) == (
        {"body", "particle", "quantity", "paragraph-added", "paragraph-removed"},
        "substance",
    )


NOTICE = "본문 금액에 오류가 있어 바로잡습니다."


@pytest.mark.parametrize(
    ("new", "disclosure"),
    [
        (article("가로등을 어두운 것으로 바꾼다.", "주민 쉼터도 함께 연다."), "silent"),
        (replace(BASE, body=(*BASE.body, Block("paragraph", NOTICE))), "explained"),
        (replace(BASE, title=BASE.title + " (수정)"), "stamp-only"),
        (replace(BASE, title="[정정] " + BASE.title), "stamp-only"),
        (replace(BASE, title="[정정] 동네 쉼터를 새로 꾸민다"), "stamped"),
        (replace(BASE, body=(*BASE.body, Block("paragraph", "수정일: 2024.06.13. 15:00"))), "stamp-only"),
        (replace(BASE, attachments=(Attachment("9", "보도자료(수정).hwpx", None, "aa", "ta"),)), "stamp-only"),
        (replace(BASE, attachments=(Attachment("9", "보도자료(수정).hwpx", None, "bb", "tb"),)), "stamped"),
        (replace(BASE, attachments=(Attachment("9", "보도자료_수정.hwpx", None, "bb", "tb"),)), "stamped"),
        (replace(BASE, attachments=(Attachment("9", "보도자료.hwpx", None, "bb", "tb"),)), "silent"),
        (BASE, "unknown"),
    ],
)
def test_disclosure_is_read_from_what_the_new_version_gained(new, disclosure) -> None:
    assert compare(BASE, new).disclosure == disclosure


def test_a_notice_that_stood_there_before_discloses_nothing_new() -> None:
    old = replace(BASE, body=(*BASE.body, Block("paragraph", NOTICE)))
    new = replace(old, body=(Block("paragraph", "가로등을 어두운 것으로 바꾼다."), *old.body[1:]))
    assert compare(old, new).disclosure == "silent"


def test_a_notice_in_an_edited_paragraph_is_not_a_new_notice() -> None:
    old = replace(BASE, body=(Block("paragraph", NOTICE + " 가로등을 밝은 것으로 바꾼다."),))
    new = replace(BASE, body=(Block("paragraph", NOTICE + " 가로등을 어두운 것으로 바꾼다."),))
    assert compare(old, new).disclosure == "silent"


def test_amending_a_law_is_no_correction_notice() -> None:
    new = replace(BASE, body=(*BASE.body, Block("paragraph", "국회는 법률 개정안을 수정해 의결했다.")))
    assert compare(BASE, new).disclosure == "silent"


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("행사에는 김민수가 참석했다.", "행사에는 김민호가 참석했다."),
        ("배우 김민수는 홍보대사로 나선다.", "배우 박지훈은 홍보대사로 나선다."),
        ("사진=김민수", "사진=김민호"),
        ("김민수(왼쪽)가 상을 받고 있다.", "김민호(왼쪽)가 상을 받고 있다."),
        ("감독 이서하가 왔다.", "감독 김은지가 왔다."),
    ],
)
def test_a_person_without_a_post_who_stands_for_another_is_a_name_and_nothing_else(old, new):
    found = passages.compare(old, new)
    assert found.labels == {"name"}
    assert [one.kind for one in found.facts] == ["name"]


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("지원은 계속된다.", "인원은 계속된다."),
        ("청년을 지원하는 사업", "청년을 추진하는 사업"),
        ("연수원을 연다.", "정보원을 연다."),
        ("고정식으로 한다.", "이동식으로 한다."),
        ("현장을 방문해 살폈다.", "현장을 이동해 살폈다."),
        ("안정성을 높인다.", "전문성을 높인다."),
        ("소재지를 적는다.", "주소지를 적는다."),
    ],
)
def test_nouns_and_verbs_of_the_shape_of_a_name_are_words(old, new):
    assert passages.compare(old, new).labels == {"wording"}


def test_who_stood_before_a_telephone_number_is_a_person_and_what_stood_before_a_day_is_none():
    asked = passages.compare("문의: 국유재산정책과 (김민수, 044-203-3158)", "문의: 국유재산정책과 (044-203-3158)")
    assert asked.labels == {"name"}
    held = passages.compare("일정(행사, 2026. 6. 12.)", "일정(2026. 6. 12.)")
    assert held.labels == {"wording"}


def test_a_sentence_in_the_place_of_another_is_new_words_and_no_edit_of_its_figures():
    beside = "시는 공원을 3곳에 새로 만든다."
    found = passages.compare(f"{beside} 주민 쉼터도 함께 연다.", f"{beside} 접수는 5월 2일까지 받는다.")
    assert (found.labels, found.said) == ({"wording"}, True)
    alone = passages.compare("주민 쉼터도 함께 연다.", "접수는 5월 2일까지 받는다.")
    assert (alone.labels, alone.said) == ({"wording", "date-value"}, False)


def test_what_is_only_printed_otherwise_is_told_beside_an_edited_figure():
    found = passages.compare("예산은 2조5000억 원이고 5월에 연다.", "예산은 2조 5,000억 원이고 6월에 연다.")
    assert found.labels == {"date-value", "punctuation", "spacing"}
    assert [(one.old, one.new) for one in found.facts] == [("5월", "6월")]


ROOFS = "국토교통부는 노후 주택의 지붕과 창호를 고치는 사업을 올해부터 시작한다."
DESKS = "신청은 읍면동 주민센터에서 받으며 소득과 나이를 함께 살펴 대상을 정한다."
WORKS = "공사는 지역 업체가 맡고 전문 기관이 품질을 점검한다."
REPAIRS = "주민들은 공사가 끝난 뒤에도 한 해 동안 하자 보수를 받는다."


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ([f"{ROOFS} {DESKS}", WORKS, REPAIRS], [ROOFS, f"{DESKS} {WORKS}", REPAIRS]),
        ([f"{ROOFS} {DESKS}", WORKS], [ROOFS, f"{DESKS} {WORKS}"]),
        ([ROOFS, f"{DESKS} {WORKS}", REPAIRS], [f"{ROOFS} {DESKS}", f"{WORKS} {REPAIRS}"]),
        (
            [f"{ROOFS} {DESKS}", WORKS, "누리집에서 볼 수 있다."],
            [ROOFS, f"{DESKS} {WORKS}", "홈페이지에서 볼 수 있다."],
        ),
    ],
)
def test_a_sentence_put_to_the_next_paragraph_is_a_split_and_a_merge(old: list[str], new: list[str]) -> None:
    for one, other in ((old, new), (new, old)):
        labels, weight = named(article(*one), article(*other))
        assert labels - {"wording"} == {"body", "paragraph-split", "paragraph-merged"}
        assert ("wording" in labels, weight) in {(True, "wording"), (False, "cosmetic")}


def test_a_sentence_that_stands_in_another_paragraph_now_is_still_said() -> None:
    old = article(f"{ROOFS} {DESKS}", WORKS, REPAIRS)
    assert named(old, article(ROOFS, WORKS, f"{REPAIRS} {DESKS}")) == ({"body", "wording"}, "wording")
    assert named(old, article(ROOFS, WORKS, REPAIRS)) == ({"body", "wording"}, "substance")


def test_what_is_spaced_or_encoded_otherwise_in_a_split_is_told_too() -> None:
    old = article(f"{ROOFS} {DESKS}", WORKS)
    spaced, decomposed = DESKS.replace("주민센터", "주민 센터"), unicodedata.normalize("NFD", DESKS)
    assert named(old, article(ROOFS, spaced, WORKS)) == ({"body", "paragraph-split", "spacing"}, "cosmetic")
    assert named(old, article(ROOFS, decomposed, WORKS)) == ({"body", "paragraph-split", "unicode-form"}, "cosmetic")
    recut = {"body", "paragraph-split", "paragraph-merged", "spacing"}
    assert named(old, article(ROOFS, f"{spaced} {WORKS}")) == (recut, "cosmetic")


def test_a_space_between_sentences_is_told_beside_an_edit_of_one() -> None:
    edited = WORKS.replace("맡고", "맡으며")
    assert named(article(f"{ROOFS} {WORKS}"), article(f"{ROOFS}  {edited}"))[0] == {"body", "particle", "spacing"}
    assert named(article(f"{ROOFS} {WORKS}"), article(f"{ROOFS} {edited}"))[0] == {"body", "particle"}


def test_a_short_paragraph_alone_between_two_pairs_is_the_edited_one() -> None:
    old = article("국회를 통과했다.", "연내 착공할 예정이다.", "시설을 고친다.")
    new = article("국회를 통과하였다.", "연내 착공을 완료했다.", "시설들을 고친다.")
    assert named(old, new) == ({"body", "hedge", "particle"}, "substance")


def test_a_paragraph_that_became_a_caption_touches_captions() -> None:
    old = article("가로등이 켜진 공원", ROOFS)
    new = replace(old, body=(Block("caption", "가로등이 켜진 공원"), *old.body[1:]))
    assert named(old, new) == ({"body", "caption"}, "cosmetic")


@pytest.mark.parametrize("word", ["안전과", "이로써", "지난해", "이처럼"])
def test_a_word_before_the_government_leads_none(word: str) -> None:
    old, new = (article(f"{one} 정부의 몫이 되었다.") for one in (word, "여기서"))
    assert "name" not in named(old, new)[0]
