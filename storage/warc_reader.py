"""The exact bytes a capture points at, and the payload behind it.

A record is read by file, offset and length alone, from this program's files and from those of other tools.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import lru_cache
from pathlib import Path, PurePosixPath
from typing import BinaryIO

from storage.command_line import gochim
from storage.content_coding import GZIP_MAGIC, MAX_DECODED, ContentError, decode_content
from storage.errors import WarcError
from storage.http_message import content_encoding, entity_body, is_chunked, parse_head, payload_pieces, read_head
from storage.records import Capture, Evidence
from storage.warc_parser import Parser, Record, alone
from storage.warc_record import bare_uri
from storage.warc_scan import Damage, DamagedWarcError, damage, scan
from storage.warc_source import ROOM, Member, Plain, Source, unpacked


class OriginalMissing(WarcError, ContentError):
    """A revisit repeats a record that is not in the archive: its payload cannot be had, all else of it can."""


def iter_records(path: Path, around: list[Damage] | None = None) -> Iterator[Record]:
    """Give every record of a file in order; each is closed when the next is asked for.

    ``around`` takes what is damaged, as in :func:`storage.warc_scan.scan`.

    Raises:
        WarcError: The file ends in something that is not a whole record; named are file and byte offset. Every
            whole record has been given by then.
    """
    for record in scan(path, around):
        try:
            yield record
        finally:
            record.close()


def located(archive_root: Path, warc: str) -> Path:
    """Find a WARC file by its path under the archive, under its final name or the one it has while written.

    Raises:
        WarcError: There is no such file, or the path leads out of the archive.
    """
    path = archive_root / warc
    if not _is_inside(warc):
        again = gochim("rebuild")
        raise WarcError(f"{warc} leads out of the archive {archive_root}; the index is wrong: run `{again}`.")
    for candidate in (path, path.with_name(path.name + ".open")):
        if candidate.is_file():
            return candidate
    raise WarcError(f"{warc} is not in the archive {archive_root}. Put the file back, or run `{gochim('rebuild')}`.")


@lru_cache(maxsize=4096)
def _is_inside(warc: str) -> bool:
    """Say whether a path stays under the archive by its own words; links in it are its keeper's, to another disk."""
    path = PurePosixPath(warc)
    return not path.is_absolute() and ".." not in path.parts


def read_record(archive_root: Path, warc: str, offset: int, length: int) -> Record:
    """Read the record that stands at ``offset`` and takes ``length`` bytes of the file.

    Raises:
        WarcError: The file is missing, or no whole record of that length stands there.
    """
    path = located(archive_root, warc)
    with path.open("rb") as file:
        if (whole := _whole(file, offset, length)) is not None:
            return whole
        file.seek(offset)
        zipped = file.read(2) == GZIP_MAGIC
        source: Source = Member(file, offset, step=max(length, 1)) if zipped else Plain(file, offset)
        parser = Parser(source)
        try:
            record = parser.record()
            shared = zipped and bool(parser.peek(1))
            end = source.end() if zipped and not shared else parser.position()
        except (ValueError, EOFError) as error:
            raise damage(path, offset, error) from error
    if shared:
        record.close()
        raise DamagedWarcError(path, offset, "the record there shares its gzip member with what follows it")
    if end - offset != length:
        record.close()
        raise DamagedWarcError(
            path, offset, f"the record there takes {end - offset:,} bytes, the index says {length:,}"
        )
    record.offset, record.length = offset, length
    return record


def _whole(file: BinaryIO, offset: int, length: int) -> Record | None:
    """Give the record in a gzip member of just that length, as nearly all are; None where it is no such record."""
    if length > ROOM:
        return None
    file.seek(offset)
    packed = file.read(length)
    found = unpacked(packed) if len(packed) == length else None
    record = alone(found[0]) if found is not None and not found[1] else None
    if record is not None:
        record.offset, record.length = offset, length
    return record


def payload_of(
    archive_root: Path, capture: Capture, resolve: Callable[[str], Evidence | None], limit: int = MAX_DECODED
) -> bytes:
    """Give the entity body behind a capture, without chunk framing and content coding.

    Args:
        archive_root: The archive's directory.
        capture: A response or a revisit.
        resolve: Gives the evidence of a record by its id, for the record a revisit refers to.
        limit: Decoded bytes allowed.

    Raises:
        WarcError: The capture is a failure, or its record is not there.
        OriginalMissing: It repeats a record that is not in the archive.
        ContentError: The body cannot be decoded.
    """
    with _answer(archive_root, capture, resolve) as (record, evidence):
        return _payload(record, evidence, limit)


def uncoded_start(
    archive_root: Path, capture: Capture, resolve: Callable[[str], Evidence | None], size: int
) -> bytes | None:
    """Give the first bytes of the payload behind a capture, None when it has a content coding.

    For payloads too large to be held in memory: uncoded, their digest is the capture's ``payload_sha256``.

    Raises:
        WarcError: As :func:`payload_of`.
    """
    with _answer(archive_root, capture, resolve) as (record, _):
        fields = parse_head(read_head(record.stream)).fields
        if record.type != "response" or content_encoding(fields):
            return None
        start = bytearray()
        for piece in payload_pieces(record.stream, chunked=is_chunked(fields)):
            start += piece
            if len(start) >= size:
                break
        return bytes(start[:size])


@contextmanager
def _answer(
    archive_root: Path, capture: Capture, resolve: Callable[[str], Evidence | None]
) -> Iterator[tuple[Record, Evidence]]:
    """Open the record that holds a capture's payload, following revisits."""
    evidence: Evidence | None = capture.evidence
    wanted = capture.refers_to
    # A chain of revisits is not allowed by the standard and met in the wild; a ring must not hang.
    for _ in range(10):
        if wanted is not None:
            evidence = resolve(wanted)
        if evidence is None:
            raise OriginalMissing(
                f"{capture.evidence.warc}, byte {capture.evidence.offset:,}: the revisit of {capture.url} refers to "
                f"{wanted}, which is not in the archive. Import the file that holds it."
            )
        with read_record(archive_root, evidence.warc, evidence.offset, evidence.length) as record:
            if record.type != "revisit":
                yield record, evidence
                return
            wanted = bare_uri(record.headers.get("WARC-Refers-To") or "") or "a record it does not name"
    raise WarcError(f"{capture.evidence.warc}: the revisit of {capture.url} refers to revisits only.")


def _payload(record: Record, evidence: Evidence, limit: int) -> bytes:
    if record.type in {"resource", "conversion"}:
        return record.block
    if record.type != "response":
        raise WarcError(f"{evidence.warc}, byte {evidence.offset:,}: a {record.type} record has no payload.")
    head, body = entity_body(record.block)
    try:
        return decode_content(body, content_encoding(head.fields), limit)
    except ContentError as error:
        raise ContentError(f"{evidence.warc}, byte {evidence.offset:,}: {error}") from error
