"""Gives the payloads behind captures, from the WARC files or from a rebuild's scratch file (:mod:`crawler.heard`)."""

from __future__ import annotations

import sqlite3

from crawler.heard import Heard
from storage import captures
from storage.archive import Archive
from storage.charsets import text_of, utf8_of
from storage.records import Capture, Evidence
from storage.warc_reader import payload_of, uncoded_start

LARGE = 32 * 1024 * 1024
"""Bytes; of a larger payload only the start is read, to tell its type."""


class Payloads:
    """Gives what captures of an archive hold.

    Args:
        archive: Where the WARC files stand.
        db: The version database.
        most: Bytes that a payload may unpack to.
    """

    def __init__(self, archive: Archive, db: sqlite3.Connection, most: int = LARGE) -> None:
        self._archive = archive
        self._db = db
        self._most = most
        self.heard = Heard.beside(db)
        """What payloads say, as a rebuild keeps it in its scratch file; None where no rebuild is under way."""

    def payload(self, capture: Capture) -> bytes:
        """Give the payload behind a capture; every reading of one goes through here or :meth:`start`.

        Raises:
            WarcError: It cannot be read in its WARC file.
            OriginalMissing: It repeats a record that is not in the archive.
            ContentError: Its content coding is broken, or it is too large to be unpacked.
        """
        known = self.heard.payload(capture) if self.heard else None
        return payload_of(self._archive.root, capture, self._resolve, self._most) if known is None else known

    def start(self, capture: Capture) -> bytes | None:
        """Give the first bytes of a payload that is too large to be held, None when it has a content coding."""
        return uncoded_start(self._archive.root, capture, self._resolve, self._most)

    def utf8(self, capture: Capture) -> bytes:
        """Give a payload's text in UTF-8; errors are those of :meth:`payload`."""
        return utf8_of(self.payload(capture), capture.media_type or "")

    def text(self, capture: Capture) -> str:
        """Give a payload's text; errors are those of :meth:`payload`."""
        return text_of(self.payload(capture), capture.media_type or "")

    def _resolve(self, record_id: str) -> Evidence | None:
        return captures.by_record(self._db, record_id)


def readable(capture: Capture) -> bool:
    """Say whether a capture's payload was fetched whole, or is by the server's word (304) still the one before."""
    if capture.truncated is not None or capture.failure is not None:
        return False  # Chunks that cannot be read to their end break off there.
    return capture.status == 200 or (capture.status == 304 and capture.kind == "revisit")
