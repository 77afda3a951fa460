"""What every command shares: where the archive is, how loud to be, how to read an article's name."""

from __future__ import annotations

import os
import sqlite3
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from functools import wraps
from pathlib import Path
from typing import Any, TypeVar

import click

from cli.endings import of_database
from crawler import watch as watching
from crawler.outlook import Rules
from crawler.portal import REAL, Portal
from crawler.setting_checks import is_url
from crawler.watch import Watch
from storage import command_line, elsewhere
from storage.archive import Archive
from storage.cdxj import finished_warcs
from storage.command_line import gochim
from storage.errors import SettingsError, WarcError, tells_of_full_disk
from storage.imports import is_imported
from storage.versions import article_id
from storage.warc_index import run_fields

Command = TypeVar("Command", bound=Callable[..., Any])


@dataclass(slots=True)
class Place:
    """The archive a command works on, and whether it is to keep quiet."""

    archive: Archive
    quiet: bool = False
    _watch: Watch | None = field(default=None, init=False, repr=False)
    _portal: Portal | None = field(default=None, init=False, repr=False)

    def watch(self) -> Watch:
        """Read the settings, once: a command goes by what they said when it first asked."""
        if self._watch is None:
            self._watch = watching.load(self.archive.settings_path)
        return self._watch

    def file(self, named: str) -> Path:
        """Give the path that the settings name: under the archive unless it is absolute, ``~`` is the user's home.

        Raises:
            SettingsError: The archive keeps something of its own there.
        """
        path = self.archive.root / at_home(Path(named), self.archive.settings_path)
        if self.archive.keeps(path):
            raise SettingsError(
                f"{self.archive.settings_path}: {named} is kept by the archive itself, and would be lost. Name another."
            )
        return path

    def rules(self) -> Rules:
        """Give the rules for looking again; the defaults where no settings are left."""
        return Rules.of(self.watch()) if self.archive.settings_path.exists() else Rules()

    def portal(self) -> Portal:
        """Give the address rules of the portal that is watched; where no settings are left, that of the newest run.

        Raises:
            SettingsError: No run of this archive was of the portal that the settings name: none of its captures would
                be an article.
        """
        if self._portal is None:
            self._portal = self._one_portal()
        return self._portal

    def _one_portal(self) -> Portal:
        path = self.archive.settings_path
        runs = _bases(self.archive)
        newest = next(runs, None)
        if not path.exists():
            return Portal(newest or REAL)
        portal = Portal(self.watch().url)
        if newest is not None and portal.base != newest and portal.base not in runs:
            raise SettingsError(
                f"{path}: portal.url is {portal.base}, and the runs of this archive were of {newest}. Write "
                f'url = "{newest}" there, or give the other portal an archive of its own: '
                + gochim("init", "--archive", "another", "--url", portal.base)
            )
        return portal

    def article(self, db: sqlite3.Connection, wanted: str) -> str:
        """Find the article that a user names by id or by any of its addresses."""
        wanted = wanted.strip()
        address = self.portal().address(wanted) if "/" in wanted else None
        return article_id(db, wanted, address.article if address else None)


def _bases(archive: Archive) -> Iterator[str]:
    """Give the portals that the runs of this archive were of, as their WARC files tell, the newest first."""
    for path in reversed(finished_warcs(archive)):
        if is_imported(path):
            continue
        with suppress(WarcError):  # verify says where it breaks
            told = run_fields(path)
            # A file of another program, which somebody put there, is of no run.
            if told.get("software", "").startswith("gochim/") and is_url(told.get("portal")) is None:
                yield Portal(told["portal"]).base


def at_home(path: Path, named_in: Path | str) -> Path:
    """Give a path with the user's home for its ``~``.

    Raises:
        SettingsError: It has one, and this user has no home, as under a number that no name belongs to.
    """
    try:
        return path.expanduser()
    except RuntimeError as error:
        raise SettingsError(
            f"{named_in}: there is no home for {path} ({error}). Write the whole path, or set HOME."
        ) from error


class ArchivePath(click.Path):
    """A directory, or the address of an archive that lies elsewhere, which is only read: ``s3://bucket/archive``."""

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> Any:
        """Read the name or refuse it."""
        if isinstance(value, str) and elsewhere.is_address(value):
            return elsewhere.at(value)
        return super().convert(value, param, ctx)


class MadePath(click.Path):
    """What a command is to make: on this machine, and never at an address, which would name a directory ``s3:``."""

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> Any:
        """Read the name or refuse it."""
        if isinstance(value, str) and elsewhere.is_address(value):
            self.fail(f"{value} is an address, and this is made on this machine. Copy it there afterwards.", param, ctx)
        return super().convert(value, param, ctx)


ARCHIVE = ArchivePath(file_okay=False, path_type=Path)
directory_option = click.option(
    "--archive",
    "directory",
    metavar="DIR",
    type=ARCHIVE,
    help="The archive (default: $GOCHIM_ARCHIVE, else ./archive).",
)
quiet_option = click.option("-q", "--quiet", is_flag=True, help="Print nothing unless something changed or went wrong.")

_READ_ELSEWHERE = frozenset("rebuild verify parquet cdxj changes history show diff search report status".split())
"""Commands that write nothing where the WARC files stand, and hand no path of them to other programs."""


def from_here(path: Path) -> Path:
    """Give the path that a user named, or a default, as it is; nothing is under a directory that was deleted.

    Raises:
        SettingsError: It begins at the directory in which this was started, and that one is no longer there.
    """
    try:
        path.absolute()
    except FileNotFoundError as error:
        raise SettingsError(
            "the directory in which this was started is no longer there. Go to one that is (cd), and run it again, or "
            f"give the whole path instead of {path}."
        ) from error
    return path


