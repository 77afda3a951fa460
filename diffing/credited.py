"""How credits stand for one another: ``(사진=산림청)``, of what stands above or before it."""

from __future__ import annotations

import re
from collections.abc import Sequence

_CREDIT = re.compile(r"[(<\[〈]\s?(?:사진|자료|출처|제공|그림|영상)[가-힣\s]{0,6}[=:：]")
"""``(사진=산림청)``, ``<자료: 국토연구원>``: of what stands above or before it."""


def paired(
    gone: Sequence[int], come: Sequence[int], old: Sequence[tuple[int, str]], new: Sequence[tuple[int, str]]
) -> tuple[list[tuple[int, int]], list[int], list[int]]:
    """Pair the credits that went with those that came, the first with the first, and give what else went and came."""
    ours, theirs = [k for k in gone if _CREDIT.match(old[k][1])], [k for k in come if _CREDIT.match(new[k][1])]
    pairs = list(zip(ours, theirs, strict=False))
    return pairs, [k for k in gone if k not in ours[: len(pairs)]], [k for k in come if k not in theirs[: len(pairs)]]
