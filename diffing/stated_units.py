"""A table with the units that it states of its figures: above it, behind headings, behind what its rows are of."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Container, Iterable, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from itertools import takewhile
from typing import Literal, NamedTuple

from diffing import tabular
from diffing.forms import plain, squeezed
from diffing.scales import Size, size

_LINE = re.compile(
    r"(?:[(\[<【（]\s?(?:금액\s?)?단위(?P<bare>\s(?!\s?[:：])|)\s?[:：;]?|(?:금액\s?)?단위\s?[:：])\s?"
    r"(?P<units>[^()（）\[\]<>【】:：\n\t]{1,40})[)\]>】）]?"
)
"""``(단위: 억 원, %)``, ``[단위 : 명]``, ``(단위 명)``: the units of all figures below."""
_BEHIND = re.compile(r"\s?[(\[（](?:단위\s?[:：]?\s?)?(?P<units>(?:[^()（）\[\]\d]|(?<=m)[23]|(?<=CO)2){1,14})[)\]）]$")
"""The ``(억 원)`` behind ``예산``."""
_LABELS = 3
"""Cells among which those are that say what a row is of."""
_CLOSING = (")", "]", "）")
_LETTER = re.compile(r"[가-힣A-Za-z]")
_SHARES = re.compile(
    r"(?:율|률|비중|(?:구성|전년|전월|증감|점유)비|대비|만족도|달성도|평점|배수|순위|연도|년도|번호|연번|점수|지수)(?:\s?\([^()]*\))?$"
)
"""What heads figures that are no amounts: ``집행률``, ``순위``."""
_COUNTS = re.compile(
    r"(?:인원|개소|횟수|(?:건|개|가구|세대|업체|기업|기관|사업|과제|학교|학생|직원|종사자|점포|농가|환자|필지|품목)\s?수)"
    r"(?:\s?\([^()]*\))?$"
)
"""What heads figures that are no money: ``건수``."""

_LISTED = re.compile(r"[^,、·ㆍ]+")
"""``억 원`` and ``%`` of ``억 원, %``."""

_OF_UNITS = "단위"
"""What heads a column of units."""

Place = tuple[Literal["above", "column", "row", "beside"], int]
ABOVE: Place = ("above", 0)


class Stated(NamedTuple):
    """The units that may be those of a bare figure in a cell, and where they stand; no place where none is stated."""

    units: tuple[Size, ...] = ()
    place: Place | None = None


@dataclass
class Table:
    """One side: its lines above, its rows of cells, and what units it states where."""

    text: str
    above: str
    rows: list[list[str]] = field(init=False)
    titles: list[str] = field(init=False)

    def __post_init__(self) -> None:
        rows = self.text.split("\n")
        first = tabular.titles(rows)
        self.titles, self.rows = rows[:first], [row.split("\t") for row in rows[first:]]

    @cached_property
    def width(self) -> int:
        """Count the columns, by the first row of headings."""
        return len(self.rows[0])

    @cached_property
    def heads(self) -> int:
        """Count the rows of headings: the first, and those below it in which no figure but a period stands."""
        return 1 + sum(1 for _ in takewhile(_is_heading, self.rows[1:3]))

    @cached_property
    def over(self) -> tuple[Size, ...]:
        """Give the units that the lines above state."""
        hit = _line("\n".join([self.above, *self.titles, self.rows[0][0]]))
        return _sizes(hit["units"]) if hit else ()

    @cached_property
    def units_at(self) -> int | None:
        """Give the column that says the unit of each row, None where there is none."""
        return of_units(self.rows[0])

    @cached_property
    def of_columns(self) -> dict[int, tuple[Size, ...]]:
        """Give the units that stand behind the headings of columns."""
        found = {}
        for row in self.rows[: self.heads]:
            for k, cell in enumerate(row if len(row) == self.width else ()):
                if units := _behind(cell):
                    found[k] = units
        return found

    @cached_property
    def of_rows(self) -> dict[int, tuple[Size, ...]]:
        """Give the units that stand behind what rows are of."""
        found = {}
        for i, row in enumerate(self.rows[self.heads :], self.heads):
            if any(cell.endswith(_CLOSING) for cell in row[:_LABELS]) and (units := self._behind_labels(row)):
                found[i] = units
        return found

    def _behind_labels(self, row: Sequence[str]) -> tuple[Size, ...]:
        return next(filter(None, map(_behind, self.labels(row))), ())

    def stated(self, row: int, column: int) -> Stated:
        """Give what is stated of the figures in a cell, the nearest first."""
        if units := self.of_rows.get(row):
            return Stated(units, ("row", row))
        if self.units_at and self.units_at < len(self.rows[row]):
            return Stated(_sizes(self.rows[row][self.units_at]), ("beside", row))
        if units := self.of_columns.get(column):
            return Stated(units, ("column", column))
        return Stated(self.over, ABOVE) if self.over else Stated()

    def places(self, stated: Stated) -> set[Place]:
        """Give the rows or columns of which the same units are stated in the same way."""
        if stated.place is None or stated.place == ABOVE:
            return set()
        where = stated.place[0]
        at = range(self.heads, len(self.rows)) if where != "column" else self.of_columns
        found = ((k, self.of_columns[k] if where == "column" else self.stated(k, 0).units) for k in at)
        return {(where, k) for k, units in found if units == stated.units}

    def states_what(self, other: Table) -> bool:
        """Tell whether two tables state the same units at the same places."""
        return (self.over, self.of_columns, self.units_at) == (other.over, other.of_columns, other.units_at) and not (
            self.of_rows or other.of_rows or self.units_at
        )

    def counted_otherwise(self, row: int, column: int, units: Sequence[Size]) -> bool:
        """Tell whether what heads a cell's column or row says that it holds nothing counted in these units."""
        heads = [one[column] for one in self.rows[: self.heads] if column < len(one)]
        money = any(one.kind == "money" for one in units)
        return any(
            _SHARES.search(cell) or (money and _COUNTS.search(cell)) for cell in (*heads, *self.labels(self.rows[row]))
        )

    def labels(self, row: Sequence[str]) -> list[str]:
        """Give the cells that say what a row is of: the first, and those behind it with letters and no figure."""
        behind = takewhile(lambda cell: _LETTER.search(cell) and not tabular.FIGURE.search(cell), row[1:_LABELS])
        return [cell for k, cell in enumerate([*row[:1], *behind]) if k != self.units_at]

    def without(self, places: Iterable[Place]) -> str:
        """Give the table without the units that stand at these places."""
        lines, rows = list(self.titles), [list(row) for row in self.rows]
        for where, at in places:
            if where == "above":
                lines = [line for line in map(unstated, lines) if line.strip()]
                rows[0][0] = unstated(rows[0][0])
            elif where == "column":
                for row in rows[: self.heads]:
                    if len(row) == self.width:
                        row[at] = _unmarked(row[at])
            elif where == "beside":
                rows[at][self.units_at or 0] = ""
            else:
                named = len(self.labels(rows[at]))
                rows[at][:named] = map(_unmarked, rows[at][:named])
        last = self.units_at
        if last and not any(row[last].strip() for row in rows[1:] if last < len(row)):
            rows = [row[:last] + row[last + 1 :] for row in rows]
        return "\n".join([*lines, *map("\t".join, rows)])


