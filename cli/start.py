"""Where ``gochim`` starts: what interrupts it means the same from the first module that is loaded to the last word."""

from __future__ import annotations

import signal
import sys
from types import FrameType

from cli.interruption import EXIT_CODE, INTERRUPTED
from crawler.interrupts import INTERRUPTS


def main() -> None:
    """Run the command; Ctrl-C, SIGTERM (systemd) and SIGHUP (a closed terminal) end it alike."""
    _heed(signal.SIGTERM, _interrupt)
    _heed(signal.SIGHUP, _as_terminated)
    try:
        from cli.main import main as gochim  # Loading it takes a while, in which it can be interrupted as well.

        gochim()
    except KeyboardInterrupt:
        sys.stderr.write(f"gochim: {INTERRUPTED}\n")
        sys.exit(EXIT_CODE)
    finally:
        # What is interrupted in exec(), as a dataclass being made, counts as unhandled whoever handled it, and Python
        # would end by the signal instead of with the exit code; the next exec() begins anew.
        exec("")  # noqa: S102
        # Python takes a moment to end, and would tell what interrupts it by a traceback.
        for one in INTERRUPTS:
            if callable(signal.getsignal(one)):
                signal.signal(one, signal.SIG_DFL)


def _heed(number: signal.Signals, then: signal._HANDLER) -> None:
    """Set what a signal does, unless whoever started the command has it ignored (``nohup``)."""
    if signal.getsignal(number) is signal.SIG_DFL:
        signal.signal(number, then)


def _interrupt(number: int, frame: FrameType | None) -> None:  # noqa: ARG001  # as the signal module calls it
    raise KeyboardInterrupt


def _as_terminated(number: int, frame: FrameType | None) -> None:  # noqa: ARG001  # as the signal module calls it
    """Do what SIGTERM does at this moment: while it crawls a run ends in good order."""
    signal.raise_signal(signal.SIGTERM)
