"""Why a change is called silent, stamped or explained."""

from __future__ import annotations

import time
import tomllib
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest

from diffing import disclosure, labels
from diffing.reports.phrases import Words
from storage.records import Article, Attachment, Block, Image, Reason, Signals

BASE = Article(
    article="148900001",
    url="https://www.korea.kr/news/policyNewsView.do?newsId=148900001",
    section="press-release",
    title="마을 도서관을 넓힌다",
    body=(Block("paragraph", "사업비는 120억 원이다."),),
    attachments=(Attachment("1", "260901 조간 (보도) 마을 도서관.hwpx", None, "aa", "ta"),),
)
EDITED = replace(BASE, body=(Block("paragraph", "사업비는 102억 원이다."),))
NOTICES = tomllib.loads((Path(__file__).parent / "golden" / "changes" / "notices.toml").read_text(encoding="utf-8"))


def verdict(new: Article, signals: tuple[Signals, Signals] | None = None) -> tuple[str, list[tuple[str, str]]]:
    found, reasons = disclosure.judge(BASE, new, signals)
    return found, [(one.signal, one.text) for one in reasons]


@pytest.mark.parametrize("case", NOTICES["notice"], ids=[case["text"] for case in NOTICES["notice"]])
def test_what_came_with_an_edit_tells_readers_of_it_or_does_not(case) -> None:
    text, where = case["text"], case.get("where", "paragraph")
    old, new = BASE, EDITED if case.get("edited", True) else BASE
    added = Block({"table": "table", "row": "table", "caption": "caption"}.get(where, "paragraph"), text)
    if where == "row":
        # all rows but the last stood there before
        old = replace(old, body=(*old.body, Block("table", text.rpartition("\n")[0])))
    if where in {"before", "gone"}:
        old = replace(old, body=(*old.body, added))
    if where in {"before", "paragraph", "table", "row", "caption"}:
        new = replace(new, body=(*new.body, added))
    fields = {"title": text, "subtitles": (text,), "attachments": (Attachment("2", text, None, "bb", "tb"),)}
    new = replace(new, **{where: fields[where]} if where in fields else {})
    assert disclosure.judge(old, new)[0] == case["verdict"]


@pytest.mark.parametrize(
    ("section", "said"), [("policy-news", "explained"), ("fact-check", "silent"), ("press-release", "silent")]
)
def test_what_was_first_reported_is_the_publisher_s_own_in_its_news_alone(section: str, said: str) -> None:
    sentence = "처음 보도한 11건은 10건의 잘못이므로 바로잡습니다."
    old, new = replace(BASE, section=section), replace(EDITED, section=section)
    assert disclosure.judge(old, replace(new, body=(*new.body, Block("paragraph", sentence))))[0] == said


@pytest.mark.parametrize(
    ("was", "now", "said"),
    [
        ("개요.pdf", "개요(v2).pdf", "stamped"),
        ("개요.pdf", "개요_최종.pdf", "stamped"),
        ("개요.pdf", "설명(v2).pdf", "silent"),
        ("개요_v1.pdf", "개요_v2.pdf", "stamped"),
        ("개요v1.0.pdf", "개요v1.1.pdf", "stamped"),
        ("개요_v2.pdf", "개요_v1.pdf", "silent"),
        ("개요.pdf", "개요_v1.pdf", "silent"),
        ("개요.pdf", "개요_rev1.pdf", "stamped"),
        ("개요.hwpx", "개요(v2).pdf", "stamped"),
        ("개요(1차).pdf", "개요(2차).pdf", "stamped"),
        ("개요_최종.pdf", "개요_최종2.pdf", "stamped"),
        ("개요.pdf", "개요(재배포).pdf", "stamped"),
        ("개요.pdf", "개요(교체).pdf", "stamped"),
        ("개요.pdf", "개요(오타수정).pdf", "stamped"),
        ("개요.pdf", "개요_1007수정.pdf", "stamped"),
        ("개요.pdf", "노선(변경).pdf", "silent"),
        ("개요.pdf", "개요_261007.pdf", "silent"),
        ("개요.pdf", "개요 (1).pdf", "silent"),
        ("개요.pdf", "개요 최종안.pdf", "silent"),
    ],
)
def test_an_edition_is_told_where_the_file_stood_without_one_or_with_another(was: str, now: str, said: str) -> None:
    old, new = (
        replace(one, attachments=(Attachment("1", name, None, None, None),))
        for one, name in ((BASE, was), (EDITED, now))
    )
    assert disclosure.judge(old, new)[0] == said


