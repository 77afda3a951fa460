"""Days, months, years and times of day as Korean releases print them, read into ISO-like values.

Values follow ISO 8601 with what is left out left out: ``2024-06-12``, ``--06-12``, ``---12``, ``2027``, ``203X`` for
2030년대, ``Q3``, ``T15:00``, ``#3`` for the third week or weekday of a month. Words for a day or year (올해, 지난해)
have an English name, so that 작년 equals 지난해.
"""

from __future__ import annotations

import re
from calendar import monthrange
from collections.abc import Iterator
from dataclasses import dataclass

from diffing import durations, units

_YEAR = r"(?:(?:19|20)\d\d|['’‘`]\d\d)"
_MONTH = r"(?:1[0-2]|0?[1-9])"
_DAY = r"(?:3[01]|[12]\d|0?[1-9])"
_DASH = r"\s?[~∼〜–-]\s?"

_DEED = (
    "(?:개최|개막|개관|개통|개소|발표|발효|체결|접수|신청|마감|출범|의결|고시|공고|공포|실시|시작|종료|방문|선포|출시)"
)
"""What happens on a day: ``3.2. 개최``."""

_DATE = re.compile(
    r"(?=[\d'’‘`])(?:"  # nowhere else does a date begin, which is seen at once
    # 2024.06.12. / 2024-6-12 / '24. 6. 12.
    rf"(?<![\d.])(?P<y1>{_YEAR}|[12]\d\d\d)\s?[.\-/]\s?(?P<m1>{_MONTH})\s?[.\-/]\s?(?P<d1>{_DAY})(?![\d])"
    rf"(?:\.?{_DASH}(?P<e1>{_DAY})\.(?!\s?\d)|\.(?!\d))?"
    # 2024. 6. / 2024.6월 / 24년 6월, 24년 상반기, 24년도 예산
    rf"|(?<![\d.,])(?P<y9>(?:19|20)\d\d)\.\s?(?P<m10>{_MONTH})(?:월|\.(?!\s?\d))"
    rf"|(?<![\d.,])(?P<y10>[0-4]\d)년(?:(?=도[^가-힣])도|\s?(?P<m11>{_MONTH})\s?월(?:\s?(?P<d11>{_DAY})\s?일)?"
    r"|(?=\s?(?:[상하]반기|[1-4](?:/4)?분기|예산|기준|[말초](?=$|[^가-힣]|[에의께]|까|부))))"
    # 2026.3~2027.2, 2026.3 기준
    rf"|(?<![\d.,])(?P<y12>20\d\d)\.(?P<m12>{_MONTH})(?![\d.])(?=\s?[~∼〜]\s?20\d\d\.|\s?(?:기준|현재|말|까지|부터))"
    # (2026.3), 2026.3 and 3. 2. alone in a cell
    rf"|(?:(?<=\()|\A)(?P<y17>20\d\d)\.(?P<m17>{_MONTH})(?=\)|\s*\Z)"
    rf"|\A(?P<m18>{_MONTH})\.\s(?P<d18>{_DAY})\.?(?=\s*\Z)"
    rf"|(?<=\d[~∼〜])(?P<y13>20\d\d)\.(?P<m13>{_MONTH})(?![\d.])"
    # 2026~2030년, 2025·26년, '26~'30년: of the first the unit stands behind the last
    rf"|(?<![\d.,])(?P<y16>{_YEAR})(?=(?:(?:{_DASH}|\s?[·ㆍ]\s?)(?:(?:19|20)|['’‘`])?\d\d){{1,12}}년(?!간))"
    # 10~12월, 3·4월
    rf"|(?<![\d.,])(?P<m16>{_MONTH})(?=(?:(?:{_DASH}|\s?[·ㆍ]\s?){_MONTH}){{1,12}}\s?월)"
    # 2025~26년
    rf"|(?<=20\d\d[~∼〜–-])(?P<y11>\d\d)년(?!간)"
    # what is no date, but was to be one: 13월 2일, 6월 32일
    rf"|(?<![\d.,])(?P<x1>(?:1[3-9]|[2-9]\d)월(?:\s?\d\d?\s?일)?(?=$|[^가-힣]|[에까부의은는도을를이말초중상하])"
    rf"|{_MONTH}월\s?(?:3[2-9]|[4-9]\d)\s?일|(?:3[2-9]|[4-9]\d)일(?=\s?\([월화수목금토일]\)))"
    r"|(?<![\d.])(?P<x2>(?:19|20)\d\d(?:\s?[.\-/]\s?\d\d?){2}(?!\d)\.?)"
    # 2024년 6월 12일 / 2024년도 / 2027년 하반기 / 1592년, but 3000년 역사
    rf"|(?<![\d.,])(?P<y2>{_YEAR}|[12]\d(?!00)\d\d(?=\s?학?년(?!\s?(?:동안|역사))))\s?(?:(?P<tens>년대)|학?년도?|년생|회계연도)(?!간)(?:\s?(?P<m2>{_MONTH})\s?월(?:\s?(?P<d2>{_DAY})\s?일)?)?"
    # 6월 12일 / 6월 12~14일 / 6월 / 6월 중순
    rf"|(?<![\d.,])(?P<m3>{_MONTH})\s?월(?:\s?(?P<d3>{_DAY})(?:\s?일?{_DASH}(?P<e3>{_DAY}))?\s?일)?"
    # 12~14일 / 12일
    rf"|(?<![\d.,~∼〜–-])(?<!\d박)(?<!\d박\s)(?P<d4>{_DAY})(?:\s?일?{_DASH}(?P<e4>{_DAY}))?\s?일{durations.NONE_BEHIND}"
    # 6/12(수)
    rf"|(?<![\d/.])(?P<m8>{_MONTH})/(?P<d8>{_DAY})(?=\s?\([월화수목금토일]\))"
    # 26.3.1.부터, 26.3.1
    rf"|(?<![\d.])(?P<y8>[23]\d)\.\s?(?P<m9>{_MONTH})\.\s?(?P<d9>{_DAY})(?:\.(?!\d)|(?![\d.]))"
    # '24.6월 / 6.12.(수) / 6. 12.
    rf"|(?<![\d.,])(?P<y5>['’‘`]\d\d|[23]\d(?=\.\s?{_MONTH}월))\.\s?(?P<m5>{_MONTH})(?:월|\.|(?=\)|\s?기준))"
    # '24.3분기, '24.4Q
    r"|(?P<y14>['’‘`]\d\d)(?=\.[1-4](?:Q|분기|/4))"
    # 9.1.~9.15.: what a dash links to a date is one
    # 오는 3.2. 개최, (3.2. 발표); 2.1. 접수 방법 is a heading
    rf"|(?:(?<=[가-힣]\s)|(?<=\())(?P<m20>{_MONTH})\.\s?(?P<d20>{_DAY})\.(?=\s(?:{_DEED}|기준|현재|예정|열[린려렸]))"
    # ~3.31., with nothing before it
    rf"|(?<=[~∼〜])(?<![\d.)][~∼〜])(?P<m19>{_MONTH})\.\s?(?P<d19>{_DAY})\.(?!\s?\d)"
    rf"|(?:(?<=\d\.[~∼〜–-])|(?<=\)[~∼〜–-])|(?<=\d\.\s[~∼〜–-]\s))(?P<m7>{_MONTH})\.\s?(?P<d7>{_DAY})(?:\.(?!\d)|(?![\d.%배]))"
    # 6.12일, 6.12~14일; 4.5일 is a length
    rf"|(?<![\d.,])(?P<m15>{_MONTH})\.(?P<d15>[12]\d|3[01])(?:{_DASH}(?P<e15>{_DAY}))?일{durations.NONE_BEHIND}"
    # 6.12.(수)~14.(금), 6월 12일(수)~14일(금)
    rf"|(?:(?<=[월화수목금토일]\)[~∼〜–-])|(?<=[월화수목금토일]\)\s[~∼〜–-]\s))(?P<d10>{_DAY})(?:\.(?!\s?\d)|일)"
    # 6.12.~14., 6.12. 수정, 6.12.에
    rf"|(?<![\d.])(?P<m6>{_MONTH})\.\s?(?P<d6>{_DAY})(?:\.{_DASH}(?P<e6>{_DAY})\.(?!\s?\d)"
    r"|(?:\.(?!\d)(?=\s?[()~∼〜부까\d]|\s?[–-]\s?\d{1,2}\.|\s(?:최종\s?)?(?:재?수정|정정|재?배포|갱신|현재|시행|공포|개정|조간|석간)|에(?![가-힣])|이[다후전]|[은을자](?![가-힣]))|(?=\s?\([월화수목금토일]\)))\.?))",
)
_DIGIT = re.compile(r"\d")
_WEEKDAY = re.compile(r"\s?\((?P<day>[월화수목금토일])(?:요일)?\)|\s(?P<name>[월화수목금토일])요일")
"""``12일(수)``, ``12일 수요일``"""

