"""The index: keys, lines and order as other tools have them, kept while captures come in, checked by the WARC files."""

from __future__ import annotations

import errno
import io
import json
import math
import random
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from cdxj_indexer.postquery import append_method_query
from hypothesis import given, settings
from hypothesis import strategies as st

from storage.archive import Archive
from storage.cdxj import (
    cdxj_of,
    complete_index,
    finished_warcs,
    index_directory,
    index_path,
    line_of,
    merged,
    parts_of,
    write_index,
    write_lines,
)
from storage.cdxj_keeper import CdxjKeeper
from storage.errors import RunEndedEarly, WarcError
from storage.records import Capture, Evidence, Exchange
from storage.request_query import with_request
from storage.surt import surt
from storage.warc_exchange import Original
from storage.warc_index import captures_in
from tests.foreign_files import Look, heritrix
from tests.judges import Canonicalizer
from tests.makers import index_faults
from tests.warc_samples import HEAD, START, exchange, failure, raw_record, sha1, writer, written, zipped

FORM = "application/x-www-form-urlencoded"

PORTAL = (
    ("https://www.korea.kr/news/policyNewsView.do?newsId=148", "kr,korea)/news/policynewsview.do?newsid=148"),
    ("http://korea.kr:80//news/../briefing/actuallyList.do/?", "kr,korea)/briefing/actuallylist.do"),
    ("https://www.korea.kr/common/download.do?tblKey=GMN&fileId=1", "kr,korea)/common/download.do?fileid=1&tblkey=gmn"),
    ("https://m.korea.kr/a?q=%EC%A3%BC%EA%B1%B0+%25#top", "kr,korea,m)/a?q=%ec%a3%bc%ea%b1%b0+%25"),
    ("http://127.0.0.1:8080/robots.txt", "1,0,0,127:8080)/robots.txt"),
    ("https://www.korea.kr/a?x=1&jsessionid=0123456789ABCDEF0123456789ABCDEF&b=2", "kr,korea)/a?b=2&x=1"),
    ("https://korea.kr/(S(abcdefghijklmnopqrstuvwx))/x.aspx", "kr,korea)/x.aspx"),
    ("http://0177.0.0.1/", "1,0,0,127)/"),
    ("http://2130706433/", "1,0,0,127)/"),
    ("http://08.1.1.1/", "1,1,1,08)/"),
    ("http://[::1]:8080/A", "::1:8080)/a"),
    ("http://이름.kr/", "kr,xn--jx2bx8w)/"),
    ("http://a\u0080.kr/", "kr,a%c2%80)/"),
    ("https://user:pw@www.korea.kr/../../x", "kr,korea)/x"),
    ("urn:uuid:0A", "urn:uuid:0a"),
    ("korea.kr/A", "kr,korea)/a"),
)  # fmt: skip


@pytest.fixture(scope="module")
def canonicalize() -> Iterator[Canonicalizer]:
    with Canonicalizer() as ask:
        yield ask


@pytest.mark.parametrize(("url", "key"), PORTAL)
def test_an_address_has_the_key_that_replay_tools_give_it(canonicalize: Canonicalizer, url: str, key: str):
    assert surt(url) == key == canonicalize(url)


HOSTS = ("www.korea.kr", "KOREA.kr:443", "m.k.kr:80", "127.0.0.1:8080", "localhost", "www2.k.kr", "a..b.", "이름.kr")
PIECES = (
    "news", "View.do", "/", "//", "..", ".", "%2e%2E", "%2F", "%41", "%2541", "%", "%zz", "&", "=", "?", "newsId=1",
    "B=2", "b=", "a", "+", " ", "주거", "%EA%B0%80", "%ff", "\\", "~", ";jsessionid=1", "%26", "%3d", "%00", "\x7f",
    "@", "&sid=0123456789ABCDEF0123456789ABCDEF", "jsessionid=0123456789ABCDEF0123456789abcdef",
    "cfid=1&cftoken=2", "(S(abcdefghijklmnopqrstuvwx))/", "a.aspx", ":", "[", "|", '"', "<", "É", "\t",
)  # fmt: skip


