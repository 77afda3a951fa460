"""Who is looked at when: policies side by side at one budget, on articles whose edits are known.

Edit histories are drawn after published statistics: 0.68 updates an article in its first day, 35 % of articles updated,
four fifths of these once or twice (Timmerman and others, six Flemish outlets, 2019-21); the hazard falls with age
(Guo and others, WWW 2022: headline edits matter within some ten hours); corrections in Korean papers take days. The
curves that make them are not those that :mod:`crawler.hazard` begins with. Run ``make bench-schedule``.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from heapq import nlargest
from math import exp, log
from pathlib import Path
from random import Random
from statistics import mean, median

from benchmarks.paired import keep
from crawler.hazard import Edit, Law, Life, learned, worth

SHAPES = ("decaying", "bursts", "slow", "flip-flops", "removals")
HORIZON = 21 * 24.0
PUBLISHED_WITHIN = 16 * 24.0
EVERY = 3.0
"""Hours between two runs."""
SEEDS = range(100, 103)
"""Others than those with which the weights of :mod:`crawler.hazard` were chosen."""
PAGE = Path(__file__).parents[1] / "docs" / "scheduling.md"


@dataclass(slots=True)
class Story:
    """One article: what happened to it, and what one policy's looks saw of it."""

    published: float
    level: float
    steps: list[tuple[float, int]]
    seen: int = 0
    at: int = 0
    state: int = 0
    first: float | None = None
    last: float = 0.0
    looks: int = 0
    edits: list[tuple[float, float]] = field(default_factory=list)

    def anew(self) -> Story:
        """Give the same history, unseen."""
        return Story(self.published, self.level, self.steps)

    def life(self) -> Life:
        """Give what its looks have shown."""
        assert self.first is not None
        edited = self.edits[-1][1] if self.edits else None
        return Life("s", "m", self.published, self.first, self.last, edited, len(self.edits))


def base(shape: str, age: float) -> float:
    """Give how many edits of the first kind an average article undergoes until an age, in hours."""
    if age <= 0:
        return 0.0
    if shape == "slow":
        return 0.6 * (1 - exp(-age / 90))
    total = {"bursts": 0.55, "flip-flops": 0.6}.get(shape, 1.0)
    return total * (1 - (1 + age / 2) ** -0.5)


def further(shape: str, since: float) -> float:
    """Give how many edits one edit brings about until so many hours after it."""
    share, hours = {"bursts": (0.6, 4.0), "flip-flops": (0.7, 5.0)}.get(shape, (0.0, 1.0))
    return share * (1 - exp(-max(0.0, since) / hours))


def tell(shape: str, draw: Random) -> Story:
    """Draw one article's history."""
    published, level = draw.uniform(0, PUBLISHED_WITHIN), draw.gammavariate(0.5, 2.0)
    end = HORIZON - published
    times, clock = [], 0.0
    while (clock := clock + draw.expovariate(1.0)) < level * base(shape, end):
        times.append(_when(shape, clock / level, end))
    share, hours = {"bursts": (0.6, 4.0), "flip-flops": (0.7, 5.0)}.get(shape, (0.0, 1.0))
    steps, number, waiting = [], 0, [(time, -1) for time in times]
    while waiting:
        time, back = min(waiting)
        waiting.remove((time, back))
        if time >= end:
            continue
        number += 1
        before = steps[-1][1] if steps else 0
        state = back if back >= 0 else number
        steps.append((published + time, state))
        # A flip is set right again once; bursts go on as long as the dice will.
        if draw.random() < share and not (shape == "flip-flops" and back >= 0):
            waiting.append((time + draw.expovariate(1 / hours), before if shape == "flip-flops" else -1))
    if shape == "removals" and draw.random() < 0.15:
        gone = published + draw.expovariate(1 / 60)
        steps = [one for one in steps if one[0] < gone] + ([(gone, -9)] if gone < HORIZON else [])
    return Story(published, level, steps)


def _when(shape: str, amount: float, end: float) -> float:
    """Find the age at which so many edits were expected."""
    low, high = 0.0, end
    for _ in range(40):
        middle = (low + high) / 2
        low, high = (middle, high) if base(shape, middle) < amount else (low, middle)
    return high


Score = Callable[[Story, float], float]


def newsdiffs(one: Story, now: float) -> float:
    """Score by NewsDiffs' bands since the last change."""
    age = now - (one.edits[-1][1] if one.edits else one.published)
    bands = ((3, 0.25), (24, 1), (168, 3), (720, 72), (8640, 720))
    return (now - one.last) / next((pause for limit, pause in bands if age < limit), 1e9)


def rate(one: Story) -> float:
    """Estimate a rate from regular looks (Cho and Garcia-Molina 2003)."""
    looks = max(1, one.looks - 1)
    assert one.first is not None
    between = max(EVERY, (one.last - one.first) / looks)
    return -log((looks - len(one.edits) + 0.5) / (looks + 0.5) * 0.999) / between


POLICIES: dict[str, Score] = {
    "uniform": lambda one, now: now - one.last,
    "NewsDiffs' bands": newsdiffs,
    "diffengine's ratio": lambda one, now: (now - one.last) / max(0.1, now - one.published),
    "EDGI's three a week": lambda one, now: now - one.last if now - one.last >= 56 else -1.0,
    "proportional to rate": lambda one, now: rate(one) * (now - one.last),
    "optimum for freshness": lambda one, now: worth(rate(one) * (now - one.last)) / rate(one),
}
"""At a budget, the highest score is looked at first; a score below 0 is no look."""


