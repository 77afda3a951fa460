"""How far a page's elements would nest and multiply in a tree, told from its tags before there is a tree.

Two things make little markup large. Elements that are never closed stand inside each other, and every start tag looks
through all that are open. And markup of text that is never closed (``<b id=1><b id=2>``) is opened anew in every
paragraph that follows (WHATWG HTML, "Reconstruct the active formatting elements"), so that 30 kB make a tree of a
gigabyte. Where a tag's effect depends on what else is open, what makes more of it is taken.
"""

from __future__ import annotations

import re
from collections import Counter

DEEPEST = 500
"""Elements inside each other; browsers stop at 512, and real pages have some dozens."""
MOST_OF_ONE = 1000
"""Attributes of one element: each is compared with all before it."""
MOST_LOOKED_THROUGH = 10_000_000
"""Open elements that the tags of a page may look through together; 100,000 tags inside a hundred would."""
_SOON_LOOKED_THROUGH = 100_000_000
"""So many the parser looks through within two seconds; end tags that end nothing look through all that are open."""
_SURELY_FLAT = 10_000
"""Start tags that may stand inside each other at no cost that counts, if few of them are tables."""
_FEW_TABLES = 500
_SURELY_SHORT = 2000
"""Bytes that cannot hold as many attributes as are too many: ``a `` takes two."""
_SURELY_SOON = 200_000
"""Bytes that, all of them attributes of one element, are compared within two seconds; nearly all pages are shorter."""

# No group is possessive: Python before 3.11.5 may err at those that hold alternatives (python/cpython#106052). What
# follows the attributes always fits, so nothing is tried a second time.
_SPACE = rb"[ \t\n\f\r]"
_ATTRIBUTE = (
    rb"(?:[ \t\n\f\r/]*+[^ \t\n\f\r/>][^ \t\n\f\r/>=]*+"  # class
    rb"(?:" + _SPACE + rb"*+=" + _SPACE + rb"*+(?:\"[^\"]*+\"|'[^']*+'|(?![\"'])[^ \t\n\f\r>]*+))?)"  # ="x y", =x
)
_TOKEN = re.compile(
    rb"<!--(?:-?>|.*?(?:--!?>|\Z))"  # <!-- note -->, <!-->
    rb"|<(?:[!?]|/[^A-Za-z>])[^>]*+(?:>|\Z)"  # <!DOCTYPE html>, <?xml?>, </ >, <![CDATA[ where it is none
    # <p class="x">, </p>, <br/>; one that never ends holds the rest of the page, which is looked through once for it,
    # and one that has too many attributes is told by those
    rb"|<(/?)([A-Za-z][^ \t\n\f\r/>]*+)(" + _ATTRIBUTE + rb"{0,%d})(?:[ \t\n\f\r/]*+(?:>|\Z))?" % (MOST_OF_ONE + 1),
    re.DOTALL,
)
_BEGINS = re.compile(rb"<[A-Za-z]")  # <p
_ATTRIBUTES = re.compile(_ATTRIBUTE)
# alt="a > b": a tag that goes on behind a ">"
_GOES_ON = re.compile(rb"=" + _SPACE + rb"*+(?:\"[^\">]*+>|'[^'>]*+>)")
_FORMATTING = frozenset(b"b big code em font i s small strike strong tt u".split())
"""Text markup that is opened anew where it was not closed; of ``a`` and ``nobr`` a second one closes the first."""


def _in_either_case(letters: bytes) -> bytes:
    return b"".join(b"[%c%c]" % pair for pair in zip(letters.lower(), letters.upper(), strict=True))


