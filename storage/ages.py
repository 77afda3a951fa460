"""The bands of an article's age, and the SQL of its times in hours since 1970."""

from __future__ import annotations

AGES = (0.0, 1.0, 3.0, 12.0, 24.0, 72.0, 168.0, 720.0, 8760.0)
"""Where the bands of age since publication begin, in hours; the last has no end."""
HOUR = 3_600_000_000
"""Microseconds."""
LIVED = (1.0, 6.0, 24.0, 72.0)
"""For how many hours of an edit's life it is told whether it was seen."""


def hours_sql(column: str) -> str:
    """Give the SQL of a time as hours since 1970."""
    return f"CAST(strftime('%s', {column}) AS INTEGER) / 3600.0"


# A day alone is nine o'clock in Korea, which is what SQLite makes of it; an article seen on that day already was
# published no later than that.
PUBLISHED_SQL = (
    f"coalesce(CASE WHEN length(a.published) = 10 AND date(a.first_seen, '+9 hours') = a.published"
    f" THEN {hours_sql('a.first_seen')} ELSE min({hours_sql('a.published')}, {hours_sql('a.first_seen')}) END,"
    f" {hours_sql('a.first_seen')})"
)
"""The SQL of when an article ``a`` was published: the portal's word, or the first look where that was earlier."""
