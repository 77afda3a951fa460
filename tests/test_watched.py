"""What looks would have shown, summed as they are filed: the same as asked of all looks at once."""

from __future__ import annotations

from contextlib import closing
from datetime import timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from storage import capture_rows, captures, filing, watched
from storage.records import Capture, Outcome, Reading
from tests.makers import START, archive_at, article, capture, file_readings

DAYS = ("2026-09-14", "2026-09-15", "2026-09-15T09:30:00+09:00", "2025-01-01", None)
NAMES = ("1", "2")


@pytest.fixture(scope="module")
def opened(tmp_path_factory):
    _, db = archive_at(tmp_path_factory.mktemp("archive"))
    with closing(db):
        yield db


def filed(db, hours: float, name: str, url: str) -> Capture:
    moment = START + timedelta(hours=hours)
    one = capture(moment, name)
    evidence = one.evidence._replace(record_id=f"urn:{hours}:{name}", captured_at=moment)
    capture_rows.add(db, [one := one._replace(url=url, evidence=evidence)])
    return captures.by_id(db, captures.number_of(db, one.evidence))


def read(name: str, one: Capture, outcome: Outcome, published: str | None) -> Reading:
    said = article(f"{one.url}의 글이다.", name, published=published) if outcome == "read" else None
    return Reading(one, outcome, said, "MadeLayout", "made:1")


_DEEDS = st.one_of(
    st.tuples(
        st.just("look"),
        st.sampled_from(NAMES),
        st.lists(
            st.tuples(
                st.sampled_from([0.5, 2, 7, 25, 100, 900]),
                st.sampled_from(["read", "read", "gone", "front-page", "error"]),
                st.sampled_from(DAYS),
            ),
            min_size=1,
            max_size=4,
        ),
    ),
    st.tuples(st.just("forget"), st.sampled_from(NAMES), st.none()),
    st.tuples(st.just("become"), st.sampled_from(NAMES), st.none()),
)


@given(deeds=st.lists(_DEEDS, max_size=8))
@settings(max_examples=120, deadline=None)
def test_the_sums_are_those_of_all_looks_whatever_was_filed_and_taken_back(opened, deeds):
    hours = 0.0
    opened.execute("SAVEPOINT deeds")
    try:
        for deed, name, looked in deeds:
            url = f"https://www.example.kr/{name}"
            if deed == "forget":
                filing.forget(opened, name)
            elif deed == "become":  # the address turns out to be the other article's
                hours += 1
                filed(opened, hours, NAMES[NAMES[0] == name], url)
            else:
                readings = []
                for after, outcome, published in looked:
                    hours += after
                    readings.append(read(name, filed(opened, hours, name, url), outcome, published))
                file_readings(opened, name, readings)
            assert watched.agrees(opened)
    finally:
        opened.execute("ROLLBACK TO deeds")
        opened.execute("RELEASE deeds")


def test_sums_that_are_not_those_of_the_looks_are_noticed(opened):
    opened.execute("SAVEPOINT wrong")
    one = [read("1", filed(opened, hours, "1", "https://www.example.kr/1"), "read", DAYS[0]) for hours in (1, 5)]
    file_readings(opened, "1", one)
    assert watched.agrees(opened)
    opened.execute("UPDATE seen_moments SET microseconds = microseconds + 1")
    assert not watched.agrees(opened)
    opened.execute("ROLLBACK TO wrong")
    opened.execute("RELEASE wrong")
