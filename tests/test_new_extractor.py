"""What only a new extractor makes is no change: everything compared is read again by it first, files too."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from cli import database, holdings
from crawler import extract, holding, parts
from crawler.body import Body
from crawler.documents import guard, reading
from crawler.templates import View2026
from replica.exchange import Answer, Request
from storage import changes, documents, versions
from storage.change_query import Query
from storage.records import Block, Change, Document
from tests import document_samples as made
from tests.drill import BASE, Drill

MORE = Block("paragraph", "새 추출기만이 읽는 문단이다.")
FILES = tuple(made.hwpx(made.p(made.t(f"지원 규모는 {one}억 원이다."))) for one in (1200, 1500, 1800))


class Story:
    """Two articles read three times by the old code, of which one is edited twice, page and file together."""

    def __init__(self, root: Path) -> None:
        self.drill = Drill(root, 2, files=True)
        self.edited, self.other = self.drill.section("press-release")[:2]
        self.said, self.file = "", FILES[0]
        self.drill.weather = self._answer
        self.told = [self.look()]
        for self.said, self.file in (("하나", FILES[1]), ("둘", FILES[2])):
            self.told.append(self.look())

    def _answer(self, url: str) -> Answer | None:
        if "/common/download.do" in url:
            return Answer(self.file, "application/x-download")
        if url != self.edited or not self.said:
            return None
        page = self.drill.portal.answer(Request("GET", url.removeprefix(BASE), {}, origin=BASE))
        return replace(page, body=page.body.replace(b"</h1>", f" {self.said}</h1>".encode()))

    def look(self) -> list[Change]:
        return self.drill.run(articles=[self.edited, self.other], lists=False)

    def versions(self, url: str) -> list[Any]:
        return versions.versions(self.drill.db, self.drill.articles[url])

    def changes(self) -> list[tuple[Any, ...]]:
        """Give what every filed change says of titles and files, and between which sights it lies."""
        return [
            (one.id, one.kind, one.old_last_seen, one.new_first_seen,
             [(two.field, two.ops) for two in one.comparison.fields if two.field in {"title", "attachments"}])
            for one in changes.find(self.drill.db, Query())
        ]  # fmt: skip

    def texts(self, url: str) -> list[list[str]]:
        """Give the texts of the files of each version."""
        db, article = self.drill.db, self.drill.articles[url]
        return [
            [block.text for _, _, one in documents.of_version(db, article, version.version) for block in one.blocks]
            for version in self.versions(url)
        ]


@pytest.fixture
def story(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Story]:
    # The reader of files works in this process, where a test can alter it.
    monkeypatch.setattr(guard.Guard, "read", lambda _, payload: reading.read(payload))
    one = Story(tmp_path)
    yield one
    one.drill.db.close()


def alter_code(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let pages and files be read by code that finds one paragraph more in each."""
    old_body, old_read = View2026.body.func, reading.read

    def body(page: View2026) -> Body:
        found = old_body(page)
        return replace(found, blocks=[*found.blocks, MORE])

    def read(payload: bytes) -> Document:
        found = old_read(payload)
        return replace(found, blocks=(*found.blocks, MORE)) if found.blocks else found

    monkeypatch.setattr(View2026, "body", property(body))
    monkeypatch.setattr(guard.Guard, "read", lambda _, payload: read(payload))


def alter_digests(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let the digests say what they say when that code stands in the files they digest."""
    for module in (extract, holding, holdings, database):
        monkeypatch.setattr(module, "extractor", lambda: "0123456789abcdef")
    for module in (extract, parts):
        monkeypatch.setattr(module, "reader", lambda: "fedcba9876543210")


def test_what_only_the_new_code_reads_is_no_change(story: Story, monkeypatch: pytest.MonkeyPatch):
    assert [len(one) for one in story.told] == [0, 2, 2]
    assert len(story.versions(story.edited)) == len(story.versions(story.other)) == 3
    assert all(MORE.text not in text for texts in story.texts(story.edited) for text in texts)
    before, numbers = story.changes(), [one.first_seen for one in story.versions(story.edited)]
    alter_code(monkeypatch)
    alter_digests(monkeypatch)
    assert story.drill.catch_up() == []
    assert story.look() == []
    assert story.changes() == before
    for url in (story.edited, story.other):
        found = story.versions(url)
        assert {one.extractor for one in found} == {"0123456789abcdef"}
        assert all(MORE in one.article.body for one in found)
        assert [MORE.text in texts for texts in story.texts(url)] == [True] * 3
    assert [one.first_seen for one in story.versions(story.edited)] == numbers
    assert story.drill.rebuilt() == story.drill.all_that_is_made()


def test_an_edit_in_the_first_look_of_the_new_code_is_told_and_nothing_else(
    story: Story, monkeypatch: pytest.MonkeyPatch
):
    alter_code(monkeypatch)
    alter_digests(monkeypatch)
    story.said = "셋"
    (change,) = story.look()
    assert [one.field for one in change.comparison.fields] == ["title"]
    assert {one.extractor for one in story.versions(story.edited)} == {"0123456789abcdef"}
    assert len(story.versions(story.edited)) == 4


def test_without_another_digest_the_same_code_would_have_been_taken_for_an_edit(
    story: Story, monkeypatch: pytest.MonkeyPatch
):
    """What the tests above would find if nothing were read again."""
    alter_code(monkeypatch)
    found = story.look()
    assert {one.field for change in found for one in change.comparison.fields} == {"body"}
    assert len(found) == 2
