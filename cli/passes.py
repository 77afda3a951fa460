"""The second pass over an archive: recover, read, file, compare.

Everything right of the WARC files is brought up to date here, by every command in the same way, so that a run that
was killed, a plain ``scrapy crawl`` and a rebuild all end in the same database.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Iterable, Iterator, Mapping
from concurrent.futures import ProcessPoolExecutor
from contextlib import closing
from pathlib import Path

from crawler.archiving import placed
from crawler.extract import Extractor
from crawler.portal import Portal
from diffing.detect import changes as detect
from storage import captures, changes, versions
from storage.archive import Archive
from storage.errors import LockHeld, SettingsError
from storage.records import Capture, Run
from storage.warc_index import captures_in, run_fields
from storage.warc_repair import Repaired, repair_open_files

Progress = Callable[[str], None]


def catch_up(archive: Archive, db: sqlite3.Connection, portal: Portal, progress: Progress | None = None) -> list[str]:
    """Read, file and compare all captures that are not filed yet; give the ids of the changes found."""
    found: list[str] = []
    for article in Extractor(archive, db, portal).catch_up(progress):
        with db:
            known = changes.count_of(db, article)
            numbered = {version.version: version for version in versions.versions(db, article)}
            for change in detect(versions.checks(db, article), numbered, known):
                changes.add(db, change)
                found.append(change.id)
            changes.mark_removed(db, article)
    return found


def recover(archive: Archive, db: sqlite3.Connection, portal: Portal) -> list[Repaired]:
    """Repair what a killed run left behind and file the captures that its database rows were lost of."""
    repaired = repair_open_files(archive.warcs)
    names = {one.path.name for one in repaired if one.path is not None}
    filed = {row["warc"] for row in db.execute("SELECT DISTINCT warc FROM captures")}
    for path in warc_files(archive):
        if path.name in names or f"warc/{path.name}" not in filed:
            index(db, path, archive, portal)
    return repaired


def warc_files(archive: Archive) -> list[Path]:
    """List the archive's finished WARC files, in order of name, which is order of time."""
    return sorted(path for path in archive.warcs.glob("*.warc*") if path.name.endswith((".warc", ".warc.gz")))


def index(db: sqlite3.Connection, path: Path, archive: Archive, portal: Portal) -> None:
    """File the run and the captures of one WARC file."""
    file_captures(db, path, captures_in(path, archive.root), portal)


def file_captures(db: sqlite3.Connection, path: Path, found: Iterable[Capture], portal: Portal) -> None:
    """File captures that were read from a WARC file, with the runs they belong to."""
    fields = run_fields(path)
    with db:
        for capture in found:
            if not db.execute("SELECT 1 FROM runs WHERE run = ?", (capture.run,)).fetchone():
                captures.add_run(db, _run(capture, fields, portal))
            captures.add(db, [placed(capture, portal)])
        captures.resolve_revisits(db)


def _run(capture: Capture, fields: Mapping[str, str], portal: Portal) -> Run:
    """Say what a WARC file tells of its run; a foreign file's removals follow the default rule."""
    return Run(
        run=capture.run,
        started_at=capture.captured_at,
        portal=fields.get("portal", portal.base),
        software=fields.get("software", "unknown"),
        removal_checks=int(fields.get("removal-checks", "3")),
        removal_days=float(fields.get("removal-days", "2")),
    )


def opened(archive: Archive, portal: Portal) -> sqlite3.Connection:
    """Open the database for reading, brought up to date first when no run is under way."""
    db = archive.database()
    try:
        with archive.locked():
            recover(archive, db, portal)
            catch_up(archive, db, portal)
    except LockHeld:
        pass  # A run is under way: what it has filed so far is what there is to read.
    return db


def rebuild(archive: Archive, portal: Portal, workers: int, progress: Progress | None = None) -> None:
    """Make the database anew from the WARC files alone; the old one stays until the new one is whole."""
    if not archive.warcs.is_dir():
        raise SettingsError(f"There are no WARC files at {archive.warcs}. Name the archive with --archive.")
    repair_open_files(archive.warcs)
    target = archive.database_path.with_name("versions.db.rebuild")
    _remove(target)
    with closing(archive.database(target)) as db:
        for path, found in _scanned(archive, workers):
            file_captures(db, path, found, portal)
            if progress:
                progress(path.name)
        catch_up(archive, db, portal, progress)
        db.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        db.execute("PRAGMA journal_mode = DELETE")
    _remove(archive.database_path, keep=archive.database_path)
    target.replace(archive.database_path)


def _scanned(archive: Archive, workers: int) -> Iterator[tuple[Path, Iterable[Capture]]]:
    """Read the WARC files' captures, several files at once when asked to."""
    paths = warc_files(archive)
    if workers <= 1 or len(paths) <= 1:
        yield from ((path, captures_in(path, archive.root)) for path in paths)
        return
    with ProcessPoolExecutor(workers) as pool:
        yield from zip(paths, pool.map(_scan, paths, [archive.root] * len(paths)), strict=True)


def _scan(path: Path, root: Path) -> list[Capture]:
    return list(captures_in(path, root))


def _remove(database: Path, keep: Path | None = None) -> None:
    """Remove a database with its write-ahead files; ``keep`` leaves the database itself for the swap."""
    for suffix in ("", "-wal", "-shm"):
        path = database.with_name(database.name + suffix)
        if path != keep:
            path.unlink(missing_ok=True)
