"""A sitemap or an index of sitemaps, read as far as its addresses and days."""

from __future__ import annotations

import re
import zlib
from dataclasses import dataclass
from html import unescape
from typing import Literal

_LONGEST = 64 * 1024 * 1024
# <sitemapindex xmlns="http://www.sitemaps.org/schemas/sitemap/0.9">, <urlset …>
_ROOT = re.compile(r"<(?:\w+:)?(sitemapindex|urlset)[\s>]")
_ENTRY = re.compile(r"<(?:\w+:)?(?:url|sitemap)>(.*?)</(?:\w+:)?(?:url|sitemap)>", re.DOTALL)
_LOC = re.compile(r"<(?:\w+:)?loc>\s*(?:<!\[CDATA\[)?\s*(.*?)\s*(?:\]\]>)?\s*</", re.DOTALL)
_LASTMOD = re.compile(r"<(?:\w+:)?lastmod>\s*(.*?)\s*</", re.DOTALL)


@dataclass(frozen=True, slots=True)
class Locations:
    """What a sitemap says: of which kind it is, and its addresses with their ``lastmod`` (empty without one)."""

    kind: Literal["sitemapindex", "urlset"]
    links: dict[str, str]


def locations(body: bytes) -> Locations | None:
    """Read a sitemap, also a gzipped one; None when it is none.

    Source: sitemaps.org protocol 0.9. Read leniently, by pattern: one broken entry must not cost the others.
    """
    if body.startswith(b"\x1f\x8b"):
        try:
            body = zlib.decompressobj(31).decompress(body, _LONGEST)
        except zlib.error:
            return None
    text = body.decode("utf-8", "replace")
    root = _ROOT.search(text[:4096])
    if root is None:
        return None
    links: dict[str, str] = {}
    for entry in _ENTRY.findall(text):
        if loc := _LOC.search(entry):
            day = _LASTMOD.search(entry)
            links.setdefault(unescape(loc.group(1)), day.group(1) if day else "")
    return Locations("sitemapindex" if root.group(1) == "sitemapindex" else "urlset", links)
