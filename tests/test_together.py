"""Several edits at once: each is named, weighed and read as if it were alone, and the paragraphs find one another."""

from __future__ import annotations

import re
import tomllib
from dataclasses import replace
from pathlib import Path
from random import Random
from typing import Any

import pytest

from benchmarks.gold import by_hand
from benchmarks.gold.edit import Pair
from diffing.labels import compare
from storage.records import Article, Block
from tests.steps import apply

FILE = Path(__file__).parent / "golden" / "changes" / "together.toml"
PAIRS = tomllib.loads(FILE.read_text(encoding="utf-8"))["pair"]
KINDS = {"# ": "heading", "- ": "list-item", "^ ": "caption", "| ": "table"}
STEPS = {"keep": "=", "replace": "~", "move": ">", "insert": "+", "delete": "-"}
EDIT = re.compile(r"\{([^{|}]*)\|([^{|}]*)\}")
"""``예산은 {3조|5조} 원이다.``: the old text and the new one."""


def block(line: str, side: int) -> Block:
    kind = KINDS.get(line[2:4])
    return Block(kind or "paragraph", EDIT.sub(rf"\{side}", line[4 if kind else 2 :]))


def article(pair: dict[str, Any], side: str) -> Article:
    moved = [line for line in pair["body"] if line.startswith(">")]
    stood = [moved[int(line[2:]) - 1] if line.startswith("<") else line for line in pair["body"] if line[0] in "=~-<"]
    stands = [line for line in pair["body"] if line[0] in "=~>+"]
    return Article(
        article="148900001",
        url="https://www.korea.kr/briefing/pressReleaseView.do?newsId=148900001",
        section="press-release",
        title=pair.get(f"{side}_title", "가을철 산불조심기간 운영"),
        subtitles=tuple(pair.get(f"{side}_subtitles", ())),
        body=tuple(block(line, 1) for line in stood) if side == "old" else tuple(block(line, 2) for line in stands),
    )


@pytest.mark.parametrize("pair", PAIRS, ids=[pair["name"] for pair in PAIRS])
def test_edits_that_come_together_are_each_told(pair) -> None:
    old, new = article(pair, "old"), article(pair, "new")
    found = compare(old, new)
    told = [[one.kind, one.old, one.new, one.old_value, one.new_value] for one in found.facts]
    assert (" ".join(found.labels), found.weight) == (pair["labels"], pair["weight"])
    assert found.disclosure == pair.get("disclosure", "silent")
    assert [one[:3] if None in one else one for one in told] == pair.get("facts", [])
    steps = [step for change in found.fields if change.field == "body" for step in change.ops]
    if old.body != new.body:
        assert "".join(STEPS[step.op] for step in steps) == "".join(line[0] for line in pair["body"] if line[0] != "<")
        assert apply([one.text for one in old.body], steps) == [one.text for one in new.body]


def alone(pair: Pair) -> bool:
    """Tell whether an edit of the gold set is one of a single paragraph and of nothing else."""
    sides = pair.old, pair.new
    return (
        pair.old.title == pair.new.title
        and all(len(one.body) == 1 and one.body[0].kind == "paragraph" for one in sides)
        and pair.old.body != pair.new.body
    )


@pytest.mark.parametrize("seed", range(12))
def test_edits_put_together_are_named_as_each_is_alone(seed) -> None:
    draw = Random(seed)
    chosen = draw.sample([pair for pair in by_hand.pairs() if alone(pair)], 8)
    each = [compare(pair.old, pair.new) for pair in chosen]
    old, new = (
        [side.body[0].text for side in sides] for sides in zip(*((one.old, one.new) for one in chosen), strict=True)
    )
    both = [replace(chosen[0].old, body=tuple(Block("paragraph", text) for text in side)) for side in (old, new)]
    found = compare(*both)
    assert set(found.labels) == {label for one in each for label in one.labels}
    assert {(one.kind, one.old, one.new) for one in found.facts} == {
        (one.kind, one.old, one.new) for comparison in each for one in comparison.facts
    }
    counted = [
        replace(chosen[0].old, body=tuple(Block("paragraph", f"{k}. {text}") for k, text in enumerate(side, start=1)))
        for side in (old, ["새로 들어온 항목을 맨 앞에 둔다.", *new])
    ]
    renumbered = compare(*counted)
    assert set(renumbered.labels) == {*found.labels, "number", "paragraph-added"}
    assert {(one.kind, one.old, one.new) for one in renumbered.facts} == {
        (one.kind, one.old, one.new) for one in found.facts
    }
