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


def _words(text: str) -> list[str]:
    """Fold a text and cut it at its spaces; the words are not cut any finer, and marks belong to them."""
    plain = unicodedata.normalize("NFKC", _UNSEEN.sub("", text)).casefold()
    composed = unicodedata.normalize("NFC", plain)
    return (_GROUPING.sub("", composed) if "," in composed else composed).split()


def fold(text: str) -> str:
    """Give the one form in which texts and terms are compared: composed, lower case, single spaces, bare digits."""
    return " ".join(_words(text))


_SPACE, _END = "\u3131", "\u3134"
"""What a word's last letter is paired with where another word, and where the text's end, follows it.

Folding leaves neither letter (ㄱ, ㄴ) in any text.
"""


def entry(texts: Sequence[str]) -> str:
    """Write the terms of several texts, none of whose ends any phrase can reach over.

    ``예산을 3%`` is written as ``예산 산을 을ㄱ 3% %ㄴ``, with more spaces.
    """
    folded = [words for one in texts if (words := _words(one))]
    letters = " ".join(map(" ".join, folded))
    # Beside each letter stands what follows it, and beside a space another: it begins no pair.
    following = f"{_END} ".join(f"{_SPACE} ".join([word[1:] for word in words]) for words in folded) + _END
    return _beside(letters, following) if letters else ""


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
