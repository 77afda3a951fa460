"""The reader over an archive of real WARC files: records, files, replay, and reading while others write."""

from __future__ import annotations

import asyncio
import io
import re
import shutil
import signal
import subprocess
import sys
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from httpx import Response
from playwright.sync_api import sync_playwright
from warcio.archiveiterator import ArchiveIterator

from cli import database
from reader import replaying
from reader.plugin import Reader
from reader.server import reader
from replica.actions import EditTitle
from storage import captures, changes, contents, documents, versions
from storage.cdxj import complete_index
from storage.change_query import Query
from storage.errors import SettingsError
from storage.records import Block, Capture, Document
from tests import judges
from tests.drill import BASE, Drill
from tests.runs import ROOT, environment

CHROMIUM = shutil.which("chromium")
TITLE = "고친 제목이 여기 있다"


@dataclass(frozen=True, slots=True)
class Read:
    """An archive after two runs between which one article was edited, and a reader of it."""

    drill: Drill
    reader: Reader
    edited: str

    def ask(self, path: str, **options: Any) -> Response:
        return asyncio.run(self.reader.client.get(path, **options))

    def captures(self) -> list[Capture]:
        with closing(self.drill.archive.database()) as db:
            return [captures.from_row(row) for row in db.execute("SELECT * FROM captures ORDER BY id")]


@pytest.fixture(scope="module")
def read(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Read]:
    drill = Drill(tmp_path_factory.mktemp("reading"), 2, files=True)
    edited = drill.section("policy-news")[0]
    drill.run()
    EditTitle(drill.articles[edited], TITLE).apply(drill.portal.state)
    drill.run()
    complete_index(drill.archive)
    made = reader(drill.archive, drill.addresses, "127.0.0.1", "http://127.0.0.1:1")
    yield Read(drill, made, drill.addresses.address(edited).article)
    drill.db.close()


def test_a_record_is_handed_over_as_it_stands_in_its_file_and_never_shown(read: Read):
    one = next(capture for capture in read.captures() if capture.article == read.edited)
    answer = read.ask(f"/records/{one.id}")
    whole = (read.drill.archive.root / one.evidence.warc).read_bytes()
    assert answer.content == whole[one.evidence.offset : one.evidence.offset + one.evidence.length]
    assert answer.headers["content-type"] == "application/warc"
    assert answer.headers["content-disposition"] == f'attachment; filename="capture-{one.id}.warc.gz"'
    assert answer.headers["memento-datetime"].endswith(" GMT")
    (record,) = ArchiveIterator(io.BytesIO(answer.content))
    assert record.rec_headers.get_header("WARC-Target-URI") == one.url


def test_a_revisit_comes_with_the_record_that_it_repeats(read: Read):
    one = next(capture for capture in read.captures() if capture.kind == "revisit")
    records = list(ArchiveIterator(io.BytesIO(read.ask(f"/records/{one.id}").content)))
    assert [record.rec_type for record in records] == ["response", "revisit"]
    assert records[0].rec_headers.get_header("WARC-Record-ID") == f"<{one.refers_to}>"


def test_a_record_that_is_gone_or_too_large_is_named(read: Read, monkeypatch: pytest.MonkeyPatch):
    one = read.captures()[0]
    assert read.ask("/records/999999").status_code == 404
    monkeypatch.setattr("reader.archived._MOST", one.evidence.length - 1)
    large = read.ask(f"/records/{one.id}?lang=en")
    assert large.status_code == 413
    assert f"from byte {one.evidence.offset} of {one.evidence.warc}" in large.text
    monkeypatch.undo()
    path = read.drill.archive.root / one.evidence.warc
    path.rename(path.with_suffix(".away"))
    try:
        gone = read.ask(f"/records/{one.id}?lang=en")
        assert (gone.status_code, one.evidence.warc in gone.text) == (404, True)
    finally:
        path.with_suffix(".away").rename(path)


