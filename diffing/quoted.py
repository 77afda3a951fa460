"""What stands between quotation marks, and which of it lies over a part of the text."""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from collections.abc import Sequence
from itertools import accumulate

_PAIRS = {"“": "”", "‘": "’", '"': '"', "'": "'"}
_OPENING = re.compile("[“‘\"']")
_SHORT_YEAR = re.compile(r"\d\d(?=년|[.~∼〜–/·,)-]|\s|$)")
"""The 24 of ``'24년`` and ``'24. 6.``, not that of ``‘24개 과제’``"""
LONGEST_QUOTATION = 1500
"""Letters after which a quotation mark without its partner is taken for a stray one."""


def quotations(text: str) -> list[tuple[int, int]]:
    """Give start and end of what stands between quotation marks."""
    spans: list[tuple[int, int]] = []
    at = 0
    while (opening := _OPENING.search(text, at)) is not None:
        at = opening.start()
        closing = _PAIRS[text[at]]
        # an apostrophe inside a word (It's) or before a year ('24) opens nothing
        if not (text[at] in "'‘" and (text[at - 1 : at].isalnum() or _SHORT_YEAR.match(text, at + 1))):
            end = text.find(closing, at + 1, at + LONGEST_QUOTATION)
            if end > 0:
                spans.append((at + 1, end))
                at = end if closing in '"”' else at
        at += 1
    return spans


class Quotations:
    """The quotations of a text, found by where they lie: a text may have thousands."""

    def __init__(self, text: str) -> None:
        self._spans: Sequence[tuple[int, int]] = quotations(text)
        self._starts = [low for low, _ in self._spans]
        self._reach = list(accumulate((high for _, high in self._spans), max))

    def over(self, start: int, end: int) -> list[tuple[int, int]]:
        """Give start and end of those of which something lies between ``start`` and ``end``, in order."""
        first, last = bisect_right(self._reach, start), bisect_left(self._starts, end)
        return [(low, high) for low, high in self._spans[first:last] if high > start]
