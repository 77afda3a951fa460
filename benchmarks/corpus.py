"""The replica's pages as the portal serves them, of every section, each with what a reader must find in it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from replica.exchange import Request
from replica.portal import Portal

BASE = "https://www.example.kr"


@dataclass(frozen=True, slots=True)
class Page:
    """An article's page: its address, its bytes, and what the article says."""

    url: str
    target: str
    body: bytes
    media_type: str
    truth: dict[str, Any]


def pages(renderings: int = 1) -> Iterator[Page]:
    """Give every article's page so many times; what stands around the article differs from one time to the next."""
    portal = Portal.load()
    for _ in range(renderings):
        for name in portal.shown():
            truth = portal.truth(name)
            target = "/" + truth["url"].split("/", 3)[3]
            answer = portal.answer(Request("GET", target, {}, origin=BASE))
            yield Page(BASE + target, target, answer.body, answer.media_type, truth)
