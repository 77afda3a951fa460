-- The tables of a new database, as all of storage/migrations make them one after the other.
-- Written by `make docs`; a test keeps it true. Change a table by a migration.

CREATE TABLE "_sqlite_migrations" (
   "id" INTEGER PRIMARY KEY,
   "migration_set" TEXT,
   "name" TEXT,
   "applied_at" TEXT
);
CREATE TABLE about (name TEXT PRIMARY KEY, value TEXT NOT NULL) STRICT;
CREATE TABLE runs (
        run TEXT PRIMARY KEY,
        started_at TEXT NOT NULL,
        ended_at TEXT,
        finish TEXT,
        portal TEXT NOT NULL,
        software TEXT NOT NULL,
        removal_checks INTEGER NOT NULL CHECK (removal_checks >= 1),
        removal_days REAL NOT NULL CHECK (removal_days >= 0),
        requests INTEGER NOT NULL DEFAULT 0
    ) STRICT;
CREATE TABLE articles (
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
    ) STRICT;
CREATE TABLE versions (
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
        capture INTEGER NOT NULL REFERENCES "capture_rows"(id), body_file TEXT, document_blocks INTEGER NOT NULL DEFAULT 0, document_images INTEGER NOT NULL DEFAULT 0, links TEXT NOT NULL DEFAULT '[]',
        UNIQUE (article, version)
    ) STRICT;
CREATE TABLE attachments (
        version_id INTEGER NOT NULL REFERENCES versions(id) ON DELETE CASCADE,
        position INTEGER NOT NULL,
        file_id TEXT NOT NULL,
        name TEXT NOT NULL,
        media_type TEXT,
        sha256 TEXT,
        text_sha256 TEXT,
        PRIMARY KEY (version_id, position)
    ) STRICT, WITHOUT ROWID;
CREATE TABLE changes (
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
        old_capture INTEGER NOT NULL REFERENCES "capture_rows"(id),
        new_capture INTEGER NOT NULL REFERENCES "capture_rows"(id)
    ) STRICT;
CREATE TABLE change_labels (
        change TEXT NOT NULL REFERENCES changes(id) ON DELETE CASCADE,
        position INTEGER NOT NULL,
        label TEXT NOT NULL,
        PRIMARY KEY (change, position)
    ) STRICT, WITHOUT ROWID;
CREATE TABLE judgements (
        run TEXT NOT NULL REFERENCES runs(run),
        section TEXT NOT NULL,
        verdict TEXT NOT NULL CHECK (verdict IN ('well', 'outage', 'site-change')),
        looks INTEGER NOT NULL,
        failed INTEGER NOT NULL,
        outcomes TEXT NOT NULL CHECK (json_valid(outcomes)),
        first_look TEXT NOT NULL,
        last_look TEXT NOT NULL,
        PRIMARY KEY (run, section)
    ) STRICT, WITHOUT ROWID;
CREATE TABLE listings (
        section TEXT NOT NULL,
        run TEXT NOT NULL REFERENCES runs(run),
        since TEXT NOT NULL,
        pages INTEGER NOT NULL,
        rows INTEGER NOT NULL,
        PRIMARY KEY (section, since, run)
    ) STRICT, WITHOUT ROWID;
CREATE TABLE absences (
        article TEXT NOT NULL,
        checked_at TEXT NOT NULL,
        capture INTEGER NOT NULL REFERENCES "capture_rows"(id),
        run TEXT NOT NULL REFERENCES runs(run),
        held TEXT NOT NULL CHECK (held IN ('', 'outage', 'section-outage', 'site-change')),
        listed INTEGER CHECK (listed IN (0, 1)),
        PRIMARY KEY (article, checked_at, capture)
    ) STRICT, WITHOUT ROWID;
CREATE TABLE state_steps (
        article TEXT NOT NULL,
        step INTEGER NOT NULL,
        state TEXT NOT NULL CHECK (state IN ('live', 'suspect', 'removed', 'restored', 'moved')),
        since TEXT NOT NULL,
        reached TEXT NOT NULL,
        capture INTEGER NOT NULL REFERENCES "capture_rows"(id),
        PRIMARY KEY (article, step)
    ) STRICT, WITHOUT ROWID;
CREATE TABLE to_compare (
        article TEXT PRIMARY KEY,
        anew INTEGER NOT NULL DEFAULT 0 CHECK (anew IN (0, 1))
    ) STRICT, WITHOUT ROWID;
