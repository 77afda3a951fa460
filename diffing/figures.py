"""Figures as Korean releases print them: mixed 만·억·조, decimals, signs, units, bounds, ranges.

``1조 2천억``, ``21억 4748만``, ``1,234억 원``, ``1.5조원``, ``△3.1%``, ``약 100여 명 이상``, ``5~10명``. A figure is
read into an exact value and a kind; nothing is guessed where the sign is not fixed (▲).
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from decimal import Decimal

from diffing import numerals, units
from diffing.amounts import AMOUNT, NUMBER, amount, lent_scale, misprinted
from diffing.blanks import blanked
from diffing.numerals import Numeral
from diffing.units import BASES, CODES, SIGNS, Kind

_MINUS = set("-‐‑−–△▵∆Δ")
_OPEN_SIGN = set("▲▴▽▼")
_TRIANGLES = set("△▵∆Δ▲▴▽▼")
_DASH = r"\s?[~∼〜–-]\s?"
_FIGURE = re.compile(
    r"(?=[\d약대최영마플+\-‐‑−–△▵∆Δ▲▴▽▼UKEJ$€¥£₩])"  # nowhere else does a figure begin, which is seen at once
    rf"(?P<approx>{units.APPROX})?"
    r"(?P<sign>(?<![\d가-힣A-Za-z)\].,%-])[-‐‑−–+]|[△▵∆Δ▲▴▽▼]\s?"
    r"|(?<![가-힣])(?:영[하상]|(?:마이너스|플러스)\s?(?:\([-−–+]\))?)\s?)?"
    r"(?P<currency>US\$|(?:USD|KRW|EUR|JPY)\s?|[$€¥£₩]\s?)?"
    rf"(?:(?<![\d.])|(?<=[A-Za-z]\.))(?P<low>{AMOUNT})"  # p.12, but not the 12 of 3.12
    rf"(?:(?P<unit1>\s?[%원명개])?{_DASH}(?P<high>(?<=[~∼〜–\s])[-△]?{AMOUNT}|{AMOUNT})(?![\d-]))?"
    r"(?P<more>\s?여(?=\s?[가-힣%]))?"
)
_SCALES = {"thousand": 10**3, "million": 10**6, "billion": 10**9, "trillion": 10**12}
_ENGLISH = re.compile(
    r"(?:\s?(?P<scale>thousand|million|billion|trillion)(?![A-Za-z]))?"
    r"(?:\s?(?P<unit>(?:U\.?S\.?\s)?dollars?|USD|KRW|EUR|JPY|CNY|won|euros?|yen|yuan|percentage\spoints?|per\s?cent)"
    r"(?![A-Za-z]))?",
    re.IGNORECASE,
)
"""``$500 million``, ``30 billion US dollars``, ``5 percent``"""
_DIGIT = re.compile(r"\d")
_APPROX_BEFORE = re.compile(rf"{units.APPROX}$")
"""The ``약`` of ``약 세 곳``."""
_ARROW = re.compile(r"\s?[↑↓]|[△▵▲▽▼](?![\w△▵▲▽▼])")
"""``2.7%↑``, ``2.7%▲``"""

_ORDINAL = re.compile(
    r"(?=[제\d])(?:제(?:(?<![가-힣]제)|(?<=\d[조항호편장절관목]제)|(?<=의\d제))"
    r"\s?\d[\d,]*(?:[-·ㆍ~∼〜]\d+)*(?:조|항|호|차|회|기|대|장|절|권|편|급|종|주년|주기|\s[조항호차장절](?![가-힣]))?(?:의\d+)?"
    # 도로교통법 44조, 3조 1항
    r"|(?<![\d.,])\d{1,3}조(?:의\d+)?(?=\s?제?\d{1,2}항|\s?위반)|(?<=[법령칙」]\s)\d{1,3}조(?:의\d+)?(?!\s?[\d원])"
    r"|(?<![\d.,~∼〜–-])\d{1,3}차(?![가-힣]*[원선량]|례|관|장|로))"
)
"""``제3조``, ``제12차``, ``제 3 차``, ``2차``, each part of ``제12조제1항제2호``: a number in a row, not an amount."""

_ITEM = re.compile(
    r"(?<=호)\s?(?P<item>[가나다라마바사아자차카타파하])목(?=$|[^가-힣]|[은는이가을를의에과와도]|부터|까지)"
)
"""The 가목 of ``제2호가목``."""

_CODE = re.compile(
    r"(?=[\d(+])(?<![\d-])(?<!제)(?<!제\s)(?:(?:\+82[-\s]?)?(?:\(0\d{1,2}\)|0?\d{1,3}[-)])\s?\d{3,4}-\d{4}|1[5-8]\d\d-\d{4}"
    r"|\d{2,4}-\d{3,4}-\d{4}|\d+(?:-\d+){2,}|(?:19|20)\d\d-(?:0\d+|\d{1,6}(?=호)))(?:[~∼〜]\d{1,4})?(?![\d-])"
)
"""Numbers that name: ``044-200-1234``, ``02)2100-1234~5``, ``1588-0075``, ``123-45-67890``, ``2026-001``"""

_ROAD = re.compile(
    r"(?<=[가-힣])\d{1,3}(?=(?:번길|[로길])\s?\d{1,4}(?:$|[^\d.%]))"
    r"|(?:(?<=\d[로길]\s)|(?<=번길\s))\d{1,4}(?:-\d{1,3})?(?=$|[\s,()]|이[다며고]|[에의])"
)
"""Where a house stands: both of ``도움6로 11`` and of ``중앙로12번길 5``."""

_EVENT = re.compile(
    r"(?<![\d.,·ㆍ])(?:1[0-2]|[1-9])[·ㆍ∙.](?:3[01]|[12]\d|[1-9])"
    r"(?=절|\s?(?:전쟁|혁명|운동|민주|항쟁|비상계엄|계엄|기념|테러|참사|의거|만세|총선|대선|지방선거|대책|조치|선언|합의))"
)
"""A day that became a name: ``3·1절``, ``6·25전쟁``, ``12.3 비상계엄``"""

_BEFORE_CRAFT = (
    "아리랑 천리안 무궁화 우리별 위성 누리호 도요샛 창어 선저우 아르테미스 아폴로 보이저 소유즈 팰컨 태풍 고리 "
    "한빛 월성 한울 새울"
).split()
_CRAFT = re.compile(
    rf"(?=\d)(?:{'|'.join(f'(?<={one} )|(?<={one})' for one in _BEFORE_CRAFT)})\d{{1,2}}호(?!기|봉|선)"
    r"|(?<![\d.,제])(?<!제\s)\d{1,2}호(?=\s(?:법안|공약|기업|사업|안건|가입자|계약|점포|협약|과제|국정과제|펀드|대책|사례|인증|졸업생|환자|도시|마을))"
)
"""``아리랑 7호``, ``태풍 11호``, ``1호 공약``: which in a row, and no household."""

_COMPOSED = re.compile(
    r"(?=\d)(?:(?<![\d.])\d+(?:\.\d+){2,}(?!\.?\d)|(?<![\d/])\d{1,4}/\d{1,4}(?![\d/])|\d\+{1,2}(?=\s?등급))"
)
"""Digits that are no one value: ``버전 1.2.3``, ``6/12``, ``1++등급``"""

_PROPORTION = re.compile(
    rf"(?=\d)(?<![\d.,])(?:(?P<whole>\d+)\s?분의\s?(?P<part>\d+(?:\.\d+)?)"
    r"|(?<!/)(?P<up>[1-9])/(?P<down>[2-9]|10)(?=\s?(?:[이가을를은는의만]|로|수준|정도|가량|이상|이하|미만)(?![/\d]))"
    rf"|(?P<many>{NUMBER})\s?대\s?(?P<one>\d+)(?![\d,.]*[가-힣]*[명개대건억만]))(?!\d)"
)
"""``3분의 1``, ``1/3을``, ``12.5대 1``"""

_GRADE = re.compile(
    r"(?=[A-FS])(?<![A-Za-z0-9])(?:[A-FS]{1,3}(?:[+-]|0)?(?=\s?등급|\s?학점)"
    r"|(?:(?<=등급[은는이가을를]\s)|(?<=학점[은는이가을를]\s)|(?<=[A-F0+-]에서\s))[A-FS]{1,3}(?:[+-]|0)?(?![A-Za-z0-9]))"
)
"""``B+등급``, ``신용등급은 AA``: a place in an order that letters name."""

_LONGEST_APPROX = 4
"""Letters of the longest word that may stand before a figure, and the space: ``최소한 ``."""

_SAME_BOUND = {"대략": "약", "가량": "약", "정도": "약", "쯤": "약", "남짓": "여", "안팎": "내외", "최소한": "최소"}
"""Bounds that say the same of a figure."""

_OVER = {"분의": "/", "대 일": ":"}
"""How a share of a whole and a proportion are written as values: ``1/3``, ``12.5:1``."""


@dataclass(frozen=True, slots=True)
class Figure:
    """A figure as printed from ``start`` to ``end``.

    ``value`` is exact, in the unit's own measure (money in whole 원 or whole units of its currency), None after ▲, of a
    vague size and of a misprint; ``size`` is the value without its sign, None where nobody knows it; ``high`` is the
    upper end of a range; ``bound`` what limits it (``이상``, ``약``, ``여``), empty when nothing does; ``core`` the
    text without it.
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
    size: Decimal | None = None

    @property
    def key(self) -> tuple[object, ...]:
        """What must be equal for two figures to say the same."""
        if self.unit == "분의" and self.value is not None:
            # 절반 is 50%
            return ("percent", self.value * 100, None, "%", "", self.bound)
        return (self.kind, *self.stated, self.bound)

    @property
    def stated(self) -> tuple[object, ...]:
        """What is stated, whatever bounds it: value and unit, the size after ▲, what is printed where none is known."""
        if self.value is not None:
            arrow = self.sign if self.sign in {"↑", "↓"} else ""
            base, factor = BASES.get(self.unit, (self.unit, Decimal(1)))
            return (self.value * factor, self.high and self.high * factor, base, arrow)
        known = self.written or self.size is not None
        spelled = "" if self.high_text else self.low_text  # 명 of (단위: 인)
        printed = "" if known else "".join((spelled or self.core or self.text).replace(",", "").split())
        return (self.size, self.high, self.unit, self.sign, self.written or printed)

    @property
    def names(self) -> bool:
        """Whether it says which and not how much: ``제3조``, ``044-200-1234``."""
        return self.unit.startswith("제")

    @property
    def written(self) -> str | None:
        """The value where a plain number would mislead: ``1/3``, ``12.5:1``, ``12의2``, ``500000000 USD``; or None."""
        if self.unit in _OVER or (self.names and self.value is None and self.low_text):
            return self.low_text
        if self.kind == "money" and self.unit != "원" and self.value is not None:
            ends = (self.value,) if self.high is None else (self.value, self.high)
            return f"{'~'.join(f'{end.normalize():f}' for end in ends)} {CODES.get(self.unit, self.unit)}"
        return None


