"""Assumptions about getting at the portal: robots.txt, sitemaps, coding, TLS, unknown ids, feeds, the mobile host."""

from __future__ import annotations

import re
from collections.abc import Iterator

from protego import Protego
from selectolax.lexbor import LexborHTMLParser

from crawler.cleaning import fold
from crawler.elements import visible
from crawler.list_page import ListPage
from crawler.notices import what_else
from crawler.probe.assumption import NOTHING, Finding, Gathered, Seen, assume, differs, holds, report, unclear
from crawler.robots import with_paths
from crawler.sections import SECTIONS
from crawler.sitemaps import Entry, named_in
from crawler.sitemaps import read as read_sitemap

AGENT = "gochim"
FEW_DAYS = 14
"""A certificate that ends sooner than this is worth a word."""
# <meta charset="utf-8">, <meta http-equiv="Content-Type" content="text/html; charset=euc-kr">
_META_CHARSET = re.compile(r"<meta[^>]{0,300}?charset\s*=\s*[\"']?\s*([\w-]+)", re.IGNORECASE)
# text/html;charset=UTF-8
_CHARSET = re.compile(r"charset\s*=\s*[\"']?([\w-]+)", re.IGNORECASE)


@assume("robots", "robots.txt is there, can be read, and lets gochim fetch lists and articles.", "robots")
def robots(gathered: Gathered) -> Iterator[Finding]:
    """Read robots.txt as the crawler does."""
    seen = gathered.answer("robots")
    if seen.status != 200:
        yield differs(
            f"It answers {seen.status}: all is allowed.", seen, "Nothing to mend: without one all is allowed."
        )
        return
    if "user-agent" not in seen.text.lower():
        yield differs(f"What stands there is no robots.txt: {_start(seen.text)}", seen)
        return
    rules = Protego.parse(with_paths(seen.text, lambda origin: gathered.portal.local(origin) is not None))
    paths = [one.path for section in SECTIONS.values() for one in section.lists]
    paths += [path for section in SECTIONS.values() for path in section.views]
    paths += ["/common/download.do", "/docViewer/result/"]
    forbidden = [path for path in paths if not rules.can_fetch(gathered.portal.base + path, AGENT)]
    if forbidden:
        yield differs(
            f"It forbids {len(forbidden)} of {len(paths)} paths: {', '.join(forbidden[:5])}.", seen,
            "Leave those sections out of portal.sections; what is forbidden is not fetched in any case.",
        )  # fmt: skip
        return
    yield holds(f"{len(seen.body)} bytes; all {len(paths)} paths are allowed.", seen)


@assume("robots-sitemap", "robots.txt names /sitemapindex.xml as its sitemap.", "robots")
def robots_sitemap(gathered: Gathered) -> Iterator[Finding]:
    """Look for the Sitemap line."""
    seen = gathered.page("robots")
    named = named_in(seen.text)
    if index := next((one for one in named if one.endswith("/sitemapindex.xml")), None):
        yield holds(index, seen)
    else:
        said = f"It names {', '.join(named)}." if named else "It names none."
        yield differs(said, seen, "Nothing to mend: what robots.txt names is asked first, then /sitemapindex.xml.")


@assume("crawl-delay", "robots.txt asks for no Crawl-delay.", "robots")
def crawl_delay(gathered: Gathered) -> Iterator[Finding]:
    """Look for a Crawl-delay for gochim or everyone."""
    seen = gathered.page("robots")
    delay = Protego.parse(seen.text).crawl_delay(AGENT)
    if delay is None:
        yield holds("None is asked for.", seen)
    else:
        yield differs(f"It asks for {delay:g} seconds.", seen, f"crawl.delay = {delay:g}")


@assume("sitemap-index", "/sitemapindex.xml is an index of sitemaps.", "sitemap")
def sitemap_index(gathered: Gathered) -> Iterator[Finding]:
    """Read the index."""
    seen = gathered.answer("sitemap-index")
    if seen.status != 200:
        yield differs(f"It answers {seen.status}.", seen, "Nothing to mend: lists are the way in; see also --since.")
        return
    found = read_sitemap(seen.body)
    if found is None:
        yield differs(f"It is no sitemap: {_start(seen.text)}", seen)
    elif not found.sitemaps:
        yield differs(f"It is a sitemap itself, of {len(found.pages)} addresses.", seen, NOTHING)
    else:
        yield holds(f"{len(found.sitemaps)} sitemaps.", seen)


