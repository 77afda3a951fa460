"""Change reports: one pure function from a :class:`Report` to text per format."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from diffing.reports import as_atom, as_csv, as_html, as_json, as_markdown
from diffing.reports.report import Report

__all__ = ["FORMATS", "Report"]

FORMATS: Mapping[str, Callable[[Report], str]] = {
    "html": as_html.render,
    "markdown": as_markdown.render,
    "atom": as_atom.render,
    "json": as_json.render,
    "csv": as_csv.render,
}
"""The formats by the name a user gives. Write them as UTF-8, newlines untranslated."""
