"""Assumptions about lists: rows, totals, rows a page, paging and filters."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from crawler.list_page import GRID_ROWS, ListPage, Row
from crawler.probe.assumption import (
    NOTHING,
    CannotTellError,
    Finding,
    Gathered,
    Seen,
    assume,
    differs,
    each,
    holds,
    report,
    unclear,
)
from crawler.sections import SECTIONS

ROWS_A_PAGE = {"press-release": 20, "expert-document": 20, "speech": 30}
"""What was reported; of other lists nobody has."""
_NO_LIST = "Nothing to mend: nobody had seen this list; its articles come by other lists, the sitemap and links."


def read_list(section: str, seen: Seen) -> ListPage:
    """Read a section's list as the crawler does."""
    return SECTIONS[section].list_page(seen.text)


def _each_list(
    gathered: Gathered, judge: Callable[[str, Seen, ListPage], Iterator[Finding]], kind: str = "list"
) -> Iterator[Finding]:
    """Judge every list that came and has rows."""

    def read(section: str, seen: Seen) -> Iterator[Finding]:
        page = read_list(section, seen)
        if page.rows():
            yield from judge(section, seen, page)

    yield from each(gathered, kind, read)


@assume("list", "Every section's list is there, with rows that lead to its articles.", "lists")
def list_(gathered: Gathered) -> Iterator[Finding]:
    """Read every list."""
    for section in gathered.of_kind("list"):
        try:
            yield _list(gathered, section, gathered.answer(f"list:{section}"))
        except CannotTellError as reason:
            yield unclear(str(reason), gathered.asked(f"list:{section}"), section)


def _list(gathered: Gathered, section: str, seen: Seen) -> Finding:
    confirmed = SECTIONS[section].entries()[0].confirmed  # It alone is asked for.
    if seen.status != 200:
        how = f"{seen.capture.url} answers {seen.status}."
        return differs(how, seen, report() if confirmed else _NO_LIST, section)
    page = read_list(section, gathered.page(f"list:{section}"))
    rows = page.rows()
    known = [row for row in rows if _article(gathered, row, seen)]
    if known:
        return holds(f"{len(rows)} rows", seen, section)
    if rows:
        return differs(f"None of its {len(rows)} rows leads to an article: {rows[0].link}", seen, report(), section)
    how = "It is an empty list." if page.recognises() else "No row was found in it."
    return differs(how, seen, report() if confirmed else _NO_LIST, section)


def _article(gathered: Gathered, row: Row, seen: Seen) -> str | None:
    address = gathered.portal.address(row.link, seen.capture.url)
    return address.article if address is not None else None


@assume("rows", "Rows are marked up as reported of each list.", "lists")
def row_shape(gathered: Gathered) -> Iterator[Finding]:
    """See which shape found the rows."""

    def judge(section: str, seen: Seen, page: ListPage) -> Iterator[Finding]:
        expected, found = SECTIONS[section].rows, page.shape()
        if found is expected:
            yield holds(found.name, seen, section)
        elif found is not None:
            how = f"They are written as “{found.name}” rows, not as “{expected.name}”."
            yield differs(how, seen, NOTHING, section)

    yield from _each_list(gathered, judge)


@assume("row-fields", "Every row has a title, and a date but under pictures.", "lists")
def row_fields(gathered: Gathered) -> Iterator[Finding]:
    """Count rows that lack one."""

    def judge(section: str, seen: Seen, page: ListPage) -> Iterator[Finding]:
        rows = page.rows()
        lacking = ["title"] if any(not row.title for row in rows) else []
        if page.shape() is not GRID_ROWS and any(not row.published for row in rows):
            lacking.append("date")
        if lacking:
            mend = report() if "title" in lacking else "Nothing to mend: rows without a date pass --since and --until."
            yield differs(f"Some of its {len(rows)} rows have no {' and no '.join(lacking)}.", seen, mend, section)
        else:
            yield holds(f"{rows[0].published or 'no date'} to {rows[-1].published or 'no date'}", seen, section)

    yield from _each_list(gathered, judge)


@assume("total", "Lists say how many articles they have (“총 N 건”).", "lists")
def total(gathered: Gathered) -> Iterator[Finding]:
    """Look for the total."""

    def judge(section: str, seen: Seen, page: ListPage) -> Iterator[Finding]:
        number = page.total()
        if number is None:
            yield differs("It says no total.", seen, "Nothing to mend: pages are turned until no row is new.", section)
        else:
            yield holds(f"{number:,}", seen, section)

    yield from _each_list(gathered, judge)


