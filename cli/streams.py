"""Standard output and error: UTF-8 wherever they lead, and no fault of a command when nobody reads on.

All of standard error is for people: what is written there commands no terminal, whoever writes it.
"""

from __future__ import annotations

import io
import logging
import os
import sys
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any, TextIO, TypeVar, cast

Thing = TypeVar("Thing")


class Outgoing(io.FileIO):
    """A stream that swallows what is written once its reader is gone (``gochim changes | head``).

    The command goes on to its end: a run files what it captured, and the exit code is that of what was found. A disk
    without room for it ends a command whose data it was; what is only talk is swallowed then too.

    Args:
        number: The file descriptor.
        talk: Whether it is standard error.
    """

    def __init__(self, number: int, *, talk: bool) -> None:
        super().__init__(number, "w", closefd=False)
        self._talk = talk
        self.gone = False

    def write(self, data: Any, /) -> int:
        """Write, or do as if.

        Raises:
            OSError: Data cannot be written; said once, for Python flushes again at its end.
        """
        if not self.gone:
            try:
                return super().write(data)
            except OSError as error:
                self.gone = True
                if not self._talk and not isinstance(error, BrokenPipeError):
                    error.filename = "standard output"
                    raise
        return len(data)


def clean(text: str) -> str:
    """Make text from the web harmless on a terminal: control characters are shown, not obeyed."""
    if text.isprintable():
        return text
    return "".join(one if one in "\n\t" or one.isprintable() else f"\\u{ord(one):04x}" for one in text)


class Talk:
    """A stream for people: all that is written to it is made harmless, but for what is drawn.

    Args:
        drawn: The stream beneath, for what draws on a terminal by its control characters.
    """

    def __init__(self, drawn: TextIO) -> None:
        self.drawn = drawn

    def write(self, text: str) -> int:
        """Write text."""
        return self.drawn.write(clean(text))

    def __getattr__(self, name: str) -> Any:
        # Who wraps the bytes beneath anew, as click does where their coding is ASCII, would go past what is done here.
        if name == "buffer":
            raise AttributeError(name)
        return getattr(self.drawn, name)


def opened() -> None:
    """Open standard output and error anew, as every command writes into them.

    What is read by programs is UTF-8 whatever the locale; a terminal gets its own coding, and what that cannot say as
    codes. A stream that the caller has closed is one that nobody reads.
    """
    _leave_no_number_free()
    sys.stdout = _anew(sys.stdout, talk=False)
    sys.stderr = cast("TextIO", Talk(_anew(sys.stderr, talk=True)))


def _leave_no_number_free() -> None:
    """Open the three standard streams where the caller has closed them.

    The next file opened would get the number, and in it the system's own words and those of libraries written in C.
    """
    while (number := os.open(os.devnull, os.O_RDWR)) <= 2:
        os.set_inheritable(number, True)  # noqa: FBT003  # it takes no name
    os.close(number)


def _anew(old: TextIO | None, *, talk: bool) -> TextIO:
    if old is None:
        return Path(os.devnull).open("w", encoding="utf-8")
    terminal = old.isatty()
    return io.TextIOWrapper(
        io.BufferedWriter(Outgoing(old.fileno(), talk=talk)),
        encoding=old.encoding if terminal else "utf-8",
        errors="backslashreplace",
        line_buffering=terminal or talk,
    )


def while_read(found: Iterable[Thing]) -> Iterator[Thing]:
    """Give one thing after the other as long as anyone reads standard output."""
    raw = getattr(getattr(sys.stdout, "buffer", None), "raw", None)
    for one in found:
        if isinstance(raw, Outgoing) and raw.gone:
            return
        yield one


def warn_on_stderr() -> None:
    """Let the warnings of all modules reach standard error as the program's own words."""
    handler = logging.StreamHandler()
    # Of the handler too: loggers of Scrapy's have a level of their own, and what they say below this is for nobody.
    handler.setLevel(logging.WARNING)
    handler.addFilter(_Anew())
    logging.basicConfig(format="gochim: %(message)s", level=logging.WARNING, handlers=[handler])


class _Anew(logging.Filter):
    """Lets through what was not said before: a file that two parts of a command find damaged is said once."""

    def __init__(self) -> None:
        super().__init__()
        self._said: set[str] = set()

    def filter(self, record: logging.LogRecord) -> bool:
        """Say whether it is new."""
        text = record.getMessage()
        fresh = text not in self._said
        self._said.add(text)
        return fresh