def test_what_an_attached_file_says_is_read_from_its_version(read: Read):
    with closing(read.drill.archive.database()) as db:
        (name,) = db.execute("SELECT article FROM versions v JOIN attachments a ON a.version_id = v.id").fetchone()
        texts = [one for _, _, one in documents.of_version(db, name, 1) if one.blocks]
        names = dict(db.execute("SELECT sha256, name FROM attachments"))
    shown = read.ask(f"/articles/{name}/versions/1").text
    for text in texts:
        assert f"/files/{text.sha256}" in shown
        page = read.ask(f"/files/{text.sha256}")
        assert page.status_code == 200
        assert f"/articles/{name}" in page.text
        # told apart among tabs and history by its own name
        assert f"<title>{names[text.sha256]} · 첨부파일의 본문 · 고침</title>" in page.text
        for block in text.blocks:
            words = block.text.split()
            assert not words or words[0] in page.text
    assert texts
    assert read.ask(f"/files/{'0' * 64}").status_code == 404


def test_what_members_of_a_zip_file_say_stands_under_their_names(read: Read):
    blocks = (Block("table", "사진.jpg\t3\tgh"), Block("member", "붙임/표.hwpx"), Block("paragraph", "글"))
    with closing(read.drill.archive.database()) as db, db:
        documents.add(db, Document("ab" * 32, "read", "application/zip", blocks), "reader")
    page = read.ask(f"/files/{'ab' * 32}").text
    assert "<h3><bdi>붙임/표.hwpx</bdi></h3>" in page
    with closing(read.drill.archive.database()) as db, db:
        db.execute("DELETE FROM attachment_texts WHERE sha256 = ?", ("ab" * 32,))


def test_a_capture_says_what_it_is_and_when_else_its_address_was_captured(read: Read):
    mine = [capture for capture in read.captures() if capture.article == read.edited and capture.role == "article"]
    page = read.ask(f"/captures/{mine[0].id}").text
    assert mine[0].evidence.record_id in page
    assert all(f"/captures/{one.id}" in page for one in mine)
    assert f"/articles/{read.edited}/versions/1" in page
    assert read.ask("/captures/999999").status_code == 404


def test_it_reads_on_while_a_run_writes_and_sees_what_was_filed_at_the_next_click(read: Read):
    before = read.ask("/versions/changes.json?_size=0").json()["filtered_table_rows_count"]
    db = read.drill.db
    db.execute("BEGIN IMMEDIATE")
    db.execute("UPDATE runs SET requests = requests + 1")
    try:
        assert read.ask("/").status_code == 200
        assert read.ask("/health").status_code == 200
    finally:
        db.rollback()
    address = read.drill.section("policy-news")[1]
    EditTitle(read.drill.articles[address], "둘째 글도 제목이 바뀌었다").apply(read.drill.portal.state)
    with read.drill.archive.locked():
        read.drill.capture()
        assert read.ask("/versions/changes.json?_size=0").json()["filtered_table_rows_count"] == before
        read.drill.catch_up()
        assert "둘째 글도 제목이 바뀌었다" in read.ask("/").text
    assert read.ask("/versions/changes.json?_size=0").json()["filtered_table_rows_count"] == before + 1
    complete_index(read.drill.archive)


def test_it_reads_on_while_the_database_is_made_anew_and_takes_the_new_one(read: Read):
    archive, seen = read.drill.archive, []
    with closing(archive.database()) as db:
        digest, old = contents.content_digest(db), archive.database_path.stat().st_ino
        found = changes.total(db, Query())
    answers = []

    def step(stage: str, name: str, of: int) -> None:
        if stage not in seen:
            seen.append(stage)
            answers.append(read.ask("/"))

    with archive.locked():
        database.rebuild(archive, read.drill.addresses, 1, step)
    assert len(seen) > 1
    answers.append(read.ask("/"))
    assert [one.status_code for one in answers] == [200] * len(answers)
    assert len({re.sub(r"<time.*?</time>", "", one.text) for one in answers}) == 1
    assert archive.database_path.stat().st_ino != old
    with closing(archive.database()) as db:
        assert contents.content_digest(db) == digest
    assert read.ask("/versions/changes.json?_size=0").json()["filtered_table_rows_count"] == found
    read.drill.db.close()
    read.drill.db = archive.database()  # What was open is the old one, and later tests write.


