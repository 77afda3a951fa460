"""The replica's pages as the portal serves them, of every section, each with what a reader must find in it."""

from __future__ import annotations

import hashlib
import io
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from itertools import cycle
from typing import Any

from replica.exchange import Request
from replica.portal import Portal
from storage.records import Exchange

BASE = "https://www.example.kr"
LARGE = 61_000
"""Bytes of a page that is filled: the size for which the peers were measured before gochim was."""
OBSERVED = 143_794
"""Characters of the page that was observed, as it was served."""

# What the portal's search form has for every ministry, and what its rankings and menus have for every article.
_ROW = (
    '\t\t<label><input type="checkbox" name="deptCode" value="A{code:05}">{title:.10}</label>\n'
    '\t\t<span class="lst"><a href="/news/policyNewsView.do?newsId=148{id:06}&amp;pWise=sub&amp;pWiseSub=B{code}">'
    "<span>{title}</span></a></span>\n"
)
_FILTERS_END = "</form>"


@dataclass(frozen=True, slots=True)
class Page:
    """An article's page: its address, its bytes, and what the article says."""

    url: str
    target: str
    body: bytes
    media_type: str
    truth: dict[str, Any]


def filled(page: str, size: int) -> str:
    """Give a page with at least so many bytes, where it has a search form: there more of what stands around articles.

    The page that was observed was kept without its search form, its menus, most of its head and long runs of blank
    lines, a tenth of it; the replica's pages have 25 to 31 kB.
    """
    head, end, rest = page.partition(_FILTERS_END)
    missing = size - len(page.encode())
    if missing <= 0 or not end:
        return page
    rows: list[str] = []
    for number, title in enumerate(cycle(_titles())):
        # No two rows are alike, or they would pack to nothing.
        rows.append(_ROW.format(code=number, id=number * 7_919 % 999_983, title=title))
        missing -= len(rows[-1].encode())
        if missing <= 0:
            break
    return head + "".join(rows) + end + rest


@cache
def _titles() -> list[str]:
    portal = Portal.load()
    return [portal.truth(name)["title"] for name in portal.shown()]


def answered(url: str, moment: datetime, request: bytes, head: bytes, body: bytes) -> Exchange:
    """Give what the download handler hands to the writer for an answer with status 200; making its digests is included.

    Args:
        url: The address that was asked for.
        moment: When, aware.
        request: The request's bytes.
        head: Status line and header fields of the answer, with the empty line that ends them.
        body: What followed.
    """
    return Exchange(
        url=url,
        method="GET",
        started_at=moment,
        request=request,
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


def pages(renderings: int = 1) -> Iterator[Page]:
    """Give every article's page so many times; what stands around the article differs from one time to the next."""
    portal = Portal.load()
    for _ in range(renderings):
        for name in portal.shown():
            truth = portal.truth(name)
            target = "/" + truth["url"].split("/", 3)[3]
            answer = portal.answer(Request("GET", target, {}, origin=BASE))
            yield Page(BASE + target, target, answer.body, answer.media_type, truth)
