"""ArticlePage: a layout of an article's page is a class with one method per field.

A page is a pure function of its bytes and its address. What every template of the portal shares stands here; a
layout's own class says only what differs.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import date
from functools import cached_property, lru_cache
from typing import ClassVar
from urllib.parse import parse_qs, urlsplit

from selectolax.lexbor import LexborHTMLParser, LexborNode

from crawler.anchors import Anchors, Names, outermost
from crawler.body import Body, read_body
from crawler.bylines import Label, begins_labelled, byline, deadlines, is_byline, labelled, may_be_labelled, person
from crawler.cleaning import day, fold, fold_lines, licence, stamp, without_day
from crawler.elements import is_hidden, spilt, visible
from crawler.markup import breaks_off
from storage.records import Attachment, Image, Link

# "datePublished": "2026-09-15T18:16:48+09:00" (read as text: headlines with quotation marks break the JSON)
_DATE_PUBLISHED = re.compile(r'"datePublished"\s*:\s*"([^"]+)"')
# /news/ministryNewsList.do?repCode=A00015
_REP_CODE = re.compile(r"[?&]repCode=([A-Z]\d{5})\b")
_LICENCE_AT = ".kogl_wrap, .kogl, .open_type, .law_copy_wrap"
# <link rel="canonical" href="https://www.korea.kr/news/policyNewsView.do?newsId=148930267">
_CANONICAL = 'link[rel="canonical"]'
# <script type="application/ld+json">
_LINKED_DATA = 'script[type="application/ld+json" i]'
_TOOLTIP, _LINK = frozenset({"i"}), frozenset({"a"})
# "바로보기", "내려받기": what a link to a file offers, not the file's name
_OFFER = re.compile(r"(?:바로\s?보기|내려\s?받기|다운로드|미리\s?보기|전체\s?다운로드)?")


class ArticlePage:
    """One layout of an article page; ``since`` is the first day on which it was served."""

    since: ClassVar[date] = date(2004, 1, 1)
    title_at: ClassVar[tuple[str, ...]] = (".view_title h1", ".article_head h1")
    """Where the headline stands; the first selector that matches counts. So with ``info_at`` and ``body_at``."""
    subtitles_at: ClassVar[str] = (
        ".view_title h2, .view_title h3, .view_title .sub_title, .view_title .subtitle, .view_title .sub_tit, "
        ".article_head h2, .article_head .sub_title, .article_head .sub_tit"
    )
    info_at: ClassVar[tuple[str, ...]] = (".article_head .info", ".view_title .info")
    labels_at: ClassVar[str] = ".article_head h3, .view_title h3, .article_head .info, .view_title .info"
    """Where lines with labels stand, ``기관명 : 산업통상부``."""
    body_at: ClassVar[tuple[str, ...]] = (".view_cont",)
    files_at: ClassVar[str] = (
        ".filedown a[href], .article_head a[href*='fileId='], .article_wrap .file a[href], "
        ".article_wrap a[href*='/download.do?']"
    )

    def __init__(self, html: bytes, absolute: Callable[[str], str], tree: LexborHTMLParser) -> None:
        self._html = html
        self._absolute = absolute
        self._tree = tree

    def recognises(self) -> bool:
        """Say whether the page is of this layout; a page it does not recognise is never half read."""
        return self.is_whole and self._headline is not None and bool(self._bodies)

    @property
    def is_whole(self) -> bool:
        """Whether the page came to its end."""
        return not breaks_off(self._html)

    @property
    def canonical(self) -> str | None:
        """The page's own statement of its address (``<link rel="canonical">``, else ``og:url``)."""
        link = self._tree.css_first(_CANONICAL)
        return (link.attributes.get("href") if link is not None else None) or self._meta("og:url")

    @property
    def title(self) -> str:
        """The headline, from the page, else from the hidden field, else from ``og:title``."""
        node = self._headline
        if node is not None and (title := fold(visible(node))):
            return title
        hidden = self._tree.css_first("#titleText")
        if hidden is not None and fold(hidden.attributes.get("value") or ""):
            return fold(hidden.attributes.get("value") or "")
        return fold(self._meta("og:title") or "")

    @property
    def subtitles(self) -> tuple[str, ...]:
        """The lines under the headline, the last day to apply among them; one element may hold several by ``<br>``."""
        lines: dict[str, None] = {}
        for node in self._anchors.all(self.subtitles_at):
            if not is_hidden(node):
                said = fold_lines(visible(node)).splitlines()
                lines.update(dict.fromkeys(line for line in said if not begins_labelled(line)))
        beside = [said for said in self._labelled_lines if said not in lines]
        return (*lines, *dict.fromkeys(line for said in beside for line in deadlines(said)))

    @property
    def published(self) -> str | None:
        """The time of publication: JSON-LD first, then the meta element, then the printed day."""
        found = self._date_published
        for text in (found.group(1) if found else None, self._meta("article:published_time")):
            if text and (moment := stamp(text)):
                return moment
        if said := self._labelled.get("published"):
            return day(said)
        texts = [text for text in self._info_texts if not labelled(text)]
        return next((found_day for text in texts if (found_day := day(text))), None)

    @property
    def source(self) -> str | None:
        """The ministry or publisher as printed."""
        return self._byline[0]

    @property
    def author(self) -> str | None:
        """The person named in the byline."""
        return self._byline[1]

    @property
    def source_code(self) -> str | None:
        """The ministry's ``repCode``, from the link to its news."""
        link = self._ministry_link
        found = _REP_CODE.search(link.attributes.get("href") or "") if link is not None else None
        return found.group(1) if found else None

    @property
    def attachments(self) -> tuple[Attachment, ...]:
        """The files offered; each is linked twice (name and 내려받기) and once in the viewer (바로보기)."""
        names: dict[str, str] = {}
        for file_id, link in self._file_links:
            text = fold(visible(link))
            if not names.get(file_id) or _OFFER.fullmatch(names[file_id]):
                names[file_id] = text
        return tuple(Attachment(file_id, name) for file_id, name in names.items())

    @property
    def downloads(self) -> dict[str, str]:
        """The absolute download address of each attachment, by file id."""
        found: dict[str, str] = {}
        for file_id, link in self._file_links:
            if file_id not in found:
                found[file_id] = self._absolute(link.attributes.get("href") or "")
        return found

    @cached_property
    def _file_links(self) -> tuple[tuple[str, LexborNode], ...]:
        found = []
        for link in self._anchors.all(self.files_at):
            href = link.attributes.get("href") or ""
            if "/docViewer.do" not in href and (file_id := file_id_of(href)):
                found.append((file_id, link))
        return tuple(found)

    @property
    def viewer(self) -> str | None:
        """The address of the document viewer that stands in for the body, when there is one."""
        # <iframe id="content_press" src="/docViewer/iframe_skin/doc.html?fn=e97…&rs=/docViewer/result/2026.09/15/e97…">
        for frame in self._tree.tags("iframe"):
            src = frame.attributes.get("src") or frame.attributes.get("data-src") or ""
            if "/docViewer/" in src and "fn=" in src:
                return self._absolute(src)
        return None

    @property
    def licence(self) -> str | None:
        """The KOGL type printed under the article or, on older pages, inside it."""
        for node in self._anchors.all(_LICENCE_AT):
            images = [image.attributes for image in node.css("img")]
            named = " ".join([(image.get("alt") or "") + " " + (image.get("src") or "") for image in images])
            if found := licence(named) or licence(node.text()):
                return found
        return next((found for note in self.body.licence_notes if (found := licence(note))), None)

    @property
    def images(self) -> tuple[Image, ...]:
        """The pictures of the body in reading order."""
        return tuple(self.body.images)

    @property
    def links(self) -> tuple[Link, ...]:
        """Where the words of the body lead, files left out, which are attachments."""
        return tuple(one for one in self.body.links if not file_id_of(one.address) and "/docViewer" not in one.address)

    @cached_property
    def body(self) -> Body:
        """The body's blocks, images and licence sentences."""
        whole = Body()
        for node in self._bodies:
            last = node is self._bodies[-1]
            part = read_body(node, self._absolute, spilt=spilt(node) if last else ())
            whole.blocks += part.blocks
            whole.images += part.images
            whole.links += part.links
            whole.licence_notes += part.licence_notes
        return whole

    @property
    def shows_film(self) -> bool:
        """Whether a film stands in the body: its page is an article though it may say no word."""
        return any(node.css_first("iframe[src], video, embed, object") is not None for node in self._bodies)

    @cached_property
    def _bodies(self) -> list[LexborNode]:
        """The elements that hold the body: all that the first matching selector finds, but none inside another."""
        return outermost(next((found for one in self.body_at if (found := self._anchors.all(one))), []))

    @cached_property
    def _headline(self) -> LexborNode | None:
        # Searched for in the whole page, and first: a page of another layout has none, and is searched no further.
        first = next((found for one in self.title_at if (found := self._tree.css_first(one)) is not None), None)
        if first is None or not is_hidden(first):
            return first
        # One for screen readers alone may stand before the one that is seen.
        return next((one for at in self.title_at for one in self._tree.css(at) if not is_hidden(one)), first)

    @cached_property
    def _anchors(self) -> Anchors:
        return Anchors(self._tree, _names(type(self)))  # type: ignore[arg-type]  # mypy takes a class for unhashable

    @property
    def _date_published(self) -> re.Match[str] | None:
        # They stand in the head, as a rule.
        head = self._tree.head
        return (_dated(head) if head is not None else None) or _dated(self._tree)

    def _meta(self, name: str) -> str | None:
        """Give what the first ``<meta property=...>`` of this name says."""
        node = self._tree.css_first(f'meta[property="{name}"]')
        return node.attributes.get("content") if node is not None else None

    @cached_property
    def _info(self) -> LexborNode | None:
        """The line under the headline."""
        return self._anchors.first(self.info_at)

    @cached_property
    def _ministry_link(self) -> LexborNode | None:
        info = self._info
        return info.css_first('a[href*="repCode="]') if info is not None else None

    @cached_property
    def _byline(self) -> tuple[str | None, str | None]:
        said = self._labelled
        if "source" in said:
            return said["source"] or None, person(said.get("author", ""))
        texts = [
            text
            for found in self._info_texts
            if not labelled(found) and (text := without_day(found)) and is_byline(text)
        ]
        if (link := self._ministry_link) is not None and (source := fold(visible(link, without=_TOOLTIP))):
            return source, next((name for text in texts if (name := person(text))), None)
        if len(texts) > 1 and (name := person(texts[1])):
            return texts[0], name
        return byline(" ".join(texts))

    @cached_property
    def _info_texts(self) -> tuple[str, ...]:
        """What the line under the headline says, element by element, without the ministry's link."""
        info = self._info
        if info is None:
            return ()
        without = _TOOLTIP if self._ministry_link is None else _LINK
        found = []
        for node in info.iter(include_text=True, skip_empty=True):
            if not node.is_element_node:
                said = node.text_content or ""
            else:
                said = visible(node, without=without) if not is_hidden(node) else ""
            # "정책기자단 | 박세아"
            found += [text for part in said.split(" | ") if (text := fold(part))]
        return tuple(found)

    @cached_property
    def _labelled(self) -> dict[Label, str]:
        """What the lines under the headline say with labels; the first that says a thing counts."""
        found: dict[Label, str] = {}
        for line in self._labelled_lines:
            found = labelled(line) | found
        return found

    @cached_property
    def _labelled_lines(self) -> tuple[str, ...]:
        """The lines under the headline that may say anything with a label."""
        # Most lines have no label; whether one has can be told without asking what of it is seen.
        return tuple(
            fold(visible(node))
            for node in self._anchors.all(self.labels_at)
            if may_be_labelled(node.text_lexbor()) and not is_hidden(node)
        )


@lru_cache(maxsize=64)
def _names(layout: type[ArticlePage]) -> Names:
    """Give what a layout's selectors begin with."""
    under_headline = (layout.subtitles_at, layout.labels_at, *layout.info_at)
    return Names((layout.files_at, _LICENCE_AT, *layout.body_at), together=under_headline)


def _dated(within: LexborHTMLParser | LexborNode) -> re.Match[str] | None:
    """Find the time of publication in the JSON-LD of a page or a part of it."""
    return _DATE_PUBLISHED.search(" ".join([script.text() for script in within.css(_LINKED_DATA)]))


@lru_cache(maxsize=256)
def file_id_of(href: str) -> str | None:
    """Give the ``fileId`` of a download link, wherever it stands in the query; a page has each two or three times."""
    # /common/download.do?fileId=198552978&tblKey=GMN, /common/download.do?tblKey=GBD&fileId=1
    if "fileId" not in href and "%" not in href:
        return None
    try:
        values = parse_qs(urlsplit(href).query).get("fileId")
    except ValueError:  # "http://[/download.do?fileId=1" leads nowhere
        return None
    return values[0] if values else None
