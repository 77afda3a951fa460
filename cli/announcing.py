"""What every run does about alerts: note what is new, see what is wrong with the watch, send, and ping."""

from __future__ import annotations

import sqlite3
import time
from collections.abc import Callable
from contextlib import closing
from datetime import UTC, datetime

from cli import condition
from cli.journal import say
from cli.options import Place
from crawler.watch import Watch, software
from storage import runs, versions
from storage.errors import GochimError
from storage.outbox import Outbox

LOCK = "alerts.lock"


def before_run(place: Place, db: sqlite3.Connection) -> None:
    """Let new targets begin, and note how long there was no run."""
    watch = place.watch()
    if watch.targets:
        _guarded(lambda: _look(place, db, watch))


def after_run(place: Place, db: sqlite3.Connection, *, well: bool) -> None:
    """Queue and send what is to be told, and ping when the run went well; whatever fails is said and ends no run."""
    watch = place.watch()
    if watch.targets:
        _guarded(lambda: announce(place, db, watch))
    if well and watch.alerts_ping:
        _ping(watch.alerts_ping)


def announce(place: Place, db: sqlite3.Connection, watch: Watch) -> int:
    """Queue what is new, see what is wrong, and send what waits; give how many targets did not take it, each is said.

    Raises:
        LockHeld: Another process sends at this moment.
    """
    # What tells anybody anything loads the texts of reports; a run that is to tell nobody does without.
    from alerting.courier import Courier, notice
    from diffing.reports.phrases import Words

    with place.archive.locked(LOCK), closing(Outbox(place.archive.alerts_path)) as outbox:
        now = datetime.now(UTC)
        outbox.begin((one.name for one in watch.targets), now)
        notice(db, outbox, watch.targets, now)
        _note_alarms(place, db, watch, outbox, now)
        problems = Courier(db, outbox, Words(watch.alerts_language), watch.alerts_max_length).send(watch.targets)
    for problem in problems:
        say(f"gochim: {problem}")
    return len(problems)


def _look(place: Place, db: sqlite3.Connection, watch: Watch) -> None:
    with closing(Outbox(place.archive.alerts_path)) as outbox:
        now = datetime.now(UTC)
        outbox.begin((one.name for one in watch.targets), now)
        _note_alarms(place, db, watch, outbox, now)


def _note_alarms(place: Place, db: sqlite3.Connection, watch: Watch, outbox: Outbox, now: datetime) -> None:
    begun = outbox.begun()
    told = [one.name for one in watch.targets if one.alarms]
    first = min((datetime.fromisoformat(begun[one.name]) for one in watch.targets), default=None)
    outbox.alarm(current_alarms(place, db, watch, first, now), told, now)


def current_alarms(
    place: Place, db: sqlite3.Connection, watch: Watch, begun: datetime | None, now: datetime
) -> dict[str, tuple[str, str]]:
    """Give the alarms there are; where no run ended well yet, the watch counts from ``begun`` or the first run."""
    from alerting.alarms import Thresholds, alarms
    from diffing.reports.phrases import Words

    counted_from = min(filter(None, (begun, runs.first_begun(db))), default=None)
    return alarms(
        condition.condition(place, db),
        versions.articles_by_section(db),
        runs.last_ended(db) or counted_from,
        now,
        Thresholds(watch.alerts_silent_hours, watch.alerts_blind_share),
        Words(watch.alerts_language),
    )


def _guarded(deed: Callable[[], object]) -> None:
    try:
        deed()
    except (GochimError, sqlite3.Error, OSError) as error:
        say(f"gochim: alerts wait for the next run: {error}")


def _ping(address: str) -> None:
    """Ask the address of a service that alarms when it is not asked, three times at most."""
    from http.client import HTTPException
    from urllib.error import HTTPError, URLError
    from urllib.request import Request, urlopen

    for pause in (1, 3, 0):
        try:
            with urlopen(Request(address, headers={"User-Agent": software()}), timeout=10) as answer:  # noqa: S310  # checked: http or https
                answer.read(1024)
        except (URLError, OSError, ValueError, HTTPException) as error:
            problem = type(error).__name__
            if isinstance(error, HTTPError):
                error.close()  # It is the answer, too.
            time.sleep(pause)
        else:
            return
    say(f"gochim: the address of alerts.ping did not answer ({problem}).")
