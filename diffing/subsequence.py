"""A longest common subsequence of any two sequences in bounded memory: exact, however long and repetitive they are."""

from __future__ import annotations

from collections.abc import Hashable, Sequence

from rapidfuzz.distance import LCSseq

LARGEST_TABLE = 200_000_000
"""Cells (length times length) of a table that is still made, about 25 MB; beyond, the sequences are halved first."""

WIDTH = 4096
"""Columns that are counted together, as the bits of one number."""


def numbered(old: Sequence[Hashable], new: Sequence[Hashable]) -> tuple[list[int], list[int]]:
    """Give both sequences as numbers, one for each of the things that are equal."""
    numbers: dict[Hashable, int] = {}
    ours, theirs = ([numbers.setdefault(one, len(numbers)) for one in side] for side in (old, new))
    return ours, theirs


def common(old: Sequence[Hashable], new: Sequence[Hashable]) -> list[tuple[int, int]]:
    """Give the pairs of indices of a longest common subsequence, ascending.

    Beyond :data:`LARGEST_TABLE` the old sequence is halved where that loses nothing (Hirschberg 1975), so memory stays
    bounded; time is the product of the lengths divided by the bits that are counted at once.
    """
    return _pairs(*numbered(old, new))


def _pairs(old: list[int], new: list[int]) -> list[tuple[int, int]]:
    if len(old) < 2 or len(new) < 2 or len(old) * len(new) <= LARGEST_TABLE:
        return [
            (block.src_start + k, block.dest_start + k)
            for block in LCSseq.opcodes(old, new)
            if block.tag == "equal"
            for k in range(block.src_end - block.src_start)
        ]
    half = len(old) // 2
    before = _counts(old[:half], new)
    behind = _counts(old[: half - 1 : -1], new[::-1])[::-1]
    cut = max(range(len(new) + 1), key=lambda j: before[j] + behind[j])
    return _pairs(old[:half], new[:cut]) + [(half + i, cut + j) for i, j in _pairs(old[half:], new[cut:])]


def _counts(old: list[int], new: list[int]) -> list[int]:
    """Give the length of a longest common subsequence of ``old`` and the first j of ``new``, for every j.

    A bit of a number stands for each of ``new``; it is cleared where one more has a partner (Hyyrö 2004). What a row
    carries from one group of columns to the next is kept for each row.
    """
    carried = bytearray(len(old))
    counts = [0]
    for start in range(0, len(new), WIDTH):
        columns = new[start : start + WIDTH]
        places: dict[int, int] = {}
        for k, one in enumerate(columns):
            places[one] = places.get(one, 0) | (1 << k)
        full = (1 << len(columns)) - 1
        row = full
        for i, one in enumerate(old):
            there = row & places.get(one, 0)
            total = row + there + carried[i]
            carried[i] = total >> len(columns)
            row = (total | (row - there)) & full
        for letter in bin(row | (full + 1))[:2:-1]:
            counts.append(counts[-1] + (letter == "0"))
    return counts
