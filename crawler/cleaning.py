"""Whitespace, dates, bylines and licences: the small readings that every page needs.

Nothing here rewrites what an article says. Only what HTML itself calls white space is folded; a no-break space, a
full-width digit or a decomposed syllable stays as it was sent, so that a change of it can be seen.
"""

from __future__ import annotations

import re
from datetime import datetime, timedelta, timezone
from typing import Literal

KST = timezone(timedelta(hours=9), "KST")

# HTML's own white space (WHATWG HTML, "ASCII whitespace"); U+00A0 is not part of it.
WHITE_SPACE = " \t\n\r\f"
# "\t", "\n ", "  ", but not the single space that most words have between them
_FOLDED = re.compile(rf"[{WHITE_SPACE}]{{2,}}|[{WHITE_SPACE.strip(' ')}]")
# What shows nothing at the edge of a line: every space of Unicode, the zero-width space, the byte order mark
_EDGES = "".join(map(chr, [*range(9, 14), *range(28, 33), 0x85, 0xA0, 0x1680, *range(0x2000, 0x200C)])) + (
    "\u2028\u2029\u202f\u205f\u3000\ufeff"
)

# "2026.09.15", "2026.09.15 18:16", "2026-09-15", "2026. 9. 15.", "2026년 9월 15일"
_DAY = re.compile(
    r"(?<![0-9])([0-9]{4})\s*[.\-/년]\s*([0-9]{1,2})\s*[.\-/월]\s*([0-9]{1,2})(?![0-9])[.일]?"
    r"(?:\s+([0-9]{1,2}):([0-9]{2})(?::([0-9]{2}))?)?"
)

# "2026-09-15T18:16:48Z", "2026-09-15T18:16:48+09:00", "2026-09-15T18:16"
_STAMP = re.compile(
    r"([0-9]{4}-[0-9]{2}-[0-9]{2})T([0-9]{2}:[0-9]{2}(?::[0-9]{2})?)(?:\.[0-9]+)?(Z|[+-][0-9]{2}:?[0-9]{2})?"
)

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


def fold(text: str) -> str:
    """Fold runs of HTML white space into one space and strip invisible edges."""
    if not text.isprintable() or "  " in text:
        text = _FOLDED.sub(" ", text)
    return text.strip(_EDGES)


def fold_lines(text: str) -> str:
    """Fold like :func:`fold`, line by line; empty lines go, a ``<br>`` stays a line feed."""
    return "\n".join(line for lines in paragraphs(text) for line in lines)


def paragraphs(text: str) -> list[list[str]]:
    """Fold like :func:`fold`, line by line, and part the lines where one or more are blank."""
    if "\n" not in text:
        line = fold(text)
        return [[line]] if line else []
    found: list[list[str]] = [[]]
    for part in text.split("\n"):
        if line := fold(part):
            found[-1].append(line)
        elif found[-1]:
            found.append([])
    return [lines for lines in found if lines]


def day(text: str) -> str | None:
    """Read the portal's printed date as ``YYYY-MM-DD``, with ``THH:MM:SS+09:00`` when a time stands with it.

    >>> day("2024.06.12")
    '2024-06-12'
    """
    found = _DAY.search(text)
    if not found:
        return None
    year, month, date_, hour, minute, second = found.groups()
    try:
        moment = datetime(
            int(year), int(month), int(date_), int(hour or 0), int(minute or 0), int(second or 0), tzinfo=KST
        )
    except ValueError:
        return None
    return moment.isoformat() if hour else moment.date().isoformat()


# "선경철 기자 (kc@korea.kr)"
_MAIL = re.compile(r"[(<\[]?\s*[\w.+-]+@[\w-]+(?:\.[\w-]+)+\s*[)>\]]?")


def without_day(text: str) -> str:
    """Leave out a printed date (and time) and a mail address, as in ``2024.06.12 정책브리핑 선경철``."""
    undated = _DAY.sub(" ", text)
    return fold(_MAIL.sub(" ", undated) if "@" in undated else undated).strip(" |·,:()")


def stamp(text: str) -> str | None:
    """Read a machine time stamp of the portal as Korean time.

    The portal prints Korean wall time with a false ``Z`` in ``article:published_time``; a ``Z`` is therefore read
    as ``+09:00``. Other offsets are converted.

    >>> stamp("2026-09-15T18:16:48Z")
    '2026-09-15T18:16:48+09:00'
    """
    found = _STAMP.fullmatch(text.strip())
    if not found:
        return day(text)
    date_, time_, offset = found.groups()
    zone = "+09:00" if offset in (None, "Z") else offset
    try:
        return datetime.fromisoformat(f"{date_}T{time_}{zone}").astimezone(KST).isoformat()
    except (ValueError, OverflowError):
        return None


