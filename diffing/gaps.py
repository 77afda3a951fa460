"""Between two anchors: which edited paragraph is which, what was split, what was merged."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Sequence
from typing import NamedTuple

from rapidfuzz.fuzz import ratio

from diffing.anchors import Gap
from diffing.chain import Pair, heaviest_chain
from diffing.forms import plain, shared, squeezed
from diffing.likeness import Features, alike, contained, features, likely_pairs, without_figures

ALIKE = 0.34
"""Least likeness of an edited paragraph to its old self, among others in the same gap."""

ALIKE_ALONE = 0.2
"""The same where one paragraph stands for one between two anchors or two pairs: its place speaks for it."""

SURE = 0.8
"""Likeness from which the 어절 that both have are counted too."""

HAIR = 0.01
"""What sharing all 어절 adds to a likeness: less than any difference in letters, which comes first."""

BEGINNING = 8
"""Letters by which the first part of a split paragraph is looked up."""

PART_OF = 0.7
"""Share of a paragraph's letter pairs that must come from the paragraph it was split from."""


SHORT = 80
"""Letters up to which a line is no more than what it says before its colon."""

_HEAD = re.compile(r"\W*(?P<head>[가-힣](?:\s?[가-힣]){1,7})\s?[:：)\]]")
"""The 장소 of ``- ○ 장소: 국회`` and of ``(장소) 국회``."""

_BETWEEN = re.compile(r"(?<=[^\d][.!?])\s+")
"""What parts two sentences."""
_NO_LETTER = re.compile(r"[\W_]+")


ALIKE_THE_REST = 0.45
"""Least likeness of such a part that was edited to what the others leave of the paragraph it was split from."""


NEARLY = 0.7
"""Share of letters that such a part has of what the others leave of it letter for letter."""


ADDS = 0.03
"""Least likeness that such a part adds to that of the others, unless it is there letter for letter."""


class Match(NamedTuple):
    """Old paragraphs (indices, ascending) that became new ones: one to one, one to several or several to one."""

    old: tuple[int, ...]
    new: tuple[int, ...]
    moved: bool = False


class Filled(NamedTuple):
    """The matches of a gap, and every pair (old, new, likeness) that was alike enough to be one."""

    matches: list[Match]
    likely: list[Pair]


def fill(gap: Gap, old: Sequence[str], new: Sequence[str]) -> Filled:
    """Pair edited paragraphs between two anchors, then widen the pairs that were split or merged."""
    if not gap.old or not gap.new:
        return Filled([], [])
    if len(gap.old) == len(gap.new) == 1 and same_ends(old[gap.old[0]], new[gap.new[0]]):
        return Filled([Match((gap.old[0],), (gap.new[0],))], [])
    exact = _exact_parts(gap, old, new)
    taken_old, taken_new = {i for one in exact for i in one.old}, {j for one in exact for j in one.new}
    old_left = [i for i in gap.old if i not in taken_old]
    new_left = [j for j in gap.new if j not in taken_new]
    old_features = {i: features(old[i]) for i in old_left}
    new_features = {j: features(new[j]) for j in new_left}
    alone = len(gap.old) == len(gap.new) == 1
    sides = [old_features[i] for i in old_left], [new_features[j] for j in new_left]
    likely = [
        (old_left[i], new_left[j], likeness) for i, j, likeness in likely_pairs(*sides, ALIKE_ALONE if alone else ALIKE)
    ]
    likely += _filled_in(old_left, new_left, old, new, {(i, j) for i, j, _ in likely})
    fixed = [(one.old[0], one.new[0], 10.0) for one in exact]
    chain = heaviest_chain([*fixed, *_by_words(likely, old, new)])
    held = {one.new[0]: one for one in exact}
    if alone and not chain and squeezed(plain(old[gap.old[0]])) == squeezed(plain(new[gap.new[0]])):
        chain = [(gap.old[0], gap.new[0])]
    chain = sorted([*chain, *_alone_between(chain, old_features, new_features)])
    plain_pairs = [pair for pair in chain if pair[1] not in held]
    in_place = [held[j] for _, j in chain if j in held]
    return Filled(in_place + _widened(plain_pairs, old_features, new_features, old, new), likely)


