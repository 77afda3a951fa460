"""What a portal, a network, a clock or a disk may do to a run: nothing captured is lost, no edit is invented or missed.

Each fault is injected for real, over sockets and in files, and entered in the ledger with what came of it. A run under
a fault may end early; the next one, without it, goes on and tells exactly the edits that were made.
"""

from __future__ import annotations

import gzip
import json
import random
import re
import signal
import sqlite3
import subprocess
import sys
import time
import zlib
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from contextlib import closing
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from functools import cache
from pathlib import Path
from typing import Any

import pytest

from cli import condition, database
from cli.endings import exit_code
from cli.options import Place
from replica.actions import EditTitle
from replica.portal import Portal
from replica.server import RunningPortal, serve
from replica.switches import Switches
from storage import archive as archives
from storage.archive import Archive
from storage.errors import RunEndedEarly
from tests import crash_deeds as deeds
from tests.crawls import crawl
from tests.drill import Drill
from tests.front import Front, front
from tests.ledger import Ledger
from tests.runs import ROOT, Desk, Done, desk, few_articles
from tests.test_unattended import figures
from tests.wire_answers import OK, Step
from tests.wire_server import make_authority

MEMORY = 300_000_000
"""Bytes that a run may hold at most, whatever is sent."""
PATIENCE = {"DOWNLOAD_TIMEOUT": 3, "WIRE_IDLE_TIMEOUT": 1.5, "DOWNLOAD_MAXSIZE": 40_000_000}
PAGE = b"Content-Type: text/html;charset=UTF-8\r\n"


@cache
def bomb(megabytes: int) -> bytes:
    """Zip so many megabytes of nothing, which takes a thousandth of them."""
    packer = zlib.compressobj(9, zlib.DEFLATED, 31)
    return b"".join([*(packer.compress(bytes(1 << 20)) for _ in range(megabytes)), packer.flush()])


def endless(start: bytes, piece: bytes = b"x" * 65_536) -> Iterator[Step]:
    yield start
    while True:
        yield piece


def drip(text: bytes) -> Iterator[Step]:
    """Send a page a byte a second."""
    yield OK + PAGE + b"Content-Length: %d\r\n\r\n" % len(text)
    for byte in text:
        yield bytes([byte])
        yield 1.0


def away(location: bytes) -> list[Step]:
    return [b"HTTP/1.1 302 Found\r\nLocation: " + location + b"\r\nContent-Length: 0\r\n\r\n"]


def said(body: bytes, *fields: bytes, length: int | None = None) -> bytes:
    size = len(body) if length is None else length
    return OK + PAGE + b"".join(fields) + b"Content-Length: %d\r\n\r\n" % size + body


CHUNK = b"10000\r\n" + b"y" * 65_536 + b"\r\n"
HALF = b"<html><head><title>x</title></head><body><div class='view_title'><h1>" + "반쪽".encode()
REFUSED = b"HTTP/1.1 503 Service Unavailable\r\nContent-Length: 0\r\n\r\n"
ZIPPED = b"Content-Encoding: gzip\r\n"

