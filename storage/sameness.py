"""Hold a database against one that was made anew from the same WARC files: every table, every column, row by row.

Rows are known by what they are of, not by the numbers that one filing or another gave them. Both databases are read in
the same order, a row of each at a time, so that neither is ever held whole.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator, Sequence
from itertools import islice
from typing import Any

from storage.row_check import rebuild
from storage.stored import record_sql

_MOST = 20
"""Rows of one table that are named; of more it is said how many there are."""
_SHOWN = 60
"""Characters of a value that are shown."""
_BEFORE = 20
"""Of these, at most so many that stand before the place where two values part."""

_RECORD = f"(SELECT {record_sql('c.record_id')} FROM capture_rows c WHERE c.id = t.{{}})"  # noqa: S608  # constants
_CAPTURE_IN = ("capture", "old_capture", "new_capture")
"""Columns that hold a capture's number, which is read as its record's id."""

_KEYS = {"versions": ["article", "version"]}
"""The columns by which a row is known where these are not the table's primary key."""
_OF_VERSION = {"attachments", "search_documents", "search_waiting"}
"""Tables whose rows are of a version, given by its number."""
_NUMBERS = {"versions": ("id",), "search_documents": ("id",)}
"""Columns that hold a row's number, which another filing gives otherwise."""
_APART = {
    "_sqlite_migrations": "held against the program's own list when the database is opened",
    "answers": "read as captures",
    "change_turns": "the order in which one filing or another came upon changes",
    "capture_rows": "read as captures",
    "outlooks": "when a run is to look again, as the settings of that day said",
    "runs": "held against the run log, too",
    "urls": "read as captures",
}
"""Tables that are not compared as they stand, and why; those of SQLite and FTS5 are not, either."""
_ONLY = {"seen_moments": "microseconds <> 0"}

_SUMS = {"about", "article_digests", "outcomes", "seen_moments", "warc_files"}
"""What is made of other tables, and so differs where those do."""

_WRITTEN = {
    # Of each capture what the views say of it: two filings may store less or more of it beside its original.
    "captures": (
        ("record_id", "captured_at"),
        "SELECT {columns}, o.outcome, k.version FROM captures c JOIN capture_rows k ON k.id = c.id"
        " JOIN outcomes o ON o.id = k.outcome ORDER BY c.record_id, c.captured_at",
    ),
    # A file reaches from its first capture to its last, and further where another file was filed with some of them.
    "warc_files": (
        ("warc", "run"),
        "SELECT t.warc, t.run, min(k.id) >= t.first AS reaches_first, max(k.id) <= t.last AS reaches_last"
        " FROM warc_files t JOIN capture_rows k ON k.file = t.id GROUP BY t.id ORDER BY t.warc, t.run",
    ),
    "outcomes": (("outcome",), "SELECT outcome, captures FROM outcomes WHERE captures <> 0 ORDER BY outcome"),
    "false_validators": (("url",), "SELECT u.url FROM false_validators t JOIN urls u ON u.id = t.url ORDER BY u.url"),
    "originals": (
        ("record_id",),
        f"SELECT {record_sql('t.record_id')} AS record_id, {_RECORD.format('capture')} AS capture FROM originals t"  # noqa: S608
        " ORDER BY 1",
    ),
    "page_payloads": (
        ("url",),
        f"SELECT u.url, {_RECORD.format('capture')} AS capture, hex(t.payload_sha256) AS payload_sha256"  # noqa: S608
        " FROM page_payloads t JOIN urls u ON u.id = t.url ORDER BY u.url",
    ),
    "about": (
        ("name",),
        "SELECT name, value FROM about WHERE name IN ('content-digest', 'differ', 'digester', 'extractor')"
        " ORDER BY name",
    ),
    "search_index": (
        ("article", "version"),
        "SELECT v.article, v.version, hex(d.sz) AS lengths FROM search_documents s JOIN versions v"
        " ON v.id = s.version_id LEFT JOIN search_index_docsize d ON d.id = s.id ORDER BY v.article, v.version",
    ),
}
"""What is read by a query of its own, and the columns by which a row is known."""

Row = tuple[Any, ...]


def tables(db: sqlite3.Connection) -> list[str]:
    """Name what is compared, each a step of its own; what sums up other tables comes behind them."""
    rows = db.execute("SELECT name FROM sqlite_master WHERE type = 'table'")
    found = {name for (name,) in rows if name not in _APART and not name.startswith(("sqlite_", "search_index"))}
    return sorted(found | _WRITTEN.keys(), key=lambda name: (name in _SUMS, name))


