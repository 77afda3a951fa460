"""The fields read with BeautifulSoup."""

from __future__ import annotations

from typing import Any
from urllib.parse import urljoin, urlsplit

from bs4 import BeautifulSoup, Tag

from benchmarks.extraction import rules


def read(html: str, url: str, parser: str) -> dict[str, Any]:
    """Read a page with one of BeautifulSoup's parsers."""
    page = BeautifulSoup(html, parser)
    headline = page.select_one(rules.TITLE)
    lines = [line for node in page.select(rules.SUBTITLES) for line in node.stripped_strings] if headline else []
    headline = headline or page.select_one(rules.ARCHIVE_TITLE)
    info = page.select_one(rules.INFO)
    words = []
    for span in info.select("span") if info else []:
        for tooltip in span.select("i"):
            tooltip.extract()
        words.append(rules.folded(span.get_text()))
    source, author = rules.byline(words)
    data = " ".join(one.get_text() for one in page.select('script[type="application/ld+json"]'))
    stamp = rules.PUBLISHED.search(data)
    meta = page.select_one('meta[property="article:published_time"]')
    told = stamp[1] if stamp else str(meta["content"]) if meta else None
    body, images = _body(page, url)
    files = (rules.FILE.search(str(link.get("href"))) for link in page.select(rules.FILES))
    licence = rules.TYPE.search(" ".join(str(one.get("alt")) for one in page.select(rules.LICENCE)))
    return {
        "title": rules.folded(headline.get_text()) if headline else "",
        "subtitles": list(dict.fromkeys(map(rules.folded, lines))),
        "published": rules.moment(told) if told else rules.day(info.get_text(" ") if info else ""),
        "source": source,
        "author": author,
        "body": body,
        "images": images,
        "attachments": list(dict.fromkeys(found[1] for found in files if found)),
        "licence": f"KOGL-{licence[1]}" if licence else None,
    }


def _body(page: BeautifulSoup, url: str) -> tuple[list[str], list[str]]:
    place = page.select_one(rules.BODY) or page.select_one(rules.ARCHIVE_BODY)
    if place is None:
        return [], []
    texts = []
    for node in place.find_all(_is_block):
        if node.name == "table":
            rows = [
                [rules.folded(cell.get_text()) for cell in row.find_all(["td", "th"])] for row in node.find_all("tr")
            ]
            texts.append("\n".join("\t".join(row) for row in rows))
        elif (text := rules.folded(node.get_text())) and not text.startswith(rules.NOTE):
            texts.append(text)
    return texts, [urlsplit(urljoin(url, str(one.get("src")))).path for one in place.find_all("img")]


def _is_block(node: Tag) -> bool:
    return node.name in rules.BLOCKS and (node.name != "div" or node.get("class") == ["img_desc"])
