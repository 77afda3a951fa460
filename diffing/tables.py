"""What differs between two forms of one table: row by row, then cell by cell, and no reading crosses a cell."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import NamedTuple

from diffing import align, facts, names, passages
from diffing.finding import Finding
from diffing.forms import plain, squeezed
from diffing.ordinals import NUMBERED
from diffing.subsequence import common

Pairs = list[tuple[int | None, int | None]]
"""Places of cells that stand for one another in the old row and the new; None where one has no partner."""

_LETTER = re.compile(r"\w")
"""A letter or digit: ``―`` and ``-`` have none."""
_PERSON = re.compile("[가-힣]{2,4}")
"""``홍길동``, where the cell before it names a post."""
_FIGURE = re.compile(r"\d")
"""A figure: a row that has one is none of headings."""
_PERIOD = re.compile(
    r"(?:['’‘]\d\d|(?:19|20)\d\d)(?:[.\s]\s?\d{1,2})?|(?:['’‘]?\d\d|(?:19|20)\d\d)\s?년도?(?:\s?\d{1,2}월)?(?:\s?[가-힣A-Za-z]{1,4})?"
    r"|\d{1,2}월|(?:(?:19|20)\d\d년\s?)?[1-4](?:/4)?\s?분기"
)
"""``2024``, ``’25``, ``2024년 예산``, ``2024. 4``, ``4월``, ``1분기``: what heads a column of values."""
_IN_BRACKETS = re.compile(r"\s?\([^()\d]{1,6}\)$")
"""``2024년(A)``, ``2025(안)``."""
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
    found = Finding()
    alignment = align.aligned(rows, others)
    gone, come = alignment.unmatched(len(rows), len(others))
    shifted = bool(gone or come) or any(one.moved for one in alignment.matches)
    heads = rows[0].split("\t"), others[0].split("\t")
    headings = _exchanged(rows, others) if all(map(_has_headings, columns)) else []
    if headings:
        found.labels.add("wording")  # Columns changed places with what stands above them.
    else:
        headings = _paired(*heads)
    counted = shifted and all(NUMBERED.fullmatch(side[0].split("\t")[0]) for side in (rows, others))
    for match in alignment.matches:
        ours, theirs = (
            [cell for k in side for cell in lines[k].split("\t")]
            for side, lines in ((match.old, rows), (match.new, others))
        )
        if counted and ours[0] != theirs[0] and ours[0].isdecimal() and theirs[0].isdecimal():
            found.labels.add("number")
            theirs = [ours[0], *theirs[1:]]
        if ours != theirs:
            under = (len(ours), len(theirs)) == (len(heads[0]), len(heads[1]))
            found.add(_cells(ours, theirs, headings if under else _paired(ours, theirs)))
        if match.moved:
            found.labels.add("wording")
    one, other = squeezed(plain(old)), squeezed(plain(new))
    for row, elsewhere in [*((rows[i], other) for i in gone), *((others[j], one) for j in come)]:
        found.add(passages.lone_sentence(row, elsewhere))
    return found if found.labels else Finding({"punctuation"})


class WholeRows(NamedTuple):
    """How many whole rows of a table came, went and changed places, and whether nothing else differs in it."""

    came: int
    went: int
    moved: int
    alone: bool


def whole_rows(old: str, new: str) -> WholeRows:
    """Count the whole rows in which two tables differ, paired as :func:`compare` pairs them; of other text none."""
    if "\t" not in old or "\t" not in new:
        return WholeRows(0, 0, 0, alone=False)
    rows, others = old.split("\n"), new.split("\n")
    alignment = align.aligned(rows, others)
    gone, come = alignment.unmatched(len(rows), len(others))
    alone = all([rows[i] for i in one.old] == [others[j] for j in one.new] for one in alignment.matches)
    return WholeRows(len(come), len(gone), sum(one.moved for one in alignment.matches), alone)


def _columns(rows: Sequence[str]) -> list[tuple[str, ...]]:
    """Give the columns in which anything stands, none of a table whose rows are not equally long."""
    cells = [row.split("\t") for row in rows]
    if len({len(row) for row in cells}) > 1:
        return []
    return [column for column in zip(*cells, strict=True) if any(column)]


def _has_headings(columns: Sequence[Sequence[str]]) -> bool:
    """Tell whether what stands uppermost in the columns heads them: words, and periods over what is none."""
    return bool(columns) and all(
        len(column) > 1
        and (not _FIGURE.search(column[0]) or (_is_period(column[0]) and not all(map(_is_period, column))))
        for column in columns
    )


def _is_period(cell: str) -> bool:
    return _PERIOD.fullmatch(_IN_BRACKETS.sub("", cell)) is not None


def _exchanged(rows: Sequence[str], others: Sequence[str]) -> Pairs:
    """Pair the columns of two tables that have the same headings, each once, in another order; none of all others.

    Where the cells stayed in their columns it was the headings alone that changed places.
    """
    old, new = ([row.split("\t") for row in side] for side in (rows, others))
    if old[0] == new[0] or len(set(old[0])) < len(old[0]) or sorted(old[0]) != sorted(new[0]):
        return []
    ours, theirs = ([set(column) for column in zip(*side[1:], strict=True)] for side in (old, new))
    moved = [new[0].index(cell) for cell in old[0]]
    kept, went = (sum(len(ours[i] & theirs[j]) for i, j in enumerate(at)) for at in (range(len(moved)), moved))
    return list(enumerate(moved)) if went >= kept else []


def _paired(old: Sequence[str], new: Sequence[str]) -> Pairs:
    """Pair the cells of two rows; where one has more, equal cells part the others, and figures pair figures."""
    if len(old) == len(new):
        return [(k, k) for k in range(len(old))]
    pairs: Pairs = []
    at_old = at_new = 0
    for i, j in [*common(old, new), (len(old), len(new))]:
        ours, theirs = range(at_old, i), range(at_new, j)
        sorts = [[bool(_FIGURE.search(side[k])) for k in at] for side, at in ((old, ours), (new, theirs))]
        alike = (
            list(zip(ours, theirs, strict=True))
            if len(ours) == len(theirs)
            else [(ours[m], theirs[n]) for m, n in common(*sorts)]
        )
        pairs += alike
        pairs += [(k, None) for k in ours if k not in {one for one, _ in alike}]
        pairs += [(None, k) for k in theirs if k not in {other for _, other in alike}]
        pairs += [(i, j)] if i < len(old) else []
        at_old, at_new = i + 1, j + 1
    return pairs


def _cells(old: Sequence[str], new: Sequence[str], pairs: Pairs) -> Finding:
    """Compare the cells of two rows pair by pair; one that has no partner came or went."""
    found = Finding()
    differing = False
    for i, j in pairs:
        if i is not None and j is not None:
            if old[i] != new[j]:
                differing = True
                found.add(_cell(old[i], new[j], old[i - 1] if i else ""))
        elif _LETTER.search(old[i] if i is not None else new[j or 0]):
            found.add(Finding({"wording"}, said=True))
    # an empty cell beside the others says nothing: a column came
    return Finding({"punctuation"}) if differing and not found.labels else found


def _cell(one: str, other: str, above: str) -> Finding:
    """Compare two cells that differ; ``above`` stands before the old one."""
    # a dash where there is no value says nothing
    said = [_LETTER.search(cell) is not None for cell in (one, other)]
    if not any(said) and _signs(one) != _signs(other):
        return Finding({"punctuation"}, said=True)
    if all(said) and names.is_post(above) and all(map(_PERSON.fullmatch, (one, other))):
        return Finding({"name"}, [facts.name_fact(one, other)])
    found = passages.compare(one if said[0] else "", other if said[1] else "")
    found.said |= said[0] != said[1]
    return found


def _signs(cell: str) -> str:
    return "".join(_SIGN.findall(cell)).replace("◯", "○")
