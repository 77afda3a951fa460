"""One open connection, which carries one request and its answer at a time.

Bytes go from the socket straight into the reader of the answer, so that a body of any size needs no buffer, and bytes
that nobody asked for end the connection.
"""

from __future__ import annotations

import asyncio
import ssl
from typing import cast

from crawler.response_reader import Ending, ResponseReader

AFTER_FAULT = 2.0
"""Seconds of silence after which a message that broke the rules is taken to be over: its end cannot be known."""
STEADY = 256 * 1024
"""Bytes a second that are fast enough: for so many that come, an answer has a second more. A file of a hundred
megabytes takes minutes on an ordinary line; a drip gains nothing."""


class LeftError(Exception):
    """The run ends, and of the answer not even a whole header block has come: nothing is to be told of it."""


class Connection(asyncio.Protocol):
    """One connection, which carries one request and its answer at a time."""

    def __init__(self) -> None:
        self._loop = asyncio.get_running_loop()
        self._transport: asyncio.Transport | None = None
        self._channel: ssl.SSLObject | None = None
        self._reader: ResponseReader | None = None
        self._ended: asyncio.Future[Ending] = self._loop.create_future()
        self._alarm: asyncio.TimerHandle | None = None
        self._ending: Ending | None = None
        self._heard_at = self._idle = self._deadline = 0.0
        self._hurried = False
        self.lost = self._loop.create_future()
        self.ip: str | None = None
        self.tls: str | None = None
        self.cipher_suite: str | None = None
        self.idle_since = 0.0

    @property
    def open(self) -> bool:
        """Whether another request may be sent: neither side has hung up."""
        return self._ending is None and self._transport is not None and not self._transport.is_closing()

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Note who is at the other end and how the channel is protected."""
        self._transport = cast("asyncio.Transport", transport)
        peer = transport.get_extra_info("peername")  # None when the peer has already gone
        self.ip = peer[0] if peer else None
        self._channel = transport.get_extra_info("ssl_object")
        if self._channel is not None:
            # "TLSv1.3" -> "tls/1.3", "TLSv1" -> "tls/1.0"
            number = (self._channel.version() or "").removeprefix("TLSv")
            self.tls = f"tls/{number if '.' in number else number + '.0'}"
            suite = self._channel.cipher()
            self.cipher_suite = suite[0] if suite else None

    def data_received(self, data: bytes) -> None:
        """Hand the bytes to the reader; bytes nobody asked for make the connection unusable."""
        self._heard_at = self._loop.time()
        if self._reader is None:
            self.abort()
            return
        try:
            self._reader.feed(data)
        except Exception as fault:  # noqa: BLE001 - a full disk or a slip of ours; asyncio would call it a lost connection
            if not self._ended.done():
                self._ended.set_exception(fault)
            self.abort()
            return
        if not (self._hurried or self._reader.failure):
            self._deadline += len(data) / STEADY
        if self._reader.done:
            self._end()

    def eof_received(self) -> None:
        """Take a close by the server; over TLS it is an orderly one only after close_notify (RFC 9112 section 9.8)."""
        self._ending = self._ending or ("closed" if self._close_was_announced() else "lost")
        self._end()

    def connection_lost(self, exc: Exception | None) -> None:  # noqa: ARG002 - every loss is told alike
        """Take a connection that is gone without having been closed in order."""
        self._ending = self._ending or "lost"
        self._end()
        if not self.lost.done():
            self.lost.set_result(None)

    async def converse(self, message: bytes, reader: ResponseReader, *, idle: float, deadline: float) -> None:
        """Send ``message`` and feed ``reader`` until its answer is over, then settle it.

        Args:
            message: The request as it goes out.
            reader: Takes the answer; ``reader.reusable`` afterwards tells whether the connection still stands.
            idle: Seconds of silence after which the answer is given up.
            deadline: Loop time at which it is given up, later by a second for every ``STEADY`` bytes that come.

        Raises:
            OSError: The reader's spool cannot be written. Whatever else the reader raises comes out here too.
            LeftError: It was hurried, and no header block had come when its time was over.
        """
        self._reader, self._heard_at = reader, self._loop.time()
        self._idle, self._deadline = idle, deadline
        ended = self._ended = self._loop.create_future()
        try:
            if self.open and self._transport is not None:
                self._transport.write(message)
            else:
                self._end()
            self._watch(reader)
            ending = await ended
            reader.end(ending)
            if ending == "left" and reader.head is None:
                raise LeftError
        finally:
            self._reader = None
            if not (reader.reusable and self.open):
                self.abort()

    def hurry(self, seconds: float) -> None:
        """Leave the answer under way, if there is one, unless it is over in so many seconds."""
        self._hurried = True
        self._deadline = min(self._deadline, self._loop.time() + seconds)
        if self._reader is not None:
            self._watch(self._reader)

    def _watch(self, reader: ResponseReader) -> None:
        """Give an answer up that has been silent, or under way, for too long; else look again when it may have been.

        An alarm outlives the answer it was set for, and does for the next one: hardly any answer needs one of its own.
        """
        patience = min(self._idle, AFTER_FAULT) if reader.failure else self._idle
        now = self._loop.time()
        due = min(self._heard_at + patience, self._deadline)
        if due <= now:
            if not self._ended.done():
                self._ended.set_result("left" if self._hurried else "time")
            return
        due = min(due, now + AFTER_FAULT)  # A fault may come in the meantime.
        if self._alarm is None or self._alarm.when() > due:
            self._put_off()
            self._alarm = self._loop.call_at(due, self._look)

    def _look(self) -> None:
        self._alarm = None
        if self._reader is not None:
            self._watch(self._reader)

    def _put_off(self) -> None:
        if self._alarm is not None:
            self._alarm.cancel()
            self._alarm = None

    def abort(self) -> None:
        """Hang up at once; what was asked for has either come or is no longer wanted."""
        self._ending = self._ending or "lost"
        self._put_off()
        if self._transport is not None:
            self._transport.abort()

    def _close_was_announced(self) -> bool:
        """Tell close_notify from a TLS connection that just stops; asyncio reports both as an end of file."""
        if self._channel is None:
            return True
        try:
            return self._channel.read(1) == b""
        except ssl.SSLError:  # SSLWantReadError: the channel itself still expects bytes
            return False

    def _end(self) -> None:
        if not self._ended.done():
            self._ended.set_result(self._ending or "lost")
