"""One answer off the wire: every byte of it kept, its status, payload digests and manner of ending told.

Driven by the socket, piece by piece, in constant memory: nothing but an unfinished header block or chunk line is held.
"""

from __future__ import annotations

import hashlib
import sys
from typing import BinaryIO, Literal

from crawler.framing import END_OF_HEAD, Body, CloseBody, Head, MalformedHeadError, body_of, parse_head, persists
from storage.records import FailureKind, Truncation

Ending = Literal["closed", "lost", "time", "left"]
"""How a connection went silent: closed in order, lost (reset, or TLS cut without close_notify), out of time, or left
because the run ends."""


class ResponseReader:
    """Reads the answer to one request and writes its final message, verbatim, to ``spool``.

    Args:
        method: The request's method; an answer to HEAD has no body.
        spool: Receives the message, status line first.
        head_limit: Bytes of header blocks (interim answers included) after which the answer is too large.
        body_limit: Bytes after the header block after which the answer is cut; 0 for no limit.
    """

    def __init__(self, method: str, spool: BinaryIO, *, head_limit: int = 256 * 1024, body_limit: int = 0) -> None:
        self._method = method
        self._spool = spool
        self._head_limit = head_limit
        self._room = body_limit or sys.maxsize
        self._pending = bytearray()
        self._scanned = 0
        self._body: Body | None = None
        self._persists = False
        self.interim = b""
        self.block = b""
        self.head: Head | None = None
        self.length = 0
        self.payload_length = 0
        self.sha1 = hashlib.sha1(usedforsecurity=False)
        self.sha256 = hashlib.sha256()
        self.done = False
        self.heard = False
        self.leftover = False
        self.failure: FailureKind | None = None
        self.failure_detail = ""
        self.truncated: Truncation | None = None

    @property
    def reusable(self) -> bool:
        """Whether the connection may carry another request: the message ended in order and nothing followed it."""
        return self.done and self._persists and not (self.leftover or self.failure or self.truncated)

    def feed(self, data: bytes) -> None:
        """Take the next bytes from the socket; sets ``done`` when the message is over.

        Raises:
            OSError: The spool cannot be written.
        """
        self.heard = True
        if self.done:
            self.leftover = True
            return
        if self._body is None:
            data = self._take_head(data)
        if data and self._body is not None and not self.done:
            self._take_body(data)

    def end(self, ending: Ending) -> None:
        """Settle what the answer came to when no more bytes will come."""
        if self.done:
            return
        self._keep(bytes(self._pending))
        self._pending.clear()
        self.done = True
        if ending == "left":
            # The standard has no word for it: of its reasons (WARC/1.1, 5.13) this is the one for all others.
            self.truncated = "unspecified"
        elif self.failure:
            self.truncated = "time" if ending == "time" else None
        elif self.head is None or self._body is None:
            self.failure = "timeout" if ending == "time" else "disconnected"
            how = "time ran out" if ending == "time" else "the server hung up"
            self.failure_detail = f"{how} after {self.length + len(self.interim)} bytes, before a whole header block"
        elif ending != "closed" or not self._body.whole_if_closed():
            self.truncated = "time" if ending == "time" else "disconnect"

    def _take_head(self, data: bytes) -> bytes:
        """Look for the end of the header block, pass over interim answers, give the bytes that follow."""
        self._pending += data
        while self._body is None:
            # Judged by its first bytes, so that an answer without any header block is not waited for.
            if not b"HTTP/".startswith(bytes(self._pending[:5]).upper()):
                self._give_up(f"the answer begins with {bytes(self._pending[:1])!r}, which is not an HTTP status line")
                break
            room = self._head_limit - len(self.interim)
            found = END_OF_HEAD.search(self._pending, self._scanned, room)
            if found is None:
                self._scanned = max(0, len(self._pending) - 2)
                if len(self._pending) > room:
                    self._overflow(room)
                return b""
            self._open(bytes(self._pending[: found.end()]))
        rest = bytes(self._pending)
        self._pending.clear()
        return rest

    def _open(self, block: bytes) -> None:
        """Start the message whose header block this is, or file an interim answer (101 is a final one here)."""
        try:
            head = parse_head(block)
        except MalformedHeadError as fault:
            self._give_up(str(fault))
            return
        del self._pending[: len(block)]
        self._scanned = 0
        if 100 <= head.status < 200 and head.status != 101:
            self.interim += block
            return
        self.block, self.head = block, head
        self._body, fault_found = body_of(head, self._method)
        self._persists = persists(head, self._body)
        self._keep(block)
        if fault_found:
            self.failure, self.failure_detail = "protocol", fault_found
        self.done = self._body.done
        self.leftover = self.done and bool(self._pending)

    def _take_body(self, data: bytes) -> None:
        assert self._body is not None  # noqa: S101 - feed() comes here only after _open() or _give_up()
        kept = data[: self._room]
        consumed, payload = self._body.feed(kept)
        if self._body.fault:
            self._give_up(self._body.fault)
            consumed = len(kept)
        self._keep(kept[:consumed])
        self._room -= consumed
        self.payload_length += len(payload)
        self.sha1.update(payload)
        self.sha256.update(payload)
        if self._body.done:
            self.done = True
            self.leftover = consumed < len(data)
        elif len(data) > len(kept):
            self.done = True
            self.truncated = "length"

    def _give_up(self, sentence: str) -> None:
        """Stop understanding but go on keeping: what follows is recorded up to the limit."""
        self.failure, self.failure_detail = "protocol", sentence
        if self.head is None:
            self._room = self._head_limit
        self._body = CloseBody(payload=False)

    def _overflow(self, room: int) -> None:
        self.failure = "too-large"
        self.failure_detail = f"the header block did not end within {self._head_limit} bytes"
        self.truncated = "length"
        self._keep(bytes(self._pending[:room]))
        self._pending.clear()
        self.done = True

    def _keep(self, data: bytes) -> None:
        if data:
            self._spool.write(data)
            self.length += len(data)
