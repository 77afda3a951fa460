-- The archive's tables and views over its Parquet files, for DuckDB 1.3 or newer. In the lake's directory:
--   duckdb -init lake.sql
-- From elsewhere say first where it is:  SET VARIABLE lake = '/data/lake';
SET TimeZone = 'UTC';
SET VARIABLE lake = coalesce(getvariable('lake'), '.');
CREATE OR REPLACE MACRO julianday(moment) AS julian(CAST(moment AS TIMESTAMPTZ));

CREATE OR REPLACE VIEW lake_versions AS SELECT * FROM read_parquet(getvariable('lake') || '/versions/**/*.parquet', hive_partitioning = false);
CREATE OR REPLACE VIEW sightings AS SELECT * FROM read_parquet(getvariable('lake') || '/sightings/*.parquet', hive_partitioning = false);
CREATE OR REPLACE VIEW lake_changes AS SELECT * FROM read_parquet(getvariable('lake') || '/changes/**/*.parquet', hive_partitioning = false);
CREATE OR REPLACE VIEW captures AS SELECT * FROM read_parquet(getvariable('lake') || '/captures/**/*.parquet', hive_partitioning = false);
CREATE OR REPLACE VIEW articles AS SELECT * FROM read_parquet(getvariable('lake') || '/articles/*.parquet', hive_partitioning = false);
CREATE OR REPLACE VIEW attachment_texts AS SELECT * FROM read_parquet(getvariable('lake') || '/attachment_texts/**/*.parquet', hive_partitioning = false);
CREATE OR REPLACE VIEW runs AS SELECT * FROM read_parquet(getvariable('lake') || '/runs/*.parquet', hive_partitioning = false);
CREATE OR REPLACE VIEW state_steps AS SELECT * FROM read_parquet(getvariable('lake') || '/state_steps/*.parquet', hive_partitioning = false);
CREATE OR REPLACE VIEW absences AS SELECT * FROM read_parquet(getvariable('lake') || '/absences/*.parquet', hive_partitioning = false);
CREATE OR REPLACE VIEW findings AS SELECT * FROM read_parquet(getvariable('lake') || '/findings/*.parquet', hive_partitioning = false);
CREATE OR REPLACE VIEW judgements AS SELECT * FROM read_parquet(getvariable('lake') || '/judgements/*.parquet', hive_partitioning = false);
CREATE OR REPLACE VIEW listings AS SELECT * FROM read_parquet(getvariable('lake') || '/listings/*.parquet', hive_partitioning = false);
CREATE OR REPLACE VIEW publisher_signals AS SELECT * FROM read_parquet(getvariable('lake') || '/publisher_signals/*.parquet', hive_partitioning = false);

CREATE OR REPLACE VIEW version_detail AS
    SELECT v.article, v.version, v.first_seen, s.last_seen, v.* EXCLUDE (article, version, first_seen)
      FROM lake_versions v JOIN sightings s USING (article, version);
CREATE OR REPLACE VIEW versions AS
    SELECT article || '.' || version AS id, *
             EXCLUDE (attachments, warc, "offset", length, record_id, payload_digest, captured_at)
      FROM version_detail;
CREATE OR REPLACE VIEW attachments AS
    SELECT version_id, position, f.file_id, f.name, f.media_type, f.sha256, f.text_sha256
      FROM (SELECT article || '.' || version AS version_id, generate_subscripts(attachments, 1) - 1 AS position,
                   unnest(attachments) AS f FROM lake_versions);
CREATE OR REPLACE VIEW finding_detail AS
    SELECT f.article, f.version, CAST(f.version = a.version AS INTEGER) AS current, v.section, v.source, v.source_code, v.title,
           v.url, v.first_seen, v.last_seen, f.position, f.kind, f.file_id,
           (SELECT arg_min(t.name, t.position) FROM attachments t
             WHERE t.version_id = f.article || '.' || f.version AND t.file_id = f.file_id) AS file_name, f.detail
      FROM findings f JOIN version_detail v USING (article, version) JOIN articles a ON a.article = f.article;
