"""Tell a file's type from its first bytes, never from its name: downloads all come as ``application/x-download``."""

from __future__ import annotations

import io
import lzma
import re
import zipfile
import zlib

_SIGNATURES: tuple[tuple[bytes, str], ...] = (
    (b"%PDF-", "application/pdf"),
    (b"\x89PNG\r\n\x1a\n", "image/png"),
    (b"\xff\xd8\xff", "image/jpeg"),
    (b"GIF87a", "image/gif"),
    (b"GIF89a", "image/gif"),
    (b"HWP Document File", "application/x-hwp"),
    (b"{\\rtf", "application/rtf"),
)
_OLE2 = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_OFFICE_PARTS = (
    ("word/", "application/vnd.openxmlformats-officedocument.wordprocessingml.document"),
    ("xl/", "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"),
    ("ppt/", "application/vnd.openxmlformats-officedocument.presentationml.presentation"),
)
_OFFICE_TYPES = "[Content_Types].xml"
"""What stands in every such package (ISO/IEC 29500-2, 10.1.2.2); a folder of presentations may be named ``ppt``."""
_MIMETYPE = re.compile(r"[a-z]+/[a-z0-9][a-z0-9.+-]*", re.ASCII)
"""What a package's ``mimetype`` entry may say: ``application/hwp+zip``, ``application/vnd.oasis.opendocument.text``."""

DAMAGED_MEMBER: tuple[type[Exception], ...] = (
    zipfile.BadZipFile,
    zlib.error,
    lzma.LZMAError,
    EOFError,
    NotImplementedError,
)
"""What ``zipfile`` alone raises over a damaged member; whatever is written meanwhile has errors of its own."""
BAD_ZIP: tuple[type[Exception], ...] = (*DAMAGED_MEMBER, OSError, ValueError)
"""What ``zipfile`` raises over a damaged file or member; one that is encrypted is a RuntimeError."""
_UNREADABLE: tuple[type[Exception], ...] = (*BAD_ZIP, RuntimeError)
_HTML = re.compile(
    rb"<!doctype html|<!--|<(?:html|head|script|iframe|h1|div|font|table|a|style|title|b|body|br|p|meta)[\s>/]"
)
"""How a web page begins: ``<!DOCTYPE html PUBLIC``, ``<script>alert('...')`` (WHATWG MIME Sniffing, 7.1, and meta)."""


def media_type_of(payload: bytes) -> str:
    """Name the media type of a file's bytes; ``application/octet-stream`` when nothing is known of it."""
    for signature, media_type in _SIGNATURES:
        if payload.startswith(signature):
            return media_type
    if payload.startswith(b"RIFF") and payload[8:12] == b"WEBP":
        return "image/webp"
    if payload.startswith(_OLE2):
        # HWP 5 is an OLE2 compound file whose FileHeader stream starts with this text.
        return "application/x-hwp" if b"HWP Document File" in payload else "application/x-ole-storage"
    if payload.startswith(b"PK\x03\x04"):
        return _zip_type(payload)
    # A page made by a template often begins with a byte order mark and many empty lines.
    head = payload[:16_384].removeprefix(b"\xef\xbb\xbf").lstrip().lower()
    head = re.sub(rb"^<\?xml[^>]*>\s*", b"", head)
    if _HTML.match(head):
        return "text/html"
    # Readers of PDF look for its beginning among the first bytes: what sends it may have sent empty lines before it.
    return "application/pdf" if b"%PDF-" in payload[:_PDF_WITHIN] else "application/octet-stream"


_PDF_WITHIN = 1024
"""Bytes among which a PDF file begins (PDF Reference 1.7, implementation note 13)."""
_PICTURE_HEAD = 16
"""Bytes that tell a picture's type; what is none, a package of a million members say, is looked at no further."""
_JPEG_TAIL = 4096
"""Bytes at a picture's end among which cameras and editors leave something after the last marker."""


def is_whole_picture(payload: bytes) -> bool:
    """Tell whether bytes are a picture from its first marker to its last: half of one is not another one."""
    kind = media_type_of(payload[:_PICTURE_HEAD])
    if kind == "image/jpeg":
        return b"\xff\xd9" in payload[-_JPEG_TAIL:]
    if kind == "image/png":
        return b"IEND" in payload[-_JPEG_TAIL:]
    if kind == "image/gif":
        return payload.rstrip(b"\0").endswith(b";")
    return kind == "image/webp" and len(payload) >= int.from_bytes(payload[4:8], "little") + 8


_CROWD = 100_000
"""More members than the package of a document has; ``zipfile`` takes 600 bytes for each before it tells of any."""


def is_crowded(payload: bytes) -> bool:
    """Say whether a ZIP file may have so many members that to open it alone would fill the memory."""
    return payload.count(b"PK\x01\x02") > _CROWD


def _zip_type(payload: bytes) -> str:
    """Tell OPF packages (HWPX, ODF) by their ``mimetype`` entry, Office Open XML by its parts."""
    if is_crowded(payload):
        return "application/zip"
    try:
        with zipfile.ZipFile(io.BytesIO(payload)) as package:
            names = package.namelist()
            # It is the first entry by the book, and stands anywhere in a package that was packed again.
            packed_again = "mimetype" in names and any(name.startswith("META-INF/") for name in names)
            if names and (names[0] == "mimetype" or packed_again) and package.getinfo("mimetype").file_size < 256:
                said = package.read("mimetype").decode("ascii", "replace").strip()
                return said if _MIMETYPE.fullmatch(said) and said.startswith("application/") else "application/zip"
    except _UNREADABLE:
        return "application/zip"  # Damaged or encrypted: its bytes are kept all the same.
    for part, media_type in _OFFICE_PARTS if _OFFICE_TYPES in names else ():
        if any(name.startswith(part) for name in names):
            return media_type
    return "application/zip"
