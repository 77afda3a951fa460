"""The words of a command line: what they may not be, before any command reads them."""

from __future__ import annotations

import ast
import os
import re
import shlex
import sys
from contextlib import closing
from pathlib import Path
from subprocess import run
from threading import Event, Thread

import pytest
from click.testing import CliRunner, Result

from cli.endings import ending, exit_code
from cli.main import VERBS, gochim
from crawler.watch import parted, written
from storage.command_line import gochim as command
from storage.command_line import naming
from storage.errors import SettingsError
from tests.makers import PORTAL, archive_at, article, file_readings, readings
from tests.runs import ROOT
from tests.runs import environment as environ

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
    assert re.search("--section= is followed by nothing|the word after [a-z-]+ is empty", done.stderr)
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("words", [["search", ""], ["search", "--", " "]])
def test_an_empty_word_is_named_by_what_it_is_for(tmp_path: Path, words: list[str]):
    assert (
        "Error: the word after search is empty; write what is meant, or leave it out" in invoke(tmp_path, *words).stderr
    )


def from_a_deleted_directory(tmp_path: Path, *words: str) -> tuple[int, str, str]:
    (gone := tmp_path / "gone").mkdir(exist_ok=True)
    # The program as it is installed, which is not on the path: sentences name it by its place.
    line = f"rmdir ../gone && exec {shlex.join([str(Path(sys.executable).with_name('gochim')), *words])}"
    done = run(
        ["/bin/sh", "-c", line],
        capture_output=True,
        text=True,
        check=False,
        cwd=gone,
        env=environ(PYTHONPATH=str(ROOT), PATH="/usr/bin:/bin"),
    )
    return done.returncode, done.stdout, done.stderr


@pytest.mark.parametrize("words", [["verify", "--archive", "archive"], ["demo", "--into", "archive"]])
def test_a_directory_that_was_deleted_is_said_to_be_gone(tmp_path: Path, words: list[str]):
    assert from_a_deleted_directory(tmp_path, *words) == (
        2,
        "",
        "gochim: the directory in which this was started is no longer there. Go to one that is (cd), and run it again, "
        "or give the whole path instead of archive.\n",
    )


def test_an_archive_that_is_named_by_its_whole_path_is_found_from_a_deleted_directory(tmp_path: Path):
    named = ("--archive", str(tmp_path / "archive"))
    code, _, said = from_a_deleted_directory(tmp_path, "verify", *named)
    assert (code, said.startswith(f"gochim: There is no archive at {tmp_path}")) == (2, True)
    assert from_a_deleted_directory(tmp_path, "init", "--contact", "desk@example.org", *named)[0] == 0
    assert from_a_deleted_directory(tmp_path, "rebuild", *named)[0] == 0
    assert from_a_deleted_directory(tmp_path, "status", *named)[0] == 0
    code, _, said = from_a_deleted_directory(tmp_path, "report", "-o", "report.html", *named)
    assert (code, said.endswith("or give the whole path instead of report.html.\n")) == (2, True)
    assert from_a_deleted_directory(tmp_path, "report", "-o", str(tmp_path / "report.html"), *named)[0] == 0


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


TOLD = {
    "behind the command": ["show", "148930267", "--version", "7"],
    "before it": ["diff", "148930268"],
    "in the environment": ["diff", "148930267", "2"],
}
"""Words of commands that say what to run instead, by where the archive is named."""


