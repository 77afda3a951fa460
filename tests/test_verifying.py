"""What ``verify`` says of an archive and of files, whom it refuses, and what a repair leaves behind."""

from __future__ import annotations

import json
import shutil
from contextlib import closing
from pathlib import Path

import pytest
from click.testing import CliRunner

from cli.main import gochim
from storage import contents
from storage.archive import Archive
from storage.errors import ArchiveDisagrees, LockHeld
from tests.kept import crawled, kept, run
from tests.warc_samples import raw_record, zipped

__all__ = ["kept"]


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return crawled(tmp_path_factory.mktemp("verifying"), 2)


def a_warc(path: Path, *more: bytes) -> Path:
    fields = [("WARC-Type", "warcinfo"), ("WARC-Record-ID", "<urn:uuid:1>"), ("WARC-Date", "2026-11-28T00:00:00Z")]
    fields += [("Content-Type", "application/warc-fields")]
    path.write_bytes(zipped(raw_record(fields, b"software: another\r\n")) + b"".join(more))
    return path


def test_what_agrees_is_counted_and_quietly_nothing_is_said(kept: Path):
    told = json.loads(run(kept, "verify", "--format", "json").stdout)
    files = len([*(kept / "warc").glob("*.warc.gz")])
    with closing(Archive(kept).database()) as db:
        captures = contents.counts(db)["captures"]
    assert told == {
        "files": files, "captures": captures, "manifests": 1, "compared": True, "damaged": False, "errors": [],
        "warnings": [], "repaired": [],
    }  # fmt: skip
    each = f"{files} WARC file{'s' if files > 1 else ''}, {captures:,} captures"
    assert run(kept, "verify").stdout == f"{each}, 1 manifest: all agree.\n"
    assert run(kept, "-q", "verify").output == run(kept, "verify", "-q", "--repair").output == ""


def test_how_many_disagreements_there_are_and_what_mends_them_is_said(kept: Path):
    shutil.rmtree(kept / "index")
    one = run(kept, "verify")
    (kept / "warc" / "early.warc.gz").touch()
    several = run(kept, "verify")
    first = "First put copies of the WARC files that are damaged or gone in their places; what is left then is mostly"
    for told, noun, most in ((one, "disagreement", "Most are"), (several, "disagreements", first)):
        assert isinstance(told.exception, ArchiveDisagrees)
        assert str(told.exception) == (
            f"{len(told.stdout.splitlines())} {noun}; each line says what to do. {most} mended with: gochim verify "
            f"--repair --archive {kept}, or gochim rebuild --archive {kept}. What the run log names cannot be mended "
            "unseen."
        )
    assert len(one.stdout.splitlines()) == 1


def test_a_file_that_is_named_twice_is_one(tmp_path: Path):
    file = str(a_warc(tmp_path / "a.warc.gz"))
    told = CliRunner().invoke(gochim, ["verify", file, file])
    assert told.stdout == "1 WARC file: no fault.\n"
    broken = str(a_warc(tmp_path / "b.warc.gz", b"rubbish"))
    told = CliRunner().invoke(gochim, ["verify", broken, file, broken])
    assert str(told.exception) == "1 fault; each line names the clause that is broken."
    assert CliRunner().invoke(gochim, ["-q", "verify", file]).output == ""
    found = json.loads(CliRunner().invoke(gochim, ["verify", broken, "--format", "json"]).stdout)
    assert (found["files"], found["compared"], len(found["errors"]), found["warnings"]) == (1, False, 1, [])
    assert (found["captures"], found["manifests"], found["repaired"]) == (0, 0, [])
    assert found["errors"][0].startswith(f"{broken}: ")
    assert CliRunner().invoke(gochim, ["verify", file, "--format", "json"]).exit_code == 0
    for none in (str(tmp_path / "none.warc.gz"), str(tmp_path)):
        assert CliRunner().invoke(gochim, ["verify", none]).exit_code == 2


def test_a_repair_waits_for_nobody_and_a_proof_needs_no_lock(kept: Path):
    with Archive(kept).locked():
        assert isinstance(run(kept, "verify", "--repair").exception, LockHeld)


def test_a_repair_reads_the_articles_of_what_it_files(kept: Path, tmp_path: Path):
    """A database of before the runs was put back: their captures were filed, and what they say is read at once."""
    with closing(Archive(kept).database()) as db:
        before = contents.counts(db)
    empty = Archive(tmp_path / "empty")
    empty.create()
    empty.database().close()
    for one in kept.glob("versions.db*"):
        one.unlink()
    shutil.copy(empty.database_path, kept / "versions.db")
    told = run(kept, "verify", "--repair")
    assert told.exit_code == 0, told.output
    with closing(Archive(kept).database()) as db:
        assert contents.counts(db) == before
    assert before["versions"] > 2
