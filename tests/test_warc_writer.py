"""WARC files as they are written, judged by readers that are not ours."""

from __future__ import annotations

import base64
import gzip
import hashlib
import io
import random
import re
import resource
import tracemalloc
import uuid
import zlib
from datetime import UTC, datetime, timedelta, timezone
from pathlib import Path

import pytest
from fastwarc.warc import ArchiveIterator as FastIterator
from fastwarc.warc import WarcRecordType
from hypothesis import given, settings
from hypothesis import strategies as st
from warcio.archiveiterator import ArchiveIterator

from crawler.response_reader import ResponseReader
from storage.errors import RunEndedEarly, WarcError
from storage.http_message import dechunk, first_values, parse_head
from storage.warc_exchange import Original
from storage.warc_index import captures_in, run_fields
from storage.warc_planned import new_record_id
from storage.warc_reader import iter_records, read_record
from storage.warc_record import sha1_label
from storage.warc_repair import repair_open_files
from tests.warc_samples import HEAD, START, check_file, exchange, failure, raw_record, writer, written, zipped


def headers_of(path: Path) -> list[dict[str, str]]:
    with path.open("rb") as file:
        return [dict(record.rec_headers.headers) for record in ArchiveIterator(file, no_record_parse=True)]


def test_warcio_and_fastwarc_find_every_digest_right(tmp_path):
    path, _ = written(tmp_path, exchange(1), exchange(2, b"other"), exchange(3), failure(4))
    with path.open("rb") as file:
        for record in ArchiveIterator(file, check_digests="raise"):
            record.content_stream().read()
            assert record.digest_checker.passed is not False
    file = io.BytesIO(path.read_bytes())
    all_records = FastIterator(file, record_types=WarcRecordType.any_type, parse_http=False)
    blocks = [one.verify_block_digest() for one in all_records]
    assert blocks == [True] * 9
    payloads = [
        one.verify_payload_digest() for one in FastIterator(io.BytesIO(path.read_bytes()), WarcRecordType.response)
    ]
    assert payloads == [True] * 2


def test_warcio_takes_the_payload_digest_of_an_answer_in_chunks_for_wrong_and_the_standard_for_right(tmp_path):
    chunked = HEAD[:-2] + b"Transfer-Encoding: chunked\r\n\r\n"
    path, _ = written(tmp_path, exchange(1), exchange(2, b"5\r\nother\r\n0\r\n\r\n", chunked))
    with path.open("rb") as file:
        entities = FastIterator(file, WarcRecordType.response, auto_decode="transfer")
        found = [(one.headers["WARC-Payload-Digest"], hashlib.sha1(one.reader.read()).digest()) for one in entities]
    assert [stated == sha1_label(digest) for stated, digest in found] == [True, True]
    problems = []
    with path.open("rb") as file:
        for record in ArchiveIterator(file, check_digests=True):
            record.content_stream().read()
            problems += [line.partition(" sha1:")[0] for line in record.digest_checker.problems]
    # What docs/evidence.md tells who runs `warcio check`: it hashes the chunks' framing too.
    assert problems == ["payload digest failed"]


def test_our_own_check_finds_nothing_to_say(tmp_path):
    plain = exchange(1)
    posted = exchange(
        2, method="POST", request=b"POST /s HTTP/1.1\r\nContent-Length: 3\r\n\r\na=b", via="https://a.kr/가"
    )
    chunked = exchange(5, b"3\r\nabc\r\n0\r\n\r\n", HEAD[:-2] + b"Transfer-Encoding: chunked\r\n\r\n")
    cut = exchange(6, truncated="disconnect", failure="disconnected", failure_detail="after 11 bytes")
    path, _ = written(tmp_path, plain, posted, exchange(3), failure(4), chunked, cut, failure(7, request=b"", ip=None))
    assert check_file(path) == []


