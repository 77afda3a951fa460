"""The questions of docs/schema.md, asked of an archive of everything that the replica's script does."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from docs.questions import QUESTIONS, TABLES, VIEWS, Question
from replica.events import Remove
from replica.exchange import Answer
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


def test_every_table_and_view_is_told_of(drill: Drill):
    named = {"table": set(TABLES), "view": set(VIEWS)}
    for kind, name in drill.db.execute("SELECT type, name FROM sqlite_master WHERE type IN ('table', 'view')"):
        inner = name.startswith(("sqlite_", "_sqlite_", "search_index_"))
        assert inner or name in named[kind], name
