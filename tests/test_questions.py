"""The questions of docs/schema.md, asked of an archive of everything that the replica's script does."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterator
from contextlib import closing, suppress
from dataclasses import replace
from datetime import datetime
from pathlib import Path
from typing import Any

import duckdb
import pytest

from docs.questions import QUESTIONS, TABLES, VIEWS, Question
from replica.article import Block
from replica.events import Remove
from replica.exchange import Answer
from storage.parquet_lake import write_lake
from storage.records import iso
from tests.drill import Drill, page
from tests.stories import disagreeing_file

GONE = "148971011"


@pytest.fixture(scope="module")
def drill(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Drill]:
    told = Drill(tmp_path_factory.mktemp("asked"), 3, files=True)
    told.run()
    for _ in told.portal.moments[1:]:
        told.portal.advance()
        told.run(lists=False)
    file = disagreeing_file(told)
    told.weather = lambda url: Answer(file, "application/x-download") if "download.do" in url else None
    told.run(articles=told.section("press-release"), lists=False)
    Remove(GONE).apply(told.portal.state)
    told.run(lists=False)
    told.weather = lambda url: page(503)
    told.run(lists=False)
    yield told
    told.db.close()


@pytest.mark.parametrize("question", QUESTIONS, ids=[one.english for one in QUESTIONS])
def test_a_question_has_an_answer(drill: Drill, question: Question):
    rows = [tuple(row) for row in drill.db.execute(question.sql)]
    assert rows
    assert len(set(rows)) == len(rows)
    for column in zip(*rows, strict=True):
        assert any(value not in {None, "", "[]"} for value in column), rows


@pytest.fixture(scope="module")
def lake(drill: Drill, tmp_path_factory: pytest.TempPathFactory) -> Iterator[duckdb.DuckDBPyConnection]:
    place = tmp_path_factory.mktemp("lake")
    write_lake(drill.db, place)
    with duckdb.connect() as asked:
        asked.execute("SET VARIABLE lake = ?", [str(place)])
        asked.execute((place / "lake.sql").read_text(encoding="utf-8"))
        yield asked


def plain(value: Any) -> str:
    """Write a value of SQLite or of DuckDB in one way: times as ISO 8601, what is JSON or typed as JSON."""
    if isinstance(value, datetime):
        return iso(value)
    if isinstance(value, str) and value.startswith(("[", "{")):
        with suppress(ValueError):  # a name may begin so: "[8.25.화.보도설명] ...hwpx"
            value = json.loads(value)
    if isinstance(value, float) and value.is_integer():
        value = int(value)
    return value if isinstance(value, str) else json.dumps(value, ensure_ascii=False, sort_keys=True)


@pytest.mark.parametrize("question", QUESTIONS, ids=[one.english for one in QUESTIONS])
def test_a_question_has_the_same_answer_over_parquet_files(drill: Drill, lake, question: Question):
    cursor = drill.db.execute(question.sql)
    asked = lake.execute(question.over_lake)
    assert [one[0] for one in asked.description] == [one[0] for one in cursor.description]
    ours = [tuple(map(plain, row)) for row in cursor]
    theirs = [tuple(map(plain, row)) for row in asked.fetchall()]
    assert Counter(theirs) == Counter(ours)
    # Rows of one time may stand in any order among themselves.
    _, ordered, key = question.sql.rpartition("ORDER BY ")
    column = [one[0] for one in asked.description].index(key.split()[0].strip(",;")) if ordered else 0
    if ordered:
        assert [row[column] for row in theirs] == [row[column] for row in ours]


IN_THE_LAKE = [view for view in VIEWS if view not in {"seen_chances", "watch_pauses", "edit_rates"}]
"""Those that weigh every look of the watch itself are asked in SQLite: docs/database.md says so."""


@pytest.mark.parametrize("view", [*IN_THE_LAKE, "articles", "versions", "runs", "state_steps", "absences", "findings"])
def test_a_view_over_parquet_files_holds_what_the_database_holds(drill: Drill, lake, view: str):
    columns = [one[0] for one in lake.execute(f"SELECT * FROM {view} LIMIT 0").description]
    ours = {row["name"] for row in drill.db.execute(f"SELECT name FROM pragma_table_info('{view}')")}
    # The number of a row is no statement; of a page's bytes the database keeps only the newest SHA-256.
    same = [
        one for one in columns if one in ours and one not in {"id", "capture", "payload_sha256", "facts", "days_seen"}
    ]
    assert ours - set(columns) <= {"filed", "capture"}
    wanted = ", ".join(f'"{one}"' for one in same)
    theirs = Counter(tuple(map(comparable, row)) for row in lake.execute(f"SELECT {wanted} FROM {view}").fetchall())
    found = Counter(tuple(map(comparable, row)) for row in drill.db.execute(f"SELECT {wanted} FROM {view}"))
    assert theirs == found
    assert found


def comparable(value: Any) -> str:
    """Write a value plainly, steps' words as pairs."""
    if isinstance(value, str) and value.startswith(("[", "{")):
        value = json.loads(value)
    return plain(_pairs(value))


