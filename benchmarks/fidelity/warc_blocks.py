"""The records of a WARC file, read without any WARC library: a judge should not share its reading with the judged.

Takes .warc, .warc.gz with a member per record or not, files still open, and the WARC files inside a WACZ.
"""

from __future__ import annotations

import zipfile
import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit

_GZIP = b"\x1f\x8b"


@dataclass(frozen=True)
class Record:
    """One record: its fields (names in lower case, first value of each) and its block."""

    fields: dict[str, str]
    block: bytes

    @property
    def type(self) -> str:
        """Give WARC-Type."""
        return self.fields.get("warc-type", "")

    @property
    def path(self) -> str:
        """Give the path of WARC-Target-URI, which GNU Wget writes in angle brackets: ``<http://127.0.0.1/a>``."""
        return urlsplit(self.fields.get("warc-target-uri", "").strip("<>")).path


def records_below(folder: Path) -> list[Record]:
    """Read every WARC file below a folder, in order of their names."""
    found: list[Record] = []
    for path in sorted(folder.rglob("*")):
        if path.suffix == ".wacz":
            with zipfile.ZipFile(path) as package:
                names = [name for name in package.namelist() if name.startswith("archive/")]
                found += [record for name in names for record in records_of(package.read(name))]
        elif path.is_file() and ".warc" in path.name and path.suffix != ".cdxj":
            found += records_of(path.read_bytes())
    return found


def records_of(data: bytes) -> Iterator[Record]:
    """Read the records of one WARC file's bytes.

    Raises:
        ValueError: Something stands there that is not a record.
    """
    if data.startswith(_GZIP):
        data = b"".join(_members(data))
    while data := data.lstrip(b"\r\n"):
        head, end, rest = data.partition(b"\r\n\r\n")
        if not data.startswith(b"WARC/") or not end:
            raise ValueError(f"not a WARC record: {data[:40]!r}")
        fields: dict[str, str] = {}
        for line in head.decode("utf-8", "replace").split("\r\n")[1:]:
            name, _, value = line.partition(":")
            fields.setdefault(name.strip().lower(), value.strip())
        length = int(fields["content-length"])
        yield Record(fields, rest[:length])
        data = rest[length:]


def _members(data: bytes) -> Iterator[bytes]:
    """Undo gzip member by member; a last one that is not finished gives what it has."""
    while data.startswith(_GZIP):
        member = zlib.decompressobj(wbits=31)
        yield member.decompress(data)
        data = member.unused_data
