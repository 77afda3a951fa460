"""Equal texts of two sequences paired: what stands once on both sides anchors the rest (Bram Cohen's patience diff)."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

from rapidfuzz.distance import LCSseq

from diffing.chain import Pair, heaviest_chain

LARGEST_TABLE = 200_000_000
"""Cells beyond which repeated texts between two anchors are not paired by a longest common subsequence."""


@dataclass(frozen=True, slots=True)
class Gap:
    """Unmatched old and new indices between two anchors, each ascending."""

    old: list[int]
    new: list[int]


def anchored(old: Sequence[str], new: Sequence[str]) -> tuple[list[tuple[int, int]], list[tuple[int, int]], list[Gap]]:
    """Pair equal texts: those in place, those that crossed, and the gaps between.

    Time and memory stay near linear however long both sides are: no table larger than :data:`LARGEST_TABLE` is made.
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
    unique = _unique_pairs(old, new, range(head, len(old) - tail), range(head, len(new) - tail))
    anchors = [(i, j) for i, j, _ in unique]
    crossed: list[tuple[int, int]] = []
    if any(here >= there for (_, here), (_, there) in pairwise(anchors)):
        chain = heaviest_chain(unique)
        anchors, crossed = chain, sorted(set(anchors) - set(chain))
    moved_old, moved_new = {i for i, _ in crossed}, {j for _, j in crossed}
    gaps: list[Gap] = []
    at = (head, head)
    for i, j in [*anchors, (len(old) - tail, len(new) - tail)]:
        if (i, j) == at:
            at = (i + 1, j + 1)
            continue
        gap = Gap(
            [k for k in range(at[0], i) if k not in moved_old], [k for k in range(at[1], j) if k not in moved_new]
        )
        if gap.old or gap.new:
            repeats, rests = _repeats(gap, old, new)
            kept += repeats
            gaps += rests
        at = (i + 1, j + 1)
    return kept + anchors + ends, crossed, gaps


def _unique_pairs(old: Sequence[str], new: Sequence[str], old_range: range, new_range: range) -> list[Pair]:
    """Pair texts that stand exactly once on each side; the fewest moves weigh most, then the shortest."""
    ours, theirs = old[old_range.start : old_range.stop], new[new_range.start : new_range.stop]
    once_old, once_new = ({text for text, count in Counter(side).items() if count == 1} for side in (ours, theirs))
    both = once_old & once_new
    places = dict(zip(theirs, new_range, strict=True))
    return [
        (i, places[text], 1e6 + min(len(text), 1e5)) for i, text in zip(old_range, ours, strict=True) if text in both
    ]


def _repeats(gap: Gap, old: Sequence[str], new: Sequence[str]) -> tuple[list[tuple[int, int]], list[Gap]]:
    """Pair texts that stand several times along a longest common subsequence, and give what lies between."""
    common = {old[i] for i in gap.old} & {new[j] for j in gap.new}
    if not common or len(gap.old) * len(gap.new) > LARGEST_TABLE:
        return [], [gap]
    numbers: dict[str, int] = {}
    old_keys = [numbers.setdefault(old[i], len(numbers)) for i in gap.old]
    new_keys = [numbers.setdefault(new[j], len(numbers)) for j in gap.new]
    paired: list[tuple[int, int]] = []
    rests: list[Gap] = []
    rest = Gap([], [])
    for block in LCSseq.opcodes(old_keys, new_keys):
        if block.tag == "equal":
            paired += zip(
                gap.old[block.src_start : block.src_end], gap.new[block.dest_start : block.dest_end], strict=True
            )
            rests, rest = [*rests, rest], Gap([], [])
        rest.old.extend(gap.old[block.src_start : block.src_end] if block.tag != "equal" else ())
        rest.new.extend(gap.new[block.dest_start : block.dest_end] if block.tag != "equal" else ())
    return paired, [one for one in [*rests, rest] if one.old or one.new]
