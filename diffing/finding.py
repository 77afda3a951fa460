"""What a comparison finds between two texts: labels, facts, and whether one of them states something more."""

from __future__ import annotations

from dataclasses import dataclass, field

from storage.records import Fact


@dataclass(slots=True)
class Finding:
    """What differs between an old text and the new one in its place.

    Attributes:
        labels: What-labels, of :data:`storage.records.WHAT_LABELS`.
        facts: Values that replaced values, in reading order.
        said: Whether one text states something that the other does not.
        asked: Whether one text asks something that the other does not.
        gone: Sentences that the old text alone has, and that stand nowhere else.
        come: Those of the new one.
    """

    labels: set[str] = field(default_factory=set)
    facts: list[Fact] = field(default_factory=list)
    said: bool = False
    asked: bool = False
    gone: list[str] = field(default_factory=list)
    come: list[str] = field(default_factory=list)
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
        self.gone += other.gone
        self.come += other.come
