"""Files that someone put into ``warc/``: commands go on without those that cannot be read, and say so."""

from __future__ import annotations

import json
import os
import shutil
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

import pytest
from click.testing import CliRunner

from cli.main import gochim
from storage import contents, manifests, strays
from storage.archive import Archive
from storage.errors import ArchiveDisagrees, WarcError
from tests.drill import Drill
from tests.kept import crawled, kept, run
from tests.warc_samples import raw_record, zipped

__all__ = ["kept"]


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return crawled(tmp_path_factory.mktemp("strays"), 1)


def digest(root: Path) -> str:
    with closing(Archive(root).database()) as db:
        return contents.content_digest(db)


def own(root: Path) -> Path:
    return min((root / "warc").glob("gochim-*.warc.gz"))


def wrong(root: Path) -> list[str]:
    told = json.loads(run(root, "status", "--format", "json").stdout)
    return [line for line in told["wrong"] if str(root / "warc") in line]


def test_status_says_that_files_of_the_run_log_are_gone(kept: Path, tmp_path: Path):
    assert wrong(kept) == []
    gone = own(kept)
    gone.rename(tmp_path / gone.name)
    (said,) = wrong(kept)
    assert said.startswith(f"1 file of the run log is gone, such as {gone}. ")
    (tmp_path / gone.name).rename(gone)
    assert wrong(kept) == []


def test_status_says_that_a_file_of_the_run_log_is_gone_though_there_are_as_many(kept: Path, tmp_path: Path):
    gone = own(kept)
    gone.rename(tmp_path / gone.name)
    fields = [("WARC-Type", "warcinfo"), ("WARC-Record-ID", "<urn:uuid:1>"), ("WARC-Date", "2026-11-28T00:00:00Z")]
    (gone.parent / "other.warc.gz").write_bytes(zipped(raw_record(fields, b"software: another\r\n")))
    (said,) = wrong(kept)
    assert said.startswith(f"1 file of the run log is gone, such as {gone}. ")


WHOLE = zipped(
    raw_record(
        [
            ("WARC-Type", "warcinfo"),
            ("WARC-Record-ID", "<urn:uuid:11111111-1111-4111-8111-111111111111>"),
            ("WARC-Date", "2026-11-28T00:00:00Z"),
            ("Content-Type", "application/warc-fields"),
        ],
        b"software: another\r\n",
    )
)
UNDATED = zipped(
    raw_record(
        [("WARC-Type", "request"), ("WARC-Record-ID", "<urn:uuid:2>"), ("WARC-Date", "today")], b"GET / HTTP/1.1"
    )
)
PUT = {
    "it is empty": lambda path, own: path.write_bytes(b""),
    "no WARC version line": lambda path, own: path.write_text("<html>404 Not Found</html>"),
    "(byte 0: WARC-Date: 'today' is not a date like 2026-09-15T09:16:48Z)": lambda path, own: path.write_bytes(UNDATED),
    "the file ends inside a gzip member": lambda path, own: path.write_bytes(own.read_bytes()[:-300]),
    "No such file or directory": lambda path, own: path.symlink_to("/nowhere/early.warc.gz"),
    "Is a directory": lambda path, own: path.mkdir(),
}


@pytest.mark.parametrize("why", PUT)
def test_a_file_that_cannot_be_read_is_left_out_and_named_until_it_is_gone(kept: Path, why: str):
    before, log = digest(kept), len(manifests.read(Archive(kept)).manifests)
    stray = kept / "warc" / "early.warc.gz"
    put: Callable[[Path, Path], object] = PUT[why]
    put(stray, own(kept))
    for words in (("changes",), ("changes",), ("export", "cdxj"), ("rebuild",)):
        told = run(kept, *words)
        assert told.exit_code == 0, told.output
        assert told.stderr.count("\n") == 1
        assert f"{stray} cannot be read and is left out (" in told.stderr
        assert why in told.stderr
        assert told.stderr.count(stray.name) == 1
    assert len(wrong(kept)) == 1
    judged = run(kept, "verify")
    assert isinstance(judged.exception, ArchiveDisagrees)
    (line,) = judged.stdout.splitlines()
    assert str(stray) in line
    repaired = run(kept, "verify", "--repair")
    assert isinstance(repaired.exception, ArchiveDisagrees)
    assert repaired.stdout == judged.stdout
    assert run(kept, "export", "wacz", "-o", str(kept / "a.wacz")).exit_code == 0
    stray.unlink() if not stray.is_dir() else stray.rmdir()
    assert run(kept, "verify").exit_code == 0
    assert wrong(kept) == []
    assert (digest(kept), len(manifests.read(Archive(kept)).manifests)) == (before, log)


def test_a_repair_makes_a_lost_index_anew(kept: Path):
    index = [kept / "index" / f"{own(kept).name}.cdxj"]
    was = index[0].read_bytes()
    shutil.rmtree(kept / "index")
    told = run(kept, "verify")
    assert isinstance(told.exception, ArchiveDisagrees)
    assert f"Run `gochim rebuild --archive {kept}`." in told.stdout
    repaired = run(kept, "verify", "--repair")
    assert (repaired.exit_code, repaired.stdout.count("made anew")) == (0, 1)
    assert [*(kept / "index").iterdir()] == index
    assert index[0].read_bytes() == was
    assert "repaired" not in run(kept, "verify", "--repair").stdout


def test_a_repair_says_what_it_filed_into_a_database_that_was_lost(kept: Path):
    with closing(Archive(kept).database()) as db:
        (number,) = db.execute("SELECT count(*) FROM captures").fetchone()
    (kept / "versions.db").unlink()
    repaired = run(kept, "verify", "--repair")
    assert repaired.stdout.splitlines()[0] == (
        f"repaired: warc/{own(kept).name}: filed {number} captures of it that the database lacked"
    )
    assert "repaired" not in run(kept, "verify", "--repair").stdout


