"""The same words in another order: what changed places in a sentence, and whether it took its part along."""

from __future__ import annotations

import re
import unicodedata
from collections import Counter
from collections.abc import Hashable, Mapping, Sequence
from dataclasses import replace
from typing import NamedTuple

from diffing import clauses, facts, lists, names, persons, stems
from diffing.endings import after_vowel
from diffing.finding import Finding
from diffing.forms import squeezed
from diffing.tokens import Token

_ROMAN = re.compile("[Ⅰ-Ⅻ]")
_MARK = re.compile(r"[^\w\s]|_")
"""A mark: ``,``, ``·``, ``_``."""
_CLAUSE_END = re.compile(r"(?:고|며|지만|면서|는데|으나|거나|[아어해]서|도록|므로)$")
"""``찬성했고``: what follows is another clause."""

_ENDS_IN_N = "[" + "".join(chr(code) for code in range(0xAC00 + 4, 0xD7A4, 28)) + "]"
_ADNOMINAL = re.compile(
    rf"(?:의|[하되있없받않]는|시키는|[낡높낮많적작젊늙깊얕좋같넓좁굵짧얇밝맑붉]은|던|적|(?![은는]){_ENDS_IN_N})$"
)
"""``서울의``, ``하는``, ``낡은``, ``새로운``: it goes with the word behind it."""

_SAID = frozenset({"word", "name", "figure", "date", "address"})
_PARTS = {"는", "가", "를", "에", "에서", "에게", "께", "로", "도", "만", "부터", "까지", "보다", "처럼"}
"""조사 that say who does what to whom."""


def in_place(old: Sequence[Token], new: Sequence[Token]) -> Finding | None:
    """Compare two sentences that differ in figures and dates alone, each by its place; None when more differs.

    ``1조 원을 2조 원으로 늘린다`` and ``2조 원을 1조 원으로 늘린다`` have the same figures, and say the reverse.
    """
    if len(old) != len(new):
        return None
    both = list(zip(old, new, strict=True))
    moved = [(one, other) for one, other in both if one.key != other.key]
    if len(moved) < 2 or any(one.kind not in {"figure", "date"} for pair in moved for one in pair):
        return None
    found = Finding(same_but_printed(old, new))
    for one, other in moved:
        labels, replaced = facts.replaced(one, other)
        found.add(Finding(labels, replaced))
    if any(one.quoted for pair in moved for one in pair):
        found.labels.add("quote")
    return found


def returned(old: Sequence[Token], new: Sequence[Token]) -> list[tuple[Token, Token]]:
    """Pair the ends of what went from one figure to another and goes back: ``5명에서 7명으로``, ``7명에서 5명으로``."""
    return [
        pair
        for ours, theirs in zip(_ends(old), _ends(new), strict=False)
        if ours[0].key == theirs[1].key != ours[1].key == theirs[0].key
        for pair in zip(ours, theirs, strict=True)
    ]


def _ends(tokens: Sequence[Token]) -> list[tuple[Token, Token]]:
    """Give the figures or dates of each ``5명에서 7명으로``."""
    fours = zip(tokens, tokens[1:], tokens[2:], tokens[3:], strict=False)
    return [
        (low, high)
        for low, link, high, end in fours
        if low.kind == high.kind and low.kind in {"figure", "date"} and link.text == "에서"
        if end.kind == "tail" and after_vowel(end.text) == "로"
    ]


def carried(old: Sequence[Token], new: Sequence[Token]) -> bool:
    """Tell whether clauses changed places: every figure and date still has the same words before it."""
    ours, theirs = _in_context(old), _in_context(new)
    return len(ours) > 1 and ours != theirs and Counter(ours) == Counter(theirs)


def _in_context(tokens: Sequence[Token]) -> list[tuple[Hashable, ...]]:
    """Give each figure and date with the two words before it; the first of a text has none before it."""
    said = [one for one in tokens if one.kind not in {"mark", "tail", "quote-mark"}]
    return [
        (one.key, *(before.key for before in said[max(0, k - 2) : k]))
        for k, one in enumerate(said)
        if one.kind in {"figure", "date"}
    ]


def only_places(found: Finding) -> Finding:
    """Take out what was said of figures that only changed places."""
    labels = found.labels - {"number", "money", "percent", "quantity", "date-value"}
    return replace(found, labels=labels | {"wording"}, facts=[one for one in found.facts if one.kind == "name"])


