"""Article, Version, Document: what an article and its files say."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any, Literal, NamedTuple

from storage.records.captured import Evidence
from storage.records.kinds import (
    BlockKind,
    DocumentOutcome,
)
from storage.records.notation import iso, json_text, quoted


@dataclass(frozen=True, slots=True)
class Block:
    """A unit of body text. A table's ``text`` has tabs between cells and line feeds between rows."""

    kind: BlockKind
    text: str


@dataclass(frozen=True, slots=True)
class Image:
    """A picture in the body: absolute address, alternative text, caption (or None).

    ``sha256`` is the hex digest of its bytes, None while they were not read whole.
    """

    src: str
    alt: str
    caption: str | None = None
    sha256: str | None = None

    def as_json(self) -> dict[str, Any]:
        """Give the image object of the Article shape; ``sha256`` stands in it only when it is known."""
        known = {"sha256": self.sha256} if self.sha256 else {}
        return {"src": self.src, "alt": self.alt, "caption": self.caption, **known}


@dataclass(frozen=True, slots=True)
class Attachment:
    """A file offered with an article; digests are hex SHA-256, None while its bytes were not read."""

    file_id: str
    name: str
    media_type: str | None = None
    sha256: str | None = None
    text_sha256: str | None = None


@dataclass(frozen=True, slots=True)
class Document:
    """What a file says, by the hex SHA-256 of its bytes; ``lost`` names what it holds that the blocks do not say."""

    sha256: str
    outcome: DocumentOutcome
    media_type: str | None = None
    blocks: tuple[Block, ...] = ()
    lost: tuple[str, ...] = ()
    detail: str = ""

    @property
    def text(self) -> str:
        """The blocks as plain text, an empty line between them."""
        return "\n\n".join(block.text for block in self.blocks)

    @property
    def text_sha256(self) -> str | None:
        """Hex SHA-256 of the text in UTF-8, None when none was read."""
        return hashlib.sha256(self.text.encode()).hexdigest() if self.outcome == "read" else None


class Written(NamedTuple):
    """What an article says in canonical JSON: its lists each by itself, and the digest of the whole."""

    subtitles: str
    body: str
    images: str
    digest: str


@dataclass(frozen=True, slots=True)
class Article:
    """What an article says. ``viewer`` is the address of its document viewer, ``body_from`` where the text was read."""

    article: str
    url: str
    section: str
    title: str
    subtitles: tuple[str, ...] = ()
    published: str | None = None
    source: str | None = None
    source_code: str | None = None
    author: str | None = None
    body: tuple[Block, ...] = ()
    images: tuple[Image, ...] = ()
    attachments: tuple[Attachment, ...] = ()
    licence: str | None = None
    viewer: str | None = None
    body_from: Literal["page", "viewer", "attachment"] = "page"
    body_file: str | None = None
    """The id of the file whose text is the body, None when the body stands in the page or its viewer."""

    def content(self) -> dict[str, Any]:
        """Give every field whose difference makes a new version (the viewer's address does not)."""
        return {
            "article": self.article,
            "url": self.url,
            "section": self.section,
            "title": self.title,
            "subtitles": list(self.subtitles),
            "published": self.published,
            "source": self.source,
            "source_code": self.source_code,
            "author": self.author,
            "body": [{"kind": block.kind, "text": block.text} for block in self.body],
            "images": [image.as_json() for image in self.images],
            "attachments": [
                {
                    "file_id": one.file_id,
                    "name": one.name,
                    "media_type": one.media_type,
                    "sha256": one.sha256,
                    "text_sha256": one.text_sha256,
                }
                for one in self.attachments
            ],
            "licence": self.licence,
        }

    @property
    def content_digest(self) -> str:
        """``sha256:`` and hex over :meth:`content` in canonical JSON."""
        return self.written().digest

    def written(self) -> Written:
        """Write :meth:`content` as canonical JSON, each field once."""
        fields = {name: json_text(value) for name, value in self.content().items() if name != "body"}
        # As json_text writes it, in a third of its time: it is nearly all of an article.
        blocks = [f'{{"kind":{quoted(one.kind)},"text":{quoted(one.text)}}}' for one in self.body]
        fields["body"] = f"[{','.join(blocks)}]"
        whole = ",".join([f'"{name}":{field}' for name, field in sorted(fields.items())])
        digest = "sha256:" + hashlib.sha256(f"{{{whole}}}".encode()).hexdigest()
        return Written(fields["subtitles"], fields["body"], fields["images"], digest)

    @classmethod
    def from_content(cls, content: dict[str, Any], **rest: Any) -> Article:
        """Build the article back from :meth:`content` (and ``viewer``, ``body_from``, ``body_file``)."""
        plain = dict(content)
        plain["subtitles"] = tuple(plain.get("subtitles", ()))
        plain["body"] = tuple(Block(b["kind"], b["text"]) for b in plain.get("body", ()))
        plain["images"] = tuple(Image(**i) for i in plain.get("images", ()))
        plain["attachments"] = tuple(Attachment(**a) for a in plain.get("attachments", ()))
        return cls(**plain, **rest)