_OF_DAYS = re.compile(r"(?:기간|일정|일시|날짜|시기|접수|신청|모집|공모|휴관|전시|개최)(?:[은는이가을를]|[\s:：(])*$")
"""What stands before days that are written as decimals could be: ``접수는 10.1~10.31``, ``전시 기간: 10.1까지``."""
_FOR_DAYS = re.compile(
    r"\s?(?:동안|(?:에\s|간\s)?(?:접수|신청|모집|공모|열린|열렸|연다|개최|운영|진행|실시|휴관|전시))"
)
"""What stands behind them: ``10.1~10.31 열린다``."""
_OF_DECIMALS = re.compile(r"(?:[률율]|지수|평균|점수|농도|계수|규모|수준|진도)(?:[은는이가을를도]|[\s:：(])*$")
"""What stands before decimals, a stop behind them or not: ``경쟁률은 2.5~3.1. 다만``."""
_BARE = re.compile(
    rf"(?<![\d.,%/])(?P<m>{_MONTH})(?P<by>[./])(?P<d>{_DAY})(?:{_DASH}(?P<m2>{_MONTH})(?P=by)(?P<d2>{_DAY}))?(?!\d|[./]\d)"
)
"""``10.1~10.31``, ``10.1``, ``10/1``"""
_COUNTED = re.compile(r"\s?[백천만억조]|\s?(?:대|:|/)\s?\d")
"""What makes a decimal of it beside a unit: ``2.5만 명``, ``2.5 대 1``."""
_ITS_DAY = re.compile(r"(?:일정|일\s?시|날짜|시기|접수|공모|개최)(?:[:：)]|\s[:：])\s?$")
"""What names a day however it is printed: ``일시: 6.12``, ``(접수) 6/12``."""
_GOES_ON = re.compile(r"\.?\s?[(~∼〜–-]|\.\s?\d")
"""What follows where more of the day is printed: ``6.12.(수)``."""
_ALONE = re.compile(r"\.\s*$")
"""The stop of ``3.14.`` in a cell of its own."""
_FROM_DAY = re.compile(r"\s?(?:부터|까지)")
_TO_MONTH = re.compile(rf"{_DASH}{_MONTH}\s?월")
"""The ``~12월`` of ``2.5~12월``, which makes a day of 2.5."""
_STOP = re.compile(r"\.\s?(?=[가-힣(])")
"""The stop of ``2.5~2.12. 신청을``: a sentence ends with a word."""
_YEARS = re.compile(
    r"(?<![\d.,-])(?:(?P<low>(?:19|20)\d\d)\s?[~∼〜–]\s?(?P<high>(?:19|20)\d\d)(?!\d|[.,-]\d|\s?년)"
    r"|(?P<old>['’‘`]\d\d)\s?[~∼〜–]\s?(?P<new>['’‘`]\d\d)(?!\d|[.,-]\d|\s?년)"
    # ’25 대비, '25 (잠정), but not ‘25’ and '25 한마당'
    r"|(?<![\w'’‘])(?P<year>’\d\d(?![\d’,~∼〜–·ㆍ-]|\s[~∼〜–·ㆍ-]|\s?년|\.\s?\d)|['‘]\d\d(?=\s*$|\s?[(),:→➔⇒]))"
    r")"
)
"""``2026~2030``, ``’26~’30``, ``’25`` alone in its cell"""
_NTH = re.compile(
    r"(?<![가-힣])(?P<nth>첫|둘|셋|넷|다섯)째(?=(?:\s?[·ㆍ,]\s?(?:첫|둘|셋|넷|다섯)째)*"
    r"\s?(?:주(?=$|[^가-힣]|[에의는로]|이다|부터|까지)|[월화수목금토일]요일))"
)
"""``셋째 주``, ``둘째·넷째 수요일``"""
_WEEK = re.compile(r"(?<=\0\s)(?P<nth>[1-5])주차(?!장)")
"""The ``2주차`` of ``3월 2주차``, whose month was read."""
_PLACES = {word: place for place, word in enumerate("첫 둘 셋 넷 다섯".split(), start=1)}

