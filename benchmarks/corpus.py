"""The replica's pages as the portal serves them, of every section, each with what a reader must find in it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from replica.exchange import Request
from replica.portal import Portal

BASE = "https://www.example.kr"
LARGE = 61_000
"""Bytes of a page that is filled: the size for which the peers were measured before gochim was."""

# What the portal's search form has for every ministry, and its menus for every list.
_FILTER = (
    '\t\t<label><input type="checkbox" name="deptCode" value="A{0:05}">중앙행정기관 {0}</label>\n'
    '\t\t<span class="lst"><a href="/news/ministryNewsList.do?repCode=A{0:05}&amp;pWise=sub"><span>소식 {0}</span></a>'
    "</span>\n"
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
    """Give a page with at least so many bytes, where it has a search form: that has more of what it has.

    The page that was observed was kept without its search form, its menus and most of its head. So how large it was is
    not known: 16 kB of it are left, the replica's pages have 25 to 31.
    """
    head, end, rest = page.partition(_FILTERS_END)
    missing = size - len(page.encode())
    if missing <= 0 or not end:
        return page
    number = -(-missing // len(_FILTER.format(10_000).encode()))
    return head + "".join(_FILTER.format(10_000 + one) for one in range(number)) + end + rest


def pages(renderings: int = 1) -> Iterator[Page]:
    """Give every article's page so many times; what stands around the article differs from one time to the next."""
    portal = Portal.load()
    for _ in range(renderings):
        for name in portal.shown():
            truth = portal.truth(name)
            target = "/" + truth["url"].split("/", 3)[3]
            answer = portal.answer(Request("GET", target, {}, origin=BASE))
            yield Page(BASE + target, target, answer.body, answer.media_type, truth)
