"""The migration for site changes, and for articles that suddenly shrank."""

from __future__ import annotations

from typing import TYPE_CHECKING

from storage.migrations.numbered import migration

if TYPE_CHECKING:
    from sqlite_utils import Database

_SITE_CHANGES = (
    """CREATE TABLE site_changes (
        id TEXT PRIMARY KEY,
        section TEXT NOT NULL,
        field TEXT NOT NULL,
        what TEXT NOT NULL,
        text TEXT NOT NULL,
        since TEXT NOT NULL,
        showed INTEGER NOT NULL,
        could_show INTEGER NOT NULL,
        verdict TEXT NOT NULL CHECK (verdict IN ('held', 'edits')),
        because TEXT NOT NULL CHECK (because IN ('same-shape', 'publisher', 'person'))
    ) STRICT""",
    """CREATE TABLE site_change_articles (
        article TEXT NOT NULL,
        to_version INTEGER NOT NULL,
        site_change TEXT NOT NULL REFERENCES site_changes(id) ON DELETE CASCADE,
        from_version INTEGER NOT NULL,
        PRIMARY KEY (article, to_version, site_change)
    ) STRICT, WITHOUT ROWID""",
    "CREATE INDEX site_change_articles_of ON site_change_articles (site_change)",
    # What a person said of a site change, as a WARC file of its own tells it.
    """CREATE TABLE site_change_words (
        section TEXT NOT NULL,
        field TEXT NOT NULL,
        what TEXT NOT NULL,
        text TEXT NOT NULL,
        since TEXT NOT NULL,
        said_at TEXT NOT NULL,
        verdict TEXT NOT NULL CHECK (verdict IN ('held', 'edits')),
        PRIMARY KEY (section, field, what, text, since, said_at)
    ) STRICT, WITHOUT ROWID""",
    # Versions of which next to nothing was read; blocks_before is NULL where it was so from the first.
    """CREATE TABLE shrunken_versions (
        article TEXT NOT NULL,
        version INTEGER NOT NULL,
        section TEXT NOT NULL,
        seen TEXT NOT NULL,
        blocks_before INTEGER,
        blocks INTEGER NOT NULL,
        PRIMARY KEY (article, version)
    ) STRICT, WITHOUT ROWID""",
    "CREATE INDEX versions_first_seen ON versions (first_seen)",
    "INSERT INTO about VALUES ('drift-from', '')",
)


@migration
def m012_site_changes(db: Database) -> None:
    """Add what happened to nearly all articles of a section in the same way, and articles that suddenly shrank."""
    for statement in _SITE_CHANGES:
        db.execute(statement)