def test_a_file_begins_with_what_there_is_to_know_about_the_run(tmp_path):
    path, _ = written(tmp_path, exchange())
    fields = run_fields(path)
    assert fields["software"] == "gochim/0.1"
    assert fields["robots"] == "obey"
    assert fields["isPartOf"] == "20260915T091648Z-ab12"
    assert fields["format"] == "WARC File Format 1.1"
    assert fields["conformsTo"].endswith("warc-1.1/")
    info = headers_of(path)[0]
    assert info["WARC-Type"] == "warcinfo"
    assert info["WARC-Filename"] == path.name


def test_a_plain_exchange_is_a_request_and_a_response_of_one_instant(tmp_path):
    path, _ = written(tmp_path, exchange())
    _, request, response = headers_of(path)
    assert (request["WARC-Type"], response["WARC-Type"]) == ("request", "response")
    assert request["WARC-Date"] == response["WARC-Date"] == "2026-09-15T09:16:48.123456Z"
    assert request["WARC-Concurrent-To"] == response["WARC-Record-ID"]
    assert "WARC-Concurrent-To" not in response
    assert request["Content-Type"] == "application/http; msgtype=request"
    assert response["Content-Type"] == "application/http; msgtype=response"
    assert request["WARC-IP-Address"] == response["WARC-IP-Address"] == "127.0.0.1"
    assert response["WARC-Cipher-Suite"] == "TLS_AES_128_GCM_SHA256"
    assert "WARC-Payload-Digest" not in request
    (raw,) = [one.raw_header for one in iter_records(path) if one.type == "response"]
    assert raw.count(b"WARC-Protocol: ") == 2


def test_what_was_not_asked_for_by_get_is_linked_both_ways(tmp_path):
    path, _ = written(tmp_path, exchange(method="POST", request=b"POST / HTTP/1.1\r\nHost: www.example.kr\r\n\r\n"))
    _, request, response = headers_of(path)
    assert request["WARC-Concurrent-To"] == response["WARC-Record-ID"]
    assert response["WARC-Concurrent-To"] == request["WARC-Record-ID"]


def test_an_unchanged_look_leaves_to_its_original_what_that_tells(tmp_path):
    answer = b'HTTP/1.1 304 Not Modified\r\nETag: "1"\r\n\r\n'
    with writer(tmp_path) as open_writer:
        first = open_writer.write(exchange(), None)
        again = open_writer.write(exchange(2, b"", answer, status=304), Original.of(first))
    path = tmp_path / again.evidence.warc
    revisit = headers_of(path)[-1]
    assert revisit["WARC-Profile"] == "http://netpreserve.org/warc/1.1/revisit/server-not-modified"
    assert revisit["WARC-Refers-To"] == f"<{first.evidence.record_id}>"
    assert revisit["WARC-Payload-Digest"] == first.evidence.payload_digest
    assert not {"Gochim-Payload-SHA256", "Gochim-Payload-Length"} & revisit.keys()
    assert list(captures_in(path, tmp_path)) == [first, again]
    assert check_file(path) == []
    assert sum(one.length for one in list(iter_records(path))[-2:]) < 850


def test_a_time_with_another_offset_is_written_in_utc(tmp_path):
    korean = datetime(2026, 9, 15, 18, 16, 48, 5, tzinfo=timezone(timedelta(hours=9)))
    path, (capture,) = written(tmp_path, exchange(started_at=korean))
    assert headers_of(path)[1]["WARC-Date"] == "2026-09-15T09:16:48.000005Z"
    assert capture.captured_at.utcoffset() == timedelta(0)


def test_every_record_is_a_gzip_member_of_its_own_at_the_place_the_capture_names(tmp_path):
    path, captures = written(tmp_path, exchange(1), exchange(2), failure(3))
    for capture in captures:
        evidence = capture.evidence
        assert evidence.warc == f"warc/{path.name}"
        member = path.read_bytes()[evidence.offset : evidence.offset + evidence.length]
        assert gzip.decompress(member).count(b"WARC/1.1\r\n") == 1
        assert f"<{evidence.record_id}>".encode() in gzip.decompress(member)


