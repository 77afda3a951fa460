"""What changed between two ZIP files: their members paired as attachments are, and what each says compared."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import groupby
from typing import NamedTuple

from diffing import words
from diffing.blocks import compare_blocks
from diffing.fields import ending_of, left_by_ending, paired
from diffing.forms import plain, squeezed
from diffing.tally import Tally
from storage.records import Attachment, Block, DocumentChange, Op, Weight

_WORD_ENDINGS = frozenset({"hwp", "hwpx", "odt", "docx"})
"""Of what word processors write; the same paragraphs and tables are the same blocks in each."""


class Member(NamedTuple):
    """One file in a ZIP file.

    Attributes:
        name: Its name, with its folders.
        bytes: Of one that was not read: its size, its checksum and, where that was told, why; parted by tabs.
        blocks: What it says.
    """

    name: str
    bytes: str = ""
    blocks: tuple[Block, ...] = ()

    @property
    def line(self) -> str:
        """What stands for it in a list of members."""
        return f"{self.name}\t{self.bytes}" if self.bytes else self.name

    @property
    def content(self) -> str:
        """What tells that two of them are one whatever they are called."""
        return "\t".join(self.bytes.split("\t")[:2]) or "\n".join(block.text for block in self.blocks)

    @property
    def base(self) -> str:
        """Its name without folders."""
        return self.name.rpartition("/")[2]

    @property
    def ending(self) -> str:
        """What its name ends in; see :func:`diffing.fields.ending_of`."""
        return ending_of(self.base)


def members(blocks: Sequence[Block]) -> list[Member]:
    """Give the members of a ZIP file by what was read of it: a table of those unread, then the others."""
    found: list[Member] = []
    for begins, run in groupby(blocks, lambda block: block.kind == "member"):
        if begins:
            found += [Member(block.text) for block in run]
        elif found and not found[-1].bytes:
            found[-1] = found[-1]._replace(blocks=tuple(run))
        else:
            rows = (row.partition("\t") for block in run for row in block.text.split("\n"))
            found += [Member(name, rest) for name, _, rest in rows]
    return found


def compare(
    tally: Tally, files: tuple[Attachment, Attachment], said: Sequence[Block], says: Sequence[Block]
) -> Iterator[DocumentChange]:
    """Name and weigh what differs between two ZIP files; first of the list of members, then of each that was read.

    Args:
        tally: What the comparison has come to so far; labels, facts and weight are added to it.
        files: The attachments, the old one and the new one.
        said: What was read of the old one.
        says: What was read of the new one.
    """
    old, new = files
    ours, theirs = members(said), members(says)
    pairs = _pairs(ours, theirs)
    listed = tuple(_list_ops(tally, ours, theirs, pairs))
    inner = []
    for i, j in sorted(pairs, key=lambda pair: pair[1]):
        one, other = ours[i], theirs[j]
        if one.bytes or other.bytes:
            continue
        steps = tuple(
            step for step in compare_blocks(tally, one.blocks, other.blocks, "attachment") if step.op != "keep"
        )
        if steps:
            names = f"{old.name}/{one.name}", f"{new.name}/{other.name}"
            inner.append(DocumentChange(old.file_id, new.file_id, *names, steps))
    if listed or not inner:
        yield DocumentChange(old.file_id, new.file_id, old.name, new.name, listed)
    yield from inner


def came(said: Sequence[Block], says: Sequence[Block]) -> Iterator[Member]:
    """Give the members that a ZIP file has and an older one has not, as far as they were read."""
    ours, theirs = members(said), members(says)
    known = {j for _, j in _pairs(ours, theirs)}
    return (one for j, one in enumerate(theirs) if j not in known and one.blocks)


def names(blocks: Sequence[Block]) -> list[str]:
    """Give what the members of a ZIP file are called, and the folders they lie in."""
    return list(dict.fromkeys(part for one in members(blocks) for part in one.name.split("/")))


def _pairs(old: Sequence[Member], new: Sequence[Member]) -> list[tuple[int, int]]:
    """Pair members by name, by what they hold, by name without folders, in another word processor's format.

    Then one that is left of a type is paired with the one left of its type.
    """
    pairs = paired(
        old,
        new,
        lambda one: f"{one.name}\t{one.content}",
        lambda one: squeezed(plain(one.name)),
        lambda one: one.content,
        lambda one: squeezed(plain(one.base)),
        lambda one: squeezed(plain(one.base.rpartition(".")[0])) if one.ending in _WORD_ENDINGS else "",
    )
    return pairs + left_by_ending([one.ending for one in old], [one.ending for one in new], pairs)


def _list_ops(
    tally: Tally, old: Sequence[Member], new: Sequence[Member], pairs: Sequence[tuple[int, int]]
) -> Iterator[Op]:
    """Give the steps from one list of members to the other, without what is kept; weigh what is not weighed by words.

    One that came or went is of substance, and so is one that holds other bytes and is not read; another name is less.
    """
    gone, come = set(range(len(old))) - {i for i, _ in pairs}, {j: i for i, j in pairs}
    for i in sorted(gone):
        tally.note("attachment", "substance")
        yield Op("delete", old[i].line, None, words.diff(old[i].line, ""), old_index=i)
    for j, other in enumerate(new):
        if j not in come:
            tally.note("attachment", "substance")
            yield Op("insert", None, other.line, words.diff("", other.line), new_index=j)
        elif (one := old[come[j]]).line != other.line:
            tally.note("attachment", _weight(one, other))
            yield Op("replace", one.line, other.line, words.diff(one.line, other.line), come[j], j)


def _weight(old: Member, new: Member) -> Weight:
    if (old.bytes or new.bytes) and old.content != new.content:
        return "substance"
    return "wording" if squeezed(plain(old.name)) != squeezed(plain(new.name)) else "cosmetic"
