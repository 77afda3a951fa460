"""Read a WARC file once with one reader: ``python -m benchmarks.warcs.reading WAY FILE [--proof]``.

``payload`` reads every page as it was before its coding; ``whole`` reads every record to its end and holds every
block and payload against its digest. With ``--proof`` a digest over all that was read is told, which costs time.
"""

from __future__ import annotations

import hashlib
import sys
from collections.abc import Callable, Iterable, Iterator
from importlib import import_module
from pathlib import Path
from typing import Any

from benchmarks.paired import report

Payloads = Callable[[Path], Iterable[bytes]]


def _by_gochim(path: Path) -> Iterator[bytes]:
    from storage.content_coding import decode_content
    from storage.http_message import content_encoding, entity_body
    from storage.warc_reader import iter_records

    for record in iter_records(path):
        if record.type == "response":
            head, body = entity_body(record.block)
            yield decode_content(body, content_encoding(head.fields))


def _by_warcio(path: Path) -> Iterator[bytes]:
    from warcio.archiveiterator import ArchiveIterator

    with path.open("rb") as file:
        for record in ArchiveIterator(file):
            if record.rec_type == "response":
                yield record.content_stream().read()


def _by_fastwarc(path: Path) -> Iterator[bytes]:
    from fastwarc.warc import ArchiveIterator, WarcRecordType

    with path.open("rb") as file:
        for record in ArchiveIterator(file, auto_decode="all"):
            if record.record_type == WarcRecordType.response:
                yield record.reader.read()


def _checked_by_gochim(path: Path) -> int:
    from storage.warc_check import check_files

    return sum(one.rule in {"block-digest", "payload-digest", "damage"} for one in check_files([path])[path])


def _checked_by_warcio(path: Path) -> int:
    from warcio.archiveiterator import ArchiveIterator

    wrong = 0
    with path.open("rb") as file:
        for record in ArchiveIterator(file, check_digests=True):
            while record.raw_stream.read(1 << 16):
                pass
            wrong += record.digest_checker.passed is False
    return wrong


def _checked_by_fastwarc(path: Path) -> int:
    from fastwarc.warc import ArchiveIterator

    wrong = 0
    with path.open("rb") as file:
        for record in ArchiveIterator(file, parse_http=False):
            wrong += not record.verify_block_digest()
            if "WARC-Payload-Digest" in record.headers:
                record.parse_http()
                wrong += not record.verify_payload_digest()
    return wrong


PAYLOAD: dict[str, Payloads] = {"gochim": _by_gochim, "warcio": _by_warcio, "fastwarc": _by_fastwarc}
WHOLE = {"gochim": _checked_by_gochim, "warcio": _checked_by_warcio, "fastwarc": _checked_by_fastwarc}


def _read(way: Payloads, path: Path) -> dict[str, Any]:
    number = size = 0
    for payload in way(path):
        number += 1
        size += len(payload)
    return {"count": number, "size": size}


def _proof(way: Payloads, path: Path) -> dict[str, Any]:
    digest = hashlib.sha256()
    for payload in way(path):
        digest.update(payload)
    return {"digest": digest.hexdigest()}


_LOADED = {
    "gochim": ("storage.warc_reader", "storage.http_message", "storage.warc_check"),
    "warcio": ("warcio.archiveiterator",),
    "fastwarc": ("fastwarc.warc",),
}


def main() -> None:
    """Read, and print what it cost; loading the library is no part of it."""
    what, way, path = sys.argv[1], sys.argv[2], Path(sys.argv[3])
    for module in _LOADED[way]:
        import_module(module)
    if "--proof" in sys.argv:
        report(lambda: _proof(PAYLOAD[way], path))
    elif what == "payload":
        report(lambda: _read(PAYLOAD[way], path))
    else:
        # The exchanges in the file are counted by its maker.
        report(lambda: {"count": int(sys.argv[4]), "wrong": WHOLE[way](path)})


if __name__ == "__main__":
    main()
