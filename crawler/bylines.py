"""Who wrote an article and who issued it: bylines, persons' names, and lines with labels.

Nothing says outright whether the last word of a byline is a person or an office, so names are told by their surname and
by what offices are called.
"""

from __future__ import annotations

import re
from typing import Literal

from crawler.cleaning import fold

_SURNAMES = frozenset(
    "강경고공곽구국권금기길김나남노도라류마맹명모목문민박반방배백변복봉부빈사서석선설성소손송신심안양어엄여연염예오옥온"
    "왕용우원위유육윤은음이인임장전정제조주지진차채천최추탁태편표피하한함허현형호홍황감견계궁범승좌팽"
)
_LONG_SURNAMES = ("남궁", "황보", "제갈", "선우", "독고", "사공", "서문", "동방")
# 홍보실, 정책국, 조사과, 원전과: offices whose first syllable is also a surname
_OFFICE = re.compile(
    r"(?:홍보|정책|소통|감사|운영|공보|안전|조사|지원|기획|협력|예산|인사|법무|정보|조정|심의|교육|산업)[실국단부]$|.+[과팀청처]$"
)
# 장관, 정책관, 기자단: what a person is, not who
_OFFICER = re.compile(
    r".*(?:[장차총비]관|정책관|기획관|심의관|사무관|주무관|서기관|조정관|과장|국장|실장|청장|원장|기자단?|위원)$"
)
_NOT_NAMES = frozenset(
    "정책 정부 제공 편집 경제 사회 문화 외교 안보 국회 공동 전국 한국 국민 기상 인사 조사 홍보 소통 전체 교육 대변인 "
    "담당자".split()
)
# 선경철, 남궁민수: what may be a name by its letters
_NAME = re.compile(r"[가-힣]{2,4}")
# 선경, 선경철: what may be a name when it stands alone
_SHORT_NAME = re.compile(r"[가-힣]{2,3}")
# "Mary O'Neill", "Jean-Luc C. Martin"
_LATIN_NAME = re.compile(r"[A-Z][A-Za-z.'-]+(?: [A-Za-z.'-]+){1,3}")
# "정책브리핑 선경철", with any kind of space between
_LAST_WORD = re.compile(r"(.*\S)\s+(\S+)")
_REPORTERS = ("정책기자", "기자")
# ", ", "·", " / "
_BETWEEN_NAMES = re.compile(r"\s*[,·ㆍ/]\s*")
# "박세아, 이정혁", "정책브리핑 선경철·김나래"
_SEVERAL = re.compile(
    rf"(?:(?P<source>.*?\S)\s+)??(?P<names>[가-힣]{{3,4}}(?:{_BETWEEN_NAMES.pattern}[가-힣]{{3,4}})+)"
)
# "정책브리핑 정형선 연세대학교 교수": behind the portal's own name stands who wrote, as what
_OWN = re.compile(
    r"(?P<source>정책브리핑|정책기자단)\s+(?P<author>(?P<name>[가-힣]{2,4})\s.*?"
    r"(?:교수|연구위원|연구원|위원|위원장|작가|평론가|칼럼니스트|시인|박사|변호사|대표|소장|원장|회장|이사장|총장|대사|[장차]관))"
)
_LONGEST = 500
"""Characters of a line that may name persons."""
# "고용부·복지부", "경기도·강원도": bodies stand in a row more often than persons do
_BODIES = tuple("부처청실과단회팀시도군구")
# "조회수 1,024", "수정 2026.09.16": in the line of the byline without being it
_NO_BYLINE = re.compile(r"^(?:조회|수정|등록|입력|최종|작성일|게시일|마감|접수)|^[\W0-9_]*$")

Label = Literal["source", "published", "author", "other"]
_LABELS: dict[str, Label] = {
    **dict.fromkeys(
        "기관명 발행기관 제공기관 작성기관 담당기관 등록기관 소속기관 발행처 제공처 출처 부처 부처명".split(), "source"
    ),
    **dict.fromkeys("등록일 등록일자 게시일 게시일자 작성일 발행일 발행일자 공고일 입력".split(), "published"),
    **dict.fromkeys("작성자 글쓴이 저자 연설자 발표자".split(), "author"),
    **dict.fromkeys("마감일 마감일자 접수기간 접수마감 수정일 최종수정 수정 조회수 조회 분류 구분".split(), "other"),
}
_DEADLINES = frozenset("마감일 마감일자 접수기간 접수마감".split())
# "2026.10.19", "2026. 10. 5.(월) ~ 2026. 10. 19.(월) 18:00", "채용 시까지": what follows on one line is none of it
_DAYS = re.compile(r"[0-9][0-9.\-/~:() 년월일시분화수목금토오전후]*|[가-힣 ]{0,12}까지|상시|수시")
# "기관명 : 산업통상부", "등록일 : 2026.10.05 마감일 : 2026.10.19"
_LABELLED = re.compile(rf"(?<![가-힣])({'|'.join(sorted(_LABELS, key=len, reverse=True))})\s*[:：]\s*")


