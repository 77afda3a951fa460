"""One exchange as WARC records, and as the Capture that points at them.

Decides what is written for an exchange: request, response or revisit, metadata, linked to each other by
WARC-Concurrent-To and stamped with one WARC-Date; blocks are the bytes of the wire. Source: WARC/1.1, 6.3 to 6.7.
"""

from __future__ import annotations

import io
import ipaddress
import re
import uuid
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import lru_cache
from typing import BinaryIO
from urllib.parse import quote

from storage.http_message import field, media_type, parse_head, split_message
from storage.records import Capture, CaptureKind, Evidence, Exchange
from storage.warc_record import (
    IDENTICAL_PAYLOAD,
    NOT_MODIFIED,
    PAYLOAD_LENGTH,
    PAYLOAD_SHA256,
    WARC_FIELDS,
    encoded_uri,
    field_lines,
    one_line,
    sha1_label,
    warc_date,
)

_LONGEST_HEAD = 1 << 20


@dataclass(frozen=True, slots=True)
class Original:
    """The record whose payload a revisit repeats: its WARC-Record-ID, WARC-Target-URI, WARC-Date and payload.

    The payload's digests are needed for an answer with status 304 only, which brings no payload of its own.
    """

    record_id: str
    url: str
    captured_at: datetime
    payload_digest: str | None = None
    payload_sha256: str | None = None
    payload_length: int = 0

    @classmethod
    def of(cls, capture: Capture) -> Original:
        """Name the record behind a capture of kind ``response``."""
        evidence = capture.evidence
        payload = (evidence.payload_digest, capture.payload_sha256, capture.payload_length)
        return cls(evidence.record_id, capture.url, capture.captured_at, *payload)


@dataclass(slots=True)
class Planned:
    """A record to be written: its fields but for digest and length, and its block, of which an HTTP head is known."""

    type: str
    record_id: str
    fields: list[tuple[str, str]]
    block: BinaryIO
    length: int
    head_length: int = 0


def new_record_id() -> str:
    """Make a WARC-Record-ID (without its angle brackets), ``urn:uuid:`` and a random UUID."""
    return f"urn:uuid:{uuid.uuid4()}"


def planned(type_: str, record_id: str, fields: list[tuple[str, str]], block: bytes) -> Planned:
    """Plan a record whose block is in memory."""
    return Planned(type_, record_id, fields, io.BytesIO(block), len(block))


def request_method(request: bytes) -> str | None:
    """Read the method a request begins with, ``GET /a HTTP/1.1`` -> ``GET``."""
    # A method is a token followed by a space: "GET ", "M-SEARCH ".
    match = re.match(rb"([!#$%&'*+.^_`|~0-9A-Za-z-]+) ", request)
    return match[1].decode() if match else None


def has_failed(exchange: Exchange) -> bool:
    """Say whether no response could be read: whatever bytes arrived, there is no status."""
    return exchange.failure is not None and exchange.status is None


def is_revisit(exchange: Exchange, refers_to: Original | None) -> bool:
    """Say whether the payload need not be written again.

    A response that was itself cut is always written: WARC-Truncated could not tell its cut from the revisit's.
    """
    whole = exchange.truncated is None and exchange.failure is None and exchange.status is not None
    return (
        refers_to is not None
        and whole
        and bool(exchange.head)
        and (exchange.payload_length > 0 or is_not_modified(exchange))
    )


def is_not_modified(exchange: Exchange) -> bool:
    """Say whether the server answered a conditional request with 304 (RFC 9110, 15.4.5)."""
    return exchange.status == 304


def records_of(exchange: Exchange, refers_to: Original | None) -> list[Planned]:
    """Plan the records of one exchange in the order in which they are written.

    Raises:
        ValueError: The exchange holds neither response bytes nor a failure.
    """
    if exchange.response_length == 0 and exchange.failure is None:
        raise ValueError(f"The exchange with {exchange.url} holds neither a response nor a failure.")
    records: list[Planned] = []
    if exchange.request:
        kind = ("Content-Type", "application/http; msgtype=request")
        records.append(planned("request", new_record_id(), [kind], exchange.request))
    if exchange.response is not None and exchange.response_length:
        revisit = refers_to if is_revisit(exchange, refers_to) else None
        records.append(_revisit(exchange, revisit) if revisit else _response(exchange))
    notes = _notes(exchange)
    if notes:
        block = field_lines([*notes, ("fetchTimeMs", str(round(exchange.seconds * 1000)))])
        records.append(planned("metadata", new_record_id(), [("Content-Type", WARC_FIELDS)], block))
    _link(records)
    shared = _shared_fields(exchange)
    for record in records:
        record.fields = [*shared, *record.fields]
    return records


def _link(records: list[Planned]) -> None:
    """Link the main record and each of its companions both ways (WARC/1.1, 5.7)."""
    main = next((one for one in records if one.type in {"response", "revisit"}), records[-1])
    for record in records:
        if record is not main:
            record.fields.append(("WARC-Concurrent-To", f"<{main.record_id}>"))
            main.fields.append(("WARC-Concurrent-To", f"<{record.record_id}>"))


def _shared_fields(exchange: Exchange) -> list[tuple[str, str]]:
    fields = [("WARC-Date", warc_date(exchange.started_at)), ("WARC-Target-URI", encoded_uri(exchange.url))]
    if exchange.ip:
        fields.append(("WARC-IP-Address", _canonical_ip(exchange.ip)))
    fields += [("WARC-Protocol", protocol) for protocol in exchange.protocols]
    if exchange.cipher_suite:
        fields.append(("WARC-Cipher-Suite", exchange.cipher_suite))
    return fields


