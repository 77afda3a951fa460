"""Which addresses a report may link to, and how they are written."""

from __future__ import annotations

from urllib.parse import quote, urlsplit

_KEPT = "!#$%&'()*+,/:;=?@[]~"
"""Marks an address may carry (RFC 3986); ``%`` too, since what is encoded already must stay as it is."""


def linkable(address: str) -> bool:
    """Tell whether an address may become a link: the web's own schemes, never ``javascript:``."""
    try:
        return urlsplit(address).scheme in {"http", "https"}
    except ValueError:  # "http://[" is no address; it is printed, not linked
        return False


def written(address: str) -> str:
    """Write an address in ASCII, so that nothing in it can end the link or hide from a reader."""
    return quote(address, safe=_KEPT, errors="replace")


def segment(name: str) -> str:
    """Write ``name`` as one segment of a path, its slashes encoded."""
    return quote(name, safe="", errors="replace")
