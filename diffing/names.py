"""Persons, posts, bodies and laws named in a text.

A post (장관, 위원장 ...) names the word before it as a person unless that word is a qualifier; bodies are ministries
and agencies, provinces, common partner countries, and words with an unmistakable ending (위원회, 공사). Nothing here
knows every name: it is made to recognise one name standing where another stood.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from diffing import gazetteer

_DIVISION = (
    "(?:정책국|관리국|행정국|지원국|산업국|사업국|협력국|안전국|기획국|예보국|심사국|물류국|조정실|기획실|정책실|관리실"
    "|정책관실|추진단|기획단|점검단|준비단|지원단|조사단|정책팀|기획팀|전담팀|총괄팀|지원팀)"
)
_DEPARTMENT = re.compile(
    # 국토교통부 도시정책과가; 방침과, 방침과는 have a 조사
    rf"\s(?P<unit>[가-힣·]{{2,14}}과(?=가\s|를\s|에서|\()|[가-힣·]{{0,12}}{_DIVISION})(?=$|[^가-힣]|은|는|이|가|을|를|의|에|와|과|도|로|장)"
)
_CONTACT = re.compile(
    # 문의: 교육복지과(044-203-6522), 담당 부서: 해운물류국 연안교통과 책임자 과장, 주택정책과 과장 홍길동(
    r"(?<![가-힣·])(?P<unit>[가-힣·]{2,14}(?:과|팀|국|실|단|센터))(?=\(0\d|\(\0|\s(?:책임자|담당자)\s"
    r"|\s(?:과장|팀장|국장|실장|단장|센터장|서기관|사무관|주무관)\s[가-힣]{2,4}[\s(,])"
)
_NUMBERED = re.compile(
    r"(?:(?<![가-힣])(?P<person>[가-힣]{2,4})\s)?(?<![가-힣])(?P<post>제\s?[1-9]\s?(?:차관(?!보)|부지사|부시장|정책관|비서관))"
)
"""``제1차관``: the number is the post's; ``홍길동 제1차관``."""

_POSTS = (
    # these take a field before them: 정책과장, 경제부총리, 국가안보실장
    "[가-힣]{0,8}(?:총리|장관|차관|차관보|본부장|위원장|청장|처장|실장|국장|과장|팀장|단장"
    "|정책관|기획관|심의관|담당관|이사장|센터장|수석|비서관|총장|사무관|주무관|서기관)"
    "|[가-힣]{0,4}(?:도지사|군수|구청장|교육감|대사|특사|의장)"
    "|대통령|상임위원|차장|대변인|원장|사장|회장|소장|교수|의원|기자|검사장|총재|감사원장|장관직무대행|박사|여사|씨"
)
_STANDING = r"(?:\s?(?:직무대행|직무대리|권한대행|후보자|후보|내정자|지명자|당선인|당선자))?"
"""``장관 후보자`` is no 장관 yet, ``청장 직무대행`` acts for one."""

_FORMER = r"(?:(?<![년월일주간분세\0]\s)(?:전[직임]?|현직?)\s)"
"""``전 장관`` is no 장관 any more, ``현 장관`` is; in ``3년 전 장관은`` it is a time."""

_QUALIFIERS = set(
    "신임 전임 해당 담당 관계 주무 모든 각 당시 같은 신규 현직 전직 주요 관련 소관 이날 이번 우리 두 여러 부처 실무 "
    "이 그 및 또 또한 한편 이어 "
    "공동 민간 대한민국 새 역대 양국 상임 제 부 현 전 후임 기관 정부 이에 따라".split()
)  # fmt: skip

