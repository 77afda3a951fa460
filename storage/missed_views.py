"""The views that tell what the watch may have missed: pauses, the chance that an edit was seen, edits by ministry."""

from __future__ import annotations

from storage.ages import HOUR
from storage.watched import BANDS, ENDLESS, LIVES, PUBLISHED, TELLING_SQL, seen_sql

# A file of another tool stands under the name "warc/import-0123456789abcdef-early.warc.gz": no watch of ours.
_OWN_RUNS = (
    "SELECT run, started_at FROM runs r WHERE EXISTS (SELECT 1 FROM warc_files f WHERE f.run = r.run"
    " AND f.warc NOT LIKE 'import-%' AND f.warc NOT LIKE '%/import-%')"
)
# A run that the portal answered nothing but robots.txt, or nothing but errors, saw nothing; nor did one whose every
# look failed, as while a board of an outage stands before every page.
_WATCHING_RUNS = (
    f"{_OWN_RUNS} AND EXISTS (SELECT 1 FROM warc_files f CROSS JOIN capture_rows k ON k.id BETWEEN f.first AND f.last"  # noqa: S608  # constants
    " AND k.file = f.id CROSS JOIN answers a ON a.id = k.answer AND a.status BETWEEN 200 AND 399"
    " CROSS JOIN urls u ON u.id = k.url AND u.role <> 'robots' WHERE f.run = r.run)"
    " AND NOT EXISTS (SELECT 1 FROM judgements j WHERE j.run = r.run AND j.section = '*' AND j.verdict = 'outage'"
    " AND j.failed = j.looks)"
)

WATCH_PAUSES = f"""CREATE VIEW watch_pauses AS
        WITH pauses AS (
               SELECT started_at AS since, lead(started_at) OVER (ORDER BY started_at, run) AS until
                 FROM ({_WATCHING_RUNS})),
             lasted AS (
               SELECT since, until, round((julianday(until) - julianday(since)) * 24, 4) AS hours FROM pauses),
             usual AS (
               SELECT avg(hours) AS hours
                 FROM (SELECT hours, row_number() OVER (ORDER BY hours) AS place, count(*) OVER () AS number
                         FROM lasted WHERE hours IS NOT NULL)
                WHERE place IN ((number + 1) / 2, (number + 2) / 2))
        SELECT p.since, p.until, p.hours, u.hours AS usual_hours FROM lasted p, usual u"""  # noqa: S608  # constants

_VALUES = ", ".join(f"({low}, {high})" for low, high in BANDS)
_NUMBERED = list(enumerate(LIVES))


def _possible() -> str:
    """Give the SQL of how long, within a band of age, an edit could have come whose whole life falls into the watch."""
    return ", ".join(
        f"sum(max(0, min(published + age_until, ended - {lived}) - max(published + age_from, began))) AS possible{n}"
        for n, lived in _NUMBERED
    )


def _beyond() -> str:
    """Give the SQL of what the sums of looks count too much: time before the watch began, or too near to its end."""
    return ", ".join(
        f"sum({seen_sql(lived)} - max(0, min(looked, published + age_until, ended - {lived})"
        f" - max(before, looked - {lived}, published + age_from, began))) AS beyond{n}"
        for n, lived in _NUMBERED
    )


def _each(name: str) -> str:
    return f"CASE place {' '.join(f'WHEN {n} THEN {name}{n}' for n, _ in _NUMBERED)} END"


def _beside(time: str, which: str) -> str:
    """Give the SQL of the look at an article next to another one, as an aggregate over its addresses says which."""
    sign, order = ("<", "DESC") if which == "max" else (">", "ASC")
    return (
        f"(SELECT {which}((SELECT n.id - n.later FROM capture_rows n WHERE n.url = m.id AND n.id {sign} {time}"  # noqa: S608
        f" AND n.outcome IN {TELLING_SQL} ORDER BY n.id {order} LIMIT 1)) FROM urls m WHERE m.article = l.article)"
    )


_MICROSECONDS = "CAST(strftime('%s', {}) AS INTEGER) * 1000000"

SEEN_CHANCES = f"""CREATE VIEW seen_chances AS
        WITH bands(age_from, age_until) AS (VALUES {_VALUES}),
             lifetimes(place, lived) AS (VALUES {", ".join(f"({n}, {lived})" for n, lived in _NUMBERED)}),
             watch AS MATERIALIZED (
               SELECT {_MICROSECONDS.format("min(started_at)")} AS began,
                      (SELECT {_MICROSECONDS.format("max(last_checked)")} FROM articles) AS ended FROM ({_OWN_RUNS})),
             lives AS MATERIALIZED (
               SELECT a.article, {PUBLISHED} AS published, w.began, a.state = 'removed' AS removed,
                      CASE a.state WHEN 'removed' THEN {_MICROSECONDS.format("a.last_seen")} ELSE w.ended END AS ended
                 FROM articles a, watch w),
             possible AS (
               SELECT age_from, {_possible()} FROM lives JOIN bands
                   ON age_from < ended - published AND age_until > began - published GROUP BY age_from),
             edges AS MATERIALIZED (
               SELECT l.article, l.published, l.began, l.ended, {_beside("k.id", "max")} AS before,
                      k.id - k.later AS looked
                 FROM watch w CROSS JOIN capture_rows k ON k.id > w.ended - {LIVES[-1]}
                      CROSS JOIN urls u ON u.id = k.url CROSS JOIN lives l ON l.article = u.article
                WHERE NOT l.removed AND k.outcome IN {TELLING_SQL}
                UNION
               SELECT l.article, l.published, l.began, l.ended, {_beside("k.id", "max")}, k.id - k.later
                 FROM lives l CROSS JOIN urls u ON u.article = l.article
                      CROSS JOIN capture_rows k ON k.url = u.id AND k.id > l.ended - {LIVES[-1]}
                WHERE l.removed AND k.outcome IN {TELLING_SQL}
                UNION
               SELECT l.article, l.published, l.began, l.ended, k.id - k.later, {_beside("k.id", "min")}
                 FROM watch w CROSS JOIN capture_rows k ON k.id < w.began CROSS JOIN urls u ON u.id = k.url
                      CROSS JOIN lives l ON l.article = u.article
                WHERE k.outcome IN {TELLING_SQL}),
             outside AS (
               SELECT age_from, {_beyond()} FROM edges CROSS JOIN bands
                   ON age_from < looked - published AND age_until > before - published
                WHERE before IS NOT NULL AND looked IS NOT NULL GROUP BY age_from)
        SELECT b.age_from / {HOUR}.0 AS age_from, nullif(b.age_until, {ENDLESS}) / {HOUR}.0 AS age_until,
               t.lived / {HOUR}.0 AS lived, coalesce({_each("possible")}, 0) / {HOUR}.0 AS possible_hours,
               (coalesce(s.microseconds, 0) - coalesce({_each("beyond")}, 0)) / {HOUR}.0 AS seen_hours,
               (coalesce(s.microseconds, 0) - coalesce({_each("beyond")}, 0)) * 1.0
                   / nullif({_each("possible")}, 0) AS chance
          FROM bands b JOIN lifetimes t LEFT JOIN seen_moments s
                   ON s.age_from = b.age_from / {HOUR} AND s.lived = t.lived / {HOUR}
               LEFT JOIN possible p ON p.age_from = b.age_from LEFT JOIN outside o ON o.age_from = b.age_from
         ORDER BY b.age_from, t.lived"""  # noqa: S608  # constants

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
