"""ODT (ODF 1.2 and later): paragraphs, headings, lists, tables, notes and annotations of ``content.xml``."""

from __future__ import annotations

import re
from xml.etree.ElementTree import Element

from crawler.documents.package import Package, attribute, local
from crawler.documents.text import (
    COUNTED,
    DELETIONS,
    MARGINS,
    MAX_CHARACTERS,
    MEMO,
    NOTE_PLACES,
    PICTURES,
    Corrupt,
    Encrypted,
    TooLarge,
    Writer,
)
from storage.records import BlockKind

_SPACES = {"tab": " ", "line-break": "\n"}
_MAX_SPACES = 1000
"""Spaces in a row; one space says as much as many."""
_MAX_TIMES = 1024
"""Of one cell or row; LibreOffice fills a sheet of 16,384 columns with one empty cell."""
_NUMBER = re.compile(r"[0-9]{1,9}")


def read(payload: bytes, writer: Writer) -> None:
    """Write the text of an ODT file."""
    package = Package(payload, writer.room)
    if "META-INF/manifest.xml" in package and any(
        local(one) == "encryption-data" for one in package.xml("META-INF/manifest.xml").iter()
    ):
        raise Encrypted("its parts are encrypted")
    text = next((one for one in package.xml("content.xml").iter() if local(one) == "text" and len(one)), None)
    if text is None:
        raise Corrupt("it has no text")
    if "styles.xml" in package and any(local(one) in {"header", "footer"} for one in package.xml("styles.xml").iter()):
        writer.lose(MARGINS)
    _story(text, writer, "paragraph")


def _story(parent: Element, writer: Writer, kind: BlockKind) -> None:
    for child in parent:
        name = local(child)
        if name in {"p", "h"}:
            after = Writer()
            said = _inline(child, after)
            writer.add("heading" if name == "h" else kind, said)
            writer.append(after)
        elif name == "table":
            _table(child, writer)
        elif name == "tracked-changes":
            if any(local(one) == "deletion" for one in child.iter()):
                writer.lose(DELETIONS)
        elif name == "list":
            writer.lose(COUNTED)
            _story(child, writer, "list-item")
        elif name not in {"forms", "sequence-decls", "variable-decls", "user-field-decls"}:
            # list-item, section, index-body: frames around paragraphs
            _story(child, writer, kind)


def _inline(element: Element, after: Writer) -> str:
    """Join a paragraph's text; notes, annotations and text boxes stand after it."""
    said = [element.text or ""]
    for child in element:
        name = local(child)
        if name == "s":
            count = attribute(child, "c")
            said.append(" " * min(int(count) if count.isdecimal() else 1, _MAX_SPACES))
        elif name in _SPACES:
            said.append(_SPACES[name])
        elif name == "note":
            after.lose(NOTE_PLACES)
            for body in child:
                if local(body) == "note-body":
                    _story(body, after, "paragraph")
        elif name == "annotation":
            inner = Writer()
            _story(child, inner, "paragraph")
            after.aside(MEMO, inner)
        elif name == "frame" or any(local(one) in {"p", "list"} for one in child):
            _frame(child, after)
        elif name not in {"creator", "date"}:
            said.append(_inline(child, after))
        said.append(child.tail or "")
    return "".join(said)


def _frame(frame: Element, after: Writer) -> None:
    """Write what a frame holds, or the words in a shape that was drawn."""
    if local(frame) != "frame":
        _story(frame, after, "paragraph")
        return
    for child in frame:
        if local(child) == "text-box":
            _story(child, after, "paragraph")
        elif local(child) in {"image", "object", "object-ole"}:
            after.lose(PICTURES)


def _table(table: Element, writer: Writer) -> None:
    lines = [[cell for cell in row if local(cell) == "table-cell"] for row in _rows(table)]
    if sum(map(len, lines)) == 1:
        _story(next(line[0] for line in lines if line), writer, "paragraph")
        return
    texts: list[list[str]] = []
    size = 0
    for row, line in zip(_rows(table), lines, strict=True):
        cells: list[str] = []
        rows = _times(row, "number-rows-repeated")
        for cell in line:
            inner = Writer()
            _story(cell, inner, "paragraph")
            text, columns = writer.cell(inner), _times(cell, "number-columns-repeated")
            size += (len(text) + 1) * columns * rows
            if size > MAX_CHARACTERS:
                raise TooLarge(f"a table of more than {MAX_CHARACTERS} characters")
            cells += [text] * columns
        texts += [cells] * rows
    writer.add_table(texts)


def _times(element: Element, name: str) -> int:
    """Give how often a cell or row stands there: one after the other that are the same are written once."""
    said = attribute(element, name)
    return min(max(int(said), 1), _MAX_TIMES) if _NUMBER.fullmatch(said) else 1


def _rows(parent: Element) -> list[Element]:
    """Give a table's rows, those of header and row groups too, but none of a table inside it."""
    rows: list[Element] = []
    for child in parent:
        if local(child) == "table-row":
            rows.append(child)
        elif local(child) in {"table-rows", "table-header-rows", "table-row-group"}:
            rows += _rows(child)
    return rows
