"""Assumptions about article pages: their layout, subtitles, captions, dates, addresses and pictures."""

from __future__ import annotations

import re
from collections.abc import Iterator

from selectolax.lexbor import LexborHTMLParser, LexborNode

from crawler.cleaning import fold, stamp
from crawler.elements import is_hidden, visible
from crawler.layouts import PageReading, read_page
from crawler.probe.assumption import NOTHING, Finding, Gathered, Seen, assume, differs, each, holds, report, unclear
from crawler.sections import SECTIONS
from storage.command_line import gochim
from storage.magic import media_type_of
from storage.records import Article

OLDER = frozenset({"ViewClassic", "ViewCont"})
# "datePublished": "2026-09-15T18:16:48+09:00"
_DATE_PUBLISHED = re.compile(r'"datePublished"\s*:\s*"([^"]+)"')
# class="img_caption", class="photo-desc": what names itself a caption
_CAPTION_LIKE = re.compile(r"caption|cap_|_cap\b|desc", re.IGNORECASE)
CAPTIONS = {"figcaption": "figcaption", "p.photo_caption": ".photo_caption", ".img_desc": ".img_desc"}
"""How captions are reported to be marked, and the selector that finds each."""
# (사진=산림청), [사진 제공: 산림청]
_INLINE = re.compile(r"[(\[]사진\s*(?:=|:|제공|출처)[^)\]]{1,60}[)\]]")


def read(gathered: Gathered, seen: Seen) -> PageReading:
    """Read an article's page as the crawler does."""
    return read_page(seen.text, seen.capture.url, seen.capture.captured_at, gathered.portal)


def _read_articles(gathered: Gathered) -> Iterator[tuple[str, Seen, Article, LexborHTMLParser]]:
    """Give every article page that was read: its section, answer, article and tree."""
    for section, seen in gathered.of_kind("article").items():
        if seen.status == 200 and (article := read(gathered, seen).article) is not None:
            yield section, seen, article, LexborHTMLParser(seen.text)


@assume("layout", "An article page of every section is recognised, and by none of the older templates.", "articles")
def layout(gathered: Gathered) -> Iterator[Finding]:
    """Read one page of every section."""

    def judge(section: str, seen: Seen) -> Iterator[Finding]:
        came = read(gathered, seen)
        cut = _cut(seen)
        if came.outcome == "unrecognised":
            how = f"No layout recognises {seen.capture.url}: {_heading(seen.text)}"
            yield differs(how, seen, f"Write a layout, beginning with: {cut}", section)
        elif came.article is None:
            yield unclear(f"{seen.capture.url} is taken as {came.outcome}.", seen, section)
        elif came.layout in OLDER:
            yield differs(f"It is read as {came.layout}.", seen, f"{NOTHING} To keep the page: {cut}", section)
        else:
            yield holds(came.layout, seen, section)

    yield from each(gathered, "article", judge)
    for section, one in SECTIONS.items():
        if one.views and "articles" in gathered.kinds and section not in gathered.of_kind("article"):
            yield unclear("No list showed an article of it.", None, section)


def _heading(text: str) -> str:
    title = LexborHTMLParser(text).css_first("title")
    return f"“{fold(title.text())[:60]}”" if title is not None else "it has no title"


@assume("fields", "Title, date and source are found on every article page.", "articles")
def fields(gathered: Gathered) -> Iterator[Finding]:
    """See what was not found."""
    for section, seen, article, _ in _read_articles(gathered):
        lacking = [name for name in ("title", "published", "source") if not getattr(article, name)]
        if lacking:
            cut = _cut(seen)
            yield differs(f"{seen.capture.url} is read without {' and '.join(lacking)}.", seen, cut, section)
        else:
            yield holds(f"{article.published}, {article.source}", seen, section)


@assume("subtitles", "Subtitles stand in .article_head h2.", "articles")
def subtitles(gathered: Gathered) -> Iterator[Finding]:
    """Find where they stand, of the pages that have any."""
    for section, seen, article, tree in _read_articles(gathered):
        places = [place for place in (".article_head h2", ".view_title h2, .view_title h3") if _shown(tree, place)]
        if places == [".article_head h2"] and article.subtitles:
            yield holds(f"{len(article.subtitles)} lines", seen, section)
        elif places and article.subtitles:
            yield differs(f"They stand in {' and '.join(places)}.", seen, NOTHING, section)
        elif article.subtitles:
            yield differs("They stand elsewhere, and are read.", seen, NOTHING, section)
        elif others := [one for one in _shown(tree, "#container h2, #container h3") if not _is_known(one, article)]:
            yield differs(
                f"A heading that is not read: “{fold(visible(others[0]))[:40]}”", seen,
                f"If it is a subtitle: {_cut(seen)}", section,
            )  # fmt: skip


def _shown(tree: LexborHTMLParser, selector: str) -> list[LexborNode]:
    return [node for node in tree.css(selector) if not is_hidden(node) and fold(visible(node))]


def _is_known(node: LexborNode, article: Article) -> bool:
    """Whether a heading is the title or names the source, or belongs to the body or to a box beside the article."""
    said = fold(visible(node))
    if said == article.title or (article.source is not None and article.source in said):
        return True
    inside = ("view_cont", "article_body", "article_footer", "as_side", "as_sns", "area_banner", "related", "view_opt")
    above: LexborNode | None = node
    while above is not None:
        named = (above.attributes.get("class") or "") + " " + (above.attributes.get("id") or "")
        if above.tag in {"aside", "header", "footer", "nav"} or any(one in named for one in inside):
            return True
        above = above.parent
    return False


