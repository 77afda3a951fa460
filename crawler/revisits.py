"""Which articles are due another look: those where a look is most likely to show a state that would else be lost.

The aim is not that the archive is fresh but that every state of an article is seen, for as few requests as possible.
How likely an article was edited since its last look is learned from the archive's own looks (:mod:`crawler.hazard`).
The publisher's word that it was edited counts as much as it has proved worth so far. Articles that nobody has looked at
for ``every_days`` take turns with these, so that none is forgotten. The choice depends on the database, the settings
and the time of the run alone.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from itertools import chain, islice
from math import inf, log
from typing import Literal, TypeVar
from urllib.parse import urlsplit

from crawler.hazard import Law, Life, chance, worth
from crawler.outlook import SUSPECT_HOURS, Rules, hours, law_of, life_of, may_be_due, reached, soonest
from crawler.sections import SECTIONS
from storage import lives
from storage.articles import filed
from storage.lives import SeenLife
from storage.looks import never_read

Recheck = Literal["due", "all", "none"]
T = TypeVar("T")

GAINING = 3
"""Looks where most is to be gained for each that was promised, while there are both and the budget is too small.

A promise of 60 days takes 1.7 % of the archive a day. Were it half of a smaller budget, a seventh of the edits would be
lost to looks at the old; of a quarter it is about a twentieth (docs/scheduling.md).
"""


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
    known = lives.lives(db) if recheck == "all" else may_be_due(db, hours(now), rules, law)
    unread = list(_unread(db, now, sections, law))
    waiting = {one.article for one in unread}
    known = (one for one in known if one.article not in waiting)
    for one in chain(_read(db, known, now, sections, rules, law), unread):
        if one.why == "idle":
            idle.append((-one.idle, one.article, one))
        elif one.why != "none" or recheck == "all":
            chosen.append((-one.gain, one.article, one))
    yield from (one for _, _, one in taking_turns(sorted(idle), sorted(chosen)))


def taking_turns(idle: Iterable[T], chosen: Iterable[T]) -> Iterator[T]:
    """Yield one to whom a look was promised, then three where most is to be gained, and the rest when one kind ends."""
    promised, gaining = iter(idle), iter(chosen)
    while turn := [*islice(promised, 1), *islice(gaining, GAINING)]:
        yield from turn


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
    enough = rules.enough
    first = inf
    for at, seen in soonest(db, rules, law):
        if at > first:
            break
        life, why = life_of(seen), "idle"
        latest = seen.last_look + rules.every_days * 24
        if seen.state == "suspect" and seen.last_look + SUSPECT_HOURS < latest:
            latest, why = seen.last_look + SUSPECT_HOURS, "suspect"
        end = max(moment, min(latest, first))
        if law.waiting(life, end) >= enough:
            (_, end), why = reached(law, life, enough, moment, end), "edits"
        elif latest > end:
            continue
        if end < first or (end == first and found is not None and seen.article < found.article):
            first = end
            expected = law.waiting(life, end)
            gain, likely = worth(expected) * rules.weight(seen), chance(expected)
            found = Due(
                seen.article, "", gain, likely, end - seen.last_look, end - seen.published, seen.edits, why,
                seen.section,
            )  # fmt: skip
    return (now + timedelta(hours=first - moment), addressed(db, found)) if found else None


def addressed(db: sqlite3.Connection, one: Due) -> Due:
    """Give the article with the address at which it is looked at."""
    if one.url:
        return one
    known = filed(db, one.article)
    assert known is not None  # noqa: S101  # only what was never read has its address already
    return Due(
        one.article, known.url, one.gain, one.chance, one.idle, one.age, one.edits,
        "asked" if one.why == "none" else one.why, one.section,
    )  # fmt: skip


def _read(  # noqa: PLR0913  # what is known, and what is asked
    db: sqlite3.Connection,
    known: Iterable[SeenLife],
    now: datetime,
    sections: tuple[str, ...],
    rules: Rules,
    law: Law,
) -> Iterator[Due]:
    """Weigh articles that were read."""
    moment, promised, wanted = hours(now), rules.every_days * 24, set(sections)
    word = -log(1 - _precision(db))
    cost: Callable[[str], float] = {name: 1 + lives.parts(db, name) for name in sorted(wanted)}.__getitem__
    for seen in known:
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
    record = lives.publishers_record(db)
    return (1 + record.confirmed) / (2 + record.claims)


def _unread(db: sqlite3.Connection, now: datetime, sections: tuple[str, ...], law: Law) -> Iterator[Due]:
    """Weigh what was seen but never read whole: blocked, unreachable, unrecognised or incomplete at every look."""
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
