"""Print what any command prints: lines for a person, in which nothing is obeyed, and data for a program, as it is.

No other module prints (``pyproject.toml`` forbids it), so that no line can forget what has to be done to its text.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from textwrap import indent
from typing import Any

import click

from cli.streams import clean, while_read
from storage.json_text import written


class Styled(str):
    """Text that is harmless, with colours of ours in it."""

    __slots__ = ()


def styled(*parts: str, **how: Any) -> Styled:
    """Give text in the colours that :func:`click.style` takes; parts that have theirs keep them."""
    return Styled(click.style(_harmless(parts), **how))


def _harmless(parts: Iterable[str]) -> str:
    return "".join(one if isinstance(one, Styled) else clean(one) for one in parts)


def tell(*parts: str) -> None:
    """Print a line for a person, of these parts."""
    click.echo(_harmless(parts))


def aside(text: str) -> None:
    """Say something beside the data, on standard error."""
    click.echo(clean(text), err=True)  # Else click would take out of a file's text what it should show.


def data(text: str | bytes, *, line: bool = True) -> None:
    """Print what a program reads, or what is a file or its name, as it is."""
    click.echo(text, nl=line)


def counted(number: int, noun: str) -> str:
    """Say how many there are: ``1 look``, ``2 looks``, ``1,204 looks``."""
    return f"{number:,} {noun}{'' if number == 1 else 's'}"


def counts(found: Mapping[str, int]) -> str:
    """Say several counts whose names are plural: ``2,111 captures, 1 article``."""
    return ", ".join(counted(number, name.removesuffix("s")) for name, number in found.items())


def document(style: str, value: object) -> bool:
    """Print one thing for a program; False, and nothing is printed, where a person is to be told."""
    if style == "text":
        return False
    data(written(value, 2 if style == "json" else None))
    return True


def records(style: str, columns: Sequence[str], found: Iterable[Mapping[str, Any]], whole: object = None) -> bool:
    """Print records for a program, one after the other; False, and nothing is printed, where a person is to be told.

    Args:
        style: One of ``options.RECORDS``.
        columns: The columns of the table.
        found: The records.
        whole: What ``json`` prints in their place, where they are part of something larger.
    """
    if style == "json" and whole is not None:
        return document(style, whole)
    if style == "json":
        _as_list(found)
    elif style == "jsonl":
        for one in while_read(found):
            document(style, one)
    elif style == "csv":
        _as_table(columns, found)
    return style != "text"


def _as_list(found: Iterable[object]) -> None:
    before = "["
    for one in while_read(found):
        data(before + "\n" + indent(written(one, 2), "  "), line=False)
        before = ","
    data("[]" if before == "[" else "\n]")


def _as_table(columns: Sequence[str], found: Iterable[Mapping[str, Any]]) -> None:
    from diffing.reports.as_csv import guarded, row  # All formats of reports come with it; few ask for a table.

    def cell(value: object) -> str:
        # A cell that a spreadsheet would run as a formula gets an apostrophe.
        if isinstance(value, list | tuple) and all(isinstance(one, str) for one in value):
            return guarded(" ".join(value))
        if isinstance(value, list | tuple | dict | bool):
            return written(value)
        return "" if value is None else guarded(value) if isinstance(value, str) else str(value)

    data(row(columns), line=False)
    for one in while_read(found):
        data(row([cell(one.get(name)) for name in columns]), line=False)
