"""A text as figures, dates, names, words and marks, each knowing where it stands and whether it is quoted.

Two tokens with one key say the same, however they are printed.
"""

from __future__ import annotations

import re
from collections.abc import Hashable, Iterator
from dataclasses import dataclass
from typing import Literal

from diffing import dates, figures, names
from diffing.dates import Date
from diffing.endings import same_particle
from diffing.figures import Figure
from diffing.names import Name

TokenKind = Literal["figure", "date", "name", "word", "tail", "quote-mark", "mark"]

_REST = re.compile(r"[^\W_]+|\S")
_PAIRS = {"“": "”", "‘": "’", '"': '"', "'": "'"}
_QUOTE_MARKS = set("“”‘’\"'")
LONGEST_QUOTATION = 1500
"""Letters after which a quotation mark without its partner is taken for a stray one."""


@dataclass(frozen=True, slots=True)
class Token:
    """A piece of text from ``start`` to ``end``, ``space`` the white space before it.

    A ``tail`` is what hangs on a figure, date or name in the same 어절: ``명이`` of ``3명이`` has the tail ``이``.
    """

    kind: TokenKind
    text: str
    start: int
    end: int
    key: Hashable
    space: str = ""
    quoted: bool = False
    reading: Figure | Date | Name | None = None


def read(text: str) -> list[Token]:
    """Cut ``text`` (in its plain spelling) into tokens that together hold everything but white space."""
    quoted = _quotations(text)
    tokens: list[Token] = []
    at = 0
    for kind, start, end, key, reading in sorted(_pieces(text), key=lambda piece: piece[1]):
        space = text[at:start]
        inside = any(low <= start < high for low, high in quoted)
        tokens.append(Token(kind, text[start:end], start, end, key, space, inside, reading))
        at = end
    return tokens


_Piece = tuple[TokenKind, int, int, Hashable, Figure | Date | Name | None]


def _pieces(text: str) -> Iterator[_Piece]:
    free = text
    taken: set[int] = set()
    for date in dates.scan(text):
        yield "date", date.start, date.end, ("date", date.value), date
        free = free[: date.start] + "\0" * (date.end - date.start) + free[date.end :]
        taken.add(date.end)
    for name in names.numbered_posts(free):
        yield "name", name.start, name.end, ("name", name.value), name
        free = free[: name.start] + "\0" * (name.end - name.start) + free[name.end :]
        taken.add(name.end)
    for figure in figures.scan(free):
        yield "figure", figure.start, figure.end, figure.key, figure
        free = free[: figure.start] + "\0" * (figure.end - figure.start) + free[figure.end :]
        taken.add(figure.end)
    for name in names.scan(free):
        yield "name", name.start, name.end, ("name", name.value), name
        free = free[: name.start] + "\0" * (name.end - name.start) + free[name.end :]
        taken.add(name.end)
    for hit in _REST.finditer(free):
        if hit.group()[0] == "\0":
            continue
        yield _plain_piece(hit, tail=hit.start() in taken)


def _plain_piece(hit: re.Match[str], *, tail: bool) -> _Piece:
    printed = hit.group()
    if tail and printed[0].isalnum():
        return "tail", hit.start(), hit.end(), ("tail", _particle(printed)), None
    if printed in _QUOTE_MARKS:
        return "quote-mark", hit.start(), hit.end(), ("quote-mark", printed in '“”"'), None
    kind: TokenKind = "word" if printed[0].isalnum() else "mark"
    return kind, hit.start(), hit.end(), printed, None


def _particle(printed: str) -> str:
    after_vowel = next((form for form in ("는", "를", "와", "가") if same_particle(printed, form)), None)
    return after_vowel or (printed[1:] if printed.startswith("으로") else printed)


def _quotations(text: str) -> list[tuple[int, int]]:
    """Give start and end of what stands between quotation marks."""
    spans: list[tuple[int, int]] = []
    at = 0
    while at < len(text):
        closing = _PAIRS.get(text[at])
        # an apostrophe inside a word (It's) or before a year ('24) opens nothing
        if closing and not (text[at] in "'‘" and (text[at - 1 : at].isalnum() or text[at + 1 : at + 2].isdigit())):
            end = text.find(closing, at + 1, at + LONGEST_QUOTATION)
            if end > 0:
                spans.append((at + 1, end))
                at = end if closing in '"”' else at
        at += 1
    return spans
