"""Korean words without their 조사 and endings, by rule and by letter, without a dictionary.

Good for telling whether two words that stand in one place differ in more than their ending; it is no analyser: a word
is cut wherever a known ending fits.
"""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache
from typing import Literal

Tense = Literal["past", "present", "intent"]

_PARTICLES = (
    "은 는 이 가 을 를 의 에 도 만 과 와 로 으로 나 이나 라 이라 께 께서 에서 에게 에게서 한테 까지 부터 보다 처럼 "
    "마다 조차 밖에 대로 만큼 뿐 하고 이며 며 이고 고 란 이란 라는 이라는 라고 이라고 라며 이라며 로서 으로서 로써 "
    "으로써 이든 든 에는 에도 에만 에서는 에서도 에서의 에게는 에게도 에의 로의 으로의 로는 으로는 로도 으로도 까지의 "
    "까지는 까지도 부터의 부터는 와의 과의 와는 과는 와도 과도 만의 만을 만이 만은 들 들이 들은 들을 들의 들에게 들도 "
    "들과 들에 들에게는 이다 다 입니다 ㅂ니다 였다 이었다 였습니다 이었습니다 인 이자 이지만 임 보다는 보다도 께서는 "
    "께서도 에게서는 뿐만 으로부터 로부터 으로까지 로까지 이라도 라도 이란다 야 이야 아 측 측은 측이 "
    "에까지 에게까지 에서까지 에서부터 까지만 부터도 에게만 에서만 로만 으로만 만으로 만으로도"
).split()
_ENDINGS = (
    "다 ㄴ다 는다 ㅂ니다 습니다 ㅁ 음 고 며 면서 면 으면 으며 으면서 어 아 여 어서 아서 여서 니 으니 지만 나 으나 "
    "는데 ㄴ데 은데 ㄴ 는 은 ㄹ 을 던 도록 게 기 기로 기에 기를 기도 지 지는 지도 려고 으려고 려 러 자 자고 라 라고 "
    "다고 ㄴ다고 는다고 다며 ㄴ다며 는다며 다면서 ㄴ다면서 고자 므로 으므로 거나 든지 어야 아야 여야 다는 ㄴ다는 "
    "는다는 요 어요 아요 여요 죠 지요 네 네요 ㅂ니까 습니까 는가 ㄴ가 ㄹ까 을까 어도 아도 여도 더라도 자마자 음에 "
    "음을 음은 음으로 ㅁ에 ㅁ을 ㅁ은 ㅁ으로 ㅁ으로써 ㅁ에도 ㅁ과 ㅁ이 기는 기가 기의 기까지 는지 ㄴ지 ㄹ지 을지 더니 "
    "었던 ㄹ수록 으려는 려는 고서 고는 고도 ㄹ게 을게 ㄹ게요 을게요 ㄹ까요 을까요 ㄹ래요 을래요 ㄴ가요 은가요 "
    "는가요 나요 는데요 ㄴ데요 은데요 거든요 군요 는군요 고요 세요 으세요 셔요 으셔요 십시오 으십시오 시오 으시오 "
    "ㅂ시다 읍시다"
).split()
_STATEMENTS = (
    "다 ㄴ다 는다 ㅂ니다 습니다 음 ㅁ 다고 ㄴ다고 는다고 다며 ㄴ다며 는다며 다는 ㄴ다는 는다는 어요 아요 여요"
).split()
"""Endings that end a statement, reported ones included."""

_CONTRACTIONS = tuple(
    (unicodedata.normalize("NFD", short), unicodedata.normalize("NFD", long))
    for short, long in (("ᅢᆻ", "ᅡ였"), ("ᅧᆻ", "ᅵ었"), ("ᅫᆻ", "ᅬ었"), ("ᅯᆻ", "ᅮ었"))
)
"""``했다`` is ``하였다``, ``밝혔다`` is ``밝히었다``, ``됐다`` is ``되었다``, ``줬다`` is ``주었다``."""

_PARTED_R, _PARTED_E = (unicodedata.normalize("NFD", parted) for parted in ("르ᄋ\\1", "ᅵ어"))
_HAE = re.compile("해(?=$|야|서|도|요)")
"""The ``해`` of ``지원해`` and ``지원해야``, not of ``해양``."""
_DWAE = re.compile("돼(?!지)")
"""The ``돼`` of ``돼야``, not of ``돼지``."""
_OLD_POLITE = re.compile("읍니(?=다|까)")
"""``있었읍니다``, as it was spelled until 1988, is ``있었습니다``."""
_OPEN_E = re.compile(unicodedata.normalize("NFD", "(?<=[ᄀ-ᄅᄇ-ᄊᄌ-ᄒ])ᅧ(?=$|야|서|도|요)"))
"""``알려야`` is ``알리어야``; 여 stays, it is what 하 takes, and so does 며."""

