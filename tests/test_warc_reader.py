"""Reading WARC files back, our own and those of other tools, whole and broken; and the HTTP messages in them."""

from __future__ import annotations

import codecs
import gzip
import importlib
import io
import tracemalloc
import zlib
from collections.abc import Mapping
from datetime import UTC, datetime

import brotlicffi
import pytest
from fastwarc.warc import WarcRecord, WarcRecordType
from hypothesis import given
from hypothesis import strategies as st
from warcio.statusandheaders import StatusAndHeaders
from warcio.warcwriter import WARCWriter

from storage import content_coding, http_message, warc_parser, warc_source
from storage.charsets import text_of, utf8_of
from storage.content_coding import ContentError, decode_content
from storage.cut_bodies import breaks_off
from storage.errors import WarcError
from storage.http_message import dechunk, parse_head
from storage.warc_index import captures_in, run_fields
from storage.warc_reader import iter_records, payload_of, read_record, uncoded_start
from storage.warc_record import encoded_uri, parse_date, parse_digest, parse_fields
from tests.warc_samples import HEAD, exchange, failure, raw_record, sha1, written, zipped

URL = ("WARC-Target-URI", "https://www.example.kr/a")
DATE = ("WARC-Date", "2026-09-15T09:16:48Z")
HTTP = ("Content-Type", "application/http; msgtype=response")


def record_id(number: int) -> tuple[str, str]:
    return ("WARC-Record-ID", f"<urn:uuid:{number}>")


def response(number: int = 1, block: bytes = HEAD + b"page", *more: tuple[str, str]) -> bytes:
    return raw_record([("WARC-Type", "response"), record_id(number), DATE, URL, HTTP, *more], block)


def request(number: int = 2, *more: tuple[str, str]) -> bytes:
    return raw_record([("WARC-Type", "request"), record_id(number), DATE, URL, *more], b"POST /a HTTP/1.1\r\n\r\n")


def by_id(*captures):
    return {one.evidence.record_id: one.evidence for one in captures}.get


def test_a_record_is_read_by_its_place_alone(tmp_path):
    _, captures = written(tmp_path, exchange(1), exchange(2, b"other"))
    evidence = captures[1].evidence
    with read_record(tmp_path, evidence.warc, evidence.offset, evidence.length) as record:
        assert record.record_id == evidence.record_id
        assert record.block == HEAD + b"other"
        assert record.headers.get("warc-TARGET-uri") == captures[1].url
        assert record.headers.all("WARC-Protocol") == ["http/1.1", "tls/1.3"]


@pytest.mark.parametrize(("shift", "stretch"), [(0, 1), (0, -1), (1, 0)])
def test_a_place_that_is_not_a_record_is_an_error_with_file_and_offset(tmp_path, shift, stretch):
    path, (capture,) = written(tmp_path, exchange())
    evidence = capture.evidence
    with pytest.raises(WarcError, match=rf"{path.name}, byte [0-9,]+: "):
        read_record(tmp_path, evidence.warc, evidence.offset + shift, evidence.length + stretch)


def test_a_missing_file_and_one_outside_the_archive_are_errors(tmp_path):
    with pytest.raises(WarcError, match="not in the archive"):
        read_record(tmp_path, "warc/none.warc.gz", 0, 1)
    (tmp_path / "archive").mkdir()
    (tmp_path / "secret.warc").write_bytes(response())
    with pytest.raises(WarcError, match="leads out of the archive"):
        read_record(tmp_path / "archive", "../secret.warc", 0, 1)
    with pytest.raises(WarcError, match="leads out of the archive"):
        read_record(tmp_path / "archive", str(tmp_path / "secret.warc"), 0, 1)


@pytest.mark.parametrize("pack", [zipped, lambda *all_: b"".join(all_), lambda *all_: gzip.compress(b"".join(all_))])
def test_records_of_any_packing_are_read(tmp_path, pack):
    path = tmp_path / "foreign.warc.gz"
    path.write_bytes(pack(request(1), response(2), response(3, HEAD)))
    assert [(one.record_id, one.block) for one in iter_records(path)] == [
        ("urn:uuid:1", b"POST /a HTTP/1.1\r\n\r\n"),
        ("urn:uuid:2", HEAD + b"page"),
        ("urn:uuid:3", HEAD),
    ]


def test_an_uncompressed_record_is_read_by_its_place(tmp_path):
    path = tmp_path / "foreign.warc"
    path.write_bytes(response(1) + response(2, HEAD + b"second"))
    found = [(one.record_id, one.offset, one.length) for one in iter_records(path)]
    assert len(found) == 2
    for (name, offset, length), end in zip(found, (b"page", b"second"), strict=True):
        with read_record(tmp_path, "foreign.warc", offset, length) as again:
            assert (again.record_id, again.block) == (name, HEAD + end)


def test_an_empty_file_has_no_records(tmp_path):
    path = tmp_path / "empty.warc.gz"
    path.touch()
    assert list(iter_records(path)) == []


