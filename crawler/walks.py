"""A walk through one list: which page comes next, when it ends, and what it remembers for the next run.

Nothing the portal says of its lists is trusted: a page that comes again ends the walk, a filter of dates that is
ignored is found out, and a list from which articles vanish while it is walked has its page read again.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date
from typing import Any, Literal

from crawler.list_page import ListPage
from crawler.windows import DAY, Coverage, Days

KNOWN_PAGES = 3
"""A walk joins what earlier walks have covered after this many pages in a row without anything new."""

Over = Literal["", "end", "floor", "known", "stuck", "ignored", "missed"]
"""Why a walk ended.

- empty: it has not ended yet.
- ``end``: there are no more pages.
- ``floor``: all rows of a page are older than wanted.
- ``known``: earlier walks covered all that follows.
- ``stuck``: the same page came again although the list has more.
- ``ignored``: the list ignored the dates asked for.
- ``missed``: a page could not be had.
"""


@dataclass(slots=True)
class Memory:
    """What is remembered of a list between runs; ``part`` is its part of the state, of which nothing is believed."""

    part: dict[str, Any]

    @property
    def page(self) -> int:
        """The page up to which an unfinished walk from the newest article has come, 0 when there is none."""
        page = self.part.get("page")
        return page if isinstance(page, int) and not isinstance(page, bool) and 0 < page < 10_000_000 else 0

    @property
    def window_page(self) -> tuple[str, int]:
        """The window of an unfinished walk (its first day), and the page up to which it has come."""
        window = self.part.get("window")
        if isinstance(window, list) and len(window) == 2 and isinstance(window[0], str) and isinstance(window[1], int):
            return window[0], max(0, window[1])
        return "", 0

    @property
    def covered(self) -> Coverage:
        """The days of publication whose articles have all been looked at."""
        return Coverage.from_json(self.part.get("covered"))

    @property
    def top(self) -> date | None:
        """The day on which a walk from the newest article was last finished."""
        try:
            return date.fromisoformat(self.part["top"])
        except (KeyError, TypeError, ValueError):
            return None

    @property
    def ended(self) -> bool:
        """Whether a walk from the newest article has once come to the end of all that the list shows."""
        return self.part.get("ended") is True

    @property
    def dates_ignored(self) -> bool:
        """Whether the list has shown that it takes no dates, so that only its pages lead back."""
        return self.part.get("dates") == "ignored"

    def cover(self, span: Days) -> None:
        """Add days to those covered."""
        covered = self.covered
        covered.add(span)
        self.part["covered"] = covered.as_json()


@dataclass(slots=True)
class Walk:
    """One walk: from the newest article back to ``floor``, or through the days of ``span``.

    ``floor`` is the day beyond which nothing is wanted; ``today`` the day (Korean time) on which the walk began.
    """

    section: str
    url: str
    memory: Memory
    today: date
    confirmed: bool = True
    span: Days | None = None
    floor: date | None = None
    fields: dict[str, str] = field(default_factory=dict)
    form: dict[str, str] = field(default_factory=dict)
    page: int = 1
    rows: int = 0
    total: int | None = None
    over: Over = ""
    finished: bool = False
    seen: set[str] = field(default_factory=set)
    under_way: dict[str, int] = field(default_factory=dict)
    """Articles asked for and not yet in the archive, with the page that listed them."""
    known_pages: int = 0
    resume: int = 0
    repeats: int = 0
    oldest: date | None = None
    by_get: bool = False
    """Whether pages are turned by GET: the list has shown that it takes page numbers no other way."""

    def __post_init__(self) -> None:
        self.by_get = self.memory.part.get("paging") == "get"
        if self.span is None:
            self.resume = self.memory.page
        elif self.memory.window_page[0] == self.span.first.isoformat():
            self.page = max(1, self.memory.window_page[1] - 1)

    def read(self, articles: Iterable[str], days: Iterable[date], asked: Iterable[str]) -> bool:
        """Take in a page: its articles, the days of those not seen before, and which of them are looked at.

        Returns:
            Whether the page brought any article that this walk had not seen.
        """
        fresh = [one for one in articles if one not in self.seen]
        self.seen.update(fresh)
        self.rows += len(fresh)
        looked = list(asked)
        self.under_way.update(dict.fromkeys(looked, self.page))
        self.known_pages = 0 if looked else self.known_pages + 1
        if newest := max(days, default=None):
            self.oldest = newest
        return bool(fresh)

    def next_page(self, page: ListPage, days: list[date], *, fresh: bool) -> int | None:
        """Decide which page to ask for, None when the walk is over (``over`` says why).

        Args:
            page: The list page just read.
            days: Days of publication of its rows that were not seen before.
            fresh: Whether it brought any article not seen before.
        """
        self.over = self._why_over(page, days, fresh=fresh)
        if self.over:
            return None
        before, self.total = self.total, page.total()
        if before is not None and self.total is not None and self.total < before and self.page > 1 and not self.repeats:
            # Articles were taken out: what stood first on this page may have moved to the one before.
            self.repeats = 2
            return self.page - 1
        self.repeats = max(0, self.repeats - 1)
        if self.span is None and self.known_pages >= KNOWN_PAGES and self.resume > self.page + 1:
            # From here on all is known up to where an earlier run had to stop; a page of overlap.
            target, self.resume, self.known_pages = max(self.page + 1, self.resume - 1), 0, 0
            return target
        return self.page + 1

    def _why_over(self, page: ListPage, days: list[date], *, fresh: bool) -> Over:
        if self.span is not None and self.page == 1 and days and not any(day in self.span.widened() for day in days):
            return "ignored"
        last = page.last_page()
        if not fresh and not self.repeats:
            # A page beyond the last may come back as the last one, or as the first; only the pager tells.
            return "stuck" if self.page > 1 and last is not None and self.page < last else "end"
        if last is not None and self.page >= last:
            return "end"
        floor = self.span.first - DAY if self.span is not None and self.span.first > date.min else self.floor
        if floor is not None and days and max(days) < floor:
            return "floor"
        joined = self.span is None and self.known_pages >= KNOWN_PAGES and self.resume <= self.page + 1
        return "known" if joined and self.is_known else ""

    @property
    def is_known(self) -> bool:
        """Whether earlier walks covered everything from the day of the last one back to what is wanted."""
        if self.memory.ended and (self.floor is None or self.memory.dates_ignored):
            return True
        if self.floor is None or (top := self.memory.top) is None:
            return False
        return top < self.floor or not self.memory.covered.missing(Days(self.floor, top))

    def turn_by_get(self) -> bool:
        """When the same page came again although the list has more, try the other way of turning pages, once."""
        if self.over != "stuck" or self.by_get:
            return False
        self.over, self.by_get = "", True
        return True

    def settle(self, article: str) -> bool:
        """Take note that an article is in the archive; say whether that finished the walk."""
        if self.under_way.pop(article, None) is None:
            return False
        return self.conclude()

    def conclude(self) -> bool:
        """Remember how far the walk has come; say whether it has just been finished."""
        if self.finished:
            return False
        if self.over and not self.under_way:
            self.finished = True
            self._remember_end()
            return True
        # The page before the first one that still has articles under way is done; so is the present one without any.
        done = min(self.under_way.values(), default=self.page + 1) - 1
        if self.over in {"", "missed"} and done > 1:
            self.memory.part.update({"page": done} if self.span is None else {"window": [str(self.span.first), done]})
        return False

    def _remember_end(self) -> None:
        part = self.memory.part
        if self.by_get and self.over != "stuck":
            part["paging"] = "get"
        if self.over == "ignored":
            part["dates"] = "ignored"
            part.pop("window", None)
        if self.over in {"", "missed", "stuck", "ignored"}:
            return
        if self.span is not None:
            part.pop("window", None)
            self.memory.cover(self.span)
            return
        reached = self._reached()
        if self.over == "end":
            part["ended"] = True
        if reached is not None and reached <= self.today:
            self.memory.cover(Days(reached, self.today))
        part["top"] = self.today.isoformat()
        part.pop("page", None)

    def _reached(self) -> date | None:
        """The first day whose articles are all known now."""
        if self.over == "floor":
            return self.floor
        if self.over == "known":
            return self.memory.top
        # The last page's newest day: rows that are pinned to the top, or stand out of order, must not stretch it.
        return self.oldest
