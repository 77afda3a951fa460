"""Connections kept alive between requests, and how many may run with one server at once."""

from __future__ import annotations

import asyncio
import ssl
from collections import defaultdict
from collections.abc import Iterator
from contextlib import contextmanager

from crawler.connection import Connection, LeftError
from crawler.dialing import Endpoint, Resolver, dial, resolve, tls_context


class Pool:
    """Idle connections by endpoint, and a bound on how many exchanges run with each.

    Args:
        per_host: Exchanges that may run with one endpoint at once; as many idle connections are kept.
        tls: How ``https`` servers are verified; the system's authorities by default.
        resolver: Turns host names into addresses; asked once per connection, and only what it gave is connected to.
        idle_seconds: How long a connection is kept without a request.
    """

    def __init__(
        self,
        per_host: int = 8,
        tls: ssl.SSLContext | None = None,
        resolver: Resolver = resolve,
        idle_seconds: float = 60.0,
    ) -> None:
        self._per_host = per_host
        self._tls = tls
        self._resolve = resolver
        self._idle_seconds = idle_seconds
        self._idle: dict[Endpoint, list[Connection]] = defaultdict(list)
        self._places: dict[Endpoint, asyncio.Semaphore] = {}
        self._busy: set[Connection] = set()
        self._dialling: set[asyncio.Timeout] = set()
        self._left_over: float | None = None

    def place(self, endpoint: Endpoint) -> asyncio.Semaphore:
        """Give the turnstile of an endpoint, to be held for the length of an exchange."""
        if endpoint not in self._places:
            self._places[endpoint] = asyncio.Semaphore(self._per_host)
        return self._places[endpoint]

    async def take(self, endpoint: Endpoint) -> Connection | None:
        """Give an idle connection that still stands, the most recently used first."""
        # Two turns of the loop: the first looks at the sockets, the second takes what they hold. A close or stray bytes
        # that are already here are seen before the request goes, and never taken for its answer.
        await asyncio.sleep(0)
        await asyncio.sleep(0)
        oldest = asyncio.get_running_loop().time() - self._idle_seconds
        while self._idle[endpoint]:
            connection = self._idle[endpoint].pop()
            if connection.open and connection.idle_since >= oldest:
                return connection
            connection.abort()
        return None

    def give(self, endpoint: Endpoint, connection: Connection) -> None:
        """Take back a connection after an exchange, if it can carry another."""
        kept = [one for one in self._idle[endpoint] if one.open]
        if connection.open and len(kept) < self._per_host:
            connection.idle_since = asyncio.get_running_loop().time()
            kept.append(connection)
        else:
            connection.abort()
        self._idle[endpoint] = kept

    @contextmanager
    def busy(self, connection: Connection) -> Iterator[None]:
        """Let it be known that an exchange runs over a connection."""
        self._busy.add(connection)
        try:
            if self._left_over is not None:
                connection.hurry(self._left_over)
            yield
        finally:
            self._busy.discard(connection)

    def hurry(self, seconds: float) -> None:
        """Leave every exchange that is under way, or begins yet, unless it is over in so many seconds."""
        self._left_over = seconds
        end = asyncio.get_running_loop().time() + seconds
        for connection in self._busy:
            connection.hurry(seconds)
        for bound in self._dialling:
            bound.reschedule(end)

    async def dial(self, endpoint: Endpoint, seconds: float) -> Connection:
        """Open a new connection within ``seconds``, instead of the idle ones, which are hung up first.

        A POST does not go over an idle connection; a server that serves one connection at a time would never come
        to the new one while the old one stands.

        Raises:
            crawler.dialing.UnreachedError: None came about.
            LeftError: It was hurried, and none came about in time.
        """
        for idle in self._idle.pop(endpoint, []):
            idle.abort()
        if endpoint.scheme == "https" and self._tls is None:
            self._tls = tls_context()  # only now: reading the system's authorities takes a while
        bound = asyncio.timeout(self._left_over)
        self._dialling.add(bound)
        try:
            async with bound:
                return await dial(endpoint, self._tls, self._resolve, seconds)
        except TimeoutError as late:
            raise LeftError from late
        finally:
            self._dialling.discard(bound)

    async def close(self) -> None:
        """Hang up every idle connection and wait until all are gone."""
        connections = [one for idle in self._idle.values() for one in idle]
        self._idle.clear()
        for connection in connections:
            connection.abort()
        await asyncio.gather(*(connection.lost for connection in connections))
