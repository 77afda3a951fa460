"""Each version whole in git: one JSON file an article, one commit a day's run."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import datetime
from itertools import groupby
from pathlib import Path

from benchmarks.keepers.git_store import Files, GitStore
from benchmarks.keepers.made import Made


class WholeInGit:
    """A thousand articles share a directory: in one directory each commit would write the names of all of them."""

    name = "each version whole in git"

    def __init__(self, directory: Path) -> None:
        self._store = GitStore(directory / "whole.git")
        self.places = [self._store.path]

    def keep(self, made: list[Made]) -> None:
        """Commit versions, which come in order of time."""
        self._store.commit_all(self._runs(made))

    def _runs(self, made: list[Made]) -> Iterator[tuple[datetime, Files]]:
        for _, group in groupby(made, lambda one: one.seen.date()):
            run = list(group)
            yield run[-1].seen, {_path(one.article): _file(one) for one in run}

    def gc(self) -> float:
        """Pack; give the seconds."""
        return self._store.gc()

    def at(self, article: str, moment: datetime) -> int:
        """Read an article as it stood."""
        return len(self._store.contents([f"{self._commit(moment)}:{_path(article)}"]))

    def of(self, source: str, moment: datetime) -> int:
        """Read the titles of all press releases of a ministry as they stood."""
        wanted = f'"source": "{source}"'
        commit = self._commit(moment)
        found = self._store.run("grep", "-l", "-F", wanted, commit).decode().splitlines()
        read = (json.loads(one) for one in self._store.contents(found))
        return len([one["title"] for one in read if one["section"] == "press-release"])

    def history(self, article: str) -> int:
        """Read every version of an article."""
        commits = self._store.run("log", "--format=%H", "main", "--", _path(article)).decode().split()
        return len(self._store.contents(f"{one}:{_path(article)}" for one in commits))

    def _commit(self, moment: datetime) -> str:
        return self._store.run("rev-list", "-1", f"--before={moment.isoformat()}", "main").decode().strip()


def _path(article: str) -> str:
    return f"{article[:-3]}/{article}.json"


def _file(made: Made) -> bytes:
    told = {
        "article": made.article, "url": f"https://www.example.kr/{made.article}", "section": made.section,
        "title": made.title, "published": made.published, "source": made.source,
        "body": [{"kind": "paragraph", "text": made.text}],
    }  # fmt: skip
    return (json.dumps(told, ensure_ascii=False, indent=1) + "\n").encode()