def test_a_capture_says_what_the_response_said(tmp_path):
    head = b"HTTP/1.1 302 Found\r\nlocation: /list?page=1\r\ncontent-type: TEXT/HTML;charset=utf-8\r\n\r\n"
    _, (capture,) = written(tmp_path, exchange(head=head, status=302))
    assert capture.kind == "response"
    assert capture.status == 302
    assert capture.location == "/list?page=1"
    assert capture.media_type == "text/html"
    assert capture.evidence.payload_digest is not None
    assert re.fullmatch(r"sha1:[A-Z2-7]{32}", capture.evidence.payload_digest)


def test_the_same_payload_becomes_a_revisit_that_points_at_the_first(tmp_path):
    path, (first, second) = written(tmp_path, exchange(1), exchange(2))
    revisit = headers_of(path)[-1]
    assert second.kind == revisit["WARC-Type"] == "revisit"
    assert revisit["WARC-Profile"] == "http://netpreserve.org/warc/1.1/revisit/identical-payload-digest"
    assert revisit["WARC-Refers-To"] == f"<{first.evidence.record_id}>"
    assert revisit["WARC-Refers-To-Target-URI"] == first.url
    assert revisit["WARC-Refers-To-Date"] == "2026-09-15T09:16:49.123456Z"
    assert revisit["WARC-Truncated"] == "length"
    assert revisit["WARC-Payload-Digest"] == first.evidence.payload_digest
    assert second.refers_to == first.evidence.record_id
    assert second.truncated is None
    assert second.payload_sha256 == first.payload_sha256
    evidence = second.evidence
    with read_record(tmp_path, evidence.warc, evidence.offset, evidence.length) as record:
        assert record.block == HEAD


@pytest.mark.parametrize(
    "unfit", [{"truncated": "length"}, {"payload_length": 0}, {"failure": "protocol"}], ids=["cut", "empty", "broken"]
)
def test_a_response_that_is_not_whole_is_never_a_revisit(tmp_path, unfit):
    original = Original("urn:uuid:1", "https://www.example.kr/", START)
    with writer(tmp_path) as open_writer:
        assert open_writer.write(exchange(**unfit), original).kind == "response"


def test_an_empty_body_has_no_payload_digest(tmp_path):
    path, (capture,) = written(tmp_path, exchange(body=b""))
    assert "WARC-Payload-Digest" not in headers_of(path)[-1]
    assert capture.evidence.payload_digest is None
    assert capture.payload_sha256 is None


def test_a_truncated_response_says_so_and_why(tmp_path):
    path, (capture,) = written(tmp_path, exchange(truncated="length", failure="too-large", failure_detail="over 1 GiB"))
    _, _, response, metadata = headers_of(path)
    assert response["WARC-Truncated"] == "length"
    assert metadata["WARC-Concurrent-To"] == response["WARC-Record-ID"]
    assert (capture.kind, capture.truncated, capture.failure) == ("response", "length", "too-large")
    assert b"failure-detail: over 1 GiB\r\n" in gzip.decompress(path.read_bytes())


def test_a_failure_is_a_metadata_record_and_that_is_its_evidence(tmp_path):
    path, (capture,) = written(tmp_path, failure(failure_detail="line one\r\n  line two"))
    assert [one["WARC-Type"] for one in headers_of(path)] == ["warcinfo", "request", "metadata"]
    evidence = capture.evidence
    with read_record(tmp_path, evidence.warc, evidence.offset, evidence.length) as record:
        assert record.headers.get("Content-Type") == "application/warc-fields"
        assert record.block == (
            b"fetch-status: failed\r\nfailure: timeout\r\nfailure-detail: line one line two\r\n"
            b"http-request-method: GET\r\nfetchTimeMs: 250\r\n"
        )
    assert (capture.kind, capture.status, capture.failure) == ("failure", None, "timeout")
    assert evidence.payload_digest is None


def test_interim_responses_are_kept_to_the_byte(tmp_path):
    interim = b"HTTP/1.1 103 Early Hints\r\nLink: </\xea\xb0\x80.css>; a=100%\r\n\r\n"
    path, _ = written(tmp_path, exchange(interim=interim))
    (block,) = [one.block for one in iter_records(path) if one.type == "metadata"]
    (line,) = [one for one in block.split(b"\r\n") if one.startswith(b"http-interim: ")]
    assert re.sub(rb"%(..)", lambda match: bytes.fromhex(match[1].decode()), line[14:]) == interim


