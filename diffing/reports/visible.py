"""Text from the web made safe to print: characters that hide, reorder or break are shown as their code.

A title can carry a right-to-left override, a NUL or a filler that looks like nothing. Leaving it in lets the text
lie in the report, dropping it hides a change; so it is printed as ``U+202E``.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable

_UNSEEN = (
    r"\x00-\x08\x0b-\x1f\x7f-\x9f"  # controls, NUL among them; tab and line feed are text
    r"\u00ad\u034f"  # soft hyphen, grapheme joiner
    r"\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069"  # direction marks, overrides, isolates: "abc\u202edef"
    r"\u115f\u1160\u3164\uffa0\u17b4\u17b5"  # fillers: Hangul letters and vowels that print as nothing
    r"\u200b\u2060-\u2065\u206a-\u206f\ufeff\u180e"  # zero-width space, word joiner, byte order mark
    r"\u2028\u2029"  # line and paragraph separators
    r"\ud800-\udfff\ufdd0-\ufdef\ufff0-\ufffb\ufffe\uffff"  # half a surrogate pair, codes that are no characters
    r"\U000e0000-\U000e007f"  # tag characters
)
UNSEEN = re.compile(f"[{_UNSEEN}]")
"""Characters that must not reach a reader as themselves: ``\\u202e`` in ``abc\\u202edef``."""

UNUSUAL_SPACE = re.compile(r"[\u00a0\u1680\u2000-\u200a\u200c\u202f\u205f\u3000]")
"""Spaces that look like a space and are another: the no-break space in ``100\\u00a0명``."""


def code(character: str) -> str:
    """Name a character by its code point, ``U+202E``."""
    return f"U+{ord(character):04X}"


def shown(text: str, show: Callable[[str], str] = lambda name: f"⟨{name}⟩") -> str:
    """Replace every unseen character of ``text`` by ``show(its code)``; line ends become line feeds."""
    return UNSEEN.sub(lambda hit: show(code(hit[0])), text.replace("\r\n", "\n"))


def shown_change(text: str, show: Callable[[str], str] = lambda name: f"⟨{name}⟩") -> str:
    """Show added or deleted ``text`` so that it cannot look like nothing or like its replacement.

    Spaces that stand alone become ``␣``, other spaces than U+0020 their code, and text in decomposed form (a
    syllable written as its letters, as macOS names files) is followed by ``NFD``.
    """
    if text and not text.strip(" "):
        return show("␣" * len(text))
    coded = UNUSUAL_SPACE.sub(lambda hit: show(code(hit[0])), shown(text, show))
    if coded.strip("\n\t") == "":
        coded = coded.replace("\n", "⏎").replace("\t", "⇥")
    return coded if unicodedata.is_normalized("NFC", text) else coded + show("NFD")


def shortened(text: str, length: int = 90) -> str:
    """Cut ``text`` to one line of at most ``length`` characters, an ellipsis where it was cut."""
    line = " ".join(text.split())
    return line if len(line) <= length else line[: length - 1].rstrip() + "…"
