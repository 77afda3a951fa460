"""Articles that are settled without being compared: what is filed of them is what comparing would have filed."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator, Sequence
from contextlib import closing
from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from cli import comparing
from storage import judgements, unturned
from storage.documents import add as add_document
from storage.records import Article, Block, Document, Outcome
from tests.makers import archive_at, article, attachment, db, file_readings, reading

__all__ = ["db"]

FILE = "cd" * 32
DOCUMENT = Document(FILE, "read", blocks=(Block("paragraph", "예산은 40억 원이다."),))
A, B = article("예산은 30억 원이다."), article("예산은 50억 원이다.")
MOVED = replace(A, section="press-release")
OFFERED = replace(A, attachments=(attachment(),))
ATTACHED = replace(A, attachments=(replace(attachment(sha256=FILE), text_sha256=DOCUMENT.text_sha256),))
State = Article | Outcome


def look(db: sqlite3.Connection, day: int, states: dict[str, State], *, differ: str = "made") -> None:
    """File a look at each of these articles, and have them compared."""
    add_document(db, DOCUMENT, "reader")
    for name, state in states.items():
        said = replace(state, article=name) if isinstance(state, Article) else state
        file_readings(db, name, [reading(db, 24 * day, said, name)])
        judgements.compare(db, name)
    judgements.compare_all(db, differ)
    db.commit()


def compare(db: sqlite3.Connection) -> None:
    """Compare whatever waits to be compared."""
    for name, anew in judgements.to_compare(db):
        comparing.file(db, comparing.compared(db, name, anew=anew))
    db.commit()


TABLES = ("changes", "change_labels", "state_steps", "agreements", "findings", "articles", "to_compare")


def filed(db: sqlite3.Connection) -> dict[str, list[tuple[Any, ...]]]:
    return {table: sorted(map(tuple, db.execute(f"SELECT * FROM {table}")), key=repr) for table in TABLES}


STATES = st.sampled_from([A, A, A, B, MOVED, OFFERED, ATTACHED, "gone", "gone", "front-page", "blocked"])
LOOKS = st.tuples(st.dictionaries(st.sampled_from("12"), STATES, min_size=1), st.sampled_from(["one", "other"]))


@settings(max_examples=60, deadline=None)
@given(days=st.lists(LOOKS, min_size=1, max_size=8))
def test_what_is_settled_is_what_comparing_files(tmp_path_factory, days: Sequence[tuple[dict[str, State], str]]):
    def one(name: str) -> sqlite3.Connection:
        return archive_at(tmp_path_factory.mktemp(name))[1]

    with closing(one("settled")) as settled, closing(one("compared")) as compared:
        for day, (states, differ) in enumerate(days):
            for db in (settled, compared):
                look(db, day, states, differ=differ)
            unturned.settle(settled)
            for db in (settled, compared):
                compare(db)
            assert filed(settled) == filed(compared)


def settled_each_day(db: sqlite3.Connection, *states: State) -> Iterator[int]:
    """Look each day at one article, and say of each whether it was settled."""
    for day, state in enumerate(states):
        look(db, day, {"1": state})
        yield unturned.settle(db)
        compare(db)


@pytest.mark.parametrize(
    ("states", "expected"),
    [
        ((A, A, "blocked", A), [1, 1, 1, 1]),
        ((A, B, B), [1, 0, 1]),
        ((A, "gone", A, A), [1, 0, 0, 0]),
        (("gone", "blocked", A), [1, 1, 0]),
        ((A, MOVED, MOVED), [1, 0, 0]),
        ((ATTACHED, ATTACHED), [0, 1]),
        ((OFFERED, ATTACHED, ATTACHED), [1, 0, 1]),
    ],
)
def test_an_article_is_settled_unless_a_look_may_have_turned_something(db, states, expected):
    assert list(settled_each_day(db, *states)) == expected


def test_many_articles_are_settled_some_at_a_time(db, monkeypatch):
    monkeypatch.setattr(unturned, "_AT_ONCE", 3)
    look(db, 0, {str(number): ATTACHED if number % 5 == 0 else A for number in range(1, 14)})
    assert unturned.settle(db) == 11
    assert [name for name, _ in judgements.to_compare(db)] == ["10", "5"]
