"""Edits of whole paragraphs and of the small fields around them."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import replace
from random import Random

from benchmarks.gold.edit import COSMETIC, SUBSTANCE, WORDING, Replaced
from storage.records import Article, Attachment, Block, Image, Weight

_SENTENCES = re.compile(r"(?<=[다요]\.) ")
"""The space behind ``밝혔다.``"""
_NEW_PARAGRAPHS = (
    "이번 조치로 현장의 불편이 크게 덜어질 것으로 기대된다. 관계 기관은 준비에 들어갔다.",
    "주민 설명회는 권역마다 따로 열리며, 참석을 바라는 사람은 사전에 신청하면 된다.",
    "전문가들은 제도가 자리를 잡으려면 홍보와 교육이 뒤따라야 한다고 조언했다.",
    "○ 세부 절차와 서식은 담당 부서 자료실에 실려 있으며 전화로도 안내를 받을 수 있다.",
)

Change = tuple[Article, frozenset[str], Weight | None, tuple[Replaced, ...] | None]
Editor = Callable[[Article, Sequence[int], Random], Change | None]
"""Edits an article at a body position it may use; None where there is none."""


def _paragraphs(article: Article, free: Sequence[int]) -> list[int]:
    """Give usable positions whose paragraph is long and stands once."""
    texts = [block.text for block in article.body]
    return [
        k
        for k in free
        if article.body[k].kind in {"paragraph", "list-item"} and len(texts[k]) > 30 and texts.count(texts[k]) == 1
    ]


def _with(article: Article, body: Sequence[Block]) -> Article:
    return replace(article, body=tuple(body))


def added(article: Article, free: Sequence[int], dice: Random) -> Change | None:
    """Add a paragraph."""
    places = _paragraphs(article, free)
    if not places:
        return None
    place = dice.choice(places)
    text = dice.choice(_NEW_PARAGRAPHS)
    body = [*article.body[:place], Block("paragraph", text), *article.body[place:]]
    return _with(article, body), frozenset({"body", "paragraph-added"}), SUBSTANCE, ()


def removed(article: Article, free: Sequence[int], dice: Random) -> Change | None:
    """Remove a paragraph."""
    places = _paragraphs(article, free)
    if not places:
        return None
    place = dice.choice(places)
    body = article.body[:place] + article.body[place + 1 :]
    return _with(article, body), frozenset({"body", "paragraph-removed"}), SUBSTANCE, ()


def moved(article: Article, free: Sequence[int], dice: Random) -> Change | None:
    """Move a paragraph past at least two others."""
    places = [k for k in _paragraphs(article, free) if k > 3]
    if not places:
        return None
    place = dice.choice(places)
    target = dice.randrange(0, place - 2)
    body = list(article.body)
    body.insert(target, body.pop(place))
    return _with(article, body), frozenset({"body", "paragraph-moved"}), WORDING, ()


def split(article: Article, free: Sequence[int], dice: Random) -> Change | None:
    """Split a paragraph between two sentences."""
    places = [k for k in _paragraphs(article, free) if len(_SENTENCES.split(article.body[k].text)) > 1]
    if not places:
        return None
    place = dice.choice(places)
    sentences = _SENTENCES.split(article.body[place].text)
    cut = dice.randrange(1, len(sentences))
    parts = [Block(article.body[place].kind, " ".join(part)) for part in (sentences[:cut], sentences[cut:])]
    body = [*article.body[:place], *parts, *article.body[place + 1 :]]
    return _with(article, body), frozenset({"body", "paragraph-split"}), COSMETIC, ()


def merged(article: Article, free: Sequence[int], dice: Random) -> Change | None:
    """Merge a paragraph with the next."""
    usable = _paragraphs(article, free)
    places = [k for k in usable if k + 1 in usable and article.body[k].kind == article.body[k + 1].kind]
    if not places:
        return None
    place = dice.choice(places)
    text = f"{article.body[place].text} {article.body[place + 1].text}"
    body = [*article.body[:place], Block(article.body[place].kind, text), *article.body[place + 2 :]]
    return _with(article, body), frozenset({"body", "paragraph-merged"}), COSMETIC, ()


def source(article: Article, _free: Sequence[int], dice: Random) -> Change | None:
    """Name another ministry as the source."""
    new = dice.choice([one for one in ("법무부", "통일부", "국가보훈부") if one != article.source])
    facts = (Replaced("name", article.source or "", new, valued=False),)
    return replace(article, source=new, source_code="A00010"), frozenset({"source", "name"}), SUBSTANCE, facts


def byline(article: Article, _free: Sequence[int], dice: Random) -> Change | None:
    """Name another author."""
    if not article.author:
        return None
    new = dice.choice(["반가람", "소이담", "모세린"])
    facts = (Replaced("name", article.author, new, valued=False),)
    return replace(article, author=new), frozenset({"byline", "name"}), SUBSTANCE, facts


def published(article: Article, _free: Sequence[int], dice: Random) -> Change | None:
    """Date the article otherwise."""
    old = article.published or ""
    new = old[:8] + dice.choice([one for one in ("03", "14", "27") if one != old[8:10]]) + old[10:]
    facts = (Replaced("date-value", old, new, valued=False),)
    return replace(article, published=new), frozenset({"date", "date-value"}), SUBSTANCE, facts


def licence(article: Article, _free: Sequence[int], dice: Random) -> Change | None:
    """Change the licence."""
    new = dice.choice(["KOGL-2", "KOGL-3", "KOGL-4"])
    return replace(article, licence=new), frozenset({"licence"}), None, ()


def attachment_renamed(article: Article, _free: Sequence[int], dice: Random) -> Change | None:
    """Mark an attachment's name as mended and nothing else."""
    if not article.attachments:
        return None
    place = dice.randrange(len(article.attachments))
    name, _, ending = article.attachments[place].name.rpartition(".")
    files = list(article.attachments)
    files[place] = replace(files[place], name=f"{name}(수정).{ending}")
    return replace(article, attachments=tuple(files)), frozenset({"attachment"}), None, ()


