"""Reads the publisher's own signals out of the open API's answers; it can be done again at any time from WARC files."""

from __future__ import annotations

import hashlib
import sqlite3
from functools import lru_cache
from pathlib import Path

from crawler import open_api
from crawler.payloads import Payloads
from crawler.portal import Portal
from storage import captures, signals
from storage.archive import Archive
from storage.content_coding import ContentError


@lru_cache(maxsize=1)
def reader() -> str:
    """Digest the code that reads answers: another one reads them all again."""
    return hashlib.sha256(Path(open_api.__file__).read_bytes()).hexdigest()[:16]


def read_signals(archive: Archive, db: sqlite3.Connection, portal: Portal) -> None:
    """File what every answer says that no reading has used yet."""
    with db:
        signals.forget_other_readers(db, reader())
    payloads = Payloads(archive, db, open_api.LARGEST)
    for capture in captures.unread_answers(db):
        try:
            payload = payloads.payload(capture)
        except ContentError:
            payload = b""  # Its coding is broken: an answer that says nothing.
        answer = open_api.read(200, payload, portal)
        with db:
            signals.add(db, capture.id, reader(), answer.signals if isinstance(answer, open_api.Answer) else ())
