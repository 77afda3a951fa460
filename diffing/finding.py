"""What is said of two texts that stand for one another: labels, facts, and whether more is said or less."""

from __future__ import annotations

from dataclasses import dataclass, field

from storage.records import Fact


@dataclass(slots=True)
class Finding:
    """What-labels, facts in reading order, ``said``: something is newly said or no longer said, ``asked``: or asked."""

    labels: set[str] = field(default_factory=set)
    facts: list[Fact] = field(default_factory=list)
    said: bool = False
    asked: bool = False
    _held: set[Fact] = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        self._held = set(self.facts)

    def add(self, other: Finding) -> None:
        """Take in another finding; a fact already held is not repeated."""
        self.labels |= other.labels
        self.facts += [one for one in other.facts if one not in self._held]
        self._held.update(other.facts)
        self.said |= other.said
        self.asked |= other.asked
