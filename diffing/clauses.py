"""Whether words without a counterpart say something of their own: an item of an enumeration, a clause."""

from __future__ import annotations

import re
from collections.abc import Sequence

from diffing.endings import is_connective, noun
from diffing.tokens import Token

_LIST = re.compile(r"[,·ㆍ…]|\.{3}|(?:^|\s)(?:및|또는|혹은)(?:\s|$)|[가-힣](?:와|과)(?:\s|$)")
"""What parts the items of an enumeration: ``청년, 신혼부부 및 다자녀 가구``"""

ADNOMINAL = "[" + "".join(chr(code) for code in range(0xAC00, 0xD7A4) if (code - 0xAC00) % 28 in {4, 8}) + "]"
"""Syllables that end in ㄴ or ㄹ, as a verb does before its noun: ``갖춘``, ``낼``."""

_AND_THEN = re.compile("[가-힣](?:고|며|면서|다가|지만)$")
_OBJECT = re.compile("[가-힣][을를]$")
"""``기본계획을``: of a clause that has its own"""

_FILLED_IN = re.compile(r"\W*[가-힣]{0,4}(?:장소|위치|대상|자격|품목|종목|분야|지역)[)\]:：]")
_NEAR = 6
"""Tokens in which a line says what it is for: ``-``, ``○``, ``(``, ``지원``, ``대상``, ``)``."""

_JOINED = re.compile(rf"{_LIST.pattern}|[가-힣](?:나|하고|랑)(?:\s|$)")
"""The same with what a 조사 joins: ``학교나 공원``; alone ``누구나`` parts nothing."""
_CLAIM = re.compile(r"(?:^|\s)(?:최초|유일|최[대고저소다장단](?=$|[^가-힣]|[로의인]))")
"""``세계 최초로``, ``국내 유일의``, ``역대 최대``: a claim, however few its words are."""
_LIMIT = re.compile(
    r"범위|한[해하](?=$|[^가-힣]|여)|한정|제외|조건으로|(?:^|\s)(?:일부|전액|전원|대부분)(?=$|\s|[를을가이은는에])"
)
"""``예산 범위 안에서``, ``주민에 한해``, ``일부``: to whom or how far it applies."""
_RELATIVE = re.compile(rf"[가-힣][을를]\s(?:[가-힣]+\s)?(?!(?:위|통|대|관|향|비롯|포함)[한할])[가-힣]*{ADNOMINAL}$")
"""``자격을 갖춘``, ``세금을 낸``: a clause with an object of its own; ``이를 위한`` is none."""

QUALITIES = frozenset(
    "무주택 무소득 무직 미취업 미혼 미등록 미가입 미성년 비수도권 비정규직 비영리 비회원 저소득 저신용 저학년"
    " 고소득 고신용 고학년 다자녀 다문화 맞벌이 한부모 차상위 중증 경증 취약 영세".split()
)
"""Words that say for which of those named behind them something is: ``무주택 청년``."""

_TAKEN = frozenset("일평균 하루평균 월평균 연평균 평균 누적 누계 실질 명목 계절조정 잠정 추정 순 1인당".split())
"""Words that say how the figure behind them was taken: ``일평균 수출액``."""

CLAUSE = 4
"""Content words from which words that came or went without a counterpart say something of their own."""


def fills_in(tokens: Sequence[Token], old: Sequence[Token], new: Sequence[Token]) -> bool:
    """Tell whether words were replaced of a line that only says where or for whom: ``○ 장소: 국회``, ``(대상) 청년``.

    What begins alike, ``청년`` and ``청년층``, may be the same in other words.
    """
    if not _FILLED_IN.match("".join(one.text for one in tokens[:_NEAR])):
        return False
    ours, theirs = ({one.text[:2] for one in side if one.kind == "word"} for side in (old, new))
    return bool(ours) and bool(theirs) and ours.isdisjoint(theirs)


def says_something(tokens: Sequence[Token]) -> bool:
    """Tell whether words without a counterpart are an item of an enumeration or a clause, not an adverb."""
    text = "".join(one.space + one.text for one in tokens)
    content = [one for one in tokens if one.kind not in {"mark", "tail", "quote-mark"}]
    if all(is_connective(one.text) for one in content):
        return False
    linked = len(content) > 1 and bool(_AND_THEN.search(content[-1].text)) and not is_connective(content[0].text)
    stated = any(one.search(text) for one in (_LIST, _CLAIM, _LIMIT, _RELATIVE))
    # 무주택, 무주택자
    limited = len(content) == 1 and not {content[0].text, noun(content[0].text).removesuffix("자")}.isdisjoint(
        QUALITIES | _TAKEN
    )
    return linked or limited or len(content) >= CLAUSE or stated


def lists_more(old: Sequence[Token], new: Sequence[Token]) -> bool:
    """Tell whether one side enumerates an item that the other has not: ``청년, 신혼부부에게`` for ``청년에게``."""
    parts = [len(_JOINED.findall("".join(one.space + one.text for one in side))) for side in (old, new)]
    content = [len([one for one in side if one.kind in {"word", "name"}]) for side in (old, new)]
    return parts[0] != parts[1] and content[0] != content[1] and min(content) <= CLAUSE


def offers_more(old: Sequence[Token], new: Sequence[Token]) -> bool:
    """Tell whether one side alone has another thing that may be done: ``하는`` and ``하거나 하려는``."""
    sides = [[one.text for one in side if one.kind == "word"] for side in (old, new)]
    offers = [any(word.endswith(("거나", "든지")) for word in side[:-1]) for side in sides]
    return offers[0] != offers[1] and len(sides[0]) != len(sides[1])


def says_more(old: Sequence[Token], new: Sequence[Token]) -> bool:
    """Tell whether one side has a clause that the other has no words for."""
    content = sorted(len([one for one in side if one.kind in {"word", "name"}]) for side in (old, new))
    return content[1] > 2 * content[0] and content[1] - content[0] >= CLAUSE


def goes_on(old: Sequence[Token], new: Sequence[Token]) -> bool:
    """Tell whether one side goes on to say what else is done: ``연다`` and ``열고 기본계획을 수정한다``."""
    sides = [[one.text for one in side if one.kind in {"word", "name"}] for side in (old, new)]
    short, long = sorted(sides, key=len)
    links = [k for k, word in enumerate(long) if _AND_THEN.search(word)]
    return (
        len(short) == 1
        and bool(links)
        and any(_OBJECT.search(word) for word in long[links[0] + 1 : -1])
        and not any(_AND_THEN.search(word) for word in short)
    )
