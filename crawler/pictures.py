"""Pictures of a body: which address is theirs, and what around them says something of them."""

from __future__ import annotations

import re

from selectolax.lexbor import LexborNode

from crawler.links import unstamped

# <p class="photo_caption">, <div class="img_desc">, <span class="caption">, <em class="imgCaption2">
_CAPTION_CLASS = re.compile(r"caption|(?:img|image|photo|pic)_?(?:desc|txt|text|cap)\d*$", re.IGNORECASE)
# /images/common/icon/icon_ipdf.gif is an icon of the page, never a photo of the article
_ICON = re.compile(r"(?:(?:https?:)?//[^/]+)?/images/")
# <img src="/images/blank.gif" data-src="/newsWeb/resources/attaches/2026.09/15/9524….jpg">
_SOURCES = ("data-src", "data-original", "data-lazy-src", "data-lazy", "src", "srcset")
# "... 회의를 주재하고 있다. (사진=문화체육관광부)" right under a picture
_CREDIT = re.compile(r"[(<\[]\s*(?:사진|이미지|그래픽|그림)\s*(?:제공|출처)?\s*[=:][^()<>\[\]]{1,60}[)>\]]\s*\.?$")
# z.jpg;jsessionid=0A1B.was2: whose session it is
_SESSION = re.compile(r";jsessionid[^/?#]*", re.IGNORECASE)
# <div class="swiper-slide"><div class="img"><img></div><div class="desc">…</div></div>, <div class="photo_view">
_PICTURE_CLASS = re.compile(r"slide|photo|gallery|(?:img|image|pic)_?(?:wrap|box|area|view)", re.IGNORECASE)
# "▲ 회의에 앞서 인사하는 장관": a line right under a picture that points up at it
_POINTS_UP = re.compile(r"^[▲△↑]\s*\S")
_LONGEST_INLINE = 200
"""Characters of a caption that stands in its picture's paragraph; what is longer is a text that a picture opens."""


def captions(named: list[str]) -> bool:
    """Say whether one of an element's classes is that of a caption."""
    return any(map(_CAPTION_CLASS.search, named))


def credits_picture(line: str) -> bool:
    """Say whether a line ends with whose picture it stands under."""
    return _CREDIT.search(line) is not None


def points_up(line: str) -> bool:
    """Say whether a line points at what stands above it."""
    return _POINTS_UP.match(line) is not None


def is_picture_box(node: LexborNode, tag: str, named: list[str]) -> bool:
    """Whether this element of this tag and these classes is drawn around a picture: an item of a gallery, a slide."""
    may_be = tag in {"li", "dl"} or any(map(_PICTURE_CLASS.search, named))
    return may_be and node.css_first("img") is not None


def is_short(lines: list[str]) -> bool:
    """Whether this is no more than a caption: a line or two."""
    return len(lines) <= 2 and sum(map(len, lines)) <= _LONGEST_INLINE


def once(lines: list[str]) -> str:
    """Text that was printed twice, line under line or end to end, said once."""
    if len(lines) > 1 and len(set(lines)) == 1:
        return lines[0]
    line = lines[0]
    for gap in ("", " "):
        half = (len(line) - len(gap)) // 2
        if len(lines) == 1 and half >= 8 and line == line[:half] + gap + line[:half]:
            return line[:half]
    return "\n".join(lines)


def picture_source(image: LexborNode) -> str | None:
    """The address of an article's picture, a film's being its poster, None for an icon; a lazy one's stands apart."""
    attributes = image.attributes
    if image.tag == "video":
        return attributes.get("poster") or None
    for name in _SOURCES:
        if said := (attributes.get(name) or "").strip():
            # <img srcset="/newsWeb/…/a.jpg 1x, /newsWeb/…/b.jpg 2x">
            one = said.partition(",")[0].partition(" ")[0].strip() if name == "srcset" else said
            if one and one[:5].lower() != "data:" and not _ICON.match(one):
                return unstamped(_SESSION.sub("", one))
    return None
