"""White space, dates, bylines and licences are read as the portal means them."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crawler.bylines import byline, is_person, person
from crawler.cleaning import day, fold, fold_lines, licence, paragraphs, stamp, without_day


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("  가\n\t나  ", "가 나"),
        ("\u00a0가\u00a0나\u00a0", "가\u00a0나"),
        ("특히,\u00a0 ‘협약’", "특히,\u00a0 ‘협약’"),
        ("\ufeff\u200b가\u3000", "가"),
        ("\u1100\u1161", "\u1100\u1161"),
        ("１２３", "１２３"),
        (" \n ", ""),
        ("\u2003\u2028가\u2009나\x1f", "가\u2009나"),
    ],
)
def test_only_html_white_space_is_folded(text, expected):
    assert fold(text) == expected


def test_lines_stay_lines_and_blank_ones_part_paragraphs():
    assert fold_lines(" 가 \n\n \u00a0\n나  다\n") == "가\n나 다"
    assert paragraphs("가\n나\n\u00a0\n\n다") == [["가", "나"], ["다"]]
    assert paragraphs(" \n") == []


@given(st.text())
def test_folding_twice_is_folding_once(text):
    assert fold(fold(text)) == fold(text)
    assert fold_lines(fold_lines(text)) == fold_lines(text)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("2024.06.12", "2024-06-12"),
        ("2026-07-08", "2026-07-08"),
        ("2026/7/8", "2026-07-08"),
        ("등록일 : 2026. 9. 7.", "2026-09-07"),
        ("2026년 9월 15일", "2026-09-15"),
        ("2026.09.15 18:16", "2026-09-15T18:16:00+09:00"),
        ("2026.09.15 18:16:48", "2026-09-15T18:16:48+09:00"),
        ("2024.06.12 정책브리핑 선경철", "2024-06-12"),
        ("2026.13.40", None),
        ("2026.02.30", None),
        ("2026.09.15 25:00", None),
        ("12026.09.15", None),
        ("2026.09.155", None),
        ("044-203-3555", None),
        ("정책브리핑", None),
        ("", None),
    ],
)
def test_a_printed_date_is_read(text, expected):
    assert day(text) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("2026-09-15T18:16:48Z", "2026-09-15T18:16:48+09:00"),
        ("2026-09-15T18:16:48+09:00", "2026-09-15T18:16:48+09:00"),
        ("2026-09-15T18:16:48+0900", "2026-09-15T18:16:48+09:00"),
        ("2026-09-15T09:16:48+00:00", "2026-09-15T18:16:48+09:00"),
        ("2026-09-15T18:16:48.123Z", "2026-09-15T18:16:48+09:00"),
        (" 2026-09-15T18:16 ", "2026-09-15T18:16:00+09:00"),
        ("2026-09-15 18:16:48", "2026-09-15T18:16:48+09:00"),
        ("2024-06-12", "2024-06-12"),
        ("2026-09-15T99:99:99Z", None),
        ("0001-01-01T00:00:00+23:59", None),
        ("9999-12-31T23:59:59-23:59", None),
        ("어제", None),
        ("", None),
    ],
)
def test_a_z_is_korean_time_and_other_offsets_are_converted(text, expected):
    assert stamp(text) == expected


@given(st.text(alphabet="0123456789.-:/TZ+ 년월일", max_size=30))
def test_no_text_breaks_the_reading_of_dates(text):
    assert day(text) is None or day(text) == day(day(text) or "")
    stamp(text)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("정책브리핑 선경철", ("정책브리핑", "선경철")),
        ("정책기자단 박세아", ("정책기자단", "박세아")),
        ("정책브리핑\u00a0", ("정책브리핑", None)),
        ("정책브리핑 김나래 기자", ("정책브리핑", "김나래")),
        ("정책브리핑 정형선 연세대학교 교수", ("정책브리핑", "정형선 연세대학교 교수")),
        ("정책브리핑 김경신 연구위원", ("정책브리핑", "김경신 연구위원")),
        ("정책브리핑 문화체육관광부 국민소통실장", ("정책브리핑 문화체육관광부 국민소통실장", None)),
        ("정책기자단 남궁서진 정책기자", ("정책기자단", "남궁서진")),
        ("정책브리핑 허준", ("정책브리핑", "허준")),
        ("정책브리핑 이영실", ("정책브리핑", "이영실")),
        ("문화체육관광부 국민소통실", ("문화체육관광부 국민소통실", None)),
        ("산업통상부 원전과", ("산업통상부 원전과", None)),
        ("국세청 조사국", ("국세청 조사국", None)),
        ("외교부 장관", ("외교부 장관", None)),
        ("교육부 정책관", ("교육부 정책관", None)),
        ("해양경찰청 홍보팀", ("해양경찰청 홍보팀", None)),
        ("산업통상부", ("산업통상부", None)),
        ("선경철", ("선경철", None)),
        ("선경철 기자", (None, "선경철")),
        ("정책기자단 박세아, 이정혁", ("정책기자단", "박세아, 이정혁")),
        ("정책브리핑 선경철·김나래·남궁서진 기자", ("정책브리핑", "선경철·김나래·남궁서진")),
        ("박세아, 이정혁 정책기자", (None, "박세아, 이정혁")),
        ("산업통상부·기후에너지환경부", ("산업통상부·기후에너지환경부", None)),
        ("교육부·국방부·외교부", ("교육부·국방부·외교부", None)),
        ("정책브리핑 서울·경기", ("정책브리핑 서울·경기", None)),
        ("고용부·복지부", ("고용부·복지부", None)),
        ("경기도, 강원도", ("경기도, 강원도", None)),
        ("조달청·병무청 홍보팀", ("조달청·병무청 홍보팀", None)),
        ("", (None, None)),
        (" \u00a0 ", (None, None)),
    ],
)
def test_a_byline_is_a_source_and_perhaps_a_person(text, expected):
    assert byline(text) == expected


@pytest.mark.parametrize("name", ["선경철", "박세아", "허준", "남궁민수", "황보관", "선우진", "표지안", "피수아"])
def test_a_name_is_a_person(name):
    assert is_person(name)
    assert person(f" {name} 기자 ") == name


@pytest.mark.parametrize(
    "office",
    [
        "국민소통실",
        "원전과",
        "조사국",
        "홍보팀",
        "기상청",
        "장관",
        "과장",
        "정책관",
        "대변인",
        "정책브리핑",
        "기자",
        "A",
        "",
        "조회 12",
    ],
)
def test_an_office_is_no_person(office):
    assert not is_person(office)
    assert person(office) is None


def test_a_name_that_stands_alone_needs_no_known_surname():
    assert person("뇌하늘") == "뇌하늘"
    assert person("John Smith") == "John Smith"
    assert byline("정책브리핑 뇌하늘") == ("정책브리핑 뇌하늘", None)


def test_a_date_is_taken_out_of_a_line():
    assert without_day("2024.06.12 정책브리핑 선경철") == "정책브리핑 선경철"
    assert without_day("산업통상부 | 2026.09.15 18:16") == "산업통상부"
    assert without_day("2024.06.12") == ""


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("공공누리 공공저작물 자유이용허락 1유형 출처표시", "KOGL-1"),
        ("이 자료는 텍스트에 한하여 공공누리 제1유형(출처표시)의 조건에 따라 이용할 수 있습니다.", "KOGL-1"),
        ("공공누리 제 4 유형", "KOGL-4"),
        ("「공공누리 제2유형:출처표시+상업적 이용금지」의 조건에 따라", "KOGL-2"),
        ("/images/v5/common/open_type_03.png", "KOGL-3"),
        ("/images/common/open_type01.jpg", "KOGL-1"),
        ("open_type0.png", "KOGL-0"),
        ("'텍스트'에 한하여 공공누리 출처표시의 조건에 따라 자유이용이 가능합니다.", "KOGL-1"),
        ("'텍스트'에 한하여 공공누리 출처표시+상업적 이용금지의 조건에 따라 자유이용이 가능합니다.", "KOGL-2"),
        ("'텍스트'에 한하여 공공누리 출처표시 변경금지의 조건에 따라 자유이용이 가능합니다.", "KOGL-3"),
        ("'텍스트'에 한하여 공공누리 출처표시 변경금지/비상업적의 조건에 따라 자유이용이 가능합니다.", "KOGL-4"),
        ("'텍스트'에 한하여 공공누리 조건 없이 자유이용이 가능합니다.", "KOGL-0"),
        ("공공누리 제5유형", None),
        ("공공누리", None),
        ("저작권법 제37조 및 제138조", None),
        ("", None),
    ],
)
def test_the_licence_is_its_type(text, expected):
    assert licence(text) == expected


def test_several_names_are_persons_and_several_offices_none():
    assert person("선경철, 김나래 기자") == "선경철, 김나래"
    assert person("교육부·국방부") is None


def test_a_line_as_long_as_a_text_is_looked_through_once():
    word, names = "가" * 1_000_000, "홍길동, " * 200_000 + "!"
    assert without_day(f"2026.09.15 @{word}") == f"@{word}"
    assert byline(names) == (names, None)
    assert person(names) is None
