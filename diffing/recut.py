"""Paragraphs cut at other places: the same letters in the same order, the bounds between them moved."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import NamedTuple

from diffing.forms import plain, squeezed


class Recut(NamedTuple):
    """Indices of the paragraphs, ``old`` and ``new``, that are parts of a text whose bounds moved."""

    old: frozenset[int]
    new: frozenset[int]


def recut(kept: Sequence[tuple[int, int]], old: Sequence[str], new: Sequence[str]) -> Recut:
    """Find paragraphs between which words only crossed a paragraph's end: ``A B``, ``C`` became ``A``, ``B C``.

    Args:
        kept: the paragraphs that are equal and in place, in order.
        old: the old paragraphs.
        new: the new paragraphs.

    Returns:
        The paragraphs of every shortest run, of two or more on each side, that holds the same letters on both sides.
    """
    ours: set[int] = set()
    theirs: set[int] = set()
    at = (0, 0)
    for i, j in [*kept, (len(old), len(new))]:
        gap = range(at[0], i), range(at[1], j)
        if min(map(len, gap)) > 1:
            texts = [squeezed(plain(old[k])) for k in gap[0]], [squeezed(plain(new[k])) for k in gap[1]]
            for first, last, begin, end in _runs(*texts):
                ours.update(gap[0][first:last])
                theirs.update(gap[1][begin:end])
        at = (i + 1, j + 1)
    return Recut(frozenset(ours), frozenset(theirs))


def _runs(old: Sequence[str], new: Sequence[str]) -> Iterator[tuple[int, int, int, int]]:
    """Yield start and end on both sides of runs that say the same, from the front on, then from behind."""
    front = list(_from_the_front(old, new))
    at_old, at_new = (front[-1][1], front[-1][3]) if front else (0, 0)
    behind = _from_the_front(
        [text[::-1] for text in reversed(old[at_old:])], [text[::-1] for text in reversed(new[at_new:])]
    )
    turned = [
        (len(old) - last, len(old) - first, len(new) - end, len(new) - begin) for first, last, begin, end in behind
    ]
    yield from (run for run in (*front, *turned) if min(run[1] - run[0], run[3] - run[2]) > 1)


def _from_the_front(old: Sequence[str], new: Sequence[str]) -> Iterator[tuple[int, int, int, int]]:
    first = begin = i = j = 0
    ours = theirs = ""
    while i < len(old) or j < len(new):
        shorter = len(ours) <= len(theirs)
        if shorter and i < len(old):
            ours, i = ours + old[i], i + 1
        elif not shorter and j < len(new):
            theirs, j = theirs + new[j], j + 1
        else:
            return
        size = min(len(ours), len(theirs))
        if ours[:size] != theirs[:size]:
            return
        # what is the same on both sides is done with
        ours, theirs = ours[size:], theirs[size:]
        if not ours and not theirs and j > begin:
            yield first, i, begin, j
            first, begin = i, j
