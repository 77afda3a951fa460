"""The second pass over an archive: recover, read, file, compare.

Everything right of the WARC files is brought up to date here, by every command in the same way, so that a run that
was killed, a plain ``scrapy crawl`` and a rebuild all end in the same database.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Iterable, Iterator, Mapping
from concurrent.futures import ProcessPoolExecutor
from contextlib import closing, contextmanager, suppress
from datetime import datetime
from functools import partial
from pathlib import Path

from crawler.documents.text import ASIDES
from crawler.extract import Extractor
from crawler.judging import Judge
from crawler.layouts import extractor
from crawler.portal import Portal, placed
from crawler.signals import read_signals
from crawler.watch import software
from diffing.agreement import disagreements
from storage import (
    capture_rows,
    captures,
    chain_head,
    changes,
    contents,
    documents,
    findings,
    judgements,
    looks,
    manifests,
    runs,
    search,
    signals,
    site_changes,
    states,
    unvouched,
    versions,
)
from storage.archive import Archive
from storage.cdxj import index_directory, write_index
from storage.errors import ArchiveDisagrees, LockHeld, RunEndedEarly, SettingsError
from storage.records import Capture, Run, Version
from storage.warc_index import captures_in, run_fields
from storage.warc_repair import Repaired, repair_open_files

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
        raise RunEndedEarly(
            f"The database cannot be written ({error}). The WARC files hold all that was captured; "
            "make room or mend the disk, then run the same command again."
        ) from error
    except sqlite3.DatabaseError as error:
        raise ArchiveDisagrees(f"The database is damaged ({error}). Make it anew with: gochim rebuild") from error


@_saying_why()
def catch_up(archive: Archive, db: sqlite3.Connection, portal: Portal, progress: Progress | None = None) -> list[str]:
    """Read and file all captures that are not filed yet, judge the runs, compare; give the changes never told before.

    Runs are judged between filing and comparing: whether an absence counts, only the whole run can tell. What a killed
    pass had filed stays marked, and is judged and compared by the next.
    """
    told = {row["id"] for row in db.execute("SELECT id FROM changes")}
    read_signals(archive, db, portal)
    Extractor(archive, db, portal).catch_up(partial(progress, "articles read") if progress else None)
    Judge(archive, db, portal).catch_up()
    if site_changes.looks_from(db) is not None:
        # The differ takes a quarter of a second to load, which a command that finds nothing new does not need.
        from cli import drift

        drift.catch_up(db)
    found: list[str] = []
    waiting = judgements.to_compare(db)
    for article, anew in waiting:
        with db:
            found += _compare(db, article, anew=anew)
        if progress:
            progress("articles compared", article, len(waiting))
    search.complete(db)
    contents.remember_digest(db)
    return [change for change in found if change not in told]


def _compare(db: sqlite3.Connection, article: str, *, anew: bool) -> list[str]:
    """File the changes and states of an article; give the ids of the changes filed."""
    # Loaded here alone, as in ``catch_up``.
    from cli.drift import held_parts
    from diffing.detect import changes as detect
    from diffing.states import states as states_of

    numbered = {version.version: version for version in versions.versions(db, article)}
    held = held_parts(db, article, numbered)
    if anew or held:  # Steps that are held are no changes: how many are filed does not tell which are known.
        changes.take_back(db, article)
    checks = versions.checks(db, article, turning=True)
    known = changes.count_of(db, article)
    texts, answers = partial(documents.blocks_of, db), signals.told(db, article)
    found = list(detect(checks, numbered, known, texts, answers, held))
    for change in found:
        changes.add(db, change)
    states.put(db, article, states_of(checks, numbered))
    _judge_files(db, list(numbered.values()))
    judgements.compared(db, article)
    return [change.id for change in found]


def _judge_files(db: sqlite3.Connection, states: list[Version]) -> None:
    """Find where the body of each new version disagrees with what its files say."""
    if not states:
        return
    findings.forget(db, states[0].article.article, max(version.version for version in states))
    for version in findings.unjudged(db, states):
        found = []
        for one in version.article.attachments:
            if one.text_sha256 is None or one.file_id == version.article.body_file:
                continue
            blocks = documents.blocks_of(db, one.sha256 or "") or ()
            text = [block for block in blocks if not block.text.startswith(ASIDES)]
            found += [(two.kind, one.file_id, two.detail) for two in disagreements(version.article.body, text)]
        findings.put(db, version, found)


@_saying_why()
def recover(archive: Archive, db: sqlite3.Connection, portal: Portal) -> list[Repaired]:
    """Repair what a killed run left behind, and file the captures whose rows were lost.

    A run without an end was killed or failed, and any row of it may be missing: all its files are read again. It gets
    its end only after that, so that a recovery which is itself killed is done again.
    """
    repaired = repair_open_files(archive.warcs)
    _remove(_unfinished_rebuild(archive))
    for torn in index_directory(archive).glob("*.tmp"):
        torn.unlink()
    names = {f"warc/{one.path.name}" for one in repaired if one.path is not None}
    endless = runs.endless(db)
    names |= captures.files(db, endless)
    filed = captures.files(db)
    for path in warc_files(archive):
        name = path.relative_to(archive.root).as_posix()
        if name in names or name not in filed:
            index(db, path, archive, portal)
    vouch(archive, db, endless=endless)
    with db:
        runs.end_killed(db, endless)
    return repaired


def vouch(
    archive: Archive, db: sqlite3.Connection, *, endless: Iterable[str] = (), admit: bool = False
) -> list[manifests.Manifest]:
    """Let the run log vouch for files that stand in no manifest, for those of another chain where ``admit`` says so."""
    made = unvouched.complete(archive, db, _author(), endless=endless, admit=admit)
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
    file_captures(db, path, captures_in(path, archive.root), portal)
    write_index(path, archive)


def file_captures(db: sqlite3.Connection, path: Path, found: Iterable[Capture], portal: Portal) -> None:
    """File captures that were read from a WARC file, with the runs they belong to.

    A look is read together with what its run fetched beside it, so looks that were read before all of that was filed
    are read again.
    """
    fields = run_fields(path)
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


@_saying_why()
def rebuild(archive: Archive, portal: Portal, workers: int, progress: Progress | None = None) -> None:
    """Make the database anew from the WARC files alone; the old one stays until the new one is whole."""
    if not archive.warcs.is_dir():
        raise SettingsError(f"There are no WARC files at {archive.warcs}. Name the archive with --archive.")
    repair_open_files(archive.warcs)
    target = _unfinished_rebuild(archive)
    _remove(target)
    files = len(warc_files(archive))
    with closing(archive.database(target)) as db:
        for path, found in _scanned(archive, workers):
            file_captures(db, path, found, portal)
            write_index(path, archive)
            if progress:
                progress("WARC files", path.name, files)
        with db:
            chain_head.keep_memory(db, archive.database_path)
        vouch(archive, db)
        catch_up(archive, db, portal, progress)
        db.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        db.execute("PRAGMA journal_mode = DELETE")
    _swap(target, archive.database_path)


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
    """Remove a database with what SQLite keeps beside it; ``keep`` leaves the database itself for the swap."""
    for suffix in ("", "-wal", "-shm", "-journal"):
        path = database.with_name(database.name + suffix)
        if path != keep:
            path.unlink(missing_ok=True)
