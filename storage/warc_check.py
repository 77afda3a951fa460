"""Conformance of WARC files: every record against the standard, its digests, and the records against each other.

A file without errors can be read record by record, bit for bit as written. Warnings name what the standard
recommends, or what other tools will stumble over.
"""

from __future__ import annotations

import hashlib
import sqlite3
from collections.abc import Iterable, Iterator
from contextlib import closing
from dataclasses import dataclass, field
from pathlib import Path

from storage import http_message
from storage.warc_record import bare_uri, new_hash, parse_date, parse_digest, parse_fields
from storage.warc_rules import (
    ALL_TYPES,
    Breach,
    Breaches,
    Finding,
    field_breaches,
    header_breaches,
    type_breaches,
)
from storage.warc_scan import DamagedWarcError, Record, scan

_LONGEST_HEAD = 1 << 20
_LONGEST_INFO = 1 << 20


@dataclass(frozen=True, slots=True)
class _Link:
    """A reference from one record to others, kept until all records are known."""

    offset: int
    record_id: str
    type: str
    target: str
    by_date: tuple[str, str] | None = None


@dataclass(slots=True)
class _Segments:
    """What is known of a segmented record: the lengths by segment number, and the total its last one states."""

    lengths: dict[int, int] = field(default_factory=dict)
    total: int | None = None
    offset: int = 0


@dataclass(slots=True)
class _File:
    """What one file holds, as far as its records refer to each other."""

    blocks: dict[str, bytes] = field(default_factory=dict)
    infos: set[str] = field(default_factory=set)
    dates: set[tuple[str, str]] = field(default_factory=set)
    date_of: dict[str, str] = field(default_factory=dict)
    links: list[_Link] = field(default_factory=list)
    segments: dict[str, _Segments] = field(default_factory=dict)
    findings: list[Finding] = field(default_factory=list)

    def find(self, record: Record | None, offset: int, breaches: Breaches) -> None:
        """Keep breaches as findings of a record, or of a place where there is none."""
        record_id = record.record_id if record else ""
        self.findings += [
            Finding(one.severity, offset, record_id, one.rule, one.clause, one.sentence) for one in breaches
        ]


@dataclass(frozen=True, slots=True)
class Checked:
    """A file judged by itself: its findings, its records for others to refer to, and references it does not resolve."""

    findings: list[Finding]
    ids: list[str]
    dates: list[tuple[str, str]]
    links: list[_Link]


def check_file(path: Path) -> list[Finding]:
    """Check one file by itself; what its records refer to may stand in another file and is then a warning."""
    return check_files([path])[path]


def check_files(paths: Iterable[Path]) -> dict[Path, list[Finding]]:
    """Check files as one set, within which every revisit has to find what it refers to.

    Returns:
        The findings of each file in order of offset, empty for a file without fault.
    """
    return judged_together((path, checked(path)) for path in paths)


def judged_together(files: Iterable[tuple[Path, Checked]]) -> dict[Path, list[Finding]]:
    """Judge files that were checked one by one as one set, as :func:`check_files` does.

    What records refer to is kept in a scratch database of SQLite's, which goes to the disk as it grows: an archive has
    more records than memory holds.
    """
    found: dict[Path, list[Finding]] = {}
    with closing(sqlite3.connect("")) as scratch:
        scratch.execute("CREATE TABLE known (key BLOB PRIMARY KEY) WITHOUT ROWID")
        scratch.execute("CREATE TABLE links (file INT, offset INT, record_id, type, target, named BLOB, dated BLOB)")
        for number, (path, file) in enumerate(files):
            found[path] = list(file.findings)
            keys = ((_key(*one),) for one in (*((one,) for one in file.ids), *file.dates))
            scratch.executemany("INSERT OR IGNORE INTO known VALUES (?)", keys)
            scratch.executemany("INSERT INTO links VALUES (?,?,?,?,?,?,?)", (_row(number, one) for one in file.links))
        for number, *told in scratch.execute(
            "SELECT file, offset, record_id, type, target FROM links WHERE named NOT IN (SELECT key FROM known)"
            " AND (dated IS NULL OR dated NOT IN (SELECT key FROM known)) ORDER BY file, rowid"
        ):
            link = _Link(*told)
            breach = _unresolved(link, alone=len(found) == 1)
            finding = Finding(breach.severity, link.offset, "", breach.rule, breach.clause, breach.sentence)
            found[list(found)[number]].append(finding)
    return {path: sorted(findings, key=lambda one: one.offset) for path, findings in found.items()}


