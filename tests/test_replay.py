"""Replay: pywb gives back what was captured, byte for byte, and a browser shows it with the portal gone."""

from __future__ import annotations

import io
import json
import os
import re
import subprocess
import time
import urllib.error
import urllib.parse
import urllib.request
import zipfile
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any, ClassVar

import pytest
from click.testing import CliRunner
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat
from playwright.sync_api import sync_playwright

from cli.exporting import export
from replica.portal import Portal
from replica.server import serve
from replica.switches import Switches
from storage import captures
from storage.archive import Archive
from storage.cdxj import complete_index
from storage.records import Capture
from storage.warc_parser import Record
from storage.warc_reader import iter_records, payload_of
from tests import judges
from tests.makers import index_faults
from tests.runs import desk, few_articles
from tests.serving import free_port, serving

CHROMIUM = Path("/usr/bin/chromium")
ARTICLE = "policyNewsView.do"
LIST = "policyNewsList.do"


@dataclass(frozen=True, slots=True)
class Replay:
    """An archive whose portal is gone, and pywb in front of it."""

    archive: Archive
    base: str
    found: tuple[Capture, ...]
    requests: dict[str, bytes]

    def of(self, part: str, kind: str = "response", method: str = "GET") -> list[Capture]:
        """Give the captures of this kind whose address holds ``part``, oldest first."""
        return [
            one
            for one in self.found
            if part in one.url and (one.kind, one.method) == (kind, method) and one.status == 200
        ]

    def payload(self, capture: Capture) -> bytes:
        with closing(self.archive.database()) as db:
            return payload_of(self.archive.root, capture, lambda record: captures.by_record(db, record))

    def get(self, capture: Capture, data: bytes | None = None) -> bytes:
        """Ask pywb for the capture as it was, ``id_``, without following a redirect to another one."""
        url = f"{self.base}/{stamp(capture)}id_/{capture.url}"
        with urllib.request.build_opener(NoRedirect).open(url, data, timeout=60) as answer:
            return bytes(answer.read())


class NoRedirect(urllib.request.HTTPRedirectHandler):
    def redirect_request(self, *_: Any) -> None:
        return None


def stamp(capture: Capture) -> str:
    return f"{capture.captured_at:%Y%m%d%H%M%S}"


@pytest.fixture(scope="module")
def replay(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Replay]:
    root = tmp_path_factory.mktemp("replay")
    # One row a page, so that lists are paged by POST.
    with serve(Portal.load(few_articles(root / "articles"), switches=Switches(page_size=1))) as portal:
        made = desk(root / "archive", portal.url)
        for number in range(2):
            if number:
                # Two captures within one second cannot be told apart by their 14 digits.
                time.sleep(1.1)
            made.ok("crawl", "--recheck", "all")
    archive = Archive(made.root)
    complete_index(archive)
    assert index_faults(archive) == []
    with closing(archive.database()) as db:
        found = tuple(captures.from_row(row) for row in db.execute("SELECT * FROM captures ORDER BY captured_at, id"))
    with pywb(archive, root / "pywb") as base:
        yield Replay(archive, base, found, posted(archive))


def posted(archive: Archive) -> dict[str, bytes]:
    """Give the bodies of POST requests by the ids of their responses' records."""
    bodies = {}
    for path in sorted(archive.warcs.glob("*.warc.gz")):
        for record in iter_records(path):
            if record.type == "request" and record.block.startswith(b"POST "):
                bodies[concurrent(record)] = record.block.partition(b"\r\n\r\n")[2]
    return bodies


def concurrent(record: Record) -> str:
    return (record.headers.get("WARC-Concurrent-To") or "").strip("<>")


@contextmanager
def pywb(archive: Archive, home: Path) -> Iterator[str]:
    """Run pywb on a free loopback port over an archive's own files, nothing copied."""
    home.mkdir()
    places = {"index_paths": f"{archive.root / 'index'}/", "archive_paths": f"{archive.warcs}/"}
    config = {"collections": {"gochim": places}, "enable_auto_colls": False}
    (home / "config.yaml").write_text(json.dumps(config))
    port = str(free_port())
    command = [judges.python(), "-W", "ignore", "-c", "from pywb.apps.cli import wayback; wayback()"]
    with (home / "log").open("wb") as log:
        process = subprocess.Popen(
            [*command, "-b", "127.0.0.1", "-p", port, "-d", str(home)], stdout=log, stderr=subprocess.STDOUT, cwd=home
        )
        try:
            yield f"{answering(f'http://127.0.0.1:{port}', process, home / 'log')}/gochim"
        finally:
            process.terminate()
            process.wait(60)


def answering(base: str, process: subprocess.Popen[bytes], log: Path) -> str:
    for _ in range(300):
        assert process.poll() is None, log.read_text()
        try:
            urllib.request.urlopen(base, timeout=5).close()
        except urllib.error.URLError:
            time.sleep(0.1)
        else:
            return base
    raise AssertionError(log.read_text())


