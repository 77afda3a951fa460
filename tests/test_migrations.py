"""Databases of every released schema, opened by this one: the same content under the same names.

``schemas/`` holds a dump of one made by each release, and what that release read from it.
"""

from __future__ import annotations

import hashlib
import json
import sqlite3
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest

from storage import contents, looks, page_captures
from storage.archive import Archive
from storage.records import canonical_json

SCHEMAS = Path(__file__).parent / "schemas"
QUERIES = {
    "captures": "SELECT * FROM captures ORDER BY captured_at, warc, offset",
    "checks": "SELECT article, checked_at, outcome, version FROM checks ORDER BY 1, 2",
    "detail": "SELECT * FROM version_detail ORDER BY version",
    "changes": "SELECT * FROM change_detail ORDER BY id",
    "timeline": "SELECT * FROM article_timeline ORDER BY checked_at",
    "articles": "SELECT * FROM articles",
}
PAGE_PAYLOADS = 1  # of the fixture's one article: only the newest payload of a page is known by its SHA-256


@pytest.fixture(params=sorted(path.stem for path in SCHEMAS.glob("*.sql")))
def old(request, tmp_path):
    """A database of an old schema, opened, and what the old release read from it."""
    archive = Archive(tmp_path)
    with closing(sqlite3.connect(archive.database_path)) as db:
        db.executescript((SCHEMAS / f"{request.param}.sql").read_text(encoding="utf-8"))
    with closing(archive.database()) as db:
        yield db, json.loads((SCHEMAS / f"{request.param}.json").read_text(encoding="utf-8"))


def test_what_the_old_release_read_is_read_from_the_migrated_database(old):
    db, expected = old
    for name, query in QUERIES.items():
        found = [_plain(dict(row)) for row in db.execute(query)]
        wanted = [_plain(row) for row in expected[name]]
        assert [{key: row[key] for key in want} for row, want in zip(found, wanted, strict=True)] == wanted, name


def _plain(row: dict[str, Any]) -> dict[str, Any]:
    """Leave out numbers of rows, which a migration may give anew, and the SHA-256 of an article's pages."""
    gone = {"id", "capture"} if "run" in row else set[str]()
    if row.get("role") == "article":
        gone.add("payload_sha256")
    return {key: value for key, value in row.items() if key not in gone}


def test_what_the_digest_is_made_of_is_what_it_was(old):
    """But for what changes did not say at that time; one digest was made of all lines then, and is of articles now."""
    db, expected = old
    digest = hashlib.sha256()
    for _, line in (*contents._versions(db, None), *contents._changes(db, None)):
        kind, *rest = json.loads(line)
        if kind == "change":
            rest = [{key: value for key, value in rest[0].items() if key not in {"documents", "disclosure_reasons"}}]
        digest.update(canonical_json([kind, *rest]) + b"\n")
    assert "sha256:" + digest.hexdigest() == expected["content_digest"]
    assert contents.content_digest(db) == contents.digest_anew(db)
    contents.remember_digest(db)
    assert contents.remembered_digest(db) == contents.digest_anew(db)


def test_the_migrated_database_is_whole(old):
    db, _ = old
    assert [tuple(row) for row in db.execute("PRAGMA integrity_check")] == [("ok",)]
    assert db.execute("PRAGMA foreign_key_check").fetchall() == []
    assert db.execute("PRAGMA foreign_keys").fetchone()[0] == 1


def test_the_newest_payload_of_a_page_and_every_file_is_known_by_its_sha256(old):
    db, expected = old
    kept = {row["record_id"]: row["payload_sha256"] for row in db.execute("SELECT * FROM captures")}
    wanted = {row["record_id"]: row["payload_sha256"] for row in expected["captures"]}
    pages = [row for row in expected["captures"] if row["role"] == "article" and row["status"] == 200]
    assert sum(kept[row["record_id"]] == row["payload_sha256"] for row in pages) == PAGE_PAYLOADS
    for row in expected["captures"]:
        if row["role"] != "article":
            assert kept[row["record_id"]] == wanted[row["record_id"]]


def test_captures_that_waited_to_be_read_still_wait(old):
    db, expected = old
    waiting = [row["record_id"] for row in expected["captures"] if row["role"] == "article" and not row["filed"]]
    assert list(looks.pending_articles(db)) == ["148930267"]
    assert [one.evidence.record_id for one in page_captures.of_article(db, "148930267", pending=True)] == waiting


def test_a_migrated_database_has_the_schema_of_a_new_one(old, tmp_path):
    db, _ = old
    with closing(Archive(tmp_path).database(tmp_path / "new.db")) as new:
        assert schema(db) == schema(new)


def schema(db: sqlite3.Connection) -> dict[tuple[str, str], str]:
    rows = db.execute("SELECT type, name, sql FROM sqlite_master WHERE name NOT LIKE 'sqlite_%'")
    return {(row["type"], row["name"]): row["sql"] for row in rows}