def _key(*parts: str) -> bytes:
    """Digest an id, or an address and a date: a third of their length."""
    return hashlib.blake2b("\n".join(parts).encode("utf-8", "surrogateescape"), digest_size=12).digest()


def _row(number: int, link: _Link) -> tuple[object, ...]:
    dated = _key(*link.by_date) if link.by_date else None
    return number, link.offset, link.record_id, link.type, link.target, _key(link.target), dated


def checked(path: Path) -> Checked:
    """Check one file's records, each by itself and against the others of the file."""
    file = _read(path)
    _check_dates(file)
    _check_segments(file)
    links = [one for one in file.links if one.target not in file.blocks and one.by_date not in file.dates]
    return Checked(file.findings, list(file.blocks), list(file.dates), links)


def _read(path: Path) -> _File:
    file = _File()
    count = 0
    try:
        for record in scan(path):
            with record:
                file.find(record, record.offset, _record_breaches(path, record, first=count == 0))
                _note(file, record)
            count += 1
    except DamagedWarcError as damage:
        if damage.raw_header[:4].upper() == b"WARC":
            file.find(None, damage.offset, _header_alone(damage.raw_header))
        sentence = f"From here on nothing can be read: {damage.reason}. Cut the file here or restore it from a copy."
        file.find(None, damage.offset, iter([Breach("error", "damage", "4", sentence)]))
        count += 1
    if not count:
        file.find(None, 0, iter([Breach("error", "no-records", "4", "The file has no record; a WARC file has one.")]))
    return file


def _header_alone(raw: bytes) -> Breaches:
    """Judge what can be read of a header whose record cannot."""
    fields = parse_fields(raw.partition(b"\n")[2])
    type_ = (fields.get("WARC-Type") or "").lower()
    yield from header_breaches(raw)
    yield from field_breaches(fields, type_, _number(raw))
    yield from type_breaches(fields, type_, 0)


def _number(raw: bytes) -> str:
    return raw.partition(b"\n")[0].strip().decode("latin-1").rpartition("/")[2]


def _record_breaches(path: Path, record: Record, *, first: bool) -> Breaches:
    yield from header_breaches(record.raw_header)
    yield from field_breaches(record.headers, record.type, _number(record.raw_header))
    yield from type_breaches(record.headers, record.type, record.block_length)
    if record.trailer != b"\r\n\r\n":
        sentence = f"The block is followed by {record.trailer[:12]!r}; end every record with CRLF CRLF."
        yield Breach("error", "record-end", "4", sentence)
    if record.nth == 1:
        sentence = "Several records share one gzip member, so none can be read by its offset; compress each by itself."
        yield Breach("error", "gzip-member", "Annex D", sentence)
    if first and record.type != "warcinfo":
        yield Breach("warning", "warcinfo-first", "5.5", "The file does not begin with a warcinfo record; add one.")
    if record.type == "warcinfo":
        yield from _info_breaches(path, record)
    yield from _block_digest(record)
    yield from _payload_digest(record)


def _info_breaches(path: Path, record: Record) -> Breaches:
    name = record.headers.get("WARC-Filename")
    if name and name != path.name.removesuffix(".open"):
        yield Breach("warning", "filename", "5.17", f"WARC-Filename is {name[:80]!r}; the file was renamed.")
    if not (record.headers.get("Content-Type") or "").lower().startswith("application/warc-fields"):
        return
    record.stream.seek(0)
    block = record.stream.read(_LONGEST_INFO)
    try:
        block.decode()
    except UnicodeDecodeError as error:
        yield Breach(
            "error", "warcinfo-encoding", "4", f"The warcinfo is not UTF-8 at byte {error.start} of its block."
        )
    # Some crawlers end their own lines with LF, put an empty line between two parts and comment them with "#".
    lines = [one for one in block.split(b"\n") if one.strip() and not one.startswith(b"#")]
    if any(b":" not in one and not one.startswith((b" ", b"\t")) for one in lines):
        yield Breach("warning", "warcinfo-fields", "6.2", "The warcinfo has lines that are not `name: value`.")