@given(
    st.sampled_from(("http://", "https://")),
    st.sampled_from(HOSTS),
    st.sampled_from(("/", "?", "/?")),
    st.lists(st.sampled_from(PIECES), max_size=8),
)
@settings(max_examples=700, deadline=None)
def test_keys_equal_those_of_pywb(canonicalize: Canonicalizer, scheme: str, host: str, start: str, pieces: list[str]):
    url = f"{scheme}{host}{start}{''.join(pieces)}"
    assert surt(url) == canonicalize(url)


@given(st.text(max_size=60))
@settings(max_examples=500)
def test_a_key_is_ascii_without_spaces_whatever_the_address(text: str):
    for url in (text, "http://" + text, "https://korea.kr/" + text):
        key = surt(url)
        assert key.isascii()
        assert " " not in key
        assert "\n" not in key


@pytest.mark.parametrize(
    ("rest", "key"),
    [
        ("%" + "25" * 500_000 + "41", "a"),
        ("%3" * 500_000 + "1", "1"),
        ("?" + "cfid=" * 200_000, "?" + "cfid=" * 200_000),
        ("(S(4hqa0555fwsecu455xqckv45))/" * 40_000 + "a", "(s(4hqa0555fwsecu455xqckv45))/" * 40_000 + "a"),
    ],
)
def test_an_address_of_a_megabyte_has_its_key_in_a_moment(rest, key):
    assert surt(f"https://www.korea.kr/{rest}") == f"kr,korea)/{key}"


def posted(number: int, body: bytes, content_type: str = FORM, **changes: object) -> Exchange:
    """Make a POST to one and the same list."""
    head = f"POST /list.do HTTP/1.1\r\nContent-Type: {content_type}\r\nContent-Length: {len(body)}\r\n\r\n"
    given_ = {"url": "https://www.korea.kr/list.do", "method": "POST", "request": head.encode() + body, **changes}
    return exchange(number, b"page %d" % number, **given_)


def various() -> list[Exchange]:
    """Make exchanges of every kind the index treats in its own way."""
    chunked = HEAD.replace(b"\r\n\r\n", b"\r\nTransfer-Encoding: chunked\r\n\r\n")
    gone = b"HTTP/1.1 404 Not Found\r\nContent-Type: text/html\r\n\r\n"
    return [
        exchange(0, b"zero"),
        exchange(1, b"zero", url="https://www.korea.kr/other?b=1&a=%EA%B0%80"),
        posted(2, "pageIndex=2&srchWord=주거+지원&x=%26".encode()),
        posted(3, b"pageIndex=3"),
        exchange(4, b"nothing here", gone, status=404),
        failure(5),
        exchange(6, b"4\r\nfour\r\n0\r\n\r\n", chunked),
        exchange(7, b"cut", truncated="length"),
        posted(8, b"\xff\xfe"),
        posted(9, b'{"page": 2, "in": [1, 2, {"page": "x y"}], "z": 1.5}', "application/json"),
        posted(10, b""),
    ]


def indexed_by_cdxj_indexer(path: Path) -> list[str]:
    # In a process of its own: it leaves temporary files open, which counts as an error in ours.
    command = [sys.executable, "-m", "cdxj_indexer.main", "--post-append", "--sort", str(path)]
    return subprocess.run(command, capture_output=True, text=True, check=True).stdout.splitlines(keepends=True)


def test_lines_equal_those_of_cdxj_indexer(tmp_path: Path):
    path, captures = written(tmp_path, *various())
    ours, theirs = cdxj_of(path, tmp_path), indexed_by_cdxj_indexer(path)
    kinds = [one.kind for one in captures]
    assert (kinds.count("revisit"), kinds.count("failure")) == (1, 1)
    # warcio hashes the chunk framing where the writer gives no digest; here the writer does, so nothing may differ.
    assert ours == theirs


def test_a_posted_revisit_has_the_key_of_its_page(tmp_path: Path):
    first, second = posted(1, b"pageIndex=2"), posted(2, b"pageIndex=2", response=None)
    second = replace(first, started_at=START + timedelta(days=1))
    path, captures = written(tmp_path, first, second)
    lines = cdxj_of(path, tmp_path)
    assert [one.kind for one in captures] == ["response", "revisit"]
    assert [line.split(" ")[0] for line in lines] == ["kr,korea)/list.do?__wb_method=post&pageindex=2"] * 2
    assert '"mime": "warc/revisit"' in lines[1]