def _filled_in(
    ours: Sequence[int],
    theirs: Sequence[int],
    old: Sequence[str],
    new: Sequence[str],
    known: Collection[tuple[int, int]],
) -> Iterable[Pair]:
    """Yield the short lines that say the same before what they fill in: ``○ 장소: 국회`` and ``○ 장소: 부산항``."""
    heads = [_heads(at, side) for at, side in ((ours, old), (theirs, new))]
    for head, i in heads[0].items():
        j = heads[1].get(head, -1)
        if min(i, j) >= 0 and (i, j) not in known:
            yield i, j, ALIKE


def _heads(at: Iterable[int], texts: Sequence[str]) -> dict[str, int]:
    """Give each line by what stands before its colon or in its first brackets; -1 where several say the same."""
    heads: dict[str, int] = {}
    for k in at:
        if len(texts[k]) <= SHORT and (hit := _HEAD.match(texts[k])):
            head = squeezed(hit["head"])
            heads[head] = -1 if head in heads else k
    return heads


def _by_words(likely: Sequence[Pair], old: Sequence[str], new: Sequence[str]) -> Iterable[Pair]:
    """Have the 어절 that two paragraphs share decide between pairs that are as likely: rows that differ in figures."""
    ours, theirs = ({k: set(side[k].split()) for k in at} for side, at in (
        (old, {i for i, _, _ in likely}), (new, {j for _, j, _ in likely}),
    ))  # fmt: skip
    for i, j, likeness in likely:
        shared_words = len(ours[i] & theirs[j]) if likeness >= SURE else 0
        yield i, j, likeness + HAIR * shared_words / (len(ours[i]) + len(theirs[j]))


def _alone_between(
    chain: list[tuple[int, int]], old_features: dict[int, Features], new_features: dict[int, Features]
) -> Iterable[tuple[int, int]]:
    """Yield the pairs of one old and one new paragraph that alone are left between two that were paired."""
    if not chain:
        return
    ends = max([*old_features, chain[-1][0]]) + 1, max([*new_features, chain[-1][1]]) + 1
    at = min([*old_features, chain[0][0]]), min([*new_features, chain[0][1]])
    for i, j in [*chain, ends]:
        between = [k for k in range(at[0], i) if k in old_features], [k for k in range(at[1], j) if k in new_features]
        if len(between[0]) == len(between[1]) == 1:
            one, other = between[0][0], between[1][0]
            if alike(old_features[one], new_features[other]) >= ALIKE_ALONE:
                yield one, other
        at = i + 1, j + 1


def same_ends(old: str, new: str) -> bool:
    """Tell whether what both begin and end with is half of the shorter: an edit in one place, seen at a glance."""
    shortest = min(len(old), len(new))
    half, quarter = (shortest + 1) // 2, (shortest + 3) // 4
    if shortest > 20 and (
        old[:half] == new[:half]
        or old[-half:] == new[-half:]
        or (old[:quarter] == new[:quarter] and old[-quarter:] == new[-quarter:])
    ):
        return True
    head = shared(old, new, shortest)
    tail = shared(old[::-1], new[::-1], shortest - head)
    return 2 * (head + tail) >= shortest > 20


def _exact_parts(gap: Gap, old: Sequence[str], new: Sequence[str]) -> list[Match]:
    """Find paragraphs cut in several or put together, the same letters in the same order, whatever the figures."""
    if len(gap.old) == len(gap.new) == 1:
        return []
    old_texts = {i: squeezed(without_figures(old[i])) for i in gap.old}
    new_texts = {j: squeezed(without_figures(new[j])) for j in gap.new}
    old_starts, new_starts = _by_beginning(old_texts), _by_beginning(new_texts)
    splits = [Match((i,), parts) for i in gap.old for parts in _parts_of(old_texts[i], new_texts, new_starts)]
    merges = [Match(parts, (j,)) for j in gap.new for parts in _parts_of(new_texts[j], old_texts, old_starts)]
    chosen: list[Match] = []
    used_old: set[int] = set()
    used_new: set[int] = set()
    for one in splits + merges:
        if used_old.isdisjoint(one.old) and used_new.isdisjoint(one.new):
            chosen.append(one)
            used_old.update(one.old)
            used_new.update(one.new)
    return chosen


Starts = dict[str, dict[int, dict[str, list[int]]]]
"""By their first letters and their length the texts that begin so, each with its places: rows that differ in figures
alone are one.
"""


