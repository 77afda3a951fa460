"""The archive's directory and the lock that keeps two runs apart."""

from __future__ import annotations

import os
import shutil
import signal
import sqlite3
import subprocess
import sys
from contextlib import closing, contextmanager

import pytest

from storage import contents
from storage.archive import Archive, undo_in_memory
from storage.errors import LockHeld, SettingsError
from tests.makers import archive_at, article, file_readings, found_and_filed, readings

HOLDER = """
import os, signal, sys
from pathlib import Path
from storage.archive import Archive

with Archive(Path(sys.argv[1])).locked():
    worker = os.fork() if "fork" in sys.argv else 0
    if not worker:
        print(os.getpid(), flush=True)
    signal.pause()
"""


@contextmanager
def held(archive, *words):
    """Have another process hold the lock until it is killed; give it and what it printed."""
    command = [sys.executable, "-c", HOLDER, str(archive.root), *words]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as holder:
        try:
            yield holder, int(holder.stdout.readline())
        finally:
            holder.kill()


@pytest.fixture
def archive(tmp_path):
    made = Archive(tmp_path / "archive")
    made.create()
    return made


def test_making_an_archive_twice_is_making_it_once(archive):
    archive.create()
    assert sorted(path.name for path in archive.root.iterdir()) == ["reports", "warc"]


def test_an_archive_that_cannot_be_made_says_where_and_what_to_do(tmp_path):
    (tmp_path / "file").write_text("")
    for root in (tmp_path / "file", tmp_path / "file" / "below", Archive(tmp_path / "file").root / "a" / "b"):
        with pytest.raises(SettingsError, match=r"cannot be made \(.+\)\. Choose another directory") as refused:
            Archive(root).create()
        assert str(root) in str(refused.value)
        assert refused.value.exit_code == 2


def test_a_lock_of_another_process_is_refused_with_its_number(archive):
    with held(archive) as (holder, _):
        said = rf"process {holder.pid}\) holds .*lock.*run the command again"
        with pytest.raises(LockHeld, match=said) as refused, archive.locked():
            pytest.fail("two runs at once")
        assert refused.value.exit_code == 4


def test_a_refused_run_leaves_the_holder_its_name_and_its_lock(archive):
    with held(archive) as (holder, _):
        for _ in range(2):
            with pytest.raises(LockHeld, match=f"process {holder.pid}"), archive.locked():
                pytest.fail("two runs at once")


def test_a_lock_can_be_had_as_soon_as_its_holder_was_killed(archive):
    with held(archive) as (holder, _):
        holder.send_signal(signal.SIGKILL)
        holder.wait()
        with archive.locked():
            assert (archive.root / "lock").read_text() == str(os.getpid())


def test_workers_that_outlive_a_killed_run_do_not_keep_its_lock(archive):
    with held(archive, "fork") as (holder, worker):
        try:
            holder.kill()
            holder.wait()
            os.kill(worker, 0)
            with archive.locked():
                assert (archive.root / "lock").read_text() == str(os.getpid())
        finally:
            os.kill(worker, signal.SIGKILL)


def test_a_worker_that_ends_does_not_take_the_lock_with_it(archive):
    with archive.locked():
        worker = os.fork()
        if not worker:
            os._exit(0)
        os.waitpid(worker, 0)
        with pytest.raises(LockHeld), archive.locked():
            pytest.fail("two runs at once")


def test_a_lock_is_let_go_when_the_run_fails(archive):
    with pytest.raises(KeyError), archive.locked():
        raise KeyError
    with archive.locked():
        pass


def test_one_process_cannot_take_the_lock_twice(archive):
    with archive.locked(), pytest.raises(LockHeld, match=f"process {os.getpid()}"), archive.locked():
        pytest.fail("two runs at once")


def test_a_lock_left_by_a_longer_number_is_overwritten_whole(archive):
    (archive.root / "lock").write_text("99999999999999999999")
    with archive.locked():
        assert (archive.root / "lock").read_text() == str(os.getpid())


def test_there_is_nothing_to_lock_where_there_is_no_archive(tmp_path):
    with pytest.raises(SettingsError, match="gochim init --archive"), Archive(tmp_path / "none").locked():
        pytest.fail("locked nothing")
    assert not (tmp_path / "none").exists()


def test_a_lock_that_cannot_be_written_is_named(archive):
    (archive.root / "lock").mkdir()
    with pytest.raises(SettingsError, match=r"lock cannot be written .*Check the directory's rights"), archive.locked():
        pytest.fail("locked a directory")


def test_an_archive_can_be_moved_as_a_whole(tmp_path):
    archive, db = archive_at(tmp_path / "here")
    with closing(db), db:
        file_readings(db, "148930267", readings(db, [article("하나다."), article("둘이다.")]))
        found_and_filed(db)
        before = contents.content_digest(db), contents.counts(db)
    moved = Archive(shutil.move(archive.root, tmp_path / "there"))
    with closing(moved.database()) as db:
        assert (contents.content_digest(db), contents.counts(db)) == before


def test_a_statement_that_fails_is_undone_whole_where_its_undoing_is_kept_in_memory(tmp_path):
    _, db = archive_at(tmp_path)
    with closing(db):
        undo_in_memory(db)
        for number in range(300):
            file_readings(db, str(number), readings(db, [article("글 " * 500, str(number))], str(number)))
        before = db.execute("SELECT id FROM versions ORDER BY id").fetchall()
        waiting = db.execute("SELECT count(*) FROM search_waiting").fetchone()
        columns = ", ".join(
            one[1] for one in db.execute("PRAGMA table_info (versions)") if one[1] not in {"id", "version"}
        )
        with pytest.raises(sqlite3.IntegrityError):
            # The last article's second version cannot be: another has its number.
            db.execute(
                f"INSERT INTO versions (version, {columns}) SELECT CASE article WHEN '299' THEN 1 ELSE 2 END, {columns}"
                " FROM versions ORDER BY id"
            )
        assert db.execute("SELECT id FROM versions ORDER BY id").fetchall() == before
        assert db.execute("SELECT count(*) FROM search_waiting").fetchone() == waiting
        assert db.in_transaction
