"""WARC files with two looks at each of many articles; every page is rendered anew, every fifth article is edited."""

from __future__ import annotations

import re
from datetime import datetime, timedelta
from pathlib import Path

from benchmarks.corpus import BASE, answered, filled
from replica.exchange import Request
from replica.portal import Portal as Replica
from storage.archive import Archive
from storage.records import Exchange
from storage.warc_writer import WarcWriter
from tests.makers import START

FIRST = 149_000_000
LOOKS, EDITED = 2, 5
"""Looks at an article, and one article of so many is edited between them."""
_RENDERINGS = 6
_RUN = 250
"""Articles in one run, and so in one WARC file."""

# The first figure of the article's text: <div class="view_cont">\n<p>정부가 2027년 6월
_FIGURE = re.compile(r'(class="view_cont">\s*<p>[^<]*?)(\d)')


def fill(root: Path, pages: int, size: int = 0) -> Archive:
    """Make an archive that holds so many pages, of at least so many bytes, half of them a day after the others."""
    archive = Archive(root)
    archive.create()
    shown = [(name, [filled(one, size) for one in bodies]) for name, bodies in models()]
    articles = pages // LOOKS
    for look in range(LOOKS):
        for first in range(0, articles, _RUN):
            begin = START + timedelta(days=look, minutes=30 * (first // _RUN))
            fields = {"portal": BASE, "removal-checks": "3", "removal-days": "2"}
            run = f"{begin:%Y%m%dT%H%M%S}-{first:08x}"
            with WarcWriter(archive.warcs, run=run, software="gochim", fields=fields, fsync=False) as writer:
                for one in range(first, min(first + _RUN, articles)):
                    moment = begin + timedelta(seconds=6 * (one - first))
                    target = f"/news/policyNewsView.do?newsId={FIRST + one}"
                    writer.write(exchange(moment, target, _page(shown, one, look).encode()), None)
    return archive


def _page(shown: list[tuple[str, list[str]]], number: int, look: int) -> str:
    """Give what a look at an article finds: another rendering each time, and every few articles an edit."""
    name, bodies = shown[number % len(shown)]
    text = bodies[(number + look) % _RENDERINGS].replace(name, str(FIRST + number))
    return edited(text) if look and number % EDITED == 0 else text


def edited(text: str) -> str:
    """Give a page with the first figure of its text changed."""
    return _FIGURE.sub(lambda found: f"{found[1]}{(int(found[2]) + 1) % 10}", text, count=1)


def models() -> list[tuple[str, list[str]]]:
    """Give articles of the template in force, each by its id with several renderings of its page."""
    replica = Replica.load(sections=["policy-news"])
    found = []
    for name in replica.shown():
        target = "/" + replica.truth(name)["url"].split("/", 3)[3]
        bodies = [replica.answer(Request("GET", target, {}, origin=BASE)).body.decode() for _ in range(_RENDERINGS)]
        if _FIGURE.search(bodies[0]):
            found.append((name, bodies))
    return found


def exchange(moment: datetime, target: str, body: bytes) -> Exchange:
    """Give an exchange that brought a page."""
    head = b"HTTP/1.1 200 OK\r\nContent-Type: text/html; charset=utf-8\r\nContent-Length: %d\r\n\r\n" % len(body)
    request = f"GET {target} HTTP/1.1\r\nHost: www.example.kr\r\n\r\n".encode()
    return answered(BASE + target, moment, request, head, body)
