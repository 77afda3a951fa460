"""Archives elsewhere and clusters as the commands take them: what is refused, and what is kept beside the database."""

from __future__ import annotations

import importlib
import json
import os
import shlex
import signal
import socket
import sqlite3
import subprocess
import sys
import time
from concurrent.futures import CancelledError
from contextlib import closing
from dataclasses import replace
from threading import Timer

import dask.config
import pytest
from botocore.exceptions import NoCredentialsError
from click.testing import CliRunner
from distributed import KilledWorker
from distributed.comm.core import CommClosedError

from cli import cluster as clusters
from cli import holdings
from cli.cluster import Cluster, edition
from cli.main import gochim
from cli.workers import Desk
from crawler import layouts
from crawler.heard import Heard, Said
from crawler.holding import holding
from crawler.layouts import PageReading
from crawler.portal import Portal
from storage import elsewhere
from storage.archive import Archive
from storage.errors import ArchiveDisagrees, RunEndedEarly, SettingsError, WarcError
from tests.clusters import ROOT, put_archive, running_cluster, s3_server
from tests.crash_deeds import exchanges
from tests.drill import Drill
from tests.makers import PORTAL, at, capture
from tests.serving import free_port
from tests.test_order import Told
from tests.warc_samples import written


def refused(*words: str) -> str:
    done = CliRunner().invoke(gochim, words)
    assert isinstance(done.exception, SettingsError), done.output
    return str(done.exception)


def test_an_archive_elsewhere_needs_a_directory_for_its_database_and_is_never_written(tmp_path, monkeypatch):
    monkeypatch.delenv("GOCHIM_WORK", raising=False)
    there = ("--archive", "memory://bucket/archive")
    assert "with --work or $GOCHIM_WORK." in refused("rebuild", *there)
    assert "database with $GOCHIM_WORK." in refused("changes", *there)  # which has no --work
    assert "and export wacz needs an archive that is a directory" in refused("export", "wacz", "-o", "x", *there)
    (tmp_path / "own" / "warc").mkdir(parents=True)
    assert "is an archive of its own" in refused("rebuild", *there, "--work", str(tmp_path / "own"))
    assert "is for an archive that lies elsewhere" in refused(
        "rebuild", "--archive", str(tmp_path), "--work", str(tmp_path / "w")
    )
    work = ("--work", str(tmp_path / "w"))
    for command in "rebuild", "verify":
        told = refused(command, "--archive", "memory://no-bucket/archive", *work)
        assert told == "There is no bucket no-bucket for memory://no-bucket/archive. Name the archive with --archive."
    elsewhere.at("memory://bucket/other").mkdir(parents=True)
    for command in "rebuild", "verify":
        assert "There are no WARC files" in refused(command, *there, *work)
    elsewhere.at("memory://bucket/whole/warc").mkdir(parents=True)
    assert "gochim rebuild --archive" in refused("verify", "--archive", "memory://bucket/whole", *work)
    assert "Repair it where it is written" in refused("verify", "--repair", *there, "--work", str(tmp_path / "w"))
    monkeypatch.setenv("GOCHIM_WORK", str(tmp_path / "w"))
    assert "There are no WARC files" in refused("status", *there)
    assert "init needs an archive that is a directory" in refused("init", *there, "--contact", "desk@example.org")
    assert "cannot be read" in refused("status", "--archive", "nowhere://bucket")
    monkeypatch.setitem(sys.modules, "upath", None)
    assert "pip install 'gochim[cluster]'" in refused("status", *there)


def test_what_is_advised_of_an_archive_elsewhere_is_no_repair_which_is_refused_there(tmp_path):
    drill = Drill(tmp_path)
    drill.run()
    drill.db.close()
    root = elsewhere.at("memory://advised/archive")
    for one in (*drill.archive.warcs.iterdir(), *drill.archive.manifests.iterdir(), drill.archive.settings_path):
        there = root / one.relative_to(drill.archive.root).as_posix()
        there.parent.mkdir(parents=True, exist_ok=True)
        there.write_bytes(one.read_bytes())
    where = ("--archive", "memory://advised/archive", "--work", str(tmp_path / "work"))
    rebuilt = CliRunner().invoke(gochim, ["rebuild", *where])
    assert rebuilt.exit_code == 0, rebuilt.output
    (root / "warc" / "another.warc.gz").write_bytes(b"".join(one.read_bytes() for one in drill.archive.warcs.iterdir()))
    with closing(sqlite3.connect(tmp_path / "work" / "versions.db")) as db, db:
        db.execute("DELETE FROM capture_rows WHERE id = (SELECT max(id) FROM capture_rows)")
    told = CliRunner().invoke(gochim, ["verify", *where])
    assert isinstance(told.exception, ArchiveDisagrees), told.output
    assert f"is not in the database. File it with: gochim rebuild {shlex.join(where)}" in told.output
    assert "no manifest vouches for it" in told.output
    assert "write it into the run log where the archive can be written." in told.output
    assert f"Most are mended with: gochim rebuild {shlex.join(where)}." in str(told.exception)
    assert "--repair" not in told.output + str(told.exception)


