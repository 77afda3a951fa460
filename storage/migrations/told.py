"""The migrations for what is told of versions and changes: by the publisher, by their files, and why."""

from __future__ import annotations

from typing import TYPE_CHECKING

from storage.migrations.numbered import migration

if TYPE_CHECKING:
    from sqlite_utils import Database


@migration
def m008_what_the_publisher_says_of_its_edits(db: Database) -> None:
    """Add what the open API says of articles, answer by answer."""
    db.execute("CREATE TABLE api_answers (capture INTEGER PRIMARY KEY, reader TEXT NOT NULL) STRICT")
    db.execute("""CREATE TABLE publisher_signals (
        capture INTEGER NOT NULL REFERENCES api_answers(capture) ON DELETE CASCADE,
        position INTEGER NOT NULL,
        news_item TEXT NOT NULL,
        article TEXT,
        url TEXT,
        modify_id INTEGER,
        modify_date TEXT,
        approve_date TEXT,
        embargo_date TEXT,
        contents_status TEXT,
        grouping_code TEXT,
        title TEXT NOT NULL,
        source TEXT,
        PRIMARY KEY (capture, position)
    ) STRICT, WITHOUT ROWID""")
    db.execute("CREATE INDEX publisher_signals_article ON publisher_signals (article, modify_id)")


@migration
def m009_reasons_of_disclosure(db: Database) -> None:
    """Keep why a change is called silent or disclosed, and let every change be compared again to learn it."""
    db.execute(
        """CREATE TABLE change_reasons (
            change TEXT NOT NULL REFERENCES changes(id) ON DELETE CASCADE,
            position INTEGER NOT NULL,
            signal TEXT NOT NULL,
            text TEXT NOT NULL,
            PRIMARY KEY (change, position)
        ) STRICT, WITHOUT ROWID"""
    )
    db.execute("INSERT INTO to_compare SELECT article, 1 FROM articles WHERE true ON CONFLICT DO UPDATE SET anew = 1")


@migration
def m010_texts_of_files_in_versions_and_changes(db: Database) -> None:
    """Say which file a version's body was read from, and what differs between the texts of two attachments."""
    db.execute("ALTER TABLE versions ADD COLUMN body_file TEXT")
    db.execute(
        """CREATE TABLE change_documents (
        change TEXT NOT NULL REFERENCES changes(id) ON DELETE CASCADE,
        position INTEGER NOT NULL,
        file_id_old TEXT NOT NULL,
        file_id_new TEXT NOT NULL,
        name_old TEXT NOT NULL,
        name_new TEXT NOT NULL,
        ops TEXT NOT NULL CHECK (json_valid(ops)),
        PRIMARY KEY (change, position)
    ) STRICT, WITHOUT ROWID"""
    )


@migration
def m011_findings(db: Database) -> None:
    """Keep where a version's body and its files disagree, and which versions were judged."""
    db.execute(
        """CREATE TABLE findings (
        article TEXT NOT NULL,
        version INTEGER NOT NULL,
        position INTEGER NOT NULL,
        kind TEXT NOT NULL CHECK (kind IN ('figure', 'missing-in-file', 'missing-in-body')),
        file_id TEXT NOT NULL,
        detail TEXT NOT NULL CHECK (json_valid(detail)),
        PRIMARY KEY (article, version, position)
    ) STRICT, WITHOUT ROWID"""
    )
    db.execute(
        """CREATE TABLE agreements (
        article TEXT NOT NULL,
        version INTEGER NOT NULL,
        content_digest TEXT NOT NULL,
        PRIMARY KEY (article, version)
    ) STRICT, WITHOUT ROWID"""
    )
