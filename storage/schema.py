"""Numbered migrations of ``versions.db``.

Plain SQLite, ``STRICT`` tables, times as ISO 8601 text in UTC (fixed width, so that text order is time order), lists
as JSON text. What there is one of for every capture is stored small and read through views. No custom function or
tokenizer is needed to read it.
"""

from __future__ import annotations

import sqlite3
from typing import TYPE_CHECKING

from storage.errors import SettingsError
from storage.first_tables import MIGRATIONS, drop_views, migration
from storage.outlooks import TABLE as OUTLOOKS
from storage.validators import ALL_FALSE, STRONG, VALIDATOR
from storage.views import VIEWS
from storage.watched import FROM_ALL_LOOKS

if TYPE_CHECKING:
    from sqlite_utils import Database

_SET = "gochim"
"""Under which name the migrations stand in the database, where those of other programs may stand beside them."""

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


@migration
def m007_versions_of_a_ministry(db: Database) -> None:
    """Let what a ministry's articles said on a day be found without reading their texts."""
    db.execute(
        "CREATE INDEX versions_ministry ON versions (section, source, article, version, first_seen, published, title)"
    )


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


@migration
def m013_what_was_missed(_: Database) -> None:
    """Let the views be made anew: those of :mod:`storage.missed_views` are among them now."""


_DIGESTED = (
    *(
        f"{deed} ON {table}"
        for table in ("versions", "changes", "change_labels", "change_reasons", "change_documents")
        for deed in ("INSERT", "UPDATE", "DELETE")
    ),
    # Where the evidence stands; what a look came to is no part of it.
    "UPDATE OF later, file, offset, length, record_id, original, payload_digest ON capture_rows",
    "DELETE ON capture_rows",
    "UPDATE OF warc ON warc_files",
)
"""What is done to that of which the content digest is made, and makes the remembered one void."""


@migration
def m014_the_content_digest_is_remembered(db: Database) -> None:
    """Forget the remembered content digest with every row that goes into it, so that it is worked out once a run."""
    for number, deed in enumerate(_DIGESTED):
        forget = "DELETE FROM about WHERE name = 'content-digest'"
        db.execute(f"CREATE TRIGGER content_digest_{number:02d} AFTER {deed} BEGIN {forget}; END")


_COUNTED = (
    "ALTER TABLE outcomes ADD COLUMN captures INTEGER NOT NULL DEFAULT 0",
    "UPDATE outcomes SET captures = k.number"
    " FROM (SELECT outcome, count(*) AS number FROM capture_rows GROUP BY outcome) k WHERE k.outcome = id",
    """CREATE TRIGGER captures_counted_new AFTER INSERT ON capture_rows BEGIN
        UPDATE outcomes SET captures = captures + 1 WHERE id = NEW.outcome;
    END""",
    """CREATE TRIGGER captures_counted_read AFTER UPDATE OF outcome ON capture_rows
    WHEN OLD.outcome <> NEW.outcome BEGIN
        UPDATE outcomes SET captures = captures - 1 WHERE id = OLD.outcome;
        UPDATE outcomes SET captures = captures + 1 WHERE id = NEW.outcome;
    END""",
    """CREATE TRIGGER captures_counted_gone AFTER DELETE ON capture_rows BEGIN
        UPDATE outcomes SET captures = captures - 1 WHERE id = OLD.outcome;
    END""",
)

_VALIDATORS = (
    # A revisit leaves its validators out only where they, its payload and its address are its original's.
    """UPDATE capture_rows SET etag = coalesce(capture_rows.etag, o.etag, ''),
           last_modified = coalesce(capture_rows.last_modified, o.last_modified, '')
      FROM capture_rows o WHERE o.id = capture_rows.original AND (o.url <> capture_rows.url
       OR capture_rows.etag IS NOT NULL OR capture_rows.last_modified IS NOT NULL
       OR nullif(capture_rows.payload_digest, x'') IS NOT NULL)""",
    "CREATE TABLE false_validators (url INTEGER PRIMARY KEY REFERENCES urls(id)) STRICT",
    f"CREATE INDEX capture_rows_validator ON capture_rows (url, {VALIDATOR}) WHERE {STRONG}",
    ALL_FALSE,
)


@migration
def m015_what_status_says_is_counted_as_it_is_filed(db: Database) -> None:
    """Count captures by outcome and judge validators as captures are filed; say of absences what the lists said."""
    for statement in (*_COUNTED, *_VALIDATORS):
        db.execute(statement)


