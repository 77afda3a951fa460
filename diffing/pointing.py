"""Marks of two stretches that stand for one another: quotation marks, brackets, dashes, commas."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Collection, Sequence

from diffing.tokens import Token

_TITLE_MARKS = frozenset("「」『』《》〈〉")
"""What may stand for quotation marks: ``‘국가재정법’`` and ``「국가재정법」``."""
_DASHES = frozenset("~∼〜–-")
_NOTED = re.compile(r"(?<![^\s*])([^\s*]+)\*{1,3}(?!\d)")
"""``대상*``: what a footnote explains."""
_SEPARATORS = frozenset(",·ㆍ/()")
"""What parts the items of a list, or one from what explains it."""

_OPENED, _CLOSED = "「『《〈‘'“\"", "」』》〉’'”\""
_DOT = "[·ㆍ･∙・]"
_LAW = re.compile(
    rf"[{_OPENED[:4]}](?P<law>[가-힣{_DOT[1:-1]}, ]{{1,60}}?(?:법|법률|령|규칙|규정|조례|고시|훈령|예규|지침))"
    rf"[{_CLOSED[:4]}]"
)
"""``「초·중등교육법」``, ``『초ㆍ중등교육법』``"""

_MOST_LAWS = 100
"""Laws in other brackets beyond which nobody writes them alike: each is looked for in both texts."""


def titled_alike(old: str, new: str) -> tuple[str, str, set[str]]:
    """Write laws in one sort of brackets where both sides name them in different ones, or one in none, and name it.

    So are the dots within them: ``「초·중등교육법」`` is ``『초ㆍ중등교육법』`` and ``초·중등교육법``.
    """
    had, has = (Counter((re.sub(_DOT, "·", hit[1]), hit[0]) for hit in _LAW.finditer(text)) for text in (old, new))
    laws = {law for law, _ in (had - has) + (has - had)}
    labels: set[str] = set()
    if len(laws) > _MOST_LAWS:
        return old, new, labels
    for law in sorted(laws, key=lambda one: (-len(one), one)):
        printed = re.escape(law).replace("·", _DOT)
        as_printed = re.compile(rf"(?:[{_OPENED}]|(?<![가-힣·])){printed}[{_CLOSED}]?")
        ours, theirs = as_printed.findall(old), as_printed.findall(new)
        if ours != theirs and len(ours) == len(theirs):
            old, new = (as_printed.sub(f"「{law}」", text) for text in (old, new))
            labels.add("punctuation")
    return old, new, labels


def unstarred(old: str, new: str) -> tuple[str, str, set[str]]:
    """Take out the marks of footnotes that went to other words, ``대상* 시설`` and ``대상 시설*``, and name them."""
    if "*" not in old or "*" not in new:
        return old, new, set()
    ours, theirs = _NOTED.findall(old), _NOTED.findall(new)
    if ours == theirs or len(ours) != len(theirs):
        return old, new, set()
    one, other = _NOTED.sub(r"\1", old), _NOTED.sub(r"\1", new)
    stayed = all(word in other for word in ours) and all(word in one for word in theirs)
    return (one, other, {"punctuation"}) if stayed else (old, new, set())


def named(old: Sequence[Token], new: Sequence[Token], labels: Collection[str]) -> set[str]:
    """Name quotation marks that came or went, and other marks unless the words around them were rewritten.

    ``labels`` are what was named of the words, names and figures around them.
    """
    marks: set[str] = set()
    old_marks = [one.text for one in old if one.kind == "quote-mark"]
    new_marks = [one.text for one in new if one.kind == "quote-mark"]
    brackets = [sum(one.text in _TITLE_MARKS for one in side) for side in (old, new)]
    if len(old_marks) != len(new_marks) and len(old_marks) + brackets[0] != len(new_marks) + brackets[1]:
        marks.add("quote")
    elif old_marks != new_marks:
        marks.add("punctuation")
    if "wording" in labels or _came_along(old, new):
        return marks
    if says_span(old, new):
        return marks | {"wording"}
    if [one.text for one in old if one.kind == "mark"] != [one.text for one in new if one.kind == "mark"]:
        marks.add("punctuation")
    return marks


def says_span(old: Sequence[Token], new: Sequence[Token]) -> bool:
    """Tell whether words stand for a dash or the reverse: ``6.12.~6.15.`` and ``6월 12일부터 15일까지``."""
    return any(
        any(token.kind == "mark" and token.text in _DASHES for token in one)
        and any(token.kind == "tail" and token.text.startswith(("부터", "에서")) for token in other)
        for one, other in ((old, new), (new, old))
    )


def _came_along(old: Sequence[Token], new: Sequence[Token]) -> bool:
    """Tell whether marks only part what came or went from its neighbours: ``김 장관`` and ``김 장관, 이 차관``."""
    sides = [Counter(one.text for one in side if one.kind == "mark") for side in (old, new)]
    said = [sum(one.kind in {"name", "figure", "date"} for one in side) for side in (old, new)]
    gone, come = sides[0] - sides[1], sides[1] - sides[0]
    lost, won = (gone, come) if said[0] > said[1] else (come, gone)
    return said[0] != said[1] and not won and set(lost) <= _SEPARATORS
