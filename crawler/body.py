"""A body's element -> blocks and images, in reading order.

One walk for every template: the 2026 page, the older ones and the document viewer's pages. It knows what a block
is, not where the body stands. It keeps its own stack, for a page may nest deeper than Python can call.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass, field
from functools import lru_cache
from typing import NamedTuple

from selectolax.lexbor import LexborNode

from crawler.cleaning import WHITE_SPACE, fold, paragraphs
from crawler.elements import (
    BLOCKS,
    SILENT,
    frames_pictures,
    is_frame,
    is_hidden,
    is_inline,
    is_marked_hidden,
    plain_text,
    rows_of,
    visible,
)
from storage.records import Block, BlockKind, Image

# Blank lines part paragraphs in these; in a <p> or a <li> they are lines of one block.
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
# <p class="photo_caption">, <div class="img_desc">, <span class="caption">, <em class="imgCaption2">
_CAPTION_CLASS = re.compile(r"caption|(?:img|image|photo|pic)_?(?:desc|txt|text|cap)\d*$", re.IGNORECASE)
# What the portal's pages put around an article; older ones have some of it inside the body's element
_AROUND = frozenset(
    "area_page article_footer as_side as_sns banner_actually filedown kogl kogl_wrap law_copy law_copy_wrap livere "
    "livereInfo open_type rbody related related_wrap tool view_opt".split()
)
# /images/common/icon/icon_ipdf.gif is an icon of the page, never a photo of the article
_ICON = re.compile(r"(?:(?:https?:)?//[^/]+)?/images/")
# <img src="/images/blank.gif" data-src="/newsWeb/resources/attaches/2026.09/15/9524….jpg">
_SOURCES = ("data-src", "data-original", "data-lazy-src", "data-lazy", "src", "srcset")
# "... 회의를 주재하고 있다. (사진=문화체육관광부)" right under a picture
_CREDIT = re.compile(r"[(<\[]\s*(?:사진|이미지|그래픽|그림)\s*(?:제공|출처)?\s*[=:][^()<>\[\]]{1,60}[)>\]]\s*\.?$")
# "정책브리핑의 정책뉴스자료는 「공공누리 제1유형:출처표시」의 조건에 따라 자유롭게 이용이 가능합니다. ..."
_LICENCE_NOTE = re.compile(
    r"^\W{0,3}(?:정책브리핑의|이 (?:자료|기사|게시물|저작물)[은는]|본 (?:공공)?저작물은|'?텍스트'?에 한하여)"
    r".{0,60}공공누리.{0,80}이용"
)
# "... 강조했다. 정책브리핑의 정책뉴스자료는 「공공누리 제1유형:출처표시」의 조건에 따라 ...": behind a text
_LICENCE_TAIL = re.compile(
    r"(?<=[.!?”\"』」)\]\s])\s*정책브리핑의 ?[(\[]?[가-힣·, ]{0,20}[)\]]? ?자료는 ?\W?공공누리.{0,80}이용.*$"
)
# "다만, 사진의 경우 제3자에게 저작권이 있으므로 ...", "기사 이용 시에는 출처를 반드시 표기해야 하며, ...": on after it
_LICENCE_MORE = re.compile(r"^(?:다만|단),? ?(?:사진|텍스트를 제외한)|^기사 이용 시에는 출처를")
# "<자료출처=정책브리핑 www.korea.kr>"
_SOURCE_NOTE = re.compile(r"\s*(?:^[<(\[]?|[<(\[])\s*자료\s*출처\s*[=:]\s*정책브리핑[^가-힣]{0,40}$")
_LICENCE, _PORTAL, _SOURCE = "공공누리", "정책브리핑", "출처"
"""A line that holds none of the first two is no note and has none behind it, unless it goes on a note above it."""
# <div class="swiper-slide"><div class="img"><img></div><div class="desc">…</div></div>, <div class="photo_view">
_PICTURE_CLASS = re.compile(r"slide|photo|gallery|(?:img|image|pic)_?(?:wrap|box|area|view)", re.IGNORECASE)
# "▲ 회의에 앞서 인사하는 장관": a line right under a picture that points up at it
_POINTS_UP = re.compile(r"^[▲△↑]\s*\S")
_LONGEST_INLINE = 200
"""Characters of a caption that stands in its picture's paragraph; what is longer is a text that a picture opens."""


@dataclass(slots=True)
class Body:
    """Blocks and images in reading order, and the licence sentences that stood among them."""

    blocks: list[Block] = field(default_factory=list)
    images: list[Image] = field(default_factory=list)
    licence_notes: list[str] = field(default_factory=list)


def read_body(node: LexborNode, absolute: Callable[[str], str], *, joined: bool = False) -> Body:
    """Read ``node``'s content.

    Args:
        node: The element that holds the body.
        absolute: Turns an image's ``src`` into its absolute address.
        joined: Drop line breaks of the source around inline elements, as the document viewer splits words over
            ``<span>``.
    """
    walk = _Walk(absolute, joined=joined)
    walk.through(node)
    return walk.body


