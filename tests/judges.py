"""The replay tool that judges our archives, in an environment of its own.

pywb brings a package that installs itself over brotli, so it cannot share ours. ``make test`` makes its environment.
"""

from __future__ import annotations

import json
import subprocess
from pathlib import Path
from types import TracebackType

PYTHON = Path(__file__).resolve().parent.parent / ".venv-judges" / "bin" / "python"

_CANONICALIZE = """
import json, sys, warnings
warnings.simplefilter("ignore")
from pywb.utils.canonicalize import canonicalize
for line in sys.stdin:
    print(json.dumps(canonicalize(json.loads(line))), flush=True)
"""


def python() -> str:
    """Give the judges' interpreter."""
    assert PYTHON.exists(), f"{PYTHON} is missing; make it with: make {PYTHON.parent.parent.name}/.made"
    return str(PYTHON)


class Canonicalizer:
    """pywb's own canonical form of addresses, asked over a pipe."""

    def __enter__(self) -> Canonicalizer:
        self._process = subprocess.Popen(
            [python(), "-c", _CANONICALIZE], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
        )
        return self

    def __call__(self, url: str) -> str:
        assert self._process.stdin is not None
        assert self._process.stdout is not None
        self._process.stdin.write(json.dumps(url) + "\n")
        self._process.stdin.flush()
        return json.loads(self._process.stdout.readline())

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._process.communicate()


def player() -> bytes:
    """Give the service worker of ReplayWeb.page that pywb ships."""
    code = "import pathlib, pywb; print(pathlib.Path(pywb.__file__).parent / 'static' / 'wabacSW.js')"
    done = subprocess.run([python(), "-W", "ignore", "-c", code], capture_output=True, text=True, check=True)
    return Path(done.stdout.strip()).read_bytes()
