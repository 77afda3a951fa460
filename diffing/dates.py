"""Days, months, years and times of day as Korean releases print them, read into ISO-like values.

Values follow ISO 8601 with what is left out left out: ``2024-06-12``, ``--06-12``, ``---12``, ``2027``, ``203X`` for
2030년대, ``Q3``, ``T15:00``, ``#3`` for the third week or weekday of a month. Words for a day or year (올해, 지난해)
have an English name, so that 작년 equals 지난해.
"""

from __future__ import annotations

import re
from calendar import monthrange
from collections.abc import Iterator
from dataclasses import dataclass

from diffing import date_patterns as printed
from diffing import durations, units

_CONTEXT = 12
"""Letters before a bare figure in which a word can make it a day."""

_LATIN = re.compile("[A-Za-z][a-z]")
"""What English has in all its dates."""
_LATIN_HALF = re.compile(r"\d\s?[AaPp]\.?[Mm]")
_OLD = "60"
"""``'60년`` and later are of the last century, ``'50년`` is to come."""
_LEAP = 2024
"""A leap year, by whose months a day without a year is judged."""
_FIRST_OF_NIGHT = 5
"""``밤 2시`` is after midnight, ``밤 9시`` before it."""


@dataclass(frozen=True, slots=True)
class Date:
    """A date or time as printed from ``start`` to ``end``; ``value`` as in the module's caption.

    Of a range or list whose unit stands behind the last (``10~12월``), ``text`` has it.

    ``value`` is None where there is no such day (``6월 31일``, ``13월``, ``5분기``) or nobody knows which hour is meant
    (``오전 12시``).
    """

    start: int
    end: int
    text: str
    value: str | None

    @property
    def key(self) -> str:
        """What must be equal for two dates to say the same."""
        return "".join(self.text.split()) if self.value is None else self.value


def scan(text: str) -> list[Date]:
    """Find every date and time of day, left to right, none overlapping another."""
    found: list[Date] = []
    free = list(text)
    in_words = (_hours, _of_month, _words)
    in_digits = (_in_english, _bare_days, _bare_years, _dates, _quarters, _times)
    for reader in (*in_digits, *in_words) if printed.DIGIT.search(text) else in_words:
        for date in reader("".join(free)):
            found.append(date)
            free[date.start : date.end] = "\0" * (date.end - date.start)
    return sorted(found, key=lambda one: one.start)


def _in_english(text: str) -> Iterator[Date]:
    for hit in printed.ENGLISH.finditer(text) if _LATIN.search(text) else ():
        year, name, day = (
            next((value for part, value in hit.groupdict().items() if part[0] == letter and value), None)
            for letter in "ymd"
        )
        month = str(printed.MONTHS[name[:3].lower()]) if name else None
        day = day.rstrip("stndrh") if day else None
        start = hit.start() if name else hit.start("y4")
        real = not (month and day) or _exists(year, month, day)
        yield Date(start, hit.end(), text[start : hit.end()], _iso(year, month, day) if real else None)
    for hit in printed.HALF_BEHIND.finditer(text) if _LATIN_HALF.search(text) else ():
        hour = int(hit["h"]) % 12 + (12 if hit["half"] in "Pp" else 0)
        yield Date(*hit.span(), hit.group(), f"T{hour:02}:{hit['min'] or '00'}")


