"""What is to be told to whom, and what was: ``alerts.db``, which no rebuild touches, so that nothing is told twice.

A change is known here by its article, its kind and the WARC record that first showed it. A rebuild gives all three
again, while the change's number within its article may become another when more is read from the same captures. Where
imported captures lie in between, another record may be the first to show the change: it is then recognised by its
article, its kind and the interval between the two looks that it fell between.
"""

from __future__ import annotations

import sqlite3
import uuid
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Literal
from urllib.parse import quote

from storage.changes import Sighting
from storage.errors import SettingsError
from storage.records import iso

_SCHEMA = """
CREATE TABLE targets (name TEXT PRIMARY KEY, begun_at TEXT NOT NULL) STRICT;
CREATE TABLE noted (key TEXT PRIMARY KEY, noted_at TEXT NOT NULL) STRICT, WITHOUT ROWID;
CREATE TABLE deliveries (
    id INTEGER PRIMARY KEY,
    target TEXT NOT NULL,
    kind TEXT NOT NULL CHECK (kind IN ('change', 'alarm')),
    key TEXT NOT NULL,
    title TEXT NOT NULL,
    queued_at TEXT NOT NULL,
    state TEXT NOT NULL DEFAULT 'waiting' CHECK (state IN ('waiting', 'sending', 'delivered', 'withdrawn')),
    message TEXT,
    ended_at TEXT,
    failures INTEGER NOT NULL DEFAULT 0,
    error TEXT NOT NULL DEFAULT '',
    UNIQUE (target, key)
) STRICT;
CREATE INDEX deliveries_open ON deliveries (target, id) WHERE state IN ('waiting', 'sending');
CREATE TABLE alarms (
    id INTEGER PRIMARY KEY, name TEXT NOT NULL, ends TEXT NOT NULL, begun_at TEXT NOT NULL, ended_at TEXT
) STRICT;
CREATE UNIQUE INDEX alarms_open ON alarms (name) WHERE ended_at IS NULL;
PRAGMA user_version = 1;
"""
_INTERVALS = """
ALTER TABLE noted ADD COLUMN old_last_seen TEXT;
ALTER TABLE noted ADD COLUMN new_first_seen TEXT;
PRAGMA user_version = 2;
"""
_STEPS = (_SCHEMA, _INTERVALS)
"""What makes the tables of version 1, then those of version 2 of these."""


@dataclass(frozen=True, slots=True)
class Delivery:
    """One thing to be told to one target; ``message`` is the message in which it is being or was sent."""

    id: int
    target: str
    kind: Literal["change", "alarm"]
    key: str
    title: str
    queued_at: str
    state: str
    message: str | None
    ended_at: str | None
    failures: int
    error: str


