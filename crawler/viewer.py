"""The document viewer as one look found it: which captures are the document's pages, and where it ends."""

from __future__ import annotations

import sqlite3
from dataclasses import dataclass
from typing import Literal
from urllib.parse import urljoin

from crawler.layouts import read_document_page
from crawler.markup import parse
from crawler.notices import says_gone
from crawler.payloads import Payloads, readable
from crawler.portal import Portal, document_pages
from storage import captures
from storage.records import Capture

MAX_DOCUMENT_PAGES = 400
"""A document longer than this is cut off by the crawler and filed as incomplete."""


@dataclass(frozen=True, slots=True)
class Asks:
    """What a look has yet to ask for before it can be told where its document ends."""

    url: str


class Viewer:
    """Tells from a look's captures what its document consists of, while it is fetched and when it is read.

    Args:
        payloads: Where the pages are read from.
        db: The version database.
        portal: Whose address rules hold.
    """

    def __init__(self, payloads: Payloads, db: sqlite3.Connection, portal: Portal) -> None:
        self._payloads = payloads
        self._db = db
        self._portal = portal

    def pages(self, page: Capture, viewer: str) -> list[Capture] | None:
        """Give the captures of a look's document, page by page; None when it was not fetched whole."""
        numbered, single = document_pages(viewer)
        found: list[Capture] = []
        for number in range(1, MAX_DOCUMENT_PAGES + 1):
            capture = captures.beside(self._db, page, f"{numbered}{number}.html")
            if capture is None:
                if not found:
                    return self._one_page(page, viewer, single)
                return found[:-2] if self.ends_before(page, viewer, number - 2) == "ends" else None
            if capture.status in {404, 410}:
                return found or self._one_page(page, viewer, single)
            if not readable(capture):
                return None
            found.append(capture)
        return None

    def ends_before(self, page: Capture, viewer: str, number: int) -> Asks | Literal["ends", "goes-on", "unclear"]:
        """Say whether a document ends before a page of which the viewer says in words that it is not there.

        A viewer that says so in words, and not by its status, says the same of a page that no document has, and of the
        one that would come next. It shows the last page once more afterwards: where it fails that is gone, too.

        Args:
            page: The capture of the article's page.
            viewer: The viewer's address.
            number: The number of the page that is said not to be there.

        Returns:
            Whether it ends there, goes on since the words are its own, or cannot be told; or what the look is to ask
            for next.
        """
        if number < 2:
            return "unclear"
        at = document_pages(viewer)[0] + "{}.html"
        said = None
        for url in map(at.format, (number, MAX_DOCUMENT_PAGES, number + 1)):
            said = captures.beside(self._db, page, url)
            if said is None:
                return Asks(url)
            if url == at.format(MAX_DOCUMENT_PAGES) and said.status in {404, 410}:
                return "goes-on"
            if not (readable(said) and says_gone(self._payloads.text(said))):
                return "unclear"
        last = captures.beside(self._db, page, at.format(number - 1))
        again = captures.later(self._db, said, at.format(number - 1)) if said is not None else None
        if last is None or again is None:
            return Asks(at.format(number - 1))
        before, after = (read_document_page(self._payloads.text(one), self._portal) for one in (last, again))
        return "ends" if before is not None and after is not None and before.blocks == after.blocks else "unclear"

    def _one_page(self, page: Capture, viewer: str, single: str) -> list[Capture] | None:
        for url in (single, self._inner_frame(page, viewer)):
            capture = captures.beside(self._db, page, url) if url else None
            if capture is not None and readable(capture):
                return [capture]
        return None

    def _inner_frame(self, page: Capture, viewer: str) -> str | None:
        skin = captures.beside(self._db, page, viewer)
        if skin is None or not readable(skin):
            return None
        return inner_frame(self._payloads.text(skin), viewer, self._portal)


def inner_frame(skin: str, viewer: str, portal: Portal) -> str | None:
    """Find the address of the text in the viewer's skin (``iframe[name=innerWrap]``)."""
    frame = parse(skin).css_first("iframe[name=innerWrap][src]")
    return portal.local(urljoin(viewer, frame.attributes.get("src") or ""), viewer) if frame is not None else None
