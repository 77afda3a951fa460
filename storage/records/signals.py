"""Signals, Told: what the publisher says of its edits beside the page."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True, slots=True)
class Signals:
    """What the publisher says of one state beside the page itself; None where nothing was asked or answered.

    ``modify_id`` and ``modify_date`` are the open API's ModifyId and ModifyDate (ISO 8601), ``told_at`` when an answer
    first had them, ``last_modified`` the page's Last-Modified as sent (RFC 9110, 8.8.2), ``seen_at`` when that page was
    asked for.
    """

    modify_id: int | None = None
    modify_date: str | None = None
    told_at: datetime | None = None
    last_modified: str | None = None
    seen_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Told:
    """What one answer of the open API, asked for at ``told_at``, said of an article's edits."""

    told_at: datetime
    modify_id: int | None
    modify_date: str | None