@pytest.mark.parametrize(
    ("mark", "said"),
    [
        ("(2보)", "stamped"), ("(종합)", "stamped"), ("(종합 2보)", "stamped"), ("[업데이트]", "stamped"),
        ("(정정)", "stamped"),
        ("[바로잡습니다]", "explained"), ("(설명자료)", "silent"), ("[잠정치]", "silent"), ("(1보)", "silent"),
    ],
)  # fmt: skip
def test_a_mark_that_came_into_a_title_tells_of_an_edit_where_it_names_a_later_edition(mark: str, said: str) -> None:
    for title in (f"{mark} {BASE.title}", f"{BASE.title} {mark}"):
        assert verdict(replace(EDITED, title=title))[0] == said
        assert verdict(replace(BASE, title=title))[0] == ("stamp-only" if said == "stamped" else said)


def test_a_title_s_later_edition_tells_nothing_of_another_title() -> None:
    assert verdict(replace(EDITED, title="마을 도서관 순위 (종합)"))[0] == "silent"


@pytest.mark.parametrize(
    "sentence",
    [
        "※ 신청 기간이 변경되었습니다.",
        "누리집 오류를 수정하였습니다.",
        "이번 조사에서 오기재 사례 34건을 확인해 정정했습니다.",
    ],
)
def test_a_silent_change_names_the_sentence_that_is_like_a_notice(sentence: str) -> None:
    new = replace(EDITED, body=(*EDITED.body, Block("paragraph", sentence)))
    said, (none, *near) = verdict(new)
    assert (said, none[0], near) == ("silent", "none", [("perhaps", sentence)])


def test_what_stood_there_with_other_words_is_not_like_a_notice() -> None:
    old, new = (
        replace(one, body=(*one.body, Block("paragraph", f"정부는 올해 물가 전망치를 {share}로 수정했습니다.")))
        for one, share in ((BASE, "2.1%"), (EDITED, "1.9%"))
    )
    assert [one.signal for one in disclosure.judge(old, new)[1]] == ["none"]


def test_of_many_sentences_like_notices_the_first_are_named() -> None:
    lines = [f"※ {one}호선 노선이 변경되었습니다." for one in range(1, 10)]
    new = replace(EDITED, body=(*EDITED.body, *(Block("paragraph", one) for one in lines)))
    assert [text for signal, text in verdict(new)[1] if signal == "perhaps"] == lines[: disclosure.MOST_LIKE_ONE]


def test_a_file_s_sentence_like_a_notice_is_named_with_its_file() -> None:
    came = disclosure.FileWords("개요.hwpx", ["총 3쪽"], ["총 3쪽", "※ 신청 기간이 변경되었습니다."])
    _, reasons = disclosure.judge(BASE, EDITED, files=[came])
    assert Reason("perhaps", "개요.hwpx: ※ 신청 기간이 변경되었습니다.") in reasons


@pytest.mark.parametrize("where", ["alt", "caption"])
def test_a_notice_may_stand_beside_a_picture(where: str) -> None:
    picture = Image("https://www.korea.kr/newsWeb/resources/attaches/2026.10/08/ab.jpg", "도서관", "도서관")
    old = replace(BASE, images=(picture,))
    noted = replace(picture, **{where: "도서관 ※ 당초 게시된 사진의 설명에 오류가 있어 바로잡았습니다."})
    assert disclosure.judge(old, replace(EDITED, images=(noted,)))[0] == "explained"
    assert disclosure.judge(old, replace(EDITED, images=(replace(picture, **{where: "새 도서관"}),)))[0] == "silent"


def test_a_remark_that_stood_on_a_line_before_tells_nothing_of_what_changes_there_now() -> None:
    old, new = (
        replace(one, body=(*one.body, Block("caption", f"왼쪽부터 {who} 위원 (사진 설명 이름 수정)")))
        for one, who in ((BASE, "정유진"), (EDITED, "이하준"))
    )
    assert disclosure.judge(old, new)[0] == "silent"


def test_a_silent_edit_says_where_was_looked_in_vain() -> None:
    assert verdict(EDITED) == ("silent", [("none", "title, subtitles, body, attachment names")])


FILE = "붙임 1. 사업 개요.hwpx"
SAID = {
    "aa": ["사업비는 120억 원이다.", "(수정) 표 1"],
    "bb": ["사업비는 102억 원이다.", "(수정) 표 1"],
    "cc": ["사업비는 102억 원이다.", "(수정) 표 1", "※ 본문 사업비의 오기를 바로잡음"],
    "dd": ["(정정)", "사업비는 102억 원이다.", "(수정) 표 1"],
    "ee": ["마을 도서관은 내년에 문을 연다."],
}
NOTED = f"{FILE}: ※ 본문 사업비의 오기를 바로잡음"


