"""The second pass over an archive: recover, read, file, compare.

Everything right of the WARC files is brought up to date here, by every command in the same way, so that a run that
was killed, a plain ``scrapy crawl`` and a rebuild all end in the same database.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import closing, contextmanager, nullcontext, suppress
from dataclasses import replace
from datetime import datetime
from functools import partial
from itertools import islice
from pathlib import Path
from typing import TYPE_CHECKING, TypeVar

from cli.workers import Desk, Workers
from crawler import extract
from crawler.ahead import entries_of
from crawler.extract import Extractor
from crawler.heard import Heard
from crawler.holding import Holding, holding
from crawler.judging import Judge
from crawler.layouts import extractor
from crawler.portal import Portal, placed
from crawler.signals import read_signals
from crawler.watch import software
from diffing.edition import differ
from storage import (
    capture_rows,
    captures,
    chain_head,
    changes,
    contents,
    judgements,
    looks,
    manifests,
    runs,
    search,
    site_changes,
    unvouched,
)
from storage.archive import Archive, fill_in_bulk
from storage.cdxj import index_directory, write_index
from storage.elsewhere import from_anywhere
from storage.errors import ArchiveDisagrees, LockHeld, SettingsError, WarcError, unwritable
from storage.records import Capture, Run
from storage.warc_index import run_fields
from storage.warc_repair import Repaired, repair_open_files

if TYPE_CHECKING:
    from cli import comparing

T = TypeVar("T")

Progress = Callable[[str, str, int], None]
"""Called at each step: the stage, what was done, of how many in the stage."""


@contextmanager
def _saying_why() -> Iterator[None]:
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
        raise ArchiveDisagrees(f"The database is damaged ({error}). Make it anew with: gochim rebuild") from error


@_saying_why()
def catch_up(
    archive: Archive,
    db: sqlite3.Connection,
    portal: Portal,
    progress: Progress | None = None,
    workers: Workers | None = None,
) -> list[str]:
    """Read and file all captures that are not filed yet, judge the runs, compare; give the changes never told before.

    Runs are judged between filing and comparing: whether an absence counts, only the whole run can tell. What a killed
    pass had filed stays marked, and is judged and compared by the next.
    """
    with nullcontext(workers) if workers else _alone(archive, db, portal) as readers, changes.taking_back(db) as new_of:
        read_signals(archive, db, portal)
        _read(db, readers, Extractor(archive, db, portal).pending(), progress)
        Judge(archive, db, portal).catch_up()
        with db:
            # As with extractors: what another differ named is no finding of this one, and a rebuild must find the same.
            judgements.compare_all(db, differ())
        if site_changes.looks_from(db) is not None:
            # The differ takes a quarter of a second to load, which a command that finds nothing new does not need.
            from cli import drift

            drift.catch_up(db)
        found = new_of(_compare(db, readers, judgements.to_compare(db), progress))
        for entries in readers.each(entries_of, search.waiting(db)):
            search.put(db, entries)
        contents.remember_digest(db, lambda batches: readers.each(_digested, batches))
    return found


def _digested(desk: Desk, articles: Sequence[str]) -> contents.Digests:
    return contents.own_digests(desk.db, articles)


def _alone(archive: Archive, db: sqlite3.Connection, portal: Portal) -> Workers:
    """Give this process alone as the one that reads."""
    desk = Desk(archive, portal, archive.database_path)
    desk.db = db
    return Workers(desk)


_AT_ONCE, _PARTS = 25, 40
"""Articles that are read or compared together, and how often that many are filed in one transaction."""


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


def _read(db: sqlite3.Connection, readers: Workers, pending: Sequence[str], progress: Progress | None) -> None:
    """Read and file the looks at articles; these and the runs are marked with it, to be compared and judged."""

    def file(part: list[extract.LooksRead]) -> None:
        extract.file(db, part)
        if progress:
            for one in part:
                progress("articles read", one.filing.article, len(pending))

    _in_transactions(db, readers.each(_looks, _parts(pending)), file)


def _looks(desk: Desk, articles: Sequence[str]) -> list[extract.LooksRead]:
    return [desk.extractor.looks_at(one) for one in articles]


def _compare(
    db: sqlite3.Connection, readers: Workers, waiting: Sequence[tuple[str, bool]], progress: Progress | None
) -> list[str]:
    """Compare articles and file what is found; give the ids of the changes filed."""
    if not waiting:
        return []
    from cli import comparing  # Loaded here alone, as in ``catch_up``.

    found: list[str] = []

    def file(part: Iterable[comparing.Compared]) -> None:
        for one in part:
            found.extend(comparing.file(db, one))
            if progress:
                progress("articles compared", one.article, len(waiting))

    _in_transactions(db, readers.each(_compared, _parts(waiting)), file)
    return found


def _compared(desk: Desk, articles: Sequence[tuple[str, bool]]) -> list[comparing.Compared]:
    from cli import comparing

    return [comparing.compared(desk.db, one, anew=anew) for one, anew in articles]


@_saying_why()
def recover(archive: Archive, db: sqlite3.Connection, portal: Portal, cluster: str | None = None) -> list[Repaired]:
    """Repair what a killed run left behind, and file the captures whose rows were lost.

    A run without an end was killed or failed, and any row of it may be missing: all its files are read again. It gets
    its end only after that, so that a recovery which is itself killed is done again. An archive elsewhere is repaired
    where it is written; here its new files are filed.

    Args:
        archive: The archive, under its lock.
        db: Its database.
        portal: Whose address rules hold.
        cluster: The scheduler whose workers read the files, where it is not this process.
    """
    repaired = [] if archive.read_only else repair_open_files(archive.warcs)
    _remove(_unfinished_rebuild(archive))
    Heard.path_beside(archive.database_path).unlink(missing_ok=True)
    for torn in index_directory(archive).glob("*.tmp"):
        torn.unlink()
    names = {f"warc/{one.path.name}" for one in repaired if one.path is not None}
    endless = runs.endless(db)
    names |= captures.files(db, endless)
    filed = captures.files(db)
    paths = warc_files(archive)
    relative = {path: path.relative_to(archive.root).as_posix() for path in paths}
    unfiled = [path for path in paths if relative[path] in names or relative[path] not in filed]
    with _alone(archive, db, portal) as readers:
        for path, held in holdings(readers, unfiled, cluster):
            file_captures(db, path, held.captures, portal, held.fields)
    vouch(archive, db, endless=endless)
    with db:
        runs.end_killed(db, endless)
    return repaired


def vouch(
    archive: Archive, db: sqlite3.Connection, *, endless: Iterable[str] = (), admit: bool = False
) -> list[manifests.Manifest]:
    """Let the run log vouch for files that stand in no manifest, for those of another chain where ``admit`` says so."""
    made = [] if archive.read_only else unvouched.complete(archive, db, _author(), endless=endless, admit=admit)
    with db:
        chain_head.remember(db, archive, anew=admit)
    return made


def _author() -> manifests.Author:
    return manifests.Author(software(), extractor())


def warc_files(archive: Archive) -> list[Path]:
    """List the archive's finished WARC files, in order of name, which is order of time."""
    return sorted(path for path in archive.warcs.glob("*.warc*") if path.name.endswith((".warc", ".warc.gz")))