# What an address gets instead of its answer.
ANSWERS: dict[str, Callable[[str], Iterable[Step]]] = {
    "stalls": lambda _: ["hold"],
    "stalls within the page": lambda _: [said(HALF, length=9_000), "hold"],
    "drips a byte a second": lambda _: drip(HALF),
    "endless body": lambda _: endless(OK + PAGE + b"\r\n"),
    "endless chunks": lambda _: endless(OK + b"Transfer-Encoding: chunked\r\n\r\n", CHUNK),
    "endless head": lambda _: endless(OK, b"X-More: " + b"z" * 60_000 + b"\r\n"),
    "length too long": lambda _: [said(HALF, length=90_000), "close"],
    "length too short": lambda _: [said(HALF + b"</body></html>", length=20), "close"],
    "lengths that differ": lambda _: [said(HALF, b"Content-Length: 5\r\n"), "close"],
    "reset within the page": lambda _: [said(HALF, length=9_000), "reset"],
    "gzip bomb": lambda _: [said(bomb(700), ZIPPED)],
    "gzip that is none": lambda _: [said(b"\x1f\x8b rubbish" * 50, ZIPPED)],
    "gzip cut off": lambda _: [said(gzip.compress(HALF * 2_000)[:-200], ZIPPED)],
    "markup without end": lambda _: [said(b"<html><body>" + b"<i a b c d e f>" * 400_000 + b"</body></html>")],
    "not HTTP": lambda _: [b"SSH-2.0-OpenSSH_9.6\r\n", "close"],
    "empty page": lambda _: [said(b"")],
    "another's page": lambda _: [said(HALF + "</h1></div>남의 글</body></html>".encode())],
    "redirect loop": lambda target: away(target.encode() + b"&a=1"),
    "redirect to itself": lambda target: away(target.encode()),
    "redirect to a private address": lambda _: away(b"http://169.254.169.254/latest/meta-data/"),
    "redirect to this machine's other ports": lambda _: away(b"http://127.0.0.1:9/admin"),
    "redirect to another host": lambda _: away(b"https://example.org/news/policyNewsView.do?newsId=148955021"),
    "redirect to a file": lambda _: away(b"file:///etc/passwd"),
    "redirect to nonsense": lambda _: away(b"http://[::1/%%%"),
    "wait for a day": lambda _: [REFUSED.replace(b"\r\n\r\n", b"\r\nRetry-After: 86400\r\n\r\n")],
}  # fmt: skip
EVERYWHERE = ("gzip bomb", "stalls", "endless body", "redirect loop", "not HTTP")
"""What befalls lists and robots.txt, too."""


@dataclass
class Struck:
    """An archive that watches a portal behind a front, the edits made there, and what its runs came to."""

    archive: Desk
    front: Front
    settings: dict[str, Any] = field(default_factory=dict)
    edits: set[str] = field(default_factory=set)
    spells: Counter[str] = field(default_factory=Counter)
    peak: float = 0.0
    code: int = 0

    def crawl(self, *words: str, **settings: Any) -> Done:
        given = json.dumps({**PATIENCE, **self.settings, **settings})
        command = [sys.executable, "-m", "tests.impatient", given, "crawl", *words, "--archive", str(self.archive.root)]
        done = subprocess.run(command, capture_output=True, text=True, check=False, cwd=ROOT, timeout=300)
        assert "Traceback" not in done.stderr, done.stderr
        self.peak = max(self.peak, figures(self.archive.root / "m.prom")["gochim_run_peak_memory_bytes"])
        return Done(done.returncode, done.stdout, done.stderr)

    def well(self, *words: str) -> None:
        done = self.crawl(*words)
        assert done.code == 0, done

    def edit(self, article: str) -> None:
        EditTitle(article, f"고친 제목 {len(self.edits)}").apply(self.front.portal.state)
        self.edits.add(article)

    def cast(self, name: str, hit: Callable[[str], bool]) -> None:
        answer = ANSWERS[name]

        def spell(target: str) -> Iterable[Step] | None:
            if not hit(target):
                return None
            self.spells[name] += 1
            return answer(target)

        self.front.spell = spell

    def told(self) -> set[str]:
        """Give the articles whose edits are told; any other kind of change counts under its own name."""
        changes = self.archive.json("changes")
        fields = {(one["article"], one["kind"], tuple(each["field"] for each in one["fields"])) for one in changes}
        assert len(fields) == len(changes)
        return {name if (kind, of) == ("edited", ("title",)) else f"{kind} {name} {of}" for name, kind, of in fields}

    def lost(self) -> list[str]:
        """Name each answer that is not in the archive, and each capture there that is not whole."""
        ours = Archive(self.archive.root)
        database.opened(ours, deeds.portal_of(ours)).close()
        with closing(ours.database()) as db:
            kept = Counter(row["url"].removeprefix(self.front.base) for row in db.execute("SELECT url FROM captures"))
        missing = [f"{one} x{number}" for one, number in (Counter(self.front.answered) - kept).items()]
        return missing + deeds.whole(ours, ())

    def enter(self, ledger: Ledger, name: str, times: int) -> None:
        ledger.enter(name, times, lost=self.lost(), found=self.told(), true=self.edits)
        assert self.peak < MEMORY, f"{name}: {self.peak / 1e6:.0f} MB"


