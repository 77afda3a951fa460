"""Crawl the replica without sockets or waiting, at any time of day, while it is up, down or half there."""

from __future__ import annotations

import copy
import shutil
from collections.abc import Callable, Iterator
from contextlib import closing
from datetime import UTC, datetime, timedelta
from pathlib import Path
from types import SimpleNamespace
from typing import Any
from unittest.mock import patch

from cli import database, passes
from crawler import archiving, watch
from crawler.archiving import Keeper
from crawler.layouts import read_page
from crawler.portal import Portal as Addresses
from crawler.portal import document_pages
from crawler.sections import SECTIONS
from replica.exchange import Answer, Request
from replica.portal import Portal
from storage import changes, contents, judgements, states
from storage.archive import Archive
from storage.change_query import Query
from storage.records import Change
from tests.runs import few_articles
from tests.warc_samples import exchange, failure

BASE = "http://127.0.0.1:8080"
START = datetime(2026, 11, 2, 9, 0, tzinfo=UTC)
Weather = Callable[[str], Answer | str | None]
"""What stands between crawler and portal: gives an answer of its own, ``down`` for none at all, None to let pass."""


class Drill:
    """A replica, an archive of it, and a clock that is moved by hand.

    Args:
        root: A directory to work in.
        number: Articles of each section.
        files: Whether attachments and pictures are fetched too.
        settings: Settings of the archive; by default one look makes a removal, which is when an outage hurts most.
    """

    def __init__(self, root: Path, number: int = 3, *, files: bool = False, **settings: Any) -> None:
        self.portal = Portal.load(few_articles(root / "articles", number))
        self.portal.base_url = BASE
        self.addresses = Addresses(BASE)
        self.archive = Archive(root / "archive")
        self.archive.create()
        given = {"url": BASE, "contact": "t@example.org", "removal_checks": 1, "removal_days": 0, **settings}
        self.archive.settings_path.write_text(watch.written(**given), encoding="utf-8")
        self.db = self.archive.database()
        self.now = START
        self.files = files
        self.weather: Weather = lambda url: None
        self.articles = {self._path(one): one for one in self.portal.shown()}

    def again(self, root: Path) -> Drill:
        """Give another drill that goes on from here, in a copy of the archive; the portal must not have changed yet."""
        made = copy.copy(self)
        made.portal = Portal.load(self.archive.root.parent / "articles")
        made.portal.base_url = BASE
        made.portal._renderings, made.portal._clock = self.portal._renderings, self.portal._clock
        self.db.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        made.archive = Archive(Path(shutil.copytree(self.archive.root, root / "archive")))
        made.db = made.archive.database()
        made.articles = dict(self.articles)
        return made

    def _path(self, article: str) -> str:
        return self.portal.truth(article)["url"]

    def section(self, name: str) -> list[str]:
        """Give the addresses of a section's articles."""
        return [url for url in self.articles if self.addresses.address(url).section == name]

    def run(self, *, articles: list[str] | None = None, hours: float = 24, lists: bool = True) -> list[Change]:
        """Crawl once, some hours after the last run, and give the changes that were found."""
        self.capture(articles=articles, hours=hours, lists=lists)
        return self.catch_up()

    def capture(self, *, articles: list[str] | None = None, hours: float = 24, lists: bool = True) -> None:
        """Crawl once without reading what was captured."""
        self.now += timedelta(hours=hours)
        with self.clock():
            keeper = Keeper(self.archive, self.db, self.addresses, watch.load(self.archive.settings_path))
            asked = [BASE + one.path for section in SECTIONS.values() for one in section.entries()] if lists else []
            for url in [*asked, *(self.articles if articles is None else articles)]:
                for one in self._look(url):
                    keeper.keep(one)
            keeper.close("finished")

    def clock(self) -> Any:
        """Let the crawler's clock show the drill's time."""
        return patch.object(archiving, "datetime", SimpleNamespace(now=lambda _: self.now))

    def catch_up(self) -> list[Change]:
        found = passes.catch_up(self.archive, self.db, self.addresses)
        return changes.find(self.db, Query(ids=found)) if found else []

    def _look(self, url: str) -> Iterator[Any]:
        """Fetch a page and the document behind it."""
        answer = self._answer(url)
        yield self._exchange(url, answer)
        if isinstance(answer, str) or answer.status != 200:
            return
        reading = read_page(answer.body.decode(), url, self.now, self.addresses)
        article = reading.article
        if article is not None and self.files:
            for one in [*(address for _, address in reading.downloads), *(image.src for image in article.images)]:
                yield self._exchange(one, self._answer(one))
        if article is not None and article.viewer:
            numbered, _ = document_pages(article.viewer)
            for number in range(1, 50):
                part = self._answer(f"{numbered}{number}.html")
                yield self._exchange(f"{numbered}{number}.html", part)
                if isinstance(part, str) or part.status != 200:
                    return

    def _answer(self, url: str) -> Answer | str:
        found = self.weather(url)
        return found or self.portal.answer(Request("GET", url.removeprefix(BASE), {}, origin=BASE))

    def _exchange(self, url: str, answer: Answer | str) -> Any:
        self.now += timedelta(seconds=1)
        if isinstance(answer, str):
            return failure(url=url, started_at=self.now, failure="refused", failure_detail="nobody listens")
        lines = [f"HTTP/1.1 {answer.status} Said", f"Content-Type: {answer.media_type}"]
        lines += [f"{name}: {value}" for name, value in answer.headers]
        head = "\r\n".join([*lines, "", ""]).encode()
        return exchange(0, answer.body, head, url=url, started_at=self.now, status=answer.status)

    def kinds(self) -> list[str]:
        """List the kinds of all changes filed."""
        return [one.kind for one in changes.find(self.db, Query())]

    def told(self) -> set[str]:
        """Give the articles of which an edit is told; other kinds of change count under their own name."""
        found = changes.find(self.db, Query())
        return {one.article if one.kind == "edited" else f"{one.kind} {one.article}" for one in found}

    def episodes(self) -> list[dict[str, Any]]:
        return list(judgements.episodes(self.db))

    def states(self, url: str) -> list[dict[str, Any]]:
        return states.told(self.db, self.articles[url])

    def all_that_is_made(self, db: Any = None) -> dict[str, list[tuple[Any, ...]]]:
        """Give every row that is made from the captures, captures named by their records."""
        db = db or self.db
        names = dict(tuple(row) for row in db.execute("SELECT id, record_id FROM captures"))
        found = {"digest": [(contents.content_digest(db),)]}
        for name, kept in (("seen_moments", "microseconds"), ("outcomes", "captures")):
            columns_of = "age_from, lived, microseconds" if name == "seen_moments" else "outcome, captures"
            found[name] = sorted(tuple(row) for row in db.execute(f"SELECT {columns_of} FROM {name} WHERE {kept} <> 0"))
        site = ("site_changes", "site_change_articles", "site_change_words", "shrunken_versions")
        for table in (
            *site,
            "judgements",
            "listings",
            "absences",
            "state_steps",
            "articles",
            "to_compare",
            "unread_parts",
        ):
            cursor = db.execute(f"SELECT * FROM {table}")
            columns = [one[0] for one in cursor.description]
            rows = [
                tuple(
                    names[value] if column == "capture" else value for column, value in zip(columns, row, strict=True)
                )
                for row in cursor
            ]
            found[table] = sorted(rows, key=repr)
        return found

    def rebuilt(self) -> dict[str, list[tuple[Any, ...]]]:
        """Rebuild the database from the WARC files and give every row that was made."""
        database.rebuild(self.archive, self.addresses, 1)
        with closing(self.archive.database()) as db:
            return self.all_that_is_made(db)


def page(status: int, text: str = "", **fields: Any) -> Answer:
    """Make an answer of our own."""
    return Answer(text.encode(), status=status, **fields)