@pytest.mark.parametrize("zipped_up", [True, False])
def test_a_cut_file_gives_its_whole_records_and_then_says_where_it_breaks(tmp_path, zipped_up):
    parts = [zipped(response(number)) if zipped_up else response(number) for number in (1, 2)]
    path = tmp_path / "cut.warc.gz"
    for cut in range(1, len(parts[1])):
        path.write_bytes(parts[0] + parts[1][:cut])
        # Uncompressed, a record is whole even without its two closing line ends.
        if not zipped_up and cut >= len(parts[1]) - 4:
            assert len(list(iter_records(path))) == 2
            continue
        records = iter_records(path)
        assert next(records).record_id == "urn:uuid:1"
        with pytest.raises(WarcError, match=f"byte {len(parts[0]):,}: "):
            next(records)


def test_whole_records_come_before_the_error(tmp_path):
    path = tmp_path / "cut.warc.gz"
    path.write_bytes(zipped(response(1), response(2)) + b"garbage")
    records = iter_records(path)
    assert [next(records).record_id, next(records).record_id] == ["urn:uuid:1", "urn:uuid:2"]
    with pytest.raises(WarcError, match="no gzip member, but b'garbage'"):
        next(records)


def test_whole_records_of_a_broken_shared_member_come_before_the_error(tmp_path):
    path = tmp_path / "one-member.warc.gz"
    path.write_bytes(gzip.compress(response(1) + response(2) + b"garbage"))
    records = iter_records(path)
    assert [next(records).record_id, next(records).record_id] == ["urn:uuid:1", "urn:uuid:2"]
    with pytest.raises(WarcError, match="no WARC version line"):
        next(records)


def test_a_wrong_checksum_is_damage(tmp_path):
    data = bytearray(zipped(response()))
    data[-6] ^= 1
    (tmp_path / "a.warc.gz").write_bytes(data)
    with pytest.raises(WarcError, match=r"a.warc.gz, byte 0: a damaged gzip member"):
        list(iter_records(tmp_path / "a.warc.gz"))


@pytest.mark.parametrize("length", ["-1", "many", "9" * 30, ""])
def test_a_content_length_that_is_no_number_is_damage(tmp_path, length):
    path = tmp_path / "a.warc"
    path.write_bytes(raw_record([("WARC-Type", "response"), ("Content-Length", length)], b"x"))
    with pytest.raises(WarcError, match="Content-Length"):
        list(iter_records(path))


def test_a_claim_of_terabytes_is_damage_and_not_an_allocation(tmp_path):
    path = tmp_path / "a.warc"
    path.write_bytes(raw_record([("WARC-Type", "response"), ("Content-Length", "9" * 15)], b"x"))
    tracemalloc.start()
    with pytest.raises(WarcError, match="cut off"):
        list(iter_records(path))
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert peak < 4 << 20


def test_line_ends_without_end_behind_a_record_are_read_through_and_not_kept(tmp_path):
    """A member of a few hundred kilobytes can hold hundreds of megabytes of them."""
    path = tmp_path / "a.warc.gz"
    packing = zlib.compressobj(1, wbits=31)
    packed = [packing.compress(response(1)), *(packing.compress(b"\r\n" * (1 << 19)) for _ in range(200))]
    path.write_bytes(b"".join([*packed, packing.flush(), gzip.compress(response(2))]))
    tracemalloc.start()
    first, second = iter_records(path)
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert first.trailer.startswith(b"\r\n\r\n\r\n")
    assert second.record_id == "urn:uuid:2"
    assert peak < 16 << 20


def test_a_header_without_end_is_damage(tmp_path):
    path = tmp_path / "a.warc"
    path.write_bytes(b"WARC/1.1\r\n" + b"X: y\r\n" * 500_000)
    with pytest.raises(WarcError, match="empty line"):
        list(iter_records(path))


def test_zstandard_files_are_named_as_what_they_are(tmp_path):
    path = tmp_path / "a.warc.zst"
    path.write_bytes(b"\x28\xb5\x2f\xfd....")
    with pytest.raises(WarcError, match="Zstandard"):
        list(iter_records(path))


def test_a_block_larger_than_the_spool_comes_back_whole(tmp_path, monkeypatch):
    monkeypatch.setattr(warc_parser, "_SPOOL", 1000)
    body = bytes(range(256)) * 40
    path, _ = written(tmp_path, exchange(body=body))
    assert [one.block for one in iter_records(path)][-1] == HEAD + body


def test_the_payload_is_without_chunks_and_content_coding(tmp_path):
    page = "<p>고침</p>".encode()
    coded = gzip.compress(page)
    head = b"HTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\nTransfer-Encoding: chunked\r\n\r\n"
    _, (first, again) = written(
        tmp_path, *(exchange(number, b"%x\r\n%s\r\n0\r\n\r\n" % (len(coded), coded), head) for number in (1, 2))
    )
    assert again.kind == "revisit"
    assert payload_of(tmp_path, first, by_id()) == page
    assert payload_of(tmp_path, again, by_id(first)) == page


