"""One request, one answer, one Exchange: every byte of both directions and every way it can go wrong.

Knows no crawler framework. Faults of the network are told in the Exchange and never raised.
"""

from __future__ import annotations

import asyncio
import re
import tempfile
from dataclasses import dataclass
from datetime import UTC, datetime
from time import monotonic
from typing import BinaryIO, cast
from urllib.parse import urldefrag, urlsplit

from crawler.connection import Connection
from crawler.dialing import Endpoint, UnreachedError
from crawler.framing import body_of, parse_head
from crawler.pool import Pool
from crawler.response_reader import ResponseReader
from crawler.secret import Secret
from storage.content_coding import ContentError, decode_content
from storage.errors import RunEndedEarly
from storage.http_message import content_encoding
from storage.records import Exchange

IN_MEMORY = 1024 * 1024
"""Bytes of an answer held in memory before it moves to a temporary file."""
REPEATABLE = frozenset({"GET", "HEAD", "OPTIONS", "TRACE", "PUT", "DELETE"})
"""Idempotent methods (RFC 9110 section 9.2.2): only these go over a connection that may turn out to be stale."""
BREAKS_A_LINE = re.compile(rb"[\x00\r\n]")
"""A header value that would smuggle in another line, ``a\\r\\nSet-Cookie: b``."""
BREAKS_A_TARGET = re.compile(rb"[\x00-\x20\x7f]")
"""A request target that would end early, ``/news view.do``."""


@dataclass(frozen=True, slots=True)
class Limits:
    """How much and how long. Sizes in bytes, times in seconds; ``body_bytes`` 0 means no limit."""

    head_bytes: int = 256 * 1024
    body_bytes: int = 0
    connect_seconds: float = 20.0
    idle_seconds: float = 30.0
    total_seconds: float = 180.0


@dataclass(frozen=True, slots=True)
class OutgoingRequest:
    """A request as it is to be sent: ``headers`` go out in this order and spelling, and nothing is added to them.

    ``via`` is the address of the page that led here, ``retry`` how often it was tried before; both are for the
    archive and not sent. What ``secret`` hides is nowhere in the request but in the bytes that are sent.
    """

    method: str
    url: str
    headers: list[tuple[bytes, bytes]]
    body: bytes = b""
    via: str | None = None
    retry: int = 0
    secret: Secret | None = None

    def message(self) -> bytes:
        """Write the request out (RFC 9112 section 3).

        Raises:
            ValueError: The target or a header would break out of its line.
        """
        parts = urlsplit(self.url)
        target = ((parts.path or "/") + (f"?{parts.query}" if parts.query else "")).encode()
        lines = [name + b": " + value for name, value in self.headers]
        if BREAKS_A_TARGET.search(target) or BREAKS_A_LINE.search(b"".join(lines)):
            raise ValueError(f"the request for {self.url!r} holds a line break or a space; percent-encode it")
        return b"\r\n".join([b"%b %b HTTP/1.1" % (self.method.encode("ascii"), target), *lines, b"", self.body])


async def fetch(request: OutgoingRequest, pool: Pool, limits: Limits) -> Exchange:
    """Send ``request`` and bring back all that came of it.

    ``request`` of the Exchange is empty when no connection came about: nothing was sent then. The caller closes the
    Exchange's ``response``. Times out, refuses and breaks off in the Exchange, not by raising.

    Raises:
        ValueError: The request cannot be written out.
        RunEndedEarly: The answer cannot be kept (no room for temporary files).
        LeftError: The pool was hurried before a header block came.
        asyncio.CancelledError: The task was cancelled; the connection is closed.
    """
    endpoint, message = Endpoint.of(request.url), request.message()
    async with pool.place(endpoint):
        began, deadline = monotonic(), asyncio.get_running_loop().time() + limits.total_seconds
        exchange = Exchange(
            url=urldefrag(request.url).url,
            method=request.method,
            started_at=datetime.now(UTC),
            request=b"",
            via=request.via,
            retry=request.retry,
        )
        # It outlives this function inside the exchange, hence no context manager.
        spool = cast("BinaryIO", tempfile.SpooledTemporaryFile(max_size=IN_MEMORY))  # noqa: SIM115
        try:
            sent = request.secret.unveiled(message) if request.secret else message
            reader = await _converse(exchange, _Call(endpoint, message, sent, spool, deadline), pool, limits)
            _tell(exchange, reader, spool)
            if request.secret and _gives_away(exchange, request.secret):
                _withhold(exchange)
        except UnreachedError as fault:
            exchange.failure, exchange.failure_detail = fault.kind, str(fault)
        except OSError as fault:
            raise RunEndedEarly(f"{request.url}: the answer cannot be kept ({fault}); free some disk space") from fault
        finally:
            if exchange.response is None:
                spool.close()
            exchange.seconds = monotonic() - began
    return exchange