def _by_beginning(texts: dict[int, str]) -> Starts:
    """Index texts by their beginning, so that a long rewriting is not held against itself text by text."""
    starts: Starts = {}
    for k, text in texts.items():
        starts.setdefault(text[:BEGINNING], {}).setdefault(len(text), {}).setdefault(text, []).append(k)
    return starts


def _parts_of(whole: str, texts: dict[int, str], starts: Starts) -> Iterable[tuple[int, ...]]:
    """Yield the runs of two or more neighbouring texts that together are ``whole``, by their first text."""
    begun = [starts.get(whole[:size], {}) for size in range(1, min(BEGINNING, len(whole)) + 1)]
    # of each length one text at most is its beginning, however many share their first letters
    places = [those.get(whole[:size], []) for some in begun for size, those in some.items() if size < len(whole)]
    for start in sorted(k for at in places for k in at):
        so_far, end = texts[start], start
        while len(so_far) < len(whole) and end + 1 in texts and whole.startswith(so_far + texts[end + 1]):
            end += 1
            so_far += texts[end]
        if so_far == whole and end > start:
            yield tuple(range(start, end + 1))


def _widened(
    chain: list[tuple[int, int]],
    old_features: dict[int, Features],
    new_features: dict[int, Features],
    old: Sequence[str],
    new: Sequence[str],
) -> list[Match]:
    """Add to each pair the free neighbours that are part of its other side, for splits and merges with edits."""
    free_old = set(old_features) - {i for i, _ in chain}
    free_new = set(new_features) - {j for _, j in chain}
    matches = []
    for i, j in chain:
        parts_new = _neighbours(j, old[i], new_features, free_new, new)
        parts_old = (i,) if len(parts_new) > 1 else _neighbours(i, new[j], old_features, free_old, old)
        free_new.difference_update(parts_new)
        free_old.difference_update(parts_old)
        matches.append(Match(parts_old, parts_new))
    return matches


def _neighbours(
    start: int, text: str, parts: dict[int, Features], free: set[int], texts: Sequence[str]
) -> tuple[int, ...]:
    first = last = start
    whole, together = features(text), parts[start]
    for step in (1, -1):
        at = start + step
        while at in free:
            like_it = contained(parts[at], whole) >= PART_OF or alike(parts[at], whole - together) >= ALIKE_THE_REST
            adds = like_it and alike(whole, together | parts[at]) - alike(whole, together) >= ADDS
            so_far = texts[first : last + 1]
            if not (adds or _is_rest(texts[at], so_far, text, step) or _laps(texts[at], text, step)):
                break
            # 지원 절차, which is short, is part of what begins with it
            if len(parts[at]) < 3 and not _is_end(texts[at], text):
                break
            together |= parts[at]
            first, last = min(first, at), max(last, at)
            at += step
    return tuple(range(first, last + 1))


def _is_rest(part: str, others: Sequence[str], whole: str, step: int) -> bool:
    """Tell whether a text is nearly all that others leave of one that ends or begins with them letter for letter.

    Of ``○ 대상: 중소기업. 한도는 5천만 원이다.`` the second sentence leaves what ``○ 대상: 중견기업.`` is nearly.
    """
    letters, so_far = squeezed(plain(whole)), squeezed(plain("".join(others)))
    if step > 0:
        return letters.startswith(so_far) and _nearly(letters[len(so_far) :], part)
    return letters.endswith(so_far) and _nearly(letters[: -len(so_far)], part)


def _nearly(rest: str, part: str) -> bool:
    return ratio(rest, squeezed(plain(part)), score_cutoff=100 * NEARLY) > 0


def _laps(part: str, whole: str, step: int) -> bool:
    """Tell whether a text ends with the first sentence of the part behind it, or begins with the last of that before.

    The rest of the part was cut: of ``A.`` and ``B. C.`` was made ``A. B.``
    """
    sentences = _BETWEEN.split(plain(part).strip())
    lap = squeezed(sentences[0 if step > 0 else -1])
    if len(sentences) < 2 or len(lap) < BEGINNING:
        return False
    letters = squeezed(plain(whole))
    return letters.endswith(lap) if step > 0 else letters.startswith(lap)


def _is_end(part: str, whole: str) -> bool:
    """Tell whether a text begins or ends with the letters of another, marks left out."""
    letters, those = (_NO_LETTER.sub("", plain(text)) for text in (part, whole))
    return bool(letters) and (those.startswith(letters) or those.endswith(letters))
