"""A template's doing done to the state before: what then still differs is the article's own change, and only that."""

from __future__ import annotations

from dataclasses import replace

from diffing.drift import Shape
from diffing.templated import shared, shows
from storage.records import Block, Image
from tests.makers import article

BEGUN = Shape("title", "begun-with", "[속보] ")


def test_what_is_taken_away_is_gone_though_it_stood_before_and_what_comes_back_is_what_went() -> None:
    said = article(source="보건복지부", images=(Image("/a.png", None, "개관식"),))
    bare = replace(said, source=None, images=(Image("/a.png", None, None),))
    edited = replace(said, source="교육부", images=(Image("/a.png", None, "폐관식"),))
    for field in ("source", "images:caption"):
        gone, come = (shared(Shape(field, what), old, new, said) for what, old, new in (
            ("emptied", edited, bare), ("filled", bare, edited),
        ))  # fmt: skip
        name = field.partition(":")[0]
        assert getattr(gone, name) == getattr(bare, name)
        assert getattr(come, name) == getattr(said, name)


def test_a_line_that_stood_in_the_body_already_does_not_stand_there_twice() -> None:
    body = (Block("paragraph", "올해 안에"), Block("paragraph", "마을 도서관이 문을 연다."))
    old = article(subtitles=("올해 안에",), body=body)
    assert shared(Shape("subtitles", "emptied"), old, replace(old, subtitles=()), None).body == body
    moved = shared(Shape("subtitles", "emptied"), replace(old, body=body[1:]), replace(old, subtitles=()), None)
    assert moved.body == body


def test_words_before_a_title_that_was_edited_too_are_seen_and_others_are_not() -> None:
    old = article(title="쉼터를 연다")
    assert shows(BEGUN, old, replace(old, title="[속보] 쉼터를 모두 연다"))
    assert not shows(BEGUN, old, replace(old, title="쉼터를 모두 연다"))
    assert not shows(BEGUN, replace(old, title="[속보] 쉼터를 연다"), replace(old, title="[속보] 쉼터를 모두 연다"))
    assert not shows(Shape("author", "begun-with", "글 "), old, replace(old, author="글 한지민"))
    assert not shows(Shape("title", "emptied"), old, replace(old, title=""))


def test_a_line_is_put_behind_the_paragraph_that_it_stands_behind_though_another_says_the_same() -> None:
    said = ("호우에 유의하십시오.", "문의는 담당 과로 한다.", "문을 연다.")
    notice, same, other = (Block("paragraph", text) for text in said)
    old = article(body=(same, other, same))
    for new in ((same, other, same, notice), (same, notice, other, same), (notice, same, other, same)):
        assert shared(Shape("body", "added", notice.text), old, replace(old, body=new), None).body == new
