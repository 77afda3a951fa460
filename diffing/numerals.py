"""Figures in words: ``세 곳``, ``사흘간``, ``백이십삼만 원``, ``서너 명``, ``절반``, ``수십억 원``; ``½``, ``③``."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal

from diffing import units
from diffing.amounts import amount
from diffing.endings import is_particle
from diffing.units import Kind

_ONES = dict(zip("한 두 세 네 다섯 여섯 일곱 여덟 아홉".split(), range(1, 10), strict=True))
_TENS = dict(zip("열 스물 서른 마흔 쉰 예순 일흔 여든 아흔".split(), range(10, 100, 10), strict=True))
_NATIVE = (
    {**_ONES, **_TENS, "스무": 20, "석": 3, "넉": 4}
    | {ten + one: _TENS[ten] + _ONES[one] for ten in _TENS for one in _ONES}
)  # fmt: skip
_NATIVE |= {f"백{word}": 100 + value for word, value in _NATIVE.items() if word not in {"석", "넉"}}
_ABOUT = {
    "한두": (1, 2), "두세": (2, 3), "두서너": (2, 4), "서너": (3, 4), "네댓": (4, 5), "너댓": (4, 5), "네다섯": (4, 5),
    "대여섯": (5, 6), "대엿": (5, 6), "예닐곱": (6, 7), "일고여덟": (7, 8), "일여덟": (7, 8), "여덟아홉": (8, 9),
}  # fmt: skip
"""``서너 명``: three or four"""
_COUNTER = (
    "배|명|곳|군데|개소|개월|개국|개|건|차례|가지|번|달|해|마리|시간|사람|팀|대|채|척|살|그루|쌍|종류|주|권|장|잔|끼"
    "|자릿수|가구|세대|필지|포기|송이|켤레|학급|과목"
    "|(?<!한)(?<!한\\s)(?:편|동|쪽|자녀|나라|기관|분야|도시|지역|부처|단계)"
)
_COUNTED = re.compile(
    rf"(?=[{''.join(sorted({word[0] for word in (*_NATIVE, *_ABOUT)}))}첫])"
    # 한번; 주민에 한해
    # 석 달, but no 석주일, whose surname is 석
    # 백세 번째, but no 백두대간
    r"(?<![가-힣])(?!한번|(?<=에\s)한해|[석넉](?!\s?(?:달|대|장|잔|자|채|섬|되|점|단))"
    r"|백(?![가-힣]{1,4}\s?(?:번|명|곳|살|가구|마리)))"
    rf"(?P<word>{'|'.join(sorted([*_NATIVE, *_ABOUT], key=len, reverse=True))}|첫(?=\s?번))\s?"
    rf"(?P<unit>{_COUNTER})"
)
"""``두 배``, ``세 곳``, ``열두 명``, ``서너 명``, ``첫 번째``"""

_BEHIND_COUNTER = re.compile(r"(?:간|째|씩|마다|짜리|꼴|가량|정도|쯤|당|여|뿐|이상|이하|미만|내외)*(?P<rest>[가-힣]*)")
"""``두 명씩``, ``세 번째로``; ``두 장관은``, ``한 주민은`` and ``두 대학이`` count nothing."""

_NTH = frozenset("차회호조항기")
_BIGGEST = ("억", "조")
"""Scales that alone are a unit of a table, as in ``예산(억 원)``, and no amount."""
_NEAR = 20
"""Letters before a word in which ``단위`` makes it the unit of a table."""
_IN_UNITS = re.compile(r"단위\s?:?[^\d()]*$")
"""What stands before the units of a table: ``(단위: ``."""
_UNITS = re.compile(
    r"(?:단위\s?[:：]\s?|(?<=[가-힣])\((?=(?:[명건톤개원%‰mtgL]|(?:[^\d\s()]|(?<=m)[23]){2,4}"
    r"|[천백십만억조]+\s(?:[^\d\s()]|(?<=m)[23]){1,3})\)))"
    r"(?P<listed>(?:[^\d()\[\]<>【】\n]|(?<=m)[23]){1,40})"
)
_LISTED = re.compile(r"[^\s,/·ㆍ][^,/·ㆍ]*")
"""``명`` and ``천 대`` of ``(단위: 명, 천 대)``, ``%`` of ``비율(%)``"""
_SCALE = re.compile(r"[십백천만억조]*\s?")
"""The 천 of ``천 대``"""

_DAYS = {
    "하루": 1, "이틀": 2, "사흘": 3, "나흘": 4, "닷새": 5, "엿새": 6, "이레": 7, "여드레": 8, "아흐레": 9,
    "열흘": 10, "보름": 15,
}  # fmt: skip
_DAYS_LONG = re.compile(
    rf"(?<![가-힣])(?P<word>{'|'.join(_DAYS)})(?!\s(?:빨리|속히|하루|종일|아침))(?=$|[^가-힣]|간|동안|째|씩|마다|만|이나|이|을|은|의|에|로|뒤|전|후)"
)
"""``사흘간``, ``나흘 동안``"""

_HOLDS_POST = (
    r"[이오육천구백][일이삼사오육칠팔구십백천만억조]원\s(?:[가-힣]{1,12}\s)?[가-힣]*"
    r"(?:총리|장관|차관|위원장|청장|처장|실장|국장|과장|원장|수석|의원|대표|교수|회장|사장|후보자?|씨)(?![가-힣]{3})"
)
"""``이억원 금융위원장``: a person, not an amount."""

_BEGINS_WORD = (
    "억(?=[가-힣])(?![원달]|[이삼사오육칠팔구]?[십백천])|[일이삼사오육칠팔구]?조\\s?(?![원달]|[가-힣]{0,2}[십백천])(?=[가-힣])"
    "|(?:만개|천명)[하한할함했해]|천대[하한받]|만년[필설]"
)
"""``조건``, ``조사원``, ``구조 건수``, ``억대``, ``만개한``: what begins like a figure and counts nothing."""
_AMOUNTS = frozenset("원 달러 퍼센트 톤".split())
"""Units with which no longer word begins that is often met."""

_SINO = re.compile(
    rf"(?=[일이삼사오육칠팔구십백천만억조])(?!{_HOLDS_POST}|{_BEGINS_WORD})"
    r"(?:(?<![가-힣\d])(?<!\d[,.])(?P<word>(?:[일이삼사오육칠팔구십백천]+[만억조]\s){0,3}"
    r"[일이삼사오육칠팔구십백천만억조]*[십백천만억조][일이삼사오육칠팔구]?)(?P<more>여)?\s?"
    r"(?P<unit>원|명|달러|가구|건|개소|톤|퍼센트|곳|개국|개월|개|대(?!책|회|학|상|표|응|비)|세대|마리|그루|년|종)(?![칙전자인])"
    r"|(?<![가-힣\d])(?P<one>[일이삼사오육칠팔구])(?:\s?(?P<month>개월|개국|개년|주일|주간|년간)|\s(?P<year>년)(?![가-힣]{2})))"
)
"""``백이십삼만 원``, ``일억 이천만 원``, ``삼십여 곳``, ``삼 개월``"""

_HANJA = str.maketrans("一二三四五六七八九十百千", "일이삼사오육칠팔구십백천")
_HANJA_UNITS = str.maketrans("個名件臺次回號條項期", "개명건대차회호조항기")
_IN_HANJA = re.compile(
    r"(?=[제一二三四五六七八九十百千])(?<![가-힣一-鿿])(?P<nth>제\s?)?(?P<word>[一二三四五六七八九十百千]+)(?![一-鿿](?<![個名件臺次回號條項期]))\s?"
    r"(?P<unit>개국|개소|개|명|곳|건|대|차|회|호|조|항|기|[個名件臺次回號條項期])(?![가-힣]*[원장]|[一-鿿])"
)
"""``三개 부처``, ``제三차``; ``一部`` and ``三星`` are words."""

_ROW = {word: value for value, word in enumerate("첫 둘 셋 넷 다섯 여섯 일곱 여덟 아홉 열".split(), start=1)}
_IN_A_ROW = re.compile(rf"(?<![가-힣])(?P<word>{'|'.join(_ROW)})째")
"""``둘째``"""

_SHARE = re.compile(
    r"(?=[절이삼사오육칠팔구십백천만])(?<![가-힣])(?:(?P<half>절반)(?=$|[^가-힣]|[이을은의도만과에]|으로|씩|가량|정도)"
    r"|(?P<whole>[이삼사오육칠팔구십백천만]+)분의\s?(?P<part>[일이삼사오육칠팔구십백천]+)"
    r"(?=$|[^가-힣]|[이을은의도만과에로가를]|으로|까지|정도|가량))"
)
"""``절반``, ``삼분의 일``"""

_VAGUE = re.compile(
    r"(?=[수몇십백천만])(?<![가-힣])(?:(?:[십백천만]?(?:수|몇)\s?[십백천만억조][만억조]?|[십백천만]수)\s?(?:여\s?)?"
    r"(?P<unit>원|명|달러|가구|건|개소|곳|톤|개|대|배|차례|년|일)(?![칙전자인])"
    r"|(?:수\s?(?P<some>배|차례|개월)|몇\s?(?P<few>배|차례|개월|명|개|곳|건|년|시간|가지))(?![칙전자인]))"
)
"""``수백 명``, ``십수억 원``, ``수 배``: a size without a value."""

_SYMBOL = re.compile("[¼-¾⅐-⅞①-⑳Ⅰ-Ⅻ⑴-⒇⒈-⒛❶-❿]")
"""``½``, ``③``, ``Ⅳ``"""
_ROMAN = {unicodedata.normalize("NFKC", chr(code)): chr(code) for code in range(ord("Ⅰ"), ord("Ⅻ") + 1)}
_IN_LATIN = re.compile(
    rf"(?<![A-Za-z0-9.&·-])(?:{'|'.join(one for one in _ROMAN if len(one) > 1)})(?![A-Za-z0-9&·-])|^[IVX](?=\.\s)"
)
"""``II`` and ``IV``, which are ``Ⅱ`` and ``Ⅳ``; the ``I`` of ``I. 추진 배경``, but no ``X`` alone."""


@dataclass(frozen=True, slots=True)
class Numeral:
    """A figure in words from ``start`` to ``end``, its ``high`` end where it names two, its ``share`` (``1/3``).

    Of a unit alone ``share`` is its one spelling.
    """

    start: int
    end: int
    kind: Kind
    value: Decimal | None
    unit: str = ""
    high: Decimal | None = None
    more: str = ""
    share: str = ""


def scan(text: str) -> Iterator[Numeral]:
    """Find figures in words, kind by kind; one may lie within what is a figure in digits (``3만`` of ``3만 원``)."""
    for hit in _VAGUE.finditer(text):
        kind, unit = units.read(hit["unit"] or hit["some"] or hit["few"])
        yield Numeral(*hit.span(), kind, None, unit)
    for hit in _SHARE.finditer(text):
        whole, part = (Decimal(2), Decimal(1)) if hit["half"] else (amount(hit["whole"]), amount(hit["part"]))
        yield Numeral(*hit.span(), "number", part / whole, "분의", share=f"{part}/{whole}")
    for hit in _COUNTED.finditer(text):
        if not _is_counter(text, hit.end()):
            continue
        low, high = _ABOUT.get(hit["word"], (_NATIVE.get(hit["word"], 1), None))
        kind, unit = units.read(hit["unit"])
        yield Numeral(*hit.span(), kind, Decimal(low), unit, Decimal(high) if high else None)
    yield from _sino(text)
    for hit in _IN_HANJA.finditer(text):
        counter = hit["unit"].translate(_HANJA_UNITS)
        nth = hit["nth"] or counter in _NTH
        kind, unit = ("number", f"제{counter}") if nth else units.read(counter)
        yield Numeral(*hit.span(), kind, amount(hit["word"].translate(_HANJA)), unit)
    for hit in _DAYS_LONG.finditer(text):
        yield Numeral(*hit.span(), "quantity", Decimal(_DAYS[hit["word"]]), "일")
    for hit in _IN_A_ROW.finditer(text):
        yield Numeral(*hit.span(), "number", Decimal(_ROW[hit["word"]]), "제째")
    for hit in _SYMBOL.finditer(text):
        yield _symbol(hit, hit.group())
    for hit in _IN_LATIN.finditer(text):
        yield _symbol(hit, _ROMAN[hit.group()])
    yield from _units_alone(text)


def _sino(text: str) -> Iterator[Numeral]:
    for hit in _SINO.finditer(text):
        if hit["unit"] and hit["unit"] not in _AMOUNTS and not _is_counter(text, hit.end()):
            continue
        kind, unit = units.read(hit["unit"] or hit["month"] or hit["year"])
        value = None if _is_unit_alone(hit) else amount(hit["word"] or hit["one"])
        yield Numeral(*hit.span(), kind, value, unit, more=hit["more"] or "")


def _units_alone(text: str) -> Iterator[Numeral]:
    """Find what the figures of a table are counted in, which has no value of its own."""
    for hit in _UNITS.finditer(text):
        for one in _LISTED.finditer(text, *hit.span("listed")):
            end = one.start() + len(one.group().rstrip())
            scale = _SCALE.match(text, one.start(), end)
            if unit := units.UNIT.fullmatch(text, scale.end() if scale else one.start(), end):
                kind, spelling = units.read(unit.group())
                # 천인 is 천명
                printed = "" if spelling.startswith("제") else f"{scale.group().strip() if scale else ''}{spelling}"
                yield Numeral(one.start(), end, kind, None, spelling, share=printed)


def _is_unit_alone(hit: re.Match[str]) -> bool:
    """Tell whether what looks like an amount is what amounts are counted in: ``(단위: 백만 원)``, ``예산(억 원)``."""
    if hit["word"] in _BIGGEST or _IN_UNITS.search(hit.string, max(0, hit.start() - _NEAR), hit.start()):
        return True
    # (이백만 원) is an amount
    return (
        set(hit["word"] or "") <= set("십백천만억조")
        and hit.string[: hit.start()].endswith("(")
        and hit.string.startswith(")", hit.end())
    )


def _symbol(hit: re.Match[str], sign: str) -> Numeral:
    """Read a character that is a number: a fraction is a share, others are numbers in a row."""
    part, bar, whole = unicodedata.normalize("NFKD", sign).partition("\N{FRACTION SLASH}")
    if bar:
        return Numeral(*hit.span(), "number", Decimal(part) / int(whole), "분의", share=f"{part}/{whole}")
    return Numeral(*hit.span(), "number", Decimal(int(unicodedata.numeric(sign))))


def _is_counter(text: str, end: int) -> bool:
    """Tell a counter that ends there from the beginning of a longer word, by what is behind it in its 어절."""
    hit = _BEHIND_COUNTER.match(text, end)
    return hit is None or not hit["rest"] or is_particle(hit["rest"]) or hit["rest"].startswith(("이던", "였던"))
