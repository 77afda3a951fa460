"""Read and write WARC files with gochim, warcio and FastWARC in turn, and print the tables.

Run ``make bench-warc``, which puts them into ``docs/performance.md``, or ``python -m benchmarks.warcs [EXCHANGES
[ROUNDS]]``.
"""

from __future__ import annotations

import shutil
import sys
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import product
from pathlib import Path

from warcio.archiveiterator import ArchiveIterator

from benchmarks.corpus import LARGE
from benchmarks.paired import Cost, costs, keep, machine, numbers, once, table
from benchmarks.warcs import reading, writing

_CODINGS = {"coded": "coded with gzip", "plain": "without a coding"}


@dataclass(frozen=True, slots=True)
class _Corpus:
    """Pages of at least so many bytes, coded or plain."""

    coding: str
    size: int

    def __str__(self) -> str:
        return f"pages {f'of {self.size:,} bytes ' if self.size else ''}{_CODINGS[self.coding]}"

    def written_by(self, way: str, number: int, place: Path) -> list[str]:
        """Give the command by which a writer writes them."""
        command = [sys.executable, "-m", "benchmarks.warcs.writing"]
        return [*command, way, self.coding, str(number), str(place), str(self.size)]


def _read(path: Path, what: str, number: int, rounds: int) -> dict[str, list[Cost]]:
    """Measure the readers, after each has shown that it reads the same."""
    command = [sys.executable, "-m", "benchmarks.warcs.reading", what]
    names = reading.PAYLOAD if what == "payload" else reading.WHOLE
    ways = {name: [*command, name, str(path), str(number)] for name in names}
    if what == "payload":
        proofs = {name: once([*way, "--proof"]).told["digest"] for name, way in ways.items()}
        if len(set(proofs.values())) != 1:
            raise RuntimeError(f"the readers do not agree: {proofs}")
    found = costs(ways, rounds)
    if what == "whole" and any(one.told["wrong"] for each in found.values() for one in each):
        raise RuntimeError(f"a reader finds fault with {path}")
    return found


def _written(folder: Path, corpus: _Corpus, number: int, rounds: int) -> dict[str, list[Cost]]:
    """Measure the writers, after warcio has found each one's records and digests in order."""
    for name in writing.WAYS:
        place = folder / name
        once(corpus.written_by(name, 200, place))
        _prove(next(place.glob("*.warc.gz")), 200)
    found: dict[str, list[Cost]] = {name: [] for name in writing.WAYS}
    for turn in range(rounds):
        places = {name: folder / f"{name}-{turn}" for name in writing.WAYS}
        ways = {name: corpus.written_by(name, number, place) for name, place in places.items()}
        for name, each in costs(ways, 1).items():
            found[name] += each
        for place in places.values():
            shutil.rmtree(place)
    return found


def _prove(path: Path, number: int) -> None:
    seen = 0
    with path.open("rb") as file:
        for record in ArchiveIterator(file, check_digests=True):
            record.raw_stream.read()
            if record.digest_checker.passed is False:
                raise RuntimeError(f"{path} holds a record whose digest is wrong")
            seen += record.rec_type == "response"
    if seen != number:
        raise RuntimeError(f"{path} holds {seen} answers of {number}")


def tables(number: int, rounds: int) -> Iterator[str]:
    """Measure everything and give Markdown, line by line."""
    yield machine(rounds, "warcio", "fastwarc", "isal")
    for size, coding in product((0, LARGE), _CODINGS):
        with tempfile.TemporaryDirectory() as made:
            yield from _of(_Corpus(coding, size), Path(made), number, rounds)


def _of(corpus: _Corpus, folder: Path, number: int, rounds: int) -> Iterator[str]:
    """Measure readers and writers on pages of one sort."""
    for maker in ("warcio", "gochim") if corpus.coding == "coded" else ("warcio",):
        yield from _reading(folder / f"by-{maker}", maker, corpus, number, rounds)
    written = number // 2
    found = _written(folder, corpus, written, rounds)
    sizes = {name: each[0].told["size"] for name, each in found.items()}
    told = {name: f"{size / written:,.0f} ({size / sizes['warcio']:.3f})" for name, size in sizes.items()}
    yield from ("", f"Writing {written:,} {corpus}, nothing forced to the disk by any:", "")
    more = {"bytes an exchange (of warcio's)": told.__getitem__}
    yield from table(found, "page", "warcio", faster=True, more=more)


def _reading(place: Path, maker: str, corpus: _Corpus, number: int, rounds: int) -> Iterator[str]:
    """Have a file written, and read it in both ways."""
    size = once(corpus.written_by(maker, number, place)).told["size"] / number
    path = next(place.glob("*.warc.gz"))
    told = f"{number:,} {corpus}, written by {maker}, {size:,.0f} bytes an exchange"
    yield from ("", f"Reading payloads, decoded: {told}:", "")
    yield from table(_read(path, "payload", number, rounds), "page", "warcio", faster=False)
    yield from ("", f"Reading whole, every block and payload held against its digest: {told}:", "")
    yield from table(_read(path, "whole", number, rounds), "page", "warcio", faster=False)


def main() -> None:
    """Measure and print; with ``--write`` into the page as well."""
    number, rounds = numbers(__doc__, pages=4_000, rounds=7)
    keep("warc", tables(number, rounds))


if __name__ == "__main__":
    main()