_PART = re.compile(
    r"\s?(초순?|중순|하순|상순|말)(?![가-힣]*[등미])(?=$|[^가-힣]|에|까|부|께|쯤|이|로|의|경|은|을|과|와|중|기|였|[는를가도만다](?![가-힣]))"
)
"""``6월 중순``, ``2027년 말``, ``이달 초``"""

_TIME = re.compile(
    r"(?=[오새밤낮아저AaPp\d\s])(?P<half>오전|오후|새벽|밤|낮|아침|저녁|(?<![A-Za-z])[AaPp]\.?[Mm]\.?)?\s?(?<![\d:.])(?P<h>2[0-4]|1\d|0?\d)"
    # 오후 3시 30분, 14시 15분 29초
    r"(?:\s?시(?!간|장|도|민|군|설|행)(?:\s?(?P<min>[0-5]?\d)\s?분(?:\s?(?P<sec>[0-5]?\d)\s?초)?|\s?(?P<mid>반))?"
    r"|:(?P<colon>[0-5]\d)(?::(?P<last>[0-5]\d))?(?!\d)"  # 14:00
    r"|(?=\s?[~∼〜–-]\s?(?:2[0-4]|1\d|0?\d)\s?시(?!간|장|도|민|군|설|행)))"  # 9~18시, the 9
)
_QUARTER = re.compile(r"(?:(?P<q>[1-9])\s?(?:/\s?4\s?)?(?:분기|Q(?![A-Za-z\d])))")
"""``3분기``, ``3/4분기``, ``3Q``"""

