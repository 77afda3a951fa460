"""The tutorial, typed as it stands: every command works, and prints what the page says that it prints."""

from __future__ import annotations

import re
import shlex
import subprocess
import sys
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from tests import runs
from tests.runs import ROOT

PAGE = (ROOT / "docs" / "tutorial.md").read_text(encoding="utf-8")
SHIPPED = "http://127.0.0.1:8148"

_STEP = re.compile(r"^## \d+\. ", re.MULTILINE)
_BLOCK = re.compile(r"^```\n(.*?)^```$", re.MULTILINE | re.DOTALL)
_YOURS = re.compile(
    r"sha256:[0-9a-f]{64}"
    r"|\d{8}T\d{6}-[0-9a-f]{8}"  # a run: 20261127T070420-18aab58a
    r"|\d{4}-\d\d-\d\d[ T]\d\d:\d\d:\d\d(?:\.\d+\+00:00)?"
    r"|^    \d+ (?=.*\(KST\): )"  # who is looked at next: 148963011 2026-12-04 08:32:55 (KST): an edit is likely enough
    r"|(?<=last look )[\d.]+ h|(?<=a chance of )[\d.]+%|(?<=gain )[\d.e+-]+",
    re.MULTILINE,
)
"""What the page leaves to each reader's run: times, digests, and what comes of the time since publication."""


@dataclass(frozen=True, slots=True)
class Typed:
    """A command of the page and the lines that it is said to print, whole unless they end with an ellipsis."""

    command: str
    shown: list[str]


def _typed(text: str) -> Iterator[Typed]:
    """Give the commands of a step in order."""
    for block in _BLOCK.findall(text):
        for said in re.split(r"^\$ ", block, flags=re.MULTILINE)[1:]:
            command, *shown = said.splitlines()
            yield Typed(command, shown)


def _alike(lines: list[str]) -> Counter[str]:
    """Count the lines without what is each run's own; changes of the same second stand in any order."""
    return Counter(_YOURS.sub("*", line.rstrip()) for line in lines if line.strip())


def _holds(typed: Typed, printed: list[str]) -> None:
    shown, given = _alike([one for one in typed.shown if one != "…"]), _alike(printed)
    assert shown <= given if "…" in typed.shown else shown == given, (typed.command, given - shown, shown - given)


def _other(words: list[str], cwd: Path) -> runs.Done:
    done = subprocess.run(words, capture_output=True, text=True, check=False, cwd=cwd, timeout=300)
    return runs.Done(done.returncode, done.stdout, done.stderr)


@pytest.fixture
def portal() -> Iterator[tuple[subprocess.Popen[str], str]]:
    """``python -m replica`` as the page has it started, on a port that is free."""
    command = [sys.executable, "-m", "replica", "--port", "0"]
    pipes = {"stdin": subprocess.PIPE, "stdout": subprocess.PIPE, "stderr": subprocess.PIPE}
    with subprocess.Popen(command, text=True, cwd=ROOT, **pipes) as process:
        assert process.stdout is not None
        yield process, process.stdout.readline().strip().rstrip("/")
        process.terminate()


def test_every_command_of_the_tutorial_prints_what_stands_there(portal, tmp_path: Path):
    process, url = portal
    page = PAGE.replace(SHIPPED, url)
    steps = _STEP.split(page)
    assert process.stderr.readline() in steps[2]

    def run(step: int) -> list[str]:
        done = []
        for typed in _typed(steps[step]):
            words = shlex.split(typed.command)
            cwd = tmp_path
            if words[:2] == ["cd", "fine"]:
                cwd, words = tmp_path / "fine", words[3:]
            said = runs.typed(*words[1:], cwd=cwd) if words[0] == "gochim" else _other(words, cwd)
            assert said.code == 0, said
            if typed.shown:
                talk = said.err.splitlines() if words[:2] == ["gochim", "crawl"] else []
                _holds(typed, [*said.out.splitlines(), *talk])
            done.append(typed.command)
        return done

    assert len(run(3)) == 1
    settings = tmp_path / "archive" / "gochim.toml"
    given = settings.read_text(encoding="utf-8")
    assert "\ndelay = 1.0\n" in given
    settings.write_text(given.replace("\ndelay = 1.0\n", "\ndelay = 0\n"), encoding="utf-8")
    assert run(4) == ["gochim crawl", "gochim status"]
    process.stdin.write("\n")
    process.stdin.flush()
    moment = next(one for one in _BLOCK.findall(steps[5]) if one.startswith("moment 1: "))
    assert "".join(process.stderr.readline() for _ in moment.splitlines()) == moment
    assert run(5) == ["gochim crawl --recheck all"]
    assert len(run(6)) == 3
    assert len(run(7)) == 6


def test_a_page_that_shows_other_lines_is_told():
    typed = Typed("gochim status", ["  4 changes", "…"])
    _holds(typed, ["  4 changes", "  more"])
    with pytest.raises(AssertionError, match="gochim status"):
        _holds(typed, ["  5 changes", "  more"])
    with pytest.raises(AssertionError, match="gochim status"):
        _holds(Typed("gochim status", ["  4 changes"]), ["  4 changes", "  more"])
