"""ZIP: the names and sizes of what it holds; nothing in it is unpacked."""

from __future__ import annotations

from crawler.documents.package import Package
from crawler.documents.text import CONTENTS, Writer


def read(payload: bytes, writer: Writer) -> None:
    """Write a table of the members, their names as decoded by ``zipfile`` and their declared sizes in bytes."""
    package = Package(payload)
    writer.lose(CONTENTS)
    writer.add_table([name, f"{size}"] for name, size, _ in package.members())
