"""Every way an answer can break off, drag on or swell has its name, and what came before it is kept."""

from __future__ import annotations

import asyncio
import hashlib
import io
import tracemalloc
from collections.abc import Callable, Iterator

import pytest

from crawler.fetching import Limits, OutgoingRequest, fetch, read_payload
from crawler.pool import Pool
from storage.errors import RunEndedEarly
from storage.records import Exchange
from tests.wire_answers import CUT_OFF, HALF, HEAD_OF_PAGE, OK, PAGE, Step, chunked
from tests.wire_client import HEADERS, PATIENT, answer, ask, get, within_pool
from tests.wire_server import server, wire_server

__all__ = ["server"]

UNREAD = 0.3
"""Seconds after which the client has surely read what came: a reset throws away what it has not."""


@pytest.mark.parametrize("after", ["close", "reset"])
@pytest.mark.parametrize("stage", CUT_OFF)
def test_a_server_that_hangs_up_leaves_what_it_said(server, stage, after):
    said, status, payload, kind = CUT_OFF[stage]
    exchange = get(server.script("hang-up", said, 0.02 if after == "close" else UNREAD, after))
    assert answer(exchange) + exchange.interim == said
    assert (exchange.status, read_payload(exchange)) == (status, payload)
    assert exchange.truncated == ("disconnect" if kind else None)
    assert exchange.failure == (None if kind else "disconnected")
    assert bool(exchange.failure_detail) == (exchange.failure is not None)
    assert exchange.payload_length == len(payload)
    assert exchange.payload_sha256 == (hashlib.sha256(payload).digest() if status else b"")


@pytest.fixture(scope="module")
def silences():
    """What comes of servers that fall silent, all at once: a second is enough for what they say."""
    with wire_server() as server:
        urls = [server.script(stage, CUT_OFF[stage][0], "hold") for stage in CUT_OFF]

        async def all_at_once(pool: Pool) -> list[Exchange]:
            asked = (OutgoingRequest("GET", url, HEADERS) for url in urls)
            return await asyncio.gather(*(ask(one, pool, Limits(idle_seconds=1)) for one in asked))

        found = within_pool(all_at_once, Pool(per_host=len(urls)))
        listening, *talking = server._threads
        for thread in talking:
            thread.join(60)
        assert [one for one in server._threads if one.is_alive()] == [listening]
    return dict(zip(CUT_OFF, found, strict=True))


@pytest.mark.parametrize("stage", CUT_OFF)
def test_a_server_that_falls_silent_is_left_after_the_idle_time(silences, stage):
    said, status, payload, kind = CUT_OFF[stage]
    exchange = silences[stage]
    assert answer(exchange) + exchange.interim == said
    assert (exchange.status, read_payload(exchange)) == (status, payload)
    assert exchange.truncated == ("time" if kind else None)
    assert exchange.failure == (None if kind else "timeout")


def test_a_reset_ends_a_body_without_length_too_early(server):
    exchange = get(server.script("reset", OK + b"\r\n" + PAGE, UNREAD, "reset"))
    assert (exchange.truncated, read_payload(exchange)) == ("disconnect", PAGE)


def dripping(said: bytes) -> Callable[[], Iterator[Step]]:
    def drip() -> Iterator[Step]:
        yield said
        while True:
            yield 0.01
            yield b"a"

    return drip


def test_a_slow_drip_ends_with_the_total_time(server):
    url = server.generate("drip", dripping(OK + b"Content-Length: 100000\r\n\r\n"))
    exchange = get(url, Limits(idle_seconds=60, total_seconds=1))
    assert (exchange.truncated, exchange.failure, exchange.status) == ("time", None, 200)
    assert 0 < exchange.payload_length == len(answer(exchange)) - len(exchange.head) < 100000


def test_a_large_body_that_comes_steadily_may_take_longer_than_the_total_time(server):
    def steady() -> Iterator[Step]:
        yield OK + b"Content-Length: %d\r\n\r\n" % (40 << 20)
        for _ in range(40):
            yield 0.05
            yield bytes(1 << 20)

    exchange = get(server.generate("steady", steady), Limits(idle_seconds=60, total_seconds=1))
    assert (exchange.truncated, exchange.failure, exchange.payload_length) == (None, None, 40 << 20)


def test_a_slow_drip_of_headers_is_a_timeout(server):
    exchange = get(server.generate("drip", dripping(OK + b"X: ")), Limits(idle_seconds=60, total_seconds=1))
    assert (exchange.truncated, exchange.failure, exchange.status) == (None, "timeout", None)
    assert answer(exchange).startswith(OK + b"X: a")


