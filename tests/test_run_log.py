"""The run log: every WARC file is vouched for by a chain of manifests, and what breaks it is found and named."""

from __future__ import annotations

import json
import re
import shutil
from collections.abc import Callable
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result

from cli import database
from cli.endings import exit_code
from cli.main import gochim as cli
from crawler import watch
from crawler.archiving import Keeper
from storage import chain_check, chain_head, manifests, strays
from storage.archive import Archive
from storage.cdxj import finished_warcs
from storage.errors import ArchiveDisagrees
from storage.records import canonical_json
from storage.warc_scan import scan
from tests import crash_deeds as deeds
from tests.warc_samples import exchange

PAGE = f"{deeds.PORTAL.base}/news/policyNewsView.do?newsId=14893000"


def run(archive: Archive, number: int) -> None:
    """Do one run that captures one page."""
    with closing(archive.database()) as db, archive.locked():
        database.recover(archive, db, deeds.PORTAL)
        keeper = Keeper(archive, db, deeds.PORTAL, watch.load(archive.settings_path))
        keeper.keep(exchange(number, url=f"{PAGE}{number}"))
        keeper.close("finished")
        assert keeper.failed is None


@pytest.fixture(scope="module")
def four_runs(tmp_path_factory: pytest.TempPathFactory) -> Path:
    archive = deeds.settings(tmp_path_factory.mktemp("four") / "archive")
    for number in range(4):
        run(archive, number)
    return archive.root


@pytest.fixture
def archive(four_runs: Path, tmp_path: Path) -> Archive:
    shutil.copytree(four_runs, tmp_path / "archive")
    return Archive(tmp_path / "archive")


def judged(archive: Archive, head: str | None = None) -> chain_check.ChainJudged:
    with closing(archive.database()) as db, archive.locked():
        return chain_check.check_chain(archive, db, head)


def opened(archive: Archive) -> None:
    database.opened(archive, deeds.PORTAL).close()


def admit(archive: Archive) -> list[manifests.Manifest]:
    with closing(archive.database()) as db, archive.locked():
        database.recover(archive, db, deeds.PORTAL)
        return database.vouch(archive, db, admit=True)


def warcs(archive: Archive) -> list[Path]:
    return finished_warcs(archive)


def logged(archive: Archive) -> list[Path]:
    return sorted(archive.manifests.iterdir())


def head(archive: Archive) -> manifests.Manifest:
    found = manifests.head(archive)
    assert found is not None
    return found


def test_each_run_leaves_a_manifest_that_names_the_one_before(archive: Archive):
    chain = manifests.read(archive)
    assert [(one.number, one.kind, len(one.files)) for one in chain.manifests] == [(n, "run", 1) for n in (1, 2, 3, 4)]
    assert [one.content["previous"] for one in chain.manifests] == [None, *(one.digest for one in chain.manifests[:3])]
    newest = chain.manifests[-1].content
    assert newest["captures"] == newest["run"]["requests"] == 1
    assert newest["files_so_far"] == 4
    assert re.fullmatch(r"sha256:[0-9a-f]{64}", newest["settings"])
    assert chain_head.named_head(warcs(archive)[3])[0] == newest["previous"]
    assert judged(archive) == chain_check.ChainJudged(4)


def test_no_secret_goes_into_the_digest_of_the_settings(archive: Archive):
    given = {"url": deeds.PORTAL.base, "contact": "desk@example.kr"}
    archive.settings_path.write_text(watch.written(**given), encoding="utf-8")
    one = watch.settings_digest(watch.load(archive.settings_path))
    archive.settings_path.write_text(watch.written(**given, api_key="SECRET"), encoding="utf-8")
    assert watch.settings_digest(watch.load(archive.settings_path)) == one
    archive.settings_path.write_text(watch.written(**given, delay=7), encoding="utf-8")
    assert watch.settings_digest(watch.load(archive.settings_path)) != one


def flip(path: Path, at: int) -> None:
    data = bytearray(path.read_bytes())
    data[at] ^= 1
    path.write_bytes(data)


def gone(archive: Archive) -> str:
    warcs(archive)[1].unlink()
    return r"-00000-\w+\.warc\.gz: is gone, though manifest 2 of [-0-9]{10} [:0-9]{8} \(KST\) vouches"


def replaced(archive: Archive) -> str:
    shutil.copy(warcs(archive)[2], warcs(archive)[1])
    return r"manifest 2 .* another file stands in its place"


def added(archive: Archive) -> str:
    shutil.copy(warcs(archive)[1], archive.warcs / "gochim-copy.warc.gz")
    return r"gochim-copy\.warc\.gz: no manifest vouches for it"