CREATE TABLE attachment_texts (
        sha256 TEXT PRIMARY KEY,
        reader TEXT NOT NULL,
        outcome TEXT NOT NULL,
        media_type TEXT,
        detail TEXT NOT NULL,
        text TEXT NOT NULL,
        blocks TEXT NOT NULL CHECK (json_valid(blocks)),
        lost TEXT NOT NULL CHECK (json_valid(lost)),
        text_sha256 TEXT
    ) STRICT;
CREATE TABLE warc_files (id INTEGER PRIMARY KEY, warc TEXT NOT NULL, run TEXT NOT NULL REFERENCES runs(run), first INTEGER NOT NULL, last INTEGER NOT NULL, UNIQUE (warc, run)) STRICT;
CREATE TABLE urls (id INTEGER PRIMARY KEY, url TEXT NOT NULL UNIQUE, role TEXT NOT NULL, article TEXT) STRICT;
CREATE TABLE answers (
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
    ) STRICT;
CREATE TABLE outcomes (id INTEGER PRIMARY KEY, outcome TEXT NOT NULL UNIQUE, captures INTEGER NOT NULL DEFAULT 0) STRICT;
CREATE TABLE "capture_rows" (
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
    ) STRICT;
CREATE TABLE originals (record_id ANY PRIMARY KEY, capture INTEGER NOT NULL REFERENCES capture_rows(id)) STRICT, WITHOUT ROWID;
CREATE TABLE page_payloads (url INTEGER PRIMARY KEY REFERENCES urls(id), capture INTEGER NOT NULL UNIQUE REFERENCES capture_rows(id), payload_sha256 ANY NOT NULL) STRICT;
CREATE TABLE rereads (article TEXT PRIMARY KEY) STRICT, WITHOUT ROWID;
CREATE TABLE search_documents (
        id INTEGER PRIMARY KEY AUTOINCREMENT,
        version_id INTEGER NOT NULL UNIQUE REFERENCES versions(id) ON DELETE CASCADE
    ) STRICT;
CREATE TABLE search_waiting (version_id INTEGER PRIMARY KEY REFERENCES versions(id) ON DELETE CASCADE) STRICT;
CREATE TABLE api_answers (capture INTEGER PRIMARY KEY, reader TEXT NOT NULL) STRICT;
CREATE TABLE publisher_signals (
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
    ) STRICT, WITHOUT ROWID;
CREATE TABLE change_reasons (
            change TEXT NOT NULL REFERENCES changes(id) ON DELETE CASCADE,
            position INTEGER NOT NULL,
            signal TEXT NOT NULL,
            text TEXT NOT NULL,
            PRIMARY KEY (change, position)
        ) STRICT, WITHOUT ROWID;
CREATE TABLE change_documents (
        change TEXT NOT NULL REFERENCES changes(id) ON DELETE CASCADE,
        position INTEGER NOT NULL,
        file_id_old TEXT NOT NULL,
        file_id_new TEXT NOT NULL,
        name_old TEXT NOT NULL,
        name_new TEXT NOT NULL,
        ops TEXT NOT NULL CHECK (json_valid(ops)),
        PRIMARY KEY (change, position)
    ) STRICT, WITHOUT ROWID;
CREATE TABLE findings (
        article TEXT NOT NULL,
        version INTEGER NOT NULL,
        position INTEGER NOT NULL,
        kind TEXT NOT NULL CHECK (kind IN ('figure', 'missing-in-file', 'missing-in-body')),
        file_id TEXT NOT NULL,
        detail TEXT NOT NULL CHECK (json_valid(detail)),
        PRIMARY KEY (article, version, position)
    ) STRICT, WITHOUT ROWID;
CREATE TABLE agreements (
        article TEXT NOT NULL,
        version INTEGER NOT NULL,
        content_digest TEXT NOT NULL,
        PRIMARY KEY (article, version)
    ) STRICT, WITHOUT ROWID;
CREATE TABLE site_changes (
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
    ) STRICT;
CREATE TABLE site_change_articles (
        article TEXT NOT NULL,
        to_version INTEGER NOT NULL,
        site_change TEXT NOT NULL REFERENCES site_changes(id) ON DELETE CASCADE,
        from_version INTEGER NOT NULL,
        PRIMARY KEY (article, to_version, site_change)
    ) STRICT, WITHOUT ROWID;
