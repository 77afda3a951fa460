"""Files in the shapes that other archivers document: Browsertrix' WACZ, Heritrix 3's WARC, downloads from Wayback.

They are written record by record, so that each field stands as those programs have it: Browsertrix Crawler's
``docs/docs/develop`` and WACZ 1.1.1; Heritrix 3's WARC writer chain (response, request, metadata; ``dns:`` first;
both kinds of revisit, which name their original by address and date); cdx_toolkit, which writes what the Wayback
Machine plays back as records at the original address and date.
"""

from __future__ import annotations

import base64
import hashlib
import json
import uuid
import zipfile
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from tests.warc_samples import raw_record, zipped

Fields = list[tuple[str, str]]
HTML = "text/html;charset=UTF-8"
_HTTP = "application/http; msgtype="
_PROFILE = "http://netpreserve.org/warc/1.0/revisit/"


@dataclass(frozen=True, slots=True)
class Look:
    """An answer with a page at a moment; a body of None is a 304."""

    url: str
    moment: datetime
    body: bytes | None
    media_type: str = HTML

    @property
    def answer(self) -> bytes:
        """The answer as HTTP/1.1."""
        if self.body is None:
            return b'HTTP/1.1 304 Not Modified\r\nETag: "made"\r\n\r\n'
        length = len(self.body)
        return (
            f"HTTP/1.1 200 OK\r\nContent-Type: {self.media_type}\r\nContent-Length: {length}\r\n\r\n".encode()
            + self.body
        )

    @property
    def request(self) -> bytes:
        """The request for it."""
        host, _, path = self.url.partition("://")[2].partition("/")
        return f"GET /{path} HTTP/1.1\r\nHost: {host}\r\n\r\n".encode()


def browsertrix(path: Path, looks: Iterable[Look]) -> Path:
    """Write a WACZ package as Browsertrix Crawler does: a page seen before is a revisit, each has a pageinfo."""
    info = b"software: Browsertrix-Crawler 1.5.0 (with warcio.js 2.4.3)\r\nformat: WARC File Format 1.1\r\n"
    records = [_record("warcinfo", [("Content-Type", "application/warc-fields")], info)]
    seen: dict[bytes, Look] = {}
    pages, lines = [], []
    for look in looks:
        body = look.body or b""
        first = seen.setdefault(body, look)
        stamp = _milliseconds(look.moment)
        page, own = str(uuid.uuid4()), _new_id()
        shared = [("WARC-Target-URI", look.url), ("WARC-Date", stamp), ("WARC-Page-ID", page)]
        digest = ("WARC-Payload-Digest", f"sha256:{hashlib.sha256(body).hexdigest()}")
        fields = [*shared, ("Content-Type", _HTTP + "response"), ("WARC-Resource-Type", "document"), digest]
        if first is look:
            records.append(_record("response", fields, look.answer, own, sha256=True))
        else:
            told = [("WARC-Profile", _PROFILE + "identical-payload-digest"), ("WARC-Refers-To-Target-URI", first.url)]
            told.append(("WARC-Refers-To-Date", _milliseconds(first.moment)))
            head = look.answer.partition(b"\r\n\r\n")[0] + b"\r\n\r\n"
            records.append(_record("revisit", [*fields, *told], head, own, sha256=True))
        asked = [*shared, ("Content-Type", _HTTP + "request"), ("WARC-Concurrent-To", f"<{own}>")]
        records.append(_record("request", asked, look.request, sha256=True))
        seen_there = {look.url: {"status": 200, "mime": "text/html", "type": "document"}}
        told_page = {"pageid": page, "url": look.url, "ts": stamp, "urls": seen_there, "counts": {"jsErrors": 0}}
        pageinfo = [("WARC-Target-URI", f"urn:pageinfo:{look.url}"), ("WARC-Date", stamp), ("WARC-Page-ID", page)]
        pageinfo += [("WARC-Resource-Type", "pageinfo"), ("Content-Type", "application/json")]
        records.append(_record("resource", pageinfo, json.dumps(told_page).encode(), sha256=True))
        pages.append({"id": page, "url": look.url, "title": "", "ts": stamp, "loadState": 4, "status": 200})
        lines.append(
            f"{look.url} {look.moment:%Y%m%d%H%M%S} {json.dumps({'url': look.url, 'filename': 'rec-0.warc.gz'})}"
        )
    heading = {"format": "json-pages-1.0", "id": "pages", "title": "Seed Pages", "hasText": "false"}
    files = {
        "archive/rec-0.warc.gz": zipped(*records),
        "pages/pages.jsonl": "".join(json.dumps(one) + "\n" for one in (heading, *pages)).encode(),
        "indexes/index.cdx": "".join(f"{one}\n" for one in sorted(lines)).encode(),
    }
    listed = [
        {"name": name.rpartition("/")[2], "path": name, "hash": f"sha256:{hashlib.sha256(data).hexdigest()}",
         "bytes": len(data)}
        for name, data in files.items()
    ]  # fmt: skip
    package = json.dumps({"resources": listed, "wacz_version": "1.1.1", "software": "Browsertrix-Crawler 1.5.0"})
    with zipfile.ZipFile(path, "w") as target:
        for name, data in files.items():
            target.writestr(name, data)
        target.writestr("datapackage.json", package)
        digest_of = {"path": "datapackage.json", "hash": f"sha256:{hashlib.sha256(package.encode()).hexdigest()}"}
        target.writestr("datapackage-digest.json", json.dumps(digest_of))
    return path


