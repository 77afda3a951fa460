"""What coverage-guided fuzzing calls with any bytes, and sound samples to begin with; a broken law raises."""

from __future__ import annotations

import gzip
import io
import os
import tempfile
import zipfile
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from functools import cache
from pathlib import Path

from protego import Protego

from crawler import address_files, open_api, robots, sitemaps, watch
from crawler.documents.reading import read as read_file
from crawler.framing import parse_head
from crawler.layouts import read_document, read_page
from crawler.list_page import ListPage
from crawler.portal import Portal
from crawler.response_reader import ResponseReader
from storage.charsets import text_of
from storage.content_coding import ContentError, decode_content
from storage.errors import SettingsError, WarcError
from storage.http_message import entity_body
from storage.http_message import parse_head as parse_kept_head
from storage.warc_index import captures_in
from storage.warc_reader import payload_of
from tests.golden_cases import cases, json
from tests.test_documents import SAMPLES
from tests.warc_samples import check_file, exchange, failure, written

PORTAL = Portal()


@cache
def _folder() -> Path:
    folder = Path(tempfile.gettempdir()) / f"gochim-fuzz-{os.getpid()}"
    (folder / "warc").mkdir(parents=True, exist_ok=True)
    return folder


def http(data: bytes) -> None:
    """An answer is read alike however it is cut into pieces, and from what was kept of it as it was heard."""
    flags, room, first, step = data[:4].ljust(4, b"\0")
    said, method = data[4:], "HEAD" if flags & 1 else "GET"
    heads, bodies = 64 if flags & 2 else 4_096, room % 64 if flags & 4 else 0
    whole = _heard(said, [len(said)], method, heads, bodies)
    pieces = _heard(said, [1 + (first + at * step) % 7 for at in range(len(said))], method, heads, bodies)
    assert _told(whole) == _told(pieces)
    reader, kept = whole
    if reader.head is None or reader.failure or reader.truncated:
        return
    assert parse_kept_head(reader.block).status == parse_head(reader.block).status
    if method == "GET" and reader.head.status not in {101, 204, 304}:
        assert len(entity_body(kept)[1]) == reader.payload_length
    for coding in ("gzip", "br", "deflate", "zstd"):
        try:
            assert len(decode_content(said, coding, 100_000)) <= 100_000
        except ContentError:
            continue


def _heard(said: bytes, pieces: list[int], method: str, heads: int, bodies: int) -> tuple[ResponseReader, bytes]:
    reader = ResponseReader(method, spool := io.BytesIO(), head_limit=heads, body_limit=bodies)
    at = 0
    for piece in pieces:
        if not reader.done and at < len(said):
            reader.feed(said[at : at + piece])
            at += piece
    reader.end("closed")
    return reader, spool.getvalue()


def _told(heard: tuple[ResponseReader, bytes]) -> tuple[object, ...]:
    one, kept = heard
    return kept, one.interim, one.block, one.payload_length, one.sha256.digest(), one.failure, one.truncated


def warc(data: bytes) -> None:
    """A WARC file is read up to its damage, and each finding is a sentence."""
    body = gzip.compress(data[1:], 1) if data[:1] == b"\2" else data[1:]
    path = _folder() / "warc" / ("a.warc" if data[:1] == b"\1" else "a.warc.gz")
    path.write_bytes(body)
    found, said = [], path.name
    try:
        found += captures_in(path, _folder())
    except WarcError as error:
        said = str(error)
    assert path.name in said
    places = {one.evidence.record_id: one.evidence for one in found}
    for one in found:
        try:
            payload_of(_folder(), one, places.get)
        except (WarcError, ContentError):
            continue
    for finding in check_file(path):
        assert finding.sentence
    path.unlink()


def texts(data: bytes) -> None:
    """robots.txt, sitemaps, settings, answers of the API, links and files of them are read, or refused in words."""
    kind, rest = data[:1], data[1:]
    said = rest.decode("utf-8", "replace")
    if kind == b"\0":
        sitemaps.named_in(said)
        rules = Protego.parse(robots.with_paths(said, lambda origin: origin.endswith("korea.kr")))
        rules.can_fetch("https://www.korea.kr/news/policyNewsView.do?newsId=148955021", "gochim")
        rules.crawl_delay("gochim")
    elif kind == b"\1":
        sitemaps.read(rest)
    elif kind == b"\2":
        settings_file(rest)
    elif kind == b"\3":
        open_api.read(200, rest, PORTAL)
    elif kind == b"\4":
        address = PORTAL.address(said)
        assert address is None or (PORTAL.allows(address.url) and PORTAL.address(address.url) == address)
        PORTAL.local(said, "https://www.korea.kr/news/policyNewsView.do?newsId=148955021")
    else:
        list(address_files.read(said.splitlines(keepends=True), PORTAL))


def settings_file(data: bytes) -> None:
    """Settings load, or are refused in words that name the file."""
    path = _folder() / "gochim.toml"
    path.write_bytes(data)
    said = str(path)
    try:
        watch.load(path)
    except SettingsError as error:
        said = str(error)
    assert str(path) in said


