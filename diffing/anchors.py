"""Equal texts of two sequences paired: what stands once on both sides anchors the rest (Bram Cohen's patience diff)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from diffing.chain import heaviest_chain
from diffing.subsequence import common


@dataclass(frozen=True, slots=True)
class Gap:
    """Unmatched old and new indices between two anchors, each ascending."""

    old: list[int]
    new: list[int]


def anchored(old: Sequence[str], new: Sequence[str]) -> tuple[list[tuple[int, int]], list[tuple[int, int]], list[Gap]]:
    """Pair equal texts: those in place, those that crossed, and the gaps between.

    Time is near linear where most texts stand once on both sides; memory is bounded however long they are.
    """
    shorter = min(len(old), len(new))
    head = next((k for k, (one, other) in enumerate(zip(old, new, strict=False)) if one != other), shorter)
    tail = 0
    while tail < shorter - head and old[-1 - tail] == new[-1 - tail]:
        tail += 1
    kept = [(k, k) for k in range(head)]
    ends = [(len(old) - tail + k, len(new) - tail + k) for k in range(tail)]
    if head == len(old) == len(new):
        return kept, [], []
    anchors = _unique_pairs(old, new, range(head, len(old) - tail), range(head, len(new) - tail))
    crossed: list[tuple[int, int]] = []
    places = [j for _, j in anchors]
    if places != sorted(places):
        # the fewest moves weigh most, then the shortest
        chain = heaviest_chain((i, j, 1e6 + min(len(old[i]), 1e5)) for i, j in anchors)
        anchors, crossed = chain, sorted(set(anchors) - set(chain))
    moved_old, moved_new = {i for i, _ in crossed}, {j for _, j in crossed}
    gaps: list[Gap] = []
    at_old = at_new = head
    for i, j in [*anchors, (len(old) - tail, len(new) - tail)]:
        if i > at_old or j > at_new:
            gap = Gap(
                [k for k in range(at_old, i) if k not in moved_old], [k for k in range(at_new, j) if k not in moved_new]
            )
            if gap.old or gap.new:
                repeats, rests = _repeats(gap, old, new)
                kept += repeats
                gaps += rests
        at_old, at_new = i + 1, j + 1
    return kept + anchors + ends, crossed, gaps


def _unique_pairs(old: Sequence[str], new: Sequence[str], here: range, there: range) -> list[tuple[int, int]]:
    """Pair texts that stand exactly once on each side, by their old index."""
    ours, theirs = _once(old, here), _once(new, there)
    return [(i, j) for text, i in ours.items() if i >= 0 and (j := theirs.get(text, -1)) >= 0]


def _once(texts: Sequence[str], places: range) -> dict[str, int]:
    """Give each text its place, -1 where it stands several times."""
    found = dict(zip(texts[places.start : places.stop], places, strict=True))
    if len(found) < len(places):
        found.clear()
        for k in places:
            text = texts[k]
            found[text] = -1 if text in found else k
    return found


def _repeats(gap: Gap, old: Sequence[str], new: Sequence[str]) -> tuple[list[tuple[int, int]], list[Gap]]:
    """Pair texts that stand several times along a longest common subsequence, and give what lies between."""
    ours, theirs = [old[i] for i in gap.old], [new[j] for j in gap.new]
    if set(ours).isdisjoint(theirs):
        return [], [gap]
    paired: list[tuple[int, int]] = []
    rests: list[Gap] = []
    at_old = at_new = 0
    for i, j in [*common(ours, theirs), (len(ours), len(theirs))]:
        if i > at_old or j > at_new:
            rests.append(Gap(gap.old[at_old:i], gap.new[at_new:j]))
        if i < len(ours):
            paired.append((gap.old[i], gap.new[j]))
        at_old, at_new = i + 1, j + 1
    return paired, rests
