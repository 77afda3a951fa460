"""What differs between two renderings of the same page and says nothing about the article.

A counter drives it, not chance: every rendering differs from the one before, and a run can be repeated exactly.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta, timezone
from typing import TypeVar

T = TypeVar("T")

KST = timezone(timedelta(hours=9), "KST")
"""Korean standard time, which knows no summer time."""


@dataclass(frozen=True, slots=True)
class Noise:
    """The volatile parts of rendering number ``n``, made at ``now`` (KST, the replica's own clock)."""

    n: int
    now: datetime

    @property
    def time(self) -> str:
        """The cache-buster of style sheets and scripts, ``202609201107``."""
        return self.now.strftime("%Y%m%d%H%M")

    @property
    def clock(self) -> str:
        """The minute the rankings claim to stand at, ``09.20. 11:07``."""
        return self.now.strftime("%m.%d. %H:%M")

    @property
    def end(self) -> date:
        """The form's default end date: today."""
        return self.now.date()

    @property
    def start(self) -> date:
        """The form's default start date: today a year ago."""
        return a_year_before(self.end)

    @property
    def gap(self) -> str:
        """A run of blank lines as the portal's templates leave them behind."""
        return ("\t" * (self.n % 5) + "\r\n") * (self.n % 11 + 1)

    @property
    def likes(self) -> int:
        """A count of likes."""
        return self.n * 3 % 997

    def some(self, items: Sequence[T], count: int, pace: int = 1) -> list[T]:
        """Pick up to ``count`` items, beginning elsewhere at every rendering."""
        if not items:
            return []
        first = self.n * pace % len(items)
        return [*items[first:], *items[:first]][:count]


def a_year_before(day: date) -> date:
    """Give the same day of the year before; 29 February becomes 28 February."""
    try:
        return day.replace(year=day.year - 1)
    except ValueError:
        return day.replace(year=day.year - 1, day=28)
