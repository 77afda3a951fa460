"""The archive as Parquet files: typed, by month, and written again only where it changed."""

from __future__ import annotations

import errno
import hashlib
import json
import os
import shutil
import signal
import sqlite3
import sys
from collections.abc import Iterator
from contextlib import closing
from dataclasses import fields, replace
from pathlib import Path
from typing import Any

import duckdb
import pyarrow as pa
import pyarrow.dataset as ds
import pyarrow.parquet as pq
import pytest
from click.testing import CliRunner

from cli.main import gochim
from crawler import watch
from storage import capture_rows, captures, filing, parquet_lake, parquet_tables, runs
from storage.archive import Archive
from storage.errors import LockHeld, RunEndedEarly, SettingsError
from storage.parquet_lake import write_lake
from storage.records import Attachment, Block, DocumentChange, Fact, FieldChange, Image, Link, Op, Reading, Reason
from tests.crash_child import Fault, install
from tests.makers import RUN, archive_at, article, at, attachment, capture, file_readings

MONTH = 24 * 31


@pytest.fixture
def db(tmp_path: Path) -> Iterator[sqlite3.Connection]:
    _, opened = archive_at(tmp_path / "archive")
    for number in range(3):
        look(opened, at(number * MONTH), f"14893000{number}")
    yield opened
    opened.close()


def look(
    db: sqlite3.Connection, moment: Any, name: str = "148930000", text: str = "첫 문단이다.", **changed: Any
) -> None:
    """File one look that reads an article."""
    seen = capture(moment, name)
    with db:
        capture_rows.add(db, [seen])
        seen = seen._replace(id=captures.number_of(db, seen.evidence))
        said = article(text, name, **changed)
        file_readings(db, name, [Reading(seen, "read", said, "Made", "made:1")])


def bytes_of(lake: Path) -> dict[str, bytes]:
    return {str(one.relative_to(lake)): one.read_bytes() for one in lake.rglob("*") if one.is_file()}


def test_values_have_types_and_no_text_is_json(db, tmp_path):
    look(db, at(1), "148930009", body=(Block("table", "[1]\t2"),), attachments=(attachment(sha256="ab" * 32),))
    write_lake(db, tmp_path / "lake")
    told = ds.dataset(tmp_path / "lake" / "versions", partitioning="hive").to_table(
        filter=ds.field("article") == "148930009"
    )
    (row,) = told.to_pylist()
    assert row["body"] == [{"kind": "table", "text": "[1]\t2"}]
    assert row["attachments"][0]["sha256"] == "ab" * 32
    assert row["subtitles"] == ["올해 안에", "읍면마다 하나씩"]
    assert row["first_seen"] == at(1)
    assert row["month"] == "2026-09"
    assert told.schema.field("first_seen").type == pa.timestamp("us", tz="UTC")
    looked = ds.dataset(tmp_path / "lake" / "captures", partitioning="hive").to_table().to_pylist()
    ours = [dict(row) for row in db.execute("SELECT * FROM captures ORDER BY id")]
    for theirs, own in zip(sorted(looked, key=lambda one: one["id"]), ours, strict=True):
        assert theirs["captured_at"].isoformat(timespec="microseconds") == own["captured_at"]
        for name in ("record_id", "payload_digest", "warc", "offset", "url", "role", "article", "refers_to", "etag"):
            assert theirs[name] == own[name]
        assert theirs["outcome"] == "read"


