"""Lists walked: the newest articles first in every run, then old ones window by window, each looked at once."""

from __future__ import annotations

import logging
import sqlite3
from collections import deque
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any
from urllib.parse import parse_qsl, urlencode, urlsplit

from scrapy import FormRequest, Request
from scrapy.http import Response
from scrapy.spidermiddlewares.httperror import HttpError

from crawler.asked import Asked
from crawler.estimates import Behind
from crawler.list_page import ListPage, Row
from crawler.looks import LISTS, Looks
from crawler.ongoing import NotAsked
from crawler.portal import Address, Portal
from crawler.sections import SECTIONS
from crawler.walks import Memory, Walk
from crawler.windows import DAY, Days, months
from storage.articles import filed
from storage.captures import seen_at
from storage.state import State

logger = logging.getLogger(__name__)

NEWEST = timedelta(days=31)
"""How far back the walk from the newest article goes when windows of dates lead further."""

BEGINNING = date(1948, 8, 15)
"""A day before all that the portal holds: a list's form comes with a first day of its own, only a year ago."""


@dataclass(slots=True)
class _List:
    """A list as it was met in this run."""

    section: str
    url: str
    confirmed: bool
    memory: Memory
    form: dict[str, str] = field(default_factory=dict)
    left: int | None = None
    """Articles that the list says it has in the days not yet walked."""
    leads_on: bool = False
    """Whether it leads to further lists, and may have no rows of its own."""


