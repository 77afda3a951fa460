"""The views that tell what the watch may have missed: pauses, the chance that an edit was seen, edits by ministry."""

from __future__ import annotations

from storage.ages import AGES, LIVED, PUBLISHED_SQL, hours_sql

_ENDLESS = 1e9
_BANDS = ", ".join(f"({low}, {high})" for low, high in zip(AGES, (*AGES[1:], _ENDLESS), strict=True))

# A file of another tool stands under the name "warc/import-0123456789abcdef-early.warc.gz": no watch of ours.
_OWN_RUNS = (
    "SELECT run, started_at FROM runs r WHERE EXISTS (SELECT 1 FROM warc_files f WHERE f.run = r.run"
    " AND f.warc NOT LIKE 'import-%' AND f.warc NOT LIKE '%/import-%')"
)

WATCH_PAUSES = f"""CREATE VIEW watch_pauses AS
        WITH pauses AS (
               SELECT started_at AS since, lead(started_at) OVER (ORDER BY started_at, run) AS until
                 FROM ({_OWN_RUNS})),
             lasted AS (
               SELECT since, until, round((julianday(until) - julianday(since)) * 24, 4) AS hours FROM pauses),
             usual AS (
               SELECT avg(hours) AS hours
                 FROM (SELECT hours, row_number() OVER (ORDER BY hours) AS place, count(*) OVER () AS number
                         FROM lasted WHERE hours IS NOT NULL)
                WHERE place IN ((number + 1) / 2, (number + 2) / 2))
        SELECT p.since, p.until, p.hours, u.hours AS usual_hours FROM lasted p, usual u"""  # noqa: S608  # constants

_COLUMNS = range(len(LIVED))


def _possible() -> str:
    """Give the SQL of the hours within a band at which an edit can have come whose whole life was watched."""
    return ", ".join(
        f"sum(max(0.0, min(published + age_until, ended - {lived}) - max(published + age_from, began))) AS possible{n}"
        for n, lived in enumerate(LIVED)
    )


def _seen() -> str:
    """Give the SQL of those of them after which a look came in time, later than another look."""
    return ", ".join(
        f"sum(max(0.0, min(looked, published + age_until, ended - {lived})"
        f" - max(before, looked - {lived}, published + age_from, began))) AS seen{n}"
        for n, lived in enumerate(LIVED)
    )


def _each(name: str) -> str:
    return f"CASE place {' '.join(f'WHEN {n} THEN {name}{n}' for n in _COLUMNS)} END"


SEEN_CHANCES = f"""CREATE VIEW seen_chances AS
        WITH bands(age_from, age_until) AS (VALUES {_BANDS}),
             lifetimes(place, lived) AS (VALUES {", ".join(f"({n}, {lived})" for n, lived in enumerate(LIVED))}),
             watch AS (
               SELECT {hours_sql("min(started_at)")} AS began,
                      (SELECT {hours_sql("max(last_checked)")} FROM articles) AS ended FROM ({_OWN_RUNS})),
             lives AS MATERIALIZED (
               SELECT a.article, {PUBLISHED_SQL} AS published, w.began,
                      CASE a.state WHEN 'removed' THEN {hours_sql("a.last_seen")} ELSE w.ended END AS ended
                 FROM articles a, watch w),
             possible AS (
               SELECT age_from, {_possible()} FROM lives JOIN bands
                   ON age_from < ended - published AND age_until > began - published GROUP BY age_from),
             looks AS (
               SELECT l.published, l.began, l.ended, (k.id - k.later) / 3600000000.0 AS looked,
                      lag((k.id - k.later) / 3600000000.0) OVER (PARTITION BY l.article ORDER BY k.id - k.later)
                          AS before
                 FROM lives l CROSS JOIN urls u ON u.article = l.article CROSS JOIN capture_rows k ON k.url = u.id
                WHERE k.outcome IN (SELECT id FROM outcomes WHERE outcome IN ('read', 'gone', 'front-page'))),
             seen AS (
               SELECT age_from, {_seen()} FROM looks CROSS JOIN bands
                   ON age_from < looked - published AND age_until > before - published
                WHERE before IS NOT NULL GROUP BY age_from)
        SELECT age_from, nullif(age_until, {_ENDLESS}) AS age_until, lived,
               coalesce({_each("possible")}, 0.0) AS possible_hours, coalesce({_each("seen")}, 0.0) AS seen_hours,
               coalesce({_each("seen")}, 0.0) / nullif({_each("possible")}, 0.0) AS chance
          FROM bands JOIN lifetimes LEFT JOIN possible USING (age_from) LEFT JOIN seen USING (age_from)
         ORDER BY age_from, lived"""  # noqa: S608  # made of constants

EDIT_RATES = """CREATE VIEW edit_rates AS
        SELECT coalesce(a.source, '') AS source, count(*) AS articles, coalesce(sum(h.edits), 0) AS edits,
               coalesce(sum(h.removals), 0) AS removals,
               sum(julianday(CASE a.state WHEN 'removed' THEN a.last_seen ELSE a.last_checked END)
                   - julianday(a.first_seen)) AS days_watched
          FROM articles a LEFT JOIN
               (SELECT article, count(DISTINCT CASE WHEN kind IN ('edited', 'attachment-replaced')
                                                    THEN new_first_seen END) AS edits,
                       sum(kind = 'removed') AS removals
                  FROM changes GROUP BY article) h USING (article)
         GROUP BY coalesce(a.source, '')"""

VIEWS = (WATCH_PAUSES, SEEN_CHANCES, EDIT_RATES)
