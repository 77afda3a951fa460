"""What an edit did, known because the edit was made: labels, weight, values.

Nothing here or in its neighbours asks the differ anything: the truth comes from the edit alone.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from random import Random

from storage.records import WEIGHTS, Article, Weight

COSMETIC: Weight = "cosmetic"
WORDING: Weight = "wording"
SUBSTANCE: Weight = "substance"

Value = float | int | str | None


@dataclass(frozen=True)
class Replaced:
    """A value replaced by a value.

    ``old`` and ``new`` are what the printed forms must contain; the values are compared unless ``valued`` is False,
    which it is for dates and names, whose value has no form that users rely on.
    """

    kind: str
    old: str
    new: str
    old_value: Value = None
    new_value: Value = None
    valued: bool = True


@dataclass(frozen=True)
class Edit:
    """A text after an edit, with what-labels, weight and values; ``facts`` None leaves the values unheld."""

    text: str
    labels: frozenset[str]
    weight: Weight
    facts: tuple[Replaced, ...] | None = ()


Editor = Callable[[str, Random], Edit | None]
"""Edits a text at a place of its own choice; None where the text offers none."""


@dataclass(frozen=True)
class Pair:
    """Two states of an article and the truth about what lies between; weight or facts None are not held."""

    name: str
    old: Article
    new: Article
    labels: frozenset[str]
    weight: Weight | None
    facts: tuple[Replaced, ...] | None = ()
    held_out: bool = False
    optional: frozenset[str] = field(default=frozenset())


def heaviest(weights: list[Weight]) -> Weight:
    """Give the heaviest of several weights."""
    return max(weights, key=WEIGHTS.index)