@pytest.mark.parametrize("words", ["export parquet", "export cdxj", "export wacz", "export dossier 1.2", "report"])
def test_what_is_written_is_written_here_and_an_address_is_refused(tmp_path, monkeypatch, words):
    monkeypatch.chdir(tmp_path)
    done = CliRunner().invoke(
        gochim, [*words.split(), "-o", "s3://bucket/made", "--archive", str(tmp_path / "archive")]
    )
    assert done.exit_code == 2
    assert "s3://bucket/made is an address" in done.output
    assert list(tmp_path.iterdir()) == []


def test_a_scheduler_that_is_not_there_or_has_no_worker_is_said_in_a_sentence(tmp_path, monkeypatch):
    monkeypatch.setattr(clusters, "PATIENCE", 1)
    with pytest.raises(RunEndedEarly, match=r"No Dask scheduler answers at .*dask scheduler"):
        Cluster(f"tcp://127.0.0.1:{free_port()}")
    for address in ("nonsense://127.0.0.1:1", "tcp://127.0.0.1", "127.0.0.1"):
        with pytest.raises(SettingsError, match=rf"{address} is no address"):
            Cluster(address)
    monkeypatch.setitem(sys.modules, "distributed", None)
    with pytest.raises(SettingsError, match=r"pip install 'gochim\[cluster\]'"):
        Cluster("tcp://127.0.0.1:1")


def test_an_address_that_needs_certificates_says_where_they_are_to_be_named(tmp_path):
    with pytest.raises(SettingsError, match=r"tls://127.0.0.1:1 needs certificates.*TLS__CA_FILE"):
        Cluster("tls://127.0.0.1:1")
    where = str(tmp_path / "none.pem")
    files = {f"distributed.comm.tls.{name}": where for name in ("ca-file", "client.cert", "client.key")}
    with dask.config.set(files), pytest.raises(SettingsError, match=r"cannot be read .*TLS__CA_FILE"):
        Cluster("tls://127.0.0.1:1")
    (tmp_path / "none.pem").write_text("no certificate", encoding="ascii")
    with dask.config.set(files), pytest.raises(SettingsError, match=r"cannot be read .*TLS__CA_FILE"):
        Cluster("tls://127.0.0.1:1")
    encrypted = dask.config.set({"distributed.comm.require-encryption": True})
    with encrypted, pytest.raises(SettingsError, match=r"asks for encryption"):
        Cluster("tcp://127.0.0.1:1")


def test_what_ends_a_task_is_said_with_the_file_it_read():
    one = Cluster.__new__(Cluster)
    one._address = "tcp://127.0.0.1:1"

    class Worker:
        address = "tcp://127.0.0.1:2"

    for error, told in (
        (KilledWorker("task", Worker(), 4), r"warc/a.warc.gz: the workers that read it died.*127.0.0.1:2"),
        (CommClosedError("closed"), r"The scheduler at tcp://127.0.0.1:1 went away \(closed\)"),
        (
            CancelledError("a task\nis cancelled"),
            r"The scheduler at tcp://127.0.0.1:1 went away \(a task is cancelled\)",
        ),
        (FileNotFoundError(2, "No such file"), r"warc/a.warc.gz: a worker could not read it .*the same file system"),
        (NoCredentialsError(), r"warc/a.warc.gz: a worker could not read it \(Unable to locate.*AWS_SECRET_ACC"),
    ):
        refusal = pytest.raises((RunEndedEarly, SettingsError), match=told)
        with refusal, one._talking(), one._saying_why("warc/a.warc.gz"):
            raise error


