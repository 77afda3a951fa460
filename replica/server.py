"""Put a portal on a loopback port as an HTTP/1.1 server: keep-alive, gzip, chunks, a session cookie."""

from __future__ import annotations

import contextlib
import gzip
import hashlib
import socket
import sys
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from types import TracebackType

from replica.exchange import Answer, Request
from replica.portal import Portal
from replica.script import Expected, Moment

_Socket = socket.socket | tuple[bytes, socket.socket]

CHUNK = 4096
"""Bytes in a chunk of an answer in chunked coding."""


class _Server(ThreadingHTTPServer):
    """The socket side: threads that die with the server, and connections that are closed with it."""

    daemon_threads = True
    block_on_close = False
    request_queue_size = 64

    def __init__(self, portal: Portal, port: int) -> None:
        self.portal = portal
        self.closing = threading.Event()
        self.sessions = 0
        self._open: set[socket.socket] = set()
        self._guard = threading.Lock()
        super().__init__(("127.0.0.1", port), _Handler)

    def server_bind(self) -> None:
        """Bind without the look-up of the host's name that the standard server does."""
        socket_address = self.server_address
        self.socket.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        self.socket.bind(socket_address)
        self.server_address = self.socket.getsockname()
        self.server_name, self.server_port = "127.0.0.1", int(self.server_address[1])

    def process_request(self, request: _Socket, client_address: object) -> None:
        """Remember the connection, so that closing the server ends it."""
        if isinstance(request, socket.socket):
            with self._guard:
                self._open.add(request)
        super().process_request(request, client_address)

    def shutdown_request(self, request: _Socket) -> None:
        """Forget the connection and close it."""
        if isinstance(request, socket.socket):
            with self._guard:
                self._open.discard(request)
        super().shutdown_request(request)

    def session(self) -> str:
        """Make a session's name, another one each time."""
        with self._guard:
            self.sessions += 1
            return hashlib.md5(b"session %d" % self.sessions, usedforsecurity=False).hexdigest().upper() + ".node10"

    def handle_error(self, request: _Socket, client_address: object) -> None:
        """Let a client that went away go in silence; anything else is a fault of the replica and is shown."""
        if not isinstance(sys.exception(), ConnectionError):
            super().handle_error(request, client_address)

    def end(self) -> None:
        """Wake stalled answers and end all connections."""
        self.closing.set()
        with self._guard:
            left = list(self._open)
        for one in left:
            with contextlib.suppress(OSError):
                one.shutdown(socket.SHUT_RDWR)


class _Handler(BaseHTTPRequestHandler):
    """One connection: read requests, write the portal's answers."""

    protocol_version = "HTTP/1.1"
    server: _Server
    timeout = 60
    # Head and body leave in one segment: two would wait for the client's delayed acknowledgement.
    wbufsize = 1 << 20

    def do_GET(self) -> None:
        """Answer GET."""
        self._serve()

    def do_HEAD(self) -> None:
        """Answer HEAD: as GET, without the body."""
        self._serve()

    def do_POST(self) -> None:
        """Answer POST."""
        self._serve()

    def version_string(self) -> str:
        """Name no software."""
        return "Apache"

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002 the name is the standard library's
        """Print nothing: the portal keeps its own log."""

    def _serve(self) -> None:
        length = self.headers.get("Content-Length", "0")
        body = self.rfile.read(int(length) if length.isdecimal() else 0)
        headers = {name.lower(): value for name, value in self.headers.items()}
        origin = f"http://{headers.get('host') or self.server.portal.base_url.removeprefix('http://')}"
        answer = self.server.portal.answer(Request(self.command, self.path, headers, body, origin))
        if self.server.portal.switches.delay:
            self.server.closing.wait(self.server.portal.switches.delay)
        if answer.fault is not None and answer.fault.kind == "stall":
            self.server.closing.wait(answer.fault.seconds)
            self.close_connection = True
            return
        self._write(answer, headers)

    def _write(self, answer: Answer, headers: dict[str, str]) -> None:
        body = answer.body
        self.send_response(answer.status)
        self.send_header("Content-Type", answer.media_type)
        for name, value in answer.headers:
            self.send_header(name, value)
        if "JSESSIONID_KOREA=" not in headers.get("cookie", ""):
            self.send_header("Set-Cookie", f"JSESSIONID_KOREA={self.server.session()}; Path=/; HttpOnly")
        switches = self.server.portal.switches
        zipped = switches.compression == "gzip" and "gzip" in headers.get("accept-encoding", "")
        if body and zipped and "text/" in answer.media_type:
            body = gzip.compress(body, 6, mtime=0)
            self.send_header("Content-Encoding", "gzip")
            self.send_header("Vary", "Accept-Encoding")
        wanted = answer.chunked if switches.framing == "own" else switches.framing == "chunked"
        # An answer without a body has no coding either (RFC 9112, 6.1).
        chunked = wanted and answer.status != 304 and self.request_version == "HTTP/1.1"
        if chunked:
            self.send_header("Transfer-Encoding", "chunked")
            body = _chunks(body)
        else:
            self.send_header("Content-Length", str(len(body)))
        dropped = answer.fault is not None and answer.fault.kind == "drop"
        if dropped:
            body = body[: len(body) // 2]
            self.close_connection = True
        self.end_headers()
        if self.command != "HEAD":
            self.wfile.write(body)


def _chunks(body: bytes) -> bytes:
    """Put ``body`` into chunked transfer coding (RFC 9112, 7.1)."""
    parts = [body[at : at + CHUNK] for at in range(0, len(body), CHUNK)]
    return b"".join(b"%x\r\n%b\r\n" % (len(part), part) for part in parts) + b"0\r\n\r\n"


class RunningPortal:
    """A portal on a port. Use it as a context manager, or call :meth:`close`."""

    def __init__(self, portal: Portal, port: int = 0) -> None:
        self.portal = portal
        self._server: _Server | None = None
        self._thread: threading.Thread | None = None
        self._port = port
        self._open()
        self.url = portal.base_url = f"http://127.0.0.1:{self._port}"
        self.settle()

    def advance(self) -> Moment:
        """Let the next moment happen and give it."""
        moment = self.portal.advance()
        self.settle()
        return moment

    def settle(self) -> None:
        """Listen, or refuse connections, as the portal's ``outage`` switch says; call it after turning that by hand."""
        refusing = self.portal.switches.outage == "refused"
        if refusing and self._server is not None:
            self.close()
        elif not refusing and self._server is None:
            self._open()

    def expected(self) -> tuple[Expected, ...]:
        """Give the changes that a look at the present moment must find."""
        return self.portal.expected()

    def _open(self) -> None:
        self._server = _Server(self.portal, self._port)
        self._port = self._server.server_port
        self._thread = threading.Thread(target=self._server.serve_forever, args=(0.01,), daemon=True)
        self._thread.start()

    def close(self) -> None:
        """Stop answering and free the port; it may be closed already."""
        if self._server is None or self._thread is None:
            return
        self._server.end()
        self._server.shutdown()
        self._server.server_close()
        self._thread.join()
        self._server = self._thread = None

    def __enter__(self) -> RunningPortal:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()


def serve(portal: Portal, port: int = 0) -> RunningPortal:
    """Serve ``portal`` on 127.0.0.1 until the result is closed; port 0 takes a free one.

    Raises:
        OSError: The port is taken.
    """
    return RunningPortal(portal, port)
