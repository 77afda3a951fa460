"""Moves captures and checks from one wide row each into rows of small keys: what migration m005 does to the data."""

from __future__ import annotations

import sqlite3
from datetime import datetime

from storage.stored import stored_digest, stored_record, stored_sha256, ticks

TABLES = (
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

INDICES = (
    "CREATE INDEX capture_rows_url ON capture_rows (url)",
    "CREATE INDEX capture_rows_pending ON capture_rows (url) WHERE outcome = 2",
    "CREATE INDEX capture_rows_refers_to ON capture_rows (refers_to) WHERE refers_to IS NOT NULL",
    "CREATE INDEX capture_rows_sha256 ON capture_rows (payload_sha256) WHERE payload_sha256 IS NOT NULL",
)

_FILL = (
    # Captures of one instant follow each other by a microsecond, in the order of their records.
    """CREATE TEMP TABLE numbers AS
        SELECT id AS old, tick, place + max(tick - place) OVER (ORDER BY place) AS new FROM
            (SELECT id, ticks(captured_at) AS tick,
                    row_number() OVER (ORDER BY captured_at, warc, offset, id) AS place FROM capture_rows)""",
    "CREATE UNIQUE INDEX temp.numbers_old ON numbers (old)",
    """INSERT INTO warc_files (warc, run, first, last)
        SELECT warc, run, min(new), max(new) FROM capture_rows JOIN numbers ON old = id
            GROUP BY warc, run ORDER BY 3""",
    # The row of the newest capture of an address says what the address is.
    """INSERT INTO urls (url, role, article)
        SELECT url, role, article FROM (SELECT url, role, article, min(id) AS first, max(captured_at)
            FROM capture_rows GROUP BY url) ORDER BY first""",
    """INSERT INTO answers (method, kind, status, media_type, location, truncated, failure, failure_detail, retry)
        SELECT DISTINCT method, kind, status, media_type, location, truncated, failure, failure_detail, retry
            FROM capture_rows ORDER BY 1, 2, 3, 4, 5, 6, 7, 8, 9""",
    "INSERT OR IGNORE INTO outcomes (outcome) SELECT DISTINCT outcome FROM checks ORDER BY outcome",
    """INSERT INTO capture_rows_new
        SELECT n.new, n.new - n.tick, f.id, c.offset, c.length, u.id, a.id, record(c.record_id), m.new,
               CASE WHEN o.id IS NULL THEN record(c.refers_to) END,
               CASE WHEN o.id IS NULL THEN digest(c.payload_digest)
                    WHEN c.payload_digest IS NOT o.payload_digest THEN coalesce(digest(c.payload_digest), x'') END,
               CASE WHEN u.role <> 'article' AND (o.id IS NULL OR c.payload_sha256 IS NOT o.payload_sha256)
                    THEN sha256(c.payload_sha256) END,
               CASE WHEN o.id IS NULL OR c.payload_length <> o.payload_length THEN c.payload_length END,
               CASE WHEN o.id IS NULL OR c.etag IS NOT o.etag THEN coalesce(c.etag, CASE WHEN o.id THEN '' END) END,
               CASE WHEN o.id IS NULL OR c.last_modified IS NOT o.last_modified
                    THEN coalesce(c.last_modified, CASE WHEN o.id THEN '' END) END,
               coalesce(w.id, CASE WHEN u.role = 'article' AND c.filed = 0 THEN 2 ELSE 3 END), coalesce(k.version, -1)
          FROM capture_rows c JOIN numbers n ON n.old = c.id
               JOIN warc_files f ON f.warc = c.warc AND f.run = c.run JOIN urls u ON u.url = c.url
               JOIN answers a ON a.method = c.method AND a.kind = c.kind AND a.status IS c.status
                    AND a.media_type IS c.media_type AND a.location IS c.location AND a.truncated IS c.truncated
                    AND a.failure IS c.failure AND a.failure_detail = c.failure_detail AND a.retry = c.retry
               LEFT JOIN capture_rows o ON o.record_id = c.refers_to LEFT JOIN numbers m ON m.old = o.id
               LEFT JOIN checks k ON k.article = c.article AND k.checked_at = c.captured_at AND k.capture = c.id
               LEFT JOIN outcomes w ON w.outcome = k.outcome
         ORDER BY n.new""",
    """INSERT INTO originals SELECT DISTINCT record(o.record_id), n.new
        FROM capture_rows c JOIN capture_rows o ON o.record_id = c.refers_to JOIN numbers n ON n.old = o.id""",
    """INSERT INTO page_payloads
        SELECT u.id, n.new, sha256(c.payload_sha256) FROM urls u JOIN capture_rows c ON c.id =
            (SELECT id FROM capture_rows WHERE url = u.url AND kind = 'response' AND status = 200
                AND truncated IS NULL AND payload_sha256 IS NOT NULL ORDER BY captured_at DESC, id DESC LIMIT 1)
            JOIN numbers n ON n.old = c.id WHERE u.role = 'article'""",
    """INSERT INTO rereads
        SELECT DISTINCT c.article FROM checks k JOIN capture_rows c ON c.id = k.capture
         WHERE c.filed = 0 AND c.article IS NOT NULL""",
)


def compact(db: sqlite3.Connection) -> None:
    """Move the first release's captures, renamed ``capture_rows``, and checks into ``capture_rows_new``.

    Every other table that refers to a capture is told its new number.
    """
    db.create_function("ticks", 1, lambda text: ticks(datetime.fromisoformat(text)))
    db.create_function("record", 1, lambda text: text and stored_record(text))
    db.create_function("digest", 1, stored_digest)
    db.create_function("sha256", 1, stored_sha256)
    for statement in _FILL:
        db.execute(statement)
    new = {"capture_rows_new", "originals", "page_payloads", "checks"}
    tables = [name for (name,) in db.execute("SELECT name FROM sqlite_master WHERE type = 'table'").fetchall()]
    for table in sorted(set(tables) - new):
        for key in db.execute(f"PRAGMA foreign_key_list({table})").fetchall():
            if key["table"] == "capture_rows":
                column = key["from"]
                db.execute(f"UPDATE {table} SET {column} = (SELECT new FROM numbers WHERE old = {column})")  # noqa: S608
    db.execute("DROP TABLE numbers")