CHUNKED = b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n"
CODED = b"HTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\n\r\n"


@pytest.mark.parametrize(
    ("head", "body", "start"),
    [
        (HEAD, b"0123456789", b"01234"),
        (HEAD, b"012", b"012"),
        (CHUNKED, b"3\r\n012\r\n4\r\n3456\r\n0\r\n\r\n", b"01234"),
        (CODED, gzip.compress(b"0123456789"), None),
    ],
    ids=["whole", "short", "in chunks", "coded"],
)
def test_the_start_of_a_payload_is_its_first_bytes_unless_it_is_coded(tmp_path, head, body, start):
    _, (first, again) = written(tmp_path, *(exchange(number, body, head) for number in (1, 2)))
    assert again.kind == "revisit"
    assert [uncoded_start(tmp_path, one, by_id(first), 5) for one in (first, again)] == [start, start]


def test_a_revisit_of_nothing_there_says_what_to_do(tmp_path):
    _, (_, again) = written(tmp_path, exchange(1), exchange(2))
    with pytest.raises(WarcError, match=r"refers to urn:uuid:.* Import the file"):
        payload_of(tmp_path, again, by_id())


def test_revisits_in_a_ring_do_not_hang(tmp_path):
    _, (_, again) = written(tmp_path, exchange(1), exchange(2))
    with pytest.raises(WarcError, match="revisits only"):
        payload_of(tmp_path, again, lambda _: again.evidence)


def test_a_failure_has_no_payload(tmp_path):
    _, (capture,) = written(tmp_path, failure())
    with pytest.raises(WarcError, match="no payload"):
        payload_of(tmp_path, capture, by_id())


def test_a_payload_beyond_the_limit_names_the_record(tmp_path):
    head = b"HTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\n\r\n"
    path, (capture,) = written(tmp_path, exchange(1, gzip.compress(bytes(1 << 20)), head))
    with pytest.raises(ContentError, match=rf"warc/{path.name}, byte [0-9,]+: .*bomb"):
        payload_of(tmp_path, capture, by_id(), limit=1000)


@pytest.mark.filterwarnings("ignore")  # warcio leaves its temporary files to the garbage collector
def test_a_warcio_file_gives_sensible_captures(tmp_path):
    path = tmp_path / "warcio.warc.gz"
    with path.open("wb") as file:
        writer = WARCWriter(file, gzip=True, warc_version="1.1")
        writer.write_record(writer.create_warcinfo_record("warcio.warc.gz", {"software": "warcio", "isPartOf": "old"}))
        headers = StatusAndHeaders("200 OK", [("Content-Type", "text/html")], protocol="HTTP/1.1")
        page = writer.create_warc_record("http://a.kr/1", "response", io.BytesIO(b"page"), http_headers=headers)
        sent = StatusAndHeaders("HEAD /1 HTTP/1.1", [("Host", "a.kr")], is_http_request=True)
        asked = writer.create_warc_record("http://a.kr/1", "request", http_headers=sent)
        writer.write_request_response_pair(asked, page)
        date = page.rec_headers["WARC-Date"]
        digest = page.rec_headers["WARC-Payload-Digest"]
        writer.write_record(writer.create_revisit_record("http://a.kr/2", digest, "http://a.kr/1", date, headers))
        writer.write_record(
            writer.create_warc_record("urn:x", "resource", io.BytesIO(b"a,b"), warc_content_type="text/csv")
        )
    assert run_fields(path)["isPartOf"] == "old"
    first, again, plain = captures_in(path, tmp_path)
    assert (first.run, first.method, first.status, first.media_type) == ("old", "HEAD", 200, "text/html")
    assert first.evidence.payload_digest == digest == sha1(b"page")
    assert first.payload_length == 4
    assert payload_of(tmp_path, first, by_id()) == b"page"
    assert (again.kind, again.status, again.refers_to) == ("revisit", 200, first.evidence.record_id)
    assert (plain.status, plain.media_type, plain.payload_length) == (200, "text/csv", 3)
    assert payload_of(tmp_path, plain, by_id()) == b"a,b"


def test_what_stands_in_files_strung_together_stays_of_its_own_run(tmp_path):
    path = tmp_path / "all.warc"
    infos = [
        raw_record(
            [("WARC-Type", "warcinfo"), record_id(one), DATE, ("Content-Type", "application/warc-fields")],
            f"isPartOf: {run}\r\n".encode(),
        )
        for one, run in ((8, "first"), (9, "second"))
    ]
    path.write_bytes(infos[0] + response(1) + request(2) + infos[1] + response(3) + request(4))
    assert [one.run for one in captures_in(path, tmp_path)] == ["first", "second"]


