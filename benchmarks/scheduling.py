"""Who is looked at when: policies side by side at one budget, on articles whose edits are known.

``benchmarks/histories.py`` says after which statistics these are drawn, docs/scheduling.md after which facts the size
of the archive, its ages and the budgets are chosen. Run ``make bench-schedule``.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from heapq import nlargest
from itertools import islice
from math import inf, log, sqrt
from statistics import mean, median

from benchmarks.histories import SHAPES, Story, World, base, further
from benchmarks.paired import ROOT, keep, numbers
from crawler.hazard import Edit, Law, learned, worth
from crawler.outlook import Rules
from crawler.revisits import GAINING, taking_turns

SEEDS = range(100, 103)
"""Others than those with which the weights of :mod:`crawler.hazard` were chosen."""
WORLDS = (
    World("Two years kept, a tight budget: 1 % of the archive a day", 730, 5, 200, 100, 200, 6, 11),
    World("Two years kept, a wide one: 5 % of the archive a day", 730, 5, 200, 100, 200, 6, 52),
    World("A watch that has just begun: 19 articles a day for 16 days, 24 looks a day", 0, 18.75, 21, 0, 16, 3, 3),
)
LEARNED_EVERY = 7 * 24.0
"""Hours after which ours learns again, which a crawl does at every run; a day while it knows less than a month."""
YOUNG = 720.0
"""Hours up to which an article is judged at every run."""
PAGE = ROOT / "docs" / "scheduling.md"

Score = Callable[[Story, float], float]


@dataclass(frozen=True, slots=True)
class Policy:
    """Whom to look at: the highest score first, as far as the budget goes.

    Attributes:
        score: Of an article at a time; it grows no faster than the square of the time since the last look. None: what
            crawls use, which learns from its own looks.
        least: Below this score there is no look.
        promise: Who was not looked at for so many hours takes turns with the others.
    """

    score: Score | None
    least: float = 0.0
    promise: float = inf


def newsdiffs(one: Story, now: float) -> float:
    """Score by NewsDiffs' bands since the last change."""
    age = now - (one.edits[-1][1] if one.edits else one.published)
    bands = ((3, 0.25), (24, 1), (168, 3), (720, 72), (8640, 720))
    return (now - one.last) / next((pause for limit, pause in bands if age < limit), 1e9)


def rate(one: Story) -> float:
    """Estimate a rate from regular looks (Cho and Garcia-Molina 2003)."""
    looks = max(1, one.looks - 1)
    between = max(3.0, (one.last - one.first) / looks)
    return -log((looks - len(one.edits) + 0.5) / (looks + 0.5) * 0.999) / between


def oracle(shape: str, *, levels: bool, promise: float = inf) -> Policy:
    """Score by the true hazards, given what the looks have shown; with ``levels``, by each article's true level too."""

    def score(one: Story, now: float) -> float:
        level = one.level if levels else _told(shape, one)
        found = base(shape, now - one.published) - base(shape, one.last - one.published)
        return worth(level * found + _further(shape, one, now) - _further(shape, one, one.last))

    return Policy(score, promise=promise)


def _further(shape: str, one: Story, now: float) -> float:
    return sum(further(shape, now - seen) for _, seen in one.edits) if one.edits else 0.0


def _told(shape: str, one: Story) -> float:
    """Give the level of an article that its looks tell, by the distribution that levels are drawn from."""
    expected = base(shape, one.last - one.published) - base(shape, one.first - one.published)
    return (0.5 + len(one.edits)) / (0.5 + expected + _further(shape, one, one.last))


_RULES = Rules()
_PROMISE = _RULES.every_days * 24
_DUE = worth(-log(1 - _RULES.least_chance))


def policies(shape: str) -> dict[str, Policy]:
    """Give all policies by name; the oracles know the shape."""
    return {
        "uniform": Policy(lambda one, now: now - one.last),
        "NewsDiffs' bands": Policy(newsdiffs),
        "diffengine's ratio": Policy(lambda one, now: (now - one.last) / max(0.1, now - one.published)),
        "EDGI's three a week": Policy(lambda one, now: now - one.last, least=56.0),
        "proportional to rate": Policy(lambda one, now: rate(one) * (now - one.last)),
        "optimum for freshness": Policy(lambda one, now: worth(rate(one) * (now - one.last)) / rate(one)),
        "gochim": Policy(None, _DUE, _PROMISE),
        "gochim, all of the budget": Policy(None),
        "oracle of the hazards": oracle(shape, levels=False),
        "oracle, the same promised": oracle(shape, levels=False, promise=_PROMISE),
        "oracle of each article": oracle(shape, levels=True),
    }


def learn(stories: list[Story]) -> Law:
    """Learn from what looks have shown so far, with the code that crawls learn with."""
    edits = []
    for one in stories:
        earlier = None
        for number, (before, seen) in enumerate(one.edits):
            until = one.edits[number + 1][0] if number + 1 < len(one.edits) else one.last
            edits.append(Edit("s", "m", one.published, before, seen, earlier, until))
            earlier = seen
    return learned([one.life for one in stories], edits)


@dataclass(slots=True)
class Result:
    """What a policy came to in the time that counts.

    Attributes:
        made: Edits made.
        lost: How many no look can show any more.
        delays: Of those seen, the hours until they were.
        waiting: How many another look would show.
        looks: How many were made.
    """

    made: int = 0
    lost: int = 0
    delays: list[float] = field(default_factory=list)
    waiting: int = 0
    looks: int = 0

    @property
    def seen(self) -> float:
        """The share of edits seen."""
        return len(self.delays) / max(1, self.made)


