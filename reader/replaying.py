"""pywb beside the reader: a process of its own on another port of loopback, over the archive's files as they are."""

from __future__ import annotations

import json
import os
import shutil
import socket
import subprocess
import sys
import tempfile
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from storage.archive import Archive
from storage.cdxj import index_directory
from storage.errors import SettingsError

COLLECTION = "gochim"
_PATIENCE = 60.0
"""Seconds for pywb to answer once it was started."""


@contextmanager
def replaying(archive: Archive) -> Iterator[str]:
    """Run pywb over an archive; give its collection's address, and stop it in the end.

    pywb's own files are in a directory that is removed; nothing is written in the archive.

    Raises:
        SettingsError: pywb is not there, or it does not start.
    """
    command = wayback()
    with tempfile.TemporaryDirectory(prefix="gochim-replay-") as home:
        root = archive.root.resolve()
        places = {
            "index_paths": f"{index_directory(archive).resolve()}/",
            "archive_paths": f"{root / 'warc'}/",
        }
        config = {"collections": {COLLECTION: places}, "enable_auto_colls": False, "enable_memento": True}
        (Path(home) / "config.yaml").write_text(json.dumps(config), encoding="utf-8")
        with socket.create_server(("127.0.0.1", 0)) as probe:
            port = probe.getsockname()[1]
        with (Path(home) / "log").open("wb") as log:
            process = subprocess.Popen(  # noqa: S603  # the command is the user's own installation
                [command, "-b", "127.0.0.1", "-p", str(port), "-d", home],
                stdout=log, stderr=subprocess.STDOUT, cwd=home, env={**os.environ, "PYTHONWARNINGS": "ignore"},
            )  # fmt: skip
            try:
                _await(f"http://127.0.0.1:{port}/", process, Path(home) / "log")
                yield f"http://127.0.0.1:{port}/{COLLECTION}"
            finally:
                process.terminate()
                try:
                    process.wait(10)
                except subprocess.TimeoutExpired:
                    process.kill()
                    process.wait()


def wayback() -> str:
    """Find pywb's command: ``$GOCHIM_WAYBACK``, or ``wayback`` beside this Python or on the path.

    Raises:
        SettingsError: It is nowhere.
    """
    named = os.environ.get("GOCHIM_WAYBACK")
    beside = Path(sys.executable).parent
    found = shutil.which(named) if named else shutil.which("wayback", path=str(beside)) or shutil.which("wayback")
    if found is None:
        raise SettingsError(
            f"pywb, which replays archived pages, is not there{f' ({named} cannot be run)' if named else ''}. "
            "Install it with: pip install 'gochim[replay]' (or name one that stands elsewhere in GOCHIM_WAYBACK)"
        )
    return str(Path(found).absolute())


def _await(base: str, process: subprocess.Popen[bytes], log: Path) -> None:
    deadline = time.monotonic() + _PATIENCE
    while time.monotonic() < deadline and process.poll() is None:
        try:
            urllib.request.urlopen(base, timeout=5).close()  # noqa: S310  # loopback
        except (urllib.error.URLError, OSError):
            time.sleep(0.1)
        else:
            return
    lines = log.read_text(encoding="utf-8", errors="replace").strip().splitlines()
    raise SettingsError(
        f"pywb did not start: {lines[-1] if lines else 'it said nothing'}. Run it by hand: wayback --help"
    )
