"""Files of Browsertrix, Heritrix 3, Wayback downloads and pywb's recorder become looks and versions at their dates."""

from __future__ import annotations

import json
import os
import pty
import re
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Callable, Iterator
from contextlib import closing
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner

from cli.main import gochim
from replica.exchange import Request
from replica.portal import Portal
from replica.server import serve
from storage import versions
from storage.archive import Archive
from tests import judges
from tests.foreign_files import Look, browsertrix, heritrix, wayback
from tests.runs import Desk, desk, few_articles
from tests.serving import free_port

BASE = "http://127.0.0.1:8123"
FIRST = datetime(2026, 3, 1, 1, 2, 3, tzinfo=UTC)
HOUR = timedelta(hours=1)
ELSEWHERE = Look("https://elsewhere.example/news/policyNewsView.do?newsId=1", FIRST, b"<p>x</p>")


@pytest.fixture(scope="module")
def portal(tmp_path_factory: pytest.TempPathFactory) -> Portal:
    return Portal.load(few_articles(tmp_path_factory.mktemp("portal") / "articles", 2), sections=["policy-news"])


@pytest.fixture
def watched(tmp_path: Path) -> Desk:
    return desk(tmp_path / "archive", BASE)


def run(watched: Desk, *words: str) -> str:
    done = CliRunner().invoke(gochim, [*words, "--archive", str(watched.root)])
    assert done.exit_code == 0, done.output
    return done.stdout


def told(watched: Desk, *words: str) -> Any:
    return json.loads(run(watched, *words, "--format", "json"))


def page(portal: Portal, edited: bool = False) -> tuple[str, str, bytes]:
    """Give the id, the address and the page of an article, with one word of its title changed."""
    name = min(portal.shown())
    truth = portal.truth(name)
    target = "/" + truth["url"].split("/", 3)[3]
    body = portal.answer(Request("GET", target, {}, origin=BASE)).body
    title = truth["title"]
    return name, BASE + target, body.replace(title.encode(), f"{title} 고침".encode()) if edited else body


def looks_at(portal: Portal) -> list[Look]:
    """An article at one o'clock, the same bytes an hour later, edited after two, and another site's page."""
    _, url, body = page(portal)
    _, _, edited = page(portal, edited=True)
    return [Look(url, FIRST, body), ELSEWHERE, Look(url, FIRST + HOUR, body), Look(url, FIRST + 2 * HOUR, edited)]


SHAPES = [(browsertrix, "one.wacz"), (heritrix, "one.warc.gz"), (wayback, "one.warc.gz")]


@pytest.mark.parametrize(("write", "name"), SHAPES)
def test_each_shape_becomes_looks_and_versions_at_their_own_dates(
    portal: Portal, watched: Desk, tmp_path: Path, write: Callable[[Path, list[Look]], Path], name: str
):
    file = write(tmp_path / name, looks_at(portal))
    done = told(watched, "import", str(file))
    assert (done["new_articles"], done["new_versions"], len(done["changes"])) == (1, 2, 1)
    assert done["left_out"] == 1
    with closing(Archive(watched.root).database()) as db:
        article = page(portal)[0]
        first, second = versions.versions(db, article)
        assert (first.first_seen, first.last_seen) == (FIRST, FIRST + HOUR)
        assert second.first_seen == FIRST + 2 * HOUR
        assert second.article.title.endswith(" 고침")
        assert [one.outcome for one in versions.checks(db, article)] == ["read"] * 3
    status = told(watched, "status")
    again = told(watched, "import", str(file))
    assert (again["files"], again["new_captures"], again["changes"]) == ([], 0, [])
    assert told(watched, "status")["content_digest"] == status["content_digest"]
    run(watched, "rebuild")
    assert told(watched, "status")["content_digest"] == status["content_digest"]
    assert told(watched, "verify")["errors"] == []


def test_a_look_that_heritrix_found_not_modified_is_a_look_at_the_same_version(portal, watched, tmp_path):
    article, url, body = page(portal)
    file = heritrix(tmp_path / "one.warc.gz", [Look(url, FIRST, body), Look(url, FIRST + HOUR, None)])
    assert told(watched, "import", str(file))["new_versions"] == 1
    with closing(Archive(watched.root).database()) as db:
        (version,) = versions.versions(db, article)
        assert (version.first_seen, version.last_seen) == (FIRST, FIRST + HOUR)
    assert told(watched, "verify")["errors"] == []


