"""Small real files of every format that gochim reads, made here: HWP 5 down to its compound file and records."""

from __future__ import annotations

import io
import struct
import zipfile
import zlib
from collections.abc import Iterable, Mapping
from itertools import pairwise

_HP = "http://www.hancom.co.kr/hwpml/2011/paragraph"
_W = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
_MAIN = "application/vnd.openxmlformats-officedocument.wordprocessingml.document.main+xml"
_DOCUMENT = "http://schemas.openxmlformats.org/officeDocument/2006/relationships/officeDocument"
_OFFICE = "urn:oasis:names:tc:opendocument:xmlns:"


def package(parts: Mapping[str, str | bytes]) -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as target:
        for name, content in parts.items():
            target.writestr(
                zipfile.ZipInfo(name), content, zipfile.ZIP_STORED if name == "mimetype" else zipfile.ZIP_DEFLATED
            )
    return buffer.getvalue()


def hwpx(inner: str, **more: str | bytes) -> bytes:
    """Make an HWPX whose one section holds ``inner``; ``more`` are parts by name."""
    section = f'<hs:sec xmlns:hs="http://www.hancom.co.kr/hwpml/2011/section" xmlns:hp="{_HP}">{inner}</hs:sec>'
    head = (
        '<hh:head xmlns:hh="http://www.hancom.co.kr/hwpml/2011/head">'
        '<hh:style id="0" name="바탕글" engName="Normal"/>'
        '<hh:style id="7" name="개요 1" engName="Outline 1"/></hh:head>'
    )
    hpf = (
        '<opf:package xmlns:opf="http://www.idpf.org/2007/opf/"><opf:manifest>'
        '<opf:item id="header" href="Contents/header.xml" media-type="application/xml"/>'
        '<opf:item id="s" href="Contents/section0.xml" media-type="application/xml"/></opf:manifest>'
        '<opf:spine><opf:itemref idref="s"/></opf:spine></opf:package>'
    )
    parts = {
        "mimetype": "application/hwp+zip",
        "Contents/content.hpf": hpf,
        "Contents/header.xml": head,
        "Contents/section0.xml": section,
    }
    return package({**parts, **more})


def p(*runs: str, style: int = 0) -> str:
    return f'<hp:p styleIDRef="{style}">' + "".join(f"<hp:run>{run}</hp:run>" for run in runs) + "</hp:p>"


def t(text: str) -> str:
    return f"<hp:t>{text}</hp:t>"


def tbl(rows: Iterable[Iterable[str]], caption: str = "") -> str:
    cells = "".join(
        "<hp:tr>" + "".join(f"<hp:tc><hp:subList>{p(t(cell))}</hp:subList></hp:tc>" for cell in row) + "</hp:tr>"
        for row in rows
    )
    under = f'<hp:caption side="BOTTOM"><hp:subList>{p(t(caption))}</hp:subList></hp:caption>' if caption else ""
    return f"<hp:tbl>{under}{cells}</hp:tbl>"


def odt(inner: str, **more: str | bytes) -> bytes:
    content = (
        f'<office:document-content xmlns:office="{_OFFICE}office:1.0" xmlns:text="{_OFFICE}text:1.0"'
        f' xmlns:table="{_OFFICE}table:1.0" xmlns:draw="{_OFFICE}drawing:1.0"'
        ' xmlns:dc="http://purl.org/dc/elements/1.1/">'
        f"<office:body><office:text>{inner}</office:text></office:body></office:document-content>"
    )
    return package({"mimetype": "application/vnd.oasis.opendocument.text", "content.xml": content, **more})


def docx(inner: str, **more: str) -> bytes:
    """Make a DOCX; ``more`` are parts of ``word/`` by name without ``.xml``, each what stands in its root."""
    parts = {name: f'<w:{name} xmlns:w="{_W}">{said}</w:{name}>' for name, said in more.items()}
    return package(
        {
            "[Content_Types].xml": '<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types">'
            '<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
            f'<Override PartName="/word/document.xml" ContentType="{_MAIN}"/></Types>',
            "_rels/.rels": '<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">'
            f'<Relationship Id="r" Type="{_DOCUMENT}" Target="word/document.xml"/></Relationships>',
            "word/document.xml": f'<w:document xmlns:w="{_W}"><w:body>{inner}</w:body></w:document>',
            **{f"word/{name}.xml": content for name, content in parts.items()},
        }
    )


_P = "http://schemas.openxmlformats.org/presentationml/2006/main"
_A = "http://schemas.openxmlformats.org/drawingml/2006/main"
_R = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"


