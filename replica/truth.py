"""What an article says, as a reader of its page must find it."""

from __future__ import annotations

import hashlib
import re
from typing import Any

from replica.article import Article, Block
from replica.documents import file_bytes, lines_of, media_type_of

# A run of ASCII blanks, which a browser shows as one space; a no-break space is a character like any other.
_BLANKS = re.compile(r"[ \t\r\n]+")


def truth_of(article: Article, base_url: str) -> dict[str, Any]:
    """Give the article in the shape in which it is to be reported.

    The viewer's documents know only paragraphs and tables: there, headings, quotes, list items and captions are
    paragraphs, and there are no pictures. The licence paragraph that policy news carries in its body is told by
    ``licence`` and is no part of ``body``.

    Args:
        article: The state to describe.
        base_url: Scheme and host under which addresses are given, without a slash at the end.
    """
    blocks = [one for one in article.body if one.plain]
    photos = [] if article.uses_viewer else [one for one in article.body if one.kind == "photo"]
    return {
        "article": article.id,
        "url": base_url + article.address,
        "section": article.section,
        "title": _tidy(article.title),
        "subtitles": [_tidy(one) for one in article.subtitles if one],
        "published": f"{article.published}+09:00" if article.timed else article.day.isoformat(),
        "source": article.source,
        "source_code": article.source_code or None,
        "author": article.author or None,
        "body": [{"kind": _kind(article, one), "text": _text(one)} for one in blocks],
        "images": [
            {"src": picture_address(one, base_url), "alt": _tidy(one.alt), "caption": _tidy(one.caption) or None}
            for one in photos
        ],
        "attachments": [
            {
                "file_id": one.file_id,
                "name": _tidy(one.name),
                "media_type": media_type_of(one),
                "lines": list(lines_of(one)),
                "sha256": hashlib.sha256(file_bytes(one)).hexdigest(),
            }
            for one in article.attachments
        ],
        "licence": f"KOGL-{article.licence}" if article.licence else None,
    }


def picture_address(block: Block, base_url: str) -> str:
    """Give a photo's address under ``base_url``, whatever host its file was written with."""
    return base_url + block.src[block.src.index("/newsWeb/") :]


def _kind(article: Article, block: Block) -> str:
    if article.uses_viewer and block.kind != "table":
        return "paragraph"
    return "caption" if block.kind == "photo" else block.kind


def _text(block: Block) -> str:
    if block.kind == "table":
        return "\n".join("\t".join(_tidy(cell) for cell in row) for row in block.rows)
    return _tidy(block.plain)


def _tidy(text: str) -> str:
    return _BLANKS.sub(" ", text).strip(" ")
