"""The nouns: Exchange, Capture, Article, Version, Check, Change.

Plain frozen data, no behaviour beyond turning themselves into the JSON shapes that users rely on. Everything
above this module speaks in these words.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from typing import Any, BinaryIO, Literal

BlockKind = Literal["paragraph", "heading", "caption", "quote", "list-item", "table"]
ChangeKind = Literal["edited", "removed", "restored", "moved", "attachment-replaced"]
Weight = Literal["substance", "wording", "cosmetic"]
Disclosure = Literal["silent", "stamped", "explained", "stamp-only", "unknown"]
ReasonSignal = Literal[
    "notice", "stamp", "attachment-name", "modify-id", "modify-date", "last-modified", "none", "no-difference"
]
"""What a verdict on disclosure rests on; ``none`` names what was looked through in vain."""

CaptureKind = Literal["response", "revisit", "failure"]
Truncation = Literal["length", "time", "disconnect", "unspecified"]
FailureKind = Literal[
    "dns",
    "refused",
    "unreachable",
    "tls",
    "timeout",
    "disconnected",
    "protocol",
    "too-large",
    "robots",
    "off-host",
    "withheld",
]
"""Why an exchange brought no usable response. A failure is a check that could not tell, never a removal.

``withheld`` is an answer that repeats a secret of the user's, which must stand in no archive.
"""

Outcome = Literal["read", "gone", "front-page", "blocked", "error", "unreachable", "unrecognised", "incomplete", "away"]
"""What one look at an article came to.

- ``read``: the page was read into an article.
- ``gone``: 404, 410, or a page with status 200 that says the article is gone.
- ``front-page``: a redirect to the portal's front page or to a list.
- ``blocked``: a firewall or rate-limit page, 403, 429.
- ``error``: any other 4xx or 5xx, or a truncated page.
- ``unreachable``: no response (timeout, refused, DNS, TLS).
- ``unrecognised``: no layout recognises the page.
- ``incomplete``: the page was read, its document (viewer pages) could not be.
- ``away``: a redirect that leaves the portal.
"""

Held = Literal["", "outage", "section-outage", "site-change"]
"""Why an absence could not tell: most looks of its run failed at once, on the whole portal or in its section."""

State = Literal["live", "suspect", "removed", "restored", "moved"]
"""What is known of an article as a whole.

- ``live``: it was read at the newest look that could tell.
- ``suspect``: it was absent, at too few looks or over too short a time to say more.
- ``removed``: it was absent at as many looks over as many days as the settings ask for.
- ``restored``: it was read again after it had been removed.
- ``moved``: it was read at another address or in another section.
"""

DocumentOutcome = Literal[
    "read", "no-text", "encrypted", "corrupt", "too-large", "timed-out", "unsupported", "error-page", "empty"
]
"""What reading the text of one file came to.

