"""What breaks off though its answer ended in order: a server that failed while it wrote, or wrote half of its gzip."""

from __future__ import annotations

import gzip
import hashlib

import pytest

from crawler.list_page import ListPage
from crawler.markup import breaks_off
from replica.packages import hwpx_bytes
from tests.shelf import FILE, NEWS, archive, page, portal

__all__ = ["archive", "portal"]

RELEASE = "/briefing/pressReleaseView.do?newsId=156700002"
FOLDER = "/docViewer/result/2026.11/09/cd34"
FRAME = (
    '<div class="docConversion" id="content"><iframe id="content_press"'
    f' src="/docViewer/iframe_skin/doc.html?fn=cd34&amp;rs={FOLDER}"></iframe></div>'
)
TEXT = tuple(f"{number}번째 마을 도서관은 {number * 3}월에 문을 연다." for number in range(1, 9))
ZIPPED = {"Content-Encoding": "gzip"}


def half(text: str) -> str:
    """Cut a page within its fifth paragraph."""
    return text[: text.index("5번째") + 9]


def zipped(text: str) -> bytes:
    """Give the first two thirds of a page's gzip."""
    packed = gzip.compress(text.encode() * 20, mtime=0)
    return packed[: len(packed) * 2 // 3]


WAYS = {
    "the page": half,
    "its gzip": lambda text: (200, ZIPPED, zipped(text)),
}


def old(text: str) -> str:
    """Give a page in the template of 2020."""
    return text.replace("<div class='article_body'><div class='view_cont'>", "<div><div id='viewCont'>")


@pytest.mark.parametrize("way", WAYS)
@pytest.mark.parametrize("shown", [page(*TEXT), old(page(*TEXT))], ids=["new", "old"])
def test_an_articles_page_that_breaks_off_is_no_edit(archive, portal, way, shown):
    for answer in (shown, WAYS[way](shown), shown):
        portal.shown[NEWS] = answer
        archive.ok("crawl", "--url", portal.url + NEWS)
    assert archive.json("changes") == []
    assert archive.json("status")["outcomes"]["read"] == 2
    before = archive.json("status")["content_digest"]
    archive.ok("rebuild")
    assert (archive.json("status")["content_digest"], archive.run("verify").code) == (before, 0)


def test_a_page_said_to_be_unchanged_since_it_broke_off_is_asked_for_whole(archive, portal):
    shown, marked = page(*TEXT), {"ETag": '"1"'}
    for answer in (half(shown), shown, shown):
        portal.asked.clear()
        portal.shown[NEWS] = (200, marked, answer.encode())
        archive.ok("crawl", "--url", portal.url + NEWS)
    # Its validator has lied: the third look asks for it whole.
    assert portal.asked.count(NEWS) == 1
    assert archive.json("status")["outcomes"] == {"read": 2, "unrecognised": 2}
    assert archive.json("status")["counts"]["versions"] == 1


@pytest.mark.parametrize("way", WAYS)
@pytest.mark.parametrize("number", [1, 2])
def test_a_documents_page_that_breaks_off_is_no_edit(archive, portal, way, number):
    portal.shown[RELEASE] = page(own=RELEASE).replace("<div class='view_cont'>", f"<div class='view_cont'>{FRAME}")
    texts = {one: f"<html><body>{''.join(f'<p>{one}쪽: {line}</p>' for line in TEXT)}</body></html>" for one in (1, 2)}
    for broken in (False, True, False):
        portal.shown |= {f"{FOLDER}/cd34.files/{one}.html": text for one, text in texts.items()}
        if broken:
            portal.shown[f"{FOLDER}/cd34.files/{number}.html"] = WAYS[way](texts[number])
        archive.ok("crawl", "--url", portal.url + RELEASE)
    assert archive.json("changes") == []
    assert archive.json("status")["outcomes"]["read"] == 2


def test_a_file_whose_chunks_cannot_be_read_to_their_end_is_no_other_file(archive, portal):
    portal.shown[NEWS] = page(*TEXT, file="도서관.hwpx")
    whole = hwpx_bytes(["마을 도서관은 3월에 문을 연다."])
    chunks = b"%x\r\n%b\r\nno size\r\n" % (600, whole[:600]) + whole[600:]
    broken = (200, {"Transfer-Encoding": "chunked", "Connection": "close"}, chunks)
    for file in (whole, broken, whole):
        portal.shown[FILE] = file
        archive.ok("crawl", "--url", portal.url + NEWS)
    assert archive.json("changes") == []
    assert archive.json("show", "148971810")["attachments"][0]["sha256"] == hashlib.sha256(whole).hexdigest()
    before = archive.json("status")["content_digest"]
    archive.ok("rebuild")
    assert archive.json("status")["content_digest"] == before


def test_a_list_that_breaks_off_is_no_list():
    rows = "".join(
        f"<li><a href='/news/policyNewsView.do?newsId=14897181{one}'><strong>{one}번째 도서관</strong></a></li>"
        for one in range(4)
    )
    whole = f"<html><body><main><div class='list_type'><ul>{rows}</ul></div></main></body></html>"
    assert (ListPage(whole).recognises(), len(ListPage(whole).rows())) == (True, 4)
    cut = ListPage(whole[: whole.index("3번째")])
    assert (cut.recognises(), cut.rows()) == (False, [])


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("<html lang='ko'><body><p>글", True),
        ("<BODY\n><p>글</p>", True),
        ("<html><body><p>글</p></BODY >", False),
        ("<html><body><p>글</p></html>", False),
        ("<p>글", False),
        ("<htmlx><p>글", False),
        ("", False),
    ],
)
def test_a_page_breaks_off_that_begins_what_it_nowhere_ends(text, expected):
    assert (breaks_off(text), breaks_off(text.encode())) == (expected, expected)
