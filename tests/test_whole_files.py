"""Files that are written whole or not at all."""

from __future__ import annotations

import os
import stat
import subprocess
import sys
from pathlib import Path
from threading import Thread

import pytest

from storage.whole_files import written_for_user, written_whole
from tests.runs import ROOT


def test_a_file_takes_the_place_of_the_one_before_it_at_the_end(tmp_path):
    path = tmp_path / "state.json"
    path.write_bytes(b"before")
    with written_whole(path) as file:
        file.write(b"after")
        assert path.read_bytes() == b"before"
    assert [one.name for one in tmp_path.iterdir()] == ["state.json"]
    assert path.read_bytes() == b"after"


def test_what_cannot_be_written_leaves_the_one_before_it_and_nothing_else(tmp_path, monkeypatch):
    def full(_: int) -> None:
        raise OSError(28, "No space left on device")

    path = tmp_path / "state.json"
    path.write_bytes(b"before")
    monkeypatch.setattr("os.fsync", full)
    with pytest.raises(OSError, match="No space left"), written_whole(path) as file:
        file.write(b"after")
    assert [one.read_bytes() for one in tmp_path.iterdir()] == [b"before"]


def test_an_interruption_leaves_the_one_before_it_too(tmp_path):
    path = tmp_path / "state.json"
    path.write_bytes(b"before")

    def interrupted() -> None:
        with written_whole(path, fsync=False) as file:
            file.write(b"after")
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        interrupted()
    assert [one.read_bytes() for one in tmp_path.iterdir()] == [b"before"]


SECOND = """
import sys
from pathlib import Path
from storage.whole_files import written_whole
with written_whole(Path(sys.argv[1])) as file:
    file.write(b"second")
"""


def test_of_two_programs_that_write_one_file_the_second_waits_and_both_are_whole(tmp_path):
    path = tmp_path / "report.html"
    with written_whole(path) as file:
        file.write(b"the first, which is the longer one")
        other = subprocess.Popen([sys.executable, "-c", SECOND, str(path)], cwd=ROOT, stderr=subprocess.PIPE, text=True)
        while not _waits(other.pid):
            assert other.poll() is None, other.communicate()
    assert other.communicate()[1] == ""
    assert path.read_bytes() == b"second"
    assert [one.name for one in tmp_path.iterdir()] == ["report.html"]


def _waits(process: int) -> bool:
    """Say whether a process waits for a lock."""
    # "1: -> FLOCK  ADVISORY  WRITE 4242 00:2b:131 0 EOF"
    return any("->" in line and f" {process} " in line for line in Path("/proc/locks").read_text().splitlines())


def test_a_named_pipe_is_written_into_and_stays_one(tmp_path):
    path, heard = tmp_path / "pipe", []
    os.mkfifo(path)
    reader = Thread(target=lambda: heard.append(path.read_bytes()))
    reader.start()
    with written_whole(path) as file:
        file.write(b"a report")
    reader.join()
    assert heard == [b"a report"]
    assert stat.S_ISFIFO(path.stat().st_mode)


def test_a_link_stays_and_the_file_it_names_is_replaced(tmp_path):
    (tmp_path / "published").mkdir()
    file, link = tmp_path / "published" / "report.html", tmp_path / "report.html"
    file.write_bytes(b"before")
    link.symlink_to("published/report.html")
    with written_whole(link) as written:
        written.write(b"after")
    assert link.is_symlink()
    assert file.read_bytes() == b"after"


def test_a_pipe_that_nobody_reads_on_is_no_fault(tmp_path: Path):
    pipe = tmp_path / "pipe"
    os.mkfifo(pipe)
    reader = os.open(pipe, os.O_RDONLY | os.O_NONBLOCK)
    with written_for_user(pipe) as file:  # gochim report -o pipe, read by head
        file.write(b"a line\n")
        file.flush()
        os.close(reader)
        file.write(b"more\n")
        file.flush()
        pytest.fail("it went on to write what nobody reads")
