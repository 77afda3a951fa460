"""Whether an article's body and its files say the same: figures that contradict, large parts that one of them lacks.

A release, its HWPX and its PDF are one text set in three ways, with other headers, tables cut otherwise and a contact
table at the end. Only what a reader would call a contradiction counts: a passage that both have and in which another
figure stands, and running text that is missing in bulk.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Hashable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any, Literal

from rapidfuzz import fuzz

from diffing.forms import plain, squeezed
from diffing.tokens import read
from storage.records import Block

SAME_DOCUMENT = 0.5
"""Share of the body's running text that a file must hold to be the same document and not another one beside it."""
MISSING = 0.3
"""Share of the running text that the other side must lack before that is told."""
ENOUGH = 200
"""Letters; of a shorter text no share means anything."""
_PASSAGE = 12
"""Letters; a shorter passage is found anywhere."""
_ALIKE = 88.0
"""Likeness, of 100, of two passages that are one but for a figure or a word."""
_MOST = 200
"""Passages looked for by likeness, which is slow; a document with more differences is missing in bulk anyway."""
# 1,200 / 3.5 / 2026
_FIGURE = re.compile(r"\d+(?:[.,]\d+)*")
_IN_FIGURE = frozenset("0123456789.,")

Kind = Literal["figure", "missing-in-file", "missing-in-body"]


@dataclass(frozen=True, slots=True)
class Disagreement:
    """One disagreement between an article's body and a file, with what is needed to look at it."""

    kind: Kind
    detail: dict[str, Any]


def disagreements(body: Sequence[Block], file: Sequence[Block]) -> list[Disagreement]:
    """Compare a body with what a file says; nothing is found when the file is another document.

    Args:
        body: The article's blocks.
        file: The file's blocks, memos left out.
    """
    ours, theirs = _Text(body), _Text(file)
    if ours.share_in(theirs) < SAME_DOCUMENT:
        return []
    found = list(_figures(ours, theirs))
    sides: list[tuple[Kind, _Text, _Text]] = [("missing-in-file", ours, theirs), ("missing-in-body", theirs, ours)]
    for kind, one, other in sides:
        lacking = [passage for passage in one.running if not other.has(passage)]
        share = sum(map(len, lacking)) / max(one.letters, 1)
        if one.letters >= ENOUGH and share > MISSING:
            detail = {"share": round(share, 2), "first": one.said[lacking[0]]}
            found.append(Disagreement(kind, detail))
    return found


class _Text:
    """A text as passages without white space, one for each paragraph and table row; short rows that follow are one."""

    def __init__(self, blocks: Sequence[Block]) -> None:
        lines = [(block.kind, line) for block in blocks for line in _lines(block)]
        keyed = [(kind, squeezed(plain(line)), line) for kind, line in lines]
        self.joined = "".join(key for _, key, _ in keyed)
        self.said = {key: line for _, key, line in keyed}
        self.passages = list(dict.fromkeys(key for _, key, _ in keyed if len(key) >= _PASSAGE))
        self.running = [key for key in self.passages if any(k != "table" and key == one for k, one, _ in keyed)]
        self.letters = sum(map(len, self.running))
        self._near: dict[str, tuple[int, int] | None] = {}

    def near(self, passage: str) -> tuple[int, int] | None:
        """Find where something like the passage stands in :attr:`joined`; None where nothing does."""
        if passage not in self._near:
            self._near[passage] = self._sought(passage) if len(self._near) < _MOST else None
        return self._near[passage]

    def _sought(self, passage: str) -> tuple[int, int] | None:
        if len(passage) > len(self.joined):
            return None
        hit = fuzz.partial_ratio_alignment(passage, self.joined, score_cutoff=_ALIKE)
        return (hit.dest_start, hit.dest_end) if hit is not None else None

    def has(self, passage: str) -> bool:
        return passage in self.joined or self.near(passage) is not None

    def share_in(self, other: _Text) -> float:
        """Give the share of the running text that the other has."""
        return sum(len(one) for one in self.running if other.has(one)) / max(self.letters, 1)


def _lines(block: Block) -> Iterator[str]:
    """Give the lines of a block; rows of a table too short to be found by themselves with those that follow."""
    held: list[str] = []
    for line in block.text.split("\n"):
        short = block.kind == "table" and len(squeezed(plain(line))) < _PASSAGE
        if held and not short:
            yield "\n".join(held)
            held = []
        if short:
            held.append(line)
        else:
            yield line
    if held:
        yield "\n".join(held)


def _figures(ours: _Text, theirs: _Text) -> Iterator[Disagreement]:
    """Give the passages that both have, in which each has a figure that the other has not."""
    for passage in ours.passages:
        if passage in theirs.joined or (place := theirs.near(passage)) is None:
            continue
        start, end = place
        # a figure that the edge cuts is taken whole; one that begins behind it is the next row's
        while start > 0 and theirs.joined[start] in _IN_FIGURE and theirs.joined[start - 1] in _IN_FIGURE:
            start -= 1
        while end < len(theirs.joined) and theirs.joined[end - 1] in _IN_FIGURE and theirs.joined[end] in _IN_FIGURE:
            end += 1
        window = theirs.joined[start:end]
        one, other = _counted(passage), _counted(window)
        if not (one - other and other - one):
            continue
        ours_alone, theirs_alone = _apart(passage, window)
        if ours_alone and theirs_alone:
            # Of figures cut out of their table some are read by what stands beside them.
            ours_alone = [printed for printed in ours_alone if _counted(printed) & (one - other)] or ours_alone
            theirs_alone = [printed for printed in theirs_alone if _counted(printed) & (other - one)] or theirs_alone
            detail = {
                "body": ours.said[passage],
                "file": window,
                "only_in_body": ours_alone,
                "only_in_file": theirs_alone,
            }
            yield Disagreement("figure", detail)


def _apart(one: str, other: str) -> tuple[list[str], list[str]]:
    """Give the figures and dates as printed that one text has and the other has not, whole and as they are read.

    3천억 and 3,000억, 3월 2일 and 3. 2. are only printed otherwise.
    """
    sides = [
        [(token.key, token.text) for token in read(text) if token.kind in {"figure", "date"}] for text in (one, other)
    ]
    ours, theirs = (Counter(key for key, _ in side) for side in sides)
    return _left(sides[0], ours - theirs), _left(sides[1], theirs - ours)


def _left(side: Sequence[tuple[Hashable, str]], keys: Counter[Hashable]) -> list[str]:
    """Give what is printed of the keys that are left over, in reading order, as often as they are."""
    found = []
    for key, printed in side:
        if keys[key] > 0:
            keys[key] -= 1
            found.append(printed)
    return found


def _counted(text: str) -> Counter[str]:
    return Counter(hit.group().replace(",", "") for hit in _FIGURE.finditer(text))
