"""Laws of tables, lists and lines: whatever came, went or moved around it, an edited value alone is a fact."""

from __future__ import annotations

from dataclasses import replace
from random import Random

import pytest

from diffing import tables
from diffing.labels import compare
from storage.records import Block
from tests.makers import article

AREAS = "서울 부산 대구 인천 광주 대전 울산 세종 경기 강원 충북 충남 전북 전남 경북 경남 제주".split()
HEADS = ("신청 접수 처리 미처리 승인 반려".split(), [f"{year}년" for year in range(2020, 2026)])
PRINTED = ("{:,}", "{}%", "{}명")
SENTENCES = (
    "전국 {}개 시군에서 빈집 실태를 조사한다.",
    "조사원 {}명이 집마다 찾아가 안전 상태를 살핀다.",
    "조사 결과는 누리집에 올려 누구나 볼 수 있게 한다.",
    "올해 예산은 {}억 원이며 지방비를 더해 추진한다.",
    "빈집을 헐면 재산세를 {}% 깎아 준다.",
    "지난해에는 모두 {}채를 정비해 공원과 주차장으로 바꿨다.",
    "전문가 {}명으로 이루어진 심사단이 대상을 고른다.",
    "신청서는 방문하거나 우편으로 내면 된다.",
)


def reordered(draw: Random, kept: list[int], spare: int) -> list[int]:
    """Add one, remove one, move one, or leave all where they are."""
    places, deed = list(kept), draw.choice(("none", "add", "remove", "move"))
    if deed == "add":
        places.insert(draw.randint(0, len(places)), spare)
    elif deed != "none" and len(places) > 2:
        one = places.pop(draw.randrange(len(places)))
        if deed == "move":
            places.insert(draw.randrange(len(places) + 1), one)
    return places


@pytest.mark.parametrize("seed", range(400))
def test_of_a_table_the_edited_cells_are_facts_whatever_rows_and_columns_came_went_and_moved(seed: int) -> None:
    draw = Random(seed)
    heads, printed = draw.choice(HEADS), draw.choice(PRINTED)
    rows, columns = draw.sample(range(len(AREAS) - 1), draw.randint(2, 8)), list(range(draw.randint(2, 5)))
    values = {(i, k): printed.format(draw.randint(1, 9999)) for i in range(len(AREAS)) for k in range(len(heads))}
    rows_then, columns_then = reordered(draw, rows, len(AREAS) - 1), reordered(draw, columns, len(columns))
    stayed = [(i, k) for i in rows if i in rows_then for k in columns if k in columns_then]
    counted, titled = draw.random() < 0.5, draw.random() < 0.3
    edited = {at: printed.format(draw.randint(10_000, 99_999)) for at in draw.sample(stayed, draw.randint(0, 2))}

    def table(at: list[int], under: list[int], said: dict[tuple[int, int], str]) -> str:
        above = [["(단위: 개)"]] * titled + [["연번"] * counted + ["지역", *(heads[k] for k in under)]]
        listed = [[str(n)] * counted + [AREAS[i], *(said[i, k] for k in under)] for n, i in enumerate(at, start=1)]
        return "\n".join("\t".join(row) for row in above + listed)

    found = tables.compare(table(rows, columns, values), table(rows_then, columns_then, values | edited))
    assert {(one.old, one.new) for one in found.facts} == {(values[at], value) for at, value in edited.items()}
    if not edited:
        assert found.labels <= {"wording", "number"} if counted else {"wording"}


GROUPS = {"국세": ["소득세", "법인세", "이자"], "지방세": ["취득세", "재산세", "이자"], "기금": ["융자금", "과태료"]}
BELOW = "예산(억 원) 집행(억 원) 건수(건) 증감".split()


@pytest.mark.parametrize("seed", range(400))
def test_of_a_table_with_merged_cells_or_two_rows_of_headings_the_edited_cells_are_facts(seed: int) -> None:
    draw = Random(seed)
    merged, doubled = draw.random() < 0.6, draw.random() < 0.3
    rows = [(group, item) for group in draw.sample(sorted(GROUPS), 2) for item in GROUPS[group]]
    heads = draw.sample(BELOW, draw.randint(2, 4))
    columns = [(head, half) for head in heads for half in (("전", "후") if doubled else ("",))]
    values = {(row, at): draw.choice(("", "△")) + f"{draw.randint(1, 9999):,}" for row in rows for at in columns}
    rows_then = list(rows)
    if draw.random() < 0.6:
        gone = rows_then.pop(draw.randrange(len(rows_then)))
        if not merged and draw.random() < 0.5:
            rows_then.insert(draw.randrange(len(rows_then) + 1), gone)
    stayed = [(row, at) for row in rows_then for at in columns]
    edited = {at: f"{draw.randint(10_000, 99_999):,}" for at in draw.sample(stayed, draw.randint(0, 2))}

    def table(listed: list[tuple[str, str]], said: dict[tuple[tuple[str, str], tuple[str, str]], str]) -> str:
        printed = [["구분", "세목", *(head for head, _ in columns)]]
        printed += [["구분", "세목", *(half for _, half in columns)]] if doubled else []
        for k, row in enumerate(listed):
            above = listed[k - 1][0] if k and merged else ""
            printed.append([*([row[0]] if row[0] != above else []), row[1], *(said[row, at] for at in columns)])
        return "\n".join("\t".join(cells) for cells in printed)

    found = tables.compare(table(rows, values), table(rows_then, values | edited))
    assert sorted((one.old, one.new) for one in found.facts) == sorted((values[at], one) for at, one in edited.items())