@lru_cache(maxsize=64)
def _canonical_ip(address: str) -> str:
    # A zone as in "fe80::1%eth0" means something on one machine only.
    return ipaddress.ip_address(address.partition("%")[0]).compressed


def _response(exchange: Exchange) -> Planned:
    if exchange.response is None:
        raise ValueError(f"The exchange with {exchange.url} claims {exchange.response_length} bytes and holds none.")
    fields = [("Content-Type", "application/http; msgtype=response")]
    digest = _payload_digest(exchange)
    if digest:
        fields.append(("WARC-Payload-Digest", digest))
    if exchange.truncated:
        fields.append(("WARC-Truncated", exchange.truncated))
    length = exchange.response_length
    return Planned("response", new_record_id(), fields, exchange.response, length, min(len(exchange.head), length))


def _revisit(exchange: Exchange, original: Original) -> Planned:
    """Plan the revisit record of a repeated payload, or of a 304 answer (WARC/1.1, 6.7.2 and 6.7.3)."""
    fields = [
        ("Content-Type", "application/http; msgtype=response"),
        ("WARC-Profile", NOT_MODIFIED if is_not_modified(exchange) else IDENTICAL_PAYLOAD),
        ("WARC-Refers-To", f"<{original.record_id}>"),
        ("WARC-Refers-To-Target-URI", encoded_uri(original.url)),
        ("WARC-Refers-To-Date", warc_date(original.captured_at)),
    ]
    if is_not_modified(exchange):
        # Nothing was left out of a 304; readers take the payload, and its digest, from the record it refers to.
        digest, sha256, length = original.payload_digest, original.payload_sha256, original.payload_length
    else:
        fields.append(("WARC-Truncated", "length"))
        digest, sha256 = sha1_label(exchange.payload_sha1), exchange.payload_sha256.hex()
        length = exchange.payload_length
    if digest and sha256:
        fields += [("WARC-Payload-Digest", digest), (PAYLOAD_LENGTH, str(length)), (PAYLOAD_SHA256, sha256)]
    return planned("revisit", new_record_id(), fields, exchange.head)


def _payload_digest(exchange: Exchange) -> str | None:
    # An empty body is no payload worth naming: the digest of nothing would match every other empty body.
    has_payload = exchange.payload_length and exchange.payload_sha1 and not has_failed(exchange)
    return sha1_label(exchange.payload_sha1) if has_payload else None


def _notes(exchange: Exchange) -> list[tuple[str, str]]:
    """Give what no other record can say; nothing for a plain exchange."""
    notes: list[tuple[str, str]] = []
    if exchange.failure:
        notes.append(("fetch-status", "failed" if has_failed(exchange) else "broken"))
        notes.append(("failure", exchange.failure))
    if one_line(exchange.failure_detail):
        notes.append(("failure-detail", exchange.failure_detail))
    if exchange.truncated:
        notes.append(("truncated", exchange.truncated))
    if exchange.failure or request_method(exchange.request) != exchange.method:
        notes.append(("http-request-method", exchange.method))
    if exchange.retry:
        notes.append(("retry", str(exchange.retry)))
    if exchange.via:
        notes.append(("via", encoded_uri(exchange.via)))
    if exchange.interim:
        # The bytes of 1xx responses, legible and exact: "HTTP/1.1 103 Early Hints%0D%0A...".
        notes.append(("http-interim", quote(exchange.interim, safe="!\"#$&'()*+,/:;<=>?@[\\]^`{|}~")))
    return notes


def capture_of(exchange: Exchange, record: Planned, place: tuple[str, int, int], run: str) -> Capture:
    """State the capture whose main record stands at ``place`` (WARC file, byte offset, byte length)."""
    warc, offset, length = place
    fields = dict(record.fields)
    failed = record.type == "metadata"
    kind: CaptureKind = "failure" if failed else "revisit" if record.type == "revisit" else "response"
    head = parse_head(b"" if failed else exchange.head or _head_read(exchange))
    digest = fields.get("WARC-Payload-Digest")
    evidence = Evidence(warc, offset, length, record.record_id, digest, exchange.started_at.astimezone(UTC))
    refers_to = fields.get("WARC-Refers-To")
    return Capture(
        evidence=evidence,
        run=run,
        url=encoded_uri(exchange.url),
        method=exchange.method,
        kind=kind,
        status=exchange.status,
        media_type=media_type(head.fields),
        payload_sha256=(fields.get(PAYLOAD_SHA256) or exchange.payload_sha256.hex()) if digest else None,
        payload_length=int(fields.get(PAYLOAD_LENGTH) or exchange.payload_length) if digest else 0,
        location=field(head.fields, "Location"),
        etag=field(head.fields, "ETag"),
        last_modified=field(head.fields, "Last-Modified"),
        retry=exchange.retry,
        truncated=exchange.truncated,
        failure=exchange.failure,
        failure_detail=one_line(exchange.failure_detail),
        refers_to=refers_to[1:-1] if refers_to else None,
    )


def main_record(records: list[Planned], exchange: Exchange) -> Planned:
    """Choose the record a capture points at: the response or revisit, or the metadata record of a failure."""
    wanted = {"metadata"} if has_failed(exchange) else {"response", "revisit"}
    return next(one for one in records if one.type in wanted)


def _head_read(exchange: Exchange) -> bytes:
    if exchange.response is None:
        return b""
    exchange.response.seek(0)
    return split_message(exchange.response.read(min(exchange.response_length, _LONGEST_HEAD)))[0]
