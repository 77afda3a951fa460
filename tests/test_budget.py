"""What a run may cost: requests, minutes and bytes, each run and each day; the next run goes on."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from replica.portal import Portal
from replica.server import RunningPortal, serve
from replica.state import Fault
from replica.switches import Switches
from tests.crawls import crawl
from tests.runs import Desk, desk


@pytest.fixture
def portal() -> Iterator[RunningPortal]:
    with serve(Portal.load(switches=Switches(page_size=3))) as running:
        yield running


@pytest.fixture
def watched(portal: RunningPortal, tmp_path: Path) -> Desk:
    return desk(tmp_path / "archive", portal.url, sections=["fact-check"], attachments=False, images=False)


def allow(desk: Desk, line: str) -> None:
    """Set a key of ``[crawl]``."""
    path = desk.root / "gochim.toml"
    text = path.read_text(encoding="utf-8")
    key = line.partition(" ")[0]
    lines = [line if one.startswith(f"{key} = ") else one for one in text.splitlines()]
    assert line in lines
    path.write_text("\n".join(lines), encoding="utf-8")


def test_bytes_end_a_run_cleanly_and_the_next_goes_on(portal: RunningPortal, watched: Desk):
    allow(watched, "max_bytes = 20000")
    first = crawl(watched, portal)
    assert (first.outcome.finish, first.outcome.failed) == ("budget", None)
    assert 20_000 <= first.outcome.received < 30_000  # The answer that reaches the bound is the last; each is smaller.
    allow(watched, "max_bytes = 0")
    assert crawl(watched, portal, max_requests=40).outcome.looked > 0


def test_minutes_end_a_run_cleanly_whoever_sets_them(portal: RunningPortal, watched: Desk):
    given = crawl(watched, portal, max_minutes=0.000001)
    allow(watched, "max_minutes = 0.000001")
    for done in (given, crawl(watched, portal)):
        assert (done.outcome.finish, done.outcome.failed, done.asked) == ("budget", None, [])


def test_minutes_are_spent_while_the_portal_is_left_alone_as_it_asked(portal: RunningPortal, watched: Desk):
    portal.portal.fail("/briefing/actuallyList.do", Fault("status", retry_after=7, times=1))
    done = crawl(watched, portal, max_minutes=0.05)
    assert (done.outcome.finish, done.outcome.failed) == ("budget", None)
    assert [path for _, path in done.asked] == ["/robots.txt", "/briefing/actuallyList.do"]


def test_the_requests_of_a_day_are_shared_by_its_runs(portal: RunningPortal, watched: Desk):
    allow(watched, "daily_requests = 12")
    asked = [crawl(watched, portal) for _ in range(2)]
    assert [one.outcome.finish for one in asked] == ["budget", "budget"]
    assert len(asked[0].asked) <= 12
    assert asked[1].asked == []


@pytest.mark.parametrize("most", ["1", "2", "6"])
def test_a_run_whose_budget_is_spent_before_all_lists_were_read_is_quiet_and_ended_well(watched: Desk, most: str):
    done = watched.run("crawl", "-q", "--max-requests", most)
    assert (done.code, done.out, done.err) == (0, "", "")
    assert "(ended: budget spent)" in watched.run("crawl", "--max-requests", most).err
