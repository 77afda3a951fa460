"""Each rule of the WARC standard, broken once; and valid files, left alone."""

from __future__ import annotations

import gzip
import hashlib

import pytest
from click.testing import CliRunner
from hypothesis import given, settings
from hypothesis import strategies as st

from cli.main import gochim
from storage.warc_check import check_files
from storage.warc_forms import Forms
from storage.warc_reader import iter_records
from tests.warc_samples import HEAD, check_file, exchange, failure, raw_record, sha1, written, zipped

PAGE = HEAD + b"<p>page</p>"
ID = "<urn:uuid:11111111-1111-4111-8111-111111111111>"
OTHER = "<urn:uuid:22222222-2222-4222-8222-222222222222>"
RESPONSE = {
    "WARC-Type": "response",
    "WARC-Record-ID": ID,
    "WARC-Date": "2026-09-15T09:16:48.123456Z",
    "WARC-Target-URI": "https://www.example.kr/a",
    "WARC-IP-Address": "127.0.0.1",
    "Content-Type": "application/http; msgtype=response",
}
INFO = {
    "WARC-Type": "warcinfo",
    "WARC-Record-ID": "<urn:uuid:00000000-0000-4000-8000-000000000000>",
    "WARC-Date": "2026-09-15T09:16:48Z",
    "Content-Type": "application/warc-fields",
}
REQUEST = {**RESPONSE, "WARC-Type": "request", "Content-Type": "application/http; msgtype=request"}
METADATA = {**RESPONSE, "WARC-Type": "metadata", "Content-Type": "application/warc-fields"}
RESOURCE = {**RESPONSE, "WARC-Type": "resource", "Content-Type": "text/plain"}
CONVERSION = {**RESOURCE, "WARC-Type": "conversion", "WARC-Refers-To": ID}
del CONVERSION["WARC-IP-Address"]
CONTINUATION = {
    "WARC-Type": "continuation",
    "WARC-Record-ID": OTHER,
    "WARC-Date": "2026-09-15T09:16:48Z",
    "WARC-Target-URI": "https://www.example.kr/a",
    "WARC-Segment-Number": "2",
    "WARC-Segment-Origin-ID": ID,
}
REVISIT = {
    **RESPONSE,
    "WARC-Type": "revisit",
    "WARC-Profile": "http://netpreserve.org/warc/1.1/revisit/identical-payload-digest",
    "WARC-Payload-Digest": sha1(b"<p>page</p>"),
    "WARC-Truncated": "length",
    "WARC-Record-ID": OTHER,
    "WARC-Refers-To": ID,
}


def record(fields, block=b"", version="WARC/1.1", **changes):
    merged = {**fields, **{name.replace("_", "-"): value for name, value in changes.items()}}
    return raw_record([(name, value) for name, value in merged.items() if value is not None], block, version=version)


def info(**changes):
    return record(INFO, b"software: a\r\n", **changes)


def found(tmp_path, *records, name="a.warc"):
    """Give the findings in a file of a warcinfo and these records, as (severity, rule, clause)."""
    path = tmp_path / name
    path.write_bytes(info() + b"".join(records))
    return [(one.severity, one.rule, one.clause) for one in check_file(path)]


@pytest.mark.parametrize(
    ("fields", "block"),
    [
        (RESPONSE, PAGE),
        ({**RESPONSE, "WARC-Block-Digest": sha1(PAGE), "WARC-Payload-Digest": sha1(b"<p>page</p>")}, PAGE),
        ({**RESPONSE, "WARC-Payload-Digest": "md5:" + hashlib.md5(b"<p>page</p>").hexdigest()}, PAGE),
        ({**RESPONSE, "WARC-Truncated": "disconnect"}, PAGE),
        ({**RESPONSE, "WARC-Date": "2026"}, PAGE),
        ({**RESPONSE, "WARC-Identified-Payload-Type": "text/html"}, PAGE),
        ({**RESPONSE, "X-Extension": "any", "Gochim-Payload-Length": "1"}, PAGE),
        ({**RESPONSE, "WARC-Target-URI": "dns:a.kr", "Content-Type": "text/dns"}, b"20260915\r\n"),
        (REQUEST, b"GET /a HTTP/1.1\r\n\r\n"),
        (METADATA, b"via: https://www.example.kr/\r\n"),
        ({name: value for name, value in METADATA.items() if name != "WARC-Target-URI"}, b"via: a\r\n"),
        (RESOURCE, b"text"),
        ({**RESOURCE, "WARC-Payload-Digest": sha1(b"text")}, b"text"),
        ({**RESPONSE, "WARC-Record-ID": "<http://a.kr/record?1>"}, PAGE),
        ({**RESPONSE, "WARC-IP-Address": "2001:db8::1"}, PAGE),
        ({name.lower(): value for name, value in RESPONSE.items()}, PAGE),
    ],
)
def test_a_valid_record_is_left_alone(tmp_path, fields, block):
    assert found(tmp_path, record(fields, block)) == []


