"""Whatever order captures are filed in, and in however many passes, the same is made of them."""

from __future__ import annotations

import hashlib
import os
import shutil
import signal
import tempfile
import time
from collections import Counter
from collections.abc import Iterator, Sequence
from contextlib import closing
from itertools import pairwise
from multiprocessing import active_children
from pathlib import Path
from threading import Thread
from typing import Any

import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from cli import database, holdings, passes
from cli.cluster import Cluster
from cli.workers import Desk, Workers
from crawler import payloads
from crawler.extract import Extractor
from crawler.payloads import Payloads
from crawler.portal import Portal
from replica.events import Remove, Restore
from replica.exchange import Answer, Request
from storage import checks, elsewhere, search
from storage.archive import Archive
from storage.cdxj import finished_warcs
from storage.errors import RunEndedEarly, WarcError
from storage.records import Capture
from storage.warc_index import captures_in, run_fields
from storage.warc_reader import payload_of
from tests.clusters import put_archive, running_cluster, s3_server
from tests.drill import BASE, Drill, page
from tests.stories import disagreeing_file

PORTAL = Portal(BASE)
ASKED = ("정책", "예산", "2026", "계획이다")
TABLES = ("findings", "agreements", "versions", "attachments", "attachment_texts", "change_labels", "change_reasons")

Made = dict[str, list[tuple[Any, ...]]]


class Told:
    """An archive with a story in it: edits, a file that could not be had, a removal, an outage, a return."""

    def __init__(self, root: Path) -> None:
        self.drill = Drill(root, 2, files=True)
        self.drill.run()
        self.drill.portal.advance()
        self.drill.weather = lambda url: page(404) if "download.do" in url else None
        self.drill.run()
        gone = self.drill.articles[self.drill.section("fact-check")[0]]
        Remove(gone).apply(self.drill.portal.state)
        file = disagreeing_file(self.drill)
        self.drill.weather = lambda url: Answer(file, "application/x-download") if "download.do" in url else None
        self.drill.run(lists=False)
        self.drill.weather = lambda url: page(503)
        self.drill.run(lists=False)
        self.drill.weather = lambda url: None
        self.drill.portal.advance()
        Restore(gone).apply(self.drill.portal.state)
        self.drill.run(lists=False)
        self.archive = self.drill.archive
        self.paths = finished_warcs(self.archive)
        self.captures = [(path, one) for path in self.paths for one in captures_in(path, self.archive.root)]
        self.live = made(self.drill, self.drill.db)


def made(drill: Drill, db: Any) -> Made:
    """Give all that is made from captures, whatever numbers its rows have."""
    found = drill.all_that_is_made(db)
    for table in TABLES:
        cursor = db.execute(f"SELECT * FROM {table}")
        kept = [at for at, one in enumerate(cursor.description) if one[0] not in {"id", "version_id", "capture"}]
        found[table] = sorted((tuple(row[at] for at in kept) for row in cursor), key=repr)
    for text in ASKED:
        hits = search.find(db, search.SearchQuery(search.terms_of(text)))
        found[f"search {text}"] = [(one.article, one.version, str(one)) for one in hits]
    return found


@pytest.fixture(scope="module")
def told(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Told]:
    one = Told(tmp_path_factory.mktemp("told"))
    yield one
    one.drill.db.close()


def test_the_story_has_all_that_an_order_could_spoil(told: Told):
    assert set(told.drill.kinds()) >= {"edited", "removed", "restored", "attachment-replaced"}
    assert len(told.paths) == 5
    assert told.live["findings"]
    assert "outage" in {row[2] for row in told.live["judgements"]}
    assert len(told.paths) < len(told.captures) / 10
    assert all(told.live[f"search {text}"] for text in ASKED)


def filed(told: Told, batches: Sequence[Sequence[tuple[Path, Capture]]]) -> Made:
    """File captures batch by batch, each with a whole pass after it, and give what was made."""
    with tempfile.TemporaryDirectory() as directory:
        archive = Archive(Path(directory) / "archive")
        archive.create()
        for path in told.paths:
            (archive.warcs / path.name).hardlink_to(path)
        with closing(archive.database()) as db:
            for batch in batches:
                for path, one in batch:
                    holdings.file_captures(db, path, [one], PORTAL, [run_fields(path)])
                passes.catch_up(archive, db, PORTAL)
            assert db.execute("PRAGMA foreign_key_check").fetchall() == []
            return made(told.drill, db)