def _bare_days(text: str) -> Iterator[Date]:
    """Find days without a unit or a stop, which only what stands around them tells from decimals."""
    for hit in printed.BARE.finditer(text):
        if units.UNIT.match(text, hit.end()) or printed.COUNTED.match(text, hit.end()):
            continue
        near = max(0, hit.start() - _CONTEXT)
        named = printed.OF_DAYS.search(text, near, hit.start())
        stop = () if printed.OF_DECIMALS.search(text, near, hit.start()) else (printed.STOP,)
        behind = (printed.WEEKDAY, printed.FOR_DAYS, *stop) if hit["m2"] else (printed.TO_MONTH,)
        told = hit["by"] == "." and any(one.match(text, hit.end()) for one in behind)
        told |= named is not None and (hit["m2"] is not None or printed.FROM_DAY.match(text, hit.end()) is not None)
        told |= (
            not printed.GOES_ON.match(text, hit.end()) and printed.ITS_DAY.search(text, near, hit.start()) is not None
        )
        told |= not text[: hit.start()].strip() and printed.ALONE.match(text, hit.end()) is not None
        ends = [("m", "d"), ("m2", "d2")] if hit["m2"] else [("m", "d")]
        if not told or not all(_exists(None, hit[month], hit[day]) for month, day in ends):
            continue
        for month, day in ends:
            value, end = _iso(None, hit[month], hit[day]), hit.end(day)
            if weekday := printed.WEEKDAY.match(text, end):
                value, end = f"{value} {weekday['day'] or weekday['name']}", weekday.end()
            yield Date(hit.start(month), end, text[hit.start(month) : end], value)


def _bare_years(text: str) -> Iterator[Date]:
    """Find years without a unit: one after an apostrophe, spans unless what stands behind them counts something."""
    for hit in printed.YEARS.finditer(text):
        counted = units.UNIT.match(text, hit.end()) or printed.COUNTED.match(text, hit.end())
        if hit["year"]:
            if not counted:
                yield Date(hit.start(), hit.end(), hit["year"], _iso(hit["year"], None, None))
            continue
        ends = ("low", "high") if hit["low"] else ("old", "new")
        low, high = (_iso(hit[end], None, None) for end in ends)
        if not counted and low < high:
            for end, year in zip(ends, (low, high), strict=True):
                yield Date(hit.start(end), hit.end(end), hit[end], year)


def _of_month(text: str) -> Iterator[Date]:
    for hit in printed.NTH.finditer(text):
        yield Date(hit.start(), hit.end(), hit.group(), f"#{printed.PLACES[hit['nth']]}")
    for hit in printed.WEEK.finditer(text):
        yield Date(hit.start(), hit.end(), hit.group(), f"#{hit['nth']}")


def _dates(text: str) -> Iterator[Date]:
    counted = 0
    for hit in printed.DATE.finditer(text):
        parts = hit.groupdict()
        year, month, day, last = (
            next((value for name, value in parts.items() if name[0] == letter and value), None) for letter in "ymde"
        )
        if parts["d4"] and durations.counts_days(text, hit.start(), hit.end(), counted):
            counted = hit.end()
            continue
        if parts["m3"] and not day and durations.counts_months(text, hit.start(), hit.end()):
            continue
        value = _iso(year, month, day)
        if last:
            value += "/" + _iso(year, month, last)
        if parts["tens"] and year:
            value = f"{_iso(year, None, None)[:3]}X"
        missing = not (year or month or day)
        real = not missing and (not month or all(_exists(year, month, one) for one in (day, last) if one))
        end = hit.end()
        if (not day or missing) and (part := printed.PART.match(text, end)):
            value, end = f"{value} {part[1]}", part.end()
        if (day or missing) and (weekday := printed.WEEKDAY.match(text, end)):
            value, end = f"{value} {weekday['day'] or weekday['name']}", weekday.end()
        # Of a range or list the unit stands behind the last alone.
        unit = "년" if parts["y16"] else "월" if parts["m16"] else ""
        yield Date(hit.start(), end, text[hit.start() : end] + unit, value if real else None)


def _exists(year: str | None, month: str, day: str) -> bool:
    """Tell whether a month has such a day; where no year is named, whether it has in any."""
    return int(day) <= monthrange(int(_iso(year, None, None)) if year else _LEAP, int(month))[1]


