"""Full text that understands Korean: whatever stands in a version is found by any part of it, and nothing else is.

Korean words carry particles and run together, so a search for words misses most of what it should find. Here a hit
is a part of the text, however short: ``예산`` is found in ``예산안을``, ``3000억`` in ``3,000억 원``, decomposed
letters as composed ones. The index (SQLite FTS5, contentless) holds at every letter or mark the pair of it and what
follows it, a space included, so that whatever is asked for is a phrase of such terms. Versions that are not indexed
yet are read through. So no hit means that it is nowhere.
"""

from __future__ import annotations

import json
import re
import sqlite3
from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from storage.errors import SettingsError
from storage.indexing import FIELDS, texts
from storage.letters import fold, phrases
from storage.records import iso
from storage.snippets import snippet
from storage.spellings import stands

# 산불 OR 지진, 산불 -과태료, 산불*, "산불
_OPERATOR = re.compile(r'(?:^|\s)(?:OR|AND|NOT|-\S+|\S+\*)(?=\s|$)|^[^"]*"(?:[^"]*"[^"]*")*[^"]*$')
# "탄소 중립" or one word
_TERM = re.compile(r'"([^"]*)"|“([^”]*)”|(\S+)')


@dataclass(frozen=True, slots=True)
class SearchQuery:
    """What is looked for and where; None and empty want all.

    ``terms`` must all stand in one version. ``since`` and ``until`` are days (``2026-09-15``) and bound the day of
    publication (at or after, before). A ministry is its name as printed or its repCode.
    """

    terms: tuple[str, ...]
    current: bool = False
    at: datetime | None = None
    sections: Sequence[str] = ()
    ministries: Sequence[str] = ()
    since: str | None = None
    until: str | None = None


@dataclass(frozen=True, slots=True)
class Hit:
    """A version in which all terms stand, and the place where the first of them does."""

    article: str
    version: int
    url: str
    section: str
    title: str
    source: str | None
    published: str | None
    first_seen: str
    last_seen: str
    current: bool
    field: str
    snippet: str
    state: str

    def as_json(self) -> dict[str, Any]:
        """Give the hit as a JSON object; the snippet marks what was found with ⟦ and ⟧."""
        return {name: getattr(self, name) for name in self.__slots__}


def terms_of(text: str) -> tuple[str, ...]:
    """Cut what a user asks for into terms: words, and phrases in quotation marks.

    Raises:
        SettingsError: There is nothing to look for.
    """
    printed = (next(one for one in match.groups() if one is not None) for match in _TERM.finditer(text))
    found = tuple(folded for one in printed if (folded := fold(one)))
    if not found:
        raise SettingsError("There is nothing to look for. Give a word, or a phrase in quotation marks.")
    return found


def as_other_searches(text: str) -> bool:
    """Say whether what a user asks for has marks that other searches read as operators, and a quotation left open."""
    return _OPERATOR.search(text) is not None


def find(db: sqlite3.Connection, query: SearchQuery, limit: int | None = None) -> Iterator[Hit]:
    """Yield the versions in which every term stands, the best first.

    First come those in whose title all of them stand, then those in whose title and subtitles they do; the newest
    first among equals, and among what had to be read through, which comes last.
    """
    found = 0
    for row in _candidates(db, query, limit):
        says = texts(db, row)
        if row["indexed"] or _all_stand(query.terms, says.values()):
            yield _hit(row, says, query.terms)
            found += 1
            if found == limit:
                return


def count(db: sqlite3.Connection, query: SearchQuery) -> int:
    """Count the versions in which every term stands."""
    where, values = _where(query)
    (counted,) = db.execute(
        f"SELECT count(*) {_INDEXED} AND {where}",
        [phrases(query.terms), *values],
    ).fetchone()
    return int(counted) + sum(_all_stand(query.terms, texts(db, row).values()) for row in _waiting(db, query))


def _all_stand(terms: Sequence[str], texts: Iterable[list[str]]) -> bool:
    folded = [fold(one) for those in texts for one in those]
    return all(any(stands(term, one) for one in folded) for term in terms)


_COLUMNS = (
    "v.id, v.article, v.version, v.url, v.section, v.title, v.subtitles, v.source, v.published, v.body, v.images,"
    " v.first_seen, v.last_seen, v.version = (SELECT version FROM articles WHERE article = v.article) AS current,"
    " (SELECT state FROM articles WHERE article = v.article) AS state"
)

_INDEXED = (
    "FROM search_index f JOIN search_documents d ON d.id = f.rowid JOIN versions v ON v.id = d.version_id"
    " WHERE search_index MATCH ? AND v.id NOT IN (SELECT version_id FROM search_waiting)"
)

