"""The view that tells when each version stood, as far as anyone looked, in stretches between absences."""

from __future__ import annotations

LATER_STEPS = "CREATE INDEX state_steps_later ON state_steps (article, since, state) WHERE step > 1"
"""Of a million articles few were ever absent: what asks for each whether it was finds next to nothing to read."""

_COLUMNS = ("article", "version", "section", "source", "source_code", "published", "title", "url", "content_digest")
_LAST_ABSENT = (
    "SELECT max(x.checked_at) FROM absences x WHERE x.article = v.article AND x.held = '' AND x.checked_at < {}"
)
_NEXT_ABSENT = (
    "SELECT min(s.since) FROM state_steps s WHERE s.article = v.article AND s.since > {} AND s.step > 1"
    " AND s.state IN ('suspect', 'removed')"
)
_NEXT_VERSION = "SELECT n.first_seen FROM versions n WHERE n.article = v.article AND n.version = v.version + 1"
_BEFORE = "SELECT b.last_seen FROM versions b WHERE b.article = v.article AND b.version = v.version - 1"
_LAST_READ = (
    "SELECT max(k.checked_at) FROM checks k WHERE k.article = v.article AND k.version = v.version AND k.checked_at < {}"
)


def _stretches(begun: str, after: str, of: str) -> str:
    """Give the SQL of the stretches that began at ``begun`` and not before ``after``."""
    absent = f"({_NEXT_ABSENT.format(begun)})"
    return f"""SELECT {", ".join(f"v.{one}" for one in _COLUMNS)}, {after} AS began_after, {begun} AS first_seen,
               CASE WHEN v.last_seen < coalesce({absent}, '~') THEN v.last_seen
                    ELSE ({_LAST_READ.format(absent)}) END AS last_seen,
               nullif(min(coalesce(({_NEXT_VERSION}), '~'), coalesce({absent}, '~')), '~') AS ended_before
          FROM {of}"""  # noqa: S608  # made of constants


VERSION_INTERVALS = "CREATE VIEW version_intervals AS " + " UNION ALL ".join(
    (
        _stretches(
            "v.first_seen",
            f"nullif(max(coalesce(({_BEFORE}), ''), coalesce(({_LAST_ABSENT.format('v.first_seen')}), '')), '')",
            "versions v",
        ),
        # It was absent and came back as it was.
        _stretches(
            "r.since",
            f"({_LAST_ABSENT.format('r.since')})",
            "versions v CROSS JOIN state_steps r ON r.article = v.article AND r.step > 1"
            " AND r.state IN ('live', 'restored') AND r.since > v.first_seen AND r.since <= v.last_seen",
        ),
    )
)
"""The SQL of the view ``version_intervals``.

A version began to stand at some time after ``began_after`` and by ``first_seen``. It stood until ``last_seen`` at
least, and ended before ``ended_before``, which is NULL while it stands. One that was absent meanwhile and came back has
a row for each stretch."""
