"""How an answer is cut into pieces changes nothing; no bytes at all upset the reader."""

from __future__ import annotations

import hashlib
import io
from collections.abc import Iterator

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from crawler.framing import parse_head
from crawler.response_reader import ResponseReader
from storage.http_message import entity_body
from tests.wire_answers import ANSWERS, OK, Step, chunked
from tests.wire_client import get, told
from tests.wire_server import server

__all__ = ["server"]


def test_header_fields_are_read_leniently():
    head = parse_head(
        b"HTTP/1.1 200 OK\r\n Lost: fold\r\nx-Long:first\r\n  second \r\n\t\r\n"
        b"no colon\r\n  fold: of it\r\n: nameless\r\nName :  v:1 \nA: \xff\r\nA:\r\n\r\n"
    )
    assert head.fields == ((b"x-Long", b"first second"), (b"Name", b"v:1"), (b"A", b"\xff"), (b"A", b""))
    assert (head.version, head.status) == ((1, 1), 200)


def read_in_pieces(pieces: list[bytes], head_limit: int = 300_000, body_limit: int = 0) -> tuple[object, ...]:
    spool = io.BytesIO()
    reader = ResponseReader("GET", spool, head_limit=head_limit, body_limit=body_limit)
    for piece in pieces:
        if piece:
            reader.feed(piece)
    reader.end("closed")
    return (
        spool.getvalue(), reader.length, reader.interim, reader.block, reader.head, reader.payload_length,
        reader.sha256.digest(), reader.failure, reader.failure_detail, reader.truncated, reader.reusable,
    )  # fmt: skip


@given(st.data(), st.sampled_from(sorted(ANSWERS)), st.sampled_from([40, 300_000]), st.sampled_from([0, 5, 40]))
@settings(max_examples=400, deadline=None)
def test_how_an_answer_is_cut_into_pieces_changes_nothing(data, name, head_limit, body_limit):
    said = ANSWERS[name]
    cuts = sorted(data.draw(st.lists(st.integers(0, len(said)), max_size=30)))
    pieces = [said[a:b] for a, b in zip([0, *cuts], [*cuts, len(said)], strict=True)]
    assert read_in_pieces(pieces, head_limit, body_limit) == read_in_pieces([said], head_limit, body_limit)


@pytest.mark.parametrize("name", [name for name, said in ANSWERS.items() if len(said) < 10_000])
def test_an_answer_that_comes_byte_by_byte_is_the_same(name):
    said = ANSWERS[name]
    assert read_in_pieces([said[at : at + 1] for at in range(len(said))]) == read_in_pieces([said])


@given(st.lists(st.binary(max_size=60), max_size=6), st.data())
@settings(max_examples=200, deadline=None)
def test_any_chunking_of_any_payload_is_read_back(parts, data):
    framed = b"".join(b"%X;a=b\r\n" % len(part) + part + b"\r\n" for part in parts if part) + b"0\r\n\r\n"
    said = chunked(framed)
    cut = data.draw(st.integers(0, len(said)))
    kept, _, _, _, _, length, digest, failure, *_ = read_in_pieces([said[:cut], said[cut:]])
    assert (kept, failure, length) == (said, None, len(b"".join(parts)))
    assert digest == hashlib.sha256(b"".join(parts)).digest()


HEADS = st.lists(
    st.sampled_from(
        [
            b"Transfer-Encoding: chunked", b"\rTransfer-Encoding: chunked", b"\tTransfer-Encoding: chunked",
            b" chunked", b"Transfer-Encoding:", b"Transfer-Encoding: identity", b"transfer-encoding: chunked;q=1",
            b"Transfer-Encoding: chunked, identity,", b"Content-Length: 3", b" 3", b"no colon", b": nameless", b"\r",
            b"Content-Type: text/html",
        ]
    ),
    max_size=5,
)  # fmt: skip
FIRST_LINES = st.sampled_from(
    [b"HTTP/1.1 200 OK", b"http/1.1 200OK", b"HTTP/1.1\t404  no", b"HTTP/2 200", b"HTTP/1.1 2000"]
)
ENDS = st.sampled_from([b"\r\n", b"\n"])
BODIES = st.sampled_from(
    [
        b"", b"abc", b"3\r\nabc\r\n0\r\n\r\n", b"3;x=y\nabc\n0\n\n",
        b"1 \r\na\r\n2\r\nbc\r\n00\r\nA: b\r\n\r\n",
    ]
)  # fmt: skip


@given(FIRST_LINES, HEADS, ENDS, BODIES)
@settings(max_examples=400, deadline=None)
@example(b"HTTP/1.1 200 OK", [b"\t\tTransfer-Encoding: chunked"], b"\r\n", b"3\r\nabc\r\n0\r\n\r\n")
@example(b"HTTP/1.1 200 OK", [b"\rTransfer-Encoding: chunked"], b"\r\n", b"3\r\nabc\r\n0\r\n\r\n")
@example(b"http/1.1 200OK", [b"Transfer-Encoding: chunked, identity"], b"\r\n", b"3\r\nabc\r\n0\r\n\r\n")
@example(b"HTTP/1.1\t404  no", [b"Transfer-Encoding: identity"], b"\n", b"3\r\nabc\r\n0\r\n\r\n")
def test_an_answer_is_read_back_from_what_was_kept_as_it_was_heard(first, lines, end, body):
    reader = ResponseReader("GET", spool := io.BytesIO())
    reader.feed(end.join([first, *lines, b"", body]))
    reader.end("closed")
    if reader.head is None or reader.failure or reader.truncated:
        return
    head, payload = entity_body(spool.getvalue())
    assert (head.status, tuple(head.fields)) == (reader.head.status, reader.head.fields)
    assert hashlib.sha256(payload).digest() == reader.sha256.digest()


@given(st.binary(max_size=200))
@settings(max_examples=300, deadline=None)
def test_no_bytes_at_all_upset_the_reader(noise):
    for said in (noise, b"HTTP/1.1 " + noise, OK + noise, OK + noise + b"\r\n\r\n" + noise, chunked(noise)):
        assert read_in_pieces([said]) == read_in_pieces([said[at : at + 1] for at in range(len(said))])
        kept = read_in_pieces([said])[0]
        assert isinstance(kept, bytes)
        assert kept in said


def test_segments_of_any_size_give_the_same_exchange(server):
    """The same law over real sockets: fewer cases, each segment sent on its own."""
    segments: list[bytes] = []

    def segmented() -> Iterator[Step]:
        for segment in segments:
            yield segment
            yield 0.0005
        yield "close"

    url = server.generate("segmented", segmented)

    @given(st.data(), st.sampled_from([name for name, said in ANSWERS.items() if len(said) < 10_000]))
    @settings(max_examples=60, deadline=None, database=None)
    def law(data: st.DataObject, name: str) -> None:
        said = ANSWERS[name]
        segments[:] = [said]
        whole = told(get(url))
        cuts = sorted(data.draw(st.lists(st.integers(0, len(said)), max_size=12)))
        segments[:] = [said[a:b] for a, b in zip([0, *cuts], [*cuts, len(said)], strict=True)]
        assert told(get(url)) == whole

    law()
