"""How fast the database is made anew from WARC files, by one worker and by two."""

from __future__ import annotations

import hashlib
import io
import tempfile
import time
from collections.abc import Iterator
from contextlib import closing
from datetime import timedelta
from pathlib import Path

from cli import passes
from crawler.portal import Portal
from replica.exchange import Request
from replica.portal import Portal as Replica
from storage import contents
from storage.archive import Archive
from storage.records import Exchange
from storage.warc_writer import WarcWriter
from tests.makers import START

BASE = "https://www.example.kr"
_RUN = 500


def rates(number: int) -> Iterator[tuple[int, float, int, float]]:
    """Fill WARC files with so many pages, rebuild; give workers, seconds, WARC bytes and the catch-up's pages.

    Raises:
        RuntimeError: A page was not read, or one worker and two disagree.
    """
    with tempfile.TemporaryDirectory() as directory:
        archive = Archive(Path(directory))
        archive.create()
        _fill(archive, number)
        size = sum(one.stat().st_size for one in archive.warcs.glob("*.warc.gz"))
        digests = set()
        for workers in (1, 2):
            start = time.perf_counter()
            passes.rebuild(archive, Portal(BASE), workers)
            spent = time.perf_counter() - start
            with closing(archive.database()) as db:
                digests.add(contents.content_digest(db))
                counted = contents.counts(db)
            if counted["articles"] != number or len(digests) != 1:
                raise RuntimeError(f"the rebuild of {number} pages came to {counted} and {digests}")
            yield workers, spent, size, number / spent


def _fill(archive: Archive, number: int) -> None:
    """Write pages of the replica's policy news under numbers of their own, 500 a run."""
    replica = Replica.load(sections=["policy-news"])
    pages = []
    for name in replica.shown():
        url = replica.truth(name)["url"]
        target = "/" + url.split("/", 3)[3]
        answer = replica.answer(Request("GET", target, {}, origin=BASE))
        pages.append((name, target, answer.body, answer.media_type))
    for first in range(0, number, _RUN):
        run = f"{START + timedelta(hours=first):%Y%m%dT%H%M%SZ}-{first:08x}"
        fields = {"portal": BASE, "removal-checks": "3", "removal-days": "2"}
        with WarcWriter(archive.warcs, run=run, software="gochim", fields=fields, fsync=False) as writer:
            for one in range(first, min(first + _RUN, number)):
                name, target, body, kind = pages[one % len(pages)]
                own = str(149_000_000 + one)
                page = body.replace(name.encode(), own.encode())
                writer.write(_exchange(one, target.replace(name, own), page, kind), None)


def _exchange(number: int, target: str, body: bytes, media_type: str) -> Exchange:
    head = f"HTTP/1.1 200 OK\r\nContent-Type: {media_type}\r\nContent-Length: {len(body)}\r\n\r\n".encode()
    return Exchange(
        url=BASE + target,
        method="GET",
        started_at=START + timedelta(seconds=7 * number),
        request=f"GET {target} HTTP/1.1\r\nHost: www.example.kr\r\n\r\n".encode(),
        response=io.BytesIO(head + body),
        response_length=len(head + body),
        head=head,
        status=200,
        payload_sha1=hashlib.sha1(body).digest(),
        payload_sha256=hashlib.sha256(body).digest(),
        payload_length=len(body),
        ip="127.0.0.1",
        protocols=("http/1.1",),
        seconds=0.2,
    )
