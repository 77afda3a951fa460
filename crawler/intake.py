"""Writes exchanges that end at about the same time together, forces them to the disk and files them, all at once.

Forcing a file to the disk takes as long for one record as for fifty. While one batch is written, in a thread beside
the event loop, the exchanges that end meanwhile become the next; nobody is told of an exchange before its batch is on
the disk and in the database.
"""

from __future__ import annotations

import asyncio
from concurrent.futures import ThreadPoolExecutor
from typing import Protocol

from storage.errors import RunEndedEarly
from storage.records import Capture, Exchange
from storage.warc_exchange import Original

LINGER = 0.002
"""Seconds in which exchanges gather before they are written: each batch costs as much as several exchanges."""


class Keeper(Protocol):
    """Whoever keeps exchanges, batch by batch and step by step."""

    def originals(self, exchanges: list[Exchange]) -> list[Original | None]:
        """Find what each exchange repeats."""

    def write(self, exchanges: list[Exchange], originals: list[Original | None]) -> list[Capture | Exception]:
        """Write the records and force them to the disk; called in a thread, by one at a time."""

    def file(self, exchanges: list[Exchange], written: list[Capture | Exception]) -> list[Capture | Exception]:
        """File what was written."""

    def give_up(self, error: RunEndedEarly) -> None:
        """Remember that nothing more can be kept, and why."""


class Intake:
    """Takes in the exchanges of one run.

    Args:
        keeper: Writes and files them.
    """

    def __init__(self, keeper: Keeper) -> None:
        self._keeper = keeper
        self._thread = ThreadPoolExecutor(1, "warc")
        self._waiting: list[tuple[Exchange, asyncio.Future[Capture]]] = []
        self._work: asyncio.Task[None] | None = None
        self.received = 0
        """Bytes of answers, as they came over the wire, those that are not kept yet among them."""

    def keep(self, exchange: Exchange) -> asyncio.Future[Capture]:
        """Take an exchange over; the future gives its capture once it is on the disk and filed.

        The future raises RunEndedEarly when the disk is full or cannot be written; all that was kept before stays.
        """
        self.received += exchange.response_length
        loop = asyncio.get_running_loop()
        kept: asyncio.Future[Capture] = loop.create_future()
        self._waiting.append((exchange, kept))
        if self._work is None:
            self._work = loop.create_task(self._take_in())
        return kept

    def give_up(self, error: RunEndedEarly) -> None:
        """Remember that nothing more can be kept, and why."""
        self._keeper.give_up(error)

    async def close(self) -> None:
        """Wait until all that was handed over is kept."""
        while self._work is not None:
            await asyncio.wait({self._work})
        self._thread.shutdown()

    async def _take_in(self) -> None:
        """Keep batch after batch until nothing waits."""
        try:
            while self._waiting:
                await asyncio.sleep(LINGER)
                batch, self._waiting = self._waiting, []
                outcomes = await self._kept([exchange for exchange, _ in batch])
                for (_, kept), outcome in zip(batch, outcomes, strict=True):
                    if kept.cancelled():
                        continue
                    if isinstance(outcome, Exception):
                        kept.set_exception(outcome)
                    else:
                        kept.set_result(outcome)
        finally:
            self._work = None

    async def _kept(self, exchanges: list[Exchange]) -> list[Capture | Exception]:
        """Keep one batch; give for each exchange its capture, or why there is none."""
        try:
            originals = self._keeper.originals(exchanges)
            write, loop = self._keeper.write, asyncio.get_running_loop()
            written = await loop.run_in_executor(self._thread, write, exchanges, originals)
            return self._keeper.file(exchanges, written)
        except Exception as error:  # noqa: BLE001  # told to each of those that wait, none of whom may wait for ever
            return [error] * len(exchanges)