def scan(text: str) -> list[Figure]:
    """Find every figure, left to right; dates must have been blanked out of ``text`` before."""
    grades = list(_GRADE.finditer(text)) if "등급" in text or "학점" in text else []
    found = [_grade(hit) for hit in grades]
    free = blanked(text, (hit.span() for hit in grades))
    if _DIGIT.search(free):
        for pattern, reader in (
            (_CODE, _code), (_CRAFT, _code), (_ROAD, _code), (_EVENT, _code), (_ITEM, _item), (_ORDINAL, _code),
            (_PROPORTION, _proportion), (_COMPOSED, _composed),
        ):  # fmt: skip
            hits = list(pattern.finditer(free))
            found += map(reader, hits)
            free = blanked(free, (hit.span() for hit in hits))
        taken = 0
        for hit in _FIGURE.finditer(free):
            if hit.start("low") >= taken:  # the 2 of m2 is its unit's
                found.append(figure := _figure(hit, free, taken))
                taken = figure.end
    covered = {place for one in found for place in range(one.start, one.end)}
    for numeral in numerals.scan(free):
        if covered.isdisjoint(range(numeral.start, numeral.end)):
            found.append(_in_words(numeral, free))
            covered.update(range(numeral.start, numeral.end))
    return sorted(found, key=lambda one: one.start)


