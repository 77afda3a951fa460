"""The heaviest chain of pairs that do not cross."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterable

Pair = tuple[int, int, float]
"""Old index, new index, weight."""


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
