"""PPTX (ISO/IEC 29500, PresentationML): slides in order, hidden ones too, their shapes, tables, notes and comments."""

from __future__ import annotations

from collections.abc import Iterator
from xml.etree.ElementTree import Element

from crawler.documents.package import Package, attribute, local
from crawler.documents.text import COUNTED, MARGINS, MEMO, PICTURES, SPOKEN, Writer
from storage.records import BlockKind

HIDDEN = "[숨긴 슬라이드]"
"""Stands before what a slide says that is not shown."""
_MAIN = "ppt/presentation.xml"
_TRUE = frozenset({"1", "true"})
_TITLES = frozenset({"title", "ctrTitle"})
_MARGINS = frozenset({"hdr", "ftr", "dt", "sldNum"})
_OUTLINES = frozenset({"", "body", "obj"})
"""Kinds of placeholders of a slide whose paragraphs have marks unless they say otherwise."""
_MARKS = frozenset({"buAutoNum", "buChar", "buBlip"})
_SET_ITSELF = ("slidenum", "datetime")
"""Fields whose value the program sets whenever it opens the file."""
_SAY = frozenset({"", "node", "asst"})
"""Points of a diagram that hold its words."""


def read(payload: bytes, writer: Writer) -> None:
    """Write the text of a PPTX file, slide by slide; after each its notes and comments."""
    package = Package(payload, writer.room)
    main = next((part for kind, part in package.related("").values() if kind == "officeDocument"), _MAIN)
    parts = package.related(main)
    for one in package.xml(main).iter():
        if local(one) == "sldId" and (part := parts.get(_relation(one, "id"), ("", ""))[1]):
            _Slide(package, part).write(writer)


def _relation(element: Element, name: str) -> str:
    """Give the id of a relation, ``r:id`` and not ``id``."""
    return next((value for key, value in element.attrib.items() if key.endswith(f"}}{name}")), "")


class _Slide:
    """A slide, or the page of its notes; ``outlines`` are the kinds of placeholders whose paragraphs have marks."""

    def __init__(self, package: Package, part: str, outlines: frozenset[str] = _OUTLINES) -> None:
        self._package = package
        self._part = part
        self._outlines = outlines
        self._related = package.related(part)

    def write(self, writer: Writer) -> None:
        slide = self._package.xml(self._part)
        if attribute(slide, "show") in {"0", "false"}:
            writer.add("paragraph", HIDDEN)
        self._shapes(_tree(slide), writer)
        if any(map(self._says_more, self._beneath())):
            writer.lose(MARGINS)
        for part in self._parts("notesSlide"):
            notes = Writer()
            _Slide(self._package, part, frozenset())._shapes(_tree(self._package.xml(part)), notes)
            notes.lost.discard(MARGINS)  # The number of its page, which every program sets there.
            writer.aside(SPOKEN, notes)
        for part in self._parts("comments"):
            writer.aside(MEMO, _comments(self._package.xml(part)))

    def _parts(self, wanted: str) -> Iterator[str]:
        return (part for kind, part in self._related.values() if kind == wanted)

    def _beneath(self) -> Iterator[str]:
        """Give the layout that a slide is laid on, and the master below."""
        for layout in self._parts("slideLayout"):
            yield layout
            yield from (part for kind, part in self._package.related(layout).values() if kind == "slideMaster")

    def _says_more(self, part: str) -> bool:
        """Tell whether there are words in what lies beneath a slide, other than those that only invite to write."""
        shapes = (one for one in _tree(self._package.xml(part)) if _placeholder(one) is None)
        return any(local(one) == "t" and (one.text or "").strip() for shape in shapes for one in shape.iter())

    def _shapes(self, parent: Element, writer: Writer) -> None:
        for child in parent:
            name = local(child)
            if name == "sp":
                self._shape(child, writer)
            elif name == "graphicFrame":
                self._frame(child, writer)
            elif name in {"pic", "contentPart"}:
                writer.lose(PICTURES)
            elif name == "grpSp":
                self._shapes(child, writer)
            elif name == "AlternateContent":
                self._shapes(_chosen(child), writer)

    def _shape(self, shape: Element, writer: Writer) -> None:
        kind = _placeholder(shape)
        inner = Writer()
        _bodies(shape, "txBody", "heading" if kind in _TITLES else "paragraph", inner)
        if kind in _MARGINS:
            if inner.blocks or inner.lost:
                writer.lose(MARGINS)
            return
        if kind in self._outlines and inner.blocks:
            writer.lose(COUNTED)
        writer.append(inner)

    def _frame(self, frame: Element, writer: Writer) -> None:
        """Write a table, or the words of a diagram in their order there."""
        for one in frame.iter():
            if local(one) == "tbl":
                _table(one, writer)
                return
            if local(one) == "relIds":
                _, part = self._related.get(_relation(one, "dm"), ("", ""))
                for point in self._package.xml(part).iter() if part else ():
                    if local(point) == "pt" and attribute(point, "type") in _SAY:
                        _bodies(point, "t", "paragraph", writer)
                return
        writer.lose(PICTURES)


