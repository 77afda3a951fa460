"""One worker: a process with a desk, which is given tasks and gives what they found through a socket.

The process that asks needs no thread for it, neither to wait for an answer nor to pack and unpack: threads would take
turns with what it does besides, for which they would wait and which would wait for them. It waits for answers as it
likes, either at once or within an event loop.
"""

from __future__ import annotations

import asyncio
import os
import pickle
import signal
import socket
import struct
import sys
import threading
import traceback
from collections import deque
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import closing, suppress
from itertools import islice
from multiprocessing import connection, get_context, parent_process
from typing import Any, TypeVar

from crawler.interrupts import BesideGone, held, leave_interrupts_to_parent
from storage.command_line import naming, told

Item = TypeVar("Item")
Found = TypeVar("Found")

_LENGTH = struct.Struct("!Q")
"""What goes before a message: how many bytes it has."""
_BUFFER = 1 << 20
"""Bytes that the system is asked to take over from who writes while the other is busy; it may take fewer."""
_PATIENCE = 5.0
"""Seconds for a process to end by itself."""
_AHEAD = 3
"""Items given out for each process, so that none waits for another and memory does not grow with their number."""


class Worker:
    """A process that does one task after the other, in the order in which they are given.

    Args:
        sit_down: Called in the new process, gives its desk, which is closed at the end; it and its arguments are
            handed over.
        arguments: What it is called with.
        fork: Whether the process may be a copy of this one, which is started at once.
    """

    def __init__(self, sit_down: Callable[..., Any], *arguments: Any, fork: bool = True) -> None:
        context = get_context("fork" if fork and sys.platform == "linux" else "spawn")
        self._socket, theirs = socket.socketpair()
        for one in (self._socket, theirs):
            one.setsockopt(socket.SOL_SOCKET, socket.SO_SNDBUF, _BUFFER)
        self.process = context.Process(  # type: ignore[attr-defined]
            target=_serve, args=(theirs, told(), sit_down, arguments), daemon=True
        )
        with held():
            self.process.start()
        theirs.close()
        self._unheard = 0
        """How many answers are still to come."""
        self._stale = 0
        """How many of them nobody waits for any more."""
        self._line: asyncio.Task[tuple[asyncio.Transport, _Line]] | None = None

    def fileno(self) -> int:
        """Give the socket, to wait for an answer."""
        return self._socket.fileno()

    def give(self, task: Callable[[Any, Item], Any], item: Item) -> None:
        """Have a task done; the item is small, for nothing is read meanwhile.

        Raises:
            BesideGone: The process is no more.
        """
        try:
            self._socket.sendall(_packed((task, item)))
        except OSError as error:
            raise BesideGone from error
        self._unheard += 1

    def take(self) -> Any:
        """Wait for the next answer and give it, or raise what the task has raised.

        Raises:
            BesideGone: The process is no more.
        """
        while True:
            answer = self._read(*_LENGTH.unpack(self._read(_LENGTH.size)))
            self._unheard -= 1
            if not self._stale:
                return _opened(answer)
            self._stale -= 1

    def _read(self, length: int) -> bytearray:
        whole = bytearray(length)
        left = memoryview(whole)
        while left:
            try:
                read = self._socket.recv_into(left)
            except OSError as error:
                raise BesideGone from error
            if not read:
                raise BesideGone
            left = left[read:]
        return whole

    def forget(self) -> None:
        """Wait for no answer any more that is still to come."""
        self._stale = self._unheard

    async def ask(self, task: Callable[[Any, Item], Found], item: Item) -> Found:
        """Have a task done and give what it found, within an event loop.

        Raises:
            BesideGone: The process is no more.
        """
        if self._line is None:
            loop = asyncio.get_running_loop()
            self._line = loop.create_task(loop.create_connection(_Line, sock=self._socket.dup()))
        transport, line = await asyncio.shield(self._line)
        found: Found = await line.ask(transport, (task, item))
        return found

    def rest(self) -> None:
        """Leave the event loop, at its end; the process stays, to be asked without one, if it owes no answer."""
        if self._line is None:
            return
        if self._line.done() and not self._line.cancelled() and self._line.exception() is None:
            transport, line = self._line.result()
            transport.abort()
            if line.is_clear:
                self._line = None
                self._socket.settimeout(None)
                return
        self.kill()

    def kill(self) -> None:
        """End the process at once, whatever it does."""
        self.process.kill()

    def close(self) -> None:
        """Let the process go: it ends by itself where it has nothing to do, and else at once."""
        if self._unheard or not self.process.is_alive():
            self.kill()
        with suppress(OSError):
            self._socket.sendall(_packed(None))
        self._socket.close()
        self.process.join(_PATIENCE)
        self.kill()
        self.process.join()