_OPEN_U = re.compile(unicodedata.normalize("NFD", "ᅯ(?=야|서|도|요)"))
_PARTED_U = unicodedata.normalize("NFD", "ᅮ어")
"""``바꿔야`` is ``바꾸어야``, ``세워서`` is ``세우어서``."""

_DOUBLED = unicodedata.normalize("NFD", "ᆯᄅ")
_DOUBLED_R = re.compile(unicodedata.normalize("NFD", "ᆯᄅ([ᅡᅥ])(?=$|ᆻ|서|야|도|요)"))
"""``올라`` and ``올랐다`` are ``오르아`` and ``오르았다``, ``불러`` is ``부르어``."""

_COMPATIBLE = str.maketrans({"ㄴ": "ᆫ", "ㅂ": "ᆸ", "ㅁ": "ᆷ", "ㄹ": "ᆯ"})
_PAST, _INTENT = "(?:었|았|였|ᆻ)", "겠"


def letters(text: str) -> str:
    """Give the text in single letters (NFD) with contracted past and ``해``, ``돼``, ``려`` written out."""
    if "해" in text or "돼" in text:
        text = _DWAE.sub("되어", _HAE.sub("하여", text))
    if "읍니" in text:
        text = _OLD_POLITE.sub("습니", text)
    spelled = unicodedata.normalize("NFD", text)
    if "ᆻ" in spelled:
        for short, long in _CONTRACTIONS:
            spelled = spelled.replace(short, long)
    if _DOUBLED in spelled:
        spelled = _DOUBLED_R.sub(_PARTED_R, spelled)
    if "ᅯ" in spelled:
        spelled = _OPEN_U.sub(_PARTED_U, spelled)
    return _OPEN_E.sub(_PARTED_E, spelled) if "ᅧ" in spelled else spelled


def _pattern(forms: list[str]) -> str:
    spelled = {unicodedata.normalize("NFD", form.translate(_COMPATIBLE)) for form in forms}
    return "|".join(sorted(map(re.escape, spelled), key=len, reverse=True))


_BEFORE_ENDING = unicodedata.normalize("NFD", f"(?:으시|시)?{_PAST}*(?:{_INTENT})?")
_VERB_END = re.compile(rf"(?:{_BEFORE_ENDING}(?:{_pattern(_ENDINGS)}))")
_NOUN_END = re.compile(rf"(?:{_pattern(_PARTICLES)})")
"""What a verb ends with, ``했습니다`` of ``지원했습니다``; what a noun ends with, ``에서`` of ``서울에서``."""
_LAST_ENDINGS = tuple(re.compile(rf"(?:{one.pattern})\Z") for one in (_VERB_END, _NOUN_END))
"""The same where a word ends; the leftmost hit is the longest ending."""

_TENSED = re.compile(
    unicodedata.normalize("NFD", rf"(?:(?P<past>{_PAST})|(?P<intent>{_INTENT}))?") + rf"(?:{_pattern(_STATEMENTS)})$"
)
"""``했다`` (past), ``겠다`` (intent) and ``한다`` at the end of a word."""
_LIGHT = re.compile(unicodedata.normalize("NFD", "(?<=..)(?:하|되|시키|이|받|당하)$"))
"""What makes a verb of a noun: ``지원하``, ``확정되``."""

_SAYING = re.compile(
    unicodedata.normalize(
        "NFD", "밝히|말하|전하|강조하|설명하|덧붙이|당부하|언급하|발표하|소개하|지적하|답하|주장하|알리|평가하|약속하"
    )
)
"""Verbs that report what somebody said: ``밝혔다``. Their tense is no promise."""


_WHOLE = frozenset(
    (
        "다만 단 또 또는 또한 및 즉 이미 이제 오는 지난 모든 각 가장 더 덜 이와 그러나 그리고 따라서 아울러 한편 "
        "이번 오직 만일 만약 특히 매우 반드시 거의 바로 다시 서로 먼저 우선 향후 앞으로 스스로 새로 서둘러 이어 "
        "이에 이로써 나아가 주로 따로"
    ).split()
)
"""Words that bear no 조사 and no ending though they end like one: ``다만``."""
_STRESSED = frozenset("앞으로 바로 다시 서로 먼저 우선 향후 스스로 새로 주로 따로 거의 특히 이미".split())
"""Those of them that a 조사 may stress: ``앞으로도``."""


