"""robots.txt as the portal writes it, made readable for the parser that follows the standard (RFC 9309)."""

from __future__ import annotations

import re
from collections.abc import Callable

# "Disallow: https://www.korea.kr/totalSearch.do": a rule is a path, and a parser finds none that begins with a scheme
_ABSOLUTE_RULE = re.compile(
    r"^(?P<name>[ \t]*(?:dis)?allow[ \t]*:[ \t]*)(?P<origin>https?://[^/\s#*$]+)(?P<path>[^\r\n]*)$",
    re.IGNORECASE | re.MULTILINE,
)

# Lines in which a digit is no part of a rule: "Crawl-delay: 10", "Sitemap: https://www.korea.kr/sitemap1.xml", "# 2026"
_NO_RULE = re.compile(r"[ \t]*(?:#|$|(?:user-agent|crawl-delay|sitemap|request-rate|visit-time)[ \t]*:)", re.IGNORECASE)
_DIGIT = re.compile(r"[0-9]")
_DIGITS = re.compile(r"[0-9]+")
_MOST_SHAPES = 10_000

NOT_HAD = "robots.txt could not be had"
"""Why a page was not asked for when nobody knows whether it may be: of the page itself nothing is told."""


def with_paths(text: str, ours: Callable[[str], bool]) -> str:
    """Write rules that name a whole address as paths, and leave out those of other hosts.

    The observed file has ``User-agent : Googlebot`` (the space does no harm) and an absolute ``Disallow``, which
    Protego would never match. It is taken as what its author meant.

    Args:
        text: The file.
        ours: Says whether the file speaks for an origin, such as ``https://www.korea.kr``.
    """

    def path(found: re.Match[str]) -> str:
        if not ours(found["origin"]):
            return ""
        return found["name"] + (found["path"].strip() or "/")

    return _ABSOLUTE_RULE.sub(path, text.replace("\r\n", "\n").replace("\r", "\n"))


class Allowed:
    """The addresses that a robots.txt is known to allow, so that it is not parsed for each of many thousand articles.

    Where no rule holds a digit, addresses that differ in their numbers alone are all allowed or all forbidden: only a
    rule's ``*`` can match a digit, and it matches any number of them. One answer then serves them all.

    Args:
        text: The file.
    """

    def __init__(self, text: str) -> None:
        self._by_shape = not any(_DIGIT.search(line) for line in text.splitlines() if not _NO_RULE.match(line))
        self._shapes: set[str] = set()

    def __contains__(self, url: str) -> bool:
        return self._shape(url) in self._shapes

    def add(self, url: str) -> None:
        """Remember that an address is allowed."""
        if len(self._shapes) >= _MOST_SHAPES:
            self._shapes.clear()
        self._shapes.add(self._shape(url))

    def _shape(self, url: str) -> str:
        # The digits of "%EA%B0%80" say which letter it is.
        return _DIGITS.sub("0", url) if self._by_shape and "%" not in url else url
