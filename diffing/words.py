"""The words inside an edited paragraph: what stayed, what went, what came.

어절 by 어절 first (the fewest words marked), then letter by letter inside a changed 어절, figures always whole. Where
two texts share so little that the marks would be confetti, the old stands struck out whole and the new beside it.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from itertools import pairwise

from diffing.anchors import anchored
from diffing.endings import composed_stem
from diffing.forms import shared, squeezed
from diffing.marks import Word, joined, replaced
from diffing.spaces import respaced, respaced_end
from diffing.subsequence import LARGEST_TABLE, common

_WORD = re.compile(r"\S+")
_PIECE = re.compile(
    r"\d+(?:[,.]\d+)*"  # 5,000 and 3.5 whole: half a figure means nothing
    r"|[A-Za-z]+"  # MOU
    r"|\s+"
    r"|.",
    re.DOTALL,
)
_WRITTEN = re.compile("[가-힣]+")
"""``한다``: Hangul alone."""
_CELL = re.compile(r"([\t\n])")
"""What parts the cells and the rows of a table."""
_SENTENCE_END = re.compile(r"[.!?][\"”’')\]]*$")
"""``밝혔다.``, ``갔나?”``"""

SHARED_ENOUGH = 0.3
"""Least share of letters two stretches must have in common to be shown interleaved."""

LONE_ISLAND = 0.12
"""The same where a single 어절, or two on end, stand alone among words that all changed."""

SENTENCE = 4
"""어절 on both sides from which a text that shares next to nothing is shown as one replaced by another."""

LONGEST_WORD = 30
"""Letters beyond which what two 어절 end with is text without spaces, and no part of a word."""

SHARED_IN_WORD = 0.45
"""The same for two 어절, figures counted as one letter: 정부는 and 정부가 are, 강화한다 and 늘린다 are not."""


def diff(old: str, new: str) -> tuple[Word, ...]:
    """Mark the words that differ.

    Args:
        old: the old text, any white space included.
        new: the new text. Two tables of one shape are compared cell by cell.

    Returns:
        (tag, text) in reading order, a deletion before the insertion in its place. Joining ``keep`` and ``delete``
        gives ``old`` exactly, ``keep`` and ``insert`` gives ``new`` exactly. Marked are the 어절 outside a longest
        common subsequence; where the texts share too little to be read so, more are marked, up to both texts whole.
    """
    if old == new:
        return (("keep", old),) if old else ()
    if not old or not new:
        return (("delete", old),) if old else (("insert", new),)
    if "\t" in old and "\t" in new and _same_shape(old, new):
        return tuple(joined(piece for one, other in _cells(old, new) for piece in diff(one, other)))
    if (ends := _equal_ends(old, new)) is not None:
        head, start, other = ends
        marked = _marked(old[head:start], new[head:other])
        return tuple(joined([("keep", old[:head]), *marked, ("keep", old[start:])]))
    marked = _marked(old, new)
    if min(len(old.split()), len(new.split())) >= SENTENCE and _only_strays(marked, old, new):
        return (("delete", old), ("insert", new))
    return tuple(joined(marked))


def _equal_ends(old: str, new: str) -> tuple[int, int, int] | None:
    """Find the 어절 with which both texts begin and end, so that only what lies between need be compared.

    Returns:
        Where the common beginning ends (in both texts), and where the common end starts in ``old`` and in ``new``. None
        where this short cut could give other marks than a comparison of all words: the common 어절 make up less than
        half of the shorter text, fewer than three of them stand on a side, or one next to the edit could be paired
        otherwise.
    """
    shortest = min(len(old), len(new))
    at = shared(old, new, shortest)
    while at and not old[at - 1].isspace():
        at -= 1
    head = len(old[:at].rstrip())
    start = len(old) - shared(old[::-1], new[::-1], shortest - head)
    while start < len(old) and not old[start].isspace():
        start += 1
    tail = old[start:].lstrip()
    start = len(old) - len(tail)
    if 2 * (head + len(tail)) < shortest:
        return None
    before, after = old[:head].rsplit(None, 3), tail.split(None, 3)
    if 0 < len(before) < 3 or 0 < len(after) < 3:
        return None
    gone, come = old[head:start].split(), new[head : len(new) - len(tail)].split()
    if gone and come:
        clear = gone[0] != come[0] and gone[-1] != come[-1]
    else:
        # 가 나 나: which 나 came, and does a sentence begin with it
        run = gone or come
        clear = not run or (before[-1:] != run[-1:] and after[:1] != run[:1])
    return (head, start, len(new) - len(tail)) if clear else None


def _marked(old: str, new: str) -> list[Word]:
    """Mark what differs 어절 by 어절, then within those that differ; pieces may be empty and neighbours alike."""
    old_words, new_words = list(_WORD.finditer(old)), list(_WORD.finditer(new))
    kept = _kept([one.group() for one in old_words], [one.group() for one in new_words])
    marked: list[Word] = []
    at_old = at_new = 0
    for i, j in _worth_keeping(kept, old_words, new_words):
        marked += _refine(old[at_old : old_words[i].start()], new[at_new : new_words[j].start()])
        marked.append(("keep", old_words[i].group()))
        at_old, at_new = old_words[i].end(), new_words[j].end()
    return marked + _refine(old[at_old:], new[at_new:])


def _only_strays(marked: Iterable[Word], old: str, new: str) -> bool:
    """Tell whether what two texts have in common is a figure's unit, an ending or a verb that many sentences have."""
    kept = sum(len(squeezed(text)) for tag, text in marked if tag == "keep")
    return kept < LONE_ISLAND * min(len(squeezed(old)), len(squeezed(new)))


