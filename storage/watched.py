"""Sums up, as looks are filed, the hours in which an edit would have been seen, by the article's age at that time.

An edit that comes between two looks is seen if it stands until the second one. So the sums are kept for several lengths
of life: for edits that stand an hour, six hours and so on. They count some time too much: time before the watch began,
and time so short ago that an edit's life is not over yet. The view ``seen_chances`` takes that off again; few looks are
touched by it.
"""

from __future__ import annotations

import sqlite3
from collections import defaultdict
from collections.abc import Iterable, Sequence
from itertools import pairwise

from storage.ages import AGES, HOUR, LIVED, PUBLISHED_SQL
from storage.records import TELLING

_NAMES = ", ".join(f"'{one}'" for one in sorted(TELLING))
TELLING_SQL = f"(SELECT id FROM outcomes WHERE outcome IN ({_NAMES}))"  # noqa: S608  # made of constants
"""The SQL of the ids of :data:`storage.records.TELLING`."""
PUBLISHED = f"CAST(round(3600 * {PUBLISHED_SQL}) AS INTEGER) * 1000000"
"""The SQL of when an article ``a`` was published, in microseconds since 1970."""
ENDLESS = 1_000_000_000 * HOUR
"""Where the last band of age ends."""
BANDS = [(int(low) * HOUR, int(high) * HOUR) for low, high in zip(AGES, (*AGES[1:], ENDLESS // HOUR), strict=True)]
LIVES = [int(lived) * HOUR for lived in LIVED]

_TIMES = (
    "SELECT k.id - k.later AS at FROM urls u CROSS JOIN capture_rows k ON k.url = u.id WHERE u.article = ?"  # noqa: S608
    f" AND k.outcome IN {TELLING_SQL}"
)

_TIME = "SELECT id - later AS at FROM capture_rows WHERE id = ?"


def seen_sql(lived: int) -> str:
    """Give the SQL of how long, between two looks (``before``, ``looked``), an edit could have come and been seen.

    Args:
        lived: For how long the edit stands, in microseconds.
    """
    return f"max(0, min(looked, published + age_until) - max(before, looked - {lived}, published + age_from))"


_VALUES = ", ".join(f"({low}, {high})" for low, high in BANDS)
FROM_ALL_LOOKS = f"""
    WITH bands(age_from, age_until) AS (VALUES {_VALUES}),
         looks AS (
           SELECT {PUBLISHED} AS published, k.id - k.later AS looked,
                  lag(k.id - k.later) OVER (PARTITION BY a.article ORDER BY k.id - k.later) AS before
             FROM articles a CROSS JOIN urls u ON u.article = a.article CROSS JOIN capture_rows k ON k.url = u.id
            WHERE k.outcome IN {TELLING_SQL}),
         seen AS MATERIALIZED (
           SELECT age_from, {", ".join(f"sum({seen_sql(lived)}) AS lived{n}" for n, lived in enumerate(LIVES))}
             FROM looks CROSS JOIN bands ON age_from < looked - published AND age_until > before - published
            WHERE before IS NOT NULL GROUP BY age_from)
    {
    " UNION ALL ".join(
        f"SELECT age_from / {HOUR} AS age_from, {lived // HOUR} AS lived, lived{n} AS microseconds FROM seen"
        for n, lived in enumerate(LIVES)
    )
}"""  # noqa: S608  # made of constants
"""The SQL of what ``seen_moments`` must hold, from all looks at once; m016 fills it so (``storage/migrations``)."""


def published(db: sqlite3.Connection, article: str) -> int | None:
    """Give when an article was published, in microseconds since 1970; None of one that was never read."""
    row = db.execute(f"SELECT {PUBLISHED} FROM articles a WHERE article = ?", (article,)).fetchone()  # noqa: S608
    return int(row[0]) if row else None


def add(db: sqlite3.Connection, article: str, known: tuple[int | None, int | None], looked: Sequence[int]) -> None:
    """Sum up looks that were filed after all others of an article.

    Args:
        db: The version database, the looks and the article's row filed.
        article: Its id.
        known: When it was published as far as was known before, and as far as is known now, in microseconds;
            None when it was never read.
        looked: The numbers of their captures, oldest first, of those alone that show how the article stands.
    """
    was, now = known
    if now is None:
        return
    if now != was:
        times = _times(db, article)
        if was is not None:
            _sum(db, pairwise(times[: len(times) - len(looked)]), was, -1)
        _sum(db, pairwise(times), now)
    elif looked:
        (before,) = db.execute(
            f"SELECT max(at) FROM ({_TIMES} AND k.id < ? ORDER BY k.id DESC LIMIT 1)",  # noqa: S608
            (article, looked[0]),
        ).fetchone()
        times = [db.execute(_TIME, (number,)).fetchone()["at"] for number in looked]
        _sum(db, pairwise(times if before is None else [before, *times]), now)


def add_all(db: sqlite3.Connection, article: str) -> None:
    """Sum up all looks at an article."""
    if (known := published(db, article)) is not None:
        _sum(db, pairwise(_times(db, article)), known)


def take_back(db: sqlite3.Connection, article: str) -> None:
    """Take all looks at an article out of the sums, before any of them is taken back."""
    if (known := published(db, article)) is not None:
        _sum(db, pairwise(_times(db, article)), known, -1)


def agrees(db: sqlite3.Connection) -> bool:
    """Say whether the sums are those of all looks; every look is read for it."""
    kept = "SELECT age_from, lived, microseconds FROM seen_moments WHERE microseconds <> 0"
    made = f"SELECT * FROM ({FROM_ALL_LOOKS}) WHERE microseconds <> 0"  # noqa: S608
    return {tuple(row) for row in db.execute(kept)} == {tuple(row) for row in db.execute(made)}


def _times(db: sqlite3.Connection, article: str) -> list[int]:
    return [row["at"] for row in db.execute(f"{_TIMES} ORDER BY at", (article,))]


def _sum(db: sqlite3.Connection, pairs: Iterable[tuple[int, int]], published: int, sign: int = 1) -> None:
    """Add to the sums, or with ``sign`` -1 take from them, what pairs of looks show; :func:`seen_sql` in Python."""
    sums: dict[tuple[int, int], int] = defaultdict(int)
    for before, looked in pairs:
        for low, high in BANDS:
            if low >= looked - published:
                break
            if high <= before - published:
                continue
            for lived in LIVES:
                moments = min(looked, published + high) - max(before, looked - lived, published + low)
                if moments > 0:
                    sums[low, lived] += moments
    db.executemany(
        "INSERT INTO seen_moments VALUES (?,?,?)"
        " ON CONFLICT DO UPDATE SET microseconds = microseconds + excluded.microseconds",
        ((low // HOUR, lived // HOUR, sign * moments) for (low, lived), moments in sorted(sums.items())),
    )
