"""HWPX (KS X 6101, OWPML): paragraphs, tables, notes and memos of every section in the order of the spine."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from xml.etree.ElementTree import Element

from crawler.documents.package import Package, attribute, local
from crawler.documents.text import (
    COMMENT,
    COUNTED,
    DELETIONS,
    MARGINS,
    MEMO,
    NOTE_PLACES,
    PICTURES,
    Corrupt,
    Encrypted,
    Writer,
    glossed,
)
from storage.records import BlockKind

# Contents/section0.xml, Contents/section12.xml
_SECTION = re.compile(r"Contents/section(\d+)\.xml")
# <hh:style id="1" type="PARA" name="개요 1" engName="Outline 1">, name="제목"
_HEADING = re.compile(r"(?:개요|제목|outline|heading|title)(?: ?\d+)?", re.IGNORECASE)
_SPACES = {"tab": " ", "nbSpace": "\u00a0", "fwSpace": " ", "lineBreak": "\n", "hyphen": "-"}

# <hp:textart text="첫 줄␍␊둘째 줄">: how the word processor writes a line's end in an attribute
_LINE_END = "␍␊"
_HEADER = "Contents/header.xml"
"""The part that has the styles and forms of paragraphs."""
_IN_LINE = frozenset({"compose", "dutmal", "equation", "btn", "checkBtn", "radioBtn", "edit", "comboBox", "listBox"})
"""What stands among the words and says something itself."""
_PICTURES = frozenset({"pic", "container", "chart", "ole", "video"})


def read(payload: bytes, writer: Writer) -> None:
    """Write the text of an HWPX file."""
    package = Package(payload, writer.room)
    if "META-INF/manifest.xml" in package and any(
        local(one) == "encryption-data" for one in package.xml("META-INF/manifest.xml").iter()
    ):
        raise Encrypted("its parts are encrypted")
    names = _sections(package)
    if not names:
        raise Corrupt("it has no section")
    header = list(package.xml(_HEADER).iter()) if _HEADER in package else []
    headings, counted = _headings(header), _counted(header)
    for name in names:
        section = _Section(headings, counted)
        section.story(package.xml(name), writer)


def _sections(package: Package) -> list[str]:
    """Give the sections' parts in the order of the spine; by their number where there is none."""
    if "Contents/content.hpf" in package:
        content = list(package.xml("Contents/content.hpf").iter())
        parts = {attribute(one, "id"): attribute(one, "href") for one in content if local(one) == "item"}
        spine = [parts.get(attribute(one, "idref"), "") for one in content if local(one) == "itemref"]
        paths = [path if path in package else f"Contents/{path}" for path in spine]
        if found := [path for path in dict.fromkeys(paths) if path in package and _SECTION.fullmatch(path)]:
            return found
    numbered = {int(hit[1]): name for name in package.names if (hit := _SECTION.fullmatch(name))}
    return [numbered[number] for number in sorted(numbered)]


def _headings(header: Sequence[Element]) -> set[str]:
    """Give the ids of the styles that are headings."""
    return {
        attribute(one, "id")
        for one in header
        if local(one) == "style"
        and (_HEADING.fullmatch(attribute(one, "name")) or _HEADING.fullmatch(attribute(one, "engName")))
    }


def _counted(header: Sequence[Element]) -> set[str]:
    """Give the ids of the forms of paragraphs before which a number or mark is set."""
    return {
        attribute(form, "id")
        for form in header
        if local(form) == "paraPr"
        and any(local(one) == "heading" and attribute(one, "type") not in {"", "NONE"} for one in form.iter())
    }


