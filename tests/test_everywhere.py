"""Plain edits at many places of many texts: whatever stands around, each is told as what it is."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable

import pytest

from benchmarks.gold import pairs
from benchmarks.gold.sources import articles
from diffing.labels import compare
from storage.records import Article, Block

Editor = Callable[[str, int], str | None]
"""Edits a text at one of its places, which one a number says; None where it has none."""


def _texts() -> list[str]:
    """Give one in fifteen of the paragraphs of the replica's articles and of the edits written by hand."""
    made = [pair.old for held_out in (False, True) for pair in pairs(held_out=held_out)]
    found = {block.text for one in (*articles(), *made) for block in one.body if block.kind == "paragraph"}
    return sorted(text for text in found if len(text) > 15)[::15]


TEXTS = _texts()


def at(pattern: str, put: str | Callable[[re.Match[str]], str]) -> Editor:
    """Replace one hit of a pattern."""
    wanted = re.compile(pattern)

    def edit(text: str, which: int) -> str | None:
        hits = list(wanted.finditer(text))
        if not hits:
            return None
        hit = hits[which % len(hits)]
        return text[: hit.start()] + (hit.expand(put) if isinstance(put, str) else put(hit)) + text[hit.end() :]

    return edit


def everywhere(old: str, new: str) -> Editor:
    """Replace a mark wherever it stands."""
    return lambda text, _: text.replace(old, new) if old in text else None


EDITS: dict[str, tuple[Editor, str, str]] = {
    "a space goes": (at(" ", ""), "spacing", "cosmetic"),
    "a space comes": (at("(?<=[가-힣])(?=[가-힣])", " "), "spacing", "cosmetic"),
    "a space is wide": (at(" ", "\u00a0"), "unicode-form", "cosmetic"),
    "a digit is wide": (at(r"\d", lambda hit: chr(ord(hit[0]) + 0xFEE0)), "unicode-form", "cosmetic"),
    "letters are parted": (lambda text, _: unicodedata.normalize("NFD", text), "unicode-form", "cosmetic"),
    "the full stop goes": (at(r"\.$", ""), "punctuation", "cosmetic"),
    "a comma goes": (at("(?<=[가-힣]),(?= )", ""), "punctuation", "cosmetic"),
    "a comma comes": (at("(?<=[고며나])(?= [가-힣])", ","), "punctuation", "cosmetic"),
    "thousands are run on": (at(r"(?<=\d),(?=\d{3})", ""), "punctuation", "cosmetic"),
    "quotation marks are straight": (at("“([^”]*)”", r'"\1"'), "punctuation", "cosmetic"),
    "brackets of laws are double": (at("「([^」]*)」", r"『\1』"), "punctuation", "cosmetic"),
    "dots are old": (everywhere("·", "ㆍ"), "punctuation", "cosmetic"),
    "an item's mark is another": (at("^□ ", "○ "), "punctuation", "cosmetic"),
    "것으로 is stressed": (at("(?<=[ㄱ-힣] 것으로)(?= )", "도"), "particle", "wording"),
    "an object is stressed": (at("(?<=[가-힣][가-힣])를(?= )", "도"), "particle", "wording"),
    "a place is stressed": (at("(?<=[가-힣]에서)(?= )", "는"), "particle", "wording"),
    "it is told politely": (at("(?<=[가-힣])이다(?=[.])", "입니다"), "particle", "wording"),
    "it is seen politely": (at("된다(?=[.])", "됩니다"), "particle", "wording"),
    "it was told politely": (at("했다(?=[.])", "했습니다"), "particle", "wording"),
}  # fmt: skip
"""Editor, label and weight of each edit."""


@pytest.mark.parametrize("edit", EDITS)
def test_an_edit_is_told_alike_wherever_it_is_made(edit: str) -> None:
    editor, label, weight = EDITS[edit]
    tried, wrong = 0, []
    for number, text in enumerate(TEXTS):
        edited = editor(text, number)
        # Within quotation marks everything is the words of who is quoted; a figure may be parted by a space.
        if edited is None or edited == text or (label == "particle" and _in_quotation(text, edited)):
            continue
        found = compare(_article(text), _article(edited))
        tried += 1
        if found.labels != ("body", label) or found.weight != weight or found.facts:
            wrong.append((text, edited, found.labels, found.weight, found.facts))
    assert wrong == []
    assert tried


