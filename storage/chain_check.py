"""Hold the run log against the WARC files: what was altered, taken away, added or put in another's place.

What is wrong is said with the file's name, with what it means and what to do. That the newest manifests are gone can be
seen only by whoever noted the head, in the database or elsewhere.
"""

from __future__ import annotations

import re
import sqlite3
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from storage import chain_head, manifests, strays
from storage.archive import Archive
from storage.command_line import gochim
from storage.errors import SettingsError
from storage.manifests import Chain, Manifest
from storage.records import kst
from storage.whole_files import sha256_of

_RESTORE = "Put the file back from a copy."


def _admit(archive: Archive) -> str:
    known = "If you know how that came about, write it into the run log"
    if archive.read_only:
        return f"{known} where the archive can be written."
    return f"{known} with: {gochim('verify', '--repair')}"


@dataclass(slots=True)
class ChainJudged:
    """How many manifests the run log has, what is wrong with it, what is only to be known; ``notes`` was known before.

    ``altered`` says that files it vouches for are not what they were, or gone.
    """

    manifests: int = 0
    altered: bool = False
    errors: list[str] = field(default_factory=list)
    warnings: list[str] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)


Digests = Mapping[str, tuple[int, str]]
"""Bytes and hex SHA-256 of files that were read already, by their path under the archive."""


def check_chain(
    archive: Archive, db: sqlite3.Connection, noted: str | None = None, digests: Digests | None = None
) -> ChainJudged:
    """Judge the run log.

    Args:
        archive: The archive, under its lock.
        db: Its database.
        noted: A head that was noted elsewhere, ``sha256:`` and hex; the chain must still hold it.
        digests: What is known of files; the others are read.
    """
    chain = manifests.read(archive)
    judged = ChainJudged(len(chain.manifests), errors=list(chain.faults))
    present = {path.relative_to(archive.root).as_posix(): path for path in manifests.kept_files(archive)}
    covered = chain.files
    for one in strays.remembered(archive, db):
        if one not in covered:
            present.pop(one, None)
    judged.errors += _forgotten(archive, db, chain)
    withdrawn = {name: path for name, path in manifests.withdrawn_files(archive).items() if name in covered}
    altered = list(_altered(archive, chain, withdrawn | present, digests or {}))
    judged.altered = bool(altered)
    judged.errors += altered
    uncovered = [path for name, path in present.items() if name not in covered]
    fresh = not chain.manifests and not chain.faults and not judged.errors
    if fresh and all(chain_head.named_head(path)[0] is None for path in uncovered):
        judged.warnings += (
            [f"{archive.root}: has no run log yet; the next run begins one over the files that are there."]
            if uncovered
            else []
        )
    else:
        judged.errors += [_not_vouched_for(archive, path, chain) for path in uncovered]
    judged.errors += _out_of_place(chain, present)
    if chain.lost:
        judged.notes.append(
            f"{archive.manifests}: {len(chain.lost)} manifest{'s' if len(chain.lost) > 1 else ''} that WARC files or "
            "the database name are lost, and the run log says so. Files listed as found are vouched for only since."
        )
    judged.notes += [
        f"{path}: was moved here by hand. The run log vouches for it; what it holds is in the database no more."
        for name, path in sorted(withdrawn.items())
        if name not in present
    ]
    if noted is not None:
        judged.errors += _noted(archive, chain, noted)
    return judged


def files_gone(archive: Archive) -> list[str]:
    """List the files that the run log vouches for and that are not there, by their path under the archive."""
    present = {path.relative_to(archive.root).as_posix() for path in manifests.kept_files(archive)}
    there = present | manifests.withdrawn_files(archive).keys()
    return sorted(name for name in manifests.read(archive).files if name not in there)


def files_of_other_length(archive: Archive) -> list[str]:
    """List the files that are shorter or longer than the run log says, by their path under the archive.

    A file that was cut between two records reads as a whole one.
    """
    present = {path.relative_to(archive.root).as_posix(): path for path in manifests.kept_files(archive)}
    entries = {name: one.files[name] for name, one in manifests.read(archive).files.items()}
    return sorted(
        name for name, path in present.items() if name in entries and path.stat().st_size != entries[name]["bytes"]
    )


