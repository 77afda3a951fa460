"""Files that other tools made, imported and verified: what is peculiar to their makers is no disagreement."""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterator
from io import BytesIO
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result
from fastwarc.warc import WarcRecord, WarcRecordType
from warcio.archiveiterator import ArchiveIterator
from warcio.statusandheaders import StatusAndHeaders
from warcio.warcwriter import WARCWriter

from cli.main import gochim
from replica.exchange import Request
from replica.portal import Portal
from replica.server import RunningPortal, serve
from storage.errors import ArchiveDisagrees
from tests.runs import Desk, desk, few_articles
from tests.warc_samples import zipped

WGET = shutil.which("wget")


class Foreign:
    """A portal, what other tools fetched of it, and an archive to import that into."""

    def __init__(self, root: Path, portal: RunningPortal) -> None:
        self.root = root
        self.portal = portal
        self.desk: Desk = desk(root / "archive", portal.url)
        told = [portal.portal.truth(one) for one in portal.portal.shown()]
        self.urls = [one["url"] for one in told if one["section"] == "policy-news"]

    def run(self, *words: str) -> Result:
        return CliRunner().invoke(gochim, [*words, "--archive", str(self.desk.root)])

    def verified(self) -> dict[str, Any]:
        return json.loads(self.run("verify", "--format", "json").stdout)

    def answers(self) -> Iterator[tuple[str, bytes, str]]:
        for url in self.urls:
            answer = self.portal.portal.answer(
                Request("GET", url.removeprefix(self.portal.url), {}, origin=self.portal.url)
            )
            yield url, answer.body, answer.media_type


@pytest.fixture(scope="module")
def portal(tmp_path_factory: pytest.TempPathFactory) -> Iterator[RunningPortal]:
    with serve(Portal.load(few_articles(tmp_path_factory.mktemp("served") / "articles", 4))) as running:
        yield running


@pytest.fixture
def foreign(tmp_path: Path, portal: RunningPortal) -> Foreign:
    return Foreign(tmp_path, portal)


def by_wget(foreign: Foreign, *options: str) -> Path:
    assert WGET, "wget is needed: apt-get install wget"
    stem = foreign.root / "by-wget"
    command = [WGET, "-q", "--no-config", "-O", str(foreign.root / "out"), f"--warc-file={stem}", *options]
    subprocess.run([*command, *foreign.urls], check=False, cwd=foreign.root, timeout=60)
    (made,) = foreign.root.glob("by-wget.warc*")
    return made


def by_wget_plain(foreign: Foreign) -> Path:
    return by_wget(foreign, "--no-warc-compression")


def by_warcio(foreign: Foreign, suffix: str = ".warc.gz") -> Path:
    path = foreign.root / f"by-warcio{suffix}"
    with path.open("wb") as file:
        writer = WARCWriter(file, gzip=suffix == ".warc.gz", warc_version="1.0")
        writer.write_record(writer.create_warcinfo_record(path.name, {"software": "warcio"}))
        for url, body, media_type in foreign.answers():
            http = StatusAndHeaders("200 OK", [("Content-Type", media_type)], protocol="HTTP/1.1")
            response = writer.create_warc_record(url, "response", payload=BytesIO(body), http_headers=http)
            head = StatusAndHeaders("GET / HTTP/1.1", [("Host", "127.0.0.1")], is_http_request=True)
            request = writer.create_warc_record(url, "request", http_headers=head)
            writer.write_request_response_pair(request, response)
            writer.write_record(
                writer.create_revisit_record(
                    url,
                    digest=response.rec_headers.get_header("WARC-Payload-Digest"),
                    refers_to_uri=url,
                    refers_to_date=response.rec_headers.get_header("WARC-Date"),
                    http_headers=http,
                )
            )
            for one in (request, response):
                one.raw_stream.close()
    return path


def by_warcio_plain(foreign: Foreign) -> Path:
    return by_warcio(foreign, ".warc")


