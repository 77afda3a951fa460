"""File an article: new, changed or same; every look is a check, only a difference is a version.

Filing is a fold over an article's readings in order of time. What a look could not read of a file is carried over
from the version that did read it, and filled in later without making a version: not having looked is no change.
"""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import datetime
from typing import Any

from storage.captures import evidence_of
from storage.errors import SettingsError
from storage.looks import file_look, forget_looks
from storage.records import Article, Check, Reading, Version, canonical_json, completed, iso


def file_readings(db: sqlite3.Connection, article: str, readings: Sequence[Reading]) -> None:
    """File the readings of one article, oldest first, after all that is filed of it already."""
    for reading in readings:
        version = _file_article(db, reading) if reading.article is not None else None
        file_look(db, reading.capture.id, reading.outcome, version)
    _sum_up(db, article, readings)


def forget(db: sqlite3.Connection, article: str) -> None:
    """Take back all that was filed of an article, so that its captures can be read again from the first."""
    for table in ("changes", "state_steps", "absences", "versions", "articles"):
        db.execute(f"DELETE FROM {table} WHERE article = ?", (article,))  # noqa: S608
    forget_looks(db, article)


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


def _file_article(db: sqlite3.Connection, reading: Reading) -> int:
    """File what was read, and give the number of the version that says it."""
    assert reading.article is not None  # noqa: S101
    seen = iso(reading.capture.captured_at)
    row = db.execute(
        "SELECT * FROM version_detail WHERE article = ? ORDER BY version DESC LIMIT 1", (reading.article.article,)
    ).fetchone()
    known = article_of(row) if row else None
    article = completed(reading.article, known)
    if known is not None and _same(known, article):
        _fill_in(db, row, known, article, seen)
        return int(row["version"])
    number = int(row["version"]) + 1 if row else 1
    _insert(db, article, number, seen, reading)
    return number


def _same(known: Article, article: Article) -> bool:
    """Whether both say the same, leaving out what was not yet read of a file when ``known`` was filed."""
    if known.content_digest == article.content_digest:
        return True
    unread = {one.file_id for one in known.attachments if one.sha256 is None}
    unread |= {one.src for one in known.images if one.sha256 is None}
    return bool(unread) and _unread(known, unread).content_digest == _unread(article, unread).content_digest


def _unread(article: Article, which: set[str]) -> Article:
    """Take back what was read of the attachments with these file ids and of the pictures at these addresses."""
    attachments = tuple(
        replace(one, sha256=None, media_type=None, text_sha256=None) if one.file_id in which else one
        for one in article.attachments
    )
    images = tuple(replace(one, sha256=None) if one.src in which else one for one in article.images)
    return replace(article, attachments=attachments, images=images)


def _fill_in(db: sqlite3.Connection, row: sqlite3.Row, known: Article, article: Article, seen: str) -> None:
    """Extend the version's last sight, and fill in what is now known of its files."""
    which = (row["article"], row["version"])
    db.execute("UPDATE versions SET last_seen = ? WHERE article = ? AND version = ?", (seen, *which))
    if known.content_digest == article.content_digest:
        return
    (version_id,) = db.execute("SELECT id FROM versions WHERE article = ? AND version = ?", which).fetchone()
    db.execute(
        "UPDATE versions SET content_digest = ?, images = ? WHERE id = ?",
        (article.content_digest, _text(article.content()["images"]), version_id),
    )
    db.execute("DELETE FROM attachments WHERE version_id = ?", (version_id,))
    _insert_attachments(db, version_id, article)
    # A rebuild compares versions whose files are filled in; changes that were not are taken back, to be found again.
    db.execute(
        "DELETE FROM changes WHERE article = ?1 AND rowid >="
        " (SELECT min(rowid) FROM changes WHERE article = ?1 AND ?2 IN (from_version, to_version))",
        which,
    )


def _insert(db: sqlite3.Connection, article: Article, number: int, seen: str, reading: Reading) -> None:
    content = article.content()
    cursor = db.execute(
        "INSERT INTO versions (article, version, first_seen, last_seen, url, section, title, subtitles, published,"
        " source, source_code, author, body, images, licence, viewer, body_from, body_file, content_digest, layout,"
        " extractor, capture) VALUES (?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?)",
        (
            article.article, number, seen, seen, article.url, article.section, article.title,
            _text(content["subtitles"]), article.published, article.source, article.source_code, article.author,
            _text(content["body"]), _text(content["images"]), article.licence, article.viewer, article.body_from,
            article.body_file, article.content_digest, reading.layout, reading.extractor, reading.capture.id,
        ),
    )  # fmt: skip
    _insert_attachments(db, int(cursor.lastrowid or 0), article)


def _insert_attachments(db: sqlite3.Connection, version_id: int, article: Article) -> None:
    db.executemany(
        "INSERT INTO attachments VALUES (?,?,?,?,?,?,?)",
        (
            (version_id, position, one.file_id, one.name, one.media_type, one.sha256, one.text_sha256)
            for position, one in enumerate(article.attachments)
        ),
    )


def _text(value: object) -> str:
    return canonical_json(value).decode()


def _sum_up(db: sqlite3.Connection, article: str, readings: Sequence[Reading]) -> None:
    """Bring the article's row up to date with what was just filed; no row before it was first read."""
    newest = db.execute(
        "SELECT *, (SELECT first_seen FROM versions WHERE article = ?1 ORDER BY version LIMIT 1) AS first"
        " FROM version_detail WHERE article = ?1 ORDER BY version DESC LIMIT 1",
        (article,),
    ).fetchone()
    if newest is None or not readings:
        return
    row = db.execute("SELECT state FROM articles WHERE article = ?", (article,)).fetchone()
    db.execute(
        "INSERT OR REPLACE INTO articles VALUES (?,?,?,?,?,?,?,?,?,?,?,?,?,?)",
        (
            article, newest["url"], newest["section"], newest["title"], newest["source"], newest["source_code"],
            newest["published"], newest["version"], newest["version"], row["state"] if row else "live", newest["first"],
            newest["last_seen"], iso(readings[-1].capture.captured_at), newest["first_seen"],
        ),
    )  # fmt: skip


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
        "SELECT * FROM version_detail WHERE article = ? AND first_seen <= ? ORDER BY version DESC LIMIT 1",
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
