"""One stem for the words of two sentences that differ in no more than a 조사 or ending."""

from __future__ import annotations

import re
from collections.abc import Collection, Sequence

from diffing.endings import same_stem

CASE = re.compile(
    r"(?<=.)(?:에서[는도만]?|에게[는도만]?|에[는도만]|으?로[는도만]|[은는이가을를와과에도만]|으로|로|부터|까지|보다|처럼|하고)$"
)
"""``예산을``: what a word that is the same on both sides bears."""


def shared(words: Collection[str]) -> dict[str, str]:
    """Give each word's stem, one for those that differ in no more than a 조사 or ending: 노인 of 노인 and 노인이."""
    groups: list[list[str]] = []
    for word in sorted(words, key=lambda one: (len(one), one)):
        akin = (group for group in groups if group[0][0] == word[0] and same_stem(group[0], word))
        if (group := next(akin, None)) is None:
            groups.append([word])
        else:
            group.append(word)
    return {word: _stem_of(group) for group in groups for word in group}


def _stem_of(words: Sequence[str]) -> str:
    """Give what words that differ in their endings have in common; of one word, what stands before its 조사."""
    if len(words) == 1:
        return CASE.sub("", words[0])
    shared = min(map(len, words))
    while len({word[:shared] for word in words}) > 1:
        shared -= 1
    return words[0][:shared]
