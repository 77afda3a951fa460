"""How likely an article was edited since the last look: hazards by age and since its last edit, learned from looks.

An edit is only ever known to lie between two looks, so it is read as interval-censored: it came at some time after
the last look that did not show it and by the first that did. The hazard is constant within bands of age since
publication, to which bands of time since the last seen edit add; a section's and a ministry's level multiply both, and
so does what the article itself has shown. Rates have gamma priors, and are found by expectation and maximisation: for
one band this is the maximum-likelihood estimator for irregular visits of Cho and Garcia-Molina ("Estimating frequency
of change", ACM Transactions on Internet Technology 3(3), 2003), pulled towards the prior while there are few looks.
All times here are hours.
"""

from __future__ import annotations

from bisect import bisect_right
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from math import exp, expm1, inf
from typing import NamedTuple

from storage.ages import AGES

SINCE = (0.0, 1.0, 6.0, 24.0, 168.0)
"""Where the bands of time since the last edit begin; after the last of them an edit makes no further one likelier."""
PRIOR_EDITS = (0.25, 0.15, 0.15, 0.08, 0.05, 0.04, 0.04, 0.08)
"""Edits that an article undergoes within each band of age but the last, before anything is known.

Timmerman and others looked at 291,666 articles of six Flemish outlets every 15 minutes for 24 hours (2019-21) and found
0.68 updates an article; of US headlines, those that are edited are within some ten hours (Guo and others, WWW 2022);
printed corrections in Korea come within a week. The split is a guess between these, weighed as half an edit a band,
so that an archive's own looks soon say more.
"""
PRIOR_OLD = 0.05 / 8760
"""Edits an hour of an article more than a year old."""
PRIOR_FURTHER = (0.10, 0.08, 0.06, 0.06)
"""Edits that an edit makes likelier within each band after it: updated articles have 1.94 updates (Timmerman)."""
PRIOR_WEIGHT = 0.5
"""How many edits the prior of a band counts for."""
GROUP_WEIGHT = 4.0
"""How many expected edits pull a section's or ministry's level towards 1."""
OWN_WEIGHT = 2.0
"""The same of an article's own level. The counts of Timmerman and others would have 0.5 (a negative binomial of this
shape and mean 0.68 leaves 65 % without an update); the levels that a few looks tell are then trusted too far to
look well, as the simulator shows (docs/scheduling.md)."""
_ROUNDS = 12


class Life(NamedTuple):
    """What looks have shown of one article. Times are hours since some zero.

    Attributes:
        last_edit: When its last edit was first seen, None when none was.
        edits: How many were seen.
    """

    section: str
    ministry: str
    published: float
    first_look: float
    last_look: float
    last_edit: float | None = None
    edits: int = 0


class Edit(NamedTuple):
    """An edit that came after ``before``, a look that did not show it, and by ``seen``, the first that did.

    Attributes:
        earlier: When the article's edit before this was first seen, None when there was none.
        until: The last look at which nothing after this edit was seen yet.
    """

    section: str
    ministry: str
    published: float
    before: float
    seen: float
    earlier: float | None
    until: float


@dataclass(frozen=True, slots=True)
class Curve:
    """A rate that is constant within bands; what it comes to from 0 on is asked for in constant time.

    Args:
        edges: Where the bands begin.
        rates: Events an hour within each.
    """

    edges: tuple[float, ...]
    rates: tuple[float, ...]
    sums: tuple[float, ...] = field(init=False)

    def __post_init__(self) -> None:
        total, sums = 0.0, [0.0]
        for index in range(len(self.edges) - 1):
            total += self.rates[index] * (self.edges[index + 1] - self.edges[index])
            sums.append(total)
        object.__setattr__(self, "sums", tuple(sums))

    def until(self, time: float) -> float:
        """Give how many events are expected from 0 until ``time``."""
        if time <= 0:
            return 0.0
        band = bisect_right(self.edges, time) - 1
        return self.sums[band] + self.rates[band] * (time - self.edges[band])


_OF_AGE = len(AGES)
_ALL = _OF_AGE + len(SINCE) - 1


