"""Paragraphs to paragraphs: kept, edited, moved, added, removed, split, merged.

Paragraphs that stand once on both sides anchor the rest (Bram Cohen's patience diff), likeness pairs what is left
between two anchors, and what finds its partner only across an anchor has moved.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from itertools import pairwise

from rapidfuzz.distance import LCSseq

from diffing import words
from diffing.gaps import Gap, Match, fill
from diffing.likeness import Pair, features, heaviest_chain, likely_pairs
from storage.records import Op

ALIKE_ELSEWHERE = 0.6
"""Least likeness of a paragraph that was edited and moved to its old self."""

LARGEST_TABLE = 25_000_000
"""Cells beyond which repeated paragraphs between two anchors are paired by likeness only."""


def match(old: Sequence[str], new: Sequence[str]) -> list[Match]:
    """Pair the paragraphs of two texts.

    Args:
        old: block texts of the old body.
        new: block texts of the new body.

    Returns:
        The matches by first new index. Those not ``moved`` do not cross; indices in no match were removed or added.
    """
    kept, moved, gaps = _anchored(old, new)
    edited: list[Match] = []
    left_old: list[int] = []
    left_new: list[int] = []
    for gap in gaps:
        found = fill(gap, old, new)
        edited += found
        taken_old, taken_new = {i for one in found for i in one.old}, {j for one in found for j in one.new}
        left_old += [i for i in gap.old if i not in taken_old]
        left_new += [j for j in gap.new if j not in taken_new]
    elsewhere = [*moved, *_moved(left_old, left_new, old, new)]
    matches = [Match((i,), (j,)) for i, j in kept] + edited + [Match((i,), (j,), moved=True) for i, j in elsewhere]
    return sorted(matches, key=lambda one: one.new)


def ops(old: Sequence[str], new: Sequence[str], matches: Iterable[Match] | None = None) -> list[Op]:
    """Write the steps from ``old`` to ``new``.

    The new texts of keep, insert, replace and move, in order, are ``new``; the old texts of keep, delete and replace,
    with each move put in at its ``old_index``, are ``old``. The first part of a split is a replace, the rest inserts;
    a merge is a replace and deletes.
    """
    by_new: dict[int, tuple[int, bool]] = {}
    for one in match(old, new) if matches is None else matches:
        by_new[one.new[0]] = (one.old[0], one.moved)
    stays = {i for i, moved in by_new.values() if not moved}
    gone = {i for i, moved in by_new.values() if moved}
    removed = [i for i in range(len(old)) if i not in stays and i not in gone]
    steps: list[Op] = []
    ends = [*sorted(stays), len(old)]
    passed = 0
    for j, text in enumerate([*new, None]):
        # everything removed before the next paragraph that stays goes first, then what came in its place
        while removed and removed[0] < ends[passed]:
            i = removed.pop(0)
            steps.append(Op("delete", old[i], None, words.diff(old[i], ""), old_index=i))
        if text is None:
            break
        if j not in by_new:
            steps.append(Op("insert", None, text, words.diff("", text), new_index=j))
            continue
        i, moved = by_new[j]
        kind = "move" if moved else "keep" if old[i] == text else "replace"
        steps.append(Op(kind, old[i], text, words.diff(old[i], text), old_index=i, new_index=j))  # type: ignore[arg-type]
        if not moved:
            passed += 1
    return steps


def apply(old: Sequence[str], steps: Iterable[Op]) -> list[str]:
    """Apply steps to the old paragraphs and give the new ones.

    Raises:
        ValueError: the steps were made for another text.
    """
    steps = list(steps)
    moved = {step.old_index for step in steps if step.op == "move"}
    remaining = iter([text for i, text in enumerate(old) if i not in moved])
    result: list[str] = []
    for step in steps:
        if step.op == "move":
            there = step.old_index is not None and step.old_index < len(old) and old[step.old_index] == step.old
        else:
            there = step.op == "insert" or next(remaining, None) == step.old
        if not there:
            raise ValueError(f"step {step.op} expects the paragraph {step.old!r}, which is not in its place")
        if step.op != "delete":
            result.append(step.new or "")
    if next(remaining, None) is not None:
        raise ValueError("the steps end before the old paragraphs do")
    return result


def _anchored(old: Sequence[str], new: Sequence[str]) -> tuple[list[tuple[int, int]], list[tuple[int, int]], list[Gap]]:
    """Pair equal paragraphs: those in place, those that crossed, and the gaps between."""
    head = 0
    while head < min(len(old), len(new)) and old[head] == new[head]:
        head += 1
    tail = 0
    while tail < min(len(old), len(new)) - head and old[-1 - tail] == new[-1 - tail]:
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
    old_counts, new_counts = Counter(old[i] for i in old_range), Counter(new[j] for j in new_range)
    places = {new[j]: j for j in new_range}
    return [
        (i, places[old[i]], 1e6 + min(len(old[i]), 1e5))
        for i in old_range
        if old_counts[old[i]] == 1 and new_counts[old[i]] == 1
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


def _moved(left_old: list[int], left_new: list[int], old: Sequence[str], new: Sequence[str]) -> list[tuple[int, int]]:
    """Pair what is left across the anchors: equal texts first, then clearly alike ones, best first."""
    pairs: list[tuple[int, int]] = []
    waiting: dict[str, list[int]] = defaultdict(list)
    for j in reversed(left_new):
        waiting[new[j]].append(j)
    pairs = [(i, waiting[old[i]].pop()) for i in left_old if waiting[old[i]]]
    rest_old = [i for i in left_old if i not in {one for one, _ in pairs}]
    rest_new = [j for j in left_new if j not in {one for _, one in pairs}]
    likely = likely_pairs([features(old[i]) for i in rest_old], [features(new[j]) for j in rest_new], ALIKE_ELSEWHERE)
    used: tuple[set[int], set[int]] = set(), set()
    for i, j, _ in sorted(likely, key=lambda pair: (-pair[2], pair[0], pair[1])):
        if i not in used[0] and j not in used[1]:
            used[0].add(i)
            used[1].add(j)
            pairs.append((rest_old[i], rest_new[j]))
    return pairs
