"""Exchange, Evidence, Capture, Run: what was fetched, and where its bytes stand."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any, BinaryIO, NamedTuple

from storage.records.kinds import (
    CaptureKind,
    FailureKind,
    Truncation,
)
from storage.records.notation import iso


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


class Evidence(NamedTuple):
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


class Capture(NamedTuple):
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