def split(ordered: Sequence[Any], cuts: Sequence[int]) -> list[Sequence[Any]]:
    ends = [0, *sorted(cuts), len(ordered)]
    return [ordered[start:end] for start, end in pairwise(ends) if start < end]


FEW = settings(
    max_examples=4,
    deadline=None,
    database=None,
    derandomize=True,
    phases=[Phase.explicit, Phase.generate],
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large, HealthCheck.large_base_example],
)


@FEW
@given(data=st.data())
def test_files_filed_in_any_order_and_any_number_of_passes_make_the_same(told: Told, data: st.DataObject):
    paths = data.draw(st.permutations(told.paths))
    groups = split(paths, data.draw(st.lists(st.integers(1, len(paths) - 1), max_size=3)))
    batches = [[one for one in told.captures if one[0] in group] for group in groups]
    assert filed(told, batches) == told.live


@FEW
@given(random=st.randoms(use_true_random=False), cuts=st.lists(st.integers(0, 10_000), max_size=3))
def test_captures_filed_in_any_order_and_any_number_of_passes_make_the_same(told: Told, random: Any, cuts: list[int]):
    ordered = random.sample(told.captures, len(told.captures))
    assert filed(told, split(ordered, [one % len(ordered) for one in cuts])) == told.live


@pytest.mark.parametrize("workers", [1, 2])
def test_a_rebuild_makes_the_same_as_the_live_runs(told: Told, tmp_path: Path, workers: int):
    archive = Archive(Path(shutil.copytree(told.archive.root, tmp_path / "archive")))
    database.rebuild(archive, PORTAL, workers)
    with closing(archive.database()) as db:
        assert made(told.drill, db) == told.live


@pytest.mark.parametrize(("at", "workers"), [(1, 1), (4, 1), (7, 1), (7, 2)])
def test_a_rebuild_that_is_interrupted_leaves_the_old_database_as_it_was(
    told: Told, tmp_path: Path, at: int, workers: int
):
    archive = Archive(Path(shutil.copytree(told.archive.root, tmp_path / "archive")))
    before = {path.name: digest(path) for path in archive.root.glob("versions.db*") if "-shm" not in path.name}
    steps: list[str] = []

    def interrupt(step: str, name: str, of: int) -> None:
        steps.append(f"{step} {name} of {of}")
        if len(steps) == at:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        database.rebuild(archive, PORTAL, workers, interrupt)
    assert active_children() == []
    assert {name: digest(archive.root / name) for name in before} == before
    with closing(archive.database()) as db:
        assert made(told.drill, db) == told.live
    database.rebuild(archive, PORTAL, 1)
    with closing(archive.database()) as db:
        assert made(told.drill, db) == told.live
    assert list(archive.root.glob("*.rebuild*")) == []


class Counting(Payloads):
    """Counts the payloads that are opened."""

    opened = 0

    def payload(self, capture: Capture) -> bytes:
        self.opened += 1
        return super().payload(capture)


def test_looks_that_stand_on_one_record_open_it_once(tmp_path: Path):
    drill = Drill(tmp_path, 1)
    kept: dict[str, Answer] = {}

    def the_same(url: str) -> Answer:
        target = url.removeprefix(BASE)
        return kept.setdefault(url, drill.portal.answer(Request("GET", target, {}, origin=BASE)))

    drill.weather = the_same
    for _ in range(3):
        drill.capture(lists=False)
    drill.weather = lambda url: None
    drill.capture(lists=False)
    counting = Counting(drill.archive, drill.db)
    extractor = Extractor(drill.archive, drill.db, drill.addresses, counting)
    read = extractor.looks_at(drill.articles[drill.section("policy-news")[0]])
    assert [outcome for _, outcome, _ in read.filing.looks] == ["read"] * 4
    assert len(read.filing.versions) == 1
    assert counting.opened == 2
    drill.db.close()


@pytest.mark.parametrize("workers", [1, 2])
def test_a_broken_file_is_named_whoever_reads_it(told: Told, tmp_path: Path, workers: int):
    archive = Archive(Path(shutil.copytree(told.archive.root, tmp_path / "archive")))
    broken = finished_warcs(archive)[1]
    broken.write_bytes(broken.read_bytes()[:-100])
    before = digest(archive.database_path)
    with pytest.raises(WarcError, match=f"{broken.name}: byte [0-9,]+: .*gochim rebuild --salvage"):
        database.rebuild(archive, PORTAL, workers)
    assert digest(archive.database_path) == before
    assert active_children() == []