_TIERS = ("{title} : ", "{title subtitles} : ", "")
"""Where all terms must stand, the best first. Nothing here depends on what else is or was indexed, as BM25 does."""


def _candidates(db: sqlite3.Connection, query: SearchQuery, limit: int | None) -> Iterator[sqlite3.Row]:
    """Give the versions in which all terms stand, or may stand, the best first."""
    if _are_few(db, query, limit):
        # Each question walks the entries of all letter pairs, so few hits are asked for once and put in order here.
        yield from sorted(_indexed(db, query, _TIERS[-1]), key=lambda row: _tier(row, query.terms))
    else:
        given: set[int] = set()
        for tier in _TIERS:
            for row in _indexed(db, query, tier, limit, given):
                given.add(row["id"])
                yield row
    yield from _waiting(db, query)


def _indexed(
    db: sqlite3.Connection, query: SearchQuery, tier: str, limit: int | None = None, given: Collection[int] = ()
) -> Iterator[sqlite3.Row]:
    """Give the indexed versions in which all terms stand where the tier says, the newest first, but those given."""
    where, values = _where(query)
    asked = [f"{tier}({phrases(query.terms)})", *values, -1 if limit is None else limit]
    order = "ORDER BY v.first_seen DESC, v.article, v.version DESC LIMIT ?"
    for (number,) in db.execute(f"SELECT v.id {_INDEXED} AND {where} {order}", asked).fetchall():
        if number not in given:
            yield from db.execute(f"SELECT {_COLUMNS}, 1 AS indexed FROM versions v WHERE v.id = ?", (number,))  # noqa: S608


def _are_few(db: sqlite3.Connection, query: SearchQuery, limit: int | None) -> bool:
    """Say whether the index has no more than ``limit`` hits, filters aside; of many, only so many are looked at."""
    if limit is None:
        return False
    found = db.execute(
        "SELECT rowid FROM search_index WHERE search_index MATCH ? LIMIT ?", (phrases(query.terms), limit + 1)
    )
    return len(found.fetchall()) <= limit


def _tier(row: sqlite3.Row, terms: Sequence[str]) -> int:
    """Say which of :data:`_TIERS` a version stands in."""
    title, subtitles = [row["title"]], json.loads(row["subtitles"])
    return 0 if _all_stand(terms, [title]) else 1 if _all_stand(terms, [title, subtitles]) else 2


def _waiting(db: sqlite3.Connection, query: SearchQuery) -> Iterator[sqlite3.Row]:
    """Give the versions that a run which is under way has filed and not yet indexed."""
    where, values = _where(query)
    yield from db.execute(
        f"SELECT {_COLUMNS}, 0 AS indexed FROM versions v WHERE v.id IN (SELECT version_id FROM search_waiting)"  # noqa: S608
        f" AND {where} ORDER BY v.first_seen DESC, v.article, v.version DESC",
        values,
    )


def _where(query: SearchQuery) -> tuple[str, list[Any]]:
    parts, values = ["1"], list[Any]()
    if query.current:
        parts.append("v.version = (SELECT version FROM articles WHERE article = v.article)")
    if query.at is not None:
        parts.append(
            "v.first_seen <= ? AND NOT EXISTS (SELECT 1 FROM versions n WHERE n.article = v.article"
            " AND n.version = v.version + 1 AND n.first_seen <= ?) AND coalesce((SELECT s.state FROM state_steps s"
            " WHERE s.article = v.article AND s.since <= ? ORDER BY s.step DESC LIMIT 1), 'live')"
            " NOT IN ('suspect', 'removed')"
        )
        values += [iso(query.at)] * 3
    if query.sections:
        parts.append("v.section IN (SELECT value FROM json_each(?))")
        values.append(json.dumps(list(query.sections)))
    if query.ministries:
        parts.append("EXISTS (SELECT 1 FROM json_each(?) WHERE value IN (v.source, v.source_code))")
        values.append(json.dumps(list(query.ministries)))
    if query.since:
        parts.append("substr(v.published, 1, 10) >= ?")
        values.append(query.since)
    if query.until:
        parts.append("substr(v.published, 1, 10) < ?")
        values.append(query.until)
    return " AND ".join(parts), values


def _hit(row: sqlite3.Row, says: dict[str, list[str]], terms: Sequence[str]) -> Hit:
    """Make the hit, with the first text that holds most of the terms as its snippet."""
    places = [(name, one, fold(one)) for name in FIELDS for one in says[name]]
    best = max(places, key=lambda place: sum(stands(term, place[2]) for term in terms))
    names = ("article", "version", "url", "section", "title", "source", "published", "first_seen", "last_seen")
    return Hit(
        **{name: row[name] for name in names},
        current=bool(row["current"]),
        field=best[0],
        snippet=snippet(best[1], terms),
        state=row["state"],
    )