def cut(archive: Archive) -> str:
    logged(archive)[1].unlink()
    return r"manifest 2 before 000003-\w+\.json is missing"


def beheaded(archive: Archive) -> str:
    logged(archive)[3].unlink()
    return r"the newest manifest that was written, sha256:\w+, is gone"


def emptied(archive: Archive) -> str:
    shutil.rmtree(archive.manifests)
    return r"the newest manifest that was written"


def emptied_with_the_memory(archive: Archive) -> str:
    shutil.rmtree(archive.manifests)
    with closing(archive.database()) as db, db:
        db.execute("DELETE FROM about WHERE name = 'chain-head'")
    return r"it names one that is not here, sha256:\w+: manifests were taken away"


def swapped(archive: Archive) -> str:
    one, two = logged(archive)[1:3]
    names = one.name, two.name
    one.rename(archive.manifests / "x")
    two.rename(archive.manifests / f"000002{names[1][6:]}")
    (archive.manifests / "x").rename(archive.manifests / f"000003{names[0][6:]}")
    return r"was renamed: it says that it is manifest 3"


def stranger(archive: Archive) -> str:
    (archive.manifests / "notes.txt").write_text("hello")
    return r"notes\.txt: is no manifest of this archive"


def reforged(archive: Archive, number: int = 2, **other: Any) -> str:
    """Write a manifest anew, as someone who knows how would, under its right name."""
    path = logged(archive)[number - 1]
    content = json.loads(path.read_bytes()) | (other or {"written_at": "2020-01-01T00:00:00.000000+00:00"})
    data = canonical_json(content) + b"\n"
    path.unlink()
    (archive.manifests / f"{number:06d}-{manifests.hashlib.sha256(data).hexdigest()[:16]}.json").write_bytes(data)
    return r"000003-\w+\.json: does not follow manifest 2"


def twice(archive: Archive) -> str:
    kept = logged(archive)[1]
    data = kept.read_bytes()
    reforged(archive)
    kept.write_bytes(data)
    return r"was added: there is another manifest 2"


HARMS = [
    gone, replaced, added, cut, beheaded, emptied, emptied_with_the_memory, swapped, stranger, reforged, twice,
]  # fmt: skip


@pytest.mark.parametrize("harm", HARMS, ids=[one.__name__ for one in HARMS])
def test_what_breaks_the_chain_is_found_and_named(archive: Archive, harm: Callable[[Archive], str]):
    pattern = harm(archive)
    found = judged(archive).errors
    assert any(re.search(pattern, line) for line in found), found
    opened(archive)  # what any command does must not hide it
    after = judged(archive).errors
    if harm is added:
        assert head(archive).kind == "recovered"  # it is in the log from now on, with the time it was first seen
    else:
        assert any(re.search(pattern, line) for line in after), after


SHAPES: list[dict[str, Any]] = [
    {"previous": 5}, {"kind": None}, {"written_at": None}, {"written_at": "yesterday"}, {"files_so_far": "4"},
    {"run": []}, {"run": None}, {"lost": [[]]}, {"files": {}}, {"files": [{"name": 1, "bytes": "1", "sha256": None}]},
]  # fmt: skip


@pytest.mark.parametrize("shape", SHAPES, ids=str)
def test_a_manifest_of_another_shape_is_taken_for_an_altered_one(archive: Archive, shape: dict[str, Any]):
    reforged(archive, 4, **shape)
    assert any("000004-" in line and "was altered after" in line for line in judged(archive).errors)
    for words in (["status"], ["changes"], ["verify"]):
        told = CliRunner().invoke(cli, [*words, "--archive", str(archive.root)])
        assert told.exception is None or exit_code(told.exception) == 3, told.exception


def test_a_manifest_with_any_number_tells_which_are_missing_without_counting_them(archive: Archive):
    path = logged(archive)[3]
    content = json.loads(path.read_bytes()) | {"number": 10**60}
    data = canonical_json(content) + b"\n"
    path.unlink()
    (archive.manifests / f"{10**60}-{manifests.hashlib.sha256(data).hexdigest()[:16]}.json").write_bytes(data)
    assert any(f"manifests 4 to {10**60 - 1} before" in line for line in manifests.read(archive).faults)


def test_a_file_gets_its_manifest_though_another_is_gone_at_the_same_time(archive: Archive):
    """The files were counted: as many as the run log names were taken for those it names."""
    warcs(archive)[1].unlink()
    copy = archive.warcs / "gochim-99990101000000000-00000-00000000.warc.gz"
    shutil.copy(warcs(archive)[1], copy)
    opened(archive)
    chain = manifests.read(archive)
    assert f"warc/{copy.name}" in chain.files
    log = len(chain.manifests)
    opened(archive)
    assert len(manifests.read(archive).manifests) == log


