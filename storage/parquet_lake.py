"""The archive as Parquet files for DuckDB, pandas and Spark: only what is new or changed is written again.

A lake is a directory of tables, one file a month or one in all. ``lake.json`` says of each file which state of the
database it holds; ``lake.sql`` has the views that DuckDB reads it through.
"""

from __future__ import annotations

import fcntl
import hashlib
import json
import os
import shutil
import sqlite3
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq

from storage.errors import LockHeld, RunEndedEarly, SettingsError
from storage.parquet_tables import FORM, TABLES, Table
from storage.whole_files import sha256_of, written_whole

_GROUP_ROWS, _GROUP_SIZE = 50_000, 32_000_000
"""A row group ends with so many rows or bytes of text, so that memory does not grow with the table."""
_BATCH_ROWS = 5_000
"""Rows that are held as Python's values: Arrow's columns of the same rows take a tenth of the memory."""
_BEGUN = {".lock", "lake.json.tmp"}
"""What stands in a lake before ``lake.json`` does, and is all that a first export leaves which ends so early."""
_OF_A_FILE = {"state", "rows", "bytes", "sha256"}
"""What ``lake.json`` says of a file."""
_VIEWS = Path(__file__).with_name("parquet_lake.sql")


Progress = Callable[[str, int], None]


@dataclass(frozen=True, slots=True)
class Written:
    """What an export did to files: written, kept as they were, removed; and the rows in those written."""

    written: int
    kept: int
    removed: int
    rows: int


@dataclass(frozen=True, slots=True)
class _Part:
    """One file of the lake and the month whose rows it holds; an empty one for all, or for a table without rows."""

    table: Table
    month: str

    @property
    def path(self) -> str:
        where = f"month={self.month}/" if self.month else ""
        return f"{self.table.name}/{where}{self.table.name}.parquet"


def write_lake(
    db: sqlite3.Connection, lake: Path, progress: Progress = lambda *_: None, *, replace: bool = False
) -> Written:
    """Bring the lake in a directory up to date with the database, as it stands at this moment.

    New files are made aside and put in the old ones' places when all are whole: whoever reads meanwhile, or after an
    export that was killed, finds every file whole, of this state or the one before. The same database gives the
    same bytes.

    Args:
        db: The version database; a crawl may go on writing it.
        lake: The directory; a new or empty one, or a lake.
        progress: Called with the name of each file before it is looked at, and how many there are.
        replace: Whether a lake that tells of runs which the database lacks may be written over.

    Raises:
        SettingsError: The directory holds something else, or another archive's lake.
        LockHeld: Another export is writing it.
        RunEndedEarly: It cannot be written.
    """
    try:
        with _held(lake):
            if not replace:
                _refuse_of_another(db, lake)
            return _brought_up_to_date(db, lake, progress)
    except OSError as error:
        raise RunEndedEarly(
            f"The lake at {lake} cannot be written ({error.strerror or error}). It is whole as it was; make room or "
            "choose another place with -o, then run the command again."
        ) from error


@contextmanager
def _held(lake: Path) -> Iterator[None]:
    if lake.exists() and not lake.is_dir():
        raise SettingsError(f"{lake} is a file. Name a directory with -o.")
    if lake.is_dir() and {one.name for one in lake.iterdir()} - _BEGUN and not (lake / "lake.json").exists():
        raise SettingsError(f"{lake} holds other files and is no lake. Name a new or empty directory with -o.")
    lake.mkdir(parents=True, exist_ok=True)
    with (lake / ".lock").open("a") as handle:
        try:
            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError as error:
            raise LockHeld(f"Another export is writing {lake}. Wait for it to end.") from error
        if not (lake / "lake.json").exists():
            _tell(lake, {})
        yield


def _refuse_of_another(db: sqlite3.Connection, lake: Path) -> None:
    """Refuse a lake that tells of a run which the database does not know: another archive's, or one that lost files."""
    lacking = sorted(_runs(lake / "runs" / "runs.parquet") - {run for (run,) in db.execute("SELECT run FROM runs")})
    if lacking:
        raise SettingsError(
            f"{lake} holds {len(lacking)} run{'s' if len(lacking) > 1 else ''} that this archive lacks, such as "
            f"{lacking[0]}: it is another archive's lake, or files of this archive are gone. Name another directory "
            "with -o, or write this archive in its place with --replace."
        )


def _runs(path: Path) -> set[str]:
    """Give the runs that a lake tells of, none where their file is gone; one that is spoilt is taken away.

    A run that captured nothing stands in no WARC file, so that a database made anew does not know it.
    """
    try:
        rows = pq.read_table(path, columns=["run", "finish", "requests"]).to_pylist()
    except FileNotFoundError:
        return set()
    except (OSError, pa.ArrowException) as error:
        if getattr(error, "errno", None) is not None:
            raise  # The disk's own: what Arrow finds spoilt has no number.
        path.unlink(missing_ok=True)
        return set()
    return {row["run"] for row in rows if row["requests"] or row["finish"] is None}


