"""Read the replica's pages of every section with gochim and with its peers in turn, and print the table.

Run ``make bench-extract``, which puts it into ``docs/performance.md``, or ``python -m benchmarks.extraction PEERS
[TIMES [ROUNDS]]``, where PEERS is the interpreter of an environment that has BeautifulSoup and trafilatura.
"""

from __future__ import annotations

import json
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import urlsplit

from benchmarks.corpus import LARGE, Page, filled, pages
from benchmarks.paired import costs, keep, machine, parser, table

_SLOW = {"bs4 lxml": 10, "bs4 html.parser": 10, "trafilatura": 10}
"""These do a tenth of the work, or a round would take minutes."""


def _line(page: Page, size: int) -> str:
    truth = page.truth
    told = {name: truth[name] for name in ("title", "subtitles", "published", "source", "author", "licence")}
    told["attachments"] = [one["file_id"] for one in truth["attachments"]]
    html = filled(page.body.decode(), size)
    if 'id="content_press"' not in html:  # Else the text stands in the document viewer, which is another page.
        told["body"] = [block["text"] for block in truth["body"]]
        told["images"] = [urlsplit(one["src"]).path for one in truth["images"]]
    return json.dumps({"url": page.url, "html": html, "truth": told}, ensure_ascii=False)


def tables(peers: str, times: int, rounds: int) -> Iterator[str]:
    """Measure and give Markdown, line by line."""
    also = _also(peers)
    yield machine(rounds, "selectolax", "parsel", "lxml", also=[also])
    for size in (0, LARGE):
        yield from _table(peers, size, times, rounds)


def _also(peers: str) -> str:
    asked = "import bs4, trafilatura; print(f'beautifulsoup4 {bs4.__version__}, trafilatura {trafilatura.__version__}')"
    return subprocess.run([peers, "-c", asked], check=True, capture_output=True, text=True).stdout.strip()


def _table(peers: str, size: int, times: int, rounds: int) -> Iterator[str]:
    """Measure on pages of at least so many bytes."""
    with tempfile.TemporaryDirectory() as made:
        path = Path(made) / "pages.jsonl"
        lines = [_line(page, size) for page in pages()]
        path.write_text("\n".join(lines), encoding="utf-8")
        mean = sum(len(json.loads(line)["html"].encode()) for line in lines) / len(lines)
        ways = {}
        for way in ("gochim", "parsel", "bs4 lxml", "bs4 html.parser", "trafilatura"):
            interpreter = sys.executable if way in {"gochim", "parsel"} else peers
            number = str(max(1, times // _SLOW.get(way, 1)))
            ways[way] = [interpreter, "-m", "benchmarks.extraction.reading", way, str(path), number]
        found = costs(ways, rounds)
        told = {name: each[0].told["exact"] for name, each in found.items()}
        yield from ("", f"{len(lines)} pages of {mean:,.0f} bytes, of all sections and templates:", "")

        def shares(name: str) -> str:
            whole = told[name]
            less = [f"{field} {share:.0%}" for field, share in whole.items() if share < 1]
            return "all" if not less else f"{len(whole) - len(less)} of {len(whole)}; {', '.join(less)}"

        yield from table(found, "page", "parsel", faster=True, more={"fields read exactly on every page": shares})


def main() -> None:
    """Measure and print; with ``--write`` into the page as well."""
    reader = parser(__doc__)
    reader.add_argument("python", help="the interpreter that has the peers")
    reader.add_argument("times", type=int, nargs="?", default=20, help="how often each page is read, usually 20")
    reader.add_argument("rounds", type=int, nargs="?", default=7, help="usually 7")
    asked = reader.parse_args()
    keep("extract", tables(asked.python, asked.times, asked.rounds))


if __name__ == "__main__":
    main()