def test_the_run_log_is_read_through_only_where_it_may_not_name_all_files(archive: Archive, monkeypatch):
    read = list[Path]()
    whole = manifests.read

    def counted(one: Archive) -> manifests.Chain:
        read.append(one.root)
        return whole(one)

    monkeypatch.setattr("storage.unvouched.read", counted)
    opened(archive)
    assert read == []
    run(archive, 4)
    opened(archive)
    assert read == []
    shutil.copy(warcs(archive)[4], archive.warcs / "gochim-99990101000000000-00000-00000000.warc.gz")
    opened(archive)
    assert read == [archive.root]


def test_the_run_log_is_held_against_files_at_a_cost_that_grows_with_them(archive: Archive, monkeypatch):
    asked = 0
    files = manifests.Manifest.files

    def counted(self: manifests.Manifest) -> Any:
        nonlocal asked
        asked += 1
        return files.fget(self)  # type: ignore[misc]

    monkeypatch.setattr(manifests.Manifest, "files", property(counted))
    assert judged(archive).errors == []
    assert asked <= 3 * len(logged(archive))


def test_every_flipped_byte_of_a_warc_file_or_manifest_is_found(archive: Archive):
    path = warcs(archive)[2]
    for at in range(0, path.stat().st_size, 7):
        flip(path, at)
        assert any(path.name in line for line in judged(archive).errors), at
        flip(path, at)
    for path in (logged(archive)[1], logged(archive)[3]):
        for at in range(path.stat().st_size):
            flip(path, at)
            assert any(f"{path.name}: was altered" in line for line in manifests.read(archive).faults), at
            flip(path, at)
    assert judged(archive).errors == []


def test_a_history_written_anew_is_found_by_the_head_that_was_noted(archive: Archive):
    noted = head(archive).digest
    assert judged(archive, noted).errors == []
    run(archive, 5)
    assert judged(archive, chain_check.noted_head(noted.removeprefix("sha256:").upper())).errors == []
    shutil.rmtree(archive.manifests)
    shutil.rmtree(archive.warcs)
    archive.database_path.unlink()
    archive.create()
    run(archive, 6)
    assert judged(archive).errors == []
    assert "the noted head" in judged(archive, noted).errors[0]


@pytest.mark.parametrize("noted", ["4 manifests", "sha256:12", "sha1:" + "0" * 64])
def test_what_is_no_head_is_a_mistake_in_the_command_and_no_disagreement_of_the_archive(archive: Archive, noted: str):
    done = CliRunner().invoke(cli, ["verify", "--head", noted, "--archive", str(archive.root)])
    assert exit_code(done.exception) == 2
    assert str(done.exception).startswith(f"{noted} is no head of a run log")


@pytest.mark.parametrize(
    "words", [["--repair"], ["--workers", "2"], ["--head", "sha256:" + "0" * 64], ["--cluster", "tcp://127.0.0.1:1"]]
)
def test_verify_of_files_leaves_no_word_about_an_archive_unheard(archive: Archive, words: list[str]):
    done = CliRunner().invoke(cli, ["verify", *words, str(warcs(archive)[0]), "--archive", str(archive.root)])
    assert exit_code(done.exception) == 2
    assert "about an archive" in str(done.exception)


def test_a_run_that_was_altered_at_the_end_of_the_log_is_found_by_what_its_file_names(archive: Archive):
    # The third run and its manifest are taken away without trace, the fourth is written anew behind the second.
    with closing(archive.database()) as db, db:
        db.execute("DELETE FROM about WHERE name = 'chain-head'")
    warcs(archive)[2].unlink()
    second = manifests.read(archive).manifests[1].digest
    logged(archive)[2].unlink()
    content = json.loads(logged(archive)[2].read_bytes())
    content |= {"number": 3, "previous": second, "files_so_far": 3}
    logged(archive)[2].unlink()
    data = canonical_json(content) + b"\n"
    name = f"000003-{manifests.hashlib.sha256(data).hexdigest()[:16]}.json"
    (archive.manifests / name).write_bytes(data)
    assert any("manifests between were taken away" in line for line in judged(archive).errors)


def test_a_lost_chain_is_begun_anew_only_when_a_user_says_so_and_says_what_is_lost(archive: Archive):
    shutil.rmtree(archive.manifests)
    opened(archive)
    assert not archive.manifests.exists()
    run(archive, 4)
    assert [one.kind for one in manifests.read(archive).manifests] == ["run"]
    assert judged(archive).errors != []
    made = admit(archive)
    assert {one.kind for one in made} == {"found"}
    assert len(manifests.read(archive).lost) == 4
    told = judged(archive)
    assert told.errors == []
    assert "4 manifests" in told.notes[0]
    run(archive, 5)
    assert judged(archive).errors == []


