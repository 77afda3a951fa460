"""What interrupts a command: Ctrl-C, SIGTERM, a terminal that is closed; at any moment."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import closing
from multiprocessing import active_children
from pathlib import Path
from types import ModuleType

import pytest

from cli import start
from cli.running import _own_signals
from cli.workers import Desk, Workers
from tests.drill import Drill

NUMBERS = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)


@pytest.fixture(autouse=True)
def own_signals() -> Iterator[None]:
    before = {one: signal.getsignal(one) for one in NUMBERS}
    signal.signal(signal.SIGINT, signal.default_int_handler)
    for one in NUMBERS[1:]:
        signal.signal(one, signal.SIG_DFL)
    yield
    for one, handler in before.items():
        signal.signal(one, handler)


class Loading(ModuleType):
    """A module that does something when its ``main`` is wanted, as one that takes long to load."""

    def __init__(self, does: Callable[[], object]) -> None:
        super().__init__("cli.main")
        self._does = does

    def __getattr__(self, name: str) -> Callable[[], object]:
        if name != "main":
            raise AttributeError(name)
        self._does()
        return lambda: None


@pytest.mark.parametrize("number", NUMBERS)
@pytest.mark.parametrize("loaded", [False, True], ids=["while it loads", "while it runs"])
def test_a_command_that_is_interrupted_says_so_and_ends_with_5(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], number: signal.Signals, *, loaded: bool
):
    module = ModuleType("cli.main") if loaded else Loading(lambda: signal.raise_signal(number))
    if loaded:
        module.main = lambda: signal.raise_signal(number)  # type: ignore[attr-defined]
    monkeypatch.setitem(sys.modules, "cli.main", module)
    with pytest.raises(SystemExit) as ended:
        start.main()
    assert ended.value.code == 5
    assert capsys.readouterr().err == "gochim: interrupted; all that was captured is kept\n"
    # What comes while Python ends is told by no traceback.
    assert [signal.getsignal(one) for one in NUMBERS] == [signal.SIG_DFL] * 3


@pytest.mark.parametrize("told", [False, True], ids=["by nobody before", "by the command itself"])
@pytest.mark.parametrize("number", NUMBERS)
def test_the_exit_code_is_5_too_where_code_that_is_made_while_it_runs_is_interrupted(
    tmp_path: Path, number: signal.Signals, *, told: bool
):
    # As python -m cli is started.
    (tmp_path / "started.py").write_text(
        "import signal, sys, types\n"
        "from cli import start\n"
        "sys.modules['cli.main'] = module = types.ModuleType('cli.main')\n"
        "def interrupted():\n"
        "    try:\n"
        f"        exec('signal.raise_signal({int(number)})', {{'signal': signal}})\n"
        "    except KeyboardInterrupt:\n"
        f"        if not {told}:\n"
        "            raise\n"
        "        sys.stderr.write('gochim: interrupted; all that was captured is kept\\n')\n"
        "        sys.exit(5)\n"
        "module.main = interrupted\n"
        "start.main()\n"
    )
    command = [sys.executable, "-m", "started"]
    done = subprocess.run(command, capture_output=True, text=True, check=False, cwd=tmp_path)
    assert (done.returncode, done.stderr) == (5, "gochim: interrupted; all that was captured is kept\n")


def test_a_signal_that_is_ignored_stays_so(monkeypatch: pytest.MonkeyPatch):
    signal.signal(signal.SIGHUP, signal.SIG_IGN)  # nohup gochim crawl
    ran: list[int] = []
    module = ModuleType("cli.main")
    module.main = lambda: (signal.raise_signal(signal.SIGHUP), ran.append(1))  # type: ignore[attr-defined]
    monkeypatch.setitem(sys.modules, "cli.main", module)
    start.main()
    assert ran == [1]
    assert signal.getsignal(signal.SIGHUP) is signal.SIG_IGN


def test_what_comes_after_a_crawl_can_be_interrupted_too():
    heard = [signal.getsignal(signal.SIGINT), signal.getsignal(signal.SIGTERM)]
    with _own_signals():
        # As Scrapy does while it crawls, and leaves it so.
        signal.signal(signal.SIGINT, signal.SIG_IGN)
        signal.signal(signal.SIGTERM, signal.SIG_IGN)
    assert [signal.getsignal(signal.SIGINT), signal.getsignal(signal.SIGTERM)] == heard


def test_a_process_that_reads_leaves_it_to_the_one_that_started_it(tmp_path: Path):
    drill = Drill(tmp_path, 1)
    with closing(drill.db), Workers(Desk(drill.archive, drill.addresses, drill.archive.database_path), 2) as workers:
        # systemd and a terminal send them to all processes of a command.
        for number in NUMBERS:
            for child in active_children():
                os.kill(child.pid or 0, number)
        assert list(workers.each(_doubled, [1, 2, 3])) == [2, 4, 6]


def test_a_process_that_reads_ends_at_once_with_the_one_that_is_interrupted(tmp_path: Path):
    drill = Drill(tmp_path, 1)
    desk = Desk(drill.archive, drill.addresses, drill.archive.database_path)
    begun = time.monotonic()
    with closing(drill.db), pytest.raises(KeyboardInterrupt):
        _interrupted(desk)
    assert time.monotonic() - begun < 120


def _interrupted(desk: Desk) -> None:
    with Workers(desk, 2) as workers:
        for _ in workers.each(_slept, [0, 600, 600]):
            raise KeyboardInterrupt


def _doubled(_: Desk, number: int) -> int:
    return 2 * number


def _slept(_: Desk, seconds: int) -> None:
    time.sleep(seconds)
