"""Tables in reports: what differs stands in the cells that it is of, and rows that came or went are rows."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from lxml import html

from diffing import words
from diffing.reports import as_html
from diffing.reports.grids import cells
from diffing.reports.items import WordRun
from storage.records import Comparison, FieldChange, Op
from tests.report_samples import change, report

LOAN = "구분\t현행\t개선\n금리\t4.3% 이하\t4.3% 고정\n한도\t5,000만 원\t1억 원"
CELL = st.text("가나다 12,%", min_size=1, max_size=6).filter(lambda text: text.strip() == text)
TABLE = st.integers(2, 4).flatmap(
    lambda columns: st.lists(st.lists(CELL, min_size=columns, max_size=columns), min_size=1, max_size=5)
)


def written(grid: tuple[tuple[tuple[WordRun, ...], ...], ...], *tags: str) -> str:
    """Write the side of a grid that runs of these tags make, without rows that are of the other side alone."""
    rows = [["".join(text for tag, text in cell if tag in tags) for cell in row] for row in grid]
    return "\n".join("\t".join(row) for row in rows if any(row))


def test_a_figure_that_changed_stands_in_its_cell():
    grid = cells(words.diff(LOAN, LOAN.replace("4.3% 이하", "5.3% 이하")))
    assert [len(row) for row in grid] == [3, 3, 3]
    assert grid[1][1] == (("delete", "4.3"), ("insert", "5.3"), ("keep", "% 이하"))
    assert all(tag == "keep" for row in (grid[0], grid[2]) for cell in row for tag, _ in cell)


def test_a_row_that_came_is_a_row():
    head, *rows = LOAN.split("\n")
    grid = cells((("keep", f"{head}\n{rows[0]}"), ("insert", f"\n{rows[1]}")))
    assert [len(row) for row in grid] == [3, 3, 3]
    assert grid[2] == tuple((("insert", cell),) for cell in rows[1].split("\t"))


@pytest.mark.parametrize(
    "runs",
    [
        (("keep", "정부는 "), ("delete", "10곳"), ("insert", "20곳"), ("keep", "을 연다.\n그리고 닫는다.")),
        (("keep", "가\t"), ("delete", "나\t다"), ("insert", "라"), ("keep", "\t마")),
        (("keep", "가\t나"), ("delete", "\n다\t라\n"), ("keep", "마\t바")),
        (("delete", "가\t나"), ("insert", "다\t라"), ("keep", "\n마\t바")),
    ],
    ids=["no table", "across cells", "two rows run into one", "a row in the place of another without a line between"],
)
def test_what_is_no_table_or_crosses_its_cells_is_told_as_text(runs: tuple[WordRun, ...]):
    assert cells(runs) == ()


@given(TABLE, TABLE)
def test_a_grid_says_both_tables_cell_by_cell(one: list[list[str]], other: list[list[str]]):
    old, new = ("\n".join("\t".join(row) for row in table) for table in (one, other))
    for runs in (words.diff(old, new), (("delete", f"{old}\n"), ("insert", new)), (("insert", new),)):
        grid = cells(runs)
        if grid:
            assert written(grid, "keep", "insert") == new
        if grid and runs[0][0] != "insert":
            assert written(grid, "keep", "delete") == old


def test_a_report_shows_a_table_as_one_on_one_page_and_on_either_side():
    new = LOAN.replace("1억 원", "2억 원")
    op = Op("replace", LOAN, new, words.diff(LOAN, new))
    page = html.fromstring(as_html.render(report(change(comparison=Comparison(fields=(FieldChange("body", (op,)),))))))
    tables = page.xpath("//div[@class='grid']/table")
    assert [[len(row) for row in one.xpath(".//tr")] for one in tables] == [[3, 3, 3]] * 3
    inline, before, after = (one.xpath(".//tr[3]/td[3]")[0].text_content() for one in tables)
    assert ("1" in before, "2" in before, "1" in after, "2" in after) == (True, False, False, True)
    assert "1" in inline
    assert "2" in inline