def test_a_response_without_type_or_body_has_every_field_all_the_same(tmp_path: Path):
    head = b"HTTP/1.1 302 Found\r\nLocation: /a\r\n\r\n"
    path, _ = written(tmp_path, exchange(1, b"", head, status=302))
    (line,) = cdxj_of(path, tmp_path)
    entry = json.loads(line.split(" ", 2)[2])
    assert (entry["mime"], entry["status"]) == ("unk", "302")
    assert entry["digest"] == json.loads(indexed_by_cdxj_indexer(path)[0].split(" ", 2)[2])["digest"]


@given(st.one_of(
    st.tuples(st.just(FORM), st.text(max_size=40).map(str.encode)),
    st.tuples(st.just(FORM), st.binary(max_size=40)),
    st.tuples(st.just("application/octet-stream"), st.binary(min_size=1, max_size=40)),
    st.tuples(st.just("text/plain"), st.binary(min_size=1, max_size=40).filter(lambda one: b"\n" not in one)),
    st.tuples(
        st.just("application/json"),
        st.recursive(
            st.integers() | st.text(max_size=5),
            lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=3), inner, max_size=3),
            max_leaves=8,
        ).map(lambda one: json.dumps(one).encode()),
    ),
))  # fmt: skip
@settings(max_examples=200, deadline=None)
def test_bodies_become_the_query_that_cdxj_indexer_makes(sent: tuple[str, bytes]):
    content_type, body = sent
    head = f"POST /list.do HTTP/1.1\r\nContent-Type: {content_type}\r\nContent-Length: {len(body)}\r\n\r\n"
    for url in ("http://k.kr/list.do", "http://k.kr/list.do?a=1"):
        query, added = append_method_query("POST", content_type, str(len(body)), io.BytesIO(body), url)
        assert with_request(url, "POST", head.encode() + body) == (url + added, query or "")


def test_json_leaves_are_written_as_javascript_does():
    head = b"POST / HTTP/1.1\r\nContent-Type: application/json\r\n\r\n"
    body = b'{"type": "event", "id": 44.0, "float": 35.7, "values": [true, false, null], "source": {"id": "a+b&c= d"}}'
    address, _ = with_request("http://k.kr/", "POST", head + body)
    # The example of the specification, shortened.
    assert address == (
        "http://k.kr/?__wb_method=POST&type=event&id=44&float=35.7&values=true&values.2_=false&values.3_=null"
        "&id.2_=a%2Bb%26c%3D+d"
    )
    assert with_request("http://k.kr/", "HEAD", b"")[0] == "http://k.kr/?__wb_method=HEAD"


def test_what_no_http_said_is_indexed_as_cdxj_indexer_does(tmp_path: Path):
    """Heritrix keeps name lookups (``dns:``) as responses, others as resources: neither has a status line."""
    path = heritrix(tmp_path / "dns.warc.gz", [Look("http://www.example.kr/", START, b"<p>body</p>")])
    ours = {line.split(" ", 1)[0]: json.loads(line.split(" ", 2)[2]) for line in cdxj_of(path, tmp_path)}
    theirs = {line.split(" ", 1)[0]: json.loads(line.split(" ", 2)[2]) for line in indexed_by_cdxj_indexer(path)}
    assert ours.keys() == theirs.keys()
    looked_up = ours["dns:127.0.0.1"]
    assert theirs["dns:127.0.0.1"].items() <= looked_up.items()
    assert (looked_up["mime"], looked_up["status"]) == ("text/dns", "-")
    (capture,) = (one for one in captures_in(path, tmp_path) if one.url.startswith("dns:"))
    assert capture.payload_length == len(b"20260301000000\n127.0.0.1\t300\tIN\tA\t127.0.0.1\n")