_WORDS = {
    "상반기": "H1", "하반기": "H2", "연말": "year-end", "연초": "year-start", "연내": "within-year",
    "올해": "this-year", "금년": "this-year", "내년": "next-year", "내후년": "year-after-next",
    "후년": "year-after-next",
    "지난해": "last-year", "지난 해": "last-year", "작년": "last-year", "전년": "last-year",
    "재작년": "year-before-last", "이번 달": "this-month", "이번달": "this-month", "이달": "this-month",
    "다음 달": "next-month", "다음달": "next-month", "내달": "next-month", "익월": "next-month",
    "지난달": "last-month", "지난 달": "last-month", "전월": "last-month",
    "오늘": "today", "금일": "today", "내일": "tomorrow", "익일": "tomorrow", "모레": "day-after-tomorrow",
    "다음 날": "tomorrow", "다음날": "tomorrow", "이튿날": "tomorrow", "명일": "tomorrow",
    "당일": "same-day", "전날": "day-before", "전일": "day-before", "전전년": "year-before-last",
    "익년": "next-year", "금월": "this-month",
    "어제": "yesterday", "그제": "day-before-yesterday", "그저께": "day-before-yesterday",
    "이번 주": "this-week", "이번주": "this-week", "다음 주": "next-week", "다음주": "next-week",
    "지난주": "last-week", "지난 주": "last-week", "정오": "T12:00", "자정": "T24:00",
    "오전": "AM", "오후": "PM",
}  # fmt: skip
_WORD = re.compile(
    r"(?<![가-힣])(?:"
    + f"(?:{'|'.join(sorted(_WORDS, key=len, reverse=True))})"
    # but 전월세, 내일배움카드, 정오표, 자정 노력
    + r"(?=$|[^가-힣]|[은는이가의을를에엔도만과와까부께로라처보쯤경초중말상하내였인분산치다며])"
    r"(?!\s?(?:노력|능력|작용|기능))" + r"|올(?=\s(?:상반기|하반기|연말|[1-4]분기|\d{1,2}월|봄|여름|가을|겨울)))"
)
"""``내년``, ``올 하반기``, ``하반기다``"""
_DAYNAMES = re.compile(
    r"(?<![가-힣\d·ㆍ,~∼〜–-])(?P<days>[월화수목금토일](?:\s?[·ㆍ,~∼〜–-]\s?[월화수목금토일])+)"
    r"(?:요일|(?=$|[^가-힣·ㆍ,~∼〜–-]|[에은는만과]|까지))"
    r"|(?<![가-힣])(?P<name>[월화수목금토일])(?:요일|(?=\s(?:휴관|휴무|휴장|휴업)))"
)
"""``수요일``, ``월·수``, ``화~일요일``, ``월 휴관``"""
_CONTEXT = 12
"""Letters before a bare figure in which a word can make it a day."""

