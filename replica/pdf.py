"""Write PDF documents (ISO 32000) with Korean text: a font that readers have, and a map from its codes to Unicode."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Sequence

WIDTH = 40
"""Characters on a line; a longer one goes on in the next, in the middle of words as Korean documents do."""
ROWS = 44
"""Lines on a page."""

_PER_MAP = 100  # entries of one bfchar block, the most that a CMap allows

Change = Callable[[int, bytes], bytes]
"""What becomes of a string or stream of object ``number`` before it is written: itself, or its cipher."""


def pdf_bytes(title: str, lines: Sequence[str], *, change: Change | None = None, trailer: bytes = b"") -> bytes:
    """Write a document of the lines, cells of a table parted by two spaces.

    Args:
        title: The document's title.
        lines: Its text.
        change: Applied to every string and stream, for encrypted documents.
        trailer: More entries of the trailer.
    """
    cipher = change or (lambda _, data: data)
    pages = _pages(lines)
    font, first = 3, 6
    kids = b" ".join(b"%d 0 R" % (first + 2 * number) for number in range(len(pages)))
    objects: list[bytes] = [
        b"<< /Type /Catalog /Pages 2 0 R >>",
        b"<< /Type /Pages /Kids [%b] /Count %d >>" % (kids, len(pages)),
        b"<< /Type /Font /Subtype /Type0 /BaseFont /HYSMyeongJo-Medium-UniKS-UTF16-H /Encoding /UniKS-UTF16-H"
        b" /DescendantFonts [4 0 R] /ToUnicode 5 0 R >>",
        b"<< /Type /Font /Subtype /CIDFontType0 /BaseFont /HYSMyeongJo-Medium /DW 1000 /W [1 95 500]"
        b" /CIDSystemInfo << /Registry %b /Ordering %b /Supplement 1 >>"
        b" /FontDescriptor << /Type /FontDescriptor /FontName /HYSMyeongJo-Medium /Flags 6 /ItalicAngle 0"
        b" /FontBBox [0 -148 1001 880] /Ascent 880 /Descent -120 /CapHeight 880 /StemV 93 >> >>"
        % (_string(cipher(4, b"Adobe")), _string(cipher(4, b"Korea1"))),
        _stream(cipher(5, _to_unicode("".join(lines)))),
    ]
    for number, page in enumerate(pages):
        at = first + 2 * number
        objects.append(
            b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Contents %d 0 R"
            b" /Resources << /Font << /F1 %d 0 R >> >> >>" % (at + 1, font)
        )
        objects.append(_stream(cipher(at + 1, _content(page))))
    info = len(objects) + 1
    objects.append(b"<< /Title %b >>" % _string(cipher(info, b"\xfe\xff" + title.encode("utf-16-be"))))
    return _assembled(objects, info, trailer)


def _pages(lines: Sequence[str]) -> list[list[str]]:
    """Cut the lines to the page's width and height; there is one page at least."""
    rows: list[str] = []
    for line in lines:
        text = line.replace("\t", "  ")
        rows += [text[at : at + WIDTH] for at in range(0, len(text), WIDTH)] or [""]
    return [rows[at : at + ROWS] for at in range(0, len(rows), ROWS)] or [[]]


def _content(rows: Sequence[str]) -> bytes:
    shown = "".join(f"<{row.encode('utf-16-be').hex()}> Tj T*\n" for row in rows)
    return f"BT /F1 11 Tf 17 TL 72 770 Td\n{shown}ET".encode()


def _to_unicode(text: str) -> bytes:
    """Say which character each code is: the codes are those of UTF-16, so each is its own."""
    codes = sorted({text_unit for one in text for text_unit in _units(one)})
    blocks = ""
    for at in range(0, len(codes), _PER_MAP):
        some = codes[at : at + _PER_MAP]
        blocks += f"{len(some)} beginbfchar\n" + "".join(f"<{one}> <{one}>\n" for one in some) + "endbfchar\n"
    return (
        "/CIDInit /ProcSet findresource begin\n12 dict begin\nbegincmap\n"
        "/CIDSystemInfo << /Registry (Adobe) /Ordering (UCS) /Supplement 0 >> def\n"
        "/CMapName /Adobe-Identity-UCS def\n/CMapType 2 def\n"
        "1 begincodespacerange\n<0000> <FFFF>\nendcodespacerange\n"
        f"{blocks}endcmap\nCMapName currentdict /CMap defineresource pop\nend\nend\n"
    ).encode()


def _units(character: str) -> list[str]:
    data = character.encode("utf-16-be").hex().upper()
    return [data] if len(data) == 4 else []


def _string(data: bytes) -> bytes:
    return b"<" + data.hex().encode() + b">"


def _stream(data: bytes) -> bytes:
    return b"<< /Length %d >>\nstream\n%b\nendstream" % (len(data), data)


def _assembled(objects: Sequence[bytes], info: int, more: bytes) -> bytes:
    """Number the objects, note where each begins, and end with the table that says so."""
    out = b"%PDF-1.4\n%\xe2\xe3\xcf\xd3\n"
    offsets = []
    for number, one in enumerate(objects, start=1):
        offsets.append(len(out))
        out += b"%d 0 obj\n%b\nendobj\n" % (number, one)
    table = b"".join(b"%010d 00000 n \n" % offset for offset in offsets)
    size = len(objects) + 1
    name = hashlib.md5(out, usedforsecurity=False).hexdigest().encode()
    trailer = b"trailer\n<< /Size %d /Root 1 0 R /Info %d 0 R %b >>\n" % (
        size, info, more or b"/ID [<%b> <%b>]" % (name, name),
    )  # fmt: skip
    return out + b"xref\n0 %d\n0000000000 65535 f \n" % size + table + trailer + b"startxref\n%d\n%%%%EOF\n" % len(out)
