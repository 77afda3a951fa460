"""The words that an edit took and brought: a sentence that came and names both speaks of that edit."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable
from functools import cached_property

from diffing.endings import noun

_WORD = re.compile(r"\d[\d.,:]*(?<!\D)|[^\W\d_]+")
"""``1,200`` and ``지원은``"""


class Edit:
    """The words that went and those that came, worked out when they are first asked for."""

    MOST = 8
    """Words that may have gone: of a text that was rewritten any sentence names some."""

    def __init__(self, gone: Iterable[str], come: Iterable[str]) -> None:
        self._gone, self._come = gone, come

    @cached_property
    def _was(self) -> set[str]:
        return {word for one in self._gone for word in _words(one)}

    @cached_property
    def _now(self) -> Counter[str]:
        return Counter(word for one in self._come for word in _words(one))

    @cached_property
    def _rewritten(self) -> bool:
        return len(self._was - self._now.keys()) > self.MOST

    def stood(self, sentence: str) -> bool:
        """Tell whether a sentence that came stood there before, with other words."""
        words = _words(sentence)
        return 2 * len(words & self._was) > len(words)

    def is_named_in(self, sentence: str) -> bool:
        """Tell whether a sentence that came names a word that went and one that came in other sentences."""
        if self._rewritten or self.stood(sentence):
            return False
        words = _words(sentence)
        stands = {word for word in words if self._now[word] > 1}
        return not (words & self._was) <= stands and not stands <= self._was


def _words(text: str) -> set[str]:
    """Give the figures of a text and its words without 조사."""
    return {noun(word) if word[0].isalpha() else word for word in _WORD.findall(text)}
