"""Connections are used again when that is safe, and answers never mix."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, HTTPServer

import pytest

from crawler.fetching import OutgoingRequest, read_payload
from crawler.pool import Pool
from storage.records import Exchange
from tests.serving import serving
from tests.wire_answers import PAGE, RESOURCES, Step, sized
from tests.wire_client import HEADERS, answer, ask, get, within_pool
from tests.wire_server import server

__all__ = ["server"]


@pytest.mark.parametrize("after", ["close", "reset"])
def test_a_stale_connection_is_replaced_once(server, after):
    answered = iter([sized(PAGE), sized(b"second")])

    def once_then_hang_up() -> Iterator[Step]:
        if len(server.requests) == 1 and len(server.requests[0]) == 2:
            yield after  # the second request on the first connection
        else:
            yield next(answered)

    url = server.generate("stale", once_then_hang_up)

    async def twice(pool: Pool) -> list[Exchange]:
        return [await ask(OutgoingRequest("GET", url, HEADERS), pool) for _ in range(2)]

    first, second = within_pool(twice)
    assert (read_payload(first), read_payload(second)) == (PAGE, b"second")
    assert [len(carried) for carried in server.requests] == [2, 1]
    assert second.request == server.requests[1][0]
    assert second.failure is None


def test_a_new_connection_that_hangs_up_is_not_tried_again(server):
    assert get(server.script("rude", "close")).failure == "disconnected"
    assert [len(carried) for carried in server.requests] == [1]


def test_a_server_that_closed_while_idle_is_noticed_before_sending(server):
    url = server.script("once", sized(PAGE), "close")

    async def twice(pool: Pool) -> list[Exchange]:
        first = await ask(OutgoingRequest("GET", url, HEADERS), pool)
        assert server.finished.wait(60)
        return [first, await ask(OutgoingRequest("GET", url, HEADERS), pool)]

    assert [one.failure for one in within_pool(twice)] == [None, None]
    assert [len(carried) for carried in server.requests] == [1, 1]


def test_bytes_that_come_while_idle_are_never_taken_for_an_answer(server):
    sent = threading.Event()

    def late() -> Iterator[Step]:
        yield sized(PAGE)
        yield 0.02
        yield sized(b"evil")
        sent.set()
        yield "hold"

    url = server.generate("late-garbage", late)

    async def twice(pool: Pool) -> list[Exchange]:
        first = await ask(OutgoingRequest("GET", url, HEADERS), pool)
        assert sent.wait(60)  # the loop stands still, as during a long parse: nobody has looked at the socket
        return [first, await ask(OutgoingRequest("GET", server.url("plain"), HEADERS), pool)]

    first, second = within_pool(twice)
    assert (read_payload(first), read_payload(second)) == (PAGE, PAGE)
    assert [len(carried) for carried in server.requests] == [1, 1]


def test_a_post_never_goes_over_a_used_connection(server):
    async def thrice(pool: Pool) -> None:
        for method in ("GET", "POST", "GET"):
            await ask(OutgoingRequest(method, server.url("plain"), HEADERS), pool)

    within_pool(thrice)
    methods = [[request.split(b" ")[0] for request in carried] for carried in server.requests]
    assert methods == [[b"GET"], [b"POST", b"GET"]]


def test_an_old_idle_connection_is_not_used(server):
    async def twice(pool: Pool) -> None:
        for _ in range(2):
            await ask(OutgoingRequest("GET", server.url("plain"), HEADERS), pool)

    within_pool(twice, Pool(idle_seconds=-1))
    assert [len(carried) for carried in server.requests] == [1, 1]


def test_no_more_exchanges_run_at_once_than_the_pool_allows(server):
    running, most = [0], [0]

    def counted() -> Iterator[Step]:
        running[0] += 1
        most[0] = max(most[0], running[0])
        yield 0.02
        running[0] -= 1
        yield sized(PAGE)

    url = server.generate("counted", counted)

    async def many(pool: Pool) -> list[Exchange]:
        return await asyncio.gather(*(ask(OutgoingRequest("GET", url, HEADERS), pool) for _ in range(9)))

    assert [one.status for one in within_pool(many, Pool(per_host=3))] == [200] * 9
    assert most[0] <= 3
    assert len(server.requests) <= 3


def test_concurrent_answers_do_not_mix(server):
    names = [name for name, one in RESOURCES.items() if one.method == "GET"]

    async def all_at_once(pool: Pool) -> list[Exchange]:
        return await asyncio.gather(
            *(ask(OutgoingRequest("GET", server.url(name), HEADERS), pool) for name in names * 2)
        )

    for name, exchange in zip(names * 2, within_pool(all_at_once), strict=True):
        assert answer(exchange) == RESOURCES[name].message, name


def test_a_server_that_serves_one_connection_at_a_time_gets_a_post_after_a_get():
    class OneByOne(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_GET(self) -> None:
            self.rfile.read(int(self.headers.get("Content-Length") or 0))
            self.send_response(200)
            self.send_header("Content-Length", "2")
            self.end_headers()
            self.wfile.write(b"ok")

        def do_POST(self) -> None:
            self.do_GET()

        def log_message(self, *_: object) -> None:
            """Keep quiet."""

    with serving(HTTPServer(("127.0.0.1", 0), OneByOne)) as single:
        url = f"http://127.0.0.1:{single.server_port}/"

        async def in_turn(pool: Pool) -> list[Exchange]:
            form = OutgoingRequest("POST", url, [*HEADERS, (b"Content-Length", b"3")], b"a=b")
            page = OutgoingRequest("GET", url, HEADERS)
            return [await ask(one, pool) for one in (page, page, form, page, form)]

        found = within_pool(in_turn)
    assert [one.failure for one in found] == [None] * 5
