"""Conformance of WARC files: every record against the standard, its digests, and the records against each other.

A file without errors can be read record by record, bit for bit as written. Warnings name what the standard
recommends, or what other tools will stumble over.
"""

from __future__ import annotations

import hashlib
import sqlite3
from collections.abc import Iterable, Iterator
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path

from storage import content_coding, http_message
from storage.warc_forms import Forms, Sound
from storage.warc_parser import Record
from storage.warc_record import BLOCK_END, WARC_FIELDS, bare_uri, new_hash, parse_digest, parse_fields, sha1, sha1_label
from storage.warc_relations import Link, Records, check_dates, check_segments, note
from storage.warc_rules import (
    REVISIT_TARGET,
    Breach,
    Breaches,
    Finding,
    field_breaches,
    header_breaches,
    type_breaches,
)
from storage.warc_scan import DamagedWarcError, scan

_LONGEST_INFO = 1 << 20


@dataclass(frozen=True, slots=True)
class Checked:
    """A file judged by itself: its findings, its records for others to refer to, and references it does not resolve."""

    findings: list[Finding]
    ids: list[str]
    dates: list[tuple[str, str]]
    links: list[Link]


def check_files(paths: Iterable[Path], *, whole: bool = True) -> dict[Path, list[Finding]]:
    """Check files as one set, within which every revisit has to find what it refers to.

    Args:
        paths: The files.
        whole: Whether these are all files there are, so that a revisit of something in none of them is an error. It is
            only a warning otherwise, and of one file alone.

    Returns:
        The findings of each file in order of offset, empty for a file without fault.
    """
    return judged_together(((path, checked(path)) for path in paths), whole=whole)


def judged_together(files: Iterable[tuple[Path, Checked]], *, whole: bool = True) -> dict[Path, list[Finding]]:
    """Judge files that were checked one by one as one set, as :func:`check_files` does.

    What records refer to is kept in a scratch database of SQLite's, which goes to the disk as it grows: an archive has
    more records than memory holds.
    """
    found: dict[Path, list[Finding]] = {}
    with closing(sqlite3.connect("")) as scratch:
        scratch.execute("CREATE TABLE known (key BLOB PRIMARY KEY) WITHOUT ROWID")
        scratch.execute("CREATE TABLE links (file INT, offset INT, record_id, type, target, named BLOB, dated BLOB)")
        only: Checked | None = None
        for number, (path, file) in enumerate(files):
            found[path] = list(file.findings)
            if number == 1 and only is not None:
                _keep(scratch, 0, only)
            only = file if number == 0 else None
            if only is None:
                _keep(scratch, number, file)
        # Of one file alone every reference is known that it does not resolve.
        unresolved: Iterable[tuple[int, Link]]
        unresolved = [(0, one) for one in only.links] if only is not None else _unresolved_in(scratch)
        for number, link in unresolved:
            breach = _unresolved(link, alone=len(found) == 1, whole=whole)
            target = link.target if breach.rule == REVISIT_TARGET else ""
            finding = Finding(breach.severity, link.offset, "", breach.rule, breach.clause, breach.sentence, target)
            found[list(found)[number]].append(finding)
    return {path: sorted(findings, key=lambda one: one.offset) for path, findings in found.items()}


def _keep(scratch: sqlite3.Connection, number: int, file: Checked) -> None:
    keys = ((_key(*one),) for one in (*((one,) for one in file.ids), *file.dates))
    scratch.executemany("INSERT OR IGNORE INTO known VALUES (?)", keys)
    scratch.executemany("INSERT INTO links VALUES (?,?,?,?,?,?,?)", (_row(number, one) for one in file.links))


def _unresolved_in(scratch: sqlite3.Connection) -> Iterator[tuple[int, Link]]:
    for number, *told in scratch.execute(
        "SELECT file, offset, record_id, type, target FROM links WHERE named NOT IN (SELECT key FROM known)"
        " AND (dated IS NULL OR dated NOT IN (SELECT key FROM known)) ORDER BY file, rowid"
    ):
        yield number, Link(*told)


def _key(*parts: str) -> bytes:
    """Digest an id, or an address and a date: a third of their length."""
    return hashlib.blake2b("\n".join(parts).encode("utf-8", "surrogateescape"), digest_size=12).digest()


def _row(number: int, link: Link) -> tuple[object, ...]:
    dated = _key(*link.by_date) if link.by_date else None
    return number, link.offset, link.record_id, link.type, link.target, _key(link.target), dated


