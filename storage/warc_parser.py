"""Records cut out of a source, however their headers are written and their blocks packed."""

from __future__ import annotations

import hashlib
import io
import re
import tempfile
from collections.abc import Iterator
from types import TracebackType
from typing import BinaryIO

from storage.http_message import parse_number
from storage.warc_record import BLOCK_END, Fields, bare_uri, new_hash, parse_fields, sha1
from storage.warc_source import ROOM, Source

_SPOOL = 8 << 20
_HASHED = 1 << 20
_LONGEST_HEADER = 1 << 20
_LONGEST_VERSION = 16

# The version line that begins every record; the grammar's literals have no case (RFC 2616, 2.1): "WARC/1.1\r\n".
_VERSION = re.compile(rb"WARC/([0-9]+\.[0-9]+)\r?\n", re.IGNORECASE)
_VERSIONS = (b"WARC/1.1\r\n", b"WARC/1.0\r\n")
# The empty line behind the last field: "...: 12\r\n\r\n", "...: 12\n\n".
_HEADER_END = re.compile(rb"\n\r?\n")
_TYPES = {
    one.encode(): one
    for one in ("warcinfo", "response", "resource", "request", "metadata", "revisit", "conversion", "continuation")
}
# What follows a block: "\r\n\r\n", or other runs of line ends
_LINE_ENDS = re.compile(rb"[\r\n]+")
_TRAILER = 64
"""Bytes of what follows a block that are kept: of more line ends than the two there should be, no more is asked."""


class Record:
    """One record: ``raw_header`` and ``headers``, its block, and where it stands in the file.

    ``offset`` and ``length`` are those of its gzip member, or of the record itself in an uncompressed file.
    ``nth`` counts records within the member; only record 0 can be read by its offset. ``trailer`` is how that which
    follows the block begins, two CRLF in a sound file. Close it, or use it in a ``with`` statement, when done with the
    block.
    """

    def __init__(
        self, raw_header: bytes, held: bytes | BinaryIO, block_length: int, trailer: bytes, block_at: int = 0
    ) -> None:
        self.raw_header = raw_header
        self.block_length = block_length
        self.trailer = trailer
        self.held = held
        """The block in memory, from ``block_at`` on, or a file of its own."""
        self.block_at = block_at
        self.offset = 0
        self.length = 0
        self.nth = 0
        self._headers: Fields | None = None
        self._type: str | None = None
        self._id: str | None = None
        self._hashes: dict[str, bytes] = {}
        self._stream: BinaryIO | None = None

    def __enter__(self) -> Record:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    @property
    def headers(self) -> Fields:
        """The record's fields, read when they are first asked for: many a record is passed by."""
        if self._headers is None:
            self._headers = _fields(self.raw_header)
        return self._headers

    @property
    def type(self) -> str:
        """The WARC-Type in lower case, empty where there is none."""
        if self._type is None:
            plain = _plain_value(self.raw_header, b"\r\nWARC-Type: ", b"warc-type")
            self._type = _TYPES.get(plain) or (self.headers.get("WARC-Type") or "").lower()
        return self._type

    @property
    def record_id(self) -> str:
        """The WARC-Record-ID without its angle brackets, empty where there is none."""
        if self._id is None:
            self._id = bare_uri(self.headers.get("WARC-Record-ID") or "")
        return self._id

    @property
    def stream(self) -> BinaryIO:
        """The block, to be read and sought in."""
        if self._stream is None:
            self._stream = io.BytesIO(self.block) if isinstance(self.held, bytes) else self.held
        return self._stream

    @property
    def block(self) -> bytes:
        """The whole block, in memory."""
        if isinstance(self.held, bytes):
            return self.held[self.block_at : self.block_at + self.block_length]
        self.held.seek(0)
        return self.held.read()

    @property
    def told(self) -> Fields:
        """The fields that the block of a warcinfo or metadata record holds, as far as a header may be long.

        Anybody may have written gigabytes there; of what is longer, the whole lines of the first mebibyte count.
        """
        self.stream.seek(0)
        start = self.stream.read(_LONGEST_HEADER)
        return parse_fields(start if self.block_length <= _LONGEST_HEADER else start[: start.rfind(b"\n") + 1])

    def block_hash(self, algorithm: str) -> bytes:
        """Hash the whole block without bringing it into memory, once however often it is asked for."""
        if algorithm not in self._hashes:
            self._hashes[algorithm] = self._hashed(algorithm)
        return self._hashes[algorithm]

    def _hashed(self, algorithm: str) -> bytes:
        if isinstance(self.held, bytes):
            block = memoryview(self.held)[self.block_at : self.block_at + self.block_length]
            if algorithm == "sha1":
                return sha1(block)
            return hashlib.new(algorithm, block, usedforsecurity=False).digest()
        digest = new_hash(algorithm)
        self.held.seek(0)
        while piece := self.held.read(_HASHED):
            digest.update(piece)
        return digest.digest()

    def close(self) -> None:
        """Let go of the block."""
        if not isinstance(self.held, bytes):
            self.held.close()


