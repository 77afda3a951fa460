"""The elements of a page that selectors begin with, by their class and id, found in one search for all fields.

A search with a selector walks through all that it is told to search in, once for each of its alternatives, and most
of a page is not the article. So the page is walked through once for whatever has a class, and a selector is searched
for only in the elements that it begins with.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
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
        begun = {first for one in selectors for first in by_beginning(one) if _NAME.fullmatch(first)}
        self._known = {first[1:].lower(): first for first in begun if first.startswith(".")}
        # What has no class, as most elements have none, is held against nothing else.
        self.wanted = f"[class]:is({', '.join(sorted(self._known.values()))})"
        """A selector of all elements that have one of the names."""
        self.of = lru_cache(maxsize=256)(self._of)
        """Gives those of the names that stand in the value of a ``class``; pages repeat the same few values."""
        self.begin = lru_cache(maxsize=64)(self._begin)
        """Says whether all alternatives of a selector begin with one of the names."""

    def _of(self, value: str) -> list[str]:
        found = ((self._known.get(one.lower()), one) for one in _BLANKS.split(value))
        return [first if first == "." + one else _ANOTHER_CASE for first, one in found if first is not None]

    def _begin(self, selector: str) -> bool:
        return by_beginning(selector).keys() <= set(self._known.values())


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
        self._inside = insides(self._nodes)
        self._at: dict[str, list[int]] = {}
        for at, node in enumerate(self._nodes):
            for first in names.of(node.attributes["class"] or ""):
                self._at.setdefault(first, []).append(at)

    def first(self, selectors: Iterable[str]) -> LexborNode | None:
        """Give the node that the first matching selector finds; none of them has alternatives."""
        for one in selectors:
            searched, places = self._where(one)
            for place in places:
                if (node := place.css_first(searched)) is not None:
                    return node
        return None

    def all(self, selector: str) -> Iterator[LexborNode]:
        """Give the nodes that a selector with alternatives finds, in the order of the page, each once."""
        searched, places = self._where(selector)
        last = 0
        for place in places:
            for node in place.css(searched):
                # What two alternatives find is found twice, one after the other.
                if (this := node.mem_id) != last:
                    yield node
                last = this

    def _where(self, selector: str) -> tuple[str, list[LexborNode]]:
        """Give a selector without what cannot be found, and the elements to search, none inside another, in order."""
        if not self._names.begin(selector):
            root = self._tree.root
            return selector, [root] if root is not None else []
        # Without a doctype HTML lets "View_Title" be found by ".view_title" too.
        if _ANOTHER_CASE in self._at:
            return selector, self._outermost(range(len(self._nodes)))
        begun = {first: said for first, said in by_beginning(selector).items() if first in self._at}
        return ", ".join(begun.values()), self._outermost([one for first in begun for one in self._at[first]])

    def _outermost(self, wanted: Sequence[int]) -> list[LexborNode]:
        """Give those of the wanted elements that stand in no other of them."""
        if len(wanted) < 2:
            return [self._nodes[one] for one in wanted]
        outer, covered = set(wanted), set()
        for one, around in enumerate(self._inside):
            if around in covered or around in outer:
                covered.add(one)
        return [self._nodes[one] for one in sorted(outer - covered)]


def insides(nodes: list[LexborNode]) -> list[int | None]:
    """Give for each of these nodes which of them is the nearest around it, None where none is."""
    known: dict[int, int | None] = {node.mem_id: at for at, node in enumerate(nodes)}
    found = []
    for node in nodes:
        passed, around = [], node.parent
        while around is not None and around.mem_id not in known:
            passed.append(around.mem_id)
            around = around.parent
        at = known[around.mem_id] if around is not None else None
        # What was passed once is not passed again, however deep a page nests.
        known.update(dict.fromkeys(passed, at))
        found.append(at)
    return found


def outermost(nodes: list[LexborNode]) -> list[LexborNode]:
    """Give those of these nodes that stand in none of the others."""
    if len(nodes) < 2:
        return nodes
    return [node for node, around in zip(nodes, insides(nodes), strict=True) if around is None]


@lru_cache(maxsize=256)
def by_beginning(selector: str) -> dict[str, str]:
    """Part a selector by what its alternatives begin with: ``.a b, .a c, .d e`` into ``.a b, .a c`` and ``.d e``."""
    found: dict[str, list[str]] = {}
    for one in selector.split(","):
        found.setdefault(one.split()[0], []).append(one.strip())
    return {first: ", ".join(those) for first, those in found.items()}
