"""The lines above tables that state units, and which of them say what the other side says in its own way."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import NamedTuple

from diffing import restated, stated_units, tabular
from diffing.gaps import Match
from storage.records import Block

NEAR = 2
"""Blocks above a table among which the line with its units stands: a title may stand between."""
LONGEST = 120
"""Letters of the longest such line."""


class Above(NamedTuple):
    """By the match of two tables the lines above them; and the places of those that are settled, old and new."""

    lines: dict[Match, tuple[str, str]]
    old: set[int]
    new: set[int]


def found(matches: Iterable[Match], old: Sequence[Block], new: Sequence[Block]) -> Above:
    """Find the lines over tables that stand for one another, and whether their units say the same otherwise."""
    above = Above({}, set(), set())
    for match in matches:
        if len(match.old) > 1 or len(match.new) > 1:
            continue
        i, j = match.old[0], match.new[0]
        if old[i].kind != "table" or new[j].kind != "table":
            continue
        at = _line(old, i), _line(new, j)
        if at == (None, None):
            continue
        above.lines[match] = lines = (
            old[at[0]].text if at[0] is not None else "", new[at[1]].text if at[1] is not None else "",
        )  # fmt: skip
        one, other = old[i].text, new[j].text
        other = tabular.turned(one, other) or other
        if lines[0] != lines[1] and (told := restated.restated(one, other, lines)) and told.same:
            above.old.update([at[0]] if at[0] is not None else [])
            above.new.update([at[1]] if at[1] is not None else [])
    return above


def _line(blocks: Sequence[Block], table: int) -> int | None:
    for k in range(table - 1, max(-1, table - 1 - NEAR), -1):
        if blocks[k].kind == "table":
            return None
        if len(blocks[k].text) <= LONGEST and stated_units.states(blocks[k].text):
            return k
    return None
