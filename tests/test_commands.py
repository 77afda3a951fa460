"""What goes wrong for users: a clear sentence, the right exit code, nothing lost."""

from __future__ import annotations

import json
import re
import shutil
import signal
import sqlite3
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import closing
from dataclasses import replace
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path

import pytest

from replica.exchange import Answer, Request
from replica.portal import Portal
from replica.server import RunningPortal, serve
from replica.state import Fault
from replica.switches import Switches
from storage.archive import Archive
from tests.runs import ROOT, Desk, desk, environment, few_articles
from tests.serving import free_port, serving
from tests.warc_samples import raw_record, zipped


@pytest.fixture(scope="module")
def articles(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return few_articles(tmp_path_factory.mktemp("filed") / "articles")


@pytest.fixture(scope="module")
def server(articles: Path) -> Iterator[RunningPortal]:
    """One address for all tests, so that an archive of it can be copied; what stands there is each test's own."""
    with serve(Portal.load(articles)) as running:
        yield running


@pytest.fixture(scope="module")
def crawled(server: RunningPortal, articles: Path, tmp_path_factory: pytest.TempPathFactory) -> tuple[Desk, int]:
    """An archive after its first crawl, and how many requests that took; tests work on copies."""
    show(server, articles)
    archive = desk(tmp_path_factory.mktemp("crawled") / "archive", server.url)
    archive.ok("crawl")
    return archive, len(server.portal.log)


def show(server: RunningPortal, articles: Path, rendered: int = 0) -> RunningPortal:
    """Put a portal as it is at first at the server's address; it has rendered so many pages before."""
    server.portal = server._server.portal = Portal.load(articles, switches=Switches())
    server.portal.base_url, server.portal._renderings = server.url, rendered
    return server


@pytest.fixture
def portal(server: RunningPortal, articles: Path) -> RunningPortal:
    return show(server, articles)


@pytest.fixture
def watched(portal: RunningPortal, tmp_path: Path) -> Desk:
    return desk(tmp_path / "archive", portal.url)


@pytest.fixture
def seen(crawled: tuple[Desk, int], portal: RunningPortal, articles: Path, tmp_path: Path) -> Desk:
    """An archive that was crawled once."""
    show(portal, articles, crawled[1])
    return Desk(Path(shutil.copytree(crawled[0].root, tmp_path / "archive")))


def fails(done, code: int, *said: str) -> None:
    assert done.code == code, done
    assert "Traceback" not in done.err
    for words in said:
        assert words in done.err, done.err


def test_init_writes_settings_that_are_read_back(tmp_path: Path):
    archive = Desk(tmp_path / "archive")
    archive.ok("init", "--contact", "desk@example.org")
    assert 'contact = "desk@example.org"' in (tmp_path / "archive" / "gochim.toml").read_text(encoding="utf-8")
    fails(archive.run("init"), 2, "is there already")


def test_init_with_words_that_are_off_leaves_nothing(tmp_path: Path):
    for words, said in (
        (("--url", "nosuch"), "gochim: --url must be an address such as \"https://www.korea.kr\" (it is 'nosuch')."),
        (("--url", "https://www.korea.kr/news/"), "--url must name the portal alone"),
        (("--contact", "a@example.org\nX: y"), "--contact must be one line of text"),
    ):
        done = Desk(tmp_path / "archive").run("init", *words)
        fails(done, 2, said)
        assert "gochim.toml" not in done.err
    assert list(tmp_path.iterdir()) == []


def test_without_settings_a_crawl_says_how_to_make_them(tmp_path: Path):
    fails(Desk(tmp_path / "nothing").run("crawl"), 2, "gochim init")
    fails(Desk(tmp_path / "nothing").run("changes"), 2, "gochim init")


def test_init_asks_nobody_where_standard_input_is_closed(tmp_path: Path):
    command = Desk(tmp_path / "archive").command("init")
    done = subprocess.run(
        ["sh", "-c", 'exec "$@" <&-', "sh", *command], capture_output=True, text=True, cwd=ROOT, check=False
    )
    assert (done.returncode, done.stderr) == (0, "")
    assert 'contact = ""' in (tmp_path / "archive" / "gochim.toml").read_text(encoding="utf-8")


@pytest.mark.parametrize("contact", ["", " "])
def test_the_real_portal_is_not_asked_without_a_contact(tmp_path: Path, contact: str):
    archive = desk(tmp_path / "archive", "https://www.korea.kr", contact=contact, delay=1)
    fails(archive.run("crawl"), 2, "contact")


def test_a_broken_settings_file_is_named_with_line_and_key(watched: Desk):
    path = watched.root / "gochim.toml"
    whole = path.read_text(encoding="utf-8")
    path.write_text(whole + "\n[crawl\n", encoding="utf-8")
    fails(watched.run("crawl"), 2, "gochim.toml", "line")
    path.write_text(whole.replace("concurrency = 1", 'concurrency = "many"'), encoding="utf-8")
    line = next(number for number, text in enumerate(whole.splitlines(), 1) if text.startswith("concurrency"))
    fails(watched.run("crawl"), 2, f"line {line}", "crawl.concurrency")


def test_without_settings_the_database_is_made_anew_by_the_portal_that_the_runs_were_of(seen: Desk):
    told = seen.json("status")
    (seen.root / "gochim.toml").unlink()
    (seen.root / "versions.db").unlink()
    seen.ok("rebuild")
    again = seen.json("status")
    assert told["counts"]["articles"] > 0
    assert [again[name] for name in ("portal", "counts", "content_digest")] == [
        told[name] for name in ("portal", "counts", "content_digest")
    ]


@pytest.mark.parametrize("base", ["http://[", "https://www.korea.kr"])
def test_a_file_that_somebody_put_into_the_archive_does_not_say_of_which_portal_that_is(seen: Desk, base: str):
    told = seen.json("status")
    info = [("WARC-Type", "warcinfo"), ("WARC-Record-ID", "<urn:uuid:1>"), ("WARC-Date", "2026-09-15T09:16:48Z")]
    stranger = zipped(raw_record(info, f"software: another\r\nportal: {base}\r\n".encode()))
    (seen.root / "warc" / "zz-stranger.warc.gz").write_bytes(stranger)
    assert seen.json("status")["portal"] == told["portal"]
    (seen.root / "gochim.toml").unlink()
    again = seen.json("status")
    assert [again[name] for name in ("portal", "content_digest")] == [told["portal"], told["content_digest"]]


@pytest.mark.parametrize("verb", ["rebuild", "verify", "crawl", "status"])
def test_an_archive_is_of_the_portal_that_its_runs_were_of(seen: Desk, verb: str):
    told = seen.json("status")
    path = seen.root / "gochim.toml"
    text = path.read_text(encoding="utf-8")
    path.write_text(re.sub(r"(?m)^url = .*$", 'url = "http://127.0.0.1:9"', text, count=1), encoding="utf-8")
    fails(seen.run(verb), 2, "gochim.toml", "http://127.0.0.1:9", told["portal"])
    path.write_text(text, encoding="utf-8")
    assert seen.json("status")["content_digest"] == told["content_digest"]


@pytest.mark.parametrize(
    "words", [("show", "1"), ("history", "148999999"), ("diff", "nonsense"), ("changes", "--article", "7")]
)
def test_an_unknown_article_is_refused_in_one_sentence(seen: Desk, words: tuple[str, ...]):
    fails(seen.run(*words), 2, "No article")


@pytest.mark.parametrize(
    ("words", "said"),
    [
        ("crawl --max-minutes nan", "nan is no number. Write how many minutes."),
        ("export parquet -o -", "- stands for stdout, and this is not written there. Name a file or directory."),
        ("serve --host 192.0.2.1", "Choose another --port or --host."),
        ("alerts test", "Add one, and run this again."),
        ("alerts drop desk", "Nothing waits for desk. See: gochim alerts"),
        ("crawl --urls /dev/null", "Write some, one a line."),
    ],
)
def test_what_is_refused_is_said_with_what_to_do(watched: Desk, words: str, said: str):
    fails(watched.run(*words.split()), 2, said)


def test_a_limit_beyond_all_numbers_of_a_database_shows_all_hits(seen: Desk):
    most = seen.json("search", "다", "--limit", "0")
    assert most["total"] == len(most["hits"]) > 0
    assert seen.json("search", "다", "--limit", str(10**30)) == most


def test_of_an_article_that_was_never_read_it_is_said_what_came_of_its_looks(tmp_path: Path):
    port = free_port()
    archive = desk(tmp_path / "archive", f"http://127.0.0.1:{port}")
    url = f"http://127.0.0.1:{port}/news/policyNewsView.do?newsId=148930011"
    fails(archive.run("crawl", "--url", url), 5)
    again = f"Look again with: gochim crawl --url '{url}' --archive {archive.root}"
    for named in "148930011", url:
        for verb in "show", "history", "diff":
            said = "Article 148930011 was never read: of 1 look the last, at "
            fails(archive.run(verb, named), 2, said, "came to unreachable", again)


def test_an_archive_of_a_newer_version_is_left_alone(seen: Desk):
    with closing(sqlite3.connect(seen.root / "versions.db")) as db, db:
        db.execute(
            "INSERT INTO _sqlite_migrations (migration_set, name, applied_at) VALUES ('gochim', 'm999_later', '')"
        )
    fails(seen.run("changes"), 2, "newer gochim")


def test_a_portal_that_is_not_there_ends_the_run_early(tmp_path: Path):
    port = free_port()
    archive = desk(tmp_path / "archive", f"http://127.0.0.1:{port}")
    fails(archive.run("crawl"), 5, "kept")
    assert archive.json("status")["counts"]["captures"] > 0


def test_a_list_without_rows_is_said(portal: RunningPortal, watched: Desk):
    for path in (
        "/news/policyNewsList.do",
        "/briefing/pressReleaseList.do",
        "/briefing/actuallyList.do",
        "/briefing/policyBriefingList.do",
        "/briefing/briefingHomeList.do",
    ):
        portal.portal.fail(path, Fault("firewall"))
    fails(watched.run("crawl"), 5, "policyNewsList.do", "not recognised")


def test_one_silent_section_does_not_end_the_others(portal: RunningPortal, watched: Desk):
    portal.portal.fail("/news/policyNewsList.do", Fault("status", status=404))
    done = watched.run("crawl")
    assert done.code == 0
    assert "policyNewsList.do" in done.err
    assert watched.json("status")["counts"]["articles"] == 6


def test_a_second_run_is_refused_while_the_first_goes_on(portal: RunningPortal, watched: Desk, monkeypatch):
    asked, go_on, usual = threading.Event(), threading.Event(), portal.portal.answer

    def answer(request: Request) -> Answer:
        asked.set()
        go_on.wait(60)
        return usual(request)

    monkeypatch.setattr(portal.portal, "answer", answer)
    first = watched.start("crawl")
    assert asked.wait(60)
    fails(watched.run("crawl"), 4, str(first.pid))
    go_on.set()
    first.communicate(timeout=120)
    assert first.returncode == 0


def test_ctrl_c_ends_cleanly_and_the_next_run_goes_on(portal: RunningPortal, watched: Desk):
    portal.portal.switches.delay = 0.15
    first = watched.start("crawl")
    _wait_for_requests(portal, 8)
    first.send_signal(signal.SIGINT)
    _, err = first.communicate(timeout=120)
    assert first.returncode == 5
    assert "interrupted" in err
    assert "Traceback" not in err
    portal.portal.switches.delay = 0
    kept = watched.json("status")["counts"]["captures"]
    assert kept >= 7
    watched.ok("crawl")
    assert watched.json("status")["counts"]["articles"] == 8
    assert watched.json("changes") == []


def test_after_kill_9_the_next_command_repairs_and_loses_nothing(portal: RunningPortal, watched: Desk):
    portal.portal.switches.delay = 0.1
    first = watched.start("crawl")
    _wait_for_requests(portal, 12)
    first.kill()
    first.communicate()
    assert list((watched.root / "warc").glob("*.open"))
    answered = len(portal.portal.log) - 1
    portal.portal.switches.delay = 0
    assert watched.json("status")["counts"]["captures"] >= answered - 1
    assert not list((watched.root / "warc").glob("*.open"))
    watched.ok("crawl")
    watched.ok("verify")
    assert watched.json("status")["counts"]["articles"] == 8
    assert watched.json("changes") == []


def _wait_for_requests(portal: RunningPortal, number: int) -> None:
    deadline = time.monotonic() + 60
    while len(portal.portal.log) < number and time.monotonic() < deadline:
        time.sleep(0.02)
    assert len(portal.portal.log) >= number


@pytest.mark.parametrize(
    ("fault", "outcome"),
    [
        (Fault("firewall"), "blocked"),
        (Fault("status", status=503), "error"),
        (Fault("status", status=403), "blocked"),
        (Fault("drop"), "error"),
        (Fault("redirect", location="http://127.0.0.1:9/elsewhere"), "away"),
        (Fault("redirect", location="/news/policyNewsView.do?newsId=148939999"), "other-article"),
    ],
)
def test_a_page_that_cannot_be_read_is_a_check_and_no_change(
    portal: RunningPortal, seen: Desk, fault: Fault, outcome: str
):
    article = portal.portal.shown()[0]
    portal.portal.fail(article, fault)
    seen.ok("crawl", "--recheck", "all")
    assert seen.json("changes") == []
    assert [one["outcome"] for one in seen.json("history", article)["checks"]] == ["read", outcome]
    assert any("last look" in line for line in seen.json("status")["wrong"])
    portal.portal.heal(article)
    seen.ok("crawl", "--recheck", "all")
    assert seen.json("changes") == []


def test_a_disappearance_is_a_removal_only_after_enough_looks(portal: RunningPortal, tmp_path: Path):
    archive = desk(tmp_path / "archive", portal.url, removal_checks=2)
    archive.ok("crawl")
    article = portal.portal.shown()[0]
    portal.portal.fail(article, Fault("status", status=404))
    archive.ok("crawl", "--recheck", "all")
    assert archive.json("changes") == []
    assert archive.json("history", article)["state"] == "suspect"
    archive.ok("crawl", "--recheck", "all")
    (removal,) = archive.json("changes")
    checks = archive.json("history", article)["checks"]
    assert (removal["kind"], removal["to_version"]) == ("removed", None)
    assert removal["old_last_seen"] == checks[0]["checked_at"]
    assert removal["new_first_seen"] == checks[1]["checked_at"]
    assert archive.json("history", article)["state"] == "removed"


def test_a_document_that_fails_makes_the_look_incomplete(portal: RunningPortal, seen: Desk):
    with closing(sqlite3.connect(seen.root / "versions.db")) as db, db:
        ((url,),) = db.execute("SELECT url FROM captures WHERE role = 'document' AND status = 200 LIMIT 1").fetchall()
    portal.portal.fail(url.removeprefix(portal.url), Fault("status", status=500))
    seen.ok("crawl", "--recheck", "all")
    assert seen.json("changes") == []
    assert seen.json("status")["outcomes"]["incomplete"] == 1


def test_a_run_never_leaves_the_portal(portal: RunningPortal, watched: Desk):
    asked: list[str] = []

    class Elsewhere(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            asked.append(self.path)
            self.send_error(404)

    with serving(HTTPServer(("127.0.0.1", 0), Elsewhere)) as server:
        other = f"http://127.0.0.1:{server.server_port}/stolen"
        for article in portal.portal.shown()[:3]:
            portal.portal.fail(article, Fault("redirect", location=other))
        watched.ok("crawl")
        watched.ok("crawl", "--recheck", "all")
    assert asked == []


def test_a_budget_is_kept_and_the_next_runs_finish_the_work(portal: RunningPortal, watched: Desk):
    for _ in range(20):
        before = len(portal.portal.log)
        watched.ok("crawl", "--max-requests", "20")
        assert len(portal.portal.log) - before <= 20
        if watched.json("status")["counts"]["articles"] == 8:
            break
    assert watched.json("status")["counts"]["articles"] == 8
    assert watched.json("changes") == []


def test_sections_named_one_by_one_are_all_crawled(portal: RunningPortal, watched: Desk):
    watched.ok("crawl", "--section", "fact-check", "--section", "press-release")
    seen = {portal.portal.truth(one["article"])["section"] for one in _articles(watched)}
    assert seen == {"fact-check", "press-release"}


def test_since_and_section_narrow_what_is_looked_at(portal: RunningPortal, watched: Desk):
    watched.ok("crawl", "--section", "fact-check")
    assert {portal.portal.truth(one["article"])["section"] for one in _articles(watched)} == {"fact-check"}
    days = sorted(portal.portal.truth(one)["published"][:10] for one in portal.portal.shown())
    watched.ok("crawl", "--since", days[-2])
    published = {one["published"][:10] for one in _articles(watched) if one["section"] != "fact-check"}
    assert published <= set(days[-2:])
    fails(watched.run("crawl", "--section", "weather"), 2, "weather", "fact-check")
    fails(watched.run("crawl", "--since", "yesterday"), 2, "--since")
    fails(watched.run("crawl", "--since", "2026-09-02", "--until", "2026-09-01"), 2, "2026-09-02", "2026-09-01")


def _articles(watched: Desk) -> list[sqlite3.Row]:
    with closing(sqlite3.connect(watched.root / "versions.db")) as db:
        db.row_factory = sqlite3.Row
        return db.execute("SELECT * FROM articles").fetchall()


def test_single_addresses_are_looked_at_alone(portal: RunningPortal, watched: Desk):
    article = portal.portal.shown()[0]
    url = portal.portal.truth(article)["url"]
    watched.ok("crawl", "--url", url + "&call_from=rsslink")
    assert [one["article"] for one in _articles(watched)] == [article]
    assert not any("List.do" in one.path for one in portal.portal.log)
    fails(watched.run("crawl", "--url", "https://elsewhere.example/1"), 2, "elsewhere.example")


def test_the_user_agent_is_honest_and_names_the_contact(portal: RunningPortal, watched: Desk):
    watched.ok("crawl", "--max-requests", "3")
    agents = {one.user_agent for one in portal.portal.log}
    assert len(agents) == 1
    assert "gochim/" in agents.pop()
    assert any("test@example.org" in one.user_agent for one in portal.portal.log)
    assert portal.portal.log[0].path == "/robots.txt"


def test_damage_is_found_with_exit_code_3_and_rebuilt(seen: Desk):
    before = seen.json("status")["content_digest"]
    with closing(sqlite3.connect(seen.root / "versions.db")) as db, db:
        db.execute("UPDATE versions SET title = 'forged' WHERE id = 1")
    done = seen.run("verify")
    assert done.code == 3
    assert "is not what its digest says" in done.out
    seen.ok("rebuild")
    seen.ok("verify")
    assert seen.json("status")["content_digest"] == before


def test_a_lost_database_comes_back_by_itself(seen: Desk):
    before = seen.json("status")
    for path in seen.root.glob("versions.db*"):
        path.unlink()
    after = seen.json("status")
    assert after["content_digest"] == before["content_digest"]
    assert after["counts"] == before["counts"]
    assert after["runs"] == before["runs"]  # how they ended stands in no WARC file, but in the run log


def test_a_moved_archive_works_where_it_is(seen: Desk, tmp_path: Path):
    digest = seen.json("status")["content_digest"]
    moved = tmp_path / "elsewhere" / "moved"
    moved.parent.mkdir()
    seen.root.rename(moved)
    assert Desk(moved).json("status")["content_digest"] == digest
    Desk(moved).ok("verify")


def test_scrapy_itself_lists_and_runs_the_spider(portal: RunningPortal, watched: Desk):
    scrapy = [sys.executable, "-m", "scrapy"]
    listed = subprocess.run([*scrapy, "list"], capture_output=True, text=True, check=True, cwd=ROOT)
    assert listed.stdout.split() == ["portal"]
    surroundings = environment(GOCHIM_ARCHIVE=str(watched.root))
    done = subprocess.run(
        [*scrapy, "crawl", "portal"], capture_output=True, text=True, check=False, cwd=ROOT, env=surroundings
    )
    assert done.returncode == 0, done.stderr
    assert watched.json("status")["counts"]["articles"] == 8


def test_scrapy_without_settings_says_how_to_make_them(tmp_path: Path):
    done = subprocess.run(
        [sys.executable, "-m", "scrapy", "crawl", "portal"], capture_output=True, text=True, check=False, cwd=ROOT,
        env=environment(GOCHIM_ARCHIVE=str(tmp_path / "nothing")),
    )  # fmt: skip
    assert done.returncode != 0
    assert "gochim init" in done.stderr
    assert "Traceback" not in done.stderr


def test_the_archive_option_stands_before_or_after_the_verb(seen: Desk):
    before = subprocess.run(
        [sys.executable, "-m", "cli", "--archive", str(seen.root), "status", "--format", "json"],
        capture_output=True,
        text=True,
        check=True,
        cwd=ROOT,
    )
    known = seen.json("status")["content_digest"]
    assert json.loads(before.stdout)["content_digest"] == known
    from_environment = subprocess.run(
        [sys.executable, "-m", "cli", "status", "--format", "json"],
        capture_output=True, text=True, check=True, cwd=ROOT,
        env=environment(GOCHIM_ARCHIVE=str(seen.root)),
    )  # fmt: skip
    assert json.loads(from_environment.stdout)["content_digest"] == known


def test_help_lists_the_verbs_in_the_order_of_the_flow():
    shown = subprocess.run(
        [sys.executable, "-m", "cli", "--help"], capture_output=True, text=True, check=True, cwd=ROOT
    ).stdout
    verbs = "init crawl changes history show diff report status verify rebuild export demo".split()
    places = [shown.index(f"\n  {verb} ") for verb in verbs]
    assert places == sorted(places)


def test_the_archive_is_what_the_contract_says(seen: Desk):
    names = {path.name for path in seen.root.iterdir()} - {"versions.db-wal", "versions.db-shm"}
    assert names == {"warc", "versions.db", "gochim.toml", "reports", "lock", "index", "state.json", "manifests"}
    assert Archive(seen.root).settings_path.exists()


@pytest.mark.parametrize(
    ("word", "said"),
    [
        ("since=2026-02-30", "--since 2026-02-30 is no day"),
        ("max_requests=many", "max_requests many is no number"),
        ("max_minutes=nan", "max_minutes nan is no number"),
        ("recheck=never", "recheck never is none of due, all, none"),
    ],
)
def test_a_plain_scrapy_crawl_that_is_told_nonsense_says_so_in_a_sentence(watched: Desk, word: str, said: str):
    done = subprocess.run(
        [sys.executable, "-m", "scrapy", "crawl", "portal", "-a", word], capture_output=True, text=True, check=False,
        cwd=ROOT, env=environment(GOCHIM_ARCHIVE=str(watched.root)),
    )  # fmt: skip
    assert (done.returncode, done.stderr.startswith(f"gochim: {said}")) == (2, True)
    assert "Traceback" not in done.stderr


def test_a_plain_scrapy_crawl_respects_the_lock(watched: Desk):
    with Archive(watched.root).locked():
        done = subprocess.run(
            [sys.executable, "-m", "scrapy", "crawl", "portal"],
            capture_output=True,
            text=True,
            check=False,
            cwd=ROOT,
            env=environment(GOCHIM_ARCHIVE=str(watched.root)),
        )
    assert done.returncode != 0
    assert "Another run" in done.stderr
    assert "Traceback" not in done.stderr


def test_a_304_answer_is_a_revisit_that_resolves_and_makes_no_change(portal: RunningPortal, watched: Desk):
    portal.portal.switches.validators = "honest"
    watched.ok("crawl")
    before = watched.json("status")
    watched.ok("crawl", "--recheck", "all")
    with closing(sqlite3.connect(watched.root / "versions.db")) as db, db:
        ((count,),) = db.execute("SELECT count(*) FROM captures WHERE status = 304 AND kind = 'revisit'").fetchall()
    assert count > 10
    assert watched.json("changes") == []
    assert watched.json("status")["counts"]["versions"] == before["counts"]["versions"]
    watched.ok("verify")
    digest = watched.json("status")["content_digest"]
    watched.ok("rebuild")
    assert watched.json("status")["content_digest"] == digest


def test_a_lying_304_is_exposed_by_a_whole_fetch(portal: RunningPortal, tmp_path: Path):
    portal.portal.switches.validators = "lying"
    trusting = desk(tmp_path / "trusting", portal.url)
    wary = desk(tmp_path / "wary", portal.url, full_fetch_hours=0)
    for archive in (trusting, wary):
        archive.ok("crawl")
    article = next(one for one in portal.portal.shown() if portal.portal.truth(one)["attachments"])
    file = portal.portal.state.articles[article].attachments[0]
    swapped = replace(file, text=(*file.text, "한 줄을 더한다."))
    old = portal.portal.state.articles[article]
    portal.portal.state.articles[article] = replace(old, attachments=(swapped, *old.attachments[1:]))
    for archive in (trusting, wary):
        archive.ok("crawl", "--recheck", "all")
    assert trusting.json("changes") == []
    assert [one["kind"] for one in wary.json("changes")] == ["attachment-replaced"]
    assert any("ETag or Last-Modified stayed" in line for line in wary.json("status")["wrong"])


def test_a_document_in_one_file_is_read_like_numbered_pages(portal: RunningPortal, tmp_path: Path):
    portal.portal.switches.viewer = "view.xhtml"
    portal.portal.switches.subtitles_in = "view_title"
    archive = desk(tmp_path / "one", portal.url)
    archive.ok("crawl")
    for article in portal.portal.shown():
        shown, true = archive.json("show", article), portal.portal.truth(article)
        assert (shown["body"], shown["subtitles"]) == (true["body"], true["subtitles"])


def test_an_empty_name_of_an_archive_is_a_mistake_and_not_the_directory_of_work(tmp_path: Path):
    done = subprocess.run(
        [sys.executable, "-m", "cli", "status", "--archive", ""],
        cwd=tmp_path, capture_output=True, text=True, check=False, env={**environment(), "PYTHONPATH": str(ROOT)},
    )  # fmt: skip
    assert (done.returncode, list(tmp_path.iterdir())) == (2, [])
    assert "the word after --archive is empty" in done.stderr