def test_a_failure_without_a_word_of_answer_but_with_bytes_keeps_them(tmp_path):
    garbage = exchange(body=b"\x00\x01", head=b"", status=None, failure="protocol", payload_length=0)
    path, (capture,) = written(tmp_path, garbage)
    assert [one["WARC-Type"] for one in headers_of(path)] == ["warcinfo", "request", "response", "metadata"]
    assert capture.kind == "failure"
    assert list(captures_in(path, tmp_path)) == [capture]


@pytest.mark.parametrize(
    "body",
    [
        b"-1\r\n<p>page</p>",
        b"zz\r\n",
        b"3\r\nabcXX<p>page</p>",
        b"3\r\nabc\r\nq\r\nmore",
        b"f" * 40 + b"\r\nabc",
        b"1;" + b"a" * 300_000,
        b"3;" + b"a" * 100_000 + b"\r\nabc\r\n0\r\n\r\n",
    ],
    ids=["minus one", "no number", "too long", "then no number", "huge", "endless extension", "long extension"],
)
def test_an_answer_whose_framing_broke_is_described_as_it_is_read(tmp_path, body):
    head = HEAD[:-2] + b"Transfer-Encoding: chunked\r\n\r\n"
    reader = ResponseReader("GET", io.BytesIO())
    reader.feed(head + body)
    reader.end("closed")
    assert reader.failure == "protocol"
    told = {"payload_sha1": reader.sha1.digest(), "payload_sha256": reader.sha256.digest()}
    broken = exchange(1, body, head, payload_length=reader.payload_length, failure=reader.failure, **told)
    path, (capture,) = written(tmp_path, broken)
    assert list(captures_in(path, tmp_path)) == [capture]


def test_an_exchange_with_neither_answer_nor_failure_is_refused(tmp_path):
    with writer(tmp_path) as open_writer, pytest.raises(ValueError, match="neither"):
        open_writer.write(failure(failure=None), None)


@pytest.mark.parametrize("missing", [1, 5 << 20])
def test_a_response_shorter_than_it_claims_is_refused_and_leaves_no_trace(tmp_path, missing):
    with writer(tmp_path) as open_writer:
        first = open_writer.write(exchange(1), None)
        short = exchange(2)
        short.response_length += missing
        with pytest.raises(ValueError, match=f"ends {missing} bytes early"):
            open_writer.write(short, None)
    (path,) = (tmp_path / "warc").iterdir()
    assert list(captures_in(path, tmp_path)) == [first]


def test_addresses_with_blanks_and_korean_are_percent_encoded(tmp_path):
    path, (capture,) = written(tmp_path, exchange(url="https://www.example.kr/검색 결과?q=100%&r=%EA%B0%80"))
    uri = "https://www.example.kr/%EA%B2%80%EC%83%89%20%EA%B2%B0%EA%B3%BC?q=100%25&r=%EA%B0%80"
    assert headers_of(path)[1]["WARC-Target-URI"] == uri == capture.url


def test_ip_addresses_are_written_in_their_canonical_form(tmp_path):
    path, _ = written(tmp_path, exchange(ip="2001:0DB8:0:0:0:0:0:1%eth0"))
    assert headers_of(path)[1]["WARC-IP-Address"] == "2001:db8::1"


def test_the_index_gives_back_what_the_writer_returned(tmp_path):
    exchanges = [
        exchange(1),
        exchange(2, b"", b"HTTP/1.1 301 Moved\r\nLocation: https://www.example.kr/\r\n\r\n", status=301),
        exchange(3),
        failure(4),
        failure(5, request=b"", ip=None, failure="dns"),
        exchange(6, truncated="time", failure="timeout", failure_detail="이미 늦음"),
        exchange(7, method="POST", request=b"POST / HTTP/1.1\r\n\r\nx=1"),
        exchange(8, b"4;x=y\r\nwiki\r\n0\r\nTrailer: 1\r\n\r\n", HEAD[:-2] + b"Transfer-Encoding: chunked\r\n\r\n"),
        exchange(9, request=b"", method="HEAD", body=b""),
        failure(10, truncated="time"),
        exchange(11, via="https://www.example.kr/list"),
    ]
    path, captures = written(tmp_path, *exchanges)
    assert list(captures_in(path, tmp_path)) == captures
    assert [one.kind for one in captures].count("revisit") == 3