def is_person(word: str) -> bool:
    """Tell a person's name from an office: a Korean surname and one or two syllables, not an office's name."""
    if not _NAME.fullmatch(word) or _OFFICE.match(word) or _OFFICER.match(word) or word in _NOT_NAMES:
        return False
    if word.startswith(_LONG_SURNAMES):
        return True
    return word[0] in _SURNAMES and len(word) in {2, 3}


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
    if (several := _SEVERAL.fullmatch(named)) and _are_persons(several["names"]):
        return several["source"], several["names"]
    if found and is_person(found.group(2)) and not found.group(1).endswith(tuple(",·ㆍ/")):
        return found.group(1), found.group(2)
    if named != line and is_person(named):
        return None, named
    return line or None, None


def _are_persons(names: str) -> bool:
    parts = _BETWEEN_NAMES.split(names)
    return all(is_person(name) and not name.endswith(_BODIES) for name in parts)


# "조회수 1,024", "수정 2026.09.16": in the line of the byline without being it
_NO_BYLINE = re.compile(r"^(?:조회|수정|등록|입력|최종|작성일|게시일|마감|접수)|^[\W0-9_]*$")


def is_byline(text: str) -> bool:
    """Say whether ``text``, a part of the line under a headline or of a row, can name who wrote."""
    return not _NO_BYLINE.match(text)


Label = Literal["source", "published", "author", "other"]
_LABELS: dict[str, Label] = {
    **dict.fromkeys(
        "기관명 발행기관 제공기관 작성기관 담당기관 등록기관 소속기관 발행처 제공처 출처 부처 부처명".split(), "source"
    ),
    **dict.fromkeys("등록일 등록일자 게시일 게시일자 작성일 발행일 발행일자 공고일 입력".split(), "published"),
    **dict.fromkeys("작성자 글쓴이 저자 연설자 발표자".split(), "author"),
    **dict.fromkeys("마감일 마감일자 접수기간 접수마감 수정일 최종수정 수정 조회수 조회 분류 구분".split(), "other"),
}
# "기관명 : 산업통상부", "등록일 : 2026.10.05 마감일 : 2026.10.19"
_LABELLED = re.compile(rf"(?<![가-힣])({'|'.join(sorted(_LABELS, key=len, reverse=True))})\s*[:：]\s*")


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


# "정책브리핑 선경철", with any kind of space between
_LAST_WORD = re.compile(r"(.*\S)\s+(\S+)")
_REPORTERS = ("정책기자", "기자")
# ", ", "·", " / "
_BETWEEN_NAMES = re.compile(r"\s*[,·ㆍ/]\s*")
# "박세아, 이정혁", "정책브리핑 선경철·김나래"
_SEVERAL = re.compile(
    rf"(?:(?P<source>.*?\S)\s+)??(?P<names>[가-힣]{{3,4}}(?:{_BETWEEN_NAMES.pattern}[가-힣]{{3,4}})+)"
)
# "고용부·복지부", "경기도·강원도": bodies stand in a row more often than persons do
_BODIES = tuple("부처청실과단회팀시도군구")


def person(text: str) -> str | None:
    """Give the name when ``text``, an element of its own, is a person's, with or without 기자 behind it.

    >>> person("선경철 기자")
    '선경철'
    """
    name = fold(text)
    for title in _REPORTERS:
        name = name.removesuffix(title).strip()
    if (
        is_person(name)
        or (_SEVERAL.fullmatch(name) and _are_persons(name))
        or re.fullmatch(r"[A-Z][A-Za-z.'-]+(?: [A-Za-z.'-]+){1,3}", name)
    ):
        return name
    # Standing alone, a name needs no surname that the list above knows.
    rare = re.fullmatch(r"[가-힣]{2,3}", name) and not (
        _OFFICE.match(name) or _OFFICER.match(name) or name in _NOT_NAMES
    )
    return name if rare else None


# "공공누리 공공저작물 자유이용허락 1유형 출처표시", "공공누리 제1유형(출처표시)", "open_type_01.png", "open_type01.jpg"
_LICENCE = re.compile(r"공공누리[^0-9]{0,30}?(?:제\s*)?([0-4])\s*유형|open_?type_?0?([0-4])(?![0-9])")
# "'텍스트'에 한하여 공공누리 출처표시+상업적 이용금지+변경금지의 조건에 따라 ...": the number is left unsaid
_NOT_FOR_TRADE = re.compile(r"비\s?상업|상업적\s?이용\s?금지")
_NO_DERIVATIVES = re.compile(r"변경\s?금지")


def licence(text: str) -> str | None:
    """Name the KOGL type (공공누리, Korea Open Government License) that ``text`` states, ``KOGL-0`` to ``KOGL-4``."""
    found = _LICENCE.search(text)
    if found:
        return f"KOGL-{found.group(1) or found.group(2)}"
    if "공공누리" not in text:
        return None
    if "출처표시" in text:
        return f"KOGL-{1 + bool(_NOT_FOR_TRADE.search(text)) + 2 * bool(_NO_DERIVATIVES.search(text))}"
    # "공공누리의 조건 없이 자유이용이 가능합니다."
    return "KOGL-0" if re.search(r"조건\s?없이", text) else None
