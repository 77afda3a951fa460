"""Edits of what is said: quotations, denials, how firmly something is promised."""

from __future__ import annotations

import re
from random import Random

from benchmarks.gold.edit import SUBSTANCE, Edit, Replaced

_DENIALS = (
    # what stands, what is put in its place; each way turns a denial
    (r"하지 않는다(?=[.며고])", "한다"),
    (r"하지 않았다(?=[.])", "했다"),
    (r"하지 않습니다(?=[.])", "합니다"),
    (r"하지 않았습니다(?=[.])", "했습니다"),
    (r"되지 않는다(?=[.])", "된다"),
    (r"되지 않았습니다(?=[.])", "됐습니다"),
    (r"사실이 아닙니다(?=[.])", "사실입니다"),
    (r"사실이 없습니다(?=[.])", "사실이 있습니다"),
    (r"(?<=[가-힣]이 )없습니다(?=[.])", "있습니다"),
    (r"(?<=[가-힣]은 )없습니다(?=[.])", "있습니다"),
    (r"(?<=[가-힣]가 )없습니다(?=[.])", "있습니다"),
    (r"수 있다(?=[.])", "수 없다"),
    (r"수 없다(?=[.])", "수 있다"),
    (r"수 있습니다(?=[.])", "수 없습니다"),
    (r"수 없습니다(?=[.])", "수 있습니다"),
    (r"받지 않는다(?=[.])", "받는다"),
    (r"바꾸지 않는다(?=[.고])", "바꾼다"),
    (r"늘어나지 않습니다(?=[.])", "늘어납니다"),
)
_COMMITMENTS = (
    (r"할 예정이다(?=[.])", "한다"),
    (r"할 계획이다(?=[.])", "했다"),
    (r"할 예정입니다(?=[.])", "했습니다"),
    (r"할 계획입니다(?=[.])", "합니다"),
    (r"검토할 예정", "추진할 예정"),
    (r"검토하기로", "추진하기로"),
    (r"추진한다(?=[.])", "검토한다"),
    (r"추진하겠습니다(?=[.])", "검토하겠습니다"),
    (r"확정했다(?=[.고])", "검토했다"),
    (r"(?<=[을를] )확정하고", "논의하고"),
    (r"할 수 있다(?=[.])", "해야 한다"),
    (r"할 수 있습니다(?=[.])", "합니다"),
    (r"해야 한다(?=[.])", "할 수 있다"),
    (r"마련할 계획입니다(?=[.])", "마련하는 방안을 검토하겠습니다"),
    (r"완료하였다(?=[.])", "완료할 예정이다"),
    (r"완료했다(?=[.])", "완료할 계획이다"),
    (r"검토하고 있다(?=[.])", "추진하고 있다"),
    (r"협의하고 있습니다(?=[.])", "확정했습니다"),
    (r"목표로 한다(?=[.])", "확정했다"),
)
_QUOTED = re.compile(r"“(?P<said>[^”]{12,})”")
"""``“현장의 목소리를 듣겠다”``"""
_FILLERS = ("더욱", "분명히", "앞으로도", "무엇보다", "함께")
_SPEAKER = re.compile(
    r"(?<![가-힣])(?P<who>[가-힣]{3})"
    r"(?= (?:[가-힣]{2,12} )?(?:장관|청장|처장|차관|국장|정책관|[가-힣]*과장)(?:은|이) “)"
)
"""The ``홍길동`` of ``홍길동 국토교통부 장관은 “``."""
_EMPHASIS = re.compile(r"‘(?P<in>[가-힣 ]{2,12})’")
"""``‘찾아가는 도서관’``"""
_PEOPLE = ("강도현", "나은설", "류지한", "모세린", "반가람", "소이담")


def _turned(text: str, dice: Random, table: tuple[tuple[str, str], ...], label: str) -> Edit | None:
    if "“" in text:
        return None
    hits = [(hit, new) for old, new in table for hit in re.finditer(old, text)]
    if not hits:
        return None
    hit, new = dice.choice(hits)
    return Edit(text[: hit.start()] + new + text[hit.end() :], frozenset({label}), SUBSTANCE)


def negation(text: str, dice: Random) -> Edit | None:
    """Turn a denial."""
    return _turned(text, dice, _DENIALS, "negation")


def hedge(text: str, dice: Random) -> Edit | None:
    """Make a promise firmer or weaker."""
    return _turned(text, dice, _COMMITMENTS, "hedge")


def quoted_word(text: str, dice: Random) -> Edit | None:
    """Put a word into somebody's mouth, or take one out."""
    hits = list(_QUOTED.finditer(text))
    if not hits:
        return None
    hit = dice.choice(hits)
    words = hit["said"].split(" ")
    if dice.random() < 0.5 and len(words) > 4:
        place = dice.randrange(1, len(words) - 1)
        if re.search(r"\d|[않없못아안]", words[place]):
            return None
        words = words[:place] + words[place + 1 :]
    else:
        words.insert(dice.randrange(1, len(words)), dice.choice([one for one in _FILLERS if one not in words]))
    said = " ".join(words)
    return Edit(text[: hit.start("said")] + said + text[hit.end("said") :], frozenset({"quote"}), SUBSTANCE)


def speaker(text: str, dice: Random) -> Edit | None:
    """Give a quotation another speaker."""
    hit = _SPEAKER.search(text)
    if not hit:
        return None
    new = dice.choice(_PEOPLE)
    fact = Replaced("name", hit["who"], new, valued=False)
    return Edit(text[: hit.start()] + new + text[hit.end() :], frozenset({"name", "quote"}), SUBSTANCE, (fact,))


def lost_marks(text: str, dice: Random) -> Edit | None:
    """Take the marks from a quotation or from a word set off."""
    hits = [*_EMPHASIS.finditer(text)] if "“" not in text else []
    if not hits:
        return None
    hit = dice.choice(hits)
    return Edit(text[: hit.start()] + hit["in"] + text[hit.end() :], frozenset({"quote"}), SUBSTANCE)