def of_units(headings: Sequence[str]) -> int | None:
    """Give the column that is headed by 단위, None where there is none."""
    return next((k for k, cell in enumerate(headings) if k and squeezed(cell) == _OF_UNITS), None)


def as_stated(cell: str) -> str:
    """Write what stands in a column of units as a line above states it."""
    return f"({_OF_UNITS}: {cell})"


def unstated(line: str) -> str:
    """Give a line without the units that it states of what stands below; what else is said there stays."""
    hit = _line(line)
    if hit is None:
        return line
    said = "".join(_LISTED.sub(lambda one: "" if size(plain(one.group()).strip()).known else one.group(), hit["units"]))
    if _LETTER.search(said):
        return line[: hit.start("units")] + said + line[hit.end("units") :]
    return (line[: hit.start()] + line[hit.end() :]).rstrip()


def states(line: str) -> bool:
    """Tell whether a line states the units of what stands below."""
    return _line(line) is not None


def paired_columns(old: Table, new: Table) -> list[tuple[int, int]]:
    """Pair columns by their headings without units, then those left at the same place of tables of one width."""
    keys = [
        _numbered(
            [
                tuple(squeezed(_unmarked(row[k])) for row in side.rows[: side.heads] if k < len(row))
                for k in range(side.width)
            ]
        )
        for side in (old, new)
    ]
    beside = {key: j for j, key in enumerate(keys[1]) if any(key[0])}
    pairs = {k: beside[key] for k, key in enumerate(keys[0]) if key in beside}
    if old.width == new.width:
        free = set(range(new.width)).difference(pairs.values())
        pairs |= {k: k for k in range(old.width) if k not in pairs and k in free}
    return sorted(pairs.items())