def test_whole_sets_of_records_are_left_alone(tmp_path):
    assert found(tmp_path, record(RESPONSE, PAGE), record(REVISIT, HEAD)) == []
    assert found(tmp_path, record(RESPONSE, PAGE), record(CONVERSION, b"x", WARC_Record_ID=OTHER)) == []
    first = record(RESPONSE, PAGE, WARC_Segment_Number="1")
    assert found(tmp_path, first, record(CONTINUATION, b"rest", WARC_Segment_Total_Length=str(len(PAGE) + 4))) == []


@pytest.mark.parametrize("version", ["WARC/0.17", "WARC/0.18", "WARC/1.0", "warc/1.1"])
def test_earlier_versions_are_read_by_their_own_rules(tmp_path, version):
    assert found(tmp_path, record(RESPONSE, PAGE, version, WARC_Date="2026-09-15T09:16:48Z")) == []


def test_the_files_that_we_write_are_valid(tmp_path):
    path, _ = written(tmp_path, exchange(1), exchange(2), failure(3))
    assert check_file(path) == []


MISSING = [
    (RESPONSE, "WARC-Record-ID", "5.2"),
    (RESPONSE, "WARC-Date", "5.4"),
    (RESPONSE, "WARC-Type", "5.5"),
    (RESPONSE, "WARC-Target-URI", "5.14"),
    (REQUEST, "WARC-Target-URI", "5.14"),
    (RESOURCE, "WARC-Target-URI", "5.14"),
    (REVISIT, "WARC-Target-URI", "5.14"),
    (CONVERSION, "WARC-Target-URI", "5.14"),
    (CONTINUATION, "WARC-Target-URI", "5.14"),
    (REVISIT, "WARC-Profile", "5.18"),
    (CONTINUATION, "WARC-Segment-Number", "5.20"),
    (CONTINUATION, "WARC-Segment-Origin-ID", "5.21"),
]


@pytest.mark.parametrize(("fields", "name", "clause"), MISSING)
def test_a_missing_field_is_an_error(tmp_path, fields, name, clause):
    assert ("error", "missing", clause) in found(tmp_path, record({**fields, name: None}))


def test_a_missing_content_length_is_an_error_and_ends_the_reading(tmp_path):
    path = tmp_path / "a.warc"
    path.write_bytes(b"WARC/1.1\r\nWARC-Type: response\r\n\r\n\r\n\r\n")
    rules = {(one.rule, one.clause) for one in check_file(path)}
    assert {("missing", "5.3"), ("missing", "5.2"), ("missing", "5.4"), ("damage", "4")} <= rules


FORBIDDEN = [
    ("WARC-Concurrent-To", ID, "5.7", [INFO, CONVERSION, CONTINUATION]),
    ("WARC-Payload-Digest", sha1(b""), "5.9", [INFO, METADATA]),
    ("WARC-IP-Address", "127.0.0.1", "5.10", [INFO, CONVERSION, CONTINUATION]),
    ("WARC-Refers-To", ID, "5.11", [INFO, RESPONSE, RESOURCE, REQUEST, CONTINUATION]),
    ("WARC-Refers-To-Target-URI", "http://a.kr/", "5.12", [INFO, RESPONSE, METADATA, CONVERSION, RESOURCE, REQUEST]),
    ("WARC-Refers-To-Date", "2026", "5.13", [INFO, RESPONSE, METADATA, CONVERSION, RESOURCE, REQUEST, CONTINUATION]),
    ("WARC-Target-URI", "http://a.kr/", "5.14", [INFO]),
    ("WARC-Warcinfo-ID", ID, "5.16", [INFO]),
    ("WARC-Filename", "a.warc", "5.17", [RESPONSE, REQUEST, METADATA, REVISIT]),
    ("WARC-Identified-Payload-Type", "text/html", "5.19", [INFO, METADATA]),
    ("WARC-Segment-Origin-ID", ID, "5.21", [RESPONSE, INFO]),
    ("WARC-Segment-Total-Length", "1", "5.22", [RESPONSE, INFO]),
]


