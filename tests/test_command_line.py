"""The words of a command line: what they may not be, before any command reads them."""

from __future__ import annotations

from pathlib import Path

import pytest
from click.testing import CliRunner

from cli.endings import exit_code
from cli.main import gochim

EMPTY = {
    "every article": ["changes", "--article", ""],
    "every section": ["crawl", "--section="],
    "every day": ["crawl", "--since", ""],
    "every address of this machine": ["serve", "--host", "", "--port", "0"],
    "the directory of work": ["export", "cdxj", "-o", ""],
    "a place that was not chosen": ["report", "-o", ""],
    "an article without a name": ["show", ""],
    "no alarm": ["verify", "--head", ""],
}
"""By what a command would do if an empty word meant what the option's absence means, or nothing."""


@pytest.mark.parametrize("words", EMPTY.values(), ids=EMPTY)
def test_an_empty_word_is_a_mistake_and_stands_for_nothing(tmp_path: Path, words: list[str]):
    done = CliRunner().invoke(gochim, ["--archive", str(tmp_path), *words])
    assert exit_code(done.exception) == 2
    assert "is followed by nothing" in done.stderr
    assert list(tmp_path.iterdir()) == []


def test_a_question_may_end_with_an_equals_sign(tmp_path: Path):
    done = CliRunner().invoke(gochim, ["search", "a=", "--archive", str(tmp_path)])
    assert str(done.exception).startswith("There is no archive at")


@pytest.mark.parametrize("words", [[], ["check"], ["send"], ["drop", "desk"]], ids=" ".join)
def test_alerts_of_no_archive_say_how_this_one_is_made(tmp_path: Path, words: list[str]):
    done = CliRunner().invoke(gochim, ["alerts", *words, "--archive", str(tmp_path / "none")])
    assert exit_code(done.exception) == 2
    assert f"gochim init --archive {tmp_path / 'none'}" in str(done.exception)