def test_a_file_is_foreign_only_where_a_run_log_says_whose_the_others_are(archive: Archive):
    stranger = Path(shutil.copy(warcs(archive)[0], archive.warcs / "stranger.warc.gz"))
    assert [strays.is_foreign(archive, one) for one in warcs(archive)] == [False] * 4 + [True]
    shutil.rmtree(archive.manifests)
    # Of an archive from before the chain nobody knows: a damaged file of it is never left out unseen.
    assert not strays.is_foreign(archive, stranger)


def test_an_archive_from_before_the_chain_is_adopted(archive: Archive):
    shutil.rmtree(archive.manifests)
    with closing(archive.database()) as db, db:
        db.execute("DELETE FROM about WHERE name = 'chain-head'")
    for path in warcs(archive):  # imported names stand for files whose warcinfo names no head
        path.rename(path.with_name(f"old-{path.name}"))
    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(chain_head, "named_head", lambda path: (None, "run"))
        told = judged(archive)
        assert told.errors == []
        assert "no run log yet" in told.warnings[0]
        database.rebuild(archive, deeds.PORTAL, 1)
        (adopted,) = manifests.read(archive).manifests
    assert (adopted.kind, len(adopted.files), adopted.content["captures"]) == ("adopted", 4, 4)


def test_a_rebuild_keeps_the_chain_and_what_the_database_remembers_of_it(archive: Archive):
    before = [path.name for path in logged(archive)]
    database.rebuild(archive, deeds.PORTAL, 1)
    assert [path.name for path in logged(archive)] == before
    assert judged(archive).errors == []
    newest = logged(archive)[-1]
    newest.unlink()
    database.rebuild(archive, deeds.PORTAL, 1)
    assert any(newest.name[7:23] in line and "is gone" in line for line in judged(archive).errors)


@pytest.mark.parametrize("told", [{"finish": "unreachable", "requests": 0}, {"requests": 10**30}])
def test_of_two_manifests_that_tell_of_one_run_the_first_holds(archive: Archive, told: dict[str, Any]):
    with closing(archive.database()) as db:
        before = [tuple(row) for row in db.execute("SELECT * FROM runs ORDER BY run")]
        first = json.loads(logged(archive)[0].read_bytes())["run"]
        author = manifests.Author("gochim", "extractor")
        manifests.extend(
            archive, db, "run", files=[], author=author, at=datetime(2026, 11, 29, tzinfo=UTC), run=first | told
        )
    database.rebuild(archive, deeds.PORTAL, 1)
    with closing(archive.database()) as db:
        assert [tuple(row) for row in db.execute("SELECT * FROM runs ORDER BY run")] == before


@pytest.mark.parametrize(
    "told", [{"requests": 10**30}, {"requests": -1}, {"requests": True}, {"finish": None}, {"ended_at": "2026"}]
)
def test_what_no_run_tells_of_itself_is_not_taken_from_the_log(archive: Archive, told: dict[str, Any]):
    run = json.loads(logged(archive)[-1].read_bytes())["run"]
    reforged(archive, 4, run=run | told)
    database.rebuild(archive, deeds.PORTAL, 1)
    with closing(archive.database()) as db:
        finishes = dict(db.execute("SELECT run, finish FROM runs").fetchall())
    assert finishes.pop(run["id"]) is None
    assert set(finishes.values()) == {"finished"}


def test_a_rebuild_without_a_file_that_the_log_names_says_so(archive: Archive):
    lost = warcs(archive)[1]
    lost.unlink()
    done = CliRunner().invoke(cli, ["rebuild", "--archive", str(archive.root)])
    assert isinstance(done.exception, ArchiveDisagrees)
    assert f"without what 1 file held that the run log names and that is gone, such as warc/{lost.name}." in str(
        done.exception
    )
    assert "captures" in done.stdout


def test_a_killed_run_gets_its_manifest_from_the_next_command_with_what_was_set_aside(archive: Archive):
    whole = warcs(archive)[3]
    manifest = logged(archive)[3]
    with closing(archive.database()) as db, db:
        db.execute("UPDATE about SET value = ? WHERE name = 'chain-head'", (head(archive).content["previous"],))
    manifest.unlink()
    half = whole.with_name(whole.name + ".open")
    whole.rename(half)
    with half.open("ab") as file:
        file.write(b"half a record")
    opened(archive)
    newest = head(archive)
    assert (newest.number, newest.kind) == (4, "recovered")
    assert [Path(name).name for name in newest.files] == [whole.name, f"{whole.name}.tail"]
    assert newest.content["run"]["id"] == chain_head.named_head(whole)[1]
    assert judged(archive).errors == []


