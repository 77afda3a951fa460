"""Keep the changes and find them again: in order, by article, as outlines, page by page, counted by facet."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Callable, Collection, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from storage.captures import evidence_of, number_of
from storage.change_query import Query, conditions
from storage.records import (
    WEIGHTS,
    Change,
    Comparison,
    DocumentChange,
    Fact,
    FieldChange,
    Op,
    Outline,
    Reason,
    canonical_json,
)
from storage.stored import record_of


def count_of(db: sqlite3.Connection, article: str) -> int:
    """Count the changes filed of an article."""
    (count,) = db.execute("SELECT count(*) FROM changes WHERE article = ?", (article,)).fetchone()
    return int(count)


@dataclass(frozen=True, slots=True)
class Rows:
    """A change as the rows that keep it, each without the change's id: itself, documents, labels, reasons."""

    id: str
    change: tuple[Any, ...]
    documents: list[tuple[Any, ...]]
    labels: list[tuple[int, str]]
    reasons: list[tuple[int, str, str]]


def rows_of(db: sqlite3.Connection, change: Change) -> Rows:
    """Give the rows that keep a change; its captures are filed."""
    content = change.as_json()
    return Rows(
        change.id,
        (
            change.article, change.url, change.section, change.title, change.source, change.kind,
            change.from_version, change.to_version, content["old_last_seen"], content["new_first_seen"],
            change.checks_between, content["weight"], content["disclosure"],
            canonical_json(content["fields"]).decode(), canonical_json(content["facts"]).decode(),
            number_of(db, change.evidence_old), number_of(db, change.evidence_new),
        ),
        [
            (position, one.file_id_old, one.file_id_new, one.name_old, one.name_new,
             canonical_json([op.as_json() for op in one.ops]).decode())
            for position, one in enumerate(change.comparison.documents)
        ],
        list(enumerate(change.comparison.labels)),
        [(position, one.signal, one.text) for position, one in enumerate(change.comparison.reasons)],
    )  # fmt: skip


def put(db: sqlite3.Connection, rows: Rows) -> None:
    """File one change with its labels."""
    db.execute("INSERT INTO changes VALUES (?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?)", (rows.id, *rows.change))
    for table, width, found in (
        ("change_documents", 7, rows.documents),
        ("change_labels", 3, rows.labels),
        ("change_reasons", 4, rows.reasons),
    ):
        db.executemany(
            f"INSERT INTO {table} VALUES ({','.join('?' * width)})",  # noqa: S608  # made of constants
            ((rows.id, *one) for one in found),
        )


def take_back(db: sqlite3.Connection, article: str) -> None:
    """Take back the changes of an article, to be found again."""
    db.execute("DELETE FROM changes WHERE article = ?", (article,))


@contextmanager
def taking_back(db: sqlite3.Connection) -> Iterator[Callable[[Sequence[str]], list[str]]]:
    """Remember which changes are deleted in this block, by whatever deletes them. No transaction may be open.

    Yields:
        A function that is given the ids of changes filed in this block, and gives those of them that are new: changes
        which were deleted here and then found again are left out.
    """
    db.execute("CREATE TEMP TABLE taken_back (id TEXT PRIMARY KEY) WITHOUT ROWID")
    db.execute(
        "CREATE TEMP TRIGGER take_back AFTER DELETE ON main.changes BEGIN"
        " INSERT OR IGNORE INTO taken_back VALUES (OLD.id); END"
    )
    try:
        yield lambda ids: [one for one in ids if not db.execute(_TAKEN_BACK, (one,)).fetchone()]
    finally:
        db.execute("DROP TRIGGER temp.take_back")
        db.execute("DROP TABLE temp.taken_back")


_TAKEN_BACK = "SELECT 1 FROM taken_back WHERE id = ?"


def find(db: sqlite3.Connection, query: Query) -> list[Change]:
    """Give the wanted changes in the order in which they were first seen."""
    return list(each(db, query))


_NEWEST = "new_first_seen DESC, article, coalesce(from_version, 0), coalesce(to_version, 0), id"


def each(db: sqlite3.Connection, query: Query, *, newest: bool = False) -> Iterator[Change]:
    """Give the wanted changes one after the other, in the order in which they were first seen, or the newest first."""
    where, values = conditions(query)
    order = _NEWEST if newest else "new_first_seen, article, id"
    rows = db.execute(f"SELECT * FROM change_detail WHERE {where} ORDER BY {order}", values)  # noqa: S608
    return map(_change, rows)


def by_article(db: sqlite3.Connection, articles: Sequence[str] | None = None) -> Iterator[Change]:
    """Give the changes of these articles, or of all, those of each together and in order; articles by their ids."""
    where = "" if articles is None else " WHERE article IN (SELECT value FROM json_each(?))"
    values = () if articles is None else (json.dumps(articles),)
    rows = db.execute(f"SELECT * FROM change_detail{where} ORDER BY article, new_first_seen, id", values)  # noqa: S608
    return map(_change, rows)


def outlines(db: sqlite3.Connection, query: Query) -> list[Outline]:
    """Outline the wanted changes in the order in which they were first seen, their texts left unread."""
    where, values = conditions(query)
    rows = db.execute(
        "SELECT id, article, section, source, kind, weight, old_last_seen, new_first_seen,"  # noqa: S608
        " (SELECT published FROM versions v WHERE v.article = c.article AND v.version = from_version) AS published,"
        " (SELECT first_seen FROM versions v WHERE v.article = c.article AND v.version = from_version) AS began"
        f" FROM (SELECT * FROM change_detail WHERE {where}) c ORDER BY new_first_seen, article, id",
        values,
    )
    return [
        Outline(
            id=row["id"],
            article=row["article"],
            section=row["section"],
            source=row["source"],
            kind=row["kind"],
            weight=row["weight"],
            old_last_seen=datetime.fromisoformat(row["old_last_seen"]),
            new_first_seen=datetime.fromisoformat(row["new_first_seen"]),
            published=row["published"],
            began=datetime.fromisoformat(row["began"]) if row["began"] else None,
        )
        for row in rows
    ]


