"""Lists in turn: the same items in another order, and words that say whose turn is when."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Hashable, Mapping, Sequence
from itertools import zip_longest
from typing import NamedTuple

from diffing import stems
from diffing.endings import after_vowel
from diffing.finding import Finding
from diffing.tokens import Token

LONGEST = 300
"""Words beyond which nobody tells whether a sentence only says the same in another order, a table without stops."""

_LISTING = frozenset({",", "·", "ㆍ", "/", "및"})
"""What parts the items of a list that may stand in any order."""
_IN_TURN = re.compile(r"각각|각기|차례로|(?:순|순서)(?:으로|로|이다|입니다|임)?$")
"""``남자와 여자가 각각 3명과 5명이다``: the order says who is meant."""
AND = {"", "와", "하고", "이나", "나", "및", "랑"}
"""조사 that give a word no part of its own: ``청년과 노인이``."""


class _Item(NamedTuple):
    """A word, name, figure, date or mark, and the 조사 behind it."""

    kind: str
    key: Hashable
    case: str


def relisted(old: Sequence[Token], new: Sequence[Token]) -> Finding | None:
    """Compare two sentences that list the same in another order, ``학생과 교사에게``; or give None."""
    if len(old) != len(new) or len(old) > LONGEST:
        return None
    differ = [(one.text[0], other.text[0]) for one, other in zip(old, new, strict=True) if one.key != other.key]
    if len(differ) < 2 or sorted(one for one, _ in differ) != sorted(other for _, other in differ) or says_turns(old):
        return None
    bare = stems.shared({one.text for one in (*old, *new) if one.kind == "word"})
    ours, theirs = _items(old, bare), _items(new, bare)
    if [(one.kind, one.case) for one in ours] != [(one.kind, one.case) for one in theirs]:
        return None
    moved = [k for k, (one, other) in enumerate(zip(ours, theirs, strict=True)) if one.key != other.key]
    if not moved or any(ours[k].kind not in {"name", "word"} for k in moved):
        return None
    first, last = moved[0], moved[-1]
    listed = all(
        one.case in AND - {""} or one.key in _LISTING or ours[k + 1].key in _LISTING
        for k, one in enumerate(ours[first:last], first)
    )
    same = Counter(one.key for one in ours[first : last + 1]) == Counter(one.key for one in theirs[first : last + 1])
    return Finding({"wording"}) if listed and same else None


def _items(tokens: Sequence[Token], bare: Mapping[str, str]) -> list[_Item]:
    """Give what a sentence says word by word, each without the 조사 that it bears."""
    found = []
    for one, behind in zip_longest(tokens, tokens[1:]):
        if one.kind == "word":
            base = bare[one.text]
            found.append(_Item(one.kind, base, after_vowel(one.text[len(base) :])))
        elif one.kind != "tail":
            tail = behind.text if behind and behind.kind == "tail" else ""
            found.append(_Item(one.kind, one.key, after_vowel(tail)))
    return found


def says_turns(tokens: Sequence[Token]) -> bool:
    """Tell whether a sentence says that what it lists stands in turn."""
    return any(_IN_TURN.match(one.text) for one in tokens if one.kind in {"word", "tail"})
