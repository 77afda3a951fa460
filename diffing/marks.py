"""Pieces of two texts marked as kept, deleted and inserted."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Literal

Tag = Literal["keep", "insert", "delete"]
Word = tuple[Tag, str]


def replaced(old: str, new: str) -> list[Word]:
    """Mark one text as deleted and the other as inserted."""
    return [("delete", old), ("insert", new)]


def joined(marked: Iterable[Word]) -> list[Word]:
    """Join neighbours of one tag, put each deletion before its insertion, drop empty pieces."""
    found: list[Word] = []
    gone = come = ""
    for tag, text in marked:
        if tag == "delete":
            gone += text
        elif tag == "insert":
            come += text
        elif text:
            found += [one for one in replaced(gone, come) if one[1]]
            gone = come = ""
            if found and found[-1][0] == "keep":
                text = found.pop()[1] + text  # noqa: PLW2901 - the run so far, lengthened
            found.append(("keep", text))
    return found + [one for one in replaced(gone, come) if one[1]]
