"""The versions of an article as they are filed: all of them, the one that stood at a moment, their checks."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Sequence
from datetime import datetime
from typing import Any, Literal

from storage.command_line import gochim
from storage.errors import SettingsError
from storage.records import Article, Capture, Check, Evidence, Held, Version, iso, kst
from storage.stored import digest_of, moment_of, record_of, stored_record
from storage.views import FIRST_LOOK


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


def article_of(row: sqlite3.Row, *, body: bool = True) -> Article:
    """Read the article of a row of ``version_detail``; its body is left empty for whoever has no use for it."""
    content: dict[str, Any] = {
        name: row[name]
        for name in ("article", "url", "section", "title", "published", "source", "source_code", "author", "licence")
    }
    for name in ("subtitles", "body", "images", "attachments", "links"):
        content[name] = json.loads(row[name]) if body or name != "body" else ()
    rest = ("viewer", "body_from", "body_file", "document_blocks", "document_images")
    return Article.from_content(content, **{name: row[name] for name in rest})


def version_of(row: sqlite3.Row) -> Version:
    """Read a row of :data:`STORED`."""
    at = moment_of(row["tick"])
    record, digest = record_of(row["record_id"]), digest_of(row["payload_digest"])
    return Version(
        article=article_of(row),
        version=row["version"],
        first_seen=datetime.fromisoformat(row["first_seen"]),
        last_seen=datetime.fromisoformat(row["last_seen"]),
        evidence=Evidence(row["warc"], row["offset"], row["length"], record, digest, at),
        extractor=row["extractor"],
        layout=row["layout"],
    )


STORED = (
    "SELECT v.*, (SELECT json_group_array(json_object('file_id', a.file_id, 'name', a.name, 'media_type', a.media_type,"
    " 'sha256', a.sha256, 'text_sha256', a.text_sha256))"
    " FROM (SELECT * FROM attachments WHERE version_id = v.id ORDER BY position) a) AS attachments,"
    " f.warc, k.offset, k.length, k.record_id, coalesce(k.payload_digest, o.payload_digest) AS payload_digest,"
    " k.id - k.later AS tick FROM versions v JOIN capture_rows k ON k.id = v.capture"
    " JOIN warc_files f ON f.id = k.file LEFT JOIN capture_rows o ON o.id = k.original"
)
"""The view ``version_detail`` before the evidence's values are written as texts, which takes it twice as long."""

_MADE_OF = (
    "SELECT v.*, '[]' AS attachments FROM versions v JOIN capture_rows k ON k.id = v.capture"
    " JOIN urls u ON u.id = k.url JOIN answers a ON a.id = k.answer WHERE v.article = ?1"
    " AND v.version = (SELECT max(version) FROM versions WHERE article = ?1)"
    " AND u.url = ?2 AND a.media_type IS ?3"
    " AND coalesce(k.original, k.id) = (SELECT capture FROM originals WHERE record_id = ?4)"
    " AND v.viewer IS NULL AND v.body_from = 'page'"
    " AND NOT EXISTS (SELECT 1 FROM attachments WHERE version_id = v.id)"
    " AND NOT EXISTS (SELECT 1 FROM versions WHERE article = ?1 AND url <> ?2)"
    " AND NOT EXISTS (SELECT 1 FROM urls WHERE article = ?1 AND role = 'article' AND url <> ?2)"
)


def made_of(db: sqlite3.Connection, capture: Capture) -> sqlite3.Row | None:
    """Give an article's newest version when it was read from the bytes that a revisit repeats, and from them alone.

    They came from the same address, sent as the same type; no document or file is part of the version, and the
    article never stood elsewhere, so that the page itself states the address that it is filed under.
    """
    if capture.refers_to is None:
        return None
    asked = (capture.article, capture.url, capture.media_type, stored_record(capture.refers_to))
    row: sqlite3.Row | None = db.execute(_MADE_OF, asked).fetchone()
    return row


def versions(db: sqlite3.Connection, article: str) -> list[Version]:
    """Give every version of an article, oldest first."""
    rows = db.execute(f"{STORED} WHERE v.article = ? ORDER BY v.version", (article,))
    return [version_of(row) for row in rows]


def version_at(db: sqlite3.Connection, article: str, moment: datetime) -> Version | None:
    """Give the version an article stood in at a moment: the last one first seen at or before it."""
    row = db.execute(
        f"{STORED} WHERE v.article = ? AND v.first_seen <= ? ORDER BY v.first_seen DESC, v.version DESC LIMIT 1",
        (article, iso(moment)),
    ).fetchone()
    return version_of(row) if row else None


