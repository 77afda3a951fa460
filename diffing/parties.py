"""Who agrees with whom: what stands before 와 or 과 of an agreement is a name, whatever its shape."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Sequence
from operator import attrgetter

from diffing.tokens import Token, as_name

_AGREEMENT = re.compile("체결|협약|협정|약정|양해각서|계약|합의서|맺|손잡")
_NEAR = 10
"""Tokens in which what is agreed on follows who agrees."""
_WITH = re.compile("(?P<party>[가-힣A-Za-z]{2,})[와과]")
_COMMON = re.compile(
    "기업|업체|업계|기관|단체|회사|법인|조합|지자체|지방자치단체|정부|당국|부처|대학|학교|병원|은행|주민|농가|시민|상인|전문가"
    "|노조|노사|상대|국가|나라|측|사업자|운영자|소유자|제조사|공급자|임대인|임차인|이들|서로"
)
"""What ends a word that may be any of many: ``지역 기업과 협약``."""


def named(
    old: Sequence[Token], new: Sequence[Token], sentence: Sequence[Token]
) -> tuple[Sequence[Token], Sequence[Token]]:
    """Read as names the words of which one replaced the other as a party: ``엔비디아와 양해각서를 체결했다``.

    Args:
        old: A stretch of the old tokens.
        new: What stands in its place.
        sentence: All tokens of the old sentence.
    """
    if [[one.kind for one in side] for side in (old, new)] != [["word"], ["word"]]:
        return old, new
    hits = [_WITH.fullmatch(side[0].text) for side in (old, new)]
    parties = [hit["party"] for hit in hits if hit]
    if len(parties) < 2 or any(_COMMON.search(one) for one in parties):
        return old, new
    behind = bisect_right(sentence, old[0].start, key=attrgetter("start"))
    if not any(_AGREEMENT.search(one.text) for one in sentence[behind : behind + _NEAR]):
        return old, new
    return as_name(old[0], parties[0]), as_name(new[0], parties[1])