def _code(hit: re.Match[str]) -> Figure:
    """Read a number in a row or one that names; of several digits one by one (``12의2``) the value is text."""
    # 제3차 and 3차 are one, and so are 02)2100-1234 and 02-2100-1234
    unit = "제" + re.sub(r"[^가-힣]|[제의]", "", hit.group())
    printed = re.sub(r"[ㆍ∙.]", "·", hit.group().replace(",", "").strip("제( "))
    parts = re.findall(r"\d+|\D+", printed)
    if sum(part.isdigit() for part in parts) == 1:
        value = Decimal(next(part for part in parts if part.isdigit()))
        return Figure(hit.start(), hit.end(), hit.group(), "number", value, unit, size=value)
    links = (part if part.isdigit() else next((link for link in "의~·" if link in part), "-") for part in parts)
    written = "".join(links).replace("∼", "~").strip("-")
    return Figure(hit.start(), hit.end(), hit.group(), "number", None, unit, low_text=written)


def _composed(hit: re.Match[str]) -> Figure:
    return Figure(hit.start(), hit.end(), hit.group(), "number", None)


def _item(hit: re.Match[str]) -> Figure:
    start = hit.start("item")
    return Figure(start, hit.end(), hit.string[start : hit.end()], "number", None, "제목", low_text=hit["item"])


def _grade(hit: re.Match[str]) -> Figure:
    return Figure(hit.start(), hit.end(), hit.group(), "number", None, "제등급", low_text=hit.group())


def _proportion(hit: re.Match[str]) -> Figure:
    whole, part = hit["whole"] or hit["down"] or hit["one"], hit["part"] or hit["up"] or hit["many"]
    share = amount(part) / int(whole) if int(whole) else None
    unit = "대 일" if hit["one"] else "분의"
    written = f"{part}{_OVER[unit]}{whole}"
    return Figure(hit.start(), hit.end(), hit.group(), "number", share, unit, low_text=written, size=share)


