"""Crawl the same pages with gochim and with its peers in turn and print pages a second, CPU and memory, as ratios.

Run ``make bench-crawl``, or ``python -m benchmarks.crawlers [PAGES [ROUNDS]]``. nginx and wget come from Debian; a
peer that is not there is said to be so. scrapy-webarchive needs an older Scrapy, hence an interpreter of its own,
``$GOCHIM_WEBARCHIVE``.
"""

from __future__ import annotations

import os
import platform
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from warcio.archiveiterator import ArchiveIterator

from benchmarks.crawlers import pages
from benchmarks.crawlers.server import serving
from crawler import watch
from storage.archive import Archive

SPIDER = str(Path(__file__).with_name("plain_spider.py"))
GOCHIM = [sys.executable, "-m", "cli"]
PLAIN = "Scrapy, nothing archived"

Peer = Callable[[Path], list[str]]
"""Where it shall keep what it fetches -> the command that does it."""


@dataclass(frozen=True, slots=True)
class Cost:
    """What one process cost: wall seconds, CPU seconds, peak mebibytes."""

    wall: float
    cpu: float
    peak: float


def cost(command: list[str], folder: Path) -> Cost:
    """Run a command to its end.

    Raises:
        RuntimeError: when it ended with another code than 0.
    """
    began = time.perf_counter()
    place = {**os.environ, "PYTHONPATH": str(Path(__file__).parents[2])}
    process = subprocess.Popen(command, cwd=folder, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, env=place)
    said = process.stderr.read() if process.stderr else b""
    _, status, used = os.wait4(process.pid, 0)
    process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode:
        raise RuntimeError(f"{' '.join(command[:4])} ended with {process.returncode}: {said.decode()[-600:]}")
    return Cost(time.perf_counter() - began, used.ru_utime + used.ru_stime, used.ru_maxrss / 1024)


def answers(folder: Path) -> int:
    """Count the response and revisit records of every WARC file below a folder, articles' alone."""
    found = 0
    for path in folder.rglob("*.warc.gz"):
        with path.open("rb") as file:
            found += sum(
                record.rec_type in {"response", "revisit"}
                and "policyNewsView" in (record.rec_headers.get_header("WARC-Target-URI") or "")
                for record in ArchiveIterator(file)
            )
    return found


def settings(folder: Path, url: str) -> None:
    """Make an archive for gochim that asks as fast as the peers."""
    archive = Archive(folder)
    archive.create()
    given = {"url": url, "contact": "bench@example.org", "delay": 0, "concurrency": 16, "max_requests": 1_000_000}
    only = {"attachments": False, "images": False, "sections": ["policy-news"]}
    archive.settings_path.write_text(watch.written(**given, **only), encoding="utf-8")


def main() -> None:
    """Measure and print."""
    number = int(sys.argv[1]) if len(sys.argv) > 1 else 1000
    rounds = int(sys.argv[2]) if len(sys.argv) > 2 else 3
    old = os.environ.get("GOCHIM_WEBARCHIVE", "")
    with tempfile.TemporaryDirectory() as made:
        root = Path(made)
        root.chmod(0o755)
        paths = pages.write(root / "pages", number)
        with serving(root) as url:
            urls = root / "urls.txt"
            urls.write_text("\n".join(url + path for path in paths), encoding="utf-8")
            ours = [*GOCHIM, "crawl", "-q", "--urls", str(urls), "--archive"]
            peers: dict[str, Peer] = {
                PLAIN: lambda out: [sys.executable, SPIDER, str(urls), "plain", str(out)],
                "gochim: archived, filed, compared": lambda out: [*ours, str(out)],
            }
            if shutil.which("wget"):
                wget = ["wget", "-q", "--header=Accept-Encoding: gzip", "-O", "/dev/null", "-i", str(urls)]
                peers["wget --warc-file, nothing filed"] = lambda out: [*wget, f"--warc-file={out}/w"]
            else:
                print("wget is not here: left out")
            if not old:
                print("scrapy-webarchive is left out: GOCHIM_WEBARCHIVE names no interpreter that has it")
            else:
                peers["scrapy-webarchive 0.5.3"] = lambda out: [old, SPIDER, str(urls), "webarchive", str(out)]
            run(root, url, number, rounds, peers, ours)


def run(  # noqa: PLR0913  # what one benchmark needs
    root: Path, url: str, number: int, rounds: int, peers: dict[str, Peer], ours: list[str]
) -> None:
    """Run every peer in turn, ``rounds`` times over, then the looks again at the archive gochim made last."""
    costs: dict[str, list[Cost]] = {name: [] for name in peers}
    last = root
    for turn in range(rounds):
        for name, command in peers.items():
            out = root / f"{turn}-{name[:6]}"
            out.mkdir()
            if name.startswith("gochim"):
                settings(out, url)
                last = out
            costs[name].append(cost(command(out), out))
            kept = answers(out)
            if name != PLAIN and kept != number and "webarchive" not in name:
                raise RuntimeError(f"{name} kept {kept} of {number} pages")
    print(f"{number} pages, {rounds} rounds, {platform.machine()}, Python {platform.python_version()}\n")
    print("| crawler | pages/s (median) | spread | × plain Scrapy | CPU ms a page | peak MiB |")
    print("|---|---|---|---|---|---|")
    base = [one.wall for one in costs[PLAIN]]
    for name, found in costs.items():
        rates = sorted(number / one.wall for one in found)
        ratio = statistics.median(b / one.wall for b, one in zip(base, found, strict=True))
        print(
            f"| {name} | {statistics.median(rates):.0f} | {rates[0]:.0f}–{rates[-1]:.0f} | {ratio:.2f} "
            f"| {statistics.median(1000 * one.cpu / number for one in found):.2f} "
            f"| {max(one.peak for one in found):.0f} |"
        )
    sizes = [size(last)]
    again = cost([*ours, str(last)], last)
    sizes.append(size(last))
    pages.write(root / "pages", number, edited=True)
    changed = cost([*ours, str(last)], last)
    print(
        f"\nA look again: unchanged {number / again.wall:.0f} pages/s, every page changed {number / changed.wall:.0f},"
    )
    print(f"so {changed.wall / again.wall:.2f} times; {(sizes[1] - sizes[0]) / number:.0f} bytes of WARC a look")


def size(archive: Path) -> int:
    """Bytes of the archive's WARC files."""
    return sum(path.stat().st_size for path in (archive / "warc").glob("*"))


main()
