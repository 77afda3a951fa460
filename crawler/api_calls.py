"""The open API asked: three days a call, no more calls a day than allowed, and what it tells looked at."""

from __future__ import annotations

import logging
import sqlite3
from collections.abc import Generator, Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from typing import Any

from scrapy import Request
from scrapy.http import Response

from crawler.asked import Asked
from crawler.list_page import Row
from crawler.looks import LISTS, Looks
from crawler.ongoing import NotAsked
from crawler.open_api import LARGEST, LONGEST, ROWS, OpenApi, Refusal, read
from crawler.portal import Portal
from crawler.windows import DAY, Coverage, Days, stretches
from storage import articles, signals
from storage.captures import seen_at
from storage.records import KST
from storage.signals import Signal
from storage.state import State

logger = logging.getLogger(__name__)

RECENT = timedelta(days=30)
"""How far back the API is asked anew each day: it tells of edits, not only of what is new."""

CALL_HEADERS = {"Accept": "application/xml", "Accept-Encoding": "identity"}
CALL_META = {
    "aside": True,  # What another host answers says nothing of the portal.
    "dont_obey_robotstxt": True,
    "dont_retry": True,
    "dont_redirect": True,
    "dont_merge_cookies": True,
}
"""How each call goes out: the API has a contract of its own, and every call counts."""


@dataclass(slots=True)
class _Call:
    """One call under way, and what came of it."""

    service: str
    page: int
    answered: bool = False
    total: int | None = None
    fresh: int = 0


