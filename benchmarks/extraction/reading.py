"""Read a file of pages with one library: ``python -m benchmarks.extraction.reading WAY FILE TIMES``.

The peers read the same fields as gochim, each in its library's own way, by rules for the templates in the file; what
each of them got right is counted, field by field. It knows nothing of gochim, for it runs in the peers' environment.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

from benchmarks.paired import report

Read = Callable[[str, str], dict[str, Any]]
FIELDS = ("title", "subtitles", "published", "source", "author", "body", "images", "attachments", "licence")


def maker(way: str) -> Read:
    """Give what reads a page and its address into fields."""
    if way == "gochim":
        from benchmarks.extraction import by_gochim

        return by_gochim.read
    if way == "parsel":
        from benchmarks.extraction import by_parsel

        return by_parsel.read
    if way == "trafilatura":
        from benchmarks.extraction import by_trafilatura

        return by_trafilatura.read
    from functools import partial

    from benchmarks.extraction import by_soup

    return partial(by_soup.read, parser=way.partition(" ")[2])


def exact(read: Read, pages: list[dict[str, Any]]) -> dict[str, float]:
    """Give the share of pages whose fields were read exactly, field by field, among those that hold them themselves."""
    right: dict[str, list[bool]] = {}
    for page in pages:
        found = read(page["html"], page["url"])
        for name in FIELDS:
            if name in page["truth"] and name in found:
                right.setdefault(name, []).append(found[name] == page["truth"][name])
    return {name: sum(each) / len(each) for name, each in right.items()}


def main() -> None:
    """Read, and print what it cost and how much was exact."""
    way, path, times = sys.argv[1], Path(sys.argv[2]), int(sys.argv[3])
    pages = [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]
    read = maker(way)
    shares = exact(read, pages)

    def work() -> dict[str, Any]:
        for _ in range(times):
            for page in pages:
                read(page["html"], page["url"])
        return {"count": times * len(pages), "exact": shares}

    report(work)


if __name__ == "__main__":
    main()
