"""Memento (RFC 7089) from our own captures: an address's TimeMap, and a TimeGate to its capture of a time."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable
from datetime import UTC, datetime
from functools import partial
from typing import TypeVar

from reader.answers import Answer, Desk, Moved, Plain
from reader.archived import header_safe, http_date, places
from reader.asking import Ask, Refused
from storage import captures
from storage.captures import Moment
from storage.http_message import moment_of
from storage.records import Capture

_Found = TypeVar("_Found", Capture, Moment)


def timemap(db: sqlite3.Connection, ask: Ask, desk: Desk) -> Answer:
    """List the captures of an address in link format (RFC 6690), oldest first."""
    address, found = _captures(ask, desk, partial(captures.of_url, db))
    here, gate = f"{desk.base}/timemap/link/{address}", f"{desk.base}/timegate/{address}"
    first, last = (http_date(found[place].captured_at) for place in (0, -1))
    lines = [
        f'<{address}>; rel="original"',
        f'<{here}>; rel="self"; type="application/link-format"; from="{first}"; until="{last}"',
        f'<{gate}>; rel="timegate"',
    ]
    for number, one in enumerate(found):
        ends = [name for name, place in (("first", 0), ("last", len(found) - 1)) if number == place]
        rel = " ".join([*ends, "memento"])
        lines.append(f'<{_place(one, desk)}>; rel="{rel}"; datetime="{http_date(one.captured_at)}"')
    return Plain(",\n".join(lines) + "\n", "application/link-format")


def timegate(db: sqlite3.Connection, ask: Ask, desk: Desk) -> Answer:
    """Lead to the capture nearest to ``Accept-Datetime``, the newest one without it."""
    wanted = ask.one("accept-datetime")
    moment = moment_of(wanted) if wanted else datetime.max.replace(tzinfo=UTC)
    if moment is None:
        raise Refused(400, "bad-time", value=wanted)
    address, (nearest,) = _captures(ask, desk, partial(captures.nearest_of_url, db, moment=moment))
    links = f'<{address}>; rel="original", <{desk.base}/timemap/link/{address}>; rel="timemap"'
    return Moved(_place(nearest, desk), {"Vary": "accept-datetime", "Link": header_safe(links)})


def _captures(ask: Ask, desk: Desk, found_at: Callable[[str], list[_Found]]) -> tuple[str, list[_Found]]:
    """Find captures of an address as it is given, or else of the address under which the portal files it."""
    asked = ask.parts["url"]
    filed = desk.portal.address(asked)
    for one in dict.fromkeys([asked, desk.portal.local(asked), filed.url if filed else None]):
        if one and (found := found_at(one)):
            return one, found
    raise Refused(404, "no-memento", url=asked)


def _place(capture: Capture | Moment, desk: Desk) -> str:
    at = places(capture, desk)
    return at.replay or desk.base + at.capture
