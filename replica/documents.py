"""Make the bytes of attachments and pictures: small, real files, the same on every machine.

No timestamp and no compressor enters them, so a digest noted today holds tomorrow.
"""

from __future__ import annotations

import hashlib
import math
import struct
import zlib
from base64 import b64decode

from replica.article import Attachment
from replica.hwp import hwp_bytes
from replica.jpeg import TILES, mosaic
from replica.packages import docx_bytes, hwpx_bytes, odt_bytes, xlsx_bytes
from replica.pdf import pdf_bytes
from replica.stored import zip_file, zlib_stream

_GIF = b64decode("R0lGODlhAQABAIAAAAAAAP///yH5BAEAAAAALAAAAAABAAEAAAIBRAA7")


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


def file_bytes(attachment: Attachment) -> bytes:
    """Give the file behind ``attachment``: a real one of its format, text in UTF-8 where none is made here."""
    match attachment.kind:
        case "pdf":
            return pdf_bytes(attachment.name, attachment.text)
        case "hwp":
            return hwp_bytes(attachment.text)
        case "hwpx":
            return hwpx_bytes(attachment.text)
        case "odt":
            return odt_bytes(attachment.text)
        case "docx":
            return docx_bytes(attachment.text)
        case "xlsx":
            return xlsx_bytes(attachment.text)
        case "zip":
            return zip_file(_members(attachment))
        case "jpg" | "jpeg" | "png" | "gif":
            return picture_bytes(
                "\n".join((attachment.name, *attachment.text, f"{attachment.file_id}.{attachment.kind}"))
            )[1]
        case _:
            return "\r\n".join((attachment.name, *attachment.text, "")).encode()


def lines_of(attachment: Attachment) -> tuple[str, ...]:
    """Give the lines that a reader finds, cells of a table parted by tabs; of a ZIP file its members' names, too."""
    if attachment.kind in ("jpg", "jpeg", "png", "gif"):
        return ()
    if attachment.kind == "zip":
        picture, document = _members(attachment)
        return picture, document, *attachment.text
    return attachment.text


def _members(attachment: Attachment) -> dict[str, bytes | str]:
    """Give the files in a ZIP file: a picture made from its text, and a document of it."""
    stem = attachment.name.rpartition(".")[0]
    text = "\r\n".join(attachment.text)
    picture = picture_bytes(f"{attachment.file_id}{text}.jpg")[1]
    return {f"{stem}/001.jpg": picture, f"{stem}.hwpx": hwpx_bytes(attachment.text)}


def picture_bytes(path: str, edition: int = 0) -> tuple[str, bytes]:
    """Give media type and bytes of the picture at ``path``; another path or edition gives another picture."""
    digest = hashlib.sha256(f"{path}#{edition}".encode() if edition else path.encode()).digest()
    suffix = path.rpartition(".")[2].lower()
    if suffix in ("jpg", "jpeg"):
        return "image/jpeg", mosaic(hashlib.shake_128(digest).digest(math.prod(TILES)), digest.hex().encode())
    if suffix == "gif":
        return "image/gif", _GIF
    return "image/png", _png(digest)


def _png(digest: bytes) -> bytes:
    """Draw 8 x 8 pixels of two colours taken from ``digest``."""
    rows = b"".join(b"\x00" + b"".join(digest[(row ^ column) % 8 * 3 :][:3] for column in range(8)) for row in range(8))
    parts = (
        (b"IHDR", struct.pack(">IIBBBBB", 8, 8, 8, 2, 0, 0, 0)),
        (b"IDAT", zlib_stream(rows)),
        (b"IEND", b""),
    )
    chunks = (
        struct.pack(">I", len(data)) + name + data + struct.pack(">I", zlib.crc32(name + data)) for name, data in parts
    )
    return b"\x89PNG\r\n\x1a\n" + b"".join(chunks)
