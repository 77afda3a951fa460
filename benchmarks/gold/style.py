"""Edits of how it is said: synonyms, typing errors, sentences cut or added, 조사, spaces, marks, encoding."""

from __future__ import annotations

import re
import unicodedata
from random import Random

from benchmarks.gold.edit import COSMETIC, SUBSTANCE, WORDING, Edit

_SYNONYMS = (
    ("누리집", "홈페이지"), ("앞으로", "향후"), ("아울러", "또한"), ("이에 따라", "이로써"), ("방안", "대책"),
    ("다만", "단"), ("종전", "기존"), ("국민 누구나", "국민이라면 누구든지"), ("자세한", "상세한"),
    ("이 가운데", "이 중"), ("이 중", "이 가운데"), ("걸리는", "소요되는"), ("나머지", "남은"), ("현재", "지금"),
    ("시설", "설비"), ("절차", "과정"), ("문턱", "장벽"), ("모든", "전체"), ("함께", "더불어"), ("가운데", "중"),
    ("대상", "범위"), ("결과", "성과"), ("기준", "잣대"), ("지침", "규정"), ("점검", "확인"), ("한편", "이와 함께"),
    ("먼저", "우선"), ("특히", "무엇보다"),
)  # fmt: skip
_ADDED = (
    "구체적인 내용은 담당 부서에서 안내한다.",
    "이는 현장의 목소리를 반영한 결과다.",
    "관계 기관도 뜻을 같이했다.",
    "지역 사회의 기대도 크다.",
)
_SENTENCES = re.compile(r"(?<=[다요]\.) ")
"""The space behind ``밝혔다.``"""
_CARRIES = re.compile(r"\d|[“”‘’]|않|없|못|아니|예정|계획|검토|추진|수 있|장관|부는|부가|올해|내년|지난|두 |세 |한 ")
"""What would earn a sentence labels of its own."""

_TOPIC = re.compile(r"(?<=[부청처])(?P<p>은|는|이|가) ")
"""The ``는`` of ``교육부는``."""
_SUBJECT = {"은": "이", "는": "가", "이": "은", "가": "는"}
_NOUN = re.compile(
    r"(?<=(?:사업|방안|제도|대책|정부|예산|계획|학생|기업|지원|교육|시설|기간|비율|금액))(?P<p>은|는|을|를) "
)
"""The ``은`` of ``사업은``."""
_NOUN_PARTICLES = {"은": "이", "는": "가", "을": "도", "를": "도"}
_ENDINGS = (
    (r"했다(?=\.)", "하였다"), (r"하였다(?=\.)", "했다"), (r"됐다(?=\.)", "되었다"), (r"되었다(?=\.)", "됐다"),
    (r"했습니다(?=\.)", "하였습니다"), (r"하였습니다(?=\.)", "했습니다"), (r"한다(?=\.)", "합니다"),
    (r"된다(?=\.)", "됩니다"), (r"입니다(?=\.)", "이다"), (r"하며(?=,| )", "하고"), (r"이며(?=,| )", "이고"),
)  # fmt: skip
_BETWEEN = re.compile(r"(?<=[가-힣]{2}) (?=[가-힣]{2})")
"""The space of ``지원 사업``."""
_COMMA = re.compile(r"(?<=[가-힣]),(?= [가-힣])")
"""The comma of ``서울, 부산``."""
_STOP = re.compile(r"(?<=[가-힣])\.$")
"""The full stop behind ``밝혔다``."""
_RANGE = re.compile(r"(?<=\d)~(?=\d)")
"""The tilde of ``3~5일``."""


def _at(text: str, hit: re.Match[str], new: str) -> str:
    return text[: hit.start()] + new + text[hit.end() :]


def synonym(text: str, dice: Random) -> Edit | None:
    """Use another word for the same."""
    if "“" in text:
        return None
    fitting = [(old, new) for old, new in _SYNONYMS if re.search(rf"(?<![가-힣]){old}(?= |,)", text)]
    if not fitting:
        return None
    old, new = dice.choice(fitting)
    hit = re.search(rf"(?<![가-힣]){old}(?= |,)", text)
    assert hit
    return Edit(_at(text, hit, new), frozenset({"wording"}), WORDING)


