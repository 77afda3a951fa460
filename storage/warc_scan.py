"""WARC files cut into records: gzip members, plain files, and where they break.

Reads this program's files and those of other tools: one gzip member per record, several records in one member, or
no compression. Blocks over 8 MiB go through a temporary file, so memory does not grow with the record.
"""

from __future__ import annotations

import io
import re
import tempfile
from collections.abc import Generator, Iterator
from pathlib import Path
from types import TracebackType
from typing import BinaryIO, Protocol, cast

from isal import isal_zlib

from storage.errors import WarcError
from storage.warc_record import Fields, bare_uri, new_hash, parse_fields

_SPOOL = 8 << 20
_STEP = 1 << 15
"""Bytes read from a file at once."""
_FEW = 1 << 14
"""Bytes of a member, with fewer of which at hand more are read before it is unpacked."""
_ROOM = 1 << 20
"""Bytes taken at once out of what is read, decompressed: a record of most pages."""
_HASHED = 1 << 20
_LONGEST_HEADER = 1 << 20
_LONGEST_VERSION = 16
GZIP_MAGIC = b"\x1f\x8b"
# isal's stubs declare this class as if it were an instance.
_GZIP_ERROR = cast("type[Exception]", isal_zlib.error)
_ZSTD_MAGIC = b"\x28\xb5\x2f\xfd"

# The version line that begins every record; the grammar's literals have no case (RFC 2616, 2.1): "WARC/1.1\r\n".
_VERSION = re.compile(rb"WARC/([0-9]+\.[0-9]+)\r?\n", re.IGNORECASE)
# The empty line behind the last field: "...: 12\r\n\r\n", "...: 12\n\n".
_HEADER_END = re.compile(rb"\n\r?\n")
# What follows a block in a sound file.
_END = b"\r\n\r\n"
_LINE_ENDS = re.compile(rb"[\r\n]+")
_LENGTH = re.compile(r"[0-9]{1,18}")
# "\r\nContent-Length: 12\r\n", "\r\nWARC-Type: response\r\n", with nothing folded behind
_PLAIN_LENGTH = re.compile(rb"\r\nContent-Length: ([0-9]{1,18})\r\n(?![ \t])")
_PLAIN_TYPE = re.compile(rb"\r\nWARC-Type: ([a-z]+)\r\n(?![ \t])")


class DamagedWarcError(WarcError):
    """The place in a file from where no record can be read on.

    ``offset`` is the byte offset of the record or gzip member concerned, ``headers`` its fields where those could
    be read, ``reason`` what is wrong, as the end of a sentence.
    """

    def __init__(self, path: Path, offset: int, reason: str, raw_header: bytes = b"") -> None:
        super().__init__(f"{path.name}, byte {offset:,}: {reason}. Run `gochim verify` to see what is affected.")
        self.offset = offset
        self.reason = reason
        self.raw_header = raw_header


class Record:
    """One record: ``raw_header`` and ``headers``, its block, and where it stands in the file.

    ``offset`` and ``length`` are those of its gzip member, or of the record itself in an uncompressed file.
    ``nth`` counts records within the member; only record 0 can be read by its offset. ``trailer`` is what follows
    the block, two CRLF in a sound file. Close it, or use it in a ``with`` statement, when done with the block.
    """

    def __init__(self, raw_header: bytes, stream: BinaryIO, block_length: int, trailer: bytes) -> None:
        self.raw_header = raw_header
        self.stream = stream
        self.block_length = block_length
        self.trailer = trailer
        self.offset = 0
        self.length = 0
        self.nth = 0
        self._headers: Fields | None = None
        self._type: str | None = None
        self._hashes: dict[str, bytes] = {}

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
            plain = _plain_value(self.raw_header, _PLAIN_TYPE, b"warc-type")
            self._type = (plain or self.headers.get("WARC-Type") or "").lower()
        return self._type

    @property
    def record_id(self) -> str:
        """The WARC-Record-ID without its angle brackets, empty where there is none."""
        return bare_uri(self.headers.get("WARC-Record-ID") or "")

    @property
    def block(self) -> bytes:
        """The whole block, in memory."""
        self.stream.seek(0)
        return self.stream.read()

    def block_hash(self, algorithm: str) -> bytes:
        """Hash the whole block without bringing it into memory, once however often it is asked for."""
        if algorithm not in self._hashes:
            digest = new_hash(algorithm)
            self.stream.seek(0)
            while piece := self.stream.read(_HASHED):
                digest.update(piece)
            self._hashes[algorithm] = digest.digest()
        return self._hashes[algorithm]

    def close(self) -> None:
        """Let go of the block."""
        self.stream.close()