@pytest.mark.parametrize("framing", [b"\r\n", b"Content-Length: 99999999999\r\n\r\n"], ids=["until-close", "length"])
def test_an_endless_body_is_cut_at_exactly_the_limit(server, framing):
    def endless() -> Iterator[Step]:
        yield OK + framing
        while True:
            yield b"abcdefgh" * 1000

    exchange = get(server.generate("endless", endless), Limits(body_bytes=300_001, total_seconds=120))
    assert (exchange.truncated, exchange.failure, exchange.status) == ("length", None, 200)
    assert exchange.payload_length == 300_001
    assert answer(exchange) == OK + framing + (b"abcdefgh" * 40_000)[:300_001]
    assert server.finished.wait(60)


def test_a_body_of_exactly_the_limit_is_whole(server):
    exchange = get(server.url("until-close"), Limits(body_bytes=len(PAGE)))
    assert (exchange.truncated, read_payload(exchange)) == (None, PAGE)
    exchange = get(server.url("until-close"), Limits(body_bytes=len(PAGE) - 1))
    assert (exchange.truncated, read_payload(exchange)) == ("length", PAGE[:-1])


def test_chunk_framing_counts_towards_the_limit(server):
    framed = b"1;" + b"x" * 100 + b"\r\na\r\n"
    exchange = get(server.script("padded", chunked(framed * 10 + b"0\r\n\r\n")), Limits(body_bytes=len(framed) * 2))
    assert (exchange.truncated, read_payload(exchange)) == ("length", b"aa")
    assert answer(exchange) == chunked(framed * 2)


def test_framing_a_thousand_times_as_long_as_what_it_frames_is_not_held_in_memory(server):
    framed = b"1;" + b"x" * 4_000 + b"\r\na\r\n"
    exchange = get(server.script("all-frame", chunked(framed * 6_000 + b"0\r\n\r\n")))
    tracemalloc.start()
    payload = read_payload(exchange)
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert payload == b"a" * 6_000
    assert exchange.response_length > 24_000_000
    assert peak < 8_000_000


@pytest.mark.parametrize("said", [OK + b"X: " + b"a" * 5000, b"HTTP/1.1 100 Go\r\n\r\n" * 300], ids=["one", "interim"])
def test_a_head_that_does_not_end_is_too_large(server, said):
    exchange = get(server.script("long-head", said, "hold"), Limits(head_bytes=4000))
    assert (exchange.failure, exchange.truncated, exchange.status) == ("too-large", "length", None)
    assert exchange.interim + answer(exchange) == said[:4000]
    assert "4000 bytes" in exchange.failure_detail


def test_a_head_of_exactly_the_limit_is_read(server):
    head = len(HEAD_OF_PAGE)
    assert get(server.url("plain"), Limits(head_bytes=head)).status == 200
    assert get(server.url("plain"), Limits(head_bytes=head - 1)).failure == "too-large"


def test_a_cancelled_fetch_hangs_up_and_is_cancelled(server):
    url = server.script("stuck", HEAD_OF_PAGE + PAGE[:HALF], "hold")

    async def cancel(pool: Pool) -> None:
        task = asyncio.create_task(ask(OutgoingRequest("GET", url, HEADERS), pool))
        while not any(server.requests):
            await asyncio.sleep(0.01)
        task.cancel()
        with pytest.raises(asyncio.CancelledError):
            await task
        assert await asyncio.to_thread(server.finished.wait, 60)

    within_pool(cancel)


def test_a_full_disk_is_not_taken_for_the_network(server, monkeypatch):
    class FullDisk(io.BytesIO):
        def write(self, _data: object) -> int:
            raise OSError(28, "No space left on device")

    monkeypatch.setattr("crawler.fetching.tempfile.SpooledTemporaryFile", lambda **_: FullDisk())
    with pytest.raises(RunEndedEarly, match="No space left"):
        get(server.url("plain"))


def test_a_large_body_leaves_memory_flat(server):
    piece, pieces = b"0123456789abcdef" * 4096, 1024

    def large() -> Iterator[Step]:
        yield OK + b"Transfer-Encoding: chunked\r\n\r\n"
        framed = b"%x\r\n" % len(piece) + piece + b"\r\n"
        for _ in range(pieces):
            yield framed
        yield b"0\r\n\r\n"

    url = server.generate("large", large)
    tracemalloc.start()
    try:
        exchange = within_pool(lambda pool: fetch(OutgoingRequest("GET", url, HEADERS), pool, PATIENT))
        peak = tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()
    assert exchange.payload_length == len(piece) * pieces == 64 * 1024 * 1024
    assert exchange.response is not None
    exchange.response.close()
    digest = hashlib.sha256()
    for _ in range(pieces):
        digest.update(piece)
    assert exchange.payload_sha256 == digest.digest()
    assert peak < 8 * 1024 * 1024