def test_a_second_export_writes_only_what_is_new_or_changed(db, tmp_path):
    lake = tmp_path / "lake"
    first = write_lake(db, lake)
    assert (first.kept, first.removed) == (0, 0)
    before = bytes_of(lake)
    assert write_lake(db, lake) == parquet_lake.Written(0, first.written, 0, 0)
    assert bytes_of(lake) == before
    look(db, at(2 * MONTH + 1), "148930000")  # an old article is seen again, as it was, two months after
    look(db, at(2 * MONTH + 2), "148930001", "다른 문단이다.")
    done = write_lake(db, lake)
    after = bytes_of(lake)
    changed = {name for name in after if after[name] != before.get(name)}
    assert {name for name in changed if "month=" in name} == {
        "captures/month=2026-11/captures.parquet", "versions/month=2026-11/versions.parquet",
    }  # fmt: skip
    assert done.written == len(changed - {"lake.json"})
    assert "sightings/sightings.parquet" in changed
    write_lake(db, tmp_path / "anew")
    assert bytes_of(tmp_path / "anew") == after
    said = json.loads(after["lake.json"])["files"]
    assert all(hashlib.sha256(after[name]).hexdigest() == one["sha256"] for name, one in said.items())


def test_a_file_of_which_one_bit_turned_is_written_again(db, tmp_path):
    lake = tmp_path / "lake"
    write_lake(db, lake)
    before = bytes_of(lake)
    spoilt = bytearray(before["articles/articles.parquet"])
    spoilt[len(spoilt) // 2] ^= 1
    (lake / "articles" / "articles.parquet").write_bytes(spoilt)
    assert write_lake(db, lake).written == 1
    assert bytes_of(lake) == before


@pytest.mark.parametrize("told", ["", "{}", "[]", "7", '{"files": []}', '{"files": {"articles/articles.parquet": 1}}'])
def test_a_lake_whose_notes_are_spoilt_is_written_anew(db, tmp_path, told):
    lake = tmp_path / "lake"
    first = write_lake(db, lake)
    before = bytes_of(lake)
    (lake / "lake.json").write_text(told)
    assert write_lake(db, lake).written == first.written
    assert bytes_of(lake) == before
    notes = json.loads(before["lake.json"])
    for one in notes["files"].values():
        del one["sha256"]
    (lake / "lake.json").write_text(json.dumps(notes))
    assert write_lake(db, lake).written == first.written
    assert bytes_of(lake) == before


def test_what_was_taken_back_leaves_the_lake(db, tmp_path):
    write_lake(db, tmp_path / "lake")
    with db:
        filing.forget(db, "148930001")
    assert write_lake(db, tmp_path / "lake").removed == 1
    assert not (tmp_path / "lake" / "versions" / "month=2026-10").exists()
    write_lake(db, tmp_path / "anew")
    assert bytes_of(tmp_path / "anew") == bytes_of(tmp_path / "lake")


def test_the_lake_of_another_archive_is_written_over_only_when_asked_to(db, tmp_path):
    lake = tmp_path / "lake"
    write_lake(db, lake)
    before = bytes_of(lake)
    other_archive, other = archive_at(tmp_path / "other")
    with closing(other), other:
        runs.add(other, replace(RUN, run="another", requests=1))
        other.execute("DELETE FROM runs WHERE run <> 'another'")
    with closing(other_archive.database()) as other:
        with pytest.raises(SettingsError, match=r"holds 1 run that this archive lacks, such as .* --replace"):
            write_lake(other, lake)
        assert bytes_of(lake) == before
        write_lake(other, lake, replace=True)
        assert write_lake(other, lake).written == 0


def test_a_run_that_no_warc_file_tells_of_makes_no_lake_anothers(db, tmp_path):
    with db:
        runs.add(db, replace(RUN, run="idle", ended_at=at(1), finish="unreachable"))
    write_lake(db, tmp_path / "lake")
    with db:
        db.execute("DELETE FROM runs WHERE run = 'idle'")  # as after a rebuild
    assert write_lake(db, tmp_path / "lake").written == 1


def test_a_file_that_is_gone_or_cut_off_is_written_again(db, tmp_path):
    lake = tmp_path / "lake"
    write_lake(db, lake)
    before = bytes_of(lake)
    (lake / "runs" / "runs.parquet").unlink()
    (lake / "articles" / "articles.parquet").write_bytes(b"PAR1")
    assert write_lake(db, lake).written == 2
    (lake / "lake.json").write_text("{", encoding="utf-8")
    write_lake(db, lake)
    assert bytes_of(lake) == before
    spoilt = bytearray(before["runs/runs.parquet"])
    spoilt[20] ^= 0xFF  # within the first page, so that Arrow fails with an error of the system's kind
    (lake / "runs" / "runs.parquet").write_bytes(spoilt)
    assert write_lake(db, lake).written == 1
    assert bytes_of(lake) == before


@pytest.mark.parametrize("step", ["_write", "_swap", "_put"])
def test_an_export_that_is_cut_short_leaves_a_readable_lake(db, tmp_path, monkeypatch, step):
    lake = tmp_path / "lake"
    write_lake(db, lake)
    look(db, at(2 * MONTH + 2), "148930001", "다른 문단이다.")
    whole, calls = getattr(parquet_lake, step), 0

    def dies(*given: Any) -> Any:
        nonlocal calls
        calls += 1
        if step == "_swap":
            whole(*given[:2], given[2][:1], [])
        if calls > 1 or step == "_swap":
            raise KeyboardInterrupt
        return whole(*given)

    monkeypatch.setattr(parquet_lake, step, dies)
    with pytest.raises(KeyboardInterrupt):
        write_lake(db, lake)
    monkeypatch.undo()
    with duckdb.connect() as asked:
        asked.execute("SET VARIABLE lake = ?", [str(lake)])
        asked.execute((lake / "lake.sql").read_text(encoding="utf-8"))
        assert asked.execute("SELECT count(*) FROM article_current").fetchone() == (3,)
    write_lake(db, lake)
    write_lake(db, tmp_path / "anew")
    assert bytes_of(tmp_path / "anew") == bytes_of(lake)


def exported(database: Path, lake: Path, fault: Fault | None = None) -> int:
    """Export in a process of its own, which may be killed at one of its writes; give how it ended."""
    child = os.fork()
    if child:
        return os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])
    ended = 1
    try:
        if fault:
            install(fault)
        with closing(sqlite3.connect(database)) as db:
            db.row_factory = sqlite3.Row
            write_lake(db, lake)
        if fault and fault.manner == "count":
            lake.with_name("writes").write_text("\n".join(fault.seen), encoding="utf-8")
        ended = 0
    finally:
        os._exit(ended)