_TELLING = sorted(_FORMATTING | {b"table"})
_FIRST, _SECOND = (b"".join(one[at : at + 1] + one[at : at + 1].upper() for one in _TELLING) for at in (0, 1))
# <b id=1>, <TABLE>; nearly every other tag is told at once by its first two letters, and a search in which the case
# does not count (re.IGNORECASE) would look at each byte of a page instead of each "<"
_TELLS = re.compile(
    b"<(?=[%b][%b \t\n\f\r/>])(?:" % (_FIRST, _SECOND)
    + b"|".join(map(_in_either_case, _TELLING))
    + rb")(?=[ \t\n\f\r/>])"
    + _ATTRIBUTE
    + rb"*"
)
_TEXT_ONLY = frozenset(b"iframe noembed noframes script style textarea title xmp".split())
"""Elements in which tags are text, in most places."""
VOID = frozenset(b"area base br col embed hr img input link meta param source track wbr".split())
"""Elements that have no end tag in HTML."""
_PARTS = frozenset(b"caption tbody td tfoot th thead tr".split())
_FOREIGN = frozenset((b"svg", b"math"))
_WALLS = _FOREIGN | frozenset(b"applet button caption marquee object select table td template th".split())
"""What an end tag does not reach through: ``</div>`` ends no div around the table it stands in."""
_TABLE_WALLS = _FOREIGN | {b"table", b"template", b"select"}
"""What an end of a part of a table does not reach through."""
_BLOCKS = _WALLS | _PARTS | frozenset(
    b"address article aside blockquote center dd details dir div dl dt fieldset figcaption figure footer form h1 h2 h3"
    b" h4 h5 h6 header hgroup li main menu nav ol p pre section summary ul".split()
)  # fmt: skip
_BREAKS_OUT = _BLOCKS | _FORMATTING | frozenset(b"listing nobr ruby span sub sup var".split())
"""What may end the drawing or formula it stands in: ``<svg><div>``."""
_ENDS_PARAGRAPH = _BLOCKS - _WALLS - _PARTS | {b"table", b"hr"}
_CLOSES = {
    b"tr": frozenset((b"tr", b"td", b"th")),
    b"td": frozenset((b"td", b"th")),
    b"th": frozenset((b"td", b"th")),
    b"tbody": _PARTS,
    b"thead": _PARTS,
    b"tfoot": _PARTS,
}
"""What a part of a table ends by beginning, up to the table: ``<td>a<td>b``."""
_CLOSES_NEXT = {one: frozenset((one, b"p")) for one in (b"li", b"option")} | dict.fromkeys(
    (b"dd", b"dt"), frozenset((b"dd", b"dt", b"p"))
)
"""What such an element ends if it is what stands open last: ``<li>a<li>b``."""


def explodes(page: bytes, most: int) -> bool:
    """Say whether the tree of ``page`` would be too deep, hold more than ``most`` elements or any too many attributes.

    Nearly all pages are too small for it, whatever their tags are; the others are walked through.
    """
    return not _is_surely_small(page, most) and _Walk(page, most).explodes()


def _is_surely_small(page: bytes, most: int) -> bool:
    """Say whether the tags of a page are too few, or of such kinds, that its tree can be none of these."""
    if _may_hold_many_attributes(page):
        return False
    tags = page.count(b"<")
    if tags * tags <= 4 * most:  # One half of the tags cannot open the other half more often.
        return True
    if tags > _SURELY_FLAT:  # The ends of fewer tags than these look through few elements.
        ends = page.count(b"</")
        tags -= ends
        if tags * ends > _SOON_LOOKED_THROUGH:
            return False
    tables = unclosed = 0
    for tag, times in Counter(_TELLS.findall(page)).items():
        if tag[1:6].lower() == b"table":
            tables += times
        else:
            unclosed += min(3, times)
    return tags <= _SURELY_FLAT and tables <= _FEW_TABLES and tags * unclosed <= most


def _may_hold_many_attributes(page: bytes) -> bool:
    """Say whether what stands between two ``>`` may hold too many attributes, be it a tag, the rest of one or a text.

    From one ``>`` to the last one within reach, so that few places of a page are looked at. A quoted ``>`` ends no tag.
    """
    if len(page) > _SURELY_SOON and _GOES_ON.search(page):
        return True
    at = 0
    while len(page) - at > _SURELY_SHORT:
        end = page.rfind(b">", at, at + _SURELY_SHORT + 1)
        if end < 0:
            end = page.find(b">", at)
            piece = page[at:end] if end >= 0 else page[at:]
            # Attributes are parted by blanks, by slashes and by the quotes around values.
            if len(piece.split()) + sum(map(piece.count, (b"/", b'"', b"'"))) > MOST_OF_ONE:
                return True
            if end < 0:
                return False
        at = end + 1
    return False


