"""A figure and its unit are written together or apart, 30만원 and 30만 원: the ways in which a term may be printed."""

from __future__ import annotations

import re
from functools import lru_cache
from itertools import product

# 30만, 3조 5000억, 2만 1천, 12.5, 2026년 8월 20; the spaces within may be there or not
_FIGURE = re.compile(r"\d[\d.]*(?: ?(?:[십백천만억조]+(?: ?\d[\d.]*)?|[년월] ?\d[\d.]*))*")
# 0만, 조5, 조 5, 월 2: where a figure may be spaced
_WITHIN = re.compile(r"(?<=\d) ?(?=[십백천만억조년월])|(?<=[십백천만억조년월]) ?(?=\d)")
# 원, 명, 개소, kg, %: what may follow a figure with or without a space
_UNIT = re.compile(r" ?(?=[가-힣a-z%])")
_MOST_JOINTS = 6
"""Spaces that are tried both ways; a term with more keeps the others as they are asked for."""


@lru_cache(maxsize=256)
def spellings(term: str) -> tuple[str, ...]:
    """Give a folded term as it is and with every other spacing of its figures: ``30만원``, ``30만 원``, ``30 만원``."""
    joints: list[tuple[int, int]] = []
    for figure in _FIGURE.finditer(term):
        joints += [joint.span() for joint in _WITHIN.finditer(term, *figure.span())]
        unit = _UNIT.match(term, figure.end())
        joints += [unit.span()] if unit else []
    joints = joints[:_MOST_JOINTS]
    if not joints:
        return (term,)
    ends = [0, *(end for _, end in joints)]
    parts = [term[end:start] for end, start in zip(ends, [*(start for start, _ in joints), len(term)], strict=True)]
    made = [
        "".join(map("".join, zip(parts, (*spaces, ""), strict=True)))
        for spaces in product(("", " "), repeat=len(joints))
    ]
    return (term, *(one for one in made if one != term))


def stands(term: str, folded: str) -> bool:
    """Say whether a folded term stands in a folded text in any of its spellings."""
    return any(one in folded for one in spellings(term))
