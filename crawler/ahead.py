"""Pages read while the crawl goes on, in a process beside it where there is one, and looks filed as they are whole.

The crawl must know at once what a page leads to; the second pass reads the same page for what it says. Both readings
are one: a page is read where its look will be read, which remembers it until the look is whole. Whatever was not read
in this way when a run ends, the second pass reads.
"""

from __future__ import annotations

import asyncio
import logging
import sqlite3
from collections.abc import Callable, Collection
from contextlib import suppress
from dataclasses import dataclass, replace
from itertools import islice
from typing import Any, Protocol, TypeVar

from crawler import extract
from crawler.extract import Extractor
from crawler.interrupts import BesideGone
from crawler.layouts import PageReading
from crawler.pages import together
from storage import indexing
from storage.charsets import utf8_of
from storage.content_coding import MAX_DECODED, content_of
from storage.errors import WarcError
from storage.indexing import Entry
from storage.records import Capture

Item = TypeVar("Item")
Found = TypeVar("Found")

logger = logging.getLogger(__name__)

_LOOKS, _MOST_LOOKS = 32, 256
"""How many looks must wait before they are read and filed together, and how many are taken at most.

They are taken in batches so that pages, for which the crawl waits, are read in between. A batch takes all looks that
wait: were fewer taken than pages come in, a look would wait until its page is forgotten, and had to be read again."""
_INDEXED = 500
"""New versions indexed in one transaction."""
_MOST_HELD = 16 << 20
"""Bytes of pages, as they came, that may wait to be read."""


class Desk(Protocol):
    """What a task reads from."""

    @property
    def db(self) -> sqlite3.Connection:
        """The database as it now is."""

    @property
    def extractor(self) -> Extractor:
        """What reads captures here."""


class Beside(Protocol):
    """A process that reads beside the crawl."""

    async def ask(self, task: Callable[[Any, Item], Found], item: Item) -> Found:
        """Have a task done with the process's desk, and give what it found; raise BesideGone when there is none."""

    def rest(self) -> None:
        """Leave the event loop in which tasks were asked for."""


@dataclass(frozen=True, slots=True)
class Page:
    """A page as it was fetched: its capture, its body, the coding of that and how long it may be without."""

    capture: Capture
    body: bytes
    coding: str = ""
    limit: int = MAX_DECODED


def pages_read(desk: Desk, pages: list[Page]) -> list[PageReading | Exception]:
    """Read pages, to be remembered for their looks; what an article says stays where it was read.

    Gives for each page what it was read as, or why it could not be.
    """
    # Unpacked together, then read together, as by :meth:`Pages.read_ahead`.
    unpacked = (
        (one, utf8_of(content_of(one.body, one.coding, one.limit), one.capture.media_type or "")) for one in pages
    )
    return [_reading(desk, page, text) for texts in together(unpacked) for page, text in texts]


def _reading(desk: Desk, page: Page, text: bytes) -> PageReading | Exception:
    if not text:
        # Its coding is broken, or it is too large to be held: why nothing is there its look finds out.
        return PageReading("unrecognised")
    try:
        reading = desk.extractor.pages.read(page.capture, text)
    except Exception as error:  # noqa: BLE001  # raised where that page is waited for; others are none the worse for it
        return error
    article = replace(reading.article, body=()) if reading.article is not None else None
    return replace(reading, article=article)


def looks_read(desk: Desk, articles: list[str]) -> list[extract.LooksRead]:
    """Read the looks at articles that are not filed yet; one that stands on a damaged WARC file waits on.

    What the index is to hold is worked out where they are filed: the process beside has more to do than the crawl's.
    """
    found: list[extract.LooksRead] = []
    waiting = list(filter(desk.extractor.waits, articles))
    desk.extractor.read_pages(waiting)
    for article in waiting:
        with suppress(WarcError):  # The pass after the run says so.
            found.append(desk.extractor.looks_at(article, terms=False))
    return found


def _raised(reading: PageReading | Exception) -> PageReading:
    if isinstance(reading, Exception):
        raise reading
    return reading


