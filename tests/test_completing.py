"""What one look did not read is taken from another that did, and nothing else is."""

from __future__ import annotations

from dataclasses import replace

import pytest

from storage.records import BODY, Article, Block, Image, carried, completed, to_the_time, with_body, without_document
from tests.makers import article, attachment

F, G = "197000001", "197000002"
DIGEST, OTHER = "aa" * 32, "bb" * 32
VIEWER = "https://www.korea.kr/docViewer/skin/doc.html?fn=1"
FIRST, THEN = "https://www.korea.kr/docViewer/result/first/", "https://www.korea.kr/docViewer/result/then/"
OWN, MOVED = "https://www.korea.kr/newsWeb/resources/own/", "https://www.korea.kr/newsWeb/resources/moved/"


def paragraphs(*texts: str) -> tuple[Block, ...]:
    return tuple(Block("paragraph", text) for text in texts)


def pictures(*addresses: str, sha256: str | None = None) -> tuple[Image, ...]:
    return tuple(Image(one, "", sha256=sha256) for one in addresses)


def release(*texts: str, images: tuple[Image, ...] = (), blocks: int = 0, shown: int = 0) -> Article:
    """Make a release whose document was read; the first blocks and images are the document's."""
    return article(
        body=paragraphs(*texts), images=images, viewer=VIEWER, body_from="viewer", document_blocks=blocks,
        document_images=shown,
    )  # fmt: skip


def unread(*texts: str, images: tuple[Image, ...] = ()) -> Article:
    """Make one whose document was not read: the words and pictures are the page's own."""
    return article(body=paragraphs(*texts), images=images, viewer=VIEWER, body_from="unread")


KNOWN = release("문서 하나", "문서 둘", "쪽", images=pictures(f"{FIRST}1.png", f"{OWN}1.png"), blocks=2, shown=1)


@pytest.mark.parametrize(
    ("printed", "known", "said"),
    [
        ("2026-09-15", "2026-09-15T18:16:48+09:00", "2026-09-15T18:16:48+09:00"),
        ("2026-09-15", "2026-09-15", "2026-09-15"),
        ("2026-09-15", "2026-09-16T18:16:48+09:00", "2026-09-15"),
        ("2026-09-15T19:00:00+09:00", "2026-09-15T18:16:48+09:00", "2026-09-15T19:00:00+09:00"),
        (None, "2026-09-15T18:16:48+09:00", None),
        ("2026-09-15", None, "2026-09-15"),
    ],
)
def test_a_time_of_day_is_known_of_the_day_that_is_printed_alone(printed, known, said):
    assert to_the_time(printed, known) == said


def test_words_beside_an_unread_document_stand_behind_those_that_were_read_of_it():
    now = unread("쪽에서 바뀜", images=pictures(f"{OWN}2.png"))
    done = completed(now, KNOWN)
    assert done.body == paragraphs("문서 하나", "문서 둘", "쪽에서 바뀜")
    assert done.images == pictures(f"{FIRST}1.png", f"{OWN}2.png")
    assert (done.body_from, done.document_blocks, done.document_images) == ("viewer", 2, 1)
    assert without_document(done).body == now.body
    assert carried(now, done) == {BODY}


def test_a_document_that_was_read_is_not_completed_and_two_that_were_not_read_are_none():
    read = release("문서 셋", blocks=1)
    assert with_body(read, KNOWN) == read
    assert with_body(unread("쪽"), unread("옛 쪽")) == unread("쪽")


def test_in_the_place_of_an_unread_document_stands_what_the_page_or_a_file_said_before():
    page = article("쪽의 글", images=pictures(f"{OWN}1.png"))
    done = completed(unread("머리말"), page)
    assert (done.body, done.images, done.body_from) == (page.body, page.images, "page")
    file = replace(page, body_from="attachment", body_file=F)
    assert with_body(unread("머리말"), file).body_file == F


def test_only_a_documents_release_has_words_of_its_own_beside_it():
    assert without_document(KNOWN).body == paragraphs("쪽")
    assert without_document(KNOWN).images == pictures(f"{OWN}1.png")
    assert without_document(unread("쪽")) == unread("쪽")
    for where in ("page", "attachment"):
        own = without_document(article("글", images=pictures(f"{OWN}1.png"), body_from=where))
        assert (own.body, own.images) == ((), ())


def test_a_file_and_a_picture_that_were_not_read_are_as_they_were():
    read = replace(attachment(F, DIGEST), text_sha256=OTHER)
    known = article(attachments=(read, attachment(G)), images=pictures(f"{OWN}1.png", sha256=DIGEST))
    now = article(attachments=(attachment(F), attachment(G)), images=pictures(f"{OWN}1.png", f"{OWN}2.png"))
    done = completed(now, known)
    assert done.attachments == known.attachments
    assert done.images == (*known.images, *pictures(f"{OWN}2.png"))
    assert carried(now, done) == {F, f"{OWN}1.png"}
    assert carried(now, now) == set()


def test_what_was_carried_of_pictures_is_told_though_a_documents_stand_before_them():
    known = replace(KNOWN, images=(*pictures(f"{FIRST}1.png"), *pictures(f"{OWN}1.png", sha256=DIGEST)))
    now = unread("쪽", images=pictures(f"{OWN}1.png"))
    assert carried(now, completed(now, known)) == {BODY, f"{OWN}1.png"}


def test_a_document_converted_anew_has_its_pictures_where_they_were_first_seen():
    now = replace(KNOWN, images=pictures(f"{THEN}1.png", f"{OWN}1.png"))
    assert completed(now, KNOWN).images == KNOWN.images
    assert completed(replace(now, viewer=None), KNOWN).images == now.images
    more = replace(KNOWN, images=pictures(f"{THEN}1.png", f"{THEN}2.png", f"{OWN}1.png"))
    assert completed(more, KNOWN).images == pictures(f"{FIRST}1.png", f"{THEN}2.png", f"{OWN}1.png")


def test_two_pictures_of_one_name_are_not_taken_for_the_same_one():
    twice = replace(KNOWN, images=pictures(f"{FIRST}1.png"))
    now = replace(KNOWN, images=pictures(f"{THEN}1.png", f"{THEN}a/1.png"))
    assert completed(now, twice).images == pictures(f"{FIRST}1.png", f"{THEN}a/1.png")


def test_a_picture_that_was_fetched_stands_under_its_own_address():
    now = replace(KNOWN, images=pictures(f"{THEN}1.png", sha256=DIGEST))
    assert completed(now, KNOWN).images == now.images
    fetched = replace(KNOWN, images=pictures(f"{FIRST}1.png", sha256=DIGEST))
    assert completed(replace(KNOWN, images=pictures(f"{THEN}1.png")), fetched).images == pictures(f"{THEN}1.png")


def test_a_picture_that_is_where_it_was_is_not_taken_for_another_of_its_name_that_went():
    now = replace(KNOWN, images=pictures(f"{FIRST}1.png", f"{MOVED}1.png"))
    assert completed(now, KNOWN).images == KNOWN.images
