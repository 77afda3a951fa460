"""File an article: new, changed or same; every look is a check, only a difference is a version.

Filing is a fold over an article's readings in order of time. What a look could not read of a file, or of the document
in the viewer, is carried over from the version that did read it, and filled in later without making a version: not
having looked is no change.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from datetime import timedelta
from itertools import takewhile
from typing import Any

from storage import indexing, looks, watched
from storage.indexing import Entry, Terms
from storage.looks import file_looks, forget_looks
from storage.records import BODY, TELLING, Article, Outcome, Reading, carried, completed, iso, without_document
from storage.records.articles import Written
from storage.stored import ticks_in
from storage.versions import article_of

_Rows = list[tuple[Any, ...]]


@dataclass(slots=True)
class Filing:
    """What readings of one article come to, as rows: made by any process that reads, put by the one that writes.

    Attributes:
        article: The article's id.
        looks: Capture, outcome and number of the version read, of each reading.
        seen: Number of the version that stood before these readings and its new last sight, where one read it again.
        filled: What is now known of that version's document and files: columns of its row, and its attachments.
        versions: The row of each new version with the rows of its attachments.
        unread: Capture and part of what looks took from the version before them: the ids of files, the addresses of
            pictures, or the body.
        terms: What the index is to hold of each new version, where that was worked out.
        sum: The article's own row in ``articles`` without its state, None while it was never read.
    """

    article: str
    looks: list[tuple[int, Outcome, int | None]] = field(default_factory=list)
    seen: tuple[int, str] | None = None
    filled: tuple[dict[str, Any], _Rows] | None = None
    versions: list[tuple[list[Any], _Rows]] = field(default_factory=list)
    unread: _Rows = field(default_factory=list)
    terms: list[Terms] = field(default_factory=list)
    sum: tuple[Any, ...] | None = None


def fold(
    db: sqlite3.Connection,
    article: str,
    readings: Sequence[Reading],
    *,
    anew: bool = False,
    said: Callable[[str], str | None] | None = None,
) -> Filing:
    """Fold readings of one article, oldest first, onto what is filed of it; nothing is written.

    Args:
        db: The version database.
        article: The article's id.
        readings: What its looks came to.
        anew: Leave out of account what is filed of it: it is forgotten before this is put.
        said: Gives what a file says by the hex SHA-256 of its bytes, so that what the index is to hold of new versions
            is worked out, too; without it that is left to whoever indexes what waits.
    """
    made, begun = Filing(article), list[_Stands]()
    stands = None if anew else _newest(db, article)
    for one in readings:
        hollow = one.article is not None and stands is not None and _is_hollow(one.article, stands.article)
        lost = hollow and not _is_withdrawn(db, made, one, anew=anew)
        reading = Reading(one.capture, "incomplete") if lost else one
        if reading.article is not None:
            before, stands = stands, _take(made, stands, reading, reading.article)
            if stands is not before:
                begun.append(stands)
        made.looks.append((reading.capture.id, reading.outcome, stands.number if stands and reading.article else None))
    if said is not None:
        made.terms = [indexing.terms(one.article, said) for one in begun]
    if stands is not None and readings:
        made.sum = _own_row(article, stands, iso(readings[-1].capture.captured_at))
    return made


def _is_hollow(read: Article, known: Article) -> bool:
    """Whether a page holds no word but the names of its files, where it had a text of its own before, or lost its line.

    It was served half; the words of a file in their place, or none, would look like an edit.
    """
    if _lost_its_line(read, known):
        return True
    if known.body_from == "attachment" or not read.attachments or read.body_from == "unread":
        return False
    if known.body_from != "unread" and (not known.body or read.body == known.body):
        return False
    return read.body_from == "attachment" or not (read.body or read.images)


_LINE = ("source", "source_code", "author")


def _lost_its_line(read: Article, known: Article) -> bool:
    """Whether a page no longer says by whom it is, of which it had said several things, and says all else still.

    Who edits a line of day, ministry and author leaves one; a page that is served without it was not filled in.
    """
    if any(getattr(read, name) for name in _LINE) or sum(bool(getattr(known, name)) for name in _LINE) < 2:
        return False
    without = replace(known, source=None, source_code=None, author=None)
    if read.published is None:
        without = replace(without, published=None)
    return completed(read, known) == without


WITHDRAWN_LOOKS, WITHDRAWN_DAYS = 3, 7
"""Over how many looks on end, the last of them included, and how many days an article shows no words of its own until
they count as withdrawn: a page served half is so for hours, while who puts a file in the place of a text leaves it."""


def _is_withdrawn(db: sqlite3.Connection, made: Filing, reading: Reading, *, anew: bool) -> bool:
    """Whether a page without words of its own is what has stood there for long."""
    before = [(capture, outcome) for capture, outcome, _ in reversed(made.looks)]
    if not anew:
        before += looks.newest_first(db, made.article)
    without = [capture for capture, _ in takewhile(lambda one: one[1] == "incomplete", before)]
    if len(without) + 1 < WITHDRAWN_LOOKS:
        return False
    return reading.capture.id - without[-1] >= ticks_in(timedelta(days=WITHDRAWN_DAYS))


@dataclass(slots=True)
class _Stands:
    """The version that stands while readings are folded."""

    article: Article
    digest: str
    number: int
    first: str
    """When the article's first version was first seen."""
    first_seen: str
    last_seen: str


