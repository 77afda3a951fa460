"""Sitemaps walked: at most once a day, for articles that no list shows, and for edits that they hint at."""

from __future__ import annotations

import logging
import sqlite3
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

from scrapy import Request
from scrapy.http import Response

from crawler import sitemaps
from crawler.asked import Asked
from crawler.looks import LISTS, Looks
from crawler.payloads import Payloads
from crawler.portal import Address, Portal
from storage.archive import Archive
from storage.articles import filed
from storage.captures import last_whole, seen_at
from storage.content_coding import ContentError
from storage.records import KST
from storage.state import State

logger = logging.getLogger(__name__)

DAILY = timedelta(days=1)
MOST_SITEMAPS = 500
"""Sitemaps read in one run."""
DEEPEST = 3
"""How many indexes may lead to a sitemap."""
MOST_HINTS = 200
"""Articles looked at in one run because a sitemap gives them a newer date."""
TRIED = 20
"""Hints looked at before they are judged; then no more are followed unless one in ten was true."""


class SitemapWalk:
    """Reads the portal's sitemaps.

    Args:
        archive: Where sitemaps fetched today are read from.
        db: What is known of articles.
        portal: Addresses outside of it are passed over.
        asked: Which articles are wanted.
        looks: Looks at them.
        state: Where hints are remembered.
    """

    def __init__(  # noqa: PLR0913  # each is one thing the walk works with, all by name
        self, *, archive: Archive, db: sqlite3.Connection, portal: Portal, asked: Asked, looks: Looks, state: State
    ) -> None:
        self._payloads, self._db, self._portal = Payloads(archive, db, sitemaps.LARGEST), db, portal
        self._asked, self._looks, self._part = asked, looks, state.part("sitemap")
        self._state = state
        self._left: list[tuple[str, int]] = []
        self._met: set[str] = set()
        self._new: dict[str, tuple[datetime | None, Address]] = {}
        self._newer: dict[str, tuple[datetime, Address]] = {}
        self.problems: list[str] = []

    def sitemaps(self) -> Iterator[Request]:
        """Ask for the sitemaps, one after the other; each request is followed before the next is asked for.

        One that was fetched within a day is read from the archive, and those that were missing are not asked again.
        """
        self._judge_hints()
        for url in self._starts():
            self._meet(url, 0)
        rested = self._age() >= DAILY
        if rested:
            self._part["read_at"] = datetime.now(UTC).isoformat()
            self._state.save()
        while self._left:
            url, depth = self._left.pop(0)
            if (payload := self._kept(url)) is not None:
                self._read(payload, url, depth)
            elif rested:
                yield Request(
                    url, self._fetched, errback=self._missed, priority=LISTS, dont_filter=True,
                    cb_kwargs={"depth": depth}, meta={"download_maxsize": sitemaps.LARGEST},
                )  # fmt: skip

    def found(self) -> Iterator[Request]:
        """Look at what the sitemaps hold and nobody has seen, the newest first, then at what they say was edited."""
        never = datetime.min.replace(tzinfo=UTC)
        for _, address in sorted(self._new.values(), key=lambda one: (one[0] or never, one[1].url), reverse=True):
            if request := self._looks.look(address):
                yield request
        hinted = self._part.setdefault("hinted", {}) if isinstance(self._part.get("hinted", {}), dict) else {}
        for _, address in sorted(self._newer.values(), key=lambda one: one[0], reverse=True)[:MOST_HINTS]:
            if request := self._looks.look(address):
                hinted[address.article] = datetime.now(UTC).isoformat()
                yield request
        self._part["hinted"] = hinted

    def _starts(self) -> list[str]:
        """Where sitemaps are said to stand, and else by custom."""
        robots = self._kept(f"{self._portal.base}/robots.txt", at_most=timedelta(days=365)) or b""
        named = [self._portal.local(one) for one in sitemaps.named_in(robots.decode("utf-8", "replace"))]
        there = [one for one in named if one is not None]
        return there or [self._portal.base + path for path in sitemaps.USUAL]

    def _meet(self, url: str, depth: int) -> None:
        if url not in self._met and depth <= DEEPEST and len(self._met) < MOST_SITEMAPS:
            self._met.add(url)
            self._left.append((url, depth))

    def _age(self) -> timedelta:
        try:
            return datetime.now(UTC) - datetime.fromisoformat(self._part["read_at"])
        except (KeyError, TypeError, ValueError):
            return timedelta.max

    def _kept(self, url: str, at_most: timedelta = DAILY) -> bytes | None:
        """Give what the archive holds of an address, when it is no older than ``at_most``."""
        capture = last_whole(self._db, url)
        if capture is None or datetime.now(UTC) - capture.captured_at >= at_most:
            return None
        try:
            return self._payloads.payload(capture)
        except ContentError:
            return None

    def _fetched(self, response: Response, depth: int) -> None:
        self._read(response.body, response.url, depth)

    def _missed(self, failure: Any) -> None:  # Twisted's Failure
        """Log that a sitemap is not there; it is no problem of the run, for lists lead to the same articles."""
        logger.info("%s: no sitemap (%s)", failure.request.url, failure.getErrorMessage())

    def _read(self, payload: bytes, url: str, depth: int) -> None:
        found = sitemaps.read(payload)
        if found is None:
            self.problems.append(f"{url}: not a sitemap; nothing was taken from it.")
            return
        if not found.whole:
            self.problems.append(f"{url}: the sitemap broke off or is too large; what was read of it is used.")
        for one in found.sitemaps:
            if (local := self._portal.local(one.loc)) is not None:
                self._meet(local, depth + 1)
        for one in found.pages:
            address = self._portal.address(one.loc)
            if address is not None and address.article is not None and address.section in self._asked.sections:
                self._sort(address, one.lastmod)

    def _sort(self, address: Address, lastmod: datetime | None) -> None:
        """Tell what is new from what is said to be newer than the last look, and pass over the rest."""
        since = self._asked.since
        if since is not None and lastmod is not None and lastmod.astimezone(KST).date() < since:
            return
        assert address.article is not None  # noqa: S101
        if not seen_at(self._db, address.article, address.url):
            self._new[address.article] = lastmod, address
            return
        known = filed(self._db, address.article)
        if known is None or lastmod is None or not self._hints_hold():
            return
        if lastmod > datetime.fromisoformat(known.last_checked):
            self._newer[address.article] = lastmod, address

    def _hints_hold(self) -> bool:
        """Whether dates in sitemaps have meant something so far."""
        tried, true = self._part.get("tried"), self._part.get("true")
        return not isinstance(tried, int) or not isinstance(true, int) or tried < TRIED or true * 10 >= tried

    def _judge_hints(self) -> None:
        """Count which of the looks that sitemaps hinted at found a change."""
        hinted = self._part.pop("hinted", {})
        tried = true = 0
        for article, at in hinted.items() if isinstance(hinted, dict) else ():
            known = filed(self._db, article)
            if known is not None and isinstance(at, str):
                tried += 1
                true += known.last_changed >= at
        for name, more in (("tried", tried), ("true", true)):
            before = self._part.get(name)
            self._part[name] = (before if isinstance(before, int) else 0) + more