@pytest.mark.parametrize("request_first", [True, False])
@pytest.mark.parametrize("linked", [True, False])
def test_a_file_of_another_tool_is_indexed_as_cdxj_indexer_does(tmp_path: Path, request_first: bool, linked: bool):
    url, date = ("WARC-Target-URI", "http://k.kr/list.do"), ("WARC-Date", "2026-09-15T09:16:48Z")
    ids = ("<urn:uuid:00000000-0000-4000-8000-000000000001>", "<urn:uuid:00000000-0000-4000-8000-000000000002>")
    blocks = {
        "request": f"POST /list.do HTTP/1.1\r\nContent-Type: {FORM}\r\nContent-Length: 11\r\n\r\npageIndex=4".encode(),
        "response": HEAD + b"four",
    }
    digest = ("WARC-Payload-Digest", sha1(b"four"))
    records = []
    for number, kind in enumerate(["request", "response"] if request_first else ["response", "request"]):
        fields = [("WARC-Type", kind), ("WARC-Record-ID", ids[number]), url, date]
        fields += [("Content-Type", f"application/http; msgtype={kind}")] + ([digest] if kind == "response" else [])
        fields += [("WARC-Concurrent-To", ids[0])] if linked and number else []
        records.append(raw_record(fields, blocks[kind]))
    path = tmp_path / "warc" / "other.warc.gz"
    path.parent.mkdir()
    path.write_bytes(zipped(*records))
    ours = cdxj_of(path, tmp_path)
    if linked:
        assert ours == indexed_by_cdxj_indexer(path)
    assert [line.split(" ")[0] for line in ours] == ["kr,k)/list.do?__wb_method=post&pageindex=4"]


def captured(number: int, warc: str = "warc/a.warc.gz", address: int | None = None) -> Capture:
    """State a capture without writing it."""
    at = START + timedelta(milliseconds=number)
    evidence = Evidence(warc, number * 10, 10, f"urn:{warc}:{number}", "sha1:A", at)
    url = f"https://korea.kr/{number if address is None else address}"
    return Capture(evidence, "run", url, "GET", "response", 200, "text/html", "00", 1)


def held(directory: Path, warc: str) -> list[str]:
    """Read all that stands in the index of a WARC file, each part in order."""
    lines = []
    for path in parts_of(directory, warc):
        part = path.read_text().splitlines(keepends=True)
        assert part == sorted(part)
        lines += part
    return lines


@given(
    st.lists(st.sampled_from(["add", "add", "add", "flush", "tick", "wait", "next"]), max_size=60), st.integers(1, 9)
)
@settings(max_examples=80, deadline=None)
def test_all_but_the_newest_captures_are_always_in_order_on_disk(tmp_path_factory, steps: list[str], every: int):
    directory = tmp_path_factory.mktemp("index")
    now = [0.0]
    keeper = CdxjKeeper(directory, every=every, seconds=2, clock=lambda: now[0])
    added: dict[str, list[str]] = {}
    shuffled = random.Random(every)
    file = 0
    for step in steps:
        warc = f"{file}.warc.gz"
        if step == "add":
            one = captured(sum(map(len, added.values())), f"warc/{warc}", shuffled.randrange(50))
            keeper.add(one)
            added.setdefault(warc, []).append(str(line_of(one)))
        elif step == "wait":
            now[0] += 3
        elif step == "next":
            file += 1
        else:
            getattr(keeper, step)()
        for name, lines in added.items():
            on_disk = held(directory, name)
            waiting = len(lines) - len(on_disk)
            assert sorted(lines[: len(on_disk)]) == sorted(on_disk)
            assert waiting < every
            if step == "flush" or name != list(added)[-1]:
                assert waiting == 0
            if name != list(added)[-1]:
                assert parts_of(directory, name) == [index_path(directory, name)]
    keeper.roll()
    for name, lines in added.items():
        assert parts_of(directory, name) == [index_path(directory, name)]
        assert index_path(directory, name).read_text() == "".join(sorted(lines))


def test_the_indexes_of_many_files_are_found_without_listing_them_again_for_each(tmp_path: Path, monkeypatch):
    """With a file an hour, three years of a watch were half an hour of listing whenever they were verified."""
    for number in range(30):
        written(tmp_path, *various()[: 2 + number % 3])
    archive, listed = Archive(tmp_path), list[Path]()
    glob = Path.glob

    def counted(self: Path, pattern: str) -> Any:
        listed.append(self)
        return glob(self, pattern)

    monkeypatch.setattr(Path, "glob", counted)
    assert len(complete_index(archive)) == 30
    assert index_faults(archive) == []
    assert len(listed) < 10


