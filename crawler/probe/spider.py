"""The spider of the probe: asks each question once, in phases, over the same machinery as a crawl.

Articles are looked at whole, with their files, pictures and document pages: a look is a look, whoever asked for it,
and half of one must never be filed as a version.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any
from urllib.parse import urlencode

from scrapy import FormRequest, Request
from scrapy.crawler import Crawler
from scrapy.http import Response

from crawler.api_calls import CALL_HEADERS, CALL_META
from crawler.layouts import read_page
from crawler.list_page import ListPage, Row
from crawler.looks import ARTICLES, LISTS, PARTS
from crawler.open_api import LONGEST
from crawler.portal import Address, Portal
from crawler.probe.lists import FILTERED
from crawler.sections import SECTIONS
from crawler.sitemaps import read as read_sitemap
from crawler.spiders import PortalSpider
from crawler.windows import DAY, Days
from storage.records import KST, Capture

NOBODYS_ID = "0" * 24 + "999999999"
"""No article has this id, whether it is read as a number or as text; it is too long to be filed as an article's."""
MOBILE = "https://m.korea.kr"
FEED = "/rss/policy.xml"


def mobile_of(portal: Portal) -> str | None:
    """Give the mobile host of a portal; a replica has none."""
    return MOBILE if portal.is_real else None


class WithMobile(Portal):
    """The portal together with its mobile host, which no other run asks."""

    def __init__(self, base: str, mobile: str) -> None:
        super().__init__(base)
        self._mobile = mobile

    def allows(self, url: str) -> bool:
        """Say whether a request may go to ``url``: the portal or its mobile host."""
        return super().allows(url) or url.startswith(self._mobile + "/")


@dataclass(slots=True)
class Known:
    """What the first answers say, for the questions that build on them."""

    lists: dict[str, ListPage] = field(default_factory=dict)
    urls: dict[str, str] = field(default_factory=dict)
    articles: dict[str, Address] = field(default_factory=dict)
    source_code: str | None = None
    file: Response | None = None
    sitemap: str | None = None


