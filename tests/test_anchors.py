"""What selectors find in the elements they begin with is what they find in the whole page."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from selectolax.lexbor import LexborHTMLParser

from crawler.anchors import Anchors, Names, outermost
from crawler.page import ArticlePage
from crawler.templates import EVERY, MEDIA, View2026, ViewArchive

LAYOUTS = (*EVERY, *MEDIA, ViewArchive)
# Names alone, together, in another case, and names that only look alike
CLASSES = (
    "view_title",
    "article_head",
    "article_wrap",
    "view_cont",
    "filedown",
    "kogl",
    "kogl_wrap law_copy_wrap",
    "info",
    "INFO",
    "Article_Head",
    "sub_title\tinfo",
    "\u3000kogl",
    "viewtitle",
    "",
)
TAGS = ("div", "div", "section", "h1", "h2", "h3", "span", "p", "li", "dd", "table", "a href='/common/download.do?x'")
ELEMENTS = st.one_of(
    st.builds('<{} class="{}">'.format, st.sampled_from(TAGS), st.sampled_from(CLASSES)),
    st.sampled_from([f"<{tag}>" for tag in TAGS]),
    st.sampled_from(['<div class="article_head">', '<h2 class="INFO">', '<div class="kogl Article_Head">']),
    st.sampled_from(["</div>", "</section>", "</h2>", "</span>", "</p>", "</li>", "글", "<svg>", "</svg>", "<br>"]),
)


def selectors(layout: type[ArticlePage]) -> tuple[tuple[str, ...], tuple[str, ...]]:
    under_headline = (layout.subtitles_at, layout.labels_at, *layout.info_at)
    return (layout.files_at, ".kogl_wrap, .kogl, .law_copy_wrap", *layout.body_at), under_headline


@given(st.sampled_from(["<!DOCTYPE html>", ""]), st.lists(ELEMENTS, max_size=25), st.sampled_from(LAYOUTS))
def test_selectors_find_in_few_places_what_they_find_in_the_page(doctype, parts, layout):
    tree = LexborHTMLParser(doctype + "<body>" + "".join(parts))
    apart, together = selectors(layout)
    anchors = Anchors(tree, Names(apart, together))
    for selector in (*apart, *together):
        whole = list(dict.fromkeys(node.mem_id for node in tree.css(selector)))
        assert [node.mem_id for node in anchors.all(selector)] == whole
    first = next((found for one in layout.info_at if (found := tree.css_first(one)) is not None), None)
    given_first = anchors.first(layout.info_at)
    assert (given_first and given_first.mem_id) == (first and first.mem_id)


@given(st.lists(ELEMENTS, max_size=25))
def test_the_outermost_elements_are_those_without_another_around_them(parts):
    tree = LexborHTMLParser("<body>" + "".join(parts))
    nodes = tree.css("[class]")
    inside = {node.mem_id for one in nodes for node in one.css("[class]") if node.mem_id != one.mem_id}
    assert [one.mem_id for one in outermost(nodes)] == [one.mem_id for one in nodes if one.mem_id not in inside]


@pytest.mark.parametrize("shape", ["<div class='article_head'>", "<div class='article_head'><h2>"])
def test_deep_nests_of_what_selectors_begin_with_are_walked_through_once(shape):
    tree = LexborHTMLParser("<!DOCTYPE html><body>" + shape * 10_000)
    anchors = Anchors(tree, Names(*selectors(View2026)))
    assert len(anchors.all(View2026.subtitles_at)) == shape.count("h2") * 10_000
