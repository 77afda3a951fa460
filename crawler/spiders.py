"""Discover, fetch, look again: the spider of the portal.

A run walks the sections' lists as far back as asked, looks at every article it has not looked at yet, and then
looks again at those that are due. One look fetches all that belongs to the article: its page, its document's pages,
its files and pictures, before the next article is begun.
"""

from __future__ import annotations

import logging
import sqlite3
from collections.abc import AsyncIterator, Iterator
from contextlib import ExitStack
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from scrapy import FormRequest, Request, Spider, signals
from scrapy.crawler import Crawler
from scrapy.downloadermiddlewares import cookies
from scrapy.exceptions import DontCloseSpider, UsageError
from scrapy.http import Response
from scrapy.settings import BaseSettings
from scrapy.spidermiddlewares.httperror import HttpError
from tldextract import TLDExtract

from crawler import watch as watching
from crawler.archiving import Keeper
from crawler.extract import MAX_DOCUMENT_PAGES, inner_frame
from crawler.layouts import read_page
from crawler.list_page import ListPage, Row
from crawler.portal import Address, Portal, document_pages
from crawler.revisits import Recheck, due
from crawler.sections import SECTIONS
from storage.archive import Archive
from storage.captures import addresses, by_record, last_whole, lied
from storage.errors import GochimError, RunEndedEarly
from storage.http_message import text_of
from storage.records import Capture
from storage.state import State
from storage.warc_reader import payload_of

logger = logging.getLogger(__name__)

# The list of public suffixes that comes with the package: a crawl asks no third party for it.
cookies._split_domain = TLDExtract(suffix_list_urls=(), include_psl_private_domains=True)

_HELD = ExitStack()
"""The archive's lock when nobody else has taken it (a plain ``scrapy crawl``), held until the process ends."""

LISTS, ARTICLES, PARTS = 10, 20, 30
"""Priorities: what belongs to a look that has begun comes before the next article, that before the next list page."""
KNOWN_PAGES = 3
"""A walk that was finished once stops after this many list pages in a row without anything new."""
_UNWRITTEN = (
    "The database cannot be written ({}). The WARC files hold all that was captured; make room or mend the disk, "
    "then run the same command again."
)


@dataclass(slots=True)
class Walk:
    """The state of one walk through a section's list."""

    section: str
    url: str
    confirmed: bool = True
    page: int = 1
    form: dict[str, str] = field(default_factory=dict)
    filters: dict[str, str] = field(default_factory=dict)
    seen: set[str] = field(default_factory=set)
    known_pages: int = 0
    rows: int = 0


