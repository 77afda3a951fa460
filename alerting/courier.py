"""Carries what waits in the outbox: notes before it sends, tries again, and loses nothing when the network is down.

A message is noted as being sent before it is, and as delivered once the service has taken it. Killed between the two,
nobody can know whether it arrived: it is sent again under the same id, and says that it may have come before.
"""

from __future__ import annotations

import json
import sqlite3
import time
from collections.abc import Callable, Iterator, Sequence
from datetime import UTC, datetime
from itertools import chain, groupby

from alerting import messages
from alerting.channel import Channel, Undelivered
from crawler.alert_targets import Target
from diffing.reports.phrases import Words
from storage import about, changes
from storage.change_query import Query
from storage.errors import SettingsError
from storage.outbox import Delivery, Outbox
from storage.records import Change

PAUSES = (1.0, 5.0)
"""Seconds before the second and the third try of a message."""
MOST_MESSAGES = 20
"""Messages of one change each that a target gets in one go; what is more comes in one digest."""


def notice(db: sqlite3.Connection, outbox: Outbox, targets: Sequence[Target], now: datetime) -> None:
    """Queue the changes that no target was asked about yet, for each target that wants them."""
    begun = outbox.begun()
    known = [begun[one.name] for one in targets if one.name in begun]
    if not known:
        return
    since, turn = min(known), changes.last_turn(db)
    articles = _filed_since(db, outbox, since)
    found = changes.keys(db, since, articles)
    fresh = outbox.unnoted(found, articles)
    ids = {found[key].id: key for key in fresh}
    if ids:
        wanted = [
            (target.name, ids[one.id], one.title)
            for target in targets
            for one in _wanted(db, target, list(ids))
            if one.new_first_seen >= datetime.fromisoformat(begun[target.name])
        ]
        outbox.note({key: found[key] for key in fresh}, wanted, now)
    with db:
        about.put(db, "alerts-noted", json.dumps([turn, since, outbox.noted()]))


def _filed_since(db: sqlite3.Connection, outbox: Outbox, since: str) -> list[str] | None:
    """Name the articles of which changes were filed since they were last noted; None where all are to be asked for.

    That is so where the database was made anew, a target begins earlier than those before, or the outbox is an older
    one that was put back.
    """
    last = about.value(db, "alerts-noted")
    if last is None:
        return None
    turn, noted_since, noted = json.loads(last)
    return changes.filed_after(db, turn) if noted_since <= since and noted <= outbox.noted() else None


def _wanted(db: sqlite3.Connection, target: Target, ids: list[str]) -> Iterator[Change]:
    query = Query(
        ids=ids,
        sections=target.sections,
        ministries=target.ministries,
        kinds=target.kinds,
        min_weight=target.min_weight,
    )
    for one in changes.find(db, query):
        compared = one.comparison
        if target.labels and not set(target.labels) & set(compared.labels):
            continue
        if target.disclosures and compared.disclosure not in target.disclosures:
            continue
        if not target.keywords or any(word in text for word in target.keywords for text in _texts(one)):
            yield one


def _texts(change: Change) -> Iterator[str]:
    """Give the title and what was changed; what was kept is no reason to tell of a change."""
    yield change.title
    parts = [one.ops for one in change.comparison.fields] + [one.ops for one in change.comparison.documents]
    for op in chain.from_iterable(parts):
        if op.op != "keep":
            yield from (text for text in (op.old, op.new) if text)


class Courier:
    """Sends what waits.

    Args:
        db: The version database.
        outbox: What waits.
        words: The language.
        max_length: The most characters of a message.
        pauses: Seconds between tries; as many tries as pauses, and one.
    """

    def __init__(
        self,
        db: sqlite3.Connection,
        outbox: Outbox,
        words: Words,
        max_length: int,
        pauses: Sequence[float] = PAUSES,
    ) -> None:
        self._db = db
        self._outbox = outbox
        self._words = words
        self._max_length = max_length
        self._pauses = pauses

    def send(self, targets: Sequence[Target]) -> list[str]:
        """Send to each target what waits for it; give what failed, a sentence each."""
        problems = []
        for target in targets:
            waiting = self._outbox.open(target.name)
            if not waiting:
                continue
            try:
                self._send(target, Channel(target.address()), waiting)
            except (Undelivered, SettingsError) as error:
                problems.append(f"alert {target.name} was not delivered and waits for the next run: {error}")
        return problems

    def _send(self, target: Target, channel: Channel, waiting: list[Delivery]) -> None:
        articles = {changes.article_in(one.key) for one in waiting if one.kind == "change"}
        current = changes.keys(self._db, self._outbox.begun()[target.name], articles)
        gone = [one for one in waiting if one.kind == "change" and one.key not in current]
        self._outbox.withdrawn(gone, datetime.now(UTC))
        for parcel in _parcels([one for one in waiting if one not in gone], target):
            again = parcel[0].state == "sending"
            message = self._outbox.sending(parcel)
            limit = min(self._max_length, channel.limit)
            if parcel[0].kind == "alarm":
                texts = [one.title for one in parcel]
                title, body = messages.of_alarms(texts, self._words, limit, message, again=again)
            else:
                told = changes.find(self._db, Query(ids=[current[one.key].id for one in parcel]))
                title = messages.title_of(told, self._words)
                body = messages.of_changes(told, self._words, limit, message, again=again)
            try:
                self._try(lambda title=title, body=body, message=message: channel.send(title, body, message))  # type: ignore[misc]  # mypy infers no defaults
            except Undelivered as error:
                self._outbox.failed(parcel, str(error))
                raise
            self._outbox.delivered(parcel, datetime.now(UTC))

    def _try(self, send: Callable[[], None]) -> None:
        for pause in self._pauses:
            try:
                send()
            except Undelivered:
                time.sleep(pause)
            else:
                return
        send()


def _parcels(waiting: Sequence[Delivery], target: Target) -> Iterator[list[Delivery]]:
    """Put into messages what waits: first what may have been sent, in the messages in which it was, then alarms."""
    open_ones = sorted((one for one in waiting if one.state == "sending"), key=lambda one: one.message or "")
    for _, parcel in groupby(open_ones, key=lambda one: one.message):
        yield list(parcel)
    alarms = [one for one in waiting if one.state == "waiting" and one.kind == "alarm"]
    if alarms:
        yield alarms
    told = [one for one in waiting if one.state == "waiting" and one.kind == "change"]
    if target.send == "each":
        yield from ([one] for one in told[:MOST_MESSAGES])
        told = told[MOST_MESSAGES:]
    if told:
        yield told
