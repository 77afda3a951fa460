"""What a Parquet lake holds: each table's types, where its rows come from, and how it is seen that a row has changed.

Values that change at every look, such as when a version was last seen, have a table apart from values that never do. So
an export after years of looks writes this month's files and a few small ones anew, and no old text.
"""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from typing import Any

import pyarrow as pa

from storage import capture_months
from storage.stored import digest_of, hex_of, record_of

FORM = 1
"""The lake's form; a greater one makes the next export write every file anew."""

_TEXT, _WHOLE = pa.string(), pa.int64()
_TIME = pa.timestamp("us", tz="UTC")
_BLOCKS = pa.list_(pa.struct([("kind", _TEXT), ("text", _TEXT)]))
_FILES = pa.list_(
    pa.struct([(name, _TEXT) for name in ("file_id", "name", "media_type", "sha256", "text_sha256")]),
)
_OPS = pa.list_(
    pa.struct(
        [
            ("op", _TEXT),
            ("old", _TEXT),
            ("new", _TEXT),
            ("words", pa.list_(pa.struct([("tag", _TEXT), ("text", _TEXT)]))),
            ("old_index", _WHOLE),
            ("new_index", _WHOLE),
            ("old_kind", _TEXT),
            ("new_kind", _TEXT),
        ]
    )
)
_FACTS = pa.list_(
    pa.struct(
        [
            ("kind", _TEXT),
            ("old", _TEXT),
            ("new", _TEXT),
            ("old_value", _TEXT),
            ("new_value", _TEXT),
            ("old_number", pa.float64()),
            ("new_number", pa.float64()),
            ("ratio", pa.float64()),
        ]
    )
)
_DOCUMENTS = pa.list_(
    pa.struct([*((f"{what}_{side}", _TEXT) for what in ("file_id", "name") for side in ("old", "new")), ("ops", _OPS)])
)
_DETAIL = pa.struct(
    [
        ("body", _TEXT),
        ("file", _TEXT),
        ("only_in_body", pa.list_(_TEXT)),
        ("only_in_file", pa.list_(_TEXT)),
        ("share", pa.float64()),
        ("first", _TEXT),
        ("member", _TEXT),
    ]
)

Convert = Callable[[Any], Any]
Rows = Callable[[sqlite3.Connection, str], sqlite3.Cursor]


def _ops(steps: list[dict[str, Any]]) -> list[dict[str, Any]]:
    return [{**one, "words": [{"tag": tag, "text": text} for tag, text in one["words"]]} for one in steps]


def _fields(text: str) -> list[dict[str, Any]]:
    return [{"field": one["field"], "ops": _ops(one["ops"])} for one in json.loads(text)]


def _documents(text: str) -> list[dict[str, Any]]:
    return [{**one, "ops": _ops(one["ops"])} for one in json.loads(text)]


def _facts(text: str) -> list[dict[str, Any]]:
    """Give each fact's values as text, and as numbers where they are some: a column has one type."""
    found = []
    for one in json.loads(text):
        numbers = {
            f"{side}_number": one[f"{side}_value"] if isinstance(one[f"{side}_value"], int | float) else None
            for side in ("old", "new")
        }
        values = {
            f"{side}_value": None if one[f"{side}_value"] is None else str(one[f"{side}_value"])
            for side in ("old", "new")
        }
        found.append({**one, **values, **numbers})
    return found


def _pairs(text: str) -> list[dict[str, str]]:
    return [{"kind": kind, "text": said} for kind, said in json.loads(text)]


def _counts(text: str) -> list[tuple[str, int]]:
    return sorted(json.loads(text).items())


@dataclass(frozen=True, slots=True)
class Column:
    """A column: its type, and how SQLite's value becomes one of that type."""

    name: str
    type: Any = _TEXT
    convert: Convert | None = None


