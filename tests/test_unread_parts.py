"""A look that did not fetch a file or a picture is no sight of it: it was last seen by the look that read it."""

from __future__ import annotations

import asyncio
import re
from datetime import datetime

import pytest

from cli.dossier.verify import judged
from crawler.portal import Portal
from reader.server import reader
from storage.archive import Archive
from storage.records import local
from tests.document_samples import hwpx, p, t
from tests.runs import Desk
from tests.shelf import FILE, NEWS, PICTURE, Shelf, archive, page, picture, portal

__all__ = ["archive", "portal"]

TEXT = "도서관 열두 곳이 문을 연다."
OLD, NEW = (hwpx(p(t(f"지원 규모는 {amount}억 원이다."))) for amount in (1200, 1500))
AWAY = (500, {}, b"")


def look(archive: Desk, portal: Shelf, *, title: str = "작은 마을의 큰 도서관", **parts: object) -> str:
    """Look at the article once; give when."""
    portal.shown = {NEWS: page(TEXT, title=title, file="지원 안내.hwpx", picture="도서관")}
    portal.shown |= {FILE: parts.get("file", OLD), PICTURE: parts.get("picture", picture(0))}
    archive.run("crawl", "--url", portal.url + NEWS, "--recheck", "none")
    return archive.json("history", "148971810")["checks"][-1]["checked_at"]


@pytest.mark.parametrize(("part", "new"), [("file", NEW), ("picture", picture(255))])
def test_what_was_replaced_was_last_seen_by_the_look_that_fetched_it(
    archive: Desk, portal: Shelf, part: str, new: bytes
):
    look(archive, portal)
    seen = look(archive, portal)
    look(archive, portal, **{part: AWAY})
    look(archive, portal, **{part: AWAY})
    found = look(archive, portal, **{part: new})
    (change,) = archive.json("changes")
    assert (change["old_last_seen"], change["new_first_seen"], change["checks_between"]) == (seen, found, 2)
    assert change["evidence"]["old"]["captured_at"] == seen
    before = archive.json("changes"), archive.json("status")["content_digest"]
    archive.ok("rebuild")
    assert (archive.json("changes"), archive.json("status")["content_digest"]) == before
    assert archive.run("verify").code == 0


def test_a_file_that_the_version_before_read_is_traced_to_it(archive: Desk, portal: Shelf):
    """The headline changed while the file could not be had; its dossier holds the old file all the same."""
    seen = look(archive, portal)
    look(archive, portal, title="작은 마을의 더 큰 도서관", file=AWAY)
    found = look(archive, portal, title="작은 마을의 가장 큰 도서관", file=NEW)
    first, second = sorted(archive.json("changes"), key=lambda one: one["id"])
    assert (first["old_last_seen"], first["checks_between"], first["labels"]) == (seen, 0, ["title", "wording"])
    assert (second["from_version"], second["old_last_seen"], second["new_first_seen"]) == (2, seen, found)
    assert second["checks_between"] == 1
    made = archive.root.parent / "proof.zip"
    archive.ok("export", "dossier", second["id"], "-o", str(made))
    proved = judged(made.read_bytes())
    assert proved.errors == []
    assert "files and pictures of the old version that are here, byte for byte: 2 of 2" in proved.notes


def test_what_the_look_before_fetched_was_last_seen_there_whatever_else_it_missed(archive: Desk, portal: Shelf):
    look(archive, portal)
    seen = look(archive, portal, picture=AWAY)
    look(archive, portal, picture=AWAY, file=NEW)
    (change,) = archive.json("changes")
    assert (change["old_last_seen"], change["checks_between"]) == (seen, 0)