def _in_quotation(old: str, new: str) -> bool:
    at = next(k for k, (one, other) in enumerate(zip(old, new + "\0", strict=False)) if one != other)
    return (
        old[:at].count("“") > old[:at].count("”")
        or old[:at].count('"') % 2 == 1
        or old[:at].count("‘") > old[:at].count("’")
    )


def _article(*texts: str) -> Article:
    body = tuple(Block("paragraph", text) for text in texts)
    return Article("1", "https://www.korea.kr/1", "press-release", "제목", body=body)


@pytest.mark.parametrize("number", range(0, len(TEXTS) - 6, 6))
def test_what_becomes_of_paragraphs_is_told_alike_whichever_they_are(number: int) -> None:
    texts = TEXTS[number : number + 6]
    moved = [texts[0], *texts[2:5], texts[1], texts[5]]
    told = compare(_article(*texts), _article(*moved))
    assert (told.labels, told.weight) == (("body", "paragraph-moved"), "wording")
    whole = {
        "paragraph-added",
        "paragraph-removed",
        "paragraph-moved",
        "paragraph-split",
        "paragraph-merged",
        "wording",
    }
    fewer = [*texts[:2], *texts[3:]]
    for old, new, label in ((texts, fewer, "paragraph-removed"), (fewer, texts, "paragraph-added")):
        told = compare(_article(*old), _article(*new))
        assert (whole & set(told.labels), told.weight) == ({label}, "substance")
    if len(parts := re.split(r"(?<=[다요]\.) ", texts[3], maxsplit=1)) == 2:
        parted = [*texts[:3], *parts, *texts[4:]]
        for old, new, label in ((texts, parted, "paragraph-split"), (parted, texts, "paragraph-merged")):
            told = compare(_article(*old), _article(*new))
            assert (told.labels, told.weight) == (("body", label), "cosmetic")


def test_a_space_that_goes_with_its_words_has_no_other_form() -> None:
    gone = compare(_article("첫 문장이다. 둘째\u00a0문장이다."), _article("첫 문장이다."))
    assert gone.labels == ("body", "wording")
    beside = compare(_article("모두\u00a03명이다."), _article("모두 4명이다."))
    assert beside.labels == ("body", "quantity", "unicode-form")
    kept = compare(_article("첫\u00a0문장은 3명이다."), _article("첫\u00a0문장은 4명이다."))
    assert kept.labels == ("body", "quantity")


@pytest.mark.parametrize(
    ("old", "new", "labels", "facts"),
    [
        ("「민법」을 고친다.", "『상법』을 고친다.", "name punctuation", [("민법", "상법")]),
        ("「소득세법 시행령」을 고친다.", "소득세법 시행령을 고친다.", "punctuation", []),
        ("「소득세법 시행령」을 고친다.", "‘소득세법 시행령’을 고친다.", "punctuation", []),
        ("국민법을 고친다.", "「민법」을 고친다.", "name punctuation", [("국민법", "민법")]),
        ("법무부령 제412호로 정한다.", "교육부령 제412호로 정한다.", "name", [("법무부", "교육부")]),
        ("○ 기간: 3. 2.~3. 20.", "○ 기간: 3. 2.~3. 20", "punctuation", []),
        ("○ 기간: 3. 2.~3. 20.", "○ 기간: 3. 2.~3. 21", "date-value", [("3. 20.", "3. 21")]),
        ("농가의 우려를 고려했다.", "농가의 우려도 고려했다.", "particle", []),
        ("앞으로 두 번 더 연다.", "앞으로도 두 번 더 연다.", "particle", []),
        ("수당이 5만 원인 곳도 있다.", "수당이 2만 원인 곳도 있다.", "money", [("5만 원", "2만 원")]),
        ("온도는 -5도이다.", "온도는 5도이다.", "quantity", [("-5도", "5도")]),
        ("또 두 번을 더 연다.", "또는 두 번을 더 연다.", "wording", []),
        ("값이 오를 때 판다.", "값이 오는 때 판다.", "wording", []),
    ],
)
def test_what_was_told_otherwise(old: str, new: str, labels: str, facts: list[tuple[str, str]]) -> None:
    told = compare(_article(old), _article(new))
    assert set(told.labels) == {"body", *labels.split()}
    assert [(one.old, one.new) for one in told.facts] == facts
