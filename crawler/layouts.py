"""A page's bytes -> outcome and article: which layout of the day recognises it, or what else it is.

A pure function. The layout in force is the one with the greatest ``since`` that is not after the capture, and the
page must recognise it; else its neighbours are asked. A page that none recognises is gone, blocked or unrecognised,
never an article with an empty body.
"""

from __future__ import annotations

import hashlib
from bisect import bisect_right
from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date, datetime
from functools import lru_cache
from importlib import import_module
from itertools import chain
from pathlib import Path
from pkgutil import iter_modules
from urllib.parse import urljoin

import crawler.sections
from crawler.body import Body, read_body
from crawler.documents.folios import without_folios
from crawler.documents.reading import reader
from crawler.markup import breaks_off, in_html, parse
from crawler.notices import holds_failure, is_frameless, notice_of, says_broken, says_failing, what_else
from crawler.page import ArticlePage
from crawler.portal import Address, Portal
from crawler.sections import SECTIONS
from storage.records import Article, Outcome

_PORTALS_OWN = "header#header, footer#footer, main#main, form#mainForm, .breadcrumbs, .view_cont"
"""What stands on the portal's own pages and in no document."""


@dataclass(frozen=True, slots=True)
class PageReading:
    """What a page came to: the outcome, and the article with what else must be fetched for it."""

    outcome: Outcome
    article: Article | None = None
    layout: str = ""
    downloads: tuple[tuple[str, str], ...] = ()
    """(file id, address) of each attachment."""


def read_page(text: str | bytes, url: str, captured_at: datetime, portal: Portal) -> PageReading:
    """Read an article's page.

    Args:
        text: The page, decoded, or in UTF-8, which spares encoding it for the parser.
        url: The address it was fetched from.
        captured_at: When, aware; it decides which layout is asked first.
        portal: Whose address rules hold.
    """
    address = portal.address(url)
    if address is None or address.article is None or address.section is None:
        return PageReading("unrecognised")

    def absolute(link: str) -> str:
        return portal.local(link, url) or _elsewhere(link, url)

    html = text.encode("utf-8", "ignore") if isinstance(text, str) else text
    if holds_failure(html):
        return PageReading("error")
    tree = parse(html)
    for layout in _in_order(SECTIONS[address.section].layouts, captured_at.date()):
        page = layout(html, absolute, tree)
        if page.recognises() and (reading := _article(page, address, portal)) is not None:
            return reading
    return PageReading(what_else(html))


def _elsewhere(link: str, page: str) -> str:
    """The absolute address of a link that leaves the portal."""
    try:
        return urljoin(page, link.strip())
    except ValueError:
        return link


@lru_cache(maxsize=256)
def _in_order(layouts: tuple[type[ArticlePage], ...], today: date) -> list[type[ArticlePage]]:
    """The layout in force first, then older ones, then newer ones."""
    ranked = sorted(layouts, key=lambda one: one.since, reverse=True)
    return [one for one in ranked if one.since <= today] + [one for one in reversed(ranked) if one.since > today]


def era(moment: datetime) -> int:
    """Give the number of the era that a moment is in; while it is the same, layouts are asked in the same order.

    An era begins on each day on which a layout of any section came into force.
    """
    return bisect_right(_since(), moment.date())


@lru_cache(maxsize=1)
def _since() -> list[date]:
    return sorted({layout.since for section in SECTIONS.values() for layout in section.layouts})


def _article(page: ArticlePage, address: Address, portal: Portal) -> PageReading | None:
    """Read every field; None when the page has the layout's frame but nothing in it."""
    assert address.article is not None  # noqa: S101
    canonical = page.canonical
    own = portal.address(canonical) if canonical and canonical != address.url else None
    if own is not None and _is_another(own.article, address.article):
        return PageReading("unrecognised")
    filed = own if own is not None and own.article == address.article else address
    assert filed.section is not None  # noqa: S101
    read = Article(
        article=address.article,
        url=filed.url,
        section=filed.section,
        title=page.title,
        subtitles=page.subtitles,
        published=page.published,
        source=page.source,
        source_code=page.source_code,
        author=page.author,
        body=tuple(page.body.blocks),
        images=page.images,
        attachments=page.attachments,
        links=page.links,
        licence=page.licence,
        viewer=page.viewer,
    )
    if not read.title or not (read.body or read.images or read.viewer or read.attachments or page.shows_film):
        return None
    if notice := notice_of(read):
        return PageReading(notice)
    return PageReading("read", read, type(page).__name__, tuple(page.downloads.items()))


def _is_another(stated: str | None, asked: str) -> bool:
    """Whether a page names another article as its own than was asked for, both keyed alike (148971946, photo:73389).

    Caches mix answers up, and a portal may answer for an article that is gone with another: none of it is an edit.
    """
    return stated is not None and stated != asked and stated.rpartition(":")[0] == asked.rpartition(":")[0]


def read_document(pages: Iterable[str], portal: Portal, at: str | None = None) -> Body:
    """Read the document viewer's text pages as one body; words split over ``<span>`` are joined.

    ``at`` is where they stand: the address of any of them, from which their pictures are told.

    The body is empty when one of them is none of a document, or when all that they say is that something is broken: a
    half-read document must never look like paragraphs that were deleted, nor a notice like an edit.
    """
    parts: list[Body] = []
    for text in pages:
        part = read_document_page(text, portal, at)
        if part is None or says_failing(part):
            return Body()
        parts.append(part)
    blocks = without_folios([part.blocks for part in parts], lambda block: block.text)
    whole = Body(list(chain.from_iterable(blocks)), [image for part in parts for image in part.images])
    return Body() if says_broken(whole) else whole


def read_document_page(text: str, portal: Portal, at: str | None = None) -> Body | None:
    """Read one text page of the document viewer, None when it is none.

    It is a firewall's or an error's notice then, a page of the portal itself, or an answer without content or end.
    """
    if breaks_off(text):
        return None
    text = in_html(text)
    if what_else(text) != "unrecognised" and is_frameless(text):
        return None
    tree = parse(text)
    if tree.body is None or tree.css_first(_PORTALS_OWN) is not None:
        return None
    where = at or portal.base
    part = read_body(tree.body, lambda link: portal.local(link, where) or _elsewhere(link, where), joined=True)
    if not (part.blocks or part.images or any(child.is_element_node for child in tree.body.iter())):
        return None
    return part


def with_document(article: Article, document: Body) -> Article:
    """Put the viewer's text before what the page itself says (a remark on where the document comes from)."""
    return replace(
        article,
        body=(*document.blocks, *article.body),
        images=(*document.images, *article.images),
        body_from="viewer",
        document_blocks=len(document.blocks),
        document_images=len(document.images),
    )


@lru_cache(maxsize=1)
def extractor() -> str:
    """Digest the code that reads pages and files: two versions are compared only if the same extractor read both."""
    own = (
        "anchors body bylines cleaning elements extract layouts licence_notes links markup notices page parts payloads "
        "pictures places portal section templates viewer"
    )
    names = ["storage.charsets", "storage.content_coding", *(f"crawler.{name}" for name in own.split())]
    names += [f"crawler.sections.{module.name}" for module in iter_modules(crawler.sections.__path__)]
    digest = hashlib.sha256(reader().encode())
    for name in sorted(names):
        # Not by its package: a directory "storage" on the path, as each of Dask's workers makes one, takes its name.
        digest.update(Path(str(import_module(name).__file__)).read_bytes())
    return digest.hexdigest()[:16]