def test_a_revisit_of_another_file_is_indexed_from_its_own_file_alone(tmp_path):
    _, first = written(tmp_path, exchange(1))
    path, (again,) = written(tmp_path, exchange(2), originals=first)
    assert again.kind == "revisit"
    assert list(captures_in(path, tmp_path)) == [again]


def test_a_full_file_is_followed_by_another(tmp_path):
    with writer(tmp_path, max_size=1) as open_writer:
        captures = [open_writer.write(exchange(number), None) for number in range(3)]
        assert len(list((tmp_path / "warc").glob("*.open"))) == 1
    paths = sorted((tmp_path / "warc").iterdir())
    assert [re.sub(r".*-(\d{5})-.*", r"\1", one.name) for one in paths] == ["00000", "00001", "00002"]
    assert [capture for path in paths for capture in captures_in(path, tmp_path)] == captures


def test_a_file_is_named_for_its_time_serial_and_run(tmp_path):
    with writer(tmp_path, clock=lambda: START) as open_writer:
        open_writer.write(exchange(), None)
        (unfinished,) = (tmp_path / "warc").iterdir()
        assert unfinished.name == "gochim-20260915091648123-00000-648Zab12.warc.gz.open"
    (path,) = (tmp_path / "warc").iterdir()
    assert path.name == "gochim-20260915091648123-00000-648Zab12.warc.gz"


def test_a_name_that_is_taken_is_never_written_over(tmp_path):
    for _ in range(2):
        with writer(tmp_path, clock=lambda: START) as open_writer:
            open_writer.write(exchange(), None)
    assert len(list((tmp_path / "warc").glob("*.warc.gz"))) == 2


def test_a_run_that_fetches_nothing_leaves_no_file(tmp_path):
    writer(tmp_path).close()
    assert not (tmp_path / "warc").exists()


def test_a_finished_file_is_on_the_disk_before_it_has_its_name(tmp_path, monkeypatch):
    deeds = []
    rename = Path.rename
    monkeypatch.setattr("os.fsync", lambda file: deeds.append("sync"))
    monkeypatch.setattr(Path, "rename", lambda self, to: deeds.append("rename") or rename(self, to))
    with writer(tmp_path, fsync=True) as open_writer:
        open_writer.write(exchange(), None)
    # Its first name, its bytes, then its final name.
    assert deeds == ["sync", "sync", "rename", "sync"]


def limited(size: int):
    class Limit:
        def __enter__(self):
            self.before = resource.getrlimit(resource.RLIMIT_FSIZE)
            resource.setrlimit(resource.RLIMIT_FSIZE, (size, self.before[1]))

        def __exit__(self, *_):
            resource.setrlimit(resource.RLIMIT_FSIZE, self.before)

    return Limit()


def test_a_full_disk_takes_the_file_back_to_the_last_whole_exchange(tmp_path):
    noise = bytes(range(256)) * 4000
    with writer(tmp_path) as open_writer:
        first = open_writer.write(exchange(1), None)
        (unfinished,) = (tmp_path / "warc").iterdir()
        before = unfinished.read_bytes()
        with limited(len(before) + 700), pytest.raises(RunEndedEarly, match="Everything captured before"):
            open_writer.write(exchange(2, noise), None)
        assert unfinished.read_bytes() == before
        third = open_writer.write(exchange(3, b"later"), None)
    (path,) = (tmp_path / "warc").iterdir()
    assert list(captures_in(path, tmp_path)) == [first, third]
    assert check_file(path) == []


