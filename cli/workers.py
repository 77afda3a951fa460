"""Processes that read for a pass over an archive, side by side; what they find is written by the one that started them.

A task is a function of a :class:`Desk` and one item. It writes nothing, and gives plain data back, in the order of the
items. With one worker the tasks are done in this process.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Iterable, Iterator
from functools import cached_property, partial
from pathlib import Path
from types import TracebackType
from typing import TYPE_CHECKING, TypeVar
from urllib.parse import quote

from crawler.extract import Extractor
from crawler.interrupts import BesideGone
from crawler.portal import Portal
from storage.archive import Archive
from storage.errors import RunEndedEarly, WarcError

if TYPE_CHECKING:
    from cli.worker import Worker

Item = TypeVar("Item")
Found = TypeVar("Found")


class Desk:
    """What a task reads from: the archive, and the version database through a connection of its own.

    Args:
        archive: Where the WARC files stand.
        portal: Whose address rules hold.
        database: Where the version database stands; it is opened for reading when it is first asked.
    """

    def __init__(self, archive: Archive, portal: Portal, database: Path) -> None:
        self.archive = archive
        self.portal = portal
        self.database = database

    @cached_property
    def db(self) -> sqlite3.Connection:
        """The database as it now is; a process that writes sets its own connection here."""
        db = sqlite3.connect(f"file:{quote(str(self.database))}?mode=ro", uri=True)
        db.row_factory = sqlite3.Row
        return db

    @cached_property
    def extractor(self) -> Extractor:
        """What reads captures here."""
        return Extractor(self.archive, self.db, self.portal)

    def close(self) -> None:
        """End the process that reads files, should one have been needed."""
        if "extractor" in self.__dict__:
            self.extractor.close()


class Workers:
    """So many processes with a desk each.

    Args:
        desk: What this process reads from.
        number: How many read; with one it is this process itself.
        apart: Whether one that reads alone is a process beside this one, too.
    """

    def __init__(self, desk: Desk, number: int = 1, *, apart: bool = False) -> None:
        self.desk = desk
        self._workers: list[Worker] = []
        if number == 1 and not apart:
            return
        from cli.worker import Worker  # Loaded here alone: most commands start no process.

        # They are started now: later this process has threads and an open database.
        given = desk.archive, desk.portal.base, desk.database
        # What reads from a store elsewhere has threads, which a fork would lose.
        self._workers = [Worker(_desk, *given, fork=not desk.archive.read_only) for _ in range(number)]

    def __enter__(self) -> Workers:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if error is not None:
            for one in self._workers:
                one.kill()
        self.close()

    def close(self) -> None:
        """Let the processes go."""
        self.desk.close()
        for one in self._workers:
            one.close()

    async def ask(self, task: Callable[[Desk, Item], Found], item: Item) -> Found:
        """Have a task done by the process beside this one, within an event loop.

        Raises:
            BesideGone: That process was killed.
        """
        return await self._workers[0].ask(task, item)

    def rest(self) -> None:
        """Leave the event loop in which tasks were asked for."""
        for one in self._workers:
            one.rest()

    def each(self, task: Callable[[Desk, Item], Found], items: Iterable[Item]) -> Iterator[Found]:
        """Do a task for each item; give what was found in the order of the items.

        Raises:
            RunEndedEarly: One of the processes was killed.
        """
        if not self._workers:
            yield from (task(self.desk, one) for one in items)
            return
        from cli.worker import shared_out

        try:
            for found in shared_out(self._workers, partial(_do, task), items):
                yield _whole(found)
        except BesideGone as error:
            raise RunEndedEarly(
                "A worker process was killed, perhaps because memory ran out. All that was captured is kept; run the "
                "same command again with fewer --workers."
            ) from error


def alone(archive: Archive, db: sqlite3.Connection, portal: Portal) -> Workers:
    """Give this process alone as the one that reads."""
    desk = Desk(archive, portal, archive.database_path)
    desk.db = db
    return Workers(desk)


class _Broken(str):
    """What is wrong with a WARC file; such errors know more than their message and do not pass between processes."""

    __slots__ = ()


def _whole(found: Found | _Broken) -> Found:
    if isinstance(found, _Broken):
        raise WarcError(found)
    return found


def _desk(archive: Archive, base: str, database: Path) -> Desk:
    return Desk(archive, Portal(base), database)


def _do(task: Callable[[Desk, Item], Found], desk: Desk, item: Item) -> Found | _Broken:
    try:
        return task(desk, item)
    except WarcError as error:
        return _Broken(error)
