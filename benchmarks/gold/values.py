"""Edits of figures, dates and names; the values are worked out here, by a reading of its own."""

from __future__ import annotations

import re
from decimal import Decimal
from random import Random

from benchmarks.gold.edit import SUBSTANCE, Edit, Replaced, Value

_SCALES = {"조": 10**12, "억": 10**8, "만": 10**4, "": 1}
_FREE = r"(?<![\d,.~∼\-△▲+조억만천제])"
"""What must not stand before a figure that is edited: it would belong to it."""

_MONEY = re.compile(
    _FREE + r"(?P<f>\d[\d,]*(?:\.\d+)?[조억만]?(?: \d[\d,]*[억만]?)?(?: ?천만)?) ?원(?=[ ,.을이으에의(]|$)"
)
"""``1조 2,000억 원``, ``3만 원을``"""
_FOREIGN = re.compile(_FREE + r"(?P<f>\d[\d,.]*억) 달러")
"""``12억 달러``"""
_PERCENT = re.compile(_FREE + r"(?P<f>\d+(?:\.\d+)?)(?P<u>%p|%)(?![~p])")
"""``3.2%``, ``0.3%p``"""
_TIMES = re.compile(_FREE + r"(?P<f>\d+(?:\.\d+)?)배(?= |로|의|를|에)")
"""``2.5배로``"""
_COUNT = re.compile(
    _FREE + r"(?P<f>\d[\d,]*(?:만 \d천|만|천)?) ?(?P<u>명|건|개소|가구|개교|곳|대|채|톤|척|개국|개사|필지)"
    r"(?= |,|\.|\)|으로|로|을|를|이|가|의|에서|에|은|는|$)"
)
"""``1만 2천 명이``, ``85곳``"""
_BOUNDED = re.compile(r"(?<=\d)(?P<u>%|명|건|개|세|곳|만 원|억 원|km|일) (?P<b>이상|이하|미만|초과|이내)")
"""``30% 이상``, ``5만 원 미만``"""
_CELL = re.compile(r"(?<=\t)(?P<f>\d[\d,]*(?:\.\d+)?)(?=\t|\n|$)")
"""``1,234`` between two tabs."""
_ARTICLE_OF_LAW = re.compile(r"제(?P<f>\d+)(?P<u>조|차|회)(?!의)")
"""``제12조``, ``제3차``"""
_LOST_SIGN = re.compile(r"△(?P<f>\d+(?:\.\d+)?)(?P<u>%p|%)")
"""``△3.1%``"""
_LOST_POINT = re.compile(_FREE + r"(?P<f>\d+\.\d+)(?P<u>%p|%)(?![~p])")
"""``3.5%``"""

_DAY = re.compile(r"(?<![\d.년] )(?<![\d.])(?P<m>\d{1,2})월 (?P<d>\d{1,2})일(?!간|~)")
"""``6월 12일``"""
_YEAR = re.compile(r"(?<![\d.~∼'’])(?P<y>20\d\d)년(?!간|도| \d{1,2}월)")
"""``2027년``"""
_HOUR = re.compile(r"(?P<half>오전|오후) (?P<h>\d{1,2})시(?! \d|간|~)")
"""``오후 3시``"""
_RELATIVE = (("올해", "내년"), ("내년", "올해"), ("상반기", "하반기"), ("하반기", "상반기"))

_PERSON = re.compile(
    r"(?:(?P<post>장관|청장|처장|과장|팀장|국장|사무관|실장) (?P<who>[가-힣]{3})(?=[)(,]))"
    r"|(?:(?<![가-힣])(?P<whom>[가-힣]{3})(?= (?:[가-힣]{3,10}(?:부|처|청) )?(?:장관|청장|처장|차관)(?:은|이)))"
)
"""``과장 홍길동(``, ``홍길동 교육부 장관은``"""
_BODY = re.compile(
    r"(?<![가-힣‘“「])(?P<b>해양수산부|교육부|기상청|산업통상부|국토교통부|행정안전부|보건복지부|환경부|고용노동부|관세청|국세청"
    r"|중소벤처기업부|농림축산식품부|기획예산처|재정경제부|외교부|국방부)(?=는|은|가|이|와|과|의|에)"
)
"""``교육부는``"""
_PEOPLE = ("강도현", "나은설", "류지한", "모세린", "반가람", "소이담", "여운재", "피승호")
_BODIES = ("법무부", "통일부", "문화체육관광부", "국가보훈부", "여성가족부")


