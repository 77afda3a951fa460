"""Which changes are wanted, and the SQL that picks them."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from storage.records import WEIGHTS, iso
from storage.spellings import spellings


@dataclass(frozen=True, slots=True)
class Query:
    """Which changes are wanted; None and empty want all.

    ``since`` and ``until`` are aware and bound ``new_first_seen`` (at or after, before). A ministry is its name as
    printed or its repCode, in the version that the change led to. Any of several sections, ministries, articles, kinds,
    ids or disclosures will do; of several labels a change must bear all. A keyword stands in the title or in words
    that were added, deleted or replaced, its figures spaced in any way.
    """

    since: datetime | None = None
    until: datetime | None = None
    sections: Sequence[str] = ()
    ministries: Sequence[str] = ()
    articles: Sequence[str] = ()
    kinds: Sequence[str] = ()
    labels: Sequence[str] = ()
    min_weight: str | None = None
    weights: Sequence[str] = ()
    ids: Sequence[str] = ()
    disclosures: Sequence[str] = ()
    keyword: str | None = None


TOUCHED = (
    "EXISTS (SELECT 1 FROM json_each(?) k WHERE instr(title, k.value)"
    " OR EXISTS (SELECT 1 FROM json_each(fields) f, json_each(f.value, '$.ops') o"
    " WHERE o.value ->> 'op' <> 'keep' AND (instr(o.value ->> 'old', k.value) OR instr(o.value ->> 'new', k.value))))"
)
"""Whether one of a JSON list of spellings stands in a change's title or in a passage that it touched."""

OF_MINISTRIES = (
    "EXISTS (SELECT 1 FROM versions v JOIN json_each(?) m ON m.value IN (v.source, v.source_code)"
    " WHERE v.article = change_detail.article"
    " AND v.version = coalesce(change_detail.to_version, change_detail.from_version))"
)
"""Whether a change is of an article of one of the ministries that a JSON list names, by name or repCode."""


def conditions(query: Query) -> tuple[str, list[Any]]:
    """Give the SQL condition, over ``change_detail``, of the changes that are wanted, and its values."""
    parts, values = ["1"], list[Any]()

    def among(column: str, wanted: Sequence[str]) -> None:
        if wanted:
            # One parameter, however many there are: SQLite takes no more than 32,766.
            parts.append(f"{column} IN (SELECT value FROM json_each(?))")  # noqa: S608
            values.append(json.dumps(list(wanted)))

    if query.since:
        parts.append("new_first_seen >= ?")
        values.append(iso(query.since))
    if query.until:
        parts.append("new_first_seen < ?")
        values.append(iso(query.until))
    among("section", query.sections)
    among("kind", query.kinds)
    among("id", query.ids)
    among("article", query.articles)
    if query.ministries:
        parts.append(OF_MINISTRIES)
        values.append(json.dumps(list(query.ministries)))
    for label in query.labels:
        parts.append("id IN (SELECT change FROM change_labels WHERE label = ?)")
        values.append(label)
    among("disclosure", query.disclosures)
    among("weight", query.weights)
    if query.keyword:
        parts.append(TOUCHED)
        values.append(json.dumps(spellings(query.keyword)))
    if query.min_weight:
        among("weight", WEIGHTS[WEIGHTS.index(query.min_weight) :])
    return " AND ".join(parts), values
