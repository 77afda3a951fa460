"""What a period looks like in numbers: changes by hour and day after publication, by source, by how long a text stood.

When a change was made is unknown, so each count rests on what was seen: the delay is that to the first sight of the
new state, the longest it can have been; a text stood at least from its first sight to its last.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import pairwise
from typing import Any, Literal

from diffing.reports.phrases import Pair, Words
from diffing.reports.report import Report
from diffing.reports.sentences import SENTENCES
from storage.records import KST, Outline

Subject = Literal["hours", "days", "sources", "stood"]

SOURCES_NAMED = 12
"""Sources told apart; the changes of the others are counted together."""

_DAY = timedelta(days=1)

_DAYS: tuple[tuple[int, Pair], ...] = (
    (0, ("당일", "same day")),
    *((n, (f"{n}일", f"{n} d")) for n in range(1, 7)),
    (7, ("7–13일", "7–13 d")),
    (14, ("14–29일", "14–29 d")),
    (30, ("30–89일", "30–89 d")),
    (90, ("90–364일", "90–364 d")),
    (365, ("1년 넘게", "a year +")),
)
"""From which day after publication on a row counts, and its name."""

_STOOD: tuple[tuple[timedelta, Pair], ...] = (
    (timedelta(0), ("1시간 미만", "under 1 h")),
    (timedelta(hours=1), ("1–6시간", "1–6 h")),
    (timedelta(hours=6), ("6–24시간", "6–24 h")),
    (timedelta(days=1), ("1–3일", "1–3 d")),
    (timedelta(days=3), ("3–7일", "3–7 d")),
    (timedelta(days=7), ("7–30일", "7–30 d")),
    (timedelta(days=30), ("30일 이상", "30 d +")),
)
"""From which length on a row counts, and its name."""


@dataclass(frozen=True, slots=True)
class Tally:
    """Changes counted by one thing: ``rows`` pairs a name with a count, ``without`` counts what could not be told."""

    subject: Subject
    rows: tuple[tuple[str, int], ...]
    without: int = 0

    @property
    def total(self) -> int:
        """The changes counted."""
        return sum(n for _, n in self.rows)

    def as_json(self) -> dict[str, Any]:
        """Give the tally as plain data."""
        return {"rows": [{"name": name, "changes": n} for name, n in self.rows], "without": self.without}


def tallies(report: Report, words: Words) -> list[Tally]:
    """Count every change of the report's period; what came back is no edit and counts for its source alone."""
    everything = report.everything
    edits = [one for one in everything if one.kind != "restored"]
    return [_hours(edits, words), _days(edits, words), _sources(everything, words), _stood(edits, words)]


def for_people(report: Report, words: Words) -> list[Tally]:
    """Give the tallies that people are shown: none of a single change, of which the report says all beforehand."""
    return tallies(report, words) if len(report.everything) > 1 else []


def published(printed: str | None) -> tuple[datetime | None, bool]:
    """Read when an article says it was published, and whether it says a time of day, not only the day.

    The portal's times are Korean, whether they say so or not.
    """
    try:
        moment = datetime.fromisoformat(printed or "")
    except ValueError:
        return None, False
    return (moment if moment.tzinfo else moment.replace(tzinfo=KST)), len(printed or "") > len("2024-06-12")


def _hours(edits: Sequence[Outline], words: Words) -> Tally:
    """Count the changes of an article's first twenty-four hours."""
    counts: Counter[int] = Counter()
    without = 0
    for one in edits:
        moment, timed = published(one.published)
        apart = one.new_first_seen - moment if moment and timed else None
        if apart is None or apart < timedelta(0):
            without += 1
        elif apart < _DAY:
            counts[apart // timedelta(hours=1)] += 1
    names = (words.pick((f"{n}시간", f"{n} h")) for n in range(24))
    return Tally("hours", tuple((name, counts[n]) for n, name in enumerate(names)), without)


def _days(edits: Sequence[Outline], words: Words) -> Tally:
    days: list[int] = []
    for one in edits:
        moment, _ = published(one.published)
        if moment:
            days.append((one.new_first_seen.astimezone(KST).date() - moment.astimezone(KST).date()).days)
    known = [day for day in days if day >= 0]
    return Tally("days", _binned(known, _DAYS, words), len(edits) - len(known))


def _sources(everything: Iterable[Outline], words: Words) -> Tally:
    none = words.pick(SENTENCES["no-source"])
    counts = Counter(one.source or none for one in everything)
    order = sorted(counts.items(), key=lambda item: (-item[1], item[0]))
    rest = sum(n for _, n in order[SOURCES_NAMED:])
    others = [(words.pick(SENTENCES["other-sources"]), rest)] if rest else []
    return Tally("sources", (*order[:SOURCES_NAMED], *others))


def _stood(edits: Sequence[Outline], words: Words) -> Tally:
    lengths = [max(timedelta(0), one.old_last_seen - one.began) for one in edits if one.began]
    return Tally("stood", _binned(lengths, _STOOD, words), len(edits) - len(lengths))


def _binned(values: Sequence[Any], bins: Sequence[tuple[Any, Pair]], words: Words) -> tuple[tuple[str, int], ...]:
    """Count values by the bins they fall in; each bin reaches to the start of the next."""
    counted = [
        (words.pick(name), sum(start <= value and (end is None or value < end) for value in values))
        for (start, name), (end, _) in pairwise([*bins, (None, ("", ""))])
    ]
    return tuple(counted)
