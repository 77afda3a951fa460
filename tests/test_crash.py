"""Killed at every write, with a full, failing or read-only disk: what was reported as kept is there afterwards.

The writes are counted in a clean run and then each is made the last one, or is cut in its middle. Afterwards the
archive must be as any command finds it: nothing left open, WARC files and database agreeing, every capture that was
reported in its place with the right digest, and a second recovery with nothing to do.
"""

from __future__ import annotations

import errno
import multiprocessing
import os
import re
import shutil
import signal
import subprocess
import sys
from collections.abc import Callable, Iterator
from concurrent.futures import ProcessPoolExecutor
from contextlib import closing, suppress
from dataclasses import dataclass
from pathlib import Path

import pytest

from cli import database, holdings, passes
from replica.actions import EditTitle
from replica.portal import Portal
from replica.server import RunningPortal, serve
from storage.archive import Archive
from storage.cdxj import finished_warcs
from storage.errors import RunEndedEarly
from storage.warc_index import captures_in
from storage.warc_repair import repair_open_files
from tests import crash_deeds as deeds
from tests.crash_deeds import Case
from tests.ledger import Ledger
from tests.runs import ROOT, Desk, Done, desk, few_articles
from tests.warc_samples import exchange, writer

Sweep = Callable[..., list[str]]

SOME_OR_ALL = pytest.mark.parametrize("every", [17, pytest.param(1, marks=pytest.mark.torture)])
"""Every seventeenth write in the suite, every single one under torture: the same sweep, thinned."""


@pytest.fixture(scope="module")
def sweep() -> Iterator[Sweep]:
    """Kill a deed at each of its writes, two cases at a time, and give what was wrong after each."""
    with ProcessPoolExecutor(2, multiprocessing.get_context("spawn")) as pool:

        def swept(
            ledger: Ledger, template: Path, deed: str, every: int, read: Read | None = None, thinly: str = "nothing"
        ) -> list[str]:
            digest, told = (read.digest, read.told) if read else ("", frozenset[str]())
            writes = deeds.writes_of(template, deed)
            assert len(writes) > 20, writes
            # Of hundreds of writes into one transaction's file, every tenth will do.
            counted = [(n, name) for n, name in enumerate(writes, 1) if not name.startswith(thinly) or n % 10 == 0]
            taken = counted[::every]
            cases = [Case(template, deed, number, "before", digest, told) for number, _ in taken]
            cases += [
                Case(template, deed, number, "torn", digest, told) for number, name in taken if name[:5] == "write"
            ]
            cases.append(Case(template, deed, len(writes), "after", digest, told))
            found = list(zip(cases, pool.map(deeds.killed, cases, chunksize=8), strict=True))
            lines = [(one.number, line) for one, wrong in found for line in wrong]
            lost, invented, missed = (
                [one for one in lines if one[1].startswith(kind)] for kind in (deeds.LOST, deeds.INVENTED, deeds.MISSED)
            )
            ledger.enter(f"kill -9 at a write ({deed})", len(cases), lost=lost, found=invented, true=missed)
            return [f"{one.manner} {one.number}, {writes[one.number - 1]}: {wrong}" for one, wrong in found if wrong]

        yield swept


