"""Make the bytes of attachments and pictures: small, valid, and the same on every machine.

No timestamp and no compressor enters them, so a digest noted today holds tomorrow.
"""

from __future__ import annotations

import hashlib
import io
import struct
import zipfile
import zlib
from base64 import b64decode
from xml.sax.saxutils import escape

from replica.article import Attachment

_HWPX_PARTS = {
    "version.xml": '<hv:HCFVersion xmlns:hv="http://www.hancom.co.kr/hwpml/2011/version" application="replica"'
    ' major="5" minor="1" micro="0" buildNumber="1" os="1" xmlVersion="1.4"/>',
    "META-INF/container.xml": '<ocf:container xmlns:ocf="urn:oasis:names:tc:opendocument:xmlns:container">'
    '<ocf:rootfiles><ocf:rootfile full-path="Contents/content.hpf" media-type="application/hwpml-package+xml"/>'
    "</ocf:rootfiles></ocf:container>",
    "Contents/content.hpf": '<opf:package xmlns:opf="http://www.idpf.org/2007/opf/"><opf:manifest>'
    '<opf:item id="header" href="Contents/header.xml" media-type="application/xml"/>'
    '<opf:item id="section0" href="Contents/section0.xml" media-type="application/xml"/>'
    '</opf:manifest><opf:spine><opf:itemref idref="section0"/></opf:spine></opf:package>',
    "Contents/header.xml": '<hh:head xmlns:hh="http://www.hancom.co.kr/hwpml/2011/head" version="1.4" secCnt="1"/>',
}
_XML = '<?xml version="1.0" encoding="UTF-8" standalone="yes" ?>'

# A grey picture of 8 x 8 pixels, baseline JPEG (ITU T.81): each Huffman table holds one code, so the scan is one byte.
_JPEG = (
    b"\xff\xd8\xff\xdb\x00\x43\x00"
    + b"\x01" * 64
    + b"\xff\xc0\x00\x0b\x08\x00\x08\x00\x08\x01\x01\x11\x00"
    + b"\xff\xc4\x00\x14\x00\x01"
    + bytes(16)
    + b"\xff\xc4\x00\x14\x10\x01"
    + bytes(16)
    + b"\xff\xda\x00\x08\x01\x01\x00\x00\x3f\x00\x3f\xff\xd9"
)
_GIF = b64decode("R0lGODlhAQABAIAAAAAAAP///yH5BAEAAAAALAAAAAABAAEAAAIBRAA7")


def file_bytes(attachment: Attachment) -> bytes:
    """Give the file behind ``attachment``: PDF and HWPX real, any other format its text in UTF-8."""
    if attachment.suffix == "pdf":
        return _pdf(attachment)
    if attachment.suffix == "hwpx":
        return _hwpx(attachment)
    return "\r\n".join((attachment.name, *attachment.text, "")).encode()


MEDIA_TYPES = {
    "pdf": "application/pdf",
    "hwp": "application/x-hwp",
    "hwpx": "application/hwp+zip",
    "odt": "application/vnd.oasis.opendocument.text",
    "docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "zip": "application/zip",
    "jpg": "image/jpeg",
    "jpeg": "image/jpeg",
    "png": "image/png",
    "gif": "image/gif",
    "txt": "text/plain",
}


def media_type_of(attachment: Attachment) -> str:
    """Name the media type of the file behind ``attachment``."""
    return MEDIA_TYPES.get(attachment.kind, "application/octet-stream")


def picture_bytes(path: str, edition: int = 0) -> tuple[str, bytes]:
    """Give media type and bytes of the picture at ``path``; another path or edition gives another picture."""
    digest = hashlib.sha256(f"{path}#{edition}".encode() if edition else path.encode()).digest()
    suffix = path.rpartition(".")[2].lower()
    if suffix in ("jpg", "jpeg"):
        comment = digest.hex().encode()
        return "image/jpeg", _JPEG[:2] + b"\xff\xfe" + struct.pack(">H", len(comment) + 2) + comment + _JPEG[2:]
    if suffix == "gif":
        return "image/gif", _GIF
    return "image/png", _png(digest)


