"""Prove that a database is what its WARC files make: one is made anew beside it, and the two are compared."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Iterator
from contextlib import ExitStack, closing, contextmanager
from functools import partial
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import NamedTuple

from cli import database, holdings, passes
from cli.passes import Progress
from cli.workers import Desk, Workers
from crawler.heard import Heard
from crawler.holding import heard
from crawler.portal import Portal
from storage import run_rows, sameness
from storage.archive import Archive, fill_in_bulk, sort_on_disk
from storage.checks import Each
from storage.inspected import Inspected
from storage.standing import Standing

Inspect = Callable[[Path, Path], Inspected]
"""Inspects a file of an archive, whose directory is given."""


class Proof:
    """A database made of the WARC files that a verification reads, as it reads them.

    Args:
        readers: Who reads payloads, at a desk before the new database.
        apart: Whether the files lie elsewhere or are read by others, who then read their payloads too.
    """

    def __init__(self, readers: Workers, *, apart: bool) -> None:
        self._readers = readers
        self._apart = apart
        self.made = readers.desk.db
        """The new database."""

    def filing(self, each: Each | None) -> Each:
        """Have what is inspected filed, too, as it comes; the readers inspect where ``each`` is None."""
        desk = self._readers.desk
        inspecting = each or self._inspect

        def inspect(inspected: Callable[..., Inspected], paths: list[Path], root: Path) -> Iterator[Inspected]:
            also = partial(inspected, hear=partial(heard, portal=desk.portal)) if self._apart else inspected
            with closing(Heard(Heard.path_beside(desk.database))) as said:
                for path, one in zip(paths, inspecting(also, paths, root), strict=True):
                    with passes.saying_why():  # What the new database has no room for is no fault of the old one.
                        holdings.file_captures(self.made, path, one.captures, desk.portal, one.infos)
                        if one.said:
                            said.keep(one.said)
                    yield one

        return inspect

    def _inspect(self, inspect: Inspect, paths: list[Path], root: Path) -> Iterator[Inspected]:
        return self._readers.each(partial(_inspected, inspect, root), paths)

    def told(self, db: sqlite3.Connection, progress: Progress) -> Told:
        """Read, judge and compare all that was filed, and say which rows of the archive's database are not the same.

        That one is brought up to date first, as by any other command; where it cannot be written and waits for that,
        no more is said of it than that it waits.
        """
        desk = self._readers.desk
        if not isinstance(db, Standing):
            passes.catch_up(desk.archive, db, desk.portal)
        elif lacks := list(database.lacking(desk.archive, db)):
            return Told([], [_WAITS.format(", ".join(lacks))])
        passes.catch_up(desk.archive, self.made, desk.portal, progress, self._readers)
        sort_on_disk(self.made)
        return Told(list(differences(desk.archive, db, self.made, progress)), [])


def _inspected(inspect: Inspect, root: Path, _: Desk, path: Path) -> Inspected:
    return inspect(path, root)


def differences(
    archive: Archive, kept: sqlite3.Connection, anew: sqlite3.Connection, progress: Progress
) -> Iterator[str]:
    """Say in sentences which rows of a database are not those of one that was made anew."""
    names = sameness.tables(anew)
    for name in names:
        yield from sameness.differences(name, kept, anew)
        progress("tables compared", name, len(names))
    yield from run_rows.differences(archive, kept, anew)


class Told(NamedTuple):
    """What is wrong, and what is only to be known."""

    errors: list[str]
    warnings: list[str]


_WAITS = (
    "versions.db waits to be brought up to date ({}): only its captures were held against the WARC files. Verify it "
    "where it can be written."
)


@contextmanager
def beside(archive: Archive, portal: Portal, db: sqlite3.Connection, workers: int, *, apart: bool) -> Iterator[Proof]:
    """Make a new database beside the archive's own, or among the temporary files where nothing can be written there.

    Args:
        archive: The archive, kept still.
        portal: Whose address rules hold.
        db: Its database.
        workers: Processes that read beside each other.
        apart: Whether a cluster reads the files.
    """
    with ExitStack() as held:
        target = database.unfinished_rebuild(archive)
        if isinstance(db, Standing):
            target = Path(held.enter_context(TemporaryDirectory(prefix="gochim-"))) / target.name
        held.callback(database.remove, target)
        database.remove(target)
        desk = Desk(archive, portal, target)
        readers = held.enter_context(Workers(desk, workers))
        desk.db = held.enter_context(closing(archive.database(target)))
        fill_in_bulk(desk.db)
        yield Proof(readers, apart=apart or archive.read_only)
