"""What a comparison has come to so far: labels, facts, and the heaviest weight of its parts."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field

from diffing.finding import Finding
from storage.records import WEIGHTS, Fact, Weight

SUBSTANCE = frozenset(
    {"number", "money", "percent", "quantity", "date-value", "name", "quote", "negation", "hedge", "link"}
)
"""Labels of a text that change what is asserted, whatever else they come with; ``link`` of one that sends elsewhere."""

WORDING = frozenset({"wording", "particle"})


@dataclass(slots=True)
class Tally:
    """Labels, facts and weight gathered so far."""

    labels: set[str] = field(default_factory=set)
    facts: dict[Fact, None] = field(default_factory=dict)
    weight: int = 0
    """Index in :data:`storage.records.WEIGHTS`."""
    whole: Callable[[], tuple[str, str]] = lambda: ("", "")
    """Gives all that either side says, squeezed."""
    gone: list[str] = field(default_factory=list)
    come: list[str] = field(default_factory=list)
    """Sentences and paragraphs that went (``gone``) and came, of the blocks that are compared just now."""

    def add(self, where: str, finding: Finding) -> None:
        """Add what two texts differ in, and the label of the place they stand in."""
        self.labels |= {where, *finding.labels}
        self.facts |= dict.fromkeys(finding.facts)
        self.gone += finding.gone
        self.come += finding.come
        if finding.said or finding.labels & SUBSTANCE:
            self.weight = 2
        elif finding.labels & WORDING or finding.asked:
            self.weight = max(self.weight, 1)

    def note(self, label: str, weight: Weight) -> None:
        """Add a label that weighs so much."""
        self.labels.add(label)
        self.weight = max(self.weight, WEIGHTS.index(weight))
