"""A server on loopback that answers with what is no HTTP."""

from __future__ import annotations

import socketserver
from collections.abc import Iterator
from contextlib import contextmanager

from tests.serving import serving


class _Babble(socketserver.BaseRequestHandler):
    def handle(self) -> None:
        self.request.recv(4096)
        self.request.sendall(b"220 mail.example.kr ready\r\n\r\n")


@contextmanager
def babbling() -> Iterator[str]:
    """Serve; give the address."""
    with serving(socketserver.TCPServer(("127.0.0.1", 0), _Babble)) as server:
        yield f"http://127.0.0.1:{server.server_address[1]}/"
