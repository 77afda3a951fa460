"""One sentence each: what went wrong, where, what to do next. No traceback reaches a user."""

from __future__ import annotations

import errno
import sqlite3

TEMPORARY = " (also for SQLite's temporary files, in $TMPDIR or else /var/tmp)"
"""Where a disk may be full too: SQLite says no more than that one is."""


class GochimError(Exception):
    """A fault that a user can act on. ``exit_code`` is what the command ends with."""

    exit_code = 2


class SettingsError(GochimError):
    """The settings or the command's words are off (exit code 2)."""


class ArchiveDisagrees(GochimError):
    """WARC files, index and database do not agree (exit code 3)."""

    exit_code = 3


class LockHeld(GochimError):
    """Another run holds the archive's lock (exit code 4)."""

    exit_code = 4


class RunEndedEarly(GochimError):
    """The portal was unreachable, the disk full or the run interrupted; what was captured is kept (exit code 5)."""

    exit_code = 5


class WarcError(ArchiveDisagrees):
    """A WARC file is not what the standard or its index says, with file name and byte offset."""


def unwritable(error: sqlite3.Error) -> RunEndedEarly:
    """Give what ends a run whose database cannot be written, from what SQLite said of the disk or of other programs."""
    if tells_of_another(error):
        return RunEndedEarly(
            f"The database is in use by another program ({error}). The WARC files hold all that was captured; wait for "
            "it to end, then run the same command again."
        )
    return RunEndedEarly(
        f"The database cannot be written ({error}). The WARC files hold all that was captured; "
        f"make room{TEMPORARY} or mend the disk, then run the same command again."
    )


def tells_of_another(error: sqlite3.Error) -> bool:
    """Say whether an error comes of another program that holds the database, longer than is waited for."""
    return getattr(error, "sqlite_errorname", "").startswith(("SQLITE_BUSY", "SQLITE_LOCKED"))


def tells_of_damage(error: BaseException | None) -> bool:
    """Say whether an error comes of a database that is damaged, or is no database any more."""
    while error is not None:
        if getattr(error, "sqlite_errorname", "").startswith(("SQLITE_CORRUPT", "SQLITE_NOTADB")):
            return True
        error = error.__cause__
    return False


def tells_of_full_disk(error: BaseException | None) -> bool:
    """Say whether an error comes of a disk, or of a quota, without room."""
    while error is not None:
        if isinstance(error, OSError) and error.errno in {errno.ENOSPC, errno.EDQUOT}:
            return True
        # SQLite says no more of a log or its index that it cannot make than that it cannot open the database.
        if getattr(error, "sqlite_errorname", "").startswith(("SQLITE_FULL", "SQLITE_IOERR", "SQLITE_CANTOPEN")):
            return True
        error = error.__cause__
    return False
