"""What is left of a walk back is estimated from what is known, and said to be an estimate, or not said."""

from __future__ import annotations

import pytest

from crawler.estimates import Cost, Estimate


def test_what_is_left_costs_what_it_cost_so_far():
    found = Cost(600, 100).estimate(41_000, delay=1.0, budget=3000)
    assert found == Estimate(41_000, 246_000, 246_000 / 86_400, 82)
    assert found.sentence() == (
        "about 41,000 articles left by the lists' totals: an estimated 246,000 requests, 2.8 days without a pause, "
        "82 runs of this size"
    )


def test_less_than_a_day_is_said_in_hours():
    found = Cost(100, 100).estimate(3600, delay=1.0, budget=10_000)
    assert found is not None
    assert "1.0 hours without a pause" in found.sentence()
    assert "runs" not in found.sentence()
    assert "less than an hour without" in Estimate(1, 6, 0.0, 1).sentence()
    assert "about 1 article left by the lists' totals: an estimated 1 request, less" in Estimate(1, 1, 0, 1).sentence()


def test_without_totals_or_experience_nothing_is_guessed():
    assert Cost(600, 100).estimate(None, 1.0, 3000) is None
    assert Cost(20, 9).estimate(100, 1.0, 3000) is None


@pytest.mark.parametrize(
    "part", [{}, {"requests": "7", "articles": 1}, {"requests": -1, "articles": 3}, {"requests": 1}]
)
def test_what_is_no_number_is_nothing(part: dict):
    assert Cost.of(part) == Cost()


def test_runs_add_up():
    assert Cost.of({"requests": 5, "articles": 1}).plus(7, 2) == Cost(12, 3)
