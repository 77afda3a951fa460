"""One record that can no longer be read costs its article a reading anew, and no other article anything."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest
from click.testing import CliRunner

from cli import passes
from cli.main import gochim
from replica.actions import EditTitle
from storage import judgements, versions
from storage.errors import ArchiveDisagrees, WarcError
from tests.drill import Drill


def edited(drill: Drill) -> str:
    """Look at all articles, edit one's headline, and look again; give its id."""
    drill.run()
    name = next(iter(drill.articles.values()))
    EditTitle(name, "고친 제목이 여기 있다").apply(drill.portal.state)
    drill.run()
    return name


def test_a_damaged_database_is_named_with_what_makes_it_anew(tmp_path: Path):
    (tmp_path / "versions.db").write_bytes(b"no database" * 200)
    with (
        closing(sqlite3.connect(tmp_path / "versions.db")) as db,
        pytest.raises(ArchiveDisagrees, match=r"The database is damaged \(.+\)\. Make it anew with: gochim rebuild"),
        passes.saying_why(),
    ):
        db.execute("SELECT * FROM articles")


@pytest.fixture
def damaged(tmp_path: Path) -> Iterator[tuple[Drill, str]]:
    """Give an archive of two runs, read by an older extractor, of which an article's first page is damaged."""
    drill = Drill(tmp_path)
    with closing(drill.db):
        name = edited(drill)
        first = versions.versions(drill.db, name)[0].evidence
        path = drill.archive.root / first.warc
        data = bytearray(path.read_bytes())
        data[first.offset + first.length // 2] ^= 0xFF
        path.write_bytes(data)
        with drill.db:
            drill.db.execute("UPDATE about SET value = 'older' WHERE name = 'extractor'")
        yield drill, name


def titles(drill: Drill, name: str) -> list[str]:
    return [one.article.title for one in versions.versions(drill.db, name)]


def test_an_article_on_a_damaged_record_waits_and_all_others_go_on(damaged: tuple[Drill, str]):
    drill, name = damaged
    before = titles(drill, name)
    waiting = passes.Waiting()
    assert passes.catch_up(drill.archive, drill.db, drill.addresses, waiting=waiting) == []
    assert list(waiting.articles) == [name]
    assert "a damaged gzip member" in waiting.articles[name]
    assert titles(drill, name) == before
    assert [row["article"] for row in drill.db.execute("SELECT article FROM rereads")] == [name]
    other = next(one for one in drill.articles.values() if one != name)
    EditTitle(other, "다른 글의 제목도 고쳤다").apply(drill.portal.state)
    drill.capture()
    (found,) = passes.catch_up(drill.archive, drill.db, drill.addresses, waiting=waiting)
    assert found.startswith(other)


def test_what_must_be_whole_does_not_go_on_without_it(damaged: tuple[Drill, str]):
    drill, _ = damaged
    with pytest.raises(WarcError, match="a damaged gzip member"):
        passes.catch_up(drill.archive, drill.db, drill.addresses)


def test_reading_commands_answer_and_say_what_waits(damaged: tuple[Drill, str]):
    drill, name = damaged
    told = CliRunner().invoke(gochim, ["changes", "--format", "jsonl", "--archive", str(drill.archive.root)])
    assert told.exit_code == 0
    assert f'"{name}.1"' in told.stdout
    assert f"1 article cannot be read anew, and what is filed stands as it was, such as {name}:" in told.stderr


@pytest.fixture
def listless(tmp_path: Path) -> Iterator[tuple[Drill, Path]]:
    """Give an archive whose newest run asked for lists alone and is not judged, and that run's WARC file."""
    drill = Drill(tmp_path)
    with closing(drill.db):
        edited(drill)
        before = {*drill.archive.warcs.glob("*.warc.gz")}
        drill.capture(articles=[])
        (path,) = {*drill.archive.warcs.glob("*.warc.gz")} - before
        yield drill, path


def test_commands_answer_while_the_lists_of_a_run_cannot_be_read(listless: tuple[Drill, Path], tmp_path: Path):
    drill, path = listless
    away = path.rename(tmp_path / path.name)
    root = str(drill.archive.root)
    told = CliRunner().invoke(gochim, ["status", "--archive", root])
    assert isinstance(told.exception, ArchiveDisagrees)
    assert "A list or an answer of the open API cannot be read, and what is to be told by it waits:" in told.stderr
    assert f"such as {path}. Put back what you have a copy of." in told.stdout
    told = CliRunner().invoke(gochim, ["changes", "--format", "jsonl", "--archive", root])
    assert told.exit_code == 0
    assert len(told.stdout.splitlines()) == 1
    assert judgements.to_judge(drill.db)
    away.rename(path)
    assert drill.catch_up() == []
    assert not judgements.to_judge(drill.db)
    assert not judgements.to_compare(drill.db)


def test_nothing_is_compared_before_all_runs_are_judged(listless: tuple[Drill, Path], tmp_path: Path):
    drill, path = listless
    away = path.rename(tmp_path / path.name)
    other = list(drill.articles.values())[1]
    EditTitle(other, "다른 글의 제목도 고쳤다").apply(drill.portal.state)
    drill.capture()
    waiting = passes.Waiting()
    assert passes.catch_up(drill.archive, drill.db, drill.addresses, waiting=waiting) == []
    assert waiting.articles == {}
    assert path.name in waiting.beside
    assert judgements.to_compare(drill.db)
    away.rename(path)
    (found,) = drill.catch_up()
    assert found.article == other