def is_person(word: str) -> bool:
    """Tell a person's name from an office: a Korean surname and one or two syllables, not an office's name."""
    if not _NAME.fullmatch(word) or _is_office(word):
        return False
    if word.startswith(_LONG_SURNAMES):
        return True
    return word[0] in _SURNAMES and len(word) in {2, 3}


def _is_office(word: str) -> bool:
    """Say whether a word names an office or a rank, or is another word that stands where names do."""
    return bool(_OFFICE.match(word) or _OFFICER.match(word)) or word in _NOT_NAMES


def byline(text: str) -> tuple[str | None, str | None]:
    """Split a printed byline into source and author.

    >>> byline("정책브리핑 선경철")
    ('정책브리핑', '선경철')
    >>> byline("문화체육관광부 국민소통실")
    ('문화체육관광부 국민소통실', None)
    """
    line = fold(text)
    named, found = line, _LAST_WORD.fullmatch(line)
    if found and found.group(2) in _REPORTERS:
        named = found.group(1)
        found = _LAST_WORD.fullmatch(named)
    if (several := _several(named)) is not None:
        return several["source"], several["names"]
    if found and is_person(found.group(2)) and not found.group(1).endswith(tuple(",·ㆍ/")):
        return found.group(1), found.group(2)
    if named != line and is_person(named):
        return None, named
    if (own := _OWN.fullmatch(line)) and is_person(own["name"]):
        return own["source"], own["author"]
    return line or None, None


def _several(text: str) -> re.Match[str] | None:
    """Find several persons' names, with or without a source before them; a line as long as a text names none."""
    found = _SEVERAL.fullmatch(text) if len(text) <= _LONGEST else None
    if found is None or not all(
        is_person(name) and not name.endswith(_BODIES) for name in _BETWEEN_NAMES.split(found["names"])
    ):
        return None
    return found


def is_byline(text: str) -> bool:
    """Say whether ``text``, a part of the line under a headline or of a row, can name who wrote."""
    return not _NO_BYLINE.match(text)


def may_be_labelled(text: str) -> bool:
    """Say whether a line may say anything with a label."""
    return ":" in text or "：" in text


def labelled(text: str) -> dict[Label, str]:
    """Read what a line says with labels: who issued it, when, and what is neither; empty when nothing is labelled.

    >>> labelled("등록일 : 2026.10.05 마감일 : 2026.10.19")
    {'published': '2026.10.05', 'other': '2026.10.19'}
    """
    if not may_be_labelled(text):
        return {}
    _, *parts = _LABELLED.split(text)
    found: dict[Label, str] = {}
    for label, value in zip(parts[::2], parts[1::2], strict=True):
        found.setdefault(_LABELS[label], fold(value).strip(" |·,/"))
    return found


def begins_labelled(text: str) -> bool:
    """Say whether a line begins with a label of the byline: it is no subtitle, but one of the last day to apply is."""
    found = _LABELLED.match(text)
    return found is not None and found[1] not in _DEADLINES


def deadlines(text: str) -> list[str]:
    """Give what a line says of the last day to apply, each with its label.

    >>> deadlines("등록일 : 2026.10.05 마감일 : 2026.10.19")
    ['마감일 : 2026.10.19']
    """
    if not may_be_labelled(text):
        return []
    _, *parts = _LABELLED.split(text)
    said = [(label, _DAYS.match(value)) for label, value in zip(parts[::2], parts[1::2], strict=True)]
    return [f"{label} : {fold(days[0]).strip(' (~')}" for label, days in said if label in _DEADLINES and days]


def person(text: str) -> str | None:
    """Give the name when ``text``, an element of its own, is a person's, with or without 기자 behind it.

    >>> person("선경철 기자")
    '선경철'
    """
    name = fold(text)
    for title in _REPORTERS:
        name = name.removesuffix(title).strip()
    if is_person(name) or ((several := _several(name)) and not several["source"]) or _LATIN_NAME.fullmatch(name):
        return name
    # Standing alone, a name needs no surname that the list above knows.
    return name if _SHORT_NAME.fullmatch(name) and not _is_office(name) else None