@pytest.mark.parametrize(
    ("name", "value", "clause", "fields"), [(*one[:3], fields) for one in FORBIDDEN for fields in one[3]]
)
def test_a_field_on_the_wrong_type_is_an_error(tmp_path, name, value, clause, fields):
    assert ("error", "forbidden", clause) in found(tmp_path, record({**fields, name: value}))


def test_a_profile_on_another_type_is_only_undefined(tmp_path):
    assert found(tmp_path, record({**RESPONSE, "WARC-Profile": "http://a.kr/"}, PAGE)) == [
        ("warning", "forbidden", "5.18")
    ]


MALFORMED = [
    ("WARC-Record-ID", "urn:uuid:1", "5.2"),
    ("WARC-Record-ID", "<zaphod>", "5.2"),
    ("WARC-Record-ID", "<urn:uuid:1 2>", "5.2"),
    ("WARC-Date", "blue monday", "5.4"),
    ("WARC-Date", "2026-13-01T00:00:00Z", "5.4"),
    ("WARC-Date", "2026-09-15T09:16:48+09:00", "5.4"),
    ("WARC-Date", "2026-09-15T09:16:48.1234567890Z", "5.4"),
    ("Content-Type", "gif\\image", "5.6"),
    ("Content-Type", "text", "5.6"),
    ("WARC-Concurrent-To", "urn:uuid:1", "5.7"),
    ("WARC-Block-Digest", "sharif-1; omar", "5.8"),
    ("WARC-Block-Digest", "sha1:", "5.8"),
    ("WARC-Block-Digest", "sha1:ABC", "5.8"),
    ("WARC-Payload-Digest", "3I42H3S6NNFQ2MSVX7XZKYAYSCX5QBYJ", "5.9"),
    ("WARC-IP-Address", "a.b.c.d", "5.10"),
    ("WARC-IP-Address", "1.2.3.4.5", "5.10"),
    ("WARC-Target-URI", "bad_uri", "5.14"),
    ("WARC-Target-URI", "http://a.kr/b c", "5.14"),
    ("WARC-Target-URI", "http://a.kr/가", "5.14"),
    ("WARC-Warcinfo-ID", "asdf", "5.16"),
    ("WARC-Identified-Payload-Type", "asdf", "5.19"),
    ("WARC-Segment-Number", "one", "5.20"),
]


@pytest.mark.parametrize(("name", "value", "clause"), MALFORMED)
def test_a_malformed_field_is_an_error(tmp_path, name, value, clause):
    assert ("error", "form", clause) in found(tmp_path, record({**RESPONSE, name: value}, PAGE))


@pytest.mark.parametrize(
    ("name", "value", "clause"),
    [
        ("WARC-Refers-To", "urn:uuid:1", "5.11"),
        ("WARC-Refers-To-Target-URI", "a.kr", "5.12"),
        ("WARC-Refers-To-Date", "monday", "5.13"),
        ("WARC-Profile", "hello kitty", "5.18"),
    ],
)
def test_a_malformed_field_of_a_revisit_is_an_error(tmp_path, name, value, clause):
    assert ("error", "form", clause) in found(tmp_path, record({**REVISIT, name: value}, HEAD))


@pytest.mark.parametrize(
    ("name", "value", "clause"),
    [("WARC-Segment-Origin-ID", "http://a.kr", "5.21"), ("WARC-Segment-Total-Length", "some", "5.22")],
)
def test_a_malformed_field_of_a_continuation_is_an_error(tmp_path, name, value, clause):
    assert ("error", "form", clause) in found(tmp_path, record({**CONTINUATION, name: value}))


@pytest.mark.parametrize("name", ["WARC-Date", "WARC-Target-URI", "WARC-Type", "WARC-Block-Digest", "Content-Type"])
def test_an_empty_field_is_an_error(tmp_path, name):
    assert "empty" in [rule for _, rule, _ in found(tmp_path, record({**RESPONSE, name: ""}, PAGE))]


@pytest.mark.parametrize("name", ["WARC-Type", "WARC-Date", "WARC-Record-ID", "Content-Type", "WARC-Target-URI"])
def test_a_field_that_stands_twice_is_an_error(tmp_path, name):
    twice = raw_record([*RESPONSE.items(), (name.upper(), RESPONSE[name])], PAGE)
    assert found(tmp_path, twice) == [("error", "repeated", "5.1")]


