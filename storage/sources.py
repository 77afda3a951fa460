"""Who published what is here, by name as printed or by repCode."""

from __future__ import annotations

import sqlite3
from collections.abc import Sequence

_MOST = 5


def unknown(db: sqlite3.Connection, wanted: Sequence[str]) -> list[tuple[str, list[str]]]:
    """Give those wanted that published nothing, each with the names that it may be short for."""
    known = "SELECT 1 FROM articles WHERE ?1 IN (source, source_code) UNION ALL SELECT 1 FROM changes WHERE source = ?1"
    missing = [one for one in wanted if not db.execute(f"{known} LIMIT 1", (one,)).fetchone()]
    if not missing:
        return []
    rows = db.execute("SELECT source FROM articles WHERE source IS NOT NULL GROUP BY source ORDER BY count(*) DESC")
    names = [name for (name,) in rows]
    return [(one, [name for name in names if _short_for(one, name)][:_MOST]) for one in missing]


def _short_for(short: str, name: str) -> bool:
    """Say whether a name holds the letters of a shorter one in their order: 과기부, 과학기술정보통신부."""
    rest = iter(name)
    return len(short) > 1 and all(letter in rest for letter in short)
