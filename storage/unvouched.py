"""Files that no manifest vouches for yet: why that is so, and the manifests that are written for them."""

from __future__ import annotations

import hashlib
import re
import sqlite3
from collections.abc import Iterable
from datetime import UTC, datetime
from pathlib import Path

from storage import about, chain_head, strays
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
    found = {one.relative_to(archive.root).as_posix(): one for one in kept_files(archive)}
    present = {name: path for name, path in found.items() if name not in left_out}
    if _is_known(archive, db, present):
        return []
    chain = read(archive)
    known = chain_head.remembered(db)
    gone = {known} - chain.digests.keys() - chain.lost - {None}
    if chain.faults or (gone and not admit):
        return []
    covered = chain.files
    sorter = _Sorter(chain, set(endless), admit=admit)
    for name, path in present.items():
        if name not in covered:
            sorter.take(path)
    lost = sorted(sorter.lost | {one for one in gone if one})
    made: list[Manifest] = []
    for (kind, run), files in sorter.groups.items():
        told = {"id": run} if run else None
        now = datetime.now(UTC)
        one = extend(archive, db, kind, files=files, author=author, at=now, run=told, lost=() if made else lost)
        made += [one] if one else []
    if present.keys() <= covered.keys() | {name for one in made for name in one.files}:
        _remember(db, _mark(head(archive), present))
    return made


def _is_known(archive: Archive, db: sqlite3.Connection, present: Iterable[str]) -> bool:
    """Say whether it is known that every file stands in a manifest, so that not all of these need be read.

    So it is where the files and the head are those of the last time, or there is one manifest more and its files.
    """
    newest, known = head(archive), about.value(db, "vouched")
    now = _mark(newest, present)
    if known == now:
        return True
    if newest is None or known != _marked(newest.content["previous"], set(present) - newest.files.keys()):
        return False
    _remember(db, now)
    return True


def _mark(newest: Manifest | None, present: Iterable[str]) -> str:
    return _marked(newest.digest if newest else None, present)


def _marked(head: str | None, present: Iterable[str]) -> str:
    return hashlib.sha256("\n".join([str(head), *sorted(present)]).encode()).hexdigest()


def _remember(db: sqlite3.Connection, mark: str) -> None:
    with db:
        about.put(db, "vouched", mark)


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