@pytest.fixture
def struck(tmp_path: Path) -> Iterator[Struck]:
    """Give an archive after a first run over eight articles."""
    portal = Portal.load(few_articles(tmp_path / "articles"))
    with front(portal) as server:
        made = Struck(desk(tmp_path / "archive", server.base, metrics_textfile="m.prom"), server)
        made.well()
        yield made


def some(struck: Struck) -> tuple[list[str], list[str]]:
    """Part the articles in those that are hit and those that are not."""
    shown = struck.front.portal.shown()
    return shown[::2], shown[1::2]


@pytest.mark.torture
@pytest.mark.parametrize("name", ANSWERS)
def test_a_portal_that_misbehaves_at_some_pages(struck: Struck, ledger: Ledger, name: str):
    hit, others = some(struck)
    struck.edit(hit[0])
    struck.edit(others[0])
    struck.cast(name, lambda target: "View.do" in target and any(one in target for one in hit))
    done = struck.crawl("--recheck", "all")
    assert done.code in {0, 5}, done
    assert struck.told() <= struck.edits
    struck.front.spell = lambda _: None
    _forgive(struck)
    struck.well("--recheck", "all")
    assert struck.archive.run("verify").code == 0
    struck.enter(ledger, name, struck.spells[name])


@pytest.mark.torture
@pytest.mark.parametrize("name", EVERYWHERE)
def test_a_portal_that_misbehaves_everywhere(struck: Struck, ledger: Ledger, name: str):
    struck.edit(struck.front.portal.shown()[0])
    struck.cast(name, lambda _: True)
    began = time.monotonic()
    done = struck.crawl("--recheck", "all")
    assert done.code == 5, done
    assert time.monotonic() - began < 120
    assert struck.told() == set()
    struck.front.spell = lambda _: None
    _forgive(struck)
    struck.well("--recheck", "all")
    struck.enter(ledger, f"{name}, everywhere", struck.spells[name])


def _forgive(struck: Struck) -> None:
    """Let the crawler forget that it was told to wait: the day is over."""
    (struck.archive.root / "state.json").unlink(missing_ok=True)


@pytest.mark.torture
def test_a_storm_of_5xx_ends_the_run_soon_and_takes_nothing_for_removed(struck: Struck, ledger: Ledger):
    answers = random.Random(5)
    kinds = [b"500 Internal Server Error", b"502 Bad Gateway", b"503 Busy", b"504 Late", b"520 Odd", b"525 TLS"]

    def spell(target: str) -> Iterable[Step] | None:
        if target == "/robots.txt":
            return None
        struck.spells["5xx"] += 1
        return [b"HTTP/1.1 " + answers.choice(kinds) + b"\r\nContent-Length: 2\r\n\r\nno"]

    struck.edit(struck.front.portal.shown()[0])
    struck.front.spell = spell
    for _ in range(3):
        before = len(struck.front.answered)
        assert struck.crawl("--recheck", "all").code == 5
        assert len(struck.front.answered) - before < 40
        assert struck.told() == set()
        _forgive(struck)
    struck.front.spell = lambda _: None
    struck.well("--recheck", "all")
    struck.enter(ledger, "5xx storm", struck.spells["5xx"])


@pytest.mark.torture
def test_a_thousand_cookies_neither_fill_the_memory_nor_make_requests_too_long(struck: Struck, ledger: Ledger):
    names = iter(range(10**9))

    class Fresh:
        def __radd__(self, before: bytes) -> bytes:
            return before + b"".join(b"Set-Cookie: c%d=%s; Path=/\r\n" % (next(names), b"v" * 60) for _ in range(1_000))

    struck.front.cookies = Fresh()  # type: ignore[assignment]  # a thousand new ones with each answer
    struck.front.longest_head = 8_192
    struck.edit(struck.front.portal.shown()[0])
    struck.well("--recheck", "all")
    longest = max(len(one) for carried in struck.front.requests for one in carried)
    assert longest < 8_192
    struck.enter(ledger, "a thousand cookies", next(names))