@dataclass(frozen=True, slots=True)
class Version:
    """A state of an article that differs from the one before; numbers start at 1."""

    article: Article
    version: int
    first_seen: datetime
    last_seen: datetime
    evidence: Evidence
    extractor: str
    layout: str

    def as_json(self) -> dict[str, Any]:
        """Give the Article shape of the contract, ``viewer``, ``body_from``, ``layout``, ``extractor`` added."""
        return {
            **self.article.content(),
            "version": self.version,
            "first_seen": iso(self.first_seen),
            "last_seen": iso(self.last_seen),
            "viewer": self.article.viewer,
            "body_from": self.article.body_from,
            "body_file": self.article.body_file,
            "layout": self.layout,
            "extractor": self.extractor,
            "content_digest": self.article.content_digest,
            "evidence": self.evidence.as_json(),
        }


_BODY_TYPES = (
    "application/hwp+zip",
    "application/x-hwp",
    "application/pdf",
    "application/vnd.oasis.opendocument.text",
    "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
)
"""Of which types a file's text can be an article's body, best first."""


def source_of_body(attachments: Sequence[Attachment]) -> Attachment | None:
    """Choose the file whose text is the body of an article that says nothing itself: the first of the best type."""
    read = [one for one in attachments if one.text_sha256 and one.media_type in _BODY_TYPES]
    return min(read, key=lambda one: _BODY_TYPES.index(one.media_type or ""), default=None)


def to_the_time(published: str | None, known: str | None) -> str | None:
    """Give the time of day that is known of a day, when that is all that is printed: less said is nothing changed.

    >>> to_the_time("2026-09-15", "2026-09-15T18:16:48+09:00")
    '2026-09-15T18:16:48+09:00'
    """
    is_its_day = bool(published and known) and len(published or "") == len("2026-09-15")
    return known if is_its_day and (known or "").startswith(f"{published}T") else published


def _stays(file_id: str | None, old: Sequence[Attachment], new: Sequence[Attachment]) -> bool:
    """Say whether a file is still there and has the same bytes, as far as they were read."""
    before = {one.file_id: one.sha256 for one in old}
    return any(one.file_id == file_id and one.sha256 in {None, before.get(one.file_id)} for one in new)


def completed(article: Article, known: Article | None) -> Article:
    """Carry over what this look did not read from the last version that did: files, pictures, the time of day.

    What could not be fetched today is not changed.
    """
    if known is None:
        return article
    if _stays(known.body_file, known.attachments, article.attachments) and article.body_from == "attachment":
        # Another file may be the first or the best by now; its words beside those of this one would look like an edit.
        article = replace(article, body=known.body, body_file=known.body_file)
    if (published := to_the_time(article.published, known.published)) != article.published:
        article = replace(article, published=published)
    article = _with_documents_pictures(article, known)
    read = {one.file_id: one for one in known.attachments if one.sha256}
    seen = {one.src: one.sha256 for one in known.images if one.sha256}
    if not read and not seen:
        return article
    attachments = tuple(
        replace(
            one,
            sha256=read[one.file_id].sha256,
            media_type=read[one.file_id].media_type,
            text_sha256=read[one.file_id].text_sha256,
        )
        if one.sha256 is None and one.file_id in read
        else one
        for one in article.attachments
    )
    images = tuple(
        replace(one, sha256=seen[one.src]) if one.sha256 is None and one.src in seen else one for one in article.images
    )
    return replace(article, attachments=attachments, images=images)


def _with_documents_pictures(article: Article, known: Article) -> Article:
    """Give an article with the pictures of its document under the addresses at which they were first seen.

    A viewer that converts a document once more puts its pictures into a folder of another name. Nobody reads them: a
    picture named alike is the same one as far as anyone knows.
    """
    if not (article.viewer and article.images) or article.images == known.images:
        return article
    stand = {one.src for one in article.images}
    waiting = [one.src for one in known.images if one.sha256 is None and one.src not in stand]
    images = list(article.images)
    for at, one in enumerate(images):
        namesakes = (src for src in waiting if src.rpartition("/")[2] == one.src.rpartition("/")[2])
        if one.sha256 is None and (before := next(namesakes, None)) is not None:
            waiting.remove(before)
            images[at] = replace(one, src=before)
    return replace(article, images=tuple(images))


def carried(read: Article, article: Article) -> set[str]:
    """Name what :func:`completed` took from another look: files by their ids, pictures by their addresses.

    Args:
        read: What a look read.
        article: The same, completed.
    """
    if article is read:
        return set()
    files = zip(read.attachments, article.attachments, strict=True)
    pictures = zip(read.images, article.images, strict=True)
    return {one.file_id for one, whole in files if one.sha256 != whole.sha256} | {
        one.src for one, whole in pictures if one.sha256 != whole.sha256
    }