def die(desk: Desk, number: int) -> int:
    if number == 2:
        os.kill(os.getpid(), signal.SIGKILL)
    return number


def test_a_reader_that_is_killed_ends_the_pass_with_a_reason(told: Told):
    desk = Desk(told.archive, PORTAL, told.archive.database_path)
    with (
        pytest.raises(RunEndedEarly, match=r"A worker process was killed.*fewer --workers"),
        Workers(desk, 2) as readers,
    ):
        list(readers.each(die, range(9)))
    assert active_children() == []


def test_readers_end_when_the_process_that_started_them_is_killed(told: Told):
    out, told_out = os.pipe()
    parent = os.fork()
    if not parent:
        os.close(out)
        with Workers(Desk(told.archive, PORTAL, told.archive.database_path), 2):
            os.write(told_out, b"started")
            signal.pause()
    os.close(told_out)
    assert os.read(out, 7) == b"started"
    os.kill(parent, signal.SIGKILL)
    os.waitpid(parent, 0)
    # The readers hold the other end of the pipe for as long as they live.
    assert os.read(out, 1) == b""
    os.close(out)


def test_a_cluster_makes_the_same_though_a_worker_is_killed_over_a_file(told: Told, tmp_path: Path, monkeypatch):
    monkeypatch.chdir(tmp_path)  # The workers are somewhere else.
    archive = copied(told, Path("archive"))
    with running_cluster(tmp_path / "dask", 1) as cluster, Cluster(cluster.address) as watching:
        client = watching._client
        (first,) = client.nthreads()
        cluster.workers[0].send_signal(signal.SIGSTOP)  # It is given files, and ends none.
        cluster.add_worker()
        client.wait_for_workers(2, timeout=60)
        rebuilding = Thread(target=database.rebuild, args=(archive, PORTAL, 1, None, cluster.address))
        client.get_task_stream()  # From now on it is written down.
        rebuilding.start()
        while not client.processing().get(first):
            time.sleep(0.02)
        cluster.workers[0].kill()
        rebuilding.join(60)
        assert not rebuilding.is_alive()
        ends = Counter(one["key"] for one in client.get_task_stream() if one["status"] == "OK")
    assert sorted(ends.values()) == [1] * len(told.paths)  # No file was read twice to the end.
    with closing(archive.database()) as db:
        assert made(told.drill, db) == told.live
        assert verified(archive, db) == []
    assert not list(archive.root.glob("*.heard"))


def test_an_archive_in_a_bucket_makes_the_same_and_is_left_as_it_was(told: Told, tmp_path: Path, monkeypatch):
    put_archive(told.archive.root, tmp_path / "s3" / "bucket")
    before = {path: path.read_bytes() for path in (tmp_path / "s3" / "bucket").rglob("*") if path.is_file()}
    read = []
    monkeypatch.setattr(payloads, "payload_of", lambda *given: read.append(given[1]) or payload_of(*given))
    with s3_server(tmp_path / "s3") as variables:
        for name, value in variables.items():
            monkeypatch.setenv(name, value)
        archive = Archive(elsewhere.at("s3://bucket/archive"), tmp_path / "work")
        archive.work.mkdir()
        with elsewhere.reached(archive.root):
            database.rebuild(archive, PORTAL, 1)
            with closing(database.opened(archive, PORTAL)) as db:
                assert made(told.drill, db) == told.live
                assert verified(archive, db) == []
                assert read == []  # What a file says was read with the file; no record was asked for by its place.
                assert Payloads(archive, db).payload(told.captures[1][1]) == payload_of(
                    told.archive.root, told.captures[1][1], lambda record: None
                )
    assert {path: path.read_bytes() for path in before} == before
    assert {path for path in (tmp_path / "s3" / "bucket").rglob("*") if path.is_file()} == before.keys()
    with pytest.raises(RunEndedEarly, match=r"s3://bucket/archive cannot be read"), elsewhere.reached(archive.root):
        database.rebuild(Archive(elsewhere.at("s3://bucket/archive"), archive.work), PORTAL, 1)


def copied(told: Told, root: Path) -> Archive:
    """Give an archive of the same WARC files, with nothing made from them."""
    archive = Archive(root)
    archive.create()
    for name in ("warc", "manifests"):
        shutil.copytree(told.archive.root / name, root / name, dirs_exist_ok=True)
    return archive


def verified(archive: Archive, db: Any) -> list[str]:
    return checks.verify(archive, db, lambda name: None).errors


def digest(path: Path) -> str:
    return hashlib.sha256(path.read_bytes()).hexdigest()
