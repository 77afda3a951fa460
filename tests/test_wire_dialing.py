"""Every way of not reaching a server has its name; TLS is verified."""

from __future__ import annotations

import asyncio
import hashlib
import socket
from collections.abc import Iterator

import pytest

from crawler.dialing import AddressInfo, tls_context
from crawler.fetching import Limits, OutgoingRequest, read_payload
from crawler.pool import Pool
from storage.records import Exchange
from tests.serving import free_port
from tests.wire_answers import OK, PAGE, RESOURCES, After
from tests.wire_client import HEADERS, answer, ask, get, within_pool
from tests.wire_server import WireServer, make_authority, server, wire_server

__all__ = ["server"]


def assert_nothing_was_sent(exchange: Exchange) -> None:
    assert (exchange.request, exchange.response, exchange.status, exchange.ip) == (b"", None, None, None)
    assert (exchange.protocols, exchange.payload_sha1, exchange.head) == ((), b"", b"")
    assert exchange.seconds >= 0


def test_a_refused_connection_is_told():
    exchange = get(f"http://127.0.0.1:{free_port()}/")
    assert exchange.failure == "refused"
    assert "refused the connection" in exchange.failure_detail
    assert_nothing_was_sent(exchange)


def resolving_to(*addresses: AddressInfo) -> Pool:
    async def resolver(host: str, port: int) -> list[AddressInfo]:
        return list(addresses)

    return Pool(resolver=resolver)


def test_a_name_that_does_not_resolve_is_told():
    async def resolver(host: str, port: int) -> list[AddressInfo]:
        raise socket.gaierror(socket.EAI_NONAME, "Name or service not known")

    exchange = get("http://nowhere.test/", pool=Pool(resolver=resolver))
    assert (exchange.failure, "nowhere.test" in exchange.failure_detail) == ("dns", True)
    assert_nothing_was_sent(exchange)
    assert get("http://nowhere.test/", pool=resolving_to()).failure == "dns"
    assert get(f"http://{'a' * 64}.test/").failure == "dns"


def test_an_address_that_cannot_be_reached_is_told():
    # A socket file that is not there stands for a route that is not there.
    missing: AddressInfo = (socket.AF_UNIX, socket.SOCK_STREAM, 0, "", "/nonexistent/socket")
    exchange = get("http://far.test/", pool=resolving_to(missing))
    assert (exchange.failure, "cannot be reached" in exchange.failure_detail) == ("unreachable", True)
    assert_nothing_was_sent(exchange)


def test_the_next_address_is_tried_and_the_name_is_looked_up_once(server):
    asked: list[str] = []

    async def resolver(host: str, port: int) -> list[AddressInfo]:
        asked.append(host)
        places = (("127.0.0.1", free_port()), ("127.0.0.1", port))
        return [(socket.AF_INET, socket.SOCK_STREAM, 0, "", place) for place in places]

    exchange = get(server.url("plain", host="two.test"), pool=Pool(resolver=resolver))
    assert (exchange.status, exchange.ip, asked) == (200, "127.0.0.1", ["two.test"])


def test_an_address_that_swallows_connections_does_not_use_up_all_the_time(server):
    with socket.create_server(("127.0.0.1", 0), backlog=0) as hole:
        fillers = [socket.socket() for _ in range(3)]
        for filler in fillers:  # a full queue: Linux drops whatever else asks to connect
            filler.setblocking(False)
            filler.connect_ex(hole.getsockname())

        async def resolver(host: str, port: int) -> list[AddressInfo]:
            return [(socket.AF_INET, socket.SOCK_STREAM, 0, "", place) for place in (hole.getsockname(), last)]

        last = ("127.0.0.1", server.port)
        exchange = get(server.url("plain"), Limits(connect_seconds=2), pool=Pool(resolver=resolver))
        assert (exchange.failure, exchange.status) == (None, 200)
        last = hole.getsockname()
        exchange = get(server.url("plain"), Limits(connect_seconds=0.2), pool=Pool(resolver=resolver))
        assert exchange.failure == "timeout"
        assert_nothing_was_sent(exchange)
        for filler in fillers:
            filler.close()


