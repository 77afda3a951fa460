"""An article that was absent at a moment is not said to have stood then."""

from __future__ import annotations

import json
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


@dataclass(frozen=True, slots=True)
class Kept:
    """An archive of an article that was absent for a day, came back as it was, and is absent again."""

    root: Path
    article: str
    moments: tuple[str, ...]

    def show(self, *words: str) -> Result:
        done = CliRunner().invoke(gochim, ["show", self.article, "--archive", str(self.root), *words])
        assert done.exit_code == 0, done.output
        return done


@pytest.fixture(scope="module")
def kept(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Kept]:
    drill = Drill(tmp_path_factory.mktemp("absent"))
    with closing(drill.db):
        name = drill.articles[next(iter(drill.articles))]
        moments = []
        for event in (None, Remove(name), Restore(name), Remove(name)):
            if event is not None:
                event.apply(drill.portal.state)
            drill.run()
            moments.append(iso(drill.now + timedelta(hours=1)))
        drill.db.commit()
        yield Kept(drill.archive.root, name, tuple(moments))


@pytest.mark.parametrize(("number", "state"), [(0, "live"), (1, "removed"), (2, "live"), (3, "removed")])
def test_show_says_whether_an_article_was_there_at_the_time(kept: Kept, number: int, state: str):
    moment = kept.moments[number]
    told = kept.show("--at", moment)
    assert ("It was not there at" in told.stderr) == (state == "removed")
    assert ("removed: absent in 1 of 1 look" in told.stderr) == (state == "removed")
    assert json.loads(kept.show("--at", moment, "--format", "json").stdout)["state"] == state


def test_show_says_that_an_article_is_not_there_now(kept: Kept):
    told = kept.show()
    assert "It was not there at the last look, removed: absent in 1 of 1 look" in told.stderr
    assert kept.show("--version", "1").stderr == ""