def _png(digest: bytes) -> bytes:
    """Draw 8 x 8 pixels of two colours taken from ``digest``."""
    rows = b"".join(b"\x00" + b"".join(digest[(row ^ column) % 8 * 3 :][:3] for column in range(8)) for row in range(8))
    parts = (
        (b"IHDR", struct.pack(">IIBBBBB", 8, 8, 8, 2, 0, 0, 0)),
        (b"IDAT", zlib.compress(rows, 0)),
        (b"IEND", b""),
    )
    chunks = (
        struct.pack(">I", len(data)) + name + data + struct.pack(">I", zlib.crc32(name + data)) for name, data in parts
    )
    return b"\x89PNG\r\n\x1a\n" + b"".join(chunks)


def _hwpx(attachment: Attachment) -> bytes:
    """Pack a minimal HWPX (KS X 6101): ``mimetype`` first and stored, the text in ``Contents/section0.xml``."""
    lines = "".join(
        f'<hp:p id="{number}" paraPrIDRef="0" styleIDRef="0">'
        f'<hp:run charPrIDRef="0"><hp:t>{escape(line)}</hp:t></hp:run></hp:p>'
        for number, line in enumerate(attachment.text)
    )
    section = (
        '<hs:sec xmlns:hs="http://www.hancom.co.kr/hwpml/2011/section"'
        f' xmlns:hp="http://www.hancom.co.kr/hwpml/2011/paragraph">{lines}</hs:sec>'
    )
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_STORED) as archive:
        archive.writestr(_member("mimetype"), "application/hwp+zip")
        for name, text in _HWPX_PARTS.items():
            archive.writestr(_member(name), _XML + text)
        archive.writestr(_member("Contents/section0.xml"), _XML + section)
        archive.writestr(_member("Preview/PrvText.txt"), "\r\n".join(attachment.text))
    return buffer.getvalue()


def _member(name: str) -> zipfile.ZipInfo:
    """Name a ZIP member with the fixed date that ZIP begins with, so that no clock enters the bytes."""
    member = zipfile.ZipInfo(name, (1980, 1, 1, 0, 0, 0))
    member.create_system = 0
    return member


def _pdf(attachment: Attachment) -> bytes:
    """Write a one-page PDF 1.4; its text is the file id, its title the name, and its keywords bind the content."""
    content = f"BT /F1 12 Tf 72 720 Td (korea.kr {attachment.file_id}) Tj ET".encode()
    told = hashlib.sha256("\n".join(attachment.text).encode()).hexdigest()
    title = ("\ufeff" + attachment.name).encode("utf-16-be").hex()
    objects = (
        b"<< /Type /Catalog /Pages 2 0 R >>",
        b"<< /Type /Pages /Kids [3 0 R] /Count 1 >>",
        b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Contents 4 0 R"
        b" /Resources << /Font << /F1 << /Type /Font /Subtype /Type1 /BaseFont /Helvetica >> >> >> >>",
        b"<< /Length %d >>\nstream\n%b\nendstream" % (len(content), content),
        f"<< /Title <{title}> /Keywords ({told}) >>".encode(),
    )
    out = b"%PDF-1.4\n"
    offsets = []
    for number, one in enumerate(objects, start=1):
        offsets.append(len(out))
        out += b"%d 0 obj\n%b\nendobj\n" % (number, one)
    table = b"".join(b"%010d 00000 n \n" % offset for offset in offsets)
    size = len(objects) + 1
    trailer = b"trailer\n<< /Size %d /Root 1 0 R /Info %d 0 R >>\nstartxref\n%d\n%%%%EOF\n" % (size, size - 1, len(out))
    return out + b"xref\n0 %d\n0000000000 65535 f \n" % size + table + trailer
