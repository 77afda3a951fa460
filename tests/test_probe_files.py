"""What the judges of the probe make of files, pictures and document viewers that no replica has."""

from __future__ import annotations

from typing import Any

import pytest

from crawler.probe.assumption import Seen
from crawler.probe.files import disposition_name
from storage.records import Block, Document
from tests.probes import PORTAL, judged, said, seen

REPORT = "Report it, with the bundle: "
NOTHING = "Nothing to mend: "
BASE = PORTAL.base
FOLDER = "/docViewer/result/2026.03/02/"


def release(number: int = 1, section: str = "press-release", more: str = "") -> Seen:
    """Make the answer with a page whose text stands in a viewer."""
    skin = f"/docViewer/iframe_skin/doc.html?fn=d{number}&amp;rs={FOLDER}d{number}"
    viewer = f"<div class='view_cont'><iframe id='content_press' src='{skin}'></iframe></div>"
    html = (
        "<html><head><title>강물</title></head><body><main><section id='container'>"
        "<div class='view_title'><h1>강물</h1></div><div class='article_wrap'>"
        "<div class='article_head'><div class='info'><span>2026.03.02</span></div></div>"
        f"<div class='article_body'>{viewer}</div>{more}</div></section></main></body></html>"
    )
    path = f"/briefing/pressReleaseView.do?newsId=1567820{number:02}"
    return seen(f"article:{section}", path, html, role="article", article=f"1567820{number:02}")


def document(
    path: str, status: int | None = 200, body: str = "<html><body><p>강물을 살핀다.</p></body></html>"
) -> Seen:
    return seen("", path, body, status, role="document")


def paged(number: int, *statuses: int | None) -> list[Seen]:
    each = enumerate(statuses, 1)
    return [document(f"{FOLDER}d{number}/d{number}.files/{page}.html", status) for page, status in each]


def test_where_the_text_of_a_release_stands_is_told():
    assert said("viewer", release(), *paged(1, 200, 200, 404)) == [("holds", "2 pages", "")]
    single = document(f"{FOLDER}d1/d1.view.xhtml")
    assert said("viewer", release(), *paged(1, 404), single)[0][:2] == ("differs", "It stands in one .view.xhtml.")
    assert said("viewer", release(), *paged(1, None), single)[0][0] == "cannot tell"
    assert said("viewer", release())[0][:2] == ("cannot tell", "Its first page brought no answer.")
    (one,) = said("viewer", release(), *paged(1, 404), document(f"{FOLDER}d1/d1.view.xhtml", 404))
    assert one[:2] == ("differs", "Neither form is there.")
    assert one[2].startswith("Report it; until then")


@pytest.mark.parametrize("status", [200, 404])
def test_the_text_may_stand_in_the_frame_of_the_viewer(status):
    skin = document(
        f"/docViewer/iframe_skin/doc.html?fn=d1&rs={FOLDER}d1",
        body=f'<html><body><iframe name="innerWrap" src="{FOLDER}d1/other.html"></iframe></body></html>',
    )
    framed = document(f"{FOLDER}d1/other.html", status)
    (one,) = judged("viewer", release(), *paged(1, 404), skin, framed)
    if status == 200:
        assert (one.how, one.mend.partition(":")[0]) == (
            f"The viewer's frame has it: {BASE}{FOLDER}d1/other.html", "Nothing to mend",
        )  # fmt: skip
        assert one.evidence == framed.capture.evidence
    else:
        assert one.how == "Neither form is there."


def test_a_document_of_another_article_is_not_taken_for_what_a_viewer_shows():
    """Of two viewers one was broken, and it was said that its frame had the text: the other's first page."""
    both = release(), release(2, "briefing")
    shown = {one.subject: one.how for one in judged("viewer", *both, *paged(1, 404), *paged(2, 200, 404))}
    assert shown == {"press-release": "Neither form is there.", "briefing": "1 pages"}


@pytest.mark.parametrize(
    ("statuses", "verdict"),
    [
        ((200, 200, 404), ("holds", "404 for page 3", "")),
        ((200, 410), ("holds", "410 for page 2", "")),
        ((200, 403), ("differs", "Page 2 answers 403.", REPORT)),
        ((200, 200), ("differs", "Page 2 answers 200.", REPORT)),
        ((200, *[200] * 9, 404), ("holds", "404 for page 11", "")),
        ((200, 404, None), ("holds", "404 for page 2", "")),
        ((404, 404), None),
        ((200,), None),
    ],
)
def test_what_comes_behind_the_last_page_is_told(statuses, verdict):
    (one,) = said("viewer-end", release(), *paged(1, *statuses), *paged(2, 200, 500))
    assert one[:2] == (verdict or ("cannot tell", "Nothing that was fetched shows it."))[:2]
    assert one[2].startswith(verdict[2] if verdict else "")


PDF, HWPX = b"%PDF-1.7\n%\xe2\xe3\n", b"PK\x03\x04" + bytes(26) + b"mimetypeapplication/hwp+zip"


