"""A release whose document cannot be had whole is watched all the same; its text is unread, and no edit for that."""

from __future__ import annotations

import asyncio
from collections.abc import Callable

import pytest

from cli.dossier.verify import judged
from crawler.markup import MOST_MARKS
from crawler.portal import Portal
from reader.server import reader
from storage.archive import Archive
from storage.records import Article, Block, Image, with_body, without_document
from tests.drill import Drill
from tests.drill import page as answer
from tests.runs import Desk
from tests.shelf import FILE, Shelf, archive, page, portal

__all__ = ["archive", "portal"]

ID = "156700001"
RELEASE = f"/briefing/pressReleaseView.do?newsId={ID}"
FOLDER = "/docViewer/result/2026.11/09/ab12"
FRAME = f'<iframe id="content_press" src="/docViewer/iframe_skin/doc.html?fn=ab12&amp;rs={FOLDER}"></iframe>'
REMARK = "이 자료는 산림청의 보도자료를 전재하여 제공함을 알려드립니다."


class Endless(dict[str, object]):
    """A viewer that has a page of its own for every number."""

    def get(self, path, default=None):
        number = path.rpartition("/")[2].partition(".")[0]
        return f"<p>{number}번째 길을 걷는다.</p>" if path.startswith(FOLDER) else super().get(path, default)


class Refused(dict[str, object]):
    """A viewer that answers nothing but 403."""

    def get(self, path, default=None):
        return (403, {}, b"<h1>403</h1>") if path.startswith("/docViewer/") else super().get(path, default)


class Silent(dict[str, object]):
    """A viewer that repeats one sentence for every number."""

    def get(self, path, default=None):
        return "<p>산길 열두 곳을 연다.</p>" if path.startswith(FOLDER) else super().get(path, default)


class Huge(dict[str, object]):
    """A viewer whose first page has more elements than any page that is read."""

    def get(self, path, default=None):
        large = b"<!DOCTYPE html><html><body>" + b"<p>" * (MOST_MARKS + 1) + b"</body></html>"
        return large if path.startswith(FOLDER) else super().get(path, default)


class Gone(dict[str, object]):
    """A viewer in which nothing stands."""

    def get(self, path, default=None):
        return default if path.startswith("/docViewer/") else super().get(path, default)


VIEWERS = [Endless, Refused, Silent, Huge, Gone]
Viewer = Callable[[dict[str, object]], dict[str, object]]


def look(
    archive: Desk,
    portal: Shelf,
    viewer: Viewer = dict,
    *,
    title: str = "산길 열두 곳을 연다",
    text: tuple[str, ...] = ("산림청은 산길 열두 곳을 연다.", "길이는 240km이다."),
    own: tuple[str, ...] = (),
    frame: str = FRAME,
) -> list[dict]:
    """Look at the release once; give all changes told so far, the oldest first."""
    shown = page(*own, title=title, own=RELEASE).replace("<div class='view_cont'>", f"<div class='view_cont'>{frame}")
    pages = {f"{FOLDER}/ab12.files/{number}.html": f"<p>{one}</p>" for number, one in enumerate(text, start=1)}
    portal.shown = viewer({RELEASE: shown, **pages})
    archive.run("crawl", "--url", portal.url + RELEASE, "--recheck", "none")
    return sorted(archive.json("changes"), key=lambda one: one["id"])


def fields(change: dict) -> list[str]:
    return [one["field"] for one in change["fields"]]


def hold_the_same_after_a_rebuild(archive: Desk) -> None:
    def told() -> tuple[object, ...]:
        asked = archive.json("changes"), archive.json("history", ID), archive.json("show", ID)
        return *asked, archive.json("status")["content_digest"], archive.ok("search", "산길")

    before = told()
    assert archive.run("verify").code == 0
    archive.ok("rebuild")
    assert told() == before
    assert archive.run("verify").code == 0


@pytest.mark.parametrize("viewer", VIEWERS)
def test_an_edit_of_the_headline_is_told_though_the_document_was_never_read(archive, portal, viewer):
    assert look(archive, portal, viewer) == []
    assert look(archive, portal, viewer) == []
    (change,) = look(archive, portal, viewer, title="산길 스무 곳을 연다")
    assert (change["kind"], fields(change), change["checks_between"]) == ("edited", ["title"], 0)
    shown = archive.json("show", ID)
    assert (shown["version"], shown["body"], shown["body_from"]) == (2, [], "unread")
    assert archive.json("status")["outcomes"] == {"incomplete": 3}
    assert "text not read" in archive.ok("show", ID)
    hold_the_same_after_a_rebuild(archive)


