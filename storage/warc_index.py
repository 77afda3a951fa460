"""Captures read back out of WARC files: what the writer returned, and the like for files of other tools.

One file is enough, no other is opened, so files can be indexed in parallel and in any order.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from typing import NamedTuple, get_args

from storage import http_message
from storage.cut_bodies import breaks_off
from storage.records import Capture, CaptureKind, Evidence, FailureKind, Truncation
from storage.revisited import moment_name, name_of_original
from storage.warc_exchange import request_method
from storage.warc_parser import Record
from storage.warc_record import (
    NOT_MODIFIED,
    PAYLOAD_LENGTH,
    PAYLOAD_SHA256,
    WARC_FIELDS,
    Fields,
    bare_uri,
    encoded_uri,
    new_hash,
    parse_date,
    sha1_label,
)
from storage.warc_scan import Damage, DamagedWarcError, scan

_MAIN = frozenset({"response", "revisit", "resource"})
_OF_EVENTS = _MAIN | {"request", "metadata"}
_HTTP = ("http:", "https:")
_TRUNCATIONS: Mapping[str, Truncation] = {one: one for one in get_args(Truncation)}
_FAILURES: Mapping[str, FailureKind] = {one: one for one in get_args(FailureKind)}


class _Known(NamedTuple):
    """What a revisit has of the capture that it repeats."""

    record_id: str
    payload_sha256: str | None
    payload_length: int


@dataclass(slots=True)
class _Event:
    """The records of one capture event as they are met; ``main`` makes the capture once its companions are known."""

    ids: set[str] = field(default_factory=set)
    linked: set[str] = field(default_factory=set)
    key: tuple[str, str] = ("", "")
    main: Callable[..., Capture] | None = None
    method: str | None = None
    notes: Fields | None = None
    failed: Callable[..., Capture] | None = None

    def belongs(self, record: Record) -> bool:
        """Say whether ``record`` is of this event: linked either way, or unlinked and of its address and instant."""
        if record.type in _MAIN and self.main is not None:
            return False
        links = {bare_uri(one) for one in record.headers.all("WARC-Concurrent-To")}
        if record.type == "metadata":
            links |= {bare_uri(one) for one in record.headers.all("WARC-Refers-To")}
        elif not links and _key(record) == self.key:
            return True
        return bool(links & self.ids) or record.record_id in self.linked

    def take(self, record: Record) -> None:
        """Count ``record`` in."""
        self.ids.add(record.record_id)
        self.linked |= {bare_uri(one) for one in record.headers.all("WARC-Concurrent-To")}
        self.key = _key(record)


def run_fields(path: Path) -> Mapping[str, str]:
    """Give the fields of a file's first warcinfo record, empty where it has none.

    Raises:
        DamagedWarcError: The file breaks before its first record ends.
    """
    for record in scan(path):
        with record:
            return dict(record.told) if record.type == "warcinfo" else {}
    return {}


def run_of(fields: Mapping[str, str], name: str) -> str:
    """Give the run of the records behind a warcinfo with these fields, in a file of this name."""
    return fields.get("isPartOf") or f"import:{name}"


def captures_in(
    path: Path,
    archive_root: Path,
    infos: list[Mapping[str, str]] | None = None,
    around: list[Damage] | None = None,
) -> Iterator[Capture]:
    """Give every capture of a file in file order.

    For files of :class:`storage.warc_writer.WarcWriter` these equal what its ``write`` returned, failures included.
    In files of other tools the run is the warcinfo's isPartOf or ``import:`` and the file's name; a resource
    counts as a response with status 200, an answer of another protocol (``dns:``) as one without a status; a revisit
    that names its original by address and date alone (Heritrix, Browsertrix, pywb) gets that record's id where it
    stands before it; one of something outside the file has no ``payload_sha256``, and ``refers_to`` is then what it
    says instead (:mod:`storage.revisited`). The first segment of a record that goes on elsewhere (WARC/1.1, 7) is a
    response cut short, and so is an answer of another tool that breaks off before its head says.

    Args:
        path: A file under ``archive_root``; a name ending in ``.open`` is given as it will be called.
        archive_root: The archive's directory.
        infos: Takes the fields of each warcinfo record as it is met.
        around: Takes what is damaged, and reading goes on behind it.

    Raises:
        DamagedWarcError: The file breaks off (every capture before the break has been given), holds several records in
            one gzip member, whose offsets point at nothing, or a date that is none.
    """
    file = _File(path, path.relative_to(archive_root).as_posix().removesuffix(".open"), infos)
    try:
        for record in scan(path, around):
            with record:
                yield from file.take(record)
    except DamagedWarcError:
        # What was whole is given before the break is reported.
        yield from file.end_event()
        raise
    yield from file.end_event()


class _File:
    """A WARC file while its records are read one after the other.

    Args:
        path: The file.
        warc: Its path under the archive.
        infos: Takes the fields of each warcinfo record, where they are wanted.
    """

    def __init__(self, path: Path, warc: str, infos: list[Mapping[str, str]] | None) -> None:
        self._path = path
        self._warc = warc
        self._infos = infos
        self._run = run_of({}, path.name)
        self._ours = False
        self._known: dict[str, _Known] = {}
        self._event = _Event()

    def take(self, record: Record) -> Iterator[Capture]:
        """Read a record, and give the capture of the event before it where it begins another."""
        _require_own_member(self._path, record)
        if record.type == "warcinfo":
            yield from self.end_event()
            self._read_info(record)
        elif record.type in _OF_EVENTS:
            if not self._event.belongs(record):
                yield from self.end_event()
            self._event.take(record)
            _read(self._event, record, self._evidence(record), self._known, ours=self._ours)

    def _evidence(self, record: Record) -> Evidence:
        try:
            captured_at = parse_date(record.headers.get("WARC-Date") or "")
        except ValueError as error:
            raise DamagedWarcError(self._path, record.offset, f"WARC-Date: {error}") from error
        digest = record.headers.get("WARC-Payload-Digest")
        return Evidence(self._warc, record.offset, record.length, record.record_id, digest, captured_at)

    def end_event(self) -> Iterator[Capture]:
        """Give the capture of the event whose records were read, and begin another event."""
        event, self._event = self._event, _Event()
        yield from _captures(event, self._run)

    def _read_info(self, record: Record) -> None:
        """Learn of what run the records behind a warcinfo are; files strung together have one for each."""
        fields = dict(record.told)
        self._run = run_of(fields, self._path.name)
        self._ours = fields.get("software", "").startswith("gochim/")
        if self._infos is not None:
            self._infos.append(fields)


def _require_own_member(path: Path, record: Record) -> None:
    if record.nth:
        raise DamagedWarcError(
            path,
            record.offset,
            "several records share one gzip member, so none can be read by its offset; write the file anew with one "
            "member a record (`fastwarc recompress`)",
        )


def _key(record: Record) -> tuple[str, str]:
    return record.headers.get("WARC-Target-URI") or "", record.headers.get("WARC-Date") or ""


def _read(event: _Event, record: Record, evidence: Evidence, known: dict[str, _Known], *, ours: bool) -> None:
    if record.type == "request":
        event.method = request_method(record.stream.read(http_message.LONGEST_HEAD)) or event.method
    elif record.type == "metadata":
        if _is_notes(record):
            event.notes, event.failed = record.told, _failed(record, evidence)
    else:
        event.main = _main(record, evidence, known, ours=ours)


def _failed(record: Record, evidence: Evidence) -> Callable[..., Capture]:
    """Read a metadata record as the capture of a failure, should its fields say that it is one."""
    url = encoded_uri(bare_uri(record.headers.get("WARC-Target-URI") or ""))
    return partial(
        Capture, evidence=evidence, url=url, kind="failure", status=None, media_type=None, payload_sha256=None,
        payload_length=0,
    )  # fmt: skip


def _is_notes(record: Record) -> bool:
    return (record.headers.get("Content-Type") or "").startswith(WARC_FIELDS)


def _main(record: Record, evidence: Evidence, known: dict[str, _Known], *, ours: bool) -> Callable[..., Capture]:
    """Read a response, revisit or resource as if it stood alone, and let it be known to revisits."""
    kind: CaptureKind = "revisit" if record.type == "revisit" else "response"
    url = encoded_uri(bare_uri(record.headers.get("WARC-Target-URI") or ""))
    head = _head(record, url)
    truncated = _truncation(record, url, head, ours=ours)
    digest, refers_to = evidence.payload_digest, None
    if kind == "revisit":
        refers_to = name_of_original(record.headers)
        if refers_to in known:
            refers_to = known[refers_to].record_id
        sha256, length = _repeated(record, known.get(refers_to or ""))
    else:
        sha1, sha256, length = _payload_hashes(record, chunked=http_message.is_chunked(head.fields), told=digest)
        digest = (digest or sha1) if length else None
    of_it = known[record.record_id] = _Known(record.record_id, sha256, length)
    if kind == "response":
        known.setdefault(moment_name(url, evidence.captured_at), of_it)
    return partial(
        Capture,
        evidence=evidence if digest == evidence.payload_digest else evidence._replace(payload_digest=digest),
        url=url,
        kind=kind,
        status=head.status,
        media_type=http_message.media_type(head.fields),
        payload_sha256=sha256,
        payload_length=length,
        location=http_message.field(head.fields, "Location"),
        etag=http_message.field(head.fields, "ETag"),
        last_modified=http_message.field(head.fields, "Last-Modified"),
        truncated=truncated,
        refers_to=refers_to,
    )


def _own_type(record: Record) -> list[tuple[bytes, bytes]]:
    """Give the type that a record itself says its block has, as a head would say it."""
    return [(b"Content-Type", (record.headers.get("Content-Type") or "").encode())]


def _is_not_modified(record: Record) -> bool:
    # http://netpreserve.org/warc/1.0/revisit/server-not-modified, 1.1 too
    profile = (record.headers.get("WARC-Profile") or "").rpartition("/")[2]
    return profile == NOT_MODIFIED.rpartition("/")[2]


def _head(record: Record, url: str) -> http_message.Head:
    """Read the head of an answer, or make one for what has none, and leave the record's stream standing at the body."""
    if record.type == "resource" or _is_of_another_protocol(record, url):
        record.stream.seek(0)  # All of it is payload.
        return http_message.Head("", 200 if record.type == "resource" else None, "", _own_type(record))
    if record.type == "revisit" and not record.block_length and _is_not_modified(record):
        return http_message.Head("", 304, "", [])  # Heritrix writes no byte of such an answer.
    return http_message.parse_head(http_message.read_head(record.stream))


