"""What holds an HWP 5 document's text: streams unpacked within bounds, decrypted, and cut into trees of records."""

from __future__ import annotations

import struct
import zlib
from collections.abc import Iterator
from dataclasses import dataclass, field

from cryptography.hazmat.primitives.ciphers import Cipher, algorithms, modes

from crawler.documents.text import Corrupt, Room, TooLarge

MAX_RECORDS = 2_000_000
MAX_DEPTH = 100

# The record with a section's key (section 4.1 of the format's description, HWPTAG_BEGIN = 16)
_DISTRIBUTE = 28


@dataclass(slots=True)
class Record:
    """One record of a section, and those that stand below it."""

    tag: int
    content: bytes
    children: list[Record] = field(default_factory=list)

    @property
    def control(self) -> str:
        """A control's four letters, ``tbl ``, ``gso ``, ``fn  ``, stored backwards."""
        return self.content[3::-1].decode("latin-1") if len(self.content) >= 4 else ""


class Unpacked:
    """Unpacks streams as far as there is room."""

    def __init__(self, room: Room) -> None:
        self._room = room

    def stream(self, content: bytes, *, compressed: bool) -> bytes:
        """Give what a stream holds.

        Raises:
            Corrupt: It cannot be unpacked whole.
            TooLarge: It unpacks to more than there is room for.
        """
        if compressed:
            unpacker = zlib.decompressobj(-15)
            try:
                content = unpacker.decompress(content, self._room.left + 1)
            except zlib.error as error:
                raise Corrupt(f"damaged: {error}") from error
            if not unpacker.eof and len(content) <= self._room.left:
                raise Corrupt("cut off")
        if len(content) > self._room.left:
            raise TooLarge(f"unpacks to more than {self._room.left} bytes")
        self._room.take(len(content))
        return content


def undistributed(content: bytes) -> bytes:
    """Decrypt a section of a document made for distribution (배포용 문서): its key stands in its first record.

    Raises:
        Corrupt: There is no key.
    """
    (head,) = struct.unpack_from("<I", content)
    if head & 0x3FF != _DISTRIBUTE or len(content) < 260:
        raise Corrupt("a section for distribution without its key")
    mixed = bytearray(content[4:260])
    (seed,) = struct.unpack_from("<I", mixed)
    state, left, mask = seed, 0, 0
    for place in range(256):
        if not left:
            state, mask = _random(state)
            mask &= 0xFF
            state, left = _random(state)
            left = (left & 0xF) + 1
        if place >= 4:
            mixed[place] ^= mask
        left -= 1
    start = 4 + (seed & 0xF)
    body = content[260:]
    decryptor = Cipher(algorithms.AES(bytes(mixed[start : start + 16])), modes.ECB()).decryptor()  # noqa: S305 - their choice
    return decryptor.update(body[: len(body) // 16 * 16]) + decryptor.finalize()


def _random(state: int) -> tuple[int, int]:
    """Step the linear congruential generator that the format uses: new state, number drawn."""
    state = (state * 214013 + 2531011) & 0xFFFFFFFF
    return state, state >> 16 & 0x7FFF


def records_in(content: bytes) -> Iterator[tuple[int, int, bytes]]:
    """Give tag, level and content of each record.

    Raises:
        Corrupt: A record is cut off.
        TooLarge: There are too many.
    """
    place, count = 0, 0
    while place + 4 <= len(content):
        (head,) = struct.unpack_from("<I", content, place)
        place += 4
        size = head >> 20
        if size == 0xFFF:
            if place + 4 > len(content):
                raise Corrupt("a record is cut off")
            (size,) = struct.unpack_from("<I", content, place)
            place += 4
        if place + size > len(content):
            raise Corrupt("a record is cut off")
        count += 1
        if count > MAX_RECORDS:
            raise TooLarge(f"more than {MAX_RECORDS} records in a section")
        yield head & 0x3FF, head >> 10 & 0x3FF, content[place : place + size]
        place += size


def tree(content: bytes) -> Record:
    """Give a section's records as a tree, below a root that is none of them.

    Raises:
        Corrupt: A record is cut off.
        TooLarge: There are too many, or they are nested too deep.
    """
    root = Record(0, b"")
    path = [root]
    for tag, level, record in records_in(content):
        if level > MAX_DEPTH:
            raise TooLarge(f"nested deeper than {MAX_DEPTH}")
        del path[min(level, len(path) - 1) + 1 :]
        path[-1].children.append(one := Record(tag, record))
        path.append(one)
    return root