- ``read``: its text was read.
- ``no-text``: it was read and holds none (a scanned PDF).
- ``encrypted``: it asks for a password.
- ``corrupt``: it is not what its first bytes say.
- ``too-large``: it, or what it unpacks to, exceeds a limit.
- ``timed-out``: reading it took too long; of what it says nothing is known.
- ``unsupported``: no reader knows the format: pictures, sound, unknown bytes.
- ``error-page``: a web page stands in the file's place.
- ``empty``: there are no bytes.
"""

ABSENT: frozenset[Outcome] = frozenset({"gone", "front-page"})
"""Outcomes that count towards a removal; every other outcome but ``read`` could not tell."""

WHERE_LABELS = (
    "title", "subtitle", "body", "caption", "byline", "date", "source", "licence", "attachment", "image", "link",
)  # fmt: skip
WHAT_LABELS = (
    "number", "money", "percent", "quantity", "date-value", "name", "quote", "negation", "hedge",
    "paragraph-added", "paragraph-removed", "paragraph-moved", "paragraph-split", "paragraph-merged",
    "wording", "particle", "spacing", "punctuation", "unicode-form", "revert",
)  # fmt: skip
LABELS = WHERE_LABELS + WHAT_LABELS
"""The closed list of labels, in the order in which they are printed."""


def iso(moment: datetime) -> str:
    """Write an aware time as ISO 8601 in UTC with microseconds, ``2026-09-15T09:16:48.000000+00:00``.

    Fixed width, so that text order is time order in SQLite.
    """
    return moment.astimezone(UTC).isoformat(timespec="microseconds")


def canonical_json(value: object) -> bytes:
    """Serialise ``value`` so that equal values give equal bytes: sorted keys, no spaces, UTF-8."""
    return json.dumps(value, ensure_ascii=False, sort_keys=True, separators=(",", ":")).encode()


@dataclass(slots=True)
class Exchange:
    """One request and what came of it, exactly as it crossed the wire.

    ``response`` is seekable and holds ``response_length`` bytes: the whole final response message, status line
    first, chunk framing and content coding untouched. ``head`` is its header block up to and including the empty
    line. The payload is the body after chunk framing and before content coding (RFC 9110 content, WARC payload).
    """

    url: str
    method: str
    started_at: datetime
    request: bytes
    response: BinaryIO | None = None
    response_length: int = 0
    head: bytes = b""
    status: int | None = None
    payload_sha1: bytes = b""
    payload_sha256: bytes = b""
    payload_length: int = 0
    ip: str | None = None
    protocols: tuple[str, ...] = ()
    cipher_suite: str | None = None
    truncated: Truncation | None = None
    failure: FailureKind | None = None
    failure_detail: str = ""
    interim: bytes = b""
    via: str | None = None
    retry: int = 0
    seconds: float = 0.0


@dataclass(frozen=True, slots=True)
class Evidence:
    """Where the bytes behind a statement stand: WARC file (under the archive), byte offset and length, record."""

    warc: str
    offset: int
    length: int
    record_id: str
    payload_digest: str | None
    captured_at: datetime

    def as_json(self) -> dict[str, Any]:
        """Give the ``evidence`` object of the JSON shapes."""
        return {
            "warc": self.warc,
            "offset": self.offset,
            "length": self.length,
            "record_id": self.record_id,
            "payload_digest": self.payload_digest,
            "captured_at": iso(self.captured_at),
        }


@dataclass(frozen=True, slots=True)
class Capture:
    """One fetched exchange as the archive holds it.

    ``etag`` and ``last_modified`` are the server's validators as sent (RFC 9110, 8.8).

    ``payload_digest`` is the WARC field (``sha1:`` and Base32), ``payload_sha256`` hex. A revisit's evidence is the
    revisit record; its bytes are those of the record it refers to.
    """

    evidence: Evidence
    run: str
    url: str
    method: str
    kind: CaptureKind
    status: int | None
    media_type: str | None
    payload_sha256: str | None
    payload_length: int
    location: str | None = None
    truncated: Truncation | None = None
    failure: FailureKind | None = None
    failure_detail: str = ""
    refers_to: str | None = None
    etag: str | None = None
    last_modified: str | None = None
    retry: int = 0
    role: str = "other"
    article: str | None = None
    id: int = 0

    @property
    def captured_at(self) -> datetime:
        """The instant the exchange began, in UTC."""
        return self.evidence.captured_at


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

    @property
    def body_file(self) -> str | None:
        """The id of the file whose text is the body, None when the body stands in the page or its viewer."""
        best = source_of_body(self.attachments) if self.body_from == "attachment" else None
        return best.file_id if best is not None else None

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
        return "sha256:" + hashlib.sha256(canonical_json(self.content())).hexdigest()

    @classmethod
    def from_content(cls, content: dict[str, Any], **rest: Any) -> Article:
        """Build the article back from :meth:`content` (and ``viewer``, ``body_from``)."""
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


@dataclass(frozen=True, slots=True)
class Check:
    """One look at an article, whatever came of it; ``version`` is the version read, None when none was.

    ``last_modified`` is the answer's Last-Modified as sent.
    """

    article: str
    checked_at: datetime
    outcome: Outcome
    version: int | None
    evidence: Evidence
    removal_checks: int
    removal_days: float
    held: Held = ""
    last_modified: str | None = None


@dataclass(frozen=True, slots=True)
class Step:
    """A step of an article's state, with the look that made it.

    ``since`` is the first look of what led to it: of a removal the first look that found the article absent, while
    ``reached`` is the one with which there were enough of them.
    """

    state: State
    since: Check
    reached: Check


@dataclass(frozen=True, slots=True)
class Reading:
    """What the extractor made of one look: the capture it rests on, the outcome, and the article when it was read."""

    capture: Capture
    outcome: Outcome
    article: Article | None = None
    layout: str = ""
    extractor: str = ""


@dataclass(frozen=True, slots=True)
class Run:
    """One run of the crawler; the removal rule in force is written into its WARC files too."""

    run: str
    started_at: datetime
    portal: str
    software: str
    removal_checks: int
    removal_days: float
    ended_at: datetime | None = None
    finish: str | None = None
    requests: int = 0


@dataclass(frozen=True, slots=True)
class Op:
    """One step from the old sequence to the new one; ``words`` are (tag, text) with tags keep, insert, delete.

    Joining the kept and deleted texts gives ``old``, the kept and inserted ones ``new``.
    """

    op: Literal["keep", "insert", "delete", "replace", "move"]
    old: str | None
    new: str | None
    words: tuple[tuple[Literal["keep", "insert", "delete"], str], ...] = ()
    old_index: int | None = None
    new_index: int | None = None

    def as_json(self) -> dict[str, Any]:
        """Give the op object of the Change shape."""
        return {
            "op": self.op,
            "old": self.old,
            "new": self.new,
            "words": [list(word) for word in self.words],
            "old_index": self.old_index,
            "new_index": self.new_index,
        }


@dataclass(frozen=True, slots=True)
class FieldChange:
    """The steps that turn one field's old value into its new one, kept parts included."""

    field: str
    ops: tuple[Op, ...]

    def as_json(self) -> dict[str, Any]:
        """Give the field object of the Change shape."""
        return {"field": self.field, "ops": [op.as_json() for op in self.ops]}


