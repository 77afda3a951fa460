"""Find the changes of the whole site: the same thing done to nearly all articles of a section at once."""

from __future__ import annotations

import hashlib
import sqlite3
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from itertools import chain, islice
from pathlib import Path
from typing import NamedTuple

from crawler.watch import software
from diffing.drift import Shape, admits, is_empty, shapes, shrinks
from diffing.templated import shared, shows
from storage import judgements, looks, manifests, site_changes
from storage.archive import Archive
from storage.command_line import gochim
from storage.errors import SettingsError
from storage.records import Article, Version, canonical_json, iso
from storage.site_changes import WINDOW, Because, Member, SiteChange, Verdict
from storage.warc_writer import WarcWriter

LEAST, NEARLY_ALL = 5, 4 / 5
"""Articles that a site change must show at, and the share of those that could show it which must be exceeded."""
SAMPLE = 50
"""Articles of a site change that are compared to learn whether the publisher says that it edited them."""
_AT_ONCE = 50
"""Steps looked at together."""


@dataclass(frozen=True, slots=True)
class _Step:
    """A step of an article from one version to the next, without what they say: there are as many as edits."""

    article: str
    section: str
    version: int
    last_seen: datetime
    """When the old version was last seen."""
    first_seen: datetime
    """When the new one was first seen."""

    @property
    def member(self) -> Member:
        """The step as a site change counts it."""
        return Member(self.article, self.version - 1, self.version, iso(self.first_seen))


class StepSeen(NamedTuple):
    """What one step of an article, from a version to the next, can tell of the whole site.

    Attributes:
        run: The run that saw the new version.
        step: The step; None where the article went to another section, for there no shape counts.
        shapes: What happened in it that can happen to many articles in the same way.
        shrunken: The row to be filed of a version that lost nearly all text, None of all others.
    """

    run: str
    step: _Step | None
    shapes: list[Shape]
    shrunken: site_changes.Shrunken | None


def steps_seen(db: sqlite3.Connection, steps: Sequence[tuple[str, int, str]]) -> list[StepSeen]:
    """Look at steps as :func:`site_changes.steps` lists them; nothing is written."""
    return [_seen(run, *site_changes.step_to(db, article, version)) for article, version, run in steps]


def _seen(run: str, old: Version, new: Version) -> StepSeen:
    says = new.article
    shrunken = site_changes.shrunken_row(old, new) if shrinks(old.article, says) else None
    if old.article.section != says.section:
        return StepSeen(run, None, [], shrunken)
    step = _Step(says.article, says.section, new.version, old.last_seen, new.first_seen)
    return StepSeen(run, step, sorted(shapes(old.article, says)), shrunken)


