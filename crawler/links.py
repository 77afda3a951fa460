"""Where links and pictures of an article lead, without what sessions, campaigns, menus and caches add to addresses."""

from __future__ import annotations

import re
from collections.abc import Callable
from urllib.parse import urlsplit, urlunsplit

# ;jsessionid=0A1B2C, ;JSESSIONID_KOREA=0A1B2C
_SESSION = re.compile(r";jsessionid\w*=[^/?#;]*", re.IGNORECASE)
# utm_source=…, pWise=sub, call_from=rsslink, fbclid=…: of whoever leads there, not of where it leads
_ADDED = re.compile(
    r"(?:utm_\w+|pWise\w*|call_from|fbclid|gclid|msclkid|igshid|_ga|_gl|mc_[ce]id|jsessionid|phpsessid|sessionid)=.*",
    re.IGNORECASE,
)
# z.jpg?time=202609151010: another at every rendering, so that nobody keeps an old one; it says nothing of what is there
_STAMP = re.compile(r"time=\d{8,14}")
# z.jpg?v=67, ?_=1764385200, ?0.8231: the same at a file that stands under its own name; elsewhere v= may name a film
_FILE_STAMP = re.compile(
    r"(?:(?:time(?:stamp)?|ts?|v(?:er(?:sion)?)?|_|r|ra?nd(?:om)?|cb|no_?cache|dummy)=)?[\d.]{1,20}", re.IGNORECASE
)
# /newsWeb/resources/attaches/2026.09/15/9524….jpg
_PICTURE = re.compile(r"\.(?:jpe?g|png|gif|webp|bmp|svg)", re.IGNORECASE)
_LONGEST = 2000
MOST_LINKS = 1000
"""Links of a body that are read; no article has so many."""


def unstamped(address: str) -> str:
    """Give the address of a picture or page without what makes caches fetch it anew at every rendering."""
    address, fragment_mark, fragment = address.partition("#")
    place, _, query = address.partition("?")
    stamp = _FILE_STAMP if _PICTURE.fullmatch(place[place.rfind(".") :]) else _STAMP
    kept = "&".join(one for one in query.split("&") if not stamp.fullmatch(one))
    return f"{place}{'?' if kept else ''}{kept}{fragment_mark}{fragment}"


def link_target(link: str, absolute: Callable[[str], str]) -> str | None:
    """Give where a link leads, None where it leads nowhere else: a place on its own page, a script, a mail window.

    Args:
        link: The value of its ``href``.
        absolute: Turns it into an absolute address.
    """
    link = link.strip()
    if not link or link.startswith("#"):
        return None
    try:
        whole = urlsplit(unstamped(_SESSION.sub("", absolute(link))))
    except ValueError:
        return None
    if whole.scheme not in {"http", "https"} or not whole.netloc:
        return None
    query = "&".join(one for one in whole.query.split("&") if not _ADDED.fullmatch(one))
    return urlunsplit((whole.scheme, whole.netloc.lower(), whole.path or "/", query, ""))[:_LONGEST]