@pytest.mark.torture
def test_a_template_that_nobody_has_seen_is_no_edit(struck: Struck, ledger: Ledger):
    hit, others = some(struck)
    struck.front.portal.switches.template = "next"
    struck.well("--recheck", "all")
    assert struck.told() == set()
    assert any("no layout recognises" in line for line in struck.archive.json("status")["wrong"])
    struck.edit(hit[0])
    struck.well("--recheck", "all")
    struck.front.portal.switches.template = "own"
    struck.edit(others[0])
    struck.well("--recheck", "all")
    struck.enter(ledger, "template changed overnight", 2)


@pytest.mark.torture
def test_a_name_that_no_longer_resolves(tmp_path: Path, ledger: Ledger):
    portal = Portal.load(few_articles(tmp_path / "articles", 1))
    with front(portal) as server:
        portal.base_url = f"http://localhost:{server.port}"
        made = Struck(desk(tmp_path / "archive", portal.base_url, metrics_textfile="m.prom"), server)
        made.well()
        made.edit(portal.shown()[0])
        assert made.crawl("--recheck", "all", NO_DNS=True).code == 5
        assert figures(made.archive.root / "m.prom")["gochim_run_failures[dns]"] >= 3
        assert made.told() == set()
        made.well("--recheck", "all")
        ledger.enter("DNS gone", lost=deeds.whole(Archive(made.archive.root), ()), found=made.told(), true=made.edits)


@pytest.mark.torture
def test_a_certificate_that_no_longer_holds(tmp_path: Path, ledger: Ledger):
    authority, context = make_authority(tmp_path)
    with front(Portal.load(few_articles(tmp_path / "articles", 1)), context) as server:
        made = Struck(desk(tmp_path / "archive", server.base, metrics_textfile="m.prom"), server)
        made.settings["WIRE_CA_FILE"] = authority
        made.well()
        made.edit(server.portal.shown()[0])
        assert made.crawl("--recheck", "all", WIRE_CA_FILE=None).code == 5
        assert figures(made.archive.root / "m.prom")["gochim_run_failures[tls]"] >= 3
        assert made.told() == set()
        made.well("--recheck", "all")
        made.enter(ledger, "TLS broken", 1)


# --- processes


@pytest.fixture
def portal(tmp_path: Path) -> Iterator[RunningPortal]:
    with serve(Portal.load(few_articles(tmp_path / "articles"), switches=Switches(delay=0.01))) as running:
        yield running


def rows(archive: Desk) -> set[str]:
    """Give what the database reports as kept, before anything recovers it."""
    if not (archive.root / "versions.db").exists():
        return set()
    with closing(sqlite3.connect(archive.root / "versions.db", timeout=30)) as db:
        if db.execute("SELECT 1 FROM sqlite_master WHERE name = 'captures'").fetchone() is None:
            return set()  # killed before the tables were made
        return {one for (one,) in db.execute("SELECT record_id FROM captures")}


def edited(archive: Desk) -> set[str]:
    return {f"{one['kind']} {one['article']}" for one in archive.json("changes")}


def swayed(archive: Desk, seen: set[str]) -> list[str]:
    """Name what was reported as kept and is not whole."""
    ours = Archive(archive.root)
    return deeds.whole(ours, sorted(seen))


@pytest.mark.torture
def test_kill_9_at_random_thirty_times(portal: RunningPortal, tmp_path: Path, ledger: Ledger):
    draw = random.Random(9)
    archive = desk(tmp_path / "archive", portal.url)
    made: set[str] = set()
    seen: set[str] = set()
    kills = 0
    for number in range(30):
        process = archive.start("crawl", "--recheck", "all")
        time.sleep(1.0 + draw.random() * 2.5)
        process.kill()
        process.communicate()
        kills += process.returncode == -signal.SIGKILL
        seen |= rows(archive)
        if number == 4:
            archive.ok("crawl")  # all are known from here on
        if number in range(6, 30, 3):
            article = portal.portal.shown()[len(made)]
            EditTitle(article, f"고친 제목 {number}").apply(portal.portal.state)
            made.add(f"edited {article}")
    archive.ok("crawl", "--recheck", "all")
    assert len(made) == 8
    ledger.enter("kill -9 at random", kills, lost=swayed(archive, seen), found=edited(archive), true=made)


