"""Companies whose names bear no mark of one, told by what they end with where one stands in another's place."""

from __future__ import annotations

import re

_SURE = "정밀|정공|제약|물산|중공업|엔지니어링|로보틱스|시스템즈|모터스|네트웍스|테크놀로지|제지|제강"
"""What ends the names of companies and hardly a noun."""
_LIKELY = "전자|화학|산업|건설|식품|기계|기전|테크|바이오|에너지|상사|공업|기공|푸드|소프트"
"""What ends nouns too: ``주력산업``, ``핀테크``."""
_MAY_BE = re.compile(rf"(?P<name>[가-힣]{{2,6}}?(?:{_SURE}|{_LIKELY}))(?:은|는|이|가|을|를|의|에|와|과|도|로|으로)?")
_KNOWN = re.compile(rf"(?!(?:시간|공간|예산|제도|기술|사회|신체|지역|초고)(?:제약|정밀)).*(?:{_SURE})")


def company(word: str) -> str | None:
    """Give the company (NFC) that an 어절 may name, of ``새한정밀이`` 새한정밀.

    A shape alone proves nothing: it is to be asked of two words of which one replaced the other, one of them known.
    """
    hit = _MAY_BE.fullmatch(word)
    return hit["name"] if hit else None


def known(name: str) -> bool:
    """Tell whether a name ends as those of companies do and nouns hardly: ``한결제약``, but not ``시간제약``."""
    return _KNOWN.fullmatch(name) is not None
