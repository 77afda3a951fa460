"""The database: opened and up to date, recovered after a run was killed, made anew from the WARC files alone."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable, Iterator
from contextlib import AbstractContextManager, closing, suppress
from pathlib import Path

from cli import holdings
from cli.holdings import file_captures
from cli.passes import Progress, Waiting, catch_up, saying_why
from cli.printing import aside, counted
from cli.workers import Desk, Workers, alone
from crawler import extract
from crawler.heard import Heard
from crawler.layouts import extractor
from crawler.portal import Portal
from crawler.watch import software
from diffing.edition import differ
from storage import (
    about,
    captures,
    chain_head,
    indexing,
    judgements,
    looks,
    losses,
    manifests,
    runs,
    strays,
    troubles,
    unvouched,
)
from storage.archive import Archive, fill_in_bulk
from storage.cdxj import finished_warcs, index_directory
from storage.errors import GochimError, LockHeld, SettingsError, WarcError, tells_of_full_disk
from storage.standing import Standing
from storage.warc_repair import Repaired, repair_open_files


def opened(archive: Archive, portal: Portal, cluster: str | None = None) -> sqlite3.Connection:
    """Open the database for reading, brought up to date first when no run is under way.

    Where nothing can be written it is read as it stands, and what it lacks is said.

    Args:
        archive: The archive.
        portal: Whose address rules hold.
        cluster: The scheduler whose workers read WARC files that are new, where it is not this process.
    """
    if why := archive.unwritable():
        return _as_it_stands(archive, why)
    try:
        return _up_to_date(archive, portal, cluster)
    except (GochimError, OSError) as error:
        if not tells_of_full_disk(error):
            raise
        return _as_it_stands(archive, _FULL)


def opened_to_write(archive: Archive, portal: Portal) -> sqlite3.Connection:
    """Open the database, brought up to date first, for a command that files into it.

    Raises:
        SettingsError: Nothing can be written here.
        RunEndedEarly: The disk has no room.
    """
    if why := archive.unwritable():
        raise SettingsError(f"{archive.root} cannot be written ({why}). Check its rights, or name another archive.")
    return _up_to_date(archive, portal, None)


def opened_as_it_is(archive: Archive) -> sqlite3.Connection:
    """Open the database for reading, with nothing brought up to date, whether or not it can be written."""
    if why := archive.unwritable():
        return archive.standing(why)
    try:
        return archive.database()
    except GochimError as error:
        if not tells_of_full_disk(error):
            raise
        return archive.standing(_FULL)


def kept_still(archive: Archive, db: sqlite3.Connection) -> AbstractContextManager[None]:
    """Let no run change the archive while it is read; ``db`` is its database as one of these opened it.

    Raises:
        LockHeld: A run is under way.
    """
    return archive.shared() if isinstance(db, Standing) else archive.locked(reading=True)


_FULL = "its disk is full or failing"


def _up_to_date(archive: Archive, portal: Portal, cluster: str | None) -> sqlite3.Connection:
    db = archive.database()
    try:
        with archive.locked(reading=True, wait=False):
            recover(archive, db, portal, cluster)
            waiting = Waiting()
            catch_up(archive, db, portal, waiting=waiting)
            for line in strays.sentences(archive, db):
                aside(f"gochim: {line}")
            if waiting:
                aside(f"gochim: {waiting.told()}")
            Heard.path_beside(archive.database_path).unlink(missing_ok=True)
    except LockHeld:
        # A run is under way: what it has filed so far is what there is to read.
        for line in troubles.missing(db):
            aside(f"gochim: {line}")
    except BaseException:
        db.close()
        raise
    return db


def _as_it_stands(archive: Archive, why: str) -> Standing:
    db = archive.standing(why)
    try:
        if db.path != archive.database_path:
            indexing.complete(db)  # The copy can be written: what no index of this schema holds is found for now.
        lacks = list(lacking(archive, db))
    except BaseException:
        db.close()
        raise
    if lacks:
        aside(
            f"gochim: {archive.work} cannot be written ({why}), so it is read as it stands: {', '.join(lacks)}. "
            "It is brought up to date by the next command that can write there."
        )
    return db


def lacking(archive: Archive, db: sqlite3.Connection) -> Iterator[str]:
    """Say what a database lacks that a catch-up would bring."""
    filed = captures.files(db) | strays.remembered(archive, db).keys()
    unfiled = sum(path.relative_to(archive.root).as_posix() not in filed for path in finished_warcs(archive))
    if unfiled:
        yield f"{counted(unfiled, 'WARC file')} not filed"
    if not archive.read_only and (torn := sum(1 for _ in archive.warcs.glob("*.warc.gz.open"))):
        yield f"{counted(torn, 'WARC file')} not finished"
    if filed and not extract.is_current(db):
        yield "articles as an older gochim read them"
    elif pending := sum(1 for _ in looks.pending_articles(db)):
        yield f"{counted(pending, 'article')} not read"
    if filed and about.value(db, "differ") != differ():
        yield "changes as an older gochim compared them"
    elif waiting := len(judgements.to_compare(db)):
        yield f"{counted(waiting, 'article')} not compared"
    if unindexed := indexing.number_waiting(db):
        yield f"{counted(unindexed, 'version')} not found by searches"


@saying_why()
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
    remove(unfinished_rebuild(archive))
    Heard.path_beside(archive.database_path).unlink(missing_ok=True)
    for torn in index_directory(archive).glob("*.tmp"):
        torn.unlink()
    names = {f"warc/{one.path.name}" for one in repaired if one.path is not None}
    endless = runs.endless(db)
    names |= captures.files(db, endless)
    filed = captures.files(db)
    paths = finished_warcs(archive)
    relative = {path: path.relative_to(archive.root).as_posix() for path in paths}
    known = strays.remembered(archive, db)
    unfiled = [path for path in paths if relative[path] in names or relative[path] not in filed | known.keys()]
    left_out: dict[Path, str] = {}
    with alone(archive, db, portal) as readers:
        for path, held in holdings.each(readers, unfiled, cluster, left_out.__setitem__):
            file_captures(db, path, held.captures, portal, held.infos)
    if left_out or known:
        with db:
            strays.remember(archive, db, left_out)
    vouch(archive, db, endless=endless)
    with db:
        runs.end_killed(db, endless)
        if unfiled:
            runs.as_logged(db, manifests.read(archive).runs)
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


@saying_why()
def rebuild(  # noqa: PLR0913  # who reads, who watches, what may be missing
    archive: Archive,
    portal: Portal,
    workers: int,
    progress: Progress | None = None,
    cluster: str | None = None,
    *,
    salvage: bool = False,
) -> None:
    """Make the database anew from the WARC files alone; the old one stays until the new one is whole.

    Args:
        archive: The archive.
        portal: Whose address rules hold.
        workers: Processes that read beside each other.
        progress: Called at each step.
        cluster: The scheduler whose workers read the WARC files; what spans files is read and compared here.
        salvage: Whether to go on without what is damaged in files of the archive's own, which the database then names.

    Raises:
        WarcError: A file of the archive's own is damaged, and ``salvage`` does not say to go on.
    """
    if not archive.warcs.is_dir():
        raise SettingsError(f"There are no WARC files at {archive.warcs}. Name the archive with --archive.")
    if not archive.read_only:
        repair_open_files(archive.warcs)
    target = unfinished_rebuild(archive)
    remove(target)
    desk = Desk(archive, portal, target)
    with Workers(desk, workers) as readers, closing(archive.database(target)) as db:
        desk.db = db
        fill_in_bulk(db)
        _file_all(readers, progress, cluster, salvage=salvage)
        vouch(archive, db)
        with db:
            runs.as_logged(db, manifests.read(archive).runs)
        catch_up(archive, db, portal, progress, readers)
        readers.close()
        db.execute("PRAGMA synchronous = FULL")
        db.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        db.execute("PRAGMA journal_mode = DELETE")
    _swap(target, archive.database_path)
    Heard.path_beside(target).unlink(missing_ok=True)


def _file_all(readers: Workers, progress: Progress | None, cluster: str | None, *, salvage: bool) -> None:
    """File what all WARC files hold into a new database, with the files left out and what was lost of others."""
    archive, db, portal = readers.desk.archive, readers.desk.db, readers.desk.portal
    paths = finished_warcs(archive)
    left_out: dict[Path, str] = {}

    def leave_out(path: Path, why: str) -> None:
        # What the old database says of a file of our own that is damaged may stand nowhere else.
        if not strays.is_foreign(archive, path):
            raise WarcError(f"{path.name}: {why}. {strays.from_what_is_left()}")
        left_out[path] = why

    lost: list[losses.Loss] = []
    for path, held in holdings.each(readers, paths, cluster, leave_out, salvage=salvage):
        file_captures(db, path, held.captures, portal, held.infos)
        if held.damages:
            lost.append(losses.of_file(archive, path, held.damages, held.captures))
        if progress:
            progress("WARC files", path.name, len(paths))
    with db:
        chain_head.keep_memory(db, archive.database_path)
        strays.remember(archive, db, left_out)
        losses.remember(db, lost)


def unfinished_rebuild(archive: Archive) -> Path:
    """Name the database that is made anew beside the archive's own; one that is left over is removed."""
    return archive.database_path.with_name(f"{archive.database_path.name}.rebuild")


def _swap(new: Path, old: Path) -> None:
    """Put the new database in the old one's place.

    What SQLite keeps beside the old one must be gone before, or it would be played into the new one; what it still
    holds goes into the old database first, which stays whole should the swap be cut short.
    """
    if old.exists():
        # A database that cannot be opened is not worth keeping: it may be why it is made anew.
        with suppress(sqlite3.DatabaseError), closing(sqlite3.connect(old)) as db:
            db.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    remove(old, keep=old)
    new.replace(old)


def remove(database: Path, keep: Path | None = None) -> None:
    """Remove a database with what SQLite keeps beside it; ``keep`` leaves the database itself for the swap."""
    for suffix in ("", "-wal", "-shm", "-journal", ".heard"):
        path = database.with_name(database.name + suffix)
        if path != keep:
            path.unlink(missing_ok=True)
