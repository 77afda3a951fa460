"""What was read of a text blanked out, so that the next reader finds no part of it again; places stay as they are."""

from __future__ import annotations

from collections.abc import Iterable


def blanked(text: str, spans: Iterable[tuple[int, int]]) -> str:
    """Give ``text`` with a NUL for every letter of the spans (start, end), which are in order and do not overlap."""
    parts: list[str] = []
    at = 0
    for start, end in spans:
        parts += [text[at:start], "\0" * (end - start)]
        at = end
    return "".join([*parts, text[at:]])
