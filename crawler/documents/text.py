"""What every reader of a document writes into: blocks in reading order, and what the document held that they do not."""

from __future__ import annotations

import re
from collections.abc import Iterable

from crawler.cleaning import fold
from storage.records import Block, BlockKind

MAX_CHARACTERS = 4_000_000
"""Of one document; a book of 2,000 pages has about three million."""
MAX_BLOCKS = 200_000
MAX_UNPACKED = 96 * 1024 * 1024
"""Bytes, over all that is unpacked to read one document; a ZIP file's members are one document."""

MARGINS = "headers, footers and what stands behind every page"
NOTE_PLACES = "the numbers of notes and where they are referred to"
PICTURES = "pictures, charts and embedded objects"
DELETIONS = "words deleted under change tracking"
NESTED = "tables inside cells, which stand there as running text"
TRACKED = "which words change tracking marks as deleted: they stand in the text"
GUESSED = "tables, whose cells run on as lines; paragraphs are guessed from the lines' lengths"
FOLIOS = "page numbers"
SCANNED = "all that is said in pictures: it has no text layer"
SHEETS = "formulas, also those whose value the file does not hold; number formats and comments"
FIELDS = "fields of forms"
COUNTED = "numbers and marks that the word processor sets before paragraphs"
CONTENTS = "what members say that are not read"
INNER = "of members that are read, what their formats lose"

# U+0000..U+0008, U+FFFE and lone surrogates: no XML, JSON or SQLite text may hold them
_UNWRITABLE = re.compile("[\x00-\x08\x0b\x0e-\x1f\ufffe\uffff\ud800-\udfff]")

MEMO, COMMENT, SPOKEN = "메모", "숨은 설명", "슬라이드 노트"
ASIDES = (f"[{MEMO}] ", f"[{COMMENT}] ", f"[{SPOKEN}] ")
"""What a block begins with that is beside the text: memos, comments, hidden explanations, a speaker's notes."""


class Encrypted(Exception):
    """The document asks for a password, or is protected by rights management."""


class Corrupt(Exception):
    """The bytes are not what their format says they are."""


class TooLarge(Exception):
    """The document holds more than a limit allows: unpacked bytes, members, depth, blocks or characters."""


class Unsupported(Exception):
    """A format, or a version of one, that no reader here knows."""


class Room:
    """The bytes that may still be unpacked to read one document."""

    def __init__(self) -> None:
        self.left = MAX_UNPACKED

    def take(self, size: int) -> None:
        """Have less of it."""
        self.left -= size


class Writer:
    """Collects the blocks of one document.

    Args:
        room: What may be unpacked for it, where it is one of several that share it.

    Raises:
        TooLarge: More blocks or characters than a document may have.
    """

    def __init__(self, room: Room | None = None) -> None:
        self.blocks: list[Block] = []
        self.lost: set[str] = set()
        self.room = room or Room()
        self._characters = 0

    @property
    def size(self) -> tuple[int, int]:
        """The characters and blocks that were written."""
        return self._characters, len(self.blocks)

    def add(self, kind: BlockKind, text: str) -> None:
        """Add a block; its white space is folded line by line, and one that says nothing is left out."""
        lines = [fold(line) for line in _UNWRITABLE.sub("", text.replace("\t", " ")).split("\n")]
        self._add(kind, "\n".join(line for line in lines if line))

    def add_table(self, rows: Iterable[Iterable[str]]) -> None:
        """Add a table, tabs between cells and line feeds between rows; empty rows are left out."""
        lines = ("\t".join(fold(_UNWRITABLE.sub("", cell)) for cell in row).rstrip("\t") for row in rows)
        self._add("table", "\n".join(line for line in lines if line.strip()))

    def begin_member(self, name: str) -> None:
        """Add the name of a ZIP file's member; what follows is what it says."""
        self._add("member", fold(_UNWRITABLE.sub("", name)) or "?")

    def _add(self, kind: BlockKind, text: str) -> None:
        if not text:
            return
        self._characters += len(text)
        if self._characters > MAX_CHARACTERS or len(self.blocks) >= MAX_BLOCKS:
            raise TooLarge(f"more than {MAX_CHARACTERS} characters or {MAX_BLOCKS} blocks")
        self.blocks.append(Block(kind, text))

    def lose(self, what: str) -> None:
        """Note that the document holds something which the blocks do not say."""
        self.lost.add(what)

    def cell(self, inner: Writer) -> str:
        """Give the text of a table cell that was written on its own, and take over what it lost."""
        self.lost |= inner.lost
        if any(block.kind == "table" for block in inner.blocks):
            self.lose(NESTED)
        return " ".join(" ".join(block.text.split()) for block in inner.blocks)

    def aside(self, name: str, inner: Writer) -> None:
        """Take over a memo or comment; its name stands before it, for it is no part of the text."""
        self.lost |= inner.lost
        for block in inner.blocks:
            self._add("paragraph", f"[{name}] {block.text}")

    def append(self, inner: Writer) -> None:
        """Take over the blocks of another writer."""
        self.lost |= inner.lost
        for block in inner.blocks:
            self._add(block.kind, block.text)


def glossed(letters: str, gloss: str) -> str:
    """Write letters that have a gloss above or below them (덧말) as running text: ``대한민국(大韓民國)``."""
    return f"{letters}({gloss})" if gloss.strip() else letters
