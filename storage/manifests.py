"""The run log: one manifest per run, with the digests of its WARC files and of the manifest before it.

``manifests/000007-0123456789abcdef.json`` is the seventh, named after its own digest. Whoever alters, takes away or
adds a WARC file or a manifest has to alter every later manifest too, up to the newest one's digest, the head of the
chain. WARC files name the head that was in force when they were begun (``chain-head`` in their warcinfo).
"""

from __future__ import annotations

import hashlib
import json
import re
import sqlite3
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from types import NoneType
from typing import Any, Literal

from storage import captures
from storage.archive import Archive, is_named
from storage.errors import RunEndedEarly
from storage.records import canonical_json, is_time, iso
from storage.whole_files import sync_directory, written_whole

FORMAT = "gochim-manifest/1"

CHAIN_HEAD = "chain-head"
"""The warcinfo field that names the head in force when a WARC file's run began, ``none`` where there was none."""

NO_HEAD = "none"

Kind = Literal["run", "recovered", "imported", "adopted", "found"]
"""Why a manifest was written.

- ``run``: a run ended and its files are whole.
- ``recovered``: a run was killed; a later command finished its files.
- ``imported``: files of other tools were taken in.
- ``adopted``: the files were there before the chain began.
- ``found``: the files came in by another way, or what was known of them is lost; a user let them in by ``--repair``.
"""

# "000007-0123456789abcdef.json"
_NAME = re.compile(r"([0-9]{6,})-([0-9a-f]{16})\.json")


@dataclass(frozen=True, slots=True)
class Manifest:
    """A manifest as it stands in ``manifests/``: its number, ``sha256:`` and hex over its bytes, what it says."""

    path: Path
    number: int
    digest: str
    content: dict[str, Any]

    @property
    def kind(self) -> str:
        """Why it was written, one of :data:`Kind`."""
        return str(self.content["kind"])

    @property
    def files(self) -> dict[str, dict[str, Any]]:
        """The files it vouches for, by their path under the archive."""
        return {one["name"]: one for one in self.content["files"]}


@dataclass(frozen=True, slots=True)
class Chain:
    """The manifests in order of number, and in sentences what is wrong with them as a chain."""

    manifests: tuple[Manifest, ...]
    faults: tuple[str, ...]

    @property
    def digests(self) -> dict[str, int]:
        """Each manifest's number by its digest."""
        return {one.digest: one.number for one in self.manifests}

    @property
    def lost(self) -> set[str]:
        """The digests of manifests of which a manifest says that they are lost."""
        return {digest for one in self.manifests for digest in one.content["lost"]}

    @property
    def files(self) -> dict[str, Manifest]:
        """The manifest that vouches for each file, by its path under the archive."""
        return {name: one for one in self.manifests for name in one.files}

    @property
    def runs(self) -> dict[str, dict[str, Any]]:
        """What each run told of itself when it ended, by its id; whoever tells of it once more is not that run."""
        return {one.content["run"]["id"]: one.content["run"] for one in reversed(self.manifests) if one.kind == "run"}


@dataclass(frozen=True, slots=True)
class Author:
    """Which program writes a manifest: its name and version, the digest of the extractor it reads pages with."""

    software: str
    extractor: str


def read(archive: Archive) -> Chain:
    """Read and judge the chain."""
    found: list[Manifest] = []
    faults: list[str] = []
    for path in sorted(archive.manifests.glob("*")) if archive.manifests.is_dir() else []:
        if path.suffix in {".tmp", ".tsr"}:
            continue
        if (named := _NAME.fullmatch(path.name)) is None:
            faults.append(f"{path}: is no manifest of this archive. Move it out of {archive.manifests.name}/.")
            continue
        data = path.read_bytes()
        digest = hashlib.sha256(data).hexdigest()
        content = _content(data)
        if content is None or not digest.startswith(named[2]):
            faults.append(
                f"{path}: was altered after it was written: its SHA-256 is {digest}, its name says {named[2]}... "
                "What it says of its run cannot be relied on. Put the manifest back from a copy."
            )
        elif content["number"] != int(named[1]):
            faults.append(f"{path}: was renamed: it says that it is manifest {content['number']}. Rename it back.")
        else:
            found.append(Manifest(path, int(named[1]), f"sha256:{digest}", content))
    altered = {int(match[1]) for line in faults if (match := re.search(r"([0-9]{6,})-[0-9a-f]{16}\.json: was", line))}
    faults += _breaks(archive, found, altered)
    return Chain(tuple(found), tuple(faults))


_TYPES: Mapping[str, tuple[type, ...]] = {
    "number": (int,), "previous": (str, NoneType), "kind": (str,), "written_at": (str,), "run": (dict, NoneType),
    "files": (list,), "files_so_far": (int,), "lost": (list,),
}  # fmt: skip
"""What a manifest says that is read again, and of which types."""
_OF_A_FILE = {"name": str, "bytes": int, "sha256": str}


def _content(data: bytes) -> dict[str, Any] | None:
    """Read a manifest's bytes; None where they are not what this module writes."""
    try:
        content = json.loads(data)
        typed = all(isinstance(content[name], types) for name, types in _TYPES.items())
        files = all({name: type(value) for name, value in one.items()} == _OF_A_FILE for one in content["files"])
        named = all(isinstance(one, str) for one in content["lost"])
        named = named and (content["kind"] != "run" or isinstance(content["run"]["id"], str))
        typed = typed and is_time(content["written_at"])
        if content["format"] == FORMAT and typed and files and named and data == canonical_json(content) + b"\n":
            return dict(content)
    except (ValueError, KeyError, TypeError, AttributeError, RecursionError):
        pass
    return None


