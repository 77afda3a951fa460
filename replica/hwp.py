"""Write HWP 5 documents: the word processor's binary format (Hancom's published specification 5.0, revision 1.3)."""

from __future__ import annotations

import struct
from collections.abc import Sequence

from replica.compound import compound_file
from replica.lines import Table, parts_of
from replica.stored import raw_deflate

_SIGNATURE = b"HWP Document File".ljust(32, b"\0")
_VERSION = 0x05000500
_COMPRESSED = 1

# Tags of records; the specification counts them from HWPTAG_BEGIN = 0x10.
_PROPERTIES, _ID_MAPPINGS, _FACE, _BORDER_FILL, _CHAR_SHAPE, _TAB, _PARA_SHAPE, _STYLE = (
    0x10, 0x11, 0x13, 0x14, 0x15, 0x16, 0x19, 0x1A,
)  # fmt: skip
_PARA_HEADER, _PARA_TEXT, _PARA_CHAR_SHAPE, _CTRL_HEADER, _LIST_HEADER, _PAGE, _FOOTNOTE, _PAGE_BORDER, _TABLE = (
    0x42, 0x43, 0x44, 0x47, 0x48, 0x49, 0x4A, 0x4B, 0x4D,
)  # fmt: skip
_LANGUAGES = 7
# {9FA2B660-1061-11D4-B4C6-006097C09D8C}, the format of HWP's summary
_SUMMARY_FORMAT = bytes.fromhex("60b6a29f6110d411b4c6006097c09d8c")


def hwp_bytes(lines: Sequence[str]) -> bytes:
    """Write a document of the lines: paragraphs, and tables where lines hold tabs."""
    return compound_file(
        {
            "FileHeader": (_SIGNATURE + struct.pack("<II", _VERSION, _COMPRESSED)).ljust(256, b"\0"),
            "DocInfo": raw_deflate(_document_info()),
            "BodyText/Section0": raw_deflate(_section(lines)),
            "\x05HwpSummaryInformation": _summary(lines[0] if lines else ""),
            "PrvText": "\r\n".join(line.replace("\t", "><") for line in lines)[:1000].encode("utf-16-le"),
        }
    )


