"""Many article pages of the replica, as files for a static server: what is fetched costs the server next to nothing."""

from __future__ import annotations

import gzip
import re
import tempfile
from pathlib import Path

from benchmarks.corpus import filled
from replica.exchange import Request
from replica.portal import Portal

FIRST = 149_000_001
MODEL = Path(__file__).parents[2] / "replica" / "articles" / "policy-news" / "148930011.toml"


def write(root: Path, number: int, size: int, *, edited: bool = False) -> list[str]:
    """Write ``number`` pages and their gzipped twins below ``root``; give their paths with queries.

    Args:
        root: Where the server looks.
        number: How many articles.
        size: Bytes that a page has at least; 0 leaves it as the replica shows it.
        edited: Whether one figure of every article is another one than at first.

    Raises:
        RuntimeError: The replica does not show one of them.
    """
    model = filled(_model(edited=edited), size)
    root.mkdir(parents=True, exist_ok=True)
    for identity in range(FIRST, FIRST + number):
        # "학교 1만 1700곳 가운데" and "접속 지연이 잦은 3,850곳": no two articles say the same
        body = model.replace(str(FIRST), str(identity)).replace("3,850곳", f"{identity % 9000 + 1000:,}곳").encode()
        file = root / f"{identity}.html"
        file.write_bytes(body)
        file.with_suffix(".html.gz").write_bytes(gzip.compress(body, 6, mtime=0))
    return [f"/news/policyNewsView.do?newsId={identity}" for identity in range(FIRST, FIRST + number)]


def _model(*, edited: bool) -> str:
    """Give the page that the replica shows of the first article."""
    with tempfile.TemporaryDirectory() as made:
        folder = Path(made) / "policy-news"
        folder.mkdir()
        for identity in range(FIRST, FIRST + 40):  # Others stand around it; the newest the replica brings only later.
            text = MODEL.read_text(encoding="utf-8").replace("148930011", str(identity))
            text = text.replace('template = "viewcont"', 'template = "classic"')
            if edited:
                text = re.sub("51\\.2%", "61.2%", text)
            (folder / f"{identity}.toml").write_text(text, encoding="utf-8")
        path = f"/news/policyNewsView.do?newsId={FIRST}"
        answer = Portal.load(Path(made)).answer(Request("GET", path, {}, origin="http://127.0.0.1"))
    if answer.status != 200:
        raise RuntimeError(f"the replica answers {path} with {answer.status}")
    return answer.body.decode()
