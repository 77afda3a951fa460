"""Sends the requests of a run and those that their answers lead to: the most urgent first, a limited number at once.

Scrapy's engine would do the same with a scheduler, a scraper and a task for each step of a page. A crawl of one portal
needs less: an order, a limit, and a call back to whoever asked (decision 35).
"""

from __future__ import annotations

import asyncio
import heapq
import logging
from collections.abc import Callable, Iterable, Iterator
from itertools import count, islice
from typing import Any

from scrapy import Request
from scrapy.crawler import Crawler
from scrapy.exceptions import CloseSpider
from scrapy.http import Response
from scrapy.spidermiddlewares.httperror import HttpError, HttpErrorMiddleware
from scrapy.spidermiddlewares.referer import RefererMiddleware
from twisted.python.failure import Failure

from crawler.downloader import Downloader
from crawler.ongoing import ongoing

logger = logging.getLogger(__name__)

BATCH = 200
"""Requests taken from a step at once; more are taken when all of these, retries included, have been sent."""
ONE_BY_ONE, TAKEN_IN = 2, 12
"""How many answers may be taken in while others are fetched.

Where requests go one by one it is ``ONE_BY_ONE``, so that a run which is cut short leaves few looks half done; else
``TAKEN_IN`` for each request that may be under way. Pages are read by a process beside the crawl and looks are filed in
batches, and neither waits for the other while enough pages are there."""


class Errands:
    """Sees to the requests of one run.

    Args:
        crawler: Whose settings hold and whose downloader fetches.
        stumbled: Called with the error and the request when what a request is for fails on the answer.
        is_full: Says whether the answers that are taken in hold as much memory as they may.
    """

    def __init__(
        self,
        crawler: Crawler,
        stumbled: Callable[[Exception, Request], None],
        is_full: Callable[[], bool] = lambda: False,
    ) -> None:
        self._crawler = crawler
        self._ongoing = ongoing(crawler)
        self._stumbled = stumbled
        self._is_full = is_full
        self._most = max(1, crawler.settings.getint("CONCURRENT_REQUESTS"))
        self._taken_in = TAKEN_IN * self._most if self._most > 1 else ONE_BY_ONE
        self._waiting: list[tuple[int, int, Request]] = []
        self._came = count()
        self._seen: set[bytes] = set()
        self._under_way: set[asyncio.Task[None]] = set()
        self._room = asyncio.Event()

    async def run(self, requests: Iterator[Request]) -> None:
        """See to requests and to all that they lead to; what waits to be asked for is given up when it is cancelled.

        Raises:
            CloseSpider: The run is to end (:attr:`crawler.ongoing.Ongoing.ending`); what was under way has ended.
        """
        downloader = self._downloader
        downloader.left = self._room.set
        while True:
            while self._has_room(downloader) and (request := self._next(requests)) is not None:
                task = asyncio.create_task(self._see_to(request, downloader))
                self._under_way.add(task)
                task.add_done_callback(self._note_end)
                await asyncio.sleep(0)  # It is under way, or waits for its turn, before the next is looked for.
            if not self._under_way:
                break
            self._room.clear()
            try:
                await self._room.wait()
            except asyncio.CancelledError:
                # Told here: the engine closes the downloader after the request for robots.txt, which may wait too.
                self._ongoing.close("shutdown")
                raise
        if reason := self._ongoing.ending:
            raise CloseSpider(reason)

    async def finished(self) -> None:
        """Wait until nothing is under way."""
        while self._under_way:
            await asyncio.wait(self._under_way)

    @property
    def _downloader(self) -> Downloader:
        engine = self._crawler.engine
        assert engine is not None  # noqa: S101
        return engine.downloader  # type: ignore[return-value]  # as the settings say

    def _has_room(self, downloader: Downloader) -> bool:
        """Say whether another request may begin."""
        if len(downloader.active) >= self._most or len(self._under_way) >= self._most + self._taken_in:
            return False
        return not self._is_full()

    def _next(self, requests: Iterator[Request]) -> Request | None:
        """Give the most urgent request, of equals the one that came first."""
        if self._ongoing.ending:
            return None
        if not self._waiting:
            self._add(islice(requests, BATCH))
        return heapq.heappop(self._waiting)[2] if self._waiting else None

    def _add(self, requests: Iterable[Request]) -> None:
        """Put requests in their places, but for those that were asked before and need not be again."""
        for one in requests:
            if not one.dont_filter:
                fingerprint = self._crawler.request_fingerprinter.fingerprint(one)
                if fingerprint in self._seen:
                    continue
                self._seen.add(fingerprint)
            self._put(one)

    def _put(self, request: Request) -> None:
        heapq.heappush(self._waiting, (-request.priority, next(self._came), request))

    def _note_end(self, task: asyncio.Task[None]) -> None:
        self._under_way.discard(task)
        self._room.set()

    async def _see_to(self, request: Request, downloader: Downloader) -> None:
        """Have a request answered, and tell whom it concerns."""
        try:
            found = await downloader.answer(request)
        except Exception as error:  # noqa: BLE001  # told to the one that asked
            self._tell_failure(request, error)
            return
        if isinstance(found, Request):
            # Tried again or led on: whoever asked waits for it, though others were led to the same address before.
            self._put(found)
            return
        found.request = request
        refused = self._refused(found)
        if refused is not None:
            self._tell_failure(request, refused, found)
        elif request.callback is not None:
            self._tell(request, request.callback, found, found, **request.cb_kwargs)

    def _refused(self, response: Response) -> HttpError | None:
        """Say that a response has a status which the request does not want; None when it wants it."""
        if not 200 <= response.status < 300:
            try:
                _asked_of(self._crawler, HttpErrorMiddleware).process_spider_input(response)
            except HttpError as error:
                return error
        return None

    def _tell_failure(self, request: Request, error: Exception, response: Response | None = None) -> None:
        failure: Any = Failure(error)  # type: ignore[no-untyped-call]  # Twisted has no types
        failure.request = request
        if request.errback is not None:
            self._tell(request, request.errback, response, failure)

    def _tell(
        self, request: Request, callback: Callable[..., Any], response: Response | None, *given: Any, **values: Any
    ) -> None:
        """Call back, and take in the requests that this leads to."""
        try:
            for one in callback(*given, **values) or ():
                if response is not None:
                    _asked_of(self._crawler, RefererMiddleware).get_processed_request(one, response)
                self._add([one])
        except Exception as error:  # told at the end of the run; the page itself is in the archive
            logger.debug("%s: what it is for failed on it", request.url, exc_info=True)
            self._stumbled(error, request)


def _asked_of(crawler: Crawler, kind: type[Any]) -> Any:
    """Give the spider middleware of a kind, which the settings name."""
    found = crawler.get_spider_middleware(kind)
    assert found is not None  # noqa: S101
    return found