@pytest.mark.torture
@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT, signal.SIGHUP])
def test_a_signal_ends_the_run_and_the_next_goes_on(
    portal: RunningPortal, tmp_path: Path, ledger: Ledger, number: signal.Signals
):
    portal.portal.switches.delay = 0.1
    archive = desk(tmp_path / "archive", portal.url)
    # A signal that whoever started the tests ignores (nohup) would be ignored by the run as well.
    before = signal.signal(number, signal.SIG_DFL)
    try:
        process = archive.start("crawl")
    finally:
        signal.signal(number, before)
    while len(portal.portal.log) < 9:
        time.sleep(0.02)
    process.send_signal(number)
    _, err = process.communicate(timeout=60)
    assert "Traceback" not in err
    assert process.returncode == 5, err
    seen = rows(archive)
    assert len(seen) >= 7
    portal.portal.switches.delay = 0
    archive.ok("crawl")
    article = portal.portal.shown()[0]
    EditTitle(article, "고친 제목").apply(portal.portal.state)
    archive.ok("crawl", "--recheck", "all")
    ledger.enter(number.name, lost=swayed(archive, seen), found=edited(archive), true={f"edited {article}"})


@pytest.mark.torture
def test_two_runs_at_once_are_one(portal: RunningPortal, tmp_path: Path, ledger: Ledger):
    archive = desk(tmp_path / "archive", portal.url)
    processes = [archive.start("crawl") for _ in range(3)]
    for one in processes:
        one.communicate(timeout=120)
    assert sorted(one.returncode for one in processes) in ([0, 4, 4], [0, 0, 4], [0, 0, 0])
    assert 4 in {one.returncode for one in processes}
    asked = [one.path for one in portal.portal.log if one.path == "/robots.txt"]
    assert len(asked) == sum(one.returncode == 0 for one in processes)
    ledger.enter("three runs at once", 2, lost=deeds.whole(Archive(archive.root), ()), found=edited(archive))


# --- the clock


def test_a_clock_set_back_before_a_run_asks_nothing(tmp_path: Path, ledger: Ledger):
    drill = Drill(tmp_path, 1)
    drill.run()
    article, asked = next(iter(drill.articles.values())), len(drill.portal.log)
    EditTitle(article, "고친 제목").apply(drill.portal.state)
    with pytest.raises(RunEndedEarly, match=r"The clock says .* Set the clock"):
        drill.run(hours=-48)
    assert len(drill.portal.log) == asked
    drill.run(hours=72)
    ledger.enter("clock set back between runs", lost=deeds.whole(drill.archive, ()), found=drill.told(), true={article})
    drill.db.close()


def test_a_clock_that_was_years_ahead_is_what_is_wrong_until_it_is_mended(tmp_path: Path):
    drill = Drill(tmp_path, 1)
    drill.now = datetime.now(UTC) + timedelta(days=3650)
    drill.run()
    run = drill.db.execute("SELECT run FROM runs").fetchone()["run"]
    told = condition.condition(Place(drill.archive), drill.db)
    assert told["clock_behind"]["run"] == run
    (said,) = [one for one in condition.sentences(told) if "clock" in one]
    assert f"in run {run}: no run fetches anything before it" in said
    # That run's files are moved away and the database is made anew.
    for path in drill.archive.warcs.iterdir():
        path.unlink()
    database.rebuild(drill.archive, drill.addresses, 1)
    drill.db.close()
    drill.db = drill.archive.database()
    assert condition.condition(Place(drill.archive), drill.db)["clock_behind"] is None
    drill.db.close()