def offering(*names: str) -> Seen:
    """Make the answer with a page that offers files."""
    each = "".join(
        f'<p><a href="/common/download.do?fileId=19856000{number}">{name}</a></p>' for number, name in enumerate(names)
    )
    return release(more=f"<div class='article_footer'><dl class='filedown'><dt>첨부파일</dt><dd>{each}</dd></dl></div>")


def file(number: int, body: bytes, status: int | None = 200, **given: Any) -> Seen:
    return seen("", f"/common/download.do?fileId=19856000{number}", body, status, role="attachment", **given)


@pytest.mark.parametrize(
    ("name", "given", "how", "mend"),
    [
        ("강.pdf", {"status": None}, "강.pdf never came: It was refused.", REPORT),
        ("강.pdf", {"status": None, "failure_detail": "", "failure": "timeout"}, "강.pdf never came: timeout.", REPORT),
        ("강.pdf", {"status": 404}, "강.pdf came with status 404.", NOTHING),
        ("강.pdf", {"truncated": "length"}, "강.pdf came with cut short (length).", NOTHING),
        ("강.pdf", {"body": b""}, "강.pdf came empty.", NOTHING),
        ("강.pdf", {"body": b"<!DOCTYPE html><html></html>"}, "강.pdf is a page of HTML, with status 200.", NOTHING),
        ("강.hwpx", {}, "강.hwpx is application/pdf.", NOTHING),
        ("강.PDF", {}, "1 files: pdf.", ""),
        ("강", {}, "1 files: without extension.", ""),
        ("강.hwpx", {"body": b"new format"}, "1 files: hwpx.", ""),
    ],
)
def test_files_are_held_against_their_names(name, given, how, mend):
    (one,) = said("downloads", offering(name), file(0, **{"body": PDF, **given}))
    assert one[:2] == ("differs" if mend else "holds", how)
    assert one[2].startswith(mend)


def test_one_file_that_is_none_is_told_beside_those_that_are():
    (odd, good) = judged("downloads", offering("가.pdf", "나.pdf", "다.pdf"), file(0, PDF), file(1, b""), file(2, PDF))
    assert (odd.how, good.how) == ("나.pdf came empty.", "2 files: pdf.")
    assert good.evidence == file(0, PDF).capture.evidence
    names = ("가.xlsx", "나.odt", "다.jpg", "라.docx", "마")
    several = said("downloads", offering(*names), *(file(number, b"new format") for number in range(5)))
    assert several[0][1] == "5 files: docx, jpg, odt, without extension, xlsx."
    again = file(0, b"")
    gone = seen("article:briefing", "/briefing/policyBriefingView.do?newsId=156782099", status=404)
    assert said("downloads", gone, offering("가.pdf"), again) == said("downloads", offering("가.pdf"), again)
    asked = seen("again:file", "/common/download.do?fileId=198560000", b"", 304, role="attachment")
    assert [one.how for one in judged("downloads", offering("가.pdf"), again, asked)] == ["가.pdf came empty."]
    assert said("downloads", offering("가.pdf"), files=False)[0][1].startswith("crawl.attachments is false")
    assert said("downloads", offering("가.pdf"))[0][1] == "No article that was looked at offers a file."


def test_each_type_that_files_come_as_is_told_once():
    assumed, own = {"Content-Type": "application/x-download"}, {"Content-Type": "application/pdf"}
    exchanges = (
        offering("가.pdf", "나.pdf", "다.pdf", "라.pdf", "마.pdf"),
        file(0, PDF, fields=assumed), file(1, PDF, fields=own),
        file(2, PDF, fields=own), file(3, PDF, fields={}), file(4, b"", fields={"Content-Type": "text/plain"}),
        file(5, PDF, 404, fields={"Content-Type": "text/plain"}),
    )  # fmt: skip
    assert [one[:2] for one in said("download-type", *exchanges)] == [
        ("holds", "application/x-download"), ("differs", "They come as application/pdf."),
        ("differs", "They come as no type."),
    ]  # fmt: skip


def test_the_first_file_that_came_tells_how_names_are_said():
    said_so = {"Content-Disposition": 'attachment; filename="a.pdf"'}
    exchanges = file(0, b"", fields=said_so), file(1, PDF, fields=said_so), file(2, PDF, fields=said_so)
    assert said("download-name", offering("a.pdf", "나.pdf", "a.pdf"), *exchanges) == [
        ("differs", "It says “a.pdf” for “나.pdf” (filename).", "Nothing to mend: names are read from the page.")
    ]
    assert said("download-name", offering("나.pdf", "a.pdf"), *exchanges[:2]) == [("holds", "filename", "")]
    assert said("download-name", offering("나.pdf"), file(0, PDF))[0][1] == "It says nothing for “나.pdf”."


