"""Answer requests as the portal does: which address gives which page."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Literal
from urllib.parse import quote

from replica.article import SECTIONS, Article
from replica.documents import file_bytes, picture_bytes
from replica.exchange import HTML, Answer, Request
from replica.listing import listing
from replica.noise import Noise
from replica.pages import Around, Pages, document_pages
from replica.state import Fault, State

# /docViewer/result/2026.09/15/e97320c87c0d2e44da1a15ef34e29ab3/e97320c87c0d2e44da1a15ef34e29ab3.files/1.html
_TEXT_PAGE = re.compile(r"(?P<folder>.*)/(?P<document>[0-9a-f]{32})\.files/(?P<number>\d+)\.html")
# /docViewer/result/2026.09/15/e97320c87c0d2e44da1a15ef34e29ab3/e97320c87c0d2e44da1a15ef34e29ab3.view.xhtml
_WHOLE_TEXT = re.compile(r"(?P<folder>.*)/(?P<document>[0-9a-f]{32})\.view\.xhtml")

_VIEWS = {
    path: section for section in SECTIONS.values() for path in (section.view, section.old_view) if path is not None
}
_LISTS = {section.list: section for section in SECTIONS.values()}


@dataclass(slots=True)
class Switches:
    """The replica's answers to what nobody knows of the portal; set them at any time.

    Attributes:
        subtitles_in: Where the subtitles of the 2026 template stand.
        viewer: Whether the document viewer offers numbered text pages or one XHTML file.
        unknown: How an unknown or not yet published newsId answers.
        page_size: Rows on a page of a list.
        delay: Seconds before every answer.
        validators: Whether files and pictures carry an ETag and answer 304 to it; ``lying`` ones keep it when the
            bytes change.
    """

    subtitles_in: Literal["article_head", "view_title"] = "article_head"
    viewer: Literal["files", "view.xhtml"] = "files"
    unknown: Literal["404", "alert"] = "404"
    page_size: int = 20
    delay: float = 0.0
    validators: Literal["none", "honest", "lying"] = "none"


class Router:
    """Find the answer to a request in the state of the portal."""

    def __init__(self, state: State, switches: Switches) -> None:
        self._state = state
        self._switches = switches
        self._pages = Pages()
        self._exact: dict[str, Callable[[Request, Around], Answer]] = {
            "/": self._front,
            "/robots.txt": lambda _, around: self._text("robots.html", around, "text/plain;charset=UTF-8"),
            "/sitemapindex.xml": lambda _, around: self._text("sitemap_index.html", around, "text/xml;charset=UTF-8"),
            "/sitemap.xml": lambda _, around: self._text("sitemap.html", around, "text/xml;charset=UTF-8"),
            "/common/download.do": self._download,
            "/common/docViewer.do": self._viewer_of_file,
            "/docViewer/iframe_skin/doc.html": self._skin,
            **dict.fromkeys(_VIEWS, self._view),
            **dict.fromkeys(_LISTS, self._list),
        }
        self._below: tuple[tuple[str, Callable[[Request, Around], Answer]], ...] = (
            ("/docViewer/result/", self._document),
            ("/newsWeb/resources/attaches/", self._picture),
            ("/images/", self._picture),
            ("/css/", lambda *_: Answer(b"body { margin: 0 }\n", "text/css")),
            ("/js/", lambda *_: Answer(b'"use strict";\n', "application/javascript")),
            ("/docViewer/iframe_skin/js/", lambda *_: Answer(b'"use strict";\n', "application/javascript")),
        )

    def answer(self, request: Request, noise: Noise) -> Answer:
        """Answer ``request``, as rendering ``noise``; a fault of its path or article comes first."""
        around = Around(noise, request.origin, self._state.visible())
        fault = self._fault(request)
        if fault is not None and fault.kind in ("status", "firewall", "redirect"):
            return self._failure(fault, request, around)
        found = self._exact.get(request.path)
        if found is None:
            found = next((one for prefix, one in self._below if request.path.startswith(prefix)), self._missing)
        answer = self._validated(request, found(request, around))
        return answer if fault is None else replace(answer, fault=fault)

    def _validated(self, request: Request, answer: Answer) -> Answer:
        """Add an ETag to a file or picture, and answer 304 to a request that knows it (RFC 9110, 13.1.2)."""
        files = ("/common/download.do", "/newsWeb/", "/docViewer/result/")
        if self._switches.validators == "none" or answer.status != 200 or not request.path.startswith(files):
            return answer
        of = request.target.encode() if self._switches.validators == "lying" else answer.body
        etag = f'"{hashlib.sha256(of).hexdigest()[:16]}"'
        if request.headers.get("if-none-match") == etag:
            return Answer(b"", answer.media_type, status=304, headers=(("ETag", etag),))
        return replace(answer, headers=(*answer.headers, ("ETag", etag)))

    def _fault(self, request: Request) -> Fault | None:
        article_id = request.fields.get("newsId", "") if request.path in _VIEWS else ""
        for key in (request.path, article_id):
            fault = self._state.faults.get(key)
            if fault is None:
                continue
            if fault.times is not None:
                left = replace(fault, times=fault.times - 1)
                if left.times:
                    self._state.faults[key] = left
                else:
                    del self._state.faults[key]
            return fault
        return None

    def _failure(self, fault: Fault, request: Request, around: Around) -> Answer:
        if fault.kind == "firewall":
            return Answer(self._pages.plain("firewall.html", around).encode())
        if fault.kind == "redirect":
            to = fault.location if "://" in fault.location else request.origin + fault.location
            return Answer(b"", status=302, headers=(("Location", to),))
        wait = () if fault.retry_after is None else (("Retry-After", str(fault.retry_after)),)
        page = self._pages.plain(
            "error.html",
            around,
            heading="서비스 이용에 불편을 드려 죄송합니다.",
            text="잠시 후 다시 이용해 주시기 바랍니다.",
        )
        return Answer(page.encode(), status=fault.status, headers=wait)

    def _missing(self, _: Request, around: Around) -> Answer:
        page = self._pages.plain(
            "error.html", around, heading="페이지를 찾을 수 없습니다.", text="주소가 바뀌었거나 없는 페이지입니다."
        )
        return Answer(page.encode(), status=404)

    def _gone(self, how: str, request: Request, around: Around) -> Answer:
        if how == "alert":
            return Answer(self._pages.plain("alert.html", around).encode())
        return self._missing(request, around)

    def _front(self, _: Request, around: Around) -> Answer:
        return self._text("front.html", around, HTML)

    def _text(self, name: str, around: Around, media_type: str) -> Answer:
        return Answer(self._pages.plain(name, around, articles=around.others).encode(), media_type)

    def _view(self, request: Request, around: Around) -> Answer:
        article_id = request.fields.get("newsId", "")
        article = self._state.articles.get(article_id)
        section = _VIEWS[request.path]
        if article is None or article_id in self._state.hidden:
            return self._gone(self._switches.unknown, request, around)
        if article_id in self._state.removed:
            return self._gone(self._state.removed[article_id], request, around)
        if section.name != article.section:
            if section.name in self._state.former.get(article_id, ()):
                return Answer(b"", status=302, headers=(("Location", request.origin + article.address),))
            return self._gone(self._switches.unknown, request, around)
        page = self._pages.article(article, around, subtitles_in=self._switches.subtitles_in)
        return Answer(page.encode())

    def _list(self, request: Request, around: Around) -> Answer:
        section = _LISTS[request.path]
        found = listing(
            [one for one in around.others if one.section == section.name],
            request.fields,
            posted=request.method == "POST",
            noise=around.noise,
            size=self._switches.page_size,
        )
        return Answer(self._pages.list(section.name, found, around).encode(), chunked=True)

    def _download(self, request: Request, around: Around) -> Answer:
        file_id = request.fields.get("fileId", "")
        for article in around.others:
            for attachment in article.attachments:
                if attachment.file_id == file_id:
                    name = f'attachment; filename="{quote(attachment.name)}"'
                    return Answer(
                        file_bytes(attachment), "application/x-download", headers=(("Content-Disposition", name),)
                    )
        return Answer(b"")

    def _viewer_of_file(self, request: Request, around: Around) -> Answer:
        file_id = request.fields.get("fileId", "")
        article = next((one for one in around.others if any(f.file_id == file_id for f in one.attachments)), None)
        if article is None:
            return self._missing(request, around)
        return self._frame(article.document_folder, article.document, around)

    def _skin(self, request: Request, around: Around) -> Answer:
        return self._frame(request.fields.get("rs", ""), request.fields.get("fn", ""), around)

    def _frame(self, folder: str, document: str, around: Around) -> Answer:
        rest = ".view.xhtml" if self._switches.viewer == "view.xhtml" else ".files/1.html"
        return Answer(self._pages.plain("viewer_skin.html", around, inner=f"{folder}/{document}{rest}").encode())

    def _document(self, request: Request, around: Around) -> Answer:
        whole = self._switches.viewer == "view.xhtml"
        match = (_WHOLE_TEXT if whole else _TEXT_PAGE).fullmatch(request.path)
        article = None if match is None else self._of_document(match["folder"], match["document"], around)
        if match is None or article is None:
            return self._missing(request, around)
        if whole:
            blocks = [one for one in article.body if one.plain]
            text = self._pages.document(article, blocks, around, whole=True)
            return Answer(text.encode(), "application/xhtml+xml")
        pages = document_pages(article)
        number = int(match["number"])
        if not 1 <= number <= len(pages):
            return self._missing(request, around)
        return Answer(self._pages.document(article, pages[number - 1], around, whole=False).encode(), "text/html")

    def _of_document(self, folder: str, document: str, around: Around) -> Article | None:
        shown = (one for one in around.others if one.document == document and one.document_folder == folder)
        return next(shown, None)

    def _picture(self, request: Request, _: Around) -> Answer:
        media_type, data = picture_bytes(request.path)
        return Answer(data, media_type)
