"""Environments of peers that cannot share ours: each is filled with what a file of its name beside this one lists.

The files hold names and versions, dependencies included; what is made of them stays in ``.venv-archivers``.
"""

from __future__ import annotations

import shutil
import subprocess
import venv
from pathlib import Path

KEPT = Path(__file__).resolve().parents[2] / ".venv-archivers"


def environment(name: str, cache: Path = KEPT) -> Path:
    """Give the ``bin`` folder of a peer's virtual environment, made and filled when it is not there as it should be.

    Args:
        name: The peer's package, ``warcprox``.
        cache: The folder in which the environments stand.

    Raises:
        subprocess.CalledProcessError: It cannot be filled; pip has said why.
    """
    wanted = _list(name)
    made = cache / name / ".made"
    if not made.exists() or made.read_text(encoding="utf-8") != wanted.read_text(encoding="utf-8"):
        venv.create(made.parent, with_pip=True, clear=True)
        pip = [made.parent / "bin" / "pip", "install", "--quiet", "--disable-pip-version-check"]
        subprocess.run([*pip, "--no-deps", "-r", wanted], check=True)
        made.write_text(wanted.read_text(encoding="utf-8"), encoding="utf-8")
    return made.parent / "bin"


def program(name: str) -> str:
    """Find a program that comes from Debian's package of the same name, ``wget``.

    Raises:
        SystemExit: It is not installed; the message says how it is.
    """
    found = shutil.which(name)
    if found is None:
        raise SystemExit(f"{name} is not installed; run: apt-get install {name}")
    return found


def version(name: str, package: str = "") -> str:
    """Name a package of a peer's environment, the peer's own as a rule, with its version: ``warcprox 2.13.1``."""
    package = package or name
    for line in _list(name).read_text(encoding="utf-8").splitlines():
        found, _, number = line.partition("==")
        if found == package:
            return f"{package} {number}"
    raise ValueError(f"{_list(name).name} does not list {package}")


def _list(name: str) -> Path:
    return Path(__file__).with_name(f"{name}.txt")