CREATE TABLE site_change_words (
        section TEXT NOT NULL,
        field TEXT NOT NULL,
        what TEXT NOT NULL,
        text TEXT NOT NULL,
        since TEXT NOT NULL,
        said_at TEXT NOT NULL,
        verdict TEXT NOT NULL CHECK (verdict IN ('held', 'edits')),
        PRIMARY KEY (section, field, what, text, since, said_at)
    ) STRICT, WITHOUT ROWID;
CREATE TABLE shrunken_versions (
        article TEXT NOT NULL,
        version INTEGER NOT NULL,
        section TEXT NOT NULL,
        seen TEXT NOT NULL,
        blocks_before INTEGER,
        blocks INTEGER NOT NULL,
        PRIMARY KEY (article, version)
    ) STRICT, WITHOUT ROWID;
CREATE TABLE false_validators (url INTEGER PRIMARY KEY REFERENCES urls(id)) STRICT;
CREATE TABLE seen_moments (
        age_from INTEGER NOT NULL,
        lived INTEGER NOT NULL,
        microseconds INTEGER NOT NULL,
        PRIMARY KEY (age_from, lived)
    ) STRICT, WITHOUT ROWID;
CREATE TABLE outlooks (article TEXT PRIMARY KEY, due_from INTEGER NOT NULL) STRICT, WITHOUT ROWID;
CREATE TABLE article_digests (article TEXT PRIMARY KEY, digest BLOB) STRICT, WITHOUT ROWID;
CREATE VIRTUAL TABLE search_index USING fts5 (body, title, subtitles, captions, files, content = '', tokenize = "ascii tokenchars '!""#$%&''()*+,-./:;<=>?@[\]^_`{|}~'");
CREATE TABLE unread_parts (capture INTEGER NOT NULL, part TEXT NOT NULL, PRIMARY KEY (capture, part)) STRICT, WITHOUT ROWID;
CREATE TABLE change_turns (turn INTEGER PRIMARY KEY AUTOINCREMENT, article TEXT NOT NULL UNIQUE) STRICT;
CREATE UNIQUE INDEX "idx__sqlite_migrations_migration_set_name"
    ON "_sqlite_migrations" ("migration_set", "name");
CREATE INDEX articles_section ON articles (section, published);
CREATE INDEX articles_source ON articles (source, published);
CREATE INDEX versions_seen ON versions (article, first_seen);
CREATE INDEX attachments_sha256 ON attachments (sha256);
CREATE INDEX changes_seen ON changes (new_first_seen);
CREATE INDEX changes_article ON changes (article, new_first_seen);
CREATE INDEX change_labels_label ON change_labels (label, change);
CREATE INDEX absences_run ON absences (run);
CREATE INDEX attachment_texts_text ON attachment_texts (text_sha256);
CREATE INDEX warc_files_run ON warc_files (run);
CREATE INDEX urls_article ON urls (article) WHERE article IS NOT NULL;
CREATE INDEX answers_all ON answers (status, kind, media_type, method, location, truncated, failure, failure_detail, retry);
CREATE INDEX page_payloads_sha256 ON page_payloads (payload_sha256);
CREATE INDEX capture_rows_url ON capture_rows (url);
CREATE INDEX capture_rows_pending ON capture_rows (url) WHERE outcome = 2;
CREATE INDEX capture_rows_refers_to ON capture_rows (refers_to) WHERE refers_to IS NOT NULL;
CREATE INDEX capture_rows_sha256 ON capture_rows (payload_sha256) WHERE payload_sha256 IS NOT NULL;
CREATE INDEX versions_ministry ON versions (section, source, article, version, first_seen, published, title);
CREATE INDEX publisher_signals_article ON publisher_signals (article, modify_id);
CREATE INDEX site_change_articles_of ON site_change_articles (site_change);
CREATE INDEX versions_first_seen ON versions (first_seen);
CREATE INDEX capture_rows_validator ON capture_rows (url, coalesce(nullif(etag, ''), nullif(last_modified, ''))) WHERE coalesce(nullif(etag, ''), nullif(last_modified, '')) IS NOT NULL AND substr(coalesce(nullif(etag, ''), nullif(last_modified, '')), 1, 2) <> 'W/';
CREATE INDEX outlooks_due ON outlooks (due_from);
CREATE INDEX article_digests_unknown ON article_digests (article) WHERE digest IS NULL;
CREATE INDEX state_steps_later ON state_steps (article, since, state) WHERE step > 1;
CREATE INDEX versions_unread ON versions (article, version) WHERE body_from = 'unread';
CREATE TRIGGER search_waiting_new AFTER INSERT ON versions BEGIN
        INSERT OR IGNORE INTO search_waiting VALUES (NEW.id);
    END;
