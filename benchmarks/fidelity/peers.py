"""The archivers under judgement: how each is installed and set to work on the same list of requests.

Peers run in environments of their own (:mod:`benchmarks.environments`); for documentation, not in CI.
"""

from __future__ import annotations

import base64
import json
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from benchmarks.environments import environment, program, version
from benchmarks.fidelity.situations import SITUATIONS
from benchmarks.fidelity.warc_blocks import Record, records_below
from benchmarks.fidelity.wire import Wire

ROOT = Path(__file__).resolve().parents[2]
CLIENTS = Path(__file__).parent / "clients"
_PATIENCE = 300
_WGET = (
    "--no-config --no-verbose --tries=1 --timeout=4 --max-redirect=0 --content-on-error --no-check-certificate "
    "--no-hsts --no-warc-keep-log --output-document=/dev/null"
).split()


@dataclass(frozen=True)
class Place:
    """Where a peer works: its environment's ``bin`` folder, the wire, and the folder that receives WARC files."""

    bin: Path
    wire: Wire
    folder: Path

    def jobs(self) -> Path:
        """Write the list of requests."""
        return self.wire.jobs(self.folder / "jobs.json")

    def python(self, client: str, *arguments: str | Path) -> None:
        """Run one of the clients in the peer's environment; what it complains of is for the log."""
        with (self.folder / "client.log").open("w") as log:
            command: list[str | Path] = [self.bin / "python", CLIENTS / client, *arguments]
            subprocess.run(command, cwd=self.folder, stdout=log, stderr=log, timeout=_PATIENCE, check=False)


@dataclass(frozen=True)
class Peer:
    """One column: how it is run, and of which environment which packages are told of; none for what needs none."""

    run: Callable[[Place], None]
    environment: str = ""
    told: tuple[str, ...] = ()


def _gochim(place: Place) -> None:
    """Crawl each server once, as two portals; the product's own environment is this one."""
    for secure in (False, True):
        some = [one for one in SITUATIONS if one.tls is secure]
        jobs = place.wire.jobs(place.folder / f"jobs-{secure}.json", some)
        archive = place.folder / f"archive-{secure}"
        command: list[str | Path] = [sys.executable, "-m", "benchmarks.fidelity.crawl"]
        command += [archive, place.wire.authority, jobs]
        subprocess.run(command, cwd=ROOT, timeout=_PATIENCE, check=True)


def _wget(place: Place) -> None:
    """Make one call for each request: Wget ends a list at what it takes for a fatal answer."""
    wget = program("wget")
    for number, job in enumerate(json.loads(place.jobs().read_text())):
        body = base64.b64decode(job["body"]).decode()
        command = [wget, *_WGET, f"--warc-file={place.folder / f'{number:02}'}", f"--method={job['method']}"]
        command += [f"--header={name}: {value}" for name, value in job["headers"]]
        command += [f"--body-data={body}"] if body else []
        with (place.folder / "client.log").open("a") as log:
            subprocess.run([*command, job["url"]], stdout=log, stderr=log, timeout=60, check=False)


def _capture_http(place: Place) -> None:
    place.python("capture_http.py", place.folder / "captured.warc.gz", place.jobs())


def _webarchive(place: Place) -> None:
    place.python("webarchive.py", place.folder, place.jobs())


def _warcprox(place: Place) -> None:
    port = _free_port()
    own: list[str | Path] = [
        "-p",
        str(port),
        "-b",
        "127.0.0.1",
        "-d",
        place.folder / "warcs",
        "-z",
        "--socket-timeout",
        "4",
    ]
    own += ["-c", place.folder / "ca.pem", "--certs-dir", place.folder / "certificates", "--base32"]
    own += ["-j", place.folder / "dedup.sqlite", "--stats-db-file", "/dev/null"]
    with _serving([place.bin / "python", CLIENTS / "start_warcprox.py", *own], place.folder, port):
        place.python("through_proxy.py", f"127.0.0.1:{port}", place.jobs())
        time.sleep(3)  # its writer works through a queue


def _pywb(place: Place) -> None:
    port = _free_port()
    (place.folder / "config.yaml").write_text(
        "collections:\n  live: $live\nrecorder: live\nproxy:\n  coll: rec\n  recording: true\n"
    )
    subprocess.run([place.bin / "wb-manager", "init", "rec"], cwd=place.folder, stdout=subprocess.DEVNULL, check=True)
    command: list[str | Path] = [
        place.bin / "wayback",
        "-p",
        str(port),
        "-b",
        "127.0.0.1",
        "--proxy",
        "rec",
        "--proxy-record",
    ]
    with _serving(command, place.folder, port):
        place.python("through_proxy.py", f"127.0.0.1:{port}", place.jobs())
        time.sleep(3)


PEERS = {
    "wget": Peer(_wget),
    "warcio capture_http": Peer(_capture_http, "warcio", ("warcio", "requests")),
    "scrapy-webarchive": Peer(_webarchive, "scrapy-webarchive", ("scrapy-webarchive", "Scrapy")),
    "warcprox": Peer(_warcprox, "warcprox", ("warcprox",)),
    "pywb record mode": Peer(_pywb, "pywb", ("pywb",)),
    "gochim": Peer(_gochim),
}
"""The columns of the matrix, in order."""


def captured(name: str, wire: Wire, folder: Path) -> list[Record]:
    """Let a peer make every request against the running servers and read what it has written.

    Raises:
        SystemExit: It is not installed; the message says what to do.
        subprocess.SubprocessError: It cannot be installed, or did not come to an end.
    """
    peer = PEERS[name]
    folder.mkdir(parents=True)
    home = environment(peer.environment) if peer.environment else Path(sys.executable).parent
    peer.run(Place(home, wire, folder))
    return records_below(folder)


def version_of(name: str) -> str:
    """Name a peer and its version, for the page."""
    if name == "wget":
        said = subprocess.run(["wget", "--version"], capture_output=True, text=True, check=True).stdout
        return " ".join(said.split()[:3])  # "GNU Wget 1.21.3 built on linux-gnu."
    peer = PEERS[name]
    return ", ".join(version(peer.environment, one) for one in peer.told) or "this version"


def _free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        return int(listener.getsockname()[1])


@contextmanager
def _serving(command: list[str | Path], folder: Path, port: int) -> Iterator[None]:
    """Run a proxy for the length of a ``with`` block and let it write what it still holds."""
    with (folder / "server.log").open("w") as log:
        process = subprocess.Popen(command, cwd=folder, stdout=log, stderr=log)
        try:
            _wait_for(port)
            yield
        finally:
            process.terminate()
            try:
                process.wait(30)
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait()


def _wait_for(port: int) -> None:
    for _ in range(300):
        try:
            with socket.create_connection(("127.0.0.1", port), timeout=1):
                return
        except OSError:
            time.sleep(0.1)
    raise SystemExit(f"nothing listens on port {port}; see server.log in the peer's folder")
