"""HWP 5 (한글문서파일형식 5.0): the text of every section's records, also of documents made for distribution."""

from __future__ import annotations

import io
import re
import struct
from collections.abc import Iterator

import olefile

from crawler.documents.hwp_records import Record, Unpacked, records_in, tree, undistributed
from crawler.documents.text import (
    COMMENT,
    COUNTED,
    FIELDS,
    MARGINS,
    MEMO,
    NOTE_PLACES,
    PICTURES,
    TRACKED,
    Corrupt,
    Encrypted,
    Unsupported,
    Writer,
    glossed,
)  # fmt: skip
from storage.records import BlockKind

_SIGNATURE = b"HWP Document File"
_COMPRESSED, _PASSWORD, _DISTRIBUTED, _RIGHTS, _TRACKED = 1 << 0, 1 << 1, 1 << 2, 1 << 4, 1 << 14
_CERTIFIED = 1 << 8 | 1 << 10
# Record tags (section 4.1 of the format's description, HWPTAG_BEGIN = 16)
_FORM, _STYLE = 25, 26
_PARAGRAPH, _TEXT, _CONTROL, _LIST, _TABLE, _EQUATION, _MEMO = 66, 67, 71, 72, 77, 88, 93
_SHAPE, _PICTURE, _CHART, _OLE, _VIDEO, _TEXT_ART = 76, 85, 95, 84, 98, 90
# Control characters that stand alone; every other one below 32 takes eight code units
_ALONE = {0: "", 10: "\n", 13: "", 24: "-", 25: "", 26: "", 27: "", 28: "", 29: "", 30: "\u00a0", 31: " "}
_ANCHOR = frozenset({1, 2, 3, 11, 12, 14, 15, 16, 17, 18, 21, 22, 23})
"""Control characters that have a control record."""
# Section0, Section12
_SECTION = re.compile(r"Section(\d+)")
# Names of styles: "개요 1", "Outline 1", "제목"
_HEADING = re.compile(r"(?:개요|제목|outline|heading|title)(?: ?\d+)?", re.IGNORECASE)


def read(payload: bytes, writer: Writer) -> None:
    """Write the text of an HWP 5 file."""
    if payload.startswith(_SIGNATURE):
        raise Unsupported("HWP 3.0 and older")
    try:
        with olefile.OleFileIO(io.BytesIO(payload)) as container:
            _read(container, writer)
    except (OSError, ValueError, IndexError, KeyError, TypeError, AttributeError, struct.error) as error:
        # olefile raises whatever the damaged part of the container leads it to.
        raise Corrupt(f"damaged: {error}") from error


def _read(container: olefile.OleFileIO, writer: Writer) -> None:
    header = container.openstream("FileHeader").read(256)
    if not header.startswith(_SIGNATURE) or len(header) < 40:
        raise Corrupt("it has no HWP file header")
    version, flags = struct.unpack_from("<II", header, 32)
    if version >> 24 != 5:
        raise Unsupported(f"HWP {version >> 24}")
    if flags & (_PASSWORD | _RIGHTS | _CERTIFIED):
        raise Encrypted("a password or rights management protects it")
    if flags & _TRACKED:
        writer.lose(TRACKED)
    unpacked, compressed = Unpacked(writer.room), bool(flags & _COMPRESSED)
    information = unpacked.stream(container.openstream("DocInfo").read(), compressed=compressed)
    headings, counted = _headings(information), _counted_forms(information)
    storage = "ViewText" if flags & _DISTRIBUTED else "BodyText"
    numbers = sorted(
        int(hit[1])
        for path in container.listdir()
        if len(path) == 2 and path[0] == storage and (hit := _SECTION.fullmatch(path[1]))
    )
    if not numbers:
        raise Corrupt("it has no section")
    for number in numbers:
        content = container.openstream(f"{storage}/Section{number}").read()
        if flags & _DISTRIBUTED:
            content = undistributed(content)
        _Section(headings, counted).story(tree(unpacked.stream(content, compressed=compressed)).children, writer)


def _headings(information: bytes) -> set[int]:
    """Give the numbers of the styles that are headings."""
    styles = [content for tag, _, content in records_in(information) if tag == _STYLE]
    return {number for number, content in enumerate(styles) if any(map(_HEADING.fullmatch, _names(content)))}


def _counted_forms(information: bytes) -> set[int]:
    """Give the numbers of the forms of paragraphs before which a number or mark is set: bits 23 and 24 say which."""
    forms = [content for tag, _, content in records_in(information) if tag == _FORM]
    return {number for number, content in enumerate(forms) if len(content) > 3 and content[2] >> 7 | content[3] & 1}


def _names(style: bytes) -> Iterator[str]:
    """Give a style's two names, each a length in code units and UTF-16."""
    place = 0
    for _ in range(2):
        if place + 2 > len(style):
            return
        (length,) = struct.unpack_from("<H", style, place)
        yield style[place + 2 : place + 2 + 2 * length].decode("utf-16-le", "replace")
        place += 2 + 2 * length


