"""Turns a document's pages in the viewer: which is asked for next, and when it is asked whether there is an end."""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterable, Iterator
from contextlib import suppress
from dataclasses import dataclass
from typing import Protocol

from scrapy import Request
from scrapy.http import Response

from crawler.answers import Answers, NothingToRepeat, asked_whole
from crawler.body import Body
from crawler.layouts import read_document_page
from crawler.notices import says_broken, says_gone
from crawler.portal import Portal, document_pages
from crawler.viewer import LEADS_AWAY, MAX_DOCUMENT_PAGES, Asks, Viewer, inner_frame
from storage.content_coding import ContentError
from storage.errors import WarcError
from storage.records import Capture

logger = logging.getLogger(__name__)

SAMPLE = 10
"""Of so many pages of a document two are looked into while it is fetched, the first two to begin with."""
LONG = 20
"""Behind so many pages of a document it is asked whether it ends where reading it would: few releases are as long."""

Then = Callable[..., Iterable[Request]]
"""Gives, of an answer, what is to be asked for next."""


class Asking(Protocol):
    """Whoever asks for the parts of a look."""

    def __call__(self, url: str, response: Response, then: Then | None = None, **values: object) -> Request:
        """Ask for an address, which a response led to, and then for what ``then`` gives of the answer."""


@dataclass(slots=True)
class Turned:
    """How far the document of a look was turned.

    Attributes:
        page: The capture of the article's page.
        viewer: The viewer's address.
        number: Which page is the next to come, from 1.
        missed: Which page was not there when it was asked for and is asked for once more, 0 where none is.
        bounded: Whether the viewer says, by its status or in words, that a page is not there which nearly no document
            has.
        said: Which page came last, and what it said, None where that is not known.
        doubted: Whether a page that has the bytes of another document's was asked for once more; one of them is.
    """

    page: Capture
    viewer: str
    number: int = 1
    missed: int = 0
    bounded: bool = False
    said: tuple[int, str | None] = (0, None)
    doubted: bool = False

    @property
    def is_sample(self) -> bool:
        """Whether the page that comes next is to be looked into."""
        return self.number % SAMPLE in {1, 2}

    def may_repeat(self, text: str | None) -> bool:
        """Say of a page that came whether it can be the one before once more: the archive need not be asked of others.

        Args:
            text: What it says, None where that is not known.
        """
        number, before = self.said
        return self.number > 1 and (number != self.number - 1 or None in {before, text} or before == text)

    def is_none(self, page: Body | None) -> bool:
        """Say of a page that was looked into whether it is none of a document."""
        # A cover may say no more than a notice.
        return page is None or (self.number > 1 and says_broken(page))

    def address(self, number: int) -> str:
        """Give the address of a page."""
        return f"{document_pages(self.viewer)[0]}{number}.html"


