"""The gold set: what it covers, and that the differ stays above its floors."""

from __future__ import annotations

import pytest

from benchmarks import gold
from benchmarks.gold.score import Score, score
from storage.records import LABELS


@pytest.fixture(scope="module", params=[False, True], ids=["learnt", "held-out"])
def half(request) -> tuple[Score, bool]:
    total, _ = score(gold.pairs(held_out=request.param))
    return total, request.param


def test_no_label_falls_below_its_floor(half) -> None:
    total, held_out = half
    assert gold.below_floor(total, held_out=held_out) == []


def test_the_floors_can_be_fallen_below(half) -> None:
    total, held_out = half
    total.named["money"] += 1000
    try:
        assert [line.split()[2] for line in gold.below_floor(total, held_out=held_out)] == ["money"]
    finally:
        total.named["money"] -= 1000


def test_every_label_that_two_versions_can_earn_is_in_the_set(half) -> None:
    total, _ = half
    assert set(LABELS) - {"revert"} <= set(total.true)


def test_the_set_is_large_and_the_same_at_every_making() -> None:
    first, again = ([*gold.pairs(held_out=False), *gold.pairs(held_out=True)] for _ in range(2))
    assert len(first) >= 600
    assert first == again


def test_no_edit_leaves_the_article_as_it_was() -> None:
    for held_out in (False, True):
        assert [pair.name for pair in gold.pairs(held_out=held_out) if pair.old == pair.new] == []
