"""The health page: runs, outages, lists that give nothing, pages that no layout recognises, what is wrong."""

from __future__ import annotations

import sqlite3
from typing import Any

from diffing.reports.phrases import Words
from diffing.reports.site import site_line
from reader.answers import Answer, Desk, Page
from reader.asking import Ask
from reader.codes import FINISHES, TROUBLES
from storage import captures, contents, findings, judgements, looks, site_changes, troubles, versions

RUNS, SITE_CHANGES = 20, 20
"""How many of each are shown, the newest."""


def health(db: sqlite3.Connection, ask: Ask, desk: Desk) -> Answer:
    """Show how the archive and the portal are."""
    words = Words(ask.lang)
    latest = [dict(row) for row in db.execute("SELECT * FROM runs ORDER BY started_at DESC LIMIT ?", (RUNS,))]
    for run in latest:
        # Of a run that was killed, or that is known from its files alone, its captures tell.
        run["requests"] = run["requests"] or captures.count_of_run(db, run["run"])
    return Page(
        "health.html",
        {
            "portal": desk.portal.base,
            "replay": desk.replay,
            "counts": contents.counts(db),
            "states": db.execute("SELECT state, count(*) AS n FROM articles GROUP BY 1 ORDER BY 2 DESC").fetchall(),
            "outcomes": looks.outcomes(db),
            "latest": latest,
            "outages": list(judgements.episodes(db))[::-1],
            "silent": judgements.blind(db),
            "unrecognised": looks.unrecognised(db),
            "disagreeing": findings.count(db),
            "unread": versions.unread_attachments(db),
            "site_changes": [site_line(one, words) for one in site_changes.all_of(db)[: -SITE_CHANGES - 1 : -1]],
            "shrunken": site_changes.shrunken(db),
            "troubles": [_said(kind, told, words) for kind, told in troubles.troubles(db)],
        },
    )


def _said(kind: str, told: dict[str, Any], words: Words) -> str:
    """Say what is wrong, with the ``s`` that English adds to a noun of which there are several."""
    finish = str(told.get("finish"))
    ended = {"finish": words.pick(FINISHES[finish])} if finish in FINISHES else {}
    return words.pick(TROUBLES[kind]).format(**told | ended, s="" if told.get("n") == 1 else "s")
