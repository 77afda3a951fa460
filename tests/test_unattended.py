"""What runs without a person leave behind: a log that does not grow without end, figures that Prometheus reads."""

from __future__ import annotations

import logging
import os
import re
import sqlite3
import time
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest
from prometheus_client.parser import text_string_to_metric_families

from cli import journal, metrics
from cli.endings import ending, exit_code
from cli.options import Place
from crawler.watch import written
from replica.actions import EditTitle
from replica.portal import Portal
from replica.server import RunningPortal, serve
from replica.state import Fault
from storage.archive import Archive
from storage.errors import RunEndedEarly, SettingsError
from tests.runs import Desk, desk, few_articles

LINE = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\+09:00 \[\d+\] (INFO|WARNING|ERROR) .+|  .*")
"""``2026-11-27T18:00:00+09:00 [4711] INFO ended with exit code 0``, and what goes on from it, indented."""


@pytest.fixture
def portal(tmp_path: Path) -> Iterator[RunningPortal]:
    with serve(Portal.load(few_articles(tmp_path / "articles", 1))) as running:
        yield running


def place(root: Path, **settings: Any) -> Place:
    archive = Archive(root)
    archive.create()
    archive.settings_path.write_text(written(contact="desk@example.org", **settings), encoding="utf-8")
    return Place(archive, quiet=True)


def figures(path: Path) -> dict[str, float]:
    """Read a textfile with Prometheus' own parser: each metric's value, its own label in brackets."""
    found = {}
    for family in text_string_to_metric_families(path.read_text(encoding="utf-8")):
        assert family.type == "gauge"
        assert family.documentation
        for sample in family.samples:
            own = {name: value for name, value in sample.labels.items() if name != "archive"}
            assert sample.labels["archive"]
            found[sample.name + "".join(f"[{value}]" for value in own.values())] = sample.value
    return found


def test_a_run_leaves_its_figures_and_its_log(portal: RunningPortal, tmp_path: Path):
    watched = desk(tmp_path / "archive", portal.url, log_file="gochim.log", metrics_textfile="gochim.prom")
    began = time.time()
    done = watched.run("crawl", "-q")
    assert (done.code, done.out, done.err) == (0, "", "")
    told = figures(watched.root / "gochim.prom")
    counts = watched.json("status")["counts"]
    assert began - 1 <= told["gochim_run_start_timestamp_seconds"] < told["gochim_run_end_timestamp_seconds"]
    assert told["gochim_run_end_timestamp_seconds"] >= told["gochim_last_success_timestamp_seconds"] >= began - 1
    took = told["gochim_run_end_timestamp_seconds"] - told["gochim_run_start_timestamp_seconds"]
    assert told["gochim_run_duration_seconds"] == pytest.approx(took, abs=0.01)
    assert told["gochim_run_exit_code"] == 0
    assert told["gochim_run_finish[finished]"] == 1
    assert (
        told["gochim_run_requests"] == told["gochim_archive_captures"] == counts["captures"] == len(portal.portal.log)
    )
    assert told["gochim_run_captures[response]"] + told["gochim_run_captures[revisit]"] == counts["captures"]
    assert told["gochim_run_versions"] == told["gochim_archive_versions"] == counts["versions"] == 4
    assert {one: told[f"gochim_run_failures[{one}]"] for one in ("timeout", "dns")} == {"timeout": 0, "dns": 0}
    assert told["gochim_run_received_bytes"] > 50_000
    assert told["gochim_archive_bytes[warc]"] == sum(one.stat().st_size for one in (watched.root / "warc").iterdir())
    assert told["gochim_archive_bytes[warc]"] > told["gochim_run_written_bytes"] > 5_000
    assert 30e6 < told["gochim_run_peak_memory_bytes"] < 300e6

    edited, failing = portal.portal.shown()[:2]
    EditTitle(edited, "고친 제목이 여기 있다").apply(portal.portal.state)
    portal.portal.fail(failing, Fault("drop"))
    watched.ok("crawl", "--recheck", "all")
    told = figures(watched.root / "gochim.prom")
    assert told["gochim_run_changes[edited]"] == told["gochim_run_versions"] == 1
    assert told["gochim_run_changes[removed]"] == 0
    assert told["gochim_run_truncated[disconnect]"] >= 1
    assert told["gochim_run_answers[200]"] >= 3
    assert not [one.name for one in watched.root.iterdir() if ".prom." in one.name]

    lines = (watched.root / "gochim.log").read_text(encoding="utf-8").splitlines()
    assert [one for one in lines if not LINE.fullmatch(one)] == []
    said = "\n".join(lines)
    assert re.search(r"INFO gochim/\S+ begins: gochim crawl -q --archive", said)
    assert re.search(rf"INFO {counts['captures']} captures, 4 articles looked at", said)
    assert re.search(rf"INFO edited \(\w+\): {re.escape(portal.portal.truth(edited)['url'])} 고친 제목", said)
    assert said.count("ended with exit code 0") == 2


