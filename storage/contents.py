"""What the archive holds as a whole: its counts, and the one digest over all that it says."""

from __future__ import annotations

import hashlib
import sqlite3
from collections.abc import Iterator
from functools import lru_cache
from importlib import resources

from storage.captures import count
from storage.changes import Query, each
from storage.records import canonical_json


def counts(db: sqlite3.Connection) -> dict[str, int]:
    """Count captures, articles, versions, changes and distinct attachments."""
    queries = {
        "articles": "SELECT count(*) FROM articles",
        "versions": "SELECT count(*) FROM versions",
        "changes": "SELECT count(*) FROM changes",
        "attachments": "SELECT count(DISTINCT coalesce(sha256, 'unread:' || file_id)) FROM attachments",
    }
    counted = {name: int(db.execute(query).fetchone()[0]) for name, query in queries.items()}
    return {"captures": count(db), **counted}


def content_digest(db: sqlite3.Connection) -> str:
    """Digest all versions and changes, ``sha256:`` and hex; it depends on the WARC files alone."""
    return remembered_digest(db) or digest_anew(db)


def digest_anew(db: sqlite3.Connection) -> str:
    """Work the digest out from every version and change, whatever is remembered of it."""
    digest = hashlib.sha256()
    for line in _statements(db):
        digest.update(line + b"\n")
    return "sha256:" + digest.hexdigest()


def remembered_digest(db: sqlite3.Connection) -> str | None:
    """Give the digest as it was last worked out, None when what it is made of, or how, is another since."""
    row = db.execute("SELECT value FROM about WHERE name = 'content-digest'").fetchone()
    made_by, _, digest = (row["value"] if row else "").partition(" ")
    return digest if made_by == _digester() else None


def remember_digest(db: sqlite3.Connection) -> None:
    """Work the digest out if it is not known, and remember it until a version or a change is touched."""
    if remembered_digest(db) is None:
        value = f"{_digester()} {digest_anew(db)}"
        with db:
            db.execute("INSERT OR REPLACE INTO about VALUES ('content-digest', ?)", (value,))


@lru_cache(maxsize=1)
def _digester() -> str:
    """Digest the code that says what a version and a change are: after an upgrade nothing remembered holds."""
    digest = hashlib.sha256()
    room = resources.files("storage")
    records = (f"records/{name}" for name in ("articles", "captured", "changed", "notation"))
    for name in ("changes", "contents", "views", *records):
        digest.update(room.joinpath(name + ".py").read_bytes())
    return digest.hexdigest()[:16]


def _statements(db: sqlite3.Connection) -> Iterator[bytes]:
    """Give one line for each version and change, in an order that does not depend on how they were filed."""
    for row in db.execute(
        "SELECT v.article, v.version, v.first_seen, v.last_seen, v.content_digest, c.record_id FROM versions v"
        " JOIN captures c ON c.id = v.capture ORDER BY v.article, v.version"
    ):
        yield canonical_json(["version", *row])
    for change in each(db, Query()):
        # Without what differs in files where nothing does: archives from before texts were read keep their digest.
        said = {name: value for name, value in change.as_json().items() if name != "documents" or value}
        yield canonical_json(["change", said])