def heritrix(path: Path, looks: Iterable[Look]) -> Path:
    """Write a WARC file as Heritrix 3 does: ``dns:`` first, then response or revisit, request, metadata of each."""
    looks = list(looks)
    info = b"software: Heritrix/3.4.0 http://crawler.archive.org\r\nformat: WARC File Format 1.0\r\nisPartOf: basic\r\n"
    records = [_record("warcinfo", [("Content-Type", "application/warc-fields"), ("WARC-Filename", path.name)], info)]
    name = b"20260301000000\n127.0.0.1\t300\tIN\tA\t127.0.0.1\n"
    dns = [("WARC-Target-URI", "dns:127.0.0.1"), ("WARC-Date", _seconds(looks[0].moment))]
    dns += [("WARC-IP-Address", "127.0.0.1"), ("Content-Type", "text/dns"), ("WARC-Payload-Digest", _sha1(name))]
    records.append(_record("response", dns, name))
    seen: dict[bytes, Look] = {}
    newest: dict[str, Look] = {}
    for look in looks:
        own = _new_id()
        shared = [("WARC-Target-URI", look.url), ("WARC-Date", _seconds(look.moment))]
        fields = [*shared, ("WARC-IP-Address", "127.0.0.1"), ("Content-Type", "application/http; msgtype=response")]
        first = newest[look.url] if look.body is None else seen.setdefault(look.body, look)
        if look.body is not None:
            fields.append(("WARC-Payload-Digest", _sha1(look.body)))
        if first is look:
            records.append(_record("response", fields, look.answer, own))
        else:
            kind = "server-not-modified" if look.body is None else "identical-payload-digest"
            told = [("WARC-Profile", _PROFILE + kind), ("WARC-Truncated", "length")]
            told += [("WARC-Refers-To-Target-URI", first.url), ("WARC-Refers-To-Date", _seconds(first.moment))]
            # Of a 304, Heritrix writes no byte.
            head = b"" if look.body is None else look.answer.partition(b"\r\n\r\n")[0] + b"\r\n\r\n"
            records.append(_record("revisit", [*fields, *told], head, own))
        newest[look.url] = first
        linked = [*shared, ("WARC-Concurrent-To", f"<{own}>")]
        records.append(_record("request", [*linked, ("Content-Type", _HTTP + "request")], look.request))
        notes = b"seed: \r\nfetchTimeMs: 12\r\ncharsetForLinkExtraction: UTF-8\r\n"
        records.append(_record("metadata", [*linked, ("Content-Type", "application/warc-fields")], notes))
    path.write_bytes(zipped(*(one.replace(b"WARC/1.1", b"WARC/1.0", 1) for one in records)))
    return path


def wayback(path: Path, looks: Iterable[Look]) -> Path:
    """Write a WARC file of captures downloaded from the Wayback Machine, as cdx_toolkit does: responses alone."""
    records = [_record("warcinfo", [("Content-Type", "application/warc-fields")], b"software: cdx_toolkit\r\n")]
    for look in looks:
        source = f"https://web.archive.org/web/{look.moment:%Y%m%d%H%M%S}id_/{look.url}"
        fields = [("WARC-Target-URI", look.url), ("WARC-Date", _seconds(look.moment)), ("WARC-Source-URI", source)]
        fields += [("WARC-Creation-Date", "2026-11-01T00:00:00Z"), ("Content-Type", _HTTP + "response")]
        head, _, body = look.answer.partition(b"\r\n\r\n")
        answer = head + b"\r\nX-Archive-Server: nginx\r\n\r\n" + body
        records.append(_record("response", [*fields, ("WARC-Payload-Digest", _sha1(body))], answer))
    path.write_bytes(zipped(*records))
    return path


def _record(kind: str, fields: Fields, block: bytes, own: str | None = None, *, sha256: bool = False) -> bytes:
    own = own or _new_id()
    digest = f"sha256:{hashlib.sha256(block).hexdigest()}" if sha256 else _sha1(block)
    dated = [] if any(name == "WARC-Date" for name, _ in fields) else [("WARC-Date", "2026-03-01T00:00:00Z")]
    told = [("WARC-Type", kind), ("WARC-Record-ID", f"<{own}>"), *dated, *fields, ("WARC-Block-Digest", digest)]
    return raw_record(told, block)


def _new_id() -> str:
    return f"urn:uuid:{uuid.uuid4()}"


def _sha1(data: bytes) -> str:
    return "sha1:" + base64.b32encode(hashlib.sha1(data).digest()).decode()


def _seconds(moment: datetime) -> str:
    return f"{moment.astimezone(UTC):%Y-%m-%dT%H:%M:%SZ}"


def _milliseconds(moment: datetime) -> str:
    return f"{moment.astimezone(UTC):%Y-%m-%dT%H:%M:%S}.{moment.microsecond // 1000:03d}Z"