_WHOLE_NAMES = [
    *gazetteer.SHORT, *set(gazetteer.SHORT.values()), *gazetteer.MINISTRIES, *gazetteer.PLACES, *gazetteer.DISTRICTS,
    *gazetteer.WITH_SUFFIX, *gazetteer.ENTERPRISES,
]  # fmt: skip
_OF_GYEONGGI = "|".join((*gazetteer.CITIES_OF_GYEONGGI, *gazetteer.IN_PROVINCES["경기"]))
_BODY = re.compile(
    r"(?<![가-힣])(?:"
    + "|".join(sorted(_WHOLE_NAMES, key=len, reverse=True))
    # 군산, 군산시, 가평군
    + rf"|(?:{'|'.join(gazetteer.CITIES)})[시군]?"
    # 경기 수원시; 경기 침체
    + rf"|경기(?=\s(?:{_OF_GYEONGGI})[시군]?(?:\s|[의에과와은는이가을를]))"
    # 서울교대, 부산대
    + rf"|(?:{'|'.join(gazetteer.PLACES)})(?:교대|과기대|대)"
    # 삼성전자, SK하이닉스
    + "|"
    + gazetteer.COMPANY
    # 하늘일보; ○○일보, △△시
    + rf"|{gazetteer.PRESS}"
    r"|[○◯△□◇]{2,3}(?:일보|신문|경제|방송|뉴스|통신|시|도|군|구|은행|병원|[초중고]등?학교|대학교)"
    # 한국전력공사, 국민건강보험공단, 국가교육위원회
    # 한·미, 한·일·중
     + r"|(?<![가-힣])[한미중일북러](?=·[한미중일북러])|(?<=[한미중일북러]·)[한미중일북러]"
    r"|[가-힣]{2,12}(?:위원회|공사|공단|재단|진흥원|연구원|연구소|대학교|협회|병원"
    r"|교육청|경찰서|법원|대사관|협의회|조합"
    r"|거래소|개발원|관리원|평가원|감독원|기술원|정보원|소비자원|박물관|미술관|과학관|수목원|의료원|문화원|체육회|중앙회)"
    # 세계보건기구, 국제통화기금; 국립생태원, 국립극단
    r"|(?:세계|국제)[가-힣]{2,8}(?:기구|기금|은행)|국립[가-힣]{1,8}(?:원|단|관|소)"
    + r")(?=$|[^가-힣]|은|는|이|가|을|를|의(?!장|원|사|회)|에|와|과|도|로|으로|만|측|장"
    r"|부터|까지|보다|처럼|마다|께|라|이라|하고|및|서(?=$|[^가-힣]))"
)
_POST = re.compile(
    r"(?:(?<=\s)|(?<=^)|(?<=[<(·,\[“‘\"']))"
    rf"(?:(?P<person>(?!{_FORMER})[가-힣]{{1,5}})\s)?"
    rf"(?P<post>{_FORMER}?(?:{_POSTS}){_STANDING})"
    r"(?=$|[^가-힣]|은|는|이|가|을|를|의|에|와|과|도|로|으로|만|께|님|들|직|급|등|이라|보다|다(?![가-힣])|였|입)"
)
"""``홍길동 장관은``, ``<홍길동 기획재정부 장관>``, ``윤 대통령``"""

_LAW = re.compile(
    # 「산업안전보건법」, 「민법」, 「소득세법 시행령」
    r"(?<=「)[가-힣·, ]{1,40}(?:법|법률|령|규칙|규정|조례|고시|훈령|예규|지침)(?=」)"
    # 개인정보보호법을, 국가유산기본법의
    r"|(?<![가-힣])[가-힣]{2,12}(?:기본법|특별법|특례법|처벌법|보호법|보건법|진흥법|촉진법|관리법|교통법|지원법)"
    r"(?=$|[^가-힣]|은|는|이|가|을|를|의|에|와|과|도|상|으로)"
)

_COUNTRYSIDE = re.compile(
    # 신안군 흑산면에서, 거제시 옥포동의
    r"\s(?P<unit>[가-힣]{1,4}[읍면동리])(?=$|[^가-힣]|은|는|이|가|을|를|의|에|와|과|도|로)"
)
_DISTRICT = re.compile(r"\s(?P<unit>[중동서남북]구)(?=$|[^가-힣]|은|는|이|가|을|를|의|에|와|과|도|로|청)")
"""``서울 중구에서``: what many great cities have is named behind one alone."""

_CITIES = {
    province: re.compile(rf"\s(?P<unit>{'|'.join(cities)})(?=$|[^가-힣]|은|는|이|가|을|를|의|에|와|과|도|로)")
    for province, cities in gazetteer.IN_PROVINCES.items()
}
"""``충북 청주에``, ``경남 양산의``."""

_STATUTE = re.compile(r"[가-힣]{1,12}법")
"""``상법을``, ``자본시장법``: what a law looks like without brackets; ``방법`` does too."""
_KNOWN_STATUTES = frozenset(
    "헌법 민법 형법 상법 세법 행정법 노동법 국제법 소득세법 법인세법 근로기준법 자본시장법".split()
)
_WAYS = re.compile(
    r"(?:방|문|기|수|해|비|편|요|용|공|화|어|불|사|입|합|위|적|준|마|무|주|필|창|작|서|산|대처|예방|활용|이용|사용|재배|조리"
    r"|작성|진단|검사|분석|측정|치료|운동|공부|학습|보관|복용|구별|계산|처리|설명)법"
)
"""``방법``, ``재배법``: what ends like a law and is a way of doing something."""

