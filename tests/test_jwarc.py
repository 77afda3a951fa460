"""jwarc, the Java reader of the IIPC, accepts what gochim writes, digests and revisits included."""

from __future__ import annotations

import os
import subprocess
from pathlib import Path

from replica.portal import Portal
from replica.server import serve
from tests.runs import desk, few_articles


def judged(path: Path) -> subprocess.CompletedProcess[str]:
    command = ["java", "-cp", os.environ["GOCHIM_JWARC"], "org.netpreserve.jwarc.tools.ValidateTool", "-j", "1", "-v"]
    return subprocess.run([*command, str(path)], capture_output=True, text=True, check=False)


def test_jwarc_finds_no_fault_in_two_runs(tmp_path: Path):
    with serve(Portal.load(few_articles(tmp_path / "articles"))) as portal:
        portal.portal.switches.validators = "honest"
        archive = desk(tmp_path / "archive", portal.url)
        archive.ok("crawl")
        archive.ok("crawl", "--recheck", "all")
    files = sorted((archive.root / "warc").glob("*.warc.gz"))
    assert len(files) == 2
    for path in files:
        done = judged(path)
        # One process a file, and its words read too: the tool stops at the first bad file and forgets header faults.
        assert (done.returncode, done.stderr) == (0, ""), done
        assert "fail" not in done.stdout.lower().replace("0 fail", "")


def test_jwarc_would_find_a_fault(tmp_path: Path):
    with serve(Portal.load(few_articles(tmp_path / "articles", 1))) as portal:
        archive = desk(tmp_path / "archive", portal.url)
        archive.ok("crawl")
    (path,) = (archive.root / "warc").glob("*.warc.gz")
    data = bytearray(path.read_bytes())
    data[len(data) // 2] ^= 0xFF
    path.write_bytes(data)
    done = judged(path)
    assert done.returncode != 0 or done.stderr
