"""WARC and WACZ files that someone made up: none of them keeps the commands that follow from their work."""

from __future__ import annotations

import itertools
import json
import uuid
import zipfile
from collections.abc import Callable
from pathlib import Path

import pytest

from storage.cdxj import cdxj_of
from tests.runs import Desk, desk
from tests.warc_samples import raw_record, zipped

BASE = "http://127.0.0.1:8123"
URL = f"{BASE}/news/policyNewsView.do?newsId=148930011"
DIGITS = "1" * 5000
"""More digits than Python turns into a number."""
WORD = {
    "section": "policy-news", "field": "subtitles", "what": "filled", "text": '"x"', "verdict": "held",
    "since": "2026-01-01T00:00:00.000000+00:00", "said-at": "2026-01-02T00:00:00.000000+00:00",
}  # fmt: skip


@pytest.fixture
def watched(tmp_path: Path) -> Desk:
    return desk(tmp_path / "archive", BASE)


def record(kind: str, block: bytes, url: str = URL, own: str | None = None, **fields: str) -> bytes:
    """Make a record; ``Refers_To_Date="..."`` becomes the field ``WARC-Refers-To-Date``."""
    told = {"WARC-Type": kind, "WARC-Record-ID": own or f"<urn:uuid:{uuid.uuid4()}>"}
    told |= {"WARC-Date": "2026-05-05T05:05:05Z", "WARC-Target-URI": url}
    told |= {f"WARC-{name.replace('_', '-')}": value for name, value in fields.items()}
    http = kind in {"request", "response", "revisit"}
    told["Content-Type"] = f"application/http; msgtype={kind}" if http else "application/warc-fields"
    return raw_record(told.items(), block)


def response(head: str = "HTTP/1.1 404 Not Found", url: str = URL, **fields: str) -> bytes:
    return record("response", f"{head}\r\nContent-Type: text/html\r\n\r\n<p>x</p>".encode(), url, **fields)


def posted(body: bytes) -> bytes:
    """Give what was answered to a form of JSON, and the form."""
    url, own = f"{BASE}/news/policyNewsList.do", f"<urn:uuid:{uuid.uuid4()}>"
    head = f"POST /list HTTP/1.1\r\nContent-Type: application/json\r\nContent-Length: {len(body)}\r\n\r\n"
    return response(url=url, own=own) + record("request", head.encode() + body, url, Concurrent_To=own)


def revisit(**fields: str) -> bytes:
    profile = "http://netpreserve.org/warc/1.1/revisit/identical-payload-digest"
    block = b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\n\r\n"
    told = {"Profile": profile, "Payload_Digest": "sha1:3I42H3S6NNFQ2MSVX7XZKYAYSCX5QBYJ", **fields}
    return record("revisit", block, **told)


def noted(text: str) -> bytes:
    own = f"<urn:uuid:{uuid.uuid4()}>"
    return response(own=own) + record("metadata", text.encode(), Concurrent_To=own)


def word(**said: str) -> bytes:
    """Give a file's first record, which says what a person said of a site change."""
    fields = {"software": "x", "isPartOf": "foreign"} | {f"site-change-{one}": WORD[one] for one in WORD}
    fields |= {f"site-change-{one.replace('_', '-')}": value for one, value in said.items()}
    return record("warcinfo", "".join(f"{name}: {value}\r\n" for name, value in fields.items()).encode())


TAKEN = {
    "a form nested beyond sense": posted(b"[" * 50_000 + b"]" * 50_000),
    "a form of names within names": posted(b'{"a":' * 3000 + b"1" + b"}" * 3000),
    "a form with half a surrogate pair": posted(b'{"a": "\\ud83d"}'),
    "a port of too many digits": response(url=f"http://a.example:{DIGITS}/"),
    "an address of too many digits": response(url=f"http://1.1.1.{DIGITS}/"),
    "a host that is none": response(url="http://[::1/"),
    "a host within brackets that is none": response(url="http://[]/"),
    "a length of too many digits": response(f"HTTP/1.1 200 OK\r\nContent-Length: {DIGITS}"),
    "a segment of too many digits": response(Segment_Number=DIGITS),
    "a payload longer than any": revisit() .replace(b"WARC-Profile", b"Gochim-Payload-SHA256: "
        + b"a" * 64 + b"\r\nGochim-Payload-Length: " + b"9" * 20 + b"\r\nWARC-Profile"),
    "a retry beyond counting": noted("retry: " + "9" * 20),
    "what was repeated at the end of time": revisit(
        Refers_To_Target_URI=URL, Refers_To_Date="9999-12-31T23:59:59Z"
    ),
    "a digest that looks like a day": revisit(Payload_Digest="2026-09-15"),
    "a word of which the text is no JSON": word(text="x"),
    "a word of which the text is a list": word(text='["x"]'),
    "a word of which the text is no text": word(text='"\\ud83d"'),
    "a word of no time": word(since="some day"),
    "a word of the first day there is": word(since="0001-01-01T00:00:00.000000+00:00"),
    "a word that says neither": word(verdict="perhaps"),
}  # fmt: skip


