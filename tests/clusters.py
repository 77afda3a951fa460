"""A Dask scheduler with workers, and an S3 server, each a process of its own on loopback."""

from __future__ import annotations

import os
import shutil
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from tests.serving import free_port

ROOT = Path(__file__).parent.parent
KEYS = {"AWS_ACCESS_KEY_ID": "gochim", "AWS_SECRET_ACCESS_KEY": "loopback-only", "AWS_DEFAULT_REGION": "us-east-1"}
PATIENCE = 60


def await_port(port: int, process: subprocess.Popen[bytes]) -> None:
    """Wait until a process answers on its port."""
    deadline = time.monotonic() + PATIENCE
    while time.monotonic() < deadline and process.poll() is None:
        with socket.socket() as asked:
            if asked.connect_ex(("127.0.0.1", port)) == 0:
                return
        time.sleep(0.05)
    raise AssertionError(f"{process.args} does not answer")


class RunningCluster:
    """A scheduler and its workers; workers can be added, and killed as a machine dies."""

    def __init__(self, directory: Path, environment: dict[str, str], *, scheme: str = "tcp") -> None:
        self._directory = directory
        self._environment = environment
        self._port = free_port()
        self.address = f"{scheme}://127.0.0.1:{self._port}"
        listen = ("--host", f"{scheme}://127.0.0.1", "--port", str(self._port))
        self.scheduler = self._start("scheduler", *listen, "--no-dashboard", "--no-show")
        self.workers: list[subprocess.Popen[bytes]] = []
        await_port(self._port, self.scheduler)

    def said(self, process: str) -> str:
        """Give what the ``scheduler``, or the workers as ``worker``, logged so far."""
        return (self._directory / f"{process}.log").read_text(encoding="utf-8", errors="replace")

    def await_worker(self) -> None:
        """Wait until a worker has reached the scheduler."""
        deadline = time.monotonic() + PATIENCE
        while "Register worker" not in self.said("scheduler"):
            assert time.monotonic() < deadline, self.said("scheduler")
            time.sleep(0.05)

    def await_client(self) -> None:
        """Wait until a command has reached the scheduler, and had time to give out tasks."""
        deadline = time.monotonic() + PATIENCE
        while "Receive client connection" not in self.said("scheduler"):
            assert time.monotonic() < deadline, self.said("scheduler")
            time.sleep(0.05)
        time.sleep(1)

    def add_worker(self, code: Path = ROOT, **more: str) -> subprocess.Popen[bytes]:
        """Start a worker with one thread, with the gochim in a directory and more variables in its environment."""
        words = ("worker", self.address, "--nthreads", "1", "--no-nanny", "--no-dashboard", "--host", "127.0.0.1")
        worker = self._start(*words, "--local-directory", str(self._directory), code=code, **more)
        self.workers.append(worker)
        return worker

    def stop(self) -> None:
        """End all of it."""
        for process in (*self.workers, self.scheduler):
            process.kill()
            process.wait()

    def _start(self, *words: str, code: Path = ROOT, **more: str) -> subprocess.Popen[bytes]:
        with (self._directory / f"{words[0]}.log").open("ab") as log:
            return subprocess.Popen(
                [sys.executable, "-m", "dask", *words],
                cwd=code,
                env=self._environment
                | {"PYTHONWARNINGS": "", "DASK_DISTRIBUTED__COMM__RETRY__COUNT": "0", "PYTHONPATH": str(code)}
                | more,
                stdout=log,
                stderr=log,
            )


@contextmanager
def running_cluster(directory: Path, workers: int, scheme: str = "tcp", **more: str) -> Iterator[RunningCluster]:
    """Run a cluster, with more variables in its environment."""
    directory.mkdir(parents=True, exist_ok=True)
    cluster = RunningCluster(directory, {**os.environ, **more}, scheme=scheme)
    try:
        for _ in range(workers):
            cluster.add_worker()
        yield cluster
    finally:
        cluster.stop()


@contextmanager
def s3_server(directory: Path) -> Iterator[dict[str, str]]:
    """Run nanio over a directory, whose folders are its buckets; give the variables by which clients reach it."""
    directory.mkdir(parents=True, exist_ok=True)
    port = free_port()
    server = subprocess.Popen(
        [
            sys.executable,
            "-m",
            "nanio",
            "serve",
            "--data-dir",
            str(directory),
            "--host",
            "127.0.0.1",
            "--port",
            str(port),
        ],
        env={
            **os.environ,
            "NANIO_ACCESS_KEY": KEYS["AWS_ACCESS_KEY_ID"],
            "NANIO_SECRET_KEY": KEYS["AWS_SECRET_ACCESS_KEY"],
        },
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    try:
        await_port(port, server)
        yield {**KEYS, "AWS_ENDPOINT_URL": f"http://127.0.0.1:{port}"}
    finally:
        server.terminate()
        server.wait(60)


def put_archive(archive: Path, bucket: Path) -> None:
    """Lay an archive's truth into a bucket's folder: WARC files, manifests, settings, and nothing made from them."""
    for name in ("warc", "manifests"):
        if (archive / name).is_dir():
            shutil.copytree(archive / name, bucket / "archive" / name)
    if (archive / "gochim.toml").exists():
        shutil.copy(archive / "gochim.toml", bucket / "archive")
