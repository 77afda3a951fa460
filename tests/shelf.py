"""A portal of a few pages over real HTTP: each address answers what a test has put there, until it puts another."""

from __future__ import annotations

import struct
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest

from tests.runs import Desk, desk
from tests.serving import serving

NEWS = "/news/policyNewsView.do?newsId=148971810"
FILE = "/common/download.do?fileId=198580011"
PICTURE = "/newsWeb/resources/attaches/2026.11/library.png"


class Shelf(ThreadingHTTPServer):
    """Serves what stands in ``shown`` by path and query; what is not there is answered with 404.

    Attributes:
        shown: By address the status, the fields of the head and the body; the text of a page alone stands for itself.
        asked: The addresses that were asked for, in order.
    """

    daemon_threads = True

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), _Handler)
        self.shown: dict[str, str | bytes | tuple[int, dict[str, str], bytes]] = {}
        self.asked: list[str] = []

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.server_port}"


class _Handler(BaseHTTPRequestHandler):
    server: Shelf
    protocol_version = "HTTP/1.1"

    def do_GET(self) -> None:
        self.server.asked.append(self.path)
        found = self.server.shown.get(self.path, (404, {}, b"<h1>404</h1>"))
        body = found.encode() if isinstance(found, str) else found
        status, fields, body = (200, {}, body) if isinstance(body, bytes) else body
        if fields.get("ETag", "") == self.headers.get("If-None-Match"):
            status, body = 304, b""
        self.send_response(status)
        for name, value in ({"Content-Type": "text/html;charset=UTF-8"} | fields).items():
            self.send_header(name, value)
        if "Content-Length" not in fields:
            self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_: object) -> None:
        """Say nothing."""


@contextmanager
def shelf() -> Iterator[Shelf]:
    """Serve an empty shelf on loopback."""
    with serving(Shelf()) as server:
        yield server


@pytest.fixture
def portal() -> Iterator[Shelf]:
    """Give a portal that shows nothing yet."""
    with shelf() as one:
        yield one


@pytest.fixture
def archive(tmp_path: Path, portal: Shelf) -> Desk:
    """Give an archive that watches it."""
    return desk(tmp_path / "archive", portal.url)


def page(
    *paragraphs: str,
    title: str = "작은 마을의 큰 도서관",
    own: str = NEWS,
    file: str = "",
    at: str = FILE,
    picture: str = "",
) -> str:
    """Write an article's page.

    Args:
        paragraphs: Its text.
        title: Its headline.
        own: The address that it names as its own.
        file: The name of a file.
        at: Where it stands.
        picture: The text beside the picture at :data:`PICTURE`.
    """
    link = f"<p><span><a href='{at}'>{file}</a></span></p>"
    files = f"<div class='filedown'><dl><dt>첨부파일</dt><dd>{link}</dd></dl></div>"
    shown = f"<p><img src='{PICTURE}' alt='{picture}'></p>" if picture else ""
    return (
        f'<html><head><link rel="canonical" href="https://www.korea.kr{own}"></head><body><main>'
        f"<div class='view_title'><h1>{title}</h1></div><div class='article_wrap'>"
        "<div class='article_head'><div class='info'><span>2026.11.09</span><span>정책브리핑</span></div>"
        f"{files if file else ''}</div><div class='article_body'><div class='view_cont'>"
        f"{''.join(f'<p>{one}</p>' for one in paragraphs)}{shown}</div></div></div></main></body></html>"
    )


def picture(shade: int) -> bytes:
    """Draw one grey dot."""
    parts = (
        (b"IHDR", struct.pack(">IIBBBBB", 1, 1, 8, 0, 0, 0, 0)),
        (b"IDAT", zlib.compress(bytes((0, shade)))),
        (b"IEND", b""),
    )
    packed = (
        struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data)) for kind, data in parts
    )
    return b"\x89PNG\r\n\x1a\n" + b"".join(packed)