def test_whoever_asks_for_a_version_is_told_since_when_nobody_read_its_file(archive: Desk, portal: Shelf):
    look(archive, portal)
    seen = look(archive, portal)
    look(archive, portal, file=AWAY)
    newest = look(archive, portal, file=AWAY)
    shown, history = archive.json("show", "148971810"), archive.json("history", "148971810")
    for told in (shown, history["versions"][0]):
        assert (told["last_seen"], told["unread"]) == (newest, [{"part": "198580011", "last_read": seen}])
    assert [one["unread"] for one in history["checks"]] == [[], [], ["198580011"], ["198580011"]]
    said = f"last read {local(seen)} (KST): 지원 안내.hwpx"
    assert said in archive.ok("show", "148971810").splitlines()
    told = archive.ok("history", "148971810").splitlines()
    assert f"    {said}" in told
    assert [one.partition("version 1")[2] for one in told[-4:]] == ["", "", " without 1 file", " without 1 file"]
    look(archive, portal)
    assert archive.json("show", "148971810")["unread"] == []
    assert "last read" not in archive.ok("history", "148971810")


def read_at(archive: Desk, portal: Shelf, path: str) -> str:
    made = reader(Archive(archive.root), Portal(portal.url), "127.0.0.1", "http://127.0.0.1:1")
    return asyncio.run(made.client.get(path)).text


def test_the_reader_says_when_a_versions_file_was_last_read_and_begins_a_comparison_there(archive: Desk, portal: Shelf):
    seen = look(archive, portal)
    look(archive, portal, file=AWAY)
    look(archive, portal, title="작은 마을의 더 큰 도서관", file=AWAY)
    look(archive, portal, title="작은 마을의 가장 큰 도서관", file=NEW)
    told = [
        re.findall(r'last read at <time datetime="([^"]*)"', read_at(archive, portal, f"/articles/148971810/{which}"))
        for which in ("versions/1?lang=en", "versions/2?lang=en", "versions/3?lang=en")
    ]
    begun = [
        re.search(r'<time datetime="([^"]*)"', read_at(archive, portal, f"/articles/148971810/diff?{which}"))[1]
        for which in ("old=1&new=3", "old=2&new=3")
    ]
    assert [len(times) for times in told] == [1, 1, 0]
    # HTML takes no time that is finer than milliseconds.
    at = datetime.fromisoformat(seen).isoformat(timespec="milliseconds")
    assert {*told[0], *told[1], *begun} == {at}


@pytest.mark.parametrize(("budget", "left"), [("2", 1), ("3", 1), ("4", 0)], ids=["page", "page and file", "all"])
def test_status_names_a_look_whose_files_the_budget_left_out(archive: Desk, portal: Shelf, budget: str, left: int):
    look(archive, portal)
    archive.ok("crawl", "--url", portal.url + NEWS, "--recheck", "none", "--max-requests", budget)
    assert archive.json("history", "148971810")["checks"][-1]["outcome"] == "read"
    wrong = archive.json("status")["wrong"]
    assert len(wrong) == left
    assert all(one.startswith("Of 1 article at the end of a run whose budget was spent files") for one in wrong)
    assert all(f"{portal.url}{NEWS}" in one for one in wrong)
    look(archive, portal)
    assert archive.json("status")["wrong"] == []


def test_status_calls_no_page_that_was_cut_short_an_error(archive: Desk, portal: Shelf):
    look(archive, portal)
    portal.shown[NEWS] = (200, {"Content-Length": "9000", "Connection": "close"}, page(TEXT).encode())
    archive.run("crawl", "--url", portal.url + NEWS, "--recheck", "none")
    assert archive.json("history", "148971810")["checks"][-1]["outcome"] == "error"
    (said,) = archive.json("status")["wrong"]
    assert "with an error or a page that was cut short" in said


def led(to: str) -> tuple[int, dict[str, str], bytes]:
    """Answer with another address."""
    return (302, {"Location": to}, b"")


