"""Keep what happened to many articles in the same way, what a person said of it, and articles that suddenly shrank.

A site change is found in the versions alone, and made anew from a moment on when captures before it turn up.
"""

from __future__ import annotations

import dataclasses
import json
import sqlite3
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Literal, get_args

from storage import about, looks
from storage.records import Version, iso
from storage.versions import STORED, version_of

Verdict = Literal["held", "edits"]
Because = Literal["same-shape", "publisher", "person"]
WINDOW = timedelta(days=1)
"""How long after its first sight a site change shows at nearly all articles that are looked at."""


@dataclass(frozen=True, slots=True)
class Member:
    """A step of an article that bears the shape of a site change."""

    article: str
    from_version: int
    to_version: int
    seen: str
    """When the new version was first seen."""


@dataclass(slots=True)
class SiteChange:
    """The same change in nearly all articles of a section that could show it.

    ``since`` is the first look that saw it; ``share`` counts the articles that showed it within a day of that and all
    that could have. ``because`` says what the verdict rests on.
    """

    id: str
    section: str
    field: str
    what: str
    text: str
    since: str
    share: tuple[int, int]
    verdict: Verdict
    because: Because
    members: list[Member] = dataclasses.field(default_factory=list)

    def as_json(self) -> dict[str, Any]:
        """Give the shape that ``site-changes --format json`` prints."""
        return {
            "id": self.id,
            "section": self.section,
            "field": self.field,
            "what": self.what,
            "text": self.text or None,
            "since": self.since,
            "showed": self.share[0],
            "could_show": self.share[1],
            "articles": len({one.article for one in self.members}),
            "verdict": self.verdict,
            "because": self.because,
            "members": [
                {"article": one.article, "from_version": one.from_version, "to_version": one.to_version}
                for one in self.members
            ],
        }


def all_of(
    db: sqlite3.Connection,
    *,
    since: datetime | None = None,
    until: datetime | None = None,
    sections: Sequence[str] = (),
) -> list[SiteChange]:
    """Give the site changes, oldest first, with their members in the order of their articles.

    Args:
        db: The version database.
        since: First seen at or after this time.
        until: First seen before this time.
        sections: Of one of these sections; all when there are none.
    """
    rows = db.execute(
        "SELECT * FROM site_changes WHERE since >= ? AND since < ? ORDER BY since, id",
        (iso(since) if since else "", iso(until) if until else "~"),
    )
    found = {row["id"]: _of(row) for row in rows if not sections or row["section"] in sections}
    for row in db.execute(
        "SELECT m.*, v.first_seen FROM site_change_articles m JOIN versions v ON v.article = m.article"
        " AND v.version = m.to_version ORDER BY m.article, m.to_version"
    ):
        if row["site_change"] in found:
            found[row["site_change"]].members.append(_member(row))
    return list(found.values())


def borne(db: sqlite3.Connection, article: str) -> list[tuple[int, SiteChange]]:
    """Give the site changes that came with an article's versions and count as no edit, with the versions' numbers."""
    return [(step.to_version, _filled(db, one)) for one, step in of_article(db, article) if one.verdict == "held"]


def _filled(db: sqlite3.Connection, one: SiteChange) -> SiteChange:
    rows = db.execute(
        "SELECT m.*, v.first_seen FROM site_change_articles m JOIN versions v ON v.article = m.article"
        " AND v.version = m.to_version WHERE m.site_change = ? ORDER BY m.article, m.to_version",
        (one.id,),
    )
    return dataclasses.replace(one, members=[_member(row) for row in rows])


def summed(db: sqlite3.Connection) -> list[dict[str, Any]]:
    """Tell of each site change what it is and at how many articles it was seen, oldest first."""
    rows = db.execute(
        "SELECT s.id, s.section, s.field, s.what, s.since, s.verdict, s.because, count(DISTINCT m.article) AS articles"
        " FROM site_changes s JOIN site_change_articles m ON m.site_change = s.id GROUP BY s.id ORDER BY s.since, s.id"
    )
    return [dict(row) for row in rows]


def _member(row: sqlite3.Row) -> Member:
    return Member(row["article"], row["from_version"], row["to_version"], row["first_seen"])