class ApiCalls:
    """Asks the open API.

    Args:
        api: Its addresses and key; without a key nothing is asked.
        daily: Calls a day (Korean time) of each service.
        asked: Which articles are wanted.
        looks: Looks at them.
        portal: Whose address rules hold.
        db: What is known of them.
        state: Where calls are counted.
    """

    def __init__(  # noqa: PLR0913  # each is one thing the calls work with, all by name
        self, *, api: OpenApi, daily: int, asked: Asked, looks: Looks, portal: Portal, db: sqlite3.Connection,
        state: State,
    ) -> None:  # fmt: skip
        self._api, self._daily, self._asked, self._looks = api, daily, asked, looks
        self._portal, self._db, self._state = portal, db, state
        self._seen: set[str] = set()
        self._stopped: set[str] = set()
        self.problems: list[str] = []

    def newest(self) -> Iterator[Request]:
        """Ask for the newest days, and once a day for all recent ones; each request is followed before the next."""
        today = _today()
        for service in self._services():
            newest = Days(today - (LONGEST - 1) * DAY, today)
            recent = self._part(service).get("recent") == today.isoformat()
            span = (
                newest if recent else Days(min(newest.first, max(self._asked.since or date.min, today - RECENT)), today)
            )
            if (yield from self._ask(service, span)) and not recent:
                self._part(service)["recent"] = today.isoformat()
                self._state.save()

    def back(self) -> Iterator[Request]:
        """Ask for the days back to the first one wanted, as far as the day's calls go."""
        if self._asked.since is None:
            return
        for service in self._services():
            wanted = Days(self._asked.since, min(_today(), self._asked.until or _today()))
            if wanted.first <= wanted.last:
                for span in self._covered(service).missing(wanted):
                    yield from self._ask(service, span)

    def _services(self) -> tuple[str, ...]:
        return self._api.services if self._api.key else ()

    def _ask(self, service: str, span: Days) -> Generator[Request, None, bool]:
        """Ask for the days of a span, the newest first; say whether all of them were answered."""
        for days in stretches(span, LONGEST):
            page = 1
            while True:
                if not self._may(service):
                    return False
                call = _Call(service, page)
                yield self._request(call, days)
                if not call.answered:
                    return False
                if not call.fresh or call.total is None or page * ROWS >= call.total:
                    break
                page += 1
            covered = self._covered(service)
            # Today's articles are not all published yet.
            if days.first < _today():
                covered.add(Days(days.first, min(days.last, _today() - DAY)))
            self._part(service)["covered"] = covered.as_json()
            self._state.save()
        return True

    def _request(self, call: _Call, days: Days) -> Request:
        part = self._part(call.service)
        part["calls"] = self._calls(call.service) + 1
        part["day"] = _today().isoformat()
        self._state.save()  # Before it goes out: a run that is killed has made the call.
        return Request(
            self._api.call(call.service, days, call.page), self._answered, errback=self._missed, priority=LISTS,
            dont_filter=True, cb_kwargs={"call": call}, headers=CALL_HEADERS,
            meta={**CALL_META, "handle_httpstatus_all": True, "download_maxsize": LARGEST},
        )  # fmt: skip

    def _answered(self, response: Response, call: _Call) -> Iterator[Request]:
        found = read(response.status, response.body, self._portal)
        if isinstance(found, Refusal):
            self._refused(call.service, found)
            return
        fresh = [one for one in found.signals if one.news_item not in self._seen]
        self._seen.update(one.news_item for one in fresh)
        call.answered, call.total, call.fresh = True, found.total, len(fresh)
        for one in fresh:
            if request := self._look_if_told(one, response.url):
                # The call's address is nobody's business.
                request.meta["referrer_policy"] = "no-referrer"
                yield request

    def _look_if_told(self, signal: Signal, url: str) -> Request | None:
        """Look at an article not known yet, or of which the publisher says that it was edited since the last look."""
        address = self._portal.address(signal.url) if signal.url else None
        if address is None or address.article is None or address.section not in self._asked.sections:
            return None
        if not self._asked.wants(Row(address.url, signal.title, signal.approve_date, signal.source)):
            return None
        if not seen_at(self._db, address.article, address.url) or self._is_edited(address.article, signal):
            return self._looks.look(address, via=url)
        return None

    def _is_edited(self, article: str, signal: Signal) -> bool:
        newest = signals.newest(self._db, article)
        if newest is not None and newest.modify_id is not None and signal.modify_id is not None:
            return signal.modify_id > newest.modify_id
        known = articles.filed(self._db, article)
        if known is None or signal.modify_date is None:
            return False
        return datetime.fromisoformat(signal.modify_date) > datetime.fromisoformat(known.last_checked)

    def _refused(self, service: str, refusal: Refusal) -> None:
        self.problems.append(refusal.sentence)
        self._stopped.add(service)
        if refusal.until == "tomorrow":
            self._part(service)["stopped"] = _today().isoformat()
            self._state.save()

    def _missed(self, failure: Any) -> None:  # Twisted's Failure
        """Note that the API could not be reached, or that its answer was withheld."""
        call: _Call = failure.request.cb_kwargs["call"]
        self._stopped.add(call.service)
        if failure.check(NotAsked):
            return
        self.problems.append(
            f"The open API could not be asked ({failure.getErrorMessage()}). The crawl goes on without it; it is asked "
            "again in the next run."
        )
        logger.debug("%s: %s", failure.request.url, failure.getErrorMessage())

    def _may(self, service: str) -> bool:
        stopped = self._part(service).get("stopped") == _today().isoformat()
        return service not in self._stopped and not stopped and self._calls(service) < self._daily

    def _calls(self, service: str) -> int:
        """How many calls were made today."""
        part = self._part(service)
        calls = part.get("calls")
        return calls if part.get("day") == _today().isoformat() and isinstance(calls, int) else 0

    def _covered(self, service: str) -> Coverage:
        return Coverage.from_json(self._part(service).get("covered"))

    def _part(self, service: str) -> dict[str, Any]:
        parts = self._state.part("api")
        if not isinstance(parts.get(service), dict):
            parts[service] = {}
        part: dict[str, Any] = parts[service]
        return part


def _today() -> date:
    return datetime.now(UTC).astimezone(KST).date()
