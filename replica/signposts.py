"""Answer for what crawlers ask first: robots.txt, the sitemap index and its sitemaps."""

from __future__ import annotations

from replica.exchange import Answer, Request
from replica.pages import Around, Pages
from replica.refusals import Refusals
from replica.sections import SECTIONS
from replica.state import Fault, State

_XML = "text/xml;charset=UTF-8"


class Signposts:
    """Give robots.txt and sitemaps."""

    def __init__(self, state: State, pages: Pages, refusals: Refusals) -> None:
        self._state = state
        self._pages = pages
        self._refusals = refusals

    def robots(self, request: Request, around: Around) -> Answer:
        """Give robots.txt, in the reported form with its odd spacing unless a switch says otherwise."""
        said = self._state.switches.robots
        if said == "missing":
            return self._refusals.missing(request, around)
        if said == "error":
            return self._refusals.failure(Fault("status", 503), request, around)
        return Answer(self._pages.plain("robots.html", around, said=said).encode(), "text/plain;charset=UTF-8")

    def sitemap_index(self, request: Request, around: Around) -> Answer:
        """Give the index: a sitemap for each section that has articles, or one for all."""
        cut = self._state.switches.sitemap
        if cut == "missing":
            return self._refusals.missing(request, around)
        there = {one.section for one in around.others}
        names = ["sitemap.xml"] if cut == "single" else [f"sitemap/{one}.xml" for one in SECTIONS if one in there]
        latest = max((self._last(one.id) for one in around.others), default="")
        return Answer(self._pages.plain("sitemap_index.html", around, names=names, latest=latest).encode(), _XML)

    def sitemap(self, request: Request, around: Around) -> Answer:
        """Give one sitemap: the section's articles, newest first, with the day of their last edit."""
        cut = self._state.switches.sitemap
        name = request.path.removeprefix("/sitemap").removeprefix("/").removesuffix(".xml")
        if cut == "missing" or (cut == "single") != (request.path == "/sitemap.xml") or (name and name not in SECTIONS):
            return self._refusals.missing(request, around)
        rows = [(one, self._last(one.id)) for one in around.others if cut == "single" or one.section == name]
        return Answer(self._pages.plain("sitemap.html", around, rows=rows).encode(), _XML)

    def _last(self, article_id: str) -> str:
        """Give the day of the article's last edit, or of its publication."""
        edited = self._state.changed.get(article_id)
        return self._state.article(article_id).day.isoformat() if edited is None else edited[0].date().isoformat()