_OLD = "60"
"""``'60년`` and later are of the last century, ``'50년`` is to come."""
_LEAP = 2024
"""A leap year, by whose months a day without a year is judged."""
_FIRST_OF_NIGHT = 5
"""``밤 2시`` is after midnight, ``밤 9시`` before it."""


@dataclass(frozen=True, slots=True)
class Date:
    """A date or time as printed from ``start`` to ``end``; ``value`` as in the module's caption.

    Of a range or list whose unit stands behind the last (``10~12월``), ``text`` has it.

    ``value`` is None where there is no such day (``6월 31일``, ``13월``, ``5분기``) or nobody knows which hour is meant
    (``오전 12시``).
    """

    start: int
    end: int
    text: str
    value: str | None

    @property
    def key(self) -> str:
        """What must be equal for two dates to say the same."""
        return "".join(self.text.split()) if self.value is None else self.value


def scan(text: str) -> list[Date]:
    """Find every date and time of day, left to right, none overlapping another."""
    found: list[Date] = []
    free = list(text)
    in_words = (_of_month, _words)
    for reader in (_bare_days, _bare_years, _dates, _quarters, _times, *in_words) if _DIGIT.search(text) else in_words:
        for date in reader("".join(free)):
            found.append(date)
            free[date.start : date.end] = "\0" * (date.end - date.start)
    return sorted(found, key=lambda one: one.start)


def _bare_days(text: str) -> Iterator[Date]:
    """Find days without a unit or a stop, which only what stands around them tells from decimals."""
    for hit in _BARE.finditer(text):
        if units.UNIT.match(text, hit.end()) or _COUNTED.match(text, hit.end()):
            continue
        near = max(0, hit.start() - _CONTEXT)
        named = _OF_DAYS.search(text, near, hit.start())
        stop = () if _OF_DECIMALS.search(text, near, hit.start()) else (_STOP,)
        behind = (_WEEKDAY, _FOR_DAYS, *stop) if hit["m2"] else (_TO_MONTH,)
        told = hit["by"] == "." and any(one.match(text, hit.end()) for one in behind)
        told |= named is not None and (hit["m2"] is not None or _FROM_DAY.match(text, hit.end()) is not None)
        told |= not _GOES_ON.match(text, hit.end()) and _ITS_DAY.search(text, near, hit.start()) is not None
        told |= not text[: hit.start()].strip() and _ALONE.match(text, hit.end()) is not None
        ends = [("m", "d"), ("m2", "d2")] if hit["m2"] else [("m", "d")]
        if not told or not all(_exists(None, hit[month], hit[day]) for month, day in ends):
            continue
        for month, day in ends:
            value, end = _iso(None, hit[month], hit[day]), hit.end(day)
            if weekday := _WEEKDAY.match(text, end):
                value, end = f"{value} {weekday['day'] or weekday['name']}", weekday.end()
            yield Date(hit.start(month), end, text[hit.start(month) : end], value)


def _bare_years(text: str) -> Iterator[Date]:
    """Find years without a unit: one after an apostrophe, spans unless what stands behind them counts something."""
    for hit in _YEARS.finditer(text):
        counted = units.UNIT.match(text, hit.end()) or _COUNTED.match(text, hit.end())
        if hit["year"]:
            if not counted:
                yield Date(hit.start(), hit.end(), hit["year"], _iso(hit["year"], None, None))
            continue
        ends = ("low", "high") if hit["low"] else ("old", "new")
        low, high = (_iso(hit[end], None, None) for end in ends)
        if not counted and low < high:
            for end, year in zip(ends, (low, high), strict=True):
                yield Date(hit.start(end), hit.end(end), hit[end], year)


def _of_month(text: str) -> Iterator[Date]:
    for hit in _NTH.finditer(text):
        yield Date(hit.start(), hit.end(), hit.group(), f"#{_PLACES[hit['nth']]}")
    for hit in _WEEK.finditer(text):
        yield Date(hit.start(), hit.end(), hit.group(), f"#{hit['nth']}")