CREATE TRIGGER search_waiting_stale AFTER DELETE ON attachments
    WHEN EXISTS (SELECT 1 FROM versions WHERE id = OLD.version_id) BEGIN
        INSERT OR IGNORE INTO search_waiting VALUES (OLD.version_id);
    END;
CREATE TRIGGER captures_counted_new AFTER INSERT ON capture_rows BEGIN
        UPDATE outcomes SET captures = captures + 1 WHERE id = NEW.outcome;
    END;
CREATE TRIGGER captures_counted_read AFTER UPDATE OF outcome ON capture_rows
    WHEN OLD.outcome <> NEW.outcome BEGIN
        UPDATE outcomes SET captures = captures - 1 WHERE id = OLD.outcome;
        UPDATE outcomes SET captures = captures + 1 WHERE id = NEW.outcome;
    END;
CREATE TRIGGER captures_counted_gone AFTER DELETE ON capture_rows BEGIN
        UPDATE outcomes SET captures = captures - 1 WHERE id = OLD.outcome;
    END;
CREATE TRIGGER outlooks_new AFTER INSERT ON articles BEGIN
        INSERT OR REPLACE INTO outlooks VALUES (NEW.article, 0);
    END;
CREATE TRIGGER outlooks_other AFTER UPDATE ON articles BEGIN
        UPDATE outlooks SET due_from = 0 WHERE article = NEW.article;
    END;
CREATE TRIGGER outlooks_gone AFTER DELETE ON articles BEGIN
        DELETE FROM outlooks WHERE article = OLD.article;
    END;
CREATE TRIGGER outlooks_told AFTER INSERT ON publisher_signals WHEN NEW.article IS NOT NULL BEGIN
        UPDATE outlooks SET due_from = 0 WHERE article = NEW.article;
    END;