@dataclass(frozen=True, slots=True)
class Fact:
    """A value replaced by a value; money in 원, percent as printed; None where the sign or size is not fixed."""

    kind: str
    old: str | None
    new: str | None
    old_value: float | int | str | None = None
    new_value: float | int | str | None = None
    ratio: float | None = None

    def as_json(self) -> dict[str, Any]:
        """Give the fact object of the Change shape."""
        return {
            "kind": self.kind,
            "old": self.old,
            "new": self.new,
            "old_value": self.old_value,
            "new_value": self.new_value,
            "ratio": self.ratio,
        }


@dataclass(frozen=True, slots=True)
class Signals:
    """What the publisher says of one state beside the page itself; None where nothing was asked or answered.

    ``modify_id`` and ``modify_date`` are the open API's ModifyId and ModifyDate (ISO 8601), ``told_at`` when an answer
    first had them, ``last_modified`` the page's Last-Modified as sent (RFC 9110, 8.8.2), ``seen_at`` when that page was
    asked for.
    """

    modify_id: int | None = None
    modify_date: str | None = None
    told_at: datetime | None = None
    last_modified: str | None = None
    seen_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Told:
    """What one answer of the open API, asked for at ``told_at``, said of an article's edits."""

    told_at: datetime
    modify_id: int | None
    modify_date: str | None


@dataclass(frozen=True, slots=True)
class Reason:
    """Why a change is called disclosed or silent: the signal, and its text as found."""

    signal: ReasonSignal
    text: str

    def as_json(self) -> dict[str, str]:
        """Give the reason object of the Change shape."""
        return {"signal": self.signal, "text": self.text}