def test_files_of_which_something_makes_no_sense_stop_no_command(watched: Desk, tmp_path: Path):
    paths = [tmp_path / f"{what}.warc.gz" for what in TAKEN]
    for path, records in zip(paths, TAKEN.values(), strict=True):
        path.write_bytes(b"".join(zipped(one) for one in parted(records + response())))
    assert len(watched.json("import", *map(str, paths))["files"]) == len(TAKEN)
    before = watched.json("status")
    watched.ok("rebuild")
    assert watched.json("status")["content_digest"] == before["content_digest"]
    assert watched.json("site-changes") == []
    judged = watched.run("verify", *map(str, paths))
    assert (judged.code, "Traceback" in judged.err) == (3, False)


def parted(records: bytes) -> list[bytes]:
    """Cut records that stand behind each other."""
    starts = [at for at in range(len(records)) if records.startswith(b"WARC/1.1\r\n", at)]
    return [records[one:other] for one, other in itertools.pairwise([*starts, len(records)])]


@pytest.mark.parametrize("date", ["9999-12-31T23:59:60Z", "9999-12-31T23:59:59Z"])
def test_a_leap_second_beyond_the_last_year_is_no_date(watched: Desk, tmp_path: Path, date: str):
    (tmp_path / "late.warc.gz").write_bytes(zipped(response().replace(b"2026-05-05T05:05:05Z", date.encode())))
    done = watched.run("import", str(tmp_path / "late.warc.gz"))
    assert (done.code, "Traceback" in done.err) == (2, False)
    assert "byte 0" in done.err


def test_a_form_with_half_a_surrogate_pair_has_a_key(tmp_path: Path):
    (tmp_path / "warc").mkdir()
    path = tmp_path / "warc" / "form.warc.gz"
    path.write_bytes(b"".join(zipped(one) for one in parted(posted(b'{"word": "\\ud83d", "page": 2}'))))
    (line,) = cdxj_of(path, tmp_path)
    assert "__wb_method=post&page=2&word=" in line.partition(" ")[0]


def packed(path: Path, *names: str) -> Path:
    """Pack a file of a record under each name, every one with another record."""
    with zipfile.ZipFile(path, "w") as package:
        for name in names:
            package.writestr(f"archive/{name}", zipped(response()))
    return path


def test_names_in_a_package_neither_command_a_terminal_nor_are_too_long(watched: Desk, tmp_path: Path):
    long = "가" * 80 + ".warc.gz"  # 248 bytes, as long as a name may be almost
    told = watched.json("import", str(packed(tmp_path / "a.wacz", "a\x1b]0;b\x07\n.warc.gz", long, "c.warc")))
    names = sorted(one.split("-", 2)[2] for one in told["files"])
    assert names == ["a-]0;b--.warc.gz", "c.warc", "가" * 60 + ".warc.gz"]
    assert watched.json("verify")["errors"] == []


@pytest.mark.parametrize("damage", [lambda whole: whole.replace(b"PK\x01\x02", b"XXXX"), lambda whole: whole[:-40]])
def test_a_package_that_cannot_be_unpacked_is_named_and_the_others_are_imported(
    watched: Desk, tmp_path: Path, damage: Callable[[bytes], bytes]
):
    bad, good = packed(tmp_path / "bad.wacz", "a.warc.gz"), packed(tmp_path / "good.wacz", "a.warc.gz")
    bad.write_bytes(damage(bad.read_bytes()))
    done = watched.run("import", str(bad), str(good), "--format", "json")
    assert (done.code, len(json.loads(done.out)["files"])) == (2, 1)
    assert f"{bad} was not imported: it cannot be unpacked" in done.err


def test_what_is_said_of_a_file_commands_no_terminal(watched: Desk, tmp_path: Path):
    own = "<urn:uuid:\x1b]0;pwned\x07>"
    (tmp_path / "two.warc.gz").write_bytes(zipped(response(own=own), response(url=f"{URL}1", own=own)))
    for words in (("verify",), ("import",)):
        done = watched.run(*words, str(tmp_path / "two.warc.gz"))
        assert "\x1b" not in done.out + done.err
        assert "\\u001b" in done.out + done.err
