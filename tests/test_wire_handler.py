"""Scrapy gets its responses and errors, the archive every exchange before them."""

from __future__ import annotations

import asyncio
import gzip
import json
import subprocess
import sys
from collections.abc import Awaitable
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from scrapy import Request
from scrapy.exceptions import DownloadTimeoutError, NotSupported
from scrapy.http import Response
from scrapy.settings import Settings

from crawler.markup import MOST_BYTES
from crawler.ongoing import ongoing
from crawler.wire import WireDownloadHandler, WireResponse
from storage.http_message import first_values
from storage.records import Exchange
from tests.serving import free_port
from tests.wire_answers import HALF, HEAD_OF_PAGE, PAGE, RESOURCES, chunked
from tests.wire_server import make_authority, server, wire_server

__all__ = ["server"]


def download(request: Request, run_state: dict[str, object] | None = None, **asked: object) -> Response:
    """Download one request through a handler that has no archive but what ``run_state`` gives."""
    crawler: Any = SimpleNamespace(settings=Settings(asked))
    for name, value in (run_state or {}).items():
        setattr(ongoing(crawler), name, value)

    async def run() -> Response:
        handler = WireDownloadHandler(crawler)
        try:
            return await handler.download_request(request)
        finally:
            await handler.close()

    return asyncio.run(run())


def test_a_request_goes_out_with_host_first_and_its_length(server):
    headers = {"X-Last": ["1", "2"], "Host": "portal.test", "Referer": "http://portal.test/"}
    download(Request(server.url("plain?a=%20b"), method="POST", body=b"abc", headers=headers))
    assert server.requests[0][0] == (
        b"POST /plain?a=%20b HTTP/1.1\r\nHost: portal.test\r\nX-Last: 1\r\nX-Last: 2\r\n"
        b"Referer: http://portal.test/\r\nContent-Length: 3\r\n\r\nabc"
    )
    download(Request(server.url("plain")))
    assert server.requests[1][0] == b"GET /plain HTTP/1.1\r\nHost: 127.0.0.1:%d\r\n\r\n" % server.port


def test_a_response_has_every_header_and_no_capture_of_an_earlier_request(server):
    request = Request(server.url("repeated-headers"), meta={"capture": "of the request before"})
    response = download(request)
    assert response.headers.getlist("Set-Cookie") == [b"a=1", b"b=2", b"a=1"]
    assert (response.body, response.url, "capture" in request.meta) == (PAGE, request.url, False)


def test_of_a_field_that_an_answer_has_once_scrapy_is_told_what_the_capture_keeps(server):
    fields = {b"Location": [b"/first", b"/last"], b"Content-Type": [b"text/html", b"text/plain"]}
    lines = [b"%b: %b\r\n" % (name, value) for name, values in fields.items() for value in values]
    head = b"HTTP/1.1 302 Found\r\n%bContent-Length: 0\r\n\r\n" % b"".join(lines)
    response = download(Request(server.script("twice", head)))
    told = {name: response.headers[name] for name in fields}
    assert told == {name: first_values(head)[name.lower()] for name in fields}
    assert told == {name: values[0] for name, values in fields.items()}


@pytest.mark.parametrize(("coded", "most", "body"), [
    (gzip.compress(PAGE * 99), 0, PAGE * 99), (gzip.compress(PAGE * 99), len(PAGE) * 99 - 1, b""),
    (b"\x1f\x8b" + PAGE, 0, b""), (PAGE, 0, PAGE),
], ids=["sound", "too large", "broken", "not coded"])  # fmt: skip
def test_a_body_is_decoded_once_it_is_asked_for_and_empty_where_it_cannot_be(server, coded, most, body):
    answer = b"HTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\nContent-Length: %d\r\n\r\n%b" % (len(coded), coded)
    response = download(Request(server.script("coded", answer), meta={"download_maxsize": most} if most else {}))
    assert isinstance(response, WireResponse)
    assert response.as_it_came == (coded, "gzip", most or MOST_BYTES)
    assert (response.body, response.replace(status=299).body) == (body, body)
    assert response.as_it_came == (body, "", most or MOST_BYTES)
    assert response.flags == ([] if body else ["undecoded"])
    assert "Content-Encoding" not in response.headers


