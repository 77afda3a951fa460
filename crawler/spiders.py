"""Discover, fetch, look again: the spider of the portal.

A run looks at the addresses given, at what is newest in every list, at what is due another look, and then walks back
to what is older, each to its end before the next is begun.
"""

from __future__ import annotations

import sqlite3
from collections.abc import AsyncIterator, Callable, Iterable, Iterator
from contextlib import ExitStack
from datetime import UTC, datetime
from itertools import islice
from pathlib import Path
from typing import Any

from scrapy import Request, Spider, signals
from scrapy.crawler import Crawler
from scrapy.exceptions import DontCloseSpider, UsageError
from scrapy.http import Response
from scrapy.settings import BaseSettings

from crawler import watch as watching
from crawler.ahead import Ahead, Beside
from crawler.api_calls import ApiCalls
from crawler.archiving import Keeper
from crawler.asked import asked
from crawler.cleaning import KST
from crawler.estimates import Cost
from crawler.extract import Extractor
from crawler.intake import Intake
from crawler.lists import Lists
from crawler.looks import Looks
from crawler.open_api import OpenApi
from crawler.portal import Portal
from crawler.revisits import Recheck, Rules, due, hours
from crawler.sitemap_walk import SitemapWalk
from storage.archive import Archive
from storage.errors import GochimError, unwritable
from storage.lives import captures_since
from storage.state import State

_HELD = ExitStack()
"""The archive's lock when nobody else has taken it (a plain ``scrapy crawl``), held until the process ends."""

BATCH = 200
"""Articles asked for at once; the next come when these have been looked at."""


