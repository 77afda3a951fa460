"""Numbered migrations of ``versions.db``.

Plain SQLite, ``STRICT`` tables, times as ISO 8601 text in UTC (fixed width, so that text order is time order), lists
as JSON text. What there is one of for every capture is stored small and read through views. No custom function or
tokenizer is needed to read it.
"""

from __future__ import annotations

from sqlite_utils import Database
from sqlite_utils.migrations import Migrations

from storage.compact import compact
from storage.errors import SettingsError
from storage.views import VIEWS

migrations = Migrations("gochim")

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

_COMPACT = (
    "CREATE TABLE warc_files (id INTEGER PRIMARY KEY, warc TEXT NOT NULL, run TEXT NOT NULL REFERENCES runs(run),"
    # The least and the greatest capture of the file: what is asked of a file or a run reads no other rows.
    " first INTEGER NOT NULL, last INTEGER NOT NULL, UNIQUE (warc, run)) STRICT",
    "CREATE INDEX warc_files_run ON warc_files (run)",
    "CREATE TABLE urls (id INTEGER PRIMARY KEY, url TEXT NOT NULL UNIQUE, role TEXT NOT NULL, article TEXT) STRICT",
    "CREATE INDEX urls_article ON urls (article) WHERE article IS NOT NULL",
    """CREATE TABLE answers (
        id INTEGER PRIMARY KEY,
        method TEXT NOT NULL,
        kind TEXT NOT NULL CHECK (kind IN ('response', 'revisit', 'failure')),
        status INTEGER,
        media_type TEXT,
        location TEXT,
        truncated TEXT,
        failure TEXT,
        failure_detail TEXT NOT NULL,
        retry INTEGER NOT NULL
    ) STRICT""",
    "CREATE INDEX answers_all ON answers"
    " (status, kind, media_type, method, location, truncated, failure, failure_detail, retry)",
    # Ids of one byte that is neither 0 nor 1, as every id of an outcome: a row that is filed must not grow.
    "CREATE TABLE outcomes (id INTEGER PRIMARY KEY, outcome TEXT NOT NULL UNIQUE) STRICT",
    "INSERT INTO outcomes VALUES (2, 'not filed yet'), (3, 'no look of its own')",
    # A capture's number is its time in microseconds since 1970, moved on by `later` where that one was taken.
    # What a revisit has of its original stands there alone.
    """CREATE TABLE capture_rows_new (
        id INTEGER PRIMARY KEY,
        later INTEGER NOT NULL,
        file INTEGER NOT NULL REFERENCES warc_files(id),
        offset INTEGER NOT NULL,
        length INTEGER NOT NULL,
        url INTEGER NOT NULL REFERENCES urls(id),
        answer INTEGER NOT NULL REFERENCES answers(id),
        record_id ANY NOT NULL,
        original INTEGER REFERENCES capture_rows(id),
        refers_to ANY,
        payload_digest ANY,
        payload_sha256 ANY,
        payload_length INTEGER,
        etag TEXT,
        last_modified TEXT,
        outcome INTEGER NOT NULL REFERENCES outcomes(id),
        version INTEGER NOT NULL CHECK (version = -1 OR version >= 1)
    ) STRICT""",
    # The records that revisits repeat; others are found by their time.
    "CREATE TABLE originals (record_id ANY PRIMARY KEY, capture INTEGER NOT NULL REFERENCES capture_rows(id))"
    " STRICT, WITHOUT ROWID",
    # Of an article's page, which differs at every look, only the newest whole payload is known by its SHA-256.
    "CREATE TABLE page_payloads (url INTEGER PRIMARY KEY REFERENCES urls(id),"
    " capture INTEGER NOT NULL UNIQUE REFERENCES capture_rows(id), payload_sha256 ANY NOT NULL) STRICT",
    "CREATE INDEX page_payloads_sha256 ON page_payloads (payload_sha256)",
    "CREATE TABLE rereads (article TEXT PRIMARY KEY) STRICT, WITHOUT ROWID",
)
_COMPACT_INDICES = (
    "CREATE INDEX capture_rows_url ON capture_rows (url)",
    "CREATE INDEX capture_rows_pending ON capture_rows (url) WHERE outcome = 2",
    "CREATE INDEX capture_rows_refers_to ON capture_rows (refers_to) WHERE refers_to IS NOT NULL",
    "CREATE INDEX capture_rows_sha256 ON capture_rows (payload_sha256) WHERE payload_sha256 IS NOT NULL",
)


