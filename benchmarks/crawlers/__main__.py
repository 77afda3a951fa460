"""Crawl the same pages with gochim and with its peers in turn and print pages a second, CPU and memory, as ratios.

Run ``make bench-crawl``, or ``python -m benchmarks.crawlers [PAGES [ROUNDS]]``. nginx and wget come from Debian. The
peers that are Python packages need other versions than gochim's, hence an environment each, made on first use.
"""

from __future__ import annotations

import os
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
import zipfile
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import IO

from warcio.archiveiterator import ArchiveIterator

from benchmarks.corpus import LARGE
from benchmarks.crawlers import pages
from benchmarks.crawlers.server import serving
from benchmarks.environments import environment, program, version
from benchmarks.paired import keep, machine, numbers, spread
from crawler import watch
from storage.archive import Archive

SPIDER = str(Path(__file__).with_name("plain_spider.py"))
RECORDED = str(Path(__file__).with_name("recorded.py"))
GOCHIM = [sys.executable, "-m", "cli"]
PLAIN = "Scrapy, nothing archived"
OURS = "gochim: archived, filed, compared"

Peer = Callable[[Path], list[str]]
"""Where it shall keep what it fetches -> the command that does it."""


@dataclass(frozen=True, slots=True)
class Corpus:
    """So many pages of at least so many bytes; with 0 bytes they are as the replica shows them."""

    number: int
    size: int

    def __str__(self) -> str:
        return f"{self.number:,} pages{f' of {self.size:,} bytes' if self.size else ''}"

    def write(self, root: Path, *, edited: bool = False) -> list[str]:
        """Lay them where the server looks; give their paths."""
        return pages.write(root / "pages", self.number, self.size, edited=edited)


@dataclass(frozen=True, slots=True)
class Cost:
    """What a command cost: wall seconds; CPU seconds of all its processes; peak mebibytes of the largest of them."""

    wall: float
    cpu: float
    peak: float


@dataclass(frozen=True, slots=True)
class Again:
    """What it cost to look again at all pages: unchanged, with as many bytes of WARC a look, and all changed."""

    unchanged: Cost
    changed: Cost
    bytes: float


def cost(command: list[str], folder: Path) -> Cost:
    """Run a command to its end.

    Raises:
        RuntimeError: when it ended with another code than 0.
    """
    began = time.perf_counter()
    place = {**os.environ, "PYTHONPATH": str(Path(__file__).parents[2])}
    with (folder / "said").open("w+b") as said:
        process = subprocess.Popen(command, cwd=folder, stdout=said, stderr=subprocess.STDOUT, env=place)
        _, status, used = os.wait4(process.pid, 0)
        wall = time.perf_counter() - began
        process.returncode = os.waitstatus_to_exitcode(status)
        said.seek(0)
        text = said.read().decode(errors="replace")
    if process.returncode:
        raise RuntimeError(f"{' '.join(command[:4])} ended with {process.returncode}: {text[-600:]}")
    if RECORDED in command:  # It tells how long it took apart from waiting for the recorder to fall silent.
        wall = float(text.split()[-1])
    return Cost(wall, used.ru_utime + used.ru_stime, used.ru_maxrss / 1024)


def answers(folder: Path) -> int:
    """Count articles' response and revisit records in every WARC file below a folder, packed in a WACZ file or not."""
    return sum(
        record.rec_type in {"response", "revisit"}
        and "policyNewsView" in (record.rec_headers.get_header("WARC-Target-URI") or "")
        for file in _warc_files(folder)
        for record in ArchiveIterator(file)
    )


def _warc_files(folder: Path) -> Iterator[IO[bytes]]:
    for path in folder.rglob("*.warc.gz"):
        with path.open("rb") as file:
            yield file
    for path in folder.rglob("*.wacz"):
        with zipfile.ZipFile(path) as packed:
            for name in packed.namelist():
                if name.endswith(".warc.gz"):
                    with packed.open(name) as file:
                        yield file


def settings(folder: Path, url: str) -> None:
    """Make an archive for gochim that asks as fast as the peers."""
    archive = Archive(folder)
    archive.create()
    given = {"url": url, "contact": "bench@example.org", "delay": 0, "concurrency": 16, "max_requests": 1_000_000}
    only = {"attachments": False, "images": False, "sections": ["policy-news"]}
    archive.settings_path.write_text(watch.written(**given, **only), encoding="utf-8")


def elsewhere(urls: Path) -> Iterator[tuple[str, Peer]]:
    """Give the peers that have an environment of their own."""
    for package, remark, script, kind in (
        ("scrapy-webarchive", "", SPIDER, "webarchive"),
        ("scrapy-warcio", ", bodies decoded", SPIDER, "warcio"),
        ("warcprox", ", a client of 8 threads", RECORDED, "warcprox"),
        ("pywb", " in record mode, a client of 8 threads", RECORDED, "pywb"),
    ):
        python = str(environment(package) / "python")
        command = [python, script, str(urls), kind]
        yield version(package) + remark, lambda out, first=command: [*first, str(out)]