def shape(*paragraphs: str, placeholder: str | None = None) -> str:
    """Make a shape of a slide; each paragraph is its text, or runs of XML."""
    said = "".join(f"<a:p>{one if one.startswith('<') else f'<a:r><a:t>{one}</a:t></a:r>'}</a:p>" for one in paragraphs)
    kind = f'<p:nvPr><p:ph type="{placeholder}"/></p:nvPr>' if placeholder is not None else "<p:nvPr/>"
    return f"<p:sp><p:nvSpPr>{kind}</p:nvSpPr><p:txBody><a:bodyPr/>{said}</p:txBody></p:sp>"


def slide(inner: str, notes: str = "", *, hidden: bool = False) -> tuple[str, str, bool]:
    return inner, notes, hidden


def pptx(slides: Iterable[tuple[str, str, bool]], **more: str | bytes) -> bytes:
    """Make a PPTX whose slides are listed in another order than their parts are numbered; ``more`` are parts."""
    names = f'xmlns:p="{_P}" xmlns:a="{_A}" xmlns:r="{_R}"'
    relations = '<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">{}</Relationships>'
    relation = f'<Relationship Id="{{}}" Type="{_R}/{{}}" Target="{{}}"/>'
    given = list(slides)
    numbers = range(len(given), 0, -1)
    parts: dict[str, str | bytes] = {
        "[Content_Types].xml": '<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types"/>',
        "_rels/.rels": relations.format(relation.format("r", "officeDocument", "ppt/presentation.xml")),
        "ppt/presentation.xml": f"<p:presentation {names}><p:sldIdLst>"
        + "".join(f'<p:sldId id="{256 + one}" r:id="s{one}"/>' for one in numbers)
        + "</p:sldIdLst></p:presentation>",
        "ppt/_rels/presentation.xml.rels": relations.format(
            "".join(relation.format(f"s{one}", "slide", f"slides/slide{one}.xml") for one in numbers)
        ),
    }
    for number, (inner, notes, hidden) in zip(numbers, given, strict=True):
        tree = "<p:cSld><p:spTree>{}</p:spTree></p:cSld>"
        shown = ' show="0"' if hidden else ""
        parts[f"ppt/slides/slide{number}.xml"] = f"<p:sld {names}{shown}>{tree.format(inner)}</p:sld>"
        if notes:
            page = f"../notesSlides/notesSlide{number}.xml"
            parts[f"ppt/slides/_rels/slide{number}.xml.rels"] = relations.format(
                relation.format("n", "notesSlide", page)
            )
            said = shape("<a:fld type='slidenum'><a:t>1</a:t></a:fld>", placeholder="sldNum")
            said += shape(notes, placeholder="body")
            parts[f"ppt/notesSlides/notesSlide{number}.xml"] = f"<p:notes {names}>{tree.format(said)}</p:notes>"
    return package({**parts, **more})


def pdf(pages: Iterable[Iterable[str]]) -> bytes:
    """Make a PDF of Latin lines, a list of lines for each page."""
    pages = [list(lines) for lines in pages]
    kids = " ".join(f"{4 + 2 * number} 0 R" for number in range(len(pages)))
    objects = [
        b"<< /Type /Catalog /Pages 2 0 R >>",
        f"<< /Type /Pages /Kids [{kids}] /Count {len(pages)} >>".encode(),
        b"<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica >>",
    ]
    for number, lines in enumerate(pages):
        shown = "".join(f"BT /F1 11 Tf 40 {800 - 14 * row} Td ({line}) Tj ET\n" for row, line in enumerate(lines))
        objects += [
            b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Contents %d 0 R"
            b" /Resources << /Font << /F1 3 0 R >> >> >>" % (5 + 2 * number),
            b"<< /Length %d >>\nstream\n%b\nendstream" % (len(shown), shown.encode()),
        ]
    return pdf_of(objects)


def pdf_of(objects: Iterable[bytes], trailer: bytes = b"") -> bytes:
    out, places = b"%PDF-1.6\n", []
    for number, one in enumerate(objects, start=1):
        places.append(len(out))
        out += b"%d 0 obj\n%b\nendobj\n" % (number, one)
    table = b"".join(b"%010d 00000 n \n" % place for place in places)
    return (
        out
        + b"xref\n0 %d\n0000000000 65535 f \n%b" % (len(places) + 1, table)
        + b"trailer\n<< /Size %d /Root 1 0 R %b >>\nstartxref\n%d\n%%%%EOF\n" % (len(places) + 1, trailer, len(out))
    )


def record(tag: int, level: int, content: bytes = b"") -> bytes:
    size = min(len(content), 0xFFF)
    head = struct.pack("<I", tag | level << 10 | size << 20)
    return head + (struct.pack("<I", len(content)) if size == 0xFFF else b"") + content


def anchor(code: int, control: str) -> bytes:
    """Make the eight code units that anchor a control in a paragraph's text."""
    return struct.pack("<H", code) + control.encode()[::-1] + bytes(8) + struct.pack("<H", code)


