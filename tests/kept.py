"""An archive of the replica that a module's tests begin with, each in a copy of its own, and commands on it."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from cli.main import gochim
from tests.drill import Drill


def crawled(root: Path, number: int) -> Path:
    """Crawl so many articles of each section once; give the archive's directory."""
    drill = Drill(root, number)
    drill.run()
    drill.db.close()
    assert run(drill.archive.root, "status").exit_code == 0  # begins the run log
    return drill.archive.root


@pytest.fixture
def kept(made: Path, tmp_path: Path) -> Path:
    return Path(shutil.copytree(made, tmp_path / "archive"))


def run(root: Path, *words: str) -> Result:
    return CliRunner().invoke(gochim, [*words, "--archive", str(root)])
