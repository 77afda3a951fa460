"""XLSX (ISO/IEC 29500, SpreadsheetML): each sheet's name and its cells as they are calculated, read by openpyxl."""

from __future__ import annotations

import io
import warnings
from datetime import date, datetime, time, timedelta

import openpyxl
from openpyxl.utils.exceptions import InvalidFileException

from crawler.documents.package import Package
from crawler.documents.text import PICTURES, SHEETS, Corrupt, TooLarge, Writer
from storage.magic import BAD_ZIP

MAX_CELLS = 1_000_000
"""Of one workbook, empty ones within a sheet's used columns counted too."""


def read(payload: bytes, writer: Writer) -> None:
    """Write the sheets of an XLSX file; the hidden ones too, and the hidden rows and columns."""
    package = Package(payload)
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
    except (*BAD_ZIP, InvalidFileException, ArithmeticError, KeyError, TypeError, AttributeError, IndexError) as error:
        # openpyxl raises whatever the damaged part leads it to.
        raise Corrupt(f"damaged: {error}") from error


def _text(value: object) -> str:
    """Write a cell: 1.0 as 1, midnight's date without its time."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return str(value).upper()
    if isinstance(value, float):
        return str(int(value)) if value.is_integer() and abs(value) < 1e15 else repr(value)
    if isinstance(value, datetime):
        return value.date().isoformat() if value.time() == time() else value.isoformat(" ")
    if isinstance(value, date | time | timedelta):
        return str(value)
    return str(value)
