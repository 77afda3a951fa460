"""Captures -> articles: the second pass, which can be run again at any time from the WARC files.

A look at an article is its page's capture and, of the same run, the captures of its document and files. Looks are
read in order of time; when older captures turn up, or the extractor is another than the one that read what is
filed, the whole article is read again from its first capture.
"""

from __future__ import annotations

import hashlib
import sqlite3
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from itertools import islice
from urllib.parse import urljoin

from crawler.documents.guard import Guard
from crawler.documents.reading import reader
from crawler.documents.text import ASIDES
from crawler.heard import Heard
from crawler.layouts import PageReading, era, extractor, read_document, read_page, with_document
from crawler.markup import parse
from crawler.places import Look, Whereabouts
from crawler.portal import Portal, document_pages
from storage import captures as filed_captures
from storage import documents, filing, judgements, looks, page_captures, versions
from storage.archive import Archive
from storage.content_coding import ContentError, text_of, utf8_of
from storage.errors import WarcError
from storage.indexing import Entry
from storage.magic import is_whole_picture, media_type_of
from storage.records import (
    Article,
    Attachment,
    Capture,
    Document,
    Evidence,
    Image,
    Outcome,
    Reading,
    iso,
    source_of_body,
)
from storage.warc_reader import OriginalMissing, payload_of, uncoded_start

LARGE = 32 * 1024 * 1024
"""Bytes; of a larger file only the start is read, to tell its type."""
AHEAD = 1000
"""Pages remembered at most that were read before their looks."""
_ROOM = 4 << 20
"""Bytes of pages unpacked before they are read."""
MAX_DOCUMENT_PAGES = 400
"""A document longer than this is cut off by the crawler and filed as incomplete."""


@dataclass(frozen=True, slots=True)
class LooksRead:
    """What the looks at an article came to: its filing, the runs they are of, and what its files were found to say.

    ``anew`` says that all of its captures were read, and that what is filed of it is to be forgotten.
    """

    filing: filing.Filing
    anew: bool
    runs: set[str]
    files: list[Document]


def _file(db: sqlite3.Connection, read: LooksRead) -> list[Entry]:
    """File what the looks at an article came to, and have it compared."""
    article = read.filing.article
    for document in read.files:
        documents.add(db, document, reader())
    if read.anew:
        filing.forget(db, article)
    entries = filing.put(db, read.filing)
    looks.mark_read(db, article)
    judgements.compare(db, article)
    return entries


def file(db: sqlite3.Connection, found: Iterable[LooksRead]) -> list[Entry]:
    """File what the looks at several articles came to, and have their runs judged, each of which is one of many's.

    Returns:
        What the index is to hold of the new versions.
    """
    entries: list[Entry] = []
    runs: set[str] = set()
    for one in found:
        entries += _file(db, one)
        runs |= one.runs
    for run in sorted(runs):
        judgements.judge_from(db, run)
    return entries


