"""ZIP: what its members say, each by the reader of its format; those that are not read are listed."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence
from typing import NamedTuple

from crawler.documents.formats import FORMATS, OUTCOMES, written
from crawler.documents.package import Member, Package
from crawler.documents.text import CONTENTS, MAX_BLOCKS, MAX_CHARACTERS, Writer
from storage.magic import media_type_of
from storage.records import ZIP_TYPE, DocumentOutcome

MAX_READ = 1000
"""Members of one ZIP file that are read; the others are listed."""
_HEAD = 4096
"""Bytes that tell whether a member may be of a format that is read."""
_MAY_BE_READ = FORMATS.keys() | {"application/x-ole-storage"}
"""What the first bytes of such a member look like."""
_TOLD = frozenset({"encrypted", "corrupt", "too-large", "no-text"})
"""Outcomes that stand in a member's line; any other is of a format that is not read."""
# What Macs and Windows put beside files for themselves: "__MACOSX/._표.hwp", "자료/.DS_Store", "Thumbs.db"
_OF_SYSTEMS = re.compile(r"(?:.*/)?(?:\._[^/]*|\.DS_Store|Thumbs\.db|desktop\.ini)", re.DOTALL | re.IGNORECASE)

_LETTERS = str.maketrans("0123456789abcdef", "ghijklmnopabcdef")
"""A checksum is no figure: its digits are written as the letters after f."""


def read(payload: bytes, writer: Writer) -> None:
    """Write first a table of the members that are not read, then the name of each other one and what it says.

    They stand in the order of their names: in which order they are packed says nothing.
    """
    package = Package(payload, writer.room)
    members = _members(package)
    left = _Left.beside(members)
    rows, texts = list[list[str]](), list[tuple[str, Writer]]()
    for one in members:
        inner = Writer(writer.room)
        outcome = _read(package, one, inner, full=len(texts) >= MAX_READ)
        if outcome == "read" and left.holds(inner):
            left = left.without(inner)
            texts.append((one.name, inner))
        else:
            rows.append(_row(one, "too-large" if outcome == "read" else outcome))
    _list(rows, writer)
    for name, inner in texts:
        writer.begin_member(name)
        writer.append(inner)


def listed(payload: bytes, writer: Writer) -> None:
    """Write a table of all members; nothing is unpacked."""
    _list([_row(one) for one in _members(Package(payload, writer.room))], writer)


def _members(package: Package) -> list[Member]:
    """Give the members in the order of their names, without what systems put there for themselves."""
    wanted = (one for one in package.members() if not _OF_SYSTEMS.fullmatch(one.name))
    return sorted(wanted, key=lambda one: unicodedata.normalize("NFC", one.name))


def _read(package: Package, member: Member, writer: Writer, *, full: bool) -> DocumentOutcome:
    try:
        if media_type_of(package.head(member, _HEAD)) not in _MAY_BE_READ:
            return "unsupported"
        payload = package.read(member)
    except tuple(OUTCOMES) as error:
        return OUTCOMES[type(error)]
    media_type = media_type_of(payload)
    if media_type == ZIP_TYPE:
        return "unsupported"
    return "too-large" if full and media_type in FORMATS else written(payload, media_type, writer)[0]


class _Left(NamedTuple):
    """What texts may still be written."""

    characters: int
    blocks: int

    @classmethod
    def beside(cls, members: Sequence[Member]) -> _Left:
        """Keep room for the names and lines of all members."""
        lines = sum(len("\t".join(_row(one, "too-large"))) + 1 for one in members)
        return cls(MAX_CHARACTERS - lines, MAX_BLOCKS - len(members) - 1)

    def without(self, inner: Writer) -> _Left:
        """Give what is left when a text is written."""
        characters, blocks = inner.size
        return _Left(self.characters - characters, self.blocks - blocks)

    def holds(self, inner: Writer) -> bool:
        """Say whether a text may be written."""
        return min(self.without(inner)) >= 0


def _row(member: Member, outcome: DocumentOutcome = "unsupported") -> list[str]:
    """Give a member's name, its declared size in bytes, and its CRC-32, which tells other bytes of one size."""
    checksum = f"{member.checksum:08x}".translate(_LETTERS)
    return [member.name, f"{member.size}", checksum, *([outcome] if outcome in _TOLD else [])]


def _list(rows: Sequence[Sequence[str]], writer: Writer) -> None:
    if rows:
        writer.lose(CONTENTS)
        writer.add_table(rows)
