"""Departments and persons in the lines that say whom to ask: ``담당: 농촌정책과 한지민 사무관(044-201-1551)``.

A department there has no 조사, and a person need not stand beside a post: the telephone number beside them tells.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from diffing import persons

_RANKS = "과장|팀장|국장|실장|단장|센터장|서기관|사무관|주무관|연구관|연구사"
_PHONE = r"\0{9,14}"
"""A telephone number, which was read before and is blanked out."""

_DESK = re.compile(
    r"(?<![가-힣·])(?P<unit>[가-힣·]{3,16}+(?:(?<=[팀국실단])|(?<=센터)|(?<![결효성초부]과)(?<!(?<!환)경과)(?<!(?<![교유소])통과)(?<=과)))(?="
    # 교육복지과(044-203-6522), 인구동향과 (☎ 042-481-2250), ☎ 농촌정책과 044-201-5773
    rf"\s?\((?:0\d|\0)|[\s(\[☎☏:,/]{{1,4}}{_PHONE}"
    # 연안교통과 책임자 과장, 주택정책과 과장 홍길동(, 주택정책과 과 장 홍길동, 주택정책과 홍길동 사무관
    rf"|\s(?:책임자|담당자)\s|\s(?:{_RANKS})\s[가-힣]{{2,4}}[\s(,]|\s과\s장\s|\s[가-힣]{{2,4}}\s(?:{_RANKS})(?![가-힣])"
    # 국유재산정책과 (석주일, 044-203-3158)
    rf"|\s?\([가-힣]{{2,4}},\s?{_PHONE})"
)
_LABELLED = re.compile(
    # 담당자: 홍길동, 담당자 홍길동, 과 장 홍길동, 글·사진 정책기자단 홍길동
    r"(?<![가-힣])(?:(?:성명|작성자|발표자|발표|글쓴이|연락관)\s?[:：]\s?|(?:담당자|책임자|과\s장|정책기자단?|국민기자단?)\s?[:：]?\s)"
    r"(?P<person>[가-힣]{2,4})"
    rf"(?=\s*(?:$|[^가-힣\s]|{_RANKS}))"
)
_BEFORE_PHONE = re.compile(rf"(?<=[(\[])(?P<person>[가-힣]{{2,4}})(?=,?\s?{_PHONE})")
"""``(석주일, 044-203-3158)``; ``(행사, 2026. 6. 12.)`` looks the same."""


def scan(text: str) -> Iterator[tuple[int, str]]:
    """Give where each department and person begins that such a line names, and the name; figures are blanked out."""
    for hit in _DESK.finditer(text):
        yield hit.start("unit"), hit["unit"]
    for hit in _LABELLED.finditer(text):
        yield hit.start("person"), hit["person"]
    for hit in _BEFORE_PHONE.finditer(text) if "\0" in text else ():
        if persons.may_be_named(hit["person"]) == hit["person"]:
            yield hit.start("person"), hit["person"]
