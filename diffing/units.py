"""What figures are counted in: currencies with their codes, shares, counters, degrees; and what bounds a figure."""

from __future__ import annotations

import re
from decimal import Decimal
from typing import Literal

from diffing.spelled import any_of

Kind = Literal["money", "percent", "quantity", "number"]

_MONEY = {
    "원": "원", "달러": "달러", "불": "달러", "유로": "유로", "엔": "엔",
    "위안": "위안", "파운드": "파운드", "프랑": "프랑", "센트": "센트",
    **{name: name for name in "루피 루블 루피아 바트 링깃 텡게 즐로티 페소 리라 디르함 리얄 크로나 크로네".split()},
    "환": "환", "냥": "냥",
}  # fmt: skip
CODES = {
    "달러": "USD", "미국 달러": "USD", "미 달러": "USD", "불": "USD", "호주 달러": "AUD", "캐나다 달러": "CAD",
    "홍콩 달러": "HKD", "싱가포르 달러": "SGD", "대만 달러": "TWD", "뉴질랜드 달러": "NZD", "유로": "EUR", "엔": "JPY",
    "위안": "CNY", "파운드": "GBP", "프랑": "CHF", "루피": "INR", "루블": "RUB", "루피아": "IDR", "바트": "THB",
    "링깃": "MYR", "텡게": "KZT", "즐로티": "PLN", "리라": "TRY", "디르함": "AED", "크로나": "SEK",
}  # fmt: skip
"""ISO 4217 codes of the currencies other than 원; what several countries have (페소, 크로네) has its own name."""

_SAME_CURRENCY = {"미국 달러": "달러", "미 달러": "달러"}
SIGNS = {"$": "달러", "US$": "달러", "€": "유로", "¥": "엔", "£": "파운드", "₩": "원"}
SIGNS |= {"USD": "달러", "KRW": "원", "EUR": "유로", "JPY": "엔"}
"""The signs and codes that stand before an amount, and their currencies."""
_PERCENT = {"%": "%", "퍼센트": "%", "프로": "%", "배": "배", "할": "할", "푼": "푼", "‰": "‰"}
_NATIVE_COUNTERS = (
    "개소 개국 개월 개년 개사 개교 개팀 개반 개 인분 인구 인승 명 사람 건 가구 세대 곳"
    # 103인데, 103인 것으로: it is so
    " 인(?!분|구|승|데|\\s(?:것|점|셈|반면))"
    # 찬성 3 대 반대 2: so many to so many
    " 대(?!응|책|처|비|\\s[가-힣]{1,6}\\s?\\d+(?:표(?!지|준)|으?로|의|이|였|가(?!구|지)|$|[^\\d가-힣,.])) 회 차례"
    " 종(?!합|사자|전) 가지 항목 과제"
    " 마리 두(?!\\s?(?:배|곳|명|건|차례))"
    # 청사 6동, 4동 1층: which building it is
    " 그루 동(?<!청사\\s\\d동)(?<!청사\\s\\d\\d동)(?!\\s?(?:\\d+층|대강당|강당|회의실|민원실))"
    " 채 필지 척 편 권 부(?!터|처|문|장|제) 장 점 세(?!기(?!준)|대) 살 주간 주일 주년 주(?![차년간일])"
    " 년간 년 일간 일 시간 분(?!의) 초"
    " 석 선석 실 병상 학급 팀 쌍 잔 끼 상자 박스 포대 포기 기 량 노선 구간 지구 단지 필 통 표 좌 학점 뷰"
    " 호(?!선|기|차|실|\\s?(?:위성|태풍|법안|펀드|안건|공약))"
    " 기관 부처 종류 페이지 글자 그릇 갑 캔 벌(?!금|칙|점) 매(?!출|입|장|각|년|월|주|일|체)"
    " 문항 과목 강좌 품목 품종 종목 농가 어가 업체 도[스즈] 회분"
    " 명분 세트 팩 묶음 다발 객실 좌석 캡슐 자루 가마 화소 토큰 매개변수 파라미터 광년 회선 학기 교시 의석 켤레"
    " 봉지 송이 쪽 자녀 포인트 구좌 계좌 군데 작품 마을 침상 정거장 박(?=\\s?\\d+\\s?일)"
    " 월(?=$|[^가-힣]|[의을에이](?![가-힣]))"
    # 3번 출구, 402번 버스, 129번으로 문의: which, not how often
    " 번(?!\\s?(?:출구|국도|지방도|게이트|승강장|창구|탑승구)|(?<=\\d\\d번)\\s?버스|으로\\s?(?:문의|전화|신고|연락))"
    # what many words begin with: 병원, 발표, 문의, 자료, 줄이다; 산란계 3만 수, but 수도, 수의, 수로
    " 본(?=$|[^가-힣]|[이을은의]|으로) 포(?=$|[^가-힣]|[가를는의로])"
    " 면(?=$|[^가-힣]|[을은의에이]|으로|씩)"
    " 병(?=$|[^가-힣]|[이을은의에]|으로|씩)"
    " 발(?=$|[^가-힣]|[을은의이]|씩)"
    " 문(?=$|[^가-힣]|[이을은]|씩)"
    " 줄(?=$|[^가-힣]|[을은]|로(?![가-힣]))"
    " 자(?=$|[^가-힣]|[를가는로]|이[상하내]|였|씩|내외|정도)"
    " 수(?=$|[^가-힣]|[를는]|이[상하다]|였|씩|규모)"
).split()
_MEASURES = (
    "톤 배럴 그램 킬로그램 밀리그램 리터 밀리리터 킬로리터 미터 킬로미터 센티미터 밀리미터 제곱미터 제곱킬로미터"
    " 세제곱미터 헥타르 평 와트 킬로와트 킬로와트시 메가와트 기가와트 바이트 메가바이트 기가바이트 테라바이트"
    " 헤르츠 볼트 데시벨 럭스 노트(?!북) 갤런 온스 에이커 칼로리 베크렐 시버트 인치 피트 마일 해리"
    " km² m² cm² m³ [kc]?m2(?!\\d) m3(?!\\d) ㎡ ㎢ ㎥ [μµ]g(?:/m³)?"
    " km/h m/s m∕s km/L mg/kg mg/L mg/m³ m³/s Bq/kg Bq/L g/km ppm ppb dB"
    " km KM cm mm nm [μµ]m kWh MWh GWh TWh kW MW GW TW kV kcal kg Kg KG mg ha cc mL ml mℓ kL kℓ dL dℓ"
    " MB GB TB PB [Kk]bps Mbps Gbps Hz kHz MHz GHz hPa kPa MPa [mμµ]Sv(?:/h)? Bq TEU CGT GT DWT TOE rpm bp °C ℃"
    " mAh mA kVA ton g t L ℓ m W V"
).split()
_SAME_UNIT = {
    "년간": "년", "주간": "주", "주일": "주", "일간": "일", "달": "개월", "해": "년", "살": "세", "인": "명",
    "사람": "명", "개소": "곳", "군데": "곳", "차례": "회", "톤": "t", "ton": "t", "그램": "g", "킬로그램": "kg",
    "Kg": "kg", "KG": "kg", "밀리그램": "mg", "리터": "L", "ℓ": "L", "밀리리터": "mL", "ml": "mL", "mℓ": "mL",
    "킬로리터": "kL", "kℓ": "kL", "dℓ": "dL", "미터": "m", "킬로미터": "km", "KM": "km", "센티미터": "cm",
    "밀리미터": "mm", "제곱미터": "m²", "제곱킬로미터": "km²", "세제곱미터": "m³", "헥타르": "ha", "와트": "W",
    "킬로와트": "kW", "킬로와트시": "kWh", "메가와트": "MW", "기가와트": "GW", "메가바이트": "MB", "기가바이트": "GB",
    "테라바이트": "TB", "헤르츠": "Hz", "시버트": "Sv", "베크렐": "Bq", "m∕s": "m/s", "m2": "m²", "km2": "km²",
    "cm2": "cm²", "m3": "m³", "두": "마리",
    "월": "개월", "개": "곳", "도즈": "도스", "Kbps": "kbps", "개사": "곳",
}  # fmt: skip
"""Counters that say the same: ``50인`` and ``50명``, ``12개`` and ``12곳``, ``석 달`` and ``3개월``, ``3킬로미터`` and
``3km``
"""

