"""A body's element -> blocks and images, in reading order.

One walk for every template: the 2026 page, the older ones and the document viewer's pages. It knows what a block
is, not where the body stands. It keeps its own stack, for a page may nest deeper than Python can call.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from typing import NamedTuple

from selectolax.lexbor import LexborNode

from crawler.cleaning import fold, paragraphs
from crawler.elements import (
    BLOCKS,
    SILENT,
    frames_pictures,
    is_frame,
    is_hidden,
    is_marked_hidden,
    plain_text,
    rows_of,
    unwrapped,
    visible,
)
from crawler.licence_notes import LicenceNotes, may_be_note
from crawler.links import MOST_LINKS, link_target
from crawler.pictures import captions, credits_picture, is_picture_box, is_short, once, picture_source, points_up
from storage.records import Block, BlockKind, Image, Link

# Blank lines part paragraphs in these and in a <p>; in a <li> or a caption they are lines of one block.
_CONTAINERS = frozenset("article aside body center details div fieldset form main pre section td th".split())
_KINDS: dict[str, BlockKind] = {
    **dict.fromkeys("h1 h2 h3 h4 h5 h6".split(), "heading"),
    "blockquote": "quote",
    "li": "list-item",
    "figcaption": "caption",
    "caption": "caption",
}
# <p>정부는 ...</p>, <li>신규 면허: ...</li>: what holds a line of text, as a rule, and nothing else
_LINES = frozenset("p li dt dd figcaption h1 h2 h3 h4 h5 h6".split())
# What the portal's pages put around an article; older ones have some of it inside the body's element
_AROUND = frozenset(
    "area_banner area_page article_footer as_side as_sns banner_actually filedown foot_notice footer kogl kogl_wrap "
    "law_copy law_copy_wrap livere livereInfo open_type rbody related related_wrap tool view_opt".split()
)


@dataclass(slots=True)
class Body:
    """Blocks, images and links in reading order, and the licence sentences that stood among them."""

    blocks: list[Block] = field(default_factory=list)
    images: list[Image] = field(default_factory=list)
    links: list[Link] = field(default_factory=list)
    licence_notes: list[str] = field(default_factory=list)


def read_body(
    node: LexborNode, absolute: Callable[[str], str], *, joined: bool = False, spilt: Sequence[LexborNode] = ()
) -> Body:
    """Read ``node``'s content.

    Args:
        node: The element that holds the body.
        absolute: Turns the address of an image or link into an absolute one.
        joined: Drop line breaks of the source around inline elements, as the document viewer splits words over
            ``<span>``.
        spilt: What stands behind ``node`` and is of the body still (:func:`crawler.elements.spilt`).
    """
    walk = _Walk(absolute, joined=joined)
    walk.through(node.iter(include_text=True))
    walk.through(spilt)
    return walk.body


class _Place(NamedTuple):
    """Where the walk is: what text here becomes, and what the elements around say about it."""

    kind: BlockKind = "paragraph"
    parted: bool = True
    """Text stands between elements here; in a line of text nothing but a paragraph is parted by blank lines."""
    kept: bool = False
    """Line feeds of the source count (``<pre>``)."""
    figure: int | None = None
    """How many pictures there were when the open ``<figure>`` began."""
    framed: bool = False
    """In a ``<figure>`` or a table drawn around a picture: the text right under it is its caption."""


_OUTERMOST, _PARAGRAPH = _Place(), _Place(parted=False)
"""The place in which a walk begins, and that of a plain paragraph there: as most of a body stands."""


class _Walk:
    """The state of one walk: text gathered for the open block, and what has been closed."""

    def __init__(self, absolute: Callable[[str], str], *, joined: bool) -> None:
        self.body = Body()
        self._absolute = absolute
        self._joined = joined
        self._text: list[str] = []
        self._under_picture = False
        self._notes = LicenceNotes(self.body.licence_notes)
        self._caption_ahead: str | None = None
        self._said_under: str | None = None
        self._opened_by_picture = False

    def through(self, content: Iterable[LexborNode]) -> None:
        """Walk the content of an element, the elements that are open each with what of it is left to read."""
        open_elements = [(iter(content), _OUTERMOST)]
        while open_elements:
            nodes, here = open_elements[-1]
            for node in nodes:
                tag = node.tag or ""
                if tag == "-text":
                    # Where nothing stands before it, white space parts nothing from what follows.
                    if self._text or here.kept or not node.is_empty_text_node:
                        self._take(node, here)
                elif not tag.startswith("-") and (inner := self._enter(node, tag, here)) is not None:
                    open_elements.append((node.iter(include_text=True), inner))
                    break
            else:
                open_elements.pop()
                # What stands in a line of text is of the same place as the line.
                if not open_elements or open_elements[-1][1] is not here:
                    self._flush(here)

    def _enter(self, node: LexborNode, tag: str, here: _Place) -> _Place | None:
        """Give the place of the content of an element, None when nothing of it is left to read."""
        # Most elements have no attributes, and what their classes say is asked for once.
        named: list[str] = []
        if attributes := node.attributes:
            if is_marked_hidden(attributes):
                return None
            named = (attributes.get("class") or "").split()
        if tag in _LINES and not named and self._is_plain(node, tag, here):
            return None
        if tag == "video":
            self._image(node, here)
            return None
        if tag == "a":
            self._link(node)
        if tag in SILENT or (named and not _AROUND.isdisjoint(named)):
            return None
        return self._open(node, tag, here, named)

    def _is_plain(self, node: LexborNode, tag: str, here: _Place) -> bool:
        """Take in an element that holds nothing but a line of text, as most do, and say whether it was one."""
        if here.kept or self._joined or (text := plain_text(node)) is None:
            return False
        self._flush(here)
        if line := fold(text):
            self._say_line(line, _PARAGRAPH if here is _OUTERMOST and tag == "p" else _line_in(tag, here))
        return True

    def _open(self, node: LexborNode, tag: str, here: _Place, named: list[str]) -> _Place | None:
        """Give the place of the content of an element of these classes, None when nothing of it is left to read."""
        if tag == "br":
            self._text.append("\n")
            return None
        if tag == "img":
            self._image(node, here)
            return None
        is_caption = bool(named) and captions(named) and node.css_first("img, video") is None
        if tag not in BLOCKS and not is_caption:
            return here
        self._flush(here)
        if tag == "p" and not is_caption and not named and here is _OUTERMOST:
            return _PARAGRAPH
        framed = here.framed or tag == "figure" or is_picture_box(node, tag, named)
        if tag == "table":
            rows = rows_of(node)
            if not is_frame(node, rows):
                self._table(node, rows, here)
                return None
            framed = framed or frames_pictures(rows)
        return _Place(
            kind="caption" if is_caption else _kind_of(tag, here),
            parted=tag in _CONTAINERS and not is_caption,
            kept=here.kept or tag == "pre",
            figure=len(self.body.images) if tag == "figure" else here.figure,
            framed=framed,
        )

    def _take(self, node: LexborNode, here: _Place) -> None:
        text = node.text_content or ""
        if self._joined and "\n" in text:
            text = unwrapped(node, text)
        # Inside a paragraph a line feed of the source is a space; only <br> makes a line.
        self._text.append(text if here.kept else text.replace("\n", " "))

    def _flush(self, here: _Place) -> None:
        inline, self._opened_by_picture = self._opened_by_picture and not here.parted, False
        if not self._text:
            return
        found = paragraphs("".join(self._text))
        self._text.clear()
        if not here.parted and here.kind != "paragraph":
            found = [[line for lines in found for line in lines]]
        for lines in found:
            self._say(lines, here, inline=inline)
            inline = False

    def _say(self, lines: list[str], here: _Place, *, inline: bool = False) -> None:
        if kept := self._notes.without(lines):
            self._add(kept, here._replace(framed=True) if inline and is_short(kept) else here)

    def _say_line(self, line: str, here: _Place) -> None:
        """Say a line of its own, which is a block as it stands unless a picture or a note is about."""
        about = self._under_picture or self._notes.under_one or self._said_under is not None
        if about or here.kind == "caption" or may_be_note(line):
            self._say([line], here)
        else:
            self._caption_ahead = None
            self.body.blocks.append(Block(here.kind, line))

    def _add(self, lines: list[str], here: _Place) -> None:
        text = "\n".join(lines)
        if here.kind == "caption" or (
            self._under_picture and here.kind in {"paragraph", "list-item"} and self._describes(lines, here)
        ):
            self._caption(once(lines), here)
            return
        if here.kind == "paragraph" and text == self._said_under:
            self.body.blocks.pop()  # The same paragraph twice right under a picture is its caption.
            self._caption(text, here)
            return
        self._said_under = text if self._under_picture and self.body.images[-1].caption is None else None
        self._under_picture = False
        self._caption_ahead = None
        self.body.blocks.append(Block(here.kind, text))

    def _describes(self, lines: list[str], here: _Place) -> bool:
        """Whether this text, which stands right under a picture, is its caption.

        It is when it says the picture's description again, is printed twice (once for screen readers), ends with a
        picture credit, or shares a frame with the picture.
        """
        picture = self.body.images[-1]
        if " ".join(lines) == picture.alt:
            return True
        doubled = once(lines) != "\n".join(lines)
        said_of_it = credits_picture(lines[-1]) or (is_short(lines) and points_up(lines[0]))
        return picture.caption is None and (doubled or here.framed or said_of_it)

    def _caption(self, text: str, here: _Place) -> None:
        blocks, images = self.body.blocks, self.body.images
        self._said_under = None
        another = self._under_picture and bool(images) and images[-1].caption is None
        if blocks and blocks[-1] == Block("caption", text) and not another:
            return  # The portal prints a caption twice, once for screen readers.
        blocks.append(Block("caption", text))
        if here.figure is not None and len(images) == here.figure:
            self._caption_ahead = text
        elif images and images[-1].caption is None:
            images[-1] = Image(images[-1].src, images[-1].alt, text)

    def _image(self, node: LexborNode, here: _Place) -> None:
        src = picture_source(node)
        address = self._absolute(src) if src else ""
        if not address.startswith(("http://", "https://")):
            return
        if here.parted:
            self._flush(here)
        self._opened_by_picture = not here.parted and not fold("".join(self._text))
        ahead = self._caption_ahead if here.figure == len(self.body.images) else None
        self.body.images.append(Image(address, fold(node.attributes.get("alt") or ""), ahead))
        self._caption_ahead = None
        self._under_picture = True

    def _link(self, node: LexborNode) -> None:
        """Take in where words lead; a link around others, as only broken pages have, says what they say."""
        if len(self.body.links) < MOST_LINKS and all(inner.mem_id == node.mem_id for inner in node.css("a")[:2]):
            target = link_target(node.attributes.get("href") or "", self._absolute)
            if target is not None:
                self.body.links.append(Link(fold(visible(node)), target))

    def _table(self, node: LexborNode, rows: list[list[LexborNode]], here: _Place) -> None:
        for child in node.iter():
            if child.tag == "caption" and not is_hidden(child) and (text := fold(visible(child))):
                self.body.blocks.append(Block("caption", text))
        if node.css_first("img") is not None:
            for row in rows:
                for cell in row:
                    for image in cell.css("img"):
                        self._image(image, here._replace(parted=False))
        self._under_picture = False
        self._said_under = None
        lines = ["\t".join(self._cell(cell) for cell in row) for row in rows]
        text = "\n".join(line for line in lines if line.strip())
        if text:
            self.body.blocks.append(Block("table", text))

    def _cell(self, node: LexborNode) -> str:
        plain = plain_text(node)
        if plain is not None and not self._joined:
            text = fold(plain)
            if not may_be_note(text):
                return text
        inner = _Walk(self._absolute, joined=self._joined)
        inner.through(node.iter(include_text=True))
        self.body.links += inner.body.links[: MOST_LINKS - len(self.body.links)]
        return " ".join(block.text.replace("\n", " ") for block in inner.body.blocks)


@lru_cache(maxsize=256)
def _line_in(tag: str, here: _Place) -> _Place:
    """Give the place of an element that holds a line of text."""
    return here._replace(kind=_kind_of(tag, here), parted=False)


def _kind_of(tag: str, here: _Place) -> BlockKind:
    """Give what the text of an element of this tag becomes."""
    return "caption" if here.kind == "caption" else _KINDS.get(tag, here.kind)
