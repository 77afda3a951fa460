"""Bodies and files that say the same in other settings agree; a figure that contradicts is found."""

from __future__ import annotations

import json
import sqlite3
from dataclasses import replace
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from cli import comparing
from cli.main import gochim
from cli.telling import finding
from diffing.agreement import disagreements
from storage import documents, findings, versions
from storage.records import Attachment, Block, Document
from tests.makers import archive_at, article, attachment, db, file_readings, readings

__all__ = ["db"]

SENTENCES = (
    "과학기술정보통신부는 내년도 연구개발 예산을 올해보다 늘려 편성하기로 하였다.",
    "이번 예산은 기초연구와 인재 양성에 가장 많은 1,200억 원을 배정한 것이 특징이다.",
    "정부는 지역 대학과 기업이 함께 쓰는 공동 장비도 새로 마련할 계획이라고 밝혔다.",
    "담당자는 현장의 의견을 듣고 내년 3월까지 세부 시행 계획을 발표하겠다고 말했다.",
    "아울러 신진 연구자를 위한 지원 과제의 수를 늘리고 심사 절차를 간소하게 고친다.",
    "관련 내용은 누리집에서 확인할 수 있으며 설명회는 전국 다섯 곳에서 차례로 열린다.",
)
BODY = tuple(Block("paragraph", one) for one in SENTENCES)
HEAD = (
    Block("table", "보도자료\t배포 2026. 9. 15."),
    Block("paragraph", "2026년 9월 16일(수) 조간부터 보도하여 주시기 바랍니다."),
)
TAIL = (Block("table", "담당 부서\t예산총괄과\n책임자\t과장 홍길동 (044-202-0000)"),)


def test_a_header_a_contact_table_and_other_line_breaks_are_no_disagreement():
    wrapped = tuple(Block("paragraph", one.replace(" ", "  ")) for one in SENTENCES)
    cut = [Block("paragraph", line) for one in SENTENCES for line in (one[:20], one[20:])]
    assert disagreements(BODY, (*HEAD, *wrapped, *TAIL)) == []
    assert disagreements(BODY, (*HEAD, *cut, *TAIL)) == []


def test_a_figure_that_contradicts_is_found_with_both_passages():
    file = tuple(Block("paragraph", one.replace("1,200억", "1,500억")) for one in SENTENCES)
    (found,) = disagreements(BODY, (*HEAD, *file))
    assert (found.kind, found.detail["only_in_body"], found.detail["only_in_file"]) == (
        "figure",
        ["1,200억원"],
        ["1,500억원"],
    )
    assert found.detail["body"] == SENTENCES[1]


def test_a_figure_is_told_whole_however_it_is_printed():
    said = "정부는 김장철을 맞아 배추 {} 톤을 시장에 공급하는 등의 내용을 담은 대책을 국무회의에 보고했다."
    ours, theirs = ((*BODY, Block("paragraph", said.format(one))) for one in ("4만 3천", "4만 5천"))
    (found,) = disagreements(ours, theirs)
    assert (found.detail["only_in_body"], found.detail["only_in_file"]) == (["4만3천톤"], ["4만5천톤"])


def test_a_figure_in_a_table_of_short_rows_that_contradicts_is_found():
    def table(figure: str) -> Block:
        return Block("table", f"구분\t면적\n서해\t{figure}\n남해\t402")

    assert disagreements((*BODY, table("2,380")), (*HEAD, *BODY, table("2,380"), *TAIL)) == []
    (found,) = disagreements((*BODY, table("2,380")), (*HEAD, *BODY, table("2,080"), *TAIL))
    assert (found.kind, found.detail["only_in_body"], found.detail["only_in_file"]) == ("figure", ["2,380"], ["2,080"])
    told = {"file_id": "7", "kind": found.kind, "detail": found.detail}
    assert finding(told) == "file 7 says 2,080 where the body says 2,380: 구분 면적 서해 2,380 남해 402"
    assert disagreements((*BODY, table("2,380")), (*HEAD, *BODY, Block("table", "구분\t인원\n대구\t14"), *TAIL)) == []


@pytest.mark.parametrize(
    ("printed", "otherwise", "another"),
    [
        ("1,200억 원", "1천2백억 원", "1천3백억 원"),
        ("1,200억 원(국비)", "1천2백억 원(2년)", "1천3백억 원"),
        ("1,200억 원(2년)", "1천2백억 원", "1천3백억 원"),
        ("2026년 3월 2일(월)", "2026. 3. 2.(월)", "2026. 3. 4.(수)"),
        ("오후 2시", "14:00", "15:00"),
        ("3만 5천 명", "35,000명", "36,000명"),
    ],
)
def test_a_figure_that_is_only_printed_otherwise_contradicts_nothing(printed, otherwise, another):
    said = "정부는 기초연구와 인재 양성을 위한 새 지원 과제의 설명회를 모두 {} 안에 열 수 있도록 준비하고 있다."
    ours, same, theirs = (
        tuple(Block("paragraph", one) for one in (*SENTENCES, said.format(figure)))
        for figure in (printed, otherwise, another)
    )
    assert disagreements(ours, same) == []
    assert [one.kind for one in disagreements(ours, theirs)] == ["figure"]


def test_a_figure_in_a_table_row_is_found_too():
    row = "기초연구 지원 사업 예산 합계\t1,200억 원"
    found = disagreements((*BODY, Block("table", row)), (*BODY, Block("table", row.replace("1,200", "1,300"))))
    assert [one.detail["only_in_file"] for one in found] == [["1,300억원"]]


