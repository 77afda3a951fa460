"""Paragraphs that are printed as another kind than before: headings as plain text, lists as paragraphs."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import replace

from storage.records import Block, BlockKind


def recast(old: Sequence[Block], new: Sequence[Block]) -> dict[int, BlockKind]:
    """Give the kind that a block has now, by its place in ``old``, of those that were kept, edited or moved."""
    if Counter(one.kind for one in old) == Counter(one.kind for one in new):
        return {}
    from diffing import align  # Most runs see no two states of an article that differ, and do without.

    steps = align.ops([one.text for one in old], [one.text for one in new], marked=False)
    pairs = [(step.old_index, step.new_index) for step in steps if step.op in {"keep", "replace", "move"}]
    return {i: new[j].kind for i, j in pairs if i is not None and j is not None and old[i].kind != new[j].kind}


def as_now(old: Sequence[Block], kinds: dict[int, BlockKind]) -> tuple[Block, ...]:
    """Give ``old`` with some of its blocks of other kinds, by their places."""
    return tuple(replace(one, kind=kinds.get(at, one.kind)) for at, one in enumerate(old))
