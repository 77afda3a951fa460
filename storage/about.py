"""What the database remembers of itself, by name: which code made it, how far it was judged, what else it once knew."""

from __future__ import annotations

import sqlite3
from typing import Literal

Name = Literal[
    "extractor",
    "differ",
    "digester",
    "content-digest",
    "chain-head",
    "vouched",
    "outlook",
    "strays",
    "losses",
    "judge-from",
    "drift-from",
    "alerts-noted",
]
"""The names in the table ``about``. SQL that works on the table itself (triggers, joins) names them too.

- ``extractor``: the digest of the code that read the pages (:func:`crawler.layouts.extractor`).
- ``differ``: the digest of the code that compared the versions.
- ``digester``: the digest of the code that worked out the digests of single articles.
- ``content-digest``: the content digest, behind the ``digester`` that made it; triggers forget it.
- ``chain-head``: the digest of the newest manifest of the run log that the database has seen.
- ``vouched``: the digest of a head of the run log and of the names of files, all of which it vouches for.
- ``outlook``: by which hazards and settings it was worked out when articles may be due, as JSON.
- ``strays``: the WARC files that could not be read, and why, as JSON.
- ``losses``: what damaged WARC files held that the database was made without, as JSON.
- ``judge-from``: the start of the first run that is to be judged (anew).
- ``drift-from``: the moment from which on site changes are to be looked for (anew).
- ``alerts-noted``: up to which turn changes were noted for alerts, those seen since when, and how many in all, as JSON.
"""


def value(db: sqlite3.Connection, name: Name) -> str | None:
    """Give what is remembered under a name, None where nothing is."""
    row = db.execute("SELECT value FROM about WHERE name = ?", (name,)).fetchone()
    return str(row[0]) if row else None


def put(db: sqlite3.Connection, name: Name, said: str) -> None:
    """Remember this under a name, in the place of what was."""
    db.execute("INSERT OR REPLACE INTO about VALUES (?, ?)", (name, said))


def forget(db: sqlite3.Connection, name: Name) -> None:
    """Remember nothing under a name any more."""
    db.execute("DELETE FROM about WHERE name = ?", (name,))
