"""One look at an article: its page, its document's pages, its files and pictures, before the next article is begun."""

from __future__ import annotations

import logging
import sqlite3
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

from scrapy import Request
from scrapy.http import Response
from scrapy.spidermiddlewares.httperror import HttpError

from crawler.answers import Answers, NothingToRepeat, asked, asked_whole
from crawler.layouts import PageReading, read_page
from crawler.markup import MOST_BYTES
from crawler.payloads import Payloads
from crawler.portal import Address, Portal, of_no_file
from crawler.turning import Then, Turning
from crawler.viewer import Viewer
from crawler.watch import Watch
from storage.archive import Archive
from storage.captures import addresses
from storage.originals import validators
from storage.records import Capture
from storage.validators import has_lied

logger = logging.getLogger(__name__)

LISTS, ARTICLES, PARTS = 10, 20, 30
"""Priorities: what belongs to a look that has begun comes before the next article, that before the next list page."""


_MISSED = "%s: %s"


class Looks:
    """Looks at articles, at each once a run.

    Args:
        archive: Where unchanged pages are read from.
        db: The version database.
        portal: Whose address rules hold.
        watch: Whether files and pictures are wanted.
        ending: Says whether the run is about to end, so that what brings no page was never asked for.
    """

    def __init__(
        self, archive: Archive, db: sqlite3.Connection, portal: Portal, watch: Watch, ending: Callable[[], bool]
    ) -> None:
        payloads = Payloads(archive, db, MOST_BYTES)
        self.answers = Answers(payloads)
        """What the run's answers say."""
        self._turning = Turning(self.answers, Viewer(payloads, db, portal), portal, self._part)
        self._db = db
        self._portal = portal
        self._watch = watch
        self._ending = ending
        self._begun: dict[str, str] = {}
        """By article the address at which it is looked at in this run."""
        self._absent: set[str] = set()
        """Articles absent from wherever they were looked at."""
        self._named: dict[str, set[str]] = {}
        """Other addresses that this run was given of articles begun."""
        self.looked: set[str] = set()
        """Articles whose page, or the failure to get it, is in the archive; a run may end before it asks for all."""
        self.always_whole = False
        """Whether nothing is asked for on the condition that it has changed."""
        self.part_came: Callable[[Response], None] = lambda _: None
        """Called with each file and picture."""
        self.whole: Callable[[str], None] = lambda _: None
        """Called with an article's id once all that its look consists of is in the archive."""
        self.repeated: Callable[[Capture], PageReading | None] = lambda _: None
        """Called with the capture of an unchanged page; gives what the page was read as when that is known."""
        self._under_way: Counter[str] = Counter()
        self._crossed: set[str] = set()
        self.settled: list[Callable[[str], None]] = []
        """Called with an article's id once its page, or the failure to get it, is in the archive."""

    def look(self, address: Address, via: str | None = None) -> Request | None:
        """Ask for an article's page, None when this run has done so before.

        At another address than before it is asked for once it was absent from there: it may have moved.
        """
        if (request := self._asked(address, via)) is not None:
            self._under_way.update([request.meta["look"]])
        return request

    def _asked(self, address: Address, via: str | None) -> Request | None:
        assert address.article is not None  # noqa: S101
        if (before := self._begun.get(address.article)) is not None:
            if address.url in {before, *self._crossed}:
                return None
            if address.article not in self._absent:
                self._named.setdefault(address.article, set()).add(address.url)
                return None
            self._crossed |= {before, address.url}
        self._begun[address.article] = address.url
        return Request(
            address.url,
            self.read,
            errback=self._missed_page,
            priority=ARTICLES,
            dont_filter=True,
            headers=self._conditions(address.url),
            # A filing address is written as it is to be sent.
            meta={"via": via, "look": address.article, "handle_httpstatus_list": [304], "verbatim_url": True},
            cb_kwargs={"article": address.article},
        )

    def _conditions(self, url: str) -> dict[str, str]:
        """Ask only for what changed since the last whole fetch, unless that is long ago or the portal has lied."""
        newest = validators(self._db, url)
        if self.always_whole or newest is None or not (newest.etag or newest.last_modified):
            return {}
        age = datetime.now(UTC) - newest.captured_at
        if age >= timedelta(hours=self._watch.full_fetch_hours) or has_lied(self._db, url):
            return {}
        named = {"If-None-Match": newest.etag, "If-Modified-Since": newest.last_modified}
        return {name: value for name, value in named.items() if value}

    def _settle(self, article: str) -> None:
        self.looked.add(article)
        for one in self.settled:
            one(article)

    def _ended(self, request: Request, further: Iterable[Request] = ()) -> list[Request]:
        """Take note that a request of a look has ended, and of those that it led to; give these."""
        led_to = list(further)
        self._under_way.update(look for one in led_to if (look := one.meta.get("look")) is not None)
        article = request.meta.get("look")
        if article is not None:
            self._under_way[article] -= 1
            if self._under_way[article] <= 0:
                del self._under_way[article]
                if not self._ending():
                    self.whole(article)
        return led_to

    def _missed_page(self, failure: Any) -> list[Request]:  # Twisted's Failure
        """Log what brought no page; the article may stand elsewhere."""
        return self._ended(failure.request, self._after_none(failure))

    def _after_none(self, failure: Any) -> Iterator[Request]:  # Twisted's Failure
        logger.debug(_MISSED, failure.request.url, failure.getErrorMessage())
        if failure.check(HttpError) and failure.value.response.status in {404, 410}:
            yield from self._elsewhere(failure.request.url)
        if not self._ending():
            self._settle(failure.request.cb_kwargs["article"])

    def _elsewhere(self, url: str, only: str | None = None) -> Iterator[Request]:
        """Look at the other addresses of an article, of which ``url`` is one, or at one of them.

        Whether it was removed or moved, and which of two addresses is its place, is only told by looking at both.
        """
        address = self._portal.address(url)
        if address is None or address.article is None:
            return
        if only is None:
            self._absent.add(address.article)
        others = addresses(self._db, address.article) + sorted(self._named.pop(address.article, ()))
        for other in [only] if only else others:
            known = self._portal.address(other)
            if known is not None and known.url not in {address.url, *self._crossed}:
                self._crossed |= {known.url, address.url}
                # Of an article to which another's address leads no look was begun.
                self._begun.pop(address.article, None)
                if request := self._asked(known, url):
                    yield request

    def _missed(self, failure: Any) -> None:  # Twisted's Failure
        """Log what brought nothing; the exchange itself is in the archive already."""
        logger.debug(_MISSED, failure.request.url, failure.getErrorMessage())
        self._ended(failure.request)

    def read(self, response: Response, article: str) -> list[Request]:
        """Fetch what belongs to the article: its document, its files, its pictures."""
        return self._ended(asked(response), self._read(response, article))

    def _read(self, response: Response, article: str) -> Iterator[Request]:
        try:
            reading = self._reading(response)
        except NothingToRepeat:
            if again := asked_whole(response):
                yield again
            else:
                self._settle(article)
            return
        self._settle(article)
        yield from self._follow(response, reading)

    def _follow(self, response: Response, reading: PageReading) -> Iterator[Request]:
        """Ask for what a page that was read leads to."""
        if reading.article is None:
            if reading.outcome == "gone":
                yield from self._elsewhere(response.url)
            return
        self._absent.discard(reading.article.article)
        filed = self._db.execute("SELECT url FROM articles WHERE article = ?", (reading.article.article,)).fetchone()
        at = self._portal.address(response.url)
        place = filed["url"] if filed is not None else at.url if at is not None else reading.article.url
        if place not in {reading.article.url, *response.meta.get("redirect_urls", ())}:
            stays = at is not None and at.url == place
            # Whether anything stands where the page says that it stands is only told by looking there.
            yield from self._elsewhere(response.url, reading.article.url if stays else place)
        if viewer := reading.article.viewer:
            yield self._turning.begun(response, viewer)
        if self._watch.attachments:
            for _, url in reading.downloads:
                yield self._part(url, response)
        if self._watch.images:
            for src in [image.src for image in reading.article.images][: self._watch.max_images]:
                if self._portal.allows(src):
                    yield self._part(src, response)

    def _reading(self, response: Response) -> PageReading:
        """Give what a page was read as on its way here; what answered that nothing has changed is read now.

        Raises:
            NothingToRepeat: Nothing could be read of what is said to be unchanged, or it is not there.
        """
        known: PageReading | None = response.meta.get("reading")
        if response.status == 304:
            known = self.repeated(response.meta["capture"])
        read = known or read_page(self.answers.text(response), response.url, datetime.now(UTC), self._portal)
        if response.status == 304 and read.outcome in {"unrecognised", "blocked", "error"}:
            raise NothingToRepeat(f"{response.url}: unchanged since a page that was {read.outcome}")
        return read

    def _came(self, response: Response, then: Then, **values: Any) -> list[Request]:
        """Go on with what a part leads to; its bytes are in the archive."""
        return self._ended(asked(response), then(response, **values))

    def _done(self, response: Response) -> Iterable[Request]:
        """Ask where an address of no file leads when that of a file led elsewhere, as to a picture for all missing."""
        self.part_came(response)
        if led := response.meta.get("redirect_urls"):
            yield self._part(of_no_file(led[0]), response, lambda _: ())

    def _part(self, url: str, response: Response, then: Then | None = None, **values: Any) -> Request:
        return Request(
            url,
            self._came,
            errback=self._missed,
            priority=PARTS,
            cb_kwargs={"then": then or self._done, **values},
            headers=self._conditions(url),
            meta={
                "via": response.url,
                "look": response.meta.get("look"),
                "handle_httpstatus_list": [304, 404, 410],
                "verbatim_url": True,
            },
        )
