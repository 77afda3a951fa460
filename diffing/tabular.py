"""A table read from its text: the lines above it, its rows of headings, its columns, and whether it was turned."""

from __future__ import annotations

import re
from collections.abc import Sequence

from diffing.forms import plain, squeezed

FIGURE = re.compile(r"\d")
"""A figure: a row that has one is none of headings."""
_PERIOD = re.compile(
    r"(?:['’‘]\d\d|(?:19|20)\d\d)(?:[.\s]\s?\d{1,2})?|(?:['’‘]?\d\d|(?:19|20)\d\d)\s?년도?(?:\s?\d{1,2}월)?(?:\s?[가-힣A-Za-z]{1,4})?"
    r"|\d{1,2}월|(?:(?:19|20)\d\d년\s?)?[1-4](?:/4)?\s?분기"
)
"""``2024``, ``’25``, ``2024년 예산``, ``2024. 4``, ``4월``, ``1분기``: what heads a column of values."""
_IN_BRACKETS = re.compile(r"\s?\([^()\d]{1,6}\)$")
"""``2024년(A)``, ``2025(안)``."""


def titles(rows: Sequence[str]) -> int:
    """Count the lines above the headings: ``(단위: 명)`` fills a row of its own."""
    return next((k for k, row in enumerate(rows) if "\t" in row), 0)


def columns(rows: Sequence[str]) -> list[tuple[str, ...]]:
    """Give the columns in which anything stands, none of a table whose rows are not equally long."""
    cells = [row.split("\t") for row in rows]
    if len({len(row) for row in cells}) > 1:
        return []
    return [column for column in zip(*cells, strict=True) if any(column)]


def has_headings(columns: Sequence[Sequence[str]]) -> bool:
    """Tell whether what stands uppermost in the columns heads them: words, and periods over what is none."""
    return bool(columns) and all(
        len(column) > 1 and (not FIGURE.search(column[0]) or (is_period(column[0]) and not all(map(is_period, column))))
        for column in columns
    )


def is_period(cell: str) -> bool:
    """Tell whether a cell names a year, a month or a quarter."""
    return _PERIOD.fullmatch(_IN_BRACKETS.sub("", cell)) is not None


def turned(old: str, new: str) -> str | None:
    """Give the new table with its rows as columns where what heads the old one's rows heads its columns, or None.

    Half of what heads the old rows and the old columns must head the others, and more than heads the same again.
    """
    (_, was, _), (above, became, below) = map(_parted, (old, new))
    if was[:1] == became[:1]:
        return None
    uneven = any(len({len(row) for row in one}) != 1 for one in (was, became))
    if uneven or min(len(was), len(became), len(was[0]), len(became[0])) < 2:
        return None
    (top, side), (top_new, side_new) = (
        (_heads(table[0][1:]), _heads([row[0] for row in table[1:]])) for table in (was, became)
    )
    across = len(top & side_new), len(side & top_new)
    straight = len(top & top_new) + len(side & side_new)
    if sum(across) <= straight or 2 * across[0] < len(top) or 2 * across[1] < len(side):
        return None
    return "\n".join([*above, *map("\t".join, zip(*became, strict=True)), *below])


def named(cell: str) -> str:
    """Give what heads a row or column without what stands behind it in brackets, which may be a unit."""
    return _IN_BRACKETS.sub("", plain(cell)).strip()


def _heads(cells: Sequence[str]) -> set[str]:
    return {squeezed(named(cell)) for cell in cells} - {""}


def _parted(text: str) -> tuple[list[str], list[list[str]], list[str]]:
    """Part the lines above a table and the notes below it from its rows of cells."""
    rows = text.split("\n")
    first = titles(rows)
    last = next((k for k in range(len(rows), first, -1) if "\t" in rows[k - 1]), first)
    return rows[:first], [row.split("\t") for row in rows[first:last]], rows[last:]