def oracle(shape: str, *, levels: bool) -> Score:
    """Score by the true hazards, given what the looks have shown; with ``levels``, by each article's true level too."""

    def score(one: Story, now: float) -> float:
        level = one.level if levels else _told(shape, one)
        found = level * (base(shape, now - one.published) - base(shape, one.last - one.published))
        for _, edited in one.edits:
            found += further(shape, now - edited) - further(shape, one.last - edited)
        return worth(found)

    return score


def _told(shape: str, one: Story) -> float:
    """Give the level of an article that its looks tell, by the distribution that levels are drawn from."""
    assert one.first is not None
    expected = base(shape, one.last - one.published) - base(shape, one.first - one.published)
    expected += sum(further(shape, one.last - edited) for _, edited in one.edits)
    return (0.5 + len(one.edits)) / (0.5 + expected)


def learn(stories: list[Story]) -> Law:
    """Learn from what looks have shown so far, with the code that crawls learn with."""
    edits = []
    for one in stories:
        earlier = None
        for number, (before, seen) in enumerate(one.edits):
            until = one.edits[number + 1][0] if number + 1 < len(one.edits) else one.last
            edits.append(Edit("s", "m", one.published, before, seen, earlier, until))
            earlier = seen
    return learned([one.life() for one in stories], edits)


@dataclass(frozen=True, slots=True)
class Result:
    """What a policy came to: share of edits seen, states lost, median delay in hours, looks made."""

    seen: float
    lost: int
    delay: float
    looks: int


def play(stories: list[Story], budget: int, score: Score | None) -> Result:
    """Let a policy look, ``budget`` times a run; without a score it is ours, which learns anew each day."""
    stories = [one.anew() for one in stories]
    delays: list[float] = []
    spent, law, learned_at = 0, learn([]), 0.0
    now = 0.0
    while now < HORIZON:
        now += EVERY
        known = [one for one in stories if one.first is not None]
        if score is None and now - learned_at >= 24:
            law, learned_at = learn(known), now
        chosen = nlargest(
            budget,
            ((score(one, now) if score else worth(law.waiting(one.life(), now)), n) for n, one in enumerate(known)),
        )
        for new in (one for one in stories if one.first is None and one.published <= now):
            look(new, now, [])
            new.first = now
        for value, number in chosen:
            if value >= 0:
                look(known[number], now, delays)
                spent += 1
    edits = sum(sum(1 for time, _ in one.steps if one.first is not None and time > one.first) for one in stories)
    seen = sum(len(one.edits) for one in stories)
    return Result(seen / max(1, edits), edits - seen, median(delays) if delays else 0.0, spent)


def look(one: Story, now: float, delays: list[float]) -> None:
    """Look at an article: a state that differs from the one seen last is an edit seen."""
    while one.at < len(one.steps) and one.steps[one.at][0] <= now:
        one.at += 1
    state = one.steps[one.at - 1][1] if one.at else 0
    if one.first is not None and state != one.state:
        one.edits.append((one.last, now))
        delays.append(now - one.steps[one.at - 1][0])
    one.state, one.last, one.looks = state, now, one.looks + 1


def compare(articles: int, budget: int, seeds: range) -> dict[str, dict[str, list[Result]]]:
    """Play all policies on all shapes, with the same articles for all."""
    found: dict[str, dict[str, list[Result]]] = {}
    for shape in SHAPES:
        policies: dict[str, Score | None] = {
            **POLICIES, "gochim": None, "oracle of the hazards": oracle(shape, levels=False),
            "oracle of each article": oracle(shape, levels=True),
        }  # fmt: skip
        told = found[shape] = {name: [] for name in policies}
        for seed in seeds:
            draw = Random(f"{shape}-{seed}")
            stories = [tell(shape, draw) for _ in range(articles)]
            for name, score in policies.items():
                told[name].append(play(stories, budget, score))
    return found


def table(found: dict[str, dict[str, list[Result]]]) -> str:
    """Write the results as a Markdown table."""
    lines = [
        "| shape | policy | edits seen | least and most | of the oracle's | times uniform | states lost | median delay"
        " | looks |",
        "|---|---|---|---|---|---|---|---|---|",
    ]
    for shape, policies in found.items():
        best, plain = (mean(one.seen for one in policies[name]) for name in ("oracle of the hazards", "uniform"))
        for name, results in policies.items():
            seen = [one.seen for one in results]
            lines.append(
                f"| {shape} | {name} | {mean(seen):.1%} | {min(seen):.1%}, {max(seen):.1%} | {mean(seen) / best:.1%} "
                f"| {mean(seen) / plain:.2f} | {mean(one.lost for one in results):.0f} "
                f"| {mean(one.delay for one in results):.1f} h | {mean(one.looks for one in results):.0f} |"
            )
    return "\n".join(lines)


def main() -> None:
    """Print the tables of two budgets; with ``--write`` into the page as well."""
    parts = []
    for name, budget in (
        ("A tight budget: 3 looks a run, 300 articles", 3),
        ("A wide one: 12 looks a run, 300 articles", 12),
    ):
        parts += [f"### {name}", "", table(compare(300, budget, SEEDS)), ""]
    keep("figures", parts[:-1], PAGE)


if __name__ == "__main__":
    main()
