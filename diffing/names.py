"""Persons, posts and bodies named in a text.

A post (장관, 위원장 ...) names the word before it as a person unless that word is a qualifier; bodies are ministries
and agencies, provinces, common partner countries, and words with an unmistakable ending (위원회, 공사). Nothing here
knows every name: it is made to recognise one name standing where another stood.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

_SHORT = {
    "기재부": "기획재정부", "과기정통부": "과학기술정보통신부", "과기부": "과학기술정보통신부",
    "문체부": "문화체육관광부", "행안부": "행정안전부", "농식품부": "농림축산식품부", "산업부": "산업통상자원부",
    "복지부": "보건복지부", "노동부": "고용노동부", "고용부": "고용노동부", "여가부": "여성가족부",
    "국토부": "국토교통부", "해수부": "해양수산부", "중기부": "중소벤처기업부", "보훈부": "국가보훈부",
    "식약처": "식품의약품안전처", "인사처": "인사혁신처", "공정위": "공정거래위원회", "금융위": "금융위원회",
    "권익위": "국민권익위원회", "방통위": "방송통신위원회", "개인정보위": "개인정보보호위원회",
    "질병청": "질병관리청", "중대본": "중앙재난안전대책본부", "재경부": "재정경제부", "기후부": "기후에너지환경부",
    "성평등부": "성평등가족부",
}  # fmt: skip
_MINISTRIES = (
    "재정경제부 기획예산처 기후에너지환경부 성평등가족부 교육부 외교부 통일부 법무부 국방부 환경부 국가보훈부 법제처 "
    "국세청 관세청 조달청 통계청 병무청 방위사업청 경찰청 소방청 해양경찰청 농촌진흥청 산림청 특허청 기상청 "
    "국가유산청 문화재청 재외동포청 우주항공청 질병관리청 새만금개발청 행정중심복합도시건설청 국무조정실 국무총리실 "
    "국무총리비서실 대통령실 대통령비서실 청와대 감사원 국가정보원 국정원 국회 대법원 헌법재판소 한국은행 검찰청 "
    "대검찰청 경호처 국가데이터처 지식재산처 산업통상부 정책기획위원회 문화체육관광부"
).split()
_PLACES = (
    "서울특별시 서울시 서울 부산광역시 부산시 부산 대구광역시 대구시 대구 인천광역시 인천시 인천 광주광역시 광주시 "
    "광주 대전광역시 대전시 대전 울산광역시 울산시 울산 세종특별자치시 세종시 세종 경기도 강원특별자치도 강원도 강원 "
    "충청북도 충북 충청남도 충남 전북특별자치도 전라북도 전북 전라남도 전남 경상북도 경북 경상남도 경남 "
    "제주특별자치도 제주도 제주 미국 중국 일본 러시아 북한 영국 프랑스 독일 캐나다 호주 인도 베트남 인도네시아 "
    "우크라이나 카자흐스탄 우즈베키스탄 사우디아라비아 유럽연합 유엔 싱가포르 필리핀 태국 말레이시아 폴란드 이탈리아 "
    "스페인 튀르키예 이스라엘 "
    # Cities and counties whose short names mean nothing else; 전주, 양산, 예산, 화성, 진도 are words too.
    "수원 성남 의정부 안양 부천 평택 동두천 안산 과천 남양주 시흥 군포 의왕 용인 파주 김포 포천 가평 양평 춘천 "
    "강릉 태백 속초 삼척 홍천 횡성 영월 평창 정선 철원 화천 양구 인제 충주 제천 옥천 증평 진천 단양 천안 보령 "
    "아산 서산 논산 계룡 당진 청양 태안 군산 익산 정읍 남원 김제 무주 임실 순창 부안 목포 여수 순천 나주 광양 "
    "담양 곡성 고흥 장흥 해남 영암 함평 완도 신안 포항 김천 안동 영천 문경 경산 청송 영덕 칠곡 예천 봉화 울진 "
    "울릉 창원 통영 김해 밀양 거제 의령 함안 창녕 산청 거창 합천 서귀포"
).split()
_POSTS = (
    # these take a field before them: 정책과장, 경제부총리, 국가안보실장
    "[가-힣]{0,8}(?:총리|장관|차관|차관보|본부장|위원장|청장|처장|실장|국장|과장|팀장|단장"
    "|정책관|기획관|심의관|담당관|이사장|센터장|수석|비서관|총장|사무관|주무관|서기관)"
    "|[가-힣]{0,4}(?:도지사|군수|구청장|교육감|대사|특사|의장)"
    "|대통령|상임위원|차장|대변인|원장|사장|회장|소장|교수|의원|기자|검사장|총재|감사원장|장관직무대행|박사|여사|씨"
)
_QUALIFIERS = set(
    "신임 전임 해당 담당 관계 주무 모든 각 당시 같은 신규 현직 전직 주요 관련 소관 이날 이번 우리 두 여러 부처 실무 "
    "이 그 및 또 또한 한편 이어 "
    "공동 민간 대한민국 새 역대 양국 상임 제 부 현 전 후임 기관 정부 이에 따라".split()
)  # fmt: skip

_BODY = re.compile(
    r"(?<![가-힣])(?:"
    + "|".join(sorted([*_SHORT, *set(_SHORT.values()), *_MINISTRIES, *_PLACES], key=len, reverse=True))
    # 한국전력공사, 국민건강보험공단, 국가교육위원회
    # 한·미, 한·일·중
    + r"|(?<![가-힣])[한미중일북러](?=·[한미중일북러])|(?<=[한미중일북러]·)[한미중일북러]"
    r"|[가-힣]{2,12}(?:위원회|공사|공단|재단|진흥원|연구원|연구소|대학교|협회|병원"
    r"|교육청|경찰서|법원|대사관|협의회|조합"
    r"|거래소|개발원|관리원|평가원)"
    + r")(?=$|[^가-힣]|은|는|이|가|을|를|의(?!장|원|사|회)|에|와|과|도|로|으로|만|측|장"
    r"|부터|까지|보다|처럼|마다|께|라|이라|하고|및)"
)
_POST = re.compile(
    r"(?:(?<=\s)|(?<=^)|(?<=[<(·,\[“‘\"']))"
    r"(?:(?P<person>[가-힣]{1,5})\s)?"
    rf"(?P<post>{_POSTS})"
    r"(?=$|[^가-힣]|은|는|이|가|을|를|의|에|와|과|도|로|으로|만|께|님|들|직|급|등|이라|보다)"
)
"""``홍길동 장관은``, ``<홍길동 기획재정부 장관>``, ``윤 대통령``"""

_BEFORE_BODY = re.compile(r"(?:(?<=\s)|(?<=^)|(?<=<))(?P<person>[가-힣]{2,4})\s$")
_AFTER_POST = re.compile(
    rf"(?<![가-힣])(?:{_POSTS})\s(?P<person>[가-힣]{{2,4}})(?=\s?[(,·)>/]|$)"  # 정책과장 홍길동(044-200-1234)
)
_AUTHOR = re.compile(
    r"(?<=[<(·])\s?(?P<person>[가-힣]{2,4})(?=\s[가-힣]{2,14}\s(?:장관|차관|청장|처장|위원장|실장|국장|과장|정책관|기자)[>)])"
)

_ENDED = re.compile(r"(?:은|는|의|를|을|에|한|된|할|될|인|와|과|고|로|서|며|적|던|통해|위해|대해|들이)$")
"""``위한 대표``, ``예산을 과장``: no person."""


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
    for hit in _BODY.finditer(text):
        _file(found, hit.start(), hit.group())
        if hit.group() not in _PLACES and re.match(rf"\s(?:{_POSTS})", text[hit.end() :]):
            before = _BEFORE_BODY.search(text[: hit.start()])
            if before and before["person"] not in _QUALIFIERS:
                _file(found, before.start("person"), before["person"])
    for hit in _POST.finditer(text):
        if hit.start("post") not in found:
            _file(found, hit.start("post"), hit["post"])
        if hit["person"] and hit["person"] not in _QUALIFIERS and not _has_ending(hit["person"]):
            _file(found, hit.start("person"), hit["person"])
    for hit in (*_AUTHOR.finditer(text), *_AFTER_POST.finditer(text)):
        _file(found, hit.start("person"), hit["person"])
    ordered = sorted(found.values(), key=lambda one: (one.start, -one.end))
    return [one for k, one in enumerate(ordered) if k == 0 or one.start >= ordered[k - 1].end]


def _has_ending(word: str) -> bool:
    """Tell a word with a 조사 or verb ending (``위한 대표``, ``지원의``) from a name."""
    if len(word) == 3:
        return word[-1] in "의을를에된될던"
    return bool(_ENDED.search(word))


def _file(found: dict[int, Name], start: int, text: str) -> None:
    if start not in found:
        found[start] = Name(start, start + len(text), text, _SHORT.get(text, text))
