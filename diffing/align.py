"""Paragraphs to paragraphs: kept, edited, moved, added, removed, split, merged.

Paragraphs that stand once on both sides anchor the rest (Bram Cohen's patience diff), likeness pairs what is left
between two anchors, and what finds its partner only across an anchor has moved.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Sequence
from typing import NamedTuple

from diffing import words
from diffing.anchors import anchored
from diffing.forms import plain, squeezed
from diffing.gaps import ALIKE, Filled, Match, fill, same_ends
from diffing.likeness import alike, features, likely_pairs
from diffing.marks import Word
from storage.records import Op

ALIKE_ELSEWHERE = 0.5
"""Least likeness of a paragraph that was edited and moved to its old self."""

ALIKE_SURELY = 0.8
"""Likeness of two paragraphs that are one wherever they stand."""

NEAR = 12
"""Paragraphs to either side of one among which its like are looked for: a list stands together."""


class Alignment(NamedTuple):
    """Paragraphs that are equal and in place (old and new index), and the matches of all others, by first new index."""

    kept: Sequence[tuple[int, int]]
    matches: Sequence[Match]

    def unmatched(self, old: int, new: int) -> tuple[list[int], list[int]]:
        """Give the indices that are in no match, of ``old`` and of ``new`` paragraphs."""
        ours = {i for i, _ in self.kept}.union(*(one.old for one in self.matches))
        theirs = {j for _, j in self.kept}.union(*(one.new for one in self.matches))
        return [i for i in range(old) if i not in ours], [j for j in range(new) if j not in theirs]


def aligned(old: Sequence[str], new: Sequence[str]) -> Alignment:
    """Pair the paragraphs of two texts.

    Args:
        old: block texts of the old body.
        new: block texts of the new body.

    Returns:
        The alignment. What is kept and the matches not ``moved`` do not cross; indices in neither were removed or
        added.
    """
    kept, moved, gaps = anchored(old, new)
    found: list[Match] = []
    lefts: list[tuple[Filled, list[int], list[int]]] = []
    fillings = [(gap, fill(gap, old, new)) for gap in gaps]
    misplaced = _misplaced([one for _, filled in fillings for one in filled.matches], old, new)
    for gap, filled in fillings:
        placed = [one for one in filled.matches if one not in misplaced]
        found += placed
        taken_old = {i for one in placed for i in one.old}
        taken_new = {j for one in placed for j in one.new}
        left = [i for i in gap.old if i not in taken_old], [j for j in gap.new if j not in taken_new]
        if any(left):
            lefts.append((filled, *left))
    elsewhere = [*moved, *_moved(lefts, old, new)]
    found += [Match((i,), (j,), moved=True) for i, j in elsewhere]
    return Alignment(kept, sorted(found, key=lambda one: one.new))


def ops(old: Sequence[str], new: Sequence[str], alignment: Alignment | None = None, *, marked: bool = True) -> list[Op]:
    """Write the steps from ``old`` to ``new``; not ``marked``, without the words that differ inside them.

    The new texts of keep, insert, replace and move, in order, are ``new``; the old texts of keep, delete and replace,
    with each move put in at its ``old_index``, are ``old``. The first part of a split is a replace, the rest inserts;
    a merge is a replace and deletes.
    """
    kept, matches = aligned(old, new) if alignment is None else alignment
    mark = words.diff if marked else _unmarked
    moved_to = {one.new[0]: one.old[0] for one in matches if one.moved}
    gone = set(moved_to.values())
    stays = sorted([*kept, *((one.old[0], one.new[0]) for one in matches if not one.moved)])
    steps: list[Op] = []
    at_old = at_new = 0
    for i, j in [*stays, (len(old), len(new))]:
        # everything removed before the next paragraph that stays goes first, then what came in its place
        if at_old < i:
            steps += [
                Op("delete", old[k], None, mark(old[k], ""), old_index=k) for k in range(at_old, i) if k not in gone
            ]
        if at_new < j:  # a range for each paragraph of a long text that stays would cost more than its step
            for k in range(at_new, j):
                if (at := moved_to.get(k)) is not None:
                    steps.append(Op("move", old[at], new[k], mark(old[at], new[k]), at, k))
                else:
                    steps.append(Op("insert", None, new[k], mark("", new[k]), new_index=k))
        if i == len(old):
            break
        before, after = old[i], new[j]
        if before == after:
            steps.append(Op("keep", after, after, (("keep", after),) if after else (), i, j))
        else:
            steps.append(Op("replace", before, after, mark(before, after), i, j))
        at_old, at_new = i + 1, j + 1
    return steps


def _unmarked(_: str, __: str) -> tuple[Word, ...]:
    return ()


def _misplaced(matches: Sequence[Match], old: Sequence[str], new: Sequence[str]) -> set[Match]:
    """Give the matches that only their place speaks for, where each side is nearly another's: they changed places.

    ``예산은 5억 원이다`` stood above ``기간은 2년이다``, and ``예산은 6억 원이다`` stands below ``기간은 3년이다``.
    """
    weak = [one for one in matches if len(one.old) == len(one.new) == 1 and _is_weak(old[one.old[0]], new[one.new[0]])]
    if len(weak) < 2:
        return set()
    sides = [features(old[one.old[0]]) for one in weak], [features(new[one.new[0]]) for one in weak]
    return {weak[k] for i, j, _ in likely_pairs(*sides, ALIKE_SURELY) if i != j for k in (i, j)}


def _is_weak(old: str, new: str) -> bool:
    return not same_ends(old, new) and alike(features(old), features(new)) < ALIKE


def _moved(
    lefts: Sequence[tuple[Filled, list[int], list[int]]], old: Sequence[str], new: Sequence[str]
) -> list[tuple[int, int]]:
    """Pair what is left across the anchors: equal texts first, then clearly alike ones, best first."""
    left_old = [i for _, ours, _ in lefts for i in ours]
    left_new = [j for _, _, theirs in lefts for j in theirs]
    if not left_old or not left_new:
        return []
    waiting: dict[str, list[int]] = defaultdict(list)
    for j in reversed(left_new):
        waiting[new[j]].append(j)
    pairs = [(i, waiting[old[i]].pop()) for i in left_old if waiting[old[i]]]
    used = {i for i, _ in pairs}, {j for _, j in pairs}
    if len(lefts) == 1:  # all that is left was held against one another when its gap was filled
        likely = lefts[0][0].likely
    else:
        sides = [features(old[i]) for i in left_old], [features(new[j]) for j in left_new]
        likely = [(left_old[i], left_new[j], likeness) for i, j, likeness in likely_pairs(*sides, ALIKE_ELSEWHERE)]
    free = set(left_old), set(left_new)
    for i, j, likeness in sorted(likely, key=lambda pair: (-pair[2], pair[0], pair[1])):
        if likeness < ALIKE_ELSEWHERE:
            break
        if i not in free[0] or j not in free[1] or i in used[0] or j in used[1]:
            continue
        if likeness == 1 or (_share_words(old[i], new[j]) and not _of_a_pattern(i, new[j], likeness, old)):
            used[0].add(i)
            used[1].add(j)
            pairs.append((i, j))
    return pairs


_LETTER = re.compile(r"\w")
_WHO_SPEAKS = re.compile(r"\s*(?:<[^<>]{1,20}>|\w{1,6}\s?[:：])")
"""The ``<답변>`` or ``답:`` that many lines of a briefing begin with."""


def _share_words(old: str, new: str) -> bool:
    """Tell whether two paragraphs share a word beside who speaks: ``열흘입니다`` and ``아직입니다`` have none."""
    said = [_WHO_SPEAKS.sub("", text, count=1).split() for text in (old, new)]
    ours, theirs = (set(filter(_LETTER.search, words)) for words in said)
    return not ours.isdisjoint(theirs) or squeezed(plain(old)) == squeezed(plain(new))


def _of_a_pattern(at: int, new: str, likeness: float, old: Sequence[str]) -> bool:
    """Tell whether an old paragraph near ``at`` is as like the new one as the one there: a pattern filled in anew.

    What ``농업 분야에서는 직불금 사업을 시작한다`` and nine more of the kind share tells none from another.
    """
    sought, said = features(new), set(new.split())
    near = range(max(0, at - NEAR), min(len(old), at + NEAR + 1))
    # rows that differ in figures are all alike, and share fewer 어절 with it than its old self
    common = len(said.intersection(old[at].split()))
    return any(
        k != at and alike(features(old[k]), sought) >= likeness and len(said.intersection(old[k].split())) >= common
        for k in near
    )