def kept(db: sqlite3.Connection, place: Path) -> Path:
    with closing(sqlite3.connect(place)) as copy:
        db.backup(copy)
    return place


@pytest.mark.parametrize("every", [9, pytest.param(1, marks=pytest.mark.torture)])
@pytest.mark.parametrize("begun", [False, True])
def test_an_export_that_is_killed_at_any_write_is_followed_by_a_whole_one_of_any_state(db, tmp_path, begun, every):
    before = kept(db, tmp_path / "before.db")
    look(db, at(3 * MONTH), "148930009")  # a month of its own, which the archive of before has not
    look(db, at(3 * MONTH + 1), "148930001", "다른 문단이다.")
    after = kept(db, tmp_path / "after.db")
    lake, wholes = tmp_path / "lake", {one: tmp_path / f"whole-{one.stem}" for one in (before, after)}
    assert [exported(one, whole) for one, whole in wholes.items()] == [0, 0]

    def prepared() -> Path:
        shutil.rmtree(lake, ignore_errors=True)
        return Path(shutil.copytree(wholes[before], lake)) if begun else lake

    assert exported(after, prepared(), Fault(lake, manner="count")) == 0
    writes = (tmp_path / "writes").read_text(encoding="utf-8").split("\n")
    # What is made aside is thrown away, whatever it is.
    taken = [one for one, name in enumerate(writes, 1) if ".staged" not in name or name.startswith("replace")]
    assert len(taken) > 10
    for number in taken[2::every]:
        for then in (before, after):  # Before: what was exported is put back from a copy, or lost a WARC file.
            assert exported(after, prepared(), Fault(lake, number, "before")) == -signal.SIGKILL
            assert exported(then, lake) == 0, writes[number - 1]
            assert bytes_of(lake) == bytes_of(wholes[then]), writes[number - 1]