def test_who_is_interrupted_while_no_scheduler_answers_waits_no_longer(tmp_path):
    with socket.create_server(("127.0.0.1", 0)) as mute:
        words = ("rebuild", "--archive", str(tmp_path), "--cluster", f"tcp://127.0.0.1:{mute.getsockname()[1]}")
        (tmp_path / "warc").mkdir()
        (tmp_path / "warc" / "one.warc").write_bytes(b"WARC/1.1")
        command = [sys.executable, "-m", "cli", *words]
        with subprocess.Popen(command, cwd=ROOT, stderr=subprocess.PIPE, text=True) as process:
            held, _ = mute.accept()
            time.sleep(0.5)
            process.send_signal(signal.SIGTERM)
            _, said = process.communicate(timeout=120)
            held.close()
    assert (process.returncode, said.strip()) == (5, "gochim: interrupted; all that was captured is kept")


def test_workers_that_are_all_gone_in_the_middle_end_the_command(tmp_path, monkeypatch):
    monkeypatch.setattr(clusters, "PATIENCE", 2)
    with running_cluster(tmp_path / "dask", 0) as running:
        worker = running.add_worker()
        running.await_worker()
        with Cluster(running.address) as cluster:
            assert list(cluster.each(time.sleep, [2.5])) == [None]  # Longer than one is patient is not too long.
            Timer(0.5, worker.kill).start()
            with pytest.raises(RunEndedEarly, match=rf"{running.address} has no worker. Start one with: dask worker"):
                list(cluster.each(time.sleep, [600, 600]))


@pytest.fixture(scope="module")
def running(tmp_path_factory):
    """Give a cluster with a worker to tests that leave it as it is."""
    with running_cluster(tmp_path_factory.mktemp("dask"), 1) as one:
        one.await_worker()
        yield one


def test_a_task_whose_own_time_runs_out_is_not_waited_for_again(running, monkeypatch):
    monkeypatch.setattr(clusters, "PATIENCE", 5)
    with Cluster(running.address) as cluster, pytest.raises(RunEndedEarly, match=r"9: a worker could not read it"):
        list(cluster.each(timed_out, [9]))


def timed_out(item: int) -> None:
    raise TimeoutError(110, "Connection timed out")


def test_a_worker_that_lacks_a_package_is_said_in_a_sentence(running):
    told = pytest.raises(SettingsError, match=r"A worker .*has another gochim .*No module named 'nowhere'.*Install")
    with Cluster(running.address) as cluster, told:
        list(cluster.each(importlib.import_module, ["nowhere"]))


def test_another_python_or_parser_is_another_gochim(monkeypatch):
    ours = edition.__wrapped__()
    assert f"Python {sys.version_info.major}.{sys.version_info.minor}" in ours
    monkeypatch.setattr(clusters, "version", lambda name: f"another {name}")
    assert edition.__wrapped__() != ours
    assert "another selectolax" in edition.__wrapped__()


def test_what_a_page_says_serves_a_later_look_at_the_same_address_under_the_same_layouts(tmp_path, monkeypatch):
    first = capture(at(0), "148930267")
    said = PageReading("gone")
    with closing(Heard(tmp_path / "one.heard")) as heard:
        heard.keep([Said(first.evidence.record_id, first.url, first.captured_at, page=said)])
        assert heard.page(first) == said
        again = capture(at(48), "148930267")._replace(kind="revisit", refers_to=first.evidence.record_id)
        assert heard.page(again) == said
        assert heard.page(again._replace(url=again.url.replace("148930267", "148930268"))) is None
        assert heard.page(capture(at(9), "148930267")) is None  # It is another record.
        assert (heard.file(again), heard.picture(again), heard.payload(again)) == (None, None, None)
        monkeypatch.setattr(layouts, "_since", lambda: [at(24).date()])
        assert heard.page(again) is None


def test_a_file_that_breaks_off_holds_nothing_and_says_where(tmp_path):
    written(tmp_path, *exchanges())
    (path,) = (tmp_path / "warc").glob("*.warc.gz")
    whole = holding(path, tmp_path, Portal(PORTAL))
    assert (len(whole.captures), whole.fault) == (7, "")
    assert len(whole.said) == 3  # The same page again, a failure, a cut one and a file are read by who wants them.
    assert holding(path, tmp_path).said == []
    path.write_bytes(path.read_bytes()[:-40])
    broken = holding(path, tmp_path, Portal(PORTAL))
    assert (broken.captures, broken.said) == ([], [])
    assert broken.fault.endswith("the file ends inside a gzip member")


