"""What commands write is UTF-8 wherever it goes; a reader that leaves changes neither deed nor exit code."""

from __future__ import annotations

import errno
import io
import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import redirect_stderr
from pathlib import Path

import pytest

from cli import printing, progress, streams
from cli.streams import Outgoing, while_read
from tests.runs import ROOT, desk


@pytest.fixture
def unread() -> Iterator[int]:
    """Give a pipe's end whose other end is closed."""
    reader, writer = os.pipe()
    os.close(reader)
    yield writer
    os.close(writer)


def test_what_nobody_reads_is_swallowed(unread: int):
    out = Outgoing(unread, talk=False)
    assert out.write(b"changes") == 7
    assert out.gone
    assert out.write(b"more") == 4


def test_a_disk_without_room_is_said_once_and_of_talk_never():
    with open("/dev/full", "wb") as full:  # noqa: PTH123  # a device
        data, talk = Outgoing(full.fileno(), talk=False), Outgoing(full.fileno(), talk=True)
        with pytest.raises(OSError, match=os.strerror(errno.ENOSPC)):
            data.write(b"changes")
        with pytest.raises(OSError, match="standard output"):
            Outgoing(full.fileno(), talk=False).write(b"changes")
        assert data.write(b"again, as Python flushes at its end") == 35
        assert talk.write(b"a sentence") == 10


def test_a_list_ends_where_its_reader_has_had_enough(unread: int, monkeypatch: pytest.MonkeyPatch):
    with os.fdopen(os.dup(unread), "w") as old:
        monkeypatch.setattr(sys, "stdout", old)
        monkeypatch.setattr(sys, "stderr", sys.stderr)
        streams.opened()
        told = []
        for number in while_read(range(1000)):
            told.append(number)
            print(number, flush=True)  # noqa: T201
    assert told == [0]


def gochim(stdout: int, **environment: str) -> subprocess.CompletedProcess[bytes]:
    return subprocess.run(
        [sys.executable, "-m", "cli", "--help"],
        stdout=stdout, stderr=subprocess.PIPE, check=False, env={**os.environ, **environment},
    )  # fmt: skip


def test_a_reader_that_leaves_makes_no_exit_code_of_its_own(unread: int):
    done = gochim(unread)
    assert (done.returncode, done.stderr) == (0, b"")


@pytest.mark.parametrize("closed", [(0,), (1,), (2,), (0, 2), (0, 1, 2)])
def test_no_file_gets_the_number_of_a_stream_that_is_closed(tmp_path: Path, closed: tuple[int, ...]):
    # What a library written in C says on standard error would stand in the file.
    program = f"""if True:
        import os, sys
        from cli import streams
        streams.opened()
        with open("file", "w") as file:
            file.write(str(file.fileno()))
            file.flush()
            for number in {closed[1:]}:
                os.write(number, b"a library speaks")
    """
    child = subprocess.run(
        ["/bin/sh", "-c", f'exec "$@" {" ".join(f"{one}<&-" for one in closed)}', "sh", sys.executable, "-c", program],
        cwd=tmp_path, env={**os.environ, "PYTHONPATH": str(ROOT)}, check=False,
    )  # fmt: skip
    assert child.returncode == 0
    assert int((tmp_path / "file").read_text()) > 2


def test_data_is_utf_8_in_a_korean_locale_of_old():
    done = gochim(subprocess.PIPE, PYTHONIOENCODING="euc-kr")
    assert "대한민국 정책브리핑" in done.stdout.decode()


def test_what_is_said_of_files_and_archives_commands_no_terminal(tmp_path: Path):
    watched = desk(tmp_path / "an archive \x1b[31m", "http://127.0.0.1:1")
    file = tmp_path / "addresses \x1b[2J.txt"
    file.write_text("no address\n", encoding="utf-8")
    done = watched.run("crawl", "--urls", str(file))
    assert done.code == 2
    assert "addresses \\u001b[2J.txt, line 1" in done.err
    assert "\x1b" not in done.err
    watched.ok("rebuild")
    told = watched.ok("status")
    assert "an archive \\u001b[31m" in told
    assert "\x1b" not in told
    assert watched.json("status")["archive"] == str(watched.root)


def test_what_is_said_while_progress_is_drawn_commands_no_terminal_and_the_drawing_does(monkeypatch):
    class Terminal(io.StringIO):
        def isatty(self) -> bool:
            return True

    monkeypatch.setenv("TERM", "xterm-256color")
    for name in ("NO_COLOR", "TTY_COMPATIBLE", "TTY_INTERACTIVE"):
        monkeypatch.delenv(name, raising=False)
    drawn = Terminal()
    with redirect_stderr(streams.Talk(drawn)), progress.shown(quiet=False) as step:
        printing.aside("before \x1b[31m")
        step("verify", "one", 1)
        printing.aside("meanwhile \x1b[31m")
    told = drawn.getvalue()
    assert "before \\u001b[31m" in told
    assert "meanwhile \\u001b[31m" in told
    assert "\x1b[31m" not in told
    assert "\x1b[2K" in told  # rich takes its line back
