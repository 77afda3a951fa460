"""Whoever alters ``versions.db`` by hand, whichever value, is found out by ``verify``, which names it."""

from __future__ import annotations

import shutil
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from dataclasses import replace
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from cli import database, proving
from cli.main import gochim
from storage import checks, sameness, versions
from storage.archive import Archive
from storage.errors import ArchiveDisagrees, RunEndedEarly
from storage.schema import migrate
from tests.test_order import PORTAL, Told
from tests.test_standing import unwritable

UNREAD = {
    "_sqlite_migrations": "held against the program's own list when the database is opened",
    "change_turns": "the order in which one filing or another came upon changes",
    "outlooks": "when a run is to look again: held against what the settings promise",
    "search_index": "read through search_documents, and what FTS5 keeps of it",
    "search_index_config": "FTS5's own",
    "search_index_data": "FTS5's own",
    "search_index_idx": "FTS5's own",
    "search_index_docsize": "FTS5's own; compared as search_index",
    "sqlite_sequence": "SQLite's own",
}
"""Tables that are not compared, and why."""
NAMED = {"capture_rows": "captures", "urls": "captures", "answers": "captures"}
"""Tables that are compared as the view that users read."""
NUMBERS = {(table, "id") for table in ("answers", "outcomes", "search_documents", "urls", "versions", "warc_files")}
"""Numbers by which rows refer to each other and that nobody reads: another filing gives others."""
MADE_UP = {
    "api_answers": "((SELECT min(id) FROM capture_rows), 'a reader')",
    "change_documents": "('148930267.1', 0, '1', '2', 'a.hwpx', 'b.hwpx', '[]')",
    "change_reasons": "('148930267.1', 7, 'no-word', 'said')",
    "false_validators": "((SELECT min(id) FROM urls))",
    "publisher_signals": "((SELECT min(id) FROM capture_rows), 0, '1', '1', 'u', 1, 'd', 'd', 'd', 'U', 'p', 't', 's')",
    "rereads": "('1')",
    "search_waiting": "((SELECT min(id) FROM versions))",
    "shrunken_versions": "('1', 2, 'briefing', 'then', 3, 0)",
    "site_change_articles": "('1', 2, 'a site change', 1)",
    "site_change_words": "('briefing', 'title', 'gone', '', 'then', 'later', 'held')",
    "site_changes": "('a site change', 'briefing', 'title', 'gone', '', 'then', 5, 5, 'held', 'same-shape')",
    "to_compare": "('1', 0)",
}
"""A row of each table that may be empty in the story."""
WORDS = (
    "x held edits person removed suspect outage moved cosmetic substance section-outage missing-in-file revisit".split()
)
OTHERS = [*(f"'{one}'" for one in WORDS), "x'00'", "'[{\"x\": 1}]'", "4711", "1", "0", "2", "-1"]
"""Values of which some other one fits every column."""


def columns() -> list[tuple[str, str]]:
    """Name every column of every table of the schema: a new one is among them."""
    with closing(sqlite3.connect(":memory:")) as db:
        db.row_factory = sqlite3.Row
        migrate(db, "a new one")
        tables = [row[0] for row in db.execute("SELECT name FROM sqlite_master WHERE type = 'table' ORDER BY name")]
        return [(table, row["name"]) for table in tables for row in db.execute(f"PRAGMA table_info({table})")]


BOUNDS = {("warc_files", "first"), ("warc_files", "last")}
"""Within which a file's rows are looked for: wider ones do no harm, narrower ones have a test of their own."""
COLUMNS = [one for one in columns() if one[0] not in UNREAD and one not in NUMBERS | BOUNDS]
TABLES = sorted({table for table, _ in COLUMNS})


@pytest.fixture(scope="module")
def story(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Told]:
    told = Told(tmp_path_factory.mktemp("proof"))
    told.drill.db.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    yield told
    told.drill.db.close()


@pytest.fixture(scope="module")
def pair(story: Told, tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[sqlite3.Connection, ...]]:
    """The database as the runs left it, and one that was made anew."""
    root = tmp_path_factory.mktemp("pair")
    archive = Archive(Path(shutil.copytree(story.archive.root, root / "archive")))
    shutil.copy(archive.database_path, root / "kept.db")
    database.rebuild(archive, PORTAL, 1)
    with closing(archive.database(root / "kept.db")) as kept, closing(archive.database()) as anew:
        for db in kept, anew:
            db.execute("PRAGMA foreign_keys = OFF")
            db.isolation_level = None
        yield kept, anew