def main() -> None:
    """Measure and print; with ``--write`` into the page as well."""
    number, rounds = numbers(__doc__, pages=10_000, rounds=3)
    keep("crawl", tables(number, rounds))


def tables(number: int, rounds: int) -> Iterator[str]:
    """Measure everything and give Markdown, line by line."""
    yield machine(rounds, "scrapy", clock="wall")
    for corpus in (Corpus(number, 0), Corpus(number // 2, LARGE)):
        with tempfile.TemporaryDirectory() as made:
            root = Path(made)
            root.chmod(0o755)
            paths = corpus.write(root)
            with serving(root) as url:
                urls = root / "urls.txt"
                urls.write_text("\n".join(url + path for path in paths), encoding="utf-8")
                costs, looks = run(root, corpus, rounds, peers(url, urls))
        yield ""
        yield f"{corpus}; CPU time is that of all of a crawler's processes, memory that of the largest:"
        yield ""
        yield from crawled(corpus.number, costs)
        yield ""
        yield from looked(corpus.number, looks)


def peers(url: str, urls: Path) -> dict[str, Peer]:
    """Give every crawler, gochim the second, each with the command that fetches all that ``urls`` lists."""
    ours = [*GOCHIM, "crawl", "-q", "--urls", str(urls), "--archive"]
    wget = [program("wget"), "-q", "--header=Accept-Encoding: gzip", "-O", "/dev/null", "-i", str(urls)]

    def gochim(out: Path) -> list[str]:
        settings(out, url)
        return [*ours, str(out)]

    return {
        PLAIN: lambda out: [sys.executable, SPIDER, str(urls), "plain", str(out)],
        OURS: gochim,
        "wget --warc-file, nothing filed": lambda out: [*wget, f"--warc-file={out}/w"],
        **dict(elsewhere(urls)),
    }


def run(
    root: Path, corpus: Corpus, rounds: int, crawlers: dict[str, Peer]
) -> tuple[dict[str, list[Cost]], list[Again]]:
    """Run every crawler in turn, so many times over, gochim with the looks again at what it has made."""
    costs: dict[str, list[Cost]] = {name: [] for name in crawlers}
    looks = []
    for turn in range(rounds):
        for name, peer in crawlers.items():
            out = root / f"{turn}-{list(crawlers).index(name)}"
            out.mkdir()
            command = peer(out)
            costs[name].append(cost(command, out))
            kept = answers(out)
            if name != PLAIN and kept != corpus.number:
                raise RuntimeError(f"{name} kept {kept} of {corpus.number} pages")
            if name == OURS:
                looks.append(again(root, corpus, command, out))
            rate = corpus.number / costs[name][-1].wall
            print(f"{corpus}, round {turn + 1} of {rounds}: {name}, {rate:,.0f} pages a second", file=sys.stderr)
            shutil.rmtree(out)
    return costs, looks


def again(root: Path, corpus: Corpus, command: list[str], out: Path) -> Again:
    """Look again at what was crawled, first as it was, then with every page changed; the pages are put back."""
    before = size(out)
    unchanged = cost(command, out)
    grown = size(out) - before
    corpus.write(root, edited=True)
    changed = cost(command, out)
    corpus.write(root)
    return Again(unchanged, changed, grown / corpus.number)


def crawled(number: int, costs: dict[str, list[Cost]]) -> Iterator[str]:
    """Give the table of the first crawl."""
    yield "| crawler | pages a second | × plain Scrapy | CPU ms a page | peak MiB |"
    yield "|---|---|---|---|---|"
    base = [one.wall for one in costs[PLAIN]]
    for name, found in costs.items():
        ratios = (first / one.wall for first, one in zip(base, found, strict=True))
        cells = [
            name,
            spread((number / one.wall for one in found), ",.0f"),
            "1" if name == PLAIN else spread(ratios),
            f"{statistics.median(1000 * one.cpu / number for one in found):.2f}",
            f"{max(one.peak for one in found):.0f}",
        ]
        yield f"| {' | '.join(cells)} |"


def looked(number: int, looks: list[Again]) -> Iterator[str]:
    """Give the table of the looks again."""
    yield "| gochim's look again | pages a second | × a changed one | CPU ms a page | bytes of WARC a look |"
    yield "|---|---|---|---|---|"
    for name in ("unchanged", "changed"):
        found: list[Cost] = [getattr(one, name) for one in looks]
        ratios = (one.changed.wall / one.unchanged.wall for one in looks)
        cells = [
            f"{name}",
            spread((number / one.wall for one in found), ",.0f"),
            spread(ratios) if name == "unchanged" else "1",
            f"{statistics.median(1000 * one.cpu / number for one in found):.2f}",
            f"{statistics.median(one.bytes for one in looks):,.0f}" if name == "unchanged" else "",
        ]
        yield f"| {' | '.join(cells)} |"


def size(archive: Path) -> int:
    """Bytes of the archive's WARC files."""
    return sum(path.stat().st_size for path in (archive / "warc").glob("*"))


if __name__ == "__main__":
    main()