@assume("sitemap", "The first sitemap lists addresses of articles that gochim knows.", "sitemap")
def sitemap(gathered: Gathered) -> Iterator[Finding]:
    """Count the articles of the first sitemap by section."""
    seen, found = _first_sitemap(gathered)
    sections: dict[str, int] = {}
    for one in found:
        address = gathered.portal.address(one.loc)
        if address is not None and address.article and address.section:
            sections[address.section] = sections.get(address.section, 0) + 1
    told = ", ".join(f"{count} {name}" for name, count in sections.items())
    if sections:
        yield holds(f"{len(found)} addresses: {told}.", seen)
    else:
        yield differs(f"None of its {len(found)} addresses is one of an article.", seen)


@assume("sitemap-lastmod", "The first sitemap says lastmod of each address.", "sitemap")
def sitemap_lastmod(gathered: Gathered) -> Iterator[Finding]:
    """Count lastmod values."""
    seen, found = _first_sitemap(gathered)
    dated = [one.lastmod for one in found if one.lastmod is not None]
    if found and len(dated) == len(found):
        yield holds(f"{len(dated)} of {len(found)}; the newest is {max(dated):%Y-%m-%d}.", seen)
    else:
        yield differs(f"{len(dated)} of {len(found)} say it.", seen, "Nothing to mend: lists tell what is new.")


def _first_sitemap(gathered: Gathered) -> tuple[Seen, tuple[Entry, ...]]:
    index = gathered.page("sitemap-index")
    found = read_sitemap(index.body)
    if found is not None and found.pages:
        return index, found.pages
    seen = gathered.page("sitemap")
    read = read_sitemap(seen.body)
    return seen, read.pages if read is not None else ()


@assume("charset", "Pages are UTF-8 and say so, in the header and in the page.", "lists", "articles")
def charset(gathered: Gathered) -> Iterator[Finding]:
    """Compare what is said with what the bytes are."""
    for seen in _pages(gathered):
        header, meta = _CHARSET.search(seen.header("Content-Type") or ""), _META_CHARSET.search(seen.text[:4096])
        said = [one.group(1).lower() if one else "nothing" for one in (header, meta)]
        if said == ["utf-8", "utf-8"] and _is_utf8(seen.body):
            continue
        bytes_are = "UTF-8" if _is_utf8(seen.body) else "not UTF-8"
        broken = "�" in seen.text
        yield differs(
            f"{seen.capture.url}: the header says {said[0]}, the page says {said[1]}, the bytes are {bytes_are}.", seen,
            report() if broken else "Nothing to mend: the page can be read as it is.",
        )  # fmt: skip
        return
    pages = _pages(gathered)
    yield holds(f"{len(pages)} pages.", pages[0]) if pages else unclear("No page was fetched.")


@assume("compression", "Pages come compressed with gzip where that is accepted.", "lists")
def compression(gathered: Gathered) -> Iterator[Finding]:
    """Look at Content-Encoding."""
    seen = _a_list(gathered)
    coding = seen.header("Content-Encoding")
    if coding and coding.lower() == "gzip":
        yield holds(f"{seen.capture.payload_length:,} bytes for {len(seen.body):,}.", seen)
    else:
        yield differs(f"It comes with {coding or 'no coding'}.", seen, NOTHING)


@assume("framing", "Lists come in chunks.", "lists")
def framing(gathered: Gathered) -> Iterator[Finding]:
    """Look at Transfer-Encoding."""
    seen = _a_list(gathered)
    if "chunked" in (seen.header("Transfer-Encoding") or "").lower():
        yield holds(f"{seen.version}, in chunks.", seen)
    else:
        length = seen.header("Content-Length")
        how = f"with a length of {length}" if length else "until the connection ends"
        yield differs(f"{seen.version}, {how}.", seen, NOTHING)


@assume("validators-pages", "Pages carry neither ETag nor Last-Modified.", "lists", "articles")
def validators_pages(gathered: Gathered) -> Iterator[Finding]:
    """Look for validators on pages."""
    pages = _pages(gathered)
    for seen in pages:
        given = [name for name in ("ETag", "Last-Modified") if seen.header(name)]
        if given:
            yield differs(
                f"{seen.capture.url} carries {' and '.join(given)}.", seen,
                "Nothing to mend: they are asked with; crawl.full_fetch_hours = 0 if they should not be trusted.",
            )  # fmt: skip
            return
    yield holds(f"{len(pages)} pages without.", pages[0]) if pages else unclear("No page was fetched.")


