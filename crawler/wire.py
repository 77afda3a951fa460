"""Scrapy's download handler that keeps the exact bytes of both directions.

Every exchange goes to the archive first, failed ones too, before anything can decode, drop or follow it.
"""

from __future__ import annotations

from dataclasses import replace
from functools import lru_cache
from ipaddress import ip_address
from urllib.parse import urlsplit

from scrapy import Request
from scrapy.core.downloader.handlers.base import BaseDownloadHandler
from scrapy.crawler import Crawler
from scrapy.exceptions import (
    CannotResolveHostError,
    DownloadCancelledError,
    DownloadConnectionRefusedError,
    DownloadFailedError,
    DownloadTimeoutError,
    NotSupported,
)
from scrapy.http import Headers, Response

from crawler.connection import LeftError
from crawler.dialing import tls_context
from crawler.fetching import Limits, OutgoingRequest, fetch, read_payload
from crawler.framing import Head, parse_head
from crawler.markup import MOST_BYTES
from crawler.ongoing import NotAsked, ongoing
from crawler.pool import Pool
from storage.content_coding import ContentError, decode_content
from storage.errors import RunEndedEarly
from storage.records import Exchange, FailureKind

_read_ip = lru_cache(maxsize=64)(ip_address)

RAISED: dict[FailureKind, type[Exception]] = {
    "dns": CannotResolveHostError,
    "refused": DownloadConnectionRefusedError,
    "timeout": DownloadTimeoutError,
    "too-large": DownloadCancelledError,  # not retried: it would be as large again
}
"""What Scrapy is told of a failure; every other kind is a DownloadFailedError."""

LARGE = 32 * 1024 * 1024
"""Bytes of payload beyond which a body is left to the archive alone, so that memory stays flat whatever is sent."""

HURRY = 2.0
"""Seconds that an answer under way may take yet when the run is interrupted; then what has come of it is kept."""
ONCE = frozenset({b"content-type", b"location"})
"""Fields that an answer has once. Of several the first holds, as in its capture; of others Scrapy reads the last."""


class WireDownloadHandler(BaseDownloadHandler):
    """Downloads ``http`` and ``https`` requests byte-exactly and hands each exchange to the intake of the run.

    The requests of its key holder carry a secret on the wire and nowhere else.
    ``request.meta["capture"]`` holds the capture afterwards, in callbacks and errbacks alike. Settings:
    ``DOWNLOAD_TIMEOUT`` (whole exchange; longer for a large body that comes steadily), ``DOWNLOAD_MAXSIZE`` (bytes
    after the header block), ``CONCURRENT_REQUESTS_PER_DOMAIN``, ``WIRE_CONNECT_TIMEOUT``, ``WIRE_IDLE_TIMEOUT``
    (seconds) and ``WIRE_CA_FILE`` (authorities to trust instead of the system's). Proxies are not supported: the
    archive names the server's address.
    """

    lazy = False

    def __init__(self, crawler: Crawler) -> None:
        super().__init__(crawler)
        self._ongoing = ongoing(crawler)
        settings, usual = crawler.settings, Limits()
        authorities = settings.get("WIRE_CA_FILE")
        self._limits = Limits(
            body_bytes=settings.getint("DOWNLOAD_MAXSIZE"),
            connect_seconds=settings.getfloat("WIRE_CONNECT_TIMEOUT", usual.connect_seconds),
            idle_seconds=settings.getfloat("WIRE_IDLE_TIMEOUT", usual.idle_seconds),
            total_seconds=settings.getfloat("DOWNLOAD_TIMEOUT"),
        )
        self._pool = Pool(
            per_host=max(1, settings.getint("CONCURRENT_REQUESTS_PER_DOMAIN")),
            tls=tls_context(authorities) if authorities else None,
        )
        self._ongoing.closing.append(lambda: self._pool.hurry(HURRY))

    async def download_request(self, request: Request) -> Response:
        """Fetch, file, then answer or raise.

        Raises:
            CannotResolveHostError: The host's name does not resolve.
            DownloadConnectionRefusedError: The server refused the connection.
            DownloadTimeoutError: No header block came in time.
            DownloadCancelledError: The header block was too large.
            DownloadFailedError: Any other failure; the message says which.
            NotSupported: The request asks for a proxy.
            NotAsked: The run was interrupted before anything came.
        """
        if request.meta.get("proxy"):
            raise NotSupported(f"{request.url}: proxies are not supported; set HTTPPROXY_ENABLED = False")
        request.meta.pop("capture", None)  # a retried or redirected request carries its predecessor's
        intake, holder = self._ongoing.intake, self._ongoing.key_holder
        sent = outgoing(request)
        if holder and (secret := holder.secret_for(request.url)):
            sent = replace(sent, secret=secret)
        try:
            exchange = await fetch(sent, self._pool, self._limits_of(request))
        except LeftError as error:
            raise NotAsked("The run ends.") from error
        except RunEndedEarly as error:
            # The disk took no more of the answer while it was coming in.
            if intake is not None:
                intake.give_up(error)
            raise
        request.meta["download_latency"] = exchange.seconds
        if intake is not None:
            keeping = intake.keep(exchange)
            places = self._ongoing.places
            if places is not None and exchange.failure is None and exchange.status in {200, 304}:
                # While this is kept, the portal may be asked on; any other answer may say that it should not be.
                places.answered(request)
            # Cut short while it waits, it leaves the response open: it may be on its way to the disk.
            request.meta["capture"] = await keeping
        try:
            if exchange.failure is not None:
                raise RAISED.get(exchange.failure, DownloadFailedError)(exchange.failure_detail)
            return incoming(request, exchange)
        finally:
            if exchange.response is not None:
                exchange.response.close()

    async def close(self) -> None:
        """Hang up."""
        await self._pool.close()

    def _limits_of(self, request: Request) -> Limits:
        if not request.meta.keys() & {"download_maxsize", "download_timeout"}:
            return self._limits
        return replace(
            self._limits,
            body_bytes=int(request.meta.get("download_maxsize", self._limits.body_bytes)),
            total_seconds=float(request.meta.get("download_timeout", self._limits.total_seconds)),
        )