def test_what_was_set_aside_of_a_file_without_one_whole_record_is_vouched_for_too(archive: Archive):
    before = head(archive)
    torn = archive.manifests / f"{logged(archive)[3].name}.tmp"
    torn.write_text("half a manifest")
    half = warcs(archive)[3].with_name("gochim-20260915091649000-00000-half.warc.gz.open")
    half.write_bytes(b"half a record")
    opened(archive)
    newest = head(archive)
    assert (newest.number, newest.kind, newest.content.get("run")) == (5, "recovered", None)
    assert [Path(name).name for name in newest.files] == [half.with_suffix(".tail").name]
    assert newest.content["previous"] == before.digest
    assert not torn.exists()
    assert judged(archive).errors == []


def test_a_failing_disk_leaves_the_manifest_to_the_next_command(archive: Archive, monkeypatch: pytest.MonkeyPatch):
    def full(path: Path, data: bytes) -> None:
        raise OSError(28, "No space left on device", str(path))

    with closing(archive.database()) as db, archive.locked():
        keeper = Keeper(archive, db, deeds.PORTAL, watch.load(archive.settings_path))
        keeper.keep(exchange(7, url=f"{PAGE}7"))
        with monkeypatch.context() as patched:
            patched.setattr(manifests, "_write", full)
            keeper.close("finished")
    assert "The manifest of the run cannot be written (No space left on device)" in str(keeper.failed)
    opened(archive)
    assert head(archive).content["run"]["id"] == keeper.run.run
    assert judged(archive).errors == []


def test_nothing_follows_an_altered_head(archive: Archive):
    newest = logged(archive)[3]
    flip(newest, 40)
    run(archive, 8)
    assert len(logged(archive)) == 4
    assert any("no manifest vouches for it" in line for line in judged(archive).errors)
    flip(newest, 40)
    opened(archive)
    assert (head(archive).number, head(archive).kind) == (5, "recovered")
    assert judged(archive).errors == []


def test_files_of_another_archive_are_let_in_only_by_repair(archive: Archive, tmp_path: Path):
    other = deeds.settings(tmp_path / "other")
    for number in (8, 9):
        run(other, number)
    for path in warcs(other):
        shutil.copy(path, archive.warcs)
    opened(archive)
    assert len([line for line in judged(archive).errors if "no manifest vouches for it" in line]) == 2
    (made,) = admit(archive)
    assert (made.kind, len(made.files)) == ("found", 2)
    assert judged(archive).errors == []
    run(other, 10)
    shutil.copy(warcs(other)[2], archive.warcs)
    told = CliRunner().invoke(cli, ["verify", "--repair", "--archive", str(archive.root)])
    assert ": vouches for 1 file from now on (found)\n" in told.stdout
    assert told.stdout.endswith("all agree.\n")


def test_status_shows_the_head_and_verify_holds_the_archive_against_it(archive: Archive):
    def gochim(*words: str) -> Result:
        return CliRunner().invoke(cli, [*words, "--archive", str(archive.root)])

    told = json.loads(gochim("status", "--format", "json").stdout)["run_log"]
    assert told["manifests"] == 4
    assert told["head"] in gochim("status").stdout
    assert "4 WARC files, 4 captures, 4 manifests: all agree." in gochim("verify", "--head", told["head"]).stdout
    flip(warcs(archive)[0], 300)
    done = gochim("verify", "--head", told["head"])
    assert isinstance(done.exception, ArchiveDisagrees)
    assert done.exception.exit_code == 3
    assert "bytes of it were changed since" in done.stdout
    assert "each line says" in str(done.exception)


def test_a_rebuild_of_a_file_that_was_cut_between_two_records_says_so(archive: Archive):
    path = warcs(archive)[1]
    *_, newest = records_of(path)
    with path.open("r+b") as file:
        file.truncate(newest)
    for words in ([], ["--salvage"]):
        done = CliRunner().invoke(cli, ["rebuild", *words, "--archive", str(archive.root)])
        assert isinstance(done.exception, ArchiveDisagrees)
        assert f"1 file of it has another length than the run log says, such as warc/{path.name}:" in str(
            done.exception
        )
        assert "captures" in done.stdout


def records_of(path: Path) -> list[int]:
    """Give the byte at which each record of a WARC file begins."""
    return [record.offset for record in scan(path)]
