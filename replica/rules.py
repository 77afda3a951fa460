"""Edit Korean text by rule: each rule gives the edited text, or None where it does not apply.

The rules know nothing of any one article, so the script of edits works on every set of articles.
"""

from __future__ import annotations

import re
from collections.abc import Callable

Rule = Callable[[str], str | None]

# 3조, 1조 2,000억 원, 850억, 3,500만 원: the figure of an amount of money
_MONEY = re.compile(r"(?<![제\d.,])\d[\d,]*(?:\.\d+)?(?=\s?(?:조|억)|\s?[천백]?만\s?원|\s?원)")
# 4.5%, 12%
_PERCENT = re.compile(r"\d+(?:\.\d+)?(?=%)")
# 2026~2027년
_YEAR = re.compile(r"(?<![\d,.])(?:19|20)\d\d(?![\d,.])")
# 120명, 35개소
_FIGURE = re.compile(r"\d[\d,]*(?:\.\d+)?")
# 정부는, 교육부는, 기획예산처는 | 산림청은
_PARTICLE = re.compile(r"(?<=[가-힣])(?P<head>[부처]는|청은) ")
# 할 수 있다 -> 할 수있다
_CAN = re.compile(r"(?<=수) (?=있|없)")
# two words of Hangul with a space between, the first at least two syllables: 지원 대상
_SPACE = re.compile(r"(?<=[가-힣]{2}) (?=[가-힣]{2})")
# a comma after Hangul: 또한, 올해는
_COMMA = re.compile(r"(?<=[가-힣]), (?=[가-힣])")
# the end of a sentence inside a paragraph: 밝혔다. 또
_SENTENCE_END = re.compile(r"(?<=[다요]\.) ")

_SYNONYMS = (("강화", "확충"), ("확대", "확충"), ("지원", "뒷받침"), ("개선", "정비"), ("점검", "확인"))

LATER = "세부 일정은 추후 공개할 예정이다."
"""The sentence that :func:`add_sentence` adds."""


def _bump(text: str, match: re.Match[str] | None) -> str | None:
    """Change the first digit of the figure that ``match`` found: 1 to 2, 9 to 1."""
    if match is None:
        return None
    at = match.start()
    return f"{text[:at]}{int(text[at]) % 9 + 1}{text[at + 1 :]}"


def change_money(text: str) -> str | None:
    """Change the first amount of money, ``3조 원`` to ``4조 원``."""
    return _bump(text, _MONEY.search(text))


def change_percent(text: str) -> str | None:
    """Change the first percentage, ``4.5%`` to ``5.5%``."""
    return _bump(text, _PERCENT.search(text))


def change_figure(text: str) -> str | None:
    """Change the first figure of any kind, ``120명`` to ``220명``."""
    return _bump(text, _FIGURE.search(text))


def names_year(text: str) -> bool:
    """Say whether a text names a year, as ``2026~2027년`` does."""
    return _YEAR.search(text) is not None


def firm_up(text: str) -> str | None:
    """Turn a first ``검토`` (to consider) into ``추진`` (to push ahead)."""
    return text.replace("검토", "추진", 1) if "검토" in text else None


def reword(text: str) -> str | None:
    """Say the first word that has one with its synonym, ``강화`` with ``확충``."""
    for old, new in _SYNONYMS:
        if old in text:
            return text.replace(old, new, 1)
    return None


def change_particle(text: str) -> str | None:
    """Turn the topic particle after an office into the subject particle, ``정부는`` into ``정부가``."""
    match = _PARTICLE.search(text)
    if match is None:
        return None
    head = match["head"]
    return f"{text[: match.start()]}{head[0]}{'이' if head[0] == '청' else '가'}{text[match.end() - 1 :]}"


def change_spacing(text: str) -> str | None:
    """Take one space away, ``할 수 있다`` to ``할 수있다``."""
    match = _CAN.search(text) or _SPACE.search(text)
    return None if match is None else text[: match.start()] + text[match.end() :]


def change_punctuation(text: str) -> str | None:
    """Take one comma away, or the last full stop."""
    match = _COMMA.search(text)
    if match is not None:
        return f"{text[: match.start()]} {text[match.end() :]}"
    return text[:-1] if text.endswith("다.") else None


def change_form(text: str) -> str | None:
    """Write the first per cent sign in its full-width form."""
    return text.replace("%", "％", 1) if "%" in text else None


def add_sentence(text: str) -> str | None:
    """Add a sentence to the end of a paragraph."""
    return f"{text} {LATER}" if text.endswith("다.") else None


def remove_sentence(text: str) -> str | None:
    """Take away the second sentence of a paragraph that has two or more."""
    sentences = _SENTENCE_END.split(text)
    return " ".join([sentences[0], *sentences[2:]]) if len(sentences) > 1 else None
