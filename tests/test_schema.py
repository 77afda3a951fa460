"""The database as users and other programs find it: tables, views, names, and what becomes of other files."""

from __future__ import annotations

import hashlib
import sqlite3
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import ExitStack, closing
from datetime import UTC, datetime
from pathlib import Path

import pytest

from storage import changes, contents, filing, schema
from storage.archive import Archive
from storage.change_query import Query
from storage.errors import ArchiveDisagrees, RunEndedEarly, SettingsError
from storage.migrations import MIGRATIONS
from storage.records import iso
from storage.stored import moment_of, ticks, ticks_sql, time_sql
from storage.views import VIEWS as VIEW_TEXTS
from tests.makers import archive_at, article, attachment, file_readings, found_and_filed, numbered, readings
from tests.rights import bound_by_permissions

TABLES = {
    "about", "runs", "articles", "versions", "attachments", "changes", "change_labels",
    "judgements", "listings", "absences", "state_steps", "to_compare",
    "capture_rows", "warc_files", "urls", "answers", "outcomes", "originals", "page_payloads", "rereads",
    "search_documents", "search_waiting", "change_turns",
}  # fmt: skip
VIEWS = {
    "captures", "checks", "version_detail", "article_current", "change_detail", "article_timeline", "outages",
    "article_states", "version_intervals", "article_contents", "edit_rates", "seen_chances", "watch_pauses",
    "finding_detail",
}  # fmt: skip


