"""Works out ahead from when on each article may be due another look, so that a run need judge those articles alone.

The hazards in force are kept in the database. They are learned anew when its articles, changes or looks have grown by a
twentieth. From them and the settings follows when an article becomes due; that is worked out once after each look at
it. An article for which nothing is kept yet is judged by every run, so a run chooses the same articles either way.
"""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime
from itertools import groupby, zip_longest
from math import inf, log

from crawler.hazard import Edit, Law, Life, learned
from crawler.sections import SECTIONS
from crawler.watch import Watch
from storage import lives, outlooks
from storage.lives import SeenEdit, SeenLife

SUSPECT_HOURS = 6.0
"""Hours between two looks at an article that was found absent; three such looks and two days make it removed."""
LEARNED_FROM = 20_000
"""The most edits that hazards are learned from, the newest."""
GROWN = 0.05
"""By what share of its articles, changes or looks an archive changes before its hazards are learned anew."""
_AT_ONCE = 5_000


@dataclass(frozen=True, slots=True)
class Rules:
    """What the settings say of looking again.

    Attributes:
        least_chance: An article is due when the chance that it was edited since its last look is this.
        every_days: The longest that any article goes without a look.
        importance: Section, ministry (code or name) or word of a title, and how many times the others it counts.
    """

    least_chance: float = 0.01
    every_days: float = 60
    importance: tuple[tuple[str, float], ...] = ()

    @classmethod
    def of(cls, watch: Watch) -> Rules:
        """Take them from the settings."""
        return cls(watch.least_chance, watch.every_days, watch.weights)

    @property
    def enough(self) -> float:
        """How many edits expected since the last look make an article due."""
        return -log(1 - self.least_chance) if self.least_chance < 1 else inf

    def weight(self, seen: SeenLife) -> float:
        """Give how much an article counts: the most that any of its names is given, 1 where none is."""
        found = [
            weight for name, weight in self.importance
            if name in {seen.section, seen.source, seen.source_code} or (name not in SECTIONS and name in seen.title)
        ]  # fmt: skip
        return max(found, default=1.0)


@dataclass(frozen=True, slots=True)
class Outlook:
    """By what it was worked out when articles may be due: hazards and settings.

    ``learned_from`` counts the articles, changes and looks that the archive had when the hazards were learned.
    """

    law: Law
    least_chance: float
    every_days: float
    learned_from: tuple[int, int, int]

    @classmethod
    def kept(cls, db: sqlite3.Connection) -> Outlook | None:
        """Read what the database keeps; None where it keeps none, or that of another gochim."""
        text = outlooks.remembered(db)
        try:
            told = json.loads(text) if text else None
            if told is None:
                return None
            law = Law.of(told["rates"], told["sections"], told["ministries"], told["edits"], told["watched"])
            articles, changes, looks = told["learned_from"]
            return cls(law, told["least_chance"], told["every_days"], (articles, changes, looks))
        except (KeyError, TypeError, ValueError):
            return None

    def remember(self, db: sqlite3.Connection) -> None:
        """Put it in force; what was worked out by another is forgotten."""
        law = self.law
        told = {
            "rates": [*law.by_age.rates, *law.since_edit.rates[:-1]], "sections": law.sections,
            "ministries": law.ministries, "edits": law.edits, "watched": law.watched,
            "least_chance": self.least_chance, "every_days": self.every_days, "learned_from": self.learned_from,
        }  # fmt: skip
        outlooks.remember(db, json.dumps(told, ensure_ascii=False))

    def serves(self, rules: Rules, law: Law) -> bool:
        """Say whether the times that were worked out by it are right under these settings and hazards."""
        return (self.least_chance, self.every_days) == (rules.least_chance, rules.every_days) and self.law == law

    def outgrown(self, counted: tuple[int, int, int]) -> bool:
        """Say whether the archive has changed by more than a twentieth since the hazards were learned."""
        return any(abs(now - then) > GROWN * then for now, then in zip(counted, self.learned_from, strict=True))


def hours(moment: datetime) -> float:
    """Give a time in hours since 1970."""
    return moment.timestamp() / 3600


def life_of(seen: SeenLife) -> Life:
    """Give an article's life in the words of its hazard."""
    return Life(seen.section, seen.source, seen.published, seen.first_look, seen.last_look, seen.last_edit, seen.edits)


def law_of(db: sqlite3.Connection) -> Law:
    """Give the hazards in force; where none are kept, learn them from all that the archive's looks have shown."""
    kept = Outlook.kept(db)
    return kept.law if kept else _learned(db)


def look_ahead(db: sqlite3.Connection, rules: Rules) -> None:
    """Learn the hazards anew if the archive has outgrown them, and work out for each article when it may be due."""
    counted, kept = outlooks.grown_to(db), Outlook.kept(db)
    if kept is None or kept.outgrown(counted):
        kept = Outlook(_learned(db), rules.least_chance, rules.every_days, counted)
        kept.remember(db)
    elif not kept.serves(rules, kept.law):
        kept = Outlook(kept.law, rules.least_chance, rules.every_days, kept.learned_from)
        kept.remember(db)
    while waiting := lives.unjudged(db, _AT_ONCE):
        outlooks.put(db, [(one.article, _due_from(kept.law, one, rules)) for one in waiting])


def may_be_due(db: sqlite3.Connection, moment: float, rules: Rules, law: Law) -> Iterator[SeenLife]:
    """Give the articles that may be due at a time, in the order of ids: all that are, and few others."""
    kept = Outlook.kept(db)
    return lives.lives(db, moment if kept and kept.serves(rules, law) else inf)


def soonest(db: sqlite3.Connection, rules: Rules, law: Law) -> Iterator[tuple[float, SeenLife]]:
    """Give all articles, each with a time before which it is not due, the soonest first."""
    kept = Outlook.kept(db)
    return lives.soonest(db) if kept and kept.serves(rules, law) else ((0.0, one) for one in lives.lives(db))


def reached(  # noqa: PLR0913  # what is sought, and between what
    law: Law, life: Life, expected: float, low: float, high: float, within: float = 1 / 3600
) -> tuple[float, float]:
    """Find between which times, so many hours apart, so many edits are expected since the last look."""
    while high - low > within:
        middle = (low + high) / 2
        low, high = (low, middle) if law.waiting(life, middle) >= expected else (middle, high)
    return low, high


def _due_from(law: Law, seen: SeenLife, rules: Rules) -> float:
    latest = seen.last_look + rules.every_days * 24
    if seen.state == "suspect":
        latest = min(latest, seen.last_look + SUSPECT_HOURS)
    if seen.told is not None and seen.told > seen.last_look:
        latest = min(latest, seen.told)
    life, enough = life_of(seen), rules.enough
    if law.waiting(life, latest) < enough:
        return latest
    # A hundredth of the time is near enough: who is judged too early is judged again.
    return reached(law, life, enough, seen.last_look, latest, (latest - seen.last_look) / 100)[0]


def _learned(db: sqlite3.Connection) -> Law:
    edits = list(_edits(lives.edits(db, LEARNED_FROM)))
    since = min((one.before for one in edits), default=0.0) if len(edits) >= LEARNED_FROM else 0.0
    return learned((life_of(one) for one in lives.lives(db)), edits, since)


def _edits(seen: Iterable[SeenEdit]) -> Iterator[Edit]:
    for _, group in groupby(seen, lambda one: one.article):
        of_article = list(group)
        earlier: float | None = None
        for one, following in zip_longest(of_article, of_article[1:]):
            until = following.before if following else one.last_look
            yield Edit(one.section, one.source, one.published, one.before, one.seen, earlier, until)
            earlier = one.seen