def _prior() -> list[float]:
    ages = [edits / (AGES[band + 1] - AGES[band]) for band, edits in enumerate(PRIOR_EDITS)]
    since = [edits / (SINCE[band + 1] - SINCE[band]) for band, edits in enumerate(PRIOR_FURTHER)]
    return [*ages, PRIOR_OLD, *since]


PRIOR = tuple(_prior())
"""Events an hour in each band of age, then in each band since an edit."""


@dataclass(frozen=True, slots=True)
class Law:
    """The hazards as learned: curves by age and since an edit, and the levels of sections and ministries.

    Attributes:
        edits: How many edits were expected within each band, those in the data.
        watched: How many hours were watched in each band, levels counted in.
    """

    by_age: Curve
    since_edit: Curve
    sections: dict[str, float] = field(default_factory=dict)
    ministries: dict[str, float] = field(default_factory=dict)
    edits: tuple[float, ...] = ()
    watched: tuple[float, ...] = ()

    @classmethod
    def of(
        cls, rates: Sequence[float], sections: dict[str, float] | None = None,
        ministries: dict[str, float] | None = None, edits: Sequence[float] = (), watched: Sequence[float] = (),
    ) -> Law:  # fmt: skip
        """Make it of the rates of all bands."""
        return cls(
            Curve(AGES, tuple(rates[:_OF_AGE])), Curve(SINCE, (*rates[_OF_AGE:], 0.0)), sections or {},
            ministries or {}, tuple(edits), tuple(watched),
        )  # fmt: skip

    def expected(self, life: Life, start: float, end: float) -> float:
        """Give how many edits an article of its section and ministry has between two times."""
        found = self.by_age.until(end - life.published) - self.by_age.until(start - life.published)
        if life.last_edit is not None:
            found += self.since_edit.until(end - life.last_edit) - self.since_edit.until(start - life.last_edit)
        return found * self.sections.get(life.section, 1.0) * self.ministries.get(life.ministry, 1.0)

    def own_level(self, life: Life) -> float:
        """Give by how much an article is edited more often than others like it, as its own looks tell."""
        further = max(0, life.edits - 1) * self.since_edit.until(SINCE[-1])
        expected = self.expected(life, life.first_look, life.last_look) + further
        return (OWN_WEIGHT + life.edits) / (OWN_WEIGHT + expected)

    def waiting(self, life: Life, now: float) -> float:
        """Give how many edits are expected since the last look."""
        return self.own_level(life) * self.expected(life, life.last_look, now)


def chance(expected: float) -> float:
    """Give the chance that at least one of so many expected edits has happened."""
    return -expm1(-expected)


def worth(expected: float) -> float:
    """Give what a look is worth when so many edits are expected since the last one.

    A look that is put off costs nothing while one edit waits, since that can still be seen; it costs a state for each
    further edit. With a price for each look, the states seen less the looks paid for are most when the looks at an
    article are spaced evenly in expected edits, ``x`` apart, where ``1 - exp(-x)(1 + x)`` is the price: the derivative
    of ``f (1 - exp(-L / f))``, the states seen of L expected edits by f looks, with regard to f.
    """
    return 1 - exp(-expected) * (1 + expected) if expected > 1e-4 else expected * expected / 2


