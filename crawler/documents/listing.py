"""ZIP: the names, sizes and checksums of what it holds; nothing in it is unpacked."""

from __future__ import annotations

from crawler.documents.package import Package
from crawler.documents.text import CONTENTS, Writer

_LETTERS = str.maketrans("0123456789abcdef", "ghijklmnopabcdef")
"""A checksum is no figure: its digits are written as the letters after f."""


def read(payload: bytes, writer: Writer) -> None:
    """Write a table of the members: name, declared size in bytes, and CRC-32, which tells other bytes of one size."""
    package = Package(payload)
    writer.lose(CONTENTS)
    writer.add_table([one.name, f"{one.size}", f"{one.checksum:08x}".translate(_LETTERS)] for one in package.members())
