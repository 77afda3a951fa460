"""The looks at articles: what each came to, and which captures wait to be read, or to be read again."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from storage.captures import OF_RUN
from storage.records import Outcome
from storage.stored import ticks
from storage.views import FIRST_LOOK, NO_LOOK, UNREAD


@dataclass(frozen=True, slots=True)
class KnownLook:
    """One look at an article that had been read before, with what it was known to be then."""

    article: str
    checked_at: str
    capture: int
    outcome: Outcome
    section: str
    title: str
    published: str | None
    failed: bool
    """Whether the article was not read, or its document not, which a look before it had."""


def looked_at(db: sqlite3.Connection, article: str) -> list[tuple[str, Outcome]]:
    """Give the address and the outcome of every filed look at an article, oldest first."""
    rows = db.execute(
        "SELECT url, outcome FROM article_timeline WHERE article = ? ORDER BY checked_at, warc, offset",
        (article,),
    )
    return [(row["url"], row["outcome"]) for row in rows]


def newest_first(db: sqlite3.Connection, article: str) -> list[tuple[int, Outcome]]:
    """Give the capture and the outcome of every filed look at an article, newest first."""
    rows = db.execute("SELECT capture, outcome FROM checks WHERE article = ? ORDER BY capture DESC", (article,))
    return [(row["capture"], row["outcome"]) for row in rows]


def of_run(db: sqlite3.Connection, run: str) -> list[KnownLook]:
    """Give a run's looks at articles that had been read before, in order of time.

    A look of another tool that is incomplete is left out: it tells what its file lacks, as the pages of a document's
    viewer that no browser asked for, and nothing of the portal.
    """
    rows = db.execute(
        "SELECT t.article, t.checked_at, t.capture, t.outcome, v.section, v.title, v.published,"  # noqa: S608
        " t.outcome <> 'read' AND (t.version IS NULL OR EXISTS"
        " (SELECT 1 FROM unread_parts p WHERE p.capture = t.capture AND p.part = 'body')) FROM checks t"
        f" JOIN capture_rows k ON k.id = t.capture AND {OF_RUN} JOIN captures c ON c.id = k.id"
        " JOIN runs r ON r.run = ?1 AND (t.outcome <> 'incomplete' OR r.software LIKE 'gochim/%')"
        " JOIN versions v ON v.id = (SELECT id FROM versions WHERE article = t.article AND first_seen < t.checked_at"
        " ORDER BY first_seen DESC LIMIT 1) ORDER BY t.checked_at, c.warc, c.offset",
        (run,),
    )
    return [KnownLook(*row) for row in rows]


def read_between(db: sqlite3.Connection, first: datetime, last: datetime) -> list[str]:
    """Give the articles that were read from one instant to another, both included, in the order of their names."""
    rows = db.execute(
        "SELECT DISTINCT u.article FROM capture_rows k JOIN urls u ON u.id = k.url"
        " WHERE k.id BETWEEN ? AND ? AND k.version >= 1 AND u.role = 'article' ORDER BY u.article",
        (ticks(first), ticks(last)),
    )
    return [row["article"] for row in rows]


def read_in(db: sqlite3.Connection, run: str, section: str) -> int:
    """Count the articles of a section that a run read."""
    (count,) = db.execute(
        "SELECT count(DISTINCT u.article) FROM capture_rows k JOIN urls u ON u.id = k.url"  # noqa: S608
        f" JOIN articles a ON a.article = u.article AND a.section = ?2 WHERE {OF_RUN} AND k.version >= 1",
        (run, section),
    ).fetchone()
    return int(count)


def never_read(db: sqlite3.Connection, before: datetime) -> list[tuple[str, str, datetime, datetime]]:
    """Give article, address, first and newest look of what was looked at before an instant and never read whole.

    That is an article of which no page was read, or not the document that its newest version has.
    """
    rows = db.execute(
        "SELECT article, url, min(captured_at) AS first, max(captured_at) AS newest FROM captures"
        " WHERE id IN (SELECT k.id FROM urls u CROSS JOIN capture_rows k ON k.url = u.id WHERE u.role = 'article'"
        " AND (NOT EXISTS (SELECT 1 FROM articles a WHERE a.article = u.article) OR u.article IN (SELECT a.article"
        " FROM articles a JOIN versions v USING (article, version) WHERE v.body_from = 'unread'))"
        " AND k.id < ?) GROUP BY article",
        (ticks(before),),
    )
    return [
        (row["article"], row["url"], datetime.fromisoformat(row["first"]), datetime.fromisoformat(row["newest"]))
        for row in rows
    ]


_NEWEST = (
    "WITH looked AS (SELECT article, (SELECT k.id FROM capture_rows k WHERE k.url = u.id"  # noqa: S608
    f" AND k.outcome >= {FIRST_LOOK} ORDER BY k.id DESC LIMIT 1) AS capture FROM urls u WHERE u.role = 'article'),"
    " newest AS (SELECT article, max(capture) AS capture FROM looked WHERE capture IS NOT NULL GROUP BY article)"
)
"""The newest look at each article, found by index: as many rows are read as there are articles, not looks."""


def newest_outcomes(db: sqlite3.Connection) -> list[tuple[Outcome, int, str]]:
    """Count the articles by what their newest look came to, each with one of their addresses."""
    rows = db.execute(
        f"{_NEWEST} SELECT w.outcome, count(*), min(u.url) FROM newest n JOIN capture_rows k ON k.id = n.capture"  # noqa: S608
        " JOIN outcomes w ON w.id = k.outcome JOIN urls u ON u.id = k.url GROUP BY w.outcome ORDER BY w.outcome"
    )
    return [tuple(row) for row in rows]


LAST = 24
"""Looks at the end of a run among which those stand that its budget may have cut short: a few are under way at once."""


def cut_short(db: sqlite3.Connection, outcome: Outcome) -> tuple[int, str]:
    """Count the articles whose newest look was among the last of a run that its budget ended, and not read whole.

    Args:
        db: The version database.
        outcome: What these looks came to: ``incomplete``, or ``read`` of those that did without files or pictures known
            before.

    Returns:
        How many there are, and one of their addresses, "" where there is none.
    """
    lacks = " AND EXISTS (SELECT 1 FROM unread_parts p WHERE p.capture = n.capture)" if outcome == "read" else ""
    later = (
        "SELECT 1 FROM capture_rows l JOIN urls v ON v.id = l.url AND v.role = 'article' JOIN warc_files g"
        " ON g.id = l.file AND g.run = r.run WHERE l.id > k.id AND l.id <="
        " (SELECT max(last) FROM warc_files WHERE run = r.run) LIMIT ?1"
    )
    count, url = db.execute(
        f"{_NEWEST} SELECT count(*), coalesce(min(u.url), '') FROM newest n JOIN capture_rows k ON k.id = n.capture"  # noqa: S608
        " JOIN outcomes w ON w.id = k.outcome AND w.outcome = ?2 JOIN urls u ON u.id = k.url"
        " JOIN warc_files f ON f.id = k.file JOIN runs r ON r.run = f.run AND r.finish = 'budget'"
        f" WHERE (SELECT count(*) FROM ({later})) < ?1{lacks}",
        (LAST, outcome),
    ).fetchone()
    return int(count), str(url)


def outcomes(db: sqlite3.Connection) -> dict[Outcome, int]:
    """Count the looks by what they came to."""
    rows = db.execute(
        "SELECT outcome, captures FROM outcomes WHERE id >= ? AND captures > 0 ORDER BY outcome", (FIRST_LOOK,)
    )
    return dict(tuple(row) for row in rows)


def were_between(db: sqlite3.Connection, since: datetime | None, until: datetime | None) -> bool:
    """Say whether anybody looked at any article in a period, from ``since`` on and before ``until``."""
    bounds = [ticks(one) if one else None for one in (since, until)]
    asked = (
        "SELECT 1 FROM capture_rows WHERE id >= coalesce(?1, 0) AND id < coalesce(?2, 9e18) AND outcome >= ?3 LIMIT 1"
    )
    return db.execute(asked, (*bounds, FIRST_LOOK)).fetchone() is not None


def outcomes_in(db: sqlite3.Connection, warcs: Iterable[str]) -> dict[Outcome, int]:
    """Count the looks of some WARC files by what they came to."""
    found: dict[Outcome, int] = {}
    for warc in warcs:
        rows = db.execute(
            "SELECT w.outcome, count(*) FROM warc_files f JOIN capture_rows k ON k.id BETWEEN f.first AND f.last"
            " AND k.file = f.id JOIN outcomes w ON w.id = k.outcome WHERE f.warc = ? AND k.outcome >= ?"
            " GROUP BY w.outcome ORDER BY w.outcome",
            (warc, FIRST_LOOK),
        )
        for outcome, number in rows:
            found[outcome] = found.get(outcome, 0) + number
    return found


def unrecognised(db: sqlite3.Connection, examples: int = 3) -> list[dict[str, Any]]:
    """Count the articles whose newest look found a page that no layout recognises, by section, with some captures.

    An article that was never read has no section yet; it is counted under ``unknown``.
    """
    rows = db.execute(
        f"{_NEWEST} SELECT coalesce(a.section, 'unknown') AS section, n.capture FROM newest n"  # noqa: S608
        " JOIN capture_rows k ON k.id = n.capture LEFT JOIN articles a USING (article)"
        " WHERE k.outcome = (SELECT id FROM outcomes WHERE outcome = 'unrecognised') ORDER BY section, n.capture DESC"
    )
    found: dict[str, dict[str, Any]] = {}
    for row in rows:
        one = found.setdefault(row["section"], {"section": row["section"], "articles": 0, "captures": []})
        one["articles"] += 1
        if len(one["captures"]) < examples:
            one["captures"].append(row["capture"])
    return list(found.values())


def waits(db: sqlite3.Connection, article: str) -> bool:
    """Say whether captures of an article wait to be read."""
    # The number is written out, as in ``page_captures.of_article``.
    row = db.execute(
        "SELECT 1 FROM urls u JOIN capture_rows k ON k.url = u.id WHERE u.article = ? AND u.role = 'article'"  # noqa: S608
        f" AND k.outcome = {UNREAD} LIMIT 1",
        (article,),
    ).fetchone()
    return row is not None


def pending_articles(db: sqlite3.Connection) -> Iterator[str]:
    """Give the ids of articles with captures that no reading has used yet, or that are to be read again."""
    for row in db.execute(
        # The number is written out, as in ``page_captures.of_article``.
        f"SELECT article FROM urls WHERE id IN (SELECT url FROM capture_rows WHERE outcome = {UNREAD})"  # noqa: S608
        " UNION SELECT article FROM rereads ORDER BY 1"
    ):
        yield row["article"]


def read_all_again(db: sqlite3.Connection) -> None:
    """Have every article that was read read again from its first capture; what is filed of it stays until then."""
    db.execute(
        "INSERT OR IGNORE INTO rereads SELECT DISTINCT u.article FROM capture_rows k JOIN urls u ON u.id = k.url"  # noqa: S608
        f" WHERE u.role = 'article' AND k.outcome <> {UNREAD}"
    )


def read_run_again(db: sqlite3.Connection, run: str) -> None:
    """Have the articles read again at which a run looked, as far as they were read: more of their looks turned up."""
    db.execute(
        "INSERT OR IGNORE INTO rereads SELECT DISTINCT u.article FROM capture_rows k JOIN urls u ON u.id = k.url"  # noqa: S608
        f" WHERE u.role = 'article' AND k.outcome <> {UNREAD} AND {OF_RUN}",
        (run,),
    )


def to_be_read_again(db: sqlite3.Connection, article: str) -> bool:
    """Say whether an article is to be read again from its first capture."""
    return db.execute("SELECT 1 FROM rereads WHERE article = ?", (article,)).fetchone() is not None


_URLS = "(SELECT id FROM urls WHERE article = ? AND role = 'article')"


def mark_read(db: sqlite3.Connection, article: str) -> None:
    """Note that the captures of an article which became no look of their own were used by a reading too."""
    db.execute(
        # The number is written out, as in ``page_captures.of_article``.
        f"UPDATE capture_rows SET outcome = ? WHERE outcome = {UNREAD} AND url IN {_URLS}",  # noqa: S608
        (NO_LOOK, article),
    )
    db.execute("DELETE FROM rereads WHERE article = ?", (article,))


def file_looks(
    db: sqlite3.Connection, found: Iterable[tuple[int, Outcome, int | None]], unread: Iterable[tuple[int, str]] = ()
) -> None:
    """File what looks came to: capture, outcome, and the number of the version that was read.

    Args:
        db: The version database.
        found: What each look came to.
        unread: Captures with the parts of their versions that these looks did not read themselves.
    """
    known = {row["outcome"]: row["id"] for row in db.execute("SELECT id, outcome FROM outcomes")}
    rows = []
    for capture, outcome, version in found:
        if outcome not in known:
            (known[outcome],) = db.execute(
                "INSERT INTO outcomes (outcome) VALUES (?) RETURNING id", (outcome,)
            ).fetchone()
        rows.append((known[outcome], -1 if version is None else version, capture))
    db.executemany("UPDATE capture_rows SET outcome = ?, version = ? WHERE id = ?", rows)
    db.executemany("INSERT INTO unread_parts VALUES (?, ?)", unread)


def forget_looks(db: sqlite3.Connection, article: str) -> None:
    """Take back what the looks at an article came to; its captures wait to be read again."""
    db.execute(
        f"DELETE FROM unread_parts WHERE capture IN (SELECT id FROM capture_rows WHERE url IN {_URLS})",  # noqa: S608
        (article,),
    )
    db.execute(
        f"UPDATE capture_rows SET outcome = ?, version = -1 WHERE outcome >= ? AND url IN {_URLS}",  # noqa: S608
        (UNREAD, FIRST_LOOK, article),
    )
