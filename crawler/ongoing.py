"""The run that goes on: what its parts share, carried by Scrapy's crawler, and whether it is about to end."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from contextlib import suppress
from datetime import UTC, datetime
from math import inf
from time import monotonic
from typing import Protocol

from scrapy import Request
from scrapy.crawler import Crawler
from scrapy.exceptions import IgnoreRequest

from crawler.pace import LONGEST_WAIT, MEMORY, Pace
from crawler.secret import Secret
from storage.errors import RunEndedEarly
from storage.records import Capture, Exchange, kst
from storage.state import State


class NotAsked(IgnoreRequest):  # no failure: the run's own end says why
    """The run ends before this was asked for; nothing is told of what would have been answered."""


class Intake(Protocol):
    """Whoever takes exchanges in."""

    received: int
    """Bytes of answers, as they came over the wire."""

    def keep(self, exchange: Exchange) -> Awaitable[Capture]:
        """Take the exchange over, and give the capture once it is filed; its response is closed soon afterwards."""

    def give_up(self, error: RunEndedEarly) -> None:
        """Remember that nothing more can be kept, and why."""

    async def close(self) -> None:
        """Wait until all that was handed over is kept."""


class Keeper(Protocol):
    """Whoever writes exchanges down."""

    def close(self, finish: str) -> None:
        """Close what is open and say how the run ended."""


class Places(Protocol):
    """Whoever bounds how many requests are under way at once."""

    def answered(self, request: Request) -> None:
        """Hear that the answer to a request is there, a good one, and only to be kept."""


class KeyHolder(Protocol):
    """Whoever knows the secret that goes out with requests to an address of its own."""

    def secret_for(self, url: str) -> Secret | None:
        """Give the secret that a request to ``url`` hides, None when there is none."""


class Ongoing:
    """One run while it goes on. Whoever makes one of its parts puts it here; None stands for what a run has not.

    Args:
        delay: Seconds between two requests, from the settings.
    """

    def __init__(self, delay: float) -> None:
        self.intake: Intake | None = None
        self.keeper: Keeper | None = None
        self.places: Places | None = None
        self.key_holder: KeyHolder | None = None
        self.failures = 0
        """Exchanges without a usable answer, one after the other."""
        self.ending: str | None = None
        """Why the run is about to end, None while it goes on."""
        self.finish = "failed"
        """Why it ended."""
        self.until = inf
        """When its minutes are spent, on the clock of :func:`time.monotonic`."""
        self.closing: list[Callable[[], None]] = []
        """Called when it is closed: what is under way is not to be waited for any longer than it must."""
        self.state: State | None = None
        """What earlier runs remembered; put here before the pace is asked for."""
        self._delay = delay
        self._pace: Pace | None = None
        self._closed = asyncio.Event()

    @property
    def pace(self) -> Pace:
        """The run's one pace, which begins as the last run left it."""
        if self._pace is None:
            memory = self.state.part(MEMORY) if self.state is not None else {}
            self._pace = Pace(self._delay, memory, lambda: datetime.now(UTC))
        return self._pace

    def pause(self) -> float:
        """Give the seconds for which the portal asked to be left alone yet; too many of them end the run.

        Raises:
            NotAsked: There are too many.
        """
        until = self.pace.not_before
        seconds = (until - datetime.now(UTC)).total_seconds() if until is not None else 0.0
        if until is not None and seconds > LONGEST_WAIT:
            self.end("told-to-wait")
            raise NotAsked(f"The portal asked to be left alone until {kst(until)}.")
        return seconds

    def end(self, reason: str) -> None:
        """End the run with a reason, the first one given; what is under way is finished."""
        if self.ending is None:
            self.ending = reason

    def close(self, reason: str) -> None:
        """End the run with a reason, have what waits to be asked for wait no longer, and hurry what is under way."""
        self.end(reason)
        self._closed.set()
        for one in self.closing:
            one()

    async def wait(self, seconds: float) -> None:
        """Wait before something is asked for.

        Args:
            seconds: How long, 0 or less for not at all.

        Raises:
            NotAsked: The run is closed, or its minutes are spent.
        """
        if (left := min(seconds, self.until - monotonic())) > 0:
            with suppress(TimeoutError):
                await asyncio.wait_for(self._closed.wait(), left)
        if self._closed.is_set():
            raise NotAsked("The run ends.")
        if monotonic() >= self.until:
            self.end("budget")
            raise NotAsked("The run's minutes are spent.")


def ongoing(crawler: Crawler) -> Ongoing:
    """Give the run that a crawler is for."""
    found: Ongoing | None = getattr(crawler, "gochim", None)
    if found is None:
        found = Ongoing(crawler.settings.getfloat("DOWNLOAD_DELAY"))
        crawler.gochim = found  # type: ignore[attr-defined]  # Scrapy's crawler carries the run's state
    return found
