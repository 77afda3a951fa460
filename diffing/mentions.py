"""Names that one of two stretches has and the other has not, and what stands in their places."""

from __future__ import annotations

from collections.abc import Sequence

from rapidfuzz.distance import Levenshtein

from diffing import facts, names
from diffing.endings import composed_stem, letters
from diffing.tokens import Token
from storage.records import Fact

LONG_ENOUGH = 3
"""Syllables from which a name that differs in a single letter is the same misspelt; ``대구`` and ``대수`` are two."""


def of(tokens: Sequence[Token], others: Sequence[Token]) -> list[str]:
    """Give the names that the other side has not, neighbours (``홍길동 장관``) together."""
    known = {one.key for one in others if one.kind == "name"}
    mentions: list[str] = []
    last: Token | None = None
    for one in tokens:
        if one.kind != "name" or one.key in known:
            last = None
            continue
        if last is not None and one.space:
            mentions[-1] += one.space + one.text
        else:
            mentions.append(one.text)
        last = one
    return mentions


def lone_word(tokens: Sequence[Token], named: Sequence[str]) -> list[str]:
    """Give the one word that stands where a body or place stood, without its 조사: it is a name, known or not."""
    if len(named) != 1 or names.is_role(named[0]) or [one.kind for one in tokens] != ["word"]:
        return []
    return [composed_stem(tokens[0].text)]


def misspelt(tokens: Sequence[Token], named: Sequence[str]) -> bool:
    """Tell whether the one word that stands where a body or place stood is its name but for a letter: ``환경뷰는``."""
    said = [one for one in tokens if one.kind != "tail"]
    if len(named) != 1 or len(named[0]) < LONG_ENOUGH or [one.kind for one in said] != ["word"]:
        return False
    word = said[0].text[: len(named[0])]
    return len(word) == len(named[0]) and Levenshtein.distance(letters(word), letters(named[0]), score_cutoff=1) == 1


def replaced(old: Sequence[str], new: Sequence[str]) -> list[Fact]:
    """Give names replaced by names as facts, none where one side has more of them."""
    return [*map(facts.name_fact, old, new)] if len(old) == len(new) else []
