"""Lines filled anew: words crossed the bounds between paragraphs while something in them was edited."""

from __future__ import annotations

import re
from collections.abc import Collection, Sequence

from diffing.align import Alignment
from diffing.forms import plain, squeezed
from diffing.gaps import Match
from diffing.likeness import without_figures
from storage.records import Block

LINE = 200
"""Letters that may cross a bound: a line's."""
_LETTER = re.compile("[가-힣A-Za-z%]")
"""What tells that words crossed a bound: a lone mark or figure may stand there by chance."""


def refilled(found: Alignment, old: Sequence[Block], new: Sequence[Block]) -> Alignment:
    """Put neighbours together between which words crossed a bound while something else was edited.

    ``모두 42곳을 다시``, ``살핀다.`` became ``모두 32곳을``, ``다시 살핀다.``: lines of a file that were filled anew. A
    match of several old and several new paragraphs comes of it.
    """
    joined: list[Match] = []
    for one in found.matches:
        last = joined[-1] if joined else None
        if last is not None and _cross(last, one, old, new):
            joined[-1] = Match((*last.old, *one.old), (*last.new, *one.new))
        else:
            joined.append(one)
    gone, come = (set(left) for left in found.unmatched(len(old), len(new)))
    return Alignment(found.kept, [_with_rest(one, gone, come, old, new) for one in joined])


def _with_rest(
    match: Match, gone: Collection[int], come: Collection[int], old: Sequence[Block], new: Sequence[Block]
) -> Match:
    """Add the line below that holds no more than what the last one could not any more: ``된다.``."""
    i, j = match.old[-1] + 1, match.new[-1] + 1
    if match.moved or (i in gone) == (j in come):
        return match
    rest, whole, part = (old[i], new[j - 1], old[i - 1]) if i in gone else (new[j], old[i - 1], new[j - 1])
    if any(block.kind != "paragraph" for block in (rest, whole, part)):
        return match
    words, whole_letters, part_letters = (_letters(block.text) for block in (rest, whole, part))
    if not _LETTER.search(words) or not whole_letters.endswith(words) or part_letters.endswith(words):
        return match
    return Match((*match.old, i), match.new) if i in gone else Match(match.old, (*match.new, j))


def _letters(text: str) -> str:
    """Give a text without white space and figures: what crossed may be what was edited, 18명으로 for 19명으로."""
    return squeezed(without_figures(text))


def _cross(above: Match, below: Match, old: Sequence[Block], new: Sequence[Block]) -> bool:
    """Tell whether words at the end of the upper paragraph stand at the beginning of the lower on the other side."""
    bounds = ((old, above.old[-1], below.old[0]), (new, above.new[-1], below.new[0]))
    if above.moved or below.moved or any(start != end + 1 for _, end, start in bounds):
        return False
    blocks = [side[k] for side, *at in bounds for k in at]
    if any(block.kind != "paragraph" for block in blocks):
        return False
    old_end, old_start, new_end, new_start = (block.text for block in blocks)
    return _went_down(old_end, old_start, new_end, new_start) or _went_down(new_end, new_start, old_end, old_start)


def _went_down(end: str, start: str, other_end: str, other_start: str) -> bool:
    start, other_end, other_start = map(_letters, (start, other_end, other_start))
    words = ""
    for word in reversed(plain(end).split()):
        words = without_figures(word) + words
        if len(words) > min(len(other_start), LINE):
            return False
        if _LETTER.search(words) and other_start.startswith(words):
            return not other_end.endswith(words) and not start.startswith(words)
    return False
