"""Whether two stretches that stand for one another say the reverse without a word of denial."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from itertools import pairwise, product, starmap

from rapidfuzz.distance import Postfix, Prefix

from diffing import acts, rivals, stance, units
from diffing.endings import composed_stem, is_particle, noun
from diffing.tokens import Token

_ONLY = re.compile(r"(?:[가-힣](?<![지다뿐])|^)만[이을은의]?$")
"""``청년만``; ``하지만`` and ``없지만`` limit nothing."""

_ALL = frozenset("모든 전체 전국 전국민 누구나".split())
"""``전체 가구``, beside ``저소득층``: who is meant without exception."""
_EACH = frozenset("각 각각 각지 전부 곳곳 모두 전반 전역 전원 총 온 우리나라".split())
"""What may say the same as these."""

_EITHER = frozenset("또는 혹은".split())
_OR = "거나", "든지"
_AND = "고", "며", "면서"
"""``한부모가족이거나`` and ``한부모가족이면서``, ``만들거나`` and ``만들고``."""
_BOTH = re.compile("^(?:및|그리고)$|[와과]$")
"""``등본 및 초본``, ``등본과 초본``."""

_ASKING = "까", "가", "나", "느냐"
"""What a question ends with: ``있습니까``, ``있는가``."""

_SYLLABLES = frozenset(map(frozenset, (
    "전후 내외 상하 유무 입출 대소 대중 중소 증감 선후 신구 남녀 장단 고저 강약 공사 음양 흑적 동서 남북 좌우 승패"
    " 찬반 경중 냉난 미기 조석 주야 민관"
).split()))  # fmt: skip
"""``세전`` and ``세후``, ``유급`` and ``무급``, ``고병원성`` and ``저병원성``: one syllable turned."""

_WEIGHTY = (
    (
        re.compile(r"제외[하한할해했된되]|(?:^|\s)(?:뺀|빼고|뺐|빼기로)"),
        re.compile("빠[지진질졌]|말고|외의|이외|아닌|않"),
    ),
    (
        re.compile(r"(?:^|\s)(?:고의(?:로|적|성)|일부러|의도적|알면서도|상습적?으로|조직적으로)"),
        re.compile(r"고의|알고도"),
    ),
)
"""Who is left out, and with what intent it was done, each with what else may say so: with such a word on one side alone
something else is said.
"""
_SOME = "일부"
_MAY_BE_SOME = frozenset("부분 몇몇 일정 여러 상당수 다수 대부분".split())
"""What may say the same as ``일부``."""

_HEADING = re.compile("(?P<heading>[동서남북]{1,5})(?:쪽|향|풍|방향|방면|측)?")
"""``동북동쪽``, ``남서풍``."""
_PER = re.compile("(?P<unit>[가-힣A-Za-z㎡㎏㏊]{1,4})당")
"""``시간당``, ``가구당``: for each of what."""

_PART = 2
"""Syllables from which what two nouns share, or differ in, is a word by itself: ``고속``, ``버스``."""


def turned(old: Sequence[Token], new: Sequence[Token]) -> bool:
    """Tell whether a sign, an end, a limit, a choice or a question is turned: ``↑`` to ``↓``, ``부터`` to ``까지``."""
    marks = ["".join(one.text for one in side if one.kind == "mark") for side in (old, new)]
    return (
        stance.turned_sign(*marks)
        or _turns_the_end(old, new)
        or _is_limited(old, new)
        or _joins_otherwise(old, new)
        or _asks(old, new)
        or _asks(new, old)
    )


def _asks(old: Sequence[Token], new: Sequence[Token]) -> bool:
    """Tell whether what is asked is stated on the other side: ``있습니까?`` and ``있습니다.``."""
    if not any(one.text == "?" for one in old) or any(one.text == "?" for one in new):
        return False
    asked, stated = ([one.text for one in side if one.kind == "word"] for side in (old, new))
    return bool(asked and stated) and (
        asked[-1].endswith(_ASKING) and stated[-1].endswith("다") and asked[-1][0] == stated[-1][0]
    )


def opposite(
    old: Sequence[Token], new: Sequence[Token], before: str = "", after: str = "", behind: Sequence[str] = ()
) -> bool:
    """Tell whether a word stands for its opposite: 늘었다 for 줄었다, 제외 for 포함.

    ``before`` and ``after`` are the words around both, ``behind`` the next ones.
    """
    ours, theirs = ([one.text for one in side if one.kind == "word"] for side in (old, new))
    if max(len(ours), len(theirs)) > stance.READABLE:
        return False
    if _is_weighed(" ".join(ours), " ".join(theirs)) or _is_weighed(" ".join(theirs), " ".join(ours)):
        return True
    if (
        ours
        and theirs
        and any(
            not _ALL.isdisjoint([*one, *map(noun, one)])
            and (_ALL | _EACH).isdisjoint([*other, *map(composed_stem, other)])
            for one, other in ((ours, theirs), (theirs, ours))
        )
    ):
        return True
    if any(
        _SOME in one and other and {_SOME, *_MAY_BE_SOME}.isdisjoint(other)
        for one, other in ((ours, theirs), (theirs, ours))
    ):
        return True
    if (
        acts.other_act(ours, theirs, after)
        or acts.other_cause(ours, theirs, after)
        or acts.other_to_blame(ours, theirs, before, behind)
    ):
        return True
    # 전기 요금 is 전기요금
    parted = [[*side, *map("".join, pairwise([before, *side, after]))] for side in (ours, theirs) if side]
    if len(parted) > 1 and rivals.exchanged(*([word for one in side for word in _forms(one)] for side in parted)):
        return True
    if any(_is_draft(noun(one), noun(other)) or _is_draft(noun(other), noun(one)) for one in ours for other in theirs):
        return True
    return any(
        any(starmap(stance.reverse, product(_forms(one), _forms(other))))
        or stance.denied(composed_stem(one), composed_stem(other))
        or _turned_within(noun(one), noun(other))
        or _heads_otherwise(noun(one), noun(other))
        for one in ours
        for other in theirs
    )


def _is_weighed(one: str, other: str) -> bool:
    """Tell whether one side alone leaves somebody out, or says that something was meant: ``고의로 늦췄다``."""
    return any(said.search(one) and not (said.search(other) or alike.search(other)) for said, alike in _WEIGHTY)


def _is_draft(one: str, other: str) -> bool:
    """Tell whether a noun is the draft of the other: 종합계획안 of 종합계획; 서해안 is no draft."""
    return len(other) >= _PART and one == f"{other}안" and not other.endswith("해")


def _forms(word: str) -> tuple[str, str, str]:
    """Give a word as it stands, without its ending, and without 조사 alone."""
    return word, composed_stem(word), noun(word)


def _turned_within(old: str, new: str) -> bool:
    """Tell whether two nouns differ in a part that is turned: 고속버스 and 고속열차, 수출액 and 수입액."""
    shared, ended = Prefix.similarity(old, new), Postfix.similarity(old, new)
    parts = []
    if shared + ended == len(old) - 1 == len(new) - 1 and frozenset((old[shared], new[shared])) in _SYLLABLES:
        return True
    if (
        ended >= _PART
        and min(len(old), len(new)) > ended
        and rivals.two_kinds(old[:-ended], new[:-ended], old[-ended:])
    ):
        return True
    if shared >= _PART:
        parts.append((old[shared:], new[shared:]))
    if ended:
        parts.append((old[:-ended], new[:-ended]))
    return any(
        (min(map(len, both)) >= _PART and stance.reverse(*both))
        or (max(shared, ended) >= _PART and rivals.exchanged(*([one] for one in both)))
        for both in parts
    )


def _heads_otherwise(old: str, new: str) -> bool:
    """Tell whether two nouns are two quarters of the sky, or say of what there is so much: 시간당 and 일당."""
    headings = _HEADING.fullmatch(old), _HEADING.fullmatch(new)
    if headings[0] and headings[1]:
        return headings[0]["heading"] != headings[1]["heading"]
    each = [
        hit["unit"] for one in (old, new) if (hit := _PER.fullmatch(one)) and units.UNIT.fullmatch(f"1{hit['unit']}", 1)
    ]
    return len({units.read(unit) for unit in each}) > 1


def _joins_otherwise(old: Sequence[Token], new: Sequence[Token]) -> bool:
    """Tell whether either of two things stands where both of them stood or the reverse: ``등본 또는 초본``."""
    ours, theirs = ([one.text for one in side if one.kind in {"word", "tail"}] for side in (old, new))
    return any(
        (not _EITHER.isdisjoint(one) and _EITHER.isdisjoint(other) and any(map(_BOTH.search, other)))
        or any(word.endswith(_OR) and word[:-2] in _linked(other) for word in one)
        for one, other in ((ours, theirs), (theirs, ours))
    )


def _linked(words: Sequence[str]) -> set[str]:
    """Give what stands before the 고, 며 or 면서 of the words that have it."""
    return {word.removesuffix(ending) for word in words for ending in _AND if word.endswith(ending)}


def _turns_the_end(old: Sequence[Token], new: Sequence[Token]) -> bool:
    """Tell whether what was an end is a beginning or the reverse: ``12일부터`` for ``12일까지``."""
    ends = [
        Counter(one.text[-2:] for one in side if one.kind in {"word", "tail"} and one.text.endswith(("부터", "까지")))
        for side in (old, new)
    ]
    return ends[0] != ends[1] and ends[0].total() == ends[1].total()


def _is_limited(old: Sequence[Token], new: Sequence[Token]) -> bool:
    """Tell whether a 조사 says on one side alone that it is nobody else: ``청년만`` for ``청년도``."""
    ours, theirs = ([one.text for one in side if one.kind in {"word", "tail"}] for side in (old, new))
    limits = [[word for word in side if _ONLY.search(word)] for side in (ours, theirs)]
    if len(limits[0]) == len(limits[1]):
        return False
    (only,), others = (limits[0][:1], theirs) if len(limits[0]) > len(limits[1]) else (limits[1][:1], ours)
    bare = only[: only.rindex("만")]
    # 시장에서만 for 시장에서, 시장에 or 시장
    return any(
        word == one or (word.startswith(one) and is_particle(word[len(one) :]))
        for word in others
        for one in {bare, noun(bare)}
    )
