"""What is left of two tables once the units stated otherwise of the same quantities are taken from both."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Hashable, Iterable, Iterator, Sequence
from dataclasses import replace
from decimal import Decimal
from itertools import product
from typing import Literal, NamedTuple

from diffing import facts, quantities, tabular
from diffing.figures import Figure
from diffing.finding import Finding
from diffing.forms import plain, reprinted
from diffing.scales import Size
from diffing.stated_units import ABOVE, Place, Stated, Table, lone_lines, paired_columns, paired_rows


class Restated(NamedTuple):
    """Two tables without what both say alike in other units, what is replaced there, and whether the lines above agree.

    ``same``: the unit in the lines above says the same as what the other side says in its own way.
    """

    old: str
    new: str
    found: Finding
    same: bool


Verdict = Literal["follows", "same", "left", "other", "none"]
"""Whether the figures of a cell are the same in another unit, stand below the same as before or below another, differ,
or are none.
"""
_Judged = tuple[Verdict, Finding | None, bool]


class _Cell(NamedTuple):
    """Two cells that stand for one another, what is stated of either, and whether the old figure is the new one."""

    row: tuple[int, int]
    column: tuple[int, int]
    stated: tuple[Stated, Stated]
    verdict: Verdict
    found: Finding | None = None
    sure: bool = True


def restated(old: str, new: str, above: tuple[str, str] = ("", "")) -> Restated | None:
    """Take from two tables the units stated otherwise of the same quantities, and these; None where there are none.

    ``above`` are the lines that stand over either. Where most figures under a unit are the same in the other, those
    that are not are facts; where any was left as it stood, the unit itself is what was replaced.
    """
    sides = Table(old, above[0]), Table(new, above[1])
    if not any(one.over or one.of_columns or one.of_rows or one.units_at for one in sides):
        return None
    groups: dict[Hashable, list[_Cell]] = defaultdict(list)
    for cell in _cells(*sides):
        groups[_group(cell)].append(cell)
    if not groups:
        return None
    places, found = _taken(sides[0], sides[1], groups.values())
    texts = [side.without(those) for side, those in zip(sides, places, strict=True)]
    settled = ABOVE in places[0] | places[1]
    if texts == [one.text for one in sides]:
        return Restated(old, new, Finding(), same=True) if settled else None
    return Restated(texts[0], texts[1], found, same=settled)


def _taken(old: Table, new: Table, groups: Iterable[Sequence[_Cell]]) -> tuple[tuple[set[Place], set[Place]], Finding]:
    """Put old figures for new ones that say the same; give where their units stand, and what is replaced there."""
    places: tuple[set[Place], set[Place]] = (set(), set())
    told: list[tuple[int, int, Finding]] = []
    lone = lone_lines(old, new)
    for cells in groups:
        verdict = _judged(cells)
        for one in cells if verdict is not None else ():
            if one.verdict == "follows" or one.found:
                new.rows[one.row[1]][one.column[1]] = old.rows[one.row[0]][one.column[0]]
            told += [(one.row[1], one.column[1], one.found)] if one.found else []
            for side, stated in zip(places, one.stated, strict=True):
                side.update([stated.place] if verdict and stated.place else [])
        for table, side, stated, alone in zip(
            (old, new), places, cells[0].stated if verdict else (), lone, strict=False
        ):
            side.update(table.places(stated) & alone)
    found = Finding({"wording"})
    for _, _, replaced in sorted(told, key=lambda cell: cell[:2]):
        found.add(replaced)
    return places, found


def _judged(cells: Sequence[_Cell]) -> bool | None:
    """Tell whether figures say the same in other units, all but the facts among them; None where too few do.

    False where some that are not zero stand as they stood, so that the unit was replaced over them.
    """
    if not _pure(cells):
        cells = [one if one.sure or one.verdict != "same" else one._replace(verdict="left") for one in cells]
    alike = sum(one.verdict == "follows" or (one.verdict == "same" and one.sure) for one in cells)
    left, other = (sum(one.verdict == said for one in cells) for said in ("left", "other"))
    # by chance one figure may be another in the new unit
    by_chance = any(_other_size(*one.stated) for one in cells) and alike <= left + other
    return None if not alike or by_chance else not left


def _other_size(old: Stated, new: Stated) -> bool:
    """Tell whether units are stated of both figures, and others of the new one."""
    return bool(old.units and new.units) and old.units != new.units


def _pure(cells: Sequence[_Cell]) -> bool:
    """Tell whether no column, or no row, has both figures that follow the unit and such as may stand under another."""
    lines: dict[tuple[str, tuple[int, int]], set[str]] = defaultdict(set)
    for one in cells:
        if one.verdict == "follows" or not one.sure:
            lines["column", one.column].add(one.verdict)
            lines["row", one.row].add(one.verdict)
    mixed = {where for (where, _), said in lines.items() if len(said) > 1}
    return len(mixed) < 2


def _group(cell: _Cell) -> Hashable:
    """Give what the figures have in common that are judged together: the same units stated otherwise in one way."""
    places = [one.place and one.place[0] for one in cell.stated]
    return "above" if "above" in places else (*places, *(one.units for one in cell.stated))


def _cells(old: Table, new: Table) -> Iterator[_Cell]:
    """Pair the cells of two tables by what heads their rows and columns, and judge them."""
    across = paired_columns(old, new)
    for i, j, sure in paired_rows(old, new):
        # in a row that is shorter the first cells are merged with those above
        shift = old.width - len(old.rows[i]), new.width - len(new.rows[j])
        first = 0 if 0 in old.of_columns else len(old.labels(old.rows[i]))
        for k, at in across:
            here, there = k - shift[0], at - shift[1]
            if first <= here < len(old.rows[i]) and 0 <= there < len(new.rows[j]):
                stated = old.stated(i, k), new.stated(j, at)
                judged = _cell(old.rows[i][here], new.rows[j][there], stated)
                if judged and judged[0] == "left" and old.counted_otherwise(i, k, stated[0].units):
                    judged = "same", None, False
                # what stands in another row's place is no value for a value
                if judged and (sure or judged[0] in {"follows", "none"}):
                    yield _Cell((i, j), (here, there), stated, *judged)


def _cell(old: str, new: str, stated: tuple[Stated, Stated]) -> _Judged | None:
    """Tell whether the figures of two cells are the same quantities; None where no unit is stated otherwise."""
    was, became = (one.units for one in stated)
    if not (was or became):
        return None
    if old == new:
        return _left(old, stated)
    if was == became and quantities.is_one(old) and quantities.is_one(new):
        return None
    ours, theirs = quantities.of_cell(old), quantities.of_cell(new)
    bare = [[quantities.is_bare(one) for one in side] for side in (ours, theirs)]
    if not any(map(any, bare)) or len(ours) != len(theirs) or (bare[0] == bare[1] and was == became):
        return None
    if quantities.beside(plain(old), ours) != quantities.beside(plain(new), theirs):
        return None
    units = list(_choices(was, became))
    pairs = list(zip(ours, theirs, strict=True))
    if any(all(quantities.same(*pair, *one) for pair in pairs) for one in units):
        return "follows", None, True
    if len(pairs) == len(units) > 1:
        return _in_turn(pairs, units, old, new)
    if len(pairs) > 1:
        return "other", None, True
    nearest = min(units, key=lambda those: quantities.apart(*pairs[0], *those))
    return None if nearest[0] == nearest[1] else ("other", _replaced(pairs[0], nearest, old, new), True)


def _in_turn(
    pairs: Sequence[tuple[Figure, Figure]], units: Sequence[tuple[Size | None, Size | None]], old: str, new: str
) -> _Judged:
    """Judge figures of which each has a unit of its own: ``620(5.0)`` under 명 and %."""
    follows, found = False, Finding()
    for pair, those in zip(pairs, units, strict=True):
        if quantities.same(*pair, *those):
            follows |= those[0] != those[1]
        elif (told := _replaced(pair, those, old, new)) is not None:
            found.add(told)
        else:
            return "other", None, True
    return ("follows" if follows else "other"), found if found.labels else None, True


def _left(cell: str, stated: tuple[Stated, Stated]) -> _Judged | None:
    """Judge a cell that stands as it stood: below the same unit, which is stated elsewhere, or below another."""
    was, became = (one.units for one in stated)
    where = [one.place and one.place[0] for one in stated]
    if (was, where[0]) == (became, where[1]) or tabular.is_period(cell):
        return None
    sizes = [abs(one.value or Decimal(0)) for one in quantities.of_cell(cell) if quantities.is_bare(one)]
    if not any(sizes):
        return "none", None, True
    # under 명 and % what is over a hundred is hardly a share
    alike = any(one == other and not _too_large(one, max(sizes)) for one, other in _choices(was, became))
    return ("same", None, was == became) if alike else ("left", None, True)


def _too_large(unit: Size | None, size: Decimal) -> bool:
    return unit is not None and unit.kind == "percent" and size > 100


def _replaced(
    pair: tuple[Figure, Figure], units: tuple[Size | None, Size | None], old: str, new: str
) -> Finding | None:
    """Name what differs between two figures under their units, None where it is no value for a value."""
    one, other = map(quantities.in_unit, pair, units)
    named = facts.figures_replaced(one, other) if one.kind == other.kind else None
    if named is None:
        return None
    before, after = reprinted([fact.old for fact in named[1]], old), reprinted([fact.new for fact in named[1]], new)
    told = zip(named[1], before, after, strict=True)
    return Finding(named[0], [replace(fact, old=was, new=became) for fact, was, became in told])


def _choices(old: Sequence[Size], new: Sequence[Size]) -> Iterable[tuple[Size | None, Size | None]]:
    """Give the units that may be stated of an old figure and the new one: of two lists the first with the first."""
    if len(old) == len(new):
        return zip(old, new, strict=True)
    return product(old or (None,), new or (None,))
