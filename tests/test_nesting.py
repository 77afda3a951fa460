"""No page makes a tree so deep or so large that reading it fills the memory or takes minutes."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st
from selectolax.lexbor import LexborHTMLParser

from crawler import nesting
from crawler.markup import MOST_MARKS, outsized, parse

PAGES = sorted(Path(__file__).parent.glob("golden/sections/**/page.html"))
DEEP, LARGE = 12, 400
FRAGMENTS = (
    "<div>", "</div>", "<p>", "</p>", "<b>", "<b id=1>", "<b id=2>", "<b id=3 a='>'>", "</b>", "<i x=/>",
    "</i>", "<a href=x>", "</a>", "<span>", "</span>", "<table>", "</table>", "<tr>", "</tr>", "<td>", "</td>",
    "<caption>", "<ul>", "</ul>", "<li>", "</li>", "<select>", "</select>", "<option>", "<xmp>", "</xmp>",
    "<script>", "</script>", "<template>", "</template>", "<form>", "</form>", "<svg>", "</svg>", "<svg/>",
    "<math>", "</math>", "<style>", "</style>", "<img>", "<br/>", "<![CDATA[", "]]>", "<!--", "-->", "<!-->",
    "<!x ", "</ ", "<h1>", "</h2>", "<button>", "</button>", "<body>", "</body>", "<dd>", "<dt>", "글", ">", '"',
    '<div a="', '<p ="',
)  # fmt: skip


def _tree(page: str) -> tuple[int, int]:
    """Give how deep the page's tree is and how many elements it has."""
    deepest = number = 0
    open_nodes = [(LexborHTMLParser(page).root, 1)]
    while open_nodes:
        node, depth = open_nodes.pop()
        deepest, number = max(deepest, depth), number + 1
        open_nodes += [(child, depth + 1) for child in node.iter()]
    return deepest, number


@pytest.mark.parametrize(
    "page",
    [
        "<div>" * 20_000,
        "<table><tr><td>" * 1_000,
        "<div><table></div></table>" * 20_000,
        "<p>" + "".join(f"<b id={number}>" for number in range(2_000)) + "</p>" + "<p>글" * 2_000,
        "<p " + " ".join(f"a{number}" for number in range(3_000)) + ">",
        "<p z='>' " + " ".join(f"a{number}=" for number in range(3_000)) + ">",
        "<p " + " ".join(f'a{number} = "<>"' for number in range(15_000)) + ">",
        "<div></div>" + "<span>" * 9_000 + "</b>" * 280_000,
        "<div></div>" + "<span>" * 480 + "<p></p>" * 140_000,
    ],
    ids=[
        "open blocks",
        "tables in tables",
        "ends that end nothing",
        "markup opened anew",
        "attributes",
        "quoted end of a tag",
        "quoted end of a tag in each attribute",
        "ends that look through all that is open",
        "beginnings that do",
    ],
)
def test_little_markup_that_would_make_a_huge_or_slow_tree_makes_an_empty_one(page: str):
    assert outsized(page)
    assert outsized(page.encode())
    assert parse(page).css_first("p, div, table") is None


@pytest.mark.parametrize("case", [str.lower, str.upper])
@pytest.mark.parametrize("tag", "b big code em font i s small strike strong tt u".split())
def test_markup_that_is_opened_anew_is_told_in_either_case_whatever_follows_its_name(
    tag: str, case: Callable[[str], str]
):
    starts = [f"<{case(tag)}{blank}id={number}>" for number, blank in enumerate(" \t\n\f\r/" * 350)]
    assert outsized("<p>" + "".join(starts) + "</p>" + "<p>글" * 2_000)
    assert not outsized("<p>" + "".join(f"{one}</{tag}>" for one in starts) + "</p>" + "<p>글" * 2_000)


@pytest.mark.parametrize("begun", ["<!", "</a", "</ ", "<a", "<a ", '<a x="', "<a x='y' "])
def test_a_tag_that_never_ends_holds_the_rest_of_the_page_which_is_looked_through_once_for_it(begun: str):
    page = begun.encode() * 300

    tokens = list(nesting._TOKEN.finditer(b"<p>" + page))

    assert [one.span() for one in tokens] == [(0, 3), (3, 3 + len(page))]


