"""A text cut into sentences, each with where it stands; what it quotes is not cut."""

from __future__ import annotations

import re
from collections.abc import Sequence

from diffing.quoted import Quotations

_SHORT = r"(?<!\b(?:Mr|Ms|Dr|No)\.)(?<!\b(?:Mrs|Jan|Feb|Mar|Apr|Jun|Jul|Aug|Sep|Oct|Nov|Dec)\.)(?<!\bSept\.)"
_SENTENCE = re.compile(rf"[^\n]*?(?<![\dⅠ-ⅫIVX])[.!?]{_SHORT}[\"”’')\]]*(?=\s|$)|[^\n]+")
"""A full stop behind a figure ends nothing: ``2026. 10. 12.``, ``1. 추진 배경``, ``Ⅱ. 세부 계획``, ``II. 세부 계획``;
nor does one behind a word cut short: ``Dec. 2026``, ``Mr. Kim``."""


def cut(text: str, quoted: Quotations) -> list[tuple[int, str]]:
    """Give start and text of each sentence; a line end ends one too, a full stop in what a sentence quotes does not."""
    spans: list[tuple[int, int]] = []
    for start, end in [hit.span() for hit in _SENTENCE.finditer(text) if hit.group().strip()]:
        start += len(text[start:end]) - len(text[start:end].lstrip())  # noqa: PLW2901 - where its first letter stands
        within = spans and any(spans[-1][0] + 1 < low < spans[-1][1] for low, _ in quoted.over(start, start + 1))
        if within and "\n" not in text[spans[-1][1] : start]:
            spans[-1] = (spans[-1][0], end)
        else:
            spans.append((start, end))
    return [(start, text[start:end].strip()) for start, end in spans]


def span(parts: Sequence[tuple[int, str]], indices: Sequence[int]) -> tuple[int, int]:
    """Give where neighbouring sentences begin and end."""
    return parts[indices[0]][0], parts[indices[-1]][0] + len(parts[indices[-1]][1])


def between(text: str, parts: Sequence[tuple[int, str]]) -> list[str]:
    """Give the white space before each sentence."""
    ends = [0, *(start + len(sentence) for start, sentence in parts)]
    return [text[end:start] for end, (start, _) in zip(ends, parts, strict=False)]
