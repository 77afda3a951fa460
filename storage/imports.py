"""Take WARC files of other tools into the archive, byte for byte, out of WACZ packages too."""

from __future__ import annotations

import hashlib
import os
import re
import zipfile
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import BinaryIO

from storage.archive import Archive
from storage.errors import SettingsError, WarcError
from storage.records import Capture, iso
from storage.warc_index import captures_in
from storage.whole_files import sync_directory

_PIECE = 1 << 20
_EARLIEST = datetime(1990, 1, 1, tzinfo=UTC)
"""There was no web before; dates of nought and of 1970 are what clocks and programs say that know no better."""
_CLOCKS = timedelta(days=1)
"""How far clocks may go ahead."""

# The name of an imported file, with the start of its SHA-256: "import-0123456789abcdef-early.warc.gz".
_NAME = re.compile(r"import-([0-9a-f]{16})-.+")


def as_imported(path: Path) -> bool | None:
    """Say whether an imported WARC file still has the bytes that were imported; None when it is one of our own."""
    named = _NAME.fullmatch(path.name)
    if named is None:
        return None
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest().startswith(named[1])


def taken_in(archive: Archive, source: Path, wanted: Callable[[Capture], bool]) -> Iterator[tuple[Path, bool]]:
    """Copy the WARC files that ``source`` is or holds into ``warc/``; give each one's place and whether it is new.

    A file is named after its own digest, so that the same file taken in twice is there once. One that breaks, or that
    holds no capture which is ``wanted``, is not taken.

    Args:
        archive: Where to.
        source: A ``.warc``, ``.warc.gz`` or ``.wacz`` file.
        wanted: Says of a capture whether it is a reason to take its file.

    Raises:
        SettingsError: It is none of these, breaks, holds a date that cannot be, or holds nothing that is wanted.
    """
    for stale in archive.warcs.glob("*.part"):
        stale.unlink()
    taken = False
    for name, opened in _files(source):
        with opened as file:
            part, digest = _copied(archive, file)
        target = archive.warcs / f"import-{digest[:16]}-{name}"
        try:
            named = f"{source}" if name == source.name else f"{source}: {name}"
            holds = target.exists() or any(wanted(one) for one in _all(part, archive.root, named))
            if holds:
                fresh = not target.exists()
                part.replace(target)
                sync_directory(archive.warcs)
                taken = True
                yield target, fresh
        finally:
            part.unlink(missing_ok=True)
    if not taken:
        raise SettingsError(f"{source} holds no capture of the portal that this archive watches. Nothing was imported.")


def _all(part: Path, root: Path, named: str) -> list[Capture]:
    try:
        found = list(captures_in(part, root))
    except WarcError as error:
        # "warc/import.warc.gz.part, byte 246: ...": the place alone, for the file is not called so.
        place = str(error).removeprefix(f"{part.parent.name}/").removeprefix(f"{part.name}, ")
        raise SettingsError(f"{named} was not imported: {place}") from error
    latest = datetime.now(UTC) + _CLOCKS
    for one in found:
        if not _EARLIEST <= one.captured_at <= latest:
            raise SettingsError(
                f"{named} was not imported: byte {one.evidence.offset:,}: {one.url} is dated {iso(one.captured_at)}, "
                "when nobody can have captured it. Mend the date, or leave that record out."
            )
    return found


def _files(source: Path) -> Iterator[tuple[str, BinaryIO]]:
    """Give the name and the open bytes of every WARC file."""
    if source.name.endswith((".warc", ".warc.gz")):
        yield source.name, source.open("rb")
        return
    if not zipfile.is_zipfile(source):
        raise SettingsError(f"{source} is no WARC file (.warc, .warc.gz) and no WACZ package. Name one that is.")
    with zipfile.ZipFile(source) as package:
        members = [
            one for one in package.namelist() if one.startswith("archive/") and one.endswith((".warc", ".warc.gz"))
        ]
        if not members:
            raise SettingsError(f"{source} is no WACZ package: there are no WARC files below archive/ in it.")
        for member in sorted(members):
            yield Path(member).name, package.open(member)  # type: ignore[misc]  # zipfile's streams are binary


def _copied(archive: Archive, file: BinaryIO) -> tuple[Path, str]:
    """Copy to a name under which nothing reads it yet; give that and the SHA-256 in hex."""
    part, digest = archive.warcs / "import.warc.gz.part", hashlib.sha256()
    with part.open("wb") as target:
        while piece := file.read(_PIECE):
            digest.update(piece)
            target.write(piece)
        target.flush()
        os.fsync(target.fileno())
    return part, digest.hexdigest()
