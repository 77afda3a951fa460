"""Reads the parts of a look beside its page: its document's pages, its files and pictures, as its run fetched them."""

from __future__ import annotations

import hashlib
import sqlite3
from dataclasses import replace

from crawler.documents.guard import Guard
from crawler.documents.reading import reader
from crawler.documents.text import ASIDES
from crawler.layouts import PageReading, read_document, with_document
from crawler.payloads import LARGE, Payloads, readable
from crawler.portal import Portal, of_no_file
from crawler.viewer import LEADS_AWAY, Viewer
from storage import captures, documents
from storage.content_coding import ContentError
from storage.magic import is_whole_picture, media_type_of
from storage.records import Article, Attachment, Capture, Document, Image, source_of_body

_MOST_LED = 5
"""Redirects that are followed one after the other; the crawl (``REDIRECT_MAX_TIMES``) follows as many."""


class Parts:
    """Completes what a page says by what stands beside it.

    Args:
        payloads: Where the parts are read from.
        db: The version database.
        portal: Whose address rules hold.
    """

    def __init__(self, payloads: Payloads, db: sqlite3.Connection, portal: Portal) -> None:
        self._payloads = payloads
        self._db = db
        self._portal = portal
        self.viewer = Viewer(payloads, db, portal)
        """Where a look's document stands."""
        self.guard = Guard()
        """Under which files are read."""
        self._read_here: dict[str, Document] = {}

    def completed(self, capture: Capture, page: PageReading, article: Article) -> Article | None:
        """Give an article with its document, files and pictures; None when one that it cannot do without was not read.

        Args:
            capture: The page's capture.
            page: What the page was read as.
            article: The article in it.
        """
        whole = self._with_document(capture, article) if article.viewer else article
        if whole.attachments or whole.images:
            files = dict(page.downloads)
            whole = replace(
                whole,
                attachments=tuple(self._with_file(capture, one, files) for one in whole.attachments),
                images=tuple(self._with_picture(capture, one) for one in whole.images),
            )
        if whole.section == "press-release" and not whole.body and whole.body_from != "unread":
            return self._with_file_text(whole)
        return whole

    def files_read(self) -> list[Document]:
        """Give what files were found to say since this was last asked."""
        files, self._read_here = self._read_here, {}
        return list(files.values())

    def _with_file_text(self, article: Article) -> Article | None:
        """Take the text of a file for that of a release which says nothing itself; None while one is unread.

        Which file it is must not depend on what could be fetched today: another file's words would be an edit.
        """
        if any(one.sha256 is None for one in article.attachments):
            return None
        source = source_of_body(article.attachments)
        document = self._known(source.sha256 or "") if source is not None else None
        if source is None or document is None:
            return article
        body = tuple(block for block in document.blocks if not block.text.startswith(ASIDES))
        return replace(article, body=body, body_from="attachment", body_file=source.file_id)

    def _with_document(self, page: Capture, article: Article) -> Article:
        """Add the viewer's text; where it could not be read whole, the body is unread."""
        assert article.viewer is not None  # noqa: S101
        found = self.viewer.pages(page, article.viewer)
        if found is not None:
            document = read_document(map(self._payloads.text, found), self._portal, found[0].url)
            if document.blocks or document.images:
                return with_document(article, document)
        return replace(article, body_from="unread")

    def _with_picture(self, page: Capture, image: Image) -> Image:
        """Add the digest of the picture's bytes; one that was not fetched whole, or is no picture, stays unread."""
        capture = self._beside(page, image.src)
        if capture is None or not readable(capture) or not 0 < capture.payload_length <= LARGE:
            return image
        if self._payloads.heard and (known := self._payloads.heard.picture(capture)) is not None:
            return replace(image, sha256=known) if known else image
        try:
            payload = self._payloads.payload(capture)
        except ContentError:
            return image  # Its coding is broken: unread, not changed.
        return replace(image, sha256=hashlib.sha256(payload).hexdigest()) if is_whole_picture(payload) else image

    def _with_file(self, page: Capture, attachment: Attachment, addresses: dict[str, str]) -> Attachment:
        """Add what the file's bytes say; an attachment that was not fetched stays unread."""
        url = addresses.get(attachment.file_id)
        capture = self._beside(page, url) if url else None
        if capture is None or not readable(capture):
            return attachment
        if capture.payload_length > LARGE:
            start = self._payloads.start(capture)
            if start is not None and capture.payload_sha256 is not None:
                sort, detail = media_type_of(start), f"larger than {LARGE} bytes"
                unread = self._keep(Document(capture.payload_sha256, "too-large", sort, detail=detail))
                return replace(attachment, media_type=sort, sha256=unread.sha256)
        document = self._payloads.heard.file(capture) if self._payloads.heard else None
        try:
            document = self._document(self._payloads.payload(capture)) if document is None else self._keep(document)
        except ContentError:
            return attachment  # Its coding is broken, or it is too large to be unpacked: unread, not changed.
        if document.outcome in {"error-page", "empty"}:
            return attachment  # The portal answers a missing file with an error page or nothing, and status 200.
        return replace(
            attachment, media_type=document.media_type, sha256=document.sha256, text_sha256=document.text_sha256
        )

    def _beside(self, page: Capture, url: str) -> Capture | None:
        """Give the capture of a part; where it leads elsewhere on the portal, what stands there and is this part alone.

        What stands in the place of all that is missing is none: an address of no file leads there too. Where that leads
        must have been asked in the same run.
        """
        there, led = self._led(page, url)
        if there is None or not led:
            return there
        nothing, _ = self._led(page, of_no_file(url))
        if nothing is None or not (readable(nothing) or nothing.status in {404, 410} | LEADS_AWAY):
            return None
        stands_in = there.url == nothing.url or there.evidence.payload_digest == nothing.evidence.payload_digest
        return None if stands_in else there

    def _led(self, page: Capture, url: str) -> tuple[Capture | None, bool]:
        """Give the capture of an address of the portal, or of where it leads in the end, and whether it leads away."""
        capture = captures.beside(self._db, page, url)
        for led in range(_MOST_LED):
            if capture is None or capture.status not in LEADS_AWAY or capture.location is None:
                return capture, bool(led)
            target = self._portal.local(capture.location, capture.url)
            if target is None:
                return capture, bool(led)
            capture = captures.beside(self._db, page, target)
        return capture, True

    def _document(self, payload: bytes) -> Document:
        """Give what a file says, read once for all looks and articles that have the same bytes."""
        return self._known(hashlib.sha256(payload).hexdigest()) or self._keep(self.guard.read(payload))

    def _keep(self, document: Document) -> Document:
        if self._known(document.sha256) is None:
            self._read_here[document.sha256] = document
        return document

    def said(self, sha256: str) -> str | None:
        """Give the text of a file, None where it was not read."""
        here = self._read_here.get(sha256)
        if here is not None:
            return here.text if here.text_sha256 else None
        return documents.text_of(self._db, sha256)

    def _known(self, sha256: str) -> Document | None:
        return self._read_here.get(sha256) or documents.find(self._db, sha256, reader())