@dataclass(frozen=True, slots=True)
class Table:
    """A table of the lake.

    Args:
        name: Its directory.
        columns: In order; ``rows`` gives them so.
        rows: Gives the rows of a month, or all of them, in an order that the archive's content alone decides.
        marks: Gives, for the same rows, columns that cost less and differ whenever the row does.
        months: Lists the months (``2026-11``) that there are; None for a table that is one file.
    """

    name: str
    columns: tuple[Column, ...]
    rows: Rows
    marks: Rows
    months: Callable[[sqlite3.Connection], list[str]] | None = None

    @property
    def schema(self) -> Any:
        """The table's Arrow schema."""
        return pa.schema([(one.name, one.type) for one in self.columns])


def _list(kind: Any) -> Callable[[str], Column]:
    return partial(Column, type=kind, convert=json.loads)


_MAKERS: Mapping[str, Callable[[str], Column]] = {
    "text": Column,
    "whole": partial(Column, type=_WHOLE),
    "small": partial(Column, type=pa.int32()),
    "real": partial(Column, type=pa.float64()),
    "flag": partial(Column, type=pa.bool_(), convert=bool),
    "time": partial(Column, type=_TIME, convert=datetime.fromisoformat),
    "ticks": partial(Column, type=_TIME),
    "record": partial(Column, convert=record_of),
    "digest": partial(Column, convert=digest_of),
    "sha256": partial(Column, convert=hex_of),
    "texts": _list(pa.list_(_TEXT)),
    "blocks": _list(_BLOCKS),
    "images": _list(pa.list_(pa.struct([(name, _TEXT) for name in ("src", "alt", "caption", "sha256")]))),
    "links": _list(pa.list_(pa.struct([(name, _TEXT) for name in ("text", "address")]))),
    "files": _list(_FILES),
    "reasons": _list(pa.list_(pa.struct([("signal", _TEXT), ("text", _TEXT)]))),
    "detail": _list(_DETAIL),
    "fields": partial(
        Column, type=pa.list_(pa.struct([("field", _TEXT), ("ops", _OPS)])), convert=_fields
    ),
    "facts": partial(Column, type=_FACTS, convert=_facts),
    "documents": partial(Column, type=_DOCUMENTS, convert=_documents),
    "pairs": partial(Column, type=_BLOCKS, convert=_pairs),
    "counts": partial(Column, type=pa.map_(_TEXT, _WHOLE), convert=_counts),
}  # fmt: skip


def _columns(said: str) -> tuple[Column, ...]:
    """Read columns written as ``name`` (text) or ``name:kind``."""
    pairs = [one.partition(":") for one in said.split()]
    return tuple(_MAKERS[kind or "text"](name) for name, _, kind in pairs)


def _asked(query: str) -> Rows:
    return lambda db, month: db.execute(query, {"month": month})


def _table(name: str, columns: str, order: str) -> Table:
    """Make a table that is one file, read from the table of that name (``sightings`` from ``versions``)."""
    made = _columns(columns)
    wanted, source = ", ".join(one.name for one in made), "versions" if name == "sightings" else name
    rows = _asked(f"SELECT {wanted} FROM {source} ORDER BY {order}")  # noqa: S608  # made of constants
    return Table(name, made, rows, rows)


def _by_month(name: str, columns: str, source: str, order: str, *, marks: str, marked: str) -> Table:  # noqa: PLR0913
    """Make a table of a file a month; the first word of ``order`` is the time that decides of the month."""
    made = _columns(columns)
    wanted, time = ", ".join(one.name for one in made), order.partition(",")[0]
    # '~' is greater than every character of a time.
    where = f"WHERE {time} >= :month AND {time} < :month || '~' ORDER BY {order}"
    months = f"SELECT DISTINCT substr({time}, 1, 7) FROM {marked} ORDER BY 1"  # noqa: S608
    return Table(
        name,
        made,
        rows=_asked(f"SELECT {wanted} FROM {source} {where}"),  # noqa: S608
        marks=_asked(f"SELECT {marks} FROM {marked} {where}"),  # noqa: S608
        months=lambda db: [month for (month,) in db.execute(months)],
    )


_EVIDENCE = "warc offset:whole length:whole record_id payload_digest captured_at:time"
_BOTH = " ".join(f"{side}_{one}" for side in ("old", "new") for one in _EVIDENCE.split())

