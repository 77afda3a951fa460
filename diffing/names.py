"""Persons, posts, bodies and laws named in a text.

A post (장관, 위원장 ...) names the word before it as a person unless that word is a qualifier; bodies are ministries
and agencies, provinces, common partner countries, and words with an unmistakable ending (위원회, 공사). Nothing here
knows every name: it is made to recognise one name standing where another stood.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from diffing import contacts, gazetteer, persons
from diffing.spelled import any_of

_DIVISION = (
    "(?:정책국|관리국|행정국|지원국|산업국|사업국|협력국|안전국|기획국|예보국|심사국|물류국|조정실|기획실|정책실|관리실"
    "|정책관실|추진단|기획단|점검단|준비단|지원단|조사단|정책팀|기획팀|전담팀|총괄팀|지원팀)"
)
_DEPARTMENT = re.compile(
    # 국토교통부 도시정책과가; 방침과, 방침과는 have a 조사
    rf"\s(?P<unit>[가-힣·]{{2,14}}과(?=가\s|를\s|에서|\()|[가-힣·]{{0,12}}{_DIVISION})(?=$|[^가-힣]|은|는|이|가|을|를|의|에|와|과|도|로|장)"
)
_NUMBERED = re.compile(
    r"(?:(?<![가-힣])(?P<person>[가-힣]{2,4})\s)?(?<![가-힣A-Za-z\d])(?P<post>G(?:7|8|20|77)(?!\d)|제\s?[1-9]\s?(?:차관(?!보)|부지사|부시장|정책관|비서관)"
    r"|[가-힣]{2,6}[1-9](?:차관(?!보)|차장|부지사)|(?:제\s?)?\d{1,4}[가-힣]{0,6}(?:군단|사단|여단|연대|대대|전단|비행단|함대|방공단|사령부)|국립[345]·1[589]민주묘지|(?:정부|고용|민원)24(?=$|[^가-힣\d]|[에를로는가의와]))"
)
"""``제1차관``: the number is the post's; ``홍길동 제1차관``; ``정부24``, ``G20``,
``제3보병사단``."""
_CALLS = "119", "112"
_OF_CALLS = re.compile(
    r"(?<![가-힣\d])(?P<post>11[29][가-힣]{2,8}(?:국|과|실|센터|본부|팀|대)장?)(?=$|[^가-힣]|[은는이가을를의에로와과도])"
)
"""``119안전센터``, ``119대응국장``."""

_OFFICER = "관(?<=(?:정책|기획|심의|담당|협력|감사|조사|보좌|행정|조정|관리|참사|감독|수사|분석|통제)관)"
"""``정책관``, ``국제협력관``: its last syllable first, for few words have it."""
_POSTS = (
    # these take a field before them: 정책과장, 경제부총리, 국가안보실장
    "[가-힣]{0,8}(?:총리|장관|차관|차관보|본부장|위원장|청장|처장|실장|국장|과장|팀장|단장"
    f"|{_OFFICER}|이사장|센터장|수석|비서관|총장|사무관|주무관|서기관|연구관|연구사"
    "|[임석]연구원|연구위원|최고경영자|최고[가-힣]{2}책임자|부통령|국왕|왕세자|총서기|교황|추기경|사령관|참모총장)"
    "|[가-힣]{0,4}(?:도지사|군수|구청장|교육감|대사|특사|의장)"
    "|대통령|상임위원|차장|대변인|원장|사장|회장|소장|교수|의원|기자|검사장|총재|감사원장|장관직무대행|박사(?!\\s?(?:학위|과정|급|논문))|여사|씨"
)
_STANDING = r"(?:\s?(?:직무대행|직무대리|권한대행|후보자|후보|내정자|지명자|당선인|당선자))?"
"""``장관 후보자`` is no 장관 yet, ``청장 직무대행`` acts for one."""

_FORMER = r"(?:(?<![년월일주간분세\0]\s)(?:전[직임]?|현직?)\s)"
"""``전 장관`` is no 장관 any more, ``현 장관`` is; in ``3년 전 장관은`` it is a time."""

QUALIFIERS = set(
    "신임 전임 해당 담당 관계 주무 모든 각 당시 같은 신규 현직 전직 주요 관련 소관 이날 이번 우리 두 여러 부처 실무 "
    "이 그 및 또 또한 한편 이어 "
    "공동 민간 대한민국 새 역대 양국 상임 제 부 현 전 후임 기관 정부 이에 따라 "
    "분야 부문 출신 소속 전공 계열 학과 학부".split()
)  # fmt: skip

_WHOLE_NAMES = [
    *gazetteer.SHORT, *set(gazetteer.SHORT.values()), *gazetteer.MINISTRIES, *gazetteer.PLACES, *gazetteer.DISTRICTS,
    *gazetteer.WITH_SUFFIX, *gazetteer.ENTERPRISES, *gazetteer.NATURE,
    *gazetteer.ABROAD, *gazetteer.SITES, *gazetteer.RAILWAYS, *gazetteer.TEMPLES, *gazetteer.SOCIETIES,
    *gazetteer.MARKETS, *gazetteer.SHIPS,
]  # fmt: skip
_OF_GYEONGGI = any_of((*gazetteer.CITIES_OF_GYEONGGI, *gazetteer.IN_PROVINCES["경기"]))
_WORKS = (
    "건설 건립 건축 보수 개보수 설치 신축 증축 개축 포장 철거 해체 토목 정비 확장 보강 조성 교체 방수 복구 배관 전기"
    " 통신 소방 설비 기계 조경 준설 매립 도장 단열 이설 신설 하수도 상수도 굴착 정리 개선 개량 복원 이전 리모델링"
    " 인테리어 확충 마감 기반 부지 터파기"
).split()
"""What is built: ``교량 보수공사``; ``한국도로공사`` is a body."""
_HOSPITALS = "상급종합", "종합", "요양", "동물", "치과", "한방", "정신", "재활"
_BODY = re.compile(
    r"(?<![가-힣])(?:"
    + rf"{gazetteer.WASHINGTON}|{any_of(_WHOLE_NAMES)}"
    # 군산, 군산시, 가평군
    + rf"|{any_of(gazetteer.CITIES)}[시군]?"
    # 경기 수원시; 경기 침체
    + rf"|경기(?=\s{_OF_GYEONGGI}[시군]?(?:\s|[의에과와은는이가을를]))"
    # 서울교대, 부산대
    + rf"|{any_of(gazetteer.PLACES)}(?:교대|과기대|대)"
    # OECD, 경부고속도로
    + rf"|(?<![A-Za-z0-9-]){any_of(gazetteer.ACRONYMS)}(?![A-Za-z0-9-])|[가-힣]{{2,6}}고속도로"
    # 주베트남 한국대사관
    + rf"|주{any_of(gazetteer.PLACES)}(?=\s(?:한국|대한민국|대사|총영사))"
    # 부산항, 제주국제공항, 서울역; 부산항만공사
    + rf"|{any_of((*gazetteer.PLACES, *gazetteer.CITIES))}"
    + r"(?:신?항(?!만(?![이은을의])[가-힣])|(?:국제|신)?공항|역)"
    # 삼성전자, SK하이닉스
    + "|"
    + gazetteer.COMPANY
    # 정부세종청사
    + r"|정부(?:서울|세종|과천|대전|대구|광주|제주|춘천|경남|인천|고양|부산)(?:지방합동)?청사"
    # 아리랑 7호, the figure blanked out
    + r"|(?:아리랑|천리안|무궁화|우리별)(?=\s?\0)"
    # 파리협정
    + rf"|{gazetteer.TREATY}"
    # 하늘일보; ○○일보, △△시
    + rf"|{gazetteer.PRESS}"
    r"|[○◯△□◇]{2,3}(?:일보|신문|경제|방송|뉴스|통신|시|도|군|구|은행|병원|[초중고]등?학교|대학교)"
    # 한국전력공사, 국민건강보험공단, 국가교육위원회
    # 한·미, 한·일·중
     + r"|(?<![가-힣])[한미중일북러](?=·[한미중일북러])|(?<=[한미중일북러]·)[한미중일북러]"
    # 한미 정상, 한미일; 중한 병, 인한
    r"|(?:한(?:미|중|일|러|영|불|독|호)일?|한중일|한일중|미(?:중|일|러|북)|북미|북중러?|북러|북일|중일|중러|러우|남북)"
    r"(?=\s(?:정상|양국|외교|국방|고위급|장관|회담|공동|연합|동맹|관계|통상|무역|교역|협정|협상|간))"
    rf"|[가-힣]{{2,12}}(?:위원회|{''.join(f'(?<!{one})' for one in _WORKS)}공사"
    r"|공단|재단|진흥원|연구원|연구소|대학교|협회"
    # 종합병원 is a kind of them
    rf"|병원{''.join(f'(?<![^가-힣]{one}병원)' for one in _HOSPITALS)}"
    r"|교육청|경찰서|법원|대사관|협의회|조합"
    r"|거래소|개발원|관리원|평가원|감독원|기술원|정보원|소비자원|박물관|미술관|과학관|수목원|의료원|문화원|체육회|중앙회)"
    # 김대중컨벤션센터, 광안대교, 대천해수욕장, 한빛초등학교
    r"|[가-힣]{2,8}(?:컨벤션센터|예술회관|문화회관|대교|터널|해수욕장|휴게소|나들목|분기점|[초중고]등?학교|국립공원|국가산단)"
    # 서울지방국세청, 부산본부세관, 서울중앙지검, 한강유역환경청
    r"|[가-힣]{2,4}(?:지방[가-힣]{2,5}청|본부세관|세관|중앙지검|지검|지법|유역환경청)"
    # 세계보건기구, 국제통화기금; 국립생태원, 국립극단
    r"|(?:세계|국제)[가-힣]{2,8}(?:기구|기금|은행)|국립(?!공원)[가-힣]{1,8}(?:원|단|관|소)"
    + r")(?=$|[^가-힣]|은|는|이|가|을|를|의(?!장|원|사|회)|에|와|과|도|로|으로|만|측|장"
    r"|부터|까지|보다|처럼|마다|께|라|이라|하고|및|서(?=$|[^가-힣])|다(?=$|[^가-힣])|입니다|였"
    # 법무부령 제412호, 국토교통부고시
    r"|(?<=부)(?:령|고시|훈령|예규|공고)(?=$|[^가-힣]|으?로|[은이을의에과]))"
)
_POST = re.compile(
    r"(?<![^\s<(·,\[“‘\"'=])"
    rf"(?:(?P<person>(?!{_FORMER})[가-힣]{{1,5}})\s)?"
    rf"(?P<post>{_FORMER}?(?:{_POSTS}){_STANDING})"
    r"(?=$|[^가-힣]|은|는|이|가|을|를|의|에|와|과|도|로|으로|만|께|님|들|직|급|등|이라|보다|다(?![가-힣])|였|입)"
)
"""``홍길동 장관은``, ``<홍길동 기획재정부 장관>``, ``윤 대통령``"""

LAW = re.compile(
    # 「산업안전보건법」, 「민법」, 「소득세법 시행령」
    r"(?<=[「『《〈])[가-힣·, ]{1,40}(?:법|법률|령|규칙|규정|조례|고시|훈령|예규|지침)(?=[」』》〉])"
    # 개인정보보호법을, 국가유산기본법의
    r"|(?<![가-힣])[가-힣]{2,12}(?:기본법|특별법|특례법|처벌법|보호법|보건법|진흥법|촉진법|관리법|교통법|지원법|안전법"
    r"|안정법|육성법|조성법|설치법|방지법|규제법|복지법)"
    r"(?=$|[^가-힣]|은|는|이|가|을|를|의|에|와|과|도|상|으로)"
)


_COUNTRYSIDE = re.compile(
    # 신안군 흑산면에서, 거제시 옥포동의
    r"\s(?P<unit>[가-힣]{1,4}[읍면동리])(?=$|[^가-힣]|은|는|이|가|을|를|의|에|와|과|도|로)"
)
_DISTRICT = re.compile(r"\s(?P<unit>[중동서남북]구)(?=$|[^가-힣]|은|는|이|가|을|를|의|에|와|과|도|로|청)")
"""``서울 중구에서``: what many great cities have is named behind one alone."""

_CITIES = {
    province: re.compile(rf"\s(?P<unit>{any_of(cities)})(?=$|[^가-힣]|은|는|이|가|을|를|의|에|와|과|도|로)")
    for province, cities in gazetteer.IN_PROVINCES.items()
}
"""``충북 청주에``, ``경남 양산의``."""


_POST_NEXT = re.compile(rf"\s(?:{_POSTS})|장(?=$|[^가-힣]|[은는이가을를의에과와도])")
"""The ``장관`` of ``국토교통부 장관``, read from the space on, and the ``장`` of ``국립생태원장``."""
_BEFORE_BODY = re.compile(
    r"(?:(?<=\s)|(?<=^)|(?<=[<(·,]))(?P<person>[가-힣]{2,4})\s(?:(?:전직?|전임|현직?|초대|신임)\s)?$"
)
"""The ``홍길동`` of ``홍길동 국토교통부 장관`` and of ``홍길동 전 국토교통부 장관``."""
_AFTER_POST = re.compile(
    rf"(?<![가-힣])(?:{_POSTS})\s(?P<person>[가-힣]{{2,4}})(?=\s?[(,·)>/\0]|$)"  # 정책과장 홍길동(044-200-1234)
)
_AUTHOR = re.compile(
    r"(?<=[<(·])\s?(?P<person>[가-힣]{2,4})(?=\s[가-힣]{2,14}\s(?:장관|차관|청장|처장|위원장|실장|국장|과장|정책관|기자)[>)])"
)
"""The ``홍길동`` of ``<홍길동 국토교통부 장관>`` and of ``(홍길동 정책브리핑 기자)``."""

_HONOURED = re.compile(
    r"(?<![가-힣])(?P<person>[가-힣]{3})(?=\s[가-힣]{2,4}님(?:$|[^가-힣]|은|이|을|의|과|께|도|들|입))"
)
"""``이민준 고문님께``"""

_MASKS = "*", "＊", "○", "◯", "XX", "xx", "ＸＸ"
"""What a syllable of a name that is not told in full is put out by."""

_ENDED = re.compile(r"(?:은|는|의|를|을|에|한|된|할|될|인|와|과|고|로|서|며|적|던|통해|위해|대해|들이)$")
"""``위한 대표``, ``예산을 과장``: no person."""

_ROLES = frozenset(
    "위원 변호사 회계사 세무사 이사 감사 작가 감독 교사 의사 간호사 부위원장 부회장 간사 판사 검사 선수 코치 배우 가수 "
    "대표".split()
)
"""What persons are called by who hold no post: in lists of nominees it stands beside their names."""

_GOVERNMENT = re.compile(
    rf"(?<![가-힣])(?P<person>{'|'.join(gazetteer.PRESIDENTS)})(?=\s?(?:정부|행정부)(?:$|[^가-힣]|는|가|의|에|와|도|들))"
)
"""``노무현 정부에서``: called after who leads it; by list, for ``이로써 정부는`` has the same shape."""


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
    for hit in LAW.finditer(text):
        _file(found, hit.start(), hit.group())
    for hit in _BODY.finditer(text):
        _file(found, hit.start(), hit.group())
        for parts in _parts(hit.group()):
            if part := parts.match(text, hit.end()):
                _file(found, part.start("unit"), part["unit"])
        if hit.group() not in gazetteer.PLACES and _POST_NEXT.match(text, hit.end()):
            before = _BEFORE_BODY.search(text, max(0, hit.start() - 12), hit.start())
            if before and _may_be_person(before["person"]):
                _file(found, before.start("person"), before["person"])
    _file_posts(found, text)
    for start, named in contacts.scan(text):
        _file(found, start, named)
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
        if body is None or hit["post"].startswith(body.text + "장"):
            value = re.sub(r"^현직?\s", "", re.sub(r"^전[직임]\s", "전 ", hit["post"]))
            found[hit.start("post")] = Name(hit.start("post"), hit.end("post"), hit["post"], value)
        if hit["person"] and _may_be_person(hit["person"]):
            _file(found, hit.start("person"), hit["person"])
    for hit in persons.MASKED.finditer(text) if any(mark in text for mark in _MASKS) else ():
        start, end = hit.span("person")
        found.setdefault(start, Name(start, end, hit["person"], persons.unmarked(hit["person"])))
    for hit in persons.DECEASED.finditer(text) if "고 " in text or "故" in text else ():
        _file(found, hit.start("person"), hit["person"])
    for hit in _HONOURED.finditer(text) if "님" in text else ():
        if persons.may_be_named(hit["person"]) == hit["person"]:
            _file(found, hit.start("person"), hit["person"])


def is_role(word: str) -> bool:
    """Tell whether a word says what somebody is, a post or not: ``변호사``, ``위원``, ``고문님``."""
    return word in _ROLES or word.endswith("님") or is_post(word)


def is_post(word: str) -> bool:
    """Tell whether a word is a post: ``제2차관``, ``장관``."""
    return bool(re.fullmatch(rf"(?:제\s?\d)?(?:{_POSTS})", word))


def is_body(word: str) -> bool:
    """Tell whether a word is a body or place that releases name: ``외교부``, ``캐나다``."""
    return bool(_BODY.fullmatch(word))


def numbered_posts(text: str) -> list[Name]:
    """Find the posts whose number is part of them, and who holds them; they must be found before the figures are."""
    found: dict[int, Name] = {}
    for hit in _NUMBERED.finditer(text):
        if hit["person"] and _may_be_person(hit["person"]):
            _file(found, hit.start("person"), hit["person"])
        _file(found, hit.start("post"), hit["post"])
    for hit in _OF_CALLS.finditer(text) if any(call in text for call in _CALLS) else ():
        _file(found, hit.start("post"), hit["post"])
    return [found[start] for start in sorted(found)]


def _may_be_person(word: str) -> bool:
    """Tell whether a word before a post or body can be a name, unlike ``신임``, ``지원의`` and ``위한``."""
    if word in QUALIFIERS:
        return False
    return word[-1] not in "의을에를된될던" if len(word) == 3 else not _ENDED.search(word)


def _file(found: dict[int, Name], start: int, text: str) -> None:
    if start not in found:
        found[start] = Name(start, start + len(text), text, gazetteer.SHORT.get(text, text))
