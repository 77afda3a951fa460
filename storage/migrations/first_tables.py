"""The migrations that made the tables of captures, looks, versions and changes: numbers 1 to 5."""

from __future__ import annotations

from typing import TYPE_CHECKING

from storage import compact, views
from storage.migrations.numbered import migration

if TYPE_CHECKING:
    from sqlite_utils import Database

_TABLES = (
    "CREATE TABLE about (name TEXT PRIMARY KEY, value TEXT NOT NULL) STRICT",
    """CREATE TABLE runs (
        run TEXT PRIMARY KEY,
        started_at TEXT NOT NULL,
        ended_at TEXT,
        finish TEXT,
        portal TEXT NOT NULL,
        software TEXT NOT NULL,
        removal_checks INTEGER NOT NULL CHECK (removal_checks >= 1),
        removal_days REAL NOT NULL CHECK (removal_days >= 0),
        requests INTEGER NOT NULL DEFAULT 0
    ) STRICT""",
    """CREATE TABLE captures (
        id INTEGER PRIMARY KEY,
        run TEXT NOT NULL REFERENCES runs(run),
        captured_at TEXT NOT NULL,
        url TEXT NOT NULL,
        method TEXT NOT NULL,
        kind TEXT NOT NULL CHECK (kind IN ('response', 'revisit', 'failure')),
        status INTEGER,
        media_type TEXT,
        location TEXT,
        warc TEXT NOT NULL,
        offset INTEGER NOT NULL,
        length INTEGER NOT NULL,
        record_id TEXT NOT NULL UNIQUE,
        payload_digest TEXT,
        payload_sha256 TEXT,
        payload_length INTEGER NOT NULL DEFAULT 0,
        truncated TEXT,
        failure TEXT,
        failure_detail TEXT NOT NULL DEFAULT '',
        refers_to TEXT,
        etag TEXT,
        last_modified TEXT,
        retry INTEGER NOT NULL DEFAULT 0,
        role TEXT NOT NULL,
        article TEXT,
        filed INTEGER NOT NULL DEFAULT 0 CHECK (filed IN (0, 1))
    ) STRICT""",
    "CREATE INDEX captures_url ON captures (url, captured_at)",
    "CREATE INDEX captures_warc ON captures (warc, offset)",
    "CREATE INDEX captures_refers_to ON captures (refers_to) WHERE refers_to IS NOT NULL",
    "CREATE INDEX captures_run ON captures (run, url, captured_at)",
    "CREATE INDEX captures_article ON captures (article, captured_at) WHERE role = 'article'",
    "CREATE INDEX captures_payload ON captures (payload_sha256) WHERE kind = 'response'",
    "CREATE INDEX captures_pending ON captures (article, captured_at) WHERE filed = 0 AND role = 'article'",
    """CREATE TABLE articles (
        article TEXT PRIMARY KEY,
        url TEXT NOT NULL,
        section TEXT NOT NULL,
        title TEXT NOT NULL,
        source TEXT,
        source_code TEXT,
        published TEXT,
        version INTEGER NOT NULL,
        versions INTEGER NOT NULL,
        state TEXT NOT NULL CHECK (state IN ('live', 'suspect', 'removed')),
        first_seen TEXT NOT NULL,
        last_seen TEXT NOT NULL,
        last_checked TEXT NOT NULL,
        last_changed TEXT NOT NULL
    ) STRICT""",
    "CREATE INDEX articles_section ON articles (section, published)",
    "CREATE INDEX articles_source ON articles (source, published)",
    """CREATE TABLE versions (
        id INTEGER PRIMARY KEY,
        article TEXT NOT NULL,
        version INTEGER NOT NULL CHECK (version >= 1),
        first_seen TEXT NOT NULL,
        last_seen TEXT NOT NULL,
        url TEXT NOT NULL,
        section TEXT NOT NULL,
        title TEXT NOT NULL,
        subtitles TEXT NOT NULL CHECK (json_valid(subtitles)),
        published TEXT,
        source TEXT,
        source_code TEXT,
        author TEXT,
        body TEXT NOT NULL CHECK (json_valid(body)),
        images TEXT NOT NULL CHECK (json_valid(images)),
        licence TEXT,
        viewer TEXT,
        body_from TEXT NOT NULL,
        content_digest TEXT NOT NULL,
        layout TEXT NOT NULL,
        extractor TEXT NOT NULL,
        capture INTEGER NOT NULL REFERENCES captures(id),
        UNIQUE (article, version)
    ) STRICT""",
    "CREATE INDEX versions_seen ON versions (article, first_seen)",
    """CREATE TABLE attachments (
        version_id INTEGER NOT NULL REFERENCES versions(id) ON DELETE CASCADE,
        position INTEGER NOT NULL,
        file_id TEXT NOT NULL,
        name TEXT NOT NULL,
        media_type TEXT,
        sha256 TEXT,
        text_sha256 TEXT,
        PRIMARY KEY (version_id, position)
    ) STRICT, WITHOUT ROWID""",
    "CREATE INDEX attachments_sha256 ON attachments (sha256)",
    # The key's columns stand first: SQLite 3.40's integrity_check misreads a WITHOUT ROWID table otherwise.
    """CREATE TABLE checks (
        article TEXT NOT NULL,
        checked_at TEXT NOT NULL,
        capture INTEGER NOT NULL REFERENCES captures(id),
        outcome TEXT NOT NULL,
        version INTEGER,
        PRIMARY KEY (article, checked_at, capture)
    ) STRICT, WITHOUT ROWID""",
    """CREATE TABLE changes (
        id TEXT PRIMARY KEY,
        article TEXT NOT NULL,
        url TEXT NOT NULL,
        section TEXT NOT NULL,
        title TEXT NOT NULL,
        source TEXT,
        kind TEXT NOT NULL CHECK (kind IN ('edited', 'removed', 'restored', 'moved', 'attachment-replaced')),
        from_version INTEGER,
        to_version INTEGER,
        old_last_seen TEXT NOT NULL,
        new_first_seen TEXT NOT NULL,
        checks_between INTEGER NOT NULL,
        weight TEXT NOT NULL CHECK (weight IN ('substance', 'wording', 'cosmetic')),
        disclosure TEXT NOT NULL,
        fields TEXT NOT NULL CHECK (json_valid(fields)),
        facts TEXT NOT NULL CHECK (json_valid(facts)),
        old_capture INTEGER NOT NULL REFERENCES captures(id),
        new_capture INTEGER NOT NULL REFERENCES captures(id)
    ) STRICT""",
    "CREATE INDEX changes_seen ON changes (new_first_seen)",
    "CREATE INDEX changes_article ON changes (article, new_first_seen)",
    """CREATE TABLE change_labels (
        change TEXT NOT NULL REFERENCES changes(id) ON DELETE CASCADE,
        position INTEGER NOT NULL,
        label TEXT NOT NULL,
        PRIMARY KEY (change, position)
    ) STRICT, WITHOUT ROWID""",
    "CREATE INDEX change_labels_label ON change_labels (label, change)",
)


