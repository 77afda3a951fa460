"""gochim keeps every byte of every situation, the published matrix says so truly, and the judge can say otherwise."""

from __future__ import annotations

import gzip
import subprocess
import sys
from typing import NamedTuple

import pytest
from scrapy import Request

from benchmarks import large_body
from benchmarks.fidelity import page
from benchmarks.fidelity.__main__ import PAGE
from benchmarks.fidelity.judge import EXACT, Verdict, altered, judge
from benchmarks.fidelity.peers import ROOT, captured
from benchmarks.fidelity.situations import SITUATIONS, Situation
from benchmarks.fidelity.warc_blocks import Record, records_below, records_of
from benchmarks.fidelity.wire import wire
from crawler import watch as watching
from crawler.wire import LARGE
from tests.test_wire_handler import download
from tests.wire_answers import PAGE as BODY
from tests.wire_answers import sized
from tests.wire_server import server

__all__ = ["server"]


class Run(NamedTuple):
    verdicts: dict[str, Verdict]
    carried: list[int]
    records: list[Record]


@pytest.fixture(scope="module")
def run(tmp_path_factory: pytest.TempPathFactory) -> Run:
    """Crawl every situation with the product's settings, handler, keeper and writer."""
    folder = tmp_path_factory.mktemp("fidelity")
    with wire(folder) as running:
        records = captured("gochim", running, folder / "work")
        verdicts = {one.name: judge(one, running.received(one), records) for one in SITUATIONS}
        return Run(verdicts, [len(one) for one in running.plain.requests], records)


def test_every_byte_of_every_situation_is_kept_and_every_cut_marked(run):
    wrong = {name: one for name, one in run.verdicts.items() if (one.request, one.response) != ((), ())}
    assert wrong == {}


def test_the_run_used_kept_alive_connections_and_wrote_a_revisit(run):
    assert max(run.carried) > 2
    assert [one.path for one in run.records if one.type == "revisit"] == ["/again"]


def test_the_published_column_is_what_this_run_found(run):
    cells = page.column(PAGE.read_text(encoding="utf-8"), "gochim")
    for direction in page.DIRECTIONS:
        assert cells[direction] == {one.means: run.verdicts[one.name].cell(direction) for one in SITUATIONS}


def test_a_page_is_read_back_as_written():
    matrix = {
        name: {one.name: Verdict((), said) for one in SITUATIONS} for name, said in (("a", ()), ("b", ("order", "x")))
    }
    text = page.render(matrix, {"a": "1"}, "")
    assert set(page.column(text, "a")["response"].values()) == {EXACT}
    assert set(page.column(text, "b")["response"].values()) == {"order; x"}
    assert f"**0 of {len(SITUATIONS)}**" in page.table(matrix, "response")


def test_the_command_keeps_an_odd_article_page_to_the_byte(server, tmp_path):
    said = sized(BODY, b"x-ODD:  a\r\nno colon\r\nSet-Cookie: a=1\r\nSet-Cookie: b=2\r\nX-Fold: a\r\n b\r\n")
    server.script("robots.txt", sized(b"User-agent: *\nAllow: /\n"))
    url = server.script("news/policyNewsView.do", said) + "?newsId=148900001"
    (tmp_path / "gochim.toml").write_text(watching.written(url=server.url("").rstrip("/"), delay=0), encoding="utf-8")
    command = [sys.executable, "-m", "cli", "crawl", "--archive", str(tmp_path), "--url", url]
    ran = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, timeout=60, check=False)
    kept = [one for one in records_below(tmp_path) if one.path == "/news/policyNewsView.do"]
    asked = [one for carried in server.requests for one in carried if b"newsId" in one]
    assert [one.block for one in kept if one.type == "response"] == [said], ran.stderr
    assert [one.block for one in kept if one.type == "request"] == asked


