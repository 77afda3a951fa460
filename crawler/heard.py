"""What the payloads in WARC files say, as the processes that read the files found it: a scratch file of a rebuild.

A rebuild has its WARC files read by several processes, maybe on other machines, and files all captures afterwards. With
this scratch file at hand the filing reads no payload a second time: neither from a store elsewhere, nor that of a page
which was looked at a hundred times and stayed as it was. A payload that is missing here is read from its WARC file.
"""

from __future__ import annotations

import pickle
import sqlite3
import zlib
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache
from pathlib import Path

from crawler.layouts import PageReading, era
from storage.records import Capture, Document

_KEPT = 256
"""Payloads kept in memory: looks at an article that find the same page follow each other."""


@dataclass(frozen=True, slots=True)
class Said:
    """What the payload of one response says. Which field is set depends on the capture's role; the others are None.

    Attributes:
        page: An article's page, as it was read.
        picture: The SHA-256 of a picture; empty where the payload is no whole picture.
        file: The text of an attachment.
        payload: The bytes of a list, of a viewer's page or of an answer of the open API: what these say can be told
            only together with other captures.
    """

    record_id: str
    url: str
    captured_at: datetime
    page: PageReading | None = None
    picture: str | None = None
    file: Document | None = None
    payload: bytes | None = None


class Heard:
    """The scratch file: what payloads say, by the id of the record that holds each.

    Args:
        path: The file, made when it is first written; whoever fills it removes it.
    """

    @staticmethod
    def path_beside(database: Path) -> Path:
        """Name the file that is kept beside a database while a pass fills that."""
        return database.with_name(database.name + ".heard")

    @classmethod
    def beside(cls, db: sqlite3.Connection) -> Heard | None:
        """Give what is kept beside a database, None where nothing is."""
        path = cls.path_beside(Path(db.execute("PRAGMA database_list").fetchone()["file"]))
        return cls(path) if path.is_file() else None

    def __init__(self, path: Path) -> None:
        self._path = path
        self._db: sqlite3.Connection | None = None
        self._said = lru_cache(maxsize=_KEPT)(self._find)

    def keep(self, said: Iterable[Said]) -> None:
        """Keep what the payloads of one file say."""
        with self._opened() as db:
            db.executemany(
                "INSERT OR REPLACE INTO heard VALUES (?, ?)",
                ((one.record_id, zlib.compress(pickle.dumps(one), 1)) for one in said),
            )

    def page(self, capture: Capture) -> PageReading | None:
        """Give what an article's page says, None where that is not known of this address and day."""
        said = self._of(capture)
        if said is None or said.page is None or said.url != capture.url:
            return None
        return said.page if era(said.captured_at) == era(capture.captured_at) else None

    def picture(self, capture: Capture) -> str | None:
        """Give the SHA-256 of a picture, empty for what is no whole one; None where that is not known."""
        said = self._of(capture)
        return said.picture if said else None

    def file(self, capture: Capture) -> Document | None:
        """Give what a file says, None where that is not known."""
        said = self._of(capture)
        return said.file if said else None

    def payload(self, capture: Capture) -> bytes | None:
        """Give the payload of a list, a document or an answer, None where it was not kept."""
        said = self._of(capture)
        return said.payload if said else None

    def close(self) -> None:
        """Let go of the file."""
        if self._db is not None:
            self._db.close()
            self._db = None

    def _of(self, capture: Capture) -> Said | None:
        return self._said(capture.refers_to or capture.evidence.record_id)

    def _find(self, record_id: str) -> Said | None:
        row = self._opened().execute("SELECT said FROM heard WHERE record_id = ?", (record_id,)).fetchone()
        # Nobody but this pass has written the file: it stands beside the database and is made anew by each.
        return pickle.loads(zlib.decompress(row[0])) if row else None  # noqa: S301

    def _opened(self) -> sqlite3.Connection:
        if self._db is None:
            self._db = sqlite3.connect(self._path, timeout=30)
            self._db.execute("PRAGMA journal_mode = OFF")
            self._db.execute("PRAGMA synchronous = OFF")
            self._db.execute("CREATE TABLE IF NOT EXISTS heard (record_id TEXT PRIMARY KEY, said BLOB) WITHOUT ROWID")
        return self._db
