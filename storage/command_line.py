"""The commands that messages say to run next, so written that they do what is meant when they are pasted."""

from __future__ import annotations

import os
import shlex
import shutil
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

_TAKE_WORK = frozenset({"export", "rebuild", "verify"})
"""The commands that have ``--work``; the others find the database of an archive elsewhere by ``$GOCHIM_WORK``."""


class _Named:
    """What the command that runs was told of its archive, "" for what it was not."""

    archive = work = ""


@contextmanager
def naming(archive: str, work: str = "") -> Iterator[None]:
    """Let the commands written within name the archive as this one was told it, and where its database stands."""
    before = _Named.archive, _Named.work
    _Named.archive, _Named.work = archive, work
    try:
        yield
    finally:
        _Named.archive, _Named.work = before


def gochim(*words: str) -> str:
    """Write a command of this program for a shell: ``gochim verify --repair --archive 'my archive'``.

    Args:
        words: The command and its options; ``--archive`` among them is the one that is meant.
    """
    more: tuple[str, ...] = ()
    if _Named.archive and "--archive" not in words:
        more = ("--archive", _Named.archive)
        more += ("--work", _Named.work) if _Named.work and words[0] in _TAKE_WORK else ()
    return shlex.join((_program(), *words, *more))


def _program() -> str:
    """Name this program as it can be called from here: by its name when it is on the path, else by its place."""
    here = Path(sys.argv[0])
    if here.name != "gochim" or shutil.which("gochim"):
        return "gochim"
    return os.path.relpath(here)
