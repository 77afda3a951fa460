"""What differs within a ZIP file is told of the member in which it differs; what is only packed otherwise is not."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import pytest

from crawler.documents.reading import read
from diffing.labels import compare
from diffing.members import Member, members
from storage.records import Article, Block, Comparison, Document
from tests import document_samples as made
from tests.makers import article, attachment
from tests.test_members import altered

Files = dict[str, bytes]


def hwpx(*texts: str) -> bytes:
    return made.hwpx("".join(made.p(made.t(text)) for text in texts))


TEXT = ("2027년 어촌 지원 계획", "지원 규모는 1,200억 원이다.", "대상은 어촌 마을 35곳이다.")
EDITED = (TEXT[0], "지원 규모는 1,500억 원이다.", TEXT[2])
OTHER = hwpx("신청서 양식", "접수는 시군에서 한다.")
FILES: Files = {"보도자료.hwpx": hwpx(*TEXT), "붙임/양식.hwpx": OTHER, "사진/001.jpg": b"\xff\xd8\xff one"}


def offering(payload: bytes, name: str = "자료.zip") -> tuple[Article, Document]:
    document = read(payload)
    file = replace(
        attachment("1", document.sha256, name), media_type=document.media_type, text_sha256=document.text_sha256
    )
    return article(attachments=(file,)), document


def told(old: bytes, new: bytes) -> Comparison:
    (one, before), (other, after) = offering(old), offering(new)
    return compare(one, other, texts={before.sha256: before.blocks, after.sha256: after.blocks}.get)


def between(new: Files, old: Files = FILES) -> Comparison:
    return told(made.package(old), made.package(new))


def steps(found: Comparison) -> dict[str, list[tuple[str, str | None, str | None]]]:
    return {one.name_new: [(op.op, op.old, op.new) for op in one.ops] for one in found.documents}


def line(name: str, content: bytes) -> str:
    return next(one.line for one in members(read(made.package({name: content})).blocks))


def test_an_edit_in_a_member_is_told_by_its_words_under_its_name():
    found = between({**FILES, "보도자료.hwpx": hwpx(*EDITED)})
    assert steps(found) == {"자료.zip/보도자료.hwpx": [("replace", TEXT[1], EDITED[1])]}
    assert (found.weight, found.labels) == ("substance", ("attachment", "money"))
    assert [(fact.old, fact.new) for fact in found.facts] == [("1,200억 원", "1,500억 원")]
    ((op,),) = (one.ops for one in found.documents)
    assert (op.old_index, op.new_index) == (1, 1)


@pytest.mark.parametrize(
    "files",
    [
        {name: FILES[name] for name in reversed(FILES)},
        {**FILES, "보도자료.hwpx": made.hwpx("".join(made.p(made.t(one)) for one in TEXT), **{"settings.xml": "<a/>"})},
        {**FILES, "__MACOSX/._보도자료.hwpx": b"mac", "붙임/Thumbs.db": b"windows"},
    ],
)
def test_members_saved_anew_or_packed_in_another_order_say_the_same(files: Files):
    found = between(files)
    assert (found.weight, found.labels, steps(found)) == ("cosmetic", ("attachment",), {"자료.zip": []})


@pytest.mark.parametrize(
    ("files", "step", "weight"),
    [
        ({**FILES, "새.hwpx": hwpx("새로 붙인 안내문이다.")}, ("insert", None, "새.hwpx"), "substance"),
        ({name: FILES[name] for name in list(FILES)[1:]}, ("delete", "보도자료.hwpx", None), "substance"),
        (
            {**FILES, "사진/001.jpg": b"\xff\xd8\xff two"},
            ("replace", line("사진/001.jpg", b"\xff\xd8\xff one"), line("사진/001.jpg", b"\xff\xd8\xff two")),
            "substance",
        ),
        (
            {("붙임/신청서.hwpx" if name == "붙임/양식.hwpx" else name): said for name, said in FILES.items()},
            ("replace", "붙임/양식.hwpx", "붙임/신청서.hwpx"),
            "wording",
        ),
        (
            {("붙임/양 식.hwpx" if name == "붙임/양식.hwpx" else name): said for name, said in FILES.items()},
            ("replace", "붙임/양식.hwpx", "붙임/양 식.hwpx"),
            "cosmetic",
        ),
    ],
)
def test_members_that_came_went_are_others_or_are_called_otherwise_stand_in_the_list(
    files: Files, step: tuple[str, str | None, str | None], weight: str
):
    found = between(files)
    assert (steps(found), found.weight, found.labels) == ({"자료.zip": [step]}, weight, ("attachment",))


def test_a_zip_file_in_a_zip_file_is_compared_by_its_bytes():
    inner, other = (made.package({"글.hwpx": hwpx(one)}) for one in TEXT[:2])
    found = between({**FILES, "속.zip": other}, {**FILES, "속.zip": inner})
    assert steps(found) == {"자료.zip": [("replace", line("속.zip", inner), line("속.zip", other))]}
    assert (found.weight, found.facts) == ("substance", ())


@pytest.mark.parametrize(("at", "value", "said"), [(8, b"\x01\x08", "encrypted"), (16, b"abcd", "corrupt")])
def test_words_of_a_member_that_can_no_longer_be_read_are_not_told_as_deleted(at: int, value: bytes, said: str):
    found = told(made.package(FILES), altered(made.package(FILES), "보도자료.hwpx", at, value))
    ((_, old, new),) = steps(found)["자료.zip"]
    assert (old, (new or "").split("\t")[3]) == ("보도자료.hwpx", said)
    assert (len(found.documents), found.weight, found.labels) == (1, "substance", ("attachment",))


def test_a_member_is_known_in_another_folder_and_in_another_word_processors_format():
    moved = {f"자료_0613/{name}": said for name, said in {**FILES, "보도자료.hwpx": hwpx(*EDITED)}.items()}
    found = between(moved, {f"자료_0612/{name}": said for name, said in FILES.items()})
    assert steps(found)["자료.zip/자료_0613/보도자료.hwpx"] == [("replace", TEXT[1], EDITED[1])]
    assert {op for op, _, _ in steps(found)["자료.zip"]} == {"replace"}
    docx = made.docx("".join(f"<w:p><w:r><w:t>{one}</w:t></w:r></w:p>" for one in TEXT))
    others = {name: said for name, said in FILES.items() if name != "보도자료.hwpx"}
    again = between({"보도자료.docx": docx, **others})
    assert steps(again) == {"자료.zip": [("replace", "보도자료.hwpx", "보도자료.docx")]}
    assert again.weight == "wording"


def test_a_member_renamed_and_edited_is_the_one_left_of_its_type():
    found = between({"보도자료(최종).hwpx": hwpx(*EDITED), **{name: FILES[name] for name in list(FILES)[1:]}})
    assert list(steps(found)) == ["자료.zip", "자료.zip/보도자료(최종).hwpx"]
    assert [(fact.old, fact.new) for fact in found.facts] == [("1,200억 원", "1,500억 원")]


def test_slides_that_change_places_are_moved_and_what_is_hidden_is_told():
    slides = [
        made.slide(made.shape(title, placeholder="title") + made.shape(said), note)
        for title, said, note in (
            ("어촌 지원 개요", "마을 서른다섯 곳을 돕는다", "3월 2일에 발표한다."),
            ("추진 일정", "신청과 심사를 거쳐 여름에 나눈다", ""),
            ("기대 효과", "젊은 어업인이 늘 것으로 본다", ""),
        )
    ]
    old = {"발표.pptx": made.pptx(slides)}
    moved = between({"발표.pptx": made.pptx([slides[2], *slides[:2]])}, old)
    assert (moved.weight, moved.facts) == ("wording", ())
    assert {op for op, _, _ in steps(moved)["자료.zip/발표.pptx"]} == {"move"}
    hidden = between({"발표.pptx": made.pptx([slides[0], (*slides[1][:2], True), slides[2]])}, old)
    assert steps(hidden) == {"자료.zip/발표.pptx": [("insert", None, "[숨긴 슬라이드]")]}
    noted = between({"발표.pptx": made.pptx([(slides[0][0], "3월 9일에 발표한다.", False), *slides[1:]])}, old)
    assert [(fact.old, fact.new) for fact in noted.facts] == [("3월 2일", "3월 9일")]


@pytest.mark.parametrize(
    ("name", "text", "disclosure", "signals"),
    [
        ("정오표.hwpx", "지원 규모는 1,500억 원이다.", "stamped", ["attachment-name"]),
        (
            "안내.hwpx",
            "3월 2일 배포한 보도자료의 지원 규모를 1,200억 원에서 1,500억 원으로 바로잡습니다.",
            "explained",
            ["attachment-text"],
        ),
        ("안내.hwpx", "많은 관심 바랍니다.", "silent", ["none"]),
    ],
)
def test_a_member_that_came_discloses_an_edit_as_an_attachment_does(
    name: str, text: str, disclosure: str, signals: Sequence[str]
):
    found = between({**FILES, "보도자료.hwpx": hwpx(*EDITED), name: hwpx(text)})
    assert (found.disclosure, [one.signal for one in found.reasons]) == (disclosure, signals)


def test_a_stamp_that_stood_in_a_members_name_before_discloses_nothing():
    stamped = {"보도자료(수정).hwpx": FILES["보도자료.hwpx"], "붙임/양식.hwpx": OTHER}
    assert between({**stamped, "보도자료(수정).hwpx": hwpx(*EDITED)}, stamped).disclosure == "silent"
    plain = {"보도자료.hwpx": FILES["보도자료.hwpx"], "붙임/양식.hwpx": OTHER}
    found = between({"보도자료(수정).hwpx": hwpx(*EDITED), "붙임/양식.hwpx": OTHER}, plain)
    assert [one.text for one in found.reasons] == ["자료.zip/보도자료(수정).hwpx"]


def test_a_zip_file_in_the_place_of_a_document_is_compared_as_a_whole():
    found = told(hwpx(*TEXT), made.package({"보도자료.hwpx": hwpx(*EDITED)}))
    assert [(fact.old, fact.new) for fact in found.facts] == [("1,200억 원", "1,500억 원")]


def test_members_are_known_by_what_was_read_of_their_zip_file():
    said = (
        Block("table", "가.csv\t3\tgh\n나.pdf\t4\tgi\tno-text"),
        Block("member", "다.hwp"), Block("member", "라.hwp"), Block("heading", "제목"), Block("table", "가\t나"),
    )  # fmt: skip
    assert members(said) == [
        Member("가.csv", "3\tgh"), Member("나.pdf", "4\tgi\tno-text"), Member("다.hwp"), Member("라.hwp", "", said[3:]),
    ]  # fmt: skip
    assert members(()) == []