def _dates(text: str) -> Iterator[Date]:
    counted = 0
    for hit in _DATE.finditer(text):
        parts = hit.groupdict()
        year, month, day, last = (
            next((value for name, value in parts.items() if name[0] == letter and value), None) for letter in "ymde"
        )
        if parts["d4"] and durations.counts_days(text, hit.start(), hit.end(), counted):
            counted = hit.end()
            continue
        if parts["m3"] and not day and durations.counts_months(text, hit.start(), hit.end()):
            continue
        value = _iso(year, month, day)
        if last:
            value += "/" + _iso(year, month, last)
        if parts["tens"] and year:
            value = f"{_iso(year, None, None)[:3]}X"
        missing = not (year or month or day)
        real = not missing and (not month or all(_exists(year, month, one) for one in (day, last) if one))
        end = hit.end()
        if (not day or missing) and (part := _PART.match(text, end)):
            value, end = f"{value} {part[1]}", part.end()
        if (day or missing) and (weekday := _WEEKDAY.match(text, end)):
            value, end = f"{value} {weekday['day'] or weekday['name']}", weekday.end()
        # Of a range or list the unit stands behind the last alone.
        unit = "년" if parts["y16"] else "월" if parts["m16"] else ""
        yield Date(hit.start(), end, text[hit.start() : end] + unit, value if real else None)


def _exists(year: str | None, month: str, day: str) -> bool:
    """Tell whether a month has such a day; where no year is named, whether it has in any."""
    return int(day) <= monthrange(int(_iso(year, None, None)) if year else _LEAP, int(month))[1]


def _iso(year: str | None, month: str | None, day: str | None) -> str:
    if year and len(year) < len("2026"):
        year = ("20" if year[-2:] < _OLD else "19") + year[-2:]
    if year:
        return "-".join([year, *(f"{int(part):02}" for part in (month, day) if part)])
    if month:
        return f"--{int(month):02}" + (f"-{int(day):02}" if day else "")
    return f"---{int(day or 0):02}"


def _quarters(text: str) -> Iterator[Date]:
    for hit in _QUARTER.finditer(text):
        yield Date(hit.start(), hit.end(), hit.group(), f"Q{hit['q']}" if hit["q"] < "5" else None)


def _times(text: str) -> Iterator[Date]:
    half, last = "", -1
    for hit in _TIME.finditer(text):
        # 오후 2시~4시: the second hour is in the same half of the day
        linked = last >= 0 and re.fullmatch(r"\s?[~∼〜–-]\s?", text[last : hit.start("h")])
        half, last = _half(hit["half"]) or (half if linked else ""), hit.end()
        hour, minute = int(hit["h"]), int(hit["min"] or hit["colon"] or (30 if hit["mid"] else 0))
        # the 12시 of 오전 10시~12시 is noon
        unknown = hour == 12 and _half(hit["half"]) == "오전"
        hour = _of_day(half, hour, minute)
        seconds = hit["sec"] or hit["last"]
        value = f"T{hour:02}:{minute:02}" + (f":{int(seconds):02}" if seconds else "")
        start = hit.start() + (len(hit.group()) - len(hit.group().lstrip()))
        unit = "시" if hit.group()[-1].isdigit() and not (hit["colon"] or hit["last"]) else ""
        yield Date(start, hit.end(), text[start : hit.end()] + unit, None if unknown else value)


def _half(printed: str | None) -> str:
    """Give the part of the day as Korean has it, also of ``AM`` and ``p.m.``."""
    return {"am": "오전", "pm": "오후"}.get((printed or "").replace(".", "").lower(), printed or "")


def _of_day(half: str, hour: int, minute: int) -> int:
    """Give the hour of the day: ``오후 3시`` 15, ``낮 1시`` 13, ``밤 9시`` 21, ``밤 1시`` 1, ``밤 12시`` 24."""
    if half == "밤" and hour == 12:
        # as 자정; 밤 12시 30분 is of the next day
        return 0 if minute else 24
    later = half in {"오후", "저녁"} or (half == "밤" and hour >= _FIRST_OF_NIGHT) or (half == "낮" and hour < 10)
    return hour + 12 if later and hour < 12 else hour


def _words(text: str) -> Iterator[Date]:
    for hit in _WORD.finditer(text):
        value, end = _WORDS.get(hit.group(), "this-year"), hit.end()
        if part := _PART.match(text, end):
            value, end = f"{value} {part[1]}", part.end()
        yield Date(hit.start(), end, text[hit.start() : end], value)
    for hit in _DAYNAMES.finditer(text):
        yield Date(hit.start(), hit.end(), hit.group(), hit["name"] or _days(hit["days"]))


def _days(printed: str) -> str:
    """Give a list of weekdays in one spelling: ``월·수``, a span as ``월~금``."""
    return re.sub(r"[∼〜–-]", "~", re.sub(r"[ㆍ,]", "·", "".join(printed.split())))
