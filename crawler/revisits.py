"""Who is due another look: those of whom a look is most likely to show a state that would else be lost.

The aim is not that what the archive holds is fresh but that every state is seen, for as few requests as possible. What
an article was likely to undergo since its last look is learned from the archive's own looks
(:mod:`crawler.hazard`); a publisher's word that it was edited counts as much as it has been worth so far. Those
whom nobody has looked at for ``every_days`` take turns with these, so that none is forgotten. The choice depends on
the database, the settings and the time of the run alone.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from itertools import chain, groupby, zip_longest
from math import inf, log
from typing import Literal
from urllib.parse import urlsplit

from crawler.hazard import Edit, Law, Life, chance, learned, worth
from crawler.sections import SECTIONS
from crawler.watch import Watch
from storage import lives
from storage.lives import SeenEdit, SeenLife
from storage.looks import never_read

Recheck = Literal["due", "all", "none"]

SUSPECT_HOURS = 6.0
"""Hours between two looks at an article that was found absent; three such looks and two days make it removed."""
LEARNED_FROM = 20_000
"""The most edits that hazards are learned from, the newest."""


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

    def weight(self, seen: SeenLife) -> float:
        """Give how much an article counts: the most that any of its names is given, 1 where none is."""
        found = [
            weight for name, weight in self.importance
            if name in {seen.section, seen.source, seen.source_code} or (name not in SECTIONS and name in seen.title)
        ]  # fmt: skip
        return max(found, default=1.0)


@dataclass(frozen=True, slots=True)
class Due:
    """An article to look at again, and why.

    Attributes:
        gain: By how much it is preferred: states not lost for each request, weighed by importance.
        chance: The chance that it was edited since the last look.
        idle: Hours since the last look.
        age: Hours since it was published.
        edits: How many edits were seen.
        why: ``edits``, ``suspect``, ``told``, ``idle`` (not looked at for ``every_days``), ``unread`` or ``asked``.
    """

    article: str
    url: str
    gain: float
    chance: float
    idle: float
    age: float
    edits: int = 0
    why: str = "edits"
    section: str = field(default="", compare=False)


def hours(moment: datetime) -> float:
    """Give a time in hours since 1970."""
    return moment.timestamp() / 3600


def life_of(seen: SeenLife) -> Life:
    """Give an article's life in the words of its hazard."""
    return Life(seen.section, seen.source, seen.published, seen.first_look, seen.last_look, seen.last_edit, seen.edits)


def law_of(db: sqlite3.Connection) -> Law:
    """Learn the hazards from all that the archive's looks have shown."""
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


def due(
    db: sqlite3.Connection, now: datetime, recheck: Recheck, sections: tuple[str, ...], rules: Rules | None = None
) -> Iterator[Due]:
    """Yield what :func:`ranked` does, each with the address at which it is looked at."""
    return (addressed(db, one) for one in ranked(db, now, recheck, sections, rules))


def ranked(  # noqa: PLR0913  # what is asked, and what is known already
    db: sqlite3.Connection,
    now: datetime,
    recheck: Recheck,
    sections: tuple[str, ...],
    rules: Rules | None = None,
    law: Law | None = None,
) -> Iterator[Due]:
    """Yield the articles to look at again, the most worth a look first, their addresses not yet looked up.

    Args:
        db: The version database.
        now: The time of the run, aware.
        recheck: ``due``, ``all`` that are known, or ``none``.
        sections: Only articles of these sections, and of those that their lists show as well.
        rules: What the settings say of it.
        law: The hazards, where they were learned already.
    """
    if recheck == "none":
        return
    rules = rules or Rules()
    further = {one for name in sections for one in SECTIONS[name].leads_to}
    sections = tuple(SECTIONS) if "*" in further else tuple({*sections, *further})
    law = law or law_of(db)
    chosen: list[tuple[float, str, Due]] = []
    idle: list[tuple[float, str, Due]] = []
    for one in chain(_read(db, now, sections, rules, law), _unread(db, now, sections, law)):
        if one.why == "idle":
            idle.append((-one.idle, one.article, one))
        elif one.why != "none" or recheck == "all":
            chosen.append((-one.gain, one.article, one))
    # A request that keeps the promise, then one where most is to be gained: a budget too small for both halves both.
    for turn in zip_longest(sorted(idle), sorted(chosen)):
        for entry in turn:
            if entry is not None:
                yield entry[2]