class Play:
    """One policy in one world."""

    def __init__(self, world: World, stories: list[Story], policy: Policy) -> None:
        self.world, self.policy = world, policy
        self.stories = [one.anew() for one in stories]
        self.published = [one.published for one in stories]
        self.known, self.result = 0, Result()
        self.score = policy.score or self._ours
        self.law, self.learned_at = learn([]), 0.0
        self.wait, self.floor = [0.0] * len(stories), policy.least

    def _ours(self, one: Story, now: float) -> float:
        return worth(self.law.waiting(one.life, now))

    def run(self) -> Result:
        """Play to the end."""
        now = 0.0
        self._discover(now)
        while now < self.world.end:
            now += self.world.every
            if self.policy.score is None and now - self.learned_at >= (24.0 if now < YOUNG else LEARNED_EVERY):
                self.law, self.learned_at = learn(self.stories[: self.known]), now
                self.wait = [0.0] * len(self.stories)
            for number in self._chosen(now):
                self._look(self.stories[number], now)
                self.wait[number] = 0.0
                self.result.looks += now > self.world.counted * 24
            self._discover(now)
        for one in self.stories[: self.known]:
            shown, lost = one.look(self.world.end)
            self._count(shown, lost)
            self.result.waiting += shown is not None and shown > self.world.counted * 24
        return self.result

    def _discover(self, now: float) -> None:
        reach = bisect_right(self.published, now)
        for one in self.stories[self.known : reach]:
            one.look(now)
        self.known = reach

    def _look(self, one: Story, now: float) -> None:
        shown, lost = one.look(now)
        self._count(shown, lost)
        if shown is not None and shown > self.world.counted * 24:
            self.result.delays.append(now - shown)

    def _count(self, shown: float | None, lost: list[float]) -> None:
        """Count an edit shown and those lost, of the time that counts."""
        gone = sum(time > self.world.counted * 24 for time in lost)
        self.result.lost += gone
        self.result.made += gone + (shown is not None and shown > self.world.counted * 24)

    def _chosen(self, now: float) -> list[int]:
        """Choose, judging those alone that may reach the least score chosen at the last run, or all if too few do."""
        idle, scores = self._judged(now)
        needed = self.world.budget - min(len(idle), -(-self.world.budget // (1 + GAINING)))
        if self.floor > self.policy.least and sum(score >= self.floor for score, _ in scores) < needed:
            self.wait, self.floor = [0.0] * len(self.stories), self.policy.least
            idle, scores = self._judged(now)
        best = nlargest(self.world.budget, (one for one in scores if one[0] >= self.policy.least))
        chosen = list(islice(taking_turns(sorted(idle), [(-score, n) for score, n in best]), self.world.budget))
        gained = [-score for score, _ in chosen if score < 0]
        if gained and len(best) == self.world.budget:
            self.floor = max(self.policy.least, 0.7 * min(gained))
        for score, n in scores:
            one = self.stories[n]
            if score < self.floor and now - one.published > YOUNG:
                # So little that it is no number any more, it stays so little while the hazard falls.
                times = sqrt(self.floor / score) if score > 1e-30 else 10.0
                self.wait[n] = min(one.last + (now - one.last) * times, one.last + self.policy.promise)
        return [n for _, n in chosen]

    def _judged(self, now: float) -> tuple[list[tuple[float, int]], list[tuple[float, int]]]:
        """Give who was idle for too long, by the last look, and the scores of the others."""
        idle, scores, since = [], [], now - self.policy.promise
        for n, wait in enumerate(islice(self.wait, self.known)):
            if wait <= now:
                one = self.stories[n]
                if one.last <= since:
                    idle.append((one.last, n))
                else:
                    scores.append((self.score(one, now), n))
        return idle, scores


def compare(world: World, seeds: range) -> Iterator[tuple[str, dict[str, list[Result]]]]:
    """Play all policies on all shapes, with the same articles for all."""
    for shape in SHAPES:
        drawn = [world.stories(shape, seed) for seed in seeds]
        yield (
            shape,
            {
                name: [Play(world, stories, policy).run() for stories in drawn]
                for name, policy in policies(shape).items()
            },
        )


def table(world: World, seeds: range) -> Iterator[str]:
    """Write the results of a world as a Markdown table."""
    yield from (
        f"### {world.name}",
        "",
        "| shape | policy | edits seen | least and most | of the oracle's | times uniform | not seen yet | states lost"
        " | median delay | looks |",
        "|---|---|---|---|---|---|---|---|---|---|",
    )
    for shape, found in compare(world, seeds):
        best, plain = (mean(one.seen for one in found[name]) for name in ("oracle of the hazards", "uniform"))
        for name, results in found.items():
            seen, made = [one.seen for one in results], sum(one.made for one in results)
            yield (
                f"| {shape} | {name} | {mean(seen):.1%} | {min(seen):.1%}, {max(seen):.1%} | {mean(seen) / best:.1%} "
                f"| {mean(seen) / plain:.2f} | {sum(one.waiting for one in results) / made:.1%} "
                f"| {sum(one.lost for one in results) / made:.1%} "
                f"| {median([hours for one in results for hours in one.delays] or [0.0]):.1f} h "
                f"| {mean(one.looks for one in results):,.0f} |"
            )


def tables() -> Iterator[str]:
    """Write the tables of all worlds."""
    for number, world in enumerate(WORLDS):
        yield from [""] * (number > 0)
        yield from table(world, SEEDS)


def main() -> None:
    """Print the tables; with ``--write`` into the page as well."""
    numbers(__doc__)
    keep("figures", tables(), PAGE)


if __name__ == "__main__":
    main()