@pytest.fixture(scope="module")
def quoted(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Give an archive with a name that a shell would take apart."""
    archive, db = archive_at(tmp_path_factory.mktemp("of") / "the desk's archive")
    with closing(db), db:
        for name, texts in (("148930267", ("10곳이다.", "20곳이다.")), ("148930268", ("한 판뿐이다.",))):
            file_readings(db, name, readings(db, [article(name=name, text=one) for one in texts], name))
    archive.settings_path.write_text(written(url=PORTAL, contact="desk@example.org"), encoding="utf-8")
    return archive.root


@pytest.mark.parametrize(
    "about", [["--repair"], ["--head", f"sha256:{'0' * 64}"], ["--workers", "2"], ["--cluster", "tcp://127.0.0.1:9"]]
)
def test_what_is_about_an_archive_is_refused_where_files_are_named(tmp_path: Path, about: list[str]):
    (tmp_path / "a.warc.gz").write_bytes(b"")
    refused = CliRunner().invoke(gochim, ["verify", str(tmp_path / "a.warc.gz"), *about, "--archive", str(tmp_path)])
    assert isinstance(refused.exception, SettingsError)
    assert "name no FILES with them" in str(refused.exception)


@pytest.mark.parametrize(("place", "words"), TOLD.items())
def test_a_command_that_is_said_does_what_is_meant_when_it_is_pasted(quoted: Path, place: str, words: list[str]):
    path = f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}"
    environment = environ(PATH=path) | ({"GOCHIM_ARCHIVE": str(quoted)} if place == "in the environment" else {})
    named = ["--archive", str(quoted)]
    line = {"behind the command": ["gochim", *words, *named], "before it": ["gochim", *named, *words]}
    refused = run(line.get(place, ["gochim", *words]), env=environment, capture_output=True, text=True, check=False)
    assert refused.returncode == 2
    said = re.search(r"(?:See|too): (gochim .+)\n$", refused.stderr)
    assert said, refused.stderr
    done = run(said[1], shell=True, env=environment, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    assert "148930267" in done.stdout or "한 판뿐이다." in done.stdout


def test_a_command_without_a_name_on_the_path_is_said_by_its_place(quoted: Path, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(sys, "argv", [str(Path(sys.executable).with_name("gochim"))])
    monkeypatch.setenv("PATH", "/nowhere")
    with naming("an archive", "/work"):
        verify, history = command("verify"), command("history", "148930267")
        other = command("crawl", "--archive", "another")
    program = os.path.relpath(sys.argv[0])
    assert shlex.split(other) == [program, "crawl", "--archive", "another"]
    assert shlex.split(verify) == [program, "verify", "--archive", "an archive", "--work", "/work"]
    assert shlex.split(history) == [program, "history", "148930267", "--archive", "an archive"]


@pytest.mark.parametrize("named", [".", "..", "../", "a/..", "/", "an archive", "a.", "s3://bucket/archive"])
def test_a_command_at_the_end_of_a_sentence_names_the_same_directory(named: str):
    with naming(named):
        told = shlex.split(f"{command('verify')}.")
    assert Path(told[-1].removesuffix(".") if Path(named).name not in {"", ".."} else told[-1]) == Path(named)


BY_HAND = {
    "cli/demo.py",
    "cli/main.py",
    "cli/probe_page.py",
    "cli/reference.py",
    "cli/scheduling.py",
    "crawler/alert_targets.py",
    "crawler/setting_keys.py",
}
"""Modules whose words on a command are help, documentation, a title or a comment in the settings."""


def test_no_message_writes_a_command_by_hand():
    said = re.compile(rf"\bgochim ({'|'.join(VERBS)})\b")
    for room in ("cli", "crawler", "reader", "storage"):
        for path in sorted((ROOT / room).rglob("*.py")):
            tree = ast.parse(path.read_text(encoding="utf-8"))
            notes = {id(one.value) for one in ast.walk(tree) if isinstance(one, ast.Expr)}
            for one in ast.walk(tree):
                text = one.value if isinstance(one, ast.Constant) and isinstance(one.value, str) else ""
                if id(one) not in notes and path.relative_to(ROOT).as_posix() not in BY_HAND:
                    assert not said.search(text), f"{path}, line {one.lineno}"
                assert "{gochim(" not in text, f"{path}, line {one.lineno}: printed as it stands, for it is no f-string"


def test_what_is_told_in_a_thread_holds_there_alone_and_elsewhere_what_the_command_was_told():
    seen: list[str] = []

    def work() -> None:
        seen.append(command("verify"))
        with naming("theirs"):
            seen.append(command("verify"))
            told.set()
            done.wait(60)
        seen.append(command("verify"))

    told, done = Event(), Event()
    with naming("mine"):
        thread = Thread(target=work)
        thread.start()
        assert told.wait(60)
        seen.append(command("verify"))
        done.set()
        thread.join()
    archives = [one.rpartition(" ")[2] for one in seen]
    assert archives == ["mine", "theirs", "mine", "mine"]
    assert "--archive" not in command("verify")


@pytest.mark.parametrize("met", [MemoryError(), RuntimeError("can't start new thread")])  # so Python says the second
def test_too_little_memory_is_said_in_a_sentence(met):
    told = ending(met)
    assert told is not None
    assert (told[1], "there is not enough memory" in told[0]) == (5, True)


def test_another_fault_of_the_program_is_not_taken_for_too_little_memory():
    assert ending(RuntimeError("generator raised StopIteration")) is None
