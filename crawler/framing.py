"""Where one HTTP/1.1 answer ends and what it carries, told from its bytes without changing any.

Pure state machines after RFC 9112, fed with whatever pieces the socket gives: the verdict depends on the bytes alone
and never on how they were cut. They are lenient, because a message that breaks the rules is evidence too.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import Literal, Protocol

from storage.http_message import LONGEST_SIZE_LINE, STATUS_LINE, fields_of, transfer_codings

END_OF_HEAD = re.compile(rb"\n\r?\n")
"""The empty line, ``\\r\\n\\r\\n`` or a bare ``\\n\\n``."""
CHUNK_LINE = re.compile(rb"[ \t]*([0-9A-Fa-f]{1,15})[ \t]*(?:;.*)?\r?\n", re.DOTALL)
"""``1a2B\\r\\n``, ``0005;name="a;b"\\r\\n``, ``5 \\n``."""


class MalformedHeadError(Exception):
    """A header block that does not begin with a status line; the message is a sentence."""


@dataclass(frozen=True, slots=True)
class Head:
    """A header block as read: ``fields`` in the order sent, names in the case sent, values unfolded and stripped."""

    version: tuple[int, int]
    status: int
    fields: tuple[tuple[bytes, bytes], ...]
    values: Mapping[bytes, list[bytes]]
    """What the fields of each name, in lower case, say."""

    def listed(self, name: bytes) -> list[bytes]:
        """Give the comma-separated members of every field called ``name`` (lower case), in lower case."""
        if name not in self.values:
            return []
        parts = b",".join(self.values[name]).lower().split(b",")
        return [member for part in parts if (member := part.strip())]


@lru_cache(maxsize=64)  # asked for by all who have to do with an answer
def parse_head(block: bytes) -> Head:
    """Read a header block leniently: colon-less lines are passed over, folded lines joined (RFC 9112 section 5.2).

    Raises:
        MalformedHeadError: The first line is not a status line.
    """
    first, _, rest = block.partition(b"\n")
    found = STATUS_LINE.match(first)
    if found is None:
        raise MalformedHeadError(f"the answer begins with {first[:60]!r}, which is not an HTTP status line")
    fields = tuple(fields_of(rest))
    values: dict[bytes, list[bytes]] = {}
    for name, value in fields:
        values.setdefault(name.lower(), []).append(value)
    return Head((int(found[1]), int(found[2] or 0)), int(found[3]), fields, values)


class Body(Protocol):
    """One way a body is delimited. ``fault`` is a sentence once the framing is broken, else empty."""

    done: bool
    fault: str

    def feed(self, data: bytes) -> tuple[int, bytes]:
        """Give how many of the bytes belong to the message, and the payload among them."""

    def whole_if_closed(self) -> bool:
        """Tell whether an orderly close at this point ends the message as it should."""


class LengthBody:
    """A body of exactly ``length`` bytes."""

    def __init__(self, length: int) -> None:
        self._left = length
        self.done = length == 0
        self.fault = ""

    def feed(self, data: bytes) -> tuple[int, bytes]:
        """Take what is still missing."""
        part = data[: self._left]
        self._left -= len(part)
        self.done = self._left == 0
        return len(part), part

    def whole_if_closed(self) -> bool:
        """Tell whether nothing is missing."""
        return self.done


class CloseBody:
    """A body that ends when the connection does; ``payload=False`` for bytes that could not be understood."""

    def __init__(self, *, payload: bool = True) -> None:
        self._payload = payload
        self.done = False
        self.fault = ""

    def feed(self, data: bytes) -> tuple[int, bytes]:
        """Take everything."""
        return len(data), data if self._payload else b""

    def whole_if_closed(self) -> bool:
        """Say yes: this is how such a body ends."""
        return True


class ChunkedBody:
    """A chunked body with extensions and trailers (RFC 9112 section 7.1), bare line feeds tolerated."""

    def __init__(self, line_limit: int = 256 * 1024) -> None:
        self._limit = line_limit
        self._step: Literal["size", "data", "gap", "trailer"] = "size"
        self._left = 0
        self._line = bytearray()
        self._trailers = 0
        self.done = False
        self.fault = ""

    def feed(self, data: bytes) -> tuple[int, bytes]:
        """Take up to the end of the trailers, or up to the first line that cannot be read."""
        payload: list[bytes] = []
        at = 0
        while at < len(data) and not self.done and not self.fault:
            if self._step == "data":
                piece = data[at : at + self._left]
                payload.append(piece)
                at += len(piece)
                self._left -= len(piece)
                if not self._left:
                    self._step = "gap"
            else:
                at = self._take_line(data, at)
        return at, b"".join(payload)

    def whole_if_closed(self) -> bool:
        """Tell whether the last chunk came; RFC 9112 section 8 asks for no more, and some servers send no more."""
        return self._step == "trailer" and not self._line and not self._trailers

    def _take_line(self, data: bytes, at: int) -> int:
        newline = data.find(b"\n", at)
        end = newline + 1 or len(data)
        self._line += data[at:end]
        if len(self._line) + self._trailers > self._limit:
            self.fault = f"a chunk line or the trailers exceed {self._limit} bytes"
        elif self._step == "size" and len(self._line) > LONGEST_SIZE_LINE:
            self.fault = f"a chunk line exceeds {LONGEST_SIZE_LINE} bytes"
        elif self._step == "gap" and bytes(self._line) not in {b"\r", b"\r\n", b"\n"}:
            self.fault = "a chunk is longer than it was said to be: no line end follows it"
        elif newline >= 0:
            line = bytes(self._line)
            self._line.clear()
            self._read_line(line)
        return end

    def _read_line(self, line: bytes) -> None:
        if self._step == "gap":
            self._step = "size"
        elif self._step == "trailer":
            self._trailers += len(line)
            self.done = line in {b"\r\n", b"\n"}
        elif found := CHUNK_LINE.fullmatch(line):
            self._left = int(found[1], 16)
            self._step = "data" if self._left else "trailer"
        else:
            self.fault = f"{line[:60]!r} is not a chunk size"


def body_of(head: Head, method: str) -> tuple[Body, str]:
    """Choose how the body is delimited (RFC 9112 section 6.3).

    Returns:
        The body's framing, and a sentence on what is wrong with the lengths given, or an empty string.
    """
    if method == "HEAD" or head.status in {101, 204, 304}:
        return LengthBody(0), ""
    if b"transfer-encoding" in head.values and (codings := transfer_codings(head.fields)):
        return (ChunkedBody() if codings[-1] == b"chunked" else CloseBody()), ""
    given = head.listed(b"content-length")
    lengths = {int(one) if one.isdigit() and len(one) <= 18 else -1 for one in given}
    if not lengths:
        return CloseBody(), ""
    if len(lengths) == 1 and -1 not in lengths:
        return LengthBody(lengths.pop()), ""
    return CloseBody(), f"Content-Length says {b', '.join(given)[:60]!r}, which is not one length"


def persists(head: Head, body: Body) -> bool:
    """Tell whether the server will answer another request on the connection (RFC 9112 section 9.3)."""
    options = head.listed(b"connection")
    if isinstance(body, CloseBody) or b"close" in options or head.status == 101:
        return False
    coded = bool(head.listed(b"transfer-encoding"))
    if coded and (head.listed(b"content-length") or head.version < (1, 1)):
        return False  # two opinions on where the message ends: the next message cannot be trusted
    return head.version >= (1, 1) or b"keep-alive" in options