TRUTH = (
    b"HTTP/1.1 200 OK\r\nDate: x\r\nvIA: a\r\nSet-Cookie: a=1\r\nSet-Cookie: b=2\r\nX-Fold: a\r\n  b\r\nno colon\r\n"
    b"X-Name: \xff\r\n"
)
FRAMED = TRUTH + b"Transfer-Encoding: chunked\r\n\r\n5;x=y\r\nhello\r\n0\r\nT: 1\r\n\r\n"
ZIPPED = gzip.compress(b"hello", mtime=0)
CODED = b"HTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\n\r\n"


def swapped(old: bytes, new: bytes) -> tuple[bytes, bytes]:
    assert FRAMED.count(old) == 1
    return FRAMED, FRAMED.replace(old, new)


@pytest.mark.parametrize(
    ("truth", "block", "named"),
    [
        (FRAMED, FRAMED, []),
        (*swapped(b"200 OK", b"200 Ok"), ["first line"]),
        (*swapped(b"vIA", b"Via"), ["header case"]),
        (*swapped(b"Date: x\r\nvIA: a\r\n", b"vIA: a\r\nDate: x\r\n"), ["order"]),
        (*swapped(b"Set-Cookie: a=1\r\nSet-Cookie: b=2", b"Set-Cookie: b=2\r\nSet-Cookie: a=1"), ["order"]),
        (*swapped(b"vIA: a", b"vIA:  a"), ["spacing"]),
        (*swapped(b"vIA: a", b"vIA : a"), ["spacing"]),
        (*swapped(b"Set-Cookie: a=1\r\nSet-Cookie: b=2", b"Set-Cookie: b=2"), ["repeats merged or dropped"]),
        (
            *swapped(b"Set-Cookie: a=1\r\nSet-Cookie: b=2", b"Set-Cookie: a=1, b=2"),
            ["header bytes", "repeats merged or dropped"],
        ),
        (*swapped(b"a\r\n  b", b"a b"), ["unfolded"]),
        (*swapped(b"no colon\r\n", b""), ["colon-less line dropped"]),
        (*swapped(b"Date: x\r\n", b""), ["Date dropped"]),
        (*swapped(b"Date: x\r\n", b"Date: x\r\nX-Crawler: y\r\n"), ["header added"]),
        (*swapped(b"\xff", b"%FF"), ["header bytes"]),
        (*swapped(b"vIA: a\r\n", b"vIA: a\n"), ["line ends"]),
        (*swapped(b"5;x=y\r\nhello\r\n0\r\nT: 1\r\n\r\n", b"hello"), ["de-chunked"]),
        (*swapped(b";x=y", b""), ["chunk framing"]),
        (*swapped(b"T: 1\r\n\r\n", b"T: 1\r\n"), ["end of chunk framing lost"]),
        (*swapped(b"5;x=y\r\nhello\r\n0\r\nT: 1\r\n\r\n", b""), ["body lost"]),
        (*swapped(b"hello", b"hellO"), ["body changed"]),
        (CODED + ZIPPED, CODED + b"hello", ["decoded"]),
        (CODED + ZIPPED, CODED + ZIPPED[:-4], ["body cut short"]),
        (b"<p>page</p>", b"HTTP/1.1 200 OK\r\n\r\n<p>page</p>", ["header made up"]),
        (b"<p>page</p>", b"<p>Page</p>", ["bytes changed"]),
    ],
)
def test_the_judge_names_what_was_altered(truth, block, named):
    assert altered(truth, block) == named


def record(kind: str, block: bytes, **fields: str) -> Record:
    named = {"warc-type": kind, "warc-target-uri": "<http://127.0.0.1/row>"}
    return Record(named | {name.replace("_", "-"): value for name, value in fields.items()}, block)


ASKED = b"GET /row HTTP/1.1\r\nHost: h\r\n\r\n"
SAID = b"HTTP/1.1 200 OK\r\n\r\nhello"
EARLY = b"HTTP/1.1 103  Early Hints\r\n\r\n"
WHOLE = Situation("row", "a row", SAID)
CUT = Situation("row", "a row", SAID, truncated=("disconnect",))
HINTED = Situation("row", "a row", SAID, interim=EARLY)
LONGER = Situation("row", "a row", SAID, stray=b"and more")
TWICE = Situation("row", "a row", SAID, times=2)
NOTED = b"http-interim: HTTP/1.1 103%20%20Early Hints%0D%0A%0D%0A\r\n"
SQUEEZED = NOTED.replace(b"%20%20", b" ")