def _fields(raw_header: bytes) -> Fields:
    return parse_fields(raw_header.partition(b"\n")[2])


def _plain_value(raw_header: bytes, plain: re.Pattern[bytes], name: bytes) -> str | None:
    """Give a field's value as :class:`Fields` would, where it stands there once and as nearly everyone writes it."""
    found = plain.search(raw_header)
    return found[1].decode() if found and raw_header.lower().count(name) == 1 else None


class Source(Protocol):
    """Record bytes, decompressed if need be."""

    def read(self, size: int) -> bytes:
        """Give up to ``size`` bytes, none at the end."""

    def end(self) -> int:
        """Give the file offset behind what was read."""


class Plain:
    """A file without compression."""

    def __init__(self, file: BinaryIO, start: int) -> None:
        self._file = file
        file.seek(start)

    def read(self, size: int) -> bytes:
        """Give up to ``size`` bytes, none at the end."""
        return self._file.read(size)

    def end(self) -> int:
        """Give the file offset behind what was read."""
        return self._file.tell()


class Member:
    """One gzip member.

    Args:
        file: The file it stands in; it stands behind ``ahead``.
        start: The byte offset at which the member begins.
        ahead: What of it was read from the file already.
        step: How many bytes are read first; a length that is known spares reading on into the next member.
    """

    def __init__(self, file: BinaryIO, start: int, ahead: bytes = b"", step: int = _STEP) -> None:
        self._file = file
        self.start = start
        if not ahead:
            file.seek(start)
        self._inner = isal_zlib.decompressobj(wbits=31)
        self._behind = start + len(ahead)
        self._fed = ahead
        self._ahead = bool(ahead)
        self._step = step
        self._begun = False

    def read(self, size: int) -> bytes:
        """Give up to ``size`` bytes, none at the end.

        Raises:
            EOFError: The member is cut short or damaged, its checksum included.
        """
        out = b""
        while not out and not self._inner.eof:
            fed = self._fed or self._more()
            if not self._begun:
                fed = self._beginning(fed)
            elif not fed:
                raise EOFError("the file ends inside a gzip member")
            try:
                out = self._inner.decompress(fed, size)
            except _GZIP_ERROR as error:
                raise EOFError(f"a damaged gzip member ({error})") from error
            self._fed = self._inner.unconsumed_tail
        return out

    def _beginning(self, fed: bytes) -> bytes:
        """Give the first bytes of the member, enough of them to be known by, and for most members all there are."""
        if len(fed) < _FEW and self._ahead:
            fed += self._more()
        while len(fed) < len(GZIP_MAGIC) and (more := self._more()):
            fed += more
        if not fed.startswith(GZIP_MAGIC):
            reason = f"no gzip member, but {fed[:12]!r}" if fed[1:] else "the file ends inside a gzip member"
            raise EOFError(reason)
        self._begun = True
        return fed

    def _more(self) -> bytes:
        more = self._file.read(self._step)
        self._behind += len(more)
        self._step = _STEP
        return more

    def end(self) -> int:
        """Give the file offset behind what was read."""
        return self._behind - len(self._fed) - len(self._inner.unused_data)

    @property
    def is_read(self) -> bool:
        """Whether all of it was read, and its checksum was right."""
        return bool(self._inner.eof)

    @property
    def left(self) -> bytes:
        """What was read from the file behind the member's end."""
        return self._inner.unused_data + self._fed


