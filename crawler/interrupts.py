"""The signals that interrupt a command: processes beside it leave them to it, and end when it does."""

from __future__ import annotations

import signal

INTERRUPTS = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)
"""Ctrl-C, a stop by systemd, a closed terminal."""


def leave_interrupts_to_parent() -> None:
    """Ignore in this process what interrupts the command that started it: both get the signal, one is to act on it."""
    for number in INTERRUPTS:
        signal.signal(number, signal.SIG_IGN)