@pytest.fixture(autouse=True)
def closed(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Close every database that a test has opened."""
    make = archive_at
    with ExitStack() as opened:

        def kept(root: Path) -> tuple[Archive, sqlite3.Connection]:
            archive, db = make(root)
            opened.enter_context(closing(db))
            return archive, db

        monkeypatch.setattr(sys.modules[__name__], "archive_at", kept)
        yield


def columns(db: sqlite3.Connection, name: str) -> set[str]:
    return {row[1] for row in db.execute(f"PRAGMA table_info({name})")}


def filled(root: Path) -> tuple[Archive, sqlite3.Connection]:
    """Make an archive with an article of two versions and the change between them."""
    archive, db = archive_at(root)
    with db:
        states = [article("첫 글이다."), article("고친 글이다.", attachments=(attachment(sha256="cd" * 32),))]
        file_readings(db, "148930267", readings(db, states))
        found_and_filed(db)
    return archive, db


def test_a_new_archive_has_every_table_and_view(tmp_path):
    _, db = archive_at(tmp_path / "new")
    found = {kind: set() for kind in ("table", "view")}
    for row in db.execute("SELECT type, name FROM sqlite_master WHERE type IN ('table', 'view')"):
        found[row["type"]].add(row["name"])
    assert found["table"] >= TABLES
    assert found["view"] == VIEWS


def test_every_table_is_strict(tmp_path):
    _, db = archive_at(tmp_path)
    strict = {row["name"] for row in db.execute("PRAGMA table_list") if row["strict"]}
    assert strict >= TABLES
    with pytest.raises(sqlite3.IntegrityError):
        db.execute("UPDATE runs SET requests = 'many'")


def test_sqlite_itself_finds_nothing_wrong_with_a_filled_archive(tmp_path):
    _, db = filled(tmp_path)
    with db:
        file_readings(db, "148930269", readings(db, ["gone", "blocked"], "148930269"))
    assert [tuple(row) for row in db.execute("PRAGMA integrity_check")] == [("ok",)]
    assert db.execute("PRAGMA foreign_key_check").fetchall() == []


def test_opening_an_archive_again_changes_nothing(tmp_path):
    archive, db = filled(tmp_path)
    before = list(db.iterdump())
    db.close()
    with closing(archive.database()) as again:
        assert list(again.iterdump()) == before


def test_the_version_view_has_the_names_of_the_article_shape(tmp_path):
    _, db = filled(tmp_path)
    shape = next(iter(numbered(article()).values())).as_json()
    names = (set(shape) - {"evidence"}) | set(shape["evidence"])
    assert names <= columns(db, "version_detail")
    assert names <= columns(db, "article_current")


def test_the_change_view_has_the_names_of_the_change_shape(tmp_path):
    _, db = filled(tmp_path)
    (shape,) = [one.as_json() for one in changes.find(db, Query())]
    sides = {f"{side}_{name}" for side in ("old", "new") for name in shape["evidence"][side]}
    assert (set(shape) - {"evidence"}) | sides <= columns(db, "change_detail")


def test_every_table_named_to_users_can_be_read_by_its_name(tmp_path):
    _, db = filled(tmp_path)
    for name in TABLES | VIEWS:
        db.execute(f"SELECT * FROM {name}").fetchall()


def test_plain_sqlite_reads_the_archive_without_any_of_our_code(tmp_path):
    archive, db = filled(tmp_path)
    db.close()
    script = (
        "import json, sqlite3, sys\n"
        "db = sqlite3.connect(f'file:{sys.argv[1]}?mode=ro', uri=True)\n"
        "title, body, files = db.execute('SELECT title, body, attachments FROM article_current').fetchone()\n"
        "labels, = db.execute('SELECT labels FROM change_detail').fetchone()\n"
        "looks, = db.execute('SELECT count(*) FROM article_timeline').fetchone()\n"
        "told = [title, json.loads(body)[0]['text'], json.loads(files)[0]['name'], *json.loads(labels), looks]\n"
        "print(*told, sep='|')"
    )
    command = [sys.executable, "-I", "-X", "utf8", "-c", script, archive.database_path]
    ran = subprocess.run(command, capture_output=True, encoding="utf-8", check=True)
    title, text, name, *labels, looks = ran.stdout.strip().split("|")
    assert (title, text, name) == (article().title, "고친 글이다.", "보도자료.hwpx")
    assert {"body", "attachment"} <= set(labels)
    assert looks == "2"


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE capture_rows SET outcome = 4711",
        "UPDATE capture_rows SET original = 4711",
        "INSERT INTO attachments VALUES (4711, 0, '1', 'a.pdf', NULL, NULL, NULL)",
        "UPDATE versions SET capture = 4711",
        "UPDATE warc_files SET run = 'no such run'",
        "INSERT INTO change_labels VALUES ('no such change', 0, 'title')",
        "DELETE FROM capture_rows",
        "DELETE FROM urls",
    ],
)
def test_nothing_can_point_at_a_row_that_is_not_there(tmp_path, statement):
    _, db = filled(tmp_path)
    with pytest.raises(sqlite3.IntegrityError, match="FOREIGN KEY"):
        db.execute(statement)


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE articles SET state = 'lost'",
        "UPDATE answers SET kind = 'guess'",
        "UPDATE changes SET weight = 'heavy'",
        "UPDATE changes SET kind = 'vanished'",
        "UPDATE versions SET body = '[{'",
        "UPDATE versions SET version = 0",
        "UPDATE runs SET removal_checks = 0",
        "UPDATE capture_rows SET version = 0",
    ],
)
def test_a_word_outside_the_closed_lists_is_refused(tmp_path, statement):
    _, db = filled(tmp_path)
    with pytest.raises(sqlite3.IntegrityError, match="CHECK"):
        db.execute(statement)


def test_the_labels_go_with_their_change_and_the_files_with_their_version(tmp_path):
    _, db = filled(tmp_path)
    filing.forget(db, "148930267")
    for table in ("articles", "versions", "attachments", "checks", "changes", "change_labels"):
        assert db.execute(f"SELECT count(*) FROM {table}").fetchone()[0] == 0, table


def test_a_trigger_and_a_view_that_others_made_of_ours_are_named_and_a_users_own_view_is_not(tmp_path):
    _, db = filled(tmp_path / "a")
    db.execute("CREATE VIEW my_own AS SELECT article FROM articles")
    assert schema.strangers(db) == []
    db.execute("CREATE TRIGGER sly AFTER INSERT ON articles BEGIN DELETE FROM change_labels; END")
    (ours, *_) = db.execute("SELECT name FROM sqlite_master WHERE type = 'trigger' AND name <> 'sly'").fetchone()
    db.execute(f"DROP TRIGGER {ours}")
    db.execute("DROP VIEW article_current")
    db.execute("CREATE VIEW article_current AS SELECT * FROM version_detail WHERE version = 1")
    assert schema.strangers(db) == sorted([f"trigger {ours}", "trigger sly", "view article_current"])


def test_an_archive_made_by_a_newer_version_is_left_alone(tmp_path):
    archive, db = filled(tmp_path)
    with db:
        db.execute(
            "INSERT INTO _sqlite_migrations (migration_set, name, applied_at) VALUES ('gochim', 'm999_dreams', 'later')"
        )
    before = list(db.iterdump())
    with pytest.raises(SettingsError, match=r"newer gochim .*m999_dreams.*gochim rebuild") as refused:
        archive.database()
    assert str(archive.database_path) in str(refused.value)
    assert list(db.iterdump()) == before


def test_a_database_of_another_program_is_refused_and_left_as_it_is(tmp_path):
    archive = Archive(tmp_path)
    archive.create()
    with closing(sqlite3.connect(archive.database_path)) as db:
        db.execute("CREATE TABLE notes (text)")
        before = list(db.iterdump())
        for opened in (archive.database, lambda: archive.standing("it may not be written")):
            with pytest.raises(SettingsError, match=r"versions\.db is the database of another program"):
                opened()
        assert list(db.iterdump()) == before


def test_a_new_database_is_as_the_migrations_make_it_one_after_the_other(tmp_path):
    archive = Archive(tmp_path)
    archive.create()
    with closing(archive.database()) as new, closing(sqlite3.connect(":memory:", isolation_level=None)) as grown:
        grown.row_factory = sqlite3.Row
        schema.by_migrations(grown)
        assert whole(new) == whole(grown)


def whole(db: sqlite3.Connection) -> tuple[set[tuple[str, str, str, str | None]], dict[str, list[tuple[object, ...]]]]:
    """Give all that is defined in a database but for the views, and every row but for the times of migrations."""
    query = "SELECT type, name, tbl_name, sql FROM sqlite_master WHERE type <> 'view'"
    defined = {(one["type"], one["name"], one["tbl_name"], one["sql"]) for one in db.execute(query)}
    tables = [name for kind, name, *_ in defined if kind == "table"]
    rows = {name: sorted(map(tuple, db.execute(f"SELECT * FROM {name}"))) for name in tables}
    rows["_sqlite_migrations"] = [row[:-1] for row in rows["_sqlite_migrations"]]
    # A table that counts its rows from nought, as it does without being named there.
    rows["sqlite_sequence"] = [row for row in rows["sqlite_sequence"] if row[1]]
    return defined, rows


def test_migrations_of_other_programs_in_the_same_file_do_not_matter(tmp_path):
    archive, db = filled(tmp_path)
    with db:
        db.execute(
            "INSERT INTO _sqlite_migrations (migration_set, name, applied_at) VALUES ('theirs', 'm001_own', 'earlier')"
        )
    archive.database().close()


def test_a_view_that_is_written_anew_comes_with_a_migration_which_makes_it_so_in_every_database():
    said = " ".join(" ".join(VIEW_TEXTS).split())
    pinned = (
        "m030_what_another_tool_lacks_is_no_outage",
        "b693d9d0389bc67707f4715f80a1db4994e445c4d89d52c146bd6a94578c0ed6",
    )
    assert (MIGRATIONS[-1].__name__, hashlib.sha256(said.encode()).hexdigest()) == pinned, (
        "Without a migration verify calls the views of every earlier database altered. Add one, and pin both here."
    )


def test_a_file_that_is_no_database_is_named_with_what_to_do(tmp_path):
    archive = Archive(tmp_path)
    archive.database_path.write_bytes("이것은 데이터베이스가 아니다.".encode() * 100)
    with pytest.raises(ArchiveDisagrees, match=r"versions\.db cannot be used as a database .*gochim rebuild"):
        archive.database()
    assert archive.database_path.read_bytes().startswith("이것은".encode())


def test_a_database_of_another_program_is_not_taken_for_an_old_one_of_ours(tmp_path):
    archive = Archive(tmp_path)
    with closing(sqlite3.connect(archive.database_path)) as other:
        other.execute("CREATE TABLE articles (anything)")
        other.commit()
    with pytest.raises(SettingsError, match=r"of another program.*gochim rebuild"):
        archive.database()
    with closing(sqlite3.connect(archive.database_path)) as other:
        assert columns(other, "articles") == {"anything"}
        assert columns(other, "runs") == set()


@pytest.mark.parametrize("code", ["SQLITE_FULL", "SQLITE_IOERR_SHMSIZE"])
def test_a_full_disk_is_no_matter_of_settings(tmp_path, monkeypatch, code):
    def full(*_: object) -> None:
        error = sqlite3.OperationalError("disk I/O error")
        error.sqlite_errorname = code
        raise error

    monkeypatch.setattr("storage.archive._prepare", full)
    archive = Archive(tmp_path)
    archive.create()
    with pytest.raises(RunEndedEarly, match=r"versions\.db cannot be written \(disk I/O error\)\. Make room .*TMPDIR"):
        archive.database()


def test_a_path_that_sqlite_does_not_take_is_said_to_be_too_long(tmp_path):
    archive = Archive(tmp_path.joinpath(*["긴" * 60] * 3))
    archive.create()
    with pytest.raises(SettingsError, match=r"versions\.db cannot be opened: SQLite takes no path of \d+ bytes\. Move"):
        archive.database()


def test_a_directory_that_is_no_archive_is_refused_and_stays_as_it_is(tmp_path):
    (tmp_path / "notes.txt").write_text("not ours", encoding="utf-8")
    with pytest.raises(SettingsError, match="There is no archive at"):
        Archive(tmp_path).database()
    with pytest.raises(SettingsError, match="There is no archive at"), Archive(tmp_path).locked():
        pass
    assert [one.name for one in tmp_path.iterdir()] == ["notes.txt"]


def test_a_directory_that_is_not_there_is_named_with_how_to_make_one(tmp_path):
    with pytest.raises(SettingsError, match=r"no archive at .*nowhere.*gochim init --archive .*nowhere"):
        Archive(tmp_path / "nowhere").database()


def test_a_read_only_directory_is_said_to_be_one_and_not_a_damaged_database():
    with tempfile.TemporaryDirectory() as directory:
        root = Path(directory) / "archive"
        _, db = filled(root)
        db.close()
        for path in (root, root.parent):
            path.chmod(0o555)
        (root / "versions.db").chmod(0o444)
        refusal = pytest.raises(SettingsError, match=r"cannot be written .*Check the rights")
        with bound_by_permissions(), refusal as refused:
            Archive(root).database()
        assert "rebuild" not in str(refused.value)
        for path in (root, root.parent):
            path.chmod(0o755)


def test_a_database_that_another_program_keeps_busy_is_said_to_be_in_use(tmp_path, monkeypatch):
    archive = Archive(tmp_path)
    monkeypatch.setattr("storage.archive._PATIENCE", 0.05)
    with closing(sqlite3.connect(archive.database_path)) as other:
        other.execute("PRAGMA locking_mode = EXCLUSIVE")
        other.execute("BEGIN EXCLUSIVE")
        with pytest.raises(RunEndedEarly, match=r"in use by another program .*Wait"):
            archive.database()


def test_readers_see_the_last_commit_while_a_run_writes(tmp_path):
    archive, writing = filled(tmp_path)
    with closing(archive.database()) as reading:
        assert writing.execute("PRAGMA journal_mode").fetchone()[0] == "wal"
        with writing:
            file_readings(writing, "148930268", readings(writing, [article(name="148930268")], "148930268"))
            assert contents.counts(reading)["articles"] == 1
        assert contents.counts(reading)["articles"] == 2


def test_a_reader_in_the_middle_of_reading_does_not_stop_a_writer(tmp_path):
    archive, writing = filled(tmp_path)
    with closing(archive.database()) as reading:
        rows = reading.execute("SELECT * FROM captures")
        rows.fetchone()
        with writing:
            file_readings(writing, "148930268", readings(writing, [article(name="148930268")], "148930268"))
        assert len(rows.fetchall()) == 1


def test_programs_that_open_new_archives_at_once_all_succeed(tmp_path):
    script = (
        "import sys; from pathlib import Path; from storage.archive import Archive\n"
        "print('ready', flush=True); sys.stdin.readline()\n"
        "opened = [Archive(Path(root)).database() for root in sys.argv[1:]]\n"
        "print(sum(db.execute('SELECT count(*) FROM versions').fetchone()[0] for db in opened))"
    )
    roots = [tmp_path / str(number) for number in range(20)]
    for root in roots:
        (root / "warc").mkdir(parents=True)
    command = [sys.executable, "-c", script, *roots]
    programs = [subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) for _ in range(4)]
    assert [program.stdout.readline() for program in programs] == ["ready\n"] * 4
    for program in programs:
        program.stdin.write("\n")
        program.stdin.flush()
    answers = [program.communicate()[0] for program in programs]
    assert answers == ["0\n"] * 4


def test_times_are_text_of_one_width_so_that_their_order_is_that_of_time(tmp_path):
    _, db = filled(tmp_path)
    times = [
        "runs.started_at", "captures.captured_at", "articles.first_seen", "articles.last_seen", "articles.last_checked",
        "articles.last_changed", "versions.first_seen", "versions.last_seen", "checks.checked_at",
        "changes.old_last_seen", "changes.new_first_seen",
    ]  # fmt: skip
    for name in times:
        table, column = name.split(".")
        found = [row[0] for row in db.execute(f"SELECT {column} FROM {table}")]
        assert found
        assert {(len(text), text[-6:]) for text in found} == {(32, "+00:00")}, name


@pytest.mark.parametrize("fraction", [0, 1, 499_999, 999_499, 999_500, 999_999])
def test_a_time_is_read_in_sql_as_the_number_of_which_it_was_written(fraction: int):
    number = ticks(datetime(2026, 11, 29, 1, 59, 59, fraction, tzinfo=UTC))
    with closing(sqlite3.connect(":memory:")) as db:
        (text,) = db.execute(f"SELECT {time_sql('?1')}", (number,)).fetchone()
        assert text == iso(moment_of(number))
        assert db.execute(f"SELECT {ticks_sql('?1')}", (text,)).fetchone() == (number,)
