"""Every byte of both directions is kept, and what cannot be parsed is kept as well."""

from __future__ import annotations

import hashlib
from datetime import UTC, datetime

import pytest

from crawler.fetching import Limits, OutgoingRequest, read_payload
from crawler.pool import Pool
from tests.wire_answers import BROKEN, PAGE, RESOURCES, sized
from tests.wire_client import HEADERS, answer, ask, get, sent, within_pool
from tests.wire_server import server

__all__ = ["server"]


@pytest.mark.parametrize("name", RESOURCES)
def test_every_byte_of_both_directions_is_kept(server, name):
    resource = RESOURCES[name]
    exchange = get(server.url(name), method=resource.method)
    assert (exchange.failure, exchange.failure_detail, exchange.truncated) == (None, "", None)
    assert answer(exchange) == resource.message
    assert exchange.interim == resource.interim
    assert exchange.request == server.requests[0][0] == sent(server.url(name), resource.method)
    assert exchange.status == resource.status
    assert resource.message.startswith(exchange.head)
    assert exchange.head.endswith((b"\r\n\r\n", b"\n\n"))
    assert read_payload(exchange) == resource.payload
    assert exchange.payload_length == len(resource.payload)
    assert exchange.payload_sha1 == hashlib.sha1(resource.payload).digest()
    assert exchange.payload_sha256 == hashlib.sha256(resource.payload).digest()


@pytest.mark.parametrize("name", [name for name, one in RESOURCES.items() if one.after == "keep"])
def test_a_connection_is_used_again_only_after_an_orderly_end(server, name):
    async def twice(pool: Pool) -> None:
        for url in (server.url(name), server.url("plain?after")):
            exchange = await ask(OutgoingRequest(RESOURCES[name].method, url, HEADERS), pool)
            assert exchange.failure is None

    within_pool(twice)
    assert [len(carried) for carried in server.requests] == ([2] if RESOURCES[name].reusable else [1, 1])


def test_the_exchange_says_when_where_and_over_what(server):
    before = datetime.now(UTC)
    url = server.url("plain")
    request = OutgoingRequest("GET", url + "?q=%EA%B0%80#part", HEADERS, via="http://example.test/list")
    exchange = within_pool(lambda pool: ask(request, pool))
    assert before <= exchange.started_at <= datetime.now(UTC)
    assert exchange.seconds > 0
    assert exchange.url == url + "?q=%EA%B0%80"
    assert exchange.request == sent(url + "?q=%EA%B0%80")
    assert (exchange.method, exchange.via, exchange.ip) == ("GET", "http://example.test/list", "127.0.0.1")
    assert (exchange.protocols, exchange.cipher_suite) == (("http/1.1",), None)
    assert get(server.url("http-1.0")).protocols == ("http/1.0",)


def test_an_address_without_a_path_asks_for_the_root(server):
    server.script("", sized(PAGE), "close")
    exchange = get(f"http://127.0.0.1:{server.port}?page=2")
    assert exchange.request.startswith(b"GET /?page=2 HTTP/1.1\r\n")
    assert exchange.status == 200


def test_a_body_goes_out_as_it_is(server):
    body = bytes(range(256)) * 4000
    headers = [(b"Host", b"h"), (b"content-length", b"%d" % len(body))]
    request = OutgoingRequest("POST", server.url("plain"), headers, body)
    exchange = within_pool(lambda pool: ask(request, pool))
    assert exchange.request == server.requests[0][0]
    assert exchange.request.endswith(b"\r\n\r\n" + body)


@pytest.mark.parametrize(
    ("target", "headers"),
    [("a b", []), ("a", [(b"X", b"1\r\nY: 2")]), ("a", [(b"X\nY", b"1")])],
    ids=["space", "value", "name"],
)
def test_a_request_that_would_break_its_lines_is_not_sent(server, target, headers):
    with pytest.raises(ValueError, match="line break or a space"):
        within_pool(lambda pool: ask(OutgoingRequest("GET", server.url(target), headers), pool))
    assert server.requests == []


def test_a_scheme_that_is_not_http_is_refused():
    with pytest.raises(ValueError, match="not an http or https address"):
        get("ftp://127.0.0.1/x")


@pytest.mark.parametrize("name", BROKEN)
def test_what_cannot_be_parsed_is_kept_and_called_protocol(server, name):
    said, status, payload = BROKEN[name]
    exchange = get(server.script(name, said, "close"))
    assert answer(exchange) == said
    assert (exchange.failure, exchange.status, exchange.truncated) == ("protocol", status, None)
    assert exchange.failure_detail
    assert exchange.payload_length == len(payload)
    assert exchange.payload_sha256 == (hashlib.sha256(payload).digest() if status else b"")


def test_what_cannot_be_parsed_is_kept_up_to_a_limit_and_not_waited_for(server, monkeypatch):
    monkeypatch.setattr("crawler.connection.AFTER_FAULT", 0.1)
    exchange = get(server.script("babble", b"babble" * 100, "hold"), Limits(head_bytes=50))
    assert (exchange.failure, exchange.truncated, answer(exchange)) == ("protocol", "length", (b"babble" * 9)[:50])
    exchange = get(server.script("slow", b"babble", 0.6, b"late", "hold"))
    assert (exchange.failure, exchange.truncated, answer(exchange)) == ("protocol", "time", b"babble")