def shared_out(workers: Sequence[Worker], task: Callable[[Any, Item], Found], items: Iterable[Item]) -> Iterator[Found]:
    """Have each item done by the worker that has least to do; give what was found in the order of the items.

    Raises:
        BesideGone: A worker is no more.
    """
    left = enumerate(items)
    has: dict[Worker, deque[int]] = {one: deque() for one in workers}
    found: dict[int, Found] = {}
    given = wanted = 0
    try:
        while True:
            for number, item in islice(left, max(0, wanted + _AHEAD * len(workers) + 1 - given)):
                worker = min(workers, key=lambda one: len(has[one]))
                worker.give(task, item)
                has[worker].append(number)
                given = number + 1
            if wanted == given:
                return
            while wanted not in found:
                ready = connection.wait([one.fileno() for one in workers if has[one]])
                for worker in (one for one in workers if one.fileno() in ready):
                    found[has[worker].popleft()] = worker.take()
            yield found.pop(wanted)
            wanted += 1
    finally:
        for one in workers:
            one.forget()


class _Line(asyncio.Protocol):
    """The socket within an event loop: who asks waits for the answer that comes in the same order."""

    def __init__(self) -> None:
        self._waiting: deque[asyncio.Future[Any]] = deque()
        self._received = bytearray()
        self._gone = False

    @property
    def is_clear(self) -> bool:
        """Whether no answer is owed."""
        return not (self._waiting or self._gone)

    async def ask(self, transport: asyncio.Transport, message: Any) -> Any:
        """Write a message and give the answer."""
        if self._gone:
            raise BesideGone
        answer = asyncio.get_running_loop().create_future()
        transport.write(_packed(message))
        self._waiting.append(answer)
        return await answer

    def data_received(self, data: bytes) -> None:
        """Take what has come of the next answers, and hand over those that are whole."""
        self._received += data
        while len(self._received) >= _LENGTH.size:
            end = _LENGTH.size + _LENGTH.unpack_from(self._received)[0]
            if len(self._received) < end:
                return
            answer = bytes(memoryview(self._received)[_LENGTH.size : end])
            del self._received[:end]
            waits = self._waiting.popleft()
            if waits.done():
                continue
            try:
                waits.set_result(_opened(answer))
            except Exception as error:  # noqa: BLE001  # raised where it is waited for
                waits.set_exception(error)

    def connection_lost(self, _: Exception | None) -> None:
        """Tell all who wait that no answer comes."""
        self._gone = True
        for waits in self._waiting:
            if not waits.done():
                waits.set_exception(BesideGone())


def _packed(message: Any) -> bytes:
    packed = pickle.dumps(message, pickle.HIGHEST_PROTOCOL)
    return _LENGTH.pack(len(packed)) + packed


def _opened(answer: bytes | bytearray) -> Any:
    found, error = pickle.loads(answer)  # noqa: S301  # from our own process
    if error is not None:
        raise error
    return found


def _serve(
    ours: socket.socket, named: tuple[str, str], sit_down: Callable[..., Any], arguments: tuple[Any, ...]
) -> None:
    """Do tasks until there are no more; what interrupts the command is left to who started this, and ends both."""
    leave_interrupts_to_parent()
    threading.Thread(target=_end_with_parent, daemon=True).start()
    with closing(sit_down(*arguments)) as desk, ours.makefile("rb") as incoming, naming(*named):
        while True:
            asked = pickle.loads(incoming.read(*_LENGTH.unpack(incoming.read(_LENGTH.size))))  # noqa: S301
            if asked is None:
                return
            ours.sendall(_answer(desk, *asked))


def _answer(desk: Any, task: Callable[[Any, Item], Any], item: Item) -> bytes:
    try:
        return _packed((task(desk, item), None))
    except Exception as error:  # noqa: BLE001  # raised where the answer is waited for
        error.add_note(traceback.format_exc())
        try:
            return _packed((None, error))
        except Exception:  # noqa: BLE001  # some errors hold what cannot be handed over
            return _packed((None, RuntimeError(f"{type(error).__name__}: {error}\n{traceback.format_exc()}")))


def _end_with_parent() -> None:
    parent = parent_process()
    if parent is not None:
        connection.wait([parent.sentinel])
        os.kill(os.getpid(), signal.SIGKILL)
