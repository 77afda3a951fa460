"""Processes that read for a pass over an archive, side by side; what they find is written by the one that started them.

A task is a function of a :class:`Desk` and one item. It writes nothing, and gives plain data back, in the order of the
items. With one worker the tasks are done in this process.
"""

from __future__ import annotations

import os
import sqlite3
import sys
import threading
from collections import deque
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import Future, ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from functools import cached_property
from multiprocessing import active_children, connection, get_context, parent_process
from pathlib import Path
from types import TracebackType
from typing import TypeVar
from urllib.parse import quote

from crawler.extract import Extractor
from crawler.interrupts import leave_interrupts_to_parent
from crawler.portal import Portal
from storage.archive import Archive
from storage.errors import RunEndedEarly, WarcError

Item = TypeVar("Item")
Found = TypeVar("Found")

_AHEAD = 3
"""Items given out for each process, so that none waits for another and memory does not grow with their number."""


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
        self._number = number
        self._pool: ProcessPoolExecutor | None = None
        if number > 1 or apart:
            before = active_children()
            self._pool = ProcessPoolExecutor(
                number,
                # What reads from a store elsewhere has threads, which a fork would lose.
                mp_context=get_context("fork" if sys.platform == "linux" and not desk.archive.read_only else "spawn"),
                initializer=_sit_down,
                initargs=(desk.archive, desk.portal.base, desk.database),
            )
            # They are started now: later this process has threads and an open database.
            self._pool.submit(os.getpid).result()
            self._children = [one for one in active_children() if one not in before]

    def __enter__(self) -> Workers:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self._pool is not None and error is not None:
            for child in self._children:
                child.kill()
        self.close()

    def close(self) -> None:
        """Let the processes go."""
        self.desk.close()
        if self._pool is not None:
            self._pool.shutdown(cancel_futures=True)

    def ask(self, task: Callable[[Desk, Item], Found], item: Item) -> Future[Found]:
        """Have a task done by a process beside this one; what is wrong with a WARC file comes out as it is there."""
        if self._pool is None:
            raise ValueError("These workers are this process itself; it does not read beside itself.")
        return self._pool.submit(_do_alone, task, item)

    def each(self, task: Callable[[Desk, Item], Found], items: Iterable[Item]) -> Iterator[Found]:
        """Do a task for each item; give what was found in the order of the items.

        Raises:
            RunEndedEarly: One of the processes was killed.
        """
        if self._pool is None:
            yield from (task(self.desk, one) for one in items)
            return
        waiting: deque[Future[Found | _Broken]] = deque()
        try:
            for one in items:
                waiting.append(self._pool.submit(_do, task, one))
                if len(waiting) > _AHEAD * self._number:
                    yield _result(waiting.popleft())
            while waiting:
                yield _result(waiting.popleft())
        except BrokenProcessPool as error:
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


def _result(future: Future[Found | _Broken]) -> Found:
    found = future.result()
    if isinstance(found, _Broken):
        raise WarcError(found)
    return found


_own: list[Desk] = []


def _sit_down(archive: Archive, base: str, database: Path) -> None:
    """Make a new process ready: it leaves to the one that started it what interrupts both, and ends with it."""
    leave_interrupts_to_parent()
    threading.Thread(target=_end_with_parent, daemon=True).start()
    _own[:] = [Desk(archive, Portal(base), database)]


def _end_with_parent() -> None:
    parent = parent_process()
    if parent is not None:
        connection.wait([parent.sentinel])
        os._exit(1)


def _do_alone(task: Callable[[Desk, Item], Found], item: Item) -> Found:
    return task(_own[0], item)


def _do(task: Callable[[Desk, Item], Found], item: Item) -> Found | _Broken:
    try:
        return task(_own[0], item)
    except WarcError as error:
        return _Broken(error)
