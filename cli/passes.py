"""The second pass over an archive: read what is filed of captures, judge runs, compare; and open what it made.

Everything right of the captures is brought up to date here, by every command in the same way, so that a run that
was killed, a plain ``scrapy crawl`` and a rebuild all end in the same database.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager, nullcontext
from dataclasses import dataclass, field
from itertools import islice
from typing import TYPE_CHECKING, TypeVar

from cli.printing import counted
from cli.workers import Desk, Workers, alone
from crawler import extract
from crawler.extract import Extractor
from crawler.judging import Judge
from crawler.portal import Portal
from crawler.signals import read_signals
from diffing.edition import differ
from storage import (
    changes,
    contents,
    indexing,
    judgements,
    site_changes,
    unturned,
)
from storage.archive import Archive
from storage.command_line import gochim
from storage.errors import ArchiveDisagrees, WarcError, unwritable

if TYPE_CHECKING:
    from cli import comparing, drift

T = TypeVar("T")

Progress = Callable[[str, str, int], None]
"""Called at each step: the stage, what was done, of how many in the stage."""


@contextmanager
def saying_why() -> Iterator[None]:
    """Turn what SQLite says of a full disk or a damaged file into a sentence that a user can act on.

    Raises:
        RunEndedEarly: The database cannot be written.
        ArchiveDisagrees: It is damaged.
    """
    try:
        yield
    except sqlite3.OperationalError as error:
        raise unwritable(error) from error
    except sqlite3.DatabaseError as error:
        raise ArchiveDisagrees(f"The database is damaged ({error}). Make it anew with: {gochim('rebuild')}") from error


@dataclass(slots=True)
class Waiting:
    """What waits because its WARC file cannot be read.

    Attributes:
        articles: Why, by article.
        beside: Why a list, or an answer of the open API, waits; empty where none does.
    """

    articles: dict[str, str] = field(default_factory=dict)
    beside: str = ""

    def __bool__(self) -> bool:
        """Say whether anything waits."""
        return bool(self.articles or self.beside)

    def told(self) -> str:
        """Say which articles wait, and what else does, a sentence each."""
        said = [
            f"{counted(len(self.articles), 'article')} cannot be read anew, and what is filed stands as it was, such as"
            f" {article}: {why}"
            for article, why in islice(self.articles.items(), 1)
        ]
        if self.beside:
            said.append(
                f"A list or an answer of the open API cannot be read, and what is to be told by it waits: {self.beside}"
            )
        return " ".join(said)


@saying_why()
def catch_up(  # noqa: PLR0913  # who reads, who watches, who is told
    archive: Archive,
    db: sqlite3.Connection,
    portal: Portal,
    progress: Progress | None = None,
    workers: Workers | None = None,
    waiting: Waiting | None = None,
) -> list[str]:
    """Read and file all captures that are not filed yet, judge the runs, compare; give the changes never told before.

    Runs are judged between filing and comparing: whether an absence counts, only the whole run can tell. What a killed
    pass had filed stays marked, and is judged and compared by the next.

    Args:
        archive: The archive, under its lock.
        db: Its database.
        portal: Whose address rules hold.
        progress: Called at each step.
        workers: The processes that read; one of its own if None.
        waiting: Takes the articles of which a capture cannot be read in its WARC file, and why. What is filed of them
            stays as it is, they wait, and all others go on; such a file must not end the watch. Where it is a list
            that cannot be read, its run and those after it wait to be judged, and all articles to be compared.

    Raises:
        WarcError: A capture cannot be read, and ``waiting`` is None.
    """
    with nullcontext(workers) if workers else alone(archive, db, portal) as readers, changes.taking_back(db) as new_of:
        with _letting_wait(waiting):
            read_signals(archive, db, portal)
        unindexed = _read(db, readers, Extractor(archive, db, portal).pending(), progress, waiting)
        with _letting_wait(waiting):
            Judge(archive, db, portal).catch_up()
        with db:
            # As with extractors: what another differ named is no finding of this one, and a rebuild must find the same.
            judgements.compare_all(db, differ())
        # Whether an absence counts is not known before all runs are judged.
        found = [] if judgements.to_judge(db) else new_of(_compare_all(db, readers, unindexed, progress))
        with db:
            _index(db, unindexed)
        for entries in readers.each(_entries, indexing.waiting(db)):
            with db:
                indexing.put(db, entries)
        contents.remember_digest(db, lambda batches: readers.each(_digested, batches))
    return found


def _compare_all(
    db: sqlite3.Connection, readers: Workers, unindexed: list[indexing.Entry], progress: Progress | None
) -> list[str]:
    """Tell what the site did from what was edited, and compare what waits; give the ids of the changes filed."""
    if site_changes.looks_from(db) is not None:
        # The differ takes a quarter of a second to load, which a command that finds nothing new does not need.
        from cli import drift

        drift.catch_up(db, lambda parts: readers.each(_steps_seen, parts))
    # Of most articles there is nothing to compare: one version, or the newest one seen again.
    unturned.settle(db)
    return _compare(db, readers, judgements.to_compare(db), unindexed, progress)


def _steps_seen(desk: Desk, steps: Sequence[tuple[str, int, str]]) -> list[drift.StepSeen]:
    from cli import drift

    return drift.steps_seen(desk.db, steps)


def _digested(desk: Desk, articles: Sequence[str]) -> contents.Digests:
    return contents.own_digests(desk.db, articles)


_AT_ONCE, _PARTS = 25, 40
"""Articles that are read or compared together, and how often that many are filed in one transaction."""
_INDEXED = 1000
"""New versions that are indexed together; fewer at a time take longer."""


def _parts(articles: Sequence[T]) -> Iterator[Sequence[T]]:
    return (articles[first : first + _AT_ONCE] for first in range(0, len(articles), _AT_ONCE))


def _in_transactions(db: sqlite3.Connection, parts: Iterator[T], file: Callable[[T], None]) -> None:
    """File parts, many of them in one transaction: a commit makes those that read lose what they have in memory."""
    left = True
    while left:
        left = False
        with db:
            for part in islice(parts, _PARTS):
                left = True
                file(part)


def _read(
    db: sqlite3.Connection,
    readers: Workers,
    pending: Sequence[str],
    progress: Progress | None,
    waiting: Waiting | None,
) -> list[indexing.Entry]:
    """Read, file and index the looks at articles; these and the runs are marked with it, to be compared and judged.

    Returns:
        What the index is still to hold: to write it takes a while, in which others can compare.
    """
    unindexed: list[indexing.Entry] = []

    def file(part: list[extract.LooksRead | Unread]) -> None:
        if len(unindexed) >= _INDEXED:
            _index(db, unindexed)
        for unread in (one for one in part if isinstance(one, Unread)):
            if waiting is None:
                raise WarcError(unread.why)
            waiting.articles[unread.article] = unread.why
        read = [one for one in part if not isinstance(one, Unread)]
        unindexed.extend(extract.file(db, read))
        if progress:
            for one in read:
                progress("articles read", one.filing.article, len(pending))

    _in_transactions(db, readers.each(_looks, _parts(pending)), file)
    return unindexed


def _index(db: sqlite3.Connection, unindexed: list[indexing.Entry]) -> None:
    indexing.put(db, unindexed)
    unindexed.clear()


def _entries(desk: Desk, span: tuple[int, int]) -> list[indexing.Entry]:
    return indexing.entries(desk.db, *span)


@dataclass(frozen=True, slots=True)
class Unread:
    """An article of which a capture cannot be read in its WARC file."""

    article: str
    why: str


@contextmanager
def _letting_wait(waiting: Waiting | None) -> Iterator[None]:
    """Let what is read beside articles wait when it cannot be, as they do."""
    try:
        yield
    except WarcError as error:
        if waiting is None:
            raise
        waiting.beside = str(error)


def _looks(desk: Desk, articles: Sequence[str]) -> list[extract.LooksRead | Unread]:
    found: list[extract.LooksRead | Unread] = []
    desk.extractor.read_pages(articles)
    for one in articles:
        try:
            found.append(desk.extractor.looks_at(one))
        except WarcError as error:
            found.append(Unread(one, str(error)))
    return found


def _compare(
    db: sqlite3.Connection,
    readers: Workers,
    waiting: Sequence[tuple[str, bool]],
    unindexed: list[indexing.Entry],
    progress: Progress | None,
) -> list[str]:
    """Compare articles and file what is found, and index meanwhile; give the ids of the changes filed."""
    if not waiting:
        return []
    from cli import comparing  # Loaded here alone, as in ``catch_up``.

    found: list[str] = []

    def file(part: Iterable[comparing.Compared]) -> None:
        _index(db, unindexed)
        for one in part:
            found.extend(comparing.file(db, one))
            if progress:
                progress("articles compared", one.article, len(waiting))

    _in_transactions(db, readers.each(_compared, _parts(waiting)), file)
    return found


def _compared(desk: Desk, articles: Sequence[tuple[str, bool]]) -> list[comparing.Compared]:
    from cli import comparing

    return [comparing.compared(desk.db, one, anew=anew) for one, anew in articles]
