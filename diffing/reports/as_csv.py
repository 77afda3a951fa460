"""The change report as CSV (RFC 4180), one row per change and per site change, for spreadsheets.

Spreadsheets run a cell that begins like a formula, so such a cell gets an apostrophe in front (OWASP, "CSV
Injection"); what hides, reorders or commands a terminal is shown as its code. The JSON report has every cell as it is.
A Korean Excel reads UTF-8 only behind a byte order mark: for it the text is encoded as ``utf-8-sig``.
"""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterator, Sequence

from diffing.reports.phrases import Words
from diffing.reports.report import HEAVIEST_FIRST, Report
from diffing.reports.site import site_line
from diffing.reports.summary import summary
from diffing.reports.visible import shown
from storage.records import Change, Evidence, iso

COLUMNS = (
    "id", "article", "url", "section", "title", "source", "kind", "from_version", "to_version", "old_last_seen",
    "new_first_seen", "checks_between", "weight", "labels", "disclosure", "summary",
    *(f"{side}_{name}" for side in ("old", "new") for name in (
        "warc", "offset", "length", "record_id", "payload_digest", "captured_at",
    )),
)  # fmt: skip
"""The header row; names are those of the Change shape."""

_FORMULA = re.compile(r"[\s\x00]*[=+\-@\t\r\n＝＋－＠]")
"""How a cell begins that a spreadsheet would run: ``=HYPERLINK(``, ``-2+3``, the full-width ``＝1``, `` @SUM``."""


def render(report: Report) -> str:
    """Write one row per change, in the order of the report, behind a header row, then one per site change."""
    return "".join(pieces(report))


def pieces(report: Report) -> Iterator[str]:
    """Give the report as :func:`render` does, one row after the other."""
    words = Words(report.lang)
    yield row(COLUMNS)
    for weight in HEAVIEST_FIRST:
        for change in report.by_weight(weight):
            yield row([guarded(cell) for cell in cells(change, words).values()])
    for site_change in report.site_changes:
        told = {
            "id": site_change.id,
            "section": site_change.section,
            "kind": "site-change",
            "new_first_seen": site_change.since,
            "summary": site_line(site_change, words),
        }
        yield row([guarded(told.get(name, "")) for name in COLUMNS])


def row(cells: Sequence[str]) -> str:
    """Write one row as RFC 4180 has it."""
    out = io.StringIO(newline="")
    csv.writer(out, lineterminator="\r\n").writerow(cells)
    return out.getvalue()


def guarded(cell: str) -> str:
    """Show what is unseen, and put an apostrophe before a cell that a spreadsheet would take for a formula."""
    cell = shown(cell)
    return f"'{cell}" if _FORMULA.match(cell) else cell


def cells(change: Change, words: Words) -> dict[str, str]:
    """Give the cells of a change by column, not guarded yet."""
    found = change.comparison
    values = (
        change.id,
        change.article,
        change.url,
        change.section,
        change.title,
        change.source or "",
        change.kind,
        str(change.from_version or ""),
        str(change.to_version or ""),
        iso(change.old_last_seen),
        iso(change.new_first_seen),
        str(change.checks_between),
        found.weight,
        " ".join(found.labels),
        found.disclosure,
        summary(change, words),
        *_evidence(change.evidence_old),
        *_evidence(change.evidence_new),
    )
    return dict(zip(COLUMNS, values, strict=True))


def _evidence(one: Evidence) -> list[str]:
    return [
        one.warc, str(one.offset), str(one.length), one.record_id, one.payload_digest or "", iso(one.captured_at),
    ]  # fmt: skip
