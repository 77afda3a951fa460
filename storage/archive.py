"""The archive: one directory that can be moved as a whole, its database, its lock.

``warc/`` is the truth, ``manifests/`` vouches for it, ``withdrawn/`` is what a person has taken out of it,
``versions.db`` is made from it, ``gochim.toml`` says what to watch, ``reports/`` is for people, ``state.json`` is what
the crawler remembers between runs, ``alerts.db`` is what was told to whom, ``lock`` keeps two runs apart. Of an archive
elsewhere the WARC files, the run log and the settings are read there; the others stand in a directory of this machine.
"""

from __future__ import annotations

import os
import sqlite3
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from storage import elsewhere, standing
from storage.command_line import gochim
from storage.errors import (
    TEMPORARY,
    ArchiveDisagrees,
    GochimError,
    RunEndedEarly,
    SettingsError,
    tells_of_another,
    tells_of_damage,
)
from storage.lock import held, shared
from storage.schema import is_current, migrate
from storage.standing import Standing, why_unwritable

_PATIENCE = 30
"""Seconds to wait for another program that is writing."""


class Archive:
    """An archive directory.

    Args:
        root: The directory; it need not exist before :meth:`create`. Or where it lies elsewhere
            (:func:`storage.elsewhere.at`), to be read alone.
        work: Where what is made from the WARC files stands; the directory itself where none is named.
        deed: What is done with it, a command's name: others are told while it holds the lock.
    """

    def __init__(self, root: Path, work: Path | None = None, deed: str = "") -> None:
        self.root = root
        self.work = work or root
        self.warcs = root / "warc"
        self.withdrawn = root / "withdrawn"
        self.manifests = root / "manifests"
        self.settings_path = root / "gochim.toml"
        database = self.work / "versions.db"
        # A link to a faster disk stays one: what SQLite and a rebuild put beside the database belongs there, too.
        self.database_path = Path(os.path.realpath(database)) if database.is_symlink() else database
        self.reports = self.work / "reports"
        self.state_path = self.work / "state.json"
        self.alerts_path = self.work / "alerts.db"
        self.deed = deed

    @property
    def read_only(self) -> bool:
        """Whether nothing may be written where the WARC files stand."""
        return self.work != self.root

    def keeps(self, path: Path) -> bool:
        """Say whether a path leads to what the archive keeps itself, over which nothing else may be written."""
        own = [self.database_path, self.state_path, self.alerts_path, self.work / "index", self.work / "lock"]
        if not self.read_only:
            own += [self.warcs, self.withdrawn, self.manifests, self.settings_path]
        found = Path(os.path.realpath(path))
        # What SQLite has beside a database is of the database.
        plain = found.with_name(found.name.removesuffix("-wal").removesuffix("-shm"))
        return any(plain.is_relative_to(os.path.realpath(one)) for one in own)

    @property
    def is_there(self) -> bool:
        """Whether the directory holds anything of an archive."""
        return any(one.exists() for one in (self.warcs, self.settings_path, self.database_path))

    def must_be_there(self) -> None:
        """Refuse a directory that holds nothing of an archive: a wrong name would look like an empty one.

        Raises:
            SettingsError: There is no archive here.
        """
        if self.read_only and not self.warcs.is_dir():
            raise SettingsError(f"{elsewhere.lacking(self.root)} Name the archive with --archive.")
        if not self.read_only and not self.is_there:
            raise SettingsError(
                f"There is no archive at {self.work}. Make one with: {gochim('init', '--archive', str(self.work))}"
            )

    def create(self) -> list[Path]:
        """Make the directories; give those that were not there, each behind the one it stands in."""
        if self.read_only:
            raise SettingsError(f"{self.root} is only read. Crawl and import where the archive is a directory.")
        made = [one for one in (*reversed(self.warcs.parents), self.warcs, self.reports) if not one.exists()]
        try:
            self.warcs.mkdir(parents=True, exist_ok=True)
            self.reports.mkdir(exist_ok=True)
        except OSError as error:
            raise SettingsError(f"{self.root} cannot be made ({error.strerror}). Choose another directory.") from error
        return made

    def database(self, path: Path | None = None) -> sqlite3.Connection:
        """Open ``versions.db`` (or the database at ``path``), migrated, in WAL mode.

        Raises:
            SettingsError: There is no archive here, or a newer gochim or another program made the file.
            RunEndedEarly: The disk is full or failing, or another program holds the file.
            ArchiveDisagrees: The file is damaged.
        """
        target = path or self.database_path
        self.must_be_there()
        try:
            connection = sqlite3.connect(target, timeout=_PATIENCE)
            try:
                _prepare(connection, target)
            except BaseException:
                connection.close()
                raise
        except sqlite3.DatabaseError as error:
            raise _refused(target, error) from error
        return connection

    def unwritable(self) -> str:
        """Say why this user cannot write here; nothing where all that a run writes can be written."""
        parts = [self.work, self.database_path, self.work / "lock"]
        return why_unwritable(parts if self.read_only else [*parts, self.warcs, self.manifests])

    def standing(self, why: str) -> Standing:
        """Open ``versions.db`` to be read as it stands, where it cannot be written.

        Args:
            why: Why it cannot.

        Raises:
            SettingsError: There is no archive here, no database in it, or a newer gochim or another program made it.
            RunEndedEarly: The file cannot be read.
            ArchiveDisagrees: It is damaged.
        """
        self.must_be_there()
        if not self.database_path.exists():
            raise SettingsError(
                f"{self.database_path} is not there, and it cannot be made ({why}). Copy the archive to where it can "
                f"be written, and run: {gochim('rebuild')}"
            )
        try:
            db = standing.opened(
                self.database_path, self.work / "lock", lambda db: is_current(db, str(self.database_path))
            )
            db.row_factory = sqlite3.Row
            if db.path != self.database_path:
                migrate(db, str(self.database_path))
        except sqlite3.DatabaseError as error:
            raise _refused(self.database_path, error) from error
        except OSError as error:
            raise RunEndedEarly(
                f"{self.database_path} cannot be read ({error.strerror or error}). Make room for a copy of it in "
                f"{tempfile.gettempdir()}, or read it where it can be written."
            ) from error
        return db

    @contextmanager
    def locked(self, name: str = "lock", *, reading: bool = False, wait: bool = True) -> Iterator[None]:
        """Hold the archive's lock, or another one of it by name.

        Args:
            name: Which lock.
            reading: Whether it is held only to bring the database up to date and to read: a run then waits for it.
            wait: Whether to wait for those that only read, :data:`storage.lock.PATIENCE` seconds at most.

        Raises:
            LockHeld: Another run holds it; the message names its process.
        """
        self.must_be_there()
        with held(self.work / name, self.deed, reading=reading, wait=wait):
            yield

    @contextmanager
    def shared(self) -> Iterator[None]:
        """Hold the archive's lock beside others that only read, where nothing can be written.

        Raises:
            LockHeld: A run holds it.
        """
        self.must_be_there()
        with shared(self.work / "lock"):
            yield