def _newest(db: sqlite3.Connection, article: str) -> _Stands | None:
    """Give the newest version that is filed of an article, None when none is."""
    row = db.execute(
        "SELECT *, (SELECT first_seen FROM versions WHERE article = ?1 ORDER BY version LIMIT 1) AS first"
        " FROM version_detail WHERE article = ?1 ORDER BY version DESC LIMIT 1",
        (article,),
    ).fetchone()
    if row is None:
        return None
    seen = row["first"], row["first_seen"], row["last_seen"]
    return _Stands(article_of(row), row["content_digest"], row["version"], *seen)


def _own_row(article: str, stands: _Stands, last_checked: str) -> tuple[Any, ...]:
    """Give the article's own row but for its state: its id, then :data:`_SUMMED` in order."""
    says = stands.article
    return (
        article, says.url, says.section, says.title, says.source, says.source_code, says.published, stands.number,
        stands.number, stands.first, stands.last_seen, last_checked, stands.first_seen,
    )  # fmt: skip


def _take(made: Filing, stands: _Stands | None, reading: Reading, read: Article) -> _Stands:
    """Count a reading to the version that says the same, or begin one."""
    seen = iso(reading.capture.captured_at)
    if stands is None:
        return _begin(made, _Stands(read, "", 1, seen, seen, seen), reading, read.written())
    article = completed(read, stands.article)
    made.unread += [(reading.capture.id, part) for part in sorted(carried(read, article))]
    written = None if article == stands.article else article.written()
    if written is None or _same(stands.article, article, written.digest):
        _see_again(made, stands, article, written, seen)
        return stands
    return _begin(made, _Stands(article, "", stands.number + 1, stands.first, seen, seen), reading, written)


def _begin(made: Filing, stands: _Stands, reading: Reading, written: Written) -> _Stands:
    """Let a version begin with a reading."""
    stands.digest = written.digest
    made.versions.append((_row(stands, reading, written), _attachments(stands.article)))
    return stands


def _see_again(made: Filing, stands: _Stands, article: Article, written: Written | None, seen: str) -> None:
    """Extend the version's last sight, and fill in what is now known of its document and files.

    None is written of an equal one.
    """
    stands.last_seen = seen
    if made.versions:
        made.versions[-1][0][_LAST_SEEN] = seen
    else:
        made.seen = (stands.number, seen)
    bodiless = stands.article.body_from == "unread" != article.body_from
    if written is None or (written.digest == stands.digest and not bodiless):
        return
    filled: dict[str, Any] = {"images": written.images, "content_digest": written.digest}
    stands.article = replace(stands.article, images=article.images, attachments=article.attachments)
    if bodiless:
        known = {name: getattr(article, name) for name in _OF_BODY}
        stands.article = replace(stands.article, body=article.body, **known)
        filled |= {"body": written.body, **known}
    stands.digest = written.digest
    if made.versions:
        row, _ = made.versions[-1]
        row = [filled.get(name, value) for name, value in zip(_COLUMNS, row, strict=True)]
        made.versions[-1] = (row, _attachments(article))
    else:
        made.filled = (filled, _attachments(article))


def put(db: sqlite3.Connection, made: Filing) -> list[Entry]:
    """Write what :func:`fold` made; give what the index is to hold of it, as far as that was worked out."""
    article = made.article
    known = watched.published(db, article)
    if made.seen is not None:
        number, last_seen = made.seen
        db.execute("UPDATE versions SET last_seen = ? WHERE article = ? AND version = ?", (last_seen, article, number))
        if made.filled is not None:
            _fill_in(db, (article, number), *made.filled)
    ids = []
    for row, files in made.versions:
        cursor = db.execute(_INSERT, row)
        ids.append(int(cursor.lastrowid or 0))
        _insert_attachments(db, ids[-1], files)
    file_looks(db, made.looks, made.unread)
    if made.sum is not None:
        db.execute(_SUM, made.sum)
    # When it was published can only have become another time by a version.
    now = watched.published(db, article) if made.versions else known
    looked = [one for one, came_to, _ in made.looks if came_to in TELLING]
    watched.add(db, article, (known, now), looked)
    digests = (row[_DIGEST] for row, _ in made.versions)
    return [Entry(*one) for one in zip(ids, digests, made.terms, strict=False)]