def _fields(raw_header: bytes) -> Fields:
    return parse_fields(raw_header.partition(b"\n")[2])


def _plain_value(raw_header: bytes, begin: bytes, name: bytes) -> bytes:
    """Give a field's value as :class:`Fields` would, where it stands there once and as nearly everyone writes it.

    Args:
        raw_header: The header.
        begin: How the field is written then: ``\\r\\nWARC-Type: ``.
        name: Its name in lower case.

    Returns:
        The value; nothing where the field is written otherwise, or not there.
    """
    at = raw_header.find(begin)
    if at < 0 or raw_header.lower().count(name) != 1:
        return b""
    stop = raw_header.find(b"\r\n", at + len(begin))
    return raw_header[at + len(begin) : stop] if raw_header[stop + 2 : stop + 3] not in {b" ", b"\t"} else b""


def alone(data: bytes) -> Record | None:
    """Give the record that a member holds when it is one and nothing else, written as nearly everyone writes it.

    Nearly every member does, and this takes a third of the time of :class:`Parser`, which reads any.
    """
    end = data.find(b"\n\r\n", 0, _LONGEST_HEADER)
    if end < 0 or data.find(b"\n\n", 0, end) >= 0:
        return None
    if not data.startswith(_VERSIONS) and not _VERSION.match(data, 0, _LONGEST_VERSION):
        return None
    raw = data[: end + 3]
    value = _plain_value(raw, b"\r\nContent-Length: ", b"content-length")
    length = len(data) - len(raw) - len(BLOCK_END)
    if not value.isdigit() or len(value) > 18 or int(value) != length or not data.endswith(BLOCK_END):
        return None
    return Record(raw, data, length, BLOCK_END, len(raw))


class Parser:
    """Cuts one source into records."""

    def __init__(self, source: Source) -> None:
        self._source = source
        self._held = b""
        self._at = 0

    def peek(self, size: int) -> bytes:
        """Look at up to ``size`` bytes without taking them."""
        self._fill(size)
        return self._held[self._at : self._at + size]

    def _fill(self, size: int) -> int:
        """Hold ``size`` bytes that are not taken yet, or all there are; give how many."""
        while (ready := len(self._held) - self._at) < size and (more := self._source.read(ROOM)):
            self._held = self._held[self._at :] + more if ready else more
            self._at = 0
        return ready

    def take(self, size: int) -> bytes:
        """Take up to ``size`` bytes."""
        taken = self.peek(size)
        self._at += len(taken)
        return taken

    def position(self) -> int:
        """Give the file offset of the next byte; meaningful in an uncompressed file only."""
        return self._source.end() - len(self._held) + self._at

    def header(self) -> bytes:
        """Take a header, version line to empty line.

        Raises:
            ValueError: There is none; the second argument holds what stands there instead.
        """
        if not self._fill(_LONGEST_VERSION):
            raise EOFError("nothing where a record should begin")
        if not _VERSION.match(self._held, self._at, self._at + _LONGEST_VERSION):
            start = self.peek(_LONGEST_VERSION)
            raise ValueError(f"no WARC version line, but {start[:12]!r}", start)
        size = 1
        while (end := _HEADER_END.search(self._held, self._at, self._at + _LONGEST_HEADER)) is None:
            size = max(2 * size, len(self._held) - self._at + 1)
            if size > _LONGEST_HEADER or self._fill(size) < size:
                raise ValueError("a header without the empty line that ends it", self.peek(_LONGEST_HEADER))
        return self.take(end.end() - self._at)

    def record(self) -> Record:
        """Take a whole record.

        Raises:
            ValueError: What stands there is not a record.
            EOFError: It is cut short.
        """
        raw = self.header()
        plain = _plain_value(raw, b"\r\nContent-Length: ", b"content-length")
        value = plain.decode() if plain.isdigit() else _fields(raw).get("Content-Length")
        length = parse_number(value)
        if length is None:
            raise ValueError(f"a record whose Content-Length is {value!r}", raw)
        if length <= _SPOOL:
            return Record(raw, b"".join(self._pieces(length, raw)), length, self._line_ends())
        stream = tempfile.TemporaryFile()  # noqa: SIM115 - Record.close closes it
        try:
            for piece in self._pieces(length, raw):
                stream.write(piece)
            trailer = self._line_ends()
        except BaseException:
            stream.close()
            raise
        stream.seek(0)
        return Record(raw, stream, length, trailer)

    def _line_ends(self) -> bytes:
        ends = b""
        while self._fill(1) and (here := _LINE_ENDS.match(self._held, self._at)) is not None:
            self._at = here.end()
            ends = (ends + here[0][:_TRAILER])[:_TRAILER]
            if self._at < len(self._held):
                break
        return ends

    def _pieces(self, length: int, raw: bytes) -> Iterator[bytes]:
        left = length
        while left:
            piece = self.take(min(left, ROOM))
            if not piece:
                raise EOFError(f"a record of {length:,} bytes cut off {left:,} bytes before its end", raw)
            yield piece
            left -= len(piece)
