"""The choice of looks holds up on simulated edits, against plain policies and against one that knows the hazards."""

from __future__ import annotations

from statistics import mean

import pytest

from benchmarks.scheduling import SHAPES, compare, table


@pytest.fixture(scope="module")
def found():
    return compare(250, 3, range(2))


@pytest.mark.parametrize("shape", SHAPES)
def test_what_is_learned_comes_near_to_knowing_the_hazards(found, shape):
    seen = {name: mean(one.seen for one in results) for name, results in found[shape].items()}
    assert seen["gochim"] >= 0.8 * seen["oracle of the hazards"]
    # Corrections that come after days are seen as well by looking at all alike (docs/scheduling.md).
    assert seen["gochim"] >= (0.9 if shape == "slow" else 1.0) * seen["uniform"]
    assert seen["gochim"] > seen["optimum for freshness"]


def test_no_policy_makes_more_looks_than_its_budget(found):
    assert all(one.looks <= 3 * 168 for policies in found.values() for results in policies.values() for one in results)


def test_every_policy_has_its_line_in_the_table(found):
    assert len(table(found).splitlines()) == 2 + 9 * len(SHAPES)