class _Place(NamedTuple):
    """Where the walk is: what text here becomes, and what the elements around say about it."""

    kind: BlockKind = "paragraph"
    parted: bool = True
    """Blank lines part blocks."""
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
        self._under_licence = False
        self._caption_ahead: str | None = None
        self._said_under: str | None = None
        self._opened_by_picture = False

    def through(self, root: LexborNode) -> None:
        """Walk ``root``'s content, the elements that are open each with what of it is left to read."""
        open_elements = [(root.iter(include_text=True), _OUTERMOST)]
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
        captions = bool(named) and any(map(_CAPTION_CLASS.search, named)) and node.css_first("img, video") is None
        if tag not in BLOCKS and not captions:
            return here
        self._flush(here)
        if tag == "p" and not captions and not named and here is _OUTERMOST:
            return _PARAGRAPH
        framed = here.framed or tag == "figure" or _is_picture_box(node, tag, named)
        if tag == "table":
            rows = rows_of(node)
            if not is_frame(node, rows):
                self._table(node, rows, here)
                return None
            framed = framed or frames_pictures(rows)
        return _Place(
            kind="caption" if captions else _kind_of(tag, here),
            parted=tag in _CONTAINERS and not captions,
            kept=here.kept or tag == "pre",
            figure=len(self.body.images) if tag == "figure" else here.figure,
            framed=framed,
        )

    def _take(self, node: LexborNode, here: _Place) -> None:
        text = node.text_content or ""
        if self._joined and "\n" in text:
            text = _unwrapped(node, text)
        # Inside a paragraph a line feed of the source is a space; only <br> makes a line.
        self._text.append(text if here.kept else text.replace("\n", " "))

    def _flush(self, here: _Place) -> None:
        inline, self._opened_by_picture = self._opened_by_picture and not here.parted, False
        if not self._text:
            return
        found = paragraphs("".join(self._text))
        self._text.clear()
        if not here.parted:
            found = [[line for lines in found for line in lines]]
        for lines in found:
            self._say(lines, here, inline=inline)

    def _say(self, lines: list[str], here: _Place, *, inline: bool = False) -> None:
        if kept := self._without_notes(lines):
            self._add(kept, here._replace(framed=True) if inline and _is_short(kept) else here)

    def _say_line(self, line: str, here: _Place) -> None:
        """Say a line of its own, which is a block as it stands unless a picture or a note is about."""
        about = self._under_picture or self._under_licence or self._said_under is not None
        if about or here.kind == "caption" or _LICENCE in line or _PORTAL in line:
            self._say([line], here)
        else:
            self._caption_ahead = None
            self.body.blocks.append(Block(here.kind, line))

    def _without_notes(self, lines: list[str]) -> list[str]:
        """Take out what is said about the licence: it is a field of its own, not the article's words."""
        kept: list[str] = []
        for said in lines:
            line = said
            if _LICENCE not in line and _PORTAL not in line and not self._under_licence:
                kept.append(line)
            elif _LICENCE_NOTE.match(line):
                self.body.licence_notes.append(line)
                self._under_licence = True
            elif not (self._under_licence and _LICENCE_MORE.match(line)):
                tail = _LICENCE_TAIL.search(line) if _LICENCE in line else None
                if tail is not None:
                    self.body.licence_notes.append(tail.group())
                    line = _LICENCE_TAIL.sub("", line)
                if text := fold(_SOURCE_NOTE.sub("", line) if _SOURCE in line else line):
                    kept.append(text)
                    self._under_licence = tail is not None
        return kept

    def _add(self, lines: list[str], here: _Place) -> None:
        text = "\n".join(lines)
        if here.kind == "caption" or (
            self._under_picture and here.kind in {"paragraph", "list-item"} and self._describes(lines, here)
        ):
            self._caption(_once(lines), here)
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
        doubled = _once(lines) != "\n".join(lines)
        said_of_it = bool(_CREDIT.search(lines[-1])) or (_is_short(lines) and bool(_POINTS_UP.match(lines[0])))
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
        src = _picture_source(node)
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
            if _LICENCE not in text and _PORTAL not in text:
                return text
        inner = _Walk(self._absolute, joined=self._joined)
        inner.through(node)
        return " ".join(block.text.replace("\n", " ") for block in inner.body.blocks)


@lru_cache(maxsize=256)
def _line_in(tag: str, here: _Place) -> _Place:
    """Give the place of an element that holds a line of text."""
    return here._replace(kind=_kind_of(tag, here), parted=False)


def _kind_of(tag: str, here: _Place) -> BlockKind:
    """Give what the text of an element of this tag becomes."""
    return "caption" if here.kind == "caption" else _KINDS.get(tag, here.kind)


def _is_picture_box(node: LexborNode, tag: str, named: list[str]) -> bool:
    """Whether this element of this tag and these classes is drawn around a picture: an item of a gallery, a slide."""
    may_be = tag in {"li", "dl"} or any(map(_PICTURE_CLASS.search, named))
    return may_be and node.css_first("img") is not None


def _is_short(lines: list[str]) -> bool:
    """Whether this is no more than a caption: a line or two."""
    return len(lines) <= 2 and sum(map(len, lines)) <= _LONGEST_INLINE


def _once(lines: list[str]) -> str:
    """Text that was printed twice, line under line or end to end, said once."""
    if len(lines) > 1 and len(set(lines)) == 1:
        return lines[0]
    line = lines[0]
    for gap in ("", " "):
        half = (len(line) - len(gap)) // 2
        if len(lines) == 1 and half >= 8 and line == line[:half] + gap + line[:half]:
            return line[:half]
    return "\n".join(lines)


def _picture_source(image: LexborNode) -> str | None:
    """The address of an article's picture, a film's being its poster, None for an icon; a lazy one's stands apart."""
    attributes = image.attributes
    if image.tag == "video":
        return attributes.get("poster") or None
    for name in _SOURCES:
        if said := (attributes.get(name) or "").strip():
            # <img srcset="/newsWeb/…/a.jpg 1x, /newsWeb/…/b.jpg 2x">
            one = said.partition(",")[0].partition(" ")[0].strip() if name == "srcset" else said
            if one and one[:5].lower() != "data:" and not _ICON.match(one):
                return one
    return None


def _unwrapped(node: LexborNode, text: str) -> str:
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
