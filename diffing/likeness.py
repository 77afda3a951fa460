"""How alike two paragraphs are, and which of many are worth holding against one another.

Alike is the Dice share of the letter pairs within 어절 (figures count as one letter, so a changed figure leaves a line
recognisable). Unrelated Korean sentences share few such pairs, though they share many single syllables.
"""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from functools import lru_cache
from itertools import pairwise
from struct import Struct

from diffing.chain import Pair
from diffing.forms import plain

Features = frozenset[str]
_FIGURE = re.compile(r"\d[\d,.]*|[①-⑳Ⅰ-Ⅻ㉠-㉭㉮-㉻]|(?<![^\W_])[가나다라마바사아자차카타파하](?=[.)]\s)")
"""What may change in a line that stays the same: ``1,234.5``, and the ``③`` and ``다.`` that number it."""
_WORD = re.compile(r"\w+")

FULL_PRODUCT = 10_000
"""Pairs up to which every old paragraph is held against every new one; beyond, rare letter pairs propose."""

RARE = 12
"""A letter pair found in more paragraphs than this proposes nothing."""

WITNESSES = 24
"""Letter pairs of a paragraph, the rarest, that may propose."""

BESIDE = 3
"""Places to either side of a paragraph's own, told from the first, from the last and by share, that are proposed."""


def without_figures(text: str) -> str:
    """Write ``0`` for every figure and ordinal of ``text`` in its plain spelling."""
    return _FIGURE.sub("0", plain(text))


@lru_cache(maxsize=2048)
def features(text: str) -> Features:
    """Give the letter pairs of ``text`` within its 어절, figures as ``0``; of one-letter 어절 the letter itself."""
    words = _WORD.findall(without_figures(text))
    return frozenset([first + second for word in words for first, second in pairwise(word)]) | {
        word for word in words if len(word) == 1
    }


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

    Beyond :data:`FULL_PRODUCT` pairs only those are looked at that share a rare letter pair or stand in about one
    place: rows of a long list share no rare letters, and a paragraph edited in place need have none.
    """
    if len(old) * len(new) <= FULL_PRODUCT:
        return _all_pairs(old, new, at_least)
    found = []
    for i, others in _proposed(old, new):
        for j in others:
            likeness = alike(old[i], new[j])
            if likeness >= at_least:
                found.append((i, j, likeness))
    return found


def _all_pairs(old: Sequence[Features], new: Sequence[Features], at_least: float) -> list[Pair]:
    """Hold every old paragraph against every new one, all in one sum for each old one.

    A letter pair is a number with a lane of 32 bits for each new paragraph, one in the lanes of those that have it:
    the sum over the pairs of an old paragraph counts in each lane what the two share.
    """
    known: set[str] = set().union(*old)
    lanes: dict[str, int] = {}
    for j, those in enumerate(new):
        one = 1 << (32 * j)
        for pair in those & known:
            lanes[pair] = lanes.get(pair, 0) + one
    counts = Struct(f"<{len(new)}I")
    sizes = [len(those) for those in new]
    found = []
    for i, those in enumerate(old):
        total = sum(filter(None, map(lanes.get, those)))
        shared = counts.unpack(total.to_bytes(counts.size, "little"))
        for j, count in enumerate(shared):
            size = len(those) + sizes[j]
            if count and 2 * count >= at_least * size:
                found.append((i, j, 2 * count / size))
    return found


def _proposed(old: Sequence[Features], new: Sequence[Features]) -> Iterable[tuple[int, Iterable[int]]]:
    places: dict[str, list[int]] = defaultdict(list)
    for j, those in enumerate(new):
        for one in those:
            places[one].append(j)
    for i, those in enumerate(old):
        known = sorted((len(places[one]), one) for one in those if one in places)
        votes: Counter[int] = Counter()
        for count, one in known[:WITNESSES]:
            if count <= RARE:
                votes.update(places[one])
        # ties by place, for the order of a set of strings changes from run to run
        witnessed = sorted(votes, key=lambda j: (-votes[j], j))[:RARE]
        yield i, sorted({*witnessed, *_in_place(i, len(old), len(new))})


def _in_place(i: int, old: int, new: int) -> Iterable[int]:
    """Give the places among ``new`` paragraphs that the ``i``-th of ``old`` ones may have."""
    for place in (i, i + new - old, i * new // old):
        yield from range(max(0, place - BESIDE), min(new, place + BESIDE + 1))
