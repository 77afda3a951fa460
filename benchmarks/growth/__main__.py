"""Let archives of several sizes pass through every stage, and show by picture and table how each cost grows.

Run ``make bench-growth``, which writes ``docs/growth-*.svg`` and the tables in ``docs/performance.md``, or
``python -m benchmarks.growth [MOST_CAPTURES [MOST_PAGES]]``.
"""

from __future__ import annotations

import sqlite3
import sys
import tempfile
from collections.abc import Iterator

from benchmarks.growth.picture import draw
from benchmarks.paired import ROOT, Cost, keep, machine, once

_PICTURES = {"captures": ROOT / "docs" / "growth-database.svg", "pages": ROOT / "docs" / "growth-warc.svg"}
_SIZES = {"captures": (1_000, 10_000, 100_000, 300_000, 1_000_000), "pages": (300, 1_000, 3_000, 10_000)}
_UNITS = {
    "filing captures": "a capture",
    "reading looks into versions": "a look",
    "comparing": "an article",
    "indexing": "a version",
    "asking whether a payload is known": "a question",
    "ranking who is due a look": "an article",
    "searching a phrase, 20 hits": "a search",
    "judging runs": "a look",
    "a command that finds nothing new": "a command",
    "a report of all changes (500 told)": "a change",
    "what may have been missed": "an article",
    "what verify asks of the database": "a capture",
    "rebuilding, one process": "a page",
    "verifying WARC files and database": "a page",
}


def _grown(what: str, sizes: list[int]) -> Iterator[tuple[int, Cost]]:
    for size in sizes:
        with tempfile.TemporaryDirectory() as made:
            command = [sys.executable, "-m", "benchmarks.growth.growing", str(size), f"{made}/archive"]
            yield size, once([*command, "pages"] if what == "pages" else command)
        print(f"{size:,} {what} done", file=sys.stderr)


def tables(most: dict[str, int]) -> Iterator[str]:
    """Measure, draw and give Markdown, line by line."""
    yield machine(1, also=[f"SQLite {sqlite3.sqlite_version}"])
    for what, limit in most.items():
        grown = list(_grown(what, [one for one in _SIZES[what] if one <= limit]))
        curves: dict[str, list[tuple[int, float]]] = {}
        for size, cost in grown:
            for name, (spent, units) in cost.told["stages"].items():
                curves.setdefault(f"{name}, {_UNITS[name]}", []).append((size, 1e6 * spent / units))
        draw(curves, what, _PICTURES[what])
        yield from ("", f"![CPU time by stage and number of {what}]({_PICTURES[what].name})", "")
        yield f"| µs of CPU, by number of {what} | {' | '.join(f'{size:,}' for size, _ in grown)} |"
        yield "|---|" + "---|" * len(grown)
        for name, points in curves.items():
            yield f"| {name} | {' | '.join(f'{cost:,.0f}' for _, cost in points)} |"
        yield f"| peak MiB of the process | {' | '.join(f'{cost.peak:.0f}' for _, cost in grown)} |"


def main() -> None:
    """Measure, draw and print; with ``--write`` into the page as well."""
    given = [int(one) for one in sys.argv[1:] if one != "--write"]
    captures, pages = (*given, *(1_000_000, 10_000)[len(given) :])
    keep("growth", tables({"captures": captures, "pages": pages}))


if __name__ == "__main__":
    main()
