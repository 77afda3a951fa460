"""A server before the replica that answers well or misbehaves on the wire, address by address."""

from __future__ import annotations

import socket
import ssl
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager

from replica.exchange import Request
from replica.portal import Portal
from tests.wire_answers import Step
from tests.wire_server import WireServer

Spell = Callable[[str], Iterable[Step] | None]
"""What an address (path and query) gets instead of its answer: steps of bytes, pauses and endings; None lets it be."""

REASONS = {200: "OK", 302: "Found", 304: "Not Modified", 404: "Not Found", 503: "Service Unavailable"}


class Front(WireServer):
    """Serves a portal through :class:`WireServer`; ``spell`` is cast on every address while it is set.

    Attributes:
        answered: Addresses that were answered to the end, well or by a spell.
        cookies: Extra header lines of every good answer.
        longest_head: A request whose header block is longer is refused with 400, as common servers do.
    """

    def __init__(self, portal: Portal, tls: ssl.SSLContext | None = None) -> None:
        self.portal = portal
        self.spell: Spell = lambda _: None
        self.answered: list[str] = []
        self.cookies = b""
        self.longest_head = 64 * 1024
        super().__init__(tls)
        portal.base_url = self.base

    @property
    def base(self) -> str:
        """The portal's address."""
        return self.url("").rstrip("/")

    def _answer(self, channel: socket.socket, request: bytes, carried: list[bytes]) -> bool:
        target = request.split(b" ")[1].decode()
        steps = self.spell(target)
        if steps is None:
            steps = [self._good(request, target)]
        self._scripts[target.lstrip("/").partition("?")[0]] = lambda: steps
        kept = super()._answer(channel, request, carried)
        self.answered.append(target)
        return kept

    def _good(self, request: bytes, target: str) -> bytes:
        head, _, body = request.partition(b"\r\n\r\n")
        if len(head) > self.longest_head:
            return b"HTTP/1.1 400 Request Header Too Large\r\nContent-Length: 0\r\n\r\n"
        method = request.split(b" ")[0].decode()
        lines = (line.partition(b":") for line in head.split(b"\r\n")[1:])
        headers = {name.decode().lower(): value.strip().decode("latin-1") for name, _, value in lines}
        answer = self.portal.answer(Request(method, target, headers, body, self.base))
        extra = "".join(f"{name}: {value}\r\n" for name, value in answer.headers).encode() + self.cookies
        line = f"HTTP/1.1 {answer.status} {REASONS.get(answer.status, 'Said')}\r\n"
        kind = f"Content-Type: {answer.media_type}\r\nContent-Length: {len(answer.body)}\r\n"
        return (line + kind).encode() + extra + b"\r\n" + answer.body


@contextmanager
def front(portal: Portal, tls: ssl.SSLContext | None = None) -> Iterator[Front]:
    """Serve for the length of a ``with`` block."""
    server = Front(portal, tls)
    try:
        yield server
    finally:
        server.close()