@assume("page-size", "Press releases and expert documents come 20 a page, speeches 30.", "lists")
def page_size(gathered: Gathered) -> Iterator[Finding]:
    """Count the rows of full pages."""

    def judge(section: str, seen: Seen, page: ListPage) -> Iterator[Finding]:
        wanted, rows, all_ = ROWS_A_PAGE.get(section), len(page.rows()), page.total()
        if wanted is None:
            return
        if rows == wanted:
            yield holds(f"{rows} rows", seen, section)
        elif all_ is not None and all_ <= rows:
            yield unclear(f"It has no more than {rows} articles.", seen, section)
        else:
            yield differs(f"{rows} rows a page.", seen, "Nothing to mend: whatever a page holds is read.", section)

    yield from _each_list(gathered, judge)


@assume("paging-post", "A POST of the list's form with pageIndex=2 gives other rows.", "lists", "paging")
def paging_post(gathered: Gathered) -> Iterator[Finding]:
    """Compare the rows of the page posted for with those of the first."""

    def judge(section: str, seen: Seen) -> Iterator[Finding]:
        before, after = _two_pages(gathered, section, seen)
        if after and not after & before:
            yield holds(f"{len(after)} other rows", seen, section)
        elif not after:
            yield differs("It brought a page without rows.", seen, report(), section)
        else:
            yield differs(f"{len(after & before)} of its {len(after)} rows stood on page 1.", seen, report(), section)

    yield from each(gathered, "paging-post", judge)


@assume("paging-get", "A GET with pageIndex=2 is ignored: it gives page 1 again.", "lists", "paging")
def paging_get(gathered: Gathered) -> Iterator[Finding]:
    """Compare likewise."""

    def judge(section: str, seen: Seen) -> Iterator[Finding]:
        before, after = _two_pages(gathered, section, seen)
        if after and after <= before:
            yield holds("page 1 again", seen, section)
        elif after:
            yield differs(f"It works: {len(after - before)} other rows.", seen, NOTHING, section)
        else:
            yield differs("It brought a page without rows.", seen, NOTHING, section)

    yield from each(gathered, "paging-get", judge)


def _two_pages(gathered: Gathered, section: str, second: Seen) -> tuple[set[str], set[str]]:
    first = gathered.page(f"list:{section}")
    return _links(gathered, section, first), _links(gathered, section, second)


def _links(gathered: Gathered, section: str, seen: Seen) -> set[str]:
    rows = read_list(section, seen).rows()
    return {_article(gathered, row, seen) or row.link for row in rows}


FILTERED = "press-release"
"""The section whose list is filtered: the largest, and of all ministries."""


@assume("filter-ministry", "Lists can be filtered by repCode, by POST and by GET.", "filters")
def filter_ministry(gathered: Gathered) -> Iterator[Finding]:
    """See whether all rows are of the one ministry asked for."""
    yield from _filtered(gathered, "repCode", lambda row, first: row.source is not None and row.source == first.source)


@assume("filter-dates", "Lists can be filtered by startDate and endDate, by POST and by GET.", "filters")
def filter_dates(gathered: Gathered) -> Iterator[Finding]:
    """See whether all rows are of the one day asked for."""
    yield from _filtered(gathered, "dates", lambda row, first: row.published == first.published)


@assume("filter-word", "Lists can be searched by srchWord, by POST and by GET.", "filters")
def filter_word(gathered: Gathered) -> Iterator[Finding]:
    """See whether other rows came than without the word, that of the word among them."""
    yield from _filtered(gathered, "srchWord", None)


def _filtered(gathered: Gathered, name: str, fits: Callable[[Row, Row], bool] | None) -> Iterator[Finding]:
    """Judge a filter by both methods."""
    for method in ("POST", "GET"):
        question = f"filter-{name}:{method}"
        try:
            yield _one_filter(gathered, gathered.page(question), method, fits)
        except CannotTellError as reason:
            yield unclear(str(reason), gathered.asked(question), method)


def _one_filter(gathered: Gathered, seen: Seen, method: str, fits: Callable[[Row, Row], bool] | None) -> Finding:
    plain = _links(gathered, FILTERED, gathered.page(f"list:{FILTERED}"))
    rows = read_list(FILTERED, seen).rows()
    links = _links(gathered, FILTERED, seen)
    if not rows:
        return differs("It brought no rows.", seen, report(), method)
    if links == plain:
        return differs("It is ignored: the same rows as without.", seen, _WITHOUT, method)
    wrong = [row for row in rows if fits is not None and not fits(row, rows[0])]
    if wrong:
        return differs(f"{len(wrong)} of {len(rows)} rows do not fit: {wrong[0].title[:40]}", seen, _WITHOUT, method)
    return holds(f"{len(rows)} rows", seen, method)


_WITHOUT = "Nothing to mend: rows are held against since, until and ministries once more when they come."