class Ahead:
    """Reads the pages of one run, those that come at about the same time together.

    Args:
        db: The version database, to be written by this process alone.
        here: Reads in this process.
        beside: The process that reads beside the crawl, None when there is none.
        failed: Called with what went wrong when a look could not be filed.
    """

    def __init__(
        self, db: sqlite3.Connection, here: Extractor, beside: Beside | None, failed: Callable[[sqlite3.Error], None]
    ) -> None:
        self.db = db
        self.extractor = here
        self._beside = beside
        self._failed = failed
        self._pages: list[tuple[Page, asyncio.Future[PageReading]]] = []
        self._held = 0
        self._looks: dict[str, None] = {}
        self._together = _LOOKS
        self._unindexed: list[Entry] = []
        self._reading: asyncio.Task[None] | None = None
        self._filing: asyncio.Task[None] | None = None

    async def read(self, page: Page) -> PageReading:
        """Give what a page was read as, but for what its article says; one that is known already is not read again."""
        known = self.extractor.pages.repeated(page.capture, body=False)
        if known is not None:
            return known
        if self._beside is None:
            return _raised(pages_read(self, [page])[0])
        loop = asyncio.get_running_loop()
        read: asyncio.Future[PageReading] = loop.create_future()
        self._pages.append((page, read))
        if self._reading is None:
            self._reading = loop.create_task(self._read_pages())
        self._held += len(page.body)
        try:
            return await read
        finally:
            self._held -= len(page.body)

    @property
    def is_full(self) -> bool:
        """Whether the pages that wait to be read are as long together as they may be."""
        return self._held >= _MOST_HELD

    def look(self, article: str) -> None:
        """Have the look at an article filed: all that belongs to it is captured."""
        if self._beside is None:
            return
        self._looks[article] = None
        if self._filing is None and len(self._looks) >= self._together:
            self._filing = asyncio.get_running_loop().create_task(self._file_looks())

    async def close(self) -> None:
        """Wait until all that was asked for is read, filed and indexed."""
        self._together = 1
        if self._looks and self._filing is None:
            self._filing = asyncio.get_running_loop().create_task(self._file_looks())
        while tasks := {one for one in (self._reading, self._filing) if one is not None}:
            await asyncio.wait(tasks)
        if self._beside is not None:
            self._beside.rest()
        try:
            with self.db:
                self._index()
        except sqlite3.Error as error:
            self._failed(error)

    async def _asked(self, task: Callable[[Any, Item], Found], item: Item) -> Found:
        """Have a task done beside, or here when the process beside is gone."""
        if self._beside is not None:
            try:
                return await self._beside.ask(task, item)
            except BesideGone:
                self._beside = None
        return task(self, item)

    async def _read_pages(self) -> None:
        try:
            while self._pages:
                batch, self._pages = self._pages, []
                try:
                    found = await self._asked(pages_read, [page for page, _ in batch])
                except Exception as error:  # noqa: BLE001  # told to each of those that wait, as if they had read it
                    for _, read in batch:
                        if not read.done():
                            read.set_exception(error)
                    continue
                for (_, read), reading in zip(batch, found, strict=True):
                    if read.done():
                        continue
                    if isinstance(reading, Exception):
                        read.set_exception(reading)
                    else:
                        read.set_result(reading)
        finally:
            self._reading = None

    async def _file_looks(self) -> None:
        """File looks as they are read; those that cannot be read are left to the second pass, which says why."""
        reading = self._begin_looks(())
        try:
            while reading is not None:
                batch, found = await reading
                # What is read beside while these are filed here must not stand on what these file.
                reading = self._begin_looks(batch)
                await asyncio.sleep(0)
                with self.db:
                    extract.file(self.db, found)
                    self._unindexed += indexing.entries_of(self.db, [one.filing.article for one in found])
                    if len(self._unindexed) >= _INDEXED:
                        self._index()
                reading = reading or self._begin_looks(())
        except sqlite3.Error as error:
            self._failed(error)
            if reading is not None:
                await reading
        finally:
            self._filing = None

    def _begin_looks(self, filing: Collection[str]) -> asyncio.Task[tuple[list[str], list[extract.LooksRead]]] | None:
        """Have looks read, once enough wait; none while one of their articles is being filed."""
        if len(self._looks) < self._together:
            return None
        if not self._looks.keys().isdisjoint(filing):
            return None
        batch = list(islice(self._looks, _MOST_LOOKS))
        for one in batch:
            del self._looks[one]
        return asyncio.get_running_loop().create_task(self._looks_read(batch))

    async def _looks_read(self, batch: list[str]) -> tuple[list[str], list[extract.LooksRead]]:
        try:
            return batch, await self._asked(looks_read, batch)
        except Exception as error:  # noqa: BLE001  # the second pass meets it again and tells it
            logger.debug("%s: not read ahead (%s)", ", ".join(batch), error)
            return batch, []

    def _index(self) -> None:
        indexing.put(self.db, self._unindexed)
        self._unindexed.clear()
