"""Persons of other countries, whose names have no shape of their own: words that stand before a post.

``마크 카니 캐나다 총리``, ``젠슨 황 엔비디아 최고경영자``. To be asked of words that replaced one another.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Sequence
from dataclasses import replace
from itertools import takewhile
from operator import attrgetter

from diffing import names, persons
from diffing.tokens import Token

_SINO = frozenset(
    "가각간갈감갑강개객갱거건걸검겁게격견결겸경계고곡곤골공과관광괘괴굉교구국군굴궁권궐궤귀규균귤극근글금급긍기긴길김나낙난날남납낭"
    "내녀년념녕노농뇌누눈눌뉴능단달담답당대덕도독돈돌동두둔득등라락란랄람랍랑래랭략량려력련렬렴렵령례로록론롱뢰료룡루류륙륜률륭릉리"
    "린림립마막만말망매맥맹면멸명모목몰몽묘무묵문물미민밀박반발방배백번벌범법벽변별병보복본봉부북분불붕비빈빙사산살삼삽상새색생서"
    "석선설섬섭성세소속손솔송쇄쇠수숙순술숭습승시식신실심십쌍씨아악안알암압앙애액야약양어억언엄업여역연열염엽영예오옥온올옹와완왈왕"
    "왜외요욕용우욱운울웅원월위유육윤율융은음읍응의이익인일임입자작잔잠잡장재쟁저적전절점접정제조족존졸종좌죄주죽준중즉증지직진질짐"
    "집징차착찬찰참창채책처척천철첨첩청체초촉촌총촬최추축춘출충취측층치칙친칠침칭쾌타탁탄탈탐탑탕태택토통퇴투특파판팔패편평폐포폭표품"
    "풍피필핍하학한할함합항해핵행향허헌험혁현혈협형혜호혹혼홀홍화확환활황회획횡효후훈휘휴흉흑흔흡흥희"
)
"""Syllables of words from Chinese, as nearly all nouns of releases are; ``크``, ``슨`` and ``버`` are none."""
_ENDED = re.compile(
    "(?:은|는|을|를|의|에|에서|으로|한|된|던|들이|통해|위해|대해|하고|하며|되고|있는|없는|날|부터|까지|에게|께서|와)$"
)
_LONGEST = 3
"""Words that a name has at most; who bears it is of as many at most, ``미국 국무부 장관``."""
_WORD = re.compile("[가-힣]{1,7}")


def named(
    old: Sequence[Token], new: Sequence[Token], sentence_old: Sequence[Token], sentence_new: Sequence[Token]
) -> tuple[Sequence[Token], Sequence[Token]]:
    """Read as names the words before a post of which one side's replaced the other's.

    Args:
        old: A stretch of the old tokens.
        new: What stands in its place.
        sentence_old: All tokens of the old sentence.
        sentence_new: All tokens of the new one.
    """
    runs = [_run(*both) for both in ((old, sentence_old), (new, sentence_new))]
    if not all(runs) or not any(_is_foreign(run) for run in runs):
        return old, new
    return [_joined(runs[0]), *old[len(runs[0]) :]], [_joined(runs[1]), *new[len(runs[1]) :]]


def _run(side: Sequence[Token], sentence: Sequence[Token]) -> Sequence[Token]:
    """Give the words that a stretch begins with, as far as they may be a name before a post; else nothing."""
    run = list(takewhile(lambda one: one.kind == "word" and _WORD.fullmatch(one.text), side))
    if not run or len(run) > _LONGEST or any(_ENDED.search(one.text) or one.text in names.QUALIFIERS for one in run):
        return []
    # the family name was read before the post, the given one was not
    family = side[len(run) : len(run) + 1]
    run += family if _is_family(family) else []
    behind = bisect_right(sentence, run[-1].start, key=attrgetter("start"))
    for one in sentence[behind : behind + _LONGEST]:
        # 젠슨 황 엔비디아 최고경영자 has a given name and a family's; 바이오 분야 교수 has neither
        if one.kind not in {"word", "name"} or not one.space:
            return []
        if names.is_role(one.text):
            return run
        if len(run) == 1 and not names.is_body(one.text):
            return []
    return []


def _is_family(tokens: Sequence[Token]) -> bool:
    return [one.kind for one in tokens] == ["name"] and not any(
        told(tokens[0].text) for told in (names.is_role, names.is_body, persons.person)
    )


def _is_foreign(run: Sequence[Token]) -> bool:
    """Tell whether a name has a syllable that no word from Chinese has."""
    return not _SINO.issuperset("".join(one.text for one in run))


def _joined(run: Sequence[Token]) -> Token:
    text = "".join((one.space if k else "") + one.text for k, one in enumerate(run))
    return replace(run[0], kind="name", text=text, end=run[-1].end, key=("name", text))