CREATE OR REPLACE VIEW version_intervals AS
    WITH bounded AS (
           SELECT v.*, s.last_seen AS seen_until, lag(s.last_seen) OVER seen AS seen_before,
                  lead(v.first_seen) OVER seen AS next_seen
             FROM lake_versions v JOIN sightings s USING (article, version)
           WINDOW seen AS (PARTITION BY v.article ORDER BY v.version)),
         begun AS (
           SELECT *, first_seen AS since, seen_before AS after FROM bounded
            UNION ALL
           SELECT b.*, r.since, NULL FROM bounded b JOIN state_steps r USING (article)
            WHERE r.step > 1 AND r.state IN ('live', 'restored') AND r.since > b.first_seen AND r.since <= b.seen_until),
         ended AS (
           SELECT *, (SELECT min(s.since) FROM state_steps s WHERE s.article = b.article AND s.since > b.since
                         AND s.state IN ('suspect', 'removed')) AS absent,
                  (SELECT max(x.checked_at) FROM absences x WHERE x.article = b.article AND x.held = ''
                      AND x.checked_at < b.since) AS last_absent
             FROM begun b)
    SELECT article, version, section, source, source_code, published, title, url, content_digest,
           greatest(after, last_absent) AS began_after, since AS first_seen,
           CASE WHEN absent IS NULL OR seen_until < absent THEN seen_until
                ELSE (SELECT max(k.captured_at) FROM captures k WHERE k.article = e.article AND k.version = e.version
                         AND k.outcome IS NOT NULL AND k.captured_at < e.absent) END AS last_seen,
           least(next_seen, absent) AS ended_before
      FROM ended e;
CREATE OR REPLACE VIEW article_contents AS
    SELECT article, content_digest, min(version) AS version, count(*) AS times_seen,
           list(version ORDER BY version) AS versions, min(v.first_seen) AS first_seen, max(s.last_seen) AS last_seen,
           sum(i.days) AS days_seen
      FROM lake_versions v JOIN sightings s USING (article, version)
      JOIN (SELECT article, version, sum(julianday(last_seen) - julianday(first_seen)) AS days
              FROM version_intervals GROUP BY article, version) i USING (article, version)
     GROUP BY article, content_digest;
CREATE OR REPLACE VIEW article_current AS
    SELECT a.state, a.last_checked, a.versions, d.*
      FROM articles a JOIN version_detail d ON d.article = a.article AND d.version = a.version;
CREATE OR REPLACE VIEW change_detail AS SELECT * FROM lake_changes;
CREATE OR REPLACE VIEW changes AS
    SELECT id, article, url, section, title, source, kind, from_version, to_version, old_last_seen, new_first_seen,
           checks_between, weight, disclosure, fields, facts FROM lake_changes;
CREATE OR REPLACE VIEW change_labels AS
    SELECT id AS change, generate_subscripts(labels, 1) - 1 AS position, unnest(labels) AS label FROM lake_changes;
CREATE OR REPLACE VIEW checks AS
    SELECT article, captured_at AS checked_at, id AS capture, outcome, version FROM captures WHERE outcome IS NOT NULL;
CREATE OR REPLACE VIEW article_timeline AS
    SELECT article, captured_at AS checked_at, outcome, version, status, failure, url, warc, "offset"
      FROM captures WHERE outcome IS NOT NULL;
CREATE OR REPLACE VIEW outages AS SELECT * FROM judgements WHERE verdict <> 'well';
CREATE OR REPLACE VIEW article_states AS
    SELECT s.article, s.step, s.state, s.since, s.reached, count(k.capture) AS looks,
           count(k.capture) FILTER (k.outcome IN ('gone', 'front-page') AND coalesce(a.held, '') = '') AS absent,
           count(k.capture) FILTER (a.held = '' AND a.listed = 1) AS listed,
           count(k.capture) FILTER (a.held = '' AND a.listed = 0) AS unlisted, s.capture
      FROM (SELECT t.*, (SELECT min(n.since) FROM state_steps n WHERE n.article = t.article AND n.since > t.since)
                            AS ended FROM state_steps t) s
      LEFT JOIN checks k ON k.article = s.article AND k.checked_at >= s.since
                        AND (s.ended IS NULL OR k.checked_at < s.ended)
      LEFT JOIN absences a ON a.article = k.article AND a.checked_at = k.checked_at AND a.capture = k.capture
     GROUP BY ALL;