@migration
def m001_captures_articles_versions_changes(db: Database) -> None:
    """Create every table of the first release."""
    for statement in _TABLES:
        db.execute(statement)


@migration
def m002_walks_are_remembered_in_the_state_file(db: Database) -> None:
    """Take out what the crawler remembered of its walks: it is no reading of a WARC file."""
    db.execute("DELETE FROM about WHERE name LIKE 'walked:%'")


_JUDGEMENTS = (
    # What one run could tell of the portal ('*') and of a section; of sections only what is not well, and its end.
    """CREATE TABLE judgements (
        run TEXT NOT NULL REFERENCES runs(run),
        section TEXT NOT NULL,
        verdict TEXT NOT NULL CHECK (verdict IN ('well', 'outage', 'site-change')),
        looks INTEGER NOT NULL,
        failed INTEGER NOT NULL,
        outcomes TEXT NOT NULL CHECK (json_valid(outcomes)),
        first_look TEXT NOT NULL,
        last_look TEXT NOT NULL,
        PRIMARY KEY (run, section)
    ) STRICT, WITHOUT ROWID""",
    # The runs in which a section's list began to give rows, or ceased to.
    """CREATE TABLE listings (
        section TEXT NOT NULL,
        run TEXT NOT NULL REFERENCES runs(run),
        since TEXT NOT NULL,
        pages INTEGER NOT NULL,
        rows INTEGER NOT NULL,
        PRIMARY KEY (section, since, run)
    ) STRICT, WITHOUT ROWID""",
    # The looks that found a known article absent: why one does not count (held), and whether its list still had it.
    """CREATE TABLE absences (
        article TEXT NOT NULL,
        checked_at TEXT NOT NULL,
        capture INTEGER NOT NULL REFERENCES captures(id),
        run TEXT NOT NULL REFERENCES runs(run),
        held TEXT NOT NULL CHECK (held IN ('', 'outage', 'section-outage', 'site-change')),
        listed INTEGER CHECK (listed IN (0, 1)),
        PRIMARY KEY (article, checked_at, capture)
    ) STRICT, WITHOUT ROWID""",
    "CREATE INDEX absences_run ON absences (run)",
    """CREATE TABLE state_steps (
        article TEXT NOT NULL,
        step INTEGER NOT NULL,
        state TEXT NOT NULL CHECK (state IN ('live', 'suspect', 'removed', 'restored', 'moved')),
        since TEXT NOT NULL,
        reached TEXT NOT NULL,
        capture INTEGER NOT NULL REFERENCES captures(id),
        PRIMARY KEY (article, step)
    ) STRICT, WITHOUT ROWID""",
    # Articles whose looks were filed or judged anew and not compared since; cleared in the same step as it is done.
    """CREATE TABLE to_compare (
        article TEXT PRIMARY KEY,
        anew INTEGER NOT NULL DEFAULT 0 CHECK (anew IN (0, 1))
    ) STRICT, WITHOUT ROWID""",
)


