"""The passage around what a search found, in its printed form."""

from __future__ import annotations

from collections.abc import Sequence

from storage.letters import SPACE, fold

_AROUND = 40
"""Characters of context on each side of what was found."""


def snippet(text: str, terms: Sequence[str]) -> str:
    """Cut the text around the first term found in it, in its printed form, what was found between ⟦ and ⟧."""
    spans = sorted(span for term in terms if (span := _span(text, term)))
    if not spans:
        return text[: 2 * _AROUND]
    start, end = spans[0]
    before, after = text[max(0, start - _AROUND) : start], text[end : end + _AROUND]
    cut = ("…" if start > _AROUND else "", "…" if end + _AROUND < len(text) else "")
    return SPACE.sub(" ", f"{cut[0]}{before}⟦{text[start:end]}⟧{after}{cut[1]}")


def _span(text: str, term: str) -> tuple[int, int] | None:
    """Find where a term stands in the printed text: the shortest stretch whose folded form holds it."""
    if term not in fold(text):
        return None
    low, high = 0, len(text)
    while low < high:  # The least end of a beginning that holds it.
        middle = (low + high) // 2
        if term in fold(text[:middle]):
            high = middle
        else:
            low = middle + 1
    end = high
    low, high = 0, end
    while low < high:  # The greatest start of an ending that holds it.
        middle = (low + high + 1) // 2
        if term in fold(text[middle:end]):
            low = middle
        else:
            high = middle - 1
    return low, end