@pytest.mark.parametrize("viewer", [Endless, Refused])
def test_a_document_that_can_be_read_at_last_is_no_edit(archive, portal, viewer):
    look(archive, portal, viewer)
    assert look(archive, portal) == []
    shown = archive.json("show", ID)
    assert (shown["version"], [one["text"] for one in shown["body"]], shown["body_from"]) == (
        1, ["산림청은 산길 열두 곳을 연다.", "길이는 240km이다."], "viewer"
    )  # fmt: skip
    assert "산길" in archive.ok("search", "240km")
    hold_the_same_after_a_rebuild(archive)


@pytest.mark.parametrize("viewer", [Endless, Gone])
def test_a_document_that_can_be_read_no_longer_is_no_edit(archive, portal, viewer):
    look(archive, portal)
    assert look(archive, portal, viewer) == []
    (change,) = look(archive, portal, viewer, title="산길 스무 곳을 연다")
    assert fields(change) == ["title"]
    shown = archive.json("show", ID)
    assert [one["text"] for one in shown["body"]] == ["산림청은 산길 열두 곳을 연다.", "길이는 240km이다."]
    assert [one["part"] for one in shown["unread"]] == ["body"]
    assert look(archive, portal, title="산길 스무 곳을 연다") == [change]
    hold_the_same_after_a_rebuild(archive)


def test_the_headline_may_be_edited_when_the_document_is_first_read(archive, portal):
    look(archive, portal, Endless)
    (change,) = look(archive, portal, title="산길 스무 곳을 연다")
    assert fields(change) == ["title"]
    assert "240km" not in archive.ok("diff", ID, "1", "2")
    hold_the_same_after_a_rebuild(archive)


def test_an_edit_of_the_document_was_made_since_it_was_last_read(archive, portal):
    look(archive, portal)
    look(archive, portal, Endless)
    look(archive, portal, Endless, title="산길 스무 곳을 연다")
    looks = [one["checked_at"] for one in archive.json("history", ID)["checks"]]
    title, body = look(
        archive, portal, title="산길 스무 곳을 연다", text=("산림청은 산길 열두 곳을 연다.", "길이는 420km이다.")
    )
    assert (fields(title), title["old_last_seen"], title["checks_between"]) == (["title"], looks[1], 0)
    assert (fields(body), body["old_last_seen"], body["checks_between"]) == (["body"], looks[0], 2)
    assert (body["from_version"], body["to_version"]) == (2, 3)
    hold_the_same_after_a_rebuild(archive)
    for one, noted in ((title, True), (body, False)):
        made = archive.root.parent / f"{one['id']}.zip"
        archive.ok("export", "dossier", one["id"], "-o", str(made))
        proved = judged(made.read_bytes())
        assert proved.errors == []
        assert ("the text of the new version was read by another look" in proved.notes) is noted


def test_back_to_what_stood_before_the_document_was_read_is_a_return(archive, portal):
    look(archive, portal, Endless)
    look(archive, portal, title="산길 스무 곳을 연다")
    changes = look(archive, portal)
    assert [fields(one) for one in changes] == [["title"], ["title"]]
    assert ["revert" in one["labels"] for one in changes] == [False, True]
    hold_the_same_after_a_rebuild(archive)


def test_what_the_page_says_beside_an_unread_document_is_watched(archive, portal):
    look(archive, portal, own=(REMARK,))
    (change,) = look(archive, portal, Endless, own=(REMARK.replace("산림청", "국립산림과학원"),))
    (body,) = change["fields"]
    assert [op["op"] for op in body["ops"]] == ["keep", "keep", "replace"]
    look(archive, portal, Endless, own=(REMARK.replace("산림청", "국립산림과학원"),))
    assert len(look(archive, portal, own=(REMARK.replace("산림청", "국립산림과학원"),))) == 1
    hold_the_same_after_a_rebuild(archive)


def test_an_edit_beside_a_document_never_read_is_told_alone(archive, portal):
    look(archive, portal, Endless, own=(REMARK,))
    (change,) = look(archive, portal, own=(REMARK.replace("산림청", "국립산림과학원"),))
    assert [op["op"] for op in change["fields"][0]["ops"]] == ["keep", "keep", "replace"]
    hold_the_same_after_a_rebuild(archive)