def test_a_disk_too_full_for_a_new_file_leaves_none_behind(tmp_path):
    with writer(tmp_path) as open_writer:
        with limited(100), pytest.raises(RunEndedEarly):
            open_writer.write(exchange(1), None)
        assert list((tmp_path / "warc").iterdir()) == []
        open_writer.write(exchange(2), None)
    (path,) = (tmp_path / "warc").iterdir()
    assert check_file(path) == []


def test_a_directory_that_cannot_be_made_is_a_clear_error(tmp_path):
    (tmp_path / "warc").write_text("a file where the directory should be")
    with pytest.raises(RunEndedEarly, match="run the same command again"):
        writer(tmp_path).write(exchange(), None)


def test_a_large_body_never_sits_in_memory(tmp_path):
    size = 48 << 20
    body = tmp_path / "body"
    with body.open("wb") as file:
        file.write(HEAD)
        file.truncate(len(HEAD) + size)
    with body.open("rb") as file:
        large = exchange(response=file, response_length=len(HEAD) + size)
        tracemalloc.start()
        path, (capture,) = written(tmp_path, large)
        listed = [(one.type, one.block_length) for one in iter_records(path)]
        peak = tracemalloc.get_traced_memory()[1]
        tracemalloc.stop()
    assert listed[-1] == ("response", len(HEAD) + size)
    assert peak < 8 << 20
    assert capture.evidence.length < size


bodies = st.binary(max_size=400)
chunks = st.lists(st.binary(min_size=1, max_size=60), max_size=6).map(
    lambda parts: b"".join(b"%x;n=%d\r\n%s\r\n" % (len(part), len(part), part) for part in parts) + b"0\r\n\r\n"
)
heads = st.lists(st.binary(max_size=40).filter(lambda line: b"\n" not in line and line.strip(b"\r")), max_size=5)


@settings(max_examples=60, deadline=None)
@given(lines=heads, body=bodies, chunked=chunks, framed=st.booleans(), request_bytes=st.binary(max_size=80))
def test_a_record_read_back_is_the_bytes_written(tmp_path_factory, lines, body, chunked, framed, request_bytes):
    framing = [b"Transfer-Encoding: chunked"] if framed else []
    head = b"\r\n".join([b"HTTP/1.1 200 OK", *lines, *framing, b"", b""])
    content = chunked if framed else body
    root = tmp_path_factory.mktemp("archive")
    path, (capture,) = written(root, exchange(0, content, head, request=request_bytes))
    blocks = {one.type: one.block for one in iter_records(path)}
    assert blocks["response"] == head + content
    assert blocks.get("request", b"") == request_bytes
    evidence = capture.evidence
    with read_record(root, evidence.warc, evidence.offset, evidence.length) as record:
        assert record.block == head + content
    if framed:
        assert sum(len(part) for part in [dechunk(content)]) == capture.payload_length


def test_a_file_cut_anywhere_is_mended_to_its_last_whole_record(tmp_path, monkeypatch):
    monkeypatch.setattr("os.fsync", lambda file: None)
    path, captures = written(tmp_path, exchange(1), exchange(2, b"x" * 90), failure(3))
    data = path.read_bytes()
    ends = [0, *(record.offset + record.length for record in iter_records(path))]
    for cut in range(ends[1], len(data) + 1):
        root = tmp_path / str(cut)
        (root / "warc").mkdir(parents=True)
        (root / "warc" / f"{path.name}.open").write_bytes(data[:cut])
        (repaired,) = repair_open_files(root / "warc")
        whole = max(end for end in ends if end <= cut)
        assert (repaired.kept, repaired.cut) == (whole, cut - whole)
        final = root / "warc" / path.name
        assert final.read_bytes() == data[:whole]
        assert (repaired.tail.read_bytes() if repaired.tail else b"") == data[whole:cut]
        if cut in ends:
            expected = [one for one in captures if one.evidence.offset + one.evidence.length <= whole]
            assert list(captures_in(final, root)) == expected
            assert not [one for one in check_file(final) if one.severity == "error"]


