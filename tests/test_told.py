"""Which of the publisher's own records speak of a change, in whichever order they came to be known."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from diffing import disclosure, told
from storage.records import Article, Block, Reason, Told
from tests.makers import at, look

OLD, NEW = look(0, 1), look(24, 2)
SAID = Article("148900001", "https://www.korea.kr/x", "policy-news", "마을 도서관", body=(Block("paragraph", "12명"),))
EDITED = replace(SAID, body=(Block("paragraph", "13명"),))


def answer(hours: float, number: int | None, modified: float | None) -> Told:
    """An answer asked for so many hours after the old state was last seen, and when the record was last modified."""
    return Told(at(hours), number, None if modified is None else at(modified).isoformat())


def reasons(*answers: Told) -> tuple[str, tuple[str, ...]]:
    verdict, found = disclosure.judge(SAID, EDITED, told.signals(answers, OLD, NEW))
    return verdict, tuple(
        one.signal for one in found if one != Reason("none", "title, subtitles, body, attachment names")
    )


@pytest.mark.parametrize(
    ("answers", "verdict", "signals"),
    [
        # asked before and between the looks: the number rose
        ([answer(-1, 1, -9), answer(23, 2, 20)], "stamped", ("modify-id", "modify-date")),
        # told only after the change was found, by when the record had been modified
        ([answer(-1, 1, -9), answer(90, 2, 20)], "stamped", ("modify-id", "modify-date")),
        # the first answer ever says that the record was modified between the looks
        ([answer(90, 4, 20)], "stamped", ("modify-date",)),
        # a number without a date counts when it was told by then
        ([answer(-1, 1, None), answer(23, 2, None)], "stamped", ("modify-id",)),
        ([answer(-1, 1, None), answer(90, 2, None)], "silent", ()),
        # the record was modified before the old state was last seen
        ([answer(-5, 1, -9), answer(30, 2, -3)], "silent", ("none",)),
        ([answer(30, 2, -3)], "silent", ("none",)),
        # only a later modification is known
        ([answer(-1, 1, -9), answer(90, 2, 80)], "silent", ()),
        # the same record after the new state was seen: it did not move
        ([answer(-1, 1, -9), answer(25, 1, -9)], "silent", ("none",)),
        # the same record before the new state was seen: it may have moved since
        ([answer(-1, 1, -9), answer(23, 1, -9)], "silent", ()),
        # two modifications, of which the second came later
        ([answer(-1, 1, -9), answer(23, 2, 20), answer(90, 3, 80)], "stamped", ("modify-id", "modify-date")),
        # told before the new state was seen, by a publisher whose clock is fast
        ([answer(-1, 1, -9), answer(23, 2, 31)], "stamped", ("modify-id", "modify-date")),
        # the number rose and the date did not: it rose after it was last told, whatever the date says
        ([answer(-1, 1, -9), answer(23, 2, -9)], "stamped", ("modify-id",)),
        ([answer(-1, 1, -9), answer(23, 2, -5)], "stamped", ("modify-id", "modify-date")),
        # nobody can tell whether it rose before the new state was seen
        ([answer(-1, 1, -9), answer(30, 2, -9)], "silent", ()),
        # a number that is told late, as of an answer from a store, leaves the date in force
        ([answer(-2.9, 1, -9), answer(23, 2, -3), answer(25, 2, -3)], "silent", ("none",)),
        # the old number is told for hours still, from a store: the date that came with the new one is in force
        ([answer(-1, 1, -9), answer(24, 1, -9), answer(48, 2, 23)], "stamped", ("modify-id", "modify-date")),
        ([answer(24, 1, -9), answer(48, 2, 23)], "stamped", ("modify-date",)),
        # ... and may speak of another time than that between the looks
        ([answer(-1, 1, -9), answer(24, 1, -9), answer(48, 2, -5)], "silent", ("none",)),
        ([answer(-1, 1, -9), answer(30, 1, -9), answer(48, 2, 26)], "silent", ("none",)),
        # a date that stood while the number rose does not
        ([answer(-1, 1, 20), answer(24, 1, 20), answer(48, 2, 20)], "silent", ("none",)),
        ([], "silent", ()),
    ],
)  # fmt: skip
def test_an_answer_counts_by_when_it_was_asked_for_and_by_its_modify_date(answers, verdict, signals):
    assert reasons(*answers) == (verdict, signals)


def test_a_reason_says_when_each_value_was_told():
    found = disclosure.judge(SAID, EDITED, told.signals([answer(-1, 1, None), answer(23, 2, None)], OLD, NEW))[1]
    assert [one.text for one in found] == [f"1 -> 2 (seen {at(-1):%Y-%m-%dT%H:%M:%SZ} and {at(23):%Y-%m-%dT%H:%M:%SZ})"]


def test_the_last_modified_of_the_two_looks_is_handed_over():
    old, new = (
        replace(one, last_modified=value) for one, value in ((OLD, "Sun, 01 Nov 2026 02:00:00 GMT"), (NEW, None))
    )
    before, after = told.signals([], old, new)
    assert (before.last_modified, after.last_modified) == (old.last_modified, None)
    assert after.seen_at is not None
    assert before.seen_at is not None
    assert after.seen_at - before.seen_at == timedelta(hours=24)