@pytest.mark.parametrize("viewer", [Endless, Gone])
def test_a_text_that_went_from_the_page_into_a_viewer_is_as_it_was_until_that_is_read(archive, portal, viewer):
    text = ("산림청은 산길 열두 곳을 연다.", "길이는 240km이다.")
    look(archive, portal, own=text, frame="")
    assert look(archive, portal, viewer) == []
    assert look(archive, portal) == []
    assert len(look(archive, portal, text=(*text, "쉼터 다섯 곳을 둔다."))) == 1
    assert archive.json("show", ID)["version"] == 2
    hold_the_same_after_a_rebuild(archive)


def test_a_text_that_went_from_a_viewer_never_read_into_the_page_is_no_edit(archive, portal):
    look(archive, portal, Endless)
    assert look(archive, portal, own=("산림청은 산길 열두 곳을 연다.",), frame="") == []
    assert archive.json("show", ID)["body_from"] == "page"
    (change,) = look(archive, portal, own=("산림청은 산길 스무 곳을 연다.",), frame="")
    assert fields(change) == ["body"]
    hold_the_same_after_a_rebuild(archive)


def test_a_page_that_lost_its_viewer_and_has_but_files_was_served_half(archive, portal):
    look(archive, portal, Endless)
    bare = page(own=RELEASE, title="산길 열두 곳을 연다", file="산길.hwpx", at=FILE)
    portal.shown = {RELEASE: bare, FILE: (200, {}, b"")}
    archive.run("crawl", "--url", portal.url + RELEASE, "--recheck", "none")
    shown = archive.json("show", ID)
    assert (shown["version"], shown["body_from"]) == (1, "unread")
    assert look(archive, portal) == []


def test_an_article_with_a_document_never_read_that_is_gone_is_removed(archive, portal):
    look(archive, portal, Endless)
    look(archive, portal, Endless)
    portal.shown = {}
    archive.run("crawl", "--url", portal.url + RELEASE, "--recheck", "none")
    (change,) = archive.json("changes")
    assert (change["kind"], change["from_version"]) == ("removed", 1)
    assert [one["kind"] for one in look(archive, portal, Endless)] == ["removed", "restored"]
    hold_the_same_after_a_rebuild(archive)


def test_a_document_never_read_is_due_at_every_run_and_hides_no_article_that_is(archive, portal):
    look(archive, portal, Endless)
    asked = len(portal.asked)
    for _ in range(2):
        archive.run("crawl")
    assert portal.asked[asked:].count(RELEASE) == 2


def test_whoever_asks_is_told_what_was_not_read(archive, portal):
    look(archive, portal, Endless)
    made = reader(Archive(archive.root), Portal(portal.url), "127.0.0.1", "http://127.0.0.1:1")
    shown = asyncio.run(made.client.get(f"/articles/{ID}/versions/1?lang=en")).text
    assert "The document that holds the text could not be read whole at any look." in shown
    look(archive, portal)
    look(archive, portal, Endless)
    made = reader(Archive(archive.root), Portal(portal.url), "127.0.0.1", "http://127.0.0.1:1")
    shown = asyncio.run(made.client.get(f"/articles/{ID}/versions/1?lang=en")).text
    assert "The text was last read at" in shown
    told = archive.ok("history", ID)
    assert "version 1 without its text" in told
    assert "(KST): the text" in told
    assert archive.json("status")["shrunken"] == []


def test_documents_never_read_are_no_outage_and_those_read_no_longer_are(tmp_path):
    drill = Drill(tmp_path, 6)
    releases = drill.section("press-release")

    def looked(*, viewer: bool) -> list[str]:
        drill.weather = lambda url: answer(403) if "docViewer" in url and not viewer else None
        drill.run(articles=releases, lists=False)
        return [one["section"] for one in drill.episodes()]

    assert [looked(viewer=False) for _ in range(2)] == [[], []]
    assert looked(viewer=True) == []
    assert looked(viewer=False) == ["*"]
    assert drill.told() == set()
    made = drill.all_that_is_made()
    assert drill.rebuilt() == made
    drill.db.close()


DOCUMENT = Article(
    ID, RELEASE, "press-release", "제목", body=(Block("paragraph", "문서"), Block("paragraph", "쪽")),
    images=(Image("a", ""), Image("b", "")), body_from="viewer", document_blocks=1, document_images=1,
)  # fmt: skip


def test_a_body_is_parted_where_the_document_ends():
    own = without_document(DOCUMENT)
    assert (own.body, own.images) == (DOCUMENT.body[1:], DOCUMENT.images[1:])
    unread = Article(ID, RELEASE, "press-release", "제목", body=own.body, images=own.images, body_from="unread")
    assert with_body(unread, DOCUMENT) == DOCUMENT
    assert without_document(unread) == unread