def read_payload(exchange: Exchange) -> bytes:
    """Give the body after chunk framing and before content coding, from the kept answer; empty when there is none."""
    if exchange.response is None or not exchange.head:
        return b""
    spool = exchange.response
    spool.seek(len(exchange.head))
    if exchange.response_length - len(exchange.head) == exchange.payload_length:  # Nothing frames it.
        return spool.read()
    # Framing can be a thousand times as long as what it frames.
    body, _ = body_of(parse_head(exchange.head), exchange.method)
    return b"".join(body.feed(piece)[1] for piece in iter(lambda: spool.read(IN_MEMORY), b""))


@dataclass(frozen=True, slots=True)
class _Call:
    """What stays the same when a request is sent a second time."""

    endpoint: Endpoint
    message: bytes
    sent: bytes
    spool: BinaryIO
    deadline: float


async def _converse(exchange: Exchange, call: _Call, pool: Pool, limits: Limits) -> ResponseReader:
    """Send the message over an idle connection if there is one, over a new one if that turns out to be stale."""
    idle = await pool.take(call.endpoint) if exchange.method in REPEATABLE else None
    if idle is not None:
        reader = await _send(exchange, call, idle, pool, limits)
        if reader.heard or reader.failure != "disconnected":
            return reader
    left = call.deadline - asyncio.get_running_loop().time()
    fresh = await pool.dial(call.endpoint, max(0.0, min(limits.connect_seconds, left)))
    return await _send(exchange, call, fresh, pool, limits)


async def _send(exchange: Exchange, call: _Call, connection: Connection, pool: Pool, limits: Limits) -> ResponseReader:
    """Hold one conversation and note over what it was held."""
    exchange.request, exchange.ip = call.message, connection.ip
    exchange.protocols = ("http/1.1", connection.tls) if connection.tls else ("http/1.1",)
    exchange.cipher_suite = connection.cipher_suite
    reader = ResponseReader(exchange.method, call.spool, head_limit=limits.head_bytes, body_limit=limits.body_bytes)
    with pool.busy(connection):
        await connection.converse(call.sent, reader, idle=limits.idle_seconds, deadline=call.deadline)
    if reader.reusable:
        pool.give(call.endpoint, connection)
    return reader


def _tell(exchange: Exchange, reader: ResponseReader, spool: BinaryIO) -> None:
    """Write into the exchange what the reader found."""
    if reader.length:
        spool.seek(0)
        exchange.response, exchange.response_length = spool, reader.length
    exchange.interim, exchange.head = reader.interim, reader.block
    exchange.failure, exchange.failure_detail = reader.failure, reader.failure_detail
    exchange.truncated = reader.truncated
    if reader.head is None:
        return
    exchange.status = reader.head.status
    version = "http/{}.{}".format(*reader.head.version)
    exchange.protocols = (version, *exchange.protocols[1:])
    exchange.payload_length = reader.payload_length
    exchange.payload_sha1, exchange.payload_sha256 = reader.sha1.digest(), reader.sha256.digest()


def _gives_away(exchange: Exchange, secret: Secret) -> bool:
    """Say whether the answer repeats the secret, in its head, its interim answers or its body, coded or not."""
    if exchange.response is None:
        return secret.is_in(exchange.interim)
    body = read_payload(exchange)
    exchange.response.seek(0)
    try:
        coding = content_encoding(list(parse_head(exchange.head).fields)) if exchange.head else ""
        plain = decode_content(body, coding, whole=False)
    except ContentError:
        plain = b""
    everything = exchange.response.read()
    exchange.response.seek(0)
    return any(secret.is_in(text) for text in (exchange.interim, everything, body, plain))


def _withhold(exchange: Exchange) -> None:
    """Leave the answer out; that one came, and why it is not kept, is said."""
    if exchange.response is not None:
        exchange.response.close()
    exchange.response, exchange.response_length, exchange.head, exchange.interim = None, 0, b"", b""
    exchange.status, exchange.truncated = None, None
    exchange.payload_length, exchange.payload_sha1, exchange.payload_sha256 = 0, b"", b""
    exchange.failure, exchange.failure_detail = "withheld", "the answer repeats the service key and is not kept"
