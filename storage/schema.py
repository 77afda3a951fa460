"""Numbered migrations and readable views of ``versions.db``.

Plain SQLite, ``STRICT`` tables, times as ISO 8601 text in UTC (fixed width, so that text order is time order), lists
as JSON text. No custom function or tokenizer is needed to read it.
"""

from __future__ import annotations

from sqlite_utils import Database
from sqlite_utils.migrations import Migrations

from storage.errors import SettingsError

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

_VIEWS = (
    """CREATE VIEW version_detail AS
        SELECT v.article, v.version, v.first_seen, v.last_seen, v.url, v.section, v.title, v.subtitles, v.published,
               v.source, v.source_code, v.author, v.body, v.images, v.licence, v.viewer, v.body_from, v.body_file,
               v.content_digest, v.layout, v.extractor,
               (SELECT json_group_array(json_object('file_id', a.file_id, 'name', a.name, 'media_type', a.media_type,
                        'sha256', a.sha256, 'text_sha256', a.text_sha256))
                  FROM (SELECT * FROM attachments WHERE version_id = v.id ORDER BY position) a) AS attachments,
               c.warc, c.offset, c.length, c.record_id, c.payload_digest, c.captured_at
          FROM versions v JOIN captures c ON c.id = v.capture""",
    """CREATE VIEW article_current AS
        SELECT a.state, a.last_checked, a.versions, d.*
          FROM articles a JOIN version_detail d ON d.article = a.article AND d.version = a.version""",
    """CREATE VIEW change_detail AS
        SELECT h.id, h.article, h.url, h.section, h.title, h.source, h.kind, h.from_version, h.to_version,
               h.old_last_seen, h.new_first_seen, h.checks_between, h.weight,
               (SELECT json_group_array(label) FROM
                   (SELECT label FROM change_labels WHERE change = h.id ORDER BY position)) AS labels,
               h.disclosure, h.fields, h.facts,
               (SELECT json_group_array(json_object('file_id_old', file_id_old, 'file_id_new', file_id_new,
                        'name_old', name_old, 'name_new', name_new, 'ops', json(ops)))
                  FROM (SELECT * FROM change_documents WHERE change = h.id ORDER BY position)) AS documents,
               o.warc AS old_warc, o.offset AS old_offset, o.length AS old_length, o.record_id AS old_record_id,
               o.payload_digest AS old_payload_digest, o.captured_at AS old_captured_at,
               n.warc AS new_warc, n.offset AS new_offset, n.length AS new_length, n.record_id AS new_record_id,
               n.payload_digest AS new_payload_digest, n.captured_at AS new_captured_at
          FROM changes h JOIN captures o ON o.id = h.old_capture JOIN captures n ON n.id = h.new_capture""",
    """CREATE VIEW article_timeline AS
        SELECT k.article, k.checked_at, k.outcome, k.version, c.status, c.failure, c.url, c.warc, c.offset
          FROM checks k JOIN captures c ON c.id = k.capture""",
)


@migrations()
def m001_captures_articles_versions_changes(db: Database) -> None:
    """Create every table and view of the first release."""
    for statement in (*_TABLES, *_VIEWS):
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
    "CREATE VIEW outages AS SELECT * FROM judgements WHERE verdict <> 'well'",
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
    """CREATE VIEW article_states AS
        SELECT s.article, s.step, s.state, s.since, s.reached,
               (SELECT count(*) FROM checks k WHERE k.article = s.article AND k.checked_at >= s.since
                   AND k.checked_at < s.ended) AS looks,
               (SELECT count(*) FROM checks k LEFT JOIN absences a USING (article, checked_at, capture)
                 WHERE k.article = s.article AND k.checked_at >= s.since AND k.checked_at < s.ended
                   AND k.outcome IN ('gone', 'front-page') AND coalesce(a.held, '') = '') AS absent,
               s.capture
          FROM (SELECT *, coalesce((SELECT min(since) FROM state_steps n
                                     WHERE n.article = t.article AND n.since > t.since), '~') AS ended
                  FROM state_steps t) s""",
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
def m005_texts_of_files_in_versions_and_changes(db: Database) -> None:
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
    for statement in _VIEWS:
        db.execute(f"DROP VIEW IF EXISTS {statement.split()[2]}")
        db.execute(statement)


@migrations()
def m006_findings(db: Database) -> None:
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
