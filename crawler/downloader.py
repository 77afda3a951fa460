"""Scrapy's downloader for a crawl of one portal: one middleware called after the other, one pace for each host.

Scrapy's own is made for many sites and any middleware, and pays for it at each request with tasks, signals and
Deferreds; what it promises (so many requests to a host at once, so long between two of them) holds here as there.
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Iterable
from inspect import iscoroutinefunction
from time import monotonic
from typing import Any

from scrapy import Request
from scrapy.core.downloader.handlers import DownloadHandlers
from scrapy.core.downloader.middleware import DownloaderMiddlewareManager
from scrapy.crawler import Crawler
from scrapy.http import Response
from scrapy.utils.defer import deferred_from_coro
from scrapy.utils.httpobj import urlparse_cached
from twisted.internet.defer import Deferred

from crawler.ongoing import ongoing


class Turnstile:
    """Lets requests to one host pass, first come, first served: so many at once, and each after its time.

    Args:
        places: Requests that may be under way at once.
        interval: Gives the seconds that must lie between two requests now.
        wait: Waits so many seconds; what it raises goes to the one that would pass.
        pause: Gives the seconds for which nobody may pass now; what it raises does, too.
    """

    def __init__(
        self,
        places: int,
        interval: Callable[[], float],
        wait: Callable[[float], Awaitable[None]] = asyncio.sleep,
        pause: Callable[[], float] = float,
    ) -> None:
        self._places = asyncio.Semaphore(places)
        self._next = asyncio.Lock()
        self._interval = interval
        self._wait = wait
        self._pause = pause
        self._passed = float("-inf")

    async def enter(self) -> None:
        """Wait for a place and for the time to go; :meth:`leave` gives the place back."""
        await self._places.acquire()
        try:
            async with self._next:
                # Asked for again after each wait: what is answered meanwhile may have made it longer.
                while (left := max(self._passed + self._interval() - monotonic(), self._pause())) > 0:
                    await self._wait(left)
                self._passed = monotonic()
        except BaseException:
            self._places.release()
            raise

    def leave(self) -> None:
        """Give the place to the next."""
        self._places.release()


class Downloader:
    """Fetches requests through the downloader middlewares and the handlers (Scrapy's setting ``DOWNLOADER``)."""

    def __init__(self, crawler: Crawler) -> None:
        settings = crawler.settings
        self.active: set[Request] = set()
        """The requests under way, from the first middleware to the end of the exchange."""
        self._inside: dict[Request, Turnstile] = {}
        self.left: Callable[[], None] = lambda: None
        """Called when one of them has ended, while the middlewares look at the answer."""
        self.middleware = DownloaderMiddlewareManager.from_crawler(crawler)
        self._handlers = DownloadHandlers(crawler)
        self._before = _told_apart(self.middleware.methods["process_request"])
        self._after = _told_apart(self.middleware.methods["process_response"])
        self._at_failures = _told_apart(self.middleware.methods["process_exception"])
        self._ongoing = ongoing(crawler)
        self._most = settings.getint("CONCURRENT_REQUESTS")
        self._most_a_host = max(1, settings.getint("CONCURRENT_REQUESTS_PER_DOMAIN"))
        self._turnstiles: dict[str, Turnstile] = {}
        self._ongoing.places = self

    async def answer(self, request: Request) -> Response | Request:
        """Give the response to a request, or the request that a middleware has made of it.

        Raises:
            Exception: What a middleware refused it for, or the handler met; it has passed the middlewares.
        """
        self.active.add(request)
        try:
            found = await _first(self._before, request=request) or await self._download(request)
        except Exception as error:
            mended = await _first(self._at_failures, request=request, exception=error)
            if mended is None:
                raise
            found = mended
        finally:
            self._free(request)
        for method, waits in self._after:
            if isinstance(found, Request):
                break
            found = method(request=request, response=found)
            if waits:
                found = await found
        return found

    def answered(self, request: Request) -> None:
        """Let another request go while an answer is kept, unless requests go one by one.

        What an answer leads to, the parts of a look, is not asked for yet: with one place it would come after the next
        look, and a run that is cut short would cut two.
        """
        if self._most_a_host > 1:
            self._free(request)

    def _free(self, request: Request) -> None:
        if request in self._inside:
            self._inside.pop(request).leave()
        self.active.discard(request)
        self.left()

    def fetch(self, request: Request) -> Deferred[Response | Request]:
        """Answer a request that comes from Scrapy's engine, as that for robots.txt does."""
        return deferred_from_coro(self.answer(request))

    def needs_backout(self) -> bool:
        """Tell Scrapy's engine whether as many requests are under way as may be."""
        return 0 < self._most <= len(self.active)

    def close(self) -> None:
        """Leave it to the requests under way to end by themselves."""

    async def _download(self, request: Request) -> Response:
        host = urlparse_cached(request).hostname or ""
        turnstile = self._turnstiles.get(host)
        if turnstile is None:
            # All hosts are the portal's or the open API's; each is asked at the run's pace.
            run = self._ongoing
            turnstile = Turnstile(self._most_a_host, lambda: run.pace.interval, run.wait, run.pause)
            self._turnstiles[host] = turnstile
        await turnstile.enter()
        self._inside[request] = turnstile
        await self._ongoing.wait(0)  # It may have waited for a place until now.
        return await self._handlers.download_request_async(request)


_Methods = list[tuple[Callable[..., Any], bool]]


def _told_apart(methods: Iterable[Callable[..., Any] | None]) -> _Methods:
    """Tell the methods that are to be waited for from the others, once."""
    return [(one, iscoroutinefunction(one)) for one in methods if one is not None]


async def _first(methods: _Methods, **given: Any) -> Response | Request | None:
    """Call one method after the other until one gives something."""
    for method, waits in methods:
        found: Response | Request | None = await method(**given) if waits else method(**given)
        if found is not None:
            return found
    return None
