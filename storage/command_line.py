"""The commands that messages say to run next, so written that they do what is meant when they are pasted."""

from __future__ import annotations

import os
import shlex
import shutil
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any

_TAKE_WORK = frozenset({"export", "rebuild", "verify"})
"""The commands that have ``--work``; the others find the database of an archive elsewhere by ``$GOCHIM_WORK``."""


class _Named(threading.local):
    """What was told of the archive, "" for what was not: to the command that runs, or to what is done in a thread."""

    archive = work = ""


_named = _Named()


def told() -> tuple[str, str]:
    """Give what :func:`naming` was given, for a process that works for this one."""
    return _named.archive, _named.work


@contextmanager
def naming(archive: str, work: str = "") -> Iterator[None]:
    """Let the commands written within name the archive as this one was told it, and where its database stands.

    In the main thread this holds for the threads that are told nothing themselves, too.
    """
    where: Any = _Named if threading.current_thread() is threading.main_thread() else _named
    before = told()
    where.archive, where.work = archive, work
    try:
        yield
    finally:
        where.archive, where.work = before


def gochim(*words: str) -> str:
    """Write a command of this program for a shell: ``gochim verify --repair --archive 'my archive'``.

    Args:
        words: The command and its options; ``--archive`` among them is the one that is meant.
    """
    more: tuple[str, ...] = ()
    archive, work = told()
    if archive and "--archive" not in words:
        # Sentences end behind commands, and "--archive .." would be another directory than "--archive ." is.
        more = ("--archive", f"{archive.rstrip('/')}/" if Path(archive).name in {"", ".."} else archive)
        more += ("--work", work) if work and words[0] in _TAKE_WORK else ()
    return shlex.join((_program(), *words, *more))


def _program() -> str:
    """Name this program as it can be called from here: by its name when it is on the path, else by its place."""
    here = Path(sys.argv[0])
    if here.name != "gochim" or shutil.which("gochim"):
        return "gochim"
    with suppress(FileNotFoundError):  # The directory in which this was started is no longer there.
        return os.path.relpath(here)
    return str(here)