def outgoing(request: Request) -> OutgoingRequest:
    """Say what goes out for a Scrapy request: ``Host`` first, its headers in their order, ``Content-Length`` last."""
    given = [(name, value) for name, values in request.headers.items() for value in values]
    names = {name.lower() for name, _ in given}
    headers = [(name, value) for name, value in given if name.lower() == b"host"]
    if not headers:
        headers.append((b"Host", urlsplit(request.url).netloc.rpartition("@")[2].encode()))
    headers += [(name, value) for name, value in given if name.lower() != b"host"]
    if b"content-length" not in names and (request.body or request.method in {"POST", "PUT", "PATCH"}):
        headers.append((b"Content-Length", b"%d" % len(request.body)))
    via = request.meta.get("via")
    return OutgoingRequest(request.method, request.url, headers, request.body, via, request.meta.get("retry_times", 0))


class WireResponse(Response):
    """A response whose body is decoded when it is first asked for; empty, and flagged, where that cannot be done.

    It is of no kind that knows how to read text: pages are read by :func:`storage.charsets.text_of`.
    """

    coding = ""
    """The content coding of the body as it came."""
    limit = MOST_BYTES
    """Bytes that the decoded body may have."""

    @property
    def body(self) -> bytes:
        """The body without its coding."""
        if self.coding:
            coding, self.coding = self.coding, ""
            try:
                self._body = decode_content(self._body, coding, self.limit)
            except ContentError:
                self._body = b""
                self.flags.append("undecoded")
        return self._body

    @property
    def as_it_came(self) -> tuple[bytes, str, int]:
        """The body, its coding, empty once that is undone, and how long it may be without."""
        return self._body, self.coding, self.limit


def incoming(request: Request, exchange: Exchange) -> WireResponse:
    """Build Scrapy's response, its body de-chunked; a cut one is flagged ``truncated``.

    A body of more than :data:`LARGE` bytes comes empty and flagged ``large``, one whose coding is broken, or that is
    larger than the request allows when decoded, empty: they stand in the archive.
    """
    head = parse_head(exchange.head)
    flags = ["truncated"] if exchange.truncated else []
    is_large = exchange.payload_length > LARGE
    response = WireResponse(
        url=request.url,
        status=head.status,
        body=b"" if is_large else read_payload(exchange),
        flags=[*flags, "large"] if is_large else flags,
        ip_address=_read_ip(exchange.ip) if exchange.ip else None,
        protocol="HTTP/{}.{}".format(*head.version),
    )
    response.headers = _headers(head)
    response.coding = b", ".join(head.listed(b"content-encoding")).decode("latin-1")
    response.limit = int(request.meta.get("download_maxsize", 0)) or MOST_BYTES
    return response


def _headers(head: Head) -> Headers:
    """Give a head's fields but for the coding, which is undone, as Scrapy has them."""
    found = Headers()
    # As Headers does it for names and values of any sort, in a fourth of the time: these are bytes already.
    told = {
        name.title(): values[:1] if name in ONCE else list(values)
        for name, values in head.values.items()
        if name != b"content-encoding"
    }
    dict.update(found, told)
    return found
