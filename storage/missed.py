"""What the watch may have missed: how likely edits were seen, when nobody looked, how often ministries edit."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable
from dataclasses import asdict, dataclass
from datetime import datetime, timedelta
from math import exp, fsum, lgamma, log, sqrt
from typing import Any

LONGER = 3.0
"""A pause between the starts of two runs is a gap in the watch when it is so many times as long as usual."""
LEAST_HOURS = 1.0
"""No shorter pause is a gap, however close to one another runs are."""


@dataclass(frozen=True, slots=True)
class SeenChance:
    """How likely an edit was seen that came at some moment of a band of age and lived for so long.

    Attributes:
        age_from: Where the band begins, in hours since publication.
        age_until: Where it ends; None for the last.
        lived: How many hours the edit stood.
        possible_hours: The hours of all articles at which it can have come, since the watch began.
        seen_hours: Those at which it was seen, had it come: a look read it, and an earlier one what stood before.
    """

    age_from: float
    age_until: float | None
    lived: float
    possible_hours: float
    seen_hours: float

    @property
    def chance(self) -> float | None:
        """The chance that it was seen; None where there was no such moment."""
        return self.seen_hours / self.possible_hours if self.possible_hours else None


@dataclass(frozen=True, slots=True)
class Gap:
    """A time in which no run that the portal answered began for longer than usual; ``until`` is None while it lasts."""

    since: datetime
    until: datetime | None
    hours: float
    usual_hours: float


@dataclass(frozen=True, slots=True)
class EditRate:
    """How many edits of a ministry's articles were seen, in how many days of articles.

    Attributes:
        low: The lower limit of the number of edits at 95 %, as :func:`poisson_interval` gives it.
        high: The upper one.
    """

    source: str
    articles: int
    edits: int
    removals: int
    days_watched: float
    low: float
    high: float

    def of_thousand(self, edits: float) -> float | None:
        """Give so many edits for each thousand articles watched for a day; None where nothing was watched."""
        return 1000 * edits / self.days_watched if self.days_watched > 0 else None


@dataclass(frozen=True, slots=True)
class Missed:
    """All of this, of one archive."""

    chances: tuple[SeenChance, ...]
    gaps: tuple[Gap, ...]
    rates: tuple[EditRate, ...]

    @property
    def overall(self) -> EditRate:
        """The rate of all ministries together."""
        edits = sum(one.edits for one in self.rates)
        low, high = poisson_interval(edits)
        return EditRate(
            "", sum(one.articles for one in self.rates), edits, sum(one.removals for one in self.rates),
            fsum(one.days_watched for one in self.rates), low, high,
        )  # fmt: skip

    def of_ages(self, start: float, end: float | None) -> tuple[SeenChance, ...]:
        """Give the chances over all bands between two ages together, one for each length of life."""
        bands = [
            one for one in self.chances
            if one.age_from >= start and (end is None or (one.age_until is not None and one.age_until <= end))
        ]  # fmt: skip
        return tuple(
            SeenChance(
                start, end, lived, fsum(one.possible_hours for one in bands if one.lived == lived),
                fsum(one.seen_hours for one in bands if one.lived == lived),
            )
            for lived in sorted({one.lived for one in bands})
        )  # fmt: skip

    def as_json(self) -> dict[str, Any]:
        """Give it as plain data."""
        return {
            "seen_chances": [{**asdict(one), "chance": one.chance} for one in self.chances],
            "gaps": [
                {**asdict(one), "since": one.since.isoformat(), "until": one.until.isoformat() if one.until else None}
                for one in self.gaps
            ],
            "edit_rates": [
                {
                    **{name: value for name, value in asdict(one).items() if name not in {"low", "high"}},
                    "per_1000_article_days": one.of_thousand(one.edits),
                    "interval_95": [one.of_thousand(one.low), one.of_thousand(one.high)],
                }
                for one in self.rates
            ],
        }


def missed(db: sqlite3.Connection, now: datetime) -> Missed:
    """Gather what may have been missed, from the views ``seen_chances``, ``watch_pauses`` and ``edit_rates``."""
    chances = db.execute("SELECT age_from, age_until, lived, possible_hours, seen_hours FROM seen_chances")
    rates = db.execute(
        "SELECT source, articles, edits, removals, days_watched FROM edit_rates ORDER BY edits DESC, source"
    )
    return Missed(
        tuple(SeenChance(*row) for row in chances),
        tuple(_gaps(db, now)),
        tuple(_rate(*row) for row in rates),
    )


def _rate(source: str, articles: int, edits: int, removals: int, days_watched: float) -> EditRate:
    low, high = poisson_interval(edits)
    return EditRate(source, articles, edits, removals, days_watched, low, high)


def _gaps(db: sqlite3.Connection, now: datetime) -> list[Gap]:
    found: list[Gap] = []
    rows = db.execute(
        "SELECT since, until, hours, usual_hours FROM watch_pauses WHERE usual_hours IS NOT NULL"
        " AND (until IS NULL OR hours > max(?, ? * usual_hours)) ORDER BY since",
        (LEAST_HOURS, LONGER),
    )
    for since, until, lasted, usual in rows:
        began = datetime.fromisoformat(since)
        hours = (now - began) / timedelta(hours=1) if lasted is None else lasted
        if hours > max(LEAST_HOURS, LONGER * usual):
            found.append(Gap(began, datetime.fromisoformat(until) if until else None, hours, usual))
    return found


def poisson_interval(count: int, confidence: float = 0.95) -> tuple[float, float]:
    """Give the exact interval of a Poisson mean of which ``count`` events were seen.

    The limits are those means at which so many events or more, and so many or fewer, have half the remaining chance
    each: Garwood, "Fiducial limits for the Poisson distribution", Biometrika 28 (1936), 437-442.
    """
    tail, near = (1 - confidence) / 2, 10 * sqrt(count + 1)
    least, most = max(0.0, count - near), count + 20 + near
    low = 0.0 if count == 0 else _crossing(lambda mean: 1 - _at_most(count - 1, mean) - tail, least, float(count))
    return low, _crossing(lambda mean: tail - _at_most(count, mean), float(count), most)


def _crossing(rises: Callable[[float], float], low: float, high: float) -> float:
    """Find where a function that rises passes 0."""
    for _ in range(50):
        middle = (low + high) / 2
        low, high = (low, middle) if rises(middle) > 0 else (middle, high)
    return (low + high) / 2


def _at_most(count: int, mean: float) -> float:
    """Give the chance of at most ``count`` events, each term from the one after it, until no more can be seen."""
    term = total = exp(count * log(mean) - mean - lgamma(count + 1))
    for number in range(count, 0, -1):
        term *= number / mean
        total += term
        if number < mean and term < total * 1e-17:
            break
    return total