def test_concurrent_to_and_extensions_may_stand_twice(tmp_path):
    links = [("WARC-Concurrent-To", INFO["WARC-Record-ID"])] * 2
    protocols = [("WARC-Protocol", "h2"), ("WARC-Protocol", "tls/1.3")]
    rules = found(tmp_path, raw_record([*RESPONSE.items(), *links, *protocols], PAGE))
    assert ("error", "repeated", "5.1") not in rules


HEADERS = [
    (lambda data: data.replace(b"WARC/1.1\r\n", b"WARC/2.0\r\n"), "version"),
    (lambda data: data.replace(b"msgtype=response\r\n", b"msgtype=response\n"), "line-ends"),
    (lambda data: data.replace(b"Content-Type:", b"Content Type:"), "field-syntax"),
    (lambda data: data.replace(b"WARC-IP-Address: ", b"WARC-IP-Address "), "field-syntax"),
    (lambda data: data.replace(b"WARC-IP", b"X-Any: \xff\xfe\r\nWARC-IP"), "encoding"),
    (lambda data: data.replace(b"WARC-IP", b"X-Any: a\x01b\r\nWARC-IP"), "control-character"),
]


@pytest.mark.parametrize(("breach", "rule"), HEADERS)
def test_a_header_that_breaks_the_grammar_is_an_error(tmp_path, breach, rule):
    assert ("error", rule, "4") in found(tmp_path, breach(record(RESPONSE, PAGE)))


def test_a_folded_field_is_read_and_warned_of(tmp_path):
    folded = record(RESPONSE, PAGE).replace(b"WARC-Date: ", b"WARC-Date: \r\n\t")
    assert found(tmp_path, folded) == [("warning", "folded", "4")]


def test_brackets_around_an_address_were_legal_before_1_1(tmp_path):
    address = "<https://www.example.kr/a>"
    assert found(tmp_path, record(RESPONSE, PAGE, WARC_Target_URI=address)) == [("error", "brackets", "5.14")]
    old = record(RESPONSE, PAGE, "WARC/1.0", WARC_Target_URI=address, WARC_Date="2026-09-15T09:16:48Z")
    assert found(tmp_path, old) == [("warning", "brackets", "5.14")]


def test_fractions_of_a_second_were_illegal_before_1_1(tmp_path):
    assert found(tmp_path, record(RESPONSE, PAGE, "WARC/1.0")) == [("error", "precision", "5.4")]


WARNED = [
    ({**RESPONSE, "WARC-Target-URI": "http://a.kr/?q={x}|y"}, "uri", "5.14"),
    ({**RESPONSE, "WARC-Target-URI": "http://a.kr/?rate=100%"}, "uri", "5.14"),
    ({**RESPONSE, "WARC-Truncated": "fatigue"}, "reason", "5.15"),
    ({**RESPONSE, "WARC-Block-Digest": "blake3:00"}, "algorithm", "5.8"),
    ({**RESPONSE, "WARC-Type": "screenshot"}, "type", "5.5"),
    ({**RESPONSE, "WARC-IP-Address": None}, "ip", "6.3.2"),
    ({**REQUEST, "WARC-IP-Address": None}, "ip", "6.5.2"),
    ({**CONVERSION, "WARC-Refers-To": None}, "conversion", "6.8"),
    ({**RESPONSE, "WARC-Warcinfo-ID": OTHER}, "link", "5.16"),
    ({**RESPONSE, "WARC-Concurrent-To": OTHER}, "link", "5.7"),
    ({**METADATA, "WARC-Refers-To": OTHER}, "link", "5.11"),
    ({**RESPONSE, "WARC-Concurrent-To": INFO["WARC-Record-ID"]}, "event-date", "5.4"),
]


@pytest.mark.parametrize(("fields", "rule", "clause"), WARNED)
def test_what_is_only_recommended_is_a_warning(tmp_path, fields, rule, clause):
    assert found(tmp_path, record(fields, PAGE)) == [("warning", rule, clause)]


TYPES = [
    ({**RESPONSE, "Content-Type": None}, "content-type", "5.6"),
    ({**RESPONSE, "Content-Type": "text/html"}, "http-type", "6.3.2"),
    ({**RESPONSE, "Content-Type": "application/http; msgtype=request"}, "http-type", "6.3.2"),
    ({**REQUEST, "Content-Type": "application/http; msgtype=response"}, "http-type", "6.5.2"),
    ({**RESOURCE, "WARC-Target-URI": "dns:a.kr"}, "dns-type", "6.4.4"),
    ({**REVISIT, "WARC-Payload-Digest": None}, "revisit-digest", "6.7.2"),
    ({**RESPONSE, "WARC-Segment-Number": "2"}, "segment-number", "5.20"),
    ({**CONTINUATION, "WARC-Segment-Number": "1"}, "segment-number", "5.20"),
    ({**INFO, "Content-Type": "application/octet"}, "warcinfo-type", "8"),
]


