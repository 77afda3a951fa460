"""How many fields of the golden pages are read exactly, by section and layout, in every way the pages may be served.

``make accuracy`` prints the table and writes ``tests/golden/floors.toml``. The floors must equal what is measured, and
one that is not whole must say why (``because``), so that no loss passes unseen.
"""

from __future__ import annotations

import tomllib
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from crawler.sections import SECTIONS
from tests.golden_cases import FIELDS, ROOT, SERVED, cases, expected, reading

FLOORS = ROOT.parent / "floors.toml"
_HEAD = """# Fields read exactly of those reviewed, over all golden pages and all ways of serving them.
# Written by make accuracy. A floor that is not whole must say why: because = "..."
"""


@dataclass(slots=True)
class Measure:
    """What was measured of one layout of one section: pages, fields, and how many of them were read exactly."""

    pages: int = 0
    fields: int = 0
    exact: int = 0

    def add(self, reviewed: dict[str, Any], read: dict[str, Any]) -> None:
        """Count one reading of a page."""
        self.fields += len(FIELDS)
        self.exact += sum(field in read and read[field] == reviewed[field] for field in FIELDS)


def measured(root: Path = ROOT) -> dict[tuple[str, str], Measure]:
    """Read every golden page, as cut and served otherwise."""
    found: dict[tuple[str, str], Measure] = {}
    for case in cases(root):
        section, layout = case.relative_to(root).parts[:2]
        one = found.setdefault((section, layout), Measure())
        one.pages += 1
        for served in (str, *SERVED.values()):
            one.add(expected(case), reading(case, served))
    return found


def floors(path: Path = FLOORS) -> dict[tuple[str, str], dict[str, Any]]:
    """Give the pinned floors by section and layout."""
    table = tomllib.loads(path.read_text(encoding="utf-8"))
    return {(section, layout): floor for section, layouts in table.items() for layout, floor in layouts.items()}


def as_toml(found: dict[tuple[str, str], Measure]) -> str:
    """Write what was measured as floors."""
    lines = [_HEAD]
    for (section, layout), one in sorted(found.items()):
        lines.append(f"[{section}.{layout}]\npages = {one.pages}\nfields = {one.fields}\nexact = {one.exact}\n")
    return "\n".join(lines)


def table(found: dict[tuple[str, str], Measure]) -> str:
    """Print what was measured for a person."""
    lines = [f"{'section':<16} {'layout':<12} {'pages':>5} {'exact':>6} of {'fields':>6}"]
    for name in SECTIONS:
        for (section, layout), one in found.items():
            if section == name:
                share = f"{one.exact / one.fields:>8.2%}"
                lines.append(f"{section:<16} {layout:<12} {one.pages:>5} {one.exact:>6} of {one.fields:>6} {share}")
    return "\n".join(lines)


if __name__ == "__main__":
    now = measured()
    print(table(now))  # noqa: T201  # this is what the command is for
    FLOORS.write_text(as_toml(now), encoding="utf-8")