_KNOWN = 100_000
"""Words whose stems are remembered: a rebuild of years meets many more."""

_CONNECTIVES = frozenset(
    "한편 또 또한 이에 이어 그리고 아울러 따라서 그러나 특히 다만 나아가 이로써 단 즉 네 예 음 어 아 에 저 자 뭐 그 "
    "저기 그러니까".split()
)


def is_connective(word: str) -> bool:
    """Tell whether a word only joins its sentence to the one before: 한편, 아울러, 네."""
    return word in _CONNECTIVES


@lru_cache(maxsize=_KNOWN)
def stem(word: str) -> str:
    """Give the word (NFC, one 어절) without endings, in single letters: of ``지원합니다`` and ``지원을`` 지원."""
    spelled = letters(word)
    if word in _WHOLE:
        return spelled
    best = spelled
    for pattern in _LAST_ENDINGS:
        if hit := pattern.search(spelled, 2):
            best = min(best, spelled[: hit.start()], key=len)
    return _LIGHT.sub("", best)


def composed_stem(word: str) -> str:
    """Give the word's stem in syllables (NFC), as a list of words has it."""
    return unicodedata.normalize("NFC", stem(word))


def without_l(stem: str) -> str:
    """Give a stem of two syllables or more as it stands before ㄴ: 줄어드 of ``줄어든다``."""
    ends_in_l = len(stem) > 1 and "가" <= stem[-1] <= "힣" and (ord(stem[-1]) - ord("가")) % 28 == 8
    return stem[:-1] + chr(ord(stem[-1]) - 8) if ends_in_l else stem


@lru_cache(maxsize=_KNOWN)
def noun(word: str) -> str:
    """Give a noun (NFC) without its 조사: 벌금 of ``벌금을``, whose ㅁ을 ends verbs too."""
    hit = _LAST_ENDINGS[1].search(spelled := letters(word), 2)
    return unicodedata.normalize("NFC", spelled[: hit.start()]) if hit else word


def same_stem(old: str, new: str) -> bool:
    """Tell whether two words differ in nothing but a 조사 or ending."""
    if stem(old) == stem(new) or _only_stressed(old, new):
        return True
    if old in _WHOLE or new in _WHOLE:
        return False
    # 피해도 is 피해 with 도 where 피해를 stands in its place, though 해도 ends verbs too.
    if other_case(old, new) and not (old.startswith(new) or new.startswith(old)):
        return True
    one, other = letters(old), letters(new)
    # 제출 bears no ending, though it ends like a verb before 수
    if stem(old) == other or stem(new) == one:
        return True
    shared = 0
    while shared < min(len(one), len(other)) and one[shared] == other[shared]:
        shared += 1
    first = max(1, len(one) - LONGEST_ENDING, len(other) - LONGEST_ENDING)
    if any(_ends(one[cut:]) and _ends(other[cut:]) for cut in range(shared, first, -1)):
        return True
    rests = one[shared:], other[shared:]
    differing = one[shared : shared + 1] + other[shared : shared + 1]
    if shared and differing in _GROWN_FIRST and (_grown_together(*rests) or _grown_together(*rests[::-1])):
        return True
    return shared > 1 and any(_irregular(*sides) for sides in (rests, rests[::-1]))


def _only_stressed(old: str, new: str) -> bool:
    """Whether an adverb bears a 조사 that only stresses it: 앞으로 and 앞으로도."""
    short, long = sorted((old, new), key=len)
    return short in _STRESSED and long.removeprefix(short) in {"도", "는", "은", "만"} and long not in _WHOLE


LONGEST_ENDING = 40
"""Single letters that no ending has more of."""

_IRREGULAR = (("ᆮ", "ᆯ"), ("ᆸ", "우"), ("ᆸ", "와"), ("ᆸ", "워"), ("ᆺ", ""))
"""``듣지`` and ``들었다``, ``돕는`` and ``도우며``, ``도와``, ``쉬워``, ``짓고`` and ``지어``, in single letters."""


_L = unicodedata.normalize("NFD", "ᆯ")
_AFTER_DROPPED_L = tuple(unicodedata.normalize("NFD", start) for start in "ᆫᆸ느니시")
"""``열었다``, ``연다``, ``엽니다``: ㄹ is dropped before these."""


