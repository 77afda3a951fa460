"""What the archive holds as a whole: its counts, and the one digest over all that it says."""

from __future__ import annotations

import hashlib
import json
import sqlite3
from collections.abc import Callable, Iterable, Iterator, Sequence
from functools import lru_cache
from heapq import merge
from itertools import groupby
from operator import itemgetter
from pathlib import Path

from storage import about
from storage.captures import count
from storage.changes import by_article
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
    """Digest all versions and changes, ``sha256:`` and hex; it depends on the WARC files alone.

    It is made of one digest of each article, so that only those that were touched since are read for it.
    """
    if known := remembered_digest(db):
        return known
    if not _known_by_this_code(db):
        return digest_anew(db)
    kept = db.execute("SELECT article, digest FROM article_digests WHERE digest IS NOT NULL ORDER BY article")
    touched = (own for some in _batches(_touched(db)) for own in _own_digests(db, some))
    return _of_all(merge(((row["article"], row["digest"]) for row in kept), touched))


def digest_anew(db: sqlite3.Connection) -> str:
    """Work the digest out from every version and change, whatever is remembered of it."""
    return _of_all(_own_digests(db, None))


def remembered_digest(db: sqlite3.Connection) -> str | None:
    """Give the digest that was worked out last, None when the content or the code that digests it changed since."""
    made_by, _, digest = (about.value(db, "content-digest") or "").partition(" ")
    return digest if made_by == _digester() else None


Digests = list[tuple[str, bytes]]
"""Articles, each with the digest of what it says and how it changed."""


def remember_digest(
    db: sqlite3.Connection, digested: Callable[[Sequence[list[str]]], Iterable[Digests]] | None = None
) -> None:
    """Work the digest out if it is not known, and remember it until a version or a change is touched.

    Args:
        db: The version database.
        digested: Has :func:`own_digests` done for each of several lists of articles, elsewhere; here if None.
    """
    if remembered_digest(db) is not None:
        return
    with db:
        if not _known_by_this_code(db):
            db.execute("UPDATE article_digests SET digest = NULL")
            about.put(db, "digester", _digester())
        batches = list(_batches(_touched(db)))
        found = digested(batches) if digested else (own_digests(db, some) for some in batches)
        for some, own in zip(batches, found, strict=True):
            db.execute("DELETE FROM article_digests WHERE article IN (SELECT value FROM json_each(?))", (_list(some),))
            db.executemany("INSERT INTO article_digests VALUES (?, ?)", own)
        about.put(db, "content-digest", f"{_digester()} {content_digest(db)}")


def _known_by_this_code(db: sqlite3.Connection) -> bool:
    return about.value(db, "digester") == _digester()


def _touched(db: sqlite3.Connection) -> list[str]:
    """List the articles whose own digest is not known."""
    return [row["article"] for row in db.execute("SELECT article FROM article_digests WHERE digest IS NULL ORDER BY 1")]


def _batches(articles: list[str]) -> Iterator[list[str]]:
    return (articles[first : first + 1000] for first in range(0, len(articles), 1000))


def _list(articles: Sequence[str]) -> str:
    """Write names as one parameter, however many there are: SQLite takes no more than 32,766."""
    return json.dumps(articles)


def _of_all(own: Iterable[tuple[str, bytes]]) -> str:
    digest = hashlib.sha256()
    for article, of_it in own:
        digest.update(article.encode() + b"\0" + of_it)
    return "sha256:" + digest.hexdigest()


def own_digests(db: sqlite3.Connection, articles: Sequence[str]) -> Digests:
    """Digest each of these articles, what it says and how it changed; articles without anything filed are left out."""
    return list(_own_digests(db, articles))


def _own_digests(db: sqlite3.Connection, articles: Sequence[str] | None) -> Iterator[tuple[str, bytes]]:
    """Digest each of these articles, or each there is (None), what it says and how it changed; in the order of ids."""
    lines = merge(_versions(db, articles), _changes(db, articles), key=itemgetter(0))
    for article, of_it in groupby(lines, itemgetter(0)):
        digest = hashlib.sha256()
        for _, line in of_it:
            digest.update(line + b"\n")
        yield article, digest.digest()


@lru_cache(maxsize=1)
def _digester() -> str:
    """Digest the code that writes versions and changes for digesting: what other code worked out is not believed."""
    digest = hashlib.sha256()
    room = Path(__file__).parent
    records = (f"records/{name}" for name in ("articles", "captured", "changed", "notation"))
    for name in ("changes", "contents", "views", *records):
        digest.update(room.joinpath(name + ".py").read_bytes())
    return digest.hexdigest()[:16]


def _versions(db: sqlite3.Connection, articles: Sequence[str] | None) -> Iterator[tuple[str, bytes]]:
    """Give a line for each version with its article, in an order that does not depend on how they were filed."""
    query = (
        "SELECT v.article, v.version, v.first_seen, v.last_seen, v.content_digest, c.record_id FROM versions v"
        " JOIN captures c ON c.id = v.capture{} ORDER BY v.article, v.version"
    )
    if articles is None:
        rows = db.execute(query.format(""))
    else:
        rows = db.execute(query.format(" WHERE v.article IN (SELECT value FROM json_each(?))"), (_list(articles),))
    for row in rows:
        yield row["article"], canonical_json(["version", *row])


def _changes(db: sqlite3.Connection, articles: Sequence[str] | None) -> Iterator[tuple[str, bytes]]:
    for change in by_article(db, articles):
        # Without what differs in files where nothing does.
        said = {name: value for name, value in change.as_json().items() if name != "documents" or value}
        yield change.article, canonical_json(["change", said])
