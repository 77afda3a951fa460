"""Fetch a list of addresses through a program that records what passes it: warcprox, or pywb in record mode.

Run ``PYTHON recorded.py FILE warcprox|pywb OUT`` with the interpreter of the environment that has the program. Eight
threads of the standard library's client fetch; the recorder is ended once it has nothing left to write.
"""

from __future__ import annotations

import http.client
import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from threading import local
from urllib.parse import urlsplit

THREADS = 8
QUIET = 2.0
"""Seconds for which the recorder's files must not have grown."""
# It refuses servers on loopback, unless told in its code that it may.
WARCPROX = (
    "import sys; from warcprox import main, warcproxy;"
    "warcproxy.WarcProxyHandler.allow_localhost = True; sys.argv[0] = 'warcprox'; main.main()"
)

Target = Callable[[str], tuple[str, int, str]]
"""An address -> the host and port to connect to, and what to ask there."""


def free_port() -> int:
    """Give a port that nobody listens on."""
    with socket.socket() as one:
        one.bind(("127.0.0.1", 0))
        return int(one.getsockname()[1])


def recorder(kind: str, out: Path, port: int) -> tuple[list[str], Target]:
    """Give the command that records, and where each address is asked for."""
    if kind == "warcprox":
        command = [sys.executable, "-c", WARCPROX, "-z", "-p", str(port), "-d", str(out / "warcs"), "-q"]
        return command, lambda url: ("127.0.0.1", port, url)
    program = Path(sys.executable)
    live = "collections:\n  live: $live\nrecorder: live\n"
    (out / "config.yaml").write_text(live, encoding="utf-8")
    subprocess.run([program.with_name("wb-manager"), "init", "kept"], cwd=out, check=True, capture_output=True)
    command = [str(program.with_name("wayback")), "-p", str(port), "-t", "8"]
    return command, lambda url: ("127.0.0.1", port, f"/kept/record/id_/{url}")


def size(out: Path) -> int:
    """Bytes of all WARC files so far."""
    return sum(path.stat().st_size for path in out.rglob("*.warc*"))


def main() -> None:
    """Start the recorder, fetch, wait until it has written all, end it."""
    urls, kind, out = Path(sys.argv[1]).read_text(encoding="utf-8").split(), sys.argv[2], Path(sys.argv[3])
    port = free_port()
    command, target = recorder(kind, out, port)
    process = subprocess.Popen(command, cwd=out, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    try:
        while True:
            with socket.socket() as probe:
                if probe.connect_ex(("127.0.0.1", port)) == 0:
                    break
            if process.poll() is not None:
                sys.exit(f"{command[0]} ended with {process.returncode}")
            time.sleep(0.05)
        own = local()

        def fetch(url: str) -> None:
            host, number, asked = target(url)
            connection = getattr(own, "connection", None)
            if connection is None:
                connection = own.connection = http.client.HTTPConnection(host, number, timeout=60)
            headers = {"Host": urlsplit(url).netloc, "Accept-Encoding": "gzip"}
            connection.request("GET", asked, headers=headers)
            answer = connection.getresponse()
            body = answer.read()
            if answer.status != 200 or not body:
                raise RuntimeError(f"{url}: {answer.status}, {body[:200]!r}")

        began = time.monotonic()
        with ThreadPoolExecutor(THREADS) as pool:
            list(pool.map(fetch, urls))
        fetched = time.monotonic()
        written = size(out)
        since = fetched
        while time.monotonic() - since < QUIET:
            time.sleep(0.05)
            if size(out) != written:
                written, since = size(out), time.monotonic()
        # The wait itself is no part of what it cost.
        print(f"{since - began:.3f}")
    finally:
        process.send_signal(signal.SIGTERM)
        try:
            process.wait(20)
        except subprocess.TimeoutExpired:
            os.kill(process.pid, signal.SIGKILL)
            process.wait()


main()
