"""An archive that cannot be written is read as it stands, and readers are waited for."""

from __future__ import annotations

import asyncio
import errno
import fcntl
import os
import resource
import shutil
import sqlite3
import tempfile
import threading
import time
from collections.abc import Iterator
from contextlib import ExitStack, closing, contextmanager
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from cli import database
from cli.endings import ending
from cli.main import gochim
from crawler.portal import Portal
from reader.server import reader
from replica.actions import EditTitle
from storage import lock
from storage.archive import Archive
from storage.errors import LockHeld, SettingsError
from storage.standing import connected
from tests.drill import BASE, Drill
from tests.rights import bound_by_permissions

TITLE = "고친 제목이 여기 있다"


@pytest.fixture(scope="module")
def made() -> Iterator[tuple[Path, str]]:
    """Give an archive of two runs where every user may read it, and the article that was edited between them."""
    with tempfile.TemporaryDirectory(prefix="gochim-test-") as name:
        root = Path(name)
        root.chmod(0o755)
        drill = Drill(root, 1)
        edited = drill.section("policy-news")[0]
        drill.run()
        EditTitle(drill.articles[edited], TITLE).apply(drill.portal.state)
        drill.run()
        drill.db.close()
        with drill.archive.locked():
            pass  # as a run leaves its file
        yield drill.archive.root, drill.articles[edited]


@pytest.fixture
def kept(made: tuple[Path, str]) -> Iterator[Path]:
    """Give a copy of it to do with as one likes."""
    with tempfile.TemporaryDirectory(prefix="gochim-test-") as name:
        root = Path(name)
        root.chmod(0o755)
        yield Path(shutil.copytree(made[0], root / "archive"))


@contextmanager
def unwritable(root: Path) -> Iterator[None]:
    """Take the right to write from a directory and all in it, from root too."""
    paths = [root, *root.rglob("*")]
    for path in paths:
        path.chmod(0o555 if path.is_dir() else 0o444)
    try:
        with bound_by_permissions():
            yield
    finally:
        for path in paths:
            path.chmod(0o755 if path.is_dir() else 0o644)


def run(root: Path, *words: str) -> Result:
    return CliRunner().invoke(gochim, [*words, "--archive", str(root)])


COMMANDS = (
    ("status",), ("changes",), ("history", "{}"), ("show", "{}"), ("diff", "{}"), ("search", "고친"), ("verify",),
    ("report", "-o", "-", "--format", "json"), ("report", "-o", "{out}/r.html"), ("export", "cdxj"), ("alerts",),
    ("export", "wacz", "-o", "{out}/a.wacz"), ("export", "dossier", "{}.1", "--no-pdf", "-o", "{out}/d.zip"),
    ("export", "parquet", "-o", "{out}/lake"), ("site-changes",), ("changes", "--findings"),
)  # fmt: skip


@pytest.mark.parametrize("words", COMMANDS, ids=" ".join)
def test_what_only_reads_works_where_nothing_can_be_written(kept: Path, made: tuple[Path, str], words: tuple[str, ...]):
    shutil.rmtree(kept / "index")
    before = {path: path.read_bytes() for path in kept.rglob("*") if path.is_file()}
    with tempfile.TemporaryDirectory() as out, tempfile.TemporaryDirectory() as other:
        Path(out).chmod(0o777)
        given = [word.replace("{}", made[1]) for word in words]
        expected = run(made[0], *(word.replace("{out}", other) for word in given))
        with unwritable(kept):
            told = run(kept, *(word.replace("{out}", out) for word in given))
    if words != ("verify",):  # without the index it says what is missing
        assert (told.exit_code, expected.exit_code) == (0, 0), told.output
    if words[0] in {"history", "show", "diff", "search"} or words == ("export", "cdxj"):
        assert told.stdout == expected.stdout != ""
        assert told.stderr == ""
    assert {path: path.read_bytes() for path in kept.rglob("*") if path.is_file()} == before


def test_what_is_lacking_is_said_once(kept: Path):
    with closing(sqlite3.connect(kept / "versions.db")) as db, db:
        db.execute("UPDATE about SET value = 'older' WHERE name = 'extractor'")
    newest = max((kept / "warc").glob("*.warc.gz"))
    shutil.copy(newest, newest.with_name("another.warc.gz"))
    shutil.copy(newest, newest.with_name("torn.warc.gz.open"))
    with unwritable(kept):
        told = run(kept, "-q", "changes")
    assert told.exit_code == 0
    assert TITLE in told.stdout
    assert told.stderr.count("\n") == 1
    assert f"{kept} cannot be written (this user may not write archive), so it is read as it stands" in told.stderr
    assert "1 WARC file not filed, 1 WARC file not finished, articles as an older gochim read them" in told.stderr


