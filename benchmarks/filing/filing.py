"""File articles once: ``python -m benchmarks.filing.filing WAY NUMBER DIRECTORY``.

gochim files all that it keeps of a look: the capture, the look, the version, the article's row, and the index in which
any part of a word is found. The peer upserts one row a version, one after the other, into a table whose full-text
index triggers keep up to date: as the library comes, every row forced to the disk, and tuned to write ahead (WAL) and
wait for the disk only when the log is brought in. gochim forces a database that it makes anew to the disk once, whole.
"""

from __future__ import annotations

import hashlib
import json
import random
import sys
from collections.abc import Callable, Sequence
from contextlib import closing
from datetime import timedelta
from functools import partial
from importlib import import_module
from pathlib import Path
from typing import Any

from benchmarks.paired import report
from benchmarks.search import text
from storage.records import Article, Block
from tests.makers import PORTAL, RUN, START, capture

_AT_ONCE = 1_000
"""Articles filed in one transaction, as when a database is made anew."""


def articles(number: int) -> list[Article]:
    """Make articles of six paragraphs, some 3,000 bytes, of drawn words."""
    rng = random.Random(7)
    return [
        Article(
            article=str(149_000_001 + one),
            url=f"{PORTAL}/news/policyNewsView.do?newsId={149_000_001 + one}",
            section="policy-news",
            title=" ".join(text(rng).split()[:6]),
            published="2026-09-15T18:00:00+09:00",
            source=f"부처{rng.randrange(50):02d}",
            body=tuple(Block("paragraph", text(rng)) for _ in range(6)),
            licence="KOGL-1",
        )
        for one in range(number)
    ]


def by_gochim(made: Sequence[Article], directory: Path) -> int:
    """File captures and readings and index them, a thousand articles a transaction, as a rebuild does."""
    from storage import capture_rows, captures, filing, indexing, runs, search
    from storage.archive import Archive, fill_in_bulk
    from storage.records import Reading

    archive = Archive(directory)
    archive.create()
    with closing(archive.database()) as db:
        fill_in_bulk(db)
        with db:
            runs.add(db, RUN)
        for first in range(0, len(made), _AT_ONCE):
            with db:
                part = made[first : first + _AT_ONCE]
                entries: list[indexing.Entry] = []
                looks = [capture(START + timedelta(seconds=at), one.article) for at, one in enumerate(part, first)]
                capture_rows.add(db, looks)
                for one, seen in zip(part, looks, strict=True):
                    filed = captures.by_id(db, captures.number_of(db, seen.evidence))
                    reading = Reading(filed, "read", one, "MadeLayout", "made:1")
                    folded = filing.fold(db, one.article, [reading], said=lambda _: None)
                    entries += filing.put(db, folded)
                indexing.put(db, entries)
        db.execute("PRAGMA synchronous = FULL")
        db.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        return search.count(db, search.SearchQuery(search.terms_of("도서관")))


def by_sqlite_utils(made: Sequence[Article], directory: Path, tokenizer: str, *, tuned: bool) -> int:
    """Upsert rows one after the other into a table with an index that triggers keep."""
    import sqlite_utils

    directory.mkdir()
    db = sqlite_utils.Database(directory / "versions.db")
    if tuned:
        db.enable_wal()
        db.execute("PRAGMA synchronous = NORMAL")
    table = db["versions"]
    for at, one in enumerate(made):
        row = _row(one, at)
        table.upsert(row, pk=("article", "version"))
        if not at:
            table.enable_fts(["title", "body"], create_triggers=True, tokenize=tokenizer)
    found = sum(1 for _ in table.search("도서관"))
    db.close()
    return found


def _row(one: Article, at: int) -> dict[str, Any]:
    content = one.content()
    seen = (START + timedelta(seconds=at)).isoformat()
    body = "\n".join(block.text for block in one.body)
    told = json.dumps(content, ensure_ascii=False, sort_keys=True)
    return {
        "article": one.article, "version": 1, "url": one.url, "section": one.section, "title": one.title,
        "published": one.published, "source": one.source, "licence": one.licence, "first_seen": seen,
        "last_seen": seen, "body": body, "content_digest": hashlib.sha256(told.encode()).hexdigest(),
    }  # fmt: skip


WAYS: dict[str, Callable[[Sequence[Article], Path], int]] = {
    "gochim": by_gochim,
    "sqlite-utils": partial(by_sqlite_utils, tokenizer="unicode61", tuned=False),
    "sqlite-utils, tuned": partial(by_sqlite_utils, tokenizer="unicode61", tuned=True),
    "sqlite-utils, tuned, trigrams": partial(by_sqlite_utils, tokenizer="trigram", tuned=True),
}


_LOADED = {
    "gochim": ("sqlite_utils", "storage.archive", "storage.search", "storage.versions"),
    "sqlite-utils": ("sqlite_utils",),
}


def main() -> None:
    """File, and print what it cost; loading the library is no part of it."""
    way, number, directory = sys.argv[1], int(sys.argv[2]), Path(sys.argv[3])
    for module in _LOADED[way.partition(",")[0]]:
        import_module(module)
    made = articles(number)

    def work() -> dict[str, int]:
        found = WAYS[way](made, directory)
        return {"count": number, "found": found, "size": sum(one.stat().st_size for one in directory.rglob("*.db"))}

    report(work)


if __name__ == "__main__":
    main()
