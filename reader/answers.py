"""What a page's view gives back: a template with its values, another address, plain text, or a file to save."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from crawler.portal import Portal
from storage.archive import Archive


@dataclass(frozen=True, slots=True)
class Desk:
    """What every view needs: the archive, the portal's address rules, and where replay answers if it does.

    ``replay`` is pywb's collection, ``http://127.0.0.1:8002/gochim``; ``base`` this reader's own origin.
    """

    archive: Archive
    portal: Portal
    base: str
    replay: str | None = None


@dataclass(frozen=True, slots=True)
class Page:
    """A template and what it is filled with."""

    template: str
    values: Mapping[str, Any]
    status: int = 200
    headers: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Moved:
    """Another address, with HTTP status 302."""

    to: str
    headers: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Plain:
    """Text of a media type that no browser renders."""

    text: str
    media_type: str
    headers: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Saved:
    """Bytes that a browser saves as a file and never renders."""

    name: str
    data: bytes
    media_type: str
    headers: Mapping[str, str] = field(default_factory=dict)


Answer = Page | Moved | Plain | Saved
