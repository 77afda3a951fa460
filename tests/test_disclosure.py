"""Why a change is called silent, stamped or explained."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime

import pytest

from diffing import disclosure
from storage.records import Article, Attachment, Block, Reason, Signals

BASE = Article(
    article="148900001",
    url="https://www.korea.kr/news/policyNewsView.do?newsId=148900001",
    section="press-release",
    title="마을 도서관을 넓힌다",
    body=(Block("paragraph", "사업비는 120억 원이다."),),
    attachments=(Attachment("1", "260901 조간 (보도) 마을 도서관.hwpx", None, "aa", "ta"),),
)
EDITED = replace(BASE, body=(Block("paragraph", "사업비는 102억 원이다."),))


def verdict(new: Article, signals: tuple[Signals, Signals] | None = None) -> tuple[str, list[tuple[str, str]]]:
    found, reasons = disclosure.judge(BASE, new, signals)
    return found, [(one.signal, one.text) for one in reasons]


def test_a_silent_edit_says_where_was_looked_in_vain() -> None:
    assert verdict(EDITED) == ("silent", [("none", "title, subtitles, body, attachment names")])


@pytest.mark.parametrize(
    "sentence",
    [
        "본문 금액에 오류가 있어 바로잡습니다.",
        "아래와 같이 내용을 정정합니다.",
        "※ 사업비를 잘못 표기하여 수정하였습니다.",
        "보도자료의 수치가 수정되었음을 알려드립니다.",
        "이용에 혼선을 드려 죄송하며 자료를 정정하여 다시 배포합니다.",
        "* 표 2의 금액을 수정했습니다.",
    ],
)
def test_a_notice_explains_and_is_quoted(sentence) -> None:
    new = replace(EDITED, body=(*EDITED.body, Block("paragraph", sentence)))
    assert verdict(new) == ("explained", [("notice", sentence)])


@pytest.mark.parametrize(
    "sentence",
    [
        "정부는 계획을 수정하여 추진한다.",
        "이용자는 신청 내용을 수정할 수 있다.",
        "국회는 법률 개정안을 수정해 의결했다.",
        "언론의 왜곡된 보도를 바로잡겠다고 밝혔다.",
        "법무부는 수정안을 설명자료로 배포했다.",
    ],
)
def test_a_sentence_about_other_corrections_is_no_notice(sentence) -> None:
    new = replace(EDITED, body=(*EDITED.body, Block("paragraph", sentence)))
    assert verdict(new)[0] == "silent"


def test_a_mark_in_the_name_of_an_attachment_is_a_stamp_and_is_named() -> None:
    name = "260901 조간 (보도) 마을 도서관(수정).hwpx"
    new = replace(EDITED, attachments=(Attachment("2", name, None, "bb", "tb"),))
    assert verdict(new) == ("stamped", [("attachment-name", name)])


def test_a_mark_in_the_title_is_a_stamp() -> None:
    assert verdict(replace(EDITED, title="[수정] " + EDITED.title)) == ("stamped", [("stamp", "[수정]")])


def test_the_open_api_s_number_of_changes_stamps_what_the_page_is_silent_about() -> None:
    signals = (
        Signals(modify_id=3, modify_date="10/02/2026 17:47:23"),
        Signals(modify_id=4, modify_date="10/02/2026 18:01:02"),
    )
    assert verdict(EDITED, signals) == (
        "stamped",
        [("modify-id", "3 -> 4"), ("modify-date", "10/02/2026 17:47:23 -> 10/02/2026 18:01:02")],
    )


def test_signals_that_did_not_move_leave_an_edit_silent_and_are_named() -> None:
    signals = Signals(modify_id=3), Signals(modify_id=3)
    assert verdict(EDITED, signals) == ("silent", [("none", "title, subtitles, body, attachment names, modify-id")])


def test_a_number_of_changes_that_rises_over_equal_words_is_a_stamp_and_nothing_else() -> None:
    assert verdict(BASE, (Signals(modify_id=3), Signals(modify_id=4))) == ("stamp-only", [("modify-id", "3 -> 4")])


def test_the_same_words_with_the_same_signals_tell_nothing() -> None:
    assert disclosure.judge(BASE, BASE) == ("unknown", (Reason("no-difference", ""),))


STAMPED, LATER = "Tue, 01 Sep 2026 02:00:00 GMT", "Tue, 01 Sep 2026 05:30:00 GMT"


def test_last_modified_counts_where_it_dates_the_page() -> None:
    seen = datetime(2026, 9, 2, tzinfo=UTC)
    signals = Signals(last_modified=STAMPED, seen_at=seen), Signals(last_modified=LATER, seen_at=seen)
    told = f"{STAMPED} -> {LATER} (seen 2026-09-02T00:00:00Z and 2026-09-02T00:00:00Z)"
    assert verdict(EDITED, signals) == ("stamped", [("last-modified", told)])


def test_last_modified_that_is_only_the_server_s_clock_counts_for_nothing() -> None:
    signals = (
        Signals(last_modified=STAMPED, seen_at=datetime(2026, 9, 1, 2, 0, 1, tzinfo=UTC)),
        Signals(last_modified=LATER, seen_at=datetime(2026, 9, 1, 5, 30, 0, tzinfo=UTC)),
    )
    assert verdict(EDITED, signals)[0] == "silent"


def test_a_malformed_last_modified_counts_for_nothing() -> None:
    seen = datetime(2026, 9, 1, tzinfo=UTC)
    signals = Signals(last_modified="yesterday", seen_at=seen), Signals(last_modified="today", seen_at=seen)
    assert verdict(EDITED, signals)[0] == "silent"
