"""DOCX (ISO/IEC 29500, WordprocessingML): paragraphs and tables in order, notes, comments, text boxes, revisions."""

from __future__ import annotations

from collections.abc import Iterator
from xml.etree.ElementTree import Element

from crawler.documents.package import Package, attribute, local
from crawler.documents.text import COUNTED, DELETIONS, MARGINS, MEMO, NOTE_PLACES, PICTURES, Corrupt, Writer

_BREAKS = {"tab": " ", "br": "\n", "cr": "\n", "noBreakHyphen": "-", "ptab": " "}
_DELETED = frozenset({"del", "moveFrom"})
_NOTES = {"footnoteReference": "footnotes", "endnoteReference": "endnotes"}


def read(payload: bytes, writer: Writer) -> None:
    """Write the text of a DOCX file."""
    package = Package(payload, writer.room)
    main = _related(package, "").get("officeDocument", "word/document.xml")
    body = next((one for one in package.xml(main) if local(one) == "body"), None)
    if body is None:
        raise Corrupt("it has no body")
    if any(name.startswith(("word/header", "word/footer")) for name in package.names):
        writer.lose(MARGINS)
    _Document(package, main).story(body, writer)


def _related(package: Package, part: str) -> dict[str, str]:
    """Give the first part of each kind that a part leads to; Word online writes ``document2.xml``."""
    return dict(reversed(package.related(part).values()))


_BOXES = {
    ("wingdings", 0xA8): "□", ("wingdings", 0x6F): "□", ("wingdings", 0xFE): "☑", ("wingdings", 0xFD): "☒",
    ("wingdings", 0xFC): "✓", ("wingdings", 0xFB): "✗", ("wingdings 2", 0xA3): "□", ("wingdings 2", 0x52): "☑",
    ("wingdings 2", 0x53): "☒", ("wingdings 2", 0x50): "✓", ("wingdings 2", 0x4F): "✗",
}  # fmt: skip
"""What forms are ticked with, by font and the lower byte of the character's number there."""
_LAST_OF_PLANE = 0xFFFF


def _symbol(element: Element) -> str:
    """Give a character of a font of symbols: a box or tick as Unicode has it, any other by its number in the font."""
    try:
        number = int(attribute(element, "char"), 16)
    except ValueError:
        return ""
    known = _BOXES.get((attribute(element, "font").lower(), number & 0xFF))
    return known or (chr(number) if 0 < number <= _LAST_OF_PLANE else "")


class _Document:
    def __init__(self, package: Package, main: str) -> None:
        folder = main.rpartition("/")[0]
        self._package = package
        self._folder = f"{folder}/" if folder else ""
        self._related = _related(package, main)
        self._headings = {
            attribute(style, "styleId")
            for style in self._part("styles")
            if any(local(one) == "name" and _is_heading(attribute(one, "val")) for one in style)
        }
        self._notes = {
            (reference, attribute(note, "id")): note for reference, kind in _NOTES.items() for note in self._part(kind)
        }
        self._comments = {attribute(one, "id"): one for one in self._part("comments")}
        self._open: set[tuple[str, str]] = set()

    def _part(self, kind: str) -> Iterator[Element]:
        name = self._related.get(kind, f"{self._folder}{kind}.xml")
        return iter(self._package.xml(name)) if name in self._package else iter(())

    def story(self, parent: Element, writer: Writer) -> None:
        """Write the paragraphs and tables of a body, cell, note or text box."""
        for child in parent:
            name = local(child)
            if name == "p":
                after = Writer()
                said = self._inline(child, after)
                properties = [one for each in child if local(each) == "pPr" for one in each]
                if any(local(one) == "numPr" for one in properties):
                    after.lose(COUNTED)
                style = next((attribute(one, "val") for one in properties if local(one) == "pStyle"), "")
                writer.add("heading" if style in self._headings else "paragraph", said)
                writer.append(after)
            elif name == "tbl":
                self._table(child, writer)
            elif name in _DELETED:
                writer.lose(DELETIONS)
            elif name in {"sdt", "sdtContent", "customXml", "ins", "moveTo", "smartTag"}:
                self.story(child, writer)

    def _inline(self, element: Element, after: Writer) -> str:
        said: list[str] = []
        for child in element:
            name = local(child)
            if name == "t":
                said.append(child.text or "")
            elif name in _BREAKS or name == "sym":
                said.append(_BREAKS.get(name) or _symbol(child))
            elif name in _DELETED:
                after.lose(DELETIONS)
            elif name in _NOTES:
                after.lose(NOTE_PLACES)
                self._once((name, attribute(child, "id")), self._notes.get((name, attribute(child, "id"))), after)
            elif name == "commentReference":
                inner = Writer()
                self._once((name, attribute(child, "id")), self._comments.get(attribute(child, "id")), inner)
                after.aside(MEMO, inner)
            elif name == "txbxContent":
                self.story(child, after)
            elif name in {"blip", "imagedata", "chart", "OLEObject"}:
                after.lose(PICTURES)
            elif name not in {"Fallback", "pPr", "rPr", "instrText", "delText"}:
                # Fallback says once more, for older programs, what the Choice beside it says
                said.append(self._inline(child, after))
        return "".join(said)

    def _once(self, key: tuple[str, str], note: Element | None, writer: Writer) -> None:
        """Write a note, unless it is being written already: a note that refers to itself would never end."""
        if note is None or key in self._open:
            return
        self._open.add(key)
        self.story(note, writer)
        self._open.discard(key)

    def _table(self, table: Element, writer: Writer) -> None:
        rows = [list(_within(row, "tc")) for row in _within(table, "tr")]
        if sum(map(len, rows)) == 1:
            self.story(next(row[0] for row in rows if row), writer)
            return
        lines = []
        for row in rows:
            cells = []
            for cell in row:
                inner = Writer()
                self.story(cell, inner)
                cells.append(writer.cell(inner))
            lines.append(cells)
        writer.add_table(lines)


def _within(parent: Element, wanted: str) -> Iterator[Element]:
    """Give a table's rows or a row's cells, those inside content controls and insertions too."""
    for child in parent:
        if local(child) == wanted:
            yield child
        elif local(child) in {"sdt", "sdtContent", "customXml", "ins"}:
            yield from _within(child, wanted)


def _is_heading(name: str) -> bool:
    """Tell a heading's style by its name: ``heading 1``, ``Title``, ``제목 1``."""
    return name.lower().startswith(("heading", "title", "제목"))
