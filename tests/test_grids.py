"""Tables in reports: what differs stands in the cells that it is of, and rows that came or went are rows."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from lxml import html
from markdown_it import MarkdownIt

from diffing import words
from diffing.reports import as_html, as_markdown
from diffing.reports.grids import cells
from diffing.reports.items import WordRun
from diffing.reports.phrases import Words
from diffing.reports.summary import summary
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


@given(TABLE, TABLE)
def test_markdown_shows_a_table_as_one_and_every_cell_in_its_place(one: list[list[str]], other: list[list[str]]):
    old, new = ("\n".join("\t".join(row) for row in table) for table in (one, other))
    runs = words.diff(old, new)
    if not (grid := cells(runs)):
        return
    op = Op("replace", old, new, runs)
    text = as_markdown.render(report(change(comparison=Comparison(fields=(FieldChange("body", (op,)),)))))
    page = html.fromstring(MarkdownIt("commonmark").enable(["table", "strikethrough"]).render(text))
    (shown,) = page.xpath("//blockquote//table")
    found = [[cell.text_content() for cell in row.xpath("./th|./td")] for row in shown.xpath(".//tr")]
    width = max(map(len, grid))
    assert [len(row) for row in found] == [width] * len(grid)
    for row, made in zip(found, grid, strict=True):
        for said, cell in zip(row, made, strict=False):
            assert [text.strip() in said for _, text in cell] == [True] * len(cell)


@pytest.mark.parametrize("text", ["가|나", "`가|나`", "<b>가</b>", "\\", "[가](http://example.org)", "# 가", "---"])
def test_a_cell_of_a_markdown_table_is_text(text: str):
    op = Op("insert", None, f"{text}\t{text}\n둘\t셋")
    page = as_markdown.render(report(change(comparison=Comparison(fields=(FieldChange("body", (op,)),)))))
    shown = html.fromstring(MarkdownIt("commonmark").enable(["table", "strikethrough"]).render(page))
    (found,) = shown.xpath("//blockquote//table")
    said = [[cell.text_content() for cell in row.xpath("./th|./td")] for row in found.xpath(".//tr")]
    assert said == [[f"{{추가 {each}}}" for each in row] for row in ((text, text), ("둘", "셋"))]
    assert {one.tag for one in found.iterdescendants()} == {"thead", "tbody", "tr", "th", "td", "strong"}


@pytest.mark.parametrize(
    ("rows", "korean", "english"),
    [
        (["가구\t1억 원", "청년\t2억 원", "노인\t3억 원"], "표의 행 1개 추가", "1 table row added"),
        ([], "표의 행 2개 삭제", "2 table rows removed"),
        (["청년\t2억 원", "가구\t1억 원"], "표의 행 1개 이동", "1 table row moved"),
        (["가구\t1억 원", "청년\t4억 원"], "표현 바뀜", "Wording changed"),
        (
            ["가구\t1억 원 이하", "청년\t2억 원", "노인\t3억 원"],
            "표의 행 1개 추가; 표현 바뀜",
            "1 table row added; wording changed",
        ),
    ],
)
def test_a_summary_says_which_rows_came_went_and_moved(rows: list[str], korean: str, english: str):
    old, new = ("\n".join(["구분\t금액", *each]) for each in (["가구\t1억 원", "청년\t2억 원"], rows))
    table = Op("replace", old, new, words.diff(old, new))

    def told(*fields: FieldChange) -> list[str]:
        made = change(comparison=Comparison(fields=fields, labels=("body", "wording")))
        return [summary(made, Words(lang)) for lang in ("ko", "en")]

    assert told(FieldChange("body", (table,))) == [korean, english]
    # Whose words changed is not known where others did, too.
    other = Op("replace", "정부가 돕는다.", "정부가 거든다.", words.diff("정부가 돕는다.", "정부가 거든다."))
    for more in (
        (FieldChange("body", (table, other)),),
        (FieldChange("title", (other,)), FieldChange("body", (table,))),
    ):
        assert [said.endswith(last) for said, last in zip(told(*more), ("표현 바뀜", "ording changed"), strict=True)]


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("가구를 돕는다.\n청년을 돕는다.", "가구를 돕는다.\n청년을 돕는다.\n노인을 돕는다."),
        ("가구를 돕는다.", "가구를 돕는다.\n청년\t돕는다."),
        ("가구를 돕는다.\n청년\t돕는다.", "가구를 돕는다."),
    ],
    ids=["lines", "lines that became a table", "a table that became a line"],
)
def test_of_lines_that_are_no_table_no_row_is_counted(old: str, new: str):
    op = Op("replace", old, new, words.diff(old, new))
    made = change(comparison=Comparison(fields=(FieldChange("body", (op,)),), labels=("body", "wording")))
    assert [summary(made, Words(lang)) for lang in ("ko", "en")] == ["표현 바뀜", "Wording changed"]