@migration
def m016_what_looks_would_have_shown_is_summed_as_they_are_filed(db: Database) -> None:
    """Sum up at which moments edits would have been seen, so that telling it does not read every look."""
    db.execute(
        """CREATE TABLE seen_moments (
        age_from INTEGER NOT NULL,
        lived INTEGER NOT NULL,
        microseconds INTEGER NOT NULL,
        PRIMARY KEY (age_from, lived)
    ) STRICT, WITHOUT ROWID"""
    )
    db.execute(f"INSERT INTO seen_moments {FROM_ALL_LOOKS}")


@migration
def m017_findings_with_what_they_are_of(_: Database) -> None:
    """Let the views be made anew: ``finding_detail`` is among them now."""


@migration
def m018_who_may_be_due(db: Database) -> None:
    """Keep from when on each article may be due another look, so that the choice of a run judges those alone."""
    for statement in OUTLOOKS:
        db.execute(statement)


_OF_TABLE = {
    "versions": "article = {}.article",
    "changes": "article = {}.article",
    "change_labels": "article = (SELECT article FROM changes WHERE id = {}.change)",
    "change_reasons": "article = (SELECT article FROM changes WHERE id = {}.change)",
    "change_documents": "article = (SELECT article FROM changes WHERE id = {}.change)",
}
"""Which article a row is of that goes into the content digest."""


def _touching(deed: str) -> str:
    """Give what is done when ``deed`` is: the article's digest is forgotten, or all where it is of no one article."""
    what, _, table = deed.rpartition(" ON ")
    forget = "UPDATE article_digests SET digest = NULL WHERE digest IS NOT NULL"
    if of := _OF_TABLE.get(table):
        rows = {"INSERT": ("NEW",), "DELETE": ("OLD",)}.get(what, ("OLD", "NEW"))
        forget = ";".join(f"{forget} AND {of.format(row)}" for row in rows)
        if table in {"versions", "changes"} and what != "DELETE":
            forget += ";INSERT OR IGNORE INTO article_digests VALUES (NEW.article, NULL)"
    return f"{forget}; DELETE FROM about WHERE name = 'content-digest';"  # noqa: S608  # made of constants


@migration
def m019_each_article_has_a_digest_of_its_own(db: Database) -> None:
    """Keep a digest of each article, so that the content digest is worked out from those alone that were touched."""
    db.execute("CREATE TABLE article_digests (article TEXT PRIMARY KEY, digest BLOB) STRICT, WITHOUT ROWID")
    db.execute("CREATE INDEX article_digests_unknown ON article_digests (article) WHERE digest IS NULL")
    db.execute("INSERT INTO article_digests SELECT article, NULL FROM versions UNION SELECT article, NULL FROM changes")
    for number, deed in enumerate(_DIGESTED):
        db.execute(f"DROP TRIGGER content_digest_{number:02d}")
        db.execute(f"CREATE TRIGGER content_digest_{number:02d} AFTER {deed} BEGIN {_touching(deed)} END")


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


def migrate(db: sqlite3.Connection, path: str) -> None:
    """Bring the database to the newest schema.

    Raises:
        SettingsError: The database was made by a newer gochim than this one.
    """
    applied, ours = _applied(db), {one.__name__ for one in MIGRATIONS}
    newer = sorted(applied - ours)
    if newer:
        raise SettingsError(
            f"{path} was made by a newer gochim (it has {', '.join(newer)}). "
            "Use that version, or make a database of this one with: gochim rebuild"
        )
    if ours - applied:
        _apply(db)


def _applied(db: sqlite3.Connection) -> set[str]:
    """Give the names of the migrations that were applied, as sqlite-utils keeps them."""
    if not db.execute("SELECT 1 FROM sqlite_master WHERE name = '_sqlite_migrations'").fetchone():
        return set()
    rows = db.execute("SELECT name FROM _sqlite_migrations WHERE migration_set = ?", (_SET,))
    return {name for (name,) in rows}


def _apply(connection: sqlite3.Connection) -> None:
    # A tenth of a second to load, which an archive that is opened again does without.
    from sqlite_utils import Database
    from sqlite_utils.migrations import Migrations

    migrations = Migrations(_SET)
    for one in MIGRATIONS:
        migrations()(one)
    db = Database(connection)
    # Two programs may open a new archive at once: the second waits, and finds nothing left to do.
    with connection:
        connection.execute("BEGIN IMMEDIATE")
        migrations.apply(db)
        drop_views(db)
        for view in VIEWS:
            db.execute(view)