def test_a_file_and_a_picture_that_stand_elsewhere_on_the_portal_are_read_there(archive: Desk, portal: Shelf):
    for file, dot in ((OLD, picture(0)), (NEW, picture(255))):
        portal.shown = {NEWS: page(TEXT, file="지원 안내.hwpx", picture="도서관")}
        portal.shown |= {FILE: led("/files/1"), "/files/1": led("/files/2.hwpx"), "/files/2.hwpx": file}
        portal.shown |= {PICTURE: led("/pictures/library.png"), "/pictures/library.png": dot}
        archive.run("crawl", "--url", portal.url + NEWS, "--recheck", "none")
    (change,) = archive.json("changes")
    assert {one["field"] for one in change["fields"]} == {"attachments", "images"}
    assert [(one["kind"], one["new"]) for one in change["facts"]] == [("money", "1500억 원")]
    digest = archive.json("status")["content_digest"]
    archive.ok("rebuild")
    assert archive.json("status")["content_digest"] == digest
    archive.ok("verify")


def test_a_file_that_leads_off_the_portal_or_in_a_circle_is_unread(archive: Desk, portal: Shelf):
    look(archive, portal)
    for away in ("https://www.example.org/1.hwpx", FILE, "/files/none.hwpx"):
        look(archive, portal, file=led(away), picture=led(away))
    assert archive.json("changes") == []
    assert archive.json("show", "148971810")["attachments"][0]["text_sha256"] is not None


NO_FILE = "/common/download.do?fileId=000000000"
NO_PICTURE = "/newsWeb/resources/attaches/2026.11/000000000.png"
LOGIN = "<html><head><title>로그인</title></head><body><form>아이디 <input></form></body></html>"


@pytest.mark.parametrize("to", ["/images/none.png", "/files/none.hwpx", "/files/none.pdf", "/login.do"])
@pytest.mark.parametrize("at_last", [True, False], ids=["after-the-file", "before-the-file"])
def test_what_stands_in_the_place_of_all_missing_files_is_none_of_them(
    archive: Desk, portal: Shelf, to: str, at_last: bool
):
    for missing in (not at_last, at_last):
        portal.shown = {NEWS: page(TEXT, file="지원 안내.hwpx", picture="도서관"), FILE: OLD, PICTURE: picture(0)}
        portal.shown |= {"/images/none.png": picture(255), "/files/none.hwpx": NEW, "/files/none.pdf": b"%PDF-1.4"}
        portal.shown |= {"/login.do": LOGIN, NO_FILE: led(to), NO_PICTURE: led(to)}
        portal.shown |= {FILE: led(to), PICTURE: led(to)} if missing else {}
        archive.run("crawl", "--url", portal.url + NEWS, "--recheck", "none")
    assert archive.json("changes") == []
    (file,), (shown,) = (archive.json("show", "148971810")[name] for name in ("attachments", "images"))
    assert file["sha256"] is not None
    assert shown["src"] == portal.url + PICTURE
    digest = archive.json("status")["content_digest"]
    archive.ok("rebuild")
    assert archive.json("status")["content_digest"] == digest


def test_what_is_missing_is_known_by_its_bytes_where_each_has_an_address_of_its_own(archive: Desk, portal: Shelf):
    look(archive, portal)
    portal.shown |= {FILE: led("/none?of=1"), "/none?of=1": NEW, NO_FILE: led("/none?of=0"), "/none?of=0": NEW}
    archive.run("crawl", "--url", portal.url + NEWS, "--recheck", "none")
    assert archive.json("changes") == []


def test_where_nobody_knows_what_the_portal_shows_for_a_missing_file_one_that_leads_elsewhere_is_unread(
    archive: Desk, portal: Shelf
):
    look(archive, portal)
    portal.shown |= {FILE: led("/files/2.hwpx"), "/files/2.hwpx": NEW, NO_FILE: AWAY}
    archive.run("crawl", "--url", portal.url + NEWS, "--recheck", "none")
    assert archive.json("changes") == []
    portal.shown[NO_FILE] = LOGIN
    archive.run("crawl", "--url", portal.url + NEWS, "--recheck", "none")
    (change,) = archive.json("changes")
    assert change["kind"] == "attachment-replaced"
