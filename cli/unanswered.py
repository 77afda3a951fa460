"""Why nobody answered a run: what its last request came to, or where the portal's robots.txt leads, and what to do."""

from __future__ import annotations

import sqlite3
from urllib.parse import urljoin, urlsplit

from crawler.portal import Portal
from storage import captures
from storage.command_line import gochim


def why(db: sqlite3.Connection, run: str, portal: Portal) -> tuple[str, str]:
    """Give what says why nobody answered, and what then to do; each is empty where that is not known."""
    if led := captures.robots_led(db, run):
        return led_away(portal, *led)
    told = captures.last_failure(db, run)
    return f"Why: {told.rstrip('.')}." if told else "", ""


def led_away(portal: Portal, at: str, location: str) -> tuple[str, str]:
    """Say where robots.txt leads, for a run leaves the host of its portal for no other; and what to do."""
    target = urljoin(at, location)
    origin = "{0.scheme}://{0.netloc}".format(urlsplit(target))
    said = f"Why: {at} leads to {target}"
    if origin == portal.base:
        return f"{said}, and comes to no end.", ""
    said += f", and a run asks at {portal.base} alone."
    if portal.is_real and portal.local(target) is not None:
        return f"{said} That is another name of the same portal, at which no setting has a run ask.", ""
    new = gochim("init", "--archive", "another", "--url", origin)
    return said, f"If the portal has moved for good, watch it there, with an archive of its own: {new}"
