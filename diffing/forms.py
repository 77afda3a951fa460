"""One spelling for text that is encoded in several ways, for comparing and never for storing.

NFC and NFD, no-break spaces, full-width and half-width letters and invisible characters say the same; the raw text
stays what the evidence holds, and a difference that vanishes here is named ``unicode-form``.
"""

from __future__ import annotations

import re
import unicodedata
from collections import Counter
from collections.abc import Sequence

from rapidfuzz.distance import LCSseq

from diffing.subsequence import LARGEST_TABLE

_SAME_LETTER = {"<wide>", "<narrow>", "<noBreak>", "<square>", "<sub>"}
"""Compatibility tags whose characters differ by place or packing only: ``％``, ``ﾡ``, ``㎞``, ``₂``; not ``²``, ``①``.

What is written low says the same as on the line, what is written high does not: ``10²`` is not ``102``.
"""


class _Spelling(dict[int, str]):
    """Work out a character's plain spelling on first sight and remember it."""

    def __missing__(self, code: int) -> str:
        character = chr(code)
        category = unicodedata.category(character)
        tag, *parts = unicodedata.decomposition(character).split() or [""]
        if category == "Zs":
            spelling = " "
        elif category == "Cf" and code != 0x0600:
            spelling = ""
        elif tag in _SAME_LETTER or character in "℃℉㈜":
            spelling = "".join(chr(int(part, 16)) for part in parts)
        else:
            spelling = character
        self[code] = spelling
        return spelling


_SPELLING = _Spelling()
_ORDINARY = re.compile("[\x00-\x7e가-힣一-鿿·‘’“”…※□■○●◆◇△▲▽▼「」『』〈〉《》【】]*")
"""Characters that are their own plain spelling; nearly every text is made of these alone."""


_GAP = re.compile(r"\s+")


def plain(text: str) -> str:
    """Write ``text`` in its one plain spelling: NFC, ordinary spaces, ordinary width, nothing invisible.

    Superscripts, circled digits and fractions keep their form: ``10²`` is not ``102``.
    """
    if text.isascii() or _ORDINARY.fullmatch(text):
        return text
    return unicodedata.normalize("NFC", unicodedata.normalize("NFC", text).translate(_SPELLING))


def reprinted(parts: Sequence[str], text: str) -> list[str]:
    """Give parts of ``plain(text)`` as ``text`` prints them: ``30㎡`` and ``￦5,000``, not ``30m²`` and ``₩5,000``.

    Spaces stay ordinary and what is invisible stays away. A part that stands in ``text`` in several forms stays plain.
    """
    shown = unicodedata.normalize("NFC", text)
    spelled = [_SPELLING[ord(one)] for one in shown]
    whole = "".join(spelled)
    if whole == shown or whole != plain(text):
        return list(parts)
    owner = [k for k, one in enumerate(spelled) for _ in one]
    return [_reprinted(part, whole, owner, shown) for part in parts]


def _reprinted(part: str, whole: str, owner: Sequence[int], shown: str) -> str:
    forms: set[str] = set()
    at = whole.find(part) if part else -1
    while at >= 0:
        first, last = owner[at], owner[at + len(part) - 1]
        printed = "".join(one if unicodedata.category(one) != "Zs" else " " for one in shown[first : last + 1])
        forms.add("".join(one for one in printed if _SPELLING[ord(one)]))
        at = whole.find(part, at + 1)
    # the half of a character (the k of ㎞) has no form of its own
    return next((form for form in forms if len(forms) == 1 and plain(form) == part), part)


def squeezed(text: str) -> str:
    """Give ``text`` without any white space."""
    return "".join(text.split())


def shared(old: str, new: str, most: int) -> int:
    """Count the letters that both begin with, up to ``most``, by halving."""
    low, high = 0, most
    while low < high:
        middle = (low + high + 1) // 2
        if old[:middle] == new[:middle]:
            low = middle
        else:
            high = middle - 1
    return low


def differs_in_form(old: str, new: str) -> bool:
    """Tell whether any 어절 or space common to both texts is encoded differently in them."""
    if plain(old) == old and plain(new) == new:
        return False
    old_words, new_words = old.split(), new.split()
    old_keys, new_keys = [plain(word) for word in old_words], [plain(word) for word in new_words]
    if len(old_keys) * len(new_keys) > LARGEST_TABLE:
        # too long to pair word by word: a word is encoded otherwise when its encodings are not the same on both sides
        ours, theirs = _encodings(old_keys, old_words), _encodings(new_keys, new_words)
        return any(ours[key] != theirs[key] for key in ours.keys() & theirs.keys())
    both: list[tuple[int, int]] = []
    at = 0, 0
    for block in LCSseq.opcodes(old_keys, new_keys):
        if block.tag == "equal":
            first, last, begin, end = block.src_start, block.src_end, block.dest_start, block.dest_end
            if old_words[first:last] != new_words[begin:end]:
                return True
            both += zip(range(first + 1, last), range(begin + 1, end), strict=True)
            # A space beside words of which one side has none came or went with them.
            both += [at, (first, begin)] if first > at[0] and begin > at[1] else []
            at = last, end
    both += [at] if at[0] < len(old_words) and at[1] < len(new_words) else []
    old_spaces, new_spaces = _spaces_before(old), _spaces_before(new)
    if any(old_spaces[i] != new_spaces[j] for i, j in both):
        return True
    return _moved_in_form(old_keys, old_words, new_keys, new_words)


def _moved_in_form(old_keys: Sequence[str], old: Sequence[str], new_keys: Sequence[str], new: Sequence[str]) -> bool:
    """Tell whether a word as often in both texts, wherever it went, is encoded otherwise: ``８０％`` and ``80%``."""
    often, ours, theirs = Counter(new_keys), _encodings(old_keys, old), _encodings(new_keys, new)
    return any(count == often[key] and ours[key] != theirs[key] for key, count in Counter(old_keys).items())


def _encodings(keys: Sequence[str], words: Sequence[str]) -> dict[str, set[str]]:
    found: dict[str, set[str]] = {}
    for key, word in zip(keys, words, strict=True):
        found.setdefault(key, set()).add(word)
    return found


def _spaces_before(text: str) -> list[str]:
    """Give what stands before each 어절 of spaces that are not the ordinary one, of the first nothing."""
    gaps = ["", *_GAP.findall(text.strip())]
    return ["".join(one for one in gap if unicodedata.category(one) == "Zs" and one != " ") for gap in gaps]
