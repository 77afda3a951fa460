"""A table's difference as rows and cells, so that its columns stand under one another and no mark crosses a cell."""

from __future__ import annotations

import re
from collections.abc import Sequence

from diffing.reports.items import WordRun

Cell = tuple[WordRun, ...]
Row = tuple[Cell, ...]
_LINE = re.compile("\r?\n")


def cells(runs: Sequence[WordRun]) -> tuple[Row, ...]:
    """Give the cells of a table row by row, each with its runs of kept, deleted and inserted text.

    Tabs part cells and line feeds rows. What is deleted or inserted with such a mark in it must be whole rows, which
    then stand as rows of their own.

    Returns:
        Nothing where the text is no table, or where what came or went is part of several rows or cells.
    """
    if not any("\t" in text for _, text in runs) or not _in_whole_rows(runs):
        return ()
    rows: list[list[list[WordRun]]] = [[[]]]
    for tag, text in runs:
        for number, line in enumerate(_LINE.split(text)):
            if number:
                rows.append([[]])
            for place, cell in enumerate(line.split("\t")):
                if place:
                    rows[-1].append([])
                if cell:
                    rows[-1][-1].append((tag, cell))
    if rows[-1] == [[]]:
        del rows[-1]  # behind the line feed of a last row that came or went
    return tuple(tuple(tuple(cell) for cell in row) for row in rows)


def _in_whole_rows(runs: Sequence[WordRun]) -> bool:
    """Say whether every deletion and insertion that crosses a cell begins where a row does and ends where one does."""
    told = [("keep", "\n"), *runs, ("keep", "\n")]
    return all(
        tag == "keep"
        or not {"\t", "\n"} & set(text)
        or (before.endswith("\n") and (text.endswith("\n") or after.startswith("\n")))
        or (text.startswith("\n") and after.startswith("\n"))
        for (_, before), (tag, text), (_, after) in zip(told, told[1:], told[2:], strict=False)
    )
