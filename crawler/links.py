"""Where a link in an article leads: an absolute address without what sessions, campaigns and menus add to it."""

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
_LONGEST = 2000
MOST_LINKS = 1000
"""Links of a body that are read; no article has so many."""


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
        whole = urlsplit(_SESSION.sub("", absolute(link)))
    except ValueError:
        return None
    if whole.scheme not in {"http", "https"} or not whole.netloc:
        return None
    query = "&".join(one for one in whole.query.split("&") if not _ADDED.fullmatch(one))
    return urlunsplit((whole.scheme, whole.netloc.lower(), whole.path or "/", query, ""))[:_LONGEST]