def _pairs(value: Any) -> Any:
    if isinstance(value, dict):
        if set(value) == {"tag", "text"}:
            return [value["tag"], value["text"]]
        # A struct has every field of its type; what is null there may be left out in JSON.
        return {name: _pairs(one) for name, one in value.items() if one is not None}
    return [_pairs(one) for one in value] if isinstance(value, list) else value


def answer(drill: Drill, english: str) -> list[dict]:
    (question,) = [one for one in QUESTIONS if one.english.startswith(english)]
    return [dict(row) for row in drill.db.execute(question.sql)]


def test_the_answers_are_those_of_the_script(drill: Drill):
    true = [one for moment in drill.portal.moments for one in moment.expected]
    removed = {one.article for one in true if one.kind == "removed"} | {GONE}
    assert {one["article"] for one in answer(drill, "What was taken down, and until")} == removed
    assert {one["article"] for one in answer(drill, "What was taken down and came")} <= removed
    assert sum(one["changed"] for one in answer(drill, "Which ministries")) > 3
    assert [one["article"] for one in answer(drill, "What is gone now")] == [GONE]
    assert ("20만 원", "30만 원") in {(one["old"], one["new"]) for one in answer(drill, "Which sums")}
    (word,) = [one for one in answer(drill, "When did a word") if one["article"] == "148930012"]
    assert word["appeared"] < word["last_seen"]
    assert {one["section"] for one in answer(drill, "When was the portal")} == {"*"}
    found = answer(drill, "Which attachments were replaced")
    assert found
    assert all(one["old"].split("\t")[2] != one["new"].split("\t")[2] for one in found)


def test_a_file_that_stands_beside_a_replaced_one_is_not_named_as_replaced(tmp_path: Path):
    drill = Drill(tmp_path, 1, files=True)
    with closing(drill.db):
        (release,) = (drill.articles[one] for one in drill.section("press-release"))
        old = drill.portal.state.article(release)
        kept, other = old.attachments[0], replace(old.attachments[0], file_id="199999999", name="별첨.hwpx")
        drill.portal.state.articles[release] = replace(old, attachments=(kept, other))
        drill.run()
        changed = replace(other, text=("고친 별첨",))
        drill.portal.state.articles[release] = replace(old, attachments=(kept, changed))
        drill.run()
        (found,) = answer(drill, "Which attachments were replaced")
        assert found["new"].split("\t")[:2] == ["별첨.hwpx", "199999999"]


def test_what_a_template_did_everywhere_is_no_edit_of_a_ministry(tmp_path: Path):
    drill = Drill(tmp_path, 6)
    with closing(drill.db):
        drill.run()
        before = dict(drill.portal.state.articles)
        notice = Block("paragraph", "이 글은 새 이용 규칙에 따라 쓸 수 있다.")
        for name, one in before.items():
            drill.portal.state.articles[name] = replace(one, title=f"{one.title} | 정책", body=(*one.body, notice))
        drill.run()
        drill.portal.state.articles.update(before)
        drill.run()
        assert drill.kinds() == []
        assert drill.db.execute("SELECT max(versions) FROM articles").fetchone()[0] == 3
        for question in ("Which headlines", "What was changed and changed back", "Which articles were changed most"):
            assert answer(drill, question) == []
        assert sum(one["changed"] for one in answer(drill, "Which ministries")) == 0


def test_every_table_and_view_is_told_of(drill: Drill):
    named = {"table": set(TABLES), "view": set(VIEWS)}
    for kind, name in drill.db.execute("SELECT type, name FROM sqlite_master WHERE type IN ('table', 'view')"):
        inner = name.startswith(("sqlite_", "_sqlite_", "search_index_"))
        assert inner or name in named[kind], name
