"""A document's lines as paragraphs and tables: lines with tabs that follow each other are the rows of one table."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Table:
    """A table's rows of cells."""

    rows: tuple[tuple[str, ...], ...]


def parts_of(lines: Sequence[str]) -> list[str | Table]:
    """Give the document's parts in order: a text for a paragraph, a table for its rows."""
    parts: list[str | Table] = []
    for line in lines:
        if "\t" not in line:
            parts.append(line)
            continue
        row = tuple(line.split("\t"))
        before = parts.pop() if parts and isinstance(parts[-1], Table) else Table(())
        parts.append(Table((*before.rows, row)) if isinstance(before, Table) else Table((row,)))
    return parts