@pytest.mark.parametrize("harm", ["damaged", "altered", "gone", "database"])
def test_what_to_do_about_harmed_files_comes_before_what_mends_the_database(kept: Path, harm: str):
    path = own(kept)
    if harm == "database":
        with closing(Archive(kept).database()) as db, db:
            db.execute("UPDATE articles SET title = 'x'")
    elif harm == "gone":
        path.unlink()
    else:
        data = path.read_bytes()
        path.write_bytes(data[: len(data) // 2] if harm == "damaged" else data + WHOLE)
    told = str(run(kept, "verify").exception)
    mended = f"mended with: gochim verify --repair --archive {kept}, or gochim rebuild --archive {kept}. "
    assert mended in told
    assert ("First put copies of the WARC files" in told.partition("mended with")[0]) is (harm != "database")


def test_a_file_that_is_named_twice_is_one_file(kept: Path):
    path = own(kept)
    link = kept / path.name
    link.symlink_to(path)
    told = CliRunner().invoke(gochim, ["verify", *map(str, (path, path.parent / ".." / "warc" / path.name, link))])
    assert (told.exit_code, told.stdout) == (0, "1 WARC file: no fault.\n")


def test_a_repair_files_what_the_database_lost_and_says_so_once(kept: Path):
    before = digest(kept)
    with closing(Archive(kept).database()) as db, db:
        lost = db.execute(
            "DELETE FROM capture_rows WHERE id = (SELECT id FROM captures WHERE role <> 'article')"
        ).rowcount
    told = run(kept, "verify")
    assert lost == 1
    assert isinstance(told.exception, ArchiveDisagrees)
    assert "is not in the database. File it with: gochim verify --repair" in told.stdout
    repaired = run(kept, "verify", "--repair")
    assert repaired.exit_code == 0
    assert repaired.stdout.splitlines()[0] == (
        f"repaired: warc/{own(kept).name}: filed 1 capture of it that the database lacked"
    )
    assert "all agree" in repaired.stdout
    assert "repaired" not in run(kept, "verify", "--repair").stdout
    assert digest(kept) == before


def test_a_file_that_was_cut_short_is_filed_when_it_is_whole(kept: Path, tmp_path: Path):
    other = Drill(tmp_path / "other", 2)
    other.run()
    other.db.close()
    whole = own(other.archive.root).read_bytes()
    stray = kept / "warc" / "early.warc.gz"
    stray.write_bytes(whole[:-300])
    assert "is left out" in run(kept, "changes").stderr
    stray.write_bytes(whole)
    told = run(kept, "changes")
    assert (told.exit_code, told.stderr) == (0, "")
    with closing(Archive(kept).database()) as db:
        assert strays.remembered(Archive(kept), db) == {}
        assert db.execute("SELECT 1 FROM captures WHERE warc = 'warc/early.warc.gz'").fetchone()


def test_a_file_whose_name_is_not_utf_8_is_left_alone_and_named(kept: Path, tmp_path: Path):
    """A name in CP949, as an unpacked ZIP of Windows leaves it, ended every command in a traceback."""
    before = digest(kept)
    shutil.copy(own(kept), os.fsencode(kept / "warc") + "/정책.warc.gz".encode("cp949"))
    for words in (("changes",), ("rebuild",), ("export", "cdxj"), ("export", "wacz", "-o", str(tmp_path / "a.wacz"))):
        told = run(kept, *words)
        assert told.exit_code == 0, told.output
    assert digest(kept) == before
    (said,) = wrong(kept)
    assert said.endswith("has a name that is not UTF-8, and is not read. Rename it.")
    judged = run(kept, "verify")
    assert judged.exit_code == 0
    assert "has a name that is not UTF-8" in judged.stdout


def test_files_that_are_no_warc_files_by_name_are_named(kept: Path):
    for name in ("x.warc.gz.tmp", "x.warc.gz~", "notes.txt"):
        (kept / "warc" / name).write_text("a backup")
    assert run(kept, "changes").stderr == ""
    told = run(kept, "verify")
    assert told.exit_code == 0
    assert told.stdout.count("is no file of an archive and is not read. Move it away.") == 3
    assert len(wrong(kept)) == 3


def test_a_file_of_our_own_that_is_damaged_ends_a_rebuild_and_no_reading(kept: Path):
    path = own(kept)
    data = bytearray(path.read_bytes())
    data[len(data) // 2] ^= 0xFF
    path.write_bytes(data)
    assert run(kept, "changes").exit_code == 0
    before = (kept / "versions.db").read_bytes()
    assert isinstance(run(kept, "rebuild").exception, WarcError)
    assert (kept / "versions.db").read_bytes() == before
    assert run(kept, "status").exit_code == 0
    (kept / "versions.db").unlink()
    told = run(kept, "changes")
    assert told.exit_code == 0
    assert f"{path} cannot be read and is left out" in told.stderr
    for words in (("-q",), ("--format", "json")):
        told = run(kept, "status", *words)
        assert isinstance(told.exception, ArchiveDisagrees)
        assert told.exception.exit_code == 3
        assert f"{path} cannot be read and is left out" in told.stdout
        assert f"gochim rebuild --salvage --archive {kept}" in told.stdout


def test_a_file_that_somebody_put_there_is_no_disagreement(kept: Path):
    (kept / "warc" / "early.warc.gz").write_text("<html>404 Not Found</html>")
    told = run(kept, "status")
    assert told.exit_code == 0
    assert "Put a whole copy in its place, or move it away." in told.stdout