def typing_error(text: str, dice: Random) -> Edit | None:
    """Mistype one vowel inside a word, as a slip that is mended later."""
    if "“" in text:
        return None
    hits = list(re.finditer(r"(?<![가-힣])[가-힣](?P<s>[가-힣])(?=[가-힣](?:을|를|에서|으로|와|과|의) )", text))
    if not hits:
        return None
    hit = dice.choice(hits)
    lead, vowel, *tail = unicodedata.normalize("NFD", hit["s"])
    other = {"ᅡ": "ᅥ", "ᅥ": "ᅡ", "ᅩ": "ᅮ", "ᅮ": "ᅩ", "ᅵ": "ᅴ", "ᅢ": "ᅦ", "ᅦ": "ᅢ", "ᅧ": "ᅥ", "ᅭ": "ᅩ"}.get(vowel)
    if other is None:
        return None
    new = unicodedata.normalize("NFC", "".join([lead, other, *tail]))
    return Edit(text[: hit.start("s")] + new + text[hit.end("s") :], frozenset({"wording"}), WORDING)


def sentence_cut(text: str, dice: Random) -> Edit | None:
    """Cut a sentence that carries no figure, name or denial."""
    sentences = _SENTENCES.split(text)
    plain = [k for k, one in enumerate(sentences) if k and not _CARRIES.search(one)]
    if "“" in text or len(sentences) < 2 or not plain:
        return None
    place = dice.choice(plain)
    left = " ".join(sentences[:place] + sentences[place + 1 :])
    return Edit(left, frozenset({"wording"}), SUBSTANCE)


def sentence_added(text: str, dice: Random) -> Edit | None:
    """Add a sentence inside a paragraph."""
    sentences = _SENTENCES.split(text)
    if "“" in text or not re.search(r"[다요]\.$", text):
        return None
    sentences.insert(dice.randrange(1, len(sentences) + 1), dice.choice(_ADDED))
    return Edit(" ".join(sentences), frozenset({"wording"}), SUBSTANCE)


def particle(text: str, dice: Random) -> Edit | None:
    """Change a 조사 after a noun."""
    if "“" in text:
        return None
    hits = [(hit, _SUBJECT[hit["p"]]) for hit in _TOPIC.finditer(text)]
    hits += [(hit, _NOUN_PARTICLES[hit["p"]]) for hit in _NOUN.finditer(text)]
    if not hits:
        return None
    hit, new = dice.choice(hits)
    return Edit(text[: hit.start("p")] + new + text[hit.end("p") :], frozenset({"particle"}), WORDING)


def ending(text: str, dice: Random) -> Edit | None:
    """Change the form of a verb's ending."""
    if "“" in text:
        return None
    hits = [(hit, new) for old, new in _ENDINGS for hit in re.finditer(old, text)]
    if not hits:
        return None
    hit, new = dice.choice(hits)
    return Edit(_at(text, hit, new), frozenset({"particle"}), WORDING)


def spacing(text: str, dice: Random) -> Edit | None:
    """Lose a space between two words, or double one."""
    hits = list(_BETWEEN.finditer(text))
    if not hits:
        return None
    return Edit(_at(text, dice.choice(hits), dice.choice(["", "", "  "])), frozenset({"spacing"}), COSMETIC)


def punctuation(text: str, dice: Random) -> Edit | None:
    """Lose a comma or a full stop, or print a range with another dash."""
    hits = [(hit, "") for pattern in (_COMMA, _STOP) for hit in pattern.finditer(text)]
    hits += [(hit, "-") for hit in _RANGE.finditer(text)]
    if not hits:
        return None
    hit, new = dice.choice(hits)
    return Edit(_at(text, hit, new), frozenset({"punctuation"}), COSMETIC)


def decomposed(text: str, dice: Random) -> Edit | None:
    """Encode the text in single letters (NFD)."""
    new = unicodedata.normalize("NFD", text)
    return Edit(new, frozenset({"unicode-form"}), COSMETIC) if new != text and dice else None


def odd_space(text: str, dice: Random) -> Edit | None:
    """Put no-break or wide spaces in place of ordinary ones."""
    hits = list(_BETWEEN.finditer(text))
    if not hits:
        return None
    return Edit(_at(text, dice.choice(hits), dice.choice(" 　 ")), frozenset({"unicode-form"}), COSMETIC)


def full_width(text: str, dice: Random) -> Edit | None:
    """Print a figure's digits or its percent sign full width."""
    hits = list(re.finditer(r"\d+%?", text))
    if not hits:
        return None
    hit = dice.choice(hits)
    wide = "".join(chr(ord(letter) + 0xFEE0) for letter in hit.group())
    return Edit(_at(text, hit, wide), frozenset({"unicode-form"}), COSMETIC)