@dataclass(slots=True)
class _Finder:
    """Walks the steps of all articles in the order in which they were seen."""

    db: sqlite3.Connection
    found: list[SiteChange]
    steps: dict[tuple[str, Shape], list[_Step]] = field(default_factory=lambda: defaultdict(list[_Step]))
    _tried: set[tuple[str, str, Shape]] = field(default_factory=set)

    def walk(self, moment: str, seen: Iterable[StepSeen]) -> list[site_changes.Shrunken]:
        """Find the site changes from a moment on; give the versions since then that say next to nothing."""
        order: list[tuple[str, Shape, _Step]] = []
        steps: list[_Step] = []
        shrunken: list[site_changes.Shrunken] = []
        for run, step, of_step, row in seen:
            if row is not None:
                shrunken.append(row)
            if step is not None:
                steps.append(step)
                for shape in of_step:
                    self.steps[step.section, shape].append(step)
                    order.append((run, shape, step))
        for run, shape, step in order:
            self._take(run, shape, step)
        self._take_edited(steps)
        bare = site_changes.bare_firsts(self.db, moment)
        shrunken += [site_changes.shrunken_row(None, one) for one in bare if is_empty(one.article)]
        return shrunken

    def _take(self, run: str, shape: Shape, step: _Step) -> None:
        """Count a step to the site change that it belongs to, or see whether one begins with it."""
        section = step.section
        of_shape = [one for one in self.found if one.section == section and _shape(one) == shape]
        home = next((one for one in of_shape if _belongs(one, step)), None)
        if home is None and (run, section, shape) not in self._tried:
            self._tried.add((run, section, shape))
            home = self._begun(section, shape, step.first_seen)
            if home is not None:
                self.found.append(home)
        if home is not None:
            home.members.append(step.member)

    def _take_edited(self, steps: Sequence[_Step]) -> None:
        """Count to a site change the steps in which the text that it touched was edited too."""
        for one in self.found:
            known = set(one.members)
            for step in steps:
                if one.section != step.section or step.member in known or not _belongs(one, step):
                    continue
                if shows(_shape(one), *self._articles(step)):
                    one.members.append(step.member)

    def _articles(self, step: _Step) -> tuple[Article, Article]:
        """Read what an article said before a step and after it."""
        old, new = site_changes.step_to(self.db, step.article, step.version)
        return old.article, new.article

    def _begun(self, section: str, shape: Shape, since: datetime) -> SiteChange | None:
        """Give the site change that began at an instant; None when too few articles showed it within a day."""
        until = since + WINDOW
        showed = {one.article: one for one in self.steps[section, shape] if since <= one.first_seen <= until}
        if len(showed) < LEAST:
            return None
        measured = self._could(section, shape, since, set(showed))
        measures = ((len(showed.keys() & could), len(could)) for could in measured)
        share = next((one for one in measures if one[0] >= LEAST and one[0] > NEARLY_ALL * one[1]), None)
        if share is None:
            return None
        digest = hashlib.sha256(canonical_json([shape.field, shape.what, shape.text])).hexdigest()
        made = SiteChange(
            f"{section}.{since.astimezone(UTC):%Y%m%dT%H%M%S}.{digest[:6]}", section, shape.field, shape.what,
            shape.text, iso(since), share, "held", "same-shape",
        )  # fmt: skip
        made.verdict, made.because = self._verdict(made, [showed[one] for one in sorted(showed)])
        return made

    def _could(self, section: str, shape: Shape, since: datetime, showed: set[str]) -> Iterator[set[str]]:
        """Give the sets of articles, of those looked at within the day, of which nearly all must show a shape.

        Where the shape undoes an earlier site change, that is first of all the articles which that change touched; then
        those at which the shape could be seen. A template that fills a field had left it empty everywhere before: so
        articles that already had the field around that day count as well, as some at which it was not seen.
        """
        looked_at = looks.read_between(self.db, since, since + WINDOW)
        done = [one for one in self.found if one.section == section and _shape(one) == shape.opposite]
        if done:
            yield {member.article for one in done for member in one.members} & set(looked_at)
        could = showed | {one for one, stood in self._stood(section, looked_at, since) if admits(shape, stood)}
        if shape.what == "filled":
            around = looks.read_between(self.db, since - WINDOW, since + WINDOW)
            could |= {one for one, stood in self._stood(section, around, since) if not admits(shape, stood)}
        yield could

    def _stood(self, section: str, articles: Iterable[str], moment: datetime) -> Iterator[tuple[str, Article]]:
        for one in site_changes.stood(self.db, section, articles, iso(moment)):
            yield one.article.article, one.article

    def _verdict(self, made: SiteChange, showed: Iterable[_Step]) -> tuple[Verdict, Because]:
        """Hold it, unless a person says otherwise or the publisher says of most articles that it edited them."""
        if word := site_changes.word_on(self.db, made):
            return word, "person"
        from diffing.labels import compare  # Site changes are rare, and it is long to load.

        sample = map(self._articles, islice(showed, SAMPLE))
        told = [compare(old, new).disclosure in {"stamped", "explained"} for old, new in sample]
        return ("edits", "publisher") if sum(told) * 2 > len(told) else ("held", "same-shape")


def _shape(one: SiteChange) -> Shape:
    return Shape(one.field, one.what, one.text)  # type: ignore[arg-type]  # the database holds no other words


