"""The shape of a person's name: a surname and what parents choose, told apart from nouns that are spelled alike."""

from __future__ import annotations

import re

_SURNAMES = (
    "김이박최정강조윤장임한오서신권황안송류전홍고문양손배백허유남심노하곽성차주우구민진나지엄채원천방공현함변염추도소"
    "석선설마길연위표명반왕옥육맹탁"
)
_LONG_SURNAMES = "남궁|황보|제갈|선우|서문|독고|사공|동방"
_FIRST = (
    "가건경광규근기나남다대도동명무문미민범병보상서석선성세소수숙순승시아연영예용우원유윤은의이인일재정제종주준중지진"
    "찬창채철태하한해현형혜호홍화효훈희흥여강고"
)
_LAST = (
    "건경곤광규균근길남덕란래록룡린림미민배범별빈상석섭수숙순슬신애연열영예옥완용우욱운웅윤정제준중진찬채천철태택혁현"
    "형호홍환훈휘희헌리엽흠솔겸"
)
_NOUN_LIKE = "서선나아원은재지한인식성화주기세교예후혜"
"""What ends given names and also nouns, 조사 and endings: ``지원은``; it counts with a 조사 behind it."""

_VERB_LIKE = "하해라"
"""The same of verbs, ``지원하는``; only a 조사 that no verb takes makes it a name."""

_COPULA = "입니다|이었습니다|였습니다|이라고|이다|이며|이고"
"""What says who somebody is: ``장관 김민수입니다``; no verb takes it."""

_PERSON = re.compile(
    rf"(?P<person>(?P<noun>(?:[{_SURNAMES}]|{_LONG_SURNAMES})[{_FIRST}])(?:"
    rf"[{_LAST}](?=(?:은|는|이|가|을|를|의|에게|께서|께|과|와|도|로|만|씨[는가의를]?|{_COPULA})?$)"
    rf"|[{_NOUN_LIKE}](?=(?:은|는|이|가|을|를|의|에게|께서|께|과|와|씨[는가의를]?|{_COPULA})$)"
    rf"|[{_VERB_LIKE}](?=(?:가|를|의|에게|께서|와|씨[는가의를]?|{_COPULA})$)))"
)
"""``김민수는``: a surname and two syllables that parents choose."""

_NATIVE = re.compile(
    rf"(?P<person>(?:[{_SURNAMES}]|{_LONG_SURNAMES})(?:하늘|하늬|하람|하랑|가람|가온|다온|라온|아름|보람|한솔|한별|한결|한울|은별|샛별|새롬"
    r"|새봄|초롱|슬기|나래|다솜|소담|도담|여울|이슬|마루|단비|솔비|누리|빛나|힘찬))"
    rf"(?:은|는|이|가|을|를|의|에게|께서|께|과|와|도|로|만|씨[는가의를]?|{_COPULA})?$"
)
"""``김하늘이``: given names of words of the language, whose syllables stand in no other name."""

_MAY_BE_NAMED = re.compile(
    rf"(?P<person>(?P<noun>(?:[{_SURNAMES}]|{_LONG_SURNAMES})[{_FIRST}])[{_LAST}{_NOUN_LIKE}])"
    rf"(?:은|는|이|가|을|를|의|에게|께서|께|과|와|도|로|만|씨[는가의를]?|{_COPULA})?"
)
"""The same without a look at what its last syllable may be else: ``이지은``, whose 은 may be a 조사."""

_BEHIND_POST = re.compile(
    rf"(?P<person>(?:[{_SURNAMES}][가-힣]{{2}}|(?:{_LONG_SURNAMES})[가-힣]{{1,2}}))(?:은|는|이|가|을|를|의|과|와|께서|도|{_COPULA})?"
)
"""The whole 어절 ``홍길동은`` or ``남궁민이``."""

