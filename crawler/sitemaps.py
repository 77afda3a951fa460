"""Reads sitemaps, with bounds on everything: where they stand, and which addresses they hold with what date."""

from __future__ import annotations

import gzip
import io
import re
import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, time
from xml.etree.ElementTree import Element, ParseError

from defusedxml import DefusedXmlException
from defusedxml.ElementTree import iterparse

from storage.charsets import utf8_of
from storage.content_coding import GZIP_MAGIC
from storage.records import KST

USUAL = ("/sitemapindex.xml", "/sitemap.xml")
"""Where the portal's robots.txt was seen to point, and where sitemaps stand by custom."""
LARGEST = 50 * 1024 * 1024
"""Bytes of a sitemap, unpacked (sitemaps.org: 52,428,800); what follows is left out."""
MOST = 50_000
"""Addresses in one sitemap (sitemaps.org); what follows is left out."""
MOST_BETWEEN = 100_000
"""Elements between the ends of two entries, which are held until then; real entries have half a dozen."""
_LONGEST = 2048

# "Sitemap: https://www.korea.kr/sitemapindex.xml", "sitemap : /sitemap.xml"
_LINE = re.compile(r"^[ \t]*sitemap[ \t]*:[ \t]*(\S+)", re.IGNORECASE | re.MULTILINE)
# <?xml version="1.0" encoding="EUC-KR"?>
_DECLARATION = re.compile(rb"<\?xml[^>]{0,200}?encoding\s*=\s*[\"']([\w.:-]+)[^>]{0,100}\?>", re.IGNORECASE)
# "policyNewsView.do?pWise=main&newsId=148971946": an ampersand that begins no entity, as the portal's links have it
_BARE = re.compile(rb"&(?!(?:[A-Za-z][A-Za-z0-9]*|#[0-9]+|#x[0-9A-Fa-f]+);)")
_UTF_16 = (b"\xff\xfe", b"\xfe\xff")
# 2026-09-15, 2026-09, 2026-09-15T18:16+09:00
_DATED = re.compile(r"(\d{4})(?:-(\d{2})(?:-(\d{2}))?)?(T.+)?")


@dataclass(frozen=True, slots=True)
class Entry:
    """An address in a sitemap; ``lastmod`` is aware, its first instant in Korea where only a day is given."""

    loc: str
    lastmod: datetime | None = None


@dataclass(frozen=True, slots=True)
class Sitemap:
    """The addresses of articles, and of further sitemaps; ``whole`` unless it broke off or was too large."""

    pages: tuple[Entry, ...] = ()
    sitemaps: tuple[Entry, ...] = ()
    whole: bool = True


def named_in(robots: str) -> list[str]:
    """Give the sitemaps that a robots.txt names, in order, each once."""
    return list(dict.fromkeys(_LINE.findall(robots)))


def read(payload: bytes) -> Sitemap | None:
    """Read a sitemap or an index of them, gzipped or not; None when it is neither."""
    text, whole = _unpacked(payload)
    found: dict[str, list[Entry]] = {"url": [], "sitemap": []}
    seen_root = False
    try:
        for kind, entry in _entries(text):
            seen_root = True
            if entry is not None and kind in found:
                if len(found[kind]) >= MOST:
                    whole = False
                    break
                found[kind].append(entry)
    except (ParseError, DefusedXmlException, ValueError, LookupError):
        whole = False
    if not seen_root:
        return None
    return Sitemap(tuple(found["url"]), tuple(found["sitemap"]), whole)


def _unpacked(payload: bytes) -> tuple[bytes, bool]:
    """Give the XML, at most :data:`LARGEST` bytes of it, and whether that is all."""
    if not payload.startswith(GZIP_MAGIC):
        return payload[:LARGEST], len(payload) <= LARGEST
    text = bytearray()
    try:
        with gzip.open(io.BytesIO(payload)) as file:
            while len(text) <= LARGEST and (piece := file.read1(1 << 16)):
                text += piece
    except (OSError, EOFError, zlib.error):
        return bytes(text), False
    return bytes(text[:LARGEST]), len(text) <= LARGEST


def _entries(text: bytes) -> Iterator[tuple[str, Entry | None]]:
    """Give each entry as it ends, and the root as soon as it begins; its memory is freed behind it.

    Raises:
        ValueError: There is too much that is no entry.
    """
    root: Element | None = None
    held = 0
    for event, element in iterparse(io.BytesIO(_as_xml(text)), events=("start", "end"), forbid_dtd=True):
        name = _name(element)
        if root is None:
            if name not in {"urlset", "sitemapindex"}:
                return
            root = element
            yield "root", None
        elif event == "start":
            held += 1
            if held > MOST_BETWEEN:
                raise ValueError("elements that are no entries")
        elif name in {"url", "sitemap"}:
            said = {_name(one): (one.text or "").strip() for one in element}
            if said.get("loc") and len(said["loc"]) <= _LONGEST:
                yield name, Entry(said["loc"], moment(said.get("lastmod", "")))
            root.clear()
            held = 0


def _as_xml(text: bytes) -> bytes:
    """Give a sitemap as the parser takes it: nothing before it, no charset that it does not know, no bare ampersand."""
    if text.startswith(_UTF_16):
        return text
    text = text.lstrip(b"\xef\xbb\xbf \t\r\n")
    declared = _DECLARATION.match(text)
    if declared is not None and declared[1].lower() not in {b"utf-8", b"utf8"}:
        text = utf8_of(text, None)[declared.end() :]
    return _BARE.sub(b"&amp;", text)


def _name(element: Element) -> str:
    return element.tag.rpartition("}")[2] if isinstance(element.tag, str) else ""


def moment(text: str) -> datetime | None:
    """Read a date as sitemaps write it (W3C Datetime); without an offset it is Korean time.

    None of what is no date, and of one on which in Korea no year from 1 to 9999 has begun.
    """
    found = _DATED.fullmatch(text.strip())
    if not found:
        return None
    year, month, day, rest = found.groups()
    try:
        start = date(int(year), int(month or 1), int(day or 1))
        if not rest:
            return datetime.combine(start, time(), KST)
        read_ = datetime.fromisoformat(text.strip())
        read_ = read_ if read_.tzinfo else read_.replace(tzinfo=KST)
        read_.astimezone(KST)
    except (ValueError, OverflowError):
        return None
    return read_