def index(db: sqlite3.Connection, path: Path, archive: Archive, portal: Portal) -> None:
    """File the run and the captures of one WARC file, and make its index."""
    with _alone(archive, db, portal) as readers:
        for _, held in holdings(readers, [path]):
            file_captures(db, path, held.captures, portal, held.fields)


def holdings(readers: Workers, paths: Sequence[Path], cluster: str | None = None) -> Iterator[tuple[Path, Holding]]:
    """Read WARC files, and make their indexes; give each file with what it holds, in their order.

    Args:
        readers: The processes of this machine that read, unless ``cluster`` does.
        paths: Finished files of the archive that the readers sit before.
        cluster: The address of a Dask scheduler.

    Raises:
        WarcError: One of them breaks off; those before it have been given.
        SettingsError: The cluster reads pages with other code than this.
    """
    if cluster is None or not paths:
        yield from _taken(readers.desk, zip(paths, readers.each(_scan, paths), strict=True))
        return
    from cli.cluster import Cluster  # Dask takes a second to load, and few have it.

    with Cluster(cluster) as workers:
        task = partial(holding, root=from_anywhere(readers.desk.archive.root), portal=readers.desk.portal)
        yield from _taken(readers.desk, zip(paths, workers.each(task, map(from_anywhere, paths)), strict=True))


def _scan(desk: Desk, path: Path) -> Holding:
    """Read a WARC file in a process of this machine, and make its index there; of one at hand, no payload."""
    held = holding(path, desk.archive.root, desk.portal if desk.archive.read_only else None)
    if not held.fault:
        write_index(path, desk.archive, held.lines)
    return replace(held, lines=None)


def _taken(desk: Desk, found: Iterable[tuple[Path, Holding]]) -> Iterator[tuple[Path, Holding]]:
    """Keep what files say beside the database while that is filled, and make the indexes that are not made."""
    heard = Heard(Heard.path_beside(desk.database))
    with closing(heard):
        for path, held in found:
            if held.fault:
                raise WarcError(held.fault)
            if held.extractor != extractor():
                raise SettingsError(
                    f"{path.name} was read by another gochim than this: its pages would be read otherwise. Install the "
                    "same gochim for the cluster's workers as here."
                )
            if held.lines is not None:
                write_index(path, desk.archive, held.lines)
            if held.said:
                heard.keep(held.said)
            yield path, held


