"""How times and values are written, so that equal ones are equal bytes."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta, timezone

KST = timezone(timedelta(hours=9), "KST")
"""Korean time, which has no summer time."""


def iso(moment: datetime) -> str:
    """Write an aware time as ISO 8601 in UTC with microseconds, ``2026-09-15T09:16:48.000000+00:00``.

    Fixed width, so that text order is time order in SQLite.
    """
    return moment.astimezone(UTC).isoformat(timespec="microseconds")


def is_time(value: object) -> bool:
    """Say whether a value is a time as :func:`iso` writes it, and one that :func:`local` can print."""
    try:
        return isinstance(value, str) and iso(datetime.fromisoformat(value)) == value and bool(local(value))
    except (ValueError, OverflowError):
        return False


def local(moment: datetime | str) -> str:
    """Print a time, aware or as it is stored, for a person: Korean time to the second, ``2026-09-15 18:16:48``."""
    at = datetime.fromisoformat(moment) if isinstance(moment, str) else moment
    return at.astimezone(KST).replace(tzinfo=None).isoformat(" ", "seconds")  # strftime writes the year 1 as "1"


def kst(moment: datetime | str) -> str:
    """Print a time as :func:`local` does and name its zone: ``2026-09-15 18:16:48 (KST)``."""
    return f"{local(moment)} (KST)"


def canonical_json(value: object) -> bytes:
    """Serialise ``value`` so that equal values give equal bytes: sorted keys, no spaces, UTF-8."""
    return json_text(value).encode()


def json_text(value: object) -> str:
    """Serialise a value as :func:`canonical_json` does, to text."""
    # To begin encoding takes longer than what most fields hold.
    if isinstance(value, str):
        return quoted(value)
    if value is None:
        return "null"
    return "[]" if value == [] else _encoded(value)


_encoded = json.JSONEncoder(ensure_ascii=False, sort_keys=True, separators=(",", ":")).encode
quoted = json.encoder.encode_basestring
"""Writes a text as :func:`json_text` does."""