class _Walk:
    """A page's tags gone through once: what is open after each, and what is opened anew."""

    def __init__(self, page: bytes, most: int) -> None:
        self._page = page
        self._left = most
        self._looked_through = 0
        self._open: list[bytes] = []
        self._unclosed: list[tuple[bytes, bytes]] = []
        self._lost = 0
        self._foreign = 0
        self._doubtful = 0

    def explodes(self) -> bool:
        """Go through the tags until they are too much or over."""
        at = 0
        while found := _TOKEN.search(self._page, at):
            at = found.end()
            name = (found[2] or b"").lower()
            if found[1]:
                self._end(name)
            elif len(found[3] or b"") > _SURELY_SHORT and len(_ATTRIBUTES.findall(found[3])) > MOST_OF_ONE:
                return True
            elif self._foreign and found[0].startswith(b"<![CDATA["):
                at = self._pass_over(found.start(), b"]]>")
            elif name in _TEXT_ONLY and not self._foreign:
                at = self._pass_over(at, b"</" + name)
            elif name and (name not in VOID or self._foreign):
                self._start(name, found[0], closed=self._page[found.end(3) : at].endswith(b"/>"))
            self._left -= self._lost + (not found[1])
            self._looked_through += len(self._open)
            if self._left < 0 or len(self._open) + self._doubtful > DEEPEST:
                return True
            if self._looked_through > MOST_LOOKED_THROUGH:
                return True
        return False

    def _pass_over(self, at: int, end: bytes) -> int:
        """Give where a text ends; where it may be none (``<select><xmp>``), the tags in it count as left open."""
        found = re.compile(re.escape(end), re.IGNORECASE).search(self._page, at)
        until = found.start() if found else len(self._page)
        self._doubtful += len(_BEGINS.findall(self._page, at + 1, until))
        return max(until, at)

    def _start(self, name: bytes, tag: bytes, *, closed: bool) -> None:
        if closed and (name in _FOREIGN if name in _BREAKS_OUT else self._foreign):
            return
        if not self._foreign:
            if name in _PARTS and not {b"table", b"template"} & set(self._open):
                return
            if name in _CLOSES:
                self._close_parts(_CLOSES[name])
            elif self._open and self._open[-1] in _CLOSES_NEXT.get(name, ()):
                self._cut(len(self._open) - 1)
            if name in _ENDS_PARAGRAPH:
                self._close_paragraph()
        self._foreign += name in _FOREIGN
        self._open.append(name)
        if name in _FORMATTING and self._unclosed.count((name, tag)) < 3:
            self._unclosed.append((name, tag))

    def _end(self, name: bytes) -> None:
        if self._foreign and name not in _FOREIGN:
            return
        alone = name in _FORMATTING or name == b"form"
        walls = _TABLE_WALLS if name in _PARTS else _WALLS if alone or name in _BLOCKS else _BLOCKS
        for at in reversed(range(len(self._open))):
            if self._open[at] == name:
                self._cut(at, at + 1 if alone else None)
                break
            if self._open[at] in walls:
                return
        last = next((one for one in reversed(self._unclosed) if one[0] == name), None)
        if last is not None:
            self._unclosed.remove(last)
            self._lost = min(self._lost, len(self._unclosed))

    def _close_parts(self, closed: frozenset[bytes]) -> None:
        """Close what a part of a table ends by beginning."""
        first = None
        for at in reversed(range(len(self._open))):
            if self._open[at] in closed:
                first = at
            elif self._open[at] in _TABLE_WALLS:
                if first is not None and self._open[at] == b"table":
                    self._cut(first)
                return

    def _close_paragraph(self) -> None:
        for at in reversed(range(len(self._open))):
            if self._open[at] == b"p":
                self._cut(at)
                return
            if self._open[at] in _BLOCKS:
                return

    def _cut(self, at: int, until: int | None = None) -> None:
        """Close what stands open from ``at`` on.

        What may have ended a drawing may stand open still, and markup that is closed by another's end is opened anew.
        """
        gone = self._open[at:until]
        if any(one in _FOREIGN for one in gone):
            self._foreign -= sum(1 for one in gone if one in _FOREIGN)
            self._doubtful += sum(1 for one in gone if one in _BREAKS_OUT and one not in _FOREIGN)
        if until is None and any(one in _FORMATTING for one in gone):
            self._lost = len(self._unclosed)
        del self._open[at:until]
