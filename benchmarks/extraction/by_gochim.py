"""The extractor as the second pass calls it."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any
from urllib.parse import urlsplit

from benchmarks.corpus import BASE
from crawler.layouts import read_page
from crawler.portal import Portal

_PORTAL = Portal(BASE)
_DAY = datetime(2026, 11, 20, tzinfo=UTC)


def read(html: str, url: str) -> dict[str, Any]:
    """Read a page; every further field of an article is read as well."""
    article = read_page(html, url, _DAY, _PORTAL).article
    if article is None:
        return {}
    return {
        "title": article.title,
        "subtitles": list(article.subtitles),
        "published": article.published,
        "source": article.source,
        "author": article.author,
        "body": [block.text for block in article.body],
        "images": [urlsplit(image.src).path for image in article.images],
        "attachments": [one.file_id for one in article.attachments],
        "licence": article.licence,
    }
