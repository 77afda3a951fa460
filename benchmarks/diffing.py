"""Time and judge the differ beside its peers in one run: milliseconds, hunks, wrongly marked letters, moves, figures.

Run ``make bench-differs``, or ``PYTHON -m benchmarks.diffing`` with a Python that has the peers of
constraints-peers.txt; a peer that is not installed is said to be so and is a fault. ``--write`` puts the tables into
docs/diffing.md.
"""

from __future__ import annotations

import gc
import platform
import sys
import time
from dataclasses import dataclass
from pathlib import Path

from benchmarks.differs.methods import METHODS, Method
from benchmarks.differs.pairs import Run, Sample, samples
from benchmarks.paired import parser

PAGE = Path(__file__).parent.parent / "docs" / "diffing.md"
ROUNDS, LONG = 25, 0.5
"""Rounds whose best is told, and seconds from which one round must do."""

OURS, NAMED, TEXT = "gochim: steps and words", "gochim: labels and facts too", "web-monitoring-diff, text"
AIMS = {
    "one word in 30 paragraphs": 20, "400 paragraphs, 5 edits": 20, "all of 30 paragraphs rewritten": 10,
}  # fmt: skip
"""How many times faster than web-monitoring-diff's text differ the differ shall be."""


@dataclass(frozen=True)
class Result:
    """What one differ made of one pair."""

    milliseconds: float
    hunks: int
    wrong: int | None
    moves: int
    joins: bool


def measured(method: Method, sample: Sample) -> Result:
    """Run one differ over one pair and hold its marks against the truth.

    What is timed is the processor's time and not the clock's, so that whatever else the machine does decides little;
    nor is garbage collected meanwhile, as with timeit, for it is that of every differ loaded.
    """
    old, new = method.take(sample.old), method.take(sample.new)
    made = method.make(old, new)  # what is loaded at first sight is no cost of a comparison
    times: list[float] = []
    gc.collect()
    gc.disable()
    while len(times) < ROUNDS and (not times or max(times) < LONG):
        start = time.process_time()
        made = method.make(old, new)
        times.append(time.process_time() - start)
    gc.enable()
    runs, moves = method.read(made)
    wrong = None if sample.moved else len(marks(runs) ^ marks(sample.runs))
    return Result(1000 * min(times), hunks(runs), wrong, moves, joins(runs, sample.old, sample.new))


def marks(runs: list[Run] | tuple[Run, ...]) -> set[tuple[str, int, str]]:
    """Give every marked letter by side and place, white space left out of marks and places."""
    found = set()
    places = {"delete": 0, "insert": 0}
    for tag, text in runs:
        for letter in text:
            if letter.isspace():
                continue
            for side in ("delete", "insert"):
                if tag in {"keep", side}:
                    if tag == side:
                        found.add((side, places[side], letter))
                    places[side] += 1
    return found


def hunks(runs: list[Run]) -> int:
    """Count the stretches of neighbouring marks; white space between two marks does not part them."""
    count, inside = 0, False
    for tag, text in runs:
        if not text.strip():
            continue
        count += tag != "keep" and not inside
        inside = tag != "keep"
    return count


def joins(runs: list[Run], old: str, new: str) -> bool:
    """Tell whether the runs lead from the old text to the new one, white space apart."""
    sides = ["".join("".join(text for tag, text in runs if tag != other).split()) for other in ("insert", "delete")]
    return sides == ["".join(old.split()), "".join(new.split())]


def tables() -> tuple[list[str], list[str], list[str]]:
    """Give the lines of the page, what falls short of the aims, and what is wrong whatever the machine."""
    machine = f"Python {platform.python_version()}, {platform.machine()}"
    lines = [f"{machine}. Milliseconds of the processor, the best of up to {ROUNDS} rounds."]
    short: list[str] = []
    wrong_with_it: list[str] = []
    for sample in samples():
        truth = hunks(list(sample.runs))
        lines += ["", f"### {sample.name}", ""]
        letters = 0 if sample.moved else len(marks(sample.runs))
        lines += [
            f"{len(sample.old):,} letters; edited: {truth} hunks, {letters} letters, {sample.moved} moves.",
            "",
            "| differ | ms | times gochim | hunks | letters marked wrongly | moves | gives the new text |",
            "|---|---:|---:|---:|---:|---:|---|",
        ]
        results: dict[str, Result] = {}
        for name, method in METHODS.items():
            try:
                results[name] = measured(method, sample)
            except ImportError as error:
                lines.append(f"| {name} | not installed: {error.name} | | | | | |")
                continue
            one = results[name]
            wrong = "-" if one.wrong is None else one.wrong
            joined = "-" if sample.moved else "yes" if one.joins else "no"
            ratio = one.milliseconds / results[OURS].milliseconds
            lines.append(
                f"| {name} | {one.milliseconds:.2f} | {ratio:.1f} | {one.hunks} | {wrong} | {one.moves} | {joined} |"
            )
        short += shortfalls(sample, results)
        wrong_with_it += faults(sample, results)
    return lines, short, wrong_with_it


def shortfalls(sample: Sample, results: dict[str, Result]) -> list[str]:
    """Name the aims that a pair's results miss."""
    found = []
    ours = results[OURS]
    aim = AIMS.get(sample.name)
    if aim and TEXT in results:
        ratio = results[TEXT].milliseconds / ours.milliseconds
        if ratio < aim:
            found.append(f"{sample.name}: {ratio:.1f} times faster than {TEXT}, the aim is {aim}")
    better = [name for name, one in results.items() if one.wrong is not None and one.wrong < (ours.wrong or 0)]
    found += [f"{sample.name}: {name} marks fewer letters wrongly" for name in better]
    return found


def faults(sample: Sample, results: dict[str, Result]) -> list[str]:
    """Name what is wrong on any machine: other moves than the true ones, more hunks, another text, an absent peer."""
    found = []
    for name in (OURS, NAMED):
        one = results[name]
        if not sample.moved and not one.joins:
            found.append(f"{sample.name}: {name} does not lead from the old text to the new one")
        if one.moves != sample.moved:
            found.append(f"{sample.name}: {name} finds {one.moves} moves, {sample.moved} are true")
        if sample.name.startswith("3 of 30") and one.hunks > 3:
            found.append(f"{sample.name}: {name} makes {one.hunks} hunks of 3")
    found += [f"{sample.name}: {name} is not installed" for name in METHODS if name not in results]
    return found


def main() -> int:
    """Print the tables and what falls short of the aims, which depends on the machine; 1 when something is wrong."""
    asked = parser(__doc__).parse_args()
    lines, short, wrong_with_it = tables()
    lines += ["", "### Short of the aims", "", *([f"- {one}" for one in short] or ["Nothing."])]
    print("\n".join(lines))
    for line in wrong_with_it:
        print(f"WRONG: {line}", file=sys.stderr)
    if asked.write:
        before, marker, _ = PAGE.read_text(encoding="utf-8").partition("<!-- the last run -->\n")
        PAGE.write_text(before + marker + "\n" + "\n".join(lines) + "\n", encoding="utf-8")
    return 1 if wrong_with_it else 0


if __name__ == "__main__":
    sys.exit(main())