def test_a_run_that_fails_leaves_its_figures_and_says_why_in_the_log(portal: RunningPortal, tmp_path: Path):
    watched = desk(tmp_path / "archive", portal.url, log_file="logs.txt", metrics_textfile="gochim.prom")
    portal.portal.fail("/robots.txt", Fault("status", status=503))
    assert watched.run("crawl").code == 5
    told = figures(watched.root / "gochim.prom")
    assert told["gochim_run_exit_code"] == 5
    assert told["gochim_run_finish[robots-unreachable]"] == 1
    assert told["gochim_run_answers[503]"] == told["gochim_run_requests"] > 0
    assert told["gochim_run_failures[robots]"] > 0
    assert told["gochim_last_success_timestamp_seconds"] == 0
    assert "ERROR ended with exit code 5: The portal's robots.txt" in (watched.root / "logs.txt").read_text("utf-8")


def test_changes_make_the_exit_code_that_was_asked_for(tmp_path: Path):
    here = place(tmp_path / "archive", metrics_textfile=str(tmp_path / "elsewhere.prom"))
    with closing(here.archive.database()) as db, pytest.raises(SystemExit), metrics.told(here, db):
        raise SystemExit(1)
    assert figures(tmp_path / "elsewhere.prom")["gochim_run_exit_code"] == 1


def test_a_command_goes_by_what_its_settings_said_when_it_first_asked(tmp_path: Path):
    here = place(tmp_path, url="http://127.0.0.1:1")
    first = here.watch()
    here.archive.settings_path.write_text(written(url="http://127.0.0.1:2"), encoding="utf-8")
    assert here.watch() is first
    assert here.portal().base == "http://127.0.0.1:1"
    assert Place(here.archive).portal().base == "http://127.0.0.1:2"


def test_any_name_of_an_archive_is_a_label_that_is_read_back(tmp_path: Path):
    here = place(tmp_path / 'a"b\\c\nd 고침', metrics_textfile="one.prom")
    with closing(here.archive.database()) as db, metrics.told(here, db):
        pass
    text = here.file("one.prom").read_text(encoding="utf-8")
    (info,) = [one for one in text_string_to_metric_families(text) if one.name == "gochim_info"]
    assert info.samples[0].labels["archive"] == str(here.archive.root.resolve())


def test_figures_that_cannot_be_written_end_no_run_and_leave_the_old_ones(tmp_path: Path, capsys):
    here = place(tmp_path / "archive", metrics_textfile=str(tmp_path / "none" / "one.prom"))
    with closing(here.archive.database()) as db, metrics.told(here, db):
        pass
    assert "the figures for Prometheus cannot be written" in capsys.readouterr().err
    with closing(here.archive.database()) as db, pytest.raises(RunEndedEarly), metrics.told(here, db):
        raise RunEndedEarly("why it ended")


@pytest.fixture
def quiet_loggers() -> Iterator[None]:
    """Take what a log added to the process's loggers out again."""
    before = {one: list(one.handlers) for one in (logging.getLogger(), logging.getLogger("gochim"))}
    yield
    for one, handlers in before.items():
        one.handlers[:] = handlers


@pytest.mark.usefixtures("quiet_loggers")
def test_a_log_is_turned_over_by_size_and_only_so_many_stay(tmp_path: Path):
    here = place(tmp_path / "archive", log_file="a.log", log_max_size=10_000, log_keep=3)
    for number in range(100):
        with journal.kept(here):
            journal.note(f"run {number} " + "x" * 400)
    logs = sorted(tmp_path.rglob("a.log*"))
    assert [one.name for one in logs] == ["a.log", "a.log.1", "a.log.2", "a.log.3"]
    assert all(one.stat().st_size <= 10_000 for one in logs)
    assert "run 99 " in logs[0].read_text(encoding="utf-8")


