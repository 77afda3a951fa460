"""The versions of an article as they are filed: all of them, the one that stood at a moment, their checks."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterator
from datetime import datetime
from typing import Any

from storage.captures import evidence_of
from storage.errors import SettingsError
from storage.records import Article, Check, Version, iso


def newest(db: sqlite3.Connection, article: str) -> int:
    """Give the number of an article's newest version, 0 when it was never read."""
    (number,) = db.execute("SELECT max(version) FROM versions WHERE article = ?", (article,)).fetchone()
    return number or 0


def last_check(db: sqlite3.Connection, article: str) -> str | None:
    """Give the time of the newest filed check of an article."""
    row = db.execute("SELECT max(checked_at) AS newest FROM checks WHERE article = ?", (article,)).fetchone()
    newest: str | None = row["newest"]
    return newest


def places(db: sqlite3.Connection, article: str) -> list[tuple[str, str]]:
    """Give the addresses and sections under which an article's versions are filed, oldest first, repeats left out."""
    rows = db.execute("SELECT url, section FROM versions WHERE article = ? ORDER BY version", (article,))
    found: list[tuple[str, str]] = []
    for row in rows:
        if not found or found[-1] != (row["url"], row["section"]):
            found.append((row["url"], row["section"]))
    return found


def articles_by_section(db: sqlite3.Connection) -> dict[str, int]:
    """Count the articles of each section."""
    return dict(db.execute("SELECT section, count(*) FROM articles GROUP BY section").fetchall())


def unread_attachments(db: sqlite3.Connection) -> int:
    """Count the files offered with the articles' newest versions whose bytes were never read."""
    (count,) = db.execute(
        "SELECT count(*) FROM articles a JOIN versions v USING (article, version)"
        " JOIN attachments f ON f.version_id = v.id WHERE f.sha256 IS NULL"
    ).fetchone()
    return int(count)


def article_of(row: sqlite3.Row) -> Article:
    """Read the article of a row of ``version_detail``."""
    content: dict[str, Any] = {
        name: row[name]
        for name in ("article", "url", "section", "title", "published", "source", "source_code", "author", "licence")
    }
    for name in ("subtitles", "body", "images", "attachments"):
        content[name] = json.loads(row[name])
    return Article.from_content(content, viewer=row["viewer"], body_from=row["body_from"])


def version_of(row: sqlite3.Row) -> Version:
    """Read a row of ``version_detail``."""
    return Version(
        article=article_of(row),
        version=row["version"],
        first_seen=datetime.fromisoformat(row["first_seen"]),
        last_seen=datetime.fromisoformat(row["last_seen"]),
        evidence=evidence_of(row),
        extractor=row["extractor"],
        layout=row["layout"],
    )


def versions(db: sqlite3.Connection, article: str) -> list[Version]:
    """Give every version of an article, oldest first."""
    rows = db.execute("SELECT * FROM version_detail WHERE article = ? ORDER BY version", (article,))
    return [version_of(row) for row in rows]


def version_at(db: sqlite3.Connection, article: str, moment: datetime) -> Version | None:
    """Give the version an article stood in at a moment: the last one first seen at or before it."""
    row = db.execute(
        "SELECT * FROM version_detail WHERE article = ? AND first_seen <= ?"
        " ORDER BY first_seen DESC, version DESC LIMIT 1",
        (article, iso(moment)),
    ).fetchone()
    return version_of(row) if row else None


def checks(db: sqlite3.Connection, article: str, *, turning: bool = False) -> list[Check]:
    """Give every check of an article, oldest first, each with the removal rule of its run.

    Args:
        db: The version database.
        article: Its id.
        turning: Leave out the looks that read what the look before and the look after them read too: no change can
            begin or end at one, and years of looks at an unchanged article are few.
    """
    rows = db.execute(
        "WITH looks AS (SELECT k.*, lag(k.version) OVER seen AS before, lead(k.version) OVER seen AS after"
        " FROM checks k JOIN captures c ON c.id = k.capture WHERE k.article = ?"
        " WINDOW seen AS (ORDER BY k.checked_at, c.warc, c.offset))"
        " SELECT k.article, k.checked_at, k.outcome, k.version, c.warc, c.offset, c.length, c.record_id,"
        " c.payload_digest, c.captured_at, c.last_modified, r.removal_checks, r.removal_days,"
        " coalesce(a.held, '') AS held"
        " FROM looks k JOIN captures c ON c.id = k.capture JOIN runs r ON r.run = c.run"
        " LEFT JOIN absences a ON a.article = k.article AND a.checked_at = k.checked_at AND a.capture = k.capture"
        " WHERE NOT ? OR k.version IS NULL OR k.before IS NOT k.version OR k.after IS NOT k.version"
        " ORDER BY k.checked_at, c.warc, c.offset",
        (article, turning),
    )
    return list(_checks(rows))


def _checks(rows: sqlite3.Cursor) -> Iterator[Check]:
    for row in rows:
        yield Check(
            article=row["article"],
            checked_at=datetime.fromisoformat(row["checked_at"]),
            outcome=row["outcome"],
            version=row["version"],
            evidence=evidence_of(row),
            removal_checks=row["removal_checks"],
            removal_days=row["removal_days"],
            held=row["held"],
            last_modified=row["last_modified"],
        )


def article_id(db: sqlite3.Connection, wanted: str, addressed: str | None) -> str:
    """Find the article that a user names by id or address.

    Args:
        db: The version database.
        wanted: What the user wrote.
        addressed: The article id that the portal's address rules read from it, None when it is no address.

    Raises:
        SettingsError: No such article is in the archive.
    """
    for candidate in (addressed, wanted):
        if candidate and db.execute("SELECT 1 FROM articles WHERE article = ?", (candidate,)).fetchone():
            return candidate
    raise SettingsError(
        f"No article {wanted} in this archive. Look for it on the portal with: gochim crawl --url ADDRESS"
    )