class PortalSpider(Spider):
    """The one spider. Its arguments are the options of ``gochim crawl``.

    Args:
        section: Only this section; several parted by commas.
        since: First day of publication wanted, ``YYYY-MM-DD`` (Korean time).
        until: Last day of publication wanted.
        ministry: Only articles of this ministry, by code or name; several parted by commas.
        query: Ask the portal's search for this word.
        urls: Only these addresses, parted by white space, or a list of them.
        sitemap: Anything but nothing: find articles through the sitemaps too.
        recheck: ``due``, ``all`` or ``none``.
        max_requests: The most requests this run may make.
        max_minutes: The most minutes it may take.
        progress: Called with the spider after each look.
        beside: A process that reads pages and looks while this one fetches.
    """

    name = "portal"

    def __init__(  # noqa: PLR0913  # Scrapy hands command-line arguments over by name
        self,
        section: str = "",
        since: str = "",
        until: str = "",
        ministry: str = "",
        query: str = "",
        urls: str | Iterable[str] = "",
        sitemap: str = "",
        recheck: str = "",
        max_requests: str = "",
        max_minutes: str = "",
        progress: Callable[[PortalSpider], None] | None = None,
        beside: Beside | None = None,
        **rest: Any,
    ) -> None:
        super().__init__(**rest)
        self._given = {"section": section, "since": since, "until": until, "ministry": ministry, "query": query}
        self._urls = urls.split() if isinstance(urls, str) else list(urls)
        self._recheck: Recheck = recheck or ("none" if self._urls else "due")  # type: ignore[assignment]  # checked by click
        self._max_requests, self._max_minutes = max_requests, max_minutes
        self._progress = progress
        self._beside = beside
        self._sitemap_asked = bool(sitemap)
        self._problems: list[str] = []

    @classmethod
    def update_settings(cls, settings: BaseSettings) -> None:
        """Take delay, concurrency and the User-Agent from ``gochim.toml``."""
        super().update_settings(settings)
        archive = Archive(Path(settings["GOCHIM_ARCHIVE"]))
        try:
            watch = watching.load(archive.settings_path)
            if not settings.getbool("GOCHIM_LOCKED"):
                _HELD.enter_context(archive.locked())
        except GochimError as error:
            raise UsageError(str(error), print_help=False) from None
        settings.set("DOWNLOAD_DELAY", watch.delay, priority="spider")
        settings.set("CONCURRENT_REQUESTS", watch.concurrency, priority="spider")
        settings.set("CONCURRENT_REQUESTS_PER_DOMAIN", watch.concurrency, priority="spider")
        settings.set("USER_AGENT", watching.user_agent(watch), priority="spider")

    @classmethod
    def from_crawler(cls, crawler: Crawler, *args: Any, **kwargs: Any) -> PortalSpider:
        """Open the archive and begin a run in it."""
        spider = super().from_crawler(crawler, *args, **kwargs)
        spider.prepare(crawler)
        return spider

    def prepare(self, crawler: Crawler) -> None:
        """Open archive, database and keeper, and settle what this run looks for."""
        archive = self.archive = Archive(Path(crawler.settings["GOCHIM_ARCHIVE"]))
        watch = self.watch = watching.load(archive.settings_path)
        self.portal = Portal(watch.url)
        archive.create()
        self.db = archive.database()
        self.state = State.load(archive.state_path)
        self.wanted = asked(watch, self.db, **self._given)
        self.max_requests = int(self._max_requests or watch.max_requests)
        if watch.daily_requests:
            midnight = datetime.now(KST).replace(hour=0, minute=0, second=0, microsecond=0)
            left = watch.daily_requests - captures_since(self.db, hours(midnight))
            self.max_requests = min(self.max_requests, max(0, left))
        self.max_minutes = float(self._max_minutes or watch.max_minutes)
        self.max_bytes = watch.max_bytes
        self.keeper = Keeper(archive, self.db, self.portal, watch)
        self.looks = Looks(archive, self.db, self.portal, watch, lambda: getattr(crawler, "gochim_ending", False))
        self.ahead = Ahead(self.db, Extractor(archive, self.db, self.portal), self._beside, self._unwritten)
        self.looks.whole = self.ahead.look
        self.lists = Lists(
            asked=self.wanted, looks=self.looks, portal=self.portal, db=self.db, state=self.state,
            today=datetime.now(KST).date(), again=self._recheck != "none",
        )  # fmt: skip
        self.api = OpenApi(watch.api_url.rstrip("/"), watch.api_key, watch.api_services)
        self.calls = ApiCalls(
            api=self.api, daily=watch.api_daily_calls, asked=self.wanted, looks=self.looks, portal=self.portal,
            db=self.db, state=self.state,
        )  # fmt: skip
        self.sitemap = SitemapWalk(
            archive=archive, db=self.db, portal=self.portal, asked=self.wanted, looks=self.looks, state=self.state
        )
        self._cost = Cost.of(self.state.part("cost"))
        self.looks.settled.append(self._tell)
        self._plan = self._steps()
        crawler.gochim_archive = self.keeper  # type: ignore[attr-defined]  # where the middlewares find it
        crawler.gochim_intake = Intake(self.keeper)  # type: ignore[attr-defined]  # where the handler finds it
        crawler.gochim_key_holder = self.api  # type: ignore[attr-defined]  # where the handler finds it
        crawler.gochim_state = self.state  # type: ignore[attr-defined]  # where the middlewares find it
        crawler.signals.connect(self.go_on, signal=signals.spider_idle)
        crawler.signals.connect(self.stumbled, signal=signals.spider_error)

    @property
    def problems(self) -> list[str]:
        """What went wrong and is not in the archive, in sentences."""
        unsaved = [self.state.unsaved] if self.state.unsaved else []
        return self._problems + self.lists.problems + self.calls.problems + self.sitemap.problems + unsaved

    def say(self, problem: str) -> None:
        """Have a problem told at the end of the run."""
        self._problems.append(problem)

    def _steps(self) -> Iterator[list[Request]]:
        """Give what to ask for, step by step; a step is taken when all that the one before led to is in the archive."""
        yield from _batches(self._given_addresses())
        if self._urls and not self._given["section"]:
            return
        yield from ([request] for request in self.calls.newest())
        yield list(self.lists.newest())
        yield from _batches(self._due())
        yield from ([request] for request in self.lists.back())
        yield from ([request] for request in self.calls.back())
        if self._sitemap_asked or self.watch.sitemap or self.lists.falls_short():
            yield from ([request] for request in self.sitemap.sitemaps())
            yield from _batches(self.sitemap.found())

    def _given_addresses(self) -> Iterator[Request]:
        for url in self._urls:
            address = self.portal.address(url)
            if address is None or address.article is None:
                self.say(f"{url} is no article of {self.portal.base}.")
            elif request := self.looks.look(address):
                yield request

    def _due(self) -> Iterator[Request]:
        rules = Rules.of(self.watch)
        for one in due(self.db, datetime.now(UTC), self._recheck, self.wanted.sections, rules):
            address = self.portal.address(one.url)
            if address is not None and address.article == one.article and (request := self.looks.look(address)):
                yield request

    def standing(self) -> str | None:
        """Say where the walk back is and what is left of it, None when there is nothing left to walk."""
        if self.lists.behind is None:
            return None
        behind = self.lists.behind
        cost = self._cost.plus(self.keeper.kept, len(self.looks.begun))
        estimate = cost.estimate(behind.left, self.watch.delay, self.max_requests)
        left = estimate.sentence() if estimate else "too early to estimate what is left"
        return f"walking back: {behind.section}, {behind.month}; {left}"

    def _tell(self, _: str) -> None:
        """Report progress, and remember what articles cost."""
        cost = self._cost.plus(self.keeper.kept, len(self.looks.begun))
        self.state.part("cost").update({"requests": cost.requests, "articles": cost.articles})
        if self._progress is not None:
            self._progress(self)

    def _next_step(self) -> list[Request]:
        return next((step for step in self._plan if step), [])

    async def start(self) -> AsyncIterator[Request]:
        """Begin with the first step."""
        for request in self._next_step():
            yield request

    def go_on(self) -> None:
        """When all that was asked for has been fetched, take the next step."""
        engine = self.crawler.engine
        assert engine is not None  # noqa: S101
        if requests := self._next_step():
            for request in requests:
                engine.crawl(request)
            raise DontCloseSpider

    def _unwritten(self, error: sqlite3.Error) -> None:
        """End the run: the database takes no more."""
        self.keeper.give_up(unwritable(error))

    def stumbled(self, failure: Any, response: Response) -> None:
        """Say which page the crawler itself could not cope with; its bytes are in the archive all the same."""
        if failure.check(sqlite3.Error):
            self._unwritten(failure.value)
            return
        self.say(f"{response.url}: the crawler failed on it ({failure.getErrorMessage()}). Please report it.")


def _batches(requests: Iterator[Request]) -> Iterator[list[Request]]:
    """Part requests into steps, none of them empty, each made when it is wanted."""
    while batch := list(islice(requests, BATCH)):
        yield batch
