"""JSON as commands and reports print it: what a terminal would obey stands as an escape, and nothing is lost."""

from __future__ import annotations

import json
import re

_OBEYED = re.compile(
    r"[\x7f-\x9f"  # DEL and C1: "\x9b31m" is a colour to terminals, "\x85" a line's end to readers of JSON lines
    r"\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069"  # direction marks, overrides, isolates: "abc\u202edef"
    r"\u2028\u2029"  # line and paragraph separators, where Python's splitlines would cut a JSON line
    r"\ud800-\udfff]"  # half of a surrogate pair, which UTF-8 cannot carry: "\ud83d" without its partner
)


def written(value: object, indent: int | None = None) -> str:
    """Write ``value`` as JSON whose text stands as it is, but for what a terminal or a reader of lines would obey.

    JSON itself escapes the controls below U+0020; the others are escaped here, so that a program that reads it gets
    every character of the value (RFC 8259, section 7).
    """
    return _OBEYED.sub(lambda hit: f"\\u{ord(hit[0]):04x}", json.dumps(value, ensure_ascii=False, indent=indent))
