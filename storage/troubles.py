"""What a keeper of an archive should look at, told by the newest run and by the newest look at each article."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable, Iterator
from typing import Any

from storage.looks import cut_short, newest_outcomes
from storage.records import TELLING
from storage.runs import ending
from storage.validators import lied


def troubles(db: sqlite3.Connection) -> Iterator[tuple[str, dict[str, Any]]]:
    """Give what a keeper of this archive should look at.

    It is ``ended-early``, an outcome of newest looks, ``cut-short`` behind ``incomplete``, ``left-out`` of looks that
    did without files, ``lied``, or ``recomparing`` while another command compares all anew. With each comes what a
    sentence needs: ``run`` and ``finish``; how many (``n``) and an address (``url``).
    """
    newest = db.execute("SELECT run, finish FROM runs ORDER BY started_at DESC LIMIT 1").fetchone()
    if newest is not None and newest["finish"] not in {None, "finished", "budget"}:
        yield "ended-early", dict(newest)
    for outcome, articles, url in newest_outcomes(db):
        if outcome not in TELLING:
            yield outcome, {"n": articles, "url": url}
        if outcome in _CUT_SHORT and (short := cut_short(db, outcome))[0]:
            yield _CUT_SHORT[outcome], {"n": short[0], "url": short[1]}
    if liars := lied(db):
        yield "lied", {"n": len(liars), "url": liars[0]}
    yield from _recomparing(db)


def _recomparing(db: sqlite3.Connection) -> Iterator[tuple[str, dict[str, Any]]]:
    (anew,) = db.execute("SELECT count(*) FROM to_compare WHERE anew").fetchone()
    if anew:
        yield "recomparing", {"n": anew}


def wrong(db: sqlite3.Connection) -> list[str]:
    """Say the troubles in sentences."""
    return _sentences(troubles(db))


def missing(db: sqlite3.Connection) -> list[str]:
    """Say in sentences why changes that were told before may be missing now."""
    return _sentences(_recomparing(db))


def _sentences(found: Iterable[tuple[str, dict[str, Any]]]) -> list[str]:
    return [
        _SAYS[kind].format(**told | {"finish": ending(told.get("finish", ""))}, s="s" if told.get("n") != 1 else "")
        for kind, told in found
    ]


_CUT_SHORT: dict[str, str] = {"incomplete": "cut-short", "read": "left-out"}
"""What is said of looks that came to this and that a run's budget may have cut short."""

_SAYS = {
    "ended-early": "The newest run {run} ended early: {finish}.",
    "blocked": "{n} article{s} answered with a firewall's page at the last look, such as {url}.",
    "error": "{n} article{s} answered with an error or a page that was cut short at the last look, such as {url}.",
    "unreachable": "{n} article{s} could not be reached at the last look, such as {url}.",
    "unrecognised": "{n} article{s} had a page that no layout recognises at the last look, such as {url}.",
    "incomplete": (
        "{n} article{s} could not be read whole (the text or the document behind the page was missing, was cut short, "
        "or has no last page) at the last look, such as {url}."
    ),
    "cut-short": (
        "Of the articles not read whole {n} stood at the end of a run whose budget was spent, which may be why, such "
        "as {url}: the next run looks again; [crawl] max_requests and its like set the budget."
    ),
    "left-out": (
        "Of {n} article{s} at the end of a run whose budget was spent files or pictures were not read, and stand as an "
        "earlier look read them, such as {url}: the next look asks for them; [crawl] max_requests and its like set the "
        "budget."
    ),
    "other-article": "{n} article{s} led to another article at the last look, such as {url}.",
    "away": "{n} article{s} led to another site at the last look, such as {url}.",
    "lied": (
        "At {n} place{s} ETag or Last-Modified stayed while the content changed, such as {url}: fetched whole at "
        "every look."
    ),
    "recomparing": (
        "{n} article{s} yet to be compared anew, as after an upgrade: until then their changes are missing or named by "
        "older rules."
    ),
}