@dataclass(frozen=True, slots=True)
class DocumentChange:
    """The steps that turn one attachment's text into that of the file in its place; none when it says the same.

    Kept parts are left out, for a document is long; each step's indices say which blocks it stands between.
    """

    file_id_old: str
    file_id_new: str
    name_old: str
    name_new: str
    ops: tuple[Op, ...] = ()

    def as_json(self) -> dict[str, Any]:
        """Give the document object of the Change shape."""
        return {
            "file_id_old": self.file_id_old,
            "file_id_new": self.file_id_new,
            "name_old": self.name_old,
            "name_new": self.name_new,
            "ops": [op.as_json() for op in self.ops],
        }


@dataclass(frozen=True, slots=True)
class Comparison:
    """What differs between two articles, named and weighed. Empty fields mean nothing differs."""

    fields: tuple[FieldChange, ...] = ()
    facts: tuple[Fact, ...] = ()
    labels: tuple[str, ...] = ()
    weight: Weight = "cosmetic"
    disclosure: Disclosure = "unknown"
    reasons: tuple[Reason, ...] = ()
    documents: tuple[DocumentChange, ...] = ()


@dataclass(frozen=True, slots=True)
class Change:
    """From one version to the next, stated as seen and never as happened *at* a time.

    The old state was last seen at ``old_last_seen``, the new one first at ``new_first_seen``, with
    ``checks_between`` looks between that could not tell.
    """

    id: str
    article: str
    url: str
    section: str
    title: str
    source: str | None
    kind: ChangeKind
    from_version: int | None
    to_version: int | None
    old_last_seen: datetime
    new_first_seen: datetime
    checks_between: int
    comparison: Comparison
    evidence_old: Evidence
    evidence_new: Evidence

    def as_json(self) -> dict[str, Any]:
        """Give the Change shape of the contract."""
        return {
            "id": self.id,
            "article": self.article,
            "url": self.url,
            "section": self.section,
            "title": self.title,
            "source": self.source,
            "kind": self.kind,
            "from_version": self.from_version,
            "to_version": self.to_version,
            "old_last_seen": iso(self.old_last_seen),
            "new_first_seen": iso(self.new_first_seen),
            "checks_between": self.checks_between,
            "weight": self.comparison.weight,
            "labels": list(self.comparison.labels),
            "disclosure": self.comparison.disclosure,
            "disclosure_reasons": [one.as_json() for one in self.comparison.reasons],
            "fields": [one.as_json() for one in self.comparison.fields],
            "facts": [one.as_json() for one in self.comparison.facts],
            "documents": [one.as_json() for one in self.comparison.documents],
            "evidence": {"old": self.evidence_old.as_json(), "new": self.evidence_new.as_json()},
        }


@dataclass(frozen=True, slots=True)
class Outline:
    """A change without its text: as much of it as counting many changes takes.

    ``published`` is what the changed version printed (``2024-06-12``, with time and ``+09:00`` or without);
    ``began`` is when that version was first seen.
    """

    id: str
    article: str
    section: str
    source: str | None
    kind: ChangeKind
    weight: Weight
    old_last_seen: datetime
    new_first_seen: datetime
    published: str | None = None
    began: datetime | None = None

    @classmethod
    def of(cls, change: Change) -> Outline:
        """Outline a change of whose old version nothing is known but what the change says."""
        return cls(
            change.id, change.article, change.section, change.source, change.kind, change.comparison.weight,
            change.old_last_seen, change.new_first_seen,
        )  # fmt: skip


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


def completed(article: Article, known: Article | None) -> Article:
    """Carry over what this look did not read of a file or picture from the last version that did read it.

    What could not be fetched today is not changed.
    """
    if known is None:
        return article
    read = {one.file_id: one for one in known.attachments if one.sha256}
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
    seen = {one.src: one.sha256 for one in known.images if one.sha256}
    images = tuple(
        replace(one, sha256=seen[one.src]) if one.sha256 is None and one.src in seen else one for one in article.images
    )
    return replace(article, attachments=attachments, images=images)