ITEMS = (
    "빈집 실태를 조사한다", "조사원 {}명을 새로 뽑는다", "누리집에 결과를 올린다", "지방비를 더해 {}억 원을 들인다",
    "재산세를 {}% 깎아 준다", "낡은 다리 {}곳을 고친다", "신청서를 우편으로 받는다", "학교 앞 건널목에 불을 켠다",
)  # fmt: skip
COUNTED = (
    "○ ", "{1}. ", "{1}) ", "({1}) ", "<{1}> ", "[사례 {1}] ", "과제 {1}. ", "Q{1}. ", "{1}단계: ", "제{1}과제: ",
    "2-{1}. ", "{0} ", "{2}. ", "{3}, ", "{4} ", "{1}\ufe0f\u20e3 ",
)  # fmt: skip
ROWS = "①②③④⑤⑥⑦⑧⑨", "가나다라마바사아자", "첫째 둘째 셋째 넷째 다섯째 여섯째 일곱째 여덟째 아홉째".split(), "❶❷❸❹❺❻❼❽❾"


@pytest.mark.parametrize("seed", range(400))
def test_of_a_list_the_edited_figure_is_the_only_fact_however_its_items_are_counted(seed: int) -> None:
    draw = Random(seed)
    style, chosen = draw.choice(COUNTED), draw.sample(ITEMS[:-1], draw.randint(3, 7))
    values = {item: str(draw.randint(11, 99)) for item in ITEMS}
    kept = [chosen.index(item) for item in chosen]
    items = [[*chosen, ITEMS[-1]][k] for k in reordered(draw, kept, len(chosen))]
    figures = [item for item in chosen if item in items and "{}" in item]
    edited = {item: str(draw.randint(100, 999)) for item in figures[: draw.randint(0, 1)]}

    def body(listed: list[str], said: dict[str, str]) -> tuple[Block, ...]:
        heads = [style.format(ROWS[0][k], k + 1, ROWS[1][k], ROWS[2][k], ROWS[3][k]) for k in range(len(listed))]
        return tuple(
            Block("paragraph", head + item.format(said[item])) for head, item in zip(heads, listed, strict=True)
        )

    state = article(body=body(chosen, values))
    found = compare(state, replace(state, body=body(items, values | edited)))
    assert len(found.facts) == len(edited)
    lists = {"body", "number", "paragraph-added", "paragraph-removed", "paragraph-moved"}
    assert set(found.labels) <= lists | ({"quantity", "money", "percent"} if edited else set())


def filled(words: list[str], width: int) -> tuple[Block, ...]:
    """Fill lines with words, as a file's printed lines are."""
    lines = [""]
    for word in words:
        if lines[-1] and len(lines[-1]) + len(word) >= width:
            lines.append("")
        lines[-1] = f"{lines[-1]} {word}".strip()
    return tuple(Block("paragraph", line) for line in lines)


@pytest.mark.parametrize("seed", range(400))
def test_of_lines_that_were_filled_anew_the_edited_figure_is_the_only_fact(seed: int) -> None:
    draw = Random(seed)
    chosen = draw.sample(SENTENCES, draw.randint(2, 7))
    old = " ".join(one.format(draw.randint(11, 99)) for one in chosen).split()
    figures = [k for k, word in enumerate(old) if word[0].isdigit()]
    new, width = list(old), draw.randint(28, 44)
    at = draw.choice(figures) if figures else None
    if at is not None:
        new[at] = draw.choice(("7", "118", "1,234")) + old[at].lstrip("0123456789")
    came = draw.choice(([], ["한편"]))
    state = article(body=filled(old, width))
    found = compare(state, replace(state, body=filled([*came, *new], width + draw.choice((-2, -1, 0, 1, 2)))))
    assert len(found.facts) == (at is not None)
    bounds = {"body", "paragraph-split", "paragraph-merged"}
    values = {"quantity", "money", "percent"} if at is not None else set()
    assert set(found.labels) <= bounds | values | ({"wording"} if came else set())
