"""Sentences that went to another paragraph with a figure edited."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence

from diffing.forms import squeezed
from diffing.likeness import without_figures

OWN_WORDS = 12
"""Letters from which a sentence found elsewhere in the article is taken for the same one that moved.

A shorter one may be a phrase that many articles repeat: ``감사합니다.``
"""


def paired(gone: Sequence[str], come: Sequence[str]) -> Iterator[tuple[str, str]]:
    """Pair the sentences that went to another paragraph with a figure edited: all letters but those of figures are one.

    What stands more than once on a side has no counterpart of its own.
    """
    ours, theirs = (Counter(map(_pattern, side)) for side in (gone, come))
    places = {_pattern(sentence): sentence for sentence in come}
    for sentence in gone:
        if ours[pattern := _pattern(sentence)] == theirs[pattern] == 1 and len(sentence) >= OWN_WORDS:
            yield sentence, places[pattern]


def _pattern(sentence: str) -> str:
    return squeezed(without_figures(sentence))