@pytest.mark.usefixtures("quiet_loggers")
@pytest.mark.parametrize(("rotate", "days"), [("day", 2), ("week", 8)])
def test_a_log_is_turned_over_by_age_though_every_run_is_short(tmp_path: Path, rotate: str, days: int):
    here = place(tmp_path / "archive", log_file="a.log", log_rotate=rotate, log_keep=2)
    for number in range(5):
        with journal.kept(here):
            journal.note(f"run {number}")
            journal.note("the same day")
        if number < 4:  # the log was last written to long ago, each time on another day
            os.utime(here.file("a.log"), (time.time() - (40 - 8 * number) * 86_400,) * 2)
    logs = sorted(one.name for one in here.archive.root.glob("a.log*"))
    assert len(logs) == 3
    assert "run 4" in here.file("a.log").read_text(encoding="utf-8")
    assert "run 3" not in here.file("a.log").read_text(encoding="utf-8")
    # Within its day or week it goes on.
    with journal.kept(here):
        journal.note("run 5")
    assert here.file("a.log").read_text(encoding="utf-8").count("begins") == 2


@pytest.mark.usefixtures("quiet_loggers")
def test_a_log_has_warnings_of_all_modules_faults_with_traceback_and_no_control_characters(tmp_path: Path):
    here = place(tmp_path / "archive", log_file="a.log")
    with pytest.raises(ZeroDivisionError):
        _fails_while_it_is_logged(here)
    text = here.file("a.log").read_text(encoding="utf-8")
    assert [one for one in text.splitlines() if not LINE.fullmatch(one)] == []
    assert "WARNING a list is silent\\u001b[2J" in text
    assert "WARNING said\n  in two lines" in text
    assert "ERROR ended with exit code 1: a fault of the program" in text
    assert "  ZeroDivisionError" in text


def _fails_while_it_is_logged(here: Place) -> None:
    with journal.kept(here):
        logging.getLogger("crawler.lists").warning("a list is silent\x1b[2J")
        journal.say("gochim: said\nin two lines")
        raise ZeroDivisionError


def test_a_log_is_not_written_into_what_the_archive_keeps(tmp_path: Path):
    here = place(tmp_path / "archive", log_file="versions.db")
    with (
        pytest.raises(SettingsError, match=r"gochim\.toml: versions\.db is kept by the archive itself"),
        journal.kept(here),
    ):
        pass


@pytest.mark.usefixtures("quiet_loggers")
def test_a_log_that_cannot_be_written_is_said_once_and_ends_nothing(tmp_path: Path, capsys):
    here = place(tmp_path / "archive", log_file="none/a.log")
    with journal.kept(here):
        journal.note("one")
        journal.note("two")
    assert capsys.readouterr().err.count("cannot be written") == 1


def test_a_run_refused_by_the_lock_leaves_the_figures_of_the_other(tmp_path: Path):
    watched = Desk(place(tmp_path / "archive", log_file="a.log", metrics_textfile="one.prom").archive.root)
    with Archive(watched.root).locked():
        assert watched.run("crawl").code == 4
    assert not (watched.root / "one.prom").exists()
    assert not (watched.root / "a.log").exists()


@pytest.mark.parametrize(
    ("error", "code", "words"),
    [
        (KeyboardInterrupt(), 5, "interrupted"),
        (RunEndedEarly("why"), 5, "why"),
        (sqlite3.OperationalError("disk I/O error"), 5, "disk I/O error"),
        (OSError(28, "No space left on device", "/x"), 5, "/x: No space left on device"),
        (ValueError("unforeseen"), 1, None),
    ],
)
def test_every_error_has_a_sentence_and_an_exit_code(error: BaseException, code: int, words: str | None):
    told = ending(error)
    assert exit_code(error) == code
    assert (told[0] if told else None) == words or (words and told and words in told[0])


def test_a_database_that_another_program_holds_is_waited_for_and_not_made_anew(tmp_path: Path):
    path = tmp_path / "versions.db"
    with closing(sqlite3.connect(path, isolation_level=None)) as other, closing(sqlite3.connect(path, timeout=0)) as db:
        other.execute("BEGIN EXCLUSIVE")
        with pytest.raises(sqlite3.OperationalError) as failed:
            db.execute("CREATE TABLE mine (one)")
    told = ending(failed.value)
    assert told
    assert told[1] == 5
    assert "in use by another program" in told[0]
    assert "rebuild" not in told[0]


def test_a_memory_that_is_damaged_is_said_once_in_our_words(tmp_path: Path):
    archive = place(tmp_path / "archive").archive
    archive.state_path.write_text("{damaged")
    told = Desk(archive.root).run("-q", "status")
    assert told.code == 0
    (line,) = told.err.splitlines()
    assert line.startswith(f"gochim: {archive.state_path} is no JSON")


def test_an_outbox_that_is_damaged_is_what_is_wrong_and_status_tells_the_rest(tmp_path: Path):
    archive = place(tmp_path / "archive").archive
    archive.alerts_path.write_text("no database")
    told = Desk(archive.root).json("status")
    assert told["alerts"]["waiting"] is None
    assert any(line.startswith(f"{archive.alerts_path} cannot be used") for line in told["wrong"])