class Turning:
    """Turns documents' pages until there is none.

    Args:
        answers: What answers say.
        viewer: Where a document ends.
        portal: Whose address rules hold.
        part: Asks for a part of a look.
    """

    def __init__(self, answers: Answers, viewer: Viewer, portal: Portal, part: Asking) -> None:
        self._answers = answers
        self._viewer = viewer
        self._portal = portal
        self._part = part

    def begun(self, response: Response, viewer: str) -> Request:
        """Ask for the first page of the document that stands in a viewer on an article's page."""
        turned = Turned(response.meta["capture"], viewer)
        return self._page(turned.address(1), response, self.turn, turned=turned)

    def _page(self, url: str, response: Response, then: Then, **values: object) -> Request:
        """Ask for a page of a document, and for none to which it leads."""
        asked = self._part(url, response, then, **values)
        asked.meta["handle_httpstatus_list"] = [*asked.meta["handle_httpstatus_list"], *LEADS_AWAY]
        return asked

    def turn(self, response: Response, turned: Turned) -> Iterator[Request]:
        """Ask for the page behind one that came; where there are no numbered pages, for the document's other forms."""
        if "truncated" in response.flags:
            return  # The document cannot be had whole, whatever the other pages say.
        there, text = response.status in {200, 304}, self._said(response)
        repeated = turned.may_repeat(text)
        turned.said = turned.number, text
        if not turned.doubted and there and self._is_doubtful(response, turned):
            turned.doubted = True
            again = self._page(turned.address(turned.number), response, self.turn, turned=turned)
            yield again.replace(dont_filter=True)
        elif turned.number > 1 and (response.status in LEADS_AWAY or (text and says_gone(text))):
            yield from self._not_shown(response, turned)
        elif text is not None and turned.is_sample and turned.is_none(read_document_page(text, self._portal)):
            return  # Whoever answers so answers every number so.
        elif repeated and there and self._viewer.repeats(turned.page, turned.viewer, turned.number):
            yield from self._not_shown(response, turned)
        elif there and turned.number == LONG and not turned.bounded:
            # Whoever has the last page that is read of any document has no end, or one that is never come to.
            yield self._page(turned.address(MAX_DOCUMENT_PAGES), response, self._beyond, turned=turned)
        elif there and turned.number < MAX_DOCUMENT_PAGES:
            yield self._next(response, turned)
        elif not there and turned.number > 1:
            yield from self._missing(response, turned)
        elif turned.number == 1:
            yield self._part(document_pages(turned.viewer)[1], response, self._single, viewer=turned.viewer)

    def _is_doubtful(self, response: Response, turned: Turned) -> bool:
        """Say whether a page may be another document's, which it is no longer when a cache is asked once more."""
        return self._viewer.is_anothers(turned.page, turned.viewer, response.meta["capture"])

    def _missing(self, response: Response, turned: Turned) -> Iterator[Request]:
        """Ask once more for a page that is not there, unless the document ended before it at the last look.

        Where it was there at the last look it is also asked for what tells that it is gone indeed: a page that is
        missing for a moment must look neither like one that was deleted nor, once it is back, like one that was added.
        """
        at = (turned.page, turned.viewer, turned.number)
        gone = self._viewer.is_missing(*at)
        if turned.missed != turned.number and (gone or not self._viewer.was_missing(*at)):
            turned.missed = turned.number
            again = self._page(turned.address(turned.number), response, self.turn, turned=turned)
            yield again.replace(dont_filter=True)
        elif gone:
            yield from self._not_shown(response, turned)

    def _said(self, response: Response) -> str | None:
        """Give the text of a document's page; None of one that is not there, or is what nobody has."""
        if response.status in {200, 304}:
            with suppress(NothingToRepeat):
                return self._answers.text(response)
        return None

    def _next(self, response: Response, turned: Turned) -> Request:
        turned.number += 1
        return self._page(turned.address(turned.number), response, self.turn, turned=turned)

    def _beyond(self, response: Response, turned: Turned) -> Iterator[Request]:
        """Go on where the document ends before the last page that is read of any."""
        said_gone = "truncated" not in response.flags and says_gone(self._said(response) or "")
        if response.status in {404, 410} | LEADS_AWAY or said_gone:
            turned.bounded = True
            yield self._next(response, turned)

    def _not_shown(self, response: Response, turned: Turned, last: str = "") -> Iterator[Request]:
        """Ask for what tells whether a document ends before a page in the place of which something else is shown.

        Args:
            response: What that page answered, or ``last``.
            turned: How far the document was turned, which is to that page.
            last: The address that was asked for last to tell it, "" where none was.
        """
        if turned.missed == turned.number and last == turned.address(turned.number) and response.status in {200, 304}:
            yield from self.turn(response, turned)  # It had been missing for a moment.
            return
        try:
            found = self._viewer.ends_before(turned.page, turned.viewer, turned.number)
        except (WarcError, ContentError, OSError) as error:
            logger.debug("%s: %s", response.url, error)
            return
        if found == "goes-on":
            turned.bounded = True
            yield self._next(response, turned)
        elif isinstance(found, Asks) and found.url != last:
            again = self._page(found.url, response, self._not_shown, turned=turned, last=found.url)
            yield again.replace(dont_filter=True)

    def _single(self, response: Response, viewer: str) -> Iterator[Request]:
        """Ask the viewer's own page where its text stands, when neither usual place has it."""
        if response.status not in {200, 304}:
            yield self._part(viewer, response, self.skin)

    def skin(self, response: Response) -> Iterator[Request]:
        """Follow the viewer's inner frame."""
        try:
            skin = self._answers.text(response)
        except NothingToRepeat:
            if again := asked_whole(response):
                yield again
            return
        if inner := inner_frame(skin, response.url, self._portal):
            yield self._part(inner, response)
