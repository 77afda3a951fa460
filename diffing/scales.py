"""Units without an amount before them, as tables state them: ``억 원``, ``천 명``; how large each of them is."""

from __future__ import annotations

import re
from collections.abc import Iterable
from decimal import Decimal
from typing import NamedTuple

from diffing.amounts import amount
from diffing.units import BASES, UNIT, Kind, read
from storage.records import Fact

_UNIT = re.compile(r"(?P<scale>[천백십만억조]*)\s?(?P<unit>[^\d\s천백십만억조][^천백십만억조]*)?")
_GAS = re.compile(r"(?P<counted>[^\s\d]{1,3})\s?CO2")
"""The 톤 of ``톤CO2eq``."""


class Size(NamedTuple):
    """A unit and how many of it are counted as one; not ``known`` where nobody counts in it: ``전년 대비``."""

    kind: Kind
    unit: str
    factor: Decimal
    known: bool

    @property
    def whole(self) -> tuple[str, Decimal]:
        """The measure that it is a size of, and how many of that it is: m and 1000 of ``km``."""
        base, factor = BASES.get(self.unit, (self.unit, Decimal(1)))
        return base, factor * self.factor


def size(printed: str) -> Size:
    """Read a unit in its plain spelling; 억 and 조 alone are money, and 원/kg is so too; 톤CO2eq is a quantity."""
    hit = _UNIT.fullmatch(printed)
    scale, unit = (hit["scale"], hit["unit"] or "") if hit else ("", printed)
    factor = amount(scale) or Decimal(1)
    if not unit and scale[-1:] in {"억", "조"}:
        return Size("money", "원", factor, known=True)
    if unit and UNIT.fullmatch(unit):
        return Size(*read(unit), factor, known=True)
    gas = _GAS.match(unit)
    counted, _, by = unit.partition("/")
    if by and UNIT.fullmatch(counted):
        return Size(read(counted)[0], unit, factor, known=True)
    if gas and UNIT.fullmatch(gas["counted"]):
        return Size("quantity", f"{read(gas['counted'])[1]}CO2eq", factor, known=True)
    return Size("number", unit, factor, known=False)


def replaced(facts: Iterable[Fact]) -> list[Fact]:
    """Leave out a unit in another's place, which is no value, unless both are sizes of one: ``억 원``, ``백만 원``."""
    return [one for one in facts if not _other_unit(one)]


def _other_unit(fact: Fact) -> bool:
    if fact.old_value is not None or fact.new_value is not None:
        return False
    old, new = size(fact.old), size(fact.new)
    return old.known and new.known and old.whole[0] != new.whole[0]
