"""What goes wrong with a real cluster ends the command in a sentence, and nothing is lost: the same command goes on."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from tests.clusters import ROOT, put_archive, running_cluster, s3_server
from tests.serving import free_port
from tests.test_order import Told
from tests.wire_server import make_authority

pytestmark = pytest.mark.torture


@pytest.fixture(scope="module")
def told(tmp_path_factory: pytest.TempPathFactory) -> Path:
    one = Told(tmp_path_factory.mktemp("told") / "told")
    one.drill.db.close()
    return one.archive.root


@pytest.fixture(scope="module")
def digest(told: Path) -> str:
    """What a rebuild on one machine says."""
    return run("rebuild", "--archive", str(told))[1]


def begun(*words: str, **more: str) -> subprocess.Popen[str]:
    return subprocess.Popen(
        [sys.executable, "-m", "cli", *words],
        cwd=ROOT,
        env={**os.environ, **more},
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )


def ended(process: subprocess.Popen[str]) -> tuple[int, str]:
    """Give the exit code and what was said, on stderr where it went wrong, which must be one sentence in one line."""
    out, err = process.communicate(timeout=120)
    if process.returncode:
        assert err.startswith("gochim: "), err
        assert err.count("\n") == 1, err
    return process.returncode, err if process.returncode else out


def run(*words: str, **more: str) -> tuple[int, str]:
    return ended(begun(*words, **more))


def slow_code(folder: Path, seconds: int = 600) -> Path:
    """Give a directory with which a worker is slow over each file, as if all were large."""
    folder.mkdir()
    (folder / "sitecustomize.py").write_text(
        "import time, crawler.holding, storage.inspected\n"
        "def slowly(task):\n"
        f"    return lambda *words, **more: (time.sleep({seconds}), task(*words, **more))[1]\n"
        "crawler.holding.holding = slowly(crawler.holding.holding)\n"
        "storage.inspected.inspected = slowly(storage.inspected.inspected)\n",
        encoding="utf-8",
    )
    return folder


@pytest.mark.parametrize("verb", ["rebuild", "verify"])
def test_a_scheduler_that_dies_in_the_middle_costs_the_command_alone(told, digest, tmp_path, verb):
    archive = ("--archive", str(told))
    before = (told / "versions.db").read_bytes()
    with running_cluster(tmp_path / "dask", 0) as cluster:
        cluster.add_worker(slow_code(tmp_path / "slow"))
        process = begun(verb, *archive, "--cluster", cluster.address)
        cluster.await_client()
        cluster.scheduler.kill()
        code, said = ended(process)
    assert code == 5
    assert f"The scheduler at {cluster.address} went away" in said
    assert (told / "versions.db").read_bytes() == before
    assert run("rebuild", *archive)[1] == digest


def test_a_worker_with_another_gochim_is_refused(told, tmp_path):
    other = tmp_path / "other"
    for room in ("alerting", "cli", "crawler", "diffing", "reader", "replica", "storage"):
        shutil.copytree(ROOT / room, other / room, ignore=shutil.ignore_patterns("__pycache__"))
    with (other / "crawler" / "page.py").open("a", encoding="utf-8") as file:
        file.write("# read otherwise\n")
    with running_cluster(tmp_path / "dask", 0) as cluster:
        cluster.add_worker(other)
        for verb in ("rebuild", "verify"):
            code, said = run(verb, "--archive", str(told), "--cluster", cluster.address)
            assert (code, "A worker (tcp://127.0.0.1:" in said, "has another gochim" in said) == (2, True, True), said


@pytest.mark.parametrize("code", ["# An older one.", "raise ModuleNotFoundError(\"No module\", name='cli')"])
def test_a_worker_without_a_gochim_that_can_be_asked_is_refused(told, tmp_path, code):
    (tmp_path / "old" / "cli").mkdir(parents=True)
    (tmp_path / "old" / "cli" / "__init__.py").touch()
    (tmp_path / "old" / "cli" / "cluster.py").write_text(code, encoding="utf-8")
    with running_cluster(tmp_path / "dask", 0) as cluster:
        cluster.add_worker(tmp_path / "old")
        code, said = run("rebuild", "--archive", str(told), "--cluster", cluster.address)
        assert (code, "Install the same gochim" in said) == (2, True), said


def certificates(folder: Path) -> dict[str, str]:
    folder.mkdir()
    authority, _ = make_authority(folder)
    both = {f"DASK_DISTRIBUTED__COMM__TLS__{role}__{what}": str(folder / "server.pem")
            for role in ("CLIENT", "SCHEDULER", "WORKER") for what in ("CERT", "KEY")}  # fmt: skip
    return {"DASK_DISTRIBUTED__COMM__TLS__CA_FILE": authority, **both}


def test_a_scheduler_with_certificates_is_reached_by_those_of_its_authority_alone(told, digest, tmp_path):
    ours, others = certificates(tmp_path / "ours"), certificates(tmp_path / "others")
    with running_cluster(tmp_path / "dask", 1, "tls", **ours) as cluster:
        words = ("rebuild", "--archive", str(told), "--cluster", cluster.address)
        assert run(*words, **ours) == (0, digest)
        code, said = run(*words, **others)
        assert (code, "those of one authority" in said) == (5, True), said
        assert run(*words)[0] == 2


def test_a_store_that_refuses_the_workers_is_said_with_the_file(told, digest, tmp_path):
    put_archive(told, tmp_path / "s3" / "bucket")
    with s3_server(tmp_path / "s3") as variables, running_cluster(tmp_path / "dask", 0, **variables) as cluster:
        words = ("rebuild", "--archive", "s3://bucket/archive", "--work", str(tmp_path / "work"))
        worker = cluster.add_worker(AWS_SECRET_ACCESS_KEY="another")
        code, said = run(*words, "--cluster", cluster.address, **variables)
        assert (code, "AWS_SECRET_ACCESS_KEY" in said, ".warc.gz" in said) == (5, True, True), said
        worker.kill()
        cluster.add_worker()
        assert run(*words, "--cluster", cluster.address, **variables) == (0, digest)


@pytest.mark.parametrize("harm", ["emptied", "cut", "no file", "a link to nothing"])
def test_damaged_files_are_the_same_to_a_cluster_as_to_one_machine(told, tmp_path, harm):
    root = shutil.copytree(told, tmp_path / "archive")
    path = max((root / "warc").glob("*.warc.gz"))
    if harm == "emptied":
        path.write_bytes(b"")
    elif harm == "cut":
        path.write_bytes(path.read_bytes()[:-300])
    elif harm == "no file":
        (root / "warc" / "early.warc.gz").mkdir()
    else:
        (root / "warc" / "early.warc.gz").symlink_to("/nowhere/early.warc.gz")
    with running_cluster(tmp_path / "dask", 2) as cluster:
        for words in (("rebuild",), ("rebuild", "--salvage"), ("verify",)):
            alone = begun(*words, "--archive", str(root))
            said = (*alone.communicate(timeout=120), alone.returncode)
            beside = begun(*words, "--archive", str(root), "--cluster", cluster.address)
            assert (*beside.communicate(timeout=120), beside.returncode) == said
            assert said[2] == (3 if harm in {"emptied", "cut"} or words == ("verify",) else 0), said


def test_a_store_that_the_workers_do_not_reach_is_said(told, tmp_path):
    put_archive(told, tmp_path / "s3" / "bucket")
    with s3_server(tmp_path / "s3") as variables, running_cluster(tmp_path / "dask", 0, **variables) as cluster:
        cluster.add_worker(AWS_ENDPOINT_URL=f"http://127.0.0.1:{free_port()}")
        words = ("rebuild", "--archive", "s3://bucket/archive", "--work", str(tmp_path / "work"))
        code, said = run(*words, "--cluster", cluster.address, **variables)
        assert (code, "cannot be read" in said or "could not read" in said) == (5, True), said
        assert not (tmp_path / "work" / "versions.db").exists()


def test_a_worker_with_another_gochim_that_joins_in_the_middle_is_refused(told, tmp_path):
    with running_cluster(tmp_path / "dask", 0) as cluster:
        cluster.add_worker(slow_code(tmp_path / "slow", 10))
        process = begun("verify", "--archive", str(told), "--cluster", cluster.address)
        cluster.await_client()
        (tmp_path / "old" / "cli").mkdir(parents=True)
        (tmp_path / "old" / "cli" / "__init__.py").touch()
        (tmp_path / "old" / "cli" / "cluster.py").write_text("# An older one.", encoding="utf-8")
        cluster.add_worker(tmp_path / "old")
        code, said = ended(process)
        assert (code, "Install the same gochim" in said) == (2, True), said