@pytest.mark.parametrize("page", PAGES, ids=lambda path: "-".join(path.parts[-4:-1]))
def test_a_page_of_the_portal_is_none_of_these_however_many_such_there_are(page: Path):
    text = page.read_bytes()
    assert not outsized(text)
    assert not nesting._Walk(text, MOST_MARKS).explodes()


@pytest.mark.parametrize(
    "page",
    [
        "<p>가<br>나<p><b>다</b>" * 12_000,
        "<ul><li>가<li>나</ul>" * 12_000,
        "<table>" + "<tr><td><font color=red>가</font><td><b>나</b>" * 12_000 + "</table>",
        "<p><font color=red>가</p>" * 12_000,
        "<svg><path d='M0'/><text>가</text></svg>" * 12_000,
        "<p>" + "낱말 " * 3_000 + "</p>",
    ],
    ids=["paragraphs", "lists", "rows", "a font never closed", "drawings", "a long text"],
)
def test_a_long_page_with_end_tags_left_out_is_read(page: str):
    assert not outsized(page)


@settings(max_examples=200)
@given(
    st.tuples(
        st.lists(st.sampled_from(FRAGMENTS), min_size=1, max_size=6), st.lists(st.sampled_from(FRAGMENTS), max_size=6)
    )
)
@example((["<div>", "<table>", "</div>", "</table>"], []))
@example((["<div>", "<!-->", "</div>", "-->"], []))
@example((["<svg>", "<p>", "<div>", "<script>", "</div>", "</script>"], []))
@example((["<select>", "<xmp>", "</select>", "<div>", "</xmp>"], []))
@example((["<b id=1>", "<b id=2>"], ["<p>", "글"]))
def test_what_passes_makes_neither_a_deep_nor_a_large_tree(parts):
    first, then = ("".join(one) for one in parts)
    page = first * 40 + then * 40
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(nesting, "DEEPEST", DEEP)
        passes = not nesting._Walk(page.encode(), LARGE).explodes()
    if passes:
        # A table's part brings the body and the row that it lacks; head and body are always there.
        deepest, number = _tree(page)
        assert deepest <= 3 * DEEP + 4
        assert number <= 3 * LARGE


@settings(max_examples=200)
@given(
    st.lists(st.sampled_from(FRAGMENTS), min_size=1, max_size=6),
    st.lists(st.sampled_from(FRAGMENTS), max_size=6),
    st.integers(1, 12),
)
@example(["<b id=1>", "<b id=2>", "<div>"], ["</div>", "글"], 12)
@example(["<b id=1>", "<b id=2>", "<td>"], ["</p>", "글", "</b>"], 12)
def test_what_is_passed_by_the_number_of_its_tags_makes_no_large_tree(first, then, times):
    """Such a page is not walked through: the bound by its tags alone must hold."""
    page = "".join(first) * times + "".join(then) * times
    if nesting._is_surely_small(page.encode(), LARGE):
        assert _tree(page)[1] <= LARGE + len(page.split("<")) + 10


@given(
    st.lists(st.sampled_from([b"<", b">", b"a", b" ", b"\n", b"/", b'"', b"'", b"a=", b"aaa"]), max_size=40).map(
        b"".join
    ),
    st.integers(1, 9),
    st.integers(1, 4),
)
def test_whatever_may_hold_too_many_attributes_is_found_wherever_it_begins(page, short, most):
    many = [
        piece
        for piece in page.split(b">")
        if len(piece) > short and len(piece.split()) + sum(map(piece.count, (b"/", b'"', b"'"))) > most
    ]
    with pytest.MonkeyPatch.context() as bound:
        bound.setattr(nesting, "_SURELY_SHORT", short)
        bound.setattr(nesting, "MOST_OF_ONE", most)
        assert nesting._may_hold_many_attributes(page) == bool(many)


def test_a_long_paragraph_is_no_tag_of_many_attributes(monkeypatch):
    monkeypatch.setattr(nesting, "_Walk", pytest.fail)
    assert not outsized(f"<html><body><p>{'나라의 일을 알린다. ' * 200}</p></body></html>")