def _same_shape(old: str, new: str) -> bool:
    """Tell whether two tables have the same cells in the same rows, no row having changed its place."""
    ours, theirs = old.split("\n"), new.split("\n")
    if [row.count("\t") for row in ours] != [row.count("\t") for row in theirs]:
        return False
    changed = [(one, other) for one, other in zip(ours, theirs, strict=True) if one != other]
    return {one for one, _ in changed}.isdisjoint(other for _, other in changed)


def _cells(old: str, new: str) -> Iterable[tuple[str, str]]:
    """Pair the cells of two tables of one shape, and what stands between them."""
    return zip(_CELL.split(old), _CELL.split(new), strict=True)


def _kept(old: list[str], new: list[str]) -> list[tuple[int, int]]:
    """Pair equal 어절 along a longest common subsequence; a lone insertion begins where a sentence does."""
    head, tail = _ends(old, new)
    old_middle, new_middle = old[head : len(old) - tail], new[head : len(new) - tail]
    if not old_middle or not new_middle:
        shift = _slide(new if new_middle else old, head, len(new_middle) or len(old_middle))
        head, tail = head - shift, tail + shift
        middle: list[tuple[int, int]] = []
    elif len(old_middle) * len(new_middle) > LARGEST_TABLE:  # too long for a subsequence: paired by anchors
        pairs, _, _ = anchored(old_middle, new_middle)
        middle = [(head + i, head + j) for i, j in sorted(pairs)]
    else:
        middle = [(head + i, head + j) for i, j in common(old_middle, new_middle)]
    ends = [(len(old) - tail + k, len(new) - tail + k) for k in range(tail)]
    return [(k, k) for k in range(head)] + middle + ends


def _slide(words: list[str], start: int, length: int) -> int:
    """Count by how many 어절 an inserted run can slide left so that it starts a sentence; 0 when it cannot."""
    for shift in range(min(start, length) + 1):
        if start - shift == 0 or _SENTENCE_END.search(words[start - shift - 1]):
            return shift
        if words[start - shift - 1] != words[start + length - shift - 1]:
            break
    return 0


def _worth_keeping(
    kept: list[tuple[int, int]], old_words: list[re.Match[str]], new_words: list[re.Match[str]]
) -> list[tuple[int, int]]:
    """Leave out kept 어절 that stand alone in a stretch that otherwise shares too little to be read.

    Three kept 어절 on end part one stretch from the next.
    """
    end = (len(old_words), len(new_words))
    worth: list[tuple[int, int]] = []
    stretch: list[list[tuple[int, int]]] = []
    before = (-1, -1)
    for run in [*_runs(kept), [end]]:
        if len(run) < 3 and run[0] != end:
            stretch.append(run)
            continue
        if stretch:
            old_size = _letters(old_words, before[0] + 1, run[0][0])
            new_size = _letters(new_words, before[1] + 1, run[0][1])
            shared = sum(_letters(old_words, one[0][0], one[-1][0] + 1) for one in stretch)
            # one island is readable unless it is lost in a rewriting; several tiny ones are confetti
            least = LONE_ISLAND if len(stretch) < 2 else SHARED_ENOUGH
            if shared >= least * min(old_size, new_size):
                worth += [pair for one in stretch for pair in one]
            stretch = []
        worth += run
        before = run[-1]
    return worth[:-1]