class Learner:
    """Gathers looks and edits, then finds the hazards that fit them best."""

    def __init__(self) -> None:
        self._watched: dict[tuple[str, str], list[float]] = defaultdict(lambda: [0.0] * _ALL)
        self._edits: list[tuple[tuple[str, str], list[tuple[int, float]]]] = []

    def watched(self, section: str, ministry: str, published: float, start: float, end: float) -> None:
        """Add the time between an article's first and newest look."""
        bands = self._watched[section, ministry]
        for band, hours in _within(AGES, 0, start - published, end - published):
            bands[band] += hours

    def edited(self, edit: Edit) -> None:
        """Add an edit; its time between two looks is taken out of the time known to have brought nothing."""
        group = edit.section, edit.ministry
        bands = self._watched[group]
        spans = list(_within(AGES, 0, edit.before - edit.published, edit.seen - edit.published))
        for band, hours in spans:
            bands[band] -= hours
        if edit.earlier is not None:
            spans += _within(SINCE, _OF_AGE, edit.before - edit.earlier, edit.seen - edit.earlier)
        for band, hours in _within(SINCE, _OF_AGE, 0.0, edit.until - edit.seen):
            bands[band] += hours
        if spans:
            self._edits.append((group, [one for one in spans if one[0] < _ALL]))

    def law(self) -> Law:
        """Find the hazards."""
        rates = list(PRIOR)
        sections: dict[str, float] = {}
        ministries: dict[str, float] = {}
        edits: list[float] = []
        watched: list[float] = []
        for _ in range(_ROUNDS if self._edits else 1):
            edits, watched, counted, spent = self._expect(rates, sections, ministries)
            rates = [
                (PRIOR_WEIGHT + edits[band]) / (PRIOR_WEIGHT / PRIOR[band] + watched[band]) for band in range(_ALL)
            ]
            sections, ministries = self._levels(rates, counted, spent, ministries)
        return Law.of(rates, sections, ministries, edits, watched)

    def _expect(
        self, rates: list[float], sections: dict[str, float], ministries: dict[str, float]
    ) -> tuple[list[float], list[float], dict[tuple[str, str], float], dict[tuple[str, str], list[float]]]:
        """Share each edit among the bands in which it may have happened; count, too, more than one behind one."""
        edits, watched = [0.0] * _ALL, [0.0] * _ALL
        counted: dict[tuple[str, str], float] = defaultdict(float)
        spent = {group: list(bands) for group, bands in self._watched.items()}
        for group, spans in self._edits:
            level = sections.get(group[0], 1.0) * ministries.get(group[1], 1.0)
            shares = [rates[band] * hours * level for band, hours in spans]
            total = sum(shares)
            if total <= 0:
                continue
            counted[group] += total / chance(total)
            for (band, hours), share in zip(spans, shares, strict=True):
                edits[band] += share / chance(total)
                spent[group][band] += hours
        for group, bands in spent.items():
            level = sections.get(group[0], 1.0) * ministries.get(group[1], 1.0)
            for band, hours in enumerate(bands):
                watched[band] += level * max(0.0, hours)
        return edits, watched, counted, spent

    @staticmethod
    def _levels(
        rates: list[float], counted: dict[tuple[str, str], float], spent: dict[tuple[str, str], list[float]],
        ministries: dict[str, float],
    ) -> tuple[dict[str, float], dict[str, float]]:  # fmt: skip
        base = {
            group: sum(rate * hours for rate, hours in zip(rates, bands, strict=True)) for group, bands in spent.items()
        }
        found: list[dict[str, float]] = []
        for own, other in ((0, 1), (1, 0)):
            names = found[0] if found else ministries
            had: dict[str, float] = defaultdict(float)
            expected: dict[str, float] = defaultdict(float)
            for group, hours in base.items():
                had[group[own]] += counted.get(group, 0.0)
                expected[group[own]] += hours * names.get(group[other], 1.0)
            found.append(
                {
                    name: (GROUP_WEIGHT + had[name]) / (GROUP_WEIGHT + max(0.0, expected[name]))
                    for name in sorted(expected)
                }
            )
        return found[0], found[1]


def learned(lives: Iterable[Life], edits: Iterable[Edit], since: float = -inf) -> Law:
    """Learn the hazards from articles and their edits, of those edits that were seen after ``since`` alone."""
    learner = Learner()
    for life in lives:
        if life.last_look > since:
            learner.watched(life.section, life.ministry, life.published, max(life.first_look, since), life.last_look)
    for edit in edits:
        if edit.before >= since:
            learner.edited(edit)
    return learner.law()


def _within(edges: tuple[float, ...], offset: int, start: float, end: float) -> Iterable[tuple[int, float]]:
    """Give the hours of a span that lie in each band, by its number among all bands."""
    start = max(0.0, start)
    if end <= start:
        return
    band = bisect_right(edges, start) - 1
    while band < len(edges) and edges[band] < end:
        stop = edges[band + 1] if band + 1 < len(edges) else inf
        if offset + band < _ALL:
            yield offset + band, min(end, stop) - max(start, edges[band])
        band += 1
