"""How fast the portal may be asked: one pace for the whole host, slowed by trouble, remembered across runs."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

from storage.http_message import moment_of

MEMORY = "politeness"
"""The part of ``state.json`` in which the pace is remembered."""
LONGEST_WAIT = 300.0
"""Seconds; a portal that asks for a longer pause ends the run."""
SLOWEST = 64.0
"""The most by which trouble slows a crawl down: a delay of a second becomes a minute."""
RECOVERY = 0.9
"""What a good answer leaves of the slowdown: after doubling, seven good answers until the old pace is back."""
LONGEST_DELAY = 300.0
"""Seconds between two requests at the most, whatever asks for more."""
LATENCY_SHARE = 0.2
"""How much the newest answer's time weighs in the average."""


class Pace:
    """When the next request may go, and how long to wait after each.

    Between two requests lie the settings' delay, robots.txt's ``Crawl-delay`` or the time that answers take, whichever
    is longest, times the slowdown. Heritrix waits in the same way, a multiple (``delayFactor``) of the last fetch's
    time with a floor (``minDelayMs``); of a portal that answers slowly less is asked. A delay of 0, which only a portal
    on loopback may have, leaves out how long answers take.

    Args:
        delay: Seconds between two requests, from the settings.
        memory: What earlier runs remembered, written to as things happen; whatever it holds that is no sense is none.
        now: Gives the time, aware.
    """

    def __init__(self, delay: float, memory: dict[str, Any], now: Callable[[], datetime]) -> None:
        self._delay = delay
        self._memory = memory
        self._now = now
        self._latency = 0.0
        self._crawl_delay = 0.0

    @property
    def slowdown(self) -> float:
        """The factor by which trouble slows the crawl down; 1 is none."""
        return slowdown(self._memory)

    @property
    def interval(self) -> float:
        """Seconds between two requests."""
        latency = self._latency if self._delay else 0.0
        return min(max(self._delay, self._crawl_delay, latency) * self.slowdown, LONGEST_DELAY)

    @property
    def not_before(self) -> datetime | None:
        """The time before which the portal asked not to be asked again, None when that is over or it did not."""
        return not_before(self._memory, self._now())

    def obey(self, crawl_delay: float | None) -> None:
        """Take over robots.txt's ``Crawl-delay``, which counts where it is longer than the settings' delay."""
        self._crawl_delay = max(0.0, crawl_delay or 0.0)

    def good(self, seconds: float) -> None:
        """Note an answer that brought a page, and how long it took; the slowdown fades."""
        self._latency += (LATENCY_SHARE if self._latency else 1.0) * (seconds - self._latency)
        faded = self.slowdown * RECOVERY
        if faded > 1:
            self._memory["slowdown"] = round(faded, 3)
        else:
            self._memory.pop("slowdown", None)

    def trouble(self, what: str) -> None:
        """Note that the portal refused or did not answer (``429``, ``refused`` ...); the slowdown doubles."""
        self._memory["slowdown"] = min(self.slowdown * 2, SLOWEST)
        self._memory["last_trouble"] = {"what": what, "at": self._now().isoformat(timespec="seconds")}

    def leave_alone(self, seconds: float) -> None:
        """Note that the portal asked not to be asked for so many seconds."""
        until = self._now() + timedelta(seconds=seconds)
        if (known := self.not_before) is None or until > known:
            self._memory["not_before"] = until.isoformat(timespec="milliseconds")


def slowdown(memory: dict[str, Any]) -> float:
    """Read from what a run remembered by which factor trouble slows the crawl down; 1 is not at all."""
    value = memory.get("slowdown")
    return float(min(max(1.0, value), SLOWEST)) if isinstance(value, int | float) else 1.0


def not_before(memory: dict[str, Any], now: datetime) -> datetime | None:
    """Read from what a run remembered until when the portal is to be left alone; None when that time is over."""
    try:
        moment = datetime.fromisoformat(memory["not_before"])
    except (KeyError, TypeError, ValueError):
        return None
    moment = moment.replace(tzinfo=moment.tzinfo or UTC)
    return moment if moment > now else None


# "120"; "Tue, 15 Sep 2026 09:00:00 GMT", whose comma parts nothing; proxies join fields to one: "1, 3"
_ONE_RETRY = re.compile(r"(?:\s*(?:mon|tue|wed|thu|fri|sat|sun)[a-z]*,)?[^,]+", re.IGNORECASE)


def retry_after(values: list[bytes], now: datetime) -> float | None:
    """Read ``Retry-After`` (RFC 9110, 10.2.3): seconds, or a date; None when nothing of it is readable.

    Args:
        values: What the fields of that name say, several perhaps joined to one by commas; the longest wait holds.
        now: The time, aware.
    """
    told = [one.strip() for one in _ONE_RETRY.findall(b",".join(values).decode("latin-1"))]
    waits = [wait for one in told if (wait := _one_wait(one, now)) is not None]
    return max(waits, default=None)


def _one_wait(text: str, now: datetime) -> float | None:
    if text.isascii() and text.isdigit():
        return min(float(text), LONGEST_RETRY)
    moment = moment_of(text)
    return None if moment is None else min(max(0.0, (moment - now).total_seconds()), LONGEST_RETRY)


LONGEST_RETRY = timedelta(days=30).total_seconds()
"""Seconds; a portal that asks for more is asked again after a month."""