def documents(data: bytes) -> None:
    """Any file has an outcome; one in two is a package of which one part is these bytes."""
    kind, which, rest = data[:1], data[1:2], data[2:]
    if kind == b"\1" and which:
        parts, wanted = _packages()[which[0] % len(_packages())]
        with zipfile.ZipFile(packed := io.BytesIO(), "w") as package:
            for name, content in parts.items():
                package.writestr(name, rest if name == wanted else content)
        rest = packed.getvalue()
    document(rest)


def document(data: bytes) -> None:
    """A file has a text when it was read, and none otherwise."""
    found = read_file(data)
    assert (found.text_sha256 is not None) == (found.outcome == "read")


@cache
def _packages() -> list[tuple[dict[str, bytes], str]]:
    """Give every part of XML in the samples, with the parts that stand beside it."""
    found = []
    for _, whole in sorted(SAMPLES.items()):
        if zipfile.is_zipfile(io.BytesIO(whole)):
            with zipfile.ZipFile(io.BytesIO(whole)) as package:
                parts = {one.filename: package.read(one) for one in package.infolist()}
            found += [(parts, name) for name in sorted(parts) if name.endswith((".xml", ".hpf", ".rels"))]
    return found


def pages(data: bytes) -> None:
    """A page is an article with a title, or is none."""
    which, coding, rest = data[:1] or b"\0", data[1:2] or b"\0", data[2:]
    urls, types = sorted({url for url, _ in _golden()}), ("text/html;charset=UTF-8", "", "text/html;charset=euc-kr")
    said = text_of(rest, types[coding[0] % 3])
    moment = datetime((2026, 2023, 2021, 2018)[coding[0] // 3 % 4], 11, 1, tzinfo=UTC)
    reading = read_page(said, urls[which[0] % len(urls)], moment, PORTAL)
    assert (reading.article is not None) == (reading.outcome == "read")
    assert reading.article is None or reading.article.title.strip()
    read_document([said], PORTAL)
    shown = ListPage(said)
    assert all(row.link for row in shown.rows())
    shown.form()
    shown.last_page()
    shown.total()


@cache
def _golden() -> list[tuple[str, bytes]]:
    """Give a golden page of each layout with its address."""
    found = {}
    for case in cases():
        capture = json.loads((case / "capture.json").read_text(encoding="utf-8"))
        found[case.parent] = (capture["url"], (case / "page.html").read_bytes())
    return list(found.values())


def seeds(name: str) -> Iterator[bytes]:
    """Give sound samples for a target."""
    yield from _SEEDS[name]()


def _http_seeds() -> Iterator[bytes]:
    for said in (
        b"HTTP/1.1 200 OK\r\nContent-Length: 4\r\n\r\nbody",
        b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n4\r\nbody\r\n0\r\nA: b\r\n\r\n",
        b"HTTP/1.1 103 Early\r\nLink: a\r\n\r\nHTTP/1.0 404 no\r\nContent-Encoding: gzip\r\n\r\n"
        + gzip.compress(b"abc"),
        b"HTTP/1.1 304 x\n\n",
    ):
        yield from (bytes([flags, 9, 3, 5]) + said for flags in (0, 1, 2, 6))


def _warc_seeds() -> Iterator[bytes]:
    with tempfile.TemporaryDirectory() as made:
        path, _ = written(Path(made), exchange(1), exchange(2, b"<p>" + bytes(range(256))), exchange(1), failure(4))
        packed = path.read_bytes()
    yield from (b"\0" + packed, b"\1" + gzip.decompress(packed), b"\2" + gzip.decompress(packed))


def _text_seeds() -> Iterator[bytes]:
    yield b"\0User-agent : *\nDisallow: https://www.korea.kr/totalSearch.do\nSitemap: https://www.korea.kr/sitemap.xml\n"
    yield (
        b"\1<urlset xmlns='http://www.sitemaps.org/schemas/sitemap/0.9'><url><loc>https://www.korea.kr/a</loc>"
        b"<lastmod>2026-09-15T18:16+09:00</lastmod></url></urlset>"
    )
    yield b"\2" + watch.written(contact="desk@example.org").encode()
    yield (
        b"\3<response><header><resultCode>0</resultCode></header><body><NewsItem><NewsItemId>148955021</NewsItemId>"
        b"<ModifyId>3</ModifyId><ModifyDate>10/02/2026 17:47:23</ModifyDate></NewsItem></body></response>"
    )
    yield b"\4https://m.korea.kr/news/policyNewsView.do?pWise=main&amp;newsId=148955021#x"
    yield b"\5https://www.korea.kr/news/policyNewsView.do?newsId=148955021 # one\n148955021\n"


def _document_seeds() -> Iterator[bytes]:
    yield from (b"\0\0" + whole for whole in SAMPLES.values())
    yield from (bytes([1, at]) + parts[name] for at, (parts, name) in enumerate(_packages()))


def _page_seeds() -> Iterator[bytes]:
    urls = sorted({url for url, _ in _golden()})
    yield from (bytes([urls.index(url), 0]) + page for url, page in _golden())


TARGETS: dict[str, Callable[[bytes], None]] = {
    "http": http,
    "warc": warc,
    "texts": texts,
    "documents": documents,
    "pages": pages,
}
_SEEDS: dict[str, Callable[[], Iterator[bytes]]] = {
    "http": _http_seeds,
    "warc": _warc_seeds,
    "texts": _text_seeds,
    "documents": _document_seeds,
    "pages": _page_seeds,
}