@assume("tls", "TLS 1.2 or newer is spoken, with a certificate that holds.", "handshake")
def tls(gathered: Gathered) -> Iterator[Finding]:
    """Judge the handshake."""
    hand = gathered.handshake
    if hand is None:
        yield unclear("The portal of the settings is not asked by https.")
    elif not hand.reached:
        yield unclear(f"No connection: {hand.failure}.")
    elif hand.failure:
        yield differs(f"The handshake failed: {hand.failure}.", None)
    elif hand.days_left < FEW_DAYS:
        yield differs(f"The certificate ends on {hand.not_after}, in {hand.days_left} days.", None, "Look again then.")
    else:
        yield holds(f"{hand.tls}, {hand.cipher}; {hand.subject} by {hand.issuer}, until {hand.not_after}.")


@assume("http2", "HTTP/2 is offered beside HTTP/1.1.", "handshake")
def http2(gathered: Gathered) -> Iterator[Finding]:
    """See what the server chose by ALPN."""
    hand = gathered.handshake
    if hand is None:
        yield unclear("The portal of the settings is not asked by https.")
    elif hand.failure:
        yield unclear(f"{'The handshake failed' if hand.reached else 'No connection'}: {hand.failure}.")
    elif hand.alpn == "h2":
        yield holds("It chose h2; gochim speaks HTTP/1.1, so that the archive holds what crossed the wire.")
    else:
        yield differs(f"It chose {hand.alpn or 'none'}.", None, "Nothing to mend: gochim speaks HTTP/1.1.")


@assume("unknown", "An article id that nobody has is answered with 404.", "unknown")
def unknown(gathered: Gathered) -> Iterator[Finding]:
    """Judge the answer as a look at an article would be."""
    seen = gathered.answer("unknown")
    if seen.status in {404, 410}:
        yield holds(f"{seen.status}: {_start(seen.text)}", seen)
    elif seen.status is not None and 300 <= seen.status < 400:
        target = gathered.portal.address(seen.capture.location or "", seen.capture.url)
        known = target is not None and target.role in {"front", "list"}
        yield differs(
            f"{seen.status}, on to {seen.capture.location}.", seen,
            "Nothing to mend: a redirect to the front page or a list counts as absent." if known else report(),
        )  # fmt: skip
    else:
        read = what_else(seen.text)
        yield differs(
            f"{seen.status}, with a page that is taken as {read}: {_start(seen.text)}", seen,
            "Nothing to mend: its notice is understood." if read == "gone" else report(),
        )  # fmt: skip


@assume("rss", "The RSS feeds have ended.", "rss")
def rss(gathered: Gathered) -> Iterator[Finding]:
    """Look for a feed where one was."""
    seen = gathered.answer("rss")
    if seen.status == 200 and ("<rss" in seen.text[:2000] or "<feed" in seen.text[:2000]):
        yield differs(
            f"{seen.capture.url} is a feed again.", seen, "Nothing to mend: lists and sitemaps are the ways in."
        )
    else:
        yield holds(f"{seen.capture.url} answers {seen.status}, no feed.", seen)


@assume("mobile", "The mobile host serves the same lists.", "mobile")
def mobile(gathered: Gathered) -> Iterator[Finding]:
    """Read a list of the mobile host."""
    if not gathered.portal.is_real and gathered.asked("mobile") is None:
        yield unclear("The portal of the settings is not the real one, which alone has a mobile host.")
        return
    seen = gathered.page("mobile")
    rows = ListPage(seen.text).rows()
    if rows:
        yield holds(f"{len(rows)} rows at {seen.capture.url}.", seen)
    else:
        yield differs(
            f"No row was found at {seen.capture.url}.", seen, "Nothing to mend: only the main host is crawled."
        )


def _a_list(gathered: Gathered) -> Seen:
    """Give a list page that came."""
    found = [one for one in gathered.of_kind("list").values() if one.status == 200]
    return gathered.page(found[0].question) if found else gathered.page("list:policy-news")


def _pages(gathered: Gathered) -> list[Seen]:
    found = [*gathered.of_kind("list").values(), *gathered.of_kind("article").values()]
    return [one for one in found if one.status == 200 and not one.unread and what_else(one.text) != "blocked"]


def _is_utf8(body: bytes) -> bool:
    try:
        body.decode()
    except UnicodeDecodeError:
        return False
    return True


def _start(text: str) -> str:
    """Quote the beginning of what a page says."""
    tree = LexborHTMLParser(text)
    said = fold(visible(tree.body)) if tree.body is not None else fold(text)
    return f"“{said[:60]}{'…' if len(said) > 60 else ''}”"
