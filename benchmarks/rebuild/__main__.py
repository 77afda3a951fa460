"""Rebuild the same archive with gochim and with plain pipelines, in turn, and see how gochim's cost grows.

Run ``make bench-rebuild``, which puts the tables into ``docs/performance.md``, or
``python -m benchmarks.rebuild [PAGES [ROUNDS]]``, which prints them.
"""

from __future__ import annotations

import statistics
import sys
import tempfile
from collections.abc import Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from benchmarks.corpus import LARGE, OBSERVED
from benchmarks.paired import Cost, costs, keep, machine, numbers, once, spread, table
from benchmarks.rebuild.corpus import fill

PARSEL, SOUP = "warcio, parsel, difflib, sqlite-utils", "warcio, BeautifulSoup, difflib, sqlite-utils"
TUNED = ", tuned"
ONE, TWO = "gochim rebuild", "gochim rebuild --workers 2"
SIZES = (500, 2_000, 8_000)


def command(way: str, *rest: str) -> list[str]:
    """Give the command that rebuilds in one way."""
    return [sys.executable, "-m", f"benchmarks.rebuild.{way}", *rest]


def lines(pages: int, rounds: int) -> Iterator[str]:
    """Measure and give both tables, line by line.

    Raises:
        RuntimeError: The ways do not agree on what the pages say.
    """
    yield machine(rounds, "warcio", "parsel", "beautifulsoup4", "sqlite-utils", "selectolax", clock="wall")
    for size, number in ((0, pages), (LARGE, pages), (OBSERVED, pages // 2)):
        yield from _beside(number, size, rounds)
    yield from ("", "| pages | workers | seconds | pages a second | CPU ms a page | peak MiB, and of a worker |")
    yield "|---|---|---|---|---|---|"
    for number in SIZES:
        with tempfile.TemporaryDirectory() as directory:
            root = str(fill(Path(directory), number).root)
            both = {workers: [once(command("ours", str(workers), root))] for workers in (1, 2)}
            _agree([one for each in both.values() for one in each])
            for workers, each in both.items():
                yield _grown(number, workers, each)
    yield from _at_once(SIZES[-1], rounds)


def _beside(pages: int, size: int, rounds: int) -> Iterator[str]:
    """Measure all ways on pages of at least so many bytes."""
    with tempfile.TemporaryDirectory() as directory:
        root = str(fill(Path(directory), pages, size).root)
        ways: Mapping[str, Sequence[str]] = {
            PARSEL: command("plain", "parsel", "plain", root),
            PARSEL + TUNED: command("plain", "parsel", "tuned", root),
            SOUP: command("plain", "soup", "plain", root),
            SOUP + TUNED: command("plain", "soup", "tuned", root),
            ONE: command("ours", "1", root),
            TWO: command("ours", "2", root),
        }
        found = costs(ways, rounds)
        _agree([one for each in found.values() for one in each])
        told = found[ONE][0].told
        of = f"of {size:,} bytes" if size else "as the replica shows them"
        yield ""
        yield (
            f"{pages:,} pages {of}, two looks at each of {told['articles']:,} articles, {told['changes']:,} of them "
            "edited between. The plain pipelines keep no states, labels, facts, judgements or evidence of the changes."
        )
        yield ""
        yield from table(found, "page", PARSEL, faster=True, clock="wall")
        yield ""
        yield "gochim's rebuild by one process is so many times as fast:"
        yield ""
        yield from ("| than the pipeline with | on the clock | in CPU time |", "|---|---|---|")
        for name in (PARSEL, PARSEL + TUNED, SOUP, SOUP + TUNED):
            both = list(zip(found[name], found[ONE], strict=True))
            walls, cpus = spread(a.wall / b.wall for a, b in both), spread(a.cpu / b.cpu for a, b in both)
            yield f"| {name.split(', ', 1)[1].replace(', difflib, sqlite-utils', '')} | {walls} | {cpus} |"
        faster = [one.wall / two.wall for one, two in zip(found[ONE], found[TWO], strict=True)]
        yield f"\nTwo workers end in {spread(faster)} times less time on the clock than one."


def _at_once(pages: int, rounds: int) -> Iterator[str]:
    """Measure how much sooner two workers end than one, and what the machine's two cores can gain at all.

    What they can gain is told by two rebuilds of two archives at once, each by one process, which share nothing.
    """
    gained, most = [], []
    with tempfile.TemporaryDirectory() as directory:
        roots = [str(fill(Path(directory) / name, pages).root) for name in ("one", "other")]
        for _ in range(rounds):
            alone, shared = (once(command("ours", workers, roots[0])).wall for workers in ("1", "2"))
            with ThreadPoolExecutor(2) as both:
                last = max(one.wall for one in both.map(once, (command("ours", "1", root) for root in roots)))
            gained.append(alone / shared)
            most.append(2 * alone / last)
    yield (
        f"\nTwo workers end {pages:,} pages in {spread(gained)} times less time on the clock than one. Two rebuilds at "
        f"once that share nothing do {spread(most)} times as much as one in the same time: more there is not to gain."
    )


def _grown(number: int, workers: int, each: list[Cost]) -> str:
    wall, cpu = (statistics.median(getattr(one, name) for one in each) for name in ("wall", "cpu"))
    peak, own = max(one.peak for one in each), max(one.told.get("worker_peak", 0) for one in each)
    cells = [f"{number:,}", str(workers), f"{wall:.1f}", f"{number / wall:.0f}", f"{1000 * cpu / number:.2f}"]
    return f"| {' | '.join(cells)} | {peak:.0f}{f', {own:.0f}' if own else ''} |"


def _agree(found: list[Cost]) -> None:
    counted = {tuple(one.told[name] for name in ("count", "articles", "versions", "changes")) for one in found}
    digests = {one.told["digest"] for one in found if "digest" in one.told}
    if len(counted) != 1 or len(digests) > 1:
        raise RuntimeError(f"the ways do not agree: {counted}, {digests}")


def main() -> None:
    """Measure and print; with ``--write`` into the page as well."""
    pages, rounds = numbers(__doc__, pages=1_000, rounds=3)
    keep("rebuild", lines(pages, rounds))


if __name__ == "__main__":
    main()