BASES = {
    unit: (base, Decimal(factor))
    for base, factors in {
        "m": {"km": "1000", "cm": "0.01", "mm": "0.001"}, "m²": {"km²": "1000000", "ha": "10000", "cm²": "0.0001"},
        "g": {"t": "1000000", "kg": "1000", "mg": "0.001"}, "L": {"kL": "1000", "dL": "0.1", "mL": "0.001"},
        "W": {"GW": "1000000000", "MW": "1000000", "kW": "1000"},
        "kWh": {"TWh": "1000000000", "GWh": "1000000", "MWh": "1000"}, "초": {"시간": "3600", "분": "60"},
        "개월": {"년": "12"},
    }.items()
    for unit, factor in factors.items()
}  # fmt: skip
"""Measures that are so many of another: ``0.35㎢`` and ``35만㎡``, ``2시간`` and ``120분`` say the same."""

_PLACES = {"학년", "등급", "단계", "순위", "주차", "급", "층", "위", "호실"}
"""What is counted to say which: of ``3층`` and ``2등급`` the units are those of ``제3층``, ``제2등급``."""

MEASURES = frozenset(_SAME_UNIT.get(one, one) for one in _MEASURES)
"""Units of which a figure may have three decimals: ``1.500kg``, but not ``1.500명``."""
_COUNTERS_ALL = {*_NATIVE_COUNTERS, *_MEASURES}
_PATTERNS = sorted((one for one in _COUNTERS_ALL if one != re.escape(one)), key=lambda one: (-len(one), one))
"""Counters that end a word only before some letters, or have several forms."""
_COUNTERS = "|".join([*_PATTERNS, any_of(_COUNTERS_ALL.difference(_PATTERNS))])
_ENDS_WORD = (
    r"$|[^가-힣A-Za-z]|[이가은는을를의에로도만과와씩당여중째간대나다들뿐쯤꼴분치급]|으로|까지|부터|보다|밖|안팎|내외|이[상하내]|미만"
    r"|초과|정도|가량|남짓|수준|규모|였|등|마다|짜리|모두|미터|미만|입니|(?:임|인)(?![가-힣])"
)
"""What may follow a counter that stands apart: ``100 명이``, but not ``G7 회의``, ``코로나19 대응``."""
UNIT = re.compile(
    r"\s?(?:"
    r"(?P<percent>%\s?포인트|퍼센트\s?포인트|%[pP]t?|[%‰]|퍼센트"
    r"|프로(?=$|[^가-힣]|[가를로는의에다도]|이[다고며]|였|씩|대)"
    r"|(?<=\d)(?:할|푼)(?=$|[^가-힣]|[이을은의로에가과도만]|대)"  # 8할이, 3할 2푼; 할인, 할당 are none
    r"|배(?=$|[^가-힣]|[로가이를의나까에는은도씩증늘높많만다라와쯤였]"
    r"|보다|부터|짜리|남짓|안팎|내외|넘|인(?![가-힣])|정도|가량|수준))"
    # 원 but not 원칙, 원전
    r"|(?P<money>원(?!칙|전|자|인(?!$|[\s데지상하])|장|서)|(?:(?:미국?|호주|캐나다|홍콩|싱가포르|대만|뉴질랜드)\s?)?달러"
    r"|센트(?!럴)|불(?=$|[^가-힣]|[을의로이은에도만씩]|까지)|유로|엔(?![진지드터트젤])|위안|파운드|프랑|루피아|루피|루블|바트|링깃"
    # 1959년의 1만 5천 환, 대한제국의 3백 냥; 환자, 환경 are none
    r"|텡게|즐로티|페소|리라|디르함|리얄|크로나|크로네|[환냥](?=$|[^가-힣]|[을이은의에도만씩]|으로|까지))"
    rf"|(?P<counter>(?:(?<=\s)(?!회의)(?:{_COUNTERS})(?={_ENDS_WORD})|(?<!\s)(?:{_COUNTERS}))(?![A-Za-z]))"
    # 2학년 이하: which, not how many
    rf"|(?<=\d)(?P<place>학년|등급|단계|순위|주차|급|층|위|호실)(?={_ENDS_WORD})"
    # 영하 13도까지; 제도, 시도, 3도시 are none
    r"|(?P<degrees>도(?=$|[^가-힣]|로|가|를|는|의|에|까지|다|였|이[다며고었라]|입|인(?![가-힣])|씩|이상|이하|안팎|를|나|쯤|가량|정도))"
    r")"
)
"""What may follow a number: ``%``, ``억``'s ``원``, ``명``, ``도``"""