def _iso(year: str | None, month: str | None, day: str | None) -> str:
    if year and len(year) < len("2026"):
        year = ("20" if year[-2:] < _OLD else "19") + year[-2:]
    if year:
        return "-".join([year, *(f"{int(part):02}" for part in (month, day) if part)])
    if month:
        return f"--{int(month):02}" + (f"-{int(day):02}" if day else "")
    return f"---{int(day or 0):02}"


def _quarters(text: str) -> Iterator[Date]:
    for hit in printed.QUARTER.finditer(text):
        yield Date(hit.start(), hit.end(), hit.group(), f"Q{hit['q']}" if hit["q"] < "5" else None)


def _times(text: str) -> Iterator[Date]:
    half, last = "", -1
    for hit in printed.TIME.finditer(text):
        # 오후 2시~4시: the second hour is in the same half of the day
        linked = last >= 0 and re.fullmatch(r"\s?[~∼〜–-]\s?", text[last : hit.start("h")])
        half, last = _half(hit["half"]) or (half if linked else ""), hit.end()
        hour, minute = int(hit["h"]), int(hit["min"] or hit["colon"] or (30 if hit["mid"] else 0))
        # the 12시 of 오전 10시~12시 is noon
        unknown = hour == 12 and _half(hit["half"]) == "오전"
        hour = _of_day(half, hour, minute)
        seconds = hit["sec"] or hit["last"]
        value = f"T{hour:02}:{minute:02}" + (f":{int(seconds):02}" if seconds else "")
        start = hit.start() + (len(hit.group()) - len(hit.group().lstrip()))
        unit = "시" if hit.group()[-1].isdigit() and not (hit["colon"] or hit["last"]) else ""
        yield Date(start, hit.end(), text[start : hit.end()] + unit, None if unknown else value)


def _hours(text: str) -> Iterator[Date]:
    """Find times of day whose hour is a word."""
    half, last = "", -1
    for hit in printed.HOUR.finditer(text):
        linked = last >= 0 and re.fullmatch(r"\s?[~∼〜–-]\s?", text[last : hit.start()])
        half, last = hit["half"] or (half if linked else ""), hit.end()
        minute = int(hit["min"] or (30 if hit["mid"] else 0))
        hour = _of_day(half, printed.HOURS[hit["h"]], minute)
        unknown = hit["h"] == "열두" and hit["half"] == "오전"
        yield Date(*hit.span(), hit.group(), None if unknown else f"T{hour:02}:{minute:02}")


def _half(printed: str | None) -> str:
    """Give the part of the day as Korean has it, also of ``AM`` and ``p.m.``."""
    return {"am": "오전", "pm": "오후"}.get((printed or "").replace(".", "").lower(), printed or "")


def _of_day(half: str, hour: int, minute: int) -> int:
    """Give the hour of the day: ``오후 3시`` 15, ``낮 1시`` 13, ``밤 9시`` 21, ``밤 1시`` 1, ``밤 12시`` 24."""
    if half == "밤" and hour == 12:
        # as 자정; 밤 12시 30분 is of the next day
        return 0 if minute else 24
    later = half in {"오후", "저녁"} or (half == "밤" and hour >= _FIRST_OF_NIGHT) or (half == "낮" and hour < 10)
    return hour + 12 if later and hour < 12 else hour


def _words(text: str) -> Iterator[Date]:
    for hit in printed.WORD.finditer(text):
        value, end = printed.WORDS.get(hit.group(), "this-year"), hit.end()
        if part := printed.PART.match(text, end):
            value, end = f"{value} {part[1]}", part.end()
        yield Date(hit.start(), end, text[hit.start() : end], value)
    for hit in printed.DAYNAMES.finditer(text):
        yield Date(hit.start(), hit.end(), hit.group(), hit["name"] or _days(hit["days"]))


def _days(printed: str) -> str:
    """Give a list of weekdays in one spelling: ``월·수``, a span as ``월~금``."""
    return re.sub(r"[∼〜–-]", "~", re.sub(r"[ㆍ,]", "·", "".join(printed.split())))
