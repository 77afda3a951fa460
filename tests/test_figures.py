"""Edits of figures: what each is called, how it weighs, and which values it tells; decided from what labels mean."""

from __future__ import annotations

import re
import tomllib
from dataclasses import replace
from pathlib import Path

import pytest

from diffing import forms
from diffing.labels import compare
from storage.records import Block, Comparison, Fact
from tests.makers import article

EDITS = tomllib.loads((Path(__file__).parent / "golden" / "changes" / "figures.toml").read_text(encoding="utf-8"))
_EDITED = re.compile(r"\{(?P<old>.*?)\|(?P<new>.*?)\}")


def compared(edit: str, *, back: bool = False) -> Comparison:
    old, new = (article(body=(Block("paragraph", _EDITED.sub(rf"\g<{side}>", edit)),)) for side in ("old", "new"))
    return compare(new, old) if back else compare(old, new)


@pytest.mark.parametrize("case", EDITS["edit"], ids=[case["edit"] for case in EDITS["edit"]])
def test_an_edited_figure_is_named_weighed_and_read(case) -> None:
    found = compared(case["edit"])
    told = [
        ["null" if part is None else part for part in fact.as_json().values()]
        for fact in found.facts
    ]  # fmt: skip
    assert (found.labels, found.weight, told) == (
        ("body", *case["labels"].split()), case["weight"], case.get("facts", []),
    )  # fmt: skip


def test_an_edit_taken_back_has_the_same_name_and_the_values_exchanged() -> None:
    for case in EDITS["edit"]:
        forth, back = compared(case["edit"]), compared(case["edit"], back=True)
        assert (back.labels, back.weight) == (forth.labels, forth.weight), case["edit"]
        turned = [Fact(one.kind, one.new, one.old, one.new_value, one.old_value) for one in back.facts]
        assert turned == [replace(one, ratio=None) for one in forth.facts], case["edit"]


def test_facts_print_what_the_text_prints_unless_it_prints_it_in_several_forms() -> None:
    text = "１０㎞ 가운데 3％, 또 3%와 100\u00a0곳"
    assert forms.reprinted(["10km", "3%", "100 곳", "k", ""], text) == ["１０㎞", "3%", "100 곳", "k", ""]
