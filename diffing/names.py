"""Persons, posts and bodies named in a text.

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
    # 문의: 교육복지과(044-203-6522), 담당 부서: 해운물류국 연안교통과 책임자 과장
    r"(?<![가-힣·])(?P<unit>[가-힣·]{2,14}(?:과|팀|국|실|단|센터))(?=\(0\d|\(\0|\s(?:책임자|담당자)\s)"
)
_NUMBERED = re.compile(r"(?<![가-힣])제\s?[1-9]\s?(?:차관(?!보)|부지사|부시장|정책관|비서관)")
"""``제1차관``: the number is the post's."""

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

_WHOLE_NAMES = [
    *gazetteer.SHORT, *set(gazetteer.SHORT.values()), *gazetteer.MINISTRIES, *gazetteer.PLACES, *gazetteer.DISTRICTS,
    *gazetteer.WITH_SUFFIX,
]  # fmt: skip
_BODY = re.compile(
    r"(?<![가-힣])(?:"
    + "|".join(sorted(_WHOLE_NAMES, key=len, reverse=True))
    # 군산, 군산시, 가평군
    + rf"|(?:{'|'.join(gazetteer.CITIES)})[시군]?"
    # 삼성전자, SK하이닉스
    + "|"
    + gazetteer.COMPANY
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

_POST_NEXT = re.compile(rf"\s(?:{_POSTS})")
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
        if hit.group()[-1] in "부처청회" and (part := _DEPARTMENT.match(text, hit.end())):
            _file(found, part.start("unit"), part["unit"])
        if hit.group() not in gazetteer.PLACES and _POST_NEXT.match(text, hit.end()):
            before = _BEFORE_BODY.search(text, max(0, hit.start() - 8), hit.start())
            if before and before["person"] not in _QUALIFIERS:
                _file(found, before.start("person"), before["person"])
    for hit in _POST.finditer(text):
        if hit.start("post") not in found:
            _file(found, hit.start("post"), hit["post"])
        if hit["person"] and hit["person"] not in _QUALIFIERS and not _has_ending(hit["person"]):
            _file(found, hit.start("person"), hit["person"])
    for hit in _CONTACT.finditer(text):
        _file(found, hit.start("unit"), hit["unit"])
    for hit in (*_AUTHOR.finditer(text), *_AFTER_POST.finditer(text)):
        _file(found, hit.start("person"), hit["person"])
    ordered = sorted(found.values(), key=lambda one: (one.start, -one.end))
    return [one for k, one in enumerate(ordered) if k == 0 or one.start >= ordered[k - 1].end]


def numbered_posts(text: str) -> list[Name]:
    """Find the posts whose number is part of them; they must be found before the figures are."""
    return [Name(hit.start(), hit.end(), hit.group(), hit.group()) for hit in _NUMBERED.finditer(text)]


def _has_ending(word: str) -> bool:
    """Tell a word with a 조사 or verb ending (``위한 대표``, ``지원의``) from a name."""
    if len(word) == 3:
        return word[-1] in "의을를에된될던"
    return bool(_ENDED.search(word))


def _file(found: dict[int, Name], start: int, text: str) -> None:
    if start not in found:
        found[start] = Name(start, start + len(text), text, gazetteer.SHORT.get(text, text))
