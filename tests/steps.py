"""The steps of a difference, applied: what leads from the old paragraphs to the new ones must do so."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from storage.records import Op


def apply(old: Sequence[str], steps: Iterable[Op]) -> list[str]:
    """Apply steps to the old paragraphs and give the new ones.

    Raises:
        ValueError: the steps were made for another text.
    """
    steps = list(steps)
    moved = {step.old_index for step in steps if step.op == "move"}
    remaining = iter([text for i, text in enumerate(old) if i not in moved])
    result: list[str] = []
    for step in steps:
        if step.op == "move":
            there = step.old_index is not None and step.old_index < len(old) and old[step.old_index] == step.old
        else:
            there = step.op == "insert" or next(remaining, None) == step.old
        if not there:
            raise ValueError(f"step {step.op} expects the paragraph {step.old!r}, which is not in its place")
        if step.op != "delete":
            result.append(step.new or "")
    if next(remaining, None) is not None:
        raise ValueError("the steps end before the old paragraphs do")
    return result
