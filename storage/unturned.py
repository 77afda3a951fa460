"""Finds articles that need not be compared, because comparing them could find nothing new; they are noted as live.

Of most articles that were looked at, comparing would find just what is filed, or that the first version still stands.
Such articles are told by their rows, thousands at once: they were never absent, have a change filed for each version
but the first, and no text of a file that has not been held against the body yet. Articles that were never read need no
comparing either.
"""

from __future__ import annotations

import json
import sqlite3

from storage.records import ABSENT

_AT_ONCE = 5000
"""Articles looked through in one transaction."""

_ABSENT = ", ".join(f"'{one}'" for one in sorted(ABSENT))

_UNTURNED = (
    "SELECT t.article FROM to_compare t CROSS JOIN articles a USING (article) WHERE t.article > ?1 AND t.article <= ?2"  # noqa: S608  # made of constants
    " AND a.state = 'live' AND (a.versions = 1 OR NOT t.anew)"
    " AND (SELECT count(*) FROM changes WHERE article = a.article) = a.versions - 1"
    " AND NOT EXISTS (SELECT 1 FROM state_steps WHERE article = a.article AND step > 1)"
    " AND NOT EXISTS (SELECT 1 FROM site_change_articles WHERE article = a.article)"
    # Each version was judged as it stands, or it is the first and was never judged, and there is nothing to judge.
    " AND NOT EXISTS (SELECT 1 FROM versions v LEFT JOIN agreements g USING (article, version)"
    " WHERE v.article = a.article AND g.content_digest IS NOT v.content_digest AND (v.version > 1"
    " OR g.version IS NOT NULL OR EXISTS (SELECT 1 FROM findings WHERE article = v.article)"
    " OR EXISTS (SELECT 1 FROM attachments f WHERE f.version_id = v.id AND f.text_sha256 IS NOT NULL)))"
    " AND NOT EXISTS (SELECT 1 FROM agreements WHERE article = a.article AND version > a.version)"
    " AND NOT EXISTS (SELECT 1 FROM urls u CROSS JOIN capture_rows k ON k.url = u.id WHERE u.article = a.article"
    f" AND k.outcome IN (SELECT id FROM outcomes WHERE outcome IN ({_ABSENT})))"
)

_NEVER_READ = (
    "SELECT t.article FROM to_compare t WHERE t.article > ?1 AND t.article <= ?2"
    " AND NOT EXISTS (SELECT 1 FROM articles WHERE article = t.article)"
    " AND NOT EXISTS (SELECT 1 FROM state_steps WHERE article = t.article)"
    " AND NOT EXISTS (SELECT 1 FROM changes WHERE article = t.article)"
)

_FIRST = "FROM versions WHERE version = 1 AND article IN (SELECT value FROM json_each(?))"


def settle(db: sqlite3.Connection) -> int:
    """Note of the articles to compare at which nothing was turned that they were compared; give how many there were.

    What stands after it is what comparing them would have filed.
    """
    settled, last = 0, ""
    while (until := _batch(db, last)) is not None:
        with db:
            found = [row[0] for row in db.execute(f"{_UNTURNED} UNION ALL {_NEVER_READ}", (last, until))]
            names = (json.dumps(found),)
            db.execute(
                "INSERT OR REPLACE INTO state_steps"
                f" SELECT article, 1, 'live', first_seen, first_seen, capture {_FIRST}",
                names,
            )
            db.execute(f"INSERT OR REPLACE INTO agreements SELECT article, 1, content_digest {_FIRST}", names)
            db.execute("DELETE FROM to_compare WHERE article IN (SELECT value FROM json_each(?))", names)
        settled, last = settled + len(found), until
    return settled


def _batch(db: sqlite3.Connection, after: str) -> str | None:
    """Give the last of the next articles to compare, None when there are no more."""
    (last,) = db.execute(
        "SELECT max(article) FROM (SELECT article FROM to_compare WHERE article > ? ORDER BY article LIMIT ?)",
        (after, _AT_ONCE),
    ).fetchone()
    return str(last) if last is not None else None
