"""Estimates how long a walk back takes, from what the lists say is left and from what an article has cost so far."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

ENOUGH = 10
"""Articles looked at before what one costs is worth a guess."""


@dataclass(frozen=True, slots=True)
class Behind:
    """How far a walk back has come: section and month it is at, and how many articles the lists say are left."""

    section: str
    month: str
    left: int | None = None


@dataclass(frozen=True, slots=True)
class Estimate:
    """What is left of a walk back: articles by the lists' own word, requests and time by what they cost so far."""

    articles: int
    requests: int
    days: float
    runs: int

    def sentence(self) -> str:
        """Say it, and that it is an estimate."""
        hours = self.days * 24
        time = f"{self.days:.1f} days" if hours >= 24 else f"{hours:.1f} hours" if hours >= 1 else "less than an hour"
        runs = f", {self.runs:,} runs of this size" if self.runs > 1 else ""
        return (
            f"about {self.articles:,} article{'' if self.articles == 1 else 's'} left by the lists' totals: "
            f"an estimated {self.requests:,} request{'' if self.requests == 1 else 's'}, {time} without a pause{runs}"
        )


@dataclass(slots=True)
class Cost:
    """Requests made and articles looked at, over all runs that are remembered."""

    requests: int = 0
    articles: int = 0

    @classmethod
    def of(cls, part: dict[str, Any]) -> Cost:
        """Read what earlier runs remembered; what is no number is nothing."""
        requests, articles = part.get("requests"), part.get("articles")
        good = all(isinstance(one, int) and one >= 0 for one in (requests, articles))
        return cls(requests or 0, articles or 0) if good else cls()

    def plus(self, requests: int, articles: int) -> Cost:
        """Add a run."""
        return Cost(self.requests + requests, self.articles + articles)

    def estimate(self, left: int | None, delay: float, budget: int) -> Estimate | None:
        """Estimate what ``left`` articles cost; None when the lists give no totals, or too little is known.

        Args:
            left: Articles not looked at yet.
            delay: Seconds between two requests.
            budget: Requests of one run.
        """
        if left is None or self.articles < ENOUGH:
            return None
        requests = round(left * self.requests / self.articles)
        return Estimate(left, requests, requests * delay / 86_400, -(-requests // budget))