def test_an_empty_file_is_damaged_wherever_it_is_read(tmp_path):
    path = tmp_path / "warc" / "a.warc.gz"
    path.parent.mkdir()
    path.touch()
    assert holding(path, tmp_path, Portal(PORTAL)).fault == "it is empty"
    salvaged = holding(path, tmp_path, Portal(PORTAL), salvage=True)
    assert (salvaged.fault, [one.reason for one in salvaged.damages]) == ("", ["it is empty"])


def test_pages_read_by_another_gochim_are_not_taken(tmp_path):
    written(tmp_path, *exchanges())
    archive = Archive(tmp_path)
    (path,) = archive.warcs.glob("*.warc.gz")
    held = replace(holding(path, tmp_path, Portal(PORTAL)), extractor="another")
    desk = Desk(archive, Portal(PORTAL), archive.database_path)
    with pytest.raises(SettingsError, match=r"was read by another gochim.*cluster's workers as here"):
        list(holdings._taken(desk, [(path, held)]))
    assert [one.name for one in tmp_path.iterdir()] == ["warc"]


def test_a_store_that_refuses_is_said_in_a_sentence(tmp_path):
    root = elsewhere.at("memory://bucket/archive")
    told = pytest.raises(RunEndedEarly, match=r"memory://.*cannot be read.*nothing there was touched")
    with told, elsewhere.reached(root):
        raise PermissionError("denied")
    with pytest.raises(WarcError), elsewhere.reached(root):
        raise WarcError("of its own")
    with pytest.raises(PermissionError), elsewhere.reached(tmp_path):
        raise PermissionError("of this machine")


@pytest.mark.torture
def test_rebuild_verify_and_export_by_a_cluster_from_a_bucket_equal_those_of_one_machine(tmp_path):
    told = Told(tmp_path / "told")
    told.drill.db.close()
    local = told.archive.root
    put_archive(local, tmp_path / "s3" / "bucket")
    with (
        s3_server(tmp_path / "s3") as variables,
        running_cluster(tmp_path / "dask", 2, **variables) as cluster,
    ):
        there = ("--archive", "s3://bucket/archive", "--work", str(tmp_path / "work"), "--cluster", cluster.address)
        here = ("--archive", str(local))
        for words in (("rebuild",), ("verify",), ("verify", "--format", "json")):
            assert run(variables, *words, *there) == run({}, *words, *here)
        for root in local, tmp_path / "work":
            with closing(sqlite3.connect(root / "versions.db")) as db, db:
                db.execute("UPDATE changes SET weight = 'cosmetic'")
        altered = run(variables, "verify", *there, code=3)
        assert altered.replace(shlex.join(there[:4]), shlex.join(here)) == run({}, "verify", *here, code=3)
        assert "weight is 'cosmetic' and ought to be 'substance'" in altered
        run({}, "rebuild", *here)
        run(variables, "rebuild", *there)
        variables |= {"GOCHIM_WORK": str(tmp_path / "work")}
        for words in (("changes",), ("search", "정책"), ("export", "cdxj")):
            assert run(variables, *words, *there[:2]) == run({}, *words, *here)
        lakes = [tmp_path / "there", tmp_path / "here"]
        for lake, where in zip(lakes, (there, here), strict=True):
            run(variables, "export", "parquet", "-o", str(lake), *where)
        files = [{one.relative_to(lake): one.read_bytes() for one in lake.rglob("*.parquet")} for lake in lakes]
        assert files[0] == files[1]
        assert len(files[0]) > 10
        again = run(variables, "export", "parquet", "-o", str(lakes[0]), *there, "--format", "json")
        assert json.loads(again)["written"] == 0


def run(more: dict[str, str], *words: str, code: int = 0) -> str:
    """Run the command in a process of its own and give what it printed."""
    done = subprocess.run(
        [sys.executable, "-m", "cli", *words],
        check=False,
        cwd=ROOT,
        env={**os.environ, **more},
        capture_output=True,
        text=True,
    )
    assert done.returncode == code, done.stderr
    return done.stdout
