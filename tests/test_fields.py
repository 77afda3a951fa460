"""The record's small fields."""

from __future__ import annotations

from dataclasses import replace

import pytest

from diffing import fields
from storage.records import Article, Attachment, Image
from tests.steps import apply

ARTICLE = Article(
    article="148900001",
    url="https://www.korea.kr/news/policyNewsView.do?newsId=148900001",
    section="policy-news",
    title="동네 공원을 새로 꾸민다",
    subtitles=("가로등도 바꾼다", "주민 쉼터도 연다"),
    published="2024-06-12",
    source="국토교통부",
    source_code="A00012",
    author="홍길동",
    images=(Image("https://www.korea.kr/a.jpg", "공원", "공원 전경"), Image("https://www.korea.kr/b.jpg", "가로등")),
    attachments=(
        Attachment("1", "보도자료.hwpx", "application/hwp+zip", "aa", "ta"),
        Attachment("2", "보도자료.pdf", "application/pdf", "bb", "tb"),
    ),
    licence="KOGL-1",
)


def only(new: Article) -> fields.FieldChange:
    (change,) = fields.compare(ARTICLE, new)
    return change


def test_equal_records_have_no_changes() -> None:
    assert fields.compare(ARTICLE, replace(ARTICLE)) == []


@pytest.mark.parametrize("name", fields.SCALARS)
def test_a_scalar_is_one_replace_with_words(name) -> None:
    change = only(replace(ARTICLE, **{name: getattr(ARTICLE, name) + " 덧붙임"}))
    assert change.field == name
    assert [step.op for step in change.ops] == ["replace"]
    assert change.ops[0].words[-1] == ("insert", " 덧붙임")


def test_a_scalar_that_goes_is_a_delete_and_one_that_comes_an_insert() -> None:
    bare = replace(ARTICLE, author=None)
    assert [step.op for step in fields.compare(ARTICLE, bare)[0].ops] == ["delete"]
    assert [step.op for step in fields.compare(bare, ARTICLE)[0].ops] == ["insert"]


def test_the_body_and_the_viewer_are_not_looked_at() -> None:
    assert fields.compare(ARTICLE, replace(ARTICLE, viewer="https://www.korea.kr/v", body_from="viewer")) == []


def test_fields_come_in_the_order_of_the_record() -> None:
    new = replace(ARTICLE, section="press-release", title="새 제목", published="2024-06-13", subtitles=())
    assert [one.field for one in fields.compare(ARTICLE, new)] == ["title", "subtitles", "published", "section"]


def test_an_edited_subtitle_is_one_replace_among_keeps() -> None:
    change = only(replace(ARTICLE, subtitles=("가로등도 모두 바꾼다", "주민 쉼터도 연다")))
    assert [step.op for step in change.ops] == ["replace", "keep"]


def test_images_in_another_order_are_one_move() -> None:
    change = only(replace(ARTICLE, images=ARTICLE.images[::-1]))
    assert sorted(step.op for step in change.ops) == ["keep", "move"]


def test_a_picture_with_another_address_and_the_same_caption_is_a_replace() -> None:
    new = replace(ARTICLE, images=(replace(ARTICLE.images[0], src="https://www.korea.kr/c.jpg"), ARTICLE.images[1]))
    assert [step.op for step in only(new).ops] == ["replace", "keep"]


def test_pictures_stored_elsewhere_are_known_again_by_their_bytes() -> None:
    here = [Image(f"https://www.korea.kr/{name}.jpg", "", None, name * 2) for name in "abc"]
    there = [replace(one, src=one.src.replace(".kr/", ".kr/2/")) for one in here]
    pairs = fields.image_pairs(replace(ARTICLE, images=tuple(here)), replace(ARTICLE, images=tuple(there[::-1])))
    assert pairs == [(0, 2), (1, 1), (2, 0)]


def test_a_file_uploaded_anew_under_another_id_is_a_replace() -> None:
    anew = Attachment("9", "보도자료(수정).hwpx", "application/hwp+zip", "cc", "tc")
    change = only(replace(ARTICLE, attachments=(anew, ARTICLE.attachments[1])))
    assert [step.op for step in change.ops] == ["replace", "keep"]
    assert change.ops[0].new == "보도자료(수정).hwpx\t9\tsha256:cc"


def test_a_file_of_another_type_is_a_file_gone_and_a_file_come() -> None:
    anew = Attachment("9", "카드뉴스.png", "image/png", "cc")
    change = only(replace(ARTICLE, attachments=(anew, ARTICLE.attachments[1])))
    assert [step.op for step in change.ops] == ["delete", "insert", "keep"]


def test_a_file_of_the_same_name_in_another_format_of_word_processors_takes_its_place() -> None:
    anew = Attachment("9", "보도자료.hwp", "application/x-hwp", "cc", ARTICLE.attachments[0].text_sha256)
    change = only(replace(ARTICLE, attachments=(anew, ARTICLE.attachments[1])))
    assert [step.op for step in change.ops] == ["replace", "keep"]


def test_files_that_exchange_their_numbers_are_what_they_were() -> None:
    one, other = ARTICLE.attachments
    numbers = replace(one, file_id=other.file_id), replace(other, file_id=one.file_id)
    new = replace(ARTICLE, attachments=numbers)
    assert fields.attachment_pairs(ARTICLE, new) == [(0, 0), (1, 1)]


def test_a_file_that_was_not_read_today_is_no_change() -> None:
    unread = replace(ARTICLE.attachments[0], sha256=None, text_sha256=None)
    assert fields.compare(ARTICLE, replace(ARTICLE, attachments=(unread, ARTICLE.attachments[1]))) == []


def test_steps_of_a_list_field_turn_the_old_lines_into_the_new() -> None:
    new = replace(ARTICLE, images=(Image("https://www.korea.kr/z.jpg", ""), *ARTICLE.images[::-1]))
    old_lines = [fields.record(ARTICLE, new)["images"][key] for key in fields.record(ARTICLE, new)["images"]]
    new_lines = list(fields.record(new, ARTICLE)["images"].values())
    assert apply(old_lines, only(new).ops) == new_lines


def test_the_same_words_in_other_bytes_are_the_same_file() -> None:
    one = ARTICLE.attachments[0]
    assert fields.same_file(one, replace(one, sha256="zz"))
    assert not fields.same_file(one, replace(one, sha256="zz", text_sha256="tz"))


def test_each_file_is_asked_for_its_type_once_however_many_types_there_are(monkeypatch: pytest.MonkeyPatch):
    asked: list[str] = []

    def ending(name: str) -> str:
        asked.append(name)
        return name.rpartition(".")[2]

    monkeypatch.setattr(fields, "ending_of", ending)
    old, new = (
        replace(
            ARTICLE, attachments=tuple(Attachment(f"{side}{n}", f"{side}{n}.e{n}", None, None, None) for n in range(9))
        )
        for side in "ab"
    )
    assert fields.attachment_pairs(old, new) == [(n, n) for n in range(9)]
    assert sorted(asked) == sorted(f"{side}{n}.e{n}" for side in "ab" for n in range(9))