@pytest.mark.parametrize(("fields", "rule", "clause"), TYPES)
def test_what_a_type_asks_for_is_an_error_where_it_lacks(tmp_path, fields, rule, clause):
    assert ("error", rule, clause) in found(tmp_path, record(fields, b"x"))


REVISITS = [
    ({**REVISIT, "WARC-Truncated": None}, "revisit-truncated", "6.7.2"),
    ({**REVISIT, "WARC-Profile": "http://a.kr/mine"}, "profile", "6.7.1"),
    ({**REVISIT, "WARC-Refers-To": None}, "refers-to", "6.7"),
    ({**REVISIT, "Content-Type": "message/http"}, "revisit-type", "6.7.2"),
]


@pytest.mark.parametrize(("fields", "rule", "clause"), REVISITS)
def test_a_revisit_that_others_will_stumble_over_is_a_warning(tmp_path, fields, rule, clause):
    assert found(tmp_path, record(RESPONSE, PAGE), record(fields, HEAD)) == [("warning", rule, clause)]


def test_a_revisit_finds_its_original_by_address_and_date_too(tmp_path):
    by_date = {"WARC-Refers-To": None, "WARC-Refers-To-Target-URI": RESPONSE["WARC-Target-URI"]}
    dated = {**REVISIT, **by_date, "WARC-Refers-To-Date": RESPONSE["WARC-Date"]}
    assert found(tmp_path, record(RESPONSE, PAGE), record(dated, HEAD)) == []
    other = {**dated, "WARC-Refers-To-Date": "2020-01-01T00:00:00Z"}
    assert ("warning", "revisit-target", "6.7.2") in found(tmp_path, record(RESPONSE, PAGE), record(other, HEAD))


def test_a_revisit_of_another_file_is_held_against_the_whole_set(tmp_path):
    first, second = tmp_path / "1.warc", tmp_path / "2.warc"
    first.write_bytes(info() + record(RESPONSE, PAGE))
    second.write_bytes(info(WARC_Record_ID="<urn:uuid:9>") + record(REVISIT, HEAD))
    assert [(one.severity, one.rule) for one in check_file(second)] == [("warning", "revisit-target")]
    assert check_files([first, second]) == {first: [], second: []}
    first.write_bytes(info())
    assert [(one.severity, one.rule) for one in check_files([first, second])[second]] == [("error", "revisit-target")]
    (finding,) = check_files([first, second], whole=False)[second]
    assert (finding.severity, finding.rule) == ("warning", "revisit-target")


def test_files_that_verify_is_given_together_are_held_against_each_other(tmp_path):
    first, second = tmp_path / "1.warc", tmp_path / "2.warc"
    first.write_bytes(info() + record(RESPONSE, PAGE))
    second.write_bytes(info(WARC_Record_ID="<urn:uuid:9>") + record(REVISIT, HEAD))
    told = CliRunner().invoke(gochim, ["verify", str(first), str(second)])
    assert (told.exit_code, told.stdout) == (0, "2 WARC files: no fault.\n")
    second.write_bytes(second.read_bytes() + b"rubbish")
    assert str(CliRunner().invoke(gochim, ["verify", str(second)]).exception).startswith("1 fault; each line")
    second.write_bytes(second.read_bytes().removesuffix(b"rubbish"))
    alone = CliRunner().invoke(gochim, ["verify", str(second)])
    assert alone.exit_code == 0
    assert alone.stdout.endswith("1 WARC file: no error.\n")
    again = {**REVISIT, "WARC-Record-ID": "<urn:uuid:33333333-3333-4333-8333-333333333333>"}
    second.write_bytes(second.read_bytes() + record(again, HEAD))
    first.write_bytes(info())  # What is named need not be all that there is.
    part = CliRunner().invoke(gochim, ["verify", str(first), str(second)])
    line, end = part.stdout.splitlines()
    assert (part.exit_code, end) == (0, "2 WARC files: no error.")
    assert line.startswith(f"{second}: ")
    assert line.endswith("[revisit-target, WARC/1.1 clause 6.7.2] (and 1 more such)")


