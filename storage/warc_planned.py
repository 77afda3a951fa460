"""A WARC record before it is written: its field lines, its block, and what it says of a payload."""

from __future__ import annotations

import io
import os
from collections.abc import Iterator
from dataclasses import dataclass
from typing import BinaryIO, NamedTuple

from storage.warc_record import VERSION, sha1_label

_STEP = 1 << 20


class Payload(NamedTuple):
    """A payload as a record names it: WARC-Payload-Digest, hex SHA-256, length in bytes."""

    digest: str
    sha256: str
    length: int


@dataclass(slots=True)
class Planned:
    """A record to be written.

    ``lines`` are its field lines but for type, id, warcinfo, block digest and length; its block begins with an HTTP
    head of ``head_length`` bytes. What it says of a payload is told apart, for the capture that points at it.
    """

    type: str
    record_id: str
    lines: str
    block: bytes | BinaryIO
    length: int
    head_length: int = 0
    payload: Payload | None = None
    refers_to: str | None = None

    def header(self, digest: bytes) -> bytes:
        """Give the record's header, from its version to the blank line, with the SHA-1 of its block."""
        return (
            f"{VERSION}\r\nWARC-Type: {self.type}\r\nWARC-Record-ID: <{self.record_id}>\r\n{self.lines}"
            f"WARC-Block-Digest: {sha1_label(digest)}\r\nContent-Length: {self.length}\r\n\r\n"
        ).encode()

    def whole(self) -> bytes:
        """Give the block.

        Raises:
            ValueError: It is shorter than ``length``.
        """
        if isinstance(self.block, bytes):
            return self.block
        self.block.seek(0)
        block = self.block.read(self.length)
        return block if len(block) == self.length else b"".join(self.pieces())

    def pieces(self) -> Iterator[bytes]:
        """Give the block piece by piece.

        Raises:
            ValueError: It is shorter than ``length``.
        """
        stream = io.BytesIO(self.block) if isinstance(self.block, bytes) else self.block
        stream.seek(0)
        left = self.length
        while left:
            piece = stream.read(min(left, _STEP))
            if not piece:
                raise ValueError(f"A {self.type} record of {self.length} bytes ends {left} bytes early.")
            left -= len(piece)
            yield piece


_VARIANT = {digit: "89ab"[int(digit, 16) & 3] for digit in "0123456789abcdef"}


def new_record_id() -> str:
    """Make a WARC-Record-ID (without its angle brackets), ``urn:uuid:`` and a random UUID (RFC 9562, 5.4)."""
    # As uuid.uuid4 does, in a third of its time.
    digits = os.urandom(16).hex()
    last = f"{_VARIANT[digits[16]]}{digits[17:20]}-{digits[20:]}"
    return f"urn:uuid:{digits[:8]}-{digits[8:12]}-4{digits[13:16]}-{last}"