def _breaks(archive: Archive, found: list[Manifest], altered: set[int]) -> list[str]:
    """Say where one manifest does not follow from the one before it."""
    faults: list[str] = []
    before: Manifest | None = None
    for one in found:
        number = before.number if before else 0
        # Not as a list of all numbers between: whoever writes a manifest gives it any.
        between = range(number + 1, one.number)
        first = next((missing for missing in between if missing not in altered), None)
        if first is not None:
            last = next(missing for missing in reversed(between) if missing not in altered)
            many = first != last
            faults.append(
                f"{archive.manifests}: manifest{'s' if many else ''} {f'{first} to {last}' if many else first} before "
                f"{one.path.name} {'are' if many else 'is'} missing: the history of the archive was cut. "
                f"Put {'them' if many else 'it'} back from a copy."
            )
        elif one.number <= number:
            faults.append(f"{one.path}: was added: there is another manifest {one.number}. One of the two is not true.")
        elif one.number == number + 1 and one.content["previous"] != (before.digest if before else None):
            faults.append(
                f"{one.path}: does not follow manifest {number}: it names {one.content['previous']} as the one before "
                "it. One of the two is not the one that was written. Put both back from a copy."
            )
        before = one
    return faults


def head(archive: Archive) -> Manifest | None:
    """Give the newest manifest that is as it was written, None where there is none."""
    for path in reversed(_named(archive)):
        data = path.read_bytes()
        digest, content = hashlib.sha256(data).hexdigest(), _content(data)
        if content is not None and path.name == f"{content['number']:06d}-{digest[:16]}.json":
            return Manifest(path, content["number"], f"sha256:{digest}", content)
    return None


def _named(archive: Archive) -> list[Path]:
    """List the files that are named as manifests are, in order of number."""
    return sorted((one for one in archive.manifests.glob("*.json") if _NAME.fullmatch(one.name)), key=_name)


def _name(path: Path) -> str:
    """Give what files of one directory are sorted by: whole paths take three times as long to compare."""
    return path.name


def kept_files(archive: Archive) -> list[Path]:
    """List what manifests vouch for: finished WARC files, and what repairs set aside of them."""
    ends = (".warc", ".warc.gz", ".tail")
    found = (one for one in archive.warcs.glob("*.warc*") if one.name.endswith(ends) and is_named(one))
    return sorted(found, key=_name)


def withdrawn_files(archive: Archive) -> dict[str, Path]:
    """Give the WARC files that a person has moved into ``withdrawn/``, by the path that manifests name them by."""
    found = archive.withdrawn.glob("*.warc*") if archive.withdrawn.is_dir() else ()
    return {(archive.warcs / one.name).relative_to(archive.root).as_posix(): one for one in found if is_named(one)}


def extend(  # noqa: PLR0913  # each is one fact that the manifest states, all but three by name
    archive: Archive,
    db: sqlite3.Connection,
    kind: Kind,
    *,
    files: Iterable[Path],
    author: Author,
    at: datetime,
    run: Mapping[str, Any] | None = None,
    settings: str | None = None,
    lost: Iterable[str] = (),
) -> Manifest | None:
    """Write the next manifest, whole or not at all, and force it to the disk; call it under the archive's lock.

    Returns:
        The manifest; None where the newest one was altered: nothing can follow it, and ``verify`` says so.

    Raises:
        RunEndedEarly: The disk refuses; the next command writes it.
    """
    before = head(archive)
    if (named := _named(archive)) and (before is None or named[-1] != before.path):
        return None
    number = before.number + 1 if before else 1
    try:
        listed = [_entry(path, archive) for path in files]
        content = {
            "format": FORMAT,
            "number": number,
            "previous": before.digest if before else None,
            "kind": kind,
            "written_at": iso(at),
            "software": author.software,
            "extractor": author.extractor,
            "run": dict(run) if run else None,
            "settings": settings,
            "captures": captures.held(db, [one["name"] for one in listed]),
            "files": listed,
            "files_so_far": (before.content["files_so_far"] if before else 0) + len(listed),
            "lost": sorted(lost),
        }
        data = canonical_json(content) + b"\n"
        digest = hashlib.sha256(data).hexdigest()
        path = archive.manifests / f"{number:06d}-{digest[:16]}.json"
        _write(path, data)
    except OSError as error:
        raise RunEndedEarly(
            f"The manifest of the run cannot be written ({error.strerror or error}). All that was captured is kept; "
            "make room or mend the disk, then run the same command again."
        ) from error
    return Manifest(path, number, f"sha256:{digest}", content)


def _entry(path: Path, archive: Archive) -> dict[str, Any]:
    with path.open("rb") as file:
        digest = hashlib.file_digest(file, "sha256").hexdigest()
        return {"name": path.relative_to(archive.root).as_posix(), "bytes": file.tell(), "sha256": digest}


def _write(path: Path, data: bytes) -> None:
    if not path.parent.is_dir():
        path.parent.mkdir()
        sync_directory(path.parent.parent)
    with written_whole(path) as file:
        file.write(data)
