"""The elements of a page that selectors begin with, by their class and id, found in one search for all fields.

A search with a selector walks through all that it is told to search in, once for each of its alternatives, and most
of a page is not the article. So the page is walked through once for whatever has a class, and a selector is searched
for only in the elements that it begins with.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from functools import lru_cache

from selectolax.lexbor import LexborHTMLParser, LexborNode

# ".view_title", "#viewCont": what a selector may begin with to be searched for in few places
_NAME = re.compile(r"[.#][\w-]+")
# what parts class names in HTML, but no other space of Unicode
_BLANKS = re.compile(r"[ \t\n\f\r]+")
_ANOTHER_CASE = ""
"""Stands for a name that a page writes in another case."""


class Names:
    """The class names that selectors begin with, ``.view_title``, to be found in elements' ``class``.

    Args:
        selectors: Selectors with their alternatives, ``.view_title h1, .article_head h1``.
    """

    def __init__(self, selectors: Iterable[str]) -> None:
        begun = {first for one in selectors for first, _ in by_beginning(one) if _NAME.fullmatch(first)}
        self._known = {first[1:].lower(): first for first in begun if first.startswith(".")}
        # What has no class, as most elements have none, is held against nothing else.
        self.wanted = f"[class]:is({', '.join(sorted(self._known.values()))})"
        """A selector of all elements that have one of the names."""

    def __contains__(self, first: str) -> bool:
        """Say whether this is one of the class names."""
        return self._known.get(first[1:].lower()) == first

    def of(self, value: str) -> list[str]:
        """Give those of the names that stand in the value of a ``class``."""
        found = ((self._known.get(one.lower()), one) for one in _BLANKS.split(value))
        return [first if first == "." + one else _ANOTHER_CASE for first, one in found if first is not None]


class Anchors:
    """The elements in which a page's selectors are searched for.

    Args:
        tree: The page.
        names: What the selectors begin with; one that begins otherwise is searched for in the whole page.
    """

    def __init__(self, tree: LexborHTMLParser, names: Names) -> None:
        self._tree = tree
        self._names = names
        # What stands in a frame's element is text for browsers without frames.
        self._nodes = [node for node in tree.css(names.wanted) if node.tag != "iframe"]
        self._at: dict[str, list[int]] = {}
        self._known: dict[str, list[LexborNode]] = {}
        for at, node in enumerate(self._nodes):
            for first in names.of(node.attributes["class"] or ""):
                self._at.setdefault(first, []).append(at)

    def first(self, selectors: Iterable[str]) -> LexborNode | None:
        """Give the node that the first matching selector finds; none of them has alternatives."""
        for one in selectors:
            for place in self._begin(one.partition(" ")[0]):
                if (node := place.css_first(one)) is not None:
                    return node
        return None

    def all(self, selector: str) -> list[LexborNode]:
        """Give the nodes that a selector with alternatives finds, in the order of the page."""
        found: list[LexborNode] = []
        begun: list[str] = []
        for first, said in by_beginning(selector):
            if those := [node for place in self._begin(first) for node in place.css(said)]:
                found = those
                begun.append(first)
        if len(begun) < 2:
            return found
        # Only a search for all at once gives them in order.
        return [node for place in self._around(begun) for node in place.css(selector)]

    def _begin(self, first: str) -> list[LexborNode]:
        """Give the elements in which all stands that selectors find which begin in this way, none inside another."""
        if first not in self._known:
            self._known[first] = self._around([first])
        return self._known[first]

    def _around(self, begun: list[str]) -> list[LexborNode]:
        """Give the elements that hold whatever is found by selectors which begin in one of these ways, in order."""
        if not all(first in self._names for first in begun):
            root = self._tree.root
            return [root] if root is not None else []
        # Without a doctype HTML lets "View_Title" be found by ".view_title" too.
        if _ANOTHER_CASE in self._at:
            return outermost(self._nodes)
        at = {one for first in begun for one in self._at.get(first, ())}
        return outermost([self._nodes[one] for one in sorted(at)])


def outermost(nodes: list[LexborNode]) -> list[LexborNode]:
    """Give those of these nodes that stand in none of the others, each once; they come in the order of the page."""
    if len(nodes) < 2:
        return nodes
    found: dict[int, LexborNode] = {}
    for node in nodes:
        if node.mem_id not in found and not any(above.mem_id in found for above in _above(node)):
            found[node.mem_id] = node
    return list(found.values())


def _above(node: LexborNode) -> Iterator[LexborNode]:
    above = node.parent
    while above is not None:
        yield above
        above = above.parent


@lru_cache(maxsize=256)
def by_beginning(selector: str) -> list[tuple[str, str]]:
    """Part a selector by what its alternatives begin with: ``.a b, .a c, .d e`` into ``.a b, .a c`` and ``.d e``."""
    found: dict[str, list[str]] = {}
    for one in selector.split(","):
        found.setdefault(one.split()[0], []).append(one.strip())
    return [(first, ", ".join(those)) for first, those in found.items()]