@migrations()
def m001_captures_articles_versions_changes(db: Database) -> None:
    """Create every table of the first release."""
    for statement in _TABLES:
        db.execute(statement)


@migrations()
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


@migrations()
def m003_outages_and_states(db: Database) -> None:
    """Add what runs could tell of the portal as a whole, and the states of each article with their evidence."""
    for statement in _JUDGEMENTS:
        db.execute(statement)
    # What was filed by the first release is judged and compared again.
    db.execute("INSERT INTO about VALUES ('judge-from', '')")
    db.execute("INSERT INTO to_compare SELECT article, 1 FROM articles")


@migrations()
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


@migrations()
def m005_compact_captures(db: Database) -> None:
    """Store each capture with its check in one row of some 100 bytes, its repeated values once."""
    _drop_views(db)
    # Every reference to captures(id) becomes one to capture_rows(id), whichever table holds it.
    db.execute("ALTER TABLE captures RENAME TO capture_rows")
    for statement in _COMPACT:
        db.execute(statement)
    compact(db.conn)
    db.execute("DROP TABLE checks")
    db.execute("DROP TABLE capture_rows")
    db.execute("ALTER TABLE capture_rows_new RENAME TO capture_rows")
    for statement in _COMPACT_INDICES:
        db.execute(statement)


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


@migrations()
def m006_search(db: Database) -> None:
    """Add the full-text index; it is filled when the archive is next brought up to date."""
    for statement in _SEARCH:
        db.execute(statement)


@migrations()
def m007_versions_of_a_ministry(db: Database) -> None:
    """Let what a ministry's articles said on a day be found without reading their texts."""
    db.execute(
        "CREATE INDEX versions_ministry ON versions (section, source, article, version, first_seen, published, title)"
    )


def _drop_views(db: Database) -> None:
    """Drop our views, and leave those that a user has made."""
    ours = {view.split()[2] for view in VIEWS}
    for (name,) in db.execute("SELECT name FROM sqlite_master WHERE type = 'view'").fetchall():
        if name in ours:
            db.execute(f"DROP VIEW {name}")


@migrations()
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


@migrations()
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


@migrations()
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


@migrations()
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


@migrations()
def m012_site_changes(db: Database) -> None:
    """Add what happened to nearly all articles of a section in the same way, and articles that suddenly shrank."""
    for statement in _SITE_CHANGES:
        db.execute(statement)


@migrations()
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


@migrations()
def m014_the_content_digest_is_remembered(db: Database) -> None:
    """Forget the remembered content digest with every row that goes into it, so that it is worked out once a run."""
    for number, deed in enumerate(_DIGESTED):
        forget = "DELETE FROM about WHERE name = 'content-digest'"
        db.execute(f"CREATE TRIGGER content_digest_{number:02d} AFTER {deed} BEGIN {forget}; END")


def migrate(db: Database, path: str) -> None:
    """Bring the database to the newest schema.

    Raises:
        SettingsError: The database was made by a newer gochim than this one.
    """
    known = {one.name for one in migrations.pending(db)} | {one.name for one in migrations.applied(db)}
    with Database(memory=True) as blank:
        ours = {one.name for one in migrations.pending(blank)}
    newer = sorted(known - ours)
    if newer:
        raise SettingsError(
            f"{path} was made by a newer gochim (it has {', '.join(newer)}). "
            "Use that version, or make a database of this one with: gochim rebuild"
        )
    if migrations.pending(db):
        # Two programs may open a new archive at once: the second waits, and finds nothing left to do.
        with db.conn:
            db.conn.execute("BEGIN IMMEDIATE")
            migrations.apply(db)
            _drop_views(db)
            for view in VIEWS:
                db.execute(view)
