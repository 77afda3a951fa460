"""Captures -> articles: the second pass, which can be run again at any time from the WARC files.

A look at an article is its page's capture and, of the same run, the captures of its document and files. Looks are
read in order of time; when older captures turn up, or the extractor is another than the one that read what is
filed, the whole article is read again from its first capture.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace

from crawler.documents.guard import Guard
from crawler.documents.reading import reader
from crawler.layouts import extractor
from crawler.pages import Pages
from crawler.parts import Parts
from crawler.payloads import Payloads, readable
from crawler.places import Look, Whereabouts
from crawler.portal import Portal
from storage import about, documents, filing, judgements, looks, page_captures, versions
from storage.archive import Archive
from storage.content_coding import ContentError
from storage.indexing import Entry
from storage.records import (
    Capture,
    Document,
    Outcome,
    Reading,
    iso,
)
from storage.warc_reader import OriginalMissing


@dataclass(frozen=True, slots=True)
class LooksRead:
    """What the looks at an article came to.

    Attributes:
        filing: The rows to file.
        anew: Whether all captures of the article were read, so that what is filed of it is to be forgotten first.
        runs: The runs that the looks were made in.
        files: What the article's files say, as far as they were read just now.
    """

    filing: filing.Filing
    anew: bool
    runs: set[str]
    files: list[Document]


def _file(db: sqlite3.Connection, read: LooksRead) -> list[Entry]:
    """File what the looks at an article came to, and have it compared."""
    article = read.filing.article
    for document in read.files:
        documents.add(db, document, reader())
    if read.anew:
        filing.forget(db, article)
    entries = filing.put(db, read.filing)
    looks.mark_read(db, article)
    judgements.compare(db, article)
    return entries


def file(db: sqlite3.Connection, found: Iterable[LooksRead]) -> list[Entry]:
    """File what the looks at several articles came to, and have each run that they were made in judged once.

    Returns:
        What the index is to hold of the new versions.
    """
    entries: list[Entry] = []
    runs: set[str] = set()
    for one in found:
        entries += _file(db, one)
        runs |= one.runs
    for run in sorted(runs):
        judgements.judge_from(db, run)
    return entries


def is_current(db: sqlite3.Connection) -> bool:
    """Say whether what is filed was read by this extractor."""
    return about.value(db, "extractor") == extractor()


class Extractor:
    """Reads captures of an archive into articles.

    Args:
        archive: Where the WARC files stand.
        db: The version database.
        portal: Whose address rules hold.
        payloads: What gives the captures' payloads, made here if None.
    """

    def __init__(
        self, archive: Archive, db: sqlite3.Connection, portal: Portal, payloads: Payloads | None = None
    ) -> None:
        self._db = db
        self._portal = portal
        self._payloads = payloads or Payloads(archive, db)
        self._parts = Parts(self._payloads, db, portal)
        self.pages = Pages(self._payloads, db, portal)
        self._found: dict[str, tuple[list[Capture], bool]] = {}

    def pending(self) -> list[str]:
        """List the articles of which captures are not filed yet, or were read by another extractor."""
        self._forget_other_extractors()
        return list(looks.pending_articles(self._db))

    def waits(self, article: str) -> bool:
        """Say whether captures of an article are not filed yet."""
        return looks.waits(self._db, article)

    def _forget_other_extractors(self) -> None:
        """Have every page read again when another extractor read what is filed: code must not look like an edit."""
        if is_current(self._db):
            return
        with self._db:
            looks.read_all_again(self._db)
            about.put(self._db, "extractor", extractor())

    def read_pages(self, articles: Sequence[str]) -> None:
        """Read the pages of articles whose looks are to be read next, as many as can be remembered."""
        self._found = {one: self._waiting(one) for one in articles}
        captures = (one for found, _ in self._found.values() for one in found if one.kind == "response")
        self.pages.read_ahead(one for one in captures if self._outcome(one) == "read")

    def looks_at(self, article: str, *, terms: bool = True) -> LooksRead:
        """Read the captures of an article that are not filed yet; nothing is written.

        Args:
            article: The article's id.
            terms: Work out what the index is to hold of its new versions, too.

        Raises:
            WarcError: One of them cannot be read in its WARC file.
        """
        captures, anew = self._found.pop(article) if article in self._found else self._waiting(article)
        read = _led_nowhere([self._look(capture) for capture in _last_tries(captures)])
        where = Whereabouts() if anew else self._whereabouts(article)
        settled = list(where.settled(read))
        if where.unsure and not anew:
            captures, anew = page_captures.of_article(self._db, article, pending=False), True
            read = _led_nowhere([self._look(capture) for capture in _last_tries(captures)])
            settled = list(Whereabouts().settled(read))
        said = self._parts.said if terms else None
        made = filing.fold(self._db, article, settled, anew=anew, said=said)
        return LooksRead(made, anew, {capture.run for capture in captures}, self._parts.files_read())

    def _waiting(self, article: str) -> tuple[list[Capture], bool]:
        """Give the captures of an article that are to be read, and whether these are all of it, from the first on."""
        newest = versions.last_check(self._db, article)
        pending = page_captures.of_article(self._db, article, pending=True)
        anew = looks.to_be_read_again(self._db, article) or (
            newest is not None and iso(pending[0].captured_at) <= newest
        )
        return (page_captures.of_article(self._db, article, pending=False) if anew else pending), anew

    def _look(self, capture: Capture) -> Look:
        """Read one look and say where it was, and where it led."""
        target = self._portal.address(capture.location, capture.url) if capture.location is not None else None
        leads = target.url if target is not None and target.article == capture.article else None
        address = self._portal.address(capture.url)
        section = address.section if address is not None else None
        return Look(capture, self._filed(capture.url), self.read(capture), leads, section)

    def _filed(self, url: str) -> str:
        address = self._portal.address(url)
        return address.url if address is not None else url

    def _whereabouts(self, article: str) -> Whereabouts:
        """Give what is filed of an article's place."""
        places = versions.places(self._db, article)
        if not places:
            return Whereabouts()
        url, section = places[-1]
        left = {one for one, _ in places} - {url}
        return Whereabouts(url, section, left, lambda: self._seen(article))

    def _seen(self, article: str) -> list[tuple[str, Outcome]]:
        """Give the address and the outcome of every filed look at an article, oldest first."""
        return [(self._filed(url), outcome) for url, outcome in looks.looked_at(self._db, article)]

    def read(self, capture: Capture) -> Reading | None:
        """Read one look; None for a redirect to the same article, whose target is the look."""
        outcome = self._outcome(capture)
        if outcome is None:
            return None
        if outcome != "read":
            return Reading(capture, outcome)
        try:
            return self._read(capture)
        except OriginalMissing:
            # It is read again when the file that holds the original turns up.
            return Reading(capture, "incomplete")
        except ContentError:
            # The bytes are in the archive, but their coding is broken or a bomb: a look that could not tell.
            return Reading(capture, "error")

    def _read(self, capture: Capture) -> Reading:
        page = self.pages.of(capture)
        if page.article is None:
            return Reading(capture, page.outcome)
        article = self._parts.completed(capture, page, page.article)
        if article is None:
            return Reading(capture, "incomplete")
        outcome: Outcome = "incomplete" if article.body_from == "unread" else "read"
        return Reading(capture, outcome, article, page.layout, extractor())

    def _outcome(self, capture: Capture) -> Outcome | None:
        """Judge a look by its status; None for a step on the way to the same article."""
        status = capture.status
        if status is None or capture.kind == "failure":
            return "unreachable"
        if status in {404, 410}:
            return "gone"
        if status in {401, 403, 429, 451}:
            return "blocked"
        if 300 <= status < 400 and status != 304 and capture.location is not None:
            return self._redirected(capture)
        if not readable(capture):
            return "error"
        return "read"

    def _redirected(self, capture: Capture) -> Outcome | None:
        target = self._portal.address(capture.location or "", capture.url)
        if target is None:
            return "away"
        if target.article == capture.article:
            return None
        if target.role == "article":
            return "other-article"
        return "front-page" if target.role in {"front", "list"} else "error"

    def document_captures(self, page: Capture, viewer: str) -> list[Capture] | None:
        """Give the captures of a look's document, page by page; None when it was not fetched whole."""
        return self._parts.viewer.pages(page, viewer)

    def close(self) -> None:
        """End the process that reads files, should one have been needed."""
        self._parts.guard.close()

    def guarded(self) -> Guard:
        """Give the guard under which files are read, to be entered around :meth:`read`."""
        return self._parts.guard


def _led_nowhere(read: list[Look]) -> list[Look]:
    """Count the last redirect of a run as a failed look where the run came to no page: redirects may go in a circle."""
    last = {look.capture.run: place for place, look in enumerate(read)}
    for place in last.values():
        if read[place].reading is None:
            read[place] = replace(read[place], reading=Reading(read[place].capture, "error"))
    return read


def _last_tries(captures: list[Capture]) -> Iterator[Capture]:
    """Drop a failed try that the same run made good or repeated: tries of one look are one check."""
    last = {(capture.run, capture.url): capture.id for capture in captures}
    for capture in captures:
        failed = capture.status is None or capture.status >= 500
        if not failed or last[capture.run, capture.url] == capture.id:
            yield capture