def same_but_printed(old: Sequence[Token], new: Sequence[Token]) -> set[str]:
    """Name how tokens that say the same are printed otherwise, spaces between them included; others are left out."""
    labels: set[str] = set()
    for k, (one, other) in enumerate(zip(old, new, strict=True)):
        if one.key != other.key:
            continue
        if k and one.space != other.space:
            labels.add("spacing")
        if one.text == other.text:
            continue
        if one.kind == "tail":
            # 통일부은 for 통일부는; behind another word or figure it only follows that one's last sound
            if k and old[k - 1].text == new[k - 1].text:
                labels.add("particle")
            continue
        if squeezed(one.text) == squeezed(other.text):
            labels.add("spacing")
        elif _packed(one.text) == _packed(other.text):
            labels.add("unicode-form")
        elif squeezed(bare := _MARK.sub("", one.text)) == squeezed(others := _MARK.sub("", other.text)):
            # 2조5000억 and 2조 5,000억
            labels |= {"punctuation"} if bare == others else {"punctuation", "spacing"}
        else:
            labels.add("wording")
    return labels


def _packed(text: str) -> str:
    """Write ``Ⅱ`` as the letters ``II``, which it is in one character."""
    return _ROMAN.sub(lambda hit: unicodedata.normalize("NFKC", hit.group()), text)


class _Unit(NamedTuple):
    """A word, name, figure or date: what it is, its 조사 or ending, whether the word behind it belongs to it."""

    key: Hashable
    case: str
    bound: bool
    ends_clause: bool


class _Phrase(NamedTuple):
    """Words that go together, ``낡은 집의 지붕을``, and the 조사 or ending of the last."""

    words: tuple[Hashable, ...]
    case: str
    ends_clause: bool


def reordered(old: Sequence[Token], new: Sequence[Token]) -> Finding | None:
    """Compare two sentences of the same phrases in another order; None when more than the order differs.

    ``정부가 지원금을 준다`` and ``지원금을 정부가 준다`` say the same. ``정부가 시민을 돕는다`` and
    ``시민이 정부를 돕는다`` do not, for the parts were exchanged.
    """
    if (both := _units(old, new)) is None or lists.says_turns(old):
        return None
    ours, theirs = (_phrases(side) for side in both)
    if min(len(ours), len(theirs)) > 1 and ours[0] == theirs[0] and ours[0].case.endswith("는"):
        # 산업별로는 건설업에서 줄고 복지업에서 늘었다: it is said of all clauses
        ours, theirs = ours[1:], theirs[1:]
    if _clauses(ours) != _clauses(theirs):
        return None
    verbs = _verbs(ours) if [*_verbs(ours).values()] == [*_verbs(theirs).values()] else {}
    cases = {one.words: one.case for one in ours if one.words not in verbs or one.words not in _verbs(theirs)}
    turned = [
        one
        for one in theirs
        if one.case != cases.get(one.words, one.case) and {one.case, cases[one.words]}.isdisjoint(lists.AND)
    ]
    if any(not {one.case, cases[one.words]} <= _PARTS for one in turned):
        return None
    marks = [Counter(one.text for one in side if one.kind == "mark") for side in (old, new)]
    return Finding({"wording"} | ({"punctuation"} if marks[0] != marks[1] else set()), said=bool(turned))


def _verbs(phrases: Sequence[_Phrase]) -> dict[tuple[Hashable, ...], str]:
    """Give the ending of each clause's last phrase: 고 of ``늘고`` and 었다 of ``줄었다``."""
    return {one.words: one.case for k, one in enumerate(phrases) if one.ends_clause or k == len(phrases) - 1}


def exchanged(old: Sequence[Token], new: Sequence[Token]) -> bool:
    """Tell whether two words stand each in the other's place: ``남자 3명과 여자 5명``, ``여자 3명과 남자 5명``."""
    if (both := _units(old, new)) is None:
        return False
    differ = [(one, other) for one, other in zip(*both, strict=True) if one.key != other.key]
    # the 조사 stayed where they were
    stayed = all(one.case == other.case for one, other in differ)
    return (
        len(differ) == 2
        and stayed
        and not _qualify(*both)
        and [one.key for one in differ[0]] == [one.key for one in differ[1][::-1]]
    )


def _qualify(old: Sequence[_Unit], new: Sequence[_Unit]) -> bool:
    """Tell whether two words that say of whom or what kind changed places before a third: ``무주택 청년 가구``."""
    first = next(k for k, (one, other) in enumerate(zip(old, new, strict=True)) if one.key != other.key)
    pair = old[first : first + 2]
    return (
        len(old) > first + 2
        and old[first + 1].key == new[first].key
        and all(one.bound and not one.case for one in pair)
        and any(one.key in clauses.QUALITIES for one in pair)
    )


