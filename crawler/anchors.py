"""The elements of a page that selectors begin with, by their class, found in one search for all fields.

A CSS search walks through everything it is told to search in, once for each alternative of its selector, and most of a
page is not the article. So the page is walked through once, for all elements with a class. A selector such as
``.view_title h1`` is then searched for only in the elements of its first class. Several selectors that look for small
things in the same few elements, as all do that read the lines under a headline, are searched for together.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from functools import lru_cache

from selectolax.lexbor import LexborHTMLParser, LexborNode

# ".view_title": what a selector may begin with to be searched for in few places
_NAME = re.compile(r"\.[\w-]+")
# ".article_head .info", ".view_title h2": an element of a name or tag, somewhere in one of a name
_IN_ONE = re.compile(r"(\.[\w-]+) (\.[\w-]+|[a-z][a-z0-9]*)")
# what parts class names in HTML, but no other space of Unicode
_BLANKS = re.compile(r"[ \t\n\f\r]+")
_ANOTHER_CASE = ""
"""Stands for a name that a page writes in another case."""
_LONGEST_KEPT = 100
"""Characters of a ``class`` that is remembered."""


class Names:
    """The class names of selectors, ``.view_title``, to be found in elements' ``class``.

    Args:
        selectors: Selectors with their alternatives, ``.view_title h1, .article_head h1``.
        together: Further ones, to be searched for together if each of their alternatives is an element in another.
    """

    def __init__(self, selectors: Iterable[str], together: Iterable[str]) -> None:
        joined = {one: found for one in together if (found := _parted(one)) is not None}
        self.together = {one: frozenset(found) for one, found in joined.items()}
        """The selectors that are searched for together, each with the pairs that it is made of."""
        pairs = {pair for found in joined.values() for pair in found}
        self.around = sorted({first for first, _ in pairs})
        """The classes that these begin with: first members of the pairs."""
        self.within = ", ".join(sorted({last for _, last in pairs}))
        """One selector of all that these end with: last members of the pairs."""
        self._begun = {
            first for one in (*selectors, *together) for first in by_beginning(one) if _NAME.fullmatch(first)
        }
        # Names with "_" are asked for only of classes with one: most elements are so held against few names.
        parted = ", ".join(sorted(one for one in self._begun if "_" in one))
        plain = ", ".join(sorted(one for one in self._begun if "_" not in one))
        few = [f'[class*="_"]:is({parted})' if parted else "", plain]
        self.wanted = f"[class]:is({', '.join(filter(None, few))})"
        """A selector of all elements that have one of the names with which selectors begin."""
        named = self._begun | {last for _, last in pairs if last.startswith(".")}
        self._known = {first[1:].lower(): first for first in named}
        self._short = lru_cache(maxsize=256)(self._of)
        self.begin = lru_cache(maxsize=64)(self._begin)
        """Says whether all alternatives of a selector begin with one of the names."""

    def of(self, value: str) -> frozenset[str]:
        """Give those of the names that stand in the value of a ``class``; pages repeat the same few short ones."""
        return self._short(value) if len(value) <= _LONGEST_KEPT else self._of(value)

    def _of(self, value: str) -> frozenset[str]:
        found = ((self._known.get(one.lower()), one) for one in _BLANKS.split(value))
        return frozenset(first if first == "." + one else _ANOTHER_CASE for first, one in found if first is not None)

    def _begin(self, selector: str) -> bool:
        return by_beginning(selector).keys() <= self._begun


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
        self._near: dict[int, int | None] = {node.mem_id: at for at, node in enumerate(self._nodes)}
        self._inside = [nearest(node, self._near) for node in self._nodes]
        self._at: dict[str, list[int]] = {}
        self._in: list[frozenset[str]] = []
        """The names of each element and of all around it."""
        for at, (node, around) in enumerate(zip(self._nodes, self._inside, strict=True)):
            own = names.of(node.attributes["class"] or "")
            for first in own:
                self._at.setdefault(first, []).append(at)
            self._in.append(own if around is None else own | self._in[around])
        self._together: list[tuple[LexborNode, set[tuple[str, str]]]] | None = None

    def first(self, selectors: Iterable[str]) -> LexborNode | None:
        """Give the node that the first matching selector finds."""
        return next((found[0] for one in selectors if (found := self.all(one))), None)

    def all(self, selector: str) -> list[LexborNode]:
        """Give the nodes that a selector with alternatives finds, in the order of the page, each once."""
        if (wanted := self._names.together.get(selector)) is not None:
            if self._together is None:
                self._together = self._search_together()
            if _ANOTHER_CASE not in self._at:
                return [node for node, found_by in self._together if not wanted.isdisjoint(found_by)]
        if not self._names.begin(selector):
            return each_once(self._tree.css(selector))
        # Without a doctype HTML lets "View_Title" be found by ".view_title" too.
        if _ANOTHER_CASE in self._at:
            return self._search(range(len(self._nodes)), selector)
        begun = {first: said for first, said in by_beginning(selector).items() if first in self._at}
        at = {one for first in begun for one in self._at[first]}
        # ".kogl" by itself is found already.
        if all(first == said for first, said in begun.items()):
            return [self._nodes[one] for one in sorted(at)]
        return self._search(at, ", ".join(begun.values()))

    def _search(self, wanted: Iterable[int], selector: str) -> list[LexborNode]:
        """Give what a selector finds in the wanted elements, each once, searching none that stands in another."""
        outer, covered = set(wanted), set()
        for one, around in enumerate(self._inside):
            if around in covered or around in outer:
                covered.add(one)
        return each_once([node for one in sorted(outer - covered) for node in self._nodes[one].css(selector)])

    def _search_together(self) -> list[tuple[LexborNode, set[tuple[str, str]]]]:
        """Give what the selectors that are searched for together may find, with the alternatives that find it."""
        found = []
        around = [one for first in self._names.around for one in self._at.get(first, ())]
        for node in self._search(around, self._names.within):
            own = self._names.of(node.attributes.get("class") or "")
            if _ANOTHER_CASE in own:
                self._at[_ANOTHER_CASE] = []
            at = nearest(node, self._near)
            above = self._in[at] if at is not None else ()
            found.append((node, {(first, last) for first in above for last in (node.tag or "", *own)}))
        return found


def nearest(node: LexborNode, known: dict[int, int | None]) -> int | None:
    """Give which of the known elements is the nearest around this one, None where none is.

    Args:
        node: The element.
        known: Which one an element is, by ``mem_id``; what is passed on the way up is noted there, so that it is
            passed once, however deep a page nests.
    """
    passed, around = [], node.parent
    while around is not None and around.mem_id not in known:
        passed.append(around.mem_id)
        around = around.parent
    found = known[around.mem_id] if around is not None else None
    known.update(dict.fromkeys(passed, found))
    return found


def outermost(nodes: list[LexborNode]) -> list[LexborNode]:
    """Give those of these nodes that stand in none of the others."""
    known: dict[int, int | None] = {node.mem_id: at for at, node in enumerate(nodes)}
    return nodes if len(nodes) < 2 else [node for node in nodes if nearest(node, known) is None]


def each_once(nodes: list[LexborNode]) -> list[LexborNode]:
    """Give what a search found in the order of the page, where what two alternatives find comes twice."""
    return list({node.mem_id: node for node in nodes}.values()) if len(nodes) > 1 else nodes


@lru_cache(maxsize=256)
def by_beginning(selector: str) -> dict[str, str]:
    """Part a selector by what its alternatives begin with: ``.a b, .a c, .d e`` into ``.a b, .a c`` and ``.d e``."""
    found: dict[str, list[str]] = {}
    for one in selector.split(","):
        found.setdefault(one.split()[0], []).append(one.strip())
    return {first: ", ".join(those) for first, those in found.items()}


def _parted(selector: str) -> list[tuple[str, str]] | None:
    """Part ``.a b, .d .e`` into ``.a`` and ``b``, ``.d`` and ``.e``; None where an alternative is not of this form."""
    found = [_IN_ONE.fullmatch(one.strip()) for one in selector.split(",")]
    return [(one[1], one[2]) for one in found if one] if all(found) else None