def test_the_files_of_a_clock_that_was_years_ahead_are_named_no_more_once_they_are_moved_as_advised(tmp_path: Path):
    drill = Drill(tmp_path, 1)
    drill.now = datetime.now(UTC) - timedelta(days=30)
    drill.run()
    drill.now = datetime.now(UTC) + timedelta(days=3650)
    drill.run()
    drill.db.close()
    archive = Desk(drill.archive.root)
    refused = archive.run("crawl")
    assert refused.code == 5
    told = re.search(r"files \((\S+) in warc/ and index/\) into (\S+) ", refused.err)
    assert told
    Path(told[2]).mkdir()
    moved = [path for place in ("warc", "index") for path in (archive.root / place).glob(told[1])]
    for path in moved:
        path.rename(Path(told[2]) / path.name)
    assert len(moved) >= 1
    archive.ok("rebuild")
    judged = archive.json("verify")
    (warc,) = [path for path in Path(told[2]).iterdir() if path.suffix == ".gz"]
    assert (judged["compared"], [one.split(": ")[0] for one in judged["warnings"]]) == (True, [str(warc)])
    assert not [one for one in archive.json("status")["wrong"] if "gone" in one or "clock" in one]
    warc.write_bytes(warc.read_bytes()[:-1] + b"\1")
    spoilt = archive.run("verify")
    assert (spoilt.code, f"{warc}: has the SHA-256" in spoilt.out) == (3, True)
    warc.unlink()
    gone = archive.run("verify")
    assert (gone.code, "is gone, though manifest 2" in gone.out) == (3, True)
    assert archive.run("rebuild").code == 3


def test_a_clock_set_back_within_a_run_ends_it_before_an_old_state_looks_new(tmp_path: Path, ledger: Ledger):
    drill = Drill(tmp_path, 1)
    drill.run()
    article = list(drill.articles.values())[-1]
    EditTitle(article, "고친 제목").apply(drill.portal.state)

    def weather(url: str) -> None:
        if len(drill.portal.log) % 5 == 0:
            drill.now -= timedelta(days=2)

    drill.weather = weather
    with pytest.raises(RunEndedEarly, match=r"The clock says .* \(KST\), but the newest .* \(KST\)\. Nothing"):
        drill.run()
    drill.weather = lambda url: None
    drill.catch_up()
    assert drill.told() <= {article}
    drill.run(hours=24 * 60)
    ledger.enter("clock set back within a run", lost=deeds.whole(drill.archive, ()), found=drill.told(), true={article})


@pytest.mark.torture
def test_a_clock_set_back_a_little_within_a_run_loses_nothing(tmp_path: Path, ledger: Ledger):
    drill = Drill(tmp_path, 2)
    drill.run()
    articles = list(drill.articles.values())
    EditTitle(articles[0], "고친 제목").apply(drill.portal.state)

    def weather(url: str) -> None:
        drill.now -= timedelta(seconds=3)

    drill.weather = weather
    drill.run()
    ledger.enter(
        "clock running backwards within a run", len(articles), lost=deeds.whole(drill.archive, ()), found=drill.told(),
        true={articles[0]},
    )  # fmt: skip
    drill.db.close()