def test_a_changed_block_is_found(tmp_path):
    digest = sha1(PAGE)
    assert found(tmp_path, record(RESPONSE, PAGE + b"!", WARC_Block_Digest=digest)) == [
        ("error", "block-digest", "5.8")
    ]


CHUNKED = HEAD[:-2] + b"Transfer-Encoding: chunked\r\nContent-Encoding: gzip\r\n\r\n"
CODED = gzip.compress(b"page", mtime=0)
FRAMED = b"%x\r\n%s\r\n0\r\n\r\n" % (len(CODED), CODED)


@pytest.mark.parametrize(
    ("digested", "findings"),
    [
        (CODED, []),
        (FRAMED, [("warning", "payload-chunked", "5.9")]),
        (b"page", [("warning", "payload-decoded", "5.9")]),
        (b"other", [("error", "payload-digest", "5.9")]),
    ],
    ids=["right", "chunked", "decoded", "wrong"],
)
def test_a_payload_digest_is_of_the_body_without_chunks_and_before_decoding(tmp_path, digested, findings):
    assert found(tmp_path, record(RESPONSE, CHUNKED + FRAMED, WARC_Payload_Digest=sha1(digested))) == findings


def test_a_payload_digest_over_a_body_that_cannot_be_decoded_is_still_judged(tmp_path):
    head = HEAD[:-2] + b"Content-Encoding: gzip\r\n\r\n"
    rules = found(tmp_path, record(RESPONSE, head + b"\x1f\x8bxx", WARC_Payload_Digest=sha1(b"y")))
    assert rules == [("error", "payload-digest", "5.9")]


def test_a_truncated_payload_may_have_the_digest_of_the_whole(tmp_path):
    cut = record(RESPONSE, PAGE, WARC_Payload_Digest=sha1(b"whole"), WARC_Truncated="length")
    assert found(tmp_path, cut) == [("warning", "payload-truncated", "5.9")]


def test_the_payload_of_a_resource_is_its_block(tmp_path):
    wrong = record(RESOURCE, b"text", WARC_Payload_Digest=sha1(b"x"))
    assert found(tmp_path, wrong) == [("error", "payload-digest", "5.9")]


def test_two_records_of_one_id_are_an_error_and_a_copy_is_a_warning(tmp_path):
    assert found(tmp_path, record(RESPONSE, PAGE), record(RESPONSE, HEAD)) == [("error", "duplicate-id", "5.2")]
    assert found(tmp_path, record(RESPONSE, PAGE), record(RESPONSE, PAGE)) == [("warning", "duplicate-id", "5.2")]


@pytest.mark.parametrize("end", [b"", b"\r\n", b"\n\n", b"\r\n\r\n\r\n"])
def test_a_record_ends_in_two_line_ends(tmp_path, end):
    assert found(tmp_path, record(RESPONSE, PAGE)[:-4] + end) == [("error", "record-end", "4")]


def test_records_in_one_gzip_member_are_an_error(tmp_path):
    path = tmp_path / "a.warc.gz"
    path.write_bytes(gzip.compress(info() + record(RESPONSE, PAGE)))
    assert [(one.rule, one.clause) for one in check_file(path)] == [("gzip-member", "Annex D")]
    path.write_bytes(zipped(info(), record(RESPONSE, PAGE)))
    assert check_file(path) == []


def test_a_file_that_is_cut_is_an_error_at_the_place(tmp_path):
    path = tmp_path / "a.warc.gz"
    whole = zipped(info())
    path.write_bytes(whole + zipped(record(RESPONSE, PAGE))[:-1])
    (finding,) = check_file(path)
    assert (finding.severity, finding.rule, finding.offset) == ("error", "damage", len(whole))


@pytest.mark.parametrize("rest", [b"\r\nfoo\r\n", b"WARC", b"\x00" * 10])
def test_anything_after_the_last_record_is_an_error(tmp_path, rest):
    assert "error" in [severity for severity, _, _ in found(tmp_path, record(RESPONSE, PAGE), rest)]


def test_an_empty_file_is_an_error(tmp_path):
    path = tmp_path / "a.warc"
    path.touch()
    assert [(one.severity, one.rule) for one in check_file(path)] == [("error", "no-records")]


def test_a_file_should_begin_with_a_warcinfo(tmp_path):
    path = tmp_path / "a.warc"
    path.write_bytes(record(RESPONSE, PAGE))
    assert [(one.severity, one.rule) for one in check_file(path)] == [("warning", "warcinfo-first")]