# An attachment's text stands in the month in which a version first offered it; one that none offers has none.
_TEXTS = (
    "(SELECT t.*, coalesce((SELECT min(v.first_seen) FROM attachments a JOIN versions v ON v.id = a.version_id"
    " WHERE a.sha256 = t.sha256), '0000-00') AS first_seen FROM attachment_texts t)"
)
# A month's versions are found and put in order by index alone, then each text is read once. Without its LIMIT the
# order of an inner query is no order.
_OF_MONTH = (
    "(SELECT v.first_seen AS seen, v.article AS a, v.version AS n FROM versions v WHERE v.first_seen >= :month"
    " AND v.first_seen < :month || '~' ORDER BY v.first_seen, v.article, v.version LIMIT -1)"
)


def _versions(columns: str, marks: str) -> Table:
    made = _columns(columns)
    wanted = ", ".join(one.name for one in made)
    joined = f"FROM {_OF_MONTH} CROSS JOIN {{}} ON article = a AND version = n"
    months = "SELECT DISTINCT substr(first_seen, 1, 7) FROM versions ORDER BY 1"
    return Table(
        "versions",
        made,
        rows=_asked(f"SELECT {wanted} {joined.format('version_detail')}"),
        marks=_asked(f"SELECT {marks} {joined.format('versions')}"),
        months=lambda db: [month for (month,) in db.execute(months)],
    )


TABLES = (
    _versions(
        "article version:small first_seen:time url section title subtitles:texts published source source_code author"
        " body:blocks images:images links:links licence viewer body_from body_file document_blocks:whole"
        " document_images:whole content_digest layout extractor"
        f" attachments:files {_EVIDENCE}",
        "article, version, first_seen, viewer, body_from, body_file, document_blocks, document_images, content_digest,"
        " layout, extractor, capture",
    ),
    _table("sightings", "article version:small first_seen:time last_seen:time", "article, version"),
    _by_month(
        "changes",
        "id article url section title source kind from_version:small to_version:small old_last_seen:time"
        " new_first_seen:time checks_between:whole weight labels:texts disclosure disclosure_reasons:reasons"
        f" fields:fields facts:facts documents:documents {_BOTH}",
        "change_detail",
        "new_first_seen, id",
        marks="*",
        marked="change_detail",
    ),
    Table(
        "captures",
        _columns(
            "id:whole run captured_at:ticks url method kind status:small media_type location warc offset:whole"
            " length:whole record_id:record payload_digest:digest payload_sha256:sha256 payload_length:whole truncated"
            " failure failure_detail refers_to:record etag last_modified retry:small role article outcome version:small"
        ),
        capture_months.rows,
        capture_months.marks,
        capture_months.months,
    ),
    _table(
        "articles",
        "article url section title source source_code published version:small versions:small state first_seen:time"
        " last_seen:time last_checked:time last_changed:time",
        "article",
    ),
    _by_month(
        "attachment_texts",
        "sha256 outcome media_type detail blocks:pairs lost:texts text_sha256",
        _TEXTS,
        "first_seen, sha256",
        marks="sha256, reader, outcome, text_sha256, detail",
        marked=_TEXTS,
    ),
    _table(
        "runs",
        "run started_at:time ended_at:time finish portal software removal_checks:small removal_days:real"
        " requests:whole",
        "run",
    ),
    _table("state_steps", "article step:small state since:time reached:time capture:whole", "article, step"),
    _table(
        "absences",
        "article checked_at:time capture:whole run held listed:flag",
        "article, checked_at, capture",
    ),
    _table(
        "findings",
        "article version:small position:small kind file_id detail:detail",
        "article, version, position",
    ),
    _table(
        "judgements",
        "run section verdict looks:whole failed:whole outcomes:counts first_look:time last_look:time",
        "run, section",
    ),
    _table("listings", "section run since:time pages:whole rows:whole", "section, since, run"),
    _table(
        "publisher_signals",
        "capture:whole position:small news_item article url modify_id:whole modify_date approve_date embargo_date"
        " contents_status grouping_code title source",
        "capture, position",
    ),
)
