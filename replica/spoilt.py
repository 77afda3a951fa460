"""Files as they go wrong: empty, cut off, of another format than their name, bombs, locked with a password."""

from __future__ import annotations

import hashlib
import struct
import zlib
from dataclasses import replace

from replica.article import Attachment
from replica.documents import file_bytes
from replica.pdf import pdf_bytes
from replica.switches import BadFile

BOMB = 300 << 20
"""Bytes that a bomb of some 300 kB becomes when it is unpacked."""

_CHUNK = 1 << 20
_OTHER = {"pdf": "hwpx", "hwpx": "hwp", "hwp": "pdf"}
# The bytes that fill a password up to 32 (ISO 32000-1, 7.6.3.3).
_PADDING = bytes.fromhex("28bf4e5e4e758a4164004e56fffa01082e2e00b6d0683e802f0ca9fe6453697a")
_PASSWORD = b"replica"
_PERMISSIONS = -4


def spoilt_bytes(attachment: Attachment, how: BadFile) -> bytes:
    """Give the attachment's bytes spoilt as ``how`` says; whatever its format, a bomb is a package of the format."""
    match how:
        case "empty":
            return b""
        case "other-format":
            return file_bytes(replace(attachment, format=_OTHER.get(attachment.kind, "pdf")))
        case "truncated":
            whole = file_bytes(attachment)
            return whole[: len(whole) * 2 // 3]
        case "bomb":
            return _bomb(attachment)
        case "encrypted":
            return _locked_pdf(attachment)
        case _:
            return file_bytes(attachment)


def _bomb(attachment: Attachment) -> bytes:
    """Pack 300 MiB of spaces into the part of the package that readers read first."""
    name, first, kind = {
        "hwpx": (b"Contents/section0.xml", b"mimetype", b"application/hwp+zip"),
        "odt": (b"content.xml", b"mimetype", b"application/vnd.oasis.opendocument.text"),
        "docx": (b"word/document.xml", b"[Content_Types].xml", b"<Types/>"),
        "xlsx": (b"xl/sharedStrings.xml", b"[Content_Types].xml", b"<Types/>"),
    }.get(attachment.kind, (b"zeros.txt", b"", b""))
    out, directory, count = b"", b"", 0
    for member, data, crc, size, method in (
        (first, kind, zlib.crc32(kind), len(kind), 0), (name, *_spaces(), 8),
    ):  # fmt: skip
        if not data:
            continue
        fields = struct.pack("<HHHHHIIIHH", 20, 0, method, 0, 33, crc, len(data), size, len(member), 0)
        directory += (
            b"PK\x01\x02" + struct.pack("<H", 20) + fields + struct.pack("<HHHII", 0, 0, 0, 0, len(out)) + member
        )
        out += b"PK\x03\x04" + fields + member + data
        count += 1
    end = struct.pack("<HHHHIIH", 0, 0, count, count, len(directory), len(out), 0)
    return out + directory + b"PK\x05\x06" + end


def _spaces() -> tuple[bytes, int, int]:
    """Give a deflate stream of spaces with its checksum and size; the same piece of it repeats."""
    piece = b" " * _CHUNK
    deflater = zlib.compressobj(9, zlib.DEFLATED, -15)
    repeated = deflater.compress(piece) + deflater.flush(zlib.Z_FULL_FLUSH)
    times = BOMB // _CHUNK
    crc = 0
    for _ in range(times):
        crc = zlib.crc32(piece, crc)
    return repeated * times + b"\x03\x00", crc, BOMB


def _locked_pdf(attachment: Attachment) -> bytes:
    """Write the file as a PDF that opens with a password only (ISO 32000-1, 7.6, revision 2)."""
    name = hashlib.md5(attachment.file_id.encode(), usedforsecurity=False).digest()
    padded = (_PASSWORD + _PADDING)[:32]
    owner = _rc4(hashlib.md5(padded, usedforsecurity=False).digest()[:5], padded)
    told = padded + owner + struct.pack("<i", _PERMISSIONS) + name
    key = hashlib.md5(told, usedforsecurity=False).digest()[:5]

    def change(number: int, data: bytes) -> bytes:
        of_object = hashlib.md5(key + struct.pack("<I", number)[:3] + bytes(2), usedforsecurity=False).digest()[:10]
        return _rc4(of_object, data)

    user, identity = _rc4(key, _PADDING).hex().encode(), name.hex().encode()
    entry = b"/Encrypt << /Filter /Standard /V 1 /R 2 /O <%b> /U <%b> /P %d >> /ID [<%b> <%b>]" % (
        owner.hex().encode(), user, _PERMISSIONS, identity, identity,
    )  # fmt: skip
    return pdf_bytes(attachment.name, attachment.text, change=change, trailer=entry)


def _rc4(key: bytes, data: bytes) -> bytes:
    """Encrypt with RC4, which old PDF files are locked with."""
    box = list(range(256))
    other = 0
    for at in range(256):
        other = (other + box[at] + key[at % len(key)]) % 256
        box[at], box[other] = box[other], box[at]
    out = bytearray()
    at = other = 0
    for byte in data:
        at = (at + 1) % 256
        other = (other + box[at]) % 256
        box[at], box[other] = box[other], box[at]
        out.append(byte ^ box[(box[at] + box[other]) % 256])
    return bytes(out)
