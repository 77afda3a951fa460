"""Answer requests as the portal does: which address gives which page."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from replica.api import OpenApi
from replica.article import Article
from replica.delivery import Delivery
from replica.downloads import Downloads
from replica.exchange import HTML, Answer, Request
from replica.lists import LISTS, Lists
from replica.noise import Noise
from replica.pages import Around, Pages
from replica.refusals import Refusals
from replica.sections import SECTIONS, Section
from replica.signposts import Signposts
from replica.state import Fault, State

_VIEWS: dict[str, Section] = {path: section for section in SECTIONS.values() for path in section.views}

Answering = Callable[[Request, Around], Answer]


class Router:
    """Find the answer to a request in the state of the portal."""

    def __init__(self, state: State) -> None:
        self._state = state
        self._switches = state.switches
        self._pages = Pages()
        self._refusals = Refusals(self._pages)
        self._delivery = Delivery(state.switches)
        self._lists = Lists(state, self._pages, self._refusals)
        files = Downloads(state, self._pages, self._refusals)
        signposts = Signposts(state, self._pages, self._refusals)
        self._exact: dict[str, Answering] = {
            "/": self._front,
            "/robots.txt": signposts.robots,
            "/sitemapindex.xml": signposts.sitemap_index,
            "/common/download.do": files.download,
            "/common/docViewer.do": files.viewer_of_file,
            "/docViewer/iframe_skin/doc.html": files.skin,
            **dict.fromkeys(LISTS, self._lists.answer),
            **dict.fromkeys(_VIEWS, self._view),
        }
        self._below: tuple[tuple[str, Answering], ...] = (
            ("/sitemap", signposts.sitemap),
            ("/1371000/", OpenApi(state, self._pages).answer),
            ("/docViewer/result/", files.document),
            ("/newsWeb/resources/attaches/", files.picture),
            ("/images/", files.picture),
            ("/css/", lambda *_: Answer(b"body { margin: 0 }\n", "text/css")),
            ("/js/", lambda *_: Answer(b'"use strict";\n', "application/javascript")),
            ("/docViewer/iframe_skin/js/", lambda *_: Answer(b'"use strict";\n', "application/javascript")),
        )

    def answer(self, request: Request, noise: Noise) -> Answer:
        """Answer ``request``, as rendering ``noise``; an outage or a fault of its path or article comes first."""
        around = Around(noise, request.origin, self._state.visible())
        if self._switches.outage != "none":
            return self._refusals.outage(self._switches.outage, around)
        if self._switches.blocked:
            return self._refusals.blocked(around)
        fault = self._fault(request)
        if fault is not None and fault.kind in ("status", "firewall", "redirect"):
            return self._refusals.failure(fault, request, around)
        found = self._exact.get(request.path)
        if found is None:
            missing: Answering = self._refusals.missing
            found = next((one for prefix, one in self._below if request.path.startswith(prefix)), missing)
        answer = self._delivery.finished(request, found(request, around), noise)
        return answer if fault is None else replace(answer, fault=fault)

    def _fault(self, request: Request) -> Fault | None:
        section = _VIEWS.get(request.path)
        article_id = "" if section is None else section.prefix + request.fields.get(section.key, "")
        for key in (request.path, article_id):
            fault = self._state.faults.get(key)
            if fault is None:
                continue
            if fault.times is not None:
                left = replace(fault, times=fault.times - 1)
                if left.times:
                    self._state.faults[key] = left
                else:
                    del self._state.faults[key]
            return fault
        return None

    def _front(self, _: Request, around: Around) -> Answer:
        return Answer(self._pages.plain("front.html", around, articles=around.others).encode(), HTML)

    def _view(self, request: Request, around: Around) -> Answer:
        section = _VIEWS[request.path]
        number = request.fields.get(section.key, "")
        if not number and request.path in LISTS:
            return self._lists.answer(request, around)
        article = self._state.articles.get(section.prefix + number)
        refused = self._refused(article, section, request, around)
        if refused is not None or article is None:
            return refused or self._refusals.gone(self._switches.unknown, request, around)
        place = section if section.name in article.also else article.place
        mobile = request.headers.get("host", "").startswith("m.")
        return Answer(self._pages.article(article, around, self._switches, place=place, mobile=mobile).encode())

    def _refused(self, article: Article | None, section: Section, request: Request, around: Around) -> Answer | None:
        """Give what stands where the article is not shown, None where it is."""
        unknown = self._switches.unknown
        if article is None or article.id in self._state.hidden or _vanished(article, self._switches.vanished):
            return self._refusals.gone(unknown, request, around)
        if article.id in self._state.removed:
            return self._refusals.gone(self._state.removed[article.id], request, around)
        if {section.name, article.section} & set(self._switches.missing_sections):
            return self._refusals.gone(unknown, request, around)
        if section.name == article.section or section.name in article.also:
            # All paths of opinions are in use; elsewhere the second path is an old one.
            old = section.name != "opinion" and request.path != section.view
            return self._old_view(article, request, around) if old else None
        if section.name in self._state.former.get(article.id, {}):
            how = self._state.former[article.id][section.name]
            if how == "redirect":
                return self._refusals.elsewhere(article.address, request)
            return self._refusals.gone(how, request, around)
        if self._switches.elsewhere == "redirect":
            return self._refusals.elsewhere(article.address, request)
        return None if self._switches.elsewhere == "served" else self._refusals.gone(unknown, request, around)

    def _old_view(self, article: Article, request: Request, around: Around) -> Answer | None:
        if self._switches.old_views == "redirect":
            return self._refusals.elsewhere(article.address, request)
        if self._switches.old_views == "unknown":
            return self._refusals.gone(self._switches.unknown, request, around)
        return None


def _vanished(article: Article, percent: int) -> bool:
    """Say whether the article is among the ``percent`` of a hundred that answer as unknown."""
    return int(article.number) * 61 % 100 < percent