_POST_NEXT = re.compile(rf"\s(?:{_POSTS})")
"""The ``장관`` of ``국토교통부 장관``, read from the space on."""
_BEFORE_BODY = re.compile(r"(?:(?<=\s)|(?<=^)|(?<=<))(?P<person>[가-힣]{2,4})\s$")
"""The ``홍길동`` of ``홍길동 국토교통부 장관``."""
_AFTER_POST = re.compile(
    rf"(?<![가-힣])(?:{_POSTS})\s(?P<person>[가-힣]{{2,4}})(?=\s?[(,·)>/\0]|$)"  # 정책과장 홍길동(044-200-1234)
)
_AUTHOR = re.compile(
    r"(?<=[<(·])\s?(?P<person>[가-힣]{2,4})(?=\s[가-힣]{2,14}\s(?:장관|차관|청장|처장|위원장|실장|국장|과장|정책관|기자)[>)])"
)
"""The ``홍길동`` of ``<홍길동 국토교통부 장관>`` and of ``(홍길동 정책브리핑 기자)``."""

_ENDED = re.compile(r"(?:은|는|의|를|을|에|한|된|할|될|인|와|과|고|로|서|며|적|던|통해|위해|대해|들이)$")
"""``위한 대표``, ``예산을 과장``: no person."""

_SURNAMES = (
    "김이박최정강조윤장임한오서신권황안송류전홍고문양손배백허유남심노하곽성차주우구민진나지엄채원천방공현함변염추도소"
    "석선설마길연위표명반왕옥육맹탁"
)
_LONG_SURNAMES = "남궁|황보|제갈|선우|서문|독고|사공|동방"
_ROLES = frozenset(
    "위원 변호사 회계사 세무사 이사 감사 작가 감독 교사 의사 간호사 부위원장 부회장 간사 판사 검사".split()
)
"""What persons are called by who hold no post: in lists of nominees it stands beside their names."""

_FIRST = (
    "가건경광규근기나남다대도동명무문미민범병보상서석선성세소수숙순승시아연영예용우원유윤은의이인일재정제종주준중지진"
    "찬창채철태하한해현형혜호홍화효훈희흥여강고"
)
_LAST = (
    "건경곤광규균근길남덕란래록룡린림미민배범별빈상석섭수숙순슬신애연열영예옥완용우욱운웅윤정제준중진찬채천철태택혁현"
    "형호홍환훈휘희헌리"
)
_NOUN_LIKE = "서선나아원은재지한인식성화주기세교"
"""What ends given names and also nouns, 조사 and endings: ``지원은``; it counts with a 조사 behind it."""

_VERB_LIKE = "하해라"
"""The same of verbs, ``지원하는``; only a 조사 that no verb takes makes it a name."""

_GOVERNMENT = re.compile(
    rf"(?<![가-힣])(?P<person>{'|'.join(gazetteer.PRESIDENTS)})(?=\s?(?:정부|행정부)(?:$|[^가-힣]|는|가|의|에|와|도|들))"
)
"""``노무현 정부에서``: called after who leads it; by list, for ``이로써 정부는`` has the same shape."""

_PERSON = re.compile(
    rf"(?P<person>(?P<noun>(?:[{_SURNAMES}]|{_LONG_SURNAMES})[{_FIRST}])(?:"
    rf"[{_LAST}](?=(?:은|는|이|가|을|를|의|에게|께서|께|과|와|도|로|만|씨[는가의를]?)?$)"
    rf"|[{_NOUN_LIKE}](?=(?:은|는|이|가|을|를|의|에게|께서|께|과|와|씨[는가의를]?)$)"
    rf"|[{_VERB_LIKE}](?=(?:가|를|의|에게|께서|와|씨[는가의를]?)$)))"
)
"""``김민수는``: a surname and two syllables that parents choose."""

_BEHIND_POST = re.compile(
    rf"(?P<person>(?:[{_SURNAMES}][가-힣]{{2}}|(?:{_LONG_SURNAMES})[가-힣]{{1,2}}))(?:은|는|이|가|을|를|의|과|와|께서|도)?"
)
"""The whole 어절 ``홍길동은`` or ``남궁민이``."""
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


@dataclass(frozen=True, slots=True)
class Name:
    """A person, post or body as printed from ``start`` to ``end``; ``value`` is a body's full name, else the text."""

    start: int
    end: int
    text: str
    value: str


def scan(text: str) -> list[Name]:
    """Find every name, left to right, person, body and post each on its own."""
    found: dict[int, Name] = {}
    for hit in _LAW.finditer(text):
        _file(found, hit.start(), hit.group())
    for hit in _BODY.finditer(text):
        _file(found, hit.start(), hit.group())
        for parts in _parts(hit.group()):
            if part := parts.match(text, hit.end()):
                _file(found, part.start("unit"), part["unit"])
        if hit.group() not in gazetteer.PLACES and _POST_NEXT.match(text, hit.end()):
            before = _BEFORE_BODY.search(text, max(0, hit.start() - 8), hit.start())
            if before and _may_be_person(before["person"]):
                _file(found, before.start("person"), before["person"])
    _file_posts(found, text)
    for hit in _CONTACT.finditer(text):
        _file(found, hit.start("unit"), hit["unit"])
    for hit in (*_GOVERNMENT.finditer(text), *_AUTHOR.finditer(text), *_AFTER_POST.finditer(text)):
        _file(found, hit.start("person"), hit["person"])
    ordered = sorted(found.values(), key=lambda one: (one.start, -one.end))
    return [one for k, one in enumerate(ordered) if k == 0 or one.start >= ordered[k - 1].end]


