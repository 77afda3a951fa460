"""How the tests ask: one request, its answer in memory, and all that can be compared."""

from __future__ import annotations

import asyncio
import io
from collections.abc import Awaitable, Callable
from typing import TypeVar

from crawler.fetching import Limits, OutgoingRequest, fetch, read_payload
from crawler.pool import Pool
from storage.records import Exchange

HEADERS = [(b"Host", b"example.test"), (b"uSER-Agent", b"gochim  \xff"), (b"Accept", b"a"), (b"Accept", b"b")]
PATIENT = Limits(connect_seconds=60, idle_seconds=60, total_seconds=120)
T = TypeVar("T")


def within_pool(work: Callable[[Pool], Awaitable[T]], pool: Pool | None = None) -> T:
    """Run ``work`` on a loop of its own and hang up afterwards."""

    async def run() -> T:
        used = pool or Pool()
        try:
            return await work(used)
        finally:
            await used.close()

    return asyncio.run(run())


async def ask(request: OutgoingRequest, pool: Pool, limits: Limits = PATIENT) -> Exchange:
    """Fetch, and move the answer into memory so that no test has a file to close."""
    exchange = await fetch(request, pool, limits)
    if exchange.response is not None:
        with exchange.response as spool:
            assert spool.tell() == 0
            exchange.response = io.BytesIO(spool.read())
    return exchange


def get(url: str, limits: Limits = PATIENT, *, method: str = "GET", pool: Pool | None = None) -> Exchange:
    return within_pool(lambda used: ask(OutgoingRequest(method, url, HEADERS), used, limits), pool)


def answer(exchange: Exchange) -> bytes:
    """Give the bytes of the final message, checked against their count."""
    if exchange.response is None:
        assert exchange.response_length == 0
        return b""
    exchange.response.seek(0)
    kept = exchange.response.read()
    assert len(kept) == exchange.response_length
    return kept


def sent(url: str, method: str = "GET", body: bytes = b"") -> bytes:
    target = "/" + url.split("/", 3)[3]
    lines = b"Host: example.test\r\nuSER-Agent: gochim  \xff\r\nAccept: a\r\nAccept: b\r\n\r\n"
    return f"{method} {target} HTTP/1.1\r\n".encode() + lines + body


def told(exchange: Exchange) -> dict[str, object]:
    """Give all of an exchange that does not depend on time or place."""
    return {
        "response": answer(exchange),
        "head": exchange.head,
        "interim": exchange.interim,
        "status": exchange.status,
        "digests": (exchange.payload_sha1, exchange.payload_sha256, exchange.payload_length),
        "payload": read_payload(exchange),
        "truncated": exchange.truncated,
        "failure": (exchange.failure, exchange.failure_detail),
        "protocols": exchange.protocols,
    }