def value(printed: str) -> Decimal:
    """Work out what ``1조 2,000억``, ``8천``, ``3만 2천`` come to."""
    total = Decimal(0)
    for digits, thousand, scale in re.findall(r"(\d[\d,]*(?:\.\d+)?)?(천)?([조억만]?)", printed):
        if digits or thousand:
            total += Decimal((digits or "1").replace(",", "")) * (1000 if thousand else 1) * _SCALES[scale]
    return total


def _number(exact: Decimal) -> Value:
    return int(exact) if exact == exact.to_integral_value() else float(exact)


def _other_digits(printed: str, dice: Random) -> str:
    """Change the last digit that is not a nought, to another that is not."""
    places = [k for k, letter in enumerate(printed) if letter in "123456789"]
    place = places[-1] if dice.random() < 0.5 else places[0]
    return printed[:place] + dice.choice([d for d in "123456789" if d != printed[place]]) + printed[place + 1 :]


def _swapped(hit: re.Match[str], new: str, label: str, *, factor: int = 1, valued: bool = True) -> Edit:
    text, old = hit.string, hit["f"]
    fact = Replaced(label, old, new, _number(value(old) * factor), _number(value(new) * factor), valued)
    start, end = hit.span("f")
    return Edit(text[:start] + new + text[end:], frozenset({label}), SUBSTANCE, (fact,))


def _pick(pattern: re.Pattern[str], text: str, dice: Random) -> re.Match[str] | None:
    hits = [hit for hit in pattern.finditer(text) if "“" not in text]
    return dice.choice(hits) if hits else None


def money(text: str, dice: Random) -> Edit | None:
    """Change an amount of 원."""
    hit = _pick(_MONEY, text, dice)
    if not hit or "천만" in hit["f"]:
        return None
    thousand = 1000 if re.match(r" ?천 ?원", text[hit.end("f") :]) else 1
    return _swapped(hit, _other_digits(hit["f"], dice), "money", factor=thousand)


def foreign(text: str, dice: Random) -> Edit | None:
    """Change an amount of dollars, whose value is not in 원."""
    hit = _pick(_FOREIGN, text, dice)
    return _swapped(hit, _other_digits(hit["f"], dice), "money", valued=False) if hit else None


def percent(text: str, dice: Random) -> Edit | None:
    """Change a percentage."""
    hit = _pick(_PERCENT, text, dice)
    return _swapped(hit, _other_digits(hit["f"], dice), "percent") if hit else None


def times(text: str, dice: Random) -> Edit | None:
    """Change a multiple."""
    hit = _pick(_TIMES, text, dice)
    return _swapped(hit, _other_digits(hit["f"], dice), "percent") if hit else None


def quantity(text: str, dice: Random) -> Edit | None:
    """Change a count."""
    hit = _pick(_COUNT, text, dice)
    return _swapped(hit, _other_digits(hit["f"], dice), "quantity") if hit else None


def bound(text: str, dice: Random) -> Edit | None:
    """Turn a bound: ``이상`` to ``초과``."""
    hit = _pick(_BOUNDED, text, dice)
    if not hit:
        return None
    new = dice.choice([one for one in ("이상", "이하", "미만", "초과") if one != hit["b"]])
    return Edit(text[: hit.start("b")] + new + text[hit.end("b") :], frozenset({"quantity"}), SUBSTANCE, None)


def cell(text: str, dice: Random) -> Edit | None:
    """Change a bare figure in a table."""
    hit = _pick(_CELL, text, dice)
    return _swapped(hit, _other_digits(hit["f"], dice), "number") if hit else None