class _Section:
    """Writes one section's paragraphs; what is anchored in a paragraph stands after it, a table in its place."""

    def __init__(self, headings: set[int], counted: set[int]) -> None:
        self._headings = headings
        self._counted = counted

    def story(self, records: list[Record], writer: Writer) -> None:
        memos = False
        for record in records:
            if record.tag == _MEMO:
                memos = True
                self._memo(record.children, writer)
            elif record.tag == _PARAGRAPH and memos:
                self._memo([record], writer)
            elif record.tag == _PARAGRAPH:
                self._paragraph(record, writer)

    def _memo(self, records: list[Record], writer: Writer, name: str = MEMO) -> None:
        inner = Writer()
        self.story([one for one in records if one.tag == _PARAGRAPH], inner)
        writer.aside(name, inner)

    def _paragraph(self, paragraph: Record, writer: Writer) -> None:
        style = paragraph.content[10] if len(paragraph.content) > 10 else -1
        kind: BlockKind = "heading" if style in self._headings else "paragraph"
        controls = iter([one for one in paragraph.children if one.tag == _CONTROL])
        said: list[str] = []
        after = Writer()
        if len(paragraph.content) > 9 and struct.unpack_from("<H", paragraph.content, 8)[0] in self._counted:
            after.lose(COUNTED)
        for text in (one.content for one in paragraph.children if one.tag == _TEXT):
            for part in _characters(text):
                if part is not None:
                    said.append(part)
                elif (control := next(controls, None)) is not None:
                    if control.control == "tbl ":
                        writer.add(kind, "".join(said))
                        said.clear()
                        self._table(control.children, writer)
                    else:
                        self._control(control, said, after)
        writer.add(kind, "".join(said))
        writer.append(after)
        self._memo(paragraph.children, writer)

    def _control(self, control: Record, said: list[str], after: Writer) -> None:
        name = control.control
        if name in {"fn  ", "en  "}:
            after.lose(NOTE_PLACES)
            self.story(control.children, after)
        elif name == "tcmt":
            self._memo(control.children, after, COMMENT)
        elif name in {"head", "foot"} or (name == "secd" and any(one.tag == _LIST for one in control.children)):
            after.lose(MARGINS)
        elif name == "eqed":
            said += [_equation(one.content) for one in control.children if one.tag == _EQUATION]
        elif name in {"tcps", "tdut"}:
            # Letters set together (글자 겹침) or with a gloss (덧말): each with its length in code units before it
            letters, behind = _counted(control.content, 4)
            has_gloss = name == "tdut" and len(control.content) >= behind + 2
            said.append(glossed(letters, _counted(control.content, behind)[0] if has_gloss else ""))
        elif name == "form":
            after.lose(FIELDS)
        elif name == "gso ":
            start = next((k for k, one in enumerate(control.children) if one.tag == _SHAPE), 0)
            self._drawing(control.children[start:], after)
            caption = Writer()
            self.story(control.children[:start], caption)
            _write_caption(caption, after)

    def _drawing(self, records: list[Record], after: Writer) -> None:
        """Write the text boxes of a drawing, at whatever depth they are grouped."""
        for record in records:
            if record.tag == _PARAGRAPH:
                self._paragraph(record, after)
            else:
                if record.tag in {_PICTURE, _CHART, _OLE, _VIDEO, _TEXT_ART}:
                    after.lose(PICTURES)
                self._drawing(record.children, after)

    def _table(self, records: list[Record], writer: Writer) -> None:
        """Write a table: its caption stands before the TABLE record, after it a LIST_HEADER for each cell."""
        start = next((place for place, one in enumerate(records) if one.tag == _TABLE), len(records))
        caption = Writer()
        self.story(records[:start], caption)
        cells: list[tuple[int, int, list[Record]]] = []
        for record in records[start + 1 :]:
            if record.tag == _LIST:
                column, row = struct.unpack_from("<HH", record.content, 8)
                cells.append((row, column, []))
            elif cells:
                cells[-1][2].append(record)
        below = _caption_is_below(records[:start])
        if not below:
            _write_caption(caption, writer)
        if len(cells) == 1:
            self.story(cells[0][2], writer)
        else:
            rows: dict[int, list[str]] = {}
            for row, _, paragraphs in cells:
                inner = Writer()
                self.story(paragraphs, inner)
                rows.setdefault(row, []).append(writer.cell(inner))
            writer.add_table(rows[row] for row in sorted(rows))
        if below:
            _write_caption(caption, writer)


def _caption_is_below(records: list[Record]) -> bool:
    """Tell a caption's side: the two lowest bits after the list's own eight bytes, 0 left, 1 right, 2 top, 3 bottom."""
    content = next((one.content for one in records if one.tag == _LIST), b"")
    return len(content) > 8 and content[8] & 3 in {1, 3}


def _write_caption(caption: Writer, writer: Writer) -> None:
    writer.lost |= caption.lost
    writer.add("caption", " ".join(block.text for block in caption.blocks))


def _equation(content: bytes) -> str:
    """Give a formula's script: four bytes of attributes, a length in code units, UTF-16."""
    if len(content) < 6:
        return ""
    (length,) = struct.unpack_from("<H", content, 4)
    return content[6 : 6 + 2 * length].decode("utf-16-le", "replace")


def _characters(content: bytes) -> Iterator[str | None]:
    """Give a paragraph's text piece by piece, None where a control is anchored."""
    units = struct.unpack_from(f"<{len(content) // 2}H", content)
    start = place = 0
    while place < len(units):
        unit = units[place]
        if unit >= 32:
            place += 1
            continue
        if start < place:
            yield content[2 * start : 2 * place].decode("utf-16-le", "replace")
        if unit in _ALONE:
            if _ALONE[unit]:
                yield _ALONE[unit]
            place += 1
        else:
            if unit in _ANCHOR:
                yield None
            elif unit == 9:
                yield " "
            place += 8
        start = place
    if start < len(units):
        yield content[2 * start : 2 * len(units)].decode("utf-16-le", "replace")


def _counted(content: bytes, at: int) -> tuple[str, int]:
    """Read a text behind its length in code units, and where it ends."""
    (length,) = struct.unpack_from("<H", content, at)
    end = at + 2 + 2 * length
    return content[at + 2 : end].decode("utf-16-le", "replace"), end
