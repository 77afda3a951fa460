"""Answers that break off before their end, though their records do not say so: other tools keep what had arrived."""

from __future__ import annotations

import io
import zlib
from typing import BinaryIO

from storage.content_coding import GZIP_NAMES, GZIP_WBITS
from storage.http_message import CHUNK_SIZE, LONGEST_SIZE_LINE, content_encoding, field, is_chunked, parse_number

_STEP = 1 << 20


def breaks_off(body: BinaryIO, fields: list[tuple[bytes, bytes]]) -> bool:
    """Say whether a body ends before its head says (RFC 9112, 8).

    A body of which framing or coding was undone is longer than the length it had on the wire, and one of no bytes
    answers a HEAD request: neither breaks off.

    Args:
        body: Seekable, standing at the body's first byte; it stands there again afterwards.
        fields: The head's.
    """
    start = body.tell()
    end = body.seek(0, io.SEEK_END)
    body.seek(start)
    try:
        if is_chunked(fields):
            return _without_last_chunk(body, end)
        if told := field(fields, "Content-Length"):
            length = parse_number(told)
            return length is not None and 0 < end - start < length
        return content_encoding(fields).lower() in GZIP_NAMES and _without_end_of_gzip(body)
    finally:
        body.seek(start)


def _without_end_of_gzip(body: BinaryIO) -> bool:
    """Say whether a body that ends with its connection is gzip that goes on; what is no gzip goes nowhere."""
    inner = zlib.decompressobj(GZIP_WBITS)
    try:
        while piece := body.read(_STEP):
            while piece:
                inner.decompress(piece, _STEP)
                piece = inner.unconsumed_tail
                if inner.eof:
                    return False
    except zlib.error:
        return False
    return True


def _without_last_chunk(body: BinaryIO, end: int) -> bool:
    """Say whether chunks are followed by the end, or by the beginning of another one, and not by the last chunk."""
    any_chunk = False
    while True:
        line = body.readline(LONGEST_SIZE_LINE)
        size_line = CHUNK_SIZE.fullmatch(line)
        if size_line is None:
            # "1a2" at the very end is a size line that was cut; other bytes are a body that was not framed.
            return any_chunk and body.tell() >= end
        size = int(size_line[1], 16)
        if size == 0:
            return False
        any_chunk = True
        data_end = body.tell() + size
        if data_end >= end:
            return True
        body.seek(data_end)
        if body.read(2) != b"\r\n":
            body.seek(data_end)
            if body.read(1) != b"\n":
                body.seek(data_end)