def test_a_renamed_file_is_noticed(tmp_path):
    path = tmp_path / "b.warc"
    path.write_bytes(info(WARC_Filename="a.warc"))
    assert [(one.severity, one.rule) for one in check_file(path)] == [("warning", "filename")]
    path.rename(tmp_path / "a.warc.open")
    assert check_file(tmp_path / "a.warc.open") == []


@pytest.mark.parametrize(
    ("block", "findings"),
    [
        (b"software: a\r\n continued\r\n\r\n#comment\nx: y\n", []),
        (b"no colon\r\n", [("warning", "warcinfo-fields")]),
        (b"operator: \xff\xfe\r\n", [("error", "warcinfo-encoding")]),
    ],
)
def test_a_warcinfo_is_named_fields_in_utf_8(tmp_path, block, findings):
    path = tmp_path / "a.warc"
    path.write_bytes(record(INFO, block))
    assert [(one.severity, one.rule) for one in check_file(path)] == findings


def test_segments_are_counted_through(tmp_path):
    first = record(RESPONSE, PAGE, WARC_Segment_Number="1")
    total = str(len(PAGE) + 4)
    assert found(tmp_path, first, record(CONTINUATION, b"rest")) == [("error", "segment-total", "5.22")]
    wrong = record(CONTINUATION, b"rest", WARC_Segment_Total_Length="3")
    assert found(tmp_path, first, wrong) == [("error", "segment-total", "5.22")]
    third = record(CONTINUATION, b"rest", WARC_Segment_Number="3", WARC_Segment_Total_Length=total)
    assert found(tmp_path, first, third) == [("warning", "segment-missing", "7")]
    last = record(CONTINUATION, b"rest", WARC_Segment_Total_Length=total)
    again = record(CONTINUATION, b"rest", WARC_Segment_Total_Length=total, WARC_Record_ID="<urn:uuid:3>")
    assert ("error", "segment-order", "7") in found(tmp_path, first, last, again)
    assert found(tmp_path, first, last) == []
    # Where a record begins in another file, nobody can say of this one what it lacks.
    third = record(CONTINUATION, b"rest", WARC_Segment_Number="3", WARC_Record_ID="<urn:uuid:3>")
    assert found(tmp_path, record(CONTINUATION, b"rest"), third) == []


def test_a_finding_names_its_record_and_a_cure(tmp_path):
    path = tmp_path / "a.warc"
    path.write_bytes(info() + record(RESPONSE, PAGE, WARC_Date="soon"))
    (finding,) = check_file(path)
    assert finding.record_id == ID[1:-1]
    assert finding.offset == len(info())
    assert finding.sentence == "WARC-Date is 'soon'; write a UTC date such as 2026-09-15T09:16:48Z."


@settings(max_examples=150, deadline=None)
@given(st.binary(max_size=300))
def test_checking_any_bytes_ends_in_findings_and_never_in_an_error(tmp_path_factory, data):
    path = tmp_path_factory.getbasetemp() / "any.warc"
    for start in (b"", b"\x1f\x8b", b"WARC/1.1\r\n"):
        path.write_bytes(start + data)
        assert check_file(path)


@settings(max_examples=150, deadline=None)
@given(at=st.integers(0, 10**6), bit=st.integers(0, 7))
def test_no_flipped_bit_in_a_compressed_file_goes_unnoticed(tmp_path_factory, at, bit):
    base = tmp_path_factory.getbasetemp() / "flips"
    known = base / "warc"
    if not known.exists():
        written(base, exchange(1), exchange(2))
    (path,) = known.glob("*.warc.gz")
    data = bytearray(path.read_bytes())
    data[at % len(data)] ^= 1 << bit
    broken = base / path.name
    broken.write_bytes(data)
    # A bit of the gzip header's time or flags says nothing about the content.
    if not [one for one in check_file(broken) if one.severity == "error"]:
        assert content(broken) == content(path)


def content(path):
    return [(one.raw_header, one.block, one.trailer) for one in iter_records(path)]