def _of(row: sqlite3.Row) -> SiteChange:
    return SiteChange(
        row["id"], row["section"], row["field"], row["what"], row["text"], row["since"],
        (row["showed"], row["could_show"]), row["verdict"], row["because"],
    )  # fmt: skip


def put(db: sqlite3.Connection, found: Iterable[SiteChange]) -> set[str]:
    """Put these in the place of all site changes; give the articles of which another part is held than before."""
    found, before = list(found), _held(db)
    if found == all_of(db):
        return set()
    db.execute("DELETE FROM site_changes")
    for one in found:
        db.execute(
            "INSERT INTO site_changes VALUES (?,?,?,?,?,?,?,?,?,?)",
            (one.id, one.section, one.field, one.what, one.text, one.since, *one.share, one.verdict, one.because),
        )
        db.executemany(
            "INSERT INTO site_change_articles VALUES (?,?,?,?)",
            ((member.article, member.to_version, one.id, member.from_version) for member in one.members),
        )
    return {article for article, *_ in before ^ _held(db)}


def _held(db: sqlite3.Connection) -> set[tuple[Any, ...]]:
    rows = db.execute(
        "SELECT m.article, m.to_version, m.from_version, s.section, s.field, s.what, s.text FROM site_change_articles m"
        " JOIN site_changes s ON s.id = m.site_change WHERE s.verdict = 'held'"
    )
    return {tuple(row) for row in rows}


def of_article(db: sqlite3.Connection, article: str) -> list[tuple[SiteChange, Member]]:
    """Give the site changes that an article's steps belong to, in the order of the steps and of the site changes."""
    rows = db.execute(
        "SELECT s.*, m.*, v.first_seen FROM site_change_articles m JOIN site_changes s ON s.id = m.site_change"
        " JOIN versions v ON v.article = m.article AND v.version = m.to_version"
        " WHERE m.article = ? ORDER BY m.to_version, s.since, s.id",
        (article,),
    )
    return [(_of(row), _member(row)) for row in rows]


_WORD = ("section", "field", "what", "text", "since", "said_at", "verdict")


def word_fields(one: SiteChange, verdict: Verdict, said_at: datetime) -> dict[str, str]:
    """Give the warcinfo fields of a WARC file that tells what a person says of a site change."""
    said = (one.section, one.field, one.what, json.dumps(one.text), one.since, iso(said_at), verdict)
    return {f"site-change-{name.replace('_', '-')}": value for name, value in zip(_WORD, said, strict=True)}


def say(db: sqlite3.Connection, fields: Mapping[str, str]) -> None:
    """Note what a person said of a site change, if a WARC file's warcinfo fields tell of that."""
    word = _word(fields)
    if word is None:
        return
    cursor = db.execute("INSERT OR IGNORE INTO site_change_words VALUES (?,?,?,?,?,?,?)", list(word.values()))
    if cursor.rowcount:
        db.execute(
            "INSERT INTO about VALUES ('drift-from', ?)"
            " ON CONFLICT (name) DO UPDATE SET value = min(value, excluded.value)",
            (word["since"],),
        )


def _word(fields: Mapping[str, str]) -> dict[str, str] | None:
    """Read such a word as :func:`word_fields` writes it; None where there is none, for anybody may write a file."""
    word = {name: fields.get(f"site-change-{name.replace('_', '-')}", "") for name in _WORD}
    try:
        text = json.loads(word["text"])
        text.encode()
        since, said_at = (datetime.fromisoformat(word[name]) for name in ("since", "said_at"))
        dated = [iso(since), iso(said_at)] == [word["since"], word["said_at"]] and iso(since - WINDOW)
    except (ValueError, AttributeError, OverflowError, RecursionError):
        return None
    return {**word, "text": text} if dated and word["verdict"] in get_args(Verdict) else None


def word_on(db: sqlite3.Connection, one: SiteChange) -> Verdict | None:
    """Give what a person last said of a site change: its beginning may since have been found a little earlier."""
    since = datetime.fromisoformat(one.since)
    row = db.execute(
        "SELECT verdict FROM site_change_words WHERE (section, field, what, text) = (?,?,?,?)"
        " AND since BETWEEN ? AND ? ORDER BY said_at DESC LIMIT 1",
        (one.section, one.field, one.what, one.text, iso(since - WINDOW), iso(since + WINDOW)),
    ).fetchone()
    return row["verdict"] if row else None


