"""Discover, fetch, look again: the spider of the portal.

A run looks at the addresses given, at what is newest in every list, at what is due another look, and then walks back
to what is older, each to its end before the next is begun.
"""

from __future__ import annotations

import logging
import sqlite3
import sys
from collections.abc import AsyncIterator, Callable, Iterable, Iterator
from contextlib import ExitStack
from datetime import UTC, datetime
from functools import partial
from math import inf
from pathlib import Path
from time import monotonic
from typing import Any, get_args

from scrapy import Request, Spider
from scrapy.crawler import Crawler
from scrapy.exceptions import CloseSpider, UsageError
from scrapy.settings import BaseSettings

from crawler import watch as watching
from crawler.ahead import Ahead, Beside
from crawler.api_calls import ApiCalls
from crawler.archiving import Keeper
from crawler.asked import asked
from crawler.errands import Errands
from crawler.estimates import Cost
from crawler.extract import Extractor
from crawler.intake import Intake
from crawler.lists import Lists
from crawler.looks import Looks
from crawler.ongoing import ongoing
from crawler.open_api import OpenApi
from crawler.outlook import Rules, hours
from crawler.portal import Portal
from crawler.revisits import Recheck, due
from crawler.sitemap_walk import SitemapWalk
from storage.archive import Archive, undo_in_memory
from storage.errors import GochimError, SettingsError, unwritable
from storage.lives import captures_since
from storage.records import KST
from storage.state import State

_HELD = ExitStack()
"""The archive's lock when nobody else has taken it (a plain ``scrapy crawl``), held until the process ends."""


def _number(name: str, given: str) -> float:
    """Read a number that an argument gives, 0 where it gives none.

    Raises:
        SettingsError: It is none.
    """
    try:
        if 0 <= (found := float(given or 0)) < inf:
            return found
    except ValueError:
        pass
    raise SettingsError(f"{name} {given} is no number. Write how many.")


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
        """Open the archive and begin a run in it; a plain ``scrapy crawl`` that cannot ends with the sentence alone."""
        spider = super().from_crawler(crawler, *args, **kwargs)
        try:
            spider.prepare(crawler)
        except GochimError as error:
            if crawler.settings.getbool("GOCHIM_LOCKED"):
                raise
            sys.stderr.write(f"gochim: {error}\n")
            logging.getLogger("asyncio").disabled = True  # It would tell of this once more, as a traceback.
            raise SystemExit(error.exit_code) from None
        return spider

    def prepare(self, crawler: Crawler) -> None:
        """Open archive, database and keeper, and settle what this run looks for."""
        run = ongoing(crawler)
        archive = self.archive = Archive(Path(crawler.settings["GOCHIM_ARCHIVE"]))
        watch = self.watch = watching.load(archive.settings_path)
        self.portal = Portal(watch.url)
        archive.create()
        self.db = archive.database()
        undo_in_memory(self.db)
        self.state = State.load(archive.state_path)
        self.wanted = asked(watch, self.db, **self._given)
        if self._recheck not in get_args(Recheck):
            raise SettingsError(f"recheck {self._recheck} is none of {', '.join(get_args(Recheck))}.")
        self.max_requests = int(_number("max_requests", self._max_requests) or watch.max_requests)
        if watch.daily_requests:
            midnight = datetime.now(KST).replace(hour=0, minute=0, second=0, microsecond=0)
            left = watch.daily_requests - captures_since(self.db, hours(midnight))
            self.max_requests = min(self.max_requests, max(0, left))
        if minutes := _number("max_minutes", self._max_minutes) or watch.max_minutes:
            run.until = monotonic() + minutes * 60
        self.max_bytes = watch.max_bytes
        self.keeper = Keeper(archive, self.db, self.portal, watch)
        self.looks = Looks(archive, self.db, self.portal, watch, lambda: run.ending is not None)
        self.ahead = Ahead(self.db, Extractor(archive, self.db, self.portal), self._beside, self._unwritten)
        self.looks.whole = self.ahead.look
        self.looks.repeated = partial(self.ahead.extractor.pages.repeated, body=False)
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
        self._errands = Errands(crawler, self._stumbled, lambda: self.ahead.is_full)
        run.keeper, run.intake, run.key_holder, run.state = self.keeper, Intake(self.keeper), self.api, self.state

    @property
    def problems(self) -> list[str]:
        """What went wrong and is not in the archive, in sentences."""
        unsaved = [self.state.unsaved] if self.state.unsaved else []
        return self._problems + self.lists.problems + self.calls.problems + self.sitemap.problems + unsaved

    def say(self, problem: str) -> None:
        """Have a problem told at the end of the run."""
        self._problems.append(problem)

    def _steps(self) -> Iterator[Iterator[Request]]:
        """Give what to ask for, step by step; a step is taken when all that the one before led to is in the archive."""
        yield self._given_addresses()
        if self._urls and not self._given["section"]:
            return
        yield from _one_by_one(self.calls.newest())
        yield iter(list(self.lists.newest()))
        yield self._due()
        yield from _one_by_one(self.lists.back())
        yield from _one_by_one(self.calls.back())
        if self._sitemap_asked or self.watch.sitemap or self.lists.falls_short():
            yield from _one_by_one(self.sitemap.sitemaps())
            yield self.sitemap.found()

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
        cost = self._cost.plus(self.keeper.kept, len(self.looks.looked))
        estimate = cost.estimate(behind.left, self.watch.delay, self.max_requests)
        left = estimate.sentence() if estimate else "too early to estimate what is left"
        return f"walking back: {behind.section}, {behind.month}; {left}"

    def _tell(self, _: str) -> None:
        """Report progress, and remember what articles cost."""
        cost = self._cost.plus(self.keeper.kept, len(self.looks.looked))
        self.state.part("cost").update({"requests": cost.requests, "articles": cost.articles})
        if self._progress is not None:
            self._progress(self)

    async def start(self) -> AsyncIterator[Request]:
        """Take step after step; nothing is left to Scrapy's engine but to end the run."""
        try:
            for step in self._steps():
                await self._errands.run(step)
        except sqlite3.Error as error:
            self._unwritten(error)
            raise CloseSpider("not-kept") from error
        nothing: tuple[Request, ...] = ()
        for one in nothing:
            yield one

    async def closed(self, reason: str) -> None:  # noqa: ARG002  # as Scrapy calls it
        """Wait for what is still under way when the run is interrupted."""
        await self._errands.finished()

    def _unwritten(self, error: sqlite3.Error) -> None:
        """End the run: the database takes no more."""
        self.keeper.give_up(unwritable(error))
        ongoing(self.crawler).end("not-kept")

    def _stumbled(self, error: Exception, request: Request) -> None:
        """Say which page the crawler itself could not cope with; its bytes are in the archive all the same."""
        if isinstance(error, sqlite3.Error):
            self._unwritten(error)
            return
        self.say(f"{request.url}: the crawler failed on it ({error}). Please report it.")


def _one_by_one(requests: Iterator[Request]) -> Iterator[Iterator[Request]]:
    """Make a step of each request, which is made when the one before has been followed to its end."""
    return (iter((request,)) for request in requests)
