"""The words of a command line: what they may not be, before any command reads them."""

from __future__ import annotations

from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from cli.endings import exit_code
from cli.main import gochim
from crawler.watch import parted

EMPTY = {
    "every article": ["changes", "--article", ""],
    "every section": ["crawl", "--section="],
    "every day": ["crawl", "--since", ""],
    "every address of this machine": ["serve", "--host", "", "--port", "0"],
    "the directory of work": ["export", "cdxj", "-o", ""],
    "a place that was not chosen": ["report", "-o", ""],
    "an article without a name": ["show", ""],
    "no alarm": ["verify", "--head", ""],
    "every ministry": ["crawl", "--ministry", " "],
}
"""By what a command would do if an empty word meant what the option's absence means, or nothing."""


def invoke(archive: Path, *words: str) -> Result:
    return CliRunner().invoke(gochim, ["--archive", str(archive), *words])


@pytest.mark.parametrize("words", EMPTY.values(), ids=EMPTY)
def test_an_empty_word_is_a_mistake_and_stands_for_nothing(tmp_path: Path, words: list[str]):
    done = invoke(tmp_path, *words)
    assert exit_code(done.exception) == 2
    assert "is followed by nothing" in done.stderr
    assert list(tmp_path.iterdir()) == []


NOTHING = {
    "an address of nothing": (["--url", "nonsense"], "No article of https://www.korea.kr is at nonsense"),
    "an address of another site": (["--url", "https://example.org/news/policyNewsView.do?newsId=1"], "No article of"),
    "no section": (["--section", " , "], "--section  ,  names nothing"),
    "no ministry": (["--ministry", ","], "--ministry , names nothing"),
    "no such section": (["--section", "policy-news, pres"], "--section has no section pres;"),
}


@pytest.mark.parametrize(("words", "told"), NOTHING.values(), ids=NOTHING)
def test_a_crawl_of_nothing_is_a_mistake_and_no_run_that_ended_well(tmp_path: Path, words: list[str], told: str):
    assert invoke(tmp_path, "init", "--contact", "desk@example.org").exit_code == 0
    done = invoke(tmp_path, "crawl", *words)
    assert exit_code(done.exception) == 2
    assert str(done.exception).startswith(told)
    assert (done.stdout, sorted(one.name for one in tmp_path.iterdir())) == ("", ["gochim.toml", "reports", "warc"])
    assert list((tmp_path / "warc").iterdir()) == []


def test_names_may_be_parted_by_commas_and_spaces():
    assert parted("policy-news, press-release,", "--section") == ("policy-news", "press-release")
    assert parted("", "--section") == ()


def test_a_question_may_end_with_an_equals_sign(tmp_path: Path):
    done = invoke(tmp_path, "search", "a=")
    assert str(done.exception).startswith("There is no archive at")


@pytest.mark.parametrize("words", [[], ["check"], ["send"], ["drop", "desk"]], ids=" ".join)
def test_alerts_of_no_archive_say_how_this_one_is_made(tmp_path: Path, words: list[str]):
    done = invoke(tmp_path / "none", "alerts", *words)
    assert exit_code(done.exception) == 2
    assert f"gochim init --archive {tmp_path / 'none'}" in str(done.exception)


def test_the_version_is_gochims_whatever_started_it():
    assert CliRunner().invoke(gochim, ["--version"], prog_name="python -m cli").stdout.startswith("gochim, version ")


def test_init_that_nobody_told_a_contact_says_that_a_crawl_needs_it(tmp_path: Path):
    assert "Next: write your contact into it, then gochim crawl" in invoke(tmp_path / "real", "init").stdout
    assert "Next: gochim crawl" in invoke(tmp_path / "here", "init", "--url", "http://127.0.0.1:8148").stdout
    assert "Next: gochim crawl" in invoke(tmp_path / "told", "init", "--contact", "desk@example.org").stdout
