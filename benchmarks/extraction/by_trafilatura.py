"""What trafilatura finds by itself, without being told of any template: headline, day and text."""

from __future__ import annotations

from typing import Any

import trafilatura


def read(html: str, url: str) -> dict[str, Any]:
    """Read a page."""
    found = trafilatura.bare_extraction(html, url=url, with_metadata=True)
    if found is None:
        return {}
    text = (found.text or "").split("\n")
    return {"title": found.title, "published": found.date, "author": found.author, "body": text}
