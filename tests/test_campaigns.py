"""The same substitution in many articles is one campaign, and everyday edits are none."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from diffing import campaigns as module
from diffing.campaigns import Substitution, campaigns, substitutions
from diffing.labels import compare
from diffing.reports.phrases import Words
from diffing.reports.summary import campaign_line
from storage.records import Article, Block, Change, Evidence

START = datetime(2026, 11, 1, tzinfo=UTC)


def changed(number: int, old: str, new: str, *, hours: int = 0, article: str = "", title: str = "") -> Change:
    at = START + timedelta(hours=hours or number)
    evidence = Evidence("warc/a.warc.gz", number, 10, f"<urn:uuid:{number}>", None, at)
    before = Article(
        article or f"1489{number:05}",
        f"https://www.korea.kr/news/policyNewsView.do?newsId=1489{number:05}",
        "policy-news",
        title or f"소식 {number}",
        source="기획재정부",
        body=(Block("paragraph", "서로 다른 첫 문단이다."), Block("paragraph", old)),
    )
    after = replace(before, body=(before.body[0], Block("paragraph", new)))
    return Change(
        id=f"{before.article}.1", article=before.article, url=before.url, section=before.section, title=before.title,
        source=before.source, kind="edited", from_version=1, to_version=2, old_last_seen=at - timedelta(hours=1),
        new_first_seen=at, checks_between=0, comparison=compare(before, after), evidence_old=evidence,
        evidence_new=evidence,
    )  # fmt: skip


def told(*changes: Change) -> list[tuple[str, str, str, int]]:
    return [
        (one.substitution.kind, one.substitution.old, one.substitution.new, len(one.members))
        for one in campaigns(changes)
    ]


RENAMED = [
    ("기획재정부는 예산안을 냈다.", "재정경제부는 예산안을 냈다."),
    ("이번 대책은 기획재정부가 이끈다.", "이번 대책은 재정경제부가 이끈다."),
    ("국회와 기획재정부의 협의가 끝났다.", "국회와 재정경제부의 협의가 끝났다."),
    ("보고는 기획재정부에 한다.", "보고는 재정경제부에 한다."),
]


def test_a_ministry_renamed_in_several_articles_is_one_campaign_whatever_its_particle() -> None:
    found = campaigns([changed(k, *pair) for k, pair in enumerate(RENAMED)])
    (one,) = found
    assert (one.substitution.kind, one.substitution.old, one.substitution.new) == ("name", "기획재정부", "재정경제부")
    assert (one.first_seen, one.last_seen) == (START + timedelta(hours=0), START + timedelta(hours=3))
    assert [member.article for member in one.members] == [f"1489{k:05}" for k in range(4)]


def test_a_figure_changed_in_several_articles_is_one_campaign() -> None:
    pairs = [
        ("총사업비는 1조 5,000억 원이다.", "총사업비는 1조 2,000억 원이다."),
        ("정부는 1조 5,000억 원을 쓴다.", "정부는 1조 2,000억 원을 쓴다."),
        ("1조 5,000억 원의 사업비가 든다.", "1조 2,000억 원의 사업비가 든다."),
    ]
    assert [one[0] for one in told(*(changed(k, *pair) for k, pair in enumerate(pairs)))] == ["figure"]


def test_a_name_taken_out_with_its_post_or_with_what_hung_on_it_is_one_campaign() -> None:
    pairs = [
        ("이번 행사에는 배우 한도담 씨가 함께한다.", "이번 행사에는 배우가 함께한다."),
        ("홍보대사 한도담 씨가 무대에 선다.", "홍보대사가 무대에 선다."),
        ("한도담 씨와 어린이 30명이 나무를 심는다.", "어린이 30명이 나무를 심는다."),
        ("협회(회장 한도담)는 힘을 보탠다.", "협회는 힘을 보탠다."),
        ("협회 한도담 회장은 고마움을 전했다.", "협회는 고마움을 전했다."),
    ]
    assert told(*(changed(k, *pair) for k, pair in enumerate(pairs))) == [("name", "한도담", "", 5)]
    assert told(*(changed(k, *pair) for k, pair in enumerate(pairs[:3]))) == [("name", "한도담 씨", "", 3)]


def test_what_is_left_of_a_word_is_no_name_taken_out() -> None:
    pairs = [("온라인강의를 연다.", "강의를 연다."), ("새 온라인강의를 들었다.", "새 강의를 들었다.")]
    pairs += [("온라인강의는 무료다.", "강의는 무료다.")]
    assert told(*(changed(k, *pair) for k, pair in enumerate(pairs))) == [("wording", "온라인강의", "강의", 3)]


def test_a_figure_is_one_whatever_hangs_on_it() -> None:
    sentences = (
        "사망자는 {}이었다.",
        "올해 {}이 숨졌다.",
        "모두 {}(잠정)이었으며 줄었다.",
        "지난해 {}이며 절반이 노인이다.",
    )
    pairs = [(one.format("2,735명"), one.format("2,753명")) for one in sentences]
    assert told(*(changed(k, *pair) for k, pair in enumerate(pairs))) == [("figure", "2,735명", "2,753명", 4)]


@pytest.mark.parametrize(
    ("sentence", "old", "new", "kind", "subject"),
    [
        ("문의: {w}유통팀({})", "044-201-1234", "044-201-5678", "figure", ""),
        ("{w} 쿠폰 신청 기한은 {}까지다.", "11월 30일", "12월 7일", "date", "기한"),
        ("{w} 지원은 「{}」에 따른다.", "농어업재해대책법", "농어업재해보험법", "wording", ""),
    ],
)
def test_what_stands_in_brackets_or_in_two_words_is_one_campaign(sentence, old, new, kind, subject) -> None:
    pairs = [(sentence.format(old, w=w), sentence.format(new, w=w)) for w in ("감귤", "당근", "배추")]
    (found,) = campaigns([changed(k, *pair) for k, pair in enumerate(pairs)])
    assert found.substitution == Substitution(kind, old, new, subject)


def test_a_name_taken_out_of_several_articles_is_one_campaign() -> None:
    pairs = [
        ("이날 회의에는 홍길동 위원장이 참석해 의견을 냈다.", "이날 회의에는 참석해 의견을 냈다."),
        ("현장을 찾은 홍길동 위원장이 주민과 만났다.", "현장을 찾은 주민과 만났다."),
        ("보고를 받은 홍길동 위원장이 점검을 지시했다.", "보고를 받은 점검을 지시했다."),
    ]
    changes = [changed(k, *pair) for k, pair in enumerate(pairs)]
    assert told(*changes) == [("name", "홍길동 위원장", "", 3)]
    assert campaign_line(campaigns(changes)[0], Words("ko")) == "글 3건에서 같은 고침: 홍길동 위원장→삭제"


def test_a_term_replaced_in_several_articles_is_one_campaign() -> None:
    pairs = [
        ("외국인 노동자의 권리를 지킨다.", "외국인 근로자의 권리를 지킨다."),
        ("모든 노동자는 안전할 권리가 있다.", "모든 근로자는 안전할 권리가 있다."),
        ("건설 노동자에게 알린다.", "건설 근로자에게 알린다."),
    ]
    assert told(*(changed(k, *pair) for k, pair in enumerate(pairs))) == [("wording", "노동자", "근로자", 3)]


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("정부는 대책을 마련했다.", "정부가 대책을 마련했다."),
        ("대책을 마련했다.", "대책을 마련하였다."),
        ("할수 있는 일을 한다.", "할 수 있는 일을 한다."),
        ("참여한 곳은 3곳이다.", "참여한 곳은 3 곳이다."),
        ("함께한 기업, 대학이 있다.", "함께한 기업·대학이 있다."),
        ("회의는 12일 열린다.", "회의는 13일 열린다."),
        ("오후 3시에 연다.", "오후 4시에 연다."),
        ("기재부가 맡는다.", "기획재정부가 맡는다."),
        ("사업을 적극 돕는다.", "사업을 돕는다."),
        ("1,234억 원을 쓴다.", "1234억 원을 쓴다."),
    ],
)
def test_an_everyday_edit_in_many_articles_is_no_campaign(old, new) -> None:
    assert told(*(changed(k, f"{old} 자료 {k}쪽에 있다.", f"{new} 자료 {k}쪽에 있다.") for k in range(8))) == []


def test_a_short_figure_of_different_things_is_no_campaign() -> None:
    pairs = [
        (f"{thing} 5명을 뽑는다.", f"{thing} 7명을 뽑는다.") for thing in ("인턴", "연구원", "교사", "의사", "조종사")
    ]
    assert told(*(changed(k, *pair) for k, pair in enumerate(pairs))) == []


def test_a_short_figure_of_one_thing_is_one_campaign() -> None:
    pairs = [(f"{when} 인턴 5명을 뽑는다.", f"{when} 인턴 7명을 뽑는다.") for when in ("봄에", "여름에", "가을에")]
    assert told(*(changed(k, *pair) for k, pair in enumerate(pairs))) == [("figure", "5명", "7명", 3)]


def test_two_articles_make_no_campaign_and_one_article_counts_once() -> None:
    twice = [changed(k, *pair, article="148900001") for k, pair in enumerate(RENAMED)]
    assert told(*twice) == []
    assert told(*(changed(k, *pair) for k, pair in enumerate(RENAMED[:2]))) == []


def test_the_way_back_is_another_campaign() -> None:
    there = [changed(k, *pair) for k, pair in enumerate(RENAMED)]
    back = [changed(k + 10, new, old) for k, (old, new) in enumerate(RENAMED)]
    assert [(old, new) for _, old, new, _ in told(*there, *back)] == [
        ("기획재정부", "재정경제부"),
        ("재정경제부", "기획재정부"),
    ]


@given(st.permutations(range(8)))
def test_the_order_in_which_changes_are_given_tells_nothing(order: list[int]) -> None:
    there = [changed(k, *pair) for k, pair in enumerate(RENAMED)]
    there += [changed(k + 4, "모든 노동자는 쉰다.", "모든 근로자는 쉰다.") for k in range(4)]
    assert campaigns([there[k] for k in order]) == campaigns(there)


def test_a_campaign_as_json_names_its_members_and_their_intervals() -> None:
    (one,) = campaigns([changed(k, *pair) for k, pair in enumerate(RENAMED)])
    shape = one.as_json()
    assert (shape["old"], shape["new"], shape["articles"]) == ("기획재정부", "재정경제부", 4)
    assert shape["members"][0]["change"] == "148900000.1"
    assert shape["first_seen"] < shape["last_seen"]


def test_a_change_without_marked_words_has_no_substitutions() -> None:
    assert substitutions(changed(1, "같은 글이다.", "같은 글이다.")) == set()


@pytest.mark.parametrize(
    ("old", "new", "found"),
    [
        ("12명이 온다.", "15명이 온다.", set()),
        ("예산으로 12명을 뽑는다.", "예산으로 15명을 뽑는다.", {("12명", "15명", "예산")}),
        ("예산 12명", "예산 15명", {("12명", "15명", "예산")}),
        ("「경로」 12명을 돕는다.", "「경로」 15명을 돕는다.", {("12명", "15명", "경로")}),
        ("120명이 온다.", "150명이 온다.", {("120명", "150명", "")}),
        ("예산으로 120명을 뽑는다.", "예산으로 150명을 뽑는다.", {("120명", "150명", "")}),
        ("예산으로 98명을 뽑는다.", "예산으로 150명을 뽑는다.", {("98명", "150명", "예산")}),
    ],
)
def test_a_figure_of_few_digits_is_told_apart_by_the_word_before_it_alone(old: str, new: str, found: set) -> None:
    assert {(one.old, one.new, one.subject) for one in substitutions(changed(1, old, new))} == found


def test_a_campaign_is_held_against_those_of_the_same_articles_alone(monkeypatch: pytest.MonkeyPatch):
    asked: list[str] = []

    def is_part(small: Substitution, large: Substitution) -> bool:
        asked.append(f"{small.old} {large.old}")
        return False

    monkeypatch.setattr(module, "_is_part", is_part)
    names = ["기획재정부", "산림청", "통일부"]
    made = [
        changed(10 * k + n, f"{name}는 예산안을 냈다.", "재정경제부는 예산안을 냈다.")
        for k, name in enumerate(names)
        for n in range(3)
    ]
    assert len(told(*made)) == 3
    assert sorted(asked) == sorted(f"{one} {one}" for one in names)
