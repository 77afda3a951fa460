"""Images and attachments in reports: what each is, and which of its parts went and came."""

from __future__ import annotations

import pytest

from diffing import fields
from diffing.reports import items
from diffing.reports.phrases import Words
from storage.records import Article, Attachment, Image

BASE = Article("photo:1", "https://www.korea.kr/multi/policyPhotoView.do?bbsKey=1", "photo", "벼 베기")
SRC = "https://www.korea.kr/attaches/2026.09/1.jpg"
SAID = "농민이 벼를 베고 있다."
A, B = "a1" * 32, "b2" * 32


def shown(field: str, old: tuple, new: tuple, lang: str = "ko") -> list[str]:
    """Write what a report shows of each item of a field, deletions and insertions in brackets and braces."""
    sides = (Article(**{**vars_of(BASE), field: side}) for side in (old, new))
    (change,) = fields.compare(*sides)
    marks = {"keep": "{}", "delete": "[-{}-]", "insert": "{{+{}+}}"}
    return ["".join(marks[tag].format(text) for tag, text in items.runs(field, op, Words(lang))) for op in change.ops]


def vars_of(article: Article) -> dict:
    return {name: getattr(article, name) for name in ("article", "url", "section", "title")}


@pytest.mark.parametrize(
    ("old", "new", "expected"),
    [
        (Image(SRC, SAID, SAID, A), Image(SRC, SAID, SAID, B),
         f"{SAID} · 내용 [-sha256:a1a1a1a1a1a1…-]{{+sha256:b2b2b2b2b2b2…+}} · 주소 {SRC}"),
        (Image(SRC, "사진", "농민이 벼를 벤다."), Image(SRC, "사진", "농부가 벼를 벤다."),
         f"농[-민이-]{{+부가+}} 벼를 벤다. · 대체 글 사진 · 주소 {SRC}"),
        (Image(SRC, "", "사진", A), Image(SRC.replace("1.", "2."), "", "사진", A),
         f"사진 · 주소 [-{SRC}-]{{+{SRC.replace('1.', '2.')}+}}"),
        (Image(SRC, SAID, SAID), Image(SRC, "벼 베기", SAID),
         f"{SAID} · 대체 글 [-{SAID}-]{{+벼 베기+}} · 주소 {SRC}"),
        (Image(SRC, "벼 베기", ""), Image(SRC, "벼를 베는 날", ""),
         f"대체 글 벼[- 베기-]{{+를 베는 날+}} · 주소 {SRC}"),
    ],
)  # fmt: skip
def test_an_image_is_shown_by_its_parts_its_words_first(old, new, expected) -> None:
    assert shown("images", (old,), (new,)) == [expected]


def test_images_that_came_and_went_are_shown_whole() -> None:
    one, other = Image(SRC, SAID, SAID), Image(SRC.replace("1.", "2."), "", "")
    assert shown("images", (one,), (one, other)) == [f"{SAID} · 주소 {SRC}", f"{{+{other.src}+}}"]
    assert shown("images", (one, other), (other,), "en") == [f"[-{SAID}-] · address [-{SRC}-]", other.src]


@pytest.mark.parametrize(
    ("field", "line", "called"),
    [
        ("images", f"{SRC}\t벼\t{SAID}\tsha256:{A}", SAID),
        ("images", f"{SRC}\t벼\t\tsha256:{A}", "벼"),
        ("images", f"{SRC}\t\t\t", SRC),
        ("links", f"보도자료 보기\t{SRC}", "보도자료 보기"),
        ("links", f"\t{SRC}", SRC),
        ("attachments", f"개요.hwpx\t7\tsha256:{A}", "개요.hwpx"),
    ],
)
def test_an_item_that_stayed_is_called_by_its_words_before_its_address(field, line, called) -> None:
    assert items.name(field, line) == called


@pytest.mark.parametrize(
    ("old", "new", "expected"),
    [
        (Attachment("7", "개요.hwpx", None, A, None), Attachment("7", "개요.hwpx", None, B, None),
         "개요.hwpx · 내용 [-sha256:a1a1a1a1a1a1…-]{+sha256:b2b2b2b2b2b2…+}"),
        (Attachment("7", "개요.hwpx", None, A, None), Attachment("8", "개요(수정).hwpx", None, A, None),
         "개요{+(수정)+}.hwpx · 파일 번호 [-7-]{+8+}"),
    ],
)  # fmt: skip
def test_an_attachment_is_shown_by_its_parts(old, new, expected) -> None:
    assert shown("attachments", (old,), (new,)) == [expected]


def test_a_file_that_came_is_shown_with_its_number_and_content() -> None:
    came = shown("attachments", (), (Attachment("7", "개요.hwpx", None, A, None),), "en")
    assert came == ["{+개요.hwpx+} · file number {+7+} · content {+sha256:a1a1a1a1a1a1…+}"]
