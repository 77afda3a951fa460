"""Exchanges and records to write, as the wire and other tools would hand them over."""

from __future__ import annotations

import base64
import hashlib
import io
from collections.abc import Iterable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from isal import isal_zlib

from storage.http_message import dechunk
from storage.records import Capture, Exchange
from storage.warc_check import check_files
from storage.warc_exchange import Original
from storage.warc_rules import Finding
from storage.warc_writer import WarcWriter

HEAD = b"HTTP/1.1 200 OK\r\nContent-Type: text/html; charset=utf-8\r\n\r\n"
START = datetime(2026, 9, 15, 9, 16, 48, 123456, tzinfo=UTC)


def exchange(number: int = 0, body: bytes = b"<p>body</p>", head: bytes = HEAD, **changes: Any) -> Exchange:
    """Make a whole exchange; ``number`` sets its address and instant apart from others."""
    payload = dechunk(body) if b"chunked" in head else body
    message = head + body
    fields: dict[str, Any] = {
        "url": f"https://www.example.kr/news/{number}",
        "method": "GET",
        "started_at": START + timedelta(seconds=number),
        "request": b"GET /news/%d HTTP/1.1\r\nHost: www.example.kr\r\n\r\n" % number,
        "response": io.BytesIO(message),
        "response_length": len(message),
        "head": head,
        "status": 200,
        "payload_sha1": hashlib.sha1(payload).digest(),
        "payload_sha256": hashlib.sha256(payload).digest(),
        "payload_length": len(payload),
        "ip": "127.0.0.1",
        "protocols": ("http/1.1", "tls/1.3"),
        "cipher_suite": "TLS_AES_128_GCM_SHA256",
        "seconds": 0.25,
    }
    return Exchange(**{**fields, **changes})


def failure(number: int = 0, **changes: Any) -> Exchange:
    """Make an exchange to which no answer came."""
    nothing = {"response": None, "response_length": 0, "status": None, "payload_length": 0, "failure": "timeout"}
    return exchange(number, b"", b"", **{**nothing, "failure_detail": "no answer in 30 s", **changes})


def writer(root: Path, **changes: Any) -> WarcWriter:
    """Make a writer for the archive at ``root``, without waiting for disks."""
    given: dict[str, Any] = {"run": "20260915T091648Z-ab12", "software": "gochim/0.1", "fields": {"robots": "obey"}}
    return WarcWriter(root / "warc", **{**given, "fsync": False, **changes})


def written(root: Path, *exchanges: Exchange, originals: Iterable[Capture] = ()) -> tuple[Path, list[Capture]]:
    """Write one file; an exchange whose payload an earlier one or ``originals`` had becomes a revisit."""
    seen = {one.payload_sha256: Original.of(one) for one in originals if one.kind == "response"}
    captures = []
    before = set((root / "warc").glob("*.warc.gz"))
    with writer(root) as open_writer:
        for one in exchanges:
            captures.append(open_writer.write(one, seen.get(one.payload_sha256.hex())))
            if captures[-1].kind == "response" and captures[-1].payload_sha256:
                seen.setdefault(captures[-1].payload_sha256, Original.of(captures[-1]))
    (path,) = set((root / "warc").glob("*.warc.gz")) - before
    return path, captures


def raw_record(fields: Iterable[tuple[str, str]], block: bytes = b"", *, version: str = "WARC/1.1") -> bytes:
    """Write a record exactly as told; Content-Length is added unless it is among ``fields``."""
    lines = [*fields]
    if not any(name.lower() == "content-length" for name, _ in lines):
        lines.append(("Content-Length", str(len(block))))
    header = "".join(f"{name}: {value}\r\n" for name, value in lines)
    return f"{version}\r\n{header}\r\n".encode() + block + b"\r\n\r\n"


def zipped(*records: bytes) -> bytes:
    """Give each record its own gzip member."""
    return b"".join(isal_zlib.compress(one, 2, 31) for one in records)


def sha1(data: bytes) -> str:
    """Write a digest the way WARC files do."""
    return "sha1:" + base64.b32encode(hashlib.sha1(data).digest()).decode()


def check_file(path: Path) -> list[Finding]:
    """Check one WARC file by itself: of what its records refer to in other files it can only warn."""
    return check_files([path])[path]