@dataclass(frozen=True, slots=True)
class Sighting:
    """Which change was seen between which looks."""

    id: str
    article: str
    kind: str
    old_last_seen: str
    new_first_seen: str


def keys(db: sqlite3.Connection, since: str, articles: Collection[str] | None = None) -> dict[str, Sighting]:
    """Give for each change first seen since then what names it over rebuilds, and between which looks it was seen.

    The name is made of article, kind and the WARC record that first showed the change.

    Args:
        db: The version database.
        since: The time, as it is stored.
        articles: Whose changes, by their ids; all when it is None.
    """
    rows = db.execute(
        "SELECT h.id, h.article, h.kind, h.old_last_seen, h.new_first_seen, k.record_id"  # noqa: S608  # two constants
        f" FROM {'changes h' if articles is None else 'json_each(?2) j CROSS JOIN changes h ON h.article = j.value'}"
        " JOIN capture_rows k ON k.id = h.new_capture WHERE h.new_first_seen >= ?1 ORDER BY h.new_first_seen, h.id",
        (since,) if articles is None else (since, json.dumps(list(articles))),
    )
    return {f"{row['article']} {row['kind']} {record_of(row['record_id'])}": Sighting(*row[:5]) for row in rows}


def article_in(key: str) -> str:
    """Give the article that a name of :func:`keys` begins with."""
    return key.rsplit(" ", 2)[0]


def last_turn(db: sqlite3.Connection) -> int:
    """Give the turn in which changes were filed last, 0 before any."""
    (turn,) = db.execute("SELECT coalesce(max(turn), 0) FROM change_turns").fetchone()
    return int(turn)


def filed_after(db: sqlite3.Connection, turn: int) -> list[str]:
    """Name the articles of which changes were filed after a turn."""
    return [row["article"] for row in db.execute("SELECT article FROM change_turns WHERE turn > ?", (turn,))]


def page(db: sqlite3.Connection, query: Query, limit: int, offset: int = 0) -> list[Change]:
    """Give so many of the wanted changes, the newest first, beginning behind ``offset`` of them."""
    where, values = conditions(query)
    rows = db.execute(
        f"SELECT * FROM change_detail WHERE {where} ORDER BY new_first_seen DESC, article, id LIMIT ? OFFSET ?",  # noqa: S608
        (*values, limit, offset),
    )
    return [_change(row) for row in rows]


_FACETS = ("weight", "kind", "disclosure", "section", "source")


def facets(db: sqlite3.Connection, query: Query) -> dict[str, list[tuple[str | None, int]]]:
    """Count the wanted changes by weight, kind, disclosure, section, source and label, most (or heaviest) first."""
    where, values = conditions(query)
    wanted = f"SELECT id FROM changes AS change_detail WHERE {where}"  # noqa: S608
    counted = {
        name: f"SELECT {name}, count(*) AS n FROM changes WHERE id IN ({wanted}) GROUP BY 1 ORDER BY n DESC, 1"  # noqa: S608
        for name in _FACETS
    }
    counted["label"] = (
        f"SELECT label, count(*) AS n FROM change_labels WHERE change IN ({wanted}) GROUP BY 1 ORDER BY n DESC, 1"  # noqa: S608
    )
    found = {name: [(row[0], int(row[1])) for row in db.execute(sql, values)] for name, sql in counted.items()}
    found["weight"].sort(key=lambda row: -WEIGHTS.index(row[0]))
    return found


def total(db: sqlite3.Connection, query: Query) -> int:
    """Count the wanted changes."""
    where, values = conditions(query)
    (counted,) = db.execute(f"SELECT count(*) FROM changes AS change_detail WHERE {where}", values).fetchone()  # noqa: S608
    return int(counted)


def _document(content: dict[str, Any]) -> DocumentChange:
    return DocumentChange(**{**content, "ops": _ops(content["ops"])})


def _change(row: sqlite3.Row) -> Change:
    return Change(
        id=row["id"],
        article=row["article"],
        url=row["url"],
        section=row["section"],
        title=row["title"],
        source=row["source"],
        kind=row["kind"],
        from_version=row["from_version"],
        to_version=row["to_version"],
        old_last_seen=datetime.fromisoformat(row["old_last_seen"]),
        new_first_seen=datetime.fromisoformat(row["new_first_seen"]),
        checks_between=row["checks_between"],
        comparison=Comparison(
            fields=tuple(_field(one) for one in json.loads(row["fields"])),
            facts=tuple(Fact(**one) for one in json.loads(row["facts"])),
            labels=tuple(json.loads(row["labels"])),
            weight=row["weight"],
            disclosure=row["disclosure"],
            reasons=tuple(Reason(**one) for one in json.loads(row["disclosure_reasons"])),
            documents=tuple(_document(one) for one in json.loads(row["documents"])),
        ),
        evidence_old=evidence_of(row, "old_"),
        evidence_new=evidence_of(row, "new_"),
    )


def _field(content: dict[str, Any]) -> FieldChange:
    return FieldChange(content["field"], _ops(content["ops"]))


def _ops(content: list[dict[str, Any]]) -> tuple[Op, ...]:
    return tuple(
        Op(
            one["op"],
            one["old"],
            one["new"],
            tuple((tag, text) for tag, text in one["words"]),
            one["old_index"],
            one["new_index"],
            one.get("old_kind"),
            one.get("new_kind"),
        )
        for one in content
    )