class Lists:
    """Walks the lists of the sections asked for.

    Args:
        asked: What to look for.
        looks: Looks at the articles found.
        portal: Whose address rules hold.
        db: The version database.
        state: Where walks are remembered.
        today: The day of the run, Korean time.
        again: Whether an article whose row has another title than the one filed is looked at again.
    """

    def __init__(  # noqa: PLR0913  # each is one thing the walks work with, all by name
        self, *, asked: Asked, looks: Looks, portal: Portal, db: sqlite3.Connection, state: State, today: date,
        again: bool,
    ) -> None:  # fmt: skip
        self._asked, self._looks, self._portal, self._db = asked, looks, portal, db
        self._state, self._today, self._again = state, today, again
        self._lists: dict[str, _List] = {}
        self._walks: list[Walk] = []
        self.problems: list[str] = []
        self.listed = 0
        self.behind: Behind | None = None
        """Where the walk back is, None before it begins and when it has come to its end."""
        looks.settled.append(self._settle)

    def newest(self) -> Iterator[Request]:
        """Ask for the first page of every list asked for."""
        for name in self._asked.sections:
            for entry in SECTIONS[name].entries():
                yield self._open(self._newest(self._met(name, self._portal.base + entry.path, entry.confirmed)))

    def back(self) -> Iterator[Request]:
        """Ask for what lies further back than the newest walks go, one walk at a time, the newest month of all first.

        Each request is to be followed to its end before the next is asked for.
        """
        lists = deque(self._back(one) for one in self._lists.values() if one.form and self._takes_dates(one))
        while lists:
            walks = lists.popleft()
            if (request := next(walks, None)) is not None:
                yield request
                lists.append(walks)
        self.behind = None

    def falls_short(self) -> bool:
        """Say whether a list takes no dates and ends later than the first day asked for: other ways must lead there."""
        since = self._asked.since
        if since is None:
            return False
        ends = [one.memory for one in self._lists.values() if one.memory.ended and one.memory.dates_ignored]
        return any(memory.covered.missing(Days(since, memory.top or self._today)) for memory in ends)

    def _met(self, section: str, url: str, confirmed: bool) -> _List:  # noqa: FBT001  # as its ListPath says
        if url not in self._lists:
            name = url.removeprefix(self._portal.base)
            name += f"#{narrowing}" if (narrowing := self._asked.narrowing) else ""
            part = self._state.part("walks").setdefault(name, {})
            self._lists[url] = _List(section, url, confirmed, Memory(part if isinstance(part, dict) else {}))
        return self._lists[url]

    def _newest(self, one: _List) -> Walk:
        """Walk from the newest article back to where windows of dates take over, or to the first day asked for."""
        fields, memory, since = self._asked.posted(), one.memory, self._asked.since
        if self._asked.until:
            fields = _dated(Days(since or BEGINNING, self._asked.until)) | fields
            memory = Memory({})  # A walk that leaves out the newest days proves nothing for the next one.
        near = min(self._today - NEWEST, (memory.top or self._today) - DAY)
        leads_away = not SECTIONS[one.section].views
        floor = max(since or near, near) if leads_away or self._takes_dates(one) else since
        walk = Walk(one.section, one.url, memory, self._today, one.confirmed, floor=floor, fields=fields)
        self._walks.append(walk)
        return walk

    def _takes_dates(self, one: _List) -> bool:
        """Whether a list is walked back by dates: a section's own list, when a first day is asked for."""
        entry = SECTIONS[one.section].list_at(urlsplit(one.url).path)
        own = entry is not None and entry.begins and bool(SECTIONS[one.section].views)
        return own and self._asked.since is not None and not one.memory.dates_ignored

    def _back(self, one: _List) -> Iterator[Request]:
        assert self._asked.since is not None  # noqa: S101
        wanted = Days(self._asked.since, min(self._asked.until or self._today, self._today))
        while wanted.first <= wanted.last and (missing := one.memory.covered.missing(wanted)):
            peek = self._window(one, Days(wanted.first, missing[0].last))
            yield self._post(peek, self._peeked, one)
            if one.memory.dates_ignored:
                yield self._open(self._newest(one))
            if peek.over or one.memory.dates_ignored:
                return
            for walk in self._months(one, wanted):
                yield self._post(walk, self._turned)
                if not walk.finished or walk.over in {"missed", "stuck", "ignored"}:
                    return
                one.left = max(0, one.left - walk.rows) if one.left is not None else None
                if not walk.rows:
                    break  # Ask where the next article is, not month after month.

    def _months(self, one: _List, wanted: Days) -> Iterator[Walk]:
        for month in [part for span in one.memory.covered.missing(wanted) for part in months(span)]:
            walk = self._window(one, month)
            self._walks.append(walk)
            self.behind = Behind(one.section, f"{month.first:%Y-%m}", self._left())
            yield walk

    def _left(self) -> int | None:
        known = [one.left for one in self._lists.values() if one.left is not None]
        return sum(known) if known else None

    def _window(self, one: _List, span: Days) -> Walk:
        return Walk(
            one.section, one.url, one.memory, self._today, one.confirmed, span=span,
            fields=_dated(span) | self._asked.posted(), form=one.form,
        )  # fmt: skip

    def _open(self, walk: Walk, via: str | None = None) -> Request:
        """Ask for a list as a reader's browser first does."""
        return Request(
            walk.url, self._opened, errback=self._missed, priority=LISTS, cb_kwargs={"walk": walk},
            dont_filter=True, meta={"via": via},
        )  # fmt: skip

    def _post(self, walk: Walk, callback: Any, *rest: Any) -> Request:
        """Ask for the walk's page by POST of the list's form, or by GET where the list takes no other way."""
        data = {**walk.form, **walk.fields, "pageIndex": str(walk.page)}
        if "period" in walk.form and "startDate" in walk.fields:
            data["period"] = "direct"
        shared: dict[str, Any] = {
            "callback": callback, "errback": self._missed, "priority": LISTS, "dont_filter": True,
            "cb_kwargs": {"walk": walk} | ({"one": rest[0]} if rest else {}), "meta": {"via": walk.url},
        }  # fmt: skip
        if walk.by_get:
            path, _, query = walk.url.partition("?")
            return Request(f"{path}?{urlencode({**dict(parse_qsl(query)), **data})}", **shared)
        return FormRequest(walk.url, formdata=data, **shared)

    def _page(self, response: Response, walk: Walk) -> ListPage:
        return SECTIONS[walk.section].list_page(self._looks.answers.text(response))

    def _opened(self, response: Response, walk: Walk) -> Iterator[Request]:
        """Take the form from a list's first page, then read its rows, or ask for those that pass the filters."""
        page = self._page(response, walk)
        one = self._met(walk.section, walk.url, walk.confirmed)
        one.form = walk.form = page.form()
        further = self._sublists(page, walk)
        one.leads_on = bool(further)
        yield from (self._open(self._newest(sub), via=response.url) for sub in further)
        if self._asked.until and one.form and self._takes_dates(one):
            walk.over = "known"  # The walk back by dates does it all.
        elif walk.fields:
            yield self._post(walk, self._turned)
        else:
            yield from self._read(page, response.url, walk)

    def _sublists(self, page: ListPage, walk: Walk) -> list[_List]:
        """Find the lists that this one leads to and that were not met yet."""
        section = SECTIONS[walk.section]
        links = [self._portal.base + link for link in section.further_lists(page, walk.url)]
        one = section.sublist()
        confirmed = one is not None and one.confirmed
        return [self._met(walk.section, link, confirmed) for link in links if link not in self._lists]

    def _turned(self, response: Response, walk: Walk) -> Iterator[Request]:
        yield from self._read(self._page(response, walk), response.url, walk)

    def _peeked(self, response: Response, walk: Walk, one: _List) -> None:
        """See how much the list has in all the days not walked yet, and skip those that it has nothing for."""
        page = self._page(response, walk)
        days = [day for row in page.rows() if (day := _day(row)) is not None]
        assert walk.span is not None  # noqa: S101
        if not page.recognises():
            self.problems.append(f"{response.url}: not recognised as a list; older articles were not asked for.")
            walk.over = "missed"
        elif not page.rows():
            one.left = 0
            one.memory.cover(walk.span)
        elif days and not any(day in walk.span.widened() for day in days):
            one.memory.part["dates"] = "ignored"
        elif page.rows():
            one.left = page.total()
            newest = max(days, default=walk.span.last)
            if newest < walk.span.last:
                one.memory.cover(Days(newest + DAY, walk.span.last))
        self._state.save()

    def _read(self, page: ListPage, url: str, walk: Walk) -> Iterator[Request]:
        """Look at the articles of a list page that need it, then turn the page."""
        found = [(row, address) for row in page.rows() if (address := self._article_of(row, url)) is not None]
        if not found and not page.recognises():
            self._give_up(walk, "not recognised as a list; no article was found in it.", url)
            return
        if not (found or walk.rows or walk.span or walk.fields or self._may_be_empty(page, walk)):
            self._complain(walk, f"{url}: an empty list.")
        days = [day for row, one in found if one.article not in walk.seen and (day := _day(row)) is not None]
        requests = [
            request for row, one in found if self._asked.wants(row) and (request := self._look_if_new(row, one, url))
        ]
        asked = [request.cb_kwargs["article"] for request in requests]
        before = walk.rows
        fresh = walk.read([one.article or "" for _, one in found], days, asked)
        self.listed += walk.rows - before
        yield from requests
        following = walk.next_page(page, days, fresh=fresh)
        if walk.turn_by_get():
            following = walk.page
        if walk.over == "stuck":
            why = "is one seen before" if found else "is empty"
            self.problems.append(f"{url}: page {walk.page} of the list {why}; what follows is not reached.")
        walk.conclude()
        self._state.save()
        if following is not None:
            walk.page = following
            yield self._post(walk, self._turned)

    def _may_be_empty(self, page: ListPage, walk: Walk) -> bool:
        """Tell whether a list may hold nothing: one of many, as each ministry has, that says so itself."""
        entry = SECTIONS[walk.section].list_at(urlsplit(walk.url).path)
        return page.says_empty() and entry is not None and not entry.begins

    def _complain(self, walk: Walk, problem: str) -> None:
        """Say what is wrong with a list, unless it is one that nobody has ever seen, or that leads to others."""
        if walk.confirmed and not self._lists[walk.url].leads_on:
            self.problems.append(problem)

    def _give_up(self, walk: Walk, why: str, url: str) -> None:
        walk.over = "missed"
        self._complain(walk, f"{url}: {why}")
        walk.conclude()

    def _missed(self, failure: Any) -> None:  # Twisted's Failure
        """Note a list page that could not be had; that a list nobody has ever seen is not there is none."""
        walk: Walk = failure.request.cb_kwargs["walk"]
        walk.over = "missed"
        walk.conclude()
        if failure.check(NotAsked):
            return
        if not walk.confirmed and failure.check(HttpError) and failure.value.response.status == 404:
            logger.info("%s: there is no such list; its articles come by other lists.", failure.request.url)
            return
        answered = failure.check(HttpError) and f"it was answered with {failure.value.response.status}"
        which = f", page {walk.page}" if walk.page > 1 else ""
        self.problems.append(f"{failure.request.url}{which}: no list ({answered or failure.getErrorMessage()}).")

    def _settle(self, article: str) -> None:
        done = [walk for walk in self._walks if walk.settle(article)]
        if done:
            self._state.save()
        self._walks = [walk for walk in self._walks if not walk.finished]

    def _article_of(self, row: Row, url: str) -> Address | None:
        address = self._portal.address(row.link, url)
        return address if address is not None and address.article else None

    def _look_if_new(self, row: Row, address: Address, url: str) -> Request | None:
        """Look at an article never seen at this address, or whose title in the list is another than the one filed."""
        known = filed(self._db, address.article)
        if known is not None and seen_at(self._db, address.article or "", address.url):
            same = row.title == known.title and known.state == "live"
            if same or not self._again:
                return None
        return self._looks.look(address, via=url)


def _dated(span: Days) -> dict[str, str]:
    """Give the list form's fields that narrow it to days."""
    wide = span.widened()
    return {"startDate": wide.first.isoformat(), "endDate": wide.last.isoformat()}


def _day(row: Row) -> date | None:
    try:
        return date.fromisoformat(row.published[:10]) if row.published else None
    except ValueError:
        return None
