"""The index that replay tools read: one sorted CDXJ file per WARC file, in ``index/``.

A line is an address's key (SURT), a 14-digit time, and JSON that says where the record stands. Lines are in order of
their bytes, as with ``LC_ALL=C sort``, or binary search silently misses. Failures are not in the index. Everything
here can be made again from the WARC files. Source: Webrecorder's CDXJ 0.1.0; cdxj-indexer's fields and spelling.
"""

from __future__ import annotations

import contextlib
import heapq
import json
import tempfile
from collections.abc import Container, Iterable, Iterator, Mapping, Sequence
from datetime import UTC, datetime
from json.encoder import encode_basestring_ascii as _json_text
from pathlib import Path
from typing import TextIO

from storage.archive import Archive, is_named
from storage.records import Capture
from storage.request_query import with_request
from storage.surt import surt
from storage.warc_index import captures_in
from storage.warc_reader import iter_records
from storage.warc_record import bare_uri, encoded_uri
from storage.warc_scan import Damage
from storage.whole_files import written_whole

_MOST_OPEN = 200
_MOST_PARTS = 64
"""Index files of one WARC file at most; each holds half as many lines as the one before it, or fewer."""
_NUMBERS_ALONE = str.maketrans("", "", "-T:")
_NOTHING = "sha1:3I42H3S6NNFQ2MSVX7XZKYAYSCX5QBYJ"
"""The SHA-1 of no bytes: the digest of a response without a body, which has none of its own in the WARC file."""


def index_directory(archive: Archive) -> Path:
    """Name the directory that holds an archive's index files."""
    return archive.work / "index"


def finished_warcs(archive: Archive, left_out: Container[str] = ()) -> list[Path]:
    """List the archive's finished WARC files in order of name, which is order of time, but for those left out."""
    found = (path for path in archive.warcs.glob("*") if path.name.endswith((".warc", ".warc.gz")) and is_named(path))
    return sorted(path for path in found if path.relative_to(archive.root).as_posix() not in left_out)


def line_of(capture: Capture, request: bytes = b"") -> str | None:
    """Write a capture's line, its line feed included; None for a failure.

    Args:
        capture: What was captured.
        request: The request message as sent, of which the body of a POST becomes part of the key.
    """
    if capture.kind == "failure":
        return None
    evidence = capture.evidence
    empty = capture.kind == "response" and not capture.payload_length
    entry = {
        "url": capture.url,
        # "text/html charset=utf-8", with the semicolon forgotten, is met in the wild.
        "mime": "warc/revisit" if capture.kind == "revisit" else (capture.media_type or "unk").split()[0],
        "status": str(capture.status or "-"),
        "digest": evidence.payload_digest or (_NOTHING if empty else "-"),
        "length": str(evidence.length),
        "offset": str(evidence.offset),
        "filename": evidence.warc.rpartition("/")[2],
    }
    address, body = with_request(capture.url, capture.method, request)
    if capture.method.upper() != "GET":
        entry |= {"requestBody": body, "method": capture.method.upper()}
    # "2026-09-15T09:16:48" without what parts its numbers; strftime takes much longer.
    moment = evidence.captured_at.astimezone(UTC).isoformat()[:19].translate(_NUMBERS_ALONE)
    # As json.dumps writes texts by their names, in a third of its time.
    told = ", ".join([f'"{name}": {_json_text(value)}' for name, value in entry.items()])
    return f"{surt(address)} {moment} {{{told}}}\n"


def cdxj_of(
    path: Path, archive_root: Path, known: Sequence[Capture] | None = None, around: list[Damage] | None = None
) -> list[str]:
    """Give the sorted index lines of one WARC file, this program's or another's.

    For a file of this program the lines equal what :class:`storage.cdxj_keeper.CdxjKeeper` wrote beside it.

    Args:
        path: The file.
        archive_root: The archive's directory.
        known: Its captures, where they were read already.
        around: Takes what is damaged, as in :func:`storage.warc_scan.scan`.

    Raises:
        WarcError: The file breaks off, or its records cannot be read by their offsets.
    """
    captures = list(captures_in(path, archive_root, around=around)) if known is None else known
    requests: Mapping[str, bytes] = {}
    if any(one.method.upper() != "GET" and one.kind != "failure" for one in captures):
        requests = _requests(path, captures, around)
    lines = (line_of(one, requests.get(one.evidence.record_id, b"")) for one in captures)
    return sorted(line for line in lines if line is not None)


def _requests(path: Path, captures: Iterable[Capture], around: list[Damage] | None) -> dict[str, bytes]:
    """Find the requests behind captures that were not GET, by the captures' record ids."""
    wanted = {one.evidence.record_id for one in captures if one.method.upper() != "GET"}
    found: dict[str, bytes] = {}
    loose: dict[str, bytes] = {}
    by_event: dict[tuple[str, str], bytes] = {}
    named: dict[str, str] = {}
    events: dict[str, tuple[str, str]] = {}
    for record in iter_records(path, around):
        links = [bare_uri(one) for one in record.headers.all("WARC-Concurrent-To")]
        event = (_address(record.headers.get("WARC-Target-URI")), record.headers.get("WARC-Date") or "")
        if record.type == "request":
            # A GET's request has no body that counts, and most are GET.
            if record.stream.read(4) == b"GET ":
                continue
            block = record.block
            found |= dict.fromkeys(links, block)
            loose[record.record_id] = by_event[event] = block
        elif record.record_id in wanted:
            events[record.record_id] = event
            named |= dict.fromkeys(links, record.record_id)
    for request, main in named.items():
        if main not in found and request in loose:
            found[main] = loose[request]
    # Other tools do not always link; then address and instant say what belongs together.
    return {**{one: by_event[event] for one, event in events.items() if event in by_event}, **found}


