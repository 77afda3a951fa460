"""The migrations that made the full-text index."""

from __future__ import annotations

from typing import TYPE_CHECKING

from storage.migrations.numbered import migration

if TYPE_CHECKING:
    from sqlite_utils import Database

_SEARCH = (
    # Numbers are never given twice: what the index still holds of a version that was taken back points at nothing.
    """CREATE TABLE search_documents (
        id INTEGER PRIMARY KEY AUTOINCREMENT,
        version_id INTEGER NOT NULL UNIQUE REFERENCES versions(id) ON DELETE CASCADE
    ) STRICT""",
    # Versions that are not indexed yet: new ones, and those whose files' texts were filled in.
    "CREATE TABLE search_waiting (version_id INTEGER PRIMARY KEY REFERENCES versions(id) ON DELETE CASCADE) STRICT",
    "INSERT INTO search_waiting SELECT id FROM versions",
    """CREATE TRIGGER search_waiting_new AFTER INSERT ON versions BEGIN
        INSERT OR IGNORE INTO search_waiting VALUES (NEW.id);
    END""",
    """CREATE TRIGGER search_waiting_stale AFTER DELETE ON attachments
    WHEN EXISTS (SELECT 1 FROM versions WHERE id = OLD.version_id) BEGIN
        INSERT OR IGNORE INTO search_waiting VALUES (OLD.version_id);
    END""",
    "CREATE VIRTUAL TABLE search_index USING fts5 (title, subtitles, body, captions, files, content = '',"
    ' tokenize = "unicode61 remove_diacritics 0")',
)


@migration
def m006_search(db: Database) -> None:
    """Add the full-text index; it is filled when the archive is next brought up to date."""
    for statement in _SEARCH:
        db.execute(statement)


_INDEX_OF_FOLLOWING = (
    "DROP TABLE search_index",
    "DELETE FROM search_documents",
    "INSERT OR IGNORE INTO search_waiting SELECT id FROM versions",
    # In any column but the first a term takes two bytes more, and nearly all stand in the body. Texts are folded before
    # they are indexed, so that the tokenizer need not know Unicode; spaces alone part terms.
    "CREATE VIRTUAL TABLE search_index USING fts5 (body, title, subtitles, captions, files, content = '',"
    """ tokenize = "ascii tokenchars '!""#$%&''()*+,-./:;<=>?@[\\]^_`{|}~'")""",
    # What one transaction indexes is sorted at once: 1,000 versions of usual length.
    "INSERT INTO search_index (search_index, rank) VALUES ('hashsize', 4194304)",
)


@migration
def m020_an_index_that_is_made_in_half_the_time(db: Database) -> None:
    """Make the full-text index anew, of fewer terms; it is filled when the archive is next brought up to date."""
    for statement in _INDEX_OF_FOLLOWING:
        db.execute(statement)
