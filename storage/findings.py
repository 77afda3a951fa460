"""Keep where an article's body and its files disagree, version by version."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any

from storage.records import canonical_json, iso


def unjudged(db: sqlite3.Connection, article: str) -> list[tuple[int, str, bool]]:
    """Give the versions that were not judged as they stand: number, digest, and whether texts of files stand beside."""
    rows = db.execute(
        "SELECT v.version, v.content_digest, EXISTS (SELECT 1 FROM attachments f WHERE f.version_id = v.id"
        " AND f.text_sha256 IS NOT NULL) FROM versions v LEFT JOIN agreements g USING (article, version)"
        " WHERE v.article = ? AND g.content_digest IS NOT v.content_digest ORDER BY v.version",
        (article,),
    )
    return [(number, digest, bool(files)) for number, digest, files in rows]


Rows = tuple[str, int, str, list[tuple[int, str, str, str]]]
"""What was found of a version: its article and number, its digest, and each disagreement."""


def rows_of(article: str, version: int, digest: str, found: Iterable[tuple[str, str, dict[str, Any]]]) -> Rows:
    """Give the rows that keep what was found of a version: kind, file id and detail of each disagreement."""
    told = [(at, kind, file, canonical_json(detail).decode()) for at, (kind, file, detail) in enumerate(found)]
    return article, version, digest, told


def put(db: sqlite3.Connection, rows: Rows) -> None:
    """Keep what was found of a version in the place of what was found of it before."""
    article, version, digest, found = rows
    db.execute("DELETE FROM findings WHERE article = ? AND version = ?", (article, version))
    db.execute("INSERT OR REPLACE INTO agreements VALUES (?,?,?)", (article, version, digest))
    db.executemany("INSERT INTO findings VALUES (?,?,?,?,?,?)", ((article, version, *one) for one in found))


def forget(db: sqlite3.Connection, article: str, newest: int) -> None:
    """Drop what was found of versions that are no more."""
    for table in ("agreements", "findings"):
        db.execute(f"DELETE FROM {table} WHERE article = ? AND version > ?", (article, newest))  # noqa: S608


def of_article(db: sqlite3.Connection, article: str) -> list[dict[str, Any]]:
    """List an article's findings as plain data, oldest version first."""
    rows = db.execute(
        "SELECT version, kind, file_id, detail FROM findings WHERE article = ? ORDER BY version, position", (article,)
    )
    return [{**dict(row), "detail": json.loads(row["detail"])} for row in rows]


def of_period(  # noqa: PLR0913  # what a query narrows
    db: sqlite3.Connection,
    since: datetime | None,
    until: datetime | None,
    sections: Sequence[str] = (),
    ministries: Sequence[str] = (),
    articles: Sequence[str] = (),
) -> list[dict[str, Any]]:
    """List what was found of newest versions that were first seen in a period: rows of the view ``finding_detail``.

    Sections, ministries (by name or repCode) and articles narrow it; empty wants all.
    """
    rows = db.execute(
        "SELECT article, version, section, source, title, url, first_seen, kind, file_id, file_name, detail"
        " FROM finding_detail WHERE current"
        " AND (:since IS NULL OR first_seen >= :since) AND (:until IS NULL OR first_seen < :until)"
        " AND (:sections IS NULL OR section IN (SELECT value FROM json_each(:sections)))"
        " AND (:ministries IS NULL OR EXISTS (SELECT 1 FROM json_each(:ministries)"
        " WHERE value IN (source, source_code)))"
        " AND (:articles IS NULL OR article IN (SELECT value FROM json_each(:articles))) ORDER BY article, position",
        {
            "since": iso(since) if since else None,
            "until": iso(until) if until else None,
            "sections": json.dumps(list(sections)) if sections else None,
            "ministries": json.dumps(list(ministries)) if ministries else None,
            "articles": json.dumps(list(articles)) if articles else None,
        },
    )
    return [{**dict(row), "detail": json.loads(row["detail"])} for row in rows]


def count(db: sqlite3.Connection) -> int:
    """Count the articles whose newest version disagrees with one of its files."""
    (found,) = db.execute(
        "SELECT count(DISTINCT article) FROM findings JOIN articles USING (article, version)"
    ).fetchone()
    return int(found)