def paired_rows(old: Table, new: Table) -> list[tuple[int, int, bool]]:
    """Pair the rows below the headings by what they are of, without units; of several the first with the first.

    Those that stand on both sides alike under the same units are left out. Those without a partner are paired where one
    stands for one between others, or all of them where figures stand first. The third says whether a pair is sure.
    """
    equal = {*map(tuple, old.rows)}.intersection(map(tuple, new.rows)) if old.states_what(new) else set()
    left, free = (
        [k for k, row in enumerate(side.rows) if k >= side.heads and tuple(row) not in equal] for side in (old, new)
    )
    keys = [
        _numbered([tuple(squeezed(_unmarked(cell)) for cell in side.labels(side.rows[k])) for k in at])
        for side, at in ((old, left), (new, free))
    ]
    beside = dict(zip(keys[1], free, strict=True))
    pairs = {i: beside[key] for i, key in zip(left, keys[0], strict=True) if key in beside}
    taken = set(pairs.values())
    left, free = [i for i in left if i not in pairs], [j for j in free if j not in taken]
    found = [(i, j, True) for i, j in pairs.items()]
    if 0 in old.of_columns and 0 in new.of_columns and len(left) == len(free):
        return sorted([*found, *((i, j, True) for i, j in zip(left, free, strict=True))])
    above, below = pairs | {old.heads - 1: new.heads - 1}, pairs | {len(old.rows): len(new.rows)}
    between = [(i, above[i - 1] + 1) for i in left if i - 1 in above]
    alone = [(i, j) for i, j in between if j in free and below.get(i + 1) == j + 1]
    return sorted([*found, *((i, j, False) for i, j in alone)])


def lone_lines(old: Table, new: Table) -> tuple[set[Place], set[Place]]:
    """Give the places of the rows and columns of either side that have no partner."""
    rows, across = paired_rows(old, new), paired_columns(old, new)
    ours = _without_partner(old, {i for i, _, sure in rows if sure}, {k for k, _ in across})
    return ours, _without_partner(new, {j for _, j, sure in rows if sure}, {at for _, at in across})


def _without_partner(table: Table, rows: Container[int], columns: Container[int]) -> set[Place]:
    found: set[Place] = {("column", k) for k in range(table.width) if k not in columns}
    for k in range(table.heads, len(table.rows)):
        found.update([("row", k), ("beside", k)] if k not in rows else [])
    return found


def _numbered(keys: Sequence[tuple[str, ...]]) -> list[tuple[tuple[str, ...], int]]:
    seen: dict[tuple[str, ...], int] = defaultdict(int)
    found = []
    for key in keys:
        found.append((key, seen[key]))
        seen[key] += 1
    return found


def _unmarked(cell: str) -> str:
    """Give what a cell names without the unit behind it."""
    return _BEHIND.sub("", cell) if _behind(cell) else cell


def _is_heading(row: Sequence[str]) -> bool:
    return all(not tabular.FIGURE.search(cell) or tabular.is_period(cell) for cell in row) and any(
        _LETTER.search(cell) for cell in row[1:]
    )


def _line(text: str) -> re.Match[str] | None:
    """Find where a text states units: what stands behind 단위 without a colon must be one."""
    hit = _LINE.search(text) if "단위" in text else None
    return hit if hit and (not hit["bare"] or any(one.known for one in _sizes(hit["units"]))) else None


def _behind(cell: str) -> tuple[Size, ...]:
    """Give the units behind a heading, none where what stands there in brackets is no unit."""
    hit = _BEHIND.search(cell) if cell.endswith(_CLOSING) else None
    found = _sizes(hit["units"]) if hit else ()
    return found if all(one.known for one in found) else ()


def _sizes(units: str) -> tuple[Size, ...]:
    return tuple(size(one.strip()) for one in _LISTED.findall(plain(units)) if one.strip())