def looks_from(db: sqlite3.Connection) -> str | None:
    """Give the moment from which on site changes are to be looked for, None when there is nothing new."""
    return about.value(db, "drift-from")


def looked(db: sqlite3.Connection) -> None:
    """Note that all versions were looked through."""
    about.forget(db, "drift-from")


def steps(db: sqlite3.Connection, moment: str) -> list[tuple[str, int, str]]:
    """List article, version and run of every step to a version first seen at a moment or after it, in that order."""
    rows = db.execute(
        "SELECT v.article, v.version, f.run FROM versions v JOIN capture_rows k ON k.id = v.capture"
        " JOIN warc_files f ON f.id = k.file WHERE v.version > 1 AND v.first_seen >= ?"
        " ORDER BY v.first_seen, v.article",
        (moment,),
    )
    return [tuple(row) for row in rows]


def step_to(db: sqlite3.Connection, article: str, version: int) -> tuple[Version, Version]:
    """Give a version of an article, behind the one before it."""
    old, new = db.execute(
        f"{STORED} WHERE v.article = ?1 AND v.version IN (?2, ?2 - 1) ORDER BY v.version",
        (article, version),
    ).fetchall()
    return version_of(old), version_of(new)


def bare_firsts(db: sqlite3.Connection, moment: str) -> Iterator[Version]:
    """Give first versions, seen at a moment or after it, that hold neither text nor picture."""
    rows = db.execute(
        "SELECT article, version FROM versions WHERE version = 1 AND first_seen >= ? AND body = '[]' AND images = '[]'"
        " ORDER BY first_seen, article",
        (moment,),
    ).fetchall()
    for row in rows:
        yield version_of(db.execute(f"{STORED} WHERE v.article = ? AND v.version = ?", tuple(row)).fetchone())


def stood(db: sqlite3.Connection, section: str, articles: Iterable[str], moment: str) -> Iterator[Version]:
    """Give the versions in which articles of a section stood just before a moment."""
    for article in articles:
        row = db.execute(
            f"{STORED} WHERE v.article = ? AND v.first_seen < ? ORDER BY v.version DESC LIMIT 1",
            (article, moment),
        ).fetchone()
        if row is not None and row["section"] == section:
            yield version_of(row)


Shrunken = tuple[str, int, str, str, int | None, int]
"""A version that says next to nothing: article, number, section, first sight, blocks before it and in it."""


def shrunken_row(old: Version | None, new: Version) -> Shrunken:
    """Give the row that keeps a version which says next to nothing, and how much the one before it said."""
    says, before = new.article, len(old.article.body) if old else None
    return says.article, new.version, says.section, iso(new.first_seen), before, len(says.body)


def put_shrunken(db: sqlite3.Connection, moment: str, found: Iterable[Shrunken]) -> None:
    """Put these in the place of the versions since a moment that say next to nothing."""
    db.execute("DELETE FROM shrunken_versions WHERE seen >= ?", (moment,))
    db.executemany("INSERT INTO shrunken_versions VALUES (?,?,?,?,?,?)", found)


def shrunken(db: sqlite3.Connection) -> list[dict[str, Any]]:
    """Tell of the articles whose newest version says next to nothing, by section and run, with their share.

    ``read`` counts the articles of the section that the run read.
    """
    rows = db.execute(
        "SELECT s.*, f.run FROM shrunken_versions s JOIN articles a USING (article, version)"
        " JOIN versions v USING (article, version) JOIN capture_rows k ON k.id = v.capture"
        " JOIN warc_files f ON f.id = k.file ORDER BY s.section, s.seen, s.article"
    ).fetchall()
    found: dict[tuple[str, str, bool], dict[str, Any]] = {}
    for row in rows:
        new = row["blocks_before"] is None
        which = row["section"], row["run"], new
        if which not in found:
            found[which] = {
                "section": row["section"],
                "run": row["run"],
                "kind": "empty" if new else "shrunken",
                "read": looks.read_in(db, row["run"], row["section"]),
                "articles": [],
            }
        found[which]["articles"].append(
            {"article": row["article"], "version": row["version"], "seen": row["seen"],
             "blocks_before": row["blocks_before"], "blocks": row["blocks"]}
        )  # fmt: skip
    return list(found.values())