VALUES = {
    "WARC-Type": ["response", "request", "revisit", "Response", "metadata"],
    "WARC-Record-ID": [ID, "urn:uuid:1", "<urn:a b>", ""],
    "WARC-Date": ["2026-09-15T09:16:48Z", "2026-13-15T09:16:48Z", "2026-09-15", "2026-09-15T09:16:48.5Z", "today"],
    "WARC-Target-URI": [
        "https://a.kr/%EA?b",
        "http://a.kr/100%",
        "dns:a.kr",
        "<https://a.kr/>",
        "https://a.kr/{x}",
        "",
    ],
    "WARC-IP-Address": ["::1", "127.0.0.256", "a.kr"],
    "Content-Type": ["application/http; msgtype=request", "application/http;msgtype=response", "text/html", "text"],
    "WARC-Block-Digest": [sha1(PAGE), sha1(b""), "sha1:abc", "sha999:abc", "md5:" + "a" * 32],
    "WARC-Payload-Digest": [
        sha1(b"<p>page</p>"),
        sha1(b""),
        sha1(b"7\r\nchunked\r\n0\r\n\r\n"),
        sha1(b"chunked"),
        "sha1:",
    ],
    "WARC-Truncated": ["length", "because"],
    "WARC-Concurrent-To": [ID, OTHER, "<a>"],
    "WARC-Warcinfo-ID": [INFO["WARC-Record-ID"], ID],
    "WARC-Segment-Number": ["1", "2"],
    "WARC-Filename": ["a.warc"],
    "WARC-Profile": [REVISIT["WARC-Profile"], "https://a.kr/mine"],
    "WARC-Refers-To": [OTHER, "a"],
    "X-Other": ["words of it", "a\x01b", "가"],
    "warc-date": ["2026-09-15T09:16:48Z"],
}
CHUNKED_HEAD = HEAD[:-2] + b"Transfer-Encoding: chunked\r\n\r\n"
blocks = st.sampled_from(
    [PAGE, b"", HEAD, b"no head", b"HTTP/1.1 200 OK\n\n<p>page</p>", CHUNKED_HEAD + b"7\r\nchunked\r\n0\r\n\r\n"]
)
altered = st.lists(
    st.sampled_from(sorted(VALUES)).flatmap(
        lambda name: st.tuples(st.just(name), st.sampled_from([None, *VALUES[name]]))
    ),
    max_size=2,
)
drawn = st.tuples(
    st.sampled_from([RESPONSE, REQUEST, REVISIT, METADATA, RESOURCE, CONVERSION]),
    altered,
    blocks,
    st.sampled_from(["WARC/1.1", "WARC/1.1", "WARC/1.0"]),
    st.sampled_from([b"", b"", b"\r\n"]),
)


@settings(max_examples=250, deadline=None)
@given(st.lists(drawn, min_size=1, max_size=4))
def test_a_record_known_by_its_form_is_judged_as_by_every_rule(tmp_path_factory, records):
    data, number = info(), 0
    for fields, changes, block, version, more in records:
        # The form is learnt from two of a kind that are alike, the record altered comes third.
        for alike in ({}, {}, dict(changes)):
            number += 1
            own = {"WARC-Record-ID": f"<urn:uuid:{number}>", "WARC-Block-Digest": sha1(block)}
            if "WARC-Payload-Digest" in fields or number % 2:
                own["WARC-Payload-Digest"] = sha1(b"<p>page</p>")
            data += record({**fields, **own, **alike}, block, version) + more
    path = tmp_path_factory.mktemp("forms") / "a.warc"
    path.write_bytes(data)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(Forms, "known", lambda self, raw_header: None)
        by_rules = check_file(path)
    assert check_file(path) == by_rules


@pytest.mark.parametrize("sound", [True, False])
def test_records_of_one_program_are_known_by_their_form(tmp_path, monkeypatch, sound):
    judged = []
    monkeypatch.setattr(Forms, "learn", lambda self, *given: judged.append(given[2]) or LEARN(self, *given))
    ip = "127.0.0.1" if sound else None
    path, _ = written(tmp_path, *(exchange(number, b"%d" % number, ip=ip) for number in range(9)), failure(9, ip=ip))
    findings = check_file(path)
    assert judged == ["warcinfo", "request", "response", "metadata"]
    assert [one.rule for one in findings] == ([] if sound else ["ip"] * 19)
    assert {one.record_id for one in findings} <= {one.record_id for one in iter_records(path)}


LEARN = Forms.learn


def test_a_finding_is_said_in_one_line(tmp_path):
    path = tmp_path / "rubbish.warc.gz"
    path.write_bytes(gzip.compress(b"no record"))
    (finding,) = check_file(path)
    assert str(finding).startswith("byte 0: From here on nothing can be read: no WARC version line")
    assert str(finding).endswith("[damage, WARC/1.1 clause 4]")
