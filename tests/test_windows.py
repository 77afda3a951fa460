"""Days are cut into windows without a gap, and what was covered is never asked for again."""

from __future__ import annotations

from datetime import date, timedelta
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crawler.windows import Coverage, Days, months, stretches

DAYS = st.dates(date(1998, 1, 1), date(2030, 12, 31))
SPANS = st.builds(lambda first, days: Days(first, first + timedelta(days=days)), DAYS, st.integers(0, 900))


def number_of(days: Days) -> int:
    """Count the days."""
    return (days.last - days.first).days + 1


def days_of(spans: list[Days]) -> list[date]:
    return [one.first + timedelta(days=n) for one in spans for n in range(number_of(one))]


def test_months_go_from_the_newest_to_the_oldest_with_cut_ends():
    assert months(Days(date(2026, 9, 15), date(2026, 11, 3))) == [
        Days(date(2026, 11, 1), date(2026, 11, 3)),
        Days(date(2026, 10, 1), date(2026, 10, 31)),
        Days(date(2026, 9, 15), date(2026, 9, 30)),
    ]


@given(span=SPANS)
def test_months_hold_every_day_once_and_no_other(span: Days):
    assert sorted(days_of(months(span))) == days_of([span])
    assert all(one.first.month == one.last.month for one in months(span))


@given(span=SPANS, days=st.integers(1, 40))
def test_stretches_hold_every_day_once_and_none_is_too_long(span: Days, days: int):
    found = stretches(span, days)
    assert sorted(days_of(found)) == days_of([span])
    assert all(number_of(one) <= days for one in found)
    assert found == sorted(found, reverse=True)


@given(covered=st.lists(SPANS, max_size=6), wanted=SPANS)
def test_what_is_missing_is_what_was_not_covered(covered: list[Days], wanted: Days):
    coverage = Coverage(covered)
    known = set(days_of(covered))
    assert sorted(days_of(coverage.missing(wanted))) == [day for day in days_of([wanted]) if day not in known]
    for one in coverage.missing(wanted):
        coverage.add(one)
    assert coverage.missing(wanted) == []
    assert Coverage.from_json(coverage.as_json()).spans == coverage.spans


@given(covered=st.lists(SPANS, max_size=6))
def test_spans_that_meet_are_one(covered: list[Days]):
    spans = Coverage(covered).spans
    assert all(a.last + timedelta(days=1) < b.first for a, b in pairwise(spans))


@pytest.mark.parametrize(
    "value",
    [
        None, 7, "2026", {}, [None], [["2026-01-01"]], [["x", "y"]], [["2026-02-01", "2026-01-01"]],
        [["2026-01-01", "2026-01-02", "2026-01-03"]], [[1, 2]], ["ab"],
    ],
)  # fmt: skip
def test_what_is_no_coverage_is_none(value: object):
    assert Coverage.from_json(value).spans == []


def test_a_span_is_widened_by_a_day_on_either_side():
    assert Days(date(2026, 1, 1), date(2026, 1, 31)).widened() == Days(date(2025, 12, 31), date(2026, 2, 1))


def test_the_ends_of_time_are_no_error():
    whole = Days(date.min, date.max)
    assert whole.widened() == whole
    coverage = Coverage([whole])
    coverage.add(Days(date(2026, 1, 1), date(2026, 1, 1)))
    assert coverage.missing(whole) == []
    assert months(Days(date.min, date(1, 2, 3)))[-1] == Days(date.min, date(1, 1, 31))
