"""Days that follow each other: which months are still to be walked, newest first, and what a walk has covered."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True, order=True)
class Days:
    """The days from ``first`` to ``last``, both included."""

    first: date
    last: date

    def __contains__(self, day: date) -> bool:
        return self.first <= day <= self.last

    def widened(self) -> Days:
        """Give the span with a day more on either side, so that neighbours overlap and no boundary is missed."""
        first = self.first if self.first == date.min else self.first - DAY
        return Days(first, self.last if self.last == date.max else self.last + DAY)


def months(span: Days) -> list[Days]:
    """Cut a span into calendar months, the newest first."""
    found: list[Days] = []
    last = span.last
    while last >= span.first:
        first = max(span.first, last.replace(day=1))
        found.append(Days(first, last))
        if first == date.min:
            break
        last = first - DAY
    return found


def stretches(span: Days, days: int) -> list[Days]:
    """Cut a span into stretches of at most ``days`` days, the newest first."""
    found: list[Days] = []
    last = span.last
    while last >= span.first:
        first = max(span.first, last - (days - 1) * DAY)
        found.append(Days(first, last))
        last = first - DAY
    return found


class Coverage:
    """The days that were walked to their end."""

    def __init__(self, spans: Iterable[Days] = ()) -> None:
        self.spans: list[Days] = []
        for span in spans:
            self.add(span)

    @classmethod
    def from_json(cls, value: Any) -> Coverage:
        """Read what :meth:`as_json` gave; what is no pair of days is left out, and so walked again."""
        found = Coverage()
        for pair in value if isinstance(value, list) else ():
            try:
                first, last = (date.fromisoformat(one) for one in pair)
            except (TypeError, ValueError):
                continue
            if first <= last:
                found.add(Days(first, last))
        return found

    def as_json(self) -> list[list[str]]:
        """Give pairs of days, the oldest first."""
        return [[one.first.isoformat(), one.last.isoformat()] for one in self.spans]

    def add(self, span: Days) -> None:
        """Add days; spans that meet become one."""
        first, last = span.first, span.last
        apart: list[Days] = []
        for one in self.spans:
            if one.last.toordinal() + 1 < first.toordinal() or last.toordinal() + 1 < one.first.toordinal():
                apart.append(one)
            else:
                first, last = min(first, one.first), max(last, one.last)
        self.spans = sorted([*apart, Days(first, last)])

    def missing(self, span: Days) -> list[Days]:
        """Give the days of ``span`` that are not covered, the newest first."""
        found: list[Days] = []
        last = span.last
        for one in reversed(self.spans):
            if one.first > last or one.last < span.first:
                continue
            if one.last < last:
                found.append(Days(one.last + DAY, last))
            if one.first <= span.first:
                return found
            last = one.first - DAY
        if last >= span.first:
            found.append(Days(span.first, last))
        return found