def _irregular(before_consonant: str, before_vowel: str) -> bool:
    """Tell whether two rests of words are one verb whose stem's last letter turns before a vowel."""
    for strict, weak in _IRREGULAR:
        bare, turned = unicodedata.normalize("NFD", strict), unicodedata.normalize("NFD", weak)
        if before_consonant.startswith(bare) and before_vowel.startswith(turned):
            ends = before_consonant[len(bare) :], before_vowel[len(turned) :]
            if ends[0] and all(map(_ends, ends)) and (weak or before_vowel.startswith("ᄋ")):
                return True
    kept = before_consonant.removeprefix(_L)
    dropped = kept != before_consonant and before_vowel.startswith(_AFTER_DROPPED_L)
    return dropped and bool(kept) and all(bool(_VERB_END.fullmatch(rest)) for rest in (kept, before_vowel))


_GROWN = tuple(
    tuple(unicodedata.normalize("NFD", part) for part in parts)
    for parts in (("ᅪ", "ᅩ", "아"), ("ᅥ", "ᅳ", "어"), ("ᅡ", "ᅳ", "아"), ("러", "", "어"), ("ᅡ이", "ᅢ", ""))
)
"""``나왔다`` is 나오았다, ``썼다`` 쓰었다, ``따랐다`` 따르았다, ``이르렀다`` 이르었다; and ``냈다``, which
:func:`letters` writes as it does ``했다``, is 내었다.
"""
_GROWN_FIRST = frozenset(
    pair
    for vowel, single, _ in _GROWN
    for after in ((single[0],) if single else unicodedata.normalize("NFD", "ᆫᆷᆸᆯ고며는기지"))
    for pair in (vowel[0] + after, after + vowel[0])
)
"""The first letters in which two words differ of which one may have grown together with its ending."""


def _grown_together(grown: str, bare: str) -> bool:
    """Tell whether two rests of words are one verb whose vowel has grown together with the one of its ending."""
    for vowel, single, ending in _GROWN:
        if grown.startswith(vowel) and bare.startswith(single):
            rests = ending + grown[len(vowel) :], bare[len(single) :]
            if all(map(_VERB_END.fullmatch, rests)):
                return True
    return False


_CASES = re.compile(r"(?:은|는|이|가|을|를|도|의|에|에서|에게|로|으로|만)")
"""What a noun may bear to say its part in the sentence: ``은`` of ``기준은``."""


def other_case(old: str, new: str) -> bool:
    """Tell whether two words are one noun with another 조사 (or none): 기준은 and 기준을, not 하지 and 한다."""
    shared = 0
    while shared < min(len(old), len(new)) and old[shared] == new[shared]:
        shared += 1
    rests = (old[shared:], new[shared:])
    return old != new and shared > 1 and all(not rest or _CASES.fullmatch(rest) for rest in rests)


def _ends(rest: str) -> bool:
    return not rest or bool(_VERB_END.fullmatch(rest) or _NOUN_END.fullmatch(rest))


def same_particle(old: str, new: str) -> bool:
    """Tell whether two 조사 are one, spelled after a consonant and after a vowel: 은 and 는, 으로 and 로."""
    return after_vowel(old) == after_vowel(new)


def is_particle(word: str) -> bool:
    """Tell whether a word is nothing but 조사: 는, 까지, 에서는."""
    return _NOUN_END.fullmatch(letters(word)) is not None


_AFTER_VOWEL = (
    (re.compile("^(?:은|는)"), "는"), (re.compile("^(?:을|를)"), "를"), (re.compile("^(?:과|와)"), "와"),
    (re.compile("^(?:이|가)$"), "가"), (re.compile("^으로"), "로"),
    (re.compile("^이(?=[나라란며고다든야자지니던면므랑])"), ""),
    (re.compile("^이었"), "였"), (re.compile("^이어"), "여"),
)  # fmt: skip


@lru_cache(maxsize=_KNOWN)
def after_vowel(particle: str) -> str:
    """Spell a 조사 or 이다 as it stands behind a vowel: 는 for 은, 로 for 으로, 였다 for 이었다, 고 for 이고."""
    for pattern, form in _AFTER_VOWEL:
        particle = pattern.sub(form, particle)
    return particle


def tense(word: str) -> Tense | None:
    """Give the tense of a word that ends a statement (``지원했다``: past); None of others and of verbs of saying."""
    # 있 ends in the letter of the past and is no past
    spelled = letters(word.replace("있", "잇"))
    if _SAYING.search(spelled):
        return None
    hit = _TENSED.search(spelled)
    if not hit or hit.start() == 0:
        return None
    return "past" if hit["past"] else "intent" if hit["intent"] else "present"


def misprinted(word: str) -> bool:
    """Tell whether a word has a syllable that no word of the language has, so that it is misspelt: ``핬다``, ``됬다``.

    The national character set has the 2,350 syllables that are written, in two bytes each; Python spells all others.
    """
    return any(len(one.encode("euc_kr", "ignore")) > len("됐".encode("euc_kr")) for one in word)
