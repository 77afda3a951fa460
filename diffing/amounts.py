"""Numbers as they are written, in digits and in 만·억·조, to exact values; and what of them is no one value.

``1조 2천억``, ``21억 4748만``, ``2천5백만``, ``1,234``, ``백이십삼만``.
"""

from __future__ import annotations

import re
from decimal import Decimal

_STACKED = r"(?:[경조억만](?=\s?(?:[원엔불%명]|달러|유로|위안)))?"
"""``4억조 원``: one scale upon another, which makes no number"""

# no number has more commas than this; without a bound a long list of numbers takes time in its cube
_MISPRINT = (
    r"(?:\d+(?:,\d+){0,6},(?:\d{1,2}|\d{4,5}|\d{7,8})(?!\d)(?:,\d+){0,6}(?=\s?[천백십]?[조억만]|\s?원)"
    r"|\d+(?:,\d+){0,6},0\d(?![\d,])|\d[\d,]{0,24},(?=[천백십]?[조억만]|원))"
)
"""``2,00억 원``, ``5,00명``, ``5,억 원``: a comma where none can be, so nobody knows the value."""
_MISPRINTED = re.compile(
    r"\d,(?:\d{1,2}|\d{4,5}|\d{7,8}|)(?!\d)"
    r"|[경조억만]{2}"  # 4억조
    r"|[경조억]\s?(?:\d[\d,.]*[천백십]\s?)+$"  # 2억 5천: mostly 5천만, of which 만 is left out
)
_POINT_OR_COMMA = re.compile(r"[1-9]\d{0,2}\.\d{3}")
"""``1.500원``: one and a half, or 1,500 with a point for a comma"""

NUMBER = rf"(?:{_MISPRINT}|\d+(?:,(?:\d{{3}})+(?!\d)){{1,8}}(?:\.\d+)?|\d+(?:\.\d+)?)"
"""A pattern of digits, with commas and a point: ``1,234.5``, ``1234,300`` where a comma was forgotten"""
_SMALL_SCALE = r"(?:[천백십](?![가-힣]*[개년]도)|\s[천백십](?=$|[^가-힣]|[조억만원]))"
"""The 천 of ``3천`` and ``3 천만``, not of ``2026 천안``"""
_BIG_SCALE = (
    r"(?:(?<!\s)(?:조(?![각합직선명약달]|\s?\d교대)|억|만(?![족큼])|경(?=\s?(?:\d|원|$)))|(?<=\s)[조억만](?=$|[^가-힣]|원)"
    r"|(?<=\s)경(?=\s?원))"
)
"""The 조 of ``3조``, not of ``3조각`` or ``2026 조선``; the 경 of ``1경 원``, not of ``3경기``"""
_GROUP = rf"{NUMBER}{_SMALL_SCALE}?(?:\d{{1,3}}[백십])*(?:(?<=[천백십])\d{{1,3}})?"
_REST_OF_AMOUNT = (
    r"(?:(?<![조억경])\s?(?=\d[\d,]{0,4}(?:\s?(?:여\s?)?[가-힣%]|[A-Za-zμµ°㎡㎢㎥])"
    r"|\d,?\d{3}(?:$|,(?!\d)|[^\d,.가-힣A-Za-z~∼〜–/-]))"
    rf"{_GROUP}|(?<=[조억경])\s?(?=\d[\d,]{{0,4}}\s?(?:여\s?)?(?:[천백십원엔불명]|달러|유로|위안)){_GROUP})"
)
"""The 5,000 of ``3만 5,000명``, ``3만 5,000㎡`` and ``3만 5,000``"""
AMOUNT = rf"{_GROUP}(?:\s?(?:여\s?)?{_BIG_SCALE}{_STACKED}(?:\s?{_GROUP}\s?여?[조억만])*(?:{_REST_OF_AMOUNT})?)?"
"""A pattern of amounts: ``1조 2천억``, ``2천5백만``, ``21억 4748만 3648``, ``1,234``"""

_DIGITS = {digit: value for value, digit in enumerate("영일이삼사오육칠팔구")}
_SMALL = {"십": 10, "백": 100, "천": 1000}
_BIG = {"만": 10**4, "억": 10**8, "조": 10**12, "경": 10**16}
_PART = re.compile(r"(?P<digits>[\d.,천백십]+(?:\s[천백십])?)\s?여?(?P<scale>[경조억만])?")
"""``21억``, ``4,748만``: the parts of a mixed amount"""
_STEP = re.compile(rf"{NUMBER}|[일이삼사오육칠팔구]|[십백천만억조경]")
"""``2``, ``천``, ``5``, ``백``, ``만`` of ``2천5백만``: the steps in which an amount is read."""


def amount(text: str) -> Decimal:
    """Read a number in digits, Korean scales or both: ``2천5백만`` is 25,000,000.

    Each of 십·백·천 multiplies what stands before it, each of 만·억·조 all that was read since the last of them.
    """
    total = part = Decimal(0)
    digit: Decimal | None = None
    for step in _STEP.findall(text):
        if step in _SMALL:
            part += (digit if digit is not None else 1) * _SMALL[step]
            digit = None
        elif step in _BIG:
            part += digit or 0
            total += (part or 1) * _BIG[step]
            part, digit = Decimal(0), None
        else:
            digit = Decimal(_DIGITS[step]) if step in _DIGITS else Decimal(step.replace(",", ""))
    return total + part + (digit or 0)


def misprinted(printed: str, *, counted: bool) -> bool:
    """Tell whether nobody can know the value of an amount.

    ``2,00억``, ``4억조``, ``1조 10억 20억``, ``1조 12,000억``, ``2억 5천``; ``1.500`` of what is ``counted`` whole.
    """
    return (
        _MISPRINTED.search(printed) is not None
        or (counted and _POINT_OR_COMMA.fullmatch(printed) is not None)
        or _out_of_step(printed)
    )


def _out_of_step(printed: str) -> bool:
    """Whether one of the parts of a mixed amount reaches into the part before it."""
    above: int | None = None
    for part in _PART.finditer(printed):
        scale = _BIG.get(part["scale"] or "", 1)
        if above is not None and amount(part["digits"]) * scale >= above:
            return True
        above = scale
    return False


def lent_scale(low: str, high: str) -> str:
    """Give the scale that the upper end of a range lends to the lower one: 억 of ``3~5억``, nothing of ``3천~5억``."""
    scale = re.search(r"[천백십]?[경조억만]$|[천백십]$", high)
    if scale and not re.search(r"[경조억만천백십]", low) and amount(low) <= amount(high[: scale.start()]):
        return scale.group()
    return ""
