"""A list page: its rows, the form that pages it, its last page, its total, and the further lists it leads to.

The portal's lists come in several shapes, and which of them some sections use nobody has shown. Every page is
therefore asked for the shape expected of it first and then for all others; a link in a box beside the list is never
a row of it.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from html import unescape

from selectolax.lexbor import LexborNode

from crawler.bylines import is_byline
from crawler.cleaning import day, fold, without_day
from crawler.elements import classes, visible
from crawler.markup import breaks_off, parse


@dataclass(frozen=True, slots=True)
class Row:
    """One row of a list: the link as printed, title, date, source as far as the list gives them."""

    link: str
    title: str
    published: str | None
    source: str | None


@dataclass(frozen=True, slots=True)
class RowShape:
    """How rows are marked up: a name, and where they, or a part of each, stand."""

    name: str
    where: str


NEWS_ROWS = RowShape("news", ".list_type li")
"""``div.list_type > ul > li > a > span.text > strong``, also ``div.list_type.type2`` with ``goDetailView``."""
TABLE_ROWS = RowShape("table", ".table_list tbody tr, table tbody tr")
"""``.table_list tbody tr`` of speeches, ``tbody tr`` of briefings: ministry, title, date, presenter."""
ITEM_ROWS = RowShape("item", "main li .source, #container li .source")
"""``li > a[onclick="goView(…)"] strong`` with ``.source span``, as the state council's list."""
GRID_ROWS = RowShape(
    "grid", "main li a, #container li a, main dl a, #container dl a, main figure a, #container figure a"
)
"""Pictures with a title under each, as photo and card lists may be; any link to an article in an item counts."""
SHAPES = (NEWS_ROWS, TABLE_ROWS, ITEM_ROWS, GRID_ROWS)

# pageLink(1513); return false;
_PAGE_LINK = re.compile(r"pageLink\(\s*['\"]?([0-9]{1,9})\b")
# goView('/briefing/stateCouncilView.do?newsId=148…',''), goDetailView("/briefing/…"), goDetailView('393231')
_SCRIPT_LINK = re.compile(r"go\w{0,40}\(\s*['\"]([^'\"]+)['\"]")
# /briefing/pressReleaseView.do?newsId=156782518, /video/index.html?newsId=148971500
_ARTICLE_LINK = re.compile(r"View\.do|/video/index\.html\?")
# goDetailView('393231'): the key alone
_BARE_KEY = re.compile(r"[0-9]{3,12}")
# 총 1,513 건, 총 <em>30</em>건
_TOTAL = re.compile(r"(?:총|전체)\s*:?\s*([0-9][0-9,]{0,12})\s*건?")
# What stands beside a list: rankings, newest news, banners, the way to the articles before and after
_BESIDE = re.compile(
    r"as_side|as_sns|as_tab|side_row|trend|area_banner|area_page|banner|rank|popular|related|rbody|recommend|foot_|gnb|lnb"
    r"|breadcrumbs|quick"
)
_BESIDE_TAGS = frozenset({"aside", "header", "footer", "nav"})
_ROW_TAGS = frozenset({"li", "tr", "dl", "figure"})


