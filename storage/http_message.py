"""HTTP messages as bytes: head, chunk framing, content coding, charset.

Archived messages are what servers really sent, so everything here reads leniently and never repairs: names and
values stay bytes, broken framing yields what was framed, and only a decoded size beyond its limit, a coding nobody
here knows or a damaged coded body is an error. Source: RFC 9110, RFC 9112.
"""

from __future__ import annotations

import codecs
import io
import re
import sys
import zlib
from collections.abc import Iterable, Iterator
from typing import BinaryIO, NamedTuple, Protocol

import brotlicffi
import deflate

from storage.errors import GochimError

if sys.version_info >= (3, 14):
    from compression import zstd
else:
    from backports import zstd

MAX_DECODED = 512 * 1024 * 1024
"""Decoded bytes beyond which a body counts as a decompression bomb."""

_STEP = 1 << 20
_GZIP = 31
_GZIP_NAMES = {"gzip", "x-gzip"}
_AT_ONCE = 16 << 20
"""Decoded bytes up to which a body is decoded in one step."""
_MOST_PACKED = 1032
"""Bytes that one byte of deflate can stand for: at best a bit for a length and one for a distance give 258."""

# The end of a head: an empty line, whatever the line ends: "...\r\n\r\n", "...\n\n".
_HEAD_END = re.compile(rb"\r?\n\r?\n")

_LINE_END = re.compile(rb"\r?\n")
STATUS_LINE = re.compile(rb"HTTP/(\d)(?:\.(\d+))?[ \t]+(\d{3})(?!\d)", re.IGNORECASE)
"""``HTTP/1.1 200 OK``, and also ``HTTP/1.0  404``, ``HTTP/2 200``, ``http/1.1 200OK``."""
# "Content-Type: text/html; charset=utf-8\r\n": one blank behind the colon, ASCII; a blank at the end is not plain
_PLAIN_FIELD = re.compile(rb"([!-9;-~]+): ([!-~][ -~]*)\r\n")

# "\nETag: \"1\"", with any blanks about the name
_KEPT = re.compile(
    rb"\n(?:[\v\f][ \t\v\f]*)?(content-type|location|etag|last-modified)[ \t\v\f]*:([^\r\n]*)", re.IGNORECASE
)

# A chunk-size line with or without an extension: "1a2b\r\n", "1A ;name=value\r\n".
_CHUNK_SIZE = re.compile(rb"[ \t]*([0-9A-Fa-f]{1,16})[ \t]*(?:;[^\n]*)?\r?\n")

# What can be left of a chunk-size line when the connection broke in it: "", "1a", "1a;na", "1a\r".
_CUT_SIZE = re.compile(rb"[ \t]*[0-9A-Fa-f]{0,16}[ \t]*(?:;[^\n]*)?\r?")
_LONGEST_SIZE_LINE = 16 * 1024

# A charset parameter: "text/html; charset=UTF-8", "text/html;charset='euc-kr'".
_CHARSET = re.compile(r"charset\s*=\s*[\"']?\s*([A-Za-z0-9_.:-]+)", re.IGNORECASE)

# A charset declared in the page: <meta charset="utf-8">, <meta http-equiv=... content="text/html; charset=euc-kr">,
# <?xml version="1.0" encoding="utf-8"?>.
_META_CHARSET = re.compile(rb"<(?:meta|\?xml)[^>]{0,500}?(?:charset|encoding)\s*=\s*[\"']?\s*([\w.:-]+)", re.IGNORECASE)

# Korean pages say euc-kr and mean its superset; "latin-1" likewise means windows-1252 (WHATWG Encoding).
_MEANT = {
    "euc-kr": "cp949", "euc_kr": "cp949", "euckr": "cp949", "ks_c_5601-1987": "cp949", "ksc5601": "cp949",
    "ks_c_5601": "cp949", "x-windows-949": "cp949", "windows-949": "cp949", "ms949": "cp949",
    "utf8": "utf-8", "iso-8859-1": "cp1252", "latin1": "cp1252", "us-ascii": "cp1252", "ascii": "cp1252",
}  # fmt: skip

# Byte order marks and what they prove.
_BYTE_ORDER_MARKS = ((codecs.BOM_UTF8, "utf-8-sig"), (codecs.BOM_UTF16_LE, "utf-16"), (codecs.BOM_UTF16_BE, "utf-16"))


class ContentError(GochimError):
    """A body cannot be decoded: unknown coding, damaged data, or larger than the limit."""


class Head(NamedTuple):
    """The first line and the fields of an HTTP response; ``status`` is None where no status line could be read."""

    version: str
    status: int | None
    reason: str
    fields: list[tuple[bytes, bytes]]


