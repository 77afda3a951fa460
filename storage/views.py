"""The views of ``versions.db``: what is stored small, read under the names that users know.

They hold no data and are made anew whenever the schema has changed.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from storage import missed_views, run_answers
from storage.interval_views import VERSION_INTERVALS
from storage.stored import digest_sql, record_sql, time_sql

if TYPE_CHECKING:
    import sqlite3

    from sqlite_utils import Database

UNREAD, NO_LOOK = 2, 3
"""What ``outcome`` says of a capture that no reading has used yet, and of one that is no look of its own."""
FIRST_LOOK = 4
"""The first id in ``outcomes`` that stands for a look; those below it say why a capture is none."""


def _own_or_original(column: str) -> str:
    """Give the SQL of a capture's value: its own, or that of the capture it repeats where it has none of its own."""
    return f"coalesce(k.{column}, (SELECT o.{column} FROM capture_rows o WHERE o.id = k.original))"  # noqa: S608


def _said(column: str) -> str:
    """Give the same for a text; an empty one means that the revisit has none, whatever its original has."""
    return f"nullif({_own_or_original(column)}, '')"


_SHA256 = (
    f"coalesce({_own_or_original('payload_sha256')},"  # noqa: S608  # made of constants
    " (SELECT p.payload_sha256 FROM page_payloads p WHERE p.capture IN (k.id, k.original)))"
)

_CAPTURES = f"""CREATE VIEW captures AS
        SELECT k.id, f.run, {time_sql("k.id - k.later")} AS captured_at, u.url, a.method, a.kind, a.status,
               a.media_type, a.location, f.warc, k.offset, k.length, {record_sql("k.record_id")} AS record_id,
               {digest_sql(_own_or_original("payload_digest"))} AS payload_digest,
               (SELECT CASE typeof(s) WHEN 'blob' THEN lower(hex(s)) ELSE s END FROM (SELECT {_SHA256} AS s))
                   AS payload_sha256,
               coalesce({_own_or_original("payload_length")}, 0) AS payload_length,
               a.truncated, a.failure, a.failure_detail,
               (SELECT {record_sql("r")} FROM (SELECT coalesce(k.refers_to,
                   (SELECT o.record_id FROM capture_rows o WHERE o.id = k.original)) AS r)) AS refers_to,
               {_said("etag")} AS etag, {_said("last_modified")} AS last_modified,
               a.retry, u.role, u.article, u.role = 'article' AND k.outcome <> 2 AS filed
          FROM capture_rows k JOIN warc_files f ON f.id = k.file JOIN urls u ON u.id = k.url
               JOIN answers a ON a.id = k.answer"""  # noqa: S608  # made of constants

_CHECKS = f"""CREATE VIEW checks AS
        SELECT u.article, {time_sql("k.id - k.later")} AS checked_at, k.id AS capture, w.outcome,
               nullif(k.version, -1) AS version
          FROM urls u JOIN capture_rows k ON k.url = u.id JOIN outcomes w ON w.id = k.outcome
         WHERE k.outcome >= {FIRST_LOOK}"""  # noqa: S608  # made of constants

VIEWS = (
    _CAPTURES,
    _CHECKS,
    """CREATE VIEW version_detail AS
        SELECT v.article, v.version, v.first_seen, v.last_seen, v.url, v.section, v.title, v.subtitles, v.published,
               v.source, v.source_code, v.author, v.body, v.images, v.links, v.licence, v.viewer, v.body_from,
               v.body_file, v.document_blocks, v.document_images, v.content_digest, v.layout, v.extractor,
               (SELECT json_group_array(json_object('file_id', a.file_id, 'name', a.name, 'media_type', a.media_type,
                        'sha256', a.sha256, 'text_sha256', a.text_sha256))
                  FROM (SELECT * FROM attachments WHERE version_id = v.id ORDER BY position) a) AS attachments,
               c.warc, c.offset, c.length, c.record_id, c.payload_digest, c.captured_at
          FROM versions v JOIN captures c ON c.id = v.capture""",
    VERSION_INTERVALS,
    # One row for each different content of an article: what came back (A, B, A) is one state that was seen twice.
    """CREATE VIEW article_contents AS
        SELECT article, content_digest, min(version) AS version, count(*) AS times_seen,
               json_group_array(version) AS versions, min(first_seen) AS first_seen, max(last_seen) AS last_seen,
               sum((SELECT sum(julianday(i.last_seen) - julianday(i.first_seen)) FROM version_intervals i
                     WHERE i.article = v.article AND i.version = v.version)) AS days_seen
          FROM versions v GROUP BY article, content_digest""",
    """CREATE VIEW article_current AS
        SELECT a.state, a.last_checked, a.versions, d.*
          FROM articles a JOIN version_detail d ON d.article = a.article AND d.version = a.version""",
    """CREATE VIEW change_detail AS
        SELECT h.id, h.article, h.url, h.section, h.title, h.source, h.kind, h.from_version, h.to_version,
               h.old_last_seen, h.new_first_seen, h.checks_between, h.weight,
               (SELECT json_group_array(label) FROM
                   (SELECT label FROM change_labels WHERE change = h.id ORDER BY position)) AS labels,
               h.disclosure,
               (SELECT json_group_array(json_object('signal', signal, 'text', text)) FROM
                   (SELECT * FROM change_reasons WHERE change = h.id ORDER BY position)) AS disclosure_reasons,
               h.fields, h.facts,
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
    run_answers.OUTAGES,
    """CREATE VIEW article_states AS
        SELECT s.article, s.step, s.state, s.since, s.reached,
               (SELECT count(*) FROM checks k WHERE k.article = s.article AND k.checked_at >= s.since
                   AND k.checked_at < s.ended) AS looks,
               (SELECT count(*) FROM checks k LEFT JOIN absences a USING (article, checked_at, capture)
                 WHERE k.article = s.article AND k.checked_at >= s.since AND k.checked_at < s.ended
                   AND k.outcome IN ('gone', 'front-page') AND coalesce(a.held, '') = '') AS absent,
               (SELECT count(*) FROM absences a WHERE a.article = s.article AND a.checked_at >= s.since
                   AND a.checked_at < s.ended AND a.held = '' AND a.listed = 1) AS listed,
               (SELECT count(*) FROM absences a WHERE a.article = s.article AND a.checked_at >= s.since
                   AND a.checked_at < s.ended AND a.held = '' AND a.listed = 0) AS unlisted,
               s.capture
          FROM (SELECT *, coalesce((SELECT min(since) FROM state_steps n
                                     WHERE n.article = t.article AND n.since > t.since), '~') AS ended
                  FROM state_steps t) s""",
    # Where a version's body and a file of it disagree, with what it takes to find them; current: of the newest version.
    """CREATE VIEW finding_detail AS
        SELECT f.article, f.version, f.version = a.version AS current, v.section, v.source, v.source_code, v.title,
               v.url, v.first_seen, v.last_seen, f.position, f.kind, f.file_id,
               (SELECT t.name FROM attachments t WHERE t.version_id = v.id AND t.file_id = f.file_id
                 ORDER BY t.position LIMIT 1) AS file_name,
               f.detail
          FROM findings f JOIN versions v USING (article, version) JOIN articles a ON a.article = f.article""",
    *missed_views.VIEWS,
)


def drop(db: Database | sqlite3.Connection) -> None:
    """Drop our views, and leave those that a user has made."""
    ours = {view.split()[2] for view in VIEWS}
    for (name,) in db.execute("SELECT name FROM sqlite_master WHERE type = 'view'").fetchall():
        if name in ours:
            db.execute(f"DROP VIEW {name}")