def _address(uri: str | None) -> str:
    return encoded_uri(bare_uri(uri or ""))


def index_path(directory: Path, warc: str, part: int = 0) -> Path:
    """Name the index file of a WARC file; parts above 0 stand beside it only while that file is written."""
    return directory / (f"{warc}.{part}.cdxj" if part else f"{warc}.cdxj")


def parts_of(directory: Path, warc: str) -> list[Path]:
    """List a WARC file's index files: the main one, then the parts that a run has not merged yet, oldest first."""
    # Each is asked for by its name: to list the directory for every file would take time squared.
    return [path for part in range(_MOST_PARTS) if (path := index_path(directory, warc, part)).exists()]


def write_lines(target: Path, lines: Iterable[str], *, fsync: bool = False) -> int:
    """Write an index file whole or not at all, and give the number of lines; equal neighbours are written once."""
    target.parent.mkdir(parents=True, exist_ok=True)
    count, before = 0, ""
    with written_whole(target, fsync=fsync) as file:
        for line in lines:
            if line != before:
                file.write(line.encode(errors="surrogateescape"))
                count, before = count + 1, line
    return count


def write_index(path: Path, archive: Archive, known: Sequence[str] | None = None) -> int:
    """Make the index of one WARC file anew, as after a repair, and give the number of its lines.

    Args:
        path: The file.
        archive: The archive that it is of.
        known: What :func:`cdxj_of` gives for it, where that was asked already.

    Raises:
        WarcError: The file breaks off, or its records cannot be read by their offsets; its old index stays.
    """
    directory = index_directory(archive)
    warc = path.name.removesuffix(".open")
    lines = cdxj_of(path, archive.root) if known is None else known
    count = write_lines(index_path(directory, warc), lines, fsync=True)
    for part in parts_of(directory, warc)[1:]:
        part.unlink()
    return count


def complete_index(archive: Archive, left_out: Container[str] = ()) -> list[Path]:
    """Index every finished WARC file that has no whole index yet; give those. Call it under the archive's lock.

    Args:
        archive: The archive.
        left_out: Files that cannot be read (:mod:`storage.strays`).

    Raises:
        WarcError: Another one cannot be read.
    """
    made = []
    for path in _unindexed(archive, left_out):
        write_index(path, archive)
        made.append(path)
    return made


def lines_lacking(archive: Archive, left_out: Container[str] = ()) -> list[str]:
    """Give the sorted lines that :func:`complete_index` would add, where nothing can be written."""
    return sorted(line for path in _unindexed(archive, left_out) for line in cdxj_of(path, archive.root))


def _unindexed(archive: Archive, left_out: Container[str]) -> Iterator[Path]:
    directory = index_directory(archive)
    for path in finished_warcs(archive, left_out):
        if parts_of(directory, path.name) != [index_path(directory, path.name)]:
            yield path


def merged(directory: Path, more: Iterable[str] = ()) -> Iterator[str]:
    """Give the lines of every index file of a directory, sorted, each once; memory does not grow with their number.

    ``more`` are sorted lines that stand in none of them.
    """
    with tempfile.TemporaryDirectory(prefix="gochim-index-") as scratch:
        files = sorted(path for path in directory.glob("*.cdxj") if path.is_file())
        # An archive of many years has more files than a process may open.
        turn = 0
        while len(files) > _MOST_OPEN:
            turn += 1
            target = Path(scratch) / f"{turn}.cdxj"
            write_lines(target, merge_files(files[:_MOST_OPEN]))
            files = [*files[_MOST_OPEN:], target]
        yield from merge_files(files, more)


def merge_files(paths: Iterable[Path], more: Iterable[str] = ()) -> Iterator[str]:
    """Merge sorted index files, and sorted lines beside them, into sorted lines, each given once."""
    with contextlib.ExitStack() as stack:
        files = [stack.enter_context(opened_index(path)) for path in paths]
        before = ""
        for line in heapq.merge(*files, more):
            if line != before:
                yield line
            before = line


def opened_index(path: Path) -> TextIO:
    """Open an index file: its lines are ASCII, and whatever a damaged or foreign file holds instead passes through."""
    return path.open(encoding="utf-8", errors="surrogateescape", newline="\n")


def captures_told(archive: Archive, warc: str) -> Iterator[tuple[int, datetime, str]]:
    """Give what the index files of a WARC file tell of its captures: byte offset, time to the second, address."""
    for path in parts_of(index_directory(archive), warc):
        with opened_index(path) as file:
            for line in file:
                moment = line.split(" ", 2)[1:2]
                with contextlib.suppress(ValueError):  # a line that is no index line tells of none
                    at = datetime.strptime("".join(moment), "%Y%m%d%H%M%S").replace(tzinfo=UTC)
                    yield int(told(line, "offset")), at, told(line, "url")


def told(line: str, name: str) -> str:
    """Read one value of a line, as text; a line that is no index line tells ``?``."""
    try:
        return str(json.loads(line.split(" ", 2)[2])[name])
    except (IndexError, KeyError, TypeError, ValueError):
        return "?"
