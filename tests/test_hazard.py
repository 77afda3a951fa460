"""Hazards of edits: what is learned from looks is what the articles were made to do."""

from __future__ import annotations

from math import expm1, log
from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crawler.hazard import OWN_WEIGHT, PRIOR, SINCE, Curve, Edit, Law, Life, chance, learned, worth
from storage.ages import AGES

amounts = st.floats(0, 50)


def looked_at(
    rate: float, every: float, articles: int, *, seed: int, section: str = "s"
) -> tuple[list[Life], list[Edit]]:
    """Watch articles that are edited at a constant rate for 100 hours after their second year."""
    draw, lives, edits = Random(seed), [], []
    born = -20_000.0
    for _ in range(articles):
        before, time, seen = 0.0, every, []
        while time <= 100:
            if draw.random() < -expm1(-rate * (time - before)):
                seen.append((before, time))
            before, time = time, time + every * draw.uniform(0.5, 1.5)
        lives.append(Life(section, "m", born, 0.0, before, seen[-1][1] if seen else None, len(seen)))
        for number, (low, high) in enumerate(seen):
            earlier = seen[number - 1][1] if number else None
            until = seen[number + 1][0] if number + 1 < len(seen) else before
            edits.append(Edit(section, "m", born, low, high, earlier, until))
    return lives, edits


@pytest.mark.parametrize(("rate", "every"), [(0.02, 5.0), (0.02, 50.0), (0.05, 20.0)])
def test_a_rate_is_found_from_irregular_looks_that_miss_most_edits(rate, every):
    lives, edits = looked_at(rate, every, 2000, seed=1)
    law = learned(lives, edits)
    watched = sum(one.last_look - one.first_look for one in lives)
    naive = len(edits) / watched
    assert sum(law.edits) / watched == pytest.approx(rate, rel=0.15)
    assert abs(sum(law.edits) / watched - rate) < abs(naive - rate)


def test_nothing_known_leaves_the_prior():
    law = learned([], [])
    assert (*law.by_age.rates, *law.since_edit.rates[:-1]) == pytest.approx(PRIOR)


def test_looks_that_find_nothing_lower_the_rate():
    lives = [Life("s", "m", 0.0, 0.0, 1000.0)] * 500
    law = learned(lives, [])
    assert all(found < prior for found, prior in zip(law.by_age.rates[:-1], PRIOR, strict=False))
    assert law.since_edit.rates[:-1] == pytest.approx(PRIOR[len(AGES) :])


def test_a_section_that_is_edited_more_has_the_higher_level():
    busy, calm = looked_at(0.05, 5.0, 200, seed=2, section="busy"), looked_at(0.002, 5.0, 200, seed=3, section="calm")
    law = learned([*busy[0], *calm[0]], [*busy[1], *calm[1]])
    assert law.sections["busy"] > 5 * law.sections["calm"]


def test_an_article_that_was_edited_more_than_others_has_the_higher_level():
    law = Law.of(PRIOR)
    quiet, busy = Life("s", "m", 0.0, 0.0, 500.0), Life("s", "m", 0.0, 0.0, 500.0, 30.0, 5)
    assert law.own_level(quiet) < 1 < law.own_level(busy)
    assert law.own_level(Life("s", "m", 0.0, 0.0, 0.0)) == 1
    assert law.own_level(quiet) == pytest.approx(OWN_WEIGHT / (OWN_WEIGHT + law.expected(quiet, 0.0, 500.0)))


@given(st.floats(-10, 1e6), st.floats(-10, 1e6))
def test_what_is_expected_grows_with_time(one, other):
    curve = Curve(AGES, PRIOR[: len(AGES)])
    low, high = sorted((one, other))
    assert 0 <= curve.until(low) <= curve.until(high)


@given(st.floats(0, 1e5), st.floats(0, 1e5), st.floats(0, 1e5))
def test_what_is_expected_adds_up(one, two, three):
    low, middle, high = sorted((one, two, three))
    life = Life("s", "m", 0.0, 0.0, low, 5.0, 1)
    law = Law.of(PRIOR)
    parts = law.expected(life, low, middle) + law.expected(life, middle, high)
    assert parts == pytest.approx(law.expected(life, low, high), abs=1e-6)


@given(amounts, amounts)
def test_worth_and_chance_grow_with_what_is_expected_and_never_pass_one(one, other):
    low, high = sorted((one, other))
    assert 0 <= worth(low) <= worth(high) <= 1
    assert worth(high) <= chance(high) <= 1


def test_worth_is_what_one_more_look_gains():
    """The derivative of states seen, f (1 - exp(-L / f)), by the number of looks."""
    edits, looks, step = 3.0, 4.0, 1e-6
    states = [f * -expm1(-edits / f) for f in (looks, looks + step)]
    assert worth(edits / looks) == pytest.approx((states[1] - states[0]) / step, rel=1e-4)
    assert worth(2e-4) == pytest.approx(2e-8, rel=1e-3)
    assert chance(log(2)) == pytest.approx(0.5)


def test_an_edit_makes_another_likelier_only_for_a_while():
    law = Law.of(PRIOR)
    fresh, old = Life("s", "m", 0.0, 0.0, 9000.0, 8999.0, 1), Life("s", "m", 0.0, 0.0, 9000.0, 10.0, 1)
    assert law.expected(fresh, 9000.0, 9006.0) > 10 * law.expected(old, 9000.0, 9006.0)
    assert law.since_edit.until(SINCE[-1]) == law.since_edit.until(1e9)
