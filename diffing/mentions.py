"""Names that one of two stretches has and the other has not, and what stands in their places."""

from __future__ import annotations

from collections.abc import Sequence

from diffing import facts, names
from diffing.endings import composed_stem
from diffing.tokens import Token
from storage.records import Fact


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


def replaced(old: Sequence[str], new: Sequence[str]) -> list[Fact]:
    """Give names replaced by names as facts, none where one side has more of them."""
    return [*map(facts.name_fact, old, new)] if len(old) == len(new) else []
