"""Stretches of time whose figures look like days or months: 최대 5일, 45일→30일, 징역 1년 6월."""

from __future__ import annotations

import re
from collections.abc import Iterable

NONE_BEHIND = (
    r"(?!\s?(?:간|동안|안[에으]|뒤|[전후](?=$|[^가-힣]|에|까지|부터|인|의)|이내|이상|이하|미만|초과|만에|씩|치|째|분|당"
    r"|내외|안팎|남짓|정도|가량|여|걸[려렸리린릴]|소요)|제)"
)
"""That nothing follows a figure of days which makes it a stretch of time: ``30일 이내``, ``5일간``, ``4일제``, of which
``10일 제3차`` is none.
"""

_ITS_LENGTH = r"(?:처리|심사|대기|소요|보관|유효|격리|잠복|숙려|체류|검토|납품|회신|배송)\s?(?:기[간한]|일수)"
_LENGTH = re.compile(
    r"(?:(?:약|최대|최소|최장|총|단|연|주|×)\s?|날(?:로)?부터\s|(?:휴가|연차|휴직)[을를은는이가]?\s"
    rf"|{_ITS_LENGTH}[을를은는이가]?\s?[(:]?\s?"
    r"|(?:3[2-9]|[4-9]\d|\d{3})\s?일(?:에서|\s?[→➔⇒])\s?)$"
)
"""What stands before a figure of days that counts a stretch of time: ``최대 5일``, ``받은 날부터 30일``,
``휴가를 10일``, ``처리 기간 15일``, ``45일→30일``.
"""
_HEADS_LENGTHS = re.compile(rf"(?P<length>{_ITS_LENGTH})(?:\s?\(일\))?$")
"""What heads a row or column of them: ``처리 기간``, ``소요 일수(일)``."""
_TO_LENGTH = re.compile(r"(?:에서|\s?[→➔⇒])\s?(?:3[2-9]|[4-9]\d|\d{3})\s?일")
"""What stands behind one: ``30일→45일``."""
_A_DAY = re.compile(r"1일(?:당|\s?(?:평균|최대|최소|최고)|\s\d[\d.,]*(?:회|시간|차례|번|끼|잔)(?![가-힣]*차))")
"""``1일 3회``, ``1일 최대 4시간``: what a day is allowed."""
_TERM = re.compile(r"(?:징역|금고|정지|정직|감봉|유예)\s?(?:\d{1,2}년\s?)?$")
"""What stands before a figure of months that counts them: ``징역 1년 6월``, ``영업정지 3월``."""
_IN_MONTH = re.compile(r"\s?(?:부터|까지|중|[초말](?![가-힣]))")

_NEAR = 9
"""Letters before a figure of days or months in which a word can make it a stretch of time: ``처리 기간을 ``."""
_TURNS_TO = re.compile(r"(?:에서|\s?[→➔⇒])\s?")
"""What links a stretch of time to another: ``10일에서 20일로``"""


def counts_days(text: str, start: int, end: int, counted: int) -> bool:
    """Tell whether the figure of days at ``start`` counts them, by what stands around it.

    Args:
        text: what the figure stands in.
        start: where it begins.
        end: where it ends.
        counted: where the last figure ended that counts days; 0 where none does.
    """
    return bool(
        _A_DAY.match(text, start)
        or _LENGTH.search(text, max(0, start - _NEAR), start)
        or (counted and _TURNS_TO.fullmatch(text, counted, start))
        or _TO_LENGTH.match(text, end)
    )


def lead(headings: Iterable[str]) -> str:
    """Give what is to stand before a cell so that its days are counted, where one of its headings says they are."""
    return next((f"{hit['length']} " for one in headings if (hit := _HEADS_LENGTHS.search(one))), "")


def counts_months(text: str, start: int, end: int) -> bool:
    """Tell whether the figure of months from ``start`` to ``end`` counts them: ``징역 6월``, not ``정지 6월부터``."""
    return bool(_TERM.search(text, max(0, start - _NEAR), start)) and not _IN_MONTH.match(text, end)
