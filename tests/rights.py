"""Root bound by the permissions of files, as any other user is; its own files it can still reach."""

from __future__ import annotations

import ctypes
import os
from collections.abc import Iterator
from contextlib import contextmanager

_VERSION = 0x20080522
"""Of the structures of capget(2): _LINUX_CAPABILITY_VERSION_3."""
_DAC_OVERRIDE, _DAC_READ_SEARCH = 1, 2
"""The capabilities that let root pass over permissions (capabilities(7))."""


class _Header(ctypes.Structure):
    _fields_ = (("version", ctypes.c_uint32), ("pid", ctypes.c_int))


class _Data(ctypes.Structure):
    _fields_ = (("effective", ctypes.c_uint32), ("permitted", ctypes.c_uint32), ("inheritable", ctypes.c_uint32))


@contextmanager
def bound_by_permissions() -> Iterator[None]:
    """Do without the right to read and write everything, in this thread and those that it starts.

    Another user would not do: a clone may stand where only its owner can read it, modules and all.
    """
    held = _capabilities()
    kept = held[0].effective
    held[0].effective &= ~(1 << _DAC_OVERRIDE | 1 << _DAC_READ_SEARCH)
    _set(held)
    try:
        yield
    finally:
        held[0].effective = kept
        _set(held)


def _capabilities() -> ctypes.Array[_Data]:
    held = (_Data * 2)()
    if ctypes.CDLL(None, use_errno=True).capget(ctypes.byref(_Header(_VERSION, 0)), held):
        raise OSError(ctypes.get_errno(), os.strerror(ctypes.get_errno()))
    return held


def _set(wanted: ctypes.Array[_Data]) -> None:
    if ctypes.CDLL(None, use_errno=True).capset(ctypes.byref(_Header(_VERSION, 0)), wanted):
        raise OSError(ctypes.get_errno(), os.strerror(ctypes.get_errno()))