@pytest.fixture
def both(pair: tuple[sqlite3.Connection, ...]) -> Iterator[tuple[sqlite3.Connection, ...]]:
    for db in pair:
        db.execute("BEGIN")
    yield pair
    for db in pair:
        db.execute("ROLLBACK")


def said(story: Told, both: tuple[sqlite3.Connection, ...]) -> list[str]:
    return list(proving.differences(story.archive, *both, lambda *_: None))


def test_a_database_made_by_runs_is_what_one_made_anew_is(story: Told, both: tuple[sqlite3.Connection, ...]):
    assert said(story, both) == []


def fill(both: tuple[sqlite3.Connection, ...], table: str) -> None:
    """Put a row into a table of both that is empty in the story."""
    for db in both:
        if not db.execute(f"SELECT 1 FROM {table}").fetchone():
            db.execute(f"INSERT INTO {table} VALUES {MADE_UP[table]}")


def first(db: sqlite3.Connection, table: str, column: str) -> str:
    """Give the condition under which a row stands that says something in a column, if there is one."""
    keys = [row["name"] for row in db.execute(f"PRAGMA table_info({table})") if row["pk"]]
    key = ", ".join(keys)
    used = " WHERE id IN (SELECT answer FROM capture_rows)" if table == "answers" else ""
    counted = (
        " WHERE captures > 0" if table == "outcomes" else " WHERE microseconds > 0" if table == "seen_moments" else used
    )
    if table == "about":
        counted = " WHERE name = 'extractor'"
    return f"({key}) = (SELECT {key} FROM {table}{counted} ORDER BY {column} IS NULL, {key} LIMIT 1)"


def alter(db: sqlite3.Connection, table: str, column: str) -> None:
    """Write another value that the table takes into one column of one row."""
    where = first(db, table, column)
    for value in OTHERS:
        try:
            if db.execute(f"UPDATE {table} SET {column} = {value} WHERE {where} AND {column} IS NOT {value}").rowcount:
                return
        except sqlite3.IntegrityError:
            continue
    raise AssertionError(f"no value of {OTHERS} fits {table}.{column}")


@pytest.mark.parametrize(("table", "column"), COLUMNS)
def test_a_value_that_was_altered_is_named(story: Told, both: tuple[sqlite3.Connection, ...], table: str, column: str):
    fill(both, table)
    alter(both[0], table, column)
    named = [one for one in said(story, both) if one.startswith(f"versions.db: {NAMED.get(table, table)}, ")]
    assert named, said(story, both)
    assert any(" ought to " in one or "make no such row" in one or "tells of such a run" in one for one in named)
    assert all(one.endswith("Make the database anew with: gochim rebuild") for one in named)


@pytest.mark.parametrize("bound", ["first = first + 1", "last = last - 1"])
def test_a_file_that_is_looked_through_in_part_is_named(story: Told, both: tuple[sqlite3.Connection, ...], bound: str):
    both[0].execute(f"UPDATE warc_files SET {bound}")
    assert all(one.startswith("versions.db: warc_files, warc warc/") for one in said(story, both))
    assert len(said(story, both)) == len(story.paths)


def test_how_a_run_ended_that_stands_in_no_manifest_is_held_against_nothing(
    story: Told, both: tuple[sqlite3.Connection, ...]
):
    for db in both:
        columns = [row["name"] for row in db.execute("PRAGMA table_info(runs)") if row["name"] != "run"]
        names = ", ".join(columns)
        db.execute(f"INSERT INTO runs (run, {names}) SELECT '20261103T090000-full', {names} FROM runs LIMIT 1")
    both[0].execute("UPDATE runs SET finish = 'not-kept', requests = 7, ended_at = NULL WHERE run LIKE '%-full'")
    assert said(story, both) == []
    both[0].execute("UPDATE runs SET software = 'x' WHERE run LIKE '%-full'")
    assert [one for one in said(story, both) if "runs, run 20261103T090000-full: software is 'x'" in one]


@pytest.mark.parametrize("table", TABLES)
def test_a_row_that_was_taken_away_is_named(story: Told, both: tuple[sqlite3.Connection, ...], table: str):
    fill(both, table)
    key = next(row["name"] for row in both[0].execute(f"PRAGMA table_info({table})") if row["pk"])
    both[0].execute(f"DELETE FROM {table} WHERE {first(both[0], table, key)}")
    named = [one for one in said(story, both) if one.startswith(f"versions.db: {NAMED.get(table, table)}, ")]
    assert any("missing" in one for one in named), said(story, both)


