"""The log that runs leave in a file when ``[log] file`` names one, kept small by Python's own rotating handlers.

What a run says to a person stands in it too, with the time before each line; a file that cannot be written is said
once and ends no run.
"""

from __future__ import annotations

import logging
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from logging.handlers import RotatingFileHandler, TimedRotatingFileHandler

from cli import streams
from cli.endings import ending, exit_code
from cli.options import Place
from cli.printing import aside
from cli.streams import clean
from crawler.watch import Watch, software
from storage.records import KST

_log = logging.getLogger("gochim")
_log.propagate = False  # what it says was said on standard error already
_log.addHandler(logging.NullHandler())  # without one, Python would say it there once more
_WHEN = {"day": "midnight", "week": "W0"}


def say(text: str) -> None:
    """Say on standard error what is wrong, and in the log."""
    aside(text)
    _log.warning("%s", text.removeprefix("gochim: "))


def note(text: str, *, aloud: bool = False) -> None:
    """Note what a run did in the log, and with ``aloud`` say it on standard error."""
    if aloud:
        aside(text)
    _log.info("%s", text)


@contextmanager
def kept(place: Place) -> Iterator[None]:
    """Keep the log of a run; call it under the archive's lock, as two runs must not turn one file over."""
    watch = place.watch()
    if not watch.log_file:
        yield
        return
    streams.warn_on_stderr()
    handler = _handler(place, watch)
    handler.setFormatter(_Line("%(asctime)s [%(process)d] %(levelname)s %(message)s"))
    handler.addFilter(lambda record: record.name == _log.name or record.levelno >= logging.WARNING)
    _log.setLevel(logging.INFO)
    loggers = _log, logging.getLogger()
    for one in loggers:
        one.addHandler(handler)
    _log.info("%s begins: gochim %s", software(), " ".join(sys.argv[1:]))
    try:
        yield
    except BaseException as error:
        _note_end(error)
        raise
    else:
        _log.info("ended with exit code 0")
    finally:
        for one in loggers:
            one.removeHandler(handler)
        handler.close()


def _note_end(error: BaseException) -> None:
    code, told = exit_code(error), ending(error)
    if told:
        _log.error("ended with exit code %d: %s", code, told[0])
    elif isinstance(error, SystemExit):
        _log.info("ended with exit code %d", code)
    else:
        _log.error("ended with exit code %d: a fault of the program", code, exc_info=error)


def _handler(place: Place, watch: Watch) -> logging.Handler:
    path = place.file(watch.log_file)
    if watch.log_rotate == "size":
        return _BySize(path, maxBytes=watch.log_max_size, backupCount=watch.log_keep, encoding="utf-8", delay=True)
    when = _WHEN[watch.log_rotate]
    return _ByTime(path, when=when, backupCount=watch.log_keep, encoding="utf-8", delay=True)


class _Line(logging.Formatter):
    """One line an entry, whatever stands in it; Korean time."""

    def formatTime(self, record: logging.LogRecord, datefmt: str | None = None) -> str:  # noqa: ARG002, N802  # logging's own name
        return datetime.fromtimestamp(record.created, KST).isoformat(timespec="seconds")

    def format(self, record: logging.LogRecord) -> str:
        return clean(super().format(record)).replace("\n", "\n  ")


class _Once(logging.Handler):
    """Says once that the file cannot be written: a log is no reason to end a run."""

    _said = False

    def handleError(self, record: logging.LogRecord) -> None:  # noqa: ARG002, N802  # logging's own name
        error = sys.exc_info()[1]
        if not self._said:
            self._said = True
            path = getattr(self, "baseFilename", "")
            aside(f"gochim: the log {path} cannot be written ({error}); the run goes on.")


class _BySize(_Once, RotatingFileHandler):
    """Turned over when it has so many bytes."""


class _ByTime(_Once, TimedRotatingFileHandler):
    """Turned over with the first line after midnight, which cron's short runs reach only by the file's own time."""
