"""Articles whose edits are known: worlds of the portal's size in small, and what happens to each article in them.

Edit histories are drawn after published statistics: 0.68 updates an article in its first day, 35 % of articles updated,
four fifths of these once or twice (Timmerman and others, six Flemish outlets, 2019-21); the hazard falls with age
(Guo and others, WWW 2022: headline edits matter within some ten hours); corrections in Korean papers take days. The
curves that make them are not those that :mod:`crawler.hazard` begins with. Times are hours since the watch began.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from math import exp, inf
from random import Random

from crawler.hazard import Life

SHAPES = ("decaying", "bursts", "slow", "flip-flops", "removals")
GONE = -9
"""The state of an article that was removed."""


@dataclass(frozen=True, slots=True)
class World:
    """How much there is to watch, for how long, and how many looks there are for it.

    Attributes:
        backlog: Days before the watch from which articles are known; all are read when it begins.
        daily: Articles published a day, in the backlog and while watched.
        days: How long the watch lasts.
        counted: The day from which on edits are counted: until then each policy brings the archive into its own shape.
        until: The last day on which articles are published.
        every: Hours between two runs.
        budget: Looks of a run at articles that are known; the first look at an article is free.
    """

    name: str
    backlog: float
    daily: float
    days: float
    counted: float
    until: float
    every: float
    budget: int

    @property
    def end(self) -> float:
        """The hour at which the watch ends."""
        return self.days * 24

    def stories(self, shape: str, seed: int) -> list[Story]:
        """Draw all articles, in the order in which they are published."""
        draw = Random(f"{shape}-{seed}")
        number = round(self.daily * (self.backlog + self.until))
        times = sorted(draw.uniform(-self.backlog, self.until) * 24 for _ in range(number))
        return [tell(shape, draw, published, self.end) for published in times]


@dataclass(slots=True)
class Story:
    """One article: what happened to it, and what one policy's looks saw of it.

    Attributes:
        level: By how much it is edited more often than others.
        steps: When it took which state.
        at: How many of the steps the newest look came after.
        edits: Between which two looks each edit lies that was seen.
        life: What the looks have shown, in the words of crawls.
    """

    published: float
    level: float
    steps: list[tuple[float, int]]
    at: int = 0
    state: int = 0
    first: float = inf
    last: float = 0.0
    looks: int = 0
    edits: list[tuple[float, float]] = field(default_factory=list)
    life: Life = field(init=False)

    def anew(self) -> Story:
        """Give the same history, unseen."""
        return Story(self.published, self.level, self.steps)

    def look(self, now: float) -> tuple[float | None, list[float]]:
        """Look at it: a state that differs from the one seen last is an edit seen.

        Returns:
            When the edit was made that is seen now, if any, and when those were made that no look can show any more.
        """
        before, self.at = self.at, self._at(now)
        state = self.steps[self.at - 1][1] if self.at else 0
        made = [time for time, _ in self.steps[before : self.at]]
        shown = None
        if not self.looks:
            self.first, made = now, []
        elif state != self.state:
            self.edits.append((self.last, now))
            shown = made.pop()
        self.state, self.last, self.looks = state, now, self.looks + 1
        edited = self.edits[-1][1] if self.edits else None
        self.life = Life("s", "m", self.published, self.first, now, edited, len(self.edits))
        return shown, made

    def _at(self, now: float) -> int:
        at = self.at
        while at < len(self.steps) and self.steps[at][0] <= now:
            at += 1
        return at


def base(shape: str, age: float) -> float:
    """Give how many edits of the first kind an average article undergoes until an age, in hours."""
    if age <= 0:
        return 0.0
    if shape == "slow":
        return 0.6 * (1 - exp(-age / 90))
    total = {"bursts": 0.55, "flip-flops": 0.6}.get(shape, 1.0)
    return total * (1 - (1 + age / 2) ** -0.5)


_FURTHER = {"bursts": (0.6, 4.0), "flip-flops": (0.7, 5.0)}
"""How many edits an edit brings about, and after how many hours on average."""


def further(shape: str, since: float) -> float:
    """Give how many edits one edit brings about until so many hours after it."""
    share, hours = _FURTHER.get(shape, (0.0, 1.0))
    return share * (1 - exp(-max(0.0, since) / hours))


def tell(shape: str, draw: Random, published: float, end: float) -> Story:
    """Draw what happens to an article until the watch ends."""
    level, long = draw.gammavariate(0.5, 2.0), end - published
    times, clock = [], 0.0
    while (clock := clock + draw.expovariate(1.0)) < level * base(shape, long):
        times.append(_when(shape, clock / level, long))
    share, hours = _FURTHER.get(shape, (0.0, 1.0))
    steps: list[tuple[float, int]] = []
    number, waiting = 0, [(time, -1) for time in times]
    while waiting:
        time, back = min(waiting)
        waiting.remove((time, back))
        if time >= long:
            continue
        number += 1
        before = steps[-1][1] if steps else 0
        steps.append((published + time, back if back >= 0 else number))
        # A flip is set right again once; bursts go on as long as the dice will.
        if draw.random() < share and not (shape == "flip-flops" and back >= 0):
            waiting.append((time + draw.expovariate(1 / hours), before if shape == "flip-flops" else -1))
    if shape == "removals" and draw.random() < 0.15:
        gone = published + draw.expovariate(1 / 60)
        steps = [one for one in steps if one[0] < gone] + ([(gone, GONE)] if gone < end else [])
    return Story(published, level, steps)


def _when(shape: str, amount: float, end: float) -> float:
    """Find the age at which so many edits were expected."""
    low, high = 0.0, end
    for _ in range(40):
        middle = (low + high) / 2
        low, high = (middle, high) if base(shape, middle) < amount else (low, middle)
    return high
