"""Take WARC files of other tools into the archive, byte for byte, out of WACZ packages too."""

from __future__ import annotations

import hashlib
import os
import re
import zipfile
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from datetime import UTC, datetime, timedelta
from functools import partial
from pathlib import Path
from typing import IO

from storage.archive import Archive
from storage.errors import SettingsError
from storage.magic import DAMAGED_MEMBER
from storage.records import Capture, iso
from storage.warc_index import captures_in
from storage.warc_scan import DamagedWarcError
from storage.whole_files import sha256_of, sync_directory

_PIECE = 1 << 20
_LONGEST = 180
"""Bytes of the name that an imported file had, which are kept; file systems take 255 in all."""
_DEEPEST = 3
"""Packages around a package: the format has one, and each has to be sought through for the next."""
_WARC = (".warc", ".warc.gz")
# crawl.arc, crawl.arc.gz
_ARC = re.compile(r"\.arc(\.gz)?$")
_NOT_UNPACKED: tuple[type[Exception], ...] = (*DAMAGED_MEMBER, RuntimeError)
_EARLIEST = datetime(1990, 1, 1, tzinfo=UTC)
"""There was no web before; earlier dates, 1970 above all, come from clocks and programs that do not know the time."""
_CLOCKS = timedelta(minutes=10)
"""How far clocks may go ahead."""

# The name of an imported file, with the start of its SHA-256: "import-0123456789abcdef-early.warc.gz".
_NAME = re.compile(r"import-([0-9a-f]{16})-.+")


def is_imported(path: Path) -> bool:
    """Say whether a WARC file was imported: what others wrote tells what they saw, and speaks for nobody here."""
    return _NAME.fullmatch(path.name) is not None


def as_imported(path: Path) -> bool | None:
    """Say whether an imported WARC file still has the bytes that were imported; None when it is one of our own."""
    named = _NAME.fullmatch(path.name)
    if named is None:
        return None
    return sha256_of(path).startswith(named[1])


def taken_in(
    archive: Archive, source: Path, wanted: Callable[[Capture], bool], refused: Callable[[Capture], str | None]
) -> Iterator[tuple[Path, bool]]:
    """Copy the WARC files that ``source`` is or holds into ``warc/``; give each one's place and whether it is new.

    A file is named after its own digest, so that the same file taken in twice is there once, whatever it is called. One
    that breaks, or that holds no capture which is ``wanted``, is not taken.

    Args:
        archive: Where to.
        source: A ``.warc``, ``.warc.gz`` or ``.wacz`` file.
        wanted: Says of a capture whether it is a reason to take its file.
        refused: Says of a capture why no file that holds it is taken; None where nothing is to be said against it.

    Raises:
        SettingsError: It is none of these, breaks, holds a date that cannot be, something that is refused, or nothing
            that is wanted.
    """
    taken = False
    part = archive.warcs / "import.warc.gz.part"
    part.unlink(missing_ok=True)
    for name, named, opened in _files(source):
        try:
            target = _place(archive, _copied(part, named, opened), name)
            if target.exists() or any(wanted(one) for one in _all(part, archive.root, named, refused)):
                fresh = not target.exists()
                part.replace(target)
                sync_directory(archive.warcs)
                taken = True
                yield target, fresh
        finally:
            part.unlink(missing_ok=True)
    if not taken:
        raise SettingsError(
            f"{source} holds no capture of the portal that this archive watches. It was not imported. Name an archive "
            "of its portal with --archive."
        )


def _place(archive: Archive, digest: str, name: str) -> Path:
    """Give where the file with a SHA-256 stands, whatever it was called then, or is to stand.

    One of the archive's own, as its own package holds it, stands under its own name.
    """
    own = archive.warcs / name
    # A package's member may have a longer name than a disk takes, of which Path.is_file asks in vain until Python 3.14.
    if os.path.isfile(own) and sha256_of(own) == digest:  # noqa: PTH113
        return own
    begins = f"import-{digest[:16]}-"
    standing = sorted(one for one in archive.warcs.glob(f"{begins}*") if one.name.endswith(_WARC))
    return standing[0] if standing else archive.warcs / f"{begins}{_plain(name.removeprefix(begins))}"


def _plain(name: str) -> str:
    """Give a file's name without what a terminal would obey, and short enough for what is put before and behind it."""
    ending = next(one for one in reversed(_WARC) if name.endswith(one))
    stem = "".join(one if one.isprintable() else "-" for one in name.removesuffix(ending))
    return stem.encode()[:_LONGEST].decode(errors="ignore") + ending