def checks(db: sqlite3.Connection, article: str, *, turning: bool = False) -> list[Check]:
    """Give every check of an article, oldest first, each with the removal rule of its run.

    Args:
        db: The version database.
        article: Its id.
        turning: Leave out the looks that read what the look before and the look after them read too: no change can
            begin or end at one, and years of looks at an unchanged article are few. One of which a part was not read
            is not left out, nor are its neighbours.
    """
    rows = db.execute(
        "SELECT k.id, k.id - k.later AS at, w.outcome, nullif(k.version, -1) AS version, f.warc, k.offset, k.length,"  # noqa: S608
        " k.record_id, coalesce(k.payload_digest, o.payload_digest) AS payload_digest,"
        " coalesce(k.last_modified, o.last_modified) AS last_modified, r.removal_checks, r.removal_days, u.url,"
        " a.status, a.failure"
        " FROM urls u CROSS JOIN capture_rows k ON k.url = u.id JOIN outcomes w ON w.id = k.outcome"
        " JOIN answers a ON a.id = k.answer JOIN warc_files f ON f.id = k.file JOIN runs r ON r.run = f.run"
        f" LEFT JOIN capture_rows o ON o.id = k.original WHERE u.article = ? AND k.outcome >= {FIRST_LOOK}",
        (article,),
    ).fetchall()
    rows.sort(key=lambda row: (row["at"], row["warc"], row["offset"]))
    held = dict(db.execute("SELECT capture, held FROM absences WHERE article = ?", (article,)).fetchall())
    unread = _unread(db, article)
    # A look that did not read all of a version is like no other.
    read = [row["id"] if row["id"] in unread else row["version"] for row in rows]
    return [
        _check(article, row, held.get(row["id"]) or "", frozenset(unread.get(row["id"], ())))
        for row, before, this, after in zip(rows, [None, *read], read, [*read[1:], None], strict=False)
        if not (turning and row["version"] is not None and before == this == after)
    ]


def not_read_since(checks: Sequence[Check]) -> dict[int, dict[str, datetime]]:
    """Tell which files and pictures of a version its last look did not read itself, and when a look last did.

    A version is last seen by a look that read its page and found the same; a file that it could not have stands in it
    as an earlier look read it.

    Args:
        checks: Every check of an article, oldest first.

    Returns:
        By version, ids of files and addresses of pictures; nothing of a version whose last look read all of it.
    """
    found: dict[int, dict[str, datetime]] = {}
    lacking: dict[str, datetime] = {}
    before: Check | None = None
    for check in checks:
        if check.version is None:
            continue
        lacking = {part: lacking.get(part, (before or check).checked_at) for part in sorted(check.unread)}
        found[check.version], before = lacking, check
    return {version: parts for version, parts in found.items() if parts}


def _unread(db: sqlite3.Connection, article: str) -> dict[int, list[str]]:
    """Give the parts that looks at an article did not read, by capture."""
    found: dict[int, list[str]] = {}
    rows = db.execute(
        "SELECT p.capture, p.part FROM urls u CROSS JOIN capture_rows k ON k.url = u.id"
        " CROSS JOIN unread_parts p ON p.capture = k.id WHERE u.article = ? AND u.role = 'article'",
        (article,),
    )
    for capture, part in rows:
        found.setdefault(capture, []).append(part)
    return found


def _check(article: str, row: sqlite3.Row, held: Held | Literal[""], unread: frozenset[str]) -> Check:
    at = moment_of(row["at"])
    record, digest = record_of(row["record_id"]), digest_of(row["payload_digest"])
    return Check(
        article=article,
        checked_at=at,
        outcome=row["outcome"],
        version=row["version"],
        evidence=Evidence(row["warc"], row["offset"], row["length"], record, digest, at),
        removal_checks=row["removal_checks"],
        removal_days=row["removal_days"],
        held=held,
        last_modified=row["last_modified"] or None,
        unread=unread,
        url=row["url"],
        status=row["status"],
        failure=row["failure"],
    )


def _refuse_unread(db: sqlite3.Connection, article: str) -> None:
    """Say of an article that was looked at, but never read, what came of that.

    Raises:
        SettingsError: It is one.
    """
    looks = db.execute(
        "SELECT outcome, checked_at, url, count(*) OVER () AS looks FROM article_timeline WHERE article = ?"
        " ORDER BY checked_at DESC LIMIT 1",
        (article,),
    ).fetchone()
    if looks is not None:
        number = f"{looks['looks']} look{'' if looks['looks'] == 1 else 's'}"
        raise SettingsError(
            f"Article {article} was never read: of {number} the last, at {kst(looks['checked_at'])}, came to "
            f"{looks['outcome']}. Look again with: {gochim('crawl', '--url', looks['url'])}"
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
    if not wanted:
        raise SettingsError("No article is named. Give its id or any of its addresses.")
    of_change = db.execute("SELECT article FROM changes WHERE id = ?", (wanted,)).fetchone()
    if of_change:
        raise SettingsError(f"{wanted} is a change of article {of_change['article']}. Name the article.")
    # expdoc:41730, photo:73389, expdoc:AB12: what is keyed otherwise carries a prefix
    keyed = f"*:{wanted}" if wanted.isascii() and wanted.isalnum() else ""
    rows = db.execute("SELECT article FROM articles WHERE article GLOB ? LIMIT 3", (keyed,))
    meant = " or ".join(row["article"] for row in rows)
    _refuse_unread(db, addressed or wanted)
    raise SettingsError(
        f"No article {wanted} in this archive{f'; did you mean {meant}?' if meant else '.'}"
        f" Look for it on the portal with: {gochim('crawl', '--url', 'ADDRESS')}"
    )
