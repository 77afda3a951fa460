"""Hold the differ against the gold set: precision and recall of each label, weights right, facts right."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field

from benchmarks.gold.edit import Pair, Replaced
from diffing.labels import compare
from storage.records import LABELS, Comparison, Fact


@dataclass
class Score:
    """Counts per label: named rightly, named, and true; the same of weights and facts."""

    right: Counter[str] = field(default_factory=Counter)
    named: Counter[str] = field(default_factory=Counter)
    true: Counter[str] = field(default_factory=Counter)
    pairs: int = 0
    exact: int = 0

    def precision(self, label: str) -> float | None:
        """Share of what was named that is true, None when nothing was named."""
        return self.right[label] / self.named[label] if self.named[label] else None

    def recall(self, label: str) -> float | None:
        """Share of what is true that was named, None when nothing is true."""
        return self.right[label] / self.true[label] if self.true[label] else None

    def rows(self) -> list[tuple[str, int, float | None, float | None]]:
        """Give label, number true, precision and recall of every label met, then of weights and facts."""
        names = [one for one in (*LABELS, "weight", "facts") if self.named[one] or self.true[one]]
        return [(name, self.true[name], self.precision(name), self.recall(name)) for name in names]


def missed(pair: Pair, found: Comparison) -> list[str]:
    """Say in words what the differ named wrongly of one pair; empty when all is right."""
    labels = set(found.labels) - pair.optional
    words = [f"+{label}" for label in sorted(labels - pair.labels)]
    words += [f"-{label}" for label in sorted(pair.labels - labels)]
    if pair.weight and found.weight != pair.weight:
        words.append(f"weight {found.weight} for {pair.weight}")
    if pair.facts is not None:
        extra, absent = unmatched(found.facts, pair.facts)
        words += [f"+fact {one.kind} {one.old}->{one.new} ({one.old_value}->{one.new_value})" for one in extra]
        words += [f"-fact {one.kind} {one.old}->{one.new} ({one.old_value}->{one.new_value})" for one in absent]
    return words


def unmatched(found: Iterable[Fact], true: Iterable[Replaced]) -> tuple[list[Fact], list[Replaced]]:
    """Pair the facts found with the true ones and give those left over."""
    rest = list(found)
    absent = []
    for one in true:
        twin = next((fact for fact in rest if _same(fact, one)), None)
        if twin is None:
            absent.append(one)
        else:
            rest.remove(twin)
    return rest, absent


def _same(fact: Fact, true: Replaced) -> bool:
    if fact.kind != true.kind or true.old not in (fact.old or "") or true.new not in (fact.new or ""):
        return False
    return not true.valued or (fact.old_value, fact.new_value) == (true.old_value, true.new_value)


def score(pairs: Iterable[Pair]) -> tuple[Score, list[tuple[Pair, list[str]]]]:
    """Compare every pair; give the counts and what was wrong with which pair."""
    total = Score()
    faults = []
    for pair in pairs:
        found = compare(pair.old, pair.new)
        labels = set(found.labels) - pair.optional
        total.pairs += 1
        total.named.update(labels)
        total.true.update(pair.labels)
        total.right.update(labels & pair.labels)
        if pair.weight:
            total.named["weight"] += 1
            total.true["weight"] += 1
            total.right["weight"] += found.weight == pair.weight
        if pair.facts is not None:
            _, absent = unmatched(found.facts, pair.facts)
            total.named["facts"] += len(found.facts)
            total.true["facts"] += len(pair.facts)
            total.right["facts"] += len(pair.facts) - len(absent)
        wrong = missed(pair, found)
        total.exact += not wrong
        if wrong:
            faults.append((pair, wrong))
    return total, faults