def file_captures(
    db: sqlite3.Connection,
    path: Path,
    found: Iterable[Capture],
    portal: Portal,
    fields: Mapping[str, str] | None = None,
) -> None:
    """File captures that were read from a WARC file, with the runs they belong to.

    A look is read together with what its run fetched beside it, so looks that were read before all of that was filed
    are read again. ``fields`` are those of the file's warcinfo, where they were read already.
    """
    fields = run_fields(path) if fields is None else fields
    begun: dict[str, datetime] = {}
    fresh: set[str] = set()
    with db:
        for capture in found:
            if not runs.known(db, capture.run):
                runs.add(db, _run(capture, fields, portal))
            begun[capture.run] = min(begun.get(capture.run, capture.captured_at), capture.captured_at)
            if capture_rows.add(db, [placed(capture, portal)]):
                fresh.add(capture.run)
        for run, first in begun.items():
            runs.begin_earlier(db, run, first)
        resolved = capture_rows.resolve_revisits(db)
        for run in fresh | resolved:
            looks.read_run_again(db, run)
        for run in begun.keys() | resolved:
            judgements.judge_from(db, run)
        runs.stretch(db, f"warc/{path.name}")
        site_changes.say(db, fields)


def _run(capture: Capture, fields: Mapping[str, str], portal: Portal) -> Run:
    """Say what a WARC file tells of its run; a foreign file's removals follow the default rule."""
    return Run(
        run=capture.run,
        started_at=capture.captured_at,
        ended_at=capture.captured_at,
        portal=fields.get("portal", portal.base),
        software=fields.get("software", "unknown"),
        removal_checks=int(fields.get("removal-checks", "3")),
        removal_days=float(fields.get("removal-days", "2")),
    )


def opened(archive: Archive, portal: Portal, cluster: str | None = None) -> sqlite3.Connection:
    """Open the database for reading, brought up to date first when no run is under way; new files ``cluster`` reads."""
    db = archive.database()
    try:
        with archive.locked():
            recover(archive, db, portal, cluster)
            catch_up(archive, db, portal)
            Heard.path_beside(archive.database_path).unlink(missing_ok=True)
    except LockHeld:
        pass  # A run is under way: what it has filed so far is what there is to read.
    return db


@_saying_why()
def rebuild(
    archive: Archive, portal: Portal, workers: int, progress: Progress | None = None, cluster: str | None = None
) -> None:
    """Make the database anew from the WARC files alone; the old one stays until the new one is whole.

    Args:
        archive: The archive.
        portal: Whose address rules hold.
        workers: Processes that read beside each other.
        progress: Called at each step.
        cluster: The scheduler whose workers read the WARC files; what spans files is read and compared here.
    """
    if not archive.warcs.is_dir():
        raise SettingsError(f"There are no WARC files at {archive.warcs}. Name the archive with --archive.")
    if not archive.read_only:
        repair_open_files(archive.warcs)
    target = _unfinished_rebuild(archive)
    _remove(target)
    desk = Desk(archive, portal, target)
    with Workers(desk, workers) as readers, closing(archive.database(target)) as db:
        desk.db = db
        fill_in_bulk(db)
        paths = warc_files(archive)
        for path, held in holdings(readers, paths, cluster):
            file_captures(db, path, held.captures, portal, held.fields)
            if progress:
                progress("WARC files", path.name, len(paths))
        with db:
            chain_head.keep_memory(db, archive.database_path)
        vouch(archive, db)
        catch_up(archive, db, portal, progress, readers)
        readers.close()
        db.execute("PRAGMA synchronous = FULL")
        db.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        db.execute("PRAGMA journal_mode = DELETE")
    _swap(target, archive.database_path)
    Heard.path_beside(target).unlink(missing_ok=True)


def _unfinished_rebuild(archive: Archive) -> Path:
    return archive.database_path.with_name("versions.db.rebuild")


def _swap(new: Path, old: Path) -> None:
    """Put the new database in the old one's place.

    What SQLite keeps beside the old one must be gone before, or it would be played into the new one; what it still
    holds goes into the old database first, which stays whole should the swap be cut short.
    """
    if old.exists():
        # A database that cannot be opened is not worth keeping: it may be why it is made anew.
        with suppress(sqlite3.DatabaseError), closing(sqlite3.connect(old)) as db:
            db.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    _remove(old, keep=old)
    new.replace(old)


def _remove(database: Path, keep: Path | None = None) -> None:
    """Remove a database with what SQLite keeps beside it; ``keep`` leaves the database itself for the swap."""
    for suffix in ("", "-wal", "-shm", "-journal", ".heard"):
        path = database.with_name(database.name + suffix)
        if path != keep:
            path.unlink(missing_ok=True)
