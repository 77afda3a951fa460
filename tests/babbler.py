"""A server on loopback that answers with what is no HTTP."""

from __future__ import annotations

import socketserver
import threading
from collections.abc import Iterator
from contextlib import contextmanager


class _Babble(socketserver.BaseRequestHandler):
    def handle(self) -> None:
        self.request.recv(4096)
        self.request.sendall(b"220 mail.example.kr ready\r\n\r\n")


@contextmanager
def babbling() -> Iterator[str]:
    """Serve; give the address."""
    with socketserver.TCPServer(("127.0.0.1", 0), _Babble) as server:
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02})
        thread.start()
        try:
            yield f"http://127.0.0.1:{server.server_address[1]}/"
        finally:
            server.shutdown()
            thread.join()