def differences(name: str, kept: sqlite3.Connection, anew: sqlite3.Connection) -> Iterator[str]:
    """Say in sentences which rows of a table are not what the WARC files make of them.

    Args:
        name: One of :func:`tables`.
        kept: The database.
        anew: The one that was made anew.
    """
    by, query = _query(kept, name)
    told = _different(name, by, _rows(kept, query, by), _rows(anew, query, by))
    yield from islice(told, _MOST)
    if more := sum(1 for _ in told):
        yield f"versions.db: {name}: {more:,} more rows are not what the WARC files say. {rebuild()}"


def _query(db: sqlite3.Connection, name: str) -> tuple[Sequence[str], str]:
    """Give the columns by which a row of a table is known, and the query that reads its rows in the order of these."""
    info = db.execute(f"PRAGMA table_info({name})").fetchall()
    columns = [row["name"] for row in info]
    if name in _WRITTEN:
        known_by, query = _WRITTEN[name]
        return known_by, query.format(columns=", ".join(f"c.{one}" for one in columns if one != "id"))
    numbers = (*_NUMBERS.get(name, ()), "version_id")
    selected = ", ".join(
        f"{_RECORD.format(one)} AS {one}" if one in _CAPTURE_IN else f"t.{one}" for one in columns if one not in numbers
    )
    by = _KEYS.get(name) or [row["name"] for row in info if row["pk"] and row["name"] not in numbers]
    source = f"{name} t"
    if name in _OF_VERSION:
        by, selected = ["article", "version", *by], ", ".join(filter(None, ["v.article", "v.version", selected]))
        source += " JOIN versions v ON v.id = t.version_id"
    where = f" WHERE {_ONLY[name]}" if name in _ONLY else ""
    return by, f"SELECT {selected} FROM {source}{where} ORDER BY {', '.join(by)}"  # noqa: S608  # made of names of ours


def _rows(db: sqlite3.Connection, query: str, by: Sequence[str]) -> Iterator[tuple[Row, dict[str, Any]]]:
    """Give each row by name, and what it is known by."""
    cursor = db.cursor()
    cursor.row_factory = None
    cursor.execute(query)
    names = [one[0] for one in cursor.description]
    places = [names.index(one) for one in by]
    for row in cursor:
        # NULL comes first in SQL's order; what is known by it was never filed so.
        yield tuple("" if row[at] is None else row[at] for at in places), dict(zip(names, row, strict=True))


def _different(
    name: str,
    by: Sequence[str],
    kept: Iterator[tuple[Row, dict[str, Any]]],
    anew: Iterator[tuple[Row, dict[str, Any]]],
) -> Iterator[str]:
    """Walk both in their common order, and say where one has what the other has not."""

    def said(key: Row, what: str) -> str:
        which = ", ".join(f"{one} {value}" for one, value in zip(by, key, strict=True))
        return f"versions.db: {name}, {which}: {what}. {rebuild()}"

    def rest(row: dict[str, Any]) -> str:
        said = [f"{one} {_clipped(value, value)}" for one, value in row.items() if one not in by]
        return f"say {', '.join(said)}" if said else "be there"

    one, other = next(kept, None), next(anew, None)
    while one or other:
        if one and (not other or one[0] < other[0]):
            yield said(one[0], "the row is there, and the WARC files make no such row")
            one = next(kept, None)
        elif other and (not one or other[0] < one[0]):
            yield said(other[0], f"the row is missing; it ought to {rest(other[1])}")
            other = next(anew, None)
        elif one and other:
            if one[1] != other[1]:
                yield said(one[0], "; ".join(_parted(one[1], other[1])))
            one, other = next(kept, None), next(anew, None)


def _parted(kept: dict[str, Any], anew: dict[str, Any]) -> Iterator[str]:
    for column, stored in kept.items():
        if stored != anew[column]:
            yield f"{column} is {_clipped(stored, anew[column])} and ought to be {_clipped(anew[column], stored)}"


def _clipped(value: Any, other: Any) -> str:
    """Write a value so that nothing in it hides, from shortly before the place where it parts from another."""
    if value is None:
        return "NULL"
    if isinstance(value, bytes):
        return value.hex()
    if not isinstance(value, str) or len(value) <= _SHOWN:
        return repr(value)
    beside = other if isinstance(other, str) else ""
    parted = next((at for at, (a, b) in enumerate(zip(value, beside, strict=False)) if a != b), 0)
    start = max(0, parted - _BEFORE)
    cut = value[start : start + _SHOWN]
    return ("…" if start else "") + repr(cut) + ("…" if start + _SHOWN < len(value) else "")
