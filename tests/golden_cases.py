"""The golden pages: frozen captures of every section and layout, and the articles that they say.

A case is a directory ``tests/golden/sections/<section>/<Layout>/<case>`` with ``page.html``, ``capture.json`` (the
address, the time, the documents fetched with the page) and ``article.json``. When ``article.json`` is missing it is
written from what is read now and the test fails, so that a person reads it before it counts.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest

from crawler.layouts import read_document, read_page, with_document
from crawler.portal import REAL, Portal
from storage.charsets import text_of

ROOT = Path(__file__).parent / "golden" / "sections"
FIELDS = (
    "article", "url", "section", "title", "subtitles", "published", "source", "source_code", "author", "body", "images",
    "attachments", "links", "licence", "viewer", "body_from", "layout", "downloads",
)  # fmt: skip


def upper_case(text: str) -> str:
    """Write every tag's name in capitals."""
    # <p class="x">, </p>; not <?xml and not the comparison in a script
    return re.sub(r"(</?)([a-z][a-z0-9]*)(?=[\s>/])", lambda tag: tag[1] + tag[2].upper(), text)


SERVED: dict[str, Callable[[str], str]] = {
    "CRLF": lambda text: text.replace("\n", "\r\n"),
    "upper case": upper_case,
    "one line": lambda text: re.sub(r"\s*\n\s*", "\n", text).replace(">\n<", "><"),
    "comments": lambda text: re.sub(r"(</p>|</li>|<td>|<br ?/?>|</span>)(?! -->)", r"\1<!-- <p>지운 글</p> -->", text),
    "blank lines": lambda text: text.replace(">\n", ">\n \n\t\n"),
    "a script in front": lambda text: text.replace(
        "<body>", "<body><script>var a = '<div class=\"view_cont\">';</script>"
    ),
}
"""Ways in which the same page may be served."""


def cases(root: Path = ROOT) -> list[Path]:
    """Give every case's directory, sorted."""
    return sorted(one.parent for one in root.glob("*/*/*/page.html"))


def reading(case: Path, served: Callable[[str], str] = str) -> dict[str, Any]:
    """Read a case's page, served otherwise, as the crawler does; only ``outcome`` when it was not read."""
    capture = json.loads((case / "capture.json").read_text(encoding="utf-8"))
    portal = Portal(capture.get("portal", REAL))
    media_type = capture.get("media_type")
    page = read_page(
        served(text_of((case / "page.html").read_bytes(), media_type)),
        capture["url"],
        datetime.fromisoformat(capture["captured_at"]),
        portal,
    )
    if page.article is None:
        return {"outcome": page.outcome}
    article = page.article
    if documents := capture.get("documents"):
        texts = [served(text_of((case / name).read_bytes(), media_type)) for name in documents]
        article = with_document(article, read_document(texts, portal))
    return {
        **article.content(),
        "viewer": article.viewer,
        "body_from": article.body_from,
        "layout": page.layout,
        "downloads": dict(page.downloads),
    }


def expected(case: Path) -> dict[str, Any]:
    """Give what the case's page must be read as; write it and fail when nobody has said so yet."""
    path = case / "article.json"
    if not path.exists():
        path.write_text(json.dumps(reading(case), ensure_ascii=False, indent=2) + "\n", encoding="utf-8")
        pytest.fail(f"{path} was missing and has been written: review it, then run the tests again")
    loaded: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
    return loaded
