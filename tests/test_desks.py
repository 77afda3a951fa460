"""What desks of ministries really change, written by someone who knew what labels mean and not how they are found."""

from __future__ import annotations

import re
import tomllib
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from diffing.detect import changes
from storage.records import Article, Attachment, Block, Change, Image
from tests.makers import looks, numbered
from tests.test_together import EDIT, block

GOLDEN = Path(__file__).parent / "golden" / "changes"
PAIRS = [
    pair
    for name in (
        "desks",
        "forms",
        "editors",
        "bulletins",
        "newsroom",
        "sealed",
        "disclosed",
        "plain",
        "said",
        "rows",
        "press",
        "registers",
    )
    for pair in tomllib.loads((GOLDEN / f"{name}.toml").read_text(encoding="utf-8"))["pair"]
]
LEARNT = [pair for pair in PAIRS if "held_out" not in pair]
HELD_OUT = [pair for pair in PAIRS if "held_out" in pair]
SPACES = re.compile(r"\s+")


def article(pair: dict[str, Any], side: int) -> Article:
    """Give one side of a pair as an article: its fields, and a body of steps or of whole paragraphs."""
    fields = {
        name: EDIT.sub(rf"\{side}", pair[name])
        for name in ("url", "title", "subtitle", "published", "source", "author", "licence", "images", "attachments")
        if name in pair
    }
    state = Article(
        article="148900001",
        url=fields.get("url", "https://www.korea.kr/briefing/pressReleaseView.do?newsId=148900001"),
        section="press-release",
        title=fields.get("title", "정책을 알립니다"),
        subtitles=tuple(one for one in [fields.get("subtitle")] if one),
        body=_body(pair, side),
    )
    files = [one.split(":") for one in fields.get("attachments", "").split(";") if one]
    pictures = [one.split(":") for one in fields.get("images", "").split(";") if one]
    return replace(
        state,
        **{name: fields[name] or None for name in ("published", "source", "author", "licence") if name in fields},
        attachments=tuple(Attachment(number, name, None, *held) for number, name, *held in files),
        images=tuple(Image(f"https://www.korea.kr{src}", alt, caption or None) for src, alt, caption in pictures),
    )


def _body(pair: dict[str, Any], side: int) -> tuple[Block, ...]:
    if "old" in pair:
        return tuple(Block("paragraph", text) for text in pair["old" if side == 1 else "new"])
    moved = [line for line in pair["body"] if line.startswith(">")]
    stood = [moved[int(line[2:]) - 1] if line.startswith("<") else line for line in pair["body"] if line[0] in "=~-<"]
    stands = [line for line in pair["body"] if line[0] in "=~>+"]
    return tuple(block(line, side) for line in (stood if side == 1 else stands))


def change(pair: dict[str, Any]) -> Change:
    """Give the last change of an article that went from the old state to the new, and came from it where it reverts."""
    old, new = article(pair, 1), article(pair, 2)
    states = [new, old, new] if pair.get("revert") else [old, new]
    return list(changes(looks(*range(1, len(states) + 1)), numbered(*states)))[-1]


def _says(printed: str, told: str) -> bool:
    one, other = (SPACES.sub("", text) for text in (printed, told))
    return one in other or other in one


def wrongly_told(pair: dict[str, Any]) -> list[str]:
    """Say in words what is told of a pair otherwise than expected."""
    told_of = change(pair)
    found = told_of.comparison
    # a pair that names no labels is of its verdict alone
    wanted = set(pair.get("labels", " ".join(found.labels)).split())
    optional = set(pair.get("optional", "").split())
    wrong = [f"no {label}" for label in sorted(wanted - set(found.labels))]
    wrong += [f"{label} too" for label in sorted(set(found.labels) - wanted - optional)]
    if found.weight != pair.get("weight", found.weight):
        wrong.append(f"weighs {found.weight}, not {pair['weight']}")
    if told_of.kind != pair.get("kind", told_of.kind):
        wrong.append(f"{told_of.kind}, not {pair['kind']}")
    if found.disclosure != pair.get("disclosure", "silent"):
        wrong.append(f"{found.disclosure}, not {pair.get('disclosure', 'silent')}")
    for kind, old, new, *values in pair.get("facts", []):
        told = [one for one in found.facts if one.kind == kind and _says(old, one.old) and _says(new, one.new)]
        if not any(not values or [one.old_value, one.new_value] == values for one in told):
            wrong.append(f"{kind} {old} -> {new} {values} is not among {found.facts}")
    if "facts" in pair:
        held = [one for one in found.facts if one.kind in ("money", "percent", "quantity")]
        if len(held) > len(pair["facts"]):
            wrong.append(f"more facts than {pair['facts']}: {held}")
    return wrong


@pytest.mark.parametrize("pair", LEARNT, ids=[pair["name"] for pair in LEARNT])
def test_an_edit_of_a_desk_is_told_as_it_was_meant(pair) -> None:
    assert wrongly_told(pair) == []


def test_of_the_edits_that_no_rule_was_made_for_nearly_all_are_told_as_meant() -> None:
    assert len(HELD_OUT) >= 1000
    assert len([pair["name"] for pair in HELD_OUT if wrongly_told(pair)]) <= 28
