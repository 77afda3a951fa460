"""How alike two paragraphs are, and the heaviest chain of pairs that do not cross.

Alike is the Dice share of the letter pairs within 어절 (figures count as one letter, so a changed figure leaves a line
recognisable). Unrelated Korean sentences share few such pairs, though they share many single syllables.
"""

from __future__ import annotations

import re
from bisect import bisect_left
from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from itertools import pairwise

from diffing.forms import plain

Features = frozenset[str]
Pair = tuple[int, int, float]
"""Old index, new index, weight."""

_FIGURE = re.compile(r"\d[\d,.]*")
_PART = re.compile(r"\w+")

FULL_PRODUCT = 10_000
"""Pairs up to which every old paragraph is held against every new one; beyond, rare letter pairs propose."""

RARE = 12
"""A letter pair found in more paragraphs than this proposes nothing."""


def features(text: str) -> Features:
    """Give the letter pairs of ``text`` within its 어절, figures as ``0``; of one-letter 어절 the letter itself."""
    found: set[str] = set()
    for part in _PART.findall(_FIGURE.sub("0", plain(text))):
        found.update(map("".join, pairwise(part)) if len(part) > 1 else part)
    return frozenset(found)


def alike(old: Features, new: Features) -> float:
    """Give the Dice share of two feature sets, 0.0 to 1.0; two empty sets are not alike."""
    if not old or not new:
        return 0.0
    return 2 * len(old & new) / (len(old) + len(new))


def contained(part: Features, whole: Features) -> float:
    """Give the share of ``part`` that ``whole`` holds, 0.0 to 1.0."""
    return len(part & whole) / len(part) if part else 0.0


def likely_pairs(old: Sequence[Features], new: Sequence[Features], at_least: float) -> list[Pair]:
    """List (old, new, likeness) of every pair of at least the given likeness, in order.

    Beyond :data:`FULL_PRODUCT` pairs only those are looked at that share a rare letter pair.
    """
    if len(old) * len(new) <= FULL_PRODUCT:
        proposed: Iterable[tuple[int, Iterable[int]]] = ((i, range(len(new))) for i in range(len(old)))
    else:
        proposed = _proposed(old, new)
    found = []
    for i, others in proposed:
        for j in others:
            likeness = alike(old[i], new[j])
            if likeness >= at_least:
                found.append((i, j, likeness))
    return found


def _proposed(old: Sequence[Features], new: Sequence[Features]) -> Iterable[tuple[int, Iterable[int]]]:
    places: dict[str, list[int]] = defaultdict(list)
    for j, those in enumerate(new):
        for one in those:
            places[one].append(j)
    for i, those in enumerate(old):
        votes: Counter[int] = Counter()
        for one in those:
            if len(places.get(one, ())) <= RARE:
                votes.update(places.get(one, ()))
        # ties by place, for the order of a set of strings changes from run to run
        yield i, sorted(sorted(votes, key=lambda j: (-votes[j], j))[:RARE])


def heaviest_chain(pairs: Iterable[Pair]) -> list[tuple[int, int]]:
    """Choose the pairs of greatest total weight that do not cross and use no index twice.

    O(n log n) by a Fenwick tree of running maxima over the new indices.
    """
    ordered = sorted(pairs, key=lambda pair: (pair[0], -pair[1]))
    ranks = sorted({j for _, j, _ in ordered})
    best: list[tuple[float, int]] = [(0.0, -1)] * (len(ranks) + 1)
    before = [-1] * len(ordered)
    for index, (_, j, weight) in enumerate(ordered):
        rank = bisect_left(ranks, j)
        top, at = (0.0, -1), rank
        while at > 0:
            top, at = max(top, best[at]), at & (at - 1)
        before[index] = top[1]
        total, at = (top[0] + weight, index), rank + 1
        while at <= len(ranks):
            best[at], at = max(best[at], total), at + (at & -at)
    top, at = (0.0, -1), len(ranks)
    while at > 0:
        top, at = max(top, best[at]), at & (at - 1)
    chain, index = [], top[1]
    while index >= 0:
        chain.append(ordered[index][:2])
        index = before[index]
    return chain[::-1]
