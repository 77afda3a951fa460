"""What is named by first syllables: 한미 of ``한국과 미국``; countries by a letter; the 제2차 of ``두 번째``."""

from __future__ import annotations

import re
from collections.abc import Hashable, Sequence
from dataclasses import replace

from diffing.endings import after_vowel, is_particle, noun
from diffing.figures import Figure
from diffing.tokens import Token

_SIZES = range(2, 4)
"""Syllables of ``한미`` and ``한중일``."""
_JOINS = frozenset("과 와 · ㆍ , 및".split())


_HANJA = str.maketrans("韓美中日北英獨佛露", "한미중일북영독불러")
_LETTERS = re.compile("[韓美中日北英獨佛露]{1,3}(?=[가-힣])")
_COUNTRIES = dict(zip("한국 미국 중국 일본 북한 영국 독일 프랑스 러시아".split(), "한미중일북영독불러", strict=True))


_IN_A_ROW = frozenset("제차 제회 제기 제대".split())
"""Units of what is counted to say which: ``제2차``, ``제3회``."""


def spelled_alike(old: Sequence[Token], new: Sequence[Token]) -> tuple[Sequence[Token], Sequence[Token]]:
    """Read as one those whom one side names in full and the other by their first syllables.

    So is what is counted by 번째 and by 제: ``두 번째``, ``제2차``.
    """
    old, new = _lettered(_nth(old, new), _nth(new, old))
    ours, theirs = _spelled(old, new), _spelled(new, old)
    return (ours[0], ours[1]) if ours else (theirs[1], theirs[0]) if theirs else (old, new)


def _nth(tokens: Sequence[Token], others: Sequence[Token]) -> Sequence[Token]:
    """Read ``두 번째`` as the ``제2차`` that only the other side has."""
    places = [
        k
        for k, one in enumerate(tokens[:-1])
        if isinstance(one.reading, Figure) and one.reading.unit == "번" and tokens[k + 1].text.startswith("째")
    ]
    if not places:
        return tokens
    own = {one.key for one in tokens}
    rows = {
        one.reading.value: one.key
        for one in others
        if isinstance(one.reading, Figure) and one.reading.unit in _IN_A_ROW and one.key not in own
    }
    found = list(tokens)
    for k in reversed(places):
        figure, tail = tokens[k : k + 2]
        if isinstance(figure.reading, Figure) and (key := rows.get(figure.reading.value)):
            which = replace(figure, text=f"{figure.text}째", end=figure.end + 1, key=key)
            rest = tail.text[1:]
            behind = [replace(tail, text=rest, start=tail.start + 1, key=("tail", after_vowel(rest)))] if rest else []
            found[k : k + 2] = [which, *behind]
    return found


def _lettered(old: Sequence[Token], new: Sequence[Token]) -> tuple[Sequence[Token], Sequence[Token]]:
    """Read as one the countries that only the letters differ of in which both sides name them."""
    known = [{one.key for one in side} for side in (old, new)]
    sides = [
        {k: country for k, one in enumerate(side) if one.key not in others and (country := _country(one))}
        for side, others in ((old, known[1]), (new, known[0]))
    ]
    # one that both print alike has another 조사: 한국이 and 한국을
    printed = [set(side.values()) for side in sides]
    both = {letters for said, letters in printed[0] - printed[1]} & {
        letters for said, letters in printed[1] - printed[0]
    }
    if not both:
        return old, new
    ours, theirs = (
        [
            part
            for k, one in enumerate(side)
            for part in (
                _parted(one, found[k][0], ("together", found[k][1])) if k in found and found[k][1] in both else [one]
            )
        ]
        for side, found in zip((old, new), sides, strict=True)
    )
    return ours, theirs


def _country(token: Token) -> tuple[str, str] | None:
    """Give which countries a word names, as it prints them and by a syllable each: 미 of 美, 미국 and 미."""
    said = token.text if token.kind == "name" else noun(token.text) if token.kind == "word" else ""
    if (hit := _LETTERS.match(token.text)) and is_particle(token.text[hit.end() :]):
        said = hit.group()  # 美는
    letters = _COUNTRIES.get(said, said.translate(_HANJA))
    return (said, letters) if letters and set(letters) <= set(_COUNTRIES.values()) else None


def _spelled(short: Sequence[Token], long: Sequence[Token]) -> tuple[list[Token], list[Token]] | None:
    """Give both sides with what the first says in short read as the second's; None where it says nothing so."""
    known, others = ({one.key for one in side} for side in (short, long))
    for k, one in enumerate(short):
        said = noun(one.text)
        if one.kind not in {"word", "name"} or len(said) not in _SIZES or one.key in others:
            continue
        for start, first in enumerate(long):
            if first.text[0] != said[0] or (end := _run(long, start, said, known)) is None:
                continue
            key = "together", said
            last = long[end - 1]
            whole = replace(first, text="".join(t.space + t.text for t in long[start:end]).lstrip(), end=last.end)
            if "".join(filter(str.isalnum, _named(whole, last))) == said:
                continue  # 노·사·정: marks alone differ
            return (
                [*short[:k], *_parted(one, said, key), *short[k + 1 :]],
                [*long[:start], *_parted(whole, _named(whole, last), key), *long[end:]],
            )
    return None


def _run(tokens: Sequence[Token], start: int, said: str, known: set[Hashable]) -> int | None:
    """Give the end of those named one by one from ``start``, whose first syllables are ``said`` and whom none knows."""
    at, joined = start, True
    for syllable in said:
        if not joined or at >= len(tokens) or tokens[at].text[0] != syllable or tokens[at].key in known:
            return None
        if tokens[at].kind not in {"word", "name"}:
            return None
        joined = tokens[at].kind == "word" and tokens[at].text[-1] in _JOINS and len(tokens[at].text) > 1
        at += 1
        if syllable != said[-1]:
            while at < len(tokens) and tokens[at].text in _JOINS:
                at, joined = at + 1, True
    return at


def _named(whole: Token, last: Token) -> str:
    """Give the text of those named together without the 조사 of the last."""
    rest = "" if last.kind == "name" else last.text[len(noun(last.text)) :]
    return whole.text.removesuffix(rest) if is_particle(rest) else whole.text


def _parted(word: Token, said: str, key: Hashable) -> list[Token]:
    """Part a word into what it says and its 조사."""
    rest = word.text[len(said) :]
    found = [replace(word, kind="word", text=said, end=word.end - len(rest), key=key)]
    if rest:
        start = word.end - len(rest)
        found.append(Token("tail", rest, start, word.end, ("tail", after_vowel(rest)), quoted=word.quoted))
    return found
