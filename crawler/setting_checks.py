"""Checks of single settings: each gives a sentence that says what is wrong with a value, None when nothing is."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import date, datetime
from ipaddress import ip_address
from typing import Any
from unicodedata import category
from urllib.parse import SplitResult, urlsplit

from crawler import open_api
from crawler.sections import SECTIONS

Check = Callable[[Any], str | None]
"""Gives a sentence that says what is wrong with a value, None when nothing is."""


REPORT_FORMATS = ("html", "markdown", "atom", "json", "csv")
"""What a report can be written as after a run."""


def _web_address(value: Any) -> SplitResult | None:
    """Take a web address apart, one with a host and without a user; None for whatever is none."""
    if not isinstance(value, str) or any(one.isspace() or not one.isprintable() for one in value):
        return None
    try:
        parts = urlsplit(value)
        known = parts.scheme in {"http", "https"} and parts.hostname and parts.port != 0
        (parts.hostname or "").encode("idna")
    except ValueError:  # a broken port or IPv6 host, or a name that no host can have
        return None
    return parts if known and parts.username is None else None


def is_url(value: Any) -> str | None:
    """Want the address of a portal, without a path."""
    parts = _web_address(value)
    if parts is None:
        return 'must be an address such as "https://www.korea.kr"'
    if parts.path not in {"", "/"} or parts.query or parts.fragment:
        return "must name the portal alone, without a path"
    return None


def is_service_base(value: Any) -> str | None:
    """Want the address under which services stand; https, for the key travels with each call."""
    parts = _web_address(value)
    if parts is None:
        return f'must be an address such as "{open_api.REAL}"'
    if parts.query or parts.fragment:
        return "must have no query"
    safe = parts.scheme == "https" or is_loopback(value)
    return None if safe else "must be an https address: the key would travel in the open"


def is_tsa(value: Any) -> str | None:
    """Refuse what is no address of a time-stamp authority; the empty text names none."""
    good = value == "" or _web_address(value) is not None
    return None if good else 'must be an address such as "http://tsa.example.org/tsr"'


def are_services(value: Any) -> str | None:
    """Want services, each two words and a slash."""
    if message := is_texts(value, open_api.SERVICES[0]):
        return message
    good = all(re.fullmatch(r"\w+/\w+", one) for one in value)
    return None if good else f'must be a list of services such as ["{open_api.SERVICES[0]}"]'


def are_formats(value: Any) -> str | None:
    """Want formats of reports."""
    if message := is_texts(value, REPORT_FORMATS[0]):
        return message
    unknown = [one for one in value if one not in REPORT_FORMATS]
    return f"has no format {', '.join(unknown)}; there are {', '.join(REPORT_FORMATS)}" if unknown else None


def is_language(value: Any) -> str | None:
    """Want a language that reports are written in."""
    return None if value in ("ko", "en") else 'must be "ko" or "en"'


def is_published_at(value: Any) -> str | None:
    """Want the address of a directory, or none."""
    if value != "" and _web_address(value) is None:
        return 'must be an address such as "https://example.org/reports/", or ""'
    return None if not value or value.endswith("/") else "must end with a slash"


def is_key(value: Any) -> str | None:
    """Want a service key; what it is, is never said."""
    good = isinstance(value, str) and re.fullmatch(r"[!-~]*", value)
    return None if good else "must be the service key as data.go.kr shows it, without spaces"


def is_ping(value: Any) -> str | None:
    """Want a web address or nothing; what it is, is never said."""
    good = isinstance(value, str) and re.fullmatch(r"(https?://[!-~]+)?", value)
    return None if good else "must be a web address, without spaces"


def is_text(value: Any) -> str | None:
    """Want one line of text."""
    good = isinstance(value, str) and not any(category(one) in {"Cc", "Cs", "Zl", "Zp"} for one in value)
    return None if good else "must be one line of text, without control characters"


def is_path(value: Any) -> str | None:
    """Want the path of a file, or none."""
    good = is_text(value) is None and (not value or value.strip())
    return None if good else 'must be the path of a file on one line, such as "gochim.log", or ""'


def is_rotation(value: Any) -> str | None:
    """Want a moment at which a log is turned over."""
    return None if value in ("size", "day", "week") else 'must be "size", "day" or "week"'


def is_textfile(value: Any) -> str | None:
    """Want a file that the textfile collector reads, which takes no other name, or none."""
    good = is_text(value) is None and (not value or value.endswith(".prom"))
    return None if good else 'must be a path that ends in .prom, such as "/var/lib/node_exporter/gochim.prom", or ""'


def is_texts(value: Any, example: str = "A00015") -> str | None:
    """Want a list of texts."""
    good = isinstance(value, list) and all(isinstance(one, str) and one for one in value)
    return None if good else f'must be a list of texts, such as ["{example}"]'


def are_sections(value: Any) -> str | None:
    """Want names of the catalogue."""
    if message := is_texts(value, "press-release"):
        return message
    unknown = [one for one in value if one not in SECTIONS]
    return f"has no section {', '.join(unknown)}; there are {', '.join(SECTIONS)}" if unknown else None


def are_watched(value: Any) -> str | None:
    """Want names of the catalogue, at least one: a watch of nothing would find nothing, and say nothing, for years."""
    return are_sections(value) if value != [] else 'must name at least one section, such as ["press-release"]'


def is_day(value: Any) -> str | None:
    """Want a day, or the empty text."""
    if isinstance(value, date) and not isinstance(value, datetime):
        return None
    good = value == "" or (isinstance(value, str) and re.fullmatch(r"\d{4}-\d{2}-\d{2}", value) and _parses(value))
    return None if good else 'must be a day such as "2026-09-01", or "" for all that the lists show'


def _parses(value: str) -> bool:
    try:
        date.fromisoformat(value)
    except ValueError:
        return False
    return True


def is_flag(value: Any) -> str | None:
    """Want true or false."""
    return None if isinstance(value, bool) else "must be true or false"


def number(least: float, most: float, *, whole: bool) -> Check:
    """Want a number between two, both included."""
    kind = "a whole number" if whole else "a number"

    def check(value: Any) -> str | None:
        good = isinstance(value, int if whole else (int, float)) and not isinstance(value, bool)
        return None if good and least <= value <= most else f"must be {kind} from {_plain(least)} to {_plain(most)}"

    return check


def _plain(value: float) -> str:
    # 10000000, 0.0001
    return f"{value:f}".rstrip("0").rstrip(".")


def weight(text: str) -> tuple[str, float] | None:
    """Read one line of ``importance``; None when it is none."""
    # press-release = 2 / 산업통상부 = 1.5
    found = re.fullmatch(r"\s*(\S(?:.*\S)?)\s*=\s*(\d{1,6}(?:\.\d{1,6})?)\s*", text)
    return (found[1], float(found[2])) if found and float(found[2]) > 0 else None


def are_weights(value: Any) -> str | None:
    """Want a list of names, each with how many times it counts."""
    good = isinstance(value, list) and all(isinstance(one, str) and weight(one) for one in value)
    return None if good else 'must be a list such as ["press-release = 2", "A00015 = 0.5"]'


def is_loopback(url: str) -> bool:
    """Say whether an address leads to this machine."""
    try:
        host = urlsplit(url).hostname or ""
        return host == "localhost" or ip_address(host).is_loopback
    except ValueError:
        return False
