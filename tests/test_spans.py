"""A time that a person writes is the whole of what it names, in Korean time unless it says otherwise."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crawler.spans import days, span
from storage.records import KST


@pytest.mark.parametrize(
    ("written", "begin", "end"),
    [
        ("2026", "2026-01-01T00:00+09:00", "2027-01-01T00:00+09:00"),
        ("2026-12", "2026-12-01T00:00+09:00", "2027-01-01T00:00+09:00"),
        ("2026-W48", "2026-11-23T00:00+09:00", "2026-11-30T00:00+09:00"),
        ("2026W485", "2026-11-27T00:00+09:00", "2026-11-28T00:00+09:00"),
        ("2026-331", "2026-11-27T00:00+09:00", "2026-11-28T00:00+09:00"),
        ("2026-001", "2026-01-01T00:00+09:00", "2026-01-02T00:00+09:00"),
        ("2024366", "2024-12-31T00:00+09:00", "2025-01-01T00:00+09:00"),
        ("2026-11-27", "2026-11-27T00:00+09:00", "2026-11-28T00:00+09:00"),
        (" 20261127\n", "2026-11-27T00:00+09:00", "2026-11-28T00:00+09:00"),
    ],
)
def test_a_day_week_month_or_year_alone_is_the_whole_of_it(written: str, begin: str, end: str):
    found = span(written)
    assert (found.begin, found.end) == (datetime.fromisoformat(begin), datetime.fromisoformat(end))
    assert found.last == found.end - timedelta.resolution


@pytest.mark.parametrize(
    ("written", "instant"),
    [
        ("2026-11-27T14:05", "2026-11-27T14:05+09:00"),
        ("2026-11-27 14:05:09,5", "2026-11-27T14:05:09.5+09:00"),
        ("20261127T140509Z", "2026-11-27T14:05:09+00:00"),
        ("2026-11-27t05:05:09z", "2026-11-27T05:05:09+00:00"),
        ("2026-11-27T14:05-0330", "2026-11-27T14:05-03:30"),
        ("2026-W48-5T14", "2026-11-27T14:00+09:00"),
        ("2026-331T14:05", "2026-11-27T14:05+09:00"),
        ("2026-12-31T24:00", "2027-01-01T00:00+09:00"),
        ("20261231T240000Z", "2027-01-01T00:00+00:00"),
        ("2026-11-27T24:00:00.0-05:00", "2026-11-28T00:00-05:00"),
    ],
)
def test_a_time_of_day_is_an_instant(written: str, instant: str):
    found = span(written)
    assert found.begin == found.end == datetime.fromisoformat(instant)


def test_what_is_told_to_the_second_was_so_by_the_end_of_that_second():
    # A version first seen at 14:05:09.25 is printed as of 14:05:09; asked for by that, it is the one that is shown.
    assert span("2026-11-27T14:05:09+09:00").last == datetime.fromisoformat("2026-11-27T14:05:09.999999+09:00")
    assert span("2026-11-27T14:05:09.25+09:00").last == datetime.fromisoformat("2026-11-27T14:05:09.25+09:00")


@pytest.mark.parametrize(
    "written",
    ["", "0000", "2026-13", "202611", "2026-1-1", "2026-02-30", "2026-366", "2026-000", "0001-000", "2026-W54",
     "2026-11-27Z", "2026-11-27+09:00", "2026-11-27x10:00", "2026-11-27T", "T10:00", "2026-11-27T24:01",
     "2026-11-27T14:05:60", "２０２６-11-27", "11/27/2026", "yesterday", "1795756439"],
)  # fmt: skip
def test_what_is_no_time_is_refused(written: str):
    with pytest.raises(ValueError, match="is no time"):
        span(written)


@given(st.text("0123456789-:+TtZzW., ", max_size=30))
def test_whatever_is_written_is_a_span_of_any_clock_or_refused(written: str):
    try:
        found = span(written)
    except ValueError:
        return
    assert found.begin <= found.last <= found.end
    assert all(one.astimezone(zone).year for one in found for zone in (UTC, KST))


@pytest.mark.parametrize(
    "written", ["9999", "9999-12", "9999-12-31", "9999-365", "9999-12-31T24:00", "9999-12-31T23:59:59-12:00"]
)
def test_what_is_past_all_clocks_is_late_and_not_refused(written: str):
    assert span(written).end.astimezone(KST) > datetime(9999, 12, 30, tzinfo=UTC)


@pytest.mark.parametrize(
    ("since", "until", "touched"),
    [
        ("2026-09-15", "2026-09-15", ("2026-09-15", "2026-09-16")),
        ("2026-09-15T00:00", "2026-09-15T18:00", ("2026-09-15", "2026-09-16")),
        ("2026-09-14T15:00Z", "2026-09-15T15:00Z", ("2026-09-15", "2026-09-16")),
        ("2026-09-15T23:59:59", "2026-09-16T00:00", ("2026-09-15", "2026-09-16")),
        ("2026-12-31", "2026", ("2026-12-31", "2027-01-01")),
    ],
)
def test_a_period_touches_days_of_korea(since: str, until: str, touched: tuple[str, str]):
    assert days(span(since).begin, span(until).end) == touched
    assert days(None, span(until).end) == (None, touched[1])
    assert days(span(since).begin, None) == (touched[0], None)


@pytest.mark.parametrize("written", ["0001", "0001-01-01", "0001-01-01T00:00+14:00"])
def test_what_is_before_all_clocks_is_early_and_not_refused(written: str):
    assert span(written).begin.astimezone(UTC) < datetime(1, 1, 3, tzinfo=UTC)