def paragraph(level: int, text: bytes | str, *children: bytes, style: int = 0) -> bytes:
    said = text if isinstance(text, bytes) else text.encode("utf-16-le")
    header = struct.pack("<IIHB", len(said) // 2 + 1, 0, 0, style) + bytes(11)
    return record(66, level, header) + record(67, level + 1, said + b"\r\x00") + b"".join(children)


def control(level: int, name: str, *children: bytes) -> bytes:
    return record(71, level, name.encode()[::-1] + bytes(12)) + b"".join(children)


def cell(level: int, row: int, column: int, text: str) -> bytes:
    return record(72, level, struct.pack("<IIHHHH", 1, 0, column, row, 1, 1) + bytes(20)) + paragraph(level, text)


def hwp(section: bytes, flags: int = 1, *, version: int = 0x05010000, forms: Iterable[int] = (0,)) -> bytes:
    """Make an HWP 5 file of one section's records; ``forms`` are the attributes of its forms of paragraphs."""

    def packed(content: bytes) -> bytes:
        packer = zlib.compressobj(wbits=-15)
        return packer.compress(content) + packer.flush() if flags & 1 else content

    styles = b"".join(record(25, 0, struct.pack("<I", one) + bytes(50)) for one in forms) + b"".join(
        record(26, 0, struct.pack("<H", len(name)) + name.encode("utf-16-le") + bytes(10))
        for name in ("바탕글", "개요 1")
    )
    header = b"HWP Document File".ljust(32, b"\0") + struct.pack("<II", version, flags) + bytes(216)
    return compound({"FileHeader": header, "DocInfo": packed(styles)}, {"BodyText": {"Section0": packed(section)}})


def compound(streams: Mapping[str, bytes], storages: Mapping[str, Mapping[str, bytes]]) -> bytes:
    """Write an OLE2 compound file ([MS-CFB], version 3); every stream is padded past the cut-off of small ones."""
    entries: list[tuple[str, int, bytes, int]] = [("Root Entry", 5, b"", 0)]
    top: list[int] = []
    children: dict[int, list[int]] = {}
    for name, content in streams.items():
        top.append(len(entries))
        entries.append((name, 2, content, 0))
    for name, inner in storages.items():
        top.append(len(entries))
        holder = len(entries)
        entries.append((name, 1, b"", 0))
        children[holder] = []
        for one, content in inner.items():
            children[holder].append(len(entries))
            entries.append((one, 2, content, 0))
    children[0] = top
    end, free, none = 0xFFFFFFFE, 0xFFFFFFFF, 0xFFFFFFFF
    chain: list[int] = []
    body = b""
    starts: dict[int, int] = {}
    for number, (_, kind, content, _) in enumerate(entries):
        if kind == 2 and content:
            count = -(-max(len(content), 4096) // 512)
            starts[number] = len(chain)
            chain += [*range(len(chain) + 1, len(chain) + count), end]
            body += content.ljust(count * 512, b"\0")
    right: dict[int, int] = {}
    child: dict[int, int] = {}
    for holder, inside in children.items():
        ordered = sorted(inside, key=lambda k: (len(entries[k][0]), entries[k][0].upper()))
        child[holder] = ordered[0] if ordered else none
        right |= dict(pairwise(ordered))
    directory = b""
    for number, (name, kind, content, _) in enumerate(entries):
        said = (name + "\0").encode("utf-16-le")
        directory += said.ljust(64, b"\0") + struct.pack("<HBB", len(said), kind, 1)
        directory += struct.pack("<III", none, right.get(number, none), child.get(number, none)) + bytes(36)
        size = max(len(content), 4096) if kind == 2 and content else 0
        directory += struct.pack("<IQ", starts.get(number, end if kind != 1 else 0), size)
    directory = directory.ljust(-(-len(directory) // 512) * 512, b"\0")
    first_directory = len(chain)
    count = len(directory) // 512
    chain += [*range(len(chain) + 1, len(chain) + count), end]
    tables = 1
    while (len(chain) + tables) * 4 > tables * 512:
        tables += 1
    first_table = len(chain)
    chain += [0xFFFFFFFD] * tables
    table = b"".join(struct.pack("<I", one) for one in chain).ljust(tables * 512, struct.pack("<I", free)[:1])
    header = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(16) + struct.pack("<HHHHH", 0x3E, 3, 0xFFFE, 9, 6) + bytes(6)
    header += struct.pack("<IIIIIIIII", 0, tables, first_directory, 0, 4096, end, 0, end, 0)
    header += b"".join(struct.pack("<I", first_table + k) for k in range(tables)).ljust(436, b"\xff")
    return header + body + directory + table
