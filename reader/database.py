"""The archive's database as Datasette reads it: read-only, fresh while a run writes, new when a rebuild replaces it."""

from __future__ import annotations

import asyncio
import sqlite3
import threading
from collections.abc import Callable
from pathlib import Path
from typing import TypeVar

from datasette.app import Datasette
from datasette.database import Database

from storage.standing import connected, fingerprint

Result = TypeVar("Result")

_LONGEST_VALUE = 64 << 20
"""Bytes of one value that a query may build: ``zeroblob(1e9)`` would fill the memory in one step."""


class ArchiveDatabase(Database):  # type: ignore[misc]  # Datasette carries no types
    """``versions.db``, opened once for each thread that asks, again when another file takes its place.

    Args:
        server: The Datasette it belongs to.
        path: The database file.
    """

    def __init__(self, server: Datasette, path: Path) -> None:
        super().__init__(server, str(path), is_mutable=True)
        self._file = path
        self._own = threading.local()

    async def execute_fn(self, fn: Callable[[sqlite3.Connection], Result]) -> Result:
        """Run ``fn`` on this database in one of the server's threads."""
        return await asyncio.get_running_loop().run_in_executor(self.ds.executor, lambda: fn(self._connection()))

    def connect(self, write: bool = False) -> sqlite3.Connection:  # noqa: FBT001, FBT002  # as Datasette calls it
        """Connect for reading: with the log that a run writes, or to the file alone where there is none."""
        if write:
            raise sqlite3.OperationalError("attempt to write a readonly database")
        connection = connected(self._file, check_same_thread=False)
        self._all_file_connections.append(connection)
        return connection

    def _connection(self) -> sqlite3.Connection:
        file = fingerprint(self._file, getattr(self._own, "connection", None))
        if getattr(self._own, "file", None) != file:
            if hasattr(self._own, "connection"):
                self._own.connection.close()
            self._own.connection = self.connect()
            self.ds._prepare_connection(self._own.connection, self.name)  # as Datasette's own does
            self._own.file = fingerprint(self._file, self._own.connection)
        connection: sqlite3.Connection = self._own.connection
        return connection


def bounded(connection: sqlite3.Connection) -> None:
    """Bound what a query typed by a user may do: no other database, no huge value, no writing."""
    connection.setlimit(sqlite3.SQLITE_LIMIT_ATTACHED, 0)
    connection.setlimit(sqlite3.SQLITE_LIMIT_LENGTH, _LONGEST_VALUE)
    connection.execute("PRAGMA query_only = ON")
