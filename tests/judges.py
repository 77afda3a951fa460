"""The tools that judge our archives and our readers of documents, in an environment of their own.

pywb brings a package that installs itself over brotli, so it cannot share ours; pyhwp's licence (AGPL) keeps it out of
ours. ``make test`` makes their environment.
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


_READ = """
import json, sys, tempfile

def hwp(path):
    from hwp5.binmodel import ParaText
    from hwp5.xmlmodel import Hwp5File
    body = Hwp5File(path).bodytext
    models = (model for index in body.section_indexes() for model in body.section(index).models())
    chunks = (chunk for model in models if model["type"] is ParaText for _, chunk in model["content"]["chunks"])
    return "".join(chunk for chunk in chunks if isinstance(chunk, str))

def hwpx(path):
    import unhwp
    with unhwp.parse(path) as document:
        return document.plain_text

def pdf(path):
    from pypdf import PdfReader
    return "".join(page.extract_text() for page in PdfReader(path).pages)

def docx(path):
    import docx
    parts = docx.Document(path).iter_inner_content()
    return "".join(
        part.text if hasattr(part, "text") else "".join(cell.text for row in part.rows for cell in row.cells)
        for part in parts
    )

print(json.dumps([globals()[kind](path) for kind, path in json.load(sys.stdin)]))
"""


def texts(files: list[tuple[str, Path]]) -> list[str]:
    """Have other projects' readers read files: pyhwp ``hwp``, unhwp ``hwpx``, pypdf ``pdf``, python-docx ``docx``."""
    asked = json.dumps([(kind, str(path)) for kind, path in files])
    done = subprocess.run(
        [python(), "-W", "ignore", "-c", _READ], input=asked, capture_output=True, text=True, check=True
    )
    read: list[str] = json.loads(done.stdout)
    return read


def player() -> bytes:
    """Give the service worker of ReplayWeb.page that pywb ships."""
    code = "import pathlib, pywb; print(pathlib.Path(pywb.__file__).parent / 'static' / 'wabacSW.js')"
    done = subprocess.run([python(), "-W", "ignore", "-c", code], capture_output=True, text=True, check=True)
    return Path(done.stdout.strip()).read_bytes()
