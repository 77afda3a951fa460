"""Obey robots.txt, stay on the portal, keep to the budget, wait when told to, stop when it does not answer.

These are downloader middlewares. Those that count stand next to the download handler, so that whatever comes of the
others passes them as well. What is not fetched for one of these reasons is written to the archive as such.
"""

from __future__ import annotations

import logging
from datetime import UTC, datetime, timedelta
from typing import Any

from scrapy import Request, signals
from scrapy.crawler import Crawler
from scrapy.downloadermiddlewares.robotstxt import RobotsTxtMiddleware
from scrapy.exceptions import DownloadConnectionRefusedError, IgnoreRequest
from scrapy.http import Response
from scrapy.robotstxt import RobotParser
from scrapy.utils.httpobj import urlparse_cached

from crawler.ahead import Ahead, Page
from crawler.notices import what_else
from crawler.ongoing import NotAsked, ongoing
from crawler.open_api import OpenApi
from crawler.pace import LONGEST_WAIT, retry_after
from crawler.portal import Portal
from crawler.robots import NOT_HAD, Allowed, with_paths
from crawler.sections import SECTIONS
from crawler.wire import WireResponse
from storage.charsets import text_of
from storage.errors import RunEndedEarly
from storage.records import Capture, Exchange, FailureKind

logger = logging.getLogger(__name__)

FAILURES_IN_A_ROW = 6
"""Exchanges without a usable answer, one after the other, that end the run."""
ROBOTS_HOLD = timedelta(hours=24)
"""For how long what a robots.txt says is relied on before it is asked for again (RFC 9309, 2.4)."""


class _Middleware:
    """What the middlewares have in common: the crawler, whose run they may end."""

    def __init__(self, crawler: Crawler) -> None:
        self._crawler = crawler
        self._ongoing = ongoing(crawler)

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> _Middleware:
        """Build with the crawler."""
        return cls(crawler)


class StayHome(_Middleware):
    """Refuses every request that leaves the portal (or the open API, when a key is set), redirects included."""

    async def process_request(self, request: Request) -> Request | None:
        """Let only addresses of the portal and of the open API pass.

        Portals behind a proxy redirect to ``http``, or to the mobile host: that is the portal, under another name.
        """
        portal: Portal = self._crawler.spider.portal  # type: ignore[union-attr]
        api: OpenApi = self._crawler.spider.api  # type: ignore[union-attr]
        if portal.allows(request.url) or api.allows(request.url):
            return None
        if (ours := portal.local(request.url)) is not None:
            return request.replace(url=ours)
        logger.warning("not fetched, it leaves the portal: %s", request.url)
        await _note(self._crawler, request, "off-host", f"leaves {portal.base}")
        raise IgnoreRequest(f"{request.url} is not on {portal.base}")


