"""The choice of looks holds up on simulated edits, against plain policies and against one that knows the hazards."""

from __future__ import annotations

from statistics import mean

import pytest

from benchmarks.histories import SHAPES, Story, World
from benchmarks.scheduling import Play, Policy, compare, policies, table

WORLD = World("half a year kept, a tight budget", 180, 3, 30, 10, 30, 6, 3)
MOST = WORLD.budget * (WORLD.days - WORLD.counted) * 24 / WORLD.every
SMALL = World("a few", 4, 5, 6, 1, 6, 6, 2)


@pytest.fixture(scope="module")
def found():
    return dict(compare(WORLD, range(2)))


@pytest.mark.parametrize("shape", SHAPES)
def test_what_is_learned_comes_near_to_knowing_the_hazards(found, shape):
    seen = {name: mean(one.seen for one in results) for name, results in found[shape].items()}
    assert seen["gochim"] >= 0.85 * seen["oracle of the hazards"]
    assert seen["gochim, all of the budget"] >= 0.88 * seen["oracle of the hazards"]
    assert seen["gochim"] >= 1.5 * seen["uniform"]
    assert seen["gochim"] > seen["optimum for freshness"]


def test_every_edit_is_seen_lost_or_waits_and_all_policies_are_told_the_same(found):
    for results in (one for policy in found.values() for one in policy.values()):
        assert all(one.made == len(one.delays) + one.lost + one.waiting for one in results)
    for policy in found.values():
        assert len({tuple(one.made for one in results) for results in policy.values()}) == 1


def test_no_policy_makes_more_looks_than_its_budget(found):
    assert all(0 < one.looks <= MOST for policy in found.values() for results in policy.values() for one in results)


@pytest.mark.parametrize("name", ["uniform", "NewsDiffs' bands", "optimum for freshness", "oracle of the hazards"])
def test_judging_those_alone_that_may_be_chosen_chooses_whom_judging_all_does(name):
    class Plain(Play):
        """Judges all at every run."""

        def _judged(self, now):
            self.wait = [0.0] * len(self.wait)
            return super()._judged(now)

    stories, policy = WORLD.stories("bursts", 7), policies("bursts")[name]
    quick, plain = Play(WORLD, stories, policy), Plain(WORLD, stories, policy)
    assert quick.run() == plain.run()
    assert [one.edits for one in quick.stories] == [one.edits for one in plain.stories]


def test_a_look_shows_the_newest_edit_and_tells_which_are_lost():
    story = Story(0.0, 1.0, [(1.0, 1), (5.0, 2), (6.0, 3), (9.0, 4), (9.5, 3)])
    assert story.look(2.0) == (None, [])
    assert story.look(7.0) == (6.0, [5.0])
    assert story.look(8.0) == (None, [])
    assert story.look(10.0) == (None, [9.0, 9.5])
    assert story.edits == [(2.0, 7.0)]


def test_who_was_promised_a_look_gets_one_though_there_is_nothing_to_gain():
    stories = WORLD.stories("slow", 3)
    play = Play(WORLD, stories, Policy(None, least=1.0, promise=10 * 24.0))
    assert play.run().looks == MOST
    assert sum(one.looks > 2 for one in play.stories) >= MOST / 2


def test_every_policy_has_its_line_in_the_table():
    lines = list(table(SMALL, range(1)))
    assert len(lines) == 4 + len(policies("slow")) * len(SHAPES)
    assert len({line.count("|") for line in lines[2:]}) == 1
