"""Tables that say the same in other units, in another place of these or turned: no fact but the figures that differ."""

from __future__ import annotations

import tomllib
from decimal import Decimal
from pathlib import Path
from random import Random
from typing import Any

import pytest

from diffing.labels import compare
from storage.records import Block, Comparison
from tests.makers import article

PAIRS = tomllib.loads((Path(__file__).parent / "golden" / "changes" / "tables.toml").read_text(encoding="utf-8"))[
    "pair"
]
LEARNT = [pair for pair in PAIRS if "held_out" not in pair]
HELD_OUT = [pair for pair in PAIRS if "held_out" in pair]


def told(old: list[str], new: list[str]) -> Comparison:
    one, other = (
        article(body=tuple(Block("table" if "\t" in text else "paragraph", text) for text in side))
        for side in (old, new)
    )
    return compare(one, other)


def wrongly_told(pair: dict[str, Any]) -> list[str]:
    """Say in words what is told of a pair otherwise than expected; facts are all facts."""
    found = told(pair["old"], pair["new"])
    wanted, optional = set(pair["labels"].split()), set(pair.get("optional", "").split())
    wrong = [f"no {label}" for label in sorted(wanted - set(found.labels))]
    wrong += [f"{label} too" for label in sorted(set(found.labels) - wanted - optional)]
    if found.weight != pair["weight"]:
        wrong.append(f"weighs {found.weight}, not {pair['weight']}")
    facts = sorted([fact.kind, *("".join(text.split()) for text in (fact.old, fact.new))] for fact in found.facts)
    expected = sorted([kind, *("".join(text.split()) for text in texts)] for kind, *texts in pair.get("facts", []))
    if "facts" in pair and facts != expected:
        wrong.append(f"the facts are {facts}, not {expected}")
    return wrong


@pytest.mark.parametrize("pair", LEARNT, ids=[pair["name"] for pair in LEARNT])
def test_an_edit_of_a_table_is_told_as_it_was_meant(pair) -> None:
    assert wrongly_told(pair) == []


def test_of_the_edits_of_tables_that_no_rule_was_made_for_nearly_all_are_told_as_meant() -> None:
    assert len(HELD_OUT) >= 58
    assert len([pair["name"] for pair in HELD_OUT if wrongly_told(pair)]) <= 1


AREAS = "서울 부산 대구 인천 광주 대전 울산 세종 경기 강원".split()
HEADS = "신청 지급 반려 이월".split()
SIZES = (
    [("원", 1), ("천 원", 10**3), ("백만 원", 10**6), ("억 원", 10**8)],
    [("명", 1), ("천 명", 10**3), ("만 명", 10**4)],
    [("m", 1), ("km", 10**3)],
    [("kg", 1), ("톤", 10**3), ("천 톤", 10**6)],
    [("%", 1)],
)
LINES = set("body wording paragraph-added paragraph-removed paragraph-split paragraph-merged spacing".split())
"""What may become of the line with the unit, which may come into the table."""
PLACES = ("line", "title", "columns", "rows", "of units", "cells")


def blocks(place: str, unit: str, heads: list[str], rows: list[tuple[str, list[str]]]) -> list[str]:
    """Print a table whose unit stands in this place."""
    behind = {"columns": f"({unit})"}.get(place, "")
    head = "\t".join(["지역", *(["단위"] if place == "of units" else []), *(f"{one}{behind}" for one in heads)])
    said = [
        "\t".join(
            [
                f"{area}({unit})" if place == "rows" else area,
                *([unit] if place == "of units" else []),
                *(f"{one}{unit}" if place == "cells" else one for one in cells),
            ]
        )
        for area, cells in rows
    ]
    table = "\n".join([*([f"(단위: {unit})"] if place == "title" else []), head, *said])
    return ["지역별 현황은 다음과 같다.", *([f"(단위: {unit})"] if place == "line" else []), table, "자료: 누리집"]


def printed(value: Decimal, size: int) -> str:
    return f"{(value / size).normalize():,f}"


def moved(draw: Random, kept: list[str], others: list[str]) -> list[str]:
    """Change the order, let one go and let one come, each or none."""
    found = list(kept)
    if draw.random() < 0.4:
        draw.shuffle(found)
    if draw.random() < 0.3 and len(found) > 3:
        found.pop(draw.randrange(len(found)))
    spare = [one for one in others if one not in kept]
    if draw.random() < 0.3 and spare:
        found.insert(draw.randrange(len(found) + 1), draw.choice(spare))
    return found


