"""Text as the index holds it: folded to one form, then a term for each letter, the pair of it and what follows it."""

from __future__ import annotations

import re
import unicodedata
from array import array
from collections.abc import Sequence
from operator import add

from storage.spellings import spellings

# 3,000억: a comma that only groups digits
_GROUPING = re.compile(r",(?<=\d,)(?=\d{3}(?!\d))")

# one space, "\t", "  \n "
SPACE = re.compile(r"\s+")

# zero width space, joiners, word joiner, byte order mark, soft hyphen, control characters: seen by nobody
_UNSEEN = re.compile("[\x00-\x08\x0e-\x1b\x7f\u00ad\u200b-\u200d\u2060\ufeff]")

_UNEVEN = "  ", " \n", "\n ", "\n\n"
"""What stands in lines whose words are not a single space apart, and beside lines without any."""


def _lines(texts: Sequence[str]) -> str:
    """Fold texts, each to a line of words a single space apart; those without a word have none."""
    seen = [one if one.isprintable() else " ".join(_UNSEEN.sub("", one).split()) for one in texts]
    plain = unicodedata.normalize("NFKC", "\n".join(seen)).casefold()
    composed = unicodedata.normalize("NFC", plain)
    lines = _GROUPING.sub("", composed) if "," in composed else composed
    if any(one in f"\n{lines}\n" for one in _UNEVEN):
        lines = "\n".join([words for one in lines.split("\n") if (words := " ".join(one.split()))])
    return lines


def fold(text: str) -> str:
    """Give the one form in which texts and terms are compared: composed, lower case, single spaces, bare digits."""
    return _lines([text])


_SPACE, _END = "\u3131", "\u3134"
"""What a word's last letter is paired with where another word, and where the text's end, follows it.

Folding leaves neither letter (ㄱ, ㄴ) in any text.
"""


def entry(texts: Sequence[str]) -> str:
    """Write the terms of several texts, none of whose ends any phrase can reach over.

    ``예산을 3%`` is written as ``예산 산을 을ㄱ 3% %ㄴ``, with more spaces.
    """
    lines = _lines(texts)
    # Beside each letter stands what follows it, and beside a space another: it begins no pair.
    following = _BEGUN_LINE.sub(f"{_END} ", _BEGUN_WORD.sub(f"{_SPACE} ", lines))[1:] + _END
    return _beside(lines.replace("\n", " "), following) if lines else ""


# the space before a word, and its first letter: " 을"
_BEGUN_WORD = re.compile(" .")
_BEGUN_LINE = re.compile("\n.")


def _beside(first: str, second: str) -> str:
    """Write each letter of one text with that of another in the same place, all at once: ``ac bd`` of ab and cd."""
    made = array("I", " ".encode(_WIDE)) * (3 * len(first))
    made[0::3] = array("I", first.encode(_WIDE))
    made[1::3] = array("I", second.encode(_WIDE))
    return made.tobytes().decode(_WIDE)


_WIDE = "utf-32-le"
"""In which every letter has as many bytes."""


def phrases(terms: Sequence[str]) -> str:
    """Write the FTS5 query that exactly those versions pass in which all terms stand, each in any spelling."""
    return " AND ".join(f"({' OR '.join(map(_phrase, spellings(term)))})" for term in terms)


def _phrase(term: str) -> str:
    *before, last = term.split(" ")
    pairs = [pair for word in before for pair in map(add, word, word[1:] + _SPACE)]
    # A letter that stands alone begins the pair that it makes with whatever follows it.
    pairs += map(add, last, last[1:]) if last[1:] else [last]
    phrase = " ".join(pairs).replace('"', '""')
    return f'"{phrase}"{"" if last[1:] else " *"}'