@pytest.mark.parametrize(
    ("situation", "records", "named"),
    [
        (WHOLE, [record("response", SAID)], ()),
        (WHOLE, [], ("missing",)),
        (WHOLE, [record("response", SAID, warc_truncated="length")], ("marked truncated, is whole",)),
        (WHOLE, [record("revisit", SAID[:19], warc_truncated="length")], ("wrongly a revisit",)),
        (CUT, [record("response", SAID, warc_truncated="disconnect")], ()),
        (CUT, [record("response", SAID)], ("truncation unmarked",)),
        (CUT, [record("response", SAID, warc_truncated="time")], ("truncation called time",)),
        (HINTED, [record("response", EARLY + SAID)], ()),
        (HINTED, [record("response", SAID), record("metadata", NOTED)], ()),
        (HINTED, [record("response", SAID), record("metadata", SQUEEZED)], ("interim answer lost",)),
        (HINTED, [record("response", EARLY)], ("interim answer taken for the answer",)),
        (LONGER, [record("response", SAID)], ()),
        (LONGER, [record("response", SAID + b"and")], ()),
        (LONGER, [record("response", SAID + b"xyz")], ("body changed",)),
        (TWICE, [record("response", SAID)], ("1 of 2 missing",)),
        (TWICE, [record("response", SAID), record("revisit", SAID[:19], warc_truncated="length")], ()),
        (TWICE, [record("response", SAID), record("revisit", SAID[:19])], ("revisit's cut unmarked",)),
    ],
)  # fmt: skip
def test_the_judge_sees_missing_records_and_wrong_marks(situation, records, named):
    requests = [record("request", ASKED)] * situation.times
    assert judge(situation, [ASKED] * situation.times, [*requests, *records]) == Verdict((), named)


def test_the_judge_compares_requests_with_what_the_server_received():
    answer = record("response", SAID)
    assert judge(WHOLE, [], [answer]) == Verdict(("refused",), ("refused",))
    assert judge(WHOLE, [ASKED], [answer]).request == ("missing",)
    assert (
        judge(WHOLE, [ASKED], [record("request", ASKED.lower()), answer]).cell("request") == "first line; header case"
    )


def test_records_are_read_with_and_without_compression_and_when_cut():
    one = b"WARC/1.1\r\nWARC-Type: response\r\nContent-Length: 9\r\n\r\na\r\n\r\nWARC\r\n\r\n"
    zipped = gzip.compress(one)
    for data in (one + one, zipped + zipped, gzip.compress(one + one), zipped + zipped[:-8]):
        assert [found.block for found in records_of(data)] == [b"a\r\n\r\nWARC"] * 2
    with pytest.raises(ValueError, match="not a WARC record"):
        list(records_of(one + b"rubbish"))


@pytest.mark.parametrize("fields", [b"", b"Content-Encoding: gzip\r\n", b"Content-Type: text/html\r\n"])
def test_a_large_body_is_left_to_the_archive(server, monkeypatch, fields):
    monkeypatch.setattr("crawler.wire.LARGE", 100)
    small = download(Request(server.script("small", sized(b"a" * 100))))
    large = download(Request(server.script("large", sized(b"a" * 101, fields))))
    cut = download(Request(server.url("large"), meta={"download_maxsize": 101}))
    assert (small.body, small.flags) == (b"a" * 100, [])
    assert (large.body, large.flags, large.status) == (b"", ["large"], 200)
    assert (cut.body, cut.flags) == (b"", ["large"])
    longer = server.script("longer", sized(b"a" * 500))
    assert download(Request(longer, meta={"download_maxsize": 200})).flags == ["truncated", "large"]


def test_memory_stays_flat_whatever_is_sent():
    size = 96 * large_body.MIB
    assert size > LARGE
    assert large_body.measured(size)["peak"] < large_body.measured(large_body.MIB)["peak"] + 24