class PortalSpider(Spider):
    """The one spider. Its arguments are the options of ``gochim crawl``.

    Args:
        section: Only this section; several parted by commas.
        since: First day of publication wanted, ``YYYY-MM-DD`` (Korean time).
        until: Last day of publication wanted.
        urls: Only these addresses, parted by white space.
        recheck: ``due``, ``all`` or ``none``.
        max_requests: The most requests this run may make.
    """

    name = "portal"

    def __init__(  # noqa: PLR0913  # Scrapy hands command-line arguments over by name
        self,
        section: str = "",
        since: str = "",
        until: str = "",
        urls: str = "",
        recheck: str = "",
        max_requests: str = "",
        **rest: Any,
    ) -> None:
        super().__init__(**rest)
        self._asked = {"section": section, "since": since, "until": until}
        self._urls = urls.split()
        self._recheck: Recheck = recheck or ("none" if urls else "due")  # type: ignore[assignment]  # checked in _prepare
        self._max_requests = max_requests
        self.looked: set[str] = set()
        self._crossed: set[str] = set()
        self.problems: list[str] = []
        self.listed = 0
        self._rechecked = False

    @classmethod
    def update_settings(cls, settings: BaseSettings) -> None:
        """Take delay, concurrency and the User-Agent from ``gochim.toml``."""
        super().update_settings(settings)
        archive = Archive(Path(settings["GOCHIM_ARCHIVE"]))
        try:
            watch = watching.load(archive.settings_path)
            if not settings.getbool("GOCHIM_LOCKED"):
                _HELD.enter_context(archive.locked())
        except GochimError as error:
            raise UsageError(str(error), print_help=False) from None
        settings.set("DOWNLOAD_DELAY", watch.delay, priority="spider")
        settings.set("CONCURRENT_REQUESTS", watch.concurrency, priority="spider")
        settings.set("CONCURRENT_REQUESTS_PER_DOMAIN", watch.concurrency, priority="spider")
        settings.set("USER_AGENT", watching.user_agent(watch), priority="spider")

    @classmethod
    def from_crawler(cls, crawler: Crawler, *args: Any, **kwargs: Any) -> PortalSpider:
        """Open the archive and begin a run in it."""
        spider = super().from_crawler(crawler, *args, **kwargs)
        spider.prepare(crawler)
        return spider

    def prepare(self, crawler: Crawler) -> None:
        """Open archive, database and keeper, and settle what this run looks for."""
        archive = self.archive = Archive(Path(crawler.settings["GOCHIM_ARCHIVE"]))
        self.watch = watching.load(archive.settings_path)
        self.portal = Portal(self.watch.url)
        archive.create()
        self.db = archive.database()
        self.state = State.load(archive.state_path)
        wanted = tuple(self._asked["section"].split(",")) if self._asked["section"] else self.watch.sections
        watching.check_sections(wanted)
        self.sections = wanted
        self.since = watching.day(self._asked["since"], "--since") or self.watch.since
        self.until = watching.day(self._asked["until"], "--until")
        self.max_requests = int(self._max_requests or self.watch.max_requests)
        self.keeper = Keeper(archive, self.db, self.portal, self.watch)
        crawler.gochim_archive = self.keeper  # type: ignore[attr-defined]  # where the handler finds it
        crawler.gochim_state = self.state  # type: ignore[attr-defined]  # where the middlewares find it
        crawler.signals.connect(self.look_again, signal=signals.spider_idle)
        crawler.signals.connect(self.stumbled, signal=signals.spider_error)

    async def start(self) -> AsyncIterator[Request]:
        """Begin with the given addresses, or with the first page of each section's list."""
        for url in self._urls:
            address = self.portal.address(url)
            if address is None or address.article is None:
                self.problems.append(f"{url} is no article of {self.portal.base}.")
            elif request := self._look(address):
                yield request
        if self._urls and not self._asked["section"]:
            return
        for name in self.sections:
            for one in SECTIONS[name].entries():
                yield self._walk(Walk(name, self.portal.base + one.path, one.confirmed))

    def _walk(self, walk: Walk, via: str | None = None) -> Request:
        """Ask for the first page of a list."""
        return Request(
            walk.url, self.parse_list, errback=self.missed_list, priority=LISTS, cb_kwargs={"walk": walk},
            dont_filter=True, meta={"via": via},
        )  # fmt: skip

    def missed_list(self, failure: Any) -> None:  # Twisted's Failure
        """Note a list page that could not be had; that a list nobody has ever seen is not there is none."""
        walk: Walk = failure.request.cb_kwargs["walk"]
        if not walk.confirmed and failure.check(HttpError) and failure.value.response.status == 404:
            logger.info("%s: there is no such list; its articles come by other lists.", failure.request.url)
            return
        self.problems.append(f"{failure.request.url}: no list ({failure.getErrorMessage()}).")

    def parse_list(self, response: Response, walk: Walk) -> Iterator[Request]:
        """Look at the articles of a list page that need it, then turn the page."""
        section = SECTIONS[walk.section]
        page = ListPage(self._page(response), section.rows, section.view_start())
        further = self._sublists(page, walk, response.url)
        yield from further
        rows = page.rows()
        ids = [address for row in rows if (address := self._article_of(row, response.url)) is not None]
        fresh = [address for address in ids if address.article not in walk.seen]
        walk.rows += len(fresh)
        if walk.confirmed and not (rows or walk.rows or further):
            self.problems.append(
                f"{response.url}: "
                + ("an empty list." if page.recognises() else "not recognised as a list; no article was found in it.")
            )
        wanted = [row for row in rows if self._wanted(row)]
        requests = [request for row in wanted if (request := self._look_if_new(row, response.url)) is not None]
        walk.seen.update(address.article or "" for address in fresh)
        self.listed += len(fresh)
        yield from requests
        walk.known_pages = 0 if requests else walk.known_pages + 1
        yield from self._turn(response.url, page, walk, rows if fresh else [])

    def _sublists(self, page: ListPage, walk: Walk, url: str) -> list[Request]:
        """Ask for the lists that this one leads to: each package of the policy focus, each ministry's news."""
        one = SECTIONS[walk.section].sublist()
        if one is None or one.key is None or walk.page > 1 or urlsplit(walk.url).path == one.path:
            return []
        links = page.sublists(one.path, one.key)
        return [self._walk(Walk(walk.section, self.portal.base + link), via=url) for link in links]

    def _turn(self, url: str, page: ListPage, walk: Walk, fresh: list[Row]) -> Iterator[Request]:
        """Ask for the next page by POST of the list's form, or end the walk."""
        first = not walk.form
        walk.form = walk.form or page.form()
        if first and (filters := self._filters()):
            walk.filters, walk.page = filters, 0
        elif self._ends(page, walk, fresh):
            self._finish(walk)
            return
        if walk.page and walk.known_pages >= KNOWN_PAGES and self._finished_before(walk.url):
            return
        walk.page += 1
        data = {**walk.form, **walk.filters, "pageIndex": str(walk.page)}
        yield FormRequest(
            walk.url, callback=self.parse_list, errback=self.missed_list,
            formdata=data, priority=LISTS, cb_kwargs={"walk": walk}, dont_filter=True, meta={"via": url},
        )  # fmt: skip

    def _ends(self, page: ListPage, walk: Walk, fresh: list[Row]) -> bool:
        """Whether nothing more can come: no new rows, the last page, or all rows older than wanted."""
        if walk.page and not fresh and not (walk.filters and walk.page == 1):
            return True
        last = page.last_page()
        days = [date.fromisoformat(row.published[:10]) for row in fresh if row.published]
        older = self.since is not None and bool(days) and max(days) < self.since
        return older or (last is not None and walk.page >= last)

    def _filters(self) -> dict[str, str]:
        """The form's filters that this run asks for."""
        filters: dict[str, str] = {}
        if self.since:
            filters["startDate"] = self.since.isoformat()
        if self.until:
            filters["endDate"] = self.until.isoformat()
        if codes := [one for one in self.watch.ministries if watching.is_rep_code(one)]:
            filters["repCode"] = ",".join(codes)
        return filters

    def _finish(self, walk: Walk) -> None:
        """Remember that this list was walked to its end, or to ``since``."""
        if walk.rows and not self.until and not self._asked["section"]:
            self.state.part("walks")[self._walked(walk.url)] = str(self.since or "")
            self.state.save()

    def _walked(self, url: str) -> str:
        return url.removeprefix(self.portal.base)

    def _finished_before(self, url: str) -> bool:
        reached = self.state.part("walks").get(self._walked(url))
        return isinstance(reached, str) and (not reached or (self.since is not None and reached <= str(self.since)))

    def _article_of(self, row: Row, url: str) -> Address | None:
        address = self.portal.address(row.link, url)
        return address if address is not None and address.article else None

    def _wanted(self, row: Row) -> bool:
        """Whether a row passes the settings' and the command's filters; what a row does not say, passes."""
        if row.published and self.since and row.published[:10] < self.since.isoformat():
            return False
        if row.published and self.until and row.published[:10] > self.until.isoformat():
            return False
        names = [one for one in self.watch.ministries if not watching.is_rep_code(one)]
        if names and len(names) == len(self.watch.ministries) and row.source and row.source not in names:
            return False
        return not self.watch.keywords or any(word in row.title for word in self.watch.keywords)

    def _look_if_new(self, row: Row, url: str) -> Request | None:
        """Look at an article never seen at this address, or whose title in the list is another than the one filed."""
        address = self._article_of(row, url)
        if address is None:
            return None
        filed = self.db.execute("SELECT title, state FROM articles WHERE article = ?", (address.article,)).fetchone()
        seen = self.db.execute(
            "SELECT 1 FROM captures WHERE article = ? AND url = ?", (address.article, address.url)
        ).fetchone()
        if (
            filed is not None
            and seen
            and (self._recheck == "none" or (row.title == filed["title"] and filed["state"] == "live"))
        ):
            return None
        return self._look(address, via=url)

    def _look(self, address: Address, via: str | None = None) -> Request | None:
        """Ask for an article's page, once a run."""
        assert address.article is not None  # noqa: S101
        if address.article in self.looked:
            return None
        self.looked.add(address.article)
        return Request(
            address.url,
            self.parse_article,
            errback=self.missed,
            priority=ARTICLES,
            dont_filter=True,
            headers=self._conditions(address.url),
            meta={"via": via, "handle_httpstatus_list": [304]},
        )

    def _conditions(self, url: str) -> dict[str, str]:
        """Ask only for what changed since the last whole fetch, unless that is long ago or the portal has lied."""
        newest = last_whole(self.db, url)
        if newest is None or not (newest.etag or newest.last_modified) or newest.kind == "failure":
            return {}
        age = datetime.now(UTC) - newest.captured_at
        if age >= timedelta(hours=self.watch.full_fetch_hours) or lied(self.db, url):
            return {}
        named = {"If-None-Match": newest.etag, "If-Modified-Since": newest.last_modified}
        return {name: value for name, value in named.items() if value}

    def _page(self, response: Response) -> str:
        """Give a page's text; that of a 304 answer is in the archive."""
        if response.status != 304:
            return text_of(response.body, (response.headers.get("Content-Type") or b"").decode("latin-1"))
        capture: Capture = response.meta["capture"]
        payload = payload_of(self.archive.root, capture, lambda record: by_record(self.db, record))
        return text_of(payload, capture.media_type or "")

    def look_again(self) -> None:
        """When all that is new has been fetched, look again at what is due."""
        if self._rechecked:
            return
        self._rechecked = True
        engine = self.crawler.engine
        assert engine is not None  # noqa: S101
        asked = False
        for one in due(self.db, datetime.now(UTC), self._recheck, self.sections):
            address = self.portal.address(one.url)
            if address is not None and address.article == one.article and (request := self._look(address)):
                engine.crawl(request)
                asked = True
        if asked:
            raise DontCloseSpider

    def missed(self, failure: Any) -> Iterator[Request]:  # Twisted's Failure
        """Log what brought no page; the exchange itself is in the archive already. An article may stand elsewhere."""
        logger.debug("%s: %s", failure.request.url, failure.getErrorMessage())
        if failure.check(HttpError) and failure.value.response.status in {404, 410}:
            yield from self._elsewhere(failure.request.url)

    def _elsewhere(self, url: str, only: str | None = None) -> Iterator[Request]:
        """Look at the other addresses of an article, of which ``url`` is one, or at one of them.

        Whether it was removed or moved, and which of two addresses is its place, is only told by looking at both.
        """
        address = self.portal.address(url)
        if address is None or address.article is None:
            return
        for other in [only] if only else addresses(self.db, address.article):
            known = self.portal.address(other)
            if known is not None and known.url not in {address.url, *self._crossed}:
                self._crossed |= {known.url, address.url}
                self.looked.discard(address.article)
                if request := self._look(known, via=url):
                    yield request

    def stumbled(self, failure: Any, response: Response) -> None:
        """Say which page the crawler itself could not cope with; its bytes are in the archive all the same."""
        if failure.check(sqlite3.Error):
            self.keeper.give_up(RunEndedEarly(_UNWRITTEN.format(failure.getErrorMessage())))
            return
        self.problems.append(
            f"{response.url}: the crawler failed on it ({failure.getErrorMessage()}). Please report it."
        )

    def parse_article(self, response: Response) -> Iterator[Request]:
        """Fetch what belongs to the article: its document, its files, its pictures."""
        reading = read_page(self._page(response), response.url, datetime.now(UTC), self.portal)
        if reading.article is None:
            if reading.outcome == "gone":
                yield from self._elsewhere(response.url)
            return
        filed = self.db.execute("SELECT url FROM articles WHERE article = ?", (reading.article.article,)).fetchone()
        came_from = response.meta.get("redirect_urls", ())
        if filed is not None and filed["url"] not in {reading.article.url, *came_from}:
            yield from self._elsewhere(response.url, filed["url"])
        if reading.article.viewer:
            numbered, _ = document_pages(reading.article.viewer)
            yield self._part(
                f"{numbered}1.html", response, self.parse_document, viewer=reading.article.viewer, number=1
            )
        if self.watch.attachments:
            for _, url in reading.downloads:
                yield self._part(url, response)
        yield from self._images([image.src for image in reading.article.images], response)

    def _images(self, sources: list[str], response: Response) -> Iterator[Request]:
        if self.watch.images:
            for src in sources[: self.watch.max_images]:
                if self.portal.allows(src):
                    yield self._part(src, response)

    def parse_document(self, response: Response, viewer: str, number: int) -> Iterator[Request]:
        """Turn the document's pages until there is none; without numbered pages, ask for its other forms."""
        numbered, single = document_pages(viewer)
        if response.status in {200, 304} and number < MAX_DOCUMENT_PAGES:
            following = number + 1
            yield self._part(
                f"{numbered}{following}.html", response, self.parse_document, viewer=viewer, number=following
            )
        elif number == 1:
            yield self._part(single, response, self.parse_single, viewer=viewer)

    def parse_single(self, response: Response, viewer: str) -> Iterator[Request]:
        """Ask the viewer's own page where its text stands, when neither usual place has it."""
        if response.status not in {200, 304}:
            yield self._part(viewer, response, self.parse_skin)

    def parse_skin(self, response: Response) -> Iterator[Request]:
        """Follow the viewer's inner frame."""
        if inner := inner_frame(self._page(response), response.url, self.portal):
            yield self._part(inner, response)

    def done(self, response: Response) -> None:
        """Nothing follows: the bytes are in the archive."""

    def _part(self, url: str, response: Response, callback: Any = None, **values: Any) -> Request:
        return Request(
            url,
            callback or self.done,
            errback=self.missed,
            priority=PARTS,
            cb_kwargs=values,
            headers=self._conditions(url),
            meta={"via": response.url, "handle_httpstatus_list": [304, 404, 410], "verbatim_url": True},
        )
