"""Worker: a process that is given tasks, and gives what they found, with an event loop and without."""

from __future__ import annotations

import asyncio
import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from multiprocessing import active_children
from pathlib import Path

import pytest

from cli.worker import Worker
from cli.workers import Desk, Workers
from crawler.interrupts import BesideGone
from crawler.portal import Portal
from storage.archive import Archive
from storage.errors import RunEndedEarly, WarcError
from tests.runs import ROOT

LONG = 3 << 20
"""More bytes than the system takes over from who writes while the other is busy."""


@pytest.fixture
def desk(tmp_path: Path) -> Desk:
    archive = Archive(tmp_path)
    return Desk(archive, Portal("https://www.korea.kr"), archive.database_path)


@pytest.fixture
def one(desk: Desk) -> Iterator[Workers]:
    with Workers(desk, apart=True) as workers:
        yield workers
    assert active_children() == []


class Reader:
    """What reads at a desk, and says when it is let go."""

    def __init__(self, said: Path) -> None:
        self.said = said

    def close(self) -> None:
        self.said.touch()


def sit(desk: Desk, said: Path) -> None:
    desk.__dict__["extractor"] = Reader(said)


def test_a_process_that_has_nothing_more_to_do_lets_go_of_what_reads_for_it(desk: Desk, tmp_path: Path, capfd):
    with Workers(desk, apart=True) as workers:
        assert list(workers.each(sit, [tmp_path / "let go"])) == [None]
    assert (tmp_path / "let go").exists()
    assert capfd.readouterr().err == ""


def echo(_: Desk, item: object) -> object:
    return item


def filled(_: Desk, length: int) -> bytes:
    return bytes(length)


def process(_: Desk, __: object) -> int:
    return os.getpid()


def slow(_: Desk, seconds: float) -> float:
    time.sleep(seconds)
    return seconds


class Odd(Exception):
    def __init__(self, what: str) -> None:
        super().__init__(what)
        self.lock = threading.Lock()


def fail(_: Desk, how: str) -> None:
    if how == "odd":
        raise Odd("cannot be handed over")
    if how == "warc":
        raise WarcError("a.warc.gz, byte 7: broken")
    raise ValueError(how)


def die(_: Desk, __: object) -> None:
    os.kill(os.getpid(), signal.SIGKILL)


@pytest.mark.parametrize("number", [2, 3])
def test_items_are_shared_out_and_what_was_found_comes_in_their_order(desk, number):
    with Workers(desk, number) as workers:
        assert list(workers.each(echo, range(50))) == list(range(50))
        assert list(workers.each(slow, [0.3, 0, 0.1, 0, 0, 0])) == [0.3, 0, 0.1, 0, 0, 0]
        assert len(set(workers.each(process, range(20)))) == number
        assert list(workers.each(echo, [])) == []
    assert active_children() == []


def test_a_slow_item_does_not_keep_the_others_from_being_given_out(desk):
    seen: list[int] = []

    def items() -> Iterator[float]:
        for number in range(9):
            seen.append(number)
            yield 0.4 if number == 0 else 0

    with Workers(desk, 2) as workers:
        assert next(iter(workers.each(slow, items()))) == 0.4
    # Three for each process, so that neither waits, and no more, so that memory does not grow with their number.
    assert seen == list(range(7))


def test_messages_longer_than_the_system_buffers_go_both_ways(one):
    assert [len(found) for found in one.each(filled, [LONG, 0, LONG])] == [LONG, 0, LONG]

    async def run() -> list[object]:
        found = await asyncio.gather(*(one.ask(echo, bytes([number]) * LONG) for number in range(4)))
        one.rest()
        return list(found)

    assert asyncio.run(run()) == [bytes([number]) * LONG for number in range(4)]
    assert [len(found) for found in one.each(filled, [LONG])] == [LONG]


@pytest.mark.parametrize("within_a_loop", [False, True])
@pytest.mark.parametrize(
    ("how", "error", "words"), [("plain", ValueError, "plain"), ("odd", RuntimeError, "Odd: cannot be handed over")]
)
def test_what_a_task_raises_is_raised_where_it_is_waited_for(one, within_a_loop, how, error, words):
    async def run() -> None:
        try:
            await one.ask(fail, how)
        finally:
            assert await one.ask(echo, "and goes on") == "and goes on"
            one.rest()

    with pytest.raises(error, match=words):
        asyncio.run(run()) if within_a_loop else list(one.each(fail, [how]))
    assert list(one.each(echo, [1])) == [1]


def test_a_broken_warc_file_is_one_whoever_met_it(one):
    with pytest.raises(WarcError, match="byte 7"):
        list(one.each(fail, ["warc"]))


