"""Files in ``warc/`` that are no part of the archive: what is no WARC file, and what cannot be read as one.

A download that was cut short, an editor's backup, a link to a disk that is not there: someone put them there, and no
command is to fail for them. They are left out, and said, until they are taken away or are whole. So is a damaged file
of the archive's own where the database was lost: what else there is can be read, but archive and database disagree.
"""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path

from storage import about, manifests
from storage.archive import Archive, is_named
from storage.command_line import gochim
from storage.records import canonical_json

_KNOWN = (".warc", ".warc.gz", ".warc.gz.open", ".tail", ".warc.gz.part")
"""How the files end that gochim writes: finished, open, set aside by a repair, being imported."""


def unreadable(path: Path) -> str:
    """Say why a file cannot be opened, or that it is empty; nothing where it can be read."""
    try:
        with path.open("rb") as file:
            return "" if file.read(1) else "it is empty"
    except OSError as error:
        return str(error.strerror or error)


def remember(archive: Archive, db: sqlite3.Connection, found: Mapping[Path, str]) -> None:
    """Keep which WARC files cannot be read and why, beside those known that stand as they stood.

    Args:
        archive: The archive.
        db: Its database, in a transaction of the caller's.
        found: Files found unreadable just now, and why, as the end of a sentence.
    """
    kept = {name: known for name, known in _all(db).items() if _print(archive.root / name) == known[0]}
    new = {path.relative_to(archive.root).as_posix(): [_print(path), why] for path, why in found.items()}
    about.put(db, "strays", canonical_json({**kept, **new}).decode())


def remembered(archive: Archive, db: sqlite3.Connection) -> dict[str, str]:
    """Give the WARC files that were found unreadable and stand as they stood then, by their path, and why."""
    return {name: why for name, (mark, why) in sorted(_all(db).items()) if _print(archive.root / name) == mark}


def is_foreign(archive: Archive, path: Path) -> bool:
    """Say whether a WARC file was put into an archive whose run log does not know it."""
    name = path.relative_to(archive.root).as_posix()
    return name in _foreign(archive, [name])


def of_its_own(archive: Archive, db: sqlite3.Connection) -> bool:
    """Say whether a file is left out that is the archive's own: the database lacks what it held."""
    left_out = remembered(archive, db)
    return bool(left_out.keys() - _foreign(archive, left_out))


def from_what_is_left() -> str:
    """Say what to do about a file of the archive's own of which a part cannot be read."""
    return f"Put back a copy of the file, or make the database from what is left with: {gochim('rebuild', '--salvage')}"


def sentences(archive: Archive, db: sqlite3.Connection) -> Iterator[str]:
    """Say which WARC files are left out."""
    left_out = remembered(archive, db)
    foreign = _foreign(archive, left_out)
    for name, why in left_out.items():
        then = "Put a whole copy in its place, or move it away." if name in foreign else from_what_is_left()
        yield f"{archive.root / name} cannot be read and is left out ({why}). {then}"


def others(archive: Archive) -> Iterator[str]:
    """Say which files in ``warc/`` are no WARC files by their names."""
    for path in sorted(archive.warcs.glob("*")):
        if not is_named(path):
            yield f"{path} has a name that is not UTF-8, and is not read. Rename it."
        elif not path.name.endswith(_KNOWN):
            yield f"{path} is no file of an archive and is not read. Move it away."


def _foreign(archive: Archive, names: Iterable[str]) -> set[str]:
    """Give those of some WARC files that the run log does not know; where there is no run log, none is foreign."""
    wanted = set(names)
    chain = manifests.read(archive) if wanted else None
    return wanted - chain.files.keys() if chain and chain.manifests else set()


def _all(db: sqlite3.Connection) -> dict[str, tuple[list[int] | None, str]]:
    kept = about.value(db, "strays")
    return {name: (mark, why) for name, (mark, why) in json.loads(kept).items()} if kept else {}


def _print(path: Path) -> list[int] | None:
    """Give what tells that a file is not what it was; None for one that is not there, or is a link to nothing."""
    try:
        stat = path.stat()
    except OSError:
        return [0, 0] if path.is_symlink() else None
    return [stat.st_size, int(stat.st_mtime)]