def test_an_empty_archive_gives_an_empty_lake_that_answers(tmp_path):
    archive = Archive(tmp_path / "archive")
    archive.create()
    db = archive.database()
    write_lake(db, tmp_path / "lake")
    with duckdb.connect() as asked:
        asked.execute("SET VARIABLE lake = ?", [str(tmp_path / "lake")])
        asked.execute((tmp_path / "lake" / "lake.sql").read_text(encoding="utf-8"))
        for name in ("version_detail", "captures", "change_detail", "article_states", "attachment_texts"):
            assert asked.execute(f"SELECT count(*) FROM {name}").fetchone() == (0,)
    db.close()


def test_rows_are_streamed_in_groups(db, tmp_path, monkeypatch):
    write_lake(db, tmp_path / "whole")
    monkeypatch.setattr(parquet_lake, "_GROUP_ROWS", 1)
    write_lake(db, tmp_path / "lake")
    for name in ("versions", "captures", "sightings"):
        one, other = (ds.dataset(tmp_path / lake / name, partitioning="hive") for lake in ("whole", "lake"))
        assert one.to_table().equals(other.to_table().combine_chunks()) or one.to_table() == other.to_table()
    (groups,) = [one.num_row_groups for one in ds.dataset(tmp_path / "lake" / "sightings").get_fragments()]
    assert groups == 3


def test_a_directory_of_other_files_a_held_lake_and_a_full_disk_are_refused(db, tmp_path, monkeypatch):
    other = tmp_path / "other"
    other.mkdir()
    (other / "letter.txt").write_text("keep", encoding="utf-8")
    with pytest.raises(SettingsError, match="is no lake"):
        write_lake(db, other)
    with pytest.raises(SettingsError, match="is a file"):
        write_lake(db, other / "letter.txt")
    assert [one.name for one in other.iterdir()] == ["letter.txt"]
    with parquet_lake._held(tmp_path / "lake"), pytest.raises(LockHeld, match="Another export"):
        write_lake(db, tmp_path / "lake")

    def full(db: Any, part: Any, path: Path) -> Any:
        path.parent.mkdir(parents=True)
        path.write_bytes(b"PAR1")
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(parquet_lake, "_write", full)
    with pytest.raises(RunEndedEarly, match="No space left on device"):
        write_lake(db, tmp_path / "lake")
    assert not (tmp_path / "lake" / ".staged").exists()  # What was begun takes no room.


def test_the_command_tells_what_it_wrote_and_what_to_install(tmp_path, monkeypatch):
    root = tmp_path / "archive"
    Archive(root).create()
    (root / "gochim.toml").write_text(watch.written(contact="t@example.org"), encoding="utf-8")
    words = ["export", "parquet", "-o", str(tmp_path / "lake"), "--archive", str(root)]
    done = CliRunner().invoke(gochim, [*words, "--format", "json"])
    assert done.exit_code == 0, done.output
    assert json.loads(done.stdout)["written"] == len(list((tmp_path / "lake").rglob("*.parquet")))
    assert "0 files written" in CliRunner().invoke(gochim, words).stdout
    shutil.rmtree(tmp_path / "lake")
    monkeypatch.delitem(sys.modules, "storage.parquet_lake")
    monkeypatch.setitem(sys.modules, "pyarrow", None)
    missing = CliRunner().invoke(gochim, words)
    assert isinstance(missing.exception, SettingsError)
    assert "pip install 'gochim[parquet]'" in str(missing.exception)


