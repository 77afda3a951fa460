"""NewsDiffs' way: a text file an article in a git repository a month, a commit a version, rows Article and Version."""

from __future__ import annotations

import sqlite3
from collections import defaultdict
from datetime import UTC, datetime
from pathlib import Path

from benchmarks.keepers.git_store import GitStore
from benchmarks.keepers.made import Made

# The columns of its Django models, with the indices that Django makes of them.
_TABLES = """
CREATE TABLE article (id integer PRIMARY KEY, url varchar(255) UNIQUE, initial_date datetime, last_update datetime,
                      last_check datetime, git_dir varchar(255));
CREATE TABLE version (id integer PRIMARY KEY, article_id integer REFERENCES article, v varchar(255) UNIQUE,
                      title varchar(255), byline varchar(255), date datetime, boring bool, diff_json varchar(255));
CREATE INDEX version_article ON version (article_id);
"""


class LikeNewsDiffs:
    """Paths hold the day, as addresses of newspapers do; a repository takes the articles first seen in its month."""

    name = "NewsDiffs' way"

    def __init__(self, directory: Path) -> None:
        self._directory = directory
        self._stores: dict[str, GitStore] = {}
        path = directory / "newsdiffs.db"
        self._db = sqlite3.connect(path)
        self._db.executescript(_TABLES)
        self.places = [path]

    def keep(self, made: list[Made]) -> None:
        """Commit versions and file their rows; they come in order of time."""
        by_month: dict[str, list[Made]] = defaultdict(list)
        for one in made:
            by_month[one.published[:7]].append(one)
        for month, group in by_month.items():
            store = self._stores[month] = GitStore(self._directory / f"{month}.git")
            self.places.append(store.path)
            commits = store.commit_all((one.seen, {_path(one.article, one.published): _file(one)}) for one in group)
            with self._db:
                for one, commit in zip(group, commits, strict=True):
                    self._file(one, commit, month)

    def _file(self, made: Made, commit: str, month: str) -> None:
        url, seen = f"https://www.example.kr/{_path(made.article, made.published)}", made.seen.isoformat()
        if made.version == 1:
            row = (int(made.article), url, seen, seen, made.last_seen.isoformat(), month)
            self._db.execute("INSERT INTO article VALUES (?,?,?,?,?,?)", row)
        else:
            told = (seen, made.last_seen.isoformat(), int(made.article))
            self._db.execute("UPDATE article SET last_update = ?, last_check = ? WHERE id = ?", told)
        changed = '{"chars_removed": 4, "chars_added": 5}' if made.version > 1 else None
        self._db.execute(
            "INSERT INTO version (article_id, v, title, byline, date, boring, diff_json) VALUES (?,?,?,?,?,0,?)",
            (int(made.article), commit, made.title, made.source, seen, changed),
        )

    def gc(self) -> float:
        """Pack every repository; give the seconds."""
        return sum(one.gc() for one in self._stores.values())

    def at(self, article: str, moment: datetime) -> int:
        """Read an article as it stood."""
        return self._read("a.id = ? AND v.date <= ? ORDER BY v.date DESC LIMIT 1", int(article), _utc(moment))

    def of(self, source: str, moment: datetime) -> int:
        """Read all articles of a ministry as they stood; it has no section and finds ministries as bylines.

        Kinder than NewsDiffs, which asks git once a version: one process reads all of a month.
        """
        newest = "v.id IN (SELECT max(id) FROM version WHERE date <= ? GROUP BY article_id) AND v.byline = ?"
        return self._read(newest, _utc(moment), source)

    def history(self, article: str) -> int:
        """Read every version of an article."""
        return self._read("a.id = ?", int(article))

    def _read(self, where: str, *told: object) -> int:
        query = f"SELECT a.git_dir, v.v, a.url FROM version v JOIN article a ON a.id = v.article_id WHERE {where}"
        by_month: dict[str, list[str]] = defaultdict(list)
        for month, commit, url in self._db.execute(query, told):
            by_month[month].append(f"{commit}:{url.removeprefix('https://www.example.kr/')}")
        return sum(len(self._stores[month].contents(names)) for month, names in by_month.items())


def _utc(moment: datetime) -> str:
    return moment.astimezone(UTC).isoformat()


def _path(article: str, published: str) -> str:
    return f"www.example.kr/{published.replace('-', '/')}/{article}"


def _file(made: Made) -> bytes:
    return f"{made.published}\n{made.title}\n{made.source}\n{made.text}\n".encode()
