"""What a command loads: cron starts it many times a day, and what it does not need would be paid for each time."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from pathlib import Path

from crawler.layouts import extractor
from replica.portal import Portal
from replica.server import serve
from tests.runs import ROOT, Desk, desk, few_articles

# import time:       712 |       5120 |     twisted.web.http
_LOADED = re.compile(r"^import time: +\d+ \| +\d+ \| +([\w.]+)$", re.MULTILINE)

NEEDLESS = {
    "alerting", "apprise", "cli.reporting", "cli.telling", "datasette", "deepdiff", "diffing.labels", "diffing.reports",
    "jinja2", "openpyxl", "pydantic", "rapidfuzz", "rich", "sqlite_utils", "twisted.internet.reactor",
}  # fmt: skip
"""What neither a run that finds nothing new needs nor the question how an archive is."""


def loaded(watched: Desk, *words: str) -> set[str]:
    """Run a command anew; give the modules that its imports and those of the process beside it load."""
    command = [sys.executable, "-X", "importtime", "-m", "cli", *words, "--archive", str(watched.root)]
    done = subprocess.run(command, capture_output=True, text=True, check=True, cwd=ROOT, timeout=300)
    return set(_LOADED.findall(done.stderr))


def test_a_command_loads_only_what_it_needs(tmp_path: Path):
    with serve(Portal.load(few_articles(tmp_path / "articles", 1))) as portal:
        watched = desk(tmp_path / "archive", portal.url, images=False, attachments=False)
        watched.ok("crawl", "-q")
        crawl = loaded(watched, "crawl", "-q", "--recheck", "all")
        asked = len(portal.portal.log)
    assert asked > 8  # the second run did ask
    assert {"cli.workers", "scrapy.crawler", "crawler.spiders"} <= crawl
    assert crawl & NEEDLESS == set()
    status = loaded(watched, "status")
    assert "cli.condition" in status
    assert status & (NEEDLESS | {"cli.comparing", "cli.journal", "lxml", "requests", "scrapy", "twisted"}) == set()


def test_what_tells_of_an_interrupt_is_there_before_anything_else_is_loaded():
    begun = "import cli, sys; before = {*sys.modules}; import cli.start; print(*{*sys.modules} - before)"
    done = subprocess.run([sys.executable, "-S", "-c", begun], capture_output=True, text=True, check=True, cwd=ROOT)
    assert set(done.stdout.split()) == {"__future__", "cli.start"}


def test_a_directory_named_as_a_package_of_ours_does_not_take_its_place(tmp_path: Path):
    """Each of Dask's workers puts a directory "storage" of its own on the path, before a clone that is installed."""
    (tmp_path / "storage").mkdir()
    desk(tmp_path / "archive", "http://127.0.0.1:1")
    bare = {name: value for name, value in os.environ.items() if name != "PYTHONPATH"}
    command = [sys.executable, "-m", "cli", "rebuild", "--archive", str(tmp_path / "archive")]
    done = subprocess.run(command, capture_output=True, text=True, check=False, cwd=tmp_path, env=bare, timeout=300)
    assert (done.returncode, done.stderr) == (0, "")
    code = "from crawler.layouts import extractor; print(extractor())"
    named = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=True, cwd=tmp_path, env=bare
    )
    assert named.stdout.strip() == extractor()