def _forgotten(archive: Archive, db: sqlite3.Connection, chain: Chain) -> Iterator[str]:
    """Say that the head which the database remembers is gone."""
    known = chain_head.remembered(db)
    if known and known not in chain.digests and known not in chain.lost and not chain.faults:
        yield (
            f"{archive.manifests}: the newest manifest that was written, {known}, is gone: the end of the history was "
            f"cut off or replaced. Put it back from a copy. {_admit(archive)}"
        )


def _altered(archive: Archive, chain: Chain, present: dict[str, Path], digests: Digests) -> Iterator[str]:
    """Say which files are not what the manifests say they were."""
    seen: dict[str, Manifest] = {}
    for one in chain.manifests:
        for name, entry in one.files.items():
            path = present.get(name)
            if name in seen:
                yield f"{one.path}: lists {name} again, which manifest {seen[name].number} vouches for. {_RESTORE}"
            elif path is None:
                yield (
                    f"{archive.root / name}: is gone, though manifest {one.number} of {kst(one.content['written_at'])} "
                    f"vouches for it: what it held is no longer in the archive. {_RESTORE}"
                )
            elif difference := _difference(path, entry, digests.get(name)):
                yield (
                    f"{path}: {difference}, says manifest {one.number} of {kst(one.content['written_at'])}: bytes of "
                    f"it were changed since, or another file stands in its place. {_RESTORE}"
                )
            seen[name] = one


def _difference(path: Path, entry: dict[str, Any], known: tuple[int, str] | None) -> str:
    size = known[0] if known else path.stat().st_size
    if size != entry["bytes"]:
        return f"has {size:,} bytes and had {entry['bytes']:,}"
    digest = known[1] if known else sha256_of(path)
    return "" if digest == entry["sha256"] else f"has the SHA-256 {digest} and had {entry['sha256']}"


def _not_vouched_for(archive: Archive, path: Path, chain: Chain) -> str:
    named, _ = chain_head.named_head(path)
    if named is None or named == manifests.NO_HEAD or named in chain.digests:
        return f"{path}: no manifest vouches for it: it was put here, or its manifest was taken away. {_admit(archive)}"
    return (
        f"{path}: no manifest vouches for it, and it names one that is not here, {named}: manifests were taken away, "
        f"or the file comes from another archive. {_admit(archive)}"
    )


def _out_of_place(chain: Chain, present: dict[str, Path]) -> Iterator[str]:
    """Say which files of runs were not begun when the run log stood as their manifest says."""
    digests = chain.digests
    for one in chain.manifests:
        if one.kind not in {"run", "recovered"}:
            continue
        for name in one.files:
            path = present.get(name)
            if path is None or name.endswith(".tail"):
                continue
            named, _ = chain_head.named_head(path)
            expected = one.content["previous"] or manifests.NO_HEAD
            early = one.kind == "recovered" and (
                named == manifests.NO_HEAD or digests.get(named or "", one.number) < one.number
            )
            if named is not None and named != expected and not early:
                yield (
                    f"{path}: was begun when the head of the run log was {named}, manifest {one.number} follows "
                    f"{expected}: manifests between were taken away or written anew."
                )


def noted_head(noted: str) -> str:
    """Give a head as the run log writes it, from what somebody noted: as status shows it, or its digits alone.

    Raises:
        SettingsError: It is no head of a run log.
    """
    wanted = noted.strip().lower()
    wanted = wanted if wanted.startswith("sha256:") else f"sha256:{wanted}"
    # "sha256:" and 64 hex digits, as status shows it
    if not re.fullmatch(r"sha256:[0-9a-f]{64}", wanted):
        shown = gochim("status")
        raise SettingsError(f"{noted} is no head of a run log: it is sha256: and 64 digits, as `{shown}` shows it.")
    return wanted


def _noted(archive: Archive, chain: Chain, noted: str) -> Iterator[str]:
    """Say that a head which was noted elsewhere is not in the chain."""
    if noted not in chain.digests:
        yield (
            f"{archive.manifests}: the noted head {noted} is not in the run log: its history was cut off or written "
            "anew after the head was noted. Do not rely on what this archive says of the time before."
        )