def test_a_run_waits_for_a_clock_that_was_set_back_by_a_second(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    drill = Drill(tmp_path, 1)
    drill.run()
    waited: list[float] = []

    def sleep(seconds: float) -> None:
        waited.append(seconds)
        drill.now += timedelta(seconds=seconds)

    monkeypatch.setattr("crawler.archiving.time.sleep", sleep)
    drill.run(hours=-10 / 3600)
    assert 0 < waited[0] < 120
    assert drill.kinds() == []
    drill.db.close()


# --- files


@pytest.fixture
def still(tmp_path: Path) -> Iterator[tuple[Desk, RunningPortal]]:
    """Give an archive after a first run over four articles, with one edit waiting."""
    with serve(Portal.load(few_articles(tmp_path / "articles", 1))) as running:
        archive = desk(tmp_path / "archive", running.url)
        archive.ok("crawl")
        EditTitle(running.portal.shown()[0], "고친 제목").apply(running.portal.state)
        yield archive, running


@pytest.mark.torture
def test_a_database_that_is_read_or_held_by_others(
    still: tuple[Desk, RunningPortal], ledger: Ledger, monkeypatch: pytest.MonkeyPatch
):
    archive, running = still
    true = {f"edited {running.portal.shown()[0]}"}
    with closing(sqlite3.connect(archive.root / "versions.db")) as reader:
        reader.execute("BEGIN")
        before = reader.execute("SELECT count(*) FROM captures").fetchone()
        crawl(archive, running, recheck="all")
        assert reader.execute("SELECT count(*) FROM captures").fetchone() == before
        database.rebuild(Archive(archive.root), deeds.portal_of(Archive(archive.root)), 1)
        assert reader.execute("SELECT count(*) FROM captures").fetchone() == before
    ledger.enter(
        "database held by a reader", 2, lost=deeds.whole(Archive(archive.root), ()), found=edited(archive), true=true
    )
    monkeypatch.setattr(archives, "_PATIENCE", 0.3)
    holder = sqlite3.connect(archive.root / "versions.db", isolation_level=None)
    holder.execute("BEGIN EXCLUSIVE")
    said = r"locked|in use by another program"
    with pytest.raises((sqlite3.OperationalError, RunEndedEarly), match=said) as failed:
        crawl(archive, running, recheck="all")
    assert exit_code(failed.value) == RunEndedEarly.exit_code == 5
    holder.execute("ROLLBACK")
    holder.close()
    crawl(archive, running, recheck="all")
    ledger.enter(
        "database held by a writer", lost=deeds.whole(Archive(archive.root), ()), found=edited(archive), true=true
    )


def spoil_head(path: Path) -> None:
    with path.open("r+b") as file:
        file.write(b"not a database at all")


def spoil_pages(path: Path) -> None:
    """Overwrite every page but the first, in which SQLite knows a database by."""
    with path.open("r+b") as file:
        size = file.seek(0, 2)
        for at in range(4096, size, 4096):
            file.seek(at)
            file.write(b"\xff" * 400)


def cut_off(path: Path) -> None:
    with path.open("r+b") as file:
        file.truncate(path.stat().st_size // 2)


def empty(path: Path) -> None:
    path.write_bytes(b"")


@pytest.mark.parametrize(
    "spoil", [spoil_pages, *(pytest.param(one, marks=pytest.mark.torture) for one in (spoil_head, cut_off, empty))]
)
def test_a_database_that_is_spoilt_is_made_anew(
    still: tuple[Desk, RunningPortal], ledger: Ledger, spoil: Callable[[Path], None]
):
    archive, running = still
    with closing(sqlite3.connect(archive.root / "versions.db")) as db:
        db.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    spoil(archive.root / "versions.db")
    done = archive.run("crawl", "--recheck", "all")
    assert "Traceback" not in done.err
    if spoil is not empty:
        assert "is damaged" in done.err
        assert "made anew from the WARC files" in done.err
    assert done.code in {0, 5}, done
    archive.ok("crawl", "--recheck", "all")
    ledger.enter(
        f"database spoilt ({spoil.__name__})", lost=deeds.whole(Archive(archive.root), ()), found=edited(archive),
        true={f"edited {running.portal.shown()[0]}"},
    )  # fmt: skip


@pytest.mark.torture
@pytest.mark.parametrize("harm", ["cut", "garbage", "zeros"])
def test_a_warc_file_whose_tail_is_spoilt_is_named_and_the_rest_stays(
    still: tuple[Desk, RunningPortal], ledger: Ledger, harm: str
):
    archive, running = still
    (path,) = (archive.root / "warc").glob("*.warc.gz")
    whole = path.read_bytes()
    path.write_bytes(
        {"cut": whole[:-700], "garbage": whole + b"garbage" * 99, "zeros": whole[:-700] + bytes(700)}[harm]
    )
    before = rows(archive)
    archive.ok("crawl", "--recheck", "all")
    done = archive.run("verify")
    assert done.code == 3
    assert path.name in done.out
    assert before <= rows(archive)
    rebuilt = archive.run("rebuild")
    assert "Traceback" not in rebuilt.err
    path.write_bytes(whole)  # as a copy has it
    archive.ok("rebuild")
    archive.ok("verify")
    ledger.enter(
        f"WARC tail spoilt ({harm})", lost=before - rows(archive), found=edited(archive),
        true={f"edited {running.portal.shown()[0]}"},
    )  # fmt: skip
