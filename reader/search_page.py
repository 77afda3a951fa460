"""The search page: full text over all versions, those that stand, or those that stood at a time."""

from __future__ import annotations

import re
import sqlite3
from itertools import islice

from crawler.spans import days
from reader.answers import Answer, Desk, Page
from reader.asking import Ask, Refused
from storage import search
from storage.errors import SettingsError
from storage.search import SearchQuery

PER_PAGE = 20
_MOST_PAGES = 50
"""Hits on a page, and pages beyond which none is shown: whoever wants more narrows the search."""
_MARKED = re.compile("⟦([^⟦⟧]*)⟧")
"""What was found in a snippet: ``정부는 ⟦예산⟧안을``."""


def found(db: sqlite3.Connection, ask: Ask, desk: Desk) -> Answer:  # noqa: ARG001  # every view takes the same
    """Show where the words stand that are asked for."""
    text = ask.one("q")
    values = {"text": text or "", "page": 1, "pages": 1, "total": 0, "hits": [], "ministries": _ministries(db)}
    values["operators"] = search.as_other_searches(text or "")
    values["narrowed"] = any(ask.one(name) for name in ("in", "at", "section", "ministry", "since", "until"))
    if text is None:
        return Page("search.html", values)
    try:
        terms = search.terms_of(text)
    except SettingsError as error:
        raise Refused(400, "no-words") from error
    query = SearchQuery(
        terms, ask.one("in") == "current", ask.at(), ask.many("section"), ask.many("ministry"), *days(*ask.period())
    )
    values["total"] = total = search.count(db, query)
    values["page"], values["pages"] = at, _ = ask.page(total, PER_PAGE, _MOST_PAGES)
    hits = list(islice(search.find(db, query, at * PER_PAGE), (at - 1) * PER_PAGE, None)) if total else []
    values["hits"] = [(one, runs_of(one.snippet)) for one in hits]
    return Page("search.html", values)


def runs_of(snippet: str) -> list[tuple[str, bool]]:
    """Cut a snippet into its texts, each with whether it is what was found."""
    return [(one, number % 2 == 1) for number, one in enumerate(_MARKED.split(snippet)) if one]


def _ministries(db: sqlite3.Connection) -> list[str]:
    rows = db.execute("SELECT DISTINCT source FROM articles WHERE source IS NOT NULL ORDER BY source LIMIT 200")
    return [row["source"] for row in rows]