def test_keeping_the_index_costs_little_more_than_writing_it(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    lines_written: list[int] = []

    def counted(*what: Any, **how: Any) -> int:
        lines_written.append(write_lines(*what, **how))
        return lines_written[-1]

    monkeypatch.setattr("storage.cdxj_keeper.write_lines", counted)
    number, every = 20_000, 50
    order = random.Random(1).sample(range(number), number)
    keeper = CdxjKeeper(tmp_path, every=every, clock=lambda: 0.0)
    most = 0
    for one in range(number):
        keeper.add(captured(one, address=order[one]))
        if one % 997 == 0:
            most = max(most, len(parts_of(tmp_path, "a.warc.gz")))
    keeper.roll()
    assert sum(lines_written) <= number * (math.log2(number / every) + 2)
    assert most <= math.log2(number / every) + 1
    assert len(index_path(tmp_path, "a.warc.gz").read_text().splitlines()) == number


def test_the_kept_index_equals_the_one_made_from_the_warc_file(tmp_path: Path):
    exchanges = various()
    keeper = CdxjKeeper(tmp_path / "index", every=3)
    first: dict[str, Original] = {}
    with writer(tmp_path, max_size=3_000) as open_writer:
        for one in exchanges:
            capture = open_writer.write(one, first.get(one.payload_sha256.hex()))
            if capture.kind == "response" and capture.payload_sha256:
                first.setdefault(capture.payload_sha256, Original.of(capture))
            keeper.add(capture, one.request)
        (unfinished,) = (tmp_path / "warc").glob("*.open")
        keeper.flush()
        assert sorted(held(tmp_path / "index", unfinished.name.removesuffix(".open"))) == cdxj_of(unfinished, tmp_path)
    keeper.roll()
    paths = sorted((tmp_path / "warc").glob("*.warc.gz"))
    assert len(paths) > 1
    for path in paths:
        assert index_path(tmp_path / "index", path.name).read_text() == "".join(cdxj_of(path, tmp_path))
    assert index_faults(Archive(tmp_path)) == []


def test_a_run_killed_between_merging_and_clearing_away_leaves_nothing_out(tmp_path: Path, monkeypatch):
    def killed(self: Path, missing_ok: bool = False) -> None:
        if self.suffix == ".cdxj":
            raise KeyboardInterrupt

    keeper = CdxjKeeper(tmp_path, every=1)
    lines = [str(line_of(captured(number))) for number in range(8)]
    for number in range(7):
        keeper.add(captured(number))
    assert len(parts_of(tmp_path, "a.warc.gz")) == 3
    monkeypatch.setattr(Path, "unlink", killed)
    with pytest.raises(KeyboardInterrupt):
        keeper.add(captured(7))
    monkeypatch.undo()
    assert set(held(tmp_path, "a.warc.gz")) == set(lines)
    assert list(merged(tmp_path)) == sorted(lines)
    later = CdxjKeeper(tmp_path, every=1)
    later.add(captured(8))
    assert sorted(held(tmp_path, "a.warc.gz")) == sorted([*lines, str(line_of(captured(8)))])


def test_a_full_disk_leaves_the_index_as_it_was_and_the_lines_waiting(tmp_path: Path, monkeypatch):
    keeper = CdxjKeeper(tmp_path, every=1)
    keeper.add(captured(0))
    before = held(tmp_path, "a.warc.gz")

    def full(self: Path, target: Path) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(Path, "replace", full)
    with pytest.raises(RunEndedEarly, match="No space left on device"):
        keeper.add(captured(1))
    assert held(tmp_path, "a.warc.gz") == before
    assert not list(tmp_path.glob("*.tmp"))
    monkeypatch.undo()
    keeper.flush()
    assert len(held(tmp_path, "a.warc.gz")) == 2


def test_many_files_merge_into_one_order(tmp_path: Path):
    lines = [str(line_of(captured(number))) for number in range(900)]
    for number in range(450):
        write_lines(tmp_path / f"{number:04}.warc.gz.cdxj", sorted(lines[number::450]))
    assert list(merged(tmp_path)) == sorted(lines)
    assert list(merged(tmp_path / "none")) == []


@pytest.fixture
def archive(tmp_path: Path) -> Archive:
    """Give an archive with one WARC file and its index."""
    written(tmp_path, *various())
    found = Archive(tmp_path)
    assert len(complete_index(found)) == 1
    assert complete_index(found) == []
    assert index_faults(found) == []
    return found


def spoil(archive: Archive, change) -> list[str]:
    """Change the index's lines and say what the check finds."""
    (path,) = index_directory(archive).glob("*.cdxj")
    path.write_text("".join(change(path.read_text().splitlines(keepends=True))))
    return index_faults(archive)


def test_finished_files_are_listed_in_order_of_name(tmp_path: Path):
    names = [f"made-{number:02}.warc{end}" for number in range(12) for end in ("", ".gz")]
    (tmp_path / "warc").mkdir()
    for name in ("made-13.warc.gz.open", *reversed(names)):
        (tmp_path / "warc" / name).touch()
    assert [path.name for path in finished_warcs(Archive(tmp_path))] == sorted(names)


def test_the_check_names_a_missing_line(archive: Archive):
    (said,) = spoil(archive, lambda lines: lines[:-1])
    assert "is missing" in said
    assert "gochim rebuild" in said


def test_the_check_names_an_extra_line(archive: Archive):
    (said,) = spoil(archive, lambda lines: [*lines, 'zz)/ 20260101000000 {"url": "http://zz/", "offset": "5"}\n'])
    assert "http://zz/ at byte 5 points at no capture" in said


def test_the_check_names_lines_out_of_order(archive: Archive):
    (said,) = spoil(archive, lambda lines: [lines[1], lines[0], *lines[2:]])
    assert "line 2: not in order" in said
    assert said.endswith("Run `gochim rebuild`.")


def test_the_check_names_a_wrong_offset_and_a_wrong_description(archive: Archive):
    (said,) = spoil(archive, lambda lines: [lines[0].replace('"offset": "', '"offset": "9'), *lines[1:]])
    assert "is said to stand at byte 9" in said
    (said,) = spoil(archive, lambda lines: [str(cdxj_line(archive)).replace("text/html", "text/x"), *lines[1:]])
    assert "described otherwise" in said


def test_the_check_tells_of_each_wrong_line_by_itself_and_of_a_repeated_one_nothing(archive: Archive):
    wrong = spoil(archive, lambda lines: [line.replace('"offset": "', '"offset": "9') for line in lines])
    (path,) = archive.warcs.glob("*.warc.gz")
    assert len(wrong) == len(cdxj_of(path, archive.root)) > 1
    assert all("is said to stand at byte 9" in one for one in wrong)
    true = cdxj_of(path, archive.root)
    assert spoil(archive, lambda _: [true[0], *true]) == []


def cdxj_line(archive: Archive) -> str:
    (path,) = archive.warcs.glob("*.warc.gz")
    return cdxj_of(path, archive.root)[0]


def test_the_check_names_a_torn_or_foreign_line(archive: Archive):
    assert any("points at no capture" in one for one in spoil(archive, lambda lines: [*lines, "zz ÿ\u2028torn"]))


def test_a_directory_among_the_index_files_is_named_and_not_read(archive: Archive):
    (index_directory(archive) / "old.cdxj").mkdir()
    assert len(list(merged(index_directory(archive)))) > 0
    (said,) = index_faults(archive)
    assert said.startswith("index/old.cdxj belongs to no WARC file")


def test_the_check_names_indexes_and_warc_files_without_each_other(archive: Archive):
    (index,) = index_directory(archive).glob("*.cdxj")
    (path,) = archive.warcs.glob("*.warc.gz")
    stray = index.with_name("gone.warc.gz.cdxj")
    index.rename(stray)
    said = index_faults(archive)
    assert any(f"index/{path.name}.cdxj is missing" in one for one in said)
    assert any("gone.warc.gz.cdxj belongs to no WARC file" in one for one in said)
    stray.unlink()
    write_index(path, archive)
    assert index_faults(archive) == []


def test_a_damaged_warc_file_is_named_and_its_old_index_stays(archive: Archive):
    (path,) = archive.warcs.glob("*.warc.gz")
    (index,) = index_directory(archive).glob("*.cdxj")
    before = index.read_text()
    data = path.read_bytes()
    path.write_bytes(data[:-30])
    (said,) = index_faults(archive)
    assert path.name in said
    with pytest.raises(WarcError, match=r"byte"):
        write_index(path, archive)
    assert index.read_text() == before
