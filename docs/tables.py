"""Write the tables of a new database as the migrations make them."""

from __future__ import annotations

import sqlite3
from contextlib import closing

from storage import schema

_HEAD = """-- The tables of a new database, as all of storage/migrations make them one after the other.
-- Written by `make docs`; a test keeps it true. Change a table by a migration.

"""
_ORDER = "table", "index", "trigger"
_NAMED_ANEW = "_sqlite_migrations"
"""The table whose rows are made with the database: they say when."""


def schema_script() -> str:
    """Give the statements, one behind the other, that make all but the views and the list of migrations' names."""
    with closing(sqlite3.connect(":memory:", isolation_level=None)) as db:
        db.row_factory = sqlite3.Row
        schema.by_migrations(db)
        made = db.execute(
            "SELECT type, name, sql FROM sqlite_master WHERE sql IS NOT NULL AND name NOT LIKE 'sqlite~_%' ESCAPE '~'"
        ).fetchall()
        virtual = [name for _, name, sql in made if sql.startswith("CREATE VIRTUAL TABLE")]
        # Those that a virtual table makes for itself: search_index_data.
        own = [one for one in made if not any(one[1].startswith(f"{name}_") for name in virtual)]
        said = [sql for kind in _ORDER for type_, _, sql in own if type_ == kind]
        for table in (name for kind, name, _ in own if kind == "table" and name not in {_NAMED_ANEW, *virtual}):
            said += [_insert(table, row) for row in map(tuple, db.execute(f"SELECT * FROM {table}"))]  # noqa: S608 - our own tables
        for table in virtual:
            config = db.execute(f"SELECT k, v FROM {table}_config WHERE k <> 'version'")  # noqa: S608 - our own tables
            said += [_insert(f"{table} ({table}, rank)", tuple(row)) for row in config]
    return _HEAD + "".join(f"{sql};\n" for sql in said)


def _insert(table: str, row: tuple[object, ...]) -> str:
    values = ", ".join(str(one) if isinstance(one, int) else f"'{one}'" for one in row)
    return f"INSERT INTO {table} VALUES ({values})"  # noqa: S608 - our own tables