@pytest.mark.parametrize("seed", range(800))
def test_of_a_table_in_another_unit_the_edited_figures_alone_are_facts_wherever_it_is_stated(seed: int) -> None:
    draw = Random(seed)
    sizes = draw.choice(SIZES)
    (unit, size), (other, other_size) = draw.choice(sizes), draw.choice(sizes)
    places = draw.choice(PLACES), draw.choice(PLACES)
    areas, heads = draw.sample(AREAS, draw.randint(3, 7)), draw.sample(HEADS, draw.randint(2, 4))
    areas_then, heads_then = (moved(draw, areas, AREAS), moved(draw, heads, HEADS)) if seed % 2 else (areas, heads)
    larger = max(size, other_size)
    values = {(i, k): Decimal(draw.randint(1001, 9999)) * larger / 100 for i in AREAS for k in HEADS}
    stayed = [(i, k) for i in areas if i in areas_then for k in heads if k in heads_then]
    edited = {at: values[at] + larger * draw.randint(1, 9) for at in draw.sample(stayed, draw.choice((0, 0, 1, 2)))}
    now = values | edited
    old = blocks(places[0], unit, heads, [(i, [printed(values[i, k], size) for k in heads]) for i in areas])
    rows = [(i, [printed(now[i, k], other_size) for k in heads_then]) for i in areas_then]
    new = blocks(places[1], other, heads_then, rows)
    found = told(old, new)
    behind = [unit if places[0] == "cells" else "", other if places[1] == "cells" else ""]
    expected = sorted(
        (printed(values[at], size) + behind[0], printed(one, other_size) + behind[1]) for at, one in edited.items()
    )
    assert sorted((one.old, one.new) for one in found.facts) == expected
    assert all(one.ratio is None or 0 < one.ratio < 1 for one in found.facts)
    assert set(found.labels) - LINES == {one.kind for one in found.facts}
    if "\n".join(old) == "\n".join(new):
        assert found.weight == "cosmetic"  # the line came into the table as it stood, if that
    else:
        said = edited or {*areas} != {*areas_then} or {*heads} != {*heads_then}
        assert found.weight == ("substance" if said else "wording")


@pytest.mark.parametrize("seed", range(200))
def test_of_a_table_whose_rows_became_columns_the_edited_figures_alone_are_facts(seed: int) -> None:
    draw = Random(seed)
    areas, heads = draw.sample(AREAS, draw.randint(2, 7)), draw.sample(HEADS, draw.randint(2, 4))
    values = {(i, k): str(draw.randint(100, 999)) for i in areas for k in heads}
    edited = {at: str(draw.randint(1000, 9999)) for at in draw.sample(sorted(values), draw.randint(0, 2))}
    old = [["구분", *heads], *([i, *(values[i, k] for k in heads)] for i in areas)]
    now = values | edited
    new = [["구분", *areas], *([k, *(now[i, k] for i in areas)] for k in heads)]
    above, below = draw.choice(([], ["(단위: 건)"])), draw.choice(([], ["주: 잠정치"]))
    one, other = ("\n".join([*above, *map("\t".join, rows), *below]) for rows in (old, new))
    found = told([one], [other])
    assert {(fact.old, fact.new) for fact in found.facts} == {(values[at], one) for at, one in edited.items()}
    assert found.labels == (("body", "number", "wording") if edited else ("body", "wording"))
    assert found.weight == ("substance" if edited else "wording")


@pytest.mark.parametrize("seed", range(200))
def test_a_unit_over_any_figure_that_stayed_as_it_stood_is_a_fact(seed: int) -> None:
    draw = Random(seed)
    (unit, size), (other, other_size) = draw.sample(draw.choice(SIZES[:-1]), 2)
    areas, place = draw.sample(AREAS, draw.randint(2, 6)), draw.choice(PLACES[:-1])
    values = [Decimal(draw.randint(1001, 9999)) * max(size, other_size) / 100 for _ in range(len(areas) * len(HEADS))]
    left = draw.sample(range(len(values)), draw.randint(1, len(values)))
    was = [printed(one, size) for one in values]
    became = [was[k] if k in left else printed(one, other_size) for k, one in enumerate(values)]
    old, new = (
        blocks(place, stated, HEADS, [(area, said[k * 4 : k * 4 + 4]) for k, area in enumerate(areas)])
        for stated, said in ((unit, was), (other, became))
    )
    found = told(old, new)
    assert found.weight == "substance"
    assert (unit, other) in {(one.old, one.new) for one in found.facts}
    # by chance figures are the same in the other unit unless most are
    others = {(was[k], became[k]) for k in range(len(values)) if k not in left}
    replaced = {(one.old, one.new) for one in found.facts} - {(unit, other)}
    assert replaced == (set() if 2 * len(left) < len(values) else others)


@pytest.mark.parametrize(
    ("head", "stayed", "weight"),
    [("합격", "600 800", "substance"), ("합격률", "600 800", "wording"), ("합격", "60.0 80.0", "wording")],
)
def test_a_column_that_stayed_is_of_the_other_unit_of_two_only_where_it_can_be(head, stayed, weight) -> None:
    one, other = stayed.split()
    found = told(
        ["(단위: 명, %)", f"구분\t응시\t{head}\n가\t1,200\t{one}\n나\t2,400\t{other}"],
        ["(단위: 천 명, %)", f"구분\t응시\t{head}\n가\t1.2\t{one}\n나\t2.4\t{other}"],
    )
    assert found.weight == weight
    assert (("명", "천 명") in {(fact.old, fact.new) for fact in found.facts}) == (weight == "substance")
