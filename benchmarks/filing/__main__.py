"""File the same articles with gochim and row by row with sqlite-utils in turn, and print the table.

Run ``make bench-filing``, which puts it into ``docs/performance.md``, or ``python -m benchmarks.filing [ARTICLES
[ROUNDS]]``.
"""

from __future__ import annotations

import shutil
import sqlite3
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

from benchmarks.filing.filing import WAYS, articles
from benchmarks.paired import Cost, costs, keep, machine, numbers, table

_BASE = "sqlite-utils"


def tables(number: int, rounds: int) -> Iterator[str]:
    """Measure and give Markdown, line by line."""
    made = articles(number)
    holding = sum("도서관" in one.title or any("도서관" in block.text for block in one.body) for one in made)
    size = sum(len(block.text.encode()) for one in made for block in one.body) / number
    found: dict[str, list[Cost]] = {name: [] for name in WAYS}
    with tempfile.TemporaryDirectory() as folder:
        for turn in range(rounds):
            places = {name: Path(folder) / f"{at}-{turn}" for at, name in enumerate(WAYS)}
            command = [sys.executable, "-m", "benchmarks.filing.filing"]
            ways = {name: [*command, name, str(number), str(place)] for name, place in places.items()}
            for name, each in costs(ways, 1).items():
                found[name] += each
            for place in places.values():
                shutil.rmtree(place)
    told = {name: each[0].told for name, each in found.items()}
    if told["gochim"]["found"] != holding:
        raise RuntimeError(f"gochim finds 도서관 in {told['gochim']['found']} of {holding} articles")
    yield machine(rounds, "sqlite-utils", also=[f"SQLite {sqlite3.sqlite_version}"], clock="wall")
    yield from ("", f"{number:,} articles of {size:,.0f} bytes of text, {holding:,} of which hold 도서관:", "")
    more = {
        "bytes an article": lambda name: f"{told[name]['size'] / number:,.0f}",
        "found 도서관 in": lambda name: f"{told[name]['found']:,}",
    }
    yield from table(found, "article", _BASE, faster=True, clock="wall", more=more)


def main() -> None:
    """Measure and print; with ``--write`` into the page as well."""
    number, rounds = numbers(__doc__, articles=3_000, rounds=5)
    keep("filing", tables(number, rounds))


if __name__ == "__main__":
    main()