def _all(part: Path, root: Path, named: str, refused: Callable[[Capture], str | None]) -> list[Capture]:
    try:
        found = list(captures_in(part, root))
    except DamagedWarcError as error:
        raise SettingsError(f"{named} was not imported: {error.within}. Get or make the file anew.") from error
    latest = datetime.now(UTC) + _CLOCKS
    by_id: dict[str, tuple[object, ...]] = {}
    for one in found:
        says = (one.url, one.captured_at, one.payload_sha256)
        if by_id.setdefault(one.evidence.record_id, says) != says:
            raise SettingsError(
                f"{named} was not imported: byte {one.evidence.offset:,}: its id, {one.evidence.record_id}, is that of "
                "another record before it, so that neither could be told from the other. Get the file anew."
            )
        if not _EARLIEST <= one.captured_at <= latest:
            raise SettingsError(
                f"{named} was not imported: byte {one.evidence.offset:,}: {one.url} is dated {iso(one.captured_at)}, "
                "when nobody can have captured it. Mend the date, or leave that record out."
            )
        if why := refused(one):
            raise SettingsError(f"{named} was not imported: byte {one.evidence.offset:,}: {why}")
    return found


_Opened = Callable[[], AbstractContextManager[IO[bytes]]]


def _files(source: Path) -> Iterator[tuple[str, str, _Opened]]:
    """Give every WARC file's name, what to call it in a message, and how to open it."""
    if source.name.endswith(_WARC):
        yield source.name, str(source), lambda: source.open("rb")
    elif _is_package(source):
        with _unpacking(str(source)), zipfile.ZipFile(source) as package:
            empty = True
            for found in _members(package, str(source), _DEEPEST):
                empty = False
                yield found
            if empty:
                raise SettingsError(f"{source} is no WACZ package: there are no WARC files below archive/ in it.")
    else:
        raise SettingsError(f"{source} is no WARC file (.warc, .warc.gz) and no WACZ package. {_advice(source)}")


def _is_package(source: Path) -> bool:
    """Say whether a file is or was a package: zipfile knows none that is cut off, nor one whose list is damaged."""
    with source.open("rb") as file:
        return file.read(4) == b"PK\x03\x04" or zipfile.is_zipfile(file)


def _members(package: zipfile.ZipFile, named: str, deeper: int) -> Iterator[tuple[str, str, _Opened]]:
    """Give the WARC files of a package, and those of the packages in it where it is made of packages (multi-WACZ).

    Raises:
        SettingsError: A package stands within more than ``deeper`` others, or cannot be had.
    """
    for member in sorted(package.namelist()):
        name = Path(member).name
        if member.startswith("archive/") and member.endswith(_WARC):
            yield name, f"{named}: {name}", partial(package.open, member)
        elif member.endswith(".wacz"):
            if not deeper:
                raise SettingsError(
                    f"{named} was not imported: packages stand within packages more than {_DEEPEST} deep. Take out the "
                    "one that you want, and import that."
                )
            with _unpacking(f"{named}: {name}"), package.open(member) as inner, zipfile.ZipFile(inner) as held:
                yield from _members(held, f"{named}: {name}", deeper - 1)


def _advice(source: Path) -> str:
    """Say what can be done about a file that is neither."""
    if _ARC.search(source.name):
        return "Of an ARC file `warcio recompress` makes a WARC file (.warc.gz): import that."
    if source.name.endswith(".zst"):
        return "Unpack it (`zstd -d`), and import the .warc file."
    if source.name.endswith(".open"):
        return "Its program has not ended it: import it when it has, under its own name."
    return "Name one that is."


@contextmanager
def _unpacking(named: str) -> Iterator[None]:
    """Say which file of a package cannot be had.

    Raises:
        SettingsError: The package is damaged there, or its file is encrypted or packed in an unknown way.
    """
    try:
        yield
    except _NOT_UNPACKED as error:
        raise SettingsError(
            f"{named} was not imported: it cannot be unpacked ({error}). Get the package anew."
        ) from error


def _copied(part: Path, named: str, opened: _Opened) -> str:
    """Copy to a name under which nothing reads it yet; give the SHA-256 in hex."""
    digest = hashlib.sha256()
    with part.open("wb") as target, _unpacking(named), opened() as file:
        while piece := file.read(_PIECE):
            digest.update(piece)
            target.write(piece)
        target.flush()
        os.fsync(target.fileno())
    return digest.hexdigest()
