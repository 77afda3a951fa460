"""Processes beside a command: the signals that interrupt it they leave to it, and end when it does."""

from __future__ import annotations

import signal
from collections.abc import Iterator
from contextlib import contextmanager

INTERRUPTS = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)
"""Ctrl-C, a stop by systemd, a closed terminal."""


class BesideGone(Exception):
    """The process that reads beside this one is no more."""


def leave_interrupts_to_parent() -> None:
    """Ignore in this process what interrupts the command that started it: both get the signal, one is to act on it."""
    for number in INTERRUPTS:
        signal.signal(number, signal.SIG_IGN)
    signal.pthread_sigmask(signal.SIG_UNBLOCK, INTERRUPTS)


@contextmanager
def held() -> Iterator[None]:
    """Let interrupts wait; so they do in a process that is started meanwhile, until it leaves them to this one."""
    before = signal.pthread_sigmask(signal.SIG_BLOCK, INTERRUPTS)
    try:
        yield
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, before)