def _block_digest(record: Record) -> Breaches:
    label = record.headers.get("WARC-Block-Digest")
    digest = parse_digest(label) if label else None
    if digest and digest[1] is not None and record.block_hash(digest[0]) != digest[1]:
        sentence = "The block is not the one its WARC-Block-Digest was made of; restore the file from a copy."
        yield Breach("error", "block-digest", "5.8", sentence)


def _payload_digest(record: Record) -> Breaches:
    """Judge the payload digest: of the entity body without chunk framing and with content coding (5.9, 6.3.2)."""
    label = record.headers.get("WARC-Payload-Digest")
    digest = parse_digest(label) if label else None
    segmented = record.headers.get("WARC-Segment-Number") is not None
    if digest is None or digest[1] is None or segmented or record.type not in {"response", "request"} | _WHOLE:
        return
    readings = _readings(record, digest[0])
    if digest[1] == next(readings):
        return
    if digest[1] == next(readings):
        sentence = "WARC-Payload-Digest was made with the chunk framing left in, so it matches no other capture."
        yield Breach("warning", "payload-chunked", "5.9", sentence)
    elif record.headers.get("WARC-Truncated"):
        sentence = "WARC-Payload-Digest is not of the truncated payload; it may be of the whole one."
        yield Breach("warning", "payload-truncated", "5.9", sentence)
    elif digest[1] == next(readings):
        sentence = "WARC-Payload-Digest was made of the decoded payload; the standard has it before decoding."
        yield Breach("warning", "payload-decoded", "5.9", sentence)
    else:
        sentence = "The payload is not the one its WARC-Payload-Digest was made of; restore the file from a copy."
        yield Breach("error", "payload-digest", "5.9", sentence)


_WHOLE = {"resource", "conversion"}


def _readings(record: Record, algorithm: str) -> Iterator[bytes]:
    """Hash the payload as the standard has it, then as others have read it: chunked, then decoded."""
    is_http = (record.headers.get("Content-Type") or "").lower().startswith("application/http")
    if record.type in _WHOLE or not is_http:
        yield record.block_hash(algorithm)
        yield b""
        yield b""
        return
    record.stream.seek(0)
    head_bytes, _ = http_message.split_message(record.stream.read(_LONGEST_HEAD))
    head = http_message.parse_head(head_bytes)
    for chunked in (http_message.is_chunked(head.fields), False):
        digest = new_hash(algorithm)
        record.stream.seek(len(head_bytes))
        for piece in http_message.payload_pieces(record.stream, chunked=chunked):
            digest.update(piece)
        yield digest.digest()
    head, body = http_message.entity_body(record.block)
    try:
        decoded = http_message.decode_content(body, http_message.content_encoding(head.fields))
    except http_message.ContentError:
        # Then the digest was not made of the decoded payload either.
        yield b""
        return
    digest = new_hash(algorithm)
    digest.update(decoded)
    yield digest.digest()


