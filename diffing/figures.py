"""Figures as Korean releases print them: mixed 만·억·조, decimals, signs, units, bounds, ranges.

``1조 2천억``, ``21억 4748만``, ``1,234억 원``, ``1.5조원``, ``△3.1%``, ``약 100여 명 이상``, ``5~10명``. A figure is
read into an exact value and a kind; nothing is guessed where the sign is not fixed (▲).
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Literal

Kind = Literal["money", "percent", "quantity", "number"]

_MONEY = {
    "원": "원", "달러": "달러", "불": "달러", "유로": "유로", "엔": "엔",
    "위안": "위안", "파운드": "파운드", "프랑": "프랑",
    **{name: name for name in "루피 루블 루피아 바트 링깃 텡게 즐로티 페소 리라 디르함 리얄 크로나 크로네".split()},
}  # fmt: skip
_CODES = {
    "달러": "USD", "미국 달러": "USD", "미 달러": "USD", "불": "USD", "호주 달러": "AUD", "캐나다 달러": "CAD",
    "홍콩 달러": "HKD", "싱가포르 달러": "SGD", "대만 달러": "TWD", "뉴질랜드 달러": "NZD", "유로": "EUR", "엔": "JPY",
    "위안": "CNY", "파운드": "GBP", "프랑": "CHF", "루피": "INR", "루블": "RUB", "루피아": "IDR", "바트": "THB",
    "링깃": "MYR", "텡게": "KZT", "즐로티": "PLN", "리라": "TRY", "디르함": "AED", "크로나": "SEK",
}  # fmt: skip
"""ISO 4217 codes of the currencies other than 원; what several countries have (페소, 크로네) has its own name."""

_SAME_CURRENCY = {"미국 달러": "달러", "미 달러": "달러"}
_SIGNS = {"$": "달러", "US$": "달러", "€": "유로", "¥": "엔", "£": "파운드", "₩": "원"}
_PERCENT = {
    "%p": "%p", "%P": "%p", "%포인트": "%p", "퍼센트포인트": "%p", "% 포인트": "%p", "퍼센트 포인트": "%p",
    "%": "%", "퍼센트": "%", "배": "배",
}  # fmt: skip
_COUNTERS = (
    "개소|개국|개월|개년|개사|개교|개팀|개반|개"
    "|인분|인구|명|사람|인|건|가구|세대|톤|곳|대|회|차례|번|종|가지|항목|과제|마리|그루|동|채|필지|척|편|권|부|장|점|세|살|주간|주"
    "|년간|년|일간|일|시간|분(?!의)|초|석|실|병상|학급|팀|쌍|잔|끼|상자|박스|포대|포기|기|량|노선|구간|지구|단지|필|통|표|좌|학점|호|뷰|화소|토큰|매개변수|파라미터|광년|회선|배럴|그램|리터|킬로미터"
    "|미터|헥타르|평|와트|km²|m²|m³|㎡|㎢|㎥|[μµ]g(?:/m³)?|km/h|mg/kg|mg/L|ppm|ppb|dB|km|cm|mm|kWh|MWh|GWh|TWh|kW|MW|GW|TW|kg|mg|ha|GB|TB|MB|Gbps|Mbps|bp|°C|℃|g|t|L|m|W"
)
_ENDS_WORD = (
    r"$|[^가-힣A-Za-z]|[이가은는을를의에로도만과와씩당여중째간대나다들뿐쯤꼴분]|으로|까지|부터|보다|밖|안팎|내외|이[상하내]|미만"
    r"|초과|정도|가량|남짓|수준|규모|였|등|마다|짜리|모두|미터|미만"
)
"""What may follow a counter that stands apart: ``100 명이``, but not ``G7 회의``, ``코로나19 대응``."""
_UNIT = re.compile(
    r"\s?(?:"
    r"(?P<percent>%\s?포인트|퍼센트\s?포인트|%[pP]|%|퍼센트"
    r"|배(?=$|[^가-힣]|로|가|이|를|의|나|까|에|는|은|도|씩|증|늘|높|많|정도|가량|수준|만))"
    # 원 but not 원칙, 원전
    r"|(?P<money>원(?!칙|전|자|인|장|서)|(?:(?:미국?|호주|캐나다|홍콩|싱가포르|대만|뉴질랜드)\s?)?달러"
    r"|불(?=$|[^가-힣]|을|의|로|이)|유로|엔(?=$|[^가-힣]|을|의|으|이|화)|위안|파운드|프랑|루피아|루피|루블|바트|링깃"
    r"|텡게|즐로티|페소|리라|디르함|리얄|크로나|크로네)"
    rf"|(?P<counter>(?:(?<=\s)(?!회의)(?:{_COUNTERS})(?={_ENDS_WORD})|(?<!\s)(?:{_COUNTERS}))(?![A-Za-z]))"
    # 영하 13도까지; 제도, 시도, 3도시 are none
    r"|(?P<degrees>도(?=$|[^가-힣]|로|가|를|는|의|에|까지|다|였|씩|이상|이하|안팎|를|나|쯤|가량|정도))"
    r")"
)
_MISPRINT = (
    r"(?:\d+(?:,\d+)*,(?:\d{1,2}|\d{4,})(?!\d)(?:,\d+)*(?=\s?[천백십]?[조억만]|\s?원)|\d+(?:,\d+)*,0\d(?![\d,])"
    r"|\d[\d,]*,(?=[천백십]?[조억만]|원))"
)
"""``2,00억 원``, ``5,00명``, ``5,억 원``: a comma where none can be, so nobody knows the value."""
_MISPRINTED = re.compile(r"\d,(?:\d{1,2}(?!\d)|\d{4}|(?!\d))")
_POINT_OR_COMMA = re.compile(r"[1-9]\d{0,2}\.\d{3}")
"""``1.500원``: one and a half, or 1,500 with a point for a comma"""

_NUMBER = rf"(?:{_MISPRINT}|\d{{1,3}}(?:,\d{{3}})+(?:\.\d+)?|\d+(?:\.\d+)?)"
_GROUP = rf"{_NUMBER}(?:\s?[천백십](?![가-힣]*[개년]도))?(?:\d{{1,3}}[백십])*(?:(?<=[천백십])\d{{1,3}})?"
_REST_OF_AMOUNT = rf"(?:\s?(?=\d[\d,]{{0,4}}\s?(?:여\s?)?[가-힣%])){_GROUP}"
_AMOUNT = rf"{_GROUP}(?:\s?여?[경조억만](?:\s?{_GROUP}\s?여?[조억만])*(?:{_REST_OF_AMOUNT})?)?"
"""``1조 2천억``, ``2천5백만``, ``21억 4748만 3648``, ``1,234``"""

_FIGURE = re.compile(
    r"(?=[\d약최영+\-−–△▲▽▼U$€¥£₩])"  # nowhere else does a figure begin, which is seen at once
    r"(?P<approx>(?<![가-힣])(?:약|최대|최소|최고)\s?)?"
    r"(?P<sign>(?<![\d가-힣A-Za-z)\].,%-])[-−–+]|[△▲▽▼]|(?<![가-힣])영[하상]\s?)?"
    r"(?P<currency>US\$|[$€¥£₩]\s?)?"
    rf"(?<![\d.])(?P<low>{_AMOUNT})"
    rf"(?:(?P<unit1>\s?[%원명개])?\s?[~∼〜–-]\s?(?P<high>(?<=[~∼〜–\s])[-△]?{_AMOUNT}|{_AMOUNT})(?![\d-]))?"
    r"(?P<more>\s?여(?=\s?[가-힣%]))?"
)
_SCALES = {"thousand": 10**3, "million": 10**6, "billion": 10**9, "trillion": 10**12}
_ENGLISH = re.compile(r"\s?(?P<scale>thousand|million|billion|trillion)(?![A-Za-z])", re.IGNORECASE)
"""``$500 million``"""
_DIGIT = re.compile(r"\d")
_BOUND = re.compile(r"\s?(?P<bound>이상|이하|미만|초과|이내|내외|안팎|가량|정도|남짓)")
_ARROW = re.compile(r"\s?[↑↓]")
"""``2.7%↑``"""

_ORDINAL = re.compile(r"(?<![가-힣])제\s?\d[\d,]*(?:-\d+)*(?:조|항|호|차|회|기|대|장|절|권|편|급|종)?(?:의\d+)?")
"""``제3조``, ``제12차``: a number in a row, not an amount."""

_CODE = re.compile(r"(?<![\d-])(?:\d{2,4}-\d{3,4}|1[5-8]\d\d)-\d{4}(?![\d-])")
"""A telephone number: ``044-200-1234``, ``1588-0075``"""

_COMPOSED = re.compile(r"(?<![\d.])\d+(?:\.\d+){2,}(?!\.?\d)|(?<![\d/])\d{1,4}/\d{1,4}(?![\d/])")
"""Digits that are no one value: ``버전 1.2.3``, ``6/12``"""

_ONES = dict(zip("한 두 세 네 다섯 여섯 일곱 여덟 아홉".split(), range(1, 10), strict=True))
_TENS = dict(zip("열 스물 서른 마흔 쉰 예순 일흔 여든 아흔".split(), range(10, 100, 10), strict=True))
_NATIVE = (
    {**_ONES, **_TENS, "스무": 20, "석": 3, "넉": 4}
    | {ten + one: _TENS[ten] + _ONES[one] for ten in _TENS for one in _ONES}
)  # fmt: skip
_COUNTED = re.compile(
    rf"(?<![가-힣])(?P<word>{'|'.join(sorted(_NATIVE, key=len, reverse=True))})\s?"
    r"(?P<unit>배|명|곳|군데|개소|개|건|차례|가지|번|달|해|마리|시간|사람|팀|대|채|척|살|그루|쌍|종류)(?![가-힣]{3})"
)
"""``두 배``, ``세 곳``, ``열두 명``"""

_DAYS = {
    "이틀": 2, "사흘": 3, "나흘": 4, "닷새": 5, "엿새": 6, "이레": 7, "여드레": 8, "아흐레": 9, "열흘": 10, "보름": 15,
}  # fmt: skip
_DAYS_LONG = re.compile(
    rf"(?<![가-힣])(?P<word>{'|'.join(_DAYS)})(?=$|[^가-힣]|간|동안|째|씩|마다|만|이나|이|을|은|의|에|로|뒤|전|후)"
)
"""``사흘간``, ``나흘 동안``"""

_PROPORTION = re.compile(
    rf"(?<![\d.,])(?:(?P<whole>\d+)\s?분의\s?(?P<part>\d+(?:\.\d+)?)"
    r"|(?<!/)(?P<up>[1-9])/(?P<down>[2-9]|10)(?=\s?(?:[이가을를은는의만]|로|수준|정도|가량|이상|이하|미만)(?![/\d]))"
    rf"|(?P<many>{_NUMBER})\s?대\s?(?P<one>\d+)(?![\d,.]*[가-힣]*[명개대건억만]))(?!\d)"
)
"""``3분의 1``, ``1/3을``, ``12.5대 1``"""

_SINO = re.compile(
    r"(?<![가-힣\d])(?<!\d[,.])(?P<word>[일이삼사오육칠팔구십백천만억조]*[십백천만억조])(?P<more>여)?\s?"
    r"(?P<unit>원|명|달러|가구|건|개소|톤|퍼센트|곳|개국|개|대(?!책|회|학|상|표|응|비)|세대|마리|그루|년|종)(?![칙전자인])"
)
"""``백이십삼만 원``, ``삼십여 곳``"""

_OVER = {"분의": "/", "대 일": ":"}
"""How a share of a whole and a proportion are written as values: ``1/3``, ``12.5:1``."""

_VAGUE = re.compile(
    r"(?<![가-힣])(?:수|몇)\s?[십백천만억조][만억조]?\s?(?:여\s?)?"
    r"(?P<unit>원|명|달러|가구|건|개소|곳|톤|개|대|배|차례|년|일)(?![칙전자인])"
)
"""``수백 명``, ``수십억 원``: a size without a value."""

_DIGITS = {digit: value for value, digit in enumerate("영일이삼사오육칠팔구")}
_SMALL = {"십": 10, "백": 100, "천": 1000}
_BIG = {"만": 10**4, "억": 10**8, "조": 10**12, "경": 10**16}
_PART = re.compile(r"(?P<digits>[\d.,천백십]+(?:\s[천백십])?)\s?여?(?P<scale>[경조억만])?")
"""``21억``, ``4,748만``: the parts of a mixed amount"""
_STEP = re.compile(rf"{_NUMBER}|[일이삼사오육칠팔구]|[십백천만억조경]")


@dataclass(frozen=True, slots=True)
class Figure:
    """A figure as printed from ``start`` to ``end``.

    ``value`` is exact, in the unit's own measure (money in whole 원 or whole units of its currency), None after ▲ and
    of a misprint (``known`` False); ``high`` is the upper end of a range; ``bound`` what limits it (``이상``, ``약``,
    ``여``), empty when nothing does; ``core`` the text without it.
    """

    start: int
    end: int
    text: str
    kind: Kind
    value: Decimal | None
    unit: str = ""
    high: Decimal | None = None
    bound: str = ""
    low_text: str = ""
    high_text: str = ""
    sign: str = ""
    core: str = ""
    known: bool = True

    @property
    def key(self) -> tuple[object, ...]:
        """What must be equal for two figures to say the same."""
        return (self.kind, self.value, self.high, self.unit, self.bound, self.open_sign, self.known or self.text)

    @property
    def written(self) -> str | None:
        """The value where a plain number would mislead: ``1/3``, ``12.5:1``, ``500000000 USD``; None elsewhere."""
        if self.unit in _OVER:
            return self.low_text
        if self.kind == "money" and self.unit != "원" and self.value is not None:
            ends = (self.value,) if self.high is None else (self.value, self.high)
            return f"{'~'.join(f'{end.normalize():f}' for end in ends)} {_CODES.get(self.unit, self.unit)}"
        return None

    @property
    def open_sign(self) -> str:
        """The sign where the value does not hold it: ▲, or an arrow behind the figure."""
        return self.sign if self.value is None or self.sign in {"↑", "↓"} else ""


def scan(text: str) -> list[Figure]:
    """Find every figure, left to right; dates must have been blanked out of ``text`` before."""
    found: list[Figure] = []
    free = text
    if _DIGIT.search(text):
        for pattern, reader in (
            (_CODE, _code), (_ORDINAL, _code), (_PROPORTION, _proportion), (_COMPOSED, _composed),
        ):  # fmt: skip
            hits = list(pattern.finditer(free))
            found += map(reader, hits)
            free = _blanked(free, hits)
        found += [_figure(hit, free) for hit in _FIGURE.finditer(free)]
    for hit in _VAGUE.finditer(free):
        kind, unit = _unit(hit["unit"])
        found.append(Figure(hit.start(), hit.end(), hit.group(), kind, None, unit, known=False))
    for pattern in (_COUNTED, _SINO, _DAYS_LONG):
        covered = {place for one in found for place in range(one.start, one.end)}
        hits = [hit for hit in pattern.finditer(free) if covered.isdisjoint(range(*hit.span()))]
        found += [_in_words(hit, pattern) for hit in hits]
    return sorted(found, key=lambda one: one.start)


def _code(hit: re.Match[str]) -> Figure:
    value = Decimal(re.sub(r"\D", "", hit.group()) or 0)
    return Figure(hit.start(), hit.end(), hit.group(), "number", value, re.sub(r"[\d\s,]", "", hit.group()))


def _composed(hit: re.Match[str]) -> Figure:
    return Figure(hit.start(), hit.end(), hit.group(), "number", None, known=False)


def _proportion(hit: re.Match[str]) -> Figure:
    whole, part = hit["whole"] or hit["down"] or hit["one"], hit["part"] or hit["up"] or hit["many"]
    share = amount(part) / int(whole) if int(whole) else None
    unit = "대 일" if hit["one"] else "분의"
    written = f"{part}{_OVER[unit]}{whole}"
    return Figure(hit.start(), hit.end(), hit.group(), "number", share, unit, low_text=written)


def _in_words(hit: re.Match[str], pattern: re.Pattern[str]) -> Figure:
    if pattern is _DAYS_LONG:
        return Figure(hit.start(), hit.end(), hit.group(), "quantity", Decimal(_DAYS[hit["word"]]), "일")
    value = Decimal(_NATIVE[hit["word"]]) if pattern is _COUNTED else amount(hit["word"])
    kind, unit = _unit(hit["unit"])
    bound = "여" if pattern is _SINO and hit["more"] else ""
    return Figure(hit.start(), hit.end(), hit.group(), kind, value, unit, bound=bound)


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


def _blanked(text: str, found: Sequence[re.Match[str]]) -> str:
    if not found:
        return text
    parts: list[str] = []
    at = 0
    for one in found:
        parts += [text[at : one.start()], "\0" * (one.end() - one.start())]
        at = one.end()
    return "".join([*parts, text[at:]])


def _unit(printed: str) -> tuple[Kind, str]:
    printed = printed.strip()
    if printed in _PERCENT or "포인트" in printed:
        return "percent", _PERCENT.get(printed, "%p")
    if printed in _MONEY:
        return "money", _MONEY[printed]
    if printed.endswith("달러"):
        dollar = f"{printed.removesuffix('달러').strip()} 달러".strip()
        return "money", _SAME_CURRENCY.get(dollar, dollar)
    return "quantity", printed.replace(" ", "")


def _figure(hit: re.Match[str], text: str) -> Figure:
    """Read one figure with its unit and bound; 억 and 조 without a counter are money."""
    end = hit.end()
    english = _ENGLISH.match(text, end) if hit["currency"] and not hit["high"] else None
    end = english.end() if english else end
    unit_hit = _UNIT.match(text, end)
    low, high, lent = _scaled(hit)
    low = low * _SCALES[english["scale"].lower()] if english else low
    if hit["currency"]:
        kind, unit = "money", _SIGNS[hit["currency"].strip()]
    elif unit_hit:
        kind, unit = _unit(unit_hit.group())
        end = unit_hit.end()
    elif re.search(r"[조억]", hit["high"] or hit["low"]):
        kind, unit = "money", "원"
    else:
        kind, unit = "number", ""
    unit_text = text[hit.end() : end]
    bounds = [(hit["approx"] or "").strip(), "여" if hit["more"] or "여" in hit["low"] else ""]
    if limit := _BOUND.match(text, end):
        bounds.append(limit["bound"])
        end = limit.end()
    bound = " ".join(filter(None, bounds))
    core = text[hit.start() + len(hit["approx"] or "") : hit.end()] + unit_text
    arrow = _ARROW.match(text, end)
    end = arrow.end() if arrow else end
    sign = (hit["sign"] or "").strip() or (arrow.group().strip() if arrow else "")
    known = not _misprinted(hit, unit)
    value: Decimal | None = (
        None if sign in {"▲", "▽", "▼"} or not known else -low if sign in {"△", "-", "−", "–", "영하"} else low
    )
    return Figure(
        hit.start(), end, text[hit.start() : end], kind, value, unit,  # type: ignore[arg-type]
        high if known else None, bound,
        (hit["low"] + lent + (hit["unit1"] or unit_text)) if hit["high"] else "",
        (hit["high"] + unit_text) if hit["high"] else "", sign, core, known,
    )  # fmt: skip


def _misprinted(hit: re.Match[str], unit: str) -> bool:
    """Whether nobody can know the value: ``2,00억``, ``1.500원``, ``1조 10억 20억``, ``1조 12,000억``."""
    if _MISPRINTED.search(hit.group()) or (unit == "원" and _POINT_OR_COMMA.fullmatch(hit["high"] or hit["low"])):
        return True
    return any(_out_of_step(printed.lstrip("-△")) for printed in (hit["low"], hit["high"] or ""))


def _out_of_step(printed: str) -> bool:
    """Whether one of the parts of a mixed amount reaches into the part before it."""
    above: int | None = None
    for part in _PART.finditer(printed):
        scale = _BIG.get(part["scale"] or "", 1)
        if above is not None and amount(part["digits"]) * scale >= above:
            return True
        above = scale
    return False


def _scaled(hit: re.Match[str]) -> tuple[Decimal, Decimal | None, str]:
    """Give both ends; ``3~5억`` lends its scale to the lower end, given as well."""
    low = amount(hit["low"])
    if not hit["high"]:
        return low, None, ""
    printed = hit["high"]
    high = amount(printed.lstrip("-△"))
    lent = ""
    scale = re.search(r"[천백십]?[경조억만]$|[천백십]$", printed)
    if (
        scale
        and not re.search(r"[경조억만천백십]", hit["low"])
        and low <= amount(printed[: scale.start()].lstrip("-△"))
    ):
        lent = scale.group()
        low = amount(hit["low"] + lent)
    return low, -high if printed[0] in "-△" else high, lent
