"""Change reports: one pure function from a :class:`Report` to text per format."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping

from diffing.reports import as_atom, as_csv, as_html, as_json, as_markdown
from diffing.reports.report import Report

__all__ = ["FORMATS", "PIECEWISE", "Report", "pieces"]

FORMATS: Mapping[str, Callable[[Report], str]] = {
    "html": as_html.render,
    "markdown": as_markdown.render,
    "atom": as_atom.render,
    "json": as_json.render,
    "csv": as_csv.render,
}
"""The formats by the name a user gives. Write them as UTF-8, newlines untranslated."""

PIECEWISE: Mapping[str, Callable[[Report], Iterator[str]]] = {"json": as_json.pieces, "csv": as_csv.pieces}
"""Formats that hold every change, and give their text piece by piece."""


def pieces(report: Report, style: str) -> Iterator[str]:
    """Give the text of a report in one format; that of formats which hold every change comes piece by piece."""
    if style in PIECEWISE:
        yield from PIECEWISE[style](report)
    else:
        yield FORMATS[style](report)
