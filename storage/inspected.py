"""What a verification asks of one WARC file; no other file and no database is read, so it can be asked anywhere."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from storage.cdxj import cdxj_of
from storage.elsewhere import near
from storage.imports import as_imported
from storage.records import Capture
from storage.warc_check import Checked, checked
from storage.warc_index import captures_in
from storage.warc_scan import DamagedWarcError
from storage.whole_files import sha256_of


@dataclass(frozen=True, slots=True)
class Inspected:
    """A WARC file as it stands.

    ``imported`` says whether an imported file has the bytes that were imported, None of our own; ``captures`` are
    those before ``fault``, which says where and why it cannot be read on; ``lines`` are those that its index should
    have, None where it breaks; ``infos`` are the fields of its warcinfo records, ``said`` is what was heard of its
    payloads where that was asked.
    """

    checked: Checked
    imported: bool | None
    size: int
    sha256: str
    captures: list[Capture]
    fault: str
    lines: list[str] | None
    infos: list[Mapping[str, str]] = field(default_factory=list)
    said: list[Any] = field(default_factory=list)


Hear = Callable[[list[Capture], Path], list[Any]]
"""Reads the payloads of captures; the path is the directory above the file in which they stand."""


def inspected(path: Path, root: Path, hear: Hear | None = None) -> Inspected:
    """Read a WARC file in every way that verifying needs.

    Args:
        path: The file.
        root: The archive's directory, of this machine or elsewhere.
        hear: Reads the payloads of a whole file, too.
    """
    with near(path, root) as (here, above):
        found: list[Capture] = []
        infos: list[Mapping[str, str]] = []
        fault = ""
        try:
            found.extend(captures_in(here, above, infos))
        except DamagedWarcError as error:
            fault = error.within
        lines = None if fault else cdxj_of(here, above, found)
        said = hear(found, above) if hear and not fault else []
        size, digest = here.stat().st_size, sha256_of(here)
        return Inspected(checked(here), as_imported(here), size, digest, found, fault, lines, infos, said)