def test_every_capture_is_replayed_byte_for_byte(replay: Replay):
    pages = [one for one in replay.found if one.kind == "response" and one.method == "GET" and one.status == 200]
    assert len(pages) > 20
    for capture in pages:
        assert replay.get(capture) == replay.payload(capture), capture.url


def test_an_article_is_what_the_portal_sent(replay: Replay):
    first, second = replay.of(ARTICLE)[0], replay.of(ARTICLE)[-1]
    assert first.captured_at < second.captured_at
    body = replay.get(first)
    assert body == replay.payload(first)
    assert b"<html" in body


def test_a_revisit_replays_the_bytes_of_its_original(replay: Replay):
    revisits = replay.of("/common/download.do", "revisit")
    assert revisits
    for revisit in revisits:
        (original,) = [one for one in replay.found if one.evidence.record_id == revisit.refers_to]
        assert stamp(revisit) != stamp(original)
        assert replay.get(revisit) == replay.payload(original) != b""


def test_pages_of_a_list_are_told_apart_by_what_was_posted(replay: Replay):
    lists = [one for one in replay.of(LIST, "response", "POST") if one.evidence.record_id in replay.requests]
    assert lists
    for capture in lists:
        shown = replay.get(capture, replay.requests[capture.evidence.record_id])
        assert shown == replay.payload(capture)
        asked = [one for one in replay.of(LIST) if stamp(one) <= stamp(capture)]
        assert replay.get(asked[-1]) != shown


def test_the_timemap_lists_both_captures(replay: Replay):
    for kind, part in (("response", ARTICLE), ("revisit", "/common/download.do")):
        url = replay.of(part, kind)[-1].url
        with urllib.request.urlopen(f"{replay.base}/timemap/link/{url}", timeout=60) as answer:
            listed = re.findall(r"/(\d{14})[a-z_]*/", answer.read().decode())
        taken = {stamp(one) for one in replay.found if one.url == url}
        assert len(taken) == 2
        assert taken <= set(listed)


def test_what_was_never_captured_is_not_found(replay: Replay):
    with pytest.raises(urllib.error.HTTPError, match="404"):
        urllib.request.urlopen(f"{replay.base}/2026id_/http://127.0.0.1:9/nothing", timeout=60)


@pytest.fixture(scope="module")
def browser(replay: Replay) -> Iterator[Any]:
    if not CHROMIUM.exists():
        pytest.skip("chromium is not installed: apt-get install chromium")
    # Nothing but loopback has an address for this browser.
    away = ["--host-resolver-rules=MAP * ~NOTFOUND , EXCLUDE 127.0.0.1", "--disable-background-networking"]
    with sync_playwright() as player:
        chromium = player.chromium.launch(
            executable_path=str(CHROMIUM), args=["--no-sandbox", "--disable-dev-shm-usage", "--disable-gpu", *away]
        )
        yield chromium
        chromium.close()


@pytest.mark.browser
@pytest.mark.enable_socket
@pytest.mark.parametrize("width", [390, 1280])
def test_a_browser_shows_an_archived_article(replay: Replay, browser: Any, width: int, tmp_path: Path):
    capture, title, images = illustrated(replay)
    page = browser.new_page(viewport={"width": width, "height": 900})
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    assert page.goto(f"{replay.base}/{stamp(capture)}/{capture.url}", wait_until="networkidle").ok
    shown = page.frame(name="replay_iframe") or page.frames[-1]
    heading = shown.get_by_role("heading", name=title, exact=True)
    heading.wait_for(state="visible", timeout=60_000)
    heading.scroll_into_view_if_needed()
    drawn = heading.bounding_box()
    assert 0 <= drawn["x"] < drawn["x"] + drawn["width"] <= width
    assert shown.evaluate("innerWidth") == width
    pictures = shown.evaluate("[...document.images].map((one) => [one.src, one.naturalWidth])")
    for image in images:
        assert any(src.endswith(image) and wide > 0 for src, wide in pictures), (image, pictures)
    shot = Path(os.environ.get("GOCHIM_SCREENSHOTS", tmp_path)) / f"article-{width}.png"
    page.screenshot(path=shot)
    assert shot.stat().st_size > 10_000
    strangers = [url for url in asked if not url.startswith((replay.base.removesuffix("gochim"), "data:", "blob:"))]
    assert asked
    assert strangers == []
    page.close()


def illustrated(replay: Replay) -> tuple[Capture, str, list[str]]:
    """Choose an article with a picture: its first capture, its title, the pictures' addresses."""
    with closing(replay.archive.database()) as db:
        row = db.execute("SELECT * FROM versions WHERE images != '[]' ORDER BY article").fetchone()
    (first, *_) = [one for one in replay.found if one.article == row["article"] and one.role == "article"]
    return first, row["title"], [image["src"] for image in json.loads(row["images"])]


