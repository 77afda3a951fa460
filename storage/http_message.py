"""HTTP messages as bytes: head and chunk framing.

Archived messages are what servers really sent, so everything here reads leniently and never repairs: names and
values stay bytes, and broken framing yields what was framed. Source: RFC 9110, RFC 9112.
"""

from __future__ import annotations

import io
import re
import sys
from collections.abc import Iterable, Iterator
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from typing import BinaryIO, NamedTuple

_STEP = 1 << 20
_USUAL_HEAD = 4 << 10
LONGEST_HEAD = 1 << 20
"""Bytes among which the end of a head is looked for."""

# The end of a head: an empty line, whatever the line ends: "...\r\n\r\n", "...\n\n".
_HEAD_END = re.compile(rb"\r?\n\r?\n")

# "\r\n", or a bare "\n"
_LINE_END = re.compile(rb"\r?\n")
STATUS_LINE = re.compile(rb"HTTP/(\d)(?:\.(\d+))?[ \t]+(\d{3})(?!\d)", re.IGNORECASE)
"""``HTTP/1.1 200 OK``, and also ``HTTP/1.0  404``, ``HTTP/2 200``, ``http/1.1 200OK``."""
# "Content-Type: text/html; charset=utf-8\r\n": one blank behind the colon, ASCII; a blank at the end is not plain
_PLAIN_FIELD = re.compile(rb"^([!-9;-~]+): ([!-~][ -~]*)\r\n", re.MULTILINE)

# "\nETag: \"1\"", with any blanks about the name
_KEPT = re.compile(
    rb"\n(?:[\v\f][ \t\v\f]*)?(content-type|location|etag|last-modified)[ \t\v\f]*:([^\r\n]*)", re.IGNORECASE
)

# A chunk-size line with or without an extension: "1a2b\r\n", "1A ;name=value\r\n".
CHUNK_SIZE = re.compile(rb"[ \t]*([0-9A-Fa-f]{1,16})[ \t]*(?:;[^\n]*)?\r?\n")

# What can be left of a chunk-size line when the connection broke in it: "", "1a", "1a;na", "1a\r".
_CUT_SIZE = re.compile(rb"[ \t]*[0-9A-Fa-f]{0,16}[ \t]*(?:;[^\n]*)?\r?")
LONGEST_SIZE_LINE = 16 * 1024


class Head(NamedTuple):
    """The first line and the fields of an HTTP response; ``status`` is None where no status line could be read."""

    version: str
    status: int | None
    reason: str
    fields: list[tuple[bytes, bytes]]


def split_message(message: bytes) -> tuple[bytes, bytes]:
    """Cut a message after the empty line that ends its head; without one, all of it is head."""
    end = _head_end(message)
    return (message[:end], message[end:]) if end is not None else (message, b"")


def read_head(message: BinaryIO) -> bytes:
    """Read the head of a message that a seekable stream holds from its start, and leave the stream at the body.

    Without an empty line that ends it, all of the first MiB is head.
    """
    begun = b""
    for size in (_USUAL_HEAD, LONGEST_HEAD):
        message.seek(0)
        begun = message.read(size)
        if (end := _head_end(begun)) is not None:
            message.seek(end)
            return begun[:end]
    return begun


def _head_end(message: bytes) -> int | None:
    at = message.find(b"\n\r\n")
    if at >= 0 and message.find(b"\n\n", 0, at + 1) < 0:
        return at + 3
    end = _HEAD_END.search(message)
    return end.end() if end else None


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
    read: list[tuple[bytes, list[bytes]]] = []
    foldable = False
    for line in _LINE_END.split(lines):
        if not line:
            break
        if line[:1] in b" \t":
            # What is folded onto no field is none: RFC 9112, 2.2.
            if foldable:
                read[-1][1].append(line.strip())
            continue
        name, colon, value = line.partition(b":")
        foldable = bool(colon and name.strip())
        if foldable:
            read.append((name.strip(), [value.strip()]))
    return [(name, b" ".join(filter(None, parts))) for name, parts in read]


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


# "0", "18432": a number of more digits no database holds, and none is meant
_NUMBER = re.compile(r"[0-9]{1,18}")


def parse_number(text: str | None) -> int | None:
    """Read a whole number as fields of HTTP and WARC have it, such as a length; None where it is none."""
    return int(text) if text is not None and _NUMBER.fullmatch(text) else None


def moment_of(date: str) -> datetime | None:
    """Read a time as HTTP's fields have it, ``Tue, 15 Sep 2026 09:00:00 GMT``, in UTC; None where it is none.

    What names no zone is meant in UTC, on whichever machine it is read.
    """
    try:
        moment = parsedate_to_datetime(date)
        return moment.replace(tzinfo=moment.tzinfo or UTC).astimezone(UTC)
    except (ValueError, OverflowError):
        return None


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
        line = body.readline(LONGEST_SIZE_LINE)
        size_line = CHUNK_SIZE.fullmatch(line)
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
