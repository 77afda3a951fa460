"""How a command ends when something goes wrong: one sentence that a user can act on, and an exit code."""

from __future__ import annotations

import sqlite3

import click

from cli.interruption import EXIT_CODE, INTERRUPTED
from storage.command_line import gochim
from storage.errors import GochimError, RunEndedEarly, SettingsError, tells_of_another, tells_of_full_disk, unwritable

NO_MEMORY = (
    "there is not enough memory, or fewer processes are allowed than it takes (ulimit -v, ulimit -u). Allow more, or "
    "end other programs, and run the command again; nothing captured is lost."
)


def ending(error: BaseException) -> tuple[str, int] | None:
    """Give the sentence and the exit code for an error; None for a fault of the program, which nobody foresaw."""
    match error:
        case click.exceptions.Abort() | KeyboardInterrupt():
            return INTERRUPTED, EXIT_CODE
        case click.ClickException():
            code = error.exit_code if error.exit_code != 1 else SettingsError.exit_code
            return error.format_message(), code
        case GochimError():
            return str(error), error.exit_code
        case sqlite3.Error():
            return ending(of_database(error))
        case OSError():
            where = f"{error.filename}: " if error.filename else ""
            why = error.strerror or error
            return f"{where}{why}. Mend that and run the command again; nothing captured is lost.", 5
        case MemoryError():
            return NO_MEMORY, 5
        case RuntimeError() if str(error) == "can't start new thread":  # it had no memory for its stack
            return NO_MEMORY, 5
    return None


def of_database(error: sqlite3.Error) -> RunEndedEarly:
    """Say what SQLite refused, and what to do."""
    if tells_of_another(error) or tells_of_full_disk(error):
        return unwritable(error)
    return RunEndedEarly(
        f"the database cannot be used ({error}). Run the command again, or make it anew: {gochim('rebuild')}"
    )


def exit_code(error: BaseException | None) -> int:
    """Give the exit code of a command that ended with an error, or with none."""
    if error is None:
        return 0
    if isinstance(error, SystemExit):
        return error.code if isinstance(error.code, int) else int(error.code is not None)
    told = ending(error)
    return told[1] if told else 1
