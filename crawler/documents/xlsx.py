"""XLSX (ISO/IEC 29500, SpreadsheetML): each sheet's name and its cells as they are calculated, read by openpyxl."""

from __future__ import annotations

import io
import warnings
from collections.abc import Iterator, Mapping, Sequence
from datetime import date, datetime, time, timedelta
from xml.etree.ElementTree import Element

import openpyxl
from openpyxl.utils.exceptions import InvalidFileException

from crawler.documents.package import Package, attribute, local
from crawler.documents.text import PICTURES, SHEETS, Corrupt, TooLarge, Writer
from storage.magic import BAD_ZIP

_BOOK = "xl/workbook.xml"
_LARGEST = 1e18
"""Whole numbers from here on are written with an exponent; a state's budget in 원 has sixteen digits."""
MAX_CELLS = 1_000_000
"""Of one workbook, empty ones within a sheet's used columns counted too."""


def read(payload: bytes, writer: Writer) -> None:
    """Write the sheets of an XLSX file, the hidden ones too, and the hidden rows and columns; after each its boxes."""
    package = Package(payload, writer.room)
    package.check()
    for name in package.names:
        if name.endswith((".xml", ".rels")):
            package.xml(name)  # openpyxl reads a part only after it was found well-formed and without entities.
    if any(name.startswith(("xl/media/", "xl/charts/")) for name in package.names):
        writer.lose(PICTURES)
    writer.lose(SHEETS)
    try:
        with warnings.catch_warnings(record=True) as left_out:
            warnings.simplefilter("always")
            book = openpyxl.load_workbook(io.BytesIO(payload), read_only=True, data_only=True)
        if left_out:
            writer.lose("what openpyxl cannot make sense of")
        _sheets(book, _boxes(package), writer)
    except (*BAD_ZIP, InvalidFileException, ArithmeticError, KeyError, TypeError, AttributeError, IndexError) as error:
        # openpyxl raises whatever the damaged part leads it to.
        raise Corrupt(f"damaged: {error}") from error


def _sheets(book: openpyxl.Workbook, boxes: Mapping[str, Sequence[str]], writer: Writer) -> None:
    cells = 0
    for sheet in book.worksheets:
        writer.add("heading", sheet.title)
        rows = []
        for row in sheet.iter_rows(values_only=True):
            cells += len(row)
            if cells > MAX_CELLS:
                raise TooLarge(f"more than {MAX_CELLS} cells")
            if any(cell is not None for cell in row):
                rows.append([_text(cell) for cell in row])
        writer.add_table(rows)
        for text in boxes.get(sheet.title, ()):
            writer.add("paragraph", text)


def _boxes(package: Package) -> dict[str, list[str]]:
    """Give the paragraphs of the text boxes on each sheet, by its name."""
    found: dict[str, list[str]] = {}
    if _BOOK not in package:
        return found
    sheets = package.related(_BOOK)
    for one in (one for one in package.xml(_BOOK).iter() if local(one) == "sheet"):
        _, sheet = sheets.get(attribute(one, "id"), ("", ""))
        drawings = [part for kind, part in package.related(sheet).values() if kind == "drawing"] if sheet else []
        bodies = (body for part in drawings for body in _bodies(package.xml(part)))
        found[attribute(one, "name")] = [
            "".join(text.text or "" for text in paragraph.iter() if local(text) == "t")
            for body in bodies
            for paragraph in body
            if local(paragraph) == "p"
        ]
    return found


def _bodies(element: Element) -> Iterator[Element]:
    """Give the texts in a drawing; what says the same for older programs is left out."""
    for child in element:
        if local(child) == "txBody":
            yield child
        elif local(child) != "Fallback":
            yield from _bodies(child)


def _text(value: object) -> str:
    """Write a cell: 1.0 as 1, 1.1E+15 by its digits, 0.30000000000000004 as 0.3, midnight's date without its time."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return str(value).upper()
    if isinstance(value, float):
        return str(int(value)) if value.is_integer() and abs(value) < _LARGEST else f"{value:.15g}"
    if isinstance(value, datetime):
        return value.date().isoformat() if value.time() == time() else value.isoformat(" ")
    if isinstance(value, date | time | timedelta):
        return str(value)
    return str(value)
