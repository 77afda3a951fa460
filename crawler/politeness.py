"""Obey robots.txt, stay on the portal, keep to the budget, wait when told to, stop when it does not answer.

Downloader middlewares; but for the first they stand next to the handler, where retries, redirects and robots.txt
pass as well. What is not fetched for one of these reasons is written to the archive as such.
"""

from __future__ import annotations

import asyncio
import logging
import time
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime

from scrapy import Request
from scrapy.crawler import Crawler
from scrapy.downloadermiddlewares.robotstxt import RobotsTxtMiddleware
from scrapy.exceptions import IgnoreRequest
from scrapy.http import Response
from scrapy.robotstxt import RobotParser

from crawler.open_api import OpenApi
from crawler.portal import Portal
from crawler.wire import Keeper
from storage.records import Exchange, FailureKind

logger = logging.getLogger(__name__)

LONGEST_WAIT = 300.0
"""Seconds; a portal that asks for a longer pause ends the run."""
FAILURES_IN_A_ROW = 6
"""Exchanges without a usable answer, one after the other, that end the run."""


class _Middleware:
    """What the three have in common: the crawler, whose run they may end."""

    def __init__(self, crawler: Crawler) -> None:
        self._crawler = crawler

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> _Middleware:
        """Build with the crawler."""
        return cls(crawler)

    def _end(self, reason: str) -> None:
        """End the run with a reason, once; what is under way is finished."""
        engine = self._crawler.engine
        if engine is not None and engine.spider is not None and not getattr(self._crawler, "gochim_ending", False):
            self._crawler.gochim_ending = True  # type: ignore[attr-defined]  # Scrapy's crawler carries the run's state
            task = asyncio.ensure_future(engine.close_spider_async(reason=reason))
            self._crawler.gochim_ending_task = task  # type: ignore[attr-defined]  # kept, or it may be collected


class StayHome(_Middleware):
    """Refuses every request that leaves the portal (or the open API, when a key is set), redirects included."""

    def process_request(self, request: Request) -> None:
        """Let only addresses of the portal and of the open API pass."""
        portal: Portal = self._crawler.spider.portal  # type: ignore[union-attr]
        api: OpenApi = self._crawler.spider.api  # type: ignore[union-attr]
        if not portal.allows(request.url) and not api.allows(request.url):
            logger.warning("not fetched, it leaves the portal: %s", request.url)
            _note(self._crawler, request, "off-host", f"leaves {portal.base}")
            raise IgnoreRequest(f"{request.url} is not on {portal.base}")


class Robots(RobotsTxtMiddleware):
    """Scrapy's robots.txt middleware, which writes to the archive what it forbids."""

    def process_request_2(self, rp: RobotParser | None, request: Request) -> None:
        """Let pass what robots.txt allows, or has no say in."""
        try:
            super().process_request_2(rp, request)
        except IgnoreRequest:
            _note(self.crawler, request, "robots", "forbidden by robots.txt")
            raise


def _note(crawler: Crawler, request: Request, failure: FailureKind, detail: str) -> None:
    """Write down that an address was not asked for, and why."""
    keeper: Keeper | None = getattr(crawler, "gochim_archive", None)
    if keeper is not None:
        keeper.keep(
            Exchange(
                url=request.url,
                method=request.method,
                started_at=datetime.now(UTC),
                request=b"",
                failure=failure,
                failure_detail=detail,
                via=request.meta.get("via"),
            )
        )


class Budget(_Middleware):
    """Counts every request of the run and ends it when the settings' number is reached."""

    spent = 0

    def process_request(self, request: Request) -> None:
        """Count a request, or refuse it when nothing is left."""
        limit: int = self._crawler.spider.max_requests  # type: ignore[union-attr]
        if self.spent >= limit:
            self._end("budget")
            raise IgnoreRequest(f"{request.url}: the run's {limit} requests are spent")
        self.spent += 1


class Patience(_Middleware):
    """Waits as long as ``Retry-After`` asks, and ends the run when the portal no longer answers."""

    def __init__(self, crawler: Crawler) -> None:
        super().__init__(crawler)
        self._not_before = 0.0
        self._failed = 0

    async def process_request(self, request: Request) -> None:  # noqa: ARG002
        """Hold the request back until the pause is over."""
        pause = self._not_before - time.monotonic()
        if pause > 0:
            await asyncio.sleep(pause)

    def process_response(self, request: Request, response: Response) -> Response:
        """Heed 429 and 503; anything else but a refusal shows that the portal is there."""
        if request.meta.get("aside"):
            return response
        if response.status in {429, 503}:
            self._heed(response)
        if response.status in {403, 429, 503}:
            self._count("blocked")
        else:
            self._failed = 0
        return response

    def process_exception(self, request: Request, exception: Exception) -> None:
        """Count an exchange that brought no answer."""
        if not isinstance(exception, IgnoreRequest) and not request.meta.get("aside"):
            self._count("unreachable")

    def _count(self, reason: str) -> None:
        self._failed += 1
        if self._failed >= FAILURES_IN_A_ROW:
            self._end(reason)

    def _heed(self, response: Response) -> None:
        seconds = retry_after(response.headers.get("Retry-After"), datetime.now(UTC))
        if seconds is None:
            return
        if seconds > LONGEST_WAIT:
            logger.warning("the portal asks to wait %d seconds; the run ends", seconds)
            self._end("told-to-wait")
            return
        logger.info("the portal asks to wait %d seconds", seconds)
        self._not_before = time.monotonic() + seconds


def retry_after(value: bytes | None, now: datetime) -> float | None:
    """Read ``Retry-After`` (RFC 9110, 10.2.3): seconds, or a date; None when it is absent or unreadable."""
    if value is None:
        return None
    text = value.decode("latin-1").strip()
    if text.isdigit():
        return float(text)
    try:
        moment = parsedate_to_datetime(text)
    except ValueError:
        return None
    return max(0.0, (moment.replace(tzinfo=moment.tzinfo or UTC) - now).total_seconds())
