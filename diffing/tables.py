"""What differs between two forms of one table: row by row, then cell by cell, and no reading crosses a cell."""

from __future__ import annotations

import re
from collections.abc import Sequence

from rapidfuzz.distance import LCSseq

from diffing import align, facts, names, passages
from diffing.finding import Finding
from diffing.forms import plain, squeezed
from diffing.ordinals import NUMBERED
from diffing.subsequence import numbered

_LETTER = re.compile(r"\w")
"""A letter or digit: ``―`` and ``-`` have none."""
_PERSON = re.compile("[가-힣]{2,4}")
"""``홍길동``, where the cell before it names a post."""
_FIGURE = re.compile(r"\d")
"""A figure: a row that has one is none of headings."""
_SIGN = re.compile("[○◯●◎⭕×✕✖✗✘❌✓✔√↑↓↗↘▲▼△▽★☆]")
"""What a cell may say without a letter: ``○`` (yes), ``×`` (no)."""


def compare(old: str, new: str) -> Finding:
    """Name what differs between two tables: rows are paired, then cells, and no reading crosses a cell."""
    if old == new:
        return Finding()
    if plain(old) == plain(new):
        return Finding({"unicode-form"})
    rows, others = old.split("\n"), new.split("\n")
    columns = _columns(rows), _columns(others)
    if columns[0] and columns[0] == columns[1]:
        return Finding()  # A column in which nothing stands came or went.
    if len(rows) > 1 and not _FIGURE.search(rows[0]) and columns[0] and sorted(columns[0]) == sorted(columns[1]):
        return Finding({"wording"})  # Columns changed places with what stands above them.
    found = Finding()
    alignment = align.aligned(rows, others)
    gone, come = alignment.unmatched(len(rows), len(others))
    shifted = bool(gone or come) or any(one.moved for one in alignment.matches)
    counted = shifted and all(NUMBERED.fullmatch(side[0].split("\t")[0]) for side in (rows, others))
    for match in alignment.matches:
        ours, theirs = (
            [cell for k in side for cell in lines[k].split("\t")]
            for side, lines in ((match.old, rows), (match.new, others))
        )
        if counted and ours[0] != theirs[0] and ours[0].isdecimal() and theirs[0].isdecimal():
            found.labels.add("number")
            ours, theirs = ours[1:], theirs[1:]
        if ours != theirs:
            found.add(_cells(ours, theirs))
        if match.moved:
            found.labels.add("wording")
    one, other = squeezed(plain(old)), squeezed(plain(new))
    for row, elsewhere in [*((rows[i], other) for i in gone), *((others[j], one) for j in come)]:
        found.add(passages.lone_sentence(row, elsewhere))
    return found if found.labels else Finding({"punctuation"})


def _columns(rows: Sequence[str]) -> list[tuple[str, ...]]:
    """Give the columns in which anything stands, none of a table whose rows are not equally long."""
    cells = [row.split("\t") for row in rows]
    if len({len(row) for row in cells}) > 1:
        return []
    return [column for column in zip(*cells, strict=True) if any(column)]


def _cells(old: Sequence[str], new: Sequence[str]) -> Finding:
    """Compare two rows cell by cell; where one has more, the cells that are equal part the others."""
    found = Finding()
    if len(old) == len(new):
        blocks = [(0, len(old), 0, len(new))]
    else:
        blocks = [
            (block.src_start, block.src_end, block.dest_start, block.dest_end)
            for block in LCSseq.opcodes(*numbered(old, new))
            if block.tag != "equal"
        ]
    for i1, i2, j1, j2 in blocks:
        paired = min(i2 - i1, j2 - j1)
        for k, (one, other) in enumerate(zip(old[i1 : i1 + paired], new[j1 : j1 + paired], strict=True)):
            # a dash where there is no value says nothing
            said = [_LETTER.search(cell) is not None for cell in (one, other)]
            if not any(said) and _signs(one) != _signs(other):
                found.add(Finding({"punctuation"}, said=True))
                continue
            above = old[at - 1] if (at := i1 + k) else ""
            persons = all(said) and names.is_post(above) and all(map(_PERSON.fullmatch, (one, other)))
            if persons and one != other:
                found.add(Finding({"name"}, [facts.name_fact(one, other)]))
                continue
            found.add(passages.compare(one if said[0] else "", other if said[1] else ""))
            found.said |= said[0] != said[1]
        for cell in (*old[i1 + paired : i2], *new[j1 + paired : j2]):
            if _LETTER.search(cell):
                found.add(Finding({"wording"}, said=True))
    # an empty cell beside the others says nothing: a column came
    return found if found.labels or len(old) != len(new) else Finding({"punctuation"})


def _signs(cell: str) -> str:
    return "".join(_SIGN.findall(cell)).replace("◯", "○")