def test_without_pywb_it_is_said_how_to_have_it(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setenv("GOCHIM_WAYBACK", "/nowhere/wayback")
    with pytest.raises(SettingsError, match=r"pip install 'gochim\[replay\]'"):
        replaying.wayback()
    monkeypatch.setenv("GOCHIM_WAYBACK", str(Path(judges.python()).with_name("wayback")))
    assert Path(replaying.wayback()).name == "wayback"


@dataclass(frozen=True, slots=True)
class Served:
    """What ``gochim serve --replay`` said of itself."""

    process: subprocess.Popen[str]
    base: str
    replay: str

    def get(self, path: str, **headers: str) -> Any:
        return urllib.request.urlopen(urllib.request.Request(self.base + path, headers=headers), timeout=30)


@pytest.fixture
def served(read: Read) -> Iterator[Served]:
    command = [sys.executable, "-m", "cli", "serve", "--port", "0", "--replay", "--archive"]
    wayback = str(Path(judges.python()).with_name("wayback"))
    process = subprocess.Popen(
        [*command, str(read.drill.archive.root)], stderr=subprocess.PIPE, text=True, cwd=ROOT,
        env=environment(GOCHIM_WAYBACK=wayback),
    )  # fmt: skip
    assert process.stderr is not None
    base, replay = (re.search(r"http://[^\s]+(?=/)", process.stderr.readline())[0] for _ in range(2))
    yield Served(process, base, replay)
    if process.poll() is None:
        process.send_signal(signal.SIGTERM)
        process.communicate(timeout=60)


@pytest.mark.browser
@pytest.mark.enable_socket
@pytest.mark.skipif(CHROMIUM is None, reason="Debian's chromium is not installed")
def test_a_version_opens_in_its_own_look_of_that_moment(read: Read, served: Served):
    with closing(read.drill.archive.database()) as db:
        old, new = versions.versions(db, read.edited)
    files = {path: path.stat().st_mtime_ns for path in read.drill.archive.warcs.iterdir()}
    shown = served.get(f"/articles/{read.edited}/versions/1").read().decode()
    link = re.search(rf'href="({re.escape(served.replay)}/[^"]+)"', shown)[1]
    assert old.evidence.captured_at.strftime("%Y%m%d%H%M%S") in link
    url = old.article.url
    with served.get(f"/timegate/{url}", **{"Accept-Datetime": "Thu, 01 Jan 1998 00:00:00 GMT"}) as gate:
        assert gate.url.startswith(link.partition(BASE)[0])
        assert gate.headers["Memento-Datetime"]
    told = served.get(f"/timemap/link/{url}").read().decode()
    assert told.count(served.replay) == len([one for one in read.captures() if one.url == url])
    asked: list[str] = []
    with sync_playwright() as player:
        chromium = player.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox", "--disable-gpu"])
        page = chromium.new_page()
        page.on("request", lambda request: asked.append(request.url))
        for version, text in ((old, old.article.title), (new, TITLE)):
            page.goto(f"{served.base}/articles/{read.edited}/versions/{version.version}")
            page.locator(f'a[href^="{served.replay}"]').first.click()
            frame = page.frame_locator("#replay_iframe")
            frame.get_by_text(text).first.wait_for()
        chromium.close()
    assert [one for one in asked if not one.startswith(("http://127.0.0.1:", "data:", "blob:"))] == []
    assert {path: path.stat().st_mtime_ns for path in read.drill.archive.warcs.iterdir()} == files
    served.process.send_signal(signal.SIGTERM)
    served.process.communicate(timeout=60)
    assert served.process.returncode == 0
    with pytest.raises(urllib.error.URLError):
        urllib.request.urlopen(served.replay, timeout=5)