def _parts(body: str) -> list[re.Pattern[str]]:
    """Give what of a body may be named behind it: a ministry's department, a city's district, a county's village."""
    parts = {"부": _DEPARTMENT, "처": _DEPARTMENT, "청": _DEPARTMENT, "회": _DEPARTMENT}
    parts |= {"시": _COUNTRYSIDE, "군": _COUNTRYSIDE, "구": _COUNTRYSIDE}
    found = [parts[body[-1]]] if body[-1] in parts else []
    found += [_CITIES[body]] if body in _CITIES else []
    return [*found, _DISTRICT] if body in gazetteer.PLACES else found


def _file_posts(found: dict[int, Name], text: str) -> None:
    """File posts with the persons before them; a post called after its office (국무조정실장) is not the office."""
    for hit in _POST.finditer(text):
        body = found.get(hit.start("post"))
        if body is None or body.text + "장" == hit["post"]:
            value = re.sub(r"^현직?\s", "", re.sub(r"^전[직임]\s", "전 ", hit["post"]))
            found[hit.start("post")] = Name(hit.start("post"), hit.end("post"), hit["post"], value)
        if hit["person"] and _may_be_person(hit["person"]):
            _file(found, hit.start("person"), hit["person"])


def person(word: str) -> str | None:
    """Give the full name that an 어절 (NFC) has the shape of, None where it has not: of ``김민수는`` 김민수.

    A shape alone proves nothing: it is to be asked of two words of which one replaced the other.
    """
    hit = _PERSON.match(word)
    if hit is None or (hit["noun"] in _NOUNS and hit["person"][-1] in _SUFFIX):
        return None
    return hit["person"]


def statute(word: str) -> str | None:
    """Give the law (NFC) that an 어절 names by its shape, None where it names a way of doing something or nothing.

    A shape alone proves nothing: it is to be asked of two words of which one replaced the other, one of them known.
    """
    hit = _STATUTE.match(word)
    return hit.group() if hit and not _WAYS.fullmatch(hit.group()) else None


def decree(word: str) -> str | None:
    """Give the decree (NFC) that an 어절 names behind a law, None where it names none."""
    return next((one for one in ("시행령", "시행규칙") if word.startswith(one)), None)


def known_statute(law: str) -> bool:
    """Tell whether a law is one that releases name without brackets: ``상법``."""
    return law in _KNOWN_STATUTES or bool(_LAW.fullmatch(law))


def titled(word: str) -> str | None:
    """Give the person that an 어절 (NFC) names where it stands right behind a post: of ``백가람이`` 백가람."""
    hit = _BEHIND_POST.fullmatch(word)
    return hit["person"] if hit else None


def is_role(word: str) -> bool:
    """Tell whether a word says what somebody is, a post or not: ``변호사``, ``위원``."""
    return word in _ROLES or is_post(word)


def surname(word: str) -> bool:
    """Tell whether a syllable is a surname, as it stands before a post: ``이 차관``, but not ``전 차관``."""
    return len(word) == 1 and word in _SURNAMES and word not in {"전", "현"}


def is_post(word: str) -> bool:
    """Tell whether a word is a post: ``제2차관``, ``장관``."""
    return bool(re.fullmatch(rf"(?:제\s?\d)?(?:{_POSTS})", word))


def numbered_posts(text: str) -> list[Name]:
    """Find the posts whose number is part of them, and who holds them; they must be found before the figures are."""
    found: dict[int, Name] = {}
    for hit in _NUMBERED.finditer(text):
        if hit["person"] and _may_be_person(hit["person"]):
            _file(found, hit.start("person"), hit["person"])
        _file(found, hit.start("post"), hit["post"])
    return [found[start] for start in sorted(found)]


def _may_be_person(word: str) -> bool:
    """Tell whether a word before a post or body can be a name, unlike ``신임``, ``지원의`` and ``위한``."""
    if word in _QUALIFIERS:
        return False
    return word[-1] not in "의을에를된될던" if len(word) == 3 else not _ENDED.search(word)


def _file(found: dict[int, Name], start: int, text: str) -> None:
    if start not in found:
        found[start] = Name(start, start + len(text), text, gazetteer.SHORT.get(text, text))
