"""Content codings undone: gzip, deflate, Brotli and Zstandard, within bounds.

Archived bodies are what servers really sent, so everything here reads leniently and never repairs: only a decoded size
beyond its limit, a coding nobody here knows or a damaged coded body is an error. Source: RFC 9110, 8.4.
"""

from __future__ import annotations

import re
import sys
import zlib
from typing import Protocol

import brotlicffi
import deflate

from storage.charsets import decoded
from storage.errors import GochimError

if sys.version_info >= (3, 14):
    from compression import zstd
else:
    from backports import zstd

MAX_DECODED = 512 * 1024 * 1024
"""Decoded bytes beyond which a body counts as a decompression bomb."""

NO_CODINGS = frozenset(["", "identity", "none", "binary", "8bit", "utf-8", "utf8", "euc-kr", "ms949", "iso-8859-1"])
"""What says that nothing was done to a body, or names its charset where a coding belongs, as browsers take it too."""
GZIP_NAMES = frozenset({"gzip", "x-gzip"})
"""What gzip is called as a content coding, old and new (RFC 9110, 8.4.1.3)."""
GZIP_MAGIC = b"\x1f\x8b"
"""How every gzip member begins (RFC 1952, 2.3.1)."""
GZIP_WBITS = 31
"""What zlib and ISA-L are told to read or write gzip: the largest window (15) and 16 for gzip's own header."""
_STEP = 1 << 20
_SLICE = 4096
"""Coded bytes given to a decoder at a time: what follows a member is copied, and a body may be a million members."""
MOST_CODINGS = 8
"""Codings over one another beyond which a body counts as a decompression bomb; servers apply one."""
MOST_MEMBERS = 50_000
"""Members of gzip or frames of Zstandard in one body, likewise: each takes time, though nothing may be in it."""
_AT_ONCE = 16 << 20
"""Decoded bytes up to which a body is decoded in one step."""
_MOST_PACKED = 1032
"""Bytes that one byte of deflate can stand for: at best a bit for a length and one for a distance give 258."""

_ZSTD_MAGIC = 4
# How a frame of Zstandard begins, and one that decoders skip (RFC 8878, 3.1.1 and 3.1.2)
_ZSTD_FRAME = re.compile(rb"\x28\xb5\x2f\xfd|[\x50-\x5f]\x2a\x4d\x18")

# What stands in no text: control characters apart from tab, line feed, form feed and carriage return.
_NO_TEXT = re.compile(rb"[\x00-\x08\x0b\x0e-\x1f\x7f]")


class ContentError(GochimError):
    """A body cannot be decoded: unknown coding, damaged data, or larger than the limit."""


class DamagedError(ContentError):
    """A body is not in the coding that it is said to be in, or not to its end."""


class _Decoder(Protocol):
    """One content coding, undone piece by piece."""

    at_once: int
    """Coded bytes to give it at a time."""

    @property
    def has_ended(self) -> bool:
        """Whether the coding is at its end: what follows, if anything, is no part of it."""

    def step(self, data: bytes, room: int) -> bytes:
        """Take ``data`` in and give at most about ``room`` decoded bytes; empty when it needs more data."""


def _counted(members: int, coding: str) -> int:
    """Count one more member of a body; there is an end to it."""
    if members >= MOST_MEMBERS:
        raise ContentError(f"The {coding} body has more than {MOST_MEMBERS:,} members: taken for a decompression bomb.")
    return members + 1


class _Zlib:
    """gzip of one or more members, zlib, and raw deflate."""

    at_once = _SLICE

    def __init__(self, wbits: int) -> None:
        self._wbits = wbits
        self._inner = zlib.decompressobj(wbits)
        self._rest = b""
        self._over = False
        self._members = 1

    @property
    def has_ended(self) -> bool:
        if self._inner.eof:
            return True
        try:
            self._inner.copy().decompress(bytes(8))
        except zlib.error as error:
            return str(error).endswith("check")  # Only its checksum is missing, which some servers leave out.
        return False

    def step(self, data: bytes, room: int) -> bytes:
        out = b""
        self._rest = b"" if self._over else self._rest + data
        while self._rest and not out:
            if self._inner.eof:
                # Another gzip member may follow; zeros and other padding may as well, and are dropped.
                begun = self._rest[: len(GZIP_MAGIC)]
                self._over = self._wbits != GZIP_WBITS or not GZIP_MAGIC.startswith(begun)
                if self._over or begun != GZIP_MAGIC:
                    break
                self._members = _counted(self._members, "gzip")
                self._inner = zlib.decompressobj(self._wbits)
            out = self._inner.decompress(self._rest, room)
            self._rest = self._inner.unused_data if self._inner.eof else self._inner.unconsumed_tail
        return out


