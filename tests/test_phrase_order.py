"""The same words in another order: whether the same is said."""

from __future__ import annotations

import pytest

from diffing import passages


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("청년과 노인, 장애인이 참여한다.", "장애인, 청년과 노인이 참여한다."),
        ("지원금을 정부가 지급한다.", "정부가 지원금을 지급한다."),
        ("수출은 반도체와 자동차가 이끌었다.", "수출은 자동차와 반도체가 이끌었다."),
        ("이날 행사에는 김영수 장관, 박민호 차관이 참석했다.", "이날 행사에는 박민호 차관, 김영수 장관이 참석했다."),
        ("“안전이 먼저다”라고 김영수 장관은 말했다.", "김영수 장관은 “안전이 먼저다”라고 말했다."),
        ("정부는 청년, 노인을 돕는다.", "정부는 노인, 청년을 돕는다."),
        ("3월에 정부가 사업을 시작한다.", "정부가 3월에 사업을 시작한다."),
        ("남자 3명과 여자 5명을 뽑는다.", "여자 5명과 남자 3명을 뽑는다."),
        ("예산을 늘리고 사람을 뽑는다.", "사람을 뽑고 예산을 늘린다."),
        ("학교와 병원을 고치지 않는다.", "병원과 학교를 고치지 않는다."),
        ("한편 정부는 올해 예산을 늘린다.", "정부는 한편 올해 예산을 늘린다."),
    ],
)
def test_phrases_in_another_order_say_the_same(old, new) -> None:
    for found in (passages.compare(old, new), passages.compare(new, old)):
        assert (found.labels, found.said, found.facts) == ({"wording"}, False, [])


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("정부가 국민을 돕는다.", "국민이 정부를 돕는다."),
        ("의사가 환자에게 약을 준다.", "환자가 의사에게 약을 준다."),
        ("한국이 일본을 이겼다.", "일본이 한국을 이겼다."),
        ("서울에서 부산으로 옮긴다.", "부산에서 서울로 옮긴다."),
        ("남자 3명과 여자 5명을 뽑는다.", "여자 3명과 남자 5명을 뽑는다."),
        ("예산을 늘리고 사람을 줄인다.", "사람을 늘리고 예산을 줄인다."),
    ],
)
def test_words_that_took_one_another_s_part_say_something_else(old, new) -> None:
    for found in (passages.compare(old, new), passages.compare(new, old)):
        assert (found.labels, found.said) == ({"wording"}, True)


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("국토교통부는 찬성했고 환경부는 반대했다.", "환경부는 찬성했고 국토교통부는 반대했다."),
        ("국토교통부는 찬성, 환경부는 반대했다.", "환경부는 찬성, 국토교통부는 반대했다."),
        ("1등은 김민수, 2등은 박지호가 차지했다.", "1등은 박지호, 2등은 김민수가 차지했다."),
        ("국토교통부 김영수 과장과 환경부 박민호 과장이 왔다.", "국토교통부 박민호 과장과 환경부 김영수 과장이 왔다."),
    ],
)
def test_names_that_took_one_another_s_part_are_named(old, new) -> None:
    assert "name" in passages.compare(old, new).labels


def test_a_new_order_hides_no_change_of_tense() -> None:
    assert passages.compare("정부가 지원금을 준다.", "지원금을 정부가 주었다.").labels == {"hedge", "wording"}
