"""The edits written by hand, read from their files: those to learn from and those held out."""

from __future__ import annotations

import tomllib
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

from benchmarks.gold.edit import Pair, Replaced
from storage.records import Article, Attachment, Block, Image

CHANGES = Path(__file__).parent.parent.parent / "tests" / "golden" / "changes"
FILES = {
    "hand.toml": False, "held_out.toml": True, "unseen.toml": True, "blind.toml": True, "ministries.toml": True,
    "amounts.toml": True, "strangers.toml": True,
}  # fmt: skip
"""Each file, and whether it is held out."""


WHERE = {
    "title": "title", "subtitles": "subtitle", "source": "source", "author": "byline", "published": "date",
    "licence": "licence", "attachments": "attachment", "images": "image",
}  # fmt: skip
"""Of an edit that names a ``field``, the label that says where it was."""


def pairs() -> Iterator[Pair]:
    """Read every edit written by hand."""
    for name, held_out in FILES.items():
        for edit in tomllib.loads((CHANGES / name).read_text(encoding="utf-8"))["edit"]:
            yield _pair(edit, held_out=held_out)


def _pair(edit: dict[str, Any], *, held_out: bool) -> Pair:
    kind, name = edit.get("kind", "paragraph"), edit.get("field")
    where = WHERE[name] if name else edit.get("where", "caption" if kind == "caption" else "body")
    old, new = ((_with if name else _article)(edit[side], name or kind) for side in ("old", "new"))
    if "title" in edit:
        old, new = (replace(side, title=title) for side, title in zip((old, new), edit["title"], strict=True))
    return Pair(
        name=f"{edit['old'][:40]} -> {edit['new'][:40]}",
        old=old,
        new=new,
        labels=frozenset([where, *edit["labels"].split()]),
        weight=edit["weight"],
        facts=tuple(_replaced(*one) for one in edit.get("facts", ())),
        held_out=held_out,
        optional=frozenset(edit.get("optional", "").split()),
    )


def _article(text: str, kind: Any) -> Article:
    texts = [text] if kind == "table" else text.split("\n")
    return Article("1", "https://www.korea.kr/1", "press-release", "제목", body=tuple(Block(kind, t) for t in texts))


def _with(text: str, field: str) -> Article:
    """Give an article whose field says ``text``; the parts of a list stand on lines, their columns between tabs."""
    lines = text.split("\n")
    value: dict[str, Any] = {
        "subtitles": tuple(lines),
        "attachments": tuple(Attachment(*line.split("\t")) for line in lines) if field == "attachments" else (),
        "images": tuple(Image(*line.split("\t")) for line in lines) if field == "images" else (),
    }
    return replace(_article("본문", "paragraph"), **{field: value.get(field, text)})


def _replaced(
    kind: str, old: str, new: str, old_value: float | None = None, new_value: float | None = None
) -> Replaced:
    return Replaced(kind, old, new, old_value, new_value, valued=old_value is not None)