def _in_words(numeral: Numeral, text: str) -> Figure:
    before = _APPROX_BEFORE.search(text, max(0, numeral.start - _LONGEST_APPROX), numeral.start)
    start = before.start() if before else numeral.start
    limit, end = _bounded(text, numeral.end, numeral.unit)
    bound = _one_bound(before.group().strip() if before else "", numeral.more, limit)
    core = text[numeral.start : numeral.end]
    return Figure(
        start, end, text[start:end], numeral.kind, numeral.value, numeral.unit, numeral.high, bound, numeral.share,
        core=core, size=numeral.value,
    )  # fmt: skip


def _bounded(text: str, end: int, unit: str) -> tuple[str, int]:
    """Find what bounds a figure that ends at ``end``: the bound in one spelling, and where it ends."""
    hit = units.BOUND.match(text, end)
    # 초반 alone bounds what is counted in 대: 40대 초반
    if hit is None or (hit["third"] and unit != "대"):
        return "", end
    return "".join(hit.group().split()), hit.end()


def _one_bound(*said: str) -> str:
    """Give what bounds a figure in one spelling, whether it stands before or behind: ``약`` of ``500명가량``."""
    return " ".join(dict.fromkeys(_SAME_BOUND.get(one, one) for one in said if one))


def _figure(hit: re.Match[str], text: str, taken: int) -> Figure:
    """Read one figure with its unit and bound; ``taken`` is where the one before it ends."""
    kind, unit, scale, counted_to = _counted_in(hit, text)
    start, sign = hit.start(), (hit["sign"] or "")
    if start < taken or (kind == "quantity" and sign[:1] in _TRIANGLES and sign[-1:].isspace()):
        # ▲ 3개 사업: a bullet; in 2.7%▲ 3.1% it is the first figure's own
        start, sign = hit.start("low"), ""
    unit_text = text[hit.end() : counted_to]
    limit, end = _bounded(text, counted_to, unit)
    more = "여" if hit["more"] or "여" in hit["low"] else ""
    bound = _one_bound((hit["approx"] or "").strip(), more, limit)
    arrow = _ARROW.match(text, end)
    end = arrow.end() if arrow else end
    behind = arrow.group().strip() if arrow and not sign else ""
    core = text[start + len(hit["approx"] or "") * (start == hit.start()) : counted_to] + behind * (
        behind in _TRIANGLES
    )
    sign = sign.strip() or behind
    low, high, lent = _scaled(hit)
    whole = unit == "원" or (kind == "quantity" and unit not in units.MEASURES)
    unknown = any(misprinted(one.lstrip("-△"), counted=whole) for one in (hit["low"], hit["high"]) if one)
    size = None if unknown else low * scale
    unsure = sign in _OPEN_SIGN or behind in _TRIANGLES
    value = None if size is None or unsure else -size if _is_minus(sign) else size
    upper = None if unknown or high is None else high * scale
    return Figure(
        start, end, text[start:end], kind, value, unit, upper, bound,
        (hit["low"] + lent + (hit["unit1"] or unit_text)) if hit["high"] else "",
        (hit["high"] + unit_text) if hit["high"] else "", sign, core, size,
    )  # fmt: skip


def _counted_in(hit: re.Match[str], text: str) -> tuple[Kind, str, int, int]:
    """Give a figure's kind, its unit, what an English scale multiplies it by, and where both end.

    억 and 조 without a counter are money.
    """
    end = hit.end()
    english = _ENGLISH.match(text, end)
    scale = _SCALES[english["scale"].lower()] if english and english["scale"] else 1
    end = english.end() if english else end
    if hit["currency"]:
        return "money", SIGNS[hit["currency"].strip()], scale, end
    if english and english["unit"]:
        return *units.in_english(english["unit"]), scale, end
    if unit := units.UNIT.match(text, end):
        return *units.read(unit.group()), scale, unit.end()
    if re.search(r"[조억]", hit["high"] or hit["low"]):
        return "money", "원", scale, end
    return "number", "", scale, end


def _is_minus(sign: str) -> bool:
    return sign in _MINUS or sign.startswith(("영하", "마이너스"))


def _scaled(hit: re.Match[str]) -> tuple[Decimal, Decimal | None, str]:
    """Give both ends; ``3~5억`` lends its scale to the lower end, given as well."""
    if not hit["high"]:
        return amount(hit["low"]), None, ""
    printed = hit["high"].lstrip("-△")
    lent = lent_scale(hit["low"], printed)
    high = amount(printed)
    return amount(hit["low"] + lent), -high if hit["high"][0] in "-△" else high, lent
