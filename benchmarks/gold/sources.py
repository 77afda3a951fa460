"""The replica portal's articles as records, read from its own files and not through the crawler."""

from __future__ import annotations

import tomllib
from pathlib import Path
from typing import Any

from storage.records import Article, Attachment, Block, Image

ARTICLES = Path(__file__).parent.parent.parent / "replica" / "articles"
SECTIONS = ("policy-news", "press-release", "fact-check", "briefing")
"""Sections whose articles are mostly text; the others add no other kind of sentence."""

SHORTEST = 6
"""Blocks an article must have to be edited."""


def articles() -> list[Article]:
    """Read every article of the text sections that is long enough, in the order of their ids."""
    found = [
        _article(tomllib.loads(path.read_text(encoding="utf-8")))
        for section in SECTIONS
        for path in sorted((ARTICLES / section).glob("*.toml"))
    ]
    return [one for one in found if len(one.body) >= SHORTEST]


def _article(content: dict[str, Any]) -> Article:
    body: list[Block] = []
    images: list[Image] = []
    for block in content["body"]:
        if block["kind"] == "photo":
            images.append(Image("https://www.korea.kr" + block["src"], block.get("alt", ""), block.get("caption")))
            if block.get("caption"):
                body.append(Block("caption", block["caption"]))
        elif block["kind"] == "table":
            body.append(Block("table", "\n".join("\t".join(row) for row in block["rows"])))
        elif block["kind"] in {"paragraph", "heading", "quote", "list-item"} and block.get("text"):
            body.append(Block(block["kind"], block["text"]))
    return Article(
        article=content["id"],
        url=f"https://www.korea.kr/news/policyNewsView.do?newsId={content['id']}",
        section=content["section"],
        title=content["title"],
        subtitles=tuple(content.get("subtitles", ())),
        published=content["published"] + "+09:00",
        source=content["source"],
        source_code=content.get("source_code") or None,
        author=content.get("author") or None,
        body=tuple(body),
        images=tuple(images),
        attachments=tuple(
            Attachment(one["file_id"], one["name"], None, f"{k:064x}", f"{k + 1000:064x}")
            for k, one in enumerate(content.get("attachments", ()))
        ),
        licence=f"KOGL-{content.get('licence', 1)}",
    )