def _note(file: _File, record: Record) -> None:
    """Remember what of this record concerns others, and judge its id against those before it (5.2)."""
    headers, offset = record.headers, record.offset
    block = record.block_hash("sha1")
    if record.record_id in file.blocks:
        # The same record twice, as in files put together from others, is untidy; two records with one id are worse.
        copied = file.blocks[record.record_id] == block
        sentence = f"WARC-Record-ID {record.record_id} was used before in this file; give each record its own."
        file.find(record, offset, iter([Breach("warning" if copied else "error", "duplicate-id", "5.2", sentence)]))
    elif record.record_id:
        file.blocks[record.record_id] = block
    date = headers.get("WARC-Date") or ""
    file.date_of.setdefault(record.record_id, date)
    if record.type == "warcinfo":
        file.infos.add(record.record_id)
    if record.type in {"response", "resource"}:
        file.dates.add((_bare(headers.get("WARC-Target-URI")), _moment(date)))
    for name in ("WARC-Concurrent-To", "WARC-Warcinfo-ID", "WARC-Refers-To"):
        if record.type != "revisit" or name != "WARC-Refers-To":
            links = [_Link(offset, record.record_id, name, bare_uri(one)) for one in headers.all(name) if one]
            file.links += links
    if record.type == "revisit":
        dated = (_bare(headers.get("WARC-Refers-To-Target-URI")), _moment(headers.get("WARC-Refers-To-Date") or ""))
        target = _bare(headers.get("WARC-Refers-To"))
        if target or dated[0]:
            file.links.append(_Link(offset, record.record_id, "revisit", target, dated))
    _note_segment(file, record)


def _bare(value: str | None) -> str:
    return bare_uri(value or "")


def _moment(date: str) -> str:
    try:
        return parse_date(date).isoformat()
    except ValueError:
        return date


def _note_segment(file: _File, record: Record) -> None:
    number = record.headers.get("WARC-Segment-Number") or ""
    origin = _bare(record.headers.get("WARC-Segment-Origin-ID")) if record.type == "continuation" else record.record_id
    if not number.isdecimal() or record.type not in ALL_TYPES:
        return
    segments = file.segments.setdefault(origin, _Segments())
    segments.offset = record.offset
    if int(number) in segments.lengths:
        sentence = f"Segment {number} of {origin} stands here a second time; number segments one by one."
        file.find(record, record.offset, iter([Breach("error", "segment-order", "7", sentence)]))
    segments.lengths[int(number)] = record.block_length
    total = record.headers.get("WARC-Segment-Total-Length") or ""
    segments.total = int(total) if total.isdecimal() else segments.total


def _unresolved(link: _Link, *, alone: bool) -> Breach:
    if link.type == "revisit":
        where = "this file" if alone else "these files"
        sentence = f"The record that this revisit refers to is not in {where}; check it with the file that has it."
        return Breach("warning" if alone else "error", "revisit-target", "6.7.2", sentence)
    clause = {"WARC-Concurrent-To": "5.7", "WARC-Warcinfo-ID": "5.16", "WARC-Refers-To": "5.11"}[link.type]
    sentence = f"{link.type} names {link.target[:80]}, which is not there; check with the file that has it."
    return Breach("warning", "link", clause, sentence)


def _check_dates(file: _File) -> None:
    """Judge whether the records of one capture event have one date (5.4)."""
    for link in file.links:
        theirs = file.date_of.get(link.target)
        if link.type == "WARC-Concurrent-To" and theirs is not None and theirs != file.date_of[link.record_id]:
            sentence = "Records of one capture event have different WARC-Dates; give all the instant it began."
            file.find(None, link.offset, iter([Breach("warning", "event-date", "5.4", sentence)]))


def _check_segments(file: _File) -> None:
    """Judge segmented records of which every part is in the file (clause 7)."""
    for origin, segments in file.segments.items():
        if origin not in file.blocks or len(segments.lengths) < 2:
            continue
        gaps = sorted(segments.lengths) != list(range(1, len(segments.lengths) + 1))
        if gaps:
            sentence = f"Segments of {origin} are missing; look for them in the files written next."
            file.find(None, segments.offset, iter([Breach("warning", "segment-missing", "7", sentence)]))
        elif segments.total is None:
            sentence = "The last segment has no WARC-Segment-Total-Length; add it."
            file.find(None, segments.offset, iter([Breach("error", "segment-total", "5.22", sentence)]))
        elif segments.total != sum(segments.lengths.values()):
            sentence = f"The segments have {sum(segments.lengths.values()):,} bytes, not {segments.total:,} as stated."
            file.find(None, segments.offset, iter([Breach("error", "segment-total", "5.22", sentence)]))