@pytest.mark.parametrize("table", sorted(MADE_UP))
def test_a_row_that_was_made_up_is_named(story: Told, both: tuple[sqlite3.Connection, ...], table: str):
    both[0].execute(f"DELETE FROM {table}")
    both[1].execute(f"DELETE FROM {table}")
    both[0].execute(f"INSERT INTO {table} VALUES {MADE_UP[table]}")
    assert any("make no such row" in one for one in said(story, both) if one.startswith(f"versions.db: {table}, "))


def test_every_table_is_compared_or_said_why_not(both: tuple[sqlite3.Connection, ...]):
    compared = {*sameness.tables(both[1]), "runs"} - {"captures", "search_index"} | NAMED.keys()
    assert {table for table, _ in columns()} == compared | UNREAD.keys()


@pytest.fixture(scope="module")
def kept(story: Told, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An archive with its run log and indexes."""
    root = Path(shutil.copytree(story.archive.root, tmp_path_factory.mktemp("kept") / "archive"))
    assert run(root, "status").exit_code == 0
    assert run(root, "verify").output.endswith("all agree.\n")
    return root


def run(root: Path, *words: str) -> Result:
    return CliRunner().invoke(gochim, [*words, "--archive", str(root)])


ALTERED = {
    "UPDATE changes SET checks_between = 7": "changes, id ",
    "UPDATE changes SET disclosure = 'explained'": "disclosure is 'explained' and ought to be 'silent'",
    "UPDATE change_labels SET label = 'spacing'": "label is 'spacing' and ought to be ",
    "DELETE FROM change_labels": "the row is missing; it ought to say label ",
    "UPDATE change_reasons SET text = ''": "text is '' and ought to be ",
    "UPDATE findings SET detail = '{}'": "detail is '{}' and ought to be ",
    "UPDATE runs SET finish = 'blocked'": "finish is 'blocked' and ought to be 'finished'",
    "UPDATE runs SET portal = 'https://example.org'": "portal is 'https://example.org' and ought to be ",
    "UPDATE attachment_texts SET text = '예산은 9억 원이다.'": "text is '예산은 9억 원이다.' and ought to be ",
    "UPDATE judgements SET failed = 0": "failed is 0 and ought to be ",
    "UPDATE capture_rows SET etag = 'x'": "etag is 'x' and ought to be NULL",
}


def altered(kept: Path, into: Path, *statements: str) -> Path:
    """Give a copy of the archive whose database was altered by hand."""
    root = Path(shutil.copytree(kept, into / "archive"))
    with closing(sqlite3.connect(root / "versions.db")) as db, db:
        for statement in statements:
            assert db.execute(statement).rowcount
    return root


@pytest.mark.parametrize("statement", ALTERED)
def test_verify_names_what_was_altered(kept: Path, tmp_path: Path, statement: str):
    root = altered(kept, tmp_path, statement)
    done = run(root, "verify")
    assert isinstance(done.exception, ArchiveDisagrees)
    assert done.exception.exit_code == 3
    assert ALTERED[statement] in done.output
    assert sorted(one.name for one in root.glob("versions.db*")) == ["versions.db"]


@pytest.mark.parametrize("deed", ["UPDATE", "DELETE"])
def test_a_rebuild_mends_all_that_was_altered(kept: Path, tmp_path: Path, deed: str):
    root = altered(kept, tmp_path, *(one for one in ALTERED if one.startswith(deed)))
    assert run(root, "rebuild").exit_code == 0
    assert run(root, "verify").exit_code == 0
    assert sorted(one.name for one in root.glob("versions.db*")) == ["versions.db"]


@pytest.mark.parametrize("wrong", [False, True])
def test_several_processes_say_what_one_says(kept: Path, tmp_path: Path, wrong: bool):
    root = altered(kept, tmp_path, *["UPDATE changes SET checks_between = 7"][:wrong])
    alone, together = run(root, "verify"), run(root, "verify", "--workers", "2")
    assert (together.exit_code, together.output) == (alone.exit_code, alone.output)
    assert ("ought to be" in together.output) == wrong
    assert sorted(one.name for one in root.glob("versions.db*")) == ["versions.db"]


def test_a_text_that_was_forged_with_its_digests_is_found(kept: Path, tmp_path: Path):
    root = Path(shutil.copytree(kept, tmp_path / "archive"))
    archive = Archive(root)
    with closing(archive.database()) as db:
        row = db.execute("SELECT * FROM version_detail WHERE version = 1 LIMIT 1").fetchone()
        forged = replace(versions.article_of(row), title="고친 적 없는 제목")
        for table in ("versions", "articles"):
            db.execute(
                f"UPDATE {table} SET title = ? WHERE (article, version) = (?, 1)", (forged.title, forged.article)
            )
        db.execute(
            "UPDATE versions SET content_digest = ? WHERE (article, version) = (?, 1)",
            (forged.content_digest, forged.article),
        )
        db.execute(
            "UPDATE agreements SET content_digest = ? WHERE (article, version) = (?, 1)",
            (forged.content_digest, forged.article),
        )
        db.commit()
    told = run(root, "verify").output
    assert f"versions, article {forged.article}, version 1: title is '고친 적 없는 제목' and ought to be " in told


def test_what_is_not_compared_yet_is_compared_first(kept: Path, tmp_path: Path):
    root = Path(shutil.copytree(kept, tmp_path / "archive"))
    with closing(sqlite3.connect(root / "versions.db")) as db, db:
        db.execute("INSERT INTO to_compare SELECT article, 1 FROM articles")
        db.execute("UPDATE about SET value = 'another' WHERE name = 'differ'")
    done = run(root, "verify")
    assert (done.exit_code, done.output.endswith("all agree.\n")) == (0, True), done.output


def read_by_an_older_one(root: Path) -> None:
    """Let every article be filed as a program did whose articles had other fields, and so other digests."""
    with closing(sqlite3.connect(root / "versions.db")) as db, db:
        db.execute("UPDATE versions SET extractor = 'older', links = '[]', content_digest = 'sha256:' || version")
        db.execute("UPDATE about SET value = 'older' WHERE name = 'extractor'")


def test_what_an_older_program_read_is_read_first_and_is_no_disagreement(kept: Path, tmp_path: Path):
    root = Path(shutil.copytree(kept, tmp_path / "archive"))
    read_by_an_older_one(root)
    with unwritable(root):
        done = run(root, "verify")
    assert (done.exit_code, "articles as an older gochim read them" in done.output) == (0, True), done.output
    done = run(root, "verify")
    assert (done.exit_code, done.output.endswith("all agree.\n")) == (0, True), done.output


def test_an_older_programs_name_hides_no_alteration(kept: Path, tmp_path: Path):
    root = altered(kept, tmp_path, "UPDATE versions SET extractor = 'older', title = 'x'")
    done = run(root, "verify")
    assert (done.exit_code, "title is 'x' and ought to be " in done.output) == (1, True), done.output


@pytest.mark.parametrize(
    "statement",
    [
        "DELETE FROM _sqlite_migrations",
        "DELETE FROM _sqlite_migrations WHERE name LIKE 'm003%'",
        "UPDATE _sqlite_migrations SET name = 'm003_other' WHERE name LIKE 'm003%'",
        "UPDATE _sqlite_migrations SET migration_set = 'another' WHERE name LIKE 'm021%'",
    ],
)
def test_a_list_of_migrations_that_was_altered_is_named(kept: Path, tmp_path: Path, statement: str):
    root = altered(kept, tmp_path, statement)
    done = run(root, "verify")
    assert isinstance(done.exception, ArchiveDisagrees)
    assert "_sqlite_migrations, name m0" in str(done.exception)
    assert "gochim rebuild" in str(done.exception)
    assert run(root, "rebuild").exit_code == 0
    assert run(root, "verify").exit_code == 0


def test_a_disk_without_room_for_the_second_database_is_no_disagreement(kept: Path, tmp_path: Path):
    archive = Archive(Path(shutil.copytree(kept, tmp_path / "archive")))
    with closing(archive.database()) as db, proving.beside(archive, PORTAL, db, 1, apart=False) as proof:
        proof.made.execute("PRAGMA max_page_count = 1")  # as many as there are
        with pytest.raises(RunEndedEarly, match="full"):
            checks.verify(archive, db, lambda _: None, each=proof.filing(None))
    assert not database.unfinished_rebuild(archive).exists()


def test_what_waits_where_nothing_can_be_written_is_said_and_not_taken_for_an_alteration(kept: Path, tmp_path: Path):
    root = Path(shutil.copytree(kept, tmp_path / "archive"))
    with unwritable(root):
        assert run(root, "verify").output.endswith("all agree.\n")
    with closing(sqlite3.connect(root / "versions.db")) as db, db:
        db.execute("UPDATE about SET value = 'another' WHERE name = 'differ'")
    with unwritable(root):
        done = run(root, "verify")
    assert done.exit_code == 0
    assert "waits to be brought up to date (changes as an older gochim compared them)" in done.output
    assert done.output.endswith("what was compared agrees.\n")