class _Brotli:
    """Brotli, RFC 7932."""

    at_once = sys.maxsize

    def __init__(self) -> None:
        self._inner = brotlicffi.Decompressor()

    @property
    def has_ended(self) -> bool:
        return bool(self._inner.is_finished())

    def step(self, data: bytes, room: int) -> bytes:
        return b"" if self._inner.is_finished() else bytes(self._inner.process(data, output_buffer_limit=room))


class _Zstandard:
    """Zstandard of one or more frames, RFC 8878."""

    at_once = _SLICE

    def __init__(self) -> None:
        self._inner = zstd.ZstdDecompressor()
        self._rest = b""
        self._over = False
        self._members = 1

    @property
    def has_ended(self) -> bool:
        return self._inner.eof

    def step(self, data: bytes, room: int) -> bytes:
        self._rest = b"" if self._over else self._rest + data
        while True:
            if self._inner.eof:
                if len(self._rest) < _ZSTD_MAGIC:
                    return b""
                self._over = not _ZSTD_FRAME.match(self._rest)
                if self._over:
                    return b""
                self._members = _counted(self._members, "zstd")
                self._inner = zstd.ZstdDecompressor()
            out = bytes(self._inner.decompress(self._rest, room))
            self._rest = self._inner.unused_data if self._inner.eof else b""
            if out or not self._inner.eof:
                return out


def _decoder(coding: str, data: bytes) -> _Decoder | None:
    """Choose the decoder; None where the bytes are not coded after all."""
    if coding in GZIP_NAMES:
        # Error pages sometimes carry the field without the coding: their bytes do not begin as gzip does.
        return _Zlib(GZIP_WBITS) if data.startswith(GZIP_MAGIC) else None
    if coding == "deflate":
        # zlib-wrapped as RFC 9110 has it, or raw as some servers send it: a zlib header is a multiple of 31.
        wrapped = len(data) >= 2 and data[0] & 0x0F == 8 and int.from_bytes(data[:2], "big") % 31 == 0
        return _Zlib(15 if wrapped else -15)
    if coding == "br":
        return _Brotli()
    if coding == "zstd":
        return _Zstandard()
    raise ContentError(f"The content coding {coding!r} is not one of gzip, deflate, br, zstd; the body is kept coded.")


def decode_content(payload: bytes, encoding: str, limit: int = MAX_DECODED, *, whole: bool = True) -> bytes:
    """Undo Content-Encoding, last coding first.

    Args:
        payload: The body without chunk framing.
        encoding: The field's value, for example ``gzip`` or ``gzip, br``; empty for none.
        limit: Decoded bytes allowed.
        whole: Take a body that breaks off for damaged, not for what its bytes hold.

    Raises:
        ContentError: A coding is unknown, there are too many, the data are damaged (and no text as they stand), or the
            result is larger than ``limit``.
    """
    codings = [name for one in encoding.split(",") if (name := one.strip().lower()) not in NO_CODINGS]
    if len(codings) > MOST_CODINGS:
        raise ContentError(f"The body is said to have {len(codings)} content codings: taken for a decompression bomb.")
    for coding in reversed(codings):
        if not payload:
            break
        if coding in GZIP_NAMES and (alone := _gunzipped(payload, limit)) is not None:
            payload = alone
        elif (decoder := _decoder(coding, payload)) is not None:
            try:
                payload = _decode(decoder, coding, payload, limit, whole=whole)
            except DamagedError:
                if not _is_text(payload):
                    raise
    return payload


def _is_text(data: bytes) -> bool:
    """Say whether bytes are text as they stand: programs that undo a coding and keep its field are met in WARC files.

    Of coded bytes one in nine is a control character that no text has.
    """
    if _NO_TEXT.search(data):
        return False
    return any(decoded(data, charset, "strict") is not None for charset in ("utf-8", "cp949"))


def content_of(payload: bytes, encoding: str, limit: int = MAX_DECODED) -> bytes:
    """Undo Content-Encoding like :func:`decode_content`; nothing is given where that cannot be done."""
    try:
        return decode_content(payload, encoding, limit) if encoding else payload
    except ContentError:
        return b""


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


def _decode(decoder: _Decoder, coding: str, data: bytes, limit: int, *, whole: bool) -> bytes:
    parts: list[bytes] = []
    size = 0
    try:
        for start in range(0, len(data), decoder.at_once):
            piece = decoder.step(data[start : start + decoder.at_once], _STEP)
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
        raise DamagedError(f"The {coding} body is damaged after {size:,} decoded bytes: {error}.") from error
    if whole and not decoder.has_ended:
        raise DamagedError(f"The {coding} body breaks off after {size:,} decoded bytes.")
    return b"".join(parts)
