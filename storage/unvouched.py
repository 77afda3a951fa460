"""Files that no manifest vouches for yet: why that is so, and the manifests that are written for them."""

from __future__ import annotations

import re
import sqlite3
from collections.abc import Iterable
from datetime import UTC, datetime
from pathlib import Path

from storage import chain_head, strays
from storage.archive import Archive
from storage.manifests import NO_HEAD, Author, Chain, Kind, Manifest, extend, head, kept_files, read

# "gochim-20261127051357978-00000-eff618c8.warc.gz.2.tail"
_TAIL = re.compile(r"(.+?\.warc\.gz)(?:\.[0-9]+)?\.tail")


def complete(
    archive: Archive, db: sqlite3.Connection, author: Author, *, endless: Iterable[str] = (), admit: bool = False
) -> list[Manifest]:
    """Write manifests for the files that stand in none; call it under the archive's lock.

    A chain that is broken is left as it is. The warcinfo of a file names the head of the chain that it belongs to. A
    file of another chain, or of one whose manifests are gone, is let in only where a user says so.

    Args:
        archive: The archive; its files are finished and filed.
        db: Its database.
        author: Which program writes them.
        endless: Runs of this archive that nobody saw end.
        admit: Whether files of other chains are let in, and what is lost is noted.

    Raises:
        RunEndedEarly: The disk refuses.
    """
    for torn in archive.manifests.glob("*.tmp"):
        torn.unlink()
    left_out = strays.remembered(archive, db)
    present = [one for one in kept_files(archive) if one.relative_to(archive.root).as_posix() not in left_out]
    newest = head(archive)
    if len(present) == (newest.content["files_so_far"] if newest else 0):
        return []
    chain = read(archive)
    known = chain_head.remembered(db)
    gone = {known} - chain.digests.keys() - chain.lost - {None}
    if chain.faults or (gone and not admit):
        return []
    covered = chain.files
    sorter = _Sorter(chain, set(endless), admit=admit)
    for path in present:
        if path.relative_to(archive.root).as_posix() not in covered:
            sorter.take(path)
    lost = sorted(sorter.lost | {one for one in gone if one})
    made: list[Manifest] = []
    for (kind, run), files in sorter.groups.items():
        told = {"id": run} if run else None
        now = datetime.now(UTC)
        one = extend(archive, db, kind, files=files, author=author, at=now, run=told, lost=() if made else lost)
        made += [one] if one else []
    return made


def is_foreign(archive: Archive, path: Path) -> bool:
    """Say whether a WARC file was put into an archive whose run log does not know it."""
    chain = read(archive)
    return bool(chain.manifests) and path.relative_to(archive.root).as_posix() not in chain.files


class _Sorter:
    """Sorts files that stand in no manifest by why that is so, and by run."""

    def __init__(self, chain: Chain, endless: set[str], *, admit: bool) -> None:
        self._chain = chain
        self._endless = endless
        self._admit = admit
        self.groups: dict[tuple[Kind, str], list[Path]] = {}
        self.lost: set[str] = set()

    def take(self, path: Path) -> None:
        """Put a file where it belongs; one that is not to be let in is left out."""
        tail = _TAIL.fullmatch(path.name)
        base = path.with_name(tail[1]) if tail else path
        if not base.exists():
            self._put("recovered", "", path)
            return
        if base.name.startswith("import-"):
            self._put("imported", "", path)
            return
        named, run = chain_head.named_head(base)
        if run in self._endless or (named == NO_HEAD and not self._chain.manifests) or named in self._chain.digests:
            self._put("recovered", run, path)
        elif named is None:
            self._put("found" if self._chain.manifests else "adopted", "", path)
        elif self._admit:
            self.lost |= {named} - {NO_HEAD}
            self._put("found", "", path)

    def _put(self, kind: Kind, run: str, path: Path) -> None:
        self.groups.setdefault((kind, run), []).append(path)
