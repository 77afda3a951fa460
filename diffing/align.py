"""Paragraphs to paragraphs: kept, edited, moved, added, removed, split, merged.

Paragraphs that stand once on both sides anchor the rest (Bram Cohen's patience diff), likeness pairs what is left
between two anchors, and what finds its partner only across an anchor has moved.
"""

from __future__ import annotations

from collections import defaultdict, deque
from collections.abc import Iterable, Sequence

from diffing import words
from diffing.anchors import anchored
from diffing.gaps import Match, fill
from diffing.likeness import features, likely_pairs
from storage.records import Op

ALIKE_ELSEWHERE = 0.5
"""Least likeness of a paragraph that was edited and moved to its old self."""


def match(old: Sequence[str], new: Sequence[str]) -> list[Match]:
    """Pair the paragraphs of two texts.

    Args:
        old: block texts of the old body.
        new: block texts of the new body.

    Returns:
        The matches by first new index. Those not ``moved`` do not cross; indices in no match were removed or added.
    """
    kept, moved, gaps = anchored(old, new)
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
    removed = deque(i for i in range(len(old)) if i not in stays and i not in gone)
    steps: list[Op] = []
    ends = [*sorted(stays), len(old)]
    passed = 0
    for j, text in enumerate([*new, None]):
        # everything removed before the next paragraph that stays goes first, then what came in its place
        while removed and removed[0] < ends[passed]:
            i = removed.popleft()
            steps.append(Op("delete", old[i], None, words.diff(old[i], ""), old_index=i))
        if text is None:
            break
        if j not in by_new:
            steps.append(Op("insert", None, text, words.diff("", text), new_index=j))
            continue
        i, moved = by_new[j]
        if moved:
            steps.append(Op("move", old[i], text, words.diff(old[i], text), i, j))
            continue
        passed += 1
        if old[i] == text:
            steps.append(Op("keep", text, text, (("keep", text),) if text else (), i, j))
        else:
            steps.append(Op("replace", old[i], text, words.diff(old[i], text), i, j))
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
