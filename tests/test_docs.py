"""The pages that are made from the program say what the program says."""

from __future__ import annotations

import re
import subprocess
import sys

import pytest

from docs.generate import PAGES, ROOT
from tests.runs import Desk


@pytest.mark.parametrize("name", PAGES)
def test_a_page_made_from_the_program_is_up_to_date(name: str):
    written = (ROOT / "docs" / name).read_text(encoding="utf-8")
    assert written == PAGES[name](), f"docs/{name} is old; run: make docs"


def test_every_command_of_the_readme_exists():
    readme = (ROOT / "README.md").read_text(encoding="utf-8")
    verbs = set(re.findall(r"(?:\$ |&& |`)gochim ([a-z-]+)\b", readme))
    shown = subprocess.run(
        [sys.executable, "-m", "cli", "--help"], capture_output=True, text=True, check=True, cwd=ROOT
    ).stdout
    assert verbs >= {"init", "crawl"}
    assert {verb for verb in verbs if f"\n  {verb} " not in shown} == set()


def test_the_settings_in_the_readme_line_are_written(tmp_path):
    out = Desk(tmp_path / "archive").ok("init", "--contact", "desk@example.org")
    assert out.startswith("Wrote ")
    assert "Next: gochim crawl" in out
