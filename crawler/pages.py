"""Pages read, each once: one that came in is remembered until its look is read, an unchanged one is not parsed."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable, Iterator
from contextlib import suppress
from dataclasses import replace
from datetime import datetime
from itertools import islice
from typing import TypeVar

from crawler.layouts import PageReading, era, extractor, read_page
from crawler.payloads import Payloads
from crawler.portal import Portal
from storage import versions
from storage.content_coding import ContentError
from storage.errors import WarcError
from storage.records import Capture

Item = TypeVar("Item")

AHEAD = 1000
"""Pages remembered at most that were read before their looks."""
ROOM = 4 << 20
"""Bytes of pages unpacked before they are read."""


def together(unpacked: Iterable[tuple[Item, bytes]]) -> Iterator[list[tuple[Item, bytes]]]:
    """Unpack pages until enough is held, to be read together before the next are unpacked."""
    held: list[tuple[Item, bytes]] = []
    size = 0
    for one in unpacked:
        held.append(one)
        size += len(one[1])
        if size >= ROOM:
            yield held
            held, size = [], 0
    if held:
        yield held


class Pages:
    """Gives what the pages behind captures were read as.

    Args:
        payloads: What gives the captures' payloads.
        db: The version database.
        portal: Whose address rules hold.
    """

    def __init__(self, payloads: Payloads, db: sqlite3.Connection, portal: Portal) -> None:
        self._payloads = payloads
        self._db = db
        self._portal = portal
        self._ahead: dict[tuple[str, datetime], PageReading] = {}
        self._last: tuple[tuple[object, ...], PageReading] | None = None

    def read(self, capture: Capture, text: str | bytes) -> PageReading:
        """Read a page before its look is, and remember until then what it was read as.

        Args:
            capture: The page's capture.
            text: What the capture holds, decoded, or in UTF-8.
        """
        while len(self._ahead) >= AHEAD:
            del self._ahead[next(iter(self._ahead))]
        reading = self._ahead[_key(capture)] = read_page(text, capture.url, capture.captured_at, self._portal)
        return reading

    def read_ahead(self, captures: Iterable[Capture]) -> None:
        """Read pages before their looks are, as many of those not read yet as can be remembered.

        All of them are unpacked first and then all are read. Were the two to take turns, each would take half as long
        again: their code would push each other's out of the processor's caches. A page that cannot be unpacked is
        passed over here; its look meets the same error and tells of it.
        """
        unread = (one for one in captures if _key(one) not in self._ahead)
        ahead = islice(unread, 0 if self._payloads.heard else max(0, AHEAD - len(self._ahead)))
        for texts in together(self._unpacked(ahead)):
            for capture, text in texts:
                self.read(capture, text)

    def _unpacked(self, captures: Iterable[Capture]) -> Iterator[tuple[Capture, bytes]]:
        for capture in captures:
            with suppress(ContentError, WarcError):
                yield capture, self._payloads.utf8(capture)

    def of(self, capture: Capture) -> PageReading:
        """Read the page; looks that stand on one record (304, revisits) read it once, while one layout is in force."""
        said_by = (capture.refers_to or capture.evidence.record_id, capture.url, capture.media_type)
        key = (*said_by, era(capture.captured_at))
        known = self._ahead.pop(_key(capture), None)
        if known is None and self._last is not None and self._last[0] == key:
            return self._last[1]
        if known is None and self._payloads.heard:
            known = self._payloads.heard.page(capture)
        known = known or self.repeated(capture)
        page = known or read_page(self._payloads.utf8(capture), capture.url, capture.captured_at, self._portal)
        self._last = (key, page)
        return page

    def repeated(self, capture: Capture, *, body: bool = True) -> PageReading | None:
        """Give the reading of an unchanged page without parsing it.

        A page is unchanged when it repeats, byte for byte and at the same address, what the article's newest version
        was read from.

        Returns:
            The reading. None where the page must be parsed: the newest version was read from other bytes, at another
            address, of another media type, by other layouts or another extractor, or not from the page alone.

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


def _key(capture: Capture) -> tuple[str, datetime]:
    """Tell a capture from others: files of other tools may have two records of one id."""
    return capture.evidence.record_id, capture.captured_at