def test_answers_that_nobody_waits_for_any_more_are_not_taken_for_others(one):
    for found in one.each(echo, range(9)):
        assert found == 0
        break
    assert list(one.each(echo, "abc")) == ["a", "b", "c"]


def test_who_no_longer_waits_within_a_loop_is_passed_over(one):
    async def run() -> str:
        waits = asyncio.ensure_future(one.ask(slow, 0.2))
        await asyncio.sleep(0.05)
        waits.cancel()
        found = await one.ask(echo, "next")
        one.rest()
        return found

    assert asyncio.run(run()) == "next"


def test_one_that_was_asked_within_a_loop_serves_after_it_and_in_the_next(one):
    async def run() -> int:
        found = await one.ask(process, None)
        one.rest()
        return found

    asked = asyncio.run(run())
    assert list(one.each(process, [None])) == [asked]
    assert asyncio.run(run()) == asked
    assert asked != os.getpid()


def test_one_that_is_killed_is_gone_for_whoever_waits(one):
    async def run() -> list[BaseException | None]:
        asked = [one.ask(die, None), one.ask(echo, 1), one.ask(echo, 2)]
        found = await asyncio.gather(*asked, return_exceptions=True)
        with pytest.raises(BesideGone):
            await one.ask(echo, 3)
        one.rest()
        return found

    assert [type(found) for found in asyncio.run(run())] == [BesideGone] * 3
    with pytest.raises(RunEndedEarly, match="fewer --workers"):
        list(one.each(echo, [1]))


def test_one_that_is_killed_at_a_task_is_gone_for_a_pass_that_waits(desk):
    with Workers(desk, 2) as workers, pytest.raises(RunEndedEarly, match="fewer --workers"):
        list(workers.each(die, [None]))
    assert active_children() == []


def test_one_that_owes_an_answer_when_its_loop_ends_is_let_go(one):
    async def run() -> None:
        asyncio.ensure_future(one.ask(slow, 600)).cancel()
        waits = asyncio.ensure_future(one.ask(slow, 600))
        await asyncio.sleep(0.1)
        one.rest()
        with pytest.raises(BesideGone):
            await waits

    begun = time.monotonic()
    asyncio.run(run())
    one.close()
    assert time.monotonic() - begun < 120


@pytest.mark.parametrize(("fork", "kind"), [(True, "ForkProcess"), (False, "SpawnProcess")])
def test_one_is_a_copy_only_where_it_may_be(tmp_path: Path, fork: bool, kind: str):
    """A copy of a process with threads may wait for ever for what one of them held."""
    one = Worker(Reader, tmp_path / "said", fork=fork)
    assert type(one.process).__name__ == (kind if sys.platform == "linux" else "SpawnProcess")
    assert one.process.daemon  # Who ends without letting it go does not wait for it.
    one.close()
    assert (tmp_path / "said").exists()


def test_one_that_is_killed_before_it_has_read_what_it_was_given_is_gone(tmp_path: Path):
    """Of such a socket the system says that it was reset, and not that it has ended."""
    one = Worker(Reader, tmp_path / "said")
    one.give(slow, 600)
    time.sleep(0.3)
    one.give(slow, 0)
    one.kill()
    with pytest.raises(BesideGone):
        one.take()
    one.close()


PARENT = """
import os, sys, time
from cli.worker import Worker
from tests.test_worker import Reader, process, slow
from pathlib import Path
if __name__ == "__main__":
    one = Worker(Reader, Path(sys.argv[1]), fork=sys.argv[2] == "fork")
    one.give(process, None)
    print(one.take(), flush=True)
    one.give(slow, 600)
    time.sleep(600)
"""


@pytest.mark.parametrize("how", ["fork", "spawn"])
def test_one_whose_parent_is_killed_ends_whatever_it_does(tmp_path: Path, how: str):
    """It would read on, for nobody, and hold the archive's files open."""
    (tmp_path / "parent.py").write_text(PARENT, encoding="utf-8")
    command = [sys.executable, str(tmp_path / "parent.py"), str(tmp_path / "said"), how]
    environment = {**os.environ, "PYTHONPATH": str(ROOT)}
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True, cwd=ROOT, env=environment) as parent:
        assert parent.stdout
        child = int(parent.stdout.readline())
        parent.kill()
    deadline = time.monotonic() + 60
    while is_running(child):
        assert time.monotonic() < deadline
        time.sleep(0.05)


def is_running(process: int) -> bool:
    try:
        state = Path(f"/proc/{process}/stat").read_text(encoding="utf-8").rpartition(")")[2].split()[0]
    except OSError:
        return False
    return state != "Z"  # Nobody may be there to bury it.
