"""Exchanges as a crawl of the portal has them: whole pages of every section, coded with gzip or plain."""

from __future__ import annotations

import gzip
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import timedelta
from itertools import cycle, islice

from benchmarks.corpus import Page, answered, filled, pages
from storage.records import Exchange
from tests.makers import START


@dataclass(frozen=True, slots=True)
class Wire:
    """What crossed the wire for one page."""

    url: str
    request: bytes
    head: bytes
    body: bytes


def wires(number: int, size: int, *, coded: bool) -> Iterator[Wire]:
    """Give so many exchanges; the replica's pages come round again and again, which no record knows of another.

    Args:
        number: How many.
        size: Bytes that a page has at least; 0 leaves it as the replica shows it.
        coded: Whether its body is coded with gzip.
    """
    made = [_wire(page, size, coded=coded) for page in pages(3)]
    return islice(cycle(made), number)


def _wire(page: Page, size: int, *, coded: bool) -> Wire:
    shown = filled(page.body.decode(), size).encode()
    body = gzip.compress(shown, 6, mtime=0) if coded else shown
    request = (
        f"GET {page.target} HTTP/1.1\r\nHost: www.example.kr\r\nUser-Agent: gochim/0.1 (+mailto:bench@example.org)\r\n"
        "Accept: text/html,application/xhtml+xml,*/*;q=0.8\r\nAccept-Language: ko\r\nAccept-Encoding: gzip, deflate, br"
        "\r\n\r\n"
    )
    coding = "Content-Encoding: gzip\r\nVary: Accept-Encoding\r\n" if coded else ""
    head = (
        "HTTP/1.1 200 OK\r\nDate: Tue, 15 Sep 2026 09:00:00 GMT\r\nServer: nginx\r\n"
        f"Content-Type: {page.media_type}\r\n{coding}Content-Length: {len(body)}\r\nConnection: keep-alive\r\n\r\n"
    )
    return Wire(page.url, request.encode(), head.encode(), body)


def exchange(number: int, wire: Wire) -> Exchange:
    """Make what the download handler hands to the writer; its digests are part of the cost of writing."""
    return answered(wire.url, START + timedelta(seconds=number), wire.request, wire.head, wire.body)