class Outbox:
    """The deliveries of an archive; every change of it is on the disk when its method returns.

    Args:
        path: ``alerts.db``; it is made when it is not there.
        write: Whether it can be written; what cannot is read as it stands, and is empty where it is not there.

    Raises:
        SettingsError: The file is no such database, is damaged, or a newer gochim made it.
    """

    def __init__(self, path: Path, *, write: bool = True) -> None:
        nothing = not write and not path.exists()
        there = ":memory:" if nothing else f"file:{quote(str(path))}?mode={'rwc' if write else 'ro'}"
        try:
            self._db = sqlite3.connect(there, timeout=30, isolation_level=None, uri=True)
            try:
                self._prepare(path, migrate=write or nothing)
            except BaseException:
                self._db.close()
                raise
        except sqlite3.Error as error:
            raise SettingsError(
                f"{path} cannot be used ({error}). It says what was told to whom: mend it, or move it away and "
                "nothing that was found before is told again."
            ) from error

    def _prepare(self, path: Path, *, migrate: bool) -> None:
        self._db.row_factory = sqlite3.Row
        self._db.execute("PRAGMA synchronous = FULL")
        version = self._migrated() if migrate else self._version()
        # Damage that is met later would be taken for that of the database beside it, which can be made anew.
        (found,) = self._db.execute("PRAGMA quick_check(1)").fetchone()
        if found != "ok":
            raise sqlite3.DatabaseError(found.rpartition("\n")[2])
        if version > len(_STEPS):
            raise SettingsError(f"{path} was made by a newer gochim. Use that version.")

    def _version(self) -> int:
        (version,) = self._db.execute("PRAGMA user_version").fetchone()
        return int(version)

    def _migrated(self) -> int:
        """Bring the tables up to date, and give the version that they had before."""
        with self._writing():
            version = self._version()
            for step in _STEPS[version:]:
                for statement in step.split(";\n"):
                    self._db.execute(statement)
        return version

    def close(self) -> None:
        """Close the database."""
        self._db.close()

    @contextmanager
    def _writing(self) -> Iterator[None]:
        self._db.execute("BEGIN IMMEDIATE")
        try:
            yield
        except BaseException:
            self._db.execute("ROLLBACK")
            raise
        self._db.execute("COMMIT")

    def begin(self, targets: Iterable[str], now: datetime) -> None:
        """Let new targets begin now: nothing that was seen before is told to them."""
        with self._writing():
            self._db.executemany("INSERT OR IGNORE INTO targets VALUES (?, ?)", ((one, iso(now)) for one in targets))

    def begun(self) -> dict[str, str]:
        """Give since when each target is told of changes."""
        return {row["name"]: row["begun_at"] for row in self._db.execute("SELECT * FROM targets")}

    def noted(self) -> int:
        """Count the changes that were considered."""
        (number,) = self._db.execute("SELECT count(*) FROM noted").fetchone()
        return int(number)

    def unnoted(self, found: Mapping[str, Sighting], articles: Iterable[str] | None = None) -> set[str]:
        """Give the keys of the changes that were never considered.

        A change that was noted under another key, because it was known to lie between other looks, is not given. It is
        renamed, and so is what waits to be told of it. Two keys are of one change when the old one is no longer found
        and the interval of one lies within that of the other.

        Args:
            found: The changes there are, by their keys.
            articles: Of which articles these are all; of all articles when it is None.
        """
        noted = self._noted_of(articles)
        known = {row["key"] for row in noted}
        lost: dict[str, list[sqlite3.Row]] = {}
        for row in noted:
            if row["key"] not in found:
                lost.setdefault(row["key"].rpartition(" ")[0], []).append(row)
        fresh = set(found) - known
        renamed = []
        for key in sorted(fresh):
            before = lost.get(key.rpartition(" ")[0], [])
            same = next((row for row in before if _same_interval(row, found[key])), None)
            if same is not None:
                before.remove(same)
                renamed.append((same["key"], key))
        if renamed:
            with self._writing():
                for old, new in renamed:
                    self._rename(old, new, found[new])
        return fresh - {new for _, new in renamed}

    def _noted_of(self, articles: Iterable[str] | None) -> list[sqlite3.Row]:
        if articles is None:
            return self._db.execute("SELECT * FROM noted").fetchall()
        # "148930267 edited urn:uuid:..."; "!" is the character behind the space.
        within = "SELECT * FROM noted WHERE key >= ?1 || ' ' AND key < ?1 || '!'"
        return [row for one in articles for row in self._db.execute(within, (one,))]

    def _rename(self, old: str, new: str, seen: Sighting) -> None:
        self._db.execute(
            "UPDATE noted SET key = ?, old_last_seen = ?, new_first_seen = ? WHERE key = ?",
            (new, seen.old_last_seen, seen.new_first_seen, old),
        )
        self._db.execute("UPDATE deliveries SET key = ? WHERE key = ?", (new, old))

    def note(self, fresh: Mapping[str, Sighting], wanted: Iterable[tuple[str, str, str]], now: datetime) -> None:
        """Note changes as considered, and queue each wanted (target, key, title), all or nothing."""
        with self._writing():
            self._db.executemany(
                "INSERT OR IGNORE INTO noted VALUES (?, ?, ?, ?)",
                ((key, iso(now), one.old_last_seen, one.new_first_seen) for key, one in fresh.items()),
            )
            self._queue(wanted, "change", now)

    def _queue(self, wanted: Iterable[tuple[str, str, str]], kind: str, now: datetime) -> None:
        self._db.executemany(
            "INSERT OR IGNORE INTO deliveries (target, kind, key, title, queued_at) VALUES (?, ?, ?, ?, ?)",
            ((target, kind, key, title, iso(now)) for target, key, title in wanted),
        )

    def alarm(self, current: dict[str, tuple[str, str]], targets: Sequence[str], now: datetime) -> None:
        """Note which alarms last, and queue what begins and what ends, each once.

        Args:
            current: The alarms there are now: what each says as it begins, and will say when it ends.
            targets: Who is told.
            now: When that is so.
        """
        with self._writing():
            rows = self._db.execute("SELECT id, name, ends FROM alarms WHERE ended_at IS NULL").fetchall()
            lasting = {row["name"]: row for row in rows}
            for name, (begins, ends) in current.items():
                if name in lasting:
                    continue
                number = self._db.execute(
                    "INSERT INTO alarms (name, ends, begun_at) VALUES (?, ?, ?)", (name, ends, iso(now))
                ).lastrowid
                self._queue(((one, f"alarm {number} begins", begins) for one in targets), "alarm", now)
            for name, row in lasting.items():
                if name not in current:
                    self._db.execute("UPDATE alarms SET ended_at = ? WHERE id = ?", (iso(now), row["id"]))
                    self._queue(((one, f"alarm {row['id']} ends", row["ends"]) for one in targets), "alarm", now)

    def lasting(self) -> list[tuple[str, str]]:
        """Give the name and the beginning of each alarm that lasts."""
        rows = self._db.execute("SELECT name, begun_at FROM alarms WHERE ended_at IS NULL ORDER BY id")
        return [(row["name"], row["begun_at"]) for row in rows]

    def open(self, target: str) -> list[Delivery]:
        """Give what waits for a target, and what a killed run may or may not have sent, oldest first."""
        return self._deliveries("target = ? AND state IN ('waiting', 'sending') ORDER BY id", target)

    def waiting(self) -> list[Delivery]:
        """Give all that waits, oldest first."""
        return self._deliveries("state IN ('waiting', 'sending') ORDER BY id")

    def ended(self, most: int) -> list[Delivery]:
        """Give what was delivered or withdrawn last, newest first."""
        return self._deliveries("state IN ('delivered', 'withdrawn') ORDER BY ended_at DESC, id DESC LIMIT ?", most)

    def _deliveries(self, where: str, *values: object) -> list[Delivery]:
        rows = self._db.execute(f"SELECT * FROM deliveries WHERE {where}", values)  # noqa: S608
        return [Delivery(**dict(row)) for row in rows]

    def sending(self, deliveries: Iterable[Delivery]) -> str:
        """Note before it is sent that a message is, and give its id: the one that they bear already, or a new one."""
        given = [one.message for one in deliveries if one.state == "sending" and one.message]
        message = given[0] if given else uuid.uuid4().hex[:16]
        self._set(deliveries, "state = 'sending', message = ?", message)
        return message

    def delivered(self, deliveries: Iterable[Delivery], now: datetime) -> None:
        """Note that a message was taken."""
        self._set(deliveries, "state = 'delivered', error = '', ended_at = ?", iso(now))

    def failed(self, deliveries: Iterable[Delivery], error: str) -> None:
        """Note that a message was not taken; what it told waits again."""
        self._set(deliveries, "state = 'waiting', message = NULL, failures = failures + 1, error = ?", error)

    def withdrawn(self, deliveries: Iterable[Delivery], now: datetime) -> None:
        """Note that what was to be told is no longer so: a later reading took the change back."""
        self._set(deliveries, "state = 'withdrawn', ended_at = ?", iso(now))

    def dropped(self, target: str, now: datetime) -> int:
        """Take back all that waits for a target, and count it."""
        waiting = self.open(target)
        self.withdrawn(waiting, now)
        return len(waiting)

    def _set(self, deliveries: Iterable[Delivery], values: str, value: str) -> None:
        with self._writing():
            self._db.executemany(
                f"UPDATE deliveries SET {values} WHERE id = ?",  # noqa: S608
                ((value, one.id) for one in deliveries),
            )


def _same_interval(noted: sqlite3.Row, found: Sighting) -> bool:
    """Say whether one interval holds the other; what was noted before intervals were is taken to be the same."""
    if noted["old_last_seen"] is None:
        return True
    begins = found.old_last_seen >= noted["old_last_seen"], found.old_last_seen <= noted["old_last_seen"]
    ends = found.new_first_seen <= noted["new_first_seen"], found.new_first_seen >= noted["new_first_seen"]
    return any(begin and end for begin, end in zip(begins, ends, strict=True))