class Robots(RobotsTxtMiddleware):
    """Scrapy's robots.txt middleware, which follows RFC 9309 where that one does not and says what is forbidden.

    A robots.txt that is not there (4xx) forbids nothing; one that cannot be had (5xx, 429, no answer, one that breaks
    off, cannot be decoded, or is led away from the portal or in a circle) forbids everything, and the run ends (2.3.1.3
    and 2.3.1.4 there). What it forbids is written to the archive as such.
    """

    def __init__(self, crawler: Crawler) -> None:
        super().__init__(crawler)
        self._unreachable = False
        self._said = False
        self._allowed: dict[str, Allowed] = {}
        self._read_at: dict[str, datetime] = {}

    async def process_request(self, request: Request) -> None:  # type: ignore[override]  # the base has a spider argument
        """Let pass what robots.txt allows, once there is an answer to what it says."""
        if request.meta.get("dont_obey_robotstxt"):
            return
        netloc = urlparse_cached(request).netloc
        self._forget_old(netloc)
        allowed = self._allowed.get(netloc)
        if allowed is not None and request.url in allowed and not self._unreachable:
            return
        parser = self._parsers.get(netloc)
        if not isinstance(parser, RobotParser):
            parser = await self.robot_parser(request)
        if self._unreachable:
            await _note(self.crawler, request, "robots", NOT_HAD)
            raise NotAsked(NOT_HAD)
        try:
            self.process_request_2(parser, request)
        except IgnoreRequest:
            await _note(self.crawler, request, "robots", "forbidden by robots.txt")
            self._say(request)
            raise
        if netloc in self._allowed:
            self._allowed[netloc].add(request.url)

    def _forget_old(self, netloc: str) -> None:
        """Forget a robots.txt that was read too long ago, so that it is asked for again."""
        read_at = self._read_at.get(netloc)
        if read_at is not None and datetime.now(UTC) - read_at > ROBOTS_HOLD:
            del self._read_at[netloc], self._parsers[netloc], self._allowed[netloc]

    def _say(self, request: Request) -> None:
        """Have it told at the end of the run that robots.txt forbids something, once."""
        say = getattr(self.crawler.spider, "say", None)
        if say is not None and not self._said:
            self._said = True
            say(f"{request.url}: forbidden by robots.txt; this and all else that it forbids is left out.")

    async def _parse_robots(self, response: Response, netloc: str, request: Request) -> None:
        """Read the file as its author meant it."""
        body = response.body
        # What is behind the place at which an answer breaks off, or in one that cannot be decoded, may be forbidden.
        if response.status >= 500 or response.status == 429 or response.flags:
            self._end()
        portal: Portal = self.crawler.spider.portal  # type: ignore[union-attr]
        text = body.decode("utf-8-sig", errors="ignore") if response.status < 400 else ""
        text = with_paths(text, lambda origin: portal.local(origin) is not None)
        await super()._parse_robots(response.replace(body=text.encode()), netloc, request)
        parser = self._parsers[netloc]
        if isinstance(parser, RobotParser):
            ongoing(self.crawler).pace.obey(parser.crawl_delay(self._robotstxt_useragent or ""))
            self._allowed[netloc] = Allowed(text)
            self._read_at[netloc] = datetime.now(UTC)

    def _robots_error(self, exc: Exception, netloc: str) -> None:
        """End the run when nobody answered, or the file is elsewhere; of one not asked for nothing is told."""
        if not isinstance(exc, NotAsked):
            self._end()
        super()._robots_error(exc, netloc)

    def _end(self) -> None:
        self._unreachable = True
        ongoing(self.crawler).end("robots-unreachable")


