"""The fields read with parsel, as a Scrapy spider would."""

from __future__ import annotations

from typing import Any
from urllib.parse import urljoin, urlsplit

from parsel import Selector

from benchmarks.extraction import rules


def _text(node: Selector) -> str:
    return rules.folded("".join(node.xpath(".//text()").getall()))


def read(html: str, url: str) -> dict[str, Any]:
    """Read a page."""
    page = Selector(text=html)
    headline = page.css(rules.TITLE) or page.css(rules.ARCHIVE_TITLE)
    subtitles = page.css(rules.SUBTITLES) if page.css(rules.TITLE) else []
    lines = [line for node in subtitles for line in node.css("*::text").getall()]
    info = page.css(rules.INFO)
    source, author = rules.byline(
        [rules.folded("".join(span.xpath(".//text()[not(ancestor::i)]").getall())) for span in info[:1].css("span")]
    )
    data = " ".join(page.css('script[type="application/ld+json"]::text').getall())
    stamp = rules.PUBLISHED.search(data)
    told = stamp[1] if stamp else page.css('meta[property="article:published_time"]::attr(content)').get()
    body, images = _body(page, url)
    files = (rules.FILE.search(href) for href in page.css(rules.FILES).css("::attr(href)").getall())
    licence = rules.TYPE.search(" ".join(page.css(rules.LICENCE).css("::attr(alt)").getall()))
    return {
        "title": _text(headline[0]) if headline else "",
        "subtitles": list(dict.fromkeys(folded for line in lines if (folded := rules.folded(line)))),
        "published": rules.moment(told) if told else rules.day(" ".join(info.css("::text").getall())),
        "source": source,
        "author": author,
        "body": body,
        "images": images,
        "attachments": list(dict.fromkeys(found[1] for found in files if found)),
        "licence": f"KOGL-{licence[1]}" if licence else None,
    }


def _body(page: Selector, url: str) -> tuple[list[str], list[str]]:
    place = (page.css(rules.BODY) or page.css(rules.ARCHIVE_BODY))[:1]
    texts = []
    for node in place.xpath(".//p|.//h3|.//li|.//figcaption|.//table|.//div[@class='img_desc']"):
        if node.root.tag == "table":
            rows = [[_text(cell) for cell in row.css("td, th")] for row in node.css("tr")]
            texts.append("\n".join("\t".join(row) for row in rows))
        elif (text := _text(node)) and not text.startswith(rules.NOTE):
            texts.append(text)
    images = [urlsplit(urljoin(url, src)).path for src in place.css("img::attr(src)").getall()]
    return texts, images
