"""The schema of ``versions.db``, brought up to date by numbered migrations (``storage/migrations``).

A new database is made at once as they would make it, from ``schema.sql``, which ``make docs`` writes.

Plain SQLite, ``STRICT`` tables, times as ISO 8601 text in UTC (fixed width, so that text order is time order), lists
as JSON text. What there is one of for every capture is stored small and read through views. No custom function or
tokenizer is needed to read it.
"""

from __future__ import annotations

import sqlite3
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path

from storage import views
from storage.command_line import gochim
from storage.errors import ArchiveDisagrees, SettingsError
from storage.migrations import MIGRATIONS

_SET = "gochim"
"""Under which name the migrations stand in the database, where those of other programs may stand beside them."""


_ALTERED = (
    "{path}: _sqlite_migrations, name {name}: the row is missing or says otherwise, though the tables are as that "
    "migration or a later one makes them. Make the database anew with: {rebuild}"
)


def migrate(db: sqlite3.Connection, path: str) -> None:
    """Bring the database to the newest schema.

    Raises:
        SettingsError: The database was made by a newer gochim than this one, or by another program.
        ArchiveDisagrees: Its list of migrations was altered.
    """
    lacking = _lacking(db, path)
    if not lacking:
        return
    try:
        _apply(db)
    except sqlite3.OperationalError as error:
        # "table findings already exists", "duplicate column name: body_file"
        if not _is_ours(db) or not any(said in str(error) for said in ("already exists", "duplicate column name")):
            raise
        raise ArchiveDisagrees(_ALTERED.format(path=path, name=min(lacking), rebuild=gochim("rebuild"))) from error


def is_current(db: sqlite3.Connection, path: str) -> bool:
    """Say whether the database has the newest schema.

    Raises:
        SettingsError: The database was made by a newer gochim than this one, or by another program.
        ArchiveDisagrees: Its list of migrations was altered.
    """
    return not _lacking(db, path)


def _lacking(db: sqlite3.Connection, path: str) -> set[str]:
    """Name the migrations that are still to be applied; errors are those of :func:`is_current`."""
    applied, ours = _applied(db), {one.__name__ for one in MIGRATIONS}
    if not applied and not _is_ours(db) and db.execute("SELECT 1 FROM sqlite_master WHERE type = 'table'").fetchone():
        raise SettingsError(
            f"{path} is the database of another program. Name another archive with --archive, or move that file "
            f"away and make the database anew with: {gochim('rebuild')}"
        )
    newer = sorted(applied - ours)
    if newer and ours - applied:  # A newer gochim has all of ours, too.
        raise ArchiveDisagrees(_ALTERED.format(path=path, name=min(ours - applied), rebuild=gochim("rebuild")))
    if newer:
        raise SettingsError(
            f"{path} was made by a newer gochim (it has {', '.join(newer)}). "
            f"Use that version, or make a database of this one with: {gochim('rebuild')}"
        )
    return ours - applied


def _applied(db: sqlite3.Connection) -> set[str]:
    """Give the names of the migrations that were applied, as sqlite-utils keeps them."""
    if not db.execute("SELECT 1 FROM sqlite_master WHERE name = '_sqlite_migrations'").fetchone():
        return set()
    rows = db.execute("SELECT name FROM _sqlite_migrations WHERE migration_set = ?", (_SET,))
    return {name for (name,) in rows}


def _is_ours(db: sqlite3.Connection) -> bool:
    """Say whether there are the tables of captures and changes, whatever is said of how they were made."""
    query = "SELECT count(*) FROM sqlite_master WHERE name IN ('capture_rows', 'change_labels')"
    return bool(db.execute(query).fetchone()[0] == 2)


def _apply(connection: sqlite3.Connection) -> None:
    # Two programs may open a new archive at once: the second waits, and finds nothing left to do.
    with connection:
        connection.execute("BEGIN IMMEDIATE")
        if connection.execute("SELECT 1 FROM sqlite_master").fetchone():
            by_migrations(connection)
        else:
            _make(connection)
        views.drop(connection)
        for view in views.VIEWS:
            connection.execute(view)


def by_migrations(connection: sqlite3.Connection) -> None:
    """Apply the migrations that are lacking, one by one; the views are left as they are."""
    # A tenth of a second to load, which a new archive and one that is opened again do without.
    from sqlite_utils import Database
    from sqlite_utils.migrations import Migrations

    migrations = Migrations(_SET)
    for one in MIGRATIONS:
        migrations()(one)
    migrations.apply(Database(connection))


def _make(connection: sqlite3.Connection) -> None:
    """Make all tables of an empty database, and say that every migration was applied."""
    statement = ""
    for line in Path(__file__).with_name("schema.sql").read_text("utf-8").splitlines(keepends=True):
        statement += line
        if sqlite3.complete_statement(statement):
            connection.execute(statement)
            statement = ""
    connection.executemany(
        "INSERT INTO _sqlite_migrations (migration_set, name, applied_at) VALUES (?, ?, ?)",
        [(_SET, one.__name__, str(datetime.now(UTC))) for one in MIGRATIONS],
    )


def strangers(db: sqlite3.Connection) -> list[str]:
    """Name the triggers and views that are not as this program makes them; views of a user's own are not meant.

    A trigger runs whenever a row is written, and a view says what every question is answered with.
    """
    found = _programs(db)
    with closing(sqlite3.connect(":memory:", isolation_level=None)) as made:
        made.row_factory = sqlite3.Row
        _apply(made)
        ours = _programs(made)
    different = {one for one in ours if found.get(one) != ours[one]}
    more = {one for one in found if one not in ours and one[0] == "trigger"}
    return sorted(f"{kind} {name}" for kind, name in different | more)


def _programs(db: sqlite3.Connection) -> dict[tuple[str, str], str]:
    """Give the text of every trigger and view, however it is laid out."""
    rows = db.execute("SELECT type, name, sql FROM sqlite_master WHERE type IN ('trigger', 'view')")
    return {(row[0], row[1]): " ".join(row[2].split()) for row in rows}
