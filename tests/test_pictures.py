"""A swapped picture is a change; one that was not seen whole today is none."""

from __future__ import annotations

import sqlite3
from dataclasses import replace

import pytest

from diffing.labels import compare
from replica.documents import picture_bytes
from storage import versions
from storage.magic import is_whole_picture
from storage.records import Article, Image
from tests.makers import article, db, file_readings, found_and_filed, readings

__all__ = ["db"]

ID = "148930267"


def showing(*digests: str | None, alt: str = "현장") -> Article:
    return article(images=tuple(Image(f"https://k/{n}.jpg", alt, None, one) for n, one in enumerate(digests)))


def filed(db: sqlite3.Connection, *states: Article) -> list[int]:
    file_readings(db, ID, readings(db, states))
    return [check.version or 0 for check in versions.checks(db, ID)]


def test_another_picture_at_the_same_address_is_an_edit(db: sqlite3.Connection):
    assert filed(db, showing("aa", "bb"), showing("aa", "cc")) == [1, 2]
    (change,) = found_and_filed(db)
    assert (change.kind, change.comparison.labels, change.comparison.weight) == ("edited", ("image",), "substance")
    (images,) = change.comparison.fields
    assert [op.op for op in images.ops] == ["keep", "replace"]
    assert "sha256:cc" in (images.ops[1].new or "")


def test_a_picture_that_was_not_fetched_today_is_the_one_before(db: sqlite3.Connection):
    assert filed(db, showing("aa"), showing(None), showing("aa"), showing("bb")) == [1, 1, 1, 2]


def test_a_picture_first_fetched_later_is_filled_in_without_a_version(db: sqlite3.Connection):
    assert filed(db, showing(None, "bb"), showing("aa", "bb")) == [1, 1]
    (version,) = versions.versions(db, ID)
    assert [one.sha256 for one in version.article.images] == ["aa", "bb"]
    row = db.execute("SELECT content_digest FROM versions").fetchone()
    assert row["content_digest"] == version.article.content_digest


def document(name: str, *pictures: str, said: str = "글이다.") -> Article:
    """Make a release whose document a viewer has converted under a name, pictures and all."""
    folder = f"https://k/docViewer/result/2026.11/09/{name}/{name}.files"
    images = tuple(Image(f"{folder}/{one}.png", "") for one in pictures)
    return article(said, viewer=f"https://k/docViewer/doc.html?fn={name}", images=images)


def test_pictures_of_a_document_that_is_converted_anew_are_those_that_stood_there(db: sqlite3.Connection):
    states = document("a", "1", "2"), document("b", "1", "2"), document("c", "1", "2", said="새 글이다.")
    assert filed(db, *states, document("d", "1", "2", said="새 글이다.")) == [1, 1, 2, 2]
    (change,) = found_and_filed(db)
    assert [one.field for one in change.comparison.fields] == ["body"]


def test_a_picture_that_comes_to_a_document_or_goes_is_an_edit(db: sqlite3.Connection):
    assert filed(db, document("a", "1", "2"), document("b", "1", "2", "3"), document("c", "1", "3")) == [1, 2, 3]
    came, went = found_and_filed(db)
    assert [[op.op for op in one.comparison.fields[0].ops] for one in (came, went)] == [
        ["keep", "keep", "insert"], ["keep", "delete", "keep"],
    ]  # fmt: skip


def test_an_address_that_differs_in_http_and_https_alone_is_cosmetic():
    old, new = (article(images=(Image(f"{scheme}://elsewhere/1.jpg", "현장"),)) for scheme in ("http", "https"))
    assert compare(old, new).weight == "cosmetic"
    assert compare(old, article(images=(Image("https://elsewhere/2.jpg", "현장"),))).weight == "substance"


def test_a_digest_that_one_side_lacks_is_no_difference():
    assert compare(showing("aa"), showing(None)).fields == ()


def test_the_shape_names_a_digest_only_when_it_is_known():
    (known, unknown) = showing("aa", None).content()["images"]
    assert (known["sha256"], "sha256" in unknown) == ("aa", False)
    one = showing("aa", None)
    assert Article.from_content(one.content()) == replace(one)


@pytest.mark.parametrize("suffix", ["jpg", "png", "gif"])
def test_half_a_picture_is_no_picture(suffix: str):
    _, payload = picture_bytes(f"/a.{suffix}")
    assert is_whole_picture(payload)
    assert not is_whole_picture(payload[: len(payload) // 2])


@pytest.mark.parametrize("payload", [b"", b"<html><title>Error</title></html>", b"%PDF-1.4 IEND"])
def test_what_is_no_picture_is_none(payload: bytes):
    assert not is_whole_picture(payload)


def test_a_webp_is_whole_when_its_length_says_so():
    whole = b"RIFF" + (12).to_bytes(4, "little") + b"WEBPVP8 " + bytes(4)
    assert is_whole_picture(whole)
    assert not is_whole_picture(whole[:-1])
