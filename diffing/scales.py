"""Figures that follow a table's unit: what were 12 in 억원 are 1,200 in 백만원, and no value was replaced."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable
from decimal import Decimal

from diffing.amounts import amount
from storage.records import Fact

_UNIT = re.compile(r"[천백십만억조]*\s?원")
"""``억원``, ``백만원``, ``원``: no amount stands before it."""


def unscaled(facts: Collection[Fact]) -> Iterable[Fact]:
    """Leave out the bare figures that say the same in the unit that was put in another's place."""
    factors = [
        (amount(one.old or "") or Decimal(1)) / (amount(one.new or "") or Decimal(1))
        for one in facts
        if one.kind == "money" and all(_UNIT.fullmatch(text or "") for text in (one.old, one.new))
    ]
    return facts if not factors else [one for one in facts if not _follows(one, factors)]


def _follows(fact: Fact, factors: Iterable[Decimal]) -> bool:
    values = fact.old_value, fact.new_value
    if fact.kind != "number" or not all(isinstance(one, (int, float)) for one in values):
        return False
    old, new = (Decimal(str(one)) for one in values)
    return any(factor != 1 and old * factor == new for factor in factors)