def nested(name: str, column: str) -> Any:
    """Give the type of what a list column of a table holds."""
    (found,) = (one.type for table in parquet_tables.TABLES if table.name == name for one in table.columns
                if one.name == column)  # fmt: skip
    return found.value_type


def test_no_field_of_what_is_kept_as_json_is_lost_on_the_way_into_a_lake():
    """Arrow leaves out, without a word, what stands in an object and not in its type."""

    def names(kind: Any) -> set[str]:
        return {kind.field(number).name for number in range(kind.num_fields)}

    step = nested("changes", "fields").field("ops").type.value_type
    file = nested("changes", "documents")
    assert names(step) == set(Op._fields)
    assert names(step.field("words").type.value_type) == {"tag", "text"}
    assert file.field("ops").type.value_type == step
    for kind, record in (
        (nested("changes", "fields"), FieldChange), (file, DocumentChange), (nested("versions", "images"), Image),
        (nested("versions", "links"), Link), (nested("versions", "attachments"), Attachment),
        (nested("changes", "disclosure_reasons"), Reason), (nested("versions", "body"), Block),
    ):  # fmt: skip
        assert names(kind) == {one.name for one in fields(record)}
    numbers = {"old_number", "new_number"}
    assert names(nested("changes", "facts")) == {one.name for one in fields(Fact)} | numbers


def test_the_values_of_a_fact_are_text_and_numbers_where_they_are_some():
    facts = [
        Fact("money", "1억 원", "2억 5,000만 원", 100_000_000, 250_000_000, 2.5),
        Fact("date", "3월 2일", "봄", "2026-03-02", None),
        Fact("percent", "1.5%", "0", 1.5, 0, 0.0),
    ]
    (column,) = (one for table in parquet_tables.TABLES if table.name == "changes" for one in table.columns
                 if one.name == "facts")  # fmt: skip
    assert column.convert
    (told,) = pa.array([column.convert(json.dumps([one.as_json() for one in facts]))], type=column.type).to_pylist()
    assert [
        (one["old_value"], one["old_number"], one["new_value"], one["new_number"], one["ratio"]) for one in told
    ] == [
        ("100000000", 100_000_000.0, "250000000", 250_000_000.0, 2.5),
        ("2026-03-02", None, None, None, None),
        ("1.5", 1.5, "0", 0.0, 0.0),
    ]
    assert [(one["kind"], one["old"], one["new"]) for one in told] == [(one.kind, one.old, one.new) for one in facts]


def row_groups(lake: Path, table: str) -> list[int]:
    """Give how many rows each row group of a table of one file has."""
    (file,) = ds.dataset(lake / table).get_fragments()
    assert file.metadata.row_group(0).column(0).compression == "ZSTD"
    return [file.metadata.row_group(one).num_rows for one in range(file.metadata.num_row_groups)]


@pytest.mark.parametrize(
    ("batch", "rows", "size", "groups"),
    [
        (5_000, 50_000, 99, [5]),
        (5, 50_000, 99, [5]),
        (5_000, 2, 99, [2, 2, 1]),
        (1, 2, 99, [2, 2, 1]),
        (2, 3, 99, [4, 1]),  # A group ends with a batch, not within one.
        (5_000, 50_000, 1, [1, 1, 1, 1, 1]),
        (5_000, 50_000, 2, [2, 2, 1]),
        (1, 50_000, 2, [2, 2, 1]),
    ],
)
def test_a_row_group_ends_with_its_rows_or_with_its_bytes(db, tmp_path, monkeypatch, batch, rows, size, groups):
    for number in range(3, 5):
        look(db, at(number * MONTH), f"14893000{number}")
    ((width,),) = db.execute("SELECT DISTINCT length(article) + length(first_seen) + length(last_seen) FROM versions")
    for name, value in (("_BATCH_ROWS", batch), ("_GROUP_ROWS", rows), ("_GROUP_SIZE", size * width)):
        monkeypatch.setattr(parquet_lake, name, value)
    write_lake(db, tmp_path / "lake")
    assert row_groups(tmp_path / "lake", "sightings") == groups