def test_a_fastwarc_file_gives_sensible_captures(tmp_path):
    path = tmp_path / "fast.warc"
    with path.open("wb") as file:
        record = WarcRecord()
        record.init_headers(record_type=WarcRecordType.response)
        record.headers["WARC-Target-URI"] = "http://a.kr/"
        record.headers["Content-Type"] = "application/http"
        record.set_bytes_content(HEAD + b"page")
        record.write(file, checksum_data=True)
    (capture,) = captures_in(path, tmp_path)
    assert (capture.run, capture.status) == ("import:fast.warc", 200)
    assert capture.payload_length == 4


def test_companions_are_found_before_and_after_and_without_links(tmp_path):
    path = tmp_path / "a.warc"
    to = ("WARC-Concurrent-To", "<urn:uuid:1>")
    back = ("WARC-Concurrent-To", "<urn:uuid:2>")
    for order in ([request(2, to), response()], [response(), request(2, to)], [request(), response(1, HEAD, back)]):
        path.write_bytes(b"".join(order))
        (capture,) = captures_in(path, tmp_path)
        assert capture.method == "POST"
    path.write_bytes(request() + response())
    (capture,) = captures_in(path, tmp_path)
    assert capture.method == "POST"


def test_addresses_in_angle_brackets_and_without_dates_of_ours_are_read(tmp_path):
    path = tmp_path / "wget.warc"
    fields = [("WARC-Type", "response"), record_id(1), ("WARC-Date", "2026-09-15"), HTTP]
    path.write_bytes(raw_record([*fields, ("WARC-Target-URI", "<http://a.kr/b c>")], HEAD, version="WARC/1.0"))
    (capture,) = captures_in(path, tmp_path)
    assert capture.url == "http://a.kr/b%20c"
    assert capture.captured_at == datetime(2026, 9, 15, tzinfo=UTC)


def test_a_revisit_by_id_in_the_same_file_knows_its_payload(tmp_path):
    path = tmp_path / "a.warc"
    refers = ("WARC-Refers-To", "<urn:uuid:1>")
    path.write_bytes(
        response()
        + raw_record([("WARC-Type", "revisit"), record_id(3), DATE, ("WARC-Target-URI", "http://b.kr/"), refers])
    )
    first, again = captures_in(path, tmp_path)
    assert (again.payload_sha256, again.payload_length) == (first.payload_sha256, 4)


def test_captures_before_a_break_are_given_before_the_error(tmp_path):
    path, captures = written(tmp_path, exchange(1), exchange(2, b"y"))
    path.write_bytes(path.read_bytes()[:-3])
    found = captures_in(path, tmp_path)
    assert next(found) == captures[0]
    with pytest.raises(WarcError, match="byte"):
        list(found)


@pytest.mark.parametrize("more", [b"garbage", response(2)])
def test_a_record_before_other_bytes_of_its_member_is_no_record_of_an_index(tmp_path, more):
    path = tmp_path / "one-member.warc.gz"
    path.write_bytes(gzip.compress(response(1) + more))
    for length in (0, path.stat().st_size):
        with pytest.raises(WarcError, match="shares its gzip member with what follows it"):
            read_record(tmp_path, path.name, 0, length)


def test_records_that_share_a_gzip_member_cannot_be_captures(tmp_path):
    path = tmp_path / "one-member.warc.gz"
    path.write_bytes(gzip.compress(response(1) + response(2)))
    with pytest.raises(WarcError, match="recompress"):
        list(captures_in(path, tmp_path))


def test_a_date_that_is_none_is_an_error_with_its_place(tmp_path):
    path = tmp_path / "a.warc"
    path.write_bytes(raw_record([("WARC-Type", "response"), record_id(1), ("WARC-Date", "yesterday"), URL, HTTP], HEAD))
    with pytest.raises(WarcError, match=r"a.warc, byte 0: WARC-Date: 'yesterday'"):
        list(captures_in(path, tmp_path))


