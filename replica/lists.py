"""Answer for the portal's lists: each section's own, the packages of focuses, the ministries and their mixed list."""

from __future__ import annotations

from replica.article import Article
from replica.exchange import Answer, Request
from replica.listing import listing
from replica.pages import Around, Pages
from replica.refusals import Refusals
from replica.sections import MIXED, SECTIONS, Section
from replica.state import State

LISTS: dict[str, Section] = {path: one for one in SECTIONS.values() for path in one.lists}
"""Sections by the paths of their lists."""


class Lists:
    """Find the rows of a list and render it."""

    def __init__(self, state: State, pages: Pages, refusals: Refusals) -> None:
        self._state = state
        self._pages = pages
        self._refusals = refusals

    def answer(self, request: Request, around: Around) -> Answer:
        """Give the list at the request's path."""
        place, switches = LISTS[request.path], self._state.switches
        unseen = not place.confirmed and switches.unconfirmed_lists == "missing"
        if unseen or place.name in switches.missing_sections:
            return self._refusals.missing(request, around)
        if request.path.endswith("Home.do") and place.name in ("policy-focus", "ministry-news"):
            return Answer(self._pages.ways_in(place, around).encode(), chunked=True)
        rows = [one for one in around.others if _stands_in(one, place)]
        found = listing(rows, request, place, around.noise, switches)
        return Answer(self._pages.list(place, found, around, switches).encode(), chunked=True)


def _stands_in(article: Article, place: Section) -> bool:
    if place.name == "ministry-news":
        return article.section in MIXED
    return place.name == article.section or place.name in article.also
