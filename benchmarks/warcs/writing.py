"""Write exchanges once with one writer: ``python -m benchmarks.warcs.writing WAY coded|plain NUMBER DIRECTORY SIZE``.

Every writer is given what a crawler has: the address, the request's bytes, the answer's head and body. Each makes a
request and a response record with block digests and the response's payload digest, and forces nothing to the disk.
"""

from __future__ import annotations

import hashlib
import io
import sys
from collections.abc import Callable, Sequence
from importlib import import_module
from pathlib import Path

from benchmarks.paired import report
from benchmarks.warcs.exchanges import Wire, exchange, wires


def _by_gochim(made: Sequence[Wire], directory: Path) -> None:
    from storage.warc_writer import WarcWriter

    with WarcWriter(directory, run="20260915T090000-bench", software="gochim", fields={}, fsync=False) as writer:
        for number, wire in enumerate(made):
            writer.write(exchange(number, wire), None)


def _by_warcio(made: Sequence[Wire], directory: Path) -> None:
    from warcio.statusandheaders import StatusAndHeaders
    from warcio.warcwriter import WARCWriter

    with (directory / "warcio.warc.gz").open("wb") as file:
        writer = WARCWriter(file, gzip=True, warc_version="1.1")
        for wire in made:
            first, *lines = wire.head.decode().split("\r\n")[:-2]
            fields = [(name, value) for name, _, value in (line.partition(": ") for line in lines)]
            protocol, _, status = first.partition(" ")
            answer = writer.create_warc_record(
                wire.url,
                "response",
                io.BytesIO(wire.body),
                length=len(wire.body),
                http_headers=StatusAndHeaders(status, fields, protocol=protocol),
            )
            first, *lines = wire.request.decode().split("\r\n")[:-2]
            fields = [(name, value) for name, _, value in (line.partition(": ") for line in lines)]
            asked = writer.create_warc_record(
                wire.url, "request", http_headers=StatusAndHeaders(first, fields, is_http_request=True)
            )
            writer.write_request_response_pair(asked, answer)


def _by_fastwarc(level: int) -> Callable[[Sequence[Wire], Path], None]:
    def write(made: Sequence[Wire], directory: Path) -> None:
        from fastwarc.stream_io import GzipWriter
        from fastwarc.warc import WarcRecord, WarcRecordType

        with (directory / "fastwarc.warc.gz").open("wb") as file:
            writer = GzipWriter(file, compression_level=level)
            for wire in made:
                for type_, kind, block in (
                    (WarcRecordType.request, "request", wire.request),
                    (WarcRecordType.response, "response", wire.head + wire.body),
                ):
                    record = WarcRecord()
                    record.init_headers(record_type=type_)
                    record.headers["WARC-Target-URI"] = wire.url
                    record.headers["Content-Type"] = f"application/http; msgtype={kind}"
                    record.set_bytes_content(block)
                    digest = hashlib.sha1(wire.body).digest() if type_ is WarcRecordType.response else None
                    record.write(writer, checksum_data=True, payload_digest=digest)
                    writer.finish()  # Without this the whole file is one gzip member.

    return write


WAYS: dict[str, Callable[[Sequence[Wire], Path], None]] = {
    "gochim": _by_gochim,
    "warcio": _by_warcio,
    "fastwarc-9": _by_fastwarc(9),
    "fastwarc-6": _by_fastwarc(6),
    "fastwarc-1": _by_fastwarc(1),
}


_LOADED = {
    "gochim": ("storage.warc_writer",),
    "warcio": ("warcio.statusandheaders", "warcio.warcwriter"),
    "fastwarc": ("fastwarc.stream_io", "fastwarc.warc"),
}


def main() -> None:
    """Write, and print what it cost and how many bytes came of it; loading the library is no part of it."""
    way, coding, number, directory, size = sys.argv[1], sys.argv[2], int(sys.argv[3]), Path(sys.argv[4]), sys.argv[5]
    for module in _LOADED[way.partition("-")[0]]:
        import_module(module)
    directory.mkdir(parents=True)
    made = list(wires(number, int(size), coded=coding == "coded"))

    def work() -> dict[str, int]:
        WAYS[way](made, directory)
        return {"count": number, "size": sum(one.stat().st_size for one in directory.iterdir())}

    report(work)


if __name__ == "__main__":
    main()