def _is_of_another_protocol(record: Record, url: str) -> bool:
    """Say whether a response is none of HTTP, such as that of a name look-up (``dns:www.korea.kr``)."""
    return record.type == "response" and not url.lower().startswith(_HTTP)


def _truncation(record: Record, url: str, head: http_message.Head, *, ours: bool) -> Truncation | None:
    """Say why an answer was cut short; None for a whole one, and for a revisit, which only repeats another."""
    if record.type == "revisit":
        return None
    if cut := record.headers.get("WARC-Truncated"):
        return _TRUNCATIONS.get(cut.lower(), "unspecified")
    if record.headers.get("WARC-Segment-Number") is not None:
        return "unspecified"  # The rest stands in continuation records, maybe of another file.
    # This program's records say themselves what was cut.
    if ours or record.type != "response" or _is_of_another_protocol(record, url):
        return None
    return "unspecified" if breaks_off(record.stream, head.fields) else None


def _payload_hashes(record: Record, *, chunked: bool, told: str | None) -> tuple[str | None, str | None, int]:
    """Give a payload's SHA-1, unless its digest is ``told``, its SHA-256 and its length."""
    sha1, sha256, length = None if told else new_hash("sha1"), new_hash("sha256"), 0
    for piece in http_message.payload_pieces(record.stream, chunked=chunked):
        if sha1 is not None:
            sha1.update(piece)
        sha256.update(piece)
        length += len(piece)
    if not length:
        return None, None, 0
    return sha1_label(sha1.digest()) if sha1 is not None else None, sha256.hexdigest(), length


def _repeated(record: Record, original: _Known | None) -> tuple[str | None, int]:
    """Give SHA-256 and length of the payload a revisit repeats, from its own fields or the original in the file."""
    sha256, length = record.headers.get(PAYLOAD_SHA256), http_message.parse_number(record.headers.get(PAYLOAD_LENGTH))
    if sha256 and length is not None:
        return sha256, length
    return (original.payload_sha256, original.payload_length) if original else (None, 0)


def _captures(event: _Event, run: str) -> Iterator[Capture]:
    """Give the event's capture: its main record with what the companions know, or the failure its notes tell."""
    notes = event.notes or Fields([])
    failure = _FAILURES.get(notes.get("failure") or "")
    made = event.main
    if notes.get("fetch-status") == "failed" and event.failed is not None:
        made = partial(event.failed, truncated=_TRUNCATIONS.get(notes.get("truncated") or ""))
    if made is not None:
        method = notes.get("http-request-method") or event.method or "GET"
        detail = notes.get("failure-detail") or ""
        retry = http_message.parse_number(notes.get("retry")) or 0
        yield made(run=run, method=method, failure=failure, failure_detail=detail, retry=retry)
