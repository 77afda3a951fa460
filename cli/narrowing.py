"""What a question is narrowed to: times, sections, ministries, labels, weights; refused where nothing could answer."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Sequence
from datetime import datetime
from typing import Any

import click

from cli.options import Command, Place
from cli.printing import aside
from crawler.sections import SECTIONS
from crawler.spans import Span, no_time_between, span
from storage import sources
from storage.records import LABELS, WEIGHTS


class Moment(click.ParamType[datetime]):
    """A time in ISO 8601, Korean time when it has no offset. A day, week, month or year alone stands for one instant.

    Args:
        pick: Chooses that instant: its beginning, its end, or the last instant before its end.
    """

    name = "time"

    def __init__(self, pick: Callable[[Span], datetime]) -> None:
        self.pick = pick

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> datetime:
        """Read the time or refuse it."""
        if isinstance(value, datetime):
            return value
        try:
            found = self.pick(span(value))
        except ValueError:
            self.fail(f"{value!r} is no time; write it like 2026-09-15 or 2026-09-15T18:16 (Korean time).", param, ctx)
        if ctx is not None and param is not None:
            ctx.meta[param.opts[0]] = value
        return found


SINCE = Moment(lambda one: one.begin)
"""From this time on; a day alone means from its first instant."""
UNTIL = Moment(lambda one: one.end)
"""Before this time; a day alone means before its end, so that the day is included."""
AT = Moment(lambda one: one.last)
"""At this time; a day alone means its last instant, by which all that came on that day was there."""


def check_narrowing(
    place: Place, db: sqlite3.Connection, since: datetime | None, until: datetime | None, ministries: Sequence[str]
) -> None:
    """Refuse a period in which no time lies, and name ministries of which the archive has nothing.

    Without that word an empty answer would read as if nothing of these ministries had changed.

    Raises:
        SettingsError: The period ends before it begins, or as it begins.
    """
    if since and until and since >= until:
        written = click.get_current_context().meta
        raise no_time_between(f"--since {written['--since']}", f"--until {written['--until']}")
    for name, like in [] if place.quiet else sources.unknown(db, ministries):
        meant = f"; did you mean {', '.join(like)}?" if like else "."
        aside(f"No article of {name} is in this archive{meant}")


IN_SECTIONS = click.option(
    "--section", "sections", multiple=True, type=click.Choice(list(SECTIONS)), help="Of this section."
)
OF_MINISTRIES = click.option(
    "--ministry", "ministries", multiple=True, metavar="M", help="Of this ministry, by name or repCode."
)

_CHANGES = (
    click.option("--since", type=SINCE, help="Changes first seen at or after this time."),
    click.option("--until", type=UNTIL, help="Changes first seen before this time; a day alone is within."),
    IN_SECTIONS,
    OF_MINISTRIES,
    click.option(
        "--label",
        "labels",
        multiple=True,
        type=click.Choice(LABELS),
        metavar="L",
        help="With this label; of several, with all.",
    ),
    click.option("--min-weight", type=click.Choice(WEIGHTS), help="Weighing at least this."),
)


def which_changes(command: Command) -> Command:
    """Give a command the options that say which changes it is asked for, named as in :class:`storage.Query`."""
    for option in reversed(_CHANGES):
        command = option(command)
    return command
