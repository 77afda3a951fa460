"""Article, Version, Document: what an article and its files say."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
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
class Picture:
    """A captured image as a page can show it: a ``data:`` address (RFC 2397), or why there is none.

    ``why`` is ``unread`` where its bytes were never read whole, ``lost`` where they cannot be read now, ``large`` where
    they are too many for the page.
    """

    address: str = ""
    why: Literal["", "unread", "lost", "large"] = ""


@dataclass(frozen=True, slots=True)
class Link:
    """Words of the body that lead elsewhere, and where: an absolute address without what sessions and campaigns add."""

    text: str
    address: str

    def as_json(self) -> dict[str, Any]:
        """Give the link as an object."""
        return {"text": self.text, "address": self.address}


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
    links: str
    digest: str


@dataclass(frozen=True, slots=True)
class Article:
    """What an article says. ``viewer`` is the address of its document viewer, ``body_from`` where the text was read.

    Of an ``unread`` body the document in the viewer was never read: ``body`` and ``images`` are the page's own.
    """

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
    links: tuple[Link, ...] = ()
    """Where the words of the body lead that stand in the page itself; those of its document in the viewer are not
    read."""
    licence: str | None = None
    viewer: str | None = None
    body_from: Literal["page", "viewer", "attachment", "unread"] = "page"
    body_file: str | None = None
    """The id of the file whose text is the body, None when the body stands in the page or its viewer."""
    document_blocks: int = 0
    """How many of the first blocks are the document's in the viewer; those behind them are the page's own."""
    document_images: int = 0
    """The same of the images."""

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
            "links": [one.as_json() for one in self.links],
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
        return Written(fields["subtitles"], fields["body"], fields["images"], fields["links"], digest)

    @classmethod
    def from_content(cls, content: dict[str, Any], **rest: Any) -> Article:
        """Build the article back from :meth:`content` (``rest``: the other fields)."""
        plain = dict(content)
        plain["subtitles"] = tuple(plain.get("subtitles", ()))
        plain["body"] = tuple(Block(b["kind"], b["text"]) for b in plain.get("body", ()))
        plain["images"] = tuple(Image(**i) for i in plain.get("images", ()))
        plain["attachments"] = tuple(Attachment(**a) for a in plain.get("attachments", ()))
        plain["links"] = tuple(Link(**one) for one in plain.get("links", ()))
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
ZIP_TYPE = "application/zip"
"""Of a file that holds other files."""
WORD_TYPES = frozenset(_BODY_TYPES) - {"application/pdf"}
"""Of what word processors write; the same paragraphs and tables are the same blocks in each."""


def source_of_body(attachments: Sequence[Attachment]) -> Attachment | None:
    """Choose the file whose text is the body of an article that says nothing itself: the first of the best type."""
    read = [one for one in attachments if one.text_sha256 and one.media_type in _BODY_TYPES]
    return min(read, key=lambda one: _BODY_TYPES.index(one.media_type or ""), default=None)