@pytest.mark.parametrize("line", [b"note: x\r\n", b"n" * 999])
def test_of_a_warcinfo_that_would_fill_the_memory_its_first_whole_lines_count(tmp_path, line):
    path = tmp_path / "a.warc.gz"
    block = b"isPartOf: one\r\n" + line * (40_000_000 // len(line)) + b"\r\nsoftware: other\r\n"
    path.write_bytes(zipped(raw_record([("WARC-Type", "warcinfo"), record_id(1), DATE], block)) + zipped(response(2)))
    del block
    infos: list[Mapping[str, str]] = []
    tracemalloc.start()
    (found,) = captures_in(path, tmp_path, infos)
    assert run_fields(path) == infos[0]
    assert tracemalloc.get_traced_memory()[1] < 60_000_000
    tracemalloc.stop()
    assert (found.run, infos[0].get("software")) == ("one", None)
    assert infos[0].get("note") in {None, "x"}


@pytest.mark.parametrize(
    ("text", "moment"),
    [
        ("2026", datetime(2026, 1, 1, tzinfo=UTC)),
        ("2026-09-15T09:16Z", datetime(2026, 9, 15, 9, 16, tzinfo=UTC)),
        ("2026-09-15t09:16:48.1z", datetime(2026, 9, 15, 9, 16, 48, 100_000, tzinfo=UTC)),
        ("2026-09-15T09:16:48.123456789Z", datetime(2026, 9, 15, 9, 16, 48, 123_456, tzinfo=UTC)),
        ("2016-12-31T23:59:60Z", datetime(2017, 1, 1, tzinfo=UTC)),
    ],
)
def test_dates_of_any_precision_are_read(text, moment):
    assert parse_date(text) == moment


def test_digests_are_the_same_in_any_spelling():
    spelled = [
        "sha1:2WAXX5NUWNNCS2BDKCO5OVDQBJVNKIVV", "SHA-1:2waxx5nuwnncs2bdkco5ovdqbjvnkivv",
        "sha1:d5817bf5b4b35a296823509dd754700a6ad522b5", "sha1:1YF79bSzWiloI1Cd11RwCmrVIrU=",
    ]  # fmt: skip
    assert len({parse_digest(one) for one in spelled}) == 1
    assert parse_digest("blake3:00") == ("blake3", None)
    assert parse_digest("sha1:1112H3S6NNFQ2MSVX7XZKYAYSCX5QBYJ") is None
    assert parse_digest("2WAXX5NUWNNCS2BDKCO5OVDQBJVNKIVV") is None


@given(st.text())
def test_an_encoded_address_has_only_what_an_address_may_have(url):
    encoded = encoded_uri(url)
    assert encoded.isascii()
    assert not set(encoded) & set(' <>"\r\n\t{}')
    assert encoded_uri(encoded) == encoded


def test_heads_are_read_however_they_are_written():
    head = parse_head(b"HTTP/1.0 404  Not  Here \nA:1\nno colon\nB : 2\r\n folded\r\na:\xff\r\n\r\nX: not a field")
    assert head.version == "HTTP/1.0"
    assert (head.status, head.reason) == (404, "Not  Here")
    assert head.fields == [(b"A", b"1"), (b"B", b"2 folded"), (b"a", b"\xff")]
    assert http_message.field(head.fields, "a") == "1"
    assert parse_head(b"HTTP/1.1 200\r\n\r\n").status == 200
    assert parse_head(b"hello").status is None
    assert parse_head(b"").fields == []


@given(
    st.lists(st.binary(min_size=1, max_size=50), max_size=8), st.binary(max_size=20).filter(lambda x: b"\n" not in x)
)
def test_chunks_come_back_as_one_body(parts, extension):
    framed = b"".join(b"%X ;%s\r\n%s\r\n" % (len(one), extension, one) for one in parts) + b"0\r\nTrailer: x\r\n\r\n"
    assert dechunk(framed) == b"".join(parts)


@given(st.lists(st.binary(min_size=1, max_size=20), min_size=1, max_size=4), st.data())
def test_a_chunked_body_that_was_cut_gives_the_data_that_had_come(parts, data):
    framed = b"".join(b"%x\r\n%s\r\n" % (len(one), one) for one in parts)
    first_line = framed.index(b"\n") + 1
    cut = data.draw(st.integers(first_line, len(framed)))
    assert b"".join(parts).startswith(dechunk(framed[:cut]))


@given(st.binary())
def test_dechunking_never_raises(body):
    assert len(dechunk(body)) <= len(body)


def test_a_body_that_was_never_chunked_is_left_alone():
    assert dechunk(b"<html>\n</html>") == b"<html>\n</html>"


PAGE = "<p>정책 브리핑</p>".encode() * 50


def _zstd(data: bytes) -> bytes:
    return content_coding.zstd.compress(data)


@pytest.mark.parametrize(
    ("encoding", "code"),
    [
        ("gzip", gzip.compress),
        ("X-GZIP", gzip.compress),
        ("gzip", lambda data: gzip.compress(data[:100]) + gzip.compress(data[100:]) + b"\0\0"),
        ("deflate", zlib.compress),
        ("deflate", lambda data: zlib.compress(data, wbits=-15)),
        ("br", brotlicffi.compress),
        ("zstd", _zstd),
        ("zstd", lambda data: _zstd(data[:100]) + _zstd(b"") + _zstd(data[100:])),
        ("gzip, deflate", lambda data: zlib.compress(gzip.compress(data))),
        ("identity", bytes),
        ("", bytes),
        ("UTF-8", bytes),
        ("gzip, euc-kr", gzip.compress),
        ("gzip", bytes),
    ],
)
def test_content_codings_are_undone(encoding, code):
    assert decode_content(code(PAGE), encoding) == PAGE


CODINGS = [("gzip", gzip.compress), ("deflate", zlib.compress), ("zstd", _zstd), ("br", brotlicffi.compress)]


@pytest.mark.parametrize(("encoding", "code"), CODINGS)
def test_a_coded_body_that_breaks_off_is_damaged_unless_what_it_holds_is_asked_for(encoding, code):
    cut = code(bytes(range(256)) * 3000 + PAGE)[:-12]
    with pytest.raises(ContentError, match="breaks off"):
        decode_content(cut, encoding)
    assert decode_content(cut, encoding, whole=False).startswith(bytes(range(256)))


@pytest.mark.parametrize(("encoding", "code"), CODINGS)
def test_a_bomb_stops_at_the_limit(encoding, code):
    with pytest.raises(ContentError, match="more than 2,000,000 bytes"):
        decode_content(code(bytes(20_000_000)), encoding, limit=2_000_000)


@pytest.mark.parametrize("cut", [b"", b"\r\n\r\n"])
def test_a_line_of_a_mebibyte_is_read_once_and_not_from_each_of_its_letters(cut):
    """A portal that sent it once had ``verify`` and ``rebuild`` read for hours."""
    long = b"x" * (1 << 20)
    assert parse_head(b"HTTP/1.1 200 OK\r\nA: b\r\n" + long + cut).fields == [(b"A", b"b")]
    assert parse_head(b"HTTP/1.1 200 OK\r\nSet-Cookie: " + long + cut).fields == [(b"Set-Cookie", long)]
    assert parse_fields(b"WARC-Type: response\r\n" + long + cut).pairs == [("WARC-Type", "response")]


def test_folded_lines_are_joined_without_the_empty_ones():
    folded = b"A:\r\n b\r\n \r\n\tc\r\n" + b" d\r\n" * 200_000
    value = b"b c" + b" d" * 200_000
    assert parse_head(b"HTTP/1.1 200 OK\r\n" + folded + b"\r\n").fields == [(b"A", value)]
    assert parse_fields(folded + b"\r\n").pairs == [("A", value.decode())]


@pytest.mark.parametrize(("encoding", "code"), [("gzip", gzip.compress), ("zstd", _zstd)])
def test_a_body_of_empty_members_without_end_is_a_bomb_too(encoding, code):
    """Each took the time of copying all that follows it: of two megabytes half a minute, of forty some hours."""
    with pytest.raises(ContentError, match="more than 50,000 members: taken for a decompression bomb"):
        decode_content(code(b"") * 2_000_000, encoding)


@pytest.mark.parametrize(("encoding", "code"), [("gzip", gzip.compress), ("zstd", _zstd)])
@pytest.mark.parametrize("size", [1, 4_000, 4_096])
def test_members_give_all_they_hold_wherever_they_end(encoding, code, size):
    pieces = [bytes([65 + n % 26]) * (size + n) for n in range(300)]
    packed = b"".join(map(code, pieces))
    assert decode_content(packed, encoding) == b"".join(pieces)
    assert decode_content(packed + bytes(9_000) + code(b"behind padding"), encoding) == b"".join(pieces)


def test_frames_that_decoders_skip_hide_nothing_behind_them():
    skipped = b"\x50\x2a\x4d\x18\x04\0\0\0none"
    assert decode_content(skipped * 500 + _zstd(PAGE) + skipped + _zstd(PAGE), "zstd") == PAGE * 2


def test_no_more_codings_are_undone_than_any_server_applies():
    coded = PAGE
    for _ in range(8):
        coded = gzip.compress(coded)
    assert decode_content(coded, "gzip," * 8 + " identity") == PAGE
    with pytest.raises(ContentError, match="9 content codings: taken for a decompression bomb"):
        decode_content(gzip.compress(coded), "gzip," * 9)


@pytest.mark.parametrize(("encoding", "code"), [("gzip", gzip.compress), ("deflate", zlib.compress)])
def test_a_coded_body_that_was_cut_gives_what_it_holds(encoding, code):
    noise = bytes(zlib.crc32(bytes([n % 251, n // 251])) & 255 for n in range(9000))
    decoded = decode_content(code(noise)[:5000], encoding)
    assert decoded
    assert noise.startswith(decoded)


def test_a_damaged_or_unknown_coding_is_an_error():
    with pytest.raises(ContentError, match="damaged"):
        decode_content(b"\x1f\x8b" + b"x" * 50, "gzip")
    with pytest.raises(ContentError, match="compress"):
        decode_content(b"x", "compress")


@pytest.mark.parametrize("encoding", ["gzip", "deflate", "br", "zstd", "gzip, br"])
@pytest.mark.parametrize("charset", ["utf-8", "cp949"])
def test_a_page_whose_coding_was_undone_but_not_its_field_is_read_as_it_stands(encoding, charset):
    page = "<html><body><p>정부가 온라인 개학 이후 늘어난 수요에 맞춰 회선을 넓힌다.</p></body></html>".encode(charset)
    assert decode_content(page, encoding) == page


@pytest.mark.parametrize(
    ("head", "body", "cut"),
    [
        (b"Content-Length: 4", b"page", False),
        (b"Content-Length: 5", b"page", True),
        (b"Content-Length: 3", b"page", False),
        (b"Content-Length: 4", b"", False),
        (b"Content-Length: four", b"page", False),
        (b"Content-Encoding: gzip", gzip.compress(b"page", mtime=0), False),
        (b"Content-Encoding: gzip", gzip.compress(b"page", mtime=0)[:-1], True),
        (b"Content-Encoding: gzip", gzip.compress(bytes(10_000_000), mtime=0)[:-20], True),
        (b"Content-Encoding: gzip", gzip.compress(bytes(10_000_000), mtime=0) + bytes(3), False),
        (b"Content-Encoding: gzip", b"<html>page</html>", False),
        (b"Content-Length: 4, 4", b"pag", False),
        (b"X: y", b"page", False),
        (b"Transfer-Encoding: chunked", b"4\r\npage\r\n0\r\n\r\n", False),
        (b"Transfer-Encoding: chunked", b"4;x=y\npage\n0\n\n", False),
        (b"Transfer-Encoding: chunked", b"4\r\npage\r\n0\r\nTrailer: x\r\n", False),
        (b"Transfer-Encoding: chunked", b"4\r\npage\r\n", True),
        (b"Transfer-Encoding: chunked", b"4\r\npage", True),
        (b"Transfer-Encoding: chunked", b"4\r\npa", True),
        (b"Transfer-Encoding: chunked", b"4\r\npage\r\n1f", True),
        (b"Transfer-Encoding: chunked", b"4\r\npage\r\nno size\r\nmore", False),
        (b"Transfer-Encoding: chunked", b"<html>page</html>", False),
        (b"Transfer-Encoding: chunked\r\nContent-Length: 99", b"<html>page</html>", False),
    ],
)
def test_a_body_breaks_off_where_its_head_promises_more(head, body, cut):
    stream = io.BytesIO(b"before" + body)
    stream.seek(6)
    assert breaks_off(stream, parse_head(b"HTTP/1.1 200 OK\r\n" + head + b"\r\n\r\n").fields) is cut
    assert stream.tell() == 6


@pytest.mark.parametrize(
    ("encoding", "code"), [("deflate", zlib.compress), ("zstd", _zstd), ("br", brotlicffi.compress)]
)
def test_a_coded_body_with_a_wrong_byte_is_no_text(encoding, code):
    coded = bytearray(code(PAGE * 50))
    coded[len(coded) // 2 :] = bytes(range(256)) * 4
    with pytest.raises(ContentError, match="damaged"):
        decode_content(bytes(coded), encoding)


@pytest.mark.parametrize(
    ("payload", "content_type"),
    [
        ("한글".encode(), "text/html; charset=UTF-8"),
        ("한글".encode("euc-kr"), "text/html; charset=euc-kr"),
        ("한글".encode("euc-kr"), "text/html"),
        ("한글".encode(), None),
        ("한글".encode("utf-8-sig"), "text/html; charset=euc-kr"),
        ("한글".encode("utf-16"), "text/html"),
        ("한글".encode(), "text/html; charset=euc-kr"),
        ("한글".encode(), "text/html; charset=no-such-charset"),
        ("한글".encode(), "text/html; charset=hex"),
        ("한글".encode(), "text/html;charset=ISO-8859-1"),
        ("한글".encode("euc-kr"), "text/html;charset=ISO-8859-1"),
    ],
)
def test_korean_is_read_in_any_charset(payload, content_type):
    assert text_of(payload, content_type) == "한글"


def test_latin_1_is_what_no_other_charset_can_read():
    assert text_of(b"Caf\xe9", "text/html;charset=ISO-8859-1") == "Café"
    page = '<meta charset="euc-kr">정부'
    assert text_of(page.encode("euc-kr"), "text/html;charset=ISO-8859-1") == page


def test_a_declared_charset_covers_the_syllables_of_its_superset():
    page = '<meta http-equiv="Content-Type" content="text/html; charset=euc-kr">똠방각하'
    assert text_of(page.encode("cp949"), "text/html") == page


@pytest.mark.parametrize("quote", ["", '"', "'"])
def test_a_charset_that_is_only_spaces_is_looked_for_once_and_not_from_each_of_them(quote):
    """Of a page that declares it so, 4 kB took 17 seconds, and one field of a megabyte hours."""
    payload = ("<meta" * 100 + f"charset={quote}" + " " * 4096 + ">예산").encode()
    assert text_of(payload, f"text/html; charset={quote}" + " " * (1 << 20)) == payload.decode()
    for declared in (f"charset = {quote} euc-kr", f"charset={quote}  euc-kr{quote}"):
        assert text_of("예산".encode("cp949"), f"text/html; {declared}") == "예산"
        page = f"<meta {declared}>예산".encode("cp949")
        assert text_of(page, "text/html") == page.decode("cp949")


def test_text_in_utf_8_is_the_bytes_themselves_where_they_are_that():
    payload = "<p>한글</p>".encode()
    for content_type in (None, "text/html", "text/html;charset=UTF-8", "text/html; charset=utf8"):
        assert utf8_of(payload, content_type) is payload
    assert utf8_of(codecs.BOM_UTF8 + payload, None) == utf8_of("<p>한글</p>".encode("cp949"), None) == payload
    # It would give half a surrogate pair.
    escaped = rb"\ud800<p>"
    assert utf8_of(escaped, "text/html;charset=unicode_escape") is escaped


@given(
    st.binary(),
    st.sampled_from([None, "text/html", "text/html; charset=idna", "x; charset=undefined", "charset=utf-7"]),
)
def test_text_never_raises(payload, content_type):
    assert utf8_of(payload, content_type).decode() == text_of(payload, content_type).encode("utf-8", "ignore").decode()


def test_scrapy_undoes_brotli_with_the_decoder_that_reads_the_archive():
    importlib.import_module("crawler.settings")
    assert importlib.import_module("brotli") is brotlicffi


@given(st.lists(st.text(alphabet=st.sampled_from("abWARC-: \t\r가1;"), max_size=12), max_size=6))
def test_fields_are_read_alike_whatever_ends_their_lines(lines):
    told = "".join(f"{line}\r\n" for line in ["A-b: c d", *lines, "Content-Length: 12"]) + "\r\n"
    # With a space in front of its colon the first field is none that is read at one glance.
    slowly = parse_fields(told.replace("A-b:", "A-b :", 1).encode())
    assert parse_fields(told.encode()).pairs == slowly.pairs
    head = b"HTTP/1.1 200 OK\r\n"
    assert (
        parse_head(head + told.encode()).fields == parse_head(head + told.replace("A-b:", "A-b :", 1).encode()).fields
    )


@pytest.mark.parametrize("step", [1, 2, 3, 17])
def test_members_are_cut_right_however_few_bytes_are_read_at_once(tmp_path, monkeypatch, step):
    path = tmp_path / "foreign.warc.gz"
    path.write_bytes(zipped(request(1)) + zipped(response(2), response(3)) + zipped(response(4)))
    monkeypatch.setattr(warc_source, "_STEP", step)
    ids = [f"urn:uuid:{number}" for number in (1, 2, 3, 4)]
    assert [one.record_id for one in iter_records(path)] == ids
    path.write_bytes(path.read_bytes() + b"\x1f")
    records = iter_records(path)
    assert [next(records).record_id for _ in ids] == ids
    with pytest.raises(WarcError, match="ends inside a gzip member"):
        next(records)


@pytest.mark.parametrize(
    ("fields", "type_", "block"),
    [
        ("warc-type: request\r\nWARC-Type: response\r\nContent-Length: 3", "request", b"abc"),
        ("WARC-Type: response\r\n of a kind\r\nContent-Length: 3", "response of a kind", b"abc"),
        ("content-length: 2\r\nContent-Length: 3\r\nWARC-Type: Response", "response", b"ab"),
    ],
)
def test_type_and_length_are_those_of_the_first_field_however_written(tmp_path, fields, type_, block):
    path = tmp_path / "foreign.warc"
    path.write_bytes(f"WARC/1.1\r\n{fields}\r\n\r\n".encode() + block + b"\r\n\r\n")
    assert [(record.type, record.block) for record in iter_records(path)] == [(type_, block)]


PAGE = "<p>고침</p>".encode() * 300
MEMBER = gzip.compress(PAGE, mtime=0)


@pytest.mark.parametrize(
    ("coded", "decoded"),
    [
        (MEMBER, PAGE),
        (MEMBER + MEMBER, PAGE * 2),
        (MEMBER + gzip.compress(b""), PAGE),
        (gzip.compress(b"") + MEMBER, PAGE),
        (MEMBER + gzip.compress(b"x" * len(PAGE)), PAGE + b"x" * len(PAGE)),
        (MEMBER + bytes(8), PAGE),
        (MEMBER + MEMBER[-4:], PAGE),
        (MEMBER + b"rubbish" + MEMBER[-8:], PAGE),
        (gzip.compress(b""), b""),
        (MEMBER[:-8], PAGE),
        (MEMBER[:-4], PAGE),
    ],
    ids=["one", "twice", "and-empty", "empty-and", "two", "padded", "size-again", "end-again", "empty", "cut", "cut-4"],
)
def test_gzip_is_undone_to_its_last_member_and_no_further(coded, decoded):
    assert decode_content(coded, "gzip") == decoded


@pytest.mark.parametrize("size", [0, 1, len(PAGE) - 1, len(PAGE) + 1, 0xFFFFFFFF])
def test_a_gzip_body_that_lies_about_its_size_is_damaged(size):
    with pytest.raises(ContentError, match="damaged"):
        decode_content(MEMBER[:-4] + size.to_bytes(4, "little"), "gzip")


def test_a_gzip_body_with_a_wrong_checksum_is_damaged():
    with pytest.raises(ContentError, match="damaged"):
        decode_content(MEMBER[:-8] + bytes(4) + MEMBER[-4:], "gzip")
