"""The rows of two tables paired by what they are of: ``서울`` stands for ``서울``, wherever whatever its figures."""

from __future__ import annotations

import re
from collections.abc import Sequence

from diffing import align, tabular
from diffing.align import Alignment
from diffing.chain import heaviest_chain
from diffing.forms import squeezed
from diffing.gaps import ALIKE, Match
from diffing.likeness import alike, features

_NAME = re.compile(r"[^\W\d_]")
"""A letter: a row is known by a name and not by a figure or day that may be what was edited."""
_SAYS = re.compile(r"[^\W_]")
_FIGURE = re.compile(r"\d")
WIDEST = 3
"""Cells that together say what a row is of: the count that was taken from it, ``중앙`` and ``인건비``."""


def aligned(old: Sequence[str], new: Sequence[str]) -> Alignment:
    """Pair the rows of two tables: those of one name each, and of the others those that are alike.

    Rows are paired by likeness alone unless most of them have names of their own. Where rows are shorter than others,
    first cells are merged, and what stands there names several.
    """
    heads = [row.partition("\t")[0] for row in old]
    merged = max(_merged(old), _merged(new))
    if not merged and len(set(heads)) == len(heads) > 1 and heads == [row.partition("\t")[0] for row in new]:
        places = [(k, k) for k in range(len(old))]
        return Alignment(
            [at for at in places if old[at[0]] == new[at[0]]],
            [Match((k,), (k,)) for k, _ in places if old[k] != new[k]],
        )
    named = next(filter(None, (_named(old, new, width) for width in range(1 + merged, WIDEST + 1))), None)
    if named is None:
        return align.aligned(old, new)
    ours, theirs = set(range(len(old))).difference(named), set(range(len(new))).difference(named.values())
    left, free = sorted(ours), sorted(theirs)
    rest = align.aligned([old[i] for i in left], [new[j] for j in free])
    several = [
        Match(tuple(left[i] for i in one.old), tuple(free[j] for j in one.new), one.moved)
        for one in rest.matches
        if len(one.old) > 1 or len(one.new) > 1
    ]
    single = [(left[one.old[0]], free[one.new[0]]) for one in rest.matches if len(one.old) == len(one.new) == 1]
    renamed = [(i, j) for i, j in single if _is_renamed(old[i], new[j])]
    pairs = sorted([*named.items(), *((left[i], free[j]) for i, j in rest.kept), *renamed])
    stays = set(heaviest_chain((i, j, 1.0) for i, j in pairs))
    kept = [(i, j) for i, j in pairs if (i, j) in stays and old[i] == new[j]]
    held = set(kept)
    matches = [Match((i,), (j,), moved=(i, j) not in stays) for i, j in pairs if (i, j) not in held]
    return Alignment(kept, sorted([*matches, *several], key=lambda one: one.new))


def _named(old: Sequence[str], new: Sequence[str], width: int) -> dict[int, int] | None:
    """Pair the rows that both sides name once by so many first cells, None where these are not most rows of either."""
    ours, theirs = (_by_name(side, width) for side in (old, new))
    pairs = {i: theirs[name] for name, i in ours.items() if i >= 0 and theirs.get(name, -1) >= 0}
    return pairs if 2 * len(pairs) > min(len(old), len(new)) and len(pairs) > 1 else None


def _is_renamed(old: str, new: str) -> bool:
    """Tell whether a row goes on under another name: half of it is the same, or both names have a word in common.

    A row without a name is one with any that is like it.
    """
    if "\t" not in old or "\t" not in new:
        return True
    (name, *cells), (other, *others) = old.split("\t"), new.split("\t")
    name, other = tabular.named(name), tabular.named(other)
    if not (_NAME.search(name) and _NAME.search(other)) or _FIGURE.search(name + other):
        return True
    said = [pair for pair in zip(cells, others, strict=False) if _SAYS.search(pair[0] + pair[1])]
    common = bool(said) and 2 * sum(one == beside for one, beside in said) >= len(said)
    words = set(name.split()) & set(other.split())
    return common or bool(words) or alike(features(name), features(other)) >= ALIKE


def _merged(rows: Sequence[str]) -> int:
    """Count the first cells that are merged with those above in the shortest row."""
    widths = {row.count("\t") for row in rows} - {0}
    return max(widths) - min(widths) if widths else 0


def _by_name(rows: Sequence[str], width: int) -> dict[tuple[str, ...], int]:
    """Give each row by its first cells, -1 where several have the same; none that has no name."""
    found: dict[tuple[str, ...], int] = {}
    widest = max(row.count("\t") for row in rows)
    above: list[str] = []
    for k, row in enumerate(rows):
        if "\t" not in row:
            continue
        # in a shorter row the first cells are those above
        above = [*above[: widest - row.count("\t")], *row.split("\t", width)[:width]][:width]
        name = tuple(squeezed(tabular.named(cell)) for cell in above)
        if name and _NAME.search(name[-1]) and not _FIGURE.search(name[-1]):
            found[name] = -1 if name in found else k
    return found
