"""Whether the portal answered a run, and the view of the runs in which it or a section of it was out."""

from __future__ import annotations

from storage.stored import ticks_sql

IN_A_ROW = 2
"""Runs that the portal did not answer which make an outage: one may have met a fault of the line."""

RUN_ANSWERS = f"""SELECT r.run, r.started_at AS first_look, coalesce(r.ended_at, r.started_at) AS last_look,
               CASE r.finish WHEN 'blocked' THEN 'blocked' ELSE 'unreachable' END AS outcome,
               r.finish IN ('finished', 'budget') OR EXISTS (
                   SELECT 1 FROM capture_rows k JOIN urls u ON u.id = k.url
                    WHERE k.id BETWEEN {ticks_sql("r.started_at")} AND {ticks_sql("coalesce(r.ended_at, r.started_at)")}
                      AND k.version >= 1 AND u.role = 'article') AS answered,
               coalesce(nullif(r.requests, 0), (
                   SELECT count(*) FROM warc_files f
                     JOIN capture_rows k ON k.file = f.id AND k.id BETWEEN f.first AND f.last
                    WHERE f.run = r.run)) AS asked
          FROM runs r
         WHERE r.finish IN ('finished', 'budget', 'blocked', 'unreachable', 'robots-unreachable')
           AND r.software LIKE 'gochim/%'"""  # noqa: S608  # made of constants
"""Each run of this program that says something of the portal: from when to when, whether it read any article, and what
its requests came to, so many, where it read none. One that was interrupted tells nothing."""

OUTAGES = f"""CREATE VIEW outages AS
        SELECT run, section, verdict, looks, failed, outcomes, first_look, last_look
          FROM judgements WHERE verdict <> 'well'
         UNION ALL
        SELECT run, '*', 'outage', 0, 0, json_object(outcome, asked), first_look, last_look
          FROM (SELECT *, count(*) OVER (PARTITION BY answered, turn) AS in_a_row
                  FROM (SELECT *, sum(answered) OVER (ORDER BY first_look, run) AS turn FROM ({RUN_ANSWERS}))) a
         WHERE NOT answered AND in_a_row >= {IN_A_ROW} AND NOT EXISTS (
                   SELECT 1 FROM judgements j WHERE j.run = a.run AND j.section = '*' AND j.verdict <> 'well')"""  # noqa: S608