@pytest.mark.parametrize(("status", "early"), [("200 OK", True), ("304 Not Modified", True), ("429 Slow", False)])
def test_the_next_may_be_asked_for_while_an_answer_is_kept_unless_it_may_say_to_ask_less(server, status, early):
    told: list[str] = []

    class Keeps:
        def keep(self, exchange: Exchange) -> Awaitable[str]:
            told.append(f"taken over: {exchange.status}")
            return self.kept()

        async def kept(self) -> str:
            told.append("kept")
            return "capture"

    places = SimpleNamespace(answered=lambda request: told.append(f"answered: {request.url}"))
    request = Request(server.script("told", f"HTTP/1.1 {status}\r\nContent-Length: 0\r\n\r\n".encode()))
    download(request, {"intake": Keeps(), "places": places})
    assert told == [f"taken over: {status[:3]}", *[f"answered: {request.url}"] * early, "kept"]


def test_sizes_and_times_come_from_settings_and_from_the_request(server):
    url = server.url("until-close")
    assert download(Request(url), DOWNLOAD_MAXSIZE=5).body == PAGE[:5]
    response = download(Request(url, meta={"download_maxsize": 7}), DOWNLOAD_MAXSIZE=5)
    assert (response.body, response.flags) == (PAGE[:7], ["truncated"])
    url = server.script("silent", "hold")
    for limits, meta in (
        ({"DOWNLOAD_TIMEOUT": 0.1}, {}),
        ({}, {"download_timeout": 0.1}),
        ({"WIRE_IDLE_TIMEOUT": 0.1}, {}),
    ):
        with pytest.raises(DownloadTimeoutError):
            download(Request(url, meta=meta), **limits)


def test_a_proxy_is_refused_rather_than_passed_by(server):
    with pytest.raises(NotSupported, match="HTTPPROXY_ENABLED"):
        download(Request(server.url("plain"), meta={"proxy": "http://127.0.0.1:1"}))
    assert server.requests == []


def test_a_spider_without_reactor_gets_pages_and_the_archive_gets_every_exchange(server, tmp_path):
    authority, context = make_authority(tmp_path)
    cut = server.script("cut-short", HEAD_OF_PAGE + PAGE[:HALF], "close")
    garbled = server.script("garbled", chunked(b"zz\r\n"), "close")
    silent = server.script("silent", "hold")
    moved = server.script("moved", b"HTTP/1.1 302 Found\r\nLocation: /plain\r\nContent-Length: 0\r\n\r\n")
    refused = f"http://127.0.0.1:{free_port()}/"
    plain = ["zipped-chunks", "odd-header-case", "bytes-beyond-ascii", "early-hints", "not-found"]
    with wire_server(context) as secure:
        urls = [server.url(name) for name in plain] + [cut, garbled, silent, moved, refused, secure.url("plain")]
        command = [sys.executable, str(Path(__file__).parent / "wire_spider.py"), authority, *urls]
        ran = subprocess.run(command, capture_output=True, timeout=60, check=False, cwd=Path(__file__).parents[1])
        assert ran.returncode == 0, ran.stderr.decode()
        seen, kept = json.loads(ran.stdout)
        assert secure.requests
    page = PAGE.decode()
    assert seen[server.url("zipped-chunks")]["body"] == page * 20
    assert seen[server.url("not-found")]["status"] == 404
    for name in ("odd-header-case", "bytes-beyond-ascii", "early-hints"):
        assert seen[server.url(name)] | {"latency": None} == {
            "status": 200, "body": page, "flags": [], "captured": server.url(name), "error": None,
            "ip": "127.0.0.1", "protocol": "HTTP/1.1", "latency": None,
        }  # fmt: skip
    assert seen[secure.url("plain")]["body"] == page
    assert seen[server.url("plain")]["captured"] == server.url("plain")
    assert (seen[cut]["flags"], seen[cut]["status"]) == (["truncated"], 200)
    errors = {url: one["error"] for url, one in seen.items() if one["error"]}
    assert errors == {
        garbled: "DownloadFailedError",
        silent: "DownloadTimeoutError",
        refused: "DownloadConnectionRefusedError",
    }
    assert all(seen[url]["captured"] == url for url in errors)
    tries = {url: [one for one in kept if one["url"] == url] for url in (*urls, server.url("plain"))}
    assert {url: len(of) for url, of in tries.items() if len(of) != 1} == dict.fromkeys((garbled, silent, refused), 2)
    assert tries[server.url("zipped-chunks")][0]["response"] == RESOURCES["zipped-chunks"].message.hex()
    assert tries[cut][0]["truncated"] == "disconnect"
    assert tries[refused][0]["failure"] == "refused"
    requests = {bytes.fromhex(one["request"]) for one in kept if one["url"].startswith("http:")} - {b""}
    assert requests == {request for carried in server.requests for request in carried}
    assert all(request.split(b"\r\n")[1] == b"Host: 127.0.0.1:%d" % server.port for request in requests)
