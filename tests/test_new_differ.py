"""What another differ compared is compared anew, so that an archive that was upgraded says what a rebuild says."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import closing
from dataclasses import replace
from pathlib import Path

import pytest

from cli import passes
from cli.database import opened
from replica.exchange import Answer, Request
from storage import changes, contents, judgements
from storage.change_query import Query
from storage.troubles import wrong
from tests.drill import BASE, Drill


@pytest.fixture
def drill(tmp_path: Path) -> Iterator[Drill]:
    one = Drill(tmp_path, 1)
    (edited,) = one.section("press-release")[:1]

    def weather(url: str) -> Answer | None:
        if url != edited:
            return None
        page = one.portal.answer(Request("GET", url.removeprefix(BASE), {}, origin=BASE))
        return replace(page, body=page.body.replace(b"</h1>", " 추가 3건</h1>".encode()))

    one.run(articles=[edited], lists=False)
    one.weather = weather
    one.run(articles=[edited], lists=False)
    yield one
    one.db.close()


def upgrade(drill: Drill) -> None:
    """Leave the archive as an older differ would have: other labels and weights, its own digest beside them."""
    with drill.db:
        drill.db.execute("DELETE FROM change_labels")
        drill.db.execute("UPDATE changes SET weight = 'cosmetic', facts = '[]'")
        drill.db.execute("UPDATE about SET value = 'an-older-one' WHERE name = 'differ'")


def test_an_upgrade_names_again_what_the_older_differ_named(drill: Drill) -> None:
    said = contents.content_digest(drill.db)
    (change,) = changes.find(drill.db, Query())
    assert "quantity" in change.comparison.labels
    upgrade(drill)
    assert contents.content_digest(drill.db) != said
    assert passes.catch_up(drill.archive, drill.db, drill.addresses) == []
    assert contents.content_digest(drill.db) == said
    assert changes.find(drill.db, Query()) == [change]


def test_who_asks_while_all_is_compared_anew_is_told_that_changes_are_missing(
    drill: Drill, capsys: pytest.CaptureFixture[str]
) -> None:
    assert wrong(drill.db) == []
    upgrade(drill)
    with drill.db:
        judgements.compare_all(drill.db, "a-newer-one")
    articles = drill.db.execute("SELECT count(*) FROM articles").fetchone()[0]
    (said,) = wrong(drill.db)
    assert said.startswith(f"{articles} article{'s' if articles > 1 else ''} yet to be compared anew")
    with drill.archive.locked(), closing(opened(drill.archive, drill.addresses)):
        assert capsys.readouterr() == ("", f"gochim: {said}\n")
    passes.catch_up(drill.archive, drill.db, drill.addresses)
    assert wrong(drill.db) == []


def test_an_archive_that_does_not_say_which_differ_it_had_is_compared_anew(drill: Drill) -> None:
    said = contents.content_digest(drill.db)
    upgrade(drill)
    with drill.db:
        drill.db.execute("DELETE FROM about WHERE name = 'differ'")
    passes.catch_up(drill.archive, drill.db, drill.addresses)
    assert contents.content_digest(drill.db) == said


def test_what_the_same_differ_compared_is_left_alone(drill: Drill, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("cli.comparing.compared", None)
    assert passes.catch_up(drill.archive, drill.db, drill.addresses) == []


def test_a_pass_that_is_cut_short_behind_the_note_is_ended_by_the_next(
    drill: Drill, monkeypatch: pytest.MonkeyPatch
) -> None:
    said = contents.content_digest(drill.db)
    upgrade(drill)
    with monkeypatch.context() as patch:
        patch.setattr("cli.comparing.compared", lambda *_, **__: 1 / 0)
        with pytest.raises(ZeroDivisionError):
            passes.catch_up(drill.archive, drill.db, drill.addresses)
    passes.catch_up(drill.archive, drill.db, drill.addresses)
    assert contents.content_digest(drill.db) == said
