"""Reads a database that cannot be written: as it stands or in a copy, and meanwhile no run of gochim changes it.

Part of what a database says may stand in its write-ahead log. SQLite reads the log only through an index file beside
it, and makes that file where it is missing, which a full or a read-only disk refuses. Without a log the database file
alone says all.
"""

from __future__ import annotations

import fcntl
import os
import shutil
import sqlite3
import tempfile
from collections.abc import Callable
from contextlib import ExitStack, suppress
from pathlib import Path
from urllib.parse import quote


class Standing(sqlite3.Connection):
    """A connection that only reads. Closing it lets go of the lock, and of the copy, that it was opened with.

    Attributes:
        path: The file that is read: the archive's own database, or a copy of it.
        frozen: Whether SQLite was told that nobody writes the file, and so looks for no log beside it.
    """

    def __init__(self, *args: object, **named: object) -> None:
        super().__init__(*args, **named)  # type: ignore[arg-type]  # as sqlite3.connect hands them over
        self.held = ExitStack()
        self.path, self.frozen = Path(), False

    def close(self) -> None:
        """Close the database, and let go what was held."""
        super().close()
        self.held.close()


def why_unwritable(paths: list[Path]) -> str:
    """Say why this user cannot write one of these paths; nothing where all can be written.

    A path that is not there yet does no harm: the directory in which it would be made is among the others.
    """
    for path in paths:
        if path.exists() and not os.access(path, os.W_OK, effective_ids=os.access in os.supports_effective_ids):
            frozen = os.statvfs(path).f_flag & os.ST_RDONLY
            return "its file system is read-only" if frozen else f"this user may not write {path.name}"
    return ""


def connected(path: Path, *, check_same_thread: bool = True) -> Standing:
    """Connect to a database to read it: with its log, or the file alone where that says all and no log can be opened.

    Args:
        path: The database.
        check_same_thread: Whether only the thread that connects may use it.

    Raises:
        sqlite3.DatabaseError: It cannot be read.
    """
    for frozen in (False, True):
        how = "immutable=1" if frozen else "mode=ro"
        db = sqlite3.connect(
            f"file:{quote(str(path))}?{how}", uri=True, factory=Standing, check_same_thread=check_same_thread
        )
        try:
            db.execute("SELECT 1 FROM sqlite_master LIMIT 1").fetchone()
        except sqlite3.OperationalError:
            db.close()
            if frozen or not _is_alone(path):
                raise
        except BaseException:
            db.close()
            raise
        else:
            break
    db.path, db.frozen = path, frozen
    return db


def fingerprint(path: Path, db: object) -> tuple[int | bool, ...]:
    """Give a value that changes when ``db`` has to be connected anew to read what stands at ``path`` by now."""
    stat = path.stat()
    file = (stat.st_dev, stat.st_ino)
    return (*file, stat.st_mtime_ns, _is_alone(path)) if isinstance(db, Standing) and db.frozen else file


def opened(path: Path, lock: Path, is_current: Callable[[sqlite3.Connection], bool]) -> Standing:
    """Open a database to read it as it stands; no run begins until it is closed, or until a copy of it is made.

    Args:
        path: The database.
        lock: The archive's lock. Where another program holds it, what that has written so far is read.
        is_current: Says whether the database has the newest schema. One that has not is copied, and the caller
            migrates the copy.

    Raises:
        OSError: The file cannot be read, or there is no room for a copy.
        sqlite3.DatabaseError: It is no database, or damaged.
    """
    with ExitStack() as held:
        alone = held.enter_context(ExitStack())
        if lock.exists():
            handle = alone.enter_context(lock.open("rb"))
            with suppress(BlockingIOError):
                fcntl.flock(handle, fcntl.LOCK_SH | fcntl.LOCK_NB)
        db = _copied(path, held) if _stray_log(path) else connected(path)
        try:
            if db.path == path and not is_current(db):
                db = _copy(db, held)
        except BaseException:
            db.close()
            raise
        if db.path != path:
            alone.close()  # Nobody writes the copy.
        db.held = held.pop_all()
        return db


def _log(path: Path) -> Path:
    return path.with_name(f"{path.name}-wal")


def _is_alone(path: Path) -> bool:
    """Whether all that the database says stands in its file."""
    log = _log(path)
    return not log.exists() or not log.stat().st_size


def _stray_log(path: Path) -> bool:
    """Whether the newest rows stand in a log without its index, as in a copy that left it out."""
    return not _is_alone(path) and not path.with_name(f"{path.name}-shm").exists()


def _copied(path: Path, held: ExitStack) -> Standing:
    target = _scratch(held, path.name)
    for one in (path, _log(path)):
        shutil.copyfile(one, target.with_name(one.name))
    return _made(target)


def _copy(db: Standing, held: ExitStack) -> Standing:
    copy = _made(_scratch(held, db.path.name))
    try:
        db.backup(copy)
    except BaseException:
        copy.close()
        raise
    db.close()
    return copy


def _scratch(held: ExitStack, name: str) -> Path:
    return Path(held.enter_context(tempfile.TemporaryDirectory(prefix="gochim-"))) / name


def _made(target: Path) -> Standing:
    db = sqlite3.connect(target, factory=Standing)
    db.path = target
    return db