CREATE TRIGGER content_digest_00 AFTER INSERT ON versions BEGIN UPDATE article_digests SET digest = NULL WHERE digest IS NOT NULL AND article = NEW.article;INSERT OR IGNORE INTO article_digests VALUES (NEW.article, NULL); DELETE FROM about WHERE name = 'content-digest'; END;
CREATE TRIGGER content_digest_01 AFTER UPDATE ON versions BEGIN UPDATE article_digests SET digest = NULL WHERE digest IS NOT NULL AND article = OLD.article;UPDATE article_digests SET digest = NULL WHERE digest IS NOT NULL AND article = NEW.article;INSERT OR IGNORE INTO article_digests VALUES (NEW.article, NULL); DELETE FROM about WHERE name = 'content-digest'; END;
CREATE TRIGGER content_digest_02 AFTER DELETE ON versions BEGIN UPDATE article_digests SET digest = NULL WHERE digest IS NOT NULL AND article = OLD.article; DELETE FROM about WHERE name = 'content-digest'; END;
CREATE TRIGGER content_digest_03 AFTER INSERT ON changes BEGIN UPDATE article_digests SET digest = NULL WHERE digest IS NOT NULL AND article = NEW.article;INSERT OR IGNORE INTO article_digests VALUES (NEW.article, NULL); DELETE FROM about WHERE name = 'content-digest'; END;
CREATE TRIGGER content_digest_04 AFTER UPDATE ON changes BEGIN UPDATE article_digests SET digest = NULL WHERE digest IS NOT NULL AND article = OLD.article;UPDATE article_digests SET digest = NULL WHERE digest IS NOT NULL AND article = NEW.article;INSERT OR IGNORE INTO article_digests VALUES (NEW.article, NULL); DELETE FROM about WHERE name = 'content-digest'; END;
CREATE TRIGGER content_digest_05 AFTER DELETE ON changes BEGIN UPDATE article_digests SET digest = NULL WHERE digest IS NOT NULL AND article = OLD.article; DELETE FROM about WHERE name = 'content-digest'; END;
CREATE TRIGGER content_digest_06 AFTER INSERT ON change_labels BEGIN UPDATE article_digests SET digest = NULL WHERE digest IS NOT NULL AND article = (SELECT article FROM changes WHERE id = NEW.change); DELETE FROM about WHERE name = 'content-digest'; END;
CREATE TRIGGER content_digest_07 AFTER UPDATE ON change_labels BEGIN UPDATE article_digests SET digest = NULL WHERE digest IS NOT NULL AND article = (SELECT article FROM changes WHERE id = OLD.change);UPDATE article_digests SET digest = NULL WHERE digest IS NOT NULL AND article = (SELECT article FROM changes WHERE id = NEW.change); DELETE FROM about WHERE name = 'content-digest'; END;
CREATE TRIGGER content_digest_08 AFTER DELETE ON change_labels BEGIN UPDATE article_digests SET digest = NULL WHERE digest IS NOT NULL AND article = (SELECT article FROM changes WHERE id = OLD.change); DELETE FROM about WHERE name = 'content-digest'; END;
CREATE TRIGGER content_digest_09 AFTER INSERT ON change_reasons BEGIN UPDATE article_digests SET digest = NULL WHERE digest IS NOT NULL AND article = (SELECT article FROM changes WHERE id = NEW.change); DELETE FROM about WHERE name = 'content-digest'; END;
CREATE TRIGGER content_digest_10 AFTER UPDATE ON change_reasons BEGIN UPDATE article_digests SET digest = NULL WHERE digest IS NOT NULL AND article = (SELECT article FROM changes WHERE id = OLD.change);UPDATE article_digests SET digest = NULL WHERE digest IS NOT NULL AND article = (SELECT article FROM changes WHERE id = NEW.change); DELETE FROM about WHERE name = 'content-digest'; END;
CREATE TRIGGER content_digest_11 AFTER DELETE ON change_reasons BEGIN UPDATE article_digests SET digest = NULL WHERE digest IS NOT NULL AND article = (SELECT article FROM changes WHERE id = OLD.change); DELETE FROM about WHERE name = 'content-digest'; END;
CREATE TRIGGER content_digest_12 AFTER INSERT ON change_documents BEGIN UPDATE article_digests SET digest = NULL WHERE digest IS NOT NULL AND article = (SELECT article FROM changes WHERE id = NEW.change); DELETE FROM about WHERE name = 'content-digest'; END;
CREATE TRIGGER content_digest_13 AFTER UPDATE ON change_documents BEGIN UPDATE article_digests SET digest = NULL WHERE digest IS NOT NULL AND article = (SELECT article FROM changes WHERE id = OLD.change);UPDATE article_digests SET digest = NULL WHERE digest IS NOT NULL AND article = (SELECT article FROM changes WHERE id = NEW.change); DELETE FROM about WHERE name = 'content-digest'; END;
CREATE TRIGGER content_digest_14 AFTER DELETE ON change_documents BEGIN UPDATE article_digests SET digest = NULL WHERE digest IS NOT NULL AND article = (SELECT article FROM changes WHERE id = OLD.change); DELETE FROM about WHERE name = 'content-digest'; END;
CREATE TRIGGER content_digest_15 AFTER UPDATE OF later, file, offset, length, record_id, original, payload_digest ON capture_rows BEGIN UPDATE article_digests SET digest = NULL WHERE digest IS NOT NULL; DELETE FROM about WHERE name = 'content-digest'; END;
CREATE TRIGGER content_digest_16 AFTER DELETE ON capture_rows BEGIN UPDATE article_digests SET digest = NULL WHERE digest IS NOT NULL; DELETE FROM about WHERE name = 'content-digest'; END;
CREATE TRIGGER content_digest_17 AFTER UPDATE OF warc ON warc_files BEGIN UPDATE article_digests SET digest = NULL WHERE digest IS NOT NULL; DELETE FROM about WHERE name = 'content-digest'; END;
CREATE TRIGGER change_turns_new AFTER INSERT ON changes BEGIN INSERT OR REPLACE INTO change_turns (article) VALUES (NEW.article); END;
INSERT INTO about VALUES ('judge-from', '');
INSERT INTO about VALUES ('drift-from', '');
INSERT INTO outcomes VALUES (2, 'not filed yet', 0);
INSERT INTO outcomes VALUES (3, 'no look of its own', 0);
INSERT INTO search_index (search_index, rank) VALUES ('hashsize', 4194304);