def _brought_up_to_date(db: sqlite3.Connection, lake: Path, progress: Progress) -> Written:
    known = _known(lake)
    staged = lake / ".staged"
    shutil.rmtree(staged, ignore_errors=True)
    files: dict[str, dict[str, Any]] = {}
    fresh: list[str] = []
    db.execute("BEGIN")  # All tables are read as they stand at one moment.
    try:
        parts = list(_parts(db))
        for part in parts:
            progress(part.path, len(parts))
            state = _state(db, part)
            old = known.get(part.path)
            path = lake / part.path
            if old and old["state"] == state and path.is_file() and sha256_of(path) == old["sha256"]:
                files[part.path] = old
                continue
            files[part.path] = {"state": state, **_write(db, part, staged / part.path)}
            fresh.append(part.path)
    except BaseException:
        shutil.rmtree(staged, ignore_errors=True)  # A full disk is to have its room again.
        raise
    finally:
        db.rollback()
    removed = [one for one in _there(lake) if one not in files]
    if fresh:  # Whoever is killed while files are put in their places leaves none that is taken for what it was.
        _tell(lake, {path: one for path, one in files.items() if path not in fresh})
    _swap(lake, staged, fresh, removed)
    _put(lake / "lake.sql", _VIEWS.read_text(encoding="utf-8"))
    _tell(lake, files)
    rows = sum(files[one]["rows"] for one in fresh)
    return Written(len(fresh), len(files) - len(fresh), len(removed), rows)


def _told(files: dict[str, dict[str, Any]]) -> dict[str, Any]:
    return {"form": FORM, "made_with": f"pyarrow {pa.__version__}", "files": files}


def _tell(lake: Path, files: dict[str, dict[str, Any]]) -> None:
    _put(lake / "lake.json", json.dumps(_told(files), indent=1, sort_keys=True) + "\n")


def _known(lake: Path) -> dict[str, dict[str, Any]]:
    """Give what is noted of the lake's files, nothing when they have another form or another maker than new ones."""
    try:
        told = json.loads((lake / "lake.json").read_text(encoding="utf-8"))
        files: dict[str, dict[str, Any]] = told["files"]
        current = {**told, "files": {}} == _told({})
        return {path: one for path, one in files.items() if current and one.keys() == _OF_A_FILE}
    except (ValueError, KeyError, TypeError, AttributeError, RecursionError):
        return {}  # It is written whole or not at all; whoever spoilt it gets every file anew.


def _there(lake: Path) -> list[str]:
    """List the lake's files, those too of which a killed export did not tell any more."""
    found = (one for table in TABLES for one in (lake / table.name).glob(f"**/{table.name}.parquet"))
    return [one.relative_to(lake).as_posix() for one in found]


def _parts(db: sqlite3.Connection) -> Iterator[_Part]:
    for table in TABLES:
        months = [] if table.months is None else table.months(db)
        for month in months or [""]:
            yield _Part(table, month)


def _state(db: sqlite3.Connection, part: _Part) -> str:
    """Digest what the rows of a file are known by."""
    digest = hashlib.sha256(str(part.table.schema).encode())
    cursor = part.table.marks(db, part.month)
    while found := cursor.fetchmany(1_000):
        digest.update(repr([tuple(row) for row in found]).encode())
    return digest.hexdigest()


def _write(db: sqlite3.Connection, part: _Part, path: Path) -> dict[str, Any]:
    """Write one file; give its rows, bytes and SHA-256."""
    path.parent.mkdir(parents=True)
    rows = 0
    with path.open("wb") as file:
        with pq.ParquetWriter(file, part.table.schema, compression="zstd") as writer:
            for group in _groups(part.table, part.table.rows(db, part.month)):
                writer.write_table(group)
                rows += group.num_rows
        file.flush()
        os.fsync(file.fileno())
    return {"rows": rows, "bytes": path.stat().st_size, "sha256": sha256_of(path)}


def _groups(table: Table, cursor: sqlite3.Cursor) -> Iterator[Any]:
    """Give a cursor's rows as Arrow tables, each as large as a row group may be."""
    group: list[Any] = []
    rows = size = 0
    for batch, weight in _batches(cursor):
        group.append(_arrow(table, batch))
        rows, size = rows + len(batch), size + weight
        if rows >= _GROUP_ROWS or size >= _GROUP_SIZE:
            yield pa.concat_tables(group)
            group, rows, size = [], 0, 0
    if group:
        yield pa.concat_tables(group)


def _batches(cursor: sqlite3.Cursor) -> Iterator[tuple[list[tuple[Any, ...]], int]]:
    """Give a cursor's rows some at a time, with the bytes of text in them."""
    batch: list[tuple[Any, ...]] = []
    size = 0
    for row in cursor:
        values = tuple(row)
        batch.append(values)
        size += sum(len(value) for value in values if isinstance(value, str | bytes))
        if len(batch) >= min(_BATCH_ROWS, _GROUP_ROWS) or size >= _GROUP_SIZE:
            yield batch, size
            batch, size = [], 0
    if batch:
        yield batch, size


def _arrow(table: Table, batch: list[tuple[Any, ...]]) -> Any:
    arrays = []
    for column, values in zip(table.columns, zip(*batch, strict=True), strict=True):
        convert = column.convert
        typed = values if convert is None else [None if one is None else convert(one) for one in values]
        arrays.append(pa.array(typed, type=column.type))
    return pa.table(arrays, schema=table.schema)


def _swap(lake: Path, staged: Path, fresh: list[str], removed: list[str]) -> None:
    """Put the new files in their places, each at once, and take away what the archive no longer says."""
    for one in fresh:
        (lake / one).parent.mkdir(parents=True, exist_ok=True)
        (staged / one).replace(lake / one)
    for one in removed:
        (lake / one).unlink(missing_ok=True)
        directory = (lake / one).parent
        if directory.is_dir() and not any(directory.iterdir()):
            directory.rmdir()
    shutil.rmtree(staged, ignore_errors=True)


def _put(path: Path, text: str) -> None:
    with written_whole(path) as file:
        file.write(text.encode())
