"""What differs between two forms of one table: row by row, then cell by cell, and no reading crosses a cell."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import NamedTuple

from diffing import durations, facts, named_rows, names, passages, restated, stated_units, tabular
from diffing.finding import Finding
from diffing.forms import plain, squeezed
from diffing.gaps import Match
from diffing.subsequence import common

Pairs = list[tuple[int | None, int | None]]
"""Places of cells that stand for one another in the old row and the new; None where one has no partner."""

_LETTER = re.compile(r"\w")
"""A letter or digit: ``―`` and ``-`` have none."""
_PERSON = re.compile("[가-힣]{2,4}")
"""``홍길동``, where the cell before it names a post."""
_RANK = re.compile(r"^[^\t]*(?:순위|등위|등수|석차|랭킹)")
"""What stands above counts that say more than where a row stands."""
_SIGN = re.compile("[○◯●◎⭕×✕✖✗✘❌✓✔√↑↓↗↘▲▼△▽★☆]")
"""What a cell may say without a letter: ``○`` (yes), ``×`` (no)."""


def compare(old: str, new: str, above: tuple[str, str] = ("", "")) -> Finding:
    """Name what differs between two tables: rows are paired, then cells, and no reading crosses a cell.

    ``above`` are the lines that state the units of either. Rows that became columns are compared as columns, and what
    is the same in other units says nothing else.
    """
    found = Finding()
    if old != new:
        if (turned := tabular.turned(old, new)) is not None:
            found.labels.add("wording")
            new = turned
        if (told := restated.restated(old, new, above)) is not None:
            old, new = told.old, told.new
            found.add(told.found)
    found.add(_compared(old, new))
    return found


def _compared(old: str, new: str) -> Finding:
    if old == new:
        return Finding()
    if plain(old) == plain(new):
        return Finding({"unicode-form"})
    rows, others = old.split("\n"), new.split("\n")
    bodies = rows[tabular.titles(rows) :], others[tabular.titles(others) :]
    columns = tabular.columns(bodies[0]), tabular.columns(bodies[1])
    if columns[0] and columns[0] == columns[1] and len(rows) - len(bodies[0]) == len(others) - len(bodies[1]) == 0:
        return Finding()  # A column in which nothing stands came or went.
    found = Finding()
    sides = _uncounted(rows, others)
    alignment = named_rows.aligned(*sides)
    gone, come = alignment.unmatched(len(rows), len(others))
    heads = bodies[0][0].split("\t"), bodies[1][0].split("\t")
    headings = _exchanged(*bodies) if all(map(tabular.has_headings, columns)) else []
    if headings:
        found.labels.add("wording")  # Columns changed places with what stands above them.
    else:
        headings = _paired(*heads)
    counted = [Match((i,), (j,)) for i, j in alignment.kept if rows[i] != others[j]]
    ranked = any(_RANK.search(row) for row in rows[: min(_places(rows), default=0)])
    for match in sorted([*alignment.matches, *counted], key=lambda one: one.new):
        if sides[0] is not rows:
            found.add(_renumbered(rows[match.old[0]], others[match.new[0]], ranked=ranked))
        ours, theirs = (
            [cell for k in at for cell in lines[k].split("\t")]
            for at, lines in ((match.old, sides[0]), (match.new, sides[1]))
        )
        if ours != theirs:
            under = (len(ours), len(theirs)) == (len(heads[0]), len(heads[1]))
            pairs = headings if under else _paired(ours, theirs)
            found.add(_cells(ours, theirs, pairs, heads[0] if under else ()))
        if match.moved:
            found.labels.add("wording")
    one, other = squeezed(plain(old)), squeezed(plain(new))
    for row, elsewhere in [*((sides[0][i], other) for i in gone), *((sides[1][j], one) for j in come)]:
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
    ours, theirs = _uncounted(rows, others)
    alignment = named_rows.aligned(ours, theirs)
    gone, come = alignment.unmatched(len(rows), len(others))
    alone = all([ours[i] for i in one.old] == [theirs[j] for j in one.new] for one in alignment.matches)
    return WholeRows(len(come), len(gone), sum(one.moved for one in alignment.matches), alone)


def _places(rows: Sequence[str]) -> set[int]:
    """Give the rows that are counted from 1 on by their first cells, two at least; none where the count has gaps."""
    counts = {k: first for k, row in enumerate(rows) if (first := row.partition("\t")[0].strip(" .")).isdecimal()}
    return set(counts) if 1 < len(counts) == sum(int(one) == k for k, one in enumerate(counts.values(), 1)) else set()


def _uncounted(rows: list[str], others: list[str]) -> tuple[list[str], list[str]]:
    """Take the counts from the rows of two tables that both have them: a row is known by what stands behind it."""
    ours, theirs = (
        ["\t" + row.partition("\t")[2] if k in at else row for k, row in enumerate(side)]
        for side, at in ((rows, _places(rows)), (others, _places(others)))
    )
    return (ours, theirs) if ours != rows and theirs != others else (rows, others)


def _renumbered(old: str, new: str, *, ranked: bool) -> Finding:
    """Name another count of a row; that a rank became another is a fact."""
    was, became = (row.partition("\t")[0] for row in (old, new))
    if was == became or not (was.strip(" .").isdecimal() and became.strip(" .").isdecimal()):
        return Finding()
    return passages.compare(was, became) if ranked else Finding({"number"})


def _exchanged(rows: Sequence[str], others: Sequence[str]) -> Pairs:
    """Pair the columns of two tables by headings, each said once, that stand in another order; none of all others.

    Where the cells stayed in their columns it was the headings alone that changed places.
    """
    old, new = ([row.split("\t") for row in side] for side in (rows, others))
    if len(set(old[0])) < len(old[0]) or len(set(new[0])) < len(new[0]):
        return []
    places = {cell: k for k, cell in enumerate(new[0])}
    moved = {k: places[cell] for k, cell in enumerate(old[0]) if cell in places}
    if list(moved.values()) == sorted(moved.values()):
        return []
    ours, theirs = ([set(column) for column in zip(*side[1:], strict=True)] for side in (old, new))
    kept = sum(len(ours[k] & theirs[k]) for k in moved if k < len(theirs))
    if sum(len(ours[k] & theirs[j]) for k, j in moved.items()) < kept:
        return []
    left, free = ([k for k in range(len(side)) if k not in held] for side, held in (
        (ours, moved), (theirs, set(moved.values())),
    ))  # fmt: skip
    pairs: Pairs = list(moved.items())
    if len(left) == len(free) == 1:
        return [*pairs, (left[0], free[0])]
    return [*pairs, *((k, None) for k in left), *((None, k) for k in free)]


def _paired(old: Sequence[str], new: Sequence[str]) -> Pairs:
    """Pair the cells of two rows; where one has more, equal cells part the others, and figures pair figures."""
    if len(old) == len(new):
        return [(k, k) for k in range(len(old))]
    pairs: Pairs = []
    at_old = at_new = 0
    for i, j in [*common(old, new), (len(old), len(new))]:
        ours, theirs = range(at_old, i), range(at_new, j)
        sorts = [[bool(tabular.FIGURE.search(side[k])) for k in at] for side, at in ((old, ours), (new, theirs))]
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


def _cells(old: Sequence[str], new: Sequence[str], pairs: Pairs, heads: Sequence[str]) -> Finding:
    """Compare the cells of two rows under ``heads`` pair by pair; one that has no partner came or went."""
    found = Finding()
    units_at = stated_units.of_units(heads)
    differing = False
    for i, j in pairs:
        if i is not None and j is not None:
            if old[i] != new[j]:
                differing = True
                headings = [old[0], *heads[i : i + 1]] if i else heads[:1]
                texts = (old[i], new[j])
                # a cell under 단위 says what the others are counted in
                one, other = map(stated_units.as_stated, texts) if i == units_at and all(texts) else texts
                found.add(_cell(one, other, old[i - 1] if i else "", durations.lead(headings)))
        elif _LETTER.search(old[i] if i is not None else new[j or 0]):
            found.add(Finding({"wording"}, said=True))
    # an empty cell beside the others says nothing: a column came
    return Finding({"punctuation"}) if differing and not found.labels else found


def _cell(one: str, other: str, above: str, lead: str) -> Finding:
    """Compare two cells that differ; ``above`` stands before the old one, and both are read behind ``lead``."""
    # a dash where there is no value says nothing
    said = [_LETTER.search(cell) is not None for cell in (one, other)]
    if not any(said) and _signs(one) != _signs(other):
        return Finding({"punctuation"}, said=True)
    if all(said) and names.is_post(above) and all(map(_PERSON.fullmatch, (one, other))):
        return Finding({"name"}, [facts.name_fact(one, other)])
    if all(said):
        return passages.compare(lead + one, lead + other)
    found = passages.compare(one if said[0] else "", other if said[1] else "")
    found.said |= said[0] != said[1]
    return found


def _signs(cell: str) -> str:
    return "".join(_SIGN.findall(cell)).replace("◯", "○")