class _Decoder(Protocol):
    """One content coding, undone piece by piece."""

    def step(self, data: bytes, room: int) -> bytes:
        """Take ``data`` in and give at most about ``room`` decoded bytes; empty when there is no more."""


def split_message(message: bytes) -> tuple[bytes, bytes]:
    """Cut a message after the empty line that ends its head; without one, all of it is head."""
    at = message.find(b"\n\r\n")
    if at >= 0 and message.find(b"\n\n", 0, at + 1) < 0:
        return message[: at + 3], message[at + 3 :]
    end = _HEAD_END.search(message)
    return (message[: end.end()], message[end.end() :]) if end else (message, b"")


def parse_head(head: bytes) -> Head:
    """Read a response's status line and fields, keeping names and values as the bytes they are.

    Folded lines are joined with one space, lines without a colon are skipped. Reads request heads too, giving
    no status.
    """
    first, _, rest = head.partition(b"\n")
    version, _, rest_of_line = first.decode("latin-1").strip().partition(" ")
    _, _, reason = rest_of_line.strip().partition(" ")
    found = STATUS_LINE.match(first)
    return Head(version, int(found[3]) if found else None, reason.strip(), fields_of(rest))


def fields_of(lines: bytes) -> list[tuple[bytes, bytes]]:
    """Read the lines behind a head's first one as fields, names and values as they were sent, blanks around them off.

    Lines without a colon or a name are passed over, folded ones joined with one space (RFC 9112, 5.2).
    """
    fields: list[tuple[bytes, bytes]] = _PLAIN_FIELD.findall(lines)
    # All of a head as nearly every server sends it: then nothing stands between its fields, and one empty line ends it.
    told = len(b"".join(map(b"".join, fields))) + 4 * len(fields)
    if told + 2 == len(lines) and lines.endswith(b"\r\n\r\n") and b" \r\n" not in lines:
        return fields
    fields = []
    foldable = False
    for line in _LINE_END.split(lines):
        if not line:
            break
        if line[:1] in b" \t":
            # What is folded onto no field is none: RFC 9112, 2.2.
            if foldable:
                name, value = fields[-1]
                fields[-1] = (name, (value + b" " + line.strip()).strip())
            continue
        name, colon, value = line.partition(b":")
        foldable = bool(colon and name.strip())
        if foldable:
            fields.append((name.strip(), value.strip()))
    return fields


def first_values(head: bytes) -> dict[bytes, bytes]:
    """Give the first value of Content-Type, Location, ETag and Last-Modified, by the name in lower case.

    They are what a capture keeps of a head; to find these alone takes a third of the time of reading all.
    """
    if _is_regular(head):
        found: dict[bytes, bytes] = {}
        for name, value in _KEPT.findall(head):
            found.setdefault(name.lower(), value.strip())
        return found
    return {name.lower(): value for name, value in reversed(fields_of(head.partition(b"\n")[2]))}


def _is_regular(head: bytes) -> bool:
    """Say whether every line ends in CRLF, none is folded, and the only empty one ends the head."""
    lines = head.count(b"\r\n")
    return (
        head.endswith(b"\r\n\r\n")
        and head.find(b"\n\r") == len(head) - 3
        and head.count(b"\n") == lines == head.count(b"\r")
        and b"\n " not in head
        and b"\n\t" not in head
    )


def field(fields: list[tuple[bytes, bytes]], name: str) -> str | None:
    """Give the first value of the field called ``name`` (any case) as text, or None."""
    wanted = name.lower().encode()
    for key, value in fields:
        if len(key) == len(wanted) and key.lower() == wanted:
            return as_text(value)
    return None


def as_text(value: bytes) -> str:
    """Read field bytes as UTF-8, or as Latin-1 where they are not: every byte string has a reading."""
    try:
        return value.decode()
    except UnicodeDecodeError:
        return value.decode("latin-1")


def media_type(fields: list[tuple[bytes, bytes]]) -> str | None:
    """Give the Content-Type without its parameters, in lower case, or None."""
    value = field(fields, "Content-Type")
    return bare_media_type(value) if value else None


def bare_media_type(value: str) -> str | None:
    """Give a Content-Type's value without its parameters, in lower case, or None where nothing is left of it."""
    return value.partition(";")[0].strip().lower() or None


def transfer_codings(fields: Iterable[tuple[bytes, bytes]]) -> list[bytes]:
    """Give the names of the Transfer-Encodings in the order applied, in lower case.

    ``identity`` left the standard in 2014; servers that still send it mean that nothing was done to the body.
    """
    listed = (
        b",".join([value for key, value in fields if len(key) == 17 and key.lower() == b"transfer-encoding"])
        .lower()
        .split(b",")
    )
    return [name for one in listed if (name := one.partition(b";")[0].strip()) not in {b"", b"identity"}]