def _tree(slide: Element) -> Element:
    return next((one for one in slide.iter() if local(one) == "spTree"), Element("none"))


def _chosen(alternatives: Element) -> Element:
    """Give the first form in which something stands there; the others say the same for older programs."""
    return next(iter(sorted(alternatives, key=lambda one: local(one) != "Choice")), Element("none"))


def _placeholder(shape: Element) -> str | None:
    """Give the kind of a placeholder, None of a shape that is none."""
    return next((attribute(one, "type") for one in shape.iter() if local(one) == "ph"), None)


def _bodies(parent: Element, name: str, kind: BlockKind, writer: Writer) -> None:
    """Write the paragraphs of the texts right below an element."""
    for body in parent:
        if local(body) != name:
            continue
        if any(local(one) in _MARKS for one in body.iter()):
            writer.lose(COUNTED)
        for paragraph in body:
            if local(paragraph) == "p":
                writer.add(kind, _inline(paragraph, writer))


def _inline(element: Element, writer: Writer) -> str:
    said: list[str] = []
    for child in element:
        name = local(child)
        if name == "t":
            said.append(child.text or "")
        elif name == "br":
            said.append("\n")
        elif name == "fld" and attribute(child, "type").startswith(_SET_ITSELF):
            writer.lose(COUNTED)
        elif name == "AlternateContent":
            said.append(_inline(_chosen(child), writer))
        elif name not in {"pPr", "rPr", "endParaRPr"}:
            said.append(_inline(child, writer))
    return "".join(said)


def _table(table: Element, writer: Writer) -> None:
    """Write a table; a cell that another one covers is left out of a row, and is empty below the other."""
    rows: list[list[str]] = []
    cells = [[cell for cell in row if local(cell) == "tc"] for row in table if local(row) == "tr"]
    if sum(map(len, cells)) == 1:
        _bodies(next(row[0] for row in cells if row), "txBody", "paragraph", writer)
        return
    for row in cells:
        rows.append([])
        for cell in row:
            inner = Writer()
            if attribute(cell, "vMerge") not in _TRUE:
                _bodies(cell, "txBody", "paragraph", inner)
            if attribute(cell, "hMerge") not in _TRUE:
                rows[-1].append(writer.cell(inner))
    writer.add_table(rows)


def _comments(part: Element) -> Writer:
    """Write comments of both kinds: ``p:text`` up to PowerPoint 2019, ``p188:txBody`` later, with their answers."""
    said = Writer()
    for one in part.iter():
        if local(one) == "text":
            said.add("paragraph", one.text or "")
        elif local(one) in {"cm", "reply"}:
            _bodies(one, "txBody", "paragraph", said)
    return said
