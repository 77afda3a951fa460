"""A time as a person writes it, in ISO 8601: the span that it names, in Korean time unless it says otherwise."""

from __future__ import annotations

import re
from calendar import isleap
from datetime import UTC, date, datetime, time, timedelta
from typing import NamedTuple

from storage.errors import SettingsError
from storage.records import KST

_INSTANT = timedelta.resolution
_SECOND = timedelta(seconds=1)
_EARLIEST = datetime.min.replace(tzinfo=UTC) + timedelta(days=1)
_LATEST = datetime.max.replace(tzinfo=UTC) - timedelta(days=1)
"""Written as a time of any offset these still have a year from 1 to 9999; no archive reaches there."""

# 2026, 2026-09
_MONTHS = re.compile(r"(\d{4})(?:-(\d\d))?", re.ASCII)
# 2026-258, 2026258: the 258th day of the year
_ORDINAL = re.compile(r"(\d{4})-?(\d{3})", re.ASCII)
# 2026-W38, 2026W38
_WEEK = re.compile(r"\d{4}-?W\d\d", re.ASCII)
# 2026-09-15T18:16, 2026-09-15 18:16
_DAY_AND_CLOCK = re.compile(r"([^T ]+)[T ](.+)")
# 24:00, 240000Z, 24:00:00.0+09:00: where the day ends
_MIDNIGHT = re.compile(r"24((?::?00){0,2}(?:[.,]0+)?(?:$|[ Z+-].*))", re.ASCII)


class Span(NamedTuple):
    """What a person's time covers: from ``begin`` to before ``end``; the two are one where it names an instant."""

    begin: datetime
    end: datetime

    @property
    def last(self) -> datetime:
        """The last instant that it covers; of an instant told to the second, as times are printed, that second's."""
        if self.begin == self.end and not self.begin.microsecond:
            return self.begin + _SECOND - _INSTANT
        return max(self.begin, self.end - _INSTANT)


def span(text: str) -> Span:
    """Read a time of ISO 8601; a day, a week, a month or a year alone is the whole of it.

    Raises:
        ValueError: It is none.
    """
    try:
        return _read(text.strip().upper())
    except ValueError as error:
        raise ValueError(f"{text!r} is no time") from error


def days(since: datetime | None, until: datetime | None) -> tuple[str | None, str | None]:
    """Give the days in Korea that a period touches: the first of them, and the first behind them, ``2026-09-15``.

    Args:
        since: When it begins, None where it has no beginning.
        until: Before when it ends, None where it has no end.
    """
    last = until - _INSTANT if until else None
    return (
        since.astimezone(KST).date().isoformat() if since else None,
        (last.astimezone(KST).date() + timedelta(days=1)).isoformat() if last else None,
    )


def no_time_between(since: str, until: str) -> SettingsError:
    """Say that a period, whose two ends are named as the user gave them, is none: it would give nothing, silently."""
    return SettingsError(f"No time lies between {since} and {until}. Give the earlier of two days as --since.")


def _read(written: str) -> Span:
    if found := _DAY_AND_CLOCK.fullmatch(written):
        day, clock = _day(found[1]), found[2]
        midnight = _MIDNIGHT.fullmatch(clock)
        moment = datetime.fromisoformat(f"{day}T00{midnight[1]}" if midnight else f"{day}T{clock}")
        moment = moment if moment.tzinfo else moment.replace(tzinfo=KST)
        moment = _later(moment, 1 if midnight else 0)
        return _span(moment, moment)
    if found := _MONTHS.fullmatch(written):
        begin = datetime(int(found[1]), int(found[2] or 1), 1, tzinfo=KST)
        return _span(begin, _months_later(begin, 1 if found[2] else 12))
    begin = datetime.combine(_day(written), time(), KST)
    return _span(begin, _later(begin, 7 if _WEEK.fullmatch(written) else 1))


def _day(written: str) -> date:
    """Read a day of ISO 8601; of a week alone its first."""
    if (found := _ORDINAL.fullmatch(written)) is None:
        return date.fromisoformat(written)
    year, number = int(found[1]), int(found[2])
    if not 1 <= number <= 365 + isleap(year):
        raise ValueError(written)
    return date(year, 1, 1) + timedelta(days=number - 1)


def _span(begin: datetime, end: datetime) -> Span:
    return Span(_within(begin), _within(end))


def _within(moment: datetime) -> datetime:
    return min(max(moment, _EARLIEST), _LATEST)


def _later(moment: datetime, days: int) -> datetime:
    return _LATEST if moment > _LATEST - timedelta(days=days) else moment + timedelta(days=days)


def _months_later(moment: datetime, months: int) -> datetime:
    years, month = divmod(moment.month - 1 + months, 12)
    return _LATEST if moment.year + years > _LATEST.year else moment.replace(year=moment.year + years, month=month + 1)
