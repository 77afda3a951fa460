"""The gold set: edits whose truth is known, made by scripts over the replica's articles and by hand."""

from __future__ import annotations

import tomllib
from collections.abc import Iterator
from pathlib import Path

from benchmarks.gold import by_hand, scripted
from benchmarks.gold.edit import Pair
from benchmarks.gold.score import Score

FLOORS = Path(__file__).parent / "floors.toml"
AIM = 0.97
"""Precision and recall wanted of every label."""


def pairs(*, held_out: bool) -> Iterator[Pair]:
    """Give the half of the set that rules are tuned on, or the half that is only measured."""
    for pair in (*by_hand.pairs(), *scripted.pairs()):
        if pair.held_out == held_out:
            yield pair


def below_floor(score: Score, *, held_out: bool) -> list[str]:
    """Name every label whose precision or recall lies under its pinned floor, in words."""
    floors = tomllib.loads(FLOORS.read_text(encoding="utf-8"))["held-out" if held_out else "learnt"]
    found = []
    for name, _, precision, recall in score.rows():
        floor = floors["labels"].get(name, floors["every-label"])
        for what, share in (("precision", precision), ("recall", recall)):
            if share is not None and share < floor:
                found.append(f"{what} of {name} is {share:.3f}, its floor is {floor}")
    return found