def _archive(root: Path, work: Path | None) -> Archive:
    """Give the archive; one that lies elsewhere needs a directory of this machine for what is made from it."""
    name = click.get_current_context().info_name or ""
    if not elsewhere.is_elsewhere(root):
        if work is not None:
            raise SettingsError(f"--work is for an archive that lies elsewhere; {root} keeps its database itself.")
        return Archive(from_here(root), deed=name)
    if name not in _READ_ELSEWHERE:
        raise SettingsError(
            f"{root} is only read, and {_typed()} needs an archive that is a directory. Copy it here first."
        )
    directory = work or os.environ.get("GOCHIM_WORK")
    taken = any(one.name == "work" for one in click.get_current_context().command.params)
    by = "--work or $GOCHIM_WORK" if taken else "$GOCHIM_WORK"
    if not directory:
        raise SettingsError(f"{root} is only read. Name a directory of this machine for its database with {by}.")
    made = Path(directory)
    if (made / "warc").exists():
        raise SettingsError(f"{made} is an archive of its own. Name another directory with {by}.")
    try:
        made.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise SettingsError(f"{made} cannot be made ({error.strerror}). Name another directory with {by}.") from error
    return Archive(root, made, name)


def _typed() -> str:
    """Give the words of the command that is running, after ``gochim``: ``export wacz``."""
    words: list[str] = []
    running: click.Context | None = click.get_current_context()
    while running is not None and running.parent is not None:
        words.insert(0, running.info_name or "")
        running = running.parent
    return " ".join(words)


def _require_free(archive: Archive, values: dict[str, Any]) -> None:
    """Refuse to make anything where the archive keeps its own.

    Raises:
        SettingsError: It would be lost.
    """
    for one in click.get_current_context().command.params:
        path = values.get(one.name or "")
        if not isinstance(one.type, MadePath) or path is None or str(path) == "-":
            continue
        if archive.keeps(from_here(Path(path))):
            raise SettingsError(
                f"{path} is kept by the archive itself, and would be lost. Choose another place with {one.opts[0]}."
            )


@contextmanager
def _naming(directory: Path) -> Iterator[None]:
    """Say where a disk is that refuses: what fails while an open file is written tells no name."""
    try:
        yield
    except sqlite3.Error as error:
        raise of_database(error) from error  # While it is known which archive the command names.
    except OSError as error:
        if error.filename is None and tells_of_full_disk(error):
            error.filename = str(directory)
        raise


def _told_before(name: str) -> Any:
    """Give what an option was given before the command's name, or before that of its group: the nearest one counts."""
    context = click.get_current_context().parent
    while context is not None:
        if given := context.params.get(name):
            return given
        context = context.parent
    return None


def archive_option(command: Command) -> Command:
    """Give a command ``--archive`` and ``-q``, and hand it the :class:`Place` they name as first argument."""

    @directory_option
    @quiet_option
    @wraps(command)
    def wrapped(directory: Path | None, quiet: bool, **values: Any) -> Any:  # noqa: FBT001
        told = directory or _told_before("directory")
        chosen = told
        if chosen is None:
            chosen = ARCHIVE.convert(os.environ.get("GOCHIM_ARCHIVE") or "archive", None, None)
        work = values.pop("work", None)
        with command_line.naming(str(told or ""), str(work or "")):
            archive = _archive(chosen, work)
            _require_free(archive, values)
            with elsewhere.reached(archive.root), _naming(archive.work):
                return command(Place(archive, quiet or bool(_told_before("quiet"))), **values)

    return wrapped  # type: ignore[return-value]  # click keeps the command's own signature


RECORDS = ("text", "json", "jsonl", "csv")
"""How a command prints a list: for a person, as one document, a document a line, or a table."""
DOCUMENT = ("text", "json", "jsonl")
"""How a command prints one thing: for a person, as a document, or as a document on one line."""


def workers_option(command: Command) -> Command:
    """Give a command ``--workers``, the processes of this machine that read beside each other."""
    return click.option(
        "--workers", type=click.IntRange(1, 64), default=1, show_default=True, metavar="N", help="Processes that read."
    )(command)


def cluster_options(command: Command) -> Command:
    """Give a command ``--cluster``, the workers that read WARC files, and ``--work``; it is handed the first."""
    command = click.option(
        "--work",
        metavar="DIR",
        type=MadePath(file_okay=False, path_type=Path),
        help="Where the database of an archive elsewhere (--archive s3://...) stands (default: $GOCHIM_WORK).",
    )(command)
    return click.option(
        "--cluster", metavar="ADDRESS", help="Have WARC files read by this Dask scheduler's workers (tcp://host:8786)."
    )(command)


def format_option(*formats: str) -> Callable[[Command], Command]:
    """Give a command ``--format`` with these choices, the first of them the default."""
    return click.option(
        "--format", "style", type=click.Choice(formats), default=formats[0], show_default=True, help="How to print it."
    )


def require_version(number: int, versions: dict[int, Any], article: str) -> None:
    """Refuse the number of a version that the article does not have.

    Raises:
        SettingsError: There is no such version; the message says which there are.
    """
    if number not in versions:
        have = f"1 to {max(versions)}" if len(versions) > 1 else "only version 1"
        see = gochim("history", article)
        raise SettingsError(f"Article {article} has no version {number}; it has {have}. See: {see}")
