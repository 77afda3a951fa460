"""Let archives of several sizes pass through every stage, and show by picture and table how each cost grows.

Run ``make bench-growth``, which writes ``docs/growth-*.svg`` and the tables in ``docs/performance.md``, or
``python -m benchmarks.growth [all|database|warc] [MOST_CAPTURES]``.
"""

from __future__ import annotations

import sqlite3
import sys
import tempfile
from collections.abc import Iterator

from benchmarks.growth.picture import draw
from benchmarks.paired import ROOT, Cost, keep, machine, once, parser

_SIZES = (1_000, 10_000, 100_000, 300_000, 1_000_000)
_PARTS = ("database", "warc")
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
    "rebuilding, one process": "a capture",
    "verifying WARC files and database": "a capture",
}


def _grown(part: str, most: int) -> Iterator[tuple[int, Cost]]:
    for size in (one for one in _SIZES if one <= most):
        with tempfile.TemporaryDirectory() as made:
            yield size, once([sys.executable, "-m", "benchmarks.growth.growing", str(size), f"{made}/archive", part])
        print(f"{part}: {size:,} captures done", file=sys.stderr)


def tables(part: str, most: int, *, drawn: bool) -> Iterator[str]:
    """Measure, draw where that is wanted, and give Markdown, line by line."""
    yield machine(1, also=[f"SQLite {sqlite3.sqlite_version}"])
    grown = list(_grown(part, most))
    curves: dict[tuple[str, str], list[tuple[int, float]]] = {}
    for size, cost in grown:
        for name, (spent, units) in cost.told["stages"].items():
            curves.setdefault((name, _UNITS[name]), []).append((size, 1e6 * spent / units))
    picture = ROOT / "docs" / f"growth-{part}.svg"
    if drawn:
        draw(curves, picture)
    yield from ("", f"![CPU time by stage and number of captures]({picture.name})", "")
    yield f"| µs of CPU, by number of captures | {' | '.join(f'{size:,}' for size, _ in grown)} |"
    yield "|---|" + "---|" * len(grown)
    for (name, unit), points in curves.items():
        yield f"| {name}, {unit} | {' | '.join(f'{cost:,.0f}' for _, cost in points)} |"
    yield f"| peak MiB of the process | {' | '.join(f'{cost.peak:.0f}' for _, cost in grown)} |"


def main() -> None:
    """Measure and print; with ``--write`` into the page, and draw its pictures."""
    reader = parser(__doc__)
    reader.add_argument("part", choices=("all", *_PARTS), nargs="?", default="all", help="usually both")
    reader.add_argument("captures", type=int, nargs="?", default=_SIZES[-1], help=f"at most, usually {_SIZES[-1]:,}")
    asked = reader.parse_args()
    for part in _PARTS if asked.part == "all" else (asked.part,):
        keep(f"growth of {part}", tables(part, asked.captures, drawn=asked.write))


if __name__ == "__main__":
    main()