def ordinal(text: str, dice: Random) -> Edit | None:
    """Change the number of an article of law or a meeting."""
    hit = _pick(_ARTICLE_OF_LAW, text, dice)
    return _swapped(hit, _other_digits(hit["f"], dice), "number") if hit else None


def lost_sign(text: str, dice: Random) -> Edit | None:
    """Lose a white triangle: a fall becomes a rise."""
    hit = _pick(_LOST_SIGN, text, dice)
    if not hit:
        return None
    was = value(hit["f"])
    fact = Replaced("percent", hit["f"], hit["f"], _number(-was), _number(was))
    return Edit(text[: hit.start()] + text[hit.start() + 1 :], frozenset({"percent"}), SUBSTANCE, (fact,))


def lost_point(text: str, dice: Random) -> Edit | None:
    """Lose a decimal point: ``3.5%`` becomes ``35%``."""
    hit = _pick(_LOST_POINT, text, dice)
    return _swapped(hit, hit["f"].replace(".", "").lstrip("0"), "percent") if hit else None


def day(text: str, dice: Random) -> Edit | None:
    """Change a day of the month."""
    hit = _pick(_DAY, text, dice)
    if not hit:
        return None
    new = dice.choice([one for one in range(1, 29) if str(one) != hit["d"]])
    fact = Replaced("date-value", hit["d"], str(new), valued=False)
    return Edit(text[: hit.start("d")] + str(new) + text[hit.end("d") :], frozenset({"date-value"}), SUBSTANCE, (fact,))


def year(text: str, dice: Random) -> Edit | None:
    """Change a year."""
    hit = _pick(_YEAR, text, dice)
    if not hit:
        return None
    new = str(int(hit["y"]) + dice.choice([-1, 1, 2]))
    fact = Replaced("date-value", hit["y"], new, valued=False)
    return Edit(text[: hit.start("y")] + new + text[hit.end("y") :], frozenset({"date-value"}), SUBSTANCE, (fact,))


def hour(text: str, dice: Random) -> Edit | None:
    """Change a time of day."""
    hit = _pick(_HOUR, text, dice)
    if not hit:
        return None
    new = dice.choice([one for one in range(1, 12) if str(one) != hit["h"]])
    fact = Replaced("date-value", hit["h"] + "시", f"{new}시", valued=False)
    return Edit(text[: hit.start("h")] + str(new) + text[hit.end("h") :], frozenset({"date-value"}), SUBSTANCE, (fact,))


def relative(text: str, dice: Random) -> Edit | None:
    """Turn this year into next year, the first half into the second."""
    fitting = [one for one in _RELATIVE if text.count(one[0]) == 1 and one[1] not in text and "“" not in text]
    if not fitting:
        return None
    old, new = dice.choice(fitting)
    fact = Replaced("date-value", old, new, valued=False)
    return Edit(text.replace(old, new), frozenset({"date-value"}), SUBSTANCE, (fact,))


def person(text: str, dice: Random) -> Edit | None:
    """Put another person in a post."""
    hit = _pick(_PERSON, text, dice)
    if not hit:
        return None
    group = "who" if hit["who"] else "whom"
    new = dice.choice(_PEOPLE)
    fact = Replaced("name", hit[group], new, valued=False)
    return Edit(text[: hit.start(group)] + new + text[hit.end(group) :], frozenset({"name"}), SUBSTANCE, (fact,))


def body(text: str, dice: Random) -> Edit | None:
    """Put another ministry in a ministry's place, with the 조사 that fits."""
    hits = [hit for hit in _BODY.finditer(text) if "“" not in text and hit["b"].endswith("부")]
    if not hits:
        return None
    hit = dice.choice(hits)
    new = dice.choice(_BODIES)
    fact = Replaced("name", hit["b"], new, valued=False)
    return Edit(text[: hit.start("b")] + new + text[hit.end("b") :], frozenset({"name"}), SUBSTANCE, (fact,))
