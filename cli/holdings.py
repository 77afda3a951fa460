"""What WARC files hold, read by one process, by several or by a cluster, and filed: their captures and runs."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import closing
from dataclasses import replace
from datetime import datetime
from functools import partial
from itertools import groupby
from operator import attrgetter
from pathlib import Path

from cli.workers import Desk, Workers, alone
from crawler.heard import Heard
from crawler.holding import Holding, holding, nothing_of
from crawler.layouts import extractor
from crawler.portal import Portal, placed
from storage import (
    capture_rows,
    judgements,
    looks,
    repeats,
    runs,
    site_changes,
)
from storage.archive import Archive
from storage.cdxj import index_directory, parts_of, write_index
from storage.command_line import gochim
from storage.elsewhere import from_anywhere
from storage.errors import SettingsError, WarcError
from storage.imports import is_imported
from storage.records import Capture, Run
from storage.strays import is_foreign, unreadable
from storage.warc_index import run_of


def index(db: sqlite3.Connection, path: Path, archive: Archive, portal: Portal) -> None:
    """File the run and the captures of one WARC file, and make its index."""
    with alone(archive, db, portal) as readers:
        for _, held in each(readers, [path]):
            file_captures(db, path, held.captures, portal, held.infos)


def each(
    readers: Workers,
    paths: Sequence[Path],
    cluster: str | None = None,
    left_out: Callable[[Path, str], None] | None = None,
    *,
    salvage: bool = False,
) -> Iterator[tuple[Path, Holding]]:
    """Read WARC files, and make their indexes; give each file with what it holds, in their order.

    Args:
        readers: The processes of this machine that read, unless ``cluster`` does.
        paths: Finished files of the archive that the readers sit before.
        cluster: The address of a Dask scheduler.
        left_out: Takes a file that cannot be read, or not to its end, and why, as the end of a sentence; all others are
            given.
        salvage: Whether to read around what is damaged instead.

    Raises:
        WarcError: One of them breaks off, and ``left_out`` is None; those before it have been given.
        SettingsError: The cluster reads pages with other code than this.
    """
    if cluster is None or not paths:
        yield from _taken(
            readers.desk, zip(paths, readers.each(_salvage if salvage else _scan, paths), strict=True), left_out
        )
        return
    from cli.cluster import Cluster  # Dask takes a second to load, and few have it.

    unopened = {} if readers.desk.archive.read_only else {path: why for path in paths if (why := unreadable(path))}
    with Cluster(cluster) as workers:
        root = from_anywhere(readers.desk.archive.root)
        task = partial(holding, root=root, portal=readers.desk.portal, salvage=salvage)
        found = workers.each(task, (from_anywhere(path) for path in paths if path not in unopened))
        held = (nothing_of(unopened[path], salvage=salvage) if path in unopened else next(found) for path in paths)
        yield from _taken(readers.desk, zip(paths, held, strict=True), left_out)


def _scan(desk: Desk, path: Path) -> Holding:
    """Read a WARC file in a process of this machine, and make its index there; of one at hand, no payload."""
    if not desk.archive.read_only and (why := unreadable(path)):
        return nothing_of(why, salvage=False)
    held = holding(path, desk.archive.root, desk.portal if desk.archive.read_only else None)
    if not held.fault:
        write_index(path, desk.archive, held.lines)
    return replace(held, lines=None)


def _salvage(desk: Desk, path: Path) -> Holding:
    """Read what is left of a WARC file, and make its index where it is whole."""
    if not desk.archive.read_only and (why := unreadable(path)):
        return nothing_of(why, salvage=True)
    portal = desk.portal if desk.archive.read_only else None
    held = holding(path, desk.archive.root, portal, salvage=True)
    if held.fault or held.damages:
        return held
    write_index(path, desk.archive, held.lines)
    return replace(held, lines=None)


def _taken(
    desk: Desk, found: Iterable[tuple[Path, Holding]], left_out: Callable[[Path, str], None] | None = None
) -> Iterator[tuple[Path, Holding]]:
    """Keep what the files say beside the database, for the second pass to read, and make the indexes still missing."""
    heard = Heard(Heard.path_beside(desk.database))
    with closing(heard):
        for path, held in found:
            fault = held.fault
            if held.damages and is_foreign(desk.archive, path):  # of these, only whole ones are let in
                fault = f"byte {held.damages[0].start:,}: {held.damages[0].reason}"
            if fault:
                if left_out is None:
                    raise WarcError(f"{path.name}: {fault}. Run `{gochim('verify')}` to see what is affected.")
                left_out(path, fault)
                continue
            if held.extractor != extractor():
                raise SettingsError(
                    f"{path.name} was read by another gochim than this: its pages would be read otherwise. Install the "
                    "same gochim for the cluster's workers as here."
                )
            # The index of a file that was whole tells what its damaged stretches held.
            if held.lines is not None and not (held.damages and parts_of(index_directory(desk.archive), path.name)):
                write_index(path, desk.archive, held.lines)
            if held.said:
                heard.keep(held.said)
            yield path, held


def file_captures(
    db: sqlite3.Connection,
    path: Path,
    found: Iterable[Capture],
    portal: Portal,
    infos: Sequence[Mapping[str, str]],
) -> None:
    """File captures that were read from a WARC file, with the runs they belong to.

    A look is read together with what its run fetched beside it, so looks that were read before all of that was filed
    are read again. ``infos`` are the fields of the file's warcinfo records, each of which tells of its own run.
    """
    told: dict[str, Mapping[str, str]] = {}
    for fields in infos:
        told.setdefault(run_of(fields, path.name), fields)
    reached: dict[str, tuple[datetime, datetime]] = {}
    fresh: set[str] = set()
    with db:
        # Those of one run are filed at once: what they have in common is asked for once.
        for run, of_run in groupby(found, attrgetter("run")):
            captures = list(of_run)
            if not runs.known(db, run):
                runs.add(db, _run(captures[0], told.get(run, {}), portal))
            times = [one.captured_at for one in captures]
            first, last = reached.get(run, (times[0], times[0]))
            reached[run] = min(first, *times), max(last, *times)
            fresh |= capture_rows.add(db, [placed(one, portal) for one in captures])
        for run, (first, last) in reached.items():
            runs.reach(db, run, first, last)
        resolved = repeats.resolve(db, f"warc/{path.name}")
        for run in fresh | resolved:
            looks.read_run_again(db, run)
        for run in reached.keys() | fresh | resolved:
            judgements.judge_from(db, run)
        # Whether edits are held is said by who keeps this archive, and by no file that came in from elsewhere.
        for fields in () if is_imported(path) else infos:
            site_changes.say(db, fields)


_MOST_TOLD = 1e6
"""The largest number of a removal rule that a foreign warcinfo is believed."""


def _run(capture: Capture, fields: Mapping[str, str], portal: Portal) -> Run:
    """Say what a WARC file tells of its run; a foreign file's removals follow the default rule."""
    return Run(
        run=capture.run,
        started_at=capture.captured_at,
        ended_at=capture.captured_at,
        portal=fields.get("portal", portal.base),
        software=fields.get("software", "unknown"),
        removal_checks=int(_number(fields, "removal-checks", 3)) or 3,
        removal_days=_number(fields, "removal-days", 2),
    )


def _number(fields: Mapping[str, str], name: str, otherwise: float) -> float:
    """Read a number out of a warcinfo, which anybody may have written."""
    try:
        told = float(fields.get(name, otherwise))
    except ValueError:
        return otherwise
    return told if 0 <= told <= _MOST_TOLD else otherwise
