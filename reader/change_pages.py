"""Pages over many changes: what changed lately, the changes by what and by whom, what was removed."""

from __future__ import annotations

import sqlite3
from dataclasses import replace
from urllib.parse import urlencode

from diffing.reports import as_csv
from diffing.reports.phrases import Words
from diffing.reports.view import change_view
from reader.answers import Answer, Desk, Moved, Page, Saved
from reader.asking import Ask, Refused
from storage import changes
from storage.change_query import OF_MINISTRIES, TOUCHED, Query
from storage.command_line import gochim
from storage.records import iso
from storage.records.notation import json_text
from storage.spellings import spellings

PER_PAGE = 20
_GONE_PER_PAGE = 100
"""Changes on a page, and absent articles."""
_MOST_ROWS = 5_000
"""Changes that are handed over as one table; reading more may take longer than a page may."""
_NARROWING = ("weight", "kind", "disclosure", "label", "section", "ministry", "since", "until", "q")
_FILTERS = ("weight", "kind", "disclosure", "section", "source", "label")


def front(db: sqlite3.Connection, ask: Ask, desk: Desk) -> Answer:
    """Show what changed lately, filtered and paged."""
    query = ask.changes()
    total = changes.total(db, query)
    at, pages = ask.page(total, PER_PAGE)
    found = changes.page(db, query, PER_PAGE, (at - 1) * PER_PAGE)
    words = Words(ask.lang)
    return Page(
        "front.html",
        {
            "query": query,
            "total": total,
            "page": at,
            "pages": pages,
            "views": [change_view(one, words) for one in found],
            "facets": changes.facets(db, query),
            "all": changes.facets(db, Query()),
            "portal": desk.portal.base,
            "table": table_query(ask),
            "csv": ask.link("/changes.csv", **{name: ask.many(name) or None for name in _NARROWING}),
        },
    )


def table(db: sqlite3.Connection, ask: Ask, desk: Desk) -> Answer:  # noqa: ARG001
    """Hand over a filtered list of changes as a table that no spreadsheet runs and a Korean Excel reads."""
    query, words = ask.changes(), Words(ask.lang)
    if (total := changes.total(db, query)) > _MOST_ROWS:
        raise Refused(413, "too-many", n=f"{total:,}", run=gochim("report", "--format", "csv"))
    rows = [as_csv.cells(one, words).values() for one in changes.each(db, query, newest=True)]
    text = "".join(as_csv.row([as_csv.guarded(cell) for cell in row]) for row in (as_csv.COLUMNS, *rows))
    return Saved("changes.csv", text.encode("utf-8-sig"), "text/csv; charset=utf-8")


def counts(db: sqlite3.Connection, ask: Ask, desk: Desk) -> Answer:  # noqa: ARG001  # every view takes the same
    """Count the changes of a period by each of what they can be told apart by."""
    since, until = ask.period()
    query = Query(since=since, until=until)
    found = changes.facets(db, query)
    silent = changes.facets(db, replace(query, disclosures=("silent",)))
    return Page(
        "counts.html",
        {
            "query": query,
            "total": changes.total(db, query),
            "facets": [(name, found[name], dict(silent[name])) for name in _FILTERS],
        },
    )


def removals(db: sqlite3.Connection, ask: Ask, desk: Desk) -> Answer:  # noqa: ARG001
    """Show which articles are gone or may be, and what was removed and restored lately."""
    words = Words(ask.lang)
    (total,) = db.execute("SELECT count(*) FROM articles WHERE state IN ('removed', 'suspect')").fetchone()
    at, pages = ask.page(total, _GONE_PER_PAGE)
    gone = db.execute(
        "SELECT article, title, section, source, state, last_seen, last_checked FROM articles"
        " WHERE state IN ('removed', 'suspect') ORDER BY last_seen DESC, article LIMIT ? OFFSET ?",
        (_GONE_PER_PAGE, (at - 1) * _GONE_PER_PAGE),
    ).fetchall()
    found = changes.page(db, Query(kinds=("removed", "restored")), 50)
    return Page(
        "removals.html",
        {
            "gone": gone,
            "total": total,
            "page": at,
            "pages": pages,
            "views": [change_view(one, words) for one in found],
        },
    )


def by_address(db: sqlite3.Connection, ask: Ask, desk: Desk) -> Answer:  # noqa: ARG001
    """Lead from an article's id or any of its addresses to its page."""
    wanted = ask.one("article") or ""
    address = desk.portal.address(wanted) if "/" in wanted else None
    article = address.article if address else None
    if "/" in wanted and article is None:
        raise Refused(404, "no-article", article=wanted)
    return Moved(ask.link(f"/articles/{article or wanted or '-'}"))


def table_query(ask: Ask) -> str:
    """Write the filters of a list of changes as Datasette's own, so that table, JSON and CSV hold the same changes."""
    given: list[tuple[str, str]] = []
    for name in ("section", "kind", "disclosure", "weight"):
        values = ask.many(name)
        given += [(f"{name}__in", ",".join(values))] if values else []
    for name in ask.many("label"):
        given.append(("labels__arraycontains", name))
    since, until = ask.period()
    given += [("new_first_seen__gte", iso(since))] if since else []
    given += [("new_first_seen__lt", iso(until))] if until else []
    if ministries := ask.many("ministry"):
        given.append(("_where", OF_MINISTRIES.replace("?", _literal(json_text(ministries)))))
    if keyword := ask.one("q"):
        given.append(("_where", TOUCHED.replace("?", _literal(json_text(spellings(keyword))))))
    return urlencode([*given, ("_sort_desc", "new_first_seen")])


def _literal(value: str) -> str:
    """Write a text as SQL does."""
    return "'" + value.replace("'", "''") + "'"