class Parser:
    """Cuts one source into records."""

    def __init__(self, source: Source, held: bytes = b"") -> None:
        self._source = source
        self._held = held
        self._at = 0

    def peek(self, size: int) -> bytes:
        """Look at up to ``size`` bytes without taking them."""
        self._fill(size)
        return self._held[self._at : self._at + size]

    def _fill(self, size: int) -> int:
        """Hold ``size`` bytes that are not taken yet, or all there are; give how many."""
        while (ready := len(self._held) - self._at) < size and (more := self._source.read(_ROOM)):
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
        value = _plain_value(raw, _PLAIN_LENGTH, b"content-length") or _fields(raw).get("Content-Length")
        if value is None or not _LENGTH.fullmatch(value):
            raise ValueError(f"a record whose Content-Length is {value!r}", raw)
        length = int(value)
        if length <= _SPOOL:
            stream: BinaryIO = io.BytesIO(b"".join(self._pieces(length, raw)))
            return Record(raw, stream, length, self._line_ends())
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
            ends += here[0]
            if self._at < len(self._held):
                break
        return ends

    def _pieces(self, length: int, raw: bytes) -> Iterator[bytes]:
        left = length
        while left:
            piece = self.take(min(left, _ROOM))
            if not piece:
                raise EOFError(f"a record of {length:,} bytes cut off {left:,} bytes before its end", raw)
            yield piece
            left -= len(piece)


def scan(path: Path) -> Iterator[Record]:
    """Give every record of a file in order, as :func:`storage.warc_reader.iter_records` does, without closing them.

    Raises:
        DamagedWarcError: From there no record can be read on; every record before it has been given.
    """
    with path.open("rb") as file:
        size = path.stat().st_size
        magic = file.read(4)
        if magic == _ZSTD_MAGIC:
            raise DamagedWarcError(path, 0, "this is Zstandard; decompress it with `zstd -d` first")
        if magic[:2] == GZIP_MAGIC:
            member = Member(file, 0)
            while (at := (yield from _scan_member(path, member))) < size:
                member = Member(file, at, member.left)
        elif size:
            yield from _scan_plain(path, file, size)


def _scan_member(path: Path, member: Member) -> Generator[Record, None, int]:
    """Give the records of one gzip member; the generator's value is the offset behind it."""
    start = member.start
    held: Record | None = None
    nth = 0
    try:
        data = member.read(_ROOM)
        if member.is_read and (alone := _alone(data)) is not None:
            alone.offset, alone.length = start, member.end() - start
            yield alone
            return member.end()
        parser = Parser(member, data)
        del data
        while nth == 0 or parser.peek(1):
            record = parser.record()
            record.offset, record.nth = start, nth
            if held is not None:
                yield held
            held, nth = record, nth + 1
    except (ValueError, EOFError) as error:
        # Whole is what stands before foreign bytes, or before the next record of the same member; where the
        # member itself breaks behind its only record, that record's checksum was never seen.
        if held is not None and (nth > 1 or isinstance(error, ValueError)):
            yield held
        raise damage(path, start, error) from error
    if held is not None:
        held.length = member.end() - start
        yield held
    return member.end()


def _alone(data: bytes) -> Record | None:
    """Give the record that a member holds when it is one and nothing else, written as nearly everyone writes it.

    Nearly every member does, and this takes a third of the time of :class:`Parser`, which reads any.
    """
    end = _HEADER_END.search(data, 0, _LONGEST_HEADER)
    if end is None or not _VERSION.match(data, 0, _LONGEST_VERSION):
        return None
    raw = data[: end.end()]
    value = _plain_value(raw, _PLAIN_LENGTH, b"content-length")
    length = len(data) - len(raw) - len(_END)
    if value is None or int(value) != length or not data.endswith(_END):
        return None
    return Record(raw, io.BytesIO(data[len(raw) : -len(_END)]), length, _END)


def _scan_plain(path: Path, file: BinaryIO, size: int) -> Iterator[Record]:
    at = 0
    parser = Parser(Plain(file, 0))
    while at < size:
        try:
            record = parser.record()
        except (ValueError, EOFError) as error:
            raise damage(path, at, error) from error
        record.offset, record.length = at, parser.position() - at
        at = parser.position()
        yield record


def damage(path: Path, offset: int, error: Exception) -> DamagedWarcError:
    """Say where a file cannot be read on, from the error that a parser met there."""
    raw = error.args[1] if len(error.args) > 1 and isinstance(error.args[1], bytes) else b""
    return DamagedWarcError(path, offset, str(error.args[0]) if error.args else "unreadable", raw)