def _units(old: Sequence[Token], new: Sequence[Token]) -> tuple[list[_Unit], list[_Unit]] | None:
    """Give the words of two sentences that have the same ones in another order; None of all others."""
    if not _may_be_reordered(old, new) or max(map(_quotations, (old, new))) > 1:
        return None
    bare = stems.shared({one.text for one in (*old, *new) if one.kind == "word"})
    ours, theirs = ([_unit(side, k, bare) for k in _heads(side)] for side in (old, new))
    keys = [one.key for one in ours], [one.key for one in theirs]
    return (ours, theirs) if keys[0] != keys[1] and Counter(keys[0]) == Counter(keys[1]) else None


def _may_be_reordered(old: Sequence[Token], new: Sequence[Token]) -> bool:
    """Take a quick look at the first letters of words, which endings hardly change."""
    ours, theirs = ([one.text[:2] for one in side if one.kind in _SAID] for side in (old, new))
    return (
        len(ours) <= lists.LONGEST
        and ours != theirs
        and sorted(one[0] for one in ours) == sorted(one[0] for one in theirs)
    )


def _quotations(tokens: Sequence[Token]) -> int:
    return sum(one.kind == "quote-mark" for one in tokens) // 2


def _heads(tokens: Sequence[Token]) -> list[int]:
    """Give where each word, name, figure, date and quotation begins; what is quoted is one."""
    return [
        k
        for k, one in enumerate(tokens)
        if one.kind in _SAID and not (one.quoted and any(other.quoted for other in tokens[max(0, k - 1) : k]))
    ]


def _unit(tokens: Sequence[Token], at: int, bare: Mapping[str, str]) -> _Unit:
    one = tokens[at]
    if one.quoted:
        return _Unit(tuple(other.text for other in tokens if other.quoted), "", bound=False, ends_clause=False)
    behind = [other.text for other in tokens[at + 1 : at + 4] if other.kind not in {"tail", "quote-mark"}]
    listed = behind[:1] in ([","], ["·"], [";"])
    if one.kind == "word":
        base = bare[one.text]
        case = after_vowel(one.text[len(base) :])
        ends_clause = _CLAUSE_END.search(one.text) is not None
        bound = not listed and not ends_clause and (not case or _ADNOMINAL.search(one.text) is not None)
        return _Unit(base, case, bound, ends_clause)
    tail = tokens[at + 1] if at + 1 < len(tokens) else None
    # of 등은 behind 1 the 은
    hit = stems.CASE.search(f"0{tail.text}") if tail and tail.kind == "tail" and not tail.space else None
    case = after_vowel(hit.group()) if hit else ""
    return _Unit(one.key, case, not listed and case in {"", "의"}, ends_clause=False)


def _phrases(units: Sequence[_Unit]) -> list[_Phrase]:
    """Part a sentence into phrases: each ends with a 조사, a verb or a comma."""
    found: list[_Phrase] = []
    words: list[Hashable] = []
    for k, one in enumerate(units):
        words.append(one.key)
        if not one.bound or k == len(units) - 1:
            found.append(_Phrase(_titled(tuple(words)), one.case, one.ends_clause))
            words = []
    return found


def _titled(words: tuple[Hashable, ...]) -> tuple[Hashable, ...]:
    """Put who holds a post before the body that it is of: ``산업통상부 김정관 장관`` is ``김정관 산업통상부 장관``."""
    said = [one[1] for one in words if isinstance(one, tuple) and one[0] == "name"]
    if len(said) != len(words) or len(said) != len(("who", "of what", "post")) or not names.is_post(said[2]):
        return words
    return (words[1], words[0], words[2]) if names.is_body(said[0]) and persons.titled(said[1]) else words


def _clauses(phrases: Sequence[_Phrase]) -> Counter[frozenset[Hashable]]:
    """Gather the phrases of each clause, in any order."""
    clauses: list[Counter[Hashable]] = [Counter()]
    subjects = sum(one.case in {"는", "가"} for one in phrases)
    for one in phrases:
        clauses[-1][one.words] += 1
        # 환경부는 찬성, 국토교통부는 반대했다: two subjects, and an item without a case ends what is said of the first
        if one.ends_clause or (subjects > 1 and not one.case):
            clauses.append(Counter())
    return Counter(frozenset(clause.items()) for clause in clauses if clause)
