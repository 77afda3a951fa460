"""Make a database of versions and changes as one would without gochim: from warcio, a parser, difflib, sqlite-utils.

Run as ``python -m benchmarks.rebuild.plain parsel|soup plain|tuned ARCHIVE``. It keeps what these parts give at hand:
versions with full text, one row a check, and the paragraphs that differ. Plain, rows are filed as sqlite-utils comes,
each forced to the disk by itself; tuned, the database writes ahead, and all of a WARC file is one transaction.
"""

from __future__ import annotations

import difflib
import json
import sys
import tempfile
from collections.abc import Callable
from contextlib import nullcontext
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlsplit

from bs4 import BeautifulSoup
from parsel import Selector
from sqlite_utils import Database
from warcio.archiveiterator import ArchiveIterator

from benchmarks.paired import report

_HEADLINE, _SUBTITLE, _INFO, _BODY = ".view_title h1", ".article_head h2", ".article_head .info", ".view_cont"
_BLOCKS = "p, li, blockquote, td, th"


def _tidy(texts: list[str]) -> str:
    return " ".join(" ".join(texts).split())


def with_parsel(page: bytes) -> dict[str, Any]:
    """Read an article's fields with parsel."""
    tree = Selector(text=page.decode())
    body = tree.css(_BODY)
    return {
        "title": _tidy(tree.css(f"{_HEADLINE} ::text, {_HEADLINE}::text").getall()),
        "subtitle": _tidy(tree.css(f"{_SUBTITLE}::text").getall()),
        "info": _tidy(tree.css(f"{_INFO} ::text").getall()),
        "images": tree.css(f"{_BODY} img::attr(src)").getall(),
        "body": [said for one in body.css(_BLOCKS) if (said := _tidy(one.css("*::text").getall()))],
    }


def with_soup(page: bytes) -> dict[str, Any]:
    """Read an article's fields with BeautifulSoup, over lxml's parser, which is its fastest."""
    tree = BeautifulSoup(page, "lxml")
    title, subtitle, info = (tree.select_one(one) for one in (_HEADLINE, _SUBTITLE, _INFO))
    return {
        "title": _tidy([title.get_text(" ")]) if title else "",
        "subtitle": _tidy([subtitle.get_text(" ")]) if subtitle else "",
        "info": _tidy([info.get_text(" ")]) if info else "",
        "images": [one["src"] for one in tree.select(f"{_BODY} img[src]")],
        "body": [
            said for body in tree.select(_BODY) for one in body.select(_BLOCKS) if (said := _tidy([one.get_text(" ")]))
        ],
    }


READERS: dict[str, Callable[[bytes], dict[str, Any]]] = {"parsel": with_parsel, "soup": with_soup}


def rebuild(read: Callable[[bytes], dict[str, Any]], archive: Path, target: Path, *, tuned: bool) -> dict[str, int]:
    """Fill a database from an archive's WARC files; count pages, articles, versions and changes."""
    db = Database(target)
    if tuned:
        db.enable_wal()
    versions, checks, changes = (db.table(one) for one in ("versions", "checks", "changes"))
    versions.create(
        {"article": str, "version": int, "first_seen": str, "last_seen": str, "title": str, "subtitle": str,
         "info": str, "images": str, "body": str},
        pk=("article", "version"),
    )  # fmt: skip
    versions.enable_fts(["title", "subtitle", "body"], create_triggers=True)
    checks.create({"article": str, "seen": str, "version": int, "warc": str, "offset": int}, pk=("article", "seen"))
    changes.create({"article": str, "version": int, "paragraphs": str}, pk=("article", "version"))
    pages = 0
    for path in sorted((archive / "warc").glob("*.warc.gz")):
        with path.open("rb") as file, db.atomic() if tuned else nullcontext():
            records = ArchiveIterator(file)
            for record in records:
                if record.rec_type != "response" or record.http_headers.get_statuscode() != "200":
                    continue
                url = record.rec_headers.get_header("WARC-Target-URI")
                seen = record.rec_headers.get_header("WARC-Date")
                article = parse_qs(urlsplit(url).query)["newsId"][0]
                said = read(record.content_stream().read())
                number = _file(db, article, seen, said)
                place = {"warc": path.name, "offset": records.get_record_offset()}
                checks.insert({"article": article, "seen": seen, "version": number, **place})
                pages += 1
    return {"count": pages, "versions": versions.count, "changes": changes.count,
            "articles": db.execute("SELECT count(DISTINCT article) FROM versions").fetchone()[0]}  # fmt: skip


def _file(db: Database, article: str, seen: str, said: dict[str, Any]) -> int:
    """File a look, and what differs from the version before; give the number of the version that was read."""
    versions = db.table("versions")
    newest = next(versions.rows_where("article = ?", [article], order_by="version desc", limit=1), None)
    row = {name: json.dumps(value, ensure_ascii=False) if isinstance(value, list) else value
           for name, value in said.items()}  # fmt: skip
    if newest is not None and all(newest[name] == value for name, value in row.items()):
        versions.update((article, newest["version"]), {"last_seen": seen})
        return int(newest["version"])
    number = newest["version"] + 1 if newest else 1
    versions.insert({"article": article, "version": number, "first_seen": seen, "last_seen": seen, **row})
    if newest is not None:
        old, new = json.loads(newest["body"]), said["body"]
        steps = difflib.SequenceMatcher(None, old, new, autojunk=False).get_opcodes()
        told = [(tag, old[a:b], new[c:d]) for tag, a, b, c, d in steps if tag != "equal"]
        db.table("changes").insert({"article": article, "version": number, "paragraphs": json.dumps(told)})
    return number


if __name__ == "__main__":
    with tempfile.TemporaryDirectory() as scratch:
        tuned = {"plain": False, "tuned": True}[sys.argv[2]]
        report(lambda: rebuild(READERS[sys.argv[1]], Path(sys.argv[3]), Path(scratch) / "plain.db", tuned=tuned))
