"""What an element of a page is, apart from what it says: seen or hidden, block or inline, a table or a frame."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping

from selectolax.lexbor import LexborNode

from crawler.cleaning import WHITE_SPACE, fold

# A text that was pasted with a page of its own around it brings that page's <head> and <title>
SILENT = frozenset(
    "script style noscript template iframe object embed svg canvas audio video button input select textarea head "
    "title meta link source datalist noembed noframes".split()
)
BLOCKS = frozenset(
    "address article aside body blockquote caption center dd details dialog div dl dt fieldset figcaption figure "
    "footer form h1 h2 h3 h4 h5 h6 header hr html legend li main menu nav ol p pre section summary table tbody td "
    "tfoot th thead tr ul".split()
)
# <span class="sr-only">새창으로 열림</span>: read by screen readers only; <i class="tooltip">부처별 뉴스 이동</i>
_HIDDEN_CLASSES = frozenset({"sr-only", "sr_only", "blind", "hidden", "hide", "skip", "visually-hidden", "tooltip"})
_MAY_HIDE = ", ".join(
    ["[hidden]", '[style*="display" i]', '[style*="visibility" i]', *(f".{name}" for name in sorted(_HIDDEN_CLASSES))]
)
"""What matches every element that may be hidden."""
# <p style="display: none">
_NOT_SHOWN = re.compile(r"display\s*:\s*none|visibility\s*:\s*hidden", re.IGNORECASE)


def visible(node: LexborNode, *, without: frozenset[str] = frozenset()) -> str:
    """Give the text that a reader sees of an element, ``<br>`` as a line feed, without certain tags and classes."""
    if (plain := plain_text(node)) is not None:
        return plain
    parts: list[str] = []
    open_elements = [node.iter(include_text=True)]
    while open_elements:
        for child in open_elements[-1]:
            tag = child.tag or ""
            if tag == "-text":
                parts.append((child.text_content or "").replace("\n", " "))
            elif tag == "br":
                parts.append("\n")
            elif not tag.startswith("-") and not is_hidden(child):
                if without and (tag in without or not without.isdisjoint(classes(child))):
                    continue
                # Two blocks are two words even where the source has no blank between them.
                if tag in BLOCKS:
                    parts.append(" ")
                open_elements.append(child.iter(include_text=True))
                break
        else:
            open_elements.pop()
    return "".join(parts)


def plain_text(node: LexborNode) -> str | None:
    """Give the text of an element that holds nothing else, its line feeds as spaces; None where it holds elements."""
    only = node.first_child
    if only is None:
        return ""
    if not only.is_text_node or only.next is not None:
        return None
    return (only.text_content or "").replace("\n", " ")


def is_hidden(node: LexborNode, *, silent: bool = True) -> bool:
    """Say whether a reader of the page does not see this element.

    Args:
        node: The element.
        silent: Count elements that say no words, such as films and buttons, as hidden.
    """
    if silent and node.tag in SILENT:
        return True
    attributes = node.attributes
    return bool(attributes) and is_marked_hidden(attributes)


def is_marked_hidden(attributes: Mapping[str, str | None]) -> bool:
    """Say whether an element's attributes hide it from a reader of the page."""
    if "hidden" in attributes:
        return True
    if (named := attributes.get("class")) and not _HIDDEN_CLASSES.isdisjoint(named.split()):
        return True
    style = attributes.get("style")
    return bool(style and _NOT_SHOWN.search(style))


def classes(node: LexborNode) -> set[str]:
    """Give the element's class names."""
    attributes = node.attributes
    return set((attributes.get("class") or "").split()) if attributes else set()


def rows_of(table: LexborNode) -> list[list[LexborNode]]:
    """Give the table's own rows, of thead, tbody and tfoot, without those of nested tables."""
    rows: list[list[LexborNode]] = []
    # Most tables hide nothing, which one search tells sooner than the attributes of every cell.
    hides = table.css_first(_MAY_HIDE) is not None
    for part in table.iter():
        if hides and is_hidden(part, silent=False):
            continue
        for row in part.iter() if part.tag in {"thead", "tbody", "tfoot"} else [part]:
            # A sheet pasted from Excel ends with a row that is not shown: <tr height=0 style='display:none'>
            if row.tag != "tr" or (hides and is_hidden(row, silent=False)):
                continue
            cells = [cell for cell in row.iter() if cell.tag in {"td", "th"}]
            if hides:
                cells = [cell for cell in cells if not is_hidden(cell, silent=False)]
            if cells:
                rows.append(cells)
    return rows


def is_frame(table: LexborNode, rows: list[list[LexborNode]]) -> bool:
    """Say whether a table is drawn around its content, which is then read as what it is."""
    cells = sum(map(len, rows))
    nested = len(table.css("table")) > 1 and any(cell.css_first("table") is not None for row in rows for cell in row)
    return cells <= 1 or nested or frames_pictures(rows)


def frames_pictures(rows: list[list[LexborNode]]) -> bool:
    """Say whether a table of one column holds pictures, each with no more than a text under it."""
    if len(rows) < 2 or any(len(row) > 1 or row[0].css_first("table") is not None for row in rows):
        return False
    pictures = sum(1 for row in rows if row[0].css_first("img") is not None)
    texts = sum(1 for row in rows if fold(visible(row[0])))
    return pictures > 0 and texts <= pictures


def spilt(body: LexborNode) -> list[LexborNode]:
    """Give what stands behind a body's element and is of the body still, for an end tag too many closed it early.

    The text of an article is written elsewhere and may hold a ``</div>`` of its own. The rest of it then stands in
    what is around the element, and so does the article's footer, which else follows next to ``.article_body``.
    """
    around = body.parent
    holder = around if around is not None and "article_body" in classes(around) else body
    if any(_is_article_footer(one) for one in _behind(holder)):
        return []
    found: list[LexborNode] = []
    node: LexborNode | None = body
    while node is not None and node.tag != "body":
        for one in _behind(node):
            if _is_article_footer(one):
                return found
            found.append(one)
        node = node.parent
    return []


def _behind(node: LexborNode) -> Iterator[LexborNode]:
    """Give the nodes that stand behind this one in the same element."""
    behind = node.next
    while behind is not None:
        yield behind
        behind = behind.next


def _is_article_footer(node: LexborNode) -> bool:
    return node.is_element_node and "article_footer" in classes(node)


def is_inline(node: LexborNode | None) -> bool:
    """Say whether this is an element that stands in a line of text."""
    return node is not None and node.is_element_node and node.tag not in BLOCKS and node.tag != "br"


def unwrapped(node: LexborNode, text: str) -> str:
    """Drop the line breaks that only lay out the source between the spans of one word."""
    inner = text.strip(WHITE_SPACE)
    if not inner:
        return "" if is_inline(node.prev) or is_inline(node.next) or is_inline(node.parent) else text
    if not is_inline(node.parent):
        return text
    start = len(text) - len(text.lstrip(WHITE_SPACE))
    end = len(text.rstrip(WHITE_SPACE))
    before = "" if "\n" in text[:start] else text[:start]
    after = "" if "\n" in text[end:] else text[end:]
    return before + inner + after
