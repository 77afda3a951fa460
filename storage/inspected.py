"""What a verification asks of one WARC file; no other file and no database is read, so it can be asked anywhere."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from storage.cdxj import cdxj_of
from storage.elsewhere import near
from storage.errors import WarcError
from storage.imports import as_imported
from storage.records import Capture
from storage.warc_check import Checked, checked
from storage.warc_index import captures_in
from storage.whole_files import sha256_of


@dataclass(frozen=True, slots=True)
class Inspected:
    """A WARC file as it stands.

    ``imported`` says whether an imported file has the bytes that were imported, None of our own; ``captures`` are those
    before ``fault``, where it cannot be read on; ``lines`` are those that its index should have, None where it breaks.
    """

    checked: Checked
    imported: bool | None
    size: int
    sha256: str
    captures: list[Capture]
    fault: str
    lines: list[str] | None


def inspected(path: Path, root: Path) -> Inspected:
    """Read a WARC file in every way that verifying needs.

    Args:
        path: The file.
        root: The archive's directory, of this machine or elsewhere.
    """
    with near(path, root) as (here, above):
        found: list[Capture] = []
        fault = ""
        try:
            found.extend(captures_in(here, above))
        except WarcError as error:
            fault = str(error)
        lines = None if fault else cdxj_of(here, above, found)
        return Inspected(checked(here), as_imported(here), here.stat().st_size, sha256_of(here), found, fault, lines)