@pytest.mark.parametrize(
    ("was", "now", "expected"),
    [
        ("aa", "bb", ("silent", [("none", "title, subtitles, body, attachment names, attachment texts")])),
        ("aa", "cc", ("explained", [("attachment-text", NOTED)])),
        ("bb", "cc", ("explained", [("attachment-text", NOTED)])),
        ("cc", "bb", ("silent", [("none", "title, subtitles, body, attachment names, attachment texts")])),
        ("aa", "dd", ("stamped", [("attachment-text", f"{FILE}: (정정)")])),
        (None, "cc", ("explained", [("attachment-text", NOTED), ("attachment-text", f"{FILE}: (수정)")])),
        (None, "ee", ("silent", [("none", "title, subtitles, body, attachment names, attachment texts")])),
        ("aa", "unread", ("silent", [("none", "title, subtitles, body, attachment names")])),
        ("cc", None, ("silent", [("none", "title, subtitles, body, attachment names")])),
    ],
)
def test_what_a_file_says_of_a_correction_tells_readers_of_it(was, now, expected) -> None:
    def article(digest: str | None) -> Article:
        return replace(BASE, attachments=(Attachment("7", FILE, None, digest, f"t{digest}"),) if digest else ())

    def texts(digest: str) -> list[Block] | None:
        return [Block("paragraph", text) for text in SAID[digest]] if digest in SAID else None

    found = labels.compare(article(was), article(now), texts=texts)
    assert (found.disclosure, [(one.signal, one.text) for one in found.reasons]) == expected
    assert ("첨부파일 이름과 내용" in Words("ko").reason(found.reasons[0])) == expected[1][0][1].endswith("texts")


@pytest.mark.parametrize(
    "sentence",
    [
        "본문 금액에 오류가 있어 바로잡습니다.",
        "아래와 같이 내용을 정정합니다.",
        "※ 사업비를 잘못 표기하여 수정하였습니다.",
        "보도자료의 수치가 수정되었음을 알려드립니다.",
        "이용에 혼선을 드려 죄송하며 자료를 정정하여 다시 배포합니다.",
        "* 표 2의 금액을 수정했습니다.",
        "책 수는 2만 권이 아니라 3만 권이기에 바로잡습니다.",
        "※ 본문의 120억 원은 102억 원의 오기임",
        "※ 첨부 파일 교체 안내",
        "* 위 자료는 오류 수정 후 재배포된 자료입니다.",
        "수정 전: 120억 원 / 수정 후: 102억 원",
        "참가비를 잘못 안내해 드려 죄송합니다.",
        "<정오표>",
        "* 오탈자 수정",
        "위 보도자료는 수정본입니다.",
        "※ 수정사항: 3쪽 표의 수치",
    ],
)
def test_a_notice_explains_and_is_quoted(sentence) -> None:
    new = replace(EDITED, body=(*EDITED.body, Block("paragraph", sentence)))
    assert verdict(new) == ("explained", [("notice", sentence)])


@pytest.mark.parametrize(
    ("head", "said"),
    [
        ("쪽\t수정 전\t수정 후", "explained"),
        ("오\t정", "explained"),
        ("구분\t개정 전\t개정 후", "silent"),
        ("정\t부", "silent"),
    ],
)
def test_a_table_of_what_was_mended_is_a_notice(head: str, said: str) -> None:
    new = replace(EDITED, body=(*EDITED.body, Block("table", f"{head}\n120억 원\t102억 원\t")))
    assert verdict(new)[0] == said
    assert (("notice", head) in verdict(new)[1]) == (said == "explained")


@pytest.mark.parametrize(
    "sentence",
    [
        "정부는 계획을 수정하여 추진한다.",
        "이용자는 신청 내용을 수정할 수 있다.",
        "국회는 법률 개정안을 수정해 의결했다.",
        "언론의 왜곡된 보도를 바로잡겠다고 밝혔다.",
        "법무부는 수정안을 설명자료로 배포했다.",
        "시스템 오류가 발견돼 점검했다.",
        "행정 착오로 인해 지급이 늦었다.",
        "잘못 알려진 상식을 설명했다.",
        "주소를 잘못 입력하면 반송된다.",
        "- 잘못된 관행을 바로잡습니다.",
        "보도 내용 중 사실과 다른 부분을 바로잡습니다.",
        "개정안 내용을 수정하였습니다.",
        "신청 내용을 수정하여 다시 신고하도록 안내했다.",
        "연구진은 논문의 오류를 수정했습니다.",
        "국회는 법안 일부를 수정했습니다.",
        "○ 관련 지침 수정",
        "(수정안) 사업비 3조 원",
    ],
)
def test_a_sentence_about_other_corrections_is_no_notice(sentence) -> None:
    new = replace(EDITED, body=(*EDITED.body, Block("paragraph", sentence)))
    assert verdict(new)[0] == "silent"


