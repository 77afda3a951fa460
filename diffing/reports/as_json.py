"""The change report as one JSON document, for programs."""

from __future__ import annotations

from collections.abc import Iterator
from textwrap import indent
from typing import Any

from diffing.reports.phrases import Words
from diffing.reports.report import HEAVIEST_FIRST, LANGUAGES, Report
from diffing.reports.summary import summary
from diffing.reports.tallies import tallies
from storage.json_text import written
from storage.records import Change, iso


def told(change: Change) -> dict[str, Any]:
    """Give the Change shape with its one-line summaries, Korean and English."""
    return {**change.as_json(), "summary": {lang: summary(change, Words(lang)) for lang in LANGUAGES}}


def render(report: Report) -> str:
    """Write the report as JSON: its frame, and under ``changes`` the Change shapes in the order of the report."""
    return "".join(pieces(report))


def pieces(report: Report) -> Iterator[str]:
    """Give the report as :func:`render` does, one change after the other: the whole can be larger than the memory."""
    frame = {
        "made_at": iso(report.made_at),
        "since": iso(report.since) if report.since else None,
        "until": iso(report.until) if report.until else None,
        "portal": report.portal,
        "counts": dict(report.counts),
        "content_digest": report.content_digest,
        "software": report.software,
        "footnotes": list(report.footnotes),
        "filters": {name: list(wanted) for name, wanted in report.filters.items()},
        "total": len(report.everything),
        "left_out": report.left_out,
        "tallies": {one.subject: one.as_json() for one in tallies(report, Words(report.lang))},
        "findings": [one.as_json() for one in report.findings],
        "site_changes": [one.as_json() for one in report.site_changes],
        "campaigns": [one.as_json() for one in report.campaigns],
    }
    yield written(frame, 2).removesuffix("\n}") + ',\n  "changes": ['
    before = "\n"
    for weight in HEAVIEST_FIRST:
        for change in report.by_weight(weight):
            yield before + indent(written(told(change), 2), "    ")
            before = ",\n"
    yield "]\n}\n" if before == "\n" else "\n  ]\n}\n"