_SUMMED = (
    "url section title source source_code published version versions first_seen last_seen last_checked last_changed"
).split()
_SUM = (
    f"INSERT INTO articles (article, {', '.join(_SUMMED)}, state) VALUES (?,?,?,?,?,?,?,?,?,?,?,?,?,'live')"  # noqa: S608
    f" ON CONFLICT (article) DO UPDATE SET {', '.join(f'{name} = excluded.{name}' for name in _SUMMED)}"
)
"""Where the row is there it is altered, not replaced, which writes its indexes anew and takes three times as long."""


def forget(db: sqlite3.Connection, article: str) -> None:
    """Take back all that was filed of an article, so that its captures can be read again from the first."""
    watched.take_back(db, article)
    for table in ("changes", "state_steps", "absences", "versions", "articles"):
        db.execute(f"DELETE FROM {table} WHERE article = ?", (article,))  # noqa: S608
    forget_looks(db, article)


def _same(known: Article, article: Article, digest: str) -> bool:
    """Whether both say the same, leaving out what was not yet read of the document or a file when ``known`` was filed.

    Args:
        known: What is filed.
        article: What was read.
        digest: Its content digest.
    """
    if known.content_digest == digest:
        return True
    unread = {one.file_id for one in known.attachments if one.sha256 is None}
    unread |= {one.src for one in known.images if one.sha256 is None}
    if known.body_from == "unread" != article.body_from:
        article = without_document(article)
        known = known if article.body_from == "viewer" else replace(known, body=(), images=())
        unread |= {BODY}
    return bool(unread) and _unread(known, unread).content_digest == _unread(article, unread).content_digest


def _unread(article: Article, which: set[str]) -> Article:
    """Take back what was read of the attachments with these file ids and of the pictures at these addresses."""
    attachments = tuple(
        replace(one, sha256=None, media_type=None, text_sha256=None) if one.file_id in which else one
        for one in article.attachments
    )
    images = tuple(replace(one, sha256=None) if one.src in which else one for one in article.images)
    return replace(article, attachments=attachments, images=images)


def _fill_in(db: sqlite3.Connection, which: tuple[str, int], filled: dict[str, Any], files: _Rows) -> None:
    """Put what is now known of the document and the files of an article's version in the place of what was."""
    (version_id,) = db.execute("SELECT id FROM versions WHERE article = ? AND version = ?", which).fetchone()
    columns = ", ".join(f"{name} = ?" for name in filled)
    db.execute(f"UPDATE versions SET {columns} WHERE id = ?", (*filled.values(), version_id))  # noqa: S608
    db.execute("DELETE FROM attachments WHERE version_id = ?", (version_id,))
    _insert_attachments(db, version_id, files)
    db.execute("INSERT OR IGNORE INTO search_waiting VALUES (?)", (version_id,))
    # A rebuild compares versions whose files are filled in; changes that were not are taken back, to be found again.
    db.execute(
        "DELETE FROM changes WHERE article = ?1 AND rowid >="
        " (SELECT min(rowid) FROM changes WHERE article = ?1 AND ?2 IN (from_version, to_version))",
        which,
    )


_COLUMNS = (
    "article version first_seen last_seen url section title subtitles published source source_code author body images"
    " links licence viewer body_from body_file document_blocks document_images content_digest layout extractor capture"
).split()
_OF_BODY = ("body_from", "body_file", "document_blocks", "document_images", "viewer")

_LAST_SEEN, _DIGEST = (_COLUMNS.index(name) for name in ("last_seen", "content_digest"))

_INSERT = f"INSERT INTO versions ({', '.join(_COLUMNS)}) VALUES ({', '.join('?' * len(_COLUMNS))})"  # noqa: S608


def _row(stands: _Stands, reading: Reading, written: Written) -> list[Any]:
    """Give the row of a new version."""
    article = stands.article
    return [
        article.article, stands.number, stands.first_seen, stands.last_seen, article.url, article.section,
        article.title, written.subtitles, article.published, article.source, article.source_code, article.author,
        written.body, written.images, written.links, article.licence, article.viewer, article.body_from,
        article.body_file, article.document_blocks, article.document_images, written.digest, reading.layout,
        reading.extractor, reading.capture.id,
    ]  # fmt: skip


def _attachments(article: Article) -> _Rows:
    return [(at, one.file_id, one.name, one.media_type, one.sha256, one.text_sha256)
            for at, one in enumerate(article.attachments)]  # fmt: skip


def _insert_attachments(db: sqlite3.Connection, version_id: int, files: _Rows) -> None:
    if files:
        db.executemany("INSERT INTO attachments VALUES (?,?,?,?,?,?,?)", ((version_id, *one) for one in files))