def checked(path: Path) -> Checked:
    """Check one file's records, each by itself and against the others of the file."""
    file = _read(path)
    check_dates(file)
    check_segments(file)
    links = [one for one in file.links if one.target not in file.blocks and one.by_date not in file.dates]
    return Checked(file.findings, list(file.blocks), list(file.dates), links)


def _read(path: Path) -> Records:
    file = Records()
    forms = Forms()
    first = True
    try:
        for record in scan(path):
            with record:
                _take(file, path, record, forms, first=first)
            first = False
    except DamagedWarcError as damage:
        if damage.raw_header[:4].upper() == b"WARC":
            file.find("", damage.offset, _header_alone(damage.raw_header))
        sentence = f"From here on nothing can be read: {damage.reason}. Cut the file here or restore it from a copy."
        file.find("", damage.offset, [Breach("error", "damage", "4", sentence)])
        first = False
    if first:
        file.find("", 0, [Breach("error", "no-records", "4", "The file has no record; a WARC file has one.")])
    return file


def _take(file: Records, path: Path, record: Record, forms: Forms, *, first: bool) -> None:
    """Judge a record: at a glance where its header has a form that was met before, else by every rule."""
    sound = None if first else forms.known(record.raw_header)
    if sound is None or not _is_whole(record, sound):
        _judge(file, path, record, forms, first=first)
        return
    if sound.breaches:
        file.find(bare_uri(sound.get("WARC-Record-ID") or ""), record.offset, sound.breaches)
    note(file, record, sound)


def _judge(file: Records, path: Path, record: Record, forms: Forms, *, first: bool) -> None:
    """Judge a record by every rule, and have the next one like it known by its form."""
    breaches = [
        *header_breaches(record.raw_header),
        *field_breaches(record.headers, record.type, _number(record.raw_header)),
        *type_breaches(record.headers, record.type, record.block_length),
    ]
    forms.learn(record.raw_header, record.headers, record.type, breaches)
    file.find(record.record_id, record.offset, [*breaches, *_record_breaches(path, record, first=first)])
    note(file, record, record.headers)


def _is_whole(record: Record, sound: Sound) -> bool:
    """Say whether the rest of a record whose header is sound is as nearly every one is; else the rules judge it."""
    label = sound.get("WARC-Block-Digest")
    if record.trailer != BLOCK_END or record.nth or not isinstance(record.held, bytes):
        return False
    if label is not None and sha1_label(record.block_hash("sha1")) != label:
        return False
    label = sound.get("WARC-Payload-Digest")
    if label is None or sound.type == "revisit":
        return True
    if sound.type not in {"response", "request"} or not (sound.get("Content-Type") or "").startswith(
        "application/http"
    ):
        return False
    end = record.block_at + record.block_length
    at = record.held.find(b"\n\r\n", record.block_at, min(end, record.block_at + http_message.LONGEST_HEAD))
    # An empty line with LF alone would end the head before.
    if at < 0 or record.held.find(b"\n\n", record.block_at, at + 1) >= 0:
        return False
    if b"transfer-encoding" in record.held[record.block_at : at].lower():
        return False
    return sha1_label(sha1(memoryview(record.held)[at + 3 : end])) == label


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
    """Judge all of a record but its header's fields."""
    if record.trailer != BLOCK_END:
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
    if not (record.headers.get("Content-Type") or "").lower().startswith(WARC_FIELDS):
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
    head_bytes = http_message.read_head(record.stream)
    head = http_message.parse_head(head_bytes)
    for chunked in (http_message.is_chunked(head.fields), False):
        digest = new_hash(algorithm)
        record.stream.seek(len(head_bytes))
        for piece in http_message.payload_pieces(record.stream, chunked=chunked):
            digest.update(piece)
        yield digest.digest()
    head, body = http_message.entity_body(record.block)
    try:
        decoded = content_coding.decode_content(body, http_message.content_encoding(head.fields))
    except content_coding.ContentError:
        # Then the digest was not made of the decoded payload either.
        yield b""
        return
    digest = new_hash(algorithm)
    digest.update(decoded)
    yield digest.digest()


def _unresolved(link: Link, *, alone: bool, whole: bool) -> Breach:
    if link.type == "revisit":
        where = "this file" if alone else "these files"
        sentence = f"The record that this revisit refers to is not in {where}; check it with the file that has it."
        return Breach("error" if whole and not alone else "warning", REVISIT_TARGET, "6.7.2", sentence)
    clause = {"WARC-Concurrent-To": "5.7", "WARC-Warcinfo-ID": "5.16", "WARC-Refers-To": "5.11"}[link.type]
    sentence = f"{link.type} names {link.target[:80]}, which is not there; check with the file that has it."
    return Breach("warning", "link", clause, sentence)
