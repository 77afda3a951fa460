"""Text as the index holds it: folded to one form, then a term for each letter with the next, each mark and space."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence
from functools import lru_cache
from operator import add

# 예산안 2027 ktx 國 か: what is indexed by pairs; every other character is a term of its own.
_LETTER = "0-9a-z가-힣一-鿿㐀-䶿ぁ-ゖァ-ヺ"

_RUN = re.compile(f"[{_LETTER}]+")

# 예산안, then a space, then ( ...
_PIECE = re.compile(f"[{_LETTER}]+|[^{_LETTER}]")

# 3,000억: a comma that only groups digits
_GROUPING = re.compile(r"(?<=\d),(?=\d{3}(?!\d))")

SPACE = re.compile(r"\s+")

# zero width space, joiners, word joiner, byte order mark, soft hyphen: seen by nobody
_UNSEEN = re.compile("[\u00ad\u200b-\u200d\u2060\ufeff]")


def fold(text: str) -> str:
    """Give the one form in which texts and terms are compared: composed, lower case, single spaces, bare digits."""
    plain = unicodedata.normalize("NFKC", _UNSEEN.sub("", text)).casefold()
    composed = unicodedata.normalize("NFC", plain)
    return " ".join((_GROUPING.sub("", composed) if "," in composed else composed).split())


_MARK, _END = "\u3131", "\u3134"
"""How the terms of a mark and of a text's end begin; folding leaves neither letter (ㄱ, ㄴ) in any text."""


def _of_part(folded: str) -> list[str]:
    """Give the terms of a part of a text in order, whose last letter may have others after it.

    What stands together is given together, its terms parted by spaces.
    """
    pieces = _PIECE.findall(folded)
    terms = list(map(_of_piece, pieces))
    if len(pieces[-1]) > 1:
        terms[-1] = terms[-1].rpartition(" ")[0]
    return terms


def _of_piece(piece: str) -> str:
    """Write the terms of a run of letters, each with the next and the last alone, or that of a mark or a space."""
    if _RUN.match(piece):
        return " ".join([*map(add, piece, piece[1:]), piece[-1]])
    return _MARK if piece == " " else f"{_MARK}{ord(piece):x}"


def _of_word(word: str) -> str:
    """Write the terms of what stands between two spaces."""
    return _remembered(word) if len(word) <= _SHORT else _written(word)


def _written(word: str) -> str:
    return " ".join(map(_of_piece, _PIECE.findall(word)))


_SHORT = 24
"""Letters of a word that is likely to come again; most are shorter by far."""

_remembered = lru_cache(maxsize=1 << 15)(_written)


def entry(texts: Sequence[str]) -> str:
    """Write the terms of several texts, none of whose ends any phrase can reach over."""
    space = f" {_MARK} "
    return f" {_END} ".join(space.join(map(_of_word, fold(one).split(" "))) for one in texts)


def phrases(terms: Sequence[str]) -> str:
    """Write the FTS5 query that exactly those versions pass in which all terms stand."""
    found = []
    for term in terms:
        words = " ".join(_of_part(term)).split(" ")
        # A run's last letter, when it stands alone, begins the pair that it makes with whatever follows it.
        open_ended = len(words[-1]) == 1 and words[-1] != _MARK
        found.append(f'"{" ".join(words)}"{" *" if open_ended else ""}')
    return " AND ".join(found)