def test_each_file_is_told_of_before_it_is_looked_at_and_how_many_there_are(db, tmp_path):
    told: list[tuple[str, int]] = []
    done = write_lake(db, tmp_path / "lake", lambda path, number: told.append((path, number)))
    assert {number for _, number in told} == {len(told)} == {done.written}
    assert sorted(path for path, _ in told) == sorted(
        one.relative_to(tmp_path / "lake").as_posix() for one in (tmp_path / "lake").rglob("*.parquet")
    )
    assert done.rows == sum(pq.read_metadata(tmp_path / "lake" / path).num_rows for path, _ in told)


def test_how_many_runs_another_archives_lake_tells_of_is_said(db, tmp_path):
    with db:
        runs.add(db, replace(RUN, run="another", requests=1))
    write_lake(db, tmp_path / "lake")
    archive, other = archive_at(tmp_path / "other")
    with closing(other), other:
        runs.add(other, replace(RUN, run="of its own", requests=1))
        other.execute("DELETE FROM runs WHERE run <> 'of its own'")
    with (
        closing(archive.database()) as other,
        pytest.raises(SettingsError, match="holds 2 runs that this archive lacks"),
    ):
        write_lake(other, tmp_path / "lake")


def test_only_what_an_export_itself_begins_with_may_stand_in_a_directory_without_a_lake(db, tmp_path):
    lake = tmp_path / "lake"
    lake.mkdir()
    for name in (".lock", "lake.json.tmp"):
        (lake / name).touch()
    assert write_lake(db, lake).written > 5
    (lake / "lake.json").unlink()
    with pytest.raises(SettingsError, match="holds other files and is no lake"):
        write_lake(db, lake)


def test_what_arrow_says_of_a_file_that_it_cannot_write_is_said(db, tmp_path, monkeypatch):
    def odd(*_: Any) -> Any:
        raise OSError("Arrow found the stream closed")  # Such errors have no number, and no words of the system.

    monkeypatch.setattr(parquet_lake, "_write", odd)
    with pytest.raises(RunEndedEarly, match=r"cannot be written \(Arrow found the stream closed\)"):
        write_lake(db, tmp_path / "lake")


def test_a_disk_that_fails_takes_away_no_file_of_a_lake_and_a_spoilt_one_is_written_again(db, tmp_path, monkeypatch):
    lake = tmp_path / "lake"
    write_lake(db, lake)
    before = bytes_of(lake)
    (lake / "runs" / "runs.parquet").write_bytes(b"PAR1")  # Arrow finds it no Parquet file.
    assert write_lake(db, lake).written == 1
    assert bytes_of(lake) == before

    def fails(*_: Any, **__: Any) -> Any:
        raise OSError(errno.EIO, os.strerror(errno.EIO))

    monkeypatch.setattr(pq, "read_table", fails)
    with pytest.raises(RunEndedEarly, match="Input/output error"):
        write_lake(db, lake)
    assert bytes_of(lake) == before


def test_a_lake_is_of_one_moment_though_a_crawl_goes_on(db, tmp_path):
    """Else a version could stand in it whose capture does not."""
    with closing(sqlite3.connect(kept(db, tmp_path / "before.db"))) as before:
        before.row_factory = sqlite3.Row
        write_lake(before, tmp_path / "whole")
    seen: list[str] = []

    def meanwhile(path: str, _: int) -> None:
        if not seen:
            with closing(Archive(tmp_path / "archive").database()) as other:
                look(other, at(1), "148930009")
        seen.append(path)

    write_lake(db, tmp_path / "lake", meanwhile)
    assert bytes_of(tmp_path / "lake") == bytes_of(tmp_path / "whole")
    assert write_lake(db, tmp_path / "lake").written > 3
