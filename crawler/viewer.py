"""The document viewer as one look found it: which captures are the document's pages, and where it ends."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from functools import partial
from typing import Literal

from crawler.body import Body
from crawler.layouts import read_document_page
from crawler.markup import parse
from crawler.notices import is_spoken, says_gone, says_more
from crawler.payloads import Payloads, readable
from crawler.portal import Portal, document_pages
from storage import captures
from storage.records import Capture

MAX_DOCUMENT_PAGES = 400
"""A document longer than this is cut off by the crawler and filed as incomplete."""
LEADS_AWAY = frozenset({301, 302, 303, 307, 308})
"""Statuses of a document's page in the place of which another address is named; it is none of the document's."""
SOON = timedelta(hours=1)
"""Within this time a look has asked once more for what it had asked for; a run may be an import of years."""

Verdict = Literal["ends", "goes-on", "unclear"]
"""Whether a document ends at a place, goes on there, or cannot be told to."""


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
        _, single = document_pages(viewer)
        found: list[Capture] = []
        for number in range(1, MAX_DOCUMENT_PAGES + 1):
            capture = self._page(page, viewer, number)
            if capture is None:
                if not found:
                    return self._one_page(page, viewer, single)
                return found[:-2] if self.ends_before(page, viewer, number - 2) == "ends" else None
            if not found and (_is_absent(capture) or _leads_away(capture)):
                return self._one_page(page, viewer, single)
            if _is_absent(capture):
                return found if self._is_missing_still(page, viewer, number, capture) else None
            if _leads_away(capture):
                return found if self.ends_before(page, viewer, number) == "ends" else None
            if not readable(capture):
                return None
            found.append(capture)
        return None

    def ends_before(self, page: Capture, viewer: str, number: int) -> Asks | Verdict:
        """Say whether a document ends before a page in the place of which its viewer shows something else.

        That is words that it is not there, another address, or the page before once more. A viewer that tells the end
        so, and not by a 404, shows the like for a page that no document has, and for the one that would come next. A
        page that it showed before it shows once more afterwards, where one that fails would not, and the like for the
        first once more, where one that failed for a moment would not.

        Args:
            page: The capture of the article's page.
            viewer: The viewer's address.
            number: The number of the page that is not shown.

        Returns:
            Whether it ends there, goes on since what is shown is its own, or cannot be told; or what the look is to ask
            for next.
        """
        if number < 2:
            return "unclear"
        here = self._page(page, viewer, number)
        if here is not None and _is_absent(here):
            return self._ends_missing(page, viewer, number, here)
        if self.repeats(page, viewer, number):
            return self._ends_repeating(page, viewer, number)
        none = _leads_away if here is not None and _leads_away(here) else self._says_gone
        said = None
        for one in (number, MAX_DOCUMENT_PAGES, number + 1):
            said = self._page(page, viewer, one)
            if said is None:
                return Asks(_address(viewer, one))
            if one == MAX_DOCUMENT_PAGES and _is_absent(said):
                return "goes-on"
            if not none(said):
                return "unclear"
        return self._confirmed(page, viewer, (number - 1, number), said, none)

    def _ends_repeating(self, page: Capture, viewer: str, number: int) -> Asks | Verdict:
        """Say the same where the page before stands once more, which must be none that is shown for want of another.

        What may be a notice is no last page; of a document of one page nothing tells that its viewer does not fail but
        that it says more than a notice does.
        """
        last = said = self._page(page, viewer, number - 1)
        for one in (MAX_DOCUMENT_PAGES, number + 1):
            said = self._page(page, viewer, one)
            if said is None:
                return Asks(_address(viewer, one))
            if not _is_same(last, said):
                gone = _is_absent(said) or self._says_gone(said)
                return "goes-on" if gone == (one == MAX_DOCUMENT_PAGES) else "unclear"
        shown = self._read(last)
        if shown is None or is_spoken(shown):
            return "unclear"
        if number == 2:
            return "ends" if says_more(shown) else "unclear"
        return self._confirmed(page, viewer, (number - 2, number), said, partial(_is_same, last))

    def is_missing(self, page: Capture, viewer: str, number: int) -> bool:
        """Say of a page that is not there whether it, or the next, was at the last look: the viewer may be at fault."""
        last = (captures.before(self._db, page, _address(viewer, one)) for one in (number, number + 1))
        return number > 1 and any(one is not None and readable(one) for one in last)

    def was_missing(self, page: Capture, viewer: str, number: int) -> bool:
        """Say of a page that is not there whether it was not there at the last look either."""
        last = captures.before(self._db, page, _address(viewer, number))
        return last is not None and _is_absent(last)

    def _ends_missing(self, page: Capture, viewer: str, number: int, missing: Capture) -> Asks | Verdict:
        """Say the same where a page is answered with 404: the next has to be, and it has to be so once more."""
        behind = captures.later(self._db, missing, _address(viewer, number + 1))
        if behind is None:
            return Asks(_address(viewer, number + 1))
        if not _is_absent(behind):
            return "unclear"
        return self._confirmed(page, viewer, (number - 1, number), behind, _is_absent)

    def _is_missing_still(self, page: Capture, viewer: str, number: int, missing: Capture) -> bool:
        """Say whether a document ends at a page that is not there; that is doubted only where a look asked on."""
        if _is_same(self._page(page, viewer, number - 1), self._page(page, viewer, MAX_DOCUMENT_PAGES)):
            return False  # It is a viewer that shows the last page for every number.
        behind = captures.later(self._db, missing, _address(viewer, number + 1))
        if behind is None or behind.captured_at - missing.captured_at > SOON:
            return True
        return self._ends_missing(page, viewer, number, missing) == "ends"

    def _confirmed(
        self,
        page: Capture,
        viewer: str,
        numbers: tuple[int, int],
        since: Capture | None,
        none: Callable[[Capture], bool],
    ) -> Asks | Verdict:
        """Say whether a page was shown once more since a capture, and another then still not.

        Args:
            page: The capture of the article's page.
            viewer: The viewer's address.
            numbers: The numbers of the page that was shown, and of the one that was not.
            since: The capture.
            none: Says of what stands in the place of a page that it is none.
        """
        shown, number = numbers
        again = self._once_more(page, viewer, shown, since)
        if not isinstance(again, Capture):
            return again
        still = captures.later(self._db, again, _address(viewer, number))
        if still is None:
            return Asks(_address(viewer, number))
        return "ends" if none(still) else "unclear"

    def _once_more(
        self, page: Capture, viewer: str, number: int, since: Capture | None
    ) -> Capture | Asks | Literal["unclear"]:
        """Give the capture of a page that was shown in the same words once more since another was."""
        again = captures.later(self._db, since, _address(viewer, number)) if since is not None else None
        if again is None:
            return Asks(_address(viewer, number))
        if not readable(again):
            return "unclear"
        old, new = self._read(self._page(page, viewer, number)), self._read(again)
        return again if old is not None and new is not None and old.blocks == new.blocks else "unclear"

    def repeats(self, page: Capture, viewer: str, number: int) -> bool:
        """Say whether a page of a look's document holds the same bytes as the one before."""
        return _is_same(*(self._page(page, viewer, one) for one in (number - 1, number)))

    def is_anothers(self, page: Capture, viewer: str, here: Capture) -> bool:
        """Say whether a document's page has the bytes of another document's, and had not at the last look.

        Caches mix answers up; but a document that was put up anew has pages of the one before, too.
        """
        whose = captures.original_elsewhere(self._db, here) if here.kind == "revisit" else None
        if whose is None or whose.startswith(document_pages(viewer)[0]):
            return False
        last = captures.before(self._db, page, here.url)
        return last is None or last.payload_sha256 != here.payload_sha256

    def _page(self, page: Capture, viewer: str, number: int) -> Capture | None:
        here = captures.beside(self._db, page, _address(viewer, number))
        if here is None or not self.is_anothers(page, viewer, here):
            return here
        # It was asked for once more, and that answer is the one to go by.
        return captures.later(self._db, here, here.url) or here

    def _read(self, capture: Capture | None) -> Body | None:
        return read_document_page(self._payloads.text(capture), self._portal) if capture is not None else None

    def _says_gone(self, capture: Capture) -> bool:
        return readable(capture) and says_gone(self._payloads.text(capture))

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


def _address(viewer: str, number: int) -> str:
    """Give the address of a document's page."""
    return f"{document_pages(viewer)[0]}{number}.html"


def _is_absent(capture: Capture) -> bool:
    return capture.status in {404, 410}


def _leads_away(capture: Capture) -> bool:
    return capture.status in LEADS_AWAY


def _is_same(one: Capture | None, other: Capture | None) -> bool:
    """Say whether two captures hold the same bytes, and some."""
    if one is None or other is None or not (readable(one) and readable(other) and one.payload_length):
        return False
    return one.payload_sha256 == other.payload_sha256


def inner_frame(skin: str, viewer: str, portal: Portal) -> str | None:
    """Find the address of the text in the viewer's skin (``iframe[name=innerWrap]``)."""
    frame = parse(skin).css_first("iframe[name=innerWrap][src]")
    return portal.local(frame.attributes.get("src") or "", viewer) if frame is not None else None