def test_a_resolver_that_does_not_answer_is_a_timeout():
    async def resolver(host: str, port: int) -> list[AddressInfo]:
        await asyncio.sleep(60)
        return []

    exchange = get("http://slow.test/", Limits(connect_seconds=0.1), pool=Pool(resolver=resolver))
    assert (exchange.failure, "resolving" in exchange.failure_detail) == ("timeout", True)


@pytest.fixture
def trusted(tmp_path) -> Iterator[tuple[str, WireServer]]:
    authority, context = make_authority(tmp_path)
    with wire_server(context) as running:
        yield authority, running


def test_tls_is_verified_and_named(trusted):
    authority, server = trusted
    for name in ("plain", "chunks", "early-hints", "until-close"):
        exchange = get(server.url(name), pool=Pool(tls=tls_context(authority)))
        assert (exchange.failure, exchange.truncated, answer(exchange)) == (None, None, RESOURCES[name].message)
        assert exchange.protocols == ("http/1.1", "tls/1.3")
        assert exchange.cipher_suite is not None
        assert exchange.cipher_suite.startswith("TLS_")
        assert exchange.request == server.requests[-1][0]


def test_tls_connections_are_used_again(trusted):
    authority, server = trusted

    async def thrice(pool: Pool) -> None:
        for _ in range(3):
            await ask(OutgoingRequest("GET", server.url("plain"), HEADERS), pool)

    within_pool(thrice, Pool(tls=tls_context(authority)))
    assert [len(carried) for carried in server.requests] == [3]


def test_tls_cut_without_notice_ends_a_body_without_length_too_early(trusted):
    authority, server = trusted
    exchange = get(server.script("cut", OK + b"\r\n" + PAGE, "cut"), pool=Pool(tls=tls_context(authority)))
    assert (exchange.truncated, read_payload(exchange)) == ("disconnect", PAGE)


def test_a_large_body_over_tls_comes_whole(trusted):
    authority, server = trusted
    body = bytes(range(256)) * 20_000
    url = server.script("large", OK + b"\r\n" + body, "close")
    exchange = get(url, pool=Pool(tls=tls_context(authority)))
    assert (exchange.truncated, exchange.payload_sha256) == (None, hashlib.sha256(body).digest())


def test_an_unknown_authority_is_a_tls_failure(trusted):
    _, server = trusted
    exchange = get(server.url("plain"))
    assert (exchange.failure, "certificate does not hold" in exchange.failure_detail) == ("tls", True)
    assert_nothing_was_sent(exchange)


def test_a_certificate_for_another_name_is_a_tls_failure(tmp_path):
    authority, context = make_authority(tmp_path, "127.0.0.2")
    with wire_server(context) as server:
        exchange = get(server.url("plain"), pool=Pool(tls=tls_context(authority)))
    assert (exchange.failure, "mismatch" in exchange.failure_detail) == ("tls", True)


@pytest.mark.parametrize(
    ("said", "after", "failure"),
    [
        (b"HTTP/1.1 400 Bad\r\n\r\n", "close", "tls"),
        (b"", "close", "tls"),
        (b"", "reset", "tls"),
        (b"", "hold", "timeout"),
    ],
    ids=["plain-http", "close", "reset", "silence"],
)
def test_a_server_that_does_not_speak_tls_is_told(said: bytes, after: After, failure):
    with socket.create_server(("127.0.0.1", 0)) as listener:
        port = listener.getsockname()[1]

        async def talk(pool: Pool) -> Exchange:
            peer = asyncio.create_task(asyncio.to_thread(answer_hello, listener, said, after))
            request = OutgoingRequest("GET", f"https://127.0.0.1:{port}/", HEADERS)
            exchange = await ask(request, pool, Limits(connect_seconds=2))
            await peer
            return exchange

        exchange = within_pool(talk)
    assert exchange.failure == failure
    assert_nothing_was_sent(exchange)


def answer_hello(listener: socket.socket, said: bytes, after: After) -> None:
    """Take one client's first bytes and answer them with something that is not TLS."""
    channel, _ = listener.accept()
    with channel:
        if after != "reset":  # unread bytes make the close a reset
            channel.recv(65536)
        if said:
            channel.sendall(said)
        while after == "hold" and channel.recv(4096):
            continue
