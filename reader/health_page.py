"""The health page: runs, outages, lists that give nothing, pages that no layout recognises, what is wrong."""

from __future__ import annotations

import sqlite3

from reader.answers import Answer, Desk, Page
from reader.asking import Ask
from storage import checks, contents, findings, judgements, looks, versions


def health(db: sqlite3.Connection, ask: Ask, desk: Desk) -> Answer:  # noqa: ARG001  # every view takes the same
    """Show how the archive and the portal are."""
    return Page(
        "health.html",
        {
            "portal": desk.portal.base,
            "replay": desk.replay,
            "counts": contents.counts(db),
            "states": db.execute("SELECT state, count(*) AS n FROM articles GROUP BY 1 ORDER BY 2 DESC").fetchall(),
            "outcomes": looks.outcomes(db),
            "latest": db.execute("SELECT * FROM runs ORDER BY started_at DESC LIMIT 20").fetchall(),
            "outages": list(judgements.episodes(db))[::-1],
            "silent": judgements.blind(db),
            "unrecognised": looks.unrecognised(db),
            "disagreeing": findings.count(db),
            "unread": versions.unread_attachments(db),
            "wrong": checks.wrong(db),
        },
    )