def test_a_figure_of_the_next_row_is_not_told():
    rows = "1단계\t3026~2027년\t6만 장\t3,200억 원\n2단계\t2028~2029년\t9만 장\t4,100억 원"
    (found,) = disagreements((*BODY, Block("table", rows)), (*BODY, Block("table", rows.replace("3026", "2026"))))
    assert (found.detail["only_in_body"], found.detail["only_in_file"]) == (["3026"], ["2026"])


def test_another_word_is_no_contradiction():
    file = tuple(Block("paragraph", one.replace("특징이다", "특징입니다")) for one in SENTENCES)
    assert disagreements(BODY, file) == []


def test_a_file_that_is_another_document_does_not_disagree():
    other = tuple(
        Block("paragraph", f"이것은 전혀 다른 문서의 {n}번째 문장으로서 {n}00억 원을 말한다.") for n in range(20)
    )
    assert disagreements(BODY, other) == []


def test_half_a_document_lacks_a_large_part():
    (found,) = disagreements(BODY[:3] + BODY[3:], BODY[:4])
    assert (found.kind, found.detail["first"]) == ("missing-in-file", SENTENCES[4])
    more = tuple(Block("paragraph", f"뒤쪽 {n}번째 장에는 본문에 없는 설명이 길게 이어지고 있다.") for n in range(20))
    (found,) = disagreements(BODY, (*BODY, *more))
    assert found.kind == "missing-in-body"


@pytest.mark.parametrize("file", [(), BODY])
def test_nothing_and_the_same_do_not_disagree(file: tuple[Block, ...]):
    assert disagreements(BODY, file) == disagreements((), file) == []


def keep(db: sqlite3.Connection) -> None:
    numbered = {one.version: one for one in versions.versions(db, "148930267")}
    for rows in comparing.judged(db, "148930267", numbered):
        findings.put(db, rows)


def disagree(db: sqlite3.Connection) -> Attachment:
    """File an article with a file that says another figure, and give the file."""
    file = tuple(Block("paragraph", one.replace("1,200억", "1,500억")) for one in SENTENCES)
    said = Document("aa" * 32, "read", "application/pdf", file)
    documents.add(db, said, "reader")
    offered = replace(attachment("7", "aa" * 32), media_type="application/pdf", text_sha256=said.text_sha256)
    file_readings(db, "148930267", readings(db, [article(body=BODY, attachments=(offered,))]))
    keep(db)
    return offered


def test_findings_are_kept_by_version_and_judged_once(db: sqlite3.Connection, monkeypatch: pytest.MonkeyPatch):
    disagree(db)
    (one,) = findings.of_article(db, "148930267")
    assert (one["version"], one["kind"], one["file_id"], findings.count(db)) == (1, "figure", "7", 1)
    assert finding(one).startswith("file 7 says 1,500억원 where the body says 1,200억원: ")
    monkeypatch.setattr("diffing.agreement.disagreements", None)
    keep(db)
    assert len(findings.of_article(db, "148930267")) == 1


def test_each_member_of_a_zip_file_is_held_against_the_body_by_itself(db: sqlite3.Connection):
    same = tuple(Block("paragraph", one) for one in SENTENCES)
    other = tuple(replace(one, text=one.text.replace("1,200억", "1,500억")) for one in same)
    long = tuple(Block("paragraph", f"이것은 다른 문서의 {n}번째 문장으로서 길게 이어지고 있다.") for n in range(40))
    blocks = (Block("member", "가.pdf"), *same, Block("member", "나.hwpx"), *long, Block("member", "다.hwpx"), *other)
    said = Document("aa" * 32, "read", "application/zip", blocks)
    documents.add(db, said, "reader")
    offered = replace(attachment("7", "aa" * 32), media_type="application/zip", text_sha256=said.text_sha256)
    file_readings(db, "148930267", readings(db, [article(body=BODY, attachments=(offered,))]))
    keep(db)
    (one,) = findings.of_article(db, "148930267")
    assert (one["kind"], one["file_id"], one["detail"]["member"]) == ("figure", "7", "다.hwpx")
    assert finding(one).startswith("file 7 (다.hwpx) says 1,500억원 where the body says 1,200억원: ")


def test_findings_of_newest_versions_are_listed_by_changes_and_stand_in_a_view(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    archive, db = archive_at(tmp_path)
    # what is filed here stands in no WARC file, so nothing is brought up to date
    monkeypatch.setattr("cli.database.opened", lambda *_: archive.database())
    offered = disagree(db)
    db.commit()
    (row,) = db.execute("SELECT title, file_name, current, kind FROM finding_detail").fetchall()
    assert tuple(row) == (article().title, offered.name, 1, "figure")
    db.close()

    def asked(*words: str) -> Result:
        return CliRunner().invoke(gochim, ["changes", "--findings", *words, "--archive", str(archive.root)])

    (one,) = json.loads(asked("--format", "json").stdout)
    assert (one["article"], one["version"], one["detail"]["only_in_file"]) == ("148930267", 1, ["1,500억원"])
    text = asked().stdout
    assert text.startswith("1 finding\n")
    assert "file 7 says 1,500억원 where the body says 1,200억원" in text
    assert asked("--section", "photo").stdout == "0 findings\n"
    assert asked("--section", "photo", "-q").stdout == ""
    assert asked("--fail-on-change").exit_code == 1
    assert "leave out" in str(asked("--label", "money").exception)
    status = CliRunner().invoke(gochim, ["status", "--archive", str(archive.root)]).stdout
    assert "  articles whose body and files disagree: 1; see: gochim changes --findings --archive" in status
