"""robots.txt as the portal writes it, made readable for the parser that follows the standard (RFC 9309)."""

from __future__ import annotations

import re
from collections.abc import Callable

# "Disallow: https://www.korea.kr/totalSearch.do": a rule is a path, and a parser finds none that begins with a scheme
_ABSOLUTE_RULE = re.compile(
    r"^(?P<name>[ \t]*(?:dis)?allow[ \t]*:[ \t]*)(?P<origin>https?://[^/\s#*$]+)(?P<path>[^\r\n]*)$",
    re.IGNORECASE | re.MULTILINE,
)


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
