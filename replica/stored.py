"""Deflate streams and ZIP members in which nothing is compressed: the same bytes on every machine."""

from __future__ import annotations

import io
import struct
import zipfile
import zlib
from collections.abc import Mapping

_BLOCK = 65535


def raw_deflate(data: bytes) -> bytes:
    """Write ``data`` as stored blocks (RFC 1951, 3.2.4): a stream that any inflater reads."""
    blocks = [data[at : at + _BLOCK] for at in range(0, len(data), _BLOCK)] or [b""]
    last = len(blocks) - 1
    return b"".join(
        struct.pack("<BHH", number == last, len(one), len(one) ^ 0xFFFF) + one for number, one in enumerate(blocks)
    )


def zlib_stream(data: bytes) -> bytes:
    """Write ``data`` as a zlib stream (RFC 1950) of stored blocks."""
    return b"\x78\x01" + raw_deflate(data) + struct.pack(">I", zlib.adler32(data))


def zip_file(members: Mapping[str, bytes | str]) -> bytes:
    """Pack members in their order, stored, all with the date that ZIP begins with."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_STORED) as archive:
        for name, data in members.items():
            member = zipfile.ZipInfo(name, (1980, 1, 1, 0, 0, 0))
            member.create_system = 0
            archive.writestr(member, data)
    return buffer.getvalue()