@pytest.mark.parametrize("name", ["ETag", "Last-Modified"])
@pytest.mark.parametrize(
    ("status", "verdict"), [(304, ("holds", "304")), (200, ("differs", "It answers 200 with the file."))]
)
def test_a_second_look_at_a_file_is_asked_with_what_it_carries(name, status, verdict):
    again = seen("again:file", "/common/download.do?fileId=198560000", PDF, status, role="attachment")
    came = offering("가.pdf"), file(0, PDF, fields={name: '"a"'})
    assert said("download-again", *came, again)[0][:2] == verdict
    assert said("download-again", *came)[0][0] == "cannot tell"
    both = offering("가.pdf", "나.pdf"), came[1], file(1, PDF), again
    assert said("download-again", *both)[0][:2] == verdict
    assert said("download-again", came[0], file(0, PDF))[0][:2] == ("differs", "Files carry neither.")
    assert said("download-again", came[0], file(0, b""))[0][:2] == ("cannot tell", "No file came.")


@pytest.mark.parametrize(
    ("made", "verdict"),
    [
        (Document("", "read", "application/pdf", (Block("p", "강"),), ("pictures",)),
         ("PDF", "holds", "1 blocks, without pictures")),
        (Document("", "read", "a/new", (Block("p", "강"),) * 2), ("a/new", "holds", "2 blocks")),
        (Document("", "no-text", "application/pdf"), ("PDF", "cannot tell", "가.pdf: no-text.")),
        (Document("", "encrypted", "application/pdf"), ("PDF", "cannot tell", "가.pdf: encrypted.")),
        (Document("", "unsupported", "image/png"), ("image/png", "cannot tell", "가.pdf: unsupported.")),
        (Document("", "unsupported"), ("unknown", "differs", "가.pdf is not read: unsupported.")),
        (Document("", "broken", "application/pdf", detail="cut"),
         ("PDF", "differs", "가.pdf is not read: broken (cut).")),
        (Document("", "error-page", "text/html"), None),
        (Document("", "empty"), None),
        (None, None),
    ],
)  # fmt: skip
def test_what_the_readers_make_of_a_file_is_told_by_its_format(made, verdict):
    came = file(0, PDF)
    given = {came.capture.evidence.record_id: made} if made else {}
    (one,) = judged("attachment-text", offering("가.pdf"), came, documents=given)
    if verdict:
        assert (one.subject, one.said, one.how) == verdict
    else:
        assert one.how == "Nothing that was fetched shows it."


JPEG, PNG = b"\xff\xd8\xff\xe0" + bytes(20), b"\x89PNG\r\n\x1a\n" + bytes(20)


def picture(body: bytes, status: int | None = 200, name: str = "a") -> Seen:
    return seen("", f"/newsWeb/{name}.jpg", body, status, role="image")


def test_pictures_are_judged_by_their_first_bytes():
    both = picture(JPEG), picture(PNG, name="b")
    assert said("images", *both) == [("holds", "2 pictures: image/jpeg, image/png.", "")]
    (one,) = judged("images", both[0], picture(b"<html><body>x</body></html>", name="c"), both[1])
    assert one.how == f"{PORTAL.base}/newsWeb/c.jpg answers 200 with text/html."
    assert said("images", picture(b""))[0][1].endswith(" answers 200 with nothing.")
    assert said("images", both[0], picture(JPEG, 404, "d"))[0][1].endswith("d.jpg answers 404 with image/jpeg.")
    assert said("images", picture(b"", None)) == [("cannot tell", "No picture was answered.", "")]
    assert said("images", picture(b"", None), both[0])[0][:2] == ("holds", "1 pictures: image/jpeg.")
    (one,) = said("images", *both, images=False)
    assert one[:2] == ("cannot tell", "crawl.images is false: no picture was fetched.")
    assert said("images")[0][1] == "Nothing that was fetched shows it."


@pytest.mark.parametrize(
    ("sent", "how", "name"),
    [
        ("attachment; filename*=UTF-8''%EA%B0%95.pdf", "filename*, UTF-8", "강.pdf"),
        ("attachment; FILENAME*=euc-kr'ko'%B0%AD.pdf; filename=a.pdf", "filename*, euc-kr", "강.pdf"),
        ('attachment; filename="%EA%B0%95+a.pdf"', "filename, percent-encoded", "강 a.pdf"),
        ("attachment; filename=a.pdf;", "filename", "a.pdf"),
        ('attachment; filename="a b.pdf"; x=y', "filename", "a b.pdf"),
        ('attachment; filename=""', "filename", ""),
        ("attachment", "no filename", ""),
    ],
)
def test_the_name_of_a_file_is_read_however_it_is_written(sent, how, name):
    assert disposition_name({b"content-disposition": sent.encode()}, sent) == (how, name)


def test_a_name_in_bytes_is_read_as_what_they_are():
    for coding, how in (("cp949", "filename, EUC-KR"), ("utf-8", "filename, UTF-8")):
        sent = "attachment; filename=강.pdf".encode(coding)
        value = sent.decode("utf-8" if coding == "utf-8" else "latin-1")
        assert disposition_name({b"Content-Type": b"a/b", b"Content-Disposition": sent}, value) == (how, "강.pdf")