def test_a_mark_in_the_name_of_an_attachment_is_a_stamp_and_is_named() -> None:
    name = "260901 조간 (보도) 마을 도서관(수정).hwpx"
    new = replace(EDITED, attachments=(Attachment("2", name, None, "bb", "tb"),))
    assert verdict(new) == ("stamped", [("attachment-name", name)])


@pytest.mark.parametrize("name", ["국가재정법 수정안.hwpx", "헌법 개정안_수정안.pdf"])
def test_a_file_that_is_about_a_motion_to_amend_is_no_stamp(name) -> None:
    assert verdict(replace(EDITED, attachments=(Attachment("2", name, None, "bb", "tb"),)))[0] == "silent"


@pytest.mark.parametrize(
    "line",
    [
        "※ 자료 수정(9.1.)",
        "(9.1. 16:00 수정)",
        "9월 1일 18시 업데이트",
        "2026.9.1. 수정됨",
        "Updated 2026.9.1.",
        "재배포",
        "[수정] 2026-09-01",
    ],
)
def test_a_line_that_says_when_is_a_stamp_and_alone_nothing_else(line) -> None:
    stamped = replace(EDITED, body=(*EDITED.body, Block("paragraph", line)))
    assert verdict(stamped)[0] == "stamped"
    assert verdict(replace(BASE, body=(*BASE.body, Block("paragraph", line))))[0] == "stamp-only"


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


def test_a_record_that_names_no_time_stamps_nothing() -> None:
    signals = Signals(), Signals(modify_id=1, told_at=datetime(2026, 9, 2, tzinfo=UTC))
    assert verdict(EDITED, signals)[0] == "silent"


def test_a_record_that_is_told_of_the_new_state_alone_stamps_the_edit() -> None:
    signals = Signals(), Signals(modify_date="10/02/2026 18:01:02", told_at=datetime(2026, 10, 3, tzinfo=UTC))
    assert verdict(EDITED, signals) == ("stamped", [("modify-date", "10/02/2026 18:01:02 (seen 2026-10-03T00:00:00Z)")])


def test_a_paragraph_of_nothing_but_a_day_is_no_stamp() -> None:
    old = replace(BASE, body=(*BASE.body, Block("paragraph", "2026. 9. 1.")))
    new = replace(BASE, title="[수정] " + BASE.title, body=(*BASE.body, Block("paragraph", "2026. 9. 2.")))
    assert disclosure.judge(old, new)[0] == "stamped"


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
    signals = Signals(last_modified=STAMPED), Signals(last_modified=LATER)
    assert verdict(EDITED, signals) == ("stamped", [("last-modified", f"{STAMPED} -> {LATER}")])


def test_last_modified_that_is_only_the_server_s_clock_counts_for_nothing() -> None:
    signals = (
        Signals(last_modified=STAMPED, seen_at=datetime(2026, 9, 1, 2, 0, 1, tzinfo=UTC)),
        Signals(last_modified=LATER, seen_at=datetime(2026, 9, 1, 5, 30, 0, tzinfo=UTC)),
    )
    assert verdict(EDITED, signals)[0] == "silent"


@pytest.mark.parametrize(
    "written", ["yesterday", "Tue, 01 Sep 2026 02:00:00 +99999999999999", "Fri, 31 Dec 9999 23:59:59 -2300"]
)
def test_a_malformed_last_modified_counts_for_nothing(written: str) -> None:
    seen = datetime(2026, 9, 1, tzinfo=UTC)
    signals = Signals(last_modified=written, seen_at=seen), Signals(last_modified="today", seen_at=seen)
    assert verdict(EDITED, signals)[0] == "silent"


def test_last_modified_without_a_zone_is_the_same_time_on_every_machine(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TZ", "Asia/Seoul")
    time.tzset()
    try:
        signals = (
            Signals(last_modified=STAMPED.removesuffix(" GMT"), seen_at=datetime(2026, 9, 1, 2, 0, 1, tzinfo=UTC)),
            Signals(last_modified=LATER.removesuffix(" GMT"), seen_at=datetime(2026, 9, 1, 5, 30, 0, tzinfo=UTC)),
        )
        assert verdict(EDITED, signals)[0] == "silent"
    finally:
        monkeypatch.undo()
        time.tzset()


def test_beside_a_stamp_the_names_of_many_files_are_read_once_for_each_of_them(monkeypatch: pytest.MonkeyPatch):
    read: list[str] = []

    def bare_name(name: str) -> str:
        read.append(name)
        return name

    monkeypatch.setattr(disclosure, "_bare_name", bare_name)
    files = tuple(Attachment(f"{n}", f"자료 {n}.hwpx", None, None, None) for n in range(30))
    old = replace(BASE, attachments=files)
    verdict, _ = disclosure.judge(old, replace(old, title=f"{BASE.title} (수정)"))
    assert verdict == "stamp-only"
    assert len(read) <= 4 * len(files)