@migration
def m003_outages_and_states(db: Database) -> None:
    """Add what runs could tell of the portal as a whole, and the states of each article with their evidence."""
    for statement in _JUDGEMENTS:
        db.execute(statement)
    # What was filed by the first release is judged and compared again.
    db.execute("INSERT INTO about VALUES ('judge-from', '')")
    db.execute("INSERT INTO to_compare SELECT article, 1 FROM articles")


@migration
def m004_attachment_texts(db: Database) -> None:
    """Keep what each file says, once for each digest."""
    db.execute(
        """CREATE TABLE attachment_texts (
        sha256 TEXT PRIMARY KEY,
        reader TEXT NOT NULL,
        outcome TEXT NOT NULL,
        media_type TEXT,
        detail TEXT NOT NULL,
        text TEXT NOT NULL,
        blocks TEXT NOT NULL CHECK (json_valid(blocks)),
        lost TEXT NOT NULL CHECK (json_valid(lost)),
        text_sha256 TEXT
    ) STRICT"""
    )
    db.execute("CREATE INDEX attachment_texts_text ON attachment_texts (text_sha256)")


@migration
def m005_compact_captures(db: Database) -> None:
    """Store each capture with its check in one row of some 100 bytes, its repeated values once."""
    views.drop(db)
    # Every reference to captures(id) becomes one to capture_rows(id), whichever table holds it.
    db.execute("ALTER TABLE captures RENAME TO capture_rows")
    for statement in compact.TABLES:
        db.execute(statement)
    compact.compact(db.conn)
    db.execute("DROP TABLE checks")
    db.execute("DROP TABLE capture_rows")
    db.execute("ALTER TABLE capture_rows_new RENAME TO capture_rows")
    for statement in compact.INDICES:
        db.execute(statement)
