"""Edits of figures: what each is called, how it weighs, and which values it tells; decided from what labels mean."""

from __future__ import annotations

import json
import re
import time
import tomllib
from contextlib import closing
from dataclasses import replace
from pathlib import Path

import pytest
from click.testing import CliRunner

from cli.main import gochim
from diffing import figures, forms, tokens
from diffing.labels import compare
from storage.records import Block, Comparison, Fact
from tests.makers import archive_at, article, file_readings, found_and_filed, readings

EDITS = tomllib.loads((Path(__file__).parent / "golden" / "changes" / "figures.toml").read_text(encoding="utf-8"))
_EDITED = re.compile(r"\{(?P<old>.*?)\|(?P<new>.*?)\}")
"""``예산은 {3조|5조} 원이다.``: the old text and the new one."""


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


@pytest.mark.parametrize(
    "part", ["1,111,", "111111,", "일억 ", "1-", "1~", "3만 ", "12.12. ", "월·", "제1조", "a-a.", "a.a-"]
)
def test_a_list_of_figures_without_end_is_read_in_time_with_its_length(part) -> None:
    began = time.process_time()
    assert tokens.read(part * 4000)
    # in the square or cube of its length it takes minutes
    assert time.process_time() - began < 20


def test_what_is_told_of_figures_is_what_was_read_once_it_is_filed(tmp_path, monkeypatch) -> None:
    """Values of every type through the database, and no ratio in the text where less than nothing changed."""
    old = "빈집 1,240채, 국비 △300억 원, 지방비 10억 원, 5억 달러, 「하천법」 제3조의2, 6월 31일, ▲3%, 3.5배, 1.5%, 5℃"
    new = "빈집 2,240채, 국비 △350억 원, 지방비 12억 원, 6억 달러, 「하천법」 제3조의3, 6월 30일, ▲4%, 4.5배, 2.5%, 10℃"
    archive, db = archive_at(tmp_path)
    # what is filed here stands in no WARC file, so nothing is brought up to date
    monkeypatch.setattr("cli.database.opened", lambda *_: archive.database())
    with closing(db), db:
        file_readings(db, "148930267", readings(db, [article(old), article(new)]))
        found_and_filed(db)
    said = CliRunner().invoke(gochim, ["changes", "--format", "json", "--archive", str(archive.root)])
    values = [(one["old_value"], one["new_value"], one["ratio"]) for one in json.loads(said.stdout)[0]["facts"]]
    assert values == [
        (1240, 2240, 0.8065),
        (-30_000_000_000, -35_000_000_000, 0.1667),
        (1_000_000_000, 1_200_000_000, 0.2),
        ("500000000 USD", "600000000 USD", 0.2),
        ("3의2", "3의3", None),
        (None, "--06-30", None),
        (None, None, None),
        (3.5, 4.5, 0.2857),
        (1.5, 2.5, 0.6667),
        (5, 10, 1.0),
    ]
    text = CliRunner().invoke(gochim, ["changes", "--archive", str(archive.root)]).stdout
    assert "money: △300억 원 -> △350억 원\n" in text
    assert "money: 10억 원 -> 12억 원 (+20%)\n" in text
    assert "80.6% 증가" in text
    assert "percent: 1.5% -> 2.5% (1%p up)\n" in text
    assert "quantity: 5℃ -> 10℃ (5 degrees up)\n" in text
    assert "quantity: 1,240채 -> 2,240채 (+80.65%)\n" in text


@pytest.mark.parametrize(
    ("text", "read"),
    [
        ("7▲ 6 정부", ["7▲", "6"]),
        ("수출 2.7%▲ 3.1%▲ 늘었다", ["2.7%▲", "3.1%▲"]),
        ("7▲ $6 정부", ["7▲", "6"]),
    ],
)
def test_an_arrow_behind_a_figure_is_no_sign_of_the_next(text: str, read: list[str]):
    assert [one.text for one in figures.scan(text)] == read
    assert "".join(one.space + one.text for one in tokens.read(text)) == text