def _belongs(one: SiteChange, step: _Step) -> bool:
    """Whether a step crosses the beginning of a site change: the old state was not seen when it stood everywhere."""
    since = datetime.fromisoformat(one.since)
    return step.first_seen >= since and step.last_seen <= since + WINDOW


Parts = Iterable[Sequence[tuple[str, int, str]]]
"""Steps as they are looked at together."""


def catch_up(db: sqlite3.Connection, looked_at: Callable[[Parts], Iterable[list[StepSeen]]] | None = None) -> None:
    """Look for site changes among the versions that are new, and have the articles compared of which a part is held.

    Args:
        db: The version database.
        looked_at: Has :func:`steps_seen` done for each of several lists of steps, elsewhere; here if None.
    """
    moment = site_changes.looks_from(db)
    if moment is None:
        return
    with db:
        start = iso(datetime.fromisoformat(moment) - WINDOW) if moment else ""
        known = [
            replace(one, members=[member for member in one.members if member.seen < start])
            for one in site_changes.all_of(db)
            if one.since < start
        ]
        finder = _Finder(db, known)
        steps = site_changes.steps(db, start)
        parts = (steps[first : first + _AT_ONCE] for first in range(0, len(steps), _AT_ONCE))
        seen = looked_at(parts) if looked_at else (steps_seen(db, some) for some in parts)
        site_changes.put_shrunken(db, start, finder.walk(start, chain.from_iterable(seen)))
        for one in finder.found:
            one.members.sort(key=lambda member: (member.article, member.to_version))
        for article in site_changes.put(db, sorted(finder.found, key=lambda one: (one.since, one.id))):
            judgements.compare(db, article, anew=True)
        site_changes.looked(db)


def held_parts(db: sqlite3.Connection, article: str, numbered: Mapping[int, Version]) -> dict[int, Article]:
    """Give, by the number of a version, the one before it with all that site changes did to it.

    What a site change took from an article was never told as gone, so its return is none of the article's edits,
    however few others show it again: a portal that is looked at little by little gives back one here and one there.
    """
    of_step: dict[int, list[Shape]] = defaultdict(list)
    released: set[tuple[int, Shape]] = set()
    for one, member in site_changes.of_article(db, article):
        if one.verdict == "held":
            of_step[member.to_version].append(_shape(one))
        else:
            released.add((member.to_version, _shape(one)))
    given: dict[int, Article] = {}
    left: dict[Shape, Article] = {}
    for number in sorted(numbered) if of_step else ():
        if not (number in of_step or any(one.is_loss for one in left)):
            continue
        old, new = numbered[number - 1].article, numbered[number].article
        back = [one.opposite for one in left if one.is_loss and one.opposite not in of_step[number]]
        shown = shapes(old, new) if back else frozenset()
        back = [one for one in back if (number, one) not in released and (one in shown or shows(one, old, new))]
        for shape in (*of_step[number], *back):
            before = left.pop(shape.opposite, None)
            given[number] = shared(shape, given.get(number, old), new, before)
            if shape not in back:
                left[shape] = old
    return given


def named(db: sqlite3.Connection, wanted: str) -> SiteChange:
    """Find a site change by its id.

    Raises:
        SettingsError: There is none.
    """
    for one in site_changes.all_of(db):
        if one.id == wanted:
            return one
    raise SettingsError(f"There is no site change {wanted}. List them with: {gochim('site-changes')}")


def write_word(archive: Archive, one: SiteChange, verdict: Verdict) -> Path:
    """Write into the archive what a person says of a site change, and give the WARC file that tells it.

    Raises:
        RunEndedEarly: The disk is full or failing.
    """
    now = datetime.now(UTC)
    known = manifests.head(archive)
    fields = {
        **site_changes.word_fields(one, verdict, now),
        manifests.CHAIN_HEAD: known.digest if known else manifests.NO_HEAD,
    }
    with WarcWriter(archive.warcs, run=f"{now:%Y%m%dT%H%M%SZ}-word", software=software(), fields=fields) as writer:
        return archive.warcs / writer.begin()
