"""How Korean releases print days, months, years and times of day: the patterns, each with what it matches.

What they mean is read in :mod:`diffing.dates`.
"""

from __future__ import annotations

import re

from diffing import durations

_YEAR = r"(?:(?:19|20)\d\d|['’‘`]\d\d)"
_MONTH = r"(?:1[0-2]|0?[1-9])"
_DAY = r"(?:3[01]|[12]\d|0?[1-9])"
_DASH = r"\s?[~∼〜–-]\s?"

_DEED = (
    "(?:개최|개막|개관|개통|개소|발표|발효|체결|접수|신청|마감|출범|의결|고시|공고|공포|실시|시작|종료|방문|선포|출시)"
)
"""What happens on a day: ``3.2. 개최``."""

DATE = re.compile(
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
DIGIT = re.compile(r"\d")
MONTHS = dict(zip("jan feb mar apr may jun jul aug sep oct nov dec".split(), range(1, 13), strict=True))
_MONTH_NAME = (
    "(?:January|February|March|April|May|June|July|August|September|October|November|December"
    r"|(?:Jan|Feb|Mar|Apr|Jun|Jul|Aug|Sept?|Oct|Nov|Dec)\.?)"
)
_DAY_NTH = rf"{_DAY}(?:st|nd|rd|th)?(?![\dA-Za-z])"
ENGLISH = re.compile(
    r"(?=[A-Z][a-z]|\d{1,2}[a-z]{0,2}\s[A-Z]|[ibs][nyi])(?<![A-Za-z\d])(?:"
    rf"(?P<m1>{_MONTH_NAME})\s(?P<d1>{_DAY_NTH})(?:,?\s(?P<y1>(?:19|20)\d\d)(?!\d))?"
    rf"|(?P<d2>{_DAY_NTH})\s(?P<m2>{_MONTH_NAME})(?![A-Za-z])(?:,?\s(?P<y2>(?:19|20)\d\d)(?!\d))?"
    rf"|(?P<m3>{_MONTH_NAME}),?\s(?P<y3>(?:19|20)\d\d)(?!\d)"
    # a year alone is one only behind what says when
    r"|(?:in|by|since)\s(?P<y4>(?:19|20)\d\d)(?![\d,.]\d|\d))"
)
"""``June 12, 2026``, ``12 June``, ``Dec. 2026``, ``by 2030``"""
HALF_BEHIND = re.compile(
    r"(?<![\d:.])(?P<h>1[0-2]|0?[1-9])(?::(?P<min>[0-5]\d))?\s?(?P<half>[AaPp])\.?[Mm](?:\.|(?![A-Za-z]))"
)
"""``2 p.m.``, ``10:30 AM``"""
WEEKDAY = re.compile(r"\s?\((?P<day>[월화수목금토일])(?:요일)?\)|\s(?P<name>[월화수목금토일])요일")
"""``12일(수)``, ``12일 수요일``"""

OF_DAYS = re.compile(r"(?:기간|일정|일시|날짜|시기|접수|신청|모집|공모|휴관|전시|개최)(?:[은는이가을를]|[\s:：(])*$")
"""What stands before days that are written as decimals could be: ``접수는 10.1~10.31``, ``전시 기간: 10.1까지``."""
FOR_DAYS = re.compile(r"\s?(?:동안|(?:에\s|간\s)?(?:접수|신청|모집|공모|열린|열렸|연다|개최|운영|진행|실시|휴관|전시))")
"""What stands behind them: ``10.1~10.31 열린다``."""
OF_DECIMALS = re.compile(r"(?:[률율]|지수|평균|점수|농도|계수|규모|수준|진도)(?:[은는이가을를도]|[\s:：(])*$")
"""What stands before decimals, a stop behind them or not: ``경쟁률은 2.5~3.1. 다만``."""
BARE = re.compile(
    rf"(?<![\d.,%/])(?P<m>{_MONTH})(?P<by>[./])(?P<d>{_DAY})(?:{_DASH}(?P<m2>{_MONTH})(?P=by)(?P<d2>{_DAY}))?(?!\d|[./]\d)"
)
"""``10.1~10.31``, ``10.1``, ``10/1``"""
COUNTED = re.compile(r"\s?[백천만억조]|\s?(?:대|:|/)\s?\d")
"""What makes a decimal of it beside a unit: ``2.5만 명``, ``2.5 대 1``."""
ITS_DAY = re.compile(r"(?:일정|일\s?시|날짜|시기|접수|공모|개최)(?:[:：)]|\s[:：])\s?$")
"""What names a day however it is printed: ``일시: 6.12``, ``(접수) 6/12``."""
GOES_ON = re.compile(r"\.?\s?[(~∼〜–-]|\.\s?\d")
"""What follows where more of the day is printed: ``6.12.(수)``."""
ALONE = re.compile(r"\.\s*$")
"""The stop of ``3.14.`` in a cell of its own."""
FROM_DAY = re.compile(r"\s?(?:부터|까지)")
TO_MONTH = re.compile(rf"{_DASH}{_MONTH}\s?월")
"""The ``~12월`` of ``2.5~12월``, which makes a day of 2.5."""
STOP = re.compile(r"\.\s?(?=[가-힣(])")
"""The stop of ``2.5~2.12. 신청을``: a sentence ends with a word."""
YEARS = re.compile(
    r"(?<![\d.,-])(?:(?P<low>(?:19|20)\d\d)\s?[~∼〜–]\s?(?P<high>(?:19|20)\d\d)(?!\d|[.,-]\d|\s?년)"
    r"|(?P<old>['’‘`]\d\d)\s?[~∼〜–]\s?(?P<new>['’‘`]\d\d)(?!\d|[.,-]\d|\s?년)"
    # ’25 대비, '25 (잠정), but not ‘25’ and '25 한마당'
    r"|(?<![\w'’‘])(?P<year>’\d\d(?![\d’,~∼〜–·ㆍ-]|\s[~∼〜–·ㆍ-]|\s?년|\.\s?\d)|['‘]\d\d(?=\s*$|\s?[(),:→➔⇒]))"
    r")"
)
"""``2026~2030``, ``’26~’30``, ``’25`` alone in its cell"""
NTH = re.compile(
    r"(?<![가-힣])(?P<nth>첫|둘|셋|넷|다섯)째(?=(?:\s?[·ㆍ,]\s?(?:첫|둘|셋|넷|다섯)째)*"
    r"\s?(?:주(?=$|[^가-힣]|[에의는로]|이다|부터|까지)|[월화수목금토일]요일))"
)
"""``셋째 주``, ``둘째·넷째 수요일``"""
WEEK = re.compile(r"(?<=\0\s)(?P<nth>[1-5])주차(?!장)")
"""The ``2주차`` of ``3월 2주차``, whose month was read."""
PLACES = {word: place for place, word in enumerate("첫 둘 셋 넷 다섯".split(), start=1)}

PART = re.compile(
    r"\s?(초순?|중순|하순|상순|말)(?![가-힣]*[등미])(?=$|[^가-힣]|에|까|부|께|쯤|이|로|의|경|은|을|과|와|중|기|였|[는를가도만다](?![가-힣]))"
)
"""``6월 중순``, ``2027년 말``, ``이달 초``"""

TIME = re.compile(
    r"(?=[오새밤낮아저AaPp\d\s])(?P<half>오전|오후|새벽|밤|낮|아침|저녁|(?<![A-Za-z])[AaPp]\.?[Mm]\.?)?\s?(?<![\d:.])(?P<h>2[0-4]|1\d|0?\d)"
    # 오후 3시 30분, 14시 15분 29초
    r"(?:\s?시(?!간|장|도|민|군|설|행)(?:\s?(?P<min>[0-5]?\d)\s?분(?:\s?(?P<sec>[0-5]?\d)\s?초)?|\s?(?P<mid>반))?"
    r"|:(?P<colon>[0-5]\d)(?::(?P<last>[0-5]\d))?(?!\d)"  # 14:00
    r"|(?=\s?[~∼〜–-]\s?(?:2[0-4]|1\d|0?\d)\s?시(?!간|장|도|민|군|설|행)))"  # 9~18시, the 9
)
HOURS = {word: hour for hour, word in enumerate("한 두 세 네 다섯 여섯 일곱 여덟 아홉 열 열한 열두".split(), start=1)}
HOUR = re.compile(
    r"(?<![가-힣])(?:(?P<half>오전|오후|새벽|밤|낮|아침|저녁)\s?)?"
    # 한시적, 세시 풍속; two alone may be two cities
    r"(?P<h>열[한두]?|다섯|여섯|일곱|여덟|아홉|(?:(?<=[전후벽밤낮침녁])|(?<=[전후벽밤낮침녁]\s))[한두세네]|[한두세네](?=\s))"
    r"\s?시(?=$|[^가-힣·ㆍ/]|[까부쯤경로는를다였반이]|정각|에(?!서|게)|가(?![가-힣])|의(?![가-힣]))"
    r"(?:\s(?P<min>[0-5]?\d)\s?분|\s?(?P<mid>반)(?![가-힣]*[장원]))?"
)
"""``오후 아홉 시``, ``세 시 반``"""
QUARTER = re.compile(r"(?:(?P<q>[1-9])\s?(?:/\s?4\s?)?(?:분기|Q(?![A-Za-z\d])))")
"""``3분기``, ``3/4분기``, ``3Q``"""

WORDS = {
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
    "내주": "next-week", "지난주": "last-week", "지난 주": "last-week", "정오": "T12:00", "자정": "T24:00",
    "오전": "AM", "오후": "PM",
}  # fmt: skip
WORD = re.compile(
    r"(?<![가-힣])(?:"
    + f"(?:{'|'.join(sorted(WORDS, key=len, reverse=True))})"
    # but 전월세, 내일배움카드, 정오표, 자정 노력; 자리를 내주는
    + r"(?=$|[^가-힣]|[은는이가의을를에엔도만과와까부께로라처보쯤경초중말상하내였인분산치다며])"
    r"(?<!내주(?=[는도다라]))(?!\s?(?:노력|능력|작용|기능))"
    + r"|올(?=\s(?:상반기|하반기|연말|[1-4]분기|\d{1,2}월|봄|여름|가을|겨울)))"
)
"""``내년``, ``올 하반기``, ``하반기다``"""
DAYNAMES = re.compile(
    r"(?<![가-힣\d·ㆍ,~∼〜–-])(?P<days>[월화수목금토일](?:\s?[·ㆍ,~∼〜–-]\s?[월화수목금토일])+)"
    r"(?:요일|(?=$|[^가-힣·ㆍ,~∼〜–-]|[에은는만과]|까지))"
    r"|(?<![가-힣])(?P<name>[월화수목금토일])(?:요일|(?=\s(?:휴관|휴무|휴장|휴업)))"
)
"""``수요일``, ``월·수``, ``화~일요일``, ``월 휴관``"""
