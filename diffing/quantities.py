"""Figures read in the unit that is stated of them, and whether two are one quantity."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace
from decimal import Decimal

from diffing import dates, figures
from diffing.amounts import NUMBER
from diffing.figures import Figure
from diffing.forms import plain, squeezed
from diffing.scales import Size
from diffing.units import BASES

_DIGIT = re.compile(r"\d")
_NUMBER = re.compile(NUMBER)
_ONE_FIGURE = re.compile(r"[-−–△▲+]?\s?" + NUMBER)
"""A cell that is one figure and no more, as most are."""


def of_cell(cell: str) -> list[Figure]:
    """Read the figures of a cell, none of one in which a day stands."""
    text = plain(cell)
    if not _DIGIT.search(text) or (not is_one(text) and dates.scan(text)):
        return []
    return figures.scan(text)


def beside(cell: str, found: Sequence[Figure]) -> str:
    """Give what a cell says beside its figures."""
    parts, at = [], 0
    for one in found:
        parts.append(cell[at : one.start])
        at = one.end
    return squeezed("\0".join([*parts, cell[at:]]))


def is_one(cell: str) -> bool:
    """Tell whether a cell is one figure and no more."""
    return _ONE_FIGURE.fullmatch(cell) is not None


def is_bare(figure: Figure) -> bool:
    """Tell whether a figure is printed without what it counts."""
    return figure.kind == "number" and not figure.unit


def in_unit(figure: Figure, unit: Size | None) -> Figure:
    """Read a bare figure in the unit that is stated of it."""
    if unit is None or not is_bare(figure):
        return figure
    value, high, whole = (one if one is None else one * unit.factor for one in (figure.value, figure.high, figure.size))
    return replace(figure, kind=unit.kind, unit=unit.unit, value=value, high=high, size=whole)


def same(old: Figure, new: Figure, was: Size | None, became: Size | None) -> bool:
    """Tell whether two figures are one quantity; of two sizes of a unit, as far as the coarser is printed."""
    one, other = in_unit(old, was), in_unit(new, became)
    if (one.kind, one.bound) != (other.kind, other.bound):
        return False
    if one.stated == other.stated:
        return True
    first, second = _measured(one), _measured(other)
    if None in {one.value, other.value} or one.high or other.high or first[0] != second[0]:
        return False
    sizes = _size(old, first[1]), _size(new, second[1])
    if sizes[0] == sizes[1] or not all(sizes):
        return False
    steps = [size * _last_digit(figure) for size, figure in zip(sizes, (old, new), strict=True)]
    coarse, exact = (first[1], second[1]) if steps[0] > steps[1] else (second[1], first[1])
    # rounded or cut off
    return exact * coarse >= 0 and -max(steps) / 2 <= abs(exact) - abs(coarse) < max(steps)


def apart(old: Figure, new: Figure, was: Size | None, became: Size | None) -> Decimal:
    """Give how many times one quantity is the other, the larger; without end where they cannot be compared."""
    (base, first), (beside, second) = _measured(in_unit(old, was)), _measured(in_unit(new, became))
    sizes = sorted(map(abs, (first, second)))
    return sizes[1] / sizes[0] if base == beside and sizes[0] else Decimal("Infinity")


def _measured(figure: Figure) -> tuple[str, Decimal]:
    """Give what a figure is measured in, and how many of that it is."""
    base, factor = BASES.get(figure.unit, (figure.unit, Decimal(1)))
    return base, factor * (figure.value or 0)


def _size(figure: Figure, measured: Decimal) -> Decimal:
    """Give how many a printed 1 is: 100 of ``3`` that is 300; 0 of nothing and of a figure in several parts."""
    printed = _NUMBER.findall(figure.core or figure.text)
    number = Decimal(printed[0].replace(",", "")) if len(printed) == 1 else Decimal(0)
    return abs(measured) / number if number else Decimal(0)


def _last_digit(figure: Figure) -> Decimal:
    """Give what the last digit of a printed figure counts: 0.01 of ``1.25``."""
    return Decimal(1).scaleb(-len(_NUMBER.findall(figure.core or figure.text)[0].partition(".")[2]))
