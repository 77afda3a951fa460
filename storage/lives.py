"""What looks have shown of each article's life: when it was published, seen, looked at and edited."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from dataclasses import dataclass
from math import inf
from typing import NamedTuple

from storage.ages import PUBLISHED_SQL, hours_sql


class SeenLife(NamedTuple):
    """One article as its looks show it. Times are hours since 1970; ``published`` is the portal's, or the first look.

    Attributes:
        last_edit: When the newest version was first seen, None while there is but one.
        told: When the publisher says that it was last edited, None where it says nothing.
    """

    article: str
    section: str
    source: str
    source_code: str
    title: str
    state: str
    published: float
    first_look: float
    last_look: float
    last_edit: float | None
    edits: int
    told: float | None


class SeenEdit(NamedTuple):
    """One edit, removal or return, between two looks. Times are hours since 1970."""

    article: str
    section: str
    source: str
    published: float
    first_look: float
    last_look: float
    before: float
    seen: float


_LIVES = (
    "SELECT a.article, a.section, coalesce(a.source, ''), coalesce(a.source_code, ''), a.title, a.state,"  # noqa: S608
    f" {PUBLISHED_SQL}, {hours_sql('a.first_seen')}, {hours_sql('a.last_checked')},"
    f" CASE WHEN a.versions > 1 THEN {hours_sql('a.last_changed')} END, a.versions - 1,"
    f" (SELECT {hours_sql('max(s.modify_date)')} FROM publisher_signals s WHERE s.article = a.article)"
)


def lives(db: sqlite3.Connection, due_by: float = inf) -> Iterator[SeenLife]:
    """Give every article that was ever read, in the order of ids.

    Args:
        db: The version database.
        due_by: Leave out the articles that are known not to be due by that time, in hours since 1970.
    """
    if due_by == inf:
        rows = db.execute(f"{_LIVES} FROM articles a ORDER BY a.article")
    else:
        rows = db.execute(
            f"{_LIVES} FROM outlooks o CROSS JOIN articles a USING (article) WHERE o.due_from <= ? ORDER BY a.article",
            (int(due_by * 3600),),
        )
    for row in rows:
        yield SeenLife(*row)


def soonest(db: sqlite3.Connection) -> Iterator[tuple[float, SeenLife]]:
    """Give every article with the hour since 1970 from which on it may be due, the soonest first; 0 for not known."""
    for row in db.execute(
        f"{_LIVES}, o.due_from FROM outlooks o CROSS JOIN articles a USING (article) ORDER BY o.due_from, a.article"
    ):
        yield row["due_from"] / 3600, SeenLife(*row[:-1])


def unjudged(db: sqlite3.Connection, most: int) -> list[SeenLife]:
    """Give articles for which it is not known yet from when on they may be due, at most ``most`` of them."""
    rows = db.execute(
        f"{_LIVES} FROM outlooks o CROSS JOIN articles a USING (article) WHERE o.due_from = 0 LIMIT ?", (most,)
    )
    return [SeenLife(*row) for row in rows]


def edits(db: sqlite3.Connection, most: int) -> Iterator[SeenEdit]:
    """Give the newest ``most`` edits, those of an article together and in order of time."""
    rows = db.execute(
        f"SELECT a.article, a.section, coalesce(a.source, ''), {PUBLISHED_SQL}, {hours_sql('a.first_seen')},"  # noqa: S608
        f" {hours_sql('a.last_checked')}, {hours_sql('max(h.old_last_seen)')}, {hours_sql('h.new_first_seen')}"
        " FROM changes h JOIN articles a USING (article)"
        " WHERE h.new_first_seen >= coalesce((SELECT new_first_seen FROM changes ORDER BY new_first_seen DESC"
        " LIMIT 1 OFFSET ?), '') GROUP BY h.article, h.new_first_seen ORDER BY h.article, h.new_first_seen",
        (most - 1,),
    )
    for row in rows:
        yield SeenEdit(*row)


@dataclass(frozen=True, slots=True)
class TrackRecord:
    """How often the publisher said that an article was edited after a look, and how often a later look showed it."""

    claims: int
    confirmed: int


def publishers_record(db: sqlite3.Connection) -> TrackRecord:
    """Count what came of the publisher's word that an article was edited."""
    row = db.execute(
        "SELECT count(*), coalesce(sum(EXISTS (SELECT 1 FROM changes h WHERE h.article = s.article"
        " AND datetime(h.new_first_seen) >= datetime(s.modify_date)"
        " AND datetime(h.old_last_seen) <= datetime(s.modify_date))), 0)"
        " FROM (SELECT DISTINCT article, modify_date FROM publisher_signals WHERE modify_id > 1) s"
        " JOIN articles a USING (article) WHERE datetime(a.first_seen) < datetime(s.modify_date)"
        " AND datetime(a.last_checked) > datetime(s.modify_date)"
    ).fetchone()
    return TrackRecord(int(row[0]), int(row[1]))


def parts(db: sqlite3.Connection, section: str, newest: int = 50) -> float:
    """Give how many files and pictures an article of a section has on average, of the newest ones."""
    row = db.execute(
        "SELECT avg((SELECT count(*) FROM attachments t WHERE t.version_id = v.id) + json_array_length(v.images))"
        " FROM (SELECT article, version FROM articles WHERE section = ? ORDER BY published DESC, article LIMIT ?) a"
        " JOIN versions v ON v.article = a.article AND v.version = a.version",
        (section, newest),
    ).fetchone()
    return float(row[0] or 0.0)


def captures_since(db: sqlite3.Connection, hours: float) -> int:
    """Count the requests made since a time, in hours since 1970."""
    row = db.execute("SELECT count(*) FROM capture_rows WHERE id >= ?", (int(hours * 3_600_000_000),)).fetchone()
    return int(row[0])
