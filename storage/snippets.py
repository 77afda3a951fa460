"""The passage around what a search found, in its printed form."""

from __future__ import annotations

from collections.abc import Sequence

from storage.letters import SPACE, fold
from storage.spellings import spellings

_AROUND = 40
"""Characters of context on each side of what was found."""


def snippet(text: str, terms: Sequence[str]) -> str:
    """Cut the text around the longest term found in it, in its printed form, what was found between ⟦ and ⟧."""
    found = next(((term, span) for term in sorted(terms, key=len, reverse=True) if (span := _span(text, term))), None)
    if found is None:
        return text[: 2 * _AROUND]
    anchor, (start, end) = found
    before, after = text[max(0, start - _AROUND) : start], text[end : end + _AROUND]
    cut = ("…" if start > _AROUND else "", "…" if end + _AROUND < len(text) else "")
    others = [term for term in terms if term != anchor]
    marked = f"{_marked(before, others)}⟦{text[start:end]}⟧{_marked(after, others)}"
    return SPACE.sub(" ", f"{cut[0]}{marked}{cut[1]}")


def _marked(text: str, terms: Sequence[str]) -> str:
    """Mark where each term stands first; of two that overlap the one that begins before."""
    parts, shown = list[str](), 0
    for start, end in sorted(span for term in terms if (span := _span(text, term))):
        if start >= shown:
            parts += [text[shown:start], "⟦", text[start:end], "⟧"]
            shown = end
    return "".join([*parts, text[shown:]])


def _span(text: str, term: str) -> tuple[int, int] | None:
    """Find where a term stands in the printed text: the shortest stretch whose folded form holds a spelling of it."""
    folded = fold(text)
    found = next((one for one in spellings(term) if one in folded), None)
    if found is None:
        return None
    term = found
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