def is_chunked(fields: Iterable[tuple[bytes, bytes]]) -> bool:
    """Say whether the body is framed in chunks: the last Transfer-Encoding is chunked (RFC 9112, 6.3)."""
    return transfer_codings(fields)[-1:] == [b"chunked"]


def content_encoding(fields: list[tuple[bytes, bytes]]) -> str:
    """Give every Content-Encoding in the order applied, comma-separated, empty where none is."""
    return ",".join([as_text(value) for key, value in fields if len(key) == 16 and key.lower() == b"content-encoding"])


def dechunk(body: bytes) -> bytes:
    """Remove chunk framing as :func:`payload_pieces` does, all in memory."""
    return b"".join(payload_pieces(io.BytesIO(body), chunked=True))


def payload_pieces(body: BinaryIO, *, chunked: bool) -> Iterator[bytes]:
    """Give the payload of a body in pieces of at most 1 MiB, without chunk framing (RFC 9112, 7.1).

    Extensions and trailers are dropped. A body cut short yields the data that had arrived; where the framing
    breaks, the rest is given as it stands, and a body that was never framed comes back whole.

    Args:
        body: Seekable, standing at the body's first byte.
        chunked: Whether the head says that the body is framed in chunks.
    """
    framed = chunked
    any_chunk = False
    while framed:
        line = body.readline(_LONGEST_SIZE_LINE)
        size_line = _CHUNK_SIZE.fullmatch(line)
        if size_line is None:
            # "1a2" or "\r" at the very end is a size line that was cut, not data.
            if not (any_chunk and _CUT_SIZE.fullmatch(line)):
                yield line
            framed = False
        elif (size := int(size_line[1], 16)) == 0:
            return
        else:
            any_chunk = True
            yield from _pieces(body, size)
            _skip_line_end(body)
    yield from _pieces(body, sys.maxsize)


def _pieces(body: BinaryIO, size: int) -> Iterator[bytes]:
    while size > 0 and (piece := body.read(min(size, _STEP))):
        size -= len(piece)
        yield piece


def _skip_line_end(body: BinaryIO) -> None:
    end = body.read(2)
    if end != b"\r\n":
        body.seek(int(end[:1] == b"\n") - len(end), io.SEEK_CUR)


def entity_body(message: bytes) -> tuple[Head, bytes]:
    """Give a response's head and its payload: the body without chunk framing, content coding untouched."""
    head_bytes, body = split_message(message)
    head = parse_head(head_bytes)
    return head, dechunk(body) if is_chunked(head.fields) else body


class _Zlib:
    """gzip of one or more members, zlib, and raw deflate."""

    def __init__(self, wbits: int) -> None:
        self._wbits = wbits
        self._inner = zlib.decompressobj(wbits)
        self._rest = b""

    def step(self, data: bytes, room: int) -> bytes:
        out = b""
        data = self._rest + data
        while data and not out:
            out = self._inner.decompress(data, room)
            data = self._inner.unconsumed_tail
            if self._inner.eof:
                # Another gzip member may follow; zeros and other padding may as well, and are dropped.
                more = self._inner.unused_data
                data = more if self._wbits == _GZIP and more.startswith(b"\x1f\x8b") else b""
                self._inner = zlib.decompressobj(self._wbits)
            elif not out:
                break
        self._rest = data
        return out


class _Brotli:
    """Brotli, RFC 7932."""

    def __init__(self) -> None:
        self._inner = brotlicffi.Decompressor()

    def step(self, data: bytes, room: int) -> bytes:
        return b"" if self._inner.is_finished() else bytes(self._inner.process(data, output_buffer_limit=room))


class _Zstandard:
    """Zstandard of one or more frames, RFC 8878."""

    def __init__(self) -> None:
        self._inner = zstd.ZstdDecompressor()

    def step(self, data: bytes, room: int) -> bytes:
        while True:
            out = bytes(self._inner.decompress(data, room)) if not self._inner.eof else b""
            data = self._inner.unused_data if self._inner.eof else b""
            if out or not data.startswith(b"\x28\xb5\x2f\xfd"):
                return out
            self._inner = zstd.ZstdDecompressor()


def _decoder(coding: str, data: bytes) -> _Decoder | None:
    """Choose the decoder; None where the bytes are not coded after all."""
    if coding in {"gzip", "x-gzip"}:
        # Error pages sometimes carry the field without the coding; every gzip member starts 1f 8b.
        return _Zlib(_GZIP) if data.startswith(b"\x1f\x8b") else None
    if coding == "deflate":
        # zlib-wrapped as RFC 9110 has it, or raw as some servers send it: a zlib header is a multiple of 31.
        wrapped = len(data) >= 2 and data[0] & 0x0F == 8 and int.from_bytes(data[:2], "big") % 31 == 0
        return _Zlib(15 if wrapped else -15)
    if coding == "br":
        return _Brotli()
    if coding == "zstd":
        return _Zstandard()
    raise ContentError(f"The content coding {coding!r} is not one of gzip, deflate, br, zstd; the body is kept coded.")