def test_a_flipped_bit_ends_the_whole_part(tmp_path):
    path, captures = written(tmp_path, exchange(1), exchange(2, b"x" * 90))
    data = bytearray(path.read_bytes())
    data[captures[1].evidence.offset + captures[1].evidence.length // 2] ^= 4
    path.unlink()
    path.with_name(path.name + ".open").write_bytes(data)
    (repaired,) = repair_open_files(tmp_path / "warc")
    assert repaired.kept == captures[1].evidence.offset
    assert repaired.reason
    assert list(captures_in(path, tmp_path)) == captures[:1]


def test_a_file_without_one_whole_record_is_set_aside(tmp_path):
    unfinished = tmp_path / "gochim-1.warc.gz.open"
    unfinished.write_bytes(b"\x1f\x8b\x08")
    (repaired,) = repair_open_files(tmp_path)
    assert repaired.path is None
    assert repaired.tail is not None
    assert repaired.tail.read_bytes() == b"\x1f\x8b\x08"
    assert list(tmp_path.iterdir()) == [repaired.tail]


def test_a_whole_file_that_was_only_not_renamed_is_renamed(tmp_path):
    path, captures = written(tmp_path, exchange())
    path.rename(path.with_name(path.name + ".open"))
    (repaired,) = repair_open_files(tmp_path / "warc")
    assert (repaired.cut, repaired.tail, repaired.records) == (0, None, 3)
    assert list(captures_in(path, tmp_path)) == captures


def test_a_finished_file_is_not_replaced_by_an_unfinished_one(tmp_path):
    path, _ = written(tmp_path, exchange())
    path.with_name(path.name + ".open").write_bytes(b"")
    with pytest.raises(WarcError, match="both exist"):
        repair_open_files(tmp_path / "warc")


def test_an_earlier_tail_is_kept_too(tmp_path):
    (tmp_path / "a.warc.gz.tail").write_bytes(b"earlier")
    (tmp_path / "a.warc.gz.open").write_bytes(b"later")
    repair_open_files(tmp_path)
    assert {one.name: one.read_bytes() for one in tmp_path.iterdir()} == {
        "a.warc.gz.tail": b"earlier",
        "a.warc.gz.2.tail": b"later",
    }


def test_a_copy_of_the_rest_that_was_cut_short_is_written_anew(tmp_path):
    path, _ = written(tmp_path, exchange())
    path.rename(unfinished := path.with_name(path.name + ".open"))
    with unfinished.open("ab") as file:
        file.write(b"half a record")
    tail = path.with_name(path.name + ".tail")
    tail.write_bytes(b"half a")  # as a kill left it
    (repaired,) = repair_open_files(tmp_path / "warc")
    assert (repaired.tail, repaired.cut, tail.read_bytes()) == (tail, 13, b"half a record")
    assert sorted(path.parent.iterdir()) == [path, tail]


@pytest.mark.parametrize(
    ("made", "reason"),
    [
        (lambda one: zipped(one + one), "several records in one gzip member"),
        (lambda one: zipped(one[:-2]), "a record that does not end in two empty lines"),
        (lambda one: zipped(one.replace(b"WARC-Type: metadata\r\n", b"")), "a record without type, id or block digest"),
        (lambda one: zipped(one.replace(b"said", b"told")), "a block that does not have its digest"),
    ],
    ids=["two in one", "no end", "no type", "another block"],
)
def test_what_is_whole_gzip_and_no_whole_record_is_set_aside(tmp_path, made, reason):
    path, _ = written(tmp_path, exchange())
    path.rename(unfinished := path.with_name(path.name + ".open"))
    fields = [("WARC-Type", "metadata"), ("WARC-Record-ID", f"<{new_record_id()}>")]
    fields += [("WARC-Date", "2026-09-15T09:16:48Z"), ("WARC-Block-Digest", sha1_label(hashlib.sha1(b"said").digest()))]
    rest = made(raw_record(fields, b"said"))
    with unfinished.open("ab") as file:
        file.write(rest)
    (repaired,) = repair_open_files(tmp_path / "warc")
    assert (repaired.records, repaired.cut, repaired.reason) == (3, len(rest), reason)
    assert repaired.tail is not None
    assert repaired.tail.read_bytes() == rest


def test_an_empty_file_is_said_to_be_empty(tmp_path):
    (tmp_path / "a.warc.gz.open").touch()
    (repaired,) = repair_open_files(tmp_path)
    assert (repaired.path, repaired.cut, repaired.reason) == (None, 0, "the file is empty")


def test_unfinished_files_can_be_read_under_their_final_name(tmp_path):
    open_writer = writer(tmp_path)
    capture = open_writer.write(exchange(), None)
    evidence = capture.evidence
    with read_record(tmp_path, evidence.warc, evidence.offset, evidence.length) as record:
        assert record.block.startswith(HEAD)
    open_writer.sync()
    open_writer.close()
    assert capture.captured_at == START.astimezone(UTC)


@pytest.mark.parametrize(
    "body",
    [
        zlib.compress(random.Random(1).randbytes(200_000), wbits=31),
        b"1f4\r\n" + zlib.compress(random.Random(2).randbytes(500), wbits=31),
        b"PK\x03\x04" + random.Random(3).randbytes(70_000),
        b"\xff\xd8\xff" + random.Random(5).randbytes(0xFFFF - 2),  # one byte more than what is stored in one piece
        "가나다라".encode() * 5_000,
        "가나다라".encode() * 5_000 + b"PK\x03\x04",  # coded is what begins so
        b"",
    ],
)
def test_coded_bodies_are_stored_and_others_packed_and_every_reader_has_them_back(tmp_path, body):
    path, (capture,) = written(tmp_path, exchange(1, body))
    with path.open("rb") as file:
        (block,) = [
            one.raw_stream.read() for one in ArchiveIterator(file, no_record_parse=True) if one.rec_type == "response"
        ]
    assert block == HEAD + body
    with read_record(tmp_path, capture.evidence.warc, capture.evidence.offset, capture.evidence.length) as record:
        assert record.block == HEAD + body
    bound = 1_100 if body.startswith("가".encode()) else len(body) + 1_100
    assert capture.evidence.length < bound


def test_a_look_that_brings_nothing_new_is_packed_smaller_than_what_stands_beside_a_coded_body(tmp_path):
    coded = zlib.compress(random.Random(4).randbytes(2_000), wbits=31)
    path, _ = written(tmp_path, exchange(1, coded), exchange(1, coded), exchange(3))
    lengths = {kind: [one.length for one in iter_records(path) if one.type == kind] for kind in ("request", "revisit")}
    beside_coded, beside_revisit, beside_plain = lengths["request"]
    assert beside_revisit < 0.8 * beside_coded
    assert abs(beside_revisit - beside_plain) < 10
    assert len(lengths["revisit"]) == 1


@given(st.binary(min_size=20, max_size=20))
def test_a_digest_is_written_as_the_standard_library_writes_it(digest):
    assert sha1_label(digest) == f"sha1:{base64.b32encode(digest).decode()}"


def test_record_ids_are_random_uuids(tmp_path):
    ids = [new_record_id() for _ in range(500)]
    assert len(set(ids)) == 500
    assert {(uuid.UUID(one[4:]).version, uuid.UUID(one[4:]).variant) for one in ids} == {(4, uuid.RFC_4122)}
    assert [f"urn:uuid:{uuid.UUID(one[9:])}" for one in ids] == ids


head_pieces = st.sampled_from(
    [b"\r\n", b"\n", b"\r", b" ", b"\t", b"\v", b":", b": ", b"\r\n\r\n", b"x/y", "가".encode()]
)
kept_names = st.sampled_from([b"Content-Type", b"LOCATION", b"etag", b"Last-Modified"])


@settings(max_examples=400, deadline=None)
@given(st.lists(head_pieces | kept_names, max_size=20).map(b"".join), st.sampled_from([b"", b"\r\n\r\n"]))
def test_what_a_capture_keeps_of_a_head_is_what_reading_all_of_it_gives(lines, end):
    head = b"HTTP/1.1 200 OK\r\n" + lines + end
    kept, fields = first_values(head), parse_head(head).fields
    for name in (b"content-type", b"location", b"etag", b"last-modified"):
        assert kept.get(name) == next((value for key, value in fields if key.lower() == name), None)
