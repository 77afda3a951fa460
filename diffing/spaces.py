"""What differs between two texts in white space alone, marked."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from itertools import accumulate, pairwise

from diffing.forms import squeezed
from diffing.marks import Word, replaced

_WORD = re.compile(r"\S+")
_WIDE = re.compile(" {2,}")


def respaced(old: str, new: str) -> list[Word]:
    """Mark spaces only: both sides have the same letters in the same order."""
    marked: list[Word] = []
    at_old = at_new = 0
    while at_old < len(old) or at_new < len(new):
        old_space, new_space = _leading_space(old, at_old), _leading_space(new, at_new)
        marked += replaced(old_space, new_space) if old_space != new_space else [("keep", old_space)]
        at_old, at_new = at_old + len(old_space), at_new + len(new_space)
        if at_old < len(old):
            marked.append(("keep", old[at_old]))
            at_old, at_new = at_old + 1, at_new + 1
    return marked


def _leading_space(text: str, start: int) -> str:
    end = start
    while end < len(text) and text[end].isspace():
        end += 1
    return text[start:end]


def respaced_end(old: str, new: str) -> tuple[int, int] | None:
    """Find where the same letters begin, in other 어절, with which two texts end.

    Returns:
        Their start in ``old`` and in ``new``, 4 in both of ``15일 산업재해`` and ``16일 산업 재해``; None
        where there are none, or the 어절 are the same.
    """
    ours, theirs = _starts(old), _starts(new)
    one, other = squeezed(old), squeezed(new)
    found, before = None, 0
    for size in sorted(ours.keys() & theirs.keys()):
        if one[-size : len(one) - before] != other[-size : len(other) - before]:
            break
        found, before = (ours[size], theirs[size]), size
    return found if found and old[found[0] :].split() != new[found[1] :].split() else None


def respaced_words(old: Sequence[str], new: Sequence[str]) -> tuple[int, int] | None:
    """Count the first words of both sides that have the same letters and are more words on one side; None without."""
    ours, theirs = list(accumulate(old)), list(accumulate(new))
    both = [(i, theirs.index(letters) + 1) for i, letters in enumerate(ours, start=1) if letters in theirs]
    return next((pair for pair in both[::-1] if pair[0] != pair[1]), None)


def narrowed(old: str, new: str) -> tuple[str, str, set[str]]:
    """Write one space where there are several, and name it where a word has more of them beside it on one side."""
    if "  " not in old and "  " not in new:
        return old, new, set()
    ours, theirs = _beside(old), _beside(new)
    wider = any(ours[word] != theirs[word] for word in ours.keys() & theirs.keys())
    return _WIDE.sub(" ", old), _WIDE.sub(" ", new), {"spacing"} if wider else set()


def _beside(text: str) -> dict[tuple[str, str], int]:
    """Count the spaces before and behind each 어절 that stands once."""
    words = list(_WORD.finditer(text))
    often = Counter(one.group() for one in words)
    found: dict[tuple[str, str], int] = {}
    for one, other in pairwise(words):
        size = other.start() - one.end()
        found |= {("behind", one.group()): size, ("before", other.group()): size}
    return {key: size for key, size in found.items() if often[key[1]] == 1}


def _starts(text: str) -> dict[int, int]:
    """Give where each 어절 starts, by how many letters there are from there on."""
    found: dict[int, int] = {}
    left = len(squeezed(text))
    for hit in _WORD.finditer(text):
        found[left] = hit.start()
        left -= len(hit.group())
    return found
