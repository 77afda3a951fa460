"""The numbers that say where a paragraph stands in a list: they follow when another one comes, goes or moves."""

from __future__ import annotations

import re

_LETTERS, _ROWS = "가나다라마바사아자차카타파하", "첫째 둘째 셋째 넷째 다섯째 여섯째 일곱째 여덟째 아홉째 열째".split()
_SIGNS = [
    "".join(map(chr, range(ord(first), ord(last) + 1))) for first, last in ("①⑳", "ⅠⅫ", "㉠㉭", "❶❿", "➊➓", "⑴⒇", "⒈⒛")
]
_ORDINAL = re.compile(
    r"(?P<lead>\W*(?:(?:표|그림|사진|붙임|별첨|별표|참고|사례|과제|질문|답변|문|답|Q|A|제)\s?)?)"
    # 3. 신청서를 낸다, (3) 신청서, <표 3> 예산, Q3. 언제; 3.5%, 12. 25.(금) are none
    r"(?:(?P<digits>\d{1,2}(?:-\d{1,2})?)(?=[.)\]>](?!\d|\s?\d{1,2}\.)|[:：]\s|-\s[가-힣]|\ufe0f?\u20e3"
    # 2단계: 접수, 1부(14:00), 4주 차) 실습; 제3조(정의) is called by its number
    r"|\s?(?:단계|과제|회차|차시|부|장|절|주\s?차|일\s?차)\s?[:：.)\]>(])"
    r"|(?P<sign>[①-⑳Ⅰ-Ⅻ㉠-㉭❶-❿➊-➓⑴-⒇⒈-⒛])"  # ③ 신청서
    r"|(?P<letter>[가나다라마바사아자차카타파하])(?=[.)]\s)"  # 다. 신청서
    r"|(?P<row>(?:첫|둘|셋|넷|다섯|여섯|일곱|여덟|아홉|열)째)(?=[,\s]))"  # 셋째, 신청서
)
_TURN = re.compile(r"(?P<lead>\W*)(?:(?P<asks>Q|문|질문|질의|물음)|A|답|답변)\s?(?P<count>\d{0,2})(?=\s?[.:：)\]>])")
"""``Q1.`` and ``문1.``, ``A:`` and ``답:``, ``[질문]``: whose turn it is."""


def renumbered(old: str, new: str) -> tuple[str, str] | None:
    """Give what two texts say behind their ordinals, where those are of one kind and differ; None of all others."""
    one, other = _ORDINAL.match(old), _ORDINAL.match(new)
    if one is None or other is None or one["lead"] != other["lead"] or one.lastgroup != other.lastgroup:
        return None
    return (old[one.end() :], new[other.end() :]) if one.group() != other.group() else None


def restyled(old: str, new: str) -> tuple[str, str] | None:
    """Give what two texts say behind their ordinals, where those are of two kinds and count the same.

    ``2.``, ``나.`` and ``②``; ``Q1.`` and ``문1.``
    """
    said, says = _TURN.match(old), _TURN.match(new)
    if said and says:
        same = said.group() != says.group() and _turn(said) == _turn(says)
        return (old[said.end() :], new[says.end() :]) if same else None
    one, other = _ORDINAL.match(old), _ORDINAL.match(new)
    if one is None or other is None or one["lead"] != other["lead"] or one.lastgroup == other.lastgroup:
        return None
    return (old[one.end() :], new[other.end() :]) if _count(one) == _count(other) else None


def _turn(hit: re.Match[str]) -> tuple[str, bool, str]:
    return hit["lead"], hit["asks"] is None, hit["count"]


def _count(ordinal: re.Match[str]) -> int:
    """Give the place in a list that an ordinal says."""
    said = ordinal[ordinal.lastgroup or ""]
    if ordinal["digits"]:
        return int(said.rpartition("-")[2])
    rows = (_LETTERS, _ROWS, *_SIGNS)
    return next(row.index(said) + 1 for row in rows if said in row)
