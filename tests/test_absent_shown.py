"""An article that was absent at a moment is not said to have stood then."""

from __future__ import annotations

import json
import re
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from cli.main import gochim
from replica.events import Remove, Restore
from storage.records import iso
from tests.drill import Drill

THERE = (True, False, True, False)
"""Whether the article is there at each of the moments."""


@dataclass(frozen=True, slots=True)
class Kept:
    """An archive of an article that was absent for a day, came back as it was, and is absent again."""

    root: Path
    article: str
    title: str
    absent: str
    moments: tuple[str, ...]

    def show(self, *words: str) -> Result:
        return self.ask("show", self.article, *words)

    def ask(self, *words: str) -> Result:
        done = CliRunner().invoke(gochim, [*words, "--archive", str(self.root)])
        assert done.exit_code == 0, done.output
        return done

    def rows(self, query: str, **values: str) -> list[tuple[str, ...]]:
        with closing(sqlite3.connect(self.root / "versions.db")) as db:
            return db.execute(query, values).fetchall()


@pytest.fixture(scope="module", params=[1, 3], ids=["removed", "suspect"])
def kept(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Kept]:
    drill = Drill(tmp_path_factory.mktemp("absent"), removal_checks=request.param)
    with closing(drill.db):
        name = drill.articles[next(iter(drill.articles))]
        moments = []
        for event in (None, Remove(name), Restore(name), Remove(name)):
            if event is not None:
                event.apply(drill.portal.state)
            drill.run()
            moments.append(iso(drill.now + timedelta(hours=1)))
        drill.db.commit()
        state = "removed" if request.param == 1 else "suspect"
        yield Kept(drill.archive.root, name, drill.portal.truth(name)["title"], state, tuple(moments))


@pytest.mark.parametrize(("number", "there"), list(enumerate(THERE)))
def test_show_says_whether_an_article_was_there_at_the_time(kept: Kept, number: int, *, there: bool):
    moment = kept.moments[number]
    told = kept.show("--at", moment)
    assert ("It was not there at" in told.stderr) != there
    assert (f"{kept.absent}: absent in 1 of 1 look" in told.stderr) != there
    state = json.loads(kept.show("--at", moment, "--format", "json").stdout)["state"]
    assert state == ("live" if there else kept.absent)


def test_show_says_that_an_article_is_not_there_now(kept: Kept):
    told = kept.show()
    assert re.match(
        rf"It was not there at the last look, 2026-[-0-9: ]+ \(KST\), {kept.absent}: absent in 1 of 1 look", told.stderr
    )
    assert kept.show("--version", "1").stderr == ""


@pytest.mark.parametrize("number", [0, 2])
def test_between_the_last_look_that_read_it_and_the_first_that_did_not_nobody_knows(kept: Kept, number: int):
    told = kept.show("--at", kept.moments[number]).stderr
    assert re.match(
        r"Nobody looked at [-0-9: ]+: this version was last seen at [-0-9: ]+, it was first found absent", told
    )


def test_a_version_as_json_ended_when_it_was_gone_and_was_not_seen_while_it_was(kept: Kept):
    looks = [at for (at,) in kept.rows("SELECT checked_at FROM checks WHERE article = :a ORDER BY 1", a=kept.article)]
    for shown in (
        json.loads(kept.show("--format", "json").stdout),
        json.loads(kept.ask("history", kept.article, "--format", "json").stdout)["versions"][0],
    ):
        assert (shown["began_after"], shown["ended_before"], shown["days_seen"]) == (None, looks[3], 0.0)


def test_nobody_says_that_it_was_absent_after_the_last_look(kept: Kept):
    assert kept.show("--at", "2030").stderr == kept.show().stderr


@pytest.mark.parametrize(("number", "there"), list(enumerate(THERE)))
def test_a_search_at_a_time_finds_an_article_only_where_it_was_there(kept: Kept, number: int, *, there: bool):
    found = kept.ask("search", f'"{kept.title}"', "--at", kept.moments[number], "--format", "json")
    assert [one["version"] for one in json.loads(found.stdout)["hits"]] == [1] * there
    assert json.loads(kept.ask("search", f'"{kept.title}"', "--format", "json").stdout)["total"] == 1


@pytest.mark.parametrize(("number", "there"), list(enumerate(THERE)))
def test_an_article_stands_on_a_day_only_if_it_was_there(kept: Kept, number: int, *, there: bool):
    stood = (
        "SELECT version FROM version_intervals WHERE article = :article AND first_seen <= :at"
        " AND (ended_before IS NULL OR ended_before > :at)"
    )
    assert kept.rows(stood, article=kept.article, at=kept.moments[number]) == [(1,)] * there


def test_a_version_that_was_absent_meanwhile_stood_twice_between_the_looks_that_bound_it(kept: Kept):
    looks = [at for (at,) in kept.rows("SELECT checked_at FROM checks WHERE article = :a ORDER BY 1", a=kept.article)]
    stretches = kept.rows(
        "SELECT began_after, first_seen, last_seen, ended_before FROM version_intervals WHERE article = :a ORDER BY 2",
        a=kept.article,
    )
    assert stretches == [(None, looks[0], looks[0], looks[1]), (looks[1], looks[2], looks[2], looks[3])]


def test_a_content_was_not_seen_on_the_days_on_which_it_was_absent(kept: Kept):
    days = "SELECT times_seen, days_seen FROM article_contents WHERE article = :article"
    assert kept.rows(days, article=kept.article) == [(1, 0.0)]
