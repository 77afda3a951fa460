"""Pictures that came and went are shown beside each other: in the report, and in the reader."""

from __future__ import annotations

import asyncio
import hashlib
import re
import zipfile
from base64 import b64decode
from contextlib import closing
from pathlib import Path

import pypdfium2
import pytest

from crawler.portal import Portal
from reader.server import reader
from storage.album import Album
from storage.archive import Archive
from storage.records import Picture
from tests.runs import Desk
from tests.shelf import NEWS, PICTURE, Shelf, archive, page, picture, portal

__all__ = ["archive", "portal"]

ID = "148971810"
OLD, NEW = picture(0), picture(255)
_SHOWN = re.compile(
    r'<figure class="of-(old|new|version)"><figcaption>[^<]*</figcaption><img src="data:([^;]*);base64,([^"]*)"'
)


def look(archive: Desk, portal: Shelf, *shown: bytes) -> None:
    """Look at the article once for each state of its picture."""
    for one in shown:
        portal.shown = {NEWS: page("도서관 열두 곳이 문을 연다.", picture="도서관"), PICTURE: one}
        archive.ok("crawl", "--url", portal.url + NEWS, "--recheck", "none")


def shown(html: str) -> list[tuple[str, str, bytes]]:
    """Give the pictures of a page by side: their type and their bytes."""
    return [(side, kind, b64decode(data)) for side, kind, data in _SHOWN.findall(html)]


def asked(archive: Desk, portal: Shelf, path: str) -> str:
    made = reader(Archive(archive.root), Portal(portal.url), "127.0.0.1", "http://127.0.0.1:1")
    answer = asyncio.run(made.client.get(path))
    assert answer.status_code == 200
    return answer.text


def album(archive: Desk, **bounds: int) -> tuple[Album, str]:
    kept = Archive(archive.root)
    db = kept.database()
    return Album(kept, db, **bounds), db.execute("SELECT images -> 0 ->> 'src' FROM versions").fetchone()[0]


@pytest.fixture
def swapped(archive: Desk, portal: Shelf) -> Desk:
    look(archive, portal, OLD, NEW)
    return archive


def test_the_report_shows_both_pictures_byte_for_byte(swapped: Desk, portal: Shelf):
    both = [("old", "image/png", OLD), ("new", "image/png", NEW)]
    assert shown(swapped.ok("report", "-o", "-")) == both
    assert shown(asked(swapped, portal, f"/articles/{ID}/diff")) == both
    assert shown(asked(swapped, portal, f"/articles/{ID}/diff?view=beside")) == both


def test_a_dossier_shows_both_pictures_on_the_page_and_on_paper(swapped: Desk, tmp_path: Path):
    swapped.ok("export", "dossier", f"{ID}.1", "-o", str(tmp_path / "d.zip"))
    with zipfile.ZipFile(tmp_path / "d.zip") as dossier:
        assert shown(dossier.read("difference.html").decode()) == [("old", "image/png", OLD), ("new", "image/png", NEW)]
        paper = dossier.read("difference.pdf")
    with pypdfium2.PdfDocument(paper) as document:
        drawn = [one for leaf in document for one in leaf.get_objects(filter=[pypdfium2.raw.FPDF_PAGEOBJ_IMAGE])]
        assert len(drawn) == 2


def test_a_page_of_a_version_shows_its_own_picture(swapped: Desk, portal: Shelf):
    for version, data in ((1, OLD), (2, NEW)):
        found = re.findall(
            r'src="data:image/png;base64,([^"]*)"', asked(swapped, portal, f"/articles/{ID}/versions/{version}")
        )
        assert [b64decode(one) for one in found] == [data]


def test_a_picture_whose_words_alone_were_edited_is_not_shown(archive: Desk, portal: Shelf):
    for words in ("도서관", "새 도서관"):
        portal.shown = {NEWS: page("도서관 열두 곳이 문을 연다.", picture=words), PICTURE: OLD}
        archive.ok("crawl", "--url", portal.url + NEWS, "--recheck", "none")
    (change,) = archive.json("changes")
    assert [one["field"] for one in change["fields"]] == ["images"]
    assert shown(archive.ok("report", "-o", "-")) == []


def test_what_can_hold_a_script_is_never_shown(swapped: Desk, portal: Shelf):
    """No version takes SVG for a picture, and a database that says so is not believed."""
    drawn = b'<svg xmlns="http://www.w3.org/2000/svg"><script>alert(1)</script></svg>'
    look(swapped, portal, drawn)
    assert [one for one in shown(swapped.ok("report", "-o", "-")) if b"svg" in one[2]] == []
    given, src = album(swapped)
    with given._db as db:
        db.execute(
            "UPDATE versions SET images = replace(images, ?, ?)",
            [hashlib.sha256(one).hexdigest() for one in (OLD, drawn)],
        )
    assert given(ID, 1, src) == Picture(why="unread")


def test_bounds_hold_and_what_was_given_once_is_given_again(swapped: Desk):
    given, src = album(swapped, each=len(OLD), whole=len(OLD) + 1)
    first = given(ID, 1, src)
    assert first.address.startswith("data:image/png;base64,")
    assert given(ID, 2, src) == Picture(why="large")
    assert given(ID, 1, src) is first
    given, src = album(swapped, each=len(OLD) - 1)
    assert given(ID, 1, src) == Picture(why="large")


def test_why_a_picture_is_not_there_is_said(swapped: Desk, portal: Shelf):
    given, src = album(swapped)
    assert given(ID, 1, src + "?") == given(ID, 3, src) == Picture(why="unread")
    for one in Archive(swapped.root).warcs.glob("*.warc.gz"):
        one.rename(one.with_name(one.name + ".away"))
    assert given(ID, 1, src) == Picture(why="lost")
    with closing(Archive(swapped.root).database()) as db:
        assert Album(Archive(swapped.root), db)(ID, 2, src) == Picture(why="lost")