def is_named(path: Path) -> bool:
    """Say whether a file's name is text: one that is not UTF-8 can stand in no database, index or manifest."""
    return path.name.isascii() or path.name == path.name.encode("utf-8", "ignore").decode()


def _prepare(connection: sqlite3.Connection, path: Path) -> None:
    connection.row_factory = sqlite3.Row
    _use_wal(connection)
    connection.execute("PRAGMA synchronous = NORMAL")
    # A row that is replaced is one that goes: triggers on its going are to hear of it.
    connection.execute("PRAGMA recursive_triggers = ON")
    # A migration may drop a table that others refer to; it leaves no row that points at nothing.
    migrate(connection, str(path))
    connection.execute("PRAGMA foreign_keys = ON")


def fill_in_bulk(connection: sqlite3.Connection) -> None:
    """Let a new database be filled fast: nothing is lost with it, so it need not reach the disk before it is whole.

    Set ``synchronous`` to FULL before the last checkpoint, which then brings all of it there.
    """
    undo_in_memory(connection)
    connection.execute("PRAGMA synchronous = OFF")
    connection.execute(f"PRAGMA cache_size = -{_CACHE // 1024}")
    connection.execute("PRAGMA wal_autocheckpoint = 8000")


def undo_in_memory(connection: sqlite3.Connection) -> None:
    """Keep in memory what SQLite needs to undo a single statement that fails; for connections that file much.

    Within a transaction SQLite notes that for every statement which sets off triggers, by default in a temporary file:
    thirty writes for each article, which nobody ever reads. The setting also keeps in memory what is sorted, so
    connections that only ask questions do without it.
    """
    connection.execute("PRAGMA temp_store = MEMORY")


def sort_on_disk(connection: sqlite3.Connection) -> None:
    """Let what is read be sorted in files again, so that memory does not grow with it; nothing is filed any more."""
    connection.execute("PRAGMA temp_store = DEFAULT")


_LONGEST = 512 - len("-journal")
"""Bytes of a path that SQLite opens on any machine, with what it puts behind the names of files beside it."""

_CACHE = 16 << 20
"""Bytes of the database kept in memory while it is filled, in which it does not grow; 64 MiB and 8 MiB are as fast."""


def _use_wal(connection: sqlite3.Connection) -> None:
    """Switch to a write-ahead log; of programs that do so at once SQLite lets all but one fail at once."""
    deadline = time.monotonic() + _PATIENCE
    while True:
        try:
            connection.execute("PRAGMA journal_mode = WAL")
        except sqlite3.OperationalError as error:
            if error.sqlite_errorname != "SQLITE_BUSY" or time.monotonic() > deadline:
                raise
            time.sleep(0.02)
        else:
            return


def _refused(path: Path, error: sqlite3.DatabaseError) -> GochimError:
    """Say what is wrong with a database and what to do: only a damaged one needs to be made anew."""
    name = getattr(error, "sqlite_errorname", "")
    if tells_of_another(error):
        return RunEndedEarly(
            f"{path} is in use by another program ({error}). Wait for it to end, then run the command again."
        )
    if name.startswith(("SQLITE_IOERR", "SQLITE_FULL")):
        return RunEndedEarly(
            f"{path} cannot be written ({error}). Make room{TEMPORARY} or mend the disk, then run it again."
        )
    if name.startswith("SQLITE_CANTOPEN") and (length := len(os.fsencode(path.absolute()))) > _LONGEST:
        return SettingsError(f"{path} cannot be opened: SQLite takes no path of {length} bytes. Move the archive.")
    if name.startswith(("SQLITE_READONLY", "SQLITE_CANTOPEN", "SQLITE_PERM")):
        return SettingsError(
            f"{path} cannot be written ({error}). Check the rights and the free space of its directory."
        )
    # One of another program is a matter of settings: its tables are not ours.
    refusal = ArchiveDisagrees if tells_of_damage(error) else SettingsError
    return refusal(
        f"{path} cannot be used as a database ({error}). The WARC files are the truth: move it away and "
        f"make it anew with: {gochim('rebuild')}"
    )
