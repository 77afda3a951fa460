"""What changed between two sequences of blocks, the body of an article or the text of a file, named and weighed."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from functools import cache

from diffing import align, counterparts, lines_above, passages, stated_units, tables, words
from diffing.finding import Finding
from diffing.forms import plain, squeezed
from diffing.gaps import Match
from diffing.lines_above import Above
from diffing.ordinals import renumbered, restyled
from diffing.recut import recut
from diffing.refilled import refilled
from diffing.tally import Tally
from storage.records import Block, Op


def compare_blocks(
    tally: Tally, old: Sequence[Block], new: Sequence[Block], where: str, beside: tuple[str, str] = ("", "")
) -> tuple[Op, ...]:
    """Align blocks, name what differs, and give the steps, none when nothing differs.

    Args:
        tally: What the comparison has come to so far; labels, facts and weight are added to it.
        old: The blocks last seen.
        new: The blocks first seen after them.
        where: The label of the place they stand in, ``body`` or ``attachment``.
        beside: What either side says above its blocks: what went there, or came from there, is still said.
    """
    if old == new:
        return ()
    old_texts, new_texts = [block.text for block in old], [block.text for block in new]
    found = align.aligned(old_texts, new_texts)
    recast = [Match((i,), (j,)) for i, j in found.kept if old[i].kind != new[j].kind]
    cut = recut(found.kept, old_texts, new_texts)
    tally.gone, tally.come = [], []
    tally.whole = cache(lambda: (squeezed(plain("\n".join(old_texts))), squeezed(plain("\n".join(new_texts)))))
    filled = refilled(found, old, new)
    gone, come = filled.unmatched(len(old), len(new))
    shifted = bool(gone or come) or any(one.moved or len(one.old) != len(one.new) for one in found.matches)
    above = lines_above.found(filled.matches, old, new)
    _tally_spacing(tally, [old_texts[i] for i in sorted(cut.old)], [new_texts[j] for j in sorted(cut.new)], where)
    for match in sorted([*filled.matches, *recast], key=lambda one: one.new):
        if cut.old.issuperset(match.old) and not match.moved:
            _tally_recut(tally, match, where)
        else:
            _tally_match(tally, match, old, new, where, above, shifted=shifted)
    for label, lone, others, settled in (
        ("paragraph-removed", [(i, old[i]) for i in gone if i not in cut.old], [beside[1], *new_texts], above.old),
        ("paragraph-added", [(j, new[j]) for j in come if j not in cut.new], [beside[0], *old_texts], above.new),
    ):
        other_side = squeezed(plain("\n".join(others))) if lone else ""
        for at, block in lone:
            _tally_lone(tally, label, block, other_side, where, settled=at in settled)
            (tally.gone if label == "paragraph-removed" else tally.come).append(block.text)
    sides = ((old, gone), (new, come))
    if where == "body" and all(any(side[k].kind == "caption" for k in lone) for side, lone in sides):
        # one caption for another: caption alone does not say that the words are others
        tally.labels.add("wording")
    for one, other in counterparts.paired(tally.gone, tally.come):
        tally.add(where, passages.compare(one, other))
    steps = align.ops(old_texts, new_texts, found)
    return tuple(_with_kinds(steps, old, new))


def _tally_recut(tally: Tally, match: Match, where: str) -> None:
    """Name paragraphs between which words only crossed the bounds: one was split, its rest merged with the next."""
    tally.note(where, "cosmetic")
    _note_bounds(tally, match)


def _note_bounds(tally: Tally, match: Match) -> None:
    """Name what became of the bounds; where several stand for several, one was split and its rest merged."""
    for label, here, there in (
        ("paragraph-split", match.old, match.new), ("paragraph-merged", match.new, match.old),
    ):  # fmt: skip
        if len(here) <= len(there) or len(there) > 1:
            tally.note(label, "cosmetic")


def _tally_match(  # noqa: PLR0913  # a pair, where it stands and among what
    tally: Tally, match: Match, old: Sequence[Block], new: Sequence[Block], where: str, above: Above, *, shifted: bool
) -> None:
    """Name what differs between paragraphs that are one; ``shifted``: others came, went or moved."""
    ours, theirs = [old[i] for i in match.old], [new[j] for j in match.new]
    captions = [block.kind == "caption" for block in (*ours, *theirs)]
    if where == "body" and all(captions):
        where = "caption"
    elif where == "body" and any(captions):
        tally.note("caption", "cosmetic")
    if match.moved:
        tally.note(where, "wording")
        tally.note("paragraph-moved", "wording")
    if max(len(ours), len(theirs)) > 1:
        tally.note(where, "cosmetic")
        _note_bounds(tally, match)
    elif ours[0].kind != theirs[0].kind:
        tally.note(where, "cosmetic")
    # the line with its units may have come into a table
    tabular = all(any(block.kind == "table" for block in side) for side in (ours, theirs))
    between = "\n" if tabular else " "
    one, other = between.join(block.text for block in ours), between.join(block.text for block in theirs)
    one, other = _without_settled(tally, match, above, one, other)
    if shifted and (rest := renumbered(one, other)) is not None:
        tally.note(where, "cosmetic")
        tally.note("number", "substance")
        one, other = rest
    elif (rest := restyled(one, other)) is not None:
        tally.add(where, Finding({"wording"}))
        one, other = rest
    if len(ours) != len(theirs) and squeezed(plain(one)) == squeezed(plain(other)):
        _tally_spacing(tally, [one], [other], where)
    elif one != other:
        lines = above.lines.get(match, ("", ""))
        tally.add(where, tables.compare(one, other, lines) if tabular else passages.compare(one, other, tally.whole))


def _without_settled(tally: Tally, match: Match, above: Above, one: str, other: str) -> tuple[str, str]:
    """Take the units from lines above tables that the other side states in its own way."""
    sides = [not settled.isdisjoint(at) for settled, at in ((above.old, match.old), (above.new, match.new))]
    if any(sides):
        tally.note("wording", "wording")
    old, new = (stated_units.unstated(text) if so else text for text, so in zip((one, other), sides, strict=True))
    return old, new


def _tally_spacing(tally: Tally, old: Sequence[str], new: Sequence[str], where: str) -> None:
    """Name how the same letters, cut otherwise, are spaced and encoded."""
    one, other = " ".join(old), " ".join(new)
    if plain(one).split() != plain(other).split():
        tally.add(where, Finding({"spacing"}))
    elif one.split() != other.split():
        tally.add(where, Finding({"unicode-form"}))


def _tally_lone(  # noqa: PLR0913  # a block, what it is called and what the other side says
    tally: Tally, label: str, block: Block, other_side: str, where: str, *, settled: bool
) -> None:
    """Name a paragraph that came or went; one whose words also stand elsewhere on the other side adds no substance.

    Nor does a line of units that are ``settled``: said otherwise on the other side.
    """
    letters = squeezed(plain(stated_units.unstated(block.text) if settled else block.text))
    if settled:
        tally.note(where, "wording")
    if where == "body" and block.kind == "caption":
        where = "caption"
    else:
        tally.labels.add(label)
    tally.note(where, "cosmetic")
    if any(letter.isalnum() for letter in letters):
        tally.note(where, "wording" if letters in other_side else "substance")


def _with_kinds(steps: Sequence[Op], old: Sequence[Block], new: Sequence[Block]) -> Iterator[Op]:
    """Say the kinds of a block whose kind changed; a kept text (a paragraph made a heading) is replaced by the same."""
    for step in steps:
        told = step
        if step.old_index is not None and step.new_index is not None:
            was, now = old[step.old_index].kind, new[step.new_index].kind
            if was != now:
                told = step._replace(old_kind=was, new_kind=now)
                if step.op == "keep":
                    told = told._replace(op="replace", words=words.diff(step.old or "", step.new or ""))
        yield told