def attachment_replaced(article: Article, _free: Sequence[int], dice: Random) -> Change | None:
    """Upload another file under the same name."""
    if not article.attachments:
        return None
    place = dice.randrange(len(article.attachments))
    files = list(article.attachments)
    files[place] = replace(files[place], file_id="900000001", sha256="f" * 64, text_sha256="e" * 64)
    return replace(article, attachments=tuple(files)), frozenset({"attachment"}), SUBSTANCE, ()


def attachment_added(article: Article, _free: Sequence[int], dice: Random) -> Change | None:
    """Add a file."""
    file = Attachment("900000002", dice.choice(["붙임 자료.pdf", "질의응답.hwpx"]), None, "d" * 64, "c" * 64)
    return replace(article, attachments=(*article.attachments, file)), frozenset({"attachment"}), SUBSTANCE, ()


def image_replaced(article: Article, _free: Sequence[int], dice: Random) -> Change | None:
    """Show another picture over the same caption."""
    if not article.images:
        return None
    images = list(article.images)
    place = dice.randrange(len(images))
    images[place] = replace(images[place], src=images[place].src.replace(".jpg", "_2.jpg") + "?v=2")
    return replace(article, images=tuple(images)), frozenset({"image"}), SUBSTANCE, ()


def image_added(article: Article, _free: Sequence[int], dice: Random) -> Change | None:
    """Add a picture without words."""
    image = Image(f"https://www.korea.kr/newsWeb/resources/attaches/{dice.randrange(10**6):06}.jpg", "", None)
    return replace(article, images=(*article.images, image)), frozenset({"image"}), SUBSTANCE, ()


def address(article: Article, _free: Sequence[int], _dice: Random) -> Change | None:
    """File the article under another path of the portal."""
    url = article.url.replace("/news/policyNewsView", "/briefing/pressReleaseView")
    return replace(article, url=url), frozenset({"link"}), None, ()