@pytest.fixture(scope="module")
def archives(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    """Make the archives that are killed: one after a first run, and that one as three kills leave it behind."""
    root = tmp_path_factory.mktemp("archives")
    archive = deeds.settings(root / "kept")
    assert deeds.fork(archive.root, "first", 0, "count").code == 0
    database.opened(archive, deeds.PORTAL).close()
    writes = deeds.writes_of(root / "kept", "keep")
    in_warc = [number for number, name in enumerate(writes, 1) if name.startswith("write warc/")]
    kills = {
        "a record torn": (in_warc[4], "torn"),
        "a row missing": (next(n for n in range(in_warc[4], 999) if writes[n - 1].endswith("-wal")), "before"),
        "its name missing": (next(n for n, name in enumerate(writes, 1) if name.startswith("rename")), "before"),
    }
    for name, (number, manner) in kills.items():
        shutil.copytree(root / "kept", root / name)
        assert deeds.fork(root / name, "keep", number, manner).code == -signal.SIGKILL
        assert list((root / name / "warc").glob("*.open"))
    return {path.name: path for path in root.iterdir()}


@pytest.fixture(scope="module")
def portal(tmp_path_factory: pytest.TempPathFactory) -> Iterator[RunningPortal]:
    with serve(Portal.load(few_articles(tmp_path_factory.mktemp("portal") / "articles", 1))) as running:
        yield running


@dataclass(frozen=True, slots=True)
class Read:
    """An archive whose articles are read, the same with nothing read yet, and what there is to read."""

    whole: Path
    unread: Path
    digest: str
    told: frozenset[str]


@pytest.fixture(scope="module")
def read(portal: RunningPortal, tmp_path_factory: pytest.TempPathFactory) -> Read:
    root = tmp_path_factory.mktemp("read")
    archive = desk(root / "crawled", portal.url)
    archive.ok("crawl")
    for article in portal.portal.shown():
        EditTitle(article, "고친 제목이 여기 있다").apply(portal.portal.state)
    archive.ok("crawl", "--recheck", "all")
    ours, blank = Archive(archive.root), Archive(root / "unread")
    shutil.copytree(archive.root, blank.root, ignore=shutil.ignore_patterns("versions.db*"))
    with closing(blank.database()) as db:
        for path in finished_warcs(blank):
            holdings.index(db, path, blank, deeds.portal_of(blank))
    shutil.copytree(blank.root, root / "reading")
    with closing(Archive(root / "reading").database()) as db:
        passes.catch_up(Archive(root / "reading"), db, deeds.portal_of(ours))
        # Copied while it is open, it has what it read in its write-ahead file, as after a kill.
        shutil.copytree(root / "reading", root / "whole")
        assert (root / "whole" / "versions.db-wal").stat().st_size > 100_000
    return Read(root / "whole", blank.root, deeds.digest(ours), deeds.told(ours))


def test_the_writes_that_are_counted_are_all_that_there_are(archives: dict[str, Path]):
    writes = deeds.writes_of(archives["kept"], "keep")
    # "write warc/gochim-20261122121544041-00000-3112b97a.warc.gz.open"
    kinds = {re.sub(r"gochim-[^ ]*\.gz", "X", one) for one in writes}
    assert {"make warc/X.open", "write warc/X.open", "fsync warc/X.open", "rename warc/X.open", "fsync warc"} <= kinds
    assert {"write versions.db-wal", "write versions.db", "unlink versions.db-wal"} <= kinds
    mended = deeds.writes_of(archives["a record torn"], "recover")
    assert {one.split()[0] for one in mended} >= {"make", "write", "ftruncate", "fsync", "rename"}


@SOME_OR_ALL
def test_a_run_killed_at_any_write_loses_nothing_that_it_reported(
    sweep: Sweep, archives: dict[str, Path], every: int, ledger: Ledger
):
    assert sweep(ledger, archives["kept"], "keep", every) == []


@SOME_OR_ALL
@pytest.mark.parametrize("left", ["a record torn", "a row missing", "its name missing"])
def test_a_recovery_killed_at_any_write_is_done_again(
    sweep: Sweep, archives: dict[str, Path], left: str, every: int, ledger: Ledger
):
    assert sweep(ledger, archives[left], "recover", every) == []


@SOME_OR_ALL
def test_a_rebuild_killed_at_any_write_leaves_the_old_database_whole(
    sweep: Sweep, read: Read, every: int, ledger: Ledger
):
    assert sweep(ledger, read.whole, "rebuild", every, read, thinly="write versions.db") == []


@SOME_OR_ALL
def test_a_second_pass_killed_at_any_write_ends_as_if_undisturbed(sweep: Sweep, read: Read, every: int, ledger: Ledger):
    assert sweep(ledger, read.unread, "recover", every, read, thinly="write versions.db") == []


@SOME_OR_ALL
def test_an_archive_killed_while_it_is_made_can_be_made(sweep: Sweep, tmp_path: Path, every: int, ledger: Ledger):
    assert sweep(ledger, tmp_path / "none", "make", every) == []


def test_a_capture_is_on_the_disk_before_its_row_is_written(archives: dict[str, Path]):
    waiting: set[str] = set()
    synced = 0
    for one in deeds.writes_of(archives["kept"], "keep"):
        deed, _, path = one.partition(" ")
        if path.endswith(".open") and deed in {"make", "write"}:
            waiting.add(path)
        elif deed == "fsync":
            synced += path in waiting
            waiting.discard(path)
        elif path.startswith("versions.db"):
            assert waiting == set(), one
    assert synced == len(list(deeds.exchanges()))


def test_rows_that_went_with_the_power_are_made_again(archives: dict[str, Path], tmp_path: Path):
    archive = Archive(tmp_path / "archive")
    shutil.copytree(archives["kept"], archive.root)
    with closing(archive.database()) as held:  # as long as it is open nobody empties the write-ahead file
        ended = deeds.fork(archive.root, "keep", 0, "count")
        (saved := tmp_path / "saved").mkdir()
        for path in [*archive.root.glob("versions.db*")]:
            shutil.copy(path, saved)
        before = held.execute("SELECT count(*) FROM captures").fetchone()[0]
    wal = (saved / "versions.db-wal").read_bytes()
    for part in range(10):
        for path in archive.root.glob("versions.db*"):
            path.unlink()
        shutil.copy(saved / "versions.db", archive.root)
        (archive.root / "versions.db-wal").write_bytes(wal[: len(wal) * part // 10])
        database.opened(archive, deeds.PORTAL).close()
        assert deeds.whole(archive, ended.reported) == [], part
        with closing(archive.database()) as db:
            assert db.execute("SELECT count(*) FROM captures").fetchone()[0] == before


def faulty(archive: Desk, number: int, manner: str, only: str, *words: str) -> Done:
    """Run a command whose disk fails, or that is killed, at a write."""
    command = [sys.executable, "-m", "tests.crash_child", str(number), manner, only, "--", *words]
    done = subprocess.run(
        [*command, "--archive", str(archive.root)], capture_output=True, text=True, check=False, cwd=ROOT, timeout=300
    )
    return Done(done.returncode, done.stdout, done.stderr)


def says_why(done: Done, *codes: int) -> None:
    """Hold an ending against what users are promised: the exit code, one sentence of ours, no traceback."""
    assert done.code in codes, done
    said = [line for line in done.err.splitlines() if line.startswith("gochim: ")]
    assert "Traceback" not in done.err, done.err
    # A list that could not be kept is told of too; the last line says why the run ended and what to do.
    assert len([line for line in said if "no list (" not in line]) == 1, done.err
    assert re.search(r"run the same command again|run the command again|[Cc]heck the .*rights", said[-1]), said


def kept(archive: Desk) -> int:
    with closing(Archive(archive.root).database()) as db:
        return int(db.execute("SELECT count(*) FROM captures").fetchone()[0])


def mends_and_goes_on(archive: Desk) -> None:
    """Whatever happened, the next command mends it, and the next run goes on."""
    ours = Archive(archive.root)
    before = kept(archive)
    database.opened(ours, deeds.portal_of(ours)).close()
    assert kept(archive) >= before
    assert deeds.whole(ours, ()) == []
    archive.ok("crawl")
    assert deeds.whole(ours, ()) == []
    with closing(ours.database()) as db:
        assert db.execute("SELECT count(*) FROM articles").fetchone()[0] == 4


@pytest.mark.parametrize(
    ("number", "manner", "only"),
    [
        (9, "torn", "write warc/"),
        (1, "before", "rename"),
        (90, "torn", "write versions.db"),
    ],
)
def test_a_crawl_that_is_killed_is_mended(
    portal: RunningPortal, tmp_path: Path, number: int, manner: str, only: str, ledger: Ledger
):
    archive = desk(tmp_path / "archive", portal.url)
    assert faulty(archive, number, manner, only, "crawl").code == -signal.SIGKILL
    mends_and_goes_on(archive)
    ours = Archive(archive.root)
    ledger.enter("kill -9 of a crawl at a write", lost=deeds.whole(ours, ()), found=deeds.told(ours))


@pytest.mark.parametrize(
    ("number", "manner", "only", "said"),
    [
        (12, "enospc", "write warc/", "No space left on device"),
        (1, "enospc", "make warc/", "No space left on device"),
        (230, "enospc", "write versions.db", "The database cannot be written"),
        (240, "eio", "write versions.db", "The database cannot be written"),
        (5, "eio", "fsync warc/gochim", "damaged"),
        (1, "eio", "rename warc/", "Input/output error while finishing"),
    ],
)
def test_a_disk_that_fails_ends_the_run_in_one_sentence(
    portal: RunningPortal, tmp_path: Path, number: int, manner: str, only: str, said: str, ledger: Ledger
):
    archive = desk(tmp_path / "archive", portal.url)
    asked = len(portal.portal.log)
    done = faulty(archive, number, manner, only, "crawl")
    says_why(done, 5)
    assert said in done.err
    if not only.startswith("rename"):
        assert len(portal.portal.log) - asked <= kept(archive) + 3, "it went on asking for what it could not keep"
    mends_and_goes_on(archive)
    ours = Archive(archive.root)
    ledger.enter(f"a disk that fails ({manner})", lost=deeds.whole(ours, ()), found=deeds.told(ours))


def test_after_a_failed_fsync_nothing_more_goes_into_that_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    def fails(file: int) -> None:
        raise OSError(errno.EIO, os.strerror(errno.EIO))

    with writer(tmp_path, fsync=True) as warcs:
        first = warcs.write(exchange(1), None)
        warcs.sync()
        warcs.write(exchange(2), None)
        with monkeypatch.context() as patched:
            patched.setattr("os.fsync", fails)
            with pytest.raises(RunEndedEarly, match="taken for damaged"):
                warcs.sync()
        third = warcs.write(exchange(3), None)
        warcs.sync()
    assert third.evidence.warc != first.evidence.warc
    assert [path.name for path in (tmp_path / "warc").glob("*.open")] == [Path(first.evidence.warc).name + ".open"]
    (repaired,) = repair_open_files(tmp_path / "warc")
    assert repaired.path is not None
    assert first in captures_in(repaired.path, tmp_path)


@dataclass(frozen=True, slots=True)
class Elsewhere(Desk):
    """An archive whose commands run under another one: in a mount namespace, with a limit, without a right."""

    prefix: tuple[str, ...] = ()

    def command(self, *words: str) -> list[str]:
        return [*self.prefix, *Desk.command(self, *words)]

    def run(self, *words: str, cwd: Path = ROOT) -> Done:
        assert cwd == ROOT
        return self.fresh(*words)


@dataclass(frozen=True, slots=True)
class Disk:
    """A small disk of its own, seen through ``seen`` from here and at ``path`` by the commands under ``prefix``."""

    path: Path
    seen: Path
    prefix: tuple[str, ...]
    shell: subprocess.Popen[str]

    def do(self, command: str) -> bool:
        """Run a shell command where the disk is mounted, and say whether it worked."""
        assert self.shell.stdin
        assert self.shell.stdout
        self.shell.stdin.write(f"{command} >&2; echo $?\n")
        self.shell.stdin.flush()
        return self.shell.stdout.readline().strip() == "0"


@pytest.fixture
def disk(tmp_path: Path) -> Iterator[Disk | None]:
    """Mount a small file system for one test; None where mount namespaces are not allowed."""
    (path := tmp_path / "disk").mkdir()
    pipe = subprocess.PIPE
    # Without unshare(1) there is no shell that could mount anything, and this one cannot either.
    words = ["unshare", "--mount", "sh"] if shutil.which("unshare") else ["sh", "-c", "read _; echo 1"]
    with subprocess.Popen(words, stdin=pipe, stdout=pipe, stderr=pipe, text=True) as shell:
        inside = ("nsenter", f"--mount=/proc/{shell.pid}/ns/mnt", "env", f"PYTHONPATH={ROOT}")
        small = Disk(path, Path(f"/proc/{shell.pid}/root{path}"), inside, shell)
        try:
            mounted = small.do(f"mount -t tmpfs -o size=6m none {path}")
        except BrokenPipeError:
            mounted = False
        yield small if mounted else None
        shell.kill()
        assert shell.stdin
        with suppress(BrokenPipeError):  # What could not be written when the shell was not allowed to begin.
            shell.stdin.close()


def test_a_full_disk_ends_the_run_and_room_lets_the_next_go_on(
    portal: RunningPortal, disk: Disk | None, tmp_path: Path, ledger: Ledger
):
    made = desk(tmp_path / "archive", portal.url)
    made.ok("status")
    if disk is None:
        # Files that may not grow say much the same as a disk that has no room.
        size = max(path.stat().st_size for path in made.root.iterdir())
        cramped, roomy = Elsewhere(made.root, ("prlimit", f"--fsize={size + 40_000}")), made
    else:
        assert disk.do(f"cp -r {made.root} {disk.path}")
        cramped = roomy = Elsewhere(disk.path / "archive", disk.prefix)
        with (disk.seen / "ballast").open("wb") as ballast:
            ballast.write(bytes(os.statvfs(disk.seen).f_bavail * os.statvfs(disk.seen).f_frsize - 400_000))
    says_why(cramped.run("crawl"), 5)
    if disk is not None:
        (disk.seen / "ballast").unlink()
    captured = roomy.json("status")["counts"]["captures"]
    assert captured > 0
    roomy.ok("crawl")
    roomy.ok("verify")
    after = roomy.json("status")["counts"]
    assert after["articles"] == 4
    assert after["captures"] > captured
    told = [one["id"] for one in roomy.json("changes")]
    ledger.enter("full disk", lost=range(captured, min(captured, after["captures"])), found=told)


def without_a_right_to_everything() -> tuple[str, ...]:
    """Give the words before a command that bind root, too, to the permissions of files."""
    if os.geteuid():
        return ()
    return ("setpriv", "--bounding-set=-dac_override", "--inh-caps=-dac_override")


def test_a_directory_without_the_right_to_write_is_said_in_one_sentence(portal: RunningPortal, tmp_path: Path):
    archive = desk(tmp_path / "archive", portal.url)
    archive.ok("status")
    files = [path for path in archive.root.rglob("*") if path.is_file()]
    places = [archive.root, archive.root / "warc"]
    for path in [*files, *places]:
        path.chmod(0o444 if path in files else 0o555)
    there = Elsewhere(archive.root, without_a_right_to_everything())
    for verb in ("crawl", "rebuild"):
        says_why(there.run(verb), 2)
    for verb in ("status", "verify"):
        assert there.run(verb).code == 0
    for path in [*places, *files]:
        path.chmod(0o755)
    archive.ok("crawl")


def test_a_disk_mounted_for_reading_is_said_in_one_sentence(
    portal: RunningPortal, disk: Disk | None, tmp_path: Path, ledger: Ledger
):
    made = desk(tmp_path / "archive", portal.url)
    made.ok("crawl")
    ours = Archive(made.root)
    before = deeds.state(ours)
    if disk is None:
        for path in made.root.iterdir():
            path.chmod(0o555)
        made.root.chmod(0o555)
        archive = Elsewhere(made.root, without_a_right_to_everything())
    else:
        assert disk.do(f"cp -r {made.root} {disk.path} && mount -o remount,ro {disk.path}")
        archive = Elsewhere(disk.path / "archive", disk.prefix)
    says_why(archive.run("crawl"), 2)
    for verb in ("status", "verify"):
        read = archive.run(verb)
        assert (read.code, read.err) == (0, "")
    assert deeds.state(ours) == before or disk is not None
    for path in [made.root, *made.root.iterdir()]:
        path.chmod(0o755)
    made.ok("crawl")
    ledger.enter("read-only archive", 2, lost=deeds.whole(ours, ()), found=deeds.told(ours))


def test_repair_by_hand_says_what_it_did(archives: dict[str, Path], tmp_path: Path):
    shutil.copytree(archives["a record torn"], tmp_path / "archive")
    archive = Desk(tmp_path / "archive")
    before = archive.run("verify")
    assert before.code == 3
    assert "left open" in before.out
    said = archive.ok("verify", "--repair")
    (tail,) = (tmp_path / "archive" / "warc").glob("*.tail")
    assert re.search(rf"repaired: .*gz: finished with its \d+ whole records; [\d,]+ bytes .* {tail.name}", said)
    archive.ok("verify")