class Extractor:
    """Reads captures of an archive into articles.

    Args:
        archive: Where the WARC files stand.
        db: The version database.
        portal: Whose address rules hold.
    """

    def __init__(self, archive: Archive, db: sqlite3.Connection, portal: Portal) -> None:
        self._archive = archive
        self._db = db
        self._portal = portal
        self._guard = Guard()
        self._read_here: dict[str, Document] = {}
        self._heard = Heard.beside(db)
        self._last_page: tuple[tuple[object, ...], PageReading] | None = None
        self._ahead: dict[str, PageReading] = {}
        self._found: dict[str, tuple[list[Capture], bool]] = {}

    def page(self, capture: Capture, text: str | bytes) -> PageReading:
        """Read a page as it comes in, and remember what it was read as until its look is read.

        Args:
            capture: The page's capture.
            text: What the capture holds, decoded, or in UTF-8.
        """
        while len(self._ahead) >= AHEAD:
            del self._ahead[next(iter(self._ahead))]
        reading = self._ahead[capture.evidence.record_id] = read_page(
            text, capture.url, capture.captured_at, self._portal
        )
        return reading

    def pending(self) -> list[str]:
        """List the articles of which captures are not filed yet, or were read by another extractor."""
        self._forget_other_extractors()
        return list(looks.pending_articles(self._db))

    def waits(self, article: str) -> bool:
        """Say whether captures of an article are not filed yet."""
        return looks.waits(self._db, article)

    def repeated(self, capture: Capture, *, body: bool = True) -> PageReading | None:
        """Give what a page says again that the newest version was read from, byte for byte, at the same address.

        Nothing is parsed; None where the page must be, because other bytes, another address or sort of page, another
        day's layouts or another extractor made that version, or because more than the page did.

        Args:
            capture: A revisit.
            body: Give the article's body, too, which only its look needs.
        """
        row = versions.made_of(self._db, capture)
        if row is None or row["extractor"] != extractor():
            return None
        if era(datetime.fromisoformat(row["first_seen"])) != era(capture.captured_at):
            return None
        article = versions.article_of(row, body=body)
        unread = tuple(replace(one, sha256=None) for one in article.images)
        return PageReading("read", replace(article, images=unread), row["layout"])

    def _forget_other_extractors(self) -> None:
        """Have every page read again when another extractor read what is filed: code must not look like an edit."""
        row = self._db.execute("SELECT value FROM about WHERE name = 'extractor'").fetchone()
        if row is not None and row["value"] == extractor():
            return
        with self._db:
            looks.read_all_again(self._db)
            self._db.execute("INSERT OR REPLACE INTO about VALUES ('extractor', ?)", (extractor(),))

    def read_pages(self, articles: Sequence[str]) -> None:
        """Read the pages of articles whose looks are read next, as many as are remembered.

        They are unpacked together, then read together: in turn with that and with folding each takes half as long
        again, as it runs out of the processor's caches. What cannot be unpacked its look meets again.
        """
        self._found = {one: self._waiting(one) for one in articles}
        captures = (capture for found, _ in self._found.values() for capture in found)
        pages = (
            one
            for one in captures
            if one.kind == "response" and one.evidence.record_id not in self._ahead and self._outcome(one) == "read"
        )
        ahead = islice(pages, 0 if self._heard else max(0, AHEAD - len(self._ahead)))
        while texts := list(self._unpacked(ahead)):
            for capture, text in texts:
                self.page(capture, text)

    def _unpacked(self, captures: Iterator[Capture]) -> Iterator[tuple[Capture, bytes]]:
        """Unpack pages until enough is held."""
        held = 0
        while held < _ROOM and (capture := next(captures, None)) is not None:
            try:
                text = self._page_text(capture)
            except (ContentError, WarcError):
                continue
            yield capture, text
            held += len(text)

    def looks_at(self, article: str) -> LooksRead:
        """Read the captures of an article that are not filed yet; nothing is written.

        Raises:
            WarcError: One of them cannot be read in its WARC file.
        """
        captures, anew = self._found.pop(article) if article in self._found else self._waiting(article)
        read = [self._look(capture) for capture in _last_tries(captures)]
        where = Whereabouts() if anew else self._whereabouts(article)
        made = filing.fold(self._db, article, list(where.settled(read)), anew=anew, said=self._said)
        files, self._read_here = self._read_here, {}
        return LooksRead(made, anew, {capture.run for capture in captures}, list(files.values()))

    def _waiting(self, article: str) -> tuple[list[Capture], bool]:
        """Give the captures of an article that are to be read, and whether these are all of it, from the first on."""
        newest = versions.last_check(self._db, article)
        pending = page_captures.of_article(self._db, article, pending=True)
        anew = looks.to_be_read_again(self._db, article) or (
            newest is not None and iso(pending[0].captured_at) <= newest
        )
        return (page_captures.of_article(self._db, article, pending=False) if anew else pending), anew

    def _look(self, capture: Capture) -> Look:
        """Read one look and say where it was, and where it led."""
        target = self._portal.address(capture.location, capture.url) if capture.location else None
        leads = target.url if target is not None and target.article == capture.article else None
        return Look(capture, self._filed(capture.url), self.read(capture), leads)

    def _filed(self, url: str) -> str:
        address = self._portal.address(url)
        return address.url if address is not None else url

    def _whereabouts(self, article: str) -> Whereabouts:
        """Give what is filed of an article's place."""
        places = versions.places(self._db, article)
        if not places:
            return Whereabouts()
        url, section = places[-1]
        left = {one for one, _ in places} - {url}
        return Whereabouts(url, section, left, lambda: self._newest(article))

    def _newest(self, article: str) -> dict[str, Outcome]:
        """Give the outcome of the newest filed look at each of an article's addresses."""
        return {self._filed(url): outcome for url, outcome in looks.looked_at(self._db, article)}

    def read(self, capture: Capture) -> Reading | None:
        """Read one look; None for a redirect to the same article, whose target is the look."""
        outcome = self._outcome(capture)
        if outcome is None:
            return None
        if outcome != "read":
            return Reading(capture, outcome)
        try:
            return self._read(capture)
        except OriginalMissing:
            # It is read again when the file that holds the original turns up.
            return Reading(capture, "incomplete")
        except ContentError:
            # The bytes are in the archive, but their coding is broken or a bomb: a look that could not tell.
            return Reading(capture, "error")

    def _read(self, capture: Capture) -> Reading:
        page = self._page(capture)
        if page.article is None:
            return Reading(capture, page.outcome)
        article: Article | None = page.article
        if page.article.viewer:
            article = self._with_document(capture, page.article)
        if article is None:
            return Reading(capture, "incomplete")
        if article.attachments or article.images:
            files = dict(page.downloads)
            article = replace(
                article,
                attachments=tuple(self._with_file(capture, one, files) for one in article.attachments),
                images=tuple(self._with_picture(capture, one) for one in article.images),
            )
        if article.section == "press-release" and not article.body:
            article = self._with_file_text(article)
        if article is None:
            return Reading(capture, "incomplete")
        return Reading(capture, "read", article, page.layout, extractor())

    def _page(self, capture: Capture) -> PageReading:
        """Read the page; looks that stand on one record (304, revisits) read it once, while one layout is in force."""
        said_by = (capture.refers_to or capture.evidence.record_id, capture.url, capture.media_type)
        key = (*said_by, era(capture.captured_at))
        known = self._ahead.pop(capture.evidence.record_id, None)
        if known is None and self._last_page is not None and self._last_page[0] == key:
            return self._last_page[1]
        if known is None and self._heard:
            known = self._heard.page(capture)
        known = known or self.repeated(capture)
        page = known or read_page(self._page_text(capture), capture.url, capture.captured_at, self._portal)
        self._last_page = (key, page)
        return page

    def _with_file_text(self, article: Article) -> Article | None:
        """Take the text of a file for that of a release which says nothing itself; None while one is unread.

        Which file it is must not depend on what could be fetched today: another file's words would be an edit.
        """
        if any(one.sha256 is None for one in article.attachments):
            return None
        source = source_of_body(article.attachments)
        document = self._known(source.sha256 or "") if source is not None else None
        if document is None:
            return article
        body = tuple(block for block in document.blocks if not block.text.startswith(ASIDES))
        return replace(article, body=body, body_from="attachment")

    def _outcome(self, capture: Capture) -> Outcome | None:
        """Judge a look by its status; None for a step on the way to the same article."""
        status = capture.status
        if status is None or capture.kind == "failure":
            return "unreachable"
        if status in {404, 410}:
            return "gone"
        if status in {401, 403, 429, 451}:
            return "blocked"
        if 300 <= status < 400 and status != 304 and capture.location:
            return self._redirected(capture)
        if not readable(capture):
            return "error"
        return "read"

    def _redirected(self, capture: Capture) -> Outcome | None:
        target = self._portal.address(capture.location or "", capture.url)
        if target is None:
            return "away"
        if target.article == capture.article:
            return None
        return "front-page" if target.role in {"front", "list"} else "error"

    def payload(self, capture: Capture) -> bytes:
        """Give the payload behind a capture; every reading of one goes through here or :meth:`start`."""
        known = self._heard.payload(capture) if self._heard else None
        return payload_of(self._archive.root, capture, self._resolve, LARGE) if known is None else known

    def start(self, capture: Capture) -> bytes | None:
        """Give the first bytes of a payload that is too large to be held, None when it has a content coding."""
        return uncoded_start(self._archive.root, capture, self._resolve, LARGE)

    def close(self) -> None:
        """End the process that reads files, should one have been needed."""
        self._guard.close()

    def guarded(self) -> Guard:
        """Give the guard under which files are read, to be entered around :meth:`read`."""
        return self._guard

    def _resolve(self, record_id: str) -> Evidence | None:
        return filed_captures.by_record(self._db, record_id)

    def _page_text(self, capture: Capture) -> bytes:
        return utf8_of(self.payload(capture), capture.media_type or "")

    def _text(self, capture: Capture) -> str:
        return text_of(self.payload(capture), capture.media_type or "")

    def _with_document(self, page: Capture, article: Article) -> Article | None:
        """Add the viewer's text; None when it could not be read whole."""
        assert article.viewer is not None  # noqa: S101
        texts = self._document_texts(page, article.viewer)
        if texts is None:
            return None
        document = read_document(texts, self._portal)
        return with_document(article, document) if document.blocks or document.images else None

    def _document_texts(self, page: Capture, viewer: str) -> list[str] | None:
        found = self.document_captures(page, viewer)
        return None if found is None else [self._text(capture) for capture in found]

    def document_captures(self, page: Capture, viewer: str) -> list[Capture] | None:
        """Give the captures of a look's document, page by page; None when it was not fetched whole."""
        numbered, single = document_pages(viewer)
        found: list[Capture] = []
        for number in range(1, MAX_DOCUMENT_PAGES + 1):
            capture = filed_captures.beside(self._db, page, f"{numbered}{number}.html")
            if capture is None:
                return self._one_page(page, viewer, single) if number == 1 else None
            if capture.status in {404, 410}:
                return found or self._one_page(page, viewer, single)
            if not readable(capture):
                return None
            found.append(capture)
        return None

    def _one_page(self, page: Capture, viewer: str, single: str) -> list[Capture] | None:
        for url in (single, self._inner_frame(page, viewer)):
            capture = filed_captures.beside(self._db, page, url) if url else None
            if capture is not None and readable(capture):
                return [capture]
        return None

    def _inner_frame(self, page: Capture, viewer: str) -> str | None:
        skin = filed_captures.beside(self._db, page, viewer)
        if skin is None or not readable(skin):
            return None
        return inner_frame(self._text(skin), viewer, self._portal)

    def _with_picture(self, page: Capture, image: Image) -> Image:
        """Add the digest of the picture's bytes; one that was not fetched whole, or is no picture, stays unread."""
        capture = filed_captures.beside(self._db, page, image.src)
        if capture is None or not readable(capture) or not 0 < capture.payload_length <= LARGE:
            return image
        if self._heard and (known := self._heard.picture(capture)) is not None:
            return replace(image, sha256=known) if known else image
        try:
            payload = self.payload(capture)
        except ContentError:
            return image  # Its coding is broken: unread, not changed.
        return replace(image, sha256=hashlib.sha256(payload).hexdigest()) if is_whole_picture(payload) else image

    def _with_file(self, page: Capture, attachment: Attachment, addresses: dict[str, str]) -> Attachment:
        """Add what the file's bytes say; an attachment that was not fetched stays unread."""
        url = addresses.get(attachment.file_id)
        capture = filed_captures.beside(self._db, page, url) if url else None
        if capture is None or not readable(capture) or not capture.payload_length:
            return attachment
        if capture.payload_length > LARGE:
            start = self.start(capture)
            if start is not None:
                return replace(attachment, media_type=media_type_of(start), sha256=capture.payload_sha256)
        document = self._heard.file(capture) if self._heard else None
        try:
            document = self._document(self.payload(capture)) if document is None else self._keep(document)
        except ContentError:
            return attachment  # Its coding is broken, or it is too large to be unpacked: unread, not changed.
        if document.outcome in {"error-page", "empty"}:
            return attachment  # The portal answers a missing file with an error page or nothing, and status 200.
        return replace(
            attachment, media_type=document.media_type, sha256=document.sha256, text_sha256=document.text_sha256
        )

    def _document(self, payload: bytes) -> Document:
        """Give what a file says, read once for all looks and articles that have the same bytes."""
        return self._known(hashlib.sha256(payload).hexdigest()) or self._keep(self._guard.read(payload))

    def _keep(self, document: Document) -> Document:
        if self._known(document.sha256) is None:
            self._read_here[document.sha256] = document
        return document

    def _said(self, sha256: str) -> str | None:
        """Give the text of a file, None where it was not read."""
        here = self._read_here.get(sha256)
        if here is not None:
            return here.text if here.text_sha256 else None
        return documents.text_of(self._db, sha256)

    def _known(self, sha256: str) -> Document | None:
        return self._read_here.get(sha256) or documents.find(self._db, sha256, reader())


def readable(capture: Capture) -> bool:
    """Say whether a capture's payload was fetched whole, or is by the server's word (304) still the one before."""
    return capture.truncated is None and (
        capture.status == 200 or (capture.status == 304 and capture.kind == "revisit")
    )


def inner_frame(skin: str, viewer: str, portal: Portal) -> str | None:
    """Find the address of the text in the viewer's skin (``iframe[name=innerWrap]``)."""
    frame = parse(skin).css_first("iframe[name=innerWrap][src]")
    return portal.local(urljoin(viewer, frame.attributes.get("src") or ""), viewer) if frame is not None else None


def _last_tries(captures: list[Capture]) -> Iterator[Capture]:
    """Drop a failed try that the same run made good or repeated: tries of one look are one check."""
    last = {(capture.run, capture.url): capture.id for capture in captures}
    for capture in captures:
        failed = capture.status is None or capture.status >= 500
        if not failed or last[capture.run, capture.url] == capture.id:
            yield capture