def _summary(title: str) -> bytes:
    """Write the summary as an OLE property set of one property, the title (MS-OLEPS, 2.21)."""
    text = title.encode("utf-16-le") + bytes(2)
    value = struct.pack("<II", 0x1F, len(text) // 2) + text.ljust(-(-len(text) // 4) * 4, b"\0")
    section = struct.pack("<IIII", 16 + len(value), 1, 2, 16) + value
    head = struct.pack("<HHI", 0xFFFE, 0, 0x00020006) + bytes(16) + struct.pack("<I", 1)
    return head + _SUMMARY_FORMAT + struct.pack("<I", 48) + section


def _record(tag: int, level: int, data: bytes) -> bytes:
    """Write one record: 10 bits tag, 10 bits level, 12 bits size, or the size after it where it is too big."""
    if len(data) < 0xFFF:
        return struct.pack("<I", tag | level << 10 | len(data) << 20) + data
    return struct.pack("<II", tag | level << 10 | 0xFFF << 20, len(data)) + data


def _document_info() -> bytes:
    """Describe one font for each language, one frame, one shape for characters and one for paragraphs, one style."""
    counts = [0, *[1] * _LANGUAGES, 1, 1, 1, 0, 0, 1, 1, 0, 0, 0]
    name = "함초롬바탕"
    style = "바탕글"
    border = struct.pack("<H", 0) + bytes([1, 0]) * 4 + bytes(16) + bytes([0, 0]) + bytes(4) + struct.pack("<I", 0)
    border += struct.pack("<I", 0)
    char_shape = (
        struct.pack("<7H", *[0] * 7) + bytes([100] * 7) + bytes(7) + bytes([100] * 7) + bytes(7)
        + struct.pack("<iI", 1000, 0) + bytes(2) + struct.pack("<IIII", 0, 0, 0xFFFFFFFF, 0xB2B2B2)
        + struct.pack("<H", 0) + struct.pack("<I", 0)
    )  # fmt: skip
    para_shape = struct.pack("<IiiiiiiHHHhhhhIII", 0x180, 0, 0, 0, 0, 0, 160, 0, 0, 0, 0, 0, 0, 0, 0, 0, 160)
    return b"".join(
        (
            _record(_PROPERTIES, 0, struct.pack("<7H3I", 1, 1, 1, 1, 1, 1, 1, 0, 0, 0)),
            _record(_ID_MAPPINGS, 0, struct.pack(f"<{len(counts)}I", *counts)),
            *(_record(_FACE, 1, bytes([0]) + _text(name)) for _ in range(_LANGUAGES)),
            _record(_BORDER_FILL, 1, border),
            _record(_CHAR_SHAPE, 1, char_shape),
            _record(_TAB, 1, struct.pack("<II", 0, 0)),
            _record(_PARA_SHAPE, 1, para_shape),
            _record(_STYLE, 1, _text(style) + _text("Normal") + struct.pack("<BBhHHH", 0, 0, 1042, 0, 0, 0)),
        )
    )


def _text(text: str) -> bytes:
    return struct.pack("<H", len(text)) + text.encode("utf-16-le")


def _section(lines: Sequence[str]) -> bytes:
    """Write the body: the first paragraph carries the page's definition, tables hang on paragraphs of their own."""
    parts = parts_of(lines)
    out = _paragraph("", controls=(_section_definition(),), last=not parts)
    for number, part in enumerate(parts, start=1):
        last = number == len(parts)
        out += (
            _paragraph("", controls=(_table(part),), last=last)
            if isinstance(part, Table)
            else _paragraph(part, last=last)
        )
    return out


def _paragraph(
    text: str, *, controls: Sequence[tuple[bytes, int, bytes]] = (), level: int = 0, last: bool = False
) -> bytes:
    """Write a paragraph; a control is its four letters, its character code, and its records."""
    # A control takes eight characters: its code, four letters, eight bytes, its code again.
    marks = b"".join(
        struct.pack("<H", code) + letters + bytes(8) + struct.pack("<H", code) for letters, code, _ in controls
    )
    data = marks + text.encode("utf-16-le") + struct.pack("<H", 13)
    mask = 0
    for _, code, _ in controls:
        mask |= 1 << code
    count = len(data) // 2 | (1 << 31 if last else 0)
    header = struct.pack("<IIHBBHHHI", count, mask, 0, 0, 0, 1, 0, 0, 0)
    out = _record(_PARA_HEADER, level, header)
    if len(data) > 2:
        out += _record(_PARA_TEXT, level + 1, data)
    out += _record(_PARA_CHAR_SHAPE, level + 1, struct.pack("<II", 0, 0))
    return out + b"".join(records for _, _, records in controls)


def _section_definition() -> tuple[bytes, int, bytes]:
    """Define an A4 page; lengths are in 1/7200 inch."""
    letters = b"dces"
    head = letters + struct.pack("<IHHHIHHHHH", 0, 1134, 0, 0, 8000, 0, 0, 0, 0, 0) + struct.pack("<II", 0, 0)
    page = struct.pack("<IIIIIIIIIII", 59528, 84188, 8504, 8504, 5668, 4252, 4252, 4252, 0, 0, 0)[:40]
    note = struct.pack("<IHHHHIHHHBBI", 0, 0, 0, 41, 1, 0xFFFFFFFF, 850, 567, 283, 1, 1, 0)
    border = struct.pack("<IHHHHH", 1, 1417, 1417, 1417, 1417, 1)
    records = _record(_CTRL_HEADER, 1, head) + _record(_PAGE, 2, page)
    records += _record(_FOOTNOTE, 2, note) * 2 + _record(_PAGE_BORDER, 2, border) * 3
    return letters, 2, records


def _table(table: Table) -> tuple[bytes, int, bytes]:
    """Write a table as a control of its paragraph: its size, then each cell with its own paragraphs."""
    letters = b" lbt"
    columns = max(len(row) for row in table.rows)
    width = 42000 // columns
    common = struct.pack(
        "<IiiIIIHHHHII", 0x082A2210, 0, 0, width * columns, 2000 * len(table.rows), 0, 283, 283, 283, 283, 1, 0
    )
    head = letters + common + struct.pack("<H", 0)
    sizes = b"".join(struct.pack("<H", len(row)) for row in table.rows)
    shape = (
        struct.pack("<IHHHHHHH", 4, len(table.rows), columns, 0, 141, 141, 141, 141) + sizes + struct.pack("<HH", 1, 0)
    )
    out = _record(_CTRL_HEADER, 1, head) + _record(_TABLE, 2, shape)
    for row, cells in enumerate(table.rows):
        for column, cell in enumerate(cells):
            place = struct.pack("<HHHHIIHHHHHI", column, row, 1, 1, width, 2000, 141, 141, 141, 141, 1, width)
            out += _record(_LIST_HEADER, 2, struct.pack("<iI", 1, 0x20) + place)
            out += _paragraph(cell, level=2, last=True)
    return letters, 11, out