def test_what_stands_in_a_log_of_which_no_index_can_be_made_is_read(kept: Path):
    file = (kept / "versions.db").read_bytes()
    with closing(Archive(kept).database()) as db:
        db.execute("PRAGMA wal_autocheckpoint = 0")
        with db:
            db.execute("UPDATE articles SET state = 'removed'")
        log = (kept / "versions.db-wal").read_bytes()
    (kept / "versions.db").write_bytes(file)  # as it was before SQLite put into it, on closing, what the log says
    (kept / "versions.db-wal").write_bytes(log)
    with unwritable(kept), closing(Archive(kept).standing("so")) as standing:
        assert standing.execute("SELECT DISTINCT state FROM articles").fetchall()[0]["state"] == "removed"
        assert standing.path != kept / "versions.db"
    assert not standing.path.parent.exists()


def test_a_log_of_which_no_index_can_be_made_is_never_left_out_of_what_is_read(kept: Path):
    (kept / "versions.db-wal").write_bytes(b"rows that the file alone has not")
    with unwritable(kept), pytest.raises(sqlite3.OperationalError):
        connected(kept / "versions.db")
    (kept / "versions.db-wal").write_bytes(b"")
    with unwritable(kept), closing(connected(kept / "versions.db")) as standing:
        assert standing.frozen
        assert standing.execute("SELECT count(*) FROM articles").fetchone()[0] > 0


def test_no_run_begins_while_the_database_itself_is_read(kept: Path):
    with (kept / "lock").open("rb") as handle:
        with unwritable(kept), closing(Archive(kept).standing("so")) as standing:
            assert standing.path == kept / "versions.db"
            with pytest.raises(BlockingIOError):
                fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        # What the run has written so far is read all the same.
        with unwritable(kept), closing(Archive(kept).standing("so")) as standing:
            assert standing.execute("SELECT count(*) FROM articles").fetchone()[0] > 0


def test_what_another_user_writes_meanwhile_is_read(kept: Path):
    with closing(Archive(kept).database()) as db:
        with db:
            db.execute("UPDATE articles SET state = 'removed'")
        with unwritable(kept), closing(Archive(kept).standing("so")) as standing:
            assert {one["state"] for one in standing.execute("SELECT state FROM articles")} == {"removed"}
            assert not standing.frozen
            with pytest.raises(sqlite3.OperationalError, match="readonly"):
                standing.execute("DELETE FROM articles")


def test_an_older_schema_is_read_in_a_copy(kept: Path):
    with closing(sqlite3.connect(kept / "versions.db")) as db, db:
        db.execute("DELETE FROM _sqlite_migrations WHERE name = 'm017_findings_with_what_they_are_of'")
        db.execute("DROP VIEW finding_detail")
        db.execute("INSERT INTO search_waiting SELECT id FROM versions")
        db.execute("DELETE FROM search_documents")
    with unwritable(kept):
        assert run(kept, "changes", "--findings").exit_code == 0
        assert TITLE in run(kept, "search", "고친").stdout.replace("⟦", "").replace("⟧", "")
        with closing(Archive(kept).standing("so")) as standing:
            assert standing.path != kept / "versions.db"
            # No run has to wait for who reads a copy.
            with (kept / "lock").open("rb") as handle:
                fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)


def test_a_newer_schema_and_no_database_at_all_are_refused(kept: Path):
    with closing(sqlite3.connect(kept / "versions.db")) as db, db:
        db.execute("INSERT INTO _sqlite_migrations VALUES (999, 'gochim', 'm999_of_tomorrow', '')")
    with unwritable(kept), pytest.raises(SettingsError, match="made by a newer gochim"):
        Archive(kept).standing("so")
    (kept / "versions.db").unlink()
    said = r"versions.db is not there, and it cannot be made \(this user may not write archive\)"
    with unwritable(kept), pytest.raises(SettingsError, match=said):
        gochim.main(["changes", "--archive", str(kept)], standalone_mode=False)


def test_it_is_served_and_no_run_waits_for_that(kept: Path, made: tuple[Path, str]):
    with unwritable(kept):
        archive = Archive(kept)
        read = reader(archive, Portal(BASE), "127.0.0.1", "http://127.0.0.1:1")
        answer = asyncio.run(read.client.get(f"/articles/{made[1]}"))
        assert (answer.status_code, TITLE in answer.text) == (200, True)
    # A run has written and ended, and its log is gone: the same server is asked again, and tells it.
    with closing(archive.database()) as db, db:
        db.execute("UPDATE versions SET title = 'sooner' WHERE version = 2")
    with unwritable(kept):
        assert "sooner" in asyncio.run(read.client.get(f"/articles/{made[1]}")).text
    # So it is while one writes.
    with closing(archive.database()) as db:
        with db:
            db.execute("UPDATE versions SET title = 'later' WHERE version = 2")
        with unwritable(kept):
            assert "later" in asyncio.run(read.client.get(f"/articles/{made[1]}")).text