async def _note(crawler: Crawler, request: Request, failure: FailureKind, detail: str) -> None:
    """Write down that an address was not asked for, and why."""
    if (intake := ongoing(crawler).intake) is not None:
        await intake.keep(
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
    """Counts the requests and bytes of the run and ends it when one of the settings' numbers is reached."""

    def __init__(self, crawler: Crawler) -> None:
        super().__init__(crawler)
        self._spent = 0

    def process_request(self, request: Request) -> None:
        """Count a request, or refuse it when nothing is left; what is under way is finished."""
        if over := self._over():
            self._ongoing.end("budget")
            raise NotAsked(f"{request.url}: the run's {over} are spent")
        self._spent += 1

    def _over(self) -> str | None:
        """Say what is spent, None while nothing is."""
        spider: Any = self._crawler.spider
        if self._spent >= spider.max_requests:
            return f"{spider.max_requests} requests"
        most = getattr(spider, "max_bytes", 0)
        if most and self._ongoing.intake is not None and self._ongoing.intake.received >= most:
            return f"{most} bytes"
        return None


class Patience(_Middleware):
    """Notes how long the portal asks to wait, slows down in trouble, and ends the run when it no longer answers."""

    def __init__(self, crawler: Crawler) -> None:
        super().__init__(crawler)
        self._pace = self._ongoing.pace
        self._ongoing.failures = 0
        crawler.signals.connect(self.engine_stopped, signal=signals.engine_stopped)

    def process_response(self, request: Request, response: Response) -> Response:
        """Heed what says how long to wait, and count refusals; what another host answered says nothing of the portal.

        Any other 5xx may be the fault of one page: it counts once an address, however often that is asked again.
        """
        if request.meta.get("aside"):
            return response
        told = response.headers.getlist("Retry-After") if response.status >= 300 else []
        if wait := retry_after(told, datetime.now(UTC)):
            self._pace.leave_alone(wait)
            _remember(self._crawler)
            if wait > LONGEST_WAIT:
                logger.warning("the portal asks to wait %d seconds; the run ends", wait)
                self._ongoing.end("told-to-wait")
        if response.status in {403, 429, 503} or (response.status >= 500 and not request.meta.get("retry_times")):
            trouble(self._crawler, str(response.status), "blocked")
        elif response.status < 500 and response.status != 200:
            self._ongoing.failures = 0
            self._pace.good(request.meta.get("download_latency", 0.0))
        return response

    def process_exception(self, request: Request, exception: Exception) -> None:
        """Count an exchange without a whole answer; one that cannot be kept ends the run: asking on is for nothing.

        A connection that breaks off counts once an address, as in :meth:`process_response`.
        """
        if isinstance(exception, RunEndedEarly):
            self._ongoing.end("not-kept")
            return
        if not isinstance(exception, IgnoreRequest) and not request.meta.get("aside"):
            if _of_one_page(request) and request.meta.get("retry_times"):
                return
            refused = isinstance(exception, DownloadConnectionRefusedError)
            trouble(self._crawler, "refused" if refused else "no answer", "unreachable")

    def engine_stopped(self) -> None:
        """Remember the pace for the next run."""
        _remember(self._crawler)


class Firewall(_Middleware):
    """Sees that what came with status 200 for an article's page or a list is a firewall's."""

    async def process_response(self, request: Request, response: Response) -> Response:
        """Count a firewall's page as a refusal, any other as a good answer; the page's reading goes on with it."""
        if response.status != 200 or request.meta.get("aside"):
            return response
        capture: Capture | None = request.meta.get("capture")
        if capture is not None and capture.role == "article":
            ahead: Ahead = self._crawler.spider.ahead  # type: ignore[union-attr]
            assert isinstance(response, WireResponse)  # noqa: S101  # what has a capture has come over the wire
            reading = request.meta["reading"] = await ahead.read(Page(capture, *response.as_it_came))
            blocked = reading.outcome == "blocked"
        else:
            blocked = capture is not None and capture.role == "list" and self._is_no_list(response)
        if blocked:
            trouble(self._crawler, "firewall", "blocked")
        else:
            self._ongoing.failures = 0
            self._ongoing.pace.good(request.meta.get("download_latency", 0.0))
        return response

    def _is_no_list(self, response: Response) -> bool:
        """Say whether a firewall's page stands in a list's place."""
        spider: Any = self._crawler.spider
        address = spider.portal.address(response.url)
        if address is None or address.section is None:
            return False
        text = text_of(response.body, (response.headers.get("Content-Type") or b"").decode("latin-1"))
        return not SECTIONS[address.section].list_page(text).recognises() and what_else(text) == "blocked"


def trouble(crawler: Crawler, what: str, reason: str) -> None:
    """Slow down, remember it at once, and end the run for ``reason`` when it is one trouble too many in a row."""
    run = ongoing(crawler)
    run.pace.trouble(what)
    _remember(crawler)
    run.failures += 1
    if run.failures >= FAILURES_IN_A_ROW:
        run.end(reason)


def _of_one_page(request: Request) -> bool:
    """Say whether it may be the fault of one page that a request brought no whole answer: the portal was there."""
    capture: Capture | None = request.meta.get("capture")
    return capture is not None and capture.failure in {"disconnected", "protocol", "too-large"}


def _remember(crawler: Crawler) -> None:
    if (state := ongoing(crawler).state) is not None:
        state.save()
