"""Ways to do one thing, measured side by side: each a process of its own, in turn, several times over.

A way is a command that does the work once and prints what it cost by :func:`report`. Ratios are taken within a round
and of CPU time, so that what else the machine does meanwhile, and its changes of speed, weigh on all ways alike.
"""

from __future__ import annotations

import argparse
import json
import os
import platform
import statistics
import subprocess
import sys
import time
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from importlib import metadata
from pathlib import Path
from typing import Any, Literal

ROOT = Path(__file__).parents[1]
PAGE = ROOT / "docs" / "performance.md"


@dataclass(frozen=True, slots=True)
class Cost:
    """What one process cost: CPU and wall seconds of the work, peak MiB, and what it told of its work."""

    cpu: float
    wall: float
    peak: float
    told: dict[str, Any]


def report(work: Callable[[], Mapping[str, Any]]) -> None:
    """Do the work, and print what it cost and what it gives; called by the process that is a way."""
    cpu, wall = time.process_time(), time.perf_counter()
    told = work()
    spent = {"cpu": time.process_time() - cpu, "wall": time.perf_counter() - wall, "peak": peak()}
    print(json.dumps({**spent, **told}))


def peak() -> float:
    """Give this process's peak memory in MiB; what rusage tells counts the process that started it as well."""
    # VmHWM:     10240 kB
    lines = Path("/proc/self/status").read_text(encoding="ascii", errors="replace").splitlines()
    return next(int(line.split()[1]) / 1024 for line in lines if line.startswith("VmHWM"))


def once(command: Sequence[str]) -> Cost:
    """Run a way to its end.

    Raises:
        RuntimeError: It ended with another code than 0.
    """
    place = {**os.environ, "PYTHONPATH": str(ROOT), "PYTHONDONTWRITEBYTECODE": "1"}
    done = subprocess.run(command, stdout=subprocess.PIPE, cwd=ROOT, env=place, text=True, check=False)
    if done.returncode:
        raise RuntimeError(f"{' '.join(command[:5])} ended with {done.returncode}: {done.stdout[-600:]}")
    told = json.loads(done.stdout.splitlines()[-1])
    return Cost(told.pop("cpu"), told.pop("wall"), told.pop("peak"), told)


def costs(ways: Mapping[str, Sequence[str]], rounds: int) -> dict[str, list[Cost]]:
    """Run every way in turn, so many times over; each round begins with another way."""
    found: dict[str, list[Cost]] = {name: [] for name in ways}
    names = list(ways)
    for turn in range(rounds):
        for at in range(len(names)):
            name = names[(at + turn) % len(names)]
            found[name].append(once(ways[name]))
            print(f"round {turn + 1} of {rounds}: {name}, {found[name][-1].cpu:.2f} s", file=sys.stderr)
    return found


def spread(values: Iterable[float], form: str = ".2f") -> str:
    """Write a median and, behind it, the least and the greatest value: ``0.41 [0.39–0.44]``."""
    found = sorted(values)
    return f"{statistics.median(found):{form}} [{found[0]:{form}}–{found[-1]:{form}}]"


def table(  # noqa: PLR0913  # what one table needs
    found: Mapping[str, list[Cost]],
    unit: str,
    base: str,
    *,
    faster: bool,
    clock: Literal["cpu", "wall"] = "cpu",
    more: Mapping[str, Callable[[str], str]] | None = None,
) -> Iterator[str]:
    """Give the lines of a table in Markdown, one way a line.

    Args:
        found: What each way cost, round by round; each told ``count``, how many units it did.
        unit: What was counted, ``record``.
        base: The way that the others are held against.
        faster: Ratios say how many times as fast as ``base``, else what part of its time.
        clock: Whether ratios are of CPU time, or of time on the clock, where what is measured waits for the disk.
        more: Further columns: the head, and what the cell of a way says.
    """
    ratio = f"× {base}" if faster else f"time ÷ {base}"
    heads = ["", f"{unit}s a second", ratio, f"CPU ms a {unit}", "peak MiB", *(more or {})]
    yield f"| {' | '.join(heads)} |"
    yield "|" + "---|" * len(heads)
    for name, each in found.items():
        pairs = [(_each(first, clock), _each(one, clock)) for first, one in zip(found[base], each, strict=True)]
        ratios = [first / one if faster else one / first for first, one in pairs]
        cells = [
            name,
            f"{statistics.median(one.told['count'] / one.wall for one in each):,.0f}",
            "1" if name == base else spread(ratios),
            f"{statistics.median(1000 * one.cpu / one.told['count'] for one in each):.3f}",
            f"{max(one.peak for one in each):.0f}",
            *(cell(name) for cell in (more or {}).values()),
        ]
        yield f"| {' | '.join(cells)} |"


def _each(cost: Cost, clock: Literal["cpu", "wall"]) -> float:
    return (cost.cpu if clock == "cpu" else cost.wall) / cost.told["count"]


def machine(rounds: int, *packages: str, also: Iterable[str] = (), clock: Literal["cpu", "wall"] = "cpu") -> str:
    """Say on what was measured, how often, with which versions, and what ratios are of."""
    of = "CPU time" if clock == "cpu" else "time on the clock"
    versions = [f"{one} {metadata.version(one)}" for one in packages]
    how = f"medians of {rounds} rounds, the least and the greatest in brackets, ratios of {of} within a round"
    return (
        f"{datetime.now(UTC):%Y-%m-%d}, {os.cpu_count()} cores {platform.machine()}, {platform.system()} "
        f"{platform.release()}, Python {platform.python_version()}, {', '.join([*versions, *also])}; "
        f"{how if rounds > 1 else 'once'}."
    )


def parser(about: str | None) -> argparse.ArgumentParser:
    """Give a parser for the command line of the benchmark that runs, with ``--write``, which :func:`keep` obeys."""
    spec = sys.modules["__main__"].__spec__
    name = f"python -m {spec.name.removesuffix('.__main__')}" if spec else None
    found = argparse.ArgumentParser(name, description=about, formatter_class=argparse.RawDescriptionHelpFormatter)
    found.add_argument("--write", action="store_true", help="put the tables into their page of docs/ as well")
    return found


def numbers(about: str | None, **usual: int) -> tuple[int, ...]:
    """Read numbers from the command line, in this order; what is left out is as usual."""
    reader = parser(about)
    for name, number in usual.items():
        reader.add_argument(name, type=int, nargs="?", default=number, help=f"usually {number:,}")
    said = vars(reader.parse_args())
    return tuple(said[name] for name in usual)


def keep(marker: str, lines: Iterable[str], page: Path = PAGE) -> None:
    """Print lines as they come; with ``--write`` put them between their markers in a page of the docs as well."""
    given = []
    for line in lines:
        print(line, flush=True)
        given.append(line)
    if "--write" in sys.argv:
        text = page.read_text(encoding="utf-8")
        begin, end = f"<!-- {marker} -->\n", f"<!-- end of {marker} -->"
        head, found, rest = text.partition(begin)
        if not found or end not in rest:
            raise SystemExit(f"{page} has no place for {marker}")
        page.write_text(head + begin + "\n".join(given) + "\n" + end + rest.partition(end)[2], encoding="utf-8")
