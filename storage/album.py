"""The pictures of versions as they were captured, written as addresses that a page can hold within itself."""

from __future__ import annotations

import sqlite3
from base64 import b64encode
from functools import partial

from storage import captures, originals
from storage.archive import Archive
from storage.content_coding import ContentError
from storage.errors import WarcError
from storage.magic import is_whole_picture, media_type_of
from storage.records import Picture
from storage.warc_reader import payload_of

EACH, WHOLE = 1 << 20, 16 << 20
"""Bytes of a picture, and of all of a page, that are shown."""


class Album:
    """Gives pictures by the version that they stood in and their address.

    What it once gave it gives again, so that two renderings of a page are equal.

    Args:
        archive: Where the WARC files stand.
        db: The version database, which stays open as long as pictures are asked for.
        each: Bytes of a picture up to which it is shown.
        whole: Bytes of all pictures together up to which they are.
    """

    def __init__(self, archive: Archive, db: sqlite3.Connection, each: int = EACH, whole: int = WHOLE) -> None:
        self._archive, self._db = archive, db
        self._each, self._left = each, whole
        self._known: dict[str, Picture] = {}

    def __call__(self, article: str, version: int, src: str) -> Picture:
        """Give a picture of a version, or say why it cannot be shown."""
        row = self._db.execute(
            "SELECT value ->> 'sha256' FROM versions, json_each(images)"
            " WHERE article = ? AND version = ? AND value ->> 'src' = ?",
            (article, version, src),
        ).fetchone()
        sha256 = row[0] if row else None
        if sha256 is None:
            return Picture(why="unread")
        if sha256 not in self._known:
            self._known[sha256] = self._taken(sha256)
        return self._known[sha256]

    def _taken(self, sha256: str) -> Picture:
        capture = originals.holding(self._db, bytes.fromhex(sha256))
        if capture is None:
            return Picture(why="lost")
        if capture.payload_length > min(self._each, self._left):
            return Picture(why="large")
        try:
            payload = payload_of(self._archive.root, capture, partial(captures.by_record, self._db), self._each)
        except (WarcError, ContentError):
            return Picture(why="lost")
        if not is_whole_picture(payload):  # as no picture of a version should be
            return Picture(why="unread")
        self._left -= len(payload)
        return Picture(f"data:{media_type_of(payload)};base64,{b64encode(payload).decode()}")