class ListPage:
    """A list page.

    Args:
        html: The page, decoded.
        expected: The shape that the section's rows are known to have; it is asked first.
        view: The start of an article's address up to its key, ``/archive/recruitInfoView.do?dataId=``, for rows
            whose script names the key alone.
    """

    def __init__(self, html: str, expected: RowShape | None = None, view: str | None = None) -> None:
        # Behind the place at which a page breaks off may be rows, and a walk would not come back for them.
        self._tree = parse("" if breaks_off(html) else html)
        self._shapes = sorted(SHAPES, key=lambda one: one is not expected)
        self._view = view

    def recognises(self) -> bool:
        """Say whether this is a list at all, be it an empty one."""
        marks = ".list_type, .table_list, #mainForm, form[name=mainForm], table tbody tr a[href]"
        return self._tree.css_first(marks) is not None or bool(self.rows())

    def says_empty(self) -> bool:
        """Tell whether the list says itself that it holds nothing."""
        return self._tree.css_first(".list_type .no_data, .table_list .no_data") is not None

    def rows(self) -> list[Row]:
        """Give the rows in order, each article once; a row is an item or a table row that links to an article."""
        if self.says_empty():
            return []
        return next((rows for shape in self._shapes if (rows := self._rows(shape))), [])

    def shape(self) -> RowShape | None:
        """Give the shape in which the rows were found, None when there are none."""
        return next((shape for shape in self._shapes if self._rows(shape)), None) if self.rows() else None

    def _rows(self, shape: RowShape) -> list[Row]:
        # A row found by several selectors, or by several of its parts, is one row; recruit lists repeat their rows.
        nodes = {node.mem_id: node for part in self._tree.css(shape.where) if (node := _row_around(part)) is not None}
        rows: dict[str, Row] = {}
        for node in nodes.values():
            row = self._row(node)
            if row is not None and (row.link not in rows or not rows[row.link].title):
                rows[row.link] = row
        return list(rows.values())

    def form(self) -> dict[str, str]:
        """Give the hidden fields of ``#mainForm``, which pages the list by POST."""
        return {
            name: node.attributes.get("value") or ""
            for node in self._tree.css("#mainForm input[name], form[name=mainForm] input[name]")
            if (name := node.attributes.get("name"))
            and (node.attributes.get("type") or "hidden").lower() not in {"submit", "button", "checkbox", "radio"}
        }

    def last_page(self) -> int | None:
        """Give the highest page that the pager links to, None without a pager."""
        numbers = [
            int(number)
            for link in self._tree.css(".paging [onclick], .paging a[href], .paginate [onclick], .pagination [onclick]")
            for number in _PAGE_LINK.findall(_scripts(link))
        ]
        return max(numbers, default=None)

    def total(self) -> int | None:
        """Give how many articles the list says it has (``총 1,513 건``), None where it does not say."""
        for node in self._tree.css(".result, .total, .list_total"):
            if not _is_beside(node) and (found := _TOTAL.search(fold(visible(node)))):
                return int(found.group(1).replace(",", ""))
        return None

    def sublists(self, path: str, key: str) -> list[str]:
        """Give the links to further lists, in order, each once.

        Args:
            path: Where such a list stands, ``/news/policyFocusList.do``.
            key: The parameter that tells one from another, ``pkgId``.
        """
        name = path.rpartition("/")[2]
        # policyFocusList.do?pkgId=49500845&pWise=sub in an href, an onclick or an option's value
        whole = re.compile(
            rf"{re.escape(name)}\?[^'\"\s)]{{0,500}}?\b{re.escape(key)}=([0-9A-Za-z]{{1,20}})(?![0-9A-Za-z,])"
        )
        # goList('A00015'), goPkg("49500845")
        bare = re.compile(r"go\w{0,40}\(\s*['\"]([A-Z][0-9]{5}|[0-9]{6,10})['\"]")
        found: dict[str, None] = {}
        for node in self._tree.css("a, button, option"):
            if _is_beside(node):
                continue
            said = unescape(f"{_scripts(node)} {node.attributes.get('value') or ''}")
            match = whole.search(said) or bare.search(said)
            if match:
                found[f"{path}?{key}={match.group(1)}"] = None
        return list(found)

    def _row(self, node: LexborNode) -> Row | None:
        best: tuple[str, str] | None = None
        for link in node.css("a"):
            if (target := self._target(link)) is None:
                continue
            title = fold(visible(link.css_first("strong") or link))
            if best is None or title:
                best = target, title
            if title:
                break
        if best is None:
            return None
        if not best[1]:
            best = best[0], _other_title(node)
        cells = list(_cells(node))
        published = next((found for cell in cells if (found := day(cell))), None)
        names = [name for cell in cells if (name := without_day(cell)) and is_byline(name)]
        return Row(best[0], best[1], published, names[0] if names else None)

    def _target(self, link: LexborNode) -> str | None:
        """The address of the article that a link leads to, None when it leads to none."""
        href = link.attributes.get("href") or ""
        script = _SCRIPT_LINK.search(_scripts(link))
        if script and self._view and _BARE_KEY.fullmatch(script.group(1)):
            return self._view + script.group(1)
        target = script.group(1) if script else href
        return target if _ARTICLE_LINK.search(target) else None


def _scripts(node: LexborNode) -> str:
    return f"{node.attributes.get('onclick') or ''} {node.attributes.get('href') or ''}"


def _cells(node: LexborNode) -> Iterator[str]:
    """The texts of a row beside its title: date, ministry, presenter."""
    # <td>…<a>title</a>…</td> is the title's cell; <span class="source"> may hold its texts without spans.
    cells = [fold(visible(cell)) for cell in node.css(".source span, td") if cell.css_first("a") is None]
    cells = [cell for cell in cells or [fold(visible(cell)) for cell in node.css(".source")] if cell]
    yield from cells or [fold(visible(cell)) for cell in node.css(".date, .info span, time, em, i, span.day")]


def _other_title(node: LexborNode) -> str:
    """The title of a row whose link holds only a picture: printed beside it, else the picture's description."""
    beside = node.css_first("strong, .tit, .title, .text, figcaption, dt")
    if beside is not None and (text := fold(visible(beside))):
        return text
    image = node.css_first("img[alt]")
    return fold(image.attributes.get("alt") or "") if image is not None else ""


def _is_beside(node: LexborNode) -> bool:
    above: LexborNode | None = node
    while above is not None:
        if above.tag in _BESIDE_TAGS or any(_BESIDE.search(name) for name in classes(above)):
            return True
        above = above.parent
    return False


def _row_around(part: LexborNode) -> LexborNode | None:
    """The row that holds ``part``, None in a box beside the list: rankings, newest news, banners."""
    if _is_beside(part):
        return None
    above: LexborNode | None = part
    while above is not None and above.tag not in _ROW_TAGS:
        above = above.parent
    return above
