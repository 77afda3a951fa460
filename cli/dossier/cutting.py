"""The records that a dossier rests on, cut out of the WARC files byte for byte."""

from __future__ import annotations

import zlib
from collections.abc import Iterator, Mapping, Set
from pathlib import Path
from typing import Any

from cli.dossier.verify import sha256
from cli.progress import Step
from storage.archive import Archive
from storage.command_line import gochim
from storage.errors import ArchiveDisagrees
from storage.records import Capture
from storage.warc_reader import located
from storage.warc_record import bare_uri
from storage.warc_scan import scan

_GZIP = 31
"""The window bits by which zlib writes a gzip member: 15, and 16 for the gzip frame."""


class Cut:
    """The records of the wanted captures, with those that belong to one.

    Args:
        archive: Which archive.
        wanted: The captures, by the ids of their records.
        progress: Called with a stage, the WARC file that it has come to, and how many there are.
    """

    def __init__(self, archive: Archive, wanted: Mapping[str, Capture], progress: Step) -> None:
        self._digests: dict[str, str] = {}
        pieces: list[bytes] = []
        names = sorted({one.evidence.warc for one in wanted.values()})
        for name in names:
            progress("WARC files", name, len(names))
            for record, stored in _stored(located(archive.root, name), wanted.keys()):
                pieces.append(_zipped(stored))
                self._digests.setdefault(record, sha256(stored))
        self.data = b"".join(pieces)
        """The WARC file."""

    def told(self, capture: Capture) -> dict[str, Any]:
        """Say of a capture where its record stands and what it is.

        Raises:
            ArchiveDisagrees: The file that is to hold the record does not.
        """
        evidence = capture.evidence
        if evidence.record_id not in self._digests:
            raise ArchiveDisagrees(f"{evidence.warc} does not hold {evidence.record_id}. See: {gochim('verify')}")
        return {
            **evidence.as_json(),
            "sha256": self._digests[evidence.record_id],
            "url": capture.url,
            "status": capture.status,
            "role": capture.role,
            "run": capture.run,
        }


def _stored(path: Path, wanted: Set[str]) -> Iterator[tuple[str, bytes]]:
    """Give the wanted records of a WARC file and those that belong to one: id, bytes as they stand.

    A file's warcinfo is none of them: it names the machine.
    """
    with path.open("rb") as file:
        for record in scan(path):
            with record:
                beside = {bare_uri(one) for one in record.headers.all("WARC-Concurrent-To")}
                if ({record.record_id} | beside) & wanted:
                    file.seek(record.offset)
                    yield record.record_id, file.read(record.length)


def _zipped(record: bytes) -> bytes:
    """Make a gzip member of a record whose file is not compressed; the checker reads one after the other."""
    if record.startswith(b"\x1f\x8b"):
        return record
    member = zlib.compressobj(0, zlib.DEFLATED, _GZIP)  # stored: the same bytes whatever zlib there is
    return member.compress(record) + member.flush()