class ProbeSpider(PortalSpider):
    """Asks what the assumptions need and notes which exchange answered which question.

    Args:
        kinds: The kinds of questions to ask, parted by commas.
    """

    name = "probe"
    custom_settings: dict[str, Any] | None = {  # noqa: RUF012  # Scrapy's own attribute
        "HTTPERROR_ALLOW_ALL": True,
        "RETRY_TIMES": 1,
    }

    def __init__(self, kinds: str = "", **rest: Any) -> None:
        super().__init__(recheck="none", **rest)
        self.kinds = frozenset(one for one in kinds.split(",") if one)
        self.known = Known()
        self.asked: dict[str, tuple[str, str]] = {}
        self.answered: dict[str, str] = {}

    def prepare(self, crawler: Crawler) -> None:
        """Open the archive as a crawl does; the mobile host may be asked too."""
        super().prepare(crawler)
        self.looks.always_whole = True  # A judge needs the answer itself.
        self.looks.part_came = self.part_came
        if mobile := mobile_of(self.portal):
            self.portal = WithMobile(self.portal.base, mobile)

    def _steps(self) -> Iterator[Iterator[Request]]:
        """Ask what builds on nothing, then, when all is answered, what builds on the answers."""
        for phase in (self._first, self._later, self._last):
            yield iter(list(phase()))

    def _first(self) -> Iterator[Request]:
        base = self.portal.base
        self.asked["robots"] = ("GET", f"{base}/robots.txt")  # The middleware asks for it before anything else.
        if self.kinds <= {"robots", "handshake"}:
            yield self._ask("robots", f"{base}/robots.txt", meta={"dont_obey_robotstxt": True})
        if self.kinds & {"lists", "paging", "filters", "articles"}:
            for section in SECTIONS.values():
                for one in section.entries()[:1]:
                    yield self._ask(f"list:{section.name}", base + one.path, self.list_came)
        if "sitemap" in self.kinds:
            yield self._ask("sitemap-index", f"{base}/sitemapindex.xml", self.sitemap_came)
        if "unknown" in self.kinds:
            address = f"{base}/news/policyNewsView.do?newsId={NOBODYS_ID}"
            yield self._ask("unknown", address, meta={"dont_redirect": True})
        if "rss" in self.kinds:
            yield self._ask("rss", base + FEED)
        if "api" in self.kinds and self.api.key:
            yield self._ask_api()
        if "mobile" in self.kinds and (mobile := mobile_of(self.portal)):
            yield self._ask("mobile", f"{mobile}/briefing/pressReleaseList.do")

    def _ask_api(self) -> Request:
        """Ask the open API, once, for the last three days; it has rules of its own, as in a crawl."""
        today = datetime.now(KST).date()
        address = self.api.call(self.api.services[0], Days(today - (LONGEST - 1) * DAY, today), 1)
        return self._ask("api", address, headers=CALL_HEADERS, meta=CALL_META)

    def _later(self) -> Iterator[Request]:
        """Ask for second pages, the first sitemap, and an article of each section."""
        if self.known.sitemap:
            yield self._ask("sitemap", self.known.sitemap)
        if "paging" in self.kinds:
            for section, page in self.known.lists.items():
                rows, total = len(page.rows()), page.total()
                if (page.last_page() or 1) > 1 or (total is not None and total > rows > 0):
                    yield from self._both("paging-{}:" + section, section, {"pageIndex": "2"}, lower=True)
        if self.kinds & {"articles", "filters"}:
            for section in self._choose():
                yield self._ask(f"article:{section}", self.known.articles[section].url, self.article_came, ARTICLES)

    def _last(self) -> Iterator[Request]:
        """Filter a list by what is known to be in it, and look at a file again."""
        if "filters" in self.kinds and FILTERED in self.known.lists:
            for name, values in self._filters_to_try(self.known.lists[FILTERED].rows()):
                yield from self._both(f"filter-{name}:{{}}", FILTERED, {"pageIndex": "1", **values})
        if "again" in self.kinds and (file := self.known.file) is not None:
            named = {"If-None-Match": "ETag", "If-Modified-Since": "Last-Modified"}
            conditions = {asked: value for asked, name in named.items() if (value := file.headers.get(name))}
            meta = {"handle_httpstatus_list": [304], "verbatim_url": True}
            yield self._ask("again:file", file.url, priority=PARTS, headers=conditions, meta=meta)

    def _choose(self) -> list[str]:
        """Choose an article of each section: the first in its own list, else in any."""
        wanted = {name: None for name, one in SECTIONS.items() if one.views}
        if "articles" not in self.kinds:
            wanted = {FILTERED: None}
        listed = [(name, row) for name, page in self.known.lists.items() for row in page.rows()]
        for own in (True, False):
            for name, row in listed:
                address = self.portal.address(row.link, self.known.urls[name])
                if address is None or not address.article or address.section not in wanted:
                    continue
                if (address.section == name) is own:
                    self.known.articles.setdefault(address.section, address)
        return [name for name in wanted if name in self.known.articles]

    def _filters_to_try(self, rows: list[Row]) -> Iterator[tuple[str, dict[str, str]]]:
        """Give the filters that tell something of these rows: they would keep some and drop others."""
        if self.known.source_code and len({row.source for row in rows}) > 1:
            yield "repCode", {"repCode": self.known.source_code}
        days = [row.published[:10] for row in rows if row.published]
        if len(set(days)) > 1:
            yield "dates", {"startDate": days[-1], "endDate": days[-1], "period": "direct"}
        words = [word for row in reversed(rows) for word in _words(row.title) if _tells(word, rows)]
        if words:
            yield "srchWord", {"srchWord": words[0]}

    def _both(self, question: str, section: str, values: dict[str, str], *, lower: bool = False) -> Iterator[Request]:
        """Ask a list by POST of its form and by GET."""
        url = self.known.urls[section]
        post, get = ("post", "get") if lower else ("POST", "GET")
        form = {**self.known.lists[section].form(), **values}
        yield self._ask(question.format(post), url, method="POST", formdata=form)
        yield self._ask(question.format(get), f"{url}?{urlencode(values)}")

    def _ask(
        self,
        question: str,
        url: str,
        callback: Callable[[Response], Iterable[Request] | None] | None = None,
        priority: int = LISTS,
        meta: dict[str, Any] | None = None,
        **rest: Any,
    ) -> Request:
        """Make the request that asks a question."""
        self.asked[question] = (rest.get("method", "GET"), url)
        kind = FormRequest if "formdata" in rest else Request
        return kind(
            url, callback or self.came, errback=self.failed, priority=priority, dont_filter=True,
            meta={"question": question, **(meta or {})}, **rest,
        )  # fmt: skip

    def came(self, response: Response) -> None:
        """Note which exchange answered."""
        capture: Capture | None = response.meta.get("capture")
        if capture is not None:
            self.answered[response.meta["question"]] = capture.evidence.record_id

    def failed(self, failure: Any) -> None:  # Twisted's Failure
        """Note which exchange failed to."""
        self.came(failure.request)

    def list_came(self, response: Response) -> Iterator[Request]:
        """Remember a list that was read; a page of further lists leads to the first of them."""
        self.came(response)
        section = response.meta["question"].partition(":")[2]
        if response.status != 200:
            return
        page = SECTIONS[section].list_page(self.looks.answers.text(response))
        if page.rows():
            self.known.lists[section], self.known.urls[section] = page, response.url
            return
        for link in SECTIONS[section].further_lists(page, response.url)[:1]:
            yield self._ask(f"list:{section}", self.portal.base + link, self.list_came)

    def sitemap_came(self, response: Response) -> None:
        """Remember the first sitemap of the index."""
        self.came(response)
        found = read_sitemap(response.body) if response.status == 200 else None
        if found is not None:
            self.known.sitemap = next((url for one in found.sitemaps if (url := self.portal.local(one.loc))), None)

    def article_came(self, response: Response) -> Iterator[Request]:
        """Fetch what belongs to the article, as a crawl does."""
        self.came(response)
        if response.status != 200:
            return
        if response.meta["question"] == f"article:{FILTERED}":
            reading = read_page(self.looks.answers.text(response), response.url, datetime.now(UTC), self.portal)
            self.known.source_code = reading.article.source_code if reading.article is not None else None
        article = response.meta["question"].partition(":")[2]
        yield from self.looks.read(response, self.known.articles[article].article or "")

    def part_came(self, response: Response) -> None:
        """Remember the first file that can be asked for again."""
        address = self.portal.address(response.url)
        if (
            self.known.file is None
            and response.status == 200
            and address is not None
            and address.role == "attachment"
            and (response.headers.get("ETag") or response.headers.get("Last-Modified"))
        ):
            self.known.file = response


def _words(title: str) -> list[str]:
    """The words of a title that a search may be made with: three syllables or more, nothing but letters."""
    return [word for word in title.split() if len(word) >= 3 and word.isalpha()]


def _tells(word: str, rows: list[Row]) -> bool:
    return 0 < sum(word in row.title for row in rows) < len(rows)
