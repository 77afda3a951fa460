"""What is printed suits where it goes: colours only where they are wanted, progress only where it can be renewed."""

from __future__ import annotations

import io
from contextlib import redirect_stderr
from types import SimpleNamespace

import click
import pytest
from click.testing import CliRunner

from cli.main import VERBS, gochim
from cli.progress import shown
from cli.running import standing


class Terminal(io.StringIO):
    """A stream that says that it is a terminal."""

    def isatty(self) -> bool:
        """Say so."""
        return True


def _styled() -> str:
    stream = Terminal()
    with click.Context(gochim) as context:
        context.invoke(gochim.callback, directory=None, quiet=False)
        click.echo(click.style("substance", fg="red"), file=stream)
    return stream.getvalue()


@pytest.fixture
def terminal(monkeypatch: pytest.MonkeyPatch) -> Terminal:
    for name in ("NO_COLOR", "FORCE_COLOR", "TTY_COMPATIBLE", "TTY_INTERACTIVE"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("TERM", "xterm-256color")
    monkeypatch.setenv("COLUMNS", "60")
    return Terminal()


def test_a_terminal_is_given_colours(terminal: Terminal):
    assert _styled() == "\x1b[31msubstance\x1b[0m\n"


@pytest.mark.parametrize(("name", "value"), [("NO_COLOR", "1"), ("TERM", "dumb")])
def test_who_wants_no_colours_is_given_none(terminal: Terminal, monkeypatch: pytest.MonkeyPatch, name: str, value: str):
    monkeypatch.setenv(name, value)
    assert _styled() == "substance\n"


def test_progress_on_a_terminal_has_a_count_and_keeps_to_its_width(terminal: Terminal):
    with redirect_stderr(terminal), shown(quiet=False) as step:
        for number in range(4):
            step("verify", f"gochim-2026112707042102{number}-00000-18aab58a.warc.gz", 4)
    told = terminal.getvalue()
    assert "4/4" in told
    assert "…" in told


@pytest.mark.parametrize("where", ["a dumb terminal", "a file", "quiet"])
def test_progress_is_silent_elsewhere(terminal: Terminal, monkeypatch: pytest.MonkeyPatch, where: str):
    stream: io.StringIO = terminal
    if where == "a dumb terminal":
        monkeypatch.setenv("TERM", "dumb")
    if where == "a file":
        stream = io.StringIO()
    with redirect_stderr(stream), shown(quiet=where == "quiet") as step:
        step("rebuild", "one", 1)
    assert stream.getvalue() == ""


def test_the_help_tells_the_whole_story_on_one_screen():
    told = CliRunner().invoke(gochim, ["--help"], terminal_width=80).stdout
    lines = told.splitlines()
    assert len(lines) <= 45
    assert max(map(len, lines)) <= 80
    assert "..." not in told.partition("Commands:")[2]
    assert all(any(line.startswith(f"  {name} ") for line in lines) for name in VERBS)


def test_a_mistyped_verb_is_told_what_it_may_have_been_meant_for():
    gochim.commands.clear()  # as when the program begins
    refused = CliRunner().invoke(gochim, ["crwl"])
    assert refused.exit_code == 2
    assert "Did you mean 'crawl'?" in refused.output


@pytest.mark.parametrize(
    ("kept", "seconds", "walk", "told"),
    [
        (0, 0.0, None, "1 look, 1000.0/s, 0 of at most 3,000 requests"),
        (100, 50.0, None, "1 look, 0.0/s, 100 of at most 3,000 requests (at most 0:24:10 left)"),
        (
            3001,
            50.0,
            "back",
            "1 look, 0.0/s, 3,001 of at most 3,000 requests (at most 0:00:00 left); back",
        ),
    ],
)
def test_a_crawl_says_how_far_it_has_come(kept: int, seconds: float, walk: str | None, told: str):
    spider = SimpleNamespace(
        looks=SimpleNamespace(looked={"1"}), keeper=SimpleNamespace(kept=kept), max_requests=3000, standing=lambda: walk
    )
    assert standing(spider, seconds) == told  # type: ignore[arg-type]
