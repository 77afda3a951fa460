"""Whatever prints records prints them for programs too, in the same formats and by the same piece of code."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from typing import Any

import click
import pytest
from click.testing import CliRunner

from cli import reporting
from cli.main import gochim
from cli.options import DOCUMENT, RECORDS, Place
from crawler import watch
from diffing.reports import FORMATS, as_json, pieces
from diffing.reports.report import Report
from storage import changes, indexing, site_changes
from storage.archive import Archive
from storage.change_query import Query
from storage.site_changes import Member, SiteChange
from tests.makers import PORTAL, archive_at, article, at, file_readings, found_and_filed, readings

SITE = SiteChange(
    "policy-news-0a1b", "policy-news", "subtitles", "emptied", "", at(24).isoformat(), (9, 10), "held", "same-shape",
    [Member("148930267", 1, 2, at(24).isoformat())],
)  # fmt: skip
RECORD_COMMANDS = (
    ("changes",), ("changes", "--campaigns"), ("history", "148930267"), ("search", "도서관"), ("site-changes",),
    ("alerts",), ("alerts", "check"),
)  # fmt: skip
DOCUMENT_COMMANDS = (
    ("show", "148930267"), ("diff", "148930267"), ("status",), ("schedule",), ("schedule", "--systemd"),
)  # fmt: skip


@pytest.fixture(scope="module")
def root(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    archive, db = archive_at(tmp_path_factory.mktemp("formats") / "archive")
    archive.settings_path.write_text(watch.written(url=PORTAL, contact="t@example.org"), encoding="utf-8")
    with closing(db):
        for number in range(4):
            name, states = f"14893026{7 + number}", [f"도서관은 {n}곳이다." for n in (1234, 5678)]
            both = [article(one, name, title="=1+1 도서관") for one in states]
            with db:
                file_readings(db, name, readings(db, both, name))
                found_and_filed(db, name)
        with db:
            site_changes.put(db, [SITE])
        indexing.complete(db)
    # As while a run is under way: what is filed is what there is.
    with archive.locked():
        yield archive.root


def said(root: Path, *words: str) -> str:
    done = CliRunner().invoke(gochim, [*words, "--archive", str(root)])
    assert done.exit_code == 0, (words, done.output, done.exception)
    return done.stdout_bytes.decode()


def commands(group: click.Group, *before: str) -> list[tuple[tuple[str, ...], click.Command]]:
    found = []
    context = click.Context(group)
    for name in group.list_commands(context):
        command = group.get_command(context, name)
        assert command
        found.append(((*before, name), command))
        if isinstance(command, click.Group):
            found += commands(command, *before, name)
    return found


def test_every_command_with_formats_has_those_of_records_or_those_of_a_document():
    told = {}
    for name, command in commands(gochim):
        for option in command.params:
            if "--format" in option.opts and isinstance(option.type, click.Choice):
                told[name] = tuple(option.type.choices)
    assert told.pop(("report",)) == tuple(FORMATS)
    assert set(told.values()) == {RECORDS, DOCUMENT}
    assert {name for name, formats in told.items() if formats == RECORDS} == {
        *((one[0],) for one in RECORD_COMMANDS), ("alerts", "check"), ("probe",),
    }  # fmt: skip


@pytest.mark.parametrize("words", RECORD_COMMANDS, ids=" ".join)
def test_records_are_the_same_in_every_format(root: Path, words: tuple[str, ...]):
    whole: Any = json.loads(said(root, *words, "--format", "json"))
    lines = [json.loads(line) for line in said(root, *words, "--format", "jsonl").splitlines()]
    table = said(root, *words, "--format", "csv")
    rows = list(csv.DictReader(io.StringIO(table, newline="")))
    assert len(rows) == len(lines)
    assert table.endswith("\r\n")
    if isinstance(whole, list):
        assert whole == lines
    elif words[0] != "alerts":
        assert lines in whole.values()
    for row, line in zip(rows, lines, strict=True):
        for name in set(row) & set(line):
            if isinstance(line[name], str):
                assert row[name].removeprefix("'") == line[name]


def test_a_cell_that_would_run_as_a_formula_is_guarded_in_every_table(root: Path):
    for words in (("search", "도서관"), ("changes",)):
        rows = list(csv.DictReader(io.StringIO(said(root, *words, "--format", "csv"), newline="")))
        assert {row["title"] for row in rows} == {"'=1+1 도서관"}, words


@pytest.mark.parametrize("words", DOCUMENT_COMMANDS, ids=" ".join)
def test_a_document_is_the_same_on_one_line(root: Path, words: tuple[str, ...]):
    (line,) = said(root, *words, "--format", "jsonl").splitlines()
    whole = json.loads(said(root, *words, "--format", "json"))
    assert json.loads(line).keys() == whole.keys()


@pytest.mark.parametrize("style", ["json", "csv"])
def test_a_report_as_data_reads_one_change_after_the_other_and_says_the_same(
    root: Path, style: str, monkeypatch: pytest.MonkeyPatch
):
    place = Place(Archive(root))
    with closing(place.archive.database()) as db:
        query = Query(since=at(0))
        given: list[Any] = [place, db, query, at(99), "ko"]
        steps: list[tuple[str, str, int]] = []
        whole = reporting.report_of(*given, style="html")
        monkeypatch.setattr(changes, "find", lambda *_: pytest.fail("all changes were held in memory"))
        streamed = reporting.report_of(*given, style=style, step=lambda *step: steps.append(step))
        assert list(streamed.changes) == []
        assert "".join(pieces(streamed, style)) == "".join(pieces(whole, style))
        assert [of for _, _, of in steps] == [4] * 4


def test_site_changes_stand_in_every_format_of_the_report(root: Path):
    for style in FORMATS:
        text = said(root, "report", "--format", style, "-o", "-")
        assert "부제 없어짐" in text or SITE.id in text, style
        told = said(root, "report", "--format", style, "--label", "quantity", "-o", "-")
        assert "부제 없어짐" not in told, style
        assert SITE.id not in told, style
    assert SITE.id in as_json.render(_report(root))


@pytest.mark.parametrize("style", FORMATS)
def test_a_report_is_of_the_format_that_its_file_is_named_after(root: Path, tmp_path: Path, style: str):
    begins = said(root, "report", "--format", style, "-o", "-")[:12]
    path = tmp_path / f"out.{reporting.ENDINGS[style]}"
    said(root, "report", "-o", str(path))
    assert path.read_text(encoding="utf-8").startswith(begins)
    said(root, "report", "--format", "csv", "-o", str(path))
    assert path.read_text(encoding="utf-8").startswith("id,article,")


def _report(root: Path) -> Report:
    place = Place(Archive(root))
    with closing(place.archive.database()) as db:
        return reporting.report_of(place, db, Query(), at(99), "ko")


def test_articles_named_one_by_one_are_all_listed(root: Path):
    every = json.loads(said(root, "changes", "--format", "json"))
    names = sorted({one["article"] for one in every})[:2]
    assert len(names) == 2
    words = [word for name in names for word in ("--article", name)]
    told = json.loads(said(root, "changes", *words, "--format", "json"))
    assert told == [one for one in every if one["article"] in names]
    found = json.loads(said(root, "changes", "--findings", *words, "--format", "json"))
    both = [json.loads(said(root, "changes", "--findings", "--article", name, "--format", "json")) for name in names]
    assert found == [one for each in both for one in each]


@pytest.mark.parametrize(("section", "code"), [("policy-news", 1), ("speech", 0)])
def test_campaigns_are_what_is_told_quietly_and_by_the_exit_code(root: Path, section: str, code: int):
    words = ["changes", "--campaigns", "--section", section, "--fail-on-change", "-q", "--archive", str(root)]
    done = CliRunner().invoke(gochim, words)
    assert done.exit_code == code
    assert done.stdout.startswith("1 campaign\n") if code else done.stdout == ""
    one = ["changes", "--campaigns", "--article", "148930267", "--fail-on-change", "--archive", str(root)]
    assert CliRunner().invoke(gochim, one).exit_code == 0
