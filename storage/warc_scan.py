"""WARC files cut into records: gzip members, plain files, and where they break.

Reads this program's files and those of other tools: one gzip member per record, several records in one member, or
no compression. Blocks over 8 MiB go through a temporary file, so memory does not grow with the record.
"""

from __future__ import annotations

from collections.abc import Generator, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO

from storage.command_line import gochim
from storage.content_coding import GZIP_MAGIC
from storage.errors import WarcError
from storage.kept_memory import keep_freed_memory
from storage.warc_parser import Parser, Record, alone
from storage.warc_source import Member, Plain, topped_up, unpacked

_MEMBER = GZIP_MAGIC + b"\x08"
_SOUGHT = 1 << 20
_ZSTD_MAGIC = b"\x28\xb5\x2f\xfd"


class DamagedWarcError(WarcError):
    """The place in a file from where no record can be read on.

    ``offset`` is the byte offset of the record or gzip member concerned, ``raw_header`` its header as far as that could
    be read, ``reason`` what is wrong, as the end of a sentence.
    """

    def __init__(self, path: Path, offset: int, reason: str, raw_header: bytes = b"") -> None:
        super().__init__(f"{path.name}, byte {offset:,}: {reason}. Run `{gochim('verify')}` to see what is affected.")
        self.offset = offset
        self.reason = reason
        self.raw_header = raw_header

    @property
    def within(self) -> str:
        """Say what is wrong and where in the file, as the end of a sentence that names the file."""
        return f"byte {self.offset:,}: {self.reason}"


@dataclass(frozen=True, slots=True)
class Damage:
    """A stretch of a file of which no record can be read: from byte ``start`` to before ``end``, None for the rest."""

    start: int
    end: int | None
    reason: str


def scan(path: Path, around: list[Damage] | None = None) -> Iterator[Record]:
    """Give every record of a file in order, as :func:`storage.warc_reader.iter_records` does, without closing them.

    Args:
        path: The file.
        around: Takes what is damaged, and reading goes on behind it, at the next gzip member that begins a record.
            In a file without compression nothing tells where that is.

    Raises:
        DamagedWarcError: From there no record can be read on, and ``around`` is None; every record before it has been
            given.
    """
    keep_freed_memory()
    with path.open("rb") as file:
        size = path.stat().st_size
        magic = file.read(4)
        if magic == _ZSTD_MAGIC:
            raise DamagedWarcError(path, 0, "this is Zstandard; decompress it with `zstd -d` first")
        if magic[:2] == GZIP_MAGIC or (around is not None and ".gz" in path.suffixes):
            yield from _scan_zipped(path, file, size) if around is None else _scan_around(path, file, size, around)
        elif size:
            yield from _scan_plain(path, file, size, around)


def _scan_around(path: Path, file: BinaryIO, size: int, around: list[Damage]) -> Iterator[Record]:
    at: int | None = 0
    while at is not None:
        try:
            yield from _scan_zipped(path, file, size, at)
        except DamagedWarcError as broken:
            at = _next_record(file, broken.offset + 1)
            start, reason = broken.offset, broken.reason
            if around and around[-1].end == start:  # what follows damage and looks like a record may be damaged, too
                start, reason = around[-1].start, around.pop().reason
            around.append(Damage(start, at, reason))
        else:
            return


def _next_record(file: BinaryIO, start: int) -> int | None:
    """Find the next gzip member that begins with a record's header, at or behind a byte of the file."""
    at, held = start, b""
    while True:
        file.seek(at + len(held))
        piece = file.read(_SOUGHT)
        held += piece
        here = -1
        while (here := held.find(_MEMBER, here + 1)) >= 0:
            try:
                Parser(Member(file, at + here)).header()
            except (ValueError, EOFError):
                continue
            return at + here
        if not piece:
            return None
        left = held[-len(_MEMBER) + 1 :]
        at, held = at + len(held) - len(left), left


def _scan_zipped(path: Path, file: BinaryIO, size: int, at: int = 0) -> Iterator[Record]:
    file.seek(at)
    ahead = b""
    while at < size:
        ahead = topped_up(file, ahead)
        whole = unpacked(ahead)
        if whole is not None and (record := alone(whole[0])) is not None:
            record.offset, record.length = at, len(ahead) - len(whole[1])
            ahead = whole[1]
            at += record.length
            yield record
        else:
            member = Member(file, at, ahead)
            at = yield from _scan_member(path, member)
            ahead = member.left


def _scan_member(path: Path, member: Member) -> Generator[Record, None, int]:
    """Give the records of one gzip member; the generator's value is the offset behind it."""
    start = member.start
    held: Record | None = None
    nth = 0
    parser = Parser(member)
    try:
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


def _scan_plain(path: Path, file: BinaryIO, size: int, around: list[Damage] | None) -> Iterator[Record]:
    at = 0
    parser = Parser(Plain(file, 0))
    while at < size:
        try:
            record = parser.record()
        except (ValueError, EOFError) as error:
            broken = damage(path, at, error)
            if around is None:
                raise broken from error
            around.append(Damage(at, None, broken.reason))
            return
        record.offset, record.length = at, parser.position() - at
        at = parser.position()
        yield record


def damage(path: Path, offset: int, error: Exception) -> DamagedWarcError:
    """Say where a file cannot be read on, from the error that a parser met there."""
    raw = error.args[1] if len(error.args) > 1 and isinstance(error.args[1], bytes) else b""
    return DamagedWarcError(path, offset, str(error.args[0]) if error.args else "unreadable", raw)
