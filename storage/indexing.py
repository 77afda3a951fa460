"""Fills the full-text index: any process may work out the terms of a version, the one that writes puts them in.

Versions that are filed wait until they are indexed, and wait again when what their files say is filled in.
"""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import Any, NamedTuple

from storage.letters import entry
from storage.records import Article

FIELDS = ("title", "subtitles", "body", "captions", "files")
"""What is searched, in the order in which a hit is shown; ``files`` are names and texts of attachments."""

_BATCH = 1000
"""Versions indexed in one transaction."""

Terms = tuple[str, ...]
"""The terms of each of a version's fields."""


class Entry(NamedTuple):
    """What the index is to hold of a version, for as long as that has this content digest."""

    version_id: int
    content_digest: str
    terms: Terms


def terms(article: Article, said: Callable[[str], str | None]) -> Terms:
    """Work out what the index is to hold of a version.

    Args:
        article: What the version says.
        said: Gives what a file says by the hex SHA-256 of its bytes, None where its text was not read.
    """
    blocks = ((one.kind, one.text) for one in article.body)
    captions = [text for one in article.images for text in (one.caption, one.alt)]
    files = [text for one in article.attachments for text in (one.name, said(one.sha256) if one.sha256 else None)]
    return _terms(_by_field(article.title, article.subtitles, blocks, captions, files))


def texts(db: sqlite3.Connection, row: sqlite3.Row) -> dict[str, list[str]]:
    """Give the texts of a version's row, field by field; no hit reaches from one into another."""
    blocks = ((one["kind"], one["text"]) for one in json.loads(row["body"]))
    captions = [text for one in json.loads(row["images"]) for text in (one["caption"], one["alt"])]
    files = [text for file in db.execute(_FILES, (row["id"],)) for text in file]
    return _by_field(row["title"], json.loads(row["subtitles"]), blocks, captions, files)


_FILES = (
    "SELECT a.name, t.text FROM attachments a LEFT JOIN attachment_texts t ON t.sha256 = a.sha256"
    " AND t.text_sha256 IS NOT NULL WHERE a.version_id = ? ORDER BY a.position"
)


def _by_field(
    title: str,
    subtitles: Sequence[str],
    blocks: Iterable[tuple[str, str]],
    captions: Sequence[str | None],
    files: Sequence[str | None],
) -> dict[str, list[str]]:
    found: dict[str, list[str]] = {"title": [title], "subtitles": list(subtitles), "body": [], "captions": []}
    for kind, text in blocks:
        found["captions" if kind == "caption" else "body"].append(text)
    found["captions"] += filter(None, captions)
    return {**found, "files": list(filter(None, files))}


def _terms(by_field: dict[str, list[str]]) -> Terms:
    return tuple(entry(by_field[name]) for name in FIELDS)


def complete(db: sqlite3.Connection) -> int:
    """Index every version that is not indexed yet; give how many there were."""
    counted = 0
    for span in waiting(db):
        with db:
            counted += put(db, entries(db, *span))
    return counted


def waiting(db: sqlite3.Connection) -> Iterator[tuple[int, int]]:
    """Give the spans of ids in which the versions stand that are not indexed yet, hundreds in each."""
    _clear(db)
    last = -1
    while ids := db.execute(
        "SELECT version_id FROM search_waiting WHERE version_id > ? ORDER BY version_id LIMIT ?", (last, _BATCH)
    ).fetchall():
        first, last = ids[0][0], ids[-1][0]
        yield first, last


def number_waiting(db: sqlite3.Connection) -> int:
    """Count the versions that are not indexed yet."""
    (number,) = db.execute("SELECT count(*) FROM search_waiting").fetchone()
    return int(number)


def entries(db: sqlite3.Connection, first: int, last: int) -> list[Entry]:
    """Work out what the index is to hold of the versions that wait from one id to another; nothing is written."""
    which = "FROM search_waiting JOIN versions v ON v.id = version_id WHERE version_id BETWEEN ? AND ?"
    return _entries(db, which, first, last)


def entries_of(db: sqlite3.Connection, articles: Sequence[str]) -> list[Entry]:
    """Work out what the index is to hold of the versions of these articles that wait; nothing is written."""
    which = "FROM json_each(?) CROSS JOIN versions v ON article = value CROSS JOIN search_waiting ON version_id = v.id"
    return _entries(db, which, json.dumps(articles))


def _entries(db: sqlite3.Connection, which: str, *given: Any) -> list[Entry]:
    rows = db.execute(f"SELECT v.id, content_digest, title, subtitles, body, images {which} ORDER BY 1", given)
    return [Entry(row["id"], row["content_digest"], _terms(texts(db, row))) for row in rows.fetchall()]


def put(db: sqlite3.Connection, found: Sequence[Entry]) -> int:
    """Index versions under new numbers, and count them; what is indexed of them already is then not pointed at.

    Those are left out that were taken back since their terms were worked out, or say something else: they wait on.
    """
    newest = {one.version_id: one for one in found}
    standing = [one for one in newest.values() if _stands(db, one)]
    ids = [(one.version_id,) for one in standing]
    db.executemany("DELETE FROM search_documents WHERE version_id = ?", ids)
    db.executemany("INSERT INTO search_documents (version_id) VALUES (?)", ids)
    db.executemany(
        "INSERT INTO search_index (rowid, title, subtitles, body, captions, files)"
        " VALUES ((SELECT id FROM search_documents WHERE version_id = ?),?,?,?,?,?)",
        ((one.version_id, *one.terms) for one in standing),
    )
    db.executemany("DELETE FROM search_waiting WHERE version_id = ?", ids)
    return len(ids)


def _stands(db: sqlite3.Connection, one: Entry) -> bool:
    row = db.execute("SELECT content_digest FROM versions WHERE id = ?", (one.version_id,)).fetchone()
    return row is not None and row["content_digest"] == one.content_digest


def _clear(db: sqlite3.Connection) -> None:
    """Have the whole index made anew when most of it is of what was taken back.

    A contentless index forgets an entry only by the words that it was made of, which nothing keeps.
    """
    if db.execute("SELECT 1 FROM search_waiting LIMIT 1").fetchone() is None:
        return
    (made,) = db.execute("SELECT count(*) FROM search_index_docsize").fetchone()
    (pointed_at,) = db.execute("SELECT count(*) FROM search_documents").fetchone()
    if made - pointed_at <= max(_BATCH, pointed_at):
        return
    with db:
        db.execute("INSERT INTO search_index (search_index) VALUES ('delete-all')")
        db.execute("DELETE FROM search_documents")
        db.execute("INSERT OR IGNORE INTO search_waiting SELECT id FROM versions")
