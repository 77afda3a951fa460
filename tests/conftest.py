"""The ledger of faults, and which tests are left out for want of a judge that no package registry offers."""

from __future__ import annotations

import os
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from hypothesis import settings

from tests.ledger import ENTRY, Ledger, summed

# The suite draws the same examples each time, so that whoever changes a line is not told of another line's fault;
# ``make torture`` draws new ones. A busy machine is no fault: no example has a deadline.
settings.register_profile("repeatable", derandomize=True, deadline=None)
settings.register_profile("searching", derandomize=False, deadline=None, print_blob=True)
settings.load_profile("repeatable")

# jwarc needs Java and its own jar: GOCHIM_JWARC names the class path, and then the test runs.
collect_ignore = [] if os.environ.get("GOCHIM_JWARC") else ["test_jwarc.py"]

MEMORY = Path("/dev/shm")
ROOM = 3_000_000_000
"""Bytes; what the suite leaves behind at a time takes a fifth of it."""


def _holds_archives(place: Path) -> bool:
    """Say whether there is room in a file system, and programs can be run from it."""
    if not os.access(place, os.W_OK):
        return False
    found = os.statvfs(place)
    return found.f_bavail * found.f_frsize > ROOM and not found.f_flag & os.ST_NOEXEC


# An archive waits for the disk at each capture, which proves nothing here: what a power cut leaves is made by hand.
if _holds_archives(MEMORY):
    os.environ.setdefault("TMPDIR", str(MEMORY))
    tempfile.tempdir = None  # Where that is was looked up already.


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_auto_num_workers() -> int:
    """Have three workers for two cores: a third of the suite's time is waiting for a process, a delay or an answer."""
    cores = len(os.sched_getaffinity(0))
    return cores + cores // 2


@pytest.fixture
def ledger(request: pytest.FixtureRequest) -> Iterator[Ledger]:
    """Give the test its page of the ledger."""
    page = Ledger()
    yield page
    request.node.user_properties.append((ENTRY, page.entries))


@pytest.fixture
def client(running):
    """Give a client of the portal that the test module runs."""
    from tests.replica_client import Client  # Few tests need the portal, which takes a while to load.

    made = Client(running)
    yield made
    made.connection.close()


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Mark what injects faults, so that ``make torture`` runs the quick ones too."""
    for one in items:
        if "ledger" in getattr(one, "fixturenames", ()):
            one.add_marker("fault")


def pytest_terminal_summary(terminalreporter: Any) -> None:
    """Print what the tests of faults have counted."""
    reports = [one for found in terminalreporter.stats.values() for one in found]
    entries = [
        tuple(entry)
        for one in reports
        if getattr(one, "when", "") == "teardown"
        for name, page in one.user_properties
        if name == ENTRY
        for entry in page
    ]
    if entries:
        terminalreporter.section("faults")
        for line in summed(entries):
            terminalreporter.write_line(line)
