"""Files and pictures from the wire to the version: read, carried over, replaced; not having looked is no edit."""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest

from cli import database
from replica.exchange import Answer
from storage import contents, documents, versions
from storage.change_query import Query
from tests import document_samples as made
from tests.drill import BASE, Drill

IFRAME = re.compile(rb'<iframe title="content".*?</iframe>', re.DOTALL)
"""``<iframe title="content" src="/docViewer/skin/doc.html?fn=1"></iframe>``: the document of a viewer page."""
TEXT = made.hwpx(made.p(made.t("지원 규모는 1,200억 원이다.")))
OTHER = made.hwpx(made.p(made.t("지원 규모는 1,500억 원이다.")))
ERROR = b"<!DOCTYPE html><html><head><title>Error</title></head><body></body></html>"
MEMO = (
    f'<hp:ctrl><hp:fieldBegin type="MEMO"><hp:subList>{made.p(made.t("뺄까"))}</hp:subList></hp:fieldBegin></hp:ctrl>'
)


class Release:
    """A press release of the replica whose page says nothing, and whose files are what a test says."""

    def __init__(self, root: Path) -> None:
        self.drill = Drill(root, 2, files=True)
        self.url = self.drill.section("press-release")[0]
        self.files: bytes | str = TEXT
        self.silent = True
        self.picture: bytes | None = None
        self.drill.weather = self.answer

    def answer(self, url: str) -> Answer | str | None:
        if "/common/download.do" in url:
            return self.files if isinstance(self.files, str) else Answer(self.files, "application/x-download")
        if url.endswith((".jpg", ".png")) and self.picture is not None:
            return Answer(self.picture, "image/jpeg")
        if url == self.url and self.silent:
            page = self.drill.portal.answer(_get(url))
            return Answer(IFRAME.sub(b"", page.body), page.media_type)
        return None

    def look(self) -> list[dict]:
        return [change.as_json() for change in self.drill.run(articles=[self.url], lists=False)]

    @property
    def versions(self) -> list:
        article = self.drill.addresses.address(self.url).article
        return versions.versions(self.drill.db, article)

    @property
    def outcomes(self) -> list[str]:
        article = self.drill.addresses.address(self.url).article
        return [one.outcome for one in versions.checks(self.drill.db, article)]


def _get(url: str):
    from replica.exchange import Request

    return Request("GET", url.removeprefix(BASE), {}, origin=BASE)


@pytest.fixture
def release(tmp_path: Path) -> Iterator[Release]:
    one = Release(tmp_path)
    yield one
    one.drill.db.close()


def test_a_release_that_says_nothing_itself_says_what_its_file_says(release: Release):
    release.files = made.hwpx(made.p(made.t("지원 규모는 1,200억 원이다.") + MEMO))
    assert release.look() == []
    (version,) = release.versions
    assert [block.text for block in version.article.body] == ["지원 규모는 1,200억 원이다."]
    assert version.article.body_from == "attachment"
    assert version.as_json()["body_file"] == version.article.attachments[0].file_id


@pytest.mark.parametrize("today", ["down", ERROR, b""])
def test_a_file_that_cannot_be_had_today_changes_nothing(release: Release, today: bytes | str):
    release.look()
    release.files = today
    assert release.look() == []
    release.files = TEXT
    assert release.look() == []
    assert release.outcomes == ["read", "incomplete", "read"]
    assert len(release.versions) == 1


def test_another_text_in_the_file_is_a_change_of_the_body_and_of_the_attachment(release: Release):
    release.look()
    release.files = OTHER
    (change,) = release.look()
    assert set(change["labels"]) >= {"body", "attachment", "money"}
    assert {op["op"] for one in change["documents"] for op in one["ops"]} == {"replace"}


def test_the_viewer_comes_before_the_file(release: Release):
    release.silent = False
    release.look()
    (version,) = release.versions
    assert (version.article.body_from, version.article.body_file) == ("viewer", None)
    assert {one.text_sha256 for one in version.article.attachments} != {None}


@pytest.mark.parametrize("today", ["down", ERROR, b""])
def test_a_file_unread_beside_the_viewers_text_is_carried_over(release: Release, today: bytes | str):
    release.silent = False
    release.look()
    release.files = today
    assert release.look() == []
    assert release.outcomes == ["read", "read"]


def test_an_unreadable_file_in_a_files_place_is_a_replacement_without_a_text(release: Release):
    release.silent = False
    release.look()
    release.files = made.hwpx("<hp:p>")
    (change,) = release.look()
    assert (change["kind"], change["documents"]) == ("attachment-replaced", [])
    article = release.versions[-1].article
    assert {one.text_sha256 for one in article.attachments} == {None}
    (_, _, document), *_ = documents.of_version(release.drill.db, article.article, 2)
    assert document.outcome == "corrupt"


def test_bytes_seen_before_are_not_read_again(release: Release, monkeypatch: pytest.MonkeyPatch):
    release.look()
    monkeypatch.setattr("crawler.documents.guard.Guard.read", None)
    assert release.look() == []


def test_the_texts_are_the_same_after_a_rebuild(release: Release):
    release.look()
    release.files = OTHER
    before = release.look()
    from cli import database
    from storage import changes

    digest = contents.content_digest(release.drill.db)
    database.rebuild(release.drill.archive, release.drill.addresses, 1)
    with release.drill.archive.database() as db:
        assert contents.content_digest(db) == digest
        assert json.dumps([one.as_json() for one in changes.find(db, Query())]) == json.dumps(before)
    db.close()


def test_a_file_too_large_to_be_read_has_its_digest_and_its_outcome(release: Release, monkeypatch) -> None:
    monkeypatch.setattr("crawler.parts.LARGE", len(TEXT) - 1)
    release.silent = False
    assert release.look() == []
    (version,) = release.versions
    digests = {one.sha256 for one in version.article.attachments}
    assert None not in digests
    told = release.drill.db.execute("SELECT sha256, outcome, media_type, detail FROM attachment_texts").fetchall()
    assert {(row["sha256"], row["outcome"], row["media_type"]) for row in told} == {
        (digest, "too-large", "application/hwp+zip") for digest in digests
    }
    assert {row["detail"] for row in told} == {f"larger than {len(TEXT) - 1} bytes"}


@pytest.mark.parametrize(("answered", "outcome"), [(b"", "empty"), (ERROR, "error-page")])
def test_what_is_answered_in_a_files_place_is_kept_with_its_outcome_and_leaves_it_unread(
    release: Release, answered: bytes, outcome: str
):
    release.silent = False
    release.files = answered
    assert release.look() == []
    assert {one.sha256 for one in release.versions[0].article.attachments} == {None}
    query = "SELECT sha256, outcome, text_sha256 FROM attachment_texts"
    kept = [tuple(row) for row in release.drill.db.execute(query)]
    assert kept == [(hashlib.sha256(answered).hexdigest(), outcome, None)]
    database.rebuild(release.drill.archive, release.drill.addresses, 1)
    with closing(release.drill.archive.database()) as db:
        assert [tuple(row) for row in db.execute(query)] == kept
