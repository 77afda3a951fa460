"""The head of the run log as it is noted elsewhere: in the database, so that a loss is seen, and in each WARC file."""

from __future__ import annotations

import sqlite3
from contextlib import closing, suppress
from pathlib import Path

from storage import about
from storage.archive import Archive
from storage.errors import WarcError
from storage.manifests import CHAIN_HEAD, head, read
from storage.warc_index import run_fields


def remember(db: sqlite3.Connection, archive: Archive, *, anew: bool = False) -> None:
    """Let the database remember the head, so that it is seen when the newest manifests are taken away.

    Args:
        db: The database.
        archive: The archive.
        anew: Whether to forget a head that is not in the chain any more.
    """
    newest, known = head(archive), remembered(db)
    if newest is None or known == newest.digest:
        return
    if anew or known in {None, newest.content["previous"]} or known in read(archive).digests:
        about.put(db, "chain-head", newest.digest)


def keep_memory(db: sqlite3.Connection, old: Path) -> None:
    """Carry over from the database at ``old`` which head it remembers, where it can be read; it is left as it is."""
    if not old.exists():
        return
    unchanged = f"{old.resolve().as_uri()}?mode=ro"  # closing it must not empty its write-ahead file
    with suppress(sqlite3.DatabaseError), closing(sqlite3.connect(unchanged, uri=True)) as before:
        if known := remembered(before):
            about.put(db, "chain-head", known)


def remembered(db: sqlite3.Connection) -> str | None:
    """Give the head that the database remembers."""
    return about.value(db, "chain-head")


def named_head(path: Path) -> tuple[str | None, str]:
    """Give the head that a WARC file was written under, None where it names none, and its run."""
    try:
        fields = run_fields(path)
    except WarcError:  # verify says where it breaks
        return None, ""
    return fields.get(CHAIN_HEAD), fields.get("isPartOf", "")
