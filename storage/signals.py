"""What the publisher itself says of an article's edits, as the open API told it: how often, when, in what state."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable
from dataclasses import astuple, dataclass, fields
from datetime import datetime

from storage.records import Told


@dataclass(frozen=True, slots=True)
class Signal:
    """One article in one answer of the open API. Times are ISO 8601 with ``+09:00``; None where the answer has none.

    Attributes:
        news_item: The publisher's number of it (``NewsItemId``).
        article: The article's id, None when its address is none of the portal's.
        url: Its address, in filing form, else as the answer gives it.
        modify_id: 1 at first, one more at each change.
        contents_status: ``I`` as first given out, ``U`` changed.
        grouping_code: What kind of article it is (``policy``, ``brief`` ...).
        source: The ministry's name.
    """

    news_item: str
    article: str | None
    url: str | None
    modify_id: int | None
    modify_date: str | None
    approve_date: str | None
    embargo_date: str | None
    contents_status: str | None
    grouping_code: str | None
    title: str
    source: str | None


_COLUMNS = tuple(one.name for one in fields(Signal))
_INSERT = (
    f"INSERT INTO publisher_signals (capture, position, {', '.join(_COLUMNS)})"  # noqa: S608 - the columns are ours
    f" VALUES ({', '.join('?' * (len(_COLUMNS) + 2))}) ON CONFLICT (capture, position) DO NOTHING"
)

_COMPARE_ANEW = (
    "INSERT INTO to_compare SELECT DISTINCT h.article, 1 FROM publisher_signals s JOIN changes h USING (article)"
)
_ANEW = " ON CONFLICT (article) DO UPDATE SET anew = 1"


def add(db: sqlite3.Connection, capture: int, reader: str, signals: Iterable[Signal]) -> None:
    """File what one answer, the capture of this id, said, and by which reader it was read.

    Changes filed of these articles are found again: a verdict on disclosure rests on all that was ever told, in
    whichever order it was filed, as it does after a rebuild.
    """
    db.execute("INSERT OR REPLACE INTO api_answers VALUES (?, ?)", (capture, reader))
    db.executemany(_INSERT, ((capture, position, *astuple(one)) for position, one in enumerate(signals)))
    db.execute(f"{_COMPARE_ANEW} WHERE s.capture = ?{_ANEW}", (capture,))


def forget_other_readers(db: sqlite3.Connection, reader: str) -> None:
    """Take out what another reader read of answers; they are read anew."""
    db.execute(
        f"{_COMPARE_ANEW} JOIN api_answers a USING (capture) WHERE a.reader <> ?{_ANEW}",
        (reader,),
    )
    db.execute("DELETE FROM api_answers WHERE reader <> ?", (reader,))


def told(db: sqlite3.Connection, article: str) -> list[Told]:
    """Give what every answer said of an article's edits, in the order in which they were asked for."""
    rows = db.execute(
        "SELECT c.captured_at, s.modify_id, s.modify_date FROM publisher_signals s JOIN captures c ON c.id = s.capture"
        " WHERE s.article = ? ORDER BY c.captured_at, c.warc, c.offset, s.position",
        (article,),
    )
    return [Told(datetime.fromisoformat(row["captured_at"]), row["modify_id"], row["modify_date"]) for row in rows]


def newest(db: sqlite3.Connection, article: str) -> Signal | None:
    """Give the signal with the highest ``modify_id`` that any answer held for an article."""
    row = db.execute(
        f"SELECT {', '.join(_COLUMNS)} FROM publisher_signals WHERE article = ?"  # noqa: S608 - the columns are ours
        " ORDER BY modify_id DESC, modify_date DESC, capture DESC LIMIT 1",
        (article,),
    ).fetchone()
    return Signal(*row) if row else None
