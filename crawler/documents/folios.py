"""What a document's pages have above and below their text: page numbers, and lines that stand on all of them."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Sequence
from typing import TypeVar

# "- 12 -", "– 3 –", "12", "3 / 12"
_FOLIO = re.compile(r"(?P<dash>[-–—]\s*)?(?P<number>\d{1,4})(?(dash)\s*[-–—]|(?:\s*/\s*\d{1,4})?)")
_Line = TypeVar("_Line")


def without_folios(pages: Sequence[list[_Line]], said: Callable[[_Line], str]) -> list[list[_Line]]:
    """Take out the numbers of the pages, which stand elsewhere among the words after every edit.

    They are the first or the last lines of at least two pages and of half of all, and count on from page to page; of
    the only page of a document it is ``- 1 -``.

    Args:
        pages: Their lines.
        said: Gives a line's text.

    >>> without_folios([["가", "- 1 -"], ["나", "- 2 -"], ["다"]], str)
    [['가'], ['나'], ['다']]
    """
    whole = list(pages)
    for at in (0, -1):
        found = [_FOLIO.fullmatch(said(lines[at])) if lines else None for lines in whole]
        begins = [int(one["number"]) - place if one else None for place, one in enumerate(found)]
        counted = Counter(one for one in begins if one is not None).most_common(1)
        alone = len(whole) == 1 and found[0] is not None and found[0]["dash"] is not None and begins == [1]
        if counted and (alone or counted[0][1] >= max(2, len(whole) / 2)):
            first = counted[0][0]
            whole = [
                (lines[1:] if at == 0 else lines[:-1]) if begin == first else lines
                for lines, begin in zip(whole, begins, strict=True)
            ]
    return whole


_MOST_RUNNING = 4
"""Lines that may stand above or below the text of every page."""
_SENTENCE_ENDS = (".", "!", "?")


def with_running_once(pages: Sequence[list[str]]) -> list[list[str]]:
    """Give the lines that begin or end all pages, or all but one of many, once, as a page before the others.

    They stand elsewhere among the words wherever else the pages are broken. A line that ends a sentence is of the text.

    >>> with_running_once([["보도자료", "가"], ["보도자료", "나"]])
    [['보도자료'], ['가'], ['나']]
    """
    rest, running = list(pages), list[str]()
    for at in (0, -1):
        for _ in range(_MOST_RUNNING):
            line, times = next(iter(Counter(lines[at] for lines in rest if lines).most_common(1)), ("", 0))
            if times < max(2, len(rest) - (len(rest) > 3)) or line.endswith(_SENTENCE_ENDS):
                break
            running.append(line)
            rest = [(lines[1:] if at == 0 else lines[:-1]) if lines and lines[at] == line else lines for lines in rest]
    return [list(dict.fromkeys(running)), *rest] if running else rest