def upcoming(
    db: sqlite3.Connection, now: datetime, rules: Rules, law: Law | None = None
) -> tuple[datetime, Due] | None:
    """Give who is due first when nobody is due yet, and when; None where no article was read or none will be due.

    Args:
        db: The version database.
        now: The time from which on to look, aware.
        rules: What the settings say of looking again.
        law: The hazards, where they were learned already.
    """
    law, moment, found = law or law_of(db), hours(now), None
    enough = -log(1 - rules.least_chance) if rules.least_chance < 1 else inf
    first = inf
    for seen in lives.lives(db):
        life, why = life_of(seen), "idle"
        latest = seen.last_look + rules.every_days * 24
        if seen.state == "suspect" and seen.last_look + SUSPECT_HOURS < latest:
            latest, why = seen.last_look + SUSPECT_HOURS, "suspect"
        end = max(moment, min(latest, first))
        if law.waiting(life, end) >= enough:
            end, why = _reached(law, life, enough, moment, end), "edits"
        elif latest > end:
            continue
        if end < first:
            first = end
            expected = law.waiting(life, end)
            gain, likely = worth(expected) * rules.weight(seen), chance(expected)
            found = Due(
                seen.article, "", gain, likely, end - seen.last_look, end - seen.published, seen.edits, why,
                seen.section,
            )  # fmt: skip
    return (now + timedelta(hours=first - moment), addressed(db, found)) if found else None


def _reached(law: Law, life: Life, expected: float, low: float, high: float) -> float:
    """Find when so many edits are expected since the last look, to the second."""
    while high - low > 1 / 3600:
        middle = (low + high) / 2
        low, high = (low, middle) if law.waiting(life, middle) >= expected else (middle, high)
    return high


def addressed(db: sqlite3.Connection, one: Due) -> Due:
    """Give the article with the address at which it is looked at."""
    if one.url:
        return one
    return Due(
        one.article, lives.url(db, one.article), one.gain, one.chance, one.idle, one.age, one.edits,
        "asked" if one.why == "none" else one.why, one.section,
    )  # fmt: skip


def _read(db: sqlite3.Connection, now: datetime, sections: tuple[str, ...], rules: Rules, law: Law) -> Iterator[Due]:
    """Weigh the articles that were read."""
    moment, promised, wanted = hours(now), rules.every_days * 24, set(sections)
    word = -log(1 - _precision(db))
    cost: Callable[[str], float] = {name: 1 + lives.parts(db, name) for name in sorted(wanted)}.__getitem__
    for seen in lives.lives(db):
        if seen.section not in wanted:
            continue
        idle = moment - seen.last_look
        expected, why = law.waiting(life_of(seen), moment), "none"
        if seen.told is not None and seen.last_look < seen.told <= moment:
            expected, why = expected + word, "told"
        if seen.state == "suspect" and idle >= SUSPECT_HOURS:
            # One who waits no longer than that is as good as edited; his place depends on how long he has waited.
            expected, why = max(expected, idle / SUSPECT_HOURS), "suspect"
        likely = chance(expected)
        if idle >= promised:
            why = "idle"
        elif why == "none" and likely >= rules.least_chance:
            why = "edits"
        gain = worth(expected) * rules.weight(seen) / cost(seen.section)
        yield Due(seen.article, "", gain, likely, idle, moment - seen.published, seen.edits, why, seen.section)


def _precision(db: sqlite3.Connection) -> float:
    """Give the chance that a publisher's word of an edit is true, as it was so far; one in two at first."""
    told = lives.told(db)
    return (1 + told.true) / (2 + told.times)


def _unread(db: sqlite3.Connection, now: datetime, sections: tuple[str, ...], law: Law) -> Iterator[Due]:
    """Weigh what was seen but never read: blocked, unreachable, unrecognised or incomplete at every look so far."""
    views = {path: name for name in sections for path in (*SECTIONS[name].views, *SECTIONS[name].own_views)}
    for article, url, first, newest in never_read(db, now):
        if (section := views.get(urlsplit(url).path.partition(";")[0])) is not None:
            # Due at every run, but never before all others for good.
            life = Life(section, "", hours(first), hours(first), hours(newest))
            expected = law.expected(life, life.last_look, hours(now))
            idle = (now - newest) / timedelta(hours=1)
            yield Due(
                article, url, worth(expected), chance(expected), idle, (now - first) / timedelta(hours=1), 0, "unread",
                section,
            )  # fmt: skip