@assume("captions", "Captions are marked: figcaption, p.photo_caption or .img_desc.", "articles")
def captions(gathered: Gathered) -> Iterator[Finding]:
    """See how they are marked, of the pages that have pictures."""
    for section, seen, article, tree in _read_articles(gathered):
        if not article.images:
            continue
        body = "#container"
        marked = [name for name, where in CAPTIONS.items() if _shown(tree, f"{body} {where}")]
        unknown = [
            node
            for node in _shown(tree, ".view_cont [class], #viewCont [class]")
            if _CAPTION_LIKE.search(node.attributes.get("class") or "") and not _is_read(node, article)
        ]
        if unknown:
            yield differs(
                f"“{fold(visible(unknown[0]))[:40]}” in .{unknown[0].attributes.get('class')} is not read.", seen,
                _cut(seen), section,
            )  # fmt: skip
        elif marked:
            yield holds(", ".join(marked), seen, section)
        elif found := _INLINE.search(" ".join(block.text for block in article.body)):
            yield differs(
                f"It stands in the text: {found.group()}", seen, "Nothing to mend: it is read as text.", section
            )


def _is_read(node: LexborNode, article: Article) -> bool:
    """Whether what a node says was read as a caption, or as text: what a box holds may be several paragraphs."""
    said = fold(visible(node))
    return any(said in (image.caption or "") for image in article.images) or said in fold(
        " ".join(block.text for block in article.body)
    )


@assume("canonical", "link rel=canonical and og:url say the address under which gochim files the article.", "articles")
def canonical(gathered: Gathered) -> Iterator[Finding]:
    """Compare both with the filing address."""
    for section, seen, article, tree in _read_articles(gathered):
        link, meta = tree.css_first('link[rel="canonical"]'), tree.css_first('meta[property="og:url"]')
        said = {
            "canonical": (link.attributes.get("href") or "") if link is not None else "",
            "og:url": (meta.attributes.get("content") or "") if meta is not None else "",
        }
        wrong = [
            f"{name} is {value or 'missing'}" for name, value in said.items() if not _same(gathered, value, article)
        ]
        if wrong:
            yield differs(f"{'; '.join(wrong)} on {article.url}.", seen, report(), section)
        else:
            yield holds(article.url.removeprefix(gathered.portal.base), seen, section)


def _same(gathered: Gathered, said: str, article: Article) -> bool:
    address = gathered.portal.address(said) if said else None
    return address is not None and address.url == article.url


@assume(
    "published", "JSON-LD says the time with +09:00; the meta element says the same clock with a false Z.", "articles"
)
def published(gathered: Gathered) -> Iterator[Finding]:
    """Compare the two."""
    for section, seen, _, tree in _read_articles(gathered):
        data = " ".join(node.text() for node in tree.css('script[type="application/ld+json"]'))
        found = _DATE_PUBLISHED.search(data)
        meta = tree.css_first('meta[property="article:published_time"]')
        told = found.group(1) if found else ""
        clock = (meta.attributes.get("content") or "") if meta is not None else ""
        if not told and not clock and SECTIONS[section].key != "newsId":
            continue  # The archive's pages print the day and say nothing else.
        if len(told) == len("2026-09-15") and not clock and stamp(told):
            yield holds(f"{told}, a day alone", seen, section)
        elif told.endswith("+09:00") and clock.endswith("Z") and told[:19] == clock[:19]:
            yield holds(told, seen, section)
        elif told and stamp(told):
            mend = NOTHING if not clock or stamp(clock) == stamp(told) else report()
            yield differs(f"JSON-LD says {told}, the meta element {clock or 'nothing'}.", seen, mend, section)
        else:
            how = f"JSON-LD says {told or 'nothing'}, the meta element {clock or 'nothing'}."
            yield differs(how, seen, "Nothing to mend: the printed day is read." if not told else report(), section)


@assume("images", "The pictures of articles can be had and are pictures.", "articles")
def images(gathered: Gathered) -> Iterator[Finding]:
    """Judge pictures by their first bytes."""
    if not gathered.images:
        yield unclear("crawl.images is false: no picture was fetched.")
        return
    asked = [one for one in gathered.exchanges if one.capture.role == "image"]
    for seen in asked:
        kind = media_type_of(seen.body) if seen.body else None
        if seen.status is None:
            continue
        if seen.status != 200 or not (kind or "").startswith("image/"):
            how = f"{seen.capture.url} answers {seen.status} with {kind or 'nothing'}."
            yield differs(how, seen, "Nothing to mend: what is no picture is filed as not read.")
            return
    answered = [one for one in asked if one.status == 200]
    if answered:
        yield holds(
            f"{len(answered)} pictures: {', '.join(sorted({str(media_type_of(one.body)) for one in answered}))}.",
            answered[0],
        )
    elif asked:
        yield unclear("No picture was answered.", asked[0])


def _cut(seen: Seen) -> str:
    """Say how a golden case is cut from a page."""
    return gochim("new-case", str(seen.capture.id or seen.capture.url))