class Shelf(BaseHTTPRequestHandler):
    """Serves a few files with byte ranges, which a player of WACZ files reads."""

    protocol_version = "HTTP/1.1"
    files: ClassVar[dict[str, tuple[str, bytes]]] = {}

    def do_GET(self) -> None:
        kind, data = self.files.get(self.path.partition("?")[0], ("", b""))
        self.send_response(206 if self.headers["Range"] and data else 200 if data else 404)
        # "bytes=100-199", "bytes=100-", "bytes=-200"
        if data and (wanted := re.fullmatch(r"bytes=(\d*)-(\d*)", self.headers["Range"] or "")):
            start = int(wanted[1]) if wanted[1] else max(0, len(data) - int(wanted[2]))
            end = min(int(wanted[2]) + 1 if wanted[1] and wanted[2] else len(data), len(data))
            self.send_header("Content-Range", f"bytes {start}-{end - 1}/{len(data)}")
            data = data[start:end]
        self.send_header("Accept-Ranges", "bytes")
        self.send_header("Content-Type", kind)
        self.send_header("Content-Length", str(len(data)))
        self.end_headers()
        if self.command == "GET":
            self.wfile.write(data)

    do_HEAD = do_GET  # noqa: N815  # the name is the standard library's

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002  # the name is the standard library's
        """Say nothing."""


OPEN = """async (address) => {
    const worker = navigator.serviceWorker;
    const controlled = new Promise((done) => worker.addEventListener("controllerchange", done, {once: true}));
    await worker.register("/sw.js", {scope: "/"});
    if (!worker.controller) await controlled;
    const added = new Promise((done) => worker.addEventListener("message", (event) => {
        if (event.data.msg_type === "collAdded" || event.data.error) done(event.data);
    }));
    worker.controller.postMessage({msg_type: "addColl", name: "a", file: {sourceUrl: address}});
    return await added;
}"""

SHOW = """(address) => {
    const frame = document.createElement("iframe");
    frame.name = "shown";
    frame.src = address;
    document.body.append(frame);
}"""

SIGNED = """async ([key, signature, text]) => {
    const bytes = (one) => Uint8Array.from(atob(one), (letter) => letter.charCodeAt(0));
    const algorithm = {name: "ECDSA", namedCurve: "P-384"};
    const made = await crypto.subtle.importKey("spki", bytes(key), algorithm, false, ["verify"]);
    const signed = new TextEncoder().encode(text);
    return crypto.subtle.verify({name: "ECDSA", hash: "SHA-256"}, made, bytes(signature), signed);
}"""


@pytest.fixture
def shelf(replay: Replay, tmp_path: Path) -> Iterator[str]:
    """Serve a signed package of the archive, and the player that ReplayWeb.page is made of."""
    key = ec.generate_private_key(ec.SECP384R1())
    (tmp_path / "key.pem").write_bytes(key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()))
    words = ["wacz", "-o", str(tmp_path / "a.wacz"), "--key", str(tmp_path / "key.pem")]
    CliRunner().invoke(export, [*words, "--archive", str(replay.archive.root)], catch_exceptions=False)
    Shelf.files = {
        "/": ("text/html", b"<!doctype html><body></body>"),
        "/sw.js": ("application/javascript", judges.player()),
        "/a.wacz": ("application/zip", (tmp_path / "a.wacz").read_bytes()),
    }
    with serving(ThreadingHTTPServer(("127.0.0.1", 0), Shelf)) as server:
        yield f"http://127.0.0.1:{server.server_port}"


@pytest.mark.browser
@pytest.mark.enable_socket
def test_a_player_in_a_browser_opens_the_signed_package(replay: Replay, browser: Any, shelf: str):
    capture, title, images = illustrated(replay)
    page = browser.new_page()
    page.goto(f"{shelf}/")
    assert page.evaluate(OPEN, f"{shelf}/a.wacz")["msg_type"] == "collAdded"
    told = page.evaluate("(address) => fetch(address).then((one) => one.json())", f"{shelf}/w/api/c/a?all=1")
    assert (capture.url, title) in {(one["url"], one["title"]) for one in told["pages"]}
    assert all(one["text"] for one in told["pages"])
    with zipfile.ZipFile(io.BytesIO(Shelf.files["/a.wacz"][1])) as package:
        digest = json.loads(package.read("datapackage-digest.json"))
    signed = digest["signedData"]
    assert told["verify"]["publicKey"] == signed["publicKey"]
    assert told["verify"]["datapackageHash"] == digest["hash"]
    assert page.evaluate(SIGNED, [signed["publicKey"], signed["signature"], digest["hash"]]) is True
    assert page.evaluate(SIGNED, [signed["publicKey"], signed["signature"], digest["hash"] + "0"]) is False
    page.evaluate(SHOW, f"{shelf}/w/a/{stamp(capture)}mp_/{capture.url}")
    heading = page.frame_locator("iframe[name=shown]").get_by_role("heading", name=title, exact=True)
    heading.wait_for(state="visible", timeout=60_000)
    shown = page.frame(name="shown")
    for image in images:
        shown.wait_for_function(
            "(end) => [...document.images].some((o) => o.src.endsWith(end) && o.naturalWidth)", arg=image
        )
    page.close()
