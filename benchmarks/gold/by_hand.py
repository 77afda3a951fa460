"""The edits written by hand, read from their files: those to learn from and those held out."""

from __future__ import annotations

import tomllib
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from benchmarks.gold.edit import Pair, Replaced
from storage.records import Article, Block

CHANGES = Path(__file__).parent.parent.parent / "tests" / "golden" / "changes"
FILES = {"hand.toml": False, "held_out.toml": True, "unseen.toml": True}
"""Each file, and whether it is held out."""


def pairs() -> Iterator[Pair]:
    """Read every edit written by hand."""
    for name, held_out in FILES.items():
        for edit in tomllib.loads((CHANGES / name).read_text(encoding="utf-8"))["edit"]:
            yield _pair(edit, held_out=held_out)


def _pair(edit: dict[str, Any], *, held_out: bool) -> Pair:
    kind = edit.get("kind", "paragraph")
    where = edit.get("where", "caption" if kind == "caption" else "body")
    return Pair(
        name=f"{edit['old'][:40]} -> {edit['new'][:40]}",
        old=_article(edit["old"], kind),
        new=_article(edit["new"], kind),
        labels=frozenset([where, *edit["labels"].split()]),
        weight=edit["weight"],
        facts=tuple(_replaced(*one) for one in edit.get("facts", ())),
        held_out=held_out,
        optional=frozenset(edit.get("optional", "").split()),
    )


def _article(text: str, kind: Any) -> Article:
    texts = [text] if kind == "table" else text.split("\n")
    return Article("1", "https://www.korea.kr/1", "press-release", "제목", body=tuple(Block(kind, t) for t in texts))


def _replaced(
    kind: str, old: str, new: str, old_value: float | None = None, new_value: float | None = None
) -> Replaced:
    return Replaced(kind, old, new, old_value, new_value, valued=old_value is not None)
