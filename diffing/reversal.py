"""Whether two stretches that stand for one another say the reverse without a word of denial."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence

from diffing import rivals, stance
from diffing.endings import composed_stem, is_particle
from diffing.tokens import Token

_ONLY = re.compile(r"(?:[가-힣](?<![지다뿐])|^)만[이을은의]?$")
"""``청년만``; ``하지만`` and ``없지만`` limit nothing."""

_ALL = frozenset("모든 전체 전국 전국민 누구나".split())
"""``전체 가구``, beside ``저소득층``: who is meant without exception."""
_EACH = frozenset("각 각각 모두 총 온 우리나라".split())
"""What may say the same as these."""


def turned(old: Sequence[Token], new: Sequence[Token]) -> bool:
    """Tell whether a sign, an end or a limit is turned: ``↑`` to ``↓``, ``부터`` to ``까지``, ``도`` to ``만``."""
    marks = ["".join(one.text for one in side if one.kind == "mark") for side in (old, new)]
    return stance.turned_sign(*marks) or _turns_the_end(old, new) or _is_limited(old, new)


def opposite(old: Sequence[Token], new: Sequence[Token]) -> bool:
    """Tell whether a word stands for its opposite: 늘었다 for 줄었다, 제외 for 포함."""
    ours, theirs = ([one.text for one in side if one.kind == "word"] for side in (old, new))
    if max(len(ours), len(theirs)) > stance.READABLE:
        return False
    if (
        ours
        and theirs
        and any(
            not _ALL.isdisjoint(one) and (_ALL | _EACH).isdisjoint(map(composed_stem, other))
            for one, other in ((ours, theirs), (theirs, ours))
        )
    ):
        return True
    if rivals.exchanged(*([word for one in side for word in (one, composed_stem(one))] for side in (ours, theirs))):
        return True
    return any(
        stance.reverse(composed_stem(one), composed_stem(other)) or stance.reverse(one, other)
        for one in ours
        for other in theirs
    )


def _turns_the_end(old: Sequence[Token], new: Sequence[Token]) -> bool:
    """Tell whether what was an end is a beginning or the reverse: ``12일부터`` for ``12일까지``."""
    ends = [
        Counter(one.text[-2:] for one in side if one.kind in {"word", "tail"} and one.text.endswith(("부터", "까지")))
        for side in (old, new)
    ]
    return ends[0] != ends[1] and ends[0].total() == ends[1].total()


def _is_limited(old: Sequence[Token], new: Sequence[Token]) -> bool:
    """Tell whether a 조사 says on one side alone that it is nobody else: ``청년만`` for ``청년도``."""
    ours, theirs = ([one.text for one in side if one.kind in {"word", "tail"}] for side in (old, new))
    limits = [[word for word in side if _ONLY.search(word)] for side in (ours, theirs)]
    if len(limits[0]) == len(limits[1]):
        return False
    (only,), others = (limits[0][:1], theirs) if len(limits[0]) > len(limits[1]) else (limits[1][:1], ours)
    bare = only[: only.rindex("만")]
    return any(word == bare or (word.startswith(bare) and is_particle(word[len(bare) :])) for word in others)
