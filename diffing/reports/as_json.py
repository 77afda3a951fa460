"""The change report as one JSON document, for programs."""

from __future__ import annotations

import json
import re
from typing import Any

from diffing.campaigns import campaigns
from diffing.reports.phrases import Words
from diffing.reports.report import LANGUAGES, WEIGHTS, Report
from diffing.reports.summary import summary
from diffing.reports.tallies import tallies
from storage.records import Change, iso

_SURROGATE = re.compile(r"[\ud800-\udfff]")
"""Half of a surrogate pair, which UTF-8 cannot carry: ``\\ud83d`` without its partner."""


def told(change: Change) -> dict[str, Any]:
    """Give the Change shape with its one-line summaries, Korean and English."""
    return {**change.as_json(), "summary": {lang: summary(change, Words(lang)) for lang in LANGUAGES}}


def render(report: Report) -> str:
    """Write the report as JSON: its frame, and under ``changes`` the Change shapes in the order of the report."""
    document = {
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
        "campaigns": [one.as_json() for one in campaigns(report.changes)],
        "changes": [told(change) for weight in WEIGHTS for change in report.by_weight(weight)],
    }
    text = json.dumps(document, ensure_ascii=False, indent=2)
    return _SURROGATE.sub(lambda hit: f"\\u{ord(hit[0]):04x}", text) + "\n"
