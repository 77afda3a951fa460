"""Where ``gochim`` starts: what interrupts it means the same from the first module that is loaded to the last word.

Only what Python has loaded before is imported above: an interrupt that comes ahead of :func:`main` ends in a traceback.
"""

from __future__ import annotations

import sys

TYPE_CHECKING = False
if TYPE_CHECKING:
    from signal import _HANDLER, Signals
    from types import FrameType


def main() -> None:
    """Run the command; Ctrl-C, SIGTERM (systemd) and SIGHUP (a closed terminal) end it alike."""
    try:
        _run()
    except KeyboardInterrupt:
        from cli.interruption import EXIT_CODE, INTERRUPTED

        sys.stderr.write(f"gochim: {INTERRUPTED}\n")
        sys.exit(EXIT_CODE)
    finally:
        # What is interrupted in exec(), as a dataclass being made, counts as unhandled whoever handled it, and Python
        # would end by the signal instead of with the exit code; the next exec() begins anew.
        exec("")  # noqa: S102
        _end_at_once()


def _run() -> None:
    import signal

    _heed(signal.SIGTERM, _interrupt)
    _heed(signal.SIGHUP, _as_terminated)
    from cli.main import main as gochim  # Loading it takes a while, in which it can be interrupted as well.

    gochim()


def _end_at_once() -> None:
    """Leave interrupts to the system: Python takes a moment to end, and would tell them by a traceback."""
    import signal

    from crawler.interrupts import INTERRUPTS

    for one in INTERRUPTS:
        if callable(signal.getsignal(one)):
            signal.signal(one, signal.SIG_DFL)


def _heed(number: Signals, then: _HANDLER) -> None:
    """Set what a signal does, unless whoever started the command has it ignored (``nohup``)."""
    import signal

    if signal.getsignal(number) is signal.SIG_DFL:
        signal.signal(number, then)


def _interrupt(number: int, frame: FrameType | None) -> None:  # noqa: ARG001  # as the signal module calls it
    raise KeyboardInterrupt


def _as_terminated(number: int, frame: FrameType | None) -> None:  # noqa: ARG001  # as the signal module calls it
    """Do what SIGTERM does at this moment: while it crawls a run ends in good order."""
    import signal

    signal.raise_signal(signal.SIGTERM)