def decode_content(payload: bytes, encoding: str, limit: int = MAX_DECODED) -> bytes:
    """Undo Content-Encoding, last coding first; a body cut short yields what its bytes hold.

    Args:
        payload: The body without chunk framing.
        encoding: The field's value, for example ``gzip`` or ``gzip, br``; empty for none.
        limit: Decoded bytes allowed.

    Raises:
        ContentError: The coding is unknown, the data damaged, or the result larger than ``limit``.
    """
    for coding in reversed([one.strip().lower() for one in encoding.split(",")]):
        if coding in {"", "identity", "none"} or not payload:
            continue
        if coding in _GZIP_NAMES and (whole := _gunzipped(payload, limit)) is not None:
            payload = whole
        elif (decoder := _decoder(coding, payload)) is not None:
            payload = _decode(decoder, coding, payload, limit)
    return payload


def _gunzipped(data: bytes, limit: int) -> bytes | None:
    """Undo gzip with libdeflate where ``data`` is one whole, sound member alone, and not large; else None."""
    end = data[-8:]
    size = int.from_bytes(end[4:], "little")
    if not 0 < size <= min(limit, _AT_ONCE, _MOST_PACKED * len(data)):
        return None
    try:
        out = deflate.gzip_decompress(data, size)
    except (deflate.DeflateError, ValueError):
        return None
    # libdeflate passes over what follows the first member. Its end is there, and right: where that is the end of the
    # data, and stands nowhere before, nothing follows.
    whole = len(out) == size and deflate.crc32(out) == int.from_bytes(end[:4], "little")
    return bytes(out) if whole and data.find(end) == len(data) - len(end) else None


def _decode(decoder: _Decoder, coding: str, data: bytes, limit: int) -> bytes:
    parts: list[bytes] = []
    size = 0
    try:
        piece = decoder.step(data, _STEP)
        while piece:
            size += len(piece)
            if size > limit:
                raise ContentError(
                    f"The {coding} body decodes to more than {limit:,} bytes from {len(data):,}: taken for a "
                    f"decompression bomb and not read."
                )
            parts.append(piece)
            piece = decoder.step(b"", _STEP)
    except (zlib.error, brotlicffi.error, zstd.ZstdError, EOFError) as error:
        raise ContentError(f"The {coding} body is damaged after {size:,} decoded bytes: {error}.") from error
    return b"".join(parts)


def text_of(payload: bytes, content_type: str | None) -> str:
    """Read a page's bytes as text; never raises, bytes without meaning become U+FFFD.

    The order is: byte order mark, the charset of ``content_type``, the one declared in the page's first 4096
    bytes, then UTF-8, then CP949. A declared charset that the bytes contradict gives way to UTF-8 where that fits.
    """
    return _text_of(payload, content_type)[0]


def utf8_of(payload: bytes, content_type: str | None) -> bytes:
    """Read a page's bytes like :func:`text_of` and give the text in UTF-8: the bytes themselves where they are that."""
    text, encoding = _text_of(payload, content_type)
    # Half a surrogate pair, which some of Python's own charsets can give, is no character.
    return payload if encoding == "utf-8" else text.encode("utf-8", "ignore")


def _text_of(payload: bytes, content_type: str | None) -> tuple[str, str]:
    """Give a page's text, and the charset of which its bytes are, empty where some have no meaning in it."""
    for mark, encoding in _BYTE_ORDER_MARKS:
        if payload.startswith(mark):
            return payload.decode(encoding, "replace"), ""
    declared = _CHARSET.search(content_type or "")
    meta = _META_CHARSET.search(payload[:4096])
    named = [declared[1]] if declared else []
    named += [meta[1].decode("latin-1")] if meta else []
    named = [_MEANT.get(one.lower(), one.lower()) for one in named]
    for encoding in [*named, "utf-8", "cp949"]:
        text = _decoded(payload, encoding, "strict")
        if text is not None:
            return text, encoding
    for encoding in named:
        text = _decoded(payload, encoding, "replace")
        if text is not None:
            return text, ""
    return payload.decode("utf-8", "replace"), ""


def _decoded(payload: bytes, encoding: str, errors: str) -> str | None:
    try:
        return payload.decode(encoding, errors)
    except (LookupError, UnicodeError, ValueError):
        return None
