"""Answer for files: attachments, pictures, and the document viewer that shows what an attachment says."""

from __future__ import annotations

import re
from urllib.parse import quote

from replica.article import Article, Attachment
from replica.documents import file_bytes, media_type_of, picture_bytes
from replica.exchange import Answer, Request
from replica.pages import Around, Pages, document_pages
from replica.refusals import Refusals
from replica.spoilt import spoilt_bytes
from replica.state import Fault, State

# /docViewer/result/2026.09/15/e97320c87c0d2e44da1a15ef34e29ab3/e97320c87c0d2e44da1a15ef34e29ab3.files/1.html
_TEXT_PAGE = re.compile(r"(?P<folder>.*)/(?P<document>[0-9a-f]{32})\.files/(?P<number>\d+)\.html")
# /docViewer/result/2026.09/15/e97320c87c0d2e44da1a15ef34e29ab3/e97320c87c0d2e44da1a15ef34e29ab3.view.xhtml
_WHOLE_TEXT = re.compile(r"(?P<folder>.*)/(?P<document>[0-9a-f]{32})\.view\.xhtml")


class Downloads:
    """Give attachments, pictures and the viewer's documents."""

    def __init__(self, state: State, pages: Pages, refusals: Refusals) -> None:
        self._state = state
        self._pages = pages
        self._refusals = refusals

    def download(self, request: Request, around: Around) -> Answer:
        """Give the file with the id asked for; an unknown id answers with nothing at all, as on the portal."""
        if not self._given_to(request):
            return Answer(b"", fault=Fault("stall", seconds=600))
        file_id = request.fields.get("fileId", "")
        found = next((one for article in around.others for one in article.attachments if one.file_id == file_id), None)
        if found is None:
            return Answer(b"")
        how = self._state.files.get(file_id, self._state.switches.files)
        if how == "error-page":
            return self._refusals.error_file(around)
        data = file_bytes(found) if how == "none" else spoilt_bytes(found, how)
        return Answer(data, self._type(found), headers=self._named(found.name))

    def _given_to(self, request: Request) -> bool:
        """Say whether the client is one that files are given to."""
        asked = self._state.switches.downloads
        if asked == "browsers":
            return "Mozilla/" in request.headers.get("user-agent", "")
        if asked == "with-referer":
            return "referer" in request.headers
        return asked != "with-cookie" or "JSESSIONID_KOREA=" in request.headers.get("cookie", "")

    def _type(self, file: Attachment) -> str:
        said = self._state.switches.download_type
        return media_type_of(file) if said == "own" else said

    def _named(self, name: str) -> tuple[tuple[str, str], ...]:
        """Write Content-Disposition the way the switch says."""
        match self._state.switches.download_name:
            case "quoted":
                value = f'attachment; filename="{quote(name)}"'
            case "star":
                value = f"attachment; filename*=UTF-8''{quote(name)}"
            case "euc-kr":
                # The bytes of the name as they are, which a header shows as Latin-1 (RFC 9110, 5.5).
                value = f'attachment; filename="{name.encode("cp949", "replace").decode("latin-1")}"'
            case _:
                return ()
        return (("Content-Disposition", value),)

    def viewer_of_file(self, request: Request, around: Around) -> Answer:
        """Give the viewer's frame around the document of one attachment."""
        file_id = request.fields.get("fileId", "")
        article = next((one for one in around.others if any(f.file_id == file_id for f in one.attachments)), None)
        if article is None:
            return self._refusals.missing(request, around)
        return self._frame(article.document_folder, article.document, around)

    def skin(self, request: Request, around: Around) -> Answer:
        """Give the viewer's frame around the document named in the query."""
        return self._frame(request.fields.get("rs", ""), request.fields.get("fn", ""), around)

    def _frame(self, folder: str, document: str, around: Around) -> Answer:
        rest = ".view.xhtml" if self._state.switches.viewer == "view.xhtml" else ".files/1.html"
        return Answer(self._pages.plain("viewer_skin.html", around, inner=f"{folder}/{document}{rest}").encode())

    def document(self, request: Request, around: Around) -> Answer:
        """Give one text page of a document, or all of it, as the viewer's switch says."""
        viewer = self._state.switches.viewer
        whole = viewer == "view.xhtml"
        match = (_WHOLE_TEXT if whole else _TEXT_PAGE).fullmatch(request.path)
        article = None if match is None else _of_document(match["folder"], match["document"], around)
        if match is None or article is None or viewer in ("none", "broken"):
            return self._refusals.missing(request, around)
        if whole:
            blocks = [one for one in article.body if one.plain]
            text = self._pages.document(article, blocks, around, whole=True)
            return Answer(text.encode(), "application/xhtml+xml")
        pages = document_pages(article)
        number = int(match["number"])
        if not 1 <= number <= len(pages):
            return self._refusals.missing(request, around)
        return Answer(self._pages.document(article, pages[number - 1], around, whole=False).encode(), "text/html")

    def picture(self, request: Request, _: Around) -> Answer:
        """Give the picture at the request's path, in its present edition."""
        media_type, data = picture_bytes(request.path, self._state.pictures.get(request.path, 0))
        return Answer(data, media_type)


def _of_document(folder: str, document: str, around: Around) -> Article | None:
    shown = (one for one in around.others if one.document == document and one.document_folder == folder)
    return next(shown, None)