APPROX = r"(?<![가-힣])(?:약|대략|최대|최소한?|최고|최저|최장|최단)\s?"
"""What may stand before a figure and bounds it: ``약``, ``최대``"""
_AFTER_LEVEL = r"(?=$|[^가-힣]|[의에로를을가는은이였까부])"
BOUND = re.compile(
    r"\s?(?P<limit>이상|이하|미만|초과|이내|내외|안팎|가량|정도|남짓|쯤|이후)"
    rf"|(?P<level>대(?:\s?[초중후]반)?){_AFTER_LEVEL}|\s?(?P<third>[초중후]반){_AFTER_LEVEL}"
)
"""What may follow a figure and bounds it: ``이상``, ``30%대 후반``, ``40대 초반``"""


def read(printed: str) -> tuple[Kind, str]:
    """Give the kind and the one spelling of a unit as :data:`UNIT` finds it: ``percent`` and ``%p`` of ``%포인트``."""
    printed = printed.strip()
    if printed in _PERCENT:
        return "percent", _PERCENT[printed]
    if printed.startswith(("%", "퍼센트")):
        return "percent", "%p"
    if printed in _MONEY:
        return "money", _MONEY[printed]
    if printed.endswith("달러"):
        dollar = f"{printed.removesuffix('달러').strip()} 달러".strip()
        return "money", _SAME_CURRENCY.get(dollar, dollar)
    counter = printed.replace(" ", "")
    if counter in _PLACES:
        return "number", f"제{counter}"
    return "quantity", _SAME_UNIT.get(counter, counter)


_IN_ENGLISH = (
    ("percent", "%"), ("per cent", "%"), ("won", "원"), ("krw", "원"), ("euro", "유로"), ("eur", "유로"), ("yen", "엔"),
    ("jpy", "엔"), ("yuan", "위안"), ("cny", "위안"),
)  # fmt: skip


def in_english(printed: str) -> tuple[Kind, str]:
    """Give the kind and the Korean spelling of a unit in English: money and 달러 of ``US dollars``."""
    said = printed.lower()
    if "point" in said:
        return "percent", "%p"
    return read(next((korean for english, korean in _IN_ENGLISH if said.startswith(english)), "달러"))