def _runs(pairs: list[tuple[int, int]]) -> list[list[tuple[int, int]]]:
    runs = [[one] for one in pairs[:1]]
    for (i, j), pair in pairwise(pairs):
        if pair == (i + 1, j + 1):
            runs[-1].append(pair)
        else:
            runs.append([pair])
    return runs


def _letters(words: list[re.Match[str]], start: int, end: int) -> int:
    return sum(one.end() - one.start() for one in words[start:end])


def _refine(old: str, new: str) -> list[Word]:
    """Mark what differs between two stretches that have no 어절 in common."""
    if old == new:
        return [("keep", old)] if old else []
    if not old or not new:
        return replaced(old, new)
    if squeezed(old) == squeezed(new):
        return respaced(old, new)
    old_words, new_words = _WORD.findall(old), _WORD.findall(new)
    old_spaces, new_spaces = _WORD.split(old), _WORD.split(new)
    if len(old_words) != len(new_words) and (ends := respaced_end(old, new)) is not None:
        return _refine(old[: ends[0]], new[: ends[1]]) + respaced(old[ends[0] :], new[ends[1] :])
    if len(old_words) == len(new_words):
        refined = [_trimmed(one, other, SHARED_IN_WORD) for one, other in zip(old_words, new_words, strict=True)]
        akin = [any(tag == "keep" and text for tag, text in pieces) for pieces in refined]
        if any(akin) and sum(akin) >= LONE_ISLAND * len(akin):
            marked = _refine(old_spaces[0], new_spaces[0])
            for k, pieces in enumerate(refined):
                # a space between two words that are both replaced whole goes with them
                between = replaced if k + 1 < len(akin) and not akin[k] and not akin[k + 1] else _refine
                marked += pieces + between(old_spaces[k + 1], new_spaces[k + 1])
            return marked
    return _trimmed(old, new, SHARED_ENOUGH)


def _trimmed(old: str, new: str, at_least: float) -> list[Word]:
    """Keep the pieces both sides begin and end with; white space at the ends is always kept."""
    if old[0] != new[0] and old[-1] != new[-1]:
        return [("keep", ""), *replaced(old, new), ("keep", "")]
    old_pieces, new_pieces = _PIECE.findall(old), _PIECE.findall(new)
    head, tail = _ends(old_pieces, new_pieces)
    shared = sum(not piece.isspace() for piece in old_pieces[:head] + old_pieces[len(old_pieces) - tail :])
    if shared < at_least * min(len(_PIECE.findall(squeezed(text))) for text in (old, new)):
        head = int(old_pieces[0].isspace() and old_pieces[0] == new_pieces[0])
        tail = int(min(len(old_pieces), len(new_pieces)) > head and old_pieces[-1].isspace())
        tail = tail if old_pieces[-1] == new_pieces[-1] else 0
    tail -= _cut_short(old_pieces, new_pieces, tail)
    kept_head = "".join(old_pieces[:head])
    kept_tail = "".join(old_pieces[len(old_pieces) - tail :])
    old_middle = "".join(old_pieces[head : len(old_pieces) - tail])
    new_middle = "".join(new_pieces[head : len(new_pieces) - tail])
    return [("keep", kept_head), *replaced(old_middle, new_middle), ("keep", kept_tail)]


def _cut_short(old: list[str], new: list[str], tail: int) -> int:
    """Count the letters of a kept end that are no 조사 or ending: of 찰이 in 검찰이 and 경찰이 one."""
    kept = _WRITTEN.match("".join(old[len(old) - tail :])) if tail else None
    before = [side[: len(side) - tail] for side in (old, new)]
    if (
        kept is None
        or len(kept.group()) > LONGEST_WORD
        or not all(side and _WRITTEN.fullmatch(side[-1]) for side in before)
    ):
        return 0
    endings = {_ending("".join(side).split()[-1] + kept.group()) for side in before}
    ending = endings.pop()
    return len(kept.group()) - (len(ending) if not endings and kept.group().endswith(ending) else 0)


def _ending(word: str) -> str:
    """Give the 조사 or ending of a word; none where it has grown together with the stem, as in 늘린다."""
    bare = composed_stem(word)
    return word.removeprefix(bare) if word.startswith(bare) else ""


def _ends(old: list[str], new: list[str]) -> tuple[int, int]:
    """Count the pieces with which both sides begin, and those with which both end."""
    head = 0
    while head < min(len(old), len(new)) and old[head] == new[head]:
        head += 1
    tail = 0
    while tail < min(len(old), len(new)) - head and old[-1 - tail] == new[-1 - tail]:
        tail += 1
    return head, tail