_CASE = "(?=$|[^가-힣]|[은는이가을를의과와도께님씨군양]|에게)"
MASKED = re.compile(rf"(?<![가-힣])(?P<person>[{_SURNAMES}](?:[*＊○◯][가-힣]|[*＊○◯]{{2}}[가-힣]?|[XxＸ]{{2}})){_CASE}")
"""``김*수``, ``박○○``, ``정XX``: of whom one is not to know who it is, as lists of winners have them."""
DECEASED = re.compile(
    rf"(?:고(?<![^\s(▲<]고)(?:\s?\(故\)\s?|\s)|故\)?\s?)(?P<person>(?:[{_SURNAMES}]|{_LONG_SURNAMES})[가-힣]{{2}}){_CASE}"
)
"""``고(故) 임윤택``, ``故 임윤택``: who died is called so, whoever it was."""
_SUFFIX = _NOUN_LIKE + _VERB_LIKE + "제수용림배리민철"
_NOUNS = frozenset(
    (
        "강도 강원 강의 고문 고민 고용 고의 고정 고지 공고 공무 공문 공여 공연 공용 공유 구도 구상 구성 구제 "
        "구호 권고 권여 권유 권한 기여 기준 길이 나무 남기 남도 남해 노동 노무 노선 다양 도강 도로 도매 도민 "
        "도서 도시 도지 도형 마감 명시 명의 문서 문의 문제 문화 민간 민원 민주 박람 반대 반도 반영 반지 방류 "
        "방문 방위 방재 배상 배수 배정 백신 변경 변동 변호 보고 상수 서기 서명 서민 서재 석유 석재 선도 선정 "
        "선주 선호 설명 설문 성명 성의 성인 소고 소나 소비 소수 소유 소재 소화 손상 손해 송유 송전 수용 수의 "
        "시행 신고 신규 신세 신용 신원 심리 심사 심의 안건 안보 안전 안정 양도 양성 양식 양해 연기 연대 연도 "
        "연동 연수 오용 오인 우대 우선 우수 원시 원유 원인 원주 위기 위도 위성 위시 위원 위임 유기 유도 유동 "
        "유세 유연 유의 유인 유지 유해 이동 이상 이수 이용 이원 이율 이의 이재 이전 이주 이해 인원 임대 임명 "
        "장기 장소 장애 전기 전문 전세 전수 전승 전시 전용 정규 정기 정리 정민 정보 정상 정시 정원 정의 정지 "
        "정착 정해 조건 조기 조선 조성 조정 주무 주문 주민 주소 주시 주여 주유 주의 주재 주제 지도 지리 지명 "
        "지시 지여 지원 지정 지표 지하 지형 진도 진로 진정 진주 차도 차용 차지 참여 채용 최고 최대 최소 추진 "
        "표시 표제 표준 하도 하소 하수 한도 한시 한우 허용 현대 현재 현지 황사"
    ).split()
)
"""What a surname and a syllable of a name happen to spell: ``지원서``, ``주문서`` are no persons."""


def person(word: str) -> str | None:
    """Give the full name that an 어절 (NFC) has the shape of, None where it has not: of ``김민수는`` 김민수.

    A shape alone proves nothing: it is to be asked of two words of which one replaced the other.
    """
    if native := _NATIVE.match(word):
        return native["person"]
    hit = _PERSON.match(word)
    if hit is None or (hit["noun"] in _NOUNS and hit["person"][-1] in _SUFFIX):
        return None
    return hit["person"]


def may_be_named(word: str) -> str | None:
    """Give the name that an 어절 (NFC) may be where it stands for one: ``이지은`` too, whose 은 may be a 조사."""
    hit = _MAY_BE_NAMED.fullmatch(word)
    return person(word) or (hit["person"] if hit and hit["noun"] not in _NOUNS else None)


def titled(word: str) -> str | None:
    """Give the person that an 어절 (NFC) names where it stands right behind a post: of ``백가람이`` 백가람."""
    hit = _BEHIND_POST.fullmatch(word)
    return hit["person"] if hit else None


def unmarked(word: str) -> str:
    """Give a name that is not told in full with one mark for what is put out: ``김*수`` of ``김○수``."""
    return re.sub("[＊○◯]", "*", word)


def surname(word: str) -> bool:
    """Tell whether a syllable is a surname, as it stands before a post: ``이 차관``, but not ``전 차관``."""
    return len(word) == 1 and word in _SURNAMES and word not in {"전", "현"}