def by_fastwarc(foreign: Foreign) -> Path:
    """Write new records with FastWARC, digests included, and no warcinfo before them."""
    path = foreign.root / "by-fastwarc.warc.gz"
    written = []
    for url, body, media_type in foreign.answers():
        record = WarcRecord()
        record.init_headers(record_type=WarcRecordType.response)
        record.headers["WARC-Target-URI"] = url
        record.headers["WARC-Date"] = "2026-01-02T03:04:05Z"
        record.headers["Content-Type"] = "application/http; msgtype=response"
        record.set_bytes_content(f"HTTP/1.1 200 OK\r\nContent-Type: {media_type}\r\n\r\n".encode() + body)
        block = BytesIO()
        record.write(block, checksum_data=True)
        written.append(block.getvalue())
    path.write_bytes(zipped(*written))
    return path


def by_py_wacz(foreign: Foreign) -> Path:
    packed = foreign.root / "packed.wacz"
    command = [sys.executable, "-m", "wacz", "create", str(by_warcio(foreign)), "-o", str(packed)]
    subprocess.run(command, check=True, capture_output=True)
    return packed


MAKERS = [by_wget, by_wget_plain, by_warcio, by_warcio_plain, by_fastwarc, by_py_wacz]


@pytest.mark.parametrize("make", MAKERS)
def test_what_another_tool_made_agrees_with_the_database(foreign: Foreign, make: Callable[[Foreign], Path]):
    file = make(foreign)
    done = foreign.run("import", str(file), "--format", "json")
    assert done.exit_code == 0, done.output
    assert json.loads(done.stdout)["new_articles"] == len(foreign.urls) > 1
    told = foreign.verified()
    assert told["errors"] == []
    assert told["files"] == 1
    assert told["captures"] >= len(foreign.urls)
    rules = [line.partition("made so by another tool: ")[2] for line in told["warnings"]]
    assert all(rules)
    assert not [rule for rule in rules if "the file was renamed" in rule]  # an import does that
    assert len(rules) == len(set(rules)) < 12
    assert foreign.run("verify").stdout.count("made so by another tool") == len(rules)
    assert foreign.run("verify", "-q").output == ""
    assert foreign.run("rebuild").exit_code == 0
    assert foreign.verified() == told


def test_an_imported_file_that_was_altered_afterwards_is_a_disagreement(foreign: Foreign):
    foreign.run("import", str(by_warcio_plain(foreign)))
    (path,) = (foreign.desk.root / "warc").glob("import-*")
    data = path.read_bytes()
    path.write_bytes(data.replace(b"warcio", b"WARCIO", 1))
    assert any("is not the file that was imported" in line for line in foreign.verified()["errors"])
    assert isinstance(foreign.run("verify").exception, ArchiveDisagrees)
    path.write_bytes(data)
    assert foreign.run("verify").exit_code == 0


def test_a_revisit_of_what_is_elsewhere_is_kept_as_a_look_that_could_not_tell(foreign: Foreign):
    whole = by_warcio(foreign)
    kept = foreign.root / "revisits.warc.gz"
    with whole.open("rb") as source, kept.open("wb") as target:
        writer = WARCWriter(target, gzip=True, warc_version="1.0")
        for record in ArchiveIterator(source):
            if record.rec_type == "revisit":
                writer.write_record(record)
    assert foreign.run("import", str(kept)).exit_code == 0
    told = foreign.verified()
    assert told["errors"] == []
    assert any("revisit" in line for line in told["warnings"])
    assert json.loads(foreign.run("status", "--format", "json").stdout)["outcomes"] == {"incomplete": len(foreign.urls)}
    assert foreign.run("import", str(whole)).exit_code == 0
    status = json.loads(foreign.run("status", "--format", "json").stdout)
    assert status["counts"]["articles"] == len(foreign.urls)
    assert foreign.verified()["errors"] == []