def test_a_full_disk_does_not_keep_anyone_from_reading(kept: Path, made: tuple[Path, str], monkeypatch):
    def full(*_: object) -> None:
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    monkeypatch.setattr(database, "recover", full)
    told = run(kept, "show", made[1])
    assert (told.exit_code, told.stderr) == (0, "")
    assert TITLE in told.stdout


@pytest.fixture
def archive(tmp_path: Path) -> Archive:
    found = Archive(tmp_path / "archive", deed="crawl")
    found.create()
    return found


class Leaving:
    """Lets go of what is held, and knows whether it has begun to."""

    def __init__(self, held: ExitStack) -> None:
        self._held = held
        self.begun = False

    def __call__(self) -> None:
        self.begun = True
        self._held.close()


def test_a_run_waits_for_those_that_only_read(archive: Archive):
    reads = Archive(archive.root, deed="search")
    with ExitStack() as stack:
        stack.enter_context(reads.locked(reading=True))
        timer = threading.Timer(0.3, leave := Leaving(stack))
        timer.start()
        with archive.locked():
            assert leave.begun
        timer.join()


def test_a_run_waits_for_those_that_share_the_lock(archive: Archive):
    (archive.root / "lock").write_text("1\ncrawl")  # the last run was killed
    with ExitStack() as stack:
        stack.enter_context(archive.shared())
        timer = threading.Timer(0.3, leave := Leaving(stack))
        timer.start()
        with archive.locked():
            assert leave.begun
        timer.join()


def test_patience_with_readers_ends(archive: Archive, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(lock, "PATIENCE", 0.2)
    with (
        Archive(archive.root, deed="search").locked(reading=True),
        pytest.raises(LockHeld, match=rf"process {os.getpid()}, gochim search\)"),
        archive.locked(),
    ):
        pytest.fail("two at once")


def test_nobody_waits_for_a_run(archive: Archive):
    with archive.locked():
        for attempt in (archive.locked(), archive.locked(reading=True), archive.shared()):
            begun = time.monotonic()
            with pytest.raises(LockHeld, match=rf"process {os.getpid()}, gochim crawl\)"), attempt:
                pytest.fail("two at once")
            assert time.monotonic() - begun < lock.PATIENCE


def test_a_lock_says_nothing_when_it_is_let_go_and_holds_where_nothing_can_be_said(archive: Archive):
    with archive.locked():
        assert (archive.root / "lock").read_text() == f"{os.getpid()}\ncrawl"
    assert (archive.root / "lock").read_text() == ""
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (0, hard))  # as on a full disk no byte can be written
    try:
        with archive.locked(), pytest.raises(LockHeld, match="process unknown"), Archive(archive.root).locked():
            pytest.fail("two at once")
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))


def test_an_import_onto_a_disk_without_room_names_no_other_run(kept: Path, tmp_path: Path, monkeypatch):
    def full(*_: object, **__: object) -> None:
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    monkeypatch.setattr(database, "recover", full)
    (tmp_path / "one.warc.gz").touch()
    failed = run(kept, "import", str(tmp_path / "one.warc.gz")).exception
    assert isinstance(failed, OSError)
    assert ending(failed)[1] == 5
    monkeypatch.undo()
    with unwritable(kept):
        refused = run(kept, "import", str(tmp_path / "one.warc.gz"))
    assert isinstance(refused.exception, SettingsError)


def test_a_disk_without_room_is_named(kept: Path, monkeypatch: pytest.MonkeyPatch):
    def full(*_: object, **__: object) -> None:
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))  # as a write into an open file says it

    monkeypatch.setattr(database, "recover", full)
    with pytest.raises(OSError, match="No space left on device") as failed:
        gochim.main(["verify", "--repair", "--archive", str(kept)], standalone_mode=False)
    assert ending(failed.value) == (
        f"{kept}: No space left on device. Mend that and run the command again; nothing captured is lost.",
        5,
    )


def test_what_cannot_be_written_is_not_repaired_and_why_is_said(kept: Path):
    with unwritable(kept):
        refused = run(kept, "verify", "--repair").exception
    assert isinstance(refused, SettingsError)
    assert str(refused).startswith(f"{kept} cannot be repaired: this user may not write archive. Repair it where")


def test_asking_what_alerts_wait_makes_no_file_and_says_nothing_under_cron(kept: Path):
    told = run(kept, "-q", "alerts")
    assert (told.exit_code, told.output) == (0, "")
    assert "0 waiting" in run(kept, "alerts").stdout
    assert not (kept / "alerts.db").exists()


def test_a_new_archive_on_a_full_disk_lacks_nothing(kept: Path):
    for part in ("warc", "index", "manifests"):
        shutil.rmtree(kept / part)
    (kept / "versions.db").unlink()
    Archive(kept).create()
    Archive(kept).database().close()
    with unwritable(kept):
        told = run(kept, "status")
    assert (told.exit_code, told.stderr) == (0, "")
