"""Figures that follow a table's unit: what were 12 in 억원 are 1,200 in 백만원, and no value was replaced.

The unit may be what people or things are counted in, and what is printed in the larger one may be rounded.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable
from decimal import Decimal

from diffing.amounts import amount
from diffing.units import BASES
from storage.records import Fact

_UNIT = re.compile(r"(?P<scale>[천백십만억조]*)\s?(?P<unit>[^\d\s천백십만억조]+)")
"""``억원``, ``천 명``, ``톤``: no amount stands before it."""


def unscaled(facts: Collection[Fact]) -> Iterable[Fact]:
    """Leave out what replaced no value: a unit in another's place, unless its size differs, and what follows it."""
    factors = {one: _factor(one) for one in facts if one.old_value is None and one.new_value is None}
    sizes = [factor for factor in factors.values() if factor]
    return [one for one in facts if factors.get(one) != 0 and not any(_follows(one, factor) for factor in sizes)]


def _factor(fact: Fact) -> Decimal | None:
    """Give how many of the new unit one of the old is, 0 where they are no sizes of one unit; None of no units."""
    sides = [_UNIT.fullmatch(text) for text in (fact.old, fact.new)]
    sizes = []
    for side in sides:
        if side is None:
            return None
        base, factor = BASES.get(side["unit"], (side["unit"], Decimal(1)))
        sizes.append((base, factor * (amount(side["scale"]) or 1)))
    (base, old), (other, new) = sizes
    return old / new if base == other else Decimal(0)


def _follows(fact: Fact, factor: Decimal) -> bool:
    """Tell whether a bare figure is the old one in the new unit, as far as the coarser of both is printed."""
    values = fact.old_value, fact.new_value
    if factor == 1 or fact.kind != "number" or not all(isinstance(one, (int, float)) for one in values):
        return False
    old, new = (Decimal(str(one)) for one in values)
    coarse, exact, printed = (new, old * factor, fact.new) if factor < 1 else (old, new / factor, fact.old)
    last = Decimal(1).scaleb(-len((printed or "").partition(".")[2]))
    # rounded or cut off
    return exact * coarse >= 0 and -last / 2 <= abs(exact) - abs(coarse) < last
