"""What every command shares: where the archive is, how loud to be, how to read a time and an article's name."""

from __future__ import annotations

import os
import sqlite3
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from functools import wraps
from pathlib import Path
from typing import Any, TypeVar

import click

from crawler import watch as watching
from crawler.cleaning import KST
from crawler.portal import REAL, Portal
from crawler.revisits import Rules
from crawler.watch import Watch
from storage.archive import Archive
from storage.errors import SettingsError
from storage.versions import article_id

Command = TypeVar("Command", bound=Callable[..., Any])


@dataclass(slots=True)
class Place:
    """The archive a command works on, and whether it is to keep quiet."""

    archive: Archive
    quiet: bool = False

    def watch(self) -> Watch:
        """Read the settings."""
        return watching.load(self.archive.settings_path)

    def file(self, named: str) -> Path:
        """Give the path that the settings name: under the archive unless it is absolute, ``~`` is the user's home."""
        return self.archive.root / Path(named).expanduser()

    def rules(self) -> Rules:
        """Give the rules for looking again; the defaults where no settings are left."""
        return Rules.of(self.watch()) if self.archive.settings_path.exists() else Rules()

    def portal(self) -> Portal:
        """Give the portal's address rules; those of the real one where no settings are left."""
        if not self.archive.settings_path.exists():
            return Portal(REAL)
        return Portal(self.watch().url)

    def article(self, db: sqlite3.Connection, wanted: str) -> str:
        """Find the article that a user names by id or by any of its addresses."""
        address = self.portal().address(wanted) if "/" in wanted else None
        return article_id(db, wanted, address.article if address else None)


def archive_option(command: Command) -> Command:
    """Give a command ``--archive`` and ``-q``, and hand it the :class:`Place` they name as first argument."""

    @click.option(
        "--archive",
        "directory",
        metavar="DIR",
        type=click.Path(file_okay=False, path_type=Path),
        help="The archive (default: $GOCHIM_ARCHIVE, else ./archive).",
    )
    @click.option("-q", "--quiet", is_flag=True, help="Print nothing unless something changed or went wrong.")
    @wraps(command)
    def wrapped(directory: Path | None, quiet: bool, **values: Any) -> Any:  # noqa: FBT001
        given = click.get_current_context().find_root().params
        chosen = directory or given.get("directory") or Path(os.environ.get("GOCHIM_ARCHIVE") or "archive")
        return command(Place(Archive(chosen), quiet or bool(given.get("quiet"))), **values)

    return wrapped  # type: ignore[return-value]  # click keeps the command's own signature


class Moment(click.ParamType[datetime]):
    """A time: ISO 8601, Korean time when it has no offset; a day alone is its first instant."""

    name = "time"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> datetime:
        """Read the time or refuse it."""
        if isinstance(value, datetime):
            return value
        try:
            moment = datetime.fromisoformat(value)
        except ValueError:
            self.fail(f"{value!r} is no time; write it like 2026-09-15 or 2026-09-15T18:16 (Korean time).", param, ctx)
        return moment if moment.tzinfo else moment.replace(tzinfo=KST)


MOMENT = Moment()


RECORDS = ("text", "json", "jsonl", "csv")
"""How a command prints a list: for a person, as one document, a document a line, or a table."""
DOCUMENT = ("text", "json", "jsonl")
"""How a command prints one thing: for a person, as a document, or as a document on one line."""


def format_option(*formats: str) -> Callable[[Command], Command]:
    """Give a command ``--format`` with these choices, the first of them the default."""
    return click.option(
        "--format", "style", type=click.Choice(formats), default=formats[0], show_default=True, help="How to print it."
    )


def weigh(number: int, versions: dict[int, Any], article: str) -> None:
    """Refuse a version number that the article does not have."""
    if number not in versions:
        have = f"1 to {max(versions)}" if len(versions) > 1 else "only version 1"
        raise SettingsError(f"Article {article} has no version {number}; it has {have}. See: gochim history {article}")


def local(moment: datetime) -> str:
    """Print a time for a person, in Korean time, to the second."""
    return f"{moment.astimezone(KST):%Y-%m-%d %H:%M:%S}"