class _Section:
    """Walks one section; ``_deleting`` holds the tracked deletions that are open, which may span paragraphs."""

    def __init__(self, headings: set[str], counted: set[str]) -> None:
        self._headings = headings
        self._counted = counted
        self._deleting: set[str] = set()

    def story(self, parent: Element, writer: Writer) -> None:
        """Write the paragraphs of a section, a cell, a note or a text box."""
        for child in _chosen(parent):
            if local(child) == "p":
                self._paragraph(child, writer)
            elif local(child) == "subList":
                self.story(child, writer)

    def _paragraph(self, paragraph: Element, writer: Writer) -> None:
        """Write a paragraph, and after it what is anchored in it; a table parts the text before from that after."""
        kind: BlockKind = "heading" if attribute(paragraph, "styleIDRef") in self._headings else "paragraph"
        said: list[str] = []
        after = Writer()
        if attribute(paragraph, "paraPrIDRef") in self._counted:
            after.lose(COUNTED)
        for run in _chosen(paragraph):
            if local(run) != "run":
                continue
            for child in _chosen(run):
                if local(child) == "t":
                    said.append(self._text(child, writer))
                elif local(child) == "tbl":
                    writer.add(kind, "".join(said))
                    said.clear()
                    self._table(child, writer)
                else:
                    self._object(child, said, after)
        writer.add(kind, "".join(said))
        writer.append(after)

    def _text(self, text: Element, writer: Writer) -> str:
        """Join a run's text; what a tracked change deleted is no longer said."""
        said = [] if self._deleting else [text.text or ""]
        for child in text:
            name = local(child)
            if name == "deleteBegin":
                self._deleting.add(attribute(child, "TcId"))
                writer.lose(DELETIONS)
            elif name == "deleteEnd":
                self._deleting.discard(attribute(child, "TcId"))
            elif not self._deleting:
                said.append(_SPACES.get(name, ""))
            if not self._deleting:
                said.append(child.tail or "")
        return "".join(said)

    def _table(self, table: Element, writer: Writer) -> None:
        rows = [[cell for cell in row if local(cell) == "tc"] for row in table if local(row) == "tr"]
        captions = [one for one in table if local(one) == "caption"]
        above = [one for one in captions if attribute(one, "side") in {"TOP", "LEFT"}]
        for caption in above:
            self._caption(caption, writer)
        if sum(map(len, rows)) == 1:
            self.story(rows[0][0] if rows[0] else next(row[0] for row in rows if row), writer)
        else:
            writer.add_table([[self._cell(cell, writer) for cell in row] for row in rows])
        for caption in captions:
            if caption not in above:
                self._caption(caption, writer)

    def _cell(self, cell: Element, writer: Writer) -> str:
        inner = Writer()
        self.story(cell, inner)
        return writer.cell(inner)

    def _caption(self, caption: Element, writer: Writer) -> None:
        inner = Writer()
        self.story(caption, inner)
        writer.lost |= inner.lost
        writer.add("caption", " ".join(block.text for block in inner.blocks))

    def _object(self, element: Element, said: list[str], after: Writer) -> None:
        """Write what is anchored in a run: notes, memos, text boxes, what says something in the line."""
        name = local(element)
        if name == "ctrl":
            for child in _chosen(element):
                self._object(child, said, after)
        elif name in {"footNote", "endNote"}:
            after.lose(NOTE_PLACES)
            self.story(element, after)
        elif name in {"header", "footer"}:
            after.lose(MARGINS)
        elif name == "hiddenComment" or (name == "fieldBegin" and attribute(element, "type") == "MEMO"):
            self._aside(MEMO if name == "fieldBegin" else COMMENT, element, after)
        elif name in _IN_LINE:
            said.append(_in_line(element))
        elif name in _PICTURES | {"textart"} or "drawText" in {local(one) for one in _chosen(element)}:
            self._drawing(element, after)

    def _aside(self, name: str, element: Element, after: Writer) -> None:
        inner = Writer()
        self.story(element, inner)
        after.aside(name, inner)

    def _drawing(self, drawing: Element, after: Writer) -> None:
        if local(drawing) in _PICTURES - {"container"}:
            after.lose(PICTURES)
        if local(drawing) == "textart":
            after.add("paragraph", attribute(drawing, "text").replace(_LINE_END, "\n"))
        for child in _chosen(drawing):
            if local(child) == "drawText":
                self.story(child, after)
            elif local(child) == "caption":
                self._caption(child, after)
            elif len(child):
                self._drawing(child, after)


def _chosen(parent: Element) -> Iterator[Element]:
    """Give an element's children; of what stands there in several forms (``hp:switch``), the one that all can read.

    That is ``hp:default``, or the first ``hp:case`` where it is empty: each holds the same for other versions of the
    word processor.
    """
    for child in parent:
        if local(child) == "switch":
            forms = sorted(child, key=lambda one: local(one) != "default")
            yield from _chosen(next((one for one in forms if len(one)), Element("none")))
        else:
            yield child


def _in_line(element: Element) -> str:
    """Give letters set together, letters with their gloss, a formula's script, or what a form's field shows."""
    name = local(element)
    if name == "compose":
        return attribute(element, "composeText")
    if name == "dutmal":
        return glossed(_child_text(element, "mainText"), _child_text(element, "subText"))
    if name == "equation":
        return _child_text(element, "script")
    return attribute(element, "caption") or attribute(element, "selectedValue") or _child_text(element, "text")


def _child_text(element: Element, name: str) -> str:
    return "".join("".join(one.itertext()) for one in element if local(one) == name)
