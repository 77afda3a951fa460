"""One exchange as WARC records, and as the Capture that points at them.

Decides what is written for an exchange: request, response or revisit, metadata, linked to each other by
WARC-Concurrent-To and stamped with one WARC-Date; blocks are the bytes of the wire. Source: WARC/1.1, 6.3 to 6.7.
"""

from __future__ import annotations

import ipaddress
import re
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import lru_cache
from typing import BinaryIO
from urllib.parse import quote

from storage.http_message import (
    as_text,
    bare_media_type,
    fields_of,
    first_values,
    is_chunked,
    payload_pieces,
    read_head,
)
from storage.records import Capture, CaptureKind, Evidence, Exchange
from storage.warc_planned import Payload, Planned, new_record_id
from storage.warc_record import (
    IDENTICAL_PAYLOAD,
    NOT_MODIFIED,
    PAYLOAD_LENGTH,
    PAYLOAD_SHA256,
    WARC_FIELDS,
    encoded_uri,
    field_lines,
    new_hash,
    one_line,
    sha1_label,
    warc_date,
)


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

    Its companions name the response or revisit, or the metadata of a failure without one; by the standard the link
    holds for both (5.7). By what protocols the answer came is said where it is.

    Raises:
        ValueError: The exchange holds neither response bytes nor a failure.
    """
    response = exchange.response if exchange.response_length else None
    if response is None and exchange.failure is None:
        raise ValueError(f"The exchange with {exchange.url} holds neither a response nor a failure.")
    event, notes, main_id = _event_lines(exchange), _notes(exchange), new_record_id()
    how = _connection_lines(exchange.protocols, exchange.cipher_suite)
    companion = f"WARC-Concurrent-To: <{main_id}>\r\n"
    records: list[Planned] = []
    back = ""
    if exchange.request:
        lines, request_id = f"{event}Content-Type: application/http; msgtype=request\r\n{companion}", new_record_id()
        records.append(Planned("request", request_id, lines, exchange.request, len(exchange.request)))
        # cdxj-indexer finds the body of a POST by the link of the later record alone.
        back = f"WARC-Concurrent-To: <{request_id}>\r\n" if exchange.method != "GET" else ""
    if response is not None:
        original = refers_to if is_revisit(exchange, refers_to) else None
        main = _revisit(exchange, original) if original else _response(exchange, response)
        main.record_id, main.lines = main_id, f"{event}{how}{main.lines}{back}"
        records.append(main)
    if notes:
        block = field_lines([*notes, ("fetchTimeMs", str(round(exchange.seconds * 1000)))])
        lines = f"{event}Content-Type: {WARC_FIELDS}\r\n{how if response is None else companion}"
        notes_id = main_id if response is None else new_record_id()
        records.append(Planned("metadata", notes_id, lines, block, len(block)))
    return records


def _event_lines(exchange: Exchange) -> str:
    ip = f"WARC-IP-Address: {_canonical_ip(exchange.ip)}\r\n" if exchange.ip else ""
    return f"WARC-Date: {warc_date(exchange.started_at)}\r\nWARC-Target-URI: {encoded_uri(exchange.url)}\r\n{ip}"


@lru_cache(maxsize=64)
def _connection_lines(protocols: tuple[str, ...], cipher_suite: str | None) -> str:
    fields = [("WARC-Protocol", protocol) for protocol in protocols]
    if cipher_suite:
        fields.append(("WARC-Cipher-Suite", cipher_suite))
    return field_lines(fields).decode()


@lru_cache(maxsize=64)
def _canonical_ip(address: str) -> str:
    # A zone as in "fe80::1%eth0" means something on one machine only.
    return ipaddress.ip_address(address.partition("%")[0]).compressed


def _response(exchange: Exchange, response: BinaryIO) -> Planned:
    payload = _payload(exchange)
    digest = f"WARC-Payload-Digest: {payload.digest}\r\n" if payload else ""
    cut = f"WARC-Truncated: {exchange.truncated}\r\n" if exchange.truncated else ""
    lines = f"Content-Type: application/http; msgtype=response\r\n{digest}{cut}"
    length = exchange.response_length
    return Planned("response", "", lines, response, length, min(len(exchange.head), length), payload)


def _revisit(exchange: Exchange, original: Original) -> Planned:
    """Plan the revisit record of a repeated payload, or of a 304 answer (WARC/1.1, 6.7.2 and 6.7.3)."""
    unmodified = is_not_modified(exchange)
    fields = [
        ("Content-Type", "application/http; msgtype=response"),
        ("WARC-Profile", NOT_MODIFIED if unmodified else IDENTICAL_PAYLOAD),
        ("WARC-Refers-To", f"<{original.record_id}>"),
        ("WARC-Refers-To-Target-URI", encoded_uri(original.url)),
        ("WARC-Refers-To-Date", warc_date(original.captured_at)),
    ]
    payload = _payload(exchange)
    if not unmodified:
        fields.append(("WARC-Truncated", "length"))
    # Nothing was left out of a 304; readers take the payload, and its digest, from the record it refers to.
    elif original.payload_digest and original.payload_sha256:
        payload = Payload(original.payload_digest, original.payload_sha256, original.payload_length)
    else:
        payload = None
    if payload:
        fields.append(("WARC-Payload-Digest", payload.digest))
    if payload and not unmodified:
        fields += [(PAYLOAD_LENGTH, str(payload.length)), (PAYLOAD_SHA256, payload.sha256)]
    record = Planned("revisit", "", field_lines(fields).decode(), exchange.head, len(exchange.head))
    record.payload, record.refers_to = payload, original.record_id
    return record


def _payload(exchange: Exchange) -> Payload | None:
    # An empty body is no payload worth naming: the digest of nothing would match every other empty body.
    if has_failed(exchange):
        return None
    if exchange.failure and exchange.response is not None:
        return _as_it_will_be_read(exchange, exchange.response)
    if not exchange.payload_length or not exchange.payload_sha1:
        return None
    return Payload(sha1_label(exchange.payload_sha1), exchange.payload_sha256.hex(), exchange.payload_length)


def _as_it_will_be_read(exchange: Exchange, response: BinaryIO) -> Payload | None:
    """Give the payload of an answer whose framing broke as it is read from its record: the rest as it stands."""
    sha1, sha256, length = new_hash("sha1"), new_hash("sha256"), 0
    response.seek(len(exchange.head))
    for piece in payload_pieces(response, chunked=is_chunked(fields_of(exchange.head.partition(b"\n")[2]))):
        sha1.update(piece)
        sha256.update(piece)
        length += len(piece)
    return Payload(sha1_label(sha1.digest()), sha256.hexdigest(), length) if length else None


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
    if exchange.failure or not exchange.request.startswith(f"{exchange.method} ".encode()):
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
    failed = record.type == "metadata"
    kind: CaptureKind = "failure" if failed else "revisit" if record.type == "revisit" else "response"
    said = first_values(b"" if failed else exchange.head or _head_read(exchange))
    digest, sha256, payload_length = record.payload or (None, None, 0)
    return Capture(
        evidence=Evidence(warc, offset, length, record.record_id, digest, exchange.started_at.astimezone(UTC)),
        run=run,
        url=encoded_uri(exchange.url),
        method=exchange.method,
        kind=kind,
        status=exchange.status,
        media_type=_media_type(said.get(b"content-type")),
        payload_sha256=sha256,
        payload_length=payload_length,
        location=_text(said.get(b"location")),
        etag=_text(said.get(b"etag")),
        last_modified=_text(said.get(b"last-modified")),
        retry=exchange.retry,
        truncated=exchange.truncated,
        failure=exchange.failure,
        failure_detail=one_line(exchange.failure_detail),
        refers_to=record.refers_to,
    )


def _text(value: bytes | None) -> str | None:
    return as_text(value) if value is not None else None


@lru_cache(maxsize=64)
def _media_type(value: bytes | None) -> str | None:
    return bare_media_type(as_text(value)) if value is not None else None


def main_record(records: list[Planned], exchange: Exchange) -> Planned:
    """Choose the record a capture points at: the response or revisit, or the metadata record of a failure."""
    # A request comes first and metadata last, and each record stands there once.
    return records[-1] if has_failed(exchange) or records[-1].type != "metadata" else records[-2]


def _head_read(exchange: Exchange) -> bytes:
    return read_head(exchange.response) if exchange.response is not None else b""