def test_a_rebuild_leaves_the_parquet_lake_as_it_is(portal, watched, tmp_path):
    run(watched, "import", str(heritrix(tmp_path / "one.warc.gz", looks_at(portal))))
    lake = str(tmp_path / "lake")
    assert "written" in run(watched, "export", "parquet", "-o", lake)
    run(watched, "rebuild")
    assert "lake: 0 files written (0 rows)" in run(watched, "export", "parquet", "-o", lake)


def test_a_rebuild_shows_rate_and_time_left_on_a_terminal_and_nothing_in_a_pipe(portal, watched, tmp_path):
    run(watched, "import", str(heritrix(tmp_path / "one.warc.gz", looks_at(portal))))
    piped = CliRunner().invoke(gochim, ["rebuild", "--workers", "2", "--archive", str(watched.root)])
    assert piped.stderr == ""
    ours, theirs = pty.openpty()
    command = [sys.executable, "-m", "cli", "rebuild", "--workers", "2", "--archive", str(watched.root)]
    environment = {**os.environ, "TERM": "xterm", "COLUMNS": "160"}
    done = subprocess.run(command, stdout=subprocess.PIPE, stderr=theirs, env=environment, check=True, timeout=60)
    os.close(theirs)
    shown = b""
    while True:
        try:
            shown += os.read(ours, 65536)
        except OSError:  # The terminal's other end is closed and all is read.
            break
    os.close(ours)
    assert b"sha256:" in done.stdout
    for stage in ("WARC files", "articles read", "articles compared"):
        assert stage in shown.decode()
    assert "1/1" in shown.decode()
    assert re.search(r"[\d-]:[\d-]{2}:[\d-]{2}", shown.decode()), shown  # the time left


@pytest.fixture
def recorder(tmp_path: Path) -> Iterator[tuple[str, Path]]:
    """Run pywb on loopback so that it records what is fetched through it."""
    home = tmp_path / "pywb"
    home.mkdir()
    subprocess.run(
        [judges.python(), "-W", "ignore", "-c", "from pywb.manager.manager import main; main(['init', 'kept'])"],
        cwd=home, check=True, capture_output=True,
    )  # fmt: skip
    (home / "config.yaml").write_text(
        json.dumps({"recorder": {"source_coll": "live"}, "collections": {"live": "$live"}})
    )
    port = str(free_port())
    command = [judges.python(), "-W", "ignore", "-c", "from pywb.apps.cli import wayback; wayback()"]
    with (home / "log").open("wb") as log:
        process = subprocess.Popen(
            [*command, "--record", "-b", "127.0.0.1", "-p", port], stdout=log, stderr=subprocess.STDOUT, cwd=home
        )
    try:
        _wait_for(int(port), process)
        yield f"http://127.0.0.1:{port}/kept/record/id_", home / "collections" / "kept" / "archive"
    finally:
        process.terminate()
        process.wait(60)


def _wait_for(port: int, process: subprocess.Popen[bytes]) -> None:
    for _ in range(200):
        assert process.poll() is None, "pywb ended"
        with socket.socket() as one:
            if one.connect_ex(("127.0.0.1", port)) == 0:
                return
        time.sleep(0.1)
    raise AssertionError("pywb does not listen after 20 s")


def test_what_pywb_recorded_is_imported(tmp_path: Path, recorder: tuple[str, Path]):
    through, kept = recorder
    articles = few_articles(tmp_path / "articles", 2)
    with serve(Portal.load(articles, sections=["policy-news"])) as running:
        names = running.portal.shown()
        for name in names:
            url = running.portal.truth(name)["url"]
            with urllib.request.urlopen(f"{through}/{url}", timeout=60) as answer:
                assert answer.status == 200
        watched = desk(tmp_path / "archive", running.url)
    files = [str(one) for one in sorted(kept.glob("*.warc.gz"))]
    done = told(watched, "import", *files)
    assert done["new_articles"] == len(names) == 2
    digest = told(watched, "status")["content_digest"]
    assert told(watched, "import", *files)["new_captures"] == 0
    assert told(watched, "status")["content_digest"] == digest
    assert told(watched, "verify")["errors"] == []
